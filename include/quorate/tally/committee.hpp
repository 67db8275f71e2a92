// Committees from approval ballots (whatever an option was given above 0 is an approval). Two kinds: those that look at all
// committees for the best (PAV, Chamberlin-Courant, minimax approval, Monroe), and those that fill one seat after the other
// (sequential PAV, sequential Phragmén, equal shares).
//
// All of them read `ties`. `count::sets` lists all committees that are equally good, up to `most_committees`; in `elected` are
// those who are in each of them, undecided are those who are in some. When the chain decides, one committee is left. If no
// ballot approves anybody, all options are tied; with at least as many seats as options all are elected. Lackner, Skowron,
// "Multi-Winner Voting with Approval Preferences", 2023, names and compares them.
#pragma once

#include <quorate/tally/committee_search.hpp>
#include <quorate/tally/committee_steps.hpp>

namespace quorate::tally {

/// Proportional approval voting: a ballot with j of its options in the committee is worth 1 + 1/2 + ... + 1/j. Thiele 1895.
/// Refuses (errc::limit) when the search takes more than `most_search`.
[[nodiscard]] inline result<count> pav(const rated_ballots& ballots, const conventions& with = {}, std::size_t seats = 1) {
    return detail::best_committees("pav", ballots, with, seats, [&](const detail::approvals& a) { return detail::thiele_goal(a,
        seats, true); });
}

/// Chamberlin-Courant: as many ballots as possible have one of their options in the committee. Refuses like `pav`.
[[nodiscard]] inline result<count> chamberlin_courant(const rated_ballots& ballots, const conventions& with = {},
    std::size_t seats = 1) {
    return detail::best_committees("chamberlin_courant", ballots, with, seats,
        [&](const detail::approvals& a) { return detail::thiele_goal(a, seats, false); });
}

/// Minimax approval: the ballot that differs most from the committee (options in one and not in the other) differs as little as
/// possible. Brams, Kilgour, Sanver 2007. Refuses like `pav`.
[[nodiscard]] inline result<count> minimax_approval(const rated_ballots& ballots, const conventions& with = {},
    std::size_t seats = 1) {
    return detail::best_committees("minimax_approval", ballots, with, seats,
        [&](const detail::approvals& a) { return detail::distance_goal(a); });
}

/// Monroe: each member represents an equal part of the ballots (sizes differ by at most one), and as many ballots as possible are
/// represented by somebody they approve. Monroe 1995. Refuses like `pav`.
[[nodiscard]] inline result<count> monroe(const rated_ballots& ballots, const conventions& with = {}, std::size_t seats = 1) {
    return detail::best_committees("monroe", ballots, with, seats,
        [&](const detail::approvals& a) { return detail::monroe_goal(a, seats); });
}

/// Sequential PAV: each seat goes to the option that adds most to the worth PAV sees. Thiele 1895.
[[nodiscard]] inline count sequential_pav(const rated_ballots& ballots, const conventions& with = {}, std::size_t seats = 1) {
    return detail::seat_by_seat<detail::pav_steps>("sequential_pav", ballots, with, seats);
}

/// Sequential Phragmén: a seat costs 1, spread over those who approve its holder; each seat goes where the largest load stays
/// least. Phragmén 1894.
[[nodiscard]] inline count seq_phragmen(const rated_ballots& ballots, const conventions& with = {}, std::size_t seats = 1) {
    return detail::seat_by_seat<detail::phragmen_steps>("seq_phragmen", ballots, with, seats);
}

/// Equal shares (Rule X): every ballot has seats/ballots to spend; each seat, at 1, goes where those who approve can pay it
/// with the least payment of the one who pays most. When nobody can be paid any more, sequential Phragmén fills the rest, with
/// what was spent as first loads. Peters, Skowron 2020.
[[nodiscard]] inline count equal_shares(const rated_ballots& ballots, const conventions& with = {}, std::size_t seats = 1) {
    return detail::seat_by_seat<detail::shares_steps>("equal_shares", ballots, with, seats);
}

}  // namespace quorate::tally
