// Stages with limited room: who gets a place, in which order, what becomes of one that is left, and who is told what.
#include <doctest/doctest.h>

#include <quorate/sqlite_journal.hpp>
#include <quorate/what_if.hpp>

#include "house.hpp"
#include "journal_support.hpp"

using namespace support;

namespace {

/// What is approved of goes on the board, which has so many places; there it stays for 10 days, or until its author withdraws it.
parts board(const std::string& places = "1", const std::string& first = R"("first": "approve", )") {
    parts t;
    t.allow = R"("cast, withdraw ballot": "electorate", "withdraw": "author")";
    t.exits = R"({"on": "withdraw", "to": "withdrawn"}, {"when": "approve >= 1", "to": "board"})";
    t.stages = R"(, "board": {"title": "Board", "phase": "approval", "places": )" + places + ", " + first +
               R"("allow": {"cast": "electorate", "withdraw": "author"},
                  "exits": [{"on": "withdraw", "to": "withdrawn"}, {"after": "10 days", "to": "accepted"}]})";
    return t;
}

names stages_of(const engine& e) {
    names all;
    for (const auto& id : e.list()) all.push_back(e.get(id)->now().name);
    return all;
}

/// One on the board since day 1, two that wait: p-2 with one approval, p-3 with two.
struct full_board : house {
    explicit full_board(const parts& t = board()) : house(t) {
        for (int i = 0; i < 3; ++i) open();
        CHECK(say("p-1", day(1), "ben: cast approve") == "");
        CHECK(say("p-2", day(2), "ben: cast approve") == "");
        CHECK(say("p-3", day(3), "ben: cast approve") == "");
        CHECK(say("p-3", day(3), "cem: cast approve") == "");
        CHECK(stages_of(runs) == names{"board", "talk", "talk"});
    }
};

/// Two engines on one file. What `meanwhile` does happens between what `late` decides next and what it stores.
struct two_engines {
    journal_support::scratch      folder{};
    journal_support::interrupted* hook = nullptr;
    engine                        quick, late;
    int                           keys = 0;

    two_engines() : quick(engine_on(nullptr)), late(engine_on(&hook)) {
        for (int i = 0; i < 3; ++i) REQUIRE(quick.open({.process = "p", .by = "ann", .at = day(0), .key = next_key()}).has_value());
        REQUIRE(late.refresh().has_value());
    }
    engine engine_on(journal_support::interrupted** to) {
        auto store = std::make_unique<journal_support::interrupted>(open_sqlite_journal(folder.file()).value());
        if (to != nullptr) *to = store.get();
        return engine(load(board().text()), people(), std::move(store));
    }
    std::string next_key() { return "k" + std::to_string(++keys); }
    bool        say(engine& e, const std::string& id, instant when, std::string_view text) {
        auto c = line(when, text);
        c.key = next_key();
        return e.submit(id, c).accepted();
    }
    names stages() {
        REQUIRE(quick.refresh().has_value());
        REQUIRE(late.refresh().has_value());
        CHECK(stages_of(quick) == stages_of(late));
        return stages_of(quick);
    }
};

}  // namespace

TEST_CASE("places: a full stage takes nobody, and who leaves it gives the place to the first in line at that instant") {
    full_board h;
    CHECK(h.runs.waiting("p", "board", day(3)) == names{"p-3", "p-2"});
    CHECK(h.runs.waiting("p", "talk", day(3)).empty());
    CHECK(h.runs.waiting("nothing", "board", day(3)).empty());
    const auto r = h.runs.submit("p-1", line(day(4), "ann: withdraw"));
    REQUIRE(r.accepted());
    REQUIRE(r.elsewhere.size() == 1);
    CHECK(r.elsewhere[0].proposal == "p-3");
    CHECK(r.elsewhere[0].events.front().kind == event_kind::moved);
    CHECK(stages_of(h.runs) == names{"withdrawn", "talk", "board"});
    CHECK(h.runs.get("p-3")->entered == day(4));
    CHECK(h.runs.waiting("p", "board", day(4)) == names{"p-2"});
}

TEST_CASE("places: time that ends one stay begins the next, each at its own instant however late time is given") {
    full_board h;
    CHECK(h.runs.advance(day(60)).size() == 3);
    CHECK(stages_of(h.runs) == names{"accepted", "accepted", "accepted"});
    CHECK(h.runs.get("p-1")->entered == day(11));
    CHECK(h.runs.get("p-3")->entered == day(21));
    CHECK(h.runs.get("p-2")->entered == day(31));
}

TEST_CASE("places: what was due in others before a command comes first, and is told") {
    full_board h;
    h.open();
    const auto r = h.runs.submit("p-4", line(day(15), "ben: cast approve"));  // nobody gave time on day 11
    REQUIRE(r.accepted());
    names told;
    for (const auto& c : r.elsewhere) told.push_back(c.proposal);
    CHECK(told == names{"p-1", "p-3"});
    CHECK(stages_of(h.runs) == names{"accepted", "talk", "board", "talk"});
    CHECK(h.runs.get("p-3")->entered == day(11));
    CHECK(h.runs.waiting("p", "board", day(15)) == names{"p-2", "p-4"});
    // Commands given together are no exception.
    h.open({.at = day(15)});
    const auto all = h.runs.submit(std::vector<request>{{"p-5", line(day(16), "ben: cast approve")}, {"p-5", line(day(30), "cem: cast approve")}});
    REQUIRE(all.size() == 2);
    CHECK(h.stage("p-2") == "board");
    CHECK(h.runs.get("p-2")->entered == day(21));
}

TEST_CASE("places: of equal ones who came into their stage earlier goes first, then who was opened first; so it is without 'first'") {
    for (const auto* first : {"", R"("first": "0 * approve", )"}) {
        house h(board("1", first));
        h.open();
        h.open({.at = day(2)});
        h.open({.at = day(1)});
        h.open({.at = day(1)});
        CHECK(h.say("p-1", day(3), "ben: cast approve") == "");
        for (const auto* id : {"p-4", "p-2", "p-3"}) CHECK(h.say(id, day(4), "ben: cast approve") == "");
        CHECK(h.runs.waiting("p", "board", day(4)) == names{"p-3", "p-4", "p-2"});
    }
}

TEST_CASE("places: a number that isn't known is behind all that are") {
    house h(board("1", R"j("first": "fact(rank)", )j"));
    for (int i = 0; i < 4; ++i) {
        h.open();
        CHECK(h.say("p-" + std::to_string(i + 1), day(1), "ben: cast approve") == "");
    }
    CHECK(h.say("p-3", day(2), ": fact rank = -1") == "");
    CHECK(h.say("p-4", day(2), ": fact rank = 5") == "");
    CHECK(h.runs.waiting("p", "board", day(2)) == names{"p-4", "p-3", "p-2"});
}

TEST_CASE("places: a place that is left frees another, in the same transaction") {
    auto t = board();
    t.exits = R"({"on": "withdraw", "to": "withdrawn"}, {"when": "approve >= 1", "to": "desk"})";
    t.stages += R"(, "desk": {"phase": "review", "places": 1, "allow": {"withdraw": "author"},
                     "exits": [{"on": "withdraw", "to": "withdrawn"}, {"when": "approve >= 1", "to": "board"}]})";
    house h(t);
    for (const auto* id : {"p-1", "p-2", "p-3", "p-4"}) {
        h.open();
        CHECK(h.say(id, day(1), "ben: cast approve") == "");
    }
    CHECK(stages_of(h.runs) == names{"board", "desk", "talk", "talk"});
    const auto r = h.runs.submit("p-1", line(day(2), "ann: withdraw"));
    CHECK(r.elsewhere.size() == 2);
    CHECK(stages_of(h.runs) == names{"withdrawn", "board", "desk", "talk"});
    for (const auto* id : {"p-2", "p-3"}) CHECK(h.runs.get(id)->entered == day(2));
    CHECK(h.say("p-3", day(3), "ann: withdraw") == "");  // who waits may leave, too
    CHECK(stages_of(h.runs) == names{"withdrawn", "board", "withdrawn", "desk"});
}

TEST_CASE("places: whoever stops waiting is passed over") {
    full_board h;
    for (const auto* who : {"ben", "cem"}) CHECK(h.say("p-3", day(4), std::string(who) + ": withdraw ballot") == "");
    CHECK(h.runs.waiting("p", "board", day(4)) == names{"p-2"});
    CHECK(h.say("p-1", day(5), "ann: withdraw") == "");
    CHECK(stages_of(h.runs) == names{"withdrawn", "board", "talk"});
}

TEST_CASE("places: without a place the next exit that holds is taken") {
    auto t = board();
    t.exits += R"(, {"when": "approve >= 1", "to": "queue"})";
    t.stages += R"(, "queue": {"phase": "review", "places": 1, "allow": {"cast": "electorate"}, "exits": [{"when": "approve >= 1", "to": "board"}]})";
    house h(t);
    for (const auto* id : {"p-1", "p-2", "p-3"}) {
        h.open();
        CHECK(h.say(id, day(1), "ben: cast approve") == "");
    }
    CHECK(stages_of(h.runs) == names{"board", "queue", "talk"});
    CHECK(h.say("p-3", day(1), "cem: cast approve") == "");
    CHECK(h.runs.waiting("p", "board", day(1)) == names{"p-3", "p-2"});
    CHECK(h.say("p-1", day(2), "ann: withdraw") == "");
    CHECK(stages_of(h.runs) == names{"withdrawn", "queue", "board"});
}

TEST_CASE("places: an exit on an act isn't there while the stage is full; the act is on record") {
    auto t = board();
    t.allow += R"(, "propose": "author")";
    t.exits = R"({"on": "withdraw", "to": "withdrawn"}, {"on": "propose", "to": "board"})";
    house h(t);
    h.open();
    h.open();
    CHECK(h.say("p-1", day(1), "ann: propose") == "");
    CHECK(h.say("p-2", day(1), "ann: propose") == "");
    CHECK(stages_of(h.runs) == names{"board", "talk"});
    CHECK(h.runs.waiting("p", "board", day(1)).empty());
    CHECK(h.runs.explain("p-2", day(1)).value().exits[1].withheld);
    CHECK(h.say("p-1", day(2), "ann: withdraw") == "");
    CHECK(h.stage("p-2") == "talk");
    CHECK(h.say("p-2", day(3), "ann: propose") == "");
    CHECK(h.stage("p-2") == "board");
}

TEST_CASE("places: nothing is opened into a first stage that is full") {
    auto t = board();
    t.stage = R"("title": "Table", "places": 2, )";
    house h(t);
    h.open();
    h.open();
    const auto no = h.runs.open({.process = "p", .by = "ann", .at = day(1)});
    REQUIRE_FALSE(no.has_value());
    CHECK(has(no.error().what(), "no place is free in stage \"Table\""));
    CHECK(has(no.error().what(), "2 are there"));
    CHECK(has(no.error().what(), "[rule: places: 2]"));
    CHECK(h.say("p-1", day(1), "ben: cast approve") == "");  // on to the board
    CHECK(h.runs.open({.process = "p", .by = "ann", .at = day(1)}).has_value());
    CHECK_FALSE(h.runs.open({.process = "p", .by = "ann", .at = day(1)}).has_value());
}

TEST_CASE("places: an explanation says who is there and how many are ahead") {
    full_board h;
    const auto e = h.runs.explain("p-2", day(3)).value();
    CHECK(has(e.summary, "waiting for a place in \"Board\" (p-1 is there; 1 is ahead)"));
    REQUIRE(e.exits[1].conditions.size() == 2);
    const auto& missing = e.exits[1].conditions.back();
    CHECK(missing.rule == "places");
    CHECK(missing.is == truth::unmet);
    CHECK(e.exits[1].now == truth::unmet);
    CHECK(e.exits[1].possible);
    CHECK(has(h.runs.explain("p-3", day(3)).value().summary, "a place in \"Board\" (p-1 is there)"));
    CHECK_FALSE(has(to_string(h.runs.explain("p-1", day(3)).value()), "a place"));
}

TEST_CASE("places: who may not see a proposal isn't told its name, neither there nor in the line") {
    auto t = board("2");
    t.more = R"("visible": "author", )";
    house h(t);
    for (const auto* by : {"ann", "ben", "ben", "cem"}) h.open({.by = by});
    for (const auto* id : {"p-1", "p-2", "p-3", "p-4"}) CHECK(h.say(id, day(1), "dan: cast approve") == "");
    const auto told = [&](const viewer& v) { return h.runs.explain("p-3", day(1), v).value().summary; };
    CHECK(has(told(viewer::host()), "(p-1, p-2 are there)"));
    CHECK(has(told(viewer::as("ben")), "(p-2, 1 other are there)"));
    CHECK(has(h.runs.explain("p-4", day(1), viewer::as("cem")).value().summary, "(2 are there; 1 is ahead)"));
    CHECK(h.runs.waiting("p", "board", day(1)) == names{"p-3", "p-4"});
    CHECK(h.runs.waiting("p", "board", day(1), viewer::as("cem")) == names{"p-4"});
}

TEST_CASE("places: an engine that is made anew goes on where the one before was") {
    full_board h;
    auto       next = h.again();
    CHECK(next.waiting("p", "board", day(3)) == names{"p-3", "p-2"});
    CHECK(next.submit("p-1", line(day(4), "ann: withdraw")).accepted());
    CHECK(stages_of(next) == names{"withdrawn", "talk", "board"});
    (void)next.advance(day(60));
    CHECK(next.get("p-3")->entered == day(14));
    CHECK(next.get("p-2")->entered == day(24));
}

TEST_CASE("places: who was ready and found none, and then not ready any more, doesn't get one in arrears from an engine made anew") {
    auto t = board();
    t.exits = R"({"on": "withdraw", "to": "withdrawn"}, {"when": "open_for >= 2 days and open_for < 4 days", "to": "board"})";
    house h(t);
    h.open();
    h.open();
    (void)h.runs.advance(day(5));  // both were ready from day 2 on, and p-1 was first
    CHECK(h.say("p-1", day(6), "ann: withdraw") == "");
    CHECK(stages_of(h.runs) == names{"withdrawn", "talk"});
    auto next = h.again();
    (void)next.advance(day(20));
    CHECK(stages_of(next) == names{"withdrawn", "talk"});
}

TEST_CASE("places: two engines on one journal never give a place twice, and never forget one") {
    SUBCASE("both give the last place") {
        two_engines e;
        e.hook->before_next = [&] { REQUIRE(e.say(e.quick, "p-1", day(1), "ben: cast approve")); };
        CHECK(e.say(e.late, "p-2", day(1), "ben: cast approve"));
        CHECK(e.stages() == names{"board", "talk", "talk"});
        CHECK(e.late.waiting("p", "board", day(1)) == names{"p-2"});
    }
    SUBCASE("one finds it taken while the other leaves it") {
        two_engines e;
        REQUIRE(e.say(e.quick, "p-1", day(1), "ben: cast approve"));
        e.hook->before_next = [&] { REQUIRE(e.say(e.quick, "p-1", day(2), "ann: withdraw")); };
        CHECK(e.say(e.late, "p-2", day(2), "ben: cast approve"));
        CHECK(e.stages() == names{"withdrawn", "board", "talk"});
    }
    SUBCASE("one leaves it while the other begins to wait") {
        two_engines e;
        REQUIRE(e.say(e.quick, "p-1", day(1), "ben: cast approve"));
        e.hook->before_next = [&] { REQUIRE(e.say(e.quick, "p-3", day(2), "ben: cast approve")); };
        CHECK(e.say(e.late, "p-1", day(2), "ann: withdraw"));
        CHECK(e.stages() == names{"withdrawn", "talk", "board"});
    }
}

TEST_CASE("places: a change of the roster lets the first go on, not the one that is looked at first") {
    auto t = board();
    t.exits = R"j({"on": "withdraw", "to": "withdrawn"}, {"when": "approve in team(docs) >= 1", "to": "board"})j";
    house h(t);
    h.open();
    h.open();
    for (const auto* who : {"ben: cast approve", "cem: cast approve"}) CHECK(h.say("p-2", day(1), who) == "");
    CHECK(h.say("p-1", day(1), "ben: cast approve") == "");
    CHECK(h.runs.change_roster(roster_change(day(2), roster_event_kind::join, "ben", "docs")).has_value());
    CHECK(h.stage("p-2") == "board");
    CHECK(h.stage("p-1") == "talk");
}

TEST_CASE("places: two let time pass at once, and one that is put off meanwhile is left alone until it is due") {
    two_engines e;
    CHECK(e.say(e.quick, "p-1", day(1), "ben: cast approve"));
    REQUIRE(e.late.refresh().has_value());
    e.hook->before_next = [&] { CHECK(e.quick.advance(day(11)).size() == 1); };
    CHECK(e.late.advance(day(11)).empty());
    CHECK(e.stages() == names{"accepted", "talk", "talk"});
}

TEST_CASE("places: what is opened under one that leaves its place for that takes none in the same instant, and the next event gives it one") {
    parts t;
    t.exits = R"({"when": "reject == 0", "to": "board"})";
    t.stages = R"(, "board": {"phase": "approval", "places": 1, "exits": [{"when": "children >= 1", "to": "accepted"}, {"after": "10 days", "to": "accepted"}]})";
    t.allow = R"("cast": "electorate")";
    house h(t);
    CHECK(h.open() == "p-1");
    CHECK(h.stage("p-1") == "board");
    CHECK(h.open({.parent = "p-1", .at = day(1)}) == "p-2");
    CHECK(h.stage("p-1") == "accepted");
    CHECK(h.stage("p-2") == "talk");
    CHECK(h.say("p-2", day(2), "ann: cast approve") == "");
    CHECK(h.stage("p-2") == "board");
    CHECK(house::picture(h.again(), day(3)) == house::picture(h.runs, day(3)));
}

TEST_CASE("places: who goes round in a circle by time is not in the receipts of what others are told") {
    auto t = board();
    t.exits += R"(, {"after": "2 days", "if": "reject >= 1", "to": "two"})";
    t.stages += R"(, "two": {"phase": "review", "exits": [{"when": "reject >= 1", "to": "three"}]}, "three": {"phase": "review", "exits": [{"when": "reject >= 1", "to": "two"}, {"when": "reject >= 9", "to": "accepted"}]})";
    house h(t);
    h.open();
    h.open();
    CHECK(h.say("p-1", day(1), "ben: cast reject") == "");
    const auto r = h.runs.submit("p-2", line(day(5), "ben: cast approve"));
    CHECK(r.accepted());
    CHECK(r.elsewhere.empty());
    CHECK(stages_of(h.runs) == names{"talk", "board"});
}

TEST_CASE("places: who leaves a place, and would take it again at once, comes behind those who wait for it") {
    auto              t = board();
    const std::string ends = R"("to": "accepted")";
    t.stages.replace(t.stages.find(ends), ends.size(), R"("to": "talk")");
    full_board h(t);
    (void)h.runs.advance(day(11));
    CHECK(stages_of(h.runs) == names{"talk", "talk", "board"});
    CHECK(has(h.runs.explain("p-1", day(11))->summary, "place"));
}

TEST_CASE("places: two that follow each other through a ring of stages without end are not begun to be moved, and who did it is told") {
    parts t;
    t.allow = R"("cast": "electorate")";
    t.exits = R"({"when": "approve >= 1", "to": "a"})";
    const auto stage = [](std::string_view name, std::string_view many, std::string_view to) {
        return R"(, ")" + std::string(name) + R"(": {"phase": "approval", "places": 1, "allow": {"cast": "electorate"}, "exits": [{"when": "approve >= 4", "to": "done"}, {"when": "approve >= )" +
               std::string(many) + R"(", "to": ")" + std::string(to) + R"("}]})";
    };
    t.stages = stage("a", "2", "b") + stage("b", "3", "c") + stage("c", "3", "a") + R"(, "done": {"phase": "accepted", "exits": []})";
    house h(t);
    h.open();
    h.open();
    for (const auto* said : {"ben: cast approve", "cem: cast approve"}) CHECK(h.say("p-1", day(1), said) == "");
    for (const auto* said : {"ben: cast approve", "cem: cast approve", "dan: cast approve"}) CHECK(h.say("p-2", day(2), said) == "");
    REQUIRE(stages_of(h.runs) == names{"b", "a"});
    const auto stored = h.kept->last().value();
    CHECK(has(h.say("p-1", day(3), "dan: cast approve"), "places are left and taken without end at one instant"));
    CHECK(stages_of(h.runs) == names{"b", "a"});
    CHECK(h.runs.get("p-1")->version == h.again().get("p-1")->version);
    CHECK(h.kept->last().value() == stored);
}

TEST_CASE("places: what-if gives them as engines do") {
    full_board h;
    CHECK(h.say("p-1", day(4), "ann: withdraw") == "");
    (void)h.runs.advance(day(40));
    const auto same = what_if(*h.kept, h.rules).value();
    CHECK(same.differing == 0);
    CHECK(same.problems == 0);
    const auto more = what_if(*h.kept, load(board("2").text())).value();
    CHECK(more.differing == 1);  // p-2 has a place at once; p-3 still waits until p-1 leaves
    CHECK(more.earlier == 1);
    const std::string limit = R"("places": 1, "first": "approve", )";
    auto              any = board().text();
    any.replace(any.find(limit), limit.size(), "");
    CHECK(what_if(*h.kept, load(any)).value().earlier == 2);
}

TEST_CASE("places: a proposal that is alone finds its place") {
    matter m(board());
    CHECK(m.say(day(1), "ben: cast approve") == "");
    CHECK(m.stage() == "board");
    CHECK(m.replays());
}

TEST_CASE("places: what the loader refuses") {
    const auto wrong = [](const std::string& places, const std::string& first = {}, const std::string& more = {}) {
        const auto loaded = load_charter(one_process(R"j("electorate": {"of": "team(core)"}, "positions": {"approve": {}}, "stages": {"s": {"phase": "review", )j" +
                                                         places + first + R"j("exits": [{"after": "1 day", "to": "lapsed"}]}})j", more));
        return loaded ? std::string() : loaded.error().what();
    };
    CHECK(wrong(R"("places": 1, )") == "");
    CHECK(has(wrong(R"("places": 10000, )", R"("first": "open_for", )"), "a number"));
    CHECK(has(wrong(R"("places": 0, )"), "a whole number from 1 to 10000"));
    CHECK(has(wrong(R"("places": 10001, )"), "found 10001"));
    CHECK(has(wrong(R"("places": 1.5, )"), "a whole number"));
    CHECK(has(wrong(R"("places": true, )"), "a whole number"));
    CHECK(has(wrong(R"("places": "few", )"), "found \"few\""));
    CHECK(wrong(R"("places": "few", )", "", R"("parameters": {"few": 3}, )") == "");
    CHECK(has(wrong(R"("places": "few", )", "", R"("parameters": {"few": "1/2"}, )"), "parameter \"few\" is \"1/2\""));
    CHECK(has(wrong(R"("places": "few", )", "", R"("parameters": {"few": 0}, )"), "found 0"));
    CHECK(has(wrong("", R"("first": "approve", )"), "say how many \"places\""));
    CHECK(has(wrong(R"("places": 1, )", R"("first": "approve > 1", )"), "a number"));
    CHECK(wrong(R"("places": 1, )", R"("first": "approve", )") == "");
}

TEST_CASE("places: who goes first must not tell what hidden ballots say") {
    auto t = board();
    t.more = R"("ballots": {"shown": "at close"}, )";
    t.exits = R"({"on": "withdraw", "to": "withdrawn"}, {"after": "3 days", "to": "board"})";
    const auto loaded = load_charter(t.text());
    REQUIRE_FALSE(loaded.has_value());
    CHECK(has(loaded.error().what(), "who goes first into stage \"board\""));
}

TEST_CASE("places: whoever an exit before it would take elsewhere doesn't wait") {
    const auto waits = [](const std::string& first, const std::string& more = "", const std::string& allow = "", const std::string& said = "") {
        auto t = board();
        t.more = more;
        t.allow += allow;
        t.stages.replace(t.stages.find(R"("exits": [)"), 10, R"("exits": [{"when": "reject >= 3", "to": "talk"}, )");
        t.exits = R"({"on": "withdraw", "to": "withdrawn"}, )" + first + R"({"when": "approve >= 1", "to": "board"})";
        house h(t);
        for (const auto* id : {"p-1", "p-2"}) {
            h.open({.at = day(1)});
            if (!said.empty()) CHECK(h.say(id, day(1), said) == "");
            CHECK(h.say(id, day(1), "ben: cast approve") == "");
        }
        CHECK(h.stage("p-2") == "talk");
        const auto early = h.runs.waiting("p", "board", day(2)), late = h.runs.waiting("p", "board", day(4));
        return std::pair(early == names{"p-2"}, late == names{"p-2"});
    };
    CHECK(waits("") == std::pair(true, true));
    CHECK(waits(R"({"after": "2 days", "to": "talk"}, )") == std::pair(true, false));    // it starts over
    CHECK(waits(R"({"after": "2 days", "to": "lapsed"}, )") == std::pair(true, false));  // it is over
    CHECK(waits(R"({"when": "open_for >= 2 days", "to": "stage before"}, )") == std::pair(true, true));  // there is none
    // The law lets nothing be accepted while a concern is open.
    CHECK(waits(R"({"when": "approve >= 1", "to": "accepted"}, )", R"("concerns": {},)", R"(, "raise": "electorate")", "cem: raise leaks") == std::pair(true, true));
}

TEST_CASE("places: what is due at an instant is waited for until then, by whoever waited before") {
    auto t = board();
    t.exits = R"({"when": "approve >= 1", "to": "board"}, {"after": "3 days", "to": "lapsed"})";
    house h(t);
    for (int i = 0; i < 3; ++i) h.open();
    CHECK(h.say("p-1", day(1), "ben: cast approve") == "");
    CHECK(h.say("p-2", day(1), "ben: cast approve") == "");
    CHECK(h.runs.waiting("p", "board", day(2)) == names{"p-2"});
    CHECK(h.runs.waiting("p", "board", day(3)) == names{"p-2"});
}

TEST_CASE("places: a stage that is entered anew from itself was never left") {
    auto t = board();
    t.stage = R"("places": 1, )";
    t.allow += R"(, "revise": "author")";
    t.exits += R"(, {"on": "revise", "to": "talk"})";
    house h(t);
    h.open();
    CHECK(h.say("p-1", day(1), "ann: revise v2") == "");
    CHECK(h.runs.get("p-1")->entered == day(1));
    CHECK_FALSE(h.runs.open({.process = "p", .by = "ann", .at = day(1)}).has_value());  // it is still there
    CHECK(h.say("p-1", day(2), "ben: cast approve") == "");
    CHECK(h.runs.open({.process = "p", .by = "ann", .at = day(2)}).has_value());
}

TEST_CASE("places: of those opened under an older charter, whose process had no such stage, none has a place there") {
    auto old = board();
    for (auto* said : {&old.exits, &old.stages}) said->replace(said->find(R"("board")"), 7, R"("desk")");
    house h(old);
    h.open();
    auto next = h.again(load(board().text()));
    for (const auto* id : {"p-2", "p-3"}) {
        REQUIRE(next.open({.process = "p", .by = "ann", .at = day(1)}).has_value());
        CHECK(next.submit(id, line(day(1), "ben: cast approve")).accepted());
    }
    CHECK(stages_of(next) == names{"talk", "board", "talk"});
    CHECK(next.waiting("p", "board", day(1)) == names{"p-3"});
    CHECK(next.submit("p-2", line(day(2), "ann: withdraw")).accepted());
    CHECK(stages_of(next) == names{"talk", "withdrawn", "board"});
}

TEST_CASE("places: whoever waited until it is due still does when something is noted at that instant") {
    auto t = board();
    t.exits = R"({"when": "approve >= 1", "to": "board"}, {"when": "open_for >= 3 days", "held": "5 days", "to": "withdrawn"}, {"after": "3 days", "to": "lapsed"})";
    house h(t);
    for (int i = 0; i < 2; ++i) {
        h.open();
        CHECK(h.say("p-" + std::to_string(i + 1), day(1), "ben: cast approve") == "");
    }
    CHECK(has(h.say("p-2", day(3), "gus: cast approve"), "gus may not cast"));
    CHECK(h.runs.get("p-2")->last == day(3));  // that the 5 days have begun
    CHECK(h.stage("p-2") == "talk");           // a closed end is still to come
    CHECK(h.runs.waiting("p", "board", day(3)) == names{"p-2"});
    (void)h.runs.advance(day(3));
    CHECK(h.stage("p-2") == "lapsed");
}
