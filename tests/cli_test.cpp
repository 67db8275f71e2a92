// quorate test: files and folders, golden parts, mutation, scenarios from journals.
#include <doctest/doctest.h>

#include "cli_support.hpp"

using namespace cli_support;

TEST_CASE("test runs files and folders, and shows what was expected, what was found and why") {
    folder suites;
    for (const auto* name : {"rfc.json", "apache.json"}) {
        auto text = content(source + "/tests/scenarios/" + name);
        for (auto at = text.find("../../examples"); at != std::string::npos; at = text.find("../../examples", at)) text.replace(at, 5, source);
        std::ofstream(suites / name) << text;
    }
    const auto good = quorate_tool({"test", suites.path.string(), "--coverage"});
    CHECK_MESSAGE(good.code == 0, good.out);
    CHECK(has(good.out, ", 0 failed"));
    CHECK(good.out.find("not taken") == std::string::npos);
    const auto bad = quorate_tool({"test", data + "failing.json"});
    CHECK(bad.code == 1);
    for (const auto* part : {"1 passed, 1 failed", "FAIL  this one fails", "expected  fcp", "actual    review", "waiting_for", "rfc-1", "failing.json:8:"})
        CHECK(has(bad.out, part));
    const auto root = json_of(quorate_tool({"test", data + "failing.json", "--json"}));
    CHECK(root.find("failed")->number == 1);
    CHECK(root.find("scenarios")->elements[1].find("failures")->elements.size() == 2);
    CHECK(has(quorate_tool({"test", data + "failing.json", "-v"}).out, "ok    this one passes"));
    CHECK(quorate_tool({"test", data + "broken.json"}).code == 2);
    CHECK(quorate_tool({"test", data + "broken.json", suites.path.string()}).code == 2);
    CHECK(quorate_tool({"test", "/nowhere"}).code == 2);
    folder f;
    CHECK(has(quorate_tool({"test", f.path.string()}).err, "no scenarios"));
    CHECK(has(quorate_tool({"test", data + "failing.json", "--coverage"}).out, "not taken"));
    const auto piped = quorate_tool({"test", "-"}, "{ \"scenarios\": [] }");
    CHECK(piped.code == 2);
    CHECK(has(piped.err, "standard input"));
}

TEST_CASE("test writes JUnit XML, and rewrites golden parts in place") {
    folder     f;
    const auto suite = f / "s.json", xml = f / "out.xml";
    auto       text = content(data + "failing.json");
    for (auto at = text.find("\"../../"); at != std::string::npos; at = text.find("\"../../", at)) text.replace(at + 1, 5, source + "/tests");
    std::ofstream(suite) << text;
    CHECK(quorate_tool({"test", suite, "--junit", xml}).code == 1);
    for (const auto* part : {"<testsuites tests=\"2\" failures=\"1\" errors=\"0\">", "name=\"this one passes\"", "<failure message=", "&quot;"}) CHECK(has(content(xml), part));
    CHECK(has(quorate_tool({"test", suite, "--update"}).out, "expectations rewritten"));
}

TEST_CASE("test --mutate lists what no scenario notices, and asks for a share") {
    const auto one = source + "/tests/scenarios/pull-request-areas.json";
    const auto all = quorate_tool({"test", "--mutate", "--only", "areas", one});
    CHECK(all.code == 0);
    CHECK(has(all.out, "changes noticed by"));
    CHECK(has(all.out, "becomes"));
    CHECK(quorate_tool({"test", "--mutate", "--only", "areas", "--least", "100%", one}).code == 1);
    CHECK(quorate_tool({"test", "--mutate", "--only", "nothing", one}).code == 2);
    CHECK(quorate_tool({"test", "--mutate", "--least", "much", one}).code == 2);
    CHECK(quorate_tool({"test", "--least", "95%", one}).code == 2);
}

TEST_CASE("a recorded proposal becomes a scenario that the tool runs") {
    folder     f;
    const auto db = filled(f), file = f / "recorded.json";
    CHECK(quorate_tool({"journal", "to-scenario", db, "rfc-1", "--to", file}).code == 0);
    CHECK(has(quorate_tool({"test", file}).out, "1 passed, 0 failed"));
    CHECK(quorate_tool({"journal", "to-scenario", db, "rfc-1", "--to", file}).code == 2);
    CHECK(quorate_tool({"journal", "to-scenario", db, "rfc-9"}).code == 2);
}
