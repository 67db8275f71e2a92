// Weighted games by tables of sums, concentration, and how fractions are printed. Included by power.hpp only.
#pragma once

#include <algorithm>
#include <numeric>


namespace quorate::power {
namespace detail {

inline result<void> fits(std::size_t members, std::span<const std::uint64_t> weights) {
    if (members == 0) return make_error(errc::invalid, "a game needs members", "power");
    if (members > most_members)
        return make_error(errc::limit, std::to_string(members) + " members are more than " + std::to_string(most_members), "power",
                          "estimate it by drawing coalitions");
    for (const auto w : weights)
        if (w > greatest_weight) return make_error(errc::limit, "a weight is greater than 2^56", "power", "divide all weights and the quota");
    return {};
}

inline std::uint64_t total(std::span<const std::uint64_t> weights) { return std::accumulate(weights.begin(), weights.end(), std::uint64_t{0}); }

/// k! (n - 1 - k)! for each k: in so many of the n! orders exactly these k come before a member.
inline std::vector<integer> orders_with_before(std::size_t n) {
    std::vector<integer> factorial(n + 1, 1);
    for (std::size_t i = 1; i <= n; ++i) factorial[i] = factorial[i - 1] * i;
    std::vector<integer> all(n);
    for (std::size_t k = 0; k < n; ++k) all[k] = factorial[k] * factorial[n - 1 - k];
    return all;
}
inline integer factorial(std::size_t n) {
    integer f = 1;
    for (std::size_t i = 2; i <= n; ++i) f *= i;
    return f;
}

inline indices nobody_decides(std::size_t members, bool all_win) {
    const integer all = integer(1) << members;
    return {.members = members, .winning = all_win ? all : 0, .losing = all_win ? 0 : all, .count = std::vector<std::uint64_t>(members, 1),
            .swings = std::vector<integer>(members, 0), .shapley_shubik = std::vector<ratio>(members, 0)};
}

/// How many coalitions of each size have each sum below the quota.
template <class Count>
class sum_table {
public:
    sum_table(std::size_t members, std::size_t quota) : rows_(members + 1), quota_(quota), cells_(rows_ * quota, Count(0)) { cells_[0] = 1; }

    void add(std::size_t weight) {
        for (std::size_t k = rows_ - 1; k > 0; --k)
            for (std::size_t w = weight; w < quota_; ++w) at(k, w) += at(k - 1, w - weight);
    }
    void take_out(std::size_t weight) {
        for (std::size_t k = 1; k < rows_; ++k)
            for (std::size_t w = weight; w < quota_; ++w) at(k, w) -= at(k - 1, w - weight);
    }
    /// Coalitions of k with a sum of at least `from`, below the quota.
    [[nodiscard]] integer from(std::size_t k, std::size_t from) const {
        integer n = 0;
        for (std::size_t w = from; w < quota_; ++w) n += integer(cells_[k * quota_ + w]);
        return n;
    }
    [[nodiscard]] std::size_t rows() const { return rows_; }

private:
    Count&             at(std::size_t k, std::size_t w) { return cells_[k * quota_ + w]; }
    std::size_t        rows_, quota_;
    std::vector<Count> cells_;
};

template <class Count>
indices by_table(const weighted_game& g, std::size_t quota, bool dual) {
    const auto       n = g.weights.size();
    sum_table<Count> all(n, quota);
    for (const auto w : g.weights) all.add(static_cast<std::size_t>(w));
    auto a = nobody_decides(n, false);
    for (std::size_t k = 0; k <= n; ++k) a.winning += all.from(k, 0);
    a.losing -= a.winning;  // what is in the table loses; in the dual game just as many win
    if (!dual) std::swap(a.winning, a.losing);
    const auto orders = orders_with_before(n);
    const auto all_orders = factorial(n);
    for (std::size_t i = 0; i < n; ++i) {
        const auto w = static_cast<std::size_t>(g.weights[i]);
        if (const auto same = std::find(g.weights.begin(), g.weights.end(), g.weights[i]) - g.weights.begin(); static_cast<std::size_t>(same) < i) {
            a.swings[i] = a.swings[static_cast<std::size_t>(same)];
            a.shapley_shubik[i] = a.shapley_shubik[static_cast<std::size_t>(same)];
            continue;
        }
        if (w == 0) continue;
        auto without = all;
        without.take_out(w);
        integer decides = 0;
        for (std::size_t k = 0; k < n; ++k) {
            const auto swings = without.from(k, w >= quota ? 0 : quota - w);
            a.swings[i] += swings;
            decides += swings * orders[k];
        }
        a.shapley_shubik[i] = ratio(decides, all_orders);
    }
    return a;
}

/// The same game with the smallest numbers.
inline weighted_game reduced(weighted_game g) {
    std::uint64_t common = 0;
    for (const auto w : g.weights) common = std::gcd(common, w);
    if (common <= 1) return g;
    for (auto& w : g.weights) w /= common;
    g.quota = g.quota / common + (g.quota % common != 0 ? 1 : 0);
    return g;
}

}  // namespace detail

inline result<indices> indices_of(const weighted_game& given) {
    const auto n = given.weights.size();
    if (const auto fine = detail::fits(n, given.weights); !fine) return fine.error();
    const auto g = detail::reduced(given);
    const auto sum = detail::total(g.weights);
    if (g.quota == 0 || g.quota > sum) return detail::nobody_decides(n, g.quota == 0);
    // Who can block has the same swings as who can win, so the smaller of both quotas is tabulated.
    const bool dual = sum - g.quota + 1 < g.quota;
    const auto quota = dual ? sum - g.quota + 1 : g.quota;
    if (quota > most_table_cells / (n + 1)) {
        if (n <= most_split_members) return indices_of(compound_game{.tests = {g}, .any_of = {{0}}});
        return make_error(errc::limit, "weights of " + std::to_string(n) + " members that add up to " + std::to_string(sum) + " need too large a table",
                          "power", "estimate it by drawing coalitions, or round the weights");
    }
    using boost::multiprecision::uint128_t;
    using boost::multiprecision::uint512_t;
    return n < 128 ? detail::by_table<uint128_t>(g, static_cast<std::size_t>(quota), dual)
                   : detail::by_table<uint512_t>(g, static_cast<std::size_t>(quota), dual);
}

inline weighted_game blocking(const weighted_game& g) {
    const auto sum = detail::total(g.weights);
    return {.weights = g.weights, .quota = g.quota > sum ? 0 : sum - g.quota + 1};
}

inline result<coalitions> minimal_winning(const weighted_game& g, std::size_t most) {
    const auto n = g.weights.size();
    if (const auto fine = detail::fits(n, g.weights); !fine) return fine.error();
    coalitions out;
    const auto sum = detail::total(g.weights);
    if (g.quota > sum) return out;
    if (g.quota == 0) return coalitions{.list = {{}}, .total = 1, .smallest = 0, .whole = true};
    std::vector<std::uint32_t> order(n);
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return g.weights[a] > g.weights[b]; });
    std::uint64_t reached = 0;
    while (reached < g.quota) reached += g.weights[order[out.smallest++]];
    // A winning coalition is minimal when it loses without its lightest member: so many sums of heavier ones are just short of it.
    if (g.quota <= most_table_cells) {
        std::vector<integer> sums(static_cast<std::size_t>(g.quota), 0);
        sums[0] = 1;
        for (const auto i : order) {
            const auto w = g.weights[i];
            for (auto s = w >= g.quota ? 0 : g.quota - w; w > 0 && s < g.quota; ++s) out.total += sums[static_cast<std::size_t>(s)];
            for (auto s = g.quota; w > 0 && s-- > w;) sums[static_cast<std::size_t>(s)] += sums[static_cast<std::size_t>(s - w)];
        }
    }
    std::vector<std::uint64_t> rest(n + 1, 0);
    for (std::size_t i = n; i-- > 0;) rest[i] = rest[i + 1] + g.weights[order[i]];
    std::vector<std::uint32_t> taken;
    const std::function<void(std::size_t, std::uint64_t)> extend = [&](std::size_t from, std::uint64_t have) {
        for (auto i = from; i < n && out.whole; ++i) {
            const auto w = g.weights[order[i]];
            if (w == 0 || have + rest[i] < g.quota) return;
            taken.push_back(order[i]);
            if (have + w < g.quota) extend(i + 1, have + w);
            else if (out.list.size() < most) out.list.push_back(taken);
            else out.whole = false;
            taken.pop_back();
        }
    };
    extend(0, 0);
    for (auto& each : out.list) std::sort(each.begin(), each.end());
    if (out.total == 0 && out.whole) out.total = out.list.size();
    return out;
}

inline concentration concentration_of(std::vector<std::uint64_t> weights) {
    std::sort(weights.begin(), weights.end());
    integer sum = 0, ranked = 0, squares = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        sum += weights[i];
        ranked += integer(weights[i]) * (i + 1);
        squares += integer(weights[i]) * weights[i];
    }
    if (sum == 0) return {};
    const integer n = weights.size();
    return {.gini = ratio(2 * ranked, n * sum) - ratio(n + 1, n), .herfindahl = ratio(squares, sum * sum), .effective = ratio(sum * sum, squares)};
}

inline std::size_t nakamoto(std::vector<std::uint64_t> weights, const ratio& more_than) {
    std::sort(weights.begin(), weights.end(), std::greater<>());
    integer sum = 0, have = 0;
    for (const auto w : weights) sum += w;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        have += weights[i];
        if (sum > 0 && ratio(have, sum) > more_than) return i + 1;
    }
    return 0;
}

inline std::string to_decimal(const ratio& r, unsigned digits) {
    const bool    negative = r < 0;
    const integer scale = pow(integer(10), digits);
    const integer over = abs(numerator(r)) * scale;
    const integer under = denominator(r);
    integer       whole = over / under;
    const integer twice = 2 * (over % under);
    if (twice > under || (twice == under && whole % 2 != 0)) ++whole;
    auto text = whole.str();
    if (text.size() <= digits) text.insert(0, digits + 1 - text.size(), '0');
    if (digits > 0) text.insert(text.size() - digits, ".");
    return negative && whole != 0 ? "-" + text : text;
}

}  // namespace quorate::power
