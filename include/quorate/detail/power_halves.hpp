// Games of several tests: the coalitions of each half of the members are listed, grouped and matched. Included by power.hpp only.
#pragma once

#include <algorithm>
#include <bit>
#include <map>
#include <optional>


namespace quorate::power {
namespace detail {

/// A coalition within a half, by its sum in the test that has the most different sums.
struct half_coalition {
    std::uint64_t sum = 0;
    std::uint32_t members = 0;  ///< bits
};
/// The coalitions of a half that are of one size and alike in all other tests, ascending by sum.
struct half_group {
    std::size_t                 size = 0;
    std::vector<std::uint64_t>  others{};  ///< sums, by test; that of the main test is 0
    std::vector<half_coalition> all{};
};

class halves {
public:
    halves(const compound_game& g, std::size_t members) : g_(g), n_(members), first_(members / 2) {
        std::uint64_t heaviest = 0;
        for (std::size_t t = 0; t < g.tests.size(); ++t)
            if (const auto sum = total(g.tests[t].weights); sum > heaviest) heaviest = sum, main_ = t;
        low_ = list(0, first_);
        high_ = list(first_, n_);
    }

    [[nodiscard]] std::uint64_t matches() const {
        std::uint64_t n = 0;
        for (const auto& a : low_)
            for (const auto& b : high_) n += a.all.size() + b.all.size();
        return n;
    }

    indices count() {
        with_.assign(n_ + 1, std::vector<std::uint64_t>(n_, 0));
        won_.assign(n_ + 1, 0);
        for (const auto& a : low_)
            for (const auto& b : high_)
                if (const auto needed = least(a, b)) {
                    match(a, b, *needed, 0, true);
                    match(b, a, *needed, first_, false);
                }
        auto       out = nobody_decides(n_, false);
        const auto orders = orders_with_before(n_);
        const auto all_orders = factorial(n_);
        for (const auto n : won_) out.winning += n;
        out.losing -= out.winning;
        for (std::size_t i = 0; i < n_; ++i) {
            integer decides = 0;
            // More yes never loses here, so that a coalition of k + 1 with the member is a swing unless it wins without them, too.
            for (std::size_t k = 0; k < n_; ++k) {
                const integer swings = integer(with_[k + 1][i]) - (won_[k] - with_[k][i]);
                out.swings[i] += swings;
                decides += swings * orders[k];
            }
            out.shapley_shubik[i] = ratio(decides, all_orders);
        }
        return out;
    }

private:
    [[nodiscard]] std::vector<half_group> list(std::size_t from, std::size_t to) const {
        std::map<std::pair<std::size_t, std::vector<std::uint64_t>>, std::vector<half_coalition>> groups;
        std::vector<std::uint64_t> sums(g_.tests.size());
        for (std::uint32_t c = 0; c < (std::uint32_t{1} << (to - from)); ++c) {
            for (std::size_t t = 0; t < sums.size(); ++t) {
                sums[t] = 0;
                for (auto rest = c; rest != 0; rest &= rest - 1) sums[t] += g_.tests[t].weights[from + static_cast<std::size_t>(std::countr_zero(rest))];
            }
            const auto main = std::exchange(sums[main_], 0);
            groups[{static_cast<std::size_t>(std::popcount(c)), sums}].push_back({main, c});
        }
        std::vector<half_group> out;
        for (auto& [key, all] : groups) {
            std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.sum < b.sum; });
            out.push_back({key.first, key.second, std::move(all)});
        }
        return out;
    }

    /// The least sum in the main test with which coalitions of these two groups win together; nothing: none does.
    [[nodiscard]] std::optional<std::uint64_t> least(const half_group& a, const half_group& b) const {
        std::optional<std::uint64_t> needed;
        for (const auto& way : g_.any_of) {
            std::uint64_t here = 0;
            const bool    passes = std::all_of(way.begin(), way.end(), [&](std::size_t t) {
                if (t == main_) here = g_.tests[t].quota;
                return t == main_ || a.others[t] + b.others[t] >= g_.tests[t].quota;
            });
            if (passes) needed = needed ? std::min(*needed, here) : here;
        }
        return needed;
    }

    /// For each coalition of `a` how many of `b` win with it.
    void match(const half_group& a, const half_group& b, std::uint64_t needed, std::size_t offset, bool totals) {
        auto&       with = with_[a.size + b.size];
        std::size_t first = b.all.size();
        for (const auto& one : a.all) {
            while (first > 0 && one.sum + b.all[first - 1].sum >= needed) --first;
            const auto n = b.all.size() - first;
            if (n == 0) continue;
            if (totals) won_[a.size + b.size] += n;
            for (auto rest = one.members; rest != 0; rest &= rest - 1) with[offset + static_cast<std::size_t>(std::countr_zero(rest))] += n;
        }
    }

    const compound_game&                    g_;
    std::size_t                             n_, first_, main_ = 0;
    std::vector<half_group>                 low_, high_;
    std::vector<std::vector<std::uint64_t>> with_;  ///< winning coalitions by size and member
    std::vector<std::uint64_t>              won_;   ///< by size
};

}  // namespace detail

inline result<indices> indices_of(const compound_game& g) {
    if (g.tests.empty() || g.any_of.empty()) return make_error(errc::invalid, "a game needs tests and ways to pass them", "power");
    if (g.tests.size() > most_tests) return make_error(errc::limit, "more than " + std::to_string(most_tests) + " tests", "power");
    const auto n = g.tests[0].weights.size();
    for (const auto& t : g.tests) {
        if (t.weights.size() != n) return make_error(errc::invalid, "the tests are about different numbers of members", "power");
        if (const auto fine = detail::fits(n, t.weights); !fine) return fine.error();
    }
    for (const auto& way : g.any_of)
        for (const auto t : way)
            if (t >= g.tests.size()) return make_error(errc::invalid, "a way names test " + std::to_string(t) + ", which there isn't", "power");
    if (n > most_split_members)
        return make_error(errc::limit, std::to_string(n) + " members are more than the " + std::to_string(most_split_members) + " of games of several tests",
                          "power", "estimate it by drawing coalitions");
    detail::halves split(g, n);
    if (split.matches() > most_matches)
        return make_error(errc::limit, "the two halves of these members have too many different sums", "power", "estimate it by drawing coalitions");
    return split.count();
}

}  // namespace quorate::power
