// Sums of square roots, exactly: q1*sqrt(r1) + q2*sqrt(r2) + ... What `number` refuses to add, this keeps apart.
#pragma once

#include <quorate/ratio.hpp>

#include <compare>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace quorate::tally {

/// The most unlike roots in one sum.
inline constexpr std::size_t most_roots = 1'000;

namespace detail {

[[nodiscard]] inline number power_of_ten(std::size_t digits) {
    number p = 1;
    for (; digits >= 18; digits -= 18) p = multiply(p, 1'000'000'000'000'000'000);
    for (; digits > 0; --digits) p = multiply(p, 10);
    return p;
}

/// A sum of roots. Roots of rationals whose quotients are no squares of rationals are linearly independent over the rationals,
/// so a sum of unlike roots is 0 only if it has none: equality is exact, and comparing ends.
class root_sum {
public:
    void add(const number& term) {
        if (term.sign() == 0) return;
        for (std::size_t i = 0; i < terms_.size(); ++i) {
            const auto together = quorate::add(terms_[i], term);
            if (!together) continue;
            terms_[i] = *together;
            if (together->sign() == 0) terms_.erase(terms_.begin() + static_cast<std::ptrdiff_t>(i));
            return;
        }
        terms_.push_back(term);
    }
    [[nodiscard]] std::size_t size() const { return terms_.size(); }
    /// The square; exact only where one root is all there is.
    [[nodiscard]] bool has_exact_square() const { return terms_.size() <= 1; }
    [[nodiscard]] number exact_square() const { return terms_.empty() ? number(0) : multiply(terms_[0], terms_[0]); }

    /// Rationals below and above, at most (number of roots) / 10^digits apart.
    [[nodiscard]] std::pair<number, number> enclosed(std::size_t digits) const {
        const auto scale = power_of_ten(digits);
        number     low, high;
        for (const auto& t : terms_) {
            const auto scaled = multiply(t, scale);
            low = *quorate::add(low, quorate::floor(scaled));
            high = *quorate::add(high, quorate::ceil(scaled));
        }
        return {*divide(low, scale), *divide(high, scale)};
    }

    friend std::strong_ordering compare(const root_sum& a, const root_sum& b) {
        auto apart = a;
        for (const auto& t : b.terms_) apart.add(negate(t));
        if (apart.terms_.empty()) return std::strong_ordering::equal;
        for (std::size_t digits = 18;; digits *= 2) {
            const auto [low, high] = apart.enclosed(digits);
            if (low.sign() > 0) return std::strong_ordering::greater;
            if (high.sign() < 0) return std::strong_ordering::less;
        }
    }

private:
    std::vector<number> terms_;
};

/// To the nearest multiple of 10^-digits, half of one upwards.
[[nodiscard]] inline number rounded(const number& x, std::size_t digits) {
    const auto scale = power_of_ten(digits);
    return *divide(quorate::floor(*add(multiply(x, scale), number::fraction(1, 2))), scale);
}

}  // namespace detail
}  // namespace quorate::tally
