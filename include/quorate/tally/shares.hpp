// Ballots that spread their power over options, and what comes of simply adding up the parts. (By their roots: quadratic.hpp.)
#pragma once

#include <quorate/result.hpp>
#include <quorate/tally/rated.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace quorate::tally {

/// One way of spreading power. Shares are relative to each other; nothing where an option isn't named.
struct share_ballot {
    number                             power = 1;  ///< rational
    std::vector<std::optional<number>> shares;     ///< by option; rational
    std::int64_t                       count = 1;  ///< how many such ballots there are
};

/// What all shares of a ballot are together; nothing where it is invalid as a whole: it names nothing, or gives something 0 or less.
/// Precondition: the shares are rational.
[[nodiscard]] inline std::optional<number> all_shares(const share_ballot& b) {
    number all;
    for (const auto& s : b.shares) {
        if (!s) continue;
        if (s->sign() <= 0) return std::nullopt;
        all = detail::plus(all, *s);
    }
    return all.sign() == 0 ? std::nullopt : std::optional(all);
}

namespace detail {

/// Refuses other numbers of shares than of options, powers and shares that are irrational, and powers that are negative.
inline result<void> check_shares(const share_ballot& b, std::size_t options) {
    if (b.shares.size() != options)
        return make_error(errc::invalid, "a ballot has one share for each of the " + std::to_string(options) + " options, not " + std::to_string(b.shares.size()));
    if (b.power.sign() < 0 || !b.power.is_rational()) return make_error(errc::invalid, "the power of a ballot is " + to_string(b.power));
    for (const auto& s : b.shares)
        if (s && !s->is_rational()) return make_error(errc::invalid, "a share of " + to_string(*s));
    return {};
}
/// Of ballots that have power 1 each.
[[nodiscard]] inline std::vector<share_ballot> shares_of(const rated_ballots& ballots) {
    std::vector<share_ballot> all;
    for (std::size_t row = 0; row < ballots.rows(); ++row) {
        share_ballot b{.power = 1, .shares = {}, .count = ballots.counts()[row]};
        for (const auto s : ballots.ballot(row)) b.shares.push_back(s == unscored ? std::optional<number>() : std::optional<number>(s));
        all.push_back(std::move(b));
    }
    return all;
}

/// Starts a count of shares, and gives each valid ballot to `take(ballot, all its shares)`, which may refuse it. The only round has the
/// power of invalid ballots as exhausted; `whole` becomes that of valid ones.
template <class Take>
result<count> each_share(std::string method, std::vector<std::string> options, const std::vector<share_ballot>& ballots, std::size_t seats, number& whole,
    Take&& take) {
    if (auto ok = check_options(options); !ok) return ok.error();
    count c;
    c.method = std::move(method);
    c.options = std::move(options);
    c.seats = seats;
    round r{.what = "share of the power", .options = all_options(c.options.size()), .values = std::vector<number>(c.options.size()), .why = {}};
    for (const auto& b : ballots) {
        if (auto ok = check_count(b.count, c.ballots); !ok) return ok.error();
        if (auto ok = check_shares(b, c.options.size()); !ok) return ok.error();
        c.ballots += b.count;
        const auto power = multiply(b.power, b.count);
        const auto all = all_shares(b);
        auto&      of = all ? whole : r.exhausted;
        of = plus(of, power);
        if (!all) continue;
        if (result<void> ok = take(b, *all); !ok) return ok.error();
    }
    if (r.exhausted.sign() != 0) r.why = "a share of 0 or less, or none at all, makes a ballot invalid";
    c.rounds.push_back(std::move(r));
    return c;
}

}  // namespace detail

/// Weighted voting: a ballot gives an option the part of its power that its share is of all its shares, and the sums are the values. A
/// ballot that names nothing, or gives something 0 or less, is invalid as a whole and told as exhausted. Reads `ties`. Refuses other
/// numbers of shares than of options, powers and shares that are irrational, and powers that are negative. Source: snapshot.js,
/// src/voting/weighted.ts.
[[nodiscard]] inline result<count> weighted_shares(std::vector<std::string> options, const std::vector<share_ballot>& ballots, const conventions& with = {},
    std::size_t seats = 1) {
    std::vector<number> values(options.size());
    number              whole;
    auto                c = detail::each_share("weighted_snapshot", std::move(options), ballots, seats, whole, [&](const share_ballot& b, const number& all) {
        const auto each = detail::over(multiply(b.power, b.count), all);
        for (std::size_t o = 0; o < values.size(); ++o)
            if (b.shares[o]) values[o] = detail::plus(values[o], multiply(each, *b.shares[o]));
        return result<void>{};
    });
    if (!c) return c;
    auto& r = c->rounds.back();
    r.values = values;
    c->order = in_tiers(values.size(), [&](option a, option b) { return values[a] > values[b]; });
    tie_chain chain(with);
    elect_in_order(*c, chain);
    r.elected = c->elected;
    return c;
}
/// The same of ballots that have power 1 each.
[[nodiscard]] inline result<count> weighted_shares(const rated_ballots& ballots, const conventions& with = {}, std::size_t seats = 1) {
    return weighted_shares(ballots.options(), detail::shares_of(ballots), with, seats);
}

}  // namespace quorate::tally
