// A program outside the tree that uses the installed library.
#include <quorate/quorate.hpp>
#include <quorate/sqlite_journal.hpp>

int main() {
    using namespace quorate;
    const auto rules = load_charter(R"json({ "title": "t", "processes": { "poll": {
        "electorate": { "of": "team(core)" }, "positions": { "yes": {} },
        "stages": { "open": { "phase": "review", "allow": { "cast": "electorate" },
                              "exits": [ { "when": "yes > 1/2 of eligible", "to": "accepted" } ] } } } } })json");
    const auto people = load_roster(R"({ "name": "r", "people": { "ann": {} }, "teams": { "core": { "members": ["ann"] } } })");
    engine     run{rules.value(), people.value()};
    const auto poll = run.open({.process = "poll", .by = "ann", .subject = "tea?", .at = at("2026-01-01")}).value();
    return run.submit(poll, cast{.by = "ann", .position = "yes", .at = at("2026-01-02")}).accepted() &&
                   run.get(poll)->outcome() == phase::accepted
               ? 0
               : 1;
}
