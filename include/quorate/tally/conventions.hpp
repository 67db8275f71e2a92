// What a method's name leaves open, as settings with names. Counters disagree on winners because of these far more often than
// because of their arithmetic; here none is hidden.
#pragma once

#include <quorate/ratio.hpp>
#include <quorate/tally/option.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace quorate::tally {

/// How options that a ballot doesn't rank stand in comparisons.
enum class unranked_options : std::uint8_t {
    last,          ///< below every ranked one, level among themselves (Debian, most Condorcet counts)
    not_compared,  ///< no opinion: such a ballot says nothing about them (CIVS)
};

/// What a ballot does where one option has to be named and several share the best rank left (IRV, STV, plurality), and where more
/// were marked than allowed.
enum class equal_ranks : std::uint8_t {
    split,     ///< an equal part to each
    whole,     ///< the whole ballot to each (approval-IRV)
    skip,      ///< that rank counts as empty; the next one is read
    wait,      ///< counts for nobody until one of them is left
    exhaust,   ///< counts for nobody from then on (Maine, bettervoting)
};

/// What a gap in the ranks means (1, 3, 4).
enum class skipped_ranks : std::uint8_t {
    close,        ///< nothing: the next rank moves up
    exhaust,      ///< the ballot ends at the gap
    exhaust_two,  ///< it ends at two empty ranks in a row (Maine, New York City, Alaska)
};

/// How strong a pairwise defeat of b by a is, of w ballots for a and l for b.
enum class defeat_strength : std::uint8_t {
    winning_votes,  ///< w
    margins,        ///< w - l
    ratio,          ///< w / l; any w against l = 0 is strongest
    opposition,     ///< of minimax only: what stands against an option, be it a defeat or not
};

/// How many votes elect, of v votes for s seats.
enum class quota : std::uint8_t {
    droop,             ///< floor(v / (s + 1)) + 1
    hagenbach_bischoff,///< v / (s + 1), to be passed, or met where the rule says so
    hare,              ///< v / s
    imperiali,         ///< v / (s + 2)
};

/// How values are kept while a count goes on. Fixed-point is used where a rule prescribes it, and says how it rounds.
struct arithmetic {
    /// Digits behind the point; -1: exact fractions.
    int digits = -1;
    /// Digits kept beyond these and left out of comparisons (guarded arithmetic).
    int guard = 0;

    friend bool operator==(const arithmetic&, const arithmetic&) = default;
};

/// One way to break a tie.
struct tie_break {
    enum class kind : std::uint8_t {
        earlier_stage,  ///< the most recent earlier round in which they differed decides
        first_stage,    ///< the first round in which they differed decides
        given_order,    ///< `order`, drawn or published before the count: who stands earlier wins
        pairwise,       ///< who wins more comparisons among the tied
        lot,            ///< Philox4x32-10 with `seed`: the same seed gives the same lot
        casting_vote,   ///< the person who has it names one of the tied: `chosen`
        agreement,      ///< the tied agree: `chosen`
    };
    kind                by = kind::given_order;
    std::vector<option> order{};
    /// Of `given_order`: the earliest is the one that is chosen, for whatever it is, so that a defeat takes the earliest too (the PR
    /// Foundation's reference rules, D.1).
    bool                chooses = false;
    std::uint64_t       seed = 0;
    /// What was decided at earlier pauses, in their order: one of the tied each time. A count that needs one more stops, and says
    /// who are tied (`count::undecided`); counted again with the answer added, it goes on.
    std::vector<option> chosen{};
};

/// All settings; each method reads those that concern it and names them in its own comment. The defaults are the commonest ones.
struct conventions {
    unranked_options       unranked = unranked_options::last;
    equal_ranks            equal = equal_ranks::split;
    skipped_ranks          skipped = skipped_ranks::close;
    defeat_strength        strength = defeat_strength::winning_votes;
    tally::quota           quota = quota::droop;
    tally::arithmetic      arithmetic{};
    /// Tried in order until one decides; what none decides stays a tie, and is reported.
    std::vector<tie_break> ties{};
};

}  // namespace quorate::tally
