// From all that can happen to a report. Internal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "verifying.hpp"

namespace quorate::verifying {

/// A story, line by line.
[[nodiscard]] std::vector<std::string> told(const world& w, const std::vector<step>& way);
/// The same as a scenario that expects each stage.
[[nodiscard]] std::string scenario_of(const world& w, const std::vector<step>& way, std::string_view title);

/// Puts together a finding with the way to it.
[[nodiscard]] finding finding_of(const world& w, std::string id, finding_kind kind, std::string what, const std::vector<step>& way);

/// What the whole of the graph shows: what can't end, what is never used. `too_few`: people or options for what rules ask for, so that nothing is said of
/// what is never used.
void findings_of_graph(const world& w, const graph& g, bool too_few, verify_report& r);
/// What was seen on the way.
void findings_of_sightings(const world& w, const graph& g, verify_report& r);
/// What comes of every vote of the whole electorate, cast at once.
void findings_of_votes(const world& w, verify_report& r);
/// Who can bring what about.
[[nodiscard]] coalition_power power_in(const charter& c, const process& p, const roster& people, const world& like, const verify_options& how, std::vector<std::string>& not_covered);

/// Where votes begin: a stage that lets people cast, reached with nobody voting before; for each disposition. Empty if there is none.
struct ballot_start {
    std::string       disposition{};
    std::vector<step> way{};
};
[[nodiscard]] std::vector<ballot_start> starts_of_votes(const world& w);
/// How a vote went.
struct vote_run {
    std::vector<step> way{};       ///< from the start of the vote on
    std::uint16_t     rests = 0;   ///< stage in the end
    bool              accepted = false;
    bool              cut = false;     ///< not all could cast any more: it was over, or they may not
};
/// Each of the voters casts in turn (0: is silent), then nobody does anything more.
[[nodiscard]] vote_run vote(const world& w, const situation& start, const std::vector<std::uint8_t>& choices, evidence_of& scratch, bool keep_way);

/// A world with its parent, if the process needs one. An error says why there is none.
/// `below`: processes that are being looked at as those opened under this one; a circle of them leads nowhere.
[[nodiscard]] result<std::shared_ptr<world>> world_of(const charter& c, const process& p, const roster& people, const verify_bounds& bounds,
                                                      std::vector<const process*> below = {});

}  // namespace quorate::verifying
