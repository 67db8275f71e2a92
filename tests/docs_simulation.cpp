// examples/simulation.md is true: its commands run, and print what it shows. With QUORATE_UPDATE_GOLDEN=1 what they print is written there.
#include <doctest/doctest.h>

#include <sstream>

#include "cli_support.hpp"
#include "markdown.hpp"

using namespace cli_support;

namespace {

const std::string path = cli_support::source + "/examples/simulation.md";

/// Runs the lines of a block, in a folder that has the examples, the page's documents, and a journal. What it prints is in "out" there.
bool runs(const folder& f, const std::string& lines) {
    std::ofstream(f / "block") << "set -e\ncd " + cli_support::quoted(f.path.string()) + "\nPATH=" + cli_support::quoted(QUORATE_BIN_DIR) + ":$PATH\n" + lines;
    return std::system(("sh " + cli_support::quoted(f / "block") + " > " + cli_support::quoted(f / "out") + " 2> " + cli_support::quoted(f / "err")).c_str()) == 0;
}
/// The same commands with few runs, where nothing is shown that depends on their number.
std::string shortened(const std::string& lines) {
    std::string        all;
    std::istringstream in(lines);
    for (std::string line; std::getline(in, line); all += line + '\n') {
        const bool simulates = line.starts_with("quorate simulate ") ? line.find(" --fit ") == std::string::npos : line.find(" --simulate ") != std::string::npos;
        if (!simulates) continue;
        line.erase(std::min(line.find('#'), line.size()));
        if (const auto at = line.find(" --runs 1"); at != std::string::npos) line.erase(at, line.find(' ', at + 8) - at);
        const auto more = line.find(" || ");
        line.insert(std::min(more, line.size()), " --runs 10");
    }
    return all;
}

}  // namespace

TEST_CASE("docs: the commands of the page about simulation run, and print what it shows") {
    const folder         f;
    const markdown::page page(content(path));
    fs::create_directory_symlink(cli_support::source + "/examples", f.path / "examples");
    (void)filled(f);
    auto text = page.text;
    for (const auto& b : page.blocks)
        if (b.kind == "json" && b.text.starts_with("// ")) std::ofstream(f.path / b.text.substr(3, b.text.find(':') - 3)) << b.text;
    for (std::size_t i = 0; i < page.blocks.size(); ++i) {
        const auto& b = page.blocks[i];
        if (b.kind != "sh") continue;
        const auto* shown = i + 1 < page.blocks.size() && page.blocks[i + 1].kind == "text" ? &page.blocks[i + 1] : nullptr;
        INFO(b.text);
        REQUIRE_MESSAGE(runs(f, shown != nullptr ? b.text : shortened(b.text)), content(f / "err"));
        if (shown == nullptr) continue;
        const auto* update = std::getenv("QUORATE_UPDATE_GOLDEN");
        if (update == nullptr || std::string_view(update) != "1") {
            CHECK(content(f / "out") == shown->text);
            continue;
        }
        const auto at = text.find("```text\n" + shown->text + "```", text.find(b.text));
        REQUIRE(at != std::string::npos);
        text.replace(at + 8, shown->text.size(), content(f / "out"));
    }
    if (text != page.text) std::ofstream(path, std::ios::binary) << text;
    CHECK(has(content(f / "report.html"), "<svg"));
}
