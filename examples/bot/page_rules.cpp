// Rules in English: the paragraphs that `describe` writes, as HTML.
#include <algorithm>

#include "describe.hpp"
#include "page_parts.hpp"
#include "xml_text.hpp"

namespace bot {
namespace {

using blocks = std::vector<quorate::prose::page::block>;

/// "- ", "1. ", "1) " at the front: its length; 0: no item.
std::size_t marker_length(std::string_view s) {
    if (s.starts_with("- ")) return 2;
    const auto digits = std::min(s.find_first_not_of("0123456789"), s.size());
    return digits > 0 && digits + 1 < s.size() && (s[digits] == '.' || s[digits] == ')') && s[digits + 1] == ' ' ? digits + 2 : 0;
}
bool is_heading(const quorate::prose::page::block& b) {
    return b.indent == 2 && !b.text.empty() &&
           std::all_of(b.text.begin(), b.text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == ' '; });
}
std::string words_of(std::string_view text) {
    constexpr std::string_view written = "Written: ";
    if (text.starts_with(written)) return "Written: " + in_code(text.substr(written.size()));
    return quorate::xml(text);
}

/// What is indented by `indent` or more, from `at` on.
std::string indented(const blocks& all, std::size_t& at, std::size_t indent) {
    std::string s;
    while (at < all.size() && (all[at].text.empty() || (all[at].indent >= indent && !is_heading(all[at])))) {
        const auto marker = marker_length(all[at].text);
        if (all[at].text.empty()) {
            ++at;
        } else if (marker == 0) {
            s += "<p>" + words_of(all[at++].text) + "</p>\n";
        } else {
            const auto own = all[at].indent;
            const auto list = std::string(all[at].text.front() == '-' ? "ul" : "ol");
            s += "<" + list + ">\n";
            while (at < all.size()) {
                if (all[at].text.empty()) {
                    ++at;
                    continue;
                }
                const auto length = marker_length(all[at].text);
                if (all[at].indent != own || length == 0 || (all[at].text.front() == '-') != (list == "ul")) break;
                s += "<li>" + words_of(std::string_view(all[at].text).substr(length));
                ++at;
                s += indented(all, at, own + 1) + "</li>\n";
            }
            s += "</" + list + ">\n";
        }
    }
    return s;
}

}  // namespace

std::string rules_in_english(const quorate::process& p) {
    const auto  text = quorate::prose::described(p);
    const auto& all = text.blocks();
    std::string s;
    std::size_t at = 1;  // the name of the process has been said
    while (at < all.size()) {
        if (is_heading(all[at])) {
            s += "<h3>" + quorate::xml(all[at].text.substr(0, 1));
            for (const char c : std::string_view(all[at].text).substr(1))
                s += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            s += "</h3>\n";
            ++at;
        }
        const auto before = at;
        s += indented(all, at, 0);
        if (at == before && at < all.size() && !is_heading(all[at])) ++at;
    }
    return s;
}

}  // namespace bot
