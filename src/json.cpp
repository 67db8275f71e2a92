// The tokens are cut here (so that every place is known, and comments are ours: Boost 1.81 takes
// "/***/" for unfinished); the grammar, the escapes and the numbers are
// boost::json::basic_parser's, which is fed one token at a time.
#include "json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <utility>

#include "json_builder.hpp"
#include "json_out.hpp"

namespace quorate::json_text {
namespace {

/// What Boost refused in a string token, and at which byte of it.
std::pair<std::size_t, std::string> string_fault(std::string_view token) {
    const auto unit = [&](std::size_t at) -> int {  // the \u escape at `at`, or -1
        if (token.substr(at, 2) != "\\u") return -1;
        int value = 0;
        for (std::size_t i = at + 2; i < at + 6; ++i) {
            constexpr std::string_view hex = "0123456789abcdef";
            const char c = i < token.size() ? token[i] : ' ';
            const auto digit =
                hex.find(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
            if (digit == std::string_view::npos) return -1;
            value = value * 16 + static_cast<int>(digit);
        }
        return value;
    };
    for (std::size_t i = 1; i + 1 < token.size(); ++i) {
        if (token[i] == '\t' || token[i] == '\r')
            return {i, "a tab or carriage return in a string is written \\t or \\r"};
        if (token[i] != '\\') continue;
        if (token[i + 1] != 'u') {
            if (std::string_view("\"\\/bfnrt").find(token[i + 1]) == std::string_view::npos)
                return {i, "this is no JSON escape"};
            ++i;
            continue;
        }
        const int first = unit(i);
        if (first < 0) return {i, "a \\u escape needs four hexadecimal digits"};
        if (first >= 0xD800 && first <= 0xDFFF) {
            const int second = unit(i + 6);
            if (first >= 0xDC00 || second < 0xDC00 || second > 0xDFFF)
                return {i, "half of a surrogate pair in a \\u escape"};
            i += 6;
        }
        i += 5;
    }
    return {0, "this is no JSON string"};
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// Cuts the text into tokens and feeds them.
class lexer {
public:
    lexer(std::string_view text) : text_(text), parser_(options()) {
        if (text_.starts_with("\xEF\xBB\xBF")) position_ = 3;
    }

    /// Nothing when all went well; then `tree` has the document.
    std::optional<refusal> run() {
        if (auto bad = bad_bytes()) return bad;
        while (true) {
            if (auto bad = skip_space()) return bad;
            if (position_ == text_.size()) break;
            if (auto bad = next()) return bad;
        }
        bj::error_code ec;
        parser_.write_some(false, "", 0, ec);
        if (!ec) return std::nullopt;
        std::string hint;
        if (building().in_object() || building().in_array()) {
            const place opened = building().opened_at();
            hint = "what is still open began at " + std::to_string(opened.line) + ":" +
                   std::to_string(opened.column);
        }
        return refusal{errc::syntax, here_, "the text ends, but " + expected() + " should follow",
                       std::move(hint)};
    }
    builder& building() { return parser_.handler(); }

private:
    static bj::parse_options options() {
        bj::parse_options o;
        o.allow_comments = false;  // skipped here
        o.allow_trailing_commas = true;
        o.max_depth = deepest_document + 1;  // the builder says it first, and better
        return o;
    }

    /// Moves on over `n` bytes, counting lines and code points.
    void pass(std::size_t n) {
        for (const char c : text_.substr(position_, n)) {
            if (c == '\n') {
                ++here_.line;
                here_.column = 1;
            } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U)
                ++here_.column;
        }
        position_ += n;
    }

    /// Invalid UTF-8 and raw control characters, in comments too.
    std::optional<refusal> bad_bytes() {
        for (std::size_t i = position_; i < text_.size();) {
            const auto c = static_cast<unsigned char>(text_[i]);
            const std::size_t n = utf8_length(text_.substr(i, 4));
            if (n != 0 && (c >= 0x20 || is_space(text_[i]))) {
                i += n;
                continue;
            }
            pass(i - position_);
            constexpr std::string_view hex = "0123456789ABCDEF";
            const std::string byte{hex[c >> 4], hex[c & 15]};
            if (n == 0)
                return refusal{errc::syntax, here_, "invalid UTF-8 (byte 0x" + byte + ")", {}};
            return refusal{errc::syntax, here_, "control character U+00" + byte, {}};
        }
        return std::nullopt;
    }

    std::optional<refusal> skip_space() {
        while (position_ < text_.size()) {
            const auto rest = text_.substr(position_);
            if (is_space(rest[0])) {
                pass(1);
            } else if (rest.starts_with("//")) {
                pass(std::min(rest.find('\n'), rest.size()));
            } else if (rest.starts_with("/*")) {
                const auto last = rest.find("*/", 2);
                if (last == std::string_view::npos)
                    return refusal{errc::syntax, here_, "this comment never ends", {}};
                pass(last + 2);
            } else
                break;
        }
        return std::nullopt;
    }

    /// The token at the front of the rest.
    std::string_view cut() const {
        const auto rest = text_.substr(position_);
        std::size_t n = 1;
        if (rest[0] == '"') {
            while (n < rest.size() && rest[n] != '"' && rest[n] != '\n')
                n += rest[n] == '\\' ? 2 : 1;
            return rest.substr(
                0, std::min(n + (n < rest.size() && rest[n] == '"' ? 1 : 0), rest.size()));
        }
        if (is_digit(rest[0]) || rest[0] == '-' || rest[0] == '+' || rest[0] == '.') {
            constexpr std::string_view more = "+-.0123456789eE";
            while (n < rest.size() && more.find(rest[n]) != std::string_view::npos) ++n;
        } else if (is_letter(rest[0])) {
            while (n < rest.size() && (is_letter(rest[n]) || is_digit(rest[n]))) ++n;
        } else if (static_cast<unsigned char>(rest[0]) >= 0x80)
            n = utf8_length(rest);
        return rest.substr(0, n);
    }

    std::optional<refusal> next() {
        const std::string_view token = cut();
        builder& to = building();
        to.start = here_;
        to.token = token;
        const bool word = is_letter(token[0]);
        const bool number = is_digit(token[0]) || token[0] == '-';
        if (token[0] == '"' && (token.size() == 1 || token.back() != '"'))
            return refusal{errc::syntax, here_, "this string never ends on its line",
                           "a line break is written \\n"};
        if (word && token != "true" && token != "false" && token != "null")
            return refusal{errc::syntax,
                           here_,
                           "expected " + expected() + ", found the word " + in_quotes(token),
                           {}};
        if (number && token.size() > longest_number)
            return refusal{errc::limit,
                           here_,
                           "a number longer than " + std::to_string(longest_number) + " characters",
                           {}};
        if (complete())  // Boost would stop there and say nothing
            return refusal{
                errc::syntax, here_, "expected " + expected() + ", found " + named(token), {}};
        bj::error_code ec;
        const std::size_t n = parser_.write_some(true, token.data(), token.size(), ec);
        if (!ec && (word || number))
            parser_.write_some(true, " ", 1, ec);  // so that it ends here and not later
        if (ec) return explain(ec, token, n);
        move_on(token);
        pass(token.size());
        return std::nullopt;
    }

    std::optional<refusal> explain(const bj::error_code& ec, std::string_view token,
                                   std::size_t n) {
        if (building().refused) return building().refused;
        refusal bad{errc::syntax, here_, {}, {}};
        if (ec == bj::error::string_too_large || ec == bj::error::key_too_large) {
            bad.code = errc::limit;
            bad.what = "a string longer than " + std::to_string(longest_string) + " bytes";
            return bad;
        }
        if (token[0] == '"' && n > 0) {
            const auto [offset, what] = string_fault(token);
            pass(offset);
            bad.at = here_;
            bad.what = what;
            return bad;
        }
        const bool number = is_digit(token[0]) || token[0] == '-';
        if (number && ec == bj::error::exponent_overflow) {
            bad.code = errc::limit;
            bad.what = "the exponent of this number is out of range";
        } else if (number && takes_value())
            bad.what = "this is no JSON number: " + in_quotes(token);
        else
            bad.what = "expected " + expected() + ", found " + named(token);
        if (token == "'") bad.hint = "strings are written in double quotes";
        return bad;
    }

    static std::string named(std::string_view token) {
        return token[0] == '"' ? "a string" : in_quotes(token);
    }
    [[nodiscard]] bool complete() {
        return !building().in_object() && !building().in_array() &&
               building().stands == after::value;
    }
    [[nodiscard]] bool takes_value() {
        const after s = building().stands;
        if (building().in_object()) return s == after::colon;
        return s != after::value;
    }

    void move_on(std::string_view token) {
        builder& to = building();
        const bool name =
            to.in_object() && (to.stands == after::opening || to.stands == after::comma);
        switch (token[0]) {
            case '{':
            case '[':
                to.stands = after::opening;
                break;
            case ':':
                to.stands = after::colon;
                break;
            case ',':
                to.stands = after::comma;
                break;
            case '"':
                to.stands = name ? after::key : after::value;
                break;
            default:
                to.stands = after::value;
        }
    }

    std::string expected() {
        const after s = building().stands;
        if (building().in_object()) {
            if (s == after::key) return "\":\"";
            if (s == after::colon) return "a value";
            return s == after::value ? "\",\" or \"}\"" : "a key or \"}\"";
        }
        if (building().in_array()) return s == after::value ? "\",\" or \"]\"" : "a value or \"]\"";
        return s == after::value ? "the end of the document" : "a value";
    }

    std::string_view text_;
    bj::basic_parser<builder> parser_;
    std::size_t position_ = 0;
    place here_;
};

error to_error(const refusal& bad, std::string_view name) {
    return {bad.code,
            {{.where = std::string(name),
              .line = bad.at.line,
              .column = bad.at.column,
              .what = bad.what,
              .hint = bad.hint}}};
}

}  // namespace

result<node> parse(std::string_view text, std::string_view name, std::size_t largest) {
    if (text.size() > largest)
        return make_error(errc::limit, too_large_text(largest), std::string(name));
    lexer lex(text);
    if (const auto bad = lex.run()) return to_error(*bad, name);
    auto& twice = lex.building().duplicates;
    if (twice.empty()) return lex.building().take();
    std::sort(twice.begin(), twice.end(), [](const refusal& a, const refusal& b) {
        return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
    });
    error all{errc::invalid, {}};
    for (const auto& bad : twice) all.problems.push_back(to_error(bad, name).problems.front());
    return all;
}

}  // namespace quorate::json_text
