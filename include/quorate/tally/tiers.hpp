// Who gets the seats when a method puts the options in tiers.
#pragma once

#include <quorate/tally/count.hpp>
#include <quorate/tally/ties.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace quorate::tally {

/// All options by place.
[[nodiscard]] inline std::vector<option> all_options(std::size_t options) {
    std::vector<option> all(options);
    for (std::size_t o = 0; o < options; ++o) all[o] = static_cast<option>(o);
    return all;
}

/// The options that `before(a, b)` puts ahead, in tiers; inside a tier as they are given. `before` is a strict weak order.
template <class Before>
[[nodiscard]] std::vector<std::vector<option>> in_tiers(std::vector<option> all, Before&& before) {
    std::stable_sort(all.begin(), all.end(), before);
    std::vector<std::vector<option>> tiers;
    for (const auto o : all) {
        if (tiers.empty() || before(tiers.back().front(), o)) tiers.emplace_back();
        tiers.back().push_back(o);
    }
    return tiers;
}
template <class Before>
[[nodiscard]] std::vector<std::vector<option>> in_tiers(std::size_t options, Before&& before) {
    return in_tiers(all_options(options), before);
}

/// Fills the seats of a count from its `order`. A tier that has more options than seats are left goes to the chain, a seat at a time;
/// where the chain says nothing, what is left of the tier is undecided.
inline void elect_in_order(count& c, tie_chain& chain) {
    for (auto tier : c.order) {
        while (c.elected.size() < c.seats) {
            if (tier.size() <= c.seats - c.elected.size()) {
                c.elected.insert(c.elected.end(), tier.begin(), tier.end());
                break;
            }
            const auto one = chain.best(tier, c.seats == 1 ? "winner" : "last seat", c);
            if (!one) {
                c.undecided = std::move(tier);
                return;
            }
            c.elected.push_back(*one);
            std::erase(tier, *one);
        }
    }
}

}  // namespace quorate::tally
