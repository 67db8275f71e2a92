// Single transferable vote by papers that move: weighted inclusive Gregory and its legal variants.
#pragma once

#include <quorate/tally/stv_state.hpp>

#include <utility>
#include <vector>

namespace quorate::tally::detail {

template <class Values>
class gregory_count : stv_state<Values> {
    using base = stv_state<Values>;
    using base::chain_, base::count_, base::exhausted_, base::papers_, base::quota_, base::rules_, base::standing_;
    using base::values_, base::votes_;
    using value = typename base::value;

public:
    gregory_count(const ranked_ballots& ballots, const stv_rules& rules, std::size_t seats, const Values& values)
        : base(ballots, rules, seats, values), piles_(ballots.options().size()) {}

    count run() {
        exhausted_ = values_.whole(count_.ballots - papers_.valid());
        quota_ = base::quota_of(values_.whole(papers_.valid()));
        for (std::size_t row = 0; row < papers_.rows(); ++row) {
            if (papers_.first_tier(row) != papers_.first_tier(row + 1)) give({row, papers_.first_tier(row), values_.whole(1)});
        }
        base::record("first preferences", {}, {}, base::quota_text());
        while (!done() && step()) {}
        if (count_.undecided.empty()) base::fill_last_seats();
        return std::move(count_);
    }

private:
    /// Equal papers that stand together: all have come to the same tier with the same value.
    struct parcel {
        std::size_t row;
        std::size_t tier;
        value       each;
    };

    /// One round: who reaches the quota is elected; then losers at once, a surplus, or the lowest goes. False when a tie stands.
    bool step() {
        if (rules_.quota_each_round) quota_ = base::quota_of(active());
        std::vector<option> now;
        if (!base::elect_reaching(now, rules_.one_at_a_time)) return false;
        if (!now.empty()) {
            auto& last = count_.rounds.back();
            last.elected.insert(last.elected.end(), now.begin(), now.end());
            last.why = base::names(now) + (now.size() == 1 ? " reaches" : " reach") + " the quota of " + values_.text(quota_);
            if (done()) return true;
        }
        if (const auto losers = losers_at_once(); !losers.empty()) {
            exclude(losers, "even together and with all surpluses they stay below the next");
            return true;
        }
        if (const auto elected = base::those(standing::waiting); !elected.empty()) return move_surpluses(elected);
        const auto lowest = base::lowest(values_.whole(0));
        if (!lowest) return false;
        exclude({*lowest}, "fewest votes: " + values_.text(votes_[*lowest]));
        return true;
    }

    /// Whether the rest is filling the seats that are left, if any.
    [[nodiscard]] bool done() const {
        if (!base::complete()) return false;
        return !rules_.surpluses_first || base::seats_left() == 0 || base::those(standing::waiting).empty();
    }
    [[nodiscard]] value active() const {
        auto all = values_.whole(0);
        for (std::size_t o = 0; o < votes_.size(); ++o) {
            if (standing_[o] != standing::out) increase(all, votes_[o]);
        }
        return all;
    }
    [[nodiscard]] std::vector<option> losers_at_once() const {
        if (rules_.batch == stv_batch::none) return {};
        auto surplus = values_.whole(0);
        for (const auto o : base::those(standing::waiting)) increase(surplus, less_by(votes_[o], quota_));
        if (rules_.batch == stv_batch::sure_losers) return base::sure_losers(surplus);

        auto sorted = base::hopefuls();
        std::stable_sort(sorted.begin(), sorted.end(), [&](option a, option b) { return votes_[a] < votes_[b]; });
        const auto missing = less_by(quota_, votes_[sorted.back()]);  // to the one nearest to the quota
        return base::sure_losers(surplus, [&](std::size_t n) {
            if (base::seats_left() == 1 || sorted.size() - n == base::seats_left()) return true;
            auto theirs = values_.whole(0);
            for (std::size_t i = 0; i < n; ++i) increase(theirs, votes_[sorted[i]]);
            auto with_surplus = theirs;
            increase(with_surplus, surplus);
            return with_surplus < missing || (surplus == values_.whole(0) && less_by(theirs, votes_[sorted[n - 1]]) < missing);
        });
    }

    void exclude(const std::vector<option>& gone, std::string why) {
        for (const auto o : gone) standing_[o] = standing::out;
        // Where the last seats are filled now, no paper moves any more.
        if (!done()) {
            for (const auto o : gone) {
                for (auto& p : std::exchange(piles_[o], {})) give(std::move(p));
                votes_[o] = values_.whole(0);
            }
            give_waiting();
        }
        base::record("exclusion of " + base::names(gone), {}, gone, std::move(why));
    }

    bool move_surpluses(std::vector<option> elected) {
        if (!rules_.all_surpluses) {
            auto largest = base::extremes(std::move(elected), true, base::by_votes());
            if (largest.size() > 1) {
                const auto first = chain_.best(largest, "whose surplus moves first", count_);
                if (!first) return base::stop();
                largest = {*first};
            }
            elected = std::move(largest);
        }
        for (const auto o : elected) {
            const auto surplus = less_by(votes_[o], quota_);
            standing_[o] = standing::elected;
            move_surplus(o, surplus);
            give_waiting();
            base::record("surplus of " + base::name(o), {}, {}, base::name(o) + " has " + values_.text(surplus) + " beyond the quota");
        }
        return true;
    }
    void move_surplus(option o, const value& surplus) {
        const auto had = votes_[o];
        const bool by_fraction = rules_.rounding == stv_rounding::fraction_first;
        const auto fraction = by_fraction ? values_.divide(surplus, had, rounding::down) : values_.whole(0);
        auto       before = values_.whole(0);
        auto       after = before;
        for (auto& p : std::exchange(piles_[o], {})) {
            if (!(p.each == before)) {  // neighbours mostly have the same value
                before = p.each;
                switch (rules_.rounding) {
                    case stv_rounding::once: after = values_.scaled(before, surplus, had, rounding::down); break;
                    case stv_rounding::each_step:
                        after = values_.divide(values_.multiply(before, surplus, rounding::down), had, rounding::down);
                        break;
                    case stv_rounding::fraction_first: after = values_.multiply(before, fraction, rounding::down); break;
                }
            }
            p.each = after;
            give(std::move(p));
        }
        votes_[o] = quota_;
    }

    [[nodiscard]] bool receives(option o) const {
        return standing_[o] == standing::hopeful || (rules_.until_transferred && standing_[o] == standing::waiting);
    }
    /// Gives papers to the next option that receives, from their tier on.
    void give(parcel p) {
        const auto count = papers_.count(p.row);
        for (const auto end = papers_.first_tier(p.row + 1); p.tier != end; ++p.tier) {
            const auto tier = papers_.tier(p.tier);
            const auto several = std::count_if(tier.begin(), tier.end(), [&](option o) { return receives(o); });
            if (several == 0 || (tier.size() > 1 && rules_.equal == equal_ranks::skip)) continue;
            if (several > 1 && rules_.equal == equal_ranks::exhaust) break;
            if (several > 1 && rules_.equal == equal_ranks::wait) {
                increase(exhausted_, values_.times(p.each, count));
                waiting_.push_back(std::move(p));
                return;
            }
            if (several > 1) p.each = values_.over(p.each, several);
            for (const auto o : tier) {
                if (!receives(o)) continue;
                increase(votes_[o], values_.times(p.each, count));
                piles_[o].push_back(p);
            }
            return;
        }
        increase(exhausted_, values_.times(p.each, count));
    }
    /// Papers that wait for one of several equals are looked at again.
    void give_waiting() {
        for (auto& p : std::exchange(waiting_, {})) {
            exhausted_ = less_by(exhausted_, values_.times(p.each, papers_.count(p.row)));
            give(std::move(p));
        }
    }

    std::vector<std::vector<parcel>> piles_;
    std::vector<parcel>              waiting_;
};

}  // namespace quorate::tally::detail
