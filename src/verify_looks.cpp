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
    bool                      silence = false;  ///< whether somebody has cast any ballot

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
                silence = true;
                for (std::size_t i = 0; i < positions.size(); ++i)
                    if (!p.positions[i].in_base) positions[i] = 1;
                return;
            default:
                if (!parts_of(n).test(static_cast<std::size_t>(part::ballots))) return;
        }
        silence = true;
        positions.assign(positions.size(), 1);
    }
    void fact(std::string_view name, const std::vector<fact_use>& all) {
        for (std::size_t i = 0; i < all.size(); ++i)
            if (all[i].name == name) facts[i] = 1;
    }
    void join(const reading& o) {
        what |= o.what;
        silence = silence || o.silence;
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
        const auto  left = n.child, right = left == no_node ? no_node : r.nodes[left].next;
        const bool  plain = right != no_node && r.nodes[left].what == op::fact && r.nodes[right].what == op::number && r.nodes[right].denominator == 1;
        const bool  reaches = plain && (n.what == op::greater || n.what == op::greater_equal);
        for (const auto& name : named)
            if (reaches) use(name).reached.insert(r.nodes[right].numerator + (n.what == op::greater ? 1 : 0));
            else use(name).only_reached = false;
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

/// Facts that are asked for otherwise than that they hold: for those it matters whether they are false or not reported.
void not_asserted(const process& p, const rule& r, std::uint16_t i, bool asserted, std::map<std::string, fact_use>& all, std::size_t deep = 0) {
    constexpr std::size_t deepest = 16;
    const auto&           n = r.nodes[i];
    if (n.what == op::fact && !asserted) all[std::string(r.view().name(n))].asserted = false;
    if (n.what == op::named_rule && n.index < p.rules.size() && deep < deepest)
        not_asserted(p, p.rules[n.index].value, p.rules[n.index].value.root, asserted, all, deep + 1);
    const bool still = asserted && (n.what == op::all || n.what == op::any || n.what == op::at_least || n.what == op::named_rule ||
                                    (n.what >= op::greater && n.what <= op::not_equal));
    for (auto c = n.child; c != no_node; c = r.nodes[c].next) not_asserted(p, r, c, still, all, deep);
}
void not_asserted(const process& p, const rule& r, bool asserted, std::map<std::string, fact_use>& all) {
    if (!r.nodes.empty()) not_asserted(p, r, r.root, asserted, all);
}

/// Facts that stand side by side in one rule and nowhere else go in one order.
void side_by_side(const process& p, std::map<std::string, fact_use>& all) {
    std::map<std::string, std::size_t> mentioned;
    const auto count = [&](const rule& r) {
        for (const auto& n : r.nodes)
            if (n.what == op::fact || (n.what == op::since && n.index == since_fact)) ++mentioned[std::string(r.view().name(n))];
    };
    each_deciding_rule(p, count);
    for (const auto& s : p.stages) {
        for (const auto& a : s.allow) ++mentioned[a.about];
        for (const auto& x : s.exits) {
            ++mentioned[x.anchor_fact];
            for (const auto& a : x.acts) ++mentioned[a.about];
        }
    }
    each_deciding_rule(p, [&](const rule& r) {
        for (const auto& n : r.nodes) {
            if (n.what != op::all) continue;
            std::string last;
            for (auto c = n.child; c != no_node; c = r.nodes[c].next) {
                if (r.nodes[c].what != op::fact || r.nodes[c].of_parent) continue;
                const std::string name(r.view().name(r.nodes[c]));
                auto&             use = all[name];
                if (!use.as_truth || !use.amounts.empty() || !use.asserted || mentioned[name] != 1) continue;
                use.behind = std::exchange(last, name);
            }
        }
    });
}

/// Where rules are read, and whether they are met where they hold: they may be missed where they don't.
void fact_uses(const process& p, std::map<std::string, fact_use>& all) {
    for (const auto* r : {&p.electorate.of, &p.may_open, &p.may_open_if, &p.options.on_ballot, &p.count.quorum}) not_asserted(p, *r, true, all);
    for (const auto& q : p.properties) not_asserted(p, q.value, false, all);
    for (const auto& s : p.stages) {
        not_asserted(p, s.clock_runs, true, all);
        not_asserted(p, s.first, false, all);
        for (const auto& a : s.allow) not_asserted(p, a.who, true, all), not_asserted(p, a.condition, true, all);
        for (const auto& x : s.exits) {
            not_asserted(p, x.when, true, all);  // of "unless" as well: that it doesn't hold is all that counts
            not_asserted(p, x.condition, true, all);
            for (const auto& b : x.cast) not_asserted(p, b.who, true, all);
        }
    }
    side_by_side(p, all);
}

/// Facts that decide what becomes of a proposal in a stage without anybody doing anything there.
reading at_once(const process& p, const stage& s, const std::vector<fact_use>& facts) {
    reading own(p, facts);
    own.add(p, s.clock_runs, facts);
    own.add(p, s.first, facts);
    for (const auto& x : s.exits) {
        if (x.by == trigger::on) continue;
        own.add(p, x.when, facts);
        own.add(p, x.condition, facts);
        if (!x.anchor_fact.empty()) own.fact(x.anchor_fact, facts);
    }
    return own;
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
    }
    for (const auto& x : s.exits) {
        own.add(p, x.when, facts);
        own.add(p, x.condition, facts);
        if (!x.anchor_fact.empty()) own.fact(x.anchor_fact, facts);
        for (const auto& b : x.cast) own.add(p, b.who, facts);
    }
    return own;
}

/// What stages that are left at once lead to counts as theirs.
void grow_at_once(const process& p, std::vector<reading>& soon) {
    for (bool grown = true; grown;) {
        grown = false;
        for (std::size_t i = 0; i < p.stages.size(); ++i)
            for (const auto& x : p.stages[i].exits) {
                if (x.by == trigger::on) continue;
                for (const auto to : x.targets()) {
                    const auto before = soon[i];
                    soon[i].join(soon[to]);
                    grown = grown || !(before == soon[i]);
                }
            }
    }
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
    auto told = own, soon = own, here = own;
    for (std::size_t i = 0; i < p.stages.size(); ++i) {
        const auto& s = p.stages[i];
        soon[i] = at_once(p, s, l.facts);
        own[i] = reading_of(p, s, l.facts);
        own[i].join(everywhere);
        told[i] = here[i] = own[i];
        for (const auto& a : s.allow)
            if (a.what == act::fact) a.about.empty() ? told[i].facts.assign(l.facts.size(), 1) : told[i].fact(a.about, l.facts);
        for (const auto& x : s.exits)
            for (const auto& a : x.acts)
                if (a.what == act::fact) a.about.empty() ? told[i].facts.assign(l.facts.size(), 1) : told[i].fact(a.about, l.facts);
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
    grow_at_once(p, soon);
    // Ballots that can't be changed, are in parts or may be somebody else's differ from silence in more than what counts read.
    const bool apart = !p.ballots.revisable || p.ballots.split != ballot_rule::splitting::none || p.options.some || l.delegates || l.casters;
    for (std::size_t i = 0; i < p.stages.size(); ++i) {
        auto& each = own[i];
        l.read.push_back(each.what);
        auto& now = told[i];
        for (const auto& x : p.stages[i].exits)
            for (const auto to : x.targets()) now.join(soon[to]);
        auto& remembered = l.facts_read.emplace_back(here[i].facts);
        for (const auto& x : p.stages[i].exits)
            for (const auto to : x.targets())
                for (std::size_t f = 0; f < remembered.size(); ++f) remembered[f] |= soon[to].facts[f];
        for (std::size_t f = 0; f < remembered.size(); ++f)
            if (each.facts[f] != 0 && l.needed[i].test(fact_time(p, l.facts[f].name))) remembered[f] = now.facts[f] = 1;
        l.facts_told.push_back(std::move(now.facts));
        auto& as = l.choices.emplace_back(p.positions.size() + 1);
        std::map<std::pair<bool, bool>, std::uint8_t> alike;
        for (std::size_t k = 0; k < p.positions.size(); ++k) {
            const auto itself = static_cast<std::uint8_t>(k + 1);
            as[k + 1] = apart || each.positions[k] != 0               ? itself
                        : !each.silence && !p.positions[k].binding ? 0
                                                                   : alike.try_emplace({p.positions[k].binding, p.positions[k].in_base}, itself).first->second;
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
    fact_uses(p, found);
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
    live(p, l);
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
