// Engines over journals that were altered: what doesn't follow from the rows before is damaged, and nothing is made of it.
#include <doctest/doctest.h>

#include "house.hpp"

using namespace support;

namespace {

/// "fine", or why no engine can be made of it.
std::string made_of(const house& h, std::function<bool(stored_event&)> change) {
    const auto e = engine::make(std::make_unique<journal_support::altered>(h.kept, std::move(change)));
    return e ? "fine" : (e.error().code == errc::damaged ? "damaged: " : "") + e.error().what();
}

}  // namespace

TEST_CASE("engine: a journal whose rows don't follow from each other is damaged, and says of which proposal") {
    parts t;
    t.more = R"("children": {"p": {"accepted": "withdraw"}},)";
    t.allow = R"("cast": "electorate", "withdraw": "author")";
    t.exits = R"({"on": "withdraw", "to": "withdrawn"}, {"when": "approve >= 2", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})";
    house h(t);
    h.open({.at = day(0)});
    h.open({.parent = "p-1", .at = day(0)});
    CHECK(h.say("p-1", day(1), "ben: cast approve") == "");
    CHECK(h.runs.change_roster(roster_change(day(2), roster_event_kind::leave, "eve", "core")).has_value());

    const auto opened = [](const stored_event& s, std::string_view id) { return s.stream == id && s.what.kind == event_kind::opened; };
    const auto damaged = [&](const std::string& said, std::string_view what, std::string_view whose) {
        CAPTURE(said);
        CHECK(has(said, "damaged"));
        CHECK(has(said, what));
        CHECK(has(said, whose));
    };
    CHECK(made_of(h, [](stored_event&) { return true; }) == "fine");
    damaged(made_of(h, [](stored_event& s) { return s.stream != "p-1" || s.version != 2; }), "an event is missing", "p-1");
    damaged(made_of(h, [](stored_event& s) { return s.stream != "p-1" || s.version != 1; }), "not in the journal", "p-1");
    damaged(made_of(h, [&](stored_event& s) {
        if (opened(s, "p-2")) s.what.charter = std::string(64, '0');
        return true;
    }), "the charter it was opened under is not in the journal", "p-2");
    damaged(made_of(h, [&](stored_event& s) {
        if (opened(s, "p-2")) s.what.detail = "q";
        return true;
    }), "not opened under a process of its charter", "p-2");
    damaged(made_of(h, [](stored_event& s) {
        if (s.stream == "p-1" && s.what.done == act::cast && s.what.kind == event_kind::acted) s.what.subject = "agree";
        return true;
    }), "does not fit the charter", "p-1");
    // Ways from child to parent have an end.
    for (const auto* whose : {"p-1", "p-2", "p-3"})
        damaged(made_of(h, [&](stored_event& s) {
            if (opened(s, "p-1")) s.what.parent = whose;
            return true;
        }), "its parent was not opened before it", "p-1");
    CHECK(has(made_of(h, [](stored_event& s) { return s.stream != "charter"; }), "holds no charter and roster"));
    CHECK(has(made_of(h, [](stored_event& s) { return s.stream != "roster"; }), "holds no charter and roster"));
    for (const auto* stream : {"charter", "roster"})
        CHECK(made_of(h, [&](stored_event& s) {
            if (s.stream == stream) s.what.text = "{";
            return true;
        }) != "fine");
    CHECK(made_of(h, [](stored_event& s) {
        if (s.what.kind == event_kind::roster) s.what.text = R"({"what":"nothing"})";
        return true;
    }) != "fine");
    CHECK(made_of(h, [](stored_event& s) {
        if (s.what.kind == event_kind::roster) s.what.text = to_json(roster_change(day(2), roster_event_kind::leave, "hal", "core"));
        return true;
    }) != "fine");  // who wasn't there
    const auto under_own_rules = engine::make(h.rules, h.who, std::make_unique<journal_support::altered>(h.kept, [](stored_event& s) {
        if (s.stream == "charter") s.what.text += ' ';
        return true;
    }));
    REQUIRE_FALSE(under_own_rules.has_value());
    CHECK(under_own_rules.error().code == errc::damaged);
}
