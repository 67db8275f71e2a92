// Reading rules the slow way: member by member, choice by choice. What verdict.hpp must agree with.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include <quorate/verdict.hpp>

namespace brute_force {

using namespace quorate;

constexpr int silent = -1;

/// One member, not a class of them.
struct person {
    std::uint64_t sets = 0;
    std::uint64_t elements = 0;
    std::uint32_t affiliation = 0;
    std::uint32_t seat = 0;
    int           weight = 1;
    bool          may_act = true;
    std::uint32_t castable = ~0U;
    int           at = silent;
};

/// Which members count: those in these sets, and in this element of "each".
struct place {
    std::uint64_t sets = 0;
    int           team = -1;
    std::uint32_t affiliation = 0;
    std::uint32_t seat = 0;
};

/// A second implementation of the language, over single members and with nothing of the first but `number`: slow and plain.
struct oracle {
    std::vector<person> people;
    evidence            rest;  ///< everything but the classes

    bool counted(const person& p, const place& in) const {
        return (p.sets & in.sets) == in.sets && (in.team < 0 || (p.elements >> in.team & 1U) != 0) &&
               (in.affiliation == 0 || p.affiliation == in.affiliation) && (in.seat == 0 || p.seat == in.seat);
    }
    bool is(const person& p, rule_view r, const rule_node& n) const {
        if (n.what == op::count || n.what == op::weight) return p.at == n.index;
        const auto bit = [&](std::uint32_t mask) { return p.at != silent && (mask >> p.at & 1U) != 0; };
        const auto q = r.name(n);  // of a quantity, or of weight(quantity)
        if (q == "eligible") return p.at == silent || bit(rest.in_base);
        if (q == "cast") return bit(rest.in_cast);
        return p.at == silent;  // outstanding
    }
    std::optional<number> value(rule_view r, const rule_node& n, place in, op how = op::count) const {
        const auto first = [&] { return value(r, r[n.child], in); };
        const auto second = [&] { return value(r, r[r[n.child].next], in); };
        switch (n.what) {
            case op::number: return number::fraction(n.numerator, n.denominator);
            case op::fact:
                for (const auto& f : rest.facts)
                    if (f.name == r.name(n)) return f.amount;
                return std::nullopt;
            case op::by_distinct: case op::by_largest: return value(r, r[n.child], in, n.what);
            case op::counted_in:
                in.sets |= std::uint64_t{1} << r[r[n.child].next].slot;
                return value(r, r[n.child], in, how);
            case op::add: case op::subtract: case op::multiply: case op::of: case op::divide: {
                const auto a = first();
                const auto b = second();
                if (!a || !b) return std::nullopt;
                if (n.what == op::add) return add(*a, *b);
                if (n.what == op::subtract) return subtract(*a, *b);
                if (n.what == op::divide) return divide(*a, *b);
                return multiply(*a, *b);
            }
            case op::minimum: case op::maximum: {
                std::optional<number> best;
                for (auto c = n.child; c != no_node; c = r[c].next) {
                    const auto v = value(r, r[c], in);
                    if (!v) return std::nullopt;
                    if (!best || (n.what == op::minimum ? *v < *best : *v > *best)) best = *v;
                }
                return best;
            }
            case op::ceiling: case op::floor_of: case op::root: {
                const auto a = first();
                if (!a) return std::nullopt;
                return n.what == op::ceiling ? ceil(*a) : n.what == op::floor_of ? floor(*a) : square_root(*a);
            }
            default: break;
        }
        if (n.what == op::quantity && n.index > 3) return number(rest.tallies[n.index]);
        std::int64_t               sum = 0;
        std::vector<std::uint32_t> seen;
        for (const auto& p : people) {
            if (!counted(p, in) || !is(p, r, n)) continue;
            if (how == op::count) sum += n.what == op::weight || n.what == op::weight_of ? p.weight : 1;
            else if (p.affiliation != 0) seen.push_back(p.affiliation);
        }
        std::sort(seen.begin(), seen.end());
        if (how == op::count) return number(sum);
        if (how == op::by_distinct) return number(std::unique(seen.begin(), seen.end()) - seen.begin());
        std::int64_t most = 0;
        for (const auto a : seen) most = std::max<std::int64_t>(most, std::count(seen.begin(), seen.end(), a));
        return number(most);
    }
    truth judge(rule_view r, const rule_node& n, const place& in = {}) const {
        std::vector<truth> parts;
        if (n.type == value_type::truth && n.what != op::fact && !detail::is_comparison(n.what) && n.what != op::each &&
            n.what != op::certain && n.what != op::possible)
            for (auto c = n.child; c != no_node; c = r[c].next) parts.push_back(judge(r, r[c], in));
        const auto count = [&](truth t) { return std::count(parts.begin(), parts.end(), t); };
        const auto all = static_cast<std::ptrdiff_t>(parts.size());
        switch (n.what) {
            case op::all:
                return count(truth::unmet) > 0 ? truth::unmet : count(truth::error) > 0 ? truth::error : count(truth::met) > 0 ? truth::met : truth::skipped;
            case op::any: return count(truth::met) > 0 ? truth::met : count(truth::error) > 0 ? truth::error : count(truth::unmet) > 0 ? truth::unmet : truth::skipped;
            case op::negate: return parts[0] == truth::met ? truth::unmet : parts[0] == truth::unmet ? truth::met : parts[0];
            case op::unless: return parts[0] == truth::met ? truth::unmet : truth::met;
            case op::at_least:
                if (count(truth::skipped) == all) return truth::skipped;
                return count(truth::met) >= n.numerator ? truth::met : count(truth::met) + count(truth::error) < n.numerator ? truth::unmet : truth::error;
            case op::if_then: return parts[0] == truth::met ? parts[1] : parts[0] == truth::error ? truth::error : truth::skipped;
            case op::if_else_block: return parts[0] == truth::met ? parts[1] : parts[0] == truth::error ? truth::error : truth::unmet;
            case op::each: return each(r, n, in);
            case op::certain: case op::possible: {
                truth_set can;
                worlds([&](const oracle& o, int) { can |= o.judge(r, r[n.child], in); });
                if (n.what == op::possible) return can.has(truth::met) ? truth::met : can.has(truth::error) ? truth::error : truth::unmet;
                return can.has(truth::unmet) || can.has(truth::skipped) ? truth::unmet : can.has(truth::error) ? truth::error : truth::met;
            }
            case op::fact:
                for (const auto& f : rest.facts)
                    if (f.name == r.name(n)) return !f.truth ? truth::error : *f.truth ? truth::met : truth::unmet;
                return truth::error;
            default: break;
        }
        const auto a = value(r, r[n.child], in);
        const auto b = value(r, r[r[n.child].next], in);
        if (!a || !b) return truth::error;
        const bool holds = n.what == op::greater         ? *a > *b
                           : n.what == op::greater_equal ? *a >= *b
                           : n.what == op::less          ? *a < *b
                           : n.what == op::less_equal    ? *a <= *b
                           : n.what == op::equal         ? *a == *b
                                                         : *a != *b;
        return holds ? truth::met : truth::unmet;
    }
    truth each(rule_view r, const rule_node& n, const place& in) const {
        std::vector<place> elements;
        if (n.index == 0)
            for (int i = 0; i < static_cast<int>(rest.teams); ++i) elements.push_back({in.sets, i, in.affiliation, in.seat});
        std::vector<std::uint32_t> ids;
        for (const auto& p : people)
            if (const auto id = n.index == 1 ? p.affiliation : p.seat; n.index != 0 && id != 0) ids.push_back(id);
        std::sort(ids.begin(), ids.end());
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
        for (const auto id : ids) elements.push_back({in.sets, in.team, n.index == 1 ? id : 0, n.index == 2 ? id : 0});
        if (elements.empty()) return truth::error;
        bool failed = false;
        bool unknown = false;
        bool some = false;
        for (const auto& element : elements) {
            const auto t = judge(r, r[n.child], element);
            failed = failed || t == truth::unmet;
            unknown = unknown || t == truth::error;
            some = some || t == truth::met;
        }
        return failed ? truth::unmet : unknown ? truth::error : some ? truth::met : truth::skipped;
    }

    /// Every way in which the members can still choose, one member after the other; with how many of them change.
    template <class Visit>
    void worlds(Visit visit) const {
        auto copy = *this;
        choose(copy, 0, 0, visit);
    }
    template <class Visit>
    void choose(oracle& o, std::size_t i, int changed, Visit& visit) const {
        if (i == people.size()) return visit(std::as_const(o), changed);
        const auto& p = people[i];
        const bool  again = rest.revisable || rest.withdrawable;
        for (int at = silent; at < static_cast<int>(rest.positions); ++at) {
            const bool stays = at == p.at;
            const bool casts = at != silent && (rest.castable & p.castable & 1U << at) != 0 && p.may_act && (p.at == silent || again);
            const bool takes_back = at == silent && p.may_act && rest.withdrawable;
            if (!stays && !casts && !takes_back) continue;
            o.people[i].at = at;
            choose(o, i + 1, changed + (stays ? 0 : 1), visit);
        }
        o.people[i].at = p.at;
    }
};

/// The same members as classes.
inline std::vector<member_class> classes_of(const std::vector<person>& people) {
    std::map<std::tuple<std::uint64_t, std::uint64_t, std::uint32_t, std::uint32_t, int, bool, std::uint32_t>, member_class> by_kind;
    for (const auto& p : people) {
        auto& c = by_kind[{p.sets, p.elements, p.affiliation, p.seat, p.weight, p.may_act, p.castable}];
        c.sets = p.sets;
        c.elements = p.elements;
        c.affiliation = p.affiliation;
        c.seat = p.seat;
        c.weight = p.weight;
        c.may_act = p.may_act;
        c.castable = p.castable;
        ++c.counts[static_cast<std::size_t>(p.at + 1)];
    }
    std::vector<member_class> out;
    for (const auto& [kind, c] : by_kind) out.push_back(c);
    return out;
}

}  // namespace brute_force
