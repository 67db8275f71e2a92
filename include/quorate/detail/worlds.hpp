// The situations that members can still bring about, one by one. Included by verdict.hpp only.
#pragma once

namespace quorate::detail {

/// Whether members who have cast a ballot can still end up elsewhere. Who may only take a ballot back can cast another one.
[[nodiscard]] constexpr bool may_move_again(const evidence& e) { return e.revisable || e.withdrawable; }

/// The positions that members of a class may choose, by bits.
[[nodiscard]] constexpr std::uint32_t choices_of(const evidence& e, const member_class& c) { return c.may_act ? e.castable & c.castable : 0; }

/// Enumerates how the ballots of an evidence may come to stand. Members of a class are interchangeable, so a situation is a
/// vector of counts per class: 11 silent members and 3 positions give C(14,3) = 364 situations, not 4^11.
class worlds {
public:
    constexpr explicit worlds(const evidence& e)
        : base_(e), classes_(e.classes.begin(), e.classes.end()), world_(e) {
        world_.classes = classes_;
    }
    worlds(const worlds&) = delete;
    worlds& operator=(const worlds&) = delete;

    /// How many situations there are; some number above `limit` once it is passed.
    [[nodiscard]] constexpr std::uint64_t size(std::uint64_t limit) const {
        if (base_.fluid) return ~std::uint64_t{0};
        std::uint64_t n = 1;
        for (const auto& c : base_.classes) {
            if (__builtin_mul_overflow(n, situations(c, limit), &n)) return ~std::uint64_t{0};
            if (n > limit) return n;
        }
        return n;
    }

    /// Whether somebody can still cast a ballot or another one, be it at the same position: what it says of options may differ.
    [[nodiscard]] constexpr bool someone_may_move() const {
        return std::any_of(base_.classes.begin(), base_.classes.end(), [this](const member_class& c) { return movable(c) != 0; });
    }
    /// From now on no situation knows what the ballots about options say.
    constexpr void open_options() { world_.options_open = true; }

    /// Calls `visit(world, members who act to get there)` for each; stops when it returns false. `world` is valid during
    /// the call only.
    template <class Visit>
    constexpr void each(Visit&& visit) {
        next_class(0, 0, visit);
    }

    /// The same for a few situations at the edge: as things stand, and where all who can move make the same choice.
    template <class Visit>
    constexpr void each_extreme(Visit&& visit) {
        if (!visit(static_cast<const evidence&>(world_))) return;
        if (base_.stakes || base_.moving_sets != 0) return;  // what a stake would weigh elsewhere is its owner's choice; who is in a set, their ballot's
        for (std::size_t p = 0; p < base_.positions; ++p) {
            if ((base_.castable >> p & 1U) == 0) continue;
            for (const bool all : {false, true}) {
                if (all && !may_move_again(base_)) continue;
                for (std::size_t c = 0; c < classes_.size(); ++c) move_to(c, p, all);
                const bool go_on = visit(static_cast<const evidence&>(world_));
                for (std::size_t c = 0; c < classes_.size(); ++c) classes_[c].counts = base_.classes[c].counts;
                if (!go_on) return;
            }
        }
    }

private:
    [[nodiscard]] constexpr bool castable(const member_class& c, std::size_t p) const { return (choices_of(base_, c) >> p & 1U) != 0; }

    constexpr void move_to(std::size_t c, std::size_t p, bool all) {
        auto& counts = classes_[c].counts;
        if (!castable(base_.classes[c], p)) return;
        for (std::size_t i = 0; i <= (all ? base_.positions : 0); ++i) {
            if (i == p + 1) continue;
            counts[p + 1] += counts[i];
            counts[i] = 0;
        }
    }

    /// Members of the class that can still end up elsewhere than they stand.
    [[nodiscard]] constexpr std::uint32_t movable(const member_class& c) const {
        if (!c.may_act) return 0;
        std::uint32_t n = c.counts[0];
        if (may_move_again(base_))
            for (std::size_t p = 0; p < base_.positions; ++p) n += c.counts[p + 1];
        return n;
    }
    /// In how many ways the movable members of a class can be distributed.
    [[nodiscard]] constexpr std::uint64_t situations(const member_class& c, std::uint64_t limit) const {
        if (!c.may_act) return 1;
        // Where anyone can go there is no bound; silence, and what can't be cast any more, keep only some of their own.
        std::uint32_t                               unbounded = base_.withdrawable ? 1 : 0;
        std::array<std::uint32_t, 1 + most_positions> bounds{};
        std::size_t                                 bounded = 0;
        if (!base_.withdrawable) bounds[bounded++] = c.counts[0];
        for (std::size_t p = 0; p < base_.positions; ++p) {
            if (castable(c, p)) ++unbounded;
            else if (may_move_again(base_)) bounds[bounded++] = c.counts[p + 1];
        }
        if (unbounded == 0) return 1;
        return distributions(movable(c), {bounds.data(), bounded}, unbounded, limit);
    }
    /// Ways to put n alike members into places of which some hold only so many; a number above `limit` once it is passed.
    [[nodiscard]] static constexpr std::uint64_t distributions(std::uint32_t n, std::span<const std::uint32_t> bounds,
                                                               std::uint32_t unbounded, std::uint64_t limit) {
        if (bounds.empty()) return compositions(n, unbounded);
        std::uint64_t sum = 0;
        for (std::uint32_t here = 0; here <= std::min(n, bounds[0]); ++here) {
            const auto rest = distributions(n - here, bounds.subspan(1), unbounded, limit);
            if (__builtin_add_overflow(sum, rest, &sum)) return ~std::uint64_t{0};
            if (sum > limit) break;
        }
        return sum;
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
        const bool go_on = next_position(c, 0, pool, cost, visit);
        classes_[c].counts = base_.classes[c].counts;
        return go_on;
    }
    /// Distributes `pool` members of class c over the positions from p on; whoever is left stays or falls silent.
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
        const auto own = may_move_again(base_) ? before[p + 1] : 0;  // those who stand here may stay
        const auto fixed = before[p + 1] - own;
        const auto most = castable(base_.classes[c], p) ? pool : std::min(pool, own);
        for (std::uint32_t n = 0; n <= most; ++n) {
            counts[p + 1] = fixed + n;
            const std::uint32_t moved = n > own ? n - own : 0;
            if (!next_position(c, p + 1, pool - n, cost + moved, visit)) return false;
        }
        return true;
    }

    const evidence&           base_;
    std::vector<member_class> classes_;
    evidence                  world_;
};

}  // namespace quorate::detail
