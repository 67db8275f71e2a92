// Builds one explanation: what explain.cpp, explain_ballots.cpp, explain_findings.cpp and explain_summary.cpp share. Internal.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <quorate/explain.hpp>

#include "proposal_step.hpp"

namespace quorate {

[[nodiscard]] std::string listed(const std::vector<std::string>& names);
/// The outstanding, as whom a sentence counts out of: names while they are few.
[[nodiscard]] std::string out_of(const std::vector<std::string>& names);
/// One rule that asks for both; either may be empty.
[[nodiscard]] rule both_of(const rule& a, const rule& b);

/// Builds one explanation; a class to keep what all parts need together.
class explaining {
public:
    explaining(const proposal& p, instant now, const surroundings& around, const viewer& v)
        : p_(p), now_(now), around_(around), people_(around.people), hidden_(hides_ballots(p, v, around)), facts_(evidence_.take(p, now, around)) {}

    explanation operator()() {
        head();
        ballots();
        concerns();
        questions_and_facts();
        const auto& s = p_.now();
        for (const auto& x : s.exits) out_.exits.push_back(exit_of(x));
        if (const auto next = upcoming(p_, around_)) {
            out_.next = next->at;
            out_.next_stage = p_.by->stages[next->to].name;
        }
        conceal_next();
        findings();
        out_.summary = summary();
        return std::move(out_);
    }

private:
    [[nodiscard]] std::string name(person who) const { return std::string(people_.handle(who)); }
    [[nodiscard]] std::string name(const voter& v) const;

    void head();

    void ballots();

    void own_ballots(std::size_t i);
    void carried_ballot(std::size_t i, std::size_t by);

    void concerns();

    void questions_and_facts();

    // ---- exits ---------------------------------------------------------------------------------------------------------
    exit_reading exit_of(const stage_exit& x);
    /// Whether a part of a rule could still become met (or unmet), taking facts, clocks, concerns and the like to change as one
    /// wants, but of ballots only those that may still come. If not, `stuck` names the comparisons that stand in the way.
    bool could_become(rule_view r, std::uint16_t part, truth wanted, std::string& stuck, std::size_t depth = 0) const;
    static bool about_ballots_only(rule_view r, std::uint16_t part);
    /// Alternates who could cast the ballots of seats whose holders stepped aside.
    [[nodiscard]] std::vector<std::string> could_stand_in() const;
    /// Nothing that the charter says takes an exit that the law forbids as things stand.
    bool law_stops(exit_reading& r, const stage_exit& x);

    // ---- hidden ballots --------------------------------------------------------------------------------------------------
    /// Whether how a rule reads tells what members chose. How many did is no secret.
    [[nodiscard]] bool tells_ballots(const rule& r) const;
    [[nodiscard]] bool tells_ballots(rule_view r, std::uint16_t part, std::set<std::size_t>& seen) const;
    /// Where it will go, and whether at this deadline or the next, would tell how it stands.
    void conceal_next();

    [[nodiscard]] std::string says(const stage_exit& x) const;

    [[nodiscard]] std::string rule_name(const rule_view& r) const;

    condition_reading condition_of(const atom& a);

    /// Of a comparison that asks for few ballots of a position ("no veto"): those who cast one that counts.
    [[nodiscard]] std::vector<std::string> who_must_withdraw(rule_view part) const;
    /// Handles of those whose acts a part of a rule depends on.
    [[nodiscard]] std::vector<std::string> who_can_change(rule_view part) const;
    template <class Visit>
    static void visit(rule_view r, std::uint16_t i, const Visit& f) {
        f(r[i]);
        for (auto c = r[i].child; c != no_node; c = r[c].next) visit(r, c, f);
    }

    /// Whether the rule, or one that it names, asks what is certain or possible: then a ballot changes more than its count.
    [[nodiscard]] bool asks_ahead(rule_view r) const;
    /// "2 of dave, erin, frank choosing approve": ballots alone, and only of those who have not spoken.
    [[nodiscard]] std::string enough_for(rule_view r) const;
    [[nodiscard]] std::string ballots_of(rule_view r, const evidence& e, const quorate::enough& found) const;
    /// Those who have not spoken and still may, of one class or of all.
    [[nodiscard]] std::vector<std::string> silent(std::optional<std::size_t> of_class) const;
    /// The one position that so many ballots must choose, if it doesn't matter whose they are.
    [[nodiscard]] std::optional<std::size_t> anyone_does(rule_view r, const evidence& e, const quorate::enough& found) const;

    // ---- what can't go on by itself ---------------------------------------------------------------------------------------
    void findings();
    /// Teams that decide, and of which nobody is a member.
    void empty_teams();
    [[nodiscard]] bool may_in_person(act a, person who) const;
    /// Whether somebody may do this in this stage: they themselves, or another on their behalf.
    [[nodiscard]] bool may(act a, person whose) const;
    /// What would end the waiting for somebody who is gone.
    [[nodiscard]] std::string ways_out(person gone) const;
    /// In which sets the rules of this stage count a position.
    struct counting {
        bool                     everywhere = false;
        std::vector<std::string> sets{};     ///< as written
        std::vector<rule>        within{};
    };
    void collect(rule_view r, std::uint16_t part, std::size_t position, std::uint16_t set, counting& found,
                 std::set<std::size_t>& seen) const;
    [[nodiscard]] counting counted(std::size_t position) const;
    /// Whose ballot is on record but moves nothing, because of who they are: "why was my approval not counted?"
    void uncounted_ballots();
    static bool waits_for_more_than_ballots(const exit_reading& x);

    // ---- the one sentence --------------------------------------------------------------------------------------------------
    [[nodiscard]] std::string summary() const;
    /// Whose act would lead on from here: "waiting for someone of team(core) to propose". To give up, or to change the text, is
    /// nothing to wait for.
    [[nodiscard]] std::string waiting_for_acts() const;
    /// When no rule can lead on towards acceptance any more: why, and who could change that.
    [[nodiscard]] std::string cannot_pass() const;
    [[nodiscard]] std::string open_concerns_text() const;
    /// "someone of office(champion) to propose (ana)": names where the set depends on the proposal and they are few.
    [[nodiscard]] std::string awaited(const permission& a, const act_pattern& deed) const;
    static bool is_reached_by_rule(const exit_reading& x) { return x.by == trigger::when || x.by == trigger::held; }

    [[nodiscard]] bool asks_for_answers(const condition_reading& c) const;
    [[nodiscard]] std::string waiting_for(const exit_reading& x) const;
    /// What an unmet condition waits for, for people.
    [[nodiscard]] std::string wanted(const condition_reading& c) const;
    /// When the last of the clocks that an exit still waits for has run, if nothing stops it.
    [[nodiscard]] std::optional<instant> ripens(const exit_reading& x) const;
    /// With open concerns, or clocks that must run first, no ballots alone do: say what the ballots would still have to be once
    /// those are settled.
    [[nodiscard]] std::string enough_later(const exit_reading& x) const;

    const proposal&     p_;
    instant             now_;
    const surroundings& around_;
    const roster&       people_;
    bool                hidden_;
    evidence_of         evidence_;
    const evidence&     facts_;
    explanation         out_;
};

}  // namespace quorate
