// Plurality, bloc voting, rounds, Bucklin, instant runoff and its relatives.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <quorate/tally/runoff.hpp>

#include "ranked_support.hpp"

using namespace quorate;
using namespace quorate::tally;
using namespace quorate::tally::test;

namespace {

strings elected(const count& c) { return names(c, c.elected); }
strings undecided(const count& c) { return names(c, c.undecided); }
std::vector<strings> order(const count& c) {
    std::vector<strings> all;
    for (const auto& tier : c.order) all.push_back(names(c, tier));
    return all;
}
conventions with_equal(equal_ranks how) {
    conventions w;
    w.equal = how;
    return w;
}
conventions with_order(std::vector<option> first_wins) {
    conventions w;
    w.ties = {{.by = tie_break::kind::given_order, .order = std::move(first_wins)}};
    return w;
}

/// The capital of Tennessee: Memphis, Nashville, Chattanooga, Knoxville.
ranked_ballots tennessee() { return ballots("M N C K", "42: M > N > C > K\n26: N > C > K > M\n15: C > K > N > M\n17: K > C > N > M\n"); }

using method = count (*)(const ranked_ballots&, const conventions&, std::size_t);
struct named {
    std::string_view name;
    method           run;
};
constexpr named methods[] = {
    {"plurality", plurality},
    {"bloc", bloc},
    {"two_round", two_round},
    {"bucklin", bucklin},
    {"irv", [](const ranked_ballots& b, const conventions& w, std::size_t s) { return irv(b, w, s); }},
    {"irv, all level", [](const ranked_ballots& b, const conventions& w, std::size_t s) { return irv(b, w, s, {.weakest = weakest::all_level}); }},
    {"irv, batch", [](const ranked_ballots& b, const conventions& w, std::size_t s) { return irv(b, w, s, {.weakest = weakest::sure_losers}); }},
    {"irv, all ballots", [](const ranked_ballots& b, const conventions& w, std::size_t s) { return irv(b, w, s, {.majority = majority::of_ballots}); }},
    {"approval_irv", [](const ranked_ballots& b, const conventions& w, std::size_t s) { return approval_irv(b, w, s); }},
    {"coombs", [](const ranked_ballots& b, const conventions& w, std::size_t s) { return coombs(b, w, s); }},
    {"baldwin", [](const ranked_ballots& b, const conventions& w, std::size_t s) { return baldwin(b, w, s); }},
    {"nanson", [](const ranked_ballots& b, const conventions& w, std::size_t s) { return nanson(b, w, s); }},
    {"nanson, strict", [](const ranked_ballots& b, const conventions& w, std::size_t s) { return nanson(b, w, s, nanson_rule::strict); }},
    {"benham", [](const ranked_ballots& b, const conventions& w, std::size_t s) { return benham(b, w, s); }},
    {"smith_irv", [](const ranked_ballots& b, const conventions& w, std::size_t s) { return smith_irv(b, w, s); }},
    {"tideman_alternative", [](const ranked_ballots& b, const conventions& w, std::size_t s) { return tideman_alternative(b, w, s); }},
};

}  // namespace

TEST_SUITE("plurality and rounds") {
    TEST_CASE("the most first preferences win, and equal ones are split, counted whole, passed over, or lost") {
        const auto b = ballots("A B C", "4: A\n3: B = C > A\n2: B\n");
        CHECK(elected(plurality(b)) == strings{"A"});
        CHECK(plurality(b).rounds.front().values == std::vector<number>{4, number::fraction(7, 2), number::fraction(3, 2)});
        CHECK(elected(plurality(b, with_equal(equal_ranks::whole))) == strings{"B"});
        CHECK(plurality(b, with_equal(equal_ranks::skip)).rounds.front().values == std::vector<number>{7, 2, 0});
        CHECK(plurality(b, with_equal(equal_ranks::exhaust)).rounds.front().exhausted == number(3));
    }
    TEST_CASE("a tie stands, or is broken and recorded") {
        const auto b = ballots("A B C", "2: A\n2: B\n1: C\n");
        CHECK(undecided(plurality(b)) == strings{"A", "B"});
        const auto c = plurality(b, with_order({1, 0, 2}));
        CHECK(elected(c) == strings{"B"});
        REQUIRE(c.ties.size() == 1);
        CHECK(c.ties.front().broken_by == "given order");
    }
    TEST_CASE("bloc voting gives every ballot as many votes as there are seats") {
        const auto b = ballots("A B C D", "5: A > B > C\n4: C > D > A\n");
        CHECK(elected(bloc(b, {}, 2)) == strings{"A", "B"});
        CHECK(bloc(b, {}, 3).rounds.front().values == std::vector<number>{9, 5, 9, 4});
        const auto wide = ballots("A B C", "3: A = B = C\n");
        CHECK(bloc(wide, {}, 2).rounds.front().values.front() == number(2));  // 3 * 2 / 3
        CHECK(bloc(wide, with_equal(equal_ranks::whole), 2).rounds.front().values.front() == number(3));
        CHECK(bloc(wide, with_equal(equal_ranks::exhaust), 2).rounds.front().exhausted == number(3));
    }
    TEST_CASE("two rounds: the two first ones, unless one has more than half") {
        CHECK(elected(two_round(tennessee())) == strings{"N"});
        CHECK(order(two_round(tennessee())) == std::vector<strings>{{"N"}, {"M"}, {"K"}, {"C"}});
        CHECK(two_round(ballots("A B C", "51: A > B\n24: B > C\n25: C > B\n")).rounds.size() == 1);
        CHECK(two_round(ballots("A B C", "50: A > B\n24: B > C\n26: C > B\n")).rounds.size() == 2);  // half is not more than half
    }
    TEST_CASE("rounds admit as many as they say, and whoever is level with the last") {
        const auto b = ballots("A B C D", "42: A > B > C > D\n26: B > C > D > A\n15: C > D > B > A\n17: D > C > B > A\n");
        const auto c = multi_round(b, {}, 1, {.rounds = 3, .admitted = 3, .change = -1});
        CHECK(names(c, c.rounds[0].dropped) == strings{"C"});
        CHECK(names(c, c.rounds[1].dropped) == strings{"B"});
        CHECK(elected(c) == strings{"D"});
        const auto level = two_round(ballots("A B C D", "4: A\n3: B\n3: C\n2: D > B\n"));
        CHECK(level.rounds[1].options == std::vector<option>{0, 1, 2});
        CHECK(elected(level) == strings{"B"});
    }
    TEST_CASE("a runoff in parallel universes shows everyone who could win it") {
        const auto c = plurality_runoff_universes(ballots("A B C", "4: A > B > C\n3: B > A > C\n3: C > B > A\n"));
        CHECK(undecided(c) == strings{"A", "B"});  // A beats C, B beats A
        CHECK(c.rounds.size() == 3);
        // Three are level at first: A beats B and C, B beats C; only C can't be there and win.
        const auto three = plurality_runoff_universes(ballots("A B C D", "2: A > B > C\n2: B > A > C\n2: C > A > B\n1: D > A > B\n"));
        CHECK(three.rounds.size() == 4);
        CHECK(undecided(three) == strings{"A", "B"});
    }
    TEST_CASE("Bucklin adds ranks until someone is on more than half") {
        const auto c = bucklin(tennessee());
        CHECK(elected(c) == strings{"N"});
        CHECK(c.rounds.size() == 2);
        CHECK(c.rounds.back().values == std::vector<number>{42, 68, 58, 32});
        const auto never = bucklin(ballots("A B C", "3: A\n2: B\n2: C\n"));
        CHECK(elected(never) == strings{"A"});
    }
}

TEST_SUITE("instant runoff") {
    TEST_CASE("the fewest go until one has more than half") {
        const auto c = irv(tennessee());
        CHECK(elected(c) == strings{"K"});
        CHECK(order(c) == std::vector<strings>{{"K"}, {"M"}, {"N"}, {"C"}});
        CHECK(c.rounds.back().why == "K has more than half of 100");
    }
    TEST_CASE("more than half of what decides when a count ends") {
        const auto b = ballots("A B C", "4: A\n3: B\n3: C\n");
        const auto c = irv(b, with_order({0, 1, 2}), 1, {.majority = majority::of_continuing});
        CHECK(c.rounds.size() == 2);  // 4 of 7
        CHECK(irv(b, with_order({0, 1, 2}), 1, {.majority = majority::of_ballots}).rounds.back().dropped.size() == 1);
        CHECK(elected(irv(b, with_order({0, 1, 2}), 1, {.majority = majority::ignored})) == strings{"A"});
    }
    TEST_CASE("who goes of several: one by the chain, all of them, or all that can't win together") {
        const auto b = ballots("A B C D", "5: A\n3: B\n1: C > B\n1: D > B\n");
        CHECK(undecided(irv(b)) == strings{"A", "B", "C", "D"});
        CHECK(names(irv(b, with_order({0, 1, 2, 3})), irv(b, with_order({0, 1, 2, 3})).rounds[0].dropped) == strings{"D"});
        CHECK(irv(b, {}, 1, {.weakest = weakest::all_level}).rounds[0].dropped.size() == 2);
        CHECK(irv(b, {}, 1, {.weakest = weakest::sure_losers}).rounds[0].dropped.size() == 2);
        CHECK(undecided(irv(ballots("A B C D", "5: A\n2: B\n1: C > B\n1: D > B\n1: D > C\n"), {}, 1, {.weakest = weakest::sure_losers})).empty());
    }
    TEST_CASE("all level means all share the place") {
        const auto c = irv(ballots("A B C", "1: A = B = C\n"));
        CHECK(order(c) == std::vector<strings>{{"A", "B", "C"}});
        CHECK(undecided(c) == strings{"A", "B", "C"});
    }
    TEST_CASE("an overvote ends a ballot for good, or waits for one to be left") {
        const auto b = ballots("A B C", "4: A > B > C\n4: C > B > A\n1: B = C > A\n1: B > A\n1: B > A = C\n1: B\n");
        CHECK(elected(irv(b, with_equal(equal_ranks::exhaust))) == strings{"A"});
        const auto waits = irv(b, with_equal(equal_ranks::wait));
        CHECK(undecided(waits) == strings{"A", "C"});  // the one for B and C counts for C when B has gone
    }
    TEST_CASE("splitting equal ranks or counting them whole elects differently") {
        const auto b = ballots("A B C D", "2: A = B > C > D\n1: B > C > D > A\n1: C > D > A > B\n1: D > A > B > C\n");
        CHECK(elected(irv(b, {}, 1, {.weakest = weakest::all_level})) == strings{"B"});
        CHECK(elected(approval_irv(b, {}, 1, {.weakest = weakest::all_level})) == strings{"A"});
        CHECK(undecided(approval_irv_universes(b).value()) == strings{"A", "B"});
    }
    TEST_CASE("a count in parallel universes refuses too many of them") {
        std::vector<std::string> many;
        for (int i = 0; i < 40; ++i) many.push_back("o" + std::to_string(i));
        const auto c = irv_universes(ranked_ballots::make(many).value());
        REQUIRE(!c.has_value());
        CHECK(c.error().code == errc::limit);
    }
    TEST_CASE("a count pauses for a casting vote about who goes, and goes on with it") {
        const auto  b = ballots("A B C", "3: A > B\n2: B > C\n2: C > B\n");
        conventions w;
        w.ties = {{.by = tie_break::kind::casting_vote}};
        const auto first = irv(b, w);
        CHECK(first.paused);
        CHECK(undecided(first) == strings{"B", "C"});
        CHECK(first.elected.empty());
        w.ties[0].chosen = {1};
        const auto then = irv(b, w);
        CHECK_FALSE(then.paused);
        CHECK(elected(then) == strings{"C"});
        REQUIRE(then.ties.size() == 1);
        CHECK(then.ties[0].broken_by == "casting vote");
    }
    TEST_CASE("the tied who agree decide as well, each time anew") {
        const auto  b = ballots("A B C D", "1: A\n1: B\n1: C\n1: D\n");
        conventions w;
        w.ties = {{.by = tie_break::kind::agreement, .chosen = {0, 1}}};
        const auto c = irv(b, w);
        CHECK(c.paused);
        CHECK(c.ties.size() == 3);
        CHECK(undecided(c) == strings{"C", "D"});
        w.ties[0].chosen.push_back(3);
        CHECK(elected(irv(b, w)) == strings{"C"});
    }
    TEST_CASE("ballots of many ranks are read in their order") {
        std::vector<std::string> many;
        std::vector<rank>        backwards;
        for (rank i = 0; i < 30; ++i) {
            many.push_back("o" + std::to_string(i));
            backwards.push_back(static_cast<rank>(30 - i));
        }
        auto b = ranked_ballots::make(many).value();
        b.add(std::span<const rank>(backwards)).value();
        const tally::detail::papers papers(b, skipped_ranks::close, std::vector<bool>(30, true));
        for (std::size_t t = 0; t < 30; ++t) CHECK(papers.tier(papers.first_tier(0) + t).front() == 29 - t);
        CHECK(elected(irv(b)) == strings{"o29"});
    }
    TEST_CASE("an answer that names nobody of the tied decides nothing") {
        conventions w;
        w.ties = {{.by = tie_break::kind::casting_vote, .chosen = {0}}};
        const auto c = irv(ballots("A B C", "3: A > B\n2: B > C\n2: C > B\n"), w);
        CHECK(c.paused);
        CHECK(undecided(c) == strings{"B", "C"});
    }
    TEST_CASE("the chain looks at the latest or at the first round in which the tied differed, past those they weren't in") {
        // First B 4, C 3; then, without E, B 4, C 5; then, without D, 5 each: they go together. A beats F.
        const auto b = ballots("A B C D E F", "6: A\n6: F\n4: B > A\n3: C\n2: E > C\n1: D > A\n1: D > B\n1: D > F\n");
        const struct {
            tie_break::kind  by;
            std::string      name;
            std::string_view third;
        } all[] = {{tie_break::kind::earlier_stage, "earlier stage", "C"}, {tie_break::kind::first_stage, "first stage", "B"}};
        for (const auto& e : all) {
            conventions w;
            w.ties = {{.by = e.by}};
            const auto c = irv(b, w, 3, {.weakest = weakest::all_level});
            CHECK(elected(c) == strings{"A", "F", std::string(e.third)});
            CHECK(c.ties.back().broken_by == e.name);
        }
    }
    TEST_CASE("where all are level they share the place, and the chain says who is elected, not who goes") {
        const auto c = irv(ballots("A B", "1: A\n1: B\n"), with_order({1, 0}), 1, {.weakest = weakest::all_level});
        CHECK(elected(c) == strings{"B"});
        CHECK(order(c) == std::vector<strings>{{"A", "B"}});
        CHECK(c.rounds.front().dropped.empty());
    }
    TEST_CASE("without a sure loser one goes, by the chain") {
        const auto c = irv(ballots("A B C D", "7: A\n5: B\n3: C > A\n3: D > B\n"), with_order({0, 1, 2, 3}), 1, {.weakest = weakest::sure_losers});
        CHECK(names(c, c.rounds[0].dropped) == strings{"D"});  // C and D have 6 together, and B has 5
        CHECK(names(c, c.rounds[1].dropped) == strings{"C"});
        CHECK(elected(c) == strings{"A"});
    }
    TEST_CASE("the chain may ask who wins more comparisons among the tied") {
        conventions w;
        w.ties = {{.by = tie_break::kind::pairwise}};
        const auto c = irv(ballots("A B C", "4: A > B > C\n3: B > C > A\n3: C > B > A\n"), w);
        CHECK(names(c, c.rounds[0].dropped) == strings{"C"});  // B beats C 7 to 3
        // 6 put C over B, and 5 B over C; those that rank both alike, or neither, say nothing.
        const auto level = irv(ballots("A B C", "3: A\n2: A > B = C\n1: A > C > B\n5: B\n5: C\n"), w);
        CHECK(names(level, level.rounds[0].dropped) == strings{"B"});
    }
}

TEST_SUITE("relatives of instant runoff") {
    TEST_CASE("Coombs drops whom most put last; an unranked option is last") {
        CHECK(elected(coombs(tennessee())) == strings{"N"});
        const auto b = ballots("A B C", "4: A\n3: B > C\n3: C > B\n");  // A is last for 6; B and C share the others
        CHECK(names(coombs(b, with_order({0, 1, 2})), coombs(b, with_order({0, 1, 2})).rounds[0].dropped) == strings{"A"});
        conventions silent;  // then the worst is the last one that a ballot ranks, if it ranks any
        silent.unranked = unranked_options::not_compared;
        const auto unsaid = coombs(ballots("A B C", "4: A\n3: B > C\n3: C > B\n2:\n"), silent, 1, {.majority = majority::ignored});
        CHECK(unsaid.rounds[0].values == std::vector<number>{4, 3, 3});
        // Five of nine who rank anybody, of eleven ballots
        const auto half = ballots("A B C", "5: A > B > C\n4: B > C > A\n2:\n");
        CHECK(coombs(half).rounds[0].what == "first preferences");
        CHECK(coombs(half, {}, 1, {.majority = majority::of_ballots}).rounds[0].what == "last preferences");
        CHECK(coombs(half, {}, 1, {.majority = majority::ignored}).rounds[0].what == "last preferences");
    }
    TEST_CASE("Baldwin drops the lowest Borda count, Nanson everyone up to the average") {
        const auto b = ballots("A B C", "5: A > C > B\n4: B > A > C\n2: C > B > A\n");
        CHECK(elected(baldwin(b)) == strings{"B"});
        const auto level = ballots("A B C", "2: A > B > C\n1: B > C > A\n1: C > B > A\n");
        CHECK(undecided(baldwin(level)) == strings{"A", "B"});
        CHECK(elected(nanson(level)) == strings{"B"});
        CHECK(undecided(nanson(level, {}, 1, nanson_rule::strict)) == strings{"A", "B"});
    }
    TEST_CASE("in a cycle the hybrids differ by what they drop first") {
        const auto b = ballots("A B C D", "6: D > A > B > C\n5: B > C > A > D\n4: C > A > B > D\n");
        CHECK(elected(irv(b)) == strings{"B"});
        CHECK(elected(smith_irv(b)) == strings{"A"});
        CHECK(elected(tideman_alternative(b)) == strings{"A"});
        CHECK(elected(benham(b)) == strings{"B"});  // A goes with nothing, and B beats C and D
    }
}

TEST_SUITE("counts by elimination, whatever the ballots") {
    TEST_CASE("no ballots, no options, enough seats") {
        for (const auto& m : methods) {
            INFO(m.name);
            const auto empty = ranked_ballots::make({"A", "B", "C"}).value();
            CHECK(m.run(empty, {}, 1).undecided.size() == 3);
            CHECK(m.run(empty, {}, 3).elected.size() == 3);
            CHECK(m.run(empty, {}, 9).elected.size() == 3);
            CHECK(m.run(empty, {}, 0).elected.empty());
            const auto none = m.run(ranked_ballots::make({}).value(), {}, 1);
            CHECK(none.elected.empty());
            CHECK(none.undecided.empty());
            CHECK(elected(m.run(ballots("A", "3: A\n"), {}, 1)) == strings{"A"});
        }
        CHECK(irv_universes(ranked_ballots::make({}).value()).value().undecided.empty());
        CHECK(irv_universes(ranked_ballots::make({"A", "B"}).value()).value().undecided.size() == 2);
        CHECK(plurality_runoff_universes(ranked_ballots::make({}).value()).undecided.empty());
        CHECK(elected(plurality_runoff_universes(ballots("A", "3: A\n"))) == strings{"A"});
    }
    TEST_CASE("the order of the voters changes nothing, and places of options only their places") {
        CHECK(rc::check([] {
            const auto  d = draw();
            const auto& m = methods[*rc::gen::inRange<std::size_t>(0, std::size(methods))];
            const auto  seats = *rc::gen::inRange<std::size_t>(1, 4);
            conventions w;
            w.equal = *rc::gen::element(equal_ranks::split, equal_ranks::whole, equal_ranks::skip, equal_ranks::wait, equal_ranks::exhaust);
            w.skipped = *rc::gen::element(skipped_ranks::close, skipped_ranks::exhaust, skipped_ranks::exhaust_two);
            w.unranked = *rc::gen::element(unranked_options::last, unranked_options::not_compared);
            auto turned = d;
            std::reverse(turned.rows.begin(), turned.rows.end());
            const auto c = m.run(d.build(), w, seats);
            RC_ASSERT(c.elected == m.run(turned.build(), w, seats).elected);
            RC_ASSERT(decided(c) == decided(m.run(d.build(draw_places(d.options)), w, seats)));
            RC_ASSERT(c.elected.size() <= seats);
            if (c.undecided.empty()) RC_ASSERT(c.elected.size() == std::min(seats, d.options));
        }));
    }
    TEST_CASE("no vote is lost: unless counted whole, votes and exhausted ballots are the ballots in every round") {
        CHECK(rc::check([] {
            const auto  d = draw();
            const auto  b = d.build();
            conventions w;
            w.equal = *rc::gen::element(equal_ranks::split, equal_ranks::skip, equal_ranks::wait, equal_ranks::exhaust);
            const auto run = *rc::gen::element<method>(plurality, two_round, methods[4].run, methods[5].run, methods[14].run, methods[15].run);
            const auto c = run(b, w, 1);
            for (const auto& r : c.rounds) {
                auto sum = r.exhausted;
                for (const auto& v : r.values) sum = *add(sum, v);
                RC_ASSERT(sum == number(b.total()));
            }
        }));
    }
    TEST_CASE("a lot always decides, and what it decides is one of what parallel universes allow") {
        CHECK(rc::check([] {
            const auto  d = draw();
            const auto  b = d.build();
            conventions w;
            w.ties = {{.by = tie_break::kind::lot, .seed = *rc::gen::arbitrary<std::uint64_t>()}};
            const auto c = irv(b, w, 1, {.majority = majority::ignored});
            RC_ASSERT(c.elected.size() == 1);
            const auto all = irv_universes(b).value().winners();
            RC_ASSERT(std::find(all.begin(), all.end(), c.elected.front()) != all.end());
        }));
    }
    TEST_CASE("whoever beats all others wins by Condorcet hybrids, and by Baldwin and Nanson") {
        CHECK(rc::check([] {
            const auto d = draw();
            const auto b = d.build();
            const auto w = condorcet_winner(compare(b));
            RC_PRE(w.has_value());
            conventions lot;  // a tie about who goes first can't hurt such an option, but it has to be broken
            lot.ties = {{.by = tie_break::kind::lot, .seed = *rc::gen::arbitrary<std::uint64_t>()}};
            for (const auto& m : methods) {
                if (m.name == "benham" || m.name == "smith_irv" || m.name == "tideman_alternative" || m.name == "baldwin" || m.name == "nanson") {
                    RC_ASSERT(m.run(b, lot, 1).elected == std::vector<option>{*w});
                }
            }
        }));
    }
}
