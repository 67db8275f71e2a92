// Writing canonical JSON: keys in the order written, integers only, no white space unless asked
// for. Internal: not installed.
#pragma once

#include <boost/assert.hpp>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quorate::json_text {

/// Length of the well-formed UTF-8 sequence at the front of `s` (RFC 3629: no overlong forms, no
/// surrogates), or 0.
[[nodiscard]] inline std::size_t utf8_length(std::string_view s) noexcept {
    const auto byte = [&](std::size_t i) {
        return i < s.size() ? static_cast<unsigned char>(s[i]) : 0U;
    };
    const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned first = byte(0);
    if (s.empty()) return 0;
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return tail(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const bool fine = (first != 0xE0 || byte(1) >= 0xA0) && (first != 0xED || byte(1) <= 0x9F);
        return fine && tail(1) && tail(2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const bool fine = (first != 0xF0 || byte(1) >= 0x90) && (first != 0xF4 || byte(1) <= 0x8F);
        return fine && tail(1) && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

/// Appends `s` as a JSON string. Escaped are the quote, the backslash and control characters,
/// nothing else; bytes that are no UTF-8 become U+FFFD each, so that what is written can always be
/// read.
inline void append_string(std::string& out, std::string_view s) {
    constexpr std::string_view hex = "0123456789abcdef";
    out += '"';
    while (!s.empty()) {
        const char c = s.front();
        const std::size_t n = utf8_length(s);
        if (n == 0)
            out += "\xEF\xBF\xBD";
        else if (n > 1)
            out += s.substr(0, n);
        else if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (c == '\n')
            out += "\\n";
        else if (c == '\r')
            out += "\\r";
        else if (c == '\t')
            out += "\\t";
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            out += "\\u00";
            out += hex[static_cast<unsigned char>(c) >> 4];
            out += hex[static_cast<unsigned char>(c) & 15];
        } else
            out += c;
        s.remove_prefix(n == 0 ? 1 : n);
    }
    out += '"';
}

/// Builds one JSON document front to back:
///
///     json_out out;
///     out.object().field("id", 7).field("by", "alice");
///     out.key("teams").array().value("lang").end().end();
///     std::string text = std::move(out).str();
///
/// Keys appear as written; the caller keeps their order fixed, which makes the bytes canonical.
/// There is no way to write a floating-point number. Misuse (a value without key in an object,
/// `end` too often) is a bug and asserted.
class json_out {
public:
    /// `indent` spaces per level, or one line without any white space for 0.
    explicit json_out(int indent = 0) : indent_(indent) {}

    json_out& object() { return open('{', '}'); }
    json_out& array() { return open('[', ']'); }
    /// Closes the innermost open object or array.
    json_out& end() {
        BOOST_ASSERT(!open_.empty() && !after_key_);
        const level last = open_.back();
        open_.pop_back();
        if (!last.empty) line();
        out_ += last.close;
        return *this;
    }
    json_out& key(std::string_view k) {
        BOOST_ASSERT(!open_.empty() && open_.back().close == '}' && !after_key_);
        separate();
        append_string(out_, k);
        out_ += indent_ > 0 ? ": " : ":";
        after_key_ = true;
        return *this;
    }

    json_out& value(std::string_view s) {
        separate();
        append_string(out_, s);
        return *this;
    }
    json_out& value(const std::string& s) { return value(std::string_view(s)); }
    json_out& value(const char* s) { return value(std::string_view(s)); }
    template <class Integer>
        requires std::integral<Integer>
    json_out& value(Integer i) {
        if constexpr (std::same_as<Integer, bool>)
            return raw(i ? "true" : "false");
        else
            return raw(std::to_string(i));
    }
    json_out& null() { return raw("null"); }
    /// Appends text that is already JSON, such as another canonical document.
    json_out& raw(std::string_view json) {
        separate();
        out_ += json;
        return *this;
    }
    template <class Value>
    json_out& field(std::string_view k, const Value& v) {
        return key(k).value(v);
    }
    /// An array of strings.
    template <class Strings>
    json_out& strings(std::string_view k, const Strings& all) {
        key(k).array();
        for (const auto& s : all) value(std::string_view(s));
        return end();
    }

    /// What was written. All objects and arrays must be closed.
    [[nodiscard]] std::string str() && {
        BOOST_ASSERT(open_.empty());
        return std::move(out_);
    }
    [[nodiscard]] const std::string& str() const& {
        BOOST_ASSERT(open_.empty());
        return out_;
    }

private:
    struct level {
        char close;
        bool empty = true;
    };

    json_out& open(char first, char last) {
        separate();
        out_ += first;
        open_.push_back({last});
        return *this;
    }
    void separate() {
        if (std::exchange(after_key_, false)) return;
        if (open_.empty()) return;
        if (!open_.back().empty) out_ += ',';
        open_.back().empty = false;
        line();
    }
    void line() {
        if (indent_ <= 0) return;
        out_ += '\n';
        out_.append(open_.size() * static_cast<std::size_t>(indent_), ' ');
    }

    std::string out_;
    std::vector<level> open_;
    int indent_;
    bool after_key_ = false;
};

}  // namespace quorate::json_text
