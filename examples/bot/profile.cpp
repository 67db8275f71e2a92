#include "profile.hpp"

#include <algorithm>
#include <array>

namespace bot {
namespace {

using quorate::act;

// clang-format off
// Prow: pkg/plugins/approve (reviews act as /approve) and pkg/plugins/lgtm (reviews act as /lgtm).
constexpr std::array<review_row, 4> prow_reviews{{
    {"approved",          act::cast,            "approve"},
    {"approved",          act::second,          ""},
    {"changes_requested", act::withdraw_ballot, "", true},
    {"changes_requested", act::withdraw_second, "", true, true},
}};
// policy-bot: policy/common/methods.go, policy/disapproval/disapprove.go.
constexpr std::array<review_row, 4> policy_reviews{{
    {"approved",          act::resolve,         "changes requested", true},
    {"approved",          act::cast,            "approve"},
    {"changes_requested", act::raise,           "changes requested"},
    {"dismissed",         act::withdraw_ballot, "", true},
}};

constexpr std::array<profile, 6> all_profiles{{
    {.name = "rfcbot",             .dialect = "rfcbot",             .process = "fcp"},
    {.name = "triagebot",          .dialect = "triagebot",          .process = "mcp"},
    {.name = "gitvote",            .dialect = "gitvote",            .process = "vote", .begins = begins_with::opening_command, .reactions = true, .first_text = true},
    {.name = "prow",               .dialect = "prow",               .process = "pull_request", .begins = begins_with::pull_request,
     .reviews = prow_reviews, .push = "push", .first_text = true},
    {.name = "prow-lgtm-approves", .dialect = "prow-lgtm-approves", .process = "pull_request", .begins = begins_with::pull_request,
     .reviews = prow_reviews, .push = "push", .first_text = true},
    {.name = "reviews",            .dialect = "",                   .process = "review", .begins = begins_with::pull_request,
     .reviews = policy_reviews, .push = "push"},
}};
// clang-format on

}  // namespace

std::span<const profile> profiles() { return all_profiles; }

const profile* profile_named(std::string_view name) {
    const auto found = std::find_if(all_profiles.begin(), all_profiles.end(), [&](const profile& p) { return p.name == name; });
    return found == all_profiles.end() ? nullptr : &*found;
}

}  // namespace bot
