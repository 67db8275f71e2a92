// What lint finds, one sentence each, and what it leaves alone.
#include <doctest/doctest.h>

#include <filesystem>
#include <set>

#include <quorate/lint.hpp>

#include "support.hpp"

using namespace support;

namespace {

/// The names of what is found in a charter of one process, each with the place below the process.
names found(const std::string& process, bool with_people = false) {
    const auto   c = load_charter(one_process(process), "t").value();
    const auto   who = people();
    names        all;
    const std::string prefix = "t#/processes/p";
    for (const auto& f : lint(c, with_people ? &who : nullptr))
        all.push_back((f.meant.empty() ? "" : "meant ") + std::string(f.name) + " at " + (f.what.where.starts_with(prefix) ? f.what.where.substr(prefix.size()) : f.what.where));
    return all;
}

/// A process of team core that votes in one stage, with these rules and exits.
std::string voting(const std::string& rules, const std::string& exits, const std::string& more = "") {
    return R"j("positions": {"approve": {}, "reject": {}}, "electorate": {"of": "team(core)"}, )j" + more + R"j("rules": {)j" + rules +
           R"j(}, "stages": {"s": {"phase": "review", "allow": {"cast": "electorate", "withdraw": "author"}, "exits": [)j" + exits +
           R"j(, {"on": "withdraw", "to": "withdrawn"}]}})j";
}

}  // namespace

TEST_CASE("lint: a rule that no votes can meet is found, with line and column") {
    const auto text = voting(R"("q": "approve >= 3 and approve < 2")", R"({"when": "q", "to": "accepted"})");
    CHECK(found(text) == names{"unsatisfiable at /stages/s/exits/0"});
    const auto all = lint(load_charter(one_process(text), "t").value());
    REQUIRE(all.size() == 1);
    CHECK(all[0].process == "p");
    CHECK(all[0].what.line > 0);
    CHECK(all[0].what.column > 0);
    CHECK(all[0].what.warning);
    CHECK_FALSE(all[0].what.hint.empty());
    CHECK(found(voting(R"("q": "approve >= 3 and reject < 2")", R"({"when": "q", "to": "accepted"})")).empty());
}

TEST_CASE("lint: a rule that holds whatever anybody does is found") {
    CHECK(found(voting(R"("q": "approve >= 0")", R"({"when": "q and open_for > 3 days", "to": "accepted"})")) == names{"always holds at /rules/q"});
    // Silence may be consent: somebody can still say no.
    CHECK(found(voting(R"("q": "reject == 0")", R"({"when": "q and open_for > 3 days", "to": "accepted"})")).empty());
}

TEST_CASE("lint: a rule that waiting makes superfluous is found") {
    const auto* rules = R"("q": "approve > 1/2 of eligible")";
    CHECK(found(voting(rules, R"({"after": "5 days", "if": "q", "to": "accepted"}, {"after": "9 days", "to": "accepted"})")) == names{"skippable rule at /stages/s/exits/0"});
    CHECK(found(voting(rules, R"({"after": "5 days", "if": "q", "to": "accepted"}, {"after": "9 days", "to": "rejected"})")).empty());
}

TEST_CASE("lint: what is declared and used nowhere is found") {
    const auto* exits = R"({"when": "approve > 1/2 of eligible", "to": "accepted"})";
    CHECK(found(voting("", exits, R"("facts": ["built"], )")) == names{"unused definition at /facts"});
    CHECK(found(voting("", exits, R"("offices": ["editor"], )")) == names{"unused definition at /offices"});
    CHECK(found(voting(R"("idle": "reject > 0")", exits)) == names{"unused definition at /rules/idle"});  // the loader's own
    CHECK(found(R"j("positions": {"approve": {}}, "electorate": {"of": "team(core)"}, "stages": {"s": {"phase": "review", "exits": [{"after": "1 day", "to": "lapsed"}]}})j") ==
          names{"unused definition at /positions/approve"});
}

TEST_CASE("lint: a ballot of the author's own that is enough is found, unless authors have none") {
    const auto* exits = R"({"when": "approve >= 1", "to": "accepted"})";
    CHECK(found(voting("", exits)) == names{"self-approval at /stages/s/exits/0"});
    CHECK(found(voting("", R"({"when": "approve >= 2", "to": "accepted"})")).empty());
    CHECK(found(R"j("positions": {"approve": {}}, "electorate": {"of": "team(core) except author"}, "stages": {"s": {"phase": "review",
        "allow": {"cast": "electorate"}, "exits": [{"when": "approve >= 1", "to": "accepted"}]}})j").empty());
    CHECK(found(R"j("positions": {"approve": {}}, "electorate": {"of": "team(core)"}, "stages": {"s": {"phase": "review",
        "allow": {"cast": "electorate except author"}, "exits": [{"when": "approve >= 1", "to": "accepted"}]}})j").empty());
}

TEST_CASE("lint: an exit behind another that is always taken first is found") {
    CHECK(found(voting("", R"({"after": "5 days", "to": "lapsed"}, {"after": "5 days", "if": "approve > reject", "to": "accepted"})")) == names{"shadowed exit at /stages/s/exits/1"});
    CHECK(found(voting("", R"({"after": "5 days", "if": "approve > 1/2 of eligible", "to": "accepted"}, {"after": "5 days", "to": "lapsed"})")).empty());
}

TEST_CASE("lint: an extension that is longer than what it extends is found") {
    const auto stage = [](const std::string& most) {
        return R"j("positions": {}, "electorate": {"of": "team(core)"}, "stages": {"s": {"phase": "review", "allow": {"extend": "author"},
            "extend": {"at most": ")j" + most + R"j("}, "exits": [{"after": "10 days", "to": "accepted"}]}})j";
    };
    CHECK(found(stage("11 days")) == names{"extension too long at /stages/s/extend"});
    CHECK(found(stage("10 days")).empty());
}

TEST_CASE("lint: a quick way that asks for no more than the slow one is found") {
    const auto both = [](const std::string& quick, const std::string& slow) {
        return voting("", R"({"when": ")" + quick + R"(", "to": "accepted"}, {"after": "9 days", "if": ")" + slow + R"(", "to": "accepted"}, {"after": "9 days", "to": "rejected"})");
    };
    CHECK(found(both("approve >= 2", "approve > 1/2 of eligible")) == names{"expedited not stricter at /stages/s/exits/0"});
    CHECK(found(both("approve >= 2/3 of eligible", "approve > 1/2 of eligible")).empty());
    // Fewer votes, but among those who voted: not comparable, so not stricter either.
    CHECK(found(both("approve >= 2/3 of eligible", "approve > 1/2 of eligible and reject == 0")) == names{"expedited not stricter at /stages/s/exits/0"});
}

TEST_CASE("lint: a concern that outlives its raiser's leave is found where nothing else leads out") {
    const auto stages = [](const std::string& allow, const std::string& exit, const std::string& more = "") {
        return R"j("positions": {"approve": {}}, "electorate": {"of": "team(core)"}, )j" + more + R"j("stages": {"s": {"phase": "review",
            "allow": {"cast": "electorate", "raise": "team(core)", )j" + allow + R"j(}, "exits": [{"when": "approve > 1/2 of eligible and concerns == 0", "to": "accepted"})j" + exit + "]}}";
    };
    CHECK(found(stages(R"j("resolve": "raiser and team(core)")j", "")) == names{"concern trap at /stages/s"});
    CHECK(found(stages(R"j("resolve": "raiser or leads(core)")j", "")).empty());
    CHECK(found(stages(R"("resolve": "raiser", "withdraw": "author")", R"(, {"on": "withdraw", "to": "withdrawn"})")).empty());
    CHECK(found(stages(R"("resolve": "raiser")", "", R"("concerns": {"when raiser leaves": "lapses"}, )")).empty());
}

TEST_CASE("lint: with a roster, groups that are nobody and groups that are too small are found") {
    const auto text = [](const std::string& group, const std::string& rule) {
        return R"j("positions": {"approve": {}}, "electorate": {"of": "team(core) or team(docs)"}, "stages": {"s": {"phase": "review",
            "allow": {"cast": "electorate", "cancel": ")j" + group + R"j("}, "exits": [{"when": ")j" + rule + R"j(", "to": "accepted"}]}})j";
    };
    CHECK(found(text("team(empty)", "approve in team(docs) >= 2"), true) == names{"empty group at /stages/s/allow"});
    CHECK(found(text("team(core)", "approve in team(docs) >= 4"), true) == names{"k larger than the group at /stages/s/exits/0"});
    CHECK(found(text("team(core)", "approve in team(docs) > 3"), true) == names{"k larger than the group at /stages/s/exits/0"});
    CHECK(found(text("team(core)", "approve in team(docs) >= 3"), true).empty());
    CHECK(found(text("team(empty)", "approve in team(docs) >= 4")).empty());  // it takes a roster to see
}

TEST_CASE("lint: what is meant is said so, with a reason, and remains visible; what is said to be meant must be there") {
    const auto text = [](const std::string& lint) { return voting("", R"({"when": "approve >= 1", "to": "accepted"})", R"("lint": {)" + lint + "}, "); };
    CHECK(found(text(R"("self-approval": "one member decides")")) == names{"meant self-approval at /stages/s/exits/0"});
    const auto all = lint(load_charter(one_process(text(R"("self-approval": "one member decides")"))).value());
    CHECK(all[0].meant == "one member decides");
    CHECK(found(text(R"("concern trap": "really")")) == names{"self-approval at /stages/s/exits/0", "unused definition at /lint/concern trap"});
    const auto wrong = load_charter(one_process(text(R"("self-aproval": "one member decides")")));
    REQUIRE_FALSE(wrong.has_value());
    CHECK(has(wrong.error().what(), "\"self-aproval\" is nothing that lint finds (did you mean \"self-approval\"?)"));
}

TEST_CASE("lint: shipped charters have no finding that isn't said to be meant") {
    for (const auto& entry : std::filesystem::directory_iterator(charters)) {
        if (entry.path().extension() != ".json") continue;
        CAPTURE(entry.path().string());
        const auto c = load_charter_file(entry.path().string()).value();
        const auto people = c.get().roster.empty() ? std::optional<roster>() : std::optional(load_roster_file(rosters + c.get().roster).value());
        names open;
        for (const auto& f : lint(c, people ? &*people : nullptr))
            if (f.meant.empty()) open.push_back(std::string(f.name) + ": " + to_string(f.what));
        CHECK(open == names{});
    }
}
