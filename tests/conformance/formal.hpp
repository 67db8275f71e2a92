// The cases of formal_processes.json: [{"process", "rule", "input", "expected"}], each by a shipped charter, or by a bare rule of
// formal.json.
#pragma once

#include "trial.hpp"

namespace conformance {

struct formal_case {
    std::string         id;
    std::string         rule;
    const json::object& input;
    const json::object& expected;
    const settings&     where;
};
/// A process, and how its cases are put.
struct formal_process {
    std::string_view name;
    case_result (*put)(const formal_case& c);  ///< may throw cannot_say
};
/// By shipped charters.
[[nodiscard]] const std::vector<formal_process>& chartered_processes();
/// By formal.json.
[[nodiscard]] const std::vector<formal_process>& bare_processes();

/// How many ballots a position gets.
struct ballots_of {
    std::string  position;
    std::int64_t n = 0;
};
/// The next of `who` cast, in this order. Ballots after the decision are refused and change nothing.
void cast_all(trial& t, const std::vector<std::string>& who, const std::vector<ballots_of>& all, std::size_t first = 0);
/// A number of ballots, or 0 where the case doesn't speak of them.
[[nodiscard]] std::int64_t ballots_in(const json::object& o, std::string_view key);
/// Somebody who stands for election.
struct candidate {
    std::string name;
    std::string employer;
};
/// The "ranking" of a case, best first.
[[nodiscard]] std::vector<candidate> ranking_in(const json::object& o);
/// A team for each employer, of those who work there.
[[nodiscard]] std::vector<team_of> employers_of(const std::vector<candidate>& ranking);
/// Puts them on the ballot.
void put_forward(trial& t, const std::string& by, const std::vector<candidate>& ranking);
/// The names of the first `n`.
[[nodiscard]] std::vector<std::string> first_names(const std::vector<candidate>& ranking, std::size_t n);
/// Passed if those who are elected are as expected under this key, in that order.
[[nodiscard]] case_result electing(const formal_case& c, const trial& t, std::string_view key);
/// Passed if "passes" is as expected.
[[nodiscard]] case_result passing(const formal_case& c, const trial& t, std::string_view stage = "accepted");

}  // namespace conformance
