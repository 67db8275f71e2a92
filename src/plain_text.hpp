// Text of unknown origin made fit for a page: no control characters, lines of a width. Internal: not installed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "json_out.hpp"

namespace quorate::plain_text {

/// Bidirectional overrides and isolates (U+202A to U+202E, U+2066 to U+2069) make text read as what it isn't.
[[nodiscard]] inline bool is_bidi_control(std::string_view c) {
    return c.size() == 3 && c[0] == '\xE2' &&
           ((c[1] == '\x80' && c[2] >= '\xAA' && c[2] <= '\xAE') ||
            (c[1] == '\x81' && c[2] >= '\xA6' && c[2] <= '\xA9'));
}

/// Line breaks and tabs become spaces; other control characters, bidirectional controls and what is no UTF-8, U+FFFD.
[[nodiscard]] inline std::string clean(std::string_view s) {
    std::string out;
    while (!s.empty()) {
        const auto n = json_text::utf8_length(s);
        const auto c = s.substr(0, n == 0 ? 1 : n);
        const auto code = static_cast<unsigned char>(c[0]);
        const bool c1 = n == 2 && code == 0xC2 && static_cast<unsigned char>(c[1]) < 0xA0;
        if (n == 1 && (c[0] == '\n' || c[0] == '\r' || c[0] == '\t')) out += ' ';
        else if (n == 0 || (n == 1 && (code < 0x20 || code == 0x7F)) || c1 || is_bidi_control(c)) out += "\xEF\xBF\xBD";
        else out += c;
        s.remove_prefix(c.size());
    }
    return out;
}

/// How many code points a text has; it must be UTF-8.
[[nodiscard]] inline std::size_t width(std::string_view s) {
    std::size_t n = 0;
    for (const char c : s) n += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    return n;
}

/// The text in lines of at most `most` code points, broken at spaces; a longer word has a line to itself. At least one
/// line, which is empty if there are no words.
[[nodiscard]] inline std::vector<std::string> wrap(std::string_view s, std::size_t most) {
    std::vector<std::string> lines(1);
    while (!s.empty()) {
        const auto space = s.find(' ');
        const auto word = s.substr(0, space);
        s = space == std::string_view::npos ? std::string_view{} : s.substr(space + 1);
        if (word.empty()) continue;
        if (!lines.back().empty() && width(lines.back()) + 1 + width(word) > most) lines.emplace_back();
        if (!lines.back().empty()) lines.back() += ' ';
        lines.back() += word;
    }
    return lines;
}

}  // namespace quorate::plain_text
