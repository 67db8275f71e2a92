// The game that a charter's rule or process is: through the real evaluator, and through real runs.
#include <doctest/doctest.h>

#include <quorate/power_of.hpp>

using namespace quorate;
namespace pw = quorate::power;

namespace {

roster team_of(int n, const std::string& name) {
    roster_document d;
    d.name = "test";
    team_info t;
    t.name = name;
    for (int i = 0; i < n; ++i) {
        person_info p;
        p.id = p.handle = "m" + std::to_string(i);
        d.people.push_back(p);
        t.members.push_back({p.id, {}});
    }
    t.leads = {"m0"};
    d.teams.push_back(t);
    return make_roster(std::move(d)).value();
}
charter rust() { return load_charter_file(QUORATE_SOURCE_DIR "/examples/charters/rust.json").value(); }

}  // namespace

TEST_CASE("power of a rule: the quorum of a final comment period needs nine of eleven, whoever they are") {
    const auto c = rust();
    const auto people = team_of(11, "compiler");
    const auto g = pw::game_of(c, "fcp", people, {.rule = "quorum", .teams = {"compiler"}}).value();
    CHECK(g.game.sizes == std::vector<std::uint32_t>{11});
    const auto a = pw::indices_of(g.game).value();
    CHECK(a.winning == 55 + 11 + 1);
    CHECK(a.shapley_shubik.front() == pw::ratio(1, 11));
    CHECK(a.monotone);
    CHECK(pw::minimal_winning(g.game).value().smallest == 9);
    CHECK(pw::minimal_winning(pw::blocking(g.game)).value().smallest == 3);
    CHECK(g.about.find("rule quorum of fcp") != std::string::npos);
}

TEST_CASE("power of a process: whoever proposes has said yes, and can't take it back") {
    const auto c = rust();
    const auto people = team_of(11, "compiler");
    const auto g = pw::game_of(c, "fcp", people, {.teams = {"compiler"}}).value();
    REQUIRE(g.game.sizes.size() == 2);
    const auto a = pw::indices_of(g.game).value();
    const auto proposer = g.game.sizes[0] == 1 ? 0U : 1U;
    CHECK(a.is_dummy(proposer));
    CHECK(a.winning == 2 * (45 + 10 + 1));  // eight, nine or ten of the others, whatever the proposer is counted as
    CHECK(pw::minimal_winning(g.game).value().smallest == 8);
}

TEST_CASE("power of a rule: who is a lead tells members apart, and a veto is seen") {
    const auto c = load_charter(R"j({ "title": "t", "version": "1", "processes": { "vote": { "title": "v",
        "electorate": { "of": "team(core)", "taken": "at open" }, "positions": { "yes": {}, "no": {} },
        "rules": { "carried": "yes > 1/2 of eligible and yes in leads(core) > 0" },
        "stages": { "open": { "phase": "approval", "allow": { "cast": "electorate" },
          "exits": [ { "when": "carried", "to": "accepted" }, { "after": "7 days", "to": "rejected" } ] } } } } })j").value();
    const auto people = team_of(5, "core");
    for (const std::string rule : {"carried", ""}) {
        const auto g = pw::game_of(c, "vote", people, {.no = "no", .rule = rule}).value();
        REQUIRE(g.game.sizes.size() == 2);
        const auto lead = g.game.sizes[0] == 1 ? 0U : 1U;
        const auto a = pw::indices_of(g.game).value();
        CHECK(g.classes[lead] == std::vector<std::string>{"m0"});
        CHECK(a.has_veto(lead));
        CHECK(a.winning == 6 + 4 + 1);
        CHECK(a.shapley_shubik[lead] == pw::ratio(3, 5));
        const auto drawn = pw::estimate(5, [&](std::span<const std::uint8_t> yes) { return g.wins(yes); }, 200, 1).value();
        CHECK(abs(drawn.power_to_act - a.power_to_act()) <= drawn.error);
    }
}

TEST_CASE("power of a charter: what is no game of yes and no is refused") {
    const auto c = rust();
    const auto people = team_of(3, "compiler");
    CHECK(!pw::game_of(c, "nothing", people).has_value());
    CHECK(!pw::game_of(c, "fcp", people, {.rule = "quorun", .teams = {"compiler"}}).has_value());
    CHECK(!pw::game_of(c, "fcp", people, {.yes = "maybe", .teams = {"compiler"}}).has_value());
    CHECK(!pw::game_of(c, "fcp", people).has_value());  // about no team: nobody may propose
}
