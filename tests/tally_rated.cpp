// Counting what options were given: places, approvals, scores, grades, points.
#include <doctest/doctest.h>

#include <random>

#include <rapidcheck.h>

#include <quorate/tally/judgment.hpp>
#include <quorate/tally/positional.hpp>
#include <quorate/tally/star.hpp>

using namespace quorate;
using namespace quorate::tally;

namespace {

using names = std::vector<std::string>;
using list = std::vector<option>;
using tiers = std::vector<list>;
constexpr score no = unscored;

ranked_ballots ranked(names options, const std::vector<std::pair<std::int64_t, tiers>>& all) {
    auto b = ranked_ballots::make(std::move(options)).value();
    for (const auto& [n, t] : all) b.add(t, n).value();
    return b;
}
rated_ballots rated(names options, const std::vector<std::pair<std::int64_t, std::vector<score>>>& all) {
    auto b = rated_ballots::make(std::move(options)).value();
    for (const auto& [n, s] : all) b.add(s, n).value();
    return b;
}
std::vector<number> values(const count& c) { return c.rounds.back().values; }
conventions in_order(list order) {
    conventions with;
    tie_break   step;
    step.order = std::move(order);
    with.ties.push_back(step);
    return with;
}
conventions by_vote(list chosen) {
    conventions with;
    tie_break   step;
    step.by = tie_break::kind::casting_vote;
    step.chosen = std::move(chosen);
    with.ties.push_back(step);
    return with;
}

using rated_method = count (*)(const rated_ballots&, const conventions&, std::size_t);
const std::vector<std::pair<std::string, rated_method>> rated_ones{
    {"approval", approval},
    {"dis_approval", dis_approval},
    {"satisfaction_approval", satisfaction_approval},
    {"score_sum", [](const rated_ballots& b, const conventions& w, std::size_t s) { return score_voting(b, w, s); }},
    {"score_mean", [](const rated_ballots& b, const conventions& w, std::size_t s) { return score_voting(b, w, s,
        {.by = score_rule::value::mean}); }},
    {"score_median", [](const rated_ballots& b, const conventions& w, std::size_t s) { return score_voting(b, w, s,
        {.by = score_rule::value::median}); }},
    {"cumulative", [](const rated_ballots& b, const conventions& w, std::size_t s) { return cumulative(b, w, s, 9); }},
    {"star", [](const rated_ballots& b, const conventions& w, std::size_t s) { return star(b, w, s); }},
    {"allocated_score", allocated_score},
    {"majority_judgment", [](const rated_ballots& b, const conventions& w, std::size_t s) { return majority_judgment(b, w, s); }},
    {"majority_judgment_gauge", [](const rated_ballots& b, const conventions& w, std::size_t s) { return majority_judgment(b,
        w, s, {.ties = median_ties::gauge}); }},
    {"majority_judgment_typical", [](const rated_ballots& b, const conventions& w, std::size_t s) { return majority_judgment(b,
        w, s, {.ties = median_ties::typical}); }},
    {"majority_judgment_plus", [](const rated_ballots& b, const conventions& w, std::size_t s) { return majority_judgment(b, w,
        s, {.ties = median_ties::plus}); }},
};
using ranked_method = count (*)(const ranked_ballots&, const conventions&, std::size_t);
const std::vector<std::pair<std::string, ranked_method>> ranked_ones{
    {"borda", [](const ranked_ballots& b, const conventions& w, std::size_t s) { return borda(b, w, s); }},
    {"dowdall", dowdall},
    {"geometric", [](const ranked_ballots& b, const conventions& w, std::size_t s) { return geometric(b, w, s); }},
};

list sorted(list l) {
    std::sort(l.begin(), l.end());
    return l;
}

}  // namespace

TEST_CASE("Borda: a place is worth one more than the next; the count shows the points") {
    const auto b = ranked({"A", "B", "C"}, {{3, {{0}, {1}, {2}}}, {2, {{1}, {2}, {0}}}});
    CHECK(values(borda(b)) == std::vector<number>{11, 12, 7});
    CHECK(values(borda(b, {}, 1, 0)) == std::vector<number>{6, 7, 2});
    CHECK(borda(b).elected == list{1});
    CHECK(borda(b).order == tiers{{1}, {0}, {2}});
}

TEST_CASE("Borda: shared places share what they are worth; what is left out shares the tail, or gets nothing") {
    const auto b = ranked({"A", "B", "C", "D"}, {{1, {{0, 1}}}});
    CHECK(values(borda(b)) == std::vector<number>{number::fraction(7, 2), number::fraction(7, 2), number::fraction(3, 2),
        number::fraction(3, 2)});
    conventions with;
    with.unranked = unranked_options::not_compared;
    CHECK(values(borda(b, with)) == std::vector<number>{number::fraction(7, 2), number::fraction(7, 2), 0, 0});
    // Where ballots are short and not compared, what the last place is worth can decide.
    const auto c = ranked({"A", "B", "C"}, {{3, {{0}, {1}, {2}}}, {4, {{2}}}, {2, {{1}, {0}, {2}}}});
    CHECK(borda(c, with, 1, 1).elected == list{2});
    CHECK(borda(c, with, 1, 0).undecided == list{0, 2});
}

TEST_CASE("Dowdall and geometric weights fall faster") {
    const auto b = ranked({"A", "B", "C"}, {{1, {{0}, {1}, {2}}}});
    CHECK(values(dowdall(b)) == std::vector<number>{1, number::fraction(1, 2), number::fraction(1, 3)});
    CHECK(values(geometric(b)) == std::vector<number>{1, number::fraction(1, 2), number::fraction(1, 4)});
    CHECK(values(geometric(b, {}, 1, 0)) == std::vector<number>{1, 0, 0});  // plurality
    CHECK(values(positional(b, {1, 1})) == std::vector<number>{1, 1, 0});
}

TEST_CASE("approvals, disapprovals and satisfaction") {
    const auto b = rated({"A", "B", "C"}, {{2, {1, 1, -1}}, {1, {no, 0, 1}}, {1, {-5, 3, no}}});
    CHECK(values(approval(b)) == std::vector<number>{2, 3, 1});
    CHECK(values(dis_approval(b)) == std::vector<number>{1, 3, -1});
    CHECK(values(satisfaction_approval(b)) == std::vector<number>{1, 2, 1});
    CHECK(approval(b, {}, 2).elected == list{1, 0});  // bloc approval
    CHECK(satisfaction_approval(b, {}, 2).undecided == list{0, 2});
}

TEST_CASE("scores: by sum, mean or median, with too few scores behind all others") {
    const auto b = rated({"A", "B", "C"}, {{2, {5, 3, no}}, {1, {0, 3, no}}, {1, {no, 3, 5}}});
    CHECK(values(score_voting(b)) == std::vector<number>{10, 12, 5});
    CHECK(values(score_voting(b, {}, 1, {.by = score_rule::value::mean})) == std::vector<number>{number::fraction(10, 3), 3, 5});
    CHECK(values(score_voting(b, {}, 1, {.by = score_rule::value::mean,
        .unscored_is_zero = true})) == std::vector<number>{number::fraction(5, 2), 3, number::fraction(5, 4)});
    CHECK(values(score_voting(b, {}, 1, {.by = score_rule::value::median})) == std::vector<number>{5, 3, 5});
    const auto few = score_voting(b, {}, 1, {.by = score_rule::value::mean, .min_count = 2});
    CHECK(few.elected == list{0});
    CHECK(few.order == tiers{{0}, {1}, {2}});
    CHECK(few.rounds.back().dropped == list{2});
    const auto truncated = score_voting(b, {}, 1, {.by = score_rule::value::mean, .truncate = 1});
    CHECK(truncated.rounds.back().options == list{0, 1});
    CHECK(truncated.rounds.back().values == std::vector<number>{5, 3});
    CHECK(truncated.rounds.back().dropped == list{2});
    // One score, and it is left out at either end: no sum of 0 that would be level with others.
    CHECK(score_voting(b, {}, 1, {.truncate = 1}).rounds.back().dropped == list{2});
    CHECK(score_voting(b, {}, 1, {.truncate = 1}).rounds.back().values == std::vector<number>{5, 6});
}

TEST_CASE("the median of an even number of scores is the lower one") {
    CHECK(values(score_voting(rated({"A"}, {{1, {1}}, {1, {4}}}), {}, 1,
        {.by = score_rule::value::median})) == std::vector<number>{1});
}

TEST_CASE("cumulative: a ballot that spreads too much is discarded, and that is told") {
    const auto b = rated({"A", "B"}, {{2, {3, 2}}, {4, {0, 6}}, {1, {-1, 5}}});
    const auto c = cumulative(b, {}, 1, 5);
    CHECK(c.rounds.back().values == std::vector<number>{6, 4});
    CHECK(c.rounds.back().exhausted == number(5));
    CHECK(c.rounds.back().why == "5 ballots spread more than 5 points, or less than 0, and are discarded");
    CHECK(cumulative(b).rounds.back().values == std::vector<number>{6, 28});
}

TEST_CASE("STAR: the runoff can go to the second in scores") {
    const auto c = star(rated({"A", "B", "C"}, {{3, {5, 4, 0}}, {2, {5, 0, 1}}, {4, {1, 3, 2}}}));
    CHECK(c.rounds[0].values == std::vector<number>{29, 24, 10});
    CHECK(c.rounds[1].values == std::vector<number>{5, 4});
    CHECK(c.elected == list{0});
    const auto d = star(rated({"A", "B", "C"}, {{2, {5, 0, 0}}, {3, {3, 4, 0}}}));
    CHECK(d.elected == list{1});
    CHECK(d.order == tiers{{1}, {0}, {2}});
}

TEST_CASE("STAR: ties by the official protocol, step by step, and then by the chain") {
    // Equal sums: C has most votes against it among the three and misses the runoff.
    const auto place = star(rated({"A", "B", "C"}, {{2, {4, 3, 2}}, {1, {1, 3, 5}}, {1, {4, 4, 4}}}));
    REQUIRE(place.ties.size() >= 1);
    CHECK(place.ties[0].where == "place in the runoff");
    CHECK(place.ties[0].broken_by == "head to head");
    // The runoff and the scores are level; B has a top score.
    const auto top = star(rated({"A", "B"}, {{1, {4, 1}}, {1, {2, 5}}}));
    CHECK(top.elected == list{1});
    CHECK(top.ties.back().broken_by == "most top scores");
    const auto level = rated({"A", "B"}, {{1, {4, 2}}, {1, {2, 4}}});
    CHECK(star(level).undecided == list{0, 1});
    CHECK(star(level, in_order({1, 0})).elected == list{1});
    CHECK(star(level, by_vote({})).paused);
    CHECK(star(level, by_vote({0})).elected == list{0});
    CHECK(star(rated({"A", "B"}, {{1, {5, 1}}, {1, {2, 5}}}), {}, 1, {.top = 5, .protocol = false}).undecided == list{0, 1});
    // All three have a sum of 5 and two votes against them; B and C have a top score, or only A has.
    const auto two = star(rated({"A", "B", "C"}, {{1, {3, 5, 0}}, {1, {2, 0, 5}}}));
    REQUIRE_FALSE(two.ties.empty());
    CHECK(two.ties[0].broken_by == "most top scores");
    CHECK(two.ties[0].ahead == list{1, 2});
    const auto one = star(rated({"A", "B", "C"}, {{1, {5, 2, 1}}, {1, {0, 3, 4}}}));
    REQUIRE_FALSE(one.ties.empty());
    CHECK(one.ties[0].broken_by == "most top scores");
    CHECK(one.ties[0].ahead == list{0});
    CHECK(one.elected == list{0});  // the runoff is level with B as with C, and A has more top scores
    const auto waits = allocated_score(level, by_vote({}));
    CHECK(waits.paused);
    CHECK(waits.undecided == list{0, 1});
}

TEST_CASE("STAR: a scoring tie that stands leaves everybody undecided who could win") {
    // C is first; A and B are level in everything, so either meets C, and C wins both ways.
    const auto sure = star(rated({"A", "B", "C"}, {{2, {3, 2, 5}}, {2, {2, 3, 5}}}));
    CHECK(sure.elected == list{2});
    // A and B would both beat C in the runoff.
    const auto open = star(rated({"A", "B", "C"}, {{3, {2, 1, 0}}, {3, {1, 2, 0}}, {2, {0, 0, 5}}}));
    CHECK(open.rounds[0].values == std::vector<number>{9, 9, 10});
    CHECK(open.elected.empty());
    CHECK(open.undecided == list{0, 1});
}

TEST_CASE("bloc STAR elects again without those who were elected") {
    const auto b = rated({"A", "B", "C"}, {{3, {5, 4, 0}}, {2, {0, 3, 5}}});
    CHECK(star(b, {}, 2).elected == list{0, 1});
    CHECK(star(b, {}, 3).elected == list{0, 1, 2});
}

TEST_CASE("allocated score: who is represented has paid") {
    const auto b = rated({"A1", "A2", "B"}, {{6, {5, 4, 0}}, {4, {0, 0, 5}}});
    const auto c = allocated_score(b, {}, 2);
    CHECK(c.quota == number(5));
    CHECK(c.elected == list{0, 2});
    CHECK(c.rounds[1].values == std::vector<number>{4, 20});
    CHECK(score_voting(b, {}, 2).elected == list{0, 1});  // where the majority takes it all
}

TEST_CASE("majority judgment takes medians away until options differ, in one go for any number of ballots") {
    constexpr std::int64_t billion = 1'000'000'000;
    const auto             b = rated({"A", "B"}, {{10 * billion, {1, 1}}, {10 * billion - 1, {0, 0}}, {1, {0, 1}}});
    CHECK(majority_judgment(b).order == tiers{{1}, {0}});
    CHECK(majority_judgment(rated({"A", "B"}, {{2, {1, 1}}, {1, {3, 3}}})).undecided == list{0, 1});
}

TEST_CASE("the ways to order equal medians differ") {
    // Median 2 for both; A: 3 above, 2 below of 9; B: 1 above, 0 below.
    const auto b = rated({"A", "B"}, {{3, {3, 2}}, {4, {2, 2}}, {1, {1, 2}}, {1, {1, 3}}});
    CHECK(majority_judgment(b, {}, 1, {.ties = median_ties::gauge}).elected == list{0});
    CHECK(majority_judgment(b, {}, 1, {.ties = median_ties::typical}).undecided == list{0, 1});
    CHECK(majority_judgment(b, {}, 1, {.ties = median_ties::plus}).elected == list{1});
}

TEST_CASE("a blank is the worst grade, or no grade") {
    const auto b = rated({"A", "B"}, {{2, {3, 2}}, {3, {no, 2}}});
    CHECK(majority_judgment(b).elected == list{1});
    CHECK(majority_judgment(b, {}, 1, {.unscored_is_worst = false}).elected == list{0});
    const auto none = majority_judgment(rated({"A", "B"}, {{2, {no, 0}}}), {}, 1, {.unscored_is_worst = false});
    CHECK(none.elected == list{1});
    CHECK(none.rounds.back().dropped == list{0});
}

TEST_CASE("medians taken away one by one give the same order as the quick way") {
    std::mt19937 random(7);
    const auto   slow = [](std::vector<score> g) {
        std::vector<score> taken;
        std::sort(g.begin(), g.end());
        while (!g.empty()) {
            const auto at = (g.size() - 1) / 2;
            taken.push_back(g[at]);
            g.erase(g.begin() + static_cast<std::ptrdiff_t>(at));
        }
        return taken;
    };
    for (int trial = 0; trial < 3'000; ++trial) {
        std::vector<score> a(random() % 9 + 1), b(trial % 2 == 0 ? a.size() : random() % 9 + 1);
        for (auto* g : {&a, &b})
            for (auto& s : *g) s = static_cast<score>(random() % 4);
        const auto list_of = [](const std::vector<score>& g) {
            std::map<score, std::int64_t> h;
            for (const auto s : g) ++h[s];
            return tally::detail::grade_list(h);
        };
        CHECK((tally::detail::compare_medians(list_of(a), list_of(b)) > 0) == (slow(a) > slow(b)));
        CHECK((tally::detail::compare_medians(list_of(a), list_of(b)) == 0) == (slow(a) == slow(b)));
    }
}

TEST_CASE("a tie for the last seats is broken by the chain only, or waits for a casting vote") {
    const auto b = rated({"A", "B", "C", "D"}, {{2, {1, 0, 0, 0}}, {1, {0, 1, 1, 1}}});
    const auto open = approval(b, {}, 3);
    CHECK(open.elected == list{0});
    CHECK(open.undecided == list{1, 2, 3});
    CHECK(open.ties.size() == 1);
    const auto given = approval(b, in_order({3, 2, 1, 0}), 3);
    CHECK(given.elected == list{0, 3, 2});
    CHECK(given.undecided.empty());
    CHECK(given.ties[0].broken_by == "given order");
    const auto waits = approval(b, by_vote({2}), 3);
    CHECK(waits.paused);
    CHECK(waits.elected == list{0, 2});
    CHECK(waits.undecided == list{1, 3});
    CHECK(approval(b, by_vote({2, 1}), 3).elected == list{0, 2, 1});
}

TEST_CASE("no ballots, no options, seats for all: every method has a result") {
    const auto check = [](const std::string& name, auto method, auto make) {
        CAPTURE(name);
        const auto nobody = method(make(names{}), conventions{}, 1);
        CHECK(nobody.elected.empty());
        CHECK(nobody.undecided.empty());
        const auto silent = method(make(names{"A", "B", "C"}), conventions{}, 1);
        CHECK(silent.elected.empty());
        CHECK(sorted(silent.undecided) == list{0, 1, 2});
        CHECK(silent.ballots == 0);
        CHECK(sorted(method(make(names{"A", "B", "C"}), conventions{}, 3).elected) == list{0, 1, 2});
        CHECK(sorted(method(make(names{"A", "B", "C"}), conventions{}, 7).elected) == list{0, 1, 2});
        const auto none = method(make(names{"A", "B"}), conventions{}, 0);
        CHECK(none.elected.empty());
        CHECK(none.undecided.empty());
        CHECK(method(make(names{"A"}), conventions{}, 1).elected == list{0});
    };
    for (const auto& [name, method] : rated_ones)
        check(name, method, [](names n) { return rated_ballots::make(std::move(n)).value(); });
    for (const auto& [name, method] : ranked_ones)
        check(name, method, [](names n) { return ranked_ballots::make(std::move(n)).value(); });
}

TEST_CASE("neither the order of voters nor that of options changes who wins") {
    const names  options{"A", "B", "C", "D"};
    std::mt19937 random(11);
    CHECK(rc::check([&] {
        const auto n = *rc::gen::inRange<std::size_t>(1, 9);
        std::vector<std::vector<score>> ballots;
        for (std::size_t i = 0; i < n; ++i) {
            auto b = *rc::gen::container<std::vector<score>>(options.size(), rc::gen::inRange<score>(-1, 6));
            for (auto& s : b) s = s < 0 ? no : s;
            ballots.push_back(b);
        }
        auto shuffled = ballots;
        std::shuffle(shuffled.begin(), shuffled.end(), random);
        auto places = all_options(options.size());
        std::shuffle(places.begin(), places.end(), random);  // option o goes to places[o]
        auto moved_names = options;
        for (std::size_t o = 0; o < options.size(); ++o) moved_names[places[o]] = options[o];
        const auto seats = *rc::gen::inRange<std::size_t>(1, 4);

        auto plain = rated_ballots::make(options).value(), voters = plain, moved = rated_ballots::make(moved_names).value();
        auto ranks = ranked_ballots::make(options).value(), ranks_moved = ranked_ballots::make(moved_names).value();
        const auto as_ranks = [](const std::vector<score>& b) {
            std::vector<rank> r;
            for (const auto s : b) r.push_back(s == no ? unranked : static_cast<rank>(s + 1));
            return r;
        };
        for (std::size_t i = 0; i < n; ++i) {
            std::vector<score> m(options.size());
            for (std::size_t o = 0; o < options.size(); ++o) m[places[o]] = ballots[i][o];
            plain.add(ballots[i]).value();
            voters.add(shuffled[i]).value();
            moved.add(m).value();
            ranks.add(std::span<const rank>(as_ranks(ballots[i]))).value();
            ranks_moved.add(std::span<const rank>(as_ranks(m))).value();
        }
        const auto back = [&](const list& l) {
            list out;
            for (const auto o : l)
                out.push_back(static_cast<option>(std::find(places.begin(), places.end(), o) - places.begin()));
            return sorted(out);
        };
        for (const auto& [name, method] : rated_ones) {
            const auto c = method(plain, {}, seats), v = method(voters, {}, seats), m = method(moved, {}, seats);
            RC_ASSERT(sorted(c.elected) == sorted(v.elected));
            RC_ASSERT(sorted(c.undecided) == sorted(v.undecided));
            RC_ASSERT(sorted(c.elected) == back(m.elected));
            RC_ASSERT(sorted(c.undecided) == back(m.undecided));
            RC_ASSERT(c.elected.size() + c.undecided.size() >= std::min(seats, options.size()));
        }
        for (const auto& [name, method] : ranked_ones) {
            const auto c = method(ranks, {}, seats), m = method(ranks_moved, {}, seats);
            RC_ASSERT(sorted(c.elected) == back(m.elected));
            RC_ASSERT(sorted(c.undecided) == back(m.undecided));
        }
    }));
}
