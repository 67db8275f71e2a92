#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

#include <quorate/time.hpp>

using namespace quorate;
using namespace std::chrono_literals;

namespace {

constexpr duration days(int count) { return std::chrono::days{count}; }

/// A fixed sequence (Knuth's MMIX constants), the same on every platform.
struct sequence {
    std::uint64_t state = 1;
    std::uint64_t next() {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return state >> 11U;
    }
};

constexpr instant friday = at("2026-02-27T15:30:00Z");

}  // namespace

// What a rule or a table in C++ may use at compile time.
static_assert(at("1970-01-01T00:00:00Z") == instant{});
static_assert(at("2026-03-01") == at("2026-03-01T00:00:00Z"));
static_assert(at("2026-03-01") + days(10) == at("2026-03-11"));
static_assert(parse_instant("2026-03-01T02:00:00+02:00") == at("2026-03-01"));
static_assert(!parse_instant("2026-02-30"));
static_assert(parse_duration("10 days") == days(10));
static_assert(parse_duration("P1DT12H") == 36h);
static_assert(!parse_duration("1 month"));
static_assert(latest_instant == at("9999-12-31T23:59:59.999999Z"));
static_assert(latest_instant.time_since_epoch() + longest_duration > longest_duration);

TEST_CASE("ten days after the first of March is the eleventh") {
    CHECK(to_string(at("2026-03-01T00:00:00Z") + *parse_duration("10 days")) ==
          "2026-03-11T00:00:00Z");
}

TEST_CASE("an instant is written as it is read") {
    for (const std::string text :
         {"1970-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "2000-02-29T12:00:00Z",
          "2024-02-29T00:00:00Z", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00.5Z",
          "2026-03-01T00:00:00.000001Z", "2026-03-01T00:00:00.12345Z", "2038-01-19T03:14:08Z",
          "9999-12-31T23:59:59.999999Z"}) {
        CAPTURE(text);
        const auto t = parse_instant(text);
        REQUIRE(t);
        CHECK(to_string(*t) == text);
        CHECK(date_string(*t) == text.substr(0, 10));
    }
}

TEST_CASE("an instant appends itself to what is there") {
    std::string line = "opened ";
    append_to(line, at("2026-03-01"));
    CHECK(line == "opened 2026-03-01T00:00:00Z");
}

TEST_CASE("zeros at the end of a fraction are not written") {
    CHECK(to_string(at("2026-03-01T00:00:00.000000Z")) == "2026-03-01T00:00:00Z");
    CHECK(to_string(at("2026-03-01T00:00:00.120000Z")) == "2026-03-01T00:00:00.12Z");
    CHECK(to_string(at("2026-03-01T00:00:10Z")) == "2026-03-01T00:00:10Z");
}

TEST_CASE("an offset is converted to UTC") {
    CHECK(at("2026-03-01T01:30:00+02:00") == at("2026-02-28T23:30:00Z"));
    CHECK(at("2026-12-31T20:00:00-05:30") == at("2027-01-01T01:30:00Z"));
    CHECK(at("2026-03-01T00:00:00+00:00") == at("2026-03-01"));
    CHECK(at("2026-03-01T00:00:00-00:00") == at("2026-03-01"));
    CHECK(at("2026-03-01T23:59:00+23:59") == at("2026-03-01"));
}

TEST_CASE("a text that is not an instant is refused") {
    for (const std::string_view text :
         {"", "2026", "2026-03", "2026-3-1", "2026-13-01", "2026-00-01", "2026-02-30", "2026-02-00",
          "2025-02-29", "2100-02-29", "2026-04-31", "2026-03-01T", "2026-03-01T00", "20260301",
          "2026-03-01T00:00Z", "2026-03-01T00:00:00", "2026-03-01t00:00:00Z",
          "2026-03-01T00:00:00z", "2026-03-01 00:00:00Z", "2026-03-01T24:00:00Z",
          "2026-03-01T00:60:00Z", "2016-12-31T23:59:60Z", "2026-03-01T00:00:00.Z",
          "2026-03-01T00:00:00,5Z", "2026-03-01T00:00:00.1234567Z", "2026-03-01T00:00:00.5",
          "2026-03-01T00:00:00+2:00", "2026-03-01T00:00:00+0200", "2026-03-01T00:00:00+24:00",
          "2026-03-01T00:00:00+02:60", "2026-03-01T00:00:00+02", "2026-03-01Z", "2026-03-01 ",
          " 2026-03-01", "2026-03-01T00:00:00Z ", "2026-03-01T00:00:00ZZ", "+2026-03-01",
          "-2026-03-01", "12026-03-01", "2026-+3-01", "2026-03- 1", "yesterday"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_instant(text));
    }
}

TEST_CASE("an instant outside the years 1970 to 9999 in UTC is refused") {
    CHECK_FALSE(parse_instant("1969-12-31T23:59:59.999999Z"));
    CHECK_FALSE(parse_instant("0000-01-01"));
    CHECK_FALSE(parse_instant("1970-01-01T00:00:00+00:01"));
    CHECK(parse_instant("1969-12-31T23:59:00-00:01") == earliest_instant);
    CHECK_FALSE(parse_instant("9999-12-31T23:59:59-00:01"));
    CHECK(parse_instant("9999-12-31T23:59:59.999999+00:00") == latest_instant);
}

TEST_CASE("an instant out of range is written as such, and nothing reads it") {
    for (const auto t :
         {earliest_instant - 1us, latest_instant + 1us, instant::min(), instant::max()}) {
        CHECK(to_string(t) == "(out of range)");
        CHECK(date_string(t) == "(out of range)");
        CHECK_FALSE(parse_instant(to_string(t)));
    }
}

TEST_CASE("a malformed literal throws and says what it was") {
    CHECK(at("2026-03-01") == *parse_instant("2026-03-01"));
    CHECK_THROWS_WITH_AS((void)at("2026-02-30"),
                         "not an instant (RFC 3339, years 1970 to 9999): 2026-02-30",
                         std::invalid_argument);
}

TEST_CASE("every instant of a long sequence survives writing and reading") {
    sequence random;
    const auto range = static_cast<std::uint64_t>(latest_instant.time_since_epoch().count()) + 1;
    for (int i = 0; i < 2000; ++i) {
        instant t{duration{static_cast<std::int64_t>(random.next() * 4U % range)}};
        if (i % 3 == 0) t = std::chrono::floor<std::chrono::seconds>(t);
        REQUIRE(parse_instant(to_string(t)) == t);
        REQUIRE(at(date_string(t)) == std::chrono::floor<std::chrono::days>(t));
    }
}

TEST_CASE("text order is time order when instants have no fraction") {
    sequence random;
    for (int i = 0; i < 500; ++i) {
        const instant a{std::chrono::seconds{random.next() % 253'402'300'800U}};
        const instant b{std::chrono::seconds{random.next() % 253'402'300'800U}};
        REQUIRE((a < b) == (to_string(a) < to_string(b)));
    }
}

TEST_CASE("durations are read in words and in ISO 8601") {
    struct row {
        std::string_view words, iso;
        duration         value;
    };
    for (const auto& [plain, iso, value] : {
             row{"10 days", "P10D", days(10)},
             row{"1 day", "P1D", days(1)},
             row{"72 hours", "PT72H", days(3)},
             row{"90 minutes", "PT90M", 90min},
             row{"30 seconds", "PT30S", 30s},
             row{"2 weeks", "P2W", days(14)},
             row{"1 day 12 hours", "P1DT12H", 36h},
             row{"1 hour 1 minute 1 second", "PT1H1M1S", 3661s},
             row{"1 day 1 second", "P1DT1S", 86401s},
             row{"0 days", "P0D", 0us},
             row{"007 days", "P007D", days(7)},
             row{"1 days", "P1D", days(1)},
             row{"10  day", "P10D", days(10)},
         }) {
        const auto words = plain;  // clang 14 can't capture a structured binding
        CAPTURE(words);
        CHECK(parse_duration(words) == value);
        CHECK(parse_duration(iso) == value);
    }
    CHECK(parse_duration("1 week 1 day") == days(8));
    CHECK(parse_duration("1 millisecond 1 microsecond") == 1001us);
}

TEST_CASE("a text that is not a duration is refused") {
    for (const std::string_view text :
         {"", " ", "10", "days", "10days", "-1 day", "+1 day", "1.5 days", "10 days ", " 10 days",
          "1 day, 12 hours", "1 day and 12 hours", "12 hours 1 day", "1 day 1 day", "1 day 12",
          "1 month", "2 years", "1 fortnight", "1 Day", "1 dayss", "1 s", "10 d", "ten days",
          "1 day\n", "1\tday", "P", "PT", "P1", "P1DT", "P1M", "P1Y", "P1W1D", "P1D1W", "PT1D",
          "P1H", "PT1S1H", "P1D1D", "PT1HT1M", "P-1D", "P1.5D", "PT0.5S", "p1d", "P1D ", "P 1D",
          "PT1", "PTT1H", "1P1D"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_duration(text));
    }
}

TEST_CASE("a duration may be a thousand years, and not a microsecond more") {
    CHECK(parse_duration("365250 days") == longest_duration);
    CHECK(parse_duration("P365250D") == longest_duration);
    CHECK_FALSE(parse_duration("365251 days"));
    CHECK_FALSE(parse_duration("365250 days 1 microsecond"));
    CHECK_FALSE(parse_duration("P365250DT1S"));
    CHECK(parse_duration("31557600000000000 microseconds") == longest_duration);
    CHECK_FALSE(parse_duration("31557600000000001 microseconds"));
}

TEST_CASE("a count beyond 64 bits doesn't wrap around") {
    CHECK_FALSE(parse_duration("9223372036854775808 microseconds"));
    CHECK_FALSE(parse_duration("18446744073709551617 microseconds"));
    CHECK_FALSE(parse_duration("213503982334602 days"));  // times a day: just over 2^64
    CHECK_FALSE(parse_duration("P99999999999999999999999999999999999999D"));
}

TEST_CASE("a duration is written in days and shorter units, never in weeks") {
    CHECK(to_string(days(10)) == "10 days");
    CHECK(to_string(72h) == "3 days");
    CHECK(to_string(36h) == "1 day 12 hours");
    CHECK(to_string(days(14)) == "14 days");
    CHECK(to_string(1h) == "1 hour");
    CHECK(to_string(90min) == "1 hour 30 minutes");
    CHECK(to_string(1us) == "1 microsecond");
    CHECK(to_string(1500ms) == "1 second 500 milliseconds");
    CHECK(to_string(duration{0}) == "0 days");
    CHECK(to_string(longest_duration) == "365250 days");
}

TEST_CASE("a negative duration is written with a sign that nothing reads") {
    CHECK(to_string(-days(3)) == "-3 days");
    CHECK(to_string(-36h) == "-1 day 12 hours");
    CHECK(to_string(duration::min()).starts_with("-106751991 days"));
    CHECK_FALSE(parse_duration(to_string(-days(3))));
}

TEST_CASE("every duration of a long sequence survives writing and reading") {
    sequence random;
    for (int i = 0; i < 2000; ++i) {
        const auto limit = std::uint64_t{1} << (random.next() % 54U);
        const duration d{static_cast<std::int64_t>(random.next() % limit)};
        REQUIRE(parse_duration(to_string(d)) == d);
    }
}

TEST_CASE("business days skip the weekend and keep the time of day") {
    const calendar days;
    CHECK(to_string(add_business_days(days, friday, 1)) == "2026-03-02T15:30:00Z");
    CHECK(to_string(add_business_days(days, friday, 5)) == "2026-03-06T15:30:00Z");
    CHECK(to_string(add_business_days(days, friday, 10)) == "2026-03-13T15:30:00Z");
    CHECK(add_business_days(days, friday, 0) == friday);
}

TEST_CASE("the day one starts on is not counted, business day or not") {
    const calendar days;
    const auto monday = at("2026-03-02T10:00:00Z");
    CHECK(add_business_days(days, at("2026-02-27T10:00:00Z"), 1) == monday);
    CHECK(add_business_days(days, at("2026-02-28T10:00:00Z"), 1) == monday);
    CHECK(add_business_days(days, at("2026-03-01T10:00:00Z"), 1) == monday);
}

TEST_CASE("holidays are skipped, also when they fall on a weekend") {
    calendar days;
    days.holidays = {std::chrono::floor<std::chrono::days>(at("2026-03-01")),   // a Sunday
                     std::chrono::floor<std::chrono::days>(at("2026-03-02")),
                     std::chrono::floor<std::chrono::days>(at("2026-03-04"))};
    CHECK(to_string(add_business_days(days, friday, 1)) == "2026-03-03T15:30:00Z");
    CHECK(to_string(add_business_days(days, friday, 2)) == "2026-03-05T15:30:00Z");
    CHECK_FALSE(is_business_day(days, days.holidays[1]));
}

TEST_CASE("a weekend may be other days than Saturday and Sunday") {
    const calendar gulf{.weekend = 0b110'0000, .holidays = {}};  // Friday and Saturday
    CHECK(to_string(add_business_days(gulf, friday - 24h, 1)) == "2026-03-01T15:30:00Z");
    const calendar none{.weekend = 0, .holidays = {}};
    CHECK(add_business_days(none, friday, 10) == friday + 240h);
}

TEST_CASE("business days count backwards for notice periods") {
    const calendar days;
    CHECK(to_string(add_business_days(days, at("2026-03-02T09:00:00Z"), -1)) ==
          "2026-02-27T09:00:00Z");
    CHECK(to_string(add_business_days(days, at("2026-03-01T09:00:00Z"), -5)) ==
          "2026-02-23T09:00:00Z");
}

TEST_CASE("going forth and back from a business day returns") {
    calendar days;
    days.holidays = {std::chrono::floor<std::chrono::days>(at("2026-04-03")),
                     std::chrono::floor<std::chrono::days>(at("2026-04-06"))};
    for (int n = 0; n < 300; ++n)
        REQUIRE(add_business_days(days, add_business_days(days, friday, n), -n) == friday);
}

TEST_CASE("a business day that never comes is the end of time") {
    const calendar closed{.weekend = 0b111'1111, .holidays = {}};
    CHECK(add_business_days(closed, friday, 1) == latest_instant);
    CHECK(add_business_days(closed, friday, -1) == earliest_instant);
    const calendar days;
    CHECK(in_range(add_business_days(days, friday, longest_business_days)));
    CHECK(add_business_days(days, friday, longest_business_days) < at("2070-01-01"));
    CHECK(add_business_days(days, friday, longest_business_days + 1) == latest_instant);
    CHECK(add_business_days(days, friday, std::numeric_limits<int>::max()) == latest_instant);
    CHECK(add_business_days(days, friday, std::numeric_limits<int>::min()) == earliest_instant);
    CHECK(add_business_days(days, at("9999-12-31"), 1) == latest_instant);
    CHECK(add_business_days(days, at("1970-01-01"), -1) == earliest_instant);
}
