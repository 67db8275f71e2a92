// Comparing text with files under tests/golden. With QUORATE_UPDATE_GOLDEN=1 in the environment they are written
// instead; look at the difference before committing it.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#ifndef QUORATE_SOURCE_DIR
#define QUORATE_SOURCE_DIR "."
#endif

namespace golden {

inline std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The charters of examples/charters, by name: each has golden files. To add one is to put it there.
inline std::vector<std::string> shipped_charters() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(QUORATE_SOURCE_DIR "/examples/charters"))
        if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

/// Checks that `text` is what the file holds; shows the first line that differs.
inline void check(const std::string& name, const std::string& text) {
    const auto  path = std::string(QUORATE_SOURCE_DIR "/tests/golden/") + name;
    const auto* update = std::getenv("QUORATE_UPDATE_GOLDEN");
    if (update != nullptr && std::string_view(update) == "1") {
        std::ofstream(path, std::ios::binary) << text;
        return;
    }
    const auto wanted = read(path);
    std::size_t at = 0;
    while (at < text.size() && at < wanted.size() && text[at] == wanted[at]) ++at;
    const auto line_at = [at](const std::string& s) {
        const auto begin = at == 0 ? std::string::npos : s.rfind('\n', at - 1);
        const auto from = begin == std::string::npos ? 0 : begin + 1;
        return from >= s.size() ? std::string("(end of text)") : s.substr(from, s.find('\n', from) - from);
    };
    CAPTURE(name);
    CAPTURE(line_at(text));
    CAPTURE(line_at(wanted));
    CHECK_MESSAGE(text == wanted, "differs from its golden file; QUORATE_UPDATE_GOLDEN=1 rewrites it");
}

}  // namespace golden
