// Methods that count the best options in one or a few rounds: plurality, bloc voting, two and more rounds, Bucklin.
#pragma once

#include <quorate/tally/tiers.hpp>
#include <quorate/tally/top_votes.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace quorate::tally {

namespace detail {

inline std::vector<option> every(const std::vector<bool>& in) {
    std::vector<option> all;
    for (option o = 0; o < in.size(); ++o) {
        if (in[o]) all.push_back(o);
    }
    return all;
}
inline round round_of(std::string what, const std::vector<bool>& in, const std::vector<number>& votes, std::string why,
                      const number& exhausted) {
    round r{.what = std::move(what), .options = every(in), .values = {}, .elected = {}, .dropped = {}, .why = std::move(why),
            .exhausted = exhausted};
    for (const auto o : r.options) r.values.push_back(votes[o]);
    return r;
}
/// Elects from the order, and notes in the last round who was.
inline count elect_from_order(count c, const ranked_ballots& ballots, const conventions& with) {
    tie_chain chain(with, majority_of(ballots));
    elect_in_order(c, chain);
    if (!c.rounds.empty()) c.rounds.back().elected = c.elected;
    return c;
}

}  // namespace detail

/// First preferences, most votes win (with several seats: the single non-transferable vote). Reads `equal` for a ballot with several
/// best options (split: fractional plurality; skip: its next rank counts), `skipped` and `ties`. Without ballots all are level.
[[nodiscard]] inline count plurality(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1) {
    auto                    c = detail::begun("plurality", ballots, seats);
    const std::vector<bool> in(c.options.size(), true);
    const auto              top = detail::top_votes(ballots, with).count(in);
    c.order = in_tiers(in.size(), [&](option a, option b) { return top.votes[a] > top.votes[b]; });
    c.rounds.push_back(detail::round_of("first preferences", in, top.votes, {}, ballots.total() - top.continuing));
    return detail::elect_from_order(std::move(c), ballots, with);
}

/// Bloc voting: each ballot gives a vote to each of as many of its best options as there are seats. A tier that is larger than the
/// votes left: `equal` says whether they are split among it, each gets a whole one, the tier is passed over, or the ballot ends.
/// Reads `skipped` and `ties` too.
[[nodiscard]] inline count bloc(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1) {
    auto                    c = detail::begun("bloc", ballots, seats);
    const std::vector<bool> in(c.options.size(), true);
    const detail::papers    papers(ballots, with.skipped, in);
    detail::vote_sums       sums(in.size());
    std::int64_t            nobody = 0;
    for (std::size_t row = 0; row < papers.rows(); ++row) {
        auto       left = seats;
        const auto n = papers.count(row);
        for (auto t = papers.first_tier(row); t != papers.first_tier(row + 1) && left > 0; ++t) {
            const auto tier = papers.tier(t);
            if (tier.size() > left && with.equal == equal_ranks::skip) continue;
            if (tier.size() > left && (with.equal == equal_ranks::exhaust || with.equal == equal_ranks::wait)) break;
            const bool split = tier.size() > left && with.equal == equal_ranks::split;
            for (const auto o : tier) {
                if (split) sums.give(o, n, static_cast<std::int64_t>(left), static_cast<std::int64_t>(tier.size()));
                else sums.give(o, n);
            }
            left -= std::min(left, tier.size());
        }
        if (left == seats) nobody += n;
    }
    std::vector<number> votes;
    for (option o = 0; o < in.size(); ++o) votes.push_back(sums.of(o));
    c.order = in_tiers(in.size(), [&](option a, option b) { return votes[a] > votes[b]; });
    c.rounds.push_back(detail::round_of("votes", in, votes, {}, nobody));
    return detail::elect_from_order(std::move(c), ballots, with);
}

/// How many rounds there may be, and how many options go on: `admitted` to the second round, `change` more (or fewer) each time after
/// it. All who are level with the last one admitted go on too.
struct round_rules {
    std::size_t rounds = 2;
    std::size_t admitted = 2;
    int         change = 0;
};

/// Rounds of voting in which only the best go on, until someone has more than half of a round's votes, or the last round, where the
/// most votes win. Ballots are not cast again: each counts for its best option left. The order is that of the last round, then of
/// those who left before. Reads `equal`, `skipped` and `ties`.
[[nodiscard]] inline count multi_round(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1,
                                       const round_rules& how = {}) {
    auto              c = detail::begun("multi_round", ballots, seats);
    detail::top_votes top(ballots, with);
    std::vector<bool> in(c.options.size(), true);
    for (std::size_t n = 1; !in.empty(); ++n) {
        const auto now = top.count(in);
        auto       tiers = in_tiers(in.size(), [&](option a, option b) {
            return in[a] != in[b] ? in[a] : in[a] && now.votes[a] > now.votes[b];
        });
        std::erase_if(tiers, [&](const auto& tier) { return !in[tier.front()]; });
        const auto most = now.votes[tiers.front().front()];
        c.rounds.push_back(detail::round_of("round " + std::to_string(n), in, now.votes, {}, ballots.total() - now.continuing));
        auto& last = c.rounds.back();
        if (n >= how.rounds || multiply(most, 2) > number(now.continuing)) {
            last.why = n >= how.rounds ? "the last round" : c.options[tiers.front().front()] + " has more than half of the votes";
            c.order.insert(c.order.begin(), tiers.begin(), tiers.end());
            break;
        }
        const auto  wanted = static_cast<std::int64_t>(how.admitted) + how.change * (static_cast<std::int64_t>(n) - 1);
        std::size_t going_on = 0;
        std::size_t first_out = 0;
        while (first_out < tiers.size() && (first_out == 0 || static_cast<std::int64_t>(going_on) < wanted)) going_on += tiers[first_out++].size();
        const std::vector<std::vector<option>> out(tiers.begin() + static_cast<std::ptrdiff_t>(first_out), tiers.end());
        for (const auto& tier : out) {
            for (const auto o : tier) {
                in[o] = false;
                last.dropped.push_back(o);
            }
        }
        c.order.insert(c.order.begin(), out.begin(), out.end());
    }
    return detail::elect_from_order(std::move(c), ballots, with);
}

/// The two with the most first preferences against each other, unless one has a majority at once.
[[nodiscard]] inline count two_round(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1) {
    auto c = multi_round(ballots, with, seats);
    c.method = "two_round";
    return c;
}

/// The two with the most first preferences against each other, in every way in which ties can make two of more: whoever wins one of
/// these is undecided, or elected if they are alone. One seat. Reads `equal`, `skipped` and `ties` (to choose among those winners).
[[nodiscard]] inline count plurality_runoff_universes(const ranked_ballots& ballots, const conventions& with = {}) {
    auto              c = detail::begun("plurality_runoff_put", ballots, 1);
    std::vector<bool> in(c.options.size(), true);
    const auto        first = detail::top_votes(ballots, with).count(in);
    const auto        tiers = in_tiers(in.size(), [&](option a, option b) { return first.votes[a] > first.votes[b]; });
    c.rounds.push_back(detail::round_of("first preferences", in, first.votes, {}, ballots.total() - first.continuing));
    std::set<option> winners;
    const auto       meet = [&](option a, option b) {
        std::vector<bool> two(in.size(), false);
        two[a] = two[b] = true;
        const auto now = detail::top_votes(ballots, with).count(two);
        c.rounds.push_back(detail::round_of(c.options[a] + " against " + c.options[b], two, now.votes, {}, ballots.total() - now.continuing));
        if (!(now.votes[a] < now.votes[b])) winners.insert(a);
        if (!(now.votes[b] < now.votes[a])) winners.insert(b);
    };
    if (in.size() == 1) winners.insert(0);
    if (in.size() > 1) {
        const auto& top = tiers.front();
        for (std::size_t i = 0; i < top.size(); ++i) {
            for (std::size_t j = i + 1; j < top.size(); ++j) meet(top[i], top[j]);
        }
        if (top.size() == 1) {
            for (const auto o : tiers[1]) meet(top.front(), o);
        }
        c.order = in_tiers(in.size(), [&](option a, option b) { return winners.contains(a) && !winners.contains(b); });
    } else if (in.size() == 1) {
        c.order = {{0}};
    }
    return detail::elect_from_order(std::move(c), ballots, with);
}

/// Bucklin: first preferences; as long as nobody is on more than half of all ballots, the next preference is added. The most votes
/// win then, or when no preference is left. Reads `equal` for several at one rank, `skipped` and `ties`.
[[nodiscard]] inline count bucklin(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1) {
    auto                    c = detail::begun("bucklin", ballots, seats);
    const std::vector<bool> in(c.options.size(), true);
    const detail::papers    papers(ballots, with.skipped, in);
    detail::vote_sums       sums(in.size());
    std::vector<number>     votes(in.size(), 0);
    bool                    more = true;
    bool                    majority = false;
    for (std::size_t level = 0; more && !majority; ++level) {
        more = false;
        for (std::size_t row = 0; row < papers.rows(); ++row) {
            const auto t = papers.first_tier(row) + level;
            if (t >= papers.first_tier(row + 1)) continue;
            more = true;
            const auto tier = papers.tier(t);
            detail::give_tier(sums, {tier.begin(), tier.end()}, papers.count(row), with.equal);
        }
        if (!more && level > 0) break;
        for (option o = 0; o < in.size(); ++o) {
            votes[o] = sums.of(o);
            majority = majority || multiply(votes[o], 2) > number(ballots.total());
        }
        c.rounds.push_back(detail::round_of("preferences up to the " + std::to_string(level + 1) + ".", in, votes,
                                            majority ? "more than half of all ballots" : "", 0));
    }
    c.order = in_tiers(in.size(), [&](option a, option b) { return votes[a] > votes[b]; });
    return detail::elect_from_order(std::move(c), ballots, with);
}

}  // namespace quorate::tally
