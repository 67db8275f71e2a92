// Cases told in words: [{"id", "given", "when", "expect"}]. Each is answered by the scenarios whose "cites" begins with its id, such as
// "rf-02: nag.rs evaluate_pendings" or "rf-02, rf-03: ...".
#include <algorithm>
#include <filesystem>
#include <map>
#include <stdexcept>

#include <quorate/scenario.hpp>

#include "case.hpp"
#include "cited.hpp"

namespace conformance {
namespace {

namespace fs = std::filesystem;

struct answers {
    std::map<std::string, std::vector<quorate::scenario>> by_id;
    std::vector<std::string>                              unreadable;
};

/// Whether a JSON file is meant as a scenario: charters and rosters beside them have none of these keys.
bool looks_like_scenario(const std::string& file) {
    json::value document;
    try {
        document = read_json(file);
    } catch (const std::runtime_error&) {
        return true;  // so that it is reported
    }
    if (!document.is_object()) return true;
    for (const auto* key : {"steps", "scenarios", "charter", "given", "expect", "broken"})
        if (document.as_object().contains(key)) return true;
    return false;
}

answers answers_in(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file() && entry.path().extension() == ".json") files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    answers all;
    for (const auto& file : files) {
        if (!looks_like_scenario(file)) continue;
        const auto loaded = quorate::load_scenario_file(file);
        if (!loaded) {
            all.unreadable.push_back(loaded.error().what());
            continue;
        }
        for (const auto& one : loaded.value())
            for (auto& id : cited_ids(one.cites)) all.by_id[id].push_back(one);
    }
    return all;
}

case_result run_case(const std::string& id, const answers& all) {
    const auto found = all.by_id.find(id);
    if (found == all.by_id.end()) return skipped(id, "no scenario names it");
    std::string account, wrong;
    for (const auto& one : found->second) {
        const auto report = quorate::run(one);
        account += (report.passed() ? "ok    " : "FAIL  ") + one.title + "\n";
        if (report.passed()) continue;
        wrong += (wrong.empty() ? "" : "; ") + one.title;
        account += to_string(report);
    }
    if (wrong.empty()) return passed(id, std::move(account));
    return failed(id, "a scenario fails: " + wrong, std::move(account));
}

}  // namespace

bool claims_prose(const json::value& d) { return any_with(cases_of(d), {"id", "given", "when", "expect"}); }

std::vector<case_result> run_prose(const json::value& d, const settings& s) {
    const auto               all = answers_in(s.scenarios);
    std::vector<case_result> results;
    for (const auto& broken : all.unreadable) results.push_back(failed("scenarios", "can't be read: " + broken));
    for (const auto& c : *cases_of(d)) {
        const auto id = text_of(c, "id");
        if (id.empty()) results.push_back(skipped("#" + std::to_string(results.size() + 1), "a case without an id"));
        else results.push_back(run_case(id, all));
    }
    return results;
}

}  // namespace conformance
