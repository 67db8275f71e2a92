// Unit tests of governance, as data: given / when / then in JSON. A scenario opens a proposal, lets people act and time pass,
// and says what must be true after each step. It runs through the same engine as everything else, with a journal in memory.
//
//     { "title": "Two of three are enough", "cites": "charter, section 4",
//       "charter": "charter.json", "roster": "roster.json", "process": "decision",
//       "given": { "by": "alice", "teams": ["core"], "at": "2026-03-01T00:00:00Z" },
//       "steps": [
//         { "do": "propose", "by": "alice", "expect": { "stage": "open", "waiting_for": ["bob", "carol"] } },
//         { "after": "1 day", "do": "cast", "by": "mallory", "position": "approve", "expect": { "refused_by": "permission" } },
//         { "after": "1 day", "do": "cast", "by": ["bob", "carol"], "position": "approve" },
//         { "after": "10 days", "expect": { "outcome": "accepted", "effects": ["announce"] } } ] }
//
// "charter" and "roster" are paths, or the documents themselves; "charter" may be a list of such, joined to one charter.
//
// A step has a time ("at" an instant, or "after" a duration since the step before; neither: the same instant) and does one thing:
//   "do"      a command, with the keys of command JSON. "by" may be a list: the same from each of them, in that order.
//   "comment" what somebody ("by") writes, read in the "dialect" that is said in the step or around it (dialect.hpp): each thing it
//             asks for is carried out in order, as the dialect's host does; what can't be read is refused by input. "before" is the
//             text before an edit; "opens" names the proposal that it opens, such as a poll.
//   "open"    another proposal, such as a child: {"name", "process", "by", "subject", "title", "teams", "parent", "about"}.
//   "roster"  a change of the roster, with the keys of roster events but "at".
//   nothing   time passes; with neither "at" nor "after" it only looks.
// A comment must ask for something, and all of that be accepted, unless "answers" says otherwise, one by one: null for what is
// accepted, a text that the refusal contains for what isn't; [] when nothing is asked.
//
// "expect" may have golden parts (`golden_keys`): `quorate test --update` rewrites those from what is found.
//
// "proposal" names the proposal that a step is about (of "given": "main" unless it has a "name"). A command that isn't expected to
// be refused must be accepted; everything else is only looked at where "expect" says so (see `expectation`).
//
// A scenario without steps may say that its documents are not fit for use: "broken" is a text that the refusal of its charter or
// its roster contains; either of them may then be left out.
//
// A file may hold many: {"charter", "roster", "parameters", "process", "dialect", "given", "background": [steps], "scenarios": [{...}, ...]};
// what the scenarios don't say themselves is as said around them, and each begins with the background. "each" makes a table:
// the scenario runs once a row, with "$name" replaced by the row's value: alone in a string by the value itself, whatever it is,
// inside a string ("t$n", "t${n}x") by its text; "$$" is a dollar sign.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/charter.hpp>
#include <quorate/dialect.hpp>
#include <quorate/journal.hpp>
#include <quorate/proposal.hpp>
#include <quorate/roster.hpp>

namespace quorate {

// Limits; what is beyond them is refused with errc::limit.
inline constexpr std::size_t most_scenarios = 2'000;         ///< of one file, tables unfolded
inline constexpr std::size_t most_scenario_steps = 1'000;    ///< of one scenario, the background included
inline constexpr std::size_t most_scenario_commands = 20'000;///< of one scenario, lists in "by" unfolded
inline constexpr std::size_t most_scenario_rows = 1'000;     ///< of one table
inline constexpr std::size_t most_scenario_values = 2'000'000;  ///< JSON values of one file, tables unfolded

/// When a scenario begins whose "given" has no "at".
inline constexpr instant scenario_start = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};

/// An effect that must have left: its kind, and those of its fields that are named.
struct expected_effect {
    std::string                                      kind{};
    std::vector<std::pair<std::string, std::string>> fields{};
};

/// Expectations that can be rewritten from what is found: texts of explanations, and effects.
inline constexpr std::array<std::string_view, 4> golden_keys{"waiting_for", "explanation", "findings", "effects"};

/// Where the value of a golden expectation stands in its file.
struct golden_place {
    std::string_view key{};  ///< one of `golden_keys`
    std::uint32_t    line = 0;
    std::uint32_t    column = 0;

    friend bool operator==(const golden_place&, const golden_place&) = default;
};

/// What must be true after a step. What is empty isn't looked at, but for `refused`.
struct expectation {
    // The answer.
    bool                      refused = false;   ///< "refused": true or a text; commands, openings, roster changes must be refused
    std::string               refused_text{};    ///< that the refusal contains
    std::optional<refused_by> by{};              ///< "refused_by": who refuses
    /// Of a comment, one for each thing it asks for: nothing for what is accepted, else a text that the refusal contains.
    std::optional<std::vector<std::optional<std::string>>> answers{};
    // Where it stands.
    std::optional<std::string>          stage{};
    std::optional<phase>                in{};       ///< "phase"
    std::optional<std::optional<phase>> outcome{};  ///< null: still open
    std::optional<std::string>          disposition{};  ///< null becomes "": there is none
    // Who and what. People are handles, in any order; seats are "handle (seat)".
    std::optional<std::vector<std::string>> outstanding{};  ///< "waiting_for" as a list
    std::string                             waiting_for{};  ///< "waiting_for" as a text: contained in the one-sentence summary
    std::optional<std::vector<std::string>> electorate{};
    std::optional<std::vector<std::string>> concerns{};     ///< names of those that are open
    std::vector<std::pair<std::string, std::vector<std::string>>> ballots{};  ///< of those positions that are named
    bool                                    ballots_hidden = false;  ///< "ballots": "hidden": nobody's is shown to the viewer
    std::vector<std::string>                explanation{};  ///< texts that the explanation contains; a text or a list
    std::optional<std::vector<std::string>> elected{};      ///< as the count of the ballots gives, in that order
    std::optional<std::vector<std::string>> tied{};
    std::optional<std::vector<std::string>> findings{};     ///< as many findings, each containing its text
    // What comes next by time alone: an instant, or a duration from the step on; null: nothing does.
    std::optional<std::optional<instant>>   next{};
    std::optional<std::string>              next_stage{};   ///< null becomes ""
    // What ballots alone can still do, as things stand: {"accepted": true, "rejected": false}, by stages that exits lead to.
    std::vector<std::pair<std::string, bool>> possible{};
    std::vector<std::pair<std::string, bool>> certain{};
    // What left through the outbox during the step, in order: kinds, or {"do": kind, field: value, ...}.
    std::optional<std::vector<expected_effect>> effects{};
    // Who looks: "viewer": a handle, or "anyone" for the public; absent: the host. "visible": false: they may not see it at all.
    std::optional<std::string> viewer{};
    std::optional<bool>        visible{};
    /// Where the values of its golden parts stand in the file (see `with_golden_parts`).
    std::vector<golden_place>  golden{};
};

struct scenario_step {
    enum class kind : std::uint8_t { open, command, comment, roster, time, look };
    kind                 what = kind::look;
    std::string          proposal{};   ///< the name, within the scenario, of what it is about (open: of what it opens)
    instant              at{};
    opening              open{};       ///< `parent` is a name within the scenario
    std::vector<command> commands{};
    quorate::comment     said{};
    const dialect*       spoken = nullptr;  ///< of a comment: never nullptr once loaded
    std::string          opens{};      ///< of a comment: the name of what it opens; may be empty
    roster_event         change{};
    expectation          expect{};
    std::string          text{};       ///< what it does, for people: "cast approve by carol"
    std::uint32_t        line = 0;     ///< in the file
    std::uint32_t        column = 0;
};

/// A loaded scenario. A regular value; any number may share charter and roster.
struct scenario {
    std::string                   file{};
    std::uint32_t                 line = 0;
    std::string                   title{};
    std::string                   cites{};
    std::optional<charter>        rules{};   ///< always there once loaded, unless `broken`
    std::vector<charter>          under{};   ///< those that `rules` was joined from; only itself if it wasn't
    bool                          of_table = false;  ///< its strings were read with "$name" replaced
    std::shared_ptr<const roster> people{};  ///< never nullptr once loaded, unless `broken`
    std::vector<scenario_step>    steps{};   ///< the first opens the proposal of "given"; none if `broken`
    std::optional<std::string>    broken{};  ///< a text that the refusal of its documents must contain
    std::string                   refusal{}; ///< of `broken`: why they are refused; empty if they aren't
    expectation                   at_end{};  ///< top-level "expect", about the first proposal
};

/// Reads the scenarios of a document, tables unfolded, in order. `base` is the folder that paths to charters and rosters are
/// relative to. Refused, every problem with JSON pointer, line and column: what isn't JSON, unknown keys, names of stages,
/// phases and proposals that mean nothing, broken charters and rosters, whatever is beyond the limits.
[[nodiscard]] result<std::vector<scenario>> load_scenarios(std::string_view text, std::string name = "scenario",
                                                           std::string base = ".");
[[nodiscard]] result<std::vector<scenario>> load_scenario_file(const std::string& path);

/// An expectation that was not met.
struct scenario_failure {
    std::size_t   step = 0;          ///< from 0, the opening; `steps.size()`: at the end
    instant       at{};
    std::string   doing{};           ///< the step, for people
    std::string   what{};            ///< which expectation: "stage", "refused", ...
    std::string   expected{};
    std::string   actual{};
    std::string   explanation{};     ///< of the proposal at that point; empty when there is none
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    /// Of a golden part: what would be met in its place, each element as JSON, or "" for one that is fine as it is.
    std::vector<std::string> golden{};
    golden_place             golden_at{};
};

/// An exit that was taken, and how often.
struct exit_taken {
    std::string process{};
    std::string stage{};
    std::size_t exit = 0;   ///< index in the stage
    std::size_t times = 0;

    friend bool operator==(const exit_taken&, const exit_taken&) = default;
};

/// A permission by whose leave something was done, and how often. Of several that cover an act each counts whose set the person was in.
struct permission_used {
    std::string process{};
    std::string stage{};
    std::size_t permission = 0;  ///< index in the stage
    std::size_t times = 0;

    friend bool operator==(const permission_used&, const permission_used&) = default;
};

/// Whether a named rule was met, and whether it was unmet, at the end of some step or where an exit was taken by it.
struct rule_read {
    std::string process{};
    std::string rule{};
    bool        met = false;
    bool        unmet = false;

    friend bool operator==(const rule_read&, const rule_read&) = default;
};

struct scenario_report {
    std::string                   file{};
    std::uint32_t                 line = 0;
    std::string                   title{};
    std::string                   cites{};
    std::size_t                   steps = 0;     ///< that ran
    std::size_t                   checks = 0;    ///< expectations that were looked at
    std::vector<scenario_failure> failures{};
    std::vector<exit_taken>       exits{};       ///< sorted by process, stage, exit
    std::vector<permission_used>  permissions{}; ///< only where asked for; sorted
    std::vector<rule_read>        rules{};       ///< only where asked for; sorted

    [[nodiscard]] bool passed() const { return failures.empty(); }
};

/// Runs a scenario to its end, or to the step after which nothing can follow (its proposal could not be opened). Pure: the same
/// scenario gives the same report. `coverage`: also of which permissions and rules mattered, which takes longer.
[[nodiscard]] scenario_report run(const scenario& s, bool coverage = false);
/// Whether it would pass under another charter, such as its own with a change. Quicker than `run`: stops at the first failure.
[[nodiscard]] bool passes(const scenario& s, const charter& under);

/// The exits of a charter that no report took, in the order of the charter; `times` is 0.
[[nodiscard]] std::vector<exit_taken> exits_not_taken(const charter& c, const std::vector<scenario_report>& reports);

/// Permissions that nobody used in any report, in the order of the charter; `times` is 0.
[[nodiscard]] std::vector<permission_used> permissions_not_used(const charter& c, const std::vector<scenario_report>& reports);
/// Named rules that were never met, or never unmet; those that yield a set are left out.
[[nodiscard]] std::vector<rule_read> rules_not_read(const charter& c, const std::vector<scenario_report>& reports);

/// A scenario file whose golden parts say what was found.
struct golden_update {
    std::string          text{};
    std::size_t          changed = 0;  ///< values
    std::vector<problem> left{};       ///< those that can't be rewritten, and why
};
/// Rewrites the golden parts that failed; every other byte of the file stays. `all` are the scenarios of that text, `reports` theirs. An
/// explanation's text becomes the lines most like it. What a table or a background shares is rewritten only if all of its scenarios found the same.
[[nodiscard]] golden_update with_golden_parts(std::string_view text, const std::vector<scenario>& all, const std::vector<scenario_report>& reports);

/// The scenario that a recorded proposal is, as a file of its own: its charter and roster, everything that was done to it and to the
/// proposals above and below it, and each stage that came of it. It passes. `not_found`: no such proposal; `unsupported`: its family was
/// opened under different charters, the roster was given anew, or what was recorded is too little to come out the same again (a text that a
/// rule asks for was erased, say).
[[nodiscard]] result<std::string> scenario_from(journal& recorded, std::string_view proposal_id, std::string title = {});

/// For people: the failures, each with what was expected, what was found, and the explanation. Empty when it passed.
[[nodiscard]] std::string to_string(const scenario_report& r);
/// One line of JSON.
[[nodiscard]] std::string to_json(const scenario_report& r);

/// The JSON Schema (draft 2020-12) of scenario files, for editors.
[[nodiscard]] std::string_view scenario_schema();

}  // namespace quorate
