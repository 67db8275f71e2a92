// The tokens are cut here (so that every place is known, and comments are ours: Boost 1.81 takes "/***/" for unfinished);
// the grammar, the escapes and the numbers are boost::json::basic_parser's, which is fed one token at a time.
#include "json.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <boost/json/basic_parser_impl.hpp>

#include "json_out.hpp"

namespace quorate::json_text {
namespace {

namespace bj = boost::json;

struct place {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
};

/// A refusal on its way out of the parser.
struct refusal {
    errc        code = errc::syntax;
    place       at;
    std::string what;
    std::string hint;
};

/// Where the grammar stands, for saying what was expected.
enum class after : std::uint8_t { nothing, opening, key, colon, value, comma };

/// "" when the number is within the limits, else what is wrong with it.
std::string_view number_fault(std::string_view text) {
    const auto e = text.find_first_of("eE");
    if (e == std::string_view::npos)
        return text.find('.') == std::string_view::npos ? "this integer does not fit in 64 bits" : "";
    int  power = 0;
    bool any = false;
    for (const char c : text.substr(e + 1)) {
        if (c == '+' || c == '-') continue;
        any = true;
        power = power * 10 + (c - '0');
        if (power > largest_exponent) return "the exponent of this number is out of range";
    }
    return any ? "" : "this is no number";
}

/// Receives Boost's events and builds the tree. `start` and `token` are set by the lexer before each token is fed.
class builder {
public:
    static constexpr std::size_t max_object_size = most_values;
    static constexpr std::size_t max_array_size = most_values;
    static constexpr std::size_t max_key_size = longest_string;
    static constexpr std::size_t max_string_size = longest_string;

    using ec_type = bj::error_code;

    place                  start;
    std::string_view       token;
    std::optional<refusal> refused;
    std::vector<refusal>   duplicates;
    after                  stands = after::nothing;

    bool on_document_begin(ec_type&) { return true; }
    bool on_document_end(ec_type&) { return true; }
    bool on_object_begin(ec_type& ec) { return open(kind::object, ec); }
    bool on_array_begin(ec_type& ec) { return open(kind::array, ec); }
    bool on_object_end(std::size_t, ec_type& ec) {
        find_duplicates(stack_.back().value);
        return close(ec);
    }
    bool on_array_end(std::size_t, ec_type& ec) { return close(ec); }

    bool on_key_part(bj::string_view s, std::size_t, ec_type& ec) { return gather(s, ec); }
    bool on_key(bj::string_view s, std::size_t, ec_type& ec) {
        if (!gather(s, ec)) return false;
        for (const char c : gathered_)
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
                return refuse(errc::invalid, "a key can't contain control characters", ec);
        stack_.back().key = std::exchange(gathered_, {});
        stack_.back().key_at = start;
        return true;
    }
    bool on_string_part(bj::string_view s, std::size_t, ec_type& ec) { return gather(s, ec); }
    bool on_string(bj::string_view s, std::size_t, ec_type& ec) {
        if (!gather(s, ec)) return false;
        if (gathered_.find('\0') != std::string::npos)
            return refuse(errc::invalid, "a string can't contain the control character U+0000", ec);
        node n = here(kind::string);
        n.text = std::exchange(gathered_, {});
        return add(std::move(n), ec);
    }

    bool on_number_part(bj::string_view, ec_type&) { return true; }
    bool on_int64(std::int64_t i, bj::string_view, ec_type& ec) {
        node n = here(kind::integer);
        n.number = i;
        return add(std::move(n), ec);
    }
    bool on_uint64(std::uint64_t, bj::string_view, ec_type& ec) {
        return refuse(errc::limit, "this integer does not fit in 64 bits", ec);
    }
    bool on_double(double, bj::string_view, ec_type& ec) {  // the double is not looked at: the text stays exact
        if (const auto fault = number_fault(token); !fault.empty()) return refuse(errc::limit, std::string(fault), ec);
        node n = here(kind::decimal);
        n.text = std::string(token);
        return add(std::move(n), ec);
    }
    bool on_bool(bool b, ec_type& ec) {
        node n = here(kind::boolean);
        n.truth = b;
        return add(std::move(n), ec);
    }
    bool on_null(ec_type& ec) { return add(here(kind::null), ec); }
    bool on_comment_part(bj::string_view, ec_type&) { return true; }
    bool on_comment(bj::string_view, ec_type&) { return true; }

    [[nodiscard]] bool  in_object() const { return !stack_.empty() && stack_.back().value.is_object(); }
    [[nodiscard]] bool  in_array() const { return !stack_.empty() && stack_.back().value.is_array(); }
    [[nodiscard]] place opened_at() const { return {stack_.back().value.line, stack_.back().value.column}; }
    [[nodiscard]] node  take() { return std::move(root_); }

private:
    struct level {
        node        value;
        std::string key;     // of the member being read
        place       key_at;
    };

    node here(kind k) const {
        node n;
        n.what = k;
        n.line = start.line;
        n.column = start.column;
        return n;
    }
    bool refuse(errc code, std::string what, ec_type& ec) {
        refused = refusal{code, start, std::move(what), {}};
        ec = bj::error::input_error;
        return false;
    }
    bool count(ec_type& ec) {
        return ++values_ <= most_values ||
               refuse(errc::limit, "more than " + std::to_string(most_values) + " values in one document", ec);
    }
    bool open(kind k, ec_type& ec) {
        if (stack_.size() >= deepest_document)
            return refuse(errc::limit, "nested deeper than " + std::to_string(deepest_document), ec);
        if (!count(ec)) return false;
        stack_.push_back({here(k), {}, {}});
        return true;
    }
    bool close(ec_type&) {
        node n = std::move(stack_.back().value);
        stack_.pop_back();
        attach(std::move(n));
        return true;
    }
    bool add(node n, ec_type& ec) {
        if (!count(ec)) return false;
        attach(std::move(n));
        return true;
    }
    void attach(node n) {
        if (stack_.empty()) {
            root_ = std::move(n);
            return;
        }
        auto& [parent, key, key_at] = stack_.back();
        if (parent.is_array()) parent.elements.push_back(std::move(n));
        else parent.members.push_back({std::move(key), key_at.line, key_at.column, std::move(n)});
    }
    bool gather(bj::string_view s, ec_type& ec) {
        gathered_.append(s.data(), s.size());
        return gathered_.size() <= longest_string ||
               refuse(errc::limit, "a string longer than " + std::to_string(longest_string) + " bytes", ec);
    }
    void find_duplicates(const node& object) {
        const auto&              all = object.members;
        std::vector<std::size_t> order(all.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return all[a].key < all[b].key; });
        for (std::size_t i = 1; i < order.size(); ++i) {
            const auto &first = all[order[i - 1]], &again = all[order[i]];
            if (first.key != again.key || duplicates.size() >= most_problems) continue;
            duplicates.push_back({errc::invalid,
                                  {again.line, again.column},
                                  "duplicate key " + in_quotes(again.key),
                                  "it was given at " + std::to_string(first.line) + ":" + std::to_string(first.column)});
        }
    }

    std::vector<level> stack_;
    node               root_;
    std::string        gathered_;
    std::size_t        values_ = 0;
};

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
            hint = "what is still open began at " + std::to_string(opened.line) + ":" + std::to_string(opened.column);
        }
        return refusal{errc::syntax, here_, "the text ends, but " + expected() + " should follow", std::move(hint)};
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
            } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++here_.column;
        }
        position_ += n;
    }

    /// Invalid UTF-8 and raw control characters, in comments too.
    std::optional<refusal> bad_bytes() {
        for (std::size_t i = position_; i < text_.size();) {
            const auto        c = static_cast<unsigned char>(text_[i]);
            const std::size_t n = utf8_length(text_.substr(i, 4));
            if (n != 0 && (c >= 0x20 || is_space(text_[i]))) {
                i += n;
                continue;
            }
            pass(i - position_);
            constexpr std::string_view hex = "0123456789ABCDEF";
            const std::string byte{hex[c >> 4], hex[c & 15]};
            if (n == 0) return refusal{errc::syntax, here_, "invalid UTF-8 (byte 0x" + byte + ")", {}};
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
                if (last == std::string_view::npos) return refusal{errc::syntax, here_, "this comment never ends", {}};
                pass(last + 2);
            } else break;
        }
        return std::nullopt;
    }

    /// The token at the front of the rest.
    std::string_view cut() const {
        const auto  rest = text_.substr(position_);
        std::size_t n = 1;
        if (rest[0] == '"') {
            while (n < rest.size() && rest[n] != '"' && rest[n] != '\n') n += rest[n] == '\\' ? 2 : 1;
            return rest.substr(0, std::min(n + (n < rest.size() && rest[n] == '"' ? 1 : 0), rest.size()));
        }
        if (is_digit(rest[0]) || rest[0] == '-' || rest[0] == '+' || rest[0] == '.') {
            constexpr std::string_view more = "+-.0123456789eE";
            while (n < rest.size() && more.find(rest[n]) != std::string_view::npos) ++n;
        } else if (is_letter(rest[0])) {
            while (n < rest.size() && (is_letter(rest[n]) || is_digit(rest[n]))) ++n;
        } else if (static_cast<unsigned char>(rest[0]) >= 0x80) n = utf8_length(rest);
        return rest.substr(0, n);
    }

    std::optional<refusal> next() {
        const std::string_view token = cut();
        builder&               to = building();
        to.start = here_;
        to.token = token;
        const bool word = is_letter(token[0]);
        const bool number = is_digit(token[0]) || token[0] == '-';
        if (token[0] == '"' && (token.size() == 1 || token.back() != '"'))
            return refusal{errc::syntax, here_, "this string never ends on its line", "a line break is written \\n"};
        if (word && token != "true" && token != "false" && token != "null")
            return refusal{errc::syntax, here_, "expected " + expected() + ", found the word " + in_quotes(token), {}};
        if (number && token.size() > longest_number)
            return refusal{errc::limit, here_, "a number longer than " + std::to_string(longest_number) + " characters",
                           {}};
        bj::error_code ec;
        std::size_t    n = parser_.write_some(true, token.data(), token.size(), ec);
        if (!ec && (word || number)) parser_.write_some(true, " ", 1, ec);  // so that it ends here and not later
        if (ec) return explain(ec, token, n);
        move_on(token);
        pass(token.size());
        return std::nullopt;
    }

    std::optional<refusal> explain(const bj::error_code& ec, std::string_view token, std::size_t n) {
        if (building().refused) return building().refused;
        refusal bad{errc::syntax, here_, {}, {}};
        if (token[0] == '"' && n > 0) {  // something inside the string
            pass(std::min(n, token.size() - 1));
            bad.at = here_;
            if (ec == bj::error::illegal_leading_surrogate || ec == bj::error::illegal_trailing_surrogate)
                bad.what = "half of a surrogate pair in a \\u escape";
            else if (ec == bj::error::expected_hex_digit) bad.what = "a \\u escape needs four hexadecimal digits";
            else if (token.find('\t') != std::string_view::npos || token.find('\r') != std::string_view::npos)
                bad.what = "a tab or carriage return in a string is written \\t or \\r";
            else bad.what = "this is no JSON escape";
            return bad;
        }
        const bool number = is_digit(token[0]) || token[0] == '-';
        if (number && ec == bj::error::exponent_overflow) {
            bad.code = errc::limit;
            bad.what = "the exponent of this number is out of range";
        } else if (number && takes_value()) bad.what = "this is no JSON number: " + in_quotes(token);
        else bad.what = "expected " + expected() + ", found " + (token[0] == '"' ? "a string" : in_quotes(token));
        if (token == "'") bad.hint = "strings are written in double quotes";
        return bad;
    }

    [[nodiscard]] bool takes_value() {
        const after s = building().stands;
        if (building().in_object()) return s == after::colon;
        return s != after::value;
    }

    void move_on(std::string_view token) {
        builder&   to = building();
        const bool name = to.in_object() && (to.stands == after::opening || to.stands == after::comma);
        switch (token[0]) {
            case '{': case '[': to.stands = after::opening; break;
            case ':': to.stands = after::colon; break;
            case ',': to.stands = after::comma; break;
            case '"': to.stands = name ? after::key : after::value; break;
            default: to.stands = after::value;
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

    std::string_view          text_;
    bj::basic_parser<builder> parser_;
    std::size_t               position_ = 0;
    place                     here_;
};

error to_error(const refusal& bad, std::string_view name) {
    return {bad.code, {{.where = std::string(name), .line = bad.at.line, .column = bad.at.column, .what = bad.what,
                        .hint = bad.hint}}};
}

}  // namespace

result<node> parse(std::string_view text, std::string_view name, std::size_t largest) {
    if (text.size() > largest) return make_error(errc::limit, too_large_text(largest), std::string(name));
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
