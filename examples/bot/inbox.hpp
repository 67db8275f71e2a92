// Where a delivery goes until it is dealt with, wherever it came from: into the journal's outbox, once.
#pragma once

#include <quorate/journal.hpp>

#include "delivery.hpp"

namespace bot {

inline constexpr std::string_view delivery_effect = "bot delivery";  ///< kind of effect; payload: `to_json(delivery)`

/// Keeps it durably. False if it is known: by GitHub's id, or by what it is about, since the same comment can come under another id.
[[nodiscard]] result<bool> keep_delivery(quorate::journal& j, const delivery& d);
/// Whether it is known by what it is about.
[[nodiscard]] result<bool> is_known(quorate::journal& j, const delivery& d);

}  // namespace bot
