// Options compared two by two, and the sets that follow.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include <quorate/tally/pairwise.hpp>

#include "tally_pairs.hpp"

using namespace tally_pairs;

namespace {

/// A ballot at a time, as the definition says.
std::vector<std::int64_t> one_by_one(const ranked_ballots& b, unranked_options unranked_are) {
    const auto                n = b.options().size();
    std::vector<std::int64_t> cells(n * n);
    for (std::size_t row = 0; row < b.rows(); ++row) {
        for (option x = 0; x < n; ++x) {
            for (option y = 0; y < n; ++y) {
                const auto rx = b.at(row, x), ry = b.at(row, y);
                const bool above = rx != unranked && (ry == unranked ? unranked_are == unranked_options::last : rx < ry);
                if (above) cells[x * n + y] += b.counts()[row];
            }
        }
    }
    return cells;
}
std::vector<std::int64_t> cells_of(const comparisons& c) {
    std::vector<std::int64_t> cells;
    for (option a = 0; a < c.size(); ++a) {
        for (option b = 0; b < c.size(); ++b) cells.push_back(c.votes(a, b));
    }
    return cells;
}

ranked_ballots many(std::size_t options, std::size_t rows, rank largest, std::int64_t most_times) {
    std::vector<std::string> names;
    for (std::size_t o = 0; o < options; ++o) names.push_back(std::to_string(o));
    auto          all = ranked_ballots::make(names).value();
    std::uint64_t seed = 7;
    const auto    next = [&](std::uint64_t below) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        return (seed >> 33U) % below;
    };
    while (all.rows() < rows) {
        std::vector<rank> ranks;
        for (std::size_t o = 0; o < options; ++o) ranks.push_back(next(4) == 0 ? unranked : static_cast<rank>(1 + next(largest)));
        all.add(std::span<const rank>(ranks), static_cast<std::int64_t>(1 + next(static_cast<std::uint64_t>(most_times)))).value();
    }
    return all;
}

}  // namespace

TEST_CASE("comparisons in blocks are those of one ballot after the other") {
    for (const auto unranked_are : {unranked_options::last, unranked_options::not_compared}) {
        conventions with;
        with.unranked = unranked_are;
        for (const std::size_t rows : {0U, 1U, 15U, 1023U, 1024U, 1025U, 3000U}) {
            for (const rank largest : {rank{9}, rank{255}, rank{256}, rank{65535}}) {
                for (const std::int64_t times : {1, 5}) {
                    const auto b = many(7, rows, largest, times);
                    CAPTURE(rows);
                    CAPTURE(largest);
                    CAPTURE(times);
                    REQUIRE(cells_of(compare(b, with)) == one_by_one(b, unranked_are));
                }
            }
        }
    }
}
TEST_CASE("one long rank among short ones changes the width of its block only") {
    auto              b = many(5, 2000, 9, 1);
    std::vector<rank> ranks{255, 256, 65535, unranked, 1};
    b.add(std::span<const rank>(ranks), 3).value();
    CHECK(cells_of(compare(b)) == one_by_one(b, unranked_options::last));
}
TEST_CASE("an option without a rank is below all that have one, or not compared") {
    const auto b = ballots("ABC", "2:A 1:B>A");
    CHECK(compare(b).votes(0, 2) == 3);
    CHECK(compare(b).votes(0, 1) == 2);
    CHECK(compare(b).votes(1, 0) == 1);
    conventions with;
    with.unranked = unranked_options::not_compared;
    CHECK(compare(b, with).votes(0, 2) == 0);
    CHECK(compare(b, with).votes(0, 1) == 0);
    CHECK(compare(b, with).votes(1, 0) == 1);
}
TEST_CASE("the largest counts are added exactly") {
    auto b = ranked_ballots::make(letters("AB")).value();
    b.add({{0}, {1}}, most_ballots - 1).value();
    b.add({{1}, {0}}, 1).value();
    CHECK(compare(b).votes(0, 1) == most_ballots - 1);
    CHECK(compare(b).votes(1, 0) == 1);
}

TEST_CASE("a published table is counted like ballots") {
    const auto c = table("ABC", "A>B 60:40 B>C 55:45 A>C 70:30", 100);
    CHECK(elected(condorcet(c)) == "A");
    CHECK(c.ballots() == 100);
}
TEST_CASE("a table that can't come from so many ballots is refused") {
    CHECK_FALSE(comparisons::make(letters("AB"), 10, {{0, 6}, {5, 0}}).has_value());
    CHECK_FALSE(comparisons::make(letters("AB"), 10, {{0, -1}, {5, 0}}).has_value());
    CHECK_FALSE(comparisons::make(letters("AB"), 10, {{0, 6}}).has_value());
    CHECK_FALSE(comparisons::make(letters("AA"), 10, {{0, 6}, {4, 0}}).has_value());
    CHECK_FALSE(comparisons::make(letters("AB"), -1, {{0, 0}, {0, 0}}).has_value());
    CHECK_FALSE(comparisons::make(letters("AB"), 10, {{0, 6}, {4}}).has_value());
    CHECK_FALSE(comparisons::make(letters("AB"), 10, {{0, 20}, {-10, 0}}).has_value());
    CHECK(comparisons::make(letters("AB"), most_ballots, {{0, 6}, {4, 0}}).has_value());
    CHECK(comparisons::make(letters("AB"), most_ballots + 1, {{0, 6}, {4, 0}}).error().what() == "from 0 to 4503599627370496 ballots");
    const auto wrong = comparisons::make(letters("AB"), 10, {{0, 6}, {5, 0}});
    CHECK(wrong.error().what() == "\"A\" against \"B\": 6 to 5 can't come from 10 ballots");
}

TEST_CASE("the Condorcet winner beats everyone, the Condorcet loser nobody") {
    const auto c = compare(ballots("ABC", "3:A>B>C 2:B>A>C"));
    CHECK(condorcet_winner(c) == option{0});
    CHECK(condorcet_loser(c) == option{2});
    const auto cycle = compare(ballots("ABC", "1:A>B>C 1:B>C>A 1:C>A>B"));
    CHECK_FALSE(condorcet_winner(cycle).has_value());
    CHECK_FALSE(condorcet_loser(cycle).has_value());
    CHECK(condorcet(cycle).winners().empty());
    CHECK(condorcet(cycle).rounds.front().why == "nobody does");
}
TEST_CASE("a level comparison keeps an option in the Smith set, and out of the Schwartz set") {
    const auto c = table("ABC", "A>B 3:2 B>C 2:2 A>C 2:2", 5);  // B is beaten by A, and nobody else is beaten
    CHECK(text(c.options(), smith_set(c)) == "ABC");
    CHECK(text(c.options(), schwartz_set(c)) == "AC");
    CHECK(order(schwartz(c)) == "AC>B");
    CHECK(order(smith(c)) == "ABC");
}
TEST_CASE("both sets are the cycle on top") {
    const auto c = compare(ballots("ABCD", "2:A>B>C>D 2:B>C>A>D 2:C>A>B>D"));
    CHECK(text(c.options(), smith_set(c)) == "ABC");
    CHECK(text(c.options(), schwartz_set(c)) == "ABC");
    CHECK(order(smith(c)) == "ABC>D");
    CHECK(undecided(smith(c)) == "ABC");
    CHECK(elected(smith(c, with_order({2, 0, 1, 3}))) == "C");
}
TEST_CASE("sets of more than sixty-four options") {
    std::vector<std::string> names;
    for (int i = 0; i < 130; ++i) names.push_back(std::to_string(i));
    std::vector<std::vector<std::int64_t>> votes(130, std::vector<std::int64_t>(130));
    for (std::size_t a = 0; a < 130; ++a) {
        for (std::size_t b = a + 1; b < 130; ++b) votes[a][b] = 1;  // a beats all after it
    }
    votes[0][129] = 0;
    votes[129][0] = 1;  // but the last beats the first: one cycle of all
    const auto c = comparisons::make(names, 1, votes).value();
    CHECK(smith_set(c).size() == 130);
    CHECK(schwartz_set(c).size() == 130);
    votes[129][0] = 0;
    votes[0][129] = 1;
    const auto line = comparisons::make(names, 1, votes).value();
    CHECK(smith_set(line) == std::vector<option>{0});
    CHECK(schwartz_set(line) == std::vector<option>{0});
}

TEST_CASE("without options or ballots, and with seats for all, the sets have defined results") {
    const auto nobody = compare(ranked_ballots::make({}).value());
    CHECK(smith_set(nobody).empty());
    CHECK(schwartz(nobody).winners().empty());
    CHECK(condorcet(nobody).winners().empty());
    const auto level = compare(ranked_ballots::make(letters("AB")).value());
    CHECK(undecided(smith(level)) == "AB");
    CHECK(condorcet(level).winners().empty());
    CHECK(elected(smith(level, {}, 2)) == "AB");
    CHECK(elected(schwartz(level, {}, 5)) == "AB");
    const auto one = compare(ranked_ballots::make(letters("A")).value());
    CHECK(elected(condorcet(one)) == "A");
    CHECK_FALSE(condorcet_loser(one).has_value());
}
