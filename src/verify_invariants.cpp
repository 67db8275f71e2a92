// What must hold of every step, whatever a charter says; and what explain tells, held against what happens.
//
// The numbers are those of invariants that verified governors state for themselves (OpenZeppelin's, Aave's and LiquidFeedback's
// specifications, and Polkadot's try_state), as far as they make sense for any charter:
//   1      what is due has been taken once time has passed it (of its clauses only that)
//   3      author, parent, process, id and instant of opening never change
//   4      opened <= entered <= last <= now
//   5      time, and people leaving, take no exit that waits for an act or a link
//   6      what has ended opens again only by an act of class reopen or conclude, a link, a fact or a withdrawal
//   8      there, without a move, ballots and the numbers of concerns and options stay
//   10     a final ballot isn't changed by a cast
//   13     ballots change only by acts about ballots
//   14     a cast changes no other's ballot
//   18     no act brings a stage's own deadline forward (its first clause only)
//   20     open concerns, facts, disposition and holds change in number or value only by their own acts
//   23     here: no acceptance over a blocking concern that nobody overrode. That quorum held is the finding "accepted without quorum"
// Not looked at: 2, 7, 9, 11, 12, 15, 16, 17, 19, 21, 22, 24 to 28.
#include <algorithm>

#include <quorate/explain.hpp>

#include "proposal_step.hpp"
#include "verifying.hpp"

namespace quorate::verifying {
namespace {

bool same_ballot(const voter& a, const voter& b) { return a.choice == b.choice && a.marks == b.marks; }

bool among(act a, std::initializer_list<act> list) { return std::find(list.begin(), list.end(), a) != list.end(); }

/// Ballots changed though no act or move accounts for it.
bool ballots_changed(const proposal& a, const proposal& b, const std::string& but_of, const roster& people) {
    if (a.voters.size() != b.voters.size()) return true;
    for (std::size_t i = 0; i < a.voters.size(); ++i) {
        if (!but_of.empty() && (people.id(a.voters[i].who) == but_of || people.id(b.voters[i].cast_by) == but_of)) continue;
        if (a.voters[i].who != b.voters[i].who || !same_ballot(a.voters[i], b.voters[i])) return true;
    }
    return false;
}

std::optional<instant> stage_deadline(const proposal& p) {
    std::optional<instant> first;
    for (const auto& x : p.now().exits)
        if (x.by == trigger::after && !x.anchor && x.anchor_fact.empty())
            if (const auto due = deadline_of(p, x)) first = first ? std::min(*first, *due) : *due;
    return first;
}

}  // namespace

void watcher::broken(int invariant, const std::string& what, std::uint16_t stage, std::uint32_t state, std::uint16_t index) {
    found.note("invariant " + std::to_string(invariant) + ": " + what, {finding_kind::invariant, stage, what, state, index});
}

void watcher::invariants(const situation& from, const move& m, const situation& to, const step_output& out, std::uint32_t state, std::uint16_t index) {
    const auto& a = from.p;
    const auto& b = to.p;
    const auto  wrong = [&](int n, const std::string& what) { broken(n, what, a.stage, state, index); };
    const bool  command = m.what == move::kind::command;
    bool        moved = false, electorate = false, by_act = false, reopened = false;
    for (const auto& e : out.events) {
        moved = moved || e.kind == event_kind::moved;
        electorate = electorate || e.kind == event_kind::electorate;
        by_act = by_act || (e.kind == event_kind::moved && (e.why == cause::command || e.why == cause::link));
        reopened = reopened || (e.kind == event_kind::acted && (row_of(e.done).of == act_class::reopen || row_of(e.done).of == act_class::conclude || e.done == act::link || e.done == act::fact || e.done == act::withdraw));
    }
    if (b.due && *b.due <= to.now && m.what == move::kind::time) wrong(1, "time passed what was due, and it wasn't taken");
    if (!command && by_act) wrong(5, "time alone took an exit that waits for an act");
    if (a.author != b.author || a.opened != b.opened || a.id != b.id || a.by != b.by || a.parent != b.parent) wrong(3, "what was set when it was opened changed");
    if (b.entered < b.opened || b.last < b.entered || to.now < b.last) wrong(4, "instants are out of order");
    if (!is_open(a.in()) && is_open(b.in()) && !reopened) wrong(6, "what had ended is open again, and nobody reopened it");
    if (!is_open(a.in()) && !moved && (ballots_changed(a, b, {}, w_.people()) || a.concerns.size() != b.concerns.size() || a.options.size() != b.options.size()))
        wrong(8, "ballots, concerns or options changed after the end");
    if (!moved && !electorate && command) {
        const bool ballots = among(m.c.what, {act::cast, act::withdraw_ballot, act::delegate, act::recuse, act::rejoin, act::revise, act::cancel, act::link});
        if (!ballots && ballots_changed(a, b, {}, w_.people())) wrong(13, "ballots changed by " + std::string(to_string(m.c.what)));
        if (m.c.what == act::cast && ballots_changed(a, b, m.c.on_behalf_of.empty() ? m.c.by : m.c.on_behalf_of, w_.people())) wrong(14, "a ballot changed another's");
        if (m.c.what == act::cast && !a.by->ballots.revisable && a.by->ballots.split == ballot_rule::splitting::none && !a.by->delegation.own_apart)
            for (std::size_t i = 0; i < a.voters.size() && i < b.voters.size(); ++i)
                if (!a.silent(a.voters[i]) && !same_ballot(a.voters[i], b.voters[i])) wrong(10, "a final ballot was changed");
        const bool concerns = among(m.c.what, {act::raise, act::resolve, act::override_, act::second, act::withdraw_second, act::cancel, act::link});
        if (!concerns && a.open_concerns() != b.open_concerns()) wrong(20, "concerns changed by " + std::string(to_string(m.c.what)));
        if (m.c.what != act::fact && a.facts.size() != b.facts.size()) wrong(20, "facts changed by " + std::string(to_string(m.c.what)));
        if (!among(m.c.what, {act::propose, act::cancel, act::link}) && a.disposition != b.disposition) wrong(20, "the disposition changed by " + std::string(to_string(m.c.what)));
        if (!among(m.c.what, {act::hold, act::release, act::cancel, act::link}) && a.holds.size() != b.holds.size()) wrong(20, "holds changed by " + std::string(to_string(m.c.what)));
        if (a.stage == b.stage && a.runs_since && b.runs_since && *a.runs_since == *b.runs_since) {
            const auto before = stage_deadline(a), after = stage_deadline(b);
            if (before && after && *after < *before) wrong(18, "a deadline came forward by " + std::string(to_string(m.c.what)));
        }
    }
    if (moved && decided_for(b.in()) && is_open(a.in()) && b.by->concerns.blocking && b.open_concerns() > 0) {
        const bool overrode = a.overridden || std::any_of(out.events.begin(), out.events.end(), [](const event& e) { return e.kind == event_kind::acted && e.done == act::override_; });
        if (!overrode) wrong(23, "accepted over a blocking concern that nobody overrode");
    }
}

/// What explain says of a situation, against what happens when time passes and when people vote.
void watcher::explained(const situation& s, std::uint32_t state, evidence_of& scratch) {
    if (!is_open(s.p.in()) || (s.p.due && *s.p.due <= s.now)) return;
    const auto around = w_.around(s, &scratch);
    const auto e = explain(s.p, s.now, around);
    const auto wrong = [&](const std::string& what) {
        found.note("explain: " + s.p.now().name, {finding_kind::explain_wrong, s.p.stage, "explain says " + what, state});
    };
    // When time alone moves it, and where to.
    auto        later = s;
    step_output out;
    const auto  first = [&]() -> const event* {
        for (const auto& x : out.events)
            if (x.kind == event_kind::moved) return &x;
        return nullptr;
    };
    for (int i = 0; i < 500 && later.p.due && first() == nullptr; ++i)
        if (!pass_time(later.p, *later.p.due, around, out)) return;
    const auto* move_by_time = first();
    if (e.next.has_value() != (move_by_time != nullptr)) wrong(e.next ? "that time moves it on " + to_string(*e.next) + ", and it doesn't" : "that time alone moves nothing, and it does on " + to_string(move_by_time->at));
    else if (e.next && (*e.next != move_by_time->at || e.next_stage != move_by_time->subject))
        wrong("that it moves to \"" + e.next_stage + "\" on " + to_string(*e.next) + "; it moves to \"" + move_by_time->subject + "\" on " + to_string(move_by_time->at));
    // What ballots alone can still do, tried as far as a bound.
    if (e.exits.size() != s.p.now().exits.size()) return;
    constexpr std::size_t  most_tried = 150;
    std::vector<situation> all{s};
    std::set<key128>       seen{w_.key_of(s)};
    std::vector<move>      moves;
    for (std::size_t i = 0; i < all.size() && all.size() < most_tried; ++i) {
        const auto& ev = scratch.take(all[i].p, all[i].now, w_.around(all[i]), true);
        for (std::size_t x = 0; x < e.exits.size(); ++x) {
            const auto& exit = s.p.now().exits[x];
            if (exit.by == trigger::when && e.exits[x].certain && read_now(exit.when.view(), ev) != truth::met) wrong("that exit " + std::to_string(x + 1) + " is certain, and ballots undo it");
        }
        w_.moves_of(all[i], moves, scratch);
        for (const auto& m : moves) {
            if (m.what != move::kind::command || (m.c.what != act::cast && m.c.what != act::withdraw_ballot)) continue;
            auto        next = all[i];
            step_output by_ballot;
            if (w_.take(next, m, by_ballot, scratch) != tried::done) continue;
            const auto moved = std::find_if(by_ballot.events.begin(), by_ballot.events.end(), [](const event& x) { return x.kind == event_kind::moved; });
            if (moved == by_ballot.events.end()) {
                if (seen.insert(w_.key_of(next)).second) all.push_back(std::move(next));
                continue;
            }
            const auto taken = static_cast<std::size_t>(*moved->number);
            if (s.p.now().exits[taken].by != trigger::when) continue;
            if (!e.exits[taken].possible) wrong("that exit " + std::to_string(taken + 1) + " is impossible, and ballots take it");
            if (!e.exits[taken].stuck.empty()) wrong("that nothing can mend exit " + std::to_string(taken + 1) + ", and ballots take it");
        }
    }
}

}  // namespace quorate::verifying
