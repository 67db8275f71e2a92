// Quadratic voting, in the two forms that go by that name, and quadratic funding.
//
// Their results are squares of sums of roots. These are compared exactly, always. As values they are exact where every sum is a
// single root; otherwise they are rounded, to the nearest multiple of 10^-`quadratic_digits`, which the round says.
#pragma once

#include <quorate/result.hpp>
#include <quorate/tally/rated.hpp>
#include <quorate/tally/root_sum.hpp>
#include <quorate/tally/shares.hpp>

#include <optional>
#include <tuple>

namespace quorate::tally {

inline constexpr std::size_t quadratic_digits = 12;

namespace detail {

/// `whole` divided in proportion to the squares, as values of a round; with what it says about rounding.
inline std::string proportional_squares(const std::vector<root_sum>& sums, const number& whole, std::vector<number>& values) {
    bool exact = true, nothing = true;
    for (const auto& s : sums) {
        exact = exact && s.has_exact_square();
        nothing = nothing && s.size() == 0;
    }
    if (nothing) return {};
    if (exact) {
        number all;
        for (const auto& s : sums) all = plus(all, s.exact_square());
        for (std::size_t i = 0; i < sums.size(); ++i) values[i] = over(multiply(whole, sums[i].exact_square()), all);
        return {};
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
        // Narrower bounds until both round to the same. A value that is exactly half a unit would never get there: it goes up.
        constexpr std::size_t most_digits = 400;
        for (std::size_t digits = quadratic_digits + 12;; digits *= 2) {
            number below, above;
            auto   own_low = number(0), own_high = number(0);
            for (std::size_t j = 0; j < sums.size(); ++j) {
                const auto [low, high] = sums[j].enclosed(digits);
                below = plus(below, multiply(low, low));
                above = plus(above, multiply(high, high));
                if (i == j) std::tie(own_low, own_high) = std::pair(low, high);
            }
            if (below.sign() == 0) continue;
            const auto least = rounded(over(multiply(whole, multiply(own_low, own_low)), above), quadratic_digits);
            const auto most = rounded(over(multiply(whole, multiply(own_high, own_high)), below), quadratic_digits);
            values[i] = most;
            if (least == most || digits > most_digits) break;
        }
    }
    return "rounded to " + std::to_string(quadratic_digits) + " decimals; compared exactly";
}

inline void order_by_sums(count& c, const std::vector<root_sum>& sums, const conventions& with) {
    c.order = in_tiers(all_options(c.options.size()), [&](option a, option b) { return compare(sums[a], sums[b]) > 0; });
    tie_chain chain(with);
    elect_in_order(c, chain);
    c.rounds.back().elected = c.elected;
}
inline void append(std::string& text, const std::string& more) {
    if (!more.empty()) text += (text.empty() ? "" : "; ") + more;
}

}  // namespace detail

/// The share form (snapshot): a ballot of power w that gives an option the part s of its shares adds sqrt(w * s) to it; the
/// squares of these sums, scaled so that together they are the power of all valid ballots, are the values. A ballot that names
/// nothing, or gives something 0 or less, is invalid as a whole and told as exhausted. Refuses other numbers of shares than of
/// options, powers and shares that are irrational, powers that are negative, and more than `most_roots` unlike roots for one
/// option. Source: snapshot.js, src/voting/quadratic.ts.
[[nodiscard]] inline result<count> quadratic_shares(std::vector<std::string> options, const std::vector<share_ballot>& ballots,
    const conventions& with = {}, std::size_t seats = 1) {
    std::vector<detail::root_sum> sums(options.size());
    number                        whole;
    auto c = detail::each_share("quadratic_snapshot", std::move(options), ballots, seats, whole, [&](const share_ballot& b, const number& all) -> result<void> {
        for (std::size_t o = 0; o < sums.size(); ++o) {
            if (!b.shares[o]) continue;
            sums[o].add(multiply(*square_root(multiply(b.power, detail::over(*b.shares[o], all))), b.count));
            if (sums[o].size() > most_roots)
                return make_error(errc::limit, "more than " + std::to_string(most_roots) + " unlike roots for one option");
        }
        return {};
    });
    if (!c) return c;
    auto& r = c->rounds.back();
    detail::append(r.why, detail::proportional_squares(sums, whole, r.values));
    detail::order_by_sums(*c, sums, with);
    return c;
}
/// The same of ballots that have power 1 each.
[[nodiscard]] inline result<count> quadratic_shares(const rated_ballots& ballots, const conventions& with = {},
    std::size_t seats = 1) {
    return quadratic_shares(ballots.options(), detail::shares_of(ballots), with, seats);
}

/// The credit form: a ballot casts votes, for (above 0) or against (below), and v votes on one option cost v * v credits. The
/// sums of votes decide. A ballot that costs more than `credits` is discarded whole, and told as exhausted. Posner, Weyl 2015;
/// Lalley, Weyl 2018.
[[nodiscard]] inline count quadratic_credits(const rated_ballots& ballots, const conventions& with = {}, std::size_t seats = 1,
    std::int64_t credits = 100) {
    std::vector<number> values(ballots.options().size());
    std::int64_t        discarded = 0;
    for (std::size_t row = 0; row < ballots.rows(); ++row) {
        number cost;
        for (const auto s : ballots.ballot(row))
            if (s != unscored) cost = detail::plus(cost, multiply(number(s), number(s)));
        if (cost > number(credits)) {
            discarded += ballots.counts()[row];
            continue;
        }
        for (option o = 0; o < values.size(); ++o)
            if (const auto s = ballots.at(row, o); s != unscored)
                values[o] = detail::plus(values[o], multiply(number(s), ballots.counts()[row]));
    }
    auto c = detail::by_values(detail::begun("quadratic_credits", ballots, seats), "votes", std::move(values), with,
                               discarded == 0 ? "" : std::to_string(discarded) + " ballots cost more than "
                                   + std::to_string(credits) + " credits and are discarded");
    c.rounds.back().exhausted = discarded;
    return c;
}

/// What somebody gave to a project; several gifts of one person to the same project are one of their sum.
struct contribution {
    std::string by;
    option      to = 0;
    number      amount;
};

/// Quadratic funding: a project with gifts c1, c2, ... should have (sqrt(c1) + sqrt(c2) + ...)^2; what the gifts leave open is
/// the subsidy. With a pool, and subsidies that together exceed it, all are scaled down to it. Rounds: "given", "funded"
/// (before scaling), "subsidy". `order` is by what is funded; nobody is elected. Refuses unknown projects, gifts that are not
/// above 0 or irrational, a pool below 0, and more than `most_roots` unlike roots. Buterin, Hitzig, Weyl 2019.
[[nodiscard]] inline result<count> quadratic_funding(std::vector<std::string> projects, const std::vector<contribution>& gifts,
    const std::optional<number>& pool = {}) {
    if (auto ok = detail::check_options(projects); !ok) return ok.error();
    if (pool && pool->sign() < 0) return make_error(errc::invalid, "a pool of " + to_string(*pool));
    count c;
    c.method = "quadratic_funding";
    c.options = std::move(projects);
    c.seats = 0;
    const auto                                       n = c.options.size();
    std::map<std::pair<option, std::string>, number> of;
    std::map<std::string, bool>                      people;
    for (const auto& g : gifts) {
        if (g.to >= n) return make_error(errc::invalid, "there is no project " + std::to_string(g.to + 1));
        if (g.amount.sign() <= 0 || !g.amount.is_rational()) return make_error(errc::invalid, "a gift of " + to_string(g.amount));
        auto& sum = of[{g.to, g.by}];
        sum = detail::plus(sum, g.amount);
        people[g.by] = true;
    }
    c.ballots = static_cast<std::int64_t>(people.size());
    std::vector<detail::root_sum> sums(n);
    std::vector<number>           given(n), funded(n), subsidy(n);
    for (const auto& [key, amount] : of) {
        sums[key.first].add(*square_root(amount));
        if (sums[key.first].size() > most_roots)
            return make_error(errc::limit, "more than " + std::to_string(most_roots) + " unlike roots for one project");
        given[key.first] = detail::plus(given[key.first], amount);
    }
    bool   exact = true;
    number together;
    for (option o = 0; o < n; ++o) {
        exact = exact && sums[o].has_exact_square();
        if (sums[o].has_exact_square()) {
            funded[o] = sums[o].exact_square();
        } else {
            const auto [low, high] = sums[o].enclosed(4 * quadratic_digits);
            funded[o] = detail::rounded(multiply(low, high), quadratic_digits);
        }
        subsidy[o] = detail::minus(funded[o], given[o]);
        together = detail::plus(together, subsidy[o]);
    }
    const auto         all = all_options(n);
    const std::string  how = exact ? "" : "rounded to " + std::to_string(quadratic_digits) + " decimals; compared exactly";
    c.order = in_tiers(all, [&](option a, option b) { return compare(sums[a], sums[b]) > 0; });
    c.rounds.push_back({.what = "given", .options = all, .values = given});
    c.rounds.push_back({.what = "funded", .options = all, .values = funded, .why = how});
    round last{.what = "subsidy", .options = all, .why = how};
    const bool scaled = pool && together > *pool;
    if (scaled) detail::append(last.why, "scaled to the pool of " + to_string(*pool) + " from " + to_string(together));
    for (auto& s : subsidy) last.values.push_back(scaled ? detail::over(multiply(s, *pool), together) : s);
    c.rounds.push_back(std::move(last));
    return c;
}

}  // namespace quorate::tally
