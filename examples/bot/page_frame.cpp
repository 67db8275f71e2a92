// Around every page: head, navigation, style.
#include <algorithm>

#include <openssl/evp.h>

#include "html_style.hpp"
#include "page_parts.hpp"
#include "sha256.hpp"
#include "xml_text.hpp"

namespace bot {
namespace {

/// On top of the style that all pages of quorate have. Text is never told by colour alone.
constexpr std::string_view page_style = R"css(
:root { --link: #0550ae; --accent: #0969da; --review: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --link: #79c0ff; --accent: #58a6ff; --review: #79c0ff; } }
* { box-sizing: border-box; }
body { max-width: none; padding: 0; background: var(--soft); overflow-wrap: break-word; }
header, main, footer { max-width: 64rem; margin: 0 auto; padding: 0 1.2rem; }
header { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; align-items: center; padding-top: .8rem; padding-bottom: .8rem; }
header p { margin: 0; font-weight: 700; font-size: 1.1rem; display: flex; gap: .5rem; align-items: center; }
header p a { color: var(--text); text-decoration: none; } header img { display: block; }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem; list-style: none; margin: 0; padding: 0; }
nav a { display: block; padding: .35rem .8rem; border-radius: 6px; text-decoration: none; }
nav a[aria-current] { background: var(--ground); font-weight: 600; box-shadow: inset 0 -2px 0 var(--accent);
  color: var(--text); }
main { background: var(--ground); border: 1px solid var(--line); border-radius: 10px; padding: .4rem 1.5rem 1.8rem;
  width: min(64rem, 100% - 1.6rem); } main:focus { outline: none; }
footer { color: var(--faint); font-size: .9rem; padding-top: 1rem; padding-bottom: 2rem; }
footer ul { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; padding: 0; margin: .3rem 0; }
a { color: var(--link); text-underline-offset: .15em; } a:hover { text-decoration-thickness: 2px; }
a:focus-visible, summary:focus-visible, select:focus-visible, button:focus-visible, [tabindex]:focus-visible {
  outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: .5rem; top: .5rem; background: var(--ground); padding: .5rem 1rem; z-index: 2; border-radius: 6px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
h1 { font-size: 1.65rem; line-height: 1.25; margin: 1.1rem 0 .5rem; } h2 { padding-bottom: .3rem; }
h3 { margin: 1.4rem 0 .4rem; }
h1 + p { margin-top: 0; } .meta { color: var(--faint); } .meta > span + span::before { content: "\00b7"; margin: 0 .45rem; }
code { font: .92em ui-monospace, monospace; background: var(--soft); border: 1px solid var(--line); border-radius: 4px;
  padding: .05em .3em; overflow-wrap: anywhere; }
tbody tr:nth-child(odd) { background: none; } tbody th { font-weight: 600; }
thead th { position: static; color: var(--faint); font-size: .87rem; font-weight: 600; }
caption { text-align: left; } .names thead th:first-child { width: 38%; } .names thead th { white-space: nowrap; }
.names tbody th { overflow-wrap: anywhere; } .names .badge { width: max-content; max-width: 13rem; }
td, th { padding: .55rem .6rem; } th .meta, td .meta { display: block; font-weight: 400; font-size: .88rem; }
tbody tr:hover { background: var(--soft); }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: .8rem; padding: 0 .6rem; font-weight: 600;
  font-size: .87rem; line-height: 1.6; color: var(--faint); }
.badge.is-review, .badge.is-approval { color: var(--review); } .badge.is-final_comment { color: var(--warn); }
.badge.is-accepted, .badge.is-enacted { color: var(--pass); } .badge.is-rejected, .badge.is-void { color: var(--fail); }
.now { border: 1px solid var(--line); border-left: 5px solid var(--accent); border-radius: 8px; padding: .2rem 1.1rem .7rem;
  margin: 1.1rem 0; }
.now .lead { font-size: 1.1rem; margin: .6rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem; margin: .4rem 0; } dt { color: var(--faint); }
dd { margin: 0; }
form { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; margin: .8rem 0; }
label { display: grid; gap: .15rem; font-size: .87rem; color: var(--faint); }
select, button { font: inherit; color: var(--text); background: var(--ground); border: 1px solid var(--faint);
  border-radius: 6px; padding: .35rem .7rem; min-height: 2.4rem; } button { cursor: pointer; font-weight: 600; }
.checklist { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr));
  gap: .2rem 1rem; } .checklist .sign { display: inline-block; width: 1.4em; font-weight: 700; }
.checklist .yes .sign { color: var(--pass); }
.timeline { list-style: none; margin: 0; padding: 0 0 0 1.1rem; border-left: 2px solid var(--line); }
.timeline li { position: relative; padding: .25rem 0 .6rem; }
.timeline li::before { content: ""; position: absolute; left: -1.52rem; top: .75rem; width: .7rem; height: .7rem;
  border-radius: 50%; background: var(--ground); border: 2px solid var(--faint); }
.timeline li.move::before { background: var(--accent); border-color: var(--accent); }
.timeline time { display: block; color: var(--faint); font-size: .87rem; }
blockquote { margin: .3rem 0; padding: .1rem .9rem; border-left: 3px solid var(--line); white-space: pre-wrap;
  color: var(--faint); }
.scroll svg { max-width: none; } .rules ol { padding-left: 1.6rem; } .rules li { margin: .25rem 0; }
.rules p { margin: .35rem 0; } details { padding: .5rem .9rem; margin: .6rem 0; } summary { font-weight: 600; }
time, .whole { white-space: nowrap; }
.turning { display: flex; gap: 1rem; margin-top: 1rem; } .empty { color: var(--faint); padding: 1rem 0; }
@media (max-width: 46rem) {
  main { width: auto; border-radius: 0; border-width: 1px 0; padding: .2rem 1rem 1.4rem; }
  header, footer { padding-left: 1rem; padding-right: 1rem; } h1 { font-size: 1.4rem; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; }
  table, tbody, tr, th, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { border: 1px solid var(--line); border-radius: 8px; padding: .4rem .8rem; margin: .7rem 0; }
  tbody th, tbody td { border: 0; padding: .2rem 0; } tbody td { position: relative; padding-left: 7rem; }
  td::before { content: attr(data-label); position: absolute; left: 0; width: 6.6rem; font-size: .87rem; color: var(--faint); }
  td:empty { display: none; }
}
@media print { body, main { background: none; border: 0; } nav, form, .skip, footer { display: none; } }
)css";

const std::string& style() {
    static const std::string all = std::string(quorate::html_style) + std::string(page_style);
    return all;
}

std::string navigation(const visit& v) {
    struct entry {
        std::string_view path, words;
    };
    std::string s = "<nav aria-label=\"Pages\"><ul>";
    for (const auto& [path, words] : {entry{"/", "Open"}, entry{"/closed", "Closed"}, entry{"/waiting", "Waiting for"}})
        s += "<li><a href=\"" + std::string(path) + "\"" + (v.path == path ? " aria-current=\"page\"" : "") + ">" +
             std::string(words) + "</a></li>";
    return s + "</ul></nav>";
}

}  // namespace

const std::string& content_policy() {
    static const std::string policy = [] {
        const auto                     digest = quorate::sha256().update(style()).finish();
        std::array<unsigned char, 64> text{};
        const auto n = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
        return "default-src 'none'; style-src 'sha256-" + std::string(text.begin(), text.begin() + n) +
               "'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    }();
    return policy;
}

std::string_view icon() {
    return R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="15" fill="#0969da"/>
<path d="M9 16.5l5 5L23.5 11" fill="none" stroke="#fff" stroke-width="3.5"
stroke-linecap="round" stroke-linejoin="round"/></svg>)";
}

std::string framed(const visit& v, const document& d) {
    const auto  site = quorate::xml(v.setup.pages->title);
    const auto  feeds = quorate::xml(query_of({v.engine, v.setup, v.now, {}, v.repository, v.process, {}}));
    const auto  calendars = quorate::xml(query_of({v.engine, v.setup, v.now, {}, v.repository, v.process, v.person}));
    std::string s = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
    s += (d.title.empty() ? "" : quorate::xml(d.title) + " \xC2\xB7 ") + site +
         "</title>\n<link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">\n";
    s += "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"Decisions\" href=\"/decisions.atom" + feeds + "\">\n";
    s += "<link rel=\"alternate\" type=\"text/calendar\" title=\"Deadlines\" href=\"/deadlines.ics" + calendars + "\">\n<style>" +
         style() + "</style></head>\n<body>\n";
    s += "<a class=\"skip\" href=\"#content\">Skip to the content</a>\n<header><p><img src=\"/icon.svg\" width=\"24\" height=\"24\" alt=\"\">";
    s += "<a href=\"/\">" + site + "</a></p>" + navigation(v) + "</header>\n";
    s += "<main id=\"content\" tabindex=\"-1\">\n" + d.body + "</main>\n";
    s += "<footer><ul><li><a href=\"/decisions.atom" + feeds +
         "\">Feed of decisions (Atom)</a></li><li><a href=\"/deadlines.ics" + calendars +
         "\">Calendar of deadlines (ICS)</a></li></ul>\n";
    return s + "<p>Nothing can be changed here: people decide in comments and reviews, and these pages show what came of it. "
               "All times are UTC.</p></footer>\n</body>\n</html>\n";
}

}  // namespace bot
