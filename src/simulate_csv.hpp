// One field of comma-separated values. Internal.
#pragma once

#include <string>
#include <string_view>

namespace quorate::simulate {

/// In quotes where it must be (RFC 4180).
inline std::string csv(std::string_view s) {
    if (s.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(s);
    std::string out = "\"";
    for (const char c : s) (out += c == '"' ? "\"" : "") += c;
    return out + '"';
}

}  // namespace quorate::simulate
