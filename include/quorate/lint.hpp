// What is suspicious about a charter that loads: rules that decide nothing, doors that stand open by mistake. Read after charter.hpp.
//
// `load_charter` refuses what can't run, and `check` finds what could never work for a roster. `lint` finds what runs and works, and
// probably isn't meant:
//
//     unsatisfiable           a rule of an exit can never hold, whoever votes
//     always holds            a rule that asks for votes holds without any
//     skippable rule          an exit asks for a rule, and another one with the same trigger leads to acceptance without it
//     unused definition       a rule, parameter, position, fact or office that nothing uses; a finding said to be meant that isn't found
//     self-approval           the ballot of its own author is enough to accept a proposal at once
//     shadowed exit           an exit that never comes to its turn, since an earlier one is always taken before it
//     extension too long      a period may be extended by more than its own length
//     expedited not stricter  a quicker way to acceptance asks for no more than the slower one beside it
//     concern trap            a concern that only its raiser can end, in a stage that can't be left otherwise
//     empty group             an act is allowed to people who don't exist in this roster
//     k larger than the group a rule asks for more votes of a group than it has members in this roster
//
// Where a finding is meant, the process says so, and why: "lint": {"self-approval": "one member decides"}.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <quorate/charter.hpp>
#include <quorate/result.hpp>
#include <quorate/roster.hpp>

namespace quorate {

/// One thing found. `what.where` is a JSON pointer into the charter, with line and column; `what.hint` a way out.
struct lint_finding {
    std::string_view name{};    ///< of `lint_names`
    std::string      process{};
    problem          what{};
    std::string      meant{};   ///< why it is meant, as the charter says; empty: it doesn't
};

/// All findings, process by process; those that are meant too. With a roster also what only shows there. Pure. Tries out a
/// bounded number of votes; with a roster its time grows with people times sets.
[[nodiscard]] std::vector<lint_finding> lint(const charter& c, const roster* people = nullptr);

}  // namespace quorate
