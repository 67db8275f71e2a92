// Seats for parties by transferable vote: ballots rank parties, and a party may win several seats.
#pragma once

#include <quorate/tally/apportionment.hpp>

namespace quorate::tally {
namespace detail {

class party_counter {
public:
    party_counter(const ranked_ballots& ballots, const conventions& with, std::size_t seats)
        : ballots_(ballots), count_(begun("party_stv", ballots, seats)), chain_(with),
            standing_(all_options(ballots.options().size())), has_(ballots.options().size(), 0) {
        const auto all = number(ballots.total());
        const auto s = static_cast<std::int64_t>(seats);
        switch (with.quota) {
            case quota::droop: count_.quota = plus(quorate::floor(over(all, s + 1)), 1); break;
            case quota::hagenbach_bischoff: count_.quota = over(all, s + 1); break;
            case quota::hare: count_.quota = s == 0 ? all : over(all, s); break;
            case quota::imperiali: count_.quota = over(all, s + 2); break;
        }
        for (std::size_t row = 0; row < ballots.rows(); ++row) give(row, ballots.counts()[row]);
    }

    count whole() {
        while (count_.elected.size() < count_.seats && !standing_.empty() && count_.undecided.empty()) {
            const auto now = totals();
            auto       most = now[standing_.front()];
            for (const auto o : standing_) most = std::max(most, now[o]);
            tell(now);
            if (standing_.size() == 1) take_the_rest();
            else if (most >= count_.quota && most.sign() > 0) elect(now, most);
            else drop(now);
        }
        return told(std::move(count_), has_);
    }

private:
    struct part {
        std::size_t row;
        option      holder;
        number      weight;
    };

    /// To the best party that still stands, in equal parts where several are level.
    void give(std::size_t row, const number& weight) {
        std::vector<option> best;
        for (const auto o : standing_) {
            const auto r = ballots_.at(row, o);
            if (r == unranked || (!best.empty() && r > ballots_.at(row, best.front()))) continue;
            if (!best.empty() && r < ballots_.at(row, best.front())) best.clear();
            best.push_back(o);
        }
        if (best.empty()) exhausted_ = plus(exhausted_, weight);
        for (const auto o : best) parts_.push_back({row, o, over(weight, static_cast<std::int64_t>(best.size()))});
    }
    [[nodiscard]] std::vector<number> totals() const {
        std::vector<number> all(has_.size());
        for (const auto& p : parts_) all[p.holder] = plus(all[p.holder], p.weight);
        return all;
    }
    void tell(const std::vector<number>& now) {
        round r{.what = "votes", .options = standing_, .why = {}, .exhausted = exhausted_};
        for (const auto o : standing_) r.values.push_back(now[o]);
        count_.rounds.push_back(std::move(r));
    }
    /// The one of those with this many votes that the chain names, the only one, or nobody.
    std::optional<option> one_with(const std::vector<number>& now, const number& votes, bool best) {
        auto tied = standing_;
        std::erase_if(tied, [&](option o) { return now[o] != votes; });
        if (tied.size() == 1) return tied.front();
        auto chosen = best ? chain_.best(tied, "next seat", count_) : chain_.worst(tied, "who is dropped", count_);
        if (!chosen && !count_.paused) count_.undecided = standing_;
        return chosen;
    }
    void elect(const std::vector<number>& now, const number& most) {
        auto tied = standing_;
        std::erase_if(tied, [&](option o) { return now[o] != most; });
        // As long as there is a seat for each of them, their order changes nothing.
        const auto one = tied.size() <= count_.seats - count_.elected.size() ? std::optional(tied.front())
            : one_with(now, most, true);
        if (!one) return;
        const auto keeps = over(minus(most, count_.quota), most);
        for (auto& p : parts_)
            if (p.holder == *one) p.weight = multiply(p.weight, keeps);
        ++has_[*one];
        count_.elected.push_back(*one);
        count_.rounds.back().elected = {*one};
        count_.rounds.back().why = "the quota is " + to_string(count_.quota) + "; each of its ballots keeps " + to_string(keeps);
    }
    void drop(const std::vector<number>& now) {
        auto least = now[standing_.front()], most = least;
        for (const auto o : standing_) {
            least = std::min(least, now[o]);
            most = std::max(most, now[o]);
        }
        std::vector<option> gone;
        if (least.sign() == 0 && most.sign() > 0) {  // whoever holds nothing changes nothing by leaving
            gone = standing_;
            std::erase_if(gone, [&](option o) { return now[o].sign() != 0; });
        } else {
            const auto last = one_with(now, least, false);
            if (!last) return;
            gone = {*last};
        }
        for (const auto o : gone) std::erase(standing_, o);
        count_.rounds.back().dropped = gone;
        std::vector<part> moved;
        for (const auto& p : parts_)
            if (std::find(gone.begin(), gone.end(), p.holder) != gone.end()) moved.push_back(p);
        std::erase_if(parts_, [&](const part& p) { return std::find(gone.begin(), gone.end(), p.holder) != gone.end(); });
        for (const auto& p : moved) give(p.row, p.weight);
    }
    void take_the_rest() {
        const auto last = standing_.front();
        const auto left = count_.seats - count_.elected.size();
        has_[last] += static_cast<std::int64_t>(left);
        count_.elected.insert(count_.elected.end(), left, last);
        count_.rounds.back().elected = {last};
        count_.rounds.back().why = "the only party left takes the seats left";
    }

    const ranked_ballots&     ballots_;
    count                     count_;
    tie_chain                 chain_;
    std::vector<option>       standing_;
    std::vector<std::int64_t> has_;
    std::vector<part>         parts_;
    number                    exhausted_;
};

}  // namespace detail

/// A party gets a seat for each quota of votes it holds; the ballots that it elected with keep their value over the quota
/// (Gregory). When nobody has a quota, the party that holds least is dropped, and its ballots go on, even if it has seats. The
/// last party takes the seats left. Reads `quota` (to be met) and `ties`; options that share a rank share the ballot. A tie
/// that the chain leaves makes all parties that still stand undecided. The last round says how many seats each has. Refuses
/// more than `most_seats`.
[[nodiscard]] inline result<count> party_stv(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1) {
    if (seats > most_seats)
        return make_error(errc::limit, "at most " + std::to_string(most_seats) + " seats are given out, not "
            + std::to_string(seats));
    return detail::party_counter(ballots, with, seats).whole();
}

}  // namespace quorate::tally
