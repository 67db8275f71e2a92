// The settings of the single transferable vote, and the rules that are known by a name.
#pragma once

#include <quorate/tally/conventions.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quorate::tally {

/// How a surplus leaves an elected option.
enum class stv_method : std::uint8_t {
    gregory,  ///< weighted inclusive: each paper of the elected option moves on with an equal fraction of its value
    meek,     ///< each elected option keeps a fraction of whatever reaches it, found by iteration
    warren,   ///< each elected option takes an equal price from every paper, found by iteration
    qpq,      ///< Woodall's quota preferential by quotient: votes are never divided, quotients are compared
};

/// Who is excluded at once with the lowest.
enum class stv_batch : std::uint8_t {
    none,
    sure_losers,  ///< the largest set that with all surpluses stays below the next
    undisturbed,  ///< of these only such as can't change the order of election (California choice voting, 10059(k))
};

/// Where the value of a transferred paper is rounded: of value * surplus / votes ...
enum class stv_rounding : std::uint8_t {
    once,            ///< the result
    each_step,       ///< the product and the quotient
    fraction_first,  ///< surplus / votes, then its product with the value
};

/// A rule of counting, as data. `stv_rule("scotland")` and its like give those with names; change what differs.
struct stv_rules {
    std::string            name = "stv";
    stv_method             method = stv_method::gregory;
    tally::arithmetic      arithmetic{};
    tally::quota           quota = quota::droop;
    /// The quota is to be passed, not met. Fixed-point adds its smallest unit instead, and then meets it.
    bool                   passed = false;
    /// Gregory: the quota is computed anew in every round, from the votes that still count for someone.
    bool                   quota_each_round = false;
    /// Gregory: of several who reach the quota only the first is elected; the others wait for the next round.
    bool                   one_at_a_time = false;
    /// Gregory: the surpluses of all who were elected move before anyone else is elected; otherwise the largest
    /// one does.
    bool                   all_surpluses = false;
    /// Gregory: options that are elected receive papers until their own surplus has moved.
    bool                   until_transferred = false;
    /// Gregory: where as many are left as seats, surpluses that wait still move before those seats are filled.
    bool                   surpluses_first = false;
    stv_rounding           rounding = stv_rounding::once;
    stv_batch              batch = stv_batch::none;
    /// Meek, Warren: an iteration ends when the total surplus is below 10^-omega (`omega_met`: or equal to it).
    int                    omega = 6;
    bool                   omega_met = false;
    /// Meek: what an option keeps of a paper is rounded up, and the rest moves on; otherwise both are rounded down.
    bool                   keep_up = true;
    /// `whole` is read as `split` here: a paper has one vote (approval-STV is another method).
    equal_ranks            equal = equal_ranks::split;
    skipped_ranks          skipped = skipped_ranks::close;
    std::vector<tie_break> ties{};
    /// Options that don't take part; papers are read as if they had not been on them. Who isn't on the ballot paper changes nothing.
    std::vector<option>    withdrawn{};
};

namespace detail {

inline stv_rules stv_scotland() {
    return {.name = "scotland", .arithmetic = {.digits = 5}, .ties = {{.by = tie_break::kind::earlier_stage}}};
}
inline stv_rules stv_gregory() { return {.name = "gregory"}; }
inline stv_rules stv_wigm() {
    return {.name = "wigm", .arithmetic = {.digits = 18, .guard = 9}, .quota = quota::hagenbach_bischoff, .passed = true,
            .rounding = stv_rounding::each_step};
}
inline stv_rules stv_wigm_prf() {
    return {.name = "wigm-prf", .arithmetic = {.digits = 4}, .quota = quota::hagenbach_bischoff, .passed = true,
            .rounding = stv_rounding::each_step};
}
inline stv_rules stv_wigm_prf_batch() {
    auto r = stv_wigm_prf();
    r.name = "wigm-prf-batch";
    r.batch = stv_batch::sure_losers;
    return r;
}
inline stv_rules stv_cfer() {
    auto r = stv_wigm_prf();
    r.name = "cfer";
    r.arithmetic = {.digits = 5};
    r.all_surpluses = true;
    return r;
}
inline stv_rules stv_cfer_batch() {
    auto r = stv_cfer();
    r.name = "cfer-batch";
    r.batch = stv_batch::undisturbed;
    return r;
}
inline stv_rules stv_minneapolis() {
    // 167.70(1)(c) goes back to (a) after losers were defeated, and (d) moves surpluses before (f) ends the count.
    return {.name = "mpls", .arithmetic = {.digits = 4}, .until_transferred = true, .surpluses_first = true, .rounding = stv_rounding::fraction_first,
            .batch = stv_batch::sure_losers};
}
inline stv_rules stv_albany() { return {.name = "albany", .quota_each_round = true, .all_surpluses = true}; }
inline stv_rules stv_meek_prf() {
    return {.name = "meek-prf", .method = stv_method::meek, .arithmetic = {.digits = 9}, .quota = quota::hagenbach_bischoff,
            .passed = true};
}
inline stv_rules stv_meek() {
    return {.name = "meek", .method = stv_method::meek, .arithmetic = {.digits = 18, .guard = 9}, .quota = quota::hagenbach_bischoff,
            .passed = true, .batch = stv_batch::sure_losers, .omega = 9, .omega_met = true, .keep_up = false};
}
inline stv_rules stv_warren() {
    auto r = stv_meek();
    r.name = "warren";
    r.method = stv_method::warren;
    return r;
}
inline stv_rules stv_qpq() {
    return {.name = "qpq", .method = stv_method::qpq, .arithmetic = {.digits = 9, .guard = 9}, .quota = quota::hagenbach_bischoff,
            .passed = true};
}

}  // namespace detail

/// One rule with a name, and where it stands.
struct stv_preset {
    std::string_view name;
    stv_rules (*rules)();
    std::string_view source;
};

/// All of them. None breaks a tie by lot or by order of its own: append that step to `ties`; without it such a tie stays, and is
/// reported.
[[nodiscard]] inline const std::array<stv_preset, 13>& stv_presets() {
    static constexpr std::array<stv_preset, 13> all{{
        {"scotland", detail::stv_scotland, "Scottish Local Government Elections Order 2007 (SSI 2007/42), rules 45-52"},
        {"gregory", detail::stv_gregory, "weighted inclusive Gregory in exact fractions, Droop quota"},
        {"wigm", detail::stv_wigm, "weighted inclusive Gregory in guarded decimals, exact Droop quota to be passed"},
        {"wigm-prf", detail::stv_wigm_prf, "Proportional Representation Foundation, reference rule WIGM, single defeat"},
        {"wigm-prf-batch", detail::stv_wigm_prf_batch, "the same with B.2, defeat of sure losers"},
        {"cfer", detail::stv_cfer, "Californians for Electoral Reform, draft Elections Code 10050-10066, single defeat"},
        {"cfer-batch", detail::stv_cfer_batch, "the same with 10059(k)"},
        {"mpls", detail::stv_minneapolis, "Minneapolis Code of Ordinances 167.20 and 167.70 (2009)"},
        {"albany", detail::stv_albany, "Albany, California, 2022: a whole Droop quota of the votes still active in each round"},
        {"meek-prf", detail::stv_meek_prf, "Proportional Representation Foundation, reference Meek rule"},
        {"meek", detail::stv_meek, "Hill, Wichmann, Woodall, Algorithm 123 (1987), in guarded decimals, sure losers at once"},
        {"warren", detail::stv_warren, "Hill and Warren, Meek versus Warren, Voting matters 20 (2005)"},
        {"qpq", detail::stv_qpq, "Woodall, QPQ, a quota-preferential STV-like election rule, Voting matters 17 (2003)"},
    }};
    return all;
}

/// A rule by its name; nothing when there is none of that name.
[[nodiscard]] inline std::optional<stv_rules> stv_rule(std::string_view name) {
    for (const auto& p : stv_presets()) {
        if (p.name == name) return p.rules();
    }
    return std::nullopt;
}

}  // namespace quorate::tally
