// Leaving and joining in the middle of a run.
#include <algorithm>

#include "simulate_machine.hpp"

namespace quorate::simulate {

void world::machine::begin_turnover() {
    own_people_ = r_.people;
    people_ = &own_people_;
    newcomers_ = 0;
    for (const auto p : r_.leaving)
        push({.at = (run_start + r_.of.how.turnover.stays.draw(random(purpose::leaving, 0, static_cast<std::uint32_t>(p)).wide())).time_since_epoch().count(),
              .who = static_cast<std::uint32_t>(p), .is = what::leave});
}

void world::machine::change(roster_event e, instant at, std::string_view said) {
    e.at = at;
    e.team = r_.of.how.turnover.team;
    if (!own_people_.apply(e)) return;
    for (std::uint32_t i = 0; i < arrived_; ++i)
        if (auto& o = live_[i]; !o.done) {
            out_.clear();
            saw(follow_surroundings(o.p, std::max(at, o.p.last), around(), out_).has_value(), i, at, e.who, said);
        }
}

bool world::machine::any_open() const {
    return std::any_of(heap_.begin(), heap_.end(), [](const entry& e) { return e.is == what::arrive; }) ||
           std::any_of(live_.begin(), live_.begin() + arrived_, [](const one& o) { return !o.done; });
}

void world::machine::leave(person who, instant at) {
    if (!any_open()) return;
    change({.what = roster_event_kind::leave, .who = std::string(own_people_.id(who))}, at, "leaves");
    if (const auto& again = r_.of.how.turnover.replaced)
        push({.at = (at + again->draw(random(purpose::joining, 0, static_cast<std::uint32_t>(who)).wide())).time_since_epoch().count(), .is = what::join});
}

void world::machine::join(instant at) {
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

}  // namespace quorate::simulate
