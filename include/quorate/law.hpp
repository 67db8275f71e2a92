// The law: which acts are ever legal in which phase, and which phase may follow which, whatever a
// charter says. Declarations only: the one transition table (Boost.MSM) is in src/law.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <quorate/command.hpp>

namespace quorate {

/// The version of the law that events record. It grows with every change of a row or a guard.
inline constexpr int law_version = 1;

/// Where in its life a proposal is. Charters arrange their own stages, each in one phase.
/// Persist names (`to_string`), never numbers.
enum class phase : std::uint8_t {
    draft,          ///< text and options may change; no ballots count
    review,         ///< text may change, ballots may count, concerns may open
    final_comment,  ///< a disposition is announced; text is frozen but for editorial changes
    approval,       ///< the electorate's formal say; text and options are frozen
    accepted,       ///< outcome known, ballots closed; waits for enactment, expiry, appeal
    enacted,        ///< end: carried out
    rejected,       ///< end: decided against
    postponed,      ///< end for now: to be taken up again
    withdrawn,      ///< end: taken back
    lapsed,         ///< end: ran out of time
    inconclusive,   ///< end: no quorum, the default won, or a tie was left standing
    void_,          ///< end: decided, then annulled
};

inline constexpr std::array<std::string_view, 12> phase_names{
    "draft",    "review",    "final_comment", "approval", "accepted",     "enacted",
    "rejected", "postponed", "withdrawn",     "lapsed",   "inconclusive", "void"};

[[nodiscard]] constexpr std::string_view to_string(phase p) {
    return phase_names[static_cast<std::size_t>(p)];
}
/// The phase of that name, or nothing.
[[nodiscard]] constexpr std::optional<phase> phase_named(std::string_view name) {
    for (std::size_t i = 0; i < phase_names.size(); ++i)
        if (phase_names[i] == name) return static_cast<phase>(i);
    return std::nullopt;
}
/// Still to be decided: draft, review, final_comment or approval. `accepted` is neither open nor an
/// end.
[[nodiscard]] constexpr bool is_open(phase p) { return p <= phase::approval; }
/// Nothing but a record, and where the law says so a reopening, is possible here.
[[nodiscard]] constexpr bool is_end(phase p) { return p >= phase::enacted; }

/// Why a stage exit is taken: somebody's command, a rule that came to hold, time alone, another
/// proposal.
enum class cause : std::uint8_t { command, rule, time, link };

inline constexpr std::array<std::string_view, 4> cause_names{"command", "rule", "time", "link"};

[[nodiscard]] constexpr std::string_view to_string(cause c) {
    return cause_names[static_cast<std::size_t>(c)];
}

/// All that the law asks about an act.
struct act_facts {
    act  what = act::cast;
    bool editorial = false;   ///< it is a revision of kind editorial
    bool leads_back = false;  ///< the charter's reaction to this very command leaves the phase for
                              ///< review or draft
    bool gate = false;        ///< the process is a gate, which its host concludes while it stands
};

/// All that the law asks about a stage exit.
struct move_facts {
    cause why = cause::rule;
    bool  met = false;            ///< the exit's rule reads met; true for an exit without a rule,
                                  ///< such as the one that overriding a rule takes
    bool  concerns_open = false;  ///< a blocking concern stands open
    bool  overridden = false;     ///< a recorded override set the open concerns aside
    bool  reopening = false;      ///< the cause is a command of class reopen
};

/// What the law says. All text is static: it may be kept for as long as the program runs.
struct law_answer {
    enum class kind : std::uint8_t {
        moved,    ///< legal, and `next` is another phase
        stayed,   ///< legal, within the phase
        refused,  ///< illegal: `name`, `law` and `way_out` say why and what would be needed
    };
    kind             what = kind::refused;
    phase            next = phase::draft;  ///< the phase afterwards; unchanged when refused
    std::string_view name;     ///< short and citable, "ballots_closed"; empty unless refused
    std::string_view law;      ///< in words, "ballots are closed once a proposal is accepted"
    std::string_view way_out;  ///< what would be needed; never empty when refused

    [[nodiscard]] constexpr bool refused() const { return what == kind::refused; }
    friend constexpr bool operator==(const law_answer&, const law_answer&) = default;
};

/// Whether this act is legal in this phase: `stayed` or `refused`, since an act by itself moves
/// nothing (an exit does). Pure, thread-safe, allocates nothing. A value outside the enumerations
/// is refused.
[[nodiscard]] law_answer may(phase now, act_facts facts) noexcept;

/// Whether a stage exit may lead from one phase to another: `moved`; `stayed` for one to a stage
/// of the same phase; or `refused`. Pure, thread-safe, allocates nothing. A value outside the
/// enumerations is refused.
[[nodiscard]] law_answer move(phase from, phase to, move_facts facts) noexcept;

/// One row of the law as data, for charter validation, diagrams and tests.
struct law_row {
    phase            from;
    std::string_view event;     ///< a class of act ("speak"), or a move ("to review")
    phase            to;        ///< equals `from` when internal
    bool             internal;  ///< stays in the phase
    std::string_view guard;     ///< the condition's name; empty when there is none
    std::string_view says;      ///< a sentence for people: what the row allows

    friend constexpr bool operator==(const law_row&, const law_row&) = default;
};

/// The whole table in its own order, read from the transition table at compile time. Lives as long
/// as the program.
[[nodiscard]] std::span<const law_row> law_rows() noexcept;

/// Whether some row leads from one phase to the other, under whatever facts; what a charter's exits
/// must satisfy. Staying in a phase counts where an internal move row exists.
[[nodiscard]] bool could_move(phase from, phase to) noexcept;

}  // namespace quorate
