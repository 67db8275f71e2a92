// The one evaluator of rules, over exact values or over bounds. Included by verdict.hpp only.
#pragma once

namespace quorate::detail {

[[nodiscard]] constexpr truth_set reachable(rule_view r, std::uint16_t node, const evidence& e, std::uint64_t budget,
                                            bool* exact);

/// Which members a count is over: those in all of these sets, and in this element of the "each" around it.
struct scope {
    std::uint64_t sets = 0;
    std::uint64_t elements = 0;
    std::uint32_t affiliation = 0;
    std::uint32_t seat = 0;

    [[nodiscard]] constexpr bool covers(const member_class& c) const {
        return (c.sets & sets) == sets && (c.elements & elements) == elements &&
               (affiliation == 0 || c.affiliation == affiliation) && (seat == 0 || c.seat == seat);
    }
};

// ---- domains: what a value is, and how to compute with it ----------------------------------------------------------------
/// Everything is known: values are numbers, truths are truths.
struct exact_domain {
    using value = number;
    using result = truth;

    static constexpr value constant(number n) { return n; }
    /// Sum over the classes in scope of how many stand at one of `places` (bit 0: silent, bit 1 + p: position p).
    static constexpr std::optional<value> count(const evidence& e, const scope& s, std::uint32_t places, bool weighted) {
        std::int64_t plain = 0;
        number       weight = 0;
        for (const auto& c : e.classes) {
            if (!s.covers(c)) continue;
            std::int64_t here = 0;
            for (std::size_t i = 0; i <= e.positions; ++i)
                if ((places >> i & 1U) != 0) here += c.counts[i];
            if (!weighted) plain += here;
            else if (const auto sum = add(weight, multiply(c.weight, number(here)))) weight = *sum;
            else return std::nullopt;
        }
        return weighted ? weight : number(plain);
    }
    template <class Combine>
    static constexpr std::optional<value> combine(const value& a, const value& b, Combine f) {
        return f(a, b);
    }
    template <class Map>
    static constexpr std::optional<value> map(const value& a, Map f) {
        return f(a);
    }
    static constexpr result compare(op o, const value& a, const value& b) {
        const auto c = a <=> b;
        bool       holds = false;
        switch (o) {
            case op::greater: holds = c > 0; break;
            case op::greater_equal: holds = c >= 0; break;
            case op::less: holds = c < 0; break;
            case op::less_equal: holds = c <= 0; break;
            case op::equal: holds = c == 0; break;
            default: holds = c != 0; break;
        }
        return holds ? truth::met : truth::unmet;
    }
    static constexpr const number* exactly(const value& v) { return &v; }

    static constexpr result lift(truth t) { return t; }
    template <class F>
    static constexpr result lift(F f, result a, result b) {
        return f(a, b);
    }
};

/// Ballots may still move: a value is the least and the greatest it can be, a truth the set of what it can be. Sound, not
/// exact: the bounds of two counts forget that a member who moves from one leaves the other.
struct bounds_domain {
    struct value {
        number least = 0;
        number greatest = 0;
    };
    using result = truth_set;

    static constexpr value constant(number n) { return {n, n}; }
    static constexpr std::optional<value> count(const evidence& e, const scope& s, std::uint32_t places, bool weighted) {
        number least = 0;
        number greatest = 0;
        for (const auto& c : e.classes) {
            if (!s.covers(c)) continue;
            std::int64_t here = 0;
            std::int64_t leave = 0;  // may go elsewhere
            std::int64_t come = 0;   // may come here
            for (std::size_t i = 0; i <= e.positions; ++i) {
                const bool counted = (places >> i & 1U) != 0;
                const bool moves = c.may_act && (i == 0 || e.revisable);
                if (counted) here += c.counts[i];
                if (moves && counted) leave += c.counts[i];
                if (moves && !counted) come += c.counts[i];
            }
            const number weight = weighted ? c.weight : number(1);
            const auto   low = add(least, multiply(weight, number(here - leave)));
            const auto   high = add(greatest, multiply(weight, number(here + come)));
            if (!low || !high) return std::nullopt;
            least = *low;
            greatest = *high;
        }
        return value{least, greatest};
    }
    template <class Combine>
    static constexpr std::optional<value> combine(const value& a, const value& b, Combine f) {
        std::optional<value> out;
        for (const auto* x : {&a.least, &a.greatest})
            for (const auto* y : {&b.least, &b.greatest}) {
                const auto v = f(*x, *y);
                if (!v) return std::nullopt;
                if (!out) out = value{*v, *v};
                if (*v < out->least) out->least = *v;
                if (*v > out->greatest) out->greatest = *v;
            }
        return out;
    }
    template <class Map>
    static constexpr std::optional<value> map(const value& a, Map f) {
        const auto low = f(a.least);
        const auto high = f(a.greatest);
        if (!low || !high) return std::nullopt;
        return value{*low, *high};
    }
    static constexpr result compare(op o, const value& a, const value& b) {
        truth_set out;
        // The outcome of a comparison depends on the order of the two values only; try each order that can occur.
        if (a.greatest > b.least) out |= exact_domain::compare(o, 1, 0);
        if (a.least < b.greatest) out |= exact_domain::compare(o, 0, 1);
        if (a.greatest >= b.least && a.least <= b.greatest) out |= exact_domain::compare(o, 0, 0);
        return out;
    }
    static constexpr const number* exactly(const value& v) { return v.least == v.greatest ? &v.least : nullptr; }

    static constexpr result lift(truth t) { return t; }
    template <class F>
    static constexpr result lift(F f, result a, result b) {
        truth_set out;
        for (unsigned i = 0; i < 4; ++i)
            for (unsigned j = 0; j < 4; ++j)
                if (a.has(static_cast<truth>(i)) && b.has(static_cast<truth>(j)))
                    out |= f(static_cast<truth>(i), static_cast<truth>(j));
        return out;
    }
};

// ---- the evaluator ---------------------------------------------------------------------------------------------------------
template <class Domain>
struct evaluator {
    using value = typename Domain::value;
    using result = typename Domain::result;

    const evidence&    facts;
    std::uint64_t      budget = most_worlds;
    std::vector<atom>* trail = nullptr;
    duration           next = never;
    scope              in{};
    int                element = -1;
    bool               negated = false;
    std::size_t        depth = 0;
    std::string_view   note{};

    [[nodiscard]] constexpr const evidence* of(const rule_node& n) const { return n.of_parent ? facts.parent : &facts; }

    constexpr result truth_of(rule_view r, std::uint16_t i) {
        const auto& n = r[i];
        switch (n.what) {
            case op::all: return fold(r, n.child, truth::skipped, both);
            case op::any: return fold(r, n.child, truth::skipped, either);
            case op::negate: {
                negated = !negated;
                const auto t = truth_of(r, n.child);
                negated = !negated;
                return Domain::lift([](truth a, truth) { return negation(a); }, t, Domain::lift(truth::met));
            }
            case op::at_least: return at_least_of(r, n);
            case op::if_then: case op::if_else_block: {
                const bool block = n.what == op::if_else_block;
                const auto guard = truth_of(r, n.child);
                const auto body = truth_of(r, r[n.child].next);
                return Domain::lift([block](truth a, truth b) { return implication(a, b, block); }, guard, body);
            }
            case op::each: return each_of(r, n);
            case op::certain: case op::possible: return modality(r, n);
            case op::named_rule: {
                if (n.index >= facts.rules.size() || ++depth > deepest_reading) return unknown(r, i, "no such rule");
                const auto& named = facts.rules[n.index];
                const auto  t = truth_of(named, named.root);
                --depth;
                return t;
            }
            case op::fact: return fact_truth(r, i);
            default: return comparison(r, i);
        }
    }

private:
    constexpr result fold(rule_view r, std::uint16_t first, truth start, truth (*table)(truth, truth)) {
        auto t = Domain::lift(start);
        // Every part is read even when the result is settled: each may tell when time changes it.
        for (auto c = first; c != no_node; c = r[c].next) t = Domain::lift(table, t, truth_of(r, c));
        return t;
    }

    constexpr result at_least_of(rule_view r, const rule_node& n) {
        if constexpr (std::is_same_v<result, truth>) {
            std::int64_t met = 0;
            std::int64_t errors = 0;
            std::int64_t counted = 0;
            for (auto c = n.child; c != no_node; c = r[c].next) {
                const auto t = truth_of(r, c);
                met += t == truth::met ? 1 : 0;
                errors += t == truth::error ? 1 : 0;
                counted += t != truth::skipped ? 1 : 0;
            }
            return at_least(n.numerator, met, errors, counted);
        } else {
            std::int64_t certain_met = 0;
            std::int64_t possible_met = 0;
            bool         may_skip_all = true;
            bool         may_count = false;
            bool         may_fail = false;
            for (auto c = n.child; c != no_node; c = r[c].next) {
                const auto t = truth_of(r, c);
                certain_met += t.only(truth::met) ? 1 : 0;
                possible_met += t.has(truth::met) ? 1 : 0;
                may_skip_all = may_skip_all && t.has(truth::skipped);
                may_count = may_count || !t.only(truth::skipped);
                may_fail = may_fail || t.has(truth::error);
            }
            truth_set out;
            if (may_skip_all) out |= truth::skipped;
            if (possible_met >= n.numerator) out |= truth::met;
            if (may_count && certain_met < n.numerator) out |= truth::unmet;
            if (may_fail && certain_met < n.numerator) out |= truth::error;
            return out;
        }
    }

    constexpr result each_of(rule_view r, const rule_node& n) {
        const auto kind = static_cast<collection>(n.index);
        auto       t = Domain::lift(truth::skipped);
        const auto outer = in;
        int        count = 0;
        const auto visit = [&](const scope& s) {
            in = s;
            element = count++;
            t = Domain::lift(both, t, truth_of(r, n.child));
        };
        if (kind == collection::team) {
            for (std::size_t i = 0; i < facts.teams; ++i) {
                auto s = outer;
                s.elements |= std::uint64_t{1} << i;
                visit(s);
            }
        } else {
            std::vector<std::uint32_t> seen;
            for (const auto& c : facts.classes) {
                const auto id = kind == collection::affiliation ? c.affiliation : c.seat;
                if (id == 0 || !outer.covers(c) || std::find(seen.begin(), seen.end(), id) != seen.end()) continue;
                seen.push_back(id);
            }
            std::sort(seen.begin(), seen.end());
            for (const auto id : seen) {
                auto s = outer;
                (kind == collection::affiliation ? s.affiliation : s.seat) = id;
                visit(s);
            }
        }
        in = outer;
        element = -1;
        if (count == 0) return unknown(r, static_cast<std::uint16_t>(&n - r.nodes.data()), "nothing to go over");
        return t;
    }

    constexpr result modality(rule_view r, const rule_node& n) {
        const bool certain = n.what == op::certain;
        if constexpr (std::is_same_v<result, truth>) {
            if (trail != nullptr) (void)truth_of(r, n.child);  // the parts explain themselves as they stand
            bool       exact = true;
            const auto can = reachable(r, n.child, facts, budget, &exact);
            if (certain) return can.only(truth::met) ? truth::met : truth::unmet;
            if (can.has(truth::met)) return truth::met;
            return can.has(truth::error) ? truth::error : truth::unmet;
        } else {
            const auto can = truth_of(r, n.child);
            if (can.only(truth::met)) return truth::met;
            truth_set out = truth::unmet;
            if (can.has(truth::met)) out |= truth::met;
            if (!certain && can.has(truth::error)) out |= truth::error;
            return out;
        }
    }

    constexpr result fact_truth(rule_view r, std::uint16_t i) {
        const auto& n = r[i];
        const auto* where = of(n);
        truth       t = truth::error;
        std::string_view why = "not reported";
        if (where != nullptr)
            for (const auto& f : where->facts)
                if (f.name == r.name(n)) {
                    if (f.truth) t = *f.truth ? truth::met : truth::unmet;
                    else why = "reported as an amount";
                }
        record(r, i, t, nullptr, nullptr, never, t == truth::error ? why : std::string_view{});
        return Domain::lift(t);
    }

    constexpr result unknown(rule_view r, std::uint16_t i, std::string_view why) {
        record(r, i, truth::error, nullptr, nullptr, never, why);
        return Domain::lift(truth::error);
    }

    /// A side that has no value. Over bounds an operation may fail at one end of its range only: then anything can be.
    constexpr result no_value(rule_view r, std::uint16_t i) {
        auto t = unknown(r, i, note);
        if constexpr (!std::is_same_v<result, truth>) {
            t |= truth::met;
            t |= truth::unmet;
        }
        return t;
    }

    constexpr void record(rule_view r, std::uint16_t i, truth t, const number* left, const number* right, duration change,
                          std::string_view why) {
        if (change < next) next = change;
        if (trail == nullptr) return;
        atom a;
        a.in = r;
        a.node = i;
        a.element = element;
        a.negated = negated;
        a.is = t;
        if (left != nullptr) a.measured = *left;
        if (right != nullptr) a.required = *right;
        a.next = change;
        a.note = why;
        trail->push_back(a);
    }

    constexpr result comparison(rule_view r, std::uint16_t i) {
        const auto& n = r[i];
        const auto  left = n.child;
        const auto  right = r[left].next;
        if (r[left].type == value_type::symbol) return symbol_comparison(r, i);
        note = {};
        const auto a = value_of(r, left);
        const auto b = value_of(r, right);
        if (!a || !b) return no_value(r, i);
        const auto t = Domain::compare(n.what, *a, *b);
        if constexpr (std::is_same_v<result, truth>) record(r, i, t, &*a, &*b, time_to_change(r, n, *a, *b), {});
        return t;
    }

    /// From now until the passing of time alone changes the comparison of a clock with a duration.
    constexpr duration time_to_change(rule_view r, const rule_node& n, const number& a, const number& b) const {
        const auto left = n.child;
        const auto right = r[left].next;
        const bool clock_left = is_clock(r[left].what);
        if (!clock_left && !is_clock(r[right].what)) return never;
        const auto* reading = clock_of(clock_left ? r[left] : r[right]);
        if (reading == nullptr || !reading->running) return never;
        const auto limit = ceil(clock_left ? b : a).to_int64();
        if (!limit) return never;
        const bool exact_limit = (clock_left ? b : a).is_integer();
        // A clock passes its limit at the limit for >= and <, one microsecond later for > and <=.
        auto o = n.what;
        if (!clock_left) {
            if (o == op::greater) o = op::less;
            else if (o == op::less) o = op::greater;
            else if (o == op::greater_equal) o = op::less_equal;
            else if (o == op::less_equal) o = op::greater_equal;
        }
        const bool after = exact_limit && (o == op::greater || o == op::less_equal);
        const auto elapsed = reading->elapsed.count();
        const bool point = o == op::equal || o == op::not_equal;
        auto       flip = *limit + (after ? 1 : 0);
        if (point && elapsed == *limit) flip = *limit + 1;
        return flip > elapsed ? duration(flip - elapsed) : never;
    }
    constexpr const clock_reading* clock_of(const rule_node& n) const {
        const auto* where = of(n);
        if (where == nullptr) return nullptr;
        const auto& c = n.what == op::clock ? where->clocks[n.index] : where->since[n.index];
        return c.known ? &c : nullptr;
    }

    constexpr result symbol_comparison(rule_view r, std::uint16_t i) {
        const auto& n = r[i];
        const auto& left = r[n.child];
        const auto& right = r[left.next];
        const auto& variable = left.what == op::variable ? left : right;
        const auto& wanted = left.what == op::variable ? right : left;
        const auto* where = of(variable);
        if (where == nullptr) return unknown(r, i, "no parent proposal");
        const int is = variable.index == 0 ? where->disposition : where->revision_kind;
        if (is < 0) return unknown(r, i, variable.index == 0 ? "no disposition yet" : "no revision yet");
        const bool same = is == wanted.index;
        const auto t = same == (n.what == op::equal) ? truth::met : truth::unmet;
        record(r, i, t, nullptr, nullptr, never, {});
        return Domain::lift(t);
    }

    // ---- values ----------------------------------------------------------------------------------------------------------
    constexpr std::optional<value> nothing(std::string_view why) {
        note = why;
        return std::nullopt;
    }
    constexpr std::optional<value> value_of(rule_view r, std::uint16_t i) {
        const auto& n = r[i];
        switch (n.what) {
            case op::number: return Domain::constant(number::fraction(n.numerator, n.denominator));
            case op::duration_of: return Domain::constant(number(n.numerator));
            case op::clock: case op::since: {
                const auto* c = clock_of(n);
                if (c == nullptr) return nothing(n.what == op::clock ? "the clock has not started" : "it has not happened");
                return Domain::constant(number(c->elapsed.count()));
            }
            case op::fact: return fact_amount(r, n);
            case op::add: return binary(r, n, [](const number& a, const number& b) { return add(a, b); }, "unlike roots");
            case op::subtract:
                return binary(r, n, [](const number& a, const number& b) { return subtract(a, b); }, "unlike roots");
            case op::multiply: case op::of:
                return binary(r, n, [](const number& a, const number& b) { return std::optional(multiply(a, b)); }, {});
            case op::divide: return quotient(r, n);
            case op::minimum: return extreme(r, n, true);
            case op::maximum: return extreme(r, n, false);
            case op::ceiling: return unary(r, n, [](const number& a) { return std::optional(ceil(a)); }, {});
            case op::floor_of: return unary(r, n, [](const number& a) { return std::optional(floor(a)); }, {});
            case op::root:
                return unary(r, n, [](const number& a) { return square_root(a); }, "no square root");
            default: return count_of(r, n, in, n.what == op::weight, false);
        }
    }
    constexpr std::optional<value> fact_amount(rule_view r, const rule_node& n) {
        const auto* where = of(n);
        if (where != nullptr)
            for (const auto& f : where->facts)
                if (f.name == r.name(n) && f.amount) return Domain::constant(*f.amount);
        return nothing("not reported");
    }
    template <class F>
    constexpr std::optional<value> binary(rule_view r, const rule_node& n, F f, std::string_view otherwise) {
        const auto a = value_of(r, n.child);
        if (!a) return std::nullopt;
        const auto b = value_of(r, r[n.child].next);
        if (!b) return std::nullopt;
        auto v = Domain::combine(*a, *b, f);
        if (!v) note = otherwise;
        return v;
    }
    constexpr std::optional<value> quotient(rule_view r, const rule_node& n) {
        const auto b = value_of(r, r[n.child].next);
        if (!b) return std::nullopt;
        if constexpr (!std::is_same_v<result, truth>)
            if (b->least <= number(0) && b->greatest >= number(0)) return nothing("division by zero");
        return binary(r, n, [](const number& x, const number& y) { return divide(x, y); }, "division by zero");
    }
    template <class F>
    constexpr std::optional<value> unary(rule_view r, const rule_node& n, F f, std::string_view otherwise) {
        const auto a = value_of(r, n.child);
        if (!a) return std::nullopt;
        auto v = Domain::map(*a, f);
        if (!v) note = otherwise;
        return v;
    }
    constexpr std::optional<value> extreme(rule_view r, const rule_node& n, bool least) {
        auto v = value_of(r, n.child);
        for (auto c = r[n.child].next; v && c != no_node; c = r[c].next) {
            const auto w = value_of(r, c);
            if (!w) return std::nullopt;
            v = Domain::combine(*v, *w, [least](const number& a, const number& b) {
                return std::optional((a < b) == least ? a : b);
            });
        }
        return v;
    }

    /// Counts of members, with the sets around them collected into `s`.
    constexpr std::optional<value> count_of(rule_view r, const rule_node& n, scope s, bool weighted, bool distinct) {
        const auto* where = of(n);
        if (where == nullptr) return nothing("no parent proposal");
        switch (n.what) {
            case op::counted_in: {
                const auto& set = r[r[n.child].next];
                s.sets |= std::uint64_t{1} << set.slot;
                const auto& inner = r[n.child];
                return count_of(r, inner, s, weighted || inner.what == op::weight, distinct);
            }
            case op::by_distinct: return count_of(r, r[n.child], s, false, true);
            case op::count: case op::weight: return tally(*where, s, 2U << n.index, weighted, distinct);
            default: break;
        }
        const auto q = static_cast<quantity>(n.index);
        const auto all = (2U << where->positions) - 1;
        switch (q) {
            case quantity::eligible: return tally(*where, s, (where->in_base << 1 | 1U) & all, false, distinct);
            case quantity::cast: return tally(*where, s, where->in_cast << 1 & all, false, distinct);
            case quantity::outstanding: return tally(*where, s, 1U, false, distinct);
            case quantity::recused: return Domain::constant(number(where->recused));
            default: return Domain::constant(number(where->tallies[n.index]));
        }
    }
    constexpr std::optional<value> tally(const evidence& e, const scope& s, std::uint32_t places, bool weighted,
                                         bool distinct) {
        if (!distinct) return Domain::count(e, s, places, weighted);
        std::vector<std::uint32_t> seen;
        std::int64_t               certain = 0;
        std::int64_t               possible = 0;
        for (const auto& c : e.classes) {
            const auto id = c.affiliation;
            if (id == 0 || !s.covers(c) || std::find(seen.begin(), seen.end(), id) != seen.end()) continue;
            seen.push_back(id);
            auto one = s;
            one.affiliation = id;
            const auto n = Domain::count(e, one, places, false);
            if (!n) return std::nullopt;
            if constexpr (std::is_same_v<result, truth>) {
                certain += *n > number(0) ? 1 : 0;
            } else {
                certain += n->least > number(0) ? 1 : 0;
                possible += n->greatest > number(0) ? 1 : 0;
            }
        }
        if constexpr (std::is_same_v<result, truth>) return number(certain);
        else return value{number(certain), number(possible)};
    }
};

[[nodiscard]] constexpr truth_set reachable(rule_view r, std::uint16_t node, const evidence& e, std::uint64_t budget,
                                            bool* exact) {
    worlds     all{e};
    const auto size = all.size(budget);
    if (size > budget) {
        if (exact != nullptr) *exact = false;
        return evaluator<bounds_domain>{e}.truth_of(r, node);
    }
    // What a modality inside the rule may spend in each situation, so that the whole stays within the budget.
    const auto inner = std::max<std::uint64_t>(budget / std::max<std::uint64_t>(size, 1), 1);
    truth_set  can;
    all.each([&](const evidence& world, std::uint32_t) {
        can |= evaluator<exact_domain>{world, inner}.truth_of(r, node);
        return can.bits != 0b1111;
    });
    return can;
}

}  // namespace quorate::detail
