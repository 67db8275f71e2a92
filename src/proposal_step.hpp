// One step of a proposal: decide on a command, make the events, take the exits that follow. Internal.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <quorate/proposal.hpp>

namespace quorate {

/// When the span of an `after` or `held` exit of the current stage ends; nothing while what it waits for has not begun, or its
/// clock stands still.
[[nodiscard]] std::optional<instant> deadline_of(const proposal& p, const stage_exit& x);
/// Whether an electorate by seat is of seats of that body.
[[nodiscard]] bool names_body(const rule& of, team_id body, const roster& people);
/// Whether what an exit itself asks for is there. `after` is the command, if any, that may trigger `on` exits.
[[nodiscard]] bool exit_holds(const proposal& p, const stage_exit& x, instant at, const command* after, const evidence& e);
/// What the law is asked about an exit whose own rules hold: one on an act with that act.
[[nodiscard]] move_facts facts_for_law(const proposal& p, const stage_exit& x, const command* after);
/// What a command is about, as `act_pattern` means it.
[[nodiscard]] std::string about_of(const command& c);
[[nodiscard]] bool covers(const std::vector<act_pattern>& list, const command& done);

inline refusal refused(refused_by by, std::string what, std::string which = {}, std::string needed = {}) {
    return {by, std::move(what), std::move(which), std::move(needed)};
}
/// Whether the process takes a proposal about these teams.
[[nodiscard]] std::optional<refusal> teams_refused(const process& by, const std::vector<team_id>& teams, const roster& people);

/// Works on one proposal for the length of one command or one span of time. Everything it does goes through events. Throws `failure`
/// where an event doesn't fit what an altered journal has made of the proposal, and at a limit.
class stepper {
public:
    stepper(proposal& p, const surroundings& around, step_output& out)
        : p_(p), people_(around.people), around_(around), out_(out),
          evidence_(around.scratch != nullptr ? *around.scratch : own_evidence_.emplace()) {}

    /// See `handle` and its kin in proposal.hpp.
    std::optional<refusal> command_at(const command& c);
    /// Takes what is due up to `now`; that is known, and recorded, since `noted`.
    void                   time_until(instant now, instant noted);
    void                   surroundings_changed(instant now);
    void                   take_place(instant now);
    void                   opened(instant at);
    std::optional<instant> next_due(instant at);
    /// Reads a permission's own condition, with what the command itself brings.
    bool                   condition_met(const permission& a, const command& c);

private:
    struct actors {
        person who{};
        person whom{};  ///< on whose behalf; else the same
    };

    // deciding: nothing changes
    std::optional<refusal> input_refused(const command& c) const;
    std::optional<refusal> law_refuses(const command& c);
    std::optional<refusal> not_permitted(const command& c, const actors& by, const concern* about);
    std::optional<refusal> state_refuses(const command& c, const actors& by);
    std::optional<refusal> ballot_refused(const command& c, const actors& by) const;
    std::optional<refusal> parts_refused(const command& c, const voter& v) const;
    std::optional<refusal> kind_refused(const command& c) const;
    std::uint8_t           standing_choice(const command& c, const voter& v) const;
    std::optional<refusal> delegation_refused(const command& c, const actors& by) const;
    std::optional<refusal> concern_refused(const command& c, const actors& by) const;
    std::optional<refusal> standing_refused(const command& c, const actors& by) const;
    std::optional<refusal> option_refused(const command& c, const actors& by) const;
    std::optional<refusal> tie_refused(const command& c) const;
    std::optional<refusal> vacancy_refused(const command& c) const;
    std::optional<refusal> proposal_refused(const command& c) const;
    std::optional<refusal> recusal_refused(const command& c, const actors& by) const;
    std::optional<refusal> extension_refused(const command& c);
    [[nodiscard]] std::optional<refusal> appointment_refused(const command& c) const;
    const concern*         open_concern(std::string_view name) const;
    bool                   leads_back(const command& c);
    const evidence&        evidence_at(instant at);

    // acting
    /// `by`: the one who acts, for nobody else, when that is known already; `named`: whom the event names, in that order.
    void                   emit(event&& e, std::optional<person> by = {}, std::span<const person> named = {});
    void                   act_on(const command& c, const actors& by);
    void                   react_to_child(const command& link);
    void                   elect_again(instant at);
    bool                   waits_for(act a) const;
    void                   take_electorate(instant at);
    void                   add_weights(event& taken) const;
    void                   follow_electorate(instant at);
    static bool            changes_electorate(act a);
    bool                   may_ever(act what, person who, const concern* about = nullptr) const;
    void                   drop_standing(instant at);
    void                   settle(instant at, const command* after, cause why, bool open_ends_only = false);
    void                   take_exit(std::size_t i, instant at, const command* after, cause why);
    void                   note_options(event& moved, phase to, instant at);
    void                   add_effects(const std::vector<effect_template>& list, instant at);
    void                   note_conditions(instant at);
    std::optional<std::size_t> first_exit(instant at, const command* after, bool open_ends_only);
    bool                   has_place(std::uint16_t to, instant at);

    proposal&           p_;
    const roster&       people_;
    const surroundings& around_;
    step_output&        out_;
    std::optional<evidence_of> own_evidence_;  ///< for callers who lend none
    evidence_of&        evidence_;
    const evidence*     taken_ = nullptr;    ///< what `evidence_at` gave last, for this version and instant
    std::uint64_t       taken_version_ = 0;  ///< no proposal is at version 0
    instant             taken_at_{};
    instant             noted_{};      ///< when what happens now is recorded
    std::string         actor_;        ///< id of who caused it
};

}  // namespace quorate
