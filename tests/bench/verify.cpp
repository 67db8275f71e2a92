// What verify gets done: steps (acts and instants tried through the engine, their situations told apart) a second, on one core.
#include <benchmark/benchmark.h>

#include <quorate/verify.hpp>

namespace {

/// The comment period of Rust with so many reviewers; nobody leaves, so that the figure is that of one roster.
void verify_fcp(benchmark::State& state) {
    const auto              c = quorate::load_charter_file(QUORATE_SOURCE_DIR "/examples/charters/rust.json").value();
    quorate::verify_options how;
    how.bounds.members = static_cast<std::size_t>(state.range(0));
    how.bounds.leavers = 0;
    how.power = false;
    std::size_t steps = 0, situations = 0;
    for (auto _ : state) {
        const auto report = quorate::verify(c, "fcp", how).value();
        steps += report.steps;
        situations = report.states;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(steps));
    state.counters["situations"] = static_cast<double>(situations);
}
BENCHMARK(verify_fcp)->Arg(7)->Unit(benchmark::kMillisecond);

}  // namespace
