// The situations that members can still bring about, one by one. Included by verdict.hpp only.
#pragma once

namespace quorate::detail {

/// Enumerates how the ballots of an evidence may come to stand. Members of a class are interchangeable, so a situation is a
/// vector of counts per class: 11 silent members and 3 positions give C(14,3) = 364 situations, not 4^11.
class worlds {
public:
    constexpr explicit worlds(const evidence& e)
        : base_(e), classes_(e.classes.begin(), e.classes.end()), world_(e) {
        world_.classes = classes_;
    }

    /// How many situations there are, or anything above `limit` once it is passed.
    [[nodiscard]] constexpr std::uint64_t size(std::uint64_t limit) const {
        std::uint64_t n = 1;
        for (const auto& c : base_.classes) {
            n = saturating_product(n, compositions(movable(c), targets(c)), limit);
            if (n > limit) return n;
        }
        return n;
    }

    /// Calls `visit(world, ballots cast to get there)` for each; stops when it returns false. `world` is valid during the
    /// call only.
    template <class Visit>
    constexpr void each(Visit&& visit) {
        next_class(0, 0, visit);
    }

private:
    [[nodiscard]] static constexpr std::uint64_t saturating_product(std::uint64_t a, std::uint64_t b,
                                                                    std::uint64_t limit) {
        return a != 0 && b > limit / a ? limit + 1 : a * b;
    }
    [[nodiscard]] constexpr bool castable(std::size_t p) const { return (base_.castable >> p & 1U) != 0; }

    /// Members of the class that can still end up elsewhere than they stand.
    [[nodiscard]] constexpr std::uint32_t movable(const member_class& c) const {
        if (!c.may_act) return 0;
        std::uint32_t n = c.counts[0];
        if (base_.revisable)
            for (std::size_t p = 0; p < base_.positions; ++p) n += c.counts[p + 1];
        return n;
    }
    /// Places where a movable member can end up: the castable positions, and silence or where they stand.
    [[nodiscard]] constexpr std::uint32_t targets(const member_class& c) const {
        std::uint32_t n = 1;
        for (std::size_t p = 0; p < base_.positions; ++p)
            if (castable(p) || (base_.revisable && c.counts[p + 1] > 0)) ++n;
        return n;
    }
    /// Ways to put n alike members into k places: C(n + k - 1, k - 1), or a number beyond every budget.
    [[nodiscard]] static constexpr std::uint64_t compositions(std::uint32_t n, std::uint32_t k) {
        std::uint64_t result = 1;
        for (std::uint64_t i = 1; i < k; ++i) {
            if (__builtin_mul_overflow(result, n + i, &result)) return ~std::uint64_t{0};
            result /= i;
        }
        return result;
    }

    template <class Visit>
    constexpr bool next_class(std::size_t c, std::uint32_t cost, Visit& visit) {
        if (c == classes_.size()) return visit(static_cast<const evidence&>(world_), cost);
        const auto pool = movable(base_.classes[c]);
        if (pool == 0) return next_class(c + 1, cost, visit);
        auto& counts = classes_[c].counts;
        const auto before = base_.classes[c].counts;
        if (base_.revisable)
            for (std::size_t p = 0; p < base_.positions; ++p) counts[p + 1] = 0;
        const bool go_on = next_position(c, 0, pool, cost, visit);
        counts = before;
        return go_on;
    }
    /// Distributes `pool` members of class c over the positions from p on; whoever is left stays silent.
    template <class Visit>
    constexpr bool next_position(std::size_t c, std::size_t p, std::uint32_t pool, std::uint32_t cost, Visit& visit) {
        auto&       counts = classes_[c].counts;
        const auto& before = base_.classes[c].counts;
        if (p == base_.positions) {
            // Without withdrawal nobody who has spoken falls silent again.
            if (pool > before[0] && !base_.withdrawable) return true;
            counts[0] = pool;
            const std::uint32_t taken_back = pool > before[0] ? pool - before[0] : 0;
            return next_class(c + 1, cost + taken_back, visit);
        }
        const auto own = base_.revisable ? before[p + 1] : 0;  // those who stand here may stay
        const auto fixed = base_.revisable ? 0 : before[p + 1];
        const auto most = castable(p) ? pool : std::min(pool, own);
        for (std::uint32_t n = 0; n <= most; ++n) {
            counts[p + 1] = fixed + n;
            const std::uint32_t moved = n > own ? n - own : 0;
            if (!next_position(c, p + 1, pool - n, cost + moved, visit)) return false;
        }
        counts[p + 1] = fixed;
        return true;
    }

    const evidence&           base_;
    std::vector<member_class> classes_;
    evidence                  world_;
};

}  // namespace quorate::detail
