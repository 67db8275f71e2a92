// What is looked at while situations and moves are at hand: what gets used, how decisions are taken, what the charter states.
#include <algorithm>

#include "proposal_step.hpp"
#include "verifying.hpp"

namespace quorate::verifying {

observations::observations(const process& p) : stages(p.stages.size()), exits(p.stages.size()), permissions(p.stages.size()), rules(p.rules.size()) {
    for (std::size_t i = 0; i < p.stages.size(); ++i) {
        exits[i].resize(p.stages[i].exits.size());
        permissions[i].resize(p.stages[i].allow.size());
    }
}

void observations::note(std::string id, sighting s) {
    const auto [at, fresh] = seen.try_emplace(std::move(id), s);
    if (!fresh && s.before(at->second)) at->second = std::move(s);
}

void observations::merge(const observations& o) {
    const auto join = [](std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
        for (std::size_t i = 0; i < a.size(); ++i) a[i] |= b[i];
    };
    join(stages, o.stages);
    join(rules, o.rules);
    for (std::size_t i = 0; i < exits.size(); ++i) {
        join(exits[i], o.exits[i]);
        join(permissions[i], o.permissions[i]);
    }
    for (const auto& [id, s] : o.seen) note(id, s);
    met.insert(met.end(), o.met.begin(), o.met.end());
}

namespace {

/// Calls `what` with the proposal as it was before each event, and the event.
template <class What>
void replay(const situation& from, const step_output& out, const roster& people, What what) {
    auto p = from.p;
    for (const auto& e : out.events) {
        what(p, e);
        if (e.kind != event_kind::opened && !apply(p, e, people)) return;
    }
}

/// Whether a rule that must hold for a time before it is accepted holds.
bool confirming(const proposal& p) {
    for (std::size_t i = 0; i < p.holds_since.size(); ++i) {
        const auto& x = p.now().exits[i];
        const auto  to = p.target_of(x);
        if (p.holds_since[i] && x.by == trigger::held && to && decided_for(p.by->stages[*to].in)) return true;
    }
    return false;
}

bool rejects(phase in) { return in == phase::rejected || in == phase::lapsed || in == phase::inconclusive || in == phase::postponed; }

}  // namespace

void watcher::rules_read(const proposal& p, instant at, const situation& s, evidence_of& scratch) {
    const evidence* e = nullptr;
    for (std::size_t i = 0; i < found.rules.size(); ++i) {
        if (found.rules[i] != 0) continue;
        if (e == nullptr) e = &scratch.take(p, at, w_.around(s), p.by->asks_ahead);
        const auto is = read_now(w_.by().rules[i].value.view(), *e);
        if (is == truth::met || is == truth::skipped) found.rules[i] = 1;  // what asks for nothing stops nothing
    }
}

void watcher::opening_seen(const step& opened) {
    found.stages[0] = 1;
    for (const auto& e : opened.out.events)
        if (e.kind == event_kind::moved) {
            const auto from = *w_.by().stage_named(e.detail);
            found.exits[from][static_cast<std::size_t>(*e.number)] = 1;
            found.stages[*w_.by().stage_named(e.subject)] = 1;
        }
}

void watcher::situation_seen(const situation& s, std::uint32_t state, evidence_of& scratch) {
    found.stages[s.p.stage] = 1;
    rules_read(s.p, s.now, s, scratch);
    properties(s, state, scratch);
    if (!thorough_) return;
    // What takes long is looked at in the first situations, and in some of all others.
    const bool sample = state < 200 || state % 101 == 0;
    if (!sample) return;
    explained(s, state, scratch);
    who_is_who(s, state, scratch);
}

void watcher::circle_seen(const situation& from, std::uint32_t state, std::uint16_t index) {
    const auto& name = w_.by().stages[from.p.stage].name;
    found.note("circle: " + name, {finding_kind::circle, from.p.stage, "From stage \"" + name + "\" exits lead to each other without end, at one instant.", state, index});
}

void watcher::move_seen(const situation& from, const move& m, const situation& to, const step_output& out, std::uint32_t state, std::uint16_t index, evidence_of& scratch) {
    if (m.what == move::kind::command) {
        used(from, m, scratch);
        confirmation(from, m, to, out, state, index, scratch);
    }
    const bool moved = std::any_of(out.events.begin(), out.events.end(), [](const event& e) { return e.kind == event_kind::moved; });
    if (moved) {
        bool fresh_rules = std::find(found.rules.begin(), found.rules.end(), 0) != found.rules.end();
        bool decides = false;
        for (const auto& e : out.events) {
            if (e.kind != event_kind::moved) continue;
            const auto at = *w_.by().stage_named(e.detail);
            const auto into = *w_.by().stage_named(e.subject);
            found.exits[at][static_cast<std::size_t>(*e.number)] = 1;
            found.stages[into] = 1;
            decides = decides || (is_open(w_.by().stages[at].in) && !is_open(w_.by().stages[into].in));
        }
        if (decides || fresh_rules)
            replay(from, out, w_.people(to.left), [&](const proposal& p, const event& e) {
                if (e.kind != event_kind::moved) return;
                if (fresh_rules) rules_read(p, e.at, to, scratch);
                const auto& into = w_.by().stages[*w_.by().stage_named(e.subject)];
                if (is_open(p.in()) && !is_open(into.in)) decided(p, to, e, state, index, scratch);
            });
    }
    if (thorough_) invariants(from, m, to, out, state, index);
}

/// Whether one ballot breaks off a confirmation so that nobody can answer it, or so that it can be broken off again and again.
void watcher::confirmation(const situation& from, const move& m, const situation& to, const step_output& out, std::uint32_t state, std::uint16_t index, evidence_of& scratch) {
    const bool ballot = m.c.what == act::cast || m.c.what == act::withdraw_ballot || m.c.what == act::delegate;
    if (!ballot || m.actor == move::host || !confirming(from.p)) return;
    const auto& s = from.p.now();
    const auto  ended = std::find_if(out.events.begin(), out.events.end(), [](const event& e) { return e.kind == event_kind::moved; });
    if (ended != out.events.end()) {
        const auto& x = s.exits[static_cast<std::size_t>(*ended->number)];
        if (ended->detail != s.name || x.by != trigger::after || !rejects(to.p.in())) return;
        found.note("confirmation lost: " + s.name, {finding_kind::confirmation_lost, from.p.stage,
                   "In stage \"" + s.name + "\" it is being confirmed and its time is over: one ballot that breaks this off, and it ends in \"" + to.p.now().name + "\" at once.", state, index});
        return;
    }
    // No clock ends it; and the same voter may cast as before.
    if (to.p.stage != from.p.stage || confirming(to.p) || to.p.due) return;
    world::records before, after;
    w_.records_of(from, before);
    std::vector<move> all;
    w_.moves_of(to, all, scratch);
    step_output none;
    for (const auto& again : all) {
        if (again.what != move::kind::command || again.c.what != act::cast || again.c.by != m.c.by || again.c.on_behalf_of != m.c.on_behalf_of) continue;
        auto back = to;
        if (w_.take(back, again, none, scratch) != tried::done || back.p.stage != from.p.stage || !confirming(back.p)) continue;
        w_.records_of(back, after);
        if (!std::equal(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(w_.size()), after.begin())) continue;
        found.note("kept from confirmation: " + s.name, {finding_kind::confirmation_kept, from.p.stage,
                   "In stage \"" + s.name + "\" " + m.c.by + " can break off the confirmation, cast as before and break it off again, without end: no clock ends it.", state, index});
        return;
    }
}

/// Which permissions let somebody do that.
void watcher::used(const situation& from, const move& m, evidence_of& scratch) {
    if (m.actor == move::host) return;
    const auto& s = from.p.now();
    auto&       marks = found.permissions[from.p.stage];
    const bool  for_another = !m.c.on_behalf_of.empty();
    for (std::size_t i = 0; i < s.allow.size(); ++i) {
        const auto& a = s.allow[i];
        if (marks[i] != 0 || a.for_another != for_another || !act_pattern::covers(a.what, a.about, m.c.what, about_of(m.c))) continue;
        auto        p = from.p;
        step_output none;
        const auto  around = w_.around(from, &scratch);
        const auto  whom = for_another ? w_.people().find_person(m.c.on_behalf_of) : w_.people().find_person(m.c.by);
        concern     like;
        const concern* about = nullptr;
        for (const auto& c : p.concerns)
            if (c.name == m.c.subject && c.state == concern_state::open) about = &c;
        if (const auto* o = row_of(m.c.what).subject == "option" ? p.option_named(m.c.subject) : nullptr; o != nullptr && o->mover) {
            like.raiser = *o->mover;
            about = &like;
        }
        if (m.c.what == act::propose && !m.c.names.empty()) {
            p.teams.clear();
            for (const auto& t : m.c.names) p.teams.push_back(*w_.people().team_named(t));
        }
        if (!contains(a.who.view(), a.who.root, static_cast<person>(m.person), p, around, about, whom)) continue;
        if (stepper(p, around, none).condition_met(a, m.c)) marks[i] = 1;
    }
}

/// How a decision was taken: `p` as it stood at that instant.
void watcher::decided(const proposal& p, const situation& s, const event& moved, std::uint32_t state, std::uint16_t index, evidence_of& scratch) {
    const auto& by = w_.by();
    const auto& from = p.now();
    const auto& x = from.exits[static_cast<std::size_t>(*moved.number)];
    const auto  into = by.stages[*by.stage_named(moved.subject)].in;
    const auto& e = scratch.take(p, moved.at, w_.around(s), true);
    const auto  note = [&](finding_kind kind, std::string what) {
        found.note(std::string(to_string(kind)) + ": " + from.name, {kind, p.stage, std::move(what), state, index});
    };
    const auto quoted = "\"" + from.name + "\"";
    // Exits by acts are the choice of whoever acts, and those at one deadline are read one after the other ("if", then "else"). Rules that
    // end it as soon as they hold must not both do.
    if (x.by == trigger::when || x.by == trigger::held)
        for (std::size_t i = 0; i < from.exits.size(); ++i) {
            const auto& y = from.exits[i];
            const auto  to = p.target_of(y);
            if (&y == &x || !to || y.by != x.by) continue;
            const auto other = by.stages[*to].in;
            const bool opposite = (decided_for(into) && rejects(other)) || (rejects(into) && decided_for(other));
            if (opposite && exit_holds(p, y, moved.at, nullptr, e))
                note(finding_kind::overlap, "In stage " + quoted + " exit " + std::to_string(*moved.number + 1) + " to \"" + moved.subject + "\" and exit " + std::to_string(i + 1) + " to \"" +
                                                by.stages[*to].name + "\" hold at once: the order in which they are written decides.");
        }
    const bool accepts = decided_for(into);
    if (by.notice && (accepts || rejects(into))) {
        const auto known = from.in == phase::draft || from.in == phase::review ? std::optional<instant>{} : s.announced;
        if (!known || moved.at - *known < *by.notice)
            note(accepts ? finding_kind::short_notice : finding_kind::early_rejection,
                 "It is " + std::string(accepts ? "accepted" : "rejected") + " from stage " + quoted + " " +
                     (known ? to_string(moved.at - *known) + " after it was announced" : "without having been announced") + "; outsiders are promised " + to_string(*by.notice) + ".");
    }
    if (!accepts) return;
    if (p.open_concerns() > 0)
        note(finding_kind::open_concern, "It is accepted from stage " + quoted + " while a concern is open.");
    const auto* quorum = by.rule_named("quorum");
    if (quorum != nullptr && read_now(quorum->value.view(), e) != truth::met) note(finding_kind::no_quorum, "It is accepted from stage " + quoted + " although the rule \"quorum\" doesn't hold then.");
    const bool votes = std::any_of(from.allow.begin(), from.allow.end(), [](const permission& a) { return a.what == act::cast || a.what == act::withdraw_ballot; });
    const bool early = x.by == trigger::when && votes && (from.in == phase::approval || by.ballots.revisable);
    const bool has_time = std::any_of(from.exits.begin(), from.exits.end(), [](const stage_exit& y) { return y.by == trigger::after; });
    if (!early || !has_time) return;
    // A leave to take ballots back counts only where its condition holds: what is possible otherwise includes what nobody may do.
    auto ahead = e;
    ahead.withdrawable = std::any_of(from.allow.begin(), from.allow.end(), [&](const permission& a) {
        return a.what == act::withdraw_ballot && (a.condition.empty() || read_now(a.condition.view(), e) == truth::met);
    });
    bool exact = false;
    if (!read_reachable(x.when.view(), ahead, &exact).only(truth::met) && exact)
        note(finding_kind::early_close, "Stage " + quoted + " closes before its time, accepting it, although ballots that may still be cast or changed could have made \"" + print(x.when.view()) + "\" untrue.");
}

void watcher::properties(const situation& s, std::uint32_t state, evidence_of& scratch) {
    const auto& by = w_.by();
    for (std::size_t i = 0; i < by.properties.size(); ++i) {
        const auto& each = by.properties[i];
        const bool  here = each.stages.empty() || std::find(each.stages.begin(), each.stages.end(), s.p.stage) != each.stages.end();
        using kind = stated_property::kind;
        const bool met = !each.value.empty() && read_now(each.value.view(), scratch.take(s.p, s.now, w_.around(s), by.asks_ahead)) == truth::met;
        if (each.is == kind::eventually_possible) {
            if (met) found.met.emplace_back(state, static_cast<std::uint8_t>(i));
            continue;
        }
        if (!here) continue;
        const auto wrong = [&](std::string what) { found.note("property: " + each.name, {finding_kind::property, s.p.stage, std::move(what), state}); };
        const auto where = " in stage \"" + s.p.now().name + "\"";
        if (each.is == kind::always && !met) wrong("Always \"" + print(each.value.view()) + "\": but it doesn't hold here," + where + ".");
        if (each.is == kind::never && met) wrong("Never \"" + print(each.value.view()) + "\": but it holds here," + where + ".");
        if (each.is != kind::within || met) continue;
        auto        later = s;
        step_output out;
        const auto  until = s.now + each.length;
        (void)run_silently(w_, later, out, scratch, until);
        const bool still = std::find(each.stages.begin(), each.stages.end(), later.p.stage) != each.stages.end();
        if (still) wrong("Out of it within " + to_string(each.length) + ": but it is still" + where + " after that when nobody does anything more.");
    }
}

/// Of members with the same standing, who did the same, each can do the same with the same effect.
void watcher::who_is_who(const situation& s, std::uint32_t state, evidence_of& scratch) {
    std::vector<move> all;
    world::records    records;
    w_.moves_of(s, all, scratch);
    w_.records_of(s, records);
    step_output out;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& m = all[i];
        if (m.what != move::kind::command || m.actor == move::host || !m.c.on_behalf_of.empty()) continue;
        for (std::size_t j = w_.size(); j-- > m.person + 1U;) {
            if (w_.class_of(j) != w_.class_of(m.person) || records[j] != records[m.person]) continue;
            auto one = s, other = s;
            auto same = m;
            same.c.by = w_.people().id(static_cast<person>(j));
            same.person = static_cast<std::uint32_t>(j);
            for (auto& name : same.c.names)
                if (name == m.c.by) name = same.c.by;  // appointing oneself
            if (same.c.subject == m.c.by) same.c.subject = same.c.by;
            const auto a = w_.take(one, m, out, scratch), b = w_.take(other, same, out, scratch);
            if (a == b && (a != tried::done || w_.key_of(one) == w_.key_of(other))) break;
            found.note("depends on who: " + s.p.now().name,
                       {finding_kind::depends_on_who, s.p.stage, "To " + std::string(to_string(m.c.what)) + " has another effect when " + same.c.by + " does it than when " + m.c.by + " does, although nothing tells them apart.",
                        state, static_cast<std::uint16_t>(i)});
            break;
        }
    }
}

}  // namespace quorate::verifying
