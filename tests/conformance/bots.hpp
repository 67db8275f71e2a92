// The families of approval_bots.json: [{"id", "family", "policy", "inputs", "expected"}], each put as a charter made of its policy.
#pragma once

#include "trial.hpp"

namespace conformance {

struct bot_case {
    std::string         id;
    const json::object& policy;    ///< empty where the document is no object
    const json::value&  document;  ///< the policy
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

// ---- shared by families -----------------------------------------------------------------------------------------------------------
/// The truth of a rule in the words of policies: what doesn't apply is skipped.
[[nodiscard]] std::string status_of(quorate::truth t);
/// A finding as rule and facts: whether it is known, applies, and approves.
[[nodiscard]] std::string finding_rule(const std::string& name);
void report_finding(trial& t, const std::string& name, const std::string& status);
/// What the approval, a rule, and the finding "disapproval" come to: an error hides both, else a disapproval wins.
[[nodiscard]] sheet top_sheet(const std::string& approval, const std::string& error);
/// Asks for the outcome of such a sheet.
[[nodiscard]] std::string top_status(trial& t);

struct disapproval {
    std::string status;
    json::value by;       ///< who said the last word; null: nobody
    std::string account;
};
/// Anybody of those allowed sets the latch, and anybody of them releases it, whoever had set it. What the host finds sets it for good.
[[nodiscard]] disapproval disapproval_of(const json::object& policy, const json::object& inputs);

}  // namespace conformance
