// The documents that a journal keeps beside its proposals, and what is in them. Internal.
#pragma once

#include <string_view>

#include <quorate/charter.hpp>
#include <quorate/event.hpp>
#include <quorate/result.hpp>
#include <quorate/roster.hpp>

namespace quorate {

inline constexpr std::string_view charter_stream = "charter";
inline constexpr std::string_view roster_stream = "roster";

/// The charter of a document event. `damaged` when it isn't the one that its hash names.
[[nodiscard]] result<charter> charter_of(const event& document);
/// The roster of a document event.
[[nodiscard]] result<roster> roster_of(const event& document);

}  // namespace quorate
