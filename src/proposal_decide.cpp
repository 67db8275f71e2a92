// Deciding on a command: law, permission, state. Nothing changes until all of them agree.
#include <algorithm>
#include <utility>

#include "command_check.hpp"
#include "json.hpp"
#include "proposal_ballot.hpp"
#include "proposal_step.hpp"
#include "proposal_weights.hpp"

namespace quorate {

using json_text::in_quotes;

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

bool covers(const std::vector<act_pattern>& list, const command& done) {
    const auto of_the_act = [&](const act_pattern& a) { return a.what == done.what && (a.about.empty() || a.covers(done.what, about_of(done))); };
    return std::any_of(list.begin(), list.end(), of_the_act);  // few acts are waited for: what it is about is seldom asked
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
    if (c.what != act::cast && c.names.size() > most_teams_of_proposal) return refused(refused_by::input, "too many teams");
    return std::nullopt;
}

/// Whether the charter's reaction to this very revision leaves the phase for review or draft.
bool stepper::leads_back(const command& c) {
    auto e = evidence_at(c.at);
    if (const auto kind = p_.by->revision_named(c.detail); kind && c.what == act::revise) e.revision_kind = *kind;
    for (const auto& x : p_.now().exits) {
        if (x.by != trigger::on || !covers(x.acts, c)) continue;
        if (!x.condition.empty() && read_now(x.condition.view(), e) != truth::met) continue;
        const auto target = p_.target_of(x);
        if (!target || !has_place(*target, c.at)) continue;
        const auto to = p_.by->stages[*target].in;
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
    // What is taken up again is one more that is open.
    if (!answer.refused() && around_.taken != nullptr && row_of(c.what).of == act_class::reopen) return *around_.taken;
    if (!answer.refused()) return std::nullopt;
    return refused(refused_by::law, "nobody can " + std::string(to_string(c.what)) + " here: " + std::string(answer.law),
                   std::string(answer.name), std::string(answer.way_out));
}

/// Reads a permission's own condition, with the disposition, teams, kind of revision or fact that the command itself brings.
bool stepper::condition_met(const permission& a, const command& c) {
    if (a.condition.empty()) return true;
    auto e = evidence_at(c.at);
    if (c.what == act::propose) {
        if (const auto d = p_.by->disposition_named(c.subject)) e.disposition = *d;
        e.tallies[static_cast<std::size_t>(quantity::proposal_teams)] = static_cast<std::int64_t>(p_.teams.size());
        e.tallies[static_cast<std::size_t>(quantity::named_teams)] = static_cast<std::int64_t>(c.names.size());
    }
    if (const auto kind = p_.by->revision_named(c.detail); kind && c.what == act::revise) e.revision_kind = *kind;
    std::vector<fact_value> facts;
    if (c.what == act::fact) {
        facts.assign(e.facts.begin(), e.facts.end());
        std::erase_if(facts, [&](const fact_value& f) { return f.name == c.subject; });
        facts.push_back({c.subject, c.truth, c.amount ? std::optional<number>(*c.amount) : std::nullopt, {}});
        e.facts = facts;
    }
    return read_now(a.condition.view(), e) == truth::met;
}

std::optional<refusal> stepper::not_permitted(const command& c, const actors& by, const concern* about) {
    if (c.by.empty()) return std::nullopt;  // the host, who records: nothing else is taken from nobody
    const auto& s = p_.now();
    const bool  for_another = by.who != by.whom;
    const auto  covered = [&](const permission& a) {
        return a.for_another == for_another && a.what == c.what && (a.about.empty() || act_pattern::covers(a.what, a.about, c.what, about_of(c)));
    };
    std::string       allowed_to;
    const permission* unreasoned = nullptr;
    for (const auto& a : s.allow) {
        if (!covered(a)) continue;
        if (contains(a.who.view(), a.who.root, by.who, p_, around_, about, by.whom) && condition_met(a, c)) {
            if (!a.needs_reason || !c.text.empty()) return std::nullopt;
            unreasoned = &a;
            continue;
        }
        allowed_to += (allowed_to.empty() ? "" : ", or ") + a.text;
    }
    if (unreasoned != nullptr)
        return refused(refused_by::rule, "to " + std::string(to_string(c.what)) + " needs a reason here", "reason: required", "say why");
    auto what = std::string(people_.handle(by.who)) + " may not " + std::string(to_string(c.what)) +
                (for_another ? " on behalf of " + std::string(people_.handle(by.whom)) : "") + " in stage " + in_quotes(s.title);
    if (!allowed_to.empty())
        return refused(refused_by::permission, std::move(what), std::string(to_string(c.what)) + ": " + allowed_to,
                       "it takes someone of: " + allowed_to);
    std::string elsewhere;
    for (const auto& other : p_.by->stages)
        for (const auto& a : other.allow)
            if (covered(a) && !elsewhere.ends_with(in_quotes(other.name)))
                elsewhere += (elsewhere.empty() ? "" : ", ") + in_quotes(other.name);
    return refused(refused_by::permission, std::move(what), "nobody may in this stage",
                   elsewhere.empty() ? "this process has no such act" : "possible in stage " + elsewhere);
}

std::optional<refusal> stepper::ballot_refused(const command& c, const actors& by) const {
    const auto* v = voter_of(p_, by.whom, people_);
    const auto  name = [&] { return std::string(people_.handle(by.whom)); };
    if (v == nullptr)
        return refused(refused_by::state, name() + " is not among those who decide here",
                       "electorate: " + print(p_.by->electorate.of.view()));
    if (p_.is_aside(by.whom)) return refused(refused_by::state, name() + " is recused and has no ballot");
    if (c.what == act::withdraw_ballot)
        return standing_choice(c, *v) == 0 ? std::optional(refused(refused_by::state, name() + " has no ballot to take back")) : std::nullopt;
    if (auto no = parts_refused(c, *v)) return no;
    const auto position = p_.by->position_named(c.subject);
    const auto choice = standing_choice(c, *v);
    const bool bound = choice != 0 && p_.by->positions[choice - 1U].binding;
    const bool spends = p_.by->ballots.split == ballot_rule::splitting::amounts;  // which adds to a ballot, and changes none
    const auto final_one = [&]() -> std::optional<refusal> {
        if (!bound || spends || p_.by->ballots.revisable) return std::nullopt;
        return refused(refused_by::rule, name() + " has cast a ballot, and ballots can't be changed", "ballots: revisable false");
    };
    if (c.subject.empty()) return final_one();  // in parts
    if (!position) {
        std::string known;
        for (const auto& p : p_.by->positions) known += (known.empty() ? "" : ", ") + p.name;
        return refused(refused_by::input, in_quotes(c.subject) + " is no position here", {}, "one of: " + known);
    }
    const auto& wanted = p_.by->positions[*position];
    if (wanted.needs_reason && c.text.empty())
        return refused(refused_by::rule, in_quotes(c.subject) + " needs a reason", "reason: required", "say why");
    const auto said = read_marks(c.names, wanted, p_.options);
    if (!said.wrong.empty()) return refused(refused_by::input, said.wrong, {}, "marks of " + in_quotes(c.subject) + ": " + std::string(marks_names[static_cast<std::size_t>(wanted.says)]));
    if (auto no = final_one()) return no;  // before the comparison, which would tell what a hidden ballot says
    const bool whole = p_.parts.empty() || p_.parts[p_.index_of(*v)].empty();
    const auto kind = p_.by->ballot_kind_named(c.detail).value_or(0);
    const bool alike = p_.kinds.empty() || p_.kinds[p_.index_of(*v)] == kind;
    if (choice == *position + 1 && whole && alike && v->marks == said.marks) return refused(refused_by::state, name() + " has chosen " + in_quotes(c.subject) + " already");
    return std::nullopt;
}

/// What a ballot like this one would replace: the choice as a delegate where that is apart, else one's own.
std::uint8_t stepper::standing_choice(const command& c, const voter& v) const {
    if (!p_.by->delegation.own_apart || c.detail == own_ballot) return v.choice;
    return p_.for_others.empty() ? std::uint8_t{0} : p_.for_others[p_.index_of(v)];
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
        default:  // release
            return stands(p_.holds) ? std::nullopt : std::optional(refused(refused_by::state, name + " has no hold to release"));
    }
}

std::optional<refusal> stepper::option_refused(const command& c, const actors& by) const {
    const auto& rule = p_.by->options;
    if (!rule.some) return refused(refused_by::input, std::string(to_string(c.what)) + ' ' + in_quotes(c.subject) + " belongs to votes about options, which this process does not hold");
    const auto* o = p_.option_named(c.subject);
    const auto  name = std::string(people_.handle(by.whom));
    const bool  says_kind = c.what == act::add_option || (c.what == act::amend_option && !c.detail.empty());
    if (says_kind && !rule.kinds.empty() && !p_.by->option_kind_named(c.detail)) {
        std::string known;
        for (const auto& k : rule.kinds) known += (known.empty() ? "" : ", ") + k.name;
        return refused(refused_by::input, in_quotes(c.detail) + " is no kind of option here", {}, "one of: " + known);
    }
    if (says_kind && rule.kinds.empty() && !c.detail.empty()) return refused(refused_by::input, "options have no kinds here", {}, "leave it out");
    if (c.what == act::add_option) {
        if (!is_option_name(c.subject))
            return refused(refused_by::input, in_quotes(c.subject) + " can't be the name of an option", {}, "letters, digits, _ - . /; the title may say more");
        if (o != nullptr) return refused(refused_by::state, "there is an option " + in_quotes(c.subject) + " already", {}, "choose another name");
        if (p_.by->count.most_per_affiliation != 0) {
            const auto stands = people_.find_person(c.subject);
            const bool twice = stands && std::any_of(p_.options.begin(), p_.options.end(), [&](const ballot_option& x) { return people_.find_person(x.name) == stands; });
            if (!stands || twice)
                return refused(refused_by::rule, in_quotes(c.subject) + (twice ? " stands already" : " is nobody known"), "most per affiliation",
                               "options are people here, by id or handle");
        }
        if (p_.options.size() >= most_ballot_options) return refused(refused_by::input, "too many options");
        return std::nullopt;
    }
    if (o == nullptr) return refused(refused_by::input, in_quotes(c.subject) + " is no option here");
    if (c.what == act::amend_option && c.text.empty() && c.detail.empty())
        return refused(refused_by::input, "this changes nothing of " + in_quotes(c.subject), {}, "say its new title, or its kind");
    if (o->withdrawn) return refused(refused_by::state, in_quotes(c.subject) + " was withdrawn");
    if (!o->mover) return refused(refused_by::rule, in_quotes(c.subject) + " is on every ballot, as the charter says", "options: fixed");
    const bool sponsors = std::find(o->sponsors.begin(), o->sponsors.end(), by.whom) != o->sponsors.end();
    if (c.what == act::sponsor && (sponsors || *o->mover == by.whom))
        return refused(refused_by::state, name + (sponsors ? " sponsors " : " put forward ") + in_quotes(c.subject) + " already");
    return std::nullopt;
}

/// A tie is broken for one of those whom the count left tied.
std::optional<refusal> stepper::tie_refused(const command& c) const {
    const auto counted = count_options(p_, c.at, around_);
    if (!counted) return refused(refused_by::input, "this process counts no ballots about options");
    if (counted->ballots == 0) return refused(refused_by::state, "nobody has voted: there is nothing to break a tie of");
    if (!counted->paused) return refused(refused_by::state, "there is no tie that waits to be broken");
    std::string tied;
    for (const auto o : counted->undecided) {
        if (counted->options[o] == c.subject) return std::nullopt;
        tied += (tied.empty() ? "" : ", ") + counted->options[o];
    }
    return refused(refused_by::state, in_quotes(c.subject) + " is not among the tied", {}, "one of: " + tied);
}

/// A seat falls vacant once it is known who was elected: by one of this ballot, or by somebody whom another count had elected.
std::optional<refusal> stepper::vacancy_refused(const command& c) const {
    if (p_.by->count.method.empty()) return refused(refused_by::input, "this process counts no ballots about options: nobody is elected");
    if (!p_.elected) return refused(refused_by::state, "nobody is elected yet", {}, "wait for the outcome, or withdraw the option");
    if (c.detail == elected_elsewhere) {
        if (p_.option_named(c.subject) != nullptr)
            return refused(refused_by::input, in_quotes(c.subject) + " is an option here", {}, "leave out \"elsewhere\"");
        if (p_.by->count.seats + p_.more_seats >= most_seats) return refused(refused_by::input, "too many seats");
        return std::nullopt;
    }
    if (!c.detail.empty()) return refused(refused_by::input, in_quotes(c.detail) + " says nothing about a vacancy", {}, "\"elsewhere\", or nothing");
    const auto* o = p_.option_named(c.subject);
    if (o == nullptr)
        return refused(refused_by::input, in_quotes(c.subject) + " is no option here", {}, "say \"elsewhere\" of somebody whom another count elected");
    if (o->withdrawn) return refused(refused_by::state, in_quotes(c.subject) + " isn't on the ballot any more");
    if (p_.by->options.otherwise && o == &p_.options[*p_.by->options.otherwise])
        return refused(refused_by::rule, in_quotes(c.subject) + " is the default option, not somebody who can leave", "options: default");
    return std::nullopt;
}

std::optional<refusal> stepper::proposal_refused(const command& c) const {
    if (c.what == act::propose) {
        if (!c.subject.empty() && !p_.by->disposition_named(c.subject)) {
            std::string known;
            for (const auto& d : p_.by->dispositions) known += (known.empty() ? "" : ", ") + d;
            return refused(refused_by::input, in_quotes(c.subject) + " is no disposition of this process", {},
                           known.empty() ? "it has none" : "one of: " + known);
        }
        if (c.subject.empty() && !p_.by->dispositions.empty())  // nor has the charter one for that: `command_at` would have named it
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
    const auto by = parse_duration(c.subject).value();  // misshapen otherwise
    if (by.count() <= 0) return refused(refused_by::input, in_quotes(c.subject) + " is no duration", {}, "such as \"10 days\"");
    const auto& most = p_.now().most_extension;
    if (!most) return refused(refused_by::rule, "stage " + in_quotes(p_.now().title) + " can't be extended", "extend");
    if (p_.extension + by > *most)
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
        case act::sponsor:
            if (!c.subject.empty()) return option_refused(c, by);
            [[fallthrough]];
        case act::hold: case act::release: return standing_refused(c, by);
        case act::add_option: case act::amend_option: case act::withdraw_option: return option_refused(c, by);
        case act::break_tie: return tie_refused(c);
        case act::vacate: return vacancy_refused(c);
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
        case act::delegate: return delegation_refused(c, by);
        case act::link: {
            const bool child = std::any_of(p_.children.begin(), p_.children.end(), [&](const quorate::child& x) { return x.id == c.subject; });
            if (!child || c.detail == link_opened || phase_named(c.detail)) return std::nullopt;
            return refused(refused_by::input, in_quotes(c.detail) + " is no outcome of a proposal", {}, "a phase, such as \"accepted\"");
        }
        default: return std::nullopt;
    }
}

}  // namespace quorate
