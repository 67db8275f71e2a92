// What a simulation tells an audit (audit.hpp): measured facts about one charter, by seeded runs of one of its processes.
//
//     auto facts  = quorate::simulate::audit_facts({.rules = charter, .process = "fcp", .people = roster}, {.runs = 1'000}).value();
//     auto report = quorate::audit(charter, roster, facts);
#pragma once

#include <cstdint>

#include <quorate/audit.hpp>
#include <quorate/simulate.hpp>

namespace quorate::simulate {

struct measuring {
    std::uint64_t seed = 1;
    std::uint64_t runs = 1'000;
};

/// Measures acts and time per decision, acts per run of whoever acts most, and how long decisions wait for leaders: how much sooner they come
/// on the same draws if leaders answer at once. Leaders are those who lead a team, and the members of whoever owns the residual scope. Left
/// out: what nothing was decided for, and waiting when a callable plans the acts. Each fact's source states runs, seed, and the 95% interval.
/// Refused as in `run`.
[[nodiscard]] result<audit_evidence> audit_facts(const setting& s, const measuring& how, const running& under = {});

}  // namespace quorate::simulate
