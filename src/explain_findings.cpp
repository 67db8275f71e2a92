// Explanations: what can't go on by itself, and whose ballots move nothing.
#include "explaining.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "json.hpp"

namespace quorate {

using json_text::in_quotes;

void explaining::findings() {
    if (!is_open(p_.in())) return;
    for (const auto& c : p_.concerns) {
        if (c.state != concern_state::open) continue;
        bool someone = false;
        for (const auto& a : p_.now().allow)
            if (a.what == act::resolve || a.what == act::override_)
                someone = someone || !members_of(a.who.view(), p_, around_, &c).empty();
        if (!someone)
            out_.findings.push_back("nobody may resolve concern " + in_quotes(c.name) + " as things stand (raised by " +
                                    name(c.raiser) + ")");
    }
    for (const auto& v : p_.voters) {
        const auto& of = p_.by->electorate.of;
        const auto seat = seat_of_vote(p_, v, people_);
        if (p_.outstanding(v) && !contains(of.view(), of.root, v.who, p_, around_, nullptr, std::nullopt, seat ? &*seat : nullptr))
            out_.findings.push_back(name(v) + " is waited for, but is no longer of " + print(of.view()) + ways_out(v.who));
    }
    for (const auto& h : p_.holds)
        if (!may_in_person(act::release, h.who))
            out_.findings.push_back(name(h.who) + " holds it, but may not release it any more" +
                                    (may(act::release, h.who) ? "; others may on their behalf" : ""));
    empty_teams();
    for (const auto& u : p_.unheeded)
        out_.findings.push_back("the outcome of " + u.child + " was to " + std::string(to_string(u.does)) +
                                (u.subject.empty() || u.does == act::revise ? "" : ' ' + in_quotes(u.subject)) +
                                " here, which was refused");
    const auto& allow = p_.now().allow;
    const bool  votes = std::any_of(allow.begin(), allow.end(), [](const permission& a) { return a.what == act::cast; });
    if (p_.voters.empty() && votes)
        out_.findings.push_back("the electorate is empty: nobody can decide this");
    uncounted_ballots();
    bool any = false;
    for (const auto& x : out_.exits) any = any || x.by == trigger::on || x.possible || !x.exact || x.due || x.now == truth::met;
    for (const auto& x : out_.exits) any = any || waits_for_more_than_ballots(x);
    if (const auto why = p_.voters.empty() ? std::string() : cannot_pass(); !why.empty()) out_.findings.push_back(why);
    else if (!any && !out_.exits.empty()) out_.findings.push_back("no exit of this stage can be taken any more by ballots alone");
}

void explaining::empty_teams() {
    const auto& of = p_.by->electorate.of;
    const bool  decide = p_.by->by_team || std::any_of(of.nodes.begin(), of.nodes.end(), [](const rule_node& n) {
                             return n.what == op::set_of_proposal;
                         });
    if (!decide) return;
    for (const auto t : p_.teams)
        if (people_.electors(t).empty())
            out_.findings.push_back("team " + std::string(people_.name(t)) + " has no members: nobody can act for it");
    if (p_.teams_missing) out_.findings.emplace_back("it names a team that is not in the roster any more");
}

bool explaining::may_in_person(act a, person who) const {
    return std::any_of(p_.now().allow.begin(), p_.now().allow.end(), [&](const permission& leave) {
        return leave.what == a && !leave.for_another && contains(leave.who.view(), leave.who.root, who, p_, around_, nullptr, who);
    });
}

bool explaining::may(act a, person whose) const {
    return may_in_person(a, whose) || std::any_of(p_.now().allow.begin(), p_.now().allow.end(), [&](const permission& leave) {
        const auto others = leave.what == a && leave.for_another ? members_of(leave.who.view(), p_, around_) : std::vector<person>{};
        return std::any_of(others.begin(), others.end(), [whose](person other) { return other != whose; });
    });
}

std::string explaining::ways_out(person gone) const {
    if (may(act::cast, gone)) return "; their ballot can still be cast";
    for (const auto& leave : p_.now().allow)
        if (leave.what == act::cancel && !members_of(leave.who.view(), p_, around_).empty())
            return "; only to cancel the round takes them off the list";
    return "; nobody can take them off the list";
}

void explaining::collect(rule_view r, std::uint16_t part, std::size_t position, counting in, std::vector<counting>& found,
                         std::set<std::size_t>& seen) const {
    const auto& n = r[part];
    if (n.what == op::named_rule && seen.insert(n.index).second)
        collect(p_.by->rule_views[n.index], p_.by->rule_views[n.index].root, position, {.given = in.given}, found, seen);
    if ((n.what == op::count || n.what == op::weight || n.what == op::held) && n.index == position && !n.of_parent) {
        const auto same = [&](const counting& c) { return c.text == in.text && c.given == in.given; };
        if (std::none_of(found.begin(), found.end(), same)) found.push_back(in);
    }
    if (n.what == op::counted_in) {
        in.within = {std::string(r.text), {r.nodes.begin(), r.nodes.end()}, r[n.child].next, r.slots};
        in.text = print(in.within.view());
        return collect(r, n.child, position, std::move(in), found, seen);
    }
    const bool guarded = n.what == op::if_then || n.what == op::if_else_block;
    for (auto c = n.child; c != no_node; c = r[c].next) {
        auto here = in;
        if (guarded && c != n.child && in.given.empty())
            if (const auto guard = shown(r, n.child); guard == truth::unmet || guard == truth::skipped) {
                auto only = r;
                only.root = n.child;
                here.given = print(only);
            }
        collect(r, c, position, std::move(here), found, seen);
    }
}

std::vector<explaining::counting> explaining::counted(std::size_t position) const {
    std::vector<counting> found;
    std::set<std::size_t> seen;
    for (const auto& x : p_.now().exits)
        for (const auto* r : {&x.when, &x.condition})
            if (!r->empty()) collect(r->view(), r->root, position, {}, found, seen);
    return found;
}

void explaining::uncounted_ballots() {
    if (hidden_) return;
    for (std::size_t i = 0; i < p_.by->positions.size(); ++i) {
        const auto in = counted(i);
        if (in.empty()) continue;
        for (const auto& v : p_.voters) {
            if (v.choice != i + 1) continue;
            std::vector<std::string> sets, guards;
            bool                     helps = false;
            for (const auto& c : in) {
                const bool theirs = c.text.empty() || contains(c.within.view(), c.within.root, v.who, p_, around_);
                auto&      told = theirs ? guards : sets;
                const auto text = theirs ? c.given : c.text;
                helps = helps || (theirs && c.given.empty());
                if (std::find(told.begin(), told.end(), text) == told.end()) told.push_back(text);
            }
            if (helps) continue;
            const auto whose = in_quotes(p_.by->positions[i].title) + " of " + name(v);
            if (guards.empty()) out_.findings.push_back(whose + " is advisory: rules count it in " + listed(sets) + " only");
            else out_.findings.push_back(whose + " moves nothing as things stand: rules count it only if " + listed(guards));
        }
    }
}

bool explaining::waits_for_more_than_ballots(const exit_reading& x) {
    return std::any_of(x.conditions.begin(), x.conditions.end(), [](const condition_reading& c) {
        constexpr std::array<std::string_view, 8> others{"concerns", "fact", "questions", "revisions", "children", "holds", "seconds", "sponsors"};
        const auto asked = [&](std::string_view what) { return c.text.find(what) != std::string::npos; };
        return c.is != truth::met && (c.changes || c.rule == "law" || c.rule == "places" || std::any_of(others.begin(), others.end(), asked));
    });
}

}  // namespace quorate
