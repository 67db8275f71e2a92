// What holds for every method of the table, whatever it is: voters are alike, options are alike, ballots can be added in any order and in
// any portions; and whoever beats everybody else wins where the method promises it.
#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <quorate/tally/methods.hpp>
#include <quorate/tally/outlook.hpp>
#include <quorate/tally/pairwise.hpp>

#include "effort.hpp"

using namespace quorate::tally;

namespace {

constexpr std::size_t options = 4;

/// Ballots of one election, both as ranks and as marks, each with how many there are of it.
struct election {
    std::vector<std::vector<rank>>  ranks{};
    std::vector<std::vector<score>> marks{};
    std::vector<std::int64_t>       times{};
};

/// Few ballots, so that ties are frequent; `whole`: without equal and left out ranks, which some methods refuse.
election any_election(std::mt19937& random, bool whole) {
    election e;
    const auto rows = 1 + random() % 7;
    for (std::size_t i = 0; i < rows; ++i) {
        std::vector<rank> r(options);
        std::iota(r.begin(), r.end(), rank{1});
        std::shuffle(r.begin(), r.end(), random);
        if (!whole)
            for (auto& each : r) each = static_cast<rank>(random() % 3 == 0 ? random() % (options + 1) : each);
        std::vector<score> m(options);
        for (auto& each : m) each = static_cast<score>(random() % 2);
        e.ranks.push_back(std::move(r));
        e.marks.push_back(std::move(m));
        e.times.push_back(static_cast<std::int64_t>(1 + random() % 3));
    }
    return e;
}

/// Its count with option o at place `place[o]`, and ballots added in this order, one by one or all alike at once.
quorate::result<count> counted(const method& m, const election& e, const std::vector<std::size_t>& order, const std::vector<option>& place, bool one_by_one,
                               std::size_t seats) {
    std::vector<std::string> names(options);
    for (option o = 0; o < options; ++o) names[place[o]] = std::string(1, static_cast<char>('A' + o));
    auto ranked = ranked_ballots::make(names).value();
    auto rated = rated_ballots::make(names).value();
    for (const auto i : order) {
        std::vector<rank>  r(options);
        std::vector<score> s(options);
        for (option o = 0; o < options; ++o) {
            r[place[o]] = e.ranks[i][o];
            s[place[o]] = e.marks[i][o];
        }
        for (std::int64_t n = 0; n < (one_by_one ? e.times[i] : 1); ++n) {
            ranked.add(std::span<const rank>(r), one_by_one ? 1 : e.times[i]).value();
            rated.add(std::span<const score>(s), one_by_one ? 1 : e.times[i]).value();
        }
    }
    return m.ranked != nullptr ? m.ranked(ranked, {}, seats) : m.rated(rated, {}, seats);
}

using tiers = std::vector<std::multiset<std::string>>;
std::multiset<std::string> named(const count& c, const std::vector<option>& all) {
    std::multiset<std::string> out;
    for (const auto o : all) out.insert(c.options[o]);
    return out;
}
/// What a count decides, by names: who is elected, who is tied, in which order all stand.
struct result_of {
    bool                       refused = true;
    std::multiset<std::string> elected{}, undecided{};
    tiers                      order{};
    explicit result_of(const quorate::result<count>& c) {
        if (!c) return;
        refused = false;
        elected = named(*c, c->elected);
        undecided = named(*c, c->undecided);
        for (const auto& tier : c->order) order.push_back(named(*c, tier));
    }
    friend bool operator==(const result_of&, const result_of&) = default;
};

std::vector<option> in_place() {
    std::vector<option> same(options);
    std::iota(same.begin(), same.end(), option{0});
    return same;
}

}  // namespace

TEST_CASE("every method: voters are alike, and their ballots may be added in any order, one by one or many at once") {
    std::mt19937 random(20260301);
    for (const auto& m : methods()) {
        CAPTURE(std::string(m.name));
        std::size_t done = 0;
        for (std::uint64_t i = 0; i < effort(30); ++i) {
            const auto               e = any_election(random, i % 2 == 0);
            const auto               seats = 1 + random() % 2;
            std::vector<std::size_t> order(e.times.size());
            std::iota(order.begin(), order.end(), std::size_t{0});
            const auto one = counted(m, e, order, in_place(), false, seats);
            std::shuffle(order.begin(), order.end(), random);
            const auto other = counted(m, e, order, in_place(), random() % 2 == 0, seats);
            CHECK(result_of(one) == result_of(other));
            if (!one) continue;
            ++done;
            CHECK(one->elected == other->elected);
            CHECK(one->ballots == std::accumulate(e.times.begin(), e.times.end(), std::int64_t{0}));
        }
        CHECK(done > 0);
    }
}

TEST_CASE("every method: options are alike: with other places on the paper the same ones are elected, and the same ones are tied") {
    // LiquidFeedback's own count puts the proposal with the lower number first where nothing else decides.
    const std::set<std::string_view> by_number{"liquid_feedback"};
    std::mt19937 random(20260302);
    for (const auto& m : methods()) {
        CAPTURE(std::string(m.name));
        std::size_t moved = 0;
        for (std::uint64_t i = 0; i < effort(40); ++i) {
            const auto               e = any_election(random, i % 2 == 0);
            const auto               seats = 1 + random() % 2;
            std::vector<std::size_t> order(e.times.size());
            std::iota(order.begin(), order.end(), std::size_t{0});
            auto place = in_place();
            std::shuffle(place.begin(), place.end(), random);
            const result_of one(counted(m, e, order, in_place(), false, seats)), other(counted(m, e, order, place, false, seats));
            moved += one == other ? 0U : 1U;
        }
        if (!by_number.contains(m.name)) CHECK(moved == 0);
        else CHECK(moved > 0);
    }
}

TEST_CASE("every method that promises it elects whoever beats everybody else; those of the Smith set elect nobody outside it") {
    const std::set<std::string_view> within_smith{"smith", "schwartz", "copeland", "copeland_second_order", "schulze", "ranked_pairs", "kemeny", "nanson",
                                                  "benham", "smith_irv", "tideman_alternative", "cssd", "condorcet"};
    std::mt19937 random(20260303);
    std::size_t  winners = 0;
    for (const auto& m : methods()) {
        const bool promises = promise_of(m.name) == promise::condorcet;
        CHECK((promises || !within_smith.contains(m.name)));
        if (!promises) continue;
        CAPTURE(std::string(m.name));
        for (std::uint64_t i = 0; i < effort(40); ++i) {
            const auto e = any_election(random, m.name.starts_with("dodgson") || i % 2 == 0);
            auto       ballots = ranked_ballots::make({"A", "B", "C", "D"}).value();
            for (std::size_t row = 0; row < e.times.size(); ++row) ballots.add(std::span<const rank>(e.ranks[row]), e.times[row]).value();
            const auto pairs = compare(ballots);
            const auto c = m.ranked(ballots, {}, 1);
            if (!c) continue;
            if (const auto one = condorcet_winner(pairs)) {
                ++winners;
                CHECK(c->elected == std::vector<option>{*one});
                CHECK(c->undecided.empty());
            }
            const auto smith = smith_set(pairs);
            if (within_smith.contains(m.name))
                for (const auto o : c->elected) CHECK(std::find(smith.begin(), smith.end(), o) != smith.end());
        }
    }
    CHECK(winners > 0);
}
