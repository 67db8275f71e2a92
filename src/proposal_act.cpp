// Acting on a command: what it does, what a child's outcome does, and how a proposal is opened.
#include <algorithm>
#include <utility>

#include "as_result.hpp"
#include "json.hpp"
#include "proposal_count.hpp"
#include "proposal_places.hpp"
#include "proposal_step.hpp"

namespace quorate {

using json_text::in_quotes;

void stepper::act_on(const command& c, const actors& by) {
    event e{.kind = event_kind::acted, .done = c.what, .why = cause::command, .at = c.at, .by = c.by.empty() ? std::string() : std::string(people_.id(by.who)),
            .subject = c.subject, .detail = c.detail, .text = c.text, .number = c.amount, .flag = c.truth};
    if (by.who != by.whom) e.on_behalf_of = people_.id(by.whom);
    // A ballot for a seat is the seat's: it goes under the name of its holder. That there is one is known: else it had been refused.
    if (p_.by->electorate.by != counted_by::person && (c.what == act::cast || c.what == act::withdraw_ballot))
        if (const auto holder = voter_of(p_, by.whom, people_)->who; holder != by.whom) e.on_behalf_of = people_.id(holder);
    for (const auto& name : c.names) {
        const auto t = c.what == act::propose || c.what == act::assign ? people_.team_named(name) : std::nullopt;
        const auto who = c.what == act::appoint ? people_.find_person(name) : std::nullopt;
        e.names.push_back(t ? std::string(people_.name(*t)) : who ? std::string(people_.id(*who)) : name);
    }
    if (c.what == act::delegate && !c.subject.empty()) e.subject = people_.id(*people_.find_person(c.subject));
    if (c.what == act::break_tie) {  // a choice is of this very tie
        const auto counted = count_options(p_, c.at, around_).value();
        for (const auto o : counted.undecided) e.names.push_back(counted.options[o]);
    }
    if (c.what == act::extend) e.number = parse_duration(c.subject)->count();
    actor_ = e.by;
    const bool alone = !e.by.empty() && e.on_behalf_of.empty();
    emit(std::move(e), alone ? std::optional(by.who) : std::nullopt);
    if ((c.what == act::vacate || c.what == act::break_tie) && p_.elected) elect_again(c.at);
    const auto& rule = p_.by->electorate;
    if (rule.taken == electorate_taken::on_act && std::find(rule.on.begin(), rule.on.end(), c.what) != rule.on.end()) take_electorate(c.at);
    // Once it is decided the ballots stay those that decided it, for whatever is counted again.
    if (changes_electorate(c.what) && (is_open(p_.in()) || row_of(c.what).of == act_class::reopen)) follow_electorate(c.at);
    // That a proposal was opened under this one triggers nothing by itself: what came of it may.
    const bool opened = c.what == act::link && c.detail == link_opened;
    settle(c.at, opened ? nullptr : &c, cause::rule);
    if (c.what == act::link) react_to_child(c);
}

/// After an outcome: who is elected from now on, where the count says otherwise than before.
void stepper::elect_again(instant at) {
    const auto counted = count_options(p_, at, around_).value();
    event      now{.kind = event_kind::elected, .done = act::advance, .at = at};
    for (const auto o : counted.elected) now.names.push_back(counted.options[o]);
    if (!problem_of(counted).empty()) return;  // the seat stays vacant
    if (now.names != *p_.elected) emit(std::move(now));
}

/// Whether a link tells of this outcome. Its names are the child's process, what it is about, and its disposition.
static bool tells(const command& link, const child_outcome& of) {
    return !link.names.empty() && link.names[0] == of.process && link.detail == to_string(of.outcome) &&
           (of.disposition.empty() || (link.names.size() > 2 && link.names[2] == of.disposition));
}

/// Whether some exit of the stage is taken when somebody does it.
bool stepper::waits_for(act a) const {
    const auto& exits = p_.now().exits;
    return std::any_of(exits.begin(), exits.end(), [a](const stage_exit& x) {
        return std::any_of(x.acts.begin(), x.acts.end(), [a](const act_pattern& on) { return on.what == a; });
    });
}

/// What a child's outcome does here, as the charter says: done with the charter's authority, not a person's.
void stepper::react_to_child(const command& link) {
    const auto& all = p_.by->children;
    const auto  reaction = std::find_if(all.begin(), all.end(), [&](const child_reaction& r) { return tells(link, r.to); });
    if (reaction == all.end()) return;
    for (const auto a : reaction->does) {
        command c{.what = a, .text = "outcome of " + link.subject, .at = link.at};
        if (a == act::revise) {
            c.subject = link.subject;
            c.detail = reaction->revision;
        } else if (row_of(a).subject == "concern" && link.names.size() > 1) {
            c.subject = link.names[1];
        }
        auto no = law_refuses(c);
        if (!no && !is_open(p_.in()) && !waits_for(a))
            no = refused(refused_by::state, "it is no longer open, and stage " + in_quotes(p_.now().title) + " has no exit for that");
        if (!no) no = state_refuses(c, {});
        if (!no) {
            act_on(c, {});
            continue;
        }
        // What the outcome was to act on may be gone by now. Nobody asked who could be told: it is put on record.
        event skipped{.kind = event_kind::refused, .done = a, .why = cause::link, .at = link.at,
                      .subject = c.subject, .detail = link.subject, .text = to_string(*no)};
        emit(std::move(skipped));
    }
}

std::optional<refusal> stepper::command_at(const command& asked) {
    // What is proposed without a disposition has the one that the charter names for that.
    auto with_default = std::optional<command>{};
    if (asked.what == act::propose && asked.subject.empty() && p_.by->default_disposition)
        with_default.emplace(asked).subject = p_.by->dispositions[*p_.by->default_disposition];
    const auto& c = with_default ? *with_default : asked;
    if (auto no = input_refused(c)) return no;
    if (c.what == act::advance) {
        time_until(c.at, c.at);
        return std::nullopt;
    }
    // What is due earlier happens first; at the same instant the window's own flag says who goes first.
    if (p_.due && *p_.due < c.at) time_until(c.at - duration{1}, c.at);
    noted_ = c.at;
    if (p_.due && *p_.due == c.at) settle(c.at, nullptr, cause::time, true);

    actors by;
    if (c.by.empty() && (row_of(c.what).of != act_class::record || !c.on_behalf_of.empty()))
        return refused(refused_by::input, std::string(to_string(c.what)) + " must say who does it");
    if (!c.by.empty()) {
        const auto who = people_.find_person(c.by);
        if (!who) return refused(refused_by::input, "nobody is known as " + in_quotes(c.by));
        by.who = by.whom = *who;
        if (!c.on_behalf_of.empty()) {
            const auto whom = people_.find_person(c.on_behalf_of);
            if (!whom) return refused(refused_by::input, "nobody is known as " + in_quotes(c.on_behalf_of));
            by.whom = *whom;
        }
    }
    if (auto no = law_refuses(c)) return no;
    const bool about_concern = c.what == act::resolve || c.what == act::override_ || c.what == act::second ||
                               c.what == act::withdraw_second;
    const auto* about = about_concern ? open_concern(c.subject) : nullptr;
    // Whoever put an option forward is to it what a concern's raiser is to the concern.
    std::optional<concern> like_concern;
    const auto*            option = row_of(c.what).subject == "option" ? p_.option_named(c.subject) : nullptr;
    if (option != nullptr && option->mover) {
        like_concern.emplace().raiser = *option->mover;
        about = &*like_concern;
    }
    std::vector<team_id> named;
    for (const auto& t : c.names) {
        if (c.what != act::propose && c.what != act::assign) break;
        const auto team = people_.team_named(t);
        if (!team) return refused(refused_by::input, "there is no team " + in_quotes(t));
        named.push_back(*team);
    }
    if (!named.empty())
        if (auto no = teams_refused(*p_.by, named, people_)) return no;
    if (c.what == act::propose && !c.names.empty()) {
        // Whoever proposes for named teams must be allowed to by those teams, not by the ones named before.
        const auto before = std::exchange(p_.teams, std::move(named));
        auto no = not_permitted(c, by, about);
        p_.teams = before;
        if (no) return no;
    } else if (auto no = not_permitted(c, by, about)) {
        // For a concern that doesn't exist "only its raiser may" would be a riddle.
        if (about_concern && about == nullptr && !c.subject.empty()) no = state_refuses(c, by);
        return no;
    }
    if (auto no = state_refuses(c, by)) return no;
    act_on(c, by);
    return std::nullopt;
}

// ---- the public functions ----------------------------------------------------------------------------------------------------
result<std::optional<refusal>> handle(proposal& p, const command& c, const surroundings& around, step_output& out) {
    return as_result([&]() -> result<std::optional<refusal>> { return stepper(p, around, out).command_at(c); });
}

result<void> pass_time(proposal& p, instant now, const surroundings& around, step_output& out) {
    return as_result([&] { stepper(p, around, out).time_until(now, now); });
}

result<void> follow_surroundings(proposal& p, instant now, const surroundings& around, step_output& out) {
    return as_result([&] { stepper(p, around, out).surroundings_changed(now); });
}

result<void> take_place(proposal& p, instant now, const surroundings& around, step_output& out) {
    return as_result([&] { stepper(p, around, out).take_place(now); });
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
    if (const auto places = by.stages.front().places) {
        const auto there = others_in(p, 0, at, around).size();
        if (there >= *places)
            return refused(refused_by::rule, "no place is free in stage " + in_quotes(by.stages.front().title) + ", where a " + in_quotes(by.title) +
                                                 " starts: " + std::to_string(there) + (there == 1 ? " is there" : " are there"),
                           "places: " + std::to_string(*places), "wait until one has left it");
    }
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
    p = begin(std::move(id), opened, under, people).value();  // of a process and an author that are known
    if (auto no = opening_refused(p, o.at, around)) return answer(std::move(no));
    if (auto no = teams_refused(*by, p.teams, people)) return answer(std::move(no));
    if (out.kept == kept_events::all) out.events.push_back(std::move(opened));
    return as_result([&]() -> result<answer> {
        stepper(p, around, out).opened(o.at);
        return answer();
    });
}

}  // namespace quorate
