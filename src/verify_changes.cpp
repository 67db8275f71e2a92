// What happens around a proposal: people who leave and join, and other proposals that take the places that it waits for.
#include <algorithm>

#include "proposal_places.hpp"
#include "verifying.hpp"

namespace quorate::verifying {
namespace {

constexpr std::uint32_t most_filled_places = 8;  ///< of one stage that others fill

roster_event change(roster_event_kind what, team_id in, const roster& people, std::string_view who = {}) {
    roster_event e;
    e.what = what;
    e.team = people.name(in);
    e.who = who;
    return e;
}

/// What the roster says when a person leaves all that they are in.
std::vector<roster_event> leaving(const roster& people, person who) {
    std::vector<roster_event> all;
    const std::string         id(people.id(who));
    for (const auto t : people.teams())
        for (const auto& s : people.seats(t))
            if (s.holder == who) {
                all.push_back(change(roster_event_kind::vacate_seat, t, people));
                all.back().seat = s.name;
            }
    for (const auto t : people.teams()) {
        const auto& members = people.info(t).members;
        if (std::any_of(members.begin(), members.end(), [&](const membership& m) { return m.who == id; })) all.push_back(change(roster_event_kind::leave, t, people, id));
    }
    return all;
}

/// What it says when a newcomer joins all teams of somebody: with `all` also in their roles, their leads and their seats, which they have left.
std::vector<roster_event> joining(const roster& people, person like, std::string_view newcomer, bool all_of_it) {
    std::vector<roster_event> all;
    const std::string         id(people.id(like));
    for (const auto t : people.teams()) {
        const auto& info = people.info(t);
        for (const auto& m : info.members) {
            if (m.who != id) continue;
            all.push_back(change(roster_event_kind::join, t, people, newcomer));
            for (const auto& role : m.roles) {
                if (!all_of_it) break;
                all.push_back(change(roster_event_kind::give_role, t, people, newcomer));
                all.back().role = role;
            }
        }
        if (!all_of_it) continue;
        if (std::find(info.leads.begin(), info.leads.end(), id) != info.leads.end()) all.push_back(change(roster_event_kind::add_lead, t, people, newcomer));
        for (const auto& s : people.seats(t))
            if (s.holder == like) {
                all.push_back(change(roster_event_kind::fill_seat, t, people, newcomer));
                all.back().seat = s.name;
            }
    }
    return all;
}

/// Whether nobody else is in one of their teams, or has one of their roles.
bool last_of_something(const roster& people, person who) {
    const auto alone = [&](auto has) {
        if (!has(who)) return false;
        for (std::size_t i = 0; i < people.people(); ++i)
            if (static_cast<person>(i) != who && has(static_cast<person>(i))) return false;
        return true;
    };
    for (const auto t : people.teams())
        if (alone([&](person x) { return people.is_member(x, t) || people.holds_seat(x, t); }) || alone([&](person x) { return people.is_lead(x, t); })) return true;
    return std::any_of(people.document().roles.begin(), people.document().roles.end(), [&](const auto& r) { return alone([&](person x) { return people.has_role(x, r.name); }); });
}

bool everybody_decides(const process& p) {
    const auto& nodes = p.electorate.of.nodes;
    return std::any_of(nodes.begin(), nodes.end(), [](const rule_node& n) { return n.what == op::set_name && n.index == static_cast<std::uint16_t>(set_name::everyone); });
}

}  // namespace

std::optional<std::size_t> world::stands_in_for(std::size_t newcomer) const {
    const auto i = newcomer - first_newcomer_;
    return exchanged_ != 0 && i < leaving_.size() ? std::optional(leaving_[i]) : std::nullopt;
}

std::optional<std::size_t> world::joiner(std::uint32_t left) const { return left == 0 ? joiner_ : std::nullopt; }

std::vector<roster_event> world::events_of(const move& m, std::uint32_t left) const {
    const auto& before = people(left);
    if (m.what == move::kind::leave) return leaving(before, static_cast<person>(m.person));
    if (m.what == move::kind::join) return joining(before, static_cast<person>(leaving_.front()), before.id(static_cast<person>(m.person)), false);
    std::vector<roster_event> all;
    if (m.what != move::kind::exchange && m.what != move::kind::leave_team) return all;
    const auto add = [&](std::vector<roster_event> more) { all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end())); };
    for (const auto who : leaving_)
        if (m.what == move::kind::exchange || (team_of(m) >> who & 1U) != 0) add(leaving(before, static_cast<person>(who)));
    if (m.what == move::kind::leave_team) return all;
    for (std::size_t i = 0; i < leaving_.size(); ++i) add(joining(before, static_cast<person>(leaving_[i]), before.id(static_cast<person>(first_newcomer_ + i)), true));
    return all;
}

/// The roster as it is after a move, if the roster takes it.
void world::add_roster(std::uint32_t key, std::uint32_t from, const move& m) {
    auto       changed = rosters_.at(from);
    const auto events = events_of(m, from);
    bool       fine = !events.empty();
    for (auto e : events) {
        e.at = changed.as_of().value_or(start);
        fine = fine && changed.apply(e).has_value();
    }
    if (fine) rosters_.emplace(key, std::move(changed));
}

void world::changed_rosters(const roster& people) {
    first_newcomer_ = size_;
    for (std::size_t i = 0; i < size_; ++i)
        if (!leaving(people, static_cast<person>(i)).empty()) leaving_.push_back(i);
    const auto wanted = (bounds_.exchange ? leaving_.size() : 0) + bounds_.joiners;
    std::string_view why;
    if (wanted != 0 && leaving_.empty()) why = "nobody is a member of anything";
    else if (wanted != 0 && everybody_decides(*by_)) why = "everybody decides, newcomers as well";
    else if (size_ + wanted > most_verified_people) why = "there would be too many people";
    if (wanted != 0 && !why.empty()) not_made_.push_back("newcomers: " + std::string(why));
    if (wanted == 0 || !why.empty()) {
        rosters_.emplace(0U, people);
    } else {
        auto document = people.document();
        for (std::size_t i = 0; i < wanted; ++i) {
            person_info p;
            p.id = p.handle = "newcomer-" + std::to_string(i + 1);
            document.people.push_back(std::move(p));
        }
        auto with = make_roster(std::move(document));
        if (with) size_ += wanted;
        else not_made_.push_back("newcomers: " + with.error().what());
        rosters_.emplace(0U, with ? std::move(with.value()) : people);
    }
    move m;
    if (size_ != first_newcomer_ && bounds_.exchange) {
        m.what = move::kind::exchange;
        for (const auto who : leaving_) exchanged_ |= 1U << who;
        for (std::size_t i = 0; i < leaving_.size(); ++i) exchanged_ |= 1U << (first_newcomer_ + i);
        add_roster(exchanged_, 0, m);
        if (!rosters_.contains(exchanged_)) exchanged_ = 0, not_made_.emplace_back("newcomers in the place of all members: the roster doesn't take it");
    }
    if (size_ != first_newcomer_ && bounds_.joiners != 0) {
        m.what = move::kind::join;
        m.person = static_cast<std::uint32_t>(size_ - 1);
        add_roster(1U << m.person, 0, m);
        if (rosters_.contains(1U << m.person)) joiner_ = m.person;
        else not_made_.emplace_back("members who join: the first one is in no team by name");
    }
    if (bounds_.teams) whole_teams();
    leave_rosters();
}

/// Teams of several. Whoever leaves alone is one of those who leave.
void world::whole_teams() {
    const auto& people = rosters_.at(0);
    for (const auto t : people.teams()) {
        std::uint32_t all = 0;
        for (const auto who : leaving_)
            if (people.is_member(static_cast<person>(who), t) || people.holds_seat(static_cast<person>(who), t)) all |= 1U << who;
        if ((all & (all - 1)) == 0 || std::find(whole_teams_.begin(), whole_teams_.end(), all) != whole_teams_.end()) continue;
        whole_teams_.push_back(all);
        move m;
        m.what = move::kind::leave_team;
        m.person = static_cast<std::uint32_t>(whole_teams_.size() - 1);
        add_roster(all, 0, m);
        if (!rosters_.contains(all)) whole_teams_.pop_back();
    }
}

void world::leave_rosters() {
    std::vector<std::uint32_t> level{0};
    for (std::size_t n = 0; n < bounds_.leavers; ++n) {
        std::vector<std::uint32_t> next;
        for (const auto mask : level)
            for (std::size_t i = 0; i < first_newcomer_; ++i) {
                const auto with = mask | (1U << i);
                if (with == mask || rosters_.contains(with) || last_of_something(rosters_.at(mask), static_cast<person>(i))) continue;
                move m;
                m.what = move::kind::leave;
                m.person = static_cast<std::uint32_t>(i);
                add_roster(with, mask, m);
                if (rosters_.contains(with)) next.push_back(with);
            }
        level = std::move(next);
    }
}

/// Others, as they would be in each stage with places: as many as it has.
void world::crowds() {
    if (!by_->has_places || parent_) return;
    std::string because;
    const auto  roots = openings(because);
    if (roots.empty()) return;
    for (std::uint16_t i = 0; i < by_->stages.size(); ++i) {
        const auto& s = by_->stages[i];
        if (!s.places) continue;
        if (*s.places > most_filled_places) {
            not_made_.push_back("that others fill stage \"" + s.name + "\", which has " + std::to_string(*s.places) + " places");
            continue;
        }
        for (std::uint32_t n = 0; n < *s.places; ++n) {
            auto other = roots.front().after.p;
            other.id = "other-" + std::to_string(others_.size() + 1);
            other.stage = i;
            other.holds_since.assign(s.exits.size(), std::nullopt);
            other.due.reset();
            others_.push_back(std::move(other));
        }
    }
    for (const auto& each : others_) beside_.push_back({.which = &each});
}

bool world::waits_for_places(const situation& s) const { return !beside_.empty() && is_open(s.p.in()) && may_wait(s.p); }

}  // namespace quorate::verifying
