// Lint of rules: those that can't hold, those that can't but hold, and those that one vote is enough for.
#include <algorithm>
#include <set>

#include "each_rule.hpp"
#include "lint_parts.hpp"
#include "rule_trials.hpp"
#include "tells_ballots.hpp"

namespace quorate {
namespace {

using json_text::in_quotes;

constexpr std::int64_t largest_tried = 5'000;  ///< members

std::string said(const rule& r) { return in_quotes(print(r.view())); }

/// Whether the author or proposer is taken out of a set by name.
bool leaves_out_author(const rule& r) {
    const auto view = r.view();
    const auto names_author = [&](auto&& self, std::uint16_t i) -> bool {
        const auto& n = view[i];
        if (n.what == op::set_name && (n.index == static_cast<std::uint16_t>(set_name::author) || n.index == static_cast<std::uint16_t>(set_name::proposer)))
            return true;
        for (auto c = n.child; c != no_node; c = view[c].next)
            if (self(self, c)) return true;
        return false;
    };
    return std::any_of(r.nodes.begin(), r.nodes.end(), [&](const rule_node& n) {
        if (n.what == op::complement) return names_author(names_author, n.child);
        return n.what == op::except && names_author(names_author, view[n.child].next);
    });
}

bool author_may_cast(const process& p, const stage& s) {
    if (leaves_out_author(p.electorate.of)) return false;
    return std::any_of(s.allow.begin(), s.allow.end(), [](const permission& a) { return a.what == act::cast && !leaves_out_author(a.who); });
}

/// Whether an exit leads to acceptance, at once or by time alone.
bool leads_to_acceptance(const process& p, const stage_exit& x) {
    if (accepts(p, x)) return true;
    if (x.before) return false;
    const auto& next = p.stages[x.to];
    return next.in == phase::final_comment && std::any_of(next.exits.begin(), next.exits.end(), [&](const stage_exit& y) {
        return y.by == trigger::after && accepts(p, y);
    });
}

void unsatisfiable(lint_notes& notes, const process& p) {
    // Large enough for every number that rules name, and no larger: the smaller a group, the more exactly it is tried.
    constexpr std::int64_t small = 64;
    std::int64_t           named = 5;
    std::set<std::size_t>  sizes{0, 1, 2, 3, 5};
    each_rule(p, [&](const rule& r) {
        for (const auto& n : r.nodes) {
            if (n.what != op::number || n.denominator != 1) continue;
            named = std::max(named, n.numerator);
            if (n.numerator >= 1 && n.numerator < small)
                for (const auto k : {n.numerator - 1, n.numerator, n.numerator + 1}) sizes.insert(static_cast<std::size_t>(k));
        }
    });
    sizes.insert(2 * static_cast<std::size_t>(std::min<std::int64_t>(named, largest_tried)) + 1);
    rule_trials trial(p);
    for (const auto& s : p.stages)
        for (std::size_t i = 0; i < s.exits.size(); ++i)
            for (const auto* r : rules_of(s.exits[i]))
                if (s.exits[i].by != trigger::unless &&
                    std::none_of(sizes.begin(), sizes.end(), [&](std::size_t n) { return trial.can_ever_hold(r->view(), n); }))
                    notes.add("unsatisfiable", lint_notes::exit_at(s, i), said(*r) + " can never hold, whoever votes and however many they are",
                              "look for numbers that contradict each other, or drop the exit");
}

/// Met whatever anybody does, though it speaks of what people do.
bool holds_always(const process& p, const rule& r) {
    std::int64_t    named = 4;
    const rule_view view = r.view();
    each_rule(p, [&](const rule& x) {
        for (const auto& n : x.nodes)
            if (n.what == op::number && n.denominator == 1) named = std::max(named, n.numerator);
    });
    rule_trials trial(p);
    // Small groups, and one that is larger than every number that rules name.
    for (const auto n : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{4}, static_cast<std::size_t>(std::min(named, largest_tried)) + 1}) {
        bool always = true, tried = false;
        const bool all = trial.each_situation({&view, 1}, n, rule_trials::others::any, [&](const evidence& e) {
            tried = true;
            return always = read_now(view, e) == truth::met;
        });
        if (!all || !tried || !always) return false;
    }
    return true;
}

void always_holds(lint_notes& notes, const process& p) {
    const auto hint = "look for a comparison with 0, or with more than there can be";
    for (const auto& r : p.rules)
        if (!r.value.empty() && holds_always(p, r.value))
            notes.add("always holds", lint_notes::rule_at(r.name), "rule " + in_quotes(r.name) + " holds whatever anybody does: " + said(r.value), hint);
    for (const auto& s : p.stages)
        for (std::size_t i = 0; i < s.exits.size(); ++i)
            for (const auto* r : rules_of(s.exits[i]))
                if (r->nodes.size() > 1 && holds_always(p, *r))
                    notes.add("always holds", lint_notes::exit_at(s, i), said(*r) + " holds whatever anybody does", hint);
}

void self_approval(lint_notes& notes, const process& p, std::size_t size) {
    rule_trials trial(p);
    for (const auto& s : p.stages) {
        if (!author_may_cast(p, s)) continue;
        for (std::size_t i = 0; i < s.exits.size(); ++i) {
            const auto& x = s.exits[i];
            const auto  rules = rules_of(x);
            // At once: where there is time for others to say something, silence is theirs.
            if (x.by != trigger::when || !leads_to_acceptance(p, x) || std::none_of(rules.begin(), rules.end(), [&](const rule* r) { return tells_ballots(p, *r); }))
                continue;
            std::vector<rule_view> views;
            for (const auto* r : rules) views.push_back(r->view());
            bool alone = false, silent = false;  // silence that is enough is no approval of one's own
            const bool tried = trial.each_situation(views, size, rule_trials::others::none, [&](const evidence& e) {
                const auto& counts = e.classes[0].counts;
                if (e.clocks[0].elapsed != duration{}) return true;
                if (counts[0] + 1 < size || !std::all_of(views.begin(), views.end(), [&](rule_view v) { return read_now(v, e) == truth::met; })) return true;
                (counts[0] == size ? silent : alone) = true;
                return true;
            });
            if (tried && alone && !silent)
                notes.add("self-approval", lint_notes::exit_at(s, i),
                          "in a group of " + std::to_string(size) + " one ballot is enough, and it may be the author's own",
                          "let \"cast\" be for \"electorate except author\", or ask for more than one ballot");
        }
    }
}

/// Of two ways to acceptance out of one stage: whether the first can be taken sooner.
bool is_sooner(const stage_exit& a, const stage_exit& b) {
    if (b.by != trigger::after || b.anchor || !b.anchor_fact.empty()) return false;
    if (a.by == trigger::when) return true;
    return (a.by == trigger::after || a.by == trigger::held) && !a.anchor && a.anchor_fact.empty() && a.length < b.length;
}

void expedited(lint_notes& notes, const process& p, std::size_t size) {
    rule_trials trial(p);
    for (const auto& s : p.stages)
        for (std::size_t i = 0; i < s.exits.size(); ++i)
            for (const auto& slower : s.exits) {
                const auto& quick = s.exits[i];
                if (!accepts(p, quick) || !accepts(p, slower) || !is_sooner(quick, slower)) continue;
                std::vector<rule_view> first, second, all;
                for (const auto* r : rules_of(quick)) first.push_back(r->view());
                for (const auto* r : rules_of(slower)) second.push_back(r->view());
                if (second.empty()) continue;  // nothing asks for less than the slower one
                all = first;
                all.insert(all.end(), second.begin(), second.end());
                const auto met = [](const std::vector<rule_view>& rules, const evidence& e) {
                    return std::all_of(rules.begin(), rules.end(), [&](rule_view v) { return read_now(v, e) == truth::met; });
                };
                bool looser = false;
                const bool tried = trial.each_situation(all, std::min<std::size_t>(size, 5), rule_trials::others::any, [&](const evidence& e) {
                    looser = met(first, e) && !met(second, e);
                    return !looser;
                });
                if (looser || (tried && first.empty()))
                    notes.add("expedited not stricter", lint_notes::exit_at(s, i), "this quicker way to acceptance can be taken where the slower one beside it can't",
                              "ask for at least what the slower one asks for");
            }
}

}  // namespace

void lint_rules(lint_notes& notes, const process& p, std::size_t usual_size) {
    unsatisfiable(notes, p);
    always_holds(notes, p);
    self_approval(notes, p, usual_size);
    expedited(notes, p, usual_size);
}

}  // namespace quorate
