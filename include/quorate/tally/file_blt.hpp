// BLT files, read and written: options and seats, who withdrew, ballots with multipliers, names, title. With what droop and
// OpenSTV added: comments, [tie ...], [nick ...], [withdrawn ...], "=" between equal ranks, "-" for a rank left empty, (ballot
// id).
#pragma once

#include <quorate/tally/file_preflib.hpp>

namespace quorate::tally {
namespace detail {

class blt_reader {
public:
    explicit blt_reader(ballot_source& source) : source_(source) {}

    ballot_file whole() {
        const auto options = head("the number of options", most_options);
        file_.seats = head("the number of seats", std::numeric_limits<std::int32_t>::max());
        std::vector<std::string> numbers;
        for (std::size_t i = 0; i < options; ++i) numbers.push_back(std::to_string(i + 1));
        ballots_ = ranked_ballots::make(std::move(numbers)).value();
        before_ballots();
        while (ballot()) {}
        tail();
        std::sort(file_.withdrawn.begin(), file_.withdrawn.end());
        file_.ballots = std::move(ballots_);
        return std::move(file_);
    }

private:
    static constexpr std::size_t longest_token = 64;

    struct token {
        std::string text;
        bool        quoted = false;
        file_place  at;
        bool        end = false;
    };

    void skip_spaces_and_comments() {
        for (;;) {
            const int c = source_.peek();
            if (c == '#') {
                while (source_.peek() >= 0 && source_.peek() != '\n') source_.get();
            } else if (is_space(c)) {
                source_.get();
            } else {
                return;
            }
        }
    }
    token take() {
        if (has_back_) {
            has_back_ = false;
            return std::move(back_);
        }
        skip_spaces_and_comments();
        token t{.text = {}, .quoted = false, .at = source_.place(), .end = false};
        int   c = source_.peek();
        if (c < 0) {
            t.end = true;
        } else if (c == '"') {
            source_.get();
            t.quoted = true;
            for (c = source_.get(); c != '"'; c = source_.get()) {
                if (c < 0 || c == '\n') source_.stop(t.at, "a quoted text without its end");
                t.text += static_cast<char>(c);
                if (t.text.size() > longest_name)
                    source_.stop(t.at, "a text of more than " + std::to_string(longest_name) + " bytes", {}, errc::limit);
            }
        } else if (c == '[' || c == ']' || c == '=') {
            t.text = static_cast<char>(source_.get());
        } else {
            while (c >= 0 && !is_space(c) && c != '[' && c != ']' && c != '=' && c != '"' && c != '#') {
                t.text += static_cast<char>(source_.get());
                if (t.text.size() > longest_token)
                    source_.stop(t.at, "a word of more than " + std::to_string(longest_token) + " bytes", {}, errc::limit);
                c = source_.peek();
            }
        }
        return t;
    }
    void put_back(token t) {
        back_ = std::move(t);
        has_back_ = true;
    }
    [[noreturn]] void expected(const token& t, const std::string& what) const {
        source_.stop(t.at, "expected " + what + ", found " + (t.end ? std::string("the end of the file") : "\""
            + printable(t.text.substr(0, 20)) + "\""));
    }
    std::size_t head(const std::string& what, std::size_t most) {
        const auto t = take();
        const auto n = t.quoted ? std::nullopt : integer<std::uint64_t>(t.text);
        if (!n) expected(t, what);
        if (*n > most) source_.stop(t.at, what + " is more than " + std::to_string(most), {}, errc::limit);
        return static_cast<std::size_t>(*n);
    }
    /// An option by its number or its nickname; not for the end of the file.
    option place_of(const token& t) const {
        for (std::size_t i = 0; i < nicks_.size(); ++i)
            if (!t.quoted && nicks_[i] == t.text) return static_cast<option>(i);
        const auto n = t.quoted ? std::nullopt : integer<std::uint64_t>(t.text);
        if (!n || *n == 0 || *n > ballots_.options().size())
            expected(t, "an option from 1 to " + std::to_string(ballots_.options().size()));
        return static_cast<option>(*n - 1);
    }
    void withdraw(option o, file_place at) {
        if (std::find(file_.withdrawn.begin(), file_.withdrawn.end(), o) != file_.withdrawn.end())
            source_.stop(at, "option " + std::to_string(o + 1) + " is withdrawn twice");
        file_.withdrawn.push_back(o);
    }

    /// "-4", "[withdrawn 4]", "[tie 3 1 2]", "[nick a b c]", in any order.
    void before_ballots() {
        for (;;) {
            auto t = take();
            if (!t.quoted && t.text.size() > 1 && t.text.front() == '-' && is_digit(static_cast<unsigned char>(t.text[1]))) {
                auto positive = t;
                positive.text.erase(0, 1);
                withdraw(place_of(positive), t.at);
            } else if (!t.quoted && t.text == "[") {
                setting();
            } else {
                return put_back(std::move(t));
            }
        }
    }
    void setting() {
        const auto name = take();
        if (name.quoted || (name.text != "tie" && name.text != "nick" && name.text != "withdrawn")) {
            source_.stop(name.at, "the setting \"" + printable(name.text.substr(0, 20)) + "\" would be ignored",
                "this knows tie, nick and withdrawn; remove it, and state it to the count",
                         errc::unsupported);
        }
        for (auto t = take(); t.quoted || t.text != "]"; t = take()) {
            if (t.end) expected(t, "\"]\"");
            if (name.text == "nick") {
                if (nicks_.size() == ballots_.options().size()) source_.stop(t.at, "more nicknames than options");
                // "-" is an empty rank, "-2" a withdrawn option, "=" an equal rank.
                if (std::find(nicks_.begin(), nicks_.end(), t.text) != nicks_.end() || integer<std::uint64_t>(t.text)
                    || t.text.starts_with('-') || t.text == "=")
                    source_.stop(t.at, "a nickname that could be mistaken");
                nicks_.push_back(t.text);
            } else if (name.text == "withdrawn") {
                withdraw(place_of(t), t.at);
            } else {
                const auto o = place_of(t);
                if (std::find(file_.tie_order.begin(), file_.tie_order.end(), o) != file_.tie_order.end())
                    source_.stop(t.at, "an option stands twice in the order against ties");
                file_.tie_order.push_back(o);
            }
        }
        if (name.text == "nick" && nicks_.size() != ballots_.options().size())
            source_.stop(name.at, "there are fewer nicknames than options");
        if (name.text == "tie" && file_.tie_order.size() != ballots_.options().size())
            source_.stop(name.at, "the order against ties leaves options out");
    }

    bool ballot() {
        auto         t = take();
        std::int64_t count = 1;
        const auto   from = t.at;
        if (t.end) expected(t, "a ballot, or the 0 that ends them");
        if (!t.quoted && t.text.starts_with('(')) {
            if (!t.text.ends_with(')') || t.text.size() < 3) expected(t, "a ballot's identifier in parentheses, without spaces");
        } else {
            const auto n = t.quoted ? std::nullopt : integer<std::int64_t>(t.text);
            if (!n || *n < 0) {
                if (!t.quoted && t.text.find('.') != std::string::npos)
                    source_.stop(t.at, "a ballot that counts " + printable(t.text) + " times",
                        "whole multipliers only: multiply all of them");
                expected(t, "how often a ballot was cast");
            }
            if (*n == 0) return false;
            count = *n;
        }
        ranks_.assign(ballots_.options().size(), unranked);
        std::size_t r = 0;
        bool        joined = false, after_rank = false;
        for (t = take(); t.quoted || t.text != "0"; t = take()) {
            if (t.end) expected(t, "the 0 that ends a ballot");
            if (!t.quoted && t.text == "=") {
                if (joined || !after_rank) expected(t, "an option before \"=\"");
                joined = true;
                continue;
            }
            const bool skipped = !t.quoted && t.text == "-";
            if (!joined && ++r > most_ranks)
                source_.stop(t.at, "a ballot of more than " + std::to_string(most_ranks) + " ranks", {}, errc::limit);
            if (skipped && joined) expected(t, "an option after \"=\"");
            if (!skipped) {
                const auto o = place_of(t);
                if (ranks_[o] != unranked) source_.stop(t.at, "option " + std::to_string(o + 1) + " stands twice on this ballot");
                ranks_[o] = static_cast<rank>(r);
            }
            joined = false;
            after_rank = !skipped;
        }
        if (joined) expected(t, "an option after \"=\"");
        source_.add(ballots_, ranks_, count, from);
        return true;
    }
    void tail() {
        std::vector<std::string> names;
        token                    t;
        for (std::size_t i = 0; i < ballots_.options().size(); ++i) {
            t = take();
            if (!t.quoted) expected(t, "the name of option " + std::to_string(i + 1) + " in quotes");
            source_.check_name(t.text, t.at, "the name");
            names.push_back(t.text);
        }
        source_.must(ballots_.rename(std::move(names)), t.at);
        constexpr int texts = 3;  // title, source, comment
        for (int i = 0; i <= texts; ++i) {
            t = take();
            if (t.end) return;
            if (!t.quoted || i == texts) expected(t, "the end of the file");
            if (i == 0 && !t.text.empty()) {
                source_.check_name(t.text, t.at, "the title");
                file_.title = t.text;
            }
        }
    }

    static constexpr std::size_t most_ranks = std::numeric_limits<rank>::max();

    ballot_source&           source_;
    ballot_file              file_{.ballots = ranked_ballots::make({}).value(), .format = ballot_format::blt, .seats = 1,
        .withdrawn = {}, .tie_order = {}, .title = {}};
    ranked_ballots           ballots_ = ranked_ballots::make({}).value();
    std::vector<std::string> nicks_;
    std::vector<rank>        ranks_;
    token                    back_;
    bool                     has_back_ = false;
};

}  // namespace detail

/// Writes ranked ballots as a BLT file, gaps as "-". Refuses rated ballots, empty names, and quotes or line breaks in names.
[[nodiscard]] inline result<void> write_blt(std::ostream& out, const ballot_file& file) {
    const auto* ranked = file.ranked();
    if (ranked == nullptr) return make_error(errc::invalid, "BLT has no scores");
    for (const auto& n : ranked->options())
        if (n.empty() || n.find_first_of("\"\r\n") != std::string::npos)
            return make_error(errc::invalid, "BLT can't keep the name \"" + detail::printable(n) + "\"");
    if (file.title.find_first_of("\"\r\n") != std::string::npos) return make_error(errc::invalid, "BLT can't keep the title");
    out << ranked->options().size() << ' ' << file.seats << '\n';
    for (const auto o : file.withdrawn) out << '-' << o + 1 << '\n';
    if (!file.tie_order.empty()) {
        out << "[tie";
        for (const auto o : file.tie_order) out << ' ' << o + 1;
        out << "]\n";
    }
    std::vector<std::pair<rank, option>> marked;
    for (std::size_t row = 0; row < ranked->rows(); ++row) {
        marked.clear();
        for (option o = 0; o < ranked->options().size(); ++o)
            if (ranked->at(row, o) != unranked) marked.emplace_back(ranked->at(row, o), o);
        std::sort(marked.begin(), marked.end());
        out << ranked->counts()[row];
        rank last = 0;
        for (const auto& [r, o] : marked) {
            if (r == last) {
                out << '=' << o + 1;
                continue;
            }
            for (; last + 1 < r; ++last) out << " -";
            last = r;
            out << ' ' << o + 1;
        }
        out << " 0\n";
    }
    out << "0\n";
    for (const auto& n : ranked->options()) out << '"' << n << "\"\n";
    if (!file.title.empty()) out << '"' << file.title << "\"\n";
    if (!out) return make_error(errc::io, "could not be written");
    return {};
}

}  // namespace quorate::tally
