// The baseline of counting: the Scottish rules as someone would write them by hand, a ballot paper an object, and every stage a walk
// through all of them. No working is kept.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hand_written {

/// One paper, not one row: names in the order of preference.
using paper = std::vector<std::string>;

/// Who is elected, in order. Ties go to whoever was ahead at the most recent stage, then to the first by name.
std::vector<std::string> count_scotland(const std::vector<std::string>& candidates, const std::vector<paper>& papers, std::size_t seats);

}  // namespace hand_written
