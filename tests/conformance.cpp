// The program of tests/conformance, and whether the scenarios answer what they are asked.
#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include <quorate/scenario.hpp>

#include "conformance/cited.hpp"
#include "json.hpp"

using namespace quorate;

namespace {

namespace fs = std::filesystem;

const std::string source = QUORATE_SOURCE_DIR;

struct ran {
    int         code = -1;
    std::string out;
};

/// Runs quorate-conformance on a file that holds `text`.
ran run_on(const std::string& text, const std::string& options = {}) {
    const auto file = fs::temp_directory_path() / ("quorate-cases-" + std::to_string(getpid()) + ".json");
    std::ofstream(file) << text;
    const auto command = "'" QUORATE_BIN_DIR "/quorate-conformance' " + options + " '" + file.string() + "' 2>&1";
    ran        r;
    auto*      pipe = popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::array<char, 4096> buffer{};
    for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) r.out.append(buffer.data(), n);
    const int status = pclose(pipe);
    r.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    fs::remove(file);
    return r;
}
bool has(const std::string& text, std::string_view part) {
    INFO(text);
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every recorded case of Rust's processes is answered by a scenario that names it") {
    std::set<std::string> answered;
    for (const auto& entry : fs::recursive_directory_iterator(source + "/tests/scenarios")) {
        if (entry.path().extension() != ".json") continue;
        const auto all = load_scenario_file(entry.path().string());
        INFO((all ? std::string() : all.error().what()));
        REQUIRE(all.has_value());
        for (const auto& s : all.value())
            for (auto& id : conformance::cited_ids(s.cites)) answered.insert(std::move(id));
    }
    const auto document = json_text::parse_file(source + "/tests/data/rust_processes.json");
    REQUIRE(document.has_value());
    std::string missing;
    for (const auto& c : document.value().find("cases")->elements)
        if (!answered.contains(c.find("id")->text)) missing += " " + c.find("id")->text;
    CHECK_MESSAGE(missing.empty(), "no scenario names" << missing);
}

TEST_CASE("the ids that a citation begins with") {
    using ids = std::vector<std::string>;
    CHECK(conformance::cited_ids("rf-02: nag.rs") == ids{"rf-02"});
    CHECK(conformance::cited_ids("rf-02, l26-03, rf-t1; more") == ids{"rf-02", "l26-03", "rf-t1"});
    CHECK(conformance::cited_ids("rf-17") == ids{"rf-17"});
    CHECK(conformance::cited_ids("nag.rs: rf-02").empty());
    CHECK(conformance::cited_ids("gate_table, reviewers 0").empty());
    CHECK(conformance::cited_ids("").empty());
}

TEST_CASE("what is decided otherwise than recorded fails, and is shown") {
    const auto command = run_on(R"({"teams": {"T-lang": "r/lang"}, "cases": [
        {"body": "@rfcbot cancel", "upstream_result": [{"cmd": "reviewed"}]}, {"body": "@rfcbot cancel", "upstream_result": [{"cmd": "cancel"}]}]})");
    CHECK(command.code == 1);
    CHECK(has(command.out, "\"@rfcbot cancel\": expected [{\"cmd\":\"reviewed\"}], found [{\"cmd\":\"cancel\"}]"));
    CHECK(has(command.out, "1 passed, 1 failed, 0 skipped\n"));
    const auto gate = run_on(R"({"gate_table": [{"reviewers": 4, "min_approvals_rfcbot": 2, "strict_majority": 3, "by_lot": 1}]})", "--verbose");
    CHECK(gate.code == 1);
    CHECK(has(gate.out, "expected 2, the engine begins with 3"));
    CHECK(has(gate.out, "rule: outstanding < approve and outstanding < 3"));
    CHECK(has(gate.out, "1 passed, 1 failed, 1 skipped\n"));
}

TEST_CASE("cases of unknown form are skipped with a reason") {
    for (const auto* text : {"{}", "[]", "[1, null]", "17", R"({"cases": [{"body": 3, "upstream_result": 4}]})", R"({"gate_table": [{"reviewers": -1}, 3]})",
                             R"({"teams": {"T-x": 3}, "cases": [{"body": "", "upstream_result": [{"cmd": "dance"}]}, 7]})",
                             R"({"cases": [{"id": "zz-99", "given": "", "when": "", "expect": ""}, {"id": 3}]})", R"({"threads": [3, {}]})",
                             R"({"bot_teams": [{"team": "x", "label": "T-x"}], "samples": [{"members": 3, "name": ""}]})",
                             R"([{"family": "threshold.needed", "policy": {"permille": 1}, "inputs": {"weight": -3}, "expected": {"needed": 1}}])",
                             R"({"cases": [{"process": "ietf-iesg", "rule": "", "expected": {}, "input": {"standards_track": true, "active_ads": 2, "yes": 1,
                                 "noobj": 1, "discuss": 0, "recuse": -7}}]})"}) {
        const auto r = run_on(text);
        CAPTURE(text);
        INFO(r.out);
        CHECK((r.code == 0 || has(r.out, "FAILED")));
        CHECK((r.code == 0 || r.code == 1));
        CHECK(has(r.out, " skipped\n"));
    }
    CHECK(has(run_on(R"({"cases": [{"id": "zz-99", "given": "", "when": "", "expect": ""}]})").out, "1: no scenario names it"));
    CHECK(has(run_on("[{\"form\": 1}]").out, "no family has cases of this form"));
}

TEST_CASE("a recorded policy becomes a charter, and the rule is what decides, not the case") {
    const auto tally = [](std::string_view threshold, std::string_view passed) {
        return std::string(R"([{"id": "t", "family": "gitvote.tally", "policy": {"pass_threshold_percent": )") + std::string(threshold) +
               R"(, "denominator": "eligible", "comparison": ">="}, "inputs": {"eligible": ["a", "b", "c"], "reactions": [
                   {"user": "a", "reaction": "+1"}, {"user": "b", "reaction": "+1"}, {"user": "c", "reaction": "-1"}, {"user": "d", "reaction": "+1"}]},
                   "expected": {"in_favor": 2, "non_binding": 1, "passed": )" +
               std::string(passed) + "}}]";
    };
    CHECK(has(run_on(tally("66.66", "true")).out, "1 passed, 0 failed, 0 skipped\n"));
    CHECK(has(run_on(tally("66.67", "false")).out, "1 passed, 0 failed, 0 skipped\n"));
    const auto wrong = run_on(tally("66.67", "true"), "--verbose");
    CHECK(wrong.code == 1);
    CHECK(has(wrong.out, "passed: expected true, the engine says false"));
    CHECK(has(run_on(tally("\"most\"", "true")).out, "gitvote.tally: \"pass_threshold_percent\" is no number"));
    CHECK(has(run_on(R"([{"id": "x", "family": "by.lot", "policy": {}, "inputs": {}, "expected": {}}])").out, "by.lot: no adapter puts this family"));
}

TEST_CASE("a recorded case of a formal process goes through its charter") {
    const auto iesg = [](int fine, std::string_view passes) {
        return R"({"cases": [{"process": "ietf-iesg", "rule": "", "input": {"standards_track": true, "active_ads": 15, "yes": 1, "noobj": )" + std::to_string(fine) +
               R"(, "discuss": 0, "recuse": 0}, "expected": {"needed": 10, "passes": )" + std::string(passes) + "}}]}";
    };
    CHECK(has(run_on(iesg(9, "true")).out, "1 passed, 0 failed, 0 skipped\n"));
    CHECK(has(run_on(iesg(8, "false")).out, "1 passed, 0 failed, 0 skipped\n"));
    CHECK(has(run_on(iesg(8, "true")).out, "passes: expected true, the engine says false"));
    CHECK(has(run_on(R"({"cases": [{"process": "by-lot", "rule": "", "input": {}, "expected": {}}]})").out, "no charter here is about by-lot"));
}

TEST_CASE("what can't be read is said, with exit code 2") {
    CHECK(run_on("{\"cases\": ").code == 2);
    CHECK(has(run_on("{\"cases\": ").out, "is no JSON"));
    CHECK(run_on("{}", "--dance").code == 2);
    CHECK(run_on("{}", "--scenarios /nowhere/at/all").code == 2);
    CHECK(run_on("{}", "/nowhere/at/all.json").code == 2);
}
