// The tool, run as a program: exit codes, both kinds of output, standard input, and input that means no good.
#include <doctest/doctest.h>

#include <algorithm>

#include "cli_support.hpp"

using namespace cli_support;

TEST_CASE("wrong usage is told on standard error, with exit code 2") {
    for (const auto& args : std::vector<std::vector<std::string>>{
             {}, {"nonsense"}, {"check", "--nonsense"}, {"describe"}, {"schema", "nothing"}, {"diagram", rfc, "--format", "gif"}, {"test"}, {"what-if"}, {"what-if", "x.db"},
             {"journal"}, {"status"}, {"run"}, {"run", rfc}, {"check"}, {"diagram"}, {"check", rfc, "--param", "length"}}) {
        const auto o = quorate_tool(args);
        CHECK(o.code == 2);
        CHECK(o.out.empty());
        CHECK_FALSE(o.err.empty());
    }
}

TEST_CASE("help is there for everything, with an example") {
    CHECK(has(quorate_tool({"--help"}).out, "Exit codes"));
    CHECK(quorate_tool({"--version"}).code == 0);
    for (const auto* name : {"init", "check", "describe", "diagram", "run", "status", "explain", "pending", "ballots", "test", "journal", "schema", "what-if", "count", "audit", "lint"}) {
        CAPTURE(name);
        const auto o = quorate_tool({name, "--help"});
        CHECK(o.code == 0);
        CHECK(has(o.out, "Example: quorate " + std::string(name)));
    }
    for (const auto* name : {"verify", "export", "import", "checkpoint", "backup", "to-scenario"}) {
        const auto o = quorate_tool({"journal", name, "--help"});
        CHECK(o.code == 0);
        CHECK(has(o.out, "Example: quorate journal " + std::string(name)));
    }
}

TEST_CASE("init: what it writes passes check and test, and it never overwrites") {
    folder     f;
    const auto made = quorate_tool({"init", f / "group"});
    CHECK(made.code == 0);
    const auto charter = f / "group/charter.json";
    CHECK(quorate_tool({"check", charter, "--roster", f / "group/roster.json", "--strict"}).code == 0);
    const auto tested = quorate_tool({"test", f / "group"});
    CHECK(tested.code == 0);
    CHECK(has(tested.out, "3 passed, 0 failed"));

    std::ofstream(charter, std::ios::app) << "// mine\n";
    const auto again = quorate_tool({"init", f / "group"});
    CHECK(again.code == 2);
    CHECK(has(again.err, "exists already"));
    CHECK(has(content(charter), "// mine"));
    fs::remove(charter);  // one of the others is enough
    CHECK(quorate_tool({"init", f / "group", "--json"}).code == 2);
    CHECK_FALSE(fs::exists(charter));
    CHECK(quorate_tool({"init", "/proc/nowhere"}).code == 2);
}

TEST_CASE("check: fine, findings and unreadable are three different exit codes") {
    const auto good = quorate_tool({"check", rfc, "--roster", small});
    CHECK(good.code == 0);
    CHECK(has(good.out, "fine"));
    CHECK(quorate_tool({"check", rust}).code == 0);
    CHECK(quorate_tool({"check", "--roster", small}).code == 0);

    const auto bad = quorate_tool({"check", data + "bad_charter.json"});
    CHECK(bad.code == 1);
    for (const auto* part : {":6:", "did you mean \"team\"", ":7:", "did you mean \"title\"", ":8:", ":10:", "did you mean \"accepted\"", "4 errors"})
        CHECK(has(bad.out, part));
    CHECK(quorate_tool({"check", data + "broken.json"}).code == 1);
    CHECK(quorate_tool({"check", rfc, "--roster", data + "bad_roster.json"}).code == 1);
    CHECK(quorate_tool({"check", rfc, "--param", "lenght=5 days"}).code == 1);
    CHECK(quorate_tool({"check", rfc, "--param", "length=5 days", "--param", "threshold=2/3"}).code == 0);
    CHECK(has(quorate_tool({"check", rfc, "--roster", small, "--param", "team=nobody"}).out, "nobody"));

    for (const auto* path : {"/nowhere.json", "/", "/dev/null/x"}) CHECK(quorate_tool({"check", path}).code == 2);
}

TEST_CASE("check --json: problems with their places") {
    const auto o = quorate_tool({"check", data + "bad_charter.json", "--json"});
    CHECK(o.code == 1);
    const auto root = json_of(o);
    REQUIRE(root.find("problems") != nullptr);
    CHECK(root.find("errors")->number == 4);
    const auto& all = root.find("problems")->elements;
    for (const auto line : {6, 7, 8, 10})
        CHECK(std::any_of(all.begin(), all.end(), [&](const auto& p) { return p.find("line")->number == line; }));
    CHECK(json_of(quorate_tool({"check", rfc, "--roster", small, "--json"})).find("errors")->number == 0);
    CHECK(json_of(quorate_tool({"check", "/nowhere.json", "--json"})).find("error")->find("code")->text == "not_found");
}

TEST_CASE("documents come from standard input too") {
    CHECK(quorate_tool({"check", "-", "--roster", small}, content(rfc)).code == 0);
    CHECK(quorate_tool({"check", rfc, "--roster", "-"}, content(small)).code == 0);
    CHECK(quorate_tool({"check", "-", "--roster", "-"}, "{}").code == 2);
    CHECK(has(quorate_tool({"check", "-"}, "{ \"title\": ").out, "standard input"));
    CHECK(quorate_tool({"describe", "-"}, content(rust)).code == 0);
}

TEST_CASE("describe tells a charter in words") {
    const auto all = quorate_tool({"describe", rfc});
    CHECK(all.code == 0);
    CHECK_FALSE(all.out.empty());
    CHECK(quorate_tool({"describe", rfc, "rfc"}).code == 0);
    CHECK(has(quorate_tool({"describe", rfc, "rcf"}).err, "rfc"));
    CHECK(quorate_tool({"describe", rfc, "rcf"}).code == 2);
    CHECK(quorate_tool({"describe", data + "bad_charter.json"}).code == 2);
    CHECK(json_of(quorate_tool({"describe", rfc, "--json"})).find("processes")->elements.size() == 1);
}

TEST_CASE("lint finds what is suspicious, says what is meant, and fails on the former only") {
    CHECK(quorate_tool({"lint", rfc, "--roster", small}).code == 0);
    auto text = content(rfc);
    text.replace(text.find("\"at most\": \"10 days\""), 20, "\"at most\": \"30 days\"");
    const auto found = quorate_tool({"lint", "-"}, text);
    CHECK(found.code == 1);
    CHECK(has(found.out, "a period of 10 days may be extended by 30 days"));
    CHECK(has(found.out, "[extension too long]"));
    const auto all = json_of(quorate_tool({"lint", "-", "--json"}, text));
    REQUIRE(all.find("problems")->elements.size() == 1);
    CHECK(all.find("problems")->elements[0].find("problem")->find("line")->number > 0);
    CHECK(has(quorate_tool({"lint", rust}).out, "meant: champion"));
    CHECK(quorate_tool({"lint", "/no/such.json"}).code == 2);
}

TEST_CASE("audit answers as text, JSON and a page; several charters stand side by side") {
    const auto charter = [](const std::string& age) { return source + "/examples/charters/" + age + ".json"; };
    const auto roster = [](const std::string& age) { return source + "/examples/rosters/" + age + ".json"; };
    folder     here;
    const auto one = quorate_tool({"audit", charter("rust-2021"), "--roster", roster("rust-2021"), "--html", here / "audit.html"});
    CHECK(one.code == 1);  // something fails
    CHECK(has(one.out, "accountable leadership  [structure]"));
    CHECK(has(content(here / "audit.html"), "</html>"));
    const auto both = quorate_tool({"audit", charter("rust-2021"), charter("rust-council"), "--roster", roster("rust-2021"), "--roster", roster("rust-council")});
    CHECK(has(both.out, "Rust in 2021"));
    CHECK(has(both.out, "Decisions of the Rust Leadership Council"));
    CHECK(json_of(quorate_tool({"audit", charter("rust-2021"), "--roster", roster("rust-2021"), "--json"})).elements.size() == 1);
    CHECK(has(quorate_tool({"audit", rust, "--with", charter("rust-council"), "--roster", roster("rust-council")}).out, "; Decisions of the Rust Leadership Council"));
    CHECK(quorate_tool({"audit", charter("rust-2021"), charter("rust-council"), "--roster", roster("rust-2021")}).code == 2);
    CHECK(quorate_tool({"audit", charter("rust-2021"), "--roster", roster("rust-2021"), "--evidence", "-"}, "{}").code == 2);
    CHECK(quorate_tool({"audit", charter("rust-2021"), "--roster", roster("rust-2021"), "--html", "/no/such/folder/x.html"}).code == 2);
    const auto verified = quorate_tool({"audit", QUORATE_SOURCE_DIR "/tests/data/verify/abstention.json", "--roster", roster("rust-2021"), "--verify", "--states", "300", "--json"});
    CHECK(has(verified.out, "\"by\":\"verified\""));
    CHECK_FALSE(has(quorate_tool({"audit", QUORATE_SOURCE_DIR "/tests/data/verify/abstention.json", "--roster", roster("rust-2021"), "--json"}).out, "\"by\":\"verified\""));
}

TEST_CASE("diagram draws processes and the law in four languages") {
    for (const auto* format : {"mermaid", "graphviz", "plantuml", "svg"}) {
        const auto one = quorate_tool({"diagram", rfc, "rfc", "--format", format});
        CHECK(one.code == 0);
        CHECK(has(one.out, "approval"));
        const auto law = quorate_tool({"diagram", "--law", "--format", format});
        CHECK(law.code == 0);
        CHECK(has(law.out, "final"));
    }
    CHECK(has(quorate_tool({"diagram", rfc, "--format", "graphviz"}).out, "digraph"));
    CHECK(quorate_tool({"diagram", rfc, "nope"}).code == 2);
    CHECK(quorate_tool({"diagram", rfc, "--law"}).code == 2);
    CHECK(json_of(quorate_tool({"diagram", rfc, "--json"})).find("nodes")->elements.size() >= 6);
    CHECK(json_of(quorate_tool({"diagram", "--law", "--json"})).find("edges")->elements.size() > 10);
}

TEST_CASE("schemas are JSON") {
    for (const auto* kind : {"charter", "roster", "scenario"})
        CHECK(json_of(quorate_tool({"schema", kind})).find("$schema") != nullptr);
}

TEST_CASE("what comes from input is never sent to the terminal as it is") {
    folder     f;
    const auto db = f / "d.db";
    const auto o = quorate_tool({"run", rfc, small, "--db", db, "--text"}, content(data + "hostile.jsonl"));
    CHECK(o.code != 0);  // either line may be refused, none may get through as it is
    CHECK(o.out.find('\x1b') == std::string::npos);
    CHECK(o.err.find('\x1b') == std::string::npos);
    const auto list = quorate_tool({"status", "--db", db});
    CHECK(list.out.find('\x1b') == std::string::npos);
    CHECK(quorate_tool({"check", "/no\x1b[31mwhere"}).err.find('\x1b') == std::string::npos);
    CHECK(quorate_tool({"describe", rfc, "\x1b[31m"}).err.find('\x1b') == std::string::npos);
}

TEST_CASE("output that can't be written is an error") {
    if (!fs::exists("/dev/full")) return;
    const std::string tool = quoted(std::string(QUORATE_BIN_DIR) + "/quorate");
    const int         status = std::system((tool + " schema charter > /dev/full 2> /dev/null").c_str());
    CHECK(WEXITSTATUS(status) == 2);
}
