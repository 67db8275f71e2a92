// The verbs of a dialect as they are written: forms with "|" between them. Internal: not installed.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/dialect.hpp>

#include "dialect_text.hpp"
#include "json.hpp"

namespace quorate::dialect_forms {

inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z'); }
/// White space as the regular expressions of slash commands have it.
inline bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v'); }

inline bool is_word_character(char c) {
    return is_letter_or_digit(c) || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

inline std::string lowered(std::string_view word) {
    std::string s(word);
    std::transform(s.begin(), s.end(), s.begin(), lower);
    return s;
}
/// As the dialect compares words of commands.
inline std::string folded(const dialect& d, std::string_view s) { return d.any_case ? lowered(s) : std::string(s); }
inline bool        same(const dialect& d, std::string_view said, std::string_view wanted) { return folded(d, said) == wanted; }
/// Letters, digits and "-", as the words of slash commands are.
inline bool plain_word(std::string_view word) {
    return std::all_of(word.begin(), word.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; }) &&
           std::any_of(word.begin(), word.end(), [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; });
}

/// The first of some forms; they go on behind it.
inline std::string_view take_form(std::string_view& forms) {
    const auto form = forms.substr(0, forms.find('|'));
    forms.remove_prefix(std::min(form.size() + 1, forms.size()));
    return form;
}
/// Calls `f(verb, form)` for every form of every verb, in order.
template <class F>
void each_form(const dialect& d, const F& f) {
    for (const auto& reader : d.readers)
        for (const auto& v : reader.verbs)
            for (auto forms = v.forms; !forms.empty();) f(v, take_form(forms));
}
inline std::vector<std::string_view> all_forms(const dialect& d) {
    std::vector<std::string_view> all;
    each_form(d, [&](const dialect_verb&, std::string_view form) { all.push_back(form); });
    return all;
}
/// Of each verb the form to learn, each once.
inline std::vector<std::string_view> first_forms(const dialect& d) {
    std::vector<std::string_view> all;
    each_form(d, [&](const dialect_verb& v, std::string_view form) {
        if (v.forms.starts_with(form) && v.forms.data() == form.data() && std::find(all.begin(), all.end(), form) == all.end()) all.push_back(form);
    });
    return all;
}
inline std::string verbs(const dialect& d) {
    std::string s;
    for (const auto form : first_forms(d)) s += (s.empty() ? "" : ", ") + std::string(d.where == addressing::slash ? "/" : "") + std::string(form);
    return s;
}
/// How slash commands of that first word are written; empty if there are none.
inline std::string usages(const dialect& d, std::string_view word) {
    std::string s;
    each_form(d, [&](const dialect_verb& v, std::string_view form) {
        if (!same(d, word, dialect_text::first_word(form))) return;
        const auto behind = v.rest == after_verb::profile ? "[-PROFILE]" : v.with.empty() ? std::string() : " " + std::string(v.with);
        const auto whole = json_text::in_quotes('/' + std::string(form) + behind);
        if (s.find(whole) == std::string::npos) s += (s.empty() ? "" : " or ") + whole;
    });
    return s;
}

}  // namespace quorate::dialect_forms
