// Reading JSON from outside, which is hostile until shown otherwise. Internal: not installed.
//
// `parse` turns text into a tree of `node`s that know their line and column; `reader` walks such a
// tree and collects every problem found, with JSON pointer, line and column. A loader is then a
// sequence of plain questions:
//
//     auto document = json_text::parse(text, "charter.json");
//     if (!document) return document.error();
//     const node& root = document.value();
//     json_text::reader read{root, "charter.json"};
//     read.known_keys(root, {"title", "processes"});         // unknown "proceses": did you mean
//     ...? const auto title = read.required_text(root, "title");  // missing, no string: a problem
//     and "" if (const node* all = read.object(root, "processes"))  // absent: nullptr, without a
//     problem
//         for (const auto& [key, line, column, process] : all->members) ...
//     if (!read.ok()) return read.why();
//
// `result::error()` returns a copy: keep it in a variable before taking references into it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <quorate/result.hpp>
#include <quorate/time.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace quorate::json_text {

// ---- limits: what is beyond them is refused with errc::limit
inline constexpr std::size_t largest_document =
    std::size_t{1} << 20;  ///< bytes; the default, `parse` can be told another
inline constexpr std::size_t deepest_document = 32;  ///< arrays and objects inside each other
inline constexpr std::size_t longest_string = std::size_t{256}
                                              << 10;  ///< bytes of one string or key, unescaped: 65,536 characters, as comments on GitHub have
inline constexpr std::size_t longest_number = 40;     ///< characters of one number
inline constexpr int largest_exponent = 18;           ///< 1e18 and 1e-18 are the outermost powers
inline constexpr std::size_t most_values = 100'000;   ///< values of any kind in one document
inline constexpr std::size_t most_problems = 100;  ///< that one `reader` keeps; the rest is counted

// ---- the tree
enum class kind : std::uint8_t { null, boolean, integer, decimal, string, array, object };

/// "an object", "a string", ...: for messages.
[[nodiscard]] std::string_view to_string(kind k);

struct member;

/// One value with the place where it starts. Owns everything below it; a regular value. A string's
/// text starts one column after its node (at the quote), so offset i of a string without escapes is
/// at `column + 1 + i`.
struct node {
    kind what = kind::null;
    bool truth = false;        ///< boolean
    std::uint32_t line = 0;    ///< from 1
    std::uint32_t column = 0;  ///< from 1, in code points
    std::int64_t number = 0;   ///< integer, exact
    bool as_written = false;   ///< string: without escapes
    std::string
        text;  ///< string, unescaped valid UTF-8 without U+0000; decimal: as written, such as "0.5"
    std::vector<node> elements;   ///< array
    std::vector<member> members;  ///< object, in the order of the source, no key twice

    [[nodiscard]] bool is(kind k) const noexcept { return what == k; }
    [[nodiscard]] bool is_object() const noexcept { return what == kind::object; }
    [[nodiscard]] bool is_array() const noexcept { return what == kind::array; }
    [[nodiscard]] bool is_string() const noexcept { return what == kind::string; }
    [[nodiscard]] bool is_integer() const noexcept { return what == kind::integer; }
    [[nodiscard]] bool is_boolean() const noexcept { return what == kind::boolean; }
    [[nodiscard]] bool is_null() const noexcept { return what == kind::null; }

    /// The value under `key`, or nullptr when this is no object or has no such key. Linear in the
    /// number of keys.
    [[nodiscard]] const node* find(std::string_view key) const noexcept;
    /// The member itself (for the position of its key), or nullptr.
    [[nodiscard]] const member* find_member(std::string_view key) const noexcept;

    /// The value as that type, or nothing when it is of another kind.
    [[nodiscard]] std::optional<std::string_view> as_string() const noexcept;
    [[nodiscard]] std::optional<std::int64_t> as_integer() const noexcept;
    [[nodiscard]] std::optional<bool> as_boolean() const noexcept;
};

struct member {
    std::string key;
    std::uint32_t line = 0;    ///< of the key
    std::uint32_t column = 0;  ///< of the key
    node value;
};

/// Reads one JSON document. Line and block comments and trailing commas are allowed, everything
/// else is as in RFC 8259; a byte order mark at the start is skipped. Refused, each with line and
/// column: text larger than `largest` bytes, anything beyond the limits above, invalid UTF-8,
/// control characters (U+0000 escaped too, any in keys), lone surrogates, integers beyond 64 bits,
/// numbers beyond the limits, duplicate keys, a second document, trailing text. `name` appears in
/// problems. Takes time and memory linear in the text that is read; refused text costs no more than
/// accepted text.
[[nodiscard]] result<node> parse(std::string_view text, std::string_view name = "json",
                                 std::size_t largest = largest_document);

/// One line of JSON without white space; decimals as written.
[[nodiscard]] std::string compact_json(const node& n);
/// The same values, each at the line and column that its node has, so that problems found in it
/// point into the file that it is from.
[[nodiscard]] std::string placed_json(const node& n);

/// The bytes of the file at `path`. Never reads more than `largest + 1` bytes. Refused: no such
/// file (not_found), anything that is no regular file, such as a directory or a pipe (io), more
/// than `largest` bytes (limit), or what the operating system says (io).
[[nodiscard]] result<std::string> read_file(const std::string& path,
                                            std::size_t largest = largest_document);

/// `read_file`, then `parse` under the name of the path.
[[nodiscard]] result<node> parse_file(const std::string& path,
                                      std::size_t largest = largest_document);

// ---- asking
/// A key as a part of a JSON pointer: "a/b" is "a~1b" there (RFC 6901).
[[nodiscard]] std::string pointer_part(std::string_view key);

/// Walks a tree and collects all problems instead of stopping at the first. Keeps a reference to
/// `root`: the tree must outlive the reader, must not move, and every node given to it must be part
/// of it (JSON pointers are found by address, only when there is a problem). A problem's `where` is
/// `name#/json/pointer`. Not thread-safe.
class reader {
public:
    explicit reader(const node& root, std::string name = "json");
    reader(const node&&, std::string = {}) = delete;

    /// Records a problem at the value, at the key of a member, or as a mere warning.
    void wrong(const node& at, std::string what, std::string hint = {});
    void wrong(const member& at, std::string what, std::string hint = {});
    void suspicious(const node& at, std::string what, std::string hint = {});
    /// Records a problem inside a string, at byte `offset` of its text: exactly there when the
    /// string has no escapes, else at the string.
    void wrong_inside(const node& string, std::size_t offset, std::string what, std::string hint = {});

    /// True if `at` is of that kind; otherwise records "expected an object, found a string".
    bool expect(const node& at, kind wanted);
    /// Records every key of `object` that isn't in `known`, with the closest known one as hint. No
    /// object: does nothing.
    void known_keys(const node& object, std::initializer_list<std::string_view> known);
    void known_keys(const node& object, const std::vector<std::string_view>& known);

    // A member of `object` by key. Absent: nothing (no problem). Of another kind: a problem, and
    // nothing. If `object` itself is no object: nothing (say `expect` first). Returned views and
    // pointers belong to the tree.
    [[nodiscard]] std::optional<std::string_view> text(const node& object, std::string_view key);
    [[nodiscard]] std::optional<std::int64_t> integer(const node& object, std::string_view key);
    [[nodiscard]] std::optional<bool> flag(const node& object, std::string_view key);
    [[nodiscard]] const node* object(const node& object, std::string_view key);
    [[nodiscard]] const node* array(const node& object, std::string_view key);
    /// An instant or duration in quorate's notation (time.hpp), as a string.
    [[nodiscard]] std::optional<instant> moment(const node& object, std::string_view key);
    [[nodiscard]] std::optional<duration> span(const node& object, std::string_view key);
    /// An array of strings; elements of another kind are problems and left out. Absent: empty.
    [[nodiscard]] std::vector<std::string_view> texts(const node& object, std::string_view key);
    /// As `text`, but must be one of `words`, else a problem (with the closest word) and nothing.
    [[nodiscard]] std::optional<std::string_view> word(const node& object, std::string_view key,
                                                       const std::vector<std::string_view>& words);
    /// The integer, which must lie in [least, most].
    [[nodiscard]] std::optional<std::int64_t> integer(const node& object, std::string_view key,
                                                      std::int64_t least, std::int64_t most);

    // The same for members that must be there: absent is a problem at `object`.
    [[nodiscard]] std::string_view required_text(
        const node& object, std::string_view key);  ///< "" on a problem; must not be ""
    [[nodiscard]] const node* required_object(const node& object, std::string_view key);
    [[nodiscard]] const node* required_array(const node& object, std::string_view key);
    [[nodiscard]] const node* required(const node& object, std::string_view key);  ///< of any kind

    /// A string as a name or title for people: a problem if it is empty, longer than `longest`
    /// bytes, or has control characters or bidirectional overrides. Returns whether it is fine.
    bool plain(const node& string, std::size_t longest);

    /// The JSON pointer (RFC 6901) of a node of the tree; "" for the root.
    [[nodiscard]] std::string pointer(const node& at) const;

    /// No problems but warnings so far.
    [[nodiscard]] bool ok() const noexcept { return wrongs_ == 0; }
    /// What was found, in the order in which it was found; at most `most_problems` and one that
    /// counts the rest.
    [[nodiscard]] std::vector<problem> problems() const;
    /// The problems as an error, warnings included; says "invalid" when there are none, so ask `ok`
    /// first.
    [[nodiscard]] error why(errc code = errc::invalid) const;
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

private:
    void add(bool warning, std::string pointer, std::uint32_t line, std::uint32_t column,
             std::string what, std::string hint);
    [[nodiscard]] const node* of_kind(const node& object, std::string_view key, kind wanted);

    const node& root_;
    std::string name_;
    std::vector<problem> problems_;
    std::size_t wrongs_ = 0;
    std::size_t dropped_ = 0;
};

/// "larger than the limit of N bytes".
[[nodiscard]] std::string too_large_text(std::size_t largest);
/// "did you mean "x"?" when one of `known` is near `word`, else "". Linear in the size of `known`,
/// which is cut at 1000.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       const std::vector<std::string_view>& known);
/// The string in double quotes, for messages; control characters and what is beyond 60 bytes are
/// shown as escapes and "...".
[[nodiscard]] std::string in_quotes(std::string_view s);

}  // namespace quorate::json_text
