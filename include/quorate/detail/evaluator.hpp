// The one evaluator of rules, over exact values or over bounds (domains.hpp). Included by verdict.hpp only.
#pragma once

namespace quorate::detail {

/// Where in a reading an evaluator stands; a reading inside a reading (certain, possible) goes on from there.
struct frame {
    scope          in{};
    int            element = -1;          ///< of the "each" around
    std::size_t    depth = 0;             ///< named rules inside named rules
    std::uint32_t* rules_read = nullptr;  ///< so far, over the whole reading
    /// Whether anybody asks when time alone changes it, or why it reads so. Without that parts behind one that settles the matter aren't
    /// read; they don't count towards `most_rules_read`, either.
    bool           timed = true;
};

[[nodiscard]] constexpr truth_set reachable(rule_view r, std::uint16_t node, const evidence& e, std::uint64_t budget,
                                            bool& exact, const frame& from, duration& next);

/// Whether a truth that was read without knowing all parts is that of the rule all the same. Most hide an error only where nothing that the
/// unknown part could be changes the result: not `unless`, and `at least` only as long as some part applies.
[[nodiscard]] constexpr bool settled(rule_view r, const evidence& e, truth t) {
    const auto careless = [](rule_view of) {
        return std::any_of(of.nodes.begin(), of.nodes.end(), [](const rule_node& n) { return n.what == op::unless || n.what == op::at_least; });
    };
    return t != truth::error && !careless(r) && std::none_of(e.rules.begin(), e.rules.end(), careless);
}

// ---- the evaluator ---------------------------------------------------------------------------------------------------------
template <class Domain>
struct evaluator {
    using value = typename Domain::value;
    using result = typename Domain::result;

    const evidence&    facts;
    std::uint64_t      budget = most_worlds;
    std::vector<atom>* trail = nullptr;
    frame              here{};
    duration           next = never;
    bool               exact = true;    ///< false: some modality had more situations than the budget; it reads error
    bool               negated = false;
    bool               unsure = false;  ///< over bounds: the last missing value is missing in some situations only
    std::uint32_t      own_rules_read = 0;
    std::int64_t       later = 0;       ///< microseconds by which curves look ahead
    std::string_view   note{};

    /// Whose evidence a node reads, if there is any. (g++ 12 can't compare the address of a temporary at compile time.)
    [[nodiscard]] constexpr bool has_source(const rule_node& n) const { return !n.of_parent || facts.parent != nullptr; }
    [[nodiscard]] constexpr const evidence& of(const rule_node& n) const { return n.of_parent ? *facts.parent : facts; }

    constexpr result truth_of(rule_view r, std::uint16_t i) {
        if (i >= r.nodes.size()) return unknown(r, i, "no such rule");
        const auto& n = r[i];
        switch (n.what) {
            case op::all: return fold(r, n.child, both, truth::unmet);
            case op::any: return fold(r, n.child, either, truth::met);
            case op::negate: {
                negated = !negated;
                const auto t = truth_of(r, n.child);
                negated = !negated;
                return Domain::lift([](truth a, truth) { return negation(a); }, t, Domain::lift(truth::met));
            }
            case op::unless: return Domain::lift([](truth a, truth) { return absence(a); }, truth_of(r, n.child), Domain::lift(truth::met));
            case op::at_least: return at_least_of(r, n);
            case op::if_then: case op::if_else_block: {
                const bool block = n.what == op::if_else_block;
                const auto guard = truth_of(r, n.child);
                const auto body = truth_of(r, r[n.child].next);
                return Domain::lift([block](truth a, truth b) { return implication(a, b, block); }, guard, body);
            }
            case op::each: return each_of(r, n);
            case op::certain: case op::possible: return modality(r, n);
            case op::named_rule: return named_truth(r, i);
            case op::fact: return fact_truth(r, i);
            case op::beats: return beats_truth(r, i);
            default: return comparison(r, i);
        }
    }
    constexpr std::optional<value> number_of(rule_view r, std::uint16_t i) { return value_of(r, i); }

private:
    constexpr result named_truth(rule_view r, std::uint16_t i) {
        const auto index = r[i].index;
        if (index >= facts.rules.size()) return unknown(r, i, "no such rule");
        if (here.depth >= deepest_reading) return unknown(r, i, "rules that refer to each other too deeply");
        if (++*rules_read() > most_rules_read) return unknown(r, i, "rules that refer to each other too often");
        ++here.depth;
        const auto t = truth_of(facts.rules[index], facts.rules[index].root);
        --here.depth;
        return t;
    }
    constexpr std::uint32_t* rules_read() { return here.rules_read != nullptr ? here.rules_read : &own_rules_read; }

    /// `settles` is the truth of a part that leaves nothing to the others. They are read even so where somebody wants to know of each part
    /// how it stands, or when time changes it.
    constexpr result fold(rule_view r, std::uint16_t first, truth (*table)(truth, truth), truth settles) {
        auto t = Domain::lift(truth::skipped);
        for (auto c = first; c != no_node && (here.timed || !(t == Domain::lift(settles))); c = r[c].next) t = Domain::lift(table, t, truth_of(r, c));
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
        const auto outer = here.in;
        const auto outer_element = here.element;
        const auto self = static_cast<std::uint16_t>(&n - r.nodes.data());
        int        count = 0;
        const auto visit = [&](const scope& s) {
            here.in = s;
            here.element = count++;
            t = Domain::lift(both, t, truth_of(r, n.child));
        };
        if (kind == collection::team) {
            if (facts.teams > most_elements) return unknown(r, self, "too many teams");
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
        here.in = outer;
        here.element = outer_element;
        return count == 0 ? unknown(r, self, "nothing to go over") : t;
    }

    /// A modality explains itself, and its parts as they stand, whatever "not" is around them.
    constexpr result modality(rule_view r, const rule_node& n) {
        const bool outer = negated;
        negated = false;
        const auto t = modality_truth(r, n);
        negated = outer;
        if constexpr (std::is_same_v<result, truth>)
            record(r, static_cast<std::uint16_t>(&n - r.nodes.data()), t, nullptr, nullptr, never,
                   t == truth::error && !exact ? std::string_view("too many situations to tell") : std::string_view{});
        return t;
    }
    constexpr result modality_truth(rule_view r, const rule_node& n) {
        // The parts explain themselves as they stand, and how they stand is one of the situations.
        const auto now = truth_of(r, n.child);
        if constexpr (std::is_same_v<result, truth>) {
            bool known = true;
            auto from = here;
            from.rules_read = rules_read();
            const auto can = reachable(r, n.child, facts, budget, known, from, next);
            const bool fails = can.has(truth::unmet) || can.has(truth::skipped);
            if (can.only(truth::met)) return truth::met;
            if (!can.has(truth::met) && !can.has(truth::error)) return truth::unmet;
            if (n.what == op::certain) {
                if (now == truth::unmet || now == truth::skipped || (known && fails)) return truth::unmet;
            } else {
                if (now == truth::met || (known && can.has(truth::met))) return truth::met;
            }
            if (known) return truth::error;  // what is not known could decide it
            exact = false;
            return truth::error;
        } else {
            // From each situation a part of all of them can be reached: anything from one truth alone to the mixture.
            truth_set out;
            if (now.has(truth::met)) out |= truth::met;
            if (now.has(truth::unmet) || now.has(truth::skipped)) out |= truth::unmet;
            if (now.has(truth::error)) out |= truth::error;
            return out;
        }
    }

    constexpr result fact_truth(rule_view r, std::uint16_t i) {
        const auto& n = r[i];
        truth       t = truth::error;
        std::string_view why = "not reported";
        if (has_source(n))
            for (const auto& f : of(n).facts)
                if (f.name == r.name(n)) {
                    if (f.truth) t = *f.truth ? truth::met : truth::unmet;
                    else why = "reported as an amount";
                    break;
                }
        record(r, i, t, nullptr, nullptr, never, t == truth::error ? why : std::string_view{});
        return Domain::lift(t);
    }

    /// Why the count of the ballots about options can't be read, or "".
    constexpr std::string_view uncounted() {
        if (facts.options == nullptr) return "no ballots about options are counted here";
        if (!facts.options_open) return facts.options->problem();
        exact = false;
        return "depends on what the ballots still to come say";
    }
    constexpr result no_count(rule_view r, std::uint16_t i, std::string_view why) {
        auto t = unknown(r, i, why);
        if constexpr (!std::is_same_v<result, truth>)
            if (facts.options != nullptr) {
                t |= truth::met;
                t |= truth::unmet;
            }
        return t;
    }
    constexpr result beats_truth(rule_view r, std::uint16_t i) {
        const auto& a = r[r[i].child];
        const auto& b = r[a.next];
        const bool  open = facts.options != nullptr && facts.options_open;
        const auto  winner = open ? facts.options->certain_winner() : facts.options != nullptr ? facts.options->winner() : std::nullopt;
        const bool  of_winner = a.index == winning_option || b.index == winning_option;
        // While ballots are still to come it may be told of options that are named, or sure to win.
        const bool  told = open && (winner || !of_winner) && facts.options->problem().empty();
        if (const auto why = told ? std::string_view{} : uncounted(); !why.empty()) return no_count(r, i, why);
        const auto place = [&](const rule_node& n) { return n.index == winning_option ? winner : std::optional(n.index); };
        const auto first = place(a), second = place(b);
        if (!first || !second) return unknown(r, i, "no winner yet");
        const auto ratio = b.next == no_node ? number(1) : number::fraction(r[b.next].numerator, r[b.next].denominator);
        if (open) {
            const auto can = facts.options->may_beat(*first, *second, ratio);
            if (can.only(truth::met) || can.only(truth::unmet)) return Domain::lift(can.only(truth::met) ? truth::met : truth::unmet);
            const auto why = uncounted();
            return no_count(r, i, why);
        }
        const auto t = facts.options->beats(*first, *second, ratio) ? truth::met : truth::unmet;
        record(r, i, t, nullptr, nullptr, never, {});
        return Domain::lift(t);
    }
    constexpr result winner_truth(rule_view r, std::uint16_t i, const rule_node& wanted) {
        const auto sure = facts.options != nullptr && facts.options_open ? facts.options->certain_winner() : std::nullopt;
        if (const auto why = sure ? std::string_view{} : uncounted(); !why.empty()) return no_count(r, i, why);
        const auto is = sure ? sure : facts.options->winner();
        if (!is) return unknown(r, i, facts.options->tied() > 1 ? "a tie" : "no winner");
        const auto t = (*is == wanted.index) == (r[i].what == op::equal) ? truth::met : truth::unmet;
        record(r, i, t, nullptr, nullptr, never, {});
        return Domain::lift(t);
    }

    constexpr result unknown(rule_view r, std::uint16_t i, std::string_view why) {
        record(r, i, truth::error, nullptr, nullptr, never, why);
        return Domain::lift(truth::error);
    }

    /// A side that has no value. Over bounds that may be so at one end of its range only: then anything can be.
    constexpr result no_value(rule_view r, std::uint16_t i) {
        auto t = unknown(r, i, note);
        if constexpr (!std::is_same_v<result, truth>) {
            if (unsure) t |= truth::met;
            if (unsure) t |= truth::unmet;
        }
        return t;
    }

    constexpr void record(rule_view r, std::uint16_t i, truth t, const number* left, const number* right, duration change,
                          std::string_view why) {
        if (change < next) next = change;
        if (trail != nullptr) explain(r, i, t, left, right, change, why);
    }
    constexpr void explain(rule_view r, std::uint16_t i, truth t, const number* left, const number* right, duration change,
                           std::string_view why) {
        atom a;
        a.in = r;
        a.node = i;
        a.element = here.element;
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
        unsure = false;
        if constexpr (std::is_same_v<result, truth>)
            if (trail == nullptr)
                if (const auto a = whole_of(r[left]))
                    if (const auto b = whole_of(r[right])) return Domain::compare(n.what, *a, *b);
        const auto a = value_of(r, left);
        if (!a) return no_value(r, i);
        const auto b = value_of(r, right);
        if (!b) return no_value(r, i);
        const auto t = Domain::compare(n.what, *a, *b);
        const auto* x = Domain::exactly(*a);
        const auto* y = Domain::exactly(*b);
        const auto change = !here.timed ? never : n.index == 1 ? time_to_cross(r, n, t) : time_to_change(r, n, *a, *b);
        if constexpr (std::is_same_v<result, truth>) record(r, i, t, x, y, change, {});
        else next = std::min(next, change);
        return t;
    }

    /// From now until time alone changes the comparison, if a clock is on one of its sides.
    constexpr duration time_to_change(rule_view r, const rule_node& n, const value& a, const value& b) const {
        const auto& left = r[n.child];
        const auto& right = r[left.next];
        const bool  clock_left = is_clock(left.what);
        if (!clock_left && !is_clock(right.what)) return never;
        const auto& clock = *clock_of(r, clock_left ? left : right);  // both sides have values, so it has started
        const auto& limit = clock_left ? b : a;
        const auto  pass = clock_left ? n.what : mirrored(n.what);
        if constexpr (std::is_same_v<result, truth>) {
            return time_to_pass(clock, pass, limit);
        } else {
            // It can be level from the least on and until the greatest, be there an instant that is either or not.
            const bool range = limit.least != limit.greatest && (pass == op::equal || pass == op::not_equal);
            return std::min(time_to_pass(clock, range ? op::greater_equal : pass, limit.least), time_to_pass(clock, range ? op::greater : pass, limit.greatest));
        }
    }
    /// The same where a curve is on one of the sides. The curve only falls (or only rises), so the first instant at which the
    /// result is another one is found by halving, exactly.
    constexpr duration time_to_cross(rule_view r, const rule_node& n, const result& as_is) {
        const auto* curve = curve_in(r, n);
        const auto* clock = clock_of(r, r[curve->child]);  // has started, and what has a value now has one later
        if (!clock->running) return never;
        const auto  at = [&](std::int64_t ahead) {
            later = ahead;
            const auto t = Domain::compare(n.what, *value_of(r, n.child), *value_of(r, r[n.child].next));
            later = 0;
            return t;
        };
        std::int64_t same = 0;
        auto         other = r[r[curve->child].next].numerator - clock->elapsed.count();
        if (other <= 0 || at(other) == as_is) return never;
        while (other - same > 1) {
            const auto middle = same + (other - same) / 2;
            (at(middle) == as_is ? same : other) = middle;
        }
        return duration(other);
    }
    constexpr const rule_node* curve_in(rule_view r, const rule_node& n) const {
        if (n.what == op::curve) return &n;
        for (auto c = n.child; c != no_node; c = r[c].next)
            if (const auto* found = curve_in(r, r[c]); found != nullptr) return found;
        return nullptr;
    }
    constexpr const clock_reading* clock_of(rule_view r, const rule_node& n) const {
        if (!has_source(n)) return nullptr;
        if (n.what == op::since && n.index == since_fact) {
            for (const auto& f : of(n).facts)
                if (f.name == r.name(n)) return f.reported.known ? &f.reported : nullptr;
            return nullptr;
        }
        const auto& c = n.what == op::clock ? of(n).clocks[n.index] : of(n).since[n.index];
        return c.known ? &c : nullptr;
    }

    constexpr result symbol_comparison(rule_view r, std::uint16_t i) {
        const auto& n = r[i];
        const auto& left = r[n.child];
        const auto& right = r[left.next];
        const auto& variable = left.what == op::variable ? left : right;
        const auto& wanted = left.what == op::variable ? right : left;
        if (variable.index == static_cast<std::uint16_t>(quorate::variable::winner)) return winner_truth(r, i, wanted);
        if (!has_source(variable)) return unknown(r, i, "no parent proposal");
        const int is = variable.index == 0 ? of(variable).disposition : of(variable).revision_kind;
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
                const auto* c = clock_of(r, n);
                if (c == nullptr) return nothing(n.what == op::clock ? "the clock has not started" : "it has not happened");
                return Domain::constant(number(c->elapsed.count()));
            }
            case op::fact: return fact_amount(r, n);
            case op::children_of: return open_children(r, n);
            case op::curve: return curve_at(r, n);
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
            default: return count_of(r, n, here.in, measure_of(n.what), counting::members);
        }
    }
    /// What most comparisons are of, without a `number` around it: a whole number of the rule's text, and counts that no weight enters, of
    /// the proposal itself. Nothing: it is another value.
    constexpr std::optional<std::int64_t> whole_of(const rule_node& n) const {
        if (n.what == op::number && n.denominator == 1) return n.numerator;
        if (n.of_parent || (n.what != op::count && n.what != op::quantity)) return std::nullopt;
        if (counts_ballots(n)) return n.what == op::count && n.index >= facts.positions ? std::nullopt : std::optional(Domain::members(facts, here.in, places_of(facts, n)));
        const bool tallied = n.index != static_cast<std::uint16_t>(quantity::recused) && n.index < static_cast<std::uint16_t>(quantity::elected);
        return tallied ? std::optional(facts.tallies[n.index]) : std::nullopt;
    }
    /// Where the members stand whom a count is over: at a position, or at those that make up a quantity.
    static constexpr std::uint32_t places_of(const evidence& where, const rule_node& n) {
        if (n.what == op::count || n.what == op::weight || n.what == op::held) return 2U << n.index;
        const auto all = (2U << where.positions) - 1;
        if (n.index == static_cast<std::uint16_t>(quantity::eligible)) return ((where.in_base << 1 | 1U) & all) | also_recused;
        return n.index == static_cast<std::uint16_t>(quantity::cast) ? where.in_cast << 1 & all : 1U;
    }
    /// Where a curve stands: exact, and nothing only while its clock hasn't started. Its numbers are constants, and what divides is above 0.
    constexpr std::optional<value> curve_at(rule_view r, const rule_node& n) {
        const auto* c = clock_of(r, r[n.child]);
        if (c == nullptr) return nothing("the clock has not started");
        const auto  length = r[r[n.child].next].numerator;
        const auto  x = number::fraction(std::min(c->elapsed.count() + later, length), length);
        std::array<number, 4> p{};
        std::size_t           i = 0;
        for (auto k = r[r[n.child].next].next; k != no_node; k = r[k].next) p[i++] = *Domain::exactly(*value_of(r, k));
        const auto minus = [](const number& a, const number& b) { return *subtract(a, b); };  // rational, so there is a difference
        switch (static_cast<curve_kind>(n.index)) {
            case curve_kind::linear: return Domain::constant(minus(p[0], multiply(x, minus(p[0], p[1]))));
            case curve_kind::stepped: return Domain::constant(std::max(minus(p[0], std::min(multiply(p[2], floor(*divide(x, p[3]))), p[0])), p[1]));
            case curve_kind::reciprocal: break;
        }
        return Domain::constant(std::clamp(*add(*divide(p[0], *add(x, p[1])), p[2]), number(0), number(1)));
    }
    constexpr std::optional<value> open_children(rule_view r, const rule_node& n) {
        if (!has_source(n)) return nothing("no parent proposal");
        std::int64_t open = 0;
        for (const auto& c : of(n).children)
            if (c.process == r.name(n)) open += c.open;
        return Domain::constant(number(open));
    }
    constexpr std::optional<value> fact_amount(rule_view r, const rule_node& n) {
        if (has_source(n))
            for (const auto& f : of(n).facts)
                if (f.name == r.name(n)) {
                    if (f.amount) return Domain::constant(*f.amount);
                    return nothing("reported as true or false");
                }
        return nothing("not reported");
    }
    template <class F>
    constexpr std::optional<value> binary(rule_view r, const rule_node& n, F f, std::string_view otherwise) {
        const auto a = value_of(r, n.child);
        if (!a) return std::nullopt;
        const auto b = value_of(r, r[n.child].next);
        if (!b) return std::nullopt;
        const bool fixed = Domain::exactly(*a) != nullptr && Domain::exactly(*b) != nullptr;
        const bool sum = n.what == op::add || n.what == op::subtract;
        // Between the ends of a range there may be roots that can't be added, even when there are none at the ends.
        auto v = sum && !fixed && rooted(r, n) ? std::nullopt : Domain::combine(*a, *b, f);
        if (!v) {
            note = otherwise;
            unsure = !fixed;
        }
        return v;
    }
    /// Whether a value that there is may be irrational.
    constexpr bool rooted(rule_view r, const rule_node& n) const {
        if (n.what == op::root) return true;
        if (n.what == op::fact)
            return std::any_of(of(n).facts.begin(), of(n).facts.end(), [&](const fact_value& f) { return f.name == r.name(n) && !f.amount->is_rational(); });
        if (weight_op(n.what)) {
            const auto m = measure_of(n.what);
            return std::any_of(of(n).classes.begin(), of(n).classes.end(), [m](const member_class& c) { return !measured(c, m).is_rational(); });
        }
        if (n.what == op::ceiling || n.what == op::floor_of) return false;
        for (auto c = n.child; c != no_node; c = r[c].next)
            if (rooted(r, r[c])) return true;
        return false;
    }
    constexpr std::optional<value> quotient(rule_view r, const rule_node& n) {
        const auto b = value_of(r, r[n.child].next);
        if (!b) return std::nullopt;
        if constexpr (!std::is_same_v<result, truth>)
            if (b->least <= number(0) && b->greatest >= number(0)) {
                unsure = Domain::exactly(*b) == nullptr;
                return nothing("division by zero");
            }
        return binary(r, n, [](const number& x, const number& y) { return divide(x, y); }, "division by zero");
    }
    template <class F>
    constexpr std::optional<value> unary(rule_view r, const rule_node& n, F f, std::string_view otherwise) {
        const auto a = value_of(r, n.child);
        if (!a) return std::nullopt;
        const bool fixed = Domain::exactly(*a) != nullptr;
        auto v = n.what == op::root && !fixed && rooted(r, r[n.child]) ? std::nullopt : Domain::map(*a, f);
        if (!v) {
            note = otherwise;
            unsure = !fixed;
        }
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

    /// What a count of members yields: how many they are, of how many affiliations, or how many share one at most.
    enum class counting : std::uint8_t { members, affiliations, largest_affiliation };

    /// Counts of members, with the sets around them collected into `s`.
    constexpr std::optional<value> count_of(rule_view r, const rule_node& n, scope s, measure m, counting how) {
        if (!has_source(n)) return nothing("no parent proposal");
        const auto& where = of(n);
        // A named rule read for each team may ask for the parent's counts: its teams are other ones.
        if (n.of_parent && s.elements != 0 && counts_ballots(n)) return nothing("the parent has teams of its own");
        switch (n.what) {
            case op::counted_in: {
                const auto& set = r[r[n.child].next];
                s.sets |= std::uint64_t{1} << set.slot;
                const auto& inner = r[n.child];
                return count_of(r, inner, s, measure_of(inner.what), how);
            }
            case op::by_distinct: return count_of(r, r[n.child], s, measure::members, counting::affiliations);
            case op::by_largest: return count_of(r, r[n.child], s, measure::members, counting::largest_affiliation);
            case op::count: case op::weight: case op::held:
                if (n.index >= where.positions) return nothing("no such position");
                return tally(where, s, places_of(where, n), m, how);
            default: break;
        }
        const auto q = static_cast<quantity>(n.index);
        switch (q) {
            case quantity::eligible: case quantity::cast: case quantity::outstanding: return tally(where, s, places_of(where, n), m, how);
            case quantity::recused: return Domain::constant(number(where.recused));
            case quantity::elected: case quantity::tied: case quantity::vacant: {
                const bool open = facts.options != nullptr && facts.options_open;
                if (open && facts.options->certain_winner()) return Domain::constant(number(q == quantity::elected ? 1 : 0));
                if (const auto why = uncounted(); !why.empty()) {
                    if constexpr (!std::is_same_v<result, truth>) unsure = facts.options != nullptr;
                    return nothing(why);
                }
                return Domain::constant(number(q == quantity::elected ? facts.options->elected()
                                               : q == quantity::tied  ? facts.options->tied()
                                                                      : facts.options->vacant()));
            }
            default: return Domain::constant(number(where.tallies[n.index]));
        }
    }
    static constexpr bool counts_ballots(const rule_node& n) {
        return n.what != op::quantity || n.index < static_cast<std::uint16_t>(quantity::recused);
    }
    constexpr std::optional<value> tally(const evidence& e, const scope& s, std::uint32_t places, measure m,
                                         counting how) {
        if (how == counting::members) {
            auto v = Domain::count(e, s, places, m);
            if (!v) {
                note = "unlike roots";
                unsure = std::any_of(e.classes.begin(), e.classes.end(), [](const member_class& c) { return c.may_act; });
            }
            return v;
        }
        std::vector<std::uint32_t> seen;
        number                     certain = 0;
        number                     possible = 0;
        const auto                 take = [how](number& sum, const number& n) {
            if (how == counting::largest_affiliation) sum = std::max(sum, n);
            else if (n > number(0)) sum = *add(sum, number(1));
        };
        for (const auto& c : e.classes) {
            const auto id = c.affiliation;
            if (id == 0 || !s.covers(c, e.moving_sets) || std::find(seen.begin(), seen.end(), id) != seen.end()) continue;
            seen.push_back(id);
            auto one = s;
            one.affiliation = id;
            const auto n = *Domain::count(e, one, places, measure::members);  // whole numbers always add up
            if constexpr (std::is_same_v<result, truth>) {
                take(certain, n);
            } else {
                take(certain, n.least);
                take(possible, n.greatest);
            }
        }
        if constexpr (std::is_same_v<result, truth>) return certain;
        else return value{certain, possible};
    }
};

/// The truths of a node over all situations. `exact` becomes false, and the result bounds, when there are more situations than
/// `budget` and the extreme ones don't already show every truth that the bounds allow. `next` becomes the earliest change.
[[nodiscard]] constexpr truth_set reachable(rule_view r, std::uint16_t node, const evidence& e, std::uint64_t budget,
                                            bool& exact, const frame& from, duration& next) {
    worlds        all{e};
    const auto    size = all.size(budget);
    if (size > 1 || all.someone_may_move()) all.open_options();
    std::uint32_t own_rules_read = 0;
    auto*         rules_read = from.rules_read != nullptr ? from.rules_read : &own_rules_read;
    const auto    before = *rules_read;
    auto          most = before;
    bool          known = true;
    truth_set     can;
    // What a modality inside the rule may spend in each situation, so that the whole stays within the budget.
    const auto inner = std::max<std::uint64_t>(budget / std::max<std::uint64_t>(size, 1), 1);
    const auto look = [&](const evidence& world) {
        evaluator<exact_domain> reading{.facts = world, .budget = inner, .here = from};
        reading.here.rules_read = rules_read;
        *rules_read = before;
        const auto t = reading.truth_of(r, node);
        most = std::max(most, *rules_read);
        known = reading.exact || settled(r, e, t);
        next = std::min(next, reading.next);
        if (known) can |= t;
        return known && can.bits != 0b1111;
    };
    if (size <= budget) all.each([&](const evidence& world, std::uint32_t) { return look(world); });
    else all.each_extreme(look);
    if (size > budget || !known) {
        *rules_read = before;
        auto open = e;
        open.options_open = true;  // in situations that aren't looked at ballots may say otherwise
        evaluator<bounds_domain> reading{.facts = open, .here = from};
        reading.here.rules_read = rules_read;
        const auto may = reading.truth_of(r, node);
        most = std::max(most, *rules_read);
        next = std::min(next, reading.next);
        if (!(may == can)) exact = false;
        can |= may;  // bounds may run into a limit that a situation didn't
    }
    *rules_read = most;
    return can;
}

}  // namespace quorate::detail
