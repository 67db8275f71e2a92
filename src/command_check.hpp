// What a command must be before anything else is asked about it, for commands built in C++ as for those read from JSON.
// Internal: not installed.
#pragma once

#include <string>

#include <quorate/command.hpp>

namespace quorate {

/// The JSON field that `command::detail` goes by for this act.
[[nodiscard]] std::string_view detail_field(act a) noexcept;

/// What is wrong with the form of a command, as a sentence without a capital ("the position is longer than 256
/// bytes"), or "". Looks at what any process would refuse: an act that isn't one, limits, text that is no UTF-8 or
/// can't be shown on a line, an instant out of range, a missing subject, a duration that is none, fields that mean
/// nothing to the act.
[[nodiscard]] std::string misshapen(const command& c);

}  // namespace quorate
