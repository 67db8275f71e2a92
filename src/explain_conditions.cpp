// Explanations: which conditions of a rule matter as things stand, what is still wanted of it, and leave that waits for a condition.
#include "explaining.hpp"
#include "tells_ballots.hpp"

#include <algorithm>
#include <iterator>

#include "json.hpp"

namespace quorate {

using json_text::in_quotes;

namespace {

/// "either A or B"; with commas where an alternative is itself joined.
std::string alternatives(const std::vector<std::string>& parts) {
    const bool joined = std::any_of(parts.begin(), parts.end(), [](const std::string& p) {
        return p.find(" and ") != std::string::npos || p.find(" or ") != std::string::npos;
    });
    std::string s = "either ";
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const bool last = i + 1 == parts.size();
        s += i == 0 ? "" : last ? (joined ? ", or " : " or ") : ", ";
        s += parts[i];
    }
    return s;
}

}  // namespace

truth explaining::shown(rule_view r, std::uint16_t part) const {
    std::set<std::size_t> seen;
    if (hidden_ && tells_ballots(*p_.by, r, part, seen)) return truth::error;
    r.root = part;
    return read_now(r, facts_);
}

bool explaining::may_become(rule_view r, std::uint16_t part, truth wanted) const {
    std::set<std::size_t> seen;
    std::string           stuck;
    return (hidden_ && tells_ballots(*p_.by, r, part, seen)) || could_become(r, part, wanted, stuck);
}

std::vector<std::uint16_t> explaining::ways(rule_view r, std::uint16_t part, truth wanted) const {
    std::vector<std::uint16_t> all, good;
    const bool                 settled = shown(r, part) == wanted;
    for (auto c = r[part].child; c != no_node; c = r[c].next) {
        all.push_back(c);
        if (settled ? shown(r, c) == wanted : may_become(r, c, wanted)) good.push_back(c);
    }
    return good.empty() ? all : good;
}

void explaining::mark(rule_view r, std::uint16_t part, truth wanted, relevant& found, std::size_t depth) const {
    if (depth >= deepest_reading) return;
    const auto& n = r[part];
    found.insert(&n);
    switch (n.what) {
        case op::named_rule: {
            const auto& named = p_.by->rule_views[n.index];
            return mark(named, named.root, wanted, found, depth + 1);
        }
        case op::negate: return mark(r, n.child, negation(wanted), found, depth + 1);
        case op::unless: return mark(r, n.child, truth::met, found, depth + 1);
        case op::all: case op::any:
            if (n.what == (wanted == truth::met ? op::any : op::all)) {
                for (const auto c : ways(r, part, wanted)) mark(r, c, wanted, found, depth + 1);
                return;
            }
            // A part that doesn't apply is in nobody's way, as long as another does.
            for (auto c = n.child; c != no_node; c = r[c].next)
                if (shown(r, c) != truth::skipped || shown(r, part) == truth::skipped) mark(r, c, wanted, found, depth + 1);
            return;
        case op::if_then: case op::if_else_block: {
            const auto guard = shown(r, n.child);
            mark(r, n.child, truth::met, found, depth + 1);
            if (guard != truth::unmet && guard != truth::skipped) mark(r, r[n.child].next, wanted, found, depth + 1);
            return;
        }
        default: break;
    }
    for (auto c = n.child; c != no_node; c = r[c].next) mark(r, c, wanted, found, depth + 1);
}

std::vector<condition_reading> explaining::conditions_of(rule_view r, bool helps_on) {
    relevant                                          found;
    std::set<std::tuple<const rule_node*, int, bool>> told;
    std::vector<condition_reading>                    all;
    mark(r, r.root, truth::met, found);
    for (const auto& a : read(r, facts_).why) {
        if (!found.contains(&a.in[a.node]) || !told.emplace(&a.in[a.node], a.element, a.negated).second) continue;
        all.push_back(condition_of(a));
        if (all.back().is == truth::met || !helps_on) continue;
        for (auto& h : helping(a)) helpful_.push_back(std::move(h));
    }
    return all;
}

// ---- what is still wanted, as a clause ----------------------------------------------------------------------------------------
std::string explaining::still_wanted(rule_view r, std::uint16_t part, truth wanted, std::size_t depth) const {
    const auto& n = r[part];
    if (depth >= deepest_reading || shown(r, part) == wanted) return {};
    switch (n.what) {
        case op::named_rule: {
            const auto& named = p_.by->rule_views[n.index];
            return still_wanted(named, named.root, wanted, depth + 1);
        }
        case op::negate: return still_wanted(r, n.child, negation(wanted), depth + 1);
        case op::all: case op::any: {
            const bool               one_does = n.what == (wanted == truth::met ? op::any : op::all);
            std::vector<std::string> parts;
            const auto               add = [&](std::uint16_t c) {
                auto s = still_wanted(r, c, wanted, depth + 1);
                if (!s.empty() && std::find(parts.begin(), parts.end(), s) == parts.end()) parts.push_back(std::move(s));
            };
            if (one_does) {
                auto open = ways(r, part, wanted);
                // What doesn't apply is no way to go, as long as there is another.
                const auto applies = [&](std::uint16_t c) { return shown(r, c) != truth::skipped; };
                if (std::any_of(open.begin(), open.end(), applies))
                    open.erase(std::stable_partition(open.begin(), open.end(), applies), open.end());
                for (const auto c : open) add(c);
                return parts.size() == 1 ? parts.front() : parts.empty() ? std::string() : alternatives(parts);
            }
            for (auto c = n.child; c != no_node; c = r[c].next)
                if (shown(r, c) != truth::skipped) add(c);
            // Alternatives go last, where nothing can be taken for part of them.
            std::stable_partition(parts.begin(), parts.end(), [](const std::string& s) { return !s.starts_with("either "); });
            std::string s;
            for (const auto& p : parts) s += (s.empty() ? "" : " and ") + p;
            return s;
        }
        case op::if_then: case op::if_else_block:
            if (shown(r, n.child) == truth::met) return still_wanted(r, r[n.child].next, wanted, depth + 1);
            return still_wanted(r, n.child, truth::met, depth + 1);
        default: return unmet_atoms(r, part, wanted);
    }
}

std::string explaining::unmet_atoms(rule_view r, std::uint16_t part, truth wanted) const {
    auto only = r;
    only.root = part;
    auto why = read(only, facts_).why;
    // What a modality says of its parts is no wish of its own.
    if ((r[part].what == op::certain || r[part].what == op::possible) && why.size() > 1) why.erase(why.begin(), std::prev(why.end()));
    std::string s;
    for (auto& a : why) {
        a.negated = a.negated != (wanted == truth::unmet);
        const auto c = condition_of(a);
        if (c.is != truth::met) s += (s.empty() ? "" : " and ") + this->wanted(c);
    }
    return s;
}

std::string explaining::once(const rule& condition) const {
    std::set<std::size_t> seen;
    if (condition.empty() || (hidden_ && tells_ballots(*p_.by, condition.view(), condition.root, seen))) return {};
    const auto wish = still_wanted(condition.view(), condition.root, truth::met);
    return wish.empty() ? std::string() : " once " + wish;
}

// ---- acts that would help on ----------------------------------------------------------------------------------------------------
std::vector<act_pattern> explaining::helping(const atom& a) {
    auto part = a.in;
    part.root = a.node;
    const auto& n = part[part.root];
    const auto  right = n.child == no_node ? no_node : part[n.child].next;
    const bool  nothing = n.what == op::equal && right != no_node && part[right].what == op::number && part[right].numerator == 0;
    const bool  asks_less = n.what == op::less || n.what == op::less_equal || nothing;
    const bool  more_helps = asks_less == a.negated;
    std::vector<act_pattern> found;
    visit(part, part.root, [&](const rule_node& each) {
        if (each.of_parent) return;
        if (each.what == op::fact || (each.what == op::since && each.index == since_fact))
            found.push_back({act::fact, std::string(part.name(each))});
        if ((each.what == op::count || each.what == op::weight || each.what == op::held) && more_helps) found.push_back({act::cast, std::string(part.name(each))});
        if (each.what != op::quantity && each.what != op::weight_of && each.what != op::held_of) return;
        switch (static_cast<quantity>(each.index)) {
            case quantity::eligible: case quantity::cast:
                if (more_helps) found.push_back({act::cast, {}});
                break;
            case quantity::outstanding: found.push_back({act::cast, {}}); break;
            case quantity::seconds:
                if (more_helps) found.push_back({act::second, {}});
                break;
            case quantity::sponsors:
                if (more_helps) found.push_back({act::sponsor, {}});
                break;
            case quantity::concerns:
                if (more_helps) break;
                found.push_back({act::resolve, {}});
                found.push_back({act::override_, {}});
                break;
            case quantity::holds:
                if (!more_helps) found.push_back({act::release, {}});
                break;
            case quantity::questions:
                if (!more_helps) found.push_back({act::answer, {}});
                break;
            default: break;
        }
    });
    return found;
}

bool explaining::leads_on(const stage_exit& x) const {
    const auto target = p_.target_of(x);
    if (!target) return false;
    const auto to = p_.by->stages[*target].in;
    return x.by != trigger::unless && *target != p_.stage && (is_open(to) || to == phase::accepted || to == phase::enacted);
}

bool explaining::gives_up(act a) { return a == act::withdraw || a == act::cancel || a == act::revise; }

bool explaining::helps(const permission& a) const {
    const auto fits = [&](const act_pattern& wish) {
        return wish.what == a.what && (wish.about.empty() || a.about.empty() || wish.about == a.about);
    };
    if (gives_up(a.what)) return false;
    const auto taken_on = [&](const stage_exit& x) { return leads_on(x) && std::any_of(x.acts.begin(), x.acts.end(), fits); };
    return row_of(a.what).of == act_class::conclude || row_of(a.what).of == act_class::reopen ||
           std::any_of(helpful_.begin(), helpful_.end(), fits) || std::any_of(p_.now().exits.begin(), p_.now().exits.end(), taken_on);
}

bool explaining::depends_on_the_act(const rule& condition, act a) const {
    return std::any_of(condition.nodes.begin(), condition.nodes.end(), [&](const rule_node& n) {
        if (n.what == op::named_rule) return depends_on_the_act(p_.by->rules[n.index].value, a);
        if (n.of_parent) return false;
        const bool kind = n.index == static_cast<std::uint16_t>(variable::revision_kind);
        return (n.what == op::variable && a == (kind ? act::revise : act::propose)) ||
               (n.what == op::quantity && static_cast<quantity>(n.index) == quantity::named_teams && a == act::propose);
    });
}

void explaining::withheld_leave() {
    for (const auto& a : p_.now().allow) {
        std::set<std::size_t> seen;
        if (a.condition.empty() || !helps(a) || depends_on_the_act(a.condition, a.what)) continue;
        const auto r = a.condition.view();
        if ((hidden_ && tells_ballots(*p_.by, r, r.root, seen)) || shown(r, r.root) == truth::met) continue;
        leave_reading w{.who = print(a.who.view()), .does = to_string(act_pattern{a.what, a.about}) + (a.for_another ? " for another" : ""),
                        .provided = print(r), .conditions = conditions_of(r, false)};
        if (!(hidden_ && tells_ballots(*p_.by, a.who)))
            for (const auto who : members_of(a.who.view(), p_, around_)) w.people.push_back(name(who));
        out_.withheld.push_back(std::move(w));
    }
}

}  // namespace quorate
