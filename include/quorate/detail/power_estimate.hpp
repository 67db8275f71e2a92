// Games too large to count: coalitions and orders are drawn. Included by power.hpp only.
#pragma once

#include <numeric>

#include <quorate/detail/draws.hpp>

namespace quorate::power {
namespace detail {

/// At least sqrt(ln(2 f / (1 - confidence)) / (2 draws)): by so much, at most, one of f figures from so many draws is wrong with that
/// confidence. Hoeffding, "Probability inequalities for sums of bounded random variables" (1963), theorem 1, for f figures at once.
inline ratio hoeffding(std::size_t figures, std::uint64_t draws, const ratio& confidence) {
    const ratio   inverse = ratio(2 * figures) / (1 - confidence);
    const integer above = numerator(inverse) / denominator(inverse) + 1;
    const auto    fixed_bits = quorate::detail::ln_of(above > integer(~std::uint64_t{0}) ? ~std::uint64_t{0} : static_cast<std::uint64_t>(above)) + 8;
    const integer scale = integer(1) << 64U;  // the root of it is 2^32
    const integer squared = (integer(fixed_bits) * scale / (2 * integer(draws))) >> 32U;
    return ratio(sqrt(squared) + 1, integer(1) << 32U);
}

}  // namespace detail

inline result<estimates> estimate(std::size_t members, const std::function<bool(std::span<const std::uint8_t>)>& wins, std::uint64_t draws,
                                  std::uint64_t seed, ratio confidence) {
    if (members == 0) return make_error(errc::invalid, "a game needs members", "power");
    if (draws == 0 || draws > most_draws)
        return make_error(errc::limit, "draws must be from 1 to " + std::to_string(most_draws), "power");
    if (confidence <= 0 || confidence >= 1) return make_error(errc::invalid, "confidence must be between 0 and 1", "power");
    std::vector<std::uint64_t> decides(members, 0), pivots(members, 0);
    std::vector<std::uint8_t>  yes(members);
    std::vector<std::uint32_t> order(members);
    std::uint64_t              passes = 0;
    for (std::uint64_t d = 0; d < draws; ++d) {
        const auto low = static_cast<std::uint32_t>(d);
        const auto high = static_cast<std::uint32_t>(d >> 32U);
        quorate::detail::draws coins(seed, low, high, 0);
        for (auto& y : yes) y = static_cast<std::uint8_t>(coins.word() >> 31U);
        const bool won = wins(yes);
        passes += won ? 1 : 0;
        for (std::size_t i = 0; i < members; ++i) {
            yes[i] ^= 1U;
            const bool other = wins(yes);
            yes[i] ^= 1U;
            if (won != other && (yes[i] != 0) == won) ++decides[i];
        }
        quorate::detail::draws lots(seed, low, high, 1);
        std::iota(order.begin(), order.end(), 0U);
        for (auto i = members; i > 1; --i) std::swap(order[i - 1], order[lots.below(static_cast<std::uint32_t>(i))]);
        std::fill(yes.begin(), yes.end(), std::uint8_t{0});
        bool before = wins(yes);
        for (const auto i : order) {
            yes[i] = 1;
            const bool now = wins(yes);
            if (now && !before) ++pivots[i];
            before = now;
        }
    }
    estimates out{.power_to_act = ratio(passes, draws), .error = detail::hoeffding(2 * members + 1, draws, confidence),
                  .confidence = std::move(confidence), .draws = draws};
    for (std::size_t i = 0; i < members; ++i) {
        out.banzhaf_absolute.emplace_back(decides[i], draws);
        out.shapley_shubik.emplace_back(pivots[i], draws);
    }
    return out;
}

}  // namespace quorate::power
