// Sums of runs as exact fractions, and how far they can be trusted. Internal.
#pragma once

#include <algorithm>

#include <quorate/power.hpp>
#include <quorate/simulate.hpp>

namespace quorate::simulate {

using power::integer;
using power::ratio;

inline const ratio& seconds_of_day() {
    static const ratio value(86'400);
    return value;
}
/// Of a 95% interval.
inline const ratio& z() {
    static const ratio value(196, 100);
    return value;
}

inline integer whole(wide v) {
    const auto    m = quorate::detail::magnitude(v);
    const integer n = (integer(static_cast<std::uint64_t>(m >> 64U)) << 64U) + static_cast<std::uint64_t>(m);
    return v < 0 ? integer(-n) : n;
}
/// The root of a fraction that isn't negative, cut after twelve decimals.
inline ratio root(const ratio& r) {
    const integer scale = pow(integer(10), 24);
    const integer over = numerator(r) * scale;
    return ratio(sqrt(integer(over / denominator(r))), pow(integer(10), 12));
}

struct interval {
    ratio value{}, half{};
    bool  some = false;
};
/// Of a ratio of totals over independent runs, by linearisation.
inline interval interval_of(const ratio_sums& r, std::uint64_t runs) {
    if (r.n == 0) return {};
    const ratio n(whole(r.n)), value = ratio(whole(r.s)) / n;
    if (runs < 2) return {value, 0, true};
    const ratio spread = ratio(whole(r.ss)) - 2 * value * ratio(whole(r.sn)) + value * value * ratio(whole(r.nn));
    return {value, z() * root(std::max(ratio(0), ratio(spread * runs / (runs - 1) / (n * n)))), true};
}

}  // namespace quorate::simulate
