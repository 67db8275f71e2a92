// How LiquidFeedback counts the grades of an issue: Schulze's method with the status quo among the candidates, ties broken by the links
// that tied paths share, and majorities that a winner needs beside.
#pragma once

#include <quorate/detail/strongest_paths.hpp>
#include <quorate/tally/condorcet.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace quorate::tally {

/// The most initiatives of one issue: every tie is looked at with all paths anew.
inline constexpr std::size_t most_initiatives = 100;

/// What a majority is, of `w` votes for one side and `l` for the other: w of w + l, with so many for it, and so many not against it.
struct liquid_majority {
    number       ratio = number::fraction(1, 2);
    bool         strictly = true;  ///< more than `ratio`, rather than as much
    std::int64_t positive = 0;
    std::int64_t non_negative = 0;
};
/// How links with the same votes are told apart. Candidates have an order: the status quo, then the initiatives as they are on the paper.
enum class link_ties : std::uint8_t {
    none,      ///< not at all ("simple"): those whose paths are equally strong rank in that order
    variant1,  ///< from an earlier to a later one is stronger; then the earlier its winner, then the later its loser
    variant2,  ///< from an earlier to a later one is stronger; then the later its loser, then the earlier its winner
};
/// What an issue is counted by; the defaults are those of LiquidFeedback 3.
struct liquid_feedback_rules {
    bool            votes_against_count = true;  ///< of two defeats with the same votes that with fewer against is stronger ("tuple")
    link_ties       ties = link_ties::variant1;
    liquid_majority direct{};    ///< against the status quo
    liquid_majority indirect{};  ///< against the status quo, or against an initiative that has it
    bool            no_reverse_beat_path = false;
    bool            no_multistage_majority = false;
    std::string     status_quo = "status quo";  ///< its name
};

namespace detail {

/// How strong a link is: votes for it, fewer against it, then what tells equal ones apart. A level comparison has 0, one lost -1 votes.
using liquid_link = std::array<std::int64_t, 5>;

/// One issue being counted. The status quo is the last option of the count.
class liquid_issue {
public:
    liquid_issue(comparisons of, const liquid_feedback_rules& by)
        : of_(std::move(of)), by_(by), candidates_(of_.size()), links_(candidates_ * candidates_), better_(candidates_), paths_(candidates_),
          count_(begin("liquid_feedback", of_, 1)) {}

    count counted() {
        link();
        order();
        rank();
        show_paths();
        choose();
        return std::move(count_);
    }

private:
    [[nodiscard]] option status_quo() const { return static_cast<option>(candidates_ - 1); }
    /// From 0 on, the status quo first.
    [[nodiscard]] std::int64_t place(option o) const { return o == status_quo() ? 0 : std::int64_t{o} + 1; }
    [[nodiscard]] option at(std::size_t place) const { return static_cast<option>(place == 0 ? candidates_ - 1 : place - 1); }

    [[nodiscard]] liquid_link strength(option a, option b) const {
        liquid_link s{};
        if (of_.beats(a, b)) s = {of_.votes(a, b), by_.votes_against_count ? -of_.votes(b, a) : 0, 0, 0, 0};
        else if (by_.votes_against_count && of_.beats(b, a)) s[0] = -1;
        if (by_.ties == link_ties::none) return s;
        const auto x = place(a), y = place(b);
        s[2] = x < y ? 1 : 0;
        s[3] = by_.ties == link_ties::variant1 ? -x : y;
        s[4] = by_.ties == link_ties::variant1 ? y : -x;
        return s;
    }
    /// Paths only compare strengths, so the place of a strength among all of them does, from 1 on.
    void link() {
        for (option a = 0; a < candidates_; ++a)
            for (option b = 0; b < candidates_; ++b)
                if (a != b) strengths_.push_back(strength(a, b));
        std::sort(strengths_.begin(), strengths_.end());
        strengths_.erase(std::unique(strengths_.begin(), strengths_.end()), strengths_.end());
        for (option a = 0; a < candidates_; ++a)
            for (option b = 0; b < candidates_; ++b) {
                if (a == b) continue;
                const auto found = std::lower_bound(strengths_.begin(), strengths_.end(), strength(a, b));
                links_[a * candidates_ + b] = static_cast<std::int32_t>(found - strengths_.begin()) + 1;
            }
    }
    [[nodiscard]] path_square paths_without(const std::vector<std::int32_t>& left_out) const {
        path_square p(candidates_);
        for (option a = 0; a < candidates_; ++a)
            for (option b = 0; b < candidates_; ++b) {
                const auto s = links_[a * candidates_ + b];
                if (a != b && std::find(left_out.begin(), left_out.end(), s) == left_out.end()) p.set(a, b, s);
            }
        p.close();
        return p;
    }
    /// Who is better, by paths; where they are equally strong, by paths without the weakest link that both share, and so on.
    void order() {
        paths_ = paths_without({});
        for (std::size_t m = 0; m < candidates_; ++m)
            for (auto n = m + 1; n < candidates_; ++n) compare_by_paths(at(m), at(n));
    }
    void compare_by_paths(option a, option b) {
        auto                      p = paths_;
        std::vector<std::int32_t> left_out;
        // With links told apart this ends: neither path can share the other's direct link.
        while (p(a, b) == p(b, a) && by_.ties != link_ties::none) {
            left_out.push_back(p(a, b));
            p = paths_without(left_out);
        }
        const bool level = p(a, b) == p(b, a);
        if (p(a, b) > p(b, a)) better_.set(a, b);
        if (p(b, a) > p(a, b)) better_.set(b, a);
        if (level || !left_out.empty())
            count_.ties.push_back({.where = "equally strong paths", .options = {a, b}, .broken_by = level ? "given order" : "links they share left out",
                                   .ahead = {level || better_.holds(a, b) ? a : b}});
    }
    /// One rank each: the first in the given order to whom nobody left is better, or equal and earlier. Equal pairs may leave nobody so,
    /// as being equal isn't transitive (LiquidFeedback then stops with an error): then the first to whom nobody left is better.
    void rank() {
        std::vector<option> left;
        for (std::size_t i = 0; i < candidates_; ++i) left.push_back(at(i));
        while (!left.empty()) {
            auto next = first_of(left, true);
            if (next == left.size()) next = first_of(left, false);
            count_.order.push_back({left[next]});
            left.erase(left.begin() + static_cast<std::ptrdiff_t>(next));
        }
        ranks_.resize(candidates_);
        for (std::size_t i = 0; i < candidates_; ++i) ranks_[count_.order[i].front()] = i + 1;
    }
    [[nodiscard]] std::size_t first_of(const std::vector<option>& left, bool before_equals) const {
        for (std::size_t i = 0; i < left.size(); ++i) {
            bool first = true;
            for (std::size_t j = 0; j < left.size() && first; ++j)
                first = !better_.holds(left[j], left[i]) && (j >= i || !before_equals || better_.holds(left[i], left[j]));
            if (first) return i;
        }
        return left.size();
    }
    void show_paths() {
        matrix votes{.name = "strongest path: votes of its weakest link (0: level, -1: lost)", .cells = {}};
        matrix against{.name = "votes against that link", .cells = {}};
        for (option a = 0; a < candidates_; ++a) {
            votes.cells.emplace_back();
            against.cells.emplace_back();
            for (option b = 0; b < candidates_; ++b) {
                const auto s = a == b ? liquid_link{} : strengths_[static_cast<std::size_t>(paths_(a, b)) - 1];
                votes.cells.back().emplace_back(s[0]);
                against.cells.back().emplace_back(-s[1]);
            }
        }
        count_.matrices.push_back(std::move(votes));
        if (by_.votes_against_count) count_.matrices.push_back(std::move(against));
    }

    [[nodiscard]] bool has(const liquid_majority& m, option a, option against) const {
        const auto w = of_.votes(a, against), l = of_.votes(against, a);
        const auto needed = multiply(m.ratio, w + l);
        return (m.strictly ? number(w) > needed : number(w) >= needed) && w >= m.positive && of_.ballots() - l >= m.non_negative;
    }
    [[nodiscard]] std::vector<bool> indirect_majorities() const {
        std::vector<bool> have(candidates_ - 1);
        for (option a = 0; a < have.size(); ++a) have[a] = has(by_.indirect, a, status_quo());
        for (bool more = true; more;) {
            more = false;
            for (option a = 0; a < have.size(); ++a)
                for (option b = 0; b < have.size() && !have[a]; ++b)
                    if (a != b && have[b] && has(by_.indirect, a, b)) more = have[a] = true;
        }
        return have;
    }
    /// Whether an initiative could lose to another one by a larger majority than against the status quo, were it the status quo.
    [[nodiscard]] bool has_multistage_majority(option o) const {
        if (ranks_[o] > ranks_[status_quo()]) return true;
        for (option w = 0; w < status_quo(); ++w)
            if (w != o && ranks_[w] < ranks_[o] && of_.beats(w, o)
                && (of_.votes(w, o) > of_.votes(w, status_quo()) || of_.votes(o, w) < of_.votes(status_quo(), o)))
                return true;
        return false;
    }
    void test(std::string what, const std::function<bool(option)>& passes, std::vector<bool>& eligible) {
        round r{.what = std::move(what), .options = {}, .values = {}, .elected = {}, .dropped = {}, .why = {}, .exhausted = {}};
        for (option o = 0; o < status_quo(); ++o) {
            r.options.push_back(o);
            r.values.emplace_back(of_.votes(o, status_quo()));
            if (passes(o)) continue;
            r.dropped.push_back(o);
            eligible[o] = false;
        }
        count_.rounds.push_back(std::move(r));
    }
    void choose() {
        std::vector<bool> eligible(candidates_ - 1, true);
        const auto        indirect = indirect_majorities();
        test("direct majority", [&](option o) { return has(by_.direct, o, status_quo()); }, eligible);
        test("indirect majority", [&](option o) { return indirect[o]; }, eligible);
        test("better than the status quo", [&](option o) { return ranks_[o] < ranks_[status_quo()]; }, eligible);
        if (by_.no_reverse_beat_path)
            test("no reverse beat path", [&](option o) { return strengths_[static_cast<std::size_t>(paths_(status_quo(), o)) - 1][0] < 0; }, eligible);
        if (by_.no_multistage_majority) test("no multistage majority", [&](option o) { return !has_multistage_majority(o); }, eligible);
        round last{.what = "the best of those that pass", .options = {}, .values = {}, .elected = {}, .dropped = {}, .why = {}, .exhausted = {}};
        for (const auto& tier : count_.order) {
            const auto o = tier.front();
            if (o == status_quo() || !eligible[o]) continue;
            last.options.push_back(o);
            last.values.emplace_back(static_cast<std::int64_t>(ranks_[o]));
            if (count_.elected.empty()) count_.elected.push_back(o);
        }
        last.elected = count_.elected;
        last.why = last.options.empty() ? "nobody does: " + by_.status_quo + " stays" : "by their rank among all";
        count_.rounds.push_back(std::move(last));
    }

    comparisons                  of_;
    const liquid_feedback_rules& by_;
    std::size_t                  candidates_;
    std::vector<std::int32_t>    links_;
    relation                     better_;
    path_square                  paths_;
    count                        count_;
    std::vector<liquid_link>     strengths_{};
    std::vector<std::size_t>     ranks_{};
};

}  // namespace detail

/// Counts grades: above 0 is better than the status quo, below 0 worse; 0, or none, is as good. The status quo is the last option of the
/// count, `order` has a rank for it and for each initiative, and the winner is the best ranked initiative that passes every test: a
/// direct and an indirect majority, a better rank than the status quo, and where the rules say so, no path from the status quo back to
/// it that isn't lost somewhere, and no better ranked initiative that would win against it by more than against the status quo. Each
/// test is a round that drops those who fail it; values are the votes for them against the status quo. One seat: without ballots, and
/// wherever nobody passes, nobody is elected. Refuses more than `most_initiatives`, an initiative that is called like the status quo, and
/// reverse beat paths without votes against (no path is ever lost then). Source: LiquidFeedback core 3.0.4, core.sql, calculate_ranks;
/// J. Behrens, A. Kistner, A. Nitsche, B. Swierczek 2014.
[[nodiscard]] inline result<count> liquid_feedback(const rated_ballots& ballots, const liquid_feedback_rules& by = {}) {
    const auto n = ballots.options().size();
    if (n > most_initiatives)
        return make_error(errc::limit, "an issue has at most " + std::to_string(most_initiatives) + " initiatives, here are " + std::to_string(n));
    if (by.no_reverse_beat_path && !by.votes_against_count)
        return make_error(errc::invalid, "reverse beat paths are only told apart where votes against count");
    for (const auto* m : {&by.direct, &by.indirect})
        if (!m->ratio.is_rational()) return make_error(errc::invalid, "a majority of " + to_string(m->ratio));
    auto options = ballots.options();
    options.push_back(by.status_quo);
    auto ranked = ranked_ballots::make(std::move(options));
    if (!ranked) return ranked.error();
    for (std::size_t row = 0; row < ballots.rows(); ++row) {
        std::vector<score> grades{ballots.ballot(row).begin(), ballots.ballot(row).end()};
        grades.push_back(0);
        for (auto& g : grades) g = g == unscored ? 0 : g;
        auto best_first = grades;
        std::sort(best_first.begin(), best_first.end(), std::greater<>());
        best_first.erase(std::unique(best_first.begin(), best_first.end()), best_first.end());
        std::vector<rank> ranks;
        for (const auto g : grades)
            ranks.push_back(static_cast<rank>(std::lower_bound(best_first.begin(), best_first.end(), g, std::greater<>()) - best_first.begin() + 1));
        ranked->add(std::span<const rank>(ranks), ballots.counts()[row]).value();
    }
    return detail::liquid_issue(compare(*ranked), by).counted();
}

}  // namespace quorate::tally
