// The fold reads what is stored, and what is stored may have been altered: an event that doesn't fit the charter is damaged.
#include <doctest/doctest.h>

#include <limits>

#include "house.hpp"

using namespace support;

namespace {

/// An event that the library made itself, and what somebody made of it.
struct alteration {
    std::string_view what;
    std::string_view said;  ///< the honest command
    void (*change)(event&);
    event_kind       of = event_kind::acted;  ///< which of the events that it led to
};

void found_out(const proposal& before, const event& honest, const event& altered, const roster& who) {
    auto p = before;
    CHECK(apply(p, honest, who).has_value());  // so what is wrong is the alteration
    p = before;
    const auto done = apply(p, altered, who);
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().code == errc::damaged);
    CHECK(p.version == before.version);
    CHECK(p.last == before.last);
}

void found_out(const matter& m, instant when, const std::vector<alteration>& all) {
    for (const auto& a : all) {
        CAPTURE(a.what);
        auto honest = m;
        REQUIRE(honest.say(when, a.said) == "");
        auto before = m.p;
        auto i = m.events.size();
        for (; honest.events.at(i).kind != a.of; ++i) REQUIRE(apply(before, honest.events[i], honest.who).has_value());
        auto altered = honest.events[i];
        a.change(altered);
        found_out(before, honest.events[i], altered, honest.who);
    }
}

/// The electorate as it was first taken.
void electorate_found_out(const matter& m, const std::vector<std::pair<std::string_view, void (*)(event&)>>& all) {
    for (const auto& a : all) {
        CAPTURE(a.first);
        auto altered = m.events.at(1);
        a.second(altered);
        found_out(begin(m.p.id, m.events.front(), m.rules, m.who).value(), m.events[1], altered, m.who);
    }
}

/// A vote about options in which everything else may happen, too.
parts everything() {
    parts t;
    t.positions = R"({"ballot": {"marks": "ranking"}, "abstain": {}})";
    t.more = R"("options": {"fixed": {"none": "None", "a": "Apples"}, "default": "none", "kinds": {"plain": {}, "big": {"ratio": "3:1"}}},
        "count": {"method": "debian"}, "concerns": {"blocking": false}, "facts": ["tests"], "offices": ["chair"], "dispositions": ["merge", "close"],
        "revisions": {"small": {}, "large": {}},)";
    t.stage = R"("extend": {"at most": "5 days"},)";
    t.allow = R"j("cast, withdraw ballot": "electorate", "cast for another": "everyone", "raise, resolve, override, second, withdraw second, hold, release": "everyone",
        "sponsor, add option, amend option, withdraw option, ask, answer, recuse, rejoin, revise, propose, extend, appoint, withdraw": "everyone")j";
    t.exits = R"j({"on": "withdraw", "to": "withdrawn"}, {"on": "propose merge", "to": "vote"}, {"after": "7 days", "to": "lapsed"})j";
    t.stages = R"j(, "vote": {"phase": "approval", "allow": {"cast": "electorate", "withdraw": "everyone"}, "exits": [{"on": "withdraw", "to": "accepted"}]},
        "accepted": {"phase": "accepted", "allow": {"vacate": "everyone"}, "exits": []})j";
    return t;
}
matter talked() {
    matter m(everything());
    for (const auto* said : {"ben: add option x as plain", "ben: cast ballot in a", "cem: raise c1", "dan: second c1", "dan: second", "dan: hold", "dan: recuse",
                             "eve: ask why", ": link p-2 in p as opened"})
        REQUIRE(m.say(day(1), said) == "");
    return m;
}

void by_nobody(event& e) { e.by.clear(); }
void by_fay(event& e) { e.by = "fay"; }  // who isn't of the electorate
void about_other(event& e) { e.subject = "other"; }
void in_other_way(event& e) { e.detail = "other"; }
void of_other(event& e) { e.names = {"other"}; }
void no_number(event& e) { e.number.reset(); }
void negative(event& e) { e.number = -7; }
void too_much(event& e) { e.number = std::numeric_limits<std::int64_t>::max(); }

}  // namespace

TEST_CASE("fold: an altered event that names what the charter or the roster doesn't know is damaged, whatever was done") {
    found_out(talked(), day(2), {
        {"a ballot by nobody, who is not the first person of the roster", "ann: cast abstain", by_nobody},
        {"a ballot cast for somebody by nobody", "ann: cast abstain for eve", by_nobody},
        {"a ballot of somebody unknown", "ann: cast abstain", [](event& e) { e.by = "zoe"; }},
        {"a ballot for somebody unknown", "ann: cast abstain for eve", [](event& e) { e.on_behalf_of = "zoe"; }},
        {"a ballot of somebody unknown for somebody unknown", "ann: cast abstain for eve", [](event& e) { e.by = e.on_behalf_of = "zoe"; }},
        {"a ballot of somebody who doesn't count", "ann: cast abstain", by_fay},
        {"a position that there isn't", "ann: cast abstain", about_other},
        {"an option that there isn't", "ann: cast ballot in a", of_other},
        {"options where a position says nothing about them", "ann: cast ballot in a", [](event& e) { e.subject = "abstain"; }},
        {"a ballot in parts where there are none", "ann: cast abstain", [](event& e) { e.subject.clear(); e.names = {"ballot:1/2", "abstain:1/2"}; }},
        {"a ballot taken back by somebody who doesn't count", "ben: withdraw ballot", by_fay},
        {"a concern by nobody", "ann: raise c2", by_nobody},
        {"no such concern to resolve", "cem: resolve c1", about_other},
        {"no such concern to override", "ann: override c1 because late", about_other},
        {"no such concern to second", "eve: second c1", about_other},
        {"no such concern to take a second back from", "dan: withdraw second c1", about_other},
        {"a second of a concern taken back by somebody else", "dan: withdraw second c1", by_fay},
        {"a second taken back by somebody else", "dan: withdraw second", by_fay},
        {"a hold released by somebody else", "dan: release", by_fay},
        {"somebody back who never left", "dan: rejoin", by_fay},
        {"no such option to sponsor", "cem: sponsor x", about_other},
        {"a sponsor who is nobody", "cem: sponsor", by_nobody},
        {"a second option of one name", "cem: add option y as big", [](event& e) { e.subject = "x"; }},
        {"an option whose name can't be written on a ballot", "cem: add option y as big", [](event& e) { e.subject = "y=z"; }},
        {"a kind of option that there isn't", "cem: add option y as big", in_other_way},
        {"no such option to amend", "ben: amend option x as big", about_other},
        {"an option amended to a kind that there isn't", "ben: amend option x as big", in_other_way},
        {"no such option to withdraw", "ben: withdraw option x", about_other},
        {"no such question", "ann: answer why as deferred because later", about_other},
        {"a question answered before", "ann: answer why", [](event& e) { e.subject = "when"; }},
        {"a kind of revision that there isn't", "ann: revise v2 as small", in_other_way},
        {"a disposition that there isn't", "ann: propose close", about_other},
        {"an extension by nothing", "ann: extend 2 days", no_number},
        {"an extension back in time", "ann: extend 2 days", negative},
        {"an extension by more than the charter lets it be", "ann: extend 2 days", too_much},
        {"an office that there isn't", "ann: appoint chair in ben", about_other},
        {"an office for somebody unknown", "ann: appoint chair in ben", of_other},
        {"a fact that isn't declared", ": fact tests = true", about_other},
        {"a fact that says nothing", ": fact tests = true", [](event& e) { e.flag.reset(); }},
        {"a fact that says two things", ": fact tests = true", [](event& e) { e.number = 3; }},
        {"a child that came to something that is no outcome", ": link p-2 in p as accepted", in_other_way},
        {"a ballot of somebody who stepped aside", "dan: rejoin", [](event& e) { e.done = act::cast; e.subject = "abstain"; }},
        {"a choice between equals of none of them", "ann: cast abstain", [](event& e) { e.done = act::break_tie; e.names = {"none", "a"}; }},
        {"a proposal opened twice", "ann: cast abstain", [](event& e) { e.kind = event_kind::opened; }},
        {"a change of the roster among its events", "ann: cast abstain", [](event& e) { e.kind = event_kind::roster; }},
        {"a condition that nobody watches", "ann: cast abstain", [](event& e) { e = {.kind = event_kind::condition, .at = e.at, .number = 7, .flag = true}; }},
        {"somebody elected before there was a count", "ann: cast abstain", [](event& e) { e = {.kind = event_kind::elected, .at = e.at, .names = {"a"}}; }},
        {"a seat that falls vacant before", "ann: cast abstain", [](event& e) { e.done = act::vacate; e.subject = "a"; }},
    });
}

TEST_CASE("fold: a move goes where the exit leads that it names, and nowhere else") {
    constexpr auto moved = event_kind::moved;
    found_out(talked(), day(2), {
        {"to a stage that there isn't", "ann: propose merge", about_other, moved},
        {"to a stage where this exit doesn't lead", "ann: propose merge", [](event& e) { e.subject = "accepted"; }, moved},
        {"by no exit", "ann: propose merge", no_number, moved},
        {"by an exit before the first", "ann: propose merge", negative, moved},
        {"by an exit behind the last", "ann: propose merge", [](event& e) { e.number = 3; }, moved},
        {"to a ballot with options that there aren't", "ann: propose merge", of_other, moved},
    });
    auto voted = talked();
    REQUIRE(voted.say(day(2), "ann: propose merge") == "");
    found_out(voted, day(3), {{"to an outcome that elects what was no option", "ann: withdraw", of_other, moved}});
    REQUIRE(voted.say(day(3), "ann: withdraw") == "");
    REQUIRE(voted.p.elected == names{"a"});
    found_out(voted, day(4), {
        {"a seat of somebody who is no option", "ann: vacate a", about_other},
        {"a seat filled by somebody who is no option", "ann: vacate a", of_other, event_kind::elected},
    });
}

TEST_CASE("fold: an option too many is damaged, as it is refused") {
    matter m(everything());
    while (m.p.options.size() < most_ballot_options - 1) REQUIRE(m.say(day(1), "ben: add option o" + std::to_string(m.p.options.size()) + " as plain") == "");
    const auto before = m.p;
    REQUIRE(m.say(day(1), "ben: add option last as plain") == "");
    auto more = m.events.back();
    more.subject = "more";
    auto p = before;
    CHECK(apply(p, more, m.who).has_value());
    CHECK_FALSE(apply(m.p, more, m.who).has_value());
}

TEST_CASE("fold: a rule that must hold for a while, and a clock that stands still, are those of the stage") {
    parts t;
    t.stage = R"("clock": {"runs while": "holds == 0"},)";
    t.allow = R"("cast": "electorate", "hold, release": "everyone")";
    t.exits = R"({"when": "approve >= 1", "held": "2 days", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})";
    constexpr auto condition = event_kind::condition;
    matter         m(t);
    found_out(m, day(1), {
        {"of no exit", "ben: cast approve", no_number, condition},
        {"of an exit before the first", "ben: cast approve", negative, condition},
        {"of an exit behind the last", "ben: cast approve", [](event& e) { e.number = 2; }, condition},
        {"neither begun nor broken", "ben: cast approve", [](event& e) { e.flag.reset(); }, condition},
        {"a clock of which nothing is said", "ben: hold", [](event& e) { e.flag.reset(); }, condition},
    });
    found_out(m, day(1), {{"an extension of a stage that can't be extended", "ben: hold", [](event& e) { e.done = act::extend; e.number = 1; }}});
    // A clock that is stopped twice has run no longer for that.
    REQUIRE(m.say(day(1), "ben: hold") == "");
    const auto ran = m.p.ran;
    CHECK(ran == day(1) - day(0));
    event again = m.events.back();
    again.at = day(2);
    REQUIRE(apply(m.p, again, m.who).has_value());
    CHECK(m.p.ran == ran);
}

TEST_CASE("fold: an electorate is of known people, each with what the charter counts beside the name") {
    matter plain(parts{.exits = R"({"after": "30 days", "to": "lapsed"})"});
    electorate_found_out(plain, {
        {"somebody unknown", of_other},
        {"weights where votes have none", [](event& e) { e.weights.assign(e.names.size(), "1"); }},
        {"more delegates than voters", [](event& e) { e.delegates.assign(e.names.size() + 1, ""); }},
        {"fewer stakes than voters", [](event& e) { e.stakes.assign(1, ""); }},
        {"weights of nobody", [](event& e) { e.names.clear(); e.weights = {"1"}; }},
        {"more than can be counted", [](event& e) { e.names.assign(most_voters + 1, "ann"); }},
    });
    const auto owners = load_roster(R"({"people": {"ana": {}, "bob": {}, "cyd": {}}, "teams": {}, "weights": {"tokens": {"ana": 10, "bob": "1/2"}},
        "delegations": [{"who": "ana", "to": "bob", "ballot": "locked"}]})").value();
    parts t;
    t.electorate = R"({"of": "everyone", "weight": "tokens"})";
    t.more = R"("delegation": {"hops": "one"}, "ballots": {"split": "stakes", "kinds": {"free": {"times": "0.1"}, "locked": {"times": 3}, "apart": {"parts": "several"}}},)";
    t.allow = R"("cast, withdraw ballot, delegate": "electorate")";
    t.exits = R"({"when": "weight(approve) >= 1000", "to": "accepted"})";
    matter staked(load(t.text()), owners);
    REQUIRE(staked.events.at(1).stakes.size() == 2);
    electorate_found_out(staked, {
        {"no weights", [](event& e) { e.weights.clear(); }},
        {"weights of others", [](event& e) { e.weights.pop_back(); }},
        {"a weight that is no number", [](event& e) { e.weights[0] = "ten"; }},
        {"a delegate who is unknown", [](event& e) { e.delegates[0] = "zoe"; }},
        {"a stake of a kind that there isn't", [](event& e) { e.stakes[0] = "heavy"; }},
    });
    found_out(staked, day(1), {
        {"a kind of ballot that there isn't", "bob: cast approve as locked", in_other_way},
        {"a delegate who is unknown", "ana: delegate bob as locked", about_other},
        {"a delegation by a kind of ballot that there isn't", "ana: delegate bob as locked", in_other_way},
        {"a ballot in parts of which one is none", "bob: cast approve as apart", [](event& e) { e.subject.clear(); e.names = {"approve:much"}; }},
        {"a ballot in parts of which one chooses what is no position", "bob: cast approve as apart", [](event& e) { e.subject.clear(); e.names = {"other:1"}; }},
        {"a ballot in no parts", "bob: cast approve as apart", [](event& e) { e.subject.clear(); }},
    });
    t.more = R"("delegation": {"hops": "one", "own ballot": "apart"},)";
    found_out(matter(load(t.text()), owners), day(1), {{"a delegate's ballot of somebody who has no vote", "bob: cast approve", [](event& e) { e.by = "cyd"; }}});
}

TEST_CASE("fold: whoever counts by seat or organisation is named with it, in the first electorate as in those that follow it") {
    for (const auto* electorate : {R"j({"of": "team(core)", "by": "organisation"})j", R"j({"of": "seats(council)", "by": "seat"})j"}) {
        CAPTURE(electorate);
        matter m(parts{.electorate = electorate, .exits = R"({"after": "30 days", "to": "lapsed"})"});
        constexpr auto alone = [](event& e) { e.names = {"ben"}; };
        electorate_found_out(m, {{"somebody with nothing to stand for", alone}});
        REQUIRE(m.say(day(1), "ben: cast approve") == "");  // so there is a ballot to be kept
        auto altered = m.events[1];
        alone(altered);
        found_out(m.p, m.events[1], altered, m.who);
    }
}

TEST_CASE("fold: a proposal begins with being opened, by somebody known and under a process of its charter") {
    const matter m(parts{.exits = R"({"after": "30 days", "to": "lapsed"})"});
    const auto   begun = [&](auto change) {
        auto opened = m.events.front();
        change(opened);
        const auto p = begin("p-1", opened, m.rules, m.who);
        return p ? std::string("begun") : p.error().code == errc::damaged ? std::string("damaged") : p.error().what();
    };
    CHECK(begun([](event&) {}) == "begun");
    CHECK(begun(in_other_way) == "damaged");
    CHECK(begun([](event& e) { e.kind = event_kind::acted; }) == "damaged");
    CHECK(begun([](event& e) { e.by = "zoe"; }) == "damaged");
}

TEST_CASE("fold: calling off ends a round that is open; what was decided stays on record") {
    parts t;
    t.more = R"("dispositions": ["merge"],)";
    t.allow = R"j("cast": "electorate", "propose, cancel": "everyone")j";
    t.exits = R"({"when": "approve >= 2", "to": "accepted"})";
    t.stages = R"j(, "accepted": {"phase": "accepted", "allow": {"cancel": "everyone"}, "exits": []})j";
    matter m(t);
    for (const auto* said : {"ann: propose merge", "ben: cast approve", "ann: cancel"}) CHECK(m.say(day(1), said) == "");
    CHECK(m.ballot_of("ben") == "-");
    CHECK_FALSE(m.p.disposition.has_value());
    for (const auto* said : {"ann: propose merge", "ben: cast approve", "cem: cast approve", "ann: cancel"}) CHECK(m.say(day(2), said) == "");
    CHECK(m.stage() == "accepted");
    CHECK(m.ballot_of("ben") == "approve");
    CHECK(m.p.disposition.has_value());
    CHECK(m.replays());
}

TEST_CASE("fold: where options are cleared, those of the charter stay, and so do ballots that say nothing about options") {
    parts t;
    t.positions = R"({"ballot": {"marks": "ranking"}, "abstain": {}})";
    t.more = R"("options": {"fixed": {"a": "Apples"}}, "count": {"method": "schulze"},)";
    t.allow = R"j("cast": "electorate", "add option, revise": "everyone")j";
    t.exits = R"({"on": "revise", "to": "talk", "options": "clear"}, {"after": "30 days", "to": "lapsed"})";
    matter m(t);
    for (const auto* said : {"ben: add option x", "ann: cast ballot in x, a", "ben: cast ballot in a", "cem: cast abstain", "ann: revise v2"}) CHECK(m.say(day(1), said) == "");
    CHECK(m.p.options.size() == 1);
    CHECK(m.p.options.front().name == "a");
    CHECK(m.ballot_of("ann") == "-");
    CHECK(m.ballot_of("ben") == "-");
    CHECK(m.ballot_of("cem") == "abstain");
    CHECK(anonymous_ballots(m.p, day(1), m.around()).empty());
    CHECK(m.replays());
}

TEST_CASE("fold: a ballot in parts stays where all of its parts may, one for others where its position may") {
    parts t;
    t.more = R"("ballots": {"split": "shares"}, "revisions": {"large": {"ballots": ["approve"]}},)";
    t.allow = R"j("cast": "electorate", "revise": "everyone")j";
    t.exits = R"({"when": "weight(approve) >= 5", "to": "accepted"})";
    const auto measured = [](const matter& m) { return m.why(m.p.last).exits.at(0).conditions.at(0).measured; };
    matter     m(t);
    CHECK(m.say(day(1), "ann: cast in approve:1/2, reject:1/2") == "");
    CHECK(m.say(day(1), "ben: cast in approve:1") == "");
    CHECK(m.say(day(1), "cem: cast reject") == "");
    CHECK(measured(m) == "3/2");
    CHECK(m.say(day(2), "ann: revise v2 as large") == "");
    CHECK(m.ballot_of("ann") == "-");
    CHECK(m.ballot_of("ben") == "approve");
    CHECK(m.ballot_of("cem") == "-");
    CHECK(measured(m) == "1");
    CHECK(m.replays());

    const auto owners = load_roster(R"({"people": {"ana": {}, "bob": {}, "cyd": {}, "dan": {}}, "teams": {}, "weights": {"tokens": {"ana": 10, "bob": 2, "cyd": 30, "dan": 4}},
        "delegations": [{"who": "ana", "to": "bob"}, {"who": "cyd", "to": "dan"}]})").value();
    t.electorate = R"({"of": "everyone", "weight": "tokens"})";
    t.more = R"("delegation": {"hops": "one", "own ballot": "apart"}, "revisions": {"large": {"ballots": ["approve"]}},)";
    t.allow = R"j("cast, withdraw ballot, recuse": "electorate", "revise": "everyone")j";
    t.exits = R"({"when": "weight(approve) >= 100", "to": "accepted"}, {"when": "weight(reject) >= 100", "to": "rejected"})";
    const auto weighs = [](const matter& of) {
        const auto why = of.why(of.p.last);
        return why.exits.at(0).conditions.at(0).measured + " to " + why.exits.at(1).conditions.at(0).measured;
    };
    matter two(load(t.text()), owners);
    CHECK(two.say(day(1), "bob: cast approve") == "");  // for ana
    CHECK(two.say(day(1), "dan: cast reject") == "");   // for cyd
    CHECK(two.say(day(1), "bob: cast reject as own") == "");
    CHECK(weighs(two) == "10 to 32");
    auto revised = two;
    CHECK(revised.say(day(2), "ana: revise v2 as large") == "");
    CHECK(weighs(revised) == "10 to 0");
    CHECK(revised.replays());
    auto back = two;
    CHECK(back.say(day(2), "bob: withdraw ballot") == "");
    CHECK(weighs(back) == "0 to 32");  // his own stands
    CHECK(has(back.say(day(2), "bob: withdraw ballot"), "no ballot to take back"));
    CHECK(back.replays());
    CHECK(two.say(day(2), "bob: recuse") == "");
    CHECK(weighs(two) == "0 to 30");
    CHECK(two.replays());
}

TEST_CASE("fold: the charter casts no ballot for somebody who stepped aside, and leaves that of whoever stands in for the seat") {
    parts t;
    t.electorate = R"j({"of": "seats(council)", "by": "seat"})j";
    t.more = R"("dispositions": ["merge"],)";
    t.allow = R"j("cast, recuse": "electorate", "propose": "everyone")j";
    t.exits = R"({"on": "propose", "to": "vote", "cast": {"approve": "proposer"}})";
    t.stages = R"j(, "vote": {"phase": "approval", "allow": {"cast": "electorate"}, "exits": [{"after": "7 days", "to": "accepted"}]})j";
    matter m(t);
    auto   plain = m;
    CHECK(plain.say(day(1), "ben: propose merge") == "");
    CHECK(plain.ballot_of("ben") == "approve");
    CHECK(m.say(day(1), "ben: recuse") == "");
    auto silent = m;
    CHECK(silent.say(day(1), "ben: propose merge") == "");
    CHECK(silent.ballot_of("ben") == "recused");
    CHECK(m.say(day(1), "hal: cast reject") == "");
    CHECK(m.say(day(2), "ben: propose merge") == "");
    CHECK(m.stage() == "vote");
    CHECK(m.ballot_of("ben") == "reject");  // the seat's, as hal says
    CHECK(m.replays());
}

TEST_CASE("fold: a child that a link says is open again is open, in either word") {
    matter m(parts{.allow = R"("cast": "electorate")", .exits = R"({"when": "approve >= 1 and children == 0", "to": "accepted"})"});
    const auto open = [&] { return m.p.open_children(); };
    CHECK(m.say(day(1), ": link p-2 in p as opened") == "");
    CHECK(m.say(day(1), ": link p-3 as opened") == "");  // under which process isn't told
    CHECK(open() == 2);
    CHECK(m.say(day(1), ": link p-2 in p as accepted") == "");
    CHECK(m.say(day(1), ": link p-9 in p as accepted") == "");  // which is nobody's child here
    CHECK(open() == 1);
    CHECK(m.say(day(2), ": link p-2 in p as review") == "");
    CHECK(open() == 2);
    CHECK(has(m.say(day(2), ": link p-2 in p as done"), "\"done\" is no outcome of a proposal"));
    CHECK(open() == 2);
    CHECK(m.replays());
}

TEST_CASE("fold: nobody goes back who came from nowhere") {
    parts t;
    t.allow = R"j("propose, cancel": "author")j";
    t.exits = R"({"on": "cancel", "to": "stage before"}, {"on": "propose", "to": "later"})";
    t.stages = R"j(, "later": {"phase": "review", "allow": {"cancel": "author"}, "exits": [{"on": "cancel", "to": "talk"}, {"after": "9 days", "to": "lapsed"}]})j";
    found_out(matter(t), day(1), {{"back, before there was anything", "ann: propose", [](event& e) { e.number = 0; }, event_kind::moved}});
}

TEST_CASE("fold: a proposal about a team that was removed is still about it, and about none that nobody ever knew") {
    matter m(parts{.exits = R"({"after": "30 days", "to": "lapsed"})"});
    for (const auto* team : {"council", "empty"}) REQUIRE(m.change(roster_change(day(1), roster_event_kind::remove_team, "", team)) == "");
    const auto about = [&](names teams) {
        auto opened = m.events.front();
        opened.names = std::move(teams);
        return begin("p-2", opened, m.rules, m.who).value();
    };
    for (const auto* team : {"council", "empty"}) {
        CHECK(about({"core", team}).teams.size() == 2);
        CHECK_FALSE(about({"core", team}).teams_missing);
    }
    CHECK(about({"core", "other"}).teams.size() == 1);
    CHECK(about({"core", "other"}).teams_missing);
}
