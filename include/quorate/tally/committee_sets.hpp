// What all committee methods share: approvals by ballot, and how equally good committees become a result.
#pragma once

#include <quorate/tally/ballots.hpp>
#include <quorate/tally/seats.hpp>

namespace quorate::tally {

/// The most committees that are listed as equally good, and the most ways that are followed when a seat is tied.
inline constexpr std::size_t most_committees = 1'000;

namespace detail {

/// Who approves whom; rows are those of the ballots.
struct approvals {
    explicit approvals(const rated_ballots& b)
        : ballots(b.total()), counts(b.counts().begin(), b.counts().end()), of(b.options().size()), names(b.rows()) {
        for (std::size_t row = 0; row < b.rows(); ++row)
            for (option o = 0; o < of.size(); ++o)
                if (b.at(row, o) > 0) {
                    of[o].push_back(row);
                    names[row].push_back(o);
                }
    }
    [[nodiscard]] bool nobody() const {
        return std::all_of(of.begin(), of.end(), [](const auto& rows) { return rows.empty(); });
    }

    std::int64_t                          ballots;
    std::vector<std::int64_t>             counts;  ///< of each row
    std::vector<std::vector<std::size_t>> of;      ///< rows that approve an option
    std::vector<std::vector<option>>      names;   ///< options that a row approves
};

/// Committees that are equally good, gathered one by one; each is in ascending order.
struct equal_committees {
    std::vector<std::vector<option>> listed;
    std::size_t                      found = 0;
    std::vector<option>              in_all;
    std::vector<option>              in_some;

    void clear() { *this = {}; }
    void add(const std::vector<option>& one) {
        std::vector<option> both;
        if (found++ == 0) {
            in_all = in_some = one;
        } else {
            std::set_intersection(in_all.begin(), in_all.end(), one.begin(), one.end(), std::back_inserter(both));
            in_all = std::move(both);
            both.clear();
            std::set_union(in_some.begin(), in_some.end(), one.begin(), one.end(), std::back_inserter(both));
            in_some = std::move(both);
        }
        if (listed.size() < most_committees) listed.push_back(one);
    }
    [[nodiscard]] bool all_listed() const { return listed.size() == found; }
};

/// Sets the result of a count from its equally good committees. As long as all of them are known, the chain is asked whom to
/// prefer; otherwise the last round, which says why already, says how many there are.
inline void conclude(count& c, equal_committees found, tie_chain& chain) {
    std::sort(found.listed.begin(), found.listed.end());
    c.sets = found.listed;
    if (!found.all_listed())
        c.rounds.back().why += "; " + std::to_string(found.found) + " committees are equally good, the first "
            + std::to_string(most_committees) + " are listed";
    while (found.found > 1 && found.all_listed()) {
        std::vector<option> open;
        std::set_difference(found.in_some.begin(), found.in_some.end(), found.in_all.begin(), found.in_all.end(),
            std::back_inserter(open));
        const auto first = chain.best(open, "equally good committees", c);
        if (!first) break;
        equal_committees left;
        for (const auto& one : found.listed)
            if (std::find(one.begin(), one.end(), *first) != one.end()) left.add(one);
        found = std::move(left);
    }
    c.elected = found.in_all;
    c.undecided.clear();
    std::set_difference(found.in_some.begin(), found.in_some.end(), found.in_all.begin(), found.in_all.end(),
        std::back_inserter(c.undecided));
}

/// Whether the result is known without counting: no seats, seats for all, or nobody approved. It is then in `c`.
[[nodiscard]] inline bool settled(count& c, const approvals& a) {
    const auto all = all_options(c.options.size());
    round      r{.what = "approvals", .options = all};
    for (const auto o : all) {
        std::int64_t n = 0;
        for (const auto row : a.of[o]) n += a.counts[row];
        r.values.emplace_back(n);
    }
    c.rounds.push_back(std::move(r));
    if (c.seats == 0) return true;
    if (c.seats >= all.size()) {
        c.elected = all;
        c.rounds.back().elected = all;
        c.rounds.back().why = "there are seats for all";
        if (!all.empty()) c.sets = {all};
        return true;
    }
    if (!a.nobody()) return false;
    c.undecided = all;
    c.rounds.back().why = "nobody is approved: every committee is as good as any other";
    return true;
}

}  // namespace detail
}  // namespace quorate::tally
