// Debian's count.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <quorate/tally/debian.hpp>

#include "tally_pairs.hpp"

using namespace tally_pairs;
using quorate::number;

namespace {

/// Options with the default last.
debian_rules rules(std::size_t options, number quorum = 0, std::vector<number> ratios = {}) {
    debian_rules r;
    r.default_option = static_cast<option>(options - 1);
    r.quorum = std::move(quorum);
    r.ratios = std::move(ratios);
    return r;
}
debian_rules until_2015(debian_rules r) {
    r.majority = majority_test::above;
    return r;
}
std::string dropped(const count& c, std::size_t round) { return text(c.options, c.rounds[round].dropped); }

}  // namespace

TEST_CASE("Debian's quorum is three halves of a root, and not rounded") {
    CHECK(to_string(debian_quorum(1000)) == "15*sqrt(10)");
    CHECK(debian_quorum(1024) == number(48));
    const auto with_votes = [](std::int64_t votes, std::int64_t developers) {
        return elected(debian(table("AF", "A>F " + std::to_string(votes) + ":0", 1000), rules(2, debian_quorum(developers))).value());
    };
    CHECK(with_votes(47, 1000) == "F");
    CHECK(with_votes(48, 1000) == "A");
    CHECK(with_votes(47, 1024) == "F");
    CHECK(with_votes(48, 1024) == "A");  // exactly the quorum is enough
}
TEST_CASE("exactly three to one passes since constitution 1.6, and failed before") {
    const auto c = table("AF", "A>F 30:10", 40);
    const auto three = rules(2, 0, {3, 1});
    CHECK(elected(debian(c, three).value()) == "A");
    const auto before = debian(c, until_2015(three)).value();
    CHECK(elected(before) == "F");
    CHECK(dropped(before, 1) == "A");
    CHECK(before.rounds[1].why == "A has 30 to 10 against the default, it needs more than 3 to 1");
    CHECK(elected(debian(table("AF", "A>F 31:10", 41), until_2015(three)).value()) == "A");
}
TEST_CASE("one to one never passes, and nothing against passes any ratio") {
    CHECK(elected(debian(table("AF", "A>F 10:10", 20), rules(2)).value()) == "F");
    CHECK(elected(debian(table("AF", "A>F 10:10", 20), until_2015(rules(2))).value()) == "F");
    CHECK(elected(debian(table("AF", "A>F 0:0", 20), rules(2, 0, {3, 1})).value()) == "F");
    CHECK(elected(debian(table("AF", "A>F 1:0", 20), rules(2, 0, {3, 1})).value()) == "A");
}
TEST_CASE("a ratio can drop the Condorcet winner before comparisons") {
    const auto c = table("ABF", "A>B 60:40 A>F 65:35 B>F 55:45", 100);
    CHECK(elected(debian(c, rules(3)).value()) == "A");
    const auto counted = debian(c, rules(3, 0, {3, 1, 1})).value();
    CHECK(elected(counted) == "B");
    CHECK(dropped(counted, 0).empty());
    CHECK(dropped(counted, 1) == "A");
}
TEST_CASE("what misses the quorum takes no part in the majority test") {
    const auto counted = debian(table("ABF", "A>B 3:2 A>F 4:9 B>F 30:2", 40), rules(3, 20)).value();
    CHECK(dropped(counted, 0) == "A");
    CHECK(dropped(counted, 1).empty());
    CHECK(text(counted.options, counted.rounds[1].options) == "B");
    CHECK(elected(counted) == "B");
    CHECK(counted.quota == number(20));
}
TEST_CASE("all weakest defeats are dropped together") {
    // one at a time, B would win: C beats A alone, and B beats C
    const auto counted = debian(table("ABC", "A>B 5:3 B>C 5:3 C>A 6:2", 8), {}).value();
    CHECK(undecided(counted) == "BC");
    CHECK(counted.paused);
    REQUIRE(counted.rounds.size() == 2);
    CHECK(counted.rounds[0].why == "dropped as weakest: A beats B 5 to 3; B beats C 5 to 3");
}
TEST_CASE("of equal votes the defeat with more against it is weaker: Debian's rule is not Schulze's") {
    const auto b = ballots("ABC", "1:B>A 1:C>B>A 1:A 1:C>B 1:A>C>B");
    CHECK(undecided(debian(b, {}).value()) == "AC");
    CHECK(undecided(schulze(b)) == "ABC");
}
TEST_CASE("defeats are dropped again and again") {
    // A>B is the weakest, then D>A
    const auto counted = debian(table("ABCD", "A>B 5:4 B>C 9:0 C>A 8:1 D>A 6:3 C>D 7:2 B>D 5:5", 10), {}).value();
    CHECK(elected(counted) == "B");
    CHECK(counted.rounds.size() == 2);
}
TEST_CASE("a casting vote chooses in the last Schwartz set only") {
    const auto   c = table("ABCF", "A>B 5:5 A>C 6:4 B>C 6:4 A>F 9:1 B>F 9:1 C>F 9:1", 10);
    debian_rules r = rules(4);
    const auto   waits = debian(c, r).value();
    CHECK(waits.paused);
    CHECK(undecided(waits) == "AB");
    r.casting_vote = 1;
    const auto chosen = debian(c, r).value();
    CHECK(elected(chosen) == "B");
    CHECK_FALSE(chosen.paused);
    CHECK(chosen.ties.front().broken_by == "casting vote");
    r.casting_vote = 2;
    const auto outside = debian(c, r);
    REQUIRE_FALSE(outside.has_value());
    CHECK(outside.error().problems.front().what == "the casting vote is for \"C\", which is not in the last Schwartz set");
}
TEST_CASE("rules that fit no ballot paper are refused") {
    const auto c = table("AF", "A>F 5:4", 9);
    const auto refused = [&](debian_rules r) { return !debian(c, r).has_value(); };
    CHECK(refused(rules(3)));
    CHECK(refused(rules(2, -1)));
    CHECK(refused(rules(2, 0, {3})));
    CHECK(refused(rules(2, 0, {3, 3})));                         // the default has no ratio
    CHECK(refused(rules(2, 0, {number::fraction(1, 2), 1})));
    debian_rules without;
    without.quorum = 5;
    CHECK(refused(without));  // a quorum against no default
    without.quorum = 0;
    without.ratios = {1, 1};
    CHECK(refused(without));  // ratios against no default
    debian_rules nobody = rules(2);
    nobody.casting_vote = 7;
    CHECK(refused(nobody));
}
TEST_CASE("without ballots the default wins, and without a default all are undecided") {
    const auto empty = ranked_ballots::make(letters("ABF")).value();
    CHECK(elected(debian(empty, rules(3)).value()) == "F");
    CHECK(undecided(debian(empty, {}).value()) == "ABF");
    CHECK(winners(debian(ranked_ballots::make({}).value(), {}).value()).empty());
    CHECK(elected(debian(ranked_ballots::make(letters("F")).value(), rules(1)).value()) == "F");
}
