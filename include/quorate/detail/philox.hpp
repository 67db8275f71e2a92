// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
// A draw is a pure function of key and counter, so it is the same in whatever order and on however many threads it is made.
// Used for recorded lots and for simulation only.
#pragma once

#include <array>
#include <cstdint>

namespace quorate::detail {

using philox_counter = std::array<std::uint32_t, 4>;

/// Four random words of the key `seed` at `counter`.
constexpr philox_counter philox(std::uint64_t seed, philox_counter counter) {
    constexpr std::uint64_t first = 0xD2511F53U;
    constexpr std::uint64_t second = 0xCD9E8D57U;
    constexpr std::uint32_t first_weyl = 0x9E3779B9U;
    constexpr std::uint32_t second_weyl = 0xBB67AE85U;
    constexpr int           rounds = 10;

    auto low = static_cast<std::uint32_t>(seed);
    auto high = static_cast<std::uint32_t>(seed >> 32U);
    for (int i = 0; i < rounds; ++i) {
        const std::uint64_t a = first * counter[0];
        const std::uint64_t b = second * counter[2];
        counter = {static_cast<std::uint32_t>(b >> 32U) ^ counter[1] ^ low, static_cast<std::uint32_t>(b),
                   static_cast<std::uint32_t>(a >> 32U) ^ counter[3] ^ high, static_cast<std::uint32_t>(a)};
        low += first_weyl;
        high += second_weyl;
    }
    return counter;
}

}  // namespace quorate::detail
