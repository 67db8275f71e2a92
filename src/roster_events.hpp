// Reading the events of a roster. Internal: not installed.
#pragma once

#include <optional>
#include <quorate/roster.hpp>

#include "json.hpp"

namespace quorate {

/// The event at `n`, or nothing after recording at least one problem.
[[nodiscard]] std::optional<roster_event> read_roster_event(json_text::reader& read,
                                                            const json_text::node& n);

/// Whether the event has exactly the fields that its kind needs or allows: "" or what is wrong.
[[nodiscard]] std::string field_fault(const roster_event& e);

}  // namespace quorate
