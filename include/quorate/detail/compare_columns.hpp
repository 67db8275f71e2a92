// The inner loops of pairwise counting: how many ballots of a block rank one column above another. Ranks are stored by option, so a
// block of rows is read once, and compared pair by pair while it lies in the nearest cache.
#pragma once

#include <quorate/tally/ballots.hpp>
#include <quorate/tally/conventions.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

namespace quorate::tally::detail {

/// Rows in a block: twenty columns of bytes are 20 KiB.
inline constexpr std::size_t block_rows = 1024;

/// How many rows of a block have above[i] < below[i]. The vectors are those of g++ and clang: on every processor they become what it has.
template <class Key>
std::int64_t count_above(const Key* above, const Key* below) {
    constexpr std::size_t bytes = 16;
    constexpr std::size_t lanes = bytes / sizeof(Key);
    static_assert(block_rows % lanes == 0 && block_rows / lanes <= std::numeric_limits<Key>::max(), "a lane can count its part of a block");
    typedef Key vector __attribute__((vector_size(bytes)));
    vector      counts{};
    for (std::size_t i = 0; i < block_rows; i += lanes) {
        vector a, b;
        std::memcpy(&a, above + i, bytes);
        std::memcpy(&b, below + i, bytes);
        counts -= a < b;  // where it holds a lane is -1
    }
    std::int64_t all = 0;
    for (std::size_t i = 0; i < lanes; ++i) all += counts[i];
    return all;
}
/// The same where ballots count more than once.
template <class Key>
std::int64_t sum_above(const Key* above, const Key* below, const std::int64_t* counts) {
    std::int64_t all = 0;
    for (std::size_t i = 0; i < block_rows; ++i) all += above[i] < below[i] ? counts[i] : 0;
    return all;
}

/// Blocks of rows as signed keys: the smaller the better. A ballot says that a is above b iff upper(a) < lower(b): the two differ
/// only for options without a rank that are not to be compared; their upper key is the largest, their lower one the smallest.
template <class Key>
class key_block {
public:
    key_block(std::size_t options, unranked_options unranked)
        : compared_(unranked == unranked_options::last), options_(options), upper_(options * block_rows), lower_(compared_ ? 0 : upper_.size()) {}

    /// Takes `rows` rows from `first` on; the rest of the block says nothing about anyone.
    void load(const ranked_ballots& from, std::size_t first, std::size_t rows) {
        for (std::size_t o = 0; o < options_; ++o) {
            auto* const keys = upper_.data() + o * block_rows;
            const auto  ranks = from.ranks(static_cast<option>(o)).subspan(first, rows);
            // unranked - 1 wraps around to the largest
            for (std::size_t i = 0; i < rows; ++i) keys[i] = signed_key(static_cast<unsigned_key>(ranks[i] - 1U));
            std::fill(keys + rows, keys + block_rows, largest);
            if (compared_) continue;
            auto* const low = lower_.data() + o * block_rows;
            for (std::size_t i = 0; i < block_rows; ++i) low[i] = keys[i] == largest ? smallest : keys[i];
        }
    }
    [[nodiscard]] const Key* upper(std::size_t o) const { return upper_.data() + o * block_rows; }
    [[nodiscard]] const Key* lower(std::size_t o) const { return (compared_ ? upper_ : lower_).data() + o * block_rows; }

private:
    using unsigned_key = std::make_unsigned_t<Key>;
    static constexpr Key largest = std::numeric_limits<Key>::max();
    static constexpr Key smallest = std::numeric_limits<Key>::min();
    static Key           signed_key(unsigned_key k) { return static_cast<Key>(k ^ static_cast<unsigned_key>(smallest)); }

    bool             compared_;
    std::size_t      options_;
    std::vector<Key> upper_;
    std::vector<Key> lower_;
};

/// Adds the comparisons of all ballots to `cells`, a flat square of counts, row against column.
template <class Key>
void compare_columns(const ranked_ballots& ballots, unranked_options unranked, std::vector<std::int64_t>& cells) {
    const auto                            n = ballots.options().size();
    const auto                            counts = ballots.counts();
    key_block<Key>                        keys(n, unranked);
    std::array<std::int64_t, block_rows>  times;
    for (std::size_t first = 0; first < ballots.rows(); first += block_rows) {
        const auto rows = std::min(block_rows, ballots.rows() - first);
        const auto here = counts.subspan(first, rows);
        keys.load(ballots, first, rows);
        const bool once = std::all_of(here.begin(), here.end(), [](std::int64_t c) { return c == 1; });
        if (!once) {
            std::copy(here.begin(), here.end(), times.begin());
            std::fill(times.begin() + static_cast<std::ptrdiff_t>(rows), times.end(), 0);
        }
        for (std::size_t a = 0; a < n; ++a) {
            for (std::size_t b = 0; b < n; ++b) {
                if (a == b) continue;
                cells[a * n + b] += once ? count_above(keys.upper(a), keys.lower(b)) : sum_above(keys.upper(a), keys.lower(b), times.data());
            }
        }
    }
}

}  // namespace quorate::tally::detail
