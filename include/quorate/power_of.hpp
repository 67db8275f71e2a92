// The game that a charter's rule, or a whole process, is: which members must say yes so that it holds, or the proposal is accepted. The
// rule is read by the one evaluator and the process runs through the engine's functions; power.hpp does the counting.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/charter.hpp>
#include <quorate/power.hpp>
#include <quorate/proposal.hpp>
#include <quorate/roster.hpp>

namespace quorate::power {

/// What yes and no mean, and about what kind of proposal. What is empty is chosen: `yes` is the first binding position, a member who
/// doesn't say yes is silent, the author is the first person who may open it, the teams are as given.
struct say {
    std::string              yes{};
    std::string              no{};     ///< a position; empty: silence
    std::string              rule{};   ///< a named rule of the process; empty: the process itself, to its outcome
    std::string              disposition{};  ///< that is asked for; empty: the default one, or the first
    std::string              author{};
    std::vector<std::string> teams{};
};

/// A game over an electorate. Members whom no rule and no permission to cast can tell apart are of one class.
struct game_of_charter {
    class_game                            game{};
    std::vector<std::vector<std::string>> classes{};  ///< handles; a seat is "handle (seat)"
    std::string                           about{};    ///< what is asked, and what is assumed, in words

    /// Whether a coalition of single members wins; element i is the i-th of `members()`.
    [[nodiscard]] bool wins(std::span<const std::uint8_t> yes) const;
    [[nodiscard]] std::vector<std::string> members() const;
};

/// How long the process is given to come to its outcome once everybody has spoken.
inline constexpr duration longest_outcome = std::chrono::hours(24 * 3650);

/// For a rule: the ballots alone change; no concern is open, no fact is known, no time has passed since the proposal was proposed. For a
/// process: it is opened and proposed, the members speak one after the other in the order of the roster, then time passes; accepted (or
/// enacted) is won. A ballot that the proposal itself recorded ("cast" of an exit) stays where it can't be changed or taken back.
/// Refused: no such process, rule or position; a proposal that nobody may open or that has no electorate; ballots that are rankings,
/// scores or parts. Charter and roster must outlive the result.
[[nodiscard]] result<game_of_charter> game_of(const charter& c, std::string_view process, const roster& people, const say& how = {});

}  // namespace quorate::power
