#include <doctest/doctest.h>

#include <quorate/event.hpp>

#include <string>
#include <vector>

#include "event_json.hpp"
#include "journal_support.hpp"

using namespace quorate;
using journal_support::dice;
using journal_support::random_event;

namespace {

/// Reads a payload into an event that holds something else, as a journal does that uses one for all rows.
bool reads(event_kind kind, std::string_view payload, event& e) {
    e = {.subject = "old", .names = {"old", "older"}, .number = 7, .flag = true, .charter = "old"};
    e.kind = kind;
    return read_payload(e, payload).has_value();
}

}  // namespace

TEST_CASE("event: its payload leaves out what is in columns, and what is not said") {
    CHECK(payload_of({.kind = event_kind::electorate, .at = at("2026-03-01"), .by = "a", .text = "t"}) == "{}");
    CHECK(payload_of({.kind = event_kind::acted, .subject = "approve"}) == R"({"do":"cast","subject":"approve"})");
    CHECK(payload_of({.kind = event_kind::moved, .why = cause::time, .subject = "fcp", .detail = "pending",
        .number = 0}) ==
          R"({"why":"time","subject":"fcp","detail":"pending","number":0})");
    CHECK(to_json(event{.kind = event_kind::moved, .why = cause::rule, .at = at("2026-03-01"),
        .noted = at("2026-03-02"),
                        .subject = "fcp", .names = {"x", "\n"}, .flag = false}) ==
          R"({"kind":"moved","why":"rule","at":"2026-03-01T00:00:00Z","noted":"2026-03-02T00:00:00Z","subject":"fcp","names":["x","\n"],"flag":false})");
}

TEST_CASE("event: payload and line give the same event back") {
    constexpr std::uint64_t seed = 7;
    dice                    d{seed};
    for (int i = 0; i < 20'000; ++i) {
        const auto e = random_event(d);
        INFO("seed ", seed, ", event ", i, ": ", to_json(e));
        CHECK(unstorable(e).empty());
        event back;
        REQUIRE(reads(e.kind, payload_of(e), back));
        back.at = e.at;
        back.noted = e.noted;
        back.by = e.by;
        back.text = e.text;
        CHECK(back == e);
        const auto line = parse_event(to_json(e));
        REQUIRE_MESSAGE(line.has_value(), line.error().what());
        CHECK(line.value() == e);
    }
}

TEST_CASE("event: a payload has one spelling only; any other is damaged") {
    for (const auto* bad : {"", "{", "{}x", " {}", "{ }", R"({"do":"cast","do":"cast"})", R"({"do":"csat"})",
        R"({"do":""})",
                            R"({"do":"cast",})", R"({"do":"cast","why":"command"})", R"({"do":"cast","law":1})",
                            R"({"do":"cast","law":40000})", R"({"do":"cast","subject":""})",
                                R"({"do":"cast","names":[]})",
                            R"({"do":"cast","number":01})", R"({"do":"cast","number":-0})",
                                R"({"do":"cast","number":1.0})",
                            R"({"do":"cast","number":9223372036854775808})", R"({"do":"cast","flag":null})",
                            R"({"do":"cast","detail":"x","subject":"y"})", R"({"do":"cast","subject":"\u0041"})",
                            R"({"do":"cast","subject":"\/"})", R"({"do":"cast","subject":"\u000a"})",
                            R"({"do":"cast","subject":"\u001F"})", "{\"do\":\"cast\",\"subject\":\"\xFF\"}",
                            "{\"do\":\"cast\",\"subject\":\"\n\"}", R"({"do":"cast","surprise":1})",
                                R"({"subject":"x"})"}) {
        INFO(bad);
        event e{.kind = event_kind::acted};
        const auto r = read_payload(e, bad);
        REQUIRE(!r.has_value());
        CHECK(r.error().code == errc::damaged);
    }
    event e{.kind = event_kind::moved};
    CHECK(!read_payload(e, R"({"do":"cast"})").has_value());
    CHECK(read_payload(e, R"({})").has_value());
}

TEST_CASE("event: whatever bytes a payload has, it is refused or it is exactly what would be written") {
    constexpr std::uint64_t seed = 99;
    dice                    d{seed};
    int                     accepted = 0;
    int                     refused = 0;
    for (int i = 0; i < 60'000; ++i) {
        const auto e = random_event(d);
        auto       bytes = payload_of(e);
        for (auto n = 1 + d.below(3); n > 0 && !bytes.empty(); --n) {
            const auto where = d.below(bytes.size());
            switch (d.below(4)) {
                case 0: bytes[where] = static_cast<char>(d.below(256)); break;
                case 1: bytes.erase(where, 1 + d.below(4)); break;
                case 2: bytes.insert(where, 1, "\"\\{}[],:0u"[d.below(10)]); break;
                default: bytes.insert(where, bytes.substr(d.below(bytes.size()), d.below(12))); break;
            }
        }
        INFO("seed ", seed, ", event ", i, ": ", bytes);
        event back;
        if (!reads(e.kind, bytes, back)) {
            ++refused;
            continue;
        }
        ++accepted;
        CHECK(payload_of(back) == bytes);
    }
    CHECK(accepted > 1'000);
    CHECK(refused > 1'000);
}

TEST_CASE("event: a line that people wrote is explained where it is wrong") {
    const auto fine = parse_event("{ \"at\": \"2026-03-01\", \"kind\": \"acted\", \"do\": \"cast\", \"subject\": \"approve\" }");
    REQUIRE(fine.has_value());
    CHECK(fine.value().noted == at("2026-03-01"));
    struct refused {
        const char*   text;
        std::uint32_t line, column;
        const char*   says;
    };
    for (const auto& bad : {refused{R"({"at":"2026-03-01"})", 1, 1, "kind"},
                            refused{R"({"kind":"acetd","at":"2026-03-01"})", 1, 9, "acted"},
                            refused{R"({"kind":"acted","at":"2026-03-01"})", 1, 1, "do"},
                            refused{"{\"kind\":\"moved\",\n\"at\":\"x\"}", 2, 6, "x"},
                            refused{R"({"kind":"moved","at":"2026-03-02","noted":"2026-03-01"})", 1, 43, "before"},
                            refused{R"({"kind":"moved","at":"2026-03-02","subjct":"x"})", 1, 35, "subject"},
                            refused{R"({"kind":"moved","at":"2026-03-02","law":70000})", 1, 41, "32767"}}) {
        INFO(bad.text);
        const auto e = parse_event(bad.text, "in");
        REQUIRE(!e.has_value());
        INFO(e.error().what());
        CHECK(e.error().problems.front().line == bad.line);
        CHECK(e.error().problems.front().column == bad.column);
        CHECK(e.error().what().find(bad.says) != std::string::npos);
    }
}

TEST_CASE("event: a document of a megabyte is read back from its line") {
    event e{.kind = event_kind::document, .at = at("2026-03-01"), .noted = at("2026-03-01"),
        .text = std::string(1'000'000, '"')};
    const auto back = parse_event(to_json(e));
    REQUIRE(back.has_value());
    CHECK(back.value() == e);
}

TEST_CASE("event: what would not come back the same can't be stored") {
    const event good{.kind = event_kind::acted, .at = at("2026-03-01"), .noted = at("2026-03-01")};
    CHECK(unstorable(good).empty());
    auto bad = good;
    bad.by = std::string("a\0b", 3);
    CHECK(!unstorable(bad).empty());
    bad = good;
    bad.names = {"\xED\xA0\x80"};
    CHECK(!unstorable(bad).empty());
    bad = good;
    bad.noted = bad.at - duration{1};
    CHECK(!unstorable(bad).empty());
    bad = good;
    bad.kind = static_cast<event_kind>(200);
    CHECK(!unstorable(bad).empty());
}
