// Reading rules: the truth tables, what every part measures, and why.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>
#include <quorate/verdict.hpp>

#include "verdict_support.hpp"

using namespace quorate;
using namespace verdict_support;

// ---- truth -----------------------------------------------------------------------------------------------------------

TEST_CASE("'and' is unmet by an unmet part, else unknown by an unknown one, and passes over what doesn't apply") {
    // clang-format off
    constexpr truth table[4][4]{  // met      unmet  skipped  error
        /* met     */           { met,     unmet, met,     error_ },
        /* unmet   */           { unmet,   unmet, unmet,   unmet  },
        /* skipped */           { met,     unmet, skipped, error_ },
        /* error   */           { error_,  unmet, error_,  error_ }};
    // clang-format on
    for (const auto a : every_truth)
        for (const auto b : every_truth) {
            const auto is = table[static_cast<int>(a)][static_cast<int>(b)];
            CHECK(both(a, b) == is);
            CHECK(now(of_truth(a) + " and " + of_truth(b), {}) == is);
        }
}

TEST_CASE("'or' is met by a met part, else unknown by an unknown one, and passes over what doesn't apply") {
    // clang-format off
    constexpr truth table[4][4]{  // met  unmet   skipped  error
        /* met     */           { met, met,    met,     met    },
        /* unmet   */           { met, unmet,  unmet,   error_ },
        /* skipped */           { met, unmet,  skipped, error_ },
        /* error   */           { met, error_, error_,  error_ }};
    // clang-format on
    for (const auto a : every_truth)
        for (const auto b : every_truth) {
            const auto is = table[static_cast<int>(a)][static_cast<int>(b)];
            CHECK(either(a, b) == is);
            CHECK(now(of_truth(a) + " or " + of_truth(b), {}) == is);
        }
}

TEST_CASE("'not' turns met and unmet around and leaves the rest") {
    constexpr std::array table{unmet, met, skipped, error_};
    for (const auto a : every_truth) {
        CHECK(negation(a) == table[static_cast<std::size_t>(a)]);
        CHECK(now("not " + of_truth(a), {}) == table[static_cast<std::size_t>(a)]);
    }
}

TEST_CASE("'if' reads as its body where its condition is met, doesn't apply or blocks where it isn't") {
    // clang-format off
    constexpr truth then[4][4]{   // met      unmet    skipped  error
        /* met     */           { met,     unmet,   skipped, error_  },
        /* unmet   */           { skipped, skipped, skipped, skipped },
        /* skipped */           { skipped, skipped, skipped, skipped },
        /* error   */           { error_,  error_,  error_,  error_  }};
    constexpr truth block[4][4]{  // met      unmet    skipped  error
        /* met     */           { met,     unmet,   skipped, error_  },
        /* unmet   */           { unmet,   unmet,   unmet,   unmet   },
        /* skipped */           { unmet,   unmet,   unmet,   unmet   },
        /* error   */           { error_,  error_,  error_,  error_  }};
    // clang-format on
    for (const auto a : every_truth)
        for (const auto b : every_truth) {
            const auto i = static_cast<int>(a);
            const auto j = static_cast<int>(b);
            CHECK(implication(a, b, false) == then[i][j]);
            CHECK(implication(a, b, true) == block[i][j]);
            CHECK(now("if " + of_truth(a) + " then " + of_truth(b), {}) == then[i][j]);
            CHECK(now("if " + of_truth(a) + " then " + of_truth(b) + " else block", {}) == block[i][j]);
        }
}

TEST_CASE("'at least n of' counts what is met; it is unknown only where what is unknown could decide it") {
    struct row {
        std::array<truth, 3> parts;
        std::array<truth, 3> is;  // at least 1, 2, 3
    };
    // Every combination of three truths, without regard to their order.
    // clang-format off
    constexpr row table[]{
        {{met,     met,     met},     {met,     met,     met}},
        {{met,     met,     unmet},   {met,     met,     unmet}},
        {{met,     met,     skipped}, {met,     met,     unmet}},
        {{met,     met,     error_},  {met,     met,     error_}},
        {{met,     unmet,   unmet},   {met,     unmet,   unmet}},
        {{met,     unmet,   skipped}, {met,     unmet,   unmet}},
        {{met,     unmet,   error_},  {met,     error_,  unmet}},
        {{met,     skipped, skipped}, {met,     unmet,   unmet}},
        {{met,     skipped, error_},  {met,     error_,  unmet}},
        {{met,     error_,  error_},  {met,     error_,  error_}},
        {{unmet,   unmet,   unmet},   {unmet,   unmet,   unmet}},
        {{unmet,   unmet,   skipped}, {unmet,   unmet,   unmet}},
        {{unmet,   unmet,   error_},  {error_,  unmet,   unmet}},
        {{unmet,   skipped, skipped}, {unmet,   unmet,   unmet}},
        {{unmet,   skipped, error_},  {error_,  unmet,   unmet}},
        {{unmet,   error_,  error_},  {error_,  error_,  unmet}},
        {{skipped, skipped, skipped}, {skipped, skipped, skipped}},
        {{skipped, skipped, error_},  {error_,  unmet,   unmet}},
        {{skipped, error_,  error_},  {error_,  error_,  unmet}},
        {{error_,  error_,  error_},  {error_,  error_,  error_}},
    };
    // clang-format on
    for (const auto& row : table)
        for (std::size_t n = 0; n < 3; ++n) {
            std::array<std::size_t, 3> order{0, 1, 2};
            do {
                const auto text = "at least " + std::to_string(n + 1) + " of (" + of_truth(row.parts[order[0]]) + ", " +
                                  of_truth(row.parts[order[1]]) + ", " + of_truth(row.parts[order[2]]) + ")";
                CAPTURE(text);
                CHECK(now(text, {}) == row.is[n]);
            } while (std::next_permutation(order.begin(), order.end()));
        }
}

TEST_CASE("'each' is 'and' over the elements, and an error without any") {
    // Per team: 1 approve -> met, none -> unmet; the affiliation of team 1 has nobody's weight to divide by -> error.
    scene s{members(0, {1}), members(0, {0, 1})};
    s.classes[0].elements = 0b01;
    s.classes[1].elements = 0b10;
    s.classes[0].affiliation = s.classes[0].seat = 7;
    s.classes[1].affiliation = s.classes[1].seat = 9;
    CHECK(s.reads("each team: approve == 1") == error_);
    s.e.teams = 1;
    CHECK(s.reads("each team: approve == 1") == met);
    s.e.teams = 2;
    CHECK(s.reads("each team: approve == 1") == unmet);
    CHECK(s.reads("each team: cast == 1") == met);
    CHECK(s.reads("each team: 1 / approve >= 1") == error_);
    CHECK(s.reads("each team: 1 / approve >= 2") == unmet);
    CHECK(s.reads("each team: if approve > 0 then approve == 1") == met);
    CHECK(s.reads("each team: if approve > 5 then approve == 1") == skipped);
    for (const auto* each : {"each affiliation: ", "each seat: "}) {
        CHECK(s.reads(each + std::string("cast == 1")) == met);
        CHECK(s.reads(each + std::string("approve == 1")) == unmet);
    }
    scene nobody{};
    for (const auto* each : {"each team: ", "each affiliation: ", "each seat: "}) CHECK(nobody.reads(each + std::string("1 > 0")) == error_);
    scene without{members(3)};
    CHECK(without.reads("each affiliation: 1 > 0") == error_);
}

TEST_CASE("only the first 64 teams could be told apart, so more of them are an error") {
    scene s{members(1)};
    s.classes[0].elements = ~std::uint64_t{0};
    s.e.teams = most_elements;
    CHECK(s.reads("each team: eligible == 1") == met);
    s.e.teams = most_elements + 1;
    CHECK(s.reads("each team: eligible == 1") == error_);
}

TEST_CASE("modalities: an unknown part is hidden only by a situation that settles the matter") {
    for (const auto t : every_truth) {
        CHECK(now("certain(" + of_truth(t) + ")", {}) == (t == met ? met : t == error_ ? error_ : unmet));
        CHECK(now("possible(" + of_truth(t) + ")", {}) == (t == met ? met : t == error_ ? error_ : unmet));
        // A missing fact opens nothing, negated or not.
        CHECK(now("not certain(fact(missing)) or not possible(fact(missing))", {}) == error_);
    }
    scene s{members(1)};
    CHECK(s.reads("certain(approve > 0 and fact(missing))") == unmet);
    CHECK(s.reads("certain(approve > 0 or fact(missing))") == error_);
    CHECK(s.reads("possible(approve > 0 or fact(missing))") == met);
    CHECK(s.reads("possible(approve > 0 and fact(missing))") == error_);
    CHECK(s.reads("possible(approve > 1 and fact(missing))") == unmet);
}

TEST_CASE("a rule that isn't there reads as an error") {
    CHECK(read_now({}, {}) == error_);
    CHECK(read_reachable({}, {}) == error_);
    CHECK(now("quorum", {}) == error_);
    const rule_view none[1]{};
    CHECK(now("quorum", {.rules = none}) == error_);
}

// ---- what is measured ------------------------------------------------------------------------------------------------

TEST_CASE("counts of members: eligible, cast, outstanding, each position") {
    scene s{members(3, {4, 2, 1}), members(1, {0, 5, 0})};
    CHECK(s.reads("eligible == 16") == met);
    CHECK(s.reads("cast == 12") == met);
    CHECK(s.reads("outstanding == 4") == met);
    CHECK(s.reads("approve == 4 and reject == 7 and abstain == 1") == met);
}

TEST_CASE("a position outside the base is not eligible, one outside cast is not cast") {
    scene s{members(3, {4, 2, 1})};
    s.e.in_base = 0b011;
    s.e.in_cast = 0b101;
    CHECK(s.reads("eligible == 9 and cast == 5 and abstain == 1 and reject == 2") == met);
}

TEST_CASE("the recused are eligible but not outstanding, and nobody waits for them") {
    scene s{members(2, {1}), members(3)};
    s.classes[1].recused = true;
    s.classes[1].may_act = false;
    s.e.recused = 3;
    CHECK(s.reads("eligible == 6 and outstanding == 2 and recused == 3") == met);
    CHECK(s.can("outstanding <= 2 and eligible == 6").only(met));
}

TEST_CASE("counts of events come from the evidence, each its own") {
    for (std::size_t i = 4; i < static_cast<std::size_t>(quantity::elected); ++i) {
        evidence e;
        e.tallies[i] = 7;
        for (std::size_t j = 4; j < static_cast<std::size_t>(quantity::elected); ++j)
            CHECK(now(std::string(quantity_names[j]) + " == 7", e) == (i == j ? met : unmet));
    }
}

TEST_CASE("a count in a set is over its members only, in several sets over who is in all of them") {
    scene s{members(1, {1}), members(0, {2}), members(0, {4})};
    s.classes[0].sets = 0b01;
    s.classes[1].sets = 0b10;
    s.classes[2].sets = 0b11;
    CHECK(s.reads("approve in team(a) == 5") == met);
    CHECK(s.reads("outstanding in team(a) == 1 and approve in team(b) == 6") == met);
    CHECK(s.reads("approve in team(a) in team(b) == 4") == met);
    CHECK(s.reads("approve == 7") == met);
}

TEST_CASE("by largest(affiliation) counts those who share the most frequent one, and nobody without one") {
    scene s{members(1, {3}), members(0, {1, 1}), members(0, {5}), members(2)};
    CHECK(s.reads("eligible by largest(affiliation) == 0") == met);
    s.classes[0].affiliation = 1;
    s.classes[1].affiliation = 2;
    s.classes[3].affiliation = 1;
    CHECK(s.reads("approve by largest(affiliation) == 3") == met);
    CHECK(s.reads("eligible by largest(affiliation) == 6") == met);
    CHECK(s.reads("reject by largest(affiliation) == 1") == met);
    CHECK(s.reads("outstanding by largest(affiliation) == 3") == met);
    s.classes[0].recused = true;
    s.classes[0].may_act = false;
    CHECK(s.reads("eligible by largest(affiliation) == 6") == met);
}

TEST_CASE("by distinct(affiliation) counts each affiliation once, and nobody without one") {
    scene s{members(1, {3}), members(0, {1, 1}), members(0, {5}), members(2)};
    s.classes[0].affiliation = 1;
    s.classes[1].affiliation = 2;
    s.classes[3].affiliation = 3;
    CHECK(s.reads("approve by distinct(affiliation) == 2") == met);
    CHECK(s.reads("reject by distinct(affiliation) == 1") == met);
    CHECK(s.reads("eligible by distinct(affiliation) == 3") == met);
    CHECK(s.reads("outstanding by distinct(affiliation) == 2") == met);
    s.classes[0].sets = 1;
    CHECK(s.reads("approve in team(a) by distinct(affiliation) == 1") == met);
    CHECK(s.reads("each affiliation: eligible by distinct(affiliation) == 1") == met);
}

TEST_CASE("weights are exact, and large ones don't overflow") {
    scene s{members(1, {2}), members(0, {0, 3})};
    s.classes[0].weight = number::fraction(1, 3);
    s.classes[1].weight = number(std::int64_t{9'000'000'000'000'000'000});
    CHECK(s.reads("weight(approve) == 2/3") == met);
    CHECK(s.reads("weight(reject) > weight(approve) * 999999999999999999 * 9") == met);
    CHECK(s.reads("weight(reject) == 3 * 9 * 100000000 * 10000000000") == met);
    s.classes[0].weight = *square_root(2);
    CHECK(s.reads("weight(approve) == sqrt(8)") == met);
    s.classes[0].counts[2] = 1;
    CHECK(s.reads("weight(reject) > 1") == error_);  // a rational and an irrational weight can't be added
}

TEST_CASE("inside 'each' a modality stays with the element") {
    scene s{members(1, {1}), members(0, {0, 2})};
    s.classes[0].elements = 0b01;
    s.classes[1].elements = 0b10;
    s.e.revisable = false;
    s.e.teams = 2;
    CHECK(s.reads("each team: possible(approve >= 2)") == unmet);
    s.e.teams = 1;
    CHECK(s.reads("each team: possible(approve >= 2)") == met);
    CHECK(s.reads("each team: certain(approve >= 1)") == met);
    CHECK(s.reads("each team: possible(approve >= 3)") == unmet);
}

TEST_CASE("named rules are read where they are named, within the same element") {
    scene s{members(0, {1}), members(0, {0, 1})};
    s.classes[0].elements = 0b01;
    s.classes[1].elements = 0b10;
    s.e.teams = 2;
    const auto quorum = a_rule("cast == 1");
    const auto consent = a_rule("quorum and reject == 0");
    const rule_view named[]{quorum.view(), consent.view()};
    s.e.rules = named;
    CHECK(s.reads("quorum") == unmet);
    CHECK(s.reads("each team: quorum") == met);
    CHECK(s.reads("each team: consent") == unmet);
    // Affiliations inside a team are those of its members.
    s.classes[0].affiliation = 7;
    s.classes[1].affiliation = 9;
    const auto heard = a_rule("each affiliation: cast == 1");
    const rule_view nested[]{heard.view()};
    s.e.rules = nested;
    CHECK(s.reads("each team: quorum") == met);
}

TEST_CASE("rules that refer to each other in a circle, or explosively often, end in an error") {
    const auto self = a_rule("quorum or 0 > 1");
    const rule_view circle[]{self.view()};
    CHECK(now("quorum", {.rules = circle}) == error_);
    const auto modal = a_rule("certain(quorum) or 0 > 1");
    const rule_view modal_circle[]{modal.view()};
    CHECK(now("quorum", {.rules = modal_circle}) == error_);

    // Each rule reads the one before twice: 2^60 readings, if nothing stopped them.
    std::vector<std::string> names;
    std::vector<word>        all;
    for (int i = 0; i < 60; ++i) names.push_back("r" + std::to_string(i));
    for (std::uint16_t i = 0; i < 60; ++i) all.push_back({.name = names[i], .is = word::kind::rule, .index = i});
    std::vector<rule> rules{a_rule("1 > 0", all)};
    for (const std::string link : {" and ", ") and certain("}) {
        rules.resize(1);
        for (std::size_t i = 1; i < 60; ++i)
            rules.push_back(a_rule((link == " and " ? "(" : "certain(") + names[i - 1] + link + names[i - 1] + ")", all));
        std::vector<rule_view> views;
        for (const auto& r : rules) views.push_back(r.view());
        CHECK(read_now(views[5], {.rules = views}) == met);
        CHECK(read_now(views[59], {.rules = views}) == error_);
    }
}

TEST_CASE("facts: a missing one is an error, and so is one of the other kind") {
    const fact_value reported[]{{.name = "yes", .truth = true}, {.name = "no", .truth = false}, {.name = "two", .amount = number(2)}};
    const evidence e{.facts = reported};
    CHECK(now("fact(yes)", e) == met);
    CHECK(now("fact(no)", e) == unmet);
    CHECK(now("fact(missing)", e) == error_);
    CHECK(now("fact(two)", e) == error_);
    CHECK(now("fact(two) == 2", e) == met);
    CHECK(now("fact(two) * 3 > fact(two)", e) == met);
    CHECK(now("fact(yes) > 1", e) == error_);
    CHECK(now("fact(missing) > 1", e) == error_);
    CHECK(now("not fact(missing)", e) == error_);
    const auto v = read(a_rule("fact(missing) or fact(two) or fact(yes) > 1").view(), e);
    REQUIRE(v.why.size() == 3);
    CHECK(v.why[0].note == "not reported");
    CHECK(v.why[1].note == "reported as an amount");
    CHECK(v.why[2].note == "reported as true or false");
}

TEST_CASE("children: those of one process that are open; 'of parent' needs one") {
    constexpr word      processes[]{{.name = "sub", .is = word::kind::process, .index = 0}};
    const child_count   open[]{{.process = "other", .open = 5}, {.process = "sub", .open = 2}};
    evidence            parent{.children = open};
    evidence            e;
    const auto          two = a_rule("children(sub) of parent == 2", processes);
    CHECK(read_now(two.view(), e) == error_);
    e.parent = &parent;
    CHECK(read_now(two.view(), e) == met);
    CHECK(read_now(a_rule("children(sub) == 0", processes).view(), e) == met);
    CHECK(read_now(a_rule("children(sub) == 2", processes).view(), parent) == met);
}

namespace {
/// As many as a test says, and in this order.
struct a_count final : option_count {
    std::optional<std::uint16_t> first{};
    std::string_view             why{};

    std::string_view             problem() const override { return why; }
    std::optional<std::uint16_t> winner() const override { return first; }
    std::int64_t                 elected() const override { return first ? 1 : 0; }
    std::int64_t                 tied() const override { return first ? 0 : 2; }
    std::int64_t                 vacant() const override { return 0; }
    bool                         beats(std::uint16_t a, std::uint16_t b, const number&) const override { return a < b; }
    std::optional<std::uint16_t> certain_winner() const override { return std::nullopt; }
    truth_set                    may_beat(std::uint16_t, std::uint16_t, const number&) const override { return (truth_set(met) |= unmet); }
};
}  // namespace

TEST_CASE("beats: of two options or the winner, on either side; an error while nobody has won, and where nothing is counted") {
    constexpr word options[]{{.name = "a", .is = word::kind::option, .index = 0}, {.name = "b", .is = word::kind::option, .index = 1}};
    const auto reads = [&](std::string_view text, const evidence& e) { return read(a_rule(text, options).view(), e); };
    a_count    count;
    evidence   e;
    CHECK(reads("beats(a, b)", e).now == error_);
    CHECK(reads("beats(a, b)", e).why.at(0).note == "no ballots about options are counted here");
    e.options = &count;
    CHECK(reads("beats(a, b)", e).now == met);
    CHECK(reads("beats(b, a)", e).now == unmet);
    for (const auto* text : {"beats(winner, b)", "beats(a, winner)"}) {
        CHECK(reads(text, e).now == error_);
        CHECK(reads(text, e).why.at(0).note == "no winner yet");
    }
    count.first = 0;
    CHECK(reads("beats(winner, b)", e).now == met);
    CHECK(reads("beats(b, winner)", e).now == unmet);

    // What the ballots still to come say is not known; a part that settles the matter makes every reading the same.
    scene s{members(2)};
    s.e.options = &count;
    constexpr word more[]{{.name = "approve", .is = word::kind::position, .index = 0}, options[0], options[1]};
    for (const auto* text : {"certain(approve <= 2 or winner == b)", "certain(approve <= 2 or beats(a, b))"}) {
        const auto r = a_rule(text, more);
        duration   next{};
        CHECK(read_now(r.view(), s.e) == met);
        CHECK(read_now(r.view(), s.e, &next) == met);
        CHECK(read(r.view(), s.e).now == met);
        CHECK(read_reachable(r.view(), s.e).only(met));
    }
    // `unless` takes what isn't known for an answer: there it settles nothing.
    auto unless = a_rule("beats(a, b) and approve <= 2", more);
    unless.nodes.push_back({.what = op::unless, .child = unless.root});
    unless.root = static_cast<std::uint16_t>(unless.nodes.size() - 1);
    CHECK_FALSE(read_reachable(unless.view(), s.e).only(met));
    CHECK_FALSE(read_reachable(a_rule("not at least 2 of (if beats(a, b) then approve > 0, if 0 > 1 then approve > 0)", more).view(), s.e).only(met));
    // Where the ballots so far can't be counted the others may mend that, or not.
    count.why = "levels can't be counted";
    bool       exact = true;
    const auto beaten = a_rule("beats(a, b)", more);
    CHECK(read_reachable(beaten.view(), s.e, &exact) == ((truth_set(met) |= unmet) |= error_));
    CHECK_FALSE(exact);
}

TEST_CASE("dispositions and kinds of revision are compared by name; none yet is an error") {
    evidence e;
    CHECK(now("disposition == merge", e) == error_);
    CHECK(now("disposition != merge", e) == error_);
    e.disposition = 1;
    CHECK(now("disposition == merge", e) == unmet);
    CHECK(now("disposition != merge", e) == met);
    CHECK(now("close == disposition", e) == met);
    CHECK(now("revision_kind == editorial", e) == error_);
    e.revision_kind = 0;
    CHECK(now("revision_kind == editorial", e) == met);
}

TEST_CASE("'of parent' reads the parent proposal, and is an error without one") {
    scene parent{members(0, {5})};
    parent.e.tallies[static_cast<std::size_t>(quantity::concerns)] = 2;
    parent.e.disposition = 0;
    parent.e.clocks[0] = {.known = true, .elapsed = std::chrono::days(3)};
    const fact_value seats[]{{.name = "seats", .amount = number(7)}};
    parent.e.facts = seats;
    scene s{members(0, {1})};
    for (const auto* text : {"approve of parent == 5", "concerns of parent == 2", "disposition of parent == merge",
                             "open_for of parent == 3 days", "fact(seats) of parent == 7"}) {
        CHECK(s.reads(text) == error_);
        s.e.parent = &parent.e;
        CHECK(s.reads(text) == met);
        s.e.parent = nullptr;
    }
    // The parent's ballots don't move with this proposal's.
    s.e.parent = &parent.e;
    CHECK(s.can("approve of parent == 5").only(met));
    // A named rule can't bring the parent's counts into "each team".
    const auto named = a_rule("approve of parent > 0");
    const rule_view rules[]{named.view()};
    s.e.rules = rules;
    s.e.teams = 1;
    s.classes[0].elements = 1;
    CHECK(s.reads("quorum") == met);
    CHECK(s.reads("each team: quorum") == error_);
    // What no ballots make up is the same for each team.
    const auto counted = a_rule("concerns of parent == 2");
    const rule_view others[]{counted.view()};
    s.e.rules = others;
    CHECK(s.reads("each team: quorum") == met);
}

TEST_CASE("comparisons with roots are exact") {
    scene s{members(0, {5, 3, 2})};
    CHECK(s.reads("approve > sqrt(24)") == met);
    CHECK(s.reads("approve > sqrt(25)") == unmet);
    CHECK(s.reads("approve == sqrt(25)") == met);
    CHECK(s.reads("sqrt(eligible) / 2 > 1.58113883008") == met);  // sqrt(10) / 2 = 1.581138830084...
    CHECK(s.reads("sqrt(eligible) / 2 < 1.58113883009") == met);
    CHECK(s.reads("sqrt(reject) * sqrt(3) == 3") == met);
    CHECK(s.reads("sqrt(2) + sqrt(8) == 3 * sqrt(2)") == met);
    CHECK(s.reads("sqrt(2) + sqrt(3) > 1") == error_);
    CHECK(s.reads("sqrt(reject - approve) > 1") == error_);
    CHECK(s.reads("ceil(sqrt(eligible)) == 4 and floor(sqrt(eligible)) == 3") == met);
    CHECK(s.reads("floor((0 - 1) * sqrt(2)) == 0 - 2") == met);
}

TEST_CASE("arithmetic: shares, least, greatest, rounding, and no division by zero") {
    scene s{members(1, {5, 3, 1})};
    CHECK(s.reads("1/2 of eligible == 5 and 50% * eligible == 5 and eligible / 2 == 5") == met);
    CHECK(s.reads("min(approve, reject, 4) == 3 and max(approve, reject, 4) == 5") == met);
    CHECK(s.reads("ceil(reject / 2) == 2 and floor(reject / 2) == 1") == met);
    CHECK(s.reads("1 / (abstain - outstanding) > 1") == error_);
    CHECK(s.reads("approve - reject == 2 and reject - approve < 0") == met);
}

// ---- why -------------------------------------------------------------------------------------------------------------

TEST_CASE("a reading lists every comparison with what was measured and what was required") {
    scene s{members(2, {3, 1})};
    s.e.clocks[0] = {.known = true, .elapsed = std::chrono::days(4)};
    const auto r = a_rule("approve > 1/2 of eligible and not (outstanding >= 3 or open_for < 10 days) and fact(x)");
    const auto v = read(r.view(), s.e);
    REQUIRE(v.why.size() == 4);
    CHECK(v.now == unmet);
    CHECK(v.why[0].is == unmet);
    CHECK(v.why[0].measured == number(3));
    CHECK(v.why[0].required == number(3));
    CHECK_FALSE(v.why[0].negated);
    CHECK(v.why[1].negated);
    CHECK(v.why[1].is == unmet);
    CHECK(v.why[2].next == std::chrono::days(6));
    CHECK(v.why[3].note == "not reported");
    CHECK_FALSE(v.why[3].measured.has_value());
    CHECK(v.next == std::chrono::days(6));
    CHECK(v.exact);
    CHECK_FALSE(v.certain());
    CHECK_FALSE(v.possible());
    CHECK(v.reachable.only(unmet));
}

TEST_CASE("inside 'each' the parts say which element they belong to, and afterwards none") {
    scene s{members(0, {1}), members(0, {0, 1})};
    s.classes[0].elements = 0b01;
    s.classes[1].elements = 0b10;
    s.e.teams = 2;
    const auto r = a_rule("(each team: certain(approve == 1)) and cast == 2");
    const auto v = read(r.view(), s.e);
    REQUIRE(v.why.size() == 5);  // per team the part and then the modality, and at last the count of all
    CHECK(v.why[0].element == 0);
    CHECK(v.why[1].element == 0);
    CHECK(v.why[2].element == 1);
    CHECK(v.why[2].measured == number(0));
    CHECK(v.why[3].element == 1);
    CHECK(r.nodes[v.why[3].node].what == op::certain);
    CHECK(v.why[4].element == -1);
}

TEST_CASE("a modality under 'not' is negated as a whole, and its parts explain themselves as they stand") {
    scene      s{members(0, {4, 1})};
    const auto r = a_rule("not possible(approve > 4)");
    const auto v = read(r.view(), s.e);
    REQUIRE(v.why.size() == 2);
    CHECK_FALSE(v.why[0].negated);
    CHECK(v.why[0].is == unmet);
    CHECK(v.why[1].negated);
    CHECK(v.why[1].is == met);
    CHECK(v.now == unmet);
}

// ---- at compile time -------------------------------------------------------------------------------------------------

namespace {
constexpr truth compiled(std::string_view text, std::uint32_t approvals, std::uint32_t silent_ones) {
    const auto   r = parse_rule(text, words);
    member_class c[1]{};
    c[0].counts[0] = silent_ones;
    c[0].counts[1] = approvals;
    const evidence e{.classes = c, .positions = 2, .revisable = false};
    return read_now(r.view(), e);
}
static_assert(absence(truth::met) == truth::unmet && absence(truth::unmet) == truth::met);
static_assert(absence(truth::skipped) == truth::met && absence(truth::error) == truth::met);
static_assert(compiled("approve >= 2/3 of eligible and concerns == 0", 2, 1) == truth::met);
static_assert(compiled("approve > 2/3 of eligible and concerns == 0", 2, 1) == truth::unmet);
static_assert(compiled("certain(approve > 1)", 2, 2) == truth::met);
static_assert(compiled("possible(approve > sqrt(17))", 2, 2) == truth::unmet);
static_assert(compiled("fact(x) or open_for > 1 day", 2, 2) == truth::error);
}  // namespace
