// Single transferable vote: what its rules say, one setting at a time, and what must hold for all of them.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <quorate/tally/stv.hpp>
#include <quorate/tally/stv_outcomes.hpp>

#include "ranked_support.hpp"

using namespace quorate;
using namespace quorate::tally;
using namespace quorate::tally::test;

namespace {

stv_rules exact() { return stv_rule("gregory").value(); }

const tally::round& round_called(const count& c, std::string_view what) {
    const auto at = std::find_if(c.rounds.begin(), c.rounds.end(), [&](const auto& r) { return r.what == what; });
    REQUIRE(at != c.rounds.end());
    return *at;
}
number value_of(const count& c, const tally::round& r, std::string_view name) {
    for (std::size_t i = 0; i < r.options.size(); ++i) {
        if (c.options[r.options[i]] == name) return r.values[i];
    }
    return 0;
}
number all_votes(const tally::round& r) {
    auto sum = r.exhausted;
    for (const auto& v : r.values) sum = *add(sum, v);
    return sum;
}
tie_break in_order(std::vector<option> order, bool chooses = false) {
    return {.by = tie_break::kind::given_order, .order = std::move(order), .chooses = chooses};
}

}  // namespace

TEST_SUITE("single transferable vote") {
    TEST_CASE("a surplus moves on at an equal fraction of each paper's value") {
        const auto b = ballots("A B C D", "6: A > B\n3: A > C\n2: D\n");
        const auto c = stv(b, exact(), 2);
        CHECK(c.quota == number(4));  // 11 / 3, and one more
        const auto& r = round_called(c, "surplus of A");
        CHECK(value_of(c, r, "A") == number(4));
        CHECK(value_of(c, r, "B") == number::fraction(10, 3));  // 6 * 5 / 9
        CHECK(value_of(c, r, "C") == number::fraction(5, 3));
        CHECK(names(c, c.elected).front() == "A");
    }

    TEST_CASE("a transfer value is cut after five digits in Scotland") {
        const auto b = ballots("A B C D", "6: A > B\n3: A > C\n2: D\n");
        const auto c = stv(b, stv_rule("scotland").value(), 2);
        CHECK(value_of(c, round_called(c, "surplus of A"), "B") == *parse_number("3.33330"));  // 6 * 0.55555
    }

    TEST_CASE("where a transfer value is rounded changes it") {
        // A paper of value 0.5 with a surplus of 3 among 7 votes, at two digits: 1.5 / 7 = 0.21; 0.5 * 0.42 = 0.21; but
        // a paper of value 0.33 gives 0.99 / 7 = 0.14 against 0.33 * 0.42 = 0.13.
        const tally::detail::decimal_values<std::int64_t, tally::detail::int128> v({.digits = 2});
        CHECK(v.scaled(33, 300, 700, tally::detail::rounding::down) == 14);
        CHECK(v.multiply(33, v.divide(300, 700, tally::detail::rounding::down), tally::detail::rounding::down) == 13);
        CHECK(v.multiply(33, 42, tally::detail::rounding::up) == 14);
    }

    TEST_CASE("guarded values that differ by less than half a unit are equal") {
        const tally::detail::decimal_values<tally::detail::int128, tally::detail::int256> v({.digits = 2, .guard = 2});
        CHECK(v.compare(1'0000, 1'0049) == std::strong_ordering::equal);
        CHECK(v.compare(1'0000, 1'0050) == std::strong_ordering::less);
        CHECK(v.text(123'4567) == "123.45");
        CHECK(v.text(5) == "0.00");
    }

    TEST_CASE("all widths of arithmetic count alike") {
        const auto b = ballots("A B C D E", "61: A > B > C\n33: A > C\n20: D > E\n17: E > D > B\n9: C\n");
        auto       narrow = stv_rule("scotland").value();
        narrow.ties.push_back(in_order({0, 1, 2, 3, 4}));
        const auto from = stv(b, narrow, 3);
        for (const int guard : {20, 50}) {  // 128 bits, and beyond
            auto wide = narrow;
            wide.arithmetic.guard = guard;
            CHECK(names(stv(b, wide, 3), stv(b, wide, 3).elected) == names(from, from.elected));
        }
    }

    TEST_CASE("each quota elects as it is defined") {
        const auto b = ballots("A B C", "65: A > B\n15: B\n20: C\n");
        auto       rules = exact();
        rules.quota = quota::imperiali;
        CHECK(stv(b, rules, 2).quota == number(25));
        rules.quota = quota::hare;
        CHECK(stv(b, rules, 2).quota == number(50));
        rules.quota = quota::hagenbach_bischoff;
        CHECK(stv(b, rules, 2).quota == number::fraction(100, 3));
        rules.quota = quota::droop;
        CHECK(stv(b, rules, 2).quota == number(34));
    }

    TEST_CASE("with a quota that more can reach than there are seats, the highest are elected") {
        auto rules = exact();
        rules.quota = quota::imperiali;  // 100 / 4 for two seats: three can have it
        const auto b = ballots("A B C", "30: A\n40: B\n30: C\n");
        const auto tied = stv(b, rules, 2);
        CHECK(names(tied, tied.elected) == strings{"B"});
        CHECK(names(tied, tied.undecided) == strings{"A", "C"});
        rules.ties = {in_order({2, 0, 1})};
        const auto broken = stv(b, rules, 2);
        CHECK(names(broken, broken.elected) == strings{"B", "C"});
        CHECK(broken.ties.back().broken_by == "given order");
    }

    TEST_CASE("a withdrawn option takes no part, and its papers go on") {
        auto rules = exact();
        rules.withdrawn = {0};
        const auto b = ballots("A B C", "5: A > B\n4: C\n");
        const auto c = stv(b, rules, 1);
        CHECK(names(c, c.elected) == strings{"B"});
        CHECK(c.rounds.front().options == std::vector<option>{1, 2});
        const auto only = stv(ballots("A B C", "5: A\n4: C\n"), rules, 1);
        CHECK(only.rounds.front().exhausted == number(5));
        CHECK(only.quota == number(3));  // of the 4 that rank someone who takes part
    }

    TEST_CASE("equal ranks are split, passed over, end the paper, or wait") {
        const auto b = ballots("A B C", "4: A = B > C\n3: C\n2: B\n");
        auto       rules = exact();
        const auto first = [&](equal_ranks how) {
            rules.equal = how;
            return stv(b, rules, 1).rounds.front();
        };
        const auto c = stv(b, rules, 1);
        CHECK(value_of(c, first(equal_ranks::split), "A") == number(2));
        CHECK(value_of(c, first(equal_ranks::skip), "C") == number(7));
        CHECK(first(equal_ranks::exhaust).exhausted == number(4));
        CHECK(first(equal_ranks::wait).exhausted == number(4));
        rules.equal = equal_ranks::wait;
        const auto waited = stv(b, rules, 1);  // A goes with nothing, then the four count for B
        CHECK(names(waited, waited.elected) == strings{"B"});
        CHECK(value_of(waited, round_called(waited, "exclusion of A"), "B") == number(6));
    }

    TEST_CASE("a paper may end at a gap") {
        auto b = ranked_ballots::make({"A", "B", "C"}).value();
        b.add(std::vector<rank>{1, 3, 0}, 3).value();
        b.add(std::vector<rank>{0, 0, 1}, 5).value();
        b.add(std::vector<rank>{0, 1, 0}, 4).value();
        auto       rules = exact();
        const auto closed = stv(b, rules, 1);
        CHECK(names(closed, closed.elected) == strings{"B"});
        rules.skipped = skipped_ranks::exhaust;
        const auto ended = stv(b, rules, 1);
        CHECK(names(ended, ended.elected) == strings{"C"});
        rules.skipped = skipped_ranks::exhaust_two;
        CHECK(names(closed, stv(b, rules, 1).elected) == strings{"B"});
    }

    TEST_CASE("losers go at once only when nothing can save them") {
        const auto b = ballots("A B C D", "10: A\n9: B\n3: C > D\n2: D > C\n");
        auto       rules = exact();
        CHECK(stv(b, rules, 1).rounds[1].dropped.size() == 1);
        rules.batch = stv_batch::sure_losers;
        CHECK(names(stv(b, rules, 1), stv(b, rules, 1).rounds[1].dropped) == strings{"C", "D"});
    }

    TEST_CASE("a tie is broken by the most recent stage in which the tied differed") {
        // B and C have 3 each in the end; after the first preferences B was behind.
        const auto b = ballots("A B C D", "5: A\n2: B\n3: C\n1: D > B\n");
        auto       rules = exact();
        const auto tied = stv(b, rules, 1);
        CHECK(tied.elected.empty());
        CHECK(names(tied, tied.undecided) == strings{"A", "B", "C"});
        REQUIRE(tied.ties.size() == 1);
        CHECK(tied.ties.front().broken_by.empty());
        rules.ties = {{.by = tie_break::kind::earlier_stage}};
        const auto broken = stv(b, rules, 1);
        CHECK(names(broken, broken.elected) == strings{"A"});
        CHECK(names(broken, broken.rounds[2].dropped) == strings{"B"});
        CHECK(broken.ties.front().broken_by == "earlier stage");
    }

    TEST_CASE("a given order says who wins, or who is chosen whatever for") {
        const auto b = ballots("A B C", "4: A\n2: B\n2: C\n");
        auto       rules = exact();
        rules.ties = {in_order({1, 2, 0})};
        CHECK(names(stv(b, rules, 1), stv(b, rules, 1).rounds[1].dropped) == strings{"C"});
        rules.ties = {in_order({1, 2, 0}, true)};
        CHECK(names(stv(b, rules, 1), stv(b, rules, 1).rounds[1].dropped) == strings{"B"});
    }

    TEST_CASE("a count pauses for whoever has to decide, and goes on with the answer") {
        const auto b = ballots("A B C D", "4: A\n3: B\n1: C > B\n1: D > A\n");
        auto       rules = exact();
        rules.ties = {{.by = tie_break::kind::casting_vote}};
        const auto first = stv(b, rules, 1);
        CHECK(first.paused);
        CHECK(names(first, first.undecided) == strings{"C", "D"});
        CHECK(first.elected.empty());
        rules.ties[0].chosen = {2};  // the one that goes
        const auto then = stv(b, rules, 1);  // A 4, B 4, D 1: D goes to A
        CHECK_FALSE(then.paused);
        CHECK(names(then, then.elected) == strings{"A"});
        CHECK(then.ties.front().broken_by == "casting vote");
        rules.ties[0] = {.by = tie_break::kind::agreement, .chosen = {3}};
        const auto other = stv(b, rules, 1);  // A 5 of 9 is the quota
        CHECK(names(other, other.elected) == strings{"A"});
    }

    TEST_CASE("a lot is the same for the same seed, and can fall both ways") {
        const auto       b = ballots("A B", "3: A\n3: B\n");
        std::set<option> winners;
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            auto rules = exact();
            rules.ties = {{.by = tie_break::kind::lot, .seed = seed}};
            const auto c = stv(b, rules, 1);
            REQUIRE(c.elected.size() == 1);
            CHECK(c.elected == stv(b, rules, 1).elected);
            winners.insert(c.elected.front());
        }
        CHECK(winners.size() == 2);
    }

    TEST_CASE("whether all who reach the quota are elected at once decides the last seat when the quota moves") {
        const auto b = ballots("A B C D", "140: A\n100: B > C\n76: C\n80: D\n");
        auto       rules = stv_rule("albany").value();
        CHECK(names(stv(b, rules, 3), stv(b, rules, 3).elected) == strings{"A", "B", "D"});
        rules.one_at_a_time = true;
        CHECK(names(stv(b, rules, 3), stv(b, rules, 3).elected) == strings{"A", "B", "C"});
    }

    TEST_CASE("Meek's elected go on receiving, and Warren's take a price") {
        // Hill and Warren 2005: Meek puts C before D, Warren leaves them level.
        const auto b = ballots("A B C D", "1: A > B > C\n1: B > C\n1: B > D\n");
        const auto meek = stv(b, stv_rule("meek").value(), 3);
        CHECK(decided(meek).first == std::set<std::string>{"A", "B", "C"});
        const auto warren = stv(b, stv_rule("warren").value(), 3);
        CHECK(decided(warren).first == std::set<std::string>{"A", "B"});
        CHECK(decided(warren).second == std::set<std::string>{"C", "D"});
    }

    TEST_CASE("quotients: papers are not divided, and a new election begins after each exclusion") {
        const auto b = ballots("A B C", "5: A > B\n3: B\n2: C > B\n");
        const auto c = stv(b, stv_rule("qpq").value(), 2);
        CHECK(decided(c).first == std::set<std::string>{"A", "B"});
        REQUIRE(c.matrices.size() == 1);
        CHECK(c.matrices.front().cells.front()[0] == number(5));
    }

    TEST_CASE("no ballots, no options, no seats, enough seats") {
        for (const auto& preset : stv_presets()) {
            INFO(preset.name);
            const auto rules = preset.rules();
            const auto empty = ranked_ballots::make({"A", "B", "C"}).value();
            const auto none = stv(empty, rules, 1);
            CHECK(none.elected.empty());
            CHECK(none.undecided.size() == 3);
            CHECK(stv(empty, rules, 3).elected.size() == 3);
            CHECK(stv(empty, rules, 10).elected.size() == 3);
            CHECK(stv(empty, rules, 0).elected.empty());
            const auto nobody = stv(ranked_ballots::make({}).value(), rules, 2);
            CHECK(nobody.elected.empty());
            CHECK(nobody.undecided.empty());
            const auto blank = stv(ballots("A B", "7:\n"), rules, 1);
            CHECK(blank.undecided.size() == 2);
        }
    }

    TEST_CASE("CPO-STV elects the outcome that beats all others") {
        // Tideman's example: Andrea, Carter and Delilah, where STV elects Andrea, Carter and Scott.
        const auto b = ballots("Andrea Carter Brad Delilah Scott", "25: Andrea\n34: Carter > Brad > Delilah\n7: Brad > Delilah\n8: Delilah > Brad\n5: Delilah > Scott\n21: Scott > Delilah\n");
        const auto c = cpo_stv(b, {}, 3).value();
        CHECK(decided(c).first == std::set<std::string>{"Andrea", "Carter", "Delilah"});
        auto droop = exact();
        droop.quota = quota::hagenbach_bischoff;
        const auto plain = stv(b, droop, 3);
        CHECK(decided(plain).first == std::set<std::string>{"Andrea", "Carter", "Scott"});
    }

    TEST_CASE("CPO-STV refuses more outcomes than it can compare") {
        std::vector<std::string> many;
        for (int i = 0; i < 30; ++i) many.push_back("o" + std::to_string(i));
        const auto c = cpo_stv(ranked_ballots::make(many).value(), {}, 15);
        REQUIRE(!c.has_value());
        CHECK(c.error().code == errc::limit);
    }

    TEST_CASE("Sequential STV lets everyone challenge, and breaks loops by Borda counts") {
        const auto c = sequential_stv(ballots("A B C", "2: C > B > A\n2: B > A > C\n1: A > C > B\n"), stv_rule("meek").value(), 1).value();
        CHECK(names(c, c.elected) == strings{"C"});
        CHECK(std::any_of(c.rounds.begin(), c.rounds.end(), [](const auto& r) { return r.what == "a loop: exclusion of A"; }));
        // A Condorcet winner with few first preferences wins by challenging.
        const auto middle = sequential_stv(ballots("A B C", "4: A > B > C\n3: C > B > A\n2: B > A > C\n"), stv_rule("meek").value(), 1).value();
        CHECK(names(middle, middle.elected) == strings{"B"});
        for (const auto& r : middle.rounds) CHECK(all_votes(r) == number(9));
        CHECK(sequential_stv(ballots("A B", "1: A\n"), stv_rule("qpq").value(), 0).value().elected.empty());
        CHECK(sequential_stv(ballots("A B", "1: A\n"), stv_rule("meek").value(), 2).value().elected.size() == 2);
    }
}

TEST_SUITE("single transferable vote, whatever the ballots") {
    const stv_rules& some_rules() {
        static std::vector<stv_rules> all = [] {
            std::vector<stv_rules> r;
            for (const auto& p : stv_presets()) r.push_back(p.rules());
            for (const auto e : {equal_ranks::skip, equal_ranks::exhaust, equal_ranks::wait}) {
                r.push_back(stv_rule("gregory").value());
                r.back().equal = e;
            }
            r.push_back(stv_rule("gregory").value());
            r.back().quota = quota::imperiali;
            r.push_back(stv_rule("gregory").value());
            r.back().skipped = skipped_ranks::exhaust;
            return r;
        }();
        return all[*rc::gen::inRange<std::size_t>(0, all.size())];
    }

    TEST_CASE("the order of the voters changes nothing") {
        CHECK(rc::check([] {
            const auto  d = draw();
            const auto& rules = some_rules();
            const auto  seats = *rc::gen::inRange<std::size_t>(1, 5);
            auto        turned = d;
            std::reverse(turned.rows.begin(), turned.rows.end());
            const auto a = stv(d.build(), rules, seats);
            const auto b = stv(turned.build(), rules, seats);
            RC_ASSERT(a.elected == b.elected);
            RC_ASSERT(a.undecided == b.undecided);
            RC_ASSERT(a.rounds.size() == b.rounds.size());
            for (std::size_t i = 0; i < a.rounds.size(); ++i) RC_ASSERT(a.rounds[i].values == b.rounds[i].values);
        }));
    }
    TEST_CASE("options in other places are elected in other places") {
        CHECK(rc::check([] {
            const auto  d = draw();
            const auto& rules = some_rules();
            const auto  seats = *rc::gen::inRange<std::size_t>(1, 5);
            RC_ASSERT(decided(stv(d.build(), rules, seats)) == decided(stv(d.build(draw_places(d.options)), rules, seats)));
        }));
    }
    TEST_CASE("seats are filled, never overfilled, unless a tie stands") {
        CHECK(rc::check([] {
            const auto d = draw();
            const auto seats = *rc::gen::inRange<std::size_t>(0, 7);
            const auto c = stv(d.build(), some_rules(), seats);
            RC_ASSERT(c.elected.size() <= seats);
            if (c.undecided.empty()) RC_ASSERT(c.elected.size() == std::min(seats, d.options));
            RC_ASSERT(std::set<option>(c.elected.begin(), c.elected.end()).size() == c.elected.size());
        }));
    }
    TEST_CASE("no vote is lost: exact values and exhausted votes are the ballots in every round") {
        CHECK(rc::check([] {
            const auto d = draw();
            const auto b = d.build();
            auto       rules = some_rules();
            RC_PRE(rules.method != stv_method::qpq);
            const bool was_fixed = rules.arithmetic.guard == 0 && rules.arithmetic.digits >= 0;
            const auto fixed = rules.arithmetic;
            if (rules.method == stv_method::gregory) rules.arithmetic = {};
            const auto exact_count = stv(b, rules, *rc::gen::inRange<std::size_t>(1, 5));
            for (const auto& r : exact_count.rounds) RC_ASSERT(all_votes(r) == number(b.total()));
            if (!was_fixed || rules.method != stv_method::gregory) return;
            // What rounding takes is at most a unit for each paper and each time it moves or is split.
            rules.arithmetic = fixed;
            const auto cut = stv(b, rules, 2);
            auto       unit = number(1);
            for (int i = 0; i < fixed.digits; ++i) unit = multiply(unit, number::fraction(1, 10));
            const auto most = multiply(multiply(unit, b.total()), static_cast<std::int64_t>(cut.rounds.size() * d.options));
            for (const auto& r : cut.rounds) {
                const auto lost = *subtract(b.total(), all_votes(r));
                RC_ASSERT(lost.sign() >= 0);
                RC_ASSERT(lost <= most);
            }
        }));
    }
    TEST_CASE("the same ballots given as one row or as many are counted alike") {
        CHECK(rc::check([] {
            const auto  d = draw();
            const auto& rules = some_rules();
            drawn       apart{.options = d.options, .rows = {}};
            for (const auto& [ranks, n] : d.rows) {
                for (std::int64_t i = 0; i < n; ++i) apart.rows.emplace_back(ranks, 1);
            }
            RC_ASSERT(stv(d.build(), rules, 2).elected == stv(apart.build(), rules, 2).elected);
        }));
    }
    TEST_CASE("whoever a majority of more than s / (s + 1) puts first is elected") {
        CHECK(rc::check([] {
            auto       d = draw();
            const auto seats = *rc::gen::inRange<std::size_t>(1, 4);
            std::vector<rank> all_first(d.options, 0);
            all_first[0] = 1;
            const auto others = d.build().total();
            d.rows.emplace_back(all_first, others * 4 + 1);
            const auto& rules = some_rules();
            const auto  c = stv(d.build(), rules, seats);
            RC_ASSERT(std::find(c.elected.begin(), c.elected.end(), 0U) != c.elected.end());
        }));
    }
    TEST_CASE("CPO-STV and Sequential STV don't depend on places") {
        CHECK(rc::check([] {
            const auto d = draw(4);
            const auto seats = *rc::gen::inRange<std::size_t>(1, 3);
            const auto place = draw_places(d.options);
            RC_ASSERT(decided(cpo_stv(d.build(), {}, seats).value()) == decided(cpo_stv(d.build(place), {}, seats).value()));
        }));
    }
}
