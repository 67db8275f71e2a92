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
#include "support.hpp"

using namespace quorate;
using support::has;

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

TEST_CASE("what comments ask for, who is an actor and what a policy comes to is answered by dialect and engine, for cases nobody recorded") {
    const auto with = [](std::string_view family, std::string_view policy, std::string_view inputs, std::string_view expected) {
        const auto r = run_on("[{\"id\": \"t\", \"family\": \"" + std::string(family) + "\", \"policy\": " + std::string(policy) + ", \"inputs\": " + std::string(inputs) +
                              ", \"expected\": " + std::string(expected) + "}]");
        INFO(r.out);
        CHECK((r.code == 0 || r.code == 1));
        return has(r.out, "1 passed") ? "passed" : has(r.out, "1 failed") ? "failed" : "skipped";
    };
    const auto command = [&](std::string_view event, std::string_view body, std::string_view parsed) {
        return with("gitvote.command", "{}", R"({"event": ")" + std::string(event) + R"(", "body": ")" + std::string(body) + "\"}", "{\"parsed\": " + std::string(parsed) + "}");
    };
    CHECK(command("created", "x\\n/cancel-vote ", R"({"command": "cancel-vote"})") == "passed");
    CHECK(command("created", "/vote", R"({"command": "vote", "profile": null})") == "passed");
    CHECK(command("edited", "/vote", "null") == "passed");
    CHECK(command("created", "x /vote", R"({"command": "vote", "profile": null})") == "failed");

    const auto actor = [&](std::string_view selector, std::string_view yes, std::string_view no) {
        return with("actor.match", selector, R"({"teams": {"ann": ["o/t"]}, "orgs": {"ben": ["o"]}, "permission": {"cat": "admin", "dan": "write", "eve": "read"}})",
                    "{\"is_actor\": " + std::string(yes) + ", \"is_not_actor\": " + std::string(no) + "}");
    };
    CHECK(actor(R"({"teams": ["o/t", "no/such"], "organizations": ["o"]})", R"(["ann", "ben"])", R"(["cat", "zoe"])") == "passed");
    CHECK(actor(R"({"permissions": ["write"]})", R"(["cat", "dan"])", R"(["eve", "zoe"])") == "passed");
    CHECK(actor("{}", "[]", R"(["ann", "cat"])") == "passed");  // nobody, not everybody
    CHECK(actor(R"({"permissions": ["write"]})", R"(["eve"])", "[]") == "failed");
    CHECK(actor(R"({"permissions": ["owner"]})", "[]", R"(["cat"])") == "skipped");

    const auto said = R"({"author": "me", "head": "h", "pushed_at": {"h": 3}, "commits": [{"id": "h", "parents": [], "author": "me", "committer": "me"}],
        "comments": [{"author": "ann", "text": "LGTM", "t": 3}, {"author": "ben", "text": "lgtm", "t": 5}, {"author": "cat", "text": "lgtm", "t": 4},
                     {"author": "ben", "text": "lgtm!", "t": 6}, {"author": "dan", "text": "so lgtm", "t": 7}, {"author": "eve", "text": "lgtm", "t": 8, "edited": true}]})";
    const auto candidates = [&](std::string_view policy, std::string_view users) { return with("policybot.candidates", policy, said, "{\"users_in_time_order\": " + std::string(users) + "}"); };
    CHECK(candidates(R"({"comment_patterns": ["(?i)^lgtm"]})", R"(["ann", "cat", "ben", "eve"])") == "passed");
    CHECK(candidates(R"({"comment_patterns": ["(?i)^lgtm"], "invalidate_on_push": true, "ignore_edited_comments": true})", R"(["cat", "ben"])") == "passed");
    CHECK(candidates(R"({"comments": ["lgtm"]})", R"(["ben", "cat", "dan", "eve"])") == "failed");  // in another order

    const auto parse = [&](std::string_view policy, std::string_view accepted) {
        return with("policy.parse", policy, R"({"defined_rules": ["a", "b"]})", "{\"accepted\": " + std::string(accepted) + "}");
    };
    CHECK(parse(R"(["a", {"or": ["b", {"and": ["a", "b"]}]}])", "true") == "passed");
    for (const auto* bad : {R"(["c"])", R"([{"or": []}])", R"([{"or": ["a"], "and": ["b"]}])", R"([{"xor": ["a"]}])", R"([["a"]])", "[1]"}) CHECK(parse(bad, "false") == "passed");

    const auto policy = [&](std::string_view approval, std::string_view reviewer, std::string_view status) {
        return with("policybot.policy", R"({"approval": )" + std::string(approval) + R"(, "disapproval": {"requires": {"users": ["no"]}}, "rules": {
                "docs": {"if": {"changed_files": {"paths": ["^docs/"]}}, "requires": {"count": 1, "users": ["ann"]}}, "two": {"requires": {"count": 2, "users": ["ann", "ben"]}},
                "ben": {"requires": {"count": 1, "users": ["ben"]}}}})",
                    R"({"author": "me", "branch": "main", "files": ["src/a"], "comments": [{"author": "ben", "text": ":+1:", "t": 1}], "commits": [], "head": "", "pushed_at": {},
                        "reviews": [{"author": ")" + std::string(reviewer) + R"(", "state": "changes_requested", "t": 2}]})",
                    "{\"status\": \"" + std::string(status) + "\"}");
    };
    CHECK(policy(R"(["docs"])", "ann", "skipped") == "passed");
    CHECK(policy(R"(["docs", "ben"])", "ann", "approved") == "passed");
    CHECK(policy(R"(["two", "ben"])", "ann", "pending") == "passed");
    CHECK(policy(R"([{"or": ["two", "ben"]}])", "ann", "approved") == "passed");
    CHECK(policy(R"([{"or": ["two", "ben"]}])", "no", "disapproved") == "passed");
    CHECK(policy(R"(["ben"])", "no", "approved") == "failed");
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
    CHECK(has(run_on("{\"cases\":\n  [1 2]}").out, ".json:2:6: "));  // where
    CHECK(run_on("{\"a\": 1, \"a\": 2}").code == 2);
    CHECK(run_on("{}", "--dance").code == 2);
    CHECK(run_on("{}", "--scenarios /nowhere/at/all").code == 2);
    CHECK(run_on("{}", "/nowhere/at/all.json").code == 2);
}
