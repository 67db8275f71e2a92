// Scenarios in which people write comments, and scenarios whose documents must be refused.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include <quorate/scenario.hpp>

#include "json.hpp"
#include "schema_validator.hpp"
#include "support.hpp"

using namespace quorate;
using support::has;

namespace {

constexpr std::string_view charter_text = R"j({
  "title": "small", "processes": {
    "decision": {
      "electorate": { "of": "teams of proposal" }, "positions": { "approve": {} }, "dispositions": ["merge"],
      "stages": {
        "open": { "phase": "review", "allow": { "propose, cast, raise": "teams of proposal", "resolve": "raiser and teams of proposal" },
                  "exits": [ { "when": "approve == eligible", "to": "accepted" } ] } } },
    "poll": {
      "electorate": { "of": "teams of proposal" }, "positions": { "answered": {} },
      "stages": { "asked": { "phase": "review", "allow": { "cast": "electorate" }, "exits": [ { "when": "outstanding == 0", "to": "accepted" } ] } } } } })j";
constexpr std::string_view roster_text = R"({ "people": { "ann": {}, "ben": {}, "eve": {} },
  "teams": { "core": { "members": ["ann", "ben"], "label": "T-core" }, "docs": { "members": ["eve"], "label": "T-docs" } } })";

std::string file_with(std::string_view steps, std::string_view more = R"("dialect": "rfcbot",)") {
    return R"({ "title": "t", "process": "decision", "given": { "by": "ann", "teams": ["core"] }, )" + std::string(more) + "\"charter\": " +
           std::string(charter_text) + ", \"roster\": " + std::string(roster_text) + ", \"steps\": [" + std::string(steps) + "] }";
}
std::string failures_of(const std::string& file) {
    const auto all = load_scenarios(file, "s.json");
    INFO((all ? std::string() : all.error().what()));
    REQUIRE(all.has_value());
    std::string text;
    for (const auto& s : all.value()) text += to_string(run(s));
    return text;
}
std::string refusal_of(const std::string& file) {
    const auto all = load_scenarios(file, "s.json");
    REQUIRE_FALSE(all.has_value());
    return all.error().what();
}
}  // namespace

TEST_CASE("what a comment asks for is done in order, and each thing is answered") {
    CHECK(failures_of(file_with(R"(
      { "comment": "@rfcbot merge\n@rfcbot reviewed\n@rfcbot concern slow", "by": "ann", "expect": { "concerns": ["slow"], "disposition": "merge", "waiting_for": ["ben"] } },
      { "comment": "@rfcbot resolve slow\n@rfcbot nonsense\n@rfcbot reviewed", "by": "ben",
        "expect": { "answers": ["may not resolve", "is no command", null], "concerns": ["slow"], "ballots": { "approve": ["ann", "ben"] } } })")).empty());
}

TEST_CASE("a step may have a dialect of its own, and a comment that asks for nothing says so") {
    CHECK(failures_of(file_with(R"(
      { "comment": "@rustbot concern slow", "by": "ann", "dialect": "triagebot", "expect": { "concerns": ["slow"] } },
      { "comment": "@rustbot concern slow\n@rustbot concern dark", "before": "@rustbot concern slow", "by": "ann", "dialect": "triagebot",
        "expect": { "answers": [null], "concerns": ["slow", "dark"] } },
      { "comment": "fine", "by": "ann", "expect": { "answers": [] } })")).empty());
    CHECK(has(failures_of(file_with(R"({ "comment": "fine", "by": "ann" })")), "it asks for nothing"));
}

TEST_CASE("what a comment opens has the name that the step gives it") {
    CHECK(failures_of(file_with(R"(
      { "comment": "@rfcbot poll docs Who reads this?", "by": "ann", "opens": "question" },
      { "do": "cast", "proposal": "question", "by": "eve", "position": "answered", "expect": { "stage": "accepted", "electorate": ["eve"] } },
      { "comment": "@rfcbot f? @eve", "by": "ann", "expect": { "refused": "feedback" } })")).empty());
}

TEST_CASE("answers that aren't the expected ones are shown") {
    const auto wrong = failures_of(file_with(R"(
      { "comment": "@rfcbot reviewed", "by": "ann", "expect": { "answers": ["no"] } },
      { "comment": "@rfcbot reviewed", "by": "eve", "expect": { "answers": [null] } },
      { "comment": "@rfcbot concern a\n@rfcbot concern b", "by": "ann", "expect": { "answers": [null] } },
      { "comment": "@rfcbot dance", "by": "ann" },
      { "comment": "@rfcbot concern c", "by": "ann", "expect": { "refused": true } })"));
    CHECK(has(wrong, "expected  a refusal that contains \"no\"\n    actual    @rfcbot reviewed: accepted"));
    CHECK(has(wrong, "actual    @rfcbot reviewed: refused: eve may not cast"));
    CHECK(has(wrong, "expected  1 answers\n    actual    2: @rfcbot concern a; @rfcbot concern b"));
    CHECK(has(wrong, "refused: \"dance\" is no command of rfcbot"));
    CHECK(has(wrong, "expected  refused\n    actual    accepted"));
}

TEST_CASE("problems of steps with comments are found when the file is read") {
    const auto bad = [](std::string_view step) { return refusal_of(file_with(step)); };
    CHECK(has(refusal_of(file_with(R"({ "comment": "x", "by": "ann" })", "")), "in which dialect is this comment?"));
    CHECK(has(refusal_of(file_with("", R"("dialect": "rfcbott",)")), "did you mean \"rfcbot\"?"));
    CHECK(has(bad(R"({ "comment": "x" })"), "\"by\" is missing"));
    CHECK(has(bad(R"({ "comment": "x", "by": "ann", "do": "cast" })"), "a step does one thing"));
    CHECK(has(bad(R"({ "comment": "x", "by": "ann", "position": "approve" })"), "unknown key \"position\""));
    CHECK(has(bad(R"({ "do": "cast", "by": "ann", "position": "approve", "expect": { "answers": [] } })"), "are those that a comment gets"));
    CHECK(has(bad(R"({ "comment": "x", "by": "ann", "expect": { "answers": [], "refused": true } })"), "say one of them"));
    std::string many;
    for (std::size_t i = 0; i <= most_scenario_commands / most_asked; ++i) many += R"({ "comment": "x", "by": "ann" },)";
    CHECK(has(bad(many), "more than 20000 things"));
}

TEST_CASE("documents that must be refused are, with the text that is expected") {
    const auto broken = [](std::string_view expected, std::string_view documents) {
        return R"({ "title": "t", "broken": ")" + std::string(expected) + "\", " + std::string(documents) + " }";
    };
    const std::string bad_roster = R"("roster": { "people": {}, "teams": { "x": { "parent": "y" } } })";
    const std::string good_roster = "\"roster\": " + std::string(roster_text);
    const std::string bad_charter = R"("charter": { "title": "c", "processes": {} })";
    CHECK(failures_of(broken("there is no team", bad_roster)).empty());
    CHECK(failures_of(broken("process", bad_charter)).empty());
    CHECK(failures_of(broken("there is no team", bad_roster + ", \"charter\": " + std::string(charter_text))).empty());
    CHECK(has(failures_of(broken("there is no person", bad_roster)), "there is no team \"y\""));
    CHECK(has(failures_of(broken("there", good_roster)), "they are accepted"));
    CHECK(has(refusal_of(broken("x", bad_roster + ", \"steps\": []")), "nothing can happen under documents that are refused"));
    CHECK(has(refusal_of(broken("", bad_roster)), "must not be empty"));
    CHECK(has(refusal_of(broken("x", "\"cites\": \"y\"")), "no \"charter\" and no \"roster\""));
    // Around a list of scenarios: what is shared is inherited, the background isn't.
    CHECK(failures_of(R"({ "charter": )" + std::string(charter_text) + R"(, "given": { "by": "ann" }, "process": "decision", "background": [ {} ],
        "scenarios": [ { "title": "t", "broken": "there is no team", )" + bad_roster + " } ] }").empty());
}

TEST_CASE("the shipped scenario files fit the schema of scenario files") {
    const auto schema = json_text::parse(scenario_schema());
    REQUIRE(schema.has_value());
    schema_validator fits(schema.value());
    std::size_t      files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(QUORATE_SOURCE_DIR "/tests/scenarios")) {
        const auto file = json_text::parse_file(entry.path().string());
        CAPTURE(entry.path().string());
        REQUIRE(file.has_value());
        for (const auto& wrong : fits(file.value())) FAIL_CHECK(wrong);
        ++files;
    }
    CHECK(files >= 5);
}
