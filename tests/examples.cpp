// Tables of examples/README.md that would go stale if nobody counted. With QUORATE_UPDATE_GOLDEN=1 their numbers are written instead.
#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <map>
#include <set>
#include <sstream>

#include <quorate/scenario.hpp>

#include "effort.hpp"
#include "golden.hpp"
#include "markdown.hpp"

using namespace quorate;

namespace {

const std::string source = QUORATE_SOURCE_DIR;
const std::string path = source + "/examples/README.md";
using markdown::cells;

/// The table of that page with this head, and what it should hold.
struct page_table {
    explicit page_table(const cells& head) : page(golden::read(path)), table(page.headed(head)) { REQUIRE(table != nullptr); }
    page_table(const page_table&) = delete;

    void must_be(const std::vector<cells>& wanted) const {
        std::string text;
        for (const auto& row : wanted) text += markdown::row_text(row);
        const auto* update = std::getenv("QUORATE_UPDATE_GOLDEN");
        if (update != nullptr && std::string_view(update) == "1") {
            std::ofstream(path, std::ios::binary) << page.text.substr(0, table->begin) << text << page.text.substr(table->end);
            return;
        }
        CHECK(page.text.substr(table->begin, table->end - table->begin) == text);
    }

    markdown::page         page;
    const markdown::table* table;
};


}  // namespace

TEST_CASE("examples: every shipped charter has its place in the table, with the number of scenarios that pin it" * in_release) {
    std::map<std::string, std::string> texts;  // of charters, to names
    for (const auto& name : golden::shipped_charters()) texts[golden::read(source + "/examples/charters/" + name + ".json")] = name;
    std::vector<std::set<std::string>> pinned;  // per scenario
    for (const auto& entry : std::filesystem::directory_iterator(source + "/tests/scenarios")) {
        const auto all = load_scenario_file(entry.path().string());
        REQUIRE(all.has_value());
        for (const auto& s : all.value()) {
            pinned.emplace_back();
            for (const auto& c : s.under)
                if (const auto known = texts.find(c.get().text); known != texts.end()) pinned.back().insert(known->second);
        }
    }
    const page_table    shown({"charter", "is how", "scenarios"});
    std::vector<cells>    wanted;
    std::set<std::string> listed;
    for (auto row : shown.table->rows) {
        REQUIRE(row.size() == 3);
        const auto  names = markdown::code_in(row[0]);
        std::size_t count = 0;
        for (const auto& s : pinned)
            count += std::any_of(names.begin(), names.end(), [&](const std::string& name) { return s.contains(name); }) ? 1U : 0U;
        row[2] = std::to_string(count);
        for (const auto& name : names) CHECK_MESSAGE(listed.insert(name).second, name, " is listed twice");
        wanted.push_back(std::move(row));
    }
    for (const auto& name : golden::shipped_charters()) CHECK_MESSAGE(listed.contains(name), name, " is not in the table of examples/README.md");
    shown.must_be(wanted);
}

#if !defined(QUORATE_SANITIZE)  // there the adapters are not built
TEST_CASE("examples: the table of recorded cases is what quorate-conformance says of them") {
    // Files of recorded cases in tests/data.
    constexpr std::array recorded{"rust_processes", "rfcbot_commands", "rust_fcp_histories", "rust_teams", "formal_processes",
                                  "approval_bots",  "onchain",         "tally",              "debian_votes", "stv",            "power"};
    std::string files;
    for (const auto* name : recorded) files += " '" + source + "/tests/data/" + name + ".json'";
    auto* pipe = popen(("'" QUORATE_BIN_DIR "/quorate-conformance'" + files + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string            out;
    std::array<char, 4096> buffer{};
    for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) out.append(buffer.data(), n);
    CAPTURE(out);
    CHECK(pclose(pipe) == 0);
    std::map<std::string, cells> families;
    std::istringstream           lines(out);
    for (std::string line; std::getline(lines, line);) {
        const auto file = line.find(".json: ");
        if (file == std::string::npos) continue;
        const auto name = line.substr(file + 7, line.find(": ", file + 7) - file - 7);
        const auto counts = line.substr(line.find(": ", file + 7) + 2);
        const auto skipped = counts.find(" failed, ") + 9;
        families[name] = {'`' + name + '`', counts.substr(0, counts.find(' ')), counts.substr(skipped, counts.find(' ', skipped) - skipped)};
    }
    CHECK(families.size() >= 4);
    std::vector<cells> wanted;
    for (const auto& [name, row] : families) wanted.push_back(row);
    page_table({"family", "passed", "not judged"}).must_be(wanted);
}
#endif
