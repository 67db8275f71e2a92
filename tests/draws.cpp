// Random numbers and their fixed-point arithmetic.
#include <doctest/doctest.h>

#include <cmath>

#include <quorate/detail/draws.hpp>

using namespace quorate::detail;

TEST_CASE("draws: Philox4x32-10 gives the published vectors") {
    // Random123, kat_vectors: philox4x32 10.
    CHECK(philox(0, {0, 0, 0, 0}) == philox_counter{0x6627e8d5U, 0xe169c58dU, 0xbc57ac4cU, 0x9b00dbd8U});
    CHECK(philox(~0ULL, {~0U, ~0U, ~0U, ~0U}) == philox_counter{0x408f276dU, 0x41c83b0eU, 0xa20bc7c6U, 0x6d5451fdU});
    CHECK(philox(0x299f31d0a4093822ULL, {0x243f6a88U, 0x85a308d3U, 0x13198a2eU, 0x03707344U}) ==
          philox_counter{0xd16cfe09U, 0x94fdccebU, 0x5001e420U, 0x24126ea1U});
}

TEST_CASE("draws: words come in the order of the counter, whatever is drawn elsewhere") {
    draws a(7, 1, 2, 3);
    for (std::uint32_t block = 0; block < 3; ++block)
        for (const auto word : philox(7, {block, 1, 2, 3})) CHECK(a.word() == word);
    CHECK(draws(7, 1, 2, 3).word() == philox(7, {0, 1, 2, 3})[0]);
    CHECK(draws(7, 1, 2, 4).word() != draws(7, 1, 2, 3).word());
}

TEST_CASE("draws: numbers below a bound are all as likely") {
    draws         d(1, 0, 0, 0);
    constexpr int each = 20'000;
    int           seen[6] = {};
    for (int i = 0; i < 6 * each; ++i) ++seen[d.below(6)];
    double chi = 0;
    for (const auto n : seen) chi += (n - each) * (n - each) / double{each};
    CHECK(chi < 20.5);  // 5 degrees of freedom: passed in 999 of 1000 streams
    CHECK(d.below(1) == 0);
}

TEST_CASE("draws: logarithms and roots in fixed point are as those of reals") {
    for (const std::uint64_t x : {1ULL, 2ULL, 3ULL, 10ULL, 12345ULL, 1ULL << 40U, ~0ULL}) {
        CHECK(std::abs(std::ldexp(static_cast<double>(log2_of(x)), -32) - std::log2(static_cast<double>(x))) < 1e-9);
        CHECK(std::abs(std::ldexp(static_cast<double>(ln_of(x)), -32) - std::log(static_cast<double>(x))) < 2e-8);
    }
    for (const std::uint64_t x : {1ULL, 3ULL, 1ULL << 20U, 1ULL << 62U, 12345678901234567890ULL, ~0ULL})
        CHECK(std::abs(std::ldexp(static_cast<double>(minus_ln_part(x)), -32) - (64 * std::log(2.0) - std::log(static_cast<double>(x)))) < 3e-7);
    for (std::uint64_t x = 0; x < 2000; ++x) CHECK((root_of(x) * root_of(x) <= x && (root_of(x) + 1) * (root_of(x) + 1) > x));
    CHECK(root_of(~0ULL) == 0xffffffffULL);
}
