// One run: proposals arrive, members act when they come to it, clocks run. All deciding is done by the functions of proposal.hpp.
#include "simulate_world.hpp"

#include <algorithm>

namespace quorate::simulate {
namespace {

using quorate::detail::draws;

/// What a random number is for: the upper part of the counter's first word, so that no two purposes share a draw.
enum class purpose : std::uint32_t { answer, concern, delegation, group, bloc, steering, arrival, habit, leaving, joining, callable };

constexpr auto just_before = std::chrono::minutes(1);  ///< the deadline, for who waits until then

std::int64_t whole_seconds(duration d) { return d.count() / 1'000'000; }

}  // namespace

class world::machine {
public:
    machine(const ready& r, std::uint64_t seed) : r_(r), seed_(seed), people_(&r.people) {}

    run_sums run(std::uint64_t number, totals& to, std::vector<told>* story) {
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

private:
    enum class what : std::uint8_t { arrive, act, custom, tick, horizon, leave, join };
    struct entry {
        std::int64_t  at = 0;
        std::uint32_t order = 0;   ///< of equal instants the earlier planned goes first; time itself last
        std::uint32_t proposal = 0;
        std::uint32_t who = 0;     ///< person
        std::uint32_t data = 0;    ///< of acts: a habit, a concern, a position; of `custom`: which
        what          is = what::act;
        act           does = act::cast;
        std::uint16_t visit = 0;   ///< of habits: the stay in which they were planned
    };
    static bool later(const entry& a, const entry& b) {
        if (a.at != b.at) return a.at > b.at;
        const bool ta = a.is == what::tick, tb = b.is == what::tick;
        return ta != tb ? ta : a.order > b.order;
    }
    struct vote {
        std::uint16_t round = 0;   ///< how often they planned to answer
        bool          planned = false;
    };
    struct one {
        proposal          p{};
        const opener*     by = nullptr;
        std::vector<vote> votes{};   ///< by person
        std::uint16_t     visit = 0;
        std::uint32_t     concerns = 0, acts = 0;
        instant           since{};         ///< in the stage
        instant           concern_since{};
        duration          concerned{};     ///< of this stay
        bool              concerned_now = false, done = true;
        std::optional<instant> ticking{};
    };

    /// Draws of a purpose about a proposal of the run, a person (or a number), a round.
    [[nodiscard]] draws random(purpose of, std::uint32_t proposal, std::uint32_t who, std::uint32_t round = 0) const {
        // Counter: low half of the run; proposal and high part of the run; who, round and purpose. The first word counts blocks of words.
        const auto low = static_cast<std::uint32_t>(run_);
        const auto high = static_cast<std::uint32_t>(run_ >> 32U);
        return {seed_, low, proposal | high << 16U, who | (round & 0x7ffU) << 17U | static_cast<std::uint32_t>(of) << 28U};
    }
    [[nodiscard]] duration span(std::uint32_t index, std::uint64_t word) const { return r_.spans[index].draw(word); }

    void push(entry e) {
        e.order = order_++;
        heap_.push_back(e);
        std::push_heap(heap_.begin(), heap_.end(), later);
    }
    void plan(std::uint32_t i, instant at, person who, act does, std::uint32_t data = 0) {
        push({.at = at.time_since_epoch().count(), .proposal = i, .who = static_cast<std::uint32_t>(who), .data = data, .is = what::act, .does = does, .visit = live_[i].visit});
    }
    [[nodiscard]] const profile& profile_of(person who) const {
        const auto i = static_cast<std::size_t>(who);
        return i < r_.profiles.size() ? r_.profiles[i] : r_.newcomer;
    }
    [[nodiscard]] surroundings around() { return {.people = *people_, .scratch = &scratch_}; }

    // ---- the frame of a run ---------------------------------------------------------------------------------------------------------
    void begin(std::uint64_t number, totals& to, std::vector<told>* story) {
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

    run_sums end() {
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

    void take(const entry& e) {
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
                step([&] { return pass_time(o.p, at, around(), out_).has_value(); }, e.proposal, at, {}, "");
                if (!o.done && o.p.due && *o.p.due <= at) o.p.due.reset();  // time alone does no more now
                return;
            }
            case what::act:
            case what::custom: return do_act(e, at);
        }
    }

    // ---- proposals ----------------------------------------------------------------------------------------------------------------------
    void arrive(std::uint32_t i, instant at) {
        auto& o = live_[i];
        o.by = &r_.openers[i % r_.openers.size()];
        o.visit = 0, o.concerns = o.acts = 0, o.concerned_now = false, o.concerned = {};
        o.votes.assign(r_.profiles.size(), {});
        o.ticking.reset();
        out_.events.clear();
        out_.effects.clear();
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

    /// Lets the engine do something, and looks at what came of it.
    template <class Do>
    bool step(Do what_to_do, std::uint32_t i, instant at, std::string_view who, std::string_view said) {
        auto& o = live_[i];
        out_.events.clear();
        out_.effects.clear();
        const bool fine = what_to_do();
        if (!said.empty()) tell(i, at, who, said, "", !fine);
        bool moved = false;
        for (const auto& e : out_.events) {
            if (e.kind != event_kind::moved) continue;
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

    void tick(std::uint32_t i) {
        auto& o = live_[i];
        if (!o.p.due || o.ticking == o.p.due) return;
        o.ticking = o.p.due;
        push({.at = o.p.due->time_since_epoch().count(), .proposal = i, .is = what::tick});
    }

    void watch_concerns(one& o, instant at) {
        const bool now = !o.p.concerns.empty() && o.p.open_concerns() > 0;
        if (now == o.concerned_now) return;
        if (now) o.concern_since = at;
        else o.concerned += at - std::max(o.concern_since, o.since);
        o.concerned_now = now;
    }

    /// A stay in a stage is over: by what it was waiting.
    void left(one& o, std::size_t stage, instant at, cause why) {
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

    void finish(std::uint32_t i, instant at) {
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

    // ---- what people plan ------------------------------------------------------------------------------------------------------------------
    void enter(std::uint32_t i, instant at) {
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

    void plan_answer(std::uint32_t i, person who, instant at) {
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
    std::uint8_t opinion(std::uint32_t i, person who, std::uint32_t word) {
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

    void plan_habit(std::uint32_t i, std::uint32_t h, instant at) {
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

    void ask_callable(std::uint32_t i, instant at) {
        const auto& o = live_[i];
        for (const auto& v : o.p.voters) {
            auto mind = random(purpose::callable, i, static_cast<std::uint32_t>(v.who), o.visit);
            plans_.clear();
            r_.of.how.plans({.matter = o.p, .people = *people_, .who = v.who, .now = at, .run = run_, .which = i}, mind, plans_);
            for (auto& one : plans_) {
                one.what.by = people_->id(v.who);
                custom_.push_back(std::move(one.what));
                push({.at = (at + std::max(one.after, duration{})).time_since_epoch().count(), .proposal = i, .who = static_cast<std::uint32_t>(v.who),
                      .data = static_cast<std::uint32_t>(custom_.size() - 1), .is = what::custom, .visit = o.visit});
            }
        }
    }

    // ---- what people do ----------------------------------------------------------------------------------------------------------------------
    void do_act(const entry& e, instant at) {
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
        const auto accepted = step([&] {
            const auto answer = handle(o.p, command_, around(), out_);
            return answer.has_value() && !answer.value();
        }, e.proposal, at, command_.by, row_of(command_.what).name);
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
    bool prepare(const entry& e, one& o, person who) {
        command_.what = e.does;
        if (who == nobody) command_.by.clear();
        else command_.by = people_->id(who);
        command_.subject.clear();
        command_.names.clear();
        command_.truth.reset();
        command_.amount.reset();
        const auto& s = r_.stages[o.p.stage];
        if (e.who < o.votes.size() && (e.does == act::cast || e.does == act::raise || e.does == act::delegate)) o.votes[e.who].planned = false;
        switch (e.does) {
            case act::cast:
                if (is_habit(e)) break;
                if (!s.casts) return false;  // too late, or not yet: they come back when it is asked for again
                command_.subject = r_.by->positions[e.data - 1].name;
                return true;
            case act::raise:
                if (is_habit(e)) break;
                if (!s.raises) return false;
                command_.subject = "concern-" + std::to_string(++o.concerns);
                return true;
            case act::resolve:
                if (is_habit(e)) break;
                command_.subject = "concern-" + std::to_string(e.data >> 8U);
                return true;
            case act::propose:
                if (is_habit(e)) break;
                if (e.visit != o.visit || !s.proposes) return false;
                command_.subject = r_.disposition;
                if (o.by->names_teams[o.p.stage]) command_.names = o.by->teams;
                return true;
            case act::delegate:
                if (is_habit(e)) break;
                command_.subject = people_->id(static_cast<person>(e.data));
                return true;
            default: break;
        }
        const auto& habit = *r_.habits[e.data & ~habit_flag].of;
        if (e.visit != o.visit) return false;
        command_.subject = habit.about;
        command_.names = habit.names;
        command_.truth = habit.truth;
        command_.amount = habit.amount;
        return true;
    }
    static bool is_habit(const entry& e) { return (e.data & habit_flag) != 0; }

    void after_raising(const entry& e, person who, instant at) {
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

    // ---- leaving and joining ---------------------------------------------------------------------------------------------------------------
    void begin_turnover() {
        own_people_ = r_.people;
        people_ = &own_people_;
        newcomers_ = 0;
        for (const auto p : r_.leaving)
            push({.at = (run_start + r_.of.how.turnover.stays.draw(random(purpose::leaving, 0, static_cast<std::uint32_t>(p)).wide())).time_since_epoch().count(),
                  .who = static_cast<std::uint32_t>(p), .is = what::leave});
    }
    void change(roster_event e, instant at, std::string_view said) {
        e.at = at;
        e.team = r_.of.how.turnover.team;
        if (!own_people_.apply(e)) return;
        for (std::uint32_t i = 0; i < arrived_; ++i)
            if (!live_[i].done)
                step([&] { return follow_surroundings(live_[i].p, std::max(at, live_[i].p.last), around(), out_).has_value(); }, i, at, e.who, said);
    }
    [[nodiscard]] bool any_open() const {
        return std::any_of(heap_.begin(), heap_.end(), [](const entry& e) { return e.is == what::arrive; }) ||
               std::any_of(live_.begin(), live_.begin() + arrived_, [](const one& o) { return !o.done; });
    }
    void leave(person who, instant at) {
        if (!any_open()) return;
        change({.what = roster_event_kind::leave, .who = std::string(own_people_.id(who))}, at, "leaves");
        if (const auto& again = r_.of.how.turnover.replaced)
            push({.at = (at + again->draw(random(purpose::joining, 0, static_cast<std::uint32_t>(who)).wide())).time_since_epoch().count(), .is = what::join});
    }
    void join(instant at) {
        if (!any_open()) return;
        const auto id = "newcomer-" + std::to_string(++newcomers_);
        roster_event born{.at = at, .what = roster_event_kind::add_person, .who = id, .handle = id};
        if (!own_people_.apply(born)) return;
        change({.what = roster_event_kind::join, .who = id}, at, "joins");
        const auto who = *own_people_.find_person(id);
        for (std::uint32_t i = 0; i < arrived_; ++i) {
            auto&       o = live_[i];
            const auto& s = r_.stages[o.p.stage];
            const bool  votes = std::any_of(o.p.voters.begin(), o.p.voters.end(), [&](const voter& v) { return v.who == who; });
            if (!o.done && votes && (s.casts || s.raises)) plan_answer(i, who, at);
        }
        push({.at = (at + r_.of.how.turnover.stays.draw(random(purpose::leaving, 0, static_cast<std::uint32_t>(who)).wide())).time_since_epoch().count(),
              .who = static_cast<std::uint32_t>(who), .is = what::leave});
    }

    void tell(std::uint32_t i, instant at, std::string_view who, std::string_view said, std::string_view stage, bool refused) {
        if (story_ != nullptr) story_->push_back({at, i, std::string(who), std::string(said), std::string(stage), refused});
    }

    static constexpr person        nobody{0xffffffff};
    static constexpr std::uint32_t no_end = 0x7fffffff;       ///< of a raise: it is never let go
    static constexpr std::uint32_t habit_flag = 0x80000000;

    struct team_run {
        std::int64_t proposals = 0, accepted = 0, decided = 0, seconds = 0;
    };

    const ready&              r_;
    std::uint64_t             seed_, run_ = 0;
    const quorate::roster*    people_;
    quorate::roster           own_people_{};
    totals*                   to_ = nullptr;
    std::vector<told>*        story_ = nullptr;
    std::vector<entry>        heap_{};
    std::vector<one>          live_{};
    std::vector<command>      custom_{};
    std::vector<planned_act>  plans_{};
    std::vector<std::int64_t> acts_of_{};
    std::vector<team_run>     team_{};
    std::vector<instant>      free_at_{};
    std::optional<proposal>   first_{};
    command                   command_{};
    evidence_of               scratch_{};
    step_output               out_{};
    run_sums                  sums_{};
    std::int64_t              run_acts_ = 0, captured_ = 0, refused_quorum_ = 0;
    std::uint32_t             order_ = 0, arrived_ = 0, newcomers_ = 0;
};

world::world(const ready& r, std::uint64_t seed) : it_(std::make_unique<machine>(r, seed)) {}
world::~world() = default;
run_sums world::run(std::uint64_t number, totals& to) { return it_->run(number, to, nullptr); }
run_sums world::tell(std::uint64_t number, totals& to, std::vector<told>& story) { return it_->run(number, to, &story); }

}  // namespace quorate::simulate
