// Ballots one a line: Debian's tally sheets, and CSV.
#pragma once

#include <quorate/tally/ballot_file.hpp>
#include <quorate/tally/source.hpp>

namespace quorate::tally {
namespace detail {

/// "V: 21-3<tab>token": one character for each option, its rank from 1 to 9, or "-". Lines that don't begin with "V:" are the
/// prose around the votes, and are passed over; one that begins with something much like it is refused.
[[nodiscard]] inline ballot_file read_debian(ballot_source& source, const read_settings& how) {
    std::optional<ranked_ballots> ballots;
    const auto                    begin = [&](std::size_t options) {
        auto names = how.options;
        if (names.empty())
            for (std::size_t i = 0; i < options; ++i) names.push_back(std::to_string(i + 1));
        auto made = ranked_ballots::make(std::move(names));
        source.must(made, {source.line_number(), 1});
        ballots = std::move(*made);
    };
    if (!how.options.empty()) begin(how.options.size());
    std::vector<rank> ranks;
    for (std::string line; source.line(line);) {
        const auto text = trimmed(line);
        if (!text.starts_with("V:")) {
            if (text.size() > 1 && (text.front() == 'V' || text.front() == 'v') && (text[1] == ':' || text[1] == ';'
                || text.starts_with("V :")))
                source.stop(line, 0, "this looks like a vote, and doesn't begin with \"V:\"");
            continue;
        }
        line_scanner s(source, line);
        s.must('V');
        s.must(':');
        s.skip_spaces();
        ranks.clear();
        for (char c = s.next(); c != '\0' && !is_space(static_cast<unsigned char>(c)); c = s.next()) {
            if (c != '-' && (c < '1' || c > '9')) s.expected("a rank from 1 to 9, or \"-\"");
            if (ballots && ranks.size() == ballots->options().size())
                s.stop("a vote on more than the " + std::to_string(ranks.size()) + " options");
            if (!ballots && ranks.size() == most_options)
                s.stop("a vote on more than " + std::to_string(most_options) + " options");
            ranks.push_back(c == '-' ? unranked : static_cast<rank>(c - '0'));
            s.move(s.at() + 1);
        }
        if (ranks.empty()) s.expected("one rank for each option");
        if (!ballots) begin(ranks.size());
        if (ranks.size() != ballots->options().size())
            s.stop("a vote on " + std::to_string(ranks.size()) + " of " + std::to_string(ballots->options().size()) + " options");
        source.add(*ballots, ranks, 1, {source.line_number(), 1});
    }
    if (!ballots) source.stop({0, 0}, "no line begins with \"V:\", and no options are stated");
    return {.ballots = std::move(*ballots), .format = ballot_format::debian, .seats = 1, .withdrawn = {}, .tie_order = {},
        .title = {}};
}

/// A header, then one ballot a row. Cells are whole numbers, empty, or "-"; quoted as RFC 4180 says; separated by the first of
/// comma, semicolon and tab that the header has.
class csv_reader {
public:
    csv_reader(ballot_source& source, const read_settings& how) : source_(source), how_(how) {
        if (!how.kind)
            source.stop({0, 0}, "a table of numbers doesn't say whether they are ranks or scores", "state it", errc::invalid);
    }

    ballot_file whole() {
        if (!row()) source_.stop({1, 1}, "no header");
        header();
        return *how_.kind == ballot_kind::ranked ? read<rank>(ranked_ballots::make(names_))
            : read<score>(rated_ballots::make(names_));
    }

private:
    enum class column : std::uint8_t { option, count, other };
    struct cell {
        std::string text;
        file_place  at;
    };

    /// The next row that isn't empty.
    bool row() {
        for (;;) {
            if (source_.peek() < 0) return false;
            read_row();
            if (used_ != 1 || !trimmed(cells_[0].text).empty()) return true;
        }
    }
    cell& next_cell() {
        if (used_ == cells_.size()) cells_.emplace_back();
        auto& c = cells_[used_++];
        c.text.clear();
        c.at = source_.place();
        return c;
    }
    void read_row() {
        used_ = 0;
        std::size_t bytes = 0;
        const auto  from = source_.place();
        auto*       c = &next_cell();
        for (bool quoted = false;;) {
            const int b = source_.get();
            if (++bytes > longest_line)
                source_.stop(from, "a row of more than " + std::to_string(longest_line) + " bytes", {}, errc::limit);
            if (b < 0 && quoted) source_.stop(c->at, "a quoted cell without its end");
            if (b < 0 || (b == '\n' && !quoted)) break;
            if (b == '"' && quoted) {
                if (source_.peek() != '"') {
                    quoted = false;
                    continue;
                }
                source_.get();
                c->text += '"';
            } else if (b == '"' && c->text.empty()) {
                quoted = true;
            } else if (!quoted && separates(b)) {
                c = &next_cell();
            } else {
                c->text += static_cast<char>(b);
            }
        }
    }
    bool separates(int b) {
        if (separator_ == '\0' && (b == ',' || b == ';' || b == '\t')) separator_ = static_cast<char>(b);
        return separator_ != '\0' && b == separator_;
    }
    void header() {
        for (std::size_t i = 0; i < used_; ++i) {
            const auto name = std::string(trimmed(cells_[i].text));
            if (name == how_.count_column && !name.empty()) {
                if (std::find(columns_.begin(), columns_.end(), column::count) != columns_.end())
                    source_.stop(cells_[i].at, "a second column \"" + printable(name) + "\"");
                columns_.push_back(column::count);
            } else if (std::find(how_.other_columns.begin(), how_.other_columns.end(), name) != how_.other_columns.end()) {
                columns_.push_back(column::other);
            } else {
                source_.check_name(name, cells_[i].at, "the name of this column");
                columns_.push_back(column::option);
                names_.push_back(name);
            }
        }
    }
    template <class Cell, class Ballots>
    ballot_file read(result<Ballots> made) {
        source_.must(made, {1, 1});
        std::vector<Cell> values;
        while (row()) {
            if (used_ != columns_.size())
                source_.stop(cells_[0].at, "a row of " + std::to_string(used_) + " cells under a header of "
                    + std::to_string(columns_.size()));
            values.clear();
            std::int64_t count = 1;
            for (std::size_t i = 0; i < used_; ++i) {
                if (columns_[i] == column::option) values.push_back(value<Cell>(cells_[i]));
                if (columns_[i] == column::count) count = count_in(cells_[i]);
            }
            source_.add(*made, values, count, cells_[0].at);
        }
        return {.ballots = std::move(*made), .format = ballot_format::csv, .seats = 1, .withdrawn = {}, .tie_order = {},
            .title = {}};
    }
    std::int64_t count_in(const cell& c) const {
        const auto n = integer<std::int64_t>(trimmed(c.text));
        if (!n || *n <= 0)
            source_.stop(c.at, "expected how many ballots this row stands for, found \"" + printable(c.text.substr(0, 20))
                + "\"");
        return *n;
    }
    template <class Cell>
    Cell value(const cell& c) const {
        constexpr bool ranks = std::is_same_v<Cell, rank>;
        const auto     text = trimmed(c.text);
        if (text.empty() || text == "-") return ranks ? static_cast<Cell>(unranked) : static_cast<Cell>(unscored);
        const auto n = integer<std::int64_t>(text.front() == '+' ? text.substr(1) : text);
        const std::int64_t least = ranks ? 1 : -std::int64_t{std::numeric_limits<score>::max()};
        const std::int64_t most = std::numeric_limits<Cell>::max();
        if (!n || *n < least || *n > most) {
            source_.stop(c.at, (ranks ? "expected a rank from 1 to " : "expected a whole score up to ") + std::to_string(most)
                + ", found \"" + printable(text.substr(0, 20)) + "\"",
                         "leave it empty where nothing was marked");
        }
        return static_cast<Cell>(*n);
    }

    ballot_source&           source_;
    const read_settings&     how_;
    char                     separator_ = '\0';
    std::vector<cell>        cells_;
    std::size_t              used_ = 0;
    std::vector<column>      columns_;
    std::vector<std::string> names_;
};

}  // namespace detail
}  // namespace quorate::tally
