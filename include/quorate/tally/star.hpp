// STAR: score, then automatic runoff.
#pragma once

#include <quorate/tally/rated.hpp>

#include <set>

namespace quorate::tally {

struct star_rule {
    score top = 5;  ///< the best score: the "five stars" of the tie protocol
    /// How ties are met before the chain of the conventions is asked: by the official protocol, or not at all: then whoever
    /// wins a runoff of some two who may be the finalists is among the winners (parallel universes).
    bool protocol = true;
};

namespace detail {

/// One STAR count, of one winner after the other.
class star_counter {
public:
    star_counter(const rated_ballots& ballots, const conventions& with, std::size_t seats, const star_rule& rule)
        : rule_(rule), count_(begun("star", ballots, seats)),
            chain_(with, [this](option a, option b) { return prefers_[a][b] > prefers_[b][a]; }) {
        const auto n = count_.options.size();
        prefers_.assign(n, std::vector<number>(n));
        stars_.resize(n);
        scores_ = sums(ballots, [](std::span<const score> b, option o) { return number(b[o] == unscored ? 0 : b[o]); });
        for (std::size_t row = 0; row < ballots.rows(); ++row) {
            const auto b = ballots.ballot(row);
            for (option i = 0; i < n; ++i) {
                if (b[i] == rule.top) stars_[i] = plus(stars_[i], ballots.counts()[row]);
                for (option j = 0; j < n; ++j)
                    if (value(b[i]) > value(b[j])) prefers_[i][j] = plus(prefers_[i][j], ballots.counts()[row]);
            }
        }
        count_.matrices.push_back({.name = "scored higher", .cells = prefers_});
    }

    count whole() {
        standing_ = all_options(count_.options.size());
        while (count_.elected.size() < count_.seats && !standing_.empty()) {
            const auto winners = one();
            if (winners.empty()) break;  // waits for somebody
            const auto open = count_.seats - count_.elected.size();
            if (winners.size() > 1 && standing_.size() > open) {
                count_.undecided = open == 1 ? winners : standing_;
                break;
            }
            count_.elected.push_back(winners.front());
            count_.rounds.back().elected = {winners.front()};
            std::erase(standing_, winners.front());
        }
        arrange();
        return std::move(count_);
    }

private:
    using pair = std::pair<option, option>;

    static score value(score s) { return s == unscored ? 0 : s; }

    /// Who wins this seat; several: a tie that stands; nobody: the count is paused.
    std::vector<option> one() {
        round r{.what = "scores", .options = standing_};
        for (const auto o : standing_) r.values.push_back(scores_[o]);
        count_.rounds.push_back(std::move(r));
        if (standing_.size() == 1) return standing_;
        const auto pairs = rule_.protocol ? official_finalists() : all_finalists();
        std::set<option> winners;
        for (const auto& [a, b] : pairs) {
            for (const auto o : runoff(a, b)) winners.insert(o);
            if (count_.paused) return {};
        }
        if (second_.empty() && pairs.size() == 1 && winners.size() == 1)
            second_ = {*winners.begin() == pairs[0].first ? pairs[0].second : pairs[0].first};
        return {winners.begin(), winners.end()};
    }

    std::vector<option> top_of(const std::vector<option>& of) const {
        std::vector<option> top;
        for (const auto o : of) {
            if (!top.empty() && scores_[o] < scores_[top.front()]) continue;
            if (!top.empty() && scores_[o] > scores_[top.front()]) top.clear();
            top.push_back(o);
        }
        return top;
    }
    std::vector<pair> all_finalists() const {
        const auto        first = top_of(standing_);
        std::vector<pair> pairs;
        if (first.size() == 1) {
            auto rest = standing_;
            std::erase(rest, first.front());
            for (const auto o : top_of(rest)) pairs.emplace_back(first.front(), o);
            return pairs;
        }
        for (std::size_t i = 0; i < first.size(); ++i)
            for (std::size_t j = i + 1; j < first.size(); ++j) pairs.emplace_back(first[i], first[j]);
        return pairs;
    }
    /// Ties for the runoff: those whom most votes stand against among the tied leave, again and again; then the most top
    /// scores; then the chain. What none decides leaves several pairs.
    std::vector<pair> official_finalists() {
        std::vector<option> in;
        while (in.size() < 2) {
            auto rest = standing_;
            std::erase_if(rest, [&](option o) { return std::find(in.begin(), in.end(), o) != in.end(); });
            auto       tied = top_of(rest);
            const auto needed = 2 - in.size();
            if (tied.size() <= needed) {
                in.insert(in.end(), tied.begin(), tied.end());
                continue;
            }
            const auto from = tied;
            while (tied.size() > 1 && drop_most_opposed(tied)) {}
            std::string by = "head to head";
            if (tied.size() > needed) {
                by = "most top scores";
                std::stable_sort(tied.begin(), tied.end(), [&](option a, option b) { return stars_[a] > stars_[b]; });
                if (needed == 2 && stars_[tied[1]] > stars_[tied[2]]) tied.resize(2);
                else if (stars_[tied[0]] > stars_[tied[1]]) tied.resize(1);
            }
            if (tied.size() <= needed) {
                count_.ties.push_back({.where = "place in the runoff", .options = from, .broken_by = by, .ahead = tied});
                in.insert(in.end(), tied.begin(), tied.end());
                continue;
            }
            std::sort(tied.begin(), tied.end());
            const auto drawn = chain_.best(tied, "place in the runoff", count_);
            if (count_.paused) return {};
            if (!drawn) return pairs_of(in, tied);
            in.push_back(*drawn);
        }
        return {{in[0], in[1]}};
    }
    static std::vector<pair> pairs_of(const std::vector<option>& in, const std::vector<option>& tied) {
        std::vector<pair> pairs;
        for (std::size_t i = 0; i < tied.size(); ++i) {
            if (!in.empty()) pairs.emplace_back(in.front(), tied[i]);
            for (std::size_t j = i + 1; in.empty() && j < tied.size(); ++j) pairs.emplace_back(tied[i], tied[j]);
        }
        return pairs;
    }
    /// Those with the most votes against them by the others leave; false when all have as many.
    bool drop_most_opposed(std::vector<option>& tied) const {
        std::vector<number> against(count_.options.size());
        for (const auto a : tied)
            for (const auto b : tied) against[a] = plus(against[a], prefers_[b][a]);
        number most = against[tied.front()], least = most;
        for (const auto o : tied) {
            most = std::max(most, against[o]);
            least = std::min(least, against[o]);
        }
        if (most == least) return false;
        std::erase_if(tied, [&](option o) { return against[o] == most; });
        return true;
    }
    /// A tie goes to the higher score, then to more top scores, then to the chain.
    std::vector<option> runoff(option a, option b) {
        round r{.what = "runoff", .options = {a, b}, .values = {prefers_[a][b], prefers_[b][a]}};
        count_.rounds.push_back(std::move(r));
        if (prefers_[a][b] != prefers_[b][a]) return {prefers_[a][b] > prefers_[b][a] ? a : b};
        if (!rule_.protocol) return {a, b};
        const auto by = [&](std::string what, bool a_wins) {
            count_.ties.push_back({.where = "runoff", .options = {a, b}, .broken_by = std::move(what), .ahead = {a_wins ? a
                : b}});
            return std::vector<option>{a_wins ? a : b};
        };
        if (scores_[a] != scores_[b]) return by("higher score", scores_[a] > scores_[b]);
        if (stars_[a] != stars_[b]) return by("most top scores", stars_[a] > stars_[b]);
        const auto drawn = chain_.best({std::min(a, b), std::max(a, b)}, "runoff", count_);
        return drawn ? std::vector<option>{*drawn} : std::vector<option>{a, b};
    }
    /// The elected in their order, then the finalist who lost the first runoff, then by score.
    void arrange() {
        std::vector<option> rest;
        for (const auto o : count_.elected) count_.order.push_back({o});
        const bool runner_up = count_.elected.size() == 1 && !second_.empty();
        if (runner_up) count_.order.push_back(second_);
        if (count_.elected.empty() && !count_.undecided.empty()) count_.order.push_back(count_.undecided);
        for (const auto o : all_options(count_.options.size())) {
            const bool placed = std::any_of(count_.order.begin(), count_.order.end(),
                [&](const auto& t) { return std::find(t.begin(), t.end(), o) != t.end(); });
            if (!placed) rest.push_back(o);
        }
        for (auto& tier : in_tiers(rest, [&](option a, option b) { return scores_[a] > scores_[b]; }))
            count_.order.push_back(std::move(tier));
    }

    star_rule                        rule_;
    count                            count_;
    tie_chain                        chain_;
    std::vector<std::vector<number>> prefers_;
    std::vector<number>              scores_;
    std::vector<number>              stars_;
    std::vector<option>              standing_;
    std::vector<option>              second_;  ///< who lost the first runoff
};

}  // namespace detail

/// STAR: the two with the highest sums of scores meet in a runoff, which goes to the one that more ballots score higher. A
/// blank is 0. With several seats bloc STAR: again and again without those who were elected. Ties follow the official protocol
/// (places in the runoff: fewest votes against among the tied, then most top scores; runoff: higher score, then most top
/// scores), then the chain of `ties`; one that stands leaves everybody undecided who wins by some way of breaking it. Equal
/// Vote Coalition, starvoting.org.
[[nodiscard]] inline count star(const rated_ballots& ballots, const conventions& with = {}, std::size_t seats = 1,
    const star_rule& rule = {}) {
    return detail::star_counter(ballots, with, seats, rule).whole();
}

}  // namespace quorate::tally
