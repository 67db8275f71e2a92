#include <algorithm>
#include <queue>
#include <tuple>

#include <quorate/explain.hpp>

#include "proposal_family.hpp"
#include "proposal_places.hpp"
#include "what_if.hpp"

namespace quorate::replay {

life* side::find(std::string_view id) {
    const auto found = lives_.find(id);
    return found == lives_.end() ? nullptr : found->second.get();
}

surroundings side::around(const proposal& p) {
    auto* parent = p.parent.empty() ? nullptr : find(p.parent);
    return {.people = people_, .parent = parent == nullptr ? nullptr : &parent->p, .scratch = &scratch_, .others = beside(p.by)};
}

std::span<const neighbour> side::beside(const process* by) const {
    const auto found = by != nullptr && by->has_places ? by_process_.find(by->name) : by_process_.end();
    return found == by_process_.end() ? std::span<const neighbour>{} : found->second;
}

life& side::take_in(const std::string& id, std::unique_ptr<life> made) {
    auto&       l = *lives_.emplace(id, std::move(made)).first->second;
    const auto* parent = l.p.parent.empty() ? nullptr : find(l.p.parent);
    order_.push_back(id);
    by_process_[l.p.by->name].push_back({&l.p, parent == nullptr ? nullptr : &parent->p});
    return l;
}

void side::keep(life& l, std::vector<event> events) {
    for (auto& e : events) {
        if (e.kind == event_kind::moved) l.moves.push_back(l.events.size());
        l.events.push_back(std::move(e));
    }
}

/// Keeps what a step made, and notes whom it may matter to.
void side::note(life& l, step_output& out) {
    touched_.push_back(l.p.id);
    if (!out.events.empty()) happened_.push_back(l.p.id);
    if (out.place_left) left_.emplace_back(l.p.by->name, *out.place_left);
    keep(l, std::move(out.events));
}

/// After a fault in the charter, such as exits that go in circles: it stays as it was, and takes no part any more.
void side::stop(life& l, const error& why) {
    l.problem = why.what();
    (void)refold(l);
    l.p.due.reset();
}

/// Does something to one proposal, keeps what it made, and tells those above it of its outcome.
template <class Do>
void side::step(life& l, Do what) {
    const bool  was_open = is_open(l.p.in());
    step_output out;
    touched_.clear();
    if (result<void> done = what(l.p, out); !done) return stop(l, done.error());
    note(l, out);
    (void)tell(l, was_open);
    tell_others();
}

/// Lets those who wait take what places are free. A fault stops the one that has it.
void side::fill(const std::string& process, instant at) {
    const auto take = [&](const std::string& id, instant when) -> result<bool> {
        auto&       l = *find(id);
        const bool  was_open = is_open(l.p.in());
        step_output out;
        if (!l.problem.empty()) return false;
        if (auto done = take_place(l.p, when, around(l.p), out); !done) {
            stop(l, done.error());
            return false;
        }
        l.given = std::max(l.given, when);
        const bool moved = !out.events.empty();
        note(l, out);
        if (moved) (void)tell(l, was_open);
        return moved;
    };
    (void)fill_places({.people = people_, .others = by_process_[process]}, at, take);
}

void side::tell_others() {
    for (std::size_t turns = 0, most = most_moves * (order_.size() + 1); turns < most; ++turns) {
        tell_children();
        if (left_.empty()) return;
        const auto [process, at] = left_.front();
        left_.erase(left_.begin());
        fill(process, at);
    }
    left_.clear();
}

/// Lets those under the ones to whom something happened follow. A fault stops the one that follows.
void side::tell_children() {
    const auto known = [this](std::string_view id) {
        auto* l = find(id);
        return l == nullptr || !l->problem.empty() ? nullptr : &l->p;
    };
    const auto follow = [this](proposal& child, instant at) -> result<void> {
        auto&       l = *find(child.id);
        const bool  was_open = is_open(child.in());
        step_output out;
        if (auto done = follow_surroundings(child, at, around(child), out); !done) {
            stop(l, done.error());
            return {};
        }
        l.given = std::max(l.given, at);
        const bool moved = !out.events.empty();
        note(l, out);
        if (moved) (void)tell(l, was_open);
        return {};
    };
    (void)quorate::tell_children(happened_, known, follow);
}

/// Tells those above that it was opened, or of its outcome. A fault stops the one that is told, not the one that tells.
result<void> side::tell(const life& l, bool was_open, bool opened) {
    const auto known = [this](std::string_view id) {
        auto* above = find(id);
        return above == nullptr || !above->problem.empty() ? nullptr : &above->p;
    };
    const auto take = [this](proposal& parent, const command& link) -> result<void> {
        auto&       above = *find(parent.id);
        step_output told;
        const auto  done = handle(parent, link, around(parent), told);
        if (!done) {
            stop(above, done.error());
            return done.error();
        }
        note(above, told);
        above.given = std::max(above.given, link.at);
        return {};
    };
    if (opened)
        if (auto done = tell_opening(l.p, known, take); !done) return done;
    return tell_parents(l.p, was_open, known, take);
}

std::string side::open(const std::string& id, const opening& o, const charter& under) {
    if (!o.parent.empty() && find(o.parent) == nullptr) return "its parent, " + o.parent + ", can't be replayed";
    auto        made = std::make_unique<life>();
    step_output out;
    introduce(people_, o);
    // Not in the list yet: an opening that is refused leaves nothing behind.
    auto surrounded = around({.parent = o.parent});
    surrounded.others = beside(under.find(o.process));
    const auto answer = open_proposal(made->p, id, o, under, surrounded, out);
    if (!answer) return answer.error().what();
    if (answer.value()) return to_string(*answer.value());
    made->given = o.at;
    auto& l = take_in(id, std::move(made));
    // It may have come to its outcome at once.
    if (out.place_left) left_.emplace_back(l.p.by->name, *out.place_left);
    keep(l, std::move(out.events));
    (void)tell(l, true, true);
    tell_others();
    return {};
}

std::optional<refusal> side::ask(life& l, const command& c) {
    if (!l.problem.empty()) return std::nullopt;
    std::optional<refusal> no;
    introduce(people_, c);
    step(l, [&](proposal& p, step_output& out) -> result<void> {
        auto answer = handle(p, c, around(p), out);
        if (!answer) return answer.error();
        no = std::move(answer.value());
        return {};
    });
    l.given = std::max(l.given, c.at);
    return no;
}

void side::pass(life& l, instant until) {
    if (!l.problem.empty()) return;
    step(l, [&](proposal& p, step_output& out) { return pass_time(p, until, around(p), out); });
    l.given = std::max(l.given, until);
}

void side::end_open_windows(life& l, instant at) {
    if (!l.problem.empty()) return;
    // Somebody whom no roster knows asks for a position that none has: refused, but not before time has passed.
    const command refused{.what = act::cast, .by = "(nobody)", .subject = "(nothing)", .at = at};
    step(l, [&](proposal& p, step_output& out) -> result<void> {
        const auto answer = handle(p, refused, around(p), out);
        return answer ? result<void>{} : result<void>(answer.error());
    });
    l.given = std::max(l.given, at);
}

void side::follow_roster(life& l, instant at) {
    if (!l.problem.empty()) return;
    const auto when = std::max(at, l.p.last);
    step(l, [&](proposal& p, step_output& out) { return follow_surroundings(p, when, around(p), out); });
    l.given = std::max(l.given, when);
}

void side::advance(const std::vector<std::string>& whom, instant until) {
    using entry = std::pair<instant, std::size_t>;
    std::priority_queue<entry, std::vector<entry>, std::greater<>> due;
    std::map<std::string, std::size_t, std::less<>>                places;
    std::vector<life*>                                             lives;
    const auto consider = [&](std::size_t i) {
        const auto& l = *lives[i];
        const auto  bound = l.not_beyond ? std::min(until, *l.not_beyond - duration{1}) : until;
        if (l.problem.empty() && l.p.due && *l.p.due <= bound) due.emplace(*l.p.due, i);
    };
    for (const auto& id : whom) {
        auto* l = find(id);
        if (l == nullptr) continue;
        places.emplace(id, lives.size());
        lives.push_back(l);
        consider(lives.size() - 1);
    }
    while (!due.empty()) {
        const auto [at, i] = due.top();
        due.pop();
        auto& l = *lives[i];
        if (l.p.due != at || !l.problem.empty()) continue;
        pass(l, at);
        consider(i);
        for (const auto& id : touched_)  // others may be due at another time for it
            if (const auto place = places.find(id); place != places.end() && place->second != i) consider(place->second);
    }
}

result<void> side::fold(const stored_event& s, const charter* under) {
    introduce(people_, s.what);
    auto* l = find(s.stream);
    if (l == nullptr) {
        if (under == nullptr)
            return make_error(errc::damaged, "the charter it was opened under is not in the journal", s.stream);
        auto begun = begin(s.stream, s.what, *under, people_);
        if (!begun) return begun.error();
        auto made = std::make_unique<life>();
        made->p = std::move(begun.value());
        l = &take_in(s.stream, std::move(made));
    } else if (s.version != l->p.version + 1) {
        return make_error(errc::damaged, "an event is missing", s.stream);
    } else if (auto done = apply(l->p, s.what, people_); !done) {
        return done;
    }
    l->p.due.reset();
    keep(*l, {s.what});
    return {};
}

result<void> side::refold(life& l) {
    const auto under = *l.p.under;
    for (const auto& e : l.events) introduce(people_, e);
    auto       begun = begin(l.p.id, l.events.front(), under, people_);
    if (!begun) return begun.error();
    for (std::size_t i = 1; i < l.events.size(); ++i)
        if (auto done = apply(begun.value(), l.events[i], people_); !done) return done;
    l.p = std::move(begun.value());
    return {};
}

result<void> side::fold_anew() {
    for (const auto& id : order_) {
        auto& l = *find(id);
        if (auto done = refold(l); !done) return done;
    }
    for (const auto& id : order_) {  // a rule may read the parent, so only when all are there
        auto& l = *find(id);
        if (l.problem.empty()) l.p.due = next_instant(l.p, around(l.p));
    }
    return {};
}

// ---- telling ------------------------------------------------------------------------------------------------------------
command command_of(const event& e) {
    command c{.what = e.done, .by = e.by, .on_behalf_of = e.on_behalf_of, .subject = e.subject, .detail = e.detail,
              .text = e.text, .names = e.names, .amount = e.number, .truth = e.flag, .at = e.at};
    if (e.done == act::extend) c.amount.reset();  // the event adds what the duration comes to
    return c;
}

std::string in_words(const event& e) {
    std::string s(to_string(e.done));
    if (!e.subject.empty()) s += ' ' + e.subject;
    if (e.flag) s += *e.flag ? " = true" : " = false";
    if (e.number && e.done == act::fact) s += " = " + std::to_string(*e.number);
    return s;
}

namespace {

/// What brought about the move at `i`: the last thing asked at that instant, else the clock, a place in the stage, or the roster.
std::string cause_of(const std::vector<event>& events, std::size_t i, const roster& people, const stage& to) {
    const auto& moved = events[i];
    if (moved.why == cause::time) return "time";
    for (auto j = i; j-- > 0 && events[j].at == moved.at;) {
        const auto& e = events[j];
        if (e.kind == event_kind::opened) return "opened";
        if (e.kind != event_kind::acted || e.why != cause::command) continue;
        if (e.done == act::link) return "the outcome of " + e.subject;
        if (e.by.empty() && row_of(e.done).of != act_class::record) continue;  // the charter's own reaction to that
        const auto who = e.by.empty() ? std::nullopt : people.find_person(e.by);
        return (who ? std::string(people.handle(*who)) + ": " : e.by.empty() ? std::string() : e.by + ": ") + in_words(e);
    }
    return to.places ? "a free place or the roster" : "the roster";
}

}  // namespace

course course_of(side& s, life& l, instant until, const roster& people) {
    course      c;
    const auto& first = l.p.by->stages.front();
    c.stays.push_back({first.name, first.in, l.p.opened, "opened"});
    for (const auto i : l.moves) {
        const auto& e = l.events[i];
        const auto& stage = l.p.by->stages[*l.p.by->stage_named(e.subject)];
        c.stays.push_back({stage.name, stage.in, e.at, cause_of(l.events, i, people, stage)});
    }
    if (l.p.disposition) c.disposition = l.p.by->dispositions[*l.p.disposition];
    c.stands = explain(l.p, std::max(until, l.p.last), s.around(l.p)).summary;
    return c;
}

}  // namespace quorate::replay
