// Deciding on a command: law, permission, state. Nothing changes until all of them agree.
#include <algorithm>
#include <utility>

#include "command_check.hpp"
#include "json.hpp"
#include "proposal_step.hpp"

namespace quorate {
namespace {

using json_text::in_quotes;

refusal refused(refused_by by, std::string what, std::string which = {}, std::string needed = {}) {
    return {by, std::move(what), std::move(which), std::move(needed)};
}

/// "withdraw ballot" of someone: what they wanted to do, for messages.
std::string deed(const command& c) {
    std::string s(to_string(c.what));
    if (!c.subject.empty()) s += ' ' + in_quotes(c.subject);
    return s;
}

}  // namespace

std::string to_string(const refusal& r) {
    std::string s = r.what;
    if (!r.which.empty()) s += " [" + std::string(refused_by_names[static_cast<std::size_t>(r.by)]) + ": " + r.which + "]";
    if (!r.needed.empty()) s += "; " + r.needed;
    return s;
}

std::string about_of(const command& c) {
    switch (c.what) {
        case act::revise: return c.detail;
        case act::link: return c.names.empty() ? std::string{} : c.names[0] + ' ' + c.detail;  // "appeal accepted"
        default: return c.subject;
    }
}

bool covers(const std::vector<act_pattern>& list, const act_pattern& done) {
    return std::any_of(list.begin(), list.end(), [&](const act_pattern& a) { return a.covers(done.what, done.about); });
}

const concern* stepper::open_concern(std::string_view name) const {
    for (auto c = p_.concerns.rbegin(); c != p_.concerns.rend(); ++c)
        if (c->state == concern_state::open && c->name == name) return &*c;
    return nullptr;
}

std::optional<refusal> stepper::input_refused(const command& c) const {
    if (c.at < p_.last)
        return refused(refused_by::input, "the command is dated " + to_string(c.at) + ", before the last event",
                       to_string(p_.last), "date it by when it was received");
    if (auto wrong = misshapen(c); !wrong.empty()) return refused(refused_by::input, std::string(to_string(c.what)) + ": " + wrong);
    if (c.names.size() > most_teams_of_proposal) return refused(refused_by::input, "too many teams");
    return std::nullopt;
}

/// Whether the charter's reaction to this very revision leaves the phase for review or draft.
bool stepper::leads_back(const command& c) {
    auto e = evidence_at(c.at);
    for (std::size_t i = 0; i < p_.by->revisions.size(); ++i)
        if (c.what == act::revise && p_.by->revisions[i].name == c.detail) e.revision_kind = static_cast<int>(i);
    for (const auto& x : p_.now().exits) {
        if (x.by != trigger::on || !covers(x.acts, {c.what, about_of(c)})) continue;
        if (!x.condition.empty() && read_now(x.condition.view(), e) != truth::met) continue;
        const auto to = p_.by->stages[x.to].in;
        return to != p_.in() && (to == phase::review || to == phase::draft);
    }
    return false;
}

std::optional<refusal> stepper::law_refuses(const command& c) {
    // The law asks what kind of change it is: first it must be one.
    if (c.what == act::revise)
        if (auto no = proposal_refused(c)) return no;
    act_facts facts{.what = c.what, .gate = p_.by->kind == process_kind::gate};
    if (row_of(c.what).of == act_class::shape) {
        facts.leads_back = leads_back(c);
        for (const auto& k : p_.by->revisions)
            if (c.what == act::revise && k.name == c.detail) facts.editorial = k.editorial;
    }
    const auto answer = may(p_.in(), facts);
    if (!answer.refused()) return std::nullopt;
    return refused(refused_by::law, "nobody can " + std::string(to_string(c.what)) + " here: " + std::string(answer.law),
                   std::string(answer.name), std::string(answer.way_out));
}

/// Reads a permission's own condition, with the disposition, teams or kind of revision that the command itself brings.
bool stepper::condition_met(const permission& a, const command& c) {
    if (a.condition.empty()) return true;
    auto e = evidence_at(c.at);
    if (c.what == act::propose) {
        if (const auto d = p_.by->disposition_named(c.subject)) e.disposition = *d;
        e.tallies[static_cast<std::size_t>(quantity::proposal_teams)] = static_cast<std::int64_t>(p_.teams.size());
        e.tallies[static_cast<std::size_t>(quantity::named_teams)] = static_cast<std::int64_t>(c.names.size());
    }
    for (std::size_t i = 0; i < p_.by->revisions.size(); ++i)
        if (c.what == act::revise && p_.by->revisions[i].name == c.detail) e.revision_kind = static_cast<int>(i);
    return read_now(a.condition.view(), e) == truth::met;
}

std::optional<refusal> stepper::not_permitted(const command& c, const actors& by, const concern* about) {
    const bool host = c.by.empty() && (row_of(c.what).of == act_class::record || row_of(c.what).of == act_class::clock);
    if (host) return std::nullopt;
    const auto& s = p_.now();
    const bool  for_another = by.who != by.whom;
    const auto  thing = about_of(c);
    std::string       allowed_to;
    const permission* unreasoned = nullptr;
    for (const auto& a : s.allow) {
        if (a.for_another != for_another || !act_pattern::covers(a.what, a.about, c.what, thing)) continue;
        if (contains(a.who.view(), a.who.root, by.who, p_, around_, about, by.whom) && condition_met(a, c)) {
            if (!a.needs_reason || !c.text.empty()) return std::nullopt;
            unreasoned = &a;
            continue;
        }
        allowed_to += (allowed_to.empty() ? "" : ", or ") + a.text;
    }
    if (unreasoned != nullptr)
        return refused(refused_by::rule, "to " + std::string(to_string(c.what)) + " needs a reason here", "reason: required", "say why");
    const auto name = c.by.empty() ? std::string("nobody in particular") : std::string(people_.handle(by.who));
    auto       what = name + " may not " + std::string(to_string(c.what)) +
                (for_another ? " on behalf of " + std::string(people_.handle(by.whom)) : "") + " in stage " + in_quotes(s.title);
    if (!allowed_to.empty())
        return refused(refused_by::permission, std::move(what), std::string(to_string(c.what)) + ": " + allowed_to,
                       "it takes someone of: " + allowed_to);
    std::string elsewhere;
    for (const auto& other : p_.by->stages)
        for (const auto& a : other.allow)
            if (a.for_another == for_another && act_pattern::covers(a.what, a.about, c.what, thing) && !elsewhere.ends_with(in_quotes(other.name)))
                elsewhere += (elsewhere.empty() ? "" : ", ") + in_quotes(other.name);
    return refused(refused_by::permission, std::move(what), "nobody may in this stage",
                   elsewhere.empty() ? "this process has no such act" : "possible in stage " + elsewhere);
}

std::optional<refusal> stepper::ballot_refused(const command& c, const actors& by) const {
    const auto* v = voter_of(p_, by.whom, people_);
    const auto  name = std::string(people_.handle(by.whom));
    if (v == nullptr)
        return refused(refused_by::state, name + " is not among those who decide here",
                       "electorate: " + print(p_.by->electorate.of.view()));
    if (p_.is_aside(by.whom)) return refused(refused_by::state, name + " is recused and has no ballot");
    if (c.what == act::withdraw_ballot)
        return v->choice == 0 ? std::optional(refused(refused_by::state, name + " has no ballot to take back")) : std::nullopt;
    const auto position = p_.by->position_named(c.subject);
    if (!position) {
        std::string known;
        for (const auto& p : p_.by->positions) known += (known.empty() ? "" : ", ") + p.name;
        return refused(refused_by::input, in_quotes(c.subject) + " is no position here", {}, "one of: " + known);
    }
    const auto& wanted = p_.by->positions[*position];
    if (wanted.needs_reason && c.text.empty())
        return refused(refused_by::rule, in_quotes(c.subject) + " needs a reason", "reason: required", "say why");
    if (v->choice == *position + 1) return refused(refused_by::state, name + " has chosen " + in_quotes(c.subject) + " already");
    const bool bound = v->choice != 0 && p_.by->positions[v->choice - 1U].binding;
    if (bound && !p_.by->ballots.revisable)
        return refused(refused_by::rule, name + " has cast a ballot, and ballots can't be changed", "ballots: revisable false");
    return std::nullopt;
}

std::optional<refusal> stepper::concern_refused(const command& c, const actors& by) const {
    const auto* open = open_concern(c.subject);
    if (c.what != act::raise) {
        if (open == nullptr)
            return refused(refused_by::state, "there is no open concern " + in_quotes(c.subject), {},
                           "names are compared letter by letter");
        const bool has = std::find(open->seconds.begin(), open->seconds.end(), by.whom) != open->seconds.end();
        if (c.what == act::second && (has || open->raiser == by.whom))
            return refused(refused_by::state, std::string(people_.handle(by.whom)) + " supports " + in_quotes(c.subject) + " already");
        if (c.what == act::withdraw_second && !has)
            return refused(refused_by::state, std::string(people_.handle(by.whom)) + " has not seconded " + in_quotes(c.subject));
        return std::nullopt;
    }
    if (open != nullptr)
        return refused(refused_by::state, "concern " + in_quotes(c.subject) + " was raised already by " +
                                              std::string(people_.handle(open->raiser)), {}, "second it, or use another name");
    const bool used = std::any_of(p_.concerns.begin(), p_.concerns.end(), [&](const concern& x) { return x.name == c.subject; });
    if (used && p_.by->concerns.names_once)
        return refused(refused_by::rule, "a concern named " + in_quotes(c.subject) + " was raised and closed before",
                       "concerns: names once", "use another name");
    if (p_.concerns.size() >= most_concerns) return refused(refused_by::input, "too many concerns");
    return std::nullopt;
}

std::optional<refusal> stepper::standing_refused(const command& c, const actors& by) const {
    const auto stands = [&](const std::vector<standing>& list) {
        return std::any_of(list.begin(), list.end(), [&](const standing& s) { return s.who == by.whom; });
    };
    const auto name = std::string(people_.handle(by.whom));
    switch (c.what) {
        case act::second:
            return stands(p_.seconds) ? std::optional(refused(refused_by::state, name + " has seconded it already")) : std::nullopt;
        case act::withdraw_second:
            return stands(p_.seconds) ? std::nullopt : std::optional(refused(refused_by::state, name + " has not seconded it"));
        case act::sponsor:
            return stands(p_.sponsors) ? std::optional(refused(refused_by::state, name + " sponsors it already")) : std::nullopt;
        case act::hold:
            return stands(p_.holds) ? std::optional(refused(refused_by::state, name + " holds it already")) : std::nullopt;
        case act::release:
            return stands(p_.holds) ? std::nullopt : std::optional(refused(refused_by::state, name + " has no hold to release"));
        default: return std::nullopt;
    }
}

std::optional<refusal> stepper::proposal_refused(const command& c) const {
    if (c.what == act::propose) {
        if (!c.subject.empty() && !p_.by->disposition_named(c.subject)) {
            std::string known;
            for (const auto& d : p_.by->dispositions) known += (known.empty() ? "" : ", ") + d;
            return refused(refused_by::input, in_quotes(c.subject) + " is no disposition of this process", {},
                           known.empty() ? "it has none" : "one of: " + known);
        }
        if (c.subject.empty() && !p_.by->dispositions.empty() && !p_.by->default_disposition)
            return refused(refused_by::input, "propose needs a disposition", {}, "name one");
    }
    if (c.what == act::revise && !p_.by->revisions.empty()) {
        std::string known;
        for (const auto& k : p_.by->revisions) {
            if (k.name == c.detail) return std::nullopt;
            known += (known.empty() ? "" : ", ") + k.name;
        }
        return refused(refused_by::input, in_quotes(c.detail) + " is no kind of revision here", {}, "one of: " + known);
    }
    return std::nullopt;
}

std::optional<refusal> stepper::recusal_refused(const command& c, const actors& by) const {
    const auto name = std::string(people_.handle(by.whom));
    if (c.what == act::rejoin)
        return p_.is_aside(by.whom) ? std::nullopt : std::optional(refused(refused_by::state, name + " has not stepped aside"));
    return p_.is_aside(by.whom) ? std::optional(refused(refused_by::state, name + " is recused already")) : std::nullopt;
}

/// Whether the process takes a proposal about these teams.
std::optional<refusal> teams_refused(const process& by, const std::vector<team_id>& teams, const roster& people) {
    if (by.teams.exactly && teams.size() != *by.teams.exactly)
        return refused(refused_by::rule, in_quotes(by.title) + " is about exactly " + std::to_string(*by.teams.exactly) +
                                             (*by.teams.exactly == 1 ? " team" : " teams") + ", and " + std::to_string(teams.size()) +
                                             (teams.size() == 1 ? " is named" : " are named"),
                       "teams: exactly " + std::to_string(*by.teams.exactly));
    for (const auto& name : by.teams.except) {
        const auto t = people.team_named(name);
        if (t && std::find(teams.begin(), teams.end(), *t) != teams.end())
            return refused(refused_by::rule, in_quotes(by.title) + " is never about team " + std::string(people.name(*t)),
                           "teams: except " + name);
    }
    return std::nullopt;
}

std::optional<refusal> stepper::appointment_refused(const command& c) const {
    if (!p_.by->office_named(c.subject)) {
        std::string known;
        for (const auto& o : p_.by->offices) known += (known.empty() ? "" : ", ") + o;
        return refused(refused_by::input, in_quotes(c.subject) + " is no office of this process", {},
                       known.empty() ? "it has none" : "one of: " + known);
    }
    for (const auto& name : c.names)
        if (!people_.find_person(name)) return refused(refused_by::input, "nobody is known as " + in_quotes(name));
    return std::nullopt;
}

std::optional<refusal> stepper::extension_refused(const command& c) {
    const auto by = parse_duration(c.subject);
    if (!by || by->count() <= 0) return refused(refused_by::input, in_quotes(c.subject) + " is no duration", {}, "such as \"10 days\"");
    const auto& most = p_.now().most_extension;
    if (!most) return refused(refused_by::rule, "stage " + in_quotes(p_.now().title) + " can't be extended", "extend");
    if (p_.extension + *by > *most)
        return refused(refused_by::rule, "all extensions together would pass " + to_string(*most),
                       "extend: at most " + to_string(*most), "at most " + to_string(*most - p_.extension) + " more");
    return std::nullopt;
}

std::optional<refusal> stepper::state_refuses(const command& c, const actors& by) {
    switch (c.what) {
        case act::cast: case act::withdraw_ballot: return ballot_refused(c, by);
        case act::raise: case act::resolve: return concern_refused(c, by);
        case act::override_:
            if (c.text.empty()) return refused(refused_by::rule, "an override needs a reason", "override", "say why");
            return c.subject.empty() ? std::nullopt : concern_refused(c, by);
        case act::second: case act::withdraw_second:
            return c.subject.empty() ? standing_refused(c, by) : concern_refused(c, by);
        case act::sponsor: case act::hold: case act::release: return standing_refused(c, by);
        case act::propose: case act::revise: return proposal_refused(c);
        case act::appoint: return appointment_refused(c);
        case act::extend: return extension_refused(c);
        case act::recuse: case act::rejoin: return recusal_refused(c, by);
        case act::ask: case act::answer: {
            const bool open = std::any_of(p_.questions.begin(), p_.questions.end(),
                                          [&](const question& q) { return q.open && q.text_id == c.subject; });
            if (c.what == act::ask && !open && p_.questions.size() >= most_questions)
                return refused(refused_by::input, "too many questions");
            if (open && c.what == act::answer && c.detail == "deferred" && c.text.empty())
                return refused(refused_by::rule, "deferring a question needs a reason", "answer: deferred", "say why, and when it will be answered");
            if (open == (c.what == act::answer)) return std::nullopt;
            return refused(refused_by::state, open ? "the question " + in_quotes(c.subject) + " is open already"
                                                   : "there is no open question " + in_quotes(c.subject));
        }
        case act::fact: {
            const auto& known = p_.by->facts;
            if (!known.empty() && std::find(known.begin(), known.end(), c.subject) == known.end())
                return refused(refused_by::input, "no fact " + in_quotes(c.subject) + " is declared", {},
                               json_text::did_you_mean(c.subject, {known.begin(), known.end()}));
            if (c.truth.has_value() == c.amount.has_value())
                return refused(refused_by::input, "a fact is either true or false, or an amount");
            const bool again = std::any_of(p_.facts.begin(), p_.facts.end(), [&](const reported_fact& f) { return f.name == c.subject; });
            if (!again && p_.facts.size() >= most_facts) return refused(refused_by::input, "too many facts");
            return std::nullopt;
        }
        case act::delegate: case act::add_option: case act::amend_option: case act::withdraw_option:
            return refused(refused_by::input, deed(c) + " belongs to votes, which this process does not hold");
        default: return std::nullopt;
    }
}

result<void> stepper::act_on(const command& c, const actors& by) {
    event e{.kind = event_kind::acted, .done = c.what, .why = cause::command, .at = c.at};
    e.by = c.by.empty() ? std::string() : std::string(people_.id(by.who));
    if (by.who != by.whom) e.on_behalf_of = people_.id(by.whom);
    // A ballot for a seat is the seat's: it goes under the name of its holder.
    if (c.what == act::cast || c.what == act::withdraw_ballot)
        if (const auto* v = voter_of(p_, by.whom, people_); v != nullptr && v->who != by.whom) e.on_behalf_of = people_.id(v->who);
    e.subject = c.subject;
    e.detail = c.detail;
    e.text = c.text;
    for (const auto& name : c.names) {
        const auto t = c.what == act::propose || c.what == act::assign ? people_.team_named(name) : std::nullopt;
        const auto who = c.what == act::appoint ? people_.find_person(name) : std::nullopt;
        e.names.push_back(t ? std::string(people_.name(*t)) : who ? std::string(people_.id(*who)) : name);
    }
    e.number = c.amount;
    e.flag = c.truth;
    if (c.what == act::extend) e.number = parse_duration(c.subject)->count();
    actor_ = e.by;
    if (auto done = emit(std::move(e)); !done) return done;
    const auto& rule = p_.by->electorate;
    if (rule.taken == electorate_taken::on_act && std::find(rule.on.begin(), rule.on.end(), c.what) != rule.on.end())
        if (auto done = take_electorate(c.at); !done) return done;
    if (changes_electorate(c.what))
        if (auto done = follow_electorate(c.at); !done) return done;
    // That a proposal was opened under this one triggers nothing by itself: what came of it may.
    const bool opened = c.what == act::link && c.detail == link_opened;
    const auto done_now = opened ? std::nullopt : std::optional(act_pattern{c.what, about_of(c)});
    if (auto done = settle(c.at, done_now, cause::rule); !done) return done;
    return c.what == act::link ? react_to_child(c) : result<void>{};
}

/// Whether a link tells of this outcome. Its names are the child's process, what it is about, and its disposition.
static bool tells(const command& link, const child_outcome& of) {
    return !link.names.empty() && link.names[0] == of.process && link.detail == to_string(of.outcome) &&
           (of.disposition.empty() || (link.names.size() > 2 && link.names[2] == of.disposition));
}


/// What a child's outcome does here, as the charter says: done with the charter's authority, not a person's.
result<void> stepper::react_to_child(const command& link) {
    const auto& all = p_.by->children;
    const auto  reaction = std::find_if(all.begin(), all.end(), [&](const child_reaction& r) { return tells(link, r.to); });
    if (reaction == all.end()) return {};
    for (const auto a : reaction->does) {
        command c{.what = a, .text = "outcome of " + link.subject, .at = link.at};
        if (a == act::revise) {
            c.subject = link.subject;
            c.detail = reaction->revision;
        } else if (row_of(a).subject == "concern" && link.names.size() > 1) {
            c.subject = link.names[1];
        }
        auto no = is_open(p_.in()) ? law_refuses(c) : std::optional(refused(refused_by::state, "it is no longer open"));
        if (!no) no = state_refuses(c, {});
        if (!no) {
            if (auto done = act_on(c, {}); !done) return done;
            continue;
        }
        // What the outcome was to act on may be gone by now. Nobody asked who could be told: it is put on record.
        event skipped{.kind = event_kind::refused, .done = a, .why = cause::link, .at = link.at,
                      .subject = c.subject, .detail = link.subject, .text = to_string(*no)};
        if (auto done = emit(std::move(skipped)); !done) return done;
    }
    return {};
}

result<std::optional<refusal>> stepper::command_at(const command& asked) {
    using answer = std::optional<refusal>;
    // What is proposed without a disposition has the one that the charter names for that.
    auto with_default = std::optional<command>{};
    if (asked.what == act::propose && asked.subject.empty() && p_.by->default_disposition)
        with_default.emplace(asked).subject = p_.by->dispositions[*p_.by->default_disposition];
    const auto& c = with_default ? *with_default : asked;
    if (auto no = input_refused(c)) return answer(std::move(no));
    if (c.what == act::advance) {
        if (auto done = time_until(c.at, c.at); !done) return done.error();
        return answer();
    }
    // What is due earlier happens first; at the same instant the window's own flag says who goes first.
    if (p_.due && *p_.due < c.at)
        if (auto done = time_until(c.at - duration{1}, c.at); !done) return done.error();
    noted_ = c.at;
    if (p_.due && *p_.due == c.at)
        if (auto done = settle(c.at, std::nullopt, cause::time, true); !done) return done.error();

    actors by;
    const auto of = row_of(c.what).of;
    if (c.by.empty() && ((of != act_class::record && of != act_class::clock) || !c.on_behalf_of.empty()))
        return answer(refused(refused_by::input, std::string(to_string(c.what)) + " must say who does it"));
    if (!c.by.empty()) {
        const auto who = people_.find_person(c.by);
        if (!who) return answer(refused(refused_by::input, "nobody is known as " + in_quotes(c.by)));
        by.who = by.whom = *who;
        if (!c.on_behalf_of.empty()) {
            const auto whom = people_.find_person(c.on_behalf_of);
            if (!whom) return answer(refused(refused_by::input, "nobody is known as " + in_quotes(c.on_behalf_of)));
            by.whom = *whom;
        }
    }
    if (auto no = law_refuses(c)) return answer(std::move(no));
    const bool about_concern = c.what == act::resolve || c.what == act::override_ || c.what == act::second ||
                               c.what == act::withdraw_second;
    const auto* about = about_concern ? open_concern(c.subject) : nullptr;
    std::vector<team_id> named;
    for (const auto& t : c.names) {
        if (c.what != act::propose && c.what != act::assign) break;
        const auto team = people_.team_named(t);
        if (!team) return answer(refused(refused_by::input, "there is no team " + in_quotes(t)));
        named.push_back(*team);
    }
    if (!named.empty())
        if (auto no = teams_refused(*p_.by, named, people_)) return answer(std::move(no));
    if (c.what == act::propose && !c.names.empty()) {
        // Whoever proposes for named teams must be allowed to by those teams, not by the ones named before.
        const auto before = std::exchange(p_.teams, std::move(named));
        auto no = not_permitted(c, by, about);
        p_.teams = before;
        if (no) return answer(std::move(no));
    } else if (auto no = not_permitted(c, by, about)) {
        // For a concern that doesn't exist "only its raiser may" would be a riddle.
        if (about_concern && about == nullptr && !c.subject.empty())
            if (auto state = state_refuses(c, by)) return answer(std::move(state));
        return answer(std::move(no));
    }
    if (auto no = state_refuses(c, by)) return answer(std::move(no));
    if (auto done = act_on(c, by); !done) return done.error();
    return answer();
}

// ---- the public functions ----------------------------------------------------------------------------------------------------
result<std::optional<refusal>> handle(proposal& p, const command& c, const surroundings& around, step_output& out) {
    return stepper(p, around, out).command_at(c);
}

result<void> pass_time(proposal& p, instant now, const surroundings& around, step_output& out) {
    return stepper(p, around, out).time_until(now, now);
}

result<void> follow_roster(proposal& p, instant now, const surroundings& around, step_output& out) {
    return stepper(p, around, out).roster_changed(now);
}

std::optional<instant> next_instant(const proposal& p, const surroundings& around) {
    step_output none;
    auto        same = p;
    return stepper(same, around, none).next_due(p.last);
}

std::optional<time_move> upcoming(const proposal& p, const surroundings& around) {
    constexpr int most_instants = 1'000;  // at which a clock passes a limit without moving anything
    proposal      ahead = p;
    for (int i = 0; ahead.due && i < most_instants; ++i) {
        step_output out;
        const auto  at = *ahead.due;
        if (!pass_time(ahead, at, around, out)) return std::nullopt;
        for (const auto& e : out.events)
            if (e.kind == event_kind::moved) return time_move{e.at, *p.by->stage_named(e.subject)};
    }
    return std::nullopt;
}

/// Where, by whom and when the charter lets a proposal like this one be opened.
static std::optional<refusal> opening_refused(const proposal& p, instant at, const surroundings& around) {
    const auto& by = *p.by;
    if (!by.parents.empty()) {
        const auto fits = [&](const std::string& name) {
            if (around.parent == nullptr) return false;
            const auto& process = around.parent->by->name;
            return name == process || name == process + ' ' + around.parent->now().name;
        };
        std::string known;
        for (const auto& name : by.parents) known += (known.empty() ? "" : ", ") + in_quotes(name);
        if (std::none_of(by.parents.begin(), by.parents.end(), fits))
            return refused(refused_by::rule, "a " + in_quotes(by.title) + " is opened under another proposal", "under: " + known,
                           "name as parent a proposal of process " + known);
    }
    if (around.parent != nullptr && around.parent->children.size() >= most_children)
        return refused(refused_by::input, "too many proposals under " + in_quotes(around.parent->id));
    const auto name = std::string(around.people.handle(p.author));
    if (!by.may_open.empty() && !contains(by.may_open.view(), by.may_open.root, p.author, p, around))
        return refused(refused_by::permission, name + " may not open a " + in_quotes(by.title), "open: " + print(by.may_open.view()));
    evidence_of evidence;
    if (!by.may_open_if.empty() && read_now(by.may_open_if.view(), evidence.take(p, at, around, by.asks_ahead)) != truth::met)
        return refused(refused_by::rule, name + " may not open a " + in_quotes(by.title) + " as things stand",
                       "open if: " + print(by.may_open_if.view()));
    return std::nullopt;
}

result<std::optional<refusal>> open_proposal(proposal& p, std::string id, const opening& o, const charter& under,
                                             const surroundings& around, step_output& out) {
    const auto& people = around.people;
    using answer = std::optional<refusal>;
    const auto* by = under.find(o.process);
    if (by == nullptr) {
        std::vector<std::string_view> known;
        for (const auto& k : under.processes()) known.push_back(k.name);
        return answer(refused(refused_by::input, "there is no process " + in_quotes(o.process), {}, json_text::did_you_mean(o.process, known)));
    }
    if (!in_range(o.at)) return answer(refused(refused_by::input, "the date is out of range"));
    if (o.subject.size() > longest_subject || o.about.size() > longest_subject || o.title.size() > longest_free_text)
        return answer(refused(refused_by::input, "a subject or title that is too long"));
    if (o.teams.size() > most_teams_of_proposal) return answer(refused(refused_by::input, "too many teams"));
    const auto author = people.find_person(o.by);
    if (!author) return answer(refused(refused_by::input, "nobody is known as " + in_quotes(o.by)));
    event opened{.kind = event_kind::opened, .at = o.at, .noted = o.at, .by = std::string(people.id(*author)),
                 .subject = o.subject, .detail = o.process, .text = o.title};
    for (const auto& name : o.teams) {
        const auto t = people.team_named(name);
        if (!t) return answer(refused(refused_by::input, "there is no team " + in_quotes(name)));
        opened.names.emplace_back(people.name(*t));
    }
    opened.charter = under.hash();
    opened.parent = o.parent;
    opened.about = o.about;
    auto begun = begin(std::move(id), opened, under, people);
    if (!begun) return begun.error();
    p = std::move(begun.value());
    if (auto no = opening_refused(p, o.at, around)) return answer(std::move(no));
    if (auto no = teams_refused(*by, p.teams, people)) return answer(std::move(no));
    out.events.push_back(std::move(opened));
    if (auto done = stepper(p, around, out).opened(o.at); !done) return done.error();
    return answer();
}

}  // namespace quorate
