#include "scenario_coverage.hpp"

#include <algorithm>

#include <quorate/verdict.hpp>

#include "proposal_step.hpp"

namespace quorate {
namespace {

surroundings around(const engine& e, const proposal& p) {
    return {.people = e.people(), .parent = p.parent.empty() ? nullptr : e.get(p.parent)};
}

bool yields_truth(const rule& r) { return !r.empty() && r.nodes[r.root].type == value_type::truth; }

}  // namespace

std::vector<permission_used> scenario_coverage::leave_for(const engine& e, const std::string& proposal_id, const command& c) {
    std::vector<permission_used> all;
    const auto*                  p = e.get(proposal_id);
    const auto                   who = p == nullptr ? std::nullopt : e.people().find_person(c.by);
    if (p == nullptr || (!who && !c.by.empty())) return all;
    const auto  whom = c.on_behalf_of.empty() ? who : e.people().find_person(c.on_behalf_of);
    const auto& allow = p->now().allow;
    const auto  thing = about_of(c);
    const auto  raised = std::find_if(p->concerns.rbegin(), p->concerns.rend(), [&](const concern& x) { return x.name == c.subject; });
    for (std::size_t i = 0; i < allow.size(); ++i) {
        const auto& a = allow[i];
        if (!who || !whom || a.for_another != (*who != *whom) || !act_pattern::covers(a.what, a.about, c.what, thing)) continue;
        if (contains(a.who.view(), a.who.root, *who, *p, around(e, *p), raised == p->concerns.rend() ? nullptr : &*raised, whom))
            all.push_back({p->by->name, p->now().name, i, 1});
    }
    return all;
}

void scenario_coverage::used(const std::vector<permission_used>& leave) {
    for (const auto& u : leave) ++used_[{u.process, u.stage, u.permission}];
}

void scenario_coverage::rules(const engine& e, const std::string& proposal_id, instant now) {
    const auto* p = e.get(proposal_id);
    if (p == nullptr || now < p->last) return;
    evidence_of seen;
    const auto& evidence = seen.take(*p, now, around(e, *p));
    for (const auto& r : p->by->rules) {
        if (!yields_truth(r.value)) continue;
        const auto is = read_now(r.value.view(), evidence);
        auto&      read = read_[{p->by->name, r.name}];
        read.first = read.first || is == truth::met;
        read.second = read.second || is == truth::unmet;
    }
}

/// Where a whole must be met (or unmet), what becomes of the rules that it names.
void scenario_coverage::must_be(const process& p, const rule& r, std::uint16_t node, bool met) {
    if (node == no_node) return;
    const auto& n = r.nodes[node];
    if (n.what == op::negate) return must_be(p, r, n.child, !met);
    if ((n.what == op::all && met) || (n.what == op::any && !met))
        for (auto c = n.child; c != no_node; c = r.nodes[c].next) must_be(p, r, c, met);
    if (n.what != op::named_rule || n.index >= p.rules.size()) return;
    auto& read = read_[{p.name, p.rules[n.index].name}];
    (met ? read.first : read.second) = true;
}

void scenario_coverage::taken(const charter& c, const exit_taken& x) {
    const auto* p = c.find(x.process);
    const auto  s = p == nullptr ? std::nullopt : p->stage_named(x.stage);
    if (!s || x.exit >= p->stages[*s].exits.size()) return;
    const auto& exit = p->stages[*s].exits[x.exit];
    // Of "unless" the text isn't what is true.
    if (exit.by == trigger::when || exit.by == trigger::held) must_be(*p, exit.when, exit.when.root, true);
    must_be(*p, exit.condition, exit.condition.root, true);
}

std::vector<permission_used> scenario_coverage::permissions() const {
    std::vector<permission_used> all;
    for (const auto& [which, times] : used_) all.push_back({std::get<0>(which), std::get<1>(which), std::get<2>(which), times});
    return all;
}

std::vector<rule_read> scenario_coverage::read() const {
    std::vector<rule_read> all;
    for (const auto& [which, is] : read_) all.push_back({which.first, which.second, is.first, is.second});
    return all;
}

// ---- what is missing in all of them ---------------------------------------------------------------------------------------------
std::vector<exit_taken> exits_not_taken(const charter& c, const std::vector<scenario_report>& reports) {
    std::vector<exit_taken> missing;
    for (const auto& p : c.processes())
        for (const auto& s : p.stages)
            for (std::size_t i = 0; i < s.exits.size(); ++i) {
                const bool taken = std::any_of(reports.begin(), reports.end(), [&](const scenario_report& r) {
                    return std::any_of(r.exits.begin(), r.exits.end(), [&](const exit_taken& x) {
                        return x.process == p.name && x.stage == s.name && x.exit == i;
                    });
                });
                if (!taken) missing.push_back({p.name, s.name, i, 0});
            }
    return missing;
}

std::vector<permission_used> permissions_not_used(const charter& c, const std::vector<scenario_report>& reports) {
    std::vector<permission_used> missing;
    for (const auto& p : c.processes())
        for (const auto& s : p.stages)
            for (std::size_t i = 0; i < s.allow.size(); ++i) {
                const bool used = std::any_of(reports.begin(), reports.end(), [&](const scenario_report& r) {
                    return std::any_of(r.permissions.begin(), r.permissions.end(), [&](const permission_used& u) {
                        return u.process == p.name && u.stage == s.name && u.permission == i;
                    });
                });
                if (!used) missing.push_back({p.name, s.name, i, 0});
            }
    return missing;
}

std::vector<rule_read> rules_not_read(const charter& c, const std::vector<scenario_report>& reports) {
    std::vector<rule_read> missing;
    for (const auto& p : c.processes())
        for (const auto& named : p.rules) {
            if (!yields_truth(named.value)) continue;
            rule_read all{p.name, named.name, false, false};
            for (const auto& r : reports)
                for (const auto& x : r.rules) {
                    if (x.process != p.name || x.rule != named.name) continue;
                    all.met = all.met || x.met;
                    all.unmet = all.unmet || x.unmet;
                }
            if (!all.met || !all.unmet) missing.push_back(std::move(all));
        }
    return missing;
}

}  // namespace quorate
