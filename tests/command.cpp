#include <doctest/doctest.h>

#include <quorate/command.hpp>

#include <string>
#include <vector>

#include "command_check.hpp"
#include "journal_support.hpp"

using namespace quorate;
using journal_support::dice;

namespace {

command random_command(dice& d) {
    command c;
    c.what = static_cast<act>(d.below(acts.size()));
    const auto& row = row_of(c.what);
    const auto  name = [&] { return d.text(8, true) + "x"; };
    c.by = name();
    if (d.chance(2)) c.on_behalf_of = name();
    if (row.needs_subject || (!row.subject.empty() && d.chance(2))) c.subject = name();
    if (c.what == act::extend) c.subject = d.chance(2) ? "10 days" : "PT72H";
    if (d.chance(2)) c.detail = c.what == act::answer ? "deferred" : name();
    if (c.what == act::propose || c.what == act::assign || c.what == act::link)
        for (auto n = d.below(4); n > 0; --n) c.names.push_back(name());
    if (c.what == act::cast && d.chance(3)) {
        if (d.chance(2)) c.subject.clear();  // in parts
        c.names = {name() + ":1/2", name() + ":1/2"};
    }
    if (c.what == act::fact && d.chance(2)) c.amount = d.integer();
    if (c.what == act::fact && d.chance(2)) c.truth = d.chance(2);
    if (d.chance(2)) c.text = d.text(40);
    c.at = d.moment();
    if (d.chance(2)) c.key = name();
    return c;
}

}  // namespace

TEST_CASE("command: its line of JSON says everything in a fixed order") {
    CHECK(to_json(cast{.by = "carol", .position = "approve", .on_behalf_of = "dave", .reason = "fine\n",
        .at = at("2026-03-01T10:00:00Z"),
                       .key = "k1"}) ==
          R"({"do":"cast","by":"carol","for":"dave","position":"approve","text":"fine\n","at":"2026-03-01T10:00:00Z","key":"k1"})");
    CHECK(to_json(propose{.by = "a", .disposition = "merge", .teams = {"lang", "libs"}, .at = at("2026-03-01")}) ==
          R"({"do":"propose","by":"a","disposition":"merge","teams":["lang","libs"],"at":"2026-03-01T00:00:00Z"})");
    CHECK(to_json(fact{.by = "ci", .name = "tests_pass", .truth = true, .amount = -3, .at = at("2026-03-01")}) ==
          R"({"do":"fact","by":"ci","fact":"tests_pass","amount":-3,"holds":true,"at":"2026-03-01T00:00:00Z"})");
    CHECK(to_json(revise{.by = "a", .revision = "abc", .kind = "editorial", .at = at("2026-03-01")}) ==
          R"({"do":"revise","by":"a","revision":"abc","kind":"editorial","at":"2026-03-01T00:00:00Z"})");
    CHECK(to_json(command{.what = act::answer, .by = "a", .subject = "why", .detail = "deferred",
        .at = at("2026-03-01")}) ==
          R"({"do":"answer","by":"a","question":"why","as":"deferred","at":"2026-03-01T00:00:00Z"})");
    CHECK(to_json(command{.what = act::link, .subject = "p-2", .detail = "accepted", .names = {"sub"},
        .at = at("2026-03-01")}) ==
          R"({"do":"link","proposal":"p-2","outcome":"accepted","names":["sub"],"at":"2026-03-01T00:00:00Z"})");
}

TEST_CASE("command: what is written is read back, for every act") {
    constexpr std::uint64_t seed = 20260301;
    dice                    d{seed};
    std::vector<int>        seen(acts.size());
    for (int i = 0; i < 5'000; ++i) {
        const auto c = random_command(d);
        ++seen[static_cast<std::size_t>(c.what)];
        INFO("seed ", seed, ", command ", i, ": ", to_json(c));
        CHECK(misshapen(c).empty());
        const auto back = parse_command(to_json(c));
        REQUIRE_MESSAGE(back.has_value(), back.error().what());
        CHECK(back.value() == c);
    }
    for (const auto count : seen) CHECK(count > 50);
}

TEST_CASE("command: people may write it with white space, comments and another order") {
    const auto c = parse_command("{ // a vote\n \"at\": \"2026-03-01\", \"position\": \"approve\",\n \"by\": \"carol\", \"do\": \"cast\", }");
    REQUIRE(c.has_value());
    CHECK(c.value() == command(cast{.by = "carol", .position = "approve", .at = at("2026-03-01")}));
}

TEST_CASE("command: what is wrong is refused with its place") {
    struct refused {
        std::string   text;
        std::uint32_t line, column;
        errc          code;
        std::string   says;
    };
    const std::string long_name(257, 'x');
    const std::string long_text(16'385, 'x');
    const std::vector<refused> table{
        {R"([1])", 1, 1, errc::invalid, "an object"},
        {R"({"by":"a","at":"2026-03-01"})", 1, 1, errc::invalid, "\"do\""},
        {"{\"by\":\"a\",\n \"do\":\"csat\",\"at\":\"2026-03-01\"}", 2, 7, errc::invalid, "did you mean \"cast\""},
        {R"({"do":"cast","by":"a","at":"2026-03-01"})", 1, 1, errc::invalid, "position"},
        {R"({"do":"cast","position":"x","at":"2026-03-01"})", 1, 1, errc::invalid, "by"},
        {R"({"do":"cast","by":"a","position":"x"})", 1, 1, errc::invalid, "at"},
        {R"({"do":"cast","by":"a","position":"x","at":"tomorrow"})", 1, 43, errc::invalid, "tomorrow"},
        {R"({"do":"cast","by":"a","positoin":"x","position":"x","at":"2026-03-01"})", 1, 23, errc::invalid,
            "did you mean"},
        {R"({"do":"cast","by":"a","position":"x","teams":["b"],"at":"2026-03-01"})", 1, 38, errc::invalid, "teams"},
        {R"({"do":"cancel","by":"a","concern":"x","at":"2026-03-01"})", 1, 25, errc::invalid, "concern"},
        {R"({"do":"cast","by":7,"position":"x","at":"2026-03-01"})", 1, 19, errc::invalid, "a string"},
        {R"({"do":"cast","by":"a","by":"b","position":"x","at":"2026-03-01"})", 1, 23, errc::invalid, "by"},
        {R"({"do":"cast","by":"a\u0007","position":"x","at":"2026-03-01"})", 1, 19, errc::invalid, "control character"},
        {"{\"do\":\"cast\",\"by\":\"a\xE2\x80\xAE\",\"position\":\"x\",\"at\":\"2026-03-01\"}", 1, 19, errc::invalid,
            "bidirectional"},
        {R"({"do":"extend","by":"a","duration":"soon","at":"2026-03-01"})", 1, 36, errc::invalid, "no duration"},
        {R"({"do":"answer","by":"a","question":"q","as":"done","at":"2026-03-01"})", 1, 45, errc::invalid, "deferred"},
        {R"({"do":"cast","by":"a","position":")" + long_name + R"(","at":"2026-03-01"})", 1, 34, errc::limit, "256"},
        {R"({"do":"cast","by":"a","position":"x","at":"2026-03-01","text":")" + long_text + "\"}", 1, 63, errc::limit,
            "16384"},
        {R"({"do":"fact","by":"a","fact":"f","amount":1.5,"at":"2026-03-01"})", 1, 43, errc::invalid, "integer"},
        {R"({"do":"fact","by":"a","fact":"f","holds":1,"at":"2026-03-01"})", 1, 42, errc::invalid, "not an integer"},
    };
    for (const auto& bad : table) {
        INFO(bad.text.substr(0, 100));
        const auto c = parse_command(bad.text, "in");
        REQUIRE(!c.has_value());
        const auto p = c.error().problems.front();
        INFO(c.error().what());
        CHECK(p.line == bad.line);
        CHECK(p.column == bad.column);
        CHECK(c.error().code == bad.code);
        CHECK(c.error().what().find(bad.says) != std::string::npos);
    }
    std::string many = R"({"do":"propose","by":"a","teams":["t")";
    for (std::size_t i = 0; i < most_names; ++i) many += ",\"t\"";
    CHECK(parse_command(many + R"(],"at":"2026-03-01"})").error().code == errc::limit);
}

TEST_CASE("command: one built in C++ is checked as one that was read") {
    const command good = cast{.by = "a", .position = "approve", .at = at("2026-03-01")};
    CHECK(misshapen(good).empty());
    const auto with = [&](auto change) {
        auto c = good;
        change(c);
        CHECK(!misshapen(c).empty());
        const auto read = parse_command(to_json(c));
        return !read.has_value();
    };
    CHECK(with([](command& c) { c.by.clear(); }));
    CHECK(with([](command& c) { c.subject.clear(); }));
    CHECK(with([](command& c) { c.subject.assign(257, 'x'); }));
    CHECK(with([](command& c) { c.what = act::cancel; }));
    CHECK(with([](command& c) { c.what = act::extend; }));
    CHECK(with([](command& c) {
        c.what = act::raise;
        c.names = {"lang"};
    }));
    const command marked = cast{.by = "a", .position = "ballot", .at = at("2026-03-01"), .marks = {"b", "c=d"}};
    CHECK(to_json(marked).find(R"("marks":["b","c=d"])") != std::string::npos);
    CHECK(parse_command(to_json(marked)).value() == marked);
    CHECK(with([](command& c) { c.amount = 1; }));
    CHECK(with([](command& c) { c.text.assign(longest_free_text + 1, 'x'); }));
    CHECK(with([](command& c) { c.key = "a\nb"; }));
    CHECK(with([](command& c) { c.at = earliest_instant - duration{1}; }));
    (void)with([](command& c) { c.by = "\xFF"; });  // JSON can't hold it
}
