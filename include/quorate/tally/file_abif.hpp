// ABIF files: https://github.com/electorama/abif. Lines are comments (#...), metadata ({...}), names (=A:[Full name]) or ballots:
// "12:A>B=C", "12:A/5>B/3", "12:A/5,B/3".
#pragma once

#include <quorate/tally/ballot_file.hpp>
#include <quorate/tally/source.hpp>

#include <unordered_map>

namespace quorate::tally::detail {

/// Options may be named by the ballots alone, so that how many there are is known at the end only: distinct ballots are kept as
/// they are written until then.
class abif_reader {
public:
    abif_reader(ballot_source& source, const read_settings& how) : source_(source), kind_(how.kind) {}

    ballot_file whole() {
        for (std::string line; source_.line(line);) {
            line_scanner s(source_, line);
            if (s.done() || s.next() == '#') continue;
            if (s.next() == '{') metadata(s);
            else if (s.next() == '=') named(s);
            else ballot(s);
        }
        return finish();
    }

private:
    struct mark {
        option        which = 0;
        std::uint32_t tier = 0;
        score         given = unscored;

        friend bool operator==(const mark&, const mark&) = default;
    };
    struct distinct {
        std::vector<mark> marks;
        std::int64_t      count = 0;
        std::size_t       line = 0;  ///< where it was first
    };

    static void end(line_scanner& s) {
        if (!s.done() && s.next() != '#') s.expected("the end of the line");
    }
    /// A bare, quoted or bracketed name.
    std::string word(line_scanner& s, std::string_view what) {
        s.skip_spaces();
        const auto where = s.place();
        const char open = s.next();
        const char close = open == '[' ? ']' : open == '"' ? '"' : '\0';
        const auto line = s.line();
        auto       to = s.at() + (close == '\0' ? 0 : 1);
        const auto from = to;
        if (close != '\0') {
            to = line.find(close, from);
            if (to == std::string_view::npos) s.expected(std::string("a name that ends with '") + close + "'");
            s.move(to + 1);
        } else {
            constexpr std::string_view marks = "=>,/:[]\"#{}";
            while (to < line.size() && !is_space(static_cast<unsigned char>(line[to]))
                && marks.find(line[to]) == std::string_view::npos)
                ++to;
            if (to == from) s.expected(std::string(what));
            s.move(to);
        }
        auto name = std::string(line.substr(from, to - from));
        source_.check_name(name, where, what);
        return name;
    }
    option place_of(const std::string& name, line_scanner& s) {
        if (const auto known = places_.find(name); known != places_.end()) return known->second;
        if (names_.size() == most_options) s.stop("more than " + std::to_string(most_options) + " options");
        const auto o = static_cast<option>(names_.size());
        names_.push_back(name);
        places_.emplace(name, o);
        return o;
    }

    /// {title: "..."}; what else it says is about the file, not about votes.
    void metadata(line_scanner& s) {
        s.must('{');
        const auto key = word(s, "a key");
        s.must(':');
        s.skip_spaces();
        const auto rest = s.line().substr(s.at());
        const auto to = rest.rfind('}');
        if (to == std::string_view::npos) s.expected("'}' at the end of the line");
        auto value = trimmed(rest.substr(0, to));
        if (value.size() > 1 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        if (key == "title") {
            source_.check_name(value, s.place(), "the title");
            title_ = value;
        }
        s.move(s.at() + to + 1);
        end(s);
    }
    /// =A:[Full name]
    void named(line_scanner& s) {
        s.must('=');
        const auto token = word(s, "an option");
        s.must(':');
        const auto full = word(s, "its name");
        end(s);
        const auto o = place_of(token, s);
        if (names_[o] != token) s.stop("\"" + printable(token) + "\" is named twice");
        if (const auto known = places_.find(full); known != places_.end() && known->second != o)
            s.stop("\"" + printable(full) + "\" is another option");
        names_[o] = full;
        places_.emplace(full, o);
    }
    void ballot(line_scanner& s) {
        const auto count = s.number_here("how often a ballot was cast");
        if (!s.take('*')) s.must(':');
        marks_.clear();
        seen_.clear();
        std::uint32_t tier = 0;
        bool          ordered = false, listed = false, all_scored = true;
        for (bool more = !s.done() && s.next() != '#'; more;) {
            s.skip_spaces();
            const auto from = s.at();
            mark       m{.which = place_of(word(s, "an option"), s), .tier = tier, .given = unscored};
            if (seen_.size() <= m.which) seen_.resize(m.which + 1, false);
            if (seen_[m.which]) {
                s.move(from);
                s.stop("an option stands twice on this ballot");
            }
            seen_[m.which] = true;
            if (s.take('/')) m.given = score_here(s);
            all_scored = all_scored && m.given != unscored;
            marks_.push_back(m);
            more = false;
            if (s.take('>')) {
                ++tier;
                more = ordered = true;
            } else if (s.take('=')) {
                more = ordered = true;
            } else if (s.take(',')) {
                more = listed = true;
            }
        }
        end(s);
        if (listed && !all_scored) s.stop("a list with commas says no order", "write \">\" or \"=\", or give all scores");
        if (listed && ordered) s.stop("\",\" together with \">\" or \"=\" on one ballot");
        if (!kind_ && !marks_.empty()) kind_ = all_scored && !ordered ? ballot_kind::rated : ballot_kind::ranked;
        if (kind_ == ballot_kind::rated && !all_scored)
            s.stop("a ballot without scores among rated ones", "state that the file holds ranks");
        if (listed) rank_by_scores();
        keep(count, s);
    }
    score score_here(line_scanner& s) {
        const bool negative = s.take('-');
        const auto n = s.number_here("a score");
        if (n > std::numeric_limits<score>::max())
            s.stop("a score of more than " + std::to_string(std::numeric_limits<score>::max()));
        return static_cast<score>(negative ? -n : n);
    }
    void rank_by_scores() {
        std::vector<score> steps;
        for (const auto& m : marks_) steps.push_back(m.given);
        std::sort(steps.begin(), steps.end(), std::greater<>());
        steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
        for (auto& m : marks_)
            m.tier = static_cast<std::uint32_t>(std::find(steps.begin(), steps.end(), m.given) - steps.begin());
    }
    /// Equal ballots once.
    void keep(std::int64_t count, line_scanner& s) {
        source_.must(check_count(count, total_), {s.place().line, 1});
        total_ += count;
        std::vector<std::uint64_t> cells;  // all that there is to a mark
        for (const auto& m : marks_) {
            cells.push_back((std::uint64_t{m.which} << 32U) | m.tier);
            cells.push_back(static_cast<std::uint32_t>(m.given));
        }
        const auto at = index_.place(std::span<const std::uint64_t>(cells), rows_.size());
        if (at == rows_.size()) {
            cells_ += marks_.size() + 4;
            if (cells_ > most_cells / 8)
                s.stop("more distinct ballots than memory is set aside for");
            rows_.push_back({marks_, 0, s.place().line});
        }
        rows_[at].count += count;
    }
    ballot_file finish() {
        ballot_file file{.ballots = ranked_ballots::make({}).value(), .format = ballot_format::abif, .seats = 1,
            .withdrawn = {}, .tie_order = {}, .title = title_};
        if (kind_ == ballot_kind::rated) {
            auto made = rated_ballots::make(names_);
            source_.must(made, {0, 0});
            fill<score>(*made, unscored, [](const mark& m) { return m.given; });
            file.ballots = std::move(*made);
        } else {
            auto made = ranked_ballots::make(names_);
            source_.must(made, {0, 0});
            fill<rank>(*made, unranked, [](const mark& m) { return static_cast<rank>(m.tier + 1); });
            file.ballots = std::move(*made);
        }
        return file;
    }
    template <class Cell, class Ballots, class Value>
    void fill(Ballots& to, Cell nothing, Value&& value) {
        std::vector<Cell> cells;
        for (const auto& row : rows_) {
            cells.assign(names_.size(), nothing);
            for (const auto& m : row.marks) cells[m.which] = value(m);
            source_.add(to, cells, row.count, {row.line, 1});
        }
    }

    ballot_source&                          source_;
    std::optional<ballot_kind>              kind_;
    std::string                             title_;
    std::vector<std::string>                names_;
    std::unordered_map<std::string, option> places_;  // looked up, never walked through
    std::vector<mark>                       marks_;
    std::vector<bool>                       seen_;
    std::vector<distinct>                   rows_;
    row_index                               index_;
    std::size_t                             cells_ = 0;
    std::int64_t                            total_ = 0;
};

}  // namespace quorate::tally::detail
