// Kemeny, exact.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <quorate/tally/kemeny.hpp>

#include "tally_pairs.hpp"

using namespace tally_pairs;

namespace {

/// Every permutation in turn.
std::vector<std::vector<option>> all_best(const comparisons& c) {
    std::vector<option> p(c.size());
    std::iota(p.begin(), p.end(), option{0});
    std::vector<std::vector<option>> best;
    auto                             least = std::numeric_limits<std::int64_t>::max();
    do {
        std::int64_t against = 0;
        for (std::size_t i = 0; i < p.size(); ++i) {
            for (std::size_t j = i + 1; j < p.size(); ++j) against += c.votes(p[j], p[i]);
        }
        if (against < least) best.clear();
        if (against <= least) best.push_back(p);
        least = std::min(least, against);
    } while (std::next_permutation(p.begin(), p.end()));
    return best;
}

}  // namespace

TEST_CASE("Kemeny ranks Tennessee's capitals") {
    const auto c = kemeny(ballots("MNCK", "42:M>N>C>K 26:N>C>K>M 15:C>K>N>M 17:K>C>N>M")).value();
    CHECK(order(c) == "N>C>K>M");
    CHECK(elected(c) == "N");
    CHECK(c.sets.size() == 1);
    CHECK(c.rounds.front().why == "rankings disagree with ballots about pairs at least 207 times; 1 ranking does so");
}
TEST_CASE("Kemeny lists all optimal rankings, in the order of their places") {
    const auto c = kemeny(ballots("ABC", "1:A>B>C 1:B>C>A 1:C>A>B")).value();
    REQUIRE(c.sets.size() == 3);
    CHECK(text(c.options, c.sets[0]) == "ABC");
    CHECK(text(c.options, c.sets[1]) == "BCA");
    CHECK(text(c.options, c.sets[2]) == "CAB");
    CHECK(c.order.empty());
    CHECK(undecided(c) == "ABC");
    CHECK(elected(kemeny(ballots("ABC", "1:A>B>C 1:B>C>A 1:C>A>B"), with_order({2, 1, 0})).value()) == "C");
}
TEST_CASE("Kemeny finds what trying every permutation finds") {
    std::uint64_t seed = 11;
    for (int trial = 0; trial < 60; ++trial) {
        const auto                             n = static_cast<std::size_t>(1 + trial % 7);
        std::vector<std::vector<std::int64_t>> votes(n, std::vector<std::int64_t>(n));
        for (std::size_t a = 0; a < n; ++a) {
            for (std::size_t b = 0; b < a; ++b) {
                seed = seed * 6364136223846793005U + 1442695040888963407U;
                votes[a][b] = static_cast<std::int64_t>(seed >> 61U);
                votes[b][a] = static_cast<std::int64_t>(seed >> 50U & 7U);
            }
        }
        const auto c = comparisons::make(letters(std::string("ABCDEFG").substr(0, n)), 14, votes).value();
        CAPTURE(trial);
        REQUIRE(kemeny(c).value().sets == all_best(c));
    }
}
TEST_CASE("Kemeny takes twenty options and refuses more") {
    std::string names, ranking;
    for (char l = 'A'; l < 'A' + 20; ++l) {
        names += l;
        ranking = std::string(1, l) + (ranking.empty() ? "" : ">") + ranking;
    }
    const auto c = kemeny(ballots(names, "3:" + ranking + " 1:A")).value();
    CHECK(c.order.size() == 20);
    CHECK(elected(c) == "T");
    CHECK(text(c.options, c.order.back()) == "A");
    const auto more = kemeny(ballots(names + "U", "1:A"));
    REQUIRE_FALSE(more.has_value());
    CHECK(more.error().code == quorate::errc::limit);
    CHECK(more.error().what() ==
          "Kemeny is counted exactly for at most 20 options, here are 21 (leave out options that can't win, or count by ranked_pairs or schulze)");
}
TEST_CASE("Kemeny counts all optimal rankings and lists the first thousand") {
    const auto c = kemeny(ranked_ballots::make(letters("ABCDEFG")).value()).value();
    CHECK(c.sets.size() == most_kemeny_rankings);
    CHECK(c.rounds.front().why == "rankings disagree with ballots about pairs at least 0 times; 5040 rankings do so, the first 1000 are listed");
    CHECK(undecided(c) == "ABCDEFG");
}
TEST_CASE("Kemeny's seats go to those who are in front in every optimal ranking") {
    const auto b = ballots("ABCD", "3:A>B=C>D 1:D");
    CHECK(elected(kemeny(b, {}, 2).value()) == "A");
    CHECK(undecided(kemeny(b, {}, 2).value()) == "BC");
    CHECK(elected(kemeny(b, {}, 3).value()) == "ABC");
    CHECK(elected(kemeny(b, with_order({3, 2, 1, 0}), 2).value()) == "AC");
    CHECK(elected(kemeny(b, {}, 4).value()) == "ABCD");
    CHECK(elected(kemeny(b, {}, 9).value()) == "ABCD");
}
TEST_CASE("Kemeny of nothing") {
    CHECK(winners(kemeny(ranked_ballots::make({}).value()).value()).empty());
    CHECK(elected(kemeny(ranked_ballots::make(letters("A")).value()).value()) == "A");
}
