// Simulation: what it draws agrees with what can be worked out, and the same seed gives the same bytes however the work is done.
#include <doctest/doctest.h>

#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <sys/wait.h>
#include <unistd.h>

#include <quorate/simulate.hpp>
#include <quorate/simulate_pictures.hpp>

#include "effort.hpp"
#include "json.hpp"

using namespace quorate;
namespace sim = quorate::simulate;

namespace {

constexpr double day_us = 86'400e6;

charter vote() {
    return load_charter(R"j({ "title": "A vote", "version": "1", "parameters": { "needed": { "value": 7 } },
        "processes": { "vote": { "title": "Vote", "electorate": { "of": "team(core)", "taken": "at open" },
          "positions": { "yes": {}, "no": {} }, "rules": { "quorum": "cast >= needed" },
          "stages": { "open": { "phase": "approval", "allow": { "cast": "electorate" },
            "exits": [ { "after": "7 days", "if": "quorum and yes > no", "to": "accepted" }, { "after": "7 days", "to": "rejected" } ] } } } } })j").value();
}
roster team_of(int n, const std::string& name) {
    roster_document d;
    d.name = "test";
    team_info t;
    t.name = name;
    for (int i = 0; i < n; ++i) {
        person_info p;
        p.id = p.handle = "m" + std::to_string(i);
        p.affiliations = {i % 2 == 0 ? "even" : "odd"};
        d.people.push_back(p);
        t.members.push_back({p.id, {}});
    }
    d.teams.push_back(t);
    return make_roster(std::move(d)).value();
}
sim::setting vote_setting(const std::string& behaviour, int members = 10) {
    return {.rules = vote(), .process = "vote", .people = team_of(members, "core"), .how = sim::read_behaviour(behaviour).value(), .name = "as it is"};
}
sim::setting fcp_setting(const std::string& behaviour, int members = 11) {
    return {.rules = load_charter_file(QUORATE_SOURCE_DIR "/examples/charters/rust.json").value(), .process = "fcp", .people = team_of(members, "compiler"),
            .how = sim::read_behaviour(behaviour).value(), .name = "as it is"};
}
sim::study one(sim::setting s, std::uint64_t runs) { return {.variants = {std::move(s)}, .seed = 42, .runs = runs}; }
sim::progress done(const sim::study& s, std::uint32_t threads = 1) { return sim::run(s, {.threads = threads}).value(); }

constexpr const char* busy = R"({ "about": [["compiler"]], "proposals": 2, "every": {"exponential": "5 days"},
    "members": [ { "takes part": "90%", "answers": {"exponential": "3 days"}, "raises": "10%", "resolves": {"uniform": ["1 day", "9 days"]}, "effort": "1 hour" } ],
    "together": { "by": "affiliation", "share": "50%" },
    "turnover": { "team": "compiler", "stays": {"exponential": "200 days"}, "replaced": {"fixed": "10 days"} } })";

double mean_days(const sim::histogram& h) { return static_cast<double>(h.sum) / static_cast<double>(h.n) / day_us; }

}  // namespace

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

TEST_CASE("simulate: one thread, two threads, four shards and a resumed study give the same bytes") {
    auto       s = one(fcp_setting(busy), 4 * sim::block_size + 5);
    s.variants.push_back(s.variants[0]);
    s.variants[1].how = sim::read_behaviour(R"({ "about": [["compiler"]], "adversaries": [ { "is": "absent", "who": "m3" } ] })").value();
    s.variants[1].name = "another";
    const auto whole = sim::to_text(done(s));
    CHECK(sim::to_text(done(s, 2)) == whole);
    std::optional<sim::progress> merged;
    for (const std::uint32_t shard : {2U, 0U, 3U, 1U}) {
        auto part = s;
        part.shards = 4, part.shard = shard;
        const auto p = done(part);
        CHECK(!p.complete());
        if (!merged) merged = p;
        else REQUIRE(sim::merge(*merged, sim::parse_progress(sim::to_text(p)).value()).has_value());
        if (shard == 0) CHECK(!sim::merge(*merged, p).has_value());  // twice
    }
    CHECK(sim::to_text(*merged) == whole);
    CHECK(sim::report_json(s, *merged) == sim::report_json(s, sim::parse_progress(whole).value()));
    // Stopped after the first block, then resumed from what was written.
    std::atomic<bool> stop{true};
    auto              some = s;
    some.shards = 5, some.shard = 0;
    const auto kept = sim::parse_progress(sim::to_text(done(some))).value();
    CHECK(sim::run(s, {.stop = &stop}).value().runs_done() == 0);
    CHECK(sim::to_text(sim::run(s, {.threads = 2, .from = kept}).value()) == whole);
    auto other = s;
    other.seed = 43;
    CHECK(sim::to_text(done(other)) != whole);
    CHECK(!sim::run(other, {.from = kept}).has_value());
}

TEST_CASE("simulate: a study killed in the middle and resumed gives the same bytes") {
    const auto dir = std::filesystem::temp_directory_path() / ("quorate-simulate-" + std::to_string(::getpid()));
    std::filesystem::create_directories(dir);
    const auto kept = (dir / "kept").string();
    const auto command = [&](std::uint64_t runs, const std::string& extra, const std::string& out) {
        return std::string("exec " QUORATE_BIN_DIR "/quorate simulate " QUORATE_SOURCE_DIR "/examples/charters/rust.json fcp --members 9 --quiet --json --seed 7 --runs ") +
               std::to_string(runs) + " " + extra + " > " + (dir / out).string();
    };
    const auto text_of = [&](const std::string& name) {
        std::ifstream     f(dir / name, std::ios::binary);
        std::stringstream all;
        all << f.rdbuf();
        return all.str();
    };
    // What the checkpoint says is done; nothing while there is none.
    const auto runs_kept = [&] {
        const auto before = sim::parse_progress(text_of("kept"));
        return before && !before->complete() ? before->runs_done() : 0;
    };
    bool killed = false;
    for (std::uint64_t runs = 300; !killed && runs <= 2'000'000; runs *= 3) {
        std::filesystem::remove(kept);
        const auto child = ::fork();
        if (child == 0) {
            ::execl("/bin/sh", "sh", "-c", command(runs, "--every 5 --checkpoint " + kept, "killed").c_str(), nullptr);
            ::_exit(127);
        }
        REQUIRE(child > 0);
        int status = 0;
        while (runs_kept() == 0 && ::waitpid(child, &status, WNOHANG) == 0) ::usleep(200);
        ::kill(child, SIGKILL);
        ::waitpid(child, &status, 0);
        if (runs_kept() == 0) continue;  // it was done before it could be killed: more runs
        killed = true;
        REQUIRE(std::system(command(runs, "--checkpoint " + kept, "resumed").c_str()) == 0);
        REQUIRE(std::system(command(runs, "", "whole").c_str()) == 0);
        CHECK(text_of("resumed") == text_of("whole"));
        CHECK(text_of("whole").find("\"complete\":true") != std::string::npos);
    }
    CHECK(killed);
    std::filesystem::remove_all(dir);
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

TEST_CASE("simulate: what a behaviour can't mean is refused with its place") {
    const auto refusal = [](const std::string& json) {
        const auto b = sim::read_behaviour(json);
        return b ? std::string() : b.error().what();
    };
    CHECK(refusal(R"({"member": []})").find("members") != std::string::npos);
    CHECK(refusal(R"({"members": [{"raises": "120%"}]})").find("from 0 to 1") != std::string::npos);
    CHECK(refusal(R"({"members": [{"says": {"yes": "60%", "no": "50%"}}]})").find("more than 1") != std::string::npos);
    CHECK(refusal(R"({"steers": {"quantiles": ["2 days", "1 day"]}})").find("ascending") != std::string::npos);
    CHECK(refusal(R"({"adversaries": [{"is": "blok"}]})").find("block") != std::string::npos);
    CHECK(refusal(R"({"habits": [{"do": "sekond"}]})").find("second") != std::string::npos);
    const auto run = [](const std::string& json) {
        const auto p = sim::run(one(vote_setting(json), 10));
        return p ? std::string() : p.error().what();
    };
    CHECK(run(R"j({"members": [{"who": "team(cor)"}]})j").find("nobody") != std::string::npos);
    CHECK(run(R"({"members": [{"says": {"maybe": 1}}]})").find("yes, no") != std::string::npos);
    CHECK(run(R"({"about": [["nowhere"]]})").find("nowhere") != std::string::npos);
    CHECK(!sim::parse_progress("quorate simulation 1\n").has_value());
    auto text = sim::to_text(done(one(vote_setting("{}"), 10)));
    text[100] = text[100] == '1' ? '2' : '1';
    CHECK(!sim::parse_progress(text).has_value());
}

// ---- fitting ------------------------------------------------------------------------------------------------------------------------
TEST_CASE("simulate: who was last seen silent counts until then") {
    std::vector<sim::observation> seen;
    for (int i = 1; i <= 8; ++i) seen.push_back({std::chrono::hours(i), true});
    seen.push_back({std::chrono::hours(4), false});  // Kaplan and Meier: 5 of the 9 are left, then 4 of 4 answer
    seen.push_back({std::chrono::hours(100), false});
    const auto f = sim::fit_answers(seen).value();
    CHECK(f.answered == 8);
    CHECK(f.silent == 2);
    // 10 at risk, 4 answer by hour 4; then 5 at risk, of whom 4 answer: 1 - 6/10 * 1/5.
    CHECK(std::abs(static_cast<double>(f.takes_part.of_2_32) / 4294967296.0 - 0.88) < 1e-6);
    CHECK(f.answers.table.back() == std::chrono::hours(8));
    CHECK(!sim::fit_answers({{std::chrono::hours(1), false}}).has_value());
}

namespace {

struct recorded {
    sim::recorded_wait wait;
    std::size_t        approved = 1;  ///< when it was first seen
};

/// Recorded waits of proposals until their final comment period, from first seen to the middle of the days between which it began.
std::vector<recorded> recorded_waits() {
    const auto text = json_text::read_file(QUORATE_SOURCE_DIR "/tests/data/rust_fcp_histories.json").value();
    const auto document = json_text::parse(text).value();
    std::vector<recorded> all;
    const auto date = [](std::string_view d) { return parse_instant(std::string(d) + "T00:00:00Z"); };
    const auto add = [&](instant from, instant to, std::size_t approved, std::size_t members) {
        // Two may be outstanding, and fewer than have approved (nag.rs evaluate_pendings).
        const auto needed = std::max(members - 2, members / 2 + 1);
        if (approved < needed) all.push_back({{to - from, static_cast<std::uint32_t>(needed - approved), static_cast<std::uint32_t>(members - approved)}, approved});
    };
    for (const auto& r : document.find("weekly_snapshots_2022")->elements) {
        const auto* window = r.find("inferred_fcp_entry_window");
        if (window == nullptr || !window->is_array()) continue;
        const auto& first = r.find("snapshots")->elements.front();
        const auto  from = date(first.find("date")->text), a = date(window->elements[0].text), b = date(window->elements[1].text);
        if (from && a && b) add(*from, *a + (*b - *a) / 2, first.find("approved")->elements.size(), first.find("approved")->elements.size() + first.find("outstanding")->elements.size());
    }
    for (const auto& r : document.find("threads_2018_2026")->elements) {
        std::optional<instant> from, to;
        for (const auto& e : r.find("events")->elements) {
            const auto& what = e.elements[2].text;
            if (what.find("proposal posted") != std::string::npos) from = date(e.elements[0].text);
            if (what.find("enters FCP") != std::string::npos) to = date(e.elements[0].text);
        }
        const auto* list = r.find("checklist_stored");
        if (from && to && list != nullptr && list->is_object() && *to > *from)
            add(*from, *to, 1, list->find("approved")->elements.size() + list->find("outstanding")->elements.size());
    }
    return all;
}

}  // namespace

TEST_CASE("simulate: a behaviour fitted to half of the recorded Rust decisions predicts the waits of the other half") {
    const auto all = recorded_waits();
    REQUIRE(all.size() >= 10);
    for (const std::size_t half : {std::size_t{0}, std::size_t{1}}) {
        std::vector<sim::recorded_wait> known;
        std::vector<recorded>           other;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (i % 2 == half) known.push_back(all[i].wait);
            else other.push_back(all[i]);
        }
        const auto  answers = sim::fit_waits(known).value();
        std::size_t inside = 0;
        for (const auto& [w, approved] : other) {
            // The same team: its proposer, those who had approved when it was first seen, and those who hadn't.
            auto s = fcp_setting(R"({ "about": [["compiler"]] })", static_cast<int>(w.members + approved));
            s.how.members.push_back({.answers = answers});
            for (std::size_t i = 1; i < approved; ++i) s.how.members.push_back({.who = {"m" + std::to_string(i)}, .answers = sim::distribution{}});
            const auto runs = one(s, effort(100));
            const auto waits = done(runs).of[0].stays[1];
            // Nine of ten waits are predicted to be between these.
            const auto low = waits.quantile(number::fraction(5, 100)).value(), high = waits.quantile(number::fraction(95, 100)).value();
            inside += w.waited >= low && w.waited <= high ? 1 : 0;
        }
        // As many inside as nine of ten makes likely: fewer would come in less than one of twenty halves.
        double chance_of_fewer = 0;
        std::size_t least = 0;
        for (std::size_t k = 0; k <= other.size(); ++k) {
            const auto n = static_cast<double>(other.size()), d = static_cast<double>(k);
            chance_of_fewer += std::tgamma(n + 1) / std::tgamma(d + 1) / std::tgamma(n - d + 1) * std::pow(0.9, d) * std::pow(0.1, n - d);
            if (chance_of_fewer < 0.05) least = k + 1;
        }
        CAPTURE(other.size());
        CHECK(least > 0);
        CHECK(inside >= least);
    }
}

// ---- reports ------------------------------------------------------------------------------------------------------------------------
TEST_CASE("simulate: reports state intervals, what is not stable, and what was assumed") {
    auto s = one(vote_setting(R"({ "members": [ { "who": "m1", "takes part": "25%" } ] })"), 50);
    s.dimensions = {"needed"};
    s.variants[0].at = {"7"};
    const auto p = done(s);
    const auto text = sim::to_string(s, p);
    CHECK(text.find("not yet stable") != std::string::npos);
    CHECK(text.find("each takes part with 25.00%") != std::string::npos);
    CHECK(text.find("50 of 50 runs, seed 42") != std::string::npos);
    CHECK(json_text::parse(sim::report_json(s, p)).has_value());
    CHECK(json_text::parse(sim::behaviour_schema()).has_value());
    const auto story = sim::tell(s.variants[0], 42, 0).value();
    const auto html = sim::html_report(s, p, story);
    for (const auto* needed : {"<svg", "prefers-color-scheme", "@media print", "Numbers", "Assumed"}) CHECK(html.find(needed) != std::string::npos);
    for (const auto* outside : {"<script", "<link", "url(", "src="}) CHECK(html.find(outside) == std::string::npos);
    CHECK(sim::pictures(s, p, story).size() == 6);
    CHECK(html == sim::html_report(s, p, story));
}
