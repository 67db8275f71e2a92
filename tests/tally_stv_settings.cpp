// Single transferable vote: settings that few rules use, each where it decides something; worked out by hand.
#include <doctest/doctest.h>

#include <quorate/tally/stv.hpp>
#include <quorate/tally/stv_outcomes.hpp>

#include "ranked_support.hpp"

using namespace quorate;
using namespace quorate::tally;
using namespace quorate::tally::test;

namespace {

using row_of_votes = std::vector<number>;

stv_rules exact_rule(std::string_view name) {
    auto rules = stv_rule(name).value();
    rules.arithmetic = {};
    return rules;
}
std::vector<tie_break> first_of(std::vector<option> order) { return {{.by = tie_break::kind::given_order, .order = std::move(order)}}; }
std::vector<tie_break> asked(std::vector<option> answers) { return {{.by = tie_break::kind::casting_vote, .chosen = std::move(answers)}}; }
strings steps(const count& c) {
    strings all;
    for (const auto& r : c.rounds) all.push_back(r.what);
    return all;
}

}  // namespace

TEST_SUITE("settings of transferable votes") {
    TEST_CASE("a rule has a name, or there is none") {
        CHECK(stv_rule("scotland").has_value());
        CHECK_FALSE(stv_rule("Scotland, Ontario").has_value());
    }

    TEST_CASE("whoever isn't on the ballot paper can't withdraw from it") {
        auto       rules = exact_rule("gregory");
        const auto b = ballots("A B", "3: A\n2: B\n");
        rules.withdrawn = {7};
        CHECK(stv(b, rules, 1).elected == std::vector<option>{0});
        CHECK(sequential_stv(b, rules, 1).value().elected == std::vector<option>{0});
    }

    TEST_CASE("Meek's count splits equal ranks, passes over them, or ends the paper where more than one of them is left") {
        const auto b = ballots("A B C D", "4: A = B > C\n3: C\n2: B\n1: D = A > B\n");
        const struct {
            equal_ranks         how;
            std::vector<option> withdrawn;
            row_of_votes        votes;
            int                 exhausted;
        } all[] = {
            {equal_ranks::split, {}, {number::fraction(5, 2), 4, 3, number::fraction(1, 2)}, 0},
            {equal_ranks::skip, {}, {0, 3, 7, 0}, 0},
            {equal_ranks::exhaust, {}, {0, 2, 3, 0}, 5},
            {equal_ranks::wait, {}, {0, 2, 3, 0}, 5},
            {equal_ranks::exhaust, {3}, {1, 2, 3}, 4},  // of D and A only A is left
        };
        for (const auto& e : all) {
            auto rules = exact_rule("meek");
            rules.equal = e.how;
            rules.withdrawn = e.withdrawn;
            const auto c = stv(b, rules, 1);
            CHECK(c.rounds.front().values == e.votes);
            CHECK(c.rounds.front().exhausted == number(e.exhausted));
        }
    }

    TEST_CASE("quotients can't be shared: equal ranks are read when one of them is left; or passed over, or the end of the paper") {
        const auto b = ballots("A B C D", "4: A = B > D\n1: A\n2: B\n3: C\n");
        const struct {
            equal_ranks  how;
            row_of_votes first;
            int          exhausted;
            std::string  then;
            number       votes_of_b;
        } all[] = {
            {equal_ranks::split, {1, 2, 3, 4}, 0, "election of B", 6},  // A has gone: the four are B's
            {equal_ranks::skip, {1, 2, 3, 4}, 0, "exclusion of B", 2},
            {equal_ranks::exhaust, {1, 2, 3, 0}, 4, "exclusion of A", 2},  // D had gone, with nothing
            {equal_ranks::wait, {1, 2, 3, 0}, 4, "exclusion of A", 2},
        };
        for (const auto& e : all) {
            auto rules = stv_rule("qpq").value();
            rules.equal = e.how;
            const auto c = stv(b, rules, 1);
            CHECK(c.rounds.front().values == e.first);
            CHECK(c.rounds.front().exhausted == number(e.exhausted));
            CHECK(c.rounds[1].what == e.then);
            CHECK(c.rounds[1].values[static_cast<std::size_t>(std::find(c.rounds[1].options.begin(), c.rounds[1].options.end(), 1U) -
                                                              c.rounds[1].options.begin())] == e.votes_of_b);
        }
    }

    TEST_CASE("the chain decides between equal quotients, the highest and the lowest") {
        auto       rules = stv_rule("qpq").value();
        const auto b = ballots("A B C D", "3: A\n3: B\n1: C\n1: D\n");
        const auto tied = stv(b, rules, 2);  // both above 8/3
        CHECK(tied.elected.empty());
        CHECK(tied.ties.front().where == "highest quotient");
        rules.ties = first_of({1, 0, 2, 3});
        CHECK(names(tied, stv(b, rules, 2).elected) == strings{"B", "A"});
        // A is elected with 5 of 9; B and C have 2 each, and so has the quota. When C goes nobody else has to.
        rules.ties = first_of({0, 1, 2});
        CHECK(steps(stv(ballots("A B C", "5: A\n2: B\n2: C\n"), rules, 2)) == strings{"election of A", "exclusion of C", "last seats"});
    }

    TEST_CASE("which of two equal surpluses moves first is a tie as any other") {
        const auto b = ballots("A B C D", "8: A > C\n8: B > D\n3: C\n2: D\n");  // the quota is 6
        auto       rules = exact_rule("gregory");
        const auto tied = stv(b, rules, 3);
        CHECK(names(tied, tied.elected) == strings{"A", "B"});
        CHECK(names(tied, tied.undecided) == strings{"C", "D"});
        REQUIRE(tied.ties.size() == 1);
        CHECK(tied.ties.front().where == "whose surplus moves first");
        CHECK(tied.ties.front().options == std::vector<option>{0, 1});
        rules.ties = first_of({1, 0, 2, 3});
        CHECK(steps(stv(b, rules, 3)) == strings{"first preferences", "surplus of B", "surplus of A", "exclusion of D", "last seats"});
        rules.ties = asked({0});
        CHECK(steps(stv(b, rules, 3)) == strings{"first preferences", "surplus of A", "surplus of B", "exclusion of D", "last seats"});
    }

    TEST_CASE("California's losers go at once only where that can't change who is elected when") {
        auto undisturbed = stv_rule("cfer-batch").value();
        undisturbed.ties = first_of({0, 1, 2, 3, 4, 5});
        auto all_sure = undisturbed;
        all_sure.batch = stv_batch::sure_losers;
        // The quota is 10.66667: the two votes of D might elect A before C has to go.
        const auto near = ballots("A B C D E", "10: A\n9: B\n3: C\n2: D\n8: E\n");
        CHECK(names(stv(near, all_sure, 2), stv(near, all_sure, 2).rounds[1].dropped) == strings{"C", "D"});
        CHECK(names(stv(near, undisturbed, 2), stv(near, undisturbed, 2).rounds[1].dropped) == strings{"D"});
        // A has almost two beyond the quota of 10.00001, and B misses little more than one: A's surplus moves before F goes.
        const auto surplus = ballots("A B C D E F", "12: A\n9: B\n8: C\n6: D\n4: E\n1: F\n");
        CHECK(stv(surplus, all_sure, 3).rounds[1].what == "exclusion of F");
        CHECK(stv(surplus, undisturbed, 3).rounds[1].what == "surplus of A");
        // When F and E have gone, C and D leave as many as there are seats: there is no order left to change.
        const auto last = stv(ballots("A B C D E F", "10: A\n9: B\n5: C\n3: D\n2: E\n2: F\n"), undisturbed, 2);
        CHECK(steps(last) == strings{"first preferences", "exclusion of F", "exclusion of E", "exclusion of C, D", "last seats"});
    }

    TEST_CASE("a quota to be passed isn't reached by meeting it; fixed-point meets it with one unit more") {
        const auto b = ballots("A B C", "2: A\n1: B\n1: C\n");
        const struct {
            arithmetic  kept;
            bool        passed;
            std::string quota;
            bool        elects;
        } all[] = {
            {{}, true, "2", false},
            {{.digits = 4, .guard = 2}, true, "2", false},
            {{.digits = 4}, true, "2.0001", false},
            {{}, false, "2", true},
            {{.digits = 4, .guard = 2}, false, "2", true},
            {{.digits = 4}, false, "2", true},
        };
        for (const auto& e : all) {
            auto rules = exact_rule("gregory");
            rules.quota = quota::hagenbach_bischoff;
            rules.arithmetic = e.kept;
            rules.passed = e.passed;
            const auto c = stv(b, rules, 1);
            CHECK(c.quota == *parse_number(e.quota));
            CHECK(c.rounds.front().elected.empty() != e.elects);
        }
    }

    TEST_CASE("more can reach Imperiali's quota than there are seats: Meek's count stops at a tie of them, too") {
        auto rules = exact_rule("meek");
        rules.quota = quota::imperiali;
        rules.passed = false;
        const auto b = ballots("A B C", "30: A\n40: B\n30: C\n");
        const auto tied = stv(b, rules, 2);
        CHECK(names(tied, tied.elected) == strings{"B"});
        CHECK(names(tied, tied.undecided) == strings{"A", "C"});
        rules.ties = first_of({2, 0, 1});
        CHECK(names(tied, stv(b, rules, 2).elected) == strings{"B", "C"});
    }

    TEST_CASE("Meek's iteration ends below its limit, or at it where the rule says so") {
        // A has one vote beyond the quota of 4. While it keeps that, D has none; in the next round of the iteration D has it.
        const auto b = ballots("A B C D", "5: A > D\n3: B\n4: C\n");
        const struct {
            int  omega;
            bool met;
            int  votes_of_d;
        } all[] = {{0, true, 0}, {0, false, 1}, {1, true, 1}};
        for (const auto& e : all) {
            auto rules = exact_rule("meek");
            rules.batch = stv_batch::none;
            rules.omega = e.omega;
            rules.omega_met = e.met;
            const auto c = stv(b, rules, 2);
            const auto gone = std::find_if(c.rounds.begin(), c.rounds.end(), [](const auto& r) { return r.what == "exclusion of D"; });
            REQUIRE(gone != c.rounds.end());
            CHECK(gone->values == row_of_votes{5 - e.votes_of_d, 3, 4, e.votes_of_d});
        }
    }

    TEST_CASE("Meek's iteration ends when rounding keeps the surplus from falling") {
        // At two digits 10^-6 is nothing. The quota is 13/3, up: 4.34. A keeps 1, then 0.49 of nine, which is 4.41 (surplus 0.07), and that again:
        // 0.49 * 4.34 is 2.13, and 2.13 of 4.41 is 0.49.
        auto rules = stv_rule("meek-prf").value();
        rules.arithmetic = {.digits = 2};
        const auto c = stv(ballots("A B C D", "6: A > B\n3: A > C\n2: C\n2: D > B\n"), rules, 2);
        CHECK(c.rounds[2].what == "exclusion of D");
        CHECK(c.rounds[2].values == row_of_votes{*parse_number("4.41"), *parse_number("3.06"), *parse_number("3.53"), 2});
        CHECK(names(c, c.elected) == strings{"A", "B"});
    }
}

TEST_SUITE("arithmetic of transferable votes") {
    using tally::detail::int128;
    using tally::detail::int256;
    using tally::detail::rounding;

    TEST_CASE("values keep sign and size in wider arithmetic, and as numbers") {
        const int128 large = int128{1'000'000'000'000'000'000} * 7'000'000'000 + 1;
        for (const auto v : {large, -large, int128{5}, int128{-5}, int128{0}}) {
            CHECK(tally::detail::narrow<int128>(tally::detail::widen<int256>(v)) == v);
        }
        const tally::detail::decimal_values<int128, int256> v({.digits = 20});
        CHECK(v.to_number(v.whole(7)) == number(7));
        CHECK(v.to_number(v.whole(-7)) == number(-7));
    }

    TEST_CASE("only what isn't guarded is rounded up, and only where something was cut") {
        const tally::detail::decimal_values<std::int64_t, int128> plain({.digits = 2});
        const tally::detail::decimal_values<std::int64_t, int128> guarded({.digits = 2, .guard = 2});
        CHECK(plain.scaled(10, 10, 30, rounding::up) == 4);
        CHECK(plain.scaled(10, 9, 30, rounding::up) == 3);
        CHECK(plain.scaled(10, 10, 30, rounding::down) == 3);
        CHECK(guarded.scaled(10, 10, 30, rounding::up) == 3);
    }

    TEST_CASE("whole votes are shown without a point") {
        const tally::detail::decimal_values<std::int64_t, int128> v({.digits = 0});
        CHECK(v.text(120) == "120");
        CHECK(v.text(0) == "0");
    }
}

TEST_SUITE("comparing outcomes") {
    TEST_CASE("CPO-STV splits equal ranks, passes over them, or ends the paper") {
        // Outcomes AB, AC and BC. AB against AC: B against C. AB against BC: A against C, and split, B has one beyond the quota of 3: a quarter
        // of the half papers is A's.
        const auto b = ballots("A B C", "4: A = B > C\n3: C\n2: B\n");
        const struct {
            equal_ranks how;
            number      ab_ac, ab_bc, ac_bc;
        } all[] = {
            {equal_ranks::split, 1, number::fraction(-1, 2), -2},
            {equal_ranks::skip, -5, -7, -2},
            {equal_ranks::exhaust, -1, -3, -2},
            {equal_ranks::wait, -1, -3, -2},
        };
        for (const auto& e : all) {
            const auto c = cpo_stv(b, {.equal = e.how}, 2).value();
            const auto& cells = c.matrices.front().cells;
            CHECK(c.matrices.front().rows == strings{"A, B", "A, C", "B, C"});
            CHECK(cells[0] == row_of_votes{0, e.ab_ac, e.ab_bc});
            CHECK(cells[1][2] == e.ac_bc);
            CHECK(decided(c).first == std::set<std::string>{"B", "C"});
        }
        CHECK(cpo_stv(b, {}, 0).value().elected.empty());
    }

    TEST_CASE("in Sequential STV the chain breaks a tie about a loop, and whoever is asked answers each tie anew") {
        // All three are level: somebody has to go from the first count, and then from the loop of A, C, B and A again.
        const auto b = ballots("A B C", "1: A > B > C\n1: B > C > A\n1: C > A > B\n");
        auto       rules = stv_rule("meek").value();
        rules.ties = first_of({0, 1, 2});
        const auto chained = sequential_stv(b, rules, 1).value();
        CHECK(names(chained, chained.elected) == strings{"A"});
        CHECK(chained.ties.back().where == "who is excluded from a loop");
        const struct {
            std::vector<option> answers;
            std::size_t         ties;
            strings             elected, undecided;
        } all[] = {
            {{}, 1, {}, {"A", "B", "C"}},
            {{2}, 2, {}, {"A", "B", "C"}},   // C goes from the first count only
            {{2, 0}, 2, {"B"}, {}},          // B beats C
            {{2, 1}, 2, {"C"}, {}},          // C beats A
            {{2, 2}, 2, {"A"}, {}},
        };
        for (const auto& e : all) {
            rules.ties = asked(e.answers);
            const auto c = sequential_stv(b, rules, 1).value();
            CHECK(c.paused == e.elected.empty());
            CHECK(c.ties.size() == e.ties);
            CHECK(names(c, c.elected) == e.elected);
            CHECK(names(c, c.undecided) == e.undecided);
        }
    }

    TEST_CASE("Sequential STV refuses more counts than it may make") {
        const auto b = ballots("A B C", "4: A > B > C\n3: C > B > A\n2: B > A > C\n");  // B challenges A, then A and C fail
        const auto rules = stv_rule("meek").value();
        CHECK(tally::detail::sequence(b, rules, 1, 3).run().has_value());
        const auto refused = tally::detail::sequence(b, rules, 1, 2).run();
        REQUIRE(!refused.has_value());
        CHECK(refused.error().code == errc::limit);
    }

    TEST_CASE("in Sequential STV whoever has withdrawn challenges nobody") {
        auto rules = stv_rule("meek").value();
        rules.withdrawn = {2};
        const auto c = sequential_stv(ballots("A B C", "2: C > B > A\n2: B > A > C\n1: A > C > B\n"), rules, 1).value();
        CHECK(names(c, c.elected) == strings{"B"});
        CHECK(steps(c) == strings{"A challenges"});
    }
}
