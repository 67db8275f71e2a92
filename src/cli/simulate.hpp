// What the command line says of a simulation, and the study that it means.
#pragma once

#include <string>
#include <vector>

#include <quorate/simulate.hpp>

namespace quorate::cli {

struct simulate_options {
    std::string              charter{}, process{}, roster{}, behaviour{}, shard = "1/1", checkpoint{}, out{}, against{}, fit{}, csv{}, html{}, svg{}, evidence{};
    std::vector<std::string> params{}, sweeps{}, varied{}, merges{};
    std::size_t              members = 0, runs = 10'000, seed = 1, threads = 1, told_run = 0, every = 1'000;
    bool                     without_each = false, tell = false, quiet = false;
};

/// The study, with all its variants and its shard. Refused: people who are neither given nor made up, sweeps that name nothing.
[[nodiscard]] result<simulate::study> study_from(const simulate_options& o);

}  // namespace quorate::cli
