// Sentences about mutants: which changes are made, that each is one edit of the charter's text, and which of them a suite notices.
#include <doctest/doctest.h>

#include <algorithm>

#include <quorate/mutate.hpp>

using namespace quorate;

namespace {

constexpr std::string_view rules = R"j({
  // more than half
  "title": "small", "parameters": { "length": "7 days", "share": { "value": "1/2" }, "team": "core" },
  "processes": {
    "decision": {
      "electorate": { "of": "team(core) except author", "taken": "at open" },
      "positions": { "approve": {}, "abstain": { "base": false } },
      "rules": { "quorum": "approve > share of eligible and concerns == 0", "early": "at least 2 of (approve >= 3, eligible in team(core) < max(4, 66% of cast), cast > 9)" },
      "stages": {
        "open": { "phase": "review", "allow": { "cast, raise": "electorate or team(core)", "withdraw": [ "author", { "who": "team(core)", "if": "approve < 1", "reason": "required" } ] },
                  "exits": [ { "when": "quorum or early", "to": "last_call" }, { "on": "withdraw", "to": "withdrawn" } ] },
        "last_call": { "phase": "final_comment", "exits": [ { "after": "length", "to": "accepted" } ] } } },
    "other": { "electorate": { "of": "everyone" }, "stages": { "open": { "phase": "review", "exits": [ { "after": "1 day 12 hours", "to": "accepted" } ] } } } } })j";

charter loaded(std::string_view text = rules) { return load_charter(text, "small.json").value(); }

std::vector<std::string> told(std::string_view only = {}) {
    std::vector<std::string> all;
    for (const auto& m : mutants_of(loaded(), only).value()) all.push_back(m.where + ": " + m.before + " -> " + m.after);
    return all;
}
bool has(const std::vector<std::string>& all, std::string_view what) { return std::find(all.begin(), all.end(), what) != all.end(); }

constexpr std::string_view people = R"({ "name": "s", "people": { "alice": {}, "bob": {}, "carol": {}, "dave": {} }, "teams": { "core": { "members": ["alice", "bob", "carol"] } } })";
constexpr std::string_view plain = R"j({ "title": "plain", "processes": { "decision": {
  "electorate": { "of": "team(core)" }, "positions": { "approve": {} }, "rules": { "quorum": "approve >= 2" },
  "stages": { "open": { "phase": "review", "allow": { "cast": "electorate" }, "exits": [ { "when": "quorum", "to": "accepted" } ] } } } } })j";

std::vector<scenario> suite(std::string_view steps) {
    return load_scenarios(R"({ "title": "t", "given": { "by": "alice" }, "charter": )" + std::string(plain) + ", \"roster\": " + std::string(people) + ", \"steps\": " + std::string(steps) + " }", "s.json").value();
}
std::vector<std::string> unnoticed(const mutation_report& r) {
    std::vector<std::string> all;
    for (const auto& m : r.unnoticed) all.push_back(m.after);
    return all;
}

}  // namespace

TEST_CASE("numbers, strictness, bases, durations and permissions are changed one at a time") {
    const auto all = told();
    CHECK(has(all, "parameter length: 7 days -> 8 days"));
    CHECK(has(all, "parameter length: 7 days -> 6 days"));
    CHECK(has(all, "parameter share: 1/2 -> 2/3"));
    CHECK(has(all, "parameter share: 1/2 -> 1/3"));
    CHECK(has(all, "electorate: team(core) except author -> team(core)"));
    CHECK(has(all, "electorate: taken at open -> taken live"));
    CHECK(has(all, "position abstain: base: false -> base: true"));
    CHECK(has(all, "rule quorum: approve > share of eligible -> approve >= share of eligible"));
    CHECK(has(all, "rule quorum: approve > share of eligible -> approve > share of cast"));
    CHECK(has(all, "rule quorum: concerns == 0 -> concerns != 0"));
    CHECK(has(all, "open, allow: cast: electorate or team(core) -> cast: nobody"));
    CHECK(has(all, "open, allow: raise: electorate or team(core) -> raise: everyone"));
    CHECK(has(all, "open, allow: raise: electorate or team(core) -> raise: electorate"));
    CHECK(has(all, "open, allow: cast: electorate or team(core) -> cast: team(core)"));
    CHECK(has(all, "open, allow: withdraw: team(core) if approve < 1 -> withdraw: team(core)"));
    CHECK(has(all, "open, allow: withdraw: with a reason -> withdraw: with or without a reason"));
    CHECK(has(all, "open, exit 1: 1 day 12 hours -> 1 day 13 hours"));
    CHECK_FALSE(std::any_of(all.begin(), all.end(), [](const auto& m) { return m.starts_with("parameter team"); }));
}

TEST_CASE("what is shown is the comparison, with the calls that it stands in and without the list") {
    const auto all = told("decision");
    CHECK(has(all, "rule early: approve >= 3 -> approve > 3"));
    CHECK(has(all, "rule early: eligible in team(core) < max(4, 66% of cast) -> eligible in team(core) < max(4, 76% of cast)"));
    CHECK(has(all, "rule early: eligible in team(core) < max(4, 66% of cast) -> eligible in team(core) < max(5, 66% of cast)"));
    CHECK_FALSE(has(all, "open, exit 1: 1 day 12 hours -> 1 day 13 hours"));  // of the other process
}

TEST_CASE("a mutant is one edit of the text, and every other byte stays") {
    const auto c = loaded();
    for (const auto& m : mutants_of(c).value()) {
        const auto text = mutated(c, m);
        INFO(to_string(m));
        CHECK(text.substr(0, m.at) == rules.substr(0, m.at));
        CHECK(text.substr(m.at + m.text.size()) == rules.substr(m.at + m.length));
        CHECK(text.find("// more than half") != std::string::npos);
        CHECK(load_charter(text).has_value());
    }
}

TEST_CASE("a mutant points to its place in the text") {
    const auto all = mutants_of(loaded()).value();
    const auto m = std::find_if(all.begin(), all.end(), [](const mutant& x) { return x.after == "approve >= share of eligible"; });
    REQUIRE(m != all.end());
    CHECK(m->pointer == "/processes/decision/rules/quorum");
    const auto line = [&] {
        auto text = rules;
        for (std::uint32_t i = 1; i < m->line; ++i) text.remove_prefix(text.find('\n') + 1);
        return text.substr(0, text.find('\n'));
    }();
    CHECK(line.substr(m->column - 1, 1) == ">");
}

TEST_CASE("what no scenario looks at goes unnoticed, and is listed") {
    const auto weak = suite(R"([ { "do": "cast", "by": ["alice", "bob"], "position": "approve", "expect": { "outcome": "accepted" } } ])");
    const auto r = mutate(weak).value();
    REQUIRE(r.size() == 1);
    CHECK(unnoticed(r[0]) == std::vector<std::string>{"everyone", "cast: everyone"});
    CHECK(r[0].noticed == 4);  // > 2, >= 3, >= 1 (the second ballot comes too late), and that nobody may cast
    CHECK(r[0].at_least(divide(number(1), number(2)).value()));
    CHECK_FALSE(r[0].at_least(divide(number(67), number(100)).value()));
}

TEST_CASE("a suite that looks at the bounds notices everything") {
    const auto strong = suite(R"([ { "do": "cast", "by": "dave", "position": "approve", "expect": { "refused_by": "permission", "electorate": ["alice", "bob", "carol"] } },
        { "do": "cast", "by": "alice", "position": "approve", "expect": { "outcome": null } },
        { "do": "cast", "by": "bob", "position": "approve", "expect": { "outcome": "accepted" } } ])");
    const auto r = mutate(strong).value();
    CHECK(unnoticed(r[0]).empty());
    CHECK(r[0].at_least(number(1)));
}

TEST_CASE("what is said to behave the same doesn't count, with the reason") {
    mutation_options o;
    o.same = [](const charter&, const mutant& m) { return m.after == "everyone" ? std::string("nobody else is asked") : std::string(); };
    const auto r = mutate(suite(R"([ { "do": "cast", "by": ["alice", "bob"], "position": "approve", "expect": { "outcome": "accepted" } } ])"), o).value();
    REQUIRE(r[0].same.size() == 1);
    CHECK(r[0].same[0].why == "nobody else is asked");
    CHECK(r[0].counted() == 5);
    CHECK(to_string(r[0]).ends_with("s.json: 4 of 5 changes noticed by 1 scenarios (80.0 %), 1 more behave the same\n"));
}

TEST_CASE("several threads report the same") {
    const auto s = suite(R"([ { "do": "cast", "by": ["alice", "bob"], "position": "approve", "expect": { "outcome": "accepted" } } ])");
    CHECK(to_json(mutate(s, {.threads = 1}).value()[0]) == to_json(mutate(s, {.threads = 4}).value()[0]));
}

TEST_CASE("a suite that fails already, and a process that nobody has, are refused") {
    const auto failing = suite(R"([ { "expect": { "stage": "accepted" } } ])");
    CHECK(mutate(failing).error().what().find("fails as it is") != std::string::npos);
    const auto fine = suite("[ { } ]");
    CHECK(mutate(fine, {.only = "election"}).error().what().find("no charter of these scenarios has a process \"election\"") != std::string::npos);
}
