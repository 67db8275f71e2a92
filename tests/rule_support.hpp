// The words that tests of the rule language know, and reading with them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <quorate/rule.hpp>

namespace rule_support {

using namespace quorate;

// clang-format off
inline constexpr word words[]{
    {.name = "approve",   .is = word::kind::position,      .index = 0},
    {.name = "reject",    .is = word::kind::position,      .index = 1},
    {.name = "abstain",   .is = word::kind::position,      .index = 2},
    {.name = "quorum",    .is = word::kind::rule,          .index = 0},
    {.name = "core",      .is = word::kind::rule,          .index = 1, .type = value_type::set},
    {.name = "threshold", .is = word::kind::number,        .numerator = 2, .denominator = 3},
    {.name = "patience",  .is = word::kind::time_span,      .numerator = 864'000'000'000},
    {.name = "merge",     .is = word::kind::disposition,   .index = 0},
    {.name = "close",     .is = word::kind::disposition,   .index = 1},
    {.name = "editorial", .is = word::kind::revision_kind, .index = 0},
};
// clang-format on

inline rule must_read(std::string_view text, expects what = expects::rule, vocabulary known = words) {
    auto r = read_rule(text, known, what);
    INFO(text, " at ", r.error.at, ": ", r.error.expected);
    REQUIRE_FALSE(r.error.is_error());
    return r.value;
}
inline std::string canonical(std::string_view text, expects what = expects::rule) { return print(must_read(text, what).view()); }
inline std::string repeated(std::string_view s, std::size_t n) {
    std::string out;
    for (std::size_t i = 0; i < n; ++i) out += s;
    return out;
}

}  // namespace rule_support
