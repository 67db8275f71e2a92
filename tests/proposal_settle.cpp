// Exits and what they leave: stages with places, deadlines, electorates taken on the way, what lapses; and what comes of altered journals.
#include <doctest/doctest.h>

#include "house.hpp"
#include "support.hpp"

using namespace support;

namespace {

parts settled(const std::string& exits) {
    parts t;
    t.exits = exits;
    return t;
}

/// One body of 10 001 seats, all held by zed: one more than an electorate may have.
roster crowd() {
    std::string seats;
    for (std::size_t i = 0; i <= most_voters; ++i) seats += (i != 0 ? "," : "") + ("{\"name\":\"s" + std::to_string(i) + "\",\"holder\":\"zed\"}");
    return load_roster(R"({"people": {"ann": {}, "zed": {}}, "teams": {"core": {"members": ["ann"]}, "big": {"seats": [)" + seats + "]}}}").value();
}

}  // namespace

TEST_CASE("settle: callers who ask for moves alone, or for no events, get those; the state is the same") {
    for (const auto kept : {kept_events::all, kept_events::moves, kept_events::none}) {
        matter      m(settled(R"({"after": "5 days", "to": "accepted", "effects": ["merge"]})"));
        step_output out;
        out.kept = kept;
        auto cast = line(day(1), "ben: cast approve");
        CHECK_FALSE(handle(m.p, cast, m.around(), out).value().has_value());
        CHECK(pass_time(m.p, day(5), m.around(), out).has_value());
        CHECK(m.stage() == "accepted");
        CHECK(m.ballot_of("ben") == "approve");
        CHECK(out.events.size() == (kept == kept_events::all ? 2U : kept == kept_events::moves ? 1U : 0U));
        CHECK(out.effects.size() == (kept == kept_events::all ? 1U : 0U));
    }
}

TEST_CASE("settle: a deadline since a fact looks at that fact, not at others") {
    auto t = settled(R"({"after": "3 days", "since": "tests", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})");
    t.more = R"("facts": ["docs", "tests"],)";
    matter m(t);
    CHECK(m.say(day(1), ": fact docs = true") == "");
    CHECK(m.p.due == day(30));
    CHECK(m.say(day(2), ": fact tests = true") == "");
    CHECK(m.p.due == day(5));
    CHECK(m.pass(day(5)) == "accepted");
}

TEST_CASE("settle: a deadline beyond the calendar is none") {
    const auto t = settled(R"({"when": "open_for >= 219000 days and approve >= 1", "to": "accepted"})");  // about 600 years
    matter     m(load(t.text()), people(), {.at = at("9500-01-01T00:00:00Z")});
    CHECK_FALSE(m.p.due.has_value());
    matter early(load(t.text()), people(), {.at = at("2500-01-01T00:00:00Z")});
    CHECK(early.p.due.has_value());
}

TEST_CASE("settle: who goes from a full stage into it again keeps the place") {
    parts t;
    t.exits = R"({"when": "approve >= 1", "to": "board"}, {"after": "90 days", "to": "lapsed"})";
    t.stages = R"(, "board": {"phase": "approval", "places": 1, "exits": [{"after": "10 days", "to": "board", "effects": ["remind"]}, {"when": "approve >= 3", "to": "accepted"}]})";
    house h(t);
    for (int i = 0; i < 2; ++i) h.open();
    CHECK(h.say("p-1", day(1), "ben: cast approve") == "");
    CHECK(h.say("p-2", day(2), "ben: cast approve") == "");
    (void)h.runs.advance(day(31));
    CHECK(h.stage("p-1") == "board");
    CHECK(h.runs.get("p-1")->entered == day(31));  // on days 11, 21 and 31
    CHECK(h.stage("p-2") == "talk");
}

TEST_CASE("settle: what may not be opened again isn't by an outcome either, and other ways stay open to it") {
    parts t;
    t.exits = R"({"when": "reject >= 1", "to": "against"}, {"when": "approve >= 1", "to": "more"})";
    t.stages = R"(, "more": {"phase": "review", "exits": [{"after": "9 days", "to": "lapsed"}]},
                    "against": {"phase": "rejected", "exits": [{"on": "link p accepted", "to": "talk", "ballots": "clear"}, {"on": "link p rejected", "to": "void"}]})";
    const refusal      another{.what = "there is another"};
    const auto         say = [&](matter& m, std::string_view text, const refusal* taken) {
        step_output out;
        CHECK_FALSE(handle(m.p, line(day(2), text), {.people = m.who, .taken = taken}, out).value().has_value());
        return m.stage();
    };
    matter m(t), free(t), open(t);
    CHECK(say(m, "ben: cast reject", nullptr) == "against");
    CHECK(say(m, ": link p-2 in p as accepted", &another) == "against");
    CHECK(say(m, ": link p-2 in p as rejected", &another) == "void");
    CHECK(say(free, "ben: cast reject", nullptr) == "against");
    CHECK(say(free, ": link p-2 in p as accepted", nullptr) == "talk");
    CHECK(say(open, "ben: cast approve", &another) == "more");  // it is open: nothing is opened again
}

TEST_CASE("settle: an electorate has its limit whenever it is taken") {
    const auto         people = crowd();
    const std::string  limit = "an electorate of more than 10000";
    const auto         with = [&](const std::string& electorate) {
        auto t = settled(R"({"on": "propose", "to": "vote"}, {"after": "30 days", "to": "lapsed"})");
        t.electorate = electorate;
        t.more = R"("offices": ["chair"],)";
        t.allow = R"j("propose, appoint": "everyone")j";
        t.stages = R"(, "vote": {"phase": "approval", "exits": [{"after": "30 days", "to": "lapsed"}]})";
        return load(t.text());
    };
    proposal    p;
    step_output out;
    const auto  opened = open_proposal(p, "p-1", {.process = "p", .by = "ann", .at = day(0)}, with(R"j({"of": "seats(big)", "by": "seat"})j"), {people}, out);
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().code == errc::limit);
    CHECK(has(opened.error().what(), limit));
    matter on_act(with(R"j({"of": "seats(big)", "by": "seat", "taken": "on propose"})j"), people);
    CHECK(has(on_act.say(day(1), "ann: propose"), limit));
    matter on_entry(with(R"j({"of": "seats(big)", "by": "seat", "taken": "on entry of vote"})j"), people);
    CHECK(has(on_entry.say(day(1), "ann: propose"), limit));
    matter appointed(with(R"j({"of": "seats(big) and office(chair)", "by": "seat"})j"), people);
    CHECK(has(appointed.say(day(1), "ann: appoint chair in zed"), limit));
    matter joined(with(R"j({"of": "seats(big) and team(core)", "by": "seat"})j"), people);
    CHECK(joined.electorate().empty());
    CHECK(has(joined.change(roster_change(day(1), roster_event_kind::join, "zed", "core")), limit));
}

TEST_CASE("settle: an electorate taken on entry of the first stage is there from the start") {
    auto t = settled(R"({"when": "approve >= 1", "to": "more"})");
    t.electorate = R"j({"of": "team(docs)", "taken": "on entry of talk"})j";
    t.stages = R"(, "more": {"phase": "approval", "exits": [{"after": "9 days", "to": "lapsed"}]})";
    matter first(t);
    CHECK(first.electorate() == names{"ann", "fay", "gus"});
    CHECK(first.say(day(1), "gus: cast approve") == "");
    CHECK(first.stage() == "more");
    t.electorate = R"j({"of": "team(docs)", "taken": "on entry of more"})j";
    CHECK(matter(t).electorate().empty());
}

TEST_CASE("settle: whoever holds two seats casts once where the charter casts for them") {
    parts t;
    t.electorate = R"j({"of": "seats(council)", "by": "seat"})j";
    t.allow = R"j("propose": "everyone")j";
    t.exits = R"j({"on": "propose", "to": "vote", "cast": {"approve": "seats(council)"}})j";
    t.stages = R"(, "vote": {"phase": "approval", "exits": [{"after": "9 days", "to": "lapsed"}]})";
    matter m(t);
    auto   fill = roster_change(day(1), roster_event_kind::fill_seat, "fay", "council");
    fill.seat = "infra";
    CHECK(m.change(fill) == "");
    CHECK(m.electorate() == names{"ben", "fay", "fay"});
    const auto before = m.events.size();
    CHECK(m.say(day(2), "ann: propose") == "");
    REQUIRE(m.events.size() == before + 4);  // proposed, moved, ben's ballot, fay's
    CHECK(m.events.back().by == "fay");
    CHECK(m.p.voters[1].choice == 1);
    CHECK(m.p.voters[2].choice == 1);
    CHECK(m.replays());
}

TEST_CASE("settle: seats of other bodies don't count, be it under the same name and with the same holder") {
    const auto two = load_roster(R"({
      "people": { "ann": {}, "ben": {}, "cem": {}, "hal": {} },
      "teams": { "board":   { "seats": [ { "name": "core", "holder": "ben", "alternates": ["cem"] }, { "name": "rest", "holder": "ann" } ] },
                 "council": { "seats": [ { "name": "core", "holder": "ben", "alternates": ["hal"] } ] } } })", "two.json").value();
    parts t = settled(R"({"when": "approve >= eligible", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})");
    t.electorate = R"j({"of": "everyone and seats(council) and not team(core)", "by": "seat"})j";
    t.allow = R"("cast, recuse": "electorate")";
    matter m(load(t.text()), two);
    CHECK(m.electorate() == names{"ben"});
    CHECK(m.say(day(1), "ben: recuse") == "");
    const auto could = m.why(day(1)).summary;
    CHECK(has(could, "hal (core)"));
    CHECK_FALSE(has(could, "cem (core)"));
}

TEST_CASE("settle: a second lapses with whoever gave it, of the proposal as of a concern; those of others stay") {
    auto t = settled(R"({"when": "approve >= 3", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})");
    t.more = R"("standing": {"when people leave": "lapses"},)";
    t.allow = R"j("cast": "electorate", "raise": "everyone", "second": "team(core)")j";
    matter m(t);
    CHECK(m.say(day(1), "gus: raise slow") == "");
    for (const auto* text : {"ben: second slow", "cem: second slow", "ben: second", "cem: second"}) CHECK(m.say(day(1), text) == "");
    CHECK(m.change(roster_change(day(2), roster_event_kind::leave, "ben", "core")) == "");
    REQUIRE(m.p.concerns[0].seconds.size() == 1);
    CHECK(m.who.id(m.p.concerns[0].seconds[0]) == "cem");
    REQUIRE(m.p.seconds.size() == 1);
    CHECK(m.who.id(m.p.seconds[0].who) == "cem");
    CHECK(m.replays());
    // An altered journal in which somebody seconds twice is found out when both would lapse.
    matter altered(t);
    CHECK(altered.say(day(1), "ben: second") == "");
    CHECK(apply(altered.p, event(altered.events.back()), altered.who).has_value());
    CHECK(has(altered.change(roster_change(day(2), roster_event_kind::leave, "ben", "core")), "does not fit the charter"));
}

TEST_CASE("settle: who was elected stays so from one end to the next, also where the options were cleared on the way") {
    parts t;
    t.positions = R"({"ballot": {"marks": "approvals"}})";
    t.more = R"("options": {}, "count": {"method": "approval"},)";
    t.allow = R"j("cast": "electorate", "add option": "team(core)")j";
    t.exits = R"({"after": "7 days", "to": "accepted", "options": "clear"})";
    t.stages = R"(, "accepted": {"phase": "accepted", "exits": [{"after": "3 days", "to": "enacted"}]})";
    matter m(t);
    CHECK(m.say(day(1), "ann: add option x") == "");
    CHECK(m.say(day(1), "ben: cast ballot in x") == "");
    CHECK(m.pass(day(7)) == "accepted");
    CHECK(m.p.elected == names{"x"});
    CHECK(m.p.options.empty());
    CHECK(m.pass(day(10)) == "enacted");
    CHECK(m.p.elected == names{"x"});
    CHECK(m.replays());
}
