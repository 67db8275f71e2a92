// Text in HTML and SVG. Internal.
#pragma once

#include <string>
#include <string_view>

#include "plain_text.hpp"

namespace quorate {

/// Safe as text and inside double quotes.
[[nodiscard]] inline std::string xml(std::string_view s) {
    std::string out;
    for (const char c : plain_text::clean(s)) {
        if (c == '&') out += "&amp;";
        else if (c == '<') out += "&lt;";
        else if (c == '>') out += "&gt;";
        else if (c == '"') out += "&quot;";
        else out += c;
    }
    return out;
}

}  // namespace quorate
