// What commands bring is looked at before they are taken: what the charter knows, what would change, what outcomes of children do.
#include <doctest/doctest.h>

#include "support.hpp"

using namespace support;

namespace {

/// A review that two approvals end.
parts reviewed() { return {.exits = R"({"when": "approve >= 2", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})"}; }

}  // namespace

TEST_CASE("proposal: what the charter doesn't know is refused with what it knows, and so is what changes nothing") {
    auto t = reviewed();
    t.more = R"("dispositions": ["merge", "close"], "offices": ["chair", "scribe"], "facts": ["tests"],)";
    t.stage = R"("extend": {"at most": "5 days"},)";
    t.allow = R"j("cast": "electorate", "propose, appoint, extend, raise, second, recuse, rejoin, assign": "team(core)", "fact": "leads(core)")j";
    matter m(t);
    CHECK(has(m.say(day(1), "ann: propose"), "propose needs a disposition"));
    CHECK(has(m.say(day(1), "ann: propose mend"), "one of: merge, close"));
    CHECK(has(m.say(day(1), "ann: appoint king in ben"), "one of: chair, scribe"));
    CHECK(has(m.say(day(1), "ann: appoint chair in zoe"), "nobody is known as \"zoe\""));
    CHECK(has(m.say(day(1), "ann: extend 0 days"), "duration"));
    CHECK(has(m.say(day(1), "ann: extend 6 days"), "at most 5 days more"));
    CHECK(has(m.say(day(1), "ben: rejoin"), "has not stepped aside"));
    CHECK(m.say(day(1), "ben: raise slow") == "");
    CHECK(has(m.say(day(1), "ben: second slow"), "supports \"slow\" already"));
    CHECK(m.say(day(1), "cem: second slow") == "");
    CHECK(has(m.say(day(1), "cem: second slow"), "supports \"slow\" already"));
    CHECK(has(m.say(day(1), "ben: fact tests = true"), "ben may not fact"));  // who isn't the host
    CHECK(m.say(day(1), "ann: fact tests = true") == "");
    CHECK(has(m.say(day(1), ": fact tests = true for ben"), "must say who does it"));
    command crowd{.what = act::assign, .by = "ann", .names = names(most_teams_of_proposal + 1, "core"), .at = day(1)};
    CHECK(has(m.take(crowd), "too many teams"));
    auto plain = reviewed();
    plain.allow = R"j("propose, appoint": "team(core)")j";
    matter none(plain);
    CHECK(has(none.say(day(1), "ann: propose merge"), "it has none"));
    CHECK(has(none.say(day(1), "ann: appoint chair in ben"), "is no office of this process"));
    CHECK(none.say(day(1), "ann: propose") == "");
}

TEST_CASE("proposal: a permission's condition looks at the kind of revision that the command brings") {
    auto t = reviewed();
    t.more = R"("revisions": {"small": {}, "large": {}},)";
    t.allow = R"j("cast": "electorate", "revise": ["author", { "who": "team(core)", "if": "revision_kind == small" }])j";
    matter m(t);
    CHECK(has(m.say(day(1), "ben: revise v2 as large"), "ben may not revise"));
    CHECK(m.say(day(1), "ben: revise v2 as small") == "");
    CHECK(has(m.say(day(1), "ben: revise v3 as large"), "ben may not revise"));  // it is not the last revision that counts
    CHECK(m.say(day(1), "ann: revise v3 as large") == "");
    CHECK(m.say(day(1), "ben: revise v4 as small") == "");
    CHECK(m.replays());
}

TEST_CASE("proposal: a process about a number of teams says how many it wants and how many are named") {
    const auto opened = [](const std::string& exactly, const names& teams) {
        auto t = reviewed();
        t.more = "\"teams\": {\"exactly\": " + exactly + "},";
        try {
            matter m(load(t.text()), people(), {.teams = teams});
        } catch (const std::exception& e) {
            return std::string(e.what());
        }
        return std::string();
    };
    CHECK(has(opened("1", {"core", "docs"}), "is about exactly 1 team, and 2 are named"));
    CHECK(has(opened("2", {"core"}), "is about exactly 2 teams, and 1 is named"));
    CHECK(opened("2", {"core", "docs"}) == "");
}

TEST_CASE("proposal: what an outcome of a child would do about a concern needs to know which one") {
    parts t;
    t.more = R"("dispositions": ["keep", "drop"], "children": {"p": {"accepted": [{"disposition": "drop", "do": "resolve"}]}},)";
    t.allow = R"j("cast": "electorate", "raise": "everyone")j";
    t.exits = R"({"when": "approve >= 2", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})";
    matter m(t);
    CHECK(m.say(day(1), "ben: raise slow") == "");
    CHECK(m.say(day(2), ": link p-2 in p, slow as accepted") == "");        // without a disposition
    CHECK(m.say(day(2), ": link p-2 in p, slow, keep as accepted") == "");  // with the other one
    CHECK(m.p.open_concerns() == 1);
    CHECK(m.p.unheeded.empty());
    command nameless = line(day(3), ": link p-2 in p as accepted");
    nameless.names = {"p", "", "drop"};
    CHECK(m.take(nameless) == "");
    CHECK(m.p.open_concerns() == 1);
    REQUIRE(m.p.unheeded.size() == 1);  // about no concern: it is on record that this could not be
    CHECK(m.p.unheeded.front().child == "p-2");
    CHECK(m.say(day(3), ": link p-2 in p, slow, drop as accepted") == "");
    CHECK(m.p.open_concerns() == 0);
    CHECK(m.replays());
}
