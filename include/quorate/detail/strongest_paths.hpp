// Strongest paths between all options, for Schulze's method.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace quorate::tally::detail {

/// A square of links, and then of paths, kept in tiles so that three of them lie in the nearest cache (Floyd and Warshall, blocked).
/// The strength of a path is that of its weakest link; 0 is no path. Strengths are only compared.
class path_square {
public:
    explicit path_square(std::size_t options) : tiles_((options + side - 1) / side), cells_(tiles_ * tiles_ * side * side) {}

    [[nodiscard]] std::int32_t operator()(std::size_t a, std::size_t b) const { return cells_[place(a, b)]; }
    void                       set(std::size_t a, std::size_t b, std::int32_t strength) { cells_[place(a, b)] = strength; }

    /// Links become strongest paths.
    void close() {
        for (std::size_t by = 0; by < tiles_; ++by) {
            relax(tile(by, by), tile(by, by), tile(by, by));
            for (std::size_t x = 0; x < tiles_; ++x) {
                if (x == by) continue;
                relax(tile(by, x), tile(by, by), tile(by, x));
                relax(tile(x, by), tile(x, by), tile(by, by));
            }
            for (std::size_t a = 0; a < tiles_; ++a) {
                for (std::size_t b = 0; b < tiles_; ++b) {
                    if (a != by && b != by) relax(tile(a, b), tile(a, by), tile(by, b));
                }
            }
        }
    }

private:
    static constexpr std::size_t side = 32;  // three tiles are 12 KiB

    [[nodiscard]] std::size_t place(std::size_t a, std::size_t b) const {
        return ((a / side * tiles_ + b / side) * side + a % side) * side + b % side;
    }
    std::int32_t* tile(std::size_t a, std::size_t b) { return cells_.data() + (a * tiles_ + b) * side * side; }

    /// to[i][j] becomes max(to[i][j], min(from[i][k], by[k][j])) for each k. Tiles may be the same.
    static void relax(std::int32_t* to, const std::int32_t* from, const std::int32_t* by) {
        for (std::size_t k = 0; k < side; ++k) {
            std::array<std::int32_t, side> row;  // a copy: it may be part of `to`
            std::copy_n(by + k * side, side, row.begin());
            for (std::size_t i = 0; i < side; ++i) {
                if (const auto strength = from[i * side + k]; strength != 0) raise(to + i * side, strength, row.data());
            }
        }
    }

    // Of a fixed length, and apart: g++ -O2 turns it into vectors.
    static void raise(std::int32_t* __restrict cells, std::int32_t strength, const std::int32_t* __restrict row) {
        for (std::size_t j = 0; j < side; ++j) {
            const auto through = strength < row[j] ? strength : row[j];
            cells[j] = cells[j] < through ? through : cells[j];
        }
    }

    std::size_t               tiles_;
    std::vector<std::int32_t> cells_;
};

}  // namespace quorate::tally::detail
