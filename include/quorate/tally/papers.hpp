// Ballots as counts in rounds read them: each distinct ballot as tiers of options, best first, ready to be followed from one option
// to the next. Shared by single transferable vote and by runoffs.
#pragma once

#include <quorate/tally/ballots.hpp>
#include <quorate/tally/conventions.hpp>
#include <quorate/tally/count.hpp>
#include <quorate/tally/ties.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace quorate::tally::detail {

/// Ranked ballots turned by row. Tiers are closed up; what `skipped` says about gaps is already done. Options that take no part
/// (withdrawn ones) are left out after that, so that they leave no gap. Rows that rank nobody stay, without tiers.
class papers {
public:
    papers(const ranked_ballots& ballots, skipped_ranks skipped, const std::vector<bool>& taking_part) : counts_(ballots.counts()) {
        const auto rows = ballots.rows();
        const auto options = ballots.options().size();
        // Columns are read one after the other without branches; each row of marks has a place to spare, for what is not ranked.
        std::vector<std::uint16_t> ranked(rows, 0);
        for (option o = 0; o < options; ++o) {
            const auto ranks = ballots.ranks(o);
            for (std::size_t row = 0; row < rows; ++row) ranked[row] = static_cast<std::uint16_t>(ranked[row] + (ranks[row] != unranked ? 1 : 0));
        }
        std::vector<std::size_t> next(rows + 1, 0);
        for (std::size_t row = 0; row < rows; ++row) next[row + 1] = next[row] + ranked[row] + 1;
        std::vector<mark> marks(next[rows]);
        for (option o = 0; o < options; ++o) {
            const auto ranks = ballots.ranks(o);
            for (std::size_t row = 0; row < rows; ++row) {
                marks[next[row]] = std::uint64_t{ranks[row]} << 32U | o;
                next[row] += ranks[row] != unranked ? 1U : 0U;
            }
        }
        options_.reserve(marks.size());
        tiers_.reserve(marks.size() + 1);
        rows_.reserve(rows + 1);
        for (std::size_t row = 0; row < rows; ++row) {
            rows_.push_back(tiers_.size());
            add_row(std::span(marks).subspan(next[row] - ranked[row], ranked[row]), skipped, taking_part);
        }
        rows_.push_back(tiers_.size());
        tiers_.push_back(options_.size());
    }

    [[nodiscard]] std::size_t rows() const { return counts_.size(); }
    [[nodiscard]] std::int64_t count(std::size_t row) const { return counts_[row]; }
    /// Tiers are numbered through all rows: those of a row are from `first_tier(row)` to below `first_tier(row + 1)`.
    [[nodiscard]] std::size_t first_tier(std::size_t row) const { return rows_[row]; }
    [[nodiscard]] std::span<const option> tier(std::size_t t) const {
        return std::span(options_).subspan(tiers_[t], tiers_[t + 1] - tiers_[t]);
    }
    /// Ballots that rank at least one option that takes part.
    [[nodiscard]] std::int64_t valid() const {
        std::int64_t all = 0;
        for (std::size_t row = 0; row < rows(); ++row) all += rows_[row] == rows_[row + 1] ? 0 : counts_[row];
        return all;
    }

private:
    using mark = std::uint64_t;  // the rank, then the option: in the order of a ballot when sorted

    static void sort(std::span<mark> marks) {
        constexpr std::size_t few = 24;  // longer ballots are rare
        if (marks.size() > few) {
            std::sort(marks.begin(), marks.end());
            return;
        }
        for (std::size_t i = 1; i < marks.size(); ++i) {
            const auto m = marks[i];
            auto       at = i;
            for (; at > 0 && marks[at - 1] > m; --at) marks[at] = marks[at - 1];
            marks[at] = m;
        }
    }
    void add_row(std::span<mark> marks, skipped_ranks skipped, const std::vector<bool>& taking_part) {
        sort(marks);
        const int widest = skipped == skipped_ranks::close ? most_gap : skipped == skipped_ranks::exhaust ? 1 : 2;
        int       before = 0;
        bool      fresh = true;
        for (const auto m : marks) {
            const auto at = static_cast<int>(m >> 32U);
            const auto o = static_cast<option>(m);
            if (at - before > widest) break;
            if (at != before) fresh = true;
            before = at;
            if (!taking_part[o]) continue;
            if (std::exchange(fresh, false)) tiers_.push_back(options_.size());
            options_.push_back(o);
        }
    }

    static constexpr int most_gap = 1 << 16;

    std::span<const std::int64_t> counts_;
    std::vector<option>           options_;
    std::vector<std::size_t>      tiers_;  // where each begins in options_, and one more
    std::vector<std::size_t>      rows_;   // where each begins in tiers_, and one more
};

/// Whether more ballots rank the one option above the other; an unranked option is below ranked ones. Keeps a reference.
inline tie_chain::prefers majority_of(const ranked_ballots& ballots) {
    return [&ballots](option a, option b) {
        std::int64_t lead = 0;
        const auto   first = ballots.ranks(a);
        const auto   second = ballots.ranks(b);
        for (std::size_t row = 0; row < ballots.rows(); ++row) {
            // Unranked is 0; one less, without a sign, it is the worst rank of all.
            const auto x = static_cast<rank>(first[row] - 1);
            const auto y = static_cast<rank>(second[row] - 1);
            lead += x < y ? ballots.counts()[row] : y < x ? -ballots.counts()[row] : 0;
        }
        return lead > 0;
    };
}

}  // namespace quorate::tally::detail
