#include "dialect_text.hpp"

#include <algorithm>
#include <map>

#include "json_out.hpp"

namespace quorate::dialect_text {

std::size_t space_length(std::string_view s) {
    if (s.empty()) return 0;
    const auto at = [&](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0U; };
    const auto c = at(0);
    if ((c >= 0x09 && c <= 0x0D) || c == 0x20) return 1;
    if (c == 0xC2) return at(1) == 0x85 || at(1) == 0xA0 ? 2 : 0;            // U+0085, U+00A0
    if (c == 0xE1) return at(1) == 0x9A && at(2) == 0x80 ? 3 : 0;            // U+1680
    if (c == 0xE3) return at(1) == 0x80 && at(2) == 0x80 ? 3 : 0;            // U+3000
    if (c != 0xE2) return 0;
    if (at(1) == 0x81) return at(2) == 0x9F ? 3 : 0;                         // U+205F
    const bool in_80 = (at(2) >= 0x80 && at(2) <= 0x8A) || at(2) == 0xA8 || at(2) == 0xA9 || at(2) == 0xAF;
    return at(1) == 0x80 && in_80 ? 3 : 0;                                   // U+2000 to U+200A, U+2028, U+2029, U+202F
}

std::string_view trimmed_left(std::string_view s) {
    for (auto n = space_length(s); n != 0; n = space_length(s)) s.remove_prefix(n);
    return s;
}

std::string_view trimmed(std::string_view s) {
    s = trimmed_left(s);
    for (;;) {
        std::size_t n = 0;
        for (std::size_t k = 1; k <= 3 && k <= s.size() && n == 0; ++k)
            if (space_length(s.substr(s.size() - k)) == k) n = k;
        if (n == 0) return s;
        s.remove_suffix(n);
    }
}

std::string_view first_word(std::string_view s) {
    std::size_t end = 0;
    while (end < s.size() && space_length(s.substr(end)) == 0) ++end;
    return s.substr(0, end);
}

std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    auto       line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (end != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

bool valid_utf8(std::string_view s) {
    while (!s.empty()) {
        const auto n = json_text::utf8_length(s);
        if (n == 0) return false;
        s.remove_prefix(n);
    }
    return true;
}

std::string_view shortened(std::string_view s, std::size_t most) {
    if (s.size() <= most) return s;
    while (most > 0 && (static_cast<unsigned char>(s[most]) & 0xC0U) == 0x80U) --most;
    return s.substr(0, most);
}

// ---- Markdown -------------------------------------------------------------------------------------------------------------------
namespace {

constexpr std::size_t code_indent = 4;

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

/// Columns of white space at the start; tabs go to the next multiple of four.
std::size_t indent_of(std::string_view line) {
    std::size_t columns = 0;
    for (const char c : line) {
        if (c == ' ') ++columns;
        else if (c == '\t') columns += code_indent - columns % code_indent;
        else break;
    }
    return columns;
}

/// The fence that a line begins with: its character and length; length 0 if none.
struct fence {
    char        mark = 0;
    std::size_t length = 0;
    bool        bare = false;  ///< nothing behind it, so that it can close
};
fence fence_of(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.empty() || (line[0] != '`' && line[0] != '~')) return {};
    const auto length = std::min(line.find_first_not_of(line[0]), line.size());
    if (length < 3) return {};
    const auto rest = line.substr(length);
    if (line[0] == '`' && rest.find('`') != std::string_view::npos) return {};  // a code span
    return {line[0], length, is_blank(rest)};
}

/// Columns up to the content of a list item that starts on this line; 0 if none does.
std::size_t item_indent(std::string_view line) {
    const auto start = std::min(line.find_first_not_of(" \t"), line.size());
    auto       rest = line.substr(start);
    const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    std::size_t marker = 0;
    if (digits > 0 && digits <= 9 && digits < rest.size() && (rest[digits] == '.' || rest[digits] == ')')) marker = digits + 1;
    else if (!rest.empty() && (rest[0] == '-' || rest[0] == '*' || rest[0] == '+')) marker = 1;
    if (marker == 0 || (marker < rest.size() && rest[marker] != ' ' && rest[marker] != '\t')) return 0;
    return indent_of(line) + marker + 1;
}

/// A walk over the lines: blocks are set apart as they are found, the paragraphs between them are searched for spans.
class markdown_walk {
public:
    explicit markdown_walk(std::string_view text) : text_(text) {}

    ranges operator()() {
        auto rest = text_;
        while (!rest.empty()) {
            const auto start = text_.size() - rest.size();
            const auto line = take_line(rest);
            take(line, start, text_.size() - rest.size());
        }
        end_paragraph(text_.size());
        std::sort(found_.begin(), found_.end());
        return std::move(found_);
    }

private:
    enum class block : unsigned char { none, fenced, quote, html, comment };

    void take(std::string_view line, std::size_t start, std::size_t end) {
        if (inside(line, start, end)) return;
        const bool blank = is_blank(line);
        const auto indent = indent_of(line);
        const auto content = item_indent(line);
        if (!blank && content == 0 && indent < list_ && !in_paragraph_) list_ = 0;
        const auto own = indent - std::min(indent, list_);  // relative to the list item that it belongs to
        if (blank) return end_paragraph(start);
        if (const auto f = fence_of(line); f.length > 0 && own < code_indent) {
            end_paragraph(start);
            open_ = f;
            return begin(block::fenced, start, end);
        }
        if (!in_paragraph_ && content == 0 && own >= code_indent) return set(start, end);
        if (content != 0 && own < code_indent) {
            end_paragraph(start);
            list_ = content;
        }
        const auto text = inner(line, content != 0);
        if (const auto f = fence_of(text); content != 0 && f.length > 0) {
            open_ = f;
            return begin(block::fenced, start, end);
        }
        if (text.starts_with('>') && own < code_indent) {
            end_paragraph(start);
            return begin(block::quote, start, end);
        }
        if (!in_paragraph_ && html_block(text, start, end)) return;
        if (!in_paragraph_) paragraph_ = start;
        in_paragraph_ = true;
    }

    /// The line without its indent, and without the marker of the list item that it begins.
    static std::string_view inner(std::string_view line, bool item) {
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (!item) return line;
        line.remove_prefix(std::min(line.find_first_of(" \t"), line.size()));
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        return line;
    }

    /// Whether the line belongs to the block that is open, or ends it.
    bool inside(std::string_view line, std::size_t start, std::size_t end) {
        switch (block_) {
            case block::none: return false;
            case block::fenced: {
                set(start, end);
                const auto f = fence_of(line);
                if (f.mark == open_.mark && f.length >= open_.length && f.bare) block_ = block::none;
                return true;
            }
            case block::comment:
                set(start, end);
                if (line.find("-->") != std::string_view::npos) block_ = block::none;
                return true;
            case block::quote:
            case block::html:
                // A quotation goes on lazily until a blank line, a fence or a list item; an HTML block until a blank line.
                if (is_blank(line) || (block_ == block::quote && (fence_of(line).length > 0 || item_indent(line) != 0))) {
                    block_ = block::none;
                    return false;
                }
                set(start, end);
                return true;
        }
        return false;
    }

    bool html_block(std::string_view text, std::size_t start, std::size_t end) {
        if (text.starts_with("<!--")) {
            const bool closed = text.find("-->") != std::string_view::npos;
            if (closed) set(start, end);
            else begin(block::comment, start, end);
            return true;
        }
        const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
        const bool tag = text.size() > 1 && text[0] == '<' && (letter(text[1]) || (text[1] == '/' && text.size() > 2 && letter(text[2])));
        if (!tag || !block_tag(text)) return false;
        begin(block::html, start, end);
        return true;
    }
    /// Tags that begin a block of HTML wherever they begin a line; other tags are inline.
    static bool block_tag(std::string_view text) {
        static constexpr std::string_view known =
            "|address|article|aside|blockquote|body|center|col|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|"
            "h1|h2|h3|h4|h5|h6|head|header|hr|html|iframe|legend|li|link|main|menu|nav|ol|p|param|pre|script|search|section|style|"
            "summary|table|tbody|td|textarea|tfoot|th|thead|title|tr|track|ul|";
        text.remove_prefix(text.starts_with("</") ? 2 : 1);
        std::string name = "|";
        for (const char c : text.substr(0, 12)) {
            if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) break;
            name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
        return known.find(name + '|') != std::string_view::npos;
    }

    void begin(block b, std::size_t start, std::size_t end) {
        block_ = b;
        set(start, end);
    }
    void set(std::size_t start, std::size_t end) { found_.emplace_back(start, end); }

    // ---- spans ------------------------------------------------------------------------------------------------------------------
    void end_paragraph(std::size_t end) {
        if (in_paragraph_) spans(paragraph_, end);
        in_paragraph_ = false;
    }
    /// Code spans, which are closed by as many backticks as opened them, and HTML between them.
    void spans(std::size_t start, std::size_t end) {
        std::map<std::size_t, std::vector<std::size_t>> runs;  // by length: where they begin, in order
        for (auto i = start; i < end; ++i) {
            if (text_[i] != '`') continue;
            const auto n = std::min(text_.find_first_not_of('`', i), end) - i;
            runs[n].push_back(i);
            i += n - 1;
        }
        bool no_more_tags = false;
        for (auto i = start; i < end;) {
            if (text_[i] == '\\' && i + 1 < end) {  // an escaped backtick opens nothing
                i += 2;
            } else if (text_[i] == '`') {
                const auto  n = std::min(text_.find_first_not_of('`', i), end) - i;
                const auto& same = runs[n];
                const auto  close = std::upper_bound(same.begin(), same.end(), i);
                if (close != same.end()) set(i, *close + n);
                i = close != same.end() ? *close + n : i + n;
            } else if (text_[i] == '<' && !no_more_tags && is_tag(i, end)) {
                const auto close = text_.substr(0, end).find('>', i);
                no_more_tags = close == std::string_view::npos;
                if (!no_more_tags) set(i, close + 1);
                i = no_more_tags ? i + 1 : close + 1;
            } else {
                ++i;
            }
        }
    }
    [[nodiscard]] bool is_tag(std::size_t i, std::size_t end) const {
        if (i + 1 >= end) return false;
        const char c = text_[i + 1];
        return c == '/' || c == '!' || c == '?' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    std::string_view text_;
    ranges           found_;
    block            block_ = block::none;
    fence            open_{};
    std::size_t      list_ = 0;  ///< column of the content of the list item that is open; 0: none
    bool             in_paragraph_ = false;
    std::size_t      paragraph_ = 0;
};

}  // namespace

ranges set_apart(std::string_view markdown) {
    auto found = markdown_walk(markdown)();
    ranges apart;
    for (const auto& r : found) {
        if (!apart.empty() && r.first <= apart.back().second) apart.back().second = std::max(apart.back().second, r.second);
        else apart.push_back(r);
    }
    return apart;
}

bool overlaps(const ranges& r, std::size_t from, std::size_t to) {
    const auto next = std::upper_bound(r.begin(), r.end(), from, [](std::size_t at, const auto& x) { return at < x.second; });
    return next != r.end() && next->first < to;
}

}  // namespace quorate::dialect_text
