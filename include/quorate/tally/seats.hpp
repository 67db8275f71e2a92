// Small things that methods of all kinds share: sums, tiers by value, filling seats from an order.
#pragma once

#include <quorate/ratio.hpp>
#include <quorate/tally/count.hpp>
#include <quorate/tally/ties.hpp>

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

[[nodiscard]] inline std::vector<option> all_options(std::size_t n) {
    std::vector<option> all(n);
    for (std::size_t i = 0; i < n; ++i) all[i] = static_cast<option>(i);
    return all;
}

/// A count that has only begun.
template <class Ballots>
[[nodiscard]] count begun(std::string method, const Ballots& ballots, std::size_t seats) {
    count c;
    c.method = std::move(method);
    c.options = ballots.options();
    c.seats = seats;
    c.ballots = ballots.total();
    return c;
}

/// Options in tiers: best first, level where neither is better than the other.
template <class Better>
[[nodiscard]] std::vector<std::vector<option>> tiers_of(std::vector<option> options, Better&& better) {
    std::stable_sort(options.begin(), options.end(), better);
    std::vector<std::vector<option>> tiers;
    for (const auto o : options) {
        if (tiers.empty() || better(tiers.back().back(), o)) tiers.emplace_back();
        tiers.back().push_back(o);
    }
    return tiers;
}

/// Fills the seats from `into.order`; a tier that is larger than what is left is asked of the chain, one seat after the other.
inline void seat_in_order(count& into, tie_chain& chain) {
    for (const auto& tier : into.order) {
        auto       left = tier;
        const auto open = [&] { return into.seats - into.elected.size(); };
        if (open() == 0) return;
        while (left.size() > open() && open() > 0) {
            const auto first = chain.best(left, open() == 1 ? "last seat" : "last seats", into);
            if (!first) {
                into.undecided = left;
                return;
            }
            into.elected.push_back(*first);
            std::erase(left, *first);
        }
        if (left.size() <= open()) into.elected.insert(into.elected.end(), left.begin(), left.end());
    }
}

/// The end of a count by one value for each option: the round, the order, the seats.
inline count by_values(count c, std::string what, std::vector<number> values, const conventions& with, std::string why = {}) {
    const auto all = all_options(c.options.size());
    c.order = tiers_of(all, [&](option a, option b) { return values[a] > values[b]; });
    c.rounds.push_back({.what = std::move(what), .options = all, .values = std::move(values), .elected = {}, .dropped = {}, .why = std::move(why), .exhausted = 0});
    tie_chain chain(with);
    seat_in_order(c, chain);
    c.rounds.back().elected = c.elected;
    return c;
}

}  // namespace quorate::tally::detail
