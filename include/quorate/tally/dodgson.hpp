// Dodgson: who is nearest to being the Condorcet winner. (C. L. Dodgson 1876.)
#pragma once

#include <quorate/tally/pairwise.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace quorate::tally {

/// What exact Dodgson takes on. The problem is hard (J. J. Bartholdi, C. A. Tovey, M. A. Trick 1989): it keeps, for each option, one
/// number for every way to have made up part of what it lacks.
inline constexpr std::size_t  most_dodgson_states = 2'000'000;
/// The most steps: states times ballots times options to pass.
inline constexpr std::int64_t most_dodgson_steps = 2'000'000'000;

namespace detail {

/// How many votes a lacks to beat b; 0 if it does.
inline std::int64_t lacks(const comparisons& c, option a, option b) {
    return c.beats(a, b) ? 0 : (c.votes(b, a) - c.votes(a, b)) / 2 + 1;
}

/// The options above `a` on a ballot, the nearest first. Nothing when two options share a rank, or more than one has none.
inline std::optional<std::vector<option>> above(const ranked_ballots& b, std::size_t row, option a) {
    std::vector<std::pair<unsigned, option>> order;
    for (option o = 0; o < b.options().size(); ++o) order.emplace_back((b.at(row, o) - 1U) & 0xffffU, o);
    std::sort(order.begin(), order.end());
    std::vector<option> all;
    bool                passed = false;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i > 0 && order[i].first == order[i - 1].first) return std::nullopt;
        passed = passed || order[i].second == a;
        if (!passed) all.push_back(order[i].second);
    }
    std::reverse(all.begin(), all.end());
    return all;
}

/// The fewest swaps that let one option beat all others: dynamic programming over what is made up so far.
class dodgson_score {
public:
    dodgson_score(const ranked_ballots& b, const comparisons& c, option a) : lacking_(c.size()), size_(c.size()) {
        for (option o = 0; o < c.size(); ++o) lacking_[o] = o == a ? 0 : lacks(c, a, o);
        for (std::size_t row = 0; row < b.rows(); ++row) {
            auto passing = *above(b, row, a);
            while (!passing.empty() && lacking_[passing.back()] == 0) passing.pop_back();  // nothing to gain there
            if (!passing.empty()) climbs_[std::move(passing)] += b.counts()[row];
        }
    }

    [[nodiscard]] result<std::int64_t> find() const {
        std::vector<std::size_t> stride(size_);
        std::size_t              states = 1;
        for (std::size_t o = 0; o < size_; ++o) {
            stride[o] = states;
            const auto levels = static_cast<std::uint64_t>(lacking_[o]) + 1;
            if (levels > most_dodgson_states / states) return too_much();
            states *= levels;
        }
        std::vector<std::int64_t> least(states, none);
        least[0] = 0;
        std::int64_t steps = 0;
        for (const auto& [passing, times] : climbs_) {
            for (std::int64_t i = 0; i < times; ++i) {
                steps += static_cast<std::int64_t>(states * passing.size());
                if (steps > most_dodgson_steps) return too_much();
                if (!climb(least, stride, passing)) break;  // nor would an equal ballot
            }
        }
        // Nothing is ever out of reach: on top of every ballot an option beats all others. Without ballots it lacks a vote it can't get.
        return least.back();
    }

    static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();

private:
    static error too_much() {
        return make_error(errc::limit, "the ballots need more than exact Dodgson takes on (" + std::to_string(most_dodgson_states) + " states, " +
                                           std::to_string(most_dodgson_steps) + " steps)",
                          {}, "count by dodgson_quick, which is near it");
    }
    /// One ballot lets the option climb any part of the way. From the most made up on, so that it is taken once.
    bool climb(std::vector<std::int64_t>& least, const std::vector<std::size_t>& stride, const std::vector<option>& passing) const {
        bool better = false;
        for (std::size_t from = least.size(); from-- > 0;) {
            if (least[from] == none) continue;
            auto         to = from;
            std::int64_t swaps = least[from];
            for (const auto o : passing) {
                ++swaps;
                const auto has = to / stride[o] % static_cast<std::size_t>(lacking_[o] + 1);
                if (has < static_cast<std::size_t>(lacking_[o])) to += stride[o];
                if (swaps >= least[to]) continue;
                least[to] = swaps;
                better = true;
            }
        }
        return better;
    }

    std::vector<std::int64_t>                   lacking_;
    std::size_t                                 size_;
    std::map<std::vector<option>, std::int64_t> climbs_;
};

inline count by_least(std::string method, std::string what, const comparisons& c, const std::vector<number>& values, const conventions& with, std::size_t seats) {
    auto  all = begin(std::move(method), c, seats);
    round r{.what = std::move(what), .options = {}, .values = values, .elected = {}, .dropped = {}, .why = {}, .exhausted = {}};
    for (option o = 0; o < c.size(); ++o) r.options.push_back(o);
    all.rounds.push_back(std::move(r));
    all.order = in_tiers(c.size(), [&](option a, option b) { return values[a] < values[b]; });
    return finish(std::move(all), c, with);
}

}  // namespace detail

/// Dodgson, exact: the fewest swaps of neighbours on ballots after which an option beats every other one. Ballots rank every option, each
/// differently; the last may be left out. Refuses other ballots (what a swap is there, nobody has laid down), and more than the limits
/// above. Without ballots all are level. Reads `ties`.
[[nodiscard]] inline result<count> dodgson(const ranked_ballots& b, const conventions& with = {}, std::size_t seats = 1) {
    for (std::size_t row = 0; row < b.rows(); ++row) {
        if (b.options().empty() || detail::above(b, row, 0)) continue;
        return make_error(errc::invalid, "distinct ballot " + std::to_string(row + 1) + " leaves options level, and exact Dodgson swaps neighbours of a strict ranking",
                          {}, "count by dodgson_quick");
    }
    const auto          c = compare(b);
    std::vector<number> values(c.size());
    for (option a = 0; a < c.size() && b.total() > 0; ++a) {
        const auto swaps = detail::dodgson_score(b, c, a).find();
        if (!swaps) return swaps.error();
        values[a] = *swaps;
    }
    return detail::by_least("dodgson", "swaps needed", c, values, with, seats);
}

/// Dodgson Quick: the sum of half the margins by which an option is beaten, each rounded up. (J. McCabe-Dansted, G. Pritchard,
/// A. Slinko 2008.) Reads `ties`.
[[nodiscard]] inline count dodgson_quick(const comparisons& c, const conventions& with = {}, std::size_t seats = 1) {
    std::vector<number> values(c.size());
    for (option a = 0; a < c.size(); ++a) {
        std::int64_t sum = 0;
        for (option b = 0; b < c.size(); ++b) sum += c.beats(b, a) ? (c.votes(b, a) - c.votes(a, b) + 1) / 2 : 0;
        values[a] = sum;
    }
    return detail::by_least("dodgson_quick", "half margins against, rounded up", c, values, with, seats);
}
[[nodiscard]] inline count dodgson_quick(const ranked_ballots& b, const conventions& with = {}, std::size_t seats = 1) { return dodgson_quick(compare(b, with), with, seats); }

/// Tideman's approximation: the sum of the margins by which an option is beaten. (T. N. Tideman 1987.) Reads `ties`.
[[nodiscard]] inline count dodgson_tideman(const comparisons& c, const conventions& with = {}, std::size_t seats = 1) {
    std::vector<number> values(c.size());
    for (option a = 0; a < c.size(); ++a) {
        std::int64_t sum = 0;
        for (option b = 0; b < c.size(); ++b) sum += c.beats(b, a) ? c.votes(b, a) - c.votes(a, b) : 0;
        values[a] = sum;
    }
    return detail::by_least("dodgson_tideman", "margins against", c, values, with, seats);
}
[[nodiscard]] inline count dodgson_tideman(const ranked_ballots& b, const conventions& with = {}, std::size_t seats = 1) { return dodgson_tideman(compare(b, with), with, seats); }

}  // namespace quorate::tally
