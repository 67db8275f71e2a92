// What counting calls an option, a rank and a score.
#pragma once

#include <cstdint>
#include <limits>

namespace quorate::tally {

/// The place of an option on the ballot paper, from 0. A count prints names, and works with places.
using option = std::uint32_t;
/// A rank as it was marked: 1 is best, equal ranks and gaps are allowed.
using rank = std::uint16_t;
/// What someone gave an option: a score, a grade (0 is the worst), an approval (1), points.
using score = std::int32_t;

inline constexpr rank  unranked = 0;
inline constexpr score unscored = std::numeric_limits<score>::min();

}  // namespace quorate::tally
