// Events in canonical JSON, for the journal. Internal: not installed.
#pragma once

#include <string>
#include <string_view>

#include <quorate/event.hpp>

#include "canonical.hpp"

namespace quorate {

/// The kind of that name, or nothing.
[[nodiscard]] std::optional<event_kind> event_kind_named(std::string_view name) noexcept;

/// Appends `payload_of(e)`.
void put_payload(std::string& out, const event& e);
/// As `read_payload` without an error: false when the payload isn't what `payload_of` writes for an event of
/// `e.kind`; `e` is then unspecified.
[[nodiscard]] bool take_payload(event& e, std::string_view payload);

/// Appends `to_json(e)`, and reads exactly that off the front of a text.
void put_event(std::string& out, const event& e);
void take_event(canonical::scanner& in, event& e);

/// Whether an event can be stored and comes back the same: enumerations and instants in range, strings of UTF-8 without
/// U+0000. Otherwise what is wrong.
[[nodiscard]] std::string unstorable(const event& e);

}  // namespace quorate
