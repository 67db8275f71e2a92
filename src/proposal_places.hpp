// Stages with limited room: who is in them, who waits for a place, and in which order. Internal.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/proposal.hpp>

namespace quorate {

// Of a stage with `places`, as one proposal finds it that would go there: `stage` is one of its own, others know it by its name.
/// The others that are there, in the order in which they were opened. At an instant before the present also who has left since: a place
/// isn't free before it became so.
[[nodiscard]] std::vector<const proposal*> others_in(const proposal& p, std::uint16_t stage, instant at, const surroundings& around);
/// The others that wait for a place and get one sooner, in that order.
[[nodiscard]] std::vector<const proposal*> ahead_of(const proposal& p, std::uint16_t stage, instant at, const surroundings& around);

/// All of `around.others` that wait for a place in that stage, in the order in which they get one: their way in holds, and nothing else
/// keeps them from going. Whom time has not reached yet at that instant doesn't wait yet, unless it did before.
[[nodiscard]] std::vector<const proposal*> waiting_for(std::string_view stage, instant at, const surroundings& around);

/// Of those the ones for whom a place is free, in any stage.
[[nodiscard]] std::vector<const proposal*> next_in(instant at, const surroundings& around);

/// Whether some exit of the stage where it is leads into one with `places`.
[[nodiscard]] bool may_wait(const proposal& p);

/// Lets those who wait take what places are free at `at`, in their order, until none goes on. `take` lets one of `around.others` take
/// its place at an instant and says whether anything happened to it.
template <class Take>
result<void> fill_places(const surroundings& around, instant at, Take take) {
    for (std::size_t moves = 0, most = most_moves * (around.others.size() + 1);; ++moves) {
        bool moved = false;
        for (const auto* next : next_in(at, around)) {
            result<bool> done = take(next->id, std::max(at, next->last));
            if (!done) return done.error();
            moved = done.value();
            if (moved) break;  // who is next may be another now
        }
        if (!moved) return {};
        if (moves == most) return make_error(errc::limit, "places are left and taken without end at one instant", around.others.front().which->by->name);
    }
}

}  // namespace quorate
