// Engines: time that passes for all, and places in stages that proposals share.
#include <algorithm>
#include <set>

#include "engine_impl.hpp"
#include "proposal_places.hpp"

namespace quorate {

std::vector<receipt> engine::impl::advance(instant now) {
    std::vector<receipt> receipts;
    if (store->durable())
        if (auto done = catch_up(); !done) return {receipt(done.error())};
    std::set<std::size_t> stuck;  // what can't go on by itself must not keep the others from going on
    while (!due.empty() && due.top().at <= now) {
        const auto entry = due.top();
        due.pop();
        if (rests(entry.which)) continue;  // what was due there was taken back
        auto& p = *proposals[entry.which];
        if (p.due != entry.at || stuck.contains(entry.which)) continue;
        for (int attempt = 0;; ++attempt) {
            receipt r;
            // To this instant only, so that what happens in one proposal is seen by the next at the right time.
            auto done = let_time_pass(p, entry.at, now, r);
            if (done) {
                if (!r.events.empty()) receipts.push_back(std::move(r));
                break;
            }
            if (done.error().code == errc::limit) {
                receipts.emplace_back(done.error());
                receipts.back().proposal = p.id;
                stuck.insert(entry.which);
                break;
            }
            if (done.error().code != errc::conflict || attempt == most_tries) {
                receipts.emplace_back(done.error());
                return receipts;
            }
            if (auto caught_up = catch_up(); !caught_up) {
                receipts.emplace_back(caught_up.error());
                return receipts;
            }
            if (p.due != entry.at) break;  // another was first
        }
    }
    for (const auto which : stuck) note_due(*proposals[which]);
    return receipts;
}

void engine::impl::give_time_before(instant at, std::vector<receipt>& earlier) {
    if (!some_places || !in_range(at)) return;
    auto done = advance(at - duration{1});
    earlier.insert(earlier.end(), std::make_move_iterator(done.begin()), std::make_move_iterator(done.end()));
}

void engine::impl::add_places(writing& w, const proposal& p, const step_output& out) const {
    if (!p.by->has_places) return;
    if (out.place_left) w.left.emplace_back(p.by->name, *out.place_left);
    const auto room = [&](std::string_view stage) {
        return p.by->stages[*p.by->stage_named(stage)].places.has_value();
    };
    const bool counts = std::any_of(out.events.begin(), out.events.end(), [&](const event& e) {
        return e.kind == event_kind::opened || (e.kind == event_kind::moved && (room(e.subject) || room(e.detail)));
    });
    const auto stream = places_stream(p.by->name);
    if (!counts || w.writes(stream)) return;
    const auto when = out.events.back().at;
    w.add(stream, claimed(stream), {{.kind = event_kind::document, .at = when, .noted = when, .subject = p.id}});
}

result<void> engine::impl::fill(const std::string& process, instant at, writing& w, instant noted, receipt& r) {
    const auto& others = by_process.find(process)->second;  // somebody was in one of its stages
    // Who doesn't wait yet may have begun to, in another engine.
    for (const auto& n : others)
        if (find(n.which->id) != nullptr && may_wait(*n.which)) w.rely(n.which->id, n.which->version);
    const auto take = [&](const std::string& id, instant when) -> result<bool> {
        auto* p = find(id);
        if (p == nullptr) return false;  // it is just being opened
        bool circles = false;
        auto done = step_elsewhere(*p, noted, w, r, [&](step_output& out) {
            auto taken_or_not = take_place(*p, when, around(*p), out);
            circles = !taken_or_not;
            return taken_or_not;
        });
        if (!circles) return done;
        std::swap(*p, saved[--saved_count].second);  // a charter that goes in circles must not keep others from leaving
        return false;
    };
    return fill_places({.people = people, .others = others}, at, take);
}

result<void> engine::impl::tell_others(writing& w, instant noted, receipt& r) {
    for (std::size_t turns = 0;; ++turns) {
        if (auto done = tell_children(w, noted, r); !done) return done;
        if (w.left.empty()) return {};
        if (turns == most_moves * (proposals.size() + 1))
            return make_error(errc::limit, "places are left and taken without end at one instant", w.left.front().first);
        const auto [process, at] = w.left.front();
        w.left.erase(w.left.begin());
        if (auto done = fill(process, at, w, noted, r); !done) return done;
    }
}

// ---- reading ------------------------------------------------------------------------------------------------------------------
std::vector<std::string> engine::waiting(std::string_view process, std::string_view stage, instant now, const viewer& v) const {
    std::vector<std::string> ids;
    const auto               found = impl_->by_process.find(process);
    if (found == impl_->by_process.end()) return ids;
    for (const auto* p : waiting_for(stage, now, {.people = impl_->people, .others = found->second}))
        if (impl_->visible(*p, v)) ids.push_back(p->id);
    return ids;
}

}  // namespace quorate
