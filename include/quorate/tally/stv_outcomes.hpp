// Proportional methods that compare whole outcomes of the single transferable vote: CPO-STV, and Sequential STV.
#pragma once

#include <quorate/tally/runoff.hpp>
#include <quorate/tally/stv.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace quorate::tally {

/// The most pairs of outcomes that CPO-STV compares, and counts that Sequential STV makes: more are refused.
inline constexpr std::size_t most_outcome_comparisons = 50'000;

namespace detail {

using committee = std::vector<option>;

/// All committees of `seats` of so many options, in the order of their members; nothing when their pairs are too many.
inline std::optional<std::vector<committee>> committees_of(std::size_t options, std::size_t seats) {
    std::vector<committee> all;
    committee              now;
    for (option o = 0; o < seats; ++o) now.push_back(o);
    for (;;) {
        all.push_back(now);
        if (all.size() * (all.size() - 1) / 2 > most_outcome_comparisons) return std::nullopt;
        auto at = seats;
        while (at > 0 && now[at - 1] == options - seats + at - 1) --at;
        if (at == 0) return all;
        for (++now[at - 1]; at < seats; ++at) now[at] = now[at - 1] + 1;
    }
}

/// The votes of two outcomes against each other: everyone in neither is left out, and of those in both the surplus goes on. An option's
/// votes count for each outcome it is in.
class outcome_votes {
public:
    outcome_votes(const papers& papers, equal_ranks equal, number quota, std::size_t options)
        : papers_(papers), equal_(equal), quota_(std::move(quota)), options_(options) {}

    /// By how much the first has more votes than the second.
    [[nodiscard]] number margin(const committee& a, const committee& b) const {
        state s{.in = std::vector<bool>(options_, false), .votes = std::vector<number>(options_, 0),
                .piles = std::vector<std::vector<parcel>>(options_)};
        for (const auto o : a) s.in[o] = true;
        for (const auto o : b) s.in[o] = true;
        committee both;
        std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
        for (std::size_t row = 0; row < papers_.rows(); ++row) give(s, {row, papers_.first_tier(row), 1});
        while (!both.empty()) {
            const auto most = *std::max_element(both.begin(), both.end(), [&](option x, option y) { return s.votes[x] < s.votes[y]; });
            if (s.votes[most] <= quota_) break;
            const auto fraction = *divide(*subtract(s.votes[most], quota_), s.votes[most]);
            s.votes[most] = quota_;
            s.in[most] = false;
            std::erase(both, most);
            for (auto& p : std::exchange(s.piles[most], {})) give(s, {p.row, p.tier, multiply(p.each, fraction)});
        }
        number lead = 0;
        for (const auto o : a) lead = *add(lead, s.votes[o]);
        for (const auto o : b) lead = *subtract(lead, s.votes[o]);
        return lead;
    }

private:
    struct parcel {
        std::size_t row;
        std::size_t tier;
        number      each;
    };
    struct state {
        std::vector<bool>                in;
        std::vector<number>              votes;
        std::vector<std::vector<parcel>> piles;
    };
    void give(state& s, parcel p) const {
        for (; p.tier != papers_.first_tier(p.row + 1); ++p.tier) {
            const auto tier = papers_.tier(p.tier);
            const auto several = std::count_if(tier.begin(), tier.end(), [&](option o) { return s.in[o]; });
            if (several == 0 || (tier.size() > 1 && equal_ == equal_ranks::skip)) continue;
            if (several > 1 && (equal_ == equal_ranks::exhaust || equal_ == equal_ranks::wait)) return;
            p.each = *divide(p.each, several);
            for (const auto o : tier) {
                if (!s.in[o]) continue;
                s.votes[o] = *add(s.votes[o], multiply(p.each, papers_.count(p.row)));
                s.piles[o].push_back(p);
            }
            return;
        }
    }

    const papers& papers_;
    equal_ranks   equal_;
    number        quota_;
    std::size_t   options_;
};

/// The committees whose worst defeat is the smallest: the one that beats all others where there is one.
inline std::vector<committee> best_outcomes(const std::vector<committee>& all, const outcome_votes& votes, matrix& margins) {
    std::vector<number> worst(all.size(), 0);
    margins.cells.assign(all.size(), std::vector<number>(all.size(), 0));
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t j = i + 1; j < all.size(); ++j) {
            const auto lead = votes.margin(all[i], all[j]);
            margins.cells[i][j] = lead;
            margins.cells[j][i] = negate(lead);
        }
    }
    std::vector<std::size_t> unbeaten;
    for (std::size_t i = 0; i < all.size(); ++i) {
        bool beats_all = true;
        for (std::size_t j = 0; j < all.size(); ++j) {
            if (i == j) continue;
            worst[i] = std::min(worst[i], margins.cells[i][j]);
            beats_all = beats_all && margins.cells[i][j].sign() > 0;
        }
        if (beats_all) return {all[i]};
    }
    std::vector<committee> best;
    const auto             smallest = *std::max_element(worst.begin(), worst.end());
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (worst[i] == smallest) best.push_back(all[i]);
    }
    return best;
}

}  // namespace detail

/// CPO-STV (Tideman, The single transferable vote, 1995): all outcomes are compared two by two, in exact fractions with the quota
/// v / (s + 1); the one that beats all others wins, without such a one those with the smallest worst defeat. Several best outcomes are
/// in `sets`: who is in all of them is elected, who is in some is undecided. The margins are in a table. With at least as many seats
/// as options all are elected, in the order of first preferences. Reads `equal` and `skipped`. Refuses more than
/// `most_outcome_comparisons` pairs of outcomes.
[[nodiscard]] inline result<count> cpo_stv(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1) {
    auto c = plurality(ballots, with, seats);
    c.method = "cpo_stv";
    const auto n = ballots.options().size();
    if (seats == 0 || seats >= n) return c;
    const auto all = detail::committees_of(n, seats);
    if (!all) return make_error(errc::limit, "CPO-STV compares at most " + std::to_string(most_outcome_comparisons) + " pairs of outcomes");
    const detail::papers papers(ballots, with.skipped, std::vector<bool>(n, true));
    c.quota = number::fraction(papers.valid(), static_cast<std::int64_t>(seats) + 1);
    std::vector<std::string> outcomes;
    for (const auto& one : *all) {
        auto& members = outcomes.emplace_back();
        for (const auto o : one) members.append(members.empty() ? "" : ", ").append(c.options[o]);
    }
    c.matrices.push_back({.name = "margins between outcomes", .cells = {}, .rows = outcomes, .columns = outcomes});
    c.sets = detail::best_outcomes(*all, detail::outcome_votes(papers, with.equal, c.quota, n), c.matrices.front());
    c.ties.clear();
    c.paused = false;
    c.elected.clear();
    c.undecided.clear();
    const auto in_sets = [&](option o) {
        return std::count_if(c.sets.begin(), c.sets.end(), [&](const auto& s) { return std::find(s.begin(), s.end(), o) != s.end(); });
    };
    // By first preferences, as plurality has ordered them.
    for (const auto& tier : std::exchange(c.order, {})) {
        for (const auto o : tier) {
            if (in_sets(o) == static_cast<std::ptrdiff_t>(c.sets.size())) c.elected.push_back(o);
            else if (in_sets(o) > 0) c.undecided.push_back(o);
        }
    }
    c.rounds.back().elected = c.elected;
    return c;
}

namespace detail {

/// Sequential STV under way.
class sequence {
public:
    sequence(const ranked_ballots& ballots, const stv_rules& rules, std::size_t seats, std::size_t most_counts = most_outcome_comparisons)
        : ballots_(ballots), rules_(rules), out_(begun("sequential_stv", ballots, seats)), in_(taking_part(ballots, rules)),
          most_counts_(most_counts) {}

    result<count> run() {
        while (!settled_) {
            if (!begin()) break;
            while (!settled_ && !looped_) {
                if (++counts_ > most_counts_) {
                    return make_error(errc::limit, "Sequential STV makes at most " + std::to_string(most_counts_) + " counts");
                }
                if (!challenge()) return std::move(out_);
            }
            if (looped_ && !exclude_at_risk()) return std::move(out_);
        }
        if (settled_) out_.elected = probables_;
        return std::move(out_);
    }

private:
    /// The first count: who is elected there is probable, the others queue.
    bool begin() {
        const auto c = stv_of(every(in_));
        if (!take(c)) return false;
        probables_ = c.elected;
        std::sort(probables_.begin(), probables_.end());
        queue_.clear();
        for (auto r = c.rounds.rbegin(); r != c.rounds.rend(); ++r) {
            for (const auto o : r->dropped) add_to_queue(o);
        }
        for (const auto o : every(in_)) add_to_queue(o);
        seen_ = {{probables_, 0}};
        history_ = {probables_};
        failures_ = 0;
        settled_ = queue_.empty() || out_.seats == 0;
        looped_ = false;
        return true;
    }
    void add_to_queue(option o) {
        const auto is_in = [o](const std::vector<option>& all) { return std::find(all.begin(), all.end(), o) != all.end(); };
        if (!is_in(probables_) && !is_in(queue_)) queue_.push_back(o);
    }
    /// The head of the queue against all probables, for their seats.
    bool challenge() {
        const auto challenger = queue_.front();
        queue_.erase(queue_.begin());
        auto all = probables_;
        all.push_back(challenger);
        std::sort(all.begin(), all.end());
        const auto c = stv_of(all);
        if (!take(c)) return false;
        auto winners = c.elected;
        std::sort(winners.begin(), winners.end());
        const auto loser = others(all, winners).front();
        queue_.push_back(loser);
        auto r = c.rounds.back();  // the votes at the end of this count
        r.what = out_.options[challenger] + " challenges";
        r.why = out_.options[loser] + " is left without a seat";
        r.elected = winners;
        r.dropped = {loser};
        out_.rounds.push_back(std::move(r));
        failures_ = loser == challenger ? failures_ + 1 : 0;
        settled_ = failures_ >= queue_.size();
        if (loser == challenger) return true;
        probables_ = winners;
        looped_ = !seen_.emplace(probables_, history_.size()).second;
        history_.push_back(probables_);
        return true;
    }
    /// The same probables again: of those that came and went meanwhile, the one with the lowest Borda count is out for good.
    bool exclude_at_risk() {
        std::set<option> at_risk;
        for (auto i = seen_.at(probables_); i + 1 < history_.size(); ++i) {
            for (const auto o : others(history_[i], history_[i + 1])) at_risk.insert(o);
            for (const auto o : others(history_[i + 1], history_[i])) at_risk.insert(o);
        }
        const auto          scores = borda_among(compare(ballots_), in_);
        std::vector<option> lowest;
        for (const auto o : at_risk) {
            if (!lowest.empty() && scores[o] > scores[lowest.front()]) continue;
            if (!lowest.empty() && scores[o] < scores[lowest.front()]) lowest.clear();
            lowest.push_back(o);
        }
        auto gone = lowest.front();
        if (lowest.size() > 1) {
            const auto before = out_.ties.size();
            const auto one = tie_chain(conventions{.ties = rules_.ties}, majority_of(ballots_)).worst(lowest, "who is excluded from a loop", out_);
            forget_answers(before);
            if (!one) {
                if (!out_.paused) out_.undecided = {at_risk.begin(), at_risk.end()};
                return false;
            }
            gone = *one;
        }
        in_[gone] = false;
        out_.rounds.push_back({.what = "a loop: exclusion of " + out_.options[gone], .options = {at_risk.begin(), at_risk.end()},
                               .values = {}, .elected = {}, .dropped = {gone}, .why = "the lowest Borda count of those at risk", .exhausted = 0});
        for (const auto o : out_.rounds.back().options) out_.rounds.back().values.push_back(scores[o]);
        return true;
    }

    [[nodiscard]] count stv_of(const std::vector<option>& among) const {
        auto rules = rules_;
        rules.withdrawn = others(every(std::vector<bool>(in_.size(), true)), among);
        return stv(ballots_, rules, out_.seats);
    }
    /// Ties of a count within; false when it is undecided, and with it the whole.
    bool take(const count& c) {
        const auto before = out_.ties.size();
        out_.ties.insert(out_.ties.end(), c.ties.begin(), c.ties.end());
        forget_answers(before);
        out_.quota = c.quota;
        out_.undecided = c.undecided;
        out_.paused = c.paused;
        if (!c.undecided.empty()) out_.elected = c.elected;
        return c.undecided.empty();
    }

    /// Every count within has a chain of its own, but answers are given once: those that broke the ties from this one on are used up.
    void forget_answers(std::size_t from) {
        for (auto& step : rules_.ties) {
            const auto used = std::count_if(out_.ties.begin() + static_cast<std::ptrdiff_t>(from), out_.ties.end(),
                                            [&](const tie& t) { return t.broken_by == name_of(step.by); });
            step.chosen.erase(step.chosen.begin(), step.chosen.begin() + std::min(used, std::ssize(step.chosen)));
        }
    }

    const ranked_ballots&            ballots_;
    stv_rules                        rules_;  // with the answers that are not used yet
    count                            out_;
    std::vector<bool>                in_;
    std::size_t                      most_counts_;
    committee                        probables_;
    std::vector<option>              queue_;
    std::map<committee, std::size_t> seen_;     // where in history_
    std::vector<committee>           history_;  // probables since the first count
    std::size_t                      failures_ = 0;
    std::size_t                      counts_ = 0;
    bool                             settled_ = false;
    bool                             looped_ = false;
};

}  // namespace detail

/// Sequential STV (Hill, Sequential STV, a new version, Voting matters 15, 2002): a first count says who is probable; then each of the
/// others in turn challenges all probables for their seats, and takes the place of whoever is left without one, until nobody succeeds.
/// When the same probables come back, the one of those at risk with the lowest Borda count is excluded and all begins again. Each
/// challenge is a round. `rules` count within (Meek's in the source). Refuses more than `most_outcome_comparisons` counts.
[[nodiscard]] inline result<count> sequential_stv(const ranked_ballots& ballots, const stv_rules& rules, std::size_t seats = 1) {
    return detail::sequence(ballots, rules, seats).run();
}

}  // namespace quorate::tally
