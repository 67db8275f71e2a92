// Text of comments: white space as Unicode has it, lines, and what Markdown sets apart. Internal: not installed.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace quorate::dialect_text {

/// How many bytes of white space (Unicode's White_Space) a valid UTF-8 text starts with, of one character: 0 if none.
[[nodiscard]] std::size_t space_length(std::string_view s);
[[nodiscard]] std::string_view trimmed_left(std::string_view s);
[[nodiscard]] std::string_view trimmed(std::string_view s);
/// Up to the first white space.
[[nodiscard]] std::string_view first_word(std::string_view s);
/// Up to and without the line feed that ends it; `text` goes on behind it. One carriage return before it belongs to it.
[[nodiscard]] std::string_view take_line(std::string_view& text);
[[nodiscard]] bool valid_utf8(std::string_view s);
/// At most `most` bytes, cut between characters.
[[nodiscard]] std::string_view shortened(std::string_view s, std::size_t most);

/// Parts of a text, [first, second), sorted and apart.
using ranges = std::vector<std::pair<std::size_t, std::size_t>>;
/// What Markdown sets as code (fences, indented blocks, spans), quotes, or takes for HTML: the parts of CommonMark that decide
/// whether words are said or shown. Linear in the text but for a logarithm.
[[nodiscard]] ranges set_apart(std::string_view markdown);
[[nodiscard]] bool overlaps(const ranges& r, std::size_t from, std::size_t to);

}  // namespace quorate::dialect_text
