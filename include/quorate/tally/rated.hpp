// Methods that add up what options were given: approval, scores, points. (STAR is in star.hpp, grades in judgment.hpp.)
//
// All of them read `ties`, and nothing else of the conventions. Without ballots everybody has 0 and is tied; with at least as
// many seats as options all are elected, in order.
#pragma once

#include <quorate/tally/ballots.hpp>
#include <quorate/tally/seats.hpp>

#include <map>

namespace quorate::tally {
namespace detail {

/// The sum over all ballots of what `worth(ballot, option)` says.
template <class Worth>
[[nodiscard]] std::vector<number> sums(const rated_ballots& ballots, Worth&& worth) {
    std::vector<number> values(ballots.options().size());
    for (std::size_t row = 0; row < ballots.rows(); ++row) {
        const auto given = ballots.ballot(row);
        for (option o = 0; o < values.size(); ++o) values[o] = plus(values[o], multiply(worth(given, o), ballots.counts()[row]));
    }
    return values;
}

/// How often an option got which score. Ballots that leave it out are not here.
[[nodiscard]] inline std::map<score, std::int64_t> histogram(const rated_ballots& ballots, option o) {
    std::map<score, std::int64_t> all;
    for (std::size_t row = 0; row < ballots.rows(); ++row)
        if (const auto s = ballots.at(row, o); s != unscored) all[s] += ballots.counts()[row];
    return all;
}

}  // namespace detail

/// Approval: each ballot counts for everybody to whom it gives more than 0. With several seats this is bloc approval.
/// Brams, Fishburn 1978.
[[nodiscard]] inline count approval(const rated_ballots& ballots, const conventions& with = {}, std::size_t seats = 1) {
    auto values = detail::sums(ballots, [](std::span<const score> b, option o) { return number(b[o] > 0 ? 1 : 0); });
    return detail::by_values(detail::begun("approval", ballots, seats), "approvals", std::move(values), with);
}

/// Combined approval (dis&approval): approvals (above 0) less disapprovals (below 0); 0 and unscored say nothing. Felsenthal
/// 1989.
[[nodiscard]] inline count dis_approval(const rated_ballots& ballots, const conventions& with = {}, std::size_t seats = 1) {
    auto values = detail::sums(ballots, [](std::span<const score> b, option o) { return number(b[o] == unscored ? 0
        : (b[o] > 0) - (b[o] < 0)); });
    return detail::by_values(detail::begun("dis_approval", ballots, seats), "approvals less disapprovals", std::move(values),
        with);
}

/// Satisfaction approval: each ballot gives the k options it approves 1/k each. Brams, Kilgour 2010.
[[nodiscard]] inline count satisfaction_approval(const rated_ballots& ballots, const conventions& with = {},
    std::size_t seats = 1) {
    auto values = detail::sums(ballots, [](std::span<const score> b, option o) {
        return b[o] > 0 ? number::fraction(1, std::count_if(b.begin(), b.end(), [](score s) { return s > 0; })) : number(0);
    });
    return detail::by_values(detail::begun("satisfaction_approval", ballots, seats), "satisfaction", std::move(values), with);
}

/// What a score count leaves open.
struct score_rule {
    enum class value : std::uint8_t { sum, mean, median };
    value        by = value::sum;        ///< of the scores an option got; the median of an even number is the lower one
    bool         unscored_is_zero = false;
    std::int64_t truncate = 0;           ///< scores left out at either end, of each option
    std::int64_t min_count = 0;          ///< with fewer scores (before truncation) an option comes after all others
};

/// Score (range) voting. An option that has no mean or median, or too few scores, is level with others of its kind behind all
/// those that have one; it is told as dropped.
[[nodiscard]] inline count score_voting(const rated_ballots& ballots, const conventions& with = {}, std::size_t seats = 1,
    const score_rule& rule = {}) {
    auto                             c = detail::begun("score", ballots, seats);
    std::vector<number>              values(c.options.size());
    std::vector<bool>                valued(c.options.size(), true);
    round                            r{.what = rule.by == score_rule::value::sum ? "sum of scores"
        : rule.by == score_rule::value::mean ? "mean score" : "median score"};
    for (option o = 0; o < values.size(); ++o) {
        auto         scores = detail::histogram(ballots, o);
        std::int64_t given = 0;
        for (const auto& [s, n] : scores) given += n;
        if (rule.unscored_is_zero && given < ballots.total()) {
            scores[0] += ballots.total() - given;
            given = ballots.total();
        }
        const auto from = rule.truncate, to = given - rule.truncate;  // places that count, in ascending order
        number       sum;
        std::int64_t at = 0;
        for (const auto& [s, n] : scores) {
            const auto kept = std::min(at + n, to) - std::max(at, from);
            if (kept > 0) sum = detail::plus(sum, multiply(number(s), kept));
            const auto middle = (given - 1) / 2;  // truncation takes as many from either end
            if (rule.by == score_rule::value::median && at <= middle && middle < at + n) values[o] = number(s);
            at += n;
        }
        const auto left = std::max<std::int64_t>(to - from, 0);
        valued[o] = given >= rule.min_count && (left > 0 || (rule.by == score_rule::value::sum && rule.truncate == 0));
        if (valued[o] && rule.by == score_rule::value::sum) values[o] = sum;
        if (valued[o] && rule.by == score_rule::value::mean) values[o] = detail::over(sum, left);
        if (!valued[o]) {
            r.dropped.push_back(o);
            continue;
        }
        r.options.push_back(o);
        r.values.push_back(values[o]);
    }
    if (rule.truncate > 0) r.why = std::to_string(rule.truncate) + " lowest and highest scores of each are left out";
    if (!r.dropped.empty()) r.why += (r.why.empty() ? "" : "; ") + std::string("too few scores are behind all others");
    const auto all = all_options(values.size());
    c.order = in_tiers(all, [&](option a, option b) { return valued[a] != valued[b] ? valued[a] : valued[a]
        && values[a] > values[b]; });
    c.rounds.push_back(std::move(r));
    tie_chain chain(with);
    elect_in_order(c, chain);
    c.rounds.back().elected = c.elected;
    return c;
}

/// Cumulative voting: each ballot spreads up to `points` over the options (0: any number); the largest sums win. A ballot that
/// spreads more, or gives anybody less than 0, is discarded whole, and told as exhausted.
[[nodiscard]] inline count cumulative(const rated_ballots& ballots, const conventions& with = {}, std::size_t seats = 1,
    std::int64_t points = 0) {
    std::int64_t discarded = 0;
    std::vector<bool> valid;
    for (std::size_t row = 0; row < ballots.rows(); ++row) {
        std::int64_t spread = 0;
        bool         negative = false;
        for (const auto s : ballots.ballot(row)) {
            if (s == unscored) continue;
            spread += s;
            negative = negative || s < 0;
        }
        valid.push_back(!negative && (points == 0 || spread <= points));
        if (!valid.back()) discarded += ballots.counts()[row];
    }
    std::vector<number> values(ballots.options().size());
    for (std::size_t row = 0; row < ballots.rows(); ++row)
        for (option o = 0; o < values.size(); ++o)
            if (const auto s = ballots.at(row, o); valid[row] && s != unscored)
                values[o] = detail::plus(values[o], multiply(number(s), ballots.counts()[row]));
    std::string why;
    if (discarded != 0)
        why = std::to_string(discarded) + " ballots spread " + (points == 0 ? "" : "more than " + std::to_string(points)
            + " points, or ") + "less than 0, and are discarded";
    auto c = detail::by_values(detail::begun("cumulative", ballots, seats), "points", std::move(values), with, std::move(why));
    c.rounds.back().exhausted = discarded;
    return c;
}

/// Allocated score (the proportional form of STAR): the largest sum of weighted scores takes a seat, and a Hare quota of
/// ballots, those with the highest weighted scores for it, is spent on it; of those at the margin an equal part. Ballots that
/// gave it nothing pay nothing. A blank is 0; negative scores count as 0. Equal Vote Coalition; electowiki "Allocated Score".
[[nodiscard]] inline count allocated_score(const rated_ballots& ballots, const conventions& with = {}, std::size_t seats = 1) {
    auto c = detail::begun("allocated_score", ballots, seats);
    if (seats == 0) return c;
    c.quota = number::fraction(ballots.total(), static_cast<std::int64_t>(seats));
    auto                standing = all_options(c.options.size());
    std::vector<number> weight(ballots.rows(), number(1));  // of each ballot in a row
    tie_chain           chain(with);
    const auto          given = [&](std::size_t row, option o) { return multiply(weight[row],
        std::max<score>(ballots.at(row, o), 0)); };
    while (c.elected.size() < seats && !standing.empty()) {
        round r{.what = "seat " + std::to_string(c.elected.size() + 1) + ": weighted scores", .options = standing};
        for (const auto o : standing) {
            number sum;
            for (std::size_t row = 0; row < ballots.rows(); ++row)
                sum = detail::plus(sum, multiply(given(row, o), ballots.counts()[row]));
            r.values.push_back(std::move(sum));
        }
        const auto          most = *std::max_element(r.values.begin(), r.values.end());
        std::vector<option> best;
        for (std::size_t i = 0; i < standing.size(); ++i)
            if (r.values[i] == most) best.push_back(standing[i]);
        c.rounds.push_back(std::move(r));
        auto winner = best.size() == 1 ? std::optional(best.front()) : chain.best(best, "seat "
            + std::to_string(c.elected.size() + 1), c);
        if (!winner && standing.size() > seats - c.elected.size()) {
            // Whoever of the tied goes first changes what is left for the others; only for one seat is the tie all there is to
            // say.
            if (!c.paused) c.undecided = seats - c.elected.size() == 1 ? best : standing;
            return c;
        }
        if (!winner) winner = best.front();  // all that still stand are elected anyway
        c.elected.push_back(*winner);
        std::erase(standing, *winner);
        auto& last = c.rounds.back();
        last.elected = {*winner};
        // From the strongest supporters down until a quota is spent.
        std::map<number, std::vector<std::size_t>, std::greater<>> supporters;
        for (std::size_t row = 0; row < ballots.rows(); ++row)
            if (auto s = given(row, *winner); s.sign() > 0) supporters[std::move(s)].push_back(row);
        auto open = c.quota;
        for (const auto& [strength, rows] : supporters) {
            number level;
            for (const auto row : rows) level = detail::plus(level, multiply(weight[row], ballots.counts()[row]));
            const auto part = level <= open ? number(1) : detail::over(open, level);
            for (const auto row : rows) weight[row] = multiply(weight[row], detail::minus(1, part));
            if (level >= open) {
                last.why = c.options[*winner] + " takes " + to_string(part) + " of the ballots at weighted score "
                    + to_string(strength) + ", and all of those above";
                open = 0;
                break;
            }
            open = detail::minus(open, level);
        }
        if (open.sign() > 0) last.why = c.options[*winner] + " takes all ballots that support it, less than a quota";
    }
    return c;
}

}  // namespace quorate::tally
