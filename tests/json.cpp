#include "json.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "json_out.hpp"

using namespace quorate;
using namespace quorate::json_text;

namespace {

struct refused {
    std::string text;
    std::uint32_t line;
    std::uint32_t column;
    errc code;
    std::string says;  // part of the message
};

std::string repeat(std::string_view s, std::size_t n) {
    std::string all;
    all.reserve(s.size() * n);
    for (std::size_t i = 0; i < n; ++i) all += s;
    return all;
}

std::string bytes(std::string_view s) { return std::string(s); }

constexpr double far_too_long = 20;  // seconds; these take milliseconds, and what grows with the square takes hours

double seconds_of(auto&& run) {
    const auto start = std::chrono::steady_clock::now();
    run();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

TEST_CASE("json: every value and key knows its line and column") {
    const auto r = parse(
        "\xEF\xBB\xBF// first\n{ /* a ***/ \"a\": 1,\n  \"ä\": [ true, /**/ null,\n\t-7.50, "
        "\"x\\ny\", ],\n}\n//");
    REQUIRE(r.has_value());
    const node& root = r.value();
    CHECK(root.is_object());
    CHECK(root.line == 2);
    CHECK(root.column == 1);
    REQUIRE(root.members.size() == 2);
    CHECK(root.members[0].key == "a");
    CHECK(root.members[0].line == 2);
    CHECK(root.members[0].column == 13);
    CHECK(root.members[0].value.as_integer() == 1);
    CHECK(root.members[0].value.column == 18);
    const node* list = root.find("ä");
    REQUIRE(list != nullptr);
    CHECK(list->line == 3);
    CHECK(list->column == 8);
    REQUIRE(list->elements.size() == 4);
    CHECK(list->elements[0].as_boolean() == true);
    CHECK(list->elements[1].is_null());
    CHECK(list->elements[1].column == 21);
    CHECK(list->elements[2].is(kind::decimal));
    CHECK(list->elements[2].text == "-7.50");
    CHECK(list->elements[2].line == 4);
    CHECK(list->elements[2].column == 2);
    CHECK(list->elements[3].as_string() == "x\ny");
    CHECK(list->elements[3].column == 9);
    CHECK_FALSE(list->as_string().has_value());
    CHECK(root.find("b") == nullptr);
}

TEST_CASE("json: integers are exact to the ends of 64 bits, other numbers keep their text") {
    CHECK(parse("9223372036854775807").value().as_integer() == INT64_MAX);
    CHECK(parse("-9223372036854775808").value().as_integer() == INT64_MIN);
    CHECK(parse("-0").value().as_integer() == 0);
    CHECK(parse("0.1").value().text == "0.1");
    CHECK(parse("1e3").value().text == "1e3");
    CHECK(parse("12345678901234567890.5").value().text == "12345678901234567890.5");
}

TEST_CASE("json: scalars, empty containers, escapes and pairs of surrogates are read") {
    CHECK(parse(" \"\" ").value().as_string() == "");
    CHECK(parse("{}").value().is_object());
    CHECK(parse("[]").value().is_array());
    CHECK(parse(R"("\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00")").value().as_string() ==
          "\"\\/\b\f\n\r\t\xC3\xA4\xF0\x9F\x98\x80");
    CHECK(parse("\"a//b/*c*/\"").value().as_string() == "a//b/*c*/");
    CHECK(parse("[1/**/,2//\n]").value().elements.size() == 2);
}

TEST_CASE("json: hostile text is refused at its place") {
    const std::vector<refused> table{
        {"", 1, 1, errc::syntax, "a value should follow"},
        {" // nothing\n", 2, 1, errc::syntax, "a value should follow"},
        {"{", 1, 2, errc::syntax, "the text ends"},
        {"{\"a\": [1,\n", 2, 1, errc::syntax, "the text ends"},
        {"{\"a\" 1}", 1, 6, errc::syntax, "expected \":\""},
        {"{\"a\":\n }", 2, 2, errc::syntax, "expected a value"},
        {"{\"a\": 1 \"b\": 2}", 1, 9, errc::syntax, "expected \",\" or \"}\""},
        {"{a: 1}", 1, 2, errc::syntax, "expected a key"},
        {"{'a': 1}", 1, 2, errc::syntax, "expected a key"},
        {"{,}", 1, 2, errc::syntax, "expected a key"},
        {"[1,,2]", 1, 4, errc::syntax, "expected a value"},
        {"[,]", 1, 2, errc::syntax, "expected a value"},
        {"[1 2]", 1, 4, errc::syntax, "expected \",\" or \"]\""},
        {"[1}", 1, 3, errc::syntax, "expected \",\" or \"]\""},
        {"{} {}", 1, 4, errc::syntax, "the end of the document"},
        {"1 2", 1, 3, errc::syntax, "the end of the document"},
        {"[]\n]", 2, 1, errc::syntax, "the end of the document"},
        {"nul", 1, 1, errc::syntax, "the word \"nul\""},
        {"[True]", 1, 2, errc::syntax, "the word \"True\""},
        {"NaN", 1, 1, errc::syntax, "the word \"NaN\""},
        {"Infinity", 1, 1, errc::syntax, "the word"},
        {"-Infinity", 1, 1, errc::syntax, "no JSON number"},
        {"[01]", 1, 2, errc::syntax, "no JSON number"},
        {"[1.]", 1, 2, errc::syntax, "no JSON number"},
        {"[.5]", 1, 2, errc::syntax, "expected a value"},
        {"[+1]", 1, 2, errc::syntax, "expected a value"},
        {"[1e]", 1, 2, errc::syntax, "no JSON number"},
        {"[-]", 1, 2, errc::syntax, "no JSON number"},
        {"[0x10]", 1, 3, errc::syntax, "found the word"},
        {"[1e999]", 1, 2, errc::limit, "out of range"},
        {"[1e-999]", 1, 2, errc::limit, "out of range"},
        {"[1e99999999999]", 1, 2, errc::limit, "out of range"},
        {"0.0.5e.55666666666666666.66602e.55e", 1, 1, errc::limit, "no number"},  // found by fuzzing: digits that are none, added up beyond an int
        {"[1E19]", 1, 2, errc::limit, "out of range"},
        {"[18446744073709551616]", 1, 2, errc::limit, "64 bits"},
        {"[9223372036854775808]", 1, 2, errc::limit, "64 bits"},
        {"[-9223372036854775809]", 1, 2, errc::limit, "64 bits"},
        {"\n  " + repeat("9", 100'000), 2, 3, errc::limit, "longer than 40"},
        {"{\"a\": 1,\n \"b\": 2,\n \"a\": 3}", 3, 2, errc::invalid, "duplicate key \"a\""},
        {"{\"a\": 1, \"\\u0061\": 3}", 1, 10, errc::invalid, "duplicate key \"a\""},
        {"[{\"x\": {\"\": 1, \"\": 2}}]", 1, 16, errc::invalid, "duplicate key"},
        {"\"\\ud800\"", 1, 2, errc::syntax, "surrogate"},
        {"\"\\ud800\\u0041\"", 1, 2, errc::syntax, "surrogate"},
        {"\"ab\\udc00\"", 1, 4, errc::syntax, "surrogate"},
        {"\"\\u12g4\"", 1, 2, errc::syntax, "hexadecimal"},
        {"[\"\\x41\"]", 1, 3, errc::syntax, "no JSON escape"},
        {"[\"a\\u0000b\"]", 1, 2, errc::invalid, "U+0000"},
        {"{\"a\\n\": 1}", 1, 2, errc::invalid, "key can't contain"},
        {bytes(std::string_view("[\"a\0b\"]", 7)), 1, 4, errc::syntax, "U+0000"},
        {bytes(std::string_view("[1]\0", 4)), 1, 4, errc::syntax, "U+0000"},
        {"// \x01\n1", 1, 4, errc::syntax, "U+0001"},
        {"[\"a\nb\"]", 1, 2, errc::syntax, "never ends"},
        {"[\"a\tb\"]", 1, 4, errc::syntax, "\\t"},
        {"[\"a", 1, 2, errc::syntax, "never ends"},
        {"[\"a\\", 1, 2, errc::syntax, "never ends"},
        {"[\"a\\\"]", 1, 2, errc::syntax, "never ends"},
        {"[1, /* x", 1, 5, errc::syntax, "comment never ends"},
        {"/*/", 1, 1, errc::syntax, "comment never ends"},
        {"/", 1, 1, errc::syntax, "expected a value"},
        {"[\"\xC3\x28\"]", 1, 3, errc::syntax, "UTF-8 (byte 0xC3)"},
        {"[\"\xC0\x80\"]", 1, 3, errc::syntax, "UTF-8"},
        {"[\"\xED\xA0\x80\"]", 1, 3, errc::syntax, "UTF-8"},
        {"[\"ä\xF4\x90\x80\x80\"]", 1, 4, errc::syntax, "UTF-8"},
        {"[\"\xE2\x82", 1, 3, errc::syntax, "UTF-8"},
        {"\xFF\xFE[\0]\0", 1, 1, errc::syntax, "UTF-8"},
        {"[ä]", 1, 2, errc::syntax, "found \"ä\""},
        {repeat("[", 33) + repeat("]", 33), 1, 33, errc::limit, "deeper than 32"},
        {repeat("{\"a\":", 33), 1, 161, errc::limit, "deeper than 32"},
        {repeat("[", 1'000'000), 1, 33, errc::limit, "deeper than 32"},
        {repeat("{\"a\":[", 150'000), 1, 97, errc::limit, "deeper than 32"},
        {"[" + repeat("0,", 100'000) + "0]", 1, 200'000, errc::limit, "more than 100000 values"},
        {"[\n\"" + repeat("a", longest_string + 1) + "\"]", 2, 1, errc::limit, "longer than 262144"},
        {"{\"" + repeat("a", longest_string + 1) + "\":1}", 1, 2, errc::limit, "longer than 262144"},
        {repeat(" ", largest_document + 1), 0, 0, errc::limit, "larger than the limit of 1048576"},
    };
    for (const auto& row : table) {
        CAPTURE(row.text.substr(0, 60));
        const auto r = parse(row.text, "doc");
        REQUIRE(r.has_error());
        const error e = r.error();
        REQUIRE(e.problems.size() == 1);
        const problem& p = e.problems[0];
        CAPTURE(p.what);
        CHECK(p.where == "doc");
        CHECK(p.line == row.line);
        CHECK(p.column == row.column);
        CHECK(e.code == row.code);
        CHECK(p.what.find(row.says) != std::string::npos);
    }
}

TEST_CASE("json: all duplicate keys are reported at once, each with the place of the first") {
    const auto r = parse("{\"a\":1,\n\"b\":{\"c\":1,\"c\":2},\n\"a\":3,\"a\":4}");
    REQUIRE(r.has_error());
    const error e = r.error();
    REQUIRE(e.problems.size() == 3);
    CHECK(to_string(e.problems[0]) == "json:2:12: duplicate key \"c\" (it was given at 2:6)");
    CHECK(to_string(e.problems[1]) == "json:3:1: duplicate key \"a\" (it was given at 1:2)");
}

TEST_CASE("json: what lies on a limit is accepted") {
    CHECK(parse(repeat("[", 32) + repeat("]", 32)).has_value());
    CHECK(parse("[" + repeat("0,", 99'999) + "]").has_value());
    CHECK(parse("\"" + repeat("a", longest_string) + "\"").has_value());
    CHECK(parse(repeat(" ", largest_document - 1) + "1").has_value());
    CHECK(parse("[1e18, 1e-18]").has_value());
}

TEST_CASE("json: a mebibyte, a bomb and many equal keys take time in proportion to their size") {
    const std::string row =
        R"({"id": "someone", "teams": ["a", "b"], "n": 12345, "x": "\u00e4 text for people"},)"
        "\n";
    std::string text = "[";
    while (text.size() + row.size() + 1 < largest_document) text += row;
    text += "]";
    bool fine = false;
    CHECK(seconds_of([&] { fine = parse(text).has_value(); }) < far_too_long);
    CHECK(fine);
    const std::string bomb = repeat("[[[[{\"a\":", 25'000'000 / 9);
    CHECK(seconds_of([&] { fine = parse(bomb).has_value(); }) < far_too_long);
    CHECK_FALSE(fine);
    CHECK(seconds_of([&] { fine = parse(bomb, "bomb", bomb.size()).has_value(); }) < far_too_long);
    CHECK_FALSE(fine);
    std::string keys = "{";
    for (int i = 0; i < 90'000; ++i) keys += "\"k" + std::to_string(i % 45'000) + "\":0,";
    CHECK(seconds_of([&] { fine = parse(keys + "}", "keys", 2 * largest_document).has_value(); }) < far_too_long);
    CHECK_FALSE(fine);
}

TEST_CASE("json: files that are missing, no files or too large are refused before they are read") {
    namespace fs = std::filesystem;
    CHECK(read_file("/no/such/file").error().code == errc::not_found);
    CHECK(read_file("/tmp").error().problems[0].what == "is a directory, not a file");
    CHECK(read_file("/dev/zero").error().problems[0].what == "is not a regular file");
    const fs::path path =
        fs::temp_directory_path() / ("quorate-json-test-" + std::to_string(std::rand()));
    {
        std::ofstream(path) << "{\"a\": 1}";
    }
    CHECK(read_file(path.string()).value() == "{\"a\": 1}");
    CHECK(read_file(path.string(), 8).has_value());
    CHECK(read_file(path.string(), 7).error().code == errc::limit);
    CHECK(parse_file(path.string()).value().find("a")->as_integer() == 1);
    fs::resize_file(path, 100'000'000);  // sparse
    CHECK(seconds_of([&] { CHECK(parse_file(path.string()).error().code == errc::limit); }) < far_too_long);
    fs::remove(path);
}

TEST_CASE("json: a reader collects all problems, with pointer and place") {
    const auto r = parse(R"({
  "title": 3,
  "kind": "decison",
  "list": ["a", 1],
  "deep/er": { "x~y": [ { "colr": 1 } ] },
  "when": "yesterday", "long": "soon", "n": 12
})");
    const node& root = r.value();
    reader read{root, "c.json"};
    read.known_keys(root, {"title", "kind", "list", "deep/er", "when", "long", "n"});
    CHECK(read.ok());
    CHECK(read.required_text(root, "title").empty());
    CHECK(read.required_text(root, "name").empty());
    CHECK_FALSE(read.word(root, "kind", {"decision", "gate"}).has_value());
    CHECK(read.texts(root, "list") == std::vector<std::string_view>{"a"});
    CHECK(read.texts(root, "none").empty());
    const node& inner = root.find("deep/er")->find("x~y")->elements[0];
    read.known_keys(inner, {"color"});
    CHECK_FALSE(read.moment(root, "when").has_value());
    CHECK_FALSE(read.span(root, "long").has_value());
    CHECK_FALSE(read.integer(root, "n", 1, 10).has_value());
    CHECK(read.object(root, "list") == nullptr);
    CHECK(read.pointer(inner) == "/deep~1er/x~0y/0");
    CHECK_FALSE(read.ok());
    CHECK(read.why().what() ==
          "c.json#/title:2:12: \"title\" must be a string, not an integer\n"
          "c.json:1:1: \"name\" is missing\n"
          "c.json#/kind:3:11: \"kind\" must be \"decision\" or \"gate\", not \"decison\" (did you "
          "mean \"decision\"?)\n"
          "c.json#/list/1:4:17: expected a string, found an integer\n"
          "c.json#/deep~1er/x~0y/0/colr:5:27: unknown key \"colr\" (did you mean \"color\"?)\n"
          "c.json#/when:6:11: \"yesterday\" is no instant (write 2026-03-01T00:00:00Z)\n"
          "c.json#/long:6:32: \"soon\" is no duration (write \"10 days\" or \"72 hours\")\n"
          "c.json#/n:6:45: \"n\" must be from 1 to 10, not 12\n"
          "c.json#/list:4:11: \"list\" must be an object, not an array");
}

TEST_CASE("json: a reader keeps a bounded number of problems and counts the rest") {
    const auto r = parse("[1]");
    reader read{r.value()};
    for (int i = 0; i < 250; ++i) read.wrong(r.value().elements[0], "no");
    CHECK(read.problems().size() == most_problems + 1);
    CHECK(read.problems().back().what == "and 150 more problems");
}

TEST_CASE("json: text for people has no control characters and nothing that turns its direction") {
    const auto r = parse(
        "[\"fine ä\", \"\", \"a\\u001bb\", \"\\u202eabc\", \"\\u2069\", \"abcdef\", \"\\u007f\"]");
    reader read{r.value()};
    const auto& all = r.value().elements;
    CHECK(read.plain(all[0], 10));
    for (std::size_t i = 1; i < all.size(); ++i) CHECK_FALSE(read.plain(all[i], 5));
}

TEST_CASE("json_out: what is written is canonical and can be read again") {
    json_out out;
    out.object()
        .field("id", 7)
        .field("big", INT64_MIN)
        .field("by", "a\"\\\n\x01\x7Fä")
        .field("ok", true);
    out.key("list").array().value(1).value("x").null().object().end().array().end().end();
    out.strings("names", std::vector<std::string>{"b", "a"}).key("raw").raw("{\"z\":1}").end();
    const std::string text = std::move(out).str();
    CHECK(
        text ==
        "{\"id\":7,\"big\":-9223372036854775808,\"by\":\"a\\\"\\\\\\n\\u0001\\u007fä\",\"ok\":true,"
        "\"list\":[1,\"x\",null,{},[]],\"names\":[\"b\",\"a\"],\"raw\":{\"z\":1}}");
    CHECK(parse(text).value().find("by")->as_string() == "a\"\\\n\x01\x7Fä");
    json_out pretty(2);
    pretty.object().key("a").array().value(1).value(2).end().key("b").object().end().end();
    CHECK(pretty.str() == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}");
    std::string bad;
    append_string(bad, "a\xFF\xC3(\xED\xA0\x80");
    CHECK(parse(bad).value().as_string() ==
          "a\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}
