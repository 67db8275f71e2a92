// Sentences about scenario files that are rewritten from what is found, about what is still possible, and about coverage.
#include <doctest/doctest.h>

#include <sstream>

#include <quorate/engine.hpp>
#include <quorate/scenario.hpp>
#include <quorate/testing.hpp>

#include "house.hpp"

using namespace quorate;

namespace {

constexpr std::string_view rules = R"j({
  "title": "small", "processes": { "decision": {
    "electorate": { "of": "team(core)" }, "positions": { "approve": {}, "reject": {} },
    "rules": { "quorum": "approve > 1/2 of eligible", "calm": "holds == 0" },
    "stages": {
      "open": { "phase": "review", "allow": { "cast": "electorate", "withdraw": "author" },
                "exits": [ { "when": "quorum", "to": "last_call", "effects": [ { "do": "tell", "whom": "all" }, "ring" ] },
                           { "on": "withdraw", "to": "withdrawn" } ] },
      "last_call": { "phase": "final_comment", "exits": [ { "after": "7 days", "if": "calm", "to": "accepted" } ] } } } } })j";
constexpr std::string_view people = R"({ "name": "s", "people": { "alice": {}, "bob": {}, "carol": {} }, "teams": { "core": { "members": ["alice", "bob", "carol"] } } })";

std::string file(std::string_view rest) {
    return "// kept\n{ \"charter\": " + std::string(rules) + ", \"roster\": " + std::string(people) + ",\n  \"title\": \"t\", \"given\": { \"by\": \"alice\" }, " + std::string(rest) + " }\n";
}
golden_update updated(const std::string& text) {
    const auto                   all = load_scenarios(text, "s.json").value();
    std::vector<scenario_report> reports;
    for (const auto& s : all) reports.push_back(run(s));
    return with_golden_parts(text, all, reports);
}
/// What a file around this becomes.
std::string becomes(std::string_view rest) {
    const auto       made = updated(file(rest)).text;
    constexpr std::string_view before = R"("given": { "by": "alice" }, )";
    const auto       begin = made.find(before) + before.size();
    return made.substr(begin, made.size() - begin - std::string_view(" }\n").size());
}
scenario_report golden_report(std::string_view rest, bool coverage = false) { return run(load_scenarios(file(rest), "s.json").value().at(0), coverage); }

}  // namespace

TEST_CASE("effects become those that left, and whatever stands around them stays") {
    CHECK(becomes(R"("steps": [ { "do": "cast", "by": ["alice", "bob"], "position": "approve", /* why */ "expect": { "effects": [ "shout" ], "stage": "last_call" } }, ])") ==
          R"("steps": [ { "do": "cast", "by": ["alice", "bob"], "position": "approve", /* why */ "expect": { "effects": [ { "do": "tell", "whom": "all" }, "ring" ], "stage": "last_call" } }, ])");
}

TEST_CASE("an effect that is right keeps how it is written") {
    CHECK(becomes(R"("steps": [ { "do": "cast", "by": ["alice", "bob"], "position": "approve", "expect": { "effects": [ "tell" , "knock" ] } } ])") ==
          R"("steps": [ { "do": "cast", "by": ["alice", "bob"], "position": "approve", "expect": { "effects": [ "tell" , "ring" ] } } ])");
}

TEST_CASE("a text of the explanation becomes the line most like it") {
    const auto text = becomes(R"("steps": [ { "do": "cast", "by": "bob", "position": "approve", "expect": { "explanation": "approve > 1/3 of eligible" } } ])");
    CHECK(text.find("approve > 1/2 of eligible") != std::string::npos);
    CHECK(text.find("1/3") == std::string::npos);
}

TEST_CASE("what was rewritten passes") {
    const auto made = updated(file(R"("steps": [ { "do": "cast", "by": "bob", "position": "approve", "expect": { "explanation": ["nonsense", "bob"], "waiting_for": "nobody", "effects": ["x"] } } ])"));
    CHECK(made.changed == 3);
    CHECK(run(load_scenarios(made.text, "s.json").value().at(0)).passed());
}

TEST_CASE("stages and outcomes are no golden parts: they stay and fail") {
    const auto text = file(R"("steps": [ { "expect": { "stage": "last_call" } } ])");
    CHECK(updated(text).text == text);
}

TEST_CASE("rows of a table that differ are left as they are, with a reason") {
    const auto text = file(R"("each": [ { "n": ["alice"] }, { "n": ["alice", "bob"] } ], "steps": [ { "do": "cast", "by": "$n", "position": "approve", "expect": { "effects": ["x"] } } ])");
    const auto made = updated(text);
    CHECK(made.text == text);
    REQUIRE(made.left.size() == 1);
    CHECK(made.left[0].what == "effects is left as it is: the scenarios that share it found different things");
}

TEST_CASE("what ballots can and must still bring about is expected by stages") {
    CHECK(golden_report(R"("steps": [ { "expect": { "possible": { "last_call": true }, "certain": { "last_call": false } } } ])").passed());
    const auto r = golden_report(R"("steps": [ { "expect": { "certain": { "last_call": true } } } ])");
    REQUIRE(r.failures.size() == 1);
    CHECK(r.failures[0].expected == "last_call is certain");
    CHECK(r.failures[0].actual == "last_call is not certain");
    const auto unknown = load_scenarios(file(R"("steps": [ { "expect": { "possible": { "last_cal": true } } } ])"), "s.json");
    CHECK(unknown.error().what().find("did you mean \"last_call\"?") != std::string::npos);
}

TEST_CASE("coverage tells the exits, permissions and rules that no scenario touched") {
    const auto c = load_charter(rules, "small.json").value();
    const std::vector<scenario_report> some{golden_report(R"("steps": [ { "do": "cast", "by": ["alice", "bob"], "position": "approve" } ])", true)};
    CHECK(exits_not_taken(c, some) == std::vector<exit_taken>{{"decision", "open", 1, 0}, {"decision", "last_call", 0, 0}});
    CHECK(permissions_not_used(c, some) == std::vector<permission_used>{{"decision", "open", 1, 0}});
    CHECK(rules_not_read(c, some) == std::vector<rule_read>{{"decision", "calm", true, false}});
    const std::vector<scenario_report> more{some[0], golden_report(R"("steps": [ { }, { "do": "withdraw", "by": "alice" } ])", true)};
    CHECK(permissions_not_used(c, more).empty());
    CHECK(rules_not_read(c, more) == std::vector<rule_read>{{"decision", "calm", true, false}});
}

TEST_CASE("a recorded proposal becomes a scenario that passes") {
    const auto     start = at("2026-03-01T00:00:00Z");
    support::house h(load_charter(rules, "small.json").value(), load_roster(people).value());
    auto&          e = h.runs;
    const auto id = e.open({.process = "decision", .by = "alice", .subject = "s#1", .at = start}).value();
    REQUIRE(e.submit(id, cast{.by = "bob", .position = "reject", .reason = "no", .at = start}).accepted());
    (void)e.change_roster({.at = start + std::chrono::hours(1), .what = roster_event_kind::leave, .who = "carol", .team = "core"}).value();
    REQUIRE(e.submit(id, cast{.by = "bob", .position = "approve", .at = start + std::chrono::hours(2)}).accepted());
    REQUIRE(e.submit(id, cast{.by = "alice", .position = "approve", .at = start + std::chrono::hours(3)}).accepted());
    (void)e.advance(start + std::chrono::hours(24 * 30));
    const auto text = scenario_from(*h.kept, id);
    INFO((text ? std::string() : text.error().what()));
    REQUIRE(text.has_value());
    const auto report = run(load_scenarios(text.value(), "recorded.json").value().at(0));
    CHECK(report.passed());
    CHECK(report.checks >= 6);
    CHECK(text.value().find("\"at\": \"2026-03-08T03:00:00Z\", \"expect\": { \"stage\": \"accepted\" }") != std::string::npos);
    CHECK(scenario_from(*h.kept, "nothing").error().code == errc::not_found);
}

TEST_CASE("in C++ a proposal is asked and compared, and a difference is told with its explanation") {
    using namespace quorate::testing;
    trial d{load_charter(rules, "small.json").value(), load_roster(people).value(), {.process = "decision", .by = "alice", .at = at("2026-03-01T00:00:00Z")}};
    CHECK(d.does(cast{.by = "mallory", .position = "approve"}) == refused{refused_by::permission, "electorate"});
    CHECK_FALSE(d.does(cast{.by = "mallory", .position = "approve"}) == accepted);
    CHECK(d.each({"alice", "bob"}, cast{.position = "approve"}) == accepted);
    CHECK(d == in_stage{"last_call"});
    CHECK(d == waiting_for{"carol"});
    CHECK(d == moves_at{"2026-03-08T00:00:00Z"});
    CHECK(d == explains{"calm"});
    CHECK(d.effects() == did{"tell", "ring"});
    CHECK(d.effects() == did{});
    CHECK(d.after("6 days") == still_open);
    std::ostringstream told;
    told << d;
    CHECK(told.str().find("at 2026-03-07T00:00:00Z:\n") == 0);
    CHECK(told.str().find("last_call") != std::string::npos);
    CHECK(d.after("1 day") == ended{phase::accepted});
    CHECK_THROWS_AS(d.after("a while"), failure);
}

namespace {
struct words {
    static constexpr std::string_view positions[]{"approve", "reject"};
};
using two_thirds = rule_guard<"approve >= 2/3 of eligible and concerns == 0", words>;
}  // namespace

TEST_CASE("rules of a machine of one's own are read from ballots") {
    using namespace quorate::testing;
    CHECK(reading<two_thirds>(ballots<words>{.silent = 1}.with("approve", 2)) == truth::met);
    CHECK(reading<two_thirds>(ballots<words>{.silent = 2}.with("approve", 2).with("reject", 1)) == truth::unmet);
    CHECK(reading<two_thirds>(ballots<words>{.concerns = 1}.with("approve", 2)) == truth::unmet);
    std::ostringstream told;
    told << reading<two_thirds>(ballots<words>{.silent = 2}.with("approve", 1));
    CHECK(told.str().find("approve >= 2/3 of eligible [1 : 2] unmet") != std::string::npos);
    CHECK_THROWS_AS((void)reading<two_thirds>(ballots<words>{}.with("aprove", 1)), failure);
}
