// Whether a structure of governance has what such structures need, and what makes them fail: as checks with evidence. Read after
// charter.hpp and roster.hpp.
//
//     auto report = quorate::audit(charter, roster);
//     for (const auto& f : report.findings)
//         std::cout << f.asked->title << ": " << quorate::to_string(f.is) << "\n";
//
// The list is that of the Rust project's "Governance Update" of 2022-05-19: eleven requirements, eleven failure modes, fourteen kinds of
// work that are neglected. An audit reads scopes, duties, mandates, seats and how they are filled in the roster; processes and their
// stages in the charter; and facts that exploration or simulation has established. It never guesses from names: the body that leads
// is the one that owns the residual scope, a kind of work is the `topic` of a duty, and a body's way of being filled is its `seating`.
// What isn't recorded is never passed: it fails, or is not judged, and the finding says what would change that.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/charter.hpp>
#include <quorate/ratio.hpp>
#include <quorate/result.hpp>
#include <quorate/roster.hpp>

namespace quorate {

struct verify_report;

enum class audit_part : std::uint8_t { requirement, failure_mode, neglected_work };
/// pass: as it should be. warn: partly, or only as far as the record goes. fail: the record shows that it isn't, or has nothing of the
/// kind. not_judged: no program can tell from what was given.
enum class audit_answer : std::uint8_t { pass, warn, fail, not_judged };
enum class audit_method : std::uint8_t {
    structure,  ///< read from charter and roster
    verified,   ///< true of all that can happen, within the bounds that its source states
    simulated,  ///< measured in runs
};

/// "requirement", "failure mode", "neglected work"; "pass", "warn", "fail", "not judged"; "structure", "verified", "simulated".
[[nodiscard]] std::string_view to_string(audit_part p);
[[nodiscard]] std::string_view to_string(audit_answer a);
[[nodiscard]] std::string_view to_string(audit_method m);

/// One thing that is asked.
struct audit_question {
    std::string_view name{};      ///< "independent teams": unique, and for people
    audit_part       part = audit_part::requirement;
    std::string_view in_full{};   ///< what is wanted or, of a failure mode, what it looks like
    std::string_view looks_at{};  ///< how a program can tell
    std::string_view beyond{};    ///< what of it no program can tell; empty: nothing
};
/// All 36, in the order of the source. They live as long as the program.
[[nodiscard]] std::span<const audit_question> audit_questions() noexcept;

/// What an exploration or a simulation has found out about one charter and roster.
struct audit_fact {
    enum class kind : std::uint8_t {
        // verified: `holds` says which
        members_may_leave,   ///< whenever any member leaves every decision can still end
        teams_may_leave,     ///< so with whole teams
        members_may_change,  ///< whenever all members are exchanged for newcomers every decision can still end
        decisions_can_end,   ///< from everything that can be reached an outcome can be
        nobody_indispensable, ///< nobody's silence keeps everything from being accepted
        notice_given,        ///< no outcome comes sooner than outsiders are promised
        // simulated: `measured` says how much
        acts_per_decision,   ///< on average
        time_per_decision,   ///< in microseconds, on average
        acts_per_seat,       ///< of the person who acted most
        wait_for_leaders,    ///< in microseconds, on average: how much sooner decisions would come if leaders answered at once
    };
    kind        what = kind::members_may_leave;
    bool        holds = false;
    number      measured = 0;
    std::string source{};   ///< which run, and its bounds: "verify: 2 314 states, 12 commands deep"

    friend bool operator==(const audit_fact&, const audit_fact&) = default;
};
/// "members may leave", ...: as in JSON.
[[nodiscard]] std::string_view to_string(audit_fact::kind k);
[[nodiscard]] audit_method method_of(audit_fact::kind k);

/// Facts for an audit. What is about another charter counts for nothing.
struct audit_evidence {
    std::string             charter{};  ///< its hash (`charter::hash`)
    std::vector<audit_fact> facts{};
};
/// What explorations of processes of this charter have established (verify.hpp): one that shows that something isn't so is enough; that it is
/// so takes one of every process, each complete within its bounds. Of what neither is shown there is no fact.
[[nodiscard]] audit_evidence facts_of(const charter& c, std::span<const verify_report> runs);
/// {"charter": hash, "facts": [{"fact": "members may leave", "holds": true, "source": "..."},
///                             {"fact": "acts per decision", "measured": "12.5", "source": "..."}]}. Time is a duration: "9 days".
[[nodiscard]] result<audit_evidence> load_audit_evidence(std::string_view json, std::string name = "evidence");
/// The same again; what is measured to two decimals.
[[nodiscard]] std::string to_json(const audit_evidence& e);

struct audit_finding {
    const audit_question*    asked = nullptr;  ///< of `audit_questions`
    audit_answer             is = audit_answer::not_judged;
    audit_method             by = audit_method::structure;
    std::vector<std::string> evidence{};       ///< which process, which seat, which duty, which run: a sentence each
    std::string              change{};         ///< what would make it better; empty when it passes
};

struct audit_report {
    quorate::charter           charter;
    std::string                roster{};    ///< its name
    std::vector<audit_finding> findings{};  ///< one for each question, in their order

    [[nodiscard]] std::size_t count(audit_answer a) const;
    [[nodiscard]] const audit_finding& about(std::string_view question) const;  ///< by name; an unknown one is a bug
};

/// Answers every question. Pure.
[[nodiscard]] audit_report audit(const charter& c, const roster& people, const audit_evidence& facts = {});

/// For people: what isn't in order first, with evidence and what would change it; then what is.
[[nodiscard]] std::string to_text(const audit_report& r);
/// A table of several, side by side: one line a question.
[[nodiscard]] std::string to_text(std::span<const audit_report> all);
/// Canonical JSON of the same.
[[nodiscard]] std::string to_json(const audit_report& r);
/// One self-contained page: no scripts, nothing loaded from elsewhere, readable in light and dark, by keyboard and by screen reader.
/// Several reports stand side by side. Each process is drawn.
[[nodiscard]] std::string to_html(std::span<const audit_report> all);

}  // namespace quorate
