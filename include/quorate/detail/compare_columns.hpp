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
#include <optional>
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
/// Blocks of rows as signed keys: the smaller the better. A ballot says that a is above b iff upper(a) < lower(b): the two differ
/// only for options without a rank that are not to be compared; their upper key is the largest, their lower one the smallest.
template <class Key>
class key_block {
public:
    key_block(std::size_t options, unranked_options unranked)
        : compared_(unranked == unranked_options::last), options_(options), upper_(options * block_rows), lower_(compared_ ? 0 : upper_.size()) {}

    /// Takes `rows` rows from `first` on; the rest of the block ranks nobody, and so says nothing.
    void load(const ranked_ballots& from, std::size_t first, std::size_t rows) {
        std::array<rank, block_rows> padded{};  // with `unranked`
        for (std::size_t o = 0; o < options_; ++o) {
            const auto ranks = from.ranks(static_cast<option>(o)).subspan(first, rows);
            if (rows < block_rows) std::copy(ranks.begin(), ranks.end(), padded.begin());
            take(rows < block_rows ? padded.data() : ranks.data(), upper_.data() + o * block_rows);
            if (!compared_) lower(upper_.data() + o * block_rows, lower_.data() + o * block_rows);
        }
    }
    [[nodiscard]] const Key* upper(std::size_t o) const { return upper_.data() + o * block_rows; }
    [[nodiscard]] const Key* lower(std::size_t o) const { return (compared_ ? upper_ : lower_).data() + o * block_rows; }

private:
    using unsigned_key = std::make_unsigned_t<Key>;
    // These take a whole block from one place to another: of a fixed length and apart, g++ -O2 turns them into vectors.
    static void take(const rank* __restrict marked, Key* __restrict keys) {
        // `unranked` wraps around to the largest
        for (std::size_t i = 0; i < block_rows; ++i) keys[i] = static_cast<Key>(static_cast<unsigned_key>(marked[i]) + above_all);
    }
    static void lower(const Key* __restrict keys, Key* __restrict low) {
        for (std::size_t i = 0; i < block_rows; ++i) low[i] = keys[i] == largest ? smallest : keys[i];
    }
    static constexpr Key largest = std::numeric_limits<Key>::max();
    static constexpr Key smallest = std::numeric_limits<Key>::min();
    /// Added to a rank without sign it makes rank 1 the smallest signed key: -1, and the highest bit turned over.
    static constexpr auto above_all = static_cast<unsigned_key>(largest);

    bool             compared_;
    std::size_t      options_;
    std::vector<Key> upper_;
    std::vector<Key> lower_;
};

/// Some rows of ballots, at most `block_rows`.
struct row_block {
    const ranked_ballots& ballots;
    std::size_t           first;
    std::size_t           rows;

    /// Whether every rank fits in eight bits.
    [[nodiscard]] bool is_narrow() const {
        constexpr rank most = std::numeric_limits<std::uint8_t>::max();
        for (std::size_t o = 0; o < ballots.options().size(); ++o) {
            const auto ranks = ballots.ranks(static_cast<option>(o)).subspan(first, rows);
            if ((rows == block_rows ? bits_of_block(ranks.data()) : bits_of(ranks)) > most) return false;
        }
        return true;
    }

private:
    static rank bits_of_block(const rank* ranks) {
        rank all = 0;
        for (std::size_t i = 0; i < block_rows; ++i) all |= ranks[i];
        return all;
    }
    static rank bits_of(std::span<const rank> ranks) {
        rank all = 0;
        for (const auto r : ranks) all |= r;
        return all;
    }
};

/// Adds what one row says, `times` over, to `cells`: a flat square of counts, row against column.
template <class Key>
void compare_row(const key_block<Key>& keys, std::size_t row, std::int64_t times, std::size_t options, std::vector<std::int64_t>& cells) {
    for (std::size_t a = 0; a < options; ++a) {
        const auto upper = keys.upper(a)[row];
        for (std::size_t b = 0; b < options; ++b) cells[a * options + b] += upper < keys.lower(b)[row] ? times : 0;
    }
}

/// Adds the comparisons of a block to `cells`.
template <class Key>
void compare_block(const row_block& block, key_block<Key>& keys, std::vector<std::int64_t>& cells) {
    const auto n = block.ballots.options().size();
    keys.load(block.ballots, block.first, block.rows);
    for (std::size_t a = 0; a < n; ++a) {
        for (std::size_t b = 0; b < n; ++b) {
            if (a != b) cells[a * n + b] += count_above(keys.upper(a), keys.lower(b));
        }
    }
    // So far every row counts once; most do.
    const auto counts = block.ballots.counts().subspan(block.first, block.rows);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] > 1) compare_row(keys, i, counts[i] - 1, n, cells);
    }
}

/// Adds the comparisons of all ballots. Ranks that fit in eight bits are compared sixteen at a time, others eight.
inline void compare_columns(const ranked_ballots& ballots, unranked_options unranked, std::vector<std::int64_t>& cells) {
    const auto                            n = ballots.options().size();
    key_block<std::int8_t>                narrow(n, unranked);
    std::optional<key_block<std::int16_t>> wide;
    for (std::size_t first = 0; first < ballots.rows(); first += block_rows) {
        const row_block block{ballots, first, std::min(block_rows, ballots.rows() - first)};
        if (block.is_narrow()) {
            compare_block(block, narrow, cells);
            continue;
        }
        if (!wide) wide.emplace(n, unranked);
        compare_block(block, *wide, cells);
    }
}

}  // namespace quorate::tally::detail
