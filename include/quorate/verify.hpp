// What can happen under a charter, looked at exhaustively for small groups: every act that somebody may do, in every order, with time
// going on to each instant that matters, through the same functions that a host calls (handle, pass_time, follow_surroundings).
//
//     auto charter = quorate::load_charter_file("rust.json").value();
//     auto report  = quorate::verify(charter, "fcp").value();
//     std::cout << report;                                   // what was covered, and each finding with the shortest way to it
//     if (!report.as_known()) return 1;                      // more, or fewer, than the charter lists as known
//
// A finding isn't always a mistake: that a raiser who leaves blocks for good is how some bots work. A charter that models such a system lists
// it under "known findings", with its reason, and then `as_known` holds exactly when these are found.
//
// WHO. Without a roster of your own the people are made up from the charter (`people_for`): some members of each team, role and body
// that the process names, and one outsider. Members whom nothing tells apart (same teams, roles, seats and holdings, as far as the process looks at
// them) are interchangeable: of situations that differ only in which of them did what, one is looked at.
//
// WHAT PEOPLE DO. In each situation, for each kind of people: every act that the stage allows anybody, about each position, disposition, kind of
// revision, fact, office and concern. Bounded, and said in `verify_report::bounds`: how many concerns, questions and added options stand at once, how
// many leave, what amounts facts have (just below, at and above each number that a rule compares them with), which of all
// possible ballots about options (each one alone, and each one before all others), children (one open at a time). A fact is told where something
// looks at it. On request a newcomer joins, all of a team leave, or all members are exchanged at once.
//
// OTHER PROPOSALS. Where a stage has only so many places it comes at any time that others have all of them and get each that becomes free, and
// at any time again that one is free for it. Others aren't gone through themselves; findings with them have a story and no scenario.
//
// WHEN. Acts happen at the instant of the one before, at each instant at which time alone changes something, and just before it. Where clocks and rules no
// longer look at a time it is forgotten, so that endless time is covered by finitely many situations.
//
// HOW SURE. Situations are told apart by 128 bits of a hash. That two different ones look the same and one is never looked at has, for n situations,
// a probability below n * n / 2^64: for a million less than one in ten million.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/charter.hpp>
#include <quorate/proposal.hpp>
#include <quorate/result.hpp>
#include <quorate/roster.hpp>

namespace quorate {

// Limits.
inline constexpr std::size_t most_verified_people = 32;           ///< of a roster that is explored
inline constexpr std::size_t most_verified_states = 100'000'000;
inline constexpr std::size_t default_verified_states = 200'000;
inline constexpr std::size_t default_verified_memory = std::size_t{2} << 30U;  ///< bytes
inline constexpr std::size_t most_verified_threads = 64;
inline constexpr std::size_t most_verified_leavers = 3;
inline constexpr std::size_t most_verified_joiners = 1;

/// What is bounded, and where to.
struct verify_bounds {
    std::size_t members = 0;    ///< of each group that decides; 0: as many as the numbers in the rules ask for, from 3 to 25
    std::size_t concerns = 1;   ///< open at once
    std::size_t questions = 1;  ///< open at once
    std::size_t options = 2;    ///< put forward by people, at once
    std::size_t holds = 1;      ///< at once, where no rule counts them
    std::size_t children = 1;   ///< open at once
    std::size_t revisions = 2;  ///< where a rule counts them; else any number
    std::size_t leavers = 1;    ///< who leave all their teams, roles and seats
    std::size_t joiners = 0;    ///< newcomers who join the teams of a member; at most 1
    bool        teams = false;     ///< whether all who are in one team may leave at once
    bool        exchange = false;  ///< whether all members may be exchanged at once: each leaves, and a newcomer has their teams, roles, leads and seats
    std::size_t states = default_verified_states;
    std::size_t memory = default_verified_memory;  ///< bytes, about
};

struct verify_progress {
    std::size_t states = 0, steps = 0, depth = 0, waiting = 0;  ///< `waiting`: found, not yet gone on from
};

struct verify_options {
    verify_bounds                               bounds{};
    /// Where more can happen within the bounds than `states` and `memory` let be covered: with fewer who leave, fewer options, fewer members, and last
    /// without children, questions, holds or concerns, as far as that helps. The report says which were taken.
    bool                                        fit = true;
    std::size_t                                 threads = 1;   ///< changes the time it takes and nothing else
    bool                                        power = true;  ///< look who can force or block what; takes an exploration for each kind of group
    std::function<void(const verify_progress&)> progress{};    ///< called now and then, from the calling thread
    const std::atomic<bool>*                    stop = nullptr;  ///< set from outside (a signal handler): ends it soon, with a report of what was covered
};

/// What a finding is about; with it begins the finding's id.
enum class finding_kind : std::uint8_t {
    cannot_end,       ///< "cannot end: STAGE": no end of any kind can be reached any more
    stuck,            ///< "stuck: STAGE": no end can be reached any more but by giving it up (withdraw, cancel)
    stuck_leaver,     ///< "leaver blocks: STAGE": one of those, since somebody left
    stuck_team,       ///< "team leaving blocks: STAGE": since all of a team left
    stuck_exchange,   ///< "exchange blocks: STAGE": since all members are new
    waits_forever,    ///< "waits for ever: STAGE": for a place that others get each time, who are ahead of it by what the charter orders them by
    never_reached,    ///< "never reached: STAGE"
    never_taken,      ///< "never taken: exit N of STAGE"
    never_used,       ///< "never used: ACT in STAGE"
    never_met,        ///< "never met: RULE"
    open_concern,     ///< "accepted over a concern: STAGE"
    no_quorum,        ///< "accepted without quorum: STAGE"; the charter's rule "quorum" didn't hold at the end
    short_notice,     ///< "accepted before notice: STAGE"
    early_rejection,  ///< "rejected before notice: STAGE"
    overlap,          ///< "pass and fail: STAGE": an exit to acceptance and one to rejection hold at once; their order decides
    approval_hurts,   ///< "approval hurts: STAGE": one more ballot for it, and it is no longer accepted
    opposition_helps, ///< "opposition helps: STAGE": one more ballot against it, and it is accepted
    abstention_helps, ///< "abstention helps: STAGE": one more ballot neither for nor against it, and it is accepted
    approved_by_none, ///< "accepted by nobody: STAGE": without a single ballot for it, though there are ballots
    tie_accepted,     ///< "tie accepted: STAGE": as many for as against
    early_close,      ///< "closes early: STAGE": accepted before its time on ballots that could still change
    confirmation_lost,///< "confirmation lost: STAGE": past its time one ballot ends its confirmation and with it the proposal: nobody can answer
    confirmation_kept,///< "kept from confirmation: STAGE": one voter who changes their ballot to and fro breaks it off each time, without end
    depends_on_who,   ///< "depends on who: STAGE": what members with the same standing do has different effects
    explain_wrong,    ///< "explain: STAGE": what is called certain, impossible or next is not. A fault of quorate
    invariant,        ///< "invariant N: ...": of those in src/verify_invariants.cpp. A fault of quorate
    property,         ///< "property: NAME": one that the charter states
    circle,           ///< "circle: STAGE": exits that lead to each other at one instant
    never_opened,     ///< "never opened": nobody can open one
};
[[nodiscard]] std::string_view to_string(finding_kind k);

/// Something that can happen, or can't, and shouldn't or should.
struct finding {
    finding_kind             kind = finding_kind::property;
    std::string              id{};        ///< stable from run to run and bound to bound: "stuck: pending"
    std::string              what{};      ///< a sentence: what is wrong
    std::string              why{};       ///< and why it matters
    std::vector<std::string> story{};     ///< the shortest way there, line by line; empty for what never happens
    std::string              scenario{};  ///< the same as a scenario file, which `run` repeats; empty where there is no story, or others have its places
    std::size_t              steps = 0;   ///< of the story
};

/// What a group of people can do, as game play. In each situation anybody may act, in any order; time goes on when nobody acts.
struct coalition_power {
    /// A smallest group whose acts alone, with the passing of time and what the host reports, lead to acceptance while everybody else is silent; people by id.
    /// Nothing: no group can.
    std::optional<std::vector<std::string>> accept_unopposed{};
    /// A smallest group that gets acceptance whatever the others do: after anything that these do it still has a way on, which ends. They get to do as
    /// much as they like before each of its acts and before time goes on, but not without end.
    std::optional<std::vector<std::string>> force_acceptance{};
    /// A smallest group that gets an end other than acceptance in the same way.
    std::optional<std::vector<std::string>> force_rejection{};
    /// A smallest group against whose acts nobody else, all together, can get acceptance in that way.
    std::optional<std::vector<std::string>> block{};
    /// Those without whom, if they are silent from the start, all others together never get acceptance.
    std::vector<std::string> indispensable{};
    bool                     known = false;  ///< false: the exploration was cut short, or there are too many groups
};

/// What was looked at, and what came of it.
struct verify_report {
    std::string              process{};
    std::string              title{};
    std::size_t              states = 0;      ///< different situations
    std::size_t              steps = 0;       ///< acts and instants tried from them, refused ones included
    std::size_t              depth = 0;       ///< steps of the longest of all shortest ways
    std::size_t              waiting = 0;     ///< situations that were found and not gone on from; 0: all within the bounds was covered
    bool                     stopped = false; ///< from outside
    std::size_t              members = 0;     ///< as chosen
    std::vector<std::string> people{};        ///< "m1, m2, m3: team(core)"
    verify_bounds            within{};        ///< as asked for
    std::vector<std::string> bounds{};        ///< what was bounded: "at most 1 concern open at once"
    std::vector<std::string> not_covered{};   ///< what such processes can do and was not done
    coalition_power          power{};
    std::vector<finding>     findings{};      ///< by kind, then id
    std::vector<std::string> known{};         ///< ids that the charter lists

    [[nodiscard]] bool complete() const { return waiting == 0 && !stopped; }
    /// Ids of findings that the charter doesn't list; and those that it lists and that were not found.
    [[nodiscard]] std::vector<std::string> unknown() const;
    [[nodiscard]] std::vector<std::string> missing() const;
    [[nodiscard]] bool as_known() const { return unknown().empty() && missing().empty(); }
};

/// People for a process (and those that it may be opened under): each team, role, scope, seat and holding that they name, with `members` people in groups
/// that decide. An error when there are more than `most_verified_people`.
[[nodiscard]] result<roster> people_for(const charter& c, std::string_view process, std::size_t members = 3);

/// Explores one process. `people` instead of made-up ones: with more than `most_verified_people` it is refused (errc::limit). Errors: an unknown process.
[[nodiscard]] result<verify_report> verify(const charter& c, std::string_view process, const verify_options& how = {}, const roster* people = nullptr);

// ---- two charters ----------------------------------------------------------------------------------------------------------
/// How many cast what, of how many.
struct ballot_profile {
    std::size_t                                      members = 0;
    std::string                                      disposition{};
    std::vector<std::pair<std::string, std::size_t>> cast{};  ///< by position; who is silent is in none
    bool operator==(const ballot_profile&) const = default;
};
/// A vote that ends otherwise under another charter.
struct changed_vote {
    ballot_profile vote{};
    std::string    before{}, after{};  ///< stages in which it rests when nobody does anything more
    bool           accepted_before = false, accepted_after = false;
};
struct charter_comparison {
    std::string               process{};
    std::size_t               members = 0;   ///< groups from 1 to so many were compared
    std::size_t               votes = 0;     ///< that were compared
    std::size_t               skipped = 0;   ///< that one of them can't take: it has no such position, disposition or stage to vote in
    std::vector<changed_vote> changed{};     ///< by members, fewest ballots first
    [[nodiscard]] std::size_t now_pass() const;  ///< accepted after, not before
    [[nodiscard]] std::size_t now_fail() const;
};
inline constexpr std::size_t most_compared_members = 30;
inline constexpr std::size_t most_compared_votes = 100'000;

/// For every group of 1 to `members` and every vote that it can cast: what comes of it under both charters, when somebody proposes, all vote at once and nobody
/// does anything more. A stage in which something counts as accepted is one in phase accepted or enacted. Errors: a process that
/// one of them hasn't; more than `most_compared_votes` votes.
[[nodiscard]] result<charter_comparison> compare(const charter& before, const charter& after, std::string_view process, std::size_t members);

// ---- for people and programs --------------------------------------------------------------------------------------------------
[[nodiscard]] std::string to_string(const finding& f);
[[nodiscard]] std::string to_string(const verify_report& r);
[[nodiscard]] std::string to_json(const verify_report& r);
[[nodiscard]] std::string to_string(const charter_comparison& c);
[[nodiscard]] std::string to_json(const charter_comparison& c);
std::ostream& operator<<(std::ostream& out, const verify_report& r);

}  // namespace quorate
