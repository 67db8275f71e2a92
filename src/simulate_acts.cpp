// What people plan when a proposal enters a stage, and what they do when it comes to it.
#include <algorithm>

#include "simulate_machine.hpp"

namespace quorate::simulate {
namespace {

constexpr auto just_before = std::chrono::minutes(1);  ///< the deadline, for who waits until then

std::string concern_name(std::uint32_t number) { return "concern-" + std::to_string(number); }

}  // namespace

void world::machine::enter(std::uint32_t i, instant at) {
    auto&       o = live_[i];
    const auto& s = r_.stages[o.p.stage];
    ++o.visit;
    if (r_.of.how.plans) ask_callable(i, at);
    if (s.proposes && o.by->proposers[o.p.stage])
        plan(i, at + r_.of.how.steers.draw(random(purpose::steering, i, 0, o.visit).wide()), *o.by->proposers[o.p.stage], act::propose);
    if ((s.casts || s.raises) && !r_.of.how.plans)
        for (const auto& v : o.p.voters)
            if (o.p.silent(v)) plan_answer(i, v.who, at);
    for (const auto h : s.habits) plan_habit(i, h, at);
}

void world::machine::plan_answer(std::uint32_t i, person who, instant at) {
    auto&       o = live_[i];
    const auto& me = profile_of(who);
    const auto  number = static_cast<std::size_t>(who);
    if (number >= o.votes.size()) o.votes.resize(number + 1);
    auto& v = o.votes[number];
    if (me.absent || v.planned) return;
    auto       mine = random(purpose::answer, i, static_cast<std::uint32_t>(who), v.round++);
    const auto time = mine.wide();
    if (!me.takes_part.holds(mine.word())) return;
    auto when = at + span(me.answers, time);
    if (me.bloc != 0) when = at + span(me.answers, random(purpose::bloc, i, me.bloc, o.visit).wide());
    if (me.blocks) when = at;
    if (me.late) when = o.p.due && *o.p.due - just_before > at ? *o.p.due - just_before : at;
    const auto& s = r_.stages[o.p.stage];
    if (me.blocks && s.raises) {
        v.planned = true;
        return plan(i, when, who, act::raise, no_end);
    }
    const auto choice = me.choice != 0 ? me.choice : opinion(i, who, mine.word());
    if (choice == 0) return;
    v.planned = true;
    if (s.raises && me.raises.of_2_32 > 0) {
        auto mind = random(purpose::concern, i, static_cast<std::uint32_t>(who), v.round);
        if (me.raises.holds(mind.word())) return plan(i, when, who, act::raise, choice);
    }
    if (s.delegates && me.delegates.of_2_32 > 0 && o.p.voters.size() > 1) {
        auto mind = random(purpose::delegation, i, static_cast<std::uint32_t>(who), v.round);
        if (me.delegates.holds(mind.word())) {
            auto       to = mind.below(static_cast<std::uint32_t>(o.p.voters.size()));
            if (o.p.voters[to].who == who) to = (to + 1) % static_cast<std::uint32_t>(o.p.voters.size());
            return plan(i, when, who, act::delegate, static_cast<std::uint32_t>(o.p.voters[to].who));
        }
    }
    plan(i, when, who, act::cast, choice);
}

/// 1 + position, or 0 for silence.
std::uint8_t world::machine::opinion(std::uint32_t i, person who, std::uint32_t word) const {
    const auto& me = profile_of(who);
    if (me.group != 0) {
        auto own = random(purpose::group, i, me.group);
        auto mine = random(purpose::group, i, static_cast<std::uint32_t>(who), 1);
        if (r_.of.how.together.share.holds(mine.word())) word = own.word();
    }
    for (const auto& [below, choice] : me.says)
        if (word < below) return choice;
    return 0;
}

void world::machine::plan_habit(std::uint32_t i, std::uint32_t h, instant at) {
    const auto& o = live_[i];
    const auto& habit = r_.habits[h];
    const auto  one_of = [&](person who) {
        auto mind = random(purpose::habit, i, static_cast<std::uint32_t>(who), h << 3U | (o.visit & 7U));
        const auto time = mind.wide();
        if (habit.of->likely.holds(mind.word()) && !(static_cast<std::size_t>(who) < r_.profiles.size() && profile_of(who).absent))
            plan(i, at + habit.of->after.draw(time), who, habit.of->does, h | habit_flag);
    };
    if (habit.by_host) return one_of(nobody);
    for (const auto p : habit.people[o.p.stage]) one_of(p);
}

void world::machine::ask_callable(std::uint32_t i, instant at) {
    const auto& o = live_[i];
    for (const auto& v : o.p.voters) {
        auto mind = random(purpose::callable, i, static_cast<std::uint32_t>(v.who), o.visit);
        plans_.clear();
        r_.of.how.plans({.matter = o.p, .people = *people_, .who = v.who, .now = at, .run = run_, .which = i}, mind, plans_);
        for (auto& next : plans_) {
            next.what.by = people_->id(v.who);
            custom_.push_back(std::move(next.what));
            push({.at = (at + std::max(next.after, duration{})).time_since_epoch().count(), .proposal = i, .who = static_cast<std::uint32_t>(v.who),
                  .data = static_cast<std::uint32_t>(custom_.size() - 1), .is = what::custom, .visit = o.visit});
        }
    }
}

void world::machine::do_act(const entry& e, instant at) {
    auto& o = live_[e.proposal];
    if (o.done) return;
    const auto who = static_cast<person>(e.who);
    if (r_.any_effort && who != nobody && e.who < free_at_.size()) {
        if (free_at_[e.who] > at) {
            auto again = e;
            again.at = free_at_[e.who].time_since_epoch().count();
            return push(again);
        }
        free_at_[e.who] = at + profile_of(who).effort;
    }
    if (e.is == what::custom) {
        command_ = custom_[e.data];
    } else if (!prepare(e, o, who)) {
        return;
    }
    command_.at = at;
    out_.clear();
    const auto answer = handle(o.p, command_, around(), out_);
    const bool accepted = saw(answer.has_value() && !answer.value(), e.proposal, at, command_.by, row_of(command_.what).name);
    if (!accepted) {
        ++to_->refused;
        return;
    }
    ++run_acts_;
    if (e.who < acts_of_.size()) ++acts_of_[e.who];
    else if (who != nobody) ++to_->newcomer_acts;
    if (e.is == what::act && e.does == act::raise) after_raising(e, who, at);
}

/// Fills in the command; false: there is nothing to do any more.
bool world::machine::prepare(const entry& e, one& o, person who) {
    command_.what = e.does;
    if (who == nobody) command_.by.clear();
    else command_.by = people_->id(who);
    command_.subject.clear();
    command_.names.clear();
    command_.truth.reset();
    command_.amount.reset();
    const auto& s = r_.stages[o.p.stage];
    if (e.who < o.votes.size() && (e.does == act::cast || e.does == act::raise || e.does == act::delegate)) o.votes[e.who].planned = false;
    if (is_habit(e)) return prepare_habit(e, o);
    switch (e.does) {
        case act::cast:
            if (!s.casts) return false;  // too late, or not yet: they come back when it is asked for again
            command_.subject = r_.by->positions[e.data - 1].name;
            return true;
        case act::raise:
            if (!s.raises) return false;
            command_.subject = concern_name(++o.concerns);
            return true;
        case act::resolve: command_.subject = concern_name(e.data >> 8U); return true;
        case act::delegate: command_.subject = people_->id(static_cast<person>(e.data)); return true;
        case act::propose:
            if (e.visit != o.visit || !s.proposes) return false;
            command_.subject = r_.disposition;
            if (o.by->names_teams[o.p.stage]) command_.names = o.by->teams;
            return true;
        default: return false;  // nothing else is planned but by habits
    }
}

bool world::machine::prepare_habit(const entry& e, const one& o) {
    if (e.visit != o.visit) return false;
    const auto& habit = *r_.habits[e.data & ~habit_flag].of;
    command_.subject = habit.about;
    command_.names = habit.names;
    command_.truth = habit.truth;
    command_.amount = habit.amount;
    return true;
}

void world::machine::after_raising(const entry& e, person who, instant at) {
    if (e.data == no_end || is_habit(e)) return;
    auto&       o = live_[e.proposal];
    const auto& me = profile_of(who);
    auto        mind = random(purpose::concern, e.proposal, e.who, 0x400U + o.concerns);
    if (!me.settles.holds(mind.word())) return;
    const auto when = at + span(me.resolves, mind.wide());
    plan(e.proposal, when, who, act::resolve, o.concerns << 8U | e.data);
    if (e.who < o.votes.size()) o.votes[e.who].planned = true;
    plan(e.proposal, when, who, act::cast, e.data);
}

}  // namespace quorate::simulate
