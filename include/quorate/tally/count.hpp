// What a count returns: the result with its whole working, enough to do it again by hand.
#pragma once

#include <quorate/ratio.hpp>
#include <quorate/tally/option.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace quorate::tally {

/// Options that the ballots alone could not tell apart, and what happened.
struct tie {
    std::string         where{};   ///< "defeat in round 3", "last seat"
    std::vector<option> options{};
    std::string         broken_by{};  ///< the step of the chain that decided; empty: it stands
    std::vector<option> ahead{};   ///< those it put ahead, best first
};

/// A table over pairs of options: row against column. Where rows or columns are anything else, they say what.
struct matrix {
    std::string                      name{};  ///< "preferred", "strongest path"
    std::vector<std::vector<number>> cells{};
    std::vector<std::string>         rows{};     ///< empty: the options
    std::vector<std::string>         columns{};  ///< empty: the options
};

/// One step of a count.
struct round {
    std::string              what{};    ///< "first preferences", "surplus of A"
    std::vector<option>      options{}; ///< those still in the count, with
    std::vector<number>      values{};  ///< what each has
    std::vector<option>      elected{}; ///< in this step
    std::vector<option>      dropped{}; ///< in this step
    std::string              why{};     ///< "A has 334, the quota is 334"
    number                   exhausted{};  ///< votes that count for nobody any more
};

/// The result of one count. With no ballots, no options or at least as many seats as options it is defined as well: see each method.
struct count {
    std::string                      method{};   ///< its name in `methods()`
    std::vector<std::string>         options{};
    std::size_t                      seats = 1;
    std::int64_t                     ballots = 0;
    number                           unit = 1;   ///< what one ballot weighs, where they stand for weights that aren't whole (weights.hpp)
    number                           quota{};    ///< 0 where the method has none
    std::vector<option>              elected{};  ///< in the order in which they were elected
    /// Tied for the seats that `elected` leaves empty; the count can't say which of them.
    std::vector<option>              undecided{};
    /// A count that waits for a casting vote or an agreement about `undecided`.
    bool                             paused = false;
    std::vector<std::vector<option>> order{};    ///< all options in tiers, best first; empty: the method gives none
    std::vector<std::vector<option>> sets{};     ///< all optimal committees or rankings of methods that look for them
    std::vector<tie>                 ties{};
    std::vector<matrix>              matrices{};
    std::vector<round>               rounds{};

    /// Those who may take a seat: elected, then undecided. One option of several seats is the winner; several are tied ones.
    [[nodiscard]] std::vector<option> winners() const {
        auto all = elected;
        all.insert(all.end(), undecided.begin(), undecided.end());
        return all;
    }
};

namespace detail {

/// A count that has only begun.
template <class Ballots>
[[nodiscard]] count begun(std::string method, const Ballots& ballots, std::size_t seats) {
    count c;
    c.method = std::move(method);
    c.options = ballots.options();
    c.seats = seats;
    c.ballots = ballots.total();
    return c;
}

}  // namespace detail

}  // namespace quorate::tally
