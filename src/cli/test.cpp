// test: runs scenario files.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include <quorate/scenario.hpp>

#include "json.hpp"
#include "test.hpp"

namespace quorate::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 10'000;

/// Whether a JSON file found in a folder is meant as a scenario: charters and rosters have none of these keys. What isn't JSON
/// is taken for one, so that a broken file is reported and not passed over.
bool looks_like_scenario(const std::string& path) {
    const auto document = json_text::parse_file(path);
    if (!document) return true;
    for (const auto* key : {"steps", "scenarios", "charter", "given", "expect"})
        if (document.value().find(key) != nullptr) return true;
    return false;
}

/// The files of a folder and all below it, sorted, so that output doesn't depend on the file system.
result<std::vector<std::string>> files_in(const std::string& folder) {
    std::vector<std::string> files;
    std::error_code          ec;
    for (fs::recursive_directory_iterator i(folder, ec), end; !ec && i != end; i.increment(ec)) {
        if (!i->is_regular_file(ec) || i->path().extension() != ".json") continue;
        if (files.size() == most_files) return make_error(errc::limit, "more than 10000 files", folder);
        files.push_back(i->path().string());
    }
    if (ec) return make_error(errc::io, ec.message(), folder);
    std::sort(files.begin(), files.end());
    std::erase_if(files, [](const std::string& f) { return !looks_like_scenario(f); });
    if (files.empty()) return make_error(errc::not_found, "there are no scenarios in this folder", folder);
    return files;
}

/// What "exit 2 of pending" says, for people.
std::string exit_text(const charter& c, const exit_taken& x) {
    const auto* p = c.find(x.process);
    const auto  s = p == nullptr ? std::nullopt : p->stage_named(x.stage);
    if (!s || x.exit >= p->stages[*s].exits.size()) return {};
    const auto& exit = p->stages[*s].exits[x.exit];
    return exit.before ? "the stage before" : p->stages[exit.to].name;
}

class testing {
public:
    testing(const session& s, const test_options& o) : s_(s), o_(o) {}

    int operator()(const suite& all) {
        for (const auto& e : all.unreadable) unreadable(e);
        for (const auto& one : all.scenarios) {
            auto report = run(one);
            if (report.passed()) ++passed_;
            else ++failed_;
            if (!s_.json) show(report);
            charters_.push_back(one.broken ? std::vector<charter>{} : one.under);
            reports_.push_back(std::move(report));
        }
        return end();
    }

private:
    void unreadable(const error& e) {
        ++broken_;
        if (s_.json) errors_.push_back(e);
        else s_.fail(e);
    }
    void show(const scenario_report& r) {
        if (r.passed() && !o_.verbose) return;
        s_.print(fmt::format("{}  {}{}\n", r.passed() ? paint(ink::good, "ok  ") : paint(ink::bad, "FAIL"), r.title,
                             r.cites.empty() ? "" : paint(ink::dim, "  [" + r.cites + "]")));
        if (!r.passed()) s_.print("  " + quorate::to_string(r) + "\n");
    }

    /// Exits that no scenario took, once for each charter.
    [[nodiscard]] std::vector<std::pair<charter, std::vector<exit_taken>>> untaken() const {
        std::vector<std::pair<charter, std::vector<exit_taken>>> all;
        for (const auto& under : charters_)
            for (const auto& c : under) {
                const auto same = [&](const charter& other) { return other.get().text == c.get().text; };
                if (std::any_of(all.begin(), all.end(), [&](const auto& k) { return same(k.first); })) continue;
                std::vector<scenario_report> own;
                for (std::size_t i = 0; i < reports_.size(); ++i)
                    if (std::any_of(charters_[i].begin(), charters_[i].end(), same)) own.push_back(reports_[i]);
                all.emplace_back(c, exits_not_taken(c, own));
            }
        return all;
    }

    int end() {
        if (s_.json) print_report();
        else print_summary();
        if (broken_ > 0) return unusable;
        return failed_ > 0 ? findings : fine;
    }
    void print_summary() {
        if (o_.coverage)
            for (const auto& [c, exits] : untaken())
                for (const auto& x : exits)
                    s_.print(fmt::format("not taken  {}: process {}, stage {}, exit {} to {}\n", c.get().name, x.process, x.stage,
                                         x.exit + 1, exit_text(c, x)));
        auto line = fmt::format("{} passed, {} failed", passed_, failed_);
        if (broken_ > 0) line += fmt::format(", {} could not be read", broken_);
        s_.print(paint(failed_ + broken_ > 0 ? ink::bad : ink::good, line) + "\n");
    }
    void print_report() {
        json_text::json_out out;
        out.object().field("passed", passed_).field("failed", failed_).field("unreadable", broken_).key("scenarios").array();
        for (const auto& r : reports_) out.raw(quorate::to_json(r));
        out.end().key("problems").array();
        for (const auto& e : errors_)
            for (const auto& p : e.problems) problem_fields(out, p);
        out.end();
        if (o_.coverage) {
            out.key("not_taken").array();
            for (const auto& [c, exits] : untaken())
                for (const auto& x : exits)
                    out.object().field("charter", c.get().name).field("process", x.process).field("stage", x.stage)
                        .field("exit", x.exit).field("to", exit_text(c, x)).end();
            out.end();
        }
        s_.print_json(std::move(out.end()));
    }

    const session&               s_;
    const test_options&          o_;
    std::size_t                  passed_ = 0, failed_ = 0, broken_ = 0;
    std::vector<scenario_report> reports_;
    std::vector<std::vector<charter>> charters_;  ///< of each report: those that it ran under; none where documents were to be refused
    std::vector<error>           errors_;
};

}  // namespace

suite suite_of(const std::vector<std::string>& paths) {
    suite      all;
    const auto file = [&all](const std::string& path) {
        const auto text = path == "-" ? read_input(path) : result<std::string>(std::string());
        if (!text) return all.unreadable.push_back(text.error());
        auto loaded = path == "-" ? load_scenarios(text.value(), "standard input") : load_scenario_file(path);
        if (!loaded) return all.unreadable.push_back(loaded.error());
        for (auto& one : loaded.value()) all.scenarios.push_back(std::move(one));
    };
    for (const auto& path : paths) {
        std::error_code ec;
        if (!fs::is_directory(path, ec)) {
            file(path);
            continue;
        }
        const auto files = files_in(path);
        if (!files) all.unreadable.push_back(files.error());
        else
            for (const auto& f : files.value()) file(f);
    }
    return all;
}

void add_test(command_group to) {
    auto o = std::make_shared<test_options>();
    auto sub = to.add("test", "Runs scenarios: given, when, then for the rules of a charter",
                      "quorate test tests/scenarios --coverage", [o](const session& s) {
                          const auto all = suite_of(o->paths);
                          return o->mutate ? mutate_suite(s, *o, all) : testing(s, *o)(all);
                      });
    sub.option("PATH", o->paths, "Scenario files; in folders every .json file that is a scenario; - for standard input")
        .required();
    sub.flag("--coverage", o->coverage, "List the exits of stages that no scenario took");
    sub.flag("-v,--verbose", o->verbose, "List scenarios that passed, too");
    auto mutate = sub.flag("--mutate", o->mutate, "Change thresholds, strictness, bases, durations and permissions of the charters one at a time, and list\nwhat no scenario notices");
    sub.option("--only", o->only, "Changes of this process only").needs(mutate);
    sub.option("--least", o->least, "Exit code 1 when less of a charter's changes is noticed, such as 95%").needs(mutate);
    sub.option("--same", o->same, "A list of changes that behave the same, each with the reason why: they don't count").needs(mutate);
    sub.number("--threads", o->threads, 0, 64, "0: as many as the machine has").needs(mutate);
}

}  // namespace quorate::cli
