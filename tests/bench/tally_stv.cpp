// What counting costs, beside the same rules written by hand, in one run. The ballots are those of a Glasgow ward of 2007.
#include <benchmark/benchmark.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include <boost/json.hpp>

#include <quorate/tally/runoff.hpp>
#include <quorate/tally/stv.hpp>

#include "stv_by_hand.hpp"

namespace {

using namespace quorate;
using namespace quorate::tally;

struct ward {
    std::vector<std::string>         candidates;
    ranked_ballots                   ballots;
    std::vector<hand_written::paper> papers;
    std::size_t                      seats = 0;
};

/// A recorded ward.
ward load(std::string_view id) {
    std::ifstream     file(QUORATE_SOURCE_DIR "/tests/data/stv.json");
    std::stringstream text;
    text << file.rdbuf();
    const auto document = boost::json::parse(text.str());
    for (const auto& c : document.at("cases").as_array()) {
        if (c.at("id").as_string() != id) continue;
        std::vector<std::string> names;
        for (const auto& n : c.at("candidates").as_array()) names.emplace_back(n.as_string());
        ward w{.candidates = names, .ballots = ranked_ballots::make(names).value(), .papers = {}, .seats = static_cast<std::size_t>(c.at("seats").as_int64())};
        for (const auto& b : c.at("ballots").as_array()) {
            hand_written::paper              paper;
            std::vector<std::vector<option>> tiers;
            for (const auto& t : b.at(1).as_array()) {
                paper.emplace_back(t.as_string());
                tiers.push_back({static_cast<option>(std::find(names.begin(), names.end(), paper.back()) - names.begin())});
            }
            const auto n = b.at(0).as_int64();
            w.ballots.add(tiers, n).value();
            for (std::int64_t i = 0; i < n; ++i) w.papers.push_back(paper);
        }
        return w;
    }
    throw std::runtime_error("there is no ward " + std::string(id));
}
const ward& baillieston() {
    static const auto w = load("droop/scotland/Baillieston-2007");
    return w;
}
void say_size(benchmark::State& state) {
    state.counters["ballots"] = static_cast<double>(baillieston().ballots.total());
    state.counters["rows"] = static_cast<double>(baillieston().ballots.rows());
}

void count_by_hand(benchmark::State& state) {
    const auto& w = baillieston();
    for (auto _ : state) benchmark::DoNotOptimize(hand_written::count_scotland(w.candidates, w.papers, w.seats));
    say_size(state);
}
void count_stv(benchmark::State& state, std::string_view rule) {
    const auto& w = baillieston();
    const auto  rules = stv_rule(rule).value();
    for (auto _ : state) benchmark::DoNotOptimize(stv(w.ballots, rules, w.seats));
    say_size(state);
}
/// The two must agree, or the comparison says nothing.
void count_scotland(benchmark::State& state) {
    const auto& w = baillieston();
    const auto  c = stv(w.ballots, stv_rule("scotland").value(), w.seats);
    std::vector<std::string> elected;
    for (const auto o : c.elected) elected.push_back(c.options[o]);
    if (elected != hand_written::count_scotland(w.candidates, w.papers, w.seats)) state.SkipWithError("the count by hand elects others");
    count_stv(state, "scotland");
}
void count_irv(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(irv(baillieston().ballots));
    say_size(state);
}

}  // namespace

BENCHMARK(count_by_hand)->Unit(benchmark::kMicrosecond);
BENCHMARK(count_scotland)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(count_stv, wigm, "wigm")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(count_stv, exact_gregory, "gregory")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(count_stv, meek_prf, "meek-prf")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(count_stv, meek, "meek")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(count_stv, qpq, "qpq")->Unit(benchmark::kMicrosecond);
BENCHMARK(count_irv)->Unit(benchmark::kMicrosecond);
