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
    for (std::size_t i = 0; i < r.nodes.size(); ++i) {
        const auto& n = r.nodes[i];
        if (n.type == value_type::time && n.numerator > 0) l.longest = std::max(l.longest, duration{n.numerator});
        if (n.what == op::duration_of) l.longest = std::max(l.longest, duration{n.numerator});
        const bool compares = n.what >= op::greater && n.what <= op::not_equal;
        if (compares && n.child != no_node && r.nodes[n.child].next != no_node && passes(r, n.child) && passes(r, r.nodes[n.child].next)) l.endless = true;
        if (compares && number_wanted(r, static_cast<std::uint16_t>(i)) > 0 && r.nodes[n.child].what == op::quantity &&
            r.nodes[n.child].index == static_cast<std::uint16_t>(quantity::holds)) l.counts_holds = true;
        const bool arithmetic = n.what >= op::add && n.what <= op::root && n.type == value_type::time;
        if (arithmetic) l.endless = true;
        if (n.what == op::by_distinct || n.what == op::by_largest || n.what == op::each) l.affiliations = l.affiliations || p.by_affiliation;
        if ((n.what == op::quantity && n.index == static_cast<std::uint16_t>(quantity::children)) || n.what == op::children_of) l.children = true;
    }
}

parts only(part what) { return parts{}.set(static_cast<std::size_t>(what)); }

/// What one node reads, without its children. Of what isn't known here to read less it is taken that it reads ballots.
parts parts_of(const rule_node& n) {
    const auto is = [&](auto what) { return n.index == static_cast<std::uint16_t>(what); };
    if (n.of_parent) return {};  // a parent stays as it is
    switch (n.what) {
        case op::all: case op::any: case op::negate: case op::at_least: case op::if_then: case op::if_else_block: case op::certain: case op::possible:
        case op::greater: case op::greater_equal: case op::less: case op::less_equal: case op::equal: case op::not_equal: case op::named_rule: case op::fact:
        case op::number: case op::add: case op::subtract: case op::multiply: case op::divide: case op::of: case op::minimum: case op::maximum: case op::ceiling:
        case op::floor_of: case op::root: case op::children_of: case op::duration_of: case op::clock: case op::symbol: case op::unless:
            return {};
        case op::both: case op::either: case op::except: case op::complement: case op::set_of_proposal: return only(part::people);
        case op::set_call: return is(set_call::voters) ? only(part::ballots) | only(part::people) : only(part::people);
        case op::set_name:
            if (is(set_name::author)) return only(part::author) | only(part::people);
            if (is(set_name::proposer)) return only(part::proposer) | only(part::people);
            if (is(set_name::participants)) return only(part::participants) | only(part::people);
            return only(part::people);
        case op::since: return is(since_kind::ballot) || is(since_kind::threshold) ? only(part::ballots) : parts{};
        case op::variable:
            if (is(variable::disposition)) return only(part::disposition);
            return is(variable::revision_kind) ? only(part::revision_kind) : only(part::ballots);
        case op::quantity:
            if (is(quantity::revisions)) return only(part::revisions);
            if (is(quantity::named_teams) || is(quantity::proposal_teams)) return only(part::named_teams);
            if (is(quantity::recused) || is(quantity::vacant) || is(quantity::concerns) || is(quantity::seconds) || is(quantity::sponsors) || is(quantity::holds))
                return only(part::people);
            if (is(quantity::questions) || is(quantity::children)) return {};
            return only(part::ballots) | only(part::people);
        default: return only(part::ballots) | only(part::people);
    }
}

/// Parts, facts and positions that one stage goes by, or all of them.
struct reading {
    parts                     what{};
    std::vector<std::uint8_t> facts{}, positions{};

    reading(const process& p, const std::vector<fact_use>& all) : facts(all.size()), positions(p.positions.size()) {}
    void add(const process& p, const rule& r, const std::vector<fact_use>& all) {
        each_node(p, r, [&](const rule& in, const rule_node& n) {
            what |= parts_of(n);
            if (n.of_parent) return;
            if (n.what == op::fact || (n.what == op::since && n.index == since_fact)) fact(in.view().name(n), all);
            ballots(p, n);
        });
    }
    void ballots(const process& p, const rule_node& n) {
        switch (n.what) {
            case op::count: case op::weight: case op::held: positions[n.index] = 1; return;
            case op::counted_in: case op::by_distinct: case op::by_largest: case op::each: case op::curve: return;  // of what is in them
            case op::certain: case op::possible: break;  // what ballots may still do
            case op::quantity:
                if (n.index != static_cast<std::uint16_t>(quantity::eligible)) {
                    if (!parts_of(n).test(static_cast<std::size_t>(part::ballots))) return;
                    break;
                }
                for (std::size_t i = 0; i < positions.size(); ++i)
                    if (!p.positions[i].in_base) positions[i] = 1;
                return;
            default:
                if (!parts_of(n).test(static_cast<std::size_t>(part::ballots))) return;
        }
        positions.assign(positions.size(), 1);
    }
    void fact(std::string_view name, const std::vector<fact_use>& all) {
        for (std::size_t i = 0; i < all.size(); ++i)
            if (all[i].name == name) facts[i] = 1;
    }
    void join(const reading& o) {
        what |= o.what;
        for (std::size_t i = 0; i < facts.size(); ++i) facts[i] |= o.facts[i];
        for (std::size_t i = 0; i < positions.size(); ++i) positions[i] |= o.positions[i];
    }
    friend bool operator==(const reading&, const reading&) = default;
};

/// Numbers that a fact is compared with, anywhere below the same comparison, but for shares.
void numbers_below(const rule& r, std::uint16_t i, std::set<std::int64_t>& found, bool& shares) {
    const auto& n = r.nodes[i];
    if (n.what == op::number && n.denominator == 1) found.insert(n.numerator);
    if (n.what == op::number && n.denominator > 1) shares = true;
    for (auto c = n.child; c != no_node; c = r.nodes[c].next) numbers_below(r, c, found, shares);
}
void facts_below(const rule& r, std::uint16_t i, std::set<std::string>& found) {
    const auto& n = r.nodes[i];
    if (n.what == op::fact) found.emplace(r.view().name(n));
    for (auto c = n.child; c != no_node; c = r.nodes[c].next) facts_below(r, c, found);
}

void facts(const rule& r, std::size_t people, std::map<std::string, fact_use>& all) {
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
        bool                   shares = false;
        facts_below(r, static_cast<std::uint16_t>(i), named);
        numbers_below(r, static_cast<std::uint16_t>(i), numbers, shares);
        if (numbers.empty() && !shares) numbers.insert(1);  // a factor of something counted
        if (shares)                                         // of people: of nobody, and of everybody
            for (const auto& name : named) use(name).amounts.insert({0, static_cast<std::int64_t>(people)});
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

/// What a stage's own rules and permissions go by.
reading reading_of(const process& p, const stage& s, const std::vector<fact_use>& facts) {
    reading own(p, facts);
    own.add(p, s.clock_runs, facts);
    own.add(p, s.first, facts);
    for (const auto& a : s.allow) {
        own.add(p, a.who, facts);
        own.add(p, a.condition, facts);
        own.what |= only(part::people);
        if (a.what == act::cast || a.what == act::withdraw_ballot || a.what == act::delegate) own.what |= only(part::ballots);
        if (a.what == act::propose) own.what |= only(part::disposition);
        if (a.what == act::fact) a.about.empty() ? own.facts.assign(facts.size(), 1) : own.fact(a.about, facts);
    }
    for (const auto& x : s.exits) {
        own.add(p, x.when, facts);
        own.add(p, x.condition, facts);
        if (!x.anchor_fact.empty()) own.fact(x.anchor_fact, facts);
        for (const auto& b : x.cast) own.add(p, b.who, facts);
        for (const auto& a : x.acts)
            if (a.what == act::fact) a.about.empty() ? own.facts.assign(facts.size(), 1) : own.fact(a.about, facts);
    }
    return own;
}

/// By stage: what it and those that can follow it go by.
void live(const process& p, looks& l) {
    reading everywhere(p, l.facts);
    auto    own = std::vector<reading>(p.stages.size(), everywhere);
    for (const auto* r : {&p.options.on_ballot, &p.count.quorum, &p.electorate.of}) everywhere.add(p, *r, l.facts);
    // Acceptance is judged by the rule "quorum"; a rule that no stage uses is looked at in all of them.
    std::set<std::uint16_t> rules;
    const auto uses = [&](const rule& r) { each_node(p, r, [&](const rule&, const rule_node& n) { if (n.what == op::named_rule) rules.insert(n.index); }); };
    for (const auto& s : p.stages) {
        for (const auto& a : s.allow) uses(a.condition), uses(a.who);
        for (const auto& x : s.exits) uses(x.when), uses(x.condition);
        uses(s.clock_runs), uses(s.first);
    }
    for (std::size_t i = 0; i < p.rules.size(); ++i)
        if (!rules.contains(static_cast<std::uint16_t>(i)) || p.rules[i].name == "quorum") everywhere.add(p, p.rules[i].value, l.facts);
    for (const auto& q : p.properties) everywhere.add(p, q.value, l.facts);
    for (std::size_t i = 0; i < p.stages.size(); ++i) {
        const auto& s = p.stages[i];
        own[i] = reading_of(p, s, l.facts);
        own[i].join(everywhere);
        if (p.options.some) own[i].what |= only(part::ballots);
        if (!s.exits.empty()) own[i].what |= only(part::people);
    }
    for (bool grown = true; grown;) {
        grown = false;
        for (std::size_t i = 0; i < p.stages.size(); ++i)
            for (const auto& x : p.stages[i].exits)
                for (const auto to : x.targets()) {
                    const auto before = own[i];
                    own[i].join(own[to]);
                    grown = grown || !(before == own[i]);
                }
    }
    // Ballots that can't be changed, are in parts or may be somebody else's differ from silence in more than what counts read.
    const bool apart = !p.ballots.revisable || p.ballots.split != ballot_rule::splitting::none || p.options.some || l.delegates || l.casters;
    for (auto& each : own) {
        l.read.push_back(each.what);
        l.facts_read.push_back(std::move(each.facts));
        auto& as = l.choices.emplace_back(p.positions.size() + 1);
        std::map<std::pair<bool, bool>, std::uint8_t> alike;
        for (std::size_t i = 0; i < p.positions.size(); ++i) {
            const auto itself = static_cast<std::uint8_t>(i + 1);
            as[i + 1] = apart || each.positions[i] != 0 ? itself : alike.try_emplace({p.positions[i].binding, p.positions[i].in_base}, itself).first->second;
        }
    }
}

}  // namespace

looks looks_of(const process& p, std::size_t people) {
    looks l;
    each_deciding_rule(p, [&](const rule& r) { measure(p, r, l); });
    std::map<std::string, fact_use> found;
    each_deciding_rule(p, [&](const rule& r) { facts(r, people, found); });
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
    live(p, l);

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

std::size_t number_wanted(const rule& r, std::uint16_t comparison) {
    constexpr std::int64_t largest = 24;
    const auto&            n = r.nodes[comparison];
    if (n.what < op::greater || n.what > op::not_equal) return 0;
    bool         counts = false;
    std::int64_t wanted = 0;
    for (auto c = n.child; c != no_node; c = r.nodes[c].next) {
        const auto& side = r.nodes[c];
        counts = counts || side.what == op::count || side.what == op::counted_in || side.what == op::quantity || side.what == op::by_distinct || side.what == op::by_largest;
        if (side.what == op::number && side.denominator == 1) wanted = std::max(wanted, side.numerator);
    }
    return counts && wanted <= largest ? static_cast<std::size_t>(std::max<std::int64_t>(wanted, 0)) : 0;
}

std::size_t members_for(const process& p) {
    // A rule that wants a number of somebody can't be met, or not in more than one way, by fewer.
    std::size_t wanted = p.count.quorum.empty() ? 2 : 3;  // that none may miss among three leaves no room for two opinions
    each_deciding_rule(p, [&](const rule& r) {
        for (std::size_t i = 0; i < r.nodes.size(); ++i) wanted = std::max(wanted, number_wanted(r, static_cast<std::uint16_t>(i)));
    });
    return wanted + 1;
}

}  // namespace quorate::verifying
