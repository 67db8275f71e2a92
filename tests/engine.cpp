// The engine: commands in, receipts out, everything in a journal.
#include <doctest/doctest.h>

#include <quorate/engine.hpp>

#include "house.hpp"

using namespace support;

namespace {

parts two_approve() {
    parts t;
    t.exits = R"({"when": "approve >= 2", "to": "accepted", "effects": ["announce"]}, {"after": "30 days", "to": "lapsed"})";
    return t;
}

}  // namespace

TEST_CASE("engine: a proposal is opened, decided, and found") {
    house      h(two_approve());
    const auto a = h.open({.subject = "repo#1", .title = "First"});
    const auto b = h.open({.subject = "repo#2"});
    const auto c = h.open({.by = "stranger", .subject = "repo#1"});
    CHECK(names{a, b, c} == names{"p-1", "p-2", "p-3"});
    CHECK(h.runs.find("repo#1") == names{a, c});
    CHECK(h.runs.find("repo").empty());
    CHECK(h.say(a, day(1), "ann: cast approve") == "");
    CHECK(h.say(b, day(1), "ann: cast approve") == "");
    CHECK(h.say(a, day(2), "ben: cast approve") == "");
    CHECK(h.stage(a) == "accepted");
    CHECK(h.runs.list({.open_only = true}) == names{b, c});
    CHECK(h.runs.list({.in = phase::accepted}) == names{a});
    CHECK(h.runs.list({.process = "q"}).empty());
    CHECK(h.runs.list({.most = 2}).size() == 2);
    CHECK(h.runs.pending_of("ann") == names{c});
    CHECK(h.runs.pending_of("ben") == names{b, c});
    CHECK(h.runs.pending_of("fay").empty());
    CHECK(h.runs.pending_of("nobody").empty());
    CHECK(h.runs.get("p-9") == nullptr);
    CHECK(h.say("p-9", day(1), "ann: cast approve") == "fault: there is no proposal \"p-9\" that ann may see");
    CHECK_FALSE(h.runs.explain("p-9", day(1)).has_value());
    const auto past = h.runs.history(a).value();
    CHECK(past.size() == 5);
    CHECK(past.front().kind == event_kind::opened);
    CHECK(past.back().subject == "accepted");
    CHECK(house::picture(h.again(), day(3)) == house::picture(h.runs, day(3)));
}

TEST_CASE("engine: nobody is waited for where nobody may cast") {
    auto t = two_approve();
    t.in = "draft";
    t.allow = R"("withdraw": "author")";
    t.exits = R"({"on": "withdraw", "to": "withdrawn"}, {"after": "3 days", "to": "vote"})";
    t.stages = R"(, "vote": {"phase": "approval", "allow": {"cast": "electorate"}, "exits": [{"when": "approve >= 2", "to": "accepted"}]})";
    house      h(t);
    const auto id = h.open();
    CHECK(h.runs.pending_of("ben").empty());
    CHECK(h.runs.advance(day(4)).size() == 1);
    CHECK(h.runs.pending_of("ben") == names{id});
}

TEST_CASE("engine: opening is refused with a reason, and then nothing is opened") {
    auto t = two_approve();
    t.more = R"j("open": "team(core)",)j";
    house h(t);
    const auto why = [&](opening o) {
        const auto r = h.runs.open(o);
        return r ? std::string() : r.error().what();
    };
    CHECK(has(why({.process = "q", .by = "ann", .at = day(0)}), "there is no process \"q\""));
    CHECK(has(why({.process = "p", .by = "gus", .at = day(0)}), "gus may not open"));
    CHECK(has(why({.process = "p", .by = "ann", .teams = {"cor"}, .at = day(0)}), "there is no team"));
    CHECK(has(why({.process = "p", .by = "ann", .parent = "p-1", .at = day(0)}), "there is no parent proposal"));
    CHECK(h.runs.list().empty());
    CHECK(h.kept->last().value() == 0);
}

TEST_CASE("engine: receipts carry the events, also of what was due before a refused command") {
    house      h(two_approve());
    const auto id = h.open();
    const auto r = h.runs.submit(id, line(day(1), "ann: cast approve"));
    CHECK(r.accepted());
    CHECK(r.proposal == id);
    CHECK(r.events.size() == 1);
    const auto late = h.runs.submit(id, line(day(40), "ben: cast approve"));
    CHECK(late.refused());
    CHECK(late.refusal().by == refused_by::law);
    REQUIRE(late.events.size() == 1);
    CHECK(late.events[0].at == day(30));
    CHECK(late.events[0].noted == day(40));
    CHECK(h.stage(id) == "lapsed");
    CHECK(house::picture(h.again(), day(41)) == house::picture(h.runs, day(41)));
}

TEST_CASE("engine: time passes for all proposals, in the order in which it happens") {
    house      h(two_approve());
    const auto a = h.open({.at = day(3)});
    const auto b = h.open({.at = day(1)});
    const auto c = h.open({.at = day(2)});
    CHECK(h.runs.next_change() == day(31));
    CHECK(h.runs.next_change(a) == day(33));
    CHECK(h.runs.advance(day(31) - tick).empty());
    const auto done = h.runs.advance(day(60));
    REQUIRE(done.size() == 3);
    CHECK(names{done[0].proposal, done[1].proposal, done[2].proposal} == names{b, c, a});
    CHECK(done[0].events[0].at == day(31));
    CHECK(done[0].events[0].noted == day(60));
    CHECK_FALSE(h.runs.next_change().has_value());
    CHECK_FALSE(h.runs.next_change("p-9").has_value());
    CHECK(h.runs.advance(day(61)).empty());
}

TEST_CASE("engine: a deadline survives refused commands that pass other instants") {
    auto t = two_approve();
    t.exits = R"({"when": "open_for > 3 days and approve >= 3", "to": "accepted"}, {"after": "9 days", "to": "lapsed"})";
    house      h(t);
    const auto id = h.open();
    CHECK(has(h.say(id, day(5), "fay: cast approve"), "may not cast"));  // passes the instant after day 3, where nothing moves
    CHECK(h.runs.next_change(id) == day(9));
    CHECK(h.runs.advance(day(20)).size() == 1);
    CHECK(h.stage(id) == "lapsed");
}

TEST_CASE("engine: one proposal that goes round in circles doesn't keep the others from going on") {
    auto t = two_approve();
    t.exits = R"({"after": "1 days", "if": "reject >= 1", "to": "two"}, {"after": "30 days", "to": "lapsed"})";
    t.stages = R"(, "two": {"phase": "review", "exits": [{"when": "reject >= 1", "to": "three"}, {"after": "1 days", "to": "lapsed"}]},
                    "three": {"phase": "review", "exits": [{"when": "reject >= 1", "to": "two"}]})";
    house      h(t);
    const auto bad = h.open(), good = h.open();
    CHECK(h.say(bad, day(0), "ann: cast reject") == "");
    for (int i = 0; i < 2; ++i) {
        const auto done = h.runs.advance(day(40 + i));
        REQUIRE(done.size() == (i == 0 ? 2 : 1));
        CHECK(done[0].failed());
        CHECK(done[0].fault().code == errc::limit);
        CHECK(done[0].proposal == bad);
        CHECK(h.stage(good) == "lapsed");
    }
    CHECK(has(h.say(bad, day(50), "ben: cast reject"), "fault: "));
    CHECK(h.stage(bad) == "talk");
}

TEST_CASE("engine: the same key answers the same again, for refusals and openings too") {
    house      h(two_approve());
    opening    o{.process = "p", .by = "ann", .subject = "s", .at = day(0), .key = "k0"};
    const auto id = h.runs.open(o).value();
    CHECK(h.runs.open(o).value() == id);
    CHECK(h.runs.list().size() == 1);
    o.subject = "other";
    CHECK(h.runs.open(o).error().code == errc::conflict);
    CHECK(h.say(id, day(1), "ann: cast approve", "k1") == "");
    const auto again = h.runs.submit(id, [] { auto c = line(day(1), "ann: cast approve"); c.key = "k1"; return c; }());
    CHECK(again.accepted());
    CHECK(again.repeated);
    CHECK(again.events.empty());
    CHECK(again.proposal == id);
    CHECK(has(h.say(id, day(1), "ann: cast reject", "k1"), "was used for another command"));
    CHECK(h.runs.get(id)->version == 3);
    const auto no = h.say(id, day(2), "fay: cast approve", "k2");
    CHECK(has(no, "fay may not cast"));
    // fay joins, but the answer to that key was given
    CHECK(h.runs.change_roster(roster_change(day(3), roster_event_kind::join, "fay", "core")).has_value());
    CHECK(h.say(id, day(2), "fay: cast approve", "k2") == no);
    CHECK(h.say(id, day(4), "fay: cast approve", "k3") == "");
    auto later = h.again();
    auto c = line(day(2), "fay: cast approve");
    c.key = "k2";
    CHECK(to_string(later.submit(id, c).refusal()) == no);
    CHECK(later.open({.process = "p", .by = "ann", .subject = "s", .at = day(0), .key = "k0"}).value() == id);
}

TEST_CASE("engine: many commands in one transaction come to what they come to one by one") {
    const std::vector<std::string> said{"ann: cast approve", "fay: cast approve", "ben: cast approve", "cem: cast approve"};
    house                one(two_approve()), all(two_approve());
    const auto           id = one.open();
    CHECK(all.open() == id);
    std::vector<request> many;
    names                answers;
    for (const auto& s : said) {
        answers.push_back(one.say(id, day(1), s));
        many.push_back({id, line(day(1), s)});
    }
    many.push_back({"p-9", line(day(1), "ann: cast approve")});
    const auto receipts = all.runs.submit(many);
    REQUIRE(receipts.size() == 5);
    for (std::size_t i = 0; i < said.size(); ++i) {
        CHECK((receipts[i].refused() ? to_string(receipts[i].refusal()) : std::string()) == answers[i]);
        CHECK(receipts[i].events.size() == (i == 1 || i == 3 ? 0 : i == 2 ? 2 : 1));
    }
    CHECK(receipts[4].fault().code == errc::not_found);
    CHECK(house::picture(all.runs, day(2)) == house::picture(one.runs, day(2)));
    CHECK(house::picture(all.again(), day(2)) == house::picture(one.runs, day(2)));
    // The same key twice in one batch: the second is the first again.
    many = {{id, line(day(3), "ann: cast reject")}, {id, line(day(3), "ann: cast reject")}};
    for (auto& m : many) m.what.key = "k";
    const auto twice = all.runs.submit(many);
    CHECK(twice[1].repeated);
    CHECK(all.runs.submit(std::span<const request>{}).empty());
}

TEST_CASE("engine: a batch about many proposals comes to what its commands come to one by one, and so does the next") {
    constexpr int        many = 100;
    house                one(two_approve()), all(two_approve());
    std::vector<request> first, second;
    for (int i = 0; i < many; ++i) {
        const auto id = one.open({.subject = "s-" + std::to_string(i)});
        CHECK(all.open({.subject = "s-" + std::to_string(i)}) == id);
        first.push_back({id, line(day(1), "ann: cast approve")});
        second.push_back({id, line(day(2), i % 2 == 0 ? "ben: cast approve" : "fay: cast approve")});
        CHECK(one.say(id, day(1), "ann: cast approve") == "");
        (void)one.say(id, day(2), i % 2 == 0 ? "ben: cast approve" : "fay: cast approve");
    }
    for (const auto& r : all.runs.submit(first)) CHECK(r.accepted());
    const auto receipts = all.runs.submit(second);
    REQUIRE(receipts.size() == many);
    for (int i = 0; i < many; ++i) {
        CHECK(receipts[static_cast<std::size_t>(i)].accepted() == (i % 2 == 0));
        CHECK(all.stage(second[static_cast<std::size_t>(i)].proposal) == (i % 2 == 0 ? "accepted" : "talk"));
    }
    CHECK(house::picture(all.runs, day(2)) == house::picture(one.runs, day(2)));
    CHECK(house::picture(all.again(), day(2)) == house::picture(one.runs, day(2)));
}

TEST_CASE("engine: a fault in a batch spoils nothing but its own command") {
    auto t = two_approve();
    t.exits = R"({"when": "reject >= 1", "to": "two"}, {"when": "approve >= 2", "to": "accepted"})";
    t.stages = R"(, "two": {"phase": "review", "exits": [{"when": "reject >= 1", "to": "talk"}]})";
    house      h(t);
    const auto a = h.open(), b = h.open();
    const auto r = h.runs.submit(std::vector<request>{{a, line(day(1), "ann: cast approve")}, {a, line(day(1), "ben: cast reject")},
                                                      {b, line(day(1), "ben: cast approve")}, {a, line(day(1), "cem: cast approve")}});
    REQUIRE(r.size() == 4);
    CHECK(r[0].accepted());
    CHECK(r[1].failed());
    CHECK(r[2].accepted());
    CHECK(r[3].accepted());
    CHECK(h.stage(a) == "accepted");
    CHECK(house::picture(h.again(), day(2)) == house::picture(h.runs, day(2)));
}

TEST_CASE("engine: effects leave through the outbox, each with what it is about as it came up") {
    auto t = two_approve();
    t.more = R"("dispositions": ["merge"],)";
    t.in = "draft";
    t.allow = R"("propose": "everyone")";
    t.exits = R"({"on": "propose", "to": "vote", "effects": [{"do": "label", "add": "proposed"}]})";
    t.stages = R"(, "vote": {"phase": "review", "effects": ["notify"], "exits": [{"when": "open_for >= 0 days", "to": "accepted", "effects": ["merge"]}]})";
    house      h(t);
    const auto id = h.open({.subject = "repo#1"});
    CHECK(h.runs.pending_effects().value().empty());
    CHECK(h.say(id, day(1), "ben: propose merge") == "");
    CHECK(h.stage(id) == "accepted");
    const auto all = h.runs.pending_effects().value();
    REQUIRE(all.size() == 3);
    CHECK(names{all[0].kind, all[1].kind, all[2].kind} == names{"label", "notify", "merge"});
    CHECK(has(all[0].payload, R"("add":"proposed")"));
    CHECK(has(all[0].payload, R"("subject":"repo#1")"));
    CHECK(has(all[0].payload, R"("stage":"vote")"));
    CHECK(has(all[2].payload, R"("stage":"accepted")"));
    CHECK(has(all[2].payload, R"("disposition":"merge")"));
    CHECK(all[0].proposal == id);
    CHECK(all[0].at == day(1));
    CHECK(h.runs.pending_effects(1).value().size() == 1);
    CHECK(h.runs.done(all[0].id).has_value());
    CHECK(h.runs.done(all[0].id).has_value());
    CHECK(h.runs.done(4711).error().code == errc::not_found);
    auto later = h.again();
    CHECK(later.pending_effects().value().size() == 2);  // starting again makes no new ones
}

TEST_CASE("engine: a proposal keeps the rules it was opened under") {
    auto before = two_approve(), after = two_approve();
    after.exits = R"({"when": "approve >= 4", "to": "accepted"}, {"after": "60 days", "to": "lapsed"})";
    house      h(before);
    const auto old = h.open();
    CHECK(h.say(old, day(1), "ann: cast approve") == "");
    auto       next = h.again(load(after.text()));
    const auto fresh = next.open({.process = "p", .by = "ann", .at = day(1)}).value();
    for (const auto& id : {old, fresh})
        for (const auto* who : {"ben: cast approve", "cem: cast approve"}) (void)next.submit(id, line(day(2), who));
    CHECK(next.get(old)->now().name == "accepted");
    CHECK(next.get(fresh)->now().name == "talk");
    CHECK(next.get(old)->under->hash() == h.rules.hash());
    CHECK(next.next_change(fresh) == day(61));
    // And under the old charter the other way round.
    const auto back = h.again();
    CHECK(back.get(fresh)->now().name == "talk");
    CHECK(back.next_change(fresh) == day(61));
    CHECK(back.get(fresh)->under->hash() == load(after.text()).hash());
}

TEST_CASE("engine: parameters given from outside belong to the pinned charter") {
    auto t = two_approve();
    t.exits = R"({"after": "length", "to": "lapsed"})";
    const auto text = one_process(t.text().substr(t.text().find("\"p\": {") + 6, t.text().size() - t.text().find("\"p\": {") - 9),
                                  R"("parameters": {"length": "10 days"}, )");
    const auto loaded = load_charter(text, "t", {{"length", "5 days"}});
    REQUIRE(loaded.has_value());
    house      h(loaded.value());
    const auto id = h.open();
    CHECK(h.runs.next_change(id) == day(5));
    CHECK(h.again().next_change(id) == day(5));
    CHECK(h.again(load(two_approve().text())).next_change(id) == day(5));
}

TEST_CASE("engine: a roster change is stored, and lets proposals follow") {
    auto t = two_approve();
    t.exits = R"({"when": "approve > 1/2 of eligible", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})";
    house      h(t);
    const auto id = h.open();
    for (const auto* who : {"ann: cast approve", "ben: cast approve"}) CHECK(h.say(id, day(1), who) == "");
    const auto first = h.runs.change_roster(roster_change(day(2), roster_event_kind::leave, "dan", "core"));
    REQUIRE(first.has_value());
    CHECK(first.value().size() == 1);
    CHECK(h.stage(id) == "talk");
    const auto second = h.runs.change_roster(roster_change(day(3), roster_event_kind::leave, "eve", "core"));
    CHECK(second.value().front().events.back().subject == "accepted");
    CHECK(h.stage(id) == "accepted");
    CHECK_FALSE(h.runs.change_roster(roster_change(day(1), roster_event_kind::join, "eve", "core")).has_value());
    CHECK_FALSE(h.runs.change_roster(roster_change(day(4), roster_event_kind::join, "eve", "cor")).has_value());
    auto later = h.again();
    CHECK(house::picture(later, day(4)) == house::picture(h.runs, day(4)));
    CHECK_FALSE(later.people().is_member(later.people().find_person("eve").value(), later.people().team_named("core").value()));
    const auto fresh = later.open({.process = "p", .by = "ann", .at = day(5)}).value();
    CHECK(later.get(fresh)->voters.size() == 3);
}

TEST_CASE("engine: what was due before a roster change is decided by the roster of then") {
    auto t = two_approve();
    t.exits = R"({"after": "10 days", "if": "approve > 1/2 of eligible", "to": "accepted"}, {"after": "10 days", "to": "rejected"})";
    house      h(t);
    const auto id = h.open();
    for (const auto* who : {"ann: cast approve", "ben: cast approve"}) CHECK(h.say(id, day(1), who) == "");
    const auto id2 = h.open({.at = day(1)});
    for (const auto* who : {"ann: cast approve", "ben: cast approve"}) CHECK(h.say(id2, day(12), who).empty() == false);
    CHECK(h.stage(id2) == "rejected");
    for (const auto* who : {"dan", "eve"})
        CHECK(h.runs.change_roster(roster_change(day(12), roster_event_kind::leave, who, "core")).has_value());
    CHECK(h.stage(id) == "rejected");  // 2 of 5 on day 10, however many they were on day 12
    CHECK(h.runs.get(id)->entered == day(10));
}

TEST_CASE("engine: a roster change dated before a proposal's last event still reaches it") {
    house      h(two_approve());
    const auto id = h.open({.at = day(5)});
    CHECK(h.runs.change_roster(roster_change(day(3), roster_event_kind::join, "gus", "core")).has_value());
    CHECK(h.runs.get(id)->voters.size() == 6);
    CHECK(h.runs.get(id)->last == day(5));
}

TEST_CASE("engine: proposals of a team that was removed can still be folded") {
    auto t = two_approve();
    t.electorate = R"({"of": "teams of proposal"})";
    house      h(t);
    const auto id = h.open({.teams = {"empty", "docs"}});
    CHECK(h.say(id, day(1), "ann: cast approve") == "");
    auto gone = roster_change(day(2), roster_event_kind::remove_team, "", "empty");
    REQUIRE(h.runs.change_roster(gone).has_value());
    CHECK(house::picture(h.again(), day(3)) == house::picture(h.runs, day(3)));
    auto as_it_is = engine(h.rules, h.runs.people(), h.lent());
    CHECK(house::picture(as_it_is, day(3)) == house::picture(h.runs, day(3)));
}

TEST_CASE("engine: a private proposal isn't found by those who may not see it") {
    auto t = two_approve();
    t.more = R"("visible": "author or electorate",)";
    house      h(t);
    const auto id = h.open({.by = "hal", .subject = "secret"});
    for (const auto& v : {viewer::as("gus"), viewer::anyone(), viewer::as("who-is-this")}) {
        CHECK(h.runs.find("secret", v).empty());
        CHECK(h.runs.list({}, v).empty());
        CHECK(h.runs.explain(id, day(1), v).error().code == errc::not_found);
        CHECK(h.runs.history(id, v).error().code == errc::not_found);
    }
    for (const auto& v : {viewer::as("hal"), viewer::as("ben"), viewer::host()}) {
        CHECK(h.runs.find("secret", v) == names{id});
        CHECK(h.runs.explain(id, day(1), v).has_value());
    }
}

TEST_CASE("engine: who may not see a proposal and is refused is told the same as of one that isn't there") {
    auto t = two_approve();
    t.more = R"("visible": "author or electorate",)";
    t.allow += R"(, "ask": "everyone")";
    house      h(t);
    const auto id = h.open({.by = "hal", .subject = "secret"});
    for (const auto* deed : {"cast approve", "hold", "cast nonsense", "answer q", "revise v2", "enact"}) {
        CAPTURE(deed);
        CHECK(h.say(id, day(2), std::string("gus: ") + deed) == "there is no proposal \"" + id + "\" that gus may see");
        CHECK(h.say("p-9", day(2), std::string("gus: ") + deed) == "fault: there is no proposal \"p-9\" that gus may see");
        CHECK(has(h.say(id, day(2), std::string("hal: ") + deed), "p-9") == false);
    }
    CHECK(h.say(id, day(1), "stranger: cast approve") == "there is no proposal \"" + id + "\" that stranger may see");
    CHECK(has(h.say(id, day(2), "hal: cast approve"), "in stage \"talk\""));  // its author sees it
    CHECK(has(h.say(id, day(1), ": cast approve"), "the actor is missing"));      // so does the host
    CHECK(h.say(id, day(2), "gus: ask why") == "");                              // what is allowed is not refused
}

TEST_CASE("engine: who opens a second proposal on a subject isn't told where the first stands unless they may see it") {
    auto t = two_approve();
    t.more = R"("visible": "author", "per subject": "one open",)";
    house h(t);
    (void)h.open({.by = "hal", .subject = "secret"});
    const auto stranger = h.runs.open({.process = "p", .by = "gus", .subject = "secret", .at = day(1)});
    const auto author = h.runs.open({.process = "p", .by = "hal", .subject = "secret", .at = day(1)});
    CHECK(has(stranger.error().what(), "\"secret\" has a \"p\" already [rule: per subject: one open]"));
    CHECK(has(author.error().what(), "already: p-1, in stage \"talk\""));
}

TEST_CASE("engine: a private proposal is seen by further people once what opens it to them holds") {
    auto t = two_approve();
    t.more = R"j("visible": ["author", {"who": "team(docs)", "if": "approve >= 2"}, {"who": "everyone", "if": "fact(shown)"}],)j";
    house      h(t);
    const auto id = h.open({.by = "hal", .subject = "secret"});
    CHECK(h.runs.find("secret", viewer::as("hal")) == names{id});
    CHECK(h.runs.find("secret", viewer::as("gus")).empty());
    CHECK(h.say(id, day(1), "ann: cast approve") == "");
    CHECK(h.say(id, day(1), "ben: cast approve") == "");
    CHECK(h.runs.find("secret", viewer::as("gus")) == names{id});
    CHECK(h.runs.find("secret", viewer::as("eve")).empty());
    CHECK(h.say(id, day(1), ": fact shown = false") == "");
    CHECK(h.runs.find("secret", viewer::anyone()).empty());
    CHECK(h.say(id, day(1), ": fact shown = true") == "");
    CHECK(h.runs.find("secret", viewer::anyone()) == names{id});
}

TEST_CASE("engine: hidden ballots are shown to nobody before the close, and to everybody after") {
    auto t = two_approve();
    t.more = R"("ballots": {"shown": "at close"},)";
    t.exits = R"({"after": "7 days", "if": "approve > 1/2 of eligible", "to": "accepted"}, {"after": "7 days", "to": "rejected"})";
    house      h(t);
    const auto id = h.open();
    for (const auto* who : {"ann: cast approve", "ben: cast reject because secret reason", "cem: cast approve"}) CHECK(h.say(id, day(1), who) == "");
    const auto seen = to_json(h.runs.explain(id, day(2), viewer::as("dan")).value());
    house      other(t);
    CHECK(other.open() == id);
    for (const auto* who : {"ann: cast reject", "ben: cast approve", "cem: cast approve"}) (void)other.say(id, day(1), who);
    CHECK(other.say(id, day(1), "cem: cast approve") != "");
    CHECK(to_json(other.runs.explain(id, day(2), viewer::as("dan")).value()) == seen);  // whatever they chose
    house one_sided(t);
    CHECK(one_sided.open() == id);
    for (const auto* who : {"ann: cast reject", "ben: cast reject", "cem: cast reject"}) CHECK(one_sided.say(id, day(1), who) == "");
    CHECK(to_json(one_sided.runs.explain(id, day(2), viewer::as("dan")).value()) == seen);
    CHECK(has(seen, R"("next":"2026-03-08T00:00:00Z")"));
    const auto past = [&](const viewer& v) {
        std::string all;
        const auto events = h.runs.history(id, v).value();
        for (const auto& e : events) all += e.by + ":" + e.subject + ":" + e.text + " ";
        return all;
    };
    CHECK_FALSE(has(past(viewer::as("dan")), "secret reason"));
    CHECK_FALSE(has(past(viewer::as("dan")), "approve"));
    CHECK(has(past(viewer::as("ben")), "ben:reject:secret reason"));
    CHECK_FALSE(has(past(viewer::as("ben")), "approve"));
    CHECK(has(past(viewer::host()), "ann:approve"));
    h.runs.advance(day(8));
    CHECK(has(past(viewer::anyone()), "ben:reject:secret reason"));
    CHECK(h.runs.explain(id, day(8), viewer::anyone()).value().ballots[0].second == names{"ann", "cem"});
}

TEST_CASE("engine: while ballots are hidden, a history doesn't tell whether what must hold for a time holds") {
    auto t = two_approve();
    t.more = R"("ballots": {"shown": "at close"},)";
    t.exits = R"j({"when": "fact(on)", "held": "3 days", "to": "accepted"}, {"after": "7 days", "to": "rejected"})j";
    house      h(t);
    const auto id = h.open();
    CHECK(h.say(id, day(1), ": fact on = true") == "");
    const auto told = [&](const viewer& v) {
        const auto events = h.runs.history(id, v).value();
        return std::any_of(events.begin(), events.end(), [](const event& e) { return e.kind == event_kind::condition; });
    };
    CHECK(told(viewer::host()));
    CHECK_FALSE(told(viewer::as("ben")));
    CHECK(h.runs.history("p-9").error().code == errc::not_found);
}
