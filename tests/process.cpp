// What a process can say beyond who casts what: acts about one thing, clocks of facts, voices of organisations, what is shown to
// whom, and proposals under proposals.
#include <doctest/doctest.h>

#include <quorate/engine.hpp>

#include "support.hpp"

using namespace support;

namespace {

constexpr const char* everyone_records = R"j("cast": "electorate", "ask": "everyone", "answer": "leads(core)")j";

/// A motion, motions to amend it, and one more level: only the last one opened is in order.
const std::string motions = R"j({
  "title": "motions",
  "processes": {
    "main": {
      "electorate": { "of": "team(core)" }, "positions": { "aye": {}, "no": {} },
      "stages": { "debate": { "phase": "approval",
        "allow": { "cast": { "who": "electorate", "if": "children == 0" } },
        "exits": [ { "when": "aye >= 3 and children == 0", "to": "accepted" }, { "on": "link amendment", "to": "amended", "if": "children == 0" } ] },
        "amended": { "phase": "approval", "allow": { "cast": { "who": "electorate", "if": "children == 0" } },
        "exits": [ { "when": "aye >= 3", "to": "accepted" } ] } } },
    "amendment": {
      "electorate": { "of": "team(core)" }, "positions": { "aye": {}, "no": {} },
      "open": { "who": "team(core)", "under": ["main", "amendment"], "if": "children of parent == 0" },
      "stages": { "debate": { "phase": "approval",
        "allow": { "cast": { "who": "electorate", "if": "children == 0" } },
        "exits": [ { "when": "aye >= 2", "to": "accepted" }, { "when": "no >= 2", "to": "rejected" } ] } } }
  }
})j";

engine meeting() { return engine{load(motions), people()}; }

}  // namespace

TEST_CASE("process: an exit can wait for one fact, one position or one disposition, and not for others") {
    parts t;
    t.more = R"("facts": ["built", "published"], "dispositions": ["merge", "close"],)";
    t.allow = R"j("cast approve": "team(core)", "cast reject": "leads(core)", "propose close": "leads(core)", "propose merge": "team(core)",
                  "fact published": "team(docs)")j";
    t.exits = R"({"on": "fact published", "to": "accepted"}, {"on": "propose close", "to": "rejected"})";
    matter m(t);
    CHECK(m.say(day(1), ": fact built = true") == "");
    CHECK(m.stage() == "talk");
    CHECK(m.say(day(1), "ben: propose merge") == "");
    CHECK(m.stage() == "talk");
    CHECK(has(m.say(day(1), "ben: propose close"), "it takes someone of: leads(core)"));
    CHECK(has(m.say(day(1), "ben: cast reject"), "it takes someone of: leads(core)"));
    CHECK(m.say(day(1), "ben: cast approve") == "");
    CHECK(has(m.say(day(1), "ben: cast abstain"), "this process has no such act"));
    CHECK(has(m.say(day(2), "ben: fact published = true"), "team(docs)"));
    CHECK(m.say(day(2), "gus: fact published = true") == "");
    CHECK(m.stage() == "accepted");
    CHECK(m.replays());
}

TEST_CASE("process: a position that nobody may choose now is not possible") {
    parts t;
    t.allow = R"j("cast approve": "electorate")j";
    t.exits = R"j({"when": "not possible(reject >= 1)", "to": "accepted"})j";
    CHECK(matter(t).stage() == "accepted");
    t.allow = R"j("cast": "electorate")j";
    CHECK(matter(t).stage() == "talk");
}

TEST_CASE("process: acts about things that the process doesn't know are refused with the charter") {
    for (const auto* allow : {R"("cast perhaps": "everyone")", R"("fact unheard": "everyone")", R"("propose maybe": "everyone")",
                              R"("raise alarm": "everyone")", R"("revise big": "everyone")"}) {
        parts t;
        t.more = R"("facts": ["built"],)";
        t.allow = allow;
        const auto c = load_charter(t.text(), "test.json");
        REQUIRE_FALSE(c.has_value());
        CHECK(has(c.error().what(), "can be about here"));
    }
}

TEST_CASE("process: a clock can run from the last report of a fact, in rules and in exits") {
    parts t;
    t.more = R"("facts": ["progress"],)";
    t.exits = R"({"after": "14 days", "since": "progress", "to": "overdue"})";
    t.stages = R"(, "overdue": {"phase": "review", "effects": ["escalate"],
                  "exits": [{"on": "fact progress", "to": "talk"}, {"when": "since(progress) >= 30 days", "to": "lapsed"}]})";
    matter m(t);
    CHECK(m.pass(day(100)) == "talk");  // nothing is due before the first report
    CHECK(m.say(day(100), ": fact progress = true") == "");
    CHECK(m.say(day(110), ": fact progress = true") == "");
    CHECK(m.pass(day(124) - tick) == "talk");
    CHECK(m.pass(day(124)) == "overdue");
    CHECK(m.effects.back().second.kind == "escalate");
    CHECK(m.say(day(125), ": fact progress = true") == "");
    CHECK(m.stage() == "talk");
    CHECK(m.why(day(126)).exits[0].says == "14 days after the last report of \"progress\"");
    CHECK(m.pass(day(155) - tick) == "overdue");
    CHECK(m.pass(day(155)) == "lapsed");
    CHECK(m.replays());
}

TEST_CASE("process: people of one organisation have one voice, whoever of them casts") {
    parts t;
    t.electorate = R"j({"of": "team(core)", "by": "organisation"})j";
    t.exits = R"({"when": "approve > 1/2 of eligible", "to": "accepted"})";
    matter m(t);  // ann and ben are Acme; cem is Beta; dan and eve belong to none
    CHECK(m.electorate() == names{"ann", "cem", "dan", "eve"});
    CHECK(m.why(day(1)).electorate == names{"ann (Acme)", "cem (Beta)", "dan (dan)", "eve (eve)"});
    CHECK(m.say(day(1), "ben: cast approve") == "");
    CHECK(m.ballot_of("ann") == "approve");  // Acme's
    CHECK(m.say(day(1), "ann: cast reject") == "");
    CHECK(m.ballot_of("ann") == "reject");
    CHECK(has(m.say(day(1), "fay: cast approve"), "fay may not cast"));  // of Beta, but not of the team
    CHECK(m.change(roster_change(day(2), roster_event_kind::leave, "ann", "core")) == "");
    CHECK(m.electorate() == names{"ben", "cem", "dan", "eve"});
    CHECK(m.ballot_of("ben") == "reject");  // the voice stays Acme's
    CHECK(m.say(day(3), "ben: cast approve") == "");
    CHECK(m.say(day(3), "dan: cast approve") == "");
    CHECK(m.stage() == "talk");
    CHECK(m.say(day(3), "cem: cast approve") == "");
    CHECK(m.stage() == "accepted");
    CHECK(m.replays());
}

TEST_CASE("process: an electorate made of itself is refused") {
    parts t;
    t.electorate = R"({"of": "electorate or author"})";
    CHECK(has(load_charter(t.text()).error().what(), "can't be made of itself"));
}

TEST_CASE("process: a change can clear some ballots and keep others") {
    parts t;
    t.more = R"("revisions": {"rework": {"ballots": ["reject"]}, "typo": {}},)";
    t.allow += R"(, "revise": "everyone")";
    t.exits = R"({"on": "revise typo", "to": "again", "ballots": ["approve", "abstain"]})";
    t.stages = R"(, "again": {"phase": "review", "exits": [{"after": "90 days", "to": "lapsed"}]})";
    matter m(t);
    for (const auto* who : {"ann: cast approve", "ben: cast reject", "cem: cast abstain"}) CHECK(m.say(day(1), who) == "");
    CHECK(m.say(day(2), "ann: revise v2 as rework") == "");
    CHECK(m.ballot_of("ann") == "-");
    CHECK(m.ballot_of("ben") == "reject");
    CHECK(m.say(day(3), "ann: cast approve") == "");
    CHECK(m.say(day(3), "ann: revise v3 as typo") == "");
    CHECK(m.stage() == "again");
    CHECK(m.ballot_of("ann") == "approve");
    CHECK(m.ballot_of("ben") == "-");
    CHECK(m.replays());
}

TEST_CASE("process: ballots may be shown to some only, for good") {
    parts t;
    t.more = R"j("ballots": {"shown": "never", "shown to": "leads(core)"},)j";
    t.exits = R"({"when": "cast >= 2", "to": "accepted"})";
    matter m(t);
    CHECK(m.say(day(1), "ben: cast approve") == "");
    CHECK(m.why(day(1), viewer::as("cem")).ballots.empty());
    CHECK(m.why(day(1), viewer::as("ann")).ballots[0].second == names{"ben"});
    CHECK(m.say(day(1), "cem: cast reject") == "");
    CHECK(m.stage() == "accepted");
    CHECK(m.why(day(2), viewer::anyone()).ballots.empty());
    CHECK(m.why(day(2), viewer::host()).ballots[0].second == names{"ben"});
}

TEST_CASE("process: what ballots say may be hidden until their stage is left") {
    parts t;
    t.exits = R"j({"when": "cast >= 1", "to": "hidden"})j";
    t.stages = R"j(, "hidden": {"phase": "review", "ballots": {"shown": "at close", "shown to": "leads(core)"}, "allow": {"cast": "electorate"},
                     "exits": [{"when": "cast >= 4", "to": "shown"}, {"after": "5 days", "if": "approve >= 3", "to": "accepted"},
                               {"after": "5 days", "to": "rejected"}]},
                   "shown": {"phase": "review", "exits": [{"after": "9 days", "to": "lapsed"}]})j";
    matter m(t);
    CHECK(m.why(day(1), viewer::anyone()).ballots.size() == 3);
    CHECK(m.say(day(1), "ben: cast approve") == "");
    CHECK(m.stage() == "hidden");
    CHECK(m.say(day(1), "cem: cast approve") == "");
    const auto seen = m.why(day(1), viewer::anyone());
    CHECK(seen.ballots.empty());
    CHECK(seen.exits[1].conditions[0].why == "hidden until it leaves this stage");
    CHECK(m.why(day(1), viewer::as("ann")).ballots[0].second == names{"ben", "cem"});
    CHECK(m.say(day(1), "dan: cast approve") == "");
    CHECK(m.say(day(1), "eve: cast approve") == "");
    CHECK(m.stage() == "shown");
    CHECK(m.why(day(1), viewer::anyone()).ballots[0].second == names{"ben", "cem", "dan", "eve"});
    CHECK(m.replays());
}

TEST_CASE("process: one stage may show ballots at once where the others hide them until the decision is over") {
    parts t;
    t.more = R"j("ballots": {"shown": "at close"},)j";
    t.stage = R"j("ballots": {"shown": "at once"}, )j";
    t.exits = R"j({"when": "approve >= 2", "to": "on"})j";
    t.stages = R"j(, "on": {"phase": "review", "allow": {"cast": "electorate"}, "exits": [{"when": "cast >= 3", "to": "accepted"}]})j";
    matter m(t);
    CHECK(m.say(day(1), "ben: cast approve") == "");
    CHECK(m.why(day(1), viewer::anyone()).ballots[0].second == names{"ben"});
    CHECK(m.say(day(1), "cem: cast approve") == "");
    CHECK(m.stage() == "on");
    CHECK(m.why(day(1), viewer::anyone()).ballots.empty());
    CHECK(m.say(day(1), "dan: cast approve") == "");
    CHECK(m.why(day(1), viewer::anyone()).ballots[0].second == names{"ben", "cem", "dan"});
}

TEST_CASE("process: what was cast in a stage of secret ballots stays secret, whatever stage it is in") {
    parts t;
    t.stage = R"j("ballots": {"shown": "never"}, )j";
    t.exits = R"j({"when": "cast >= 1", "to": "open"})j";
    t.stages = R"j(, "open": {"phase": "review", "allow": {"cast, withdraw ballot": "electorate"}, "exits": [{"when": "approve >= 3", "to": "accepted"}]})j";
    engine     runs{load(t.text()), people(), memory_journal()};
    const auto id = runs.open({.process = "p", .by = "ann", .at = day(0)}).value();
    const auto say = [&](std::string_view text) { CHECK_FALSE(runs.submit(id, line(day(1), text)).refused()); };
    const auto told = [&](const viewer& v) {
        std::string all;
        const auto  past = runs.history(id, v).value();
        for (const auto& e : past)
            if (e.kind == event_kind::acted) all += e.by + ' ' + e.subject + ';';
        return all;
    };
    say("ben: cast reject");
    CHECK(runs.get(id)->now().name == "open");
    say("cem: cast approve");
    CHECK(runs.explain(id, day(1), viewer::anyone()).value().ballots.empty());
    CHECK(runs.explain(id, day(1)).value().ballots.size() == 3);
    CHECK(told(viewer::anyone()) == "ben ;cem approve;");
    CHECK(told(viewer::as("ben")) == "ben reject;cem approve;");
    say("ben: cast approve");  // in the open now
    CHECK(runs.explain(id, day(1), viewer::anyone()).value().ballots[0].second == names{"ben", "cem"});
    CHECK(told(viewer::anyone()) == "ben ;cem approve;ben approve;");
}

TEST_CASE("process: a stage may be seen by fewer or more people than the process") {
    parts t;
    t.more = R"j("visible": "team(core)",)j";
    t.allow += R"(, "propose": "everyone")";
    t.exits = R"({"on": "propose", "to": "public"})";
    t.stages = R"(, "public": {"phase": "review", "visible": "everyone", "exits": [{"after": "90 days", "to": "lapsed"}]})";
    matter m(t);
    CHECK_FALSE(may_see(m.p, viewer::anyone(), m.around()));
    CHECK_FALSE(may_see(m.p, viewer::as("gus"), m.around()));
    CHECK(may_see(m.p, viewer::as("ben"), m.around()));
    CHECK(m.say(day(1), "ann: propose") == "");
    CHECK(may_see(m.p, viewer::anyone(), m.around()));
}

TEST_CASE("process: an exit can lead back to where the proposal came from, through stages between") {
    parts t;
    t.allow = R"j("cast": "electorate", "propose, hold": "author")j";
    t.exits = R"({"on": "propose", "to": "meeting"}, {"on": "hold", "to": "asleep"}, {"after": "900 days", "to": "lapsed"})";
    t.stages = R"j(, "later": {"phase": "review", "allow": {"propose, hold": "author"}, "exits": [{"on": "propose", "to": "meeting"}, {"on": "hold", "to": "asleep"}]},
      "asleep": {"phase": "review", "allow": {"release, hold": "author"}, "exits": [{"on": "release", "to": "stage before", "ballots": "clear"}]},
      "meeting": {"phase": "approval", "allow": {"adopt, cancel, hold, extend": "author"}, "exits": [
        {"on": "adopt", "to": "later"}, {"on": "cancel", "to": "stage before"}, {"on": "hold", "to": "asleep"}, {"on": "extend", "to": "waiting"}]},
      "waiting": {"phase": "approval", "allow": {"cancel": "author"}, "exits": [{"on": "cancel", "to": "stage before"}, {"after": "5 days", "to": "stage before meeting"}]})j";
    matter     m(t);
    const auto go = [&](int n, std::string_view what) {
        CHECK(m.say(day(n), "ann: " + std::string(what)) == "");
        return m.stage();
    };
    CHECK(go(1, "propose") == "meeting");
    CHECK(m.why(day(1)).exits[1].to == "talk");
    CHECK(go(2, "hold") == "asleep");
    CHECK(go(3, "release") == "meeting");
    CHECK(go(4, "cancel") == "talk");  // its way back to the meeting was none into it
    CHECK(go(5, "propose") == "meeting");
    CHECK(go(6, "adopt") == "later");
    CHECK(go(7, "hold") == "asleep");
    CHECK(go(8, "release") == "later");
    CHECK(go(9, "propose") == "meeting");
    CHECK(go(10, "cancel") == "later");
    CHECK(m.replays());
}

TEST_CASE("process: time too leads back, to before a stage further up the way") {
    parts t;
    t.allow = R"j("propose": "author")j";
    t.exits = R"({"on": "propose", "to": "meeting"})";
    t.stages = R"j(, "meeting": {"phase": "review", "allow": {"adopt": "author"}, "exits": [{"on": "adopt", "to": "waiting"}, {"after": "90 days", "to": "lapsed"}]},
      "waiting": {"phase": "review", "allow": {"adopt": "author"}, "exits": [{"on": "adopt", "to": "stage before"}, {"after": "5 days", "to": "stage before meeting"}]})j";
    matter m(t);
    CHECK(m.say(day(1), "ann: propose") == "");
    CHECK(m.say(day(1), "ann: adopt") == "");
    CHECK(m.say(day(2), "ann: adopt") == "");
    CHECK(m.stage() == "meeting");
    CHECK(m.say(day(3), "ann: adopt") == "");
    CHECK(m.why(day(4)).next_stage == "talk");
    CHECK(m.pass(day(8)) == "talk");
    CHECK(m.replays());
}

TEST_CASE("process: an exit that leads back is not there where the proposal came from nowhere") {
    parts t;
    t.allow = R"j("propose, cancel, hold": "author")j";
    t.exits = R"({"on": "cancel", "to": "stage before"}, {"on": "propose", "to": "later"})";
    t.stages = R"j(, "later": {"phase": "review", "allow": {"cancel": "author"}, "exits": [{"on": "cancel", "to": "talk"}, {"after": "9 days", "to": "lapsed"}]})j";
    matter m(t);
    CHECK(m.why(day(1)).exits.size() == 1);
    CHECK(m.say(day(1), "ann: cancel") == "");
    CHECK(m.stage() == "talk");
    CHECK(m.say(day(1), "ann: propose") == "");
    CHECK(m.say(day(1), "ann: cancel") == "");
    CHECK(m.say(day(2), "ann: cancel") == "");
    CHECK(m.stage() == "later");
}

TEST_CASE("process: a way back that no way leads to is refused with the charter, and so is one that the law forbids") {
    const auto refused = [](std::string_view exits, std::string_view stages = "") {
        parts t;
        t.in = "draft";
        t.allow = R"j("cancel, propose, withdraw": "author")j";
        t.exits = R"({"on": "withdraw", "to": "withdrawn"}, )" + std::string(exits);
        t.stages = std::string(stages);
        return load_charter(t.text(), "test.json").error().what();
    };
    CHECK(has(refused(R"({"on": "cancel", "to": "stage before"})"), "no other stage leads into \"talk\""));
    CHECK(has(refused(R"({"on": "cancel", "to": "stage before talkk"})"), "\"talkk\" is no stage of this process"));
    CHECK(has(refused(R"({"on": "cancel", "to": "stage before talkk"})"), "did you mean \"talk\"?"));
    CHECK(has(refused(R"({"on": "propose", "to": "vote"})",
                      R"j(, "vote": {"phase": "review", "allow": {"adopt": "author"}, "exits": [{"on": "adopt", "to": "done"}]},
                            "done": {"phase": "accepted", "allow": {"appeal": "author"}, "exits": [{"on": "appeal", "to": "stage before vote"}]})j"),
              "the law lets nothing go from accepted (stage \"done\") to draft (stage \"talk\")"));
}

TEST_CASE("process: those who took part are whoever did something, once each") {
    parts t;
    t.allow = everyone_records;
    t.exits = R"({"when": "cast in participants >= 1 and questions == 0", "to": "accepted"})";
    matter m(t);
    CHECK(m.say(day(1), "gus: ask why") == "");
    CHECK(m.say(day(1), "gus: ask how") == "");
    CHECK(m.say(day(1), "eve: cast approve") == "");
    CHECK(m.p.participants.size() == 2);
    CHECK(has(m.say(day(1), "gus: cast approve"), "gus may not cast"));  // a refused act is no part taken
    CHECK(m.say(day(2), "ann: answer why because so") == "");
    CHECK(m.say(day(2), "ann: answer how as deferred because later") == "");
    CHECK(m.stage() == "accepted");
    CHECK(m.p.participants.size() == 3);
    CHECK(m.replays());
}

TEST_CASE("process: what is opened under a proposal is known to it, and may suspend it") {
    auto       e = meeting();
    const auto main = e.open({.process = "main", .by = "ann", .at = day(0)}).value();
    CHECK(e.submit(main, line(day(1), "ann: cast aye")).accepted());
    const auto first = e.open({.process = "amendment", .by = "ben", .parent = main, .at = day(1)}).value();
    CHECK(has(to_string(e.submit(main, line(day(1), "ben: cast aye")).refusal()), "children == 0"));
    CHECK(has(e.open({.process = "amendment", .by = "cem", .parent = main, .at = day(2)}).error().what(), "open if: children of parent == 0"));
    const auto second = e.open({.process = "amendment", .by = "cem", .parent = first, .at = day(2)}).value();
    CHECK(has(to_string(e.submit(first, line(day(2), "ben: cast aye")).refusal()), "children == 0"));
    CHECK(e.submit(second, line(day(3), "ann: cast no")).accepted());
    CHECK(e.submit(second, line(day(3), "dan: cast no")).accepted());
    CHECK(e.get(second)->in() == phase::rejected);
    CHECK(e.submit(first, line(day(4), "ben: cast aye")).accepted());
    CHECK(e.get(main)->now().name == "debate");
    CHECK(e.submit(first, line(day(4), "ann: cast aye")).accepted());
    CHECK(e.get(main)->now().name == "amended");
    CHECK(e.submit(main, line(day(5), "ben: cast aye")).accepted());
    CHECK(e.get(main)->open_children() == 0);
}

TEST_CASE("process: what must be opened under another is refused elsewhere, and the charter must know the other") {
    auto       e = meeting();
    const auto alone = e.open({.process = "amendment", .by = "ann", .at = day(0)});
    REQUIRE_FALSE(alone.has_value());
    CHECK(has(alone.error().what(), "is opened under another proposal [rule: under: \"main\", \"amendment\"]"));
    auto text = motions;
    text.replace(text.find("\"main\", \"amendment\""), 6, "\"mian\"");
    CHECK(has(load_charter(text).error().what(), "\"mian\" is no process of this charter"));
}

TEST_CASE("process: people are appointed to an office of one proposal, and replaced") {
    parts t;
    t.electorate = R"j({"of": "office(judge)"})j";
    t.more = R"("offices": ["judge", "clerk"],)";
    t.allow = R"j("appoint judge": "leads(core)", "cast approve": "office(judge)", "appoint clerk": "office(judge)", "cast reject": "everyone")j";
    t.exits = R"j({"when": "approve in office(judge) >= 2", "to": "accepted"}, {"on": "appoint clerk", "to": "rejected"})j";
    matter m(t);
    CHECK(m.electorate().empty());
    CHECK(has(m.say(day(1), "ben: appoint judge in ben"), "it takes someone of: leads(core)"));
    CHECK(has(m.say(day(1), "ann: appoint king in ben"), "this process has no such act"));
    CHECK(has(m.say(day(1), "ann: appoint judge in nobody"), "nobody is known as \"nobody\""));
    CHECK(m.say(day(1), "ann: appoint judge in ben, dan") == "");
    CHECK(m.electorate() == names{"ben", "dan"});
    CHECK(m.say(day(1), "ben: cast approve") == "");
    CHECK(m.say(day(2), "ann: appoint judge in dan, eve") == "");
    CHECK(m.electorate() == names{"dan", "eve"});
    CHECK(has(m.say(day(2), "ben: cast approve"), "office(judge)"));
    CHECK(m.say(day(2), "dan: cast approve") == "");
    CHECK(m.stage() == "talk");
    CHECK(m.replays());
    CHECK(m.say(day(3), "eve: appoint clerk") == "");  // nobody holds it, and it was still said
    CHECK(m.stage() == "rejected");
    CHECK(m.replays());
    auto text = t.text();
    text.replace(text.find("office(judge)"), 13, "office(jugde)");
    const auto broken = load_charter(text);
    REQUIRE_FALSE(broken.has_value());
    CHECK(has(broken.error().what(), "expected a declared office, found \"jugde\""));
}

TEST_CASE("process: proposals under one are counted by their process, and an exit can wait for one outcome") {
    const std::string text = R"j({
      "title": "questions",
      "processes": {
        "main": {
          "electorate": { "of": "team(core)" }, "positions": { "aye": {} },
          "stages": { "debate": { "phase": "review", "allow": { "cast": { "who": "electorate", "if": "children(objection) == 0" } },
            "exits": [ { "on": "link objection accepted", "to": "rejected" }, { "when": "aye >= 1", "to": "accepted" } ] } } },
        "objection": {
          "electorate": { "of": "team(core)" }, "positions": { "aye": {}, "no": {} },
          "stages": { "debate": { "phase": "review", "allow": { "cast": "electorate" },
            "exits": [ { "when": "aye >= 1", "to": "accepted" }, { "when": "no >= 1", "to": "rejected" } ] } } },
        "note": {
          "electorate": { "of": "team(core)" }, "positions": { "aye": {} }, "open": { "who": "everyone", "if": "children(note) of parent == 0" },
          "stages": { "debate": { "phase": "review", "allow": { "cast": "electorate" }, "exits": [ { "when": "aye >= 1", "to": "accepted" } ] } } }
      } })j";
    engine     e{load(text), people()};
    const auto main = e.open({.process = "main", .by = "ann", .at = day(0)}).value();
    const auto under = [&](const char* process) { return e.open({.process = process, .by = "ben", .parent = main, .at = day(1)}); };
    const auto note = under("note").value();
    CHECK_FALSE(under("note").has_value());
    const auto first = under("objection").value();
    const auto second = under("objection").value();
    CHECK(has(to_string(e.submit(main, line(day(1), "ann: cast aye")).refusal()), "children(objection) == 0"));
    CHECK(e.submit(first, line(day(2), "cem: cast no")).accepted());
    CHECK(e.get(first)->in() == phase::rejected);
    CHECK(e.get(main)->now().name == "debate");
    CHECK(e.submit(second, line(day(2), "cem: cast aye")).accepted());
    CHECK(e.get(main)->in() == phase::rejected);
    auto wrong = text;
    wrong.replace(wrong.find("children(objection)"), 19, "children(objektion)");
    const auto broken = load_charter(wrong);
    REQUIRE_FALSE(broken.has_value());
    CHECK(has(broken.error().what(), "\"objektion\" is no process of this charter"));
    CHECK(has(broken.error().what(), "objection"));
}

// ---- acts, offices and questions ------------------------------------------------------------------------------------------------

TEST_CASE("process: whoever steps aside is barred for good, whether they have a ballot yet or not") {
    parts t;
    t.electorate = R"j({"of": "team(core) except recused", "recused": "leave"})j";
    t.allow = R"j("recuse": "everyone", "recuse for another": "leads(core)", "adopt": "team(docs) except recused", "cast": "electorate")j";
    t.exits = R"j({"on": "withdraw", "to": "withdrawn"}, {"when": "approve > 1/2 of eligible", "to": "accepted"})j";
    t.allow += R"j(, "withdraw": "author")j";
    matter m(t);
    CHECK(m.say(day(1), "gus: recuse because I know them") == "");  // of docs: no ballot, but an office
    CHECK(has(m.say(day(1), "gus: recuse"), "recused already"));
    CHECK(has(m.say(day(1), "gus: adopt"), "gus may not adopt"));
    CHECK(m.say(day(1), "fay: adopt") == "");
    CHECK(m.electorate() == names{"ann", "ben", "cem", "dan", "eve"});
    CHECK(m.say(day(2), "eve: recuse") == "");
    CHECK(m.electorate() == names{"ann", "ben", "cem", "dan"});
    CHECK(m.change(roster_change(day(3), roster_event_kind::join, "gus", "core")) == "");
    CHECK(m.electorate() == names{"ann", "ben", "cem", "dan"});
    CHECK(m.replays());
}

TEST_CASE("process: an electorate that is made anew remembers who is recused") {
    parts t;
    t.electorate = R"j({"of": "team(core)", "taken": "on propose"})j";
    t.allow = R"j("recuse": "everyone", "propose, cancel": "team(core)", "cast": "electorate")j";
    t.exits = R"j({"on": "cancel", "to": "withdrawn"}, {"when": "approve >= 5", "to": "accepted"})j";
    matter m(t);
    CHECK(m.say(day(1), "eve: recuse") == "");
    CHECK(m.say(day(2), "ann: propose") == "");
    CHECK(m.ballot_of("eve") == "recused");
    CHECK(has(m.say(day(2), "eve: cast approve"), "eve is recused"));
    CHECK(m.replays());
}

TEST_CASE("process: whoever adopts a proposal is its proposer") {
    parts t;
    t.allow = R"j("adopt": "team(docs)", "cancel": "proposer")j";
    t.exits = R"j({"on": "cancel", "to": "withdrawn"})j";
    matter m(t);
    CHECK(has(m.say(day(1), "gus: cancel"), "gus may not cancel"));
    CHECK(m.say(day(1), "gus: adopt") == "");
    CHECK(m.say(day(2), "gus: cancel") == "");
    CHECK(m.stage() == "withdrawn");
}

TEST_CASE("process: a question is put off only with a reason; explanations name those that wait, and who may go on") {
    parts t;
    t.more = R"("facts": ["effort"],)";
    t.allow = R"j("ask": "everyone", "answer": "leads(core)", "fact effort": "team(docs)", "withdraw": "author")j";
    t.exits = R"j({"on": "fact effort", "to": "done"}, {"on": "withdraw", "to": "withdrawn"})j";
    t.stages = R"j(, "done": {"phase": "review", "allow": {"answer": "leads(core)"}, "exits": [{"when": "questions == 0 and fact(effort) > 5", "to": "accepted"}]})j";
    matter m(t);
    CHECK(m.say(day(1), "gus: ask why") == "");
    CHECK(m.say(day(1), "fay: ask how") == "");
    CHECK(m.why(day(1)).questions == names{"why (asked by gus)", "how (asked by fay)"});
    CHECK(m.why(day(1)).summary == "waiting for someone of team(docs) to report \"effort\"");
    CHECK(m.say(day(2), ": fact effort = 5") == "");
    CHECK(m.why(day(2)).facts == names{"effort = 5 (reported " + date_string(day(2)) + ")"});
    CHECK(m.why(day(2)).summary == "waiting for an answer to why (asked by gus), how (asked by fay) and fact(effort) > 5");
    const auto answer = [&](std::string name, std::string how, std::string text) {
        return m.take(command{.what = act::answer, .by = "ann", .subject = std::move(name), .detail = std::move(how), .text = std::move(text), .at = day(3)});
    };
    CHECK(has(answer("why", "deferred", ""), "deferring a question needs a reason"));
    CHECK(answer("why", "deferred", "next year") == "");
    CHECK(answer("how", "answered", "") == "");
    CHECK(m.why(day(3)).questions.empty());
    CHECK(m.why(day(3)).summary == "waiting for fact(effort) > 5");
}

TEST_CASE("process: an explanation tells whose ballot counts nowhere, who must take theirs back, and what is needed once time has passed") {
    parts t;
    t.electorate = R"j({"of": "team(core) or team(docs)"})j";
    t.exits = R"j({"when": "approve in team(core) >= 2 and reject in team(core) == 0 and open_for >= 3 days", "to": "accepted"})j";
    matter m(t);
    CHECK(m.why(day(0)).summary == "waiting for 2 of ann, ben, cem, dan, eve choosing approve; not before 2026-03-04");
    CHECK(m.say(day(1), "fay: cast approve") == "");
    CHECK(m.why(day(1)).findings == names{"\"approve\" of fay is advisory: rules count it in team(core) only"});
    CHECK(m.say(day(1), "gus: cast reject") == "");
    CHECK(m.say(day(1), "ben: cast reject") == "");
    CHECK(m.say(day(1), "ann: cast approve") == "");
    CHECK(m.say(day(1), "cem: cast approve") == "");
    const auto stuck = m.why(day(9));
    CHECK(stuck.summary == "waiting for reject in team(core) == 0 (ben)");
    CHECK(stuck.findings.size() == 2);
    CHECK(m.say(day(9), "ben: withdraw ballot") == "");
    CHECK(m.stage() == "accepted");
}

TEST_CASE("process: a summary names the act that leads on, who may do it, and who holds the office") {
    parts t;
    t.more = R"("offices": ["judge"],)";
    t.allow = R"j("appoint judge": "leads(core)", "adopt": "office(judge)", "raise": "everyone", "resolve": "raiser", "withdraw": "author")j";
    t.exits = R"j({"on": "withdraw", "to": "withdrawn"}, {"on": "adopt", "to": "accepted"})j";
    matter m(t);
    CHECK(m.why(day(0)).summary == "waiting for someone of office(judge) (nobody as things stand) to adopt");
    CHECK(m.say(day(1), "ann: appoint judge in ben") == "");
    CHECK(m.why(day(1)).summary == "waiting for someone of office(judge) (ben) to adopt");
    CHECK(m.say(day(1), "gus: raise haste") == "");
    CHECK(m.why(day(1)).summary == "waiting for someone of office(judge) (ben) to adopt; and concern haste (raised by gus)");
}
