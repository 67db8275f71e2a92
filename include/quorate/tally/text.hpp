// How counts and ballot files treat text: numbers as digits, names that are safe to print, JSON strings.
#pragma once

#include <quorate/ratio.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace quorate::tally::detail {

/// The length in bytes of the character at the front of `s`, which is not empty; 0 when it is not well-formed UTF-8.
[[nodiscard]] inline std::size_t utf8_length(std::string_view s) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(s[i])); };
    const auto lead = at(0);
    if (lead < 0x80) return 1;
    const std::size_t n = lead >= 0xF0 && lead < 0xF5 ? 4 : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xC2 && lead < 0xE0 ? 2 : 0;
    if (n == 0 || s.size() < n) return 0;
    for (std::size_t i = 1; i < n; ++i)
        if ((at(i) & 0xC0U) != 0x80U) return 0;
    const bool overlong = (lead == 0xE0 && at(1) < 0xA0) || (lead == 0xF0 && at(1) < 0x90);
    const bool outside = (lead == 0xED && at(1) >= 0xA0) || (lead == 0xF4 && at(1) >= 0x90);
    return overlong || outside ? 0 : n;
}

[[nodiscard]] inline bool is_utf8(std::string_view s) {
    while (!s.empty()) {
        const auto n = utf8_length(s);
        if (n == 0) return false;
        s.remove_prefix(n);
    }
    return true;
}

inline void append_hex(std::string& out, unsigned char byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
}

/// One line that a terminal can't misread: control characters and broken UTF-8 become \xNN.
[[nodiscard]] inline std::string printable(std::string_view s) {
    std::string out;
    while (!s.empty()) {
        const auto n = utf8_length(s);
        const auto first = static_cast<unsigned char>(s.front());
        const bool c1 = n == 2 && first == 0xC2 && static_cast<unsigned char>(s[1]) < 0xA0;
        if (n == 0 || first < 0x20 || first == 0x7F || c1) {
            for (const char c : s.substr(0, n == 0 ? 1 : n)) append_hex(out += "\\x", static_cast<unsigned char>(c));
        } else {
            out += s.substr(0, n);
        }
        s.remove_prefix(n == 0 ? 1 : n);
    }
    return out;
}

/// How many columns well-formed text takes: one for each character.
[[nodiscard]] inline std::size_t width(std::string_view s) {
    std::size_t n = 0;
    for (const char c : s) n += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1U : 0U;
    return n;
}

/// A JSON string; what is not UTF-8 becomes U+FFFD.
inline void append_json(std::string& out, std::string_view s) {
    out += '"';
    while (!s.empty()) {
        const auto n = utf8_length(s);
        const auto first = static_cast<unsigned char>(s.front());
        if (n == 0) out += "\\ufffd";
        else if (first == '"' || first == '\\') (out += '\\') += s.front();
        else if (first < 0x20 || first == 0x7F) append_hex(out += "\\u00", first);
        else if (first == 0xC2 && static_cast<unsigned char>(s[1]) < 0xA0)
            append_hex(out += "\\u00", static_cast<unsigned char>(s[1]));
        else out += s.substr(0, n);
        s.remove_prefix(n == 0 ? 1 : n);
    }
    out += '"';
}

/// Digits with `decimals` (1 to 18) places, cut rather than rounded.
[[nodiscard]] inline std::string cut_decimal(const number& x, std::size_t decimals) {
    std::int64_t scale = 1;
    for (std::size_t i = 0; i < decimals; ++i) scale *= 10;
    const auto size = x.sign() < 0 ? negate(x) : x;
    auto       digits = to_string(quorate::floor(multiply(size, scale)));
    if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
    digits.insert(digits.size() - decimals, 1, '.');
    return x.sign() < 0 ? "-" + digits : digits;
}

/// A number for people: exact as an integer, as a decimal that ends, or as a short fraction or root; otherwise cut to six
/// decimals, with "~" before it.
[[nodiscard]] inline std::string shown(const number& x) {
    constexpr std::size_t longest_fraction = 15, most_decimals = 9, cut_to = 6;
    if (x.is_integer()) return to_string(x);
    std::int64_t scale = 1;
    for (std::size_t d = 1; d <= most_decimals && x.is_rational(); ++d) {
        scale *= 10;
        if (multiply(x, scale).is_integer()) return cut_decimal(x, d);
    }
    auto text = to_string(x);
    return text.size() <= longest_fraction ? text : "~" + cut_decimal(x, cut_to);
}

/// The number as JSON: a number where it is an integer of at most 15 digits (which every reader keeps), else exact text.
inline void append_json(std::string& out, const number& x) {
    auto text = to_string(x);
    if (x.is_integer() && text.size() <= 15) out += text;
    else append_json(out, std::string_view(text));
}

}  // namespace quorate::tally::detail
