// Random numbers as pure functions of a seed and a place, and the fixed-point arithmetic by which they are shaped: no floating point, so that
// every platform draws the same.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include <quorate/detail/philox.hpp>
#include <quorate/detail/small_ratio.hpp>

namespace quorate::detail {

/// A row of random words: those of one seed at (a, b, c), in order.
class draws {
public:
    constexpr draws(std::uint64_t seed, std::uint32_t a, std::uint32_t b, std::uint32_t c) : seed_(seed), at_{0, a, b, c} {}

    constexpr std::uint32_t word() {
        if (left_ == 0) {
            words_ = philox(seed_, at_);
            ++at_[0];
            left_ = 4;
        }
        return words_[4 - left_--];
    }
    constexpr std::uint64_t wide() {
        const std::uint64_t low = word();
        return low | std::uint64_t{word()} << 32U;
    }
    /// Below `n`, every number as likely as any other. Precondition: n > 0.
    constexpr std::uint32_t below(std::uint32_t n) {
        const auto odd = (0U - n) % n;  // so many words would make the first numbers likelier
        for (;;) {
            const auto product = std::uint64_t{word()} * n;
            if (static_cast<std::uint32_t>(product) >= odd) return static_cast<std::uint32_t>(product >> 32U);
        }
    }

private:
    std::uint64_t  seed_;
    philox_counter at_;
    philox_counter words_{};
    unsigned       left_ = 0;
};

// ---- fixed point: 32 bits behind the point ------------------------------------------------------------------------------------
using fixed_point = std::int64_t;
inline constexpr fixed_point fixed_one = fixed_point{1} << 32U;
inline constexpr fixed_point fixed_ln2 = 2977044471;  ///< ln 2 * 2^32, rounded down

/// The logarithm of x > 0 to base 2, cut after 32 bits: by squaring.
constexpr fixed_point log2_of(std::uint64_t x) {
    const auto whole = static_cast<unsigned>(std::bit_width(x)) - 1;
    auto       m = x << (63U - whole);  // from 1 to 2, with 63 bits behind the point
    fixed_point      out = static_cast<fixed_point>(whole) << 32U;
    for (int bit = 31; bit >= 0; --bit) {
        const auto square = static_cast<uint128>(m) * m;
        const bool doubled = (square >> 127U) != 0;
        if (doubled) out |= fixed_point{1} << bit;
        m = static_cast<std::uint64_t>(square >> (doubled ? 64U : 63U));
    }
    return out;
}
constexpr fixed_point ln_of(std::uint64_t x) {
    return static_cast<fixed_point>(static_cast<int128>(log2_of(x)) * fixed_ln2 / fixed_one);
}

/// Logarithms to base 2 of 1 + i / 1024.
inline constexpr auto log2_table = [] {
    std::array<fixed_point, 1025> all{};
    for (std::uint64_t i = 0; i < all.size(); ++i) all[i] = log2_of(1024 + i) - 10 * fixed_one;
    return all;
}();
/// -ln(x / 2^64) for x > 0, straight between the points of the table: at most 2e-7 too great.
constexpr fixed_point minus_ln_part(std::uint64_t x) {
    const auto whole = static_cast<unsigned>(std::bit_width(x)) - 1;
    const auto m = whole == 63 ? x << 1U : (x << (63U - whole)) << 1U;  // what is behind the leading one
    const auto i = static_cast<std::size_t>(m >> 54U);
    const auto rest = static_cast<fixed_point>((m << 10U) >> 32U);
    const auto log2 = (static_cast<fixed_point>(whole) << 32U) + log2_table[i] + (((log2_table[i + 1] - log2_table[i]) * rest) >> 32U);
    return static_cast<fixed_point>(static_cast<int128>(64 * fixed_one - log2) * fixed_ln2 / fixed_one);
}

/// The largest integer whose square is at most x.
constexpr std::uint64_t root_of(std::uint64_t x) {
    if (x == 0) return 0;
    auto r = std::uint64_t{1} << ((static_cast<unsigned>(std::bit_width(x)) + 1) / 2);
    for (;;) {
        const auto next = (r + x / r) / 2;
        if (next >= r) return r;
        r = next;
    }
}

}  // namespace quorate::detail
