// Options compared two by two: how many ballots prefer one to the other, and what follows from that alone.
#pragma once

#include <quorate/detail/compare_columns.hpp>
#include <quorate/detail/relation.hpp>
#include <quorate/tally/tiers.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace quorate::tally {

/// How many ballots prefer each option to each other. A regular value; from ballots (`compare`) or from a published table (`make`).
class comparisons {
public:
    /// From a table, row against column; what stands on the diagonal is ignored. Refuses what `ranked_ballots::make` refuses, a
    /// table of another size, negative counts, and two counts of one pair that are together more than `ballots`.
    static result<comparisons> make(std::vector<std::string> options, std::int64_t ballots, std::vector<std::vector<std::int64_t>> votes) {
        if (auto ok = detail::check_options(options); !ok) return ok.error();
        const auto n = options.size();
        const auto fits = [n](const auto& row) { return row.size() == n; };
        if (votes.size() != n || !std::all_of(votes.begin(), votes.end(), fits)) {
            return make_error(errc::invalid, "a table of comparisons has a row and a column for each of the " + std::to_string(n) + " options");
        }
        if (ballots < 0 || ballots > most_ballots) return make_error(errc::limit, "from 0 to " + std::to_string(most_ballots) + " ballots");
        comparisons c(std::move(options), ballots);
        for (std::size_t a = 0; a < n; ++a) {
            for (std::size_t b = 0; b < n; ++b) {
                if (a == b) continue;
                const auto for_a = votes[a][b], for_b = votes[b][a];
                if (for_a < 0 || for_a > ballots || for_b > ballots - for_a) {
                    return make_error(errc::invalid, "\"" + c.options_[a] + "\" against \"" + c.options_[b] + "\": " + std::to_string(for_a) + " to " +
                                                         std::to_string(for_b) + " can't come from " + std::to_string(ballots) + " ballots");
                }
                c.cells_[a * n + b] = for_a;
            }
        }
        return c;
    }

    [[nodiscard]] std::size_t size() const { return options_.size(); }
    [[nodiscard]] const std::vector<std::string>& options() const { return options_; }
    [[nodiscard]] std::int64_t ballots() const { return ballots_; }
    /// How many ballots prefer a to b.
    [[nodiscard]] std::int64_t votes(option a, option b) const { return cells_[a * size() + b]; }
    [[nodiscard]] bool beats(option a, option b) const { return votes(a, b) > votes(b, a); }

private:
    friend comparisons compare(const ranked_ballots& ballots, const conventions& with);
    comparisons(std::vector<std::string> options, std::int64_t ballots)
        : options_(std::move(options)), ballots_(ballots), cells_(options_.size() * options_.size()) {}

    std::vector<std::string>  options_;
    std::int64_t              ballots_;
    std::vector<std::int64_t> cells_;
};

/// Compares all options on all ballots; reads `conventions::unranked`.
[[nodiscard]] inline comparisons compare(const ranked_ballots& ballots, const conventions& with = {}) {
    comparisons all(ballots.options(), ballots.total());
    detail::compare_columns(ballots, with.unranked, all.cells_);
    return all;
}

/// The table for the working of a count.
[[nodiscard]] inline matrix table_of(const comparisons& c) {
    matrix m{.name = "preferred", .cells = {}};
    for (option a = 0; a < c.size(); ++a) {
        m.cells.emplace_back();
        for (option b = 0; b < c.size(); ++b) m.cells.back().emplace_back(a == b ? 0 : c.votes(a, b));
    }
    return m;
}

namespace detail {

inline relation beaten_by(const comparisons& c) {
    relation r(c.size());
    for (option a = 0; a < c.size(); ++a) {
        for (option b = 0; b < c.size(); ++b) {
            if (c.beats(a, b)) r.set(a, b);
        }
    }
    return r;
}

/// A count that has its comparisons, and nothing else yet.
inline count begin(std::string method, const comparisons& c, std::size_t seats) {
    count all;
    all.method = std::move(method);
    all.options = c.options();
    all.seats = seats;
    all.ballots = c.ballots();
    all.matrices.push_back(table_of(c));
    return all;
}
inline tie_chain chain_of(const comparisons& c, const conventions& with) {
    return tie_chain(with, [&c](option a, option b) { return c.beats(a, b); });
}
/// Elects from the order that was found.
inline count finish(count all, const comparisons& c, const conventions& with) {
    auto chain = chain_of(c, with);
    elect_in_order(all, chain);
    return all;
}

}  // namespace detail

/// The option that beats every other one; the only option of one; nobody of none.
[[nodiscard]] inline std::optional<option> condorcet_winner(const comparisons& c) {
    for (option a = 0; a < c.size(); ++a) {
        bool all = true;
        for (option b = 0; b < c.size() && all; ++b) all = a == b || c.beats(a, b);
        if (all) return a;
    }
    return std::nullopt;
}
/// The option that every other one beats; nobody where there are fewer than two.
[[nodiscard]] inline std::optional<option> condorcet_loser(const comparisons& c) {
    for (option a = 0; a < c.size() && c.size() > 1; ++a) {
        bool all = true;
        for (option b = 0; b < c.size() && all; ++b) all = a == b || c.beats(b, a);
        if (all) return a;
    }
    return std::nullopt;
}

/// The smallest set, not empty, each of which beats everyone outside (I. J. Good 1971, J. H. Smith 1973). Empty without options.
[[nodiscard]] inline std::vector<option> smith_set(const comparisons& c) {
    detail::relation unbeaten(c.size());
    for (option a = 0; a < c.size(); ++a) {
        for (option b = 0; b < c.size(); ++b) {
            if (a != b && !c.beats(b, a)) unbeaten.set(a, b);
        }
    }
    unbeaten.close();
    return unbeaten.top();
}
/// Whoever reaches by defeats everyone by whom they are reached (T. Schwartz 1972; Debian's constitution, A.6(6), versions 1.2 to 1.7).
/// Empty without options.
[[nodiscard]] inline std::vector<option> schwartz_set(const comparisons& c) {
    auto beaten = detail::beaten_by(c);
    beaten.close();
    return beaten.top();
}

namespace detail {

/// A set, and everyone else together below it.
inline std::vector<std::vector<option>> set_and_rest(const comparisons& c, std::vector<option> set) {
    std::vector<option> rest;
    for (option o = 0; o < c.size(); ++o) {
        if (std::find(set.begin(), set.end(), o) == set.end()) rest.push_back(o);
    }
    std::vector<std::vector<option>> order;
    if (!set.empty()) order.push_back(std::move(set));
    if (!rest.empty()) order.push_back(std::move(rest));
    return order;
}

}  // namespace detail

/// The Smith set, and everyone else together below it: about them the set says nothing.
[[nodiscard]] inline std::vector<std::vector<option>> smith_ranking(const comparisons& c) { return detail::set_and_rest(c, smith_set(c)); }
/// The Schwartz set, and everyone else together below it.
[[nodiscard]] inline std::vector<std::vector<option>> schwartz_ranking(const comparisons& c) { return detail::set_and_rest(c, schwartz_set(c)); }

// Each method below reads its comparisons only, so that a published table can be counted as well as ballots; the overload for ballots
// compares first, and so reads `conventions::unranked`.

/// The Condorcet winner, or nobody: then nobody is undecided either. One seat.
[[nodiscard]] inline count condorcet(const comparisons& c, const conventions& = {}) {
    auto all = detail::begin("condorcet", c, 1);
    if (const auto w = condorcet_winner(c)) all.elected.push_back(*w);
    round r{.what = "who beats all others", .options = {}, .values = {}, .elected = all.elected, .dropped = {}, .why = {}, .exhausted = {}};
    r.why = all.elected.empty() ? "nobody does" : c.options()[all.elected.front()] + " does";
    all.rounds.push_back(std::move(r));
    return all;
}
[[nodiscard]] inline count condorcet(const ranked_ballots& b, const conventions& with = {}) { return condorcet(compare(b, with), with); }

/// Elects from the Smith set, and if that is smaller than the seats from everyone else. Reads `ties`.
[[nodiscard]] inline count smith(const comparisons& c, const conventions& with = {}, std::size_t seats = 1) {
    auto all = detail::begin("smith_set", c, seats);
    all.order = smith_ranking(c);
    return detail::finish(std::move(all), c, with);
}
[[nodiscard]] inline count smith(const ranked_ballots& b, const conventions& with = {}, std::size_t seats = 1) { return smith(compare(b, with), with, seats); }

/// Elects from the Schwartz set, and if that is smaller than the seats from everyone else. Reads `ties`.
[[nodiscard]] inline count schwartz(const comparisons& c, const conventions& with = {}, std::size_t seats = 1) {
    auto all = detail::begin("schwartz_set", c, seats);
    all.order = schwartz_ranking(c);
    return detail::finish(std::move(all), c, with);
}
[[nodiscard]] inline count schwartz(const ranked_ballots& b, const conventions& with = {}, std::size_t seats = 1) { return schwartz(compare(b, with), with, seats); }

}  // namespace quorate::tally
