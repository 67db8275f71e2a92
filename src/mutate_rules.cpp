#include "mutate_rules.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace quorate {
namespace {

struct token {
    enum class kind : std::uint8_t { word, number, compares, open, close, other };
    kind        is = kind::other;
    std::size_t at = 0;
    std::size_t length = 0;

    [[nodiscard]] std::size_t end() const { return at + length; }
};

std::size_t digits_at(std::string_view text, std::size_t i) {
    std::size_t n = 0;
    while (i + n < text.size() && detail::is_digit(text[i + n])) ++n;
    return n;
}

/// "2/3", "0.5", "66%", "3:1", "14"
std::size_t number_at(std::string_view text, std::size_t i) {
    auto n = digits_at(text, i);
    if (i + n < text.size() && (text[i + n] == '.' || text[i + n] == '/' || text[i + n] == ':'))
        if (const auto more = digits_at(text, i + n + 1); more != 0) n += 1 + more;
    if (i + n < text.size() && text[i + n] == '%') ++n;
    return n;
}

std::vector<token> tokens_of(std::string_view text) {
    std::vector<token> all;
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        token      t{token::kind::other, i, 1};
        if (detail::is_letter(c)) {
            detail::rule_scanner scan{text, i};
            t.is = token::kind::word;
            t.length = scan.peek_word().size();
        } else if (detail::is_digit(c)) {
            t.is = token::kind::number;
            t.length = number_at(text, i);
        } else if (c == '\'' || c == '"') {  // a name in quotes
            const auto end = text.find(c, i + 1);
            t.length = (end == std::string_view::npos ? text.size() : end + 1) - i;
        } else if (c == '<' || c == '>' || c == '=' || c == '!') {
            t.is = token::kind::compares;
            t.length = i + 1 < text.size() && text[i + 1] == '=' ? 2 : 1;
        } else if (c == '(') {
            t.is = token::kind::open;
        } else if (c == ')') {
            t.is = token::kind::close;
        }
        if (c != ' ') all.push_back(t);
        i += t.length;
    }
    return all;
}

/// A rule's or set's text, cut up.
class cut {
public:
    explicit cut(std::string_view text) : text_(text), all_(tokens_of(text)) {}

    std::vector<rule_change> rule() && {
        for (std::size_t i = 0; i < all_.size(); ++i) {
            const auto& t = all_[i];
            const auto  word = text_.substr(t.at, t.length);
            if (t.is == token::kind::compares) replace(i, mutation::strictness, other_strictness(word));
            else if (t.is == token::kind::word && !is_argument(i) && word == "eligible") replace(i, mutation::base, "cast");
            else if (t.is == token::kind::word && !is_argument(i) && word == "cast") replace(i, mutation::base, "eligible");
            else if (t.is == token::kind::number) number(i);
        }
        return std::move(made_);
    }

    std::vector<rule_change> set(mutation what) && {
        for (std::size_t i = 0; i < all_.size(); ++i) {
            const auto how = binding(i);
            if (how == 0) continue;
            const auto end = right_end(i, how);
            take_out(what, all_[i].at, end < all_.size() ? all_[end].at : text_.size());
            const auto begin = left_begin(i, how);
            const bool first = begin == 0 || binding(begin - 1) != how;
            if (first && is(i, "except")) continue;
            if (first) take_out(what, all_[begin].at, i + 1 < all_.size() ? all_[i + 1].at : text_.size());
        }
        return std::move(made_);
    }

private:
    [[nodiscard]] bool is(std::size_t i, std::string_view word) const {
        return all_[i].is == token::kind::word && text_.substr(all_[i].at, all_[i].length) == word;
    }
    /// The name that a word takes, as in team(cast).
    [[nodiscard]] bool is_argument(std::size_t i) const {
        return i >= 2 && i + 1 < all_.size() && all_[i - 1].is == token::kind::open && all_[i + 1].is == token::kind::close &&
               all_[i - 2].is == token::kind::word && !is(i - 2, "weight") && all_[i - 2].end() == all_[i - 1].at;
    }
    static std::string other_strictness(std::string_view op) {
        if (op == ">") return ">=";
        if (op == ">=") return ">";
        if (op == "<") return "<=";
        if (op == "<=") return "<";
        return op == "==" ? "!=" : "==";
    }
    void number(std::size_t i) {
        const auto text = text_.substr(all_[i].at, all_[i].length);
        const bool unit = i + 1 < all_.size() && all_[i + 1].is == token::kind::word &&
                          detail::unit_of(text_.substr(all_[i + 1].at, all_[i + 1].length)) != 0;
        for (auto& other : more_and_less(text)) replace(i, unit ? mutation::time_span : mutation::threshold, std::move(other));
    }

    [[nodiscard]] bool is_connective(std::size_t i) const {
        for (const auto* w : {"and", "or", "then", "else", "if", "not"})
            if (is(i, w)) return true;
        return text_.substr(all_[i].at, all_[i].length) == ":";
    }
    [[nodiscard]] bool is_comma(std::size_t i) const { return text_.substr(all_[i].at, all_[i].length) == ","; }
    /// Whether the parenthesis `i` opens the arguments of a call, as in max(1, x).
    [[nodiscard]] bool opens_call(std::size_t i) const {
        return i > 0 && all_[i - 1].is == token::kind::word && !is_connective(i - 1) && !is(i - 1, "of") && !is(i - 1, "in");
    }
    /// The comparison around token `i`: from one connective to the next, in its own parentheses or those of calls around.
    [[nodiscard]] std::pair<std::size_t, std::size_t> around(std::size_t i) const {
        std::size_t begin = i, listed = i + 1, end = i;  // `listed`: where an element of a list begins, if it turns out to be one
        for (int depth = 0; begin > 0; --begin) {
            const auto k = begin - 1;
            depth += (all_[k].is == token::kind::close) - (all_[k].is == token::kind::open);
            if (depth == 0 && is_connective(k)) break;
            if (depth == 0 && is_comma(k) && listed == i + 1) listed = begin;
            if (depth >= 0) continue;
            if (!opens_call(k)) {
                if (listed <= i) begin = listed;
                break;
            }
            depth = 0;
            listed = i + 1;
        }
        int depth = 0;
        for (auto k = begin; k <= i; ++k) depth += (all_[k].is == token::kind::open) - (all_[k].is == token::kind::close);
        for (; end + 1 < all_.size(); ++end) {
            const auto k = end + 1;
            if (depth == 0 && (is_connective(k) || is_comma(k) || all_[k].is == token::kind::close)) break;
            depth += (all_[k].is == token::kind::open) - (all_[k].is == token::kind::close);
        }
        return {all_[begin].at, all_[end].end()};
    }

    void replace(std::size_t i, mutation what, std::string with) {
        const auto [begin, end] = around(i);
        const auto& t = all_[i];
        rule_change c{.what = what, .at = t.at, .before = std::string(text_.substr(begin, end - begin))};
        c.after = std::string(text_.substr(begin, t.at - begin)) + with + std::string(text_.substr(t.end(), end - t.end()));
        c.text = std::string(text_.substr(0, t.at)) + with + std::string(text_.substr(t.end()));
        made_.push_back(std::move(c));
    }

    void take_out(mutation what, std::size_t begin, std::size_t end) {
        rule_change c{.what = what, .at = begin, .before = std::string(text_)};
        c.text = std::string(text_.substr(0, begin)) + std::string(text_.substr(end));
        while (c.text.ends_with(' ')) c.text.pop_back();
        c.after = c.text;
        made_.push_back(std::move(c));
    }

    /// How tightly a connective binds: 1 "or", 2 "and" and "except", 0 what is none.
    [[nodiscard]] int binding(std::size_t i) const { return is(i, "or") ? 1 : is(i, "and") || is(i, "except") ? 2 : 0; }
    /// The first token behind the right side of connective `i`.
    [[nodiscard]] std::size_t right_end(std::size_t i, int how) const {
        int depth = 0;
        for (auto k = i + 1; k < all_.size(); ++k) {
            depth += (all_[k].is == token::kind::open) - (all_[k].is == token::kind::close);
            if (depth < 0) return k;
            const auto other = binding(k);
            if (depth == 0 && other != 0 && other <= how) return k;
        }
        return all_.size();
    }
    /// The first token of the left side of connective `i`.
    [[nodiscard]] std::size_t left_begin(std::size_t i, int how) const {
        int depth = 0;
        for (auto k = i; k > 0; --k) {
            depth += (all_[k - 1].is == token::kind::close) - (all_[k - 1].is == token::kind::open);
            if (depth < 0) return k;
            const auto other = binding(k - 1);
            if (depth == 0 && other != 0 && other <= how) return k;
        }
        return 0;
    }

    std::string_view         text_;
    std::vector<token>       all_;
    std::vector<rule_change> made_;
};

std::optional<std::int64_t> whole(std::string_view digits) {
    std::int64_t n = 0;
    const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
    constexpr std::int64_t largest = 1'000'000'000'000'000;
    return wrong == std::errc{} && end == digits.data() + digits.size() && n <= largest ? std::optional(n) : std::nullopt;
}

}  // namespace

std::vector<rule_change> changes_of_rule(std::string_view text) { return cut(text).rule(); }
std::vector<rule_change> changes_of_set(std::string_view text, mutation what) { return cut(text).set(what); }

std::vector<std::string> more_and_less(std::string_view number) {
    const bool percent = number.ends_with('%');
    const auto plain = number.substr(0, number.size() - (percent ? 1 : 0));
    const auto sign = plain.find_first_of("./:");
    const auto first = whole(plain.substr(0, sign));
    const auto second = sign == std::string_view::npos ? std::optional<std::int64_t>(1) : whole(plain.substr(sign + 1));
    if (!first || !second) return {};
    const auto a = *first, b = *second;
    const auto text = [](std::int64_t n) { return std::to_string(n); };
    const auto behind = sign == std::string_view::npos ? std::string() : std::string(plain.substr(sign));
    std::vector<std::string> made;
    if (sign != std::string_view::npos && plain[sign] == '/') {
        made.push_back(text(a + 1) + '/' + text(a < b ? b + 1 : b));
        made.push_back(text(a) + '/' + text(b + 1));
    } else if (!percent && sign != std::string_view::npos && plain[sign] == '.') {  // a tenth more, a tenth less
        const auto digits = plain.size() - sign - 1;
        const auto tenth = a * 10 + (plain[sign + 1] - '0');
        const auto rest = std::string(plain.substr(sign + 2));
        for (const auto t : {tenth + 1, tenth - 1})
            if (t >= 0 && digits > 0) made.push_back(text(t / 10) + '.' + text(t % 10) + rest);
    } else {
        const std::int64_t step = !percent || a < 10 ? 1 : 10;
        made.push_back(text(a + step) + behind);
        if (a >= step) made.push_back(text(a - step) + behind);
    }
    for (auto& m : made)
        if (percent) m += '%';
    return made;
}

std::vector<std::string> longer_and_shorter(std::string_view span) {
    // The last number is the one with the shortest unit.
    auto end = span.size();
    while (end > 0 && !detail::is_digit(span[end - 1])) --end;
    auto begin = end;
    while (begin > 0 && detail::is_digit(span[begin - 1])) --begin;
    std::vector<std::string> made;
    if (begin == end || !parse_duration(span)) return made;
    for (const auto& n : more_and_less(span.substr(begin, end - begin)))
        made.push_back(std::string(span.substr(0, begin)) + n + std::string(span.substr(end)));
    std::erase_if(made, [](const std::string& m) { return !parse_duration(m); });
    return made;
}

}  // namespace quorate
