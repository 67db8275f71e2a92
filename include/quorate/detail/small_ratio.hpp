// Fractions in checked 128 bits: the fast form of `number` (ratio.hpp).
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace quorate::detail {

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;
/// The smallest int128 is never stored, so that every stored value can be negated.
inline constexpr int128 int128_max = static_cast<int128>(~uint128{0} >> 1);

/// A fraction in 128 bits; where nothing else is said, in lowest terms, with den > 0.
struct small_ratio {
    int128 num = 0;
    int128 den = 1;
};

constexpr uint128 magnitude(int128 v) {
    return v < 0 ? -static_cast<uint128>(v) : static_cast<uint128>(v);
}

constexpr bool multiply_checked(int128 a, int128 b, int128& out) {
    return !__builtin_mul_overflow(a, b, &out) && out >= -int128_max;
}
constexpr bool add_checked(int128 a, int128 b, int128& out) {
    return !__builtin_add_overflow(a, b, &out) && out >= -int128_max;
}

/// Greatest common divisor; `a` when `b` is 0.
constexpr int128 gcd(int128 a, int128 b) {
    auto x = magnitude(a);
    auto y = magnitude(b);
    constexpr uint128 narrow = std::numeric_limits<std::uint64_t>::max();
    while (y != 0) {
        if (x <= narrow && y <= narrow) {  // division of 64 bits is many times faster
            auto p = static_cast<std::uint64_t>(x);
            auto q = static_cast<std::uint64_t>(y);
            while (q != 0) p = std::exchange(q, p % q);
            return static_cast<int128>(p);
        }
        x = std::exchange(y, x % y);
    }
    return static_cast<int128>(x);
}

/// The integer part of the square root of v >= 0 (Newton's method from above).
constexpr int128 root_floor(int128 v) {
    if (v < 2) return v;
    int bits = 0;
    for (auto rest = v; rest != 0; rest >>= 1) ++bits;
    auto x = int128{1} << ((bits + 1) / 2);
    for (;;) {
        const auto y = (x + v / x) / 2;
        if (y >= x) return x;
        x = y;
    }
}

/// The integer part of n / d for d > 0, rounded down.
constexpr int128 divide_floor(int128 n, int128 d) { return n / d - (n % d < 0 ? 1 : 0); }

/// Brings any num / den with den != 0 to lowest terms. Both must be at least -int128_max.
constexpr small_ratio reduced(int128 num, int128 den) {
    const auto g = den < 0 ? -gcd(num, den) : gcd(num, den);
    return {num / g, den / g};
}

/// a * b; nothing when 128 bits don't suffice. So `sum` and `signed_square`.
constexpr std::optional<small_ratio> product(small_ratio a, small_ratio b) {
    const auto g = gcd(a.num, b.den);
    const auto h = gcd(b.num, a.den);
    small_ratio p;
    if (!multiply_checked(a.num / g, b.num / h, p.num)) return std::nullopt;
    if (!multiply_checked(a.den / h, b.den / g, p.den)) return std::nullopt;
    return p;
}

constexpr std::optional<small_ratio> sum(small_ratio a, small_ratio b) {
    const auto g = gcd(a.den, b.den);
    int128 left = 0;
    int128 right = 0;
    int128 num = 0;
    int128 den = 0;
    if (!multiply_checked(a.num, b.den / g, left) || !multiply_checked(b.num, a.den / g, right) ||
        !add_checked(left, right, num) || !multiply_checked(a.den, b.den / g, den))
        return std::nullopt;
    return reduced(num, den);
}

constexpr std::strong_ordering compare(int128 a, int128 b) {
    if (a == b) return std::strong_ordering::equal;
    return a < b ? std::strong_ordering::less : std::strong_ordering::greater;
}

/// Compares without ever overflowing: where cross products don't fit, by the terms of the continued
/// fractions.
constexpr std::strong_ordering compare(small_ratio a, small_ratio b) {
    int128 left = 0;
    int128 right = 0;
    if (multiply_checked(a.num, b.den, left) && multiply_checked(b.num, a.den, right))
        return compare(left, right);
    for (;;) {
        const auto p = divide_floor(a.num, a.den);
        const auto q = divide_floor(b.num, b.den);
        if (p != q) return compare(p, q);
        const auto r = a.num - p * a.den;
        const auto s = b.num - q * b.den;
        if (r == 0 && s == 0) return std::strong_ordering::equal;
        if (r == 0) return std::strong_ordering::less;
        if (s == 0) return std::strong_ordering::greater;
        // r / a.den < s / b.den exactly when b.den / s < a.den / r.
        const small_ratio next{b.den, s};
        b = {a.den, r};
        a = next;
    }
}

/// sign(v) * v * v: what an irrational number stores.
constexpr std::optional<small_ratio> signed_square(small_ratio v) {
    small_ratio s;
    if (!multiply_checked(v.num, v.num, s.num) || !multiply_checked(v.den, v.den, s.den))
        return std::nullopt;
    if (v.num < 0) s.num = -s.num;
    return s;
}

}  // namespace quorate::detail
