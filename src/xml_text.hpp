// Text in HTML and SVG. Internal.
#pragma once

#include <string>
#include <string_view>

#include "plain_text.hpp"

namespace quorate {

/// Safe as text and inside double quotes. U+FFFE and U+FFFF, which XML doesn't have, become U+FFFD.
[[nodiscard]] inline std::string xml(std::string_view s) {
    std::string out;
    for (const char c : plain_text::clean(s)) {
        if (c >= '\xBE' && c <= '\xBF' && out.ends_with("\xEF\xBF")) out += '\xBD';
        else if (c == '&') out += "&amp;";
        else if (c == '<') out += "&lt;";
        else if (c == '>') out += "&gt;";
        else if (c == '"') out += "&quot;";
        else out += c;
    }
    return out;
}

}  // namespace quorate
