// What proposals are about: one per subject, teams that are assigned anew, rounds that are over.
#include <doctest/doctest.h>

#include <quorate/engine.hpp>
#include <quorate/sqlite_journal.hpp>

#include "journal_support.hpp"
#include "support.hpp"

using namespace support;

namespace {

/// Processes that allow any number of proposals per subject, one that is open, and one ever.
charter per_subject_kinds() {
    const auto kind = [](const std::string& name, const std::string& key) {
        return "\"" + name + R"j(": { "title": ")j" + name + R"j(", )j" + key +
               R"j("electorate": { "of": "team(core)" }, "positions": { "approve": {} },
                "stages": { "talk": { "phase": "review", "allow": { "cast": "electorate" },
                                      "exits": [ { "when": "approve >= 1", "to": "accepted" } ] },
                            "accepted": { "phase": "accepted", "allow": { "reconsider": "team(core)" },
                                          "exits": [ { "on": "reconsider", "to": "talk", "ballots": "clear" } ] } } })j";
    };
    return load_charter("{ \"title\": \"kinds\", \"processes\": {" + kind("many", "") + ", " + kind("some", R"("per subject": "one open", )") + ", " +
                        kind("once", R"("per subject": "one", )") + "} }", "kinds.json").value();
}
opening about(const std::string& process, const std::string& subject, const std::string& key = {}) {
    return {.process = process, .by = "ann", .subject = subject, .at = day(0), .key = key};
}

}  // namespace

TEST_CASE("engine: a subject has as many proposals of a process as the charter says") {
    engine     runs(per_subject_kinds(), people(), memory_journal());
    const auto approve = [&](const std::string& id) { return runs.submit(id, line(day(1), "ben: cast approve")).accepted(); };
    CHECK(runs.open(about("many", "s")).has_value());
    CHECK(runs.open(about("many", "s")).has_value());

    const auto first = runs.open(about("some", "s"));
    REQUIRE(first.has_value());
    const auto second = runs.open(about("some", "s"));
    REQUIRE_FALSE(second.has_value());
    CHECK(has(second.error().what(), "\"s\" has a \"some\" already: some-3, in stage \"talk\""));
    CHECK(has(second.error().what(), "[rule: per subject: one open]"));
    CHECK(has(second.error().what(), "go on with that one"));
    CHECK(approve(first.value()));
    const auto third = runs.open(about("some", "s"));
    REQUIRE(third.has_value());
    // Nor is an earlier one taken up again meanwhile.
    const auto reopened = runs.submit(first.value(), line(day(1), "ben: reconsider"));
    REQUIRE(reopened.refused());
    CHECK(reopened.refusal().by == refused_by::rule);
    CHECK(has(to_string(reopened.refusal()), "has a \"some\" already: " + third.value()));
    CHECK(approve(third.value()));
    CHECK(runs.submit(first.value(), line(day(1), "ben: reconsider")).accepted());
    CHECK(runs.submit(third.value(), line(day(1), "ben: reconsider")).refused());

    const auto once = runs.open(about("once", "s"));
    REQUIRE(once.has_value());
    CHECK(approve(once.value()));
    CHECK(runs.submit(once.value(), line(day(1), "ben: reconsider")).accepted());
    CHECK(approve(once.value()));
    const auto again = runs.open(about("once", "s"));
    REQUIRE_FALSE(again.has_value());
    CHECK(has(again.error().what(), "[rule: per subject: one]"));
    CHECK(has(again.error().what(), "take that one up again"));
    CHECK(runs.open(about("once", "t")).has_value());
    // Without a subject they are about nothing in common.
    CHECK(runs.open(about("once", "")).has_value());
    CHECK(runs.open(about("once", "")).has_value());
    CHECK(runs.find("s").size() == 5);
}

TEST_CASE("engine: one proposal per subject holds after a restart, and between engines that open at the same instant") {
    journal_support::scratch folder;
    const auto               path = folder.file("one.db");
    const auto               open_journal = [&] { return open_sqlite_journal(path).value(); };
    engine                   one(per_subject_kinds(), people(), open_journal());
    REQUIRE(one.open(about("once", "s", "k1")).has_value());

    auto  hooked = std::make_unique<journal_support::interrupted>(open_journal());
    auto& hook = *hooked;
    engine other(per_subject_kinds(), people(), std::move(hooked));
    CHECK_FALSE(other.open(about("once", "s", "k2")).has_value());

    // `one` opens between what `other` decides and what it stores; ids and streams differ, the subject is the same.
    hook.before_next = [&] {
        REQUIRE(one.open(about("many", "t", "k3")).has_value());
        REQUIRE(one.open(about("once", "t", "k4")).has_value());
    };
    const auto late = other.open(about("once", "t", "k5"));
    REQUIRE_FALSE(late.has_value());
    CHECK(has(late.error().what(), "has a \"once\" already"));
    CHECK(other.find("t").size() == 2);
    CHECK(other.open(about("once", "u", "k6")).has_value());

    engine later(per_subject_kinds(), people(), open_journal());
    CHECK_FALSE(later.open(about("once", "u", "k7")).has_value());
    CHECK(later.open(about("some", "u", "k8")).has_value());
}

TEST_CASE("proposal: teams are assigned anew by the host, or by whom the stage allows; live lists follow") {
    parts t;
    t.electorate = R"j({"of": "teams of proposal"})j";
    t.allow = R"j("cast": "electorate", "assign": "author")j";
    t.exits = R"j({"when": "each team: approve >= 1", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})j";
    matter m(load(t.text()), people(), {.teams = {"docs"}});
    CHECK(m.electorate() == names{"ann", "fay", "gus"});
    CHECK(m.say(day(1), "ann: cast approve") == "");
    CHECK(m.stage() == "accepted");

    matter n(load(t.text()), people(), {.teams = {"docs"}});
    CHECK(has(n.say(day(1), "ben: assign in core"), "it takes someone of: author"));
    CHECK(has(n.say(day(1), "ann: assign in nowhere"), "there is no team \"nowhere\""));
    CHECK(n.last.by == refused_by::input);
    CHECK(n.say(day(1), "gus: cast approve for gus") == "");
    CHECK(n.stage() == "accepted");
    CHECK(n.say(day(2), ": assign in core") == "");  // a record, at any time; nothing follows from it any more
    CHECK(n.stage() == "accepted");

    matter k(load(t.text()), people(), {.teams = {"core"}});
    CHECK(k.say(day(1), "ann: assign in T-core, docs") == "");
    CHECK(k.electorate() == names{"ann", "ben", "cem", "dan", "eve", "fay", "gus"});
    CHECK(k.say(day(1), "fay: cast approve") == "");
    CHECK(k.stage() == "talk");
    CHECK(has(k.why(day(1)).exits[0].conditions[0].text, "(team core)"));
    CHECK(k.say(day(1), ": assign in docs") == "");
    CHECK(k.stage() == "accepted");  // fay's ballot was kept
    CHECK(k.replays());
}

TEST_CASE("proposal: a permission to propose may ask how many teams there are, and how many were named") {
    parts t;
    t.electorate = R"j({"of": "teams of proposal", "taken": "on propose"})j";
    t.allow = R"j("cast": "electorate", "propose": [{"who": "teams of proposal", "if": "named_teams == 0 and proposal_teams == 1"},
                  {"who": "team(core)", "if": "named_teams == 2"}])j";
    t.exits = R"j({"when": "proposal_teams == 2 and named_teams == 2 and approve >= 1", "to": "accepted"}, {"on": "propose", "to": "talk"})j";
    matter m(load(t.text()), people(), {.teams = {"core", "docs"}});
    CHECK(has(m.say(day(1), "ben: propose"), "proposal_teams == 1"));
    CHECK(m.say(day(1), ": assign in docs") == "");
    CHECK(has(m.say(day(1), "fay: propose in docs"), "named_teams == 0"));
    CHECK(m.say(day(1), "fay: propose") == "");
    CHECK(m.say(day(1), "fay: cast approve") == "");
    CHECK(m.stage() == "talk");
    CHECK(m.say(day(2), "ben: propose in docs, core") == "");
    CHECK(m.say(day(2), "fay: cast approve") == "");
    CHECK(m.stage() == "accepted");
    CHECK(m.replays());
}

TEST_CASE("proposal: an exit may clear seconds, or all that a cancel clears") {
    parts t;
    t.more = R"("dispositions": ["merge"], )";
    t.electorate = R"j({"of": "team(core)", "taken": "on propose"})j";
    t.allow = R"j("cast": "electorate", "propose, second, raise, hold": "team(core)")j";
    t.exits = R"j({"on": "fact", "if": "fact(again)", "to": "talk", "seconds": "clear"}, {"when": "fact(over)", "to": "rest", "round": "clear"})j";
    t.stages = R"j(, "rest": {"phase": "review", "exits": [{"after": "1 day", "to": "lapsed"}]})j";
    matter m(t);
    for (const auto* what : {"ann: propose merge", "ann: cast approve", "ben: second", "cem: raise x", "dan: hold"}) CHECK(m.say(day(1), what) == "");
    CHECK(m.say(day(1), ": fact again = true") == "");
    CHECK(m.p.seconds.empty());
    CHECK(m.ballot_of("ann") == "approve");
    CHECK(m.p.open_concerns() == 1);
    CHECK(m.say(day(1), "ben: second") == "");
    CHECK(m.say(day(1), ": fact over = true") == "");
    CHECK(m.stage() == "rest");
    CHECK(m.p.voters.empty());
    CHECK(m.p.concerns.empty());
    CHECK(m.p.holds.empty());
    CHECK(m.p.seconds.empty());
    CHECK_FALSE(m.p.disposition);
    CHECK_FALSE(m.p.proposed);
    CHECK(m.replays());
}

TEST_CASE("proposal: what is taken up again is decided by the members of the day") {
    parts t;
    t.exits = R"j({"when": "approve >= 2", "to": "done"})j";
    t.stages = R"j(, "done": {"phase": "accepted", "allow": {"reconsider": "everyone"}, "exits": [{"on": "reconsider", "to": "talk"}]})j";
    matter m(t);
    CHECK(m.say(day(1), "ben: cast approve") == "");
    CHECK(m.say(day(1), "cem: cast approve") == "");
    CHECK(m.change(roster_change(day(2), roster_event_kind::leave, "cem", "core")) == "");
    CHECK(m.change(roster_change(day(2), roster_event_kind::join, "gus", "core")) == "");
    CHECK(m.electorate() == names{"ann", "ben", "cem", "dan", "eve"});  // as it was decided
    CHECK(m.say(day(3), "hal: reconsider") == "");
    CHECK(m.stage() == "talk");
    CHECK(m.electorate() == names{"ann", "ben", "dan", "eve", "gus"});
    CHECK(m.ballot_of("ben") == "approve");
    CHECK(m.replays());
}

TEST_CASE("explain: it says what waits for people who are gone, and what would end that") {
    parts t;
    t.electorate = R"j({"of": "teams of proposal", "taken": "on propose"})j";
    t.exits = R"j({"when": "eligible > 0 and outstanding == 0 and holds == 0", "to": "accepted"}, {"on": "cancel", "to": "talk"})j";
    const auto findings = [&](const std::string& allow) {
        t.allow = allow;
        if (allow.find("cancel") == std::string::npos) t.exits = R"j({"when": "eligible > 0 and outstanding == 0 and holds == 0", "to": "accepted"})j";
        matter m(load(t.text()), people(), {.teams = {"docs"}});
        CHECK(m.say(day(1), "ann: propose") == "");
        CHECK(m.say(day(1), "gus: hold") == "");
        CHECK(m.why(day(1)).findings == names{});
        CHECK(m.change(roster_change(day(2), roster_event_kind::leave, "gus", "docs")) == "");
        auto found = m.why(day(2)).findings;
        // Who is gone can cast no ballot: that no ballots can do is another finding.
        std::erase_if(found, [](const std::string& f) { return f.starts_with("can't pass: outstanding == 0"); });
        return found;
    };
    const std::string gone = "gus is waited for, but is no longer of teams of proposal; ";
    const std::string own = R"j("propose, hold, release": "teams of proposal", "cast": "electorate and teams of proposal")j";
    const std::string holds = "gus holds it, but may not release it any more";
    CHECK(findings(own + R"j(, "cancel": "teams of proposal")j") == names{gone + "only to cancel the round takes them off the list", holds});
    CHECK(findings(own) == names{gone + "nobody can take them off the list", holds});
    CHECK(findings(own + R"j(, "cast for another, release for another": "team(docs)")j") ==
          names{gone + "their ballot can still be cast", holds + "; others may on their behalf"});

    matter empty(load(t.text()), people(), {.teams = {"empty", "docs"}});
    CHECK(empty.say(day(1), "ann: propose") == "");
    CHECK(empty.why(day(1)).findings == names{"team empty has no members: nobody can act for it"});
}
