// A relation between the options of a count, one bit for each ordered pair: who beats whom, who reaches whom.
#pragma once

#include <quorate/tally/ballots.hpp>

#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace quorate::tally::detail {

/// Rows are sets of options, in words of 64 bits. A regular value.
class relation {
public:
    explicit relation(std::size_t options) : size_(options), words_((options + 63) / 64), bits_(size_ * words_) {}

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool        holds(std::size_t a, std::size_t b) const { return (bits_[a * words_ + b / 64] >> (b % 64) & 1U) != 0; }
    void                      set(std::size_t a, std::size_t b) { bits_[a * words_ + b / 64] |= std::uint64_t{1} << (b % 64); }

    /// Everything that follows by going on from one pair to the next (Warshall).
    void close() {
        for (std::size_t by = 0; by < size_; ++by) {
            for (std::size_t a = 0; a < size_; ++a) {
                if (holds(a, by)) join(a, by);
            }
        }
    }
    /// Of a closed relation: adds a pair, and what follows from it.
    void set_closed(std::size_t a, std::size_t b) {
        if (holds(a, b)) return;
        for (std::size_t x = 0; x < size_; ++x) {
            if (x != a && !holds(x, a)) continue;
            join(x, b);
            set(x, b);
        }
    }

    /// Those that nobody stands above: who reach everyone by whom they are reached. Precondition: the relation is closed.
    [[nodiscard]] std::vector<option> top() const {
        std::vector<option> all;
        for (std::size_t b = 0; b < size_; ++b) {
            bool below = false;
            for (std::size_t a = 0; a < size_ && !below; ++a) below = holds(a, b) && !holds(b, a);
            if (!below) all.push_back(static_cast<option>(b));
        }
        return all;
    }
    /// The options in layers: first those that nobody stands above, then those that nobody left stands above, and so on; inside a
    /// layer by place. To stand above is to reach without being reached. Precondition: the relation is closed.
    [[nodiscard]] std::vector<std::vector<option>> layers() const {
        relation above(size_);  // above.row(b): who stands above b
        for (std::size_t a = 0; a < size_; ++a) {
            for (std::size_t b = 0; b < size_; ++b) {
                if (holds(a, b) && !holds(b, a)) above.set(b, a);
            }
        }
        std::vector<std::uint64_t> left(words_);
        for (std::size_t o = 0; o < size_; ++o) left[o / 64] |= std::uint64_t{1} << (o % 64);
        std::vector<std::vector<option>> all;
        for (std::size_t placed = 0; placed < size_; placed += all.back().size()) {
            all.emplace_back();
            for (std::size_t o = 0; o < size_; ++o) {
                if ((left[o / 64] >> (o % 64) & 1U) != 0 && !above.any(o, left)) all.back().push_back(static_cast<option>(o));
            }
            for (const auto o : all.back()) left[o / 64] &= ~(std::uint64_t{1} << (o % 64));
        }
        return all;
    }

    friend auto operator<=>(const relation&, const relation&) = default;

private:
    void join(std::size_t into, std::size_t from) {
        for (std::size_t w = 0; w < words_; ++w) bits_[into * words_ + w] |= bits_[from * words_ + w];
    }
    [[nodiscard]] bool any(std::size_t row, const std::vector<std::uint64_t>& of) const {
        for (std::size_t w = 0; w < words_; ++w) {
            if ((bits_[row * words_ + w] & of[w]) != 0) return true;
        }
        return false;
    }

    std::size_t                size_;
    std::size_t                words_;
    std::vector<std::uint64_t> bits_;
};

}  // namespace quorate::tally::detail
