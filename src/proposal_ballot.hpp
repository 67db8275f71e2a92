// What ballots say about options: reading marks, and which options there are. Internal.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <quorate/proposal.hpp>

namespace quorate {

/// Either marks by option (see `voter::marks`), or what is wrong with them.
struct marks_reading {
    std::vector<std::int32_t> marks{};
    std::string               wrong{};  ///< empty: nothing
};

/// Reads what a ballot says, as `command::names` writes it. Refuses options that are not on the ballot paper or withdrawn, one that
/// is named twice, scores out of range, and whatever the position doesn't take.
[[nodiscard]] marks_reading read_marks(const std::vector<std::string>& names, const position& of, const std::vector<ballot_option>& options);
/// The inverse: how `read_marks` would be told the same.
[[nodiscard]] std::vector<std::string> marks_text(const std::vector<std::int32_t>& marks, const position& of, const std::vector<ballot_option>& options);

/// Names of options are written inside marks: letters, digits and what neither separates nor joins them there.
[[nodiscard]] bool is_option_name(std::string_view name);

}  // namespace quorate
