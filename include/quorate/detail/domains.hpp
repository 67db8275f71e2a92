// What the evaluator computes with: exact values, or bounds. Included by verdict.hpp only.
#pragma once

namespace quorate::detail {

/// A place besides silence and the positions: with it a count takes in the recused, who are nowhere else.
inline constexpr std::uint32_t also_recused = 1U << 31;

/// What a count adds up: members, their weights, or what they hold behind these.
enum class measure : std::uint8_t { members, weight, held };
constexpr measure measure_of(op o) {
    return o == op::weight || o == op::weight_of ? measure::weight : o == op::held || o == op::held_of ? measure::held : measure::members;
}
constexpr const number& measured(const member_class& c, measure m) { return m == measure::held ? c.held : c.weight; }

/// Which members a count is over: those in all of these sets, and in this element of the "each" around it.
struct scope {
    std::uint64_t sets = 0;
    std::uint64_t elements = 0;
    std::uint32_t affiliation = 0;
    std::uint32_t seat = 0;

    /// Members of the class, or whoever is like them but for some sets.
    [[nodiscard]] constexpr bool covers(const member_class& c, std::uint64_t but_for = 0) const {
        return ((c.sets | but_for) & sets) == sets && (c.elements & elements) == elements &&
               (affiliation == 0 || c.affiliation == affiliation) && (seat == 0 || c.seat == seat);
    }
};

/// Everything is known: values are numbers, truths are truths.
struct exact_domain {
    using value = number;
    using result = truth;

    static constexpr value constant(number n) { return n; }
    /// How many of a class stand at one of `places` (bit 0: silent, bit 1 + p: position p).
    static constexpr std::int64_t members(const evidence& e, const member_class& c, const scope& s, std::uint32_t places) {
        if (!s.covers(c) || (c.recused && (places & also_recused) == 0)) return 0;
        std::int64_t here = 0;
        for (std::size_t i = 0; i <= e.positions; ++i) here += (places >> i & 1U) * c.counts[i];
        return here;
    }
    static constexpr std::int64_t members(const evidence& e, const scope& s, std::uint32_t places) {
        std::int64_t all = 0;
        for (const auto& c : e.classes) all += members(e, c, s, places);
        return all;
    }
    /// Sum over the classes in scope.
    static constexpr std::optional<value> count(const evidence& e, const scope& s, std::uint32_t places, measure m) {
        if (m == measure::members) return number(members(e, s, places));
        number sum = 0;
        for (const auto& c : e.classes) {
            const auto here = members(e, c, s, places);
            if (here == 0) continue;
            auto more = add(sum, multiply(measured(c, m), number(here)));
            if (!more) return std::nullopt;
            sum = std::move(*more);
        }
        return sum;
    }
    template <class Combine>
    static constexpr std::optional<value> combine(const value& a, const value& b, Combine f) {
        return f(a, b);
    }
    template <class Map>
    static constexpr std::optional<value> map(const value& a, Map f) {
        return f(a);
    }
    template <class Number>
    static constexpr result compare(op o, const Number& a, const Number& b) {
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
    static constexpr std::optional<value> count(const evidence& e, const scope& s, std::uint32_t places, measure m) {
        // A stake may become smaller or larger, or weigh otherwise, where it stands.
        const bool anew = e.stakes && m == measure::weight;
        number least = 0;
        number greatest = 0;
        for (const auto& c : e.classes) {
            if (!s.covers(c, e.moving_sets) || (c.recused && (places & also_recused) == 0)) continue;
            const bool covered = s.covers(c);
            const bool in_and_out = (s.sets & e.moving_sets) != 0;  // whoever votes may come into the set, or leave it
            std::int64_t here = 0;
            std::int64_t leave = 0;  // may go elsewhere
            std::int64_t come = 0;   // may come here
            for (std::size_t i = 0; i <= e.positions; ++i) {
                const bool placed = (places >> i & 1U) != 0;
                const bool counted = placed && covered;
                if (counted) here += c.counts[i];
                if (!c.may_act || (i != 0 && !may_move_again(e) && !c.carried)) continue;
                // Whose ballot a delegate casts may find themselves without one again.
                const auto targets = (choices_of(e, c) << 1 & ((2U << e.positions) - 2)) | (i != 0 && (e.withdrawable || c.carried || e.stakes) ? 1U : 0U);
                if (counted && (anew || in_and_out || (targets & ~places) != 0)) leave += c.counts[i];
                if (!counted && (placed || (targets & places) != 0)) come += c.counts[i];
            }
            // What is committed anew may weigh otherwise, and two weights have a sum only where neither is a root.
            if (anew && leave + come != 0 && !(c.weight.is_rational() && c.held.is_rational())) return std::nullopt;
            const number weight = m == measure::members ? number(1) : measured(c, m);
            const number most = anew ? std::max(weight, multiply(c.held, e.most_times)) : weight;
            const auto   stay = multiply(weight, number(here - leave));
            const auto   low = add(least, stay);
            const auto   high = add(greatest, *add(stay, multiply(most, number(leave + come))));
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
        return combine(a, constant(0), [&](const number& x, const number&) { return f(x); });
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

/// From now until the passing of time alone changes `clock o limit`.
[[nodiscard]] constexpr duration time_to_pass(const clock_reading& clock, op o, const number& limit) {
    const auto from = ceil(limit).to_int64();
    // Beyond what can be written as a duration there is no instant to wait for.
    if (!clock.running || !from || *from > longest_duration.count()) return never;
    // At the limit itself > and <= are as before it; a limit between two microseconds is passed at the later one.
    const bool whole = limit.is_integer();
    const bool point = o == op::equal || o == op::not_equal;
    if (point && !whole) return never;
    const auto elapsed = clock.elapsed.count();
    const bool after = whole && (o == op::greater || o == op::less_equal || (point && elapsed == *from));
    const auto change = *from + (after ? 1 : 0);
    return change > elapsed ? duration(change - elapsed) : never;
}

}  // namespace quorate::detail
