// Every method by its name, on the ballots of one file.
#include <doctest/doctest.h>

#include <array>
#include <set>
#include <sstream>

#include <quorate/tally.hpp>
#include <quorate/tally/caps.hpp>
#include <quorate/tally/rated.hpp>

#include "effort.hpp"

using namespace quorate;
using namespace quorate::tally;

namespace {

ballot_file file_of(const std::string& text) {
    std::istringstream in(text);
    return read_ballots(in).value();
}

}  // namespace

TEST_CASE("methods have unique names, a title and a source, and read one kind of ballots") {
    std::set<std::string_view> names;
    for (const auto& m : methods()) {
        CAPTURE(m.name);
        CHECK(names.insert(m.name).second);
        CHECK_FALSE(m.title.empty());
        CHECK_FALSE(m.source.empty());
        CHECK((m.ranked == nullptr) != (m.rated == nullptr));
    }
    CHECK(find_method("star").value().reads_setting("ties"));
    CHECK_FALSE(find_method("star").value().reads_setting("tie"));
    CHECK_FALSE(find_method("star").value().reads_setting("strength"));
    CHECK(find_method("schulze").value().reads_setting("strength"));
}

TEST_CASE("every method counts no options, no ballots, and an election that nobody disputes") {
    auto ranked = ranked_ballots::make({"A", "B", "C"}).value();
    auto rated = rated_ballots::make({"A", "B", "C"}).value();
    ranked.add({{0}, {1}, {2}}, 5).value();
    ranked.add({{1}, {0}, {2}}, 3).value();
    ranked.add({{2}, {0}, {1}}, 1).value();
    rated.add(std::vector<score>{5, 3, 0}, 5).value();
    for (const auto& m : methods()) {
        CAPTURE(m.name);
        if (m.ranked != nullptr) {
            CHECK(m.ranked(ranked_ballots::make({}).value(), {}, 1).value().winners().empty());
            CHECK(m.ranked(ranked_ballots::make({"A", "B"}).value(), {}, 1).value().elected.empty());
            CHECK(m.ranked(ranked, {}, 1).value().elected == std::vector<option>{0});
        } else {
            CHECK(m.rated(rated_ballots::make({}).value(), {}, 1).value().winners().empty());
            // Without ballots both are level; but against a status quo, it stays.
            CHECK(m.rated(rated_ballots::make({"A", "B"}).value(), {}, 1).value().winners().size() == (m.name == "liquid_feedback" ? 0U : 2U));
            const auto winners = m.rated(rated, {}, 1).value().winners();
            CHECK(std::find(winners.begin(), winners.end(), option{0}) != winners.end());
        }
    }
}

TEST_CASE("recount finds the method, or says what is near, and which ballots it needs") {
    const auto file = file_of("5:A>B>C\n4:C>B>A\n2:B>A>C\n");
    CHECK(recount(file, "borda").value().method == "borda");
    CHECK(recount(file, "schulze").value().elected == std::vector<option>{1});
    CHECK(recount(file, "dhondt").value().elected == std::vector<option>{0});
    CHECK(recount(file, "bordo").error().what() == "there is no method \"bordo\" (did you mean borda?)");
    CHECK(recount(file, "approval").error().what() == "approval counts scores, and these are rankings");
    CHECK(recount(file_of("5:A/1,B/0\n"), "borda").error().what() == "borda counts rankings, and these are scores");
    CHECK(recount(*file.ranked(), "condorcet", {}, 2).error().what() == "condorcet fills one seat, not 2");
}

TEST_CASE("a recount of a file leaves out who withdrew, and fills the seats that the file states") {
    const auto c = recount(file_of("3 2\n-1\n4 1 2 3 0\n3 3 2 0\n0\n\"A\"\n\"B\"\n\"C\"\n"), "borda").value();
    CHECK(c.options == std::vector<std::string>{"B", "C"});
    CHECK(c.seats == 2);
    CHECK(c.elected == std::vector<option>{0, 1});
}

TEST_CASE("first preferences for parties: several first ones share a ballot") {
    const auto c = recount(file_of("4:A=B>C\n3:C\n1:\n"), "dhondt").value();
    CHECK(c.rounds[0].values == std::vector<number>{2, 2, 3});
}

TEST_CASE("ballots are refused that name no option of the paper, one twice, or that are more than can be counted") {
    CHECK(ranked_ballots::make({"A", "B", "A"}).error().what() == "options 1 and 3 have the same name \"A\"");
    CHECK(rated_ballots::make({"A", "A"}).error().what() == "options 1 and 2 have the same name \"A\"");
    std::vector<std::string> many;
    for (std::size_t i = 0; i <= most_options; ++i) many.push_back(std::to_string(i));
    CHECK(ranked_ballots::make(many).error().what() == "a ballot paper has at most 2000 options, here are 2001");
    auto ranked = ranked_ballots::make({"A", "B"}).value();
    auto rated = rated_ballots::make({"A", "B"}).value();
    CHECK(ranked.add({{0}, {2}}).error().what() == "there is no option 3");
    CHECK(ranked.add({{0}, {1, 0}}).error().what() == "\"A\" is ranked twice");
    CHECK(ranked.add(std::vector<rank>{1}).error().what() == "a ballot has one rank for each of the 2 options, not 1");
    CHECK(rated.add(std::vector<score>{1, 2, 3}).error().what() == "a ballot has one score for each of the 2 options, not 3");
    CHECK(rated.add(std::vector<score>{1, 2}, 0).error().what() == "a ballot counts at least once, not 0 times");
    CHECK(rated.add(std::vector<score>{1, 2}, most_ballots).has_value());
    CHECK(rated.add(std::vector<score>{1, 3}).error().what() == "more than 4503599627370496 ballots");
    CHECK(ranked.rename({"X"}).error().what() == "there are 2 options, and 1 names");
    CHECK(ranked.rename({"X", "X"}).error().what() == "options 1 and 2 have the same name \"X\"");
    CHECK(ranked.options() == std::vector<std::string>{"A", "B"});
    CHECK(ranked.total() == 0);
}

TEST_CASE("who has too many seats of one affiliation makes room for the next above the floor, and otherwise the seat stays empty") {
    // Five approve A, four B, and so on; D stands for nobody.
    auto b = rated_ballots::make({"A", "B", "C", "D", "E"}).value();
    for (option o = 0; o < 5; ++o) {
        std::vector<score> s(5, 0);
        s[o] = 1;
        b.add(s, 5 - o).value();
    }
    const std::vector<std::string> of{"x", "x", "y", "", "y"};
    auto                           c = approval(b, {}, 2);
    cap_affiliations(c, of, 1);
    CHECK(c.elected == std::vector<option>{0, 2});
    c = approval(b, {}, 3);
    cap_affiliations(c, of, 1, option{3});
    CHECK(c.elected == std::vector<option>{0, 2});  // D is the floor, and E is below it
    c = approval(b, {}, 3);
    cap_affiliations(c, of, 1);
    CHECK(c.elected == std::vector<option>{0, 2, 3});
    auto tied = count{};
    tied.elected = {0, 1};
    tied.undecided = {2};
    tied.order = {{0}, {1}, {2}};
    cap_affiliations(tied, of, 1);
    CHECK(tied.elected == std::vector<option>{0, 1});
    tied.undecided.clear();
    tied.order.clear();  // who would be next?
    cap_affiliations(tied, of, 1);
    CHECK(tied.elected == std::vector<option>{0, 1});
}

TEST_CASE("exact Dodgson refuses what takes more steps than it goes, and names the method that is near it" * in_release) {
    // A lacks 1413 votes against each of two others: 1414 * 1414 states, and each of the 2825 ballots goes over all of them.
    auto ballots = ranked_ballots::make({"A", "B", "C"}).value();
    REQUIRE(ballots.add(std::array<rank, 3>{3, 2, 1}, 2825).has_value());
    const auto c = recount(ballots, "dodgson");
    REQUIRE_FALSE(c.has_value());
    CHECK(c.error().code == quorate::errc::limit);
    CHECK(c.error().what() == "the ballots need more than exact Dodgson takes on (2000000 states, 2000000000 steps) (count by dodgson_quick, which is near it)");
}
