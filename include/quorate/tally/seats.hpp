// Small things that methods which add up values share.
#pragma once

#include <quorate/ratio.hpp>
#include <quorate/tally/count.hpp>
#include <quorate/tally/tiers.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace quorate::tally::detail {

/// Of rational numbers, which counts are made of.
[[nodiscard]] inline number plus(const number& a, const number& b) { return *add(a, b); }
[[nodiscard]] inline number minus(const number& a, const number& b) { return *subtract(a, b); }
/// Precondition: b is not 0.
[[nodiscard]] inline number over(const number& a, const number& b) { return *divide(a, b); }

/// The end of a count by one value for each option: the round, the order, the seats.
inline count by_values(count c, std::string what, std::vector<number> values, const conventions& with, std::string why = {}) {
    const auto all = all_options(c.options.size());
    c.order = in_tiers(all, [&](option a, option b) { return values[a] > values[b]; });
    c.rounds.push_back({.what = std::move(what), .options = all, .values = std::move(values), .why = std::move(why)});
    tie_chain chain(with);
    elect_in_order(c, chain);
    c.rounds.back().elected = c.elected;
    return c;
}

}  // namespace quorate::tally::detail
