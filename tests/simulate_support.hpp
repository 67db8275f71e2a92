// Settings that tests of simulation share: a vote of ten, and a final comment period of eleven.
#pragma once

#include <string>
#include <utility>

#include <quorate/simulate.hpp>

#include "effort.hpp"

namespace simulate_support {

using namespace quorate;
namespace sim = quorate::simulate;

inline constexpr double day_us = 86'400e6;

inline charter vote() {
    return load_charter(R"j({ "title": "A vote", "version": "1", "parameters": { "needed": { "value": 7 } },
        "processes": { "vote": { "title": "Vote", "electorate": { "of": "team(core)", "taken": "at open" },
          "positions": { "yes": {}, "no": {} }, "rules": { "quorum": "cast >= needed" },
          "stages": { "open": { "phase": "approval", "allow": { "cast": "electorate" },
            "exits": [ { "after": "7 days", "if": "quorum and yes > no", "to": "accepted" }, { "after": "7 days", "to": "rejected" } ] } } } } })j").value();
}
inline roster team_of(int n, const std::string& name) {
    roster_document d;
    d.name = "test";
    team_info t;
    t.name = name;
    for (int i = 0; i < n; ++i) {
        person_info p;
        p.id = p.handle = "m" + std::to_string(i);
        p.affiliations = {i % 2 == 0 ? "even" : "odd"};
        d.people.push_back(p);
        t.members.push_back({p.id, {}});
    }
    d.teams.push_back(t);
    return make_roster(std::move(d)).value();
}
inline sim::setting vote_setting(const std::string& behaviour, int members = 10) {
    return {.rules = vote(), .process = "vote", .people = team_of(members, "core"), .how = sim::read_behaviour(behaviour).value(), .name = "as it is"};
}
inline sim::setting fcp_setting(const std::string& behaviour, int members = 11) {
    static const auto rust = load_charter_file(QUORATE_SOURCE_DIR "/examples/charters/rust.json").value();
    return {.rules = rust, .process = "fcp", .people = team_of(members, "compiler"),
            .how = sim::read_behaviour(behaviour).value(), .name = "as it is"};
}
inline sim::study one(sim::setting s, std::uint64_t runs) { return {.variants = {std::move(s)}, .seed = 42, .runs = runs}; }
inline sim::progress done(const sim::study& s, std::uint32_t threads = 1) { return sim::run(s, {.threads = threads}).value(); }
inline double mean_days(const sim::histogram& h) { return static_cast<double>(h.sum) / static_cast<double>(h.n) / day_us; }

}  // namespace simulate_support
