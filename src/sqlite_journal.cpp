#include <quorate/sqlite_journal.hpp>

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <utility>

#include "canonical.hpp"
#include "event_json.hpp"
#include "sqlite_store.hpp"

namespace quorate {

// ---- writing --------------------------------------------------------------------------------------------------------
void sqlite_journal::impl::chain_on(chain_head& at, const std::string& stream, std::uint64_t version, const event& e,
                                    const text_columns& text) {
    payload.clear();
    put_payload(payload, e);
    if (payload.size() > largest_stored_payload)
        refuse(errc::limit, "an event of more than " + std::to_string(largest_stored_payload) + " bytes", stream);
    at.hash = hashes.hash(at.hash, {at.seq + 1, stream, version, to_string(e.kind), e.at.time_since_epoch().count(),
                                    e.noted.time_since_epoch().count(), e.by, payload, text.hash});
    ++at.seq;
}

void sqlite_journal::impl::insert(chain_head& at, const std::string& stream, std::uint64_t version, const event& e,
                                  const text_columns& text) {
    chain_on(at, stream, version, e, text);
    const using_statement s(sql->event);
    bind_natural(*s, 1, at.seq);
    s->bindNoCopy(2, stream);
    bind_natural(*s, 3, version);
    s->bindNoCopy(4, to_string(e.kind).data());
    s->bind(5, std::int64_t{e.at.time_since_epoch().count()});
    s->bind(6, std::int64_t{e.noted.time_since_epoch().count()});
    s->bindNoCopy(7, e.by);
    s->bindNoCopy(8, payload);
    bind_bytes(*s, 9, text.hash);
    bind_bytes(*s, 10, as_bytes(at.hash));
    s->exec();
    if (text.salt.empty()) return;
    const using_statement t(sql->text);
    bind_natural(*t, 1, at.seq);
    bind_bytes(*t, 2, text.salt);
    t->bindNoCopy(3, e.text);
    t->exec();
}

void sqlite_journal::impl::append_events(chain_head& at, const stream_append& to) {
    if (to.stream.empty() || !canonical::storable(to.stream)) refuse(errc::invalid, "a stream needs a name, in UTF-8");
    auto& version = version_of(to.stream);
    if (version != to.expected)
        refuse(errc::conflict,
               "the stream is at version " + std::to_string(version) + ", not " + std::to_string(to.expected),
               to.stream);
    for (const auto& e : to.events) {
        if (const auto wrong = unstorable(e); !wrong.empty())
            refuse(errc::invalid, "an event can't be stored: " + wrong, to.stream);
        if (e.text.empty()) {
            insert(at, to.stream, ++version, e, {});
            continue;
        }
        if (e.text.size() > largest_stored_text)
            refuse(errc::limit, "a text of more than " + std::to_string(largest_stored_text) + " bytes", to.stream);
        std::array<unsigned char, salt_size> salt{};
        if (RAND_bytes(salt.data(), static_cast<int>(salt.size())) != 1)
            refuse(errc::io, "OpenSSL has no random bytes");
        const std::string_view salt_bytes(reinterpret_cast<const char*>(salt.data()), salt.size());
        const auto             hash = hashes.text_hash(salt_bytes, e.text);
        insert(at, to.stream, ++version, e, {as_bytes(hash), salt_bytes, e.text});
    }
}

void sqlite_journal::impl::insert(const kept_answer& a) {
    if (a.key.empty()) refuse(errc::invalid, "an answer needs a key");
    if (!canonical::storable(a.key) || !canonical::storable(a.command_hash) || !canonical::storable(a.answer))
        refuse(errc::invalid, "an answer is not UTF-8");
    // A hash in hexadecimal takes half the room.
    std::string           packed;
    const bool            is_hex = !a.command_hash.empty() && from_hex(a.command_hash, packed);
    const using_statement s(sql->answer);
    s->bindNoCopy(1, a.key);
    if (is_hex) bind_bytes(*s, 2, packed);
    else s->bindNoCopy(2, a.command_hash);
    s->bindNoCopy(3, a.answer);
    try {
        s->exec();
    } catch (const SQLite::Exception& e) {
        if (e.getExtendedErrorCode() != SQLITE_CONSTRAINT_PRIMARYKEY) throw;
        refuse(errc::conflict, "the key is kept already", a.key);
    }
}

void sqlite_journal::impl::insert(const effect& e, std::optional<bool> done_already) {
    if (!in_range(e.at) || !canonical::storable(e.proposal) || !canonical::storable(e.kind)
        || !canonical::storable(e.payload))
        refuse(errc::invalid, "an effect can't be stored: its instant is out of range, or it is not UTF-8");
    const using_statement s(sql->effect);
    if (done_already) bind_natural(*s, 1, e.id);
    else s->bind(1);  // the next
    s->bindNoCopy(2, e.proposal);
    s->bind(3, std::int64_t{e.at.time_since_epoch().count()});
    s->bindNoCopy(4, e.kind);
    s->bindNoCopy(5, e.payload);
    s->bind(6, std::int32_t{done_already.value_or(false)});
    s->exec();
}

result<std::uint64_t> sqlite_journal::append(const batch& b) {
    auto& j = *impl_;
    return j.guarded([&]() -> result<std::uint64_t> {
        writing transaction(j);
        auto    at = j.head();
        if (at != j.known_head) j.versions.clear();
        const auto first = at.seq + 1;
        for (const auto& to : b.streams) j.append_events(at, to);
        for (const auto& a : b.answers) j.insert(a);
        for (const auto& e : b.effects) j.insert(e);
        transaction.commit();
        j.known_head = at;
        return first;
    });
}

// ---- reading --------------------------------------------------------------------------------------------------------
void fill(stored_event& out, const SQLite::Statement& s, const std::string& path) {
    out.seq = natural_of(s, 0);
    out.stream.assign(bytes_of(s, 1));
    out.version = natural_of(s, 2);
    const auto kind = event_kind_named(bytes_of(s, 3));
    if (kind) out.what.kind = *kind;
    out.what.at = instant{duration{integer_of(s, 4)}};
    out.what.noted = instant{duration{integer_of(s, 5)}};
    out.what.by.assign(bytes_of(s, 6));
    if (!kind || !in_range(out.what.at) || !in_range(out.what.noted) || !take_payload(out.what, bytes_of(s, 7)))
        refuse(errc::damaged, "event " + std::to_string(out.seq) + " is not what was written", path);
}

namespace {

/// The hash that a row should have; throws `failure` when its columns say otherwise.
void check_hash(chain& hashes, const SQLite::Statement& s, std::string_view previous, const std::string& path) {
    sha256_digest before{};
    const auto    seq = natural_of(s, 0);
    if (previous.size() == before.size())
        std::copy(previous.begin(), previous.end(), reinterpret_cast<char*>(before.data()));
    else if (seq != 1) refuse(errc::damaged, "the event before " + std::to_string(seq) + " is missing", path);
    const auto hash = hashes.hash(before, {seq, bytes_of(s, 1), natural_of(s, 2), bytes_of(s, 3), integer_of(s, 4),
                                           integer_of(s, 5), bytes_of(s, 6), bytes_of(s, 7), bytes_of(s, 8)});
    if (as_bytes(hash) != bytes_of(s, 9))
        refuse(errc::damaged, "event " + std::to_string(seq) + " is not what was written", path);
}

}  // namespace

result<void> sqlite_journal::read(std::string_view stream, std::uint64_t after,
                                  const std::function<bool(const stored_event&)>& visit) {
    auto& j = *impl_;
    return j.guarded([&]() -> result<void> {
        const std::string name(stream);
        auto&             query = name.empty() ? j.sql->page : j.sql->stream_page;
        const bool        checks = j.options.verify_on_read;
        auto              from = after;
        if (!name.empty() && after != 0) {
            // The page goes by version: where in the stream is that?
            SQLite::Statement where(*j.db,
                "SELECT coalesce(max(version), 0) FROM event WHERE stream = ?1 AND seq <= ?2");
            where.bindNoCopy(1, name);
            bind_natural(where, 2, after);
            from = j.first_row(where) ? natural_of(where, 0) : 0;
        }
        std::string previous;
        if (checks && name.empty() && after != 0) {
            SQLite::Statement before(*j.db, "SELECT hash FROM event WHERE seq = ?1");
            bind_natural(before, 1, after);
            if (j.first_row(before)) previous = bytes_of(before, 0);
        }
        for (;;) {
            // One page is one read transaction, so that a long read doesn't keep the log from being emptied.
            const using_statement s(query);
            bind_natural(*s, 1, from);
            bind_natural(*s, 2, journal_page);
            if (!name.empty()) {
                s->bindNoCopy(3, name);
                s->bind(4, std::int32_t{checks});
            }
            std::size_t rows = 0;
            for (bool row = j.first_row(*s); row; row = s->executeStep(), ++rows) {
                if (checks) {
                    check_hash(j.hashes, *s, name.empty() ? std::string_view(previous) : bytes_of(*s, 11), j.path);
                    previous = bytes_of(*s, 9);
                }
                fill(j.row, *s, j.path);
                j.row.what.text.assign(bytes_of(*s, 10));
                from = name.empty() ? j.row.seq : j.row.version;
                if (!visit(j.row)) return {};
            }
            if (rows < journal_page) return {};
        }
    });
}

result<std::uint64_t> sqlite_journal::last() {
    return impl_->guarded([&]() -> result<std::uint64_t> { return impl_->head().seq; });
}

result<std::optional<kept_answer>> sqlite_journal::answer_to(std::string_view key) {
    auto& j = *impl_;
    return j.guarded([&]() -> result<std::optional<kept_answer>> {
        kept_answer           found{.key = std::string(key)};
        const using_statement s(j.sql->find_answer);
        s->bindNoCopy(1, found.key);
        if (!j.first_row(*s)) return std::optional<kept_answer>{};
        found.command_hash = s->getColumn(0).isBlob() ? to_hex(bytes_of(*s, 0)) : std::string(bytes_of(*s, 0));
        found.answer = bytes_of(*s, 1);
        return std::optional{std::move(found)};
    });
}

result<std::vector<effect>> sqlite_journal::pending_effects(std::size_t most) {
    auto& j = *impl_;
    return j.guarded([&]() -> result<std::vector<effect>> {
        std::vector<effect>   all;
        const using_statement s(j.sql->pending);
        bind_natural(*s, 1, std::min<std::size_t>(most, std::numeric_limits<std::int32_t>::max()));
        for (bool row = j.first_row(*s); row; row = s->executeStep())
            all.push_back({natural_of(*s, 0), std::string(bytes_of(*s, 1)), instant{duration{integer_of(*s, 2)}},
                           std::string(bytes_of(*s, 3)), std::string(bytes_of(*s, 4))});
        return all;
    });
}

result<void> sqlite_journal::done(std::uint64_t effect_id) {
    auto& j = *impl_;
    return j.guarded([&]() -> result<void> {
        writing               transaction(j);
        const using_statement s(j.sql->finish);
        bind_natural(*s, 1, effect_id);
        if (s->exec() == 0)
            return make_error(errc::not_found, "no effect has the id " + std::to_string(effect_id), j.path);
        (void)s->tryReset();
        transaction.commit();
        return {};
    });
}

}  // namespace quorate
