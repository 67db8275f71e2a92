// What rules and permissions see: who is in a set, who has whose ballot, which options there are.
#include <doctest/doctest.h>

#include "support.hpp"

using namespace support;

namespace {

/// Everybody of a set may ask.
matter asked_by(const std::string& set, const std::string& more = "") {
    parts t;
    t.more = more;
    t.allow = R"j("ask": ")j" + set + R"j(", "second": "team(core)")j";
    t.exits = R"({"after": "30 days", "to": "lapsed"})";
    return matter(t);
}

}  // namespace

TEST_CASE("reads: what is no set contains nobody, and neither does a set that isn't there") {
    parts t;
    t.exits = R"({"when": "approve >= 1", "to": "accepted"})";
    matter     m(t);
    const auto rule = m.p.now().exits[0].when.view();
    CHECK_FALSE(contains(rule, rule.root, person{0}, m.p, m.around()));
    CHECK(members_of(rule, m.p, m.around(), nullptr).empty());
    const quorate::rule none;
    CHECK_FALSE(contains(none.view(), 0, person{0}, m.p, m.around()));
    CHECK(members_of(none.view(), m.p, m.around(), nullptr).empty());
}

TEST_CASE("reads: what depends on who voted how is not certain while they may still vote") {
    for (const std::string set : {"voters(approve)", "participants"}) {
        parts t;
        t.exits = R"j({"when": "certain(eligible in not )j" + set + R"j( >= 3)", "to": "accepted"}, {"when": "eligible in not )j" + set + R"j( < 3", "to": "rejected"})j";
        matter m(t);
        for (const auto* who : {"ann", "ben"}) CHECK(m.say(day(1), who + std::string(": cast approve")) == "");
        CHECK(m.stage() == "talk");
        CHECK_FALSE(has(to_string(m.why(day(1))), "ballots alone can't"));
        CHECK(m.say(day(1), "cem: cast approve") == "");
        CHECK(m.stage() == "rejected");
    }
    parts t;  // what they may still do about it is known all the same
    t.exits = R"j({"when": "certain(eligible in not voters(approve) <= 5)", "to": "accepted"}, {"after": "7 days", "to": "lapsed"})j";
    CHECK(matter(t).stage() == "accepted");
}

TEST_CASE("reads: seconders are those whose second stands") {
    auto m = asked_by("seconders");
    CHECK(has(m.say(day(1), "ben: ask why"), "ben may not ask"));
    CHECK(m.say(day(1), "ben: second") == "");
    CHECK(m.say(day(1), "ben: ask why") == "");
    CHECK(has(m.say(day(1), "cem: ask how"), "cem may not ask"));
}

TEST_CASE("reads: a team that was removed has no members, leads, seats or representatives") {
    const auto guild = load_roster(R"({
      "people": { "ben": {}, "fay": {}, "gus": {}, "hal": {} },
      "teams": { "core": {}, "guild": { "leads": ["fay"], "members": ["fay", "gus"] },
                 "board": { "seats": [ { "name": "one", "holder": "ben", "alternates": ["hal"], "represents": "guild" } ] } } })", "guild.json").value();
    for (const auto& of : {std::pair("team(guild)", "gus"), std::pair("leads(guild)", "fay"), std::pair("seats(board)", "hal"), std::pair("reps(guild)", "ben")}) {
        const auto [set, who] = of;
        CAPTURE(of.first);
        parts t;
        t.allow = std::string(R"j("ask": ")j") + set + "\"";
        t.exits = R"({"after": "30 days", "to": "lapsed"})";
        matter     m(load(t.text()), guild);
        const auto says = std::string(who);
        CHECK(m.say(day(1), says + ": ask why") == "");
        auto seat = roster_change(day(2), roster_event_kind::remove_seat, "", "board");  // which would name a team that isn't there
        seat.seat = "one";
        CHECK(m.change(seat) == "");
        for (const auto* team : {"guild", "board"}) CHECK(m.change(roster_change(day(2), roster_event_kind::remove_team, "", team)) == "");
        CHECK(has(m.say(day(3), says + ": ask how"), "may not ask"));
    }
}

TEST_CASE("reads: whose organisation has no voice has none either") {
    parts t;
    t.electorate = R"j({"of": "team(core)", "by": "organisation", "taken": "at open"})j";
    t.allow = R"("cast": "everyone")";
    t.exits = R"({"when": "approve >= 3", "to": "accepted"})";
    auto text = std::string(people_text);
    text.replace(text.find(R"("hal": {})"), 9, R"("hal": {"affiliations": ["Gamma"]})");
    matter m(load(t.text()), load_roster(text, "people").value());  // ann for Acme, cem for Beta, dan and eve for themselves
    for (const auto* who : {"gus", "fay", "hal"}) CHECK(m.change(roster_change(day(1), roster_event_kind::join, who, "core")) == "");
    CHECK(m.electorate() == names{"ann", "cem", "dan", "eve"});
    CHECK(has(m.say(day(2), "gus: cast approve"), "gus is not among those who decide here"));  // of no organisation
    CHECK(has(m.say(day(2), "hal: cast approve"), "hal is not among those who decide here"));  // Gamma had nobody there at open
    CHECK(m.say(day(2), "fay: cast approve") == "");
    CHECK(m.ballot_of("cem") == "approve");  // Beta's
    CHECK(m.replays());
}

TEST_CASE("reads: an alternate speaks for the seat while it is held by whom the electorate knows") {
    parts t;
    t.electorate = R"j({"of": "seats(council)", "by": "seat", "taken": "at open"})j";
    t.allow = R"("cast": "everyone")";
    t.exits = R"({"when": "approve >= 2", "to": "accepted"})";
    matter m(t);
    CHECK(m.electorate() == names{"ben", "fay"});
    CHECK(m.say(day(1), "hal: cast approve") == "");
    CHECK(m.ballot_of("ben") == "approve");
    auto vacate = roster_change(day(2), roster_event_kind::vacate_seat, "", "council");
    vacate.seat = "core";
    CHECK(m.change(vacate) == "");
    auto fill = roster_change(day(2), roster_event_kind::fill_seat, "dan", "council");
    fill.seat = "core";
    CHECK(m.change(fill) == "");
    CHECK(has(m.say(day(3), "hal: cast reject"), "hal is not among those who decide here"));  // an alternate for dan by now
    CHECK(m.ballot_of("ben") == "approve");
}

TEST_CASE("reads: who chose a position of the parent is nobody where the parent has no such position") {
    const auto c = load_charter(R"j({ "title": "two parents", "processes": {
      "motion": { "electorate": { "of": "team(core)" }, "positions": { "aye": {} }, "stages": { "s": { "phase": "review", "allow": { "cast": "electorate" }, "exits": [ { "after": "9 days", "to": "lapsed" } ] } } },
      "other": { "electorate": { "of": "team(core)" }, "positions": { "yes": {} }, "stages": { "s": { "phase": "review", "allow": { "cast": "electorate" }, "exits": [ { "after": "9 days", "to": "lapsed" } ] } } },
      "note": { "electorate": { "of": "voters(aye) of parent" }, "positions": { "fine": {} }, "open": { "under": [ "motion", "other" ] },
        "stages": { "s": { "phase": "review", "allow": { "cast": "electorate" }, "exits": [ { "after": "9 days", "to": "lapsed" } ] } } } } })j", "two.json").value();
    const auto voters = [&](const std::string& process, const std::string& position) {
        matter parent(c, people(), {.process = process});
        CHECK(parent.say(day(1), "ben: cast " + position) == "");
        proposal    p;
        step_output out;
        CHECK_FALSE(open_proposal(p, "p-2", {.process = "note", .by = "ann", .parent = "p-1", .at = day(2)}, c, {parent.who, &parent.p}, out).value().has_value());
        return p.voters.size();
    };
    CHECK(voters("motion", "aye") == 1);
    CHECK(voters("other", "yes") == 0);
}

TEST_CASE("reads: options may be put forward where no ballot is about them") {
    parts t;
    t.more = R"("options": {},)";
    t.allow = R"j("add option, withdraw option": "team(core)")j";
    t.exits = R"({"when": "options >= 2", "to": "accepted"})";
    matter m(t);
    CHECK(m.say(day(1), "ben: add option x") == "");
    CHECK(m.stage() == "talk");
    CHECK(m.say(day(1), "ben: add option y") == "");
    CHECK(m.stage() == "accepted");
}

TEST_CASE("reads: a journal altered so that the default option is withdrawn leaves no fewer options than none") {
    parts t;
    t.positions = R"({"ballot": {"marks": "ranking"}})";
    t.more = R"("options": {"fixed": {"none": "None"}, "default": "none"}, "count": {"method": "debian"},)";
    t.allow = R"j("cast": "electorate")j";
    t.exits = R"({"when": "options < 0", "to": "accepted"}, {"when": "options >= 1", "to": "rejected"}, {"after": "9 days", "to": "lapsed"})";
    matter m(t);
    CHECK(apply(m.p, {.kind = event_kind::acted, .done = act::withdraw_option, .at = day(1), .by = "ann", .subject = "none"}, m.who).has_value());
    CHECK(m.pass(day(9)) == "lapsed");
}

TEST_CASE("reads: a parent that the charter doesn't name may have more positions than there is room for beside one's own") {
    const auto several = [](const std::string& stem) {  // 10 of the 15 that rules can tell apart
        std::string all;
        for (int i = 1; i <= 10; ++i) all += (i > 1 ? ", \"" : "\"") + stem + std::to_string(i) + "\": {}";
        return "{" + all + "}";
    };
    const std::string stages = R"j("stages": { "s": { "phase": "review", "allow": { "cast": "electorate" }, "exits": [ { "when": "cast >= 1", "to": "accepted" }, { "after": "9 days", "to": "lapsed" } ] } } })j";
    const auto        c = load_charter(R"j({ "title": "many", "processes": { "a": { "electorate": { "of": "team(core)" }, "positions": )j" + several("a") + ", " + stages +
                                           R"j(, "b": { "electorate": { "of": "team(core)" }, "positions": )j" + several("b") + ", " + stages + "} }", "many.json").value();
    matter parent(c, people(), {.process = "a"});
    CHECK(parent.say(day(1), "ann: cast a10") == "");
    CHECK(parent.stage() == "accepted");
    proposal           p;
    step_output        out;
    const surroundings under{parent.who, &parent.p};
    CHECK_FALSE(open_proposal(p, "p-2", {.process = "b", .by = "ann", .parent = "p-1", .at = day(2)}, c, under, out).value().has_value());
    CHECK(p.now().name == "s");  // a ballot of the parent is none here
    CHECK_FALSE(handle(p, line(day(3), "ben: cast b10"), under, out).value().has_value());
    CHECK(p.now().name == "accepted");
}

TEST_CASE("reads: in a gate's stage without exits, too, a ballot isn't certain that may be taken back") {
    const auto gives = [](const std::string& allowed) {
        const auto c = load(one_process(R"j("kind": "gate", "electorate": {"of": "team(core)"}, "positions": {"approve": {}}, "ballots": {"revisable": false},
            "stages": {"talk": {"phase": "review", "allow": {)j" + allowed + R"j("cast": "electorate", "ask": {"who": "electorate", "if": "certain(approve >= 1)"}}}})j"));
        matter m(c, people());
        REQUIRE(m.say(day(1), "ben: cast approve") == "");
        return m.say(day(2), "ben: ask why") == "";
    };
    CHECK(gives(""));
    CHECK_FALSE(gives(R"("withdraw ballot": "electorate", )"));
}
