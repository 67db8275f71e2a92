// The fold: what each event does to the state. Decides nothing. Dispatch and moves are in proposal_fold.cpp, ballots and electorates in
// proposal_fold_votes.cpp, everything else that people do in proposal_fold_acts.cpp. Internal.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/proposal.hpp>

#include "proposal_weights.hpp"

namespace quorate {

/// Applies one event. Lookups that fail mean that the event is not of this charter: `damaged`.
class event_fold {
public:
    /// For whoever knows already: `by` is the one who acts, for nobody else; `named` are those whom an electorate is of, in its order.
    event_fold(proposal& p, const event& e, const roster& people, std::optional<person> by = {}, std::span<const person> named = {})
        : p_(p), e_(e), people_(people), actor_(by.value_or(person{})), beneficiary_(actor_), known_(by.has_value()), named_(named) {}

    result<void> operator()();

    /// A team that the roster of today doesn't know has no members: nobody may act for it, no rule over each team holds, and
    /// the past still stands.
    static void take_teams(proposal& p, const std::vector<std::string>& names, const roster& people);
    static void enter(proposal& p, std::uint16_t stage, instant at);

private:
    // The functions that answer do so with whether the event fits the charter.
    bool acted();
    bool moved();
    bool condition();
    bool elected();

    // ballots and electorates
    bool cast();
    bool in_parts();
    void split(voter& v, std::uint8_t choice, const std::vector<ballot_part>& more);
    [[nodiscard]] bool casts_for_others() const { return p_.by->delegation.own_apart && e_.detail != own_ballot; }
    bool for_others(std::uint8_t choice);
    bool withdraw_ballot();
    bool delegate();
    void ballot(voter& v, std::uint8_t choice);
    void silence(voter& v);
    void clear_ballots(kept_ballots kept = 0);
    bool recuse();
    bool rejoin();
    bool electorate();
    bool weights_and_delegates();
    void nobody_counts();

    // other acts
    bool close_concern(concern_state state);
    bool second();
    bool withdraw_second();
    bool drop(std::vector<standing>& list);
    bool sponsor();
    bool add_option();
    bool amend_option();
    bool withdraw_option();
    bool vacate();
    bool answer();
    bool appoint();
    bool fact();
    bool link();
    bool revise();
    bool propose();
    bool cancel();
    bool extend();
    void clear_options();
    void clear_round();

    [[nodiscard]] std::optional<person> who(std::string_view id) const { return people_.find_person(id); }
    /// Who acted, and for whom. Asked of an event that names nobody it is not of this charter: nobody is not the roster's first person.
    [[nodiscard]] person actor() {
        by_nobody_ = by_nobody_ || e_.by.empty();
        return actor_;
    }
    [[nodiscard]] person beneficiary() {
        by_nobody_ = by_nobody_ || (e_.by.empty() && e_.on_behalf_of.empty());
        return beneficiary_;
    }
    /// Whether all that it names are options here.
    [[nodiscard]] bool names_options() const;
    concern*       open_concern();
    ballot_option* option();
    static std::optional<team_id> removed_team(const roster& people, std::string_view name);

    /// Does something to the vote of the one it is about; to all of them, for whoever holds several seats.
    template <class Do>
    bool votes_of(person whose, Do what) {
        bool any = false;
        for (auto& v : p_.voters) {
            if (v.who != whose) continue;
            what(v);
            any = true;
        }
        return any;
    }
    /// Takes over what there was of a voter, who comes next among the new ones.
    template <class Each>
    void kept(const std::vector<Each>& before, std::size_t i, std::vector<Each>& now) {
        if (before.empty()) return;
        now.resize(p_.voters.size() + 1);
        now.back() = before[i];
    }

    proposal&     p_;
    const event&  e_;
    const roster& people_;
    person        actor_{};
    person        beneficiary_{};
    bool          known_ = false;
    bool          by_nobody_ = false;
    std::span<const person> named_{};
};

}  // namespace quorate
