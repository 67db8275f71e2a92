// Ballots as a count reads them: who was preferred to whom (`ranked_ballots`), or who got how much
// (`rated_ballots`). Equal ballots are kept once, with how many they are.
#pragma once

#include <quorate/result.hpp>
#include <quorate/tally/option.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace quorate::tally {

/// The most options on one ballot paper.
inline constexpr std::size_t most_options = 2'000;
/// The most ballots together: sums of products of two counts still fit in 128 bits, and a sum in 64.
inline constexpr std::int64_t most_ballots = std::int64_t{1} << 52U;

namespace detail {

/// Finds rows that were added before; keeps a copy of each. By order and not by a hash: whoever writes ballots could make hashes collide.
class row_index {
public:
    /// The place of an equal row, or `next`, which from then on is that of this row.
    template <class Cell>
    std::size_t place(std::span<const Cell> row, std::size_t next) {
        static_assert(std::has_unique_object_representations_v<Cell>, "equal cells have equal bytes");
        const std::string_view bytes(reinterpret_cast<const char*>(row.data()), row.size_bytes());
        const auto             at = known_.lower_bound(bytes);
        if (at != known_.end() && at->first == bytes) return at->second;
        return known_.emplace_hint(at, bytes, next)->second;
    }

private:
    std::map<std::string, std::size_t, std::less<>> known_;  // looked up, never walked through
};

inline result<void> check_options(const std::vector<std::string>& options) {
    if (options.size() > most_options) {
        return make_error(errc::limit, "a ballot paper has at most " + std::to_string(most_options) + " options, here are " +
                                           std::to_string(options.size()));
    }
    std::unordered_map<std::string_view, std::size_t> seen;
    for (std::size_t i = 0; i < options.size(); ++i) {
        if (const auto [first, fresh] = seen.emplace(options[i], i); !fresh) {
            return make_error(errc::invalid, "options " + std::to_string(first->second + 1) + " and " + std::to_string(i + 1) +
                                                 " have the same name \"" + options[i] + "\"");
        }
    }
    return {};
}

inline result<void> check_count(std::int64_t count, std::int64_t total) {
    if (count <= 0) return make_error(errc::invalid, "a ballot counts at least once, not " + std::to_string(count) + " times");
    if (count > most_ballots - total) return make_error(errc::limit, "more than " + std::to_string(most_ballots) + " ballots");
    return {};
}

/// What both kinds of ballots share: the ballot paper, and how many there are of each distinct ballot.
class pile {
public:
    [[nodiscard]] const std::vector<std::string>& options() const { return options_; }
    /// How many ballots there are.
    [[nodiscard]] std::int64_t total() const { return total_; }
    /// How many distinct ballots there are; rows below are numbered from 0 to here.
    [[nodiscard]] std::size_t rows() const { return counts_.size(); }
    [[nodiscard]] std::span<const std::int64_t> counts() const { return counts_; }

    /// Other names for the same places, for formats that name options last. Refuses another number of names, and what `make` refuses.
    result<void> rename(std::vector<std::string> names) {
        if (names.size() != options_.size())
            return make_error(errc::invalid, "there are " + std::to_string(options_.size()) + " options, and " + std::to_string(names.size()) + " names");
        if (auto ok = check_options(names); !ok) return ok.error();
        options_ = std::move(names);
        return {};
    }

protected:
    explicit pile(std::vector<std::string> options) : options_(std::move(options)) {}

    /// Adds `count` ballots like `cells`; `keep()` stores them as the next row where no row is like them.
    template <class Cell, class Keep>
    result<void> put(std::span<const Cell> cells, std::string_view what, std::int64_t count, Keep&& keep) {
        if (cells.size() != options_.size()) {
            return make_error(errc::invalid, "a ballot has one " + std::string(what) + " for each of the " + std::to_string(options_.size()) +
                                                 " options, not " + std::to_string(cells.size()));
        }
        if (auto ok = check_count(count, total_); !ok) return ok.error();
        const auto row = index_.place(cells, counts_.size());
        if (row == counts_.size()) {
            keep();
            counts_.push_back(0);
        }
        counts_[row] += count;
        total_ += count;
        return {};
    }

private:
    std::vector<std::string>  options_;
    std::vector<std::int64_t> counts_;
    std::int64_t              total_ = 0;
    row_index                 index_;
};

}  // namespace detail

/// Ranked ballots. Stored by option (one column of ranks each), in the order in which distinct rankings were first added; a value
/// type, safe to read from many threads.
class ranked_ballots : public detail::pile {
public:
    /// No ballots yet. Refuses equal names and more than `most_options`.
    static result<ranked_ballots> make(std::vector<std::string> options) {
        if (auto ok = detail::check_options(options); !ok) return ok.error();
        return ranked_ballots(std::move(options));
    }

    /// One ballot, or `count` equal ones, as ranks by option (`unranked` where nothing was marked). Refuses another number of ranks
    /// than of options, a count below 1, and more than `most_ballots` in all.
    result<void> add(std::span<const rank> ranks, std::int64_t count = 1) {
        return put(ranks, "rank", count, [&] {
            for (std::size_t o = 0; o < ranks.size(); ++o) columns_[o].push_back(ranks[o]);
        });
    }
    /// The same from tiers of places, best first: {{0}, {2, 3}} ranks option 0 first, 2 and 3 second, all others not at all.
    /// Refuses an unknown place and one that is named twice.
    result<void> add(const std::vector<std::vector<option>>& tiers, std::int64_t count = 1) {
        std::vector<rank> ranks(options().size(), unranked);
        for (std::size_t t = 0; t < tiers.size(); ++t) {
            for (const auto o : tiers[t]) {
                if (o >= ranks.size()) return make_error(errc::invalid, "there is no option " + std::to_string(o + 1));
                if (ranks[o] != unranked) return make_error(errc::invalid, "\"" + options()[o] + "\" is ranked twice");
                ranks[o] = static_cast<rank>(t + 1);
            }
        }
        return add(std::span<const rank>(ranks), count);
    }

    /// The ranks of one option, by row.
    [[nodiscard]] std::span<const rank> ranks(option o) const { return columns_[o]; }
    [[nodiscard]] rank at(std::size_t row, option o) const { return columns_[o][row]; }

private:
    explicit ranked_ballots(std::vector<std::string> options) : pile(std::move(options)), columns_(pile::options().size()) {}

    std::vector<std::vector<rank>> columns_;
};

/// Whether a distinct ballot gives every option a rank of its own.
[[nodiscard]] inline bool ranks_all(const ranked_ballots& ballots, std::size_t row) {
    const auto        n = ballots.options().size();
    std::vector<rank> ranks(n);
    for (option o = 0; o < n; ++o) ranks[o] = ballots.at(row, o);
    std::sort(ranks.begin(), ranks.end());
    return (n == 0 || ranks.front() != unranked) && std::adjacent_find(ranks.begin(), ranks.end()) == ranks.end();
}
/// The ballots that rank all, where a rule makes others invalid (Snapshot's ranked voting): those count for nothing, not even in totals.
[[nodiscard]] inline ranked_ballots complete(const ranked_ballots& ballots) {
    auto              all = ranked_ballots::make(ballots.options()).value();
    std::vector<rank> ranks(ballots.options().size());
    for (std::size_t row = 0; row < ballots.rows(); ++row) {
        if (!ranks_all(ballots, row)) continue;
        for (option o = 0; o < ranks.size(); ++o) ranks[o] = ballots.at(row, o);
        all.add(std::span<const rank>(ranks), ballots.counts()[row]).value();
    }
    return all;
}

/// Ballots that give each option a score, or leave it `unscored`. Everything else as with ranked ballots, but stored by ballot.
class rated_ballots : public detail::pile {
public:
    static result<rated_ballots> make(std::vector<std::string> options) {
        if (auto ok = detail::check_options(options); !ok) return ok.error();
        return rated_ballots(std::move(options));
    }

    result<void> add(std::span<const score> scores, std::int64_t count = 1) {
        return put(scores, "score", count, [&] { scores_.insert(scores_.end(), scores.begin(), scores.end()); });
    }

    /// The scores of one distinct ballot, by option.
    [[nodiscard]] std::span<const score> ballot(std::size_t row) const {
        return std::span<const score>(scores_).subspan(row * options().size(), options().size());
    }
    [[nodiscard]] score at(std::size_t row, option o) const { return scores_[row * options().size() + o]; }

private:
    explicit rated_ballots(std::vector<std::string> options) : pile(std::move(options)) {}

    std::vector<score> scores_;
};

}  // namespace quorate::tally
