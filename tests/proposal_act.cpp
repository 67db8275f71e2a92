// What commands bring is looked at before they are taken: what the charter knows, what would change, what outcomes of children do.
#include <doctest/doctest.h>

#include "support.hpp"

using namespace support;

namespace {

/// A review that two approvals end.
parts reviewed() { return {.exits = R"({"when": "approve >= 2", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})"}; }

}  // namespace

TEST_CASE("proposal: what the charter doesn't know is refused with what it knows, and so is what changes nothing") {
    auto t = reviewed();
    t.more = R"("dispositions": ["merge", "close"], "offices": ["chair", "scribe"], "facts": ["tests"],)";
    t.stage = R"("extend": {"at most": "5 days"},)";
    t.allow = R"j("cast": "electorate", "propose, appoint, extend, raise, second, recuse, rejoin, assign": "team(core)", "fact": "leads(core)")j";
    matter m(t);
    CHECK(has(m.say(day(1), "ann: propose"), "propose needs a disposition"));
    CHECK(has(m.say(day(1), "ann: propose mend"), "one of: merge, close"));
    CHECK(has(m.say(day(1), "ann: appoint king in ben"), "one of: chair, scribe"));
    CHECK(has(m.say(day(1), "ann: appoint chair in zoe"), "nobody is known as \"zoe\""));
    CHECK(has(m.say(day(1), "ann: extend 0 days"), "duration"));
    CHECK(has(m.say(day(1), "ann: extend 6 days"), "at most 5 days more"));
    CHECK(has(m.say(day(1), "ben: rejoin"), "has not stepped aside"));
    CHECK(m.say(day(1), "ben: raise slow") == "");
    CHECK(has(m.say(day(1), "ben: second slow"), "supports \"slow\" already"));
    CHECK(m.say(day(1), "cem: second slow") == "");
    CHECK(has(m.say(day(1), "cem: second slow"), "supports \"slow\" already"));
    CHECK(has(m.say(day(1), "ben: fact tests = true"), "ben may not fact"));  // who isn't the host
    CHECK(m.say(day(1), "ann: fact tests = true") == "");
    CHECK(has(m.say(day(1), ": fact tests = true for ben"), "must say who does it"));
    command crowd{.what = act::assign, .by = "ann", .names = names(most_teams_of_proposal + 1, "core"), .at = day(1)};
    CHECK(has(m.take(crowd), "too many teams"));
    auto plain = reviewed();
    plain.allow = R"j("propose, appoint": "team(core)")j";
    matter none(plain);
    CHECK(has(none.say(day(1), "ann: propose merge"), "it has none"));
    CHECK(has(none.say(day(1), "ann: appoint chair in ben"), "is no office of this process"));
    CHECK(none.say(day(1), "ann: propose") == "");
}

TEST_CASE("proposal: a permission's condition looks at the kind of revision that the command brings") {
    auto t = reviewed();
    t.more = R"("revisions": {"small": {}, "large": {}},)";
    t.allow = R"j("cast": "electorate", "revise": ["author", { "who": "team(core)", "if": "revision_kind == small" }])j";
    matter m(t);
    CHECK(has(m.say(day(1), "ben: revise v2 as large"), "ben may not revise"));
    CHECK(m.say(day(1), "ben: revise v2 as small") == "");
    CHECK(has(m.say(day(1), "ben: revise v3 as large"), "ben may not revise"));  // it is not the last revision that counts
    CHECK(m.say(day(1), "ann: revise v3 as large") == "");
    CHECK(m.say(day(1), "ben: revise v4 as small") == "");
    CHECK(m.replays());
}

TEST_CASE("proposal: a process about a number of teams says how many it wants and how many are named") {
    const auto opened = [](const std::string& exactly, const names& teams) {
        auto t = reviewed();
        t.more = "\"teams\": {\"exactly\": " + exactly + "},";
        try {
            matter m(load(t.text()), people(), {.teams = teams});
        } catch (const std::exception& e) {
            return std::string(e.what());
        }
        return std::string();
    };
    CHECK(has(opened("1", {"core", "docs"}), "is about exactly 1 team, and 2 are named"));
    CHECK(has(opened("2", {"core"}), "is about exactly 2 teams, and 1 is named"));
    CHECK(opened("2", {"core", "docs"}) == "");
}

TEST_CASE("proposal: what an outcome of a child would do about a concern needs to know which one") {
    parts t;
    t.more = R"("dispositions": ["keep", "drop"], "children": {"p": {"accepted": [{"disposition": "drop", "do": "resolve"}]}},)";
    t.allow = R"j("cast": "electorate", "raise": "everyone")j";
    t.exits = R"({"when": "approve >= 2", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})";
    matter m(t);
    CHECK(m.say(day(1), "ben: raise slow") == "");
    CHECK(m.say(day(2), ": link p-2 in p, slow as accepted") == "");        // without a disposition
    CHECK(m.say(day(2), ": link p-2 in p, slow, keep as accepted") == "");  // with the other one
    CHECK(m.p.open_concerns() == 1);
    CHECK(m.p.unheeded.empty());
    command nameless = line(day(3), ": link p-2 in p as accepted");
    nameless.names = {"p", "", "drop"};
    CHECK(m.take(nameless) == "");
    CHECK(m.p.open_concerns() == 1);
    REQUIRE(m.p.unheeded.size() == 1);  // about no concern: it is on record that this could not be
    CHECK(m.p.unheeded.front().child == "p-2");
    CHECK(m.say(day(3), ": link p-2 in p, slow, drop as accepted") == "");
    CHECK(m.p.open_concerns() == 0);
    CHECK(m.replays());
}

TEST_CASE("proposal: an outcome of which nothing but its process is told closes no concern, and that is on record") {
    parts t = reviewed();
    t.more = R"("children": {"p": {"accepted": "resolve"}},)";
    t.allow = R"j("cast": "electorate", "raise": "everyone")j";
    matter m(t);
    CHECK(m.say(day(1), "ben: raise slow") == "");
    CHECK(m.say(day(2), ": link p-2 in p as accepted") == "");  // neither a concern nor a disposition
    CHECK(m.p.open_concerns() == 1);
    REQUIRE(m.p.unheeded.size() == 1);
    CHECK(m.p.unheeded.front().subject == "");
    CHECK(m.replays());
}

TEST_CASE("proposal: nobody carries a decision out: whoever did is named") {
    auto t = reviewed();
    t.stages = R"j(, "accepted": {"phase": "accepted", "allow": {"enact": "team(core)"}, "exits": [{"on": "enact", "to": "enacted"}]})j";
    matter m(t);
    CHECK(m.say(day(1), "ann: cast approve") == "");
    CHECK(m.say(day(1), "ben: cast approve") == "");
    CHECK(has(m.say(day(2), ": enact"), "enact must say who does it"));
    CHECK(m.last.by == refused_by::input);
    CHECK(m.stage() == "accepted");
    CHECK(m.say(day(2), "cem: enact") == "");
    CHECK(m.stage() == "enacted");
}

TEST_CASE("proposal: so many may be under one, and no more") {
    parts  t = reviewed();
    matter parent(t);
    const auto open = [&] {
        proposal    p;
        step_output out;
        return open_proposal(p, "p-2", {.process = "p", .by = "ann", .parent = "p-1", .at = day(1)}, parent.rules, {parent.who, &parent.p}, out).value();
    };
    parent.p.children.resize(most_children - 1);
    CHECK_FALSE(open().has_value());
    parent.p.children.resize(most_children);
    REQUIRE(open().has_value());
    CHECK(has(to_string(*open()), "too many proposals under \"p-1\""));
}

TEST_CASE("proposal: one that has the only place of the first stage is told of as one") {
    auto t = reviewed();
    t.stage = R"("places": 1,)";
    matter              m(t);
    const neighbour     there[] = {{&m.p, nullptr}};
    const surroundings  beside{.people = m.who, .others = there};
    proposal            p;
    step_output         out;
    const auto          no = open_proposal(p, "p-2", {.process = "p", .by = "ann", .at = day(1)}, m.rules, beside, out).value();
    REQUIRE(no.has_value());
    CHECK(has(to_string(*no), "where a \"p\" starts: 1 is there [rule: places: 1]"));
}

namespace {

/// Once it leaves "talk" its exits go round in a circle as long as the host says so: by time after 5 days, before commands of that instant;
/// by a revision at once.
parts circling() {
    parts t;
    t.more = R"("children": {"p": {"accepted": "revise"}},)";
    t.allow = R"j("cast": "electorate", "revise": "team(core)")j";
    t.exits = R"({"on": "revise", "to": "one"}, {"after": "5 days", "end": "open", "to": "one"})";
    t.stages = R"j(, "one": {"phase": "review", "exits": [{"when": "fact(spin)", "to": "two"}, {"after": "90 days", "to": "lapsed"}]},
                     "two": {"phase": "review", "exits": [{"when": "fact(spin)", "to": "one"}, {"after": "90 days", "to": "lapsed"}]})j";
    return t;
}
matter spinning() {
    matter m(circling());
    CHECK(m.say(day(0), ": fact spin = true") == "");
    return m;
}

}  // namespace

TEST_CASE("proposal: exits that go round in a circle are a fault whatever set them off, and no way ahead is told") {
    const std::string round = "go round in a circle";
    CHECK(has(spinning().say(day(1), "ben: revise v2"), round));
    CHECK(has(spinning().say(day(1), ": link p-2 in p as accepted"), round));   // what an outcome did
    CHECK(has(spinning().say(day(6), ": advance"), round));
    CHECK(has(spinning().say(day(5), "ben: cast approve"), round));             // due at that very instant
    CHECK(has(spinning().say(day(6), "ben: cast approve"), round));
    CHECK(has(spinning().change(roster_change(day(6), roster_event_kind::join, "eve", "docs")), round));
    auto        m = spinning();
    step_output out;
    CHECK_FALSE(take_place(m.p, day(6), m.around(), out).has_value());
    CHECK_FALSE(upcoming(spinning().p, m.around()).has_value());
    CHECK(upcoming(matter(circling()).p, m.around())->at == day(5));  // without the fact it is only "one" that comes
    auto t = circling();
    t.exits = R"({"when": "cast == 0", "to": "one"}, {"after": "90 days", "to": "lapsed"})";
    t.stages = R"(, "one": {"phase": "review", "exits": [{"when": "cast == 0", "to": "talk"}, {"after": "90 days", "to": "lapsed"}]})";
    const auto c = load(t.text());
    proposal   p;
    const auto opened = open_proposal(p, "p-2", {.process = "p", .by = "ann", .at = day(1)}, c, m.around(), out);
    REQUIRE_FALSE(opened.has_value());
    CHECK(has(opened.error().what(), round));
}

TEST_CASE("proposal: what time does is looked for over a thousand instants that move nothing, and not further") {
    const auto hourly = [](int most) {
        std::string exits;
        for (int next = 1; next <= most;) {
            std::string any;
            for (const int last = std::min(next + 124, most); next <= last; ++next) any += (any.empty() ? "" : " or ") + ("open_for >= " + std::to_string(next) + " hours");
            exits += R"j({"when": "approve >= 1 and ()j" + any + R"j()", "to": "accepted"}, )j";
        }
        parts t;
        t.exits = exits + R"({"after": "90 days", "to": "lapsed"})";
        return matter(t);
    };
    const auto few = hourly(900);
    CHECK(few.p.due == day(0) + hour);  // where a limit is passed, though nobody has approved
    CHECK(upcoming(few.p, few.around())->at == day(90));
    auto many = hourly(1'000);
    CHECK_FALSE(upcoming(many.p, many.around()).has_value());
    CHECK(many.pass(day(90)) == "lapsed");
}

TEST_CASE("act: a link that doesn't say what came of which process takes no exit that asks for that") {
    parts t;
    t.exits = R"({"on": "link appeal accepted", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})";
    matter m(t);
    CHECK(m.say(day(1), ": link p-2 as accepted") == "");
    CHECK(m.say(day(1), ": link p-3 in other as accepted") == "");
    CHECK(m.stage() == "talk");
    CHECK(m.say(day(1), ": link p-4 in appeal as accepted") == "");
    CHECK(m.stage() == "accepted");
}
