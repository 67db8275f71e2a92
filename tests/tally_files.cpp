// Ballots from files: what each format says, where it is wrong, and that nothing it contains can do harm.
#include <doctest/doctest.h>

#include <fstream>
#include <random>
#include <sstream>

#include <quorate/tally/files.hpp>

using namespace quorate;
using namespace quorate::tally;

namespace {

result<ballot_file> read(const std::string& text, read_settings how = {}) {
    std::istringstream in(text);
    return read_ballots(in, how);
}
read_settings as(ballot_format f, std::optional<ballot_kind> k = {}) { return {.format = f, .kind = k, .options = {},
    .count_column = "count", .other_columns = {}, .name = {}}; }

/// "2: A > B = C" a line, in the order in which rankings came; gaps as "> -".
std::string text_of(const ranked_ballots& b) {
    std::string all;
    for (std::size_t row = 0; row < b.rows(); ++row) {
        all += std::to_string(b.counts()[row]) + ":";
        std::size_t left = 0;
        for (option o = 0; o < b.options().size(); ++o) left += b.at(row, o) != unranked ? 1U : 0U;
        for (std::size_t r = 1; left > 0; ++r) {
            std::string tier;
            for (option o = 0; o < b.options().size(); ++o) {
                if (b.at(row, o) != r) continue;
                tier += (tier.empty() ? "" : "=") + b.options()[o];
                --left;
            }
            all += (r == 1 ? " " : ">") + (tier.empty() ? std::string("-") : tier);
        }
        all += "\n";
    }
    return all;
}
std::string text_of(const rated_ballots& b) {
    std::string all;
    for (std::size_t row = 0; row < b.rows(); ++row) {
        all += std::to_string(b.counts()[row]) + ":";
        for (const auto s : b.ballot(row)) all += " " + (s == unscored ? std::string("-") : std::to_string(s));
        all += "\n";
    }
    return all;
}
std::string ranked(const std::string& text, const read_settings& how = {}) { return text_of(*read(text, how).value().ranked()); }
std::string rated(const std::string& text, const read_settings& how = {}) { return text_of(*read(text, how).value().rated()); }
std::string fault(const std::string& text, const read_settings& how = {}) {
    const auto r = read(text, how);
    REQUIRE_MESSAGE(!r.has_value(), "it was read");
    return r.error().what();
}
bool tells(const std::string& text, std::string_view part) {
    if (text.find(part) == std::string::npos) MESSAGE(text);
    return text.find(part) != std::string::npos;
}

const std::string toi =
    "# FILE NAME: 1.toi\n# TITLE: Board of 2020\n# DATA TYPE: toi\n# MODIFICATION TYPE: original\n# NUMBER ALTERNATIVES: 3\n# NUMBER VOTERS: 7\n"
    "# NUMBER UNIQUE ORDERS: 3\n# ALTERNATIVE NAME 1: Ann\n# ALTERNATIVE NAME 2: Bob: the second\n# ALTERNATIVE NAME 3: Zoë\n4: 3,{1,2}\n2: 2\n1: {1,3}\n";
const std::string blt =
    "# a comment\n4 2\n-4\n3 1 3 4 0  # three of them\n4 1=3 2 0\n2 0\n1 2 - 1 0\n(b77) 4 0\n0\n\"Ann\"\n\"Bob # not a comment\"\n\"Zoë\"\n\"Dan\"\n\"A title\"\n";

}  // namespace

TEST_CASE("PrefLib: orders with ties and without all alternatives") {
    const auto file = read(toi).value();
    CHECK(file.format == ballot_format::preflib);
    CHECK(file.title == "Board of 2020");
    CHECK(file.ranked()->options() == std::vector<std::string>{"Ann", "Bob: the second", "Zoë"});
    CHECK(text_of(*file.ranked()) == "4: Zoë>Ann=Bob: the second\n2: Bob: the second\n1: Ann=Zoë\n");
}

TEST_CASE("PrefLib: alternatives may be numbered from 0, as some programs do") {
    CHECK(ranked("# DATA TYPE: soc\n# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 0: A\n# ALTERNATIVE NAME 1: B\n5: 1,0\n") == "5: B>A\n");
}

TEST_CASE("PrefLib: categories become scores, the first category the highest") {
    const std::string head = "# DATA TYPE: cat\n# NUMBER ALTERNATIVES: 3\n# NUMBER CATEGORIES: 3\n# CATEGORY NAME 1: Yes\n# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: B\n"
                             "# ALTERNATIVE NAME 3: C\n";
    CHECK(rated(head + "9: {1,2},{},{3}\n1: 2,{},{}\n4: {},{1},2\n") == "9: 2 2 0\n1: - 2 -\n4: 1 0 -\n");
    CHECK(tells(fault(head + "9: {1},{2},{3},{}\n"), "8:18: more categories than NUMBER CATEGORIES says"));
}

TEST_CASE("PrefLib: what contradicts its own header is refused, with line and column") {
    const auto with = [](const std::string& from, const std::string& to) {
        auto text = toi;
        return text.replace(text.find(from), from.size(), to);
    };
    CHECK(tells(fault(with("4: 3,{1,2}", "4: 3,{1,7}")), "11:9: there is no alternative with this number"));
    CHECK(tells(fault(with("4: 3,{1,2}", "4: 3,{1,3}")), "11:9: \"Zoë\" stands twice"));
    CHECK(tells(fault(with("4: 3,{1,2}", "4: 3,{1,2")), "11:10: expected '}', found the end of the line"));
    CHECK(tells(fault(with("4: 3,{1,2}", "four: 3")), "11:1: expected how often this ballot was cast, found \"four: 3\""));
    CHECK(tells(fault(with("4: 3,{1,2}", "0: 3")), "cast 0 times"));
    CHECK(tells(fault(with("VOTERS: 7", "VOTERS: 8")), "NUMBER VOTERS is 8, and there are 7 ballots (is the file whole?)"));
    CHECK(tells(fault(with("TYPE: toi", "TYPE: soi")), "11:1: a tie on a ballot, in a file of type soi"));
    CHECK(tells(fault(with("TYPE: toi", "TYPE: toc")), "12:1: an incomplete ballot, in a file of type toc"));
    CHECK(tells(fault(with("TYPE: toi", "TYPE: wmd")), "3:13: data of type \"wmd\""));
    CHECK(tells(fault(with("NAME 3", "NAME 2")), "alternative 2 is named twice"));
    CHECK(tells(fault(with("NAME 3: Zoë", "NAME 3: Ann")), "options 1 and 3 have the same name"));
    CHECK(tells(fault(with("ALTERNATIVES: 3", "ALTERNATIVES: 4")), "NUMBER ALTERNATIVES is 4, and 3 have names"));
    CHECK(tells(fault(with("Zoë", "Zo\xff")), "10:23: the name is not UTF-8"));
    CHECK(tells(fault("3\n1,Ann\n2,Bob\n3,Zoe\n", as(ballot_format::preflib)), "files of the older PrefLib form"));
    CHECK(tells(fault(toi + "# TITLE: too late\n"), "14:1: a header after the first ballot"));
    CHECK(tells(fault(with("4: 3", "99999999999999999999: 3")), "11:1: a number of more than 18 digits"));
    CHECK(tells(fault(with("4: 3,{1,2}", "4: 3,{},{},{}")), "11:14: more groups than there can be"));
    CHECK(tells(fault(with("# DATA TYPE: toi\n", "")), "10:1: no \"# DATA TYPE:\" (one of soc, soi, toc, toi, cat)"));
    CHECK(tells(fault(with("TYPE: toi", "TYPE: cat")), "11:1: no \"# NUMBER CATEGORIES:\""));
    CHECK(tells(fault("# DATA TYPE: cat\n# NUMBER CATEGORIES: 2001\n"), "2:21: more than 2000 categories"));
    std::string many = "# DATA TYPE: soc\n# NUMBER ALTERNATIVES: 2001\n";
    for (int i = 1; i <= 2001; ++i) many += "# ALTERNATIVE NAME " + std::to_string(i) + ": " + std::to_string(i) + "\n";
    CHECK(tells(fault(many), "2003:1: more than 2000 alternatives"));
}

TEST_CASE("PrefLib: a file may have no ballots, an empty title, its type from its name, and empty groups, which are no places") {
    const std::string head = "# TITLE:\n# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: B\n";
    auto              how = as(ballot_format::preflib);
    how.name = "2020.votes.toi";
    const auto none = read(head, how).value();
    CHECK(none.title.empty());
    CHECK(none.ranked()->options() == std::vector<std::string>{"A", "B"});
    CHECK(none.ranked()->total() == 0);
    CHECK(ranked(head + "3: {},2\n1: 1,2\n", how) == "3: B\n1: A>B\n");
    how.name = "votes.txt";
    CHECK(tells(fault(head, how), "votes.txt:4:1: no \"# DATA TYPE:\""));
}

TEST_CASE("BLT: withdrawn options, multipliers, equal and empty ranks, identifiers, comments, title") {
    for (const auto* before : {"", "\xEF\xBB\xBF"}) {
        const auto file = read(before + blt).value();
        CHECK(file.format == ballot_format::blt);
        CHECK(file.seats == 2);
        CHECK(file.withdrawn == std::vector<option>{3});
        CHECK(file.title == "A title");
        CHECK(text_of(*file.ranked()) == "3: Ann>Zoë>Dan\n4: Ann=Zoë>Bob # not a comment\n2:\n1: Bob # not a comment>->Ann\n1: Dan\n");
    }
}

TEST_CASE("BLT: settings in brackets are read, or refused; none is passed over") {
    const std::string tail = "1 1 0\n0\n\"A\"\n\"B\"\n\"C\"\n\"D\"\n";
    CHECK(read("4 1\n[withdrawn 4 2]\n" + tail).value().withdrawn == std::vector<option>{1, 3});
    CHECK(read("4 1\n[tie 3 1 2 4]\n" + tail).value().tie_order == std::vector<option>{2, 0, 1, 3});
    CHECK(ranked("4 1\n[nick a b c d]\n2 d b=c 0\n" + tail) == "2: D>B=C\n1: A\n");
    CHECK(tells(fault("4 1\n[droop meek]\n" + tail), "2:2: the setting \"droop\" would be ignored"));
    CHECK(tells(fault("4 1\n[tie 3 1]\n" + tail), "leaves options out"));
    CHECK(tells(fault("4 1\n[tie 3 1 3 2]\n" + tail), "stands twice in the order against ties"));
    CHECK(tells(fault("4 1\n-4 -4\n" + tail), "2:4: option 4 is withdrawn twice"));
    CHECK(tells(fault("4 1\n[tie 3 1 2"), "2:11: expected \"]\", found the end of the file"));
    CHECK(tells(fault("4 1\n[nick a b c d]\n1 \"a\" 0\n" + tail), "3:3: expected an option from 1 to 4, found \"a\""));
    CHECK(tells(fault("4 1\n[nick a b c]\n" + tail), "2:2: there are fewer nicknames than options"));
    CHECK(tells(fault("4 1\n[nick a b c d e]\n" + tail), "2:15: more nicknames than options"));
    for (const auto* word : {"a", "4", "-", "-2", "="})
        CHECK_MESSAGE(tells(fault("4 1\n[nick a " + std::string(word) + " c d]\n" + tail), "2:9: a nickname that could be mistaken"), word);
}

TEST_CASE("BLT: what is wrong is said where it is wrong") {
    CHECK(tells(fault("2 1\n1 1 3 0\n", as(ballot_format::blt)), "2:5: expected an option from 1 to 2, found \"3\""));
    CHECK(tells(fault("2 1\n1 1 1 0\n", as(ballot_format::blt)), "2:5: option 1 stands twice"));
    CHECK(tells(fault("2 1\n1 =1 0\n", as(ballot_format::blt)), "2:3: expected an option before \"=\""));
    CHECK(tells(fault("2 1\n1.5 1 0\n", as(ballot_format::blt)), "2:1: a ballot that counts 1.5 times"));
    CHECK(tells(fault("2 1\n1 1 2", as(ballot_format::blt)),
        "2:6: expected the 0 that ends a ballot, found the end of the file"));
    CHECK(tells(fault("2 1\n0\n\"A\"\n", as(ballot_format::blt)), "4:1: expected the name of option 2"));
    CHECK(tells(fault("2 1\n0\n\"A\"\n\"A\"\n", as(ballot_format::blt)), "same name"));
    CHECK(tells(fault("2 1\n0\n\"A\n\"B\"\n", as(ballot_format::blt)), "3:1: a quoted text without its end"));
    CHECK(tells(fault("99999999 1\n", as(ballot_format::blt)), "1:1: the number of options is more than 2000"));
    CHECK(tells(fault("2 1\n9999999999999999999 1 0\n", as(ballot_format::blt)), "2:1: expected how often"));
    CHECK(tells(fault("2 1\n4503599627370496 1 0\n1 2 0\n", as(ballot_format::blt)), "3:1: more than 4503599627370496 ballots"));
    CHECK(tells(fault("2 1\n1 1 0\n# no 0", as(ballot_format::blt)), "3:7: expected a ballot, or the 0 that ends them, found the end of the file"));
    for (const auto* id : {"(b 77) 1 0\n", "() 1 0\n"})
        CHECK(tells(fault("2 1\n" + std::string(id), as(ballot_format::blt)), "2:1: expected a ballot's identifier in parentheses"));
    CHECK(tells(fault("1 1\n0\n\"A\"\n\"title\" \"source\" \"comment\" \"more\"\n", as(ballot_format::blt)), "4:28: expected the end of the file, found \"more\""));
    CHECK(tells(fault("1 1\n0\n\"A\"\n7\n", as(ballot_format::blt)), "4:1: expected the end of the file, found \"7\""));
    CHECK(tells(fault("1 1\n0\n\"" + std::string(1001, 'A') + "\"\n", as(ballot_format::blt)), "3:1: a text of more than 1000 bytes"));
    std::string gaps = "1 1\n1";
    for (int i = 0; i < 65'535; ++i) gaps += " -";
    CHECK(ranked(gaps + " 0\n0\n\"A\"\n", as(ballot_format::blt)) == "1:\n");
    CHECK(tells(fault(gaps + " - 0\n", as(ballot_format::blt)), "2:131073: a ballot of more than 65535 ranks"));
}

TEST_CASE("Debian: votes as the tally sheet prints them, prose around them") {
    const std::string sheet = "  Tally Sheet for the votes cast.\n\n The format is V: vote\n /--- Option 1\nV: 21-3\t0a1b2c\nV: ----\ttoken\nV: 21-3\tother\nV: 1191\tone\n\nvotes end here\n";
    const auto        file = read(sheet).value();
    CHECK(file.format == ballot_format::debian);
    CHECK(text_of(*file.ranked()) == "2: 2>1>4\n1:\n1: 1=2=4>->->->->->->->3\n");
    auto how = as(ballot_format::debian);
    how.options = {"A", "B", "C", "D"};
    CHECK(ranked("V: 1-2-\tx\n", how) == "1: A>C\n");
    CHECK(tells(fault("V: 21-3\tx\nV: 21-\ty\n"), "2:7: a vote on 3 of 4 options"));
    CHECK(tells(fault("V: 21-3\tx\nV: 21-34\ty\n"), "2:8: a vote on more than the 4 options"));
    CHECK(tells(fault("V: 21-3\tx\nV: 20-3\ty\n"), "2:5: expected a rank from 1 to 9"));
    CHECK(tells(fault("V: 21-3\tx\nv: 21-3\ty\n"), "2:1: this looks like a vote"));
    CHECK(tells(fault("no votes\n", as(ballot_format::debian)), "no line begins with \"V:\""));
    CHECK(tells(fault("V: " + std::string(2001, '1') + "\tx\n"), "1:2004: a vote on more than 2000 options"));
}

TEST_CASE("CSV: ranks or scores, as stated; a header, quotes, a column of counts") {
    const auto  ranks = as(ballot_format::csv, ballot_kind::ranked);
    const auto  scores = as(ballot_format::csv, ballot_kind::rated);
    const std::string table = "Ann,\"Bob, \"\"B\"\"\nof two lines\",count,Zoë\n1,2,10,\n, 3 ,5,3\r\n\n-,-,1,-\n";
    CHECK(ranked(table, ranks) == "10: Ann>Bob, \"B\"\nof two lines\n5: ->->Bob, \"B\"\nof two lines=Zoë\n1:\n");
    CHECK(rated("A;B\n5;-3\n+4;\n", scores) == "1: 5 -3\n1: 4 -\n");
    CHECK(tells(fault("A,B\n1,2\n"), "doesn't say whether they are ranks or scores"));
    CHECK(tells(fault("A,B\n1,2,3\n", ranks), "2:1: a row of 3 cells under a header of 2"));
    CHECK(tells(fault("A,B\n1,x\n", ranks), "2:3: expected a rank from 1 to 65535, found \"x\""));
    CHECK(tells(fault("A,B\n0,1\n", ranks), "2:1: expected a rank"));
    CHECK(tells(fault("A,B\n1,2.5\n", scores), "2:3: expected a whole score"));
    CHECK(tells(fault("A,B\n1,99999999999\n", scores), "2:3: expected a whole score"));
    CHECK(tells(fault("A,count\n1,0\n", ranks), "2:3: expected how many ballots"));
    CHECK(tells(fault("A,A\n1,2\n", ranks), "same name"));
    CHECK(tells(fault("A,\"B\n1,2\n", ranks), "1:3: a quoted cell without its end"));
    CHECK(tells(fault("", ranks), "1:1: no header"));
    CHECK(ranked("A,B\n+2,65535\n", ranks).starts_with("1: ->A>"));
    CHECK(tells(fault("A,B\n1,65536\n", ranks), "2:3: expected a rank from 1 to 65535"));
    CHECK(rated("A\n-2147483647\n", scores) == "1: -2147483647\n");
    CHECK(tells(fault("A\n-2147483648\n", scores), "2:1: expected a whole score"));
    auto unnamed = ranks;
    unnamed.count_column = "";  // no column is one of counts, not even one without a name
    CHECK(tells(fault("A,\n1,2\n", unnamed), "1:3: the name of this column is empty"));
    auto with_id = ranks;
    with_id.other_columns = {"voter"};
    CHECK(ranked("voter,A,B\nx1,1,2\nx2,1,2\n", with_id) == "2: A>B\n");
}

TEST_CASE("ABIF: rankings, scores, names") {
    CHECK(ranked("{title: \"Lunch\"}\n# who\n=a:[Ann of A]\n=b:[Bob]\n12:a>b=[Zoë X]\n\n3: b # alone\n1:\n") == "12: Ann of A>Bob=Zoë X\n3: Bob\n1:\n");
    CHECK(read("{title: \"Lunch\"}\n1:a>b\n").value().title == "Lunch");
    CHECK(rated("2:A/5,B/3\n1*B/0,A/-2\n1:C/1\n") == "2: 5 3 -\n1: -2 0 -\n1: - - 1\n");
    CHECK(ranked("2:A/5,B/3,C/5\n1:B>A\n", as(ballot_format::abif, ballot_kind::ranked)) == "2: A=C>B\n1: B>A\n");
    CHECK(ranked("2:A/5>B/3\n") == "2: A>B\n");
    CHECK(tells(fault("2:A,B\n"), "a list with commas says no order"));
    CHECK(tells(fault("2:A>B>A\n"), "1:7: an option stands twice"));
    CHECK(tells(fault("2:A>\n"), "1:5: expected an option, found the end of the line"));
    CHECK(tells(fault("2:A>[B\n"), "a name that ends with ']'"));
    CHECK(tells(fault("2:A/5,B/3\n1:A>B\n"), "2:6: a ballot without scores among rated ones"));
    CHECK(tells(fault("=a:[X]\n=b:[X]\n"), "is another option"));
    CHECK(ranked("=a:[a]\n1:a>b\n") == "1: a>b\n");
    CHECK(tells(fault("=a:[X]\n=a:[Y]\n"), "2:7: \"a\" is named twice"));
    CHECK(tells(fault("2:A/5,B/3>C/1\n"), "\",\" together with \">\" or \"=\" on one ballot"));
    CHECK(rated("1:A/2147483647\n1:A/-2147483647\n") == "1: 2147483647\n1: -2147483647\n");
    CHECK(tells(fault("1:A/2147483648\n"), "a score of more than 2147483647"));
    std::string many = "1:o0";
    for (int i = 1; i < 2001; ++i) many += ">o" + std::to_string(i);
    CHECK(tells(fault(many), "more than 2000 options"));
    CHECK(tells(fault("1:[" + std::string(1001, 'A') + "]\n"), "1:3: an option has more than 1000 bytes"));
}

TEST_CASE("the format is guessed by name, then by content, and otherwise asked for") {
    CHECK(guess_format("x.soi", "") == ballot_format::preflib);
    CHECK(guess_format("dir.blt/votes", toi) == ballot_format::preflib);
    CHECK(guess_format("", blt) == ballot_format::blt);
    CHECK(guess_format("tally.txt", "Tally\n\nV: 12\tx\n") == ballot_format::debian);
    CHECK(guess_format("", "12:A>B\n") == ballot_format::abif);
    CHECK(guess_format("", "A,B\n1,2\n") == ballot_format::csv);
    CHECK_FALSE(guess_format("x", "hello\n"));
    CHECK_FALSE(guess_format("x", "hello"));
    CHECK_FALSE(guess_format("x", "# nothing but a comment"));
    CHECK_FALSE(guess_format("x", "\n # nothing but a comment\n"));
    CHECK(guess_format("", "# NUMBER ALTERNATIVES: 3\n") == ballot_format::preflib);
    CHECK(guess_format("", "# A comment\n\n4 2\n1 1 0\n") == ballot_format::blt);
    CHECK(guess_format("", "12 * A>B\n") == ballot_format::abif);
    CHECK(guess_format("", "=A:[Ann]\n") == ballot_format::abif);
    CHECK(guess_format("", "2nd,3rd\n1,2\n") == ballot_format::csv);
    for (const auto* number : {"12", "12 \n", "12 A", "12A"}) CHECK_FALSE(guess_format("", number));
    CHECK(tells(fault("hello\n"), "state one of: preflib, blt, debian, csv, abif"));
    CHECK(tells(fault(""), "no format of ballots"));
    CHECK(tells(read_ballots_file("/nowhere/x.blt").error().what(), "/nowhere/x.blt: can't be opened"));
    CHECK(tells(read_ballots_file("/").error().what(), "is a folder"));
    CHECK(read_ballots_file("/dev/null").error().what().starts_with("/dev/null: this is no format"));
    read_settings called;
    called.name = "minutes.txt";
    CHECK(read_ballots_file("/dev/null", called).error().what().starts_with("minutes.txt: this is no format"));
}

TEST_CASE("what is written is read back the same") {
    for (const auto& text : {toi, blt}) {
        auto file = read(text).value();
        std::ostringstream out;
        CHECK(write_blt(out, file).has_value());
        const auto again = read(out.str()).value();
        CHECK(text_of(*again.ranked()) == text_of(*file.ranked()));
        CHECK(again.title == file.title);
        CHECK(again.seats == file.seats);
        CHECK(again.withdrawn == file.withdrawn);
    }
    auto drawn = read("3 1\n[tie 3 1 2]\n2 1 2 3 0\n0\n\"A\"\n\"B\"\n\"C\"\n").value();
    std::ostringstream order;
    CHECK(write_blt(order, drawn).has_value());
    CHECK(order.str() == "3 1\n[tie 3 1 2]\n2 1 2 3 0\n0\n\"A\"\n\"B\"\n\"C\"\n");
    drawn.title = "two\nlines";
    CHECK(tells(write_blt(order, drawn).error().what(), "BLT can't keep the title"));

    std::ostringstream out;
    CHECK(write_preflib(out, read(toi).value()).has_value());
    CHECK(text_of(*read(out.str()).value().ranked()) == ranked(toi));
    CHECK(tells(write_preflib(out, read(blt).value()).error().what(), "PrefLib has no gaps between ranks"));

    std::ostringstream cat;
    CHECK(write_preflib(cat, read("2:A/2,B/0\n1:B/1\n").value()).has_value());
    CHECK(rated(cat.str()) == "2: 2 0\n1: - 1\n");
    CHECK(tells(write_preflib(cat, read("2:A/-2,B/0\n").value()).error().what(), "no negative scores"));
    CHECK(tells(write_blt(cat, read("2:A/2,B/0\n").value()).error().what(), "BLT has no scores"));
    for (const auto* name : {"", "a \"b\"", "two\nlines"}) {
        auto odd = ranked_ballots::make({name}).value();
        CHECK(tells(write_blt(cat, {.ballots = odd, .withdrawn = {}, .tie_order = {}, .title = {}}).error().what(), "BLT can't keep the name"));
    }
    for (const auto* name : {"", "two\nlines", " apart"}) {
        auto odd = ranked_ballots::make({name}).value();
        CHECK(tells(write_preflib(cat, {.ballots = odd, .withdrawn = {}, .tie_order = {}, .title = {}}).error().what(), "PrefLib can't keep the name"));
    }
    CHECK(tells(write_preflib(cat, read("1:A/2000\n").value()).error().what(), "more than 2000 categories"));
    CHECK(write_preflib(cat, read("1:A/1999\n").value()).has_value());
    for (const auto write : {write_blt, write_preflib}) {
        std::ostringstream full;
        full.setstate(std::ios::badbit);
        CHECK(write(full, read(toi).value()).error().code == errc::io);
    }
}

TEST_CASE("PrefLib is written in the narrowest of its types, and equal scores as one category") {
    const auto written = [](const std::string& ballots) {
        std::ostringstream out;
        write_preflib(out, read("=A:[A]\n=B:[B]\n=C:[C]\n" + ballots).value()).value();
        return out.str();
    };
    for (const auto& [type, ballots] : {std::pair{"soc", "1:A>B>C\n"}, std::pair{"soi", "1:A>B\n"}, std::pair{"toc", "1:A=B>C\n"}, std::pair{"toi", "1:A=B\n"}})
        CHECK(tells(written(ballots), "# DATA TYPE: " + std::string(type) + "\n"));
    CHECK(written("4:A/1,B/1,C/0\n").ends_with("# ALTERNATIVE NAME 3: C\n4: {1,2},{3}\n"));
    std::ostringstream out;
    auto               deep = ranked_ballots::make({"A"}).value();
    deep.add(std::vector<rank>{2}).value();
    CHECK(tells(write_preflib(out, {.ballots = deep, .withdrawn = {}, .tie_order = {}, .title = {}}).error().what(), "PrefLib has no gaps between ranks"));
}

TEST_CASE("withdrawn options leave the ballots as if they had never stood") {
    const auto file = read("4 1\n1 1 2 3 0\n1 1=2 3 0\n1 2 - 3 0\n1 2 0\n0\n\"A\"\n\"B\"\n\"C\"\n\"D\"\n").value();
    const auto left = without(*file.ranked(), {1});
    CHECK(left.options() == std::vector<std::string>{"A", "C", "D"});
    CHECK(text_of(left) == "2: A>C\n1: ->C\n1:\n");
    CHECK(text_of(without(*read("2:A/2,B/0\n").value().rated(), {0})) == "2: 0\n");
}

namespace {

/// An endless file that is never whole in memory: `lines` lines, the n-th made by a function.
class generated : public std::streambuf {
public:
    generated(std::string head, std::size_t lines, std::string (*line)(std::size_t)) : text_(std::move(head)), lines_(lines),
        line_(line) {
        setg(text_.data(), text_.data(), text_.data() + text_.size());
    }

protected:
    int_type underflow() override {
        if (next_ == lines_) return traits_type::eof();
        text_.clear();
        while (text_.size() < 60'000 && next_ < lines_) text_ += line_(next_++);
        setg(text_.data(), text_.data(), text_.data() + text_.size());
        return traits_type::to_int_type(text_.front());
    }

private:
    std::string text_;
    std::size_t lines_;
    std::string (*line_)(std::size_t);
    std::size_t next_ = 0;
};

#if defined(__linux__) && !defined(QUORATE_SANITIZE)  // which keeps freed memory
std::size_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::size_t   whole = 0, resident = 0;
    statm >> whole >> resident;
    return resident * 4096;
}
#endif

}  // namespace

TEST_CASE("names are UTF-8 as the Unicode standard has it: shortest forms, no surrogates, nothing above U+10FFFF") {
    // Unicode 15, table 3-7: the first and last of every range of well-formed bytes, then what is just outside.
    for (const std::string good : {"\x20\x7E", "\xC2\xA0", "\xDF\xBF", "\xE0\xA0\x80", "\xE0\xBF\xBF", "\xE1\x80\x80", "\xEC\xBF\xBF", "\xED\x80\x80", "\xED\x9F\xBF",
             "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF0\xBF\xBF\xBF", "\xF1\x80\x80\x80", "\xF3\xBF\xBF\xBF", "\xF4\x80\x80\x80", "\xF4\x8F\xBF\xBF"}) {
        CHECK(ranked("1:[" + good + "]\n") == "1: " + good + "\n");
        CHECK(tally::detail::printable(good) == good);
    }
    for (const std::string bad : {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x7F", "\xDF\xC0", "\xE0\x9F\xBF", "\xE1\x80", "\xE1\x80\x7F", "\xED\xA0\x80",
             "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF1\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
        CHECK(tells(fault("1:[" + bad + "]\n"), "an option is not UTF-8"));
        CHECK(tally::detail::printable(bad).starts_with("\\x"));
    }
}

TEST_CASE("what is quoted in an error can't steer a terminal, and JSON gets no broken text") {
    CHECK(tells(fault("2 1\na\x1B\x7F\xC2\x9B\xC2\xA9\xFF 1 0\n", as(ballot_format::blt)), "found \"a\\x1b\\x7f\\xc2\\x9b\xC2\xA9\\xff\""));
    std::string json;
    tally::detail::append_json(json, std::string_view("\"\\\n\x7F\xC2\x9F\xC2\xA0\xF0\x9F\x98\x80\xED\xA0\x80"));
    CHECK(json == "\"\\\"\\\\\\u000a\\u007f\\u009f\xC2\xA0\xF0\x9F\x98\x80\\ufffd\\ufffd\\ufffd\"");
}

TEST_CASE("ten million ballots need the memory of their distinct rankings") {
#ifdef QUORATE_SANITIZE
    constexpr std::size_t lines = 100'000;
#else
    constexpr std::size_t lines = 10'000'000;
#endif
    generated             text("# DATA TYPE: soi\n# NUMBER ALTERNATIVES: 3\n# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: B\n# ALTERNATIVE NAME 3: C\n", lines, [](std::size_t n) -> std::string {
        constexpr std::array kinds{"1: 1,2,3\n", "1: 2,1\n", "1: 3\n", "1: 3,1,2\n"};
        return kinds[n % kinds.size()];
    });
    std::istream in(&text);
#if defined(__linux__) && !defined(QUORATE_SANITIZE)  // which keeps freed memory
    const auto before = resident_bytes();
#endif
    const auto file = read_ballots(in);
    REQUIRE(file.has_value());
    CHECK(file->ranked()->total() == static_cast<std::int64_t>(lines));
    CHECK(file->ranked()->rows() == 4);
#if defined(__linux__) && !defined(QUORATE_SANITIZE)  // which keeps freed memory
    CHECK(resident_bytes() < before + (std::size_t{8} << 20U));
#endif
}

TEST_CASE("a line without an end is refused before it fills memory") {
    for (const auto f : {ballot_format::preflib, ballot_format::debian, ballot_format::csv, ballot_format::abif,
        ballot_format::blt}) {
        generated    text("", 100'000, [](std::size_t) { return std::string(100, 'x'); });
        std::istream in(&text);
        const auto   r = read_ballots(in, as(f, ballot_kind::ranked));
        REQUIRE_FALSE(r.has_value());
        CHECK(r.error().code == errc::limit);
    }
}

TEST_CASE("a file that can't be read any further is no whole file") {
    class broken : public std::streambuf {
        int_type underflow() override { throw std::runtime_error("no more"); }
    } device;
    std::istream in(&device);
    const auto   r = read_ballots(in, as(ballot_format::abif));
    REQUIRE_FALSE(r.has_value());
    CHECK(r.error().code == errc::io);
    CHECK(tells(r.error().what(), "can't be read"));
}

TEST_CASE("a file holds so many distinct ballots, and so many ranks in them") {
    struct pile_of {
        std::size_t                held;
        result<void>               add(std::span<const rank>, std::int64_t) { return {}; }
        [[nodiscard]] std::size_t  rows() const { return held; }
    };
    std::istringstream            empty;
    tally::detail::ballot_source  source(empty, "x");
    const auto                    fits = [&](std::size_t rows, std::size_t options) {
        pile_of to{rows};
        try {
            source.add(to, std::vector<rank>(options), 1, {});
            return true;
        } catch (const tally::detail::unreadable_file& e) {
            CHECK(e.why.code == errc::limit);
            return false;
        }
    };
    CHECK(fits(most_distinct, 1));
    CHECK_FALSE(fits(most_distinct + 1, 1));
    CHECK(fits(most_cells / 1024, 1024));
    CHECK_FALSE(fits(most_cells / 1024 + 1, 1024));
}

TEST_CASE("files that were damaged at random are read or refused, and do no harm") {
    struct sample {
        std::string   text;
        read_settings how;
    };
    const std::vector<sample> samples{{toi, as(ballot_format::preflib)},
                                      {blt, as(ballot_format::blt)},
                                      {"4 1\n[nick a b c d]\n[tie 1 2 3 4]\n2 d b=c 0\n1 - a 0\n0\n\"A\"\n\"B\"\n\"C\"\n\"D\"\n", as(ballot_format::blt)},
                                      {"x\nV: 21-3\t0a\nV: 1111\tb\n", as(ballot_format::debian)},
                                      {"A,\"B\",count\n1,2,3\n,1,2\n", as(ballot_format::csv, ballot_kind::ranked)},
                                      {"A,\"B\",count\n1,-2,3\n,1,2\n", as(ballot_format::csv, ballot_kind::rated)},
                                      {"{title: \"x\"}\n=a:[A x]\n2:a>b=c\n1:a/5>c\n", as(ballot_format::abif)},
                                      {"2:A/5,B/-3\n1:A/0\n", as(ballot_format::abif)}};
    static constexpr char      odd_bytes[] = "\0\n\r\t ,;:={}[]\"'#->/0129\xff\xc3V";
    constexpr std::string_view odd(odd_bytes, sizeof odd_bytes - 1);
    std::mt19937               random(20'260'101);
    std::size_t                read_well = 0, refused = 0;
    for (const auto& s : samples) {
        for (int trial = 0; trial < 1'500; ++trial) {
            auto text = s.text;
            for (auto n = random() % 4 + 1; n > 0 && !text.empty(); --n) {
                const auto at = random() % text.size();
                switch (random() % 4) {
                    case 0: text[at] = odd[random() % odd.size()]; break;
                    case 1: text.insert(at, 1, odd[random() % odd.size()]); break;
                    case 2: text.erase(at, random() % 5 + 1); break;
                    default: text.insert(at, text.substr(random() % text.size(), random() % 12)); break;
                }
            }
            const auto r = read(text, s.how);
            if (r) {
                ++read_well;
                CHECK(std::visit([](const auto& b) { return b.rows() <= 20; }, r->ballots));
            } else {
                ++refused;
                CHECK_FALSE(r.error().what().empty());
            }
        }
    }
    CHECK(read_well > 500);
    CHECK(refused > 500);
}

TEST_CASE("ABIF: ballots that differ only in scores, in who stands first, or in a tier, stay apart") {
    const std::string names = "=a:[A]\n=b:[B]\n=c:[C]\n";
    CHECK(rated(names + "1:a/3,b/2,c/0\n1:a/3,b/1,c/0\n1:a/3,b/2,c/0\n") == "2: 3 2 0\n1: 3 1 0\n");
    CHECK(ranked(names + "1:a>b>c\n1:b>a>c\n") == "1: A>B>C\n1: B>A>C\n");
    CHECK(ranked(names + "1:a=b>c\n1:a>b=c\n") == "1: A=B>C\n1: A>B=C\n");
}
