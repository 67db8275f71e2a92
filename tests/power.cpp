// How much say a rule gives: exact figures by three ways, drawn ones within their bound.
#include <doctest/doctest.h>

#include <numeric>

#include <quorate/power.hpp>

using namespace quorate::power;

namespace {

class_game one_by_one(const weighted_game& g) {
    return {.sizes = std::vector<std::uint32_t>(g.weights.size(), 1), .wins = [g](std::span<const std::uint32_t> yes) {
                std::uint64_t sum = 0;
                for (std::size_t i = 0; i < yes.size(); ++i) sum += yes[i] * g.weights[i];
                return sum >= g.quota;
            }};
}

void same(const indices& a, const indices& b) {
    CHECK(a.winning == b.winning);
    CHECK(a.losing == b.losing);
    CHECK(a.swings == b.swings);
    CHECK(a.shapley_shubik == b.shapley_shubik);
    CHECK(b.monotone);
}

}  // namespace

TEST_CASE("power: [3; 2, 1, 1] by hand") {
    const auto a = indices_of(weighted_game{.weights = {2, 1, 1}, .quota = 3}).value();
    CHECK(a.winning == 3);
    CHECK(a.swings == std::vector<integer>{3, 1, 1});
    CHECK(a.banzhaf(0) == ratio(3, 5));
    CHECK(a.banzhaf_absolute(1) == ratio(1, 4));
    CHECK(a.shapley_shubik == std::vector<ratio>{ratio(2, 3), ratio(1, 6), ratio(1, 6)});
    CHECK(a.power_to_act() == ratio(3, 8));
    CHECK(a.prevent(0) == 1);
    CHECK(a.has_veto(0));
    CHECK(!a.has_veto(1));
    CHECK(a.initiate(0) == ratio(3, 5));
}

TEST_CASE("power: tables, halves and asking every situation agree") {
    for (std::uint64_t quota = 0; quota <= 14; ++quota) {
        CAPTURE(quota);
        const weighted_game g{.weights = {4, 3, 3, 2, 1, 0}, .quota = quota};
        const auto table = indices_of(g).value();
        same(table, indices_of(compound_game{.tests = {g}, .any_of = {{0}}}).value());
        same(table, indices_of(one_by_one(g)).value());
        const auto few = minimal_winning(g).value();
        const auto asked = minimal_winning(one_by_one(g)).value();
        CHECK(few.total == asked.total);
        CHECK(few.list.size() == asked.list.size());
        CHECK(few.smallest == asked.smallest);
        const auto block = minimal_winning(blocking(g)).value();
        if (quota > 0) CHECK(block.total == minimal_winning(blocking(one_by_one(g))).value().total);
    }
}

TEST_CASE("power: members of one class share what each of them would have alone") {
    // Two leads and five others; a lead and a majority of all are needed.
    const class_game alike{.sizes = {2, 5}, .wins = [](std::span<const std::uint32_t> yes) { return yes[0] > 0 && yes[0] + yes[1] >= 4; }};
    const class_game apart{.sizes = std::vector<std::uint32_t>(7, 1), .wins = [](std::span<const std::uint32_t> yes) {
                               return yes[0] + yes[1] > 0 && std::accumulate(yes.begin(), yes.end(), 0U) >= 4;
                           }};
    const auto a = indices_of(alike).value();
    const auto b = indices_of(apart).value();
    CHECK(a.winning == b.winning);
    CHECK(a.swings == std::vector<integer>{b.swings[0], b.swings[6]});
    CHECK(a.shapley_shubik == std::vector<ratio>{b.shapley_shubik[1], b.shapley_shubik[2]});
    CHECK(2 * a.shapley_shubik[0] + 5 * a.shapley_shubik[1] == 1);
    CHECK(a.total_swings() == b.total_swings());
    CHECK(minimal_winning(alike).value().total == minimal_winning(apart).value().total);
    CHECK(minimal_winning(alike).value().smallest == 4);
    CHECK(minimal_winning(blocking(alike)).value().smallest == 2);  // both leads
}

TEST_CASE("power: a rule under which a yes can do harm is said to be so") {
    const class_game odd{.sizes = {3}, .wins = [](std::span<const std::uint32_t> yes) { return yes[0] % 2 == 1; }};
    const auto a = indices_of(odd).value();
    CHECK(!a.monotone);
    CHECK(a.swings == std::vector<integer>{2});
}

TEST_CASE("power: hundreds of members are exact") {
    // One of 300 with one vote each: a majority of 151, where every order has one who decides.
    const auto equal = indices_of(weighted_game{.weights = std::vector<std::uint64_t>(300, 1), .quota = 151}).value();
    CHECK(equal.shapley_shubik[299] == ratio(1, 300));
    integer swings = 1;  // 299 choose 150
    for (int k = 1; k <= 150; ++k) swings = swings * (299 - k + 1) / k;
    CHECK(equal.swings[0] == swings);
    std::vector<std::uint64_t> weights(130, 1);
    weights[0] = 30;
    const auto whale = indices_of(weighted_game{.weights = weights, .quota = 80}).value();
    ratio      sum = 0;
    for (const auto& s : whale.shapley_shubik) sum += s;
    CHECK(sum == 1);
    CHECK(whale.shapley_shubik[0] == ratio(30, 130));  // it decides when it comes as the 51st to the 80th of 130
    CHECK(whale.winning + whale.losing == integer(1) << 130);
}

TEST_CASE("power: nobody decides what always or never passes") {
    CHECK(indices_of(weighted_game{.weights = {1, 1}, .quota = 0}).value().winning == 4);
    const auto never = indices_of(weighted_game{.weights = {1, 1}, .quota = 3}).value();
    CHECK(never.winning == 0);
    CHECK(never.banzhaf(0) == 0);
    CHECK(never.prevent(0) == 0);
    CHECK(minimal_winning(weighted_game{.weights = {1, 1}, .quota = 3}).value().list.empty());
}

TEST_CASE("power: what can't be counted is refused with a way out") {
    CHECK(!indices_of(weighted_game{}).has_value());
    CHECK(!indices_of(weighted_game{.weights = std::vector<std::uint64_t>(501, 1), .quota = 251}).has_value());
    CHECK(!indices_of(compound_game{.tests = {{.weights = {1}, .quota = 1}}, .any_of = {{1}}}).has_value());
    CHECK(!indices_of(class_game{.sizes = std::vector<std::uint32_t>(26, 1), .wins = [](auto) { return true; }}).has_value());
    std::vector<std::uint64_t> large;
    for (std::uint64_t i = 0; i < 60; ++i) large.push_back((std::uint64_t{1} << 40U) + 17 * i * i * i + i);
    const auto refused = indices_of(weighted_game{.weights = large, .quota = std::uint64_t{30} << 40U});
    REQUIRE(!refused.has_value());
    CHECK(std::string(refused.error().what()).find("estimate") != std::string::npos);
}

TEST_CASE("power: drawn figures are within their bound of the exact ones, and the same for the same seed") {
    const weighted_game g{.weights = {10, 10, 10, 10, 5, 5, 3, 3, 2}, .quota = 41};
    const auto exact = indices_of(g).value();
    const auto wins = [&](std::span<const std::uint8_t> yes) {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < yes.size(); ++i) sum += yes[i] * g.weights[i];
        return sum >= g.quota;
    };
    const auto drawn = estimate(g.weights.size(), wins, 4'000, 42).value();
    CHECK(drawn.error > ratio(27, 1000));  // sqrt(ln(2 * 19 / 0.05) / 8000) = 0.02880
    CHECK(drawn.error < ratio(30, 1000));
    for (std::size_t i = 0; i < g.weights.size(); ++i) {
        CHECK(abs(drawn.banzhaf_absolute[i] - exact.banzhaf_absolute(i)) <= drawn.error);
        CHECK(abs(drawn.shapley_shubik[i] - exact.shapley_shubik[i]) <= drawn.error);
    }
    CHECK(abs(drawn.power_to_act - exact.power_to_act()) <= drawn.error);
    CHECK(estimate(9, wins, 50, 1).value().shapley_shubik == estimate(9, wins, 50, 1).value().shapley_shubik);
    CHECK(estimate(9, wins, 50, 1).value().banzhaf_absolute != estimate(9, wins, 50, 2).value().banzhaf_absolute);
}

TEST_CASE("power: concentration") {
    CHECK(concentration_of({1, 1, 1, 1}).gini == 0);
    CHECK(concentration_of({10, 7, 5, 2}).gini == ratio(13, 48));
    CHECK(concentration_of({0, 0}).herfindahl == 0);
    CHECK(nakamoto({1, 2, 3, 4}) == 2);
    CHECK(nakamoto({}) == 0);
    CHECK(to_decimal(ratio(1, 3)) == "0.333333");
    CHECK(to_decimal(ratio(-5, 2), 0) == "-2");
    CHECK(to_decimal(ratio(7, 2), 0) == "4");
    CHECK(to_decimal(ratio(1, 1'000'000'000), 3) == "0.000");
}
