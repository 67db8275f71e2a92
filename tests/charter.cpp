// Charters: what is read, and what is refused with every mistake named where it stands.
#include <doctest/doctest.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "support.hpp"

using namespace support;

namespace {

const std::string broken = QUORATE_SOURCE_DIR "/tests/data/broken/";

std::string contents(const std::filesystem::path& path) {
    std::ifstream     in(path, std::ios::binary);
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
}

std::string why(const result<charter>& c) { return c ? std::string() : c.error().what(); }

/// What a text costs to read, in a process of its own: seconds, KiB beyond what an empty charter costs, and whether it was refused.
struct cost {
    bool refused = false;
    long milliseconds = 0, kib = 0;
};
cost cost_of(const std::string& text) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const auto child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        rusage before{}, after{};
        getrusage(RUSAGE_SELF, &before);
        const bool refused = !load_charter(text).has_value();
        getrusage(RUSAGE_SELF, &after);
        const auto used = [](const rusage& u) { return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000; };
        const cost c{refused, used(after) - used(before), after.ru_maxrss - before.ru_maxrss};
        const auto written = write(ends[1], &c, sizeof c);
        _exit(written == static_cast<ssize_t>(sizeof c) ? 0 : 1);
    }
    cost c;
    CHECK(read(ends[0], &c, sizeof c) == static_cast<ssize_t>(sizeof c));
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(status == 0);
    close(ends[0]);
    close(ends[1]);
    return c;
}

std::string names_of(const std::vector<problem>& all) {
    std::string s;
    for (const auto& p : all) s += to_string(p) + '\n';
    return s;
}

}  // namespace

TEST_CASE("charter: the shipped ones load without a warning, and can work for the shipped rosters") {
    for (const auto& entry : std::filesystem::directory_iterator(charters)) {
        if (entry.path().extension() != ".json") continue;
        CAPTURE(entry.path().string());
        const auto c = load_charter_file(entry.path().string());
        CHECK(why(c) == "");
        if (c) CHECK(names_of(c.value().warnings()) == "");
        if (c && !c.value().get().roster.empty())
            CHECK(names_of(check(c.value(), load_roster_file(rosters + c.value().get().roster).value())) == "");
    }
    CHECK(names_of(check(load_charter_file(charters + "rfc.json").value(), load_roster_file(rosters + "small.json").value())) == "");
}

// Each charter in tests/data/broken has the mistakes that people make; beside it is what they are told, word for word.
TEST_CASE("charter: every mistake is named with file, JSON pointer, line and column, and with a hint where one can be given") {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(broken)) {
        if (entry.path().extension() != ".json") continue;
        ++count;
        auto expected = entry.path();
        expected.replace_extension(".expected");
        CAPTURE(entry.path().filename().string());
        const auto name = entry.path().filename().string();
        const auto got = load_charter(contents(entry.path()), name);
        CHECK_FALSE(got.has_value());
        CHECK(why(got) + "\n" == contents(expected));
        if (got) continue;
        for (const auto& p : got.error().problems) {
            CHECK(p.where.starts_with(name));
            CHECK(p.line > 0);
            CHECK(p.column > 0);
            CHECK_FALSE(p.what.empty());
        }
    }
    CHECK(count >= 45);
}

TEST_CASE("charter: a mistake inside a rule is pointed at, to the column") {
    const auto text = one_process(R"j("positions": {"approve": {}}, "electorate": {"of": "team(core)"},
"rules": {
"a": "approve > 1/2 of elligible",
"b": "approve > 1 and \"x\"",
"c": "approve > 1 and ä"},
"stages": {"s": {"phase": "review", "exits": [{"when": "a and b and c", "to": "accepted"}]}})j");
    const auto got = load_charter(text, "t");
    REQUIRE_FALSE(got.has_value());
    const auto all = got.error();
    REQUIRE(all.problems.size() == 3);
    CHECK(all.problems[0].line == 3);
    CHECK(all.problems[0].column == 7 + 17);
    CHECK(has(all.problems[0].hint, "\"eligible\""));
    CHECK(all.problems[1].column == 6);  // with escapes: the string
    CHECK(all.problems[2].column == 7 + 16);
}

TEST_CASE("charter: hostile texts are refused soon, and within 64 MiB") {
    const std::string start = R"({"title": "x", "processes": {"p": )";
    std::string       keys = start + "{", stages = start + R"({"stages": {)", rules = start + R"({"rules": {)", deep(100'000, '[');
    for (int i = 0; i < 40'000; ++i) keys += "\"a\": 1,";
    for (int i = 0; i < 9'000; ++i) stages += "\"s" + std::to_string(i) + R"(": {"phase": "review", "exits": []},)";
    for (int i = 0; i < 9'000; ++i) rules += "\"r" + std::to_string(i) + R"(": "r" + std::to_string((i + 1) % 9'000) + R"("},)";
    std::string chain = start + R"({"positions": {"a": {}}, "electorate": {"of": "everyone"}, "rules": {)";
    for (int i = 0; i < 128; ++i)
        chain += (i > 0 ? ", " : "") + ("\"r" + std::to_string(i)) + "\": \"r" + std::to_string(i + 1) + " and r" + std::to_string(i + 1) + "\"";
    chain += R"(}, "stages": {"s": {"phase": "review", "exits": [{"when": "r0", "to": "accepted"}]}}}}})";
    struct text {
        const char* what;
        std::string text;
    };
    const std::vector<text> all{
        {"100 MB", std::string(100'000'000, ' ')},
        {"100 MB of a string", "\"" + std::string(100'000'000, 'x')},
        {"100 000 deep", deep},
        {"objects in each other", [] { std::string s; for (int i = 0; i < 50'000; ++i) s += R"({"a":)"; return s; }()},
        {"40 000 times the same key", keys + "}}}"},
        {"9 000 stages", stages + "}}}}"},
        {"9 000 rules", rules + "}}}}"},
        {"rules that double 128 times", chain},
        {"not UTF-8", "{\"title\": \"" + std::string(500'000, '\xff') + "\"}"},
        {"binary", std::string("\0\1\2\3", 4)},
        {"nothing", ""},
    };
    for (const auto& t : all) {
        CAPTURE(t.what);
        const auto c = cost_of(t.text);
        CHECK(c.refused);
        CHECK(c.milliseconds < 20'000);  // these take milliseconds; what grows with the square takes minutes
#if !defined(QUORATE_SANITIZE)  // which needs memory of its own
        CHECK(c.kib < 64 * 1024);
#endif
    }
}

TEST_CASE("charter: a file that is too large, or none, is refused") {
    CHECK(load_charter_file("/no/such/charter.json").error().code == errc::not_found);
    CHECK(load_charter_file("/tmp").error().code == errc::io);
    CHECK(load_charter(std::string(std::size_t{2} << 20, ' ')).error().code == errc::limit);
}

TEST_CASE("charter: parameters can be set from outside, to the same kind of value") {
    const auto text = contents(charters + "rfc.json");
    const auto plain = load_charter(text).value();
    const auto given = load_charter(text, "rfc.json", {{"length", "5 days"}, {"threshold", "2/3"}}).value();
    CHECK(plain.hash() != given.hash());
    CHECK(plain.hash() == load_charter(text, "another name").value().hash());
    CHECK(has(why(load_charter(text, "c", {{"lenght", "5 days"}})), "there is no parameter \"lenght\" to set (did you mean \"length\"?)"));
    CHECK(has(why(load_charter(text, "c", {{"length", "five"}})), "can't be set to \"five\""));
    CHECK(has(why(load_charter(text, "c", {{"team", "10 days"}})), "it is another kind of value"));
    const auto* p = given.find("rfc");
    REQUIRE(p != nullptr);
    CHECK(print(p->electorate.of.view()) == "team(core)");
    CHECK(given.find("rfcs") == nullptr);
}

TEST_CASE("charter: what is defined but used nowhere is a warning") {
    auto t = parts{};
    t.more = R"("rules": {"quorum": "approve >= 2"},)";
    t.exits = R"({"when": "approve >= 1", "to": "accepted"})";
    CHECK(has(names_of(load(t.text()).warnings()), "warning: rule \"quorum\" is used nowhere"));
}

TEST_CASE("check: teams, roles and scopes that the roster doesn't know") {
    parts t;
    t.electorate = R"j({"of": "team(cor)"})j";
    t.stage = R"j("clock": {"runs while": "approve in team(dox) >= 0"},)j";
    t.allow = R"j("cast": "electorate", "raise": "role(editr) or leads(core)", "resolve": "owners(manul)")j";
    t.exits = R"({"when": "approve >= 1", "to": "accepted"})";
    const auto all = names_of(check(load(t.text()), people()));
    CHECK(has(all, "test.json#/processes/p/electorate: team \"cor\" is not in the roster (did you mean \"core\"?)"));
    CHECK(has(all, "/stages/talk/clock: team \"dox\" is not in the roster (did you mean \"docs\"?)"));
    CHECK(has(all, "/stages/talk/allow: role \"editr\" is not in the roster"));
    CHECK(has(all, "/stages/talk/allow: scope \"manul\" is not in the roster"));
    CHECK_FALSE(has(all, "leads"));
}

TEST_CASE("check: electorates that are empty, and rules that can never hold for the electorate there will be") {
    parts t;
    t.exits = R"({"when": "approve >= 1", "to": "accepted"})";
    CHECK(names_of(check(load(t.text()), people())) == "");
    t.electorate = R"j({"of": "team(empty)"})j";
    CHECK(has(names_of(check(load(t.text()), people())), "the electorate is empty"));
    t.electorate = R"j({"of": "team(core)"})j";
    const auto says = [&](const std::string& rule) {
        t.exits = R"({"when": ")" + rule + R"(", "to": "accepted"}, {"after": "9 days", "to": "lapsed"})";
        return names_of(check(load(t.text()), people()));
    };
    CHECK(has(says("approve >= 6"), "\"approve >= 6\" can never hold for an electorate of 5"));
    CHECK(has(says("approve + reject > eligible"), "can never hold"));
    CHECK(has(says("approve >= 3 and reject >= 3"), "can never hold"));
    CHECK(has(says("approve > 1 * eligible"), "can never hold"));
    for (const auto* fine : {"approve >= 5", "approve >= 2/3 of eligible", "concerns >= 7 and approve >= 1", "open_for > 900 days", "fact(x) > 12",
                             "seconds >= 40", "approve in team(docs) >= 9", "not (approve >= 6)", "holds == 0 and cast >= 5"})
        CHECK(says(fine) == "");
    t.exits = R"({"after": "9 days", "if": "approve >= 6", "to": "accepted"}, {"after": "9 days", "to": "lapsed"})";
    CHECK(has(names_of(check(load(t.text()), people())), "\"approve >= 6\" can never hold"));
}

TEST_CASE("check: an electorate of the proposal's teams is as large as the largest team at most") {
    parts t;
    t.electorate = R"({"of": "teams of proposal"})";
    t.exits = R"({"when": "approve >= 12", "to": "accepted"}, {"after": "9 days", "to": "lapsed"})";
    CHECK(has(names_of(check(load(t.text()), team_of(11))), "can never hold for the largest team, of 11"));
    CHECK(names_of(check(load(t.text()), team_of(12))) == "");
    CHECK(names_of(check(load(t.text()), load_roster("{}").value())) == "");
}

TEST_CASE("charter: several become one, with all their processes and parameters") {
    const auto one = [](std::string_view name, std::string_view length) {
        return load_charter(R"j({"title": ")j" + std::string(name) + R"j(", "roster": ")j" + std::string(name) + R"j(.json", "parameters": {"length": ")j" + std::string(length) +
                            R"j("}, "processes": {")j" + std::string(name) + R"j(": {"electorate": {"of": "everyone"},
                            "stages": {"s": {"phase": "review", "exits": [{"after": "length", "to": "lapsed"}]}}}}})j", std::string(name)).value();
    };
    const std::vector<charter> two{one("a", "5 days"), one("b", "5 days")};
    const auto                 both = join_charters(two, "both");
    REQUIRE(both.has_value());
    CHECK(both.value().title() == "a; b");
    CHECK(both.value().get().roster == "a.json");
    CHECK(both.value().get().name == "both");
    REQUIRE(both.value().processes().size() == 2);
    CHECK(both.value().processes()[1].name == "b");
    CHECK(both.value().get().parameters.size() == 1);
    const auto given = join_charters(two, "both", {{"length", "9 days"}});
    REQUIRE(given.has_value());
    CHECK(given.value().find("b")->stages[0].exits[0].length == duration(std::chrono::days(9)));
    CHECK(load_charter(both.value().get().text).value().processes().size() == 2);  // what proposals pin can be read again

    const auto why_not = [](const std::vector<charter>& all) { return join_charters(all).error().what(); };
    CHECK(why_not({}).find("no charter to join") != std::string::npos);
    CHECK(why_not({one("a", "5 days"), one("a", "5 days")}).find("another of the charters has a process \"a\"") != std::string::npos);
    CHECK(why_not({one("a", "5 days"), one("b", "6 days")}).find("has a parameter \"length\"") != std::string::npos);
}
