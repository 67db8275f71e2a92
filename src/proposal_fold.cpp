// The fold: which event does what, the way from stage to stage, and how a proposal begins.
#include "proposal_fold.hpp"

#include <algorithm>
#include <tuple>

namespace quorate {

result<void> event_fold::operator()() {
    bool       fine = true;
    const auto known = [&](const std::string& id, person& found) {
        const auto named = who(id);
        fine = fine && named;
        found = named.value_or(person{});
    };
    if (!known_) {
        if (!e_.by.empty()) known(e_.by, actor_);
        beneficiary_ = actor_;
        if (!e_.on_behalf_of.empty()) known(e_.on_behalf_of, beneficiary_);
    }
    if (!fine) return make_error(errc::damaged, "it names a person whom the roster does not know", p_.id);
    switch (e_.kind) {
        case event_kind::acted: fine = acted() && !by_nobody_; break;
        case event_kind::moved: fine = moved(); break;
        case event_kind::electorate: fine = electorate(); break;
        case event_kind::condition: fine = condition(); break;
        case event_kind::elected: fine = elected(); break;
        case event_kind::refused: p_.unheeded.push_back({e_.done, e_.subject, e_.detail}); break;
        default: fine = false; break;
    }
    if (!fine)
        return make_error(errc::damaged, "event " + std::to_string(p_.version + 1) + " (" + std::string(to_string(e_.kind)) +
                                             ") does not fit the charter it was opened under", p_.id);
    ++p_.version;
    p_.last = e_.at;
    return {};
}

/// Inserts into a sorted list, once.
static void add_to(std::vector<person>& all, person who) {
    const auto at = std::lower_bound(all.begin(), all.end(), who);
    if (at == all.end() || *at != who) all.insert(at, who);
}

bool event_fold::acted() {
    if (!e_.by.empty()) add_to(p_.participants, actor_);
    switch (e_.done) {
        case act::cast: return cast();
        case act::withdraw_ballot: return withdraw_ballot();
        case act::delegate: return delegate();
        case act::raise:
            p_.concerns.push_back({.name = e_.subject, .raiser = beneficiary(), .raised = e_.at, .seconds = {}});
            p_.concern_at = e_.at;
            return true;
        case act::resolve: return close_concern(concern_state::resolved);
        case act::override_:
            if (!e_.subject.empty()) return close_concern(concern_state::overridden);
            return p_.overridden = true;
        case act::second: return second();
        case act::withdraw_second: return withdraw_second();
        case act::hold: p_.holds.push_back({beneficiary(), e_.at}); return true;
        case act::release: return drop(p_.holds);
        case act::sponsor: return sponsor();
        case act::add_option: return add_option();
        case act::amend_option: return amend_option();
        case act::withdraw_option: return withdraw_option();
        case act::break_tie:
            p_.tie_choices.push_back({e_.names, e_.subject});
            return std::find(e_.names.begin(), e_.names.end(), e_.subject) != e_.names.end();
        case act::ask: p_.questions.push_back({.text_id = e_.subject, .asker = beneficiary()}); return true;
        case act::answer: return answer();
        case act::recuse: return recuse();
        case act::rejoin: return rejoin();
        case act::revise: return revise();
        case act::propose: return propose();
        case act::cancel: return cancel();
        case act::extend: return extend();
        case act::adopt:
            p_.proposer = beneficiary();
            return p_.proposed = true;
        case act::appoint: return appoint();
        case act::fact: return fact();
        case act::link: return link();
        case act::vacate: return vacate();
        case act::assign: take_teams(p_, e_.names, people_); return true;
        default: return true;  // what these do, exits do
    }
}

bool event_fold::revise() {
    p_.revised_at = e_.at;
    ++p_.revisions;
    p_.revision_kind = p_.by->revision_named(e_.detail);
    if (!p_.by->revisions.empty() && !p_.revision_kind) return false;
    if (p_.revision_kind) clear_ballots(p_.by->revisions[*p_.revision_kind].ballots);
    return true;
}

bool event_fold::propose() {
    p_.proposer = beneficiary();
    p_.proposed = true;
    p_.proposed_at = e_.at;
    if (!e_.subject.empty()) p_.disposition = p_.by->disposition_named(e_.subject);
    p_.teams_named = e_.names.size();
    if (!e_.names.empty()) take_teams(p_, e_.names, people_);
    return e_.subject.empty() || p_.disposition.has_value();
}

bool event_fold::cancel() {
    if (is_open(p_.in())) clear_round();  // what was decided stays on record: only an exit can undo it
    return true;
}

/// By no more than the charter lets all extensions come to.
bool event_fold::extend() {
    const auto& most = p_.now().most_extension;
    if (!most || !e_.number || *e_.number <= 0 || duration(*e_.number) > *most - p_.extension) return false;
    p_.extension += duration(*e_.number);
    return true;
}

/// What ballots said about them means nothing any more.
void event_fold::clear_options() {
    std::erase_if(p_.options, [](const ballot_option& o) { return o.mover.has_value(); });
    for (auto& v : p_.voters)
        if (v.choice != 0 && p_.by->positions[v.choice - 1U].says != marks::none) silence(v);
    p_.tie_choices.clear();
    p_.option_at.reset();
}

void event_fold::clear_round() {
    clear_ballots();
    p_.concerns.clear();
    p_.holds.clear();
    p_.seconds.clear();
    p_.disposition.reset();
    p_.proposed = false;
    p_.proposed_at.reset();
    p_.teams_named = 0;
    p_.tie_choices.clear();
    p_.overridden = false;
    if (p_.by->electorate.taken == electorate_taken::on_act) {  // nobody is waited for until it happens again
        nobody_counts();
    }
}

bool event_fold::moved() {
    if (!e_.number || *e_.number < 0 || static_cast<std::size_t>(*e_.number) >= p_.now().exits.size()) return false;
    const auto& x = p_.now().exits[static_cast<std::size_t>(*e_.number)];
    const auto  to = p_.target_of(x);
    if (!to || p_.by->stages[*to].name != e_.subject) return false;
    // From one end to the next those who were elected stay so, also where the options were cleared on the way.
    if (p_.by->options.some && p_.elected != e_.names && !names_options()) return false;
    clear_ballots(x.ballots);
    const auto to_phase = p_.by->stages[*to].in;
    if (!p_.by->count.method.empty() && !is_open(to_phase)) p_.elected = e_.names;
    if (p_.by->options.some && to_phase == phase::approval && p_.in() != phase::approval) p_.ballot_paper = e_.names;
    if (is_open(to_phase) && to_phase != phase::approval) p_.ballot_paper.reset();
    if (is_open(to_phase)) {
        p_.elected.reset();
        p_.vacated = p_.more_seats = 0;
    }
    if (x.concerns == upkeep::clear) p_.concerns.clear();
    if (x.seconds == upkeep::clear) p_.seconds.clear();
    if (x.options == upkeep::clear) clear_options();
    if (x.round == upkeep::clear) clear_round();
    if (x.disposition) p_.disposition = x.disposition;
    if (p_.by->goes_back && !x.before && *to != p_.stage) {
        p_.came_from.resize(p_.by->stages.size());
        p_.came_from[*to] = p_.stage;
    }
    if (p_.by->has_places && *to != p_.stage) {
        p_.left_at.resize(p_.by->stages.size());
        p_.left_at[p_.stage] = e_.at;
    }
    const auto [entered, ran, since] = std::tuple(p_.entered, p_.ran, p_.runs_since);
    enter(p_, *to, e_.at);
    if (x.keeps_clock) std::tie(p_.entered, p_.ran, p_.runs_since) = std::tuple(entered, ran, since);
    return true;
}

bool event_fold::condition() {
    if (!e_.number || !e_.flag) return false;
    if (*e_.number == -1) {
        if (*e_.flag) p_.runs_since = e_.at;
        else if (p_.runs_since) {
            p_.ran += e_.at - *p_.runs_since;
            p_.runs_since.reset();
        }
        return true;
    }
    const auto i = static_cast<std::size_t>(*e_.number);
    if (*e_.number < 0 || i >= p_.holds_since.size()) return false;
    p_.holds_since[i] = *e_.flag ? std::optional(e_.at) : std::nullopt;
    return true;
}

void event_fold::take_teams(proposal& p, const std::vector<std::string>& names, const roster& people) {
    p.teams.clear();
    p.teams_missing = false;
    for (const auto& name : names) {
        auto t = people.team_named(name);
        if (!t) t = removed_team(people, name);
        if (t) p.teams.push_back(*t);
        else p.teams_missing = true;
    }
}

/// A team that was removed since: it has no members any more, but it was named.
std::optional<team_id> event_fold::removed_team(const roster& people, std::string_view name) {
    const auto& all = people.document().teams;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].removed && all[i].name == name) return static_cast<team_id>(i);
    return std::nullopt;
}

void event_fold::enter(proposal& p, std::uint16_t stage, instant at) {
    p.stage = stage;
    p.entered = at;
    p.extension = {};
    p.ran = {};
    p.overridden = false;
    p.unheeded.clear();
    p.runs_since = at;  // a clock that must stand still is stopped by a condition event at the same instant
    p.holds_since.assign(p.by->stages[stage].exits.size(), std::nullopt);
}

result<void> apply(proposal& p, const event& e, const roster& people) { return event_fold(p, e, people)(); }

result<proposal> begin(std::string id, const event& opened, const charter& under, const roster& people) {
    proposal p;
    p.id = std::move(id);
    p.under = under;
    p.by = under.find(opened.detail);
    if (p.by == nullptr || opened.kind != event_kind::opened)
        return make_error(errc::damaged, "it was not opened under a process of its charter", p.id);
    p.subject = opened.subject;
    p.title = opened.text;
    p.parent = opened.parent;
    p.about = opened.about;
    p.opened = p.last = opened.at;
    p.version = 1;
    const auto author = people.find_person(opened.by);
    if (!author) return make_error(errc::damaged, "its author is unknown", p.id);
    p.author = p.proposer = *author;
    for (const auto& o : p.by->options.fixed)
        p.options.push_back({.name = o.name, .title = o.title, .kind = {}, .mover = {}, .sponsors = {}, .since = opened.at});
    event_fold::take_teams(p, opened.names, people);
    event_fold::enter(p, 0, opened.at);
    return p;
}

}  // namespace quorate
