// Engines: the way of a command and of time through memory into one transaction, and back out of memory where that fails.
#include <algorithm>

#include "canonical.hpp"
#include "engine_impl.hpp"
#include "journal_documents.hpp"
#include "json.hpp"
#include "json_out.hpp"
#include "sha256.hpp"

namespace quorate {

std::string kept(const receipt& r) {
    json_text::json_out out;
    out.object();
    if (r.refused()) {
        const auto& no = r.refusal();
        out.field("refused", refused_by_names[static_cast<std::size_t>(no.by)]).field("what", no.what).field("which", no.which);
        out.field("needed", no.needed);
    } else {
        out.field("proposal", r.proposal);
    }
    out.end();
    return std::move(out).str();
}

namespace {

/// The receipt that a kept answer stands for.
receipt recalled(const kept_answer& k, std::string_view proposal) {
    receipt    again;
    const auto json = json_text::parse(k.answer, "kept answer");
    if (json && json.value().find("refused") != nullptr) {
        const auto  text = [&](std::string_view key) {
            const auto* n = json.value().find(key);
            return n == nullptr ? std::string() : n->text;
        };
        refusal    no{.by = refused_by::state, .what = text("what"), .which = text("which"), .needed = text("needed")};
        const auto by = detail::index_of(refused_by_names, text("refused"));
        if (by) no.by = static_cast<refused_by>(*by);
        again = receipt(std::move(no));
    }
    again.proposal = std::string(proposal);
    if (json)
        if (const auto* id = json.value().find("proposal")) again.proposal = id->text;
    again.repeated = true;
    return again;
}

}  // namespace

void engine::impl::save(proposal& p) {
    if (saved_count == saved.size()) saved.emplace_back(&p, p);
    else saved[saved_count].first = &p, saved[saved_count].second = p;
    ++saved_count;
}

void engine::impl::keep() {
    constexpr std::size_t most_room = 64;
    if (saved.size() > most_room) saved.resize(most_room);
    saved_count = 0;
}

void engine::impl::take_back() {
    while (saved_count > 0) {
        auto& [p, before] = saved[--saved_count];
        std::swap(*p, before);
        note_due(*p);
    }
    keep();
}

void engine::impl::add_documents(writing& w, instant at) {
    if (!charter_stored) {
        event e{.kind = event_kind::document, .at = at, .noted = at, .subject = rules.hash(), .detail = rules.get().name,
                .text = rules.get().text};
        for (const auto& [key, value] : rules.get().given) e.names.push_back(key + "=" + value);
        w.add(std::string(charter_stream), charter_version, {std::move(e)});
    }
    if (!roster_stored) {
        auto  text = to_json(people);
        event e{.kind = event_kind::document, .at = at, .noted = at, .subject = sha256_hex(text), .detail = "roster",
                .text = std::move(text)};
        w.add(std::string(roster_stream), roster_version, {std::move(e)});
    }
}

result<void> engine::impl::write(writing& w) {
    if (w.empty()) return {};
    batch b;
    b.streams.reserve(1 + w.relied.size() + w.streams.size());
    if (!w.writes(roster_stream)) b.streams.push_back({std::string(roster_stream), roster_version, {}});
    for (const auto& [stream, version] : w.relied) b.streams.push_back({stream, version, {}});
    for (std::size_t i = 0; i < w.streams.size(); ++i)
        b.streams.push_back({w.streams[i].first, w.expected[i], w.streams[i].second});
    b.effects = std::move(w.effects);
    b.answers = std::move(w.answers);
    const auto first = store->append(b);
    if (!first) return first.error();
    std::uint64_t count = 0;
    for (const auto& [stream, events] : w.streams) {
        count += events.size();
        if (stream == charter_stream) {
            charter_stored = true;
            charter_version += events.size();
            charters.emplace(rules.hash(), rules);
        } else if (stream == roster_stream) {
            roster_stored = true;
            roster_version += events.size();
        } else if (is_claim(stream)) {
            claims[stream] += events.size();
        }
    }
    if (count > 0 && first.value() == seen + 1) seen += count;
    return {};
}

void engine::impl::add_effects(writing& w, const proposal& p, const step_output& out) const {
    for (const auto& [at, effect_] : out.effects) {
        std::string              payload;
        canonical::object_writer out_{payload};
        for (const auto& [key, value] : effect_.fields) out_.text(key, value);
        out_.close();
        w.effects.push_back({.proposal = p.id, .at = at, .kind = effect_.kind, .payload = std::move(payload)});
    }
    add_places(w, p, out);
}

result<void> engine::impl::let_time_pass(proposal& p, instant to, instant now, receipt& r) {
    writing w;
    auto    done = as_result([&] { return pass(p, to, now, w, r); });
    if (done) done = write(w);
    if (!done) {
        take_back();
        return done;
    }
    keep();
    return {};
}

receipt engine::impl::take(std::string_view id, const command& c, const std::string& hash, writing& w) {
    auto* p = find(id);
    if (p == nullptr) return receipt(make_error(errc::not_found, no_proposal(id, c.by)));
    introduce(people, c);
    const bool             was_open = is_open(p->in());
    const auto             other = was_open ? std::nullopt : taken(*p->by, p->subject, c.by, p);
    std::optional<refusal> no;
    auto                   events = step(*p, c.at, w, [&](step_output& out) -> result<void> {
        auto answer = handle(*p, c, around(*p, other), out);
        if (!answer) return answer.error();
        no = std::move(answer.value());
        return {};
    });
    if (!events) return receipt(events.error());
    // Why not would tell how it stands.
    if (no && !seen_by(c.by, *p)) no = refusal{.by = refused_by::permission, .what = no_proposal(id, c.by)};
    receipt r = no ? receipt(std::move(*no)) : receipt();
    r.proposal = std::string(id);
    r.events = std::move(events.value());
    if (!was_open && is_open(p->in())) add_claim(w, *p, c.at);
    if (auto told = tell_parents(w, *p, was_open, c.at, r); !told) return receipt(told.error());
    if (auto told = tell_others(w, c.at, r); !told) return receipt(told.error());
    if (!c.key.empty()) w.answers.push_back({c.key, hash, kept(r)});
    return r;
}

result<void> engine::impl::pass(proposal& p, instant until, instant noted, writing& w, receipt& r) {
    const bool was_open = is_open(p.in());
    auto       events = step(p, noted, w, [&](step_output& out) { return pass_time(p, until, around(p), out); });
    if (!events) return events.error();
    r.proposal = p.id;
    r.events = std::move(events.value());
    if (auto done = tell_parents(w, p, was_open, noted, r); !done) return done;
    return tell_others(w, noted, r);
}

std::string engine::impl::command_hash(std::string_view id, const command& c) {
    return c.key.empty() ? std::string() : sha256_hex(std::string(id) + '\n' + to_json(c));
}

std::optional<receipt> engine::impl::answered(std::string_view id, const std::string& key, const std::string& hash) {
    if (key.empty()) {
        if (!store->durable()) return std::nullopt;
        return receipt(refusal{refused_by::input, "a command to a durable journal needs an idempotency key", "key",
                               "give each command a key of its own, and the same key when you send it again"});
    }
    const auto known = store->answer_to(key);
    if (!known) return receipt(known.error());
    if (!known.value()) return std::nullopt;
    if (known.value()->command_hash != hash)
        return receipt(make_error(errc::conflict, "the key " + json_text::in_quotes(key) + " was used for another command"));
    return recalled(*known.value(), id);
}

/// What was due before a command goes into its receipt, wherever it happened.
static void put_before(receipt& r, std::vector<receipt>& earlier) {
    if (earlier.empty()) return;
    std::vector<event>       own;
    std::vector<consequence> others;
    const auto               put = [&](const std::string& id, std::vector<event>& events) {
        if (id == r.proposal) own.insert(own.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
        else if (!events.empty()) others.push_back({id, std::move(events)});
    };
    for (auto& e : earlier) {
        put(e.proposal, e.events);
        for (auto& more : e.elsewhere) put(more.proposal, more.events);
    }
    r.events.insert(r.events.begin(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
    r.elsewhere.insert(r.elsewhere.begin(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
}

receipt engine::impl::submit(std::string_view id, const command& c) {
    try {
        return submit_now(id, c);
    } catch (const failure& e) {  // one at rest couldn't be read
        take_back();
        return receipt(e.why());
    }
}

receipt engine::impl::submit_now(std::string_view id, const command& c) {
    const auto hash = command_hash(id, c);
    if (store->durable() || !c.key.empty())
        if (auto known = answered(id, c.key, hash)) return up_to_date(std::move(*known));
    std::vector<receipt> earlier;
    for (int attempt = 0;; ++attempt) {
        if (store->durable())
            if (auto done = catch_up(); !done) return receipt(done.error());
        if (find(id) != nullptr) give_time_before(c.at, earlier);
        writing w;
        auto    r = take(id, c, hash, w);
        auto    done = r.failed() ? result<void>(r.fault()) : write(w);
        if (done) {
            keep();
            put_before(r, earlier);
            return r;
        }
        take_back();
        if (done.error().code != errc::conflict || attempt == most_tries) return receipt(done.error());
        if (auto known = answered(id, c.key, hash)) return up_to_date(std::move(*known));
    }
}

// ---- changing the roster -------------------------------------------------------------------------------------------------------
result<void> engine::impl::finish_due(instant before, writing& w, std::vector<receipt>& receipts, stuck_ones& stuck) {
    while (!due.empty() && due.top().at < before) {
        const auto entry = due.top();
        due.pop();
        if (rests(entry.which)) continue;  // what was due there was taken back
        auto& p = *proposals[entry.which];
        if (p.due != entry.at || stuck.contains(entry.which)) continue;
        receipt r;
        if (auto done = told(pass(p, entry.at, before, w, r), entry.which, stuck); !done) return done;
        if (!r.events.empty()) receipts.push_back(std::move(r));
    }
    return {};
}

result<void> engine::impl::follow_people(instant now, writing& w, std::vector<receipt>& receipts, stuck_ones& stuck) {
    for (std::size_t which = 0; which < proposals.size(); ++which) {
        if (rests(which)) continue;  // closed, and time does nothing to it
        auto&      p = *proposals[which];
        const auto at = std::max(now, p.last);
        if (stuck.contains(which) || !is_open(p.in())) continue;  // what was due before is done
        auto events = step(p, at, w, [&](step_output& out) { return told(follow_surroundings(p, at, around(p), out), which, stuck); }, true);
        if (!events) return events.error();
        if (events.value().empty()) continue;
        receipt r;
        r.proposal = p.id;
        r.events = std::move(events.value());
        if (auto done = told(tell_parents(w, p, true, at, r), which, stuck); !done) return done;
        if (auto done = told(tell_others(w, at, r), which, stuck); !done) return done;
        receipts.push_back(std::move(r));
    }
    return {};
}

}  // namespace quorate
