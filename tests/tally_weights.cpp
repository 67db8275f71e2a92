// Ballots that weigh differently, that spread their power, and that must be complete.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <quorate/tally/copeland_support.hpp>
#include <quorate/tally/quadratic.hpp>
#include <quorate/tally/runoff.hpp>
#include <quorate/tally/weights.hpp>

#include "tally_pairs.hpp"

using namespace tally_pairs;
using quorate::number;

namespace {

number part(std::int64_t n, std::int64_t d) { return number::fraction(n, d); }
using shares = std::vector<std::optional<number>>;

}  // namespace

TEST_CASE("weights become counts of the largest unit that divides them all") {
    const auto quarters = weigh(std::vector<number>{part(1, 2), part(3, 4), 2, 0}).value();
    CHECK(quarters.unit == part(1, 4));
    CHECK(quarters.counts == std::vector<std::int64_t>{2, 3, 8, 0});
    const auto tens = weigh(std::vector<number>{20, 30}).value();
    CHECK(tens.unit == number(10));
    CHECK(tens.counts == std::vector<std::int64_t>{2, 3});
    CHECK(weigh({}).value().counts.empty());
    CHECK(weigh(std::vector<number>{0}).value().unit == number(1));
}
TEST_CASE("weights are refused that are negative, irrational, or more units than ballots can be") {
    CHECK(weigh(std::vector<number>{-1}).error().what() == "a ballot weighs -1");
    CHECK_FALSE(weigh(std::vector<number>{*quorate::square_root(2)}).has_value());
    const auto fine = *quorate::parse_number("0.000000000000000001");
    CHECK(weigh(std::vector<number>{fine, fine}).value().counts == std::vector<std::int64_t>{1, 1});
    CHECK(weigh(std::vector<number>{1, fine}).error().code == quorate::errc::limit);
}

TEST_CASE("a ballot is complete that gives each option a rank of its own") {
    const auto all = ballots("ABC", "2:A>B>C 3:C>A 4:A>B=C 1:B>C>A 5:");
    CHECK(complete(all).total() == 3);
    CHECK(complete(all).rows() == 2);
    CHECK(elected(irv(all)) == "A");
    CHECK(elected(irv(complete(all))) == "A");
    CHECK(complete(ballots("ABC", "5:A>B")).total() == 0);
    CHECK(complete(ballots("", "5:")).total() == 5);
}

TEST_CASE("weighted shares: a ballot's power is spread in proportion, and power that is invalid is told apart") {
    const std::vector<share_ballot> all{{.power = 10, .shares = {number(1), number(3), std::nullopt}},
                                        {.power = part(1, 2), .shares = {std::nullopt, std::nullopt, number(7)}, .count = 3},
                                        {.power = 4, .shares = {number(1), number(0), std::nullopt}},
                                        {.power = 2, .shares = {std::nullopt, std::nullopt, std::nullopt}}};
    const auto c = weighted_shares(letters("ABC"), all).value();
    CHECK(c.rounds[0].values == std::vector<number>{part(5, 2), part(15, 2), part(3, 2)});
    CHECK(c.rounds[0].exhausted == number(6));
    CHECK(c.ballots == 6);
    CHECK(order(c) == "B>A>C");
    CHECK(elected(c) == "B");
    CHECK(weighted_shares(letters("AB"), std::vector<share_ballot>{{.power = -1, .shares = shares(2)}}).error().what() == "the power of a ballot is -1");
    CHECK(weighted_shares(letters("AB"), std::vector<share_ballot>{{.power = 1, .shares = shares(3)}}).error().what() ==
          "a ballot has one share for each of the 2 options, not 3");
}
TEST_CASE("weighted shares and quadratic ones agree about ballots that name one option each") {
    auto b = rated_ballots::make(letters("AB")).value();
    b.add(std::vector<score>{5, unscored}, 3).value();
    b.add(std::vector<score>{unscored, 1}, 1).value();
    CHECK(weighted_shares(b).value().rounds[0].values == std::vector<number>{3, 1});
    CHECK(quadratic_shares(b).value().rounds[0].values == std::vector<number>{part(18, 5), part(2, 5)});  // 9 to 1, of 4
}

TEST_CASE("shares are refused that are irrational, of equal options, of a ballot that counts 0 times, or of too many unlike roots") {
    const auto root = *quorate::square_root(2);
    using counting = quorate::result<count> (*)(std::vector<std::string>, const std::vector<share_ballot>&, const conventions&, std::size_t);
    const counting weighted = weighted_shares, quadratic = quadratic_shares;
    for (const auto form : {weighted, quadratic}) {
        const auto why = [&](std::string_view options, const share_ballot& b) { return form(letters(options), {b}, {}, 1).error().what(); };
        CHECK(why("A", {.power = root, .shares = {number(1)}}) == "the power of a ballot is sqrt(2)");
        CHECK(why("A", {.power = -1, .shares = {number(1)}}) == "the power of a ballot is -1");
        CHECK(why("AB", {.power = 1, .shares = {std::nullopt, root}}) == "a share of sqrt(2)");
        CHECK(why("AA", {.power = 1, .shares = {number(1), number(1)}}) == "options 1 and 2 have the same name \"A\"");
        CHECK(why("A", {.power = 1, .shares = {number(1)}, .count = 0}) == "a ballot counts at least once, not 0 times");
    }
    // Products of different primes have unlike roots.
    std::vector<share_ballot> all;
    std::vector<contribution> gifts;
    for (std::int64_t n = 1; all.size() <= most_roots; ++n) {
        bool squarefree = true;
        for (std::int64_t d = 2; d * d <= n; ++d) squarefree = squarefree && n % (d * d) != 0;
        if (!squarefree) continue;
        all.push_back({.power = n, .shares = {number(1)}});
        gifts.push_back({std::to_string(n), 0, n});
    }
    CHECK(quadratic_shares(letters("A"), all).error().what() == "more than 1000 unlike roots for one option");
    CHECK(quadratic_funding(letters("A"), gifts).error().what() == "more than 1000 unlike roots for one project");
}
TEST_CASE("Copeland with average support: the ballots are shared out by comparisons won, and support tells equals apart") {
    // snapshot.js: A and B beat C and are level; A beats C by more
    const auto c = copeland_support(ballots("ABC", "20:A>B>C 15:A>C>B 20:B>A>C 5:B>C>A 10:C>B>A"));
    CHECK(order(copeland(ballots("ABC", "20:A>B>C 15:A>C>B 20:B>A>C 5:B>C>A 10:C>B>A"))) == "AB>C");
    CHECK(order(c) == "A>B>C");
    REQUIRE(c.rounds.size() == 3);
    CHECK(c.rounds[0].values == std::vector<number>{part(3, 2), part(3, 2), 0});
    CHECK(c.rounds[1].values == std::vector<number>{part(90, 140), part(80, 140), part(40, 140)});
    // (3 + 9/28, 3 + 8/28, 4/28) of 6 3/4, of 70
    CHECK(c.rounds[2].values == std::vector<number>{part(93 * 70, 189), part(92 * 70, 189), part(4 * 70, 189)});
}
TEST_CASE("Copeland with average support drops ballots that don't rank all, and says how many") {
    const auto c = copeland_support(ballots("ABCD", "1:A>B>C>D 1:B>A>C>D 1:A>C>B>D 1:B>A"));
    CHECK(c.rounds.back().values == std::vector<number>{part(58, 39), 1, part(20, 39), 0});
    CHECK(c.rounds.back().exhausted == number(1));
    CHECK(c.ballots == 4);
}
TEST_CASE("Copeland with average support: no ballots, and one option") {
    const auto nothing = copeland_support(ballots("AB", ""));
    CHECK(nothing.rounds.back().values == std::vector<number>{0, 0});
    CHECK(undecided(nothing) == "AB");
    const auto one = copeland_support(ballots("A", "3:A"));
    CHECK(one.rounds.back().values == std::vector<number>{3});
    CHECK(elected(one) == "A");
    CHECK(copeland_support(ballots("", "")).winners().empty());
}

TEST_CASE("whole weights are counted as they are, and others in parts of 1") {
    const std::vector<number> tens{10, 20};
    CHECK(weigh_whole(tens)->unit == number(1));
    CHECK(weigh_whole(tens)->counts == std::vector<std::int64_t>{10, 20});
    const std::vector<number> mixed{number::fraction(1, 2), number::fraction(2, 3), 3};
    CHECK(weigh_whole(mixed)->unit == number::fraction(1, 6));
    CHECK(weigh_whole(mixed)->counts == std::vector<std::int64_t>{3, 4, 18});
    CHECK_FALSE(weigh_whole(std::vector<number>{number::fraction(1, 1'000'000'007), number::fraction(1, 998'244'353)}).has_value());
}
