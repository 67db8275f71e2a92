// What the pure functions cost, without engine or journal, as simulations and the model checker call them: complete lives, and single
// steps from a copy of a state.
#include <benchmark/benchmark.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <quorate/charter.hpp>
#include <quorate/proposal.hpp>

#include "fcp.hpp"
#include "hand_written.hpp"
#include "ratios.hpp"

namespace {

using namespace quorate;
using namespace bench;

const opening& an_opening() {
    static const opening o{.process = "fcp", .by = reviewer(0), .subject = "rust#1", .teams = {"compiler"}, .at = start};
    return o;
}
/// Proposing, then everybody else's approval; time does the rest.
const std::vector<command>& commands() {
    static const auto all = [] {
        std::vector<command> list{propose{.by = reviewer(0), .disposition = "merge", .at = hour(1)}};
        for (int i = 1; i < reviewers; ++i) list.push_back(cast{.by = reviewer(i), .position = "approve", .at = hour(1 + i)});
        return list;
    }();
    return all;
}
constexpr int steps_of_a_life = reviewers + 2;  // opening, proposing, ten approvals, the ten days

void count_steps(benchmark::State& state, double lives, double steps) {
    state.counters["lives/s"] = benchmark::Counter(lives, benchmark::Counter::kIsIterationInvariantRate);
    state.counters["per_step"] = benchmark::Counter(steps, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

// ---- complete lives -----------------------------------------------------------------------------------------------------------
/// Whatever a step puts out is dropped before the next one.
void lives(benchmark::State& state, step_output out) {
    const roster&      who = people();
    evidence_of        scratch;
    const surroundings around{.people = who, .scratch = &scratch};
    for (auto _ : state) {
        proposal p;
        bool     fine = open_proposal(p, "fcp-1", an_opening(), rules(), around, out).has_value();
        for (const auto& c : commands()) {
            out.clear();
            const auto answer = handle(p, c, around, out);
            fine = fine && answer && !answer.value();
        }
        out.clear();
        fine = pass_time(p, hour(24 * 20), around, out).has_value() && fine;
        out.clear();
        if (!fine || p.outcome() != phase::accepted) state.SkipWithError("not accepted");
    }
    count_steps(state, 1, steps_of_a_life);
}
void pure_life(benchmark::State& state) { lives(state, {}); }
BENCHMARK(pure_life);
void pure_life_without_events(benchmark::State& state) { lives(state, {.kept = kept_events::none}); }
BENCHMARK(pure_life_without_events);

void pure_life_by_hand(benchmark::State& state) {
    using namespace hand_written;
    const std::string none;
    const auto        us = [](int h) { return hour(h).time_since_epoch().count(); };
    for (auto _ : state) {
        fcp f;
        for (int i = 0; i < reviewers; ++i) f.reviewers.push_back(i);
        f.submit(what::propose, 0, none, us(1));
        for (int i = 1; i < reviewers; ++i) f.submit(what::approve, i, none, us(1 + i));
        f.submit(what::tick, 0, none, us(24 * 20));
        if (f.now != hand_written::state::accepted) state.SkipWithError("not accepted");
    }
    count_steps(state, 1, steps_of_a_life);
}
BENCHMARK(pure_life_by_hand);

// ---- exploring ------------------------------------------------------------------------------------------------------------------
/// What tells two states of exploring apart, as one number: where it stands, who said what, and how long ago.
class key {
public:
    void add(std::uint64_t n) { sum_ = (sum_ ^ n) * 0x9e3779b97f4a7c15ULL, sum_ ^= sum_ >> 29; }
    void add(std::optional<instant> t, instant now) { add(t ? static_cast<std::uint64_t>((now - *t).count()) + 1 : 0); }
    [[nodiscard]] std::uint64_t sum() const { return sum_; }

private:
    std::uint64_t sum_ = 0;
};
std::uint64_t key_of(const proposal& p) {
    key k;
    k.add(p.stage);
    k.add(p.disposition ? *p.disposition + 1U : 0U);
    for (const auto& v : p.voters) k.add(static_cast<std::uint64_t>(v.who) << 9U | std::uint64_t{v.choice} << 1U | (v.recused ? 1U : 0U));
    for (const auto& c : p.concerns) k.add(static_cast<std::uint64_t>(c.raiser) << 2U | static_cast<std::uint64_t>(c.state));
    k.add(p.entered, p.last);
    k.add(p.runs_since, p.last);
    k.add(p.due, p.last);
    for (const auto& h : p.holds_since) k.add(h, p.last);
    return k.sum();
}

/// From a state with six of eleven approvals: each of the five others, and three concerns.
void explore(benchmark::State& state) {
    const roster&      who = people();
    evidence_of        scratch;
    const surroundings around{.people = who, .scratch = &scratch};
    step_output        out{.kept = kept_events::none};
    proposal           from;
    (void)open_proposal(from, "fcp-1", an_opening(), rules(), around, out);
    for (std::size_t i = 0; i < 6; ++i) (void)handle(from, commands()[i], around, out);
    out.clear();
    std::vector<command> next(commands().begin() + 6, commands().end());
    for (auto& c : next) c.at = hour(20);
    for (int i = 0; i < 3; ++i) next.push_back(raise{.by = reviewer(i), .concern = "unwinding", .at = hour(20)});
    std::size_t taken = 0;
    for (auto _ : state) {
        for (const auto& c : next) {
            auto       to = from;
            const auto answer = handle(to, c, around, out);
            taken += answer && !answer.value() ? 1 : 0;
            benchmark::DoNotOptimize(key_of(to));
            out.clear();
        }
    }
    if (taken != next.size() * static_cast<std::size_t>(state.iterations())) state.SkipWithError("refused");
    const auto steps = static_cast<double>(next.size());
    state.counters["steps/s"] = benchmark::Counter(steps, benchmark::Counter::kIsIterationInvariantRate);
    state.counters["per_step"] = benchmark::Counter(steps, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(explore);

void explore_by_hand(benchmark::State& state) {
    using namespace hand_written;
    const std::string name = "unwinding";
    const auto        us = [](int h) { return hour(h).time_since_epoch().count(); };
    fcp               from;
    for (int i = 0; i < reviewers; ++i) from.reviewers.push_back(i);
    from.submit(what::propose, 0, name, us(1));
    for (int i = 1; i < 6; ++i) from.submit(what::approve, i, name, us(1 + i));
    constexpr int steps = 8;
    std::size_t   taken = 0;
    const auto    look = [&](fcp to, what w, int who) {
        taken += to.submit(w, who, name, us(20)) ? 1 : 0;
        key k;
        k.add(static_cast<std::uint64_t>(to.now));
        for (const bool yes : to.approved) k.add(yes ? 1 : 0);
        for (const auto& c : to.concerns) k.add(static_cast<std::uint64_t>(c.raiser) << 1U | (c.open ? 1U : 0U));
        benchmark::DoNotOptimize(k.sum());
    };
    for (auto _ : state) {
        for (int i = 6; i < reviewers; ++i) look(from, what::approve, i);
        for (int i = 0; i < 3; ++i) look(from, what::raise, i);
    }
    if (taken != steps * static_cast<std::size_t>(state.iterations())) state.SkipWithError("refused");
    state.counters["steps/s"] = benchmark::Counter(steps, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(explore_by_hand);

/// Nothing but the copy.
void copy_proposal(benchmark::State& state) {
    const roster&      who = people();
    const surroundings around{.people = who};
    step_output        out;
    proposal           from;
    (void)open_proposal(from, "fcp-1", an_opening(), rules(), around, out);
    for (const auto& c : commands()) (void)handle(from, c, around, out);
    for (auto _ : state) {
        auto to = from;
        benchmark::DoNotOptimize(to);
    }
}
BENCHMARK(copy_proposal);

const bool steps_listed = [] {
    auto& all = bench_ratios();
    all.push_back({"pure life / the same written by hand", "pure_life_without_events", "pure_life_by_hand", ""});
    all.push_back({"  keeping its events / dropping them", "pure_life", "pure_life_without_events", ""});
    all.push_back({"exploring: copy, step, key / by hand", "explore", "explore_by_hand", ""});
    return true;
}();

}  // namespace
