// Single transferable vote by iteration: Meek's and Warren's. Each option that is elected keeps part of every paper that reaches it,
// as much as leaves it the quota; what it doesn't keep goes on to the next option of that paper, elected or not.
#pragma once

#include <quorate/tally/stv_state.hpp>

#include <utility>
#include <vector>

namespace quorate::tally::detail {

template <class Values>
class meek_count : stv_state<Values> {
    using base = stv_state<Values>;
    using base::chain_, base::count_, base::exhausted_, base::papers_, base::quota_, base::rules_, base::standing_;
    using base::values_, base::votes_;
    using value = typename base::value;

public:
    meek_count(const ranked_ballots& ballots, const stv_rules& rules, std::size_t seats, const Values& values)
        : base(ballots, rules, seats, values), keep_(ballots.options().size(), values.whole(1)), surplus_(values.whole(0)) {}

    count run() {
        exhausted_ = values_.whole(count_.ballots - papers_.valid());
        quota_ = base::quota_of(values_.whole(papers_.valid()));
        gather();
        distribute();
        base::record("first preferences", {}, {}, base::quota_text());
        while (!base::complete() && step()) {}
        if (count_.undecided.empty()) base::fill_last_seats();
        return std::move(count_);
    }

private:
    enum class end_of_iteration : std::uint8_t { elected, batch, nobody, tie };

    bool step() {
        gather();
        std::vector<option> who;
        switch (iterate(who)) {
            case end_of_iteration::tie: return false;
            case end_of_iteration::elected:
                base::record("election of " + base::names(who), who, {}, base::quota_text());
                return true;
            case end_of_iteration::batch:
                exclude(who, "even together and with all surpluses they stay below the next");
                return true;
            case end_of_iteration::nobody: break;
        }
        const auto lowest = base::lowest(surplus_);
        if (!lowest) return false;
        exclude({*lowest}, "fewest votes: " + values_.text(votes_[*lowest]) + "; " + base::quota_text());
        return true;
    }
    void exclude(const std::vector<option>& gone, std::string why) {
        base::record("exclusion of " + base::names(gone), {}, gone, std::move(why));
        for (const auto o : gone) {
            standing_[o] = standing::out;
            votes_[o] = values_.whole(0);
        }
    }

    /// Changes what the elected keep until someone is elected or has to go.
    end_of_iteration iterate(std::vector<option>& who) {
        const auto smallest = values_.tenth(rules_.omega);
        auto       before = values_.whole(count_.ballots);
        for (;;) {
            distribute();
            auto all = values_.whole(0);
            for (option o = 0; o < votes_.size(); ++o) increase(all, votes_[o]);
            quota_ = base::quota_of(all);
            const auto fresh = count_.elected.size();
            if (!base::elect_reaching(who, false)) return end_of_iteration::tie;
            surplus_ = values_.whole(0);
            for (const auto o : count_.elected) increase(surplus_, less_by(votes_[o], quota_));
            if (surplus_ < values_.whole(0)) surplus_ = values_.whole(0);
            if (count_.elected.size() != fresh) return end_of_iteration::elected;
            const auto left = values_.compare(surplus_, smallest);
            if (left < 0 || (rules_.omega_met && left == 0)) return end_of_iteration::nobody;
            if (values_.compare(surplus_, before) >= 0) return end_of_iteration::nobody;  // rounding
            if (rules_.batch != stv_batch::none) {
                who = base::sure_losers(surplus_);
                if (!who.empty()) return end_of_iteration::batch;
            }
            before = surplus_;
            for (const auto o : count_.elected) {
                keep_[o] = values_.divide(values_.multiply(keep_[o], quota_, rounding::up), votes_[o], rounding::up);
            }
        }
    }

    /// What an option keeps of a paper that reaches it with `weight`, and what of it goes on.
    std::pair<value, value> split(option o, const value& weight) const {
        if (rules_.method == stv_method::warren) {
            const auto kept = std::min(keep_[o], weight);
            return {kept, less_by(weight, kept)};
        }
        if (rules_.keep_up) {
            const auto kept = values_.multiply(weight, keep_[o], rounding::up);
            return {kept, less_by(weight, kept)};
        }
        return {values_.multiply(weight, keep_[o], rounding::down),
                values_.multiply(weight, less_by(values_.whole(1), keep_[o]), rounding::down)};
    }

    void distribute() {
        for (auto& v : votes_) v = values_.whole(0);
        for (const auto first : roots_) distribute(first, values_.whole(1));
        for (const auto row : with_equals_) distribute_equals(row);
        exhausted_ = values_.whole(count_.ballots);
        for (const auto& v : votes_) exhausted_ = less_by(exhausted_, v);
    }
    void distribute(std::size_t at, const value& weight) {
        const auto& n = nodes_[at];
        const auto [kept, rest] = split(n.of, weight);
        increase(votes_[n.of], values_.times(kept, n.papers));
        if (!(values_.whole(0) < rest)) return;
        for (auto next = n.child; next != none; next = nodes_[next].sibling) distribute(next, rest);
    }
    void distribute_equals(std::size_t row) {
        auto weight = values_.whole(1);
        for (auto t = papers_.first_tier(row); t != papers_.first_tier(row + 1) && values_.whole(0) < weight; ++t) {
            const auto tier = papers_.tier(t);
            const auto several = std::count_if(tier.begin(), tier.end(), [&](option o) { return standing_[o] != standing::out; });
            if (several == 0 || (tier.size() > 1 && rules_.equal == equal_ranks::skip)) continue;
            if (several > 1 && (rules_.equal == equal_ranks::exhaust || rules_.equal == equal_ranks::wait)) return;
            const auto share = values_.over(weight, several);
            auto       rest = values_.whole(0);
            for (const auto o : tier) {
                if (standing_[o] == standing::out) continue;
                const auto [kept, on] = split(o, share);
                increase(votes_[o], values_.times(kept, papers_.count(row)));
                increase(rest, on);
            }
            weight = rest;
        }
    }

    /// Papers that take the same way as far as anything of them can get, which is to the first hopeful, are one path in a tree.
    struct node {
        option       of;
        std::int64_t papers = 0;
        std::size_t  child = none;
        std::size_t  sibling = none;
    };
    void gather() {
        nodes_.clear();
        roots_.clear();
        with_equals_.clear();
        std::vector<std::size_t> root_of(votes_.size(), none);
        for (std::size_t row = 0; row < papers_.rows(); ++row) {
            const auto from = papers_.first_tier(row);
            const auto end = papers_.first_tier(row + 1);
            if (!plain(from, end)) {
                with_equals_.push_back(row);
                continue;
            }
            auto at = none;
            for (auto t = from; t != end; ++t) {
                const auto o = papers_.tier(t).front();
                if (standing_[o] == standing::out) continue;
                if (at != none) {
                    at = child_of(at, o);
                } else {
                    if (root_of[o] == none) {
                        root_of[o] = add_node(o);
                        roots_.push_back(root_of[o]);
                    }
                    at = root_of[o];
                }
                nodes_[at].papers += papers_.count(row);
                if (standing_[o] == standing::hopeful) break;
            }
        }
    }
    [[nodiscard]] bool plain(std::size_t tier, std::size_t end) const {
        while (tier != end && papers_.tier(tier).size() == 1) ++tier;
        return tier == end;
    }
    std::size_t add_node(option o) {
        nodes_.push_back({.of = o});
        return nodes_.size() - 1;
    }
    std::size_t child_of(std::size_t at, option o) {
        for (auto c = nodes_[at].child; c != none; c = nodes_[c].sibling) {
            if (nodes_[c].of == o) return c;
        }
        const auto fresh = add_node(o);
        nodes_[fresh].sibling = nodes_[at].child;
        nodes_[at].child = fresh;
        return fresh;
    }

    static constexpr std::size_t none = ~std::size_t{0};

    std::vector<value>       keep_;
    value                    surplus_;
    std::vector<node>        nodes_;
    std::vector<std::size_t> roots_;
    std::vector<std::size_t> with_equals_;
};

}  // namespace quorate::tally::detail
