// Committees from approvals, seats for parties, quadratic voting, and the table of methods.
#include <doctest/doctest.h>

#include <numeric>
#include <random>

#include <rapidcheck.h>

#include <quorate/tally/apportionment.hpp>
#include <quorate/tally/committee.hpp>
#include <quorate/tally/party_stv.hpp>
#include <quorate/tally/quadratic.hpp>

using namespace quorate;
using namespace quorate::tally;

namespace {

using names = std::vector<std::string>;
using list = std::vector<option>;
using lists = std::vector<list>;
constexpr score no = unscored;

rated_ballots approvals_of(std::size_t options, const std::vector<std::pair<std::int64_t, list>>& all) {
    names n;
    for (std::size_t i = 0; i < options; ++i) n.push_back(std::string(1, static_cast<char>('a' + i)));
    auto b = rated_ballots::make(n).value();
    for (const auto& [count, approved] : all) {
        std::vector<score> s(options, 0);
        for (const auto o : approved) s[o] = 1;
        b.add(s, count).value();
    }
    return b;
}
conventions in_order(list order) {
    conventions with;
    tie_break   step;
    step.order = std::move(order);
    with.ties.push_back(step);
    return with;
}
conventions waiting() {
    conventions with;
    tie_break   step;
    step.by = tie_break::kind::casting_vote;
    with.ties.push_back(step);
    return with;
}

using searcher = result<count> (*)(const rated_ballots&, const conventions&, std::size_t);
const std::vector<std::pair<std::string, searcher>> all_rules{
    {"pav", pav},
    {"chamberlin_courant", chamberlin_courant},
    {"minimax_approval", minimax_approval},
    {"monroe", monroe},
    {"sequential_pav", [](const rated_ballots& b, const conventions& w,
        std::size_t s) -> result<count> { return sequential_pav(b, w, s); }},
    {"seq_phragmen", [](const rated_ballots& b, const conventions& w, std::size_t s) -> result<count> { return seq_phragmen(b,
        w, s); }},
    {"equal_shares", [](const rated_ballots& b, const conventions& w, std::size_t s) -> result<count> { return equal_shares(b,
        w, s); }},
};

/// All committees of a size, each in ascending order.
lists committees(std::size_t options, std::size_t size) {
    lists all;
    for (std::uint32_t bits = 0; bits < (1U << options); ++bits) {
        list one;
        for (option o = 0; o < options; ++o)
            if ((bits >> o & 1U) != 0) one.push_back(o);
        if (one.size() == size) all.push_back(one);
    }
    std::sort(all.begin(), all.end());
    return all;
}
std::size_t hits(const rated_ballots& b, std::size_t row, const list& committee) {
    return static_cast<std::size_t>(std::count_if(committee.begin(), committee.end(),
        [&](option o) { return b.at(row, o) > 0; }));
}
number pav_worth(const rated_ballots& b, const list& c) {
    number sum;
    for (std::size_t row = 0; row < b.rows(); ++row)
        for (std::size_t j = 1; j <= hits(b, row, c); ++j)
            sum = *add(sum, number::fraction(b.counts()[row], static_cast<std::int64_t>(j)));
    return sum;
}
number cover_worth(const rated_ballots& b, const list& c) {
    number sum;
    for (std::size_t row = 0; row < b.rows(); ++row)
        if (hits(b, row, c) > 0) sum = *add(sum, b.counts()[row]);
    return sum;
}
number nearness(const rated_ballots& b, const list& c) {
    std::int64_t most = 0;
    for (std::size_t row = 0; row < b.rows(); ++row) {
        const auto in = static_cast<std::int64_t>(hits(b, row, c));
        const auto own = std::count_if(b.ballot(row).begin(), b.ballot(row).end(), [](score s) { return s > 0; });
        most = std::max(most, own - in + static_cast<std::int64_t>(c.size()) - in);
    }
    return -most;
}
/// Every way of giving single ballots to members.
number monroe_worth(const rated_ballots& b, const list& c) {
    std::vector<std::size_t> ballots;
    for (std::size_t row = 0; row < b.rows(); ++row)
        ballots.insert(ballots.end(), static_cast<std::size_t>(b.counts()[row]), row);
    const auto               k = c.size();
    std::vector<std::size_t> to(ballots.size(), 0), size(k, 0);
    std::int64_t             best = 0;
    const auto               give = [&](auto&& self, std::size_t at, std::int64_t sum) -> void {
        if (at == ballots.size()) {
            const auto [least, most] = std::minmax_element(size.begin(), size.end());
            if (*most - *least <= 1) best = std::max(best, sum);
            return;
        }
        for (std::size_t m = 0; m < k; ++m) {
            ++size[m];
            self(self, at + 1, sum + (b.at(ballots[at], c[m]) > 0 ? 1 : 0));
            --size[m];
        }
    };
    give(give, 0, 0);
    return best;
}
std::vector<number> values(const count& c) { return c.rounds.back().values; }

}  // namespace

TEST_CASE("committee rules differ where they should") {
    // Two thirds like a, b, c; one third likes d, e, f.
    const auto b = approvals_of(6, {{20, {0, 1, 2}}, {10, {3, 4, 5}}});
    const auto of_majority = [](const list& c) { return std::count_if(c.begin(), c.end(), [](option o) { return o < 3; }); };
    for (const auto& each : all_rules) {
        const auto& name = each.first;
        const auto  rule = each.second;
        CAPTURE(name);
        const auto c = rule(b, {}, 3).value();
        for (const auto& set : c.sets) {
            if (name == "minimax_approval" || name == "chamberlin_courant")
                continue;  // these look at the worst off, or at being represented
            CHECK(of_majority(set) == 2);
        }
        if (name != "minimax_approval" && name != "chamberlin_courant") CHECK(c.sets.size() == 9);
    }
}

TEST_CASE("searching finds exactly the committees that trying all of them finds") {
    std::mt19937 random(3);
    for (int trial = 0; trial < 120; ++trial) {
        const std::size_t options = 3 + random() % 4, seats = 1 + random() % (options - 1);
        std::vector<std::pair<std::int64_t, list>> all;
        for (std::size_t i = 0, n = 1 + random() % 4; i < n; ++i) {
            list approved;
            for (option o = 0; o < options; ++o)
                if (random() % 2 == 0) approved.push_back(o);
            all.emplace_back(1 + random() % 2, approved);
        }
        all.emplace_back(1, list{0});
        const auto b = approvals_of(options, all);
        const auto check = [&](const char* name, searcher rule, number (*worth)(const rated_ballots&, const list&)) {
            CAPTURE(name);
            lists  best;
            number most;
            for (const auto& c : committees(options, seats)) {
                const auto w = worth(b, c);
                if (best.empty() || w > most) {
                    best.clear();
                    most = w;
                }
                if (w == most) best.push_back(c);
            }
            CHECK(rule(b, {}, seats).value().sets == best);
        };
        check("pav", pav, pav_worth);
        check("chamberlin_courant", chamberlin_courant, cover_worth);
        check("minimax_approval", minimax_approval, nearness);
        if (trial % 4 == 0) check("monroe", monroe, monroe_worth);
    }
}

TEST_CASE("a larger search ends, and one that would not is refused") {
    std::mt19937 random(5);
    std::vector<std::pair<std::int64_t, list>> all;
    for (int i = 0; i < 40; ++i) {
        list approved;
        for (option o = 0; o < 20; ++o)
            if (random() % 4 == 0) approved.push_back(o);
        all.emplace_back(1, approved);
    }
    CHECK(pav(approvals_of(20, all), {}, 5).value().sets.size() >= 1);
    // Everybody approves somebody else: all of very many committees are equally good.
    std::vector<std::pair<std::int64_t, list>> apart;
    auto many = rated_ballots::make([] {
        names n;
        for (int i = 0; i < 200; ++i) n.push_back(std::to_string(i));
        return n;
    }()).value();
    for (std::size_t i = 0; i < 200; ++i) {
        std::vector<score> s(200, 0);
        s[i] = 1;
        many.add(s).value();
    }
    const auto refused = tally::detail::best_committees("pav", many, {}, 100,
        [](const auto& a) { return tally::detail::thiele_goal(a, 100, true); }, 1 << 18U);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == errc::limit);
    const auto open = sequential_pav(many, {}, 100);
    CHECK(open.elected.empty());
    CHECK(open.undecided.size() == 200);
    CHECK(open.rounds.back().why.find("more than 1000 ways") != std::string::npos);
}

TEST_CASE("equally good committees: who is in all is elected, the others wait for the chain") {
    const auto b = approvals_of(3, {{3, {0}}, {2, {1}}, {2, {2}}});
    for (const auto& each : all_rules) {
        const auto& name = each.first;
        const auto  rule = each.second;
        CAPTURE(name);
        if (name == "minimax_approval") continue;  // one ballot is as far from each of the three committees as another
        const auto c = rule(b, {}, 2).value();
        CHECK(c.elected == list{0});
        CHECK(c.undecided == list{1, 2});
        CHECK(c.sets == lists{{0, 1}, {0, 2}});
        const auto broken = rule(b, in_order({2, 1, 0}), 2).value();
        CHECK(broken.undecided.empty());
        CHECK(std::find(broken.elected.begin(), broken.elected.end(), option{2}) != broken.elected.end());
        const auto waits = rule(b, waiting(), 2).value();
        CHECK(waits.paused);
        CHECK(waits.undecided == list{1, 2});
    }
}

TEST_CASE("more than a thousand equally good committees are counted, but not listed, and no chain is asked about them") {
    std::vector<std::pair<std::int64_t, list>> apart;
    for (option o = 0; o < 14; ++o) apart.push_back({1, {o}});
    conventions last_first;
    last_first.ties.push_back({.by = tie_break::kind::lot, .seed = 1});
    const auto c = pav(approvals_of(14, apart), last_first, 4).value();  // 14 * 13 * 12 * 11 / 24
    CHECK(c.sets.size() == 1000);
    CHECK(c.elected.empty());
    CHECK(c.undecided.size() == 14);
    CHECK(c.rounds.back().why == "the best committees are worth 4; 1001 committees are equally good, the first 1000 are listed");
}

TEST_CASE("a tie that is followed in too many ways leaves those elected who had their seats before") {
    std::vector<std::pair<std::int64_t, list>> all{{2, {0}}};
    for (option o = 1; o <= 46; ++o) all.push_back({1, {o}});
    for (const auto rule : {sequential_pav, seq_phragmen, equal_shares}) {
        const auto c = rule(approvals_of(47, all), {}, 4);  // 46 ways to fill the second seat, 1035 to fill the third
        CHECK(c.elected == list{0});
        CHECK(c.undecided.size() == 46);
        CHECK(c.rounds.back().why == "tied in more than 1000 ways: they are not followed further");
    }
}

TEST_CASE("nobody approved, seats for all, no options, no seats: every committee rule has a result") {
    for (const auto& each : all_rules) {
        const auto& name = each.first;
        const auto  rule = each.second;
        CAPTURE(name);
        CHECK(rule(approvals_of(0, {}), {}, 1).value().elected.empty());
        CHECK(rule(approvals_of(3, {}), {}, 2).value().undecided == list{0, 1, 2});
        CHECK(rule(approvals_of(3, {{4, {}}}), {}, 2).value().undecided == list{0, 1, 2});
        CHECK(rule(approvals_of(3, {{4, {1}}}), {}, 3).value().elected == list{0, 1, 2});
        CHECK(rule(approvals_of(3, {{4, {1}}}), {}, 9).value().elected == list{0, 1, 2});
        CHECK(rule(approvals_of(3, {{4, {1}}}), {}, 0).value().elected.empty());
        const auto one = rule(approvals_of(3, {{4, {1}}}), {}, 2).value();
        CHECK(one.elected == list{1});
        CHECK(one.undecided == list{0, 2});
    }
}

TEST_CASE("equal shares: a group that is large enough for a seat gets it") {
    const auto c = equal_shares(approvals_of(4, {{7, {0, 1, 2}}, {3, {3}}}), {}, 3);
    CHECK(c.sets.size() == 3);
    for (const auto& set : c.sets) CHECK(std::find(set.begin(), set.end(), option{3}) != set.end());
    // Seats that nobody can pay for go by loads, and those that nobody approves are all level.
    const auto unwanted = approvals_of(5, {{10, {0, 1}}});
    const auto left = equal_shares(unwanted, {}, 4);
    CHECK(left.elected == list{0, 1});
    CHECK(left.undecided == list{2, 3, 4});
    CHECK(left.sets == lists{{0, 1, 2, 3}, {0, 1, 2, 4}, {0, 1, 3, 4}});
    CHECK(equal_shares(unwanted, in_order({4, 3, 2, 1, 0}), 4).elected == list{1, 0, 4, 3});
}

TEST_CASE("neither the order of voters nor that of options changes a committee") {
    CHECK(rc::check([] {
        const std::size_t options = 5;
        const auto        raw = *rc::gen::container<std::vector<std::vector<bool>>>(*rc::gen::inRange<std::size_t>(1, 7),
            rc::gen::container<std::vector<bool>>(options, rc::gen::arbitrary<bool>()));
        const auto        seats = *rc::gen::inRange<std::size_t>(1, 5);
        std::vector<std::pair<std::int64_t, list>> all, turned;
        for (const auto& r : raw) {
            list a, t;
            for (option o = 0; o < options; ++o)
                if (r[o]) {
                    a.push_back(o);
                    t.push_back(static_cast<option>(options - 1 - o));
                }
            all.emplace_back(1, a);
            turned.insert(turned.begin(), {1, t});
        }
        for (const auto& [name, rule] : all_rules) {
            const auto c = rule(approvals_of(options, all), {}, seats).value(), t = rule(approvals_of(options, turned), {},
                seats).value();
            lists      back;
            for (auto set : t.sets) {
                for (auto& o : set) o = static_cast<option>(options - 1 - o);
                std::sort(set.begin(), set.end());
                back.push_back(set);
            }
            std::sort(back.begin(), back.end());
            RC_ASSERT(c.sets == back);
        }
    }));
}

TEST_CASE("divisors: textbook seats") {
    const party_votes of{{"A", "B", "C", "D"}, {100'000, 80'000, 30'000, 20'000}};
    const auto        seats = [&](divisors d) { return values(divisor_method(of, d, {}, 8).value()); };
    CHECK(seats(divisors::dhondt) == std::vector<number>{4, 3, 1, 0});
    CHECK(seats(divisors::sainte_lague) == std::vector<number>{3, 3, 1, 1});
    CHECK(seats(divisors::modified_sainte_lague) == std::vector<number>{3, 3, 1, 0});
    CHECK(divisor_method(of, divisors::modified_sainte_lague, {}, 8).value().undecided == list{0,
        3});  // 100000 / 7 is 20000 / 1.4
    CHECK(seats(divisors::adams) == std::vector<number>{3, 3, 1, 1});
    CHECK(seats(divisors::huntington_hill) == std::vector<number>{3, 3, 1, 1});
    CHECK(divisor_method(of, divisors::dhondt, {}, 3).value().elected == list{0, 1, 0});
}

TEST_CASE("largest remainders: textbook seats, and quotas that would give out too many") {
    const party_votes of{{"A", "B", "C", "D", "E", "F"}, {47'000, 16'000, 15'900, 12'000, 6'000, 3'100}};
    conventions       with;
    with.quota = quota::hare;
    CHECK(values(largest_remainder(of, with, 10).value()) == std::vector<number>{5, 2, 1, 1, 1, 0});
    with.quota = quota::droop;
    CHECK(values(largest_remainder(of, with, 10).value()) == std::vector<number>{5, 2, 2, 1, 0, 0});
    with.quota = quota::imperiali;
    const auto c = largest_remainder({{"A", "B"}, {50, 50}}, with, 2).value();
    CHECK(values(c) == std::vector<number>{1, 1});
    CHECK(c.rounds.back().why.find("more than 2 seats") != std::string::npos);
    // Half of the votes is Hagenbach-Bischoff's quota for one seat, and both have it; of Hare's both have half.
    with.quota = quota::hagenbach_bischoff;
    const auto half = largest_remainder({{"A", "B"}, {50, 50}}, with, 1).value();
    CHECK(half.quota == number(100));
    CHECK(half.undecided == list{0, 1});
    CHECK(half.rounds.back().why == "a smaller quota would give out more than 1 seats");
    with.quota = quota::droop;
    const auto few = largest_remainder({{"A", "B"}, {2, 1}}, with, 10).value();  // more seats than votes
    CHECK(values(few) == std::vector<number>{5, 4});
    CHECK(few.undecided == list{0, 1});
}

TEST_CASE("tied parties wait, or the chain decides; without votes all are tied; nothing is out of nothing") {
    for (const auto d : {divisors::dhondt, divisors::sainte_lague, divisors::adams, divisors::huntington_hill}) {
        const auto c = divisor_method({{"A", "B", "C"}, {5, 5, 0}}, d, {}, 3).value();
        CHECK(c.elected == list{0, 1});
        CHECK(c.undecided == list{0, 1});
        CHECK(divisor_method({{"A", "B", "C"}, {5, 5, 0}}, d, in_order({1, 0, 2}), 3).value().elected == list{0, 1, 1});
        CHECK(divisor_method({{"A", "B"}, {0, 0}}, d, {}, 1).value().undecided == list{0, 1});
        CHECK(divisor_method({{}, {}}, d, {}, 3).value().elected.empty());
        CHECK_FALSE(divisor_method({{"A"}, {-1}}, d).has_value());
        CHECK(divisor_method({{"A"}, {*square_root(2)}}, d).error().what() == "a party has sqrt(2) votes");
        CHECK(divisor_method({{"A", "A"}, {1, 2}}, d).error().what() == "options 1 and 2 have the same name \"A\"");
        CHECK_FALSE(divisor_method({{"A"}, {}}, d).has_value());
        CHECK_FALSE(divisor_method({{"A"}, {1}}, d, {}, most_seats + 1).has_value());
    }
    CHECK(largest_remainder({{"A", "B"}, {0, 0}}, {}, 1).value().undecided == list{0, 1});
    CHECK(largest_remainder({{"A", "B"}, {3, 3}}, {}, 3).value().undecided == list{0, 1});
    CHECK(largest_remainder({{}, {}}, {}, 3).value().elected.empty());
    CHECK(largest_remainder({{"A"}, {1}}, {}, 0).value().elected.empty());
    CHECK_FALSE(largest_remainder({{"A"}, {-1}}, {}, 1).has_value());
}

TEST_CASE("parties by transferable vote: seats by quotas, what is left goes on to other parties") {
    auto b = ranked_ballots::make({"A", "B", "C"}).value();
    b.add({{0}, {1}}, 65).value();
    b.add({{2}, {0}, {1}}, 15).value();
    b.add({{1}, {0}}, 28).value();
    b.add({{2}, {1}, {0}}, 12).value();
    const auto c = party_stv(b, {}, 3).value();
    CHECK(c.quota == number(31));
    CHECK(values(c) == std::vector<number>{2, 1, 0});
    CHECK(c.elected == list{0, 0, 1});
    // A holds 3 after two seats, less than anybody: they go on to B.
    CHECK(c.rounds[2].dropped == list{0});
    CHECK(c.rounds[3].values == std::vector<number>{31, 27});

    auto level = ranked_ballots::make({"A", "B", "C"}).value();
    level.add(lists{{0, 1}}, 4).value();
    CHECK(party_stv(level, {}, 2).value().elected == list{0, 1});
    CHECK(party_stv(level, {}, 1).value().undecided == list{0, 1});
    CHECK(party_stv(level, in_order({1, 0, 2}), 3).value().elected.size() == 3);
    CHECK(party_stv(ranked_ballots::make({"A", "B"}).value(), {}, 1).value().undecided == list{0, 1});
    CHECK(party_stv(ranked_ballots::make({}).value(), {}, 1).value().elected.empty());
    CHECK(party_stv(ranked_ballots::make({"A"}).value(), {}, 2).value().elected == list{0, 0});
}

TEST_CASE("parties by transferable vote: what a seat costs is the quota that is asked for") {
    auto b = ranked_ballots::make({"A", "B", "C"}).value();
    b.add({{0}, {1}}, 60).value();
    b.add(lists{{1}}, 35).value();
    b.add({{2}, {1}}, 25).value();
    const struct {
        quota       by;
        std::size_t seats;
        number      is;
        list        elected;
    } all[] = {
        {quota::droop, 2, 41, {0, 1}},               // A keeps 19, C has 25: A's go to B, who has 54
        {quota::hagenbach_bischoff, 2, 40, {0, 1}},  // 20 less than 25, to B
        {quota::hare, 2, 60, {0, 1}},                // A keeps nothing; C's 25 are B's
        {quota::imperiali, 2, 30, {0, 1}},           // B has one as well
        {quota::imperiali, 3, 24, {0, 0, 1}},        // A has 60, then 36 against B's 35
        {quota::hare, 0, 120, {}},
    };
    for (const auto& e : all) {
        const auto c = party_stv(b, {.quota = e.by}, e.seats).value();
        CHECK(c.quota == e.is);
        CHECK(c.elected == e.elected);
    }
}

TEST_CASE("parties by transferable vote: level parties for fewer seats, no votes, and too many seats") {
    auto level = ranked_ballots::make({"A", "B", "C"}).value();
    for (const option o : {0U, 1U, 2U}) level.add(lists{{o}}, 4).value();
    const conventions met{.quota = quota::hagenbach_bischoff};  // 4, for each of three
    CHECK(party_stv(level, met, 2).value().undecided == list{0, 1, 2});
    auto chain = in_order({2, 0, 1});
    chain.quota = met.quota;
    const auto c = party_stv(level, chain, 2).value();
    CHECK(c.elected.front() == 2);
    CHECK(c.ties.front().where == "next seat");
    const conventions asks{.quota = met.quota, .ties = {{.by = tie_break::kind::casting_vote}}};
    const auto        waits = party_stv(level, asks, 2).value();
    CHECK(waits.paused);
    CHECK(waits.undecided == list{0, 1, 2});
    // A quota of no votes is nobody's.
    CHECK(party_stv(ranked_ballots::make({"A", "B"}).value(), met, 1).value().undecided == list{0, 1});
    CHECK(party_stv(level, {}, most_seats + 1).error().code == quorate::errc::limit);
}

TEST_CASE("divisor methods never take a seat away when there is one more; Hare's remainders stay within one of the exact share") {
    CHECK(rc::check([] {
        const auto  votes = *rc::gen::container<std::vector<int>>(4, rc::gen::inRange(1, 1000));
        const auto  seats = *rc::gen::inRange<std::size_t>(1, 30);
        party_votes of{{"A", "B", "C", "D"}, {}};
        for (const auto v : votes) of.votes.emplace_back(v);
        const auto chain = in_order({0, 1, 2, 3});
        for (const auto d : {divisors::dhondt, divisors::sainte_lague, divisors::huntington_hill, divisors::danish,
            divisors::imperiali}) {
            const auto few = values(divisor_method(of, d, chain, seats).value()), more = values(divisor_method(of, d, chain,
                seats + 1).value());
            for (std::size_t p = 0; p < 4; ++p) RC_ASSERT(few[p] <= more[p]);
        }
        auto hare = chain;
        hare.quota = quota::hare;
        const auto got = values(largest_remainder(of, hare, seats).value());
        const auto all = std::accumulate(votes.begin(), votes.end(), 0);
        for (std::size_t p = 0; p < 4; ++p) {
            const auto share = number::fraction(std::int64_t{votes[p]} * static_cast<std::int64_t>(seats), all);
            RC_ASSERT(got[p] >= quorate::floor(share));
            RC_ASSERT(got[p] <= quorate::ceil(share));
        }
    }));
}

TEST_CASE("quadratic shares: many small voices beat one large one, exactly") {
    const auto c = quadratic_shares({"a", "b"}, {{9, {1, {}}, 1}, {1, {{}, 1}, 4}}).value();
    CHECK(values(c) == std::vector<number>{number::fraction(468, 100), number::fraction(832, 100)});
    CHECK(c.rounds[0].why.empty());
    CHECK(c.elected == list{1});
}

TEST_CASE("quadratic shares: what is no fraction is rounded, and says so; comparing stays exact") {
    const auto c = quadratic_shares({"a", "b"}, {{1, {1, 1}, 1}, {1, {1, {}}, 1}}).value();
    CHECK(to_string(values(c)[0]) == "1707106781187/1000000000000");
    CHECK(c.rounds[0].why == "rounded to 12 decimals; compared exactly");
    // sqrt(2) + sqrt(8) is 3 * sqrt(2), and sqrt(18): equal, though written with other roots.
    const auto level = quadratic_shares({"a", "b"}, {{2, {1, {}}, 1}, {8, {1, {}}, 1}, {18, {{}, 1}, 1}}).value();
    CHECK(level.undecided == list{0, 1});
    // sqrt(2) + sqrt(3) and sqrt(5 + 2 * sqrt(6)) can't be told apart by a few digits; sqrt(9.898979485566) can, with enough of
    // them.
    const auto near = quadratic_shares({"a", "b"}, {{2, {1, {}}, 1}, {3, {1, {}}, 1},
        {*divide(parse_number("9898979485566356196").value(), 1'000'000'000'000'000'000), {{}, 1}, 1}}).value();
    CHECK(near.elected == list{0});
}

TEST_CASE("quadratic shares: what is too small for the digits is still compared, and half of the last one goes up") {
    const auto part = [](std::int64_t n, std::size_t digits) { return *divide(n, tally::detail::power_of_ten(digits)); };
    const auto tiny = quadratic_shares({"a", "b"}, {{part(2, 60), {1, {}}, 1}, {part(3, 60), {1, {}}, 1}, {part(7, 60), {{}, 1}, 1}}).value();
    CHECK(values(tiny) == std::vector<number>{0, 0});
    CHECK(tiny.elected == list{0});  // 5 + 2 * sqrt(6) is more than 7
    const auto half = quadratic_shares({"a", "b"}, {{part(4, 13), {1, 1}, 1}, {part(6, 13), {1, 1}, 1}}).value();
    CHECK(values(half) == std::vector<number>{part(1, 12), part(1, 12)});
    CHECK(half.undecided == list{0, 1});
}

TEST_CASE("quadratic shares: a share of 0 or less makes a ballot invalid, and so does naming nothing") {
    const auto c = quadratic_shares({"a", "b"}, {{1, {1, {}}, 1}, {5, {0, 1}, 2}, {3, {-1, 1}, 1}, {2, {{}, {}}, 1}}).value();
    CHECK(values(c) == std::vector<number>{1, 0});
    CHECK(c.rounds[0].exhausted == number(15));
    CHECK(c.ballots == 5);
    CHECK_FALSE(quadratic_shares({"a"}, {{-1, {1}, 1}}).has_value());
    CHECK_FALSE(quadratic_shares({"a"}, {{1, {1, 2}, 1}}).has_value());
    const auto both = quadratic_shares({"a", "b"}, {{1, {1, 1}, 1}, {1, {1, {}}, 1}, {1, {0, 1}, 1}, {0, {1, {}}, 1}}).value();
    CHECK(to_string(values(both)[0]) == "1707106781187/1000000000000");  // a ballot without power adds nothing
    CHECK(both.rounds[0].why == "a share of 0 or less, or none at all, makes a ballot invalid; rounded to 12 decimals; compared exactly");
    CHECK(quadratic_shares({"a", "b"}, std::vector<share_ballot>{}).value().undecided == list{0, 1});
    CHECK(quadratic_shares({}, std::vector<share_ballot>{}).value().elected.empty());
}

TEST_CASE("snapshot's own example of 394 quadratic votes") {
    // snapshot.js, examples/quadratic.json as a histogram, shares brought to whole numbers; 0 stands for what isn't named.
    const std::vector<std::pair<std::int64_t, std::vector<score>>> votes{
        {1, {2, 2, 3, 2}}, {141, {1, 0, 0, 0}}, {3, {3, 3, 2, 2}}, {13, {1, 0, 1, 0}}, {3, {2, 3, 2, 2}},
        {1, {44, 16, 20, 20}}, {1, {3, 6, 3, 2}}, {1, {1, 0, 2, 1}}, {6, {1, 1, 1, 2}}, {8, {0, 0, 1, 1}},
        {24, {1, 1, 0, 0}}, {3, {0, 0, 0, 1}}, {2, {55, 35, 5, 5}}, {1, {20, 5, 3, 2}}, {5, {6, 4, 2, 1}},
        {1, {3, 5, 4, 2}}, {3, {1, 0, 0, 1}}, {29, {1, 1, 1, 1}}, {2, {0, 100, 0, 0}}, {1, {4, 5, 4, 2}},
        {1, {3, 0, 7, 0}}, {1, {5, 6, 2, 2}}, {9, {0, 0, 1, 0}}, {5, {2, 2, 1, 2}}, {4, {1, 0, 1, 1}}, {1, {6, 2, 1, 0}},
        {1, {5, 3, 3, 2}}, {1, {60, 20, 10, 10}}, {3, {3, 5, 3, 2}}, {1, {45, 15, 20, 20}}, {2, {3, 0, 0, 0}},
        {4, {100, 0, 0, 0}}, {2, {5, 3, 2, 2}}, {1, {1, 1, 2, 2}}, {1, {1, 2, 0, 1}}, {2, {2, 1, 2, 2}},
        {2, {4, 0, 0, 0}}, {10, {0, 1, 0, 0}}, {1, {5, 0, 0, 0}}, {1, {1, 3, 4, 6}}, {2, {3, 1, 2, 1}},
        {1, {55, 15, 15, 15}}, {1, {90, 4, 3, 3}}, {1, {2, 1, 1, 3}}, {1, {50, 10, 10, 10}}, {5, {1, 2, 1, 2}},
        {1, {2, 1, 2, 1}}, {1, {45, 35, 10, 10}}, {1, {4, 0, 2, 2}}, {2, {3, 5, 2, 2}}, {3, {2, 2, 2, 2}},
        {1, {2, 8, 0, 0}}, {1, {6, 0, 0, 0}}, {1, {0, 2, 1, 1}}, {1, {10, 30, 20, 40}}, {1, {0, 1, 0, 1}},
        {1, {0, 1, 4, 0}}, {1, {0, 2, 0, 0}}, {2, {5, 1, 1, 1}}, {1, {3, 1, 6, 8}}, {1, {10, 3, 4, 5}}, {1, {5, 5, 3, 2}},
        {2, {0, 0, 2, 0}}, {1, {1, 1, 0, 1}}, {2, {0, 1, 1, 1}}, {2, {2, 3, 3, 2}}, {1, {2, 1, 1, 2}},
        {1, {50, 20, 20, 10}}, {1, {0, 1, 2, 1}}, {1, {5, 1, 1, 0}}, {1, {0, 0, 50, 0}}, {1, {35, 35, 20, 10}},
        {6, {1, 1, 1, 0}}, {1, {2, 1, 0, 0}}, {1, {1, 60, 9, 30}}, {2, {3, 0, 1, 0}}, {1, {2, 3, 1, 2}},
        {1, {25, 25, 35, 15}}, {1, {45, 25, 15, 15}}, {2, {1, 2, 1, 1}}, {1, {3, 3, 3, 2}}, {1, {3, 2, 1, 1}},
        {1, {80, 5, 10, 5}}, {1, {45, 35, 5, 15}}, {1, {10, 50, 10, 500}}, {2, {70, 0, 0, 0}}, {1, {3, 6, 2, 2}},
        {1, {7, 1, 2, 1}}, {1, {4, 5, 3, 2}}, {1, {5, 4, 2, 2}}, {1, {3, 2, 2, 2}}, {1, {4, 3, 1, 2}}, {1, {3, 1, 2, 2}},
        {1, {7, 2, 2, 3}}, {1, {5, 10, 60, 25}}, {1, {15, 15, 30, 40}}, {1, {50, 60, 75, 55}}, {2, {50, 10, 20, 20}},
        {1, {55, 25, 10, 10}}, {1, {2, 1, 1, 0}}, {2, {3, 1, 1, 0}}, {1, {1, 1, 1, 4}}, {1, {4, 2, 1, 0}},
        {1, {2, 0, 0, 0}}, {1, {3, 2, 3, 1}}, {1, {0, 0, 0, 3}}, {1, {2, 0, 1, 0}}, {1, {65, 21, 24, 22}},
        {1, {2, 1, 1, 1}}, {1, {0, 1, 1, 0}},
    };
    auto b = rated_ballots::make({"1", "2", "3", "4"}).value();
    for (auto [n, shares] : votes) {
        for (auto& s : shares) s = s == 0 ? no : s;
        b.add(shares, n).value();
    }
    CHECK(b.total() == 394);
    const auto c = quadratic_shares(b).value();
    const std::vector<std::string> expected{"284.8896779654694", "45.02408310751503", "39.671068856935065", "24.415170070080556"};
    for (std::size_t i = 0; i < 4; ++i) {
        const auto apart = subtract(values(c)[i], parse_number(expected[i]).value()).value();
        CHECK(apart < number::fraction(1, 10'000'000'000));
        CHECK(apart > number::fraction(-1, 10'000'000'000));
    }
}

TEST_CASE("quadratic credits: v votes cost v * v, and too many are discarded") {
    auto b = rated_ballots::make({"a", "b"}).value();
    b.add(std::vector<score>{6, 8}).value();
    b.add(std::vector<score>{-3, no}, 2).value();
    b.add(std::vector<score>{10, 1}).value();
    const auto c = quadratic_credits(b);
    CHECK(values(c) == std::vector<number>{0, 8});
    CHECK(c.rounds[0].exhausted == number(1));
    CHECK(values(quadratic_credits(b, {}, 1, 101)) == std::vector<number>{10, 9});
}

TEST_CASE("quadratic funding: many small gifts are matched, one large one isn't") {
    const auto c = quadratic_funding({"park", "statue"}, {{"x", 0, 1}, {"y", 0, 1}, {"z", 0, 4}, {"w", 1, 16}}).value();
    CHECK(c.rounds[1].values == std::vector<number>{16, 16});
    CHECK(values(c) == std::vector<number>{10, 0});
    CHECK(values(quadratic_funding({"park", "statue"}, {{"x", 0, 1}, {"y", 0, 1}, {"w", 1, 1}, {"v", 1, 4}},
        number(3)).value()) ==
          std::vector<number>{1, 2});
    // Several gifts of one person are one gift.
    CHECK(values(quadratic_funding({"park"}, {{"x", 0, 1}, {"x", 0, 3}}).value()) == std::vector<number>{0});
    CHECK_FALSE(quadratic_funding({"park"}, {{"x", 1, 1}}).has_value());
    CHECK_FALSE(quadratic_funding({"park"}, {{"x", 0, 0}}).has_value());
    CHECK_FALSE(quadratic_funding({"park"}, {{"x", 0, *square_root(2)}}).has_value());
    CHECK_FALSE(quadratic_funding({"park", "park"}, {}).has_value());
    CHECK(quadratic_funding({"park"}, {}, number(-1)).error().what() == "a pool of -1");
    // (sqrt(2) + sqrt(3))^2 is 5 + 2 * sqrt(6), or 9.898979485566356...
    const std::vector<contribution> roots{{"x", 0, 2}, {"y", 0, 3}, {"z", 1, 9}};
    const auto                      open = quadratic_funding({"park", "statue"}, roots).value();
    CHECK(open.order == lists{{0}, {1}});
    CHECK(open.rounds[1].values == std::vector<number>{parse_number("9.898979485566").value(), 9});
    CHECK(values(open) == std::vector<number>{parse_number("4.898979485566").value(), 0});
    CHECK(open.rounds[2].why == "rounded to 12 decimals; compared exactly");
    CHECK(values(quadratic_funding({"park", "statue"}, roots, number(5)).value()) == values(open));  // the pool is larger
    const auto scaled = quadratic_funding({"park", "statue"}, roots, number(2)).value();
    CHECK(values(scaled) == std::vector<number>{2, 0});
    CHECK(scaled.rounds[2].why.starts_with("rounded to 12 decimals; compared exactly; scaled to the pool of 2 from "));
    CHECK(values(quadratic_funding({"park", "statue"}, roots, number(0)).value()) == std::vector<number>{0, 0});
    CHECK(values(quadratic_funding({"park"}, {{"x", 0, 4}}, number(0)).value()) == std::vector<number>{0});  // nothing to scale
    CHECK(quadratic_funding({}, {}).value().rounds.size() == 3);
}
