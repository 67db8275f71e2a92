// The frame of a run: what comes next, and what becomes of proposals.
#include <algorithm>

#include "simulate_machine.hpp"

namespace quorate::simulate {
namespace {

std::int64_t whole_seconds(duration d) { return d.count() / 1'000'000; }

}  // namespace

run_sums world::machine::run(std::uint64_t number, totals& to, std::vector<told>* story) {
    begin(number, to, story);
    std::uint32_t steps = 0;
    while (!heap_.empty()) {
        std::pop_heap(heap_.begin(), heap_.end(), later);
        const auto e = heap_.back();
        heap_.pop_back();
        if (++steps > most_acts) {
            ++to.stopped;
            break;
        }
        take(e);
    }
    for (std::uint32_t i = 0; i < arrived_; ++i)
        if (!live_[i].done) finish(i, live_[i].p.opened + r_.of.how.horizon);
    return end();
}

void world::machine::push(entry e) {
    e.order = order_++;
    heap_.push_back(e);
    std::push_heap(heap_.begin(), heap_.end(), later);
}
void world::machine::plan(std::uint32_t i, instant at, person who, act does, std::uint32_t data) {
    push({.at = at.time_since_epoch().count(), .proposal = i, .who = static_cast<std::uint32_t>(who), .data = data, .is = what::act, .does = does, .visit = live_[i].visit});
}

void world::machine::begin(std::uint64_t number, totals& to, std::vector<told>* story) {
    run_ = number;
    to_ = &to;
    story_ = story;
    heap_.clear();
    custom_.clear();
    order_ = arrived_ = 0;
    sums_ = {};
    refused_quorum_ = 0;
    run_acts_ = captured_ = 0;
    acts_of_.assign(r_.profiles.size(), 0);
    team_.assign(r_.openers.size(), {});
    if (r_.any_effort) free_at_.assign(r_.profiles.size(), run_start);
    people_ = &r_.people;
    if (live_.empty()) live_.resize(r_.of.how.proposals);
    if (!r_.leaving.empty()) begin_turnover();
    auto at = run_start;
    for (std::uint32_t i = 0; i < r_.of.how.proposals; ++i) {
        live_[i].done = true;
        if (i > 0) at += r_.of.how.every.draw(random(purpose::arrival, i, 0).wide());
        push({.at = at.time_since_epoch().count(), .proposal = i, .is = what::arrive});
    }
}

run_sums world::machine::end() {
    ++to_->runs;
    to_->proposals += static_cast<std::uint64_t>(sums_.proposals);
    to_->acts += static_cast<std::uint64_t>(run_acts_);
    to_->accepted.add(sums_.accepted, sums_.proposals);
    to_->decided.add(sums_.decided, sums_.proposals);
    to_->seconds.add(sums_.seconds, sums_.decided);
    to_->act_count.add(run_acts_, sums_.decided);
    to_->no_quorum.add(refused_quorum_, sums_.proposals);
    to_->captures.add(captured_, sums_.proposals);
    to_->captured += static_cast<std::uint64_t>(captured_);
    if (to_->members.size() < r_.profiles.size()) to_->members.resize(r_.profiles.size());
    for (std::size_t i = 0; i < r_.profiles.size(); ++i) to_->members[i].acts.add(acts_of_[i], 1);
    if (to_->teams.size() < team_.size()) to_->teams.resize(team_.size());
    for (std::size_t t = 0; t < team_.size(); ++t) {
        to_->teams[t].accepted.add(team_[t].accepted, team_[t].proposals);
        to_->teams[t].seconds.add(team_[t].seconds, team_[t].decided);
    }
    return sums_;
}

void world::machine::take(const entry& e) {
    const auto at = instant(duration(e.at));
    switch (e.is) {
        case what::arrive: return arrive(e.proposal, at);
        case what::leave: return leave(static_cast<person>(e.who), at);
        case what::join: return join(at);
        case what::horizon:
            if (!live_[e.proposal].done) finish(e.proposal, at);
            return;
        case what::tick: {
            auto& o = live_[e.proposal];
            if (o.done || !o.p.due || *o.p.due != at) return;
            out_.clear();
            saw(pass_time(o.p, at, around(), out_).has_value(), e.proposal, at, {}, "");
            if (!o.done && o.p.due && *o.p.due <= at) o.p.due.reset();  // time alone does no more now
            return;
        }
        case what::act:
        case what::custom: return do_act(e, at);
    }
}

void world::machine::arrive(std::uint32_t i, instant at) {
    auto& o = live_[i];
    o.by = &r_.openers[i % r_.openers.size()];
    o.visit = 0, o.concerns = 0, o.concerned_now = false, o.concerned = {};
    o.votes.assign(r_.profiles.size(), {});
    o.ticking.reset();
    out_.clear();
    // The first proposal of every run is opened under the same conditions: it is opened once and copied.
    const bool same = i == 0 && r_.leaving.empty();
    if (same && first_) {
        o.p = *first_;
    } else {
        const auto answer = open_proposal(o.p, "p" + std::to_string(i + 1), {.process = r_.by->name, .by = o.by->author, .subject = "simulated-" + std::to_string(i + 1), .teams = o.by->teams, .at = at},
                                          r_.of.rules, around(), out_);
        ++sums_.proposals;
        if (!answer || answer.value()) {  // its author has left, say
            ++to_->refused;
            ++to_->open;
            return;
        }
        --sums_.proposals;
        if (same) first_ = o.p;
    }
    ++sums_.proposals;
    ++team_[i % team_.size()].proposals;
    arrived_ = std::max(arrived_, i + 1);
    o.done = false;
    o.since = at;
    tell(i, at, o.by->author, "opens it", o.p.now().name, false);
    push({.at = (at + r_.of.how.horizon).time_since_epoch().count(), .proposal = i, .is = what::horizon});
    if (o.p.outcome()) return finish(i, at);
    enter(i, at);
    tick(i);
}

/// Looks at what came of a step of the engine's: `fine` when it wasn't refused.
bool world::machine::saw(bool fine, std::uint32_t i, instant at, std::string_view who, std::string_view said) {
    auto& o = live_[i];
    if (!said.empty()) tell(i, at, who, said, "", !fine);
    bool moved = false;
    for (const auto& e : out_.events) {  // moves alone are kept
        left(o, *r_.by->stage_named(e.detail), e.at, e.why);
        tell(i, e.at, "", "", e.subject, false);
        moved = true;
    }
    watch_concerns(o, at);
    if (o.p.outcome()) finish(i, o.p.entered);
    else if (moved) enter(i, o.p.entered);
    if (!o.done) tick(i);
    return fine;
}

void world::machine::tick(std::uint32_t i) {
    auto& o = live_[i];
    if (!o.p.due || o.ticking == o.p.due) return;
    o.ticking = o.p.due;
    push({.at = o.p.due->time_since_epoch().count(), .proposal = i, .is = what::tick});
}

void world::machine::watch_concerns(one& o, instant at) {
    const bool now = !o.p.concerns.empty() && o.p.open_concerns() > 0;
    if (now == o.concerned_now) return;
    if (now) o.concern_since = at;
    else o.concerned += at - std::max(o.concern_since, o.since);
    o.concerned_now = now;
}

/// A stay in a stage is over: by what it was waiting.
void world::machine::left(one& o, std::size_t stage, instant at, cause why) {
    const auto stay = at - o.since;
    auto       concerned = o.concerned;
    if (o.concerned_now) concerned += at - std::max(o.concern_since, o.since);
    concerned = std::clamp(concerned, duration{}, stay);
    if (to_->stays.size() < r_.by->stages.size()) to_->stays.resize(r_.by->stages.size());
    to_->stays[stage].add(stay);
    to_->waited[static_cast<std::size_t>(waiting::concern)] += concerned.count();
    to_->waited[static_cast<std::size_t>(why == cause::time ? waiting::clock : waiting::people)] += (stay - concerned).count();
    o.since = at;
    o.concerned = {};
}

void world::machine::finish(std::uint32_t i, instant at) {
    auto& o = live_[i];
    o.done = true;
    auto&      team = team_[i % team_.size()];
    const auto outcome = o.p.outcome();
    const bool accepted = outcome == phase::accepted || outcome == phase::enacted;
    if (outcome) {
        const auto took = at - o.p.opened;
        ++to_->outcomes[static_cast<std::size_t>(*outcome)];
        to_->until_decided.add(took);
        ++sums_.decided, ++team.decided;
        sums_.seconds += whole_seconds(took), team.seconds += whole_seconds(took);
    } else {
        ++to_->open;
        left(o, o.p.stage, at, cause::rule);
    }
    if (accepted) ++sums_.accepted, ++team.accepted;
    if (r_.captures && accepted == r_.capture_is_acceptance) ++captured_;
    if (!accepted && r_.quorum != nullptr) {
        const auto t = read_now(r_.quorum->value.view(), scratch_.take(o.p, std::max(at, o.p.last), around(), r_.by->asks_ahead));
        if (t == truth::error) ++to_->unread_quorum;
        else if (t != truth::met) ++refused_quorum_;
    }
    if (to_->members.size() < r_.profiles.size()) to_->members.resize(r_.profiles.size());
    for (const auto& v : o.p.voters) {
        if (static_cast<std::size_t>(v.who) >= r_.profiles.size()) continue;
        auto& m = to_->members[static_cast<std::size_t>(v.who)];
        const bool yes = v.choice == 1;
        ++(yes ? m.yes : m.other);
        if (accepted) ++(yes ? m.yes_accepted : m.other_accepted);
    }
}

world::world(const ready& r, std::uint64_t seed) : it_(std::make_unique<machine>(r, seed)) {}
world::~world() = default;
run_sums world::run(std::uint64_t number, totals& to) { return it_->run(number, to, nullptr); }
run_sums world::tell(std::uint64_t number, totals& to, std::vector<told>& story) { return it_->run(number, to, &story); }

}  // namespace quorate::simulate
