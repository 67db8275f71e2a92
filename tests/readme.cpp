// Tables of the README that would go stale if nobody counted. With QUORATE_UPDATE_GOLDEN=1 their numbers are written instead.
#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <map>
#include <set>
#include <sstream>

#include <quorate/scenario.hpp>

#include "golden.hpp"

using namespace quorate;

namespace {

const std::string source = QUORATE_SOURCE_DIR;
using cells = std::vector<std::string>;

std::string trimmed(std::string s) {
    while (!s.empty() && s.front() == ' ') s.erase(0, 1);
    while (!s.empty() && s.back() == ' ') s.pop_back();
    return s;
}
std::string line_of(const cells& row) {
    std::string s = "|";
    for (const auto& c : row) s += ' ' + c + " |";
    return s + '\n';
}

/// The rows under the head of a table of the README, and where they stand there.
struct table {
    explicit table(const std::string& head) : readme(golden::read(source + "/README.md")) {
        begin = readme.find(head);
        REQUIRE(begin != std::string::npos);
        begin = readme.find('\n', readme.find('\n', begin) + 1) + 1;  // after the head and the rule below it
        end = begin;
        while (readme[end] == '|') {
            const auto         stop = readme.find('\n', end) + 1;
            std::istringstream line(readme.substr(end + 1, stop - end - 2));
            cells              row;
            for (std::string cell; std::getline(line, cell, '|');) row.push_back(trimmed(cell));
            rows.push_back(std::move(row));
            end = stop;
        }
    }
    void must_be(const std::vector<cells>& wanted) const {
        std::string text;
        for (const auto& row : wanted) text += line_of(row);
        const auto* update = std::getenv("QUORATE_UPDATE_GOLDEN");
        if (update != nullptr && std::string_view(update) == "1") {
            std::ofstream(source + "/README.md", std::ios::binary) << readme.substr(0, begin) << text << readme.substr(end);
            return;
        }
        CHECK(readme.substr(begin, end - begin) == text);
    }

    std::string        readme;
    std::size_t        begin = 0, end = 0;
    std::vector<cells> rows{};
};

/// What is between backticks.
std::set<std::string> names_in(const std::string& cell) {
    std::set<std::string> names;
    for (auto open = cell.find('`'); open != std::string::npos;) {
        const auto close = cell.find('`', open + 1);
        names.insert(cell.substr(open + 1, close - open - 1));
        open = cell.find('`', close + 1);
    }
    return names;
}

/// Files of recorded cases in tests/data: those that CTest gives to quorate-conformance, too.
constexpr std::array recorded{"rust_processes", "rfcbot_commands", "rust_fcp_histories", "rust_teams", "formal_processes", "approval_bots", "onchain"};

}  // namespace

TEST_CASE("readme: every shipped charter has its place in the table, with the number of scenarios that pin it") {
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
    const table           shown("| charter | is how | scenarios |");
    std::vector<cells>    wanted;
    std::set<std::string> listed;
    for (auto row : shown.rows) {
        REQUIRE(row.size() == 3);
        const auto  names = names_in(row[0]);
        std::size_t count = 0;
        for (const auto& s : pinned)
            count += std::any_of(s.begin(), s.end(), [&](const std::string& name) { return names.contains(name); }) ? 1U : 0U;
        row[2] = std::to_string(count);
        for (const auto& name : names) CHECK_MESSAGE(listed.insert(name).second, name, " is listed twice");
        wanted.push_back(std::move(row));
    }
    for (const auto& name : golden::shipped_charters()) CHECK_MESSAGE(listed.contains(name), name, " is not in the table of the README");
    shown.must_be(wanted);
}

TEST_CASE("readme: the table of recorded cases is what quorate-conformance says of them") {
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
    table("| family | passed | not judged |").must_be(wanted);
}
