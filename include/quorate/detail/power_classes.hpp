// Games of any rule, asked situation by situation: how many of each class say yes. Included by power.hpp only.
#pragma once

#include <algorithm>
#include <numeric>


namespace quorate::power {
namespace detail {

/// The situations of a class game in mixed radix: class c counts from 0 to its size.
class situations {
public:
    explicit situations(std::span<const std::uint32_t> sizes) : sizes_(sizes), stride_(sizes.size()) {
        for (std::size_t c = 0; c < sizes.size(); ++c) {
            stride_[c] = size_;
            size_ *= sizes[c] + 1ULL;
            if (size_ > most_situations) return;
        }
    }
    [[nodiscard]] bool          too_many() const { return size_ > most_situations; }
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] std::uint64_t stride(std::size_t c) const { return stride_[c]; }

    /// Calls `visit(index, counts)` for each.
    template <class Visit>
    void each(Visit visit) const {
        std::vector<std::uint32_t> counts(sizes_.size(), 0);
        for (std::uint64_t i = 0; i < size_; ++i) {
            visit(i, std::span<const std::uint32_t>(counts));
            for (std::size_t c = 0; c < counts.size() && ++counts[c] > sizes_[c]; ++c) counts[c] = 0;
        }
    }

private:
    std::span<const std::uint32_t> sizes_;
    std::vector<std::uint64_t>     stride_;
    std::uint64_t                  size_ = 1;
};

inline std::vector<integer> row_of_pascal(std::uint32_t n) {
    std::vector<integer> row(n + 1U, 1);
    for (std::uint32_t k = 1; k <= n; ++k) row[k] = row[k - 1] * (n - k + 1) / k;
    return row;
}

struct read_game {
    situations        where;
    std::vector<bool> wins;
    explicit read_game(const class_game& g) : where(g.sizes) {
        if (where.too_many()) return;
        wins.resize(where.size());
        where.each([&](std::uint64_t i, std::span<const std::uint32_t> counts) { wins[i] = g.wins(counts); });
    }
};

inline result<void> fits(const class_game& g) {
    std::uint64_t n = 0;
    for (const auto size : g.sizes) {
        if (size == 0) return make_error(errc::invalid, "a class without members", "power");
        n += size;
    }
    if (const auto fine = fits(n, {}); !fine) return fine.error();
    if (situations(g.sizes).too_many())
        return make_error(errc::limit, "more than " + std::to_string(most_situations) + " situations to ask about", "power",
                          "estimate it by drawing coalitions");
    return {};
}

}  // namespace detail

inline result<indices> indices_of(const class_game& g) {
    if (const auto fine = detail::fits(g); !fine) return fine.error();
    const auto n = std::accumulate(g.sizes.begin(), g.sizes.end(), std::size_t{0});
    const auto read = detail::read_game(g);
    indices    a{.members = n, .count = {g.sizes.begin(), g.sizes.end()}, .swings = std::vector<integer>(g.sizes.size(), 0)};
    std::vector<std::vector<integer>> choose;
    for (const auto size : g.sizes) choose.push_back(detail::row_of_pascal(size));
    // Swings by class and by how many said yes before; small numbers first, as most situations stand for few coalitions.
    std::vector<std::vector<integer>> before(g.sizes.size(), std::vector<integer>(n, 0));
    const bool all_differ = std::all_of(g.sizes.begin(), g.sizes.end(), [](auto s) { return s == 1; });
    std::vector<std::vector<std::uint64_t>> few(g.sizes.size(), std::vector<std::uint64_t>(n, 0));
    std::uint64_t                           won = 0;
    read.where.each([&](std::uint64_t i, std::span<const std::uint32_t> counts) {
        const auto said = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
        integer    alike = 1;
        if (!all_differ)
            for (std::size_t c = 0; c < counts.size(); ++c) alike *= choose[c][counts[c]];
        if (read.wins[i]) all_differ ? void(++won) : void(a.winning += alike);
        for (std::size_t c = 0; c < counts.size(); ++c) {
            if (counts[c] == g.sizes[c]) continue;
            const bool then = read.wins[i + read.where.stride(c)];
            if (read.wins[i] && !then) a.monotone = false;
            if (read.wins[i] || !then) continue;
            if (all_differ) ++few[c][said];
            else before[c][said] += alike * (g.sizes[c] - counts[c]) / g.sizes[c];  // of the class without the member
        }
    });
    if (all_differ) a.winning = won;
    a.losing = (integer(1) << n) - a.winning;
    const auto orders = detail::orders_with_before(n);
    const auto all_orders = detail::factorial(n);
    for (std::size_t c = 0; c < g.sizes.size(); ++c) {
        integer decides = 0;
        for (std::size_t k = 0; k < n; ++k) {
            const integer swings = all_differ ? integer(few[c][k]) : before[c][k];
            a.swings[c] += swings;
            decides += swings * orders[k];
        }
        a.shapley_shubik.emplace_back(decides, all_orders);
    }
    return a;
}

inline class_game blocking(const class_game& g) {
    return {.sizes = g.sizes, .wins = [g](std::span<const std::uint32_t> counts) {
                std::vector<std::uint32_t> others(counts.size());
                for (std::size_t c = 0; c < counts.size(); ++c) others[c] = g.sizes[c] - counts[c];
                return !g.wins(others);
            }};
}

inline result<coalitions> minimal_winning(const class_game& g, std::size_t most) {
    if (const auto fine = detail::fits(g); !fine) return fine.error();
    const auto read = detail::read_game(g);
    std::vector<std::vector<integer>> choose;
    for (const auto size : g.sizes) choose.push_back(detail::row_of_pascal(size));
    struct sized {
        std::size_t                size;
        std::vector<std::uint32_t> counts;
    };
    std::vector<sized> found;
    coalitions         out;
    bool               some = false;
    read.where.each([&](std::uint64_t i, std::span<const std::uint32_t> counts) {
        if (!read.wins[i]) return;
        integer alike = 1;
        for (std::size_t c = 0; c < counts.size(); ++c) {
            if (counts[c] > 0 && read.wins[i - read.where.stride(c)]) return;
            alike *= choose[c][counts[c]];
        }
        out.total += alike;
        const auto size = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
        out.smallest = some ? std::min(out.smallest, size) : size;
        some = true;
        if (found.size() < most) found.push_back({size, {counts.begin(), counts.end()}});
        else out.whole = false;
    });
    std::stable_sort(found.begin(), found.end(), [](const sized& a, const sized& b) { return a.size < b.size; });
    for (auto& f : found) out.list.push_back(std::move(f.counts));
    return out;
}

}  // namespace quorate::power
