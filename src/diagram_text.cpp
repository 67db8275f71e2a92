// Diagrams as text for Mermaid, Graphviz and PlantUML. They differ in how they escape labels and write lines; what they
// have in common (ids, nesting, colours) is in `drawing`.
#include <quorate/diagram.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "diagram_colours.hpp"
#include "plain_text.hpp"

namespace quorate {
namespace {

constexpr std::size_t node_width = 26;  ///< characters after which labels are broken
constexpr std::size_t edge_width = 30;

bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A name that is safe everywhere: a plain one with a prefix, since tools have words of their own ("end"); another one
/// by number.
std::string safe_id(std::string_view name, char prefix, std::size_t index) {
    const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), is_plain);
    return std::string(1, prefix) + (plain ? "_" + std::string(name) : std::to_string(index));
}

/// A graph with names that are safe to write.
class drawing {
public:
    explicit drawing(const graph& of) : g(of) {
        for (std::size_t i = 0; i < g.nodes.size(); ++i) node_ids.push_back(safe_id(g.nodes[i].id, 's', i));
        for (std::size_t i = 0; i < g.groups.size(); ++i) group_ids.push_back(safe_id(g.groups[i].id, 'g', i));
    }

    [[nodiscard]] std::optional<std::size_t> node(std::string_view id) const { return index_of(g.nodes, id); }
    [[nodiscard]] std::optional<std::size_t> group(std::string_view id) const { return index_of(g.groups, id); }
    /// The safe name of a node or group; empty if there is none.
    [[nodiscard]] std::string name(std::string_view id) const {
        if (const auto n = node(id)) return node_ids[*n];
        if (const auto n = group(id)) return group_ids[*n];
        return {};
    }
    /// Some node inside a group, or the node itself: what Graphviz ties an edge of a group to.
    [[nodiscard]] std::optional<std::size_t> node_in(std::string_view id) const {
        if (const auto n = node(id)) return n;
        for (std::size_t i = 0; i < g.nodes.size(); ++i)
            if (inside(g.nodes[i].group, id)) return i;
        return std::nullopt;
    }
    /// The title, and the phase if the title doesn't say it already.
    [[nodiscard]] std::vector<std::string> lines_of(const graph_node& n) const {
        const auto label = plain_text::clean(n.label);
        auto       lines = plain_text::wrap(label, node_width);
        const auto in = words(to_string(n.in));
        auto       same = words(label);
        for (char& c : same)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (lines.front().empty()) lines.front() = in;
        else if (same != in) lines.push_back("(" + in + ")");
        return lines;
    }
    /// Exits of a stage with several are numbered, since the first that holds is taken.
    [[nodiscard]] std::vector<std::string> lines_of(const graph_edge& e) const {
        const auto several = [&](const graph_edge& other) { return other.from == e.from && other.order > 1; };
        const bool numbered = e.order != 0 && std::any_of(g.edges.begin(), g.edges.end(), several);
        const auto number = numbered ? "(" + std::to_string(e.order) + ") " : "";
        return plain_text::wrap(number + plain_text::clean(e.label), edge_width);
    }
    /// Calls `enter(group, depth)`, `show(node, depth)` and `leave(group, depth)`; groups first.
    template <class Enter, class Show, class Leave>
    void nested(Enter enter, Show show, Leave leave, std::string_view around = {}, std::size_t depth = 0) const {
        if (depth > g.groups.size()) return;  // groups inside each other in a circle
        for (std::size_t i = 0; i < g.groups.size(); ++i) {
            if (g.groups[i].group != around || g.groups[i].id == around) continue;
            enter(i, depth);
            nested(enter, show, leave, g.groups[i].id, depth + 1);
            leave(i, depth);
        }
        for (std::size_t i = 0; i < g.nodes.size(); ++i)
            if (g.nodes[i].group == around || (around.empty() && !group(g.nodes[i].group))) show(i, depth);
    }
    [[nodiscard]] static std::string words(std::string_view name) {
        std::string s(name);
        std::replace(s.begin(), s.end(), '_', ' ');
        return s;
    }

    const graph&             g;
    std::vector<std::string> node_ids{};
    std::vector<std::string> group_ids{};

private:
    template <class List>
    [[nodiscard]] static std::optional<std::size_t> index_of(const List& list, std::string_view id) {
        for (std::size_t i = 0; i < list.size(); ++i)
            if (list[i].id == id) return i;
        return std::nullopt;
    }
    [[nodiscard]] bool inside(std::string_view inner, std::string_view outer) const {
        for (std::size_t depth = 0; depth <= g.groups.size() && !inner.empty(); ++depth) {
            if (inner == outer) return true;
            const auto i = group(inner);
            if (!i) return false;
            inner = g.groups[*i].group;
        }
        return false;
    }
};

template <class Escape>
std::string joined(const std::vector<std::string>& lines, std::string_view separator, Escape escape) {
    std::string s;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i > 0) s += separator;
        s += escape(lines[i]);
    }
    return s;
}

std::string indent(std::size_t depth) { return std::string(2 * depth, ' '); }

// ---- Mermaid ------------------------------------------------------------------------------------
/// Inside quotes Mermaid still reads entities (#35;), HTML, Markdown (lists, emphasis, links), icons (fa:x), formulas
/// ($$) and directives (%%{); its entities are put in only when all of that is over.
std::string mermaid_text(std::string_view s) {
    const auto  letter = [&s](std::size_t i) { return i < s.size() && is_plain(s[i]) && s[i] != '_'; };
    const auto  digits = static_cast<std::size_t>(std::find_if_not(s.begin(), s.end(), is_digit) - s.begin());
    std::string out;
    for (std::size_t i = 0; i < s.size(); ++i) {
        const char c = s[i];
        bool       special = std::string_view("#`*~\\[]{}|$:;@").find(c) != std::string_view::npos;
        special = special || (c == '_' && !(i > 0 && letter(i - 1) && letter(i + 1)));
        special = special || (c == '%' && !(i > 0 && is_digit(s[i - 1])));  // but "66%"
        special = special || (i == 0 && (c == '-' || c == '+' || c == '='));  // a list, a heading
        special = special || (i == digits && i > 0 && (c == '.' || c == ')'));  // a numbered list
        if (c == '"') out += "#quot;";
        else if (c == '<') out += "#lt;";
        else if (c == '>') out += "#gt;";
        else if (c == '&') out += "#amp;";
        else if (special) out += '#' + std::to_string(static_cast<int>(c)) + ';';
        else out += c;
    }
    return out;
}

std::string_view mermaid_arrow(edge_kind k) {
    switch (k) {
        case edge_kind::command:
        case edge_kind::lawful: return "-->";
        case edge_kind::rule: return "==>";
        default: return "-.->";
    }
}

// ---- Graphviz -----------------------------------------------------------------------------------
/// Graphviz reads backslashes and HTML entities inside quotes.
std::string graphviz_text(std::string_view s) {
    std::string out;
    for (const char c : s) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '&') out += "&amp;";
        else out += c;
    }
    return out;
}

std::string_view graphviz_style(edge_kind k) {
    switch (k) {
        case edge_kind::command:
        case edge_kind::lawful: return "solid";
        case edge_kind::rule: return "bold";
        case edge_kind::time: return "dashed";
        default: return "dotted";
    }
}

/// An edge of a group is tied to a node in it and cut at the group's border.
std::string graphviz_edge(const drawing& d, const graph_edge& e) {
    const auto from = d.node_in(e.from);
    const auto to = d.node_in(e.to);
    if (!from || !to) return {};
    std::string s = "  " + d.node_ids[*from] + " -> " + d.node_ids[*to];
    (s += " [style=") += graphviz_style(e.kind);
    if (const auto text = joined(d.lines_of(e), "\\n", graphviz_text); !text.empty()) s += ", label=\"" + text + "\"";
    if (!d.node(e.from)) s += ", ltail=cluster_" + d.name(e.from);
    if (!d.node(e.to)) s += ", lhead=cluster_" + d.name(e.to);
    return s + "];\n";
}

// ---- PlantUML -----------------------------------------------------------------------------------
/// PlantUML reads mark-up (Creole), HTML and its preprocessor's words everywhere; a character by number is only itself.
std::string plantuml_text(std::string_view s) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string                out;
    for (std::size_t i = 0; i < s.size(); ++i) {
        const char c = s[i];
        bool       special = std::string_view("\"#<>&*~\\[]{}|$%!@^;:`/").find(c) != std::string_view::npos;
        const auto beside = [&](char other) {
            return i == 0 || i + 1 == s.size() || s[i - 1] == other || s[i + 1] == other;
        };
        const bool paired = std::string_view("-_='.").find(c) != std::string_view::npos;
        special = special || (paired && (beside(c) || beside('/')));
        if (!special) out += c;
        else {
            const auto code = static_cast<unsigned char>(c);
            (((out += "<U+00") += hex[code >> 4]) += hex[code & 15]) += '>';
        }
    }
    return out;
}

std::string_view plantuml_arrow(edge_kind k) {
    switch (k) {
        case edge_kind::command:
        case edge_kind::lawful: return "-->";
        case edge_kind::rule: return "-[bold]->";
        case edge_kind::time: return "-[dashed]->";
        default: return "-[dotted]->";
    }
}

}  // namespace

std::string to_mermaid(const graph& g) {
    const drawing d(g);
    std::string   s;
    if (!g.title.empty()) {
        std::string title;
        json_text::append_string(title, plain_text::clean(g.title));  // JSON strings are YAML strings
        for (auto at = title.find('<'); at != std::string::npos; at = title.find('<', at))
            title.replace(at, 1, "\\u003c");
        s += "---\ntitle: " + title + "\n---\n";
    }
    s += "flowchart TD\n";
    d.nested(
        [&](std::size_t i, std::size_t depth) {
            s += indent(depth + 1) + "subgraph " + d.group_ids[i] + "[\"" +
                 mermaid_text(plain_text::clean(g.groups[i].label)) + "\"]\n";
        },
        [&](std::size_t i, std::size_t depth) {
            const auto& n = g.nodes[i];
            s += indent(depth + 1) + d.node_ids[i] + (n.end ? "([\"" : "(\"") +
                 joined(d.lines_of(n), "<br/>", mermaid_text) + (n.end ? "\"])" : "\")") + ":::" +
                 std::string(to_string(n.in)) + "\n";
        },
        [&](std::size_t, std::size_t depth) { s += indent(depth + 1) + "end\n"; });
    if (const auto start = d.name(g.start); !start.empty()) s += "  start(( )) --> " + start + "\n";
    for (const auto& e : g.edges) {
        const auto from = d.name(e.from);
        const auto to = d.name(e.to);
        if (from.empty() || to.empty()) continue;
        const auto text = joined(d.lines_of(e), "<br/>", mermaid_text);
        s += "  " + from + " " + std::string(mermaid_arrow(e.kind)) + (text.empty() ? " " : "|\"" + text + "\"| ") +
             to + "\n";
    }
    std::set<phase> used;
    for (const auto& n : g.nodes) used.insert(n.in);
    for (const auto p : used)
        s += "  classDef " + std::string(to_string(p)) + " fill:" + std::string(colours_of(p).fill) + ",stroke:" +
             std::string(colours_of(p).line) + ",color:#000\n";
    return s;
}

std::string to_graphviz(const graph& g) {
    const drawing d(g);
    std::string   s = "digraph {\n  graph [compound=true, rankdir=TB, nodesep=0.5, fontname=\"sans-serif\"";
    if (!g.title.empty()) s += ", labelloc=t, label=\"" + graphviz_text(plain_text::clean(g.title)) + "\"";
    s += "];\n  node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\"];\n"
         "  edge [fontname=\"sans-serif\", fontsize=10];\n";
    d.nested(
        [&](std::size_t i, std::size_t depth) {
            s += indent(depth + 1) + "subgraph cluster_" + d.group_ids[i] + " {\n" + indent(depth + 2) +
                 "graph [style=rounded, labelloc=t, label=\"" + graphviz_text(plain_text::clean(g.groups[i].label)) +
                 "\"];\n";
        },
        [&](std::size_t i, std::size_t depth) {
            const auto& n = g.nodes[i];
            s += indent(depth + 1) + d.node_ids[i] + " [label=\"" + joined(d.lines_of(n), "\\n", graphviz_text) +
                 "\", fillcolor=\"" + std::string(colours_of(n.in).fill) + "\", color=\"" +
                 std::string(colours_of(n.in).line) + "\"" + (n.end ? ", peripheries=2" : "") + "];\n";
        },
        [&](std::size_t, std::size_t depth) { s += indent(depth + 1) + "}\n"; });
    if (const auto start = d.node_in(g.start)) {
        s += "  start [shape=circle, style=filled, fillcolor=\"#000000\", label=\"\", width=0.2];\n";
        s += "  start -> " + d.node_ids[*start];
        s += d.node(g.start) ? ";\n" : " [lhead=cluster_" + d.name(g.start) + "];\n";
    }
    for (const auto& e : g.edges) s += graphviz_edge(d, e);
    return s + "}\n";
}

std::string to_plantuml(const graph& g) {
    const drawing d(g);
    std::string   s = "@startuml\nhide empty description\n";
    if (!g.title.empty()) s += "title " + plantuml_text(plain_text::clean(g.title)) + "\n";
    d.nested(
        [&](std::size_t i, std::size_t depth) {
            s += indent(depth) + "state \"" + plantuml_text(plain_text::clean(g.groups[i].label)) + "\" as " +
                 d.group_ids[i] + " {\n";
        },
        [&](std::size_t i, std::size_t depth) {
            s += indent(depth) + "state \"" + joined(d.lines_of(g.nodes[i]), "\\n", plantuml_text) + "\" as " +
                 d.node_ids[i] + " " + std::string(colours_of(g.nodes[i].in).fill) + "\n";
        },
        [&](std::size_t, std::size_t depth) { s += indent(depth) + "}\n"; });
    if (const auto start = d.name(g.start); !start.empty()) s += "[*] --> " + start + "\n";
    for (const auto& e : g.edges) {
        const auto from = d.name(e.from);
        const auto to = d.name(e.to);
        if (from.empty() || to.empty()) continue;
        const auto text = joined(d.lines_of(e), "\\n", plantuml_text);
        s += from + " " + std::string(plantuml_arrow(e.kind)) + " " + to + (text.empty() ? "" : " : " + text) + "\n";
    }
    return s + "@enduml\n";
}

}  // namespace quorate
