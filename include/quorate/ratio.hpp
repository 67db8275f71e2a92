// Exact numbers for thresholds and counts: q * sqrt(r) with rational q and r (Debian's quorum needs
// the root). Nothing here overflows or rounds: 128 bits are checked, and what doesn't fit goes to
// Boost.Multiprecision.
//
// How a number is stored: either as a rational x, or, when it is irrational, as its *signed
// square*: the rational x for which the number is sign(x) * sqrt(|x|). That form is unique (x is in
// lowest terms and |x| is no square of a rational), so equal numbers have equal members; products,
// quotients and comparisons of roots are those of their signed squares.
#pragma once

#include <cassert>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/multiprecision/cpp_int.hpp>

#include <quorate/detail/small_ratio.hpp>

namespace quorate {

/// The most digits that `parse_number` reads.
inline constexpr std::size_t longest_number = 80;

namespace detail {

using big_integer = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<>,
                                                  boost::multiprecision::et_off>;

/// A fraction without bounds.
struct big_ratio {
    big_integer num;
    big_integer den;
};

}  // namespace detail

/// An exact real number q * sqrt(r). A regular value; as safe with threads as an int. Constant
/// expressions may use it as long as 128 bits suffice; beyond them it owns memory. Adding unlike
/// roots is refused, everything else is total.
class number {
public:
    constexpr number() = default;
    constexpr number(std::int64_t value) : num_(value) {}  // NOLINT: counts are numbers
    template <std::floating_point T>
    number(T) = delete;  // no floating point decides anything
    constexpr number(const number& other)
        : num_(other.num_), den_(other.den_),
          big_(other.big_ != nullptr ? copy(*other.big_) : nullptr), root_(other.root_) {}
    constexpr number(number&& other) noexcept
        : num_(std::exchange(other.num_, 0)), den_(std::exchange(other.den_, 1)),
          big_(std::exchange(other.big_, nullptr)), root_(std::exchange(other.root_, false)) {}
    constexpr number& operator=(const number& other) {
        if (this != &other) *this = number(other);
        return *this;
    }
    constexpr number& operator=(number&& other) noexcept {
        std::swap(num_, other.num_);
        std::swap(den_, other.den_);
        std::swap(big_, other.big_);
        std::swap(root_, other.root_);
        return *this;
    }
    constexpr ~number() {
        if (big_ != nullptr) destroy(big_);
    }

    /// n / d. Precondition: d is not 0.
    [[nodiscard]] static constexpr number fraction(std::int64_t n, std::int64_t d) {
        assert(d != 0);
        return d == 1 ? number(n) : number(detail::reduced(n, d), false);
    }

    [[nodiscard]] constexpr bool is_rational() const { return !root_; }
    [[nodiscard]] constexpr bool is_integer() const {
        return !root_ && (den_ == 1 || (big_ != nullptr && big_is_integer(*big_)));
    }
    /// -1, 0 or 1.
    [[nodiscard]] constexpr int sign() const { return num_ < 0 ? -1 : num_ > 0 ? 1 : 0; }
    /// The same value, or nothing when it is not an integer of 64 bits.
    [[nodiscard]] constexpr std::optional<std::int64_t> to_int64() const {
        if (root_ || den_ != 1 || num_ < std::numeric_limits<std::int64_t>::min() ||
            num_ > std::numeric_limits<std::int64_t>::max())
            return std::nullopt;
        return static_cast<std::int64_t>(num_);
    }

    friend constexpr bool operator==(const number& a, const number& b) {
        return a.num_ == b.num_ && a.den_ == b.den_ && a.root_ == b.root_ &&
               (a.big_ == nullptr || equal_big(*a.big_, *b.big_));
    }
    friend constexpr std::strong_ordering operator<=>(const number& a, const number& b) {
        // Signed squares are ordered as what they stand for, so this holds for two roots as well.
        if (a.den_ == 1 && b.den_ == 1 && a.root_ == b.root_)
            return detail::compare(a.num_, b.num_);
        return compare(a, b);
    }

    friend constexpr std::optional<number> add(const number& a, const number& b);
    friend constexpr number multiply(const number& a, const number& b);
    friend constexpr std::optional<number> divide(const number& a, const number& b);
    friend constexpr number negate(const number& a);
    friend constexpr number floor(const number& a);
    friend constexpr std::optional<number> square_root(const number& a);
    friend constexpr std::optional<number> parse_number(std::string_view text);
    friend std::string to_string(const number& a);

private:
    constexpr number(detail::small_ratio v, bool root) : num_(v.num), den_(v.den), root_(root) {}

    /// The number whose signed square is given.
    static constexpr number from_signed_square(detail::small_ratio v) {
        const auto n = detail::root_floor(v.num < 0 ? -v.num : v.num);
        const auto d = detail::root_floor(v.den);
        if (n * n != (v.num < 0 ? -v.num : v.num) || d * d != v.den) return {v, true};
        return {{v.num < 0 ? -n : n, d}, false};
    }
    /// In 128 bits: the value, or with `root` the signed square. Nothing when it doesn't fit.
    constexpr std::optional<detail::small_ratio> small(bool root) const {
        if (big_ != nullptr) return std::nullopt;
        return root && !root_ ? detail::signed_square({num_, den_})
                              : std::optional<detail::small_ratio>{{num_, den_}};
    }
    static constexpr std::strong_ordering compare(const number& a, const number& b) {
        if (a.sign() != b.sign()) return a.sign() <=> b.sign();
        const bool root = a.root_ || b.root_;
        if (const auto x = a.small(root)) {
            if (const auto y = b.small(root)) return detail::compare(*x, *y);
        }
        return compare_big(a, b);
    }

    // Beyond 128 bits; never reached in constant expressions.
    static detail::big_ratio* copy(const detail::big_ratio& v) { return new detail::big_ratio(v); }
    static void destroy(detail::big_ratio* v) noexcept { delete v; }
    static bool equal_big(const detail::big_ratio& a, const detail::big_ratio& b) {
        return a.num == b.num && a.den == b.den;
    }
    static bool big_is_integer(const detail::big_ratio& v) { return v.den == 1; }
    static number from_big(detail::big_ratio v, bool root);
    detail::big_ratio big(bool root) const;
    static std::strong_ordering compare_big(const number& a, const number& b);
    static number add_big(const number& a, const number& b);
    static number multiply_big(const number& a, const number& b);
    static number invert_big(const number& a);
    static number negate_big(const number& a);
    static number floor_big(const number& a);
    static number parse_big(std::string_view digits, std::size_t decimals);

    // In lowest terms; den_ is 0 when the value is in big_, and num_ then is its sign.
    detail::int128     num_ = 0;
    detail::int128     den_ = 1;
    detail::big_ratio* big_ = nullptr;  // owned
    bool               root_ = false;  // the members hold the signed square of an irrational
};

/// a * b. Roots combine: sqrt(2) * sqrt(8) is 4.
[[nodiscard]] constexpr number multiply(const number& a, const number& b) {
    const bool root = a.root_ || b.root_;
    if (a.den_ == 1 && b.den_ == 1 && !root) {
        detail::int128 p = 0;
        if (detail::multiply_checked(a.num_, b.num_, p)) return {{p, 1}, false};
        return number::multiply_big(a, b);
    }
    const auto x = a.small(root);
    const auto y = b.small(root);
    if (x && y) {
        if (const auto p = detail::product(*x, *y))
            return root ? number::from_signed_square(*p) : number{*p, false};
    }
    return number::multiply_big(a, b);
}

/// a / b; nothing when b is 0.
[[nodiscard]] constexpr std::optional<number> divide(const number& a, const number& b) {
    if (b.num_ == 0) return std::nullopt;
    if (b.big_ != nullptr) return multiply(a, number::invert_big(b));
    detail::small_ratio inverse{b.den_, b.num_};
    if (b.num_ < 0) inverse = {-b.den_, -b.num_};
    return multiply(a, {inverse, b.root_});
}

/// a + b; nothing when that can't be written as q * sqrt(r): 1 + sqrt(2), sqrt(2) + sqrt(3).
[[nodiscard]] constexpr std::optional<number> add(const number& a, const number& b) {
    if (!a.root_ && !b.root_) {
        detail::int128 s = 0;
        if (a.den_ == 1 && b.den_ == 1 && detail::add_checked(a.num_, b.num_, s))
            return number{{s, 1}, false};
        if (a.big_ == nullptr && b.big_ == nullptr) {
            if (const auto v = detail::sum({a.num_, a.den_}, {b.num_, b.den_}))
                return number{*v, false};
        }
        return number::add_big(a, b);
    }
    if (a.num_ == 0) return b;
    if (b.num_ == 0) return a;
    if (a.root_ != b.root_) return std::nullopt;
    // Like roots have a rational quotient: a + b = b * (a / b + 1).
    const auto quotient = divide(a, b);
    if (!quotient->is_rational()) return std::nullopt;
    return multiply(b, *add(*quotient, 1));
}

/// -a.
[[nodiscard]] constexpr number negate(const number& a) {
    if (a.big_ != nullptr) return number::negate_big(a);
    return {{-a.num_, a.den_}, a.root_};
}

/// a - b; nothing where `add` gives nothing.
[[nodiscard]] constexpr std::optional<number> subtract(const number& a, const number& b) {
    return add(a, negate(b));
}

/// The largest integer that is not above a, exact for irrational numbers too.
[[nodiscard]] constexpr number floor(const number& a) {
    if (a.big_ != nullptr) return number::floor_big(a);
    if (!a.root_) return {{detail::divide_floor(a.num_, a.den_), 1}, false};
    // An irrational root lies strictly between its integer part and the next integer.
    const auto whole = detail::root_floor((a.num_ < 0 ? -a.num_ : a.num_) / a.den_);
    return {{a.num_ < 0 ? -whole - 1 : whole, 1}, false};
}

/// The smallest integer that is not below a.
[[nodiscard]] constexpr number ceil(const number& a) { return negate(floor(negate(a))); }

/// sqrt(a); nothing when a is negative, or is itself irrational.
[[nodiscard]] constexpr std::optional<number> square_root(const number& a) {
    if (a.num_ < 0 || a.root_) return std::nullopt;
    if (a.big_ != nullptr) return number::from_big(*a.big_, true);
    return number::from_signed_square({a.num_, a.den_});
}

/// Reads digits with an optional decimal fraction and an optional percent sign, exactly: "66",
/// "0.5", "50.01", "66%". Refuses (nothing is returned) everything else: signs, exponents, spaces,
/// ".5", "5.", more than `longest_number` digits.
[[nodiscard]] constexpr std::optional<number> parse_number(std::string_view text) {
    const auto all = text;
    std::size_t decimals = 0;
    std::size_t digits = 0;
    bool point = false;
    bool fits = true;
    detail::int128 num = 0;
    detail::int128 den = 1;
    if (text.ends_with('%')) {
        text.remove_suffix(1);
        den = 100;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '.' && !point && i != 0 && i + 1 != text.size()) {
            point = true;
            continue;
        }
        if (text[i] < '0' || text[i] > '9' || ++digits > longest_number) return std::nullopt;
        fits = fits && detail::multiply_checked(num, 10, num) &&
               detail::add_checked(num, text[i] - '0', num);
        if (point) {
            ++decimals;
            fits = fits && detail::multiply_checked(den, 10, den);
        }
    }
    if (digits == 0) return std::nullopt;
    if (!fits) return number::parse_big(text, decimals + (all.size() != text.size() ? 2 : 0));
    return number{detail::reduced(num, den), false};
}

// What follows happens beyond 128 bits.

namespace detail {

inline big_integer to_big(int128 v) { return big_integer(v); }

/// Nothing when v doesn't fit.
inline std::optional<int128> to_small(const big_integer& v) {
    const big_integer m = abs(v);
    if (m != 0 && msb(m) >= 127) return std::nullopt;
    const big_integer low = m & std::numeric_limits<std::uint64_t>::max();
    const big_integer high = m >> 64;
    const auto out = static_cast<int128>(uint128{static_cast<std::uint64_t>(high)} << 64 |
                                         static_cast<std::uint64_t>(low));
    return v < 0 ? -out : out;
}

/// v = outside^2 * inside for v > 0, where inside has no small square factor left and is no square
/// itself, unless 1.
struct root_parts {
    big_integer outside = 1;
    big_integer inside = 1;
};
inline root_parts take_out_squares(big_integer v) {
    constexpr unsigned largest_tried = 1000;
    root_parts parts;
    for (unsigned p = 2; p <= largest_tried && v != 1; ++p) {
        bool odd = false;
        for (; v % p == 0; v /= p) {
            if (odd) parts.outside *= p;
            odd = !odd;
        }
        if (odd) parts.inside *= p;
    }
    const big_integer whole = sqrt(v);
    if (whole * whole == v) parts.outside *= whole;
    else parts.inside *= v;
    return parts;
}

inline std::string fraction_text(const big_integer& num, const big_integer& den) {
    auto text = num.str();
    if (den != 1) text.append(1, '/').append(den.str());
    return text;
}

}  // namespace detail

/// Canonical form: lowest terms, no hidden rational roots, in 128 bits whenever they suffice.
inline number number::from_big(detail::big_ratio v, bool root) {
    if (v.den < 0) {
        v.num = -v.num;
        v.den = -v.den;
    }
    const detail::big_integer g = gcd(v.num, v.den);
    v.num /= g;
    v.den /= g;
    if (root) {
        const detail::big_integer m = abs(v.num);
        const detail::big_integer n = sqrt(m);
        const detail::big_integer d = sqrt(v.den);
        if (n * n == m && d * d == v.den) {
            root = false;
            v = {v.num < 0 ? detail::big_integer(-n) : n, d};
        }
    }
    const auto num = detail::to_small(v.num);
    const auto den = detail::to_small(v.den);
    if (num && den) return {{*num, *den}, root};
    number out;
    out.big_ = copy(v);
    out.num_ = v.num < 0 ? -1 : 1;
    out.den_ = 0;
    out.root_ = root;
    return out;
}

/// The value, or with `root` the signed square.
inline detail::big_ratio number::big(bool root) const {
    auto v = big_ != nullptr ? *big_
                             : detail::big_ratio{detail::to_big(num_), detail::to_big(den_)};
    if (!root || root_) return v;
    const bool negative = v.num < 0;
    v.num *= detail::big_integer(v.num);
    v.den *= detail::big_integer(v.den);
    if (negative) v.num = -v.num;
    return v;
}

inline std::strong_ordering number::compare_big(const number& a, const number& b) {
    const bool root = a.root_ || b.root_;
    const auto x = a.big(root);
    const auto y = b.big(root);
    const detail::big_integer left = x.num * y.den;
    const detail::big_integer right = y.num * x.den;
    return left.compare(right) <=> 0;
}

inline number number::add_big(const number& a, const number& b) {
    const auto x = a.big(false);
    const auto y = b.big(false);
    return from_big({x.num * y.den + y.num * x.den, x.den * y.den}, false);
}

inline number number::multiply_big(const number& a, const number& b) {
    const bool root = a.root_ || b.root_;
    const auto x = a.big(root);
    const auto y = b.big(root);
    return from_big({x.num * y.num, x.den * y.den}, root);
}

inline number number::invert_big(const number& a) {
    return from_big({a.big_->den, a.big_->num}, a.root_);
}

inline number number::negate_big(const number& a) {
    return from_big({-a.big_->num, a.big_->den}, a.root_);
}

inline number number::floor_big(const number& a) {
    const auto& v = *a.big_;
    detail::big_integer whole = abs(v.num) / v.den;
    if (a.root_) whole = sqrt(whole);
    // Every big number that isn't an integer lies strictly between this and the next.
    if (a.num_ < 0) whole = -whole - (a.is_integer() ? 0 : 1);
    return from_big({whole, 1}, false);
}

inline number number::parse_big(std::string_view digits, std::size_t decimals) {
    detail::big_ratio v{0, 1};
    for (const char c : digits) {
        if (c != '.') v.num = v.num * 10 + (c - '0');
    }
    for (std::size_t i = 0; i < decimals; ++i) v.den *= 10;
    return from_big(std::move(v), false);
}

/// "3", "-2/3", "sqrt(7)", "-1/2*sqrt(7)": in lowest terms, with the square factors that are cheap
/// to find taken out of the root. Equal numbers give equal text.
[[nodiscard]] inline std::string to_string(const number& a) {
    const auto v = a.big(a.root_);
    if (!a.root_) return detail::fraction_text(v.num, v.den);
    // sqrt(n / d) with n = s^2 * t and d = u^2 * w is s / (u * w) * sqrt(t * w).
    const auto n = detail::take_out_squares(abs(v.num));
    const auto d = detail::take_out_squares(v.den);
    const detail::big_integer below = d.outside * d.inside;
    const detail::big_integer inside = n.inside * d.inside;
    std::string out = a.sign() < 0 ? "-" : "";
    if (n.outside != 1 || below != 1) out.append(detail::fraction_text(n.outside, below)) += '*';
    return out.append("sqrt(").append(inside.str()) += ')';
}

}  // namespace quorate
