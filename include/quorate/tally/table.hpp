// A count as text: `to_table` for people who want to do it again by hand, `to_json` for programs.
#pragma once

#include <quorate/tally/count.hpp>
#include <quorate/tally/text.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quorate::tally {
namespace detail {

/// Rows of cells, two spaces apart, each line indented by two; the first column is aligned left, the others right.
class grid {
public:
    void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    void write(std::string& out) const {
        std::vector<std::size_t> widths;
        for (const auto& r : rows_) {
            widths.resize(std::max(widths.size(), r.size()));
            for (std::size_t i = 0; i < r.size(); ++i) widths[i] = std::max(widths[i], width(r[i]));
        }
        for (const auto& r : rows_) {
            std::string line = " ";
            for (std::size_t i = 0; i < r.size(); ++i) {
                const std::string room(widths[i] - width(r[i]), ' ');
                line += i == 0 ? " " + r[i] + room : "  " + room + r[i];
            }
            line.erase(line.find_last_not_of(' ') + 1);
            out += line + '\n';
        }
    }

private:
    std::vector<std::vector<std::string>> rows_;
};

/// The options of one count as printed.
class count_text {
public:
    explicit count_text(const count& c) : c_(c) {
        for (const auto& o : c.options) names_.push_back(printable(o));
    }

    std::string whole() {
        head();
        for (const auto& m : c_.matrices) table(m);
        for (std::size_t i = 0; i < c_.rounds.size(); ++i) step(c_.rounds[i], i + 1);
        list("Ties", c_.ties.size(), [&](std::size_t i) { return tied(c_.ties[i]); });
        list("Order", c_.order.size(), [&](std::size_t i) { return std::to_string(i + 1) + ". " + names(c_.order[i], " = "); });
        list("Equally good", c_.sets.size(), [&](std::size_t i) { return names(c_.sets[i], ", "); });
        result();
        if (cut_) out_ += "\n~ is cut to six decimals; the JSON form has every number exactly.\n";
        return std::move(out_);
    }

private:
    const std::string& name(option o) const { return names_[o]; }
    std::string names(const std::vector<option>& all, std::string_view between) const {
        std::string s;
        for (const auto o : all) s += (s.empty() ? "" : std::string(between)) + name(o);
        return s;
    }
    std::string value(const number& x) {
        auto text = shown(x);
        cut_ = cut_ || text.front() == '~';
        return text;
    }
    void head() {
        out_ += printable(c_.method) + ": " + std::to_string(c_.ballots) + (c_.ballots == 1 ? " ballot, " : " ballots, ") +
                std::to_string(c_.options.size()) + (c_.options.size() == 1 ? " option, " : " options, ")
                    + std::to_string(c_.seats) +
                (c_.seats == 1 ? " seat" : " seats");
        if (!(c_.unit == number(1))) out_ += ", each of weight " + to_string(c_.unit);
        if (c_.quota.sign() != 0) out_ += ", quota " + value(c_.quota);
        out_ += '\n';
    }
    void table(const matrix& m) {
        const bool pairs = m.rows == m.columns;
        out_ += "\n" + printable(m.name) + (pairs ? " (row against column)\n" : "\n");
        const auto& rows = m.rows.empty() ? c_.options : m.rows;
        const auto& columns = m.columns.empty() ? c_.options : m.columns;
        grid                     g;
        std::vector<std::string> top{""};
        for (const auto& column : columns) top.push_back(printable(column));
        g.row(std::move(top));
        for (std::size_t i = 0; i < m.cells.size(); ++i) {
            std::vector<std::string> cells{printable(rows[i])};
            for (std::size_t j = 0; j < m.cells[i].size(); ++j) cells.push_back(pairs && i == j ? "-" : value(m.cells[i][j]));
            g.row(std::move(cells));
        }
        g.write(out_);
    }
    void step(const round& r, std::size_t at) {
        out_ += "\n" + std::to_string(at) + ". " + printable(r.what) + "\n";
        grid       g;
        const auto within = [](const std::vector<option>& all, option o) { return std::find(all.begin(), all.end(),
            o) != all.end(); };
        for (std::size_t i = 0; i < r.options.size(); ++i) {
            const auto o = r.options[i];
            g.row({name(o), i < r.values.size() ? value(r.values[i]) : "", within(r.elected, o) ? "elected" : within(r.dropped,
                o) ? "dropped" : ""});
        }
        if (r.exhausted.sign() != 0) g.row({"(exhausted)", value(r.exhausted), ""});
        g.write(out_);
        // Those that left the count without a value in this round are still told.
        const auto rest = [&](std::vector<option> all) {
            std::erase_if(all, [&](option o) { return within(r.options, o); });
            return all;
        };
        if (const auto more = rest(r.elected); !more.empty()) out_ += "  elected: " + names(more, ", ") + "\n";
        if (const auto more = rest(r.dropped); !more.empty()) out_ += "  dropped: " + names(more, ", ") + "\n";
        if (!r.why.empty()) out_ += "  " + printable(r.why) + "\n";
    }
    std::string tied(const tie& t) const {
        auto s = printable(t.where) + ": " + names(t.options, ", ");
        return s + (t.broken_by.empty() ? "; stands" : "; broken by " + printable(t.broken_by) + ", ahead: "
            + names(t.ahead, ", "));
    }
    template <class Line>
    void list(std::string_view title, std::size_t n, Line&& line) {
        if (n == 0) return;
        (out_ += '\n') += title;
        out_ += '\n';
        for (std::size_t i = 0; i < n; ++i) out_ += "  " + line(i) + "\n";
    }
    void result() {
        out_ += "\nElected: " + (c_.elected.empty() ? std::string("nobody") : names(c_.elected, ", ")) + "\n";
        if (c_.undecided.empty()) return;
        const auto open = c_.seats - std::min(c_.seats, c_.elected.size());
        out_ += "Tied for " + std::to_string(open) + (open == 1 ? " seat: " : " seats: ") + names(c_.undecided, ", ") + "\n";
        if (c_.paused) out_ += "The count waits for somebody to choose among them.\n";
    }

    const count&             c_;
    std::vector<std::string> names_;
    std::string              out_;
    bool                     cut_ = false;
};

/// Canonical JSON of a count: no white space, keys in one order, nothing where there is nothing.
class count_json {
public:
    explicit count_json(const count& c) : c_(c) {}

    std::string whole() {
        out_ += '{';
        text("method", c_.method);
        key("options");
        texts(c_.options);
        key("seats") += std::to_string(c_.seats);
        key("ballots") += std::to_string(c_.ballots);
        if (!(c_.unit == number(1))) append_json(key("unit"), c_.unit);
        if (c_.quota.sign() != 0) append_json(key("quota"), c_.quota);
        key("elected");
        names(c_.elected);
        options("undecided", c_.undecided);
        if (c_.paused) key("paused") += "true";
        lists("order", c_.order);
        lists("sets", c_.sets);
        each("ties", c_.ties, [&](const tie& t) {
            open();
            text("where", t.where);
            options("options", t.options);
            if (!t.broken_by.empty()) text("broken_by", t.broken_by);
            options("ahead", t.ahead);
            out_ += '}';
        });
        each("matrices", c_.matrices, [&](const matrix& m) {
            open();
            text("name", m.name);
            labels("rows", m.rows);
            labels("columns", m.columns);
            key("cells");
            elements(m.cells, [&](const std::vector<number>& row) { numbers(row); });
            out_ += '}';
        });
        each("rounds", c_.rounds, [&](const round& r) {
            open();
            text("what", r.what);
            options("options", r.options);
            if (!r.values.empty()) {
                key("values");
                numbers(r.values);
            }
            options("elected", r.elected);
            options("dropped", r.dropped);
            if (!r.why.empty()) text("why", r.why);
            if (r.exhausted.sign() != 0) append_json(key("exhausted"), r.exhausted);
            out_ += '}';
        });
        out_ += '}';
        return std::move(out_);
    }

private:
    void open() { out_ += '{'; }
    std::string& key(std::string_view k) {
        if (out_.back() != '{') out_ += ',';
        append_json(out_, k);
        return out_ += ':';
    }
    void text(std::string_view k, std::string_view s) { append_json(key(k), s); }
    template <class Items, class Put>
    void elements(const Items& all, Put&& put) {
        out_ += '[';
        for (const auto& x : all) {
            if (out_.back() != '[') out_ += ',';
            put(x);
        }
        out_ += ']';
    }
    template <class Items, class Put>
    void each(std::string_view k, const Items& all, Put&& put) {
        if (all.empty()) return;
        key(k);
        elements(all, put);
    }
    void names(const std::vector<option>& all) {
        elements(all, [&](option o) { append_json(out_, std::string_view(c_.options[o])); });
    }
    void texts(const std::vector<std::string>& all) {
        elements(all, [&](const std::string& s) { append_json(out_, std::string_view(s)); });
    }
    void labels(std::string_view k, const std::vector<std::string>& all) {
        each(k, all, [&](const std::string& s) { append_json(out_, std::string_view(s)); });
    }
    void options(std::string_view k, const std::vector<option>& all) {
        each(k, all, [&](option o) { append_json(out_, std::string_view(c_.options[o])); });
    }
    void lists(std::string_view k, const std::vector<std::vector<option>>& all) {
        each(k, all, [&](const std::vector<option>& one) { names(one); });
    }
    void numbers(const std::vector<number>& all) {
        elements(all, [&](const number& x) { append_json(out_, x); });
    }

    const count& c_;
    std::string  out_;
};

}  // namespace detail

/// Plain text, aligned: matrices, rounds with who was elected or dropped and why, ties and what broke them, the result. Numbers
/// are exact, but for those with a "~", which are cut. What names contain that a terminal could misread is shown as \xNN.
[[nodiscard]] inline std::string to_table(const count& c) { return detail::count_text(c).whole(); }

/// Canonical JSON: no white space, keys in a fixed order, absent parts left out (but for "options" and "elected"); options by
/// name. Integers of at most 15 digits are numbers; every other number is exact text: "1/3", "2*sqrt(7)". Equal counts give
/// equal bytes.
[[nodiscard]] inline std::string to_json(const count& c) { return detail::count_json(c).whole(); }

}  // namespace quorate::tally
