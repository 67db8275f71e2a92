// Rosters: events that change them.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <quorate/roster.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "roster_support.hpp"

using namespace quorate;
using namespace roster_support;

TEST_CASE("roster: events change it one by one, and a refused event changes nothing") {
    roster r = small();
    const team_id core = r.team_named("core").value();
    const person bob = r.find_person("bob").value();
    using enum roster_event_kind;

    auto version = r.version();
    CHECK(r.apply(change_on(10, leave, "bob", "core")).value() == version + 1);
    CHECK_FALSE(r.is_member(bob, core));
    CHECK(r.info(core).alumni == names{"bob"});
    CHECK(r.as_of() == day(10));

    const auto refused = [&](const roster_event& e, std::string_view says) {
        const roster_document before = r.document();
        const auto v = r.version();
        const auto done = r.apply(e);
        REQUIRE(done.has_error());
        CHECK_MESSAGE(done.error().what().find(says) != std::string::npos, done.error().what());
        CHECK(r.document() == before);
        CHECK(r.version() == v);
    };
    refused(change_on(9, join, "bob", "core"), "before the last event");
    refused(change_on(11, leave, "bob", "core"), "is not listed as a member");
    refused(change_on(11, join, "bob", "cores"), "there is no team \"cores\" (did you mean \"core\"?)");
    refused(change_on(11, join, "bib", "core"), "nobody is called \"bib\" (did you mean \"bob\"?)");
    refused(change_on(11, join, "carol", "core"), "is a member already");
    refused(change_on(11, add_lead, "bob", "core"), "leads the team but is no member");
    refused(change_on(11, remove_lead, "carol", "core"), "does not lead");
    refused(change_on(11, join, "bob"), "\"join\" needs \"team\"");
    refused(change_on(11, archive_team, "bob", "core"), "\"archive team\" takes no \"who\"");
    refused(change_on(11, add_person, "ALICE"), "given twice");
    refused(change_on(11, add_team, "", "core"), "two teams named");
    roster_event role = change_on(11, give_role, "dave", "core");
    role.role = "edtor";
    refused(role, "is not declared");

    CHECK(r.apply(change_on(10, join, "bob", "core")).has_value());  // the same instant is fine
    CHECK(r.info(core).alumni.empty());
    role.role = "editor";
    CHECK(r.apply(role).has_value());
    CHECK(r.has_role(r.find_person("dave").value(), "editor"));
    role.what = take_role;
    CHECK(r.apply(role).has_value());
    CHECK_FALSE(r.has_role(r.find_person("dave").value(), "editor"));
    CHECK(r.apply(change_on(12, add_lead, "bob", "core")).has_value());
    CHECK(r.apply(change_on(12, exclude, "bob", "core")).has_value());
    CHECK_FALSE(r.is_elector(bob, core));
    CHECK(r.apply(change_on(13, leave, "bob", "core"))
              .has_value());  // lead and exclusion go with the membership
    CHECK_FALSE(r.is_lead(bob, core));
    CHECK(r.info(core).excluded.empty());
    roster_event affiliations = change_on(14, change_affiliations, "bob");
    affiliations.affiliations = {"Acme"};
    CHECK(r.apply(affiliations).has_value());
    CHECK(r.affiliations(bob).front() == "Acme");
    CHECK(r.apply(change_on(15, archive_team, "", "core")).has_value());
    CHECK(r.members(core).empty());
    CHECK(r.info(core).alumni.size() == 5);
    refused(change_on(16, join, "alice", "core"), "is archived");
    CHECK(load_roster(to_json(r)).value().document() == r.document());
}

TEST_CASE("roster: nobody is kept from leaving by what depends on the membership") {
    roster r =
        load_roster(
            with_teams(R"("outer": {"includes": ["inner"], "leads": ["a"], "excluded": ["b"]},
                                         "inner": {"members": ["a", "b"], "leads": ["a"]})"))
            .value();
    const team_id outer = r.team_named("outer").value();
    REQUIRE(r.apply(change_on(1, roster_event_kind::leave, "a", "inner")).has_value());
    CHECK(r.leads(outer).empty());
    REQUIRE(r.apply(change_on(2, roster_event_kind::archive_team, "", "inner")).has_value());
    CHECK(r.members(outer).empty());
    CHECK(r.info(outer).excluded.empty());
    CHECK(load_roster(to_json(r)).has_value());
}

TEST_CASE("roster: teams are added, renamed, included and removed") {
    using enum roster_event_kind;
    roster r =
        load_roster(
            with_teams(
                R"("x": {"members": ["a"], "label": "T-x"}, "y": {"parent": "x", "includes": ["x"]})",
                R"("scopes": {"s": {"owner": "x"}},)"))
            .value();
    const team_id x = r.team_named("x").value(), y = r.team_named("y").value();
    roster_event rename = change_on(1, rename_team, "", "x");
    rename.name = "ex";
    REQUIRE(r.apply(rename).has_value());
    CHECK(r.name(x) == "ex");
    CHECK(r.team_named("x") == x);
    CHECK(r.parent(y) == x);
    CHECK(r.is_member(r.find_person("a").value(), y));
    CHECK(r.scopes().front().owner == "ex");
    roster_event add = change_on(2, add_team, "", "x");
    add.parent = "ex";
    add.kind = team_kind::project_group;
    REQUIRE(r.apply(add).has_value());
    CHECK(r.team_named("x") != x);                                // a new team took the old name
    CHECK(r.apply(change_on(3, remove_team, "", "ex")).has_error());  // others rely on it
    roster_event include_x = change_on(3, include, "", "ex");
    include_x.other_team = "y";
    CHECK(r.apply(include_x).error().what().find("ex -> y -> ex") != std::string::npos);
    REQUIRE(r.apply(change_on(3, remove_team, "", "x")).has_value());
    CHECK(r.team_named("x") == x);
    CHECK(r.teams().size() == 2);
    roster_event drop = change_on(4, uninclude, "", "y");
    drop.other_team = "ex";
    REQUIRE(r.apply(drop).has_value());
    CHECK(r.members(y).empty());
    CHECK(load_roster(to_json(r)).has_value());
}

TEST_CASE("roster: seats are filled, lapse and are vacated; their holders are members") {
    using enum roster_event_kind;
    roster r =
        load_roster(
            with_teams(
                R"("council": {"seats": [{"name": "lang", "represents": "lang"}]}, "lang": {})"))
            .value();
    const team_id council = r.team_named("council").value();
    const person a = r.find_person("a").value(), b = r.find_person("b").value();
    roster_event e = change_on(1, fill_seat, "a", "council");
    e.seat = "lang";
    e.until = day(100);
    REQUIRE(r.apply(e).has_value());
    CHECK(r.holds_seat(a, council));
    CHECK(r.is_member(a, council));
    const seat& s = r.seats(council).front();
    CHECK(s.in_term(day(99)));
    CHECK_FALSE(s.in_term(day(100)));
    CHECK(s.represents == r.team_named("lang"));
    e = change_on(2, add_alternate, "b", "council");
    e.seat = "lang";
    REQUIRE(r.apply(e).has_value());
    CHECK(r.is_alternate(b, council));
    CHECK_FALSE(r.is_member(b, council));
    e = change_on(3, lapse_seat, "", "council");
    e.seat = "lang";
    REQUIRE(r.apply(e).has_value());
    CHECK_FALSE(r.is_member(a, council));
    CHECK(r.info(council).alumni == names{"a"});
    CHECK(r.apply(e).has_error());
    e = change_on(4, fill_seat, "b", "council");
    e.seat = "lang";
    REQUIRE(r.apply(e).has_value());
    CHECK(r.holds_seat(b, council));
    CHECK_FALSE(r.is_alternate(b, council));
    REQUIRE(r.apply(change_on(5, leave, "b", "council")).has_value());
    CHECK_FALSE(r.seats(council).front().counts());
    e = change_on(6, vacate_seat, "", "council");
    e.seat = "lang";
    CHECK(r.apply(e).error().what().find("vacant already") != std::string::npos);
    e.seat = "libs";
    CHECK(r.apply(e).error().what().find("has no seat \"libs\"") != std::string::npos);
    e.what = add_seat;
    REQUIRE(r.apply(e).has_value());
    CHECK(r.seats(council).size() == 2);
    CHECK(load_roster(to_json(r)).value().document() == r.document());
}

TEST_CASE("roster: events are text, and the text is events") {
    roster_event e = change_on(1, roster_event_kind::fill_seat, "a", "council");
    e.seat = "the \"first\"";
    e.until = day(366);
    e.reason = "elected";
    const std::string text = to_json(e);
    CHECK(
        text ==
        R"({"at":"2026-01-02T00:00:00Z","event":"fill seat","who":"a","team":"council","seat":"the \"first\"",)"
        R"("until":"2027-01-02T00:00:00Z","reason":"elected"})");
    CHECK(parse_roster_event(text).value() == e);
    e = change_on(2, roster_event_kind::add_team, "", "x");
    e.kind = team_kind::marker_team;
    e.top_level = true;
    e.title = "X";
    e.label = "T-x";
    CHECK(parse_roster_event(to_json(e)).value() == e);
    e = change_on(2, roster_event_kind::add_person, "z");
    e.handle = "zz";
    e.name = "Z";
    e.affiliations = {"q", "r"};
    CHECK(parse_roster_event(to_json(e)).value() == e);
    const auto refusal = [](std::string_view s) { return parse_roster_event(s).error().what(); };
    CHECK(refusal("{}") ==
          "roster event:1:1: \"at\" is missing\nroster event:1:1: \"event\" is missing");
    CHECK(refusal(R"({"at": "2026-01-01T00:00:00Z", "event": "jion"})")
              .find("did you mean \"join\"?") != std::string::npos);
    CHECK(refusal(R"({"at": "2026-01-01T00:00:00Z", "event": "join", "who": "a"})")
              .find("needs \"team\"") != std::string::npos);
    CHECK(
        refusal(
            R"({"at": "2026-01-01T00:00:00Z", "event": "join", "who": "a", "team": "x", "seat": "y"})")
            .find("takes no \"seat\"") != std::string::npos);
    CHECK(refusal("[]").find("expected an object") != std::string::npos);
}

TEST_CASE("roster: a document may carry a stream of events, read up to an instant") {
    const std::string text = with_teams(R"("x": {"members": ["a"]})", R"("events": [
        {"at": "2026-01-01T00:00:00Z", "event": "join", "who": "b", "team": "x"},
        {"at": "2026-02-01T00:00:00Z", "event": "leave", "who": "a", "team": "x"},
    ],)");
    const auto members = [](const roster& r) {
        return ids(r, r.members(r.team_named("x").value()));
    };
    CHECK(members(load_roster(text).value()) == names{"b"});
    CHECK(members(load_roster(text, "r", at("2026-01-31T00:00:00Z")).value()) == names{"a", "b"});
    CHECK(members(load_roster(text, "r", at("2025-01-01T00:00:00Z")).value()) == names{"a"});
    const std::string bad = with_teams(R"("x": {})", R"("events": [
        {"at": "2026-02-01T00:00:00Z", "event": "join", "who": "b", "team": "x"},
        {"at": "2026-01-01T00:00:00Z", "event": "leave", "who": "b", "team": "x"}],)");
    CHECK(why(load_roster(bad, "r"))
              .find("r#/events/1:3:9: leave: dated 2026-01-01T00:00:00Z, before the last event") !=
          std::string::npos);
}
