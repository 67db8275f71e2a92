// test: JUnit XML, and what a suite doesn't cover.
#include <algorithm>

#include <fmt/format.h>

#include "test.hpp"

namespace quorate::cli {
namespace {

/// Text as XML 1.0 has it; what may not be in it at all becomes U+FFFD.
std::string xml(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '&') out += "&amp;";
        else if (c == '<') out += "&lt;";
        else if (c == '>') out += "&gt;";
        else if (c == '"') out += "&quot;";
        else if (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') out += "\xEF\xBF\xBD";
        else out += c;
    }
    return out;
}

std::string case_of(const scenario_report& r) {
    auto line = fmt::format("    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\" assertions=\"{}\"", xml(r.file),
                            xml(r.title), xml(r.file), r.line, r.checks);
    if (r.passed()) return line + "/>\n";
    const auto& f = r.failures.front();
    return line + fmt::format(">\n      <failure message=\"{}\" type=\"{}\">{}</failure>\n    </testcase>\n",
                              xml(f.what + ": expected " + f.expected.substr(0, f.expected.find('\n'))), xml(f.what), xml(quorate::to_string(r)));
}

/// What "exit 2 of pending" says, for people.
std::string target_of(const process& p, const stage_exit& x) { return x.before ? "the stage before" : p.stages[x.to].name; }

}  // namespace

std::string junit_of(const std::vector<scenario_report>& reports, const std::vector<error>& unreadable) {
    const auto failed = static_cast<std::size_t>(std::count_if(reports.begin(), reports.end(), [](const auto& r) { return !r.passed(); }));
    auto out = fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
                           reports.size() + unreadable.size(), failed, unreadable.size());
    for (auto first = reports.begin(); first != reports.end();) {
        const auto last = std::find_if(first, reports.end(), [&](const auto& r) { return r.file != first->file; });
        out += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\">\n", xml(first->file), last - first,
                           std::count_if(first, last, [](const auto& r) { return !r.passed(); }));
        for (; first != last; ++first) out += case_of(*first);
        out += "  </testsuite>\n";
    }
    if (!unreadable.empty()) {
        out += fmt::format("  <testsuite name=\"unreadable\" tests=\"{0}\" failures=\"0\" errors=\"{0}\">\n", unreadable.size());
        for (const auto& e : unreadable)
            out += fmt::format("    <testcase classname=\"unreadable\" name=\"{}\">\n      <error message=\"{}\">{}</error>\n    </testcase>\n",
                               xml(e.problems.front().where), xml(e.problems.front().what), xml(e.what()));
        out += "  </testsuite>\n";
    }
    return out + "</testsuites>\n";
}

std::vector<std::string> not_covered(const covered_charter& c) {
    std::vector<std::string> lines;
    const auto&              name = c.rules.get().name;
    const auto               stage_of = [&](const std::string& process, const std::string& name_of_stage) -> const quorate::stage& {
        const auto* p = c.rules.find(process);
        return p->stages[*p->stage_named(name_of_stage)];
    };
    for (const auto& x : exits_not_taken(c.rules, c.reports))
        lines.push_back(fmt::format("not taken  {}: process {}, stage {}, exit {} to {}", name, x.process, x.stage, x.exit + 1,
                                    target_of(*c.rules.find(x.process), stage_of(x.process, x.stage).exits[x.exit])));
    for (const auto& u : permissions_not_used(c.rules, c.reports)) {
        const auto& a = stage_of(u.process, u.stage).allow[u.permission];
        lines.push_back(fmt::format("not used   {}: process {}, stage {}, {}{}{}{}: {}", name, u.process, u.stage, to_string(a.what),
                                    a.about.empty() ? "" : " ", a.about, a.for_another ? " for another" : "", a.text));
    }
    for (const auto& r : rules_not_read(c.rules, c.reports))
        lines.push_back(fmt::format("not seen   {}: process {}, rule {} {}", name, r.process, r.rule,
                                    r.met ? "unmet" : r.unmet ? "met" : "met, nor unmet"));
    return lines;
}

}  // namespace quorate::cli
