// The entry rule of Rust's bot, and rows of its table of what people want instead, through the engine.
#include <doctest/doctest.h>

#include <array>

#include <quorate/engine.hpp>

#include "support.hpp"

using namespace support;

namespace {

/// examples/charters/rust.json with another quorum rule, or as it is.
charter rust(const std::string& quorum = {}) {
    if (quorum.empty()) return load_charter_file(charters + "rust.json").value();
    auto              text = load_charter_file(charters + "rust.json").value().get().text;
    const std::string own = "outstanding < approve and outstanding < 3";
    const auto        found = text.find(own);
    REQUIRE(found != std::string::npos);
    text.replace(found, own.size(), quorum);
    return load_charter(text, "rust").value();
}

/// How many approvals, the proposer's included, move a proposal of n reviewers to the final comment period; -1: none do.
int needed(const charter& c, int n) {
    // The proposer must be of the team to propose, and is then its first reviewer. With nobody in the team, somebody of
    // another team proposes for it.
    engine runs(c, n == 0 ? load_roster(R"({"people": {"m1": {}}, "teams": {"team": {}, "other": {"members": ["m1"]}}})").value() : team_of(n),
                memory_journal());
    const std::vector<std::string> teams = n == 0 ? names{"team", "other"} : names{"team"};
    const auto id = runs.open({.process = "fcp", .by = "m1", .teams = teams, .at = day(0)}).value();
    if (n == 0) {
        // As a proposal for "team" alone nobody could make it.
        return runs.submit(id, line(day(0), "m1: propose merge in team")).refused() ? -1 : 0;
    }
    CHECK(runs.submit(id, line(day(0), "m1: propose merge")).accepted());
    for (int approvals = 1; approvals <= n; ++approvals) {
        if (approvals > 1) CHECK(runs.submit(id, line(day(1), "m" + std::to_string(approvals) + ": cast approve")).accepted());
        if (runs.get(id)->now().name == "fcp") return approvals;
    }
    return -1;
}

}  // namespace

TEST_CASE("rust: how many approvals enter the final comment period, for teams of every size") {
    struct row {
        std::string        rule;
        std::array<int, 13> wanted;
    };
    //                                                                                   n: 0   1  2  3  4  5  6  7  8  9 10 11  17
    const std::array<row, 4> table{{
        {"",                                                                             {{-1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 15}}},
        {"outstanding <= 2 and eligible > 0",                                            {{-1, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15}}},
        {"2 * outstanding <= approve and outstanding < 3 and approve > 0",               {{-1, 1, 2, 2, 3, 4, 4, 5, 6, 7, 8, 9, 15}}},
        {"outstanding <= 2 * approve and outstanding < 3 and approve > 0",               {{-1, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15}}},
    }};
    constexpr std::array<int, 13> sizes{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 17};
    for (const auto& r : table) {
        CAPTURE(r.rule);
        const auto c = rust(r.rule);
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            CAPTURE(sizes[i]);
            CHECK(needed(c, sizes[i]) == r.wanted[i]);
        }
    }
}

TEST_CASE("rust: the sizes between 12 and 16 follow `at most two outstanding`") {
    const auto c = rust();
    for (int n = 12; n <= 16; ++n) CHECK(needed(c, n) == n - 2);
}

TEST_CASE("rust: plain N-2 would need nobody in a team of two; our first approval is the proposer's own") {
    // The row that the table calls "plain N-2": 0 for n <= 2, since outstanding <= 2 holds before anybody has spoken.
    auto text = load_charter_file(charters + "rust.json").value().get().text;
    text.replace(text.find("outstanding < approve and outstanding < 3"), 41, "outstanding <= 2");
    text.replace(text.find(R"(, "cast": { "approve": "proposer" })"), 35, "");
    const auto c = load_charter(text, "rust").value();
    for (int n = 1; n <= 5; ++n) {
        engine     runs(c, team_of(n), memory_journal());
        const auto id = runs.open({.process = "fcp", .by = "m1", .teams = {"team"}, .at = day(0)}).value();
        CHECK(runs.submit(id, line(day(0), "m1: propose merge")).accepted());
        int approvals = 0;
        while (runs.get(id)->now().name != "fcp" && approvals < n)
            CHECK(runs.submit(id, line(day(1), "m" + std::to_string(++approvals) + ": cast approve")).accepted());
        CHECK(approvals == std::max(0, n - 2));
    }
}

TEST_CASE("rust: ten days exactly, a concern pulls it back, and a new period starts in full") {
    engine     runs(rust(), team_of(5), memory_journal());
    const auto id = runs.open({.process = "fcp", .by = "m1", .teams = {"team"}, .at = day(0)}).value();
    const auto say = [&](instant when, std::string_view text) {
        const auto r = runs.submit(id, line(when, text));
        return r.refused() ? to_string(r.refusal()) : std::string();
    };
    CHECK(say(day(0), "m1: propose merge") == "");
    CHECK(say(day(1), "m2: cast approve") == "");
    CHECK(has(runs.explain(id, day(1)).value().summary, "1 of m3, m4, m5"));
    CHECK(say(day(1), "m3: cast approve") == "");
    CHECK(runs.next_change(id) == day(11));
    CHECK(say(day(5), "m4: raise unsound") == "");
    CHECK(runs.get(id)->now().name == "pending");
    CHECK_FALSE(runs.next_change(id).has_value());
    CHECK(has(say(day(6), "m5: resolve unsound"), "m5 may not resolve"));
    CHECK(say(day(7), "m4: resolve unsound") == "");
    CHECK(runs.next_change(id) == day(17));
    CHECK(has(say(day(8), "m4: raise unsound"), "use another name"));
    CHECK(say(day(17), "m5: raise last minute") == "");  // exactly ten days count, and so does this
    CHECK(runs.get(id)->now().name == "pending");
    CHECK(say(day(18), "m5: resolve last minute") == "");
    CHECK(runs.advance(day(40)).size() == 1);
    CHECK(runs.get(id)->outcome() == phase::accepted);
    CHECK(runs.get(id)->entered == day(28));
    CHECK(has(say(day(41), "m5: raise too late"), "[law: "));
}
