// Copeland, minimax, ranked pairs, Schulze, Dodgson.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include <quorate/tally/condorcet.hpp>
#include <quorate/tally/dodgson.hpp>

#include "tally_pairs.hpp"

using namespace tally_pairs;
using quorate::number;

namespace {

constexpr auto winning = defeat_strength::winning_votes;
constexpr auto margins = defeat_strength::margins;
constexpr auto ratio = defeat_strength::ratio;
constexpr auto opposition = defeat_strength::opposition;

}  // namespace

TEST_CASE("Copeland: a level comparison is half a win") {
    const auto c = copeland(table("ABC", "A>B 3:2 B>C 3:2 A>C 2:2", 5));
    CHECK(order(c) == "A>B>C");
    CHECK(c.rounds.front().values == std::vector<number>{number::fraction(3, 2), 1, number::fraction(1, 2)});
    CHECK(elected(c) == "A");
}
TEST_CASE("Copeland leaves a cycle tied, and the chain breaks it") {
    const auto b = ballots("ABC", "1:A>B>C 1:B>C>A 1:C>A>B");
    CHECK(undecided(copeland(b)) == "ABC");
    CHECK(copeland(b).ties.size() == 1);
    const auto broken = copeland(b, with_order({1, 2, 0}));
    CHECK(elected(broken) == "B");
    CHECK(broken.ties.front().broken_by == "given order");
    CHECK(order(broken) == "ABC");  // what the ballots say
}
TEST_CASE("Copeland of second order looks at who was beaten") {
    // A, B and C win two each; A and B beat another of them, and D beats C
    const auto c = table("ABCD", "A>B 3:2 B>C 3:2 C>A 3:2 A>D 3:2 B>D 3:2 D>C 3:2", 5);
    CHECK(order(copeland(c)) == "AB>CD");
    CHECK(order(copeland_second_order(c)) == "A>B>C>D");  // those A beat won 2 + 1, those B beat 1 + 1; C beat A with 2, D beat C with 1
}

TEST_CASE("minimax: four ways to measure the worst, four winners") {
    // https://en.wikipedia.org/wiki/Minimax_Condorcet_method, without a Condorcet winner
    const auto  b = ballots("ABCD", "30:A>C>B>D 15:D>B>A>C 14:D>B>C>A 6:B>C>A>D 4:D>C>A=B 16:C>A=B 14:B>C 3:C>A");
    conventions with;
    with.unranked = unranked_options::not_compared;
    with.strength = winning;
    CHECK(order(minimax(b, with)) == "A>D>C>B");
    with.strength = margins;
    CHECK(order(minimax(b, with)) == "B>C>D>A");
    with.strength = opposition;
    CHECK(elected(minimax(b, with)) == "D");
}
TEST_CASE("minimax by opposition can pass over the Condorcet winner") {
    const auto b = ballots("ABC", "4:A=C>B 47:A>C>B 43:C>B>A 6:B>A=C");
    CHECK(condorcet_winner(compare(b)) == option{0});
    CHECK(elected(minimax(b, by(opposition))) == "C");
    CHECK(elected(minimax(b, by(winning))) == "A");
    CHECK(elected(minimax(b, by(margins))) == "A");
}
TEST_CASE("minimax by ratio: a defeat without a vote against it is the worst") {
    const auto c = table("ABC", "A>B 1:0 B>C 9:1 C>A 8:2", 10);
    CHECK(order(minimax(c, by(ratio))) == "A>C>B");
}

TEST_CASE("Schulze: the strongest paths, as in the method's best known example") {
    const auto c = schulze(ballots("ABCDE", "5:A>C>B>E>D 5:A>D>E>C>B 8:B>E>D>A>C 3:C>A>B>E>D 7:C>A>E>B>D 2:C>B>A>D>E 7:D>C>E>B>A 8:E>B>A>D>C"));
    CHECK(order(c) == "E>A>C>B>D");
    CHECK(elected(c) == "E");
    REQUIRE(c.matrices.size() == 2);
    CHECK(c.matrices[1].name == "strongest path");
    CHECK(c.matrices[1].cells[0] == std::vector<number>{0, 28, 28, 30, 24});
    CHECK(c.matrices[1].cells[4] == std::vector<number>{25, 28, 28, 31, 0});
}
TEST_CASE("Schulze elects differently by the three strengths") {
    const auto b = ballots("ABCD", "6:A>B>C>D 8:A=B 8:A=C 18:A=C>D 8:A=C=D 40:B 4:C>B>D 9:C>D>A 8:C=D 14:D>A>B 11:D>B>C 4:D>C>A");
    CHECK(elected(schulze(b, by(winning))) == "D");
    CHECK(elected(schulze(b, by(margins))) == "A");
    CHECK(elected(schulze(b, by(ratio))) == "B");
}
TEST_CASE("Schulze by ratio: nothing against is above every ratio, and then votes count") {
    const auto c = schulze(table("ABC", "A>B 2:0 B>C 3:0 C>A 90:1", 100), by(ratio));
    CHECK(elected(c) == "A");  // 90 to 1 is the weakest of the cycle
    CHECK(order(c) == "A>B>C");
    CHECK(c.matrices[1].cells[1][0] == number(90));
    CHECK(c.matrices[1].cells[0][1] == number(2 * 101));
}
TEST_CASE("equal ratios of different counts are equal strengths") {
    CHECK(undecided(schulze(table("ABC", "A>B 2:1 B>C 40:20 C>A 6:3", 60), by(ratio))) == "ABC");
}
TEST_CASE("strongest paths through many tiles are those of the plain loops") {
    constexpr std::size_t n = 77;
    detail::path_square   tiles(n);
    std::vector<int>      plain(n * n);
    std::uint64_t         seed = 3;
    for (std::size_t a = 0; a < n; ++a) {
        for (std::size_t b = 0; b < n; ++b) {
            seed = seed * 6364136223846793005U + 1442695040888963407U;
            if (a == b || (seed >> 60U) < 12) continue;
            plain[a * n + b] = static_cast<int>(seed >> 40U & 1023U);
            tiles.set(a, b, plain[a * n + b]);
        }
    }
    for (std::size_t k = 0; k < n; ++k) {
        for (std::size_t a = 0; a < n; ++a) {
            for (std::size_t b = 0; b < n; ++b) plain[a * n + b] = std::max(plain[a * n + b], std::min(plain[a * n + k], plain[k * n + b]));
        }
    }
    tiles.close();
    bool same = true;
    for (std::size_t a = 0; a < n; ++a) {
        for (std::size_t b = 0; b < n; ++b) same = same && tiles(a, b) == plain[a * n + b];
    }
    CHECK(same);
}

TEST_CASE("ranked pairs leave out the weakest defeat of a cycle") {
    const auto c = ranked_pairs(ballots("ABC", "7:A>B>C 5:B>A>C 4:C>A>B 2:B>C>A"), by(margins));
    CHECK(order(c) == "A>B>C");
    const auto cycle = ranked_pairs(ballots("ABC", "40:A>B>C 35:B>C>A 25:C>A>B"));
    CHECK(order(cycle) == "A>B>C");
    REQUIRE(cycle.rounds.size() == 3);
    CHECK(cycle.rounds[0].what == "B beats C 75 to 25");
    CHECK(cycle.rounds[2].what == "C beats A 60 to 40");
    CHECK(cycle.rounds[2].why == "left out: closes a cycle");
    CHECK(cycle.ties.empty());
}
TEST_CASE("ranked pairs prefer none of equal defeats that close a cycle, and say so") {
    const auto b = ballots("ABC", "1:A>B>C 1:B>C>A 1:C>A>B");
    const auto c = ranked_pairs(b, by(margins));
    CHECK(undecided(c) == "ABC");
    REQUIRE(c.ties.size() == 2);
    CHECK(c.ties[0].where == "equal defeats that close a cycle");
    CHECK(text(c.options, c.ties[0].options) == "ABC");
}
TEST_CASE("opposition is a measure of minimax: ranked pairs go by winning votes then") {
    const auto c = table("ABC", "A>B 9:8 B>C 7:0 C>A 6:1", 20);
    CHECK(order(ranked_pairs(c, by(defeat_strength::winning_votes))) == "A>B>C");
    CHECK(order(ranked_pairs(c, by(defeat_strength::margins))) == "B>C>A");
    CHECK(order(ranked_pairs(c, by(defeat_strength::opposition))) == "A>B>C");
}
TEST_CASE("among equal winning votes, fewer votes against are stronger") {
    const auto c = table("ABC", "A>B 5:1 B>C 5:2 C>A 5:3", 8);
    CHECK(order(ranked_pairs(c)) == "A>B>C");
    CHECK(undecided(ranked_pairs(table("ABC", "A>B 5:1 B>C 5:1 C>A 5:1", 8))) == "ABC");
}
TEST_CASE("ranked pairs in parallel universes: whoever wins in some order of equal defeats") {
    const auto b = ballots("ABCD", "12:A>D>C>B 3:B>A>C>D 25:B>C>A>D 21:C>B>A>D 12:D>A>B>C 21:D>A>C>B 6:D>B>A>C");
    const auto c = ranked_pairs_universes(b, by(margins)).value();
    CHECK(undecided(c) == "BC");
    CHECK(elected(ranked_pairs(b, by(margins))) == "B");
    CHECK(elected(ranked_pairs_universes(b, with_order({2, 1, 0, 3})).value()) == "C");
    CHECK(c.rounds.back().what == "universes in which each is first");
}
TEST_CASE("too many universes are refused with a way out") {
    std::string                            names;
    std::vector<std::vector<std::int64_t>> votes(30, std::vector<std::int64_t>(30));
    for (std::size_t a = 0; a < 30; ++a) names += static_cast<char>('A' + a);
    for (std::size_t a = 0; a < 30; a += 3) votes[a][a + 1] = votes[a + 1][a + 2] = votes[a + 2][a] = 1;  // ten cycles, 3^10 outcomes
    const auto c = ranked_pairs_universes(comparisons::make(letters(names), 1, votes).value());
    REQUIRE_FALSE(c.has_value());
    CHECK(c.error().code == quorate::errc::limit);
    CHECK(c.error().problems.front().hint == "count by ranked_pairs, which looks at equal defeats together");
}

TEST_CASE("Dodgson: the fewest swaps, not the smallest margins") {
    const auto c = dodgson(ballots("ABCD", "2:D>C>A>B 2:B>C>A>D 2:C>A>B>D 2:D>B>C>A 2:A>B>C>D 1:A>D>B>C 1:D>A>B>C")).value();
    CHECK(elected(c) == "A");
    const auto tied = dodgson(ballots("ABCD", "1:A>D>B>C 1:B>C>A>D 1:C>A>D>B")).value();
    CHECK(undecided(tied) == "AC");
    CHECK(tied.rounds.front().values[0] == number(1));
}
TEST_CASE("Dodgson: the Condorcet winner needs no swap, and a level comparison needs one") {
    CHECK(dodgson(ballots("AB", "2:A>B 1:B>A")).value().rounds.front().values == std::vector<number>{0, 1});
    CHECK(dodgson(ballots("AB", "1:A>B 1:B>A")).value().rounds.front().values == std::vector<number>{1, 1});
}
TEST_CASE("Dodgson takes a ballot without its last option, and refuses one that leaves options level") {
    CHECK(elected(dodgson(ballots("ABC", "2:A>B 1:B>C>A")).value()) == "A");
    const auto level = dodgson(ballots("ABC", "2:A>B>C 1:A=B>C"));
    REQUIRE_FALSE(level.has_value());
    CHECK(level.error().what() == "distinct ballot 2 leaves options level, and exact Dodgson swaps neighbours of a strict ranking (count by dodgson_quick)");
    CHECK_FALSE(dodgson(ballots("ABC", "1:A")).has_value());
    CHECK(winners(dodgson(ballots("", "3:")).value()).empty());
}
TEST_CASE("Dodgson that is too large is refused") {
    std::string up, down;
    for (char c = 'A'; c < 'A' + 12; ++c) {
        up += (up.empty() ? "" : ">") + std::string(1, c);
        down = std::string(1, c) + (down.empty() ? "" : ">") + down;
    }
    const auto c = dodgson(ballots("ABCDEFGHIJKL", "60:" + up + " 40:" + down));
    REQUIRE_FALSE(c.has_value());
    CHECK(c.error().code == quorate::errc::limit);
}
TEST_CASE("the two approximations of Dodgson") {
    const auto c = table("ABC", "A>B 5:2 B>C 6:1 C>A 4:3", 7);
    CHECK(dodgson_quick(c).rounds.front().values == std::vector<number>{1, 2, 3});
    CHECK(dodgson_tideman(c).rounds.front().values == std::vector<number>{1, 3, 5});
    CHECK(elected(dodgson_quick(c)) == "A");
}

TEST_CASE("several seats are filled from the order, and a tier that is too large stays undecided") {
    const auto b = ballots("ABCD", "3:A>B=C>D 1:D");
    CHECK(order(schulze(b)) == "A>BC>D");
    CHECK(elected(schulze(b, {}, 2)) == "A");
    CHECK(undecided(schulze(b, {}, 2)) == "BC");
    CHECK(elected(schulze(b, {}, 3)) == "ABC");
    CHECK(elected(schulze(b, with_order({3, 2, 1, 0}), 2)) == "AC");
    CHECK(elected(schulze(b, {}, 9)) == "ABCD");
}
TEST_CASE("a casting vote pauses a count, and lets it go on") {
    conventions with;
    with.ties.push_back({.by = tie_break::kind::casting_vote, .order = {}, .seed = 0, .chosen = {}});
    const auto b = ballots("AB", "1:A>B 1:B>A");
    CHECK(schulze(b, with).paused);
    CHECK(undecided(schulze(b, with)) == "AB");
    with.ties.front().chosen = {1};
    CHECK_FALSE(schulze(b, with).paused);
    CHECK(elected(schulze(b, with)) == "B");
}
TEST_CASE("without options or ballots every method has a defined result") {
    using method = count (*)(const ranked_ballots&, const conventions&, std::size_t);
    const auto nobody = ranked_ballots::make({}).value();
    const auto empty = ranked_ballots::make(letters("ABC")).value();
    for (const method m : {method(copeland), method(copeland_second_order), method(minimax), method(ranked_pairs), method(schulze), method(dodgson_quick),
                           method(dodgson_tideman)}) {
        for (const auto strength : {winning, margins, ratio, opposition}) {
            CHECK(winners(m(nobody, by(strength), 1)).empty());
            CHECK(undecided(m(empty, by(strength), 1)) == "ABC");
            CHECK(elected(m(empty, by(strength), 3)) == "ABC");
        }
    }
    CHECK(winners(ranked_pairs_universes(nobody).value()).empty());
    CHECK(undecided(ranked_pairs_universes(empty).value()) == "ABC");
    CHECK(winners(dodgson(nobody).value()).empty());
    CHECK(undecided(dodgson(empty).value()) == "ABC");
}
