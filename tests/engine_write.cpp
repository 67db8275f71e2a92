// Engines whose journal fails: whatever goes wrong with whichever call, nothing is half done, and who asks again gets what they
// would have got at once.
#include <doctest/doctest.h>

#include <quorate/engine.hpp>

#include "effort.hpp"
#include "house.hpp"

using namespace support;

namespace {

/// What goes wrong with a journal, and with which of its calls.
struct trouble {
    std::size_t calls = 0, nth = 0;  ///< from 1; 0: none
    bool        for_ever = false, lost_races = false, midway = false, keyless = false, fire_after = false;

    bool now() {
        ++calls;
        return nth != 0 && (for_ever ? calls >= nth : calls == nth);
    }
};

/// A journal that wants keys and keeps a snapshot, and in which things go wrong.
struct troubled final : journal_support::handing_on {
    std::shared_ptr<trouble>  with;
    std::shared_ptr<snapshot> kept;
    troubled(std::shared_ptr<journal> j, std::shared_ptr<trouble> t, std::shared_ptr<snapshot> s) : handing_on(std::move(j)), with(std::move(t)), kept(std::move(s)) {}

    static error on_fire() { return make_error(errc::io, "the disk is on fire"); }
    template <class Answer>
    Answer unless(const std::function<Answer()>& otherwise) {
        if (!with->lost_races && with->now()) return on_fire();
        return otherwise();
    }
    result<std::uint64_t> append(const batch& b) override {
        if (with->lost_races && with->now()) {
            if (with->fire_after) *with = {.nth = 1, .for_ever = true};
            return make_error(errc::conflict, "somebody else was first");
        }
        return unless<result<std::uint64_t>>([&] { return handing_on::append(b); });
    }
    result<void> read(std::string_view s, std::uint64_t after, const std::function<bool(const stored_event&)>& v) override {
        if (with->lost_races || !with->now()) return handing_on::read(s, after, v);
        if (with->midway) (void)handing_on::read(s, after, [&](const stored_event& e) { return v(e), false; });
        return on_fire();
    }
    result<std::uint64_t> last() override {
        return unless<result<std::uint64_t>>([&] { return handing_on::last(); });
    }
    result<std::optional<kept_answer>> answer_to(std::string_view key) override {
        return unless<result<std::optional<kept_answer>>>([&] { return handing_on::answer_to(key); });
    }
    result<std::optional<snapshot>> kept_snapshot() override {
        return unless<result<std::optional<snapshot>>>([&] { return kept->body.empty() ? std::nullopt : std::optional(*kept); });
    }
    result<void> keep_snapshot(std::uint64_t as_of, std::string_view body) override {
        return unless<result<void>>([&] {
            *kept = {as_of, std::string(body), {}};
            return result<void>{};
        });
    }
    bool durable() const override { return !with->keyless; }
};

/// Children that go on with their parent, places that are shared, and one topic at a time: all by which proposals touch each other.
charter busy() {
    return load_charter(R"j({
      "title": "busy",
      "processes": {
        "topic": { "electorate": { "of": "team(core)" }, "positions": { "aye": {}, "no": {} }, "per subject": "one open", "facts": ["on"],
          "children": { "motion": { "accepted": "withdraw" } },
          "stages": { "talk": { "phase": "review", "allow": { "cast": "electorate", "withdraw": "author" },
            "exits": [ { "on": "withdraw", "to": "shelf" }, { "when": "aye >= 3", "to": "accepted" }, { "after": "20 days", "to": "lapsed" } ] },
            "shelf": { "phase": "postponed", "allow": { "revive": "author" }, "exits": [ { "on": "revive", "to": "talk" } ] } } },
        "motion": { "electorate": { "of": "team(core)" }, "positions": { "aye": {} },
          "stages": { "s": { "phase": "review", "allow": { "cast": "electorate" },
            "exits": [ { "when": "aye >= 1", "to": "accepted", "effects": ["publish"] }, { "when": "fact(on) of parent", "to": "rejected" }, { "after": "30 days", "to": "lapsed" } ] } } },
        "board": { "electorate": { "of": "team(core)" }, "positions": { "aye": {} },
          "stages": { "line": { "phase": "review", "allow": { "cast": "electorate" }, "exits": [ { "when": "aye >= 1", "to": "up" } ] },
                      "up": { "phase": "approval", "places": 1, "allow": { "withdraw": "author" }, "exits": [ { "on": "withdraw", "to": "withdrawn" }, { "after": "5 days", "to": "accepted" } ] } } }
      } })j", "busy.json").value();
}

bool of_the_journal(const error& e) { return e.code == errc::io || e.code == errc::conflict; }
std::string in_words(const receipt& r) {
    if (r.failed()) return (of_the_journal(r.fault()) ? "fault: " : "") + r.fault().what();
    return r.refused() ? to_string(r.refusal()) : "done";
}

/// What somebody may ask of an engine, and what it says in words, "fault: ..." where its journal failed.
struct story {
    std::shared_ptr<journal>  all = memory_journal();
    std::shared_ptr<trouble>  with = std::make_shared<trouble>();
    std::shared_ptr<snapshot> kept = std::make_shared<snapshot>();
    std::optional<engine>     runs, other{std::in_place, busy(), people(), quiet()};
    names                     said{};
    bool                      fixed = false;  ///< the journal is mended after the first fault
    int                       keys = 0;

    std::unique_ptr<journal> lent() { return std::make_unique<troubled>(all, with, kept); }
    std::unique_ptr<journal> quiet() { return std::make_unique<troubled>(all, std::make_shared<trouble>(), std::make_shared<snapshot>()); }

    void ask(const std::function<std::string()>& what) {
        auto answer = what();
        if (answer.starts_with("fault: ")) {
            fixed = true;
            with->nth = 0;
            answer = what();
        }
        said.push_back(std::move(answer));
    }
    template <class Answer>
    static std::string fault_or(const result<Answer>& r, const std::string& done) {
        return r ? done : (of_the_journal(r.error()) ? "fault: " : "") + r.error().what();
    }
    std::string next_key() { return "k" + std::to_string(++keys); }

    void start(bool alone = false) {
        ask([&] {
            auto made = alone ? engine::make(lent()) : engine::make(busy(), people(), lent());
            if (made) runs.emplace(std::move(made.value()));
            return fault_or(made, "started");
        });
    }
    void open(opening o) {
        o.key = next_key();
        ask([&] {
            const auto id = runs->open(o);
            return fault_or(id, id ? id.value() : "");
        });
    }
    void say(const std::string& id, instant when, std::string_view text) {
        auto c = line(when, text);
        c.key = next_key();
        ask([&] { return in_words(runs->submit(id, c)); });
    }
    void say_all(std::vector<request> many) {
        for (auto& m : many) m.what.key = next_key();
        for (int twice = 0; twice < 2; ++twice)
            ask([&] {
                std::string s;
                for (const auto& r : runs->submit(many)) s = (r.failed() && of_the_journal(r.fault()) ? "fault: " : s) + in_words(r) + '\n';
                return s;
            });
    }
    void advance(instant now) {
        ask([&] {
            for (const auto& r : runs->advance(now))
                if (r.failed()) return in_words(r);
            return std::string("time passed");
        });
    }
    void change(const roster_event& e) {
        const auto key = next_key();
        ask([&] { return fault_or(runs->change_roster(e, key), "changed"); });
    }
    /// Somebody else does something, so that there is something to see.
    void meanwhile(const std::string& id, instant when, std::string_view text) {
        auto c = line(when, text);
        c.key = next_key();
        said.push_back(in_words(other->submit(id, c)));
    }
    void look() {
        ask([&] { return fault_or(runs->refresh(), "refreshed"); });
        ask([&] { return fault_or(runs->history("topic-1"), "read"); });
    }
    void compact() {
        ask([&] {
            troubled   j(all, with, kept);
            const auto c = engine::compact(j);
            return fault_or(c, c ? std::to_string(c.value().at_rest) + " rest" : "");
        });
        ask([&] {
            troubled   j(all, with, kept);
            const auto c = engine::check_snapshot(j);
            return fault_or(c, c && c.value() ? "checked" + c.value()->fault : "none");
        });
    }

    void tell() {
        start();
        change(roster_change(day(0), roster_event_kind::join, "fay", "core"));  // before there is anything to change
        open({.process = "topic", .by = "ann", .subject = "s", .at = day(0)});
        open({.process = "topic", .by = "ann", .subject = "s", .at = day(0)});  // there is one
        meanwhile("topic-1", day(1), "ben: cast aye");
        open({.process = "motion", .by = "ann", .parent = "topic-1", .at = day(1)});
        open({.process = "motion", .by = "ann", .parent = "topic-1", .at = day(1)});
        say("motion-2", day(2), "gus: cast aye");  // may not
        meanwhile("topic-1", day(2), "cem: cast no");
        say("motion-2", day(2), "ben: cast aye");  // and with it the parent
        open({.process = "topic", .by = "ann", .subject = "s", .at = day(2)});
        say("topic-1", day(2), "ann: revive");  // another is open
        say("topic-4", day(2), "ann: withdraw");
        meanwhile("topic-1", day(2), "ann: revive");
        say("motion-3", day(3), "host: cast aye");
        say_all({{"motion-3", line(day(3), "ann: withdraw")}, {"topic-1", line(day(3), "eve: cast no")}, {"topic-9", line(day(3), "ben: cast aye")}});
        meanwhile("topic-1", day(3), "dan: cast no");
        change(roster_change(day(4), roster_event_kind::leave, "eve", "core"));
        change(roster_change(day(4), roster_event_kind::leave, "eve", "core"));  // has left
        open({.process = "motion", .by = "ann", .parent = "topic-1", .at = day(40)});  // of a parent that has lapsed by then
        meanwhile("topic-1", day(40), "ann: cast aye");
        advance(day(50));
        look();
        compact();
        start(true);
        say("topic-4", day(51), "ann: revive");
        open({.process = "topic", .by = "ann", .subject = "s", .at = day(52)});
        open({.process = "motion", .by = "ann", .parent = "topic-4", .at = day(52)});
        for (int i = 7; i < 10; ++i) open({.process = "board", .by = "ann", .at = day(53)});
        look();
        for (const auto* id : {"board-7", "board-8", "board-9"}) say(id, day(53), "ben: cast aye");
        say("board-7", day(54), "ann: withdraw");
        meanwhile("motion-6", day(54), "ben: cast aye");
        say("board-8", day(70), "ben: cast aye");  // has left by then, and board-9 is there
        change(roster_change(day(80), roster_event_kind::leave, "fay", "core"));
        compact();
        start(true);
    }
    /// All that is known in the end, to somebody who has only the journal.
    std::string end() const {
        const auto  e = engine::make(std::make_unique<journal_support::handing_on>(all)).value();
        std::string s = house::picture(e, day(90)) + to_json(e.people());
        for (const auto& x : all->pending_effects(1'000).value()) s += x.kind + ' ' + x.proposal + '\n';
        return s;
    }
};

}  // namespace

TEST_CASE("engine: whichever call of its journal fails, nothing is half done, and who asks again gets what they would have got") {
    story calm;
    calm.tell();
    CHECK_FALSE(calm.fixed);
    const auto told = calm.end();
    REQUIRE(calm.with->calls > 100);
    std::size_t tries = 0, faults = 0;
    for (std::size_t n = 1; n <= calm.with->calls; n += effort_divisor, ++tries) {
        story s;
        s.with->nth = n;
        s.with->midway = n % 2 == 0;
        s.tell();
        faults += s.fixed ? 1U : 0U;
        CAPTURE(n);
        CHECK(s.said == calm.said);
        CHECK(s.end() == told);
    }
    CHECK(faults * 2 > tries);  // those of known answers and of snapshots are made good without
}

TEST_CASE("engine: a race that is lost is decided again and comes to the same") {
    story calm;
    calm.with->lost_races = true;
    calm.tell();
    const auto told = calm.end();
    for (std::size_t n = 1; n <= calm.with->calls; n += effort_divisor) {
        story s;
        s.with->lost_races = true;
        s.with->nth = n;
        s.tell();
        CAPTURE(n);
        CHECK_FALSE(s.fixed);
        CHECK(s.said == calm.said);
        CHECK(s.end() == told);
    }
}

TEST_CASE("engine: who loses every race gives up at last, and nothing is done") {
    story s;
    s.start();
    s.open({.process = "topic", .by = "ann", .at = day(0)});
    const auto before = s.end();
    engine&    e = *s.runs;
    const auto given_up = [&](const std::function<error()>& what) {
        s.with->for_ever = s.with->lost_races = true;
        s.with->nth = s.with->calls + 1;
        CHECK(what().code == errc::conflict);
        CHECK(s.end() == before);
    };
    given_up([&] { return e.open({.process = "topic", .by = "ann", .at = day(1), .key = "a"}).error(); });
    given_up([&] { return e.open({.process = "motion", .by = "ann", .parent = "topic-1", .at = day(21), .key = "b"}).error(); });  // the parent has lapsed by then
    given_up([&] {
        auto c = line(day(1), "ben: cast aye");
        c.key = "c";
        return e.submit("topic-1", c).fault();
    });
    given_up([&] { return e.advance(day(30)).back().fault(); });
    given_up([&] { return e.change_roster(roster_change(day(1), roster_event_kind::leave, "eve", "core"), "d").error(); });
}

TEST_CASE("engine: who lost a race and can't see what the others wrote says so") {
    story s;
    s.start();
    s.open({.process = "topic", .by = "ann", .at = day(0)});
    const auto before = s.end();
    *s.with = {.nth = 1, .lost_races = true, .fire_after = true};
    const auto r = s.runs->advance(day(30));
    REQUIRE(r.size() == 1);
    CHECK(r[0].fault().code == errc::io);
    CHECK(s.end() == before);
    *s.with = {};
    CHECK(s.runs->advance(day(30)).size() == 1);
}

TEST_CASE("engine: a race that is lost in a journal that wants no keys is decided again, and answered by no earlier answer") {
    story s;
    s.with->keyless = s.with->lost_races = true;
    engine e(busy(), people(), s.lent());
    s.with->nth = s.with->calls + 1;
    CHECK(e.open({.process = "topic", .by = "ann", .at = day(0)}).value() == "topic-1");
    s.with->nth = s.with->calls + 1;
    CHECK(e.submit("topic-1", line(day(1), "ben: cast aye")).accepted());
    CHECK(e.get("topic-1")->version == 3);
}

TEST_CASE("engine: a kept answer that was altered is still an answer, and says no more than it can") {
    /// Whose answers are somebody else's doing.
    struct forged final : journal_support::handing_on {
        std::string says;
        forged(std::shared_ptr<journal> j, std::string s) : handing_on(std::move(j)), says(std::move(s)) {}
        result<std::optional<kept_answer>> answer_to(std::string_view key) override {
            auto known = handing_on::answer_to(key);
            if (known && known.value()) known.value()->answer = says;
            return known;
        }
    };
    house h(busy());
    h.open({.process = "topic"});
    CHECK(has(h.say("topic-1", day(1), "gus: cast aye", "k"), "may not"));
    auto c = line(day(1), "gus: cast aye");
    c.key = "k";
    const auto recalled = [&](const std::string& says) { return engine(h.rules, h.who, std::make_unique<forged>(h.kept, says)).submit("topic-1", c); };
    for (const auto* nothing : {"", "{", "{}", "[1]", "7"}) {
        const auto r = recalled(nothing);
        CHECK(r.accepted());
        CHECK(r.repeated);
        CHECK(r.proposal == "topic-1");
    }
    const auto no = recalled(R"({"refused":"nobody","what":"so it is"})");
    REQUIRE(no.refused());
    CHECK(no.refusal().by == refused_by::state);
    CHECK(no.refusal().what == "so it is");
    CHECK(no.refusal().which.empty());
    CHECK(recalled(R"({"proposal":"topic-7"})").proposal == "topic-7");
}

TEST_CASE("engine: a refused opening answers the same again under its key") {
    house   h(busy());
    opening o{.process = "topic", .by = "ann", .subject = "s", .at = day(0)};
    h.open(o);
    o.key = "k";
    const auto no = h.runs.open(o);
    REQUIRE_FALSE(no.has_value());
    CHECK(h.say("topic-1", day(1), "ann: withdraw") == "");
    const auto again = h.runs.open(o);  // there is none that is open now
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().what() == no.error().what());
}

TEST_CASE("engine: an opening at no instant that is allowed lets no time pass for its parent") {
    house h(busy());
    h.open({.process = "topic"});
    CHECK_FALSE(h.runs.open({.process = "motion", .by = "ann", .parent = "topic-1", .at = latest_instant + tick}).has_value());
    CHECK(h.stage("topic-1") == "talk");
    h.open({.process = "board"});
    auto c = line(day(1), "ben: cast aye");
    c.at = latest_instant + tick;
    CHECK_FALSE(h.runs.submit("board-2", c).accepted());
    CHECK(h.stage("topic-1") == "talk");
}

namespace {

/// Processes whose exits go round in a circle: at once, because of the electorate, of a child, of a parent, or in a place.
charter circles() {
    return load_charter(R"j({
      "title": "circles",
      "processes": {
        "whirl": { "electorate": { "of": "team(core)" }, "positions": { "aye": {} },
          "stages": { "s": { "phase": "review", "exits": [ { "when": "aye >= 0", "to": "t" } ] }, "t": { "phase": "review", "exits": [ { "when": "aye >= 0", "to": "s" }, { "when": "aye >= 9", "to": "accepted" } ] } } },
        "few": { "electorate": { "of": "team(core)" }, "positions": { "aye": {} },
          "stages": { "s": { "phase": "review", "exits": [ { "when": "eligible <= 4", "to": "t" }, { "after": "60 days", "to": "lapsed" } ] },
                      "t": { "phase": "review", "exits": [ { "when": "eligible <= 4", "to": "s" } ] } } },
        "host": { "electorate": { "of": "team(core)" }, "positions": { "aye": {}, "no": {} },
          "stages": { "talk": { "phase": "review", "allow": { "cast": "electorate" },
                        "exits": [ { "when": "children >= 1 and no == 1", "to": "b" }, { "on": "link ask accepted", "to": "c" }, { "on": "link slot accepted", "to": "c" },
                                   { "when": "eligible <= 4 and no == 0", "to": "e", "cast": { "aye": "author" } }, { "after": "30 days", "to": "e", "cast": { "aye": "author" } } ] },
                      "b": { "phase": "review", "exits": [ { "when": "no == 1", "to": "talk" } ] },
                      "c": { "phase": "review", "exits": [ { "when": "aye >= 0", "to": "d" } ] }, "d": { "phase": "review", "exits": [ { "when": "aye >= 0", "to": "c" }, { "when": "aye >= 9", "to": "accepted" } ] },
                      "e": { "phase": "review", "exits": [ { "after": "60 days", "to": "lapsed" } ] } } },
        "ask": { "electorate": { "of": "team(core)" }, "positions": { "aye": {} }, "open": { "under": ["host"] },
          "stages": { "s": { "phase": "review", "allow": { "cast": "electorate" },
            "exits": [ { "when": "aye >= 1 or eligible <= 4", "to": "accepted" }, { "after": "5 days", "to": "accepted" } ] } } },
        "look": { "electorate": { "of": "team(docs)" }, "positions": { "aye": {} }, "open": { "under": ["host"] },
          "stages": { "s": { "phase": "review", "exits": [ { "when": "children of parent >= 2 or aye of parent >= 1", "to": "t" } ] },
                      "t": { "phase": "review", "exits": [ { "when": "children of parent >= 2 or aye of parent >= 1", "to": "s" }, { "when": "aye >= 9", "to": "accepted" } ] } } },
        "slot": { "electorate": { "of": "team(core)" }, "positions": { "aye": {}, "no": {} },
          "stages": { "s": { "phase": "review", "allow": { "cast": "electorate" }, "exits": [ { "when": "aye >= 1", "to": "up" } ] },
                      "up": { "phase": "accepted", "places": 1, "exits": [ { "when": "no >= 1", "to": "void" }, { "after": "5 days", "to": "enacted" } ] } } },
        "seat": { "electorate": { "of": "team(core)" }, "positions": { "aye": {}, "no": {} },
          "stages": { "s": { "phase": "review", "allow": { "cast": "electorate" }, "exits": [ { "when": "aye >= 1", "to": "up" } ] },
                      "up": { "phase": "approval", "places": 1, "exits": [ { "when": "no >= 1", "to": "down" }, { "after": "5 days", "to": "accepted" } ] },
                      "down": { "phase": "review", "exits": [ { "when": "no >= 1", "to": "side" } ] },
                      "side": { "phase": "review", "exits": [ { "when": "no >= 1", "to": "down" }, { "when": "aye >= 9", "to": "accepted" } ] } } }
      } })j", "circles.json").value();
}

/// What an engine says must be what its journal says, whatever failed before.
void is_as_stored(house& h) { CHECK(house::picture(h.runs, day(90)) == house::picture(h.again(), day(90))); }

}  // namespace

TEST_CASE("engine: an opening whose exits go round in a circle, its own, its parent's or another's, opens nothing") {
    house      h(circles());
    const auto opens = [&](const std::string& process, const std::string& parent = {}) {
        const auto id = h.runs.open({.process = process, .by = "ann", .parent = parent, .at = day(1)});
        return id ? id.value() : id.error().code == errc::limit ? "circle" : id.error().what();
    };
    CHECK(opens("whirl") == "circle");
    CHECK(opens("host") == "host-1");
    CHECK(h.say("host-1", day(1), "ben: cast no") == "");
    CHECK(opens("ask", "host-1") == "circle");  // the parent's
    CHECK(opens("host") == "host-2");
    CHECK(opens("look", "host-2") == "look-3");
    CHECK(opens("ask", "host-2") == "circle");  // that of the one beside it
    CHECK(h.runs.list().size() == 3);
    is_as_stored(h);
}

TEST_CASE("engine: a command or an instant that sends a parent, a child or who waits round in a circle changes nothing, and others go on") {
    house      h(circles());
    const auto circle = [](const std::string& said) { return has(said, "fault: ") && has(said, "circle"); };
    for (int i = 0; i < 3; ++i) h.open({.process = "host"});
    h.open({.process = "ask", .parent = "host-1"});
    h.open({.process = "look", .parent = "host-2"});
    CHECK(circle(h.say("ask-4", day(1), "ben: cast aye")));
    CHECK(circle(h.say("host-2", day(1), "ben: cast aye")));
    h.open({.process = "slot"});
    h.open({.process = "slot", .parent = "host-3"});
    for (const auto* id : {"slot-6", "slot-7"}) CHECK(h.say(id, day(2), "ben: cast aye") == "");
    CHECK(h.stage("slot-7") == "s");  // until slot-6 leaves its place: then its own outcome would be host-3's circle
    names stuck, moved;
    for (const auto& r : h.runs.advance(day(40))) (r.failed() ? stuck : moved).push_back(r.proposal);
    CHECK(stuck == names{"ask-4", "slot-6", "host-2"});
    CHECK(moved == names{"host-1", "host-3"});
    is_as_stored(h);
}

TEST_CASE("engine: who goes round in a circle in a place doesn't keep others from leaving and taking it") {
    house h(circles());
    for (int i = 0; i < 3; ++i) h.open({.process = "seat"});
    CHECK(h.say("seat-1", day(1), "ben: cast aye") == "");
    CHECK(h.say("seat-2", day(2), "ben: cast no") == "");
    CHECK(h.say("seat-2", day(2), "cem: cast aye") == "");
    CHECK(h.say("seat-3", day(3), "ben: cast aye") == "");
    CHECK(names{h.stage("seat-1"), h.stage("seat-2"), h.stage("seat-3")} == names{"up", "s", "s"});
    (void)h.runs.advance(day(6));
    CHECK(h.stage("seat-1") == "accepted");
    CHECK(h.stage("seat-2") == "s");
    is_as_stored(h);
}

TEST_CASE("engine: what goes round in a circle keeps nobody from leaving a team, and is told") {
    house h(circles());
    for (int i = 0; i < 3; ++i) h.open({.process = "host"});
    for (const auto* said : {"ben: cast no", "cem: cast no"}) CHECK(h.say("host-1", day(1), said) == "");
    h.open({.process = "ask", .parent = "host-1", .at = day(9)});   // its outcome would be host-1's circle: for want of voters
    h.open({.process = "ask", .parent = "host-2", .at = day(0)});   // and host-2's: by time
    h.open({.process = "look", .parent = "host-3"});                // looks at what becomes of host-3
    h.open({.process = "few"});
    h.open({.process = "host", .at = day(8)});
    names      stuck;
    const auto done = h.runs.change_roster(roster_change(day(10), roster_event_kind::leave, "eve", "core"));
    REQUIRE(done.has_value());
    for (const auto& r : done.value())
        if (r.failed()) stuck.push_back(r.proposal);
    CHECK(stuck == names{"host-3", "ask-4", "ask-5", "few-7"});
    CHECK(names{h.stage("host-1"), h.stage("host-2"), h.stage("host-3"), h.stage("host-8")} == names{"talk", "e", "talk", "e"});
    CHECK_FALSE(h.runs.people().is_member(*h.runs.people().find_person("eve"), *h.runs.people().team_named("core")));
    CHECK(h.stage("few-7") == "s");
    is_as_stored(h);
}
