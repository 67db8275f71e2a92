// Characters, words and numbers of rule text. Included by rule.hpp only.
#pragma once

namespace quorate::detail {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool is_name_char(char c) { return is_letter(c) || is_digit(c); }

constexpr std::int64_t gcd(std::int64_t a, std::int64_t b) {
    while (b != 0) {
        const auto r = a % b;
        a = b;
        b = r;
    }
    return a;
}

struct unit_row {
    std::string_view name;
    std::int64_t     microseconds;
};
inline constexpr std::array<unit_row, 10> rule_units{{
    {"seconds", 1'000'000}, {"second", 1'000'000}, {"minutes", 60'000'000}, {"minute", 60'000'000},
    {"hours", 3'600'000'000}, {"hour", 3'600'000'000}, {"days", 86'400'000'000}, {"day", 86'400'000'000},
    {"weeks", 604'800'000'000}, {"week", 604'800'000'000},
}};
/// The microseconds of a unit, or 0 when it is none.
constexpr std::int64_t unit_of(std::string_view word) {
    for (const auto& row : rule_units)
        if (word == row.name) return row.microseconds;
    return 0;
}

/// Words that can't begin a part, or begin a special one: a name that reads like one must stand in quotes.
inline constexpr std::array<std::string_view, 10> reserved_words{"and",  "or",   "not",    "of",     "in",
                                                                 "by",   "then", "else",   "except", "parent"};
inline constexpr std::array<std::string_view, 5> opening_words{"if", "each", "at", "teams", "leads"};

struct rule_scanner {
    std::string_view text;
    std::size_t      pos = 0;
    rule_error       error{};

    constexpr void skip_space() {
        while (pos < text.size() && (text[pos] == ' ' || text[pos] == '\t' || text[pos] == '\n' || text[pos] == '\r'))
            ++pos;
    }
    constexpr std::uint16_t fail(std::string_view expected) {
        if (!error.is_error()) error = {static_cast<std::uint16_t>(pos), expected, {}};
        return no_node;
    }
    constexpr bool take(std::string_view punctuation) {
        skip_space();
        if (text.substr(pos, punctuation.size()) != punctuation) return false;
        pos += punctuation.size();
        return true;
    }
    constexpr bool need(std::string_view punctuation, std::string_view expected) {
        if (take(punctuation)) return true;
        fail(expected);
        return false;
    }
    /// The identifier at `pos`, or empty. A hyphen belongs to it when a letter or digit follows at once.
    constexpr std::string_view peek_word() {
        skip_space();
        if (pos >= text.size() || !is_letter(text[pos])) return {};
        std::size_t end = pos + 1;
        while (end < text.size() &&
               (is_name_char(text[end]) ||
                (text[end] == '-' && end + 1 < text.size() && is_name_char(text[end + 1]))))
            ++end;
        return text.substr(pos, end - pos);
    }
    constexpr bool take_word(std::string_view word) {
        if (peek_word() != word) return false;
        pos += word.size();
        return true;
    }
    constexpr bool next_is_word_pair(std::string_view first, std::string_view second) {
        const auto before = pos;
        const bool both = take_word(first) && take_word(second);
        pos = before;
        return both;
    }

    constexpr bool take_digits(std::int64_t& value, std::int64_t* scale) {
        const auto begin = pos;
        for (; pos < text.size() && is_digit(text[pos]); ++pos) {
            if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, text[pos] - '0', &value) ||
                (scale != nullptr && __builtin_mul_overflow(*scale, 10, scale))) {
                fail("a number of at most 18 digits");
                return false;
            }
        }
        if (pos == begin) fail("a digit");
        return pos != begin;
    }
};

}  // namespace quorate::detail
