// Engines whose journal fails: whatever goes wrong with whichever call, nothing is half done, and who asks again gets what they
// would have got at once.
#include <doctest/doctest.h>

#include <quorate/engine.hpp>

#include "house.hpp"

using namespace support;

namespace {

/// What goes wrong with a journal, and with which of its calls.
struct trouble {
    std::size_t calls = 0, nth = 0;  ///< from 1; 0: none
    bool        for_ever = false, lost_races = false, midway = false;

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
        if (with->lost_races && with->now()) return make_error(errc::conflict, "somebody else was first");
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
    bool durable() const override { return true; }
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

std::string in_words(const receipt& r) { return r.failed() ? "fault: " + r.fault().what() : r.refused() ? to_string(r.refusal()) : "done"; }

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
        return r ? done : (r.error().code == errc::io || r.error().code == errc::conflict ? "fault: " : "") + r.error().what();
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
                for (const auto& r : runs->submit(many)) s = (r.failed() && r.fault().code != errc::not_found ? "fault: " : s) + in_words(r) + '\n';
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
        for (const auto& id : runs->list()) ask([&] { return fault_or(runs->history(id), "read"); });
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
        say_all({{"motion-3", line(day(3), "ann: withdraw")}, {"topic-1", line(day(3), "ben: cast aye")}, {"topic-9", line(day(3), "ben: cast aye")}});
        meanwhile("topic-1", day(3), "dan: cast no");
        change(roster_change(day(4), roster_event_kind::leave, "eve", "core"));
        change(roster_change(day(4), roster_event_kind::leave, "eve", "core"));  // has left
        open({.process = "motion", .by = "ann", .parent = "topic-1", .at = day(40)});  // of a parent that has lapsed by then
        meanwhile("topic-1", day(40), "ann: cast aye");
        advance(day(50));
        look();
        compact();
        start(true);
        say("topic-1", day(51), "ann: revive");
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
    MESSAGE(calm.said);
    const auto told = calm.end();
    REQUIRE(calm.with->calls > 100);
    for (const bool midway : {false, true}) {
        std::size_t faults = 0;
        for (std::size_t n = 1; n <= calm.with->calls; ++n) {
            story s;
            s.with->nth = n;
            s.with->midway = midway;
            s.tell();
            faults += s.fixed ? 1U : 0U;
            CAPTURE(n);
            CHECK(s.said == calm.said);
            CHECK(s.end() == told);
        }
        CHECK(faults * 2 > calm.with->calls);  // those of known answers and of snapshots are made good without
    }
}

TEST_CASE("engine: a race that is lost once is decided again and comes to the same; one that is lost for ever is given up, and nothing is done") {
    story calm;
    calm.with->lost_races = true;
    calm.tell();
    const auto told = calm.end();
    for (const bool for_ever : {false, true}) {
        for (std::size_t n = 1; n <= calm.with->calls; ++n) {
            story s;
            s.with->lost_races = true;
            s.with->nth = n;
            s.with->for_ever = for_ever;
            s.tell();
            CAPTURE(n);
            CHECK(s.fixed == for_ever);
            CHECK(s.said == calm.said);
            CHECK(s.end() == told);
        }
    }
}
