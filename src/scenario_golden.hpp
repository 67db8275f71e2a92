// Golden parts of expectations: what they would have to say. Internal.
#pragma once

#include <string>
#include <vector>

#include <quorate/journal.hpp>

namespace quorate {

// Each gives the elements of the value as JSON, "" for one that may stay as it is.

/// Of texts that must be contained in `whole`: those that aren't become the lines of it that are most like them.
[[nodiscard]] std::vector<std::string> golden_texts(const std::vector<std::string>& parts, const std::string& whole);
/// Of one text each.
[[nodiscard]] std::vector<std::string> golden_findings(const std::vector<std::string>& parts, const std::vector<std::string>& found);
/// An effect: its kind, with what the charter says of it.
[[nodiscard]] std::string golden_effect(const effect& e);

}  // namespace quorate
