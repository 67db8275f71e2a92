// Deciding on a command: what the law is told of it, what a permission's condition sees, and the limits of an election.
#include <doctest/doctest.h>

#include "house.hpp"
#include "support.hpp"

using namespace support;

namespace {

/// A formal vote in which the text may only change where that leads somewhere: as `exits` say.
parts frozen(const std::string& exits) {
    parts t;
    t.in = "approval";
    t.allow = R"j("cast": "electorate", "revise, add option": "everyone")j";
    t.exits = exits + R"(, {"when": "approve >= 3", "to": "table"}, {"when": "approve >= 4", "to": "desk"}, {"when": "approve >= 5", "to": "last"},
                           {"after": "30 days", "to": "lapsed"})";
    t.stages = R"(, "table": {"phase": "draft", "exits": [{"after": "30 days", "to": "lapsed"}]},
                    "desk": {"phase": "review", "places": 1, "exits": [{"after": "30 days", "to": "lapsed"}]},
                    "last": {"phase": "final_comment", "exits": [{"after": "30 days", "to": "lapsed"}]})";
    return t;
}

}  // namespace

TEST_CASE("decide: during the vote a revision is taken where it leads back to review or to the draft, and nowhere else") {
    const auto revised = [](const std::string& to) {
        matter m(frozen(R"({"on": "revise", "to": ")" + to + R"("})"));
        const auto no = m.say(day(1), "ben: revise v2");
        CHECK((no.empty() || m.last.by == refused_by::law));
        return m.stage();
    };
    CHECK(revised("table") == "table");
    CHECK(revised("desk") == "desk");
    CHECK(revised("last") == "talk");
    CHECK(revised("talk") == "talk");
    CHECK(revised("rejected") == "talk");
}

TEST_CASE("decide: a revision that leads to a stage without a free place leads nowhere") {
    house h(frozen(R"({"on": "revise", "to": "desk"})"));
    for (int i = 0; i < 2; ++i) h.open();
    CHECK(h.say("p-1", day(1), "ben: revise v2") == "");
    CHECK(h.stage("p-1") == "desk");
    CHECK(has(h.say("p-2", day(1), "ben: revise v2"), "nobody can revise here"));
    CHECK(h.stage("p-2") == "talk");
}

TEST_CASE("decide: a revision that leads to the stage before leads nowhere where there was none before") {
    auto t = frozen(R"({"on": "revise", "to": "stage before"}, {"when": "reject >= 1", "to": "more", "ballots": "clear"})");
    t.stages += R"(, "more": {"phase": "review", "exits": [{"after": "1 day", "to": "talk"}]})";
    matter m(t);
    CHECK(has(m.say(day(1), "ben: revise v2"), "nobody can revise here"));
    CHECK(m.say(day(1), "ben: cast reject") == "");
    CHECK(m.stage() == "more");
    CHECK(m.pass(day(2)) == "talk");
    CHECK(m.say(day(3), "ben: revise v2") == "");
    CHECK(m.stage() == "more");
    CHECK(m.replays());
}

TEST_CASE("decide: the kind of an option is no kind of revision, under the same name either") {
    auto t = frozen(R"({"on": "add option", "if": "revision_kind == small", "to": "table"})");
    t.more = R"("revisions": {"small": {}, "large": {}}, "options": {"kinds": {"small": {}, "large": {}}},)";
    matter voted(t);
    CHECK(has(voted.say(day(1), "ben: add option x as small"), "nobody can add option here"));
    CHECK(voted.p.options.empty());
    t.in = "review";
    t.allow = R"j("revise": "everyone", "add option": [{"who": "everyone", "if": "revision_kind == small"}])j";
    matter m(t);
    CHECK(has(m.say(day(1), "ben: add option x as small"), "ben may not add option"));  // nothing was revised
    CHECK(m.say(day(1), "ben: revise v2 as small") == "");
    CHECK(m.say(day(1), "ben: add option x as large") == "");
    CHECK(m.stage() == "table");
}

TEST_CASE("decide: where options are people nobody stands twice, under a new name either") {
    parts t;
    t.positions = R"({"ballot": {"marks": "approvals"}})";
    t.more = R"("options": {}, "count": {"method": "approval", "seats": 2, "most per affiliation": 1},)";
    t.allow = R"j("cast": "electorate", "add option": "team(core)")j";
    t.exits = R"({"after": "7 days", "to": "accepted"})";
    matter m(t);
    CHECK(m.say(day(1), "ann: add option ben") == "");
    CHECK(has(m.say(day(1), "ann: add option zoe"), "\"zoe\" is nobody known"));
    CHECK(m.change(roster_change(day(2), roster_event_kind::change_handle, "ben", "", "benny")) == "");
    CHECK(has(m.say(day(2), "ann: add option benny"), "\"benny\" stands already"));
    CHECK(m.say(day(2), "ann: add option cem") == "");
    CHECK(m.p.options.size() == 2);
}

TEST_CASE("decide: seats of those elected elsewhere come to no more than a count may fill, and a count that can't be leaves them vacant") {
    const auto election = [](const std::string& count, int options) {
        std::string all;
        for (int i = 1; i <= options; ++i) all += (i > 1 ? ", " : "") + ("\"o" + std::to_string(i)) + R"(": "An option")";
        parts t;
        t.in = "approval";
        t.positions = R"({"ballot": {"marks": "ranking"}})";
        t.more = R"("options": {"fixed": {)" + all + R"(}}, "count": )" + count + ",";
        t.exits = R"({"after": "7 days", "to": "accepted"})";
        t.stages = R"j(, "accepted": {"phase": "accepted", "allow": {"vacate": "leads(core)"}})j";
        matter m(t);
        CHECK(m.say(day(1), "ann: cast ballot in o1, o2") == "");
        CHECK(m.pass(day(8)) == "accepted");
        return m;
    };
    auto full = election(R"({"method": "borda", "seats": )" + std::to_string(most_seats - 1) + "}", 3);
    CHECK(full.say(day(9), "ann: vacate zoe as elsewhere") == "");
    CHECK(has(full.say(day(9), "ann: vacate yan as elsewhere"), "too many seats"));
    // Kemeny's rule is not counted of more than 20 options: nobody is elected, before as after.
    auto none = election(R"({"method": "kemeny"})", 21);
    CHECK(none.p.elected == names{});
    CHECK(none.say(day(9), "ann: vacate zoe as elsewhere") == "");
    CHECK(none.p.elected == names{});
    CHECK(none.events.back().kind == event_kind::acted);
}
