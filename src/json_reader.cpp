#include <algorithm>
#include <array>
#include <utility>

#include "json.hpp"

namespace quorate::json_text {

std::string_view to_string(kind k) {
    constexpr std::array<std::string_view, 7> names{
        "null", "a boolean", "an integer", "a decimal number", "a string", "an array", "an object"};
    return names[static_cast<std::size_t>(k)];
}

const member* node::find_member(std::string_view key) const noexcept {
    for (const auto& m : members)
        if (m.key == key) return &m;
    return nullptr;
}

const node* node::find(std::string_view key) const noexcept {
    const member* m = find_member(key);
    return m == nullptr ? nullptr : &m->value;
}

std::optional<std::string_view> node::as_string() const noexcept {
    return is_string() ? std::optional<std::string_view>(text) : std::nullopt;
}
std::optional<std::int64_t> node::as_integer() const noexcept {
    return is_integer() ? std::optional(number) : std::nullopt;
}
std::optional<bool> node::as_boolean() const noexcept {
    return is_boolean() ? std::optional(truth) : std::nullopt;
}

std::string in_quotes(std::string_view s) {
    constexpr std::size_t longest = 60;
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out = "\"";
    std::size_t cut = std::min(s.size(), longest);
    while (cut < s.size() && cut > 0 && (static_cast<unsigned char>(s[cut]) & 0xC0U) == 0x80U)
        --cut;
    for (const char c : s.substr(0, cut)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F)
            ((out += "\\x") += hex[byte >> 4]) += hex[byte & 15];
        else
            out += c;
    }
    return out += cut < s.size() ? "...\"" : "\"";
}

std::string too_large_text(std::size_t largest) {
    return "larger than the limit of " + std::to_string(largest) + " bytes";
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& known) {
    constexpr std::size_t most = 1000;
    if (word.size() < 2) return {};  // everything is near one letter
    const auto near =
        known.size() <= most
            ? closest(word, known)
            : closest(word, {known.begin(), known.begin() + static_cast<std::ptrdiff_t>(most)});
    return near.empty() ? std::string{} : "did you mean " + in_quotes(near) + "?";
}

// ---- reader

std::string pointer_part(std::string_view key) {
    std::string out;
    for (const char c : key) {
        if (c == '~') out += "~0";
        else if (c == '/') out += "~1";
        else out += c;
    }
    return out;
}

namespace {

/// Appends the pointer of `wanted` below `from`; false, and nothing appended, when it isn't there.
bool find_pointer(const node& from, const node* wanted, std::string& out) {
    if (&from == wanted) return true;
    const std::size_t before = out.size();
    for (std::size_t i = 0; i < from.elements.size(); ++i) {
        (out += '/') += std::to_string(i);
        if (find_pointer(from.elements[i], wanted, out)) return true;
        out.resize(before);
    }
    for (const auto& m : from.members) {
        (out += '/') += pointer_part(m.key);
        if (find_pointer(m.value, wanted, out)) return true;
        out.resize(before);
    }
    return false;
}

}  // namespace

reader::reader(const node& root, std::string name) : root_(root), name_(std::move(name)) {}

std::string reader::pointer(const node& at) const {
    std::string out;
    find_pointer(root_, &at, out);
    return out;
}

void reader::add(bool warning, std::string pointer, std::uint32_t line, std::uint32_t column,
                 std::string what, std::string hint) {
    problems_.push_back({.warning = warning,
                         .where = pointer.empty() ? name_ : name_ + "#" + std::move(pointer),
                         .line = line,
                         .column = column,
                         .what = std::move(what),
                         .hint = std::move(hint)});
}

void reader::wrong(const node& at, std::string what, std::string hint) {
    ++wrongs_;
    if (problems_.size() >= most_problems)
        ++dropped_;
    else
        add(false, pointer(at), at.line, at.column, std::move(what), std::move(hint));
}

void reader::wrong(const member& at, std::string what, std::string hint) {
    ++wrongs_;
    if (problems_.size() >= most_problems)
        ++dropped_;
    else
        add(false, pointer(at.value), at.line, at.column, std::move(what), std::move(hint));
}

void reader::wrong_inside(const node& string, std::size_t offset, std::string what,
                          std::string hint) {
    wrong(string, std::move(what), std::move(hint));
    if (!string.as_written || dropped_ != 0) return;
    const auto before = std::string_view(string.text).substr(0, offset);
    const auto points = std::count_if(before.begin(), before.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    });
    problems_.back().column += 1 + static_cast<std::uint32_t>(points);
}

void reader::suspicious(const node& at, std::string what, std::string hint) {
    if (problems_.size() >= most_problems)
        ++dropped_;
    else
        add(true, pointer(at), at.line, at.column, std::move(what), std::move(hint));
}

bool reader::expect(const node& at, kind wanted) {
    if (at.what == wanted) return true;
    wrong(at, "expected " + std::string(to_string(wanted)) + ", found " +
                  std::string(to_string(at.what)));
    return false;
}

void reader::known_keys(const node& object, std::initializer_list<std::string_view> known) {
    known_keys(object, std::vector<std::string_view>(known));
}

void reader::known_keys(const node& object, const std::vector<std::string_view>& known) {
    for (const auto& m : object.members) {
        if (std::find(known.begin(), known.end(), m.key) != known.end()) continue;
        std::string hint;
        if (problems_.size() < most_problems) hint = did_you_mean(m.key, known);
        if (hint.empty()) {
            for (const auto k : known)
                hint += (hint.empty() ? "known here: " : ", ") + std::string(k);
        }
        wrong(m, "unknown key " + in_quotes(m.key), std::move(hint));
    }
}

const node* reader::of_kind(const node& object, std::string_view key, kind wanted) {
    const node* n = object.find(key);
    if (n == nullptr || n->is(wanted)) return n;
    wrong(*n, in_quotes(key) + " must be " + std::string(to_string(wanted)) + ", not " +
                  std::string(to_string(n->what)));
    return nullptr;
}

std::optional<std::string_view> reader::text(const node& object, std::string_view key) {
    const node* n = of_kind(object, key, kind::string);
    return n == nullptr ? std::nullopt : std::optional<std::string_view>(n->text);
}

std::optional<std::int64_t> reader::integer(const node& object, std::string_view key) {
    const node* n = of_kind(object, key, kind::integer);
    return n == nullptr ? std::nullopt : std::optional(n->number);
}

std::optional<bool> reader::flag(const node& object, std::string_view key) {
    const node* n = of_kind(object, key, kind::boolean);
    return n == nullptr ? std::nullopt : std::optional(n->truth);
}

const node* reader::object(const node& object, std::string_view key) {
    return of_kind(object, key, kind::object);
}
const node* reader::array(const node& object, std::string_view key) {
    return of_kind(object, key, kind::array);
}

std::optional<instant> reader::moment(const node& object, std::string_view key) {
    const node* n = of_kind(object, key, kind::string);
    if (n == nullptr) return std::nullopt;
    const std::optional<instant> t = parse_instant(n->text);
    if (!t) wrong(*n, in_quotes(n->text) + " is no instant", "write 2026-03-01T00:00:00Z");
    return t;
}

std::optional<duration> reader::span(const node& object, std::string_view key) {
    const node* n = of_kind(object, key, kind::string);
    if (n == nullptr) return std::nullopt;
    const std::optional<duration> d = parse_duration(n->text);
    if (!d) wrong(*n, in_quotes(n->text) + " is no duration", "write \"10 days\" or \"72 hours\"");
    return d;
}

std::vector<std::string_view> reader::texts(const node& object, std::string_view key) {
    std::vector<std::string_view> all;
    if (const node* n = of_kind(object, key, kind::array))
        for (const auto& e : n->elements)
            if (expect(e, kind::string)) all.push_back(e.text);
    return all;
}

std::optional<std::string_view> reader::word(const node& object, std::string_view key,
                                             const std::vector<std::string_view>& words) {
    const node* n = of_kind(object, key, kind::string);
    if (n == nullptr) return std::nullopt;
    if (std::find(words.begin(), words.end(), n->text) != words.end()) return n->text;
    std::string list;
    for (std::size_t i = 0; i < words.size(); ++i)
        list += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + in_quotes(words[i]);
    wrong(*n, in_quotes(key) + " must be " + list + ", not " + in_quotes(n->text),
          did_you_mean(n->text, words));
    return std::nullopt;
}

std::optional<std::int64_t> reader::integer(const node& object, std::string_view key,
                                            std::int64_t least, std::int64_t most) {
    const auto i = integer(object, key);
    if (!i || (*i >= least && *i <= most)) return i;
    wrong(*object.find(key), in_quotes(key) + " must be from " + std::to_string(least) + " to " +
                                 std::to_string(most) + ", not " + std::to_string(*i));
    return std::nullopt;
}

const node* reader::required(const node& object, std::string_view key) {
    const node* n = object.find(key);
    if (n == nullptr && object.is_object()) wrong(object, in_quotes(key) + " is missing");
    return n;
}

std::string_view reader::required_text(const node& object, std::string_view key) {
    if (required(object, key) == nullptr) return {};
    const auto s = text(object, key);
    if (s && s->empty()) wrong(*object.find(key), in_quotes(key) + " must not be empty");
    return s.value_or(std::string_view{});
}

const node* reader::required_object(const node& object, std::string_view key) {
    return required(object, key) == nullptr ? nullptr : of_kind(object, key, kind::object);
}

const node* reader::required_array(const node& object, std::string_view key) {
    return required(object, key) == nullptr ? nullptr : of_kind(object, key, kind::array);
}

bool reader::plain(const node& string, std::size_t longest) {
    if (!expect(string, kind::string)) return false;
    const std::string& s = string.text;
    if (s.empty()) {
        wrong(string, "must not be empty");
        return false;
    }
    if (s.size() > longest) {
        wrong(string, "longer than " + std::to_string(longest) + " bytes");
        return false;
    }
    for (std::size_t i = 0; i < s.size(); ++i) {
        const auto byte = static_cast<unsigned char>(s[i]);
        const auto rest = std::string_view(s).substr(i, 3);
        // U+202A..U+202E and U+2066..U+2069 change the order in which text is shown.
        const bool turns = (rest >= "\xE2\x80\xAA" && rest <= "\xE2\x80\xAE") ||
                           (rest >= "\xE2\x81\xA6" && rest <= "\xE2\x81\xA9");
        if (byte >= 0x20 && byte != 0x7F && !turns) continue;
        wrong(string, turns ? "contains a bidirectional override" : "contains a control character");
        return false;
    }
    return true;
}

std::vector<problem> reader::problems() const {
    std::vector<problem> all = problems_;
    if (dropped_ > 0)
        all.push_back({.where = name_,
                       .what = "and " + std::to_string(dropped_) + " more problems",
                       .hint = {}});
    return all;
}

error reader::why(errc code) const {
    error e{code, problems()};
    if (e.problems.empty()) e.problems.push_back({.where = name_, .what = "invalid", .hint = {}});
    return e;
}

}  // namespace quorate::json_text
