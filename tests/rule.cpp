// Rules as text: what is one, what isn't and why not, how they are printed back and told in English.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <quorate/rule.hpp>

#include "effort.hpp"
#include "random_rules.hpp"
#include "rule_support.hpp"

using namespace quorate;
using namespace rule_support;

namespace {

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
