// Simulation: what it draws agrees with what can be worked out, and members do what they are said to.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "simulate_support.hpp"

using namespace simulate_support;

TEST_CASE("simulate: a quorum is reached as often as the binomial distribution says") {
    const auto runs = effort(1'000);
    const auto p = done(one(vote_setting(R"({ "members": [ { "takes part": "60%", "answers": {"exponential": "1 hour"} } ] })"), runs));
    double     expected = 0;
    for (int k = 7; k <= 10; ++k) expected += std::tgamma(11) / std::tgamma(k + 1) / std::tgamma(11 - k) * std::pow(0.6, k) * std::pow(0.4, 10 - k);
    const auto n = static_cast<double>(runs);
    CHECK(p.of[0].proposals == runs);
    // Four standard errors: one seed in 16,000 would miss.
    CHECK(std::abs(static_cast<double>(p.of[0].accepted.s) / n - expected) < 4 * std::sqrt(expected * (1 - expected) / n));
    CHECK(p.of[0].no_quorum.s == p.of[0].proposals - p.of[0].accepted.s);
    CHECK(p.of[0].waited[static_cast<std::size_t>(sim::waiting::people)] == 0);
}

TEST_CASE("simulate: the wait for the eighth of ten exponential answers is its order statistic") {
    const auto runs = effort(500);
    const auto p = done(one(fcp_setting(R"({ "about": [["compiler"]], "members": [ { "answers": {"exponential": "3 days"} } ] })"), runs));
    const auto& t = p.of[0];
    CHECK(t.accepted.s == runs);
    CHECK(t.refused == 0);
    double mean = 0, variance = 0;
    for (int i = 3; i <= 10; ++i) mean += 3.0 / i, variance += 9.0 / i / i;
    const auto& pending = t.stays[1];
    REQUIRE(pending.n == runs);
    CHECK(std::abs(mean_days(pending) - mean) < 4 * std::sqrt(variance / static_cast<double>(runs)));
    CHECK(mean_days(t.stays[2]) == doctest::Approx(10));  // the period itself is exact
}

TEST_CASE("simulate: what another variant doesn't change is not changed by it") {
    auto s = one(vote_setting(R"({ "members": [ { "takes part": "70%", "says": {"yes": "60%", "no": "40%"} } ] })"), 300);
    s.variants.push_back(s.variants[0]);
    s.variants[1].rules = load_charter(vote().get().text, "charter", {{"needed", "5"}}).value();
    s.variants[1].name = "needed = 5";
    s.variants.push_back(s.variants[0]);
    const auto p = done(s);
    CHECK(p.of[2].more_accepted.s == 0);
    CHECK(p.of[2].more_accepted.ss == 0);
    CHECK(p.of[1].more_accepted.s > 0);
    CHECK(p.of[1].more_accepted.s == p.of[1].more_accepted.ss);  // it never makes one fail that passed
    CHECK(p.of[1].members[0].acts == p.of[0].members[0].acts);
    CHECK(sim::ranked_by_effect(p, true).front() == 1);
}

TEST_CASE("simulate: adversaries do what they are said to") {
    const auto outcome = [](const std::string& adversaries, const std::string& rest = R"("members": [ { "answers": {"exponential": "1 day"} } ])") {
        return done(one(fcp_setting(R"({ "about": [["compiler"]], )" + rest + R"(, "adversaries": [)" + adversaries + "] }"), 20)).of[0];
    };
    CHECK(outcome("").accepted.s == 20);
    const auto blocked = outcome(R"({ "is": "block", "who": "m4" })");
    CHECK(blocked.accepted.s == 0);
    CHECK(blocked.captured == 20);
    CHECK(blocked.open == 20);
    CHECK(blocked.waited[static_cast<std::size_t>(sim::waiting::concern)] > 0);
    CHECK(outcome(R"({ "is": "absent", "count": 3 })").accepted.s == 0);  // two may be missing, and no more
    CHECK(outcome(R"({ "is": "absent", "count": 2 })").accepted.s == 20);
    // Twelve puppets of twenty-three outvote what eleven think.
    const auto puppets = R"({ "is": "puppets", "team": "core", "count": 12, "says": "yes" })";
    auto       s = one(vote_setting(std::string(R"({ "members": [ { "answers": "1 hour", "says": {"no": "100%"} } ], "adversaries": [)") + puppets + "] }", 11), 20);
    CHECK(done(s).of[0].captured == 20);
    s.variants[0].how = sim::read_behaviour(R"({ "members": [ { "answers": "1 hour", "says": {"no": "100%"} } ], "adversaries": [ { "is": "bloc", "count": 5, "says": "yes" } ] })").value();
    CHECK(done(s).of[0].captured == 0);
    s.variants[0].how = sim::read_behaviour(R"({ "members": [ { "answers": "1 hour", "says": {"no": "100%"} } ], "adversaries": [ { "is": "late", "count": 6, "says": "yes" } ] })").value();
    const auto story = sim::tell(s.variants[0], 1, 0).value();
    const auto last = std::find_if(story.rbegin(), story.rend(), [](const sim::told& t) { return t.what == "cast"; });
    REQUIRE(last != story.rend());
    CHECK(to_string(last->at) == "2026-01-07T23:59:00Z");
}

TEST_CASE("simulate: members who think alike agree as often as stated") {
    // Three of one affiliation, each of a mind by the toss of a coin unless they follow their group: how often all agree.
    const auto agreeing = [](const std::string& share) {
        auto s = vote_setting(R"({ "members": [ { "says": {"yes": "50%", "no": "50%"} } ], "together": { "by": "affiliation", "share": ")" + share + R"(" } })", 3);
        s.rules = load_charter(R"j({ "title": "t", "version": "1", "processes": { "vote": { "title": "v", "electorate": { "of": "team(core)", "taken": "at open" },
            "positions": { "yes": {}, "no": {} }, "stages": { "open": { "phase": "approval", "allow": { "cast": "electorate" },
            "exits": [ { "when": "cast == 3", "if": "yes == 3 or no == 3", "to": "accepted" }, { "after": "90 days", "to": "rejected" } ] } } } } })j").value();
        s.people = [] {
            roster_document d;
            d.name = "alike";
            team_info t;
            t.name = "core";
            for (const auto* id : {"a", "b", "c"}) {
                person_info p;
                p.id = p.handle = id;
                p.affiliations = {"x"};
                d.people.push_back(p);
                t.members.push_back({id, {}});
            }
            d.teams.push_back(t);
            return make_roster(d).value();
        }();
        return static_cast<double>(done(one(s, effort(500))).of[0].accepted.s) / static_cast<double>(effort(500));
    };
    const auto n = static_cast<double>(effort(500));
    const auto expected = [](double c) { return (c * c * c) + 3 * c * c * (1 - c) / 2 + 3 * c * (1 - c) * (1 - c) / 4 + (1 - c) * (1 - c) * (1 - c) / 4; };
    CHECK(std::abs(agreeing("0") - expected(0)) < 4 * std::sqrt(0.25 / n));
    CHECK(std::abs(agreeing("60%") - expected(0.6)) < 4 * std::sqrt(0.25 / n));
    CHECK(agreeing("1") == 1);
}

TEST_CASE("simulate: a callable plans what voters do, with draws of its own") {
    auto s = vote_setting("{}");
    s.how.text = "only even members vote";
    s.how.plans = [](const sim::situation& seen, quorate::detail::draws& random, std::vector<sim::planned_act>& plan) {
        if (static_cast<std::uint32_t>(seen.who) % 2 == 0) plan.push_back({.after = std::chrono::hours(1 + random.below(24)), .what = cast{.by = {}, .position = "no"}});
    };
    const auto p = done(one(s, 100), 2);
    CHECK(p.of[0].acts == 500);
    CHECK(p.of[0].accepted.s == 0);
    CHECK(p.of[0].members[1].acts.s == 0);
}

TEST_CASE("simulate: distributions are drawn by exact inversion") {
    const auto draw = [](const char* json, std::uint64_t word) { return sim::read_behaviour(std::string(R"({"steers": )") + json + "}").value().steers.draw(word); };
    CHECK(draw(R"("2 days")", 5) == std::chrono::hours(48));
    CHECK(draw(R"({"uniform": ["1 day", "3 days"]})", std::uint64_t{1} << 63U) == std::chrono::hours(48));
    CHECK(draw(R"({"quantiles": ["0 seconds", "1 day", "9 days"]})", std::uint64_t{3} << 62U) == std::chrono::hours(24 * 5));
    const auto median = draw(R"({"exponential": "1 day"})", std::uint64_t{1} << 63U);
    CHECK(std::abs(static_cast<double>(median.count()) / day_us - std::log(2.0)) < 1e-6);
    sim::histogram h;
    for (int i = 1; i <= 1000; ++i) h.add(std::chrono::hours(i));
    CHECK(std::abs(mean_days(h) * 24 - 500.5) < 1e-9);
    for (const auto& [part, hours] : {std::pair{10, 100}, {50, 500}, {99, 990}})
        CHECK(std::abs(static_cast<double>(h.quantile(number::fraction(part, 100))->count()) / 3600e6 / hours - 1) < 0.017);
    for (std::size_t b = 0; b < 2'000; ++b) CHECK(sim::histogram::bucket(sim::histogram::least_of(b)) == b);
}
