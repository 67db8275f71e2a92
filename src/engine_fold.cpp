// Engines: what they know, folded from the journal; and how one is made.
#include <algorithm>

#include "engine_impl.hpp"
#include "journal_documents.hpp"
#include "sha256.hpp"

namespace quorate {

result<void> engine::impl::fold_all() {
    fold_error = {};
    const auto read = store->read({}, seen, [this](const stored_event& s) {
        auto done = fold(s);
        if (done) seen = s.seq;
        else fold_error = done.error();
        return done.has_value();
    });
    if (!read) return read;
    return fold_error ? result<void>(*fold_error) : result<void>{};
}

result<void> engine::impl::fold(const stored_event& s) {
    if (s.stream == charter_stream) return fold_charter(s);
    if (s.stream == roster_stream) return fold_roster(s);
    if (s.what.kind == event_kind::document) {  // the journal's own notes, such as of erased texts, and claims to a subject
        if (is_claim(s.stream)) claims[s.stream] = s.version;
        return {};
    }
    introduce(people, s.what);
    auto* known = find(s.stream);
    if (known != nullptr && s.version <= known->version) return {};  // our own, or seen before
    if (known == nullptr) return fold_opened(s);
    if (s.version != known->version + 1) return make_error(errc::damaged, "an event is missing", s.stream);
    auto done = apply(*known, s.what, people);
    if (done) after_fold(*known);
    return done;
}

result<void> engine::impl::fold_opened(const stored_event& s) {
    const auto under = charters.find(s.what.charter);
    if (under == charters.end()) return make_error(errc::damaged, "the charter it was opened under is not in the journal", s.stream);
    auto p = begin(s.stream, s.what, under->second, people);
    if (!p) return p.error();
    after_fold(adopt_state(std::move(p.value())));
    return {};
}

proposal& engine::impl::adopt_state(proposal p) {
    by_id.emplace(p.id, proposals.size());
    by_subject[p.subject].push_back(proposals.size());
    proposals.push_back(std::make_unique<proposal>(std::move(p)));
    const auto& opened = *proposals.back();
    by_process[opened.by->name].push_back({&opened, opened.parent.empty() ? nullptr : find(opened.parent)});
    some_places = some_places || opened.by->has_places;
    return *proposals.back();
}
/// When the next instant is that time matters isn't stored: it is asked for once the last event is in.

void engine::impl::refresh_due() {
    std::sort(stale.begin(), stale.end());
    stale.erase(std::unique(stale.begin(), stale.end()), stale.end());
    for (const auto i : stale) {
        auto& p = *proposals[i];
        p.due = next_instant(p, around(p));
        note_due(p);
    }
    stale.clear();
}

result<void> engine::impl::fold_charter(const stored_event& s) {
    if (s.version <= charter_version) return {};  // our own
    charter_version = s.version;
    const auto c = charter_of(s.what);
    if (!c) return c.error();
    charter_stored = charter_stored || c.value().hash() == rules.hash();
    charters.emplace(c.value().hash(), c.value());
    return {};
}

result<void> engine::impl::find_roster_base() {
    const auto own = sha256_hex(to_json(people));
    return store->read(roster_stream, 0, [&](const stored_event& s) {
        if (s.what.kind == event_kind::document) roster_base = s.what.subject == own ? s.version : 0;
        return true;
    });
}

result<void> engine::impl::fold_roster(const stored_event& s) {
    if (s.version <= roster_version) return {};  // our own
    roster_version = s.version;
    if (s.what.kind == event_kind::document) {
        const bool own = made && !roster_stored && s.what.subject == sha256_hex(to_json(people));
        if (made && !own)
            return make_error(errc::conflict, "another engine runs this journal with another roster; make this one anew", s.stream);
        roster_stored = own || s.version == roster_base;
        return {};
    }
    if (!roster_stored) return {};
    const auto change = parse_roster_event(s.what.text);
    if (!change) return change.error();
    const auto done = people.apply(change.value());
    return done ? result<void>{} : result<void>(done.error());
}

result<void> engine::impl::catch_up() {
    const auto last = store->last();
    if (!last) return last.error();
    if (last.value() == seen) return {};
    auto done = fold_all();
    refresh_due();
    return done;
}

// ---- making one -------------------------------------------------------------------------------------------------------------
engine::engine(std::unique_ptr<impl> i) : impl_(std::move(i)) {}
engine::engine(engine&&) noexcept = default;
engine& engine::operator=(engine&&) noexcept = default;
engine::~engine() = default;

engine::engine(charter rules, roster people, std::unique_ptr<journal> store)
    : engine(make(std::move(rules), std::move(people), std::move(store)).value()) {}

result<engine> engine::make(charter rules, roster people, std::unique_ptr<journal> store) {
    auto i = std::make_unique<impl>(std::move(rules), std::move(people), std::move(store));
    if (auto done = i->find_roster_base(); !done) return done.error();
    if (auto done = i->fold_all(); !done) return done.error();
    i->made = true;
    i->refresh_due();
    return engine(std::move(i));
}

result<engine> engine::make(std::unique_ptr<journal> store) {
    std::optional<event> rules;
    std::optional<event> people;
    const auto           last_of = [&](std::string_view stream, std::optional<event>& last) {
        return store->read(stream, 0, [&](const stored_event& s) {
            if (s.what.kind == event_kind::document) last = s.what;
            return true;
        });
    };
    if (auto done = last_of(charter_stream, rules); !done) return done.error();
    if (auto done = last_of(roster_stream, people); !done) return done.error();
    if (!rules || !people)
        return make_error(errc::not_found, "the journal holds no charter and roster yet", {},
                          "give them when the engine is first made: they are stored with the first proposal");
    auto c = charter_of(*rules);
    if (!c) return c.error();
    auto r = roster_of(*people);
    if (!r) return r.error();
    return make(std::move(c.value()), std::move(r.value()), std::move(store));
}

}  // namespace quorate
