// A count as text, for people and for programs.
#include <doctest/doctest.h>

#include <quorate/tally/table.hpp>

using namespace quorate;
using namespace quorate::tally;

namespace {

count small() {
    return {.method = "example", .options = {"Ann", "Bob", "Zoë"}, .seats = 2, .ballots = 7, .quota = number::fraction(7, 3),
            .elected = {0}, .undecided = {1, 2}, .paused = false, .order = {{0}, {1, 2}}, .sets = {},
            .ties = {{.where = "last seat", .options = {1, 2}, .broken_by = {}, .ahead = {}}},
            .matrices = {{.name = "preferred", .cells = {{0, 4, 5}, {3, 0, number::fraction(7, 2)}, {2, number::fraction(7, 2), 0}}}},
            .rounds = {{.what = "first preferences", .options = {0, 1, 2}, .values = {4, number::fraction(1, 3), number::fraction(3, 2)},
                        .elected = {0}, .dropped = {}, .why = "Ann has 4, the quota is 7/3", .exhausted = 1}}};
}

}  // namespace

TEST_CASE("a table shows the whole working, aligned") {
    CHECK(to_table(small()) ==
          "example: 7 ballots, 3 options, 2 seats, quota 7/3\n"
          "\n"
          "preferred (row against column)\n"
          "       Ann  Bob  Zoë\n"
          "  Ann    -    4    5\n"
          "  Bob    3    -  3.5\n"
          "  Zoë    2  3.5    -\n"
          "\n"
          "1. first preferences\n"
          "  Ann            4  elected\n"
          "  Bob          1/3\n"
          "  Zoë          1.5\n"
          "  (exhausted)    1\n"
          "  Ann has 4, the quota is 7/3\n"
          "\n"
          "Ties\n"
          "  last seat: Bob, Zoë; stands\n"
          "\n"
          "Order\n"
          "  1. Ann\n"
          "  2. Bob = Zoë\n"
          "\n"
          "Elected: Ann\n"
          "Tied for 1 seat: Bob, Zoë\n");
}

TEST_CASE("JSON of a count is canonical, and keeps every number exactly") {
    CHECK(to_json(small()) ==
          R"({"method":"example","options":["Ann","Bob","Zoë"],"seats":2,"ballots":7,"quota":"7/3","elected":["Ann"],"undecided":["Bob","Zoë"],)"
          R"("order":[["Ann"],["Bob","Zoë"]],"ties":[{"where":"last seat","options":["Bob","Zoë"]}],)"
          R"("matrices":[{"name":"preferred","cells":[[0,4,5],[3,0,"7/2"],[2,"7/2",0]]}],)"
          R"("rounds":[{"what":"first preferences","options":["Ann","Bob","Zoë"],"values":[4,"1/3","3/2"],"elected":["Ann"],)"
          R"("why":"Ann has 4, the quota is 7/3","exhausted":1}]})");
    CHECK(to_json(count{}) == R"({"method":"","options":[],"seats":1,"ballots":0,"elected":[]})");
}

TEST_CASE("a tie that was broken says by what, and a paused count says that it waits") {
    auto c = small();
    c.ties[0].broken_by = "lot";
    c.ties[0].ahead = {2};
    c.paused = true;
    const auto text = to_table(c);
    CHECK(text.find("last seat: Bob, Zoë; broken by lot, ahead: Zoë\n") != std::string::npos);
    CHECK(text.find("The count waits for somebody to choose among them.\n") != std::string::npos);
    CHECK(to_json(c).find(R"("paused":true)") != std::string::npos);
    CHECK(to_json(c).find(R"("broken_by":"lot","ahead":["Zoë"])") != std::string::npos);
}

TEST_CASE("who leaves the count without a value in that round is told too") {
    auto c = small();
    c.rounds[0].options = {0};
    c.rounds[0].values = {4};
    c.rounds[0].dropped = {1, 2};
    CHECK(to_table(c).find("  dropped: Bob, Zoë\n") != std::string::npos);
}

TEST_CASE("long numbers are cut in the table, said so, and whole in JSON") {
    auto c = small();
    c.rounds[0].values[0] = number::fraction(1'000'000'000'000, 7'000'000'001);
    c.rounds[0].values[1] = number::fraction(-1, 3'000'000'000'000'001);
    const auto text = to_table(c);
    CHECK(text.find("~142.857142") != std::string::npos);
    CHECK(text.find("~-0.000000") != std::string::npos);
    CHECK(text.find("~ is cut to six decimals") != std::string::npos);
    CHECK(to_json(c).find("\"1000000000000/7000000001\"") != std::string::npos);
    c.rounds[0].values[0] = number(std::int64_t{1} << 60U);  // more digits than a double keeps
    CHECK(to_json(c).find("\"1152921504606846976\"") != std::string::npos);
    c.rounds[0].values[0] = square_root(7).value();
    CHECK(to_table(c).find("sqrt(7)") != std::string::npos);
}

TEST_CASE("names can't break lines, terminals or JSON") {
    auto c = small();
    c.options[1] = "Bob\n\x1b[31m\"\\";
    c.options[2] = "Z\xffo\xc2\x85";
    const auto text = to_table(c);
    CHECK(text.find("Bob\\x0a\\x1b[31m\"\\") != std::string::npos);
    CHECK(text.find("Z\\xffo\\xc2\\x85") != std::string::npos);
    CHECK(to_json(c).find(R"("Bob\u000a\u001b[31m\"\\","Z\ufffdo)") != std::string::npos);
}

TEST_CASE("weights that aren't whole, and several seats left, are told") {
    auto c = small();
    c.unit = number::fraction(1, 2);
    c.seats = 3;
    const auto text = to_table(c);
    CHECK(text.find("example: 7 ballots, 3 options, 3 seats, each of weight 1/2, quota 7/3\n") == 0);
    CHECK(text.find("Tied for 2 seats: Bob, Zoë\n") != std::string::npos);
    CHECK(to_json(c).find(R"("ballots":7,"unit":"1/2","quota":"7/3")") != std::string::npos);
}

TEST_CASE("a table of anything but pairs of options says what its rows and columns are") {
    auto c = small();
    c.undecided.clear();
    c.order.clear();
    c.ties.clear();
    c.rounds.clear();
    c.matrices = {{.name = "quotients, by round", .cells = {{4, 2, 1}, {0, 3, 1}}, .rows = {"1", "2"}},
                  {.name = "margins", .cells = {{0, 2}, {-2, 0}}, .rows = {"Ann, Bob", "Ann, Zoë"}, .columns = {"Ann, Bob", "Ann, Zoë"}}};
    CHECK(to_table(c) ==
          "example: 7 ballots, 3 options, 2 seats, quota 7/3\n"
          "\n"
          "quotients, by round\n"
          "     Ann  Bob  Zoë\n"
          "  1    4    2    1\n"
          "  2    0    3    1\n"
          "\n"
          "margins (row against column)\n"
          "            Ann, Bob  Ann, Zoë\n"
          "  Ann, Bob         -         2\n"
          "  Ann, Zoë        -2         -\n"
          "\n"
          "Elected: Ann\n");
    CHECK(to_json(c).find(R"({"name":"quotients, by round","rows":["1","2"],"cells":[[4,2,1],[0,3,1]]})") != std::string::npos);
    CHECK(to_json(c).find(R"("rows":["Ann, Bob","Ann, Zoë"],"columns":["Ann, Bob","Ann, Zoë"],"cells":[[0,2],[-2,0]])") != std::string::npos);
}
