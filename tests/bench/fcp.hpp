// The final comment period that benchmarks run: eleven reviewers of one team.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include <quorate/charter.hpp>
#include <quorate/roster.hpp>

namespace bench {

using namespace quorate;

inline constexpr int     reviewers = 11;
inline constexpr instant start = at("2026-03-01T00:00:00Z");
inline instant           hour(int n) { return start + std::chrono::hours(n); }

inline std::string reviewer(int i) { return "reviewer-" + std::to_string(i); }

inline const charter& rules() {
    static const auto c = load_charter_file(QUORATE_SOURCE_DIR "/examples/charters/rust.json").value();
    return c;
}
inline const roster& people() {
    static const auto r = [] {
        roster_document d;
        team_info       team;
        d.name = "bench";
        team.name = "compiler";
        for (int i = 0; i < reviewers; ++i) {
            person_info p;
            p.id = p.handle = reviewer(i);
            d.people.push_back(p);
            team.members.push_back({p.id, {}});
        }
        d.teams.push_back(team);
        return make_roster(std::move(d)).value();
    }();
    return r;
}

}  // namespace bench
