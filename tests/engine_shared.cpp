// Several engines over one SQLite journal: they see what the others did in the order in which it was stored, lose races without
// losing anything else, and answer what they are asked again as before.
#include <doctest/doctest.h>

#include <quorate/engine.hpp>
#include <quorate/sqlite_journal.hpp>

#include "journal_support.hpp"
#include "support.hpp"

using namespace support;

namespace {

charter majority() {
    parts t;
    t.more = R"("children": { "p": { "accepted": "withdraw" } },)";
    t.allow = R"j("cast, withdraw ballot": "electorate", "raise": "everyone", "resolve": "raiser", "withdraw": "author")j";
    t.exits = R"({"on": "withdraw", "to": "withdrawn"}, {"when": "approve > 1/2 of eligible", "to": "accepted"}, {"after": "10 days", "to": "lapsed"})";
    return load(t.text());
}

/// A journal that fails when told to: before it stores anything, or after it has (nobody can tell which from outside).
struct failing : journal_support::handing_on {
    enum class when { never, before, after };
    std::shared_ptr<when> fails;
    failing(const std::string& path, std::shared_ptr<when> f) : handing_on(std::make_shared<sqlite_journal>(path)), fails(std::move(f)) {}
    result<std::uint64_t> append(const batch& b) override {
        if (*fails == when::before) return make_error(errc::io, "the disk is on fire");
        const auto done = to->append(b);
        if (*fails == when::after) return make_error(errc::io, "the disk was on fire");
        return done;
    }
};

struct shared_file {
    journal_support::scratch       dir;
    std::shared_ptr<failing::when> fails = std::make_shared<failing::when>(failing::when::never);

    engine another() { return engine::make(majority(), people(), std::make_unique<failing>(dir.file(), fails)).value(); }
    static std::string open(engine& e, const std::string& key, std::string parent = {}) {
        return e.open({.process = "p", .by = "ann", .parent = std::move(parent), .at = day(0), .key = key}).value();
    }
    static receipt say(engine& e, const std::string& id, instant when, std::string_view text, const std::string& key) {
        auto c = line(when, text);
        c.key = key;
        return e.submit(id, c);
    }
    static std::string picture(const engine& e) {
        std::string s;
        for (const auto& id : e.list()) s += to_json(e.explain(id, day(9)).value()) + '\n';
        return s + to_json(e.people());
    }
    /// What an engine makes of the journal that knows nothing but it.
    std::string from_file() { return picture(engine::make(std::make_unique<sqlite_journal>(dir.file())).value()); }
};

roster_event core(roster_event_kind what, const std::string& who, instant when) { return roster_change(when, what, who, "core"); }

}  // namespace

TEST_CASE("engine shared: a journal alone gives the engine; one without documents doesn't") {
    shared_file f;
    {
        auto       a = f.another();
        const auto id = f.open(a, "o");
        CHECK(f.say(a, id, day(1), "ann: cast approve", "1").accepted());
        CHECK(a.change_roster(core(roster_event_kind::leave, "eve", day(2)), "2").has_value());
        CHECK(f.from_file() == f.picture(a));
    }
    const auto none = engine::make(memory_journal());
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().code == errc::not_found);
}

TEST_CASE("engine shared: a roster change has a key: the same again changes nothing, another under it is an error") {
    shared_file f;
    auto        a = f.another();
    auto        b = f.another();
    const auto  id = f.open(a, "o");
    const auto  leave = core(roster_event_kind::leave, "eve", day(1));
    CHECK_FALSE(a.change_roster(leave).has_value());  // a durable journal needs keys
    CHECK(a.change_roster(leave, "k").value().size() == 1);
    for (auto* e : {&a, &b}) {
        const auto again = e->change_roster(leave, "k");
        REQUIRE(again.has_value());
        REQUIRE(again.value().size() == 1);
        CHECK(again.value().front().repeated);
    }
    CHECK(a.change_roster(core(roster_event_kind::leave, "dan", day(1)), "k").error().code == errc::conflict);
    const auto unknown = core(roster_event_kind::leave, "eve", day(1));
    const auto no = a.change_roster(unknown, "k2");
    REQUIRE_FALSE(no.has_value());  // has left already
    CHECK(a.change_roster(core(roster_event_kind::join, "eve", day(2)), "k3").has_value());
    CHECK_FALSE(b.change_roster(unknown, "k2").has_value());  // answered as before, whatever has changed by then
    CHECK(b.refresh().has_value());
    CHECK(f.picture(a) == f.picture(b));
    CHECK(b.get(id)->voters.size() == 5);
}

TEST_CASE("engine shared: two change the roster at once; the one that loses the race decides again") {
    shared_file f;
    auto        a = f.another();
    auto        b = f.another();
    const auto  id = f.open(a, "o");
    // Neither looks between the other's change and its own: each write finds that somebody else was first.
    for (int n = 0; n < 3; ++n) {
        const auto who = std::vector<std::string>{"cem", "dan", "eve"}[static_cast<std::size_t>(n)];
        CHECK(a.change_roster(core(roster_event_kind::leave, who, day(n)), who + "-leaves").has_value());
        CHECK(f.say(b, id, day(n), who + ": cast approve", who).refused());  // no member any more, whatever b knew
        CHECK(b.change_roster(core(roster_event_kind::join, who == "cem" ? "fay" : who == "dan" ? "gus" : "hal", day(n)), who + "-joins").has_value());
    }
    CHECK(a.refresh().has_value());
    CHECK(f.picture(a) == f.picture(b));
    CHECK(f.picture(a) == f.from_file());
    CHECK(a.get(id)->voters.size() == 5);
}

TEST_CASE("engine shared: two let time pass at once; what one has done the other sees and doesn't do again") {
    for (const bool ahead : {true, false}) {
        CAPTURE(ahead);
        shared_file f;
        auto        b = f.another();
        const auto  id = f.open(b, "o");
        auto        store = std::make_unique<journal_support::interrupted>(std::make_shared<sqlite_journal>(f.dir.file()));
        auto&       race = *store;
        auto        a = engine::make(majority(), people(), std::move(store)).value();
        // Between a's look and its write b lets the same time pass, or only says something, so that it is still due.
        race.before_next = [&] {
            if (ahead) CHECK(b.advance(day(11)).size() == 1);
            else CHECK(f.say(b, id, day(1), "ann: cast approve", "1").accepted());
        };
        const auto done = a.advance(day(11));
        CHECK(done.size() == (ahead ? 0 : 1));
        for (const auto& r : done) CHECK(r.accepted());
        CHECK(a.get(id)->now().name == "lapsed");
        CHECK(a.get(id)->entered == day(10));
        CHECK(b.refresh().has_value());
        CHECK(f.picture(a) == f.picture(b));
        CHECK(f.picture(a) == f.from_file());
    }
}

TEST_CASE("engine shared: a failed write leaves no trace, whether or not it was stored, and what others did in between is seen in order") {
    for (const auto how : {failing::when::before, failing::when::after}) {
        shared_file f;
        auto        a = f.another();
        const auto  id = f.open(a, "o");
        CHECK(f.say(a, id, day(1), "ann: cast approve", "1").accepted());
        const auto before = f.picture(a);
        *f.fails = how;
        CHECK(f.say(a, id, day(2), "ben: cast approve", "2").failed());
        CHECK(f.picture(a) == before);
        CHECK_FALSE(a.change_roster(core(roster_event_kind::join, "gus", day(2)), "3").has_value());
        CHECK(a.advance(day(11)).back().failed());
        *f.fails = failing::when::never;
        // Another goes on: somebody new comes and votes.
        auto b = f.another();
        CHECK(b.change_roster(core(roster_event_kind::join, "fay", day(3)), "4").has_value());
        const bool ended = b.get(id)->outcome().has_value();
        CHECK(ended == (how == failing::when::after));
        if (!ended) CHECK(f.say(b, id, day(4), "fay: cast approve", "5").accepted());
        // What is sent again is done once.
        const auto again = f.say(a, id, day(2), "ben: cast approve", "2");
        CHECK(again.repeated == ended);
        CHECK(a.refresh().has_value());
        CHECK(b.refresh().has_value());
        CHECK(f.picture(a) == f.picture(b));
        CHECK(f.picture(a) == f.from_file());
    }
}

TEST_CASE("engine shared: the first to store their documents wins, and the other of the same roster goes on") {
    shared_file f;
    auto        a = f.another();
    auto        b = f.another();
    const auto  first = f.open(a, "a");
    const auto  second = f.open(b, "b");
    CHECK(first != second);
    CHECK(a.refresh().has_value());
    CHECK(f.picture(a) == f.picture(b));
    *f.fails = failing::when::after;
    shared_file g;
    g.fails = f.fails;
    auto c = g.another();
    CHECK_FALSE(c.open({.process = "p", .by = "ann", .at = day(0), .key = "c"}).has_value());  // stored, but not acknowledged
    *f.fails = failing::when::never;
    CHECK(g.open(c, "c") == "p-1");
    CHECK(c.list().size() == 1);
}

TEST_CASE("engine shared: a receipt tells what an outcome made happen to the parent") {
    shared_file f;
    auto        a = f.another();
    const auto  parent = f.open(a, "parent");
    const auto  child = f.open(a, "child", parent);
    CHECK(f.say(a, child, day(1), "ann: cast approve", "1").elsewhere.empty());
    CHECK(f.say(a, child, day(1), "ben: cast approve", "2").elsewhere.empty());
    const auto last = f.say(a, child, day(1), "cem: cast approve", "3");
    CHECK(a.get(child)->outcome() == phase::accepted);
    REQUIRE(last.elsewhere.size() == 1);
    CHECK(last.elsewhere[0].proposal == parent);
    CHECK(a.get(parent)->outcome() == phase::withdrawn);
    const auto past = a.history(parent).value();
    REQUIRE(past.size() > last.elsewhere[0].events.size());
    const auto told = static_cast<std::ptrdiff_t>(last.elsewhere[0].events.size());
    CHECK(std::vector<event>(past.end() - told, past.end()) == last.elsewhere[0].events);
    // By batch as well.
    const auto          parent2 = f.open(a, "parent2");
    const auto          child2 = f.open(a, "child2", parent2);
    std::vector<request> many;
    for (const auto* who : {"ann", "ben", "cem"}) {
        many.push_back({child2, line(day(1), std::string(who) + ": cast approve")});
        many.back().what.key = std::string("many-") + who;
    }
    const auto all = a.submit(many);
    REQUIRE(all.size() == 3);
    CHECK(all[0].elsewhere.empty());
    REQUIRE(all[2].elsewhere.size() == 1);
    CHECK(all[2].elsewhere[0].proposal == parent2);
    CHECK(f.picture(a) == f.from_file());
}

TEST_CASE("engine shared: what an engine wrote while others wrote elsewhere isn't folded twice") {
    shared_file f;
    auto        store = std::make_unique<journal_support::interrupted>(std::make_shared<sqlite_journal>(f.dir.file()));
    auto&       race = *store;
    auto        a = engine::make(majority(), people(), std::move(store)).value();
    // A note about nothing of its: neither its documents nor its proposal are in the way of that.
    race.before_next = [&] {
        sqlite_journal           j{f.dir.file()};
        const std::vector<event> note{{.kind = event_kind::document, .at = day(0), .noted = day(0), .subject = "erased"}};
        CHECK(j.append({.streams = {{"notes", 0, note}}}).has_value());
    };
    const auto id = f.open(a, "o");
    CHECK(a.refresh().has_value());
    CHECK(a.get(id)->version == 2);
    auto       b = f.another();
    const auto second = f.open(b, "o2");
    CHECK(a.refresh().has_value());
    race.before_next = [&] { CHECK(f.say(b, second, day(1), "ann: cast approve", "1").accepted()); };
    CHECK(f.say(a, id, day(1), "ben: cast approve", "2").accepted());
    CHECK(a.refresh().has_value());
    CHECK(a.get(id)->version == 3);
    CHECK(b.refresh().has_value());
    CHECK(f.picture(a) == f.picture(b));
    CHECK(f.picture(a) == f.from_file());
}

TEST_CASE("engine shared: who asks for the same in two engines at once gets the same answer from both, and it is done once") {
    shared_file f;
    auto        b = f.another();
    auto        store = std::make_unique<journal_support::interrupted>(std::make_shared<sqlite_journal>(f.dir.file()));
    auto&       race = *store;
    auto        a = engine::make(majority(), people(), std::move(store)).value();
    std::string there;
    race.before_next = [&] { there = f.open(b, "o"); };
    CHECK(f.open(a, "o") == there);
    race.before_next = [&] { CHECK(f.say(b, there, day(1), "ben: cast approve", "1").accepted()); };
    const auto again = f.say(a, there, day(1), "ben: cast approve", "1");
    CHECK(again.accepted());
    CHECK(again.repeated);
    CHECK(a.list().size() == 1);
    CHECK(a.get(there)->version == 3);
    CHECK(f.picture(a) == f.from_file());
}

TEST_CASE("engine shared: an engine whose roster isn't the one that the journal goes on with says so, and does nothing") {
    shared_file f;
    auto        a = f.another();
    auto        b = engine::make(majority(), team_of(3, "core"), std::make_unique<sqlite_journal>(f.dir.file())).value();
    (void)f.open(a, "a");
    const auto no = b.open({.process = "p", .by = "m1", .at = day(0), .key = "b"});
    REQUIRE_FALSE(no.has_value());
    CHECK(no.error().code == errc::conflict);
    CHECK(has(no.error().what(), "another engine runs this journal with another roster"));
    // Made anew it stores its own: then it is the first that has the wrong one.
    b = engine::make(majority(), team_of(3, "core"), std::make_unique<sqlite_journal>(f.dir.file())).value();
    CHECK(b.open({.process = "p", .by = "m1", .at = day(0), .key = "b"}).has_value());
    const auto late = a.refresh();
    REQUIRE_FALSE(late.has_value());
    CHECK(late.error().code == errc::conflict);
    CHECK(f.say(a, "p-1", day(1), "ann: cast approve", "1").failed());
}
