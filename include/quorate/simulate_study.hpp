// A study from one setting and what is varied in it: parameters of the charter, the number of people, anything in the behaviour; in one or
// two dimensions, each apart from the others, against another charter, or without each member in turn.
//
//     auto s = study_of(base, {.sweeps = {{"length", {"5 days", "10 days"}}, {"/members/0/takes part", {"50%", "90%"}}}}).value();
//     s.runs = 100'000;
//     auto done = run(s, {.threads = 2}).value();      // four variants on the same draws
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/simulate.hpp>

namespace quorate::simulate {

/// Of members who are as the defaults say, with a place for each pointer into them.
inline constexpr std::string_view usual_behaviour = R"({"members":[{}]})";

/// What takes several values.
struct dimension {
    std::string              name{};    ///< a parameter of the charter; "members", of people who are made up; or a JSON pointer into the behaviour
    std::vector<std::string> values{};  ///< as in a charter, or as JSON; what is no JSON is a text
};
/// Reads "length=5 days,10 days", "members=5,7", "/members/0/takes part=50%,90%".
[[nodiscard]] result<dimension> dimension_from(std::string_view text);

struct variation {
    std::size_t            members = 0;         ///< instead of the setting's people: so many are made up
    std::vector<dimension> sweeps{};            ///< at most two: every value with every value
    std::vector<dimension> alone{};             ///< each value by itself, all else as in the first variant
    std::optional<charter> against{};           ///< has the same process
    bool                   without_each = false;  ///< each member absent in turn
};

/// The study of a setting and its variants, in that order; seed, runs and shard are the caller's to set. A callable of the behaviour stays.
/// Refused: names and values that mean nothing, more than two sweeps.
[[nodiscard]] result<study> study_of(const setting& base, const variation& how);

}  // namespace quorate::simulate
