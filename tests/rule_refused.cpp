// Texts that are no rules: refused where they go wrong, with what would fit there; and the limits of the language.
#include <initializer_list>
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <quorate/rule.hpp>

#include "random_rules.hpp"
#include "rule_support.hpp"

using namespace quorate;
using namespace rule_support;

namespace {
struct refusal {
    std::string_view text;
    std::size_t      at;
    std::string_view expected;
    std::string_view unknown = {};
    std::string_view hint = {};
};
void check_refusals(std::initializer_list<refusal> list, expects what = expects::rule) {
    for (const auto& wrong : list) {
        CAPTURE(wrong.text);
        const auto r = read_rule(wrong.text, words, what);
        CHECK(r.error.is_error());
        CHECK(r.error.at == wrong.at);
        CHECK(r.error.expected == wrong.expected);
        CHECK(r.error.unknown == wrong.unknown);
        CHECK(suggestion(r.error, words) == wrong.hint);
        CHECK(r.value.empty());
    }
}
}  // namespace

TEST_CASE("a text that is no rule is refused where it goes wrong, saying what was expected there") {
    constexpr std::string_view part = "a rule, a count or a number";
    check_refusals({
        {"", 0, part},
        {"   ", 3, part},
        {"approve >", 9, part},
        {"> 1", 0, part},
        {"approve > 1 and", 15, part},
        {"approve > and", 10, part},
        {"approve > not 1", 10, part},
        {"approve <> 1", 9, part},
        {"approve # 1", 8, "the end of the rule, or 'and', 'or', a comparison"},
        {"approve > 1 reject > 1", 12, "the end of the rule, or 'and', 'or', a comparison"},
        {"approve > 1)", 11, "the end of the rule, or 'and', 'or', a comparison"},
        {"(approve > 1", 12, "')'"},
        {"approve = 1", 8, "'==' to compare"},
        {"approve => 1", 8, "'==' to compare"},
        {"1 < approve < 3", 12, "'and': comparisons do not chain"},
        {"quorum and 'appr", 11, "a closing quote"},
        {"'' > 1", 2, "a name"},
        {"team() and core", 5, "a name"},
        {"fact(tests pass)", 11, "')'"},
        {"if quorum", 9, "'then'"},
        {"if quorum then quorum else quorum", 27, "'block' after 'else'"},
        {"each teams: quorum", 5, "'team', 'affiliation' or 'seat' after 'each'", "teams", "team"},
        {"each team quorum", 10, "':' before what must hold for each"},
        {"at least x of (quorum)", 9, "how many, as a whole number"},
        {"at least 1/2 of (quorum)", 9, "how many, as a whole number"},
        {"at least 2 (quorum)", 11, "'of (' and a list of rules"},
        {"at least 2 of quorum", 14, "'(' and a list of rules"},
        {"at least 2 of (quorum quorum)", 22, "',' or ')'"},
        {"min(1, 2 > approve", 18, "')'"},
        {"approve by affiliation > 1", 11, "'distinct(affiliation)' or 'largest(affiliation)' after 'by'"},
        {"approve by distinct(team) > 1", 20, "'affiliation'"},
        {"approve in", 10, "a set of people after 'in'"},
        {"teams of team(x)", 9, "'proposal': 'teams of proposal', 'leads of proposal' or 'reps of proposal'"},
        {"teem(x)", 0, "a function: min max ceil floor sqrt weight held fact since children beats linear stepped reciprocal certain possible, or a set", "teem", "team"},
        {"1.5 days < open_for", 4, "a whole number before a unit of time, such as '36 hours'"},
        {"1/0 < approve", 3, "a denominator that is not zero"},
        {"2 days 3 < open_for", 9, "a unit of time after the number"},
        {"2 days 1 week < open_for", 9, "a shorter unit of time than the one before"},
        {"2 days 3 days < open_for", 9, "a shorter unit of time than the one before"},
        {"(approve > 1) of parent", 14, "one count, clock, fact or set before 'of parent'"},
        {"approve of parent of parent > 1", 18, "one count, clock, fact or set before 'of parent'"},
        {"2 of parent > 1", 2, "one count, clock, fact or set before 'of parent'"},
        {"approve in core of parent of parent > 1", 26, "one count, clock, fact or set before 'of parent'"},
    });
}

TEST_CASE("a part in the wrong place is refused with what would fit there") {
    check_refusals({
        {"approve", 0, "a comparison, such as '> 1/2 of eligible'"},
        {"core", 0, "a comparison, such as '> 1/2 of eligible'"},
        {"10 days", 0, "a comparison, such as '> 1/2 of eligible'"},
        {"approve and quorum", 0, "a comparison, such as '> 0'"},
        {"quorum and approve + 1", 19, "a comparison, such as '> 0'"},
        {"quorum and core", 11, "a comparison, such as '> 0'"},
        {"not approve", 4, "a comparison, such as '> 0'"},
        {"certain(approve)", 8, "a rule that is true or false"},
        {"if approve then quorum", 3, "a rule that is true or false"},
        {"at least 2 of (quorum, approve)", 23, "a rule that is true or false"},
        {"each team: approve", 11, "a rule that is true or false"},
        {"each team: each seat: quorum", 11, "no 'each' inside another 'each'"},
        {"each team: approve of parent > 1", 11, "a count of this proposal inside 'each'"},
        {"at least 0 of (quorum)", 0, "a number from 1 to the length of the list after 'at least'"},
        {"at least 3 of (quorum, quorum)", 0, "a number from 1 to the length of the list after 'at least'"},
        {"quorum > 1", 0, "a number or a time to compare"},
        {"approve > quorum", 10, "a number or a time to compare"},
        {"approve > core", 10, "a number or a time to compare"},
        {"approve > 10 days", 10, "a number, not a duration"},
        {"open_for > 10", 11, "a duration, such as '10 days'"},
        {"disposition > merge", 12, "'==' or '!='"},
        {"disposition == 2", 15, "a known disposition or kind of revision"},
        {"disposition == merge of parent", 15, "'of parent' after 'disposition', not after its value"},
        {"min(1) > approve", 0, "at least two numbers"},
        {"max(1, 10 days) > approve", 7, "a number"},
        {"sqrt(quorum) > approve", 5, "a number"},
        {"approve + quorum > 1", 8, "numbers (or durations) on both sides"},
        {"approve + 10 days > 1", 8, "numbers (or durations) on both sides"},
        {"2 / 10 days > 1", 2, "numbers (or durations) on both sides"},
        {"10 days * 10 days > open_for", 8, "numbers (or durations) on both sides"},
        {"concerns in core > 1", 0, "a count of members before 'in'"},
        {"recused in core > 1", 0, "a count of members before 'in'"},
        {"2 in core > 1", 0, "a count of members before 'in'"},
        {"approve in reject > 1", 11, "a set of people after 'in'"},
        {"approve in quorum > 1", 11, "a set of people after 'in'"},
        {"approve in fact(x) > 1", 11, "a set of people after 'in'"},
        {"concerns by distinct(affiliation) > 1", 9, "a count of members before 'by distinct'"},
        {"weight(approve) by distinct(affiliation) > 1", 16, "a count of members before 'by distinct'"},
        {"weight(approve) in core by distinct(affiliation) > 1", 24, "a count of members before 'by distinct'"},
        {"quorum of parent", 0, "one count, clock, fact or set before 'of parent'"},
        {"threshold of parent > approve", 0, "one count, clock, fact or set before 'of parent'"},
        {"merge", 0, "'fact(...)' around a fact, '==' between a variable and its value", "merge"},
    });
    check_refusals({{"quorum", 0, "a set of people, such as 'team(core)'"},
                    {"fact(x)", 0, "a set of people, such as 'team(core)'"},
                    {"core and quorum", 9, "a set of people"},
                    {"core except approve > 1", 20, "a set of people"},
                    {"approve", 0, "a set of people, such as 'team(core)'"}},
                   expects::set);
    check_refusals({{"approve", 0, "a comparison or a set of people"}, {"concerns", 0, "a comparison or a set of people"}},
                   expects::rule_or_set);
}

TEST_CASE("an unknown name is refused where it stands, with the closest known one") {
    check_refusals({
        {"approve > 1 and aprove < 3", 16, "a known name", "aprove", "approve"},
        {"'aprove' > 1", 1, "a known name", "aprove", "approve"},
        {"concern == 0", 0, "a known name", "concern", "concerns"},
        {"elegible > 1", 0, "a known name", "elegible", "eligible"},
        {"opn_for > 1 day", 0, "a known name", "opn_for", "open_for"},
        {"zzzzzzzz > 1", 0, "a known name", "zzzzzzzz", ""},
        {"sqr(2) > 1", 0, "a function: min max ceil floor sqrt weight held fact since children beats linear stepped reciprocal certain possible, or a set", "sqr", "sqrt"},
        {"weight(aprove) > 1", 7, "a position, eligible, cast or outstanding", "aprove", "approve"},
        {"approve in voters(rejected) > 1", 18, "a position", "rejected", "reject"},
        {"since(revison) > 1 day", 6, "revision, proposal, ballot, second, concern, oldest_concern, threshold, option or a declared fact", "revison", "revision"},
        {"disposition == merg", 15, "a known disposition or kind of revision", "merg", "merge"},
        {"disposition == editorial", 15, "a known disposition or kind of revision", "editorial", ""},
        {"revision_kind == editoral", 17, "a known disposition or kind of revision", "editoral", "editorial"},
        {"approve in autor > 1", 11, "a set of people", "autor", "author"},
    });
}

TEST_CASE("facts are checked when some are declared") {
    constexpr word declared[]{{.name = "tests_pass", .is = word::kind::fact}};
    CHECK_FALSE(read_rule("fact(anything)", words).error.is_error());
    CHECK_FALSE(read_rule("fact(tests_pass)", declared).error.is_error());
    const auto r = read_rule("fact(test_pass)", declared);
    CHECK(r.error.at == 5);
    CHECK(r.error.expected == "a declared fact");
    CHECK(suggestion(r.error, declared) == "tests_pass");
    CHECK(read_rule("tests_pass", declared).error.expected ==
          "'fact(...)' around a fact, '==' between a variable and its value");
}

TEST_CASE("a clock stands alone on its side of a comparison, against a duration") {
    check_refusals({
        {"open_for + 1 day > 2 days", 0, "a clock alone on its side of a comparison"},
        {"2 days > 2 * in_stage", 13, "a clock alone on its side of a comparison"},
        {"since(revision) - open_for > 1 day", 0, "a clock alone on its side of a comparison"},
        {"1/2 of open_for > 1 day", 7, "a clock alone on its side of a comparison"},
        {"max(open_for, 1 day) > 1 day", 4, "a number"},
        {"open_for > in_stage", 11, "a duration, not a second clock"},
        {"since(revision) >= since(proposal)", 19, "a duration, not a second clock"},
    });
    for (const auto* text : {"open_for > 1/2 of 10 days", "approve * 1 day <= in_stage", "open_for == 10 days / 3"}) must_read(text);
}

TEST_CASE("what may be irrational is added only to what may be as well") {
    check_refusals({
        {"1 + sqrt(eligible) > approve", 2, "square roots of the same number to add"},
        {"approve > cast - 1/2 of sqrt(2)", 15, "square roots of the same number to add"},
        {"approve > max(1, sqrt(2)) + 1", 26, "square roots of the same number to add"},
    });
    for (const auto* text : {"sqrt(eligible) + 2 * sqrt(eligible) > approve", "1 + ceil(sqrt(eligible)) > approve",
                             "1 + floor(1/2 of sqrt(eligible)) > approve"})
        must_read(text);
}

TEST_CASE("a rule has at most 4096 characters") {
    const auto of_length = [](std::size_t n) { return "quorum" + std::string(n - 6, ' '); };
    CHECK_FALSE(read_rule(of_length(longest_rule), words).error.is_error());
    CHECK(read_rule(of_length(longest_rule + 1), words).error.expected == "a rule of at most 4096 characters");
}

TEST_CASE("a rule nests at most 48 deep, whatever it nests") {
    const auto nested = [](std::string_view open, std::string_view close, std::size_t n) {
        return repeated(open, n) + "quorum" + repeated(close, n);
    };
    const std::pair<std::string_view, std::string_view> pairs[] = {
        {"(", ")"}, {"not ", ""}, {"certain(", ")"}, {"at least 1 of (", ")"}, {"if quorum then ", ""}};
    for (const auto& pair : pairs) {
        const auto open = pair.first;
        const auto close = pair.second;
        CAPTURE(open);
        CHECK_FALSE(read_rule(nested(open, close, deepest_rule), words).error.is_error());
        const auto e = read_rule(nested(open, close, deepest_rule + 1), words).error;
        CHECK(e.expected == "less deeply nested parts (at most 48)");
        CHECK(e.at > deepest_rule);
        // Far more than that is refused as quickly: the stack is safe.
        CHECK(read_rule(nested(open, close, 250), words).error.is_error());
    }
    CHECK(read_rule(repeated("(", longest_rule), words).error.is_error());
}

TEST_CASE("a rule has at most 1024 parts") {
    // 512 numbers and 510 additions, one comparison.
    const auto sum = [](std::size_t n) { return "1" + repeated("+1", n - 2) + ">1"; };
    CHECK(must_read(sum(512)).nodes.size() == 1023);
    CHECK(read_rule(sum(513), words).error.expected == "a rule of at most 1024 parts");
    CHECK(read_rule(sum(2000), words).error.expected == "a rule of at most 1024 parts");
}

TEST_CASE("a rule counts in at most 60 sets") {
    const auto ins = [](std::size_t n) { return "approve" + repeated(" in core", n) + " > 1"; };
    CHECK(must_read(ins(most_rule_sets)).slots == 60);
    CHECK(read_rule(ins(most_rule_sets + 1), words).error.expected == "at most 60 sets in one rule");
}

TEST_CASE("numbers and durations beyond their range are refused, not wrapped") {
    CHECK(read_rule("99999999999999999999 > approve", words).error.expected == "a number of at most 18 digits");
    CHECK(read_rule("0.99999999999999999999 > approve", words).error.expected == "a number of at most 18 digits");
    CHECK(read_rule("1/99999999999999999999 > approve", words).error.expected == "a number of at most 18 digits");
    CHECK(read_rule("0.999999999999999999% > approve", words).error.expected == "a number of at most 18 digits");
    CHECK(read_rule("open_for > 365251 days", words).error.expected == "a duration of at most 365250 days");
    CHECK(read_rule("open_for > 365250 days 1 second", words).error.expected == "a duration of at most 365250 days");
    CHECK(read_rule("open_for > 9000000000000000000 weeks", words).error.expected == "a duration of at most 365250 days");
}

TEST_CASE("no text of single characters makes reading go wrong") {
    random_rules::dice d{7};
    constexpr std::string_view alphabet = "()'<>=!+-*/%.,: \n1290aeifnort_\x80";
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (auto n = d.below(24); n > 0; --n) text += alphabet[d.below(static_cast<std::uint32_t>(alphabet.size()))];
        const auto r = read_rule(text, words, expects::rule_or_set);
        if (r.error.is_error()) CHECK(r.error.at <= text.size());
        else CHECK(print(read_rule(print(r.value.view()), words, expects::rule_or_set).value.view()) == print(r.value.view()));
    }
}
