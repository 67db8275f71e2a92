// Every method by its name, on the ballots of one file.
#include <doctest/doctest.h>

#include <set>
#include <sstream>

#include <quorate/tally.hpp>

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
