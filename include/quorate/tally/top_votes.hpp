// Votes for the best option left: what plurality, instant runoff and their relatives count in every round.
#pragma once

#include <quorate/tally/papers.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace quorate::tally::detail {

/// Votes as whole ones and as parts of split ones; a number only when someone asks.
class vote_sums {
public:
    explicit vote_sums(std::size_t options) : whole_(options, 0), parts_(options, 0) {}
    void give(option o, std::int64_t votes) { whole_[o] += votes; }
    /// votes * share / of.
    void give(option o, std::int64_t votes, std::int64_t share, std::int64_t of) {
        parts_[o] = *add(parts_[o], multiply(votes, number::fraction(share, of)));
    }
    [[nodiscard]] number of(option o) const { return *add(whole_[o], parts_[o]); }

private:
    std::vector<std::int64_t> whole_;
    std::vector<number>       parts_;
};

/// Gives one vote of each of `n` ballots to a tier, as `equal` says. False when they count for nobody.
inline bool give_tier(vote_sums& sums, const std::vector<option>& tier, std::int64_t n, equal_ranks equal) {
    if (tier.size() == 1 || equal == equal_ranks::whole) {
        for (const auto o : tier) sums.give(o, n);
        return true;
    }
    if (equal != equal_ranks::split) return false;
    for (const auto o : tier) sums.give(o, n, 1, static_cast<std::int64_t>(tier.size()));
    return true;
}

/// Counts the best options left, round after round: options only ever leave. A ballot that an equal rank has exhausted stays so.
class top_votes {
public:
    top_votes(const ranked_ballots& ballots, const conventions& with)
        : papers_(ballots, with.skipped, std::vector<bool>(ballots.options().size(), true)), equal_(with.equal), over_(papers_.rows(), false) {}

    struct result {
        std::vector<number> votes;      ///< by option; 0 for those that are not in
        std::int64_t        continuing = 0;  ///< ballots that count for someone
    };
    [[nodiscard]] result count(const std::vector<bool>& in) {
        vote_sums    sums(in.size());
        std::int64_t continuing = 0;
        for (std::size_t row = 0; row < papers_.rows(); ++row) {
            if (!over_[row] && give(row, in, sums)) continuing += papers_.count(row);
        }
        result r{.votes = {}, .continuing = continuing};
        for (option o = 0; o < in.size(); ++o) r.votes.push_back(sums.of(o));
        return r;
    }
    [[nodiscard]] const papers& all() const { return papers_; }

private:
    bool give(std::size_t row, const std::vector<bool>& in, vote_sums& sums) {
        for (auto t = papers_.first_tier(row); t != papers_.first_tier(row + 1); ++t) {
            const auto tier = papers_.tier(t);
            if (tier.size() == 1) {
                if (!in[tier.front()]) continue;
                sums.give(tier.front(), papers_.count(row));
                return true;
            }
            if (equal_ == equal_ranks::skip) continue;
            left_.clear();
            std::copy_if(tier.begin(), tier.end(), std::back_inserter(left_), [&](option o) { return in[o]; });
            if (left_.empty()) continue;
            if (give_tier(sums, left_, papers_.count(row), equal_)) return true;
            over_[row] = equal_ == equal_ranks::exhaust;
            return false;
        }
        return false;
    }

    papers              papers_;
    equal_ranks         equal_;
    std::vector<bool>   over_;
    std::vector<option> left_;
};

}  // namespace quorate::tally::detail
