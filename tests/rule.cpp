// Rules as text: what is one, what isn't and why not, how they are printed back and told in English.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <quorate/rule.hpp>

#include "effort.hpp"
#include "random_rules.hpp"

using namespace quorate;

namespace {

// clang-format off
constexpr word words[]{
    {.name = "approve",   .is = word::kind::position,      .index = 0},
    {.name = "reject",    .is = word::kind::position,      .index = 1},
    {.name = "abstain",   .is = word::kind::position,      .index = 2},
    {.name = "quorum",    .is = word::kind::rule,          .index = 0},
    {.name = "core",      .is = word::kind::rule,          .index = 1, .type = value_type::set},
    {.name = "threshold", .is = word::kind::number,        .numerator = 2, .denominator = 3},
    {.name = "patience",  .is = word::kind::time_span,      .numerator = 864'000'000'000},
    {.name = "merge",     .is = word::kind::disposition,   .index = 0},
    {.name = "close",     .is = word::kind::disposition,   .index = 1},
    {.name = "editorial", .is = word::kind::revision_kind, .index = 0},
};
// clang-format on

rule must_read(std::string_view text, expects what = expects::rule, vocabulary known = words) {
    auto r = read_rule(text, known, what);
    INFO(text, " at ", r.error.at, ": ", r.error.expected);
    REQUIRE_FALSE(r.error.is_error());
    return r.value;
}
std::string canonical(std::string_view text, expects what = expects::rule) { return print(must_read(text, what).view()); }

/// Equal but for where things stand in the text.
bool same_nodes(rule_view a, std::uint16_t i, rule_view b, std::uint16_t j) {
    if (i == no_node || j == no_node) return i == j;
    const auto& x = a[i];
    const auto& y = b[j];
    const bool literal = detail::is_literal(a, x);
    if (x.what != y.what || x.type != y.type || x.of_parent != y.of_parent || x.slot != y.slot || x.index != y.index ||
        x.numerator != y.numerator || x.denominator != y.denominator || literal != detail::is_literal(b, y))
        return false;
    if (!literal && a.name(x) != b.name(y)) return false;
    return same_nodes(a, x.child, b, y.child) && same_nodes(a, x.next, b, y.next);
}
bool same(const rule& a, const rule& b) { return same_nodes(a.view(), a.root, b.view(), b.root) && a.slots == b.slots; }

std::string repeated(std::string_view s, std::size_t n) {
    std::string out;
    for (std::size_t i = 0; i < n; ++i) out += s;
    return out;
}

}  // namespace

// ---- reading ---------------------------------------------------------------------------------------------------------

TEST_CASE("every example in the header's comment is a rule, or a set where a set is asked for") {
    const std::string_view rules[] = {
        "approve > 1/2 of eligible and outstanding < 3 and concerns == 0", "at least 2 of (quorum, quorum, concerns == 0)",
        "if quorum then concerns == 0", "if quorum then concerns == 0 else block", "weight(approve) > 2",
        "approve in team(x) >= 1", "approve by distinct(affiliation) >= 2", "approve by largest(affiliation) <= 1", "each team: outstanding == 0",
        "each affiliation: cast > 0", "each seat: cast > 0", "open_for >= 10 days", "in_stage > 7 days",
        "since(revision) >= 72 hours", "fact(tests_pass)", "fact(implementations) >= 2", "disposition == merge",
        "revision_kind != editorial", "in_stage > 1 day 12 hours", "since(oldest_concern) > 1 week and since(threshold) > 1 day",
        "certain(quorum)", "possible(quorum)", "min(approve, 2) + max(1, 2) - ceil(3/2) * floor(66%) >= 50.01% / sqrt(4)",
        "eligible + cast + outstanding + recused + concerns + seconds + sponsors + questions + holds + revisions > 0"};
    for (const auto text : rules) must_read(text);
    const std::string_view sets[] = {
        "team(x)", "leads(x)", "role(x)", "seats(x)", "owners(x)", "voters(approve)", "electorate", "author", "proposer",
        "raiser", "seconders", "recused", "everyone", "on_behalf", "teams of proposal", "leads of proposal", "reps of proposal", "reps(x)",
        "team(a) and role(b) or not author except recused", "voters(approve) of parent", "core"};
    for (const auto text : sets) must_read(text, expects::set);
}

TEST_CASE("'or' binds loosest, then 'and' and 'except', 'not', comparisons, sums, products, 'in' and 'by'") {
    const auto grouped = [](std::string_view loose, std::string_view explicit_) {
        INFO(loose);
        CHECK(same(must_read(loose, expects::rule_or_set), must_read(explicit_, expects::rule_or_set)));
    };
    grouped("quorum or quorum and quorum", "quorum or (quorum and quorum)");
    grouped("not quorum and quorum", "(not quorum) and quorum");
    grouped("not approve > 1", "not (approve > 1)");
    grouped("approve + 1 > reject * 2", "(approve + 1) > (reject * 2)");
    grouped("1 + 2 * approve > 3", "1 + (2 * approve) > 3");
    grouped("9 - 3 - approve > 2", "(9 - 3) - approve > 2");
    grouped("9 / 3 / approve > 2", "(9 / 3) / approve > 2");
    grouped("2/3 of approve in author > 1", "2/3 of (approve in author) > 1");
    grouped("approve in author by distinct(affiliation) > 1", "((approve in author) by distinct(affiliation)) > 1");
    grouped("core except author and role(x)", "(core except author) and role(x)");
    grouped("core and author except role(x)", "(core and author) except role(x)");
    grouped("core or author except role(x)", "core or (author except role(x))");
    grouped("not core and author", "(not core) and author");
    grouped("each team: quorum and quorum", "each team: (quorum and quorum)");
    grouped("if quorum then quorum or quorum", "if quorum then (quorum or quorum)");
    grouped("if quorum then if quorum then quorum else block", "if quorum then (if quorum then quorum else block)");
    grouped("approve in not author > 1", "approve in (not author) > 1");
}

TEST_CASE("white space means nothing, and the canonical text has single spaces and no needless parentheses") {
    CHECK(canonical("  approve>1/2\tof\neligible  ") == "approve > 1/2 of eligible");
    CHECK(canonical("((approve) > (1)) and ((quorum))") == "approve > 1 and quorum");
    CHECK(canonical("(quorum and quorum) or quorum") == "quorum and quorum or quorum");
    CHECK(canonical("quorum and (quorum or quorum)") == "quorum and (quorum or quorum)");
    CHECK(canonical("(quorum and quorum) and quorum") == "(quorum and quorum) and quorum");
    CHECK(canonical("not (approve > 1)") == "not approve > 1");
    CHECK(canonical("not (quorum and quorum)") == "not (quorum and quorum)");
    CHECK(canonical("9 - (3 - approve) > 2") == "9 - (3 - approve) > 2");
    CHECK(canonical("(9 - 3) - approve > 2") == "9 - 3 - approve > 2");
    CHECK(canonical("approve in (author) > 1") == "approve in author > 1");
    CHECK(canonical("approve in (not author) > 1") == "approve in not author > 1");
    CHECK(canonical("approve in (core or author) > 1") == "approve in (core or author) > 1");
    CHECK(canonical("(core except author) and role(x)", expects::set) == "core except author and role(x)");
    CHECK(canonical("core except (author and role(x))", expects::set) == "core except (author and role(x))");
    CHECK(canonical("open_for > 10days") == "open_for > 10 days");
    CHECK(canonical("open_for > 1  day 12\nhours") == "open_for > 1 day 12 hours");
    CHECK(canonical("quorum and (if quorum then quorum)") == "quorum and (if quorum then quorum)");
    CHECK(canonical("( each team : (quorum) )") == "each team: quorum");
}

TEST_CASE("a hyphen belongs to a name when a letter or digit follows at once") {
    constexpr word hyphens[]{{.name = "no-go", .index = 0}, {.name = "no", .index = 1}, {.name = "go", .index = 2}};
    CHECK(print(must_read("no-go > 1", expects::rule, hyphens).view()) == "no-go > 1");
    CHECK(print(must_read("no - go > 1", expects::rule, hyphens).view()) == "no - go > 1");
    CHECK(print(must_read("no- go > 1", expects::rule, hyphens).view()) == "no - go > 1");
    CHECK(read_rule("no-1 > 1", hyphens).error.unknown == "no-1");
}

TEST_CASE("names that read like something else stand in quotes, and are printed so") {
    constexpr word odd[]{{.name = "and", .index = 0},    {.name = "not", .index = 1}, {.name = "needs work", .index = 2},
                         {.name = "a--b", .index = 3},   {.name = "2", .index = 4},   {.name = "teams", .index = 5},
                         {.name = "x-", .index = 6},     {.name = "at", .index = 7},  {.name = "plain", .index = 8}};
    for (const auto& w : odd) {
        const auto text = "'" + std::string(w.name) + "' > 1";
        const auto r = must_read(text, expects::rule, odd);
        CHECK(r.nodes[r.nodes[r.root].child].index == w.index);
        CHECK(print(r.view()) == (w.name == "plain" ? "plain > 1" : text));
    }
    CHECK(canonical("'approve' > 1") == "approve > 1");
    CHECK(canonical("team('core-team')", expects::set) == "team(core-team)");
    CHECK(canonical("owners('rust-lang/rust')", expects::set) == "owners(rust-lang/rust)");
    CHECK(canonical("team('the core')", expects::set) == "team('the core')");
}

TEST_CASE("numbers are exact, however they are written") {
    const auto value = [](std::string_view text) {
        const auto r = must_read(std::string(text) + " > approve");
        const auto& n = r.nodes[r.nodes[r.root].child];
        return std::pair{n.numerator, n.denominator};
    };
    CHECK(value("2") == std::pair<std::int64_t, std::int64_t>{2, 1});
    CHECK(value("4/6") == std::pair<std::int64_t, std::int64_t>{2, 3});
    CHECK(value("66%") == std::pair<std::int64_t, std::int64_t>{33, 50});
    CHECK(value("50.01%") == std::pair<std::int64_t, std::int64_t>{5001, 10000});
    CHECK(value("0.50") == std::pair<std::int64_t, std::int64_t>{1, 2});
    CHECK(value("0/7") == std::pair<std::int64_t, std::int64_t>{0, 1});
    CHECK(value("threshold") == std::pair<std::int64_t, std::int64_t>{2, 3});
    CHECK(value("999999999999999999") == std::pair<std::int64_t, std::int64_t>{999'999'999'999'999'999, 1});
    // With spaces it is a division, which means the same but is another rule.
    CHECK(canonical("2 / 3 of cast < approve") == "2 / 3 of cast < approve");
}

TEST_CASE("durations are counted in microseconds, from long to short units") {
    const auto value = [](std::string_view text) {
        const auto r = must_read("open_for > " + std::string(text));
        return duration(r.nodes[r.nodes[r.nodes[r.root].child].next].numerator);
    };
    CHECK(value("1 second") == std::chrono::seconds(1));
    CHECK(value("90 minutes") == std::chrono::minutes(90));
    CHECK(value("1 day 12 hours") == std::chrono::hours(36));
    CHECK(value("2 weeks") == std::chrono::days(14));
    CHECK(value("0 days") == duration(0));
    CHECK(value("365250 days") == longest_duration);
    CHECK(value("patience") == std::chrono::days(10));
}

TEST_CASE("a fact takes the type that its place asks for") {
    const auto type = [](std::string_view text, std::string_view name) {
        const auto r = must_read(text);
        for (const auto& n : r.nodes)
            if (n.what == op::fact && r.view().name(n) == name) return n.type;
        return value_type::any_value;
    };
    CHECK(type("fact(x)", "x") == value_type::truth);
    CHECK(type("fact(x) and quorum", "x") == value_type::truth);
    CHECK(type("not fact(x)", "x") == value_type::truth);
    CHECK(type("fact(x) > 2", "x") == value_type::number);
    CHECK(type("fact(x) > fact(y)", "y") == value_type::number);
    CHECK(type("fact(x) > 2 days", "x") == value_type::time);
    CHECK(type("open_for > fact(x)", "x") == value_type::time);
    CHECK(type("min(fact(x), 2) > 1", "x") == value_type::number);
    CHECK_FALSE(read_rule("fact(x)", words, expects::rule_or_set).error.is_error());
}

TEST_CASE("'recused' is a count where a number must stand and a set where a set can") {
    CHECK(must_read("recused > 1").nodes[0].what == op::quantity);
    for (const auto* text : {"recused", "not recused", "not recused and core", "core except recused"}) {
        const auto r = must_read(text, expects::rule_or_set);
        CHECK(r.nodes[r.root].type == value_type::set);
    }
}

TEST_CASE("each set that is counted in has its own slot") {
    const auto r = must_read("approve in core > 1 and reject in core in not author > cast in team(x)");
    CHECK(r.slots == 4);
    std::vector<int> slots;
    for (const auto& n : r.nodes)
        if (n.what == op::counted_in) slots.push_back(r.nodes[r.nodes[n.child].next].slot);
    std::sort(slots.begin(), slots.end());
    CHECK(slots == std::vector{0, 1, 2, 3});
}

// ---- refusing --------------------------------------------------------------------------------------------------------

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
        {"teem(x)", 0, "a function: min max ceil floor sqrt weight fact since children beats linear stepped reciprocal certain possible, or a set", "teem", "team"},
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
        {"sqr(2) > 1", 0, "a function: min max ceil floor sqrt weight fact since children beats linear stepped reciprocal certain possible, or a set", "sqr", "sqrt"},
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

// ---- printing --------------------------------------------------------------------------------------------------------

TEST_CASE("the canonical text of rules and sets at random reads back as the same nodes, and prints as itself") {
    for (std::uint64_t seed = 0; seed < effort(20'000); ++seed) {
        random_rules::maker make{.d = {seed * 7919 + 1}};
        const bool set = seed % 8 == 0;
        const auto text = set ? make.set(4) : make.truth(4);
        if (text.size() > longest_rule) continue;
        const auto what = set ? expects::set : expects::rule;
        const auto first = read_rule(text, random_rules::words, what);
        INFO(text, "\n at ", first.error.at, ": ", first.error.expected);
        REQUIRE_FALSE(first.error.is_error());
        const auto printed = print(first.value.view());
        const auto second = read_rule(printed, random_rules::words, what);
        INFO(printed, "\n at ", second.error.at, ": ", second.error.expected);
        REQUIRE_FALSE(second.error.is_error());
        REQUIRE(same(first.value, second.value));
        REQUIRE(print(second.value.view()) == printed);
        REQUIRE(printed.size() <= text.size() + 16);
        REQUIRE_FALSE(english(first.value.view()).empty());
    }
}

TEST_CASE("an empty rule prints as nothing") {
    CHECK(print(rule{}.view()).empty());
    CHECK(english(rule{}.view()).empty());
}

TEST_CASE("rules read as English") {
    const std::pair<std::string_view, std::string_view> golden[] = {
        {"approve > 1/2 of eligible and outstanding < 3 and concerns == 0",
         "more than 1/2 of the eligible members chose \"approve\", fewer than 3 members are outstanding, and no concern is open"},
        {"outstanding < approve and outstanding < 3",
         "fewer members are outstanding than chose \"approve\" and fewer than 3 members are outstanding"},
        {"approve >= 2/3 of cast or quorum",
         "either at least 2/3 of those who cast a ballot chose \"approve\" or the rule \"quorum\" holds"},
        {"approve >= threshold of eligible and open_for >= patience",
         "at least 2/3 (\"threshold\") of the eligible members chose \"approve\" and it has been open for at least 10 days (\"patience\")"},
        {"not approve > reject and not quorum and not fact(x)",
         "it is not the case that more members chose \"approve\" than chose \"reject\", the rule \"quorum\" does not hold, and the fact \"x\" does not hold"},
        {"approve in team(lang) > 1/2 of eligible in team(lang)",
         "among members of team lang, more than 1/2 of the eligible members chose \"approve\""},
        {"approve in team(lang) > 1/2 of eligible",
         "the number who chose \"approve\" among members of team lang is more than 1/2 of the number of eligible members"},
        {"approve in not author >= 1",
         "among people who are not the author, at least one member chose \"approve\""},
        {"approve by distinct(affiliation) >= 2",
         "members of at least 2 affiliations chose \"approve\""},
        {"eligible by largest(affiliation) <= 2",
         "at most 2 of the eligible members share an affiliation"},
        {"approve >= 2/3 of (cast - abstain)",
         "at least 2/3 of those who cast a ballot (not counting those who chose \"abstain\") chose \"approve\""},
        {"approve >= ceil(1/2 of eligible)",
         "at least 1/2 of the eligible members (rounded up) chose \"approve\""},
        {"approve >= max(3, 1/4 of eligible)",
         "the number who chose \"approve\" is at least the larger of 3 and 1/4 of the number of eligible members"},
        {"approve > sqrt(eligible) / 2",
         "the number who chose \"approve\" is more than the square root of the number of eligible members divided by 2"},
        {"weight(approve) > 1/2 of weight(reject)",
         "the weight behind \"approve\" is more than 1/2 of the weight behind \"reject\""},
        {"at least 2 of (approve > 1, quorum, concerns == 0)",
         "at least 2 of these 3 hold: (1) more than 1 member chose \"approve\"; (2) the rule \"quorum\" holds; (3) no concern is open"},
        {"if disposition == merge then approve >= 3 else block",
         "if the disposition is \"merge\", then at least 3 members chose \"approve\", and it is blocked otherwise"},
        {"if concerns > 0 then seconds >= 2",
         "if at least one concern is open, then at least 2 seconds have been given"},
        {"each team: outstanding == 0 or reject > 0",
         "for each team on its own, either nobody is outstanding or at least one member chose \"reject\""},
        {"certain(approve > 1/2 of eligible)",
         "it is certain, whatever ballots still come, that more than 1/2 of the eligible members chose \"approve\""},
        {"not possible(approve > 1/2 of eligible)",
         "it is no longer possible that more than 1/2 of the eligible members chose \"approve\""},
        {"since(revision) >= 72 hours and in_stage > 7 days and 1 day 12 hours < open_for",
         "the last revision was made at least 72 hours ago, it has been in its stage for more than 7 days, and it has been open for more than 1 day 12 hours"},
        {"fact(tests_pass) and fact(implementations) >= 2",
         "the fact \"tests_pass\" holds and the reported value of \"implementations\" is at least 2"},
        {"disposition != merge or revision_kind == editorial",
         "either the disposition is not \"merge\" or the kind of revision is \"editorial\""},
        {"approve of parent >= 1 and concerns of parent == 0 and fact(x) of parent",
         "at least one member chose \"approve\" for the parent proposal, no concern is open for the parent proposal, and the fact \"x\" holds for the parent proposal"},
        {"open_for of parent < 2 days and since(second) == 1 day",
         "the parent proposal has been open for less than 2 days and the oldest second that stands was given exactly 1 day ago"},
        {"approve > 2 of reject",
         "the number who chose \"approve\" is more than 2 times the number who chose \"reject\""},
        {"approve == 0 and reject < 1 and abstain >= 1 and cast == 1 and outstanding <= 1",
         "nobody chose \"approve\", nobody chose \"reject\", at least one member chose \"abstain\", exactly 1 member cast a ballot, and at most 1 member is outstanding"},
        {"approve == eligible",
         "exactly as many members chose \"approve\" as are eligible"},
        {"cast by distinct(affiliation) > reject by distinct(affiliation)",
         "the number of affiliations among those who cast a ballot is more than the number of affiliations among those who chose \"reject\""},
        {"3 < approve",
         "more than 3 members chose \"approve\""},
        {"66% of eligible <= approve",
         "at least 66% of the eligible members chose \"approve\""},
        {"holds == 0 and questions != 0 and revisions > 2",
         "no hold is in force, at least one question is open, and more than 2 revisions have been made"},
    };
    for (const auto& row : golden) {
        CAPTURE(row.first);
        CHECK(english(must_read(row.first).view()) == row.second);
    }
}

TEST_CASE("sets read as English") {
    const std::pair<std::string_view, std::string_view> golden[] = {
        {"team(lang) and not recused",
         "members of team lang who are not recused"},
        {"not recused and team(lang)",
         "people who are not recused and are members of team lang"},
        {"recused",
         "recused members"},
        {"team(lang) except author",
         "members of team lang except the author"},
        {"teams of proposal or role(mod) and not voters(reject) or core",
         "members of the proposal's teams, (people with the role mod who did not choose \"reject\"), or \"core\""},
        {"author and not recused",
         "the author if they are not recused"},
        {"team(a) and core and (leads(b) or owners(rust-lang/rust))",
         "members of team a who are in \"core\" and are among (leads of team b or owners of rust-lang/rust)"},
        {"not (author or proposer)",
         "people who are not among (the author or the proposer)"},
        {"leads of proposal and not seats(council) and role(reviewer)",
         "leads of the proposal's teams who are not seated in council and have the role reviewer"},
        {"voters(approve) of parent",
         "those who chose \"approve\" of the parent proposal"},
    };
    for (const auto& row : golden) {
        CAPTURE(row.first);
        CHECK(english(must_read(row.first, expects::set).view()) == row.second);
    }
}

TEST_CASE("English uses the titles of positions when it is given them") {
    constexpr std::string_view titles[]{"+1", "-1"};
    CHECK(english(must_read("approve > reject and abstain == 0").view(), titles) ==
          "more members chose \"+1\" than chose \"-1\" and nobody chose \"abstain\"");
}

// ---- at compile time -------------------------------------------------------------------------------------------------

namespace {
constexpr bool reads(std::string_view text) { return !parse_rule(text, words).error.is_error(); }
constexpr std::uint16_t wrong_at(std::string_view text) { return parse_rule(text, words).error.at; }

static_assert(reads("approve > 1/2 of eligible and outstanding < 3 and concerns == 0"));
static_assert(reads("each team: approve in not author by distinct(affiliation) >= sqrt(eligible) or open_for >= 1 day 12 hours"));
static_assert(reads("at least 2 of (quorum, fact(x), since(revision) > patience, disposition == merge)"));
static_assert(!reads("approve > aprove") && wrong_at("approve > aprove") == 10);
static_assert(!reads("approve >") && wrong_at("approve >") == 9);
static_assert(parse_rule("approve in core in author > 1", words).slots == 2);
static_assert(parse_rule("core except author", words, expects::set).error.expected.empty());
}  // namespace

TEST_CASE("a rule that is parsed without copying its text is the same rule") {
    const std::string_view text = "approve in core > 1 and quorum";
    const auto parsed = parse_rule(text, words);
    const auto read = must_read(text);
    CHECK(same_nodes(parsed.view(), parsed.root, read.view(), read.root));
    CHECK(parsed.slots == read.slots);
    CHECK(parsed.view().text.data() == text.data());
}

TEST_CASE("open proposals are counted by their process, and offices are sets that a charter declares") {
    const word offices[] = {{.name = "judge", .is = word::kind::office}};
    const auto counted = read_rule("children(no_confidence)  of parent==0", offices);
    REQUIRE_FALSE(counted.error.is_error());
    CHECK(print(counted.value.view()) == "children(no_confidence) of parent == 0");
    CHECK(english(counted.value.view()) == "the number of open proposals of process \"no_confidence\" under the parent proposal is exactly 0");
    CHECK(read_rule("children(x) in team(core) > 0", offices).error.is_error());  // they are no members
    const auto set = read_rule("office(judge) or office(judge) of parent", offices, expects::set);
    REQUIRE_FALSE(set.error.is_error());
    CHECK(print(set.value.view()) == "office(judge) or office(judge) of parent");
    CHECK(read_rule("office(jury)", offices, expects::set).error.unknown == "jury");
    CHECK_FALSE(read_rule("office(jury) of parent", words, expects::set).error.is_error());  // the parent has its own
}
