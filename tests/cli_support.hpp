// The tool, run as a program, for tests of its subcommands.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "json.hpp"

namespace cli_support {

using namespace quorate;
namespace fs = std::filesystem;

inline const std::string source = QUORATE_SOURCE_DIR;
inline const std::string data = source + "/tests/data/cli/";
inline const std::string rfc = source + "/examples/charters/rfc.json";
inline const std::string rust = source + "/examples/charters/rust.json";
inline const std::string small = source + "/examples/rosters/small.json";

/// A folder of its own for each test, gone afterwards.
struct folder {
    fs::path path;
    folder() {
        auto pattern = (fs::temp_directory_path() / "quorate-cli-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path = pattern;
    }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;
    ~folder() {
        std::error_code ec;
        fs::remove_all(path, ec);
    }
    [[nodiscard]] std::string operator/(const char* name) const { return (path / name).string(); }
};

inline std::string quoted(const std::string& s) {
    std::string q = "'";
    for (const char c : s) q += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return q += "'";
}
inline std::string content(const std::string& path) {
    std::ifstream     in(path, std::ios::binary);
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
}

struct outcome {
    int         code = -1;
    std::string out, err;
};

inline outcome quorate_tool(const std::vector<std::string>& args, const std::string& input = {}, const std::string& before = {}) {
    const std::string tool = std::string(QUORATE_BIN_DIR) + "/quorate";
    REQUIRE_MESSAGE(fs::exists(tool), "build the target quorate-cli first");
    folder        temporary;
    std::ofstream(temporary / "in", std::ios::binary) << input;
    auto line = before + quoted(tool);
    for (const auto& a : args) line += ' ' + quoted(a);
    line += " < " + quoted(temporary / "in") + " > " + quoted(temporary / "out") + " 2> " + quoted(temporary / "err");
    const int status = std::system(line.c_str());
    CHECK_MESSAGE(WIFEXITED(status), "died: " << line);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content(temporary / "out"), content(temporary / "err")};
}

inline bool has(const std::string& text, std::string_view part) {
    if (text.find(part) == std::string::npos) MESSAGE(text);
    return text.find(part) != std::string::npos;
}
/// Every line is a JSON document.
inline std::size_t json_lines(const std::string& text) {
    std::istringstream in(text);
    std::size_t        n = 0;
    for (std::string line; std::getline(in, line); ++n) CHECK_MESSAGE(json_text::parse(line).has_value(), line);
    return n;
}
/// One JSON document.
inline json_text::node json_of(const outcome& o) {
    const auto n = json_text::parse(o.out, "output", std::size_t{64} << 20);
    REQUIRE_MESSAGE(n.has_value(), o.out);
    return n.value();
}

/// A journal with what commands.jsonl does.
inline std::string filled(const folder& f) {
    auto db = f / "decisions.db";
    const auto done = quorate_tool({"run", rfc, small, "--db", db}, content(data + "commands.jsonl"));
    REQUIRE_MESSAGE(done.code == 1, done.err);  // one of the commands is refused
    return db;
}

}  // namespace cli_support
