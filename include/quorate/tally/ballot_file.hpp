// What a ballot file holds, and how it is to be read (files.hpp reads it).
#pragma once

#include <quorate/tally/ballots.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace quorate::tally {

enum class ballot_format : std::uint8_t {
    preflib,  ///< soc, soi, toc, toi, cat: https://preflib.github.io/PrefLib-Jekyll/format
    blt,      ///< Hill, Wichmann, Woodall; with the options that droop and OpenSTV added
    debian,   ///< tally sheets of the Debian project: "V: 21-3<tab>token"
    csv,      ///< one column an option, one row a ballot, a header; ranks or scores
    abif,     ///< Aggregated Ballot Information Format: "12:A>B=C", "12:A/5,B/3"
};
[[nodiscard]] inline std::string_view name_of(ballot_format f) {
    switch (f) {
        case ballot_format::preflib: return "preflib";
        case ballot_format::blt: return "blt";
        case ballot_format::debian: return "debian";
        case ballot_format::csv: return "csv";
        case ballot_format::abif: return "abif";
    }
    return "";
}

enum class ballot_kind : std::uint8_t { ranked, rated };

struct read_settings {
    /// Nothing: guessed by the name and by what the file starts with.
    std::optional<ballot_format> format;
    /// What the numbers are where a format leaves it open: needed for CSV; of ABIF, the form of its first ballot otherwise.
    std::optional<ballot_kind>   kind;
    /// Names for formats that have none (Debian): as many as there are options. Empty: "1", "2", ...
    std::vector<std::string>     options;
    /// The column of a CSV file that says how many equal ballots a row stands for; without such a column: one.
    std::string                  count_column = "count";
    /// Columns of a CSV file that are no options: identifiers, times.
    std::vector<std::string>     other_columns;
    /// What errors call the file; its ending helps to guess the format.
    std::string                  name;
};

/// Ballots with what the file says around them.
struct ballot_file {
    std::variant<ranked_ballots, rated_ballots> ballots;
    ballot_format                               format = ballot_format::preflib;
    std::size_t                                 seats = 1;   ///< 1 where the format doesn't say
    std::vector<option>                         withdrawn;   ///< still on the ballots: see `without`
    std::vector<option>                         tie_order;   ///< given order against ties, first is best; may be empty
    std::string                                 title;

    /// nullptr when the ballots are rated.
    [[nodiscard]] const ranked_ballots* ranked() const { return std::get_if<ranked_ballots>(&ballots); }
    /// nullptr when the ballots are ranked.
    [[nodiscard]] const rated_ballots* rated() const { return std::get_if<rated_ballots>(&ballots); }
};

namespace detail {

template <class T>
[[nodiscard]] std::vector<T> left_of(const std::vector<T>& all, const std::vector<option>& gone) {
    std::vector<T> left;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (std::find(gone.begin(), gone.end(), static_cast<option>(i)) == gone.end()) left.push_back(all[i]);
    return left;
}

}  // namespace detail

/// The same ballots as if some options had never stood: a rank that only they had is closed, gaps that were left on purpose stay.
[[nodiscard]] inline ranked_ballots without(const ranked_ballots& ballots, const std::vector<option>& gone) {
    auto                     left = ranked_ballots::make(detail::left_of(ballots.options(), gone)).value();
    std::vector<rank>        ranks(ballots.options().size());
    for (std::size_t row = 0; row < ballots.rows(); ++row) {
        for (option o = 0; o < ranks.size(); ++o) ranks[o] = ballots.at(row, o);
        auto kept = detail::left_of(ranks, gone);
        std::vector<rank> emptied;
        for (const auto o : gone) {
            const auto r = ranks[o];
            if (r != unranked && std::find(kept.begin(), kept.end(), r) == kept.end()) emptied.push_back(r);
        }
        std::sort(emptied.begin(), emptied.end());
        emptied.erase(std::unique(emptied.begin(), emptied.end()), emptied.end());
        for (auto& r : kept) r = static_cast<rank>(r - (std::lower_bound(emptied.begin(), emptied.end(), r) - emptied.begin()));
        left.add(std::span<const rank>(kept), ballots.counts()[row]).value();
    }
    return left;
}
[[nodiscard]] inline rated_ballots without(const rated_ballots& ballots, const std::vector<option>& gone) {
    auto left = rated_ballots::make(detail::left_of(ballots.options(), gone)).value();
    for (std::size_t row = 0; row < ballots.rows(); ++row) {
        const auto scores = ballots.ballot(row);
        left.add(detail::left_of(std::vector<score>(scores.begin(), scores.end()), gone), ballots.counts()[row]).value();
    }
    return left;
}

}  // namespace quorate::tally
