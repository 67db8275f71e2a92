// A journal under another charter: what goes otherwise, when, and waiting for whom.
#include <doctest/doctest.h>

#include <tuple>

#include <rapidcheck.h>

#include <quorate/what_if.hpp>

#include "house.hpp"
#include "json.hpp"

using namespace support;

namespace {

/// Ballots of core, a final comment period of 10 days; so many approvals are needed.
charter needing(const std::string& approvals, const std::string& more = {}, const std::string& electorate = R"j({"of": "team(core)", "taken": "at open"})j") {
    parts t;
    t.electorate = electorate;
    t.more = more;
    t.allow = R"j("cast, withdraw ballot, raise": "electorate", "resolve": "raiser", "withdraw": "author")j";
    t.exits = R"({"on": "withdraw", "to": "withdrawn"}, {"when": "approve >= )" + approvals + R"( and concerns == 0", "to": "last call"})";
    t.stages = R"j(, "last call": {"phase": "final_comment", "allow": {"cast": "electorate", "raise": "electorate"},
                     "exits": [{"when": "concerns > 0", "to": "talk"}, {"after": "10 days", "to": "accepted"}]})j";
    return load(t.text());
}

what_if_report under(house& h, const charter& other, const what_if_options& how = {}) {
    const auto seen = h.kept->last().value();
    auto       r = what_if(*h.kept, other, how).value();
    CHECK(h.kept->last().value() == seen);
    CHECK(json_text::parse(to_json(r)).has_value());
    return r;
}
comparison only(const what_if_report& r) {
    REQUIRE(r.all.size() == 1);
    return r.all.front();
}

/// ann, ben and cem approve on days 1, 3 and 6; two are enough.
struct decided : house {
    std::string id;
    explicit decided(const charter& c = needing("2")) : house(c), id(open()) {
        CHECK(say(id, day(1), "ann: cast approve") == "");
        CHECK(say(id, day(3), "ben: cast approve") == "");
        CHECK(say(id, day(6), "cem: cast approve") == "");
        CHECK(runs.advance(day(20)).size() == 1);
        CHECK(stage(id) == "accepted");
    }
};

}  // namespace

TEST_CASE("what if: under the same charter nothing differs") {
    decided    h;
    const auto r = under(h, h.rules);
    CHECK(r.differing == 0);
    CHECK(r.until == day(20));
    const auto c = only(r);
    CHECK(c.recorded.stays.size() == 3);
    CHECK(c.recorded.stays[1].cause == "ben: cast approve");
    CHECK(c.recorded.stays[2].cause == "time");
    CHECK(c.otherwise.stays.back().since == day(13));
    CHECK_FALSE(has(to_string(r), "can't tell"));
}

TEST_CASE("what if: a stricter rule delays, and it says whom it would have waited for, since when and until when") {
    decided    h;
    const auto r = under(h, needing("3"));
    CHECK(r.differing == 1);
    CHECK(r.later == 1);
    CHECK(r.ending_otherwise == 0);
    const auto c = only(r);
    REQUIRE(c.parts.has_value());
    CHECK(c.parts->at == day(3));
    CHECK(c.parts->goes == turn::later);
    CHECK(c.parts->people == names{"cem", "dan", "eve"});
    CHECK(has(c.parts->waiting, "waiting for 1 of cem, dan, eve"));
    CHECK(c.parts->until == day(6));
    CHECK(c.parts->ended_by == "cem: cast approve");
    CHECK(c.otherwise.stays.back().stage == "accepted");
    CHECK(c.otherwise.stays.back().since == day(16));
    CHECK(has(to_string(r), "2026-03-07 last call (cem: cast approve), 3 days later, 2026-03-17 accepted (time)"));
}

TEST_CASE("what if: what would still be open at the end of the record is told apart from what comes later") {
    decided    h;
    const auto r = under(h, needing("4"));
    CHECK(r.ending_otherwise == 1);
    const auto c = only(r);
    CHECK_FALSE(c.parts->until.has_value());
    CHECK(c.last_ask == day(6));
    CHECK(c.otherwise.stays.size() == 1);
    CHECK(has(c.otherwise.stands, "waiting for 1 of dan, eve"));
    CHECK(has(to_string(r), "not by 2026-03-21; its record ends on 2026-03-07"));
    CHECK(has(to_string(r), "nobody may have bothered to act"));
}

TEST_CASE("what if: a looser rule enters earlier, with the event that did it, and from then on the old rule was still waiting") {
    decided    h;
    const auto c = only(under(h, needing("1")));
    REQUIRE(c.parts.has_value());
    CHECK(c.parts->goes == turn::earlier);
    CHECK(c.parts->at == day(1));
    CHECK(c.otherwise.stays[1].cause == "ann: cast approve");
    CHECK(has(c.parts->waiting, "waiting for 1 of ben, cem, dan, eve"));
    CHECK(c.parts->until == day(3));
    CHECK(c.parts->ended_by == "ben: cast approve");
    CHECK(c.otherwise.stays.back().since == day(11));
}

TEST_CASE("what if: time goes on until the instant asked for, on both sides, and not before the last event") {
    house      h(needing("2"));
    const auto id = h.open();
    CHECK(h.say(id, day(1), "ann: cast approve") == "");
    CHECK(h.say(id, day(3), "ben: cast approve") == "");  // nobody lets time pass any more
    CHECK(only(under(h, needing("1"))).otherwise.stays.back().stage == "last call");
    const auto c = only(under(h, needing("1"), {.until = day(12)}));
    CHECK(c.otherwise.stays.back().since == day(11));
    CHECK(c.recorded.stays.back().stage == "last call");
    CHECK(c.ends_otherwise);
    const auto late = only(under(h, needing("1"), {.until = day(40)}));
    CHECK(late.recorded.stays.back().since == day(13));
    CHECK_FALSE(late.ends_otherwise);
    CHECK(has(what_if(*h.kept, h.rules, {.until = day(2)}).error().what(), "goes on until 2026-03-04"));
}

TEST_CASE("what if: what somebody did and the other charter refuses is a finding, with who, what and why") {
    house      h(needing("2"));
    const auto id = h.open();
    CHECK(h.say(id, day(1), "ann: cast approve") == "");
    CHECK(h.say(id, day(2), "ann: cast reject") == "");
    CHECK(h.say(id, day(3), "ben: cast abstain") == "");
    const auto r = under(h, needing("2", R"("ballots": {"revisable": false}, )"));
    const auto c = only(r);
    CHECK(r.refused == 1);
    CHECK(c.differs());
    CHECK_FALSE(c.parts.has_value());
    REQUIRE(c.refused.size() == 1);
    CHECK(c.refused[0].at == day(2));
    CHECK(c.refused[0].by == "ann");
    CHECK(c.refused[0].ask == "cast reject");
    CHECK(c.refused[0].why.by == refused_by::rule);
    CHECK(has(to_string(r), "ann: cast reject: ann has cast a ballot, and ballots can't be changed"));
}

TEST_CASE("what if: what comes after the other charter has decided is refused there by the law") {
    decided    h;
    const auto c = only(under(h, needing("1")));
    CHECK(c.refused_count == 0);  // ballots may be cast in the last call, too
    parts t;
    t.exits = R"({"when": "approve >= 1", "to": "accepted"})";
    const auto at_once = only(under(h, load(t.text())));
    CHECK(at_once.refused_count == 2);
    CHECK(at_once.refused[0].by == "ben");
    CHECK(at_once.refused[0].why.by == refused_by::law);
}

TEST_CASE("what if: a charter without the process says so, unless another name is given for it") {
    decided    h;
    const auto text = [](const std::string& name) {
        return R"j({"title": "other", "processes": {")j" + name + R"j(": {"electorate": {"of": "team(core)"}, "positions": {"approve": {}},
                   "stages": {"open": {"phase": "review", "allow": {"cast": "electorate"}, "exits": [{"when": "approve >= 2", "to": "end"}]},
                              "end": {"phase": "final_comment", "allow": {"cast": "electorate"}, "exits": [{"after": "10 days", "to": "accepted"}]}}}}})j";
    };
    const auto r = under(h, load(text("q")));
    CHECK(r.problems == 1);
    CHECK(has(only(r).problem, "no process \"p\""));
    CHECK(only(r).otherwise.stays.empty());
    CHECK(only(r).recorded.stays.size() == 3);

    // Stages of other names are the same place when they are of the same phase.
    const auto mapped = only(under(h, load(text("q")), {.processes = {{"p", "q"}}}));
    CHECK(mapped.other_process == "q");
    CHECK_FALSE(mapped.differs());
    CHECK(mapped.otherwise.stays[1].stage == "end");

    CHECK(has(what_if(*h.kept, load(text("q")), {.processes = {{"x", "q"}}}).error().what(), "nothing in the journal"));
    CHECK(has(what_if(*h.kept, load(text("q")), {.processes = {{"p", "r"}}}).error().what(), "no process \"r\""));
}

TEST_CASE("what if: rules read the roster of then, also when it changes in between; a live electorate goes otherwise than a frozen one") {
    const std::string live = R"j({"of": "team(core)"})j";
    house      h(needing("2/3 of eligible"));
    const auto id = h.open();
    CHECK(h.say(id, day(1), "ann: cast approve") == "");
    CHECK(h.say(id, day(2), "ben: cast approve") == "");
    CHECK(h.say(id, day(3), "cem: cast approve") == "");
    CHECK(h.runs.change_roster(roster_change(day(5), roster_event_kind::leave, "eve", "core")).has_value());
    CHECK(h.stage(id) == "talk");
    CHECK(h.say(id, day(8), "dan: cast approve") == "");
    CHECK(h.stage(id) == "last call");
    CHECK(under(h, h.rules).differing == 0);
    const auto c = only(under(h, needing("2/3 of eligible", "", live)));
    REQUIRE(c.parts.has_value());
    CHECK(c.parts->at == day(5));
    CHECK(c.otherwise.stays[1].cause == "the roster");
    CHECK(c.parts->people == names{"dan", "eve"});  // the frozen one still waited for eve, too
    CHECK(c.parts->until == day(8));
}

TEST_CASE("what if: a charter that goes round in a circle is a problem of that proposal, not a crash") {
    decided h;
    parts   t;
    t.exits = R"({"when": "approve >= 2", "to": "back"})";
    t.stages = R"(, "back": {"phase": "review", "exits": [{"when": "approve >= 1", "to": "talk"}, {"after": "1 days", "to": "lapsed"}]})";
    const auto r = under(h, load(t.text()));
    CHECK(r.problems == 1);
    CHECK(has(only(r).problem, "circle"));
}

TEST_CASE("what if: what is no journal of an engine, or too much of one, is an error") {
    decided                   h;
    std::vector<stored_event> record;
    CHECK(h.kept->read({}, 0, [&](const stored_event& s) { record.push_back(s); return true; }).has_value());
    REQUIRE(record[0].stream == "charter");
    auto without = record;
    without.erase(without.begin());
    CHECK(what_if(without, h.rules).error().code == errc::damaged);
    auto nobody = record;
    nobody.erase(nobody.begin() + 1);
    CHECK(has(what_if(nobody, h.rules).error().what(), "no roster"));
    auto gap = record;
    gap.erase(gap.begin() + 4);
    CHECK(has(what_if(gap, h.rules).error().what(), "an event is missing"));
    CHECK(what_if(std::span<const stored_event>(), h.rules).value().all.empty());
    const std::vector<stored_event> many(most_replayed_events + 1, {.stream = "x", .what = {.kind = event_kind::document}});
    CHECK(what_if(many, h.rules).error().code == errc::limit);
}

// ---- families -----------------------------------------------------------------------------------------------------------
namespace {

/// An rfc, appeals against it, confirmations by those who approved it, and a vote of seats; with clocks of every kind.
charter families(const std::string& appeal_needs = "2", const std::string& appeal_days = "4 days") {
    return load_charter(R"j({ "title": "families", "processes": {
      "rfc": { "electorate": { "of": "team(core)" }, "positions": { "reject": {}, "approve": {} },
        "concerns": { "when raiser leaves": "lapses" },
        "children": { "appeal": { "accepted": "override", "rejected": "withdraw" }, "confirmation": { "lapsed": "cancel" } },
        "stages": {
          "talk": { "phase": "review",
            "allow": { "cast, withdraw ballot, hold, release": "electorate", "raise": "team(core) or team(docs)", "resolve": "raiser",
                       "withdraw": "author", "cancel": "leads(core)" },
            "clock": { "runs while": "holds == 0" },
            "exits": [ { "on": "withdraw", "to": "withdrawn" }, { "when": "approve >= 2 and concerns == 0", "to": "last" },
                       { "when": "approve >= 1 and reject == 0", "held": "3 days", "to": "last", "if": "concerns == 0" },
                       { "after": "9 days", "end": "open", "to": "lapsed" } ] },
          "last": { "phase": "final_comment", "allow": { "cast, withdraw ballot": "electorate", "raise": "team(docs)", "withdraw": "author" },
            "exits": [ { "on": "withdraw", "to": "withdrawn" }, { "when": "concerns > 0", "to": "talk", "ballots": "clear" },
                       { "after": "3 days", "to": "accepted" } ] } } },
      "appeal": { "electorate": { "of": "team(docs)", "taken": "at open" }, "positions": { "approve": {}, "reject": {} },
        "children": { "appeal": { "accepted": "withdraw" } },
        "stages": { "vote": { "phase": "approval", "allow": { "cast": "electorate", "withdraw": "author" },
          "exits": [ { "when": "approve >= )j" + appeal_needs + R"j(", "to": "accepted" }, { "when": "reject >= 2", "to": "rejected" },
                     { "on": "withdraw", "to": "withdrawn" }, { "after": ")j" + appeal_days + R"j(", "to": "rejected" } ] } } },
      "confirmation": { "electorate": { "of": "voters(approve) of parent", "taken": "at open" }, "positions": { "approve": {}, "reject": {} },
        "stages": { "vote": { "phase": "approval", "allow": { "cast": "electorate" },
          "exits": [ { "when": "approve >= 1 and approve of parent >= 1", "to": "accepted" }, { "after": "2 days", "to": "lapsed" } ] } } },
      "council": { "electorate": { "of": "seats(council)", "by": "seat" }, "positions": { "approve": {}, "reject": {} },
        "stages": { "vote": { "phase": "approval", "allow": { "cast, withdraw ballot, recuse": "seats(council)" },
          "exits": [ { "when": "approve >= 2", "to": "accepted" }, { "after": "12 days", "to": "rejected" } ] } } }
    } })j", "families.json").value();
}

using deeds = std::vector<std::tuple<int, int, int, int>>;  // what, who, about which, after how many sixths of a day

/// A host that is not always in time: it lets time pass now and then only, opens, asks, changes the roster, and starts anew.
void live(house& h, const deeds& all) {
    static const names who{"ann", "ben", "cem", "dan", "eve", "fay", "gus", "hal", "guest"};
    static const names said{"cast approve", "cast approve", "cast approve", "cast approve", "cast reject", "raise x", "raise y", "resolve x", "withdraw ballot",
                            "hold", "release", "withdraw", "cancel", "recuse"};
    static const names processes{"rfc", "rfc", "appeal", "appeal", "confirmation", "council"};
    names   ids{h.open()};
    instant now = day(0);
    for (const auto& [what, by, about, later] : all) {
        now += later * std::chrono::hours{4};
        const auto& person = who[static_cast<std::size_t>(by) % who.size()];
        const auto& id = ids[static_cast<std::size_t>(about) % ids.size()];
        if (what < 28) {
            (void)h.say(id, now, person + ": " + said[static_cast<std::size_t>(what) % said.size()]);
            if (by == 8) (void)h.say(id, now, ": link elsewhere as accepted");
        } else if (what < 34) {
            const auto& process = processes[static_cast<std::size_t>(what - 28)];
            const bool  child = process == "appeal" || process == "confirmation" || about % 3 == 0;
            auto        made = h.runs.open({.process = process, .by = person, .parent = child ? id : "", .about = by % 2 == 0 ? "x" : "y", .at = now});
            if (made) ids.push_back(made.value());
        } else if (what < 37) {
            h.runs.advance(now);
        } else if (what < 39) {
            const auto kind = by % 2 == 0 ? roster_event_kind::leave : roster_event_kind::join;
            (void)h.runs.change_roster(roster_change(now, kind, person, about % 2 == 0 ? "core" : "docs"));
        } else {
            h.runs = h.again();
        }
    }
}

}  // namespace

TEST_CASE("what if: histories of an engine at random, of families, seats and changing rosters, give no difference under their own charter") {
    std::size_t moves = 0, links = 0, finished = 0;
    CHECK(rc::check([&] {
        house h(families());
        live(h, *rc::gen::resize(150, rc::gen::container<deeds>(rc::gen::tuple(
                    rc::gen::inRange(0, 40), rc::gen::weightedElement<int>({{3, 0}, {3, 1}, {2, 2}, {1, 3}, {1, 4}, {3, 5}, {3, 6}, {1, 7}, {1, 8}}),
                    rc::gen::inRange(0, 6), rc::gen::weightedElement<int>({{6, 0}, {4, 1}, {3, 6}, {1, 20}})))));
        const auto r = what_if(*h.kept, h.rules).value();
        if (r.differing > 0) RC_FAIL(to_string(r));
        for (const auto& c : r.all) {
            moves += c.recorded.stays.size() - 1;
            finished += is_open(c.recorded.stays.back().in) ? 0U : 1U;
            for (const auto& s : c.recorded.stays) links += has(s.cause, "the outcome of") ? 1U : 0U;
        }
        // Any other charter gives a report, and the recorded side is what the engine says.
        const auto other = what_if(*h.kept, families("1", "1 days")).value();
        for (const auto& c : other.all) RC_ASSERT((c.problem.empty() && !c.recorded.stays.empty()));
        h.runs.advance(r.until);
        for (const auto& c : r.all) RC_ASSERT(c.recorded.stays.back().stage == h.stage(c.id));
    }));
    CHECK(moves > 200);
    CHECK(links > 5);
    CHECK(finished > 50);
    MESSAGE(moves << " moves, " << links << " of them by links, " << finished << " finished");
}

TEST_CASE("what if: a child decides otherwise, and what it does to its parent follows at that instant") {
    house      h(families());
    const auto rfc = h.open();
    CHECK(h.say(rfc, day(1), "gus: raise x") == "");
    CHECK(h.say(rfc, day(2), "ben: cast approve") == "");
    CHECK(h.say(rfc, day(2), "cem: cast approve") == "");
    const auto appeal = h.open({.process = "appeal", .by = "ben", .parent = rfc, .about = "x", .at = day(2)});
    CHECK(h.say(appeal, day(3), "fay: cast approve") == "");
    CHECK(h.say(appeal, day(5), "ann: cast approve") == "");  // overrides the concern
    CHECK(h.stage(rfc) == "last");
    const auto r = under(h, families("1"));
    REQUIRE(r.all.size() == 2);
    CHECK(r.all[1].parts->at == day(3));
    CHECK(r.all[0].parts->at == day(3));
    CHECK(r.all[0].parts->goes == turn::earlier);
    CHECK(r.all[0].otherwise.stays[1].cause == "the outcome of " + appeal);
    CHECK(r.all[0].parts->waiting == "");

    // By time, too, at the instant it is due, though nothing is asked of the child then.
    const auto slow = under(h, families("3", "1 days"), {.until = day(9)});
    CHECK(slow.all[1].otherwise.stays.back().since == day(3));
    CHECK(slow.all[0].otherwise.stays.back().stage == "withdrawn");
    CHECK(slow.all[0].otherwise.stays.back().since == day(3));
}

TEST_CASE("what if: a child whose parent can't be replayed can't be either") {
    house      h(families());
    const auto rfc = h.open();
    (void)h.open({.process = "appeal", .by = "ben", .parent = rfc, .about = "x", .at = day(2)});
    const auto r = under(h, load_charter(R"j({"title": "t", "processes": {"appeal": {"electorate": {"of": "team(docs)"}, "positions": {"approve": {}},
        "stages": {"vote": {"phase": "approval", "allow": {"cast": "electorate"}, "exits": [{"when": "approve >= 1", "to": "accepted"}]}}}}})j", "t").value());
    CHECK(r.problems == 2);
    CHECK(has(r.all[1].problem, "its parent, rfc-1"));
}

TEST_CASE("what if: an alternate's ballot is asked for again as it was, and the roster that an engine was started anew with counts from there") {
    house      h(families());
    const auto id = h.open({.process = "council"});
    CHECK(h.say(id, day(1), "hal: cast approve") == "");
    CHECK(under(h, h.rules).differing == 0);
    auto other = load_roster(to_json(people())).value();
    CHECK(other.apply(roster_change(day(2), roster_event_kind::leave, "eve", "core")).has_value());
    h.runs = engine(h.rules, other, h.lent());
    const auto rfc = h.open({.process = "rfc", .at = day(3)});
    CHECK(h.say(id, day(4), "fay: cast approve") == "");
    CHECK(h.say(rfc, day(4), "ben: cast approve") == "");
    const auto r = under(h, h.rules);
    CHECK(r.differing == 0);
    CHECK(r.all[0].recorded.stays.back().stage == "accepted");
    CHECK(has(r.all[1].otherwise.stands, "ann, cem, dan"));
    CHECK_FALSE(has(r.all[1].otherwise.stands, "eve"));
}
