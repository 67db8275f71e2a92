// Exits: which holds, taking it, and when time alone will make one hold.
#include <algorithm>
#include <set>

#include "proposal_count.hpp"
#include "proposal_fold.hpp"
#include "proposal_places.hpp"
#include "proposal_step.hpp"

namespace quorate {

void stepper::emit(event&& e, std::optional<person> by, std::span<const person> named) {
    e.noted = std::max(noted_, e.at);
    event_fold(p_, e, people_, by, named)().value();
    if (out_.kept == kept_events::all || (out_.kept == kept_events::moves && e.kind == event_kind::moved)) out_.events.push_back(std::move(e));
}

/// The evidence for deciding; taken anew only when something has happened since, or at another instant.
const evidence& stepper::evidence_at(instant at) {
    if (taken_version_ != p_.version || taken_at_ != at) {
        taken_version_ = p_.version;
        taken_at_ = at;
        taken_ = &evidence_.take(p_, at, around_, p_.by->asks_ahead);
    }
    return *taken_;
}

std::optional<instant> deadline_of(const proposal& p, const stage_exit& x) {
    const auto length = x.length + p.extension;
    if (x.by == trigger::held) {
        const auto& since = p.holds_since[static_cast<std::size_t>(&x - p.now().exits.data())];
        return since ? std::optional(*since + length) : std::nullopt;
    }
    if (x.by != trigger::after) return std::nullopt;
    if (!x.anchor_fact.empty()) {
        for (const auto& f : p.facts)
            if (f.name == x.anchor_fact) return f.at + length;
        return std::nullopt;
    }
    if (!x.anchor) {
        if (!p.runs_since) return std::nullopt;
        return *p.runs_since + (length - p.ran);
    }
    switch (*x.anchor) {
        case since_kind::revision: return p.revised_at.value_or(p.opened) + length;
        case since_kind::proposal: return p.proposed_at ? std::optional(*p.proposed_at + length) : std::nullopt;
        case since_kind::ballot: return p.ballot_at ? std::optional(*p.ballot_at + length) : std::nullopt;
        case since_kind::concern: return p.concern_at ? std::optional(*p.concern_at + length) : std::nullopt;
        case since_kind::second: {
            const auto oldest = p.oldest_second();
            return oldest ? std::optional(*oldest + length) : std::nullopt;
        }
        case since_kind::oldest_concern: {
            const auto oldest = p.oldest_concern();
            return oldest ? std::optional(*oldest + length) : std::nullopt;
        }
        case since_kind::option: return p.option_at ? std::optional(*p.option_at + length) : std::nullopt;
        case since_kind::threshold: {
            std::optional<instant> first;
            for (const auto& h : p.holds_since)
                if (h) first = first ? std::min(*first, *h) : *h;
            return first ? std::optional(*first + length) : std::nullopt;
        }
    }
    return std::nullopt;
}

move_facts facts_for_law(const proposal& p, const stage_exit& x, const command* after) {
    const bool command = x.by == trigger::on;
    return {.why = command ? (after->what == act::link ? cause::link : cause::command)
                           : (x.by == trigger::after ? cause::time : cause::rule),
            .met = true,
            .concerns_open = p.by->concerns.blocking && p.open_concerns() > 0,
            .overridden = p.overridden,
            .reopening = after != nullptr && row_of(after->what).of == act_class::reopen};
}

/// What an exit asks for besides its rules: the act that it waits for, or its instant.
static bool is_time_for(const proposal& p, const stage_exit& x, instant at, const command* after) {
    switch (x.by) {
        case trigger::on: return after != nullptr && covers(x.acts, *after);
        case trigger::when: case trigger::unless: return true;
        case trigger::held: case trigger::after: break;
    }
    const bool stopped = x.by == trigger::after && !x.anchor && x.anchor_fact.empty() && !p.runs_since;
    if (stopped) return p.ran >= x.length + p.extension;
    const auto due = deadline_of(p, x);
    return due && at >= *due;
}

static bool has_rules(const stage_exit& x) { return x.by == trigger::when || x.by == trigger::unless || !x.condition.empty(); }
static bool rules_hold(const stage_exit& x, const evidence& e) {
    if (x.by == trigger::when && read_now(x.when.view(), e) != truth::met) return false;
    if (x.by == trigger::unless && read_now(x.when.view(), e) == truth::met) return false;
    return x.condition.empty() || read_now(x.condition.view(), e) == truth::met;
}

bool exit_holds(const proposal& p, const stage_exit& x, instant at, const command* after, const evidence& e) {
    return is_time_for(p, x, at, after) && rules_hold(x, e);
}

/// Whether there is a place for it in that stage.
bool stepper::has_place(std::uint16_t to, instant at) {
    const auto& places = p_.by->stages[to].places;
    if (!places || to == p_.stage || around_.others.empty()) return true;
    const auto there = others_in(p_, to, at, around_).size();
    if (there >= *places) return false;
    if (there + ahead_of(p_, to, at, around_).size() < *places) return true;
    if (!out_.place_left) out_.place_left = at;
    return false;
}

std::optional<std::size_t> stepper::first_exit(instant at, const command* after, bool open_ends_only) {
    const auto& exits = p_.now().exits;
    for (std::size_t i = 0; i < exits.size(); ++i) {
        const auto& x = exits[i];
        if (open_ends_only && (x.by != trigger::after || x.closed_end)) continue;
        if (!is_time_for(p_, x, at, after)) continue;
        if (has_rules(x) && !rules_hold(x, evidence_at(at))) continue;  // evidence is taken for those who read it
        const auto to = p_.target_of(x);
        if (!to) continue;
        const auto into = p_.by->stages[*to].in;
        if (around_.taken != nullptr && is_open(into) && !is_open(p_.in())) continue;
        const auto answer = move(p_.in(), into, facts_for_law(p_, x, after));
        if (!answer.refused() && has_place(*to, at)) return i;
    }
    return std::nullopt;
}

/// Records where a rule that has to hold for a while began to, or ceased to, and where the stage's clock starts or stops.
void stepper::note_conditions(instant at) {
    const auto& s = p_.now();
    if (!s.watches && s.clock_runs.empty()) return;
    const auto& e = evidence_at(at);
    const auto  note = [&](std::int64_t which, bool holds) {
        event happened{.kind = event_kind::condition, .at = at, .detail = s.name, .number = which, .flag = holds};
        emit(std::move(happened));
    };
    if (!s.clock_runs.empty()) {
        const bool runs = read_now(s.clock_runs.view(), e) == truth::met;
        if (runs != p_.runs_since.has_value()) note(-1, runs);
    }
    for (std::size_t i = 0; i < s.exits.size(); ++i) {
        if (s.exits[i].by != trigger::held) continue;
        const bool met = read_now(s.exits[i].when.view(), e) == truth::met;
        if (met != p_.holds_since[i].has_value()) note(static_cast<std::int64_t>(i), met);
    }
}

/// Effects say what they are about as it stands when they come up: more may happen at the same instant.
void stepper::add_effects(const std::vector<effect_template>& list, instant at) {
    if (out_.kept != kept_events::all) return;
    constexpr std::size_t most_more = 4;  // fields that are added below
    for (const auto& wanted : list) {
        effect_template effect{.kind = wanted.kind, .fields = {}};
        effect.fields.reserve(wanted.fields.size() + most_more);
        effect.fields.assign(wanted.fields.begin(), wanted.fields.end());
        effect.fields.emplace_back("subject", p_.subject);
        effect.fields.emplace_back("stage", p_.now().name);
        if (p_.disposition) effect.fields.emplace_back("disposition", p_.by->dispositions[*p_.disposition]);
        // Whoever is elected is told when the outcome is: until then a hidden tally stays hidden.
        if (!is_open(p_.in()) && !p_.by->count.method.empty()) {
            std::string elected;
            for (const auto& name : p_.elected.value_or(std::vector<std::string>{})) elected += (elected.empty() ? "" : ", ") + name;
            effect.fields.emplace_back("elected", elected);
        }
        out_.effects.emplace_back(at, std::move(effect));
    }
}

/// What is voted on is settled when the formal say begins, and who is elected when it is over: later changes of the roster, or of who
/// sponsors what, must not change either.
void stepper::note_options(event& moved, phase to, instant at) {
    if (p_.by->options.some && to == phase::approval && p_.in() != phase::approval)
        for (const auto o : options_on_ballot(p_, evidence_at(at))) moved.names.push_back(p_.options[o].name);
    if (!p_.by->count.method.empty() && !is_open(to) && is_open(p_.in())) {
        const auto counted = count_options(p_, people_, evidence_at(at));
        for (const auto o : counted.elected) moved.names.push_back(counted.options[o]);
    } else if (!is_open(to) && p_.elected) {
        moved.names = *p_.elected;
    }
}

void stepper::take_exit(std::size_t i, instant at, const command* after, cause why) {
    const auto& from = p_.now();
    const auto& x = from.exits[i];
    const auto& to = p_.by->stages[*p_.target_of(x)];
    if (from.places && &to != &from && !out_.place_left) out_.place_left = at;
    const bool  by_command = x.by == trigger::on;
    const bool  by_time = x.by == trigger::after || x.by == trigger::held || why == cause::time;
    event       moved{.kind = event_kind::moved,
                      .done = after != nullptr ? after->what : act::advance,
                      .why = by_command ? (after->what == act::link ? cause::link : cause::command) : by_time ? cause::time : cause::rule,
                      .at = at,
                      .by = by_command ? actor_ : std::string(),
                      .subject = to.name,
                      .detail = from.name,
                      .number = static_cast<std::int64_t>(i)};
    note_options(moved, to.in, at);
    emit(std::move(moved));
    if (p_.by->electorate.taken_in(to.name)) take_electorate(at);
    add_effects(x.effects, at);
    add_effects(to.effects, at);
    // Ballots that the charter casts on the way in, such as the proposer's own approval.
    for (const auto& b : x.cast) {
        std::vector<person> voters;
        for (const auto& v : p_.voters)
            if (!p_.is_aside(v.who) && std::find(voters.begin(), voters.end(), v.who) == voters.end() && contains(b.who.view(), b.who.root, v.who, p_, around_)) voters.push_back(v.who);
        for (const auto who : voters) {
            event ballot{.kind = event_kind::acted, .done = act::cast, .why = cause::rule, .at = at,
                         .by = std::string(people_.id(who)), .subject = p_.by->positions[b.position].name};
            emit(std::move(ballot));
        }
    }
}

/// Takes exits until none holds. `after` is the act that may trigger "on" exits, in the first round only.
void stepper::settle(instant at, const command* after, cause why, bool open_ends_only) {
    for (std::size_t moves = 0;; ++moves) {
        note_conditions(at);
        const auto i = first_exit(at, after, open_ends_only);
        if (!i) break;
        if (moves == most_moves)
            throw failure(make_error(errc::limit, "the exits of process \"" + p_.by->name + "\" go round in a circle: more than " +
                                                      std::to_string(most_moves) + " moves at one instant", p_.id));
        take_exit(*i, at, after, why);
        after = nullptr;
        open_ends_only = false;
    }
    // Before a command at this very instant, windows with a closed end are still to come.
    p_.due = next_due(open_ends_only ? at - duration{1} : at);
}

/// The next instant after `at` at which time alone changes what some exit reads. Not every such instant moves the proposal, but
/// none that does is missed.
std::optional<instant> stepper::next_due(instant at) {
    const auto&            s = p_.now();
    std::optional<instant> due;
    const auto             consider = [&](std::optional<instant> t) {
        if (t && *t > at && (!due || *t < *due)) due = t;
    };
    if (s.exits.empty()) return due;
    const evidence* e = nullptr;
    const auto      flip = [&](const rule& r) {
        if (e == nullptr) e = &evidence_at(at);
        duration next = never;
        (void)read_now(r.view(), *e, &next);
        if (next != never && next <= latest_instant - at) consider(at + next);
    };
    if (!s.clock_runs.empty()) flip(s.clock_runs);
    for (const auto& x : s.exits) {
        if (x.by == trigger::after || x.by == trigger::held) consider(deadline_of(p_, x));
        if (!x.reads_clocks) continue;
        if (!x.when.empty()) flip(x.when);
        if (!x.condition.empty()) flip(x.condition);
    }
    return due;
}

void stepper::time_until(instant now, instant noted) {
    noted_ = noted;
    actor_.clear();
    // A charter can make an exit due at most once an instant; the number of instants is bounded by the span of the calendar,
    // and each step either moves the proposal or passes one flip of one clock.
    for (std::size_t steps = 0; p_.due && *p_.due <= now; ++steps) {
        constexpr std::size_t most_steps = 100'000;
        if (steps == most_steps) throw failure(make_error(errc::limit, "time alone moves this proposal without end", p_.id));
        settle(*p_.due, nullptr, cause::time);
    }
}

void stepper::take_electorate(instant at) {
    const auto&         rule = p_.by->electorate;
    event               taken{.kind = event_kind::electorate, .at = at};
    std::vector<person> named;
    if (rule.by == counted_by::seat) {
        for (const auto t : people_.teams())
            for (const auto& s : people_.seats(t))
                if (const seat_of one{t, &s}; s.counts() && names_body(rule.of, t, people_) &&
                    contains(rule.of.view(), rule.of.root, *s.holder, p_, around_, nullptr, std::nullopt, &one))
                    taken.names.push_back(s.name + "=" + std::string(people_.id(*s.holder)));
    } else {
        const bool            voices = rule.by == counted_by::organisation;
        std::set<std::string> heard;
        auto                  electors = electors_of(p_, around_);
        taken.names.reserve(electors.size());
        for (const auto who : electors) {
            std::string id(people_.id(who));
            if (voices) {
                const auto belongs = people_.affiliations(who);
                const auto voice = belongs.empty() ? id : belongs.front();
                if (!heard.insert(voice).second) continue;
                id = voice + "=" + id;
            }
            taken.names.push_back(std::move(id));
        }
        if (!voices && rule.weight.empty()) named = std::move(electors);  // weights make several votes of one, or none
    }
    add_weights(taken);
    if (taken.names.size() > most_voters)
        throw failure(make_error(errc::limit, "an electorate of more than " + std::to_string(most_voters), p_.id));
    emit(std::move(taken), {}, named);
}

/// Acts after which a set over the proposal itself (its teams, proposer, offices, seconders) may hold other people; and those that
/// take a proposal up again, since nobody followed the roster while it rested.
bool stepper::changes_electorate(act a) {
    return a == act::propose || a == act::assign || a == act::adopt || a == act::appoint || a == act::second ||
           a == act::withdraw_second || a == act::recuse || a == act::rejoin || row_of(a).of == act_class::reopen;
}

/// Takes a live electorate anew; nothing is recorded when it is what it was.
void stepper::follow_electorate(instant at) {
    if (p_.by->electorate.taken != electorate_taken::live) return;
    const auto events = out_.events.size();
    auto       before = p_;
    take_electorate(at);
    const auto same = [](const voter& a, const voter& b) { return a.who == b.who; };  // of seats each voter has the one in the same place
    if (before.seats == p_.seats && before.weights == p_.weights && before.delegates == p_.delegates && before.stakes == p_.stakes &&
        std::equal(before.voters.begin(), before.voters.end(), p_.voters.begin(), p_.voters.end(), same)) {
        p_ = std::move(before);
        taken_version_ = 0;
        out_.events.resize(events);
    }
}

void stepper::take_place(instant now) {
    time_until(now - duration{1}, now);
    noted_ = now;
    settle(now, nullptr, cause::rule);
}

void stepper::opened(instant at) {
    noted_ = at;
    const bool later = p_.by->electorate.taken == electorate_taken::on_act || p_.by->electorate.taken == electorate_taken::on_entry;
    if (!later || p_.by->electorate.taken_in(p_.now().name)) take_electorate(at);
    add_effects(p_.now().effects, at);
    settle(at, nullptr, cause::rule);
}

/// Whether some stage lets this person do it: not every stage does, and who is of a team is so in all of them.
bool stepper::may_ever(act what, person who, const concern* about) const {
    return std::any_of(p_.by->stages.begin(), p_.by->stages.end(), [&](const stage& s) {
        return std::any_of(s.allow.begin(), s.allow.end(), [&](const permission& a) {
            return a.what == what && !a.for_another && contains(a.who.view(), a.who.root, who, p_, around_, about);
        });
    });
}

/// Seconds and holds of those who may no longer give them are taken back, where the charter says so.
void stepper::drop_standing(instant at) {
    if (p_.by->standing == on_leaving::stays) return;
    std::vector<event> gone;
    const auto         drop = [&](act undo, person who, std::string subject) {
        gone.push_back({.kind = event_kind::acted, .done = undo, .why = cause::rule, .at = at,
                        .on_behalf_of = std::string(people_.id(who)), .subject = std::move(subject)});
    };
    for (const auto& s : p_.seconds)
        if (!may_ever(act::second, s.who)) drop(act::withdraw_second, s.who, {});
    for (const auto& c : p_.concerns)
        for (const auto who : c.seconds)
            if (c.state == concern_state::open && !may_ever(act::second, who, &c)) drop(act::withdraw_second, who, c.name);
    for (const auto& h : p_.holds)
        if (!may_ever(act::hold, h.who)) drop(act::release, h.who, {});
    for (auto& e : gone) emit(std::move(e));
}

void stepper::surroundings_changed(instant now) {
    time_until(now - duration{1}, now);
    noted_ = now;
    if (!is_open(p_.in())) return;
    follow_electorate(now);
    if (p_.by->concerns.when_raiser_leaves == on_leaving::lapses) {
        std::vector<std::string> lapsed;
        for (const auto& c : p_.concerns)
            if (c.state == concern_state::open && !may_ever(act::raise, c.raiser)) lapsed.push_back(c.name);
        for (auto& name : lapsed) {
            event closed{.kind = event_kind::acted, .done = act::resolve, .why = cause::rule, .at = now, .subject = std::move(name)};
            emit(std::move(closed));
        }
    }
    drop_standing(now);
    settle(now, nullptr, cause::rule);
}

}  // namespace quorate
