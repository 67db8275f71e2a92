// One proposal and time: deadlines, clocks, conditions that must last, what happens at the very instant.
#include <doctest/doctest.h>

#include "support.hpp"

using namespace support;

namespace {

parts timed(std::string exits, std::string allow = R"("cast, withdraw ballot": "electorate")") {
    parts t;
    t.exits = std::move(exits);
    t.allow = std::move(allow);
    return t;
}

}  // namespace

TEST_CASE("time: a deadline is taken at its own instant, however late it is noticed") {
    matter m(timed(R"({"after": "10 days", "to": "lapsed"})"));
    CHECK(m.p.due == day(10));
    CHECK(m.pass(day(10) - tick) == "talk");
    CHECK(m.pass(day(25)) == "lapsed");
    const auto& e = m.events.back();
    CHECK(e.kind == event_kind::moved);
    CHECK(e.at == day(10));
    CHECK(e.noted == day(25));
    CHECK(e.why == cause::time);
    CHECK(m.p.entered == day(10));
    CHECK(m.replays());
}

TEST_CASE("time: a command that comes late finds the deadline taken, and that is noted when the command came") {
    matter m(timed(R"({"after": "10 days", "to": "lapsed"})"));
    CHECK(has(m.say(day(12), "ann: cast approve"), "[law: "));
    CHECK(m.stage() == "lapsed");
    CHECK(m.events.back().at == day(10));
    CHECK(m.events.back().noted == day(12));
}

TEST_CASE("time: at the very instant a closed end lets the act go first, an open one doesn't") {
    const std::string exits = R"({"when": "approve >= 1", "to": "accepted"}, {"after": "10 days", "to": "lapsed")";
    matter closed(timed(exits + "}"));
    CHECK(closed.say(day(10), "ann: cast approve") == "");
    CHECK(closed.stage() == "accepted");
    matter open(timed(exits + R"(, "end": "open"})"));
    CHECK(has(open.say(day(10), "ann: cast approve"), "[law: "));
    CHECK(open.stage() == "lapsed");
    CHECK(open.replays());
}

TEST_CASE("time: a refused command at the very instant of a deadline doesn't swallow the deadline") {
    matter m(timed(R"({"after": "10 days", "to": "lapsed"})"));
    CHECK(has(m.say(day(10), "fay: cast approve"), "may not cast"));
    CHECK(m.p.due == day(10));
    CHECK(m.pass(day(10)) == "lapsed");
    matter both(timed(R"({"after": "10 days", "end": "open", "if": "cast > 3", "to": "rejected"}, {"after": "10 days", "to": "lapsed"})"));
    CHECK(has(both.say(day(10), "fay: cast approve"), "may not cast"));
    CHECK(both.pass(day(11)) == "lapsed");
    CHECK(both.p.entered == day(10));
}

TEST_CASE("time: an accepted command at the very instant is followed by the deadline at that instant") {
    matter m(timed(R"({"after": "10 days", "if": "approve >= 1", "to": "accepted"}, {"after": "10 days", "to": "lapsed"})"));
    CHECK(m.say(day(10), "ann: cast approve") == "");
    CHECK(m.stage() == "accepted");
    CHECK(m.p.entered == day(10));
    CHECK(m.replays());
}

TEST_CASE("time: exits are ordered, and the first that holds is taken") {
    matter m(timed(R"({"after": "5 days", "if": "approve >= 1", "to": "accepted"}, {"after": "5 days", "if": "reject >= 1", "to": "rejected"},
                     {"after": "8 days", "to": "lapsed"})"));
    CHECK(m.say(day(1), "ann: cast reject") == "");
    CHECK(m.say(day(1), "ben: cast approve") == "");
    CHECK(m.pass(day(6)) == "accepted");
    matter later(timed(R"({"after": "5 days", "if": "approve >= 1", "to": "accepted"}, {"after": "8 days", "to": "lapsed"})"));
    CHECK(later.pass(day(6)) == "talk");
    CHECK(later.say(day(6), "ann: cast approve") == "");
    CHECK(later.stage() == "accepted");  // the span had passed: only the condition was missing
    CHECK(later.p.entered == day(6));
}

TEST_CASE("time: a rule over a clock comes to hold at the exact instant") {
    matter strict(timed(R"({"when": "open_for > 3 days and approve >= 1", "to": "accepted"}, {"after": "9 days", "to": "lapsed"})"));
    CHECK(strict.say(day(1), "ann: cast approve") == "");
    CHECK(strict.pass(day(3)) == "talk");
    CHECK(strict.pass(day(4)) == "accepted");
    CHECK(strict.p.entered == day(3) + tick);
    CHECK(strict.events.back().why == cause::time);
    matter weak(timed(R"({"when": "in_stage >= 3 days and approve >= 1", "to": "accepted"}, {"after": "9 days", "to": "lapsed"})"));
    CHECK(weak.say(day(1), "ann: cast approve") == "");
    CHECK(weak.pass(day(4)) == "accepted");
    CHECK(weak.p.entered == day(3));
    CHECK(weak.replays());
}

TEST_CASE("time: a condition must hold without a break, and a break starts it anew") {
    matter m(timed(R"({"when": "approve >= 2", "held": "3 days", "to": "accepted"}, {"after": "60 days", "to": "lapsed"})"));
    CHECK(m.say(day(1), "ann: cast approve") == "");
    CHECK(m.say(day(2), "ben: cast approve") == "");
    CHECK(m.events.back().kind == event_kind::condition);
    CHECK(m.p.due == day(5));
    CHECK(m.why(day(2)).exits[0].due == day(5));
    CHECK(m.say(day(5) - tick, "ben: withdraw ballot") == "");
    CHECK(m.p.due == day(60));
    CHECK(m.say(day(5) - tick, "cem: cast approve") == "");  // at that instant again, but it was broken
    CHECK(m.pass(day(8) - tick - tick) == "talk");
    CHECK(m.pass(day(30)) == "accepted");
    CHECK(m.p.entered == day(8) - tick);
    CHECK(m.replays());
}

TEST_CASE("time: a break at the very end of the period still breaks it") {
    matter m(timed(R"({"when": "approve >= 1", "held": "3 days", "to": "accepted"}, {"after": "60 days", "to": "lapsed"})"));
    CHECK(m.say(day(1), "ann: cast approve") == "");
    CHECK(m.say(day(4), "ann: withdraw ballot") == "");
    CHECK(m.stage() == "talk");
    CHECK(m.say(day(4), "ann: cast approve") == "");
    CHECK(m.pass(day(7)) == "accepted");
    CHECK(m.p.entered == day(7));
}

TEST_CASE("time: the roster can break a held condition too") {
    matter m(timed(R"({"when": "approve > 1/2 of eligible", "held": "3 days", "to": "accepted"}, {"after": "60 days", "to": "lapsed"})"));
    for (const auto* who : {"ann: cast approve", "ben: cast approve", "cem: cast approve"}) CHECK(m.say(day(1), who) == "");
    CHECK(m.change(roster_change(day(2), roster_event_kind::join, "gus", "core")) == "");
    CHECK(m.p.due == day(60));
    CHECK(m.change(roster_change(day(3), roster_event_kind::leave, "gus", "core")) == "");
    CHECK(m.pass(day(40)) == "accepted");
    CHECK(m.p.entered == day(6));
    CHECK(m.replays());
}

TEST_CASE("time: a stage's clock stands still while its condition doesn't hold") {
    auto t = timed(R"({"after": "10 days", "to": "accepted"})", R"("hold, release": "electorate", "cast": "electorate")");
    t.stage = R"("clock": {"runs while": "holds == 0"},)";
    matter m(t);
    CHECK(m.say(day(4), "ben: hold because travelling") == "");
    CHECK_FALSE(m.p.due.has_value());
    CHECK_FALSE(m.why(day(5)).next.has_value());
    CHECK(has(m.say(day(5), "ben: hold"), "ben holds it already"));
    CHECK(has(m.say(day(5), "cem: release"), "cem has no hold to release"));
    CHECK(m.say(day(6), "cem: hold") == "");
    CHECK(m.say(day(7), "ben: release") == "");
    CHECK(m.pass(day(20)) == "talk");
    CHECK(m.say(day(20), "cem: release") == "");
    CHECK(m.p.due == day(26));  // 4 days had run
    CHECK(m.pass(day(30)) == "accepted");
    CHECK(m.p.entered == day(26));
    CHECK(m.replays());
}

TEST_CASE("time: a clock that may not run on entry starts when it may") {
    auto t = timed(R"({"after": "2 days", "to": "accepted"})");
    t.stage = R"("clock": {"runs while": "approve >= 1"},)";
    matter m(t);
    CHECK_FALSE(m.p.due.has_value());
    CHECK(m.say(day(5), "ann: cast approve") == "");
    CHECK(m.p.due == day(7));
    CHECK(m.say(day(6), "ann: withdraw ballot") == "");
    CHECK(m.say(day(8), "ben: cast approve") == "");
    CHECK(m.pass(day(10)) == "accepted");
    CHECK(m.p.entered == day(9));
    CHECK(m.replays());
}

TEST_CASE("time: a stage can be extended, up to its limit") {
    auto t = timed(R"({"after": "10 days", "to": "accepted"})", R"j("extend": "team(core)")j");
    matter fixed(t);
    CHECK(has(fixed.say(day(1), "ann: extend 1 day"), "can't be extended"));
    t.stage = R"("extend": {"at most": "5 days"},)";
    matter m(t);
    CHECK(has(m.say(day(1), "ann: extend soon"), "is no duration"));
    CHECK(has(m.say(day(1), "ann: extend 0 days"), "is no duration"));
    CHECK(has(m.say(day(1), "ann: extend 6 days"), "would pass 5 days"));
    CHECK(m.say(day(1), "ann: extend 3 days") == "");
    CHECK(m.p.due == day(13));
    CHECK(has(m.say(day(11), "ben: extend 3 days"), "at most 2 days more"));
    CHECK(m.say(day(11), "ben: extend 2 days") == "");
    CHECK(m.pass(day(40)) == "accepted");
    CHECK(m.p.entered == day(15));
    CHECK(m.replays());
}

TEST_CASE("time: a deadline can be measured from the last revision, proposal, ballot or concern") {
    auto t = timed(R"({"after": "7 days", "since": "revision", "to": "lapsed"})", R"("revise": "author", "cast": "electorate", "raise, resolve": "everyone")");
    matter revision(t);
    CHECK(revision.p.due == day(7));  // the opening is the first text
    CHECK(revision.say(day(6), "ann: revise v2") == "");
    CHECK(revision.why(day(6)).exits[0].due == day(13));
    CHECK(revision.pass(day(20)) == "lapsed");
    CHECK(revision.p.entered == day(13));
    t.exits = R"({"after": "7 days", "since": "ballot", "to": "lapsed"})";
    matter ballot(t);
    CHECK_FALSE(ballot.p.due.has_value());
    CHECK(ballot.say(day(6), "ann: cast approve") == "");
    CHECK(ballot.say(day(8), "ben: cast approve") == "");
    CHECK(ballot.p.due == day(15));
    t.exits = R"({"after": "7 days", "since": "concern", "to": "lapsed"})";
    matter concern(t);
    CHECK(concern.say(day(2), "ann: raise x") == "");
    CHECK(concern.say(day(3), "ann: resolve x") == "");
    CHECK(concern.p.due == day(10));
    t.more = R"("dispositions": ["merge"],)";
    t.allow = R"("propose, cancel": "everyone")";
    t.exits = R"({"after": "7 days", "since": "proposal", "to": "lapsed"})";
    matter proposal(t);
    CHECK_FALSE(proposal.p.due.has_value());
    CHECK(proposal.say(day(5), "ann: propose merge") == "");
    CHECK(proposal.p.due == day(12));
    CHECK(proposal.say(day(6), "ann: cancel") == "");
    CHECK_FALSE(proposal.p.due.has_value());  // called off: nothing to measure from
    for (auto* m : {&revision, &ballot, &concern, &proposal}) CHECK(m->replays());
}

TEST_CASE("time: the oldest standing second counts, and the next one when it is taken back") {
    matter m(timed(R"({"after": "10 days", "since": "second", "to": "accepted"})", R"("second, withdraw second": "everyone")"));
    CHECK_FALSE(m.p.due.has_value());
    CHECK(m.say(day(1), "ben: second") == "");
    CHECK(m.say(day(4), "cem: second") == "");
    CHECK(has(m.say(day(4), "cem: second"), "seconded it already"));
    CHECK(m.p.due == day(11));
    CHECK(m.say(day(5), "ben: withdraw second") == "");
    CHECK(has(m.say(day(5), "ben: withdraw second"), "has not seconded it"));
    CHECK(m.p.due == day(14));
    CHECK(m.say(day(6), "ben: second") == "");  // newer than cem's
    CHECK(m.pass(day(30)) == "accepted");
    CHECK(m.p.entered == day(14));
    CHECK(m.replays());
    // Falling back to a second that is old enough ends it at once.
    matter gone(timed(R"({"after": "10 days", "since": "second", "if": "seconds < 2", "to": "accepted"})", R"("second, withdraw second": "everyone")"));
    CHECK(gone.say(day(1), "ben: second") == "");
    CHECK(gone.say(day(2), "cem: second") == "");
    CHECK(gone.say(day(20), "ben: withdraw second") == "");
    CHECK(gone.stage() == "accepted");
    CHECK(gone.p.entered == day(20));
}

TEST_CASE("time: a deadline can be measured from when a threshold was reached") {
    matter m(timed(R"({"when": "approve >= 2", "held": "90 days", "to": "rejected"}, {"after": "5 days", "since": "threshold", "to": "accepted"})"));
    CHECK(m.say(day(1), "ann: cast approve") == "");
    CHECK_FALSE(m.p.due.has_value());
    CHECK(m.say(day(2), "ben: cast approve") == "");
    CHECK(m.p.due == day(7));
    CHECK(m.say(day(3), "ben: cast reject") == "");
    CHECK_FALSE(m.p.due.has_value());
    CHECK(m.say(day(6), "cem: cast approve") == "");
    CHECK(m.pass(day(20)) == "accepted");
    CHECK(m.p.entered == day(11));
    CHECK(m.replays());
}

TEST_CASE("time: stages can follow each other at their own instants") {
    auto t = timed(R"({"after": "1 days", "to": "two"})");
    t.stages = R"(, "two": {"phase": "final_comment", "exits": [{"after": "2 days", "to": "three"}]},
                    "three": {"phase": "approval", "exits": [{"after": "4 days", "to": "accepted"}]})";
    matter m(t);
    CHECK(m.pass(day(50)) == "accepted");
    CHECK(m.p.entered == day(7));
    CHECK(upcoming(matter(t).p, matter(t).around())->at == day(1));
    CHECK(m.replays());
}

TEST_CASE("time: a charter that goes round in circles is stopped, and said to be the charter's fault") {
    auto t = timed(R"({"when": "approve >= 1", "to": "two"}, {"after": "9 days", "to": "lapsed"})");
    t.stages = R"(, "two": {"phase": "review", "exits": [{"when": "approve >= 1", "to": "talk"}]})";
    matter m(t);
    CHECK(has(m.say(day(1), "ann: cast approve"), "fault: p-1: the exits of process \"p\" go round in a circle"));
    auto again = timed(R"({"after": "1 microseconds", "to": "talk"}, {"when": "approve > 9", "to": "accepted"})");
    if (load_charter(again.text()).has_value()) {
        matter busy(again);
        CHECK(has(busy.pass(day(1)), "without end"));
    }
}

TEST_CASE("time: a stage can recur") {
    matter m(timed(R"({"after": "7 days", "to": "talk", "ballots": "clear", "effects": ["remind"]}, {"when": "approve >= 2", "to": "accepted"})"));
    CHECK(m.say(day(1), "ann: cast approve") == "");
    CHECK(m.pass(day(22)) == "talk");
    CHECK(m.effects.size() == 3);
    CHECK(m.effects[2].first == day(21));
    CHECK(m.ballot_of("ann") == "-");
    CHECK(m.p.due == day(28));
    CHECK(m.replays());
}

TEST_CASE("time: `upcoming` says what passing time does, also over instants that move nothing") {
    const auto check = [](const matter& m) {
        const auto said = upcoming(m.p, m.around());
        auto       later = m;
        later.pass(day(1000));
        if (!said) {
            CHECK(later.stage() == m.stage());
            return;
        }
        auto before = m, at_it = m;
        before.pass(said->at - tick);
        CHECK(before.stage() == m.stage());
        at_it.pass(said->at);
        CHECK(at_it.p.stage == said->to);
    };
    matter m(timed(R"({"when": "open_for > 3 days and approve >= 1", "to": "accepted"}, {"after": "5 days", "if": "reject == 0 and open_for > 6 days", "to": "rejected"},
                     {"after": "9 days", "to": "lapsed"})"));
    check(m);
    CHECK(upcoming(m.p, m.around())->at == day(6) + tick);
    CHECK(m.say(day(1), "ben: cast reject") == "");
    check(m);
    CHECK(upcoming(m.p, m.around())->at == day(9));
    CHECK(m.say(day(2), "ann: cast approve") == "");
    check(m);
    CHECK(upcoming(m.p, m.around())->at == day(3) + tick);
    CHECK_FALSE(upcoming(matter(timed(R"({"when": "approve >= 1", "to": "accepted"})")).p, m.around()).has_value());
}

TEST_CASE("time: a deadline runs from the last change of an option, from the oldest concern that is still open, from the first rule that holds") {
    auto t = timed(R"({"after": "3 days", "since": "option", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})",
                   R"j("cast": "electorate", "add option": "team(core)", "amend option": "raiser")j");
    t.positions = R"({"ballot": {"marks": "ranking"}})";
    t.more = R"("options": {"fixed": {"a": "Apples"}}, "count": {"method": "schulze"},)";
    matter options(t);
    CHECK(options.p.due == day(30));  // nobody has put one forward
    CHECK(options.say(day(1), "ben: add option x") == "");
    CHECK(options.p.due == day(4));
    CHECK(options.say(day(2), "ben: amend option x because clearer") == "");
    CHECK(options.p.due == day(5));
    CHECK(options.say(day(3), "ben: cast ballot in x") == "");
    CHECK(options.pass(day(5) - tick) == "talk");
    CHECK(options.pass(day(5)) == "accepted");
    CHECK(options.replays());

    matter concerns(timed(R"({"after": "3 days", "since": "oldest_concern", "to": "rejected"}, {"after": "30 days", "to": "lapsed"})",
                          R"j("raise": "everyone", "resolve": "raiser")j"));
    CHECK(concerns.p.due == day(30));
    CHECK(concerns.say(day(1), "ben: raise first") == "");
    CHECK(concerns.say(day(2), "cem: raise second") == "");
    CHECK(concerns.p.due == day(4));
    CHECK(concerns.say(day(3), "ben: resolve first") == "");
    CHECK(concerns.p.due == day(5));
    CHECK(concerns.say(day(3), "cem: resolve second") == "");
    CHECK(concerns.p.due == day(30));
    CHECK(concerns.say(day(4), "cem: raise third") == "");
    CHECK(concerns.pass(day(7) - tick) == "talk");
    CHECK(concerns.pass(day(7)) == "rejected");
    CHECK(concerns.replays());

    matter held(timed(R"({"when": "approve >= 1", "held": "20 days", "to": "accepted"}, {"when": "reject >= 1", "held": "20 days", "to": "rejected"},
                         {"after": "3 days", "since": "threshold", "to": "lapsed"})"));
    CHECK_FALSE(held.p.due.has_value());
    CHECK(held.say(day(1), "ben: cast reject") == "");
    CHECK(held.p.due == day(4));
    CHECK(held.say(day(2), "cem: cast approve") == "");
    CHECK(held.p.due == day(4));  // of two that hold the first counts, wherever it is written
    CHECK(held.say(day(3), "ben: withdraw ballot") == "");
    CHECK(held.p.due == day(5));
    CHECK(held.pass(day(5)) == "lapsed");
    CHECK(held.replays());
}
