// Engines: what proposals have to do with each other: parents and children, and one proposal per subject.
#include <algorithm>

#include "engine_impl.hpp"
#include "json.hpp"
#include "proposal_family.hpp"

namespace quorate {

std::optional<refusal> engine::impl::taken(const process& by, const std::string& subject, const std::string& actor, const proposal* own) const {
    const auto known = by_subject.find(subject);
    if (by.about_one == per_subject::any || subject.empty() || known == by_subject.end()) return std::nullopt;
    if (by.about_one == per_subject::one && own != nullptr) return std::nullopt;  // it is the one
    for (const auto i : known->second) {
        if (rests(i) && (at_rest[i].by->name != by.name || by.about_one == per_subject::one_open)) continue;  // it is closed
        const auto& p = awake(i);
        if (&p == own || p.by->name != by.name || (by.about_one == per_subject::one_open && !is_open(p.in()))) continue;
        const bool ever = by.about_one == per_subject::one;
        const auto which = ever ? "per subject: one" : "per subject: one open";
        const auto what = json_text::in_quotes(subject) + " has a " + json_text::in_quotes(by.title) + " already";
        if (!seen_by(actor, p)) return refusal{refused_by::rule, what, which, {}};
        return refusal{refused_by::rule, what + ": " + p.id + ", in stage " + json_text::in_quotes(p.now().title), which,
                       is_open(p.in()) ? "go on with that one" : "take that one up again, as far as its stages allow"};
    }
    return std::nullopt;
}

void engine::impl::add_claim(writing& w, const proposal& p, instant when) const {
    if (p.by->about_one == per_subject::any || p.subject.empty()) return;
    const auto stream = claim_stream(p.by->name, p.subject);
    w.add(stream, claimed(stream), {{.kind = event_kind::document, .at = when, .noted = when, .subject = p.id}});
}

result<void> engine::impl::give_link(proposal& parent, const command& link, writing& w, instant noted, receipt& r) {
    const bool was_open = is_open(parent.in());
    const auto other = was_open ? std::nullopt : taken(*parent.by, parent.subject, {}, &parent);
    auto       events = step(parent, noted, w, [&](step_output& out) -> result<void> {
        if (auto done = handle(parent, link, around(parent, other), out); !done) return done.error();
        if (!was_open && is_open(parent.in())) add_claim(w, parent, link.at);
        return {};
    });
    if (!events) return events.error();
    r.elsewhere.push_back({parent.id, std::move(events.value())});  // links are legal in every phase
    return {};
}

result<void> engine::impl::tell_parents(writing& w, const proposal& told, bool was_open, instant noted, receipt& r) {
    return quorate::tell_parents(told, was_open, [this](std::string_view id) { return find(id); },
                                 [&](proposal& parent, const command& link) { return give_link(parent, link, w, noted, r); });
}

result<void> engine::impl::tell_opening(writing& w, const proposal& opened, receipt& r) {
    return quorate::tell_opening(opened, [this](std::string_view id) { return find(id); },
                                 [&](proposal& parent, const command& link) { return give_link(parent, link, w, opened.opened, r); });
}

result<void> engine::impl::tell_children(writing& w, instant noted, receipt& r) {
    const auto follow = [&](proposal& p, instant at) -> result<void> {
        auto done = step_elsewhere(p, noted, w, r, [&](step_output& out) { return follow_surroundings(p, at, around(p), out); });
        return done ? result<void>{} : done.error();
    };
    return quorate::tell_children(w.happened, [this](std::string_view id) { return find(id); }, follow);
}

std::size_t engine::impl::depth_below(std::string_view parent) const {
    std::size_t depth = 0;
    for (const auto* p = find(parent); p != nullptr; p = find(p->parent)) ++depth;
    return depth;
}

void engine::impl::rely_on_others(writing& w, const proposal& p) const {
    const auto* parent = p.parent.empty() ? nullptr : find(p.parent);
    if (parent != nullptr) w.rely(parent->id, parent->version);
    if (p.by->has_places) w.rely(places_stream(p.by->name), claimed(places_stream(p.by->name)));
}

}  // namespace quorate
