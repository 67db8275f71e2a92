// Builds one explanation: what explain.cpp, explain_ballots.cpp, explain_findings.cpp and explain_summary.cpp share. Internal.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <tuple>
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
/// What the rules of an exit ask for, as one; empty: nothing.
[[nodiscard]] rule asked_by(const stage_exit& x);

/// Builds one explanation; a class to keep what all parts need together.
class explaining {
public:
    explaining(const proposal& p, instant now, const surroundings& around, const viewer& v)
        : p_(p), now_(now), around_(around), people_(around.people), hidden_(hides_ballots(p, v, around)),
          count_hidden_(hides_count(p, v, around)), viewer_(v), facts_(evidence_.take(p, now, around)) {}

    explanation operator()() {
        head();
        ballots();
        options();
        concerns();
        questions_and_facts();
        const auto& s = p_.now();
        for (const auto& x : s.exits)
            if (p_.target_of(x)) out_.exits.push_back(exit_of(x));
        if (const auto next = upcoming(p_, around_)) {
            out_.next = next->at;
            out_.next_stage = p_.by->stages[next->to].name;
        }
        withheld_leave();
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
    void options();

    void own_ballots(std::size_t i);
    void carried_ballot(std::size_t i, std::size_t by);

    void concerns();

    void questions_and_facts();

    // ---- exits ---------------------------------------------------------------------------------------------------------
    /// Of an exit that leads somewhere.
    exit_reading exit_of(const stage_exit& x);
    /// Whether a part of a rule could still become met (or unmet), taking facts, clocks, concerns and the like to change as one
    /// wants, but of ballots only those that may still come. If not, `stuck` names the comparisons that stand in the way.
    bool could_become(rule_view r, std::uint16_t part, truth wanted, std::string& stuck, std::size_t depth = 0) const;
    static bool about_ballots_only(rule_view r, std::uint16_t part);
    /// Alternates who could cast the ballots of seats whose holders stepped aside.
    [[nodiscard]] std::vector<std::string> could_stand_in() const;
    /// Nothing that the charter says takes an exit that the law forbids as things stand.
    bool law_stops(exit_reading& r, const stage_exit& x);
    /// Nor one into a stage where no place is free for it.
    void place_missing(exit_reading& r, const stage_exit& x);
    /// "p-1, p-2 are there; 2 are ahead": by name only those whom the viewer may see.
    [[nodiscard]] std::string who_is_there(const std::vector<const proposal*>& inside, std::size_t ahead) const;

    // ---- hidden ballots --------------------------------------------------------------------------------------------------
    /// Whether how a rule reads tells what members chose. How many did is no secret.
    [[nodiscard]] std::string why_hidden() const;
    /// Where it will go, and whether at this deadline or the next, would tell how it stands.
    void conceal_next();

    [[nodiscard]] std::string says(const stage_exit& x) const;

    [[nodiscard]] std::string rule_name(const rule_view& r) const;

    condition_reading condition_of(const atom& a) const;

    // ---- conditions: which matter, and what is still wanted --------------------------------------------------------------
    /// How a part of a rule reads, as far as this viewer may know.
    [[nodiscard]] truth shown(rule_view r, std::uint16_t part) const;
    [[nodiscard]] bool may_become(rule_view r, std::uint16_t part, truth wanted) const;
    /// Of parts one of which is enough: those that are why it is so already, else those that can still make it so.
    [[nodiscard]] std::vector<std::uint16_t> ways(rule_view r, std::uint16_t part, truth wanted) const;
    using relevant = std::set<const rule_node*>;
    /// Notes the parts on which it depends, as things stand, whether the rule reads as wanted.
    void mark(rule_view r, std::uint16_t part, truth wanted, relevant& found, std::size_t depth = 0) const;
    /// The conditions that matter. `helps_on`: what would mend the unmet ones is noted as helpful.
    std::vector<condition_reading> conditions_of(rule_view r, bool helps_on);
    /// "either approve >= 2 and open_for >= 2 days, or approve >= 1 and open_for > 7 days"; empty: nothing.
    [[nodiscard]] std::string still_wanted(rule_view r, std::uint16_t part, truth wanted, std::size_t depth = 0) const;
    [[nodiscard]] std::string unmet_atoms(rule_view r, std::uint16_t part, truth wanted) const;
    /// " once fact(ready)": what an act, or an exit on one, has still to wait for.
    [[nodiscard]] std::string once(const rule& condition) const;

    // ---- acts that would help on -----------------------------------------------------------------------------------------
    /// Acts that could mend an unmet condition.
    [[nodiscard]] static std::vector<act_pattern> helping(const atom& a);
    /// Whether an exit leads to a stage where it goes on, or to acceptance.
    [[nodiscard]] bool leads_on(const stage_exit& x) const;
    [[nodiscard]] static bool gives_up(act a);
    [[nodiscard]] bool helps(const permission& a) const;
    /// Whether the condition asks for something that only the act itself says, such as a disposition.
    [[nodiscard]] bool depends_on_the_act(const rule& condition, act a) const;
    void withheld_leave();

    /// Of a comparison that asks for few ballots of a position ("no veto"): those who cast one that counts.
    [[nodiscard]] std::vector<std::string> who_must_withdraw(rule_view part) const;
    /// Handles of those whose acts a part of a rule depends on.
    [[nodiscard]] std::vector<std::string> who_can_change(const atom& a) const;
    /// Whether leave to do something is given now, its condition included.
    [[nodiscard]] bool given_now(const permission& a) const;
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
    /// Those who have not spoken and may still choose this position, of one class or of all.
    [[nodiscard]] std::vector<std::string> silent(std::optional<std::size_t> of_class, std::size_t position) const;
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
    /// Where the rules of this stage count a position.
    struct counting {
        std::string text{};   ///< the set as written; empty: of everybody
        rule        within{};
        std::string given{};  ///< a guard that doesn't hold: counted only if it did
    };
    void collect(rule_view r, std::uint16_t part, std::size_t position, counting in, std::vector<counting>& found,
                 std::set<std::size_t>& seen) const;
    [[nodiscard]] std::vector<counting> counted(std::size_t position) const;
    /// Whose ballot is on record but moves nothing, because of who they are: "why was my approval not counted?"
    void uncounted_ballots();
    static bool waits_for_more_than_ballots(const exit_reading& x);

    // ---- the one sentence --------------------------------------------------------------------------------------------------
    [[nodiscard]] std::string summary() const;
    /// Whether a rule that doesn't hold yet would take it on from here.
    [[nodiscard]] bool is_way_on(const exit_reading& x) const;
    [[nodiscard]] const exit_reading* first_way_on() const;
    /// Of those the one that is nearest to acceptance; null if none leads there.
    [[nodiscard]] const exit_reading* way_to_acceptance() const;
    /// Through how many stages at least, without coming back to the present one.
    [[nodiscard]] std::optional<std::size_t> steps_to_acceptance(std::uint16_t from) const;
    /// Whose act would lead on from here: "waiting for someone of team(core) to propose". To give up, or to change the text, is
    /// nothing to wait for.
    [[nodiscard]] std::string waiting_for_acts() const;
    /// When no rule can lead on towards acceptance any more: why, and who could change that.
    [[nodiscard]] std::string cannot_pass() const;
    [[nodiscard]] std::string open_concerns_text() const;
    /// "someone of office(champion) to propose (ana)": names where the set depends on the proposal and they are few.
    [[nodiscard]] std::string awaited(const permission& a, const act_pattern& deed) const;
    /// At an end, or once accepted: who could take it up again.
    [[nodiscard]] std::string reopening() const;
    static bool is_reached_by_rule(const exit_reading& x) { return x.by == trigger::when || x.by == trigger::held; }

    [[nodiscard]] bool asks_for_answers(const condition_reading& c) const;
    [[nodiscard]] std::string waiting_for(const exit_reading& x) const;
    /// "a place in "Deciding" (p-1 is there)", where that alone is missing; else empty.
    [[nodiscard]] static std::string place_wanted(const exit_reading& x);
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
    bool                count_hidden_;
    const viewer&       viewer_;
    evidence_of         evidence_;
    const evidence&     facts_;
    explanation         out_;
    std::vector<act_pattern> helpful_{};  ///< acts that could mend what stands in the way
};

}  // namespace quorate
