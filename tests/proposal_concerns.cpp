// Concerns, overrides, gates: what stands in a proposal's way and who may take it out.
#include <doctest/doctest.h>

#include "support.hpp"

using namespace support;

namespace {

parts contested(std::string concerns = "{}") {
    parts t;
    t.more = "\"concerns\": " + concerns + ",";
    t.allow = R"j("cast": "electorate", "raise": "team(core)", "second, withdraw second": "everyone",
                  "resolve": "raiser or leads(core)", "override": "leads(core)")j";
    t.exits = R"({"on": "override", "to": "accepted", "if": "approve >= 1"}, {"when": "approve >= 2", "to": "accepted"})";
    return t;
}

}  // namespace

TEST_CASE("concerns: while a blocking one is open the law lets nothing be accepted, whatever the charter says") {
    matter m(contested());
    CHECK(m.say(day(1), "dan: raise it leaks") == "");
    CHECK(has(m.say(day(1), "eve: raise it leaks"), "was raised already by dan; second it, or use another name"));
    for (const auto* who : {"ann: cast approve", "ben: cast approve", "cem: cast approve"}) CHECK(m.say(day(2), who) == "");
    CHECK(m.stage() == "talk");
    const auto e = m.why(day(2));
    CHECK(e.concerns == names{"it leaks (raised by dan)"});
    CHECK(e.exits[1].now != truth::met);  // and the explanation says so
    CHECK_FALSE(e.exits[1].conditions.empty());
    CHECK(has(m.say(day(3), "eve: resolve it leaks"), "eve may not resolve"));
    CHECK(has(m.say(day(3), "dan: resolve It leaks"), "there is no open concern \"It leaks\""));
    CHECK(m.say(day(3), "dan: resolve it leaks because fixed") == "");
    CHECK(m.stage() == "accepted");
    CHECK(m.p.entered == day(3));
    CHECK(m.replays());
}

TEST_CASE("concerns: a charter may say that they don't block") {
    matter m(contested(R"({"blocking": false})"));
    CHECK(m.say(day(1), "dan: raise x") == "");
    CHECK(m.say(day(2), "ann: cast approve") == "");
    CHECK(m.say(day(2), "ben: cast approve") == "");
    CHECK(m.stage() == "accepted");
}

TEST_CASE("concerns: one that needs seconds counts once it has them") {
    matter m(contested(R"({"seconds": 1})"));
    CHECK(m.say(day(1), "dan: raise x") == "");
    CHECK(m.p.open_concerns() == 0);
    CHECK(m.why(day(1)).concerns == names{"x (raised by dan, needs 1 more to second it)"});
    CHECK(has(m.say(day(1), "dan: second x"), "dan supports \"x\" already"));
    CHECK(has(m.say(day(1), "gus: withdraw second x"), "gus has not seconded \"x\""));
    CHECK(m.say(day(1), "gus: second x") == "");
    CHECK(m.p.open_concerns() == 1);
    CHECK(m.say(day(2), "ann: cast approve") == "");
    CHECK(m.say(day(2), "ben: cast approve") == "");
    CHECK(m.stage() == "talk");
    CHECK(m.say(day(3), "gus: withdraw second x") == "");
    CHECK(m.stage() == "accepted");  // it stands alone again
    CHECK(m.replays());
}

TEST_CASE("concerns: a used name is free again, unless names are used once") {
    for (const bool once : {false, true}) {
        matter m(contested(once ? R"({"names": "once"})" : "{}"));
        CHECK(m.say(day(1), "dan: raise x") == "");
        CHECK(m.say(day(2), "dan: resolve x") == "");
        const auto no = m.say(day(3), "eve: raise x");
        CHECK(no.empty() != once);
        if (once) CHECK(has(no, "a concern named \"x\" was raised and closed before [rule: concerns: names once]"));
        CHECK(m.say(day(3), "eve: raise X") == "");
        CHECK(m.replays());
    }
}

TEST_CASE("concerns: when the raiser leaves, a concern stays and is found stuck, or lapses") {
    auto t = contested();
    t.allow = R"j("cast": "electorate", "raise": "team(core)", "resolve": "raiser and team(core)")j";
    t.exits = R"({"when": "approve >= 2", "to": "accepted"}, {"after": "5 days", "to": "quiet"})";
    t.stages = R"j(, "quiet": {"phase": "review", "allow": {"cast": "electorate", "resolve": "raiser and team(core)"}, "exits": [{"when": "approve >= 2", "to": "accepted"}]})j";
    for (const bool lapses : {false, true}) {
        CAPTURE(lapses);
        t.more = lapses ? R"("concerns": {"when raiser leaves": "lapses"},)" : R"("concerns": {"when raiser leaves": "stays"},)";
        matter m(t);
        CHECK(m.say(day(1), "dan: raise x") == "");
        CHECK(m.say(day(1), "eve: raise y") == "");
        CHECK(m.say(day(2), "ann: cast approve") == "");
        CHECK(m.say(day(2), "ben: cast approve") == "");
        CHECK(m.pass(day(6)) == "quiet");  // where nobody may raise, which is no reason to lapse
        CHECK(m.change(roster_change(day(7), roster_event_kind::leave, "dan", "core")) == "");
        CHECK(m.p.open_concerns() == (lapses ? 1 : 2));
        const auto e = m.why(day(7));
        CHECK(has(to_string(e), "nobody may resolve concern \"x\" as things stand (raised by dan)") != lapses);
        CHECK_FALSE(has(to_string(e), "nobody may resolve concern \"y\""));
        CHECK(m.say(day(8), "eve: resolve y") == "");
        CHECK(m.stage() == (lapses ? "accepted" : "quiet"));
        CHECK(m.replays());
    }
}

TEST_CASE("concerns: an override sets one aside, or all of it, with a recorded reason") {
    matter m(contested());
    CHECK(m.say(day(1), "dan: raise x") == "");
    CHECK(has(m.say(day(2), "ann: override x"), "an override needs a reason"));
    CHECK(has(m.say(day(2), "ben: override x because I say so"), "ben may not override"));
    CHECK(m.say(day(2), "ann: override x because answered at length") == "");
    CHECK(m.p.concerns[0].state == concern_state::overridden);
    CHECK(m.p.open_concerns() == 0);
    CHECK(m.say(day(3), "dan: raise x") == "");  // again
    CHECK(m.say(day(3), "ann: override because enough") == "");
    CHECK(m.stage() == "talk");  // its exit asks for an approval
    CHECK(m.say(day(4), "ben: cast approve") == "");
    CHECK(m.stage() == "talk");
    CHECK(m.say(day(4), "ann: override because enough") == "");
    CHECK(m.stage() == "accepted");
    CHECK(m.p.open_concerns() == 1);
    CHECK(m.replays());
}

TEST_CASE("concerns: cancel clears the round") {
    auto t = contested(R"({"names": "once"})");
    t.allow = R"("cast, raise, cancel, hold, second": "everyone")";
    t.exits = R"({"on": "cancel", "to": "talk"}, {"when": "approve >= 2", "to": "accepted"})";
    matter m(t);
    for (const auto* s : {"ann: cast approve", "ben: raise x", "cem: hold", "dan: second"}) CHECK(m.say(day(1), s) == "");
    CHECK(m.say(day(2), "eve: cancel") == "");
    CHECK(m.ballot_of("ann") == "-");
    CHECK((m.p.concerns.empty() && m.p.holds.empty() && m.p.seconds.empty()));
    CHECK(m.say(day(3), "ben: raise x") == "");
    CHECK(m.replays());
}

TEST_CASE("concerns: an exit may clear concerns and ballots") {
    auto t = contested();
    t.allow = R"("cast, raise": "electorate", "revise": "author")";
    t.exits = R"({"on": "revise", "to": "talk", "concerns": "clear", "ballots": "clear"}, {"when": "approve >= 2", "to": "accepted"})";
    matter m(t);
    CHECK(m.say(day(1), "ben: raise x") == "");
    CHECK(m.say(day(1), "cem: cast reject") == "");
    CHECK(m.say(day(2), "ann: revise v2") == "");
    CHECK(m.p.open_concerns() == 0);
    CHECK(m.ballot_of("cem") == "-");
    CHECK(m.replays());
}

TEST_CASE("a gate opens and closes until the host concludes it") {
    auto t = contested();
    t.more = R"("kind": "gate", "revisions": {"push": {"ballots": "clear"}},)";
    t.allow = R"("cast": "electorate", "revise": "author")";
    t.exits = R"({"when": "approve >= 1 and reject == 0", "to": "open"})";
    t.stages = R"j(, "open": {"phase": "review", "allow": {"cast": "electorate", "revise": "author", "enact": "everyone"},
                    "exits": [{"on": "enact", "to": "accepted"}, {"when": "not (approve >= 1 and reject == 0)", "to": "talk"}]})j";
    matter m(t);
    CHECK(m.say(day(1), "ben: cast approve") == "");
    CHECK(m.stage() == "open");
    CHECK(m.say(day(2), "ann: revise abc as push") == "");
    CHECK(m.stage() == "talk");
    CHECK(m.say(day(3), "ben: cast approve") == "");
    CHECK(m.say(day(3), "cem: cast reject") == "");
    CHECK(m.stage() == "talk");
    CHECK(m.say(day(4), "cem: cast abstain") == "");
    CHECK(m.stage() == "open");
    CHECK(m.say(day(5), "gus: enact") == "");
    CHECK(m.p.outcome() == phase::accepted);
    CHECK(m.replays());
}
