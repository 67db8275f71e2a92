// Reading rules: what can still happen, against brute force over members.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>
#include <quorate/verdict.hpp>

#include "brute_force.hpp"
#include "effort.hpp"
#include "random_rules.hpp"
#include "verdict_support.hpp"

using namespace quorate;
using namespace verdict_support;
using namespace brute_force;

namespace {

constexpr fact_value some_facts[]{{.name = "known", .truth = true}, {.name = "false", .truth = false}, {.name = "two", .amount = number(2)}};

/// Up to `most` members, of up to three kinds, with two positions that rules speak of and sometimes a third.
oracle electorate_at_random(random_rules::dice& d, std::uint32_t most) {
    oracle o;
    o.rest.positions = 2 + d.below(2);
    o.rest.castable = d.chance(60) ? ~0U : d.below(8);
    o.rest.in_base = d.chance(60) ? ~0U : d.below(8);
    o.rest.in_cast = d.chance(60) ? ~0U : d.below(8);
    o.rest.revisable = d.chance(50);
    o.rest.withdrawable = d.chance(30);
    o.rest.teams = d.below(3);
    o.rest.facts = some_facts;
    o.rest.tallies[static_cast<std::size_t>(quantity::concerns)] = d.below(3);
    std::array<person, 3> kinds;
    for (auto& k : kinds)
        k = {.sets = d.below(256), .elements = d.below(4), .affiliation = d.below(3), .seat = d.below(3),
             .weight = static_cast<int>(1 + d.below(3)), .may_act = d.chance(80), .castable = d.chance(70) ? ~0U : d.below(8)};
    for (auto n = d.below(most + 1); n > 0; --n) {
        auto p = kinds[d.below(3)];
        p.at = static_cast<int>(d.below(static_cast<std::uint32_t>(o.rest.positions) + 1)) - 1;
        if (d.chance(50)) p.at = silent;
        o.people.push_back(p);
    }
    return o;
}

/// The rule as the trigger "unless" of an exit reads it.
rule unless(rule r) {
    r.nodes.push_back({.what = op::unless, .child = r.root});
    r.root = static_cast<std::uint16_t>(r.nodes.size() - 1);
    return r;
}

bool within(truth_set a, truth_set b) { return (a.bits & ~b.bits) == 0; }

}  // namespace

TEST_CASE("what a rule reads and can still read equals brute force over single members") {
    int varied = 0;
    for (std::uint64_t seed = 0; seed < effort(3000); ++seed) {
        random_rules::maker make{.d = {seed * 104'729 + 3}, .plain = true, .modal = false};
        auto o = electorate_at_random(make.d, 6);
        const auto text = make.truth(3);
        if (text.size() > longest_rule) continue;
        auto       r = a_rule(text, random_rules::words);
        if (make.d.chance(15)) r = unless(std::move(r));
        const auto classes = classes_of(o.people);
        auto e = o.rest;
        e.classes = classes;
        CAPTURE(text);
        CAPTURE(seed);
        duration next = never;  // who wants to know it has every part read, settled or not
        REQUIRE(read_now(r.view(), e) == o.judge(r.view(), r.nodes[r.root]));
        REQUIRE(read_now(r.view(), e, &next) == read_now(r.view(), e));

        truth_set expected;
        o.worlds([&](const oracle& w, int) { expected |= w.judge(r.view(), r.nodes[r.root]); });
        bool exact = false;
        REQUIRE(read_reachable(r.view(), e, &exact) == expected);
        REQUIRE(exact);
        // With next to no budget nothing may be missing, and what is called exact must be.
        const auto bounds = read_reachable(r.view(), e, &exact, 1);
        CAPTURE(static_cast<int>(bounds.bits));
        CAPTURE(static_cast<int>(expected.bits));
        REQUIRE(within(expected, bounds));
        if (exact) REQUIRE(bounds == expected);
        varied += expected.bits != 1 && expected.bits != 2 && expected.bits != 4 && expected.bits != 8 ? 1 : 0;
    }
    CHECK(varied > static_cast<int>(effort(500)));  // the test looks at something
}

TEST_CASE("nested modalities equal brute force inside brute force") {
    int with_modality = 0;
    int inexact = 0;
    for (std::uint64_t seed = 0; seed < effort(1500); ++seed) {
        random_rules::maker make{.d = {seed * 15'485'863 + 11}, .plain = true, .modal = true};
        auto o = electorate_at_random(make.d, 3);
        const auto text = (make.d.chance(50) ? "certain(" : "not possible(") + make.truth(3) + ")";
        if (text.size() > longest_rule) continue;
        const auto r = a_rule(text, random_rules::words);
        const auto classes = classes_of(o.people);
        auto e = o.rest;
        e.classes = classes;
        CAPTURE(text);
        CAPTURE(seed);
        REQUIRE(read_now(r.view(), e) == o.judge(r.view(), r.nodes[r.root]));
        truth_set expected;
        o.worlds([&](const oracle& w, int) { expected |= w.judge(r.view(), r.nodes[r.root]); });
        for (const std::uint64_t budget : {std::uint64_t{1}, std::uint64_t{5}, std::uint64_t{40}, most_worlds}) {
            bool exact = false;
            const auto can = read_reachable(r.view(), e, &exact, budget);
            CAPTURE(budget);
            REQUIRE(within(expected, can));
            if (exact) REQUIRE(can == expected);
            else ++inexact;
        }
        with_modality += text.find("certain(", 3) != std::string::npos ? 1 : 0;
    }
    CHECK(with_modality > static_cast<int>(effort(100)));
    CHECK(inexact > static_cast<int>(effort(10)));
}

TEST_CASE("the fewest ballots are as few as brute force finds, and casting them does it") {
    int found = 0;
    for (std::uint64_t seed = 0; seed < effort(1500); ++seed) {
        random_rules::maker make{.d = {seed * 32'452'843 + 5}, .plain = true, .modal = false};
        auto o = electorate_at_random(make.d, 5);
        const auto r = a_rule(make.truth(2), random_rules::words);
        const auto classes = classes_of(o.people);
        auto e = o.rest;
        e.classes = classes;
        int fewest = -1;
        o.worlds([&](const oracle& w, int changed) {
            if (w.judge(r.view(), r.nodes[r.root]) == met && (fewest < 0 || changed < fewest)) fewest = changed;
        });
        const auto answer = fewest_ballots(r.view(), e);
        CAPTURE(print(r.view()));
        REQUIRE(answer.has_value() == (fewest >= 0));
        if (!answer) continue;
        REQUIRE(static_cast<int>(answer->ballots) == fewest);
        std::uint32_t cast = 0;
        for (const auto n : answer->by_position) cast += n;
        REQUIRE(cast <= answer->ballots);
        if (!e.withdrawable) REQUIRE(cast == answer->ballots);
        found += fewest > 0 ? 1 : 0;
    }
    CHECK(found > static_cast<int>(effort(50)));
}

TEST_CASE("fewest ballots says what to cast, that nothing more is needed, or that ballots can't do it") {
    scene s{members(5, {2, 1})};
    auto answer = fewest_ballots(a_rule("approve > 1/2 of eligible").view(), s.e);
    REQUIRE(answer);
    CHECK(answer->ballots == 3);
    CHECK(answer->by_position[0] == 3);
    CHECK(fewest_ballots(a_rule("approve >= 2").view(), s.e)->ballots == 0);
    CHECK_FALSE(fewest_ballots(a_rule("approve > eligible").view(), s.e));
    CHECK_FALSE(fewest_ballots(a_rule("concerns == 1").view(), s.e));
    CHECK_FALSE(fewest_ballots(a_rule("approve > 1/2 of eligible").view(), s.e, 10));
    answer = fewest_ballots(a_rule("certain(approve > 2)").view(), s.e);
    CHECK_FALSE(answer);  // ballots can be changed again
    s.e.revisable = false;
    answer = fewest_ballots(a_rule("certain(approve > 2)").view(), s.e);
    REQUIRE(answer);
    CHECK(answer->ballots == 1);
}

namespace {
std::uint64_t situations(const evidence& e) {
    std::uint64_t visited = 0;
    detail::worlds all{e};
    all.each([&](const evidence&, std::uint32_t) {
        ++visited;
        return true;
    });
    CHECK(all.size(1'000'000) == visited);
    return visited;
}
}  // namespace

TEST_CASE("11 missing members with 3 positions are 364 situations") {
    scene s{members(11)};
    CHECK(situations(s.e) == 364);
    s.e.revisable = false;
    CHECK(situations(s.e) == 364);
}

TEST_CASE("who has spoken doesn't fall silent, keeps a position that is closed, and may not act when they may not") {
    scene s{members(0, {11})};
    CHECK(situations(s.e) == 78);
    s.e.withdrawable = true;
    CHECK(situations(s.e) == 364);
    s.e.withdrawable = s.e.revisable = false;
    CHECK(situations(s.e) == 1);
    s.e.withdrawable = true;  // taking back makes room for another choice
    CHECK(situations(s.e) == 364);
    s.e.withdrawable = false;
    s.e.revisable = true;
    s.e.castable = 0b110;  // 0 to 11 of them stay, the rest spread over two
    CHECK(situations(s.e) == 78);
    s.e.castable = 0;
    CHECK(situations(s.e) == 1);
    s.e.castable = ~0U;
    s.classes[0].castable = 0b010;  // what this class may choose is less than what there is
    CHECK(situations(s.e) == 12);
    s.classes[0].castable = ~0U;
    s.classes[0].may_act = false;
    CHECK(situations(s.e) == 1);
    scene several{members(2, {1}), members(3), members(0, {0, 2})};
    several.e.revisable = false;
    CHECK(situations(several.e) == 10 * 20);
}

TEST_CASE("more situations than 64 bits can count are beyond every limit") {
    constexpr auto beyond = ~std::uint64_t{0};
    scene          crowd{members(4'000'000'000)};
    crowd.e.positions = 4;  // C(4'000'000'003, 3), and what leaves some of them silent
    CHECK(detail::worlds{crowd.e}.size(beyond) == beyond);
    const scene two{members(1), members(4'000'000'000)};
    CHECK(detail::worlds{two.e}.size(1000) == beyond);
    // Each silent member may stay so: C(n + 1, 1) summed up to n = 3'000'000 fits, C(n + 3, 3) does alone but not summed up.
    scene many{members(3'000'000)};
    many.e.positions = 2;
    CHECK(detail::worlds{many.e}.size(beyond) < beyond);
    many.e.positions = 4;
    CHECK(detail::worlds{many.e}.size(beyond) == beyond);
}

TEST_CASE("the number of situations is what is visited, whatever members may do") {
    random_rules::dice d{99};
    for (int i = 0; i < 500; ++i) {
        const auto o = electorate_at_random(d, 6);
        const auto classes = classes_of(o.people);
        auto e = o.rest;
        e.classes = classes;
        (void)situations(e);
    }
}

TEST_CASE("hundreds of members are exact where the edge cases show all there is, and bounds that say so elsewhere") {
    scene s{members(300, {200, 100})};
    s.e.revisable = false;
    bool exact = false;
    const auto reachable = [&](std::string_view text) { return read_reachable(a_rule(text).view(), s.e, &exact); };
    CHECK(reachable("approve > 1/2 of eligible") == (truth_set(met) |= unmet));
    CHECK(exact);
    CHECK(reachable("approve >= 200 and reject <= 400").only(met));
    CHECK(exact);
    CHECK(reachable("approve > 500").only(unmet));
    CHECK(exact);
    CHECK(s.reads("certain(approve >= 200)") == met);
    CHECK(s.reads("certain(approve > 200)") == unmet);
    CHECK(s.reads("possible(approve >= 500)") == met);
    CHECK(s.reads("possible(approve > 500)") == unmet);
    // Both counts can grow, but not both at once: the bounds can't see that.
    CHECK(reachable("approve == 500 and reject == 400") == (truth_set(met) |= unmet));
    CHECK_FALSE(exact);
    const auto v = read(a_rule("possible(approve == 500 and reject == 400)").view(), s.e);
    CHECK(v.now == error_);
    CHECK(v.why.back().note == "too many situations to tell");
    CHECK(s.reads("not possible(approve == 500 and reject == 400)") == error_);
}

TEST_CASE("bounds see that all parts of 'at least' may stop to apply") {
    scene s{members(2)};
    bool exact = true;
    const auto r = a_rule("at least 1 of (if approve > 0 then 1 > 0, if approve > 0 then 0 > 1)");
    CHECK(read_reachable(r.view(), s.e) == (truth_set(met) |= skipped));
    CHECK(read_reachable(r.view(), s.e, &exact, 1).has(skipped));
    CHECK_FALSE(exact);
    CHECK(read_reachable(a_rule("at least 1 of (if 0 > 1 then approve > 0, if 0 > 1 then 0 > 1)").view(), s.e, &exact, 1).only(skipped));
    CHECK(exact);
}

TEST_CASE("bounds know that nobody counts options where there are none") {
    constexpr word options[]{{.name = "approve", .is = word::kind::position, .index = 0},
                             {.name = "a", .is = word::kind::option, .index = 0}, {.name = "b", .is = word::kind::option, .index = 1}};
    scene s{members(2)};
    bool  exact = true;
    CHECK(read_reachable(a_rule("beats(a, b) or approve > 0", options).view(), s.e, &exact, 1) == (truth_set(met) |= error_));
    CHECK(read_reachable(a_rule("beats(a, b)", options).view(), s.e, &exact, 1).only(error_));
    CHECK(exact);
}

TEST_CASE("bounds know that who commits what they hold may commit nothing, or more by another kind of ballot") {
    scene s{members(0, {2})};
    s.e.stakes = s.e.fluid = true;
    s.e.castable = 0b001;
    CHECK(s.can("outstanding >= 1") == (truth_set(met) |= unmet));
    CHECK(s.can("weight(approve) > 2") == truth_set(unmet));
    s.e.most_times = 3;
    CHECK(s.can("weight(approve) > 2") == (truth_set(met) |= unmet));
    // Roots may have no sum with what another commits.
    s.classes[0].weight = *square_root(2);
    CHECK(s.can("weight(approve) > 6") == ((truth_set(met) |= unmet) |= error_));
    s.classes[0].weight = 1;
    s.classes[0].held = *square_root(2);
    CHECK(s.can("weight(approve) > 6") == ((truth_set(met) |= unmet) |= error_));
    s.classes[0].weight = s.classes[0].held;
    s.classes[0].may_act = false;
    CHECK(s.can("weight(approve) == sqrt(8)").has(met));
}

TEST_CASE("who votes may come into a set of those who voted so, and leave it: bounds know both") {
    scene s{members(4), members(0, {1})};  // team(a) stands for voters(approve): the one who may not vote again
    s.classes[1].sets = 1;
    s.classes[1].may_act = false;
    s.e.moving_sets = 1;
    s.e.fluid = true;
    CHECK(s.can("eligible in team(a) >= 2") == (truth_set(met) |= unmet));
    CHECK(s.can("eligible in team(a) >= 1").only(met));
    CHECK(s.can("eligible in team(a) > 5").only(unmet));
    CHECK(s.can("approve in team(a) == 5").has(met));
    CHECK(s.can("approve > 5").only(unmet));
    CHECK(s.reads("certain(eligible in team(a) <= 1)") == error_);  // more situations than there is a list of
    s.classes[0].affiliation = 1;
    CHECK(s.can("eligible in team(a) by distinct(affiliation) == 1").has(met));
    scene all{members(0, {4})};
    all.classes[0].sets = all.e.moving_sets = 1;
    all.e.fluid = true;
    CHECK(all.can("eligible in team(a) >= 4") == (truth_set(met) |= unmet));
    all.e.revisable = false;
    CHECK(all.can("eligible in team(a) >= 4").only(met));
}

TEST_CASE("each situation may read as many named rules as the others") {
    scene s{members(100)};
    s.e.positions = 2;
    REQUIRE(detail::worlds{s.e}.size(most_worlds) == 5151);
    const auto quorum = a_rule("eligible == 100");
    const rule_view named[]{quorum.view()};
    s.e.rules = named;
    CHECK(s.reads("certain(quorum) and quorum") == met);
    CHECK(s.can("quorum").only(met));
}

TEST_CASE("bounds know that roots may not add up between their ends") {
    scene s{members(0, {4, 9})};
    bool exact = false;
    // As things stand 2 + 3; on the way to other ends sqrt(5) + sqrt(8), which is no q * sqrt(r).
    for (const auto* text : {"sqrt(approve) + sqrt(reject) > 1", "sqrt(approve) - sqrt(reject) > 1", "sqrt(sqrt(approve)) > 1"}) {
        CHECK(s.can(text).has(error_));
        CHECK(read_reachable(a_rule(text).view(), s.e, &exact, 1).has(error_));
    }
    // What is missing in every situation stays an error alone.
    CHECK(read_reachable(a_rule("fact(x) > approve").view(), s.e, &exact, 1).only(error_));
    CHECK(exact);
    CHECK(read_reachable(a_rule("1 / (approve - 4) > 1").view(), s.e, &exact, 1).has(error_));
    s.classes[0].weight = number::fraction(1, 3);
    CHECK(read_reachable(a_rule("weight(approve) + weight(reject) >= 0").view(), s.e, &exact, 1).only(met));
    s.classes[0].weight = *square_root(2);
    CHECK(read_reachable(a_rule("weight(approve) + 1 >= 0").view(), s.e, &exact, 1).has(error_));
    CHECK(read_reachable(a_rule("sqrt(2) + sqrt(3) > 1").view(), s.e, &exact, 1).only(error_));
    // So it may be with what a fact reports, and with what members hold.
    const fact_value roots[]{{.name = "root", .amount = *square_root(2)}};
    scene two{members(2)};
    two.e.facts = roots;
    const auto sum = a_rule("min(fact(root), approve) + fact(root) * reject >= 0");
    CHECK(read_reachable(sum.view(), two.e).has(error_));
    CHECK(read_reachable(sum.view(), two.e, &exact, 1).has(error_));
    two.classes[0].held = *square_root(2);
    const auto holding = a_rule("min(held(eligible) / 2, approve) + held(reject) >= 0");
    CHECK(read_reachable(holding.view(), two.e).has(error_));
    CHECK(read_reachable(holding.view(), two.e, &exact, 1).has(error_));
    // Weights that don't add up do so where only one of the kinds is cast.
    const scene apart{members(1), members(1)};
    auto        unlike = apart.classes;
    unlike[1].weight = *square_root(2);
    auto e = apart.e;
    e.classes = unlike;
    const auto some = a_rule("weight(approve) > 1");
    CHECK(read_reachable(some.view(), e) == ((truth_set(met) |= unmet) |= error_));
    CHECK(read_reachable(some.view(), e, &exact, 1) == ((truth_set(met) |= unmet) |= error_));
    for (auto& c : unlike) c.may_act = false, std::swap(c.counts[0], c.counts[1]);
    CHECK(read_reachable(some.view(), e, &exact, 1).only(error_));
    CHECK(exact);
    unlike.push_back(members(2));  // nor do they whatever others cast
    e.classes = unlike;
    CHECK(read_reachable(some.view(), e).only(error_));
    CHECK(read_reachable(some.view(), e, &exact, 1).has(error_));
}

TEST_CASE("the reading of the Rust team's checklist") {
    const auto r = a_rule("outstanding < approve and outstanding < 3 and concerns == 0");
    for (std::uint32_t approvals = 0; approvals <= 7; ++approvals) {
        scene s{members(7 - approvals, {approvals})};
        s.e.revisable = false;
        const auto v = read(r.view(), s.e);
        CHECK(v.is_met() == (approvals >= 5));
        CHECK(v.possible());
        CHECK(v.certain() == (approvals >= 5));
        const auto more = fewest_ballots(r.view(), s.e);
        REQUIRE(more);
        CHECK(more->ballots == (approvals >= 5 ? 0 : 5 - approvals));
    }
}
