// PrefLib files, read and written: orders strict or with ties, complete or not (soc, soi, toc, toi), and categories (cat).
// Format: https://preflib.github.io/PrefLib-Jekyll/format
#pragma once

#include <quorate/tally/ballot_file.hpp>
#include <quorate/tally/source.hpp>

#include <ostream>
#include <unordered_map>

namespace quorate::tally {
namespace detail {

class preflib_reader {
public:
    preflib_reader(ballot_source& source, const read_settings& how) : source_(source) {
        if (const auto dot = how.name.rfind('.'); dot != std::string::npos) type_ = how.name.substr(dot + 1);
        if (!known(type_)) type_.clear();
    }

    ballot_file whole() {
        std::string line;
        while (source_.line(line)) {
            const auto text = trimmed(line);
            if (text.empty()) continue;
            if (text.front() == '#') {
                if (begun_) source_.stop(line, 0, "a header after the first ballot");
                header(line);
            } else {
                if (!begun_) begin();
                ballot(line);
            }
        }
        if (!begun_) begin();
        return finish();
    }

private:
    static bool known(std::string_view type) { return type == "soc" || type == "soi" || type == "toc" || type == "toi"
        || type == "cat"; }

    void header(std::string_view line) {
        const auto mark = line.find('#');
        const auto colon = line.find(':', mark);
        if (colon == std::string_view::npos) return;  // a comment
        const auto key = trimmed(line.substr(mark + 1, colon - mark - 1));
        const auto value = trimmed(line.substr(colon + 1));
        const file_place here{source_.line_number(), width(line.substr(0,
            static_cast<std::size_t>(value.data() - line.data()))) + 1};
        const auto number_of = [&](std::string_view text, std::size_t at) {
            const auto n = integer<std::int64_t>(text);
            if (!n || *n < 0) source_.stop(line, at, "expected a number, found \"" + printable(text.substr(0, 20)) + "\"");
            return *n;
        };
        if (key == "TITLE") {
            if (!value.empty()) source_.check_name(value, here, "the title");
            file_title_ = value;
        } else if (key == "DATA TYPE") {
            if (!known(value))
                source_.stop(line, colon + 1, "data of type \"" + printable(value.substr(0, 20)) + "\"",
                    "this reads soc, soi, toc, toi and cat");
            type_ = value;
        } else if (key == "NUMBER ALTERNATIVES") {
            alternatives_ = number_of(value, colon + 1);
        } else if (key == "NUMBER VOTERS") {
            voters_ = number_of(value, colon + 1);
        } else if (key == "NUMBER CATEGORIES") {
            categories_ = number_of(value, colon + 1);
            if (categories_ > static_cast<std::int64_t>(most_options))
                source_.stop(line, colon + 1, "more than " + std::to_string(most_options) + " categories");
        } else if (key.starts_with("ALTERNATIVE NAME")) {
            const auto id = number_of(trimmed(key.substr(16)), mark);
            source_.check_name(value, here, "the name");
            if (names_.size() == most_options)
                source_.stop({source_.line_number(), 1}, "more than " + std::to_string(most_options) + " alternatives", {},
                    errc::limit);
            if (!places_.emplace(id, static_cast<option>(names_.size())).second)
                source_.stop(line, mark, "alternative " + std::to_string(id) + " is named twice");
            names_.emplace_back(value);
        }
    }
    void begin() {
        begun_ = true;
        const file_place here{source_.line_number(), 1};
        if (alternatives_ < 0)
            source_.stop(here, "no \"# NUMBER ALTERNATIVES:\" before the first ballot",
                "files of the older PrefLib form have to be converted");
        if (static_cast<std::size_t>(alternatives_) != names_.size())
            source_.stop(here, "NUMBER ALTERNATIVES is " + std::to_string(alternatives_) + ", and "
                + std::to_string(names_.size()) + " have names");
        if (type_.empty()) source_.stop(here, "no \"# DATA TYPE:\"", "one of soc, soi, toc, toi, cat");
        if (type_ == "cat" && categories_ < 0) source_.stop(here, "no \"# NUMBER CATEGORIES:\"");
        auto ranked = ranked_ballots::make(names_);
        source_.must(ranked, here);
        ranked_ = std::move(*ranked);
        rated_ = rated_ballots::make(names_).value();
    }

    option place_of(line_scanner& s) {
        s.skip_spaces();
        const auto from = s.at();
        const auto found = places_.find(s.number_here("the number of an alternative"));
        if (found == places_.end()) {
            s.move(from);
            s.stop("there is no alternative with this number");
        }
        if (seen_[found->second]) {
            s.move(from);
            s.stop("\"" + printable(names_[found->second]) + "\" stands twice on this ballot");
        }
        seen_[found->second] = true;
        return found->second;
    }
    void ballot(std::string_view line) {
        line_scanner s(source_, line);
        const auto   count = s.number_here("how often this ballot was cast");
        if (count == 0) source_.stop(line, 0, "a ballot that was cast 0 times");
        s.must(':');
        seen_.assign(names_.size(), false);
        tiers_.clear();
        bool ties = false;
        for (bool more = !s.done(); more; more = s.take(',')) {
            tiers_.emplace_back();
            if (s.take('{')) {
                if (!s.take('}')) {
                    do tiers_.back().push_back(place_of(s));
                    while (s.take(','));
                    s.must('}');
                }
            } else {
                tiers_.back().push_back(place_of(s));
            }
            ties = ties || tiers_.back().size() > 1;
            if (tiers_.size() > names_.size() + static_cast<std::size_t>(std::max<std::int64_t>(categories_, 0)))
                s.stop("more groups than there can be");
        }
        if (!s.done()) s.expected("','");
        if (type_ == "cat") return add_categories(s, count);
        const auto whole = std::find(seen_.begin(), seen_.end(), false) == seen_.end();
        if (ties && type_.front() == 's')
            source_.stop(line, 0, "a tie on a ballot, in a file of type " + type_, "toc and toi have ties");
        if (!whole && type_.back() == 'c')
            source_.stop(line, 0, "an incomplete ballot, in a file of type " + type_, "soi and toi are incomplete");
        std::vector<rank> ranks(names_.size(), unranked);
        std::size_t       r = 0;
        for (const auto& tier : tiers_) {
            if (!tier.empty()) ++r;
            for (const auto o : tier) ranks[o] = static_cast<rank>(r);
        }
        source_.add(ranked_, ranks, count, {source_.line_number(), 1});
    }
    void add_categories(line_scanner& s, std::int64_t count) {
        if (static_cast<std::int64_t>(tiers_.size()) > categories_) s.stop("more categories than NUMBER CATEGORIES says");
        std::vector<score> scores(names_.size(), unscored);
        for (std::size_t c = 0; c < tiers_.size(); ++c)
            for (const auto o : tiers_[c]) scores[o] = static_cast<score>(categories_ - 1 - static_cast<std::int64_t>(c));
        source_.add(rated_, scores, count, {source_.line_number(), 1});
    }
    ballot_file finish() {
        const auto found = type_ == "cat" ? rated_.total() : ranked_.total();
        if (voters_ >= 0 && voters_ != found)
            source_.stop({source_.line_number(), 1}, "NUMBER VOTERS is " + std::to_string(voters_) + ", and there are "
                + std::to_string(found) + " ballots", "is the file whole?");
        ballot_file file{.ballots = std::move(ranked_), .format = ballot_format::preflib, .seats = 1, .withdrawn = {},
            .tie_order = {}, .title = file_title_};
        if (type_ == "cat") file.ballots = std::move(rated_);
        return file;
    }

    ballot_source&                             source_;
    std::string                                type_;
    std::string                                file_title_;
    std::int64_t                               alternatives_ = -1;
    std::int64_t                               voters_ = -1;
    std::int64_t                               categories_ = -1;
    std::vector<std::string>                   names_;
    std::unordered_map<std::int64_t, option>   places_;  // looked up, never walked through
    bool                                       begun_ = false;
    ranked_ballots                             ranked_ = ranked_ballots::make({}).value();
    rated_ballots                              rated_ = rated_ballots::make({}).value();
    std::vector<bool>                          seen_;
    std::vector<std::vector<option>>           tiers_;
};

/// The tiers of one ballot, best first. Nothing when there is a gap in its ranks.
[[nodiscard]] inline std::optional<std::vector<std::vector<option>>> tiers_without_gaps(const ranked_ballots& b,
    std::size_t row) {
    std::vector<std::vector<option>> tiers;
    for (option o = 0; o < b.options().size(); ++o) {
        const std::size_t r = b.at(row, o);
        if (r == unranked) continue;
        if (r > b.options().size()) return std::nullopt;
        if (tiers.size() < r) tiers.resize(r);
        tiers[r - 1].push_back(o);
    }
    for (const auto& t : tiers)
        if (t.empty()) return std::nullopt;
    return tiers;
}

}  // namespace detail

/// Writes ballots as a PrefLib file of the narrowest type that holds them (soc, soi, toc, toi; cat for scores from 0). Refuses
/// what the format can't say: gaps between ranks, negative scores, empty names, line breaks in them or spaces at their ends.
[[nodiscard]] inline result<void> write_preflib(std::ostream& out, const ballot_file& file) {
    const auto& options = std::visit([](const auto& b) -> const std::vector<std::string>& { return b.options(); }, file.ballots);
    for (const auto& n : options)
        if (n.empty() || n.find_first_of("\r\n") != std::string::npos || detail::trimmed(n) != n)
            return make_error(errc::invalid, "PrefLib can't keep the name \"" + detail::printable(n) + "\"");
    std::string body, type;
    score       top = 0;
    if (const auto* ranked = file.ranked()) {
        bool ties = false, whole = true;
        for (std::size_t row = 0; row < ranked->rows(); ++row) {
            const auto tiers = detail::tiers_without_gaps(*ranked, row);
            if (!tiers) return make_error(errc::invalid, "PrefLib has no gaps between ranks");
            body += std::to_string(ranked->counts()[row]) + ":";
            std::size_t there = 0;
            for (std::size_t t = 0; t < tiers->size(); ++t) {
                const auto& tier = (*tiers)[t];
                std::string text;
                for (const auto o : tier) text += (text.empty() ? "" : ",") + std::to_string(o + 1);
                body += (t == 0 ? " " : ",") + (tier.size() == 1 ? text : "{" + text + "}");
                ties = ties || tier.size() > 1;
                there += tier.size();
            }
            whole = whole && there == options.size();
            body += '\n';
        }
        type = std::string(ties ? "to" : "so") + (whole ? "c" : "i");
    } else {
        const auto& rated = *file.rated();
        for (std::size_t row = 0; row < rated.rows(); ++row)
            for (const auto s : rated.ballot(row)) {
                if (s < 0 && s != unscored) return make_error(errc::invalid, "PrefLib's categories have no negative scores");
                if (s >= static_cast<score>(most_options))
                    return make_error(errc::limit, "more than " + std::to_string(most_options) + " categories");
                top = std::max(top, s);
            }
        for (std::size_t row = 0; row < rated.rows(); ++row) {
            body += std::to_string(rated.counts()[row]) + ":";
            for (score s = top; s >= 0; --s) {
                std::string text;
                for (option o = 0; o < options.size(); ++o)
                    if (rated.at(row, o) == s) text += (text.empty() ? "" : ",") + std::to_string(o + 1);
                body += (s == top ? " {" : ",{") + text + "}";
            }
            body += '\n';
        }
        type = "cat";
    }
    const auto rows = std::visit([](const auto& b) { return b.rows(); }, file.ballots);
    const auto total = std::visit([](const auto& b) { return b.total(); }, file.ballots);
    if (!file.title.empty()) out << "# TITLE: " << detail::printable(file.title) << '\n';
    out << "# DATA TYPE: " << type << "\n# NUMBER ALTERNATIVES: " << options.size() << "\n# NUMBER VOTERS: " << total << "\n# NUMBER UNIQUE ORDERS: " << rows << '\n';
    if (type == "cat") {
        out << "# NUMBER CATEGORIES: " << top + 1 << '\n';
        for (score s = top; s >= 0; --s) out << "# CATEGORY NAME " << top - s + 1 << ": " << s << '\n';
    }
    for (std::size_t i = 0; i < options.size(); ++i) out << "# ALTERNATIVE NAME " << i + 1 << ": " << options[i] << '\n';
    out << body;
    if (!out) return make_error(errc::io, "could not be written");
    return {};
}

}  // namespace quorate::tally
