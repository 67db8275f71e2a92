// Pairwise counting, each beside what one would write first, in one run.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <quorate/tally/condorcet.hpp>
#include <quorate/tally/kemeny.hpp>

#include "ratios.hpp"

namespace {

using namespace quorate::tally;

/// The same numbers in every run.
class dice {
public:
    explicit dice(std::uint64_t seed) : state_(seed) {}
    std::size_t below(std::size_t n) {
        state_ = state_ * 6364136223846793005U + 1442695040888963407U;
        return (state_ >> 33U) % n;
    }

private:
    std::uint64_t state_;
};

ranked_ballots random_ballots(std::size_t options, std::size_t rows, std::size_t ranked) {
    std::vector<std::string> names;
    std::vector<rank>        ranks(options);
    dice                     d(options + rows);
    for (std::size_t o = 0; o < options; ++o) {
        names.push_back("option " + std::to_string(o));
        ranks[o] = o < ranked ? static_cast<rank>(o + 1) : unranked;
    }
    auto all = ranked_ballots::make(names).value();
    while (all.rows() < rows) {
        for (std::size_t i = options; i > 1; --i) std::swap(ranks[i - 1], ranks[d.below(i)]);
        all.add(std::span<const rank>(ranks)).value();
    }
    return all;
}

// ---- the matrix ---------------------------------------------------------------------------------------------------------------
const ranked_ballots& million() {
    static const auto all = random_ballots(20, 1'000'000, 15);
    return all;
}
/// Every byte of ranks and counts once.
void read_million(benchmark::State& state) {
    const auto& b = million();
    for (auto _ : state) {
        std::array<std::uint64_t, 4> seen{};
        const auto                   eat = [&](const void* from, std::size_t bytes) {
            for (std::size_t i = 0; i + sizeof seen <= bytes; i += sizeof seen) {
                std::array<std::uint64_t, 4> words;
                std::memcpy(words.data(), static_cast<const char*>(from) + i, sizeof words);
                for (std::size_t w = 0; w < seen.size(); ++w) seen[w] ^= words[w];
            }
        };
        for (option o = 0; o < b.options().size(); ++o) eat(b.ranks(o).data(), b.ranks(o).size_bytes());
        eat(b.counts().data(), b.counts().size_bytes());
        benchmark::DoNotOptimize(seen);
    }
}
BENCHMARK(read_million)->Unit(benchmark::kMillisecond);

void compare_million(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(compare(million()));
}
BENCHMARK(compare_million)->Unit(benchmark::kMillisecond);

void compare_million_naively(benchmark::State& state) {
    const auto& b = million();
    const auto  n = b.options().size();
    std::int64_t expected = compare(b).votes(0, 1);
    for (auto _ : state) {
        std::vector<std::vector<std::int64_t>> votes(n, std::vector<std::int64_t>(n));
        for (std::size_t row = 0; row < b.rows(); ++row) {
            for (option x = 0; x < n; ++x) {
                for (option y = 0; y < n; ++y) {
                    const auto rx = b.at(row, x), ry = b.at(row, y);
                    if (rx != unranked && (ry == unranked || rx < ry)) votes[x][y] += b.counts()[row];
                }
            }
        }
        if (votes[0][1] != expected) state.SkipWithError("they differ");
    }
}
BENCHMARK(compare_million_naively)->Unit(benchmark::kMillisecond);

// ---- Schulze, ranked pairs ----------------------------------------------------------------------------------------------------
const comparisons& five_hundred() {
    static const auto all = compare(random_ballots(500, 301, 500));
    return all;
}
void schulze_500(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(schulze(five_hundred()));
}
BENCHMARK(schulze_500)->Unit(benchmark::kMillisecond);

void schulze_500_naively(benchmark::State& state) {
    const auto& c = five_hundred();
    const auto  n = c.size();
    const auto  expected = schulze(c).winners();
    for (auto _ : state) {
        std::vector<std::vector<std::int64_t>> p(n, std::vector<std::int64_t>(n));
        for (option a = 0; a < n; ++a) {
            for (option b = 0; b < n; ++b) p[a][b] = c.beats(a, b) ? c.votes(a, b) : 0;
        }
        for (std::size_t k = 0; k < n; ++k) {
            for (std::size_t a = 0; a < n; ++a) {
                for (std::size_t b = 0; b < n; ++b) {
                    if (a != b) p[a][b] = std::max(p[a][b], std::min(p[a][k], p[k][b]));
                }
            }
        }
        std::vector<option> won;
        for (option a = 0; a < n; ++a) {
            bool best = true;
            for (std::size_t b = 0; b < n; ++b) best = best && p[a][b] >= p[b][a];
            if (best) won.push_back(a);
        }
        if (won != expected) state.SkipWithError("they differ");
    }
}
BENCHMARK(schulze_500_naively)->Unit(benchmark::kMillisecond);

const comparisons& eighty() {
    static const auto all = compare(random_ballots(80, 1001, 80));
    return all;
}
void ranked_pairs_80(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(ranked_pairs(eighty()));
}
BENCHMARK(ranked_pairs_80)->Unit(benchmark::kMillisecond);

/// Looks for a path back before every defeat is locked. It locks equal defeats one after the other, which takes as long.
void ranked_pairs_80_naively(benchmark::State& state) {
    const auto& c = eighty();
    for (auto _ : state) {
        auto defeats = detail::defeats_of(c);
        std::stable_sort(defeats.begin(), defeats.end(), [](const auto& a, const auto& b) { return a.votes > b.votes; });
        std::vector<std::vector<option>> locked(c.size());
        for (const auto& d : defeats) {
            std::vector<char>                 seen(c.size());
            const std::function<bool(option)> leads = [&](option from) {
                if (from == d.winner) return true;
                if (seen[from] != 0) return false;
                seen[from] = 1;
                return std::any_of(locked[from].begin(), locked[from].end(), leads);
            };
            if (!leads(d.loser)) locked[d.winner].push_back(d.loser);
        }
        benchmark::DoNotOptimize(locked);
    }
}
BENCHMARK(ranked_pairs_80_naively)->Unit(benchmark::kMillisecond);

// ---- Kemeny -------------------------------------------------------------------------------------------------------------------
const comparisons& few(std::size_t options) {
    static const auto nine = compare(random_ballots(9, 1001, 9));
    static const auto twenty = compare(random_ballots(20, 1001, 20));
    return options == 9 ? nine : twenty;
}
void kemeny_20(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(kemeny(few(20)));
}
BENCHMARK(kemeny_20)->Unit(benchmark::kMillisecond);
void kemeny_9(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(kemeny(few(9)));
}
BENCHMARK(kemeny_9)->Unit(benchmark::kMillisecond);

void kemeny_9_naively(benchmark::State& state) {
    const auto& c = few(9);
    const auto  expected = kemeny(c).value().sets.front();
    for (auto _ : state) {
        std::vector<option> p(c.size()), best;
        std::iota(p.begin(), p.end(), option{0});
        auto least = std::numeric_limits<std::int64_t>::max();
        do {
            std::int64_t against = 0;
            for (std::size_t i = 0; i < p.size(); ++i) {
                for (std::size_t j = i + 1; j < p.size(); ++j) against += c.votes(p[j], p[i]);
            }
            if (against < least) {
                least = against;
                best = p;
            }
        } while (std::next_permutation(p.begin(), p.end()));
        if (best != expected) state.SkipWithError("they differ");
    }
}
BENCHMARK(kemeny_9_naively)->Unit(benchmark::kMillisecond);

const bool listed = [] {
    auto& all = bench_ratios();
    all.push_back({"comparing a million ballots, 20 options / reading them", "compare_million", "read_million", "<= 5"});
    all.push_back({"  / one ballot after the other", "compare_million", "compare_million_naively", ""});
    all.push_back({"Schulze, 500 options / plain loops", "schulze_500", "schulze_500_naively", "<= 1"});
    all.push_back({"ranked pairs, 80 options / a search before each lock", "ranked_pairs_80", "ranked_pairs_80_naively", "<= 1"});
    all.push_back({"Kemeny, 9 options / all permutations", "kemeny_9", "kemeny_9_naively", "<= 0.1"});
    all.push_back({"  20 options / all permutations of 9", "kemeny_20", "kemeny_9_naively", ""});
    return true;
}();

}  // namespace
