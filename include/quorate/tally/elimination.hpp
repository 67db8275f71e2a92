// What all methods share that drop the weakest option and count again.
#pragma once

#include <quorate/tally/pairwise.hpp>
#include <quorate/tally/plurality.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace quorate::tally {

/// Who goes in a round.
enum class weakest : std::uint8_t {
    one,          ///< one option; several that are level go to the chain against ties
    all_level,    ///< all that are level, unless nobody would be left: then these share the place
    sure_losers,  ///< the largest set whose votes together stay below the next one's; if there is none, one
};

/// More than half of what elects at once.
enum class majority : std::uint8_t {
    of_continuing,  ///< of the ballots that still count for someone
    of_ballots,     ///< of all ballots
    ignored,        ///< nothing does: options are dropped until one is left
};

/// Settings of the methods below, beside the conventions.
struct runoff_rules {
    tally::weakest  weakest = weakest::one;
    tally::majority majority = majority::of_continuing;
};

namespace detail {

/// A count by elimination under way.
class elimination {
public:
    elimination(std::string method, const ranked_ballots& ballots, const conventions& with, std::size_t seats, const runoff_rules& how)
        : ballots_(ballots), with_(with), how_(how), count_(begun(std::move(method), ballots, seats)), chain_(with, majority_of(ballots)),
          in_(ballots.options().size(), true) {}

    [[nodiscard]] const std::vector<bool>& in() const { return in_; }
    [[nodiscard]] std::vector<option> left() const { return every(in_); }
    [[nodiscard]] count& working() { return count_; }

    /// A round in which each option left has `values`; `continuing` ballots count for someone.
    void show(std::string what, const std::vector<number>& values, std::int64_t continuing, std::string why = {}) {
        count_.rounds.push_back(round_of(std::move(what), in_, values, std::move(why), count_.ballots - continuing));
    }
    /// Drops these together: one tier of the order.
    void drop(const std::vector<option>& gone, const std::string& why) {
        if (gone.empty()) return;
        for (const auto o : gone) in_[o] = false;
        dropped_.push_back(gone);
        if (count_.rounds.empty()) return;
        auto& last = count_.rounds.back();
        last.dropped.insert(last.dropped.end(), gone.begin(), gone.end());
        last.why.append(last.why.empty() ? "" : "; ").append(why);
    }
    /// Drops whoever has the least of `values`, as the rules say. False when that ends the count: all left are level, or a tie stands.
    bool drop_weakest(const std::vector<number>& values) {
        auto       all = left();
        const auto tiers = tiers_of(values);
        if (tiers.size() == 1 && with_.ties.empty()) return false;
        if (how_.weakest == weakest::sure_losers) {
            if (const auto losers = sure_losers(tiers, values); !losers.empty()) {
                drop(losers, "together fewer votes than the next");
                return true;
            }
        }
        const auto& level = tiers.back();
        if (level.size() == 1 || (how_.weakest == weakest::all_level && tiers.size() > 1)) {
            drop(level, level.size() == 1 ? "the fewest" : "all with the fewest");
            return true;
        }
        if (how_.weakest == weakest::all_level) return false;
        const auto last = chain_.worst(level, "who is dropped", count_);
        if (last) {
            drop({*last}, "chosen among the fewest");
            return true;
        }
        open_ = true;
        return false;
    }
    /// The options left in tiers, best first.
    [[nodiscard]] std::vector<std::vector<option>> tiers_of(const std::vector<number>& values) const {
        auto tiers = in_tiers(in_.size(), [&](option a, option b) { return in_[a] != in_[b] ? in_[a] : in_[a] && values[a] > values[b]; });
        std::erase_if(tiers, [&](const auto& tier) { return !in_[tier.front()]; });
        return tiers;
    }

    /// Ends the count with those left in these tiers; everyone who was dropped comes after, the last ones first.
    count finish(std::vector<std::vector<option>> best) {
        if (open_) {
            // A tie about who goes: everyone left might win yet.
            if (!count_.paused) count_.undecided = left();
            return std::move(count_);
        }
        count_.order = std::move(best);
        count_.order.insert(count_.order.end(), dropped_.rbegin(), dropped_.rend());
        elect_in_order(count_, chain_);
        if (!count_.rounds.empty()) count_.rounds.back().elected = count_.elected;
        return std::move(count_);
    }
    /// The same with all left level.
    count finish() {
        auto all = left();
        std::vector<std::vector<option>> tiers;
        if (!all.empty()) tiers.push_back(std::move(all));
        return finish(std::move(tiers));
    }

    /// Instant runoff among those left; `wins` may end it before each round.
    template <class Wins>
    count run_off(Wins&& wins) {
        top_votes top(ballots_, with_);
        while (left().size() > 1) {
            if (const std::optional<option> w = wins(*this)) {
                std::vector<option> rest;
                for (const auto o : left()) {
                    if (o != *w) rest.push_back(o);
                }
                return finish({{*w}, std::move(rest)});
            }
            const auto now = top.count(in_);
            show("round " + std::to_string(count_.rounds.size() + 1), now.votes, now.continuing);
            const auto tiers = tiers_of(now.votes);
            const auto base = how_.majority == majority::of_ballots ? count_.ballots : now.continuing;
            if (how_.majority != majority::ignored && multiply(now.votes[tiers.front().front()], 2) > number(base)) {
                count_.rounds.back().why = count_.options[tiers.front().front()] + " has more than half of " + std::to_string(base);
                return finish(tiers);
            }
            if (!drop_weakest(now.votes)) break;
        }
        return finish();
    }
    count run_off() {
        return run_off([](const elimination&) { return std::optional<option>{}; });
    }

private:
    [[nodiscard]] static std::vector<option> sure_losers(const std::vector<std::vector<option>>& tiers, const std::vector<number>& values) {
        std::vector<option> found;
        std::vector<option> so_far;
        number              together = 0;
        for (std::size_t i = tiers.size(); i-- > 1;) {
            for (const auto o : tiers[i]) {
                together = *add(together, values[o]);
                so_far.push_back(o);
            }
            if (together < values[tiers[i - 1].front()]) found = so_far;
        }
        return found;
    }

    const ranked_ballots&            ballots_;
    const conventions&               with_;
    runoff_rules                     how_;
    count                            count_;
    tie_chain                        chain_;
    std::vector<bool>                in_;
    std::vector<std::vector<option>> dropped_;
    bool                             open_ = false;
};

}  // namespace detail
}  // namespace quorate::tally
