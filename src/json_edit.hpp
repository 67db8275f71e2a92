// Changing a JSON document where it says something, and leaving every other byte as it is. Internal.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json.hpp"

namespace quorate::json_text {

/// Where the values of a document are in its text. Keeps a view of the text.
class places {
public:
    explicit places(std::string_view text);

    /// The byte at a line and column, both from 1, columns in code points; the text's size where there is none.
    [[nodiscard]] std::size_t offset(std::uint32_t line, std::uint32_t column) const;
    /// The first byte behind the value (or key) that begins at byte `begin` of a text that has been parsed.
    [[nodiscard]] std::size_t end_of_value(std::size_t begin) const;
    /// First byte and length of a value.
    [[nodiscard]] std::pair<std::size_t, std::size_t> of(const node& n) const;
    [[nodiscard]] std::string_view text() const { return text_; }

private:
    [[nodiscard]] std::size_t end_of_string(std::size_t begin) const;
    [[nodiscard]] std::size_t end_of_comment(std::size_t begin) const;

    std::string_view         text_;
    std::vector<std::size_t> lines_;  ///< where each begins
};

struct edit {
    std::size_t at = 0;
    std::size_t length = 0;
    std::string text{};

    friend bool operator==(const edit&, const edit&) = default;
};
/// The text with these changes. They may come in any order; none reaches into another.
[[nodiscard]] std::string edited(std::string_view text, std::vector<edit> edits);

/// The string as JSON.
[[nodiscard]] std::string string_json(std::string_view s);

}  // namespace quorate::json_text
