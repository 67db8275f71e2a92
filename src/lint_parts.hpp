// What the parts of lint share. Internal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <quorate/lint.hpp>

#include "json.hpp"

namespace quorate {

/// Collects findings about one process.
class lint_notes {
public:
    lint_notes(const process& p, std::vector<lint_finding>& to) : process_(p), to_(to) {}

    /// `where` is a JSON pointer below the process, made by the functions below.
    void add(std::string_view name, const std::string& where, std::string what, std::string hint);

    static std::string rule_at(const std::string& name) { return "/rules/" + json_text::pointer_part(name); }
    static std::string stage_at(const stage& s) { return "/stages/" + json_text::pointer_part(s.name); }
    static std::string exit_at(const stage& s, std::size_t i) { return stage_at(s) + "/exits/" + std::to_string(i); }

private:
    const process&             process_;
    std::vector<lint_finding>& to_;
};

/// Everything that an exit asks for besides its trigger, and its trigger's own rule.
[[nodiscard]] inline std::vector<const rule*> rules_of(const stage_exit& x) {
    std::vector<const rule*> all;
    for (const auto* r : {&x.when, &x.condition})
        if (!r->empty()) all.push_back(r);
    return all;
}
/// Whether somebody wins by it: the outcome that a process is there for.
[[nodiscard]] inline bool accepts(const process& p, const stage_exit& x) {
    return !x.before && (p.stages[x.to].in == phase::accepted || p.stages[x.to].in == phase::enacted);
}
/// Whether the set is the same whatever the proposal, so that a roster alone tells who is in it.
[[nodiscard]] bool is_fixed_set(const rule& r);

void lint_rules(lint_notes& notes, const process& p, std::size_t usual_size);    ///< what rules can and can't hold
void lint_exits(lint_notes& notes, const process& p);                            ///< how exits stand beside each other
void lint_unused(lint_notes& notes, const process& p, const charter& c);         ///< what is declared and used nowhere
void lint_roster(lint_notes& notes, const process& p, const charter& c, const roster& people);

}  // namespace quorate
