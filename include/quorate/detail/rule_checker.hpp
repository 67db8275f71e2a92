// Resolves the names of a parsed rule and checks that every part fits its place. Included by rule.hpp only.
#pragma once

namespace quorate::detail {

template <std::size_t N>
constexpr std::optional<std::uint16_t> index_of(const std::array<std::string_view, N>& names, std::string_view name) {
    for (std::size_t i = 0; i < N; ++i)
        if (names[i] == name) return static_cast<std::uint16_t>(i);
    return std::nullopt;
}

constexpr bool is_clock(op o) { return o == op::clock || o == op::since; }
/// Weights, or what is held behind them.
constexpr bool weight_op(op o) { return o == op::weight || o == op::weight_of || o == op::held || o == op::held_of; }
constexpr bool is_comparison(op o) { return o >= op::greater && o <= op::not_equal; }
/// The comparison that holds between b and a when this one holds between a and b.
constexpr op mirrored(op o) {
    switch (o) {
        case op::greater: return op::less;
        case op::less: return op::greater;
        case op::greater_equal: return op::less_equal;
        case op::less_equal: return op::greater_equal;
        default: return o;
    }
}

struct rule_checker {
    std::string_view        text;
    std::vector<rule_node>& nodes;
    vocabulary              words;
    std::uint8_t            slots = 0;
    bool                    in_each = false;
    rule_error              error{};
    bool                    parents_known = false;

    constexpr rule_error check(std::uint16_t root, expects what) {
        const auto want = what == expects::rule  ? value_type::truth
                          : what == expects::set ? value_type::set
                          : what == expects::number ? value_type::number
                                                 : value_type::any_value;
        for (const auto& w : words) parents_known = parents_known || (w.is == word::kind::process && w.of_parent);
        auto got = resolve(root, want);
        if (error.is_error()) return error;
        if (got == value_type::any_value && what != expects::set)  // a fact alone is a truth, where no number is wanted
            got = nodes[root].type = what == expects::number ? value_type::number : value_type::truth;
        if (got != value_type::number && what == expects::number) fail(root, "a number, such as '3/2 * sqrt(eligible)'");
        if (got != value_type::truth && what == expects::rule) fail(root, "a comparison, such as '> 1/2 of eligible'");
        if (got != value_type::set && what == expects::set) fail(root, "a set of people, such as 'team(core)'");
        if (got != value_type::set && got != value_type::truth && what == expects::rule_or_set)
            fail(root, "a comparison or a set of people");
        return error;
    }

    constexpr value_type fail(std::uint16_t n, std::string_view expected, bool name_unknown = false) {
        if (error.is_error()) return value_type::truth;
        error.at = nodes[n].at;
        error.expected = expected;
        if (name_unknown) {
            error.unknown = name(n);
            error.at = nodes[n].name_at;
        }
        return value_type::truth;
    }
    constexpr std::string_view name(std::uint16_t n) const { return text.substr(nodes[n].name_at, nodes[n].length); }
    /// Whether the word may stand there, before "of parent" or not.
    constexpr bool fits(const word& w, bool of_parent) const { return w.of_parent == (of_parent && parents_known); }
    constexpr const word* find(std::string_view wanted, word::kind kind, bool of_parent) const {
        for (const auto& w : words)
            if (w.is == kind && w.name == wanted && fits(w, of_parent)) return &w;
        return nullptr;
    }
    constexpr value_type is(std::uint16_t n, op what, value_type type, std::uint16_t index = 0) {
        nodes[n].what = what;
        nodes[n].index = index;
        return nodes[n].type = type;
    }

    constexpr value_type resolve(std::uint16_t n, value_type want) {
        switch (nodes[n].what) {
            case op::name: return resolve_name(n, want);
            case op::all: return connective(n, want, op::both);
            case op::any: return connective(n, want, op::either);
            case op::negate: return connective(n, want, op::complement);
            case op::except: return connective(n, value_type::set, op::except);
            case op::at_least: case op::if_then: case op::if_else_block: case op::certain: case op::possible:
                children(n, value_type::truth, "a rule that is true or false");
                if (nodes[n].what == op::at_least) bounded_at_least(n);
                return nodes[n].type = value_type::truth;
            case op::each: return resolve_each(n);
            case op::greater: case op::greater_equal: case op::less: case op::less_equal: case op::equal:
            case op::not_equal: return comparison(n);
            case op::number: return nodes[n].type = value_type::number;
            case op::duration_of: return nodes[n].type = value_type::time;
            case op::add: case op::subtract: case op::multiply: case op::divide: case op::of: return arithmetic(n);
            case op::minimum: case op::maximum: case op::ceiling: case op::floor_of: case op::root:
                children(n, value_type::number, "a number");
                if (nodes[n].what <= op::maximum && nodes[nodes[n].child].next == no_node)
                    return fail(n, "at least two numbers");
                return nodes[n].type = value_type::number;
            case op::counted_in: return counted_in(n);
            case op::by_distinct: case op::by_largest: return by_affiliation(n);
            case op::fact: return resolve_fact(n);
            case op::since: return resolve_since(n);
            case op::beats: return resolve_beats(n);
            case op::weight: case op::held: return resolve_weight(n);
            case op::children_of: return nodes[n].type = value_type::number;
            case op::curve: return resolve_curve(n);
            case op::set_call: return resolve_set_call(n);
            case op::set_of_proposal: return nodes[n].type = value_type::set;
            default: return nodes[n].type;
        }
    }

    constexpr void bounded_at_least(std::uint16_t n) {
        std::int64_t count = 0;
        for (auto c = nodes[n].child; c != no_node; c = nodes[c].next) ++count;
        if (nodes[n].numerator < 1 || nodes[n].numerator > count)
            fail(n, "a number from 1 to the length of the list after 'at least'");
    }

    constexpr value_type resolve_name(std::uint16_t n, value_type want) {
        const auto wanted = name(n);
        bool misplaced = false, own_only = false;
        for (const auto& w : words) {
            if (w.name != wanted) continue;
            const bool own = w.is == word::kind::rule || w.is == word::kind::number || w.is == word::kind::time_span;
            own_only = own_only || (own && nodes[n].of_parent);
            if (own ? nodes[n].of_parent : !fits(w, nodes[n].of_parent)) continue;
            switch (w.is) {
                case word::kind::position: return members(n, is(n, op::count, value_type::number, w.index));
                case word::kind::rule: return is(n, op::named_rule, w.type, w.index);
                case word::kind::number:
                    nodes[n].numerator = w.numerator;
                    nodes[n].denominator = w.denominator;
                    return is(n, op::number, value_type::number);
                case word::kind::time_span:
                    nodes[n].numerator = w.numerator;
                    return is(n, op::duration_of, value_type::time);
                case word::kind::name: case word::kind::disposition: case word::kind::revision_kind:
                case word::kind::fact: case word::kind::office: case word::kind::option: case word::kind::process:
                    misplaced = true; break;  // these are only looked up where they fit
            }
        }
        if (own_only) return fail(n, "one count, clock, fact or set before 'of parent'");
        // "recused" is a count and a set; where a truth or a set must stand, a bare count can't.
        const bool not_a_count = want == value_type::any_value && index_of(set_names, wanted).has_value();
        if (want != value_type::set && !not_a_count)
            if (const auto i = index_of(quantity_names, wanted)) {
                if (*i >= static_cast<std::uint16_t>(quantity::options) && nodes[n].of_parent)
                    return fail(n, "a count of this proposal: options and ballots of the parent are its own");
                return members(n, is(n, op::quantity, value_type::number, *i));
            }
        if (const auto i = index_of(clock_names, wanted)) return is(n, op::clock, value_type::time, *i);
        if (const auto i = index_of(variable_names, wanted)) return is(n, op::variable, value_type::symbol, *i);
        if (const auto i = index_of(set_names, wanted)) return is(n, op::set_name, value_type::set, *i);
        if (misplaced) return fail(n, "'fact(...)' around a fact, '==' between a variable and its value", true);
        return fail(n, want == value_type::set ? "a set of people" : "a known name", true);
    }

    constexpr value_type connective(std::uint16_t n, value_type want, op over_sets) {
        const auto what = nodes[n].what;
        auto       type = want;
        for (auto c = nodes[n].child; c != no_node; c = nodes[c].next) {
            auto got = resolve(c, type);
            if (error.is_error()) return value_type::truth;
            if (got == value_type::any_value) got = nodes[c].type = value_type::truth;
            if (type == value_type::any_value) type = got;
            if (got != type || (type != value_type::truth && type != value_type::set))
                return fail(c, type == value_type::set ? "a set of people" : "a comparison, such as '> 0'");
        }
        if (what == op::except || type == value_type::set) nodes[n].what = over_sets;
        return nodes[n].type = type;
    }

    constexpr void children(std::uint16_t n, value_type want, std::string_view expected) {
        for (auto c = nodes[n].child; c != no_node; c = nodes[c].next) {
            auto got = resolve(c, want);
            if (error.is_error()) return;
            if (got == value_type::any_value) got = nodes[c].type = want;
            if (got != want) fail(c, expected);
        }
    }

    constexpr value_type resolve_each(std::uint16_t n) {
        if (in_each) return fail(n, "no 'each' inside another 'each'");
        in_each = true;
        children(n, value_type::truth, "a rule that is true or false");
        in_each = false;
        return nodes[n].type = value_type::truth;
    }

    constexpr value_type comparison(std::uint16_t n) {
        const auto left = nodes[n].child;
        const auto right = nodes[left].next;
        if (is_symbol(left) || is_symbol(right)) return symbol_comparison(n, left, right);
        auto a = resolve(left, value_type::number);
        auto b = error.is_error() ? a : resolve(right, value_type::number);
        if (error.is_error()) return a;
        if (a == value_type::any_value) a = nodes[left].type = b == value_type::any_value ? value_type::number : b;
        if (b == value_type::any_value) b = nodes[right].type = a;
        if (a == value_type::truth || a == value_type::set) return fail(left, "a number or a time to compare");
        if (b == value_type::truth || b == value_type::set) return fail(right, "a number or a time to compare");
        if (a != b)
            return fail(right, a == value_type::time ? "a duration, such as '10 days'" : "a number, not a duration");
        if (is_clock(nodes[left].what) && is_clock(nodes[right].what))
            return fail(right, "a duration, not a second clock");
        if (const auto curved = curves(left) + curves(right); curved != 0) {
            // With one curve and else nothing that a clock moves there is at most one instant at which time changes the result.
            const bool fits = curved == 1 && a == value_type::number && curve_alone(curves(left) != 0 ? left : right);
            if (!fits) return fail(n, "one curve, alone on its side or multiplied, and on the other side no clock");
            if (nodes[n].what == op::equal || nodes[n].what == op::not_equal) return fail(n, "'>', '>=', '<' or '<=' beside a curve");
            nodes[n].index = 1;  // the evaluator looks for the curve
        }
        return nodes[n].type = value_type::truth;
    }
    constexpr std::size_t curves(std::uint16_t n) const {
        std::size_t found = nodes[n].what == op::curve ? 1 : 0;
        for (auto c = nodes[n].child; c != no_node; c = nodes[c].next) found += curves(c);
        return found;
    }
    constexpr bool curve_alone(std::uint16_t n) const {
        const auto what = nodes[n].what;
        if (what == op::curve) return true;
        if (what != op::multiply && what != op::of) return false;
        const auto left = nodes[n].child;
        return curve_alone(curves(left) != 0 ? left : nodes[left].next);
    }
    /// What a constant comes to; nothing where it isn't made of numbers alone, divides by 0, or takes more than 128 bits.
    constexpr std::optional<small_ratio> constant(std::uint16_t n) const {
        const auto what = nodes[n].what;
        if (what == op::number) return small_ratio{nodes[n].numerator, nodes[n].denominator};
        if (what != op::add && what != op::subtract && what != op::multiply && what != op::divide && what != op::of) return std::nullopt;
        const auto a = constant(nodes[n].child);
        const auto b = constant(nodes[nodes[n].child].next);
        if (!a || !b) return std::nullopt;
        if (what == op::add) return sum(*a, *b);
        if (what == op::subtract) return sum(*a, {-b->num, b->den});
        if (what != op::divide) return product(*a, *b);
        return b->num == 0 ? std::nullopt : product(*a, reduced(b->den, b->num));
    }
    constexpr value_type resolve_curve(std::uint16_t n) {
        const auto clock = nodes[n].child;
        const auto length = nodes[clock].next;
        resolve(clock, value_type::time);
        if (error.is_error()) return value_type::truth;
        if (!is_clock(nodes[clock].what)) return fail(clock, "a clock that the curve follows, such as in_stage");
        resolve(length, value_type::time);
        if (error.is_error()) return value_type::truth;
        if (nodes[length].what != op::duration_of || nodes[length].numerator <= 0)
            return fail(length, "the length of time that the curve covers, such as '28 days'");
        const auto  kind = static_cast<curve_kind>(nodes[n].index);
        std::size_t which = 0;
        for (auto c = nodes[length].next; c != no_node; c = nodes[c].next, ++which) {
            resolve(c, value_type::number);
            if (error.is_error()) return value_type::truth;
            const auto value = constant(c);
            if (!value) return fail(c, "a number that is always the same, and not divided by 0");
            // Without a length of its steps, or at a pole, a curve has no value; where it changes its sign, what it is multiplied with goes
            // first towards 0 and then away.
            const bool divides = kind == curve_kind::stepped ? which == 3 : kind == curve_kind::reciprocal && which == 1;
            if (divides && value->num <= 0) return fail(c, "a number above 0");
            if (kind != curve_kind::reciprocal && value->num < 0) return fail(c, "a number that is not below 0");
        }
        return nodes[n].type = value_type::number;
    }
    constexpr bool is_symbol(std::uint16_t n) const {
        return nodes[n].what == op::name && index_of(variable_names, name(n)) &&
               find(name(n), word::kind::position, nodes[n].of_parent) == nullptr;
    }
    constexpr value_type symbol_comparison(std::uint16_t n, std::uint16_t left, std::uint16_t right) {
        if (nodes[n].what != op::equal && nodes[n].what != op::not_equal) return fail(n, "'==' or '!='");
        const auto subject = is_symbol(left) ? left : right;
        const auto value = subject == left ? right : left;
        resolve(subject, value_type::symbol);
        if (nodes[subject].index == static_cast<std::uint16_t>(variable::winner)) {
            if (nodes[subject].of_parent) return fail(subject, "the winner of this proposal: ballots of the parent are its own");
            if (nodes[value].what != op::name) return fail(value, "a known option, or 'default'");
            if (name(value) == "winner") return fail(value, "an option that the winner may be");
            resolve_option(value);
            return nodes[n].type = value_type::truth;
        }
        const auto kind = nodes[subject].index == 0 ? word::kind::disposition : word::kind::revision_kind;
        if (nodes[value].what != op::name) return fail(value, "a known disposition or kind of revision");
        if (nodes[value].of_parent) return fail(value, "'of parent' after 'disposition', not after its value");
        const auto* w = find(name(value), kind, nodes[subject].of_parent);
        if (w == nullptr) return fail(value, "a known disposition or kind of revision", true);
        is(value, op::symbol, value_type::symbol, w->index);
        return nodes[n].type = value_type::truth;
    }

    constexpr value_type arithmetic(std::uint16_t n) {
        const auto left = nodes[n].child;
        const auto right = nodes[left].next;
        auto       a = resolve(left, value_type::number);
        auto       b = error.is_error() ? a : resolve(right, value_type::number);
        if (error.is_error()) return a;
        if (a == value_type::any_value) a = nodes[left].type = value_type::number;
        if (b == value_type::any_value) b = nodes[right].type = value_type::number;
        for (const auto side : {left, right})
            if (is_clock(nodes[side].what)) return fail(side, "a clock alone on its side of a comparison");
        const auto what = nodes[n].what;
        const bool sum = what == op::add || what == op::subtract;
        const bool times = a == value_type::time || b == value_type::time;
        const bool both_numbers = a == value_type::number && b == value_type::number;
        if (sum && a == b && (both_numbers || times)) {
            if (rooted(left) != rooted(right)) return fail(n, "square roots of the same number to add");
            return nodes[n].type = a;
        }
        if (!sum && both_numbers) return nodes[n].type = value_type::number;
        if ((what == op::multiply || what == op::of) && times && (a == value_type::number || b == value_type::number))
            return nodes[n].type = value_type::time;
        if (what == op::divide && a == value_type::time && b == value_type::number)
            return nodes[n].type = value_type::time;
        return fail(n, "numbers (or durations) on both sides");
    }
    /// Whether the value may be irrational.
    constexpr bool rooted(std::uint16_t n) const {
        const auto what = nodes[n].what;
        if (what == op::root) return true;
        if (what == op::ceiling || what == op::floor_of) return false;
        for (auto c = nodes[n].child; c != no_node; c = nodes[c].next)
            if (rooted(c)) return true;
        return false;
    }

    /// Whether it counts ballots, so that sets can restrict it. Recused members have none.
    constexpr bool counts_members(std::uint16_t n) const {
        const auto& node = nodes[n];
        if (node.what == op::quantity) return node.index < static_cast<std::uint16_t>(quantity::recused);
        return node.what == op::count || weight_op(node.what) || node.what == op::counted_in;
    }
    /// The parent's members belong to the parent's teams: inside "each" their counts would mean nothing.
    constexpr value_type members(std::uint16_t n, value_type type) {
        if (in_each && nodes[n].of_parent && counts_members(n)) return fail(n, "a count of this proposal inside 'each'");
        return type;
    }
    constexpr bool weighs(std::uint16_t n) const {
        while (nodes[n].what == op::counted_in) n = nodes[n].child;
        return weight_op(nodes[n].what);
    }
    constexpr value_type counted_in(std::uint16_t n) {
        const auto what = nodes[n].child;
        const auto set = nodes[what].next;
        resolve(what, value_type::number);
        if (error.is_error()) return value_type::truth;
        if (!counts_members(what)) return fail(what, "a count of members before 'in'");
        if (resolve(set, value_type::set) != value_type::set || error.is_error())
            return fail(set, "a set of people after 'in'");
        if (slots >= most_rule_sets) return fail(set, "at most 60 sets in one rule");
        nodes[set].slot = slots++;
        return nodes[n].type = value_type::number;
    }
    constexpr value_type by_affiliation(std::uint16_t n) {
        resolve(nodes[n].child, value_type::number);
        if (error.is_error()) return value_type::truth;
        if (!counts_members(nodes[n].child) || weighs(nodes[n].child))
            return fail(n, nodes[n].what == op::by_largest ? "a count of members before 'by largest'" : "a count of members before 'by distinct'");
        return nodes[n].type = value_type::number;
    }

    constexpr value_type resolve_fact(std::uint16_t n) {
        bool declared = false;
        for (const auto& w : words) {
            if (w.is != word::kind::fact || !fits(w, nodes[n].of_parent)) continue;
            declared = true;
            if (w.name == name(n)) nodes[n].index = w.index;
        }
        if (declared && find(name(n), word::kind::fact, nodes[n].of_parent) == nullptr) return fail(n, "a declared fact", true);
        return nodes[n].type = value_type::any_value;
    }
    constexpr value_type resolve_since(std::uint16_t n) {
        const auto i = index_of(since_names, name(n));
        if (i) return is(n, op::since, value_type::time, *i);
        if (find(name(n), word::kind::fact, nodes[n].of_parent) != nullptr) return is(n, op::since, value_type::time, since_fact);
        return fail(n, "revision, proposal, ballot, second, concern, oldest_concern, threshold, option or a declared fact", true);
    }
    constexpr value_type resolve_option(std::uint16_t n) {
        if (nodes[n].of_parent) return fail(n, "an option of this proposal");
        if (name(n) == "winner") return is(n, op::symbol, value_type::symbol, winning_option);
        const auto* w = find(name(n), word::kind::option, false);
        if (w == nullptr) return fail(n, "an option that the charter names, or 'default' where it has one", true);
        return is(n, op::symbol, value_type::symbol, w->index);
    }
    constexpr value_type resolve_beats(std::uint16_t n) {
        const auto a = nodes[n].child;
        const auto b = nodes[a].next;
        resolve_option(a);
        resolve_option(b);
        if (const auto ratio = nodes[b].next; ratio != no_node) nodes[ratio].type = value_type::number;
        return nodes[n].type = value_type::truth;
    }
    constexpr value_type resolve_weight(std::uint16_t n) {
        if (const auto* w = find(name(n), word::kind::position, nodes[n].of_parent); w != nullptr)
            return members(n, is(n, nodes[n].what, value_type::number, w->index));
        const auto q = index_of(quantity_names, name(n));
        if (!q || *q >= static_cast<std::uint16_t>(quantity::recused)) return fail(n, "a position, eligible, cast or outstanding", true);
        return members(n, is(n, nodes[n].what == op::held ? op::held_of : op::weight_of, value_type::number, *q));
    }
    constexpr value_type resolve_set_call(std::uint16_t n) {
        if (nodes[n].index == static_cast<std::uint16_t>(set_call::voters)) {
            const auto* w = find(name(n), word::kind::position, nodes[n].of_parent);
            if (w == nullptr) return fail(n, "a position", true);
            nodes[n].numerator = w->index;
        }
        // The parent has offices of its own.
        if (nodes[n].index == static_cast<std::uint16_t>(set_call::office) && (!nodes[n].of_parent || parents_known) &&
            find(name(n), word::kind::office, nodes[n].of_parent) == nullptr)
            return fail(n, "a declared office", true);
        return nodes[n].type = value_type::set;
    }
};

}  // namespace quorate::detail
