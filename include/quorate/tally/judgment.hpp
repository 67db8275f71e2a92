// Methods of the highest median grade: majority judgment, and other ways to order options of the same median.
#pragma once

#include <quorate/tally/rated.hpp>

namespace quorate::tally {

/// How options with the same median grade are ordered. p and q are the parts of an option's grades above and below that median.
enum class median_ties : std::uint8_t {
    successive,  ///< one median after the other is taken away until they differ (Balinski, Laraki 2011)
    gauge,       ///< p if it is larger than q, else -q: the larger group decides, and among equal ones the opponents
    typical,     ///< p - q (Fabre 2021)
    plus,        ///< who has more grades at or above the median (Bosworth)
};

struct judgment_rule {
    median_ties ties = median_ties::successive;
    /// A blank is the grade 0, the worst; otherwise it is no grade, and options without any grade come last.
    bool unscored_is_worst = true;
};

namespace detail {

/// All grades of one option in ascending order, kept by how many they are.
class grade_list {
public:
    explicit grade_list(const std::map<score, std::int64_t>& of) {
        for (const auto& [g, n] : of) {
            size_ += n;
            runs_.push_back({g, size_});
        }
    }
    [[nodiscard]] std::int64_t size() const { return size_; }
    /// The lower median.
    [[nodiscard]] score median() const { return runs_[run_at(middle())].grade; }
    [[nodiscard]] std::int64_t above(score g) const { return size_ - up_to(g); }
    [[nodiscard]] std::int64_t below(score g) const { return up_to(g - 1); }

    /// Taking medians away from a list of n grades meets its places in this order: outwards from the middle, the two sides in
    /// turn. They come here in pairs; `ended` stands for what is no longer there.
    static constexpr std::int64_t ended = std::numeric_limits<std::int64_t>::min();
    struct pair {
        std::int64_t first = ended, second = ended;
        friend auto operator<=>(const pair&, const pair&) = default;
    };
    [[nodiscard]] pair medians(std::int64_t i) const {
        const auto down = even() ? middle() - i : middle() - 1 - i;
        const auto up = even() ? middle() + 1 + i : middle() + i;
        return even() ? pair{grade(down), grade(up)} : pair{grade(up), grade(down)};
    }
    /// The next i with another pair; `none` when there is no other.
    static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();
    [[nodiscard]] std::int64_t next_change(std::int64_t i) const {
        const auto down = even() ? middle() - i : middle() - 1 - i;
        const auto up = even() ? middle() + 1 + i : middle() + i;
        auto       next = none;
        if (down >= 1) {
            const auto at = run_at(down);
            next = std::min(next, i + down - (at == 0 ? 0 : runs_[at - 1].last));
        }
        if (up <= size_) next = std::min(next, i + runs_[run_at(up)].last - up + 1);
        return next;
    }

private:
    struct run {
        score        grade;
        std::int64_t last;  ///< place of its last grade, from 1
    };
    [[nodiscard]] bool even() const { return size_ % 2 == 0; }
    [[nodiscard]] std::int64_t middle() const { return (size_ + 1) / 2; }
    [[nodiscard]] std::size_t run_at(std::int64_t place) const {
        return static_cast<std::size_t>(std::lower_bound(runs_.begin(), runs_.end(), place,
            [](const run& r, std::int64_t p) { return r.last < p; }) - runs_.begin());
    }
    [[nodiscard]] std::int64_t grade(std::int64_t place) const { return place < 1 || place > size_ ? ended
        : runs_[run_at(place)].grade; }
    [[nodiscard]] std::int64_t up_to(score g) const {
        std::int64_t n = 0;
        for (const auto& r : runs_)
            if (r.grade <= g) n = r.last;
        return n;
    }

    std::vector<run> runs_;
    std::int64_t     size_ = 0;
};

/// By the medians that are met when one after the other is taken away; of two that agree as far as they go, the longer is first.
[[nodiscard]] inline std::strong_ordering compare_medians(const grade_list& a, const grade_list& b) {
    for (std::int64_t i = 0; i != grade_list::none; i = std::min(a.next_change(i), b.next_change(i)))
        if (const auto order = a.medians(i) <=> b.medians(i); order != 0) return order;
    return std::strong_ordering::equal;
}

[[nodiscard]] inline number median_tie_value(const grade_list& l, median_ties by) {
    if (l.size() == 0) return 0;
    const auto p = l.above(l.median()), q = l.below(l.median());
    switch (by) {
        case median_ties::typical: return number::fraction(p - q, l.size());
        case median_ties::gauge: return number::fraction(p > q ? p : -q, l.size());
        case median_ties::plus: return l.size() - q;
        case median_ties::successive: return 0;
    }
    return 0;
}

}  // namespace detail

/// Majority judgment: the highest (lower) median grade wins; equal medians are told apart as `rule` says. Exact and quick for any
/// number of ballots. Balinski, Laraki, "Majority Judgment", 2011.
[[nodiscard]] inline count majority_judgment(const rated_ballots& ballots, const conventions& with = {}, std::size_t seats = 1,
    const judgment_rule& rule = {}) {
    auto                            c = detail::begun("majority_judgment", ballots, seats);
    const auto                      all = all_options(c.options.size());
    std::vector<detail::grade_list> lists;
    std::map<score, std::vector<number>, std::greater<>> table;  // how many of each grade
    for (const auto o : all) {
        auto grades = detail::histogram(ballots, o);
        std::int64_t given = 0;
        for (const auto& [g, n] : grades) given += n;
        if (rule.unscored_is_worst && given < ballots.total()) grades[0] += ballots.total() - given;
        for (const auto& [g, n] : grades) table.try_emplace(g, all.size()).first->second[o] = n;
        lists.emplace_back(grades);
    }
    for (const auto& [g, counts] : table)
        c.rounds.push_back({.what = "grade " + std::to_string(g), .options = all, .values = counts});

    round medians{.what = "median grade"};
    round apart{.what = "among equal medians"};
    std::vector<number> tie_values;
    for (const auto o : all) {
        tie_values.push_back(detail::median_tie_value(lists[o], rule.ties));
        if (lists[o].size() == 0) {
            medians.dropped.push_back(o);
            medians.why = "an option without grades is behind all others";
            continue;
        }
        medians.options.push_back(o);
        medians.values.emplace_back(lists[o].median());
        apart.options.push_back(o);
        apart.values.push_back(tie_values.back());
    }
    c.rounds.push_back(std::move(medians));
    if (rule.ties != median_ties::successive) c.rounds.push_back(std::move(apart));
    c.order = in_tiers(all, [&](option a, option b) {
        const auto &x = lists[a], &y = lists[b];
        if (x.size() == 0 || y.size() == 0) return x.size() > 0;
        if (rule.ties == median_ties::successive) return detail::compare_medians(x, y) > 0;
        return x.median() != y.median() ? x.median() > y.median() : tie_values[a] > tie_values[b];
    });
    tie_chain chain(with);
    elect_in_order(c, chain);
    c.rounds.back().elected = c.elected;
    return c;
}

}  // namespace quorate::tally
