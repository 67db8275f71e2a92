// Positional methods: each place on a ballot is worth something, and the largest sum wins. With several seats the largest sums
// do.
//
// All of them read `unranked` (last: the options that a ballot leaves out share what the places left are worth; not_compared:
// they get nothing) and `ties`. Options that share a rank get the mean of the places they take together. Gaps between ranks
// mean nothing. Without ballots everybody has 0 and is tied; with at least as many seats as options all are elected, in order.
#pragma once

#include <quorate/tally/ballots.hpp>
#include <quorate/tally/seats.hpp>

#include <map>

namespace quorate::tally {

/// The sum of what the places are worth: `weights` from the first place on, 0 for places beyond them.
[[nodiscard]] inline count positional(const ranked_ballots& ballots, const std::vector<number>& weights,
    const conventions& with = {}, std::size_t seats = 1,
                                      std::string method = "positional") {
    const auto          n = ballots.options().size();
    std::vector<number> up_to(n + 1);  // worth of the first i places together
    for (std::size_t i = 0; i < n; ++i) up_to[i + 1] = i < weights.size() ? detail::plus(up_to[i], weights[i]) : up_to[i];

    // How many ballots give an option which run of places: first place and length.
    std::vector<std::map<std::pair<std::size_t, std::size_t>, std::int64_t>> runs(n);
    std::vector<std::pair<std::uint32_t, option>>                            marked;
    constexpr auto                                                           below_all = std::numeric_limits<std::uint32_t>::max();
    for (std::size_t row = 0; row < ballots.rows(); ++row) {
        marked.clear();
        for (option o = 0; o < n; ++o) {
            const auto r = ballots.at(row, o);
            if (r != unranked) marked.emplace_back(r, o);
            else if (with.unranked == unranked_options::last) marked.emplace_back(below_all, o);
        }
        std::sort(marked.begin(), marked.end());
        for (std::size_t i = 0, end = 0; i < marked.size(); i = end) {
            while (end < marked.size() && marked[end].first == marked[i].first) ++end;
            for (std::size_t j = i; j < end; ++j) runs[marked[j].second][{i, end - i}] += ballots.counts()[row];
        }
    }
    std::vector<number> values(n);
    for (option o = 0; o < n; ++o) {
        for (const auto& [run, count] : runs[o]) {
            const auto worth = detail::minus(up_to[run.first + run.second], up_to[run.first]);
            values[o] = detail::plus(values[o], multiply(detail::over(worth, static_cast<std::int64_t>(run.second)), count));
        }
    }
    std::string why = "places are worth";
    for (std::size_t i = 0; i < std::min(n, weights.size()); ++i) why += (i == 0 ? " " : ", ") + to_string(weights[i]);
    return detail::by_values(detail::begun(std::move(method), ballots, seats), "points", std::move(values), with, why);
}

/// Borda: n - 1 + start points for the first of n places, one less for each further one. `start` is what the last place is
/// worth: 1 (Borda 1784; most programs) or 0; they differ where options are left out and not compared.
[[nodiscard]] inline count borda(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1,
    std::int64_t start = 1) {
    std::vector<number> weights;
    for (auto n = static_cast<std::int64_t>(ballots.options().size()); n > 0; --n) weights.emplace_back(n - 1 + start);
    return positional(ballots, weights, with, seats, "borda");
}

/// Dowdall (Nauru): 1, 1/2, 1/3, ...
[[nodiscard]] inline count dowdall(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1) {
    std::vector<number> weights;
    for (std::size_t i = 1; i <= ballots.options().size(); ++i)
        weights.push_back(number::fraction(1, static_cast<std::int64_t>(i)));
    return positional(ballots, weights, with, seats, "dowdall");
}

/// Geometric (consecutively halved positional voting with 1/2): 1, r, r^2, ...
[[nodiscard]] inline count geometric(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1,
    const number& ratio = number::fraction(1, 2)) {
    std::vector<number> weights;
    for (std::size_t i = 0; i < ballots.options().size(); ++i)
        weights.push_back(i == 0 ? number(1) : multiply(weights.back(), ratio));
    return positional(ballots, weights, with, seats, "geometric");
}

}  // namespace quorate::tally
