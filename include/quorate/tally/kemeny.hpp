// Kemeny: the ranking that disagrees least with the ballots. (J. G. Kemeny 1959; H. P. Young and A. Levenglick 1978.)
#pragma once

#include <quorate/tally/pairwise.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace quorate::tally {

/// The most options of an exact Kemeny count: it looks at every set of them, and keeps two numbers for each.
inline constexpr std::size_t most_kemeny_options = 20;
/// The most optimal rankings that are listed; how many there are is counted in full.
inline constexpr std::size_t most_kemeny_rankings = 1'000;

namespace detail {

/// Sets of options as bits. For each set the least disagreement among those in it when they come first, and among the others when they
/// come after it (M. Held, R. M. Karp 1962).
class kemeny_search {
public:
    using set = std::uint32_t;

    explicit kemeny_search(const comparisons& c) : size_(c.size()), from_top_(std::size_t{1} << size_), to_bottom_(from_top_.size()), against_(size_) {
        for (option a = 0; a < size_; ++a) {
            for (std::size_t half = 0; half < 2; ++half) {
                auto& sums = against_[a][half];
                for (std::size_t s = 1; s < sums.size(); ++s) {
                    const auto lowest = static_cast<std::size_t>(std::countr_zero(s));
                    const auto b = half * half_bits + lowest;
                    sums[s] = sums[s & (s - 1)] + (b < size_ && b != a ? c.votes(a, static_cast<option>(b)) : 0);
                }
            }
        }
        for (set s = 1; s < from_top_.size(); ++s) {
            from_top_[s] = least(s, [&](option a) { return from_top_[s ^ bit(a)] + cost(a, s ^ bit(a)); });
        }
        for (set s = everyone(); s-- > 0;) {
            to_bottom_[s] = least(everyone() ^ s, [&](option a) { return to_bottom_[s | bit(a)] + cost(a, s); });
        }
    }

    [[nodiscard]] std::int64_t disagreement() const { return from_top_.back(); }
    [[nodiscard]] set          everyone() const { return static_cast<set>(from_top_.size() - 1); }
    static set                 bit(option a) { return set{1} << a; }
    /// Whether the options in s are the first ones of an optimal ranking.
    [[nodiscard]] bool begins(set s) const { return from_top_[s] + to_bottom_[s] == disagreement(); }
    /// Whether a follows s in an optimal ranking that begins with s in the best order.
    [[nodiscard]] bool goes_on(set s, option a) const {
        return (s & bit(a)) == 0 && begins(s) && to_bottom_[s] == to_bottom_[s | bit(a)] + cost(a, s);
    }

    /// How many optimal rankings there are; 20! fits in 64 bits.
    [[nodiscard]] std::int64_t rankings() const {
        std::vector<std::int64_t> ways(from_top_.size());
        ways[everyone()] = 1;
        for (set s = everyone(); s-- > 0;) {
            for (option a = 0; a < size_; ++a) {
                if (goes_on(s, a)) ways[s] += ways[s | bit(a)];
            }
        }
        return ways[0];
    }
    /// The first of them by the places of their options.
    [[nodiscard]] std::vector<std::vector<option>> list(std::size_t most) const {
        std::vector<std::vector<option>> all;
        std::vector<option>              begun;
        extend(0, begun, all, most);
        return all;
    }

private:
    static constexpr std::size_t half_bits = most_kemeny_options / 2;

    /// Ballots that disagree when a comes after all of s.
    [[nodiscard]] std::int64_t cost(option a, set s) const {
        constexpr set low = (set{1} << half_bits) - 1;
        return against_[a][0][s & low] + against_[a][1][s >> half_bits];
    }
    template <class Value>
    std::int64_t least(set of, Value&& value) const {
        auto best = std::numeric_limits<std::int64_t>::max();
        for (auto rest = of; rest != 0; rest &= rest - 1) best = std::min(best, value(static_cast<option>(std::countr_zero(rest))));
        return best;
    }
    void extend(set s, std::vector<option>& begun, std::vector<std::vector<option>>& all, std::size_t most) const {
        if (s == everyone()) all.push_back(begun);
        for (option a = 0; a < size_ && all.size() < most; ++a) {
            if (!goes_on(s, a)) continue;
            begun.push_back(a);
            extend(s | bit(a), begun, all, most);
            begun.pop_back();
        }
    }

    std::size_t               size_;
    std::vector<std::int64_t> from_top_;
    std::vector<std::int64_t> to_bottom_;
    /// By option, half of the options and set in it: the ballots that prefer the option to those in the set.
    std::vector<std::array<std::array<std::int64_t, std::size_t{1} << half_bits>, 2>> against_;
};

/// Seats from the sets of options that can be the first `seats` of an optimal ranking: who is in all of them is elected. The chain
/// chooses among the others, one at a time, and what it chooses leaves fewer sets.
inline void elect_first(const kemeny_search& search, count& c, tie_chain& chain) {
    std::vector<kemeny_search::set> tops;
    for (kemeny_search::set s = 0; s <= search.everyone(); ++s) {
        if (static_cast<std::size_t>(std::popcount(s)) == c.seats && search.begins(s)) tops.push_back(s);
    }
    while (true) {
        kemeny_search::set in_all = search.everyone(), in_some = 0;
        for (const auto s : tops) {
            in_all &= s;
            in_some |= s;
        }
        std::vector<option> open;
        for (option o = 0; o < c.options.size(); ++o) {
            const bool elected = std::find(c.elected.begin(), c.elected.end(), o) != c.elected.end();
            if ((in_all & search.bit(o)) != 0 && !elected) c.elected.push_back(o);
            if ((in_some & ~in_all & search.bit(o)) != 0) open.push_back(o);
        }
        if (open.empty()) return;
        const auto one = chain.best(open, c.seats == 1 ? "winner" : "last seat", c);
        if (!one) {
            c.undecided = std::move(open);
            return;
        }
        std::erase_if(tops, [&](auto s) { return (s & search.bit(*one)) == 0; });
    }
}

}  // namespace detail

/// Kemeny, exact. `sets` lists the optimal rankings, at most `most_kemeny_rankings`; `order` is the optimal ranking when there is one only.
/// The options that are first in optimal rankings win; several are tied, and the chain decides. Reads `ties`. Refuses more
/// than `most_kemeny_options` options. Without ballots every ranking is optimal.
[[nodiscard]] inline result<count> kemeny(const comparisons& c, const conventions& with = {}, std::size_t seats = 1) {
    if (c.size() > most_kemeny_options) {
        return make_error(errc::limit, "Kemeny is counted exactly for at most " + std::to_string(most_kemeny_options) + " options, here are " +
                                           std::to_string(c.size()),
                          {}, "leave out options that can't win, or count by ranked_pairs or schulze");
    }
    auto                        all = detail::begin("kemeny", c, seats);
    const detail::kemeny_search search(c);
    const auto                  rankings = search.rankings();
    all.sets = search.list(most_kemeny_rankings);
    round r{.what = "least disagreement", .options = {}, .values = {}, .elected = {}, .dropped = {}, .why = {}, .exhausted = {}};
    r.why = "rankings disagree with ballots about pairs at least " + std::to_string(search.disagreement()) + " times; " + std::to_string(rankings) +
            (rankings == 1 ? " ranking does so" : " rankings do so");
    if (all.sets.size() < static_cast<std::uint64_t>(rankings)) r.why += ", the first " + std::to_string(all.sets.size()) + " are listed";
    all.rounds.push_back(std::move(r));
    if (rankings == 1) {
        for (const auto o : all.sets.front()) all.order.push_back({o});
    }
    auto chain = detail::chain_of(c, with);
    if (!all.order.empty() || c.size() == 0) elect_in_order(all, chain);
    else if (seats >= c.size()) {
        for (option o = 0; o < c.size(); ++o) all.elected.push_back(o);
    } else detail::elect_first(search, all, chain);
    return all;
}
[[nodiscard]] inline result<count> kemeny(const ranked_ballots& b, const conventions& with = {}, std::size_t seats = 1) { return kemeny(compare(b, with), with, seats); }

}  // namespace quorate::tally
