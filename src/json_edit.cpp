#include "json_edit.hpp"

#include <algorithm>

#include <boost/assert.hpp>

#include "json_out.hpp"

namespace quorate::json_text {

places::places(std::string_view text) : text_(text) {
    lines_.push_back(text.starts_with("\xEF\xBB\xBF") ? 3 : 0);
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == '\n') lines_.push_back(i + 1);
}

std::size_t places::offset(std::uint32_t line, std::uint32_t column) const {
    if (line == 0 || line > lines_.size()) return text_.size();
    auto at = lines_[line - 1];
    for (std::uint32_t i = 1; i < column && at < text_.size(); ++i) at += std::max<std::size_t>(utf8_length(text_.substr(at)), 1);
    return at;
}

std::size_t places::end_of_string(std::size_t begin) const {
    auto i = begin + 1;
    while (i < text_.size() && text_[i] != '"') i += text_[i] == '\\' ? 2 : 1;
    return std::min(i + 1, text_.size());
}

std::size_t places::end_of_comment(std::size_t begin) const {
    const bool line = text_.substr(begin, 2) == "//";
    const auto end = text_.find(line ? "\n" : "*/", begin + 2);
    return end == std::string_view::npos ? text_.size() : end + (line ? 1 : 2);
}

std::size_t places::end_of_value(std::size_t begin) const {
    if (begin >= text_.size()) return text_.size();
    if (text_[begin] == '"') return end_of_string(begin);
    if (text_[begin] != '{' && text_[begin] != '[')
        return std::min(text_.find_first_of(",:]} \t\r\n/", begin), text_.size());
    std::size_t depth = 0;
    for (auto i = begin; i < text_.size();) {
        const char c = text_[i];
        if (c == '"') {
            i = end_of_string(i);
        } else if (c == '/') {
            i = end_of_comment(i);
        } else {
            if (c == '{' || c == '[') ++depth;
            ++i;
            if ((c == '}' || c == ']') && --depth == 0) return i;
        }
    }
    return text_.size();
}

std::pair<std::size_t, std::size_t> places::of(const node& n) const {
    const auto begin = offset(n.line, n.column);
    return {begin, end_of_value(begin) - begin};
}

std::string edited(std::string_view text, std::vector<edit> edits) {
    std::sort(edits.begin(), edits.end(), [](const edit& a, const edit& b) { return a.at < b.at; });
    std::string out;
    std::size_t done = 0;
    for (const auto& e : edits) {
        BOOST_ASSERT(e.at >= done && e.at + e.length <= text.size());
        out += text.substr(done, e.at - done);
        out += e.text;
        done = e.at + e.length;
    }
    return out += text.substr(done);
}

std::string string_json(std::string_view s) {
    std::string out;
    append_string(out, s);
    return out;
}

}  // namespace quorate::json_text
