// From nodes to English, for people who don't read rules. Included by rule.hpp only.
#pragma once

namespace quorate::detail {

/// Wording only: what a part means is the evaluator's business. A comparison with a side that counts people or things speaks
/// of them ("at least 2 members chose ..."), any other one of numbers ("the number of ... is at least ...").
struct rule_english {
    rule_view                         r;
    std::span<const std::string_view> titles{};
    /// Canonical text of the sets that the comparison around already spoke of: they needn't be said again.
    std::string_view                  said{};

    [[nodiscard]] std::string text() const {
        if (r.root == no_node) return {};
        return r[r.root].type == value_type::set ? people(r.root) : clause(r.root);
    }

private:
    using str = std::string;

    // ---- truths ------------------------------------------------------------------------------------------------
    [[nodiscard]] str clause(std::uint16_t i) const {
        const auto& n = r[i];
        switch (n.what) {
            case op::all: return parts(n, "and");
            case op::any: return "either " + parts(n, "or");
            case op::negate: return negation(n.child);
            case op::at_least: return at_least(n);
            case op::if_then: return "if " + clause(n.child) + ", then " + part(r[n.child].next);
            case op::if_else_block:
                return "if " + clause(n.child) + ", then " + part(r[n.child].next) + ", and it is blocked otherwise";
            case op::each: return "for each " + str(collection_names[n.index]) + " on its own, " + clause(n.child);
            case op::certain: return "it is certain, whatever ballots still come, that " + part(n.child);
            case op::possible: return "it is still possible that " + part(n.child);
            case op::named_rule: return "the rule " + name(n) + " holds";
            case op::fact: return "the fact " + name(n) + " holds" + parents(n);
            case op::beats: return beats(n);
            default: return is_comparison(n.what) ? comparison(n) : number(i);
        }
    }
    [[nodiscard]] str negation(std::uint16_t i) const {
        const auto& n = r[i];
        switch (n.what) {
            case op::certain: return "it is not certain that " + part(n.child);
            case op::possible: return "it is no longer possible that " + part(n.child);
            case op::named_rule: return "the rule " + name(n) + " does not hold";
            case op::fact: return "the fact " + name(n) + " does not hold" + parents(n);
            default: return "it is not the case that " + part(i);
        }
    }
    /// A clause inside another one: in parentheses when it has parts of its own.
    [[nodiscard]] str part(std::uint16_t i) const {
        const auto what = r[i].what;
        // What is said "among" some people would seem to hold for the next clause as well.
        const bool among = is_comparison(what) && !unwrap(r[i].child).sets.empty();
        const bool compound = among || what == op::all || what == op::any || what == op::at_least || what == op::each ||
                              what == op::if_then || what == op::if_else_block;
        return compound ? "(" + clause(i) + ")" : clause(i);
    }
    [[nodiscard]] str parts(const rule_node& n, std::string_view word) const {
        return listed(n.child, word, [this](std::uint16_t c) { return part(c); });
    }
    [[nodiscard]] str at_least(const rule_node& n) const {
        str         s;
        std::size_t count = 0;
        for (auto c = n.child; c != no_node; c = r[c].next) {
            s += count == 0 ? "(" : "; (";
            s += std::to_string(++count) + ") " + clause(c);
        }
        return "at least " + std::to_string(n.numerator) + " of these " + std::to_string(count) +
               (n.numerator == 1 ? " holds: " : " hold: ") + s;
    }
    /// "A", "A and B", "A, B, and C".
    template <class F>
    [[nodiscard]] str listed(std::uint16_t first, std::string_view word, F f) const {
        str         s;
        std::size_t before = 0;
        for (auto c = first; c != no_node; c = r[c].next, ++before) {
            const bool last = r[c].next == no_node;
            if (before > 1 || (before == 1 && !last)) s += ",";
            if (before > 0) s += last ? " " + str(word) + " " : " ";
            s += f(c);
        }
        return s;
    }
    [[nodiscard]] static str parents(const rule_node& n) { return n.of_parent ? " for the parent proposal" : ""; }
    [[nodiscard]] str name(const rule_node& n) const { return "\"" + str(r.name(n)) + "\""; }
    [[nodiscard]] str position_name(const rule_node& n) const {
        const auto i = n.what == op::set_call ? static_cast<std::size_t>(n.numerator) : n.index;
        return i < titles.size() && !titles[i].empty() ? "\"" + str(titles[i]) + "\"" : name(n);
    }

    // ---- comparisons -------------------------------------------------------------------------------------------
    /// A count without the sets and the "by distinct" around it.
    struct counted {
        std::uint16_t              leaf = no_node;
        std::vector<std::uint16_t> sets{};
        bool                       distinct = false;
        bool                       largest = false;
    };
    [[nodiscard]] counted unwrap(std::uint16_t i) const {
        counted c{.leaf = i};
        while (r[c.leaf].what == op::counted_in || r[c.leaf].what == op::by_distinct || r[c.leaf].what == op::by_largest) {
            if (r[c.leaf].what == op::by_distinct) c.distinct = true;
            else if (r[c.leaf].what == op::by_largest) c.largest = true;
            else c.sets.insert(c.sets.begin(), r[r[c.leaf].child].next);
            c.leaf = r[c.leaf].child;
        }
        return c;
    }
    [[nodiscard]] static bool counts_people(const rule_node& n) {
        return n.what == op::count ||
               (n.what == op::quantity && n.index <= static_cast<std::uint16_t>(quantity::recused));
    }
    [[nodiscard]] bool countable(std::uint16_t i) const {
        const auto& leaf = r[unwrap(i).leaf];
        return leaf.what == op::count || leaf.what == op::quantity;
    }
    [[nodiscard]] static str how(op o, bool time = false) {
        static constexpr std::array<std::string_view, 6> words{"more than ", "at least ", "fewer than ",
                                                               "at most ",   "exactly ",  "not exactly "};
        return time && o == op::less ? "less than " : str(words[static_cast<std::size_t>(o) -
                                                                static_cast<std::size_t>(op::greater)]);
    }
    [[nodiscard]] str comparison(const rule_node& n) const {
        auto left = n.child;
        auto right = r[left].next;
        auto o = n.what;
        const bool turned = (is_clock(r[right].what) || r[right].what == op::variable || countable(right)) &&
                            !(is_clock(r[left].what) || r[left].what == op::variable || countable(left));
        if (turned) {
            std::swap(left, right);
            o = mirrored(o);
        }
        if (r[left].what == op::variable)
            return variable(r[left], o) + (r[left].index == static_cast<std::uint16_t>(quorate::variable::winner) ? option(r[right]) : "\"" + str(r.name(r[right])) + "\"");
        if (is_clock(r[left].what)) return clock(r[left], how(o, true) + number(right));
        if (countable(left))
            if (auto s = counting(unwrap(left), o, right); !s.empty()) return s;
        return number(left) + " is " + how(o, true) + number(right);
    }
    [[nodiscard]] static str variable(const rule_node& n, op o) {
        static constexpr std::array<std::string_view, variable_names.size()> nouns{"the disposition", "the kind of revision", "the winner"};
        return str(nouns[n.index]) + (n.of_parent ? " of the parent" : "") +
               (o == op::equal ? " is " : " is not ");
    }
    [[nodiscard]] str option(const rule_node& n) const {
        if (n.index == winning_option) return "the winner";
        return r.name(n) == "default" ? str("the default option") : name(n);
    }
    [[nodiscard]] str beats(const rule_node& n) const {
        const auto& a = r[n.child];
        const auto& b = r[a.next];
        if (b.next == no_node) return "more ballots prefer " + option(a) + " to " + option(b) + " than the other way round";
        const auto& ratio = r[b.next];
        return "of those who prefer one of " + option(a) + " and " + option(b) + ", at least " + std::to_string(ratio.numerator) + " prefer " + option(a) +
               " for every " + std::to_string(ratio.denominator) + " who " + (ratio.denominator == 1 ? "prefers " : "prefer ") + option(b);
    }
    static constexpr std::array<std::string_view, since_names.size()> happened{
        "the last revision was made", "it was proposed",           "the last ballot was cast",
        "the oldest second that stands was given", "a concern was last raised or closed", "the threshold was reached",
        "the oldest open concern was raised", "the options last changed"};
    [[nodiscard]] str clock(const rule_node& n, const str& length) const {
        if (n.what == op::since && n.index == since_fact)
            return "the fact " + name(n) + " was last reported " + length + " ago" + parents(n);
        if (n.what == op::since) return str(happened[n.index]) + " " + length + " ago" + parents(n);
        return str(n.of_parent ? "the parent proposal" : "it") +
               (n.index == 0 ? " has been open for " : " has been in its stage for ") + length;
    }
    /// A comparison as a sentence about who or what is counted on its left; empty when it would be none.
    [[nodiscard]] str counting(const counted& c, op o, std::uint16_t right) const {
        const auto& leaf = r[c.leaf];
        const auto& b = r[right];
        str among;
        for (const auto set : c.sets) among += (among.empty() ? "among " : " who are also among ") + people(set);
        if (!among.empty()) among += ", ";
        if (c.largest && b.what == op::number) return among + how(o) + number(right) + " of " + everybody(leaf) + " share an affiliation";
        if (b.what == op::number && b.denominator == 1) return among + amount(c, o, right);
        if (c.distinct || c.largest) return {};
        // What is left out below: right sides that are restricted otherwise than the left one.
        const auto scope = scope_of(c);
        if (!scoped_alike(right, scope)) return {};
        const rule_english inner{r, titles, scope};
        if (counts_people(leaf)) {
            if (const auto s = inner.share(right); !s.empty())
                return among + how(o) + s + " " + did(leaf, true) + parents(leaf);
        }
        const auto other = unwrap(right);
        if (other.distinct || other.largest || !countable(right) || counts_people(leaf) != counts_people(r[other.leaf])) return {};
        static constexpr std::array<std::string_view, 6> as{"more ",         "at least as many ", "fewer ",
                                                            "at most as many ", "exactly as many ", "not exactly as many "};
        const bool than = o == op::greater || o == op::less;
        return among + str(as[static_cast<std::size_t>(o) - static_cast<std::size_t>(op::greater)]) + things(leaf, true) +
               " " + did(leaf, true) + parents(leaf) + (than ? " than " : " as ") +
               (counts_people(leaf) ? str() : things(r[other.leaf], true) + " ") + did(r[other.leaf], true) +
               parents(r[other.leaf]);
    }
    /// "at least 2 members chose ...", "no concern is open".
    [[nodiscard]] str amount(const counted& c, op o, std::uint16_t right) const {
        const auto& leaf = r[c.leaf];
        const auto  many = r[right].numerator;
        const bool  literal = is_literal(r, r[right]);
        const bool  none = literal && ((many == 0 && (o == op::equal || o == op::less_equal)) || (many == 1 && o == op::less));
        const bool  some = literal && ((many == 0 && (o == op::greater || o == op::not_equal)) ||
                                      (many == 1 && o == op::greater_equal));
        if (none)
            return (counts_people(leaf) ? str("nobody") : "no " + things(leaf, false)) + " " + did(leaf, false) + parents(leaf);
        if (some) return "at least one " + things(leaf, false) + " " + did(leaf, false) + parents(leaf);
        const bool plural = many != 1;
        const auto count = how(o) + number(right);
        if (c.distinct)
            return "members of " + count + (plural ? " affiliations " : " affiliation ") + did(leaf, true) + parents(leaf);
        return count + " " + things(leaf, plural) + " " + did(leaf, plural) + parents(leaf);
    }
    [[nodiscard]] static str things(const rule_node& n, bool plural) {
        static constexpr std::array<std::string_view, quantity_names.size()> nouns{
            "member", "member",   "member", "member",   "concern",        "second", "sponsor",
            "question", "hold",   "revision", "child proposal", "team",   "team",    "option", "option", "option", "seat"};
        return str(n.what == op::quantity ? nouns[n.index] : "member") + (plural ? "s" : "");
    }
    [[nodiscard]] str did(const rule_node& n, bool plural) const {
        static constexpr std::array<std::string_view, quantity_names.size()> verbs{
            "eligible", "",         "outstanding", "recused", "open",      "given",               "named",
            "open",     "in force", "made",        "open",    "concerned", "named by the proposer",
            "on the ballot besides the default one", "elected", "tied for what is left", "vacant"};
        if (n.what == op::count) return "chose " + position_name(n);
        const auto q = static_cast<quantity>(n.index);
        if (q == quantity::cast) return "cast a ballot";
        const bool perfect = q == quantity::seconds || q == quantity::sponsors || q == quantity::revisions;
        return str(perfect ? (plural ? "have been " : "has been ") : (plural ? "are " : "is ")) + str(verbs[n.index]);
    }

    // ---- counts as parts of numbers ----------------------------------------------------------------------------
    [[nodiscard]] str scope_of(const counted& c) const {
        str s;
        for (const auto set : c.sets) s += " in " + rule_printer{r}.text_of(set, binding(op::name));
        return s;
    }
    [[nodiscard]] bool scoped_alike(std::uint16_t i, const str& scope) const {
        if (scope.empty()) return true;
        if (countable(i)) return scope_of(unwrap(i)) == scope;
        for (auto c = r[i].child; c != no_node; c = r[c].next)
            if (!scoped_alike(c, scope)) return false;
        return !weight_op(r[i].what);
    }
    [[nodiscard]] str everybody(const rule_node& leaf) const {
        static constexpr std::array<std::string_view, 4> groups{"the eligible members", "those who cast a ballot",
                                                                "the outstanding members", "the recused members"};
        return (leaf.what == op::count ? "those who chose " + position_name(leaf) : str(groups[leaf.index])) + parents(leaf);
    }
    /// "the eligible members", or empty when the node doesn't count people.
    [[nodiscard]] str group(std::uint16_t i) const {
        const auto& n = r[i];
        if (n.what == op::maximum) {  // "of max(eligible, 1)": so that nobody is no majority of nobody
            const auto& least = r[r[n.child].next];
            const auto  of = least.what == op::number && least.next == no_node ? group(n.child) : str();
            return of.empty() ? of : of + " (taken as at least " + constant(least) + ")";
        }
        if (n.what == op::subtract) {
            const auto a = group(n.child);
            const auto b = group(r[n.child].next);
            return a.empty() || b.empty() ? str() : a + " (not counting " + b + ")";
        }
        const auto  c = unwrap(i);
        const auto& leaf = r[c.leaf];
        if (c.distinct || c.largest || !counts_people(leaf)) return {};
        auto s = everybody(leaf);
        if (said.empty())
            for (const auto set : c.sets) s += " among " + people(set);
        return s;
    }
    /// "2/3 of the eligible members", "1/2 of those who cast a ballot (rounded up)"; empty when the node is no such share.
    [[nodiscard]] str share(std::uint16_t i) const {
        const auto& n = r[i];
        if (n.what == op::ceiling || n.what == op::floor_of) {
            const auto s = share(n.child);
            return s.empty() ? s : s + (n.what == op::ceiling ? " (rounded up)" : " (rounded down)");
        }
        if ((n.what != op::of && n.what != op::multiply) || !is_part(n.child)) return {};
        const auto whole = group(r[n.child].next);
        return whole.empty() ? whole : operand(n.child) + " of " + whole;
    }

    /// A number that is no more than 1, or 1 less such a number.
    [[nodiscard]] bool is_part(std::uint16_t i) const {
        const auto& n = r[i];
        if (n.what == op::number) return n.numerator <= n.denominator;
        return n.what == op::subtract && is_part(n.child) && is_part(r[n.child].next);
    }

    // ---- numbers and times -------------------------------------------------------------------------------------
    [[nodiscard]] str number(std::uint16_t i) const {
        const auto& n = r[i];
        const auto  second = [&] { return operand(r[n.child].next); };
        switch (n.what) {
            case op::number: case op::duration_of: return constant(n);
            case op::count: return "the number who chose " + position_name(n) + parents(n);
            case op::quantity: return str(quantity_phrases[n.index]) + parents(n);
            case op::weight: return "the weight behind " + position_name(n) + parents(n);
            case op::curve: return curve(n);
            case op::held: return "what those who chose " + position_name(n) + parents(n) + " committed";
            case op::held_of: return "what is held by " + everybody(n);
            case op::weight_of: return "the weight of " + everybody(n);
            case op::children_of: return "the number of open proposals of process " + name(n) + " under " + (n.of_parent ? "the parent proposal" : "this one");
            case op::fact: return "the reported value of " + name(n) + parents(n);
            case op::counted_in: return number(n.child) + (said.empty() ? " among " + people(r[n.child].next) : str());
            case op::by_distinct: return "the number of affiliations among " + group(n.child);
            case op::by_largest: return "the number of those with the most frequent affiliation among " + group(n.child);
            case op::add: return operand(n.child) + " plus " + second();
            case op::subtract: return operand(n.child) + " minus " + second();
            case op::multiply: return operand(n.child) + " times " + second();
            case op::divide: return operand(n.child) + " divided by " + second();
            case op::of: {
                const bool many = r[n.child].what == op::number && r[n.child].numerator > r[n.child].denominator;
                return operand(n.child) + (many ? " times " : " of ") + second();
            }
            case op::minimum: case op::maximum: return extreme(n);
            case op::ceiling: return operand(n.child) + " (rounded up)";
            case op::floor_of: return operand(n.child) + " (rounded down)";
            case op::root: return "the square root of " + operand(n.child);
            default: return name(n);
        }
    }
    [[nodiscard]] str operand(std::uint16_t i) const {
        const auto what = r[i].what;
        const bool compound = what == op::add || what == op::subtract || what == op::multiply || what == op::divide;
        return compound ? "(" + number(i) + ")" : number(i);
    }
    [[nodiscard]] str extreme(const rule_node& n) const {
        const bool two = r[r[n.child].next].next == no_node;
        const auto which = n.what == op::minimum ? (two ? "smaller" : "smallest") : (two ? "larger" : "largest");
        return "the " + str(which) + " of " + listed(n.child, "and", [this](std::uint16_t c) { return operand(c); });
    }
    [[nodiscard]] str curve(const rule_node& n) const {
        const auto& clock = r[n.child];
        const auto  length = clock.next;
        const auto  first = r[length].next;
        const auto  second = r[first].next;
        const auto  since = clock.what == op::clock         ? str(clock.index == 0 ? "since it was opened" : "in its stage")
                            : clock.index == since_fact ? "since the last report of " + name(clock)
                                                        : "since " + str(happened[clock.index]);
        const auto over = " over " + constant(r[length]) + " " + since;
        if (n.index == static_cast<std::uint16_t>(curve_kind::linear))
            return "a threshold that goes evenly from " + operand(first) + " to " + operand(second) + over;
        const auto third = r[second].next;
        if (n.index == static_cast<std::uint16_t>(curve_kind::stepped))
            return "a threshold that falls from " + operand(first) + " to " + operand(second) + " in steps of " + operand(third) +
                   ", one in each " + operand(r[third].next) + " of the time," + over;
        return "a threshold that falls as " + operand(first) + " / (part of the time + " + operand(second) + ") + " + operand(third) +
               " (from 0 to 1)" + over;
    }
    /// A literal as written, a parameter by value and name: 2/3 ("threshold").
    [[nodiscard]] str constant(const rule_node& n) const {
        if (is_literal(r, n)) return literal_text(r.name(n));
        const auto value = n.what == op::duration_of ? to_string(duration(n.numerator))
                           : n.denominator == 1      ? std::to_string(n.numerator)
                                                     : std::to_string(n.numerator) + "/" + std::to_string(n.denominator);
        return value + " (" + name(n) + ")";
    }
    static constexpr std::array<std::string_view, quantity_names.size()> quantity_phrases{
        "the number of eligible members", "the number of ballots cast",           "the number of outstanding members",
        "the number of recused members",  "the number of open concerns",          "the number of seconds",
        "the number of sponsors",         "the number of open questions",         "the number of holds",
        "the number of revisions",        "the number of open proposals under it", "the number of teams concerned",
        "the number of teams named by the proposer",
        "the number of options besides the default one", "the number of options elected", "the number of options tied for what is left",
        "the number of vacant seats"};

    // ---- sets --------------------------------------------------------------------------------------------------
    [[nodiscard]] str people(std::uint16_t i) const {
        const auto& n = r[i];
        switch (n.what) {
            case op::both: {
                const auto& first = r[n.child];
                auto s = first.what == op::complement ? str("people") : inner_people(n.child);
                const bool one = first.what == op::set_name && is_one_person(first);
                s += one ? " if they " : " who ";
                return s + (first.what == op::complement ? who(first.child, false) + " and " : str()) +
                       listed(first.next, "and", [this](std::uint16_t c) { return who(c); });
            }
            case op::either: return listed(n.child, "or", [this](std::uint16_t c) { return inner_people(c); });
            case op::except: return excepted(n);
            case op::complement: return "people who " + who(n.child, false);
            case op::set_of_proposal:
                return str(n.index == 2 ? "representatives" : n.index == 1 ? "leads" : "members") + " of the proposal's teams" + of_parent(n);
            case op::set_call: return called(n) + of_parent(n);
            case op::set_name:
                if (n.of_parent && n.index == static_cast<std::uint16_t>(set_name::raiser))
                    return "whoever raised the concern of the parent proposal that this one is about";
                return str(set_phrases[n.index]) + of_parent(n);
            default: return name(n);
        }
    }
    /// "A except B and C" for A except B except C.
    [[nodiscard]] str excepted(const rule_node& n) const {
        const auto& from = r[n.child];
        const auto  left_out = inner_people(r[n.child].next);
        return (from.what == op::except ? excepted(from) + " and " : inner_people(n.child) + " except ") + left_out;
    }
    [[nodiscard]] static str of_parent(const rule_node& n) { return n.of_parent ? " of the parent proposal" : ""; }
    [[nodiscard]] str inner_people(std::uint16_t i) const {
        const auto what = r[i].what;
        return what == op::both || what == op::either || what == op::except ? "(" + people(i) + ")" : people(i);
    }
    [[nodiscard]] static bool is_one_person(const rule_node& n) {
        const auto s = static_cast<set_name>(n.index);
        return s == set_name::author || s == set_name::proposer || s == set_name::raiser || s == set_name::on_behalf;
    }
    [[nodiscard]] str called(const rule_node& n) const {
        const auto of = str(r.name(n));
        switch (static_cast<set_call>(n.index)) {
            case set_call::team: return "members of team " + of;
            case set_call::leads: return "leads of team " + of;
            case set_call::role: return "people with the role " + of;
            case set_call::seats: return "people seated in " + of;
            case set_call::reps: return "representatives of team " + of;
            case set_call::owners: return "owners of " + of;
            case set_call::office: return "the proposal's " + of;
            default: return "those who chose " + position_name(n);
        }
    }
    static constexpr std::array<std::string_view, set_names.size()> set_phrases{
        "the electorate",  "the author", "the proposer",         "whoever raised it", "those who seconded it",
        "recused members", "everyone",   "whoever is acted for", "those who took part"};
    /// What is said of people to be in the set, after "who": "are members of team lang", "did not choose ...".
    [[nodiscard]] str who(std::uint16_t i, bool in = true) const {
        const auto& n = r[i];
        const str   are = in ? "are " : "are not ";
        if (n.what == op::complement) return who(n.child, !in);
        if (n.what == op::set_call && !n.of_parent) {
            const auto call = static_cast<set_call>(n.index);
            if (call == set_call::voters) return (in ? "chose " : "did not choose ") + position_name(n);
            if (call == set_call::role) return (in ? "have the role " : "do not have the role ") + str(r.name(n));
            if (call == set_call::seats) return are + "seated in " + str(r.name(n));
            return are + called(n);
        }
        if (n.what == op::set_name && !n.of_parent) {
            const auto s = static_cast<set_name>(n.index);
            if (s == set_name::recused) return are + "recused";
            if (is_one_person(n)) return are + str(set_phrases[n.index]);
        }
        if (n.what == op::set_of_proposal && !n.of_parent) return are + people(i);
        return are + (n.what == op::named_rule ? "in " : "among ") + inner_people(i);
    }
};

}  // namespace quorate::detail
