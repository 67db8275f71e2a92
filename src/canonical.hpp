// Canonical JSON at speed: the form that `payload_of` and `to_json` write, without white space, keys in one fixed
// order, absent fields left out. The reader takes exactly that form and nothing else, so that what it accepts has one
// spelling; text from people goes through json.hpp, which explains itself. Internal: not installed.
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

#include <quorate/time.hpp>

#include "json_out.hpp"

namespace quorate::canonical {

/// Bytes that stand for themselves in a JSON string and need no look at their neighbours.
inline constexpr auto plain_bytes = [] {
    std::array<bool, 256> plain{};
    for (std::size_t c = 0x20; c < 0x7F; ++c) plain[c] = c != '"' && c != '\\';
    return plain;
}();

[[nodiscard]] inline std::size_t plain_length(std::string_view s) noexcept {
    std::size_t n = 0;
    while (n < s.size() && plain_bytes[static_cast<unsigned char>(s[n])]) ++n;
    return n;
}

/// Well-formed UTF-8 without U+0000: what can be stored and comes back the same.
[[nodiscard]] inline bool storable(std::string_view s) noexcept {
    s.remove_prefix(plain_length(s));
    while (!s.empty()) {
        const std::size_t n = json_text::utf8_length(s);
        if (n == 0 || s.front() == '\0') return false;
        s.remove_prefix(n);
    }
    return true;
}

// ---- writing --------------------------------------------------------------------------------------------------------
inline void put_string(std::string& out, std::string_view s) {
    if (plain_length(s) != s.size()) return json_text::append_string(out, s);
    ((out += '"') += s) += '"';
}

inline void put_integer(std::string& out, std::int64_t i) {
    std::array<char, 24> digits{};
    const auto           end = std::to_chars(digits.data(), digits.data() + digits.size(), i).ptr;
    out.append(digits.data(), end);
}

/// Writes one object: `object_writer out{text}; out.text("by", by); out.close();`. Keys must need no escapes.
class object_writer {
public:
    explicit object_writer(std::string& out) : out_(out) { out_ += '{'; }

    std::string& key(std::string_view k) {
        if (!first_) out_ += ',';
        first_ = false;
        ((out_ += '"') += k) += "\":";
        return out_;
    }
    void text(std::string_view k, std::string_view value) { put_string(key(k), value); }
    /// Nothing when the value is empty.
    void some(std::string_view k, std::string_view value) {
        if (!value.empty()) text(k, value);
    }
    void integer(std::string_view k, std::int64_t value) { put_integer(key(k), value); }
    void flag(std::string_view k, bool value) { key(k) += value ? "true" : "false"; }
    void moment(std::string_view k, instant value) {
        key(k) += '"';
        append_to(out_, value);
        out_ += '"';
    }
    /// Nothing when there are none.
    template <class Strings>
    void list(std::string_view k, const Strings& all) {
        if (all.empty()) return;
        char before = '[';
        key(k);
        for (const auto& s : all) {
            out_ += before;
            put_string(out_, s);
            before = ',';
        }
        out_ += ']';
    }
    void close() { out_ += '}'; }

private:
    std::string& out_;
    bool         first_ = true;
};

// ---- reading --------------------------------------------------------------------------------------------------------
/// Reads canonical JSON off the front of a text. Once something is not as it must be, `ok` stays false and every
/// question is answered with no. Allocates only in the strings that it fills, which keep their capacity.
class scanner {
public:
    explicit scanner(std::string_view text) noexcept : rest_(text) {}

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
    bool fail() noexcept { return ok_ = false; }

    /// The literal text must come next.
    bool must(std::string_view literal) noexcept { return take(literal) || fail(); }
    [[nodiscard]] bool take(std::string_view literal) noexcept {
        if (!ok_ || !rest_.starts_with(literal)) return false;
        rest_.remove_prefix(literal.size());
        return true;
    }

    bool string(std::string& out) {
        out.clear();
        if (!must("\"")) return false;
        for (;;) {
            const std::size_t n = plain_length(rest_);
            out.append(rest_.data(), n);
            rest_.remove_prefix(n);
            if (rest_.empty()) return fail();
            if (rest_.front() == '"') break;
            if (rest_.front() == '\\' ? !escape(out) : !beyond_ascii(out)) return fail();
        }
        rest_.remove_prefix(1);
        return true;
    }

    bool integer(std::int64_t& out) noexcept {
        if (!ok_) return false;
        const auto [end, bad] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), out);
        if (bad != std::errc{}) return fail();
        const auto             length = static_cast<std::size_t>(end - rest_.data());
        const std::string_view digits = rest_.substr(0, length);
        if (digits.starts_with("-0") || (digits.front() == '0' && length > 1)) return fail();
        rest_.remove_prefix(length);
        return true;
    }
    bool natural(std::uint64_t& out) noexcept {
        std::int64_t i = 0;
        if (!integer(i) || i < 0) return fail();
        out = static_cast<std::uint64_t>(i);
        return true;
    }
    bool flag(bool& out) noexcept {
        out = take("true");
        return out || must("false");
    }
    /// An instant as `to_string` writes it.
    bool moment(instant& out, std::string& scratch) {
        if (!string(scratch)) return false;
        const auto t = parse_instant(scratch);
        if (!t || to_string(*t) != scratch) return fail();
        out = *t;
        return true;
    }

private:
    bool beyond_ascii(std::string& out) {
        const std::size_t n = json_text::utf8_length(rest_);
        if (n < 2) return false;  // control characters are escaped
        out.append(rest_.data(), n);
        rest_.remove_prefix(n);
        return true;
    }
    bool escape(std::string& out) {
        if (rest_.size() < 2) return false;
        const char c = rest_[1];
        if (c == '"' || c == '\\') out += c;
        else if (c == 'n') out += '\n';
        else if (c == 'r') out += '\r';
        else if (c == 't') out += '\t';
        else return c == 'u' && control(out);
        rest_.remove_prefix(2);
        return true;
    }
    /// \u00XX in lower case, of a character that has no shorter escape and must be escaped.
    bool control(std::string& out) {
        constexpr std::size_t length = 6;
        if (rest_.size() < length || !rest_.starts_with("\\u00")) return false;
        const auto nibble = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
            : -1; };
        const int  high = nibble(rest_[4]);
        const int  low = nibble(rest_[5]);
        if (high < 0 || low < 0) return false;
        const int c = high * 16 + low;
        if ((c >= 0x20 && c != 0x7F) || c == '\n' || c == '\r' || c == '\t') return false;
        out += static_cast<char>(c);
        rest_.remove_prefix(length);
        return true;
    }

    std::string_view rest_;
    bool             ok_ = true;
};

/// Reads one object whose keys come in a fixed order: ask for each in turn.
class object_scanner {
public:
    explicit object_scanner(scanner& in) noexcept : in_(in) { in_.must("{"); }

    /// Takes the key if it is next.
    [[nodiscard]] bool has(std::string_view key) noexcept {
        const auto rest = in_.rest();
        const auto comma = static_cast<std::size_t>(first_ ? 0 : 1);
        const auto length = comma + 1 + key.size() + 2;
        if (!in_.ok() || rest.size() < length) return false;
        if (comma != 0 && rest.front() != ',') return false;
        if (rest[comma] != '"' || rest.substr(comma + 1, key.size()) != key) return false;
        if (rest[length - 2] != '"' || rest[length - 1] != ':') return false;
        first_ = false;
        return in_.take(rest.substr(0, length));
    }
    /// The key must be next.
    bool needs(std::string_view key) noexcept { return has(key) || in_.fail(); }

    /// A string that is left out when empty.
    void some(std::string_view key, std::string& out) {
        out.clear();
        if (has(key) && in_.string(out) && out.empty()) in_.fail();
    }
    void close() noexcept { in_.must("}"); }

private:
    scanner& in_;
    bool     first_ = true;
};

}  // namespace quorate::canonical
