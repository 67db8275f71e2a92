// Diagrams as data: what is in them. Their text is made in diagram_text.cpp.
#include <quorate/diagram.hpp>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace quorate {
namespace {

// ---- a process ----------------------------------------------------------------------------------
std::string listed_acts(const std::vector<act_pattern>& acts_of_exit) {
    std::string s;
    for (const auto& a : acts_of_exit) s += (s.empty() ? "" : " or ") + to_string(a);
    return s;
}

std::string trigger_text(const stage_exit& x) {
    switch (x.by) {
        case trigger::on:
            return "on " + listed_acts(x.acts);
        case trigger::when: return "when " + print(x.when.view());
        case trigger::unless: return "unless " + print(x.when.view());
        case trigger::held: return "when " + print(x.when.view()) + " for " + to_string(x.length);
        case trigger::after: break;
    }
    if (!x.anchor_fact.empty()) return to_string(x.length) + " after fact " + x.anchor_fact;
    if (!x.anchor) return "after " + to_string(x.length);
    return to_string(x.length) + " after " + std::string(since_names[static_cast<std::size_t>(*x.anchor)]);
}

std::string exit_text(const process& p, const stage& from, const stage_exit& x) {
    auto s = trigger_text(x);
    if (!x.condition.empty()) s += ", if " + print(x.condition.view());
    bool noted = false;
    const auto note = [&](const std::string& what) { s += (std::exchange(noted, true) ? ", " : " / ") + what; };
    if (x.before) note(&p.stages[*x.before] == &from ? "back" : "back to before " + p.stages[*x.before].name);
    if (x.disposition) note("disposition " + p.dispositions[*x.disposition]);
    if (x.ballots != all_ballots) note(x.ballots == 0 ? "clear ballots" : "clear most ballots");
    if (x.concerns == upkeep::clear) note("clear concerns");
    if (x.seconds == upkeep::clear) note("clear seconds");
    if (x.options == upkeep::clear) note("clear options");
    if (x.keeps_clock) note("keep clock");
    if (x.round == upkeep::clear) note("clear round");
    for (const auto& b : x.cast) note(p.positions[b.position].name + " by " + print(b.who.view()));
    return s;
}

edge_kind kind_of(const stage_exit& x) {
    switch (x.by) {
        case trigger::when:
        case trigger::unless: return edge_kind::rule;
        case trigger::held:
        case trigger::after: return edge_kind::time;
        case trigger::on: break;
    }
    const bool links = std::all_of(x.acts.begin(), x.acts.end(), [](const act_pattern& a) { return a.what == act::link; });
    return links && !x.acts.empty() ? edge_kind::link : edge_kind::command;
}

// ---- the law ------------------------------------------------------------------------------------
/// Phases that often may do the same, from wide to narrow: each holds the next.
struct phase_group {
    std::string_view id;
    std::string_view label;
    bool (*holds)(phase);
};
constexpr std::array<phase_group, 2> phase_groups{{
    {"open", "open", [](phase p) { return is_open(p); }},
    {"ballots", "ballots count", [](phase p) { return is_open(p) && p != phase::draft; }},
}};

/// What a guard asks, in a few words; a guard that isn't listed goes by its name.
std::string guard_text(std::string_view guard) {
    if (guard == "unopposed") return "rule met and no concern open";
    if (guard == "overridden") return "rule met and concerns overridden";
    if (guard == "linked") return "annulled by another proposal";
    return std::string(guard);
}

edge_kind kind_of(const law_row& row) {
    if (row.guard == "linked") return edge_kind::link;
    return row.guard == "reopened" ? edge_kind::reopen : edge_kind::lawful;
}

/// The moves between phases; rows that differ in their guards only are one edge.
std::vector<graph_edge> law_moves() {
    std::vector<graph_edge> edges;
    for (const auto& row : law_rows()) {
        if (row.internal || !row.event.starts_with("to ")) continue;
        graph_edge made{.from = std::string(to_string(row.from)), .to = std::string(to_string(row.to)),
                        .label = guard_text(row.guard), .kind = kind_of(row)};
        const auto same = std::find_if(edges.begin(), edges.end(), [&](const graph_edge& e) {
            return e.from == made.from && e.to == made.to && e.kind == made.kind;
        });
        if (same == edges.end()) edges.push_back(std::move(made));
        else same->label += ", or " + made.label;
    }
    return edges;
}

/// Puts one edge of the group for those that all its phases have alike; `inner` is the end that is in the group.
void join(std::vector<graph_edge>& edges, const phase_group& group, std::string graph_edge::*inner,
          std::string graph_edge::*outer) {
    std::vector<std::string> members;
    for (std::size_t i = 0; i < phase_names.size(); ++i)
        if (group.holds(static_cast<phase>(i))) members.emplace_back(phase_names[i]);
    const auto within = [&](const std::string& name) {
        return std::find(members.begin(), members.end(), name) != members.end();
    };
    for (std::size_t i = 0; i < edges.size(); ++i) {
        if (!within(edges[i].*inner) || within(edges[i].*outer)) continue;
        const auto alike = [&, like = edges[i]](const graph_edge& e) {
            return within(e.*inner) && e.*outer == like.*outer && e.label == like.label && e.kind == like.kind;
        };
        if (static_cast<std::size_t>(std::count_if(edges.begin(), edges.end(), alike)) != members.size()) continue;
        auto joined = edges[i];
        joined.*inner = std::string(group.id);
        std::erase_if(edges, alike);
        edges.insert(edges.begin() + static_cast<std::ptrdiff_t>(i), std::move(joined));
    }
}

}  // namespace

graph diagram_of(const process& p) {
    graph g{.title = p.title};
    if (!p.stages.empty()) g.start = p.stages.front().name;
    for (const auto& s : p.stages) g.nodes.push_back({.id = s.name, .label = s.title, .in = s.in, .end = is_end(s.in)});
    for (const auto& s : p.stages)
        for (std::size_t i = 0; i < s.exits.size(); ++i) {
            const auto& x = s.exits[i];
            for (const auto to : x.targets())
                g.edges.push_back({.from = s.name, .to = p.stages[to].name, .label = exit_text(p, s, x), .kind = kind_of(x),
                                   .order = i + 1});
        }
    return g;
}

graph diagram_of_law() {
    graph g{.title = "Which phase may follow which (dotted: only by a reopening or another proposal)",
            .start = std::string(phase_groups.front().id)};
    std::string around;
    for (const auto& group : phase_groups) {
        g.groups.push_back({.id = std::string(group.id), .label = std::string(group.label), .group = around});
        around = group.id;
    }
    for (std::size_t i = 0; i < phase_names.size(); ++i) {
        const auto  in = static_cast<phase>(i);
        std::string innermost;
        for (const auto& group : phase_groups)
            if (group.holds(in)) innermost = group.id;
        std::string label(phase_names[i]);
        std::replace(label.begin(), label.end(), '_', ' ');
        g.nodes.push_back({.id = std::string(phase_names[i]), .label = std::move(label), .in = in, .end = is_end(in),
                           .group = std::move(innermost)});
    }
    g.edges = law_moves();
    for (const auto& group : phase_groups) join(g.edges, group, &graph_edge::from, &graph_edge::to);
    for (const auto& group : phase_groups) join(g.edges, group, &graph_edge::to, &graph_edge::from);
    return g;
}

}  // namespace quorate
