// A charter and its roster as a structure of governance: who leads, who owns what, who decides. Internal.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <quorate/audit.hpp>
#include <quorate/proposal.hpp>

namespace quorate {

/// Gathers what a question finds. The worst that was noted is the answer: fail, then warn, then not judged, then pass.
class answering {
public:
    void pass(std::string evidence) { note(audit_answer::pass, std::move(evidence), {}); }
    void warn(std::string evidence, std::string change) { note(audit_answer::warn, std::move(evidence), std::move(change)); }
    void fail(std::string evidence, std::string change) { note(audit_answer::fail, std::move(evidence), std::move(change)); }
    void unknown(std::string evidence, std::string change) { note(audit_answer::not_judged, std::move(evidence), std::move(change)); }
    /// Evidence that decides nothing by itself.
    void mention(std::string evidence) { found_.evidence.push_back(std::move(evidence)); }
    /// The answer rests on what was verified or simulated.
    void by(audit_method m) { found_.by = m; }

    [[nodiscard]] audit_finding done() && { return std::move(found_); }

private:
    void note(audit_answer a, std::string evidence, std::string change);

    audit_finding found_{};
    bool          some_ = false;
};

/// How much of what a process decides outsiders get to see.
enum class openness : std::uint8_t {
    open,         ///< everything, at once
    dated,        ///< what is decided, at a time that the charter names
    conditional,  ///< what is decided, if something happens
    closed,       ///< not even what is decided
};

/// Somebody outside who may undo what a team decides.
struct outsider_act {
    const quorate::process* in = nullptr;
    const quorate::stage*   at = nullptr;
    const permission*       leave = nullptr;
    team_id                 team{};  ///< whose decision
    person                  who{};   ///< one of them
};

class governance {
public:
    governance(const charter& c, const roster& people, const audit_evidence& facts);

    const quorate::charter& charter;
    const quorate::roster&  people;

    // ---- people
    const scope*           rest = nullptr;  ///< the residual scope
    std::optional<team_id> leading{};       ///< its owner
    std::vector<team_id>   owners{};        ///< of other scopes, each once
    std::vector<team_id>   top{};           ///< active top-level teams but the leading one

    [[nodiscard]] std::string name(team_id t) const;  ///< its title, or its name
    [[nodiscard]] bool is_leader(person p) const { return leading && (people.is_member(p, *leading) || people.is_alternate(p, *leading)); }
    [[nodiscard]] const std::optional<quorate::seating>& seating() const;  ///< of the leading body
    /// Teams by whose membership or lead somebody sits in the leading body.
    [[nodiscard]] std::vector<team_id> sources() const;
    [[nodiscard]] bool is_represented(team_id t) const;
    /// Of the leading body: whether some, and whether all members sit there as leads of teams.
    [[nodiscard]] bool some_by_lead() const;
    [[nodiscard]] bool all_by_lead() const;
    [[nodiscard]] std::optional<duration> term() const;

    // ---- duties
    [[nodiscard]] std::vector<const duty*> duties_of(std::string_view topic) const;
    [[nodiscard]] std::vector<const duty*> duties_of(team_id owner) const;
    [[nodiscard]] std::optional<team_id> owner_of(const duty& d) const;
    [[nodiscard]] bool may_decide(team_id t) const;  ///< has a scope with the final say, or a mandate with powers
    /// "expectation", "feedback", "consequence", "escalation": those it lacks.
    [[nodiscard]] static std::vector<std::string> missing(const duty& d);
    [[nodiscard]] bool escalates_to_itself(const duty& d) const;

    // ---- processes
    [[nodiscard]] static bool is_for_teams(const process& p);  ///< decided by the teams that a proposal names
    [[nodiscard]] bool is_of_leaders(const process& p) const;  ///< decided by nobody but leaders
    [[nodiscard]] static openness open_to_all(const process& p, std::optional<duration>* when = nullptr);
    [[nodiscard]] static bool lets_everyone(const process& p, act a);  ///< in some stage that is open
    [[nodiscard]] static bool has(const process& p, act a);
    [[nodiscard]] std::vector<outsider_act> outsiders() const;
    /// Whether somebody beyond those who decide about this team's matters is heard before it is decided.
    [[nodiscard]] bool hears_others(const process& p, team_id t) const;

    // ---- facts
    [[nodiscard]] const audit_fact* fact(audit_fact::kind k) const;
    /// Judges by what was verified, if it was.
    void verified(audit_fact::kind k, answering& a) const;

private:
    [[nodiscard]] proposal about(const process& p, std::optional<team_id> t) const;

    const audit_evidence& facts_;
};

/// "a", "a and b", "a, b and 3 more".
[[nodiscard]] std::string listed(const std::vector<std::string>& names, std::size_t most = 6);
/// "12", "12.5": a measure, cut after two decimals.
[[nodiscard]] std::string amount(const number& n);
[[nodiscard]] std::string in_quotes_all(const std::vector<std::string>& names);

/// What a part of the report is headed with.
[[nodiscard]] std::string_view heading_of(audit_part p) noexcept;

void audit_requirement(std::size_t i, const governance& g, answering& a);  ///< by place among the requirements
void audit_failure_mode(std::size_t i, const governance& g, answering& a);
void audit_work(const audit_question& q, const governance& g, answering& a);

}  // namespace quorate
