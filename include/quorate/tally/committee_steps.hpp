// Committees seat by seat: what each rule keeps between seats, and how ties are followed in all their ways.
#pragma once

#include <quorate/tally/committee_sets.hpp>

#include <map>
#include <optional>

namespace quorate::tally::detail {

// What a sequential rule keeps: one number for each row, and which way of counting it is in. `cost` says what the next seat
// costs when it goes to an option (less is better; nothing: it can't have it), `pay` lets it have it.

/// How many of a row's options are in; an option costs the negative of what it adds.
struct pav_steps {
    static constexpr const char* what = "adds";
    static number start(const approvals&, std::size_t) { return 0; }
    static std::optional<number> cost(const approvals& a, const std::vector<number>& hits, option o) {
        number adds;
        for (const auto row : a.of[o]) adds = plus(adds, over(a.counts[row], plus(hits[row], 1)));
        return negate(adds);
    }
    static void pay(const approvals& a, std::vector<number>& hits, option o, const number&) {
        for (const auto row : a.of[o]) hits[row] = plus(hits[row], 1);
    }
    static number shown(const number& cost) { return negate(cost); }
};

/// What each ballot of a row bears.
struct phragmen_steps {
    static constexpr const char* what = "largest load";
    static number start(const approvals&, std::size_t) { return 0; }
    static std::optional<number> cost(const approvals& a, const std::vector<number>& loads, option o) {
        number       sum = 1;
        std::int64_t payers = 0;
        for (const auto row : a.of[o]) {
            sum = plus(sum, multiply(loads[row], a.counts[row]));
            payers += a.counts[row];
        }
        return payers == 0 ? std::nullopt : std::optional(over(sum, payers));
    }
    static void pay(const approvals& a, std::vector<number>& loads, option o, const number& cost) {
        for (const auto row : a.of[o]) loads[row] = cost;
    }
    static number shown(const number& cost) { return cost; }
};

/// What each ballot of a row has left to spend.
struct shares_steps {
    static constexpr const char* what = "largest payment";
    static number start(const approvals& a, std::size_t seats) { return over(static_cast<std::int64_t>(seats), a.ballots); }
    static std::optional<number> cost(const approvals& a, const std::vector<number>& budgets, option o) {
        auto         payers = a.of[o];
        number       open = 1;
        std::int64_t left = 0;
        std::sort(payers.begin(), payers.end(), [&](std::size_t x, std::size_t y) { return budgets[x] < budgets[y]; });
        for (const auto row : payers) left += a.counts[row];
        for (const auto row : payers) {  // the poorest pay all they have as long as that is less than what the others pay
            auto each = over(open, left);
            if (budgets[row] >= each) return each;
            open = minus(open, multiply(budgets[row], a.counts[row]));
            left -= a.counts[row];
        }
        return std::nullopt;
    }
    static void pay(const approvals& a, std::vector<number>& budgets, option o, const number& cost) {
        for (const auto row : a.of[o]) budgets[row] = minus(budgets[row], std::min(budgets[row], cost));
    }
    static number shown(const number& cost) { return cost; }
};

/// One way in which the seats may have been filled so far.
struct committee_way {
    std::vector<option> in_order;
    std::vector<number> kept;          ///< for each row
    bool                then = false;  ///< equal shares goes on by Phragmén
};

/// Follows a rule until all seats are filled: one way as long as nothing is tied or the chain decides, else all of them.
template <class Steps>
class seat_filler {
public:
    seat_filler(count& c, const approvals& a, tie_chain& chain) : c_(c), a_(a), chain_(chain) {
        ways_.push_back({.in_order = {}, .kept = std::vector<number>(a.counts.size(), Steps::start(a, c.seats)), .then = false});
    }

    void run() {
        for (std::size_t seat = 1; seat <= c_.seats; ++seat) {
            std::map<std::pair<std::vector<option>, std::vector<number>>,
                committee_way> next;  // the same members and the same state are one way
            for (std::size_t w = 0; w < ways_.size(); ++w) {
                auto       way = ways_[w];
                const auto tied = cheapest(way, w == 0, seat);
                if (tied.empty()) return;  // waits for somebody
                for (const auto& [o, cost] : tied) {
                    auto after = way;
                    give(after, o, cost);
                    auto members = after.in_order;
                    std::sort(members.begin(), members.end());
                    auto key = std::pair(std::move(members), after.kept);
                    next.try_emplace(std::move(key), std::move(after));
                }
                if (next.size() > most_committees) return too_many();
            }
            ways_.clear();
            for (auto& [key, way] : next) ways_.push_back(std::move(way));
        }
        equal_committees found;
        std::vector<std::vector<option>> sets;
        for (const auto& way : ways_) {
            sets.push_back(way.in_order);
            std::sort(sets.back().begin(), sets.back().end());
        }
        std::sort(sets.begin(), sets.end());
        sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
        for (const auto& s : sets) found.add(s);
        conclude(c_, std::move(found), chain_);
        if (ways_.size() == 1) c_.elected = ways_.front().in_order;
    }

private:
    using priced = std::vector<std::pair<option, number>>;

    static std::optional<number> cost_of(const approvals& a, const committee_way& way, option o) {
        return way.then ? phragmen_steps::cost(a, way.kept, o) : Steps::cost(a, way.kept, o);
    }
    void give(committee_way& way, option o, const number& cost) const {
        way.in_order.push_back(o);
        if (way.then) phragmen_steps::pay(a_, way.kept, o, cost);
        else Steps::pay(a_, way.kept, o, cost);
    }
    /// The options that may have the next seat, with what it costs; the first way is told as a round.
    priced cheapest(committee_way& way, bool told, std::size_t seat) {
        std::vector<option> standing = all_options(c_.options.size());
        std::erase_if(standing, [&](option o) { return std::find(way.in_order.begin(), way.in_order.end(),
            o) != way.in_order.end(); });
        priced costs = prices(way, standing);
        if (costs.empty() && std::is_same_v<Steps, shares_steps> && !way.then) {
            way.then = true;
            const auto first = shares_steps::start(a_, c_.seats);
            for (auto& k : way.kept) k = minus(first, k);
            costs = prices(way, standing);
        }
        if (told) tell(way, costs, seat);
        if (costs.empty()) {  // those whom nobody approves
            for (const auto o : standing) costs.emplace_back(o, 0);
        }
        auto least = costs.front().second;
        for (const auto& [o, cost] : costs) least = std::min(least, cost);
        std::erase_if(costs, [&](const auto& p) { return p.second != least; });
        if (costs.size() > 1 && told && ways_.size() == 1) {
            std::vector<option> tied;
            for (const auto& [o, cost] : costs) tied.push_back(o);
            const auto first = chain_.best(tied, "seat " + std::to_string(seat), c_);
            if (c_.paused) {
                c_.elected = way.in_order;
                return {};
            }
            if (first) costs = {{*first, least}};
        }
        if (told) c_.rounds.back().elected = {costs.front().first};
        return costs;
    }
    priced prices(const committee_way& way, const std::vector<option>& standing) const {
        priced costs;
        for (const auto o : standing)
            if (auto cost = cost_of(a_, way, o)) costs.emplace_back(o, std::move(*cost));
        return costs;
    }
    void tell(const committee_way& way, const priced& costs, std::size_t seat) {
        round r{.what = "seat " + std::to_string(seat) + ": " + (way.then ? phragmen_steps::what : Steps::what)};
        for (const auto& [o, cost] : costs) {
            r.options.push_back(o);
            r.values.push_back(way.then ? cost : Steps::shown(cost));
        }
        if (way.then) r.why = "nobody can be paid from what is left: by Phragmén's rule";
        if (ways_.size() > 1) r.why += (r.why.empty() ? "" : "; ") + std::string("one of several ways");
        c_.rounds.push_back(std::move(r));
    }
    /// More ways than are followed: only who is in all of them so far is certain.
    void too_many() {
        equal_committees so_far;
        for (auto way : ways_) {
            std::sort(way.in_order.begin(), way.in_order.end());
            so_far.add(way.in_order);
        }
        c_.elected = so_far.in_all;
        for (const auto o : all_options(c_.options.size()))
            if (std::find(c_.elected.begin(), c_.elected.end(), o) == c_.elected.end()) c_.undecided.push_back(o);
        c_.rounds.back().why = "tied in more than " + std::to_string(most_committees) + " ways: they are not followed further";
    }

    count&                     c_;
    const approvals&           a_;
    tie_chain&                 chain_;
    std::vector<committee_way> ways_;
};

template <class Steps>
[[nodiscard]] count seat_by_seat(std::string method, const rated_ballots& ballots, const conventions& with, std::size_t seats) {
    const approvals a(ballots);
    auto            c = begun(std::move(method), ballots, seats);
    if (settled(c, a)) return c;
    tie_chain chain(with);
    seat_filler<Steps>(c, a, chain).run();
    return c;
}

}  // namespace quorate::tally::detail
