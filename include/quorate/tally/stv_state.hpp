// What every single transferable vote keeps while it goes on, and the steps that all of them share.
#pragma once

#include <quorate/tally/papers.hpp>
#include <quorate/tally/stv_rules.hpp>
#include <quorate/tally/stv_values.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace quorate::tally::detail {

enum class standing : std::uint8_t {
    hopeful,
    waiting,  ///< elected, its surplus not yet moved
    elected,
    out,      ///< excluded or withdrawn
};

/// Who has not withdrawn, by option.
inline std::vector<bool> taking_part(const ranked_ballots& ballots, const stv_rules& rules) {
    std::vector<bool> part(ballots.options().size(), true);
    for (const auto o : rules.withdrawn) {
        if (o < part.size()) part[o] = false;
    }
    return part;
}

template <class Values>
class stv_state {
public:
    using value = typename Values::value;

protected:
    stv_state(const ranked_ballots& ballots, const stv_rules& rules, std::size_t seats, const Values& values)
        : values_(values), rules_(rules), papers_(ballots, rules.skipped, taking_part(ballots, rules)),
          count_(begun(rules.name, ballots, seats)),
          chain_(conventions{.ties = rules.ties}, majority_of(ballots)), standing_(ballots.options().size(), standing::hopeful),
          votes_(ballots.options().size(), values.whole(0)) {
        const auto part = taking_part(ballots, rules);
        for (std::size_t o = 0; o < part.size(); ++o) {
            if (!part[o]) standing_[o] = standing::out;
        }
    }

    [[nodiscard]] std::vector<option> those(standing s) const {
        std::vector<option> all;
        for (option o = 0; o < standing_.size(); ++o) {
            if (standing_[o] == s) all.push_back(o);
        }
        return all;
    }
    [[nodiscard]] std::vector<option> hopefuls() const { return those(standing::hopeful); }
    [[nodiscard]] std::size_t seats_left() const { return count_.seats - std::min(count_.seats, count_.elected.size()); }
    /// Nobody has to be left out any more, or every seat is taken.
    [[nodiscard]] bool complete() const { return seats_left() == 0 || hopefuls().size() <= seats_left(); }
    [[nodiscard]] const std::string& name(option o) const { return count_.options[o]; }
    [[nodiscard]] std::string names(const std::vector<option>& all) const {
        std::string out;
        for (const auto o : all) out.append(out.empty() ? "" : ", ").append(name(o));
        return out;
    }

    /// The quota of so many votes.
    [[nodiscard]] value quota_of(const value& votes) const {
        const auto seats = static_cast<std::int64_t>(std::min<std::size_t>(count_.seats, most_options));
        switch (rules_.quota) {
            case quota::droop: {
                auto q = values_.integer_part(values_.over(votes, seats + 1));
                increase(q, values_.whole(1));
                return q;
            }
            case quota::hagenbach_bischoff: return passing(values_.over(votes, seats + 1));
            case quota::hare: return passing(values_.over(votes, std::max<std::int64_t>(seats, 1)));
            case quota::imperiali: return passing(values_.over(votes, seats + 2));
        }
        return votes;
    }
    [[nodiscard]] bool reaches(const value& votes) const {
        const auto c = values_.compare(votes, quota_);
        if (values_.compare(votes, values_.whole(0)) <= 0) return false;
        return rules_.passed && values_.exact() ? c > 0 : c >= 0;
    }

    /// Those of `among` whose votes, read by `of`, are the largest or the smallest.
    template <class Of>
    [[nodiscard]] std::vector<option> extremes(std::vector<option> among, bool largest, Of&& of) const {
        auto best = of(among.front());
        for (const auto o : among) {
            const auto v = of(o);
            if (largest ? best < v : v < best) best = v;
        }
        std::erase_if(among, [&](option o) { return values_.compare(of(o), best) != 0; });
        return among;
    }
    [[nodiscard]] auto by_votes() const {
        return [this](option o) -> const value& { return votes_[o]; };
    }

    /// Elects the hopefuls that reach the quota, most votes first: all, or as many as there are seats, or with `only_first` one.
    /// Gives them; false when a tie about the last place among them stands.
    bool elect_reaching(std::vector<option>& now, bool only_first) {
        auto reached = hopefuls();
        std::erase_if(reached, [&](option o) { return !reaches(votes_[o]); });
        while (!reached.empty() && seats_left() > 0 && (!only_first || now.empty())) {
            auto       top = extremes(reached, true, by_votes());
            const bool contested = only_first || top.size() > seats_left();
            if (top.size() > 1 && contested) {
                const auto chosen = chain_.best(top, "who is elected", count_);
                if (!chosen) return stop();
                top = {*chosen};
            }
            for (const auto o : top) {
                elect(o, rules_.until_transferred || values_.compare(votes_[o], quota_) > 0 ? standing::waiting : standing::elected);
                now.push_back(o);
                std::erase(reached, o);
            }
        }
        return true;
    }
    void elect(option o, standing as) {
        standing_[o] = as;
        count_.elected.push_back(o);
    }
    /// The hopeful to exclude: the lowest, by the chain where several are within `margin` of it. Nothing when that tie stands.
    [[nodiscard]] std::optional<option> lowest(const value& margin) {
        auto among = hopefuls();
        auto limit = votes_[extremes(among, false, by_votes()).front()];
        for (const auto o : among) limit = std::min(limit, votes_[o]);
        increase(limit, margin);
        std::erase_if(among, [&](option o) { return values_.compare(votes_[o], limit) > 0; });
        if (among.size() == 1) return among.front();
        const auto chosen = chain_.worst(among, "who is excluded", count_);
        if (!chosen) stop();
        return chosen;
    }
    /// The largest set of lowest hopefuls that can't be elected even with each other's votes and all of `surplus`.
    [[nodiscard]] std::vector<option> sure_losers(const value& surplus, const std::function<bool(std::size_t)>& also = {}) const {
        auto sorted = hopefuls();
        std::stable_sort(sorted.begin(), sorted.end(), [&](option a, option b) { return votes_[a] < votes_[b]; });
        auto        could_have = surplus;
        std::size_t found = 0;
        for (std::size_t n = 1; n < sorted.size() && sorted.size() - n >= seats_left(); ++n) {
            increase(could_have, votes_[sorted[n - 1]]);
            if (values_.compare(could_have, votes_[sorted[n]]) < 0 && (!also || also(n))) found = n;
        }
        sorted.resize(found);
        std::sort(sorted.begin(), sorted.end());
        return sorted;
    }
    /// A tie stands: who might still get a seat is undecided.
    bool stop() {
        if (!count_.paused) count_.undecided = hopefuls();
        return false;
    }
    /// Everyone who is left gets a seat, most votes first; the count is complete.
    void fill_last_seats() {
        auto rest = hopefuls();
        if (seats_left() == 0 || rest.empty()) return;
        std::stable_sort(rest.begin(), rest.end(), [&](option a, option b) { return votes_[b] < votes_[a]; });
        for (const auto o : rest) elect(o, standing::elected);
        record("last seats", rest, {}, "as many are left as seats");
    }

    void record(std::string what, std::vector<option> elected, std::vector<option> dropped, std::string why) {
        round r{.what = std::move(what), .options = {}, .values = {}, .elected = std::move(elected), .dropped = std::move(dropped),
                .why = std::move(why), .exhausted = values_.to_number(exhausted_)};
        for (option o = 0; o < standing_.size(); ++o) {
            // Whose papers didn't move when the last seats were certain is out, and still has them.
            if (standing_[o] == standing::out && votes_[o] == values_.whole(0)) continue;
            r.options.push_back(o);
            r.values.push_back(values_.to_number(votes_[o]));
        }
        count_.rounds.push_back(std::move(r));
        count_.quota = values_.to_number(quota_);
    }
    [[nodiscard]] std::string quota_text() const { return "the quota is " + values_.text(quota_); }

    const Values&         values_;
    const stv_rules&      rules_;
    papers                papers_;
    count                 count_;
    tie_chain             chain_;
    std::vector<standing> standing_;
    std::vector<value>    votes_;
    value                 quota_{};
    value                 exhausted_{};

private:
    [[nodiscard]] value passing(value q) const {
        if (rules_.passed) increase(q, values_.unit());
        return q;
    }
};

}  // namespace quorate::tally::detail
