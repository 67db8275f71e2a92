// Lint of names: what is declared and used nowhere, and what means nobody in a roster.
#include <algorithm>

#include <quorate/proposal.hpp>

#include "each_rule.hpp"
#include "lint_parts.hpp"

namespace quorate {
namespace {

using json_text::in_quotes;

template <class Fits>
bool some_node(const process& p, const Fits& fits) {
    bool found = false;
    each_rule(p, [&](const rule& r) {
        for (const auto& n : r.nodes) found = found || fits(n, r.view());
    });
    return found;
}

template <class Fits>
bool some_act(const process& p, const Fits& fits) {
    return std::any_of(p.stages.begin(), p.stages.end(), [&](const stage& s) {
        return std::any_of(s.exits.begin(), s.exits.end(), [&](const stage_exit& x) {
                   return std::any_of(x.acts.begin(), x.acts.end(), [&](const act_pattern& a) { return fits(a.what, a.about); });
               }) || std::any_of(s.allow.begin(), s.allow.end(), [&](const permission& a) { return fits(a.what, a.about); });
    });
}

/// A fact may be read in its own process, or by those under it; an exit may wait for it by name.
bool fact_is_used(const charter& c, const process& p, const std::string& name) {
    const auto reads = [&](const process& by) {
        return some_node(by, [&](const rule_node& n, rule_view r) {
            const bool here = (n.what == op::fact || (n.what == op::since && n.index == since_fact)) && r.name(n) == name;
            return here && (&by == &p || n.of_parent);  // another process means its own fact, but for that of its parent
        });
    };
    const bool clocked = std::any_of(p.stages.begin(), p.stages.end(), [&](const stage& s) {
        return std::any_of(s.exits.begin(), s.exits.end(), [&](const stage_exit& x) { return x.anchor_fact == name; });
    });
    return clocked || std::any_of(c.processes().begin(), c.processes().end(), reads) ||
           some_act(p, [&](act a, const std::string& about) { return a == act::fact && about == name; });
}

bool can_be_cast(const process& p, std::size_t i) {
    const auto& name = p.positions[i].name;
    const bool  recorded = std::any_of(p.stages.begin(), p.stages.end(), [&](const stage& s) {
        return std::any_of(s.exits.begin(), s.exits.end(), [&](const stage_exit& x) {
            return std::any_of(x.cast.begin(), x.cast.end(), [&](const entry_ballot& b) { return b.position == i; });
        });
    });
    return recorded || some_act(p, [&](act a, const std::string& about) { return a == act::cast && (about.empty() || about == name); });
}

bool office_is_used(const process& p, const std::string& name) {
    const bool awaited = std::any_of(p.stages.begin(), p.stages.end(), [&](const stage& s) {
        return std::any_of(s.exits.begin(), s.exits.end(), [&](const stage_exit& x) {
            return std::any_of(x.acts.begin(), x.acts.end(), [&](const act_pattern& a) { return a.covers(act::appoint, name); });
        });
    });
    return awaited || some_node(p, [&](const rule_node& n, rule_view r) {
        return n.what == op::set_call && n.index == static_cast<std::uint16_t>(set_call::office) && r.name(n) == name;
    });
}

/// Whether the roster knows who is in every team that a set names.
bool is_known(const rule& r, const roster& people) {
    return std::none_of(r.nodes.begin(), r.nodes.end(), [&](const rule_node& n) {
        const auto t = n.what == op::set_call ? people.team_named(r.view().name(n)) : std::nullopt;
        return t && !people.members_known(*t);
    });
}

}  // namespace

void lint_unused(lint_notes& notes, const process& p, const charter& c) {
    for (const auto& f : p.facts)
        if (!fact_is_used(c, p, f)) notes.add("unused definition", "/facts", "fact " + in_quotes(f) + " is read by no rule and awaited by no exit", "drop it, or use it");
    for (std::size_t i = 0; i < p.positions.size(); ++i)
        if (!can_be_cast(p, i))
            notes.add("unused definition", "/positions/" + json_text::pointer_part(p.positions[i].name),
                      "position " + in_quotes(p.positions[i].name) + " can be chosen in no stage", "allow \"cast\" somewhere, or drop it");
    for (const auto& o : p.offices)
        if (!office_is_used(p, o)) notes.add("unused definition", "/offices", "office " + in_quotes(o) + " lets nobody do anything", "use office(" + o + ") in a set, or drop it");
}

void lint_roster(lint_notes& notes, const process& p, const charter& c, const roster& people) {
    proposal blank;
    blank.under = c;
    blank.by = &p;
    const auto size_of = [&](rule_view set, std::uint16_t node) {
        std::size_t n = 0;
        for (std::size_t i = 0; i < people.people(); ++i)
            if (!people.is_guest(static_cast<person>(i)) && contains(set, node, static_cast<person>(i), blank, {people})) ++n;
        return n;
    };
    const auto empty = [&](const rule& r, const std::string& where, const std::string& what) {
        if (is_fixed_set(r) && is_known(r, people) && size_of(r.view(), r.root) == 0)
            notes.add("empty group", where, what + " is for " + in_quotes(print(r.view())) + ", which is nobody", "name people who are there, or drop it");
    };
    empty(p.may_open, "/open", "opening one");
    for (const auto& s : p.stages)
        for (const auto& a : s.allow) empty(a.who, lint_notes::stage_at(s) + "/allow", in_quotes(std::string(to_string(a.what))));
    const auto compares = [&](const rule& r, const std::string& where) {
        for (const auto& n : r.nodes) {
            if (n.what != op::greater && n.what != op::greater_equal && n.what != op::equal) continue;
            const auto& left = r.nodes[n.child];
            if (left.what != op::counted_in || left.next == no_node) continue;
            const auto& right = r.nodes[left.next];
            if (right.what != op::number || right.denominator != 1) continue;
            const auto set = r.nodes[left.child].next;
            rule       group{r.text, {}, set, 0};  // only the nodes of the set say whether it depends on the proposal
            const auto gather = [&](auto&& self, std::uint16_t i) -> void {
                group.nodes.push_back(r.nodes[i]);
                for (auto k = r.nodes[i].child; k != no_node; k = r.nodes[k].next) self(self, k);
            };
            gather(gather, set);
            if (!is_fixed_set(group) || !is_known(group, people)) continue;
            const auto size = size_of(r.view(), set);
            const auto needed = right.numerator + (n.what == op::greater ? 1 : 0);
            if (needed > static_cast<std::int64_t>(size))
                notes.add("k larger than the group", where, "this asks for " + std::to_string(needed) + " of a group of " + std::to_string(size), "ask for fewer, or of more people");
        }
    };
    for (const auto& r : p.rules) compares(r.value, lint_notes::rule_at(r.name));
    for (const auto& s : p.stages)
        for (std::size_t i = 0; i < s.exits.size(); ++i)
            for (const auto* r : rules_of(s.exits[i])) compares(*r, lint_notes::exit_at(s, i));
}

}  // namespace quorate
