#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/result.hpp>

using namespace quorate;

namespace {

result<int> found(bool there) {
    if (!there) return make_error(errc::not_found, "no such proposal", "7");
    return 42;
}

const std::vector<std::string_view> words{"approve", "reject", "abstain", "eligible", "concerns"};

}  // namespace

TEST_CASE("a problem prints where it is, what it is and the way out") {
    CHECK(to_string(problem{.where = "rust.json", .line = 3, .column = 14,
                            .what = "unknown name 'aprove'", .hint = "did you mean 'approve'?"}) ==
          "rust.json:3:14: unknown name 'aprove' (did you mean 'approve'?)");
}

TEST_CASE("a problem prints only what it has") {
    CHECK(to_string(problem{.where = {}, .what = "empty", .hint = {}}) == "empty");
    CHECK(to_string(problem{.where = "quorum", .what = "empty", .hint = {}}) == "quorum: empty");
    CHECK(to_string(problem{.where = {}, .line = 2, .column = 1, .what = "empty", .hint = {}}) ==
          ":2:1: empty");
    CHECK(to_string(problem{.warning = true, .where = "quorum", .what = "never met", .hint = {}}) ==
          "quorum: warning: never met");
}

TEST_CASE("an error prints its problems one a line") {
    auto e = make_error(errc::syntax, "first", "a.json");
    e.problems.push_back({.where = "a.json", .line = 2, .column = 5, .what = "second", .hint = {}});
    CHECK(e.what() == "a.json: first\na.json:2:5: second");
    CHECK(e.code == errc::syntax);
    CHECK(error{}.what().empty());
}

TEST_CASE("errors are equal when all they say is equal") {
    CHECK(make_error(errc::io, "full", "disk") == make_error(errc::io, "full", "disk"));
    CHECK(make_error(errc::io, "full", "disk") != make_error(errc::limit, "full", "disk"));
    CHECK(make_error(errc::io, "full") != make_error(errc::io, "full", {}, "delete something"));
}

TEST_CASE("a result holds a value or says why not") {
    const auto good = found(true);
    REQUIRE(good.has_value());
    CHECK(good.value() == 42);
    CHECK(*good == 42);
    const auto bad = found(false);
    REQUIRE_FALSE(bad.has_value());
    CHECK(bad.error().code == errc::not_found);
    CHECK(bad.error().what() == "7: no such proposal");
}

TEST_CASE("demanding a value that is not there throws a failure with the error in it") {
    CHECK_THROWS_WITH_AS((void)found(false).value(), "7: no such proposal", failure);
    try {
        (void)found(false).value();
    } catch (const failure& f) {
        CHECK(f.why() == found(false).error());
    }
}

TEST_CASE("a failure is a runtime_error, so hosts need not know it") {
    CHECK_THROWS_AS((void)found(false).value(), std::runtime_error);
}

TEST_CASE("a misspelt word finds the word that was meant") {
    CHECK(closest("aprove", words) == "approve");
    CHECK(closest("approved", words) == "approve");
    CHECK(closest("concern", words) == "concerns");
    CHECK(closest("elegible", words) == "eligible");
    CHECK(closest("approve", words) == "approve");
}

TEST_CASE("a word that is far from all finds nothing") {
    CHECK(closest("quorum", words).empty());
    CHECK(closest("x", words).empty());
    CHECK(closest("", words).empty());
    CHECK(closest("approve", {}).empty());
}

TEST_CASE("of equally close words the first wins") {
    CHECK(closest("tean", {"team", "teal", "tern"}) == "team");
    CHECK(closest("tean", {"teal", "team"}) == "teal");
}

TEST_CASE("words beyond 64 characters are not compared") {
    const std::string longest(64, 'a');
    const std::string longer(65, 'a');
    CHECK(closest(longest, {longest}) == longest);
    CHECK(closest(longer, {longer}).empty());
    CHECK(closest(longest, {longer}).empty());
}
