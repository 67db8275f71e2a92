// Tables of scenarios: "$name" in strings, and positions that survive it.
#include <algorithm>
#include <filesystem>

#include "json_out.hpp"
#include "scenario_load.hpp"

namespace quorate {
namespace {

using json_text::in_quotes;
using json_text::kind;
using json_text::node;

constexpr bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool in_name(char c) { return starts_name(c) || (c >= '0' && c <= '9'); }

/// The text that a value has inside a string; nothing for what has none.
std::optional<std::string> inline_text(const node& n) {
    switch (n.what) {
        case kind::string: case kind::decimal: return n.text;
        case kind::integer: return std::to_string(n.number);
        case kind::boolean: return n.truth ? "true" : "false";
        default: return std::nullopt;
    }
}

/// The name at the front of what follows a "$", and how long it is with its braces; 0 when there is none.
std::pair<std::string_view, std::size_t> name_after_dollar(std::string_view s) {
    const bool  braces = s.starts_with('{');
    const auto  from = s.substr(braces ? 1 : 0);
    std::size_t n = 0;
    if (!from.empty() && starts_name(from[0]))
        while (n < from.size() && in_name(from[n])) ++n;
    if (n == 0 || (braces && (n == from.size() || from[n] != '}'))) return {{}, 0};
    return {from.substr(0, n), n + (braces ? 2 : 0)};
}

/// Whether the value starts at this place, or is a string and goes on there: problems of rules point into their text.
bool stands_at(const node& n, std::uint32_t line, std::uint32_t column) {
    if (n.line != line || column < n.column) return false;
    return column == n.column || (n.is_string() && column - n.column <= n.text.size());
}

bool find_place(const node& n, std::uint32_t line, std::uint32_t column, std::string& out) {
    if (stands_at(n, line, column)) return true;
    const auto before = out.size();
    for (std::size_t i = 0; i < n.elements.size(); ++i) {
        (out += '/') += std::to_string(i);
        if (find_place(n.elements[i], line, column, out)) return true;
        out.resize(before);
    }
    for (const auto& m : n.members) {
        out += '/';
        for (const char c : m.key) out += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
        if (m.line == line && m.column == column) return true;
        if (find_place(m.value, line, column, out)) return true;
        out.resize(before);
    }
    return false;
}

}  // namespace

// ---- problems ---------------------------------------------------------------------------------------------------------------
std::string scenario_source::pointer_at(std::uint32_t line, std::uint32_t column) const {
    std::string pointer;
    return find_place(root_, line, column, pointer) ? pointer : std::string();
}

void scenario_source::note(const error& e) {
    if (problems_.empty()) code_ = e.code;
    for (auto p : e.problems) {
        if (p.warning || problems_.size() >= json_text::most_problems) continue;
        if (p.where == name_ || p.where.starts_with(name_ + "#")) {
            const auto pointer = pointer_at(p.line, p.column);
            p.where = pointer.empty() ? name_ : name_ + "#" + pointer;
        }
        if (std::find(problems_.begin(), problems_.end(), p) == problems_.end()) problems_.push_back(std::move(p));
    }
}

void scenario_source::note(const node& at, std::string what, std::string hint, errc code) {
    note(error{code, {{.where = name_, .line = at.line, .column = at.column, .what = std::move(what), .hint = std::move(hint)}}});
}

// ---- tables -------------------------------------------------------------------------------------------------------------------
node scenario_source::copied(const node& n) {
    node same = n;
    const auto count = [this](const auto& self, const node& part) -> void {
        ++values_;
        for (const auto& e : part.elements) self(self, e);
        for (const auto& m : part.members) self(self, m.value);
    };
    count(count, n);
    return same;
}

node scenario_source::unfolded(const node& n, const node& row) {
    node copy = n;
    replace(copy, row);
    return copy;
}

void scenario_source::replace(node& n, const node& row) {
    if (++values_ > most_scenario_values) return;
    for (auto& e : n.elements) replace(e, row);
    for (auto& m : n.members) replace(m.value, row);
    if (!n.is_string() || n.text.find('$') == std::string::npos) return;
    const auto [name, length] = name_after_dollar(std::string_view(n.text).substr(1));
    if (n.text[0] != '$' || length + 1 != n.text.size()) {
        n.text = replaced(n, row);
        return;
    }
    const auto* value = row.find(name);
    if (value == nullptr) return note(n, "the row has no " + in_quotes(name), "each row of \"each\" gives a value to every name");
    const auto line = n.line, column = n.column;
    n = copied(*value);
    n.line = line;  // problems of the value as a whole are problems of where it is used
    n.column = column;
}

std::string scenario_source::replaced(const node& at, const node& row) {
    std::string      out;
    std::string_view rest = at.text;
    for (auto dollar = rest.find('$'); dollar != std::string_view::npos; dollar = rest.find('$')) {
        out += rest.substr(0, dollar);
        rest.remove_prefix(dollar + 1);
        if (rest.starts_with('$')) {
            out += '$';
            rest.remove_prefix(1);
            continue;
        }
        const auto [name, length] = name_after_dollar(rest);
        rest.remove_prefix(length);
        const auto* value = length == 0 ? nullptr : row.find(name);
        const auto  text = value == nullptr ? std::nullopt : inline_text(*value);
        if (length == 0) note(at, "\"$\" is followed by no name", "write \"$$\" for a dollar sign");
        else if (value == nullptr) note(at, "the row has no " + in_quotes(name), "each row of \"each\" gives a value to every name");
        else if (!text) note(at, "the value of " + in_quotes(name) + " has no place inside a text", "use it alone: \"$" + std::string(name) + "\"");
        else out += *text;
        if (out.size() > json_text::longest_string) {
            note(at, "a text longer than " + std::to_string(json_text::longest_string) + " bytes", {}, errc::limit);
            return {};
        }
    }
    return out += rest;
}

// ---- documents ----------------------------------------------------------------------------------------------------------------
std::string scenario_source::path_of(std::string_view written) const {
    const std::filesystem::path p(written);
    return (p.is_absolute() ? p : std::filesystem::path(base_) / p).lexically_normal().string();
}

std::vector<std::pair<std::string, std::string>> scenario_source::given(const node* parameters) {
    std::vector<std::pair<std::string, std::string>> list;
    if (parameters == nullptr || !parameters->is_object()) return list;
    for (const auto& m : parameters->members) {
        const auto text = m.value.is_boolean() ? std::nullopt : inline_text(m.value);
        if (text) list.emplace_back(m.key, *text);
        else note(m.value, "a parameter is a number or a text", "such as \"10 days\"");
    }
    return list;
}

std::optional<charter> scenario_source::rules(const node& at, const node* parameters) {
    if (at.is_array()) return joined(at, parameters);
    if (!at.is_string() && !at.is_object()) {
        note(at, "a charter is the path of one, the document itself, or a list of such to be joined");
        return std::nullopt;
    }
    const auto values = given(parameters);
    auto       key = compact_json(at);
    for (const auto& [name, value] : values) key += '\n' + name + '=' + value;
    if (const auto known = charters_.find(key); known != charters_.end()) return known->second;
    auto c = at.is_string() ? load_charter_file(path_of(at.text), values) : load_charter(compact_json(at), name_, values);
    if (!c && at.is_object()) c = load_charter(placed_json(at), name_, values);  // again, to say where
    if (!c) {
        const error why = c.error();
        if (at.is_string()) note(at, "the charter " + in_quotes(at.text) + " can't be used", {}, why.code);
        note(why);
    }
    return charters_[key] = c ? std::optional(c.value()) : std::nullopt;
}

std::optional<charter> scenario_source::joined(const node& at, const node* parameters) {
    const auto values = given(parameters);
    auto       key = compact_json(at);
    for (const auto& [name, value] : values) key += '\n' + name + '=' + value;
    if (const auto known = charters_.find(key); known != charters_.end()) return known->second;
    for (const auto& e : at.elements)
        if (e.is_array()) note(e, "a charter is the path of one, or the document itself");
    const auto all = parts(at, parameters);
    if (all.empty() || all.size() != at.elements.size()) {
        if (at.elements.empty()) note(at, "there is no charter in the list");
        return charters_[key] = std::nullopt;
    }
    auto c = join_charters(all, name_, values);
    if (!c) note(at, "these charters can't be joined: " + c.error().what(), {}, c.error().code);
    return charters_[key] = c ? std::optional(c.value()) : std::nullopt;
}

std::vector<charter> scenario_source::parts(const node& at, const node* parameters) {
    std::vector<charter> all;
    const auto           add = [&all](std::optional<charter> c) {
        if (c) all.push_back(std::move(*c));
    };
    if (!at.is_array()) add(rules(at, parameters));
    for (const auto& e : at.elements)
        if (!e.is_array()) add(rules(e, nullptr));
    return all;
}

std::shared_ptr<const roster> scenario_source::people(const node& at) {
    if (!at.is_string() && !at.is_object()) {
        note(at, "a roster is the path of one, or the document itself");
        return nullptr;
    }
    const auto key = compact_json(at);
    if (const auto known = rosters_.find(key); known != rosters_.end()) return known->second;
    auto r = at.is_string() ? load_roster_file(path_of(at.text)) : load_roster(key, name_);
    if (!r && at.is_object()) r = load_roster(placed_json(at), name_);
    if (!r) {
        const error why = r.error();
        if (at.is_string()) note(at, "the roster " + in_quotes(at.text) + " can't be used", {}, why.code);
        note(why);
    }
    return rosters_[key] = r ? std::make_shared<const roster>(std::move(r.value())) : nullptr;
}

}  // namespace quorate
