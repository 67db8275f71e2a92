// quorate-bench: what the engine costs, beside the same thing written by hand and beside SQLite itself, in one run.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include <unistd.h>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <quorate/quorate.hpp>
#include <quorate/sqlite_journal.hpp>

#include "fcp.hpp"
#include "hand_written.hpp"
#include "ratios.hpp"

namespace {

using namespace quorate;
using namespace bench;

constexpr int commands_of_a_life = 16;  // open, propose, 10 approvals, raise, resolve, advance twice

/// The commands of one life after opening, in order; the last lets the ten days pass.
std::vector<command> life() {
    std::vector<command> all;
    all.push_back(propose{.by = reviewer(0), .disposition = "merge", .at = hour(1)});
    for (int i = 1; i < 6; ++i) all.push_back(cast{.by = reviewer(i), .position = "approve", .at = hour(1 + i)});
    all.push_back(raise{.by = reviewer(7), .concern = "unwinding", .at = hour(8)});
    for (int i = 6; i < reviewers; ++i) all.push_back(cast{.by = reviewer(i), .position = "approve", .at = hour(3 + i)});
    all.push_back(resolve{.by = reviewer(7), .concern = "unwinding", .at = hour(24)});
    all.push_back(other{.what = act::advance, .by = "", .at = hour(48)});
    all.push_back(other{.what = act::advance, .by = "", .at = hour(24 + 240)});
    return all;
}
opening opening_of(int n) {
    return {.process = "fcp", .by = reviewer(0), .subject = "rust#" + std::to_string(n), .teams = {"compiler"}, .at = start};
}

void per_command(benchmark::State& state, double commands) {
    state.counters["per_command"] =
        benchmark::Counter(commands, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

// ---- in memory ------------------------------------------------------------------------------------------------------------
void life_in_memory(benchmark::State& state) {
    const auto commands = life();
    auto       run = std::make_unique<engine>(rules(), people());
    int        n = 0;
    for (auto _ : state) {
        if (n == 2'000) {  // keep the machine's memory out of the measurement
            state.PauseTiming();
            run = std::make_unique<engine>(rules(), people());
            n = 0;
            state.ResumeTiming();
        }
        const auto id = run->open(opening_of(n++)).value();
        for (const auto& c : commands) benchmark::DoNotOptimize(run->submit(id, c));
        if (run->get(id)->outcome() != phase::accepted) state.SkipWithError("not accepted");
    }
    per_command(state, commands_of_a_life);
}
BENCHMARK(life_in_memory);

void life_by_hand(benchmark::State& state) {
    using namespace hand_written;
    const std::string concern = "unwinding";
    for (auto _ : state) {
        fcp f;
        for (int i = 0; i < reviewers; ++i) f.reviewers.push_back(i);
        const auto us = [](int h) { return hour(h).time_since_epoch().count(); };
        f.submit(what::propose, 0, concern, us(1));
        for (int i = 1; i < 6; ++i) f.submit(what::approve, i, concern, us(1 + i));
        f.submit(what::raise, 7, concern, us(8));
        for (int i = 6; i < reviewers; ++i) f.submit(what::approve, i, concern, us(3 + i));
        f.submit(what::resolve, 7, concern, us(24));
        f.submit(what::tick, 0, concern, us(48));
        f.submit(what::tick, 0, concern, us(24 + 240));
        if (f.now != hand_written::state::accepted) state.SkipWithError("not accepted");
    }
    per_command(state, commands_of_a_life);
}
BENCHMARK(life_by_hand);

// ---- durable ----------------------------------------------------------------------------------------------------------------
std::string scratch(const std::string& name) {
    const auto dir = std::filesystem::temp_directory_path() / ("quorate-bench-" + std::to_string(::getpid()));
    std::filesystem::create_directories(dir);
    for (const auto* suffix : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove((dir / name).string() + suffix);
    return (dir / name).string();
}

std::vector<request> keyed_life(const std::string& id) {
    std::vector<request> all;
    int                  n = 0;
    for (auto c : life()) {
        if (c.what == act::advance) continue;  // time needs no key of its own in a batch
        c.key = id + "/" + std::to_string(++n);
        all.push_back({id, std::move(c)});
    }
    return all;
}
constexpr int commands_of_a_keyed_life = 14;

void durable_single(benchmark::State& state) {
    engine run{rules(), people(), open_sqlite_journal(scratch("single.db")).value()};
    int    n = 0;
    for (auto _ : state) {
        auto o = opening_of(n++);
        o.key = "open/" + std::to_string(n);
        const auto id = run.open(o).value();
        for (const auto& r : keyed_life(id))
            if (!run.submit(id, r.what).accepted()) state.SkipWithError("refused");
    }
    state.counters["commits/s"] = benchmark::Counter(commands_of_a_keyed_life, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(durable_single)->Unit(benchmark::kMillisecond)->UseRealTime();

constexpr int lives_in_a_batch = 64;
void durable_batched(benchmark::State& state) {
    engine run{rules(), people(), open_sqlite_journal(scratch("batched.db")).value()};
    int         n = 0;
    std::size_t rows = 0;  // events, kept answers, effects
    const auto  stored = [&run] { return run.pending_effects(10'000'000).value().size(); };
    for (auto _ : state) {
        state.PauseTiming();
        std::vector<std::string> ids;
        for (int i = 0; i < lives_in_a_batch; ++i) {
            auto o = opening_of(n++);
            o.key = "open/" + std::to_string(n);
            ids.push_back(run.open(o).value());
        }
        std::vector<request> all;
        for (const auto& id : ids)
            for (auto& r : keyed_life(id)) all.push_back(std::move(r));
        const auto effects_before = stored();
        state.ResumeTiming();
        const auto receipts = run.submit(all);
        state.PauseTiming();
        rows += receipts.size() + stored() - effects_before;
        for (const auto& r : receipts) {
            if (!r.accepted()) state.SkipWithError("refused");
            rows += r.events.size();
        }
        state.ResumeTiming();
    }
    state.counters["rows/s"] = benchmark::Counter(static_cast<double>(rows), benchmark::Counter::kIsRate);
    state.counters["commands/s"] =
        benchmark::Counter(lives_in_a_batch * (commands_of_a_keyed_life - 1), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(durable_batched)->Unit(benchmark::kMillisecond)->UseRealTime();

/// Raw rows of the size of one event and its answer, with the same pragmas.
void raw_sqlite(benchmark::State& state, int rows_in_a_transaction) {
    SQLite::Database db(scratch("raw.db"), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    db.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
            "CREATE TABLE event(seq INTEGER PRIMARY KEY, stream TEXT, version INTEGER, at INTEGER, kind TEXT, actor TEXT,"
            " payload TEXT, hash BLOB, UNIQUE(stream, version)) STRICT");
    SQLite::Statement insert(db, "INSERT INTO event(stream, version, at, kind, actor, payload, hash) VALUES(?,?,?,?,?,?,?)");
    const std::string hash(32, 'h');
    std::int64_t      version = 0;
    for (auto _ : state) {
        db.exec("BEGIN IMMEDIATE");
        for (int i = 0; i < rows_in_a_transaction; ++i) {
            insert.bind(1, "fcp-1234");
            insert.bind(2, ++version);
            insert.bind(3, std::int64_t{1'772'323'200'000'000} + version);
            insert.bind(4, "acted");
            insert.bind(5, "reviewer-7");
            insert.bind(6, R"({"do":"cast","subject":"approve"})");
            insert.bind(7, hash.data(), 32);
            insert.exec();
            insert.reset();
        }
        db.exec("COMMIT");
    }
    state.counters["rows/s"] = benchmark::Counter(rows_in_a_transaction, benchmark::Counter::kIsIterationInvariantRate);
}
void raw_single(benchmark::State& state) { raw_sqlite(state, 1); }
void raw_batched(benchmark::State& state) { raw_sqlite(state, lives_in_a_batch * (commands_of_a_keyed_life - 1)); }
BENCHMARK(raw_single)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(raw_batched)->Unit(benchmark::kMillisecond)->UseRealTime();

// ---- replay -------------------------------------------------------------------------------------------------------------------
std::uint64_t written_for_replay = 0;
const std::string& journal_to_replay() {
    static const std::string path = [] {
        auto   file = scratch("replay.db");
        engine run{rules(), people(), open_sqlite_journal(file).value()};
        for (int n = 0; n < 4'000; ++n) {
            auto o = opening_of(n);
            o.key = "open/" + std::to_string(n);
            const auto id = run.open(o).value();
            auto       rest = keyed_life(id);
            (void)run.submit(rest);
        }
        written_for_replay = open_sqlite_journal(file).value()->last().value();
        return file;
    }();
    return path;
}
void replay_events(benchmark::State& state) {
    const auto    path = journal_to_replay();
    auto          store = open_sqlite_journal(path).value();
    std::uint64_t n = 0;
    for (auto _ : state) {
        n = 0;
        if (!store->read({}, 0, [&](const stored_event& e) {
                benchmark::DoNotOptimize(e);
                ++n;
                return true;
            }))
            state.SkipWithError("unreadable");
    }
    if (n != written_for_replay) state.SkipWithError("events are missing");
    state.counters["events/s"] = benchmark::Counter(static_cast<double>(n), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(replay_events)->Unit(benchmark::kMillisecond)->UseRealTime();

void replay_into_engine(benchmark::State& state) {
    const auto path = journal_to_replay();
    for (auto _ : state) {
        engine again{rules(), people(), open_sqlite_journal(path).value()};
        benchmark::DoNotOptimize(again.get("fcp-1"));
    }
    state.counters["events/s"] =
        benchmark::Counter(static_cast<double>(written_for_replay), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(replay_into_engine)->Unit(benchmark::kMillisecond)->UseRealTime();

// ---- reading --------------------------------------------------------------------------------------------------------------------
void explain_pending(benchmark::State& state) {
    engine     run{rules(), people()};
    const auto id = run.open(opening_of(1)).value();
    const auto commands = life();
    for (int i = 0; i < 4; ++i) run.submit(id, commands[static_cast<std::size_t>(i)]);
    for (auto _ : state) benchmark::DoNotOptimize(run.explain(id, hour(9)));
}
BENCHMARK(explain_pending);

void evaluate_rule(benchmark::State& state) {
    static constexpr word words[] = {{.name = "approve", .is = word::kind::position, .text = {}}};
    const auto   r = read_rule("outstanding < approve and outstanding < 3 and concerns == 0", words);
    member_class everyone;
    everyone.counts = {3, 8};
    evidence e;
    e.classes = {&everyone, 1};
    e.positions = 1;
    for (auto _ : state) benchmark::DoNotOptimize(read_now(r.value.view(), e));
}
BENCHMARK(evaluate_rule);

void parse_charter(benchmark::State& state) {
    const auto text = rules().get().text;
    for (auto _ : state) benchmark::DoNotOptimize(load_charter(text));
}
BENCHMARK(parse_charter)->Unit(benchmark::kMicrosecond);

// ---- the summary --------------------------------------------------------------------------------------------------------------
class with_ratios : public benchmark::ConsoleReporter {
public:
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const auto& r : runs) {
            if (r.run_type == Run::RT_Aggregate && r.aggregate_name != "median") continue;  // of repetitions the median counts
            const auto name = r.benchmark_name();
            // Processor time: the machine may be shared. What waits for a disk is compared by its counters.
            seconds_[name.substr(0, name.find('/'))] = r.cpu_accumulated_time / static_cast<double>(r.iterations);
            for (const auto& [counter, value] : r.counters) {
                counters_[name.substr(0, name.find('/'))] = value;
                counters_[name.substr(0, name.find('/')) + " " + counter] = value;
            }
        }
        ConsoleReporter::ReportRuns(runs);
    }
    void summary() {
        fmt::print("\n{:<54} {:>12} {:>12}\n", "figure", "measured", "target");
        const auto line = [](std::string_view what, const std::string& measured, std::string_view target) {
            fmt::print("{:<54} {:>12} {:>12}\n", what, measured, target);
        };
        if (has({"life_in_memory", "life_by_hand"})) {
            line("in memory, nanoseconds per command", fmt::format("{:.0f}", seconds_["life_in_memory"] / commands_of_a_life * 1e9), "<= 1000");
            line("  times the same life written by hand", fmt::format("{:.1f}", seconds_["life_in_memory"] / seconds_["life_by_hand"]), "");
        }
        if (has({"durable_single", "raw_single"}))
            line("durable, one commit per command / raw", fmt::format("{:.2f}", counters_["durable_single"] / counters_["raw_single"]), ">= 0.7");
        if (has({"durable_batched", "raw_batched"}))
        {
            line("durable, batched: rows stored / raw rows", fmt::format("{:.2f}", counters_["durable_batched rows/s"] / counters_["raw_batched"]), ">= 0.4");
            line("  commands (about 2.7 rows each) / raw rows", fmt::format("{:.2f}", counters_["durable_batched commands/s"] / counters_["raw_batched"]), "");
        }
        if (has({"replay_events"})) line("replay, events per second", fmt::format("{:.0f}", counters_["replay_events"]), ">= 500000");
        if (has({"replay_into_engine"}))
            line("  folded into an engine", fmt::format("{:.0f}", counters_["replay_into_engine"]), "");
        for (const auto& r : bench_ratios())
            if (has({r.over.c_str(), r.under.c_str()})) line(r.what, fmt::format("{:.3g}", seconds_[r.over] / seconds_[r.under]), r.target);
        line("one proposal with 11 ballots, bytes", std::to_string(proposal_bytes()), "<= 2048");
    }

private:
    [[nodiscard]] bool has(std::initializer_list<const char*> names) const {
        return std::all_of(names.begin(), names.end(), [&](const char* n) { return seconds_.contains(n); });
    }
    /// What a proposal takes: itself and what its vectors and longer strings have on the heap.
    static std::size_t bytes_of(const proposal& p) {
        const auto text = [](const std::string& t) { return t.capacity() > 15 ? t.capacity() + 1 : 0; };
        const auto list = [](const auto& v) { return v.capacity() * sizeof(v[0]); };
        auto       n = sizeof(p) + text(p.id) + text(p.subject) + text(p.title) + text(p.parent) + text(p.about);
        n += list(p.teams) + list(p.voters) + list(p.seats) + list(p.concerns) + list(p.holds) + list(p.seconds);
        n += list(p.sponsors) + list(p.questions) + list(p.facts) + list(p.holds_since);
        for (const auto& c : p.concerns) n += text(c.name) + list(c.seconds);
        return n;
    }
    static std::size_t proposal_bytes() {
        engine     run{rules(), people()};
        const auto id = run.open(opening_of(1)).value();
        for (const auto& c : life()) run.submit(id, c);
        return bytes_of(*run.get(id));
    }
    std::map<std::string, double> seconds_, counters_;
};

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    with_ratios reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    reporter.summary();
    std::filesystem::remove_all(std::filesystem::temp_directory_path() / ("quorate-bench-" + std::to_string(::getpid())));
    return 0;
}
