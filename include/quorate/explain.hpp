// Why a proposal stands where it stands, who can move it, what happens next and when.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/proposal.hpp>

namespace quorate {

/// Who is looking. Everything that the engine tells passes through one: private proposals are not found, hidden ballots not
/// shown, by those who may not see them.
struct viewer {
    std::string who{};             ///< id or handle; empty: the public
    bool        is_host = false; ///< the embedding program itself, which sees everything

    [[nodiscard]] static viewer host() { return {{}, true}; }
    [[nodiscard]] static viewer anyone() { return {{}, false}; }
    [[nodiscard]] static viewer as(std::string_view who) { return {std::string(who), false}; }
};

/// One condition of an exit, and how it stands.
struct condition_reading {
    std::string              text{};      ///< as written: "outstanding < 3"
    std::string              rule{};      ///< the named rule it belongs to; may be empty
    truth                    is = truth::error;
    std::string              measured{};  ///< empty when there is nothing to measure, or it is hidden
    std::string              required{};
    std::string              why{};       ///< of an error: what is missing; of a place: who is there
    std::vector<std::string> people{};    ///< handles of those who can change it
    std::optional<instant>   changes{};   ///< when time alone does
};

/// One way out of the current stage, and what stands in its way.
struct exit_reading {
    std::string                    to{};        ///< stage
    phase                          leads_to = phase::review;
    trigger                        by = trigger::when;
    std::string                    says{};      ///< "when quorum and consent", "10 days after entering fcp"
    truth                          now = truth::error;  ///< of its rules, the law and the places where it leads: met takes it, at once or when it is due
    bool                           certain = false;
    bool                           possible = false;
    bool                           exact = true;
    /// What it depends on as things stand: of alternatives, those that hold if any does, else those that still can.
    std::vector<condition_reading> conditions{};
    bool                           withheld = false;  ///< of an exit on an act: done now, the act wouldn't take it
    std::optional<instant>         due{};       ///< when time alone takes it, if nothing else happens
    std::string                    enough{};    ///< "2 of dave, erin, frank"; empty if ballots alone don't do
    /// What no ballot can mend any more, whatever else happens: "consent >= eligible - 2 (is 4, needs 7)". Empty: nothing is so.
    std::string                    stuck{};
};

/// Leave to do something that would help on, and whose condition doesn't hold now.
struct leave_reading {
    std::string                    who{};         ///< a set, as a rule: "team(collaborators)"
    std::string                    does{};        ///< "override", "cast approve"
    std::string                    provided{};    ///< the condition: "unresponsive"
    std::vector<std::string>       people{};      ///< handles of those in the set
    std::vector<condition_reading> conditions{};
};

struct explanation {
    std::string               id{}, subject{}, title{}, process{}, process_title{};
    std::string               stage{}, stage_title{};
    phase                     in = phase::draft;
    instant                   entered{}, as_of{};
    std::string               disposition{};       ///< empty: none
    std::vector<std::string>  electorate{};        ///< handles; with their weights, where there are any: "alice (10)"
    std::vector<std::pair<std::string, std::vector<std::string>>> ballots{};  ///< per position: handles, "alice (1/2)" for a part,
                                                                              ///< "alice (by bob)" for one that is carried; empty if hidden
    std::vector<std::string>  outstanding{};       ///< handles
    std::vector<std::string>  carried{};           ///< votes that delegates' ballots stand for: "alice by bob"
    std::vector<std::string>  options{};           ///< on the ballot: "a: its title (put forward by x, 3 sponsors)"
    std::vector<std::string>  elected{};           ///< as the count gives, in order; empty while it is hidden, or there are no ballots
    std::vector<std::string>  tied{};              ///< for the seats that are left
    std::vector<std::string>  concerns{};          ///< open ones: "name (raised by x)"
    std::vector<std::string>  questions{};         ///< without an answer: "name (asked by x)"
    std::vector<std::string>  facts{};             ///< as last reported: "progress = 50 (reported 2022-08-31)"
    std::vector<exit_reading> exits{};
    std::vector<leave_reading> withheld{};
    std::optional<instant>    next{};              ///< when time alone will next move it
    std::string               next_stage{};        ///< and where to
    std::vector<std::string>  findings{};          ///< what can't go on by itself: "carol left; nobody else may resolve x"
    std::string               summary{};           ///< one sentence: "waiting for 2 of dave, erin, frank; then 10 days"
};

/// Explains `p` as of `now`. Pure.
[[nodiscard]] explanation explain(const proposal& p, instant now, const surroundings& around,
                                  const viewer& v = viewer::host());
/// Whether what members chose is kept from this viewer, as things stand: all of it, if of one ballot.
[[nodiscard]] bool hides_ballots(const proposal& p, const viewer& v, const surroundings& around);
/// The same of ballots that were cast in that stage.
[[nodiscard]] bool hides_ballots_of(std::uint16_t stage, const proposal& p, const viewer& v, const surroundings& around);
/// Whether the ballots without their voters, and their count, are kept from this viewer: as long as ballots are hidden and the
/// proposal is open. Who said what may stay secret for ever; what they decided together doesn't.
[[nodiscard]] bool hides_count(const proposal& p, const viewer& v, const surroundings& around);
/// Whether the viewer may see the proposal at all.
[[nodiscard]] bool may_see(const proposal& p, const viewer& v, const surroundings& around);

/// For people: a few aligned lines.
[[nodiscard]] std::string to_string(const explanation& e);
std::ostream& operator<<(std::ostream& out, const explanation& e);
[[nodiscard]] std::string to_json(const explanation& e);

}  // namespace quorate
