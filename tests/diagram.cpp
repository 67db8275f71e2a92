#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include <quorate/charter.hpp>
#include <quorate/diagram.hpp>

#include "golden.hpp"
#include "plain_text.hpp"

using namespace quorate;

namespace {

charter shipped(const std::string& name) {
    return load_charter_file(QUORATE_SOURCE_DIR "/examples/charters/" + name).value();
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream       in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

void replace_all(std::string& s, std::string_view from, std::string_view to) {
    for (auto at = s.find(from); at != std::string::npos; at = s.find(from, at + to.size())) s.replace(at,
                                                                                                       from.size(), to);
}

/// What lines were broken at, spaces and what begins a line apart, is nothing that a reader sees.
std::string one_line(const std::string& s) {
    const auto lines = plain_text::wrap(s, std::string::npos);
    return lines.front();
}

// ---- readers: what each tool would show of an escaped text. Written from the tools' manuals, not from the code under test.
std::string shown_by_mermaid(std::string s) {
    replace_all(s, "<br/>", " ");
    std::string out;
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (s[i] != '#') {
            out += s[i];
            continue;
        }
        const auto end = s.find(';', i);
        REQUIRE(end != std::string::npos);
        const auto                                     entity = s.substr(i + 1, end - i - 1);
        static const std::map<std::string, std::string> named{{"quot", "\""}, {"lt", "<"}, {"gt", ">"}, {"amp", "&"}};
        const auto                                     found = named.find(entity);
        out += found != named.end() ? found->second : std::string(1, static_cast<char>(std::stoi(entity)));
        i = end;
    }
    return out;
}
std::string shown_by_graphviz(const std::string& s) {
    std::string out;
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (s[i] == '\\') out += s[++i] == 'n' ? ' ' : s[i];
        else if (s.compare(i, 5, "&amp;") == 0) {
            out += '&';
            i += 4;
        } else {
            CHECK(s[i] != '&');
            out += s[i];
        }
    }
    return out;
}
std::string shown_by_plantuml(const std::string& s) {
    std::string out;
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (s.compare(i, 3, "<U+") == 0) {
            out += static_cast<char>(std::stoi(s.substr(i + 3, 4), nullptr, 16));
            i += 7;
        } else if (s.compare(i, 2, "\\n") == 0) {
            out += ' ';
            ++i;
        } else {
            out += s[i];
        }
    }
    return out;
}

/// What stands between `before` and `after` in the line, of all lines, that `begins` so.
std::string between(const std::string& text, std::string_view begins, std::string_view before, std::string_view after) {
    for (const auto& line : lines_of(text)) {
        if (!line.starts_with(begins)) continue;
        const auto from = line.find(before);
        if (from == std::string::npos) continue;
        const auto to = line.rfind(after);
        if (to == std::string::npos || to < from + before.size()) return "(no end)";
        return line.substr(from + before.size(), to - from - before.size());
    }
    return "(none)";
}

graph with_label(const std::string& label) {
    graph g{.title = label};
    g.nodes.push_back({.id = "a", .label = label, .in = phase::review});
    g.edges.push_back({.from = "a", .to = "a", .label = label, .kind = edge_kind::rule});
    return g;
}

const std::vector<std::string> hostile{
    "1. a list", "2) another", "- item", "+1", "= heading", "\"quoted\" : colon", "<script>alert(1)</script>", "<br/>",
    "end", "subgraph", "**bold** __x__ //i// ~~s~~ `code` --d-- ''m''", "#35; &lt; &#65; #quot;", "style x:\"a\" classDef y:#b;",
    "[link](http://x) [[w]] {a} |p| (r)", "日本語 ünïcödé 🎉", "\\n \\N \\L back\\slash\\", "%%{init}%% 66% %newline() !include",
    "$x @enduml", "fa:fa-ban $$x^2$$ ; --> ==> -.->", "/' comment '/ 'x ' y", "https://a.b/c", "<U+0041> <&heart> <:smile:>",
    "snake_case _it_ a__b", "..dots.. a.b ____ ====", "", " ", "\"", "\\", "&", "it's", "2/3 of eligible, or 50%",
};

}  // namespace

TEST_CASE("diagram: a process becomes stages and exits, in its own order") {
    const auto c = shipped("rust.json");
    const auto g = diagram_of(*c.find("fcp"));
    CHECK(g.title == "Final comment period");
    CHECK(g.start == "discussion");
    REQUIRE(g.nodes.size() == 6);
    CHECK(g.nodes[1].id == "pending");
    CHECK(g.nodes[1].label == "Proposed final comment period");
    CHECK(g.nodes[1].in == phase::review);
    CHECK_FALSE(g.nodes[1].end);
    CHECK(g.nodes[4].id == "postponed");
    CHECK(g.nodes[4].end);
    REQUIRE(g.edges.size() == 15);
    CHECK(g.edges[0].label == "on propose / approve by proposer");
    CHECK(g.edges[0].kind == edge_kind::command);
    CHECK(g.edges[1].label == "when fact(issue_closed) / clear round");
    CHECK(g.edges[2].label == "when quorum and consent");
    CHECK(g.edges[2].kind == edge_kind::rule);
    CHECK(g.edges[9].from == "fcp");
    CHECK(g.edges[9].to == "accepted");
    CHECK(g.edges[9].label == "after 10 days, if disposition == merge");
    CHECK(g.edges[9].kind == edge_kind::time);
    CHECK(g.edges[9].order == 6);
}

TEST_CASE("diagram: labels say what an exit does to ballots, concerns and disposition, and how long a rule must have held") {
    const auto c = load_charter_file(QUORATE_SOURCE_DIR "/tests/data/every_key.json").value();
    const auto g = diagram_of(*c.find("law-making"));
    std::vector<std::string> labels;
    for (const auto& e : g.edges) labels.push_back(e.label);
    const auto has = [&](std::string_view label) { return std::find(labels.begin(), labels.end(),
                                                                    label) != labels.end(); };
    CHECK(has("on cancel or withdraw"));
    CHECK(has("when enough for 2 days / disposition decline, clear ballots, clear concerns, aye by proposer, nay by raiser"));
    CHECK(has("on propose, if several and ready"));
    CHECK(has("14 days after revision"));
    CHECK(has("after 14 days, if enough"));
}

TEST_CASE("diagram: the law's diagram says exactly what its rows say about moves") {
    using move_row = std::tuple<std::string, std::string>;
    std::multiset<move_row> by_rows;
    std::set<move_row>      seen;
    for (const auto& row : law_rows())
        if (!row.internal && seen.emplace(to_string(row.from), to_string(row.to)).second)
            by_rows.emplace(to_string(row.from), to_string(row.to));
    const auto g = diagram_of_law();
    const auto inside = [&](const std::string& id) {
        std::vector<std::string> all;
        for (const auto& n : g.nodes) {
            auto around = n.group;
            bool in = n.id == id;
            while (!around.empty() && !in) {
                in = around == id;
                const auto outer = std::find_if(g.groups.begin(), g.groups.end(),
                                                [&](const auto& x) { return x.id == around; });
                around = outer->group;
            }
            if (in) all.push_back(n.id);
        }
        return all;
    };
    std::multiset<move_row> by_edges;
    for (const auto& e : g.edges)
        for (const auto& from : inside(e.from))
            for (const auto& to : inside(e.to)) by_edges.emplace(from, to);
    CHECK(by_edges == by_rows);
    CHECK(g.nodes.size() == phase_names.size());
    CHECK(inside(g.start) == std::vector<std::string>{"draft", "review", "final_comment", "approval"});
}

TEST_CASE("diagram: what the law asks for acceptance stands on its edge, and reopenings are told from other moves") {
    const auto g = diagram_of_law();
    for (const auto& e : g.edges) {
        CAPTURE(e.from + " to " + e.to);
        if (e.to == "accepted") CHECK(e.label == "rule met and no concern open, or rule met and concerns overridden");
        const auto from = phase_named(e.from);
        const bool undoes = from && is_end(*from);
        if (undoes) CHECK((e.kind == edge_kind::reopen || e.kind == edge_kind::link));
        if (!from) CHECK(e.kind == edge_kind::lawful);
    }
}

TEST_CASE("diagram: any text comes out of Mermaid, Graphviz and PlantUML as it went in") {
    const auto check = [](const std::string& label) {
        CAPTURE(label);
        const auto g = with_label(label);
        const auto wanted = one_line(plain_text::clean(label));
        const auto node = wanted.empty() ? std::string("review") : wanted + " (review)";
        const auto mermaid = to_mermaid(g);
        CHECK(one_line(shown_by_mermaid(between(mermaid, "  s_a(", "(\"", "\")"))) == node);
        const auto dot = to_graphviz(g);
        CHECK(one_line(shown_by_graphviz(between(dot, "  s_a [", "label=\"", "\", fillcolor"))) == node);
        const auto plantuml = to_plantuml(g);
        CHECK(one_line(shown_by_plantuml(between(plantuml, "state ", "\"", "\" as s_a"))) == node);
        if (wanted.empty()) return;
        CHECK(one_line(shown_by_mermaid(between(mermaid, "  s_a =", "|\"", "\"|"))) == wanted);
        CHECK(one_line(shown_by_graphviz(between(dot, "  s_a ->", "label=\"", "\"]"))) == wanted);
        CHECK(one_line(shown_by_plantuml(between(plantuml + " ", "s_a -[", " : ", ""))) == wanted);
    };
    for (const auto& label : hostile) check(label);
    // Every string of up to a few of the characters that some tool reads as something else.
    const std::string special = "a1 \"\\<>&#;:*_~`-+=[](){}|$%@!/'.^n\n";
    std::uint32_t     state = 1;
    for (int i = 0; i < 2000; ++i) {
        std::string label;
        for (std::uint32_t n = 0; n < 1 + static_cast<std::uint32_t>(i) % 9; ++n) {
            state = state * 1664525 + 1013904223;
            label += special[(state >> 16) % special.size()];
        }
        check(label);
    }
}

TEST_CASE("diagram: inside escaped text nothing is left that a tool would read as its own") {
    for (const auto& label : hostile) {
        CAPTURE(label);
        const auto g = with_label(label);
        const auto mermaid = between(to_mermaid(g), "  s_a(", "(\"", "\")");
        CHECK(mermaid.find('"') == std::string::npos);
        std::string without = mermaid;
        replace_all(without, "<br/>", " ");
        CHECK(without.find_first_of("<>&`*~[]{}|$:\\") == std::string::npos);
        CHECK_FALSE(std::regex_search(mermaid, std::regex("(^|<br/>)([-+=]|[0-9]+[.)])")));
        const auto plantuml = between(to_plantuml(g), "state ", "\"", "\" as s_a");
        CHECK_FALSE(std::regex_search(plantuml,
                                      std::regex("\"|//|--|__|\\*\\*|\\.\\.|''|==|<[^U]|[&~#%$!@{}|]|\\\\[^n]")));
    }
}

TEST_CASE("diagram: every line has the form that its tool expects, whatever the names") {
    graph g{.title = "a \"title\"\nof <two> lines", .start = hostile[0]};
    g.groups.push_back({.id = "x y", .label = "a \"group\""});
    for (std::size_t i = 0; i < hostile.size(); ++i) {
        const auto in = static_cast<phase>(i % phase_names.size());
        g.nodes.push_back({.id = hostile[i], .label = hostile[i], .in = in, .end = is_end(in),
                           .group = i % 3 == 0 ? "x y" : ""});
        g.edges.push_back({.from = hostile[i], .to = i % 2 == 0 ? hostile[0] : "x y", .label = hostile[i],
                           .kind = static_cast<edge_kind>(i % 6), .order = i});
    }
    const std::string id = "(start|[sg](_\\w+|\\d+))";
    const std::regex  mermaid("---|title: \".*\"|flowchart TD|\\s+subgraph " + id + "\\[\"[^\"]*\"\\]|\\s+end|\\s+" +
                              id +
                             "(\\(\"[^\"]*\"\\)|\\(\\[\"[^\"]*\"\\]\\)):::\\w+|  start\\(\\( \\)\\) --> " + id + "|  " + id +
                             " (-->|==>|-\\.->)(\\|\"[^\"]*\"\\|)? " + id + "|  classDef \\w+ fill:#\\w+,stroke:#\\w+,color:#000");
    for (const auto& line : lines_of(to_mermaid(g))) {
        CAPTURE(line);
        CHECK(std::regex_match(line, mermaid));
    }
    const std::regex plantuml("@startuml|@enduml|hide empty description|title .*|\\s*state \"[^\"]*\" as " + id +
                              "( #\\w+| \\{)|\\}|" +
                              "\\[\\*\\] --> " + id + "|" + id + " -(->|\\[(bold|dashed|dotted)\\]->) " + id + "( : .+)?");
    for (const auto& line : lines_of(to_plantuml(g))) {
        CAPTURE(line);
        CHECK(std::regex_match(line, plantuml));
    }
    // Outside of quotes Graphviz sees only its own words; quotes are closed on the line on which they were opened.
    for (const auto& line : lines_of(to_graphviz(g))) {
        CAPTURE(line);
        bool quoted = false;
        for (std::size_t i = 0; i < line.size(); ++i) {
            if (quoted && line[i] == '\\') ++i;
            else if (line[i] == '"') quoted = !quoted;
            else if (!quoted)
                CHECK((is_letter_or_digit(line[i]) || std::string_view("[]{}=,;->. _").find(line[i]) != line.npos));
        }
        CHECK_FALSE(quoted);
    }
}

TEST_CASE("diagram: control characters, bidirectional overrides and broken UTF-8 are replaced, line breaks become spaces") {
    CHECK(plain_text::clean("a\nb\tc\rd") == "a b c d");
    CHECK(plain_text::clean("a\x01z\x7f") == "a\xEF\xBF\xBDz\xEF\xBF\xBD");
    CHECK(plain_text::clean("\xff\xc3") == "\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(plain_text::clean("x\xE2\x80\xAEy\xE2\x81\xA6z") == "x\xEF\xBF\xBDy\xEF\xBF\xBDz");
    CHECK(plain_text::clean("\xC2\x85") == "\xEF\xBF\xBD");
    CHECK(plain_text::clean("é€🎉") == "é€🎉");
    const auto text = to_mermaid(with_label("a\nb \xE2\x80\xAE \xff"));
    CHECK(text.find("a b \xEF\xBF\xBD \xEF\xBF\xBD") != std::string::npos);
}

TEST_CASE("diagram: words of a tool can be names of stages, and names that differ stay apart") {
    graph g;
    for (const auto* name : {"end", "start", "state", "subgraph", "graph", "a b", "a-b", "日"})
        g.nodes.push_back({.id = name, .label = name});
    for (const auto& text : {to_mermaid(g), to_graphviz(g), to_plantuml(g)}) {
        CHECK(text.find("s_end") != std::string::npos);
        for (const auto* id : {"s5", "s6", "s7"}) CHECK(text.find(id) != std::string::npos);
    }
}

TEST_CASE("diagram: edges to nowhere are left out, and groups in a circle do no harm") {
    graph g;
    g.start = "gone";
    g.nodes.push_back({.id = "a", .label = "a", .group = "missing"});
    g.nodes.push_back({.id = "b", .label = "b", .group = "x"});
    g.groups.push_back({.id = "x", .label = "x", .group = "y"});
    g.groups.push_back({.id = "y", .label = "y", .group = "x"});
    g.edges.push_back({.from = "a", .to = "gone"});
    g.edges.push_back({.from = "x", .to = "a"});
    for (const auto& text : {to_mermaid(g), to_graphviz(g), to_plantuml(g)}) {
        CHECK(text.find("gone") == std::string::npos);
        CHECK(text.find("s_a") != std::string::npos);
    }
    CHECK(to_mermaid({}) == "flowchart TD\n");
}

TEST_CASE("diagram: an SVG says in words where each way out leads, and needs nothing from elsewhere") {
    const auto c = shipped("rfc.json");
    const auto svg = to_svg(diagram_of(c.processes().front()));
    for (const auto& n : diagram_of(c.processes().front()).nodes) CHECK(svg.find("<tspan font-weight=\"bold\">" + n.label + "</tspan>") != std::string::npos);
    CHECK(svg.find("on propose \xE2\x86\x92 Review</text>") != std::string::npos);
    CHECK(svg.find("when not quorum or not consent \xE2\x86\x92 Review</text>") != std::string::npos);
    for (const auto* foreign : {"href", "<script", "<style", " id=", "url("}) CHECK(svg.find(foreign) == std::string::npos);
    graph g;
    g.nodes.push_back({.id = "a", .label = "<b>&\"\n\x01", .group = "x"});
    g.nodes.push_back({.id = "b", .label = "b", .group = "x"});
    g.groups.push_back({.id = "x", .label = "x", .group = "x"});
    g.edges.push_back({.from = "x", .to = "b", .label = "leave"});
    g.edges.push_back({.from = "b", .to = "gone", .label = "nowhere"});
    const auto text = to_svg(g);
    CHECK(text.find("&lt;b&gt;&amp;&quot; \xEF\xBF\xBD</tspan>") != std::string::npos);
    CHECK(text.find("leave", text.find("leave") + 1) != std::string::npos);  // from each in the group
    CHECK(text.find("nowhere") == std::string::npos);
    CHECK(to_svg({}).find("</svg>") != std::string::npos);
}

TEST_CASE("diagram: the shipped charters and the law look as they did") {
    const auto all = [](const std::string& name, const graph& g) {
        golden::check(name + ".mmd", to_mermaid(g));
        golden::check(name + ".dot", to_graphviz(g));
        golden::check(name + ".puml", to_plantuml(g));
        CHECK(to_mermaid(g) == to_mermaid(g));
    };
    for (const auto& name : golden::shipped_charters()) {
        const auto c = shipped(name + ".json");
        for (const auto& p : c.processes()) all(c.processes().size() == 1 ? name : name + "." + p.name, diagram_of(p));
    }
    all("law", diagram_of_law());
}
