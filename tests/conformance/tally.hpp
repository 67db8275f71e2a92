// Cases of counting methods: {"cases": [{"method", "candidates", "unranked", "ballots", "seats", "options", "kind", "expected",
// "verified", ...}]}. One reader for all of them; a method is a line in the table of the file that knows its conventions.
#pragma once

#include <optional>
#include <span>
#include <stdexcept>

#include <quorate/tally.hpp>

#include "case.hpp"

namespace conformance {

/// Thrown where a case says what no convention here means: it is skipped, with this reason. Whatever else is thrown fails it.
struct unreadable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// One case as a counting method needs it. Options are the candidates, in the order of the case.
struct tally_case {
    std::string                                    method;
    std::string                                    kind;    ///< what `expected` means: "winner", "ranking", "condorcet_loser", ...
    std::vector<std::string>                       options;
    std::optional<quorate::tally::ranked_ballots>  ranked;  ///< there are rankings among the ballots, or there are no ballots
    std::optional<quorate::tally::rated_ballots>   rated;   ///< there are scores among the ballots
    quorate::tally::conventions                    with;    ///< "unranked" is read, all else is the default
    std::size_t                                    seats = 1;
    const json::object*                            settings = nullptr;  ///< "options" of the case; nullptr: none
    const json::object*                            raw = nullptr;       ///< the case itself, for what no field above says

    /// The place of an option by its name. Throws `unreadable` if there is none.
    [[nodiscard]] quorate::tally::option place(std::string_view name) const;
};

/// One counting method. An error is a failed case.
struct tally_method {
    std::string_view name;
    quorate::result<quorate::tally::count> (*run)(const tally_case& c);
};

/// A case in which the source departs from the rule: named one by one, and never one whose result was verified.
struct tally_difference {
    std::string_view method;
    std::string_view test;
    std::string_view why;  ///< the convention in which the source differs
};

/// The methods of one file, and where their sources are known to differ.
struct tally_table {
    std::span<const tally_method>     methods;
    std::span<const tally_difference> differences;
};
[[nodiscard]] tally_table pair_tallies();  // tally_pairs.cpp
[[nodiscard]] tally_table runoff_tallies();  // tally_runoff.cpp
[[nodiscard]] tally_table rated_tallies();  // tally_rated.cpp

/// What a count says, in the words of a case: compared by kind. The text says what was expected and found; empty: they agree.
/// winner, set, elected: winners in any order. elected_in_order: `elected` as it is, nobody undecided. ranking: `order`, tiers in any
/// order inside. ranks: the place of each option in `order`, from 1, ties sharing the best and leaving a gap. winner_runner_up:
/// the first two of `order`. committees: `sets`, in any order. rankings: `sets`, each in its order. condorcet_loser: as winner.
/// scores, seats: the values of the last round; scores to the digits written.
[[nodiscard]] std::string difference(const quorate::tally::count& found, const std::string& kind, const json::value& expected);

/// A JSON number (or text) as an exact one: what is written, not what a binary fraction makes of it.
[[nodiscard]] std::optional<quorate::number> exact_number(const json::value& v);

}  // namespace conformance
