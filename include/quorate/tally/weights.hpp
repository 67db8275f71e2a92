// Ballots that weigh differently, and not by whole numbers: tokens with decimals, parts of a mandate. Counting is of whole ballots, so
// weights become whole counts of the largest unit in which that can be done exactly; results are in that unit.
#pragma once

#include <quorate/tally/ballots.hpp>
#include <quorate/tally/seats.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace quorate::tally {

/// Weights as counts. What a count says in ballots is, times `unit`, what they weigh.
struct weighed {
    number                    unit = 1;
    std::vector<std::int64_t> counts;  ///< in the order of the weights; 0 only where one is 0: such a ballot is none
};

/// The weights 1/2, 3/4 and 2 are 2, 3 and 8 quarters; 20 and 30 are 2 and 3 tens. Refuses weights that are negative or irrational, and
/// those that together are more than `most_ballots` units.
[[nodiscard]] inline result<weighed> weigh(std::span<const number> weights) {
    number unit = 0, together = 0;
    for (const auto& w : weights) {
        if (w.sign() < 0 || !w.is_rational()) return make_error(errc::invalid, "a ballot weighs " + to_string(w));
        together = detail::plus(together, w);
        for (auto rest = w; rest.sign() != 0;) {  // Euclid, of rational numbers
            unit = detail::minus(unit, multiply(rest, quorate::floor(detail::over(unit, rest))));
            std::swap(unit, rest);
        }
    }
    weighed all;
    if (unit.sign() != 0) all.unit = unit;
    if (detail::over(together, all.unit) > number(most_ballots))
        return make_error(errc::limit, "weights of " + to_string(together) + " together, in the only unit that divides them all, " + to_string(all.unit)
            + ", are more than " + std::to_string(most_ballots) + " ballots", {}, "round them first");
    for (const auto& w : weights) all.counts.push_back(*detail::over(w, all.unit).to_int64());
    return all;
}

/// The same in parts of 1: whole weights are counted as they are, and the unit is 1 over the smallest number that makes all of them whole.
[[nodiscard]] inline result<weighed> weigh_whole(std::span<const number> weights) {
    std::vector<number> with_one(weights.begin(), weights.end());
    with_one.emplace_back(1);
    auto all = weigh(with_one);
    if (all) all->counts.pop_back();
    return all;
}

}  // namespace quorate::tally
