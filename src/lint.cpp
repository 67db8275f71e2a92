// Lint as a whole: what it looks at, where findings stand in the text, and which of them are meant.
#include <quorate/lint.hpp>

#include <algorithm>
#include <set>

#include <quorate/proposal.hpp>

#include "lint_parts.hpp"

namespace quorate {
namespace {

using json_text::in_quotes;
using json_text::node;

/// Line and column of what a pointer names, or of the last thing on the way there that the text has.
void locate(problem& p, const node& root, std::string_view pointer) {
    const node* at = &root;
    p.line = at->line;
    p.column = at->column;
    while (pointer.starts_with('/')) {
        pointer.remove_prefix(1);
        const auto  part = pointer.substr(0, pointer.find('/'));
        const node* next = nullptr;
        pointer.remove_prefix(part.size());
        for (std::size_t i = 0; i < at->elements.size(); ++i)
            if (std::to_string(i) == part) next = &at->elements[i];
        for (const auto& m : at->members)
            if (json_text::pointer_part(m.key) == part) {
                next = &m.value;
                p.line = m.line;
                p.column = m.column;
            }
        if (next == nullptr) return;
        if (at->is_array()) {
            p.line = next->line;
            p.column = next->column;
        }
        at = next;
    }
}

/// How many a group has for whom rules are tried: as many as there are, or five where that isn't known or is one alone.
std::size_t usual_size(const charter& c, const process& p, const roster* people) {
    constexpr std::size_t some = 5, most = 8;
    if (people == nullptr || !is_fixed_set(p.electorate.of)) return some;
    proposal blank;
    blank.under = c;
    blank.by = &p;
    const auto n = electors_of(blank, {*people}).size();
    return n < 2 ? some : std::min(n, most);
}

}  // namespace

void lint_notes::add(std::string_view name, const std::string& where, std::string what, std::string hint) {
    lint_finding f{.name = name, .process = process_.name, .what = {}, .meant = {}};
    f.what.warning = true;
    f.what.where = "/processes/" + json_text::pointer_part(process_.name) + where;
    f.what.what = std::move(what);
    f.what.hint = std::move(hint);
    for (const auto& m : process_.intended)
        if (m.lint == name) f.meant = m.why;
    to_.push_back(std::move(f));
}

bool is_fixed_set(const rule& r) {
    return !r.empty() && std::none_of(r.nodes.begin(), r.nodes.end(), [](const rule_node& n) {
        return n.what == op::set_of_proposal || n.of_parent || n.what == op::named_rule ||
               (n.what == op::set_name && n.index != static_cast<std::uint16_t>(set_name::everyone)) ||
               (n.what == op::set_call && n.index >= static_cast<std::uint16_t>(set_call::voters));
    });
}

std::vector<lint_finding> lint(const charter& c, const roster* people) {
    std::vector<lint_finding> found;
    for (const auto& p : c.processes()) {
        lint_notes notes(p, found);
        const auto before = found.size();
        lint_rules(notes, p, usual_size(c, p, people));
        lint_exits(notes, p);
        lint_unused(notes, p, c);
        if (people != nullptr) lint_roster(notes, p, c, *people);
        for (const auto& m : p.intended) {
            const auto fits = [&](const lint_finding& f) { return f.name == m.lint; };
            // What only shows with a roster may be there for another one.
            const bool shows = people != nullptr || (m.lint != "empty group" && m.lint != "k larger than the group");
            if (shows && std::none_of(found.begin() + static_cast<std::ptrdiff_t>(before), found.end(), fits))
                notes.add("unused definition", "/lint/" + json_text::pointer_part(m.lint), "nothing is found that " + in_quotes(m.lint) + " says is meant",
                          "drop it");
        }
    }
    const auto text = json_text::parse(c.get().text, c.get().name);
    for (auto& f : found) {
        if (text) locate(f.what, text.value(), f.what.where);
        f.what.where = c.get().name + "#" + f.what.where;
    }
    // The loader's own are of the charter as a whole: it has places already.
    for (const auto& w : c.warnings()) found.push_back({.name = "unused definition", .process = {}, .what = w, .meant = {}});
    return found;
}

}  // namespace quorate
