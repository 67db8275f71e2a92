// The arithmetic of counts that keep fractions of votes: fixed-point that rounds as a rule prescribes, guarded fixed-point, and
// exact fractions. A count is written once and instantiated for each.
#pragma once

#include <quorate/tally/conventions.hpp>

#include <boost/multiprecision/cpp_int.hpp>

#include <bit>
#include <compare>
#include <concepts>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

namespace quorate::tally {

/// The most digits behind the point, guard digits included.
inline constexpr int most_digits = 60;

namespace detail {

using quorate::detail::big_integer;
using quorate::detail::int128;
using quorate::detail::uint128;
/// Enough for a product of two int128.
using int256 = boost::multiprecision::number<
    boost::multiprecision::cpp_int_backend<256, 256, boost::multiprecision::signed_magnitude, boost::multiprecision::unchecked, void>,
    boost::multiprecision::et_off>;

enum class rounding : std::uint8_t { down, up };

template <class Wide>
Wide widen(int128 v) {
    if constexpr (std::is_same_v<Wide, int128>) {
        return v;
    } else {
        const bool negative = v < 0;
        const auto m = negative ? -static_cast<uint128>(v) : static_cast<uint128>(v);
        Wide       out = static_cast<std::uint64_t>(m >> 64U);
        out <<= 64U;
        out |= Wide(static_cast<std::uint64_t>(m));
        return negative ? Wide(-out) : out;
    }
}
template <class Wide>
Wide widen(std::int64_t v) { return Wide(v); }
template <class Wide>
Wide widen(const big_integer& v) { return v; }

template <class Cell, class Wide>
Cell narrow(const Wide& v) {
    if constexpr (std::is_same_v<Cell, Wide>) {
        return v;
    } else if constexpr (std::is_same_v<Wide, int128>) {
        return static_cast<Cell>(v);
    } else {
        const Wide m = abs(v);
        const Wide low = m & Wide(~std::uint64_t{0});
        const Wide high = m >> 64U;
        const auto out = static_cast<int128>(uint128{static_cast<std::uint64_t>(high)} << 64U | static_cast<std::uint64_t>(low));
        return v < 0 ? -out : out;
    }
}

/// Decimal fixed-point: an integer times 10^-(digits + guard). With guard digits, values closer than half a unit of the last
/// unguarded digit are equal, and the arithmetic passes for exact. Operands of products and quotients are not negative.
template <class Cell, class Wide>
class decimal_values {
public:
    using value = Cell;

    explicit decimal_values(arithmetic a) : digits_(a.digits), guard_(a.guard), scale_(1), near_(1) {
        for (int i = 0; i < a.digits + a.guard; ++i) scale_ *= 10;
        for (int i = 0; i < a.guard; ++i) near_ *= 10;
        if (a.guard > 0) near_ /= 2;
    }

    [[nodiscard]] bool exact() const { return guard_ > 0; }
    [[nodiscard]] value whole(std::int64_t n) const { return scale_ * Cell(n); }
    /// The smallest positive value; where the arithmetic passes for exact, nothing.
    [[nodiscard]] value unit() const { return Cell(exact() ? 0 : 1); }
    /// 10^-power.
    [[nodiscard]] value tenth(int power) const {
        Cell v = scale_;
        for (int i = 0; i < power; ++i) v /= 10;
        return v;
    }
    [[nodiscard]] value times(const value& a, std::int64_t n) const { return a * Cell(n); }
    [[nodiscard]] value over(const value& a, std::int64_t n) const { return a / Cell(n); }
    [[nodiscard]] value integer_part(const value& a) const { return a / scale_ * scale_; }
    [[nodiscard]] value multiply(const value& a, const value& b, rounding r) const { return scaled(a, b, scale_, r); }
    [[nodiscard]] value divide(const value& a, const value& b, rounding r) const { return scaled(a, scale_, b, r); }
    /// a * b / c, rounded once.
    [[nodiscard]] value scaled(const value& a, const value& b, const value& c, rounding r) const {
        const Wide p = widen<Wide>(a) * widen<Wide>(b);
        const Wide d = widen<Wide>(c);
        Wide       q = p / d;
        if (r == rounding::up && guard_ == 0 && q * d != p) q += 1;
        return narrow<Cell>(q);
    }
    [[nodiscard]] std::strong_ordering compare(const value& a, const value& b) const {
        const Cell apart = a - b;
        if (apart < near_ && -apart < near_) return std::strong_ordering::equal;
        return apart < 0 ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    [[nodiscard]] number to_number(const value& a) const { return *quorate::divide(integer(a), integer(scale_)); }
    [[nodiscard]] std::string text(const value& a) const {
        Cell shown = a;
        for (int i = 0; i < guard_; ++i) shown /= 10;
        auto behind = digits_;
        std::string out;
        for (; shown != 0 || behind >= 0; shown /= 10, --behind) {
            if (behind == 0 && !out.empty()) out.insert(out.begin(), '.');
            out.insert(out.begin(), static_cast<char>('0' + static_cast<int>(Cell(shown % 10))));
        }
        return out;
    }

private:
    static number integer(const Cell& v) {
        constexpr std::int64_t part = 1'000'000'000'000'000'000;
        if (v < Cell(part) && Cell(-part) < v) return number(static_cast<std::int64_t>(v));
        const auto high = quorate::multiply(integer(Cell(v / Cell(part))), number(part));
        return *add(high, number(static_cast<std::int64_t>(Cell(v % Cell(part)))));
    }

    int  digits_;
    int  guard_;
    Cell scale_;
    Cell near_;
};

/// Exact fractions.
class exact_values {
public:
    using value = number;

    [[nodiscard]] bool exact() const { return true; }
    [[nodiscard]] value whole(std::int64_t n) const { return n; }
    [[nodiscard]] value unit() const { return 0; }
    [[nodiscard]] value tenth(int power) const {
        number v = 1;
        for (int i = 0; i < power; ++i) v = quorate::multiply(v, number::fraction(1, 10));
        return v;
    }
    [[nodiscard]] value times(const value& a, std::int64_t n) const { return quorate::multiply(a, n); }
    [[nodiscard]] value over(const value& a, std::int64_t n) const { return *quorate::divide(a, n); }
    [[nodiscard]] value integer_part(const value& a) const { return floor(a); }
    [[nodiscard]] value multiply(const value& a, const value& b, rounding) const { return quorate::multiply(a, b); }
    [[nodiscard]] value divide(const value& a, const value& b, rounding) const { return *quorate::divide(a, b); }
    [[nodiscard]] value scaled(const value& a, const value& b, const value& c, rounding) const {
        return *quorate::divide(quorate::multiply(a, b), c);
    }
    [[nodiscard]] std::strong_ordering compare(const value& a, const value& b) const { return a <=> b; }
    [[nodiscard]] number to_number(const value& a) const { return a; }
    [[nodiscard]] std::string text(const value& a) const { return to_string(a); }
};

template <class Value>
void increase(Value& a, const Value& b) {
    if constexpr (std::is_same_v<Value, number>) a = *add(a, b);
    else a += b;
}
template <class Value>
[[nodiscard]] Value less_by(const Value& a, const Value& b) {
    if constexpr (std::is_same_v<Value, number>) return *subtract(a, b);
    else return a - b;
}

/// Calls `f` with the fastest arithmetic in which nothing of a count of so many ballots overflows.
template <class F>
auto with_values(arithmetic a, std::int64_t ballots, F&& f) {
    if (a.digits < 0) return f(exact_values{});
    a.digits = std::min(a.digits, most_digits);
    a.guard = std::min(a.guard, most_digits - a.digits);
    // A digit needs less than 3.33 bits; two more for sums of a few values and a sign.
    const int bits = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(ballots))) + (a.digits + a.guard) * 10 / 3 + 4;
    if (bits <= 62) return f(decimal_values<std::int64_t, int128>(a));
    if (bits <= 124) return f(decimal_values<int128, int256>(a));
    return f(decimal_values<big_integer, big_integer>(a));
}

}  // namespace detail
}  // namespace quorate::tally
