// test: runs scenario files.
#include <algorithm>
#include <filesystem>
#include <fstream>

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

/// Writes a whole file, in place of the one that is there.
result<void> replace_file(const std::string& path, const std::string& text) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    return out ? result<void>{} : result<void>(make_error(errc::io, "could not be written", path));
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

class testing {
public:
    testing(const session& s, const test_options& o) : s_(s), o_(o) {}

    int operator()(const suite& all) {
        for (const auto& e : all.unreadable) unreadable(e);
        for (const auto& one : all.scenarios) {
            auto report = run(one, o_.coverage);
            if (report.passed()) ++passed_;
            else ++failed_;
            if (!s_.json) show(report);
            if (!one.broken)
                for (const auto& c : one.under) covered(c).reports.push_back(report);
            reports_.push_back(std::move(report));
        }
        return end();
    }

private:
    covered_charter& covered(const charter& c) {
        const auto known = std::find_if(charters_.begin(), charters_.end(), [&](const covered_charter& k) { return k.rules.get().text == c.get().text; });
        return known != charters_.end() ? *known : charters_.emplace_back(covered_charter{c});
    }
    void unreadable(const error& e) {
        ++broken_;
        errors_.push_back(e);
        if (!s_.json) s_.fail(e);
    }
    void show(const scenario_report& r) {
        if (r.passed() && !o_.verbose) return;
        s_.print(fmt::format("{}  {}{}\n", r.passed() ? paint(ink::good, "ok  ") : paint(ink::bad, "FAIL"), r.title,
                             r.cites.empty() ? "" : paint(ink::dim, "  [" + r.cites + "]")));
        if (!r.passed()) s_.print("  " + quorate::to_string(r) + "\n");
    }

    int end() {
        if (s_.json) print_report();
        else print_summary();
        if (!o_.junit.empty())
            if (const auto done = replace_file(o_.junit, junit_of(reports_, errors_)); !done) return s_.fail(done.error());
        if (broken_ > 0) return unusable;
        return failed_ > 0 ? findings : fine;
    }
    void print_summary() {
        if (o_.coverage)
            for (const auto& c : charters_)
                for (const auto& line : not_covered(c)) s_.print(line + "\n");
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
            std::vector<std::string> lines;
            for (const auto& c : charters_)
                for (auto& line : not_covered(c)) lines.push_back(std::move(line));
            out.strings("not_covered", lines);
        }
        s_.print_json(std::move(out.end()));
    }

    const session&               s_;
    const test_options&          o_;
    std::size_t                  passed_ = 0, failed_ = 0, broken_ = 0;
    std::vector<scenario_report> reports_;
    std::vector<covered_charter> charters_;
    std::vector<error>           errors_;
};

/// Rewrites golden parts, file by file; what runs afterwards says what is left.
result<std::size_t> update(const session& s, const suite& all) {
    std::size_t changed = 0;
    for (auto first = all.scenarios.begin(); first != all.scenarios.end();) {
        const auto                   last = std::find_if(first, all.scenarios.end(), [&](const scenario& x) { return x.file != first->file; });
        const std::vector<scenario>  of_file(first, last);
        std::vector<scenario_report> reports;
        for (const auto& one : of_file) reports.push_back(run(one));
        const auto path = first->file;
        first = last;
        if (std::all_of(reports.begin(), reports.end(), [](const scenario_report& r) { return r.passed(); })) continue;
        const auto text = json_text::read_file(path);
        if (!text) return text.error();
        const auto made = with_golden_parts(text.value(), of_file, reports);
        for (const auto& p : made.left) s.complain(to_string(p) + "\n");
        if (made.changed == 0) continue;
        if (auto done = replace_file(path, made.text); !done) return done.error();
        changed += made.changed;
    }
    return changed;
}

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
                          auto all = suite_of(o->paths);
                          if (o->update) {
                              const auto changed = update(s, all);
                              if (!changed) return s.fail(changed.error());
                              if (!s.json) s.print(fmt::format("{} expectations rewritten\n", changed.value()));
                              if (changed.value() > 0) all = suite_of(o->paths);
                          }
                          return o->mutate ? mutate_suite(s, *o, all) : testing(s, *o)(all);
                      });
    sub.option("PATH", o->paths, "Scenario files; in folders every .json file that is a scenario; - for standard input")
        .required();
    sub.flag("--coverage", o->coverage, "List the exits that no scenario took, the permissions that none used, the rules that were never met or never unmet");
    sub.flag("--update", o->update, "Rewrite what is expected of explanations, findings and effects as it is found, and nothing else in the files");
    sub.option("--junit", o->junit, "Write the results as JUnit XML to this file, too");
    sub.flag("-v,--verbose", o->verbose, "List scenarios that passed, too");
    auto mutate = sub.flag("--mutate", o->mutate, "Change thresholds, strictness, bases, durations and permissions of the charters one at a time, and list\nwhat no scenario notices");
    sub.option("--only", o->only, "Changes of this process only").needs(mutate);
    sub.option("--charter", o->charter, "Only charters with this in their path").needs(mutate);
    sub.option("--least", o->least, "Exit code 1 when less of a charter's changes is noticed, such as 95%").needs(mutate);
    sub.option("--same", o->same, "A list of changes that behave the same, each with the reason why: they don't count").needs(mutate);
    sub.number("--threads", o->threads, 0, 64, "0: as many as the machine has").needs(mutate);
}

}  // namespace quorate::cli
