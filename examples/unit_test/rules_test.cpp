// Unit tests of our own rules: what charter.json says, and a state machine of our own with a rule as its guard.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <quorate/testing.hpp>

using namespace quorate;
using namespace quorate::testing;

trial decision() {
    return {load_charter_file(RULES "/charter.json").value(), load_roster_file(RULES "/roster.json").value(),
            {.process = "decision", .by = "alice", .at = at("2026-03-01T00:00:00Z")}};
}

TEST_CASE("half of the team is not enough, more is; then a week passes") {
    auto d = decision();
    CHECK(d.each({"alice", "bob"}, cast{.position = "approve"}) == accepted);
    CHECK(d.after("1 day") == in_stage{"open"});
    CHECK(d.does(cast{.by = "mallory", .position = "approve"}) == refused{refused_by::permission, "electorate"});
    CHECK(d.does(cast{.by = "carol", .position = "approve"}) == accepted);
    CHECK(d == in_stage{"last_call"});
    CHECK(d.effects() == did{"announce"});
    CHECK(d == waiting_for{"dave"});
    CHECK(d.after("6 days") == still_open);
    CHECK(d.after("1 day") == ended{phase::accepted});
}

struct words { static constexpr std::string_view positions[]{"approve", "reject"}; };
using passed = rule_guard<"approve >= 2/3 of eligible and concerns == 0", words>;

TEST_CASE("our own machine's guard asks for two thirds") {
    for (std::uint32_t n = 1; n <= 17; ++n)
        for (std::uint32_t yes = 0; yes <= n; ++yes)
            CHECK(reading<passed>(ballots<words>{.silent = n - yes}.with("approve", yes)) == (3 * yes >= 2 * n ? truth::met : truth::unmet));
}
