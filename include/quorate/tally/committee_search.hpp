// The best committees of all: depth-first, with an upper bound of what a half-made committee can still become.
#pragma once

#include <quorate/result.hpp>
#include <quorate/tally/committee_sets.hpp>

#include <array>
#include <limits>
#include <queue>

namespace quorate::tally {

/// How much a search for the best committee may take, in looks at one distinct ballot: a few seconds.
inline constexpr std::int64_t most_search = std::int64_t{1} << 27U;

namespace detail {

// A goal is something to make as large as possible. It is told who is chosen and who is left out (`choose`, `drop`, undone in
// reverse order), says what the chosen are worth when they are complete (`worth`), and what they can be worth at most when
// `open` more come from the options from `next` on (`bound`). `work` counts its looks at ballots.

/// Ballots are worth more the more of their options are in: by 1/j for the j-th, or only for the first. Scaled to whole numbers.
class thiele_goal {
public:
    thiele_goal(const approvals& a, std::size_t seats, bool harmonic) : a_(a), hits_(a.counts.size(), 0) {
        number scale = 1;
        for (std::size_t p = 2; harmonic && p <= seats; ++p) {
            bool prime = true;
            for (std::size_t d = 2; d * d <= p; ++d) prime = prime && p % d != 0;
            for (auto power = p; prime && power <= seats; power *= p) scale = multiply(scale, static_cast<std::int64_t>(p));
        }
        scale_ = scale;
        for (std::size_t j = 1; j <= seats; ++j)
            adds_.push_back(harmonic ? over(scale, static_cast<std::int64_t>(j)) : number(j == 1 ? 1 : 0));
    }
    void choose(option o) {
        now_.push_back(worth_now());
        now_.back() = plus(now_.back(), gain(o));
        for (const auto row : a_.of[o]) ++hits_[row];
    }
    void undo_choose(option o) {
        now_.pop_back();
        for (const auto row : a_.of[o]) --hits_[row];
    }
    void drop(option) {}
    void undo_drop(option) {}
    [[nodiscard]] number worth() { return worth_now(); }
    /// What each adds now is the most it can add later.
    [[nodiscard]] number bound(option next, std::size_t open) {
        std::vector<number> gains;
        for (auto o = next; o < a_.of.size(); ++o) gains.push_back(gain(o));
        open = std::min(open, gains.size());
        std::partial_sort(gains.begin(), gains.begin() + static_cast<std::ptrdiff_t>(open), gains.end(), std::greater<>());
        auto most = worth_now();
        for (std::size_t i = 0; i < open; ++i) most = plus(most, gains[i]);
        return most;
    }
    [[nodiscard]] number shown_worth(const number& w) const { return over(w, scale_); }
    std::int64_t work = 0;

private:
    number worth_now() const { return now_.empty() ? number(0) : now_.back(); }
    number gain(option o) {
        number sum;
        work += static_cast<std::int64_t>(a_.of[o].size()) + 1;
        for (const auto row : a_.of[o])
            sum = plus(sum, multiply(adds_[hits_[row]], a_.counts[row]));  // asked while a seat is open: fewer hits than seats
        return sum;
    }

    const approvals&         a_;
    std::vector<std::size_t> hits_;
    std::vector<number>      adds_;
    std::vector<number>      now_;
    number                   scale_ = 1;
};

/// The largest distance of a ballot from the committee, less is better.
class distance_goal {
public:
    explicit distance_goal(const approvals& a) : a_(a) {
        for (const auto& names : a.names) rows_.push_back({.apart = 0, .ahead = static_cast<std::int64_t>(names.size())});
    }
    void choose(option o) { take(o, 1, true); }
    void undo_choose(option o) { take(o, -1, true); }
    void drop(option o) { take(o, 1, false); }
    void undo_drop(option o) { take(o, -1, false); }
    [[nodiscard]] number worth() { return bound(static_cast<option>(a_.of.size()), 0); }
    [[nodiscard]] number bound(option, std::size_t open) {
        std::int64_t most = 0;
        const auto   left = static_cast<std::int64_t>(open);
        work += static_cast<std::int64_t>(rows_.size());
        for (const auto& r : rows_) most = std::max(most, chosen_ + r.apart + std::abs(r.ahead - left));
        return -most;
    }
    [[nodiscard]] static number shown_worth(const number& w) { return negate(w); }
    std::int64_t work = 0;

private:
    struct row {
        std::int64_t apart;  ///< distance so far, less those chosen
        std::int64_t ahead;  ///< approved options not yet looked at
    };
    void take(option o, std::int64_t by, bool chosen) {
        // Chosen: every ballot is one further away, those that approve it are not.
        if (chosen) chosen_ += by;
        for (const auto at : a_.of[o]) {
            rows_[at].ahead -= by;
            rows_[at].apart += chosen ? -by : by;
        }
        work += static_cast<std::int64_t>(a_.of[o].size());
    }

    const approvals& a_;
    std::vector<row> rows_;
    std::int64_t     chosen_ = 0;
};

/// How many ballots can be given to a member they approve when all members get equally many: the largest flow from ballots to
/// members.
class monroe_goal {
public:
    monroe_goal(const approvals& a, std::size_t seats) : a_(a), first_(a, seats, false), seats_(seats) {}
    void choose(option o) {
        first_.choose(o);
        members_.push_back(o);
    }
    void undo_choose(option o) {
        first_.undo_choose(o);
        members_.pop_back();
    }
    void drop(option) {}
    void undo_drop(option) {}
    /// Whoever is represented has one of their options in the committee.
    [[nodiscard]] number bound(option next, std::size_t open) {
        const auto before = first_.work;
        auto       most = first_.bound(next, open);
        work += first_.work - before;
        return most;
    }
    [[nodiscard]] number worth() {
        // Nodes: source, sink, a pool of the ballots left over by division, members, rows.
        const auto                 k = members_.size(), rows = a_.counts.size();
        std::vector<std::vector<edge>> graph(3 + k + rows);
        const auto                 each = a_.ballots / static_cast<std::int64_t>(seats_),
            over = a_.ballots % static_cast<std::int64_t>(seats_);
        join(graph, 2, 1, over);
        for (std::size_t m = 0; m < k; ++m) {
            join(graph, 3 + m, 1, each);
            join(graph, 3 + m, 2, 1);
            for (const auto row : a_.of[members_[m]]) join(graph, 3 + k + row, 3 + m, a_.counts[row]);
        }
        for (std::size_t row = 0; row < rows; ++row) join(graph, 0, 3 + k + row, a_.counts[row]);
        std::int64_t flow = 0;
        while (const auto more = augment(graph)) flow += more;
        return flow;
    }
    [[nodiscard]] static number shown_worth(const number& w) { return w; }
    std::int64_t work = 0;

private:
    struct edge {
        std::size_t  to;
        std::int64_t left;
        std::size_t  back;  ///< place of the reverse edge in `to`
    };
    static void join(std::vector<std::vector<edge>>& graph, std::size_t from, std::size_t to, std::int64_t room) {
        graph[from].push_back({to, room, graph[to].size()});
        graph[to].push_back({from, 0, graph[from].size() - 1});
    }
    /// Along a shortest way (Edmonds, Karp).
    std::int64_t augment(std::vector<std::vector<edge>>& graph) {
        std::vector<std::pair<std::size_t, std::size_t>> by(graph.size(), {graph.size(), 0});
        std::queue<std::size_t>                          next;
        next.push(0);
        by[0].first = 0;
        while (!next.empty() && by[1].first == graph.size()) {
            const auto at = next.front();
            next.pop();
            work += static_cast<std::int64_t>(graph[at].size());
            for (std::size_t e = 0; e < graph[at].size(); ++e) {
                const auto& way = graph[at][e];
                if (way.left == 0 || by[way.to].first != graph.size()) continue;
                by[way.to] = {at, e};
                next.push(way.to);
            }
        }
        if (by[1].first == graph.size()) return 0;
        auto most = std::numeric_limits<std::int64_t>::max();
        for (std::size_t at = 1; at != 0; at = by[at].first) most = std::min(most, graph[by[at].first][by[at].second].left);
        for (std::size_t at = 1; at != 0; at = by[at].first) {
            auto& way = graph[by[at].first][by[at].second];
            way.left -= most;
            graph[at][way.back].left += most;
        }
        return most;
    }

    const approvals&    a_;
    thiele_goal         first_;
    std::size_t         seats_;
    std::vector<option> members_;
};

template <class Goal>
class committee_search {
public:
    committee_search(Goal goal, std::size_t options, std::size_t seats) : goal_(std::move(goal)), options_(options),
        seats_(seats) {}

    /// False when it took more than `most`.
    bool run(std::int64_t most) {
        most_ = most;
        from(0);
        return goal_.work <= most_;
    }
    equal_committees best;
    [[nodiscard]] number worth() const { return goal_.shown_worth(worth_); }

private:
    void from(option next) {
        const auto open = seats_ - chosen_.size();
        if (options_ - next < open || goal_.work > most_) return;
        if (open == 0) {
            for (auto o = next; o < options_; ++o) goal_.drop(o);
            const auto now = goal_.worth();
            for (auto o = static_cast<option>(options_); o > next; --o) goal_.undo_drop(o - 1);
            if (best.found > 0 && now < worth_) return;
            if (best.found == 0 || now > worth_) {
                best.clear();
                worth_ = now;
            }
            best.add(chosen_);
            return;
        }
        if (best.found > 0 && goal_.bound(next, open) < worth_) return;
        chosen_.push_back(next);
        goal_.choose(next);
        from(next + 1);
        goal_.undo_choose(next);
        chosen_.pop_back();
        goal_.drop(next);
        from(next + 1);
        goal_.undo_drop(next);
    }

    Goal                goal_;
    std::size_t         options_;
    std::size_t         seats_;
    std::vector<option> chosen_;
    number              worth_;
    std::int64_t        most_ = most_search;
};

template <class MakeGoal>
[[nodiscard]] result<count> best_committees(std::string method, const rated_ballots& ballots, const conventions& with,
    std::size_t seats, MakeGoal&& goal,
                                            std::int64_t most = most_search) {
    const approvals a(ballots);
    auto            c = begun(std::move(method), ballots, seats);
    if (settled(c, a)) return c;
    committee_search search(goal(a), c.options.size(), seats);
    if (!search.run(most)) {
        return make_error(errc::limit, "the best of all committees of " + std::to_string(seats) + " among "
            + std::to_string(c.options.size()) + " options is too much to look for", {},
                          "a sequential method fills one seat after the other");
    }
    c.rounds.back().why = "the best committees are worth " + to_string(search.worth());
    tie_chain chain(with);
    conclude(c, std::move(search.best), chain);
    c.rounds.back().elected = c.elected;
    return c;
}

}  // namespace detail
}  // namespace quorate::tally
