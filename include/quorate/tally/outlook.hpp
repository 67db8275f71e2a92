// What a count may still become while ballots are missing: whether somebody wins whatever they say.
#pragma once

#include <quorate/tally/conventions.hpp>
#include <quorate/tally/count.hpp>
#include <quorate/tally/pairwise.hpp>
#include <quorate/tally/seats.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace quorate::tally {

/// What a method promises of one seat, enough to tell when more ballots can't change who gets it.
enum class promise : std::uint8_t {
    none,
    sums,       ///< elects the largest sum over the ballots; the first round shows the sums
    condorcet,  ///< elects whoever beats everybody else in pairs
};

/// The promise of the method of this name, under these conventions.
[[nodiscard]] inline promise promise_of(std::string_view method, const conventions& with = {}) {
    static constexpr std::array<std::string_view, 9> sums{"plurality", "bloc", "borda", "dowdall", "geometric", "approval", "dis_approval",
                                                          "satisfaction_approval", "score_sum"};
    static constexpr std::array<std::string_view, 18> pairs{
        "condorcet", "smith", "schwartz", "copeland", "copeland_second_order", "minimax", "schulze", "ranked_pairs", "kemeny", "dodgson",
        "dodgson_quick", "dodgson_tideman", "cssd", "nanson", "benham", "smith_irv", "tideman_alternative", "debian"};
    if (std::find(sums.begin(), sums.end(), method) != sums.end()) return promise::sums;
    if (std::find(pairs.begin(), pairs.end(), method) == pairs.end()) return promise::none;
    // Nanson adds up places; where some are not compared the sums of options are uneven. (Baldwin's count may also stop at a tie of losers.)
    if (method == "nanson" && with.unranked == unranked_options::not_compared) return promise::none;
    // Opposition also measures what is no defeat.
    if (method == "minimax" && with.strength == defeat_strength::opposition) return promise::none;
    return promise::condorcet;
}

/// By how much one ballot can move one option's sum against another's, `scores` from the least to the most that it may give. Nothing for
/// a method that doesn't add up. It is never too small.
[[nodiscard]] inline std::optional<number> swing_of(std::string_view method, std::size_t options, const conventions& with, std::int64_t least = 0,
                                                    std::int64_t most = 1) {
    if (promise_of(method, with) != promise::sums) return std::nullopt;
    const auto n = static_cast<std::int64_t>(options);
    // Of places: the first against the last, or against nothing where what is left out gets nothing.
    const bool nothing = with.unranked == unranked_options::not_compared;
    if (method == "borda") return number(nothing ? n : n - 1);
    if (method == "dowdall") return nothing ? number(1) : detail::minus(1, number::fraction(1, std::max<std::int64_t>(n, 1)));
    if (method == "geometric") {
        number last = nothing ? 0 : 1;
        for (std::int64_t i = 1; i < n; ++i) last = multiply(last, number::fraction(1, 2));
        return detail::minus(1, last);
    }
    if (method == "dis_approval") return number(2);
    if (method == "score_sum") return number(std::max<std::int64_t>(most, 0) - std::min<std::int64_t>(least, 0));
    return number(1);
}

/// Whether `one` has the largest sum by more than `missing` ballots can take away, where `fixed` is a count of all the others by sums.
[[nodiscard]] inline bool wins_by_sums(const count& fixed, option one, std::int64_t missing, const number& swing) {
    if (fixed.rounds.empty() || fixed.rounds.front().values.size() != fixed.options.size()) return false;
    const auto& sums = fixed.rounds.front();
    const auto  of = [&](option o) { return sums.values[static_cast<std::size_t>(std::find(sums.options.begin(), sums.options.end(), o) - sums.options.begin())]; };
    const auto  most = multiply(swing, number(missing));
    for (option o = 0; o < fixed.options.size(); ++o)
        if (o != one && !(detail::minus(of(one), of(o)) > most)) return false;
    return true;
}

/// Whether `one` beats everybody else by more than `missing` ballots can take away.
[[nodiscard]] inline bool wins_all_pairs(const comparisons& fixed, option one, std::int64_t missing) {
    for (option o = 0; o < fixed.size(); ++o)
        if (o != one && fixed.votes(one, o) - fixed.votes(o, one) <= missing) return false;
    return true;
}

}  // namespace quorate::tally
