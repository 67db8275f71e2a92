// Words, electorates and readings that tests of verdicts share.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <quorate/verdict.hpp>

namespace verdict_support {

using namespace quorate;

inline constexpr auto met = truth::met;
inline constexpr auto unmet = truth::unmet;
inline constexpr auto skipped = truth::skipped;
inline constexpr auto error_ = truth::error;
inline constexpr std::array every_truth{met, unmet, skipped, error_};

// clang-format off
inline constexpr word words[]{
    {.name = "approve",   .is = word::kind::position,      .index = 0},
    {.name = "reject",    .is = word::kind::position,      .index = 1},
    {.name = "abstain",   .is = word::kind::position,      .index = 2},
    {.name = "quorum",    .is = word::kind::rule,          .index = 0},
    {.name = "consent",   .is = word::kind::rule,          .index = 1},
    {.name = "merge",     .is = word::kind::disposition,   .index = 0},
    {.name = "close",     .is = word::kind::disposition,   .index = 1},
    {.name = "editorial", .is = word::kind::revision_kind, .index = 0},
};
// clang-format on

inline rule a_rule(std::string_view text, vocabulary known = words) {
    auto r = read_rule(text, known);
    INFO(text, " at ", r.error.at, ": ", r.error.expected);
    REQUIRE_FALSE(r.error.is_error());
    return r.value;
}
inline truth now(std::string_view text, const evidence& e) { return read_now(a_rule(text).view(), e); }

/// So many silent, and so many at each position.
inline member_class members(std::uint32_t silent, std::initializer_list<std::uint32_t> at = {}) {
    member_class c;
    c.counts[0] = silent;
    std::copy(at.begin(), at.end(), c.counts.begin() + 1);
    return c;
}
/// An evidence with the classes it looks at.
struct scene {
    std::vector<member_class> classes;
    evidence                  e{.positions = 3};

    scene(std::initializer_list<member_class> list) : classes(list) { e.classes = classes; }
    scene(const scene&) = delete;
    truth reads(std::string_view text) const { return now(text, e); }
    truth_set can(std::string_view text) const { return read_reachable(a_rule(text).view(), e); }
};

// Rules of each truth; evidence{} suffices for them.
inline std::string of_truth(truth t) {
    switch (t) {
        case truth::met: return "(1 > 0)";
        case truth::unmet: return "(0 > 1)";
        case truth::skipped: return "(if 0 > 1 then 1 > 0)";
        default: return "fact(missing)";
    }
}

}  // namespace verdict_support
