// Methods that count from pairwise comparisons alone. Each elects the Condorcet winner when there is one, except minimax by opposition.
// Every method takes comparisons, or ballots and compares them first (that reads `conventions::unranked`). Without options nobody is
// elected; without ballots all options are level; with at least as many seats as options all are elected. `defeat_strength::opposition`
// is of minimax alone: everywhere else it counts as winning votes.
#pragma once

#include <quorate/detail/strongest_paths.hpp>
#include <quorate/tally/pairwise.hpp>
#include <quorate/tally/ties.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace quorate::tally {

namespace detail {

/// One round that shows a value for each option.
inline round values_of(std::string what, std::size_t options, const std::vector<number>& values) {
    round r{.what = std::move(what), .options = {}, .values = values, .elected = {}, .dropped = {}, .why = {}, .exhausted = {}};
    for (std::size_t o = 0; o < options; ++o) r.options.push_back(static_cast<option>(o));
    return r;
}

/// A defeat and its two counts.
struct defeat {
    option       winner;
    option       loser;
    std::int64_t votes;    ///< for the winner
    std::int64_t against;  ///< for the loser
};
inline std::vector<defeat> defeats_of(const comparisons& c) {
    std::vector<defeat> all;
    for (option a = 0; a < c.size(); ++a) {
        for (option b = 0; b < c.size(); ++b) {
            if (c.beats(a, b)) all.push_back({a, b, c.votes(a, b), c.votes(b, a)});
        }
    }
    return all;
}
/// Whether a is stronger than b. By ratio, no votes against are less than any, and then more votes are stronger.
inline bool stronger(const defeat& a, const defeat& b, defeat_strength by) {
    switch (by) {
        case defeat_strength::margins: return a.votes - a.against > b.votes - b.against;
        case defeat_strength::ratio: {
            if (a.against == 0 && b.against == 0) return a.votes > b.votes;
            return quorate::detail::int128{a.votes} * b.against > quorate::detail::int128{b.votes} * a.against;
        }
        case defeat_strength::winning_votes:
        case defeat_strength::opposition: break;
    }
    return a.votes > b.votes;
}
/// How the strength is written: a ratio to nothing is `ballots` + 1 to one for each vote, above every ratio there can be.
inline number strength_of(const defeat& d, defeat_strength by, std::int64_t ballots) {
    switch (by) {
        case defeat_strength::margins: return d.votes - d.against;
        case defeat_strength::ratio: return d.against == 0 ? multiply(d.votes, ballots + 1) : number::fraction(d.votes, d.against);
        case defeat_strength::winning_votes:
        case defeat_strength::opposition: break;
    }
    return d.votes;
}
inline std::string text_of(const defeat& d, const comparisons& c) {
    return c.options()[d.winner] + " beats " + c.options()[d.loser] + " " + std::to_string(d.votes) + " to " + std::to_string(d.against);
}

/// Comparisons won, a level one as half.
inline std::vector<number> copeland_values(const comparisons& c) {
    std::vector<number> values(c.size());
    for (option a = 0; a < c.size(); ++a) {
        std::int64_t halves = 0;
        for (option b = 0; b < c.size(); ++b) halves += a == b ? 0 : c.beats(a, b) ? 2 : c.beats(b, a) ? 0 : 1;
        values[a] = number::fraction(halves, 2);
    }
    return values;
}

}  // namespace detail

/// Copeland: a comparison that is won counts 1, a level one 1/2. Reads `ties`. (A. H. Copeland 1951.)
[[nodiscard]] inline count copeland(const comparisons& c, const conventions& with = {}, std::size_t seats = 1) {
    auto       all = detail::begin("copeland", c, seats);
    const auto values = detail::copeland_values(c);
    all.order = in_tiers(c.size(), [&](option a, option b) { return values[a] > values[b]; });
    all.rounds.push_back(detail::values_of("comparisons won", c.size(), values));
    return detail::finish(std::move(all), c, with);
}
[[nodiscard]] inline count copeland(const ranked_ballots& b, const conventions& with = {}, std::size_t seats = 1) { return copeland(compare(b, with), with, seats); }

/// Copeland, and those level by the sum of the Copeland values of the options they beat. Reads `ties`.
/// (J. J. Bartholdi, C. A. Tovey, M. A. Trick 1989, "second order Copeland".)
[[nodiscard]] inline count copeland_second_order(const comparisons& c, const conventions& with = {}, std::size_t seats = 1) {
    auto                all = detail::begin("copeland_second_order", c, seats);
    const auto          first = detail::copeland_values(c);
    std::vector<number> second(c.size());
    for (option a = 0; a < c.size(); ++a) {
        for (option b = 0; b < c.size(); ++b) {
            if (c.beats(a, b)) second[a] = *add(second[a], first[b]);
        }
    }
    all.order = in_tiers(c.size(), [&](option a, option b) { return first[a] != first[b] ? first[a] > first[b] : second[a] > second[b]; });
    all.rounds.push_back(detail::values_of("comparisons won", c.size(), first));
    all.rounds.push_back(detail::values_of("values of those beaten", c.size(), second));
    return detail::finish(std::move(all), c, with);
}
[[nodiscard]] inline count copeland_second_order(const ranked_ballots& b, const conventions& with = {}, std::size_t seats = 1) {
    return copeland_second_order(compare(b, with), with, seats);
}

/// Minimax: who has the least of the worst. The worst is the strongest defeat by winning votes or ratio (0 where there is none), the
/// largest margin of others (below 0 for the Condorcet winner), or by opposition the most votes for another option, be it a
/// defeat or not: that one is no Condorcet method. Reads `strength` and `ties`. (P. B. Simpson 1969, G. H. Kramer 1977.)
[[nodiscard]] inline count minimax(const comparisons& c, const conventions& with = {}, std::size_t seats = 1) {
    auto                all = detail::begin("minimax", c, seats);
    std::vector<number> worst(c.size());
    for (option a = 0; a < c.size(); ++a) {
        bool first = true;
        for (option b = 0; b < c.size(); ++b) {
            if (a == b) continue;
            const detail::defeat d{b, a, c.votes(b, a), c.votes(a, b)};
            const bool           counts = with.strength == defeat_strength::margins || with.strength == defeat_strength::opposition || c.beats(b, a);
            const auto           value = counts ? detail::strength_of(d, with.strength, c.ballots()) : number(0);
            if (first || value > worst[a]) worst[a] = value;
            first = false;
        }
    }
    all.order = in_tiers(c.size(), [&](option a, option b) { return worst[a] < worst[b]; });
    all.rounds.push_back(detail::values_of("worst comparison", c.size(), worst));
    return detail::finish(std::move(all), c, with);
}
[[nodiscard]] inline count minimax(const ranked_ballots& b, const conventions& with = {}, std::size_t seats = 1) { return minimax(compare(b, with), with, seats); }

/// Schulze: a beats b when its strongest path of defeats to b is stronger than b's to a. Reads `strength` and `ties`. By winning votes
/// it is not Debian's rule (tally/debian.hpp): they differ where defeats are level. (M. Schulze 2011; the order takes the winners, then
/// the winners of the others by the same paths, and so on.)
[[nodiscard]] inline count schulze(const comparisons& c, const conventions& with = {}, std::size_t seats = 1) {
    auto all = detail::begin("schulze", c, seats);
    auto links = detail::defeats_of(c);
    std::stable_sort(links.begin(), links.end(), [&](const auto& a, const auto& b) { return detail::stronger(b, a, with.strength); });
    // Paths only compare strengths, so the place of a strength among all of them does, from 1 on.
    std::vector<number> strengths{0};
    detail::path_square paths(c.size());
    for (std::size_t i = 0; i < links.size(); ++i) {
        if (i == 0 || detail::stronger(links[i], links[i - 1], with.strength)) strengths.push_back(detail::strength_of(links[i], with.strength, c.ballots()));
        paths.set(links[i].winner, links[i].loser, static_cast<std::int32_t>(strengths.size() - 1));
    }
    paths.close();
    matrix           shown{.name = "strongest path", .cells = {}};
    detail::relation above(c.size());
    for (option a = 0; a < c.size(); ++a) {
        shown.cells.emplace_back();
        for (option b = 0; b < c.size(); ++b) {
            shown.cells.back().push_back(a == b ? number(0) : strengths[static_cast<std::size_t>(paths(a, b))]);
            if (a != b && paths(a, b) > paths(b, a)) above.set(a, b);
        }
    }
    all.matrices.push_back(std::move(shown));
    all.order = above.layers();  // Schulze proves that it is transitive
    return detail::finish(std::move(all), c, with);
}
[[nodiscard]] inline count schulze(const ranked_ballots& b, const conventions& with = {}, std::size_t seats = 1) { return schulze(compare(b, with), with, seats); }

namespace detail {

/// Defeats from the strongest on, in groups of equal ones. By winning votes, fewer votes against are stronger among equals.
inline std::vector<std::vector<defeat>> groups_of_defeats(const comparisons& c, defeat_strength by) {
    auto       all = defeats_of(c);
    const auto before = [by](const defeat& a, const defeat& b) {
        if (stronger(a, b, by)) return true;
        return by == defeat_strength::winning_votes && !stronger(b, a, by) && a.against < b.against;
    };
    std::stable_sort(all.begin(), all.end(), before);
    std::vector<std::vector<defeat>> groups;
    for (const auto& d : all) {
        if (groups.empty() || before(groups.back().front(), d)) groups.emplace_back();
        groups.back().push_back(d);
    }
    return groups;
}
inline round lock_round(const defeat& d, const comparisons& c, std::string_view what) {
    return {.what = text_of(d, c), .options = {}, .values = {}, .elected = {}, .dropped = {}, .why = std::string(what), .exhausted = {}};
}

}  // namespace detail

/// Ranked pairs: defeats are locked from the strongest on, but for those that close a cycle. Equal defeats are looked at together: all of
/// them that lie on a cycle with each other and what is locked are left out, so that none is preferred (as Condorcet PHP does;
/// `ranked_pairs_universes` tries every order instead). By winning votes, fewer votes against are stronger among equals. The order is
/// that of the locked defeats, in layers. Reads `strength` and `ties`. (T. N. Tideman 1987.)
[[nodiscard]] inline count ranked_pairs(const comparisons& c, const conventions& with = {}, std::size_t seats = 1) {
    auto             all = detail::begin("ranked_pairs", c, seats);
    detail::relation locked(c.size());
    for (const auto& group : detail::groups_of_defeats(c, with.strength)) {
        auto together = locked;
        for (const auto& d : group) together.set_closed(d.winner, d.loser);
        tie level{.where = "equal defeats that close a cycle", .options = {}, .broken_by = {}, .ahead = {}};
        for (const auto& d : group) {
            if (!together.holds(d.loser, d.winner)) {
                locked.set_closed(d.winner, d.loser);
                all.rounds.push_back(detail::lock_round(d, c, "locked"));
                continue;
            }
            const bool alone = locked.holds(d.loser, d.winner);
            all.rounds.push_back(detail::lock_round(d, c, alone ? "left out: closes a cycle" : "left out: closes a cycle with equal defeats"));
            if (!alone) level.options.insert(level.options.end(), {d.winner, d.loser});
        }
        if (level.options.empty()) continue;
        std::sort(level.options.begin(), level.options.end());
        level.options.erase(std::unique(level.options.begin(), level.options.end()), level.options.end());
        all.ties.push_back(std::move(level));
    }
    all.order = locked.layers();
    return detail::finish(std::move(all), c, with);
}
[[nodiscard]] inline count ranked_pairs(const ranked_ballots& b, const conventions& with = {}, std::size_t seats = 1) {
    return ranked_pairs(compare(b, with), with, seats);
}

namespace detail {

/// What can be locked when equal defeats come in any order: every state that is left when none of the group can be locked any more.
/// False when there are more than `most_universes`.
inline bool lock_in_any_order(const std::vector<defeat>& group, std::set<relation>& universes) {
    std::set<relation>    done;
    std::set<relation>    seen = universes;
    std::vector<relation> open(universes.begin(), universes.end());
    while (!open.empty()) {
        auto locked = std::move(open.back());
        open.pop_back();
        auto together = locked;
        for (const auto& d : group) {
            if (!locked.holds(d.loser, d.winner)) together.set_closed(d.winner, d.loser);
        }
        // What lies on no cycle is locked in every order.
        for (const auto& d : group) {
            if (!together.holds(d.loser, d.winner)) locked.set_closed(d.winner, d.loser);
        }
        bool last = true;
        for (const auto& d : group) {
            if (locked.holds(d.loser, d.winner) || locked.holds(d.winner, d.loser)) continue;
            last = false;
            auto next = locked;
            next.set_closed(d.winner, d.loser);
            if (seen.insert(next).second) open.push_back(std::move(next));
        }
        if (last) done.insert(std::move(locked));
        if (seen.size() > most_universes) return false;
    }
    universes = std::move(done);
    return true;
}

}  // namespace detail

/// Ranked pairs where every order of equal defeats is a universe of its own: who wins in any of them is a winner ("parallel-universe
/// tiebreaking", V. Conitzer, M. Rognlie, L. Xia 2009). One seat; several winners are tied, and the chain decides. The only round says in
/// how many of the different outcomes each of them is first. Reads `strength` and `ties`. Refuses what has more than `most_universes`.
[[nodiscard]] inline result<count> ranked_pairs_universes(const comparisons& c, const conventions& with = {}) {
    auto               all = detail::begin("ranked_pairs_put", c, 1);
    std::set<detail::relation> universes{detail::relation(c.size())};
    for (const auto& group : detail::groups_of_defeats(c, with.strength)) {
        if (detail::lock_in_any_order(group, universes)) continue;
        return make_error(errc::limit, "equal defeats leave more than " + std::to_string(most_universes) + " ways to lock them", {},
                          "count by ranked_pairs, which looks at equal defeats together");
    }
    std::vector<std::int64_t> first(c.size());
    for (const auto& u : universes) {
        const auto order = u.layers();
        if (order.empty()) continue;
        for (const auto o : order.front()) ++first[o];
    }
    round r{.what = "universes in which each is first", .options = {}, .values = {}, .elected = {}, .dropped = {}, .why = {}, .exhausted = {}};
    for (option o = 0; o < c.size(); ++o) {
        if (first[o] == 0) continue;
        r.options.push_back(o);
        r.values.emplace_back(first[o]);
    }
    r.why = std::to_string(universes.size()) + " different outcomes";
    auto chain = detail::chain_of(c, with);
    all.rounds.push_back(r);
    if (r.options.size() == 1) all.elected = r.options;
    else if (r.options.size() > 1) {
        const auto one = chain.best(r.options, "winner", all);
        if (one) all.elected.push_back(*one);
        else all.undecided = r.options;
    }
    return all;
}
[[nodiscard]] inline result<count> ranked_pairs_universes(const ranked_ballots& b, const conventions& with = {}) {
    return ranked_pairs_universes(compare(b, with), with);
}

}  // namespace quorate::tally
