// LiquidFeedback's count of an issue.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <quorate/tally/liquid_feedback.hpp>

#include "tally_pairs.hpp"

using namespace tally_pairs;
using quorate::number;

namespace {

using grades = std::vector<score>;
constexpr score none = unscored;

rated_ballots graded(std::string_view initiatives, const std::vector<std::pair<std::int64_t, grades>>& all) {
    auto b = rated_ballots::make(letters(initiatives)).value();
    for (const auto& [n, g] : all) b.add(g, n).value();
    return b;
}
/// The status quo is called 0.
liquid_feedback_rules with(link_ties ties = link_ties::variant1) {
    liquid_feedback_rules by;
    by.status_quo = "0";
    by.ties = ties;
    return by;
}
/// Who fails a test.
std::string failing(const count& c, std::string_view test) {
    for (const auto& r : c.rounds)
        if (r.what == test) return text(c.options, r.dropped);
    return "no such test";
}

}  // namespace

TEST_CASE("LiquidFeedback: the status quo is a candidate with grade 0, and no grade is as good as that") {
    const auto c = liquid_feedback(graded("AB", {{2, {1, none}}, {1, {-1, -2}}, {1, {none, none}}}), with()).value();
    CHECK(c.options == std::vector<std::string>{"A", "B", "0"});
    CHECK(c.ballots == 4);
    CHECK(c.matrices[0].cells == std::vector<std::vector<number>>{{0, 3, 2}, {0, 0, 0}, {1, 1, 0}});
    CHECK(order(c) == "A>0>B");
    CHECK(elected(c) == "A");
    CHECK(c.undecided.empty());
}
TEST_CASE("LiquidFeedback: without ballots or initiatives the status quo stays") {
    for (const auto ties : {link_ties::none, link_ties::variant1, link_ties::variant2}) {
        CHECK(liquid_feedback(graded("AB", {}), with(ties)).value().winners().empty());
        const auto c = liquid_feedback(graded("", {}), with(ties)).value();
        CHECK(order(c) == "0");
        CHECK(c.rounds.back().why == "nobody does: 0 stays");
    }
}
TEST_CASE("LiquidFeedback: half is a majority where it needn't be passed, but no better than the status quo") {
    const auto b = graded("A", {{2, {1}}, {2, {-1}}});
    auto       by = with();
    CHECK(failing(liquid_feedback(b, by).value(), "direct majority") == "A");
    by.direct.strictly = by.indirect.strictly = false;
    const auto c = liquid_feedback(b, by).value();
    CHECK(failing(c, "direct majority").empty());
    CHECK(failing(c, "better than the status quo") == "A");
    CHECK(c.elected.empty());
}
TEST_CASE("LiquidFeedback: a majority may need so many votes for it, and so many not against it") {
    const auto b = graded("AB", {{3, {1, 2}}, {2, {-1, 0}}});
    auto       by = with();
    by.direct.non_negative = 4;
    CHECK(failing(liquid_feedback(b, by).value(), "direct majority") == "A");
    by.direct.positive = 4;
    CHECK(failing(liquid_feedback(b, by).value(), "direct majority") == "AB");
}
TEST_CASE("LiquidFeedback: an indirect majority comes by way of an initiative that has one") {
    // A: 5 to 3 against the status quo, 6 to 2 against B; B: 6 to 2 against the status quo
    auto by = with();
    by.indirect.ratio = number::fraction(2, 3);
    const auto b = graded("AB", {{4, {2, 1}}, {1, {2, 1}}, {2, {-1, 1}}, {1, {-1, -2}}});
    auto       c = liquid_feedback(b, by).value();
    CHECK(c.matrices[0].cells == std::vector<std::vector<number>>{{0, 6, 5}, {2, 0, 7}, {3, 1, 0}});
    CHECK(failing(c, "indirect majority").empty());
    CHECK(elected(c) == "A");
    by.indirect.ratio = number::fraction(3, 4);  // 6 of 8 isn't more than that
    c = liquid_feedback(b, by).value();
    CHECK(failing(c, "indirect majority") == "A");
    CHECK(elected(c) == "B");
}
TEST_CASE("LiquidFeedback: a path back from the status quo, or a better one that would win by more, can keep an initiative out") {
    // A beats the status quo 3 to 1, C beats A 3 to 1, C and the status quo are level
    const auto b = graded("AC", {{2, {1, 2}}, {1, {1, -1}}, {1, {-2, -1}}});
    auto       by = with();
    auto       c = liquid_feedback(b, by).value();
    CHECK(order(c) == "C>A>0");
    CHECK(failing(c, "direct majority") == "C");
    CHECK(elected(c) == "A");
    by.no_reverse_beat_path = true;
    c = liquid_feedback(b, by).value();
    CHECK(failing(c, "no reverse beat path") == "AC");
    CHECK(c.elected.empty());
    by.no_reverse_beat_path = false;
    by.no_multistage_majority = true;
    c = liquid_feedback(b, by).value();
    CHECK(failing(c, "no multistage majority") == "A");
    CHECK(c.elected.empty());
}
TEST_CASE("LiquidFeedback: a better one keeps an initiative out only if it beats it, and by more than the status quo is beaten") {
    auto by = with();
    by.no_multistage_majority = true;
    const auto kept_out = [&](const std::vector<std::pair<std::int64_t, grades>>& all) { return failing(liquid_feedback(graded("AB", all), by).value(), "no multistage majority"); };
    CHECK(kept_out({{3, {2, 1}}, {1, {1, 2}}}).empty());   // A beats B 3 to 1, and the status quo 4 to 0; nobody is against B
    CHECK(kept_out({{3, {2, 1}}, {1, {1, -1}}}) == "B");   // nobody prefers B to A, and one the status quo to B
    CHECK(kept_out({{1, {2, 1}}, {1, {1, 2}}}).empty());   // level, A is only earlier on the paper
    CHECK(kept_out({{2, {1, -1}}}) == "B");                // behind the status quo
}
TEST_CASE("LiquidFeedback: equal votes for it, fewer against: stronger only where these count") {
    const auto b = graded("ABC", {{1, {0, 1, 0}}, {1, {1, 0, 2}}});
    auto       by = with();
    CHECK(order(liquid_feedback(b, by).value()) == "C>A>B>0");
    by.votes_against_count = false;
    CHECK(order(liquid_feedback(b, by).value()) == "B>C>A>0");
}
TEST_CASE("LiquidFeedback: the two ways to tell equal links apart rank differently") {
    const auto b = graded("AB", {{1, {1, 0}}, {1, {-1, 1}}});
    CHECK(order(liquid_feedback(b, with(link_ties::variant1)).value()) == "B>0>A");
    CHECK(order(liquid_feedback(b, with(link_ties::variant2)).value()) == "A>B>0");
}
TEST_CASE("LiquidFeedback: where paths share their weakest link, it is left out for both") {
    const auto b = graded("ABC", {{1, {-1, 2, 1}}, {1, {0, -1, -1}}, {1, {3, 1, 2}}});
    const auto c = liquid_feedback(b, with()).value();
    CHECK(order(c) == "A>B>C>0");
    REQUIRE(c.ties.size() == 1);
    CHECK(c.ties[0].broken_by == "links they share left out");
    CHECK(c.ties[0].ahead.size() == 1);
    CHECK(liquid_feedback(b, with(link_ties::variant2)).value().ties.empty());
}
TEST_CASE("LiquidFeedback: the later of two is ahead if its paths are stronger without the shared link") {
    // 0>C>A>B and B>C>A>0 are all 2 to 1, and C>A is the weakest; without it 0 has no path to B, but B beats 0 by 1 to 0.
    const auto c = liquid_feedback(graded("ABC", {{1, {1, 0, -2}}, {1, {-2, 1, -1}}, {1, {1, 0, 2}}}), with()).value();
    const auto level = std::find_if(c.ties.begin(), c.ties.end(), [](const tie& t) { return t.options == std::vector<option>{3, 1}; });
    REQUIRE(level != c.ties.end());
    CHECK(level->broken_by == "links they share left out");
    CHECK(level->ahead == std::vector<option>{1});
}
TEST_CASE("LiquidFeedback: equal links not told apart, the order on the paper breaks ties, the status quo first") {
    // Each beats the next two to one, and all beat the status quo
    const auto c = liquid_feedback(graded("ABC", {{1, {3, 2, 1}}, {1, {1, 3, 2}}, {1, {2, 1, 3}}}), with(link_ties::none)).value();
    CHECK(order(c) == "A>B>C>0");
    REQUIRE(c.ties.size() == 3);
    CHECK(c.ties[0].broken_by == "given order");
    CHECK(c.ties[0].ahead == std::vector<option>{0});
    CHECK(order(liquid_feedback(graded("A", {}), with(link_ties::none)).value()) == "0>A");
    // B is better than 0, 0 before A and A before B: nobody is first, but only to 0 is somebody better
    CHECK(order(liquid_feedback(graded("AB", {{1, {1, 0}}, {1, {-1, 1}}}), with(link_ties::none)).value()) == "A>B>0");
}
TEST_CASE("LiquidFeedback refuses too many initiatives, one called like the status quo, and what needs votes against") {
    std::vector<std::string> many;
    for (std::size_t i = 0; i <= most_initiatives; ++i) many.push_back(std::to_string(i + 1));
    CHECK(liquid_feedback(rated_ballots::make(many).value()).error().what() == "an issue has at most 100 initiatives, here are 101");
    CHECK(liquid_feedback(rated_ballots::make({"A", "status quo"}).value()).error().what() == "options 2 and 3 have the same name \"status quo\"");
    auto by = with();
    by.votes_against_count = false;
    by.no_reverse_beat_path = true;
    CHECK(liquid_feedback(graded("A", {}), by).error().what() == "reverse beat paths are only told apart where votes against count");
    for (auto* m : {&by.direct, &by.indirect}) {
        by = with();
        m->ratio = *quorate::square_root(2);
        CHECK(liquid_feedback(graded("A", {}), by).error().what() == "a majority of sqrt(2)");
    }
}
