// Rules and electorates at random, always the same ones: what tests of many rules share.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include <quorate/rule.hpp>

namespace random_rules {

/// Knuth's MMIX generator: the same numbers everywhere, which std::uniform_int_distribution doesn't promise.
struct dice {
    std::uint64_t state;

    std::uint32_t below(std::uint32_t n) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::uint32_t>((state >> 33) % n);
    }
    bool chance(std::uint32_t percent) { return below(100) < percent; }
    template <class T>
    T one_of(std::initializer_list<T> list) {
        return *(list.begin() + below(static_cast<std::uint32_t>(list.size())));
    }
};

using quorate::word;
/// Some of the names can only be written in quotes.
inline constexpr std::array<word, 14> words{{
    {.name = "approve", .is = word::kind::position, .index = 0},
    {.name = "reject", .is = word::kind::position, .index = 1},
    {.name = "needs work", .is = word::kind::position, .index = 2},
    {.name = "and", .is = word::kind::position, .index = 3},
    {.name = "a--b", .is = word::kind::position, .index = 4},
    {.name = "quorum", .is = word::kind::rule, .index = 0},
    {.name = "core", .is = word::kind::rule, .index = 1, .type = quorate::value_type::set},
    {.name = "threshold", .is = word::kind::number, .numerator = 2, .denominator = 3},
    {.name = "2/3 rule", .is = word::kind::number, .numerator = 2, .denominator = 3},
    {.name = "patience", .is = word::kind::time_span, .numerator = 864'000'000'000},
    {.name = "merge", .is = word::kind::disposition, .index = 0},
    {.name = "not now", .is = word::kind::disposition, .index = 1},
    {.name = "editorial", .is = word::kind::revision_kind, .index = 0},
    {.name = "if", .is = word::kind::revision_kind, .index = 1},
}};

/// Writes rules. `plain` ones only ask for what a test can easily compute by other means: two positions, a fact, sets, each.
struct maker {
    dice d;
    bool plain = false;
    bool modal = true;    ///< certain and possible
    bool in_each = false;
    int  sets = 0;

    std::string truth(int depth) {
        if (depth <= 0 || d.chance(25)) return leaf();
        switch (d.below(modal ? 10 : 9)) {
            case 0: case 1: return nested(depth) + space("and") + nested(depth) + (d.chance(40) ? " and " + nested(depth) : "");
            case 2: case 3: return nested(depth) + space("or") + nested(depth) + (d.chance(40) ? " or " + nested(depth) : "");
            case 4: return "not " + nested(depth);
            case 5:
                return "at least " + std::to_string(1 + d.below(3)) + " of (" + truth(depth - 1) + "," + truth(depth - 1) + " , " +
                       truth(depth - 1) + ")";
            case 6: case 7:
                return "(if " + nested(depth) + " then " + nested(depth) + (d.chance(50) ? " else block)" : ")");
            case 8: {
                if (in_each) return leaf();
                in_each = true;
                const auto s = "(each " + d.one_of<std::string>({"team", "affiliation", "seat"}) + ": " + truth(depth - 1) + ")";
                in_each = false;
                return s;
            }
            default: return d.one_of<std::string>({"certain(", "possible("}) + truth(depth - 1) + ")";
        }
    }
    std::string set(int depth) {
        if (depth <= 0 || d.chance(40)) return set_leaf();
        switch (d.below(4)) {
            case 0: return "(" + set(depth - 1) + " and " + set(depth - 1) + ")";
            case 1: return "(" + set(depth - 1) + " or " + set(depth - 1) + (d.chance(30) ? " or author)" : ")");
            case 2: return "(" + set(depth - 1) + " except " + set(depth - 1) + (d.chance(30) ? " and " + set_leaf() + ")" : ")");
            default: return "(not " + set(depth - 1) + ")";
        }
    }

private:
    std::string space(const std::string& word) {
        return d.one_of<std::string>({" ", "  ", "\n"}) + word + d.one_of<std::string>({" ", " \t"});
    }
    std::string nested(int depth) { return "(" + truth(depth - 1) + ")"; }
    std::string sign() { return d.one_of<std::string>({" > ", ">=", " < ", "<= ", " == ", "!="}); }

    std::string leaf() {
        if (plain && d.chance(12)) return d.one_of<std::string>({"fact(known)", "fact(false)", "fact(missing)"});
        if (plain || d.chance(60)) return number(2) + sign() + number(1);
        switch (d.below(5)) {
            case 0: return d.one_of<std::string>({"fact(tests_pass)", "fact('number of tests')", "fact(a.b/c) of parent", "quorum"});
            case 1: return "disposition" + parent() + d.one_of<std::string>({"==merge", " != 'not now'"});
            case 2: return d.one_of<std::string>({"editorial == revision_kind", "revision_kind == 'if'"});
            case 3: return clock() + sign() + length();
            default: return length() + sign() + clock();
        }
    }
    std::string parent() { return !plain && d.chance(10) ? " of parent" : ""; }
    std::string members() {
        if (plain) return d.one_of<std::string>({"approve", "reject", "eligible", "cast", "outstanding"});
        return d.one_of<std::string>({"approve", "reject", "'needs work'", "'and'", "'a--b'", "eligible", "cast", "outstanding"}) +
               (in_each ? "" : parent());
    }
    std::string count() {
        auto s = d.chance(15) ? "weight(" + d.one_of<std::string>({"approve", "reject", "eligible", "cast", "outstanding"}) + ")" : members();
        const bool weighed = s[0] == 'w';
        if (sets < 8 && d.chance(25)) {
            ++sets;
            s += " in " + d.one_of<std::string>({"", "not "}) + set(plain ? 0 : 2);
        }
        return !weighed && d.chance(15) ? s + (d.chance(50) ? " by distinct(affiliation)" : " by largest(affiliation)") : s;
    }
    std::string number(int depth) {
        if (depth <= 0 || d.chance(45)) {
            if (d.chance(60)) return count();
            if (plain) return d.one_of<std::string>({"0", "1", "2", "3", "1/2", "66%", "concerns", "fact(two)"});
            return d.one_of<std::string>({"0", "3", "2/3", "66%", "50.01%", "threshold", "'2/3 rule'", "concerns", "recused of parent"});
        }
        switch (d.below(plain ? 9 : 10)) {
            case 0: return "(" + number(depth - 1) + " + " + number(depth - 1) + ")";
            case 1: return "(" + number(depth - 1) + " - " + number(depth - 1) + ")";
            case 2: return "(" + number(depth - 1) + " * " + number(depth - 1) + ")";
            case 3: return "(" + number(depth - 1) + " / " + number(depth - 1) + ")";
            case 4: return "1/2 of (" + number(depth - 1) + ")";
            case 5: return "min(" + number(depth - 1) + ", " + number(depth - 1) + ")";
            case 6: return "max(" + number(depth - 1) + "," + number(depth - 1) + ",1)";
            case 7: return "ceil(" + number(depth - 1) + "/2)";
            case 8: return "floor (sqrt(" + count() + "))";
            default: return "2*threshold of " + count();
        }
    }
    std::string set_leaf() {
        if (plain) return d.one_of<std::string>({"team(a)", "team(b)", "role(c)"});
        return d.one_of<std::string>({"team(lang)", "leads(core-team)", "role('release manager')", "seats(council)", "core",
                                      "owners(rust-lang/rust)", "voters('needs work') of parent", "electorate", "author",
                                      "recused", "everyone", "teams of proposal", "leads of proposal"});
    }
    std::string clock() {
        return d.one_of<std::string>({"open_for", "in_stage of parent", "since(revision)", "since(threshold) of parent"});
    }
    std::string length() {
        return d.one_of<std::string>({"10 days", "1day 12  hours", "patience", "1/2 of 2 weeks", "(7 days + 36 hours)",
                                      "approve * 1 day", "3 days / 2"});
    }
};

}  // namespace random_rules
