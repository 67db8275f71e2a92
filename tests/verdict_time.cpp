// Reading rules: clocks, falling thresholds, and how long until time alone changes something.
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

namespace {
/// How long until time alone changes the rule, with a clock that has run for `elapsed` microseconds.
duration wait(std::string_view text, std::int64_t elapsed, bool running = true) {
    evidence e;
    e.clocks[0] = {.known = true, .running = running, .elapsed = duration(elapsed)};
    duration next{};
    (void)read_now(a_rule(text).view(), e, &next);
    return next;
}
}  // namespace

TEST_CASE("a clock passes its limit exactly when the comparison changes, and says how long until then") {
    constexpr std::int64_t day = 86'400'000'000;
    // For every comparison: before, one before, at, one after, and well after the limit.
    constexpr std::array<std::int64_t, 5> at{0, day - 1, day, day + 1, 5 * day};
    constexpr std::int64_t                no = -1;
    struct row {
        std::string_view            sign;
        std::array<truth, 5>        is;
        std::array<std::int64_t, 5> wait;
    };
    // clang-format off
    const row table[]{
        {">",  {unmet, unmet, unmet, met,   met},   {day + 1, 2, 1, no, no}},
        {">=", {unmet, unmet, met,   met,   met},   {day,     1, no, no, no}},
        {"<",  {met,   met,   unmet, unmet, unmet}, {day,     1, no, no, no}},
        {"<=", {met,   met,   met,   unmet, unmet}, {day + 1, 2, 1, no, no}},
        {"==", {unmet, unmet, met,   unmet, unmet}, {day,     1, 1, no, no}},
        {"!=", {met,   met,   unmet, met,   met},   {day,     1, 1, no, no}},
    };
    // clang-format on
    const std::map<std::string_view, std::string_view> mirrored{{">", "<"},   {">=", "<="}, {"<", ">"},
                                                                {"<=", ">="}, {"==", "=="}, {"!=", "!="}};
    for (const auto& row : table)
        for (std::size_t i = 0; i < at.size(); ++i) {
            evidence e;
            e.clocks[0] = {.known = true, .elapsed = duration(at[i])};
            const auto expected = row.wait[i] == no ? never : duration(row.wait[i]);
            const auto text = "open_for " + std::string(row.sign) + " 1 day";
            const auto turned = "1 day " + std::string(mirrored.at(row.sign)) + " open_for";
            CAPTURE(text);
            CAPTURE(i);
            CHECK(now(text, e) == row.is[i]);
            CHECK(now(turned, e) == row.is[i]);
            CHECK(wait(text, at[i]) == expected);
            CHECK(wait(turned, at[i]) == expected);
            CHECK(wait(text, at[i], false) == never);
            // The promise itself: nothing changes before, and at that moment it does.
            if (expected == never) continue;
            e.clocks[0].elapsed = duration(at[i]) + expected - duration(1);
            CHECK(now(text, e) == row.is[i]);
            e.clocks[0].elapsed += duration(1);
            CHECK(now(text, e) != row.is[i]);
        }
}

TEST_CASE("a limit between two microseconds is passed at the later one, and never met exactly") {
    // 1/3 of 10 seconds is 3333333.33... microseconds
    CHECK(wait("open_for >= 1/3 of 10 seconds", 0) == duration(3'333'334));
    CHECK(wait("open_for > 1/3 of 10 seconds", 0) == duration(3'333'334));
    CHECK(wait("open_for < 1/3 of 10 seconds", 3'333'333) == duration(1));
    CHECK(wait("open_for == 1/3 of 10 seconds", 0) == never);
    CHECK(wait("open_for != 1/3 of 10 seconds", 3'333'334) == never);
    CHECK(wait("open_for >= sqrt(2) * 1 second", 0) == duration(1'414'214));
}

TEST_CASE("the wait is the shortest of all parts, whatever the whole reads") {
    CHECK(wait("open_for >= 10 seconds or open_for >= 3 seconds or 1 > 0", 0) == std::chrono::seconds(3));
    CHECK(wait("0 > 1 and open_for > 2 seconds", 0) == duration(2'000'001));
    CHECK(wait("certain(open_for >= 4 seconds)", 0) == std::chrono::seconds(4));
    CHECK(wait("if open_for >= 4 seconds then open_for >= 9 seconds", 5'000'000) == std::chrono::seconds(4));
    CHECK(wait("approve > 1", 0) == never);
}

TEST_CASE("limits beyond any duration are never waited for, and overflow nothing") {
    CHECK(wait("open_for > 365250 days", 0) == longest_duration + duration(1));
    CHECK(wait("open_for > 2 * 365250 days", 0) == never);
    CHECK(wait("open_for > 365250 days * 999999999999999999", 0) == never);
    CHECK(wait("open_for > 1 day - 2 days", 0) == never);
}

TEST_CASE("a clock that hasn't started is an error, and 'since' measures each event on its own") {
    CHECK(now("open_for > 1 day", {}) == error_);
    for (std::size_t i = 0; i < since_names.size(); ++i) {
        evidence e;
        e.since[i] = {.known = true, .elapsed = std::chrono::hours(5)};
        for (std::size_t j = 0; j < since_names.size(); ++j)
            CHECK(now("since(" + std::string(since_names[j]) + ") == 5 hours", e) == (i == j ? met : error_));
    }
    evidence e;
    e.clocks[1] = {.known = true, .elapsed = std::chrono::hours(5)};
    CHECK(now("in_stage == 5 hours", e) == met);
    // A fact may be reported without anybody knowing since when.
    constexpr word reports[]{{.name = "green", .is = word::kind::fact}};
    const auto     since_green = a_rule("since(green) == 5 hours", reports);
    fact_value     facts[]{{.name = "green", .truth = true}};
    e.facts = facts;
    CHECK(read_now(since_green.view(), e) == error_);
    facts[0].reported = e.clocks[1];
    CHECK(read_now(since_green.view(), e) == met);
    CHECK(now("0 >= linear(open_for, 28 days, 1, 0)", e) == error_);
    CHECK(now("0 >= linear(in_stage, 28 days, 1, 0)", e) == unmet);
}

TEST_CASE("a wait may depend on ballots as they stand") {
    scene s{members(0, {3})};
    s.e.clocks[0] = {.known = true, .elapsed = duration(0)};
    duration next{};
    CHECK(read_now(a_rule("open_for >= approve * 1 day").view(), s.e, &next) == unmet);
    CHECK(next == std::chrono::days(3));
    // So it may on those still to come: of more situations than are looked at one by one, where time reaches an end of their range.
    scene crowd{members(300)};
    crowd.e.revisable = false;
    const auto all_rejected = a_rule("certain(open_for >= (reject + abstain) * 1 day)");
    const auto at = [&](int day) {
        crowd.e.clocks[0] = {.known = true, .elapsed = std::chrono::days(day)};
        (void)read_now(all_rejected.view(), crowd.e, &next);
        return day + std::chrono::duration_cast<std::chrono::days>(next).count();
    };
    CHECK(at(0) == 300);
    crowd.classes[0].counts = {200, 0, 100};
    CHECK(at(100) == 300);
    CHECK(read_now(all_rejected.view(), crowd.e) == unmet);
    CHECK(at(300) == 500);  // it holds by now, but bounds forget that who rejects doesn't abstain
    CHECK(read_now(all_rejected.view(), crowd.e) == error_);
    crowd.e.clocks[0].elapsed = std::chrono::days(500);
    CHECK(read_now(all_rejected.view(), crowd.e, &next) == met);
    CHECK(next == never);
    // The ends of a range may lie between two instants: 1/7 of a day, and 300/7.
    crowd.classes[0].counts = {300};
    crowd.e.clocks[0].elapsed = duration(0);
    const auto level = a_rule("possible(open_for == (reject + 1/7) * 1 day / 301)");
    (void)read_now(level.view(), crowd.e, &next);
    CHECK(next == duration(std::chrono::days(1)) / (7 * 301) + duration(1));
}

// ---- weights and curves ----------------------------------------------------------------------------------------------

TEST_CASE("weights of the eligible, of those who cast and of the outstanding are sums too") {
    scene s{members(2, {1, 1}), members(1, {1})};
    s.classes[0].weight = number(10);
    s.classes[1].weight = number::fraction(1, 2);
    CHECK(s.reads("weight(eligible) == 41") == met);
    CHECK(s.reads("weight(cast) == 20 + 1/2") == met);
    CHECK(s.reads("weight(outstanding) == 20 + 1/2") == met);
    CHECK(s.reads("weight(cast) > 1/2 of weight(eligible)") == unmet);
    CHECK(print(a_rule("weight( cast )>=  1").view()) == "weight(cast) >= 1");
    CHECK(english(a_rule("weight(cast) >= 1/3 of weight(eligible)").view()) ==
          "the weight of those who cast a ballot is at least 1/3 of the weight of the eligible members");
}

TEST_CASE("a falling threshold is crossed at an instant that is known exactly") {
    scene s{members(6, {3, 1})};
    s.e.clocks[1] = {.known = true, .elapsed = std::chrono::days(0)};
    const auto r = a_rule("approve >= linear(in_stage, 28 days, 1, 0) * eligible");
    duration   next{};
    CHECK(read_now(r.view(), s.e, &next) == unmet);  // 3 of 10 are enough when the threshold is 3/10: at 7/10 of the time
    CHECK(next == duration(std::chrono::days(28)) * 7 / 10);
    s.e.clocks[1].elapsed = next - duration(1);
    CHECK(read_now(r.view(), s.e, &next) == unmet);
    CHECK(next == duration(1));
    s.e.clocks[1].elapsed += duration(1);
    CHECK(read_now(r.view(), s.e, &next) == met);
    CHECK(next == never);
    s.e.clocks[1] = {.known = true, .running = false, .elapsed = std::chrono::days(0)};
    CHECK(read_now(r.view(), s.e, &next) == unmet);
    CHECK(next == never);  // its clock stands still
}

TEST_CASE("stepped curves fall at whole steps, reciprocal ones fast and then slowly, and all stay at their end") {
    scene s{members(0, {1, 0})};
    const auto steps = [&](std::string_view least, int seconds) {
        s.e.clocks[1] = {.known = true, .elapsed = std::chrono::seconds(seconds)};
        return s.reads(std::string(least) + " >= stepped(in_stage, 100 seconds, 80%, 30%, 10%, 15%)");
    };
    CHECK(steps("70%", 14) == unmet);
    CHECK(steps("70%", 15) == met);
    CHECK(steps("30%", 500) == met);
    CHECK(steps("29%", 500) == unmet);
    // Polkadot's root approval: 1 at first, 80% after 4 of 28 days, 50% in the end (reference values of its closed form).
    constexpr std::string_view root = " reciprocal(in_stage, 28 days, 2/9, 1/3, 1/3)";
    s.e.clocks[1].elapsed = duration(0);
    CHECK(s.reads("1 <=" + std::string(root)) == met);
    s.e.clocks[1].elapsed = std::chrono::days(28);
    CHECK(s.reads("1/2 >=" + std::string(root)) == met);
    CHECK(s.reads("49% >=" + std::string(root)) == unmet);
    duration next{};
    s.e.clocks[1].elapsed = duration(0);
    CHECK(read_now(a_rule("80% >=" + std::string(root)).view(), s.e, &next) == unmet);
    CHECK(next == std::chrono::days(4));
}

TEST_CASE("a curve that could be crossed more than once, or never known, is refused") {
    for (const auto* text : {"approve == linear(in_stage, 28 days, 1, 0)", "approve > linear(in_stage, 28 days, 1, 0) + 1",
                             "linear(in_stage, 28 days, 1, 0) > linear(open_for, 28 days, 0, 1)",
                             "open_for > linear(in_stage, 28 days, 1, 0) * 10 days", "approve > linear(28 days, 28 days, 1, 0)",
                             "approve > linear(in_stage, 0 days, 1, 0)", "approve > linear(in_stage, 28 days, approve, 0)",
                             "approve > linear(in_stage, 28 days, 1)", "approve > stepped(in_stage, 28 days, 1, 0, 1/2)",
                             "approve > stepped(in_stage, 28 days, 1, 0, 1/2, 0)", "approve > stepped(in_stage, 28 days, 1, 0, 1/2, 1/2 - 1)",
                             "approve > stepped(in_stage, 28 days, 0 - 1, 0, 1/2, 1/2)", "approve > linear(in_stage, 28 days, 1, 0 - 1)",
                             "approve > reciprocal(in_stage, 28 days, 1, 0, 0)", "approve > reciprocal(in_stage, 28 days, 1, 0 - 1/2, 0)",
                             "approve > linear(in_stage, 28 days, 1 / 0, 0)", "approve > linear(in_stage, 28 days, 1, 1 / (1 - 1))"})
        CHECK_MESSAGE(parse_rule(text, words).error.is_error(), text);
    CHECK(print(a_rule("approve>linear( in_stage,28days,1,1/2 ) * eligible").view()) ==
          "approve > linear(in_stage, 28 days, 1, 1/2) * eligible");
    const auto computed = a_rule("approve > reciprocal(in_stage, 28 days, 2 / (3 * 3), 1 / (4 - 1) + 1/3 of 1/2, 0 - 1 / 2)");
    CHECK(print(computed.view()) == "approve > reciprocal(in_stage, 28 days, 2 / (3 * 3), 1 / (4 - 1) + 1/3 of 1/2, 0 - 1 / 2)");
    const auto at = [](std::string_view text) { return read_rule(text, words).error.expected; };
    CHECK(at("approve > linear(in_stage, 28 days, 1 / 0, 0)") == "a number that is always the same, and not divided by 0");
    CHECK(at("approve > reciprocal(in_stage, 28 days, 1, 1 - 1, 0)") == "a number above 0");
    CHECK(at("approve > linear(in_stage, 28 days, 1, 0 - 1)") == "a number that is not below 0");
}

TEST_CASE("bounds follow a curve as well") {
    scene s{members(6, {3, 1})};
    s.e.revisable = false;
    s.e.clocks[1] = {.known = true, .elapsed = std::chrono::days(14)};
    bool exact = true;
    CHECK(read_reachable(a_rule("approve >= linear(in_stage, 28 days, 1, 0) * eligible").view(), s.e, &exact, 1).has(met));
    s.e.clocks[1].elapsed = std::chrono::days(21);
    CHECK(read_reachable(a_rule("approve >= linear(in_stage, 28 days, 1, 0) * eligible").view(), s.e, &exact, 1).only(met));
}
