// From nodes back to canonical text. Included by rule.hpp only.
#pragma once

namespace quorate::detail {

/// How tightly a node binds: a child that binds less than its place asks for gets parentheses.
constexpr int binding(op o) {
    switch (o) {
        case op::if_then: case op::if_else_block: case op::each: return 0;
        case op::any: case op::either: return 1;
        case op::all: case op::both: case op::except: return 2;
        case op::negate: case op::complement: return 3;
        case op::greater: case op::greater_equal: case op::less: case op::less_equal: case op::equal:
        case op::not_equal: return 4;
        case op::add: case op::subtract: return 5;
        case op::multiply: case op::divide: case op::of: return 6;
        case op::counted_in: case op::by_distinct: case op::by_largest: return 7;
        default: return 8;
    }
}

/// The sign or word that an operation is written with.
constexpr std::string_view sign_of(op o) {
    switch (o) {
        case op::greater: return ">";
        case op::greater_equal: return ">=";
        case op::less: return "<";
        case op::less_equal: return "<=";
        case op::equal: return "==";
        case op::not_equal: return "!=";
        case op::add: return "+";
        case op::subtract: return "-";
        case op::multiply: return "*";
        case op::divide: return "/";
        case op::of: return "of";
        case op::any: case op::either: return "or";
        case op::all: case op::both: return "and";
        case op::except: return "except";
        case op::minimum: return "min";
        case op::maximum: return "max";
        case op::ceiling: return "ceil";
        case op::floor_of: return "floor";
        case op::root: return "sqrt";
        case op::certain: return "certain";
        case op::possible: return "possible";
        default: return "";
    }
}

/// Whether a number or duration stands in the text as such, and not as the name of a parameter.
constexpr bool is_literal(rule_view r, const rule_node& n) {
    return (n.what == op::number || n.what == op::duration_of) && n.at == n.name_at && is_digit(r.text[n.at]);
}

/// The source of a literal, with one space between number and unit: "10days" is "10 days".
inline std::string literal_text(std::string_view source) {
    std::string s;
    for (const char c : source) {
        const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        const bool after_digit = !s.empty() && is_digit(s.back());
        const bool after_letter = !s.empty() && is_letter(s.back());
        if ((is_letter(c) && after_digit) || (is_digit(c) && after_letter)) s += ' ';
        if (!space) s += c;
        else if (!s.empty() && s.back() != ' ') s += ' ';
    }
    return s;
}

struct rule_printer {
    rule_view r;

    [[nodiscard]] std::string print() const { return r.root == no_node ? std::string() : text_of(r.root, 0); }
    [[nodiscard]] std::string text_of(std::uint16_t i, int place) const {
        const auto& n = r[i];
        const int   own = binding(n.what);
        std::string s = bare_text(n, own);
        if (n.of_parent) s += " of parent";
        return own < place ? "(" + s + ")" : s;
    }

private:
    /// A name as it must stand where a part of the rule can begin.
    [[nodiscard]] std::string name_of(const rule_node& n) const {
        const auto raw = r.name(n);
        bool       plain = !raw.empty() && is_letter(raw[0]);
        for (std::size_t i = 1; plain && i < raw.size(); ++i)
            plain = is_name_char(raw[i]) || (raw[i] == '-' && i + 1 < raw.size() && is_name_char(raw[i + 1]));
        for (const auto reserved : reserved_words) plain = plain && raw != reserved;
        for (const auto opening : opening_words) plain = plain && raw != opening;
        return plain ? std::string(raw) : quoted(raw);
    }
    /// A name between the parentheses of a call, where names are freer.
    [[nodiscard]] std::string argument_of(const rule_node& n) const {
        const auto raw = r.name(n);
        const bool plain = !raw.empty() && std::all_of(raw.begin(), raw.end(), [](char c) {
            return is_name_char(c) || c == '-' || c == '.' || c == '/';
        });
        return "(" + (plain ? std::string(raw) : quoted(raw)) + ")";
    }
    [[nodiscard]] static std::string quoted(std::string_view raw) { return "'" + std::string(raw) + "'"; }

    [[nodiscard]] std::string list(std::uint16_t first, std::string_view between, int place) const {
        std::string s;
        for (auto c = first; c != no_node; c = r[c].next) {
            if (c != first) s += between;
            s += text_of(c, place);
        }
        return s;
    }
    [[nodiscard]] std::string joined(const rule_node& n, int own) const {
        const std::string between = " " + std::string(sign_of(n.what)) + " ";
        const bool list_like = n.what == op::any || n.what == op::all || n.what == op::either || n.what == op::both;
        // Comparisons don't chain, lists are flat; the rest groups to the left, as "and" after "except" does.
        const bool after_except = n.what == op::both && r[n.child].what == op::except;
        const bool groups = (!list_like && own != binding(op::equal)) || after_except;
        const auto rest = r[n.child].next;
        return text_of(n.child, groups ? own : own + 1) + between + list(rest, between, own + 1);
    }
    [[nodiscard]] std::string bare_text(const rule_node& n, int own) const {
        switch (n.what) {
            case op::all: case op::any: case op::both: case op::either: case op::except: case op::greater:
            case op::greater_equal: case op::less: case op::less_equal: case op::equal: case op::not_equal:
            case op::add: case op::subtract: case op::multiply: case op::divide: case op::of: return joined(n, own);
            case op::negate: case op::complement: return "not " + text_of(n.child, own);
            case op::unless: return "unless " + text_of(n.child, 1);
            case op::at_least:
                return "at least " + std::to_string(n.numerator) + " of (" + list(n.child, ", ", 0) + ")";
            case op::if_then: case op::if_else_block:
                return "if " + text_of(n.child, 1) + " then " + text_of(r[n.child].next, 1) +
                       (n.what == op::if_then ? "" : " else block");
            case op::each:
                return "each " + std::string(collection_names[n.index]) + ": " + text_of(n.child, 0);
            case op::certain: case op::possible: case op::minimum: case op::maximum: case op::ceiling:
            case op::floor_of: case op::root:
                return std::string(sign_of(n.what)) + "(" + list(n.child, ", ", 0) + ")";
            case op::curve: return std::string(curve_names[n.index]) + "(" + list(n.child, ", ", 0) + ")";
            case op::fact: return "fact" + argument_of(n);
            case op::beats: return beats_text(n);
            case op::since: return "since" + argument_of(n);
            case op::weight: case op::weight_of: return "weight" + argument_of(n);
            case op::held: case op::held_of: return "held" + argument_of(n);
            case op::children_of: return "children" + argument_of(n);
            case op::set_call: return std::string(set_call_names[n.index]) + argument_of(n);
            case op::set_of_proposal: return std::string(of_proposal_names[n.index]) + " of proposal";
            case op::counted_in: return counted_in_text(n);
            case op::by_distinct: return text_of(n.child, own) + " by distinct(affiliation)";
            case op::by_largest: return text_of(n.child, own) + " by largest(affiliation)";
            case op::number: case op::duration_of:
                return is_literal(r, n) ? literal_text(r.name(n)) : name_of(n);
            default: return name_of(n);
        }
    }
    [[nodiscard]] std::string beats_text(const rule_node& n) const {
        const auto& a = r[n.child];
        const auto& b = r[a.next];
        auto        s = "beats(" + name_of(a) + ", " + name_of(b);
        if (b.next != no_node) s += ", " + std::to_string(r[b.next].numerator) + ":" + std::to_string(r[b.next].denominator);
        return s + ")";
    }
    [[nodiscard]] std::string counted_in_text(const rule_node& n) const {
        const auto set = r[n.child].next;
        const bool outside = r[set].what == op::complement;
        return text_of(n.child, binding(op::counted_in)) + (outside ? " in not " : " in ") +
               text_of(outside ? r[set].child : set, binding(op::name));
    }
};

}  // namespace quorate::detail
