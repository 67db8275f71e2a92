// The colours of phases in diagrams. Internal.
#pragma once

#include <array>
#include <string_view>

#include <quorate/law.hpp>

namespace quorate {

struct colours {
    std::string_view fill;
    std::string_view line;
};
/// Per phase; text is always black, so that diagrams read the same on dark pages.
inline constexpr std::array<colours, phase_names.size()> phase_colours{{
    {"#eceff1", "#607d8b"},  // draft
    {"#e3f2fd", "#1e88e5"},  // review
    {"#fff8e1", "#ffb300"},  // final_comment
    {"#fff3e0", "#fb8c00"},  // approval
    {"#e8f5e9", "#43a047"},  // accepted
    {"#c8e6c9", "#2e7d32"},  // enacted
    {"#ffebee", "#e53935"},  // rejected
    {"#f3e5f5", "#8e24aa"},  // postponed
    {"#eeeeee", "#757575"},  // withdrawn
    {"#eeeeee", "#757575"},  // lapsed
    {"#eeeeee", "#757575"},  // inconclusive
    {"#eeeeee", "#424242"},  // void
}};
[[nodiscard]] inline const colours& colours_of(phase p) { return phase_colours[static_cast<std::size_t>(p)]; }

}  // namespace quorate
