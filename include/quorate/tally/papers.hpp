// Ballots as counts in rounds read them: each distinct ballot as tiers of options, best first, ready to be followed from one option
// to the next. Shared by single transferable vote and by runoffs.
#pragma once

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
        const auto               rows = ballots.rows();
        const auto               options = ballots.options().size();
        std::vector<std::size_t> start(rows + 1, 0);
        for (option o = 0; o < options; ++o) {
            const auto ranks = ballots.ranks(o);
            for (std::size_t row = 0; row < rows; ++row) start[row + 1] += ranks[row] == unranked ? 0U : 1U;
        }
        for (std::size_t row = 0; row < rows; ++row) start[row + 1] += start[row];
        std::vector<mark> marks(start[rows]);
        auto              next = start;
        for (option o = 0; o < options; ++o) {
            const auto ranks = ballots.ranks(o);
            for (std::size_t row = 0; row < rows; ++row) {
                if (ranks[row] != unranked) marks[next[row]++] = {ranks[row], o};
            }
        }
        options_.reserve(marks.size());
        tiers_.reserve(marks.size() + 1);
        rows_.reserve(rows + 1);
        for (std::size_t row = 0; row < rows; ++row) {
            rows_.push_back(tiers_.size());
            add_row(std::span(marks).subspan(start[row], start[row + 1] - start[row]), skipped, taking_part);
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
    struct mark {
        rank   at;
        option of;
        friend bool operator<(const mark& a, const mark& b) { return std::pair(a.at, a.of) < std::pair(b.at, b.of); }
    };

    void add_row(std::span<mark> marks, skipped_ranks skipped, const std::vector<bool>& taking_part) {
        std::sort(marks.begin(), marks.end());
        const int widest = skipped == skipped_ranks::close ? most_gap : skipped == skipped_ranks::exhaust ? 1 : 2;
        int       before = 0;
        bool      fresh = true;
        for (const auto m : marks) {
            if (m.at - before > widest) break;
            if (m.at != before) fresh = true;
            before = m.at;
            if (!taking_part[m.of]) continue;
            if (std::exchange(fresh, false)) tiers_.push_back(options_.size());
            options_.push_back(m.of);
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

/// A count with nothing counted yet.
inline count begin_count(std::string method, const ranked_ballots& ballots, std::size_t seats) {
    count c;
    c.method = std::move(method);
    c.options = ballots.options();
    c.seats = seats;
    c.ballots = ballots.total();
    return c;
}

}  // namespace quorate::tally::detail
