// Seats that fall vacant are filled from the same ballots; and what a count promises while ballots are missing.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <quorate/tally/ballot_file.hpp>
#include <quorate/tally/methods.hpp>
#include <quorate/tally/outlook.hpp>
#include <quorate/tally/vacancy.hpp>

#include "effort.hpp"
#include "tally_pairs.hpp"

using namespace quorate::tally;
using quorate::number;

namespace {

using names = std::vector<std::string>;

names in_turn(const count& c, const std::vector<option>& all) {
    names out;
    for (const auto o : all) out.push_back(c.options[o]);
    return out;
}
option at(const std::vector<std::string>& all, const std::string& name) {
    return static_cast<option>(std::find(all.begin(), all.end(), name) - all.begin());
}
/// What a method elects once these have left, and those stay.
count filled(const ranked_ballots& all, std::string_view method, std::size_t seats, const names& gone, const names& stay, const conventions& with = {},
             const std::map<std::string, std::string>& affiliations = {}, std::size_t most = 0) {
    std::vector<option> left;
    for (const auto& n : gone) left.push_back(at(all.options(), n));
    auto again = recount(without(all, left), method, with, seats).value();
    std::vector<option> sitting;
    for (const auto& n : stay) sitting.push_back(at(again.options, n));
    seat_limits limits{.affiliation_of = {}, .most_per_affiliation = most, .floor = {}};
    for (const auto& o : again.options) limits.affiliation_of.push_back(affiliations.contains(o) ? affiliations.at(o) : "");
    fill_vacancies(again, sitting, with, limits);
    return again;
}

}  // namespace

TEST_CASE("a vacant seat goes to whoever the same ballots elect next, and the others keep theirs") {
    const auto b = tally_pairs::ballots("ABCD", "6:A>B>C>D 2:B>C>D 1:C>D");
    CHECK(in_turn(recount(b, "schulze", {}, 2).value(), recount(b, "schulze", {}, 2).value().elected) == names{"A", "B"});
    const auto c = filled(b, "schulze", 2, {"A"}, {"B"});
    CHECK(in_turn(c, c.elected) == names{"B", "C"});
    CHECK(in_turn(c, c.rounds.back().elected) == names{"C"});
    CHECK(c.rounds.back().why == "those who stay keep their seats");
    const auto twice = filled(b, "schulze", 2, {"A", "C"}, {"B"});  // C declines
    CHECK(in_turn(twice, twice.elected) == names{"B", "D"});
    const auto nobody = filled(b, "schulze", 2, {"A", "C", "D"}, {"B"});
    CHECK(in_turn(nobody, nobody.elected) == names{"B"});
    CHECK(nobody.undecided.empty());
}

TEST_CASE("a transferable vote: those who had elected whoever left are heard again, and nobody loses a seat by it") {
    // A and X are elected. Without A its voters elect B; the next in first preferences would have been C.
    const auto b = tally_pairs::ballots("ABCX", "6:A>B>C>X 5:X 3:C>X 1:B");
    const auto first = recount(b, "stv", {}, 2).value();
    CHECK(in_turn(first, first.elected) == names{"A", "X"});
    const auto c = filled(b, "stv", 2, {"A"}, {"X"});
    CHECK(in_turn(c, c.elected) == names{"X", "B"});
    // The recount alone would take Q's seat: who stays keeps it, and whom it elects first of the others gets the free one.
    const auto chaotic = tally_pairs::ballots("APQRS", "5:A>P 4:Q 3:R 2:S>R");
    const auto kept = filled(chaotic, "stv", 2, {"A"}, {"Q"});
    CHECK(in_turn(kept, kept.elected) == names{"Q", "P"});
    CHECK(in_turn(kept, recount(without(chaotic, {0}), "stv", {}, 2).value().elected) == names{"P", "R"});
}

TEST_CASE("level candidates for a vacant seat stay undecided, until the chain or a person decides") {
    const auto  b = tally_pairs::ballots("ABCD", "4:A 3:B 2:C 2:D");
    const auto  tied = filled(b, "plurality", 2, {"A"}, {"B"});
    CHECK(in_turn(tied, tied.elected) == names{"B"});
    CHECK(in_turn(tied, tied.undecided) == names{"C", "D"});
    CHECK_FALSE(tied.paused);
    conventions order{.ties = {{.by = tie_break::kind::given_order, .order = {2, 1, 0}}}};
    const auto  broken = filled(b, "plurality", 2, {"A"}, {"B"}, order);
    CHECK(in_turn(broken, broken.elected) == names{"B", "D"});
    conventions asked{.ties = {{.by = tie_break::kind::casting_vote}}};
    const auto  waits = filled(b, "plurality", 2, {"A"}, {"B"}, asked);
    CHECK(waits.paused);
    CHECK(in_turn(waits, waits.elected) == names{"B"});
    CHECK(in_turn(waits, waits.undecided) == names{"C", "D"});
    asked.ties.front().chosen = {2};
    const auto chosen = filled(b, "plurality", 2, {"A"}, {"B"}, asked);
    CHECK(in_turn(chosen, chosen.elected) == names{"B", "D"});
}

TEST_CASE("level newcomers that both outrank somebody who stays wait for the chain too: one seat is free") {
    auto two = recount(tally_pairs::ballots("BCD", "1:B 3:C 3:D"), "plurality", {}, 2).value();
    fill_vacancies(two, {0});
    CHECK(in_turn(two, two.elected) == names{"B"});
    CHECK(in_turn(two, two.undecided) == names{"C", "D"});
    two = recount(tally_pairs::ballots("BCD", "1:B 3:C 3:D"), "plurality", {}, 2).value();
    fill_vacancies(two, {0}, {.ties = {{.by = tie_break::kind::given_order, .order = {2, 1}}}});
    CHECK(in_turn(two, two.elected) == names{"B", "D"});
}

TEST_CASE("a party in line for several seats takes as many as are free, and whoever's affiliation is full is no rival for them") {
    const auto after = [](std::vector<option> elected, seat_limits limits) {
        count c{.method = "example", .options = {"B", "C", "D", "E"}, .seats = 3, .ballots = 9, .elected = std::move(elected)};
        fill_vacancies(c, {0}, {}, limits);
        return in_turn(c, c.elected);
    };
    CHECK(after({1, 1}, {}) == names{"B", "C", "C"});
    // B sits for Acme, and nothing is said of where E belongs.
    CHECK(after({3, 1, 2}, {.affiliation_of = {"Acme", "Acme", "Acme"}, .most_per_affiliation = 1}) == names{"B", "E"});
    CHECK(after({2, 1}, {.affiliation_of = {"Acme"}, .most_per_affiliation = 9}) == names{"B"});  // the two are level
}

TEST_CASE("an affiliation that has its seats gets no vacant one: the next of the order does; nobody at or below the floor") {
    const auto b = tally_pairs::ballots("ABCDE", "5:A>B>C>D>E");
    const std::map<std::string, std::string> works{{"A", "Acme"}, {"B", "Acme"}, {"C", "Acme"}};
    const auto c = filled(b, "borda", 2, {"A"}, {"B"}, {}, works, 1);
    CHECK(in_turn(c, c.elected) == names{"B", "D"});
    CHECK(c.rounds[c.rounds.size() - 2].what == "no seat for C");
    auto again = recount(tally_pairs::ballots("BCD", "5:B>C>D"), "borda", {}, 2).value();
    fill_vacancies(again, {0}, {}, {.affiliation_of = {"Acme", "Acme", ""}, .most_per_affiliation = 1, .floor = option{2}});
    CHECK(in_turn(again, again.elected) == names{"B"});
}

TEST_CASE("who comes first in line is told by the count's order, by the rounds of elections, or by the votes in them") {
    // Three seats, and B sits: two are free, and an affiliation may have two, so whoever comes first counts.
    const auto after = [](std::vector<std::vector<option>> order, std::vector<quorate::tally::round> rounds, std::vector<std::string> from) {
        count c{.method = "example", .options = {"B", "C", "D", "E"}, .seats = 3, .ballots = 9, .elected = {1, 2, 3}, .order = std::move(order),
                .rounds = std::move(rounds)};
        fill_vacancies(c, {0}, {}, {.affiliation_of = std::move(from), .most_per_affiliation = 2, .floor = {}});
        return c;
    };
    const auto of_round = [](std::vector<option> elected, std::vector<option> shown, std::vector<number> votes) {
        return quorate::tally::round{.what = "round", .options = std::move(shown), .values = std::move(votes), .elected = std::move(elected),
                                     .why = {}};
    };
    const names all_acme{"Acme", "Acme", "Acme", "Acme"}, acme_but_e{"Acme", "Acme", "Acme", ""};
    const struct {
        std::string                      told_by;
        std::vector<std::vector<option>> order;
        std::vector<quorate::tally::round>               rounds;
        names                            from, elected, undecided;
    } all[] = {
        {"the order", {{3}, {1}, {2}, {0}}, {}, acme_but_e, {"B", "C", "E"}, {}},
        {"the order: level", {{3}, {1, 2}, {0}}, {}, acme_but_e, {"B"}, {"C", "D"}},
        {"nothing", {}, {}, all_acme, {"B"}, {"C", "D", "E"}},
        {"a later round", {}, {of_round({}, {}, {}), of_round({1}, {1}, {5}), of_round({2, 3}, {}, {})}, acme_but_e, {"B", "C", "E"}, {}},
        {"an earlier round of the others", {}, {of_round({2, 3}, {}, {}), of_round({1}, {}, {})}, all_acme, {"B", "C"}, {}},
        {"votes", {}, {of_round({1, 2, 3}, {1, 2, 3}, {4, 3, 2})}, acme_but_e, {"B", "C", "E"}, {}},
        {"equal votes", {}, {of_round({1, 2, 3}, {1, 2, 3}, {4, 4, 2})}, acme_but_e, {"B"}, {"C", "D"}},
        {"votes of one only", {}, {of_round({1, 2, 3}, {1, 3}, {4})}, acme_but_e, {"B"}, {"C", "D", "E"}},
        {"no votes", {}, {of_round({1, 2, 3}, {}, {})}, acme_but_e, {"B"}, {"C", "D", "E"}},
    };
    for (const auto& e : all) {
        CAPTURE(e.told_by);
        const auto c = after(e.order, e.rounds, e.from);
        CHECK(in_turn(c, c.elected) == e.elected);
        CHECK(in_turn(c, c.undecided) == e.undecided);
    }
}

TEST_CASE("those tied in the count take the free seats where there is one for each, unless an affiliation might have too many") {
    const auto after = [](std::size_t most, names from, std::size_t seats) {
        count c{.method = "example", .options = {"B", "C", "D"}, .seats = seats, .ballots = 9, .elected = {}, .undecided = {0, 1, 2}};
        fill_vacancies(c, {0}, {}, {.affiliation_of = std::move(from), .most_per_affiliation = most, .floor = {}});
        return c;
    };
    const auto each = after(0, {}, 3);  // B sits already, and was tied
    CHECK(in_turn(each, each.elected) == names{"B", "C", "D"});
    CHECK(each.undecided.empty());
    const auto capped = after(1, {"", "Acme", "Acme"}, 3);
    CHECK(in_turn(capped, capped.elected) == names{"B"});
    CHECK(in_turn(capped, capped.undecided) == names{"C", "D"});
    const auto fewer = after(0, {}, 2);
    CHECK(in_turn(fewer, fewer.undecided) == names{"C", "D"});
}

TEST_CASE("for every method: those who stay keep their seats, nobody who left returns, and no free seat is lost while somebody is left") {
    std::mt19937 random(20260301);
    const auto   below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
    for (const auto& m : methods()) {
        CAPTURE(std::string(m.name));
        for (std::uint64_t i = 0; i < effort(15); ++i) {
            auto ranked = ranked_ballots::make({"A", "B", "C", "D", "E"}).value();
            auto rated = rated_ballots::make({"A", "B", "C", "D", "E"}).value();
            for (int n = 0; n < 9; ++n) {
                std::vector<rank> order{1, 2, 3, 4, 5};
                std::shuffle(order.begin(), order.end(), random);
                std::vector<score> scores;
                for (int o = 0; o < 5; ++o) scores.push_back(static_cast<score>(below(2)));
                ranked.add(std::span<const rank>(order)).value();
                rated.add(std::span<const score>(scores)).value();
            }
            const std::size_t seats = 2;
            const auto again = [&](const std::vector<option>& gone) {
                return m.ranked != nullptr ? m.ranked(without(ranked, gone), {}, seats) : m.rated(without(rated, gone), {}, seats);
            };
            const auto first = again({});
            if (!first || first->elected.size() != seats) continue;  // one seat only, tied, or refused
            if (first->elected[0] == first->elected[1]) continue;  // a party with both
            const auto left = first->elected[below(2)], stays = first->elected[0] == left ? first->elected[1] : first->elected[0];
            auto       after = again({left}).value();
            const auto sits = static_cast<option>(stays > left ? stays - 1 : stays);
            fill_vacancies(after, {sits});
            CHECK(after.elected.front() == sits);
            CHECK(in_turn(after, after.elected).size() + (after.undecided.empty() ? 0U : 1U) == seats);
            CHECK(std::count(after.options.begin(), after.options.end(), first->options[left]) == 0);
            const bool of_parties = m.title.find("of first preferences") != std::string_view::npos || m.name == "party_stv";
            if (!of_parties) CHECK(std::count(after.elected.begin(), after.elected.end(), sits) == 1);
        }
    }
}

// ---- what is certain while ballots are missing --------------------------------------------------------------------------
namespace {

/// All ballots that somebody may cast: every choice of ranks 0 to n (0: not ranked), or of scores.
std::vector<std::vector<rank>> all_rankings(std::size_t many, rank worst) {
    std::vector<std::vector<rank>> all{{}};
    for (std::size_t o = 0; o < many; ++o) {
        std::vector<std::vector<rank>> longer;
        for (const auto& b : all)
            for (rank r = 0; r <= worst; ++r) {
                longer.push_back(b);
                longer.back().push_back(r);
            }
        all = std::move(longer);
    }
    return all;
}

}  // namespace

TEST_CASE("what a method promises, and what one ballot can move, depends on its conventions") {
    const conventions silent{.unranked = unranked_options::not_compared}, opposed{.strength = defeat_strength::opposition};
    CHECK(promise_of("nanson") == promise::condorcet);
    CHECK(promise_of("nanson", silent) == promise::none);
    CHECK(promise_of("schulze", silent) == promise::condorcet);
    CHECK(promise_of("minimax") == promise::condorcet);
    CHECK(promise_of("minimax", opposed) == promise::none);
    CHECK(promise_of("schulze", opposed) == promise::condorcet);
    // Of four options the first place is worth 4 and the last 1 (Borda), 1 and 1/4 (Dowdall), 1 and 1/8 (geometric); what isn't ranked has nothing
    // where it isn't compared, and plurality knows the first place only.
    const struct {
        std::string_view method;
        number           last, nothing;
    } all[] = {{"borda", 3, 4}, {"dowdall", number::fraction(3, 4), 1}, {"geometric", number::fraction(7, 8), 1}, {"plurality", 1, 1}};
    for (const auto& e : all) {
        CAPTURE(std::string(e.method));
        CHECK(swing_of(e.method, 4, {}) == e.last);
        CHECK(swing_of(e.method, 4, silent) == e.nothing);
    }
    CHECK_FALSE(swing_of("schulze", 4, {}).has_value());
    CHECK_FALSE(swing_of("irv", 4, {}).has_value());
}

TEST_CASE("a count that doesn't show the sum of each option says nothing about what is certain") {
    count c{.method = "plurality", .options = {"A", "B"}, .ballots = 5, .elected = {0}};
    CHECK_FALSE(wins_by_sums(c, 0, 0, 1));
    c.rounds.push_back({.what = "votes", .options = {0}, .values = {5}, .why = {}});
    CHECK_FALSE(wins_by_sums(c, 0, 0, 1));
    c.rounds.front().options = {0, 1};
    c.rounds.front().values = {5, 0};
    CHECK(wins_by_sums(c, 0, 4, 1));
    CHECK_FALSE(wins_by_sums(c, 0, 5, 1));
}

TEST_CASE("who wins by more than the missing ballots can take away wins whatever they say; of sums that is all who do") {
    std::mt19937 random(7);
    const auto   every = all_rankings(3, 3);
    for (const auto& m : methods()) {
        const auto promised = promise_of(m.name);
        if (promised == promise::none) continue;
        CAPTURE(std::string(m.name));
        std::size_t sure = 0;
        for (std::uint64_t i = 0; i < effort(40); ++i) {
            const auto n = 1 + random() % 5;
            auto       ranked = ranked_ballots::make({"A", "B", "C"}).value();
            auto       rated = rated_ballots::make({"A", "B", "C"}).value();
            const auto scores = [](const std::vector<rank>& b) {
                std::vector<score> s;
                for (const auto r : b) s.push_back(r == 0 ? 0 : 1);
                return s;
            };
            for (std::size_t k = 0; k < n; ++k) {
                auto b = random() % 2 == 0 ? std::vector<rank>{1, 0, 0} : every[random() % every.size()];
                if (m.name.starts_with("dodgson")) {  // exact Dodgson counts full rankings only
                    b = {1, 2, 3};
                    std::shuffle(b.begin(), b.end(), random);
                }
                ranked.add(std::span<const rank>(b)).value();
                rated.add(scores(b)).value();
            }
            const auto run = [&](const ranked_ballots& r, const rated_ballots& s) { return m.ranked != nullptr ? m.ranked(r, {}, 1) : m.rated(s, {}, 1); };
            const auto now = run(ranked, rated);
            if (!now || now->elected.size() != 1 || !now->undecided.empty()) continue;
            const auto one = now->elected.front();
            const bool says = promised == promise::sums ? wins_by_sums(*now, one, 1, swing_of(m.name, 3, {}, 0, 1).value()) : wins_all_pairs(compare(ranked), one, 1);
            bool       in_all = true;
            for (const auto& b : every) {
                auto r = ranked;
                auto s = rated;
                r.add(std::span<const rank>(b)).value();
                s.add(scores(b)).value();
                const auto then = run(r, s);
                if (then) in_all = in_all && then->elected == std::vector<option>{one} && then->undecided.empty();
            }
            if (says) CHECK(in_all);
            if (promised == promise::sums && m.name != "dis_approval") CHECK(says == in_all);  // 0 and 1 don't disapprove
            sure += says ? 1U : 0U;
        }
        if (effort(40) == 40) CHECK(sure > 0);
    }
}
