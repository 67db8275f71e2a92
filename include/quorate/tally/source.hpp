// Text of ballot files as it streams in: a buffer of fixed size, positions for errors, and small things that all formats share.
#pragma once

#include <quorate/result.hpp>
#include <quorate/tally/ballots.hpp>
#include <quorate/tally/text.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace quorate::tally {

/// Bytes in one line, or in one row of a table.
inline constexpr std::size_t longest_line = std::size_t{1} << 20U;
/// Bytes in a name or a title.
inline constexpr std::size_t longest_name = 1'000;
/// Distinct ballots times options that one file may hold: what memory depends on.
inline constexpr std::size_t most_cells = std::size_t{1} << 27U;
/// Distinct ballots in one file.
inline constexpr std::size_t most_distinct = std::size_t{1} << 24U;

namespace detail {

/// Leaves a reader; caught where it began, never seen outside.
struct unreadable_file {
    error why;
};

/// Where in a file: both count from 1, the column in characters.
struct file_place {
    std::size_t line = 1;
    std::size_t column = 1;
};

class ballot_source {
public:
    ballot_source(std::istream& in, std::string name) : in_(in), name_(std::move(name)) {
        fill();
        constexpr std::string_view bom = "\xEF\xBB\xBF";
        if (std::string_view(buffer_.data(), size_).starts_with(bom)) at_ = bom.size();
    }

    /// What the file starts with, before anything was taken.
    [[nodiscard]] std::string_view start() const { return {buffer_.data() + at_, size_ - at_}; }
    /// The next byte, or -1 at the end.
    [[nodiscard]] int peek() {
        if (at_ == size_ && !fill()) return -1;
        return static_cast<unsigned char>(buffer_[at_]);
    }
    int get() {
        const int c = peek();
        if (c < 0) return c;
        ++at_;
        if (c == '\n') place_ = {place_.line + 1, 1};
        else if ((static_cast<unsigned>(c) & 0xC0U) != 0x80U) ++place_.column;
        return c;
    }
    [[nodiscard]] file_place place() const { return place_; }

    /// The next line without its end (LF or CRLF); false when there is none. `line_number` is then its number.
    bool line(std::string& out) {
        out.clear();
        if (peek() < 0) return false;
        line_number_ = place_.line;
        for (;;) {
            if (at_ == size_ && !fill()) break;
            const std::string_view rest(buffer_.data() + at_, size_ - at_);
            const auto             end = rest.find('\n');
            const auto             part = rest.substr(0, end);
            if (out.size() + part.size() > longest_line)
                stop({line_number_, 1}, "a line of more than " + std::to_string(longest_line) + " bytes", {}, errc::limit);
            out += part;
            at_ += part.size();
            if (end == std::string_view::npos) continue;
            ++at_;
            break;
        }
        place_ = {place_.line + 1, 1};
        if (out.ends_with('\r')) out.pop_back();
        return true;
    }
    [[nodiscard]] std::size_t line_number() const { return line_number_; }

    [[noreturn]] void stop(file_place where, std::string what, std::string hint = {}, errc code = errc::syntax) const {
        throw unreadable_file{{code, {{.warning = false, .where = name_, .line = static_cast<std::uint32_t>(where.line),
                                       .column = static_cast<std::uint32_t>(where.column), .what = std::move(what),
                                           .hint = std::move(hint)}}}};
    }
    /// About a byte of the line read last.
    [[noreturn]] void stop(std::string_view line, std::size_t byte, std::string what, std::string hint = {}) const {
        stop({line_number_, width(line.substr(0, byte)) + 1}, std::move(what), std::move(hint));
    }
    /// Goes on only if it holds no error, which is then about this place.
    template <class T>
    void must(const result<T>& r, file_place where) const {
        if (!r) {
            const auto why = r.error();
            stop(where, why.problems.front().what, why.problems.front().hint, why.code);
        }
    }
    /// A ballot goes in: refuses what would take too much memory.
    template <class Ballots, class Cell>
    void add(Ballots& to, const std::vector<Cell>& cells, std::int64_t count, file_place where) const {
        must(to.add(std::span<const Cell>(cells), count), where);
        if (to.rows() > most_distinct || to.rows() * cells.size() > most_cells)
            stop(where, "more than " + std::to_string(most_distinct) + " distinct ballots, or than "
                + std::to_string(most_cells) + " ranks in them", {}, errc::limit);
    }
    /// A name as it may be kept: UTF-8, not empty, not too long.
    void check_name(std::string_view text, file_place where, std::string_view of) const {
        if (text.empty()) stop(where, std::string(of) + " is empty");
        if (text.size() > longest_name)
            stop(where, std::string(of) + " has more than " + std::to_string(longest_name) + " bytes", {}, errc::limit);
        if (!is_utf8(text)) stop(where, std::string(of) + " is not UTF-8", "convert the file to UTF-8");
    }

private:
    bool fill() {
        at_ = size_ = 0;
        if (!in_.good()) return false;
        in_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
        size_ = static_cast<std::size_t>(in_.gcount());
        if (in_.bad()) stop(place_, "can't be read", {}, errc::io);
        return size_ != 0;
    }

    std::istream&           in_;
    std::string             name_;
    std::array<char, 65536> buffer_{};
    std::size_t             size_ = 0;
    std::size_t             at_ = 0;
    file_place              place_;
    std::size_t             line_number_ = 0;
};

[[nodiscard]] inline bool is_space(int c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
[[nodiscard]] inline bool is_digit(int c) { return c >= '0' && c <= '9'; }

[[nodiscard]] inline std::string_view trimmed(std::string_view s) {
    while (!s.empty() && is_space(static_cast<unsigned char>(s.front()))) s.remove_prefix(1);
    while (!s.empty() && is_space(static_cast<unsigned char>(s.back()))) s.remove_suffix(1);
    return s;
}

/// The whole text as a decimal integer; nothing when it is something else, or doesn't fit.
template <class Integer>
[[nodiscard]] std::optional<Integer> integer(std::string_view s) {
    Integer    value{};
    const auto end = s.data() + s.size();
    const auto [at, fault] = std::from_chars(s.data(), end, value);
    if (fault != std::errc{} || at != end) return std::nullopt;
    return value;
}

/// Reads one line from the left.
class line_scanner {
public:
    line_scanner(const ballot_source& source, std::string_view line) : source_(source), line_(line) {}

    void skip_spaces() {
        while (at_ < line_.size() && is_space(static_cast<unsigned char>(line_[at_]))) ++at_;
    }
    [[nodiscard]] bool done() {
        skip_spaces();
        return at_ == line_.size();
    }
    [[nodiscard]] char next() const { return at_ < line_.size() ? line_[at_] : '\0'; }
    bool take(char c) {
        skip_spaces();
        if (at_ == line_.size() || line_[at_] != c) return false;
        ++at_;
        return true;
    }
    void must(char c) {
        if (!take(c)) expected(std::string("'") + c + "'");
    }
    /// A whole number without a sign.
    std::int64_t number_here(std::string_view what) {
        skip_spaces();
        const auto from = at_;
        while (at_ < line_.size() && is_digit(static_cast<unsigned char>(line_[at_]))) ++at_;
        if (from == at_) expected(std::string(what));
        const auto value = integer<std::int64_t>(line_.substr(from, at_ - from));
        if (!value) {
            at_ = from;
            stop("a number of more than 18 digits");
        }
        return *value;
    }
    [[noreturn]] void expected(const std::string& what) const {
        stop("expected " + what + ", found " + (at_ < line_.size() ? "\"" + printable(line_.substr(at_, 20)) + "\""
            : std::string("the end of the line")));
    }
    [[noreturn]] void stop(std::string what, std::string hint = {}) const { source_.stop(line_, at_, std::move(what),
        std::move(hint)); }
    [[nodiscard]] file_place place() const { return {source_.line_number(), width(line_.substr(0, at_)) + 1}; }
    [[nodiscard]] std::size_t at() const { return at_; }
    void move(std::size_t to) { at_ = to; }
    [[nodiscard]] std::string_view line() const { return line_; }

private:
    const ballot_source& source_;
    std::string_view     line_;
    std::size_t          at_ = 0;
};

}  // namespace detail
}  // namespace quorate::tally
