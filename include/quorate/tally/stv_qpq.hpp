// Quota preferential by quotient (Woodall, Voting matters 17, 2003). Papers are never divided; each keeps account of how many seats it
// has already filled. The option with the highest quotient is elected when that passes the quota, otherwise the one with the lowest is
// excluded and the election begins again without it.
#pragma once

#include <quorate/tally/stv_state.hpp>

#include <utility>
#include <vector>

namespace quorate::tally::detail {

template <class Values>
class qpq_count : stv_state<Values> {
    using base = stv_state<Values>;
    using base::chain_, base::count_, base::exhausted_, base::papers_, base::quota_, base::rules_, base::standing_;
    using base::values_, base::votes_;
    using value = typename base::value;

public:
    qpq_count(const ranked_ballots& ballots, const stv_rules& rules, std::size_t seats, const Values& values)
        : base(ballots, rules, seats, values), filled_(papers_.rows(), values.whole(0)),
          quotients_(ballots.options().size(), values.whole(0)) {}

    count run() {
        count_.matrices.push_back({.name = "quotients, by round", .cells = {}});
        while (!base::complete()) {
            weigh();
            const auto high = base::extremes(base::hopefuls(), true, by_quotient());
            if (values_.compare(quotients_[high.front()], quota_) > 0) {
                if (!elect_one(high)) break;
            } else if (!exclude_one()) {
                break;
            }
        }
        if (count_.undecided.empty()) base::fill_last_seats();
        return std::move(count_);
    }

private:
    [[nodiscard]] auto by_quotient() const {
        return [this](option o) -> const value& { return quotients_[o]; };
    }
    /// The first hopeful of a paper; equal ranks can't be shared between quotients, so the first tier with one hopeful counts.
    [[nodiscard]] std::size_t top_of(std::size_t row) const {
        for (auto t = papers_.first_tier(row); t != papers_.first_tier(row + 1); ++t) {
            const auto  tier = papers_.tier(t);
            std::size_t found = none;
            std::size_t several = 0;
            for (const auto o : tier) {
                if (standing_[o] == standing::hopeful && ++several == 1) found = o;
            }
            if (several == 0 || (tier.size() > 1 && rules_.equal == equal_ranks::skip)) continue;
            if (several == 1) return found;
            if (rules_.equal == equal_ranks::exhaust || rules_.equal == equal_ranks::wait) return none;
        }
        return none;
    }

    void weigh() {
        auto inactive = values_.whole(0);
        auto active = values_.whole(0);
        auto own = std::vector<value>(votes_.size(), values_.whole(1));
        for (const auto o : base::hopefuls()) votes_[o] = values_.whole(0);
        exhausted_ = values_.whole(count_.ballots - papers_.valid());
        for (std::size_t row = 0; row < papers_.rows(); ++row) {
            const auto n = papers_.count(row);
            const auto top = top_of(row);
            if (top == none) {
                increase(inactive, values_.times(filled_[row], n));
                if (papers_.first_tier(row) != papers_.first_tier(row + 1)) increase(exhausted_, values_.whole(n));
                continue;
            }
            increase(active, values_.whole(n));
            increase(own[top], values_.times(filled_[row], n));
            increase(votes_[top], values_.whole(n));
        }
        for (const auto o : base::hopefuls()) quotients_[o] = values_.divide(votes_[o], own[o], rounding::down);
        const auto seats = static_cast<std::int64_t>(std::min<std::size_t>(count_.seats, most_options));
        quota_ = values_.divide(active, less_by(values_.whole(1 + seats), inactive), rounding::down);
    }

    bool elect_one(const std::vector<option>& high) {
        auto chosen = high.front();
        if (high.size() > 1) {
            const auto first = chain_.best(high, "highest quotient", count_);
            if (!first) return base::stop();
            chosen = *first;
        }
        const auto each = values_.divide(values_.whole(1), quotients_[chosen], rounding::down);
        for (std::size_t row = 0; row < papers_.rows(); ++row) {
            if (top_of(row) == chosen) filled_[row] = each;
        }
        note("election of " + base::name(chosen), {chosen}, {}, chosen);
        base::elect(chosen, standing::elected);
        return true;
    }
    bool exclude_one() {
        const auto low = base::extremes(base::hopefuls(), false, by_quotient());
        auto       chosen = low.front();
        if (low.size() > 1) {
            const auto last = chain_.worst(low, "lowest quotient", count_);
            if (!last) return base::stop();
            chosen = *last;
        }
        note("exclusion of " + base::name(chosen), {}, {chosen}, chosen);
        standing_[chosen] = standing::out;
        if (base::complete()) return true;
        for (const auto o : std::exchange(count_.elected, {})) standing_[o] = standing::hopeful;
        for (auto& f : filled_) f = values_.whole(0);
        return true;
    }
    void note(std::string what, std::vector<option> elected, std::vector<option> dropped, option o) {
        base::record(std::move(what), std::move(elected), std::move(dropped),
                     base::name(o) + " has the quotient " + values_.text(quotients_[o]) + ", " + base::quota_text());
        auto& table = count_.matrices.front();
        auto& row = table.cells.emplace_back();
        for (const auto& q : quotients_) row.push_back(values_.to_number(q));
        table.rows.push_back(std::to_string(table.cells.size()));
    }

    static constexpr std::size_t none = ~std::size_t{0};

    std::vector<value> filled_;  // seats that one such paper has filled so far
    std::vector<value> quotients_;
};

}  // namespace quorate::tally::detail
