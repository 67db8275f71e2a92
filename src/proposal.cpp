// What the state of a proposal tells of itself, and guests.
#include <algorithm>

#include <quorate/proposal.hpp>

namespace quorate {

std::optional<std::uint16_t> proposal::target_of(const stage_exit& x) const {
    if (!x.before) return x.to;
    return *x.before < came_from.size() ? came_from[*x.before] : std::nullopt;
}

std::size_t proposal::open_concerns() const {
    return static_cast<std::size_t>(std::count_if(concerns.begin(), concerns.end(), [this](const concern& c) {
        return c.state == concern_state::open && c.seconds.size() >= by->concerns.seconds;
    }));
}

std::size_t proposal::open_children() const {
    return static_cast<std::size_t>(std::count_if(children.begin(), children.end(), [](const child& c) { return !c.outcome; }));
}

std::optional<instant> proposal::oldest_second() const {
    std::optional<instant> oldest;
    for (const auto& s : seconds) oldest = oldest ? std::min(*oldest, s.since) : s.since;
    return oldest;
}

std::optional<instant> proposal::oldest_concern() const {
    std::optional<instant> oldest;
    for (const auto& c : concerns)
        if (c.state == concern_state::open && c.seconds.size() >= by->concerns.seconds)
            oldest = oldest ? std::min(*oldest, c.raised) : c.raised;
    return oldest;
}

void introduce(roster& people, const command& c) {
    if (!c.by.empty()) (void)people.guest(c.by);
}
void introduce(roster& people, const opening& o) { (void)people.guest(o.by); }
void introduce(roster& people, const event& e) {
    if (!e.by.empty()) (void)people.guest(e.by);
    if (!e.on_behalf_of.empty()) (void)people.guest(e.on_behalf_of);
    const bool appointed = e.kind == event_kind::acted && e.done == act::appoint;
    if (e.kind != event_kind::electorate && !appointed) return;
    for (const auto& name : e.names) (void)people.guest(std::string_view(name).substr(name.rfind('=') + 1));
    for (const auto& id : e.delegates)
        if (!id.empty()) (void)people.guest(id);
}

}  // namespace quorate
