#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include <unistd.h>

#include <quorate/scenario.hpp>

#include "golden.hpp"
#include "json.hpp"
#include "support.hpp"

using namespace quorate;
using support::has;

namespace {

const std::string scenarios = std::string(QUORATE_SOURCE_DIR) + "/tests/scenarios";

constexpr std::string_view small_charter = R"j({
  "title": "small", "parameters": { "length": "7 days" },
  "processes": { "decision": {
    "electorate": { "of": "team(core)" }, "positions": { "approve": {} },
    "rules": { "quorum": "approve > 1/2 of eligible" },
    "stages": {
      "open": { "phase": "review", "allow": { "cast": "electorate", "withdraw": "author" },
                "exits": [ { "when": "quorum", "to": "last_call", "effects": [ { "do": "tell", "whom": "all" } ] },
                           { "on": "withdraw", "to": "withdrawn" } ] },
      "last_call": { "phase": "final_comment", "exits": [ { "after": "length", "to": "accepted" } ] } } } } })j";
constexpr std::string_view small_roster = R"({ "format": 1, "name": "s", "people": { "alice": {}, "bob": {}, "carol": {} },
  "teams": { "core": { "top_level": true, "members": ["alice", "bob", "carol"], "alumni": [] } } })";

/// A scenario file around `rest`, which begins with a key.
std::string with_documents(std::string_view rest) {
    return R"({ "title": "t", "given": { "by": "alice", "at": "2026-03-01T00:00:00Z" }, "charter": )" + std::string(small_charter) +
           ", \"roster\": " + std::string(small_roster) + ", " + std::string(rest) + " }";
}

std::vector<scenario> loaded(std::string_view rest) {
    auto all = load_scenarios(with_documents(rest), "s.json");
    INFO((all ? std::string() : all.error().what()));
    REQUIRE(all.has_value());
    return std::move(all.value());
}
scenario_report report_of(std::string_view rest) {
    const auto all = loaded(rest);
    REQUIRE(all.size() == 1);
    return run(all[0]);
}
/// The problems of a file that must be refused.
std::string refusal_of(std::string_view text) {
    const auto all = load_scenarios(text, "s.json");
    REQUIRE_FALSE(all.has_value());
    return all.error().what();
}
constexpr std::string_view whole = R"("steps": [
  { "do": "cast", "by": ["alice", "bob"], "position": "approve",
    "expect": { "stage": "last_call", "waiting_for": ["carol"], "next": "7 days", "next_stage": "accepted",
                "effects": [ { "do": "tell", "whom": "all" } ], "outcome": null, "phase": "final_comment", "electorate": ["carol", "bob", "alice"],
                "ballots": { "approve": ["bob", "alice"] }, "concerns": [], "findings": [], "disposition": null, "explanation": "last_call" } },
  { "after": "7 days", "expect": { "outcome": "accepted", "effects": [], "next": null, "next_stage": null } } ])";

}  // namespace

TEST_CASE("the shipped scenarios pass, and between them take every exit of the charters that they test") {
    std::vector<scenario_report> reports;
    std::vector<std::vector<charter>> charters;
    std::vector<std::string>     files;
    for (const auto& entry : std::filesystem::directory_iterator(scenarios)) files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        const auto all = load_scenario_file(file);
        INFO((all ? file : all.error().what()));
        REQUIRE(all.has_value());
        for (const auto& s : all.value()) {
            CAPTURE(s.title);
            reports.push_back(run(s));
            CHECK_MESSAGE(reports.back().passed(), to_string(reports.back()));
            CHECK(reports.back().checks > 0);
            charters.push_back(s.under);
        }
    }
    CHECK(reports.size() >= 60);
    for (const auto& name : golden::shipped_charters()) {
        CAPTURE(name);
        const auto c = load_charter_file(QUORATE_SOURCE_DIR "/examples/charters/" + name + ".json");
        REQUIRE(c.has_value());
        CHECK(c.value().warnings().empty());
        std::vector<scenario_report> own;
        for (std::size_t i = 0; i < reports.size(); ++i)
            if (std::any_of(charters[i].begin(), charters[i].end(), [&](const charter& other) { return other.get().text == c.value().get().text; }))
                own.push_back(reports[i]);
        const auto missing = exits_not_taken(c.value(), own);
        for (const auto& x : missing) CAPTURE((x.process + "/" + x.stage + "/" + std::to_string(x.exit)));
        CHECK(missing.empty());
    }
}

TEST_CASE("the shipped scenarios notice when a rule of the charter is changed") {
    auto text = json_text::read_file(std::string(QUORATE_SOURCE_DIR) + "/examples/charters/rust.json");
    auto entry = json_text::read_file(scenarios + "/rust_entry.json");
    REQUIRE(text.has_value());
    REQUIRE(entry.has_value());
    const auto folder = std::filesystem::temp_directory_path() / ("quorate-scenario-" + std::to_string(std::hash<std::string>{}(text.value()) ^ static_cast<std::size_t>(::getpid())));
    std::filesystem::create_directories(folder);
    const auto failures_with = [&](std::string_view from, std::string_view to) {
        auto       changed = text.value();
        const auto at = changed.find(from);
        REQUIRE(at != std::string::npos);
        changed.replace(at, from.size(), to);
        std::ofstream(folder / "rust.json") << changed;
        auto file = entry.value();
        const std::string_view path = "../../examples/charters/rust.json";
        file.replace(file.find(path), path.size(), "rust.json");
        const std::string_view others = "../../examples/charters/";
        for (auto other = file.find(others); other != std::string::npos; other = file.find(others))
            file.replace(other, others.size(), QUORATE_SOURCE_DIR "/examples/charters/");
        const auto all = load_scenarios(file, "entry.json", folder.string());
        REQUIRE(all.has_value());
        std::size_t failed = 0;
        for (const auto& s : all.value()) failed += run(s).passed() ? 0U : 1U;
        return failed;
    };
    CHECK(failures_with("outstanding < 3\"", "outstanding < 3 \"") == 0);
    CHECK(failures_with("outstanding < 3\"", "outstanding < 4\"") >= 10);   // large teams
    CHECK(failures_with("outstanding < approve", "outstanding <= approve") >= 2);  // small, even teams
    CHECK(failures_with("10 days", "11 days") == 17);
    std::filesystem::remove_all(folder);
}

TEST_CASE("a step that meets all its expectations passes, and everything is looked at") {
    const auto r = report_of(whole);
    CHECK_MESSAGE(r.passed(), to_string(r));
    CHECK(r.steps == 3);
    CHECK(r.checks >= 17);
    CHECK(r.exits == std::vector<exit_taken>{{"decision", "last_call", 0, 1}, {"decision", "open", 0, 1}});
    CHECK(to_string(r).empty());
}

TEST_CASE("every kind of expectation fails when it is not met, and says what was expected, what was found and why") {
    const std::pair<const char*, const char*> wrong[] = {
        {R"("stage": "last_call")", "stage"},
        {R"("phase": "draft")", "phase"},
        {R"("outcome": "accepted")", "outcome"},
        {R"("disposition": "merge")", "disposition"},
        {R"("waiting_for": ["bob"])", "waiting_for"},
        {R"("waiting_for": "nobody at all")", "waiting_for"},
        {R"("electorate": ["bob"])", "electorate"},
        {R"("concerns": ["x"])", "concerns"},
        {R"("ballots": { "approve": [] })", "ballots for approve"},
        {R"("ballots": { "nonsense": [] })", "ballots"},
        {R"("explanation": ["Decision", "no such text"])", "explanation"},
        {R"("findings": ["x"])", "findings"},
        {R"("next": "3 days")", "next"},
        {R"("next_stage": "accepted")", "next_stage"},
        {R"("effects": ["tell"])", "effects"},
        {R"("visible": false)", "visible"},
        {R"("refused": true)", "refused"},
        {R"("refused": "because")", "refused"},
        {R"("refused_by": "law")", "refused"},
    };
    for (const auto& [expect, what] : wrong) {
        const std::string told = expect;
        CAPTURE(told);
        const auto r = report_of(R"("steps": [ { "do": "cast", "by": "alice", "position": "approve", "expect": { )" + std::string(expect) + " } } ]");
        REQUIRE_FALSE(r.failures.empty());
        const auto& f = r.failures.back();
        CHECK(f.what == what);
        CHECK(f.step == 1);
        CHECK(f.expected != f.actual);
        CHECK(f.line == 11);
        CHECK(f.column > 1);
        CHECK(has(f.explanation, "decision-1"));
        CHECK(has(to_string(r), "expected"));
        CHECK(json_text::parse(to_json(r)).has_value());
    }
}

TEST_CASE("a refusal that nobody expected fails the step, and so does the wrong one") {
    const auto unexpected = report_of(R"("steps": [ { "do": "cast", "by": "mallory", "position": "approve" } ])");
    REQUIRE(unexpected.failures.size() == 1);
    CHECK(unexpected.failures[0].what == "accepted");
    CHECK(has(unexpected.failures[0].actual, "mallory may not cast"));

    CHECK(report_of(R"("steps": [ { "do": "cast", "by": "mallory", "position": "approve", "expect": { "refused_by": "permission" } } ])").passed());
    const auto other = report_of(R"("steps": [ { "do": "cast", "by": "mallory", "position": "approve", "expect": { "refused_by": "law", "refused": "xyz" } } ])");
    CHECK(other.failures.size() == 2);

    const auto each = report_of(R"("steps": [ { "do": "cast", "by": ["alice", "mallory"], "position": "approve", "expect": { "refused": true } } ])");
    REQUIRE(each.failures.size() == 1);
    CHECK(has(each.failures[0].actual, "alice: accepted"));
}

TEST_CASE("a proposal that can't be opened ends the scenario, unless that is what is expected") {
    const auto teams = R"("given": { "by": "alice", "teams": ["nowhere"])";
    const auto text = [&](std::string_view expect) {
        return R"({ "title": "t", "charter": )" + std::string(small_charter) + ", \"roster\": " + std::string(small_roster) + ", " + teams +
               std::string(expect) + R"( }, "steps": [ { "after": "1 day" } ] })";
    };
    const auto unexpected = load_scenarios(text(""));
    REQUIRE(unexpected.has_value());
    const auto r = run(unexpected.value()[0]);
    CHECK(r.steps == 1);
    CHECK(r.failures.size() == 1);
    const auto expected = load_scenarios(text(R"(, "expect": { "refused": "there is no team" })"));
    REQUIRE(expected.has_value());
    CHECK(run(expected.value()[0]).passed());
}

TEST_CASE("a change of the roster that is refused can be expected") {
    CHECK(report_of(R"("steps": [ { "roster": { "event": "leave", "who": "mallory", "team": "core" }, "expect": { "refused": "mallory" } } ])").passed());
    CHECK_FALSE(report_of(R"("steps": [ { "roster": { "event": "leave", "who": "mallory", "team": "core" } } ])").passed());
    CHECK(report_of(R"("steps": [ { "roster": { "event": "leave", "who": "carol", "team": "core" }, "expect": { "electorate": ["alice", "bob"] } } ])").passed());
}

TEST_CASE("a step that only looks lets no time pass; advancing at the same instant takes what is due") {
    const auto r = report_of(R"("steps": [
      { "do": "cast", "by": ["alice", "bob"], "position": "approve" },
      { "after": "7 days", "do": "cast", "by": "carol", "position": "approve", "expect": { "refused": true, "stage": "last_call" } },
      { "expect": { "stage": "last_call" } },
      { "do": "advance", "expect": { "stage": "accepted" } } ])");
    CHECK_MESSAGE(r.passed(), to_string(r));
}

TEST_CASE("several proposals are named; expectations at the end are about the first") {
    const auto r = report_of(R"("steps": [
      { "open": { "name": "b", "process": "decision", "by": "bob", "subject": "x" }, "expect": { "stage": "open" } },
      { "proposal": "b", "do": "withdraw", "by": "bob", "expect": { "outcome": "withdrawn" } },
      { "after": "1 day", "expect": { "outcome": null } } ], "expect": { "stage": "open" })");
    CHECK_MESSAGE(r.passed(), to_string(r));
    const auto end = report_of(R"("steps": [], "expect": { "stage": "accepted" })");
    REQUIRE(end.failures.size() == 1);
    CHECK(end.failures[0].doing == "at the end");
}

TEST_CASE("a scenario may run under several charters at once, as one") {
    const auto charter_named = [](std::string_view name, std::string_view more = "") {
        return R"j({ "title": "c", "processes": { ")j" + std::string(name) + R"j(": { "electorate": { "of": "team(core)" }, "stages": { "open": { "phase": "review", )j" +
               std::string(more) + R"j( "exits": [ { "after": "1 day", "to": "lapsed" } ] } } } } })j";
    };
    const auto load = [&](const std::string& list) {
        return load_scenarios(R"j({ "title": "t", "process": "main", "given": { "by": "alice" }, "charter": )j" + list + R"j(, "roster": )j" +
                              std::string(small_roster) + R"j(, "steps": [ { "open": { "name": "over", "process": "motion", "by": "bob", "parent": "main" } },
                              { "after": "1 day", "expect": { "outcome": "lapsed" } } ] })j");
    };
    const auto both = load("[" + charter_named("main") + "," + charter_named("motion") + "]");
    INFO((both ? std::string() : both.error().what()));
    REQUIRE(both.has_value());
    CHECK(run(both.value()[0]).passed());
    const auto what = [&](const std::string& list) { return load(list).error().what(); };
    CHECK(what("[]").find("there is no charter in the list") != std::string::npos);
    CHECK(what("[[]]").find("the path of one, or the document itself") != std::string::npos);
    CHECK(what("[" + charter_named("main") + "," + charter_named("main") + "]").find("can't be joined") != std::string::npos);
    CHECK(what("[" + charter_named("main", "\"oops\": 1,") + "]").find("oops") != std::string::npos);
}

TEST_CASE("a child's outcome acts on its parent, and who may see what can be expected") {
    const auto text = R"j({ "title": "t", "process": "main", "given": { "by": "alice" },
      "charter": { "title": "c", "processes": {
        "main": { "electorate": { "of": "team(core)" }, "positions": { "approve": {} }, "visible": "team(core)",
          "children": { "motion": { "accepted": "override" } },
          "stages": { "open": { "phase": "review", "allow": { "cast": "electorate", "raise": "team(core)" },
            "exits": [ { "when": "approve >= 2 and concerns == 0", "to": "accepted" } ] } } },
        "motion": { "electorate": { "of": "team(core)" }, "positions": { "yes": {} },
          "stages": { "vote": { "phase": "approval", "allow": { "cast": "electorate" }, "exits": [ { "when": "yes >= 2", "to": "accepted" } ] } } } } },
      "roster": )j" + std::string(small_roster) + R"j(,
      "steps": [
        { "do": "raise", "by": "carol", "concern": "cost" },
        { "do": "cast", "by": ["alice", "bob"], "position": "approve", "expect": { "stage": "open", "concerns": ["cost"] } },
        { "expect": { "viewer": "mallory", "visible": false } },
        { "expect": { "viewer": "anyone", "visible": false } },
        { "expect": { "viewer": "bob", "visible": true, "stage": "open" } },
        { "after": "1 day", "open": { "name": "over", "process": "motion", "by": "bob", "parent": "main", "about": "cost" } },
        { "proposal": "over", "do": "cast", "by": ["alice", "bob"], "position": "yes", "expect": { "outcome": "accepted" } },
        { "expect": { "outcome": "accepted", "concerns": [] } } ] })j";
    const auto all = load_scenarios(text);
    INFO((all ? std::string() : all.error().what()));
    REQUIRE(all.has_value());
    const auto r = run(all.value()[0]);
    CHECK_MESSAGE(r.passed(), to_string(r));
    CHECK(r.exits.size() == 2);
}

TEST_CASE("tables: alone in a string a name gives its value, inside one its text, and dollars can be written") {
    const auto all = loaded(R"("each": [
        { "title": "one", "who": "alice", "list": ["bob"], "waiting": ["bob", "carol"], "n": 1, "expect": { "stage": "open" } },
        { "title": "two", "who": "bob", "list": ["alice"], "waiting": ["alice"], "n": 2, "expect": { "stage": "last_call" } } ],
      "steps": [ { "after": "$n days", "do": "cast", "by": "$who", "position": "approve", "text": "costs $$5, ${n}x" },
                 { "expect": { "waiting_for": "$waiting" } },
                 { "do": "cast", "by": "$list", "position": "approve", "expect": { "stage": "last_call" } } ])");
    REQUIRE(all.size() == 2);
    CHECK(all[0].steps[1].commands[0].text == "costs $5, 1x");
    CHECK(all[1].steps[1].commands[0].text == "costs $5, 2x");
    CHECK(all[1].steps[1].at == at("2026-03-03T00:00:00Z"));
    CHECK(all[0].steps[3].commands.size() == 1);
    CHECK(run(all[0]).passed());
    const auto second = run(all[1]);  // bob and alice are enough: carol is not waited for by the list, which is wrong
    REQUIRE(second.failures.size() == 1);
    CHECK(second.failures[0].what == "waiting_for");
}

TEST_CASE("tables: what a row lacks, and dollars that mean nothing, are pointed at") {
    CHECK(has(refusal_of(with_documents(R"("each": [ {} ], "steps": [ { "do": "cast", "by": "$who", "position": "approve" } ])")),
              "s.json#/steps/0/by:11:"));
    CHECK(has(refusal_of(with_documents(R"("each": [ { "who": [] } ], "steps": [ { "do": "cast", "by": "x$who", "position": "approve" } ])")),
              "has no place inside a text"));
    CHECK(has(refusal_of(with_documents(R"("each": [ {} ], "steps": [ { "about": "5 $", "after": "1 day" } ])")), "followed by no name"));
    CHECK(has(refusal_of(with_documents(R"("each": [], "steps": [])")), "without rows"));
    CHECK(has(refusal_of(with_documents(R"("each": [ 1 ], "steps": [])")), "a row is an object"));
    // The same problem in every row is told once.
    const auto twice = refusal_of(with_documents(R"("each": [ {}, {} ], "steps": [ { "do": "cast", "by": "$who", "position": "approve" } ])"));
    CHECK(twice.find("the row has no") == twice.rfind("the row has no"));
}

TEST_CASE("scenarios of a file share what is said around them, member by member") {
    const auto text = R"({ "charter": )" + std::string(small_charter) + ", \"roster\": " + std::string(small_roster) + R"(,
      "process": "decision", "parameters": { "length": "3 days" }, "given": { "by": "alice", "subject": "shared" },
      "background": [ { "do": "cast", "by": "alice", "position": "approve" } ],
      "scenarios": [
        { "title": "a", "steps": [ { "do": "cast", "by": "bob", "position": "approve", "expect": { "next": "3 days" } } ] },
        { "title": "b", "parameters": { "length": "4 days" }, "given": { "by": "bob" },
          "steps": [ { "do": "cast", "by": "bob", "position": "approve", "expect": { "next": "4 days" } } ] },
        { "title": "c", "expect": { "stage": "open" } } ] })";
    const auto all = load_scenarios(text);
    INFO((all ? std::string() : all.error().what()));
    REQUIRE(all.has_value());
    REQUIRE(all.value().size() == 3);
    for (const auto& s : all.value()) CHECK_MESSAGE(run(s).passed(), to_string(run(s)));
    CHECK(all.value()[1].steps[0].open.by == "bob");
    CHECK(all.value()[1].steps[0].open.subject == "shared");
    CHECK(all.value()[0].people == all.value()[1].people);  // read once
}

TEST_CASE("problems of a file are all found, each where it stands") {
    const std::pair<std::string, const char*> wrong[] = {
        {R"("stepz": [])", "s.json#/stepz:11:"},
        {R"("steps": [ { "do": "casst", "by": "alice", "position": "approve" } ])", "did you mean \"cast\"?"},
        {R"("steps": [ { "do": "casst", "by": "alice", "position": "approve" } ])", "s.json#/steps/0/do:11:"},
        {R"("steps": [ { "do": "cast", "by": "alice", "posision": "approve" } ])", "s.json#/steps/0/posision:11:"},
        {R"("steps": [ { "do": "cast", "by": "alice", "position": 3 } ])", "s.json#/steps/0/position:11:"},
        {R"("steps": [ { "do": "cast", "by": ["alice", 3], "position": "approve" } ])", "s.json#/steps/0/by/1:11:"},
        {R"("steps": [ { "after": "soon" } ])", "s.json#/steps/0/after:11:"},
        {R"("steps": [ { "at": "2026-02-30T00:00:00Z" } ])", "s.json#/steps/0/at:11:"},
        {R"("steps": [ { "at": "2026-03-02T00:00:00Z", "after": "1 day" } ])", "not both"},
        {R"("steps": [ { "after": "365250 days" }, { "after": "365250 days" }, { "after": "365250 days" }, { "after": "365250 days" },
             { "after": "365250 days" }, { "after": "365250 days" }, { "after": "365250 days" }, { "after": "365250 days" } ])", "end of the calendar"},
        {R"("steps": [ { "expect": { "stage": "last_cal" } } ])", "did you mean \"last_call\"?"},
        {R"("steps": [ { "expect": { "phase": "nowhere" } } ])", "s.json#/steps/0/expect/phase:11:"},
        {R"("steps": [ { "expect": { "refused": true } } ])", "nothing is asked"},
        {R"("steps": [ { "expect": { "next": "soon" } } ])", "neither an instant nor a duration"},
        {R"("steps": [ { "expect": { "stange": "open" } } ])", "did you mean \"stage\"?"},
        {R"("steps": [ { "do": "withdraw", "by": "a", "expect": { "refused": false, "refused_by": "law" } } ])", "says that it is refused"},
        {R"("steps": [ { "proposal": "other" } ])", "no proposal \"other\""},
        {R"("steps": [ { "open": { "name": "main", "process": "decision", "by": "bob" } } ])", "\"main\" already"},
        {R"("steps": [ { "open": { "name": "b", "process": "decisions", "by": "bob" } } ])", "did you mean \"decision\"?"},
        {R"("steps": [ { "do": "withdraw", "by": "a", "roster": {} } ])", "a step does one thing"},
        {R"("steps": [ { "roster": { "event": "lieve", "who": "bob", "team": "core" } } ])", "s.json#/steps/0/roster/event:11:"},
        {R"("steps": [ { "roster": { "event": "leave", "who": "bob" } } ])", "needs \"team\""},
        {R"("steps": [ { "roster": { "at": "2026-03-01T00:00:00Z", "event": "leave", "who": "bob", "team": "core" } } ])", "said by the step"},
        {R"("steps": [ 1 ])", "s.json#/steps/0:11:"},
        {R"("steps": {})", "must be an array"},
        {R"("about": "nothing")", "tests nothing"},
        {R"("parameters": { "lenght": "1 day" }, "steps": [])", "did you mean \"length\"?"},
        {R"("parameters": { "length": [] }, "steps": [])", "a number or a text"},
        {R"("process": "nope", "steps": [])", "has no process \"nope\""},
    };
    for (const auto& [rest, expected] : wrong) {
        const std::string told = rest;
        CAPTURE(told);
        CHECK(has(refusal_of(with_documents(rest)), expected));
    }
    // All at once, and nothing twice.
    const auto all = refusal_of(with_documents(R"("steps": [ { "after": "soon" }, { "do": "casst", "by": "x" }, { "expect": { "stage": "x" } } ])"));
    CHECK(std::count(all.begin(), all.end(), '\n') == 2);
}

TEST_CASE("problems of documents inside a scenario point into the file") {
    CHECK(has(refusal_of(R"j({ "title": "t", "given": { "by": "a" }, "steps": [],
      "roster": { "format": 1, "name": "s", "people": {}, "teams": { "core": { "members": ["nobody"] } } },
      "charter": { "title": "c", "processes": { "p": {
        "electorate": { "of": "teem(core)" }, "stages": {} } } } })j"), "s.json#/charter/processes/p/electorate/of:4:32"));
    CHECK(has(refusal_of(R"({ "title": "t", "given": { "by": "a" }, "steps": [], "roster": "nowhere.json", "charter": "nowhere.json" })"),
              "no such file"));
    CHECK(has(refusal_of(R"({ "title": "t", "given": { "by": "a" }, "steps": [], "roster": 1, "charter": [] })"), "the path of one"));
    CHECK(has(refusal_of("{}"), "\"title\" is missing"));
    CHECK(has(refusal_of("[]"), "expected an object"));
    CHECK(has(refusal_of(R"({ "scenarios": [] })"), "no scenario in it"));
    CHECK(has(refusal_of(R"({ "scenarios": [ 1 ], "steps": [] })"), "unknown key \"steps\""));
    CHECK(has(refusal_of(R"({ "title": "a", "title": "b" })"), "duplicate"));
    CHECK(load_scenario_file("/nowhere/at/all.json").error().code == errc::not_found);
    CHECK(load_scenario_file("/tmp").error().code == errc::io);
}

TEST_CASE("what a file can ask for is limited") {
    std::string rows;
    for (std::size_t i = 0; i <= most_scenario_rows; ++i) rows += "{},";
    CHECK(has(refusal_of(with_documents("\"each\": [" + rows + "], \"steps\": []")), "more than 1000 rows"));
    std::string steps;
    for (std::size_t i = 0; i <= most_scenario_steps; ++i) steps += "{},";
    CHECK(has(refusal_of(with_documents("\"steps\": [" + steps + "]")), "more than 1000 steps"));
    std::string people;
    for (std::size_t i = 0; i <= most_scenario_commands; ++i) people += "\"alice\",";
    CHECK(has(refusal_of(with_documents(R"("steps": [ { "do": "cast", "position": "approve", "by": [)" + people + "] } ]")), "more than 20000 commands"));

    // Tables that multiply: many scenarios, a large value in many places, a text that grows.
    rows.clear();
    for (std::size_t i = 0; i < most_scenario_rows; ++i) rows += "{},";
    const auto table = R"({ "title": "x", "each": [)" + rows + R"(], "steps": [] },)";
    const auto many = R"({ "charter": )" + std::string(small_charter) + ", \"roster\": " + std::string(small_roster) +
                      R"(, "given": { "by": "alice" }, "scenarios": [)" + table + table + table + "] }";
    const auto too_many = load_scenarios(many, "s.json");
    REQUIRE_FALSE(too_many.has_value());
    CHECK(too_many.error().code == errc::limit);

    std::string list, uses;
    for (int i = 0; i < 5'000; ++i) list += "1,";
    for (int i = 0; i < 900; ++i) uses += R"({ "about": "$list" },)";
    CHECK(has(refusal_of(with_documents(R"("each": [ { "list": [)" + list + R"(] } ], "steps": [)" + uses + "]")), "values"));
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += "$a";
    CHECK(has(refusal_of(with_documents(R"("each": [ { "a": ")" + std::string(60'000, 'x') + R"(" } ], "steps": [ { "about": ")" + text + "\" } ]")), "a text longer"));
}

TEST_CASE("texts from files can't break reports") {
    const auto r = report_of("\"steps\": [ { \"do\": \"cast\", \"by\": \"al\\\"ice\", \"position\": \"app\\\\rove\" } ]");
    REQUIRE_FALSE(r.passed());
    CHECK(json_text::parse(to_json(r)).has_value());
}

TEST_CASE("the same scenario gives the same report") {
    const auto all = loaded(whole);
    CHECK(to_json(run(all[0])) == to_json(run(all[0])));
    const scenario none{};
    CHECK_FALSE(run(none).passed());
    CHECK(json_text::parse(scenario_schema()).has_value());
}
