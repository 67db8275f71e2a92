// Engines: what they know, folded from the journal; and how one is made.
#include <algorithm>
#include <functional>

#include "engine_impl.hpp"
#include "journal_documents.hpp"
#include "sha256.hpp"

namespace quorate {

result<void> engine::impl::fold_all() {
    for (;;) {
        std::optional<std::size_t> asleep;
        if (auto done = fold_on(asleep); !done || !asleep) return done;
        auto woke = as_result([&]() -> result<void> {
            (void)awake(*asleep);
            return {};
        });
        if (!woke) return woke;
    }
}

/// Stops at something that happened to one at rest, or under it: a journal can't be asked for that one while it is being read.
result<void> engine::impl::fold_on(std::optional<std::size_t>& asleep) {
    fold_error = {};
    const auto read = store->read({}, seen, [&](const stored_event& s) {
        if (s.seq > last_to_see) return false;
        for (const auto id : {std::string_view(s.stream), std::string_view(s.what.parent)})
            if (const auto known = by_id.find(id); known != by_id.end() && rests(known->second)) asleep = known->second;
        if (asleep) return false;
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
    const auto before = people.people();
    introduce(people, s.what);
    for (auto i = before; i < people.people(); ++i) guests.emplace_back(s.seq, people.id(static_cast<person>(i)));
    const auto place = by_id.find(s.stream);
    auto*      known = place == by_id.end() ? nullptr : proposals[place->second].get();
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
    // So that ways from child to parent have an end, whatever a journal says.
    if (!s.what.parent.empty() && !by_id.contains(s.what.parent)) return make_error(errc::damaged, "its parent was not opened before it", s.stream);
    auto p = begin(s.stream, s.what, under->second, people);
    if (!p) return p.error();
    after_fold(adopt_state(std::move(p.value())));
    return {};
}

proposal& engine::impl::adopt_state(proposal p) {
    const auto [known, is_new] = by_id.try_emplace(p.id, proposals.size());
    if (is_new) {
        by_subject[p.subject].push_back(known->second);
        proposals.emplace_back();
    }
    auto& opened = *(proposals[known->second] = std::make_unique<proposal>(std::move(p)));
    if (opened.by->has_places) {
        by_process[opened.by->name].push_back({&opened, opened.parent.empty() ? nullptr : find(opened.parent)});
        some_places = true;
    }
    return opened;
}

/// When the next instant is that time matters isn't stored: it is asked for once the last event is in. What fails is asked for again.
result<void> engine::impl::refresh_due() {
    std::sort(stale.begin(), stale.end(), std::greater<>());
    stale.erase(std::unique(stale.begin(), stale.end()), stale.end());
    return as_result([&]() -> result<void> {
        for (; !stale.empty(); stale.pop_back()) {
            auto& p = *proposals[stale.back()];
            p.due = next_instant(p, around(p));  // its parent may be at rest, and have to be read
            note_due(p);
        }
        return {};
    });
}

result<void> engine::impl::fold_charter(const stored_event& s) {
    if (s.version <= charter_version) return {};  // our own
    const auto c = charter_of(s.what);
    if (!c) return c.error();
    charter_version = s.version;
    charter_stored = charter_stored || c.value().hash() == rules.hash();
    charters.emplace(c.value().hash(), c.value());
    return {};
}

result<void> engine::impl::find_roster_base() {
    given_roster = sha256_hex(to_json(people));
    return store->read(roster_stream, 0, [&](const stored_event& s) {
        if (s.seq > last_to_see) return false;
        if (s.what.kind == event_kind::document) roster_base = s.what.subject == given_roster ? s.version : 0;
        return true;
    });
}

result<void> engine::impl::fold_roster(const stored_event& s) {
    if (s.version <= roster_version) return {};  // our own
    if (s.what.kind == event_kind::document) {
        const bool own = made && !roster_stored && s.what.subject == sha256_hex(to_json(people));
        if (made && !own)
            return make_error(errc::conflict, "another engine runs this journal with another roster; make this one anew", s.stream);
        roster_stored = own || s.version == roster_base;
    } else if (roster_stored) {
        const auto change = parse_roster_event(s.what.text);
        if (!change) return change.error();
        remember_people();
        if (const auto done = people.apply(change.value()); !done) return done.error();
    }
    roster_version = s.version;  // what failed fails again
    return {};
}

result<void> engine::impl::catch_up() {
    const auto last = store->last();
    if (!last) return last.error();
    auto folded = last.value() == seen ? result<void>() : fold_all();
    auto due_again = refresh_due();  // what failed before, too
    return folded ? due_again : folded;
}

// ---- making one -------------------------------------------------------------------------------------------------------------
engine::engine(std::unique_ptr<impl> i) : impl_(std::move(i)) {}
engine::engine(engine&&) noexcept = default;
engine& engine::operator=(engine&&) noexcept = default;
engine::~engine() = default;

engine::engine(charter rules, roster people, std::unique_ptr<journal> store)
    : engine(make(std::move(rules), std::move(people), std::move(store)).value()) {}

result<engine> engine::make(charter rules, roster people, std::unique_ptr<journal> store) {
    auto made = impl::make(std::move(rules), std::move(people), std::move(store), {});
    if (!made) return made.error();
    return engine(std::move(made.value()));
}

result<engine> engine::make(std::unique_ptr<journal> store) {
    auto made = impl::make(std::move(store), {});
    if (!made) return made.error();
    return engine(std::move(made.value()));
}

result<std::unique_ptr<engine::impl>> engine::impl::make(charter rules, roster people, std::unique_ptr<journal> store, extent seeing) {
    const auto fresh = [&](roster with) {
        auto i = std::make_unique<impl>(rules, std::move(with), std::move(store));
        i->last_to_see = seeing.until;
        return i;
    };
    std::unique_ptr<impl> i;
    const auto kept = seeing.with_snapshot ? store->kept_snapshot() : result<std::optional<snapshot>>(std::nullopt);
    if (kept && kept.value() && kept.value()->fault.empty()) {
        i = fresh(people);
        if (auto done = i->find_roster_base(); !done) return done.error();
        if (!i->take_snapshot(*kept.value())) {
            store = std::move(i->store);
            i.reset();
        }
    }
    if (!i) {
        i = fresh(std::move(people));
        if (auto done = i->find_roster_base(); !done) return done.error();
    }
    if (auto done = i->fold_all(); !done) return done.error();
    i->made = true;
    if (auto done = i->refresh_due(); !done) return done.error();
    return i;
}

result<std::unique_ptr<engine::impl>> engine::impl::make(std::unique_ptr<journal> store, extent seeing) {
    std::optional<event> rules;
    std::optional<event> people;
    const auto           last_of = [&](std::string_view stream, std::optional<event>& last) {
        return store->read(stream, 0, [&](const stored_event& s) {
            if (s.seq > seeing.until) return false;
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
    return make(std::move(c.value()), std::move(r.value()), std::move(store), seeing);
}

}  // namespace quorate
