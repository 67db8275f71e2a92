// What a process looks at: which times, facts and people can make a difference, and until when.
#include <algorithm>

#include "verifying.hpp"

namespace quorate::verifying {
namespace {

/// Goes over a rule and the named rules that it uses.
template <class What>
void each_node(const process& p, const rule& r, What what, std::set<std::uint16_t>* seen_before = nullptr) {
    std::set<std::uint16_t> own;
    auto&                   seen = seen_before != nullptr ? *seen_before : own;
    for (std::size_t i = 0; i < r.nodes.size(); ++i) {
        const auto& n = r.nodes[i];
        what(r, n);
        if (n.what == op::named_rule && n.index < p.rules.size() && seen.insert(n.index).second) each_node(p, p.rules[n.index].value, what, &seen);
    }
}

std::size_t fact_time(const process& p, std::string_view name) {
    const auto at = std::find(p.facts.begin(), p.facts.end(), name) - p.facts.begin();
    return std::min(first_fact_time + static_cast<std::size_t>(at), most_times - 1);
}

times times_of(const process& p, const rule& of) {
    times found;
    each_node(p, of, [&](const rule& r, const rule_node& n) {
        const auto clocked = [&](const rule_node& c) {
            if (c.of_parent || (c.what == op::clock && c.index == static_cast<std::uint16_t>(clock_kind::open_for))) found.set(opened_time);
            else if (c.what == op::clock) found.set(stage_time);
            else if (c.index == since_fact) found.set(fact_time(p, r.view().name(c)));
            else found.set(first_since + c.index);
        };
        if (n.what == op::clock || n.what == op::since) clocked(n);
    });
    return found;
}

/// Whether the part at `i` holds a time that passes.
bool passes(const rule& r, std::uint16_t i) {
    const auto& n = r.nodes[i];
    if (n.what == op::clock || n.what == op::since) return true;
    for (auto c = n.child; c != no_node; c = r.nodes[c].next)
        if (passes(r, c)) return true;
    return false;
}

void measure(const process& p, const rule& r, looks& l) {
    for (const auto& n : r.nodes) {
        if (n.type == value_type::time && n.numerator > 0) l.longest = std::max(l.longest, duration{n.numerator});
        if (n.what == op::duration_of) l.longest = std::max(l.longest, duration{n.numerator});
        const bool compares = n.what >= op::greater && n.what <= op::not_equal;
        if (compares && n.child != no_node && r.nodes[n.child].next != no_node && passes(r, n.child) && passes(r, r.nodes[n.child].next)) l.endless = true;
        const bool arithmetic = n.what >= op::add && n.what <= op::root && n.type == value_type::time;
        if (arithmetic) l.endless = true;
        if (n.what == op::set_name && n.index == static_cast<std::uint16_t>(set_name::author)) l.author = true;
        if (n.what == op::set_name && n.index == static_cast<std::uint16_t>(set_name::proposer)) l.proposer = true;
        if (n.what == op::set_name && n.index == static_cast<std::uint16_t>(set_name::participants)) l.participants = true;
        if (n.what == op::by_distinct || n.what == op::by_largest || n.what == op::each) l.affiliations = l.affiliations || p.by_affiliation;
        if (n.what == op::quantity && n.index == static_cast<std::uint16_t>(quantity::revisions)) l.revisions = true;
        if (n.what == op::quantity && (n.index == static_cast<std::uint16_t>(quantity::named_teams) || n.index == static_cast<std::uint16_t>(quantity::proposal_teams))) l.named_teams = true;
        if ((n.what == op::quantity && n.index == static_cast<std::uint16_t>(quantity::children)) || n.what == op::children_of) l.children = true;
        if (n.what == op::variable && n.index == static_cast<std::uint16_t>(variable::revision_kind)) l.revision_kind = true;
        if (n.what == op::variable && n.index == static_cast<std::uint16_t>(variable::disposition)) l.disposition = true;
    }
}

/// Numbers that a fact is compared with, anywhere below the same comparison.
void numbers_below(const rule& r, std::uint16_t i, std::set<std::int64_t>& found) {
    const auto& n = r.nodes[i];
    if (n.what == op::number && n.denominator != 0) found.insert(n.numerator / n.denominator);
    for (auto c = n.child; c != no_node; c = r.nodes[c].next) numbers_below(r, c, found);
}
void facts_below(const rule& r, std::uint16_t i, std::set<std::string>& found) {
    const auto& n = r.nodes[i];
    if (n.what == op::fact) found.emplace(r.view().name(n));
    for (auto c = n.child; c != no_node; c = r.nodes[c].next) facts_below(r, c, found);
}

void facts(const rule& r, std::map<std::string, fact_use>& all) {
    const auto use = [&](const std::string& name) -> fact_use& {
        auto& f = all[name];
        f.name = name;
        return f;
    };
    for (std::size_t i = 0; i < r.nodes.size(); ++i) {
        const auto& n = r.nodes[i];
        if (n.what == op::fact && n.type != value_type::number) use(std::string(r.view().name(n))).as_truth = true;
        if (n.what == op::since && n.index == since_fact) (void)use(std::string(r.view().name(n)));
        if (n.what < op::greater || n.what > op::not_equal) continue;
        std::set<std::string>  named;
        std::set<std::int64_t> numbers;
        facts_below(r, static_cast<std::uint16_t>(i), named);
        numbers_below(r, static_cast<std::uint16_t>(i), numbers);
        if (numbers.empty()) numbers.insert(1);  // a factor of something counted
        for (const auto& name : named)
            for (const auto v : numbers) {
                use(name).amounts.insert(v);
                use(name).amounts.insert(v + 1);
                if (v > 0) use(name).amounts.insert(v - 1);
            }
    }
}

void permissions(const process& p, looks& l) {
    const auto allows = [&](act a) {
        return std::any_of(p.stages.begin(), p.stages.end(), [a](const stage& s) {
            return std::any_of(s.allow.begin(), s.allow.end(), [a](const permission& x) { return x.what == a; });
        });
    };
    const bool for_another = std::any_of(p.stages.begin(), p.stages.end(), [](const stage& s) {
        return std::any_of(s.allow.begin(), s.allow.end(), [](const permission& x) { return x.for_another; });
    });
    l.casters = allows(act::recuse) && for_another;
    l.delegates = p.delegation.hops != delegation_rule::reach::none || allows(act::delegate);
    l.weights = !p.electorate.weight.empty();
    l.affiliations = l.affiliations || p.by_affiliation || p.electorate.by == counted_by::organisation || p.count.most_per_affiliation != 0;
    l.children = l.children || !p.children.empty();
    for (const auto& s : p.stages)
        for (const auto& x : s.exits)
            for (const auto& a : x.acts) l.children = l.children || a.what == act::link;
}

}  // namespace

looks looks_of(const process& p) {
    looks l;
    each_deciding_rule(p, [&](const rule& r) { measure(p, r, l); });
    std::map<std::string, fact_use> found;
    each_deciding_rule(p, [&](const rule& r) { facts(r, found); });
    for (const auto& s : p.stages)
        for (const auto& x : s.exits)
            for (const auto& a : x.acts)
                if (a.what == act::fact && !a.about.empty() && !found.contains(a.about)) found[a.about] = {.name = a.about, .as_truth = true, .amounts = {}};
    for (const auto& name : p.facts)
        if (!found.contains(name)) found[name] = {.name = name, .as_truth = true, .amounts = {}};
    for (auto& [name, use] : found) {
        if (use.amounts.empty()) use.as_truth = true;
        l.facts.push_back(std::move(use));
    }
    permissions(p, l);

    const auto n = p.stages.size();
    l.needed.assign(n, {});
    l.asked.assign(n, {});
    l.open_ended.assign(n, false);
    times everywhere = times_of(p, p.options.on_ballot) | times_of(p, p.count.quorum) | times_of(p, p.electorate.of);
    if (const auto* quorum = p.rule_named("quorum")) everywhere |= times_of(p, quorum->value);  // acceptance is judged by it
    times promised;
    for (const auto& q : p.properties) promised |= times_of(p, q.value);
    duration extension{};
    for (std::size_t i = 0; i < n; ++i) {
        const auto& s = p.stages[i];
        for (const auto& a : s.allow) l.asked[i] |= times_of(p, a.condition) | times_of(p, a.who);
        l.asked[i] |= promised;
        auto& own = l.needed[i];
        own = everywhere | l.asked[i] | times_of(p, s.clock_runs) | times_of(p, s.first);
        if (!s.clock_runs.empty()) own.set(stage_time);
        if (s.most_extension) extension = std::max(extension, *s.most_extension);
        for (const auto& x : s.exits) {
            own |= times_of(p, x.when) | times_of(p, x.condition);
            l.longest = std::max(l.longest, x.length);
            if (x.by == trigger::after) {
                if (!x.closed_end) l.open_ended[i] = true;
                if (!x.anchor_fact.empty()) own.set(fact_time(p, x.anchor_fact));
                else if (x.anchor) own.set(first_since + static_cast<std::size_t>(*x.anchor));
                else own.set(stage_time);
            }
        }
    }
    for (bool grown = true; grown;) {
        grown = false;
        for (std::size_t i = 0; i < n; ++i)
            for (const auto& x : p.stages[i].exits)
                for (const auto to : x.targets()) {
                    auto more = l.needed[to];
                    if (!x.keeps_clock) more.reset(stage_time);
                    more |= l.needed[i];
                    grown = grown || more != l.needed[i];
                    l.needed[i] = more;
                }
    }
    l.longest += extension + duration{1};
    return l;
}

std::size_t members_for(const process& p) {
    // A rule that wants a number of somebody can't be met, or not in more than one way, by fewer.
    std::int64_t wanted = 2;
    constexpr std::int64_t largest = 4;
    each_deciding_rule(p, [&](const rule& r) {
        for (const auto& n : r.nodes) {
            if (n.what < op::greater || n.what > op::not_equal) continue;
            bool counts = false;
            std::int64_t number = 0;
            for (auto c = n.child; c != no_node; c = r.nodes[c].next) {
                const auto& part = r.nodes[c];
                counts = counts || part.what == op::count || part.what == op::counted_in || part.what == op::quantity;
                if (part.what == op::number && part.denominator == 1) number = std::max(number, part.numerator);
            }
            if (counts && number <= largest) wanted = std::max(wanted, number);
        }
    });
    return static_cast<std::size_t>(wanted) + 1;
}

}  // namespace quorate::verifying
