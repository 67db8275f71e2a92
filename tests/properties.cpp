// What holds for every sequence of commands, under shipped charters and random small ones.
#include <doctest/doctest.h>

#include <cstdlib>
#include <tuple>

#include <rapidcheck.h>

#include <quorate/what_if.hpp>

#include "random_rules.hpp"
#include "effort.hpp"
#include "support.hpp"

using namespace support;

namespace {

const bool seeded = seed_rapidcheck();

using steps = std::vector<std::tuple<int, int, int, int>>;  // who, what, about which, after how many sixths of a day

rc::Gen<steps> any_steps() {
    return rc::gen::container<steps>(rc::gen::tuple(rc::gen::inRange(0, 9), rc::gen::inRange(0, 25), rc::gen::inRange(0, 4),
                                                    rc::gen::weightedElement<int>({{6, 0}, {4, 1}, {2, 6}, {1, 70}})));
}

/// A random charter: one stage to vote in, with a rule over ballots, clocks and concerns, perhaps a held one.
std::string random_charter(int seed) {
    random_rules::dice d{static_cast<std::uint64_t>(seed) * 7919 + 1};
    const auto         rule = [&] {
        const std::string ballots = "approve " + d.one_of<std::string>({">=", ">"}) + " " +
                                    d.one_of<std::string>({"1", "2", "1/2 of eligible", "1/3 of cast", "reject", "2 * reject + 1"});
        const std::string also = d.one_of<std::string>({"", "", " and concerns == 0", " and outstanding < 3", " and in_stage >= 2 days", " and holds == 0",
                                                        " and reject == 0", " and approve in leads(core) >= 1", " and approve by distinct(affiliation) >= 2",
                                                        " and possible(reject >= 3)", " and not certain(reject < 2)"});
        return ballots + also;
    };
    parts t;
    t.electorate = d.chance(50) ? R"j({"of": "team(core)", "taken": "at open"})j" : R"j({"of": "team(core)", "recused": "leave"})j";
    t.positions = d.chance(50) ? R"({"approve": {}, "reject": {}, "abstain": {"base": false}})" : R"({"approve": {}, "reject": {"reason": "required"}, "abstain": {"binding": false}})";
    t.more = d.one_of<std::string>({"", R"("ballots": {"revisable": false},)", R"("concerns": {"seconds": 1},)", R"("concerns": {"names": "once"},)"});
    t.more += R"("revisions": {"small": {"editorial": true}, "big": {"ballots": "clear"}}, "dispositions": ["merge", "close"],)";
    t.stage = d.chance(40) ? R"("clock": {"runs while": "holds == 0"}, "extend": {"at most": "5 days"},)" : R"("extend": {"at most": "3 days"},)";
    t.allow = R"j("cast, withdraw ballot, recuse, hold, release": "electorate", "raise, second, withdraw second": "everyone", "resolve": "raiser",
                  "revise, withdraw": "author", "cancel, extend, assign": "team(core)", "cast for another, override": "leads(core)", "ask, answer": "everyone")j";
    t.exits = R"({"on": "withdraw", "to": "withdrawn"}, {"when": ")" + rule() + "\"" + (d.chance(40) ? R"(, "held": "2 days")" : "") + R"(, "to": "next"},)" +
              R"({"after": ")" + d.one_of<std::string>({"3 days", "5 days", "1 weeks"}) + "\"" + (d.chance(50) ? R"(, "if": ")" + rule() + "\"" : "") +
              (d.chance(30) ? R"(, "end": "open")" : "") + (d.chance(30) ? R"(, "since": "revision")" : "") + R"(, "to": "accepted"},)" +
              (d.chance(30) ? R"({"unless": "eligible > 2 or )" + rule() + R"(", "if": ")" + rule() + R"(", "to": "rejected"},)" : "") +
              R"({"after": "2 weeks", "to": "lapsed"})";
    t.stages = R"j(, "next": {"phase": "final_comment", "allow": {"cast": "electorate", "raise": "everyone", "resolve": "raiser", "revise, withdraw": "author"},
                     "exits": [{"on": "revise", "if": "revision_kind == big", "to": "talk"}, {"on": "withdraw", "to": "withdrawn"},
                               {"after": "3 days", "if": "concerns == 0", "to": "accepted"}, {"after": "4 days", "to": "talk", "ballots": "clear"}]})j";
    return t.text();
}

/// A proposal under one of the charters.
matter any_matter(int which) {
    if (which == 0) return matter(load_charter_file(charters + "rfc.json").value(), people(), {.by = "ben"});
    if (which == 1) return matter(load_charter_file(charters + "rust.json").value(), people(), {.by = "ben", .teams = {"core"}});
    return matter(load(random_charter(which)), people(), {.by = "ben"});
}

/// The command that a step stands for.
command command_of(const matter& m, const std::tuple<int, int, int, int>& step, instant now) {
    static const names who{"ann", "ben", "cem", "dan", "eve", "fay", "gus", "hal", "guest"};
    const auto  by = std::get<0>(step), what = std::get<1>(step), about = std::get<2>(step);  // clang 14 captures no bindings
    const auto& p = *m.p.by;
    const auto  one = [&](const auto& list, const std::string& none) { return list.empty() ? none : std::string(list[static_cast<std::size_t>(about) % list.size()]); };
    names       positions, kinds;
    for (const auto& x : p.positions) positions.push_back(x.name);
    for (const auto& x : p.revisions) kinds.push_back(x.name);
    const std::string concern = about % 2 == 0 ? "x" : "y";
    const names       deeds{"cast " + one(positions, "?"), "cast " + one(positions, "?"), "cast " + one(positions, "?"), "cast " + one(positions, "?"),
                      "cast " + one(positions, "?"), "cast " + one(positions, "?") + " for " + who[static_cast<std::size_t>(about)],
                      "withdraw ballot", "raise " + concern, "raise " + concern, "resolve " + concern, "second", "second " + concern,
                      "withdraw second", "hold", "release", "recuse", "revise v as " + one(kinds, ""), "propose " + one(p.dispositions, ""),
                      "propose " + one(p.dispositions, ""), "cancel", "extend 1 day", "override " + concern, "adopt", "withdraw", about % 2 == 0 ? "assign in core" : "assign in core, docs"};
    auto text = who[static_cast<std::size_t>(by)] + ": " + deeds[static_cast<std::size_t>(what)];
    if (text.ends_with(" as ")) text.resize(text.size() - 4);
    return line(now, text + " because reasons");
}

std::string picture(const matter& m) { return to_json(explain(m.p, m.p.last, m.around())) + std::to_string(m.p.version); }

/// Plays all steps; `each` sees the state after every one, and the time.
template <class Each>
void play(matter& m, const steps& all, Each each) {
    instant now = day(0);
    for (const auto& s : all) {
        now += std::get<3>(s) * std::chrono::hours{4};
        const auto before = picture(m);
        const auto events = m.events.size();
        const auto refused = !m.take(command_of(m, s, now)).empty();
        if (refused && m.events.size() == events) RC_ASSERT(picture(m) == before);
        for (auto i = events; refused && i < m.events.size(); ++i) RC_ASSERT((m.events[i].kind != event_kind::acted || m.events[i].why == cause::rule));
        each(now);
    }
}

/// What accepted a proposal must have held, by the state folded up to just before.
void outcome_is_earned(const matter& m) {
    auto p = begin(m.p.id, m.events.front(), m.rules, m.who).value();
    for (std::size_t i = 1; i < m.events.size(); ++i) {
        const auto& e = m.events[i];
        if (e.kind == event_kind::moved) {
            const auto& x = p.now().exits[static_cast<std::size_t>(*e.number)];
            evidence_of reading;
            const auto& facts = reading.take(p, e.at, m.around());
            RC_ASSERT((x.when.empty() || (read_now(x.when.view(), facts) == truth::met) == (x.by != trigger::unless)));
            RC_ASSERT((x.condition.empty() || read_now(x.condition.view(), facts) == truth::met));
            if (p.by->stages[x.to].in == phase::accepted) RC_ASSERT((p.open_concerns() == 0 || p.overridden));
        }
        RC_ASSERT(apply(p, e, m.who).has_value());
    }
}

void time_does_what_is_said(const matter& m) {
    const auto said = upcoming(m.p, m.around());
    auto       later = m;
    if (!said) {
        later.pass(m.p.last + duration(std::chrono::days{4'000}));
        RC_ASSERT(later.stage() == m.stage());
        return;
    }
    later.pass(said->at - tick);
    RC_ASSERT(later.stage() == m.stage());
    const auto events = later.events.size();
    later.pass(said->at);
    for (auto i = events; i < later.events.size(); ++i) {
        if (later.events[i].kind != event_kind::moved) continue;
        RC_ASSERT(later.events[i].subject == m.p.by->stages[said->to].name);
        RC_ASSERT(later.events[i].at == said->at);
        return;
    }
    RC_FAIL("nothing moved");
}

/// Casts what "2 of ann, ben choosing approve and 1 of cem choosing reject" asks for. False when it is too long to be listed.
bool cast_enough(matter& m, std::string enough, instant now) {
    names spent;  // one ballot each
    while (!enough.empty()) {
        const auto and_ = enough.find(" and ");
        auto       part = enough.substr(0, and_);
        enough = and_ == std::string::npos ? "" : enough.substr(and_ + 5);
        auto       count = std::atoi(part.c_str());
        const auto choosing = part.find(" choosing ");
        const auto position = choosing == std::string::npos ? m.p.by->positions.front().name : part.substr(choosing + 10);
        const auto from = part.find(" of ") + 4;
        auto       list = part.substr(from, choosing == std::string::npos ? choosing : choosing - from);
        if (list.starts_with("the ")) return false;
        const auto stage = m.p.version;
        while (count > 0 && !list.empty()) {
            const auto last = list.rfind(", ");  // the last ones: "any of them" must mean it
            const auto name = last == std::string::npos ? list : list.substr(last + 2);
            list = last == std::string::npos ? "" : list.substr(0, last);
            if (std::find(spent.begin(), spent.end(), name) != spent.end()) continue;
            spent.push_back(name);
            --count;
            const auto events = m.events.size();
            RC_ASSERT(m.say(now, name + ": cast " + position + " because reasons") == "");
            for (auto i = events; i < m.events.size(); ++i)
                if (m.events[i].kind == event_kind::moved) return true;
        }
        RC_ASSERT(m.p.version > stage);
    }
    return true;
}

void explanation_is_true(matter m, instant now) {
    m.pass(now);  // after a refused command at the very instant of a deadline that is still to come
    const auto e = m.why(now);
    for (const auto& x : e.exits) {
        if (x.by != trigger::when && x.by != trigger::unless) continue;
        RC_ASSERT(x.now != truth::met);  // else it would have been taken
        if (x.enough.empty()) continue;
        auto       other = m;
        const auto events = m.events.size();
        if (!cast_enough(other, x.enough, now)) continue;
        bool moved = false;
        for (auto i = events; i < other.events.size(); ++i) moved = moved || other.events[i].kind == event_kind::moved;
        RC_ASSERT(moved);
    }
}

/// Nothing that members may do with their ballots makes a certain rule other than met.
void certain_is_certain(const matter& m, const steps& more, instant now) {
    auto       other = m;
    const auto stage = m.p.stage;
    const auto entered = m.p.entered;
    names      certain;
    for (const auto& x : m.why(now).exits)
        if (x.by != trigger::on && x.certain) certain.push_back(x.says);
    for (const auto& [by, what, about, later] : more) {
        if (what > 6) continue;  // ballots only
        other.take(command_of(other, {by, what, about, later}, now));
        if (other.p.stage != stage || other.p.entered != entered) return;
        for (const auto& x : other.why(now).exits)
            if (std::find(certain.begin(), certain.end(), x.says) != certain.end()) RC_ASSERT(x.now == truth::met);
    }
}

/// What a journal would hold of it.
std::vector<stored_event> record_of(const matter& m, const roster& before) {
    std::vector<stored_event> record{
        {1, "charter", 1, {.kind = event_kind::document, .subject = m.rules.hash(), .detail = m.rules.get().name, .text = m.rules.get().text}},
        {2, "roster", 1, {.kind = event_kind::document, .detail = "roster", .text = to_json(before)}}};
    for (const auto& e : m.events) record.push_back({record.size() + 1, m.p.id, record.size() - 1, e});
    return record;
}

}  // namespace

TEST_CASE("properties: the seed is fixed") {
    CHECK(seeded);
    MESSAGE("RC_PARAMS=" << std::string(std::getenv("RC_PARAMS")));
}

TEST_CASE("properties: the stored events give the state again, refusals change nothing, outcomes are earned") {
    CHECK(rc::check([] {
        auto m = any_matter(*rc::gen::inRange(0, 60));
        play(m, *any_steps(), [&](instant) {});
        RC_ASSERT(m.replays());
        outcome_is_earned(m);
        auto later = m;
        later.pass(day(400));
        RC_ASSERT(later.replays());
        outcome_is_earned(later);
    }));
}

TEST_CASE("properties: what is said of the future is what happens") {
    CHECK(rc::check([] {
        auto m = any_matter(*rc::gen::inRange(0, 60));
        play(m, *any_steps(), [&](instant now) {
            if (m.p.outcome()) return;
            explanation_is_true(m, now);
        });
        time_does_what_is_said(m);
    }));
}

TEST_CASE("properties: what is certain stays so whatever members choose") {
    CHECK(rc::check([] {
        auto    m = any_matter(*rc::gen::inRange(0, 60));
        instant last = day(0);
        play(m, *any_steps(), [&](instant now) { last = now; });
        if (!m.p.outcome()) certain_is_certain(m, *any_steps(), last);
    }));
}

TEST_CASE("properties: passing time in one go or in many is the same") {
    CHECK(rc::check([] {
        auto m = any_matter(*rc::gen::inRange(0, 60));
        play(m, *any_steps(), [](instant) {});
        auto       slow = m;
        const auto start = m.p.last;
        for (const auto hours : *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 200))) slow.pass(std::max(slow.p.last, start) + hours * hour);
        m.pass(day(1'000));
        slow.pass(day(1'000));
        RC_ASSERT(m.stage() == slow.stage());
        RC_ASSERT(m.p.entered == slow.p.entered);
        RC_ASSERT(m.p.version == slow.p.version);
    }));
}

TEST_CASE("properties: the order of independent ballots doesn't matter") {
    CHECK(rc::check([] {
        parts t;
        t.exits = R"({"when": "approve >= )" + std::to_string(*rc::gen::inRange(1, 6)) + R"(", "to": "accepted"}, {"after": "9 days", "if": "reject > approve", "to": "rejected"},
                     {"after": "9 days", "to": "lapsed"})";
        const auto c = load(t.text());
        names      said;
        for (const auto* who : {"ann", "ben", "cem", "dan", "eve"}) {
            const auto p = *rc::gen::inRange(0, 4);
            if (p < 3) said.push_back(std::string(who) + ": cast " + c.processes()[0].positions[static_cast<std::size_t>(p)].name);
        }
        matter in_order(c), mixed(c);
        auto   other = said;
        for (std::size_t i = other.size(); i > 1; --i) std::swap(other[i - 1], other[static_cast<std::size_t>(*rc::gen::inRange<int>(0, static_cast<int>(i)))]);
        for (const auto& s : said) in_order.say(day(1), s);
        for (const auto& s : other) mixed.say(day(1), s);
        in_order.pass(day(10));
        mixed.pass(day(10));
        RC_ASSERT(in_order.stage() == mixed.stage());
    }));
}

TEST_CASE("properties: a record asked again under its own charter goes alike, and under another one to some end without a fault") {
    CHECK(rc::check([] {
        auto m = any_matter(*rc::gen::inRange(0, 60));
        play(m, *any_steps(), [](instant) {});
        const auto record = record_of(m, people());
        const auto same = what_if(record, m.rules).value();
        if (same.differing > 0) RC_FAIL(to_string(same));
        RC_ASSERT(same.all.at(0).recorded.stays.back().since == m.p.entered);
        what_if_options how;
        const auto      other = any_matter(*rc::gen::inRange(0, 60)).rules;
        if (m.p.by->name != other.processes().front().name) how.processes = {{m.p.by->name, other.processes().front().name}};
        const auto r = what_if(record, other, how).value();
        RC_ASSERT(r.problems == 0);
        RC_ASSERT(r.all.at(0).recorded.stays.size() == same.all.at(0).recorded.stays.size());
    }));
}
