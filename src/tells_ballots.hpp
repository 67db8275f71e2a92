// Whether the truth of a rule tells how people voted. Internal.
#pragma once

#include <set>

#include <quorate/process.hpp>

namespace quorate {

/// Of this part of a rule, through the named rules that it uses; `seen` are those looked at already.
[[nodiscard]] bool tells_ballots(const process& p, rule_view r, std::uint16_t part, std::set<std::size_t>& seen);
[[nodiscard]] bool tells_ballots(const process& p, const rule& r);

}  // namespace quorate
