// The families of approval_bots.json: [{"id", "family", "policy", "inputs", "expected"}], each put as a charter made of its policy.
#pragma once

#include "trial.hpp"

namespace conformance {

struct bot_case {
    std::string         id;
    const json::object& policy;
    const json::object& inputs;
    const json::object& expected;
};
/// One family, and how its cases are put.
struct bot_family {
    std::string_view name;
    case_result (*put)(const bot_case& c);  ///< may throw cannot_say
};

/// Reactions, shares, thresholds and quorums: who says what, counted.
[[nodiscard]] const std::vector<bot_family>& counting_families();
/// Combining what other rules found.
[[nodiscard]] const std::vector<bot_family>& combining_families();
/// A label that commands put on and take off.
[[nodiscard]] const std::vector<bot_family>& label_families();
/// Owners of files, and names that stand for several people.
[[nodiscard]] const std::vector<bot_family>& owner_families();
/// Who of many may approve or object, by comments and reviews.
[[nodiscard]] const std::vector<bot_family>& approver_families();

}  // namespace conformance
