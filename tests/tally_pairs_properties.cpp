// What holds for pairwise counts of any ballots.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <numeric>
#include <queue>
#include <string>
#include <tuple>
#include <vector>

#include <rapidcheck.h>

#include <quorate/tally/condorcet.hpp>
#include <quorate/tally/debian.hpp>
#include <quorate/tally/dodgson.hpp>
#include <quorate/tally/kemeny.hpp>

#include "effort.hpp"

using namespace quorate::tally;

namespace {

const bool seeded = seed_rapidcheck();

struct ballot {
    std::vector<rank> ranks;
    std::int64_t      times = 1;
};
struct vote {
    std::size_t         options = 0;
    std::vector<ballot> ballots;
};

/// From two to five options, up to a dozen ballots with equal, left out and skipped ranks.
vote any_vote() {
    vote v;
    v.options = static_cast<std::size_t>(*rc::gen::inRange(2, 6));
    const auto rows = *rc::gen::inRange(0, 12);
    for (int i = 0; i < rows; ++i) {
        ballot b;
        for (std::size_t o = 0; o < v.options; ++o) b.ranks.push_back(static_cast<rank>(*rc::gen::inRange(0, static_cast<int>(v.options) + 1)));
        b.times = *rc::gen::inRange(1, 4);
        v.ballots.push_back(std::move(b));
    }
    return v;
}
ranked_ballots read(const vote& v) {
    std::vector<std::string> names;
    for (std::size_t o = 0; o < v.options; ++o) names.emplace_back(1, static_cast<char>('A' + o));
    auto all = ranked_ballots::make(names).value();
    for (const auto& b : v.ballots) all.add(std::span<const rank>(b.ranks), b.times).value();
    return all;
}
template <class T>
std::vector<T> shuffled(std::vector<T> list) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(i)))]);
    return list;
}

struct named {
    const char*                                name;
    std::function<count(const ranked_ballots&)> run;
    bool                                       condorcet;  ///< elects the Condorcet winner
    bool                                       smith;      ///< elects from the Smith set
};
conventions by(defeat_strength s) {
    conventions with;
    with.strength = s;
    return with;
}
const std::vector<named>& methods() {
    static const std::vector<named> all{
        {"smith", [](const auto& b) { return smith(b); }, true, true},
        {"schwartz", [](const auto& b) { return schwartz(b); }, true, true},
        {"copeland", [](const auto& b) { return copeland(b); }, true, true},
        {"copeland_second_order", [](const auto& b) { return copeland_second_order(b); }, true, true},
        {"minimax winning", [](const auto& b) { return minimax(b, by(defeat_strength::winning_votes)); }, true, false},
        {"minimax margins", [](const auto& b) { return minimax(b, by(defeat_strength::margins)); }, true, false},
        {"minimax ratio", [](const auto& b) { return minimax(b, by(defeat_strength::ratio)); }, true, false},
        {"minimax opposition", [](const auto& b) { return minimax(b, by(defeat_strength::opposition)); }, false, false},
        {"ranked pairs winning", [](const auto& b) { return ranked_pairs(b); }, true, true},
        {"ranked pairs margins", [](const auto& b) { return ranked_pairs(b, by(defeat_strength::margins)); }, true, true},
        {"ranked pairs universes", [](const auto& b) { return ranked_pairs_universes(b, by(defeat_strength::margins)).value(); }, true, true},
        {"schulze winning", [](const auto& b) { return schulze(b); }, true, true},
        {"schulze margins", [](const auto& b) { return schulze(b, by(defeat_strength::margins)); }, true, true},
        {"schulze ratio", [](const auto& b) { return schulze(b, by(defeat_strength::ratio)); }, true, true},
        {"kemeny", [](const auto& b) { return kemeny(b).value(); }, true, true},
        {"dodgson quick", [](const auto& b) { return dodgson_quick(b); }, true, false},
        {"dodgson tideman", [](const auto& b) { return dodgson_tideman(b); }, true, false},
        {"cssd without default", [](const auto& b) { return debian(b, {}).value(); }, true, true},
    };
    return all;
}

using tiers = std::vector<std::vector<option>>;
tiers renamed(tiers list, const std::vector<option>& to) {
    for (auto& tier : list) {
        for (auto& o : tier) o = to[o];
        std::sort(tier.begin(), tier.end());
    }
    return list;
}
std::vector<option> set_of(std::vector<option> list) {
    std::sort(list.begin(), list.end());
    return list;
}
bool within(const std::vector<option>& some, const std::vector<option>& all) {
    return std::all_of(some.begin(), some.end(), [&](option o) { return std::find(all.begin(), all.end(), o) != all.end(); });
}

/// Swaps of neighbours until an option beats all others, looked for breadth first among all profiles.
std::int64_t swaps_needed(const std::vector<std::vector<option>>& profile, option a) {
    const auto wins = [&](const auto& p) {
        for (option b = 0; b < p.front().size(); ++b) {
            if (b == a) continue;
            std::int64_t for_a = 0;
            for (const auto& r : p) for_a += std::find(r.begin(), r.end(), a) < std::find(r.begin(), r.end(), b) ? 1 : -1;
            if (for_a <= 0) return false;
        }
        return true;
    };
    std::map<std::vector<std::vector<option>>, std::int64_t> reached{{profile, 0}};
    std::queue<std::vector<std::vector<option>>>             open;
    open.push(profile);
    while (true) {
        auto p = open.front();
        open.pop();
        const auto steps = reached[p];
        if (wins(p)) return steps;
        for (auto& r : p) {
            for (std::size_t i = 0; i + 1 < r.size(); ++i) {
                std::swap(r[i], r[i + 1]);
                if (reached.emplace(p, steps + 1).second) open.push(p);
                std::swap(r[i], r[i + 1]);
            }
        }
    }
}

}  // namespace

TEST_CASE("whoever votes first changes nothing in a pairwise count") {
    CHECK(rc::check([] {
        auto       v = any_vote();
        const auto b = read(v);
        v.ballots = shuffled(v.ballots);
        const auto other = read(v);
        for (const auto& m : methods()) {
            const auto x = m.run(b), y = m.run(other);
            RC_ASSERT(x.elected == y.elected);
            RC_ASSERT(x.undecided == y.undecided);
            RC_ASSERT(x.order == y.order);
        }
    }));
}
TEST_CASE("the names of options change nothing in a pairwise count but the names") {
    CHECK(rc::check([] {
        const auto          v = any_vote();
        std::vector<option> to(v.options);
        std::iota(to.begin(), to.end(), option{0});
        to = shuffled(to);
        auto other = v;
        for (std::size_t i = 0; i < v.ballots.size(); ++i) {
            for (std::size_t o = 0; o < v.options; ++o) other.ballots[i].ranks[to[o]] = v.ballots[i].ranks[o];
        }
        const auto x = read(v), y = read(other);
        for (const auto& m : methods()) {
            const auto one = m.run(x), two = m.run(y);
            RC_ASSERT(renamed({one.winners()}, to).front() == set_of(two.winners()));
            RC_ASSERT(renamed(one.order, to) == renamed(two.order, [&] {
                          std::vector<option> same(v.options);
                          std::iota(same.begin(), same.end(), option{0});
                          return same;
                      }()));
        }
    }));
}
TEST_CASE("methods that promise it elect the Condorcet winner, and from the Smith set") {
    CHECK(rc::check([] {
        const auto b = read(any_vote());
        const auto c = compare(b);
        const auto winner = condorcet_winner(c);
        const auto among = smith_set(c);
        RC_ASSERT(within(schwartz_set(c), among));
        for (const auto& m : methods()) {
            const auto won = m.run(b).winners();
            RC_ASSERT(!won.empty());
            if (m.condorcet && winner) RC_ASSERT(won == std::vector<option>{*winner});
            if (m.smith) RC_ASSERT(within(won, among));
        }
    }));
}
TEST_CASE("one ballot more is one comparison more, and none is lost") {
    CHECK(rc::check([] {
        auto       v = any_vote();
        const auto before = compare(read(v));
        ballot     one;
        for (std::size_t o = 0; o < v.options; ++o) one.ranks.push_back(static_cast<rank>(*rc::gen::inRange(0, 4)));
        v.ballots.push_back(one);
        const auto after = compare(read(v));
        RC_ASSERT(after.ballots() == before.ballots() + 1);
        for (option a = 0; a < v.options; ++a) {
            for (option b = 0; b < v.options; ++b) {
                if (a == b) continue;
                const bool prefers = one.ranks[a] != unranked && (one.ranks[b] == unranked || one.ranks[a] < one.ranks[b]);
                RC_ASSERT(after.votes(a, b) == before.votes(a, b) + (prefers ? 1 : 0));
                RC_ASSERT(after.votes(a, b) + after.votes(b, a) <= after.ballots());
            }
        }
    }));
}
TEST_CASE("every option has one place in an order") {
    CHECK(rc::check([] {
        const auto b = read(any_vote());
        for (const auto& m : methods()) {
            const auto          c = m.run(b);
            std::vector<option> all;
            for (const auto& tier : c.order) all.insert(all.end(), tier.begin(), tier.end());
            if (all.empty()) continue;
            RC_ASSERT(all.size() == b.options().size());
            all = set_of(all);
            RC_ASSERT(std::adjacent_find(all.begin(), all.end()) == all.end());
        }
    }));
}
TEST_CASE("exact Dodgson finds what a search through all swaps finds") {
    CHECK(rc::check([] {
        const auto n = static_cast<std::size_t>(*rc::gen::inRange(2, 4));
        std::vector<std::vector<option>> profile;
        std::vector<std::string>         names;
        for (std::size_t o = 0; o < n; ++o) names.emplace_back(1, static_cast<char>('A' + o));
        auto ballots = ranked_ballots::make(names).value();
        for (int i = *rc::gen::inRange(1, 5); i > 0; --i) {
            std::vector<option> r(n);
            std::iota(r.begin(), r.end(), option{0});
            profile.push_back(shuffled(r));
            std::vector<std::vector<option>> in_tiers;
            for (const auto o : profile.back()) in_tiers.push_back({o});
            ballots.add(in_tiers).value();
        }
        const auto c = dodgson(ballots).value();
        for (option a = 0; a < n; ++a) RC_ASSERT(c.rounds.front().values[a] == quorate::number(swaps_needed(profile, a)));
    }));
}
