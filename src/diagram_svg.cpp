// Diagrams as SVG: cards in a column, wires beside them.
#include <quorate/diagram.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "diagram_colours.hpp"
#include "xml_text.hpp"

namespace quorate {
namespace {

// In pixels.
constexpr int card_width = 470, line_height = 18, head = 30, gap = 16, margin = 10, lane_width = 11, first_lane = 16;
constexpr std::size_t text_width = 66;  ///< characters of a line in a card

struct wire {
    int         from = 0, to = 0;  ///< heights
    edge_kind   kind = edge_kind::command;
    std::size_t lane = 0;
};
struct card {
    int y = 0, height = 0;
    std::vector<std::pair<int, std::string>> lines{};
};

/// Whether a node is the one of that id, or inside the group of that id.
bool belongs(const graph& g, const graph_node& node, std::string_view id) {
    if (node.id == id) return true;
    auto around = std::string_view(node.group);
    for (std::size_t deep = 0; !around.empty() && deep <= g.groups.size(); ++deep) {  // groups may be inside each other in a circle
        if (around == id) return true;
        const auto group = std::find_if(g.groups.begin(), g.groups.end(), [&](const graph_group& x) { return x.id == around; });
        around = group == g.groups.end() ? std::string_view{} : std::string_view(group->group);
    }
    return false;
}

std::string_view dashes(edge_kind k) {
    switch (k) {
        case edge_kind::time: return " stroke-dasharray=\"6 3\"";
        case edge_kind::link:
        case edge_kind::lawful:
        case edge_kind::reopen: return " stroke-dasharray=\"2 3\"";
        default: return k == edge_kind::rule ? " stroke-width=\"2\"" : "";
    }
}

/// Short wires take the inner lanes; two that would lie on each other take different ones.
std::size_t take_lanes(std::vector<wire>& all) {
    std::vector<wire*> order;
    for (auto& w : all) order.push_back(&w);
    std::stable_sort(order.begin(), order.end(), [](const wire* a, const wire* b) { return std::abs(a->from - a->to) < std::abs(b->from - b->to); });
    std::vector<std::vector<std::pair<int, int>>> lanes;
    for (auto* w : order) {
        const auto low = std::min(w->from, w->to), high = std::max(w->from, w->to);
        std::size_t lane = 0;
        for (; lane < lanes.size(); ++lane)
            if (std::none_of(lanes[lane].begin(), lanes[lane].end(), [&](const auto& used) { return low <= used.second && used.first <= high; })) break;
        if (lane == lanes.size()) lanes.emplace_back();
        lanes[lane].emplace_back(low, high);
        w->lane = lane;
    }
    return lanes.size();
}

std::string n(int value) { return std::to_string(value); }

std::string drawn(const wire& w) {
    const int x = margin + card_width, lane = x + first_lane + static_cast<int>(w.lane) * lane_width;
    return "<path d=\"M" + n(x) + " " + n(w.from) + "H" + n(lane) + "V" + n(w.to) + "H" + n(x + 7) + "\"" + std::string(dashes(w.kind)) + "/>" +
           "<path d=\"M" + n(x) + " " + n(w.to) + "l8 -4v8z\" fill=\"currentColor\" stroke=\"none\"/>\n";
}

}  // namespace

std::string to_svg(const graph& g) {
    std::vector<card> cards;
    std::vector<wire> wires;
    std::vector<int>  arriving(g.nodes.size(), 0);
    std::vector<std::size_t> ends;  // of wires: the nodes that they lead to
    int y = margin;
    for (std::size_t i = 0; i < g.nodes.size(); ++i) {
        card c{.y = y};
        int  line = y + head + line_height - 4;
        for (std::size_t e = 0; e < g.edges.size(); ++e) {
            if (!belongs(g, g.nodes[i], g.edges[e].from)) continue;
            for (std::size_t to = 0; to < g.nodes.size(); ++to) {
                if (!belongs(g, g.nodes[to], g.edges[e].to)) continue;
                wires.push_back({.from = line - 5, .kind = g.edges[e].kind});
                ends.push_back(to);
                bool first = true;
                for (auto& part : plain_text::wrap(plain_text::clean(g.edges[e].label + " \xE2\x86\x92 " + g.nodes[to].label), text_width)) {
                    c.lines.emplace_back(line, (first ? "" : "   ") + part);
                    first = false;
                    line += line_height;
                }
            }
        }
        c.height = c.lines.empty() ? head + 4 : line - line_height + 10 - y;
        y += c.height + gap;
        cards.push_back(std::move(c));
    }
    for (std::size_t i = 0; i < wires.size(); ++i) {
        constexpr int most_apart = 5;  // arrows that arrive at a card, one below the other
        const auto    to = ends[i];
        wires[i].to = cards[to].y + 6 + 4 * std::min(arriving[to]++, most_apart);
    }
    const auto lanes = take_lanes(wires);
    const int  width = margin + card_width + first_lane + static_cast<int>(lanes) * lane_width + margin;
    std::string s = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + n(width) + " " + n(y) + "\" width=\"" + n(width) + "\" height=\"" + n(y) +
                    "\" role=\"group\" aria-label=\"" + xml(g.title) + "\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n";
    s += "<g fill=\"none\" stroke=\"currentColor\" aria-hidden=\"true\">\n";
    for (const auto& w : wires) s += drawn(w);
    s += "</g>\n";
    for (std::size_t i = 0; i < cards.size(); ++i) {
        const auto& c = cards[i];
        const auto& node = g.nodes[i];
        const auto& colour = colours_of(node.in);
        std::string phase_name(to_string(node.in));
        std::replace(phase_name.begin(), phase_name.end(), '_', ' ');
        s += "<rect x=\"" + n(margin) + "\" y=\"" + n(c.y) + "\" width=\"" + n(card_width) + "\" height=\"" + n(c.height) + "\" rx=\"6\" fill=\"" +
             std::string(colour.fill) + "\" stroke=\"" + std::string(colour.line) + "\" stroke-width=\"" + (node.end ? "3" : "1.5") + "\"/>\n";
        s += "<text x=\"" + n(margin + 12) + "\" y=\"" + n(c.y + 20) + "\" fill=\"#000\"><tspan font-weight=\"bold\">" + xml(node.label) + "</tspan> (" +
             xml(phase_name) + (belongs(g, node, g.start) ? ", start" : "") + ")</text>\n";
        for (const auto& [at, text] : c.lines) s += "<text x=\"" + n(margin + 20) + "\" y=\"" + n(at) + "\" fill=\"#000\" xml:space=\"preserve\">" + xml(text) + "</text>\n";
    }
    return s + "</svg>\n";
}

}  // namespace quorate
