// From nodes back to text: canonical, and English. Included by rule.hpp only.
#pragma once

namespace quorate::detail {

struct rule_printer {
    rule_view r;

    [[nodiscard]] std::string print() const { return r.root == no_node ? std::string() : text_of(r.root, 0); }
    [[nodiscard]] std::string english() const { return r.root == no_node ? std::string() : clause(r.root); }

    // ---- canonical text --------------------------------------------------------------------------------------
    /// How tightly a node binds: a child that binds less than its place asks for gets parentheses.
    static int binding(op o) {
        switch (o) {
            case op::if_then: case op::if_else_block: case op::each: return 0;
            case op::any: case op::either: return 1;
            case op::all: case op::both: case op::except: return 2;
            case op::negate: case op::complement: return 3;
            case op::greater: case op::greater_equal: case op::less: case op::less_equal: case op::equal:
            case op::not_equal: return 4;
            case op::add: case op::subtract: return 5;
            case op::multiply: case op::divide: case op::of: return 6;
            case op::counted_in: case op::by_distinct: return 7;
            default: return 8;
        }
    }
    static std::string_view sign(op o) {
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
    [[nodiscard]] std::string name_of(const rule_node& n) const {
        const auto raw = r.name(n);
        bool       plain = !raw.empty();
        for (std::size_t i = 0; i < raw.size(); ++i) {
            const bool hyphen = raw[i] == '-' && i > 0 && i + 1 < raw.size();
            plain = plain && (i == 0 ? is_letter(raw[i]) : is_name_char(raw[i]) || hyphen);
        }
        return plain ? std::string(raw) : "'" + std::string(raw) + "'";
    }
    /// The source of a literal with its white space made single.
    [[nodiscard]] std::string literal(const rule_node& n) const {
        std::string s;
        for (const char c : r.name(n)) {
            const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
            if (!space)
                s += c;
            else if (!s.empty() && s.back() != ' ')
                s += ' ';
        }
        return s;
    }
    [[nodiscard]] std::string list(std::uint16_t first, std::string_view between, int place) const {
        std::string s;
        for (auto c = first; c != no_node; c = r[c].next) {
            if (c != first) s += between;
            s += text_of(c, place);
        }
        return s;
    }
    [[nodiscard]] std::string joined(const rule_node& n, int own) const {
        // Comparisons don't chain, and the right side of - / except would change its meaning without parentheses.
        const bool        list_like = n.what == op::any || n.what == op::all || n.what == op::either || n.what == op::both;
        const bool        loose = n.what == op::except;
        const std::string between = " " + std::string(sign(n.what)) + " ";
        if (list_like) return list(n.child, between, own + 1);
        const bool compares = own == 4;
        return text_of(n.child, compares ? own + 1 : own) + between + text_of(r[n.child].next, loose ? own + 1 : own + 1);
    }
    [[nodiscard]] std::string text_of(std::uint16_t i, int place) const {
        const auto& n = r[i];
        const int   own = binding(n.what);
        std::string s = bare_text(n, own);
        if (n.of_parent) s += " of parent";
        return own < place ? "(" + s + ")" : s;
    }
    [[nodiscard]] std::string bare_text(const rule_node& n, int own) const {
        switch (n.what) {
            case op::all: case op::any: case op::both: case op::either: case op::except: case op::greater:
            case op::greater_equal: case op::less: case op::less_equal: case op::equal: case op::not_equal:
            case op::add: case op::subtract: case op::multiply: case op::divide: case op::of: return joined(n, own);
            case op::negate: case op::complement: return "not " + text_of(n.child, own);
            case op::at_least:
                return "at least " + std::to_string(n.numerator) + " of (" + list(n.child, ", ", 0) + ")";
            case op::if_then: case op::if_else_block:
                return "if " + text_of(n.child, 1) + " then " + text_of(r[n.child].next, 1) +
                       (n.what == op::if_then ? "" : " else block");
            case op::each:
                return "each " + std::string(collection_names[n.index]) + ": " + text_of(n.child, 0);
            case op::certain: case op::possible: case op::minimum: case op::maximum: case op::ceiling:
            case op::floor_of: case op::root: return std::string(sign(n.what)) + "(" + list(n.child, ", ", 0) + ")";
            case op::fact: return "fact(" + name_of(n) + ")";
            case op::since: return "since(" + name_of(n) + ")";
            case op::weight: return "weight(" + name_of(n) + ")";
            case op::set_call: return std::string(set_call_names[n.index]) + "(" + name_of(n) + ")";
            case op::set_of_proposal: return n.index == 1 ? "leads of proposal" : "teams of proposal";
            case op::counted_in: return text_of(n.child, 7) + " in " + text_of(r[n.child].next, 8);
            case op::by_distinct: return text_of(n.child, 7) + " by distinct(affiliation)";
            case op::number: case op::duration_of: return literal(n);
            default: return name_of(n);
        }
    }

    // ---- English ---------------------------------------------------------------------------------------------
    [[nodiscard]] std::string sentence_list(std::uint16_t first, std::string_view last_word) const {
        std::string s;
        for (auto c = first; c != no_node; c = r[c].next) {
            if (c != first) s += r[c].next == no_node ? (last_word == "and" ? ", and " : ", or ") : ", ";
            s += clause(c);
        }
        return s;
    }
    [[nodiscard]] std::string clause(std::uint16_t i) const {
        const auto& n = r[i];
        switch (n.what) {
            case op::all: return sentence_list(n.child, "and");
            case op::any: return "either " + sentence_list(n.child, "or");
            case op::negate: return "it is not so that " + clause(n.child);
            case op::at_least:
                return "at least " + std::to_string(n.numerator) + " of these hold: " + sentence_list(n.child, "and");
            case op::if_then: return "if " + clause(n.child) + ", then " + clause(r[n.child].next);
            case op::if_else_block:
                return clause(n.child) + ", and then " + clause(r[n.child].next);
            case op::each:
                return "for each " + std::string(collection_names[n.index]) + " on its own, " + clause(n.child);
            case op::certain: return "nothing that can still happen changes that " + clause(n.child);
            case op::possible: return "it can still come to pass that " + clause(n.child);
            case op::named_rule: return "the rule \"" + std::string(r.name(n)) + "\" holds";
            case op::fact: return "\"" + std::string(r.name(n)) + "\" is reported";
            case op::greater: case op::greater_equal: case op::less: case op::less_equal: case op::equal:
            case op::not_equal: return comparison(n);
            default: return phrase(i);
        }
    }
    [[nodiscard]] std::string comparison(const rule_node& n) const {
        const auto left = n.child;
        const auto right = r[left].next;
        const auto& a = r[left];
        const auto& b = r[right];
        const bool  none = b.what == op::number && b.numerator == 0;
        if (a.what == op::quantity && none && (n.what == op::equal || n.what == op::greater || n.what == op::not_equal))
            return std::string(n.what == op::equal ? "no " : "at least one ") + thing(a) +
                   (plural_verb(a) ? "" : " is open");
        if (a.type == value_type::symbol || b.type == value_type::symbol)
            return phrase(left) + (n.what == op::equal ? " is " : " is not ") + phrase(right);
        static constexpr std::array<std::string_view, 6> words{" is more than ", " is at least ", " is less than ",
                                                               " is at most ", " is exactly ", " is not "};
        static constexpr std::array<std::string_view, 6> times{" for longer than ", " for at least ",
                                                               " for less than ", " for at most ", " for exactly ",
                                                               " not for exactly "};
        const auto which = static_cast<std::size_t>(n.what) - static_cast<std::size_t>(op::greater);
        const bool clock = a.what == op::clock || a.what == op::since;
        return phrase(left) + std::string(clock ? times[which] : words[which]) + phrase(right);
    }
    static bool plural_verb(const rule_node&) { return false; }
    [[nodiscard]] static std::string thing(const rule_node& n) {
        static constexpr std::array<std::string_view, 10> things{
            "eligible member", "cast ballot", "outstanding member", "recused member", "concern",
            "second", "sponsor", "question", "hold", "revision"};
        return std::string(things[n.index]);
    }
    [[nodiscard]] std::string phrase(std::uint16_t i) const {
        const auto& n = r[i];
        std::string s = bare_phrase(n);
        if (n.of_parent) s += " of the parent proposal";
        return s;
    }
    [[nodiscard]] std::string bare_phrase(const rule_node& n) const {
        static constexpr std::array<std::string_view, 10> quantities{
            "the number of eligible members", "the number of ballots cast", "the number still to act",
            "the number recused", "the number of open concerns", "the number of seconds", "the number of sponsors",
            "the number of open questions", "the number of holds", "the number of revisions"};
        const auto second = [&] { return phrase(r[n.child].next); };
        switch (n.what) {
            case op::number: case op::duration_of: case op::symbol: return literal(n);
            case op::count: return "the number of \"" + std::string(r.name(n)) + "\"";
            case op::quantity: return std::string(quantities[n.index]);
            case op::weight: return "the weight behind \"" + std::string(r.name(n)) + "\"";
            case op::counted_in: return phrase(n.child) + " in " + second();
            case op::by_distinct: return phrase(n.child) + ", one per affiliation";
            case op::add: return phrase(n.child) + " plus " + second();
            case op::subtract: return phrase(n.child) + " minus " + second();
            case op::multiply: return phrase(n.child) + " times " + second();
            case op::divide: return phrase(n.child) + " divided by " + second();
            case op::of: return phrase(n.child) + " of " + second();
            case op::minimum: return "the least of (" + phrase_list(n.child) + ")";
            case op::maximum: return "the greatest of (" + phrase_list(n.child) + ")";
            case op::ceiling: return phrase(n.child) + " rounded up";
            case op::floor_of: return phrase(n.child) + " rounded down";
            case op::root: return "the square root of " + phrase(n.child);
            case op::clock: return n.index == 0 ? "it has been open" : "it has been in this stage";
            case op::since: return "the last " + std::string(r.name(n)) + " has stood";
            case op::variable: return n.index == 0 ? "the disposition" : "the kind of revision";
            case op::both: return phrase_list(n.child, " who are also in ");
            case op::either: return phrase_list(n.child, " or ");
            case op::except: return phrase(n.child) + " but not " + second();
            case op::complement: return "those not in " + phrase(n.child);
            case op::set_call: return set_call_phrase(n);
            case op::set_of_proposal:
                return n.index == 1 ? "the leads of the proposal's teams" : "the proposal's teams";
            case op::set_name: return set_phrase(n);
            default: return std::string(r.name(n));
        }
    }
    [[nodiscard]] std::string phrase_list(std::uint16_t first, std::string_view between = ", ") const {
        std::string s;
        for (auto c = first; c != no_node; c = r[c].next) s += (c == first ? "" : std::string(between)) + phrase(c);
        return s;
    }
    [[nodiscard]] std::string set_call_phrase(const rule_node& n) const {
        static constexpr std::array<std::string_view, 6> before{
            "team ", "the leads of ", "those with the role ", "those seated in ", "the owners of ", "those who chose "};
        return std::string(before[n.index]) + std::string(r.name(n));
    }
    [[nodiscard]] static std::string set_phrase(const rule_node& n) {
        static constexpr std::array<std::string_view, 8> phrases{
            "the electorate", "the author", "the proposer", "whoever raised it", "those who seconded",
            "those recused", "anyone", "whoever is acted for"};
        return std::string(phrases[n.index]);
    }
};

}  // namespace quorate::detail
