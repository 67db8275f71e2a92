// Audits as a page.
#include <algorithm>
#include <array>

#include <quorate/audit.hpp>
#include <quorate/diagram.hpp>

#include "audit_view.hpp"
#include "html_style.hpp"
#include "xml_text.hpp"

namespace quorate {
namespace {

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
                    xml(title) + "</title>\n<style>" + std::string(html_style) + "</style></head>\n<body>\n<main>\n<h1>" + xml(title) +
                    "</h1>\n<p>Eleven requirements, eleven failure modes and fourteen kinds of neglected work, as the Rust project listed them in its "
                    "\"Governance Update\" of May 2022. What isn't recorded is never passed.</p>\n";
    s += overview(all);
    for (std::size_t i = 0; i < all.size(); ++i) s += one(all[i], i);
    return s + "</main>\n</body>\n</html>\n";
}

}  // namespace quorate
