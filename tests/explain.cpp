// What an explanation names: what stands in the way, who could change it, whose act is awaited.
#include <doctest/doctest.h>

#include "support.hpp"

using namespace support;

namespace {

const exit_reading& exit_to(const explanation& e, std::string_view stage) {
    for (const auto& x : e.exits)
        if (x.to == stage) return x;
    throw std::runtime_error("no such exit");
}
names texts(const std::vector<condition_reading>& list) {
    names all;
    for (const auto& c : list) all.push_back(c.text);
    return all;
}

}  // namespace

// ---- leave under a condition ------------------------------------------------------------------------------------------------
TEST_CASE("explain: leave that would help on and waits for a condition is shown, with what it waits for and until when") {
    parts t;
    t.more = R"j("facts": ["asked"],)j";
    t.allow = R"j("cast": "electorate", "raise": "everyone", "resolve": "raiser", "fact asked": "team(docs)",
                  "override": ["leads(docs)", { "who": "team(core)", "if": "fact(asked) and since(asked) > 7 days" }],
                  "hold": { "who": "everyone", "if": "holds == 0" }, "release": "everyone", "cancel": { "who": "author", "if": "approve == 0" })j";
    t.exits = R"j({"when": "approve >= 1 and concerns == 0", "to": "accepted"}, {"on": "cancel", "to": "lapsed"})j";
    matter m(t);
    m.say(day(1), "ben: cast approve");
    CHECK(m.why(day(1)).withheld.empty());  // it is accepted
    matter blocked(t);
    blocked.say(day(1), "gus: raise slow");
    blocked.say(day(1), "ben: cast approve");
    auto e = blocked.why(day(1));
    REQUIRE(e.withheld.size() == 1);
    CHECK(e.withheld[0].does == "override");
    CHECK(e.withheld[0].who == "team(core)");
    CHECK(e.withheld[0].people == names{"ann", "ben", "cem", "dan", "eve"});
    REQUIRE(e.withheld[0].conditions.size() == 2);
    CHECK(e.withheld[0].conditions[0].people == names{"ann", "fay", "gus"});  // who may report that
    CHECK(has(to_string(e), "withheld     team(core) may override only if fact(asked) and since(asked) > 7 days"));
    CHECK(has(to_string(e), "up to ann, fay, gus"));
    // Who could settle the concern: its raiser, and those who may override it now.
    CHECK(exit_to(e, "accepted").conditions.at(1).people == names{"gus", "fay"});
    blocked.say(day(2), "fay: fact asked = true");
    e = blocked.why(day(3));
    REQUIRE(e.withheld.size() == 1);
    CHECK(e.withheld[0].conditions.at(1).changes == day(9) + tick);
    CHECK(blocked.why(day(10)).withheld.empty());
    CHECK(exit_to(blocked.why(day(10)), "accepted").conditions.at(1).people.size() == 7);
    CHECK(has(to_json(e), R"j("withheld":[{"who":"team(core)","does":"override")j"));
}

TEST_CASE("explain: leave that depends on what is asked for is not held back by what was asked before") {
    parts t;
    t.more = R"j("dispositions": ["merge", "close"],)j";
    t.allow = R"j("propose": { "who": "everyone", "if": "disposition == close" }, "propose merge": { "who": "team(core)", "if": "open_for > 2 days" })j";
    t.exits = R"j({"on": "propose", "to": "accepted"})j";
    const auto e = matter(t).why(day(1));
    REQUIRE(e.withheld.size() == 1);
    CHECK(e.withheld[0].does == "propose merge");
    CHECK(e.summary == "waiting for someone of everyone to propose if disposition == close, or for someone of team(core) to propose merge once open_for > 2 days");
}

TEST_CASE("explain: an exit on an act shows the condition that it still waits for") {
    parts t;
    t.more = R"j("revisions": {"small": {"editorial": true}, "big": {}}, "facts": ["tested"],)j";
    t.allow = R"j("cast": "electorate", "propose": "author", "revise": "author")j";
    t.exits = R"j({"on": "propose", "if": "fact(tested) and approve >= 2", "to": "vote"}, {"on": "revise", "if": "revision_kind == big", "to": "vote"})j";
    t.stages = R"j(, "vote": {"phase": "approval", "exits": [{"after": "1 day", "to": "accepted"}]})j";
    matter     m(t);
    const auto e = m.why(day(1));
    CHECK(e.exits[0].withheld);
    CHECK_FALSE(e.exits[1].withheld);  // the act itself says it
    CHECK(texts(e.exits[0].conditions) == names{"fact(tested)", "approve >= 2"});
    CHECK(has(to_string(e), "-> vote      on propose if fact(tested) and approve >= 2  (not as things stand)"));
    CHECK(e.summary == "waiting for someone of author to propose once fact(tested) (not reported) and approve >= 2");
    m.say(day(1), ": fact tested = true");
    m.say(day(1), "ben: cast approve");
    m.say(day(1), "cem: cast approve");
    CHECK_FALSE(m.why(day(1)).exits[0].withheld);
    CHECK(m.why(day(1)).summary == "waiting for someone of author to propose");
}

TEST_CASE("explain: who may not see ballots isn't told by withheld leave how they stand") {
    parts t;
    t.more = R"j("ballots": {"shown": "never"},)j";
    t.allow = R"j("cast": "electorate", "propose": { "who": "author", "if": "approve >= 1" })j";
    t.exits = R"j({"on": "propose", "if": "reject == 0", "to": "accepted"}, {"after": "9 days", "if": "seconds >= 2", "to": "accepted"})j";
    t.allow += R"j(, "second": { "who": "voters(approve)", "if": "open_for > 5 days" })j";
    matter     m(t);
    const auto before = m.why(day(1), viewer::as("gus"));
    m.say(day(1), "ben: cast approve");
    m.say(day(1), "cem: cast reject");
    const auto after = m.why(day(1), viewer::as("gus"));
    CHECK(before.withheld.size() == 1);
    REQUIRE(after.withheld.size() == 1);  // to second: who might is a matter of ballots
    CHECK(after.withheld[0].people.empty());
    CHECK(m.why(day(1)).withheld.at(0).people == names{"ben"});
    CHECK(after.exits[0].withheld == before.exits[0].withheld);
    CHECK(before.summary == after.summary);
    CHECK(m.why(day(1)).exits[0].withheld);
}

// ---- alternatives -------------------------------------------------------------------------------------------------------------
TEST_CASE("explain: alternatives read as either ... or ..., and those that can't matter are left out") {
    parts t;
    t.more = R"j("facts": ["urgent", "breaking", "green"], "ballots": {"revisable": false},
                "rules": {"quick": "fact(urgent) and seconds >= 1", "slow": "open_for >= 2 days",
                          "enough": "(quick or slow) and fact(green)", "careful": "if fact(breaking) then holds == 0"},)j";
    t.allow = R"j("cast": "electorate", "second": "everyone", "hold": "everyone")j";
    t.exits = R"j({"when": "enough and careful", "to": "accepted"})j";
    matter m(t);
    m.say(day(0), ": fact urgent = false");
    m.say(day(0), ": fact breaking = false");
    m.say(day(0), ": fact green = false");
    auto e = m.why(day(0));
    CHECK(e.summary == "waiting for fact(green) and either fact(urgent) and seconds >= 1, or open_for >= 2 days");
    // A false guard takes the whole part out.
    CHECK(texts(e.exits[0].conditions) == names{"fact(urgent)", "seconds >= 1", "open_for >= 2 days", "fact(green)"});
    e = m.why(day(3));
    CHECK(e.summary == "waiting for fact(green)");
    CHECK(texts(e.exits[0].conditions) == names{"open_for >= 2 days", "fact(green)"});

    t.exits = R"j({"when": "approve >= 4 or fact(green) or seconds >= 2", "to": "accepted"})j";
    matter votes(t);
    CHECK(votes.why(day(1)).summary == "waiting for 4 of ann, ben, cem, dan, eve choosing approve");
    votes.say(day(1), "ben: cast reject");
    votes.say(day(1), "cem: cast reject");
    e = votes.why(day(1));
    CHECK(texts(e.exits[0].conditions) == names{"fact(green)", "seconds >= 2"});
    CHECK(e.summary == "waiting for either fact(green) (not reported) or seconds >= 2");
}

TEST_CASE("explain: parts that all don't apply show what would make them apply, and a guard that isn't known is shown with its body") {
    parts t;
    t.more = R"j("facts": ["main", "docs"],)j";
    t.exits = R"j({"when": "(if fact(main) then approve >= 2) and (if fact(docs) then approve >= 1)", "to": "accepted"})j";
    matter m(t);
    CHECK(texts(m.why(day(1)).exits[0].conditions) == names{"fact(main)", "approve >= 2", "fact(docs)", "approve >= 1"});
    m.say(day(1), ": fact main = false");
    m.say(day(1), ": fact docs = false");
    CHECK(texts(m.why(day(1)).exits[0].conditions) == names{"fact(main)", "fact(docs)"});
    m.say(day(1), ": fact docs = true");
    CHECK(texts(m.why(day(1)).exits[0].conditions) == names{"fact(docs)", "approve >= 1"});
}

TEST_CASE("explain: a condition on a parameter says what it is and what it needs") {
    auto text = parts{.more = R"j("facts": ["green"], "rules": {"ready": "fact(green) and seconds >= most"},)j", .exits = R"j({"when": "ready", "to": "accepted"})j"}.text();
    text.insert(1, R"j("parameters": {"most": 3},)j");
    CHECK(matter(load(text)).why(day(1)).summary == "waiting for fact(green) (not reported) and seconds >= most (is 0, needs 3)");
}

TEST_CASE("explain: the way that is waited for is the one to acceptance, wherever it stands in the list") {
    parts t;
    t.allow = R"j("cast": "electorate", "raise": "everyone", "enact": "author")j";
    t.more = R"j("facts": ["green"], "kind": "gate", "concerns": {"blocking": false},)j";
    t.exits = R"j({"when": "concerns > 0", "to": "disputed"}, {"when": "reject >= 1", "to": "rejected"}, {"when": "fact(green)", "to": "ready"})j";
    t.stages = R"j(, "ready": {"phase": "review", "allow": {"raise": "everyone", "enact": "author"}, "exits": [{"when": "concerns > 0", "to": "disputed"}, {"on": "enact", "to": "accepted"}]},
                   "disputed": {"phase": "review", "allow": {"resolve": "everyone"}, "exits": [{"unless": "concerns > 0", "to": "talk"}]})j";
    matter m(t);
    CHECK(m.why(day(1)).summary == "waiting for fact(green) (not reported)");
    m.say(day(1), ": fact green = true");
    CHECK(m.why(day(1)).summary == "waiting for someone of author to enact");
}

TEST_CASE("explain: whose ballot is counted only where a rule doesn't apply is told so, and where it would count") {
    parts t;
    t.more = R"j("facts": ["docs"],)j";
    t.electorate = R"j({"of": "team(core) or team(docs)"})j";
    t.exits = R"j({"when": "approve in leads(core) >= 1 and concerns > 0 or (if fact(docs) then approve in team(docs) >= 2)", "to": "accepted"})j";
    matter m(t);
    m.say(day(1), ": fact docs = false");
    for (const auto* who : {"ann", "ben", "gus"}) m.say(day(1), std::string(who) + ": cast approve");
    const auto e = m.why(day(1));
    REQUIRE(e.findings.size() == 2);
    CHECK(e.findings[0] == "\"approve\" of ben is advisory: rules count it in leads(core), team(docs) only");
    CHECK(e.findings[1] == "\"approve\" of gus moves nothing as things stand: rules count it only if fact(docs)");
    m.say(day(1), ": fact docs = true");
    CHECK(m.stage() == "accepted");
}

TEST_CASE("explain: under \"not\" what is wanted turns round, and so do its alternatives") {
    parts t;
    t.more = R"j("facts": ["late", "broken"],)j";
    t.allow = R"j("cast": "electorate")j";
    t.exits = R"j({"when": "not (fact(late) or fact(broken))", "to": "accepted"})j";
    matter m(t);
    m.say(day(1), ": fact late = true");
    m.say(day(1), ": fact broken = true");
    CHECK(m.why(day(1)).summary == "waiting for not fact(late) and not fact(broken)");
    t.exits = R"j({"when": "not (fact(late) and fact(broken))", "to": "accepted"})j";
    matter other(t);
    other.say(day(1), ": fact late = true");
    other.say(day(1), ": fact broken = true");
    CHECK(other.why(day(1)).summary == "waiting for either not fact(late) or not fact(broken)");
}

TEST_CASE("explain: alternatives that hidden ballots decide are all shown") {
    parts t;
    t.more = R"j("ballots": {"shown": "never"}, "facts": ["green"],)j";
    t.exits = R"j({"after": "5 days", "if": "(approve >= 1 or reject >= 1) and fact(green)", "to": "accepted"})j";
    matter m(t);
    m.say(day(1), ": fact green = false");
    const auto before = texts(m.why(day(1), viewer::as("gus")).exits[0].conditions);
    m.say(day(1), "ben: cast approve");
    CHECK(texts(m.why(day(1), viewer::as("gus")).exits[0].conditions) == before);
    CHECK(before == names{"approve >= 1", "reject >= 1", "fact(green)"});
    CHECK(texts(m.why(day(1)).exits[0].conditions) == names{"approve >= 1", "fact(green)"});
}

// ---- how many more ----------------------------------------------------------------------------------------------------------
TEST_CASE("explain: those who may only cast some positions are not asked for others") {
    parts t;
    t.allow = R"j("cast approve": "team(docs)", "cast reject, cast abstain": "electorate")j";
    t.exits = R"j({"when": "approve >= 1", "to": "accepted"}, {"when": "reject >= 2", "to": "rejected"}, {"when": "not possible(approve >= 2)", "to": "lapsed"})j";
    t.electorate = R"j({"of": "team(core) or team(docs)"})j";
    matter     m(t);
    const auto e = m.why(day(1));
    CHECK(exit_to(e, "accepted").enough == "1 of ann, fay, gus choosing approve");
    CHECK(exit_to(e, "rejected").enough == "2 of the 7 outstanding choosing reject");
    t.allow = R"j("cast approve": "leads(core)", "cast reject": "electorate")j";
    t.exits = R"j({"when": "approve >= 2", "to": "accepted"}, {"when": "reject >= 9", "to": "rejected"})j";
    const auto lone = matter(t).why(day(1));
    CHECK_FALSE(exit_to(lone, "accepted").possible);
    CHECK(exit_to(lone, "accepted").stuck == "approve >= 2 (is 0, needs 2)");
    CHECK(lone.summary == "can't pass: approve >= 2 (is 0, needs 2), whatever ballots still come");
}

// ---- whose act is awaited -----------------------------------------------------------------------------------------------------
TEST_CASE("explain: once accepted it is said whose act is awaited; at an end, who could take it up again") {
    parts t;
    t.exits = R"j({"when": "approve >= 1", "to": "decided"}, {"when": "reject >= 1", "to": "declined"}, {"when": "abstain >= 1", "to": "lapsed"})j";
    t.stages = R"j(, "decided": {"phase": "accepted", "allow": {"enact": "team(docs)", "appeal": { "who": "author", "if": "in_stage > 1 day" }},
                     "exits": [{"on": "enact", "to": "enacted"}, {"on": "appeal", "to": "talk"}]},
                   "declined": {"phase": "rejected", "allow": {"revive": "author", "reconsider": "leads(core)"},
                     "exits": [{"on": "revive, reconsider", "to": "talk"}]})j";
    matter m(t);
    m.say(day(1), "ben: cast approve");
    CHECK(m.why(day(1)).summary == "accepted (decided) since 2026-03-02; waiting for someone of team(docs) to enact; "
                                   "someone of author may appeal once in_stage > 1 day");
    m.say(day(2), "fay: enact");
    CHECK(m.why(day(2)).summary == "enacted since 2026-03-03");
    matter no(t);
    no.say(day(1), "ben: cast reject");
    CHECK(no.why(day(1)).summary == "rejected (declined) since 2026-03-02; someone of author may revive it, "
                                    "someone of leads(core) may ask to reconsider it");
    matter gone(t);
    gone.say(day(1), "ben: cast abstain");
    CHECK(gone.why(day(1)).summary == "lapsed since 2026-03-02");
}
