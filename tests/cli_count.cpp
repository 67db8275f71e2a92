// quorate count: methods, ties, vacancies, settings.
#include <doctest/doctest.h>

#include "cli_support.hpp"

using namespace cli_support;

TEST_CASE("count: whoever left is as if they had not stood, and who sits keeps their seat") {
    const std::string ballots = "5:A>B>C\n4:C>B>A\n3:B>A>C\n";
    CHECK(has(quorate_tool({"count", "-", "--method", "borda", "--seats", "2"}, ballots).out, "Elected: B, A"));
    const auto next = quorate_tool({"count", "-", "--method", "borda", "--seats", "2", "--gone", "B", "--sitting", "A"}, ballots);
    CHECK(next.code == 0);
    CHECK(has(next.out, "2 options, 2 seats"));
    CHECK(has(next.out, "C"));
    CHECK(has(quorate_tool({"count", "-", "--method", "borda", "--gone", "X"}, ballots).err, "there is no option \"X\""));
    CHECK(has(quorate_tool({"count", "-", "--method", "borda", "--sitting", "A", "--sitting", "B"}, ballots).err, "more stay than there are seats"));
}

TEST_CASE("count: by a named method, with the whole working, for people and for programs") {
    const auto o = quorate_tool({"count", data + "council.blt", "--method", "schulze"});
    CHECK(o.code == 0);
    CHECK(has(o.out, "Council of the club\nWithdrawn: Dan\n"));
    CHECK(has(o.out, "schulze: 10 ballots, 3 options, 1 seat"));
    CHECK(has(o.out, "Elected: Bob"));
    const auto j = quorate_tool({"count", data + "council.blt", "--method", "schulze", "--json"});
    CHECK(j.code == 0);
    CHECK(json_lines(j.out) == 1);
    CHECK(has(j.out, R"("options":["Ann","Bob","Zoë"])"));
    CHECK(has(j.out, R"("elected":["Bob"])"));
}

TEST_CASE("count: scores from a table, from standard input too") {
    const auto o = quorate_tool({"count", data + "lunch.csv", "--method", "star"});
    CHECK(o.code == 0);
    CHECK(has(o.out, "Elected: Pizza"));
    const auto in = quorate_tool({"count", "-", "--method", "star"}, content(data + "lunch.csv"));
    CHECK(in.out == o.out);
    CHECK(has(quorate_tool({"count", "-", "--method", "borda", "--option", "A", "--option", "B"}, "V: 21\tx\n").out, "Elected: B"));
    CHECK(has(quorate_tool({"count", "-", "--method", "approval", "--count-column", "n", "--other-column", "id"}, "id,A,n\nx,1,3\n").out, "3 ballots, 1 option"));
}

TEST_CASE("count: a tie stands, or is broken by the stated chain") {
    const std::string level = "1:A>B\n1:B>A\n1:C>A=B\n1:A=B>C\n";
    CHECK(has(quorate_tool({"count", "-", "--method", "borda"}, level).out, "Tied for 1 seat: A, B"));
    CHECK(has(quorate_tool({"count", "-", "--method", "borda", "--ties", "given_order:B,A,C"}, level).out, "broken by given order, ahead: B"));
    CHECK(has(quorate_tool({"count", "-", "--method", "borda", "--ties", "pairwise", "--ties", "given_order:2,1,3"}, level).out, "Elected: B"));
    CHECK(has(quorate_tool({"count", "-", "--method", "borda", "--ties", "casting_vote"}, level).out, "waits for somebody to choose"));
    CHECK(has(quorate_tool({"count", "-", "--method", "borda", "--ties", "casting_vote:A"}, level).out, "Elected: A"));
    const auto lot = quorate_tool({"count", "-", "--method", "borda", "--ties", "lot:42"}, level);
    CHECK(has(lot.out, "broken by lot"));
    CHECK(lot.out == quorate_tool({"count", "-", "--method", "borda", "--ties", "lot:42"}, level).out);
    // An order that the file states, without who withdrew.
    CHECK(has(quorate_tool({"count", data + "council.blt", "--method", "approval"}).err, "approval counts scores, and these are rankings"));
    const auto drawn = quorate_tool({"count", "-", "--method", "borda", "--ties", "given_order"}, "3 1\n-1\n[tie 3 1 2]\n1 2 0\n1 3 0\n0\n\"A\"\n\"B\"\n\"C\"\n");
    CHECK(has(drawn.out, "Elected: C"));
}

TEST_CASE("count: settings that a method doesn't read, and whatever is wrong, are refused") {
    const auto refused = [](std::vector<std::string> args, const std::string& input, std::string_view why) {
        args.insert(args.begin(), "count");
        const auto o = quorate_tool(args, input);
        CHECK(o.code == 2);
        CHECK(o.out.empty());
        CHECK(has(o.err, why));
    };
    refused({}, "", "which ballots?");
    refused({"-"}, "1:A\n", "by which method?");
    refused({"-", "--method", "schultze"}, "1:A\n", "did you mean schulze?");
    refused({"-", "--method", "borda", "--strength", "margins"}, "1:A\n", "--strength: borda doesn't read it (it reads unranked ties)");
    refused({"-", "--method", "schulze", "--strength", "heavy"}, "1:A\n", "--strength");
    refused({"-", "--method", "borda", "--ties", "lot"}, "1:A\n", "a lot needs its seed");
    refused({"-", "--method", "borda", "--ties", "coin"}, "1:A\n", "the steps are earlier_stage");
    refused({"-", "--method", "borda", "--ties", "given_order:A"}, "1:A>B\n", "the order leaves out \"B\"");
    refused({"-", "--method", "borda", "--ties", "given_order:A,X"}, "1:A>B\n", "there is no option \"X\"");
    refused({"-", "--method", "borda", "--seats", "0"}, "1:A\n", "--seats");
    refused({"-", "--method", "borda", "--format", "blt"}, "2 1\n1 3 0\n", "standard input:2:3: expected an option from 1 to 2");
    refused({"-", "--method", "borda"}, "hello\n", "no format of ballots");
    refused({"/nowhere.blt", "--method", "borda"}, "", "/nowhere.blt: can't be opened");
    const auto j = quorate_tool({"count", "-", "--method", "borda", "--json"}, "hello\n");
    CHECK(j.code == 2);
    CHECK(json_of(j).find("error") != nullptr);
}

TEST_CASE("count --methods lists what there is") {
    const auto o = quorate_tool({"count", "--methods"});
    CHECK(o.code == 0);
    CHECK(has(o.out, "schulze"));
    CHECK(has(o.out, "Equal Vote Coalition"));
    const auto j = quorate_tool({"count", "--methods", "--json"});
    CHECK(json_lines(j.out) == 1);
    CHECK(has(j.out, R"({"name":"borda","title":"Borda","source":"Borda 1784","ballots":"ranked","reads":"unranked ties"})"));
}
