// Time as the library sees it: instants in UTC microseconds that arrive from outside, exact
// durations, business days. No clock is read and no time zone is looked up here.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace quorate {

/// A point in time, UTC, in microseconds. There are no leap seconds.
using instant = std::chrono::sys_time<std::chrono::microseconds>;
/// A length of time, in microseconds.
using duration = std::chrono::microseconds;

/// The first instant that can be written: 1970-01-01T00:00:00Z.
inline constexpr instant earliest_instant{};
/// The last instant that can be written: 9999-12-31T23:59:59.999999Z.
inline constexpr instant latest_instant =
    std::chrono::sys_days{std::chrono::year{10000} / 1 / 1} - std::chrono::microseconds{1};
/// The longest duration that can be written, 365250 days: a thousand years. Adding it to any
/// instant of the range above can't overflow, but may leave the range.
inline constexpr duration longest_duration = std::chrono::days{365'250};
/// How many business days `add_business_days` counts at most (about forty years).
inline constexpr int longest_business_days = 10'000;

namespace detail {

/// Reads characters off the front of a text. Nothing is taken when a reading fails.
struct time_scanner {
    std::string_view rest;

    constexpr bool take(char c) {
        if (rest.empty() || rest.front() != c) return false;
        rest.remove_prefix(1);
        return true;
    }
    constexpr bool at_digit() const {
        return !rest.empty() && rest.front() >= '0' && rest.front() <= '9';
    }
    /// Exactly `count` digits (at most 9).
    constexpr std::optional<int> fixed(std::size_t count) {
        auto ahead = *this;
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (!ahead.at_digit()) return std::nullopt;
            value = value * 10 + (ahead.rest.front() - '0');
            ahead.rest.remove_prefix(1);
        }
        *this = ahead;
        return value;
    }
    /// One or more digits with a value of at most `limit`.
    constexpr std::optional<std::int64_t> natural(std::int64_t limit) {
        if (!at_digit()) return std::nullopt;
        auto ahead = *this;
        std::int64_t value = 0;
        while (ahead.at_digit()) {
            const int digit = ahead.rest.front() - '0';
            if (value > (limit - digit) / 10) return std::nullopt;
            value = value * 10 + digit;
            ahead.rest.remove_prefix(1);
        }
        if (value > limit) return std::nullopt;
        *this = ahead;
        return value;
    }
};

/// "2026-03-01", a day that the calendar has.
constexpr std::optional<std::chrono::sys_days> scan_date(time_scanner& in) {
    const auto y = in.fixed(4);
    if (!y || !in.take('-')) return std::nullopt;
    const auto m = in.fixed(2);
    if (!m || !in.take('-')) return std::nullopt;
    const auto d = in.fixed(2);
    if (!d) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*y},
                                           std::chrono::month{static_cast<unsigned>(*m)},
                                           std::chrono::day{static_cast<unsigned>(*d)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date};
}

/// "23:59:59" with up to six decimals: the time since midnight.
constexpr std::optional<duration> scan_time_of_day(time_scanner& in) {
    const auto h = in.fixed(2);
    if (!h || *h > 23 || !in.take(':')) return std::nullopt;
    const auto m = in.fixed(2);
    if (!m || *m > 59 || !in.take(':')) return std::nullopt;
    const auto s = in.fixed(2);
    if (!s || *s > 59) return std::nullopt;
    std::int64_t micros = 0;
    if (in.take('.')) {
        if (!in.at_digit()) return std::nullopt;
        for (int scale = 100'000; in.at_digit(); scale /= 10) {
            if (scale == 0) return std::nullopt;
            micros += *in.fixed(1) * std::int64_t{scale};
        }
    }
    return std::chrono::hours{*h} + std::chrono::minutes{*m} + std::chrono::seconds{*s} +
           duration{micros};
}

/// "Z", "+02:00", "-05:30": how far local time is ahead of UTC.
constexpr std::optional<duration> scan_offset(time_scanner& in) {
    if (in.take('Z')) return duration{0};
    const bool behind = in.take('-');
    if (!behind && !in.take('+')) return std::nullopt;
    const auto h = in.fixed(2);
    if (!h || *h > 23 || !in.take(':')) return std::nullopt;
    const auto m = in.fixed(2);
    if (!m || *m > 59) return std::nullopt;
    const duration offset = std::chrono::hours{*h} + std::chrono::minutes{*m};
    return behind ? -offset : offset;
}

}  // namespace detail

/// Is the instant one that can be written and read back?
[[nodiscard]] constexpr bool in_range(instant t) {
    return earliest_instant <= t && t <= latest_instant;
}

/// Reads RFC 3339: "2026-03-01T00:00:00Z", with up to six decimals of a second, with an offset
/// ("+02:00") that is converted to UTC; or a bare date, which means its midnight in UTC. Refuses
/// (nothing is returned) everything else: days that don't exist, the leap second :60, lower-case t
/// and z, a missing offset, more decimals, text before or after, instants that in UTC lie outside
/// the years 1970 to 9999.
[[nodiscard]] constexpr std::optional<instant> parse_instant(std::string_view text) {
    detail::time_scanner in{text};
    const auto day = detail::scan_date(in);
    if (!day) return std::nullopt;
    instant t = *day;
    if (!in.rest.empty()) {
        if (!in.take('T')) return std::nullopt;
        const auto time_of_day = detail::scan_time_of_day(in);
        if (!time_of_day) return std::nullopt;
        const auto offset = detail::scan_offset(in);
        if (!offset || !in.rest.empty()) return std::nullopt;
        t += *time_of_day - *offset;
    }
    if (!in_range(t)) return std::nullopt;
    return t;
}

/// The instant a literal names: `at("2026-03-01T00:00:00Z")`. Reads what `parse_instant` reads;
/// throws std::invalid_argument on everything else, which in a constant expression is a compile
/// error.
[[nodiscard]] constexpr instant at(std::string_view text) {
    const auto t = parse_instant(text);
    if (!t)
        throw std::invalid_argument("not an instant (RFC 3339, years 1970 to 9999): " +
                                    std::string(text));
    return *t;
}

namespace detail {

inline void append_padded(std::string& out, unsigned value, std::size_t width) {
    const auto start = out.size();
    out.append(width, '0');
    for (auto i = start + width; i > start; value /= 10)
        out[--i] = static_cast<char>('0' + value % 10);
}

inline void append_date(std::string& out, std::chrono::sys_days day) {
    const std::chrono::year_month_day date{day};
    append_padded(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    out += '-';
    append_padded(out, static_cast<unsigned>(date.month()), 2);
    out += '-';
    append_padded(out, static_cast<unsigned>(date.day()), 2);
}

}  // namespace detail

/// Appends what `to_string` returns; allocates nothing when `out` has room for 27 characters more.
inline void append_to(std::string& out, instant t) {
    if (!in_range(t)) {
        out += "(out of range)";
        return;
    }
    const auto day = std::chrono::floor<std::chrono::days>(t);
    const std::chrono::hh_mm_ss clock{t - day};
    detail::append_date(out, day);
    out += 'T';
    detail::append_padded(out, static_cast<unsigned>(clock.hours().count()), 2);
    out += ':';
    detail::append_padded(out, static_cast<unsigned>(clock.minutes().count()), 2);
    out += ':';
    detail::append_padded(out, static_cast<unsigned>(clock.seconds().count()), 2);
    if (clock.subseconds().count() != 0) {
        out += '.';
        detail::append_padded(out, static_cast<unsigned>(clock.subseconds().count()), 6);
        while (out.back() == '0') out.pop_back();
    }
    out += 'Z';
}

/// "2026-03-01T00:00:00Z"; decimals only when they aren't zero, without zeros at the end.
/// `parse_instant` reads it back. An instant outside earliest_instant to latest_instant is written
/// as "(out of range)", which nothing reads.
[[nodiscard]] inline std::string to_string(instant t) {
    std::string out;
    out.reserve(27);
    append_to(out, t);
    return out;
}

/// The day in UTC on which the instant falls: "2026-03-01". "(out of range)" as in `to_string`.
[[nodiscard]] inline std::string date_string(instant t) {
    if (!in_range(t)) return "(out of range)";
    std::string out;
    detail::append_date(out, std::chrono::floor<std::chrono::days>(t));
    return out;
}

namespace detail {

struct time_unit {
    std::string_view name;  ///< singular; "s" makes the plural
    char             iso;   ///< its letter in ISO 8601, or 0
    bool             clock; ///< in ISO 8601, follows the T
    bool             printed;
    std::int64_t     micros;
};

// clang-format off
/// From long to short; that is also the order in which a text must name them.
inline constexpr std::array<time_unit, 7> time_units{{
    {"week",        'W', false, false, 604'800'000'000},
    {"day",         'D', false, true,   86'400'000'000},
    {"hour",        'H', true,  true,    3'600'000'000},
    {"minute",      'M', true,  true,       60'000'000},
    {"second",      'S', true,  true,        1'000'000},
    {"millisecond", 0,   true,  true,            1'000},
    {"microsecond", 0,   true,  true,                1},
}};
// clang-format on

/// Adds `count` units to `total`; false when that is more than the longest duration.
constexpr bool add_units(std::int64_t& total, std::int64_t count, const time_unit& unit) {
    const auto room = longest_duration.count() - total;
    if (count > room / unit.micros) return false;
    total += count * unit.micros;
    return true;
}

/// What follows the "P": "10D", "T72H", "1DT12H", "2W".
constexpr std::optional<duration> parse_iso_duration(time_scanner in) {
    std::int64_t total = 0;
    std::size_t next = 0;  // units before this one are no longer allowed
    bool clock = false;
    do {
        if (!clock && in.take('T')) clock = true;
        const auto count = in.natural(longest_duration.count());
        if (!count || in.rest.empty()) return std::nullopt;
        while (next < time_units.size() &&
               (time_units[next].iso != in.rest.front() || time_units[next].clock != clock))
            ++next;
        if (next == time_units.size()) return std::nullopt;
        const auto& unit = time_units[next++];
        if (!add_units(total, *count, unit)) return std::nullopt;
        in.rest.remove_prefix(1);
        // ISO 8601 lets weeks stand only alone.
        if (unit.iso == 'W' && !in.rest.empty()) return std::nullopt;
    } while (!in.rest.empty());
    return duration{total};
}

/// The unit of that name, in singular or plural; `time_units.size()` when there is none.
constexpr std::size_t unit_named(std::string_view word) {
    if (word.ends_with('s')) word.remove_suffix(1);
    std::size_t i = 0;
    while (i < time_units.size() && time_units[i].name != word) ++i;
    return i;
}

}  // namespace detail

/// Reads "10 days", "72 hours", "1 day 12 hours" (weeks, days, hours, minutes, seconds,
/// milliseconds, microseconds, each at most once and from long to short, separated by spaces) or
/// ISO 8601 "P10D", "PT72H", "P1DT12H", "P2W". Refuses (nothing is returned) everything else:
/// negative numbers, fractions, more than `longest_duration`, text before or after, and months and
/// years, because they have no fixed length.
[[nodiscard]] constexpr std::optional<duration> parse_duration(std::string_view text) {
    detail::time_scanner in{text};
    if (in.take('P')) return detail::parse_iso_duration(in);
    std::int64_t total = 0;
    std::size_t allowed = 0;  // units before this one are no longer allowed
    do {
        const auto count = in.natural(longest_duration.count());
        if (!count || !in.take(' ')) return std::nullopt;
        while (in.take(' ')) {}
        const auto word = in.rest.substr(0, in.rest.find(' '));
        const auto unit = detail::unit_named(word);
        if (unit == detail::time_units.size() || unit < allowed) return std::nullopt;
        if (!detail::add_units(total, *count, detail::time_units[unit])) return std::nullopt;
        in.rest.remove_prefix(word.size());
        allowed = unit + 1;
        if (in.rest.empty()) return duration{total};
        while (in.take(' ')) {}
    } while (true);
}

/// The shortest exact text in days and shorter units: "10 days", "1 day 12 hours", "0 days"; never
/// in weeks, and 72 hours are "3 days". `parse_duration` reads it back, unless the duration is
/// negative ("-3 days") or longer than `longest_duration`.
[[nodiscard]] inline std::string to_string(duration d) {
    if (d == duration{0}) return "0 days";
    std::string out;
    // Unsigned, because the most negative count has no positive counterpart.
    auto left = static_cast<std::uint64_t>(d.count());
    if (d < duration{0}) {
        out = "-";
        left = 0 - left;
    }
    const auto prefix = out.size();
    for (const auto& unit : detail::time_units) {
        if (!unit.printed) continue;
        const auto count = left / static_cast<std::uint64_t>(unit.micros);
        left %= static_cast<std::uint64_t>(unit.micros);
        if (count == 0) continue;
        if (out.size() > prefix) out += ' ';
        out += std::to_string(count);
        out += ' ';
        out += unit.name;
        if (count != 1) out += 's';
    }
    return out;
}

/// Which days are not for business. A regular value; no time zones: a day is a day in UTC.
struct calendar {
    /// Bit n is set when weekday n (Sunday is 0) is not for business; Saturday and Sunday unless
    /// said otherwise.
    std::uint8_t                       weekend = 0b100'0001;
    /// Further days that are not for business; must be sorted.
    std::vector<std::chrono::sys_days> holidays;

    friend bool operator==(const calendar&, const calendar&) = default;
};

/// Is that day neither of the weekend nor a holiday? Precondition: the holidays are sorted.
[[nodiscard]] inline bool is_business_day(const calendar& days, std::chrono::sys_days day) {
    if ((days.weekend >> std::chrono::weekday{day}.c_encoding()) & 1U) return false;
    return !std::binary_search(days.holidays.begin(), days.holidays.end(), day);
}

/// The same time of day (UTC) on the `count`th business day after the day of `from`, or before it
/// when `count` is negative. The day of `from` itself is never counted, whether for business or
/// not: Friday or Saturday plus 1 are Monday. Zero gives `from` back. When there is no such day (a
/// calendar without business days, a count beyond `longest_business_days`, a day outside the range
/// of instants) the answer is `latest_instant`, or `earliest_instant` backwards: an instant that
/// doesn't come. Precondition: the holidays are sorted.
[[nodiscard]] inline instant add_business_days(const calendar& days, instant from, int count) {
    assert(std::is_sorted(days.holidays.begin(), days.holidays.end()));
    const bool forward = count >= 0;
    const instant never = forward ? latest_instant : earliest_instant;
    if (count > longest_business_days || count < -longest_business_days) return never;
    if (!in_range(from)) return never;
    if ((days.weekend & 0b111'1111) == 0b111'1111) return never;
    const auto step = std::chrono::days{forward ? 1 : -1};
    instant t = from;
    for (int left = forward ? count : -count; left > 0;) {
        t += step;
        // The range ends the loop even when every day that is left is a holiday.
        if (!in_range(t)) return never;
        if (is_business_day(days, std::chrono::floor<std::chrono::days>(t))) --left;
    }
    return t;
}

}  // namespace quorate
