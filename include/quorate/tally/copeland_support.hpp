// Copeland as Snapshot counts it: average support tells apart those who win the same comparisons, and the power is shared out.
#pragma once

#include <quorate/tally/condorcet.hpp>
#include <quorate/tally/seats.hpp>

#include <string>
#include <utility>
#include <vector>

namespace quorate::tally {

/// A comparison that is won counts 2 and a level one 1, for a half of the average support on top: over all other options, the mean part
/// of the ballots that prefer this one. The ballots are shared out in proportion; a single option has all of them. Ballots that don't
/// rank all options are invalid, and told as exhausted. Without ballots all have 0 and are level. Reads `ties`. Source: snapshot.js,
/// src/voting/copeland.ts, pull requests #1133 and #1214.
[[nodiscard]] inline count copeland_support(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1) {
    const auto          valid = complete(ballots);
    const auto          c = compare(valid);
    auto                all = detail::begin("copeland_snapshot", c, seats);
    const auto          won = detail::copeland_values(c);
    const auto          others = static_cast<std::int64_t>(c.size()) - 1;
    std::vector<number> support(c.size()), points(c.size()), values(c.size());
    number              together = 0;
    for (option a = 0; a < c.size(); ++a) {
        for (option b = 0; b < c.size(); ++b)
            if (a != b && c.ballots() > 0) support[a] = detail::plus(support[a], number::fraction(c.votes(a, b), others));
        if (c.ballots() > 0) support[a] = detail::over(support[a], c.ballots());
        points[a] = detail::plus(multiply(won[a], 2), multiply(support[a], number::fraction(1, 2)));
        together = detail::plus(together, points[a]);
    }
    for (option a = 0; a < c.size(); ++a) values[a] = together.sign() == 0 ? number(c.ballots()) : detail::over(multiply(points[a], c.ballots()), together);
    all.order = in_tiers(c.size(), [&](option a, option b) { return values[a] > values[b]; });
    all.ballots = ballots.total();
    all.rounds.push_back(detail::values_of("comparisons won", c.size(), won));
    all.rounds.push_back(detail::values_of("average support", c.size(), support));
    all.rounds.push_back(detail::values_of("share of the ballots", c.size(), values));
    auto& last = all.rounds.back();
    last.exhausted = ballots.total() - valid.total();
    if (last.exhausted.sign() != 0) last.why = "a ballot that doesn't rank all options is invalid";
    all = detail::finish(std::move(all), c, with);
    all.rounds.back().elected = all.elected;
    return all;
}

}  // namespace quorate::tally
