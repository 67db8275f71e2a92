// At the borders of machine words: what is counted, measured and stored there is exact, or refused with a reason.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <limits>

#include <quorate/engine.hpp>
#include <quorate/tally/ballots.hpp>

#include "house.hpp"

using namespace support;

namespace {

number plus(const number& a, const number& b) { return *add(a, b); }
number minus(const number& a, const number& b) { return plus(a, negate(b)); }

/// As a rule says it, whose numbers have at most 18 digits each.
std::string in_rule(const number& n) {
    constexpr std::size_t most_digits = 18;
    auto                  digits = to_string(n);
    std::string           s, scale;
    while (digits.size() > most_digits) {
        auto low = digits.substr(digits.size() - most_digits);
        low.erase(0, std::min(low.find_first_not_of('0'), low.size() - 1));
        s = " + " + low + scale + s;
        scale += " * 1000000000 * 1000000000";
        digits.resize(digits.size() - most_digits);
    }
    return digits + scale + s;
}

/// Three who hold n - 1, n and n + 1, decided by more than half of what all hold.
struct holders_of {
    engine      e;
    std::string id;

    explicit holders_of(const number& n, const std::string& rule = "weight(yes) > 1/2 of weight(eligible)")
        : e(load(R"j({"title": "T", "processes": {"p": {"electorate": {"of": "everyone", "weight": "tokens", "taken": "at open"}, "positions": {"yes": {}, "no": {}},
                   "stages": {"vote": {"phase": "approval", "allow": {"cast": "electorate", "withdraw": "author"},
                   "exits": [{"on": "withdraw", "to": "withdrawn"}, {"when": ")j" + rule + R"j(", "to": "accepted"}]}}}}})j"),
            load_roster(R"({"people": {"less": {}, "just": {}, "more": {}}, "weights": {"tokens": {"less": ")" + to_string(minus(n, 1)) + R"(", "just": ")" + to_string(n) +
                        R"(", "more": ")" + to_string(plus(n, 1)) + R"("}}})").value()),
          id(e.open({.process = "p", .by = "less", .at = day(0)}).value()) {}
    std::string after(std::initializer_list<const char*> yes) {
        for (const auto* who : yes) REQUIRE(e.submit(id, cast{.by = who, .position = "yes", .at = day(1)}).accepted());
        return e.get(id)->now().name;
    }
};

number two_to(int exponent) {
    number n = 1;
    for (; exponent > 0; --exponent) n = multiply(n, 2);
    return n;
}

}  // namespace

TEST_CASE("boundaries: one token more or less decides, however many there are") {
    for (const int exponent : {31, 32, 53, 62, 63, 64, 127}) {
        CAPTURE(exponent);
        const auto n = two_to(exponent);
        CHECK(holders_of(n).after({"just"}) == "vote");           // a third
        CHECK(holders_of(n).after({"less", "just"}) == "accepted");
        // Exactly so many, and one more.
        const auto all = in_rule(plus(plus(n, n), 1));
        CHECK(holders_of(n, "weight(yes) >= " + all).after({"just", "more"}) == "accepted");
        CHECK(holders_of(n, "weight(yes) > " + all).after({"just", "more"}) == "vote");
        CHECK(holders_of(n, "weight(yes) > " + in_rule(minus(n, 1))).after({"less"}) == "vote");
        CHECK(holders_of(n, "weight(yes) > " + in_rule(minus(n, 1))).after({"just"}) == "accepted");
        // Multiplied by the number of voters, as far as numbers are written in rules.
        CHECK(holders_of(n, "3 * weight(yes) == weight(eligible)").after({"just"}) == "accepted");
        CHECK(holders_of(n, "3 * weight(yes) == weight(eligible)").after({"more"}) == "vote");
    }
}

TEST_CASE("boundaries: a number that is too long for a rule is refused with its place") {
    parts t;
    t.exits = R"({"when": "approve >= 9223372036854775809", "to": "accepted"})";
    const auto c = load_charter(t.text());
    REQUIRE_FALSE(c.has_value());
    CHECK(has(c.error().what(), "at most 18 digits"));
}

TEST_CASE("boundaries: many voters of the greatest weights are added up exactly") {
    constexpr int voters = 200;
    for (const int exponent : {31, 53, 63}) {
        CAPTURE(exponent);
        const auto  one = minus(two_to(exponent), 1);
        const auto  each = to_string(one);
        std::string all, weights;
        for (int i = 0; i < voters; ++i) {
            const auto who = "\"m" + std::to_string(i) + "\": ";
            all += (i > 0 ? ", " : "") + who + "{}";
            weights += (i > 0 ? ", " : "") + who + '"' + each + '"';
        }
        const auto rule = "weight(eligible) == " + in_rule(multiply(one, voters)) + " and weight(yes) == " + in_rule(one);
        engine     e(load(R"j({"title": "T", "processes": {"p": {"electorate": {"of": "everyone", "weight": "tokens", "taken": "at open"}, "positions": {"yes": {}, "no": {}},
                   "stages": {"vote": {"phase": "approval", "allow": {"cast": "electorate", "withdraw": "author"},
                   "exits": [{"on": "withdraw", "to": "withdrawn"}, {"when": ")j" + rule + R"j(", "to": "accepted"}]}}}}})j"),
                 load_roster(R"({"people": {)" + all + R"(}, "weights": {"tokens": {)" + weights + "}}}").value());
        const auto id = e.open({.process = "p", .by = "m0", .at = day(0)}).value();
        REQUIRE(e.submit(id, cast{.by = "m7", .position = "yes", .at = day(1)}).accepted());
        CHECK(e.get(id)->now().name == "accepted");
    }
}

TEST_CASE("boundaries: numbers in commands and events come back to the last digit, or are refused") {
    for (const std::int64_t n : {std::int64_t{1} << 31, (std::int64_t{1} << 53) + 1, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
        CAPTURE(n);
        event e{.kind = event_kind::acted, .done = act::fact, .at = day(0), .noted = day(0), .subject = "f", .number = n};
        CHECK(parse_event(to_json(e)).value().number == n);
        event read{.kind = event_kind::acted, .at = day(0), .noted = day(0)};
        CHECK(read_payload(read, payload_of(e)).has_value());
        CHECK(read.number == n);
        const command c{.what = act::fact, .subject = "f", .amount = n, .at = day(0)};
        CHECK(parse_command(to_json(c)).value().amount == n);
        // And in rules, from which they are read.
        parts t;
        t.allow = R"("fact": "everyone", "withdraw": "author")";
        t.exits = R"({"on": "withdraw", "to": "withdrawn"}, {"when": "fact(f) == )" + in_rule(std::numeric_limits<std::int64_t>::max()) + R"(", "to": "accepted"})";
        t.more = R"("facts": ["f"],)";
        house      h(t);
        const auto id = h.open();
        REQUIRE(h.say(id, day(1), ": fact f = " + std::to_string(n)) == "");
        CHECK(h.stage(id) == (n == std::numeric_limits<std::int64_t>::max() ? "accepted" : "talk"));
        CHECK(h.runs.get(id)->facts.front().amount == n);
        CHECK(h.again().get(id)->facts.front().amount == n);
    }
    const auto written = [](const std::string& amount) { return R"({"do":"fact","subject":"f","amount":)" + amount + R"(,"at":"2026-03-01T00:00:00Z"})"; };
    const command good{.what = act::fact, .subject = "f", .amount = 7, .at = day(0)};
    auto          text = to_json(good);
    const auto    seven = text.find(":7");
    REQUIRE(seven != std::string::npos);
    for (const std::string bad : {"9223372036854775808", "-9223372036854775809", "18446744073709551616", "1e3", "0.5", "1e999"}) {
        CAPTURE(bad);
        const auto other = text.substr(0, seven + 1) + bad + text.substr(seven + 2);
        CHECK_FALSE(parse_command(other).has_value());
        CHECK_FALSE(parse_command(written(bad)).has_value());
    }
}

TEST_CASE("boundaries: as many ballots as can be counted are, and one more is refused") {
    using namespace tally;
    auto                      b = ranked_ballots::make({"a", "b"}).value();
    const std::array<rank, 2> ab{1, 2}, ba{2, 1};
    CHECK(b.add(ab, most_ballots - 1).has_value());
    CHECK(b.add(ba, 1).has_value());
    const auto over = b.add(ba, 1);
    REQUIRE_FALSE(over.has_value());
    CHECK(over.error().code == errc::limit);
    CHECK_FALSE(b.add(ba, std::numeric_limits<std::int64_t>::max()).has_value());
    CHECK_FALSE(b.add(ba, 0).has_value());
    CHECK(b.total() == most_ballots);
}
