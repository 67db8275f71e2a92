// Whole decisions simulated, beside the same behaviour in a loop written by hand for exactly this rule.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>

#include <quorate/simulate.hpp>

#include "fcp.hpp"
#include "hand_written.hpp"
#include "ratios.hpp"

namespace {

using namespace quorate;

constexpr std::uint64_t decisions = 20'000;  ///< of one iteration

simulate::study decisions_of_eleven() {
    return {.variants = {{.rules = bench::rules(), .process = "fcp", .people = bench::people(),
                          .how = simulate::read_behaviour(R"({"about": [["compiler"]], "members": [{"answers": {"exponential": "3 days"}}]})").value(), .name = "as it is"}},
            .seed = 42, .runs = decisions};
}

void simulated(benchmark::State& state, std::uint32_t threads) {
    const auto study = decisions_of_eleven();
    for (auto _ : state) {
        const auto p = simulate::run(study, {.threads = threads});
        if (!p || p->of[0].accepted.s != static_cast<simulate::wide>(decisions)) state.SkipWithError("not all accepted");
    }
    state.counters["decisions/s"] = benchmark::Counter(static_cast<double>(decisions), benchmark::Counter::kIsIterationInvariantRate);
}
void simulate_one_thread(benchmark::State& state) { simulated(state, 1); }
void simulate_two_threads(benchmark::State& state) { simulated(state, 2); }
BENCHMARK(simulate_one_thread)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(simulate_two_threads)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

void simulate_by_hand(benchmark::State& state) {
    using namespace hand_written;
    std::mt19937_64                       random(42);
    std::exponential_distribution<double> answer(1.0 / (3 * 86'400e6));
    constexpr std::int64_t                ten_days = 10LL * 86'400'000'000;
    const std::string                     none;
    std::vector<std::pair<std::int64_t, int>> acts;
    for (auto _ : state) {
        std::int64_t sum = 0;
        for (std::uint64_t n = 0; n < decisions; ++n) {
            fcp f;
            for (int i = 0; i < bench::reviewers; ++i) f.reviewers.push_back(i);
            acts.clear();
            for (int i = 1; i < bench::reviewers; ++i) acts.emplace_back(static_cast<std::int64_t>(answer(random)), i);
            std::sort(acts.begin(), acts.end());
            f.submit(what::propose, 0, none, 0);
            for (const auto& [at, who] : acts) f.submit(what::approve, who, none, at);
            f.submit(what::tick, 0, none, f.entered + ten_days);
            if (f.now != hand_written::state::accepted) state.SkipWithError("not accepted");
            sum += f.entered;
        }
        benchmark::DoNotOptimize(sum);
    }
    state.counters["decisions/s"] = benchmark::Counter(static_cast<double>(decisions), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(simulate_by_hand)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

const bool simulation_listed = [] {
    bench_ratios().push_back({"decisions of eleven simulated / the loop by hand", "simulate_one_thread", "simulate_by_hand", ""});
    return true;
}();

}  // namespace
