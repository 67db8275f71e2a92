#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>

#include <quorate/ratio.hpp>

using namespace quorate;
using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;

namespace {

constexpr number root_of(std::int64_t n) { return *square_root(n); }
constexpr number half = number::fraction(1, 2);

number power_of_two(int exponent) {
    number out = 1;
    for (int i = 0; i < exponent; ++i) out = multiply(out, 2);
    return out;
}
number plus(const number& a, const number& b) { return add(a, b).value(); }
number minus(const number& a, const number& b) { return subtract(a, b).value(); }

/// A fixed sequence (Knuth's MMIX constants), the same on every platform.
struct sequence {
    std::uint64_t state = 20260301;
    std::uint64_t next() {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return state >> 11U;
    }
    /// An integer of any size up to `bits`, small ones often.
    cpp_int integer(unsigned bits) {
        cpp_int v = 0;
        for (unsigned i = 0; i < bits; i += 50) v = (v << 50) | (next() & ((1ULL << 50U) - 1U));
        v >>= static_cast<unsigned>(next() % (boost::multiprecision::msb(v | 1) + 1));
        return next() % 2 == 0 ? v : cpp_int(-v);
    }
};

/// The number equal to v, built by the public operations from 32 bits at a time.
number from(const cpp_int& v) {
    number out = 0;
    const cpp_int m = abs(v);
    for (int shift = 352; shift >= 0; shift -= 32) {
        const cpp_int digit = (m >> static_cast<unsigned>(shift)) & 0xFFFFFFFFU;
        out = plus(multiply(out, std::int64_t{1} << 32U), static_cast<std::int64_t>(digit));
    }
    return v < 0 ? negate(out) : out;
}
number from(const cpp_rational& v) {
    return divide(from(cpp_int(numerator(v))), from(cpp_int(denominator(v)))).value();
}

/// The same value twice: as a number, and independently of it.
struct pair {
    cpp_rational expected;
    number       value;
};
pair any_rational(sequence& random, unsigned bits) {
    cpp_int den = abs(random.integer(bits));
    if (den == 0 || random.next() % 4 == 0) den = 1;
    const cpp_rational v(random.integer(bits), den);
    return {v, from(v)};
}

cpp_rational signed_square(const cpp_rational& v) {
    return v < 0 ? cpp_rational(-v * v) : cpp_rational(v * v);
}

}  // namespace

// What a rule in C++ may use at compile time.
static_assert(number::fraction(2, 4) == half);
static_assert(number::fraction(-1, -2) == half);
static_assert(number(3) > number::fraction(5, 2));
static_assert(parse_number("66%") == number::fraction(33, 50));
static_assert(add(half, half) == number(1));
static_assert(subtract(half, half) == number(0));
static_assert(divide(1, 2) == half);
static_assert(!divide(1, 0));
static_assert(multiply(root_of(2), root_of(8)) == 4);
static_assert(root_of(7) > number::fraction(264, 100) && root_of(7) < number::fraction(265, 100));
static_assert(!root_of(7).is_rational() && root_of(9).is_rational() && root_of(9).is_integer());
static_assert(floor(negate(half)) == -1 && ceil(negate(half)) == 0);
static_assert(!square_root(-1) && !square_root(root_of(2)));
static_assert(!std::is_constructible_v<number, double>);

// Fractions close to 1 with cross products beyond 128 bits are still compared in a constant.
constexpr auto huge = std::numeric_limits<std::int64_t>::max();
constexpr number near_one = number::fraction(huge - 1, huge);
constexpr number nearer = multiply(near_one, near_one);
static_assert(nearer < near_one && nearer < 1 && multiply(root_of(2), near_one) < root_of(2));

consteval std::size_t count_thresholds() {
    std::vector<number> found;
    for (int i = 0; i < 6; ++i) found.push_back(number::fraction(i, 3));
    const auto copied = found;
    return copied.size();
}
constexpr std::array<number, count_thresholds()> thresholds{1, half, root_of(2)};
static_assert(thresholds[1] == half && thresholds[2] > thresholds[0] && thresholds[5] == 0);

TEST_CASE("two thirds of nine is six, and six is not more than that") {
    const auto needed = multiply(number::fraction(2, 3), 9);
    CHECK(needed == 6);
    CHECK_FALSE(number(6) > needed);
    CHECK(number(7) > needed);
}

TEST_CASE("Debian's quorum of 3Q with Q = sqrt(1000) / 2 is exact") {
    const auto q = *divide(*square_root(1000), 2);
    CHECK(to_string(q) == "5*sqrt(10)");
    const auto quorum = multiply(3, q);  // 47.43...
    CHECK(number(47) < quorum);
    CHECK(number(48) > quorum);
    CHECK(ceil(quorum) == 48);
}

TEST_CASE("a number is written in lowest terms") {
    CHECK(to_string(3) == "3");
    CHECK(to_string(0) == "0");
    CHECK(to_string(-3) == "-3");
    CHECK(to_string(number::fraction(4, 6)) == "2/3");
    CHECK(to_string(number::fraction(4, -6)) == "-2/3");
    CHECK(to_string(number::fraction(0, -6)) == "0");
    CHECK(to_string(root_of(7)) == "sqrt(7)");
    CHECK(to_string(*divide(root_of(7), 2)) == "1/2*sqrt(7)");
    CHECK(to_string(negate(*divide(root_of(7), 2))) == "-1/2*sqrt(7)");
    CHECK(to_string(*square_root(number::fraction(2, 3))) == "1/3*sqrt(6)");
    CHECK(to_string(root_of(12)) == "2*sqrt(3)");
    CHECK(to_string(root_of(2 * 1009 * 1009)) == "1009*sqrt(2)");
    CHECK(to_string(root_of(4 * 1009 * 1009)) == "2018");
    // Too large a factor to be worth searching; still exact.
    CHECK(to_string(root_of(1009 * 1009 * 1013)) == "sqrt(1031316053)");
}

TEST_CASE("the root of the square of a rational is rational") {
    CHECK(square_root(number::fraction(9, 16)) == number::fraction(3, 4));
    CHECK(square_root(0) == number(0));
    CHECK(square_root(1) == number(1));
    for (std::int64_t n = 0; n < 2000; ++n) REQUIRE(square_root(n * n) == number(n));
    const auto large = power_of_two(200);
    CHECK(square_root(large) == power_of_two(100));
    CHECK(square_root(multiply(large, large)) == large);
}

TEST_CASE("there is no root of a negative number, nor of a root") {
    CHECK_FALSE(square_root(-4));
    CHECK_FALSE(square_root(negate(power_of_two(200))));
    CHECK_FALSE(square_root(root_of(2)));
    CHECK(square_root(*square_root(16)) == number(2));
}

TEST_CASE("unlike roots don't add, like roots do") {
    CHECK_FALSE(add(1, root_of(2)));
    CHECK_FALSE(add(root_of(2), half));
    CHECK_FALSE(add(root_of(2), root_of(3)));
    CHECK_FALSE(subtract(root_of(2), 1));
    CHECK(add(root_of(2), root_of(8)) == root_of(18));
    CHECK(subtract(root_of(2), root_of(2)) == number(0));
    CHECK(subtract(root_of(2), root_of(8)) == negate(root_of(2)));
    CHECK(add(root_of(2), 0) == root_of(2));
    CHECK(add(0, root_of(2)) == root_of(2));
    CHECK(add(root_of(2), *divide(root_of(2), 2)) == *divide(root_of(18), 2));
}

TEST_CASE("roots multiply and divide into rationals where they can") {
    CHECK(multiply(root_of(2), root_of(2)) == 2);
    CHECK(multiply(root_of(2), root_of(3)) == root_of(6));
    CHECK(multiply(root_of(2), negate(root_of(8))) == -4);
    CHECK(multiply(root_of(2), 0) == 0);
    CHECK(divide(root_of(8), root_of(2)) == number(2));
    CHECK(divide(1, root_of(2)) == *divide(root_of(2), 2));
    CHECK(divide(0, root_of(2)) == number(0));
    CHECK_FALSE(divide(root_of(2), 0));
}

TEST_CASE("floor and ceil are exact, also just beside an integer") {
    CHECK(floor(number::fraction(7, 2)) == 3);
    CHECK(floor(number::fraction(-7, 2)) == -4);
    CHECK(ceil(number::fraction(7, 2)) == 4);
    CHECK(ceil(number::fraction(-7, 2)) == -3);
    CHECK(floor(5) == 5);
    CHECK(ceil(-5) == -5);
    const std::int64_t n = 3'000'000'000;
    CHECK(floor(root_of(n * n - 1)) == n - 1);
    CHECK(ceil(root_of(n * n - 1)) == n);
    CHECK(floor(root_of(n * n + 1)) == n);
    CHECK(floor(negate(root_of(n * n + 1))) == -n - 1);
    CHECK(floor(*square_root(minus(power_of_two(400), 1))) == minus(power_of_two(200), 1));
    CHECK(floor(*divide(plus(power_of_two(300), 1), 2)) == power_of_two(299));
    CHECK(floor(negate(*divide(plus(power_of_two(300), 1), 2))) ==
          minus(negate(power_of_two(299)), 1));
    CHECK(floor(negate(power_of_two(300))) == negate(power_of_two(300)));
    CHECK(ceil(negate(power_of_two(300))) == negate(power_of_two(300)));
    CHECK(ceil(*divide(1, power_of_two(300))) == 1);
}

TEST_CASE("nothing happens at the borders of machine words") {
    struct row {
        int              exponent;
        std::string_view below, itself, above, squared;
    };
    for (const auto& [power, below, itself, above, squared] : {
             row{31, "2147483647", "2147483648", "2147483649", "4611686018427387904"},
             row{32, "4294967295", "4294967296", "4294967297", "18446744073709551616"},
             row{53, "9007199254740991", "9007199254740992", "9007199254740993",
                 "81129638414606681695789005144064"},
             row{63, "9223372036854775807", "9223372036854775808", "9223372036854775809",
                 "85070591730234615865843651857942052864"},
             row{64, "18446744073709551615", "18446744073709551616", "18446744073709551617",
                 "340282366920938463463374607431768211456"},
             row{127, "170141183460469231731687303715884105727",
                 "170141183460469231731687303715884105728",
                 "170141183460469231731687303715884105729",
                 "28948022309329048855892746252171976963317496166410141009864396001978282409984"},
             row{128, "340282366920938463463374607431768211455",
                 "340282366920938463463374607431768211456",
                 "340282366920938463463374607431768211457",
                 "115792089237316195423570985008687907853269984665640564039457584007913129639936"},
         }) {
        const int exponent = power;  // clang 14 can't capture a structured binding
        CAPTURE(exponent);
        const auto n = power_of_two(exponent);
        CHECK(to_string(minus(n, 1)) == below);
        CHECK(to_string(n) == itself);
        CHECK(to_string(plus(n, 1)) == above);
        CHECK(to_string(multiply(n, n)) == squared);
        CHECK(to_string(negate(n)) == std::string("-").append(itself));
        CHECK(to_string(minus(negate(n), 1)) == std::string("-").append(above));
        CHECK(minus(plus(n, 1), 1) == n);
        CHECK(plus(minus(negate(n), 1), 1) == negate(n));
        CHECK(minus(n, 1) < n);
        CHECK(n < plus(n, 1));
        CHECK(negate(n) > minus(negate(n), 1));
        CHECK(multiply(n, *divide(1, n)) == 1);
        CHECK(divide(multiply(n, n), n) == n);
        CHECK(*divide(1, plus(n, 1)) < *divide(1, n));
        CHECK(square_root(multiply(n, n)) == n);
        CHECK(multiply(*square_root(plus(n, 1)), *square_root(plus(n, 1))) == plus(n, 1));
        CHECK(parse_number(itself) == n);
        CHECK(n.is_integer());
        CHECK_FALSE(divide(plus(n, 1), 2)->is_integer());
    }
}

TEST_CASE("the smallest 64-bit integer is a number like any other") {
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    CHECK(to_string(least) == "-9223372036854775808");
    CHECK(number::fraction(least, least) == 1);
    CHECK(to_string(number::fraction(1, least)) == "-1/9223372036854775808");
    CHECK(negate(least) == power_of_two(63));
    CHECK(number(least).to_int64() == least);
    CHECK_FALSE(negate(least).to_int64());
}

TEST_CASE("only integers of 64 bits convert to one") {
    CHECK(number(-7).to_int64() == -7);
    CHECK_FALSE(half.to_int64());
    CHECK_FALSE(root_of(2).to_int64());
    CHECK_FALSE(power_of_two(63).to_int64());
    CHECK_FALSE(power_of_two(300).to_int64());
    CHECK(minus(power_of_two(300), minus(power_of_two(300), 5)).to_int64() == 5);
}

TEST_CASE("numbers are regular values, however large") {
    const auto large = plus(power_of_two(300), half);
    auto copy = large;
    CHECK(copy == large);
    copy = plus(copy, 1);
    CHECK(copy != large);
    CHECK(large == plus(power_of_two(300), half));
    auto moved = std::move(copy);
    CHECK(moved == plus(large, 1));
    copy = moved;
    CHECK(copy == moved);
    const auto& self = copy;
    copy = self;
    CHECK(copy == moved);
    copy = 5;
    CHECK(copy == 5);
    std::swap(copy, moved);
    CHECK(moved == 5);
    std::vector<number> sorted{large, -1, root_of(2), half, negate(large), 1};
    std::sort(sorted.begin(), sorted.end());
    CHECK(sorted == std::vector<number>{negate(large), -1, half, 1, root_of(2), large});
}

TEST_CASE("the sign is known in every form") {
    CHECK(number(0).sign() == 0);
    CHECK(negate(half).sign() == -1);
    CHECK(negate(root_of(2)).sign() == -1);
    CHECK(power_of_two(300).sign() == 1);
    CHECK(negate(power_of_two(300)).sign() == -1);
    CHECK(minus(power_of_two(300), power_of_two(300)).sign() == 0);
}

TEST_CASE("decimals and percentages are read exactly") {
    CHECK(parse_number("0") == number(0));
    CHECK(parse_number("66") == number(66));
    CHECK(parse_number("0.5") == half);
    CHECK(parse_number("50%") == half);
    CHECK(parse_number("50.01") == number::fraction(5001, 100));
    CHECK(parse_number("50.01%") == number::fraction(5001, 10000));
    CHECK(parse_number("66.50") == number::fraction(133, 2));
    CHECK(parse_number("007") == number(7));
    CHECK(parse_number("0.1") != number::fraction(1, 11));
}

TEST_CASE("a text that is not a number is refused") {
    for (const std::string_view text :
         {"", "%", ".", ".%", "-1", "+1", ".5", "5.", "5.%", "1.2.3", "1..2", "1e5", "1 ", " 1",
          "1 %", "1%%", "%1", "1/2", "1,5", "0x10", "one", "1'000", "1_000"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_number(text));
    }
}

TEST_CASE("a number may have eighty digits, and not one more") {
    const std::string most(longest_number, '9');
    REQUIRE(parse_number(most));
    CHECK(to_string(*parse_number(most)) == most);
    CHECK_FALSE(parse_number(most + "9"));
    CHECK_FALSE(parse_number("0" + most));
    std::string decimals = most;
    decimals.insert(1, 1, '.');
    REQUIRE(parse_number(decimals));
    CHECK(to_string(*parse_number(decimals)) == most + "/1" + std::string(longest_number - 1, '0'));
    CHECK(floor(*parse_number(decimals)) == 9);
    CHECK(ceil(*parse_number(decimals + "%")) == 1);
    CHECK(parse_number("1." + std::string(longest_number - 1, '0')) == number(1));
    CHECK_FALSE(parse_number("1." + std::string(longest_number, '0')));
}

TEST_CASE("arithmetic agrees with Boost's rationals, in 128 bits and beyond") {
    sequence random;
    for (const unsigned bits : {20U, 60U, 100U, 125U, 180U}) {
        CAPTURE(bits);
        for (int i = 0; i < 200; ++i) {
            const auto a = any_rational(random, bits);
            const auto b = any_rational(random, bits);
            REQUIRE(to_string(a.value) == a.expected.str());
            REQUIRE(to_string(plus(a.value, b.value)) ==
                    cpp_rational(a.expected + b.expected).str());
            REQUIRE(to_string(minus(a.value, b.value)) ==
                    cpp_rational(a.expected - b.expected).str());
            REQUIRE(to_string(multiply(a.value, b.value)) ==
                    cpp_rational(a.expected * b.expected).str());
            REQUIRE((a.value < b.value) == (a.expected < b.expected));
            REQUIRE((a.value == b.value) == (a.expected == b.expected));
            if (b.expected != 0) {
                REQUIRE(to_string(*divide(a.value, b.value)) ==
                        cpp_rational(a.expected / b.expected).str());
            }
        }
    }
}

TEST_CASE("addition and multiplication obey the laws of algebra") {
    sequence random;
    for (const unsigned bits : {10U, 60U, 120U, 150U}) {
        CAPTURE(bits);
        for (int i = 0; i < 100; ++i) {
            const auto a = any_rational(random, bits).value;
            const auto b = any_rational(random, bits).value;
            const auto c = any_rational(random, bits).value;
            REQUIRE(plus(a, b) == plus(b, a));
            REQUIRE(multiply(a, b) == multiply(b, a));
            REQUIRE(plus(plus(a, b), c) == plus(a, plus(b, c)));
            REQUIRE(multiply(multiply(a, b), c) == multiply(a, multiply(b, c)));
            REQUIRE(multiply(a, plus(b, c)) == plus(multiply(a, b), multiply(a, c)));
            REQUIRE(minus(plus(a, b), b) == a);
            REQUIRE(plus(a, negate(a)) == 0);
            if (b != 0) REQUIRE(*divide(multiply(a, b), b) == a);
        }
    }
}

TEST_CASE("comparison is the sign of the difference") {
    sequence random;
    for (const unsigned bits : {4U, 60U, 120U, 150U}) {
        CAPTURE(bits);
        for (int i = 0; i < 300; ++i) {
            const auto a = any_rational(random, bits).value;
            const auto b = any_rational(random, bits).value;
            REQUIRE((a <=> b) == (minus(a, b).sign() <=> 0));
            REQUIRE((b <=> a) == (0 <=> minus(a, b).sign()));
        }
    }
}

TEST_CASE("floor and ceil enclose every number, rational or not") {
    sequence random;
    for (const unsigned bits : {6U, 60U, 120U, 180U}) {
        CAPTURE(bits);
        for (int i = 0; i < 200; ++i) {
            const auto a = any_rational(random, bits);
            auto root = *square_root(a.value < 0 ? negate(a.value) : a.value);
            if (a.value < 0) root = negate(root);
            for (const auto& x : {a.value, root}) {
                const auto below = floor(x);
                const auto above = ceil(x);
                REQUIRE(below.is_integer());
                REQUIRE(above.is_integer());
                REQUIRE(below <= x);
                REQUIRE(x < plus(below, 1));
                REQUIRE(above >= x);
                REQUIRE(minus(above, 1) < x);
                REQUIRE((below == above) == x.is_integer());
            }
        }
    }
}

TEST_CASE("roots are ordered and multiplied as their squares are") {
    sequence random;
    for (const unsigned bits : {6U, 50U, 100U, 150U}) {
        CAPTURE(bits);
        for (int i = 0; i < 200; ++i) {
            auto a = any_rational(random, bits);
            auto b = any_rational(random, bits);
            const auto c = any_rational(random, bits);
            if (a.expected < 0) a = {-a.expected, negate(a.value)};
            if (b.expected < 0) b = {-b.expected, negate(b.value)};
            const auto root_a = *square_root(a.value);
            const auto root_b = *square_root(b.value);
            REQUIRE(multiply(root_a, root_a) == a.value);
            REQUIRE(multiply(root_a, root_b) == *square_root(multiply(a.value, b.value)));
            REQUIRE((root_a < root_b) == (a.expected < b.expected));
            REQUIRE((root_a < c.value) == (a.expected < signed_square(c.expected)));
            REQUIRE((negate(root_a) < c.value) == (-a.expected < signed_square(c.expected)));
            // sqrt(a) * c + sqrt(a) = sqrt(a) * (c + 1), whatever the root is made of.
            REQUIRE(plus(multiply(root_a, c.value), root_a) == multiply(root_a, plus(c.value, 1)));
        }
    }
}

TEST_CASE("an irrational number equals no rational one, however close") {
    const auto root = root_of(2);
    number low = 1;
    number high = 2;
    for (int i = 0; i < 200; ++i) {
        const auto middle = multiply(plus(low, high), half);
        REQUIRE(middle != root);
        if (middle < root) low = middle;
        else high = middle;
    }
    CHECK(low < root);
    CHECK(root < high);
    CHECK(minus(high, low) == *divide(1, power_of_two(200)));
}

TEST_CASE("equal numbers are written alike, whichever way they were reached") {
    const auto large = power_of_two(150);
    const auto a = multiply(root_of(50), large);
    const auto b = multiply(multiply(root_of(2), 5), large);
    CHECK(a == b);
    CHECK(to_string(a) == to_string(b));
    CHECK(*divide(a, large) == root_of(50));
    CHECK(to_string(*divide(a, large)) == "5*sqrt(2)");
}
