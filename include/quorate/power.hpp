// How much say a rule gives each member, before anybody has an opinion: Banzhaf (Penrose), Shapley-Shubik and Coleman indices,
// minimal winning and blocking coalitions, and how concentrated weights are. Exact: integers and fractions without bounds.
//
// A coalition is the set of members who say yes. A game tells which coalitions win, in one of three forms:
//
//     using namespace quorate::power;
//     const auto a = indices_of(weighted_game{.weights = {2, 1, 1}, .quota = 3}).value();
//     a.swings[0];          // 3: it loses without the first member and wins with them
//     a.banzhaf(0);         // 3/5
//     a.shapley_shubik[0];  // 2/3
//
//     weighted_game    one weight each and a quota           sums are tabulated: hundreds of members
//     compound_game    several such tests, joined by and/or  two halves are listed and matched: 36 members
//     class_game       any rule, by how many of each class   every situation is asked: 25 members who differ, more who don't
//
// Beyond that `estimate` draws coalitions and orders, and states within what it is right. Which game a charter's rule or process
// is, src knows (power_of.hpp). Indices follow the definitions that each member of `indices` cites.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>

#include <quorate/result.hpp>

namespace quorate::power {

using integer = boost::multiprecision::cpp_int;
using ratio = boost::multiprecision::cpp_rational;

// Limits; what is beyond them is refused with errc::limit.
inline constexpr std::size_t   most_members = 500;           ///< of a game
inline constexpr std::size_t   most_table_cells = 3'000'000; ///< of sums by size, of a weighted game
inline constexpr std::size_t   most_split_members = 36;      ///< of a compound game
inline constexpr std::uint64_t most_matches = 1'000'000'000; ///< of the two halves of a compound game
inline constexpr std::uint64_t most_situations = std::uint64_t{1} << 25U;  ///< of a class game
inline constexpr std::size_t   most_tests = 16;              ///< of a compound game
inline constexpr std::uint64_t greatest_weight = std::uint64_t{1} << 56U;  ///< of one member, so that no sum of weights overflows
inline constexpr std::uint64_t most_draws = 100'000'000;     ///< of an estimate

/// A coalition wins whose weights add up to at least the quota.
struct weighted_game {
    std::vector<std::uint64_t> weights{};
    std::uint64_t              quota = 0;
};

/// Several tests of the same members. A coalition wins that passes all the tests of some way.
struct compound_game {
    std::vector<weighted_game>            tests{};
    std::vector<std::vector<std::size_t>> any_of{};  ///< ways: each lists tests
};

/// Members of one class are interchangeable; `wins` gets how many of each class say yes.
struct class_game {
    std::vector<std::uint32_t>                          sizes{};
    std::function<bool(std::span<const std::uint32_t>)> wins{};
};

/// What all of it comes down to. Of a class game the vectors have one element for each class: that of any of its members.
struct indices {
    std::size_t                members = 0;
    integer                    winning{}, losing{};     ///< coalitions; together 2^members
    std::vector<std::uint64_t> count{};                 ///< how many members each element stands for; 1 but in class games
    std::vector<integer>       swings{};                ///< coalitions that lose without the member and win with them
    std::vector<ratio>         shapley_shubik{};        ///< orders in which the member turns losing into winning, of all (Shapley, Shubik 1954)
    bool                       monotone = true;         ///< false: somewhere one more yes turns winning into losing; power is then that of
                                                        ///< swings to winning only

    [[nodiscard]] integer total_swings() const {
        integer n = 0;
        for (std::size_t i = 0; i < swings.size(); ++i) n += swings[i] * count[i];
        return n;
    }
    /// The member's part of all swings (Banzhaf 1965); 0 when nobody has any.
    [[nodiscard]] ratio banzhaf(std::size_t i) const { return part(swings[i], total_swings()); }
    /// The chance that the member's say decides when the others toss coins (Penrose 1946).
    [[nodiscard]] ratio banzhaf_absolute(std::size_t i) const { return part(swings[i], integer(1) << (members - 1)); }
    /// The chance that anything passes when all toss coins (Coleman 1971).
    [[nodiscard]] ratio power_to_act() const { return part(winning, winning + losing); }
    /// Of the winning coalitions, those that the member can make lose (Coleman 1971).
    [[nodiscard]] ratio prevent(std::size_t i) const { return part(swings[i], winning); }
    /// Of the losing coalitions, those that the member can make win (Coleman 1971).
    [[nodiscard]] ratio initiate(std::size_t i) const { return part(swings[i], losing); }
    [[nodiscard]] bool  has_veto(std::size_t i) const { return winning > 0 && swings[i] == winning; }
    [[nodiscard]] bool  is_dummy(std::size_t i) const { return swings[i] == 0; }

private:
    [[nodiscard]] static ratio part(const integer& n, const integer& of) { return of == 0 ? ratio(0) : ratio(n, of); }
};

/// Refused: no members, too many, weights beyond the limit; sums that neither a table nor two halves can hold ("estimate it").
[[nodiscard]] inline result<indices> indices_of(const weighted_game& g);
/// Refused as well: tests of different numbers of members, ways that name no test, too many tests.
[[nodiscard]] inline result<indices> indices_of(const compound_game& g);
[[nodiscard]] inline result<indices> indices_of(const class_game& g);

/// Coalitions to which nobody can be spared. Lists stop at `most`; `total` counts on where that can be counted.
struct coalitions {
    std::vector<std::vector<std::uint32_t>> list{};  ///< members by index, of a class game how many of each class
    integer                                 total{};
    std::size_t                             smallest = 0;  ///< members of the smallest one; 0: there is none
    bool                                    whole = true;  ///< the list is complete
};
/// Minimal winning coalitions, those of the weightiest members first. Of a class game an element stands for all that are alike, and
/// `total` counts those.
[[nodiscard]] inline result<coalitions> minimal_winning(const weighted_game& g, std::size_t most = 100);
[[nodiscard]] inline result<coalitions> minimal_winning(const class_game& g, std::size_t most = 100);
/// The game whose winning coalitions are those that can block the given one: all others together don't win.
[[nodiscard]] inline weighted_game blocking(const weighted_game& g);
[[nodiscard]] inline class_game    blocking(const class_game& g);

/// Drawn, not counted. With the stated confidence every figure is within `error` of the true one (Hoeffding's bound, for all figures
/// at once).
struct estimates {
    std::vector<ratio> banzhaf_absolute{};
    std::vector<ratio> shapley_shubik{};
    ratio              power_to_act{};
    ratio              error{};
    ratio              confidence{};
    std::uint64_t      draws = 0;
};
/// Asks `wins` about coalitions (element i: whether member i says yes). The same seed gives the same figures. Costs about
/// 2 * members readings for each draw.
[[nodiscard]] inline result<estimates> estimate(std::size_t members, const std::function<bool(std::span<const std::uint8_t>)>& wins,
                                                std::uint64_t draws, std::uint64_t seed, ratio confidence = ratio(95, 100));

// ---- concentration ---------------------------------------------------------------------------------------------------------------
/// How unevenly weights, or loads, are spread. Nothing at all, or zeros only: everything is 0.
struct concentration {
    ratio gini{};       ///< 0: all alike; of a sample: 2 sum(i x_i) / (n sum x) - (n + 1) / n over ascending x
    ratio herfindahl{}; ///< sum of squared shares; 1: one has it all
    ratio effective{};  ///< how many equal ones would be as concentrated: 1 / herfindahl
};
[[nodiscard]] inline concentration concentration_of(std::vector<std::uint64_t> weights);
/// The fewest that have more than this part of the whole; 0: not even all of them.
[[nodiscard]] inline std::size_t nakamoto(std::vector<std::uint64_t> weights, const ratio& more_than = ratio(1, 2));

/// "0.375", "1/3 = 0.333333": decimals rounded to the nearest, ties to even.
[[nodiscard]] inline std::string to_decimal(const ratio& r, unsigned digits = 6);

}  // namespace quorate::power

#include <quorate/detail/power_tables.hpp>
#include <quorate/detail/power_halves.hpp>
#include <quorate/detail/power_classes.hpp>
#include <quorate/detail/power_estimate.hpp>
