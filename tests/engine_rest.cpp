// Engines that begin with a snapshot: they answer, and go on to decide, exactly as those that fold every event.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include <quorate/engine.hpp>

#include "effort.hpp"
#include "house.hpp"

using namespace support;

namespace {

/// Keeps a snapshot beside a journal that keeps none; counts what is asked of it.
struct keeping : journal_support::handing_on {
    std::shared_ptr<snapshot> kept;
    std::shared_ptr<std::size_t> streams_read = std::make_shared<std::size_t>(0);
    std::shared_ptr<bool>        fails = std::make_shared<bool>(false);
    keeping(std::shared_ptr<journal> j, std::shared_ptr<snapshot> s) : handing_on(std::move(j)), kept(std::move(s)) {}
    result<std::uint64_t> append(const batch& b) override {
        if (*fails) return make_error(errc::io, "the disk is on fire");
        return handing_on::append(b);
    }
    result<void> read(std::string_view stream, std::uint64_t after, const std::function<bool(const stored_event&)>& v) override {
        if (*fails && !stream.empty()) return make_error(errc::io, "the disk is on fire");
        *streams_read += stream.starts_with("p-");
        return handing_on::read(stream, after, v);
    }
    result<std::optional<snapshot>> kept_snapshot() override { return kept->body.empty() ? std::nullopt : std::optional(*kept); }
    result<void> keep_snapshot(std::uint64_t as_of, std::string_view body) override {
        *kept = {as_of, std::string(body), {}};
        return {};
    }
};

/// The same events in a journal of their own.
std::shared_ptr<journal> copy_of(journal& j) {
    std::shared_ptr<journal> copy = memory_journal();
    for (const auto& s : journal_support::all_of(j)) {
        batch b;
        b.streams.push_back({s.stream, s.version - 1, {&s.what, 1}});
        REQUIRE(copy->append(b).has_value());
    }
    return copy;
}

using journal_support::dice;

/// One shipped charter with its people, to play at random under.
struct played {
    charter  rules;
    roster   who;
    names    persons{"stranger", "another-stranger"};
    names    teams;

    explicit played(const std::string& file) : rules(load_charter_file(charters + file).value()), who(people()) {
        if (!rules.get().roster.empty()) who = load_roster_file(rosters + rules.get().roster).value();
        for (std::size_t i = 0; i < who.people() && i < 8; ++i) persons.emplace_back(who.id(static_cast<person>(i)));
        for (const auto t : who.teams()) teams.emplace_back(who.name(t));
    }
    const std::string& anybody(dice& d) const { return persons[d.below(persons.size())]; }

    command any_command(dice& d, const proposal& p, instant now) const {
        const auto& by = *p.by;
        const auto& allow = p.now().allow;
        command     c{.at = now};
        c.what = !allow.empty() && !d.chance(5) ? allow[d.below(allow.size())].what : acts[d.below(acts.size())].what;
        c.by = anybody(d);
        c.text = d.chance(2) ? "for reasons" : "";
        const auto one = [&](const auto& all) { return all.empty() ? std::string() : all[d.below(all.size())].name; };
        const auto concern = d.chance(2) ? "x" : "y";
        switch (c.what) {
            case act::cast:
                c.subject = one(by.positions);
                for (const auto& o : p.options)
                    if (d.chance(2)) c.names.push_back(o.name);
                break;
            case act::raise: case act::resolve: case act::override_: case act::ask: case act::answer: c.subject = concern; break;
            case act::second: case act::withdraw_second: if (d.chance(2)) c.subject = concern; break;
            case act::propose:
                if (!by.dispositions.empty()) c.subject = by.dispositions[d.below(by.dispositions.size())];
                if (!teams.empty() && d.chance(3)) c.names.push_back(teams[d.below(teams.size())]);
                break;
            case act::revise: c.subject = "v", c.detail = one(by.revisions); break;
            case act::fact: c.subject = by.facts.empty() ? "f" : by.facts[d.below(by.facts.size())], c.truth = true; break;
            case act::add_option: case act::amend_option: case act::withdraw_option: c.subject = d.chance(2) ? "o" : one(p.options), c.detail = one(by.options.kinds); break;
            case act::sponsor: if (d.chance(2)) c.subject = one(p.options); break;
            case act::appoint: if (!by.offices.empty()) c.subject = by.offices[d.below(by.offices.size())]; c.names = {anybody(d)}; break;
            case act::delegate: c.subject = anybody(d); break;
            case act::extend: c.amount = 86'400'000'000; break;
            case act::assign: if (!teams.empty()) c.names = {teams[d.below(teams.size())]}; break;
            default: break;
        }
        return c;
    }
};

/// What came of something, in words.
std::string told(const receipt& r) {
    std::string s = r.failed() ? "fault: " + r.fault().what() : r.refused() ? to_string(r.refusal()) : "accepted";
    for (const auto& e : r.events) s += "\n  " + to_json(e);
    for (const auto& c : r.elsewhere)
        for (const auto& e : c.events) s += "\n  " + c.proposal + ' ' + to_json(e);
    return s + '\n';
}

/// Opens, says and lets pass something, as the dice fall.
std::string step(engine& e, const played& of, dice d, instant now) {
    const auto all = e.list({.most = static_cast<std::size_t>(-1)});
    const auto any = [&] { return all[d.below(all.size())]; };
    if (all.empty() || d.chance(6)) {
        opening o{.process = of.rules.processes()[d.below(of.rules.processes().size())].name, .by = of.anybody(d), .subject = "s" + std::to_string(d.below(5)), .at = now};
        if (!of.teams.empty() && !d.chance(4)) o.teams.push_back(of.teams[d.below(of.teams.size())]);
        if (!all.empty() && d.chance(3)) o.parent = any();
        const auto id = e.open(o);
        return (id ? id.value() : id.error().what()) + '\n';
    }
    if (d.chance(12)) {
        roster_event change{.at = now, .what = d.chance(2) ? roster_event_kind::leave : d.chance(2) ? roster_event_kind::join : roster_event_kind::rename_team, .who = of.anybody(d)};
        if (of.teams.empty()) return {};
        change.team = of.teams[d.below(of.teams.size())];
        if (change.what == roster_event_kind::rename_team) change.who.clear(), change.name = of.teams[d.below(of.teams.size())] + "x";
        const auto  done = e.change_roster(change);
        std::string s = done ? "" : done.error().what() + '\n';
        if (done)
            for (const auto& r : done.value()) s += told(r);
        return s;
    }
    if (d.chance(8)) {
        std::string s;
        for (const auto& r : e.advance(now)) s += told(r);
        return s;
    }
    const auto id = any();
    return told(e.submit(id, of.any_command(d, *e.get(id), now)));
}

instant later(dice& d, instant now) { return now + std::chrono::hours{d.chance(4) ? d.below(24 * 40) : d.below(30)}; }

/// The same state, in engines that have each their own charters in memory.
bool same_state(proposal a, const proposal& b) {
    a.by = b.by;
    return a == b;
}

std::string joined(const names& all) {
    std::string s;
    for (const auto& a : all) s += a + ' ';
    return s + '\n';
}
std::string in_words(std::optional<instant> t) { return t ? to_string(*t) + '\n' : "never\n"; }

/// All that can be asked of an engine, as everybody who may ask.
std::string answers(const engine& e, const played& of, instant now) {
    std::string s = in_words(e.next_change()) + to_json(e.people());
    for (std::size_t i = 0; i < e.people().people(); ++i) s += std::string(e.people().id(static_cast<person>(i))) + ' ';
    const std::vector<viewer> viewers{viewer::host(), viewer{}, viewer::as(of.persons[0]), viewer::as(of.persons.back())};
    for (const auto& v : viewers) {
        s += joined(e.list({}, v)) + joined(e.list({.open_only = true}, v)) + joined(e.list({.in = phase::accepted, .most = 2}, v));
        for (const auto& p : of.rules.processes()) s += joined(e.list({.process = p.name}, v)) + joined(e.waiting(p.name, p.stages[0].name, now, v));
        for (int i = 0; i < 5; ++i) s += joined(e.find("s" + std::to_string(i), v));
        for (const auto& who : of.persons) s += joined(e.pending_of(who, v));
    }
    for (const auto& id : e.list()) {
        s += in_words(e.next_change(id));
        for (const auto& v : viewers) {
            if (const auto x = e.explain(id, now, v)) s += to_json(x.value()) + '\n';
            if (const auto past = e.history(id, v))
                for (const auto& x : past.value()) s += to_json(x) + '\n';
            const auto counted = e.count(id, v);
            s += counted ? std::to_string(counted.value().ballots.size()) : counted.error().what();
        }
    }
    return s;
}

parts two_ends() {
    parts t;
    t.allow = R"("cast": "electorate", "withdraw": "author")";
    t.exits = R"({"on": "withdraw", "to": "withdrawn"}, {"when": "approve >= 2", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})";
    return t;
}

/// Three proposals, of which the first two are decided, and a snapshot.
struct rested : house {
    std::shared_ptr<snapshot> kept = std::make_shared<snapshot>();
    rested() : house(two_ends()) {
        for (int i = 0; i < 3; ++i) (void)open({.subject = "s"});
        for (const auto* id : {"p-1", "p-2"})
            for (const auto* voter : {"ann", "ben"}) (void)say(id, day(1), std::string(voter) + ": cast approve");
        keeping k{this->house::kept, kept};
        CHECK(engine::compact(k).value().at_rest == 2);
    }
    std::unique_ptr<keeping> with() { return std::make_unique<keeping>(house::kept, kept); }
};

/// Proposals of many kinds, at rest or not, with all that a snapshot says of them.
struct crowded_rest : house {
    std::shared_ptr<snapshot> kept = std::make_shared<snapshot>();
    crowded_rest() : house(load_charter(R"j({ "title": "crowded", "processes": {)j" + kind("p", R"("per subject": "one", )") + ", " + kind("pp", "", R"("visible": "author", )") + ", " +
                                        kind("board", "", R"("places": 1, )") + ", " + kind("late", "", "", R"({"after": "90 days", "to": "lapsed"})") + ", " +
                                        kind("kept", "", "", R"({"when": "approve >= 2", "held": "90 days", "to": "lapsed"})") + ", " +
                                        kind("slow", "", "", R"({"when": "in_stage > 90 days", "to": "lapsed"})") + ", " +
                                        kind("timed", "", R"("clock": {"runs while": "approve >= 9"}, )", R"({"when": "approve >= 9", "to": "lapsed"})") + "} }", "crowded.json").value()) {
        for (const auto* process : {"p", "pp", "late", "kept", "slow", "timed", "p"}) {
            const auto id = open({.process = process, .by = "x", .subject = "s" + std::to_string(runs.list().size())});
            CHECK(say(id, day(1), "ann: cast approve") == "");
            CHECK(stage(id) == "shelf");
        }
        CHECK(open({.process = "p", .subject = "t"}) == "p-8");
        CHECK(open({.process = "board", .parent = "p-7", .at = day(2)}) == "board-9");
        keeping k{this->house::kept, kept};
        CHECK(engine::compact(k).value().at_rest == 2);  // p-1 and pp-2: the others wait for something, or board-9 looks at them
    }
    /// One approval puts it on the shelf.
    static std::string kind(const std::string& name, const std::string& own, const std::string& shelf = "", const std::string& ways_out = "") {
        return "\"" + name + R"j(": { )j" + own + R"j("electorate": { "of": "team(core)" }, "positions": { "approve": {} },
                "stages": { "talk": { "phase": "review", "allow": { "cast": "electorate" }, "exits": [ { "when": "approve >= 1", "to": "shelf" } ] },
                            "shelf": { "phase": "accepted", )j" + shelf + R"j("allow": { "reconsider": "everyone" },
                                       "exits": [ { "on": "reconsider", "to": "talk", "ballots": "clear" })j" + (ways_out.empty() ? "" : ", " + ways_out) + "] } } }";
    }
    /// What an engine over this journal says of everything, or why there is none.
    std::string seen_with(std::unique_ptr<journal> lent) const {
        const auto e = engine::make(rules, who, std::move(lent));
        if (!e) return e.error().what();
        std::string s;
        for (const auto& id : e.value().list()) {
            const auto x = e.value().explain(id, day(4));
            s += x ? to_json(x.value()) : x.error().what();
        }
        return s;
    }
};

}  // namespace

TEST_CASE("engine at rest: closed proposals are read only when somebody asks for them") {
    rested     h;
    auto       lent = h.with();
    const auto reads = lent->streams_read;
    engine     e(h.rules, h.who, std::move(lent));
    CHECK(*reads == 0);
    CHECK(e.list() == names{"p-1", "p-2", "p-3"});
    CHECK(e.list({.in = phase::accepted}) == names{"p-1", "p-2"});
    CHECK(e.list({.open_only = true}) == names{"p-3"});
    CHECK(e.find("s").size() == 3);
    CHECK(e.list({.waiting_for = "cem"}) == names{"p-3"});
    CHECK(e.next_change() == day(30));
    CHECK(e.advance(day(2)).empty());
    CHECK(*reads == 0);
    REQUIRE(e.get("p-2") != nullptr);
    CHECK(same_state(*e.get("p-2"), *h.runs.get("p-2")));
    CHECK(*reads == 1);
    CHECK(e.get("p-2")->now().name == "accepted");
    CHECK(*reads == 1);
    CHECK(e.submit("p-1", line(day(3), "cem: cast approve")).refused());
    CHECK(*reads == 2);
    CHECK(e.submit("p-3", line(day(3), "cem: cast approve")).accepted());
    CHECK(house::picture(e, day(4)) == house::picture(h.again(), day(4)));
}

TEST_CASE("engine at rest: what doesn't fit is not used, and nothing is different for that") {
    rested     h;
    const auto asked = [&](const roster& who) {
        auto       lent = h.with();
        const auto reads = lent->streams_read;
        engine     e(h.rules, who, std::move(lent));
        const bool same = house::picture(e, day(4)) == house::picture(engine(h.rules, who, h.lent()), day(4));
        CHECK(same);
        // Every one that rests is read by itself for its explanation; none is where all were folded. Histories are not asked for.
        return *reads != 0;
    };
    CHECK(asked(h.who));
    const auto good = h.kept->body;
    auto       other = people();
    CHECK(other.apply(roster_change(day(0), roster_event_kind::leave, "eve", "core")).has_value());
    CHECK_FALSE(asked(other));  // made under another roster
    auto with_guest = people();
    REQUIRE(with_guest.guest("stranger").has_value());
    CHECK_FALSE(asked(with_guest));  // whom its JSON doesn't name
    auto without_team = people();
    REQUIRE(without_team.apply({.at = day(0), .what = roster_event_kind::remove_team, .team = "empty"}).has_value());
    CHECK_FALSE(asked(without_team));
    const auto spoilt = [&](std::string_view what, std::string_view by) {
        h.kept->body = good;
        const auto at = h.kept->body.find(what);
        REQUIRE(at != std::string::npos);
        h.kept->body.replace(at, what.size(), by);
        const bool used = asked(h.who);
        keeping    k{h.house::kept, h.kept};
        const auto check = engine::check_snapshot(k);
        REQUIRE(check.has_value());
        CHECK(check.value()->fault.find("where the events give") != std::string::npos);
        return used;
    };
    CHECK_FALSE(spoilt("\"snapshot\":1", "\"snapshot\":2"));    // by a newer program
    CHECK_FALSE(spoilt("\"law\":1", "\"law\":7"));
    CHECK_FALSE(spoilt("\"base\":1", "\"base\":2"));
    CHECK_FALSE(spoilt("\"charter\":0", "\"charter\":9"));
    CHECK_FALSE(spoilt("\"stage\":\"accepted\"", "\"stage\":\"talk\""));  // one that is open can't rest
    CHECK_FALSE(spoilt("\"id\":\"p-3\"", "\"id\":\"p-2\""));
    CHECK_FALSE(spoilt("\"id\":\"p-3\"", "\"id\":\"p-9\""));
    CHECK_FALSE(spoilt("}\n{\"id\":\"p-3\"", "}{\"id\":\"p-3\""));
    CHECK_FALSE(spoilt(good.substr(good.size() / 2), ""));
    h.kept->body = good;
    h.kept->as_of = 3;
    CHECK_FALSE(asked(h.who));  // of other events
}

TEST_CASE("engine at rest: a forged end is found out by whoever looks at it, and by the check") {
    rested h;
    const auto at = h.kept->body.find("accepted");
    h.kept->body.replace(at, 8, "lapsed");
    engine e(h.rules, h.who, h.with());
    const auto x = e.explain("p-1", day(4));
    REQUIRE_FALSE(x.has_value());
    CHECK(x.error().code == errc::damaged);
    CHECK(has(x.error().what(), "quorate journal compact"));
    CHECK_THROWS_AS((void)e.get("p-1"), failure);
    CHECK(e.submit("p-1", line(day(3), "cem: cast approve")).failed());
    CHECK(e.submit("p-3", line(day(3), "cem: cast approve")).accepted());
    keeping    k{h.house::kept, h.kept};
    const auto check = engine::check_snapshot(k).value();
    REQUIRE(check.has_value());
    CHECK(has(check->fault, "lapsed"));
    CHECK(has(check->fault, "p-1"));
    h.kept->body.clear();
    CHECK(engine::compact(k).has_value());  // derived anew from the events
    CHECK(engine::check_snapshot(k).value()->fault.empty());
}

TEST_CASE("engine at rest: a journal that keeps no snapshots says so; one without proposals has nothing to keep") {
    house h(two_ends());
    const auto nothing = engine::compact(*h.kept);
    CHECK(nothing.error().code == errc::not_found);
    (void)h.open();
    CHECK(engine::compact(*h.kept).error().code == errc::unsupported);
    CHECK_FALSE(engine::check_snapshot(*h.kept).value().has_value());
}

TEST_CASE("engine at rest: those that were asked for rest again when they are many") {
    parts t = two_ends();
    house h(t);
    constexpr int many = 1'200;
    for (int i = 0; i < many; ++i) {
        const auto id = h.open();
        REQUIRE(h.say(id, day(1), "ann: withdraw") == "");
    }
    auto kept = std::make_shared<snapshot>();
    keeping k{h.kept, kept};
    CHECK(engine::compact(k).value().at_rest == many);
    auto       lent = std::make_unique<keeping>(h.kept, kept);
    const auto reads = lent->streams_read;
    engine     e(h.rules, h.who, std::move(lent));
    for (const auto& id : e.list({.most = many})) CHECK(e.get(id) != nullptr);
    CHECK(*reads == many);
    CHECK(e.refresh().has_value());
    CHECK(e.get("p-7")->now().name == "withdrawn");
    CHECK(*reads == many + 1);
}

TEST_CASE("engine at rest: what was taken up again and couldn't be stored rests again, and time passes by it") {
    parts t = two_ends();
    t.exits = R"({"on": "withdraw", "to": "shelf"}, {"after": "30 days", "to": "lapsed"})";
    t.stages = R"(, "shelf": {"phase": "postponed", "allow": {"revive": "author"}, "exits": [{"on": "revive", "to": "talk"}]})";
    house         h(t);
    constexpr int many = 1'002;
    for (int i = 0; i < many; ++i) {
        const auto id = h.open();
        REQUIRE(h.say(id, day(1), "ann: withdraw") == "");
    }
    auto    kept = std::make_shared<snapshot>();
    keeping k{h.kept, kept};
    CHECK(engine::compact(k).value().at_rest == many);
    auto       lent = std::make_unique<keeping>(h.kept, kept);
    const auto fails = lent->fails;
    engine     e(h.rules, h.who, std::move(lent));
    for (const auto& id : e.list({.most = many - 2})) CHECK(e.get(id) != nullptr);
    *fails = true;
    CHECK(e.submit("p-1", line(day(2), "ann: revive")).failed());
    CHECK(e.submit("p-2", line(day(3), "ann: revive")).failed());
    CHECK(e.get("p-1")->now().name == "shelf");
    const auto unread = e.submit("p-1002", line(day(2), "ann: revive"));  // not even read
    CHECK(unread.failed());
    CHECK(has(unread.fault().what(), "on fire"));
    CHECK_FALSE(e.explain("p-1002", day(2)).has_value());
    *fails = false;
    for (const auto* id : {"p-1001", "p-1002"}) CHECK(e.get(id) != nullptr);
    CHECK(e.refresh().has_value());  // all rest again
    CHECK(e.advance(day(32)).empty());  // when the first would have lapsed
    CHECK(e.change_roster(roster_change(day(60), roster_event_kind::leave, "eve", "core")).value().empty());
    CHECK(e.submit("p-1", line(day(61), "ann: revive")).accepted());
    CHECK(e.submit("p-1002", line(day(61), "ann: revive")).accepted());
    for (const auto& id : e.list({.most = many})) CHECK(e.get(id) != nullptr);
    CHECK(e.submit("p-3", line(day(61), "ann: revive")).accepted());
    CHECK(e.refresh().has_value());  // all rest again but the three
    CHECK(e.list({.open_only = true}) == names{"p-1", "p-3", "p-1002"});
    CHECK(e.advance(day(100)).size() == 3);
    CHECK(e.get("p-1")->now().name == "lapsed");
    CHECK(house::picture(e, day(101)) == house::picture(h.again(), day(101)));
}

TEST_CASE("engine at rest: whichever byte of a snapshot is gone or another, engines can be made all the same, and the check finds it") {
    crowded_rest h;
    const auto   good = h.kept->body;
    const auto   look = [&] {
        CHECK_FALSE(h.seen_with(std::make_unique<keeping>(h.house::kept, h.kept)).empty());
        keeping k{h.house::kept, h.kept};
        CHECK_FALSE(engine::check_snapshot(k).value()->fault.empty());
    };
    for (std::size_t i = 0; i < good.size(); i += effort_divisor * effort_divisor) {
        CAPTURE(i);
        h.kept->body = good.substr(0, i) + good.substr(i + 1);
        look();
        h.kept->body = good;
        h.kept->body[i] = good[i] == '0' ? '1' : '0';
        look();
    }
    for (const auto* more : {"x", "{\"id\":\"p-10\"}\n"}) {
        h.kept->body = good + more;
        look();
    }
    h.kept->body = good.substr(0, good.size() - 1);
    h.kept->body.replace(h.kept->body.find(R"("process":"pp")"), 14, R"("process":"p")");  // one whose stages have the same names
    CHECK_FALSE(h.seen_with(std::make_unique<keeping>(h.house::kept, h.kept)).empty());
    h.kept->body += '\n';
    CHECK(has(h.seen_with(std::make_unique<keeping>(h.house::kept, h.kept)), "the journal's snapshot is not what its events give"));
    h.kept->body = good;
    CHECK(h.seen_with(std::make_unique<keeping>(h.house::kept, h.kept)) == h.seen_with(h.lent()));
    keeping k{h.house::kept, h.kept};
    CHECK(engine::check_snapshot(k).value()->fault.empty());
}

TEST_CASE("engine at rest: a check of an older snapshot looks at what came before it only") {
    crowded_rest h;
    CHECK(h.runs.change_roster(roster_change(day(3), roster_event_kind::leave, "eve", "core")).has_value());
    CHECK(h.say("p-8", day(4), "ben: cast approve") == "");
    keeping k{h.house::kept, h.kept};
    CHECK(engine::check_snapshot(k).value()->fault.empty());
    CHECK(h.seen_with(std::make_unique<keeping>(h.house::kept, h.kept)) == h.seen_with(h.lent()));
}

TEST_CASE("engine at rest: altered rows are found whether a snapshot skips them or not") {
    crowded_rest h;
    const auto   over = [&](std::function<bool(stored_event&)> change) {
        return h.seen_with(std::make_unique<keeping>(std::make_shared<journal_support::altered>(h.house::kept, std::move(change)), h.kept));
    };
    const auto good = over([](stored_event&) { return true; });
    CHECK(has(over([](stored_event& s) {
        if (s.stream == "charter") s.what.text += ' ';
        return true;
    }), "charter"));
    CHECK(has(over([](stored_event& s) { return s.stream != "p-8"; }), "p-8") == false);  // not opened, as far as anybody can tell
    CHECK(over([](stored_event& s) {
        if (s.stream == "p-8") s.what.detail = "q";
        return true;
    }) == "p-8: it was not opened under a process of its charter");
    // Those at rest are read when somebody asks.
    for (const auto& change : std::vector<std::function<void(stored_event&)>>{
             [](stored_event& s) { s.what.charter = std::string(64, '0'); }, [](stored_event& s) { s.what.detail = "q"; }, [](stored_event& s) { s.what.subject = "agree"; }}) {
        const auto said = over([&](stored_event& s) {
            if (s.stream == "p-1") change(s);
            return true;
        });
        CHECK(said != good);
        CHECK(has(said, "p-1"));
    }
}

TEST_CASE("engine at rest: one that can't be told from its own events alone doesn't rest") {
    crowded_rest h;
    /// Of one stream it says something else than of all.
    struct two_faced final : keeping {
        using keeping::keeping;
        result<void> read(std::string_view stream, std::uint64_t after, const std::function<bool(const stored_event&)>& v) override {
            return keeping::read(stream, after, [&](const stored_event& s) {
                auto row = s;
                if (stream == "pp-2" && row.what.kind == event_kind::opened) row.what.detail = "q";
                return v(row);
            });
        }
    };
    two_faced k{h.house::kept, h.kept};
    CHECK(engine::compact(k).value().at_rest == 1);
}

TEST_CASE("engine at rest: who asks for one that can't be read is told so, and what happened to it is seen later") {
    crowded_rest h;
    auto         lent = std::make_unique<keeping>(h.house::kept, h.kept);
    const auto   fails = lent->fails;
    engine       e(h.rules, h.who, std::move(lent));
    *fails = true;
    CHECK_THROWS_AS((void)e.list({}, viewer::as("ann")), failure);  // of pp-2 only its author may know
    CHECK(e.list().size() == 9);
    CHECK(h.say("pp-2", day(3), "ben: reconsider") == "");
    CHECK_FALSE(e.refresh().has_value());
    *fails = false;
    CHECK(e.refresh().has_value());
    CHECK(e.get("pp-2")->now().name == "talk");
    CHECK(e.list({}, viewer::as("ann")).size() == 9);  // in that stage everybody may
    const auto again = e.open({.process = "p", .by = "ann", .subject = "s0", .at = day(3)});
    REQUIRE_FALSE(again.has_value());
    CHECK(has(again.error().what(), "p-1, in stage \"shelf\""));
}

TEST_CASE("engine at rest: random histories under all shipped charters, answered and continued with a snapshot and without") {
    const auto* more = std::getenv("QUORATE_HISTORIES");  // of each charter, where there is time
    const auto  rounds = more != nullptr ? std::strtoull(more, nullptr, 10) : effort(5);
    std::size_t rests = 0, closed = 0, processes = 0, differences = 0, taken_up = 0;
    for (const auto& file : std::filesystem::directory_iterator(charters)) {
        if (file.path().extension() != ".json") continue;
        const played of(file.path().filename().string());
        for (std::uint64_t round = 0; round < rounds; ++round) {
            INFO(file.path().filename().string() << ", round " << round);
            dice                     d{round * 7919 + of.rules.get().text.size()};
            std::shared_ptr<journal> all = memory_journal();
            auto                     kept = std::make_shared<snapshot>();
            instant                  now = day(0);
            const auto               on = [&](engine& e, int n) {
                for (int i = 0; i < n; ++i) (void)step(e, of, dice{d.below(1'000'000)}, now = later(d, now));
                (void)e.advance(now);
            };
            {
                engine e(of.rules, of.who, std::make_unique<journal_support::handing_on>(all));
                on(e, 40);
            }
            keeping k{all, kept};
            auto    done = engine::compact(k);
            if (!done) continue;  // nothing could be opened
            if (d.chance(2)) {  // and go on from there, and keep that
                engine e(of.rules, of.who, std::make_unique<keeping>(all, kept));
                on(e, 10);
                done = engine::compact(k);
            }
            const auto check = engine::check_snapshot(k);
            REQUIRE(check.has_value());
            CHECK(check.value()->fault == "");
            {
                engine e(of.rules, of.who, std::make_unique<journal_support::handing_on>(all));
                if (d.chance(2)) on(e, 5);  // what the snapshot doesn't know
            }
            engine plain(of.rules, of.who, std::make_unique<journal_support::handing_on>(copy_of(*all)));
            engine begun(of.rules, of.who, std::make_unique<keeping>(copy_of(*all), kept));
            if (d.chance(2)) differences += answers(plain, of, now) != answers(begun, of, now);
            for (int i = 0; i < 12; ++i) {
                const dice one{d.below(1'000'000)};
                now = later(d, now);
                const auto wanted = step(plain, of, one, now);
                taken_up += wanted.find("acted") != std::string::npos;
                differences += wanted != step(begun, of, one, now);
            }
            differences += answers(plain, of, now) != answers(begun, of, now);
            CHECK(differences == 0);
            for (const auto& id : plain.list()) differences += !same_state(*plain.get(id), *begun.get(id));
            CHECK(differences == 0);
            rests += done.value().at_rest;
            closed += plain.list().size() - plain.list({.open_only = true}).size();
        }
        ++processes;
    }
    MESSAGE(processes << " charters, " << closed << " closed proposals, " << rests << " of them at rest, " << taken_up << " commands taken afterwards");
    CHECK(processes >= 35);
    CHECK(rests >= rounds * 60);
    CHECK(taken_up >= rounds * 20);
}
