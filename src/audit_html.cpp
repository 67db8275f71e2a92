// Audits as a page.
#include <algorithm>
#include <array>

#include <quorate/audit.hpp>
#include <quorate/diagram.hpp>

#include "audit_view.hpp"
#include "xml_text.hpp"

namespace quorate {
namespace {

constexpr std::string_view style = R"css(
:root { color-scheme: light dark; --ground: #fff; --text: #1b1f23; --faint: #57606a; --line: #d0d7de; --soft: #f6f8fa;
        --pass: #116329; --warn: #7d4e00; --fail: #a40e26; --open: #57606a; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0d1117; --text: #e6edf3; --faint: #9ea7b3; --line: #30363d; --soft: #161b22;
          --pass: #56d364; --warn: #e3b341; --fail: #ff7b72; --open: #9ea7b3; } }
body { background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.3rem; margin-top: 2.2rem; border-bottom: 1px solid var(--line); } h3 { font-size: 1.05rem; }
a { color: inherit; } a:focus-visible, summary:focus-visible { outline: 3px solid var(--warn); outline-offset: 2px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
thead th { position: sticky; top: 0; background: var(--ground); }
tbody th { font-weight: 600; } tbody tr:nth-child(odd) { background: var(--soft); }
.pass, .warn, .fail, .open { font-weight: 700; white-space: nowrap; }
.pass { color: var(--pass); } .warn { color: var(--warn); } .fail { color: var(--fail); } .open { color: var(--open); }
.faint { color: var(--faint); } details { margin: .4rem 0; border: 1px solid var(--line); border-radius: 6px; padding: .3rem .8rem; }
summary { cursor: pointer; } ul { margin: .3rem 0; padding-left: 1.2rem; } svg { max-width: 100%; height: auto; }
@media print { details { break-inside: avoid; } thead th { position: static; } }
)css";

/// The answer as a sign and a word: colour is never all that tells.
std::string sign(audit_answer a) {
    constexpr std::array<std::string_view, 4> classes{"pass", "warn", "fail", "open"};
    constexpr std::array<std::string_view, 4> signs{"\xE2\x9C\x93", "!", "\xE2\x9C\x97", "?"};
    const auto i = static_cast<std::size_t>(a);
    return "<span class=\"" + std::string(classes[i]) + "\"><span aria-hidden=\"true\">" + std::string(signs[i]) + " </span>" + std::string(to_string(a)) + "</span>";
}

std::string anchor(std::size_t report, std::size_t question) { return "f" + std::to_string(report) + "-" + std::to_string(question); }
std::string called(const audit_report& r) { return r.charter.title(); }

std::string sums(const audit_report& r) {
    std::string s;
    for (const auto a : {audit_answer::pass, audit_answer::warn, audit_answer::fail, audit_answer::not_judged})
        s += "<li>" + std::to_string(r.count(a)) + " " + sign(a) + "</li>";
    return "<ul>" + s + "</ul>";
}

std::string overview(std::span<const audit_report> all) {
    std::string s = "<div class=\"scroll\" role=\"region\" aria-label=\"Overview\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Asked</th>";
    for (const auto& r : all) s += "<th scope=\"col\">" + xml(called(r)) + "</th>";
    s += "</tr></thead>\n";
    const auto questions = audit_questions();
    for (std::size_t q = 0; q < questions.size(); ++q) {
        const bool first = q == 0 || questions[q].part != questions[q - 1].part;
        if (first) s += std::string(q == 0 ? "" : "</tbody>") + "<tbody><tr><th scope=\"rowgroup\" colspan=\"" + std::to_string(all.size() + 1) + "\">" +
                        std::string(heading_of(questions[q].part)) + "</th></tr>\n";
        s += "<tr><th scope=\"row\">" + xml(questions[q].name) + "<br><span class=\"faint\">" + xml(questions[q].in_full) + "</span></th>";
        for (std::size_t r = 0; r < all.size(); ++r)
            s += "<td><a href=\"#" + anchor(r, q) + "\">" + sign(all[r].findings[q].is) + "</a></td>";
        s += "</tr>\n";
    }
    return s + "</tbody></table></div>\n";
}

std::string entry_of(const audit_finding& f, const std::string& id) {
    std::string s = "<details id=\"" + id + "\"" + (f.is == audit_answer::fail ? " open" : "") + "><summary>" + sign(f.is) + " " + xml(f.asked->name) +
                    " <span class=\"faint\">by " + std::string(to_string(f.by)) + "</span></summary>\n<p>" + xml(f.asked->in_full) + ". <span class=\"faint\">Looked at: " +
                    xml(f.asked->looks_at) + ".</span></p>\n<ul>";
    for (const auto& e : f.evidence) s += "<li>" + xml(e) + "</li>";
    s += "</ul>\n";
    if (!f.change.empty()) s += "<p><strong>What would change it:</strong> " + xml(f.change) + ".</p>\n";
    if (!f.asked->beyond.empty()) s += "<p class=\"faint\">No program can tell " + xml(f.asked->beyond) + ".</p>\n";
    return s + "</details>\n";
}

std::string one(const audit_report& r, std::size_t place) {
    std::string s = "<section><h2>" + xml(called(r)) + "</h2>\n<p class=\"faint\">" + (r.roster.empty() ? "" : "Roster: " + xml(r.roster) + ". ") + "Charter " +
                    xml(r.charter.hash().substr(0, 12)) + ".</p>\n" + sums(r);
    for (std::size_t q = 0; q < r.findings.size(); ++q) {
        const auto part = r.findings[q].asked->part;
        if (q == 0 || part != r.findings[q - 1].asked->part) s += "<h3>" + std::string(heading_of(part)) + "</h3>\n";
        s += entry_of(r.findings[q], anchor(place, q));
    }
    s += "<h3>Processes</h3>\n";
    for (const auto& p : r.charter.processes())
        s += "<details><summary>" + xml(p.title) + "</summary>\n<div class=\"scroll\" role=\"region\" aria-label=\"Diagram of " + xml(p.title) + "\" tabindex=\"0\">" +
             to_svg(diagram_of(p)) + "</div></details>\n";
    return s + "</section>\n";
}

}  // namespace

std::string to_html(std::span<const audit_report> all) {
    std::string title = "Audit";
    for (std::size_t i = 0; i < all.size(); ++i) title += (i == 0 ? ": " : ", ") + called(all[i]);
    std::string s = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>" +
                    xml(title) + "</title>\n<style>" + std::string(style) + "</style></head>\n<body>\n<main>\n<h1>" + xml(title) +
                    "</h1>\n<p>Eleven requirements, eleven failure modes and fourteen kinds of neglected work, as the Rust project listed them in its "
                    "\"Governance Update\" of May 2022. What isn't recorded is never passed.</p>\n";
    s += overview(all);
    for (std::size_t i = 0; i < all.size(); ++i) s += one(all[i], i);
    return s + "</main>\n</body>\n</html>\n";
}

}  // namespace quorate
