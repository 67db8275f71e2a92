// One proposal by itself: who may do what, who counts, what ballots are.
#include <doctest/doctest.h>

#include "support.hpp"

using namespace support;

namespace {

/// A review that two approvals accept.
parts two_approve() {
    parts t;
    t.exits = R"({"when": "approve >= 2", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})";
    return t;
}

}  // namespace

TEST_CASE("proposal: people may do what the stage allows them, and are told what it takes otherwise") {
    matter m(two_approve());
    CHECK(m.say(day(1), "ben: cast approve") == "");
    CHECK(m.ballot_of("ben") == "approve");
    const auto no = m.say(day(1), "fay: cast approve");
    CHECK(m.last.by == refused_by::permission);
    CHECK(has(no, "fay may not cast in stage \"talk\""));
    CHECK(has(no, "it takes someone of: electorate"));
    const auto nobody = m.say(day(1), "ben: hold");
    CHECK(m.last.by == refused_by::permission);
    CHECK(has(nobody, "nobody may in this stage"));
    CHECK(m.events.size() == 3);  // opened, electorate, one ballot
    CHECK(m.say(day(1), "cem: cast approve") == "");
    CHECK(m.stage() == "accepted");
    CHECK(m.p.outcome() == phase::accepted);
    CHECK(m.replays());
}

TEST_CASE("proposal: a command by nobody is not a command by the first person of the roster") {
    matter m(two_approve());
    CHECK(has(m.say(day(1), ": cast approve"), "the actor is missing"));
    CHECK(m.last.by == refused_by::input);
    CHECK(m.ballot_of("ann") == "-");
    CHECK(has(m.say(day(1), ": cast approve for ben"), "the actor is missing"));
    CHECK(m.ballot_of("ben") == "-");
    CHECK(m.say(day(1), ": fact tests = true") == "");  // the host may record
    CHECK(m.p.facts.size() == 1);
}

TEST_CASE("proposal: a permission may go to several sets, each under its own condition") {
    auto t = two_approve();
    t.more = R"("dispositions": ["merge", "close"],)";
    t.allow = R"j("propose": [ { "who": "everyone", "if": "disposition == close" }, "leads(core)" ])j";
    t.exits = R"({"on": "propose", "to": "accepted"})";
    CHECK(has(matter(t).say(day(1), "gus: propose merge"), "gus may not propose"));
    CHECK(matter(t).say(day(1), "gus: propose close") == "");
    CHECK(matter(t).say(day(1), "ann: propose merge") == "");
}

TEST_CASE("proposal: what a rule gave is taken back by \"unless\" whatever the rule reads then: unmet, not known or skipped") {
    const auto gate = [](const std::string& rule, const std::string& back) {
        parts t;
        t.more = R"("kind": "gate", "facts": ["tested", "urgent"],)";
        t.exits = R"({"when": ")" + rule + R"(", "to": "given"})";
        t.stages = R"j(, "given": {"phase": "review", "allow": {"cast, withdraw ballot": "electorate"}, "exits": [{)j" + back + R"(, "to": "talk"}]})";
        return matter(t);
    };
    const std::string unknown = "approve >= 1 or fact(tested)", skipped = "if fact(urgent) then approve >= 1";
    for (const auto& rule : {unknown, skipped, std::string("approve >= 1")}) {
        CAPTURE(rule);
        auto m = gate(rule, R"("unless": ")" + rule + '"');
        m.say(day(1), ": fact urgent = true");
        CHECK(m.stage() == "talk");
        m.say(day(1), "ben: cast approve");
        CHECK(m.stage() == "given");
        m.say(day(2), rule == skipped ? ": fact urgent = false" : "ben: withdraw ballot");
        CHECK(m.stage() == "talk");
        CHECK(m.replays());
    }
    for (const auto& rule : {unknown, skipped}) {  // "not" is another question: whether the opposite holds
        CAPTURE(rule);
        auto m = gate(rule, "\"when\": \"not (" + rule + ")\"");
        m.say(day(1), ": fact urgent = true");
        m.say(day(1), "ben: cast approve");
        CHECK(m.stage() == "given");
        m.say(day(2), rule == skipped ? ": fact urgent = false" : "ben: withdraw ballot");
        CHECK(m.stage() == "given");
    }
}

TEST_CASE("proposal: ballots on behalf need their own permission, and say who acted") {
    auto t = two_approve();
    t.allow = R"("cast": "electorate", "cast for another": "leads(core) and not on_behalf")";
    matter m(t);
    CHECK(has(m.say(day(1), "ben: cast approve for cem"), "ben may not cast on behalf of cem"));
    CHECK(m.say(day(1), "ann: cast approve for cem because on leave") == "");
    CHECK(m.ballot_of("cem") == "approve");
    CHECK(m.ballot_of("ann") == "-");
    const auto& v = m.p.voters[2];
    CHECK(m.who.id(v.who) == "cem");
    CHECK(m.who.id(v.cast_by) == "ann");
    const auto& e = m.events.back();
    CHECK(e.by == "ann");
    CHECK(e.on_behalf_of == "cem");
    CHECK(has(m.say(day(1), "ann: cast approve for fay"), "fay is not among those who decide here"));
    CHECK(has(m.say(day(1), "ann: cast approve for zoe"), "nobody is known as \"zoe\""));
    CHECK(m.say(day(1), "cem: cast reject") == "");  // and cem may still say otherwise
    CHECK(m.ballot_of("cem") == "reject");
    CHECK(m.replays());
}

TEST_CASE("proposal: whom nobody knows is a guest, and may do what everyone may") {
    auto t = two_approve();
    t.allow = R"("ask": "everyone", "answer": "author", "cast": "electorate")";
    matter m(t);
    CHECK(m.say(day(1), "stranger: ask why") == "");
    CHECK(has(m.say(day(1), "other: ask why"), "is open already"));
    CHECK(has(m.say(day(1), "other: answer why"), "may not answer"));
    CHECK(m.say(day(1), "ann: answer why as deferred because later") == "");
    CHECK_FALSE(m.p.questions[0].open);
    CHECK(m.p.questions[0].deferred);
    CHECK(has(m.say(day(1), "stranger: cast approve"), "may not cast"));
    CHECK(has(m.say(day(1), "no such name: ask x"), "nobody is known as"));
    CHECK(m.replays());
}

TEST_CASE("proposal: a frozen electorate keeps those who left and doesn't count those who joined") {
    auto t = two_approve();
    t.electorate = R"j({"of": "team(core)", "taken": "at open"})j";
    matter m(t);
    CHECK(m.say(day(1), "ben: cast approve") == "");
    CHECK(m.change(roster_change(day(2), roster_event_kind::leave, "ben", "core")) == "");
    CHECK(m.change(roster_change(day(2), roster_event_kind::join, "gus", "core")) == "");
    CHECK(m.electorate() == names{"ann", "ben", "cem", "dan", "eve"});
    CHECK(m.ballot_of("ben") == "approve");
    CHECK(has(m.say(day(3), "gus: cast approve"), "gus may not cast"));
    CHECK(m.say(day(3), "ben: cast reject") == "");  // the electorate may, and ben is of it
    CHECK(m.replays());
}

TEST_CASE("proposal: a live electorate follows the roster; leavers take their ballots along") {
    matter m(two_approve());
    CHECK(m.say(day(1), "ben: cast approve") == "");
    CHECK(m.say(day(1), "dan: cast reject") == "");
    CHECK(m.change(roster_change(day(2), roster_event_kind::leave, "ben", "core")) == "");
    CHECK(m.ballot_of("ben") == "none");
    CHECK(m.ballot_of("dan") == "reject");
    const auto events = m.events.size();
    CHECK(m.change(roster_change(day(2), roster_event_kind::join, "hal", "docs")) == "");
    CHECK(m.events.size() == events);  // nothing that concerns it
    CHECK(m.change(roster_change(day(3), roster_event_kind::join, "gus", "core")) == "");
    CHECK(m.ballot_of("gus") == "-");
    CHECK(m.change(roster_change(day(3), roster_event_kind::join, "ben", "core")) == "");
    CHECK(m.ballot_of("ben") == "-");  // back, but the ballot is gone
    CHECK(m.say(day(4), "gus: cast approve") == "");
    CHECK(m.say(day(4), "ben: cast approve") == "");
    CHECK(m.stage() == "accepted");
    CHECK(m.replays());
}

TEST_CASE("proposal: leaving can decide, at that instant") {
    auto t = two_approve();
    t.exits = R"({"when": "approve > 1/2 of eligible", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})";
    matter m(t);
    for (const auto* who : {"ann: cast approve", "ben: cast approve"}) CHECK(m.say(day(1), who) == "");
    CHECK(m.change(roster_change(day(2), roster_event_kind::leave, "dan", "core")) == "");
    CHECK(m.stage() == "talk");
    CHECK(m.change(roster_change(day(3), roster_event_kind::leave, "eve", "core")) == "");
    CHECK(m.stage() == "accepted");
    CHECK(m.p.entered == day(3));
    CHECK(m.replays());
}

TEST_CASE("proposal: renamed people keep their ballots and act under the new handle") {
    matter m(two_approve());
    CHECK(m.say(day(1), "ben: cast approve") == "");
    CHECK(m.change(roster_change(day(2), roster_event_kind::change_handle, "ben", "", "benny")) == "");
    CHECK(m.say(day(3), "benny: cast reject") == "");
    CHECK(m.ballot_of("ben") == "reject");
    CHECK(m.events.back().by == "ben");  // events hold ids
    CHECK(m.why(day(3)).ballots[1].second == names{"benny"});
    CHECK(m.replays());
}

TEST_CASE("proposal: an electorate taken on an act starts afresh each time") {
    auto t = two_approve();
    t.more = R"("dispositions": ["merge"],)";
    t.electorate = R"({"of": "teams of proposal", "taken": "on propose"})";
    t.allow = R"("propose": "teams of proposal", "cast": "electorate", "cancel": "teams of proposal")";
    t.exits = R"({"when": "approve >= 2", "to": "accepted"}, {"on": "cancel", "to": "draft"})";
    t.stages = R"(, "draft": {"phase": "draft", "allow": {"propose": "teams of proposal"}, "exits": [{"on": "propose", "to": "talk"}]})";
    matter m(load(t.text()), people(), {.teams = {"docs"}});
    CHECK(m.electorate().empty());
    CHECK(has(m.say(day(1), "fay: cast approve"), "not cast"));
    CHECK(m.say(day(1), "fay: propose merge") == "");
    CHECK(m.electorate() == names{"ann", "fay", "gus"});
    CHECK(m.say(day(1), "fay: cast approve") == "");
    CHECK(m.change(roster_change(day(2), roster_event_kind::join, "hal", "docs")) == "");
    CHECK(m.electorate().size() == 3);
    CHECK(has(m.say(day(3), "ben: propose merge"), "ben may not propose"));
    CHECK(has(m.say(day(3), "ben: propose merge in cor"), "there is no team \"cor\""));
    CHECK(m.say(day(3), "ben: propose merge in T-core") == "");  // for the team it names
    CHECK(m.electorate() == names{"ann", "ben", "cem", "dan", "eve"});
    CHECK(m.ballot_of("ann") == "-");
    CHECK(has(m.say(day(3), "fay: cancel"), "fay may not cancel"));
    CHECK(m.say(day(3), "ben: cancel") == "");
    CHECK(m.stage() == "draft");
    CHECK(m.electorate().empty());  // the round is off: nobody is waited for
    CHECK_FALSE(m.p.disposition.has_value());
    CHECK(m.replays());
}

TEST_CASE("proposal: a live electorate of the proposal's teams follows what propose names") {
    auto t = two_approve();
    t.more = R"("dispositions": ["merge"],)";
    t.electorate = R"({"of": "teams of proposal"})";
    t.allow = R"("propose": "everyone", "cast": "electorate")";
    matter m(load(t.text()), people(), {.teams = {"docs"}});
    CHECK(m.electorate() == names{"ann", "fay", "gus"});
    CHECK(m.say(day(1), "ann: cast reject") == "");
    CHECK(m.say(day(2), "ben: propose merge in core") == "");
    CHECK(m.electorate() == names{"ann", "ben", "cem", "dan", "eve"});
    CHECK(m.ballot_of("ann") == "reject");
    CHECK(m.replays());
}

TEST_CASE("proposal: an empty electorate never decides anything by itself") {
    auto t = two_approve();
    t.electorate = R"j({"of": "team(empty)"})j";
    t.exits = R"({"when": "approve >= eligible and outstanding == 0 and eligible > 0", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})";
    matter m(t);
    CHECK(m.electorate().empty());
    CHECK(m.why(day(1)).findings == names{"the electorate is empty: nobody can decide this"});
    CHECK(m.pass(day(40)) == "lapsed");
}

TEST_CASE("proposal: seats vote; an alternate speaks for the seat, a vacant one has no vote") {
    auto t = two_approve();
    t.electorate = R"j({"of": "seats(board)", "by": "seat", "taken": "live"})j";  // an alias of council
    matter m(t);
    CHECK(m.electorate() == names{"ben", "fay"});
    CHECK(m.p.seats == names{"core", "docs"});
    CHECK(m.say(day(1), "hal: cast approve") == "");
    CHECK(m.ballot_of("ben") == "approve");
    CHECK(m.events.back().by == "hal");
    CHECK(m.events.back().on_behalf_of == "ben");
    CHECK(m.say(day(1), "ben: cast reject") == "");
    CHECK(m.ballot_of("ben") == "reject");
    CHECK(has(m.say(day(1), "ann: cast approve"), "ann may not cast"));
    CHECK(m.why(day(1)).electorate == names{"ben (core)", "fay (docs)"});
    auto fill = roster_change(day(2), roster_event_kind::fill_seat, "gus", "council");
    fill.seat = "infra";
    CHECK(m.change(fill) == "");
    CHECK(m.electorate() == names{"ben", "fay", "gus"});
    CHECK(m.ballot_of("ben") == "reject");
    CHECK(m.say(day(3), "gus: cast approve") == "");
    CHECK(m.say(day(3), "fay: cast approve") == "");
    CHECK(m.stage() == "accepted");
    CHECK(m.replays());
}

TEST_CASE("proposal: whoever holds two seats votes for both") {
    auto t = two_approve();
    t.electorate = R"j({"of": "seats(council)", "by": "seat"})j";
    matter m(t);
    auto   fill = roster_change(day(1), roster_event_kind::fill_seat, "fay", "council");
    fill.seat = "infra";
    CHECK(m.change(fill) == "");
    CHECK(m.electorate() == names{"ben", "fay", "fay"});
    CHECK(m.say(day(2), "fay: cast approve") == "");
    CHECK(m.stage() == "accepted");
    CHECK(m.replays());
}

TEST_CASE("proposal: who recuses is a person: an alternate may stand in for the seat, and whoever rejoins has it back") {
    auto t = two_approve();
    t.electorate = R"j({"of": "seats(council)", "by": "seat"})j";
    t.allow = R"("cast, withdraw ballot, recuse": "electorate", "rejoin": "recused")";
    t.exits = R"({"when": "approve >= eligible", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})";
    matter m(t);
    CHECK(has(m.say(day(1), "ben: rejoin"), "ben may not rejoin"));
    CHECK(m.say(day(1), "ben: recuse") == "");
    CHECK(m.p.voters[0].recused);
    CHECK(has(m.why(day(1)).summary, "can't pass: approve >= eligible (is 0, needs 2)"));
    CHECK(has(m.why(day(1)).summary, "alternates could still step in: hal (core)"));
    CHECK(m.say(day(1), "hal: cast approve") == "");
    CHECK_FALSE(m.p.voters[0].recused);
    CHECK(has(m.say(day(1), "ben: cast reject"), "recused"));
    CHECK(m.say(day(2), "hal: withdraw ballot") == "");
    CHECK(m.p.voters[0].recused);
    CHECK(m.say(day(2), "hal: recuse") == "");
    CHECK(has(m.say(day(2), "hal: cast approve"), "recused"));
    CHECK(m.why(day(2)).findings == names{"can't pass: approve >= eligible (is 0, needs 2), whatever ballots still come"});
    CHECK(m.say(day(3), "ben: rejoin") == "");
    CHECK(has(m.say(day(3), "hal: cast approve"), "recused"));
    CHECK(m.say(day(3), "ben: cast approve") == "");
    CHECK(m.say(day(3), "fay: cast approve") == "");
    CHECK(m.stage() == "accepted");
    CHECK(m.replays());
}

TEST_CASE("proposal: a recused member still counts as eligible, unless the charter says otherwise") {
    auto t = two_approve();
    t.allow = R"("cast, recuse": "electorate")";
    t.exits = R"({"when": "approve >= eligible - 1", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})";
    for (const bool leave : {false, true}) {
        CAPTURE(leave);
        t.electorate = leave ? R"j({"of": "team(core)", "recused": "leave"})j" : R"j({"of": "team(core)", "recused": "stay"})j";
        matter m(t);
        CHECK(m.say(day(1), "eve: recuse because my employer") == "");
        CHECK(m.ballot_of("eve") == "recused");
        CHECK(has(m.say(day(1), "eve: cast approve"), "eve is recused and has no ballot"));
        CHECK(has(m.say(day(1), "eve: recuse"), "recused already"));
        for (const auto* who : {"ann: cast approve", "ben: cast approve", "cem: cast approve"}) CHECK(m.say(day(1), who) == "");
        CHECK(m.stage() == (leave ? "accepted" : "talk"));
        CHECK(m.replays());
    }
}

TEST_CASE("proposal: recusing takes a ballot back, and the recused aren't waited for") {
    auto t = two_approve();
    t.allow = R"("cast, recuse": "electorate")";
    matter m(t);
    CHECK(m.say(day(1), "eve: cast approve") == "");
    CHECK(m.say(day(2), "eve: recuse") == "");
    CHECK(m.why(day(2)).outstanding == names{"ann", "ben", "cem", "dan"});
    CHECK(m.say(day(3), "ann: cast approve") == "");
    CHECK(m.stage() == "talk");
    CHECK(has(m.say(day(3), "fay: recuse"), "fay may not recuse"));
}

TEST_CASE("proposal: ballots can be changed and taken back, unless they are final") {
    auto t = two_approve();
    matter free(t);
    CHECK(has(free.say(day(1), "ben: withdraw ballot"), "ben has no ballot to take back"));
    CHECK(free.say(day(1), "ben: cast approve") == "");
    CHECK(has(free.say(day(1), "ben: cast approve"), "ben has chosen \"approve\" already"));
    CHECK(free.say(day(1), "ben: cast reject") == "");
    CHECK(free.say(day(1), "ben: withdraw ballot") == "");
    CHECK(free.ballot_of("ben") == "-");
    t.more = R"("ballots": {"revisable": false},)";
    matter final(t);
    CHECK(final.say(day(1), "ben: cast approve") == "");
    CHECK(has(final.say(day(1), "ben: cast reject"), "ballots can't be changed"));
    CHECK(final.last.by == refused_by::rule);
    CHECK(final.say(day(1), "ben: withdraw ballot") == "");  // as far as the charter allows this act
}

TEST_CASE("proposal: positions can need a reason, be shown only, or count for less") {
    auto t = two_approve();
    t.positions = R"({"approve": {}, "object": {"reason": "required"}, "abstain": {"base": false}, "present": {"cast": false},
                      "comment": {"binding": false}})";
    t.exits = R"({"when": "approve > 1/2 of eligible and cast >= 2", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})";
    matter m(t);
    CHECK(has(m.say(day(1), "ben: cast object"), "needs a reason"));
    CHECK(m.say(day(1), "ben: cast object because it breaks the build") == "");
    CHECK(has(m.say(day(1), "ben: cast aprove"), "is no position here; one of: approve, object, abstain, present, comment"));
    CHECK(m.last.by == refused_by::input);
    // A position that doesn't bind is recorded and shown, and leaves its owner outstanding.
    CHECK(m.say(day(1), "ann: cast comment") == "");
    const auto e = m.why(day(1));
    CHECK(e.ballots[4].second == names{"ann"});
    CHECK(std::find(e.outstanding.begin(), e.outstanding.end(), "ann") != e.outstanding.end());
    CHECK(m.say(day(2), "ann: cast approve") == "");
    CHECK(m.say(day(2), "cem: cast present") == "");  // neither cast ...
    CHECK(m.say(day(2), "dan: cast approve") == "");  // 2 of 5
    CHECK(m.stage() == "talk");
    CHECK(m.say(day(2), "eve: cast abstain") == "");  // ... 2 of 4, still not more than half
    CHECK(m.stage() == "talk");
    CHECK(m.say(day(2), "cem: cast abstain") == "");  // 2 of 3
    CHECK(m.stage() == "accepted");
    CHECK(m.replays());
}

TEST_CASE("proposal: the charter may cast ballots on the way into a stage") {
    auto t = two_approve();
    t.in = "draft";
    t.more = R"("dispositions": ["merge"],)";
    t.allow = R"j("propose": "team(core)")j";
    t.exits = R"({"on": "propose", "to": "vote", "cast": {"approve": "proposer", "abstain": "leads(core) and not proposer"}})";
    t.stages = R"(, "vote": {"phase": "review", "allow": {"cast": "electorate"}, "exits": [{"when": "approve >= 2", "to": "accepted"}]})";
    matter m(t);
    CHECK(m.say(day(1), "ben: propose merge") == "");
    CHECK(m.stage() == "vote");
    CHECK(m.ballot_of("ben") == "approve");
    CHECK(m.ballot_of("ann") == "abstain");
    CHECK(m.say(day(1), "cem: cast approve") == "");
    CHECK(m.stage() == "accepted");
    CHECK(m.replays());
}

TEST_CASE("proposal: propose names a disposition, if there are any") {
    auto t = two_approve();
    t.more = R"("dispositions": ["merge", "close"],)";
    t.allow = R"("propose": "everyone")";
    matter m(t);
    CHECK(has(m.say(day(1), "ann: propose"), "propose needs a disposition"));
    CHECK(has(m.say(day(1), "ann: propose marge"), "is no disposition of this process; one of: merge, close"));
    CHECK(m.say(day(1), "ann: propose close") == "");
    CHECK(m.why(day(1)).disposition == "close");
    CHECK(has(m.say(day(1), "ann: cast"), "cast: the position is missing"));
    CHECK(has(m.say(day(1), "ann: hold it"), "hold takes no subject"));
}

TEST_CASE("proposal: the law refuses before the charter is asked") {
    auto t = two_approve();
    t.stages = R"j(, "accepted": {"phase": "accepted", "allow": {"reconsider": "team(core)", "enact": "author"},
                    "exits": [{"on": "reconsider", "to": "talk", "ballots": "clear"}, {"on": "enact", "to": "enacted"}]})j";
    matter m(t);
    for (const auto* who : {"ann: cast approve", "ben: cast approve"}) CHECK(m.say(day(1), who) == "");
    const auto no = m.say(day(2), "cem: cast reject");
    CHECK(m.last.by == refused_by::law);
    CHECK(has(no, "nobody can cast here"));
    CHECK_FALSE(m.last.which.empty());
    CHECK_FALSE(m.last.needed.empty());
    CHECK(has(m.say(day(2), "fay: reconsider"), "fay may not reconsider"));
    CHECK(m.say(day(2), "cem: reconsider") == "");
    CHECK(m.stage() == "talk");
    CHECK(m.ballot_of("ann") == "-");
    for (const auto* who : {"ann: cast approve", "ben: cast approve"}) CHECK(m.say(day(3), who) == "");
    CHECK(m.say(day(3), "ann: enact") == "");
    CHECK(m.p.outcome() == phase::enacted);
    CHECK(m.say(day(4), "ann: cast approve").find("[law: ") != std::string::npos);
    CHECK(m.replays());
}

TEST_CASE("proposal: revisions are of a kind, and a kind may clear ballots or lead back") {
    auto t = two_approve();
    t.in = "final_comment";
    t.more = R"("revisions": {"editorial": {"editorial": true}, "substantial": {"ballots": "clear"}, "other": {}},)";
    t.allow = R"("cast": "electorate", "revise": "author")";
    t.exits = R"({"on": "revise", "if": "revision_kind == substantial", "to": "again"}, {"when": "approve >= 3", "to": "accepted"})";
    t.stages = R"(, "again": {"phase": "review", "allow": {"revise": "author"}, "exits": [{"after": "1 days", "to": "talk"}]})";
    matter m(t);
    CHECK(m.say(day(1), "ben: cast approve") == "");
    CHECK(has(m.say(day(1), "ann: revise v2"), "is no kind of revision here; one of: editorial, substantial, other"));
    CHECK(m.say(day(1), "ann: revise v2 as editorial") == "");
    CHECK(m.ballot_of("ben") == "approve");
    m.say(day(1), "ann: revise v2 as other");
    CHECK(m.last.by == refused_by::law);  // frozen, and nothing leads back
    CHECK(m.say(day(1), "ann: revise v3 as substantial") == "");
    CHECK(m.stage() == "again");
    CHECK(m.ballot_of("ben") == "-");
    CHECK(m.p.revisions == 2);
    CHECK(m.replays());
}

TEST_CASE("proposal: a command dated before the last event is refused, one at the same instant is not") {
    matter m(two_approve());
    CHECK(m.say(day(2), "ben: cast approve") == "");
    CHECK(has(m.say(day(1), "ann: cast approve"), "before the last event"));
    CHECK(m.last.by == refused_by::input);
    CHECK(m.say(day(2), "ann: cast reject") == "");
    CHECK(has(m.say(at("9999-12-31T23:59:59Z") + duration(std::chrono::days{2}), "cem: cast approve"), "out of range"));
}

TEST_CASE("proposal: what is too long or too many is refused") {
    auto t = two_approve();
    t.allow = R"("raise, ask": "everyone", "cast": "electorate")";
    matter m(t);
    CHECK(has(m.say(day(1), "ben: raise " + std::string(longest_subject + 1, 'x')), "longer than 256 bytes"));
    CHECK(has(m.say(day(1), "ben: cast approve because " + std::string(longest_free_text + 1, 'x')), "longer than 16384 bytes"));
    for (std::size_t i = 0; i < most_questions; ++i) CHECK(m.say(day(1), "ben: ask q" + std::to_string(i)) == "");
    CHECK(has(m.say(day(1), "ben: ask one more"), "too many questions"));
    for (std::size_t i = 0; i < most_concerns; ++i) CHECK(m.say(day(1), "ben: raise c" + std::to_string(i)) == "");
    CHECK(has(m.say(day(1), "ben: raise one more"), "too many concerns"));
    for (std::size_t i = 0; i < most_facts; ++i) CHECK(m.say(day(1), ": fact f" + std::to_string(i) + " = true") == "");
    CHECK(has(m.say(day(1), ": fact more = true"), "too many facts"));
    CHECK(m.say(day(1), ": fact f0 = false") == "");  // known ones may change
}

TEST_CASE("proposal: facts are declared or free, true or an amount, and rules follow them") {
    auto t = two_approve();
    t.more = R"("facts": ["tests_pass", "implementations"],)";
    t.exits = R"({"when": "fact(tests_pass) and fact(implementations) >= 2", "to": "accepted"}, {"after": "9 days", "to": "lapsed"})";
    matter m(t);
    CHECK(has(m.say(day(1), ": fact test_pass = true"), "did you mean \"tests_pass\"?"));
    CHECK(has(m.say(day(1), ": fact tests_pass"), "either true or false, or an amount"));
    CHECK(has(m.say(day(1), "ann: fact tests_pass = true"), "ann may not fact"));
    CHECK(m.say(day(1), ": fact tests_pass = true") == "");
    CHECK(m.stage() == "talk");  // the other is not known: not met
    CHECK(m.say(day(1), ": fact implementations = 1") == "");
    CHECK(m.say(day(1), ": fact implementations = 2") == "");
    CHECK(m.stage() == "accepted");
    CHECK(m.replays());
}

TEST_CASE("proposal: rules may go over the proposal's teams and over affiliations") {
    auto t = two_approve();
    t.electorate = R"({"of": "teams of proposal"})";
    t.exits = R"({"when": "each team: approve >= 2", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})";
    matter teams(load(t.text()), people(), {.teams = {"core", "docs"}});
    CHECK(teams.electorate() == names{"ann", "ben", "cem", "dan", "eve", "fay", "gus"});
    for (const auto* who : {"ben: cast approve", "cem: cast approve", "gus: cast approve"}) CHECK(teams.say(day(1), who) == "");
    CHECK(teams.stage() == "talk");
    CHECK(teams.say(day(1), "ann: cast approve") == "");  // of both
    CHECK(teams.stage() == "accepted");
    matter none(load(t.text()), people(), {});
    CHECK(none.pass(day(29)) == "talk");  // no teams: an error, never "all of none"

    t.electorate = R"j({"of": "team(core)"})j";
    t.exits = R"({"when": "approve by distinct(affiliation) >= 2 and approve in leads(core) >= 1", "to": "accepted"},
                 {"after": "30 days", "to": "lapsed"})";
    matter m(t);
    CHECK(m.say(day(1), "ann: cast approve") == "");
    CHECK(m.say(day(1), "ben: cast approve") == "");
    CHECK(m.stage() == "talk");  // both of Acme
    CHECK(m.say(day(1), "cem: cast approve") == "");
    CHECK(m.stage() == "accepted");
}

TEST_CASE("proposal: who may open one is the charter's to say") {
    auto t = two_approve();
    t.more = R"j("open": "team(core)",)j";
    const auto c = load(t.text());
    CHECK_NOTHROW(matter(c, people(), {.by = "ben"}));
    CHECK_THROWS_WITH(matter(c, people(), {.by = "gus"}), doctest::Contains("gus may not open a \"p\""));
    CHECK_THROWS_WITH(matter(c, people(), {.process = "q"}), doctest::Contains("there is no process \"q\""));
    CHECK_THROWS_WITH(matter(c, people(), {.by = "ben", .teams = {"cor"}}), doctest::Contains("there is no team \"cor\""));
    CHECK_THROWS_WITH(matter(c, people(), {.by = "no such name"}), doctest::Contains("nobody is known as \"no such name\""));
    CHECK_THROWS_WITH(matter(c, people(), {.by = "ben", .at = earliest_instant - tick}), doctest::Contains("the date is out of range"));
    CHECK_THROWS_WITH(matter(c, people(), {.by = "ben", .subject = std::string(longest_subject + 1, 's')}), doctest::Contains("too long"));
    CHECK_THROWS_WITH(matter(c, people(), {.by = "ben", .title = std::string(longest_free_text + 1, 's')}), doctest::Contains("too long"));
    CHECK_THROWS_WITH(matter(c, people(), {.by = "ben", .about = std::string(longest_subject + 1, 's')}), doctest::Contains("too long"));
    CHECK_THROWS_WITH(matter(c, people(), {.by = "ben", .teams = names(most_teams_of_proposal + 1, "core")}), doctest::Contains("too many teams"));
    CHECK_NOTHROW(matter(c, people(), {.by = "ben", .subject = std::string(longest_subject, 's'), .title = std::string(longest_free_text, 's'),
                                       .teams = names(most_teams_of_proposal, "core")}));
}

TEST_CASE("proposal: a team that the roster has lost lets no rule over each team hold, and leaves the past readable") {
    const auto rules = load_charter(R"json({"title": "t", "processes": {"p": {
        "electorate": {"of": "teams of proposal", "taken": "at open"}, "positions": {"yes": {}},
        "rules": {"all": "each team: yes >= 1"},
        "stages": {"open": {"phase": "review", "allow": {"cast": "electorate", "withdraw": "author"},
                            "exits": [{"when": "all", "to": "accepted"}, {"on": "withdraw", "to": "withdrawn"}]}}}}})json").value();
    const auto people = load_roster(R"json({"name": "r", "people": {"ann": {}}, "teams": {"lang": {"members": ["ann"]}}})json").value();
    event opened{.kind = event_kind::opened, .at = at("2026-01-01"), .by = "ann", .detail = "p", .names = {"lang", "libs"}};
    auto  p = begin("p-1", opened, rules, people).value();
    event who{.kind = event_kind::electorate, .at = at("2026-01-01"), .names = {"ann"}};
    REQUIRE(apply(p, who, people).has_value());
    step_output out;
    const auto  no = handle(p, cast{.by = "ann", .position = "yes", .at = at("2026-01-02")}, {people}, out);
    REQUIRE(no.has_value());
    CHECK_FALSE(no.value().has_value());
    CHECK(p.now().name == "open");  // lang alone is not each team
}

TEST_CASE("proposal: whom an event names and nobody knows is a guest: who acts, for whom, who counts, to whom they delegate") {
    auto        who = people();
    const auto  known = who.people();
    event       e{.kind = event_kind::electorate, .at = day(1), .by = "zoe", .on_behalf_of = "yan", .names = {"ann", "xia"}, .delegates = {"wim", ""}};
    introduce(who, e);
    CHECK(who.people() == known + 4);
    for (const auto* id : {"zoe", "yan", "xia", "wim"}) {
        REQUIRE(who.find_person(id).has_value());
        CHECK(who.is_guest(*who.find_person(id)));
    }
}

TEST_CASE("proposal: what is certain minds who may cast: the parent's electorate isn't this one's") {
    for (const auto* may : {"electorate", "electorate of parent"}) {
        CAPTURE(may);
        parts t;
        t.allow = R"("cast": ")" + std::string(may) + "\"";
        t.exits = R"j({"when": "open_for >= 1 day and not possible(approve >= 2)", "to": "rejected"}, {"after": "7 days", "to": "lapsed"})j";
        parts of_parent;
        of_parent.electorate = R"j({"of": "team(docs)"})j";
        of_parent.exits = R"({"after": "30 days", "to": "lapsed"})";
        const matter parent(of_parent);
        matter       m(t);
        m.parent = &parent.p;
        CHECK(m.pass(day(1)) == (std::string(may) == "electorate" ? "talk" : "rejected"));  // of core only ann is of docs, too
    }
}

TEST_CASE("proposal: whoever may only say what doesn't bind has nothing to bring to a rule") {
    for (const bool both : {false, true}) {
        parts t;
        t.positions = R"({"approve": {}, "note": {"binding": false}})";
        t.allow = R"("cast note": "electorate")" + std::string(both ? R"(, "cast approve": "electorate")" : "");
        t.exits = R"j({"when": "open_for >= 1 day and not possible(approve >= 1)", "to": "rejected"}, {"after": "7 days", "to": "lapsed"})j";
        matter m(t);
        CHECK(m.say(day(0), "ann: cast note") == "");
        CHECK(m.pass(day(1)) == (both ? "talk" : "rejected"));
    }
}
