// The second half of the charters' schema; some compilers take no literal of more than 16 KiB. Internal.
#pragma once

#include <string_view>

namespace quorate {

/// What "$defs" says of the parts of a process, from "electorate" on, up to the schema's end.
[[nodiscard]] std::string_view charter_schema_parts();

}  // namespace quorate
