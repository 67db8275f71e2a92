// What only shows when a process is whole, or meets a roster.
#include <algorithm>
#include <set>

#include <quorate/proposal.hpp>
#include <quorate/verdict.hpp>

#include "charter_load.hpp"
#include "each_rule.hpp"
#include "rule_trials.hpp"
#include "tells_ballots.hpp"

namespace quorate {
namespace {

using json_text::node;
using json_text::in_quotes;
using json_text::reader;


const node* stage_node(const node& from, const stage& s) {
    const auto* stages = from.find("stages");
    const auto* found = stages == nullptr ? nullptr : stages->find(s.name);
    return found == nullptr ? &from : found;
}
const node& exit_node(const node& stage, std::size_t i) {
    const auto* exits = stage.find("exits");
    return exits != nullptr && i < exits->elements.size() ? exits->elements[i] : stage;
}

/// Stages that can be reached from those in `from`, going along the exits or against them.
std::set<std::size_t> reach(const process& p, std::set<std::size_t> from, bool backwards) {
    bool grown = true;
    while (grown) {
        grown = false;
        for (std::size_t i = 0; i < p.stages.size(); ++i)
            for (const auto& x : p.stages[i].exits)
                for (const std::size_t to : x.targets()) {
                    const auto a = backwards ? to : i;
                    const auto b = backwards ? i : to;
                    if (from.contains(a) && from.insert(b).second) grown = true;
                }
    }
    return from;
}

/// Where a stage allows an act; the stage itself if that can't be found.
const node& permission_node(const node& stage, act a) {
    const auto* allow = stage.find("allow");
    if (allow == nullptr) return stage;
    const auto named = [a](std::string_view key) {
        for (auto at = key.find(to_string(a)); at != std::string_view::npos; at = key.find(to_string(a), at + 1)) {
            const auto end = at + to_string(a).size();
            const bool begins = at == 0 || key[at - 1] == ' ' || key[at - 1] == ',';
            if (begins && (end == key.size() || key[end] == ',' || key[end] == ' ')) return true;
        }
        return false;
    };
    for (const auto& m : allow->members)
        if (named(m.key)) return m.value;
    return *allow;
}
bool allowed(const stage& s, const act_pattern& a) {
    return std::any_of(s.allow.begin(), s.allow.end(), [&](const permission& p) {
        return p.what == a.what && (p.about.empty() || a.about.empty() || p.about == a.about);
    });
}
/// Whether the outcome of some child does it.
bool done_by_children(const process& p, act a) {
    return std::any_of(p.children.begin(), p.children.end(), [a](const child_reaction& r) {
        return std::find(r.does.begin(), r.does.end(), a) != r.does.end();
    });
}
/// Acts that no permission is asked for: the host and other proposals do them.
bool needs_permission(act a) { return row_of(a).of != act_class::record && row_of(a).of != act_class::clock; }

void check_exits(reader& read, const process& p, const stage& s, const node& at) {
    for (std::size_t i = 0; i < s.exits.size(); ++i) {
        const auto& x = s.exits[i];
        const auto& where = exit_node(at, i);
        if (x.targets().empty())
            read.wrong(where, "no other stage leads into " + in_quotes(p.stages[*x.before].name) + ": there is none before it");
        const bool by_rule = x.by == trigger::when || x.by == trigger::unless;
        for (const auto target : x.targets()) {
            const auto& to = p.stages[target];
            if (!could_move(s.in, to.in))
                read.wrong(where, "the law lets nothing go from " + std::string(to_string(s.in)) + " (stage " + in_quotes(s.name) +
                                      ") to " + std::string(to_string(to.in)) + " (stage " + in_quotes(to.name) + ")",
                           "see 'quorate diagram --law'");
            if (by_rule && &to == &s) read.wrong(where, "an exit to its own stage would be taken for ever");
            if (x.by == trigger::unless && (to.in == phase::accepted || to.in == phase::enacted))
                read.wrong(where, "\"unless\" holds for want of a fact, too: nothing may be accepted by it", "use \"when\" with \"not\"");
        }
        for (const auto& a : x.acts)
            if (needs_permission(a.what) && !allowed(s, a) && !done_by_children(p, a.what))
                read.wrong(where, "nobody may " + to_string(a) + " in stage " + in_quotes(s.name),
                           "allow it to somebody, or drop the exit");
    }
}

/// Whether ballots are hidden while they are cast in this stage: then nothing that people see may tell what they say. Where they are
/// never shown the outcome still is, so that a private poll may end when it is reached; a count of options may not be told by it.
bool hides_tally(const process& p, const stage& s) {
    const auto shown = (s.ballots ? *s.ballots : p.ballots.showing).shown;
    const bool hidden = shown == ballot_showing::when::at_close || (shown == ballot_showing::when::never && !p.count.method.empty());
    return hidden && is_open(s.in) && allowed(s, {act::cast, {}});
}

void check_hidden(reader& read, const process& p, const stage& s, const node& at) {
    if (!hides_tally(p, s)) return;
    const auto tells = [&](const rule& r) { return tells_ballots(p, r); };
    const auto wrong = [&](const node& where, const std::string& what) {
        read.wrong(where, "ballots are hidden, and " + what + " would tell what they say",
                   "decide it at a time, or in a stage where nobody votes any more; or show ballots at once");
    };
    for (std::size_t i = 0; i < s.exits.size(); ++i) {
        const auto& x = s.exits[i];
        if (!tells(x.when) && !tells(x.condition)) continue;
        // At its deadline, or when somebody closes it, a vote may go several ways, if it goes one of them in any case.
        const bool closes = x.by == trigger::after || x.by == trigger::on;
        const bool ends_anyway = closes && std::any_of(s.exits.begin() + static_cast<std::ptrdiff_t>(i), s.exits.end(), [&](const stage_exit& y) {
            return y.by == x.by && y.acts == x.acts && y.length == x.length && y.anchor == x.anchor && y.anchor_fact == x.anchor_fact && y.condition.empty();
        });
        if (!ends_anyway) wrong(exit_node(at, i), "when stage " + in_quotes(s.name) + " ends");
    }
    for (const auto& a : s.allow) {
        if (tells(a.who) || tells(a.condition)) wrong(permission_node(at, a.what), "who may " + std::string(to_string(a.what)));
        if (a.what == act::break_tie) wrong(permission_node(at, a.what), "which tie can be broken");
    }
    if (tells(s.clock_runs)) wrong(at, "whether its clock runs");
    for (const auto& x : s.exits)
        for (const auto to : x.targets())
            if (tells(p.stages[to].first)) return wrong(at, "who goes first into stage " + in_quotes(p.stages[to].name));
    for (const auto& v : s.visible_to.empty() ? p.visible_to : s.visible_to)
        if (tells(v.who) || tells(v.condition)) wrong(at, "who sees it");
}

void check_permissions(reader& read, const process& p, const stage& s, const node& at) {
    std::set<act> told;
    for (const auto& a : s.allow) {
        const auto answer = may(s.in, {.what = a.what, .editorial = true, .leads_back = true,
                                       .gate = p.kind == process_kind::gate});
        if (answer.refused() && told.insert(a.what).second)
            read.wrong(permission_node(at, a.what), "the law lets nobody " + std::string(to_string(a.what)) + " in phase " +
                               std::string(to_string(s.in)) + ": " + std::string(answer.law));
        if (a.what == act::cast && p.positions.empty())
            read.wrong(at, "there is nothing to cast: the process has no positions");
    }
}

}  // namespace

void check_stages(reader& read, const process& p, const node& from) {
    if (p.stages.empty()) return;
    std::set<std::size_t> ends;
    for (std::size_t i = 0; i < p.stages.size(); ++i) {
        const auto& s = p.stages[i];
        const auto& at = *stage_node(from, s);
        if (!is_open(s.in) || p.kind == process_kind::gate) ends.insert(i);
        if (is_open(s.in) && s.exits.empty() && p.kind != process_kind::gate)
            read.wrong(at, "stage " + in_quotes(s.name) + " has no exit: nothing would ever end there");
        check_exits(read, p, s, at);
        check_permissions(read, p, s, at);
        check_hidden(read, p, s, at);
    }
    if (!is_open(p.stages.front().in))
        read.wrong(*stage_node(from, p.stages.front()), "a proposal can't start in phase " +
                                                            std::string(to_string(p.stages.front().in)));
    if (!is_open(p.stages.front().in)) return;  // all others would be out of reach
    const auto reached = reach(p, {0}, false);
    const auto leads_out = reach(p, ends, true);
    for (std::size_t i = 0; i < p.stages.size(); ++i) {
        const auto& s = p.stages[i];
        if (!reached.contains(i)) read.wrong(*stage_node(from, s), "stage " + in_quotes(s.name) + " can't be reached");
        else if (!leads_out.contains(i) && !s.exits.empty())
            read.wrong(*stage_node(from, s), "no way leads from stage " + in_quotes(s.name) + " to an outcome");
    }
    std::set<std::size_t> used;
    const auto note = [&](const rule& r) {
        for (const auto& n : r.nodes)
            if (n.what == op::named_rule) used.insert(n.index);
    };
    each_rule(p, note);
    const auto* rules = from.find("rules");
    for (std::size_t i = 0; rules != nullptr && read.ok() && i < p.rules.size(); ++i)
        if (!used.contains(i))
            if (const auto* m = rules->find_member(p.rules[i].name))
                read.suspicious(m->value, "rule " + in_quotes(p.rules[i].name) + " is used nowhere");
}

// ---- charter and roster -----------------------------------------------------------------------------------------------------
namespace {

class meeting {
public:
    meeting(const charter& c, const roster& people) : charter_(c), people_(people) {}

    std::vector<problem> operator()() {
        for (const auto& p : charter_.processes()) one(p);
        return std::move(found_);
    }

private:
    void wrong(const process& p, const std::string& where, std::string what, std::string hint = {}) {
        found_.push_back({.where = charter_.get().name + "#/processes/" + p.name + where, .what = std::move(what),
                          .hint = std::move(hint)});
    }

    void one(const process& p) {
        const auto before = found_.size();
        names(p, p.electorate.of, "/electorate");
        names(p, p.may_open, "/open");
        names(p, p.may_open_if, "/open");
        names(p, p.ballots.showing.shown_to, "/ballots");
        for (const auto& v : p.visible_to) {
            names(p, v.who, "/visible");
            names(p, v.condition, "/visible");
        }
        for (const auto& name : p.teams.except)
            if (!people_.team_named(name)) unknown(p, "/teams", set_call::team, name);
        for (const auto& r : p.rules) names(p, r.value, "/rules/" + r.name);
        for (const auto& s : p.stages) {
            const auto where = "/stages/" + s.name;
            names(p, s.clock_runs, where + "/clock");
            names(p, s.first, where + "/first");
            if (s.ballots) names(p, s.ballots->shown_to, where + "/ballots");
            for (const auto& v : s.visible_to) {
                names(p, v.who, where + "/visible");
                names(p, v.condition, where + "/visible");
            }
            for (const auto& a : s.allow) {
                names(p, a.who, where + "/allow");
                names(p, a.condition, where + "/allow");
            }
            for (std::size_t i = 0; i < s.exits.size(); ++i) {
                const auto exit = where + "/exits/" + std::to_string(i);
                names(p, s.exits[i].when, exit);
                names(p, s.exits[i].condition, exit);
                for (const auto& b : s.exits[i].cast) names(p, b.who, exit);
            }
        }
        if (found_.size() == before) electorate(p);
    }

    void names(const process& p, const rule& r, const std::string& where) {
        for (const auto& n : r.nodes) {
            if (n.what != op::set_call) continue;
            const auto name = r.view().name(n);
            const auto kind = static_cast<set_call>(n.index);
            bool       known = true;
            if (kind == set_call::team || kind == set_call::leads || kind == set_call::seats || kind == set_call::reps)
                known = people_.team_named(name).has_value();
            else if (kind == set_call::role)
                known = people_.role_named(name).has_value();
            else if (kind == set_call::owners)
                known = std::any_of(people_.scopes().begin(), people_.scopes().end(),
                                    [&](const scope& s) { return s.name == name; });
            if (!known) unknown(p, where, kind, name);
        }
    }
    void unknown(const process& p, const std::string& where, set_call kind, std::string_view name) {
        std::vector<std::string_view> known;
        for (const auto t : people_.teams()) known.push_back(people_.name(t));
        const bool role = kind == set_call::role;
        const bool scope = kind == set_call::owners;
        wrong(p, where, std::string(role ? "role " : scope ? "scope " : "team ") + in_quotes(name) + " is not in the roster",
              role || scope ? "" : json_text::did_you_mean(name, known));
    }

    /// Does the electorate depend on the proposal, so that it can't be known yet?
    static bool depends_on_proposal(const rule& r) {
        return std::any_of(r.nodes.begin(), r.nodes.end(), [](const rule_node& n) {
            return n.what == op::set_of_proposal || n.what == op::set_name || n.of_parent ||
                   (n.what == op::set_call && n.index >= static_cast<std::uint16_t>(set_call::voters));
        });
    }

    /// Is some team in it of which the roster doesn't know who they are? Then neither are they counted here.
    [[nodiscard]] bool names_unknown_members(const rule& r) const {
        return std::any_of(r.nodes.begin(), r.nodes.end(), [&](const rule_node& n) {
            const auto t = n.what == op::set_call ? people_.team_named(r.view().name(n)) : std::nullopt;
            return t && !people_.members_known(*t);
        });
    }

    void electorate(const process& p) {
        proposal blank;
        blank.under = charter_;
        blank.by = &p;
        if (p.electorate.of.empty()) return;
        if (names_unknown_members(p.electorate.of)) return;
        if (!depends_on_proposal(p.electorate.of)) {
            const auto who = electors_of(blank, {people_});
            if (who.empty()) wrong(p, "/electorate", "the electorate is empty: nobody could decide anything");
            else never(p, who.size(), "an electorate of " + std::to_string(who.size()));
            return;
        }
        // With the proposal's teams as electorate, each team of known size is one that proposals may name.
        std::set<std::size_t> sizes;
        for (const auto t : people_.teams())
            if (people_.members_known(t) && !people_.electors(t).empty()) sizes.insert(people_.electors(t).size());
        if (sizes.empty()) return;
        const auto before = found_.size();
        never(p, *sizes.rbegin(), "the largest team, of " + std::to_string(*sizes.rbegin()));
        if (found_.size() != before && sizes.size() > 1) found_.back().hint = "smaller teams were not looked at";
    }

    void never(const process& p, std::size_t size, const std::string& whom) {
        rule_trials trial(p);
        for (const auto& s : p.stages)
            for (std::size_t i = 0; i < s.exits.size(); ++i) {
                const auto& x = s.exits[i];
                for (const auto* r : {&x.when, &x.condition})
                    if (!r->empty() && !trial.can_ever_hold(r->view(), size))
                        wrong(p, "/stages/" + s.name + "/exits/" + std::to_string(i),
                              in_quotes(print(r->view())) + " can never hold for " + whom);
            }
    }

    const charter&       charter_;
    const roster&        people_;
    std::vector<problem> found_;
};

}  // namespace

std::vector<problem> check(const charter& c, const roster& people) { return meeting(c, people)(); }

}  // namespace quorate
