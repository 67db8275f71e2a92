// Recursive descent from rule text to nodes. Names stay unresolved (rule_checker.hpp). Included by rule.hpp only.
#pragma once

namespace quorate::detail {

struct rule_parser : rule_scanner {
    std::size_t            depth = 0;
    std::vector<rule_node> nodes{};
    std::uint16_t          root = no_node;

    constexpr explicit rule_parser(std::string_view source) : rule_scanner{source} {}

    constexpr rule_error parse() {
        if (text.size() > longest_rule) return {0, "a rule of at most 4096 characters", {}};
        root = parse_any();
        skip_space();
        if (!error.is_error() && pos != text.size()) fail("the end of the rule, or 'and', 'or', a comparison");
        return error;
    }

    // ---- nodes ---------------------------------------------------------------------------------------------
    constexpr std::uint16_t make(op what, std::size_t at, std::uint16_t child = no_node) {
        if (nodes.size() >= most_rule_nodes) return fail("a rule of at most 1024 parts");
        rule_node n;
        n.what = what;
        n.at = static_cast<std::uint16_t>(at);
        n.child = child;
        nodes.push_back(n);
        return static_cast<std::uint16_t>(nodes.size() - 1);
    }
    constexpr std::uint16_t pair(op what, std::size_t at, std::uint16_t left, std::uint16_t right) {
        if (left == no_node || right == no_node) return no_node;
        nodes[left].next = right;
        return make(what, at, left);
    }
    constexpr void append_child(std::uint16_t parent, std::uint16_t child) {
        auto last = nodes[parent].child;
        while (nodes[last].next != no_node) last = nodes[last].next;
        nodes[last].next = child;
    }

    constexpr bool deeper() {
        // The rule as a whole is not nested in anything, hence the one more.
        if (++depth <= deepest_rule + 1) return true;
        fail("less deeply nested parts (at most 48)");
        return false;
    }

    // ---- grammar -------------------------------------------------------------------------------------------
    constexpr std::uint16_t parse_any() {
        if (!deeper()) return no_node;
        auto left = parse_all();
        skip_space();
        const auto at = pos;
        std::uint16_t list = no_node;
        while (left != no_node && take_word("or")) {
            const auto right = parse_all();
            if (right == no_node) return no_node;
            if (list == no_node)
                list = pair(op::any, at, left, right);
            else
                append_child(list, right);
            if (list == no_node) return no_node;
        }
        --depth;
        return list == no_node ? left : list;
    }

    constexpr std::uint16_t parse_all() {
        auto          left = parse_not();
        std::uint16_t list = no_node;  // the "and" being collected, if the last connective was one
        while (left != no_node) {
            skip_space();
            const auto at = pos;
            if (take_word("and")) {
                const auto right = parse_not();
                if (right == no_node) return no_node;
                if (list == no_node)
                    left = list = pair(op::all, at, left, right);
                else
                    append_child(list, right);
            } else if (take_word("except")) {
                left = pair(op::except, at, left, parse_not());
                list = no_node;
            } else {
                break;
            }
        }
        return left;
    }

    constexpr std::uint16_t parse_not() {
        skip_space();
        const auto at = pos;
        if (!take_word("not")) return parse_comparison();
        if (!deeper()) return no_node;
        const auto inner = parse_not();
        --depth;
        return inner == no_node ? no_node : make(op::negate, at, inner);
    }

    constexpr std::optional<op> take_comparison() {
        if (take(">=")) return op::greater_equal;
        if (take("<=")) return op::less_equal;
        if (take("==")) return op::equal;
        if (take("!=")) return op::not_equal;
        if (take(">")) return op::greater;
        if (take("<")) return op::less;
        return std::nullopt;
    }
    constexpr std::uint16_t parse_comparison() {
        const auto left = parse_sum();
        if (left == no_node) return no_node;
        skip_space();
        const auto at = pos;
        const auto comparison = take_comparison();
        if (!comparison) {
            if (pos < text.size() && text[pos] == '=') return fail("'==' to compare");
            return left;
        }
        const auto right = parse_sum();
        if (right == no_node) return no_node;
        skip_space();
        const auto after = pos;
        if (take_comparison()) {
            pos = after;
            return fail("'and': comparisons do not chain");
        }
        return pair(*comparison, at, left, right);
    }

    constexpr std::uint16_t parse_sum() {
        auto left = parse_product();
        while (left != no_node) {
            skip_space();
            const auto at = pos;
            if (take("+"))
                left = pair(op::add, at, left, parse_product());
            else if (take("-"))
                left = pair(op::subtract, at, left, parse_product());
            else
                break;
        }
        return left;
    }
    constexpr std::uint16_t parse_product() {
        auto left = parse_postfix();
        while (left != no_node) {
            skip_space();
            const auto at = pos;
            if (take("*"))
                left = pair(op::multiply, at, left, parse_postfix());
            else if (take("/"))
                left = pair(op::divide, at, left, parse_postfix());
            else if (take_word("of"))
                left = pair(op::of, at, left, parse_postfix());
            else
                break;
        }
        return left;
    }

    constexpr std::uint16_t parse_postfix() {
        auto left = parse_primary();
        while (left != no_node) {
            skip_space();
            const auto at = pos;
            if (next_is_word_pair("of", "parent")) {
                if (!take_of_parent(left)) return no_node;
            } else if (take_word("in")) {
                const bool outside = take_word("not");
                skip_space();
                if (pos >= text.size()) return fail("a set of people after 'in'");
                auto set = parse_primary();
                if (set == no_node) return no_node;
                if (next_is_word_pair("of", "parent") && !take_of_parent(set)) return no_node;
                if (outside) set = make(op::negate, at, set);
                left = pair(op::counted_in, at, left, set);
            } else if (take_word("by")) {
                const bool largest = take_word("largest");
                if (!largest && !take_word("distinct")) return fail("'distinct(affiliation)' or 'largest(affiliation)' after 'by'");
                if (!need("(", largest ? "'(' after largest" : "'(' after distinct")) return no_node;
                if (!take_word("affiliation")) return fail("'affiliation'");
                if (!need(")", "')'")) return no_node;
                left = make(largest ? op::by_largest : op::by_distinct, at, left);
            } else {
                break;
            }
        }
        return left;
    }

    /// "of parent" belongs to one count, clock, fact or set; what it would mean for more is not defined.
    constexpr bool take_of_parent(std::uint16_t n) {
        const auto what = nodes[n].what;
        const bool fits = what == op::name || what == op::fact || what == op::since || what == op::weight || what == op::held ||
                          what == op::children_of || what == op::set_call || what == op::set_of_proposal;
        if (!fits || nodes[n].of_parent) {
            fail("one count, clock, fact or set before 'of parent'");
            return false;
        }
        take_word("of");
        take_word("parent");
        return nodes[n].of_parent = true;
    }

    constexpr std::uint16_t parse_primary() {
        skip_space();
        if (pos >= text.size()) return fail("a rule, a count or a number");
        const char c = text[pos];
        if (c == '(') {
            ++pos;
            const auto inner = parse_any();
            if (inner == no_node || !need(")", "')'")) return no_node;
            return inner;
        }
        if (is_digit(c)) return parse_number();
        if (c == '\'') return parse_name(op::name);
        if (!is_letter(c)) return fail("a rule, a count or a number");
        return parse_word();
    }

    constexpr std::uint16_t parse_word() {
        const auto at = pos;
        const auto word = peek_word();
        for (const auto reserved : reserved_words)
            if (word == reserved) return fail("a rule, a count or a number");
        if (take_word("if")) return parse_if(at);
        if (take_word("each")) return parse_each(at);
        if (next_is_word_pair("at", "least")) return parse_at_least(at);
        for (std::size_t i = 0; i < of_proposal_names.size(); ++i)
            if (word == of_proposal_names[i] && next_is_word_pair(word, "of")) return parse_of_proposal(at, i);
        if (followed_by_parenthesis(word)) return parse_call(word, at);
        return parse_name(op::name);
    }

    constexpr bool followed_by_parenthesis(std::string_view word) {
        const auto before = pos;
        pos += word.size();
        const bool call = take("(");
        pos = before;
        return call;
    }

    constexpr std::uint16_t parse_of_proposal(std::size_t at, std::size_t which) {
        take_word(of_proposal_names[which]);
        take_word("of");
        if (!take_word("proposal")) return fail("'proposal': 'teams of proposal', 'leads of proposal' or 'reps of proposal'");
        const auto n = make(op::set_of_proposal, at);
        if (n != no_node) nodes[n].index = static_cast<std::uint16_t>(which);
        return n;
    }

    constexpr std::uint16_t parse_if(std::size_t at) {
        const auto guard = parse_any();
        if (guard == no_node) return no_node;
        if (!take_word("then")) return fail("'then'");
        const auto body = parse_any();
        if (body == no_node) return no_node;
        if (!take_word("else")) return pair(op::if_then, at, guard, body);
        if (!take_word("block")) return fail("'block' after 'else'");
        return pair(op::if_else_block, at, guard, body);
    }

    constexpr std::uint16_t parse_each(std::size_t at) {
        const auto word = peek_word();
        for (std::size_t i = 0; i < collection_names.size(); ++i) {
            if (word != collection_names[i]) continue;
            pos += word.size();
            if (!need(":", "':' before what must hold for each")) return no_node;
            const auto body = parse_any();
            if (body == no_node) return no_node;
            const auto n = make(op::each, at, body);
            if (n != no_node) nodes[n].index = static_cast<std::uint16_t>(i);
            return n;
        }
        fail("'team', 'affiliation' or 'seat' after 'each'");
        error.unknown = word;
        return no_node;
    }

    constexpr std::uint16_t parse_at_least(std::size_t at) {
        take_word("at");
        take_word("least");
        skip_space();
        if (pos >= text.size() || !is_digit(text[pos])) return fail("how many, as a whole number");
        const auto how_many = parse_number();
        if (how_many == no_node) return no_node;
        if (nodes[how_many].what != op::number || nodes[how_many].denominator != 1) {
            pos = nodes[how_many].at;
            return fail("how many, as a whole number");
        }
        const auto n = nodes[how_many].numerator;
        nodes.pop_back();
        if (!take_word("of")) return fail("'of (' and a list of rules");
        if (!need("(", "'(' and a list of rules")) return no_node;
        const auto first = parse_any();
        if (first == no_node) return no_node;
        const auto list = make(op::at_least, at, first);
        if (list == no_node) return no_node;
        nodes[list].numerator = n;
        while (take(",")) {
            const auto more = parse_any();
            if (more == no_node) return no_node;
            append_child(list, more);
        }
        return need(")", "',' or ')'") ? list : no_node;
    }

    constexpr std::uint16_t parse_call(std::string_view word, std::size_t at) {
        struct wrapping {
            std::string_view name;
            op               what;
        };
        constexpr std::array<wrapping, 7> wrap{{{"certain", op::certain}, {"possible", op::possible},
                                                {"min", op::minimum}, {"max", op::maximum},
                                                {"ceil", op::ceiling}, {"floor", op::floor_of}, {"sqrt", op::root}}};
        constexpr std::array<wrapping, 5> named{{{"fact", op::fact}, {"since", op::since}, {"weight", op::weight}, {"held", op::held}, {"children", op::children_of}}};
        for (const auto& w : wrap) {
            if (word != w.name) continue;
            pos += word.size();
            take("(");
            auto n = make(w.what, at, parse_any());
            if (n == no_node || nodes[n].child == no_node) return no_node;
            while ((w.what == op::minimum || w.what == op::maximum) && take(",")) {
                const auto more = parse_any();
                if (more == no_node) return no_node;
                append_child(n, more);
            }
            return need(")", "')'") ? n : no_node;
        }
        if (word == "beats") return parse_beats(at);
        for (std::size_t i = 0; i < curve_names.size(); ++i)
            if (word == curve_names[i]) return parse_curve(i, at);
        op what = op::name;
        std::uint16_t index = 0;
        for (const auto& w : named)
            if (word == w.name) what = w.what;
        for (std::size_t i = 0; i < set_call_names.size(); ++i) {
            if (word != set_call_names[i]) continue;
            what = op::set_call;
            index = static_cast<std::uint16_t>(i);
        }
        if (what == op::name) {
            fail("a function: min max ceil floor sqrt weight held fact since children beats linear stepped reciprocal certain possible, or a set");
            error.unknown = word;
            return no_node;
        }
        pos += word.size();
        take("(");
        const auto n = parse_name(what);
        if (n == no_node || !need(")", "')'")) return no_node;
        nodes[n].at = static_cast<std::uint16_t>(at);
        nodes[n].index = index;
        return n;
    }

    /// beats(a, b) or beats(a, b, 3:1).
    constexpr std::uint16_t parse_beats(std::size_t at) {
        take_word("beats");
        take("(");
        const auto a = parse_name(op::name);
        if (a == no_node) return no_node;
        if (!need(",", "',' and the option to beat")) return no_node;
        const auto b = parse_name(op::name);
        if (b == no_node) return no_node;
        nodes[a].next = b;
        const auto n = make(op::beats, at, a);
        if (n == no_node) return no_node;
        if (take(",")) {
            const auto ratio = parse_ratio();
            if (ratio == no_node) return no_node;
            append_child(n, ratio);
        }
        return need(")", "')'") ? n : no_node;
    }
    /// "3:1".
    constexpr std::uint16_t parse_ratio() {
        skip_space();
        const auto   at = pos;
        std::int64_t to = 0;
        std::int64_t one = 0;
        if (pos >= text.size() || !is_digit(text[pos]) || !take_digits(to, nullptr)) return fail("a ratio, such as '3:1'");
        if (!need(":", "':', as in '3:1'")) return no_node;
        skip_space();
        if (pos >= text.size() || !is_digit(text[pos]) || !take_digits(one, nullptr) || one == 0 || to == 0)
            return fail("a ratio, such as '3:1'");
        const auto n = make(op::number, at);
        if (n == no_node) return no_node;
        const auto common = gcd(to, one);
        nodes[n].numerator = to / common;
        nodes[n].denominator = one / common;
        nodes[n].name_at = static_cast<std::uint16_t>(at);
        nodes[n].length = static_cast<std::uint16_t>(pos - at);
        return n;
    }
    constexpr std::uint16_t parse_curve(std::size_t kind, std::size_t at) {
        pos += curve_names[kind].size();
        take("(");
        const auto n = make(op::curve, at, parse_sum());
        if (n == no_node || nodes[n].child == no_node) return no_node;
        nodes[n].index = static_cast<std::uint16_t>(kind);
        for (std::size_t i = 0; i <= curve_numbers[kind]; ++i) {
            if (!need(",", "',' and the next part of the curve")) return no_node;
            const auto more = parse_sum();
            if (more == no_node) return no_node;
            append_child(n, more);
        }
        return need(")", "')'") ? n : no_node;
    }

    /// A name: bare (letters, digits, _ - . /) or between single quotes.
    constexpr std::uint16_t parse_name(op what) {
        skip_space();
        const auto  at = pos;
        std::size_t begin = pos;
        std::size_t length = 0;
        if (pos < text.size() && text[pos] == '\'') {
            const auto close = text.find('\'', pos + 1);
            if (close == std::string_view::npos) return fail("a closing quote");
            begin = pos + 1;
            length = close - begin;
            pos = close + 1;
        } else if (what == op::name) {
            length = peek_word().size();
            pos += length;
        } else {  // inside the parentheses of a call, names of teams and facts are freer
            while (pos < text.size() && (is_name_char(text[pos]) || text[pos] == '-' || text[pos] == '.' ||
                                         text[pos] == '/'))
                ++pos;
            length = pos - begin;
        }
        if (length == 0) return fail("a name");
        const auto n = make(what, at);
        if (n == no_node) return no_node;
        nodes[n].name_at = static_cast<std::uint16_t>(begin);
        nodes[n].length = static_cast<std::uint16_t>(length);
        return n;
    }

    constexpr std::uint16_t parse_number() {
        const auto   at = pos;
        std::int64_t top = 0;
        std::int64_t bottom = 1;
        if (!take_digits(top, nullptr)) return no_node;
        if (pos + 1 < text.size() && text[pos] == '.' && is_digit(text[pos + 1])) {
            ++pos;
            if (!take_digits(top, &bottom)) return no_node;
        } else if (pos + 1 < text.size() && text[pos] == '/' && is_digit(text[pos + 1])) {
            ++pos;
            bottom = 0;
            if (!take_digits(bottom, nullptr)) return no_node;
            if (bottom == 0) return fail("a denominator that is not zero");
        }
        if (pos < text.size() && text[pos] == '%') {
            ++pos;
            if (__builtin_mul_overflow(bottom, 100, &bottom)) return fail("a number of at most 18 digits");
        }
        const auto n = make(op::number, at);
        if (n == no_node) return no_node;
        const auto common = gcd(top, bottom);
        nodes[n].numerator = common == 0 ? 0 : top / common;
        nodes[n].denominator = common == 0 ? 1 : bottom / common;
        nodes[n].name_at = static_cast<std::uint16_t>(at);
        nodes[n].length = static_cast<std::uint16_t>(pos - at);
        if (bottom == 1) return parse_duration(n);
        if (unit_of(peek_word()) != 0) return fail("a whole number before a unit of time, such as '36 hours'");
        return n;
    }

    /// Turns the whole number in node `n` into a duration if units follow: "10 days", "1 day 12 hours", from long to short.
    constexpr std::uint16_t parse_duration(std::uint16_t n) {
        std::int64_t total = 0;
        std::int64_t amount = nodes[n].numerator;
        std::int64_t longer = 0;  // the unit before
        while (true) {
            const auto word = peek_word();
            const auto unit = unit_of(word);
            if (unit == 0) {
                if (nodes[n].what == op::duration_of) return fail("a unit of time after the number");
                return n;
            }
            if (longer != 0 && unit >= longer) return fail("a shorter unit of time than the one before");
            if (amount > (longest_duration.count() - total) / unit) return fail("a duration of at most 365250 days");
            total += amount * unit;
            longer = unit;
            pos += word.size();
            nodes[n].what = op::duration_of;
            nodes[n].numerator = total;
            nodes[n].length = static_cast<std::uint16_t>(pos - nodes[n].at);
            skip_space();
            if (pos >= text.size() || !is_digit(text[pos])) return n;
            amount = 0;
            if (!take_digits(amount, nullptr)) return no_node;
        }
    }
};

}  // namespace quorate::detail
