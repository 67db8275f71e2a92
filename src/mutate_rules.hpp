// Small changes of rule text. Internal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/mutate.hpp>

namespace quorate {

struct rule_change {
    mutation    what = mutation::threshold;
    std::size_t at = 0;    ///< where in the text it begins
    std::string before{};  ///< the comparison, or the part of a set, that is changed
    std::string after{};
    std::string text{};    ///< the whole text, changed
};

/// Of a rule, or of a number that it is made of: its numbers, comparisons, bases and durations.
[[nodiscard]] std::vector<rule_change> changes_of_rule(std::string_view text);
/// Of a set: each part of it left out. `what` is what such a change is of.
[[nodiscard]] std::vector<rule_change> changes_of_set(std::string_view text, mutation what);

/// What a number as written ("3", "2/3", "66%", "0.5", "3:1") becomes: more and less. Empty if it is none.
[[nodiscard]] std::vector<std::string> more_and_less(std::string_view number);
/// The same of a duration as written: a unit more, a unit less. "10 days" becomes "11 days" and "9 days".
[[nodiscard]] std::vector<std::string> longer_and_shorter(std::string_view span);

}  // namespace quorate
