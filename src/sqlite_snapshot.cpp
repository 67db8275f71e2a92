// What a SQLite journal keeps beside its chain to be opened quickly: bound to the chain and to itself, and never needed.
#include <algorithm>
#include <string>
#include <vector>

#include "sqlite_store.hpp"

namespace quorate {
namespace {

/// Of all that it says, and of the chain that it was derived from.
sha256_digest digest_of(std::uint64_t as_of, std::string_view hash, std::string_view body) {
    sha256 sha;
    return sha.update("quorate snapshot 1\n").update(std::to_string(as_of)).update("\n").update(hash).update(body).finish();
}

/// The hash of that event as it stands in the file; nothing when there is no such event.
std::optional<std::string> hash_of_event(sqlite_journal::impl& j, std::uint64_t seq) {
    SQLite::Statement get(*j.db, "SELECT hash FROM event WHERE seq = ?1");
    bind_natural(get, 1, seq);
    return j.first_row(get) ? std::optional(std::string(bytes_of(get, 0))) : std::nullopt;
}

/// Sequence numbers of the events of these streams, sorted. The index has them: no event is read for that.
std::vector<std::uint64_t> events_of(sqlite_journal::impl& j, std::span<const std::string> streams, std::uint64_t until) {
    std::vector<std::uint64_t> seqs;
    SQLite::Statement          of_stream(*j.db, "SELECT seq FROM event WHERE stream = ?1");
    const reading              at_once(j);
    for (const auto& stream : streams) {
        const using_statement s(of_stream);
        s->bindNoCopy(1, stream);
        for (bool row = j.first_row(*s); row; row = s->executeStep())
            if (const auto seq = natural_of(*s, 0); seq <= until) seqs.push_back(seq);
    }
    std::sort(seqs.begin(), seqs.end());
    seqs.erase(std::unique(seqs.begin(), seqs.end()), seqs.end());
    return seqs;
}

}  // namespace

result<void> sqlite_journal::read_some(std::span<const std::string> streams, std::uint64_t until,
                                       const std::function<bool(const stored_event&)>& visit) {
    auto& j = *impl_;
    return j.guarded([&]() -> result<void> {
        if (j.options.verify_on_read) return journal::read_some(streams, until, visit);  // every hash needs the one before
        const auto        seqs = events_of(j, streams, until);
        SQLite::Statement get(*j.db,
            "SELECT seq, stream, version, kind, at_us, noted_us, actor, payload,"
            " CASE WHEN text_hash IS NULL THEN NULL ELSE (SELECT body FROM text t WHERE t.seq = e.seq) END "
            "FROM event e WHERE seq = ?1");
        for (std::size_t begin = 0; begin < seqs.size(); begin += journal_page) {
            const reading page(j);
            for (auto i = begin; i < std::min(seqs.size(), begin + journal_page); ++i) {
                const using_statement s(get);
                bind_natural(*s, 1, seqs[i]);
                if (!j.first_row(*s)) refuse(errc::damaged, "event " + std::to_string(seqs[i]) + " is missing", j.path);
                fill(j.row, *s, j.path);
                j.row.what.text.assign(bytes_of(*s, 8));
                if (!visit(j.row)) return {};
            }
        }
        return {};
    });
}

result<std::optional<snapshot>> sqlite_journal::kept_snapshot() {
    auto& j = *impl_;
    return j.guarded([&]() -> result<std::optional<snapshot>> {
        snapshot          kept;
        SQLite::Statement get(*j.db, "SELECT as_of, digest, body FROM snapshot");
        if (!j.first_row(get)) return std::optional<snapshot>{};
        kept.as_of = natural_of(get, 0);
        const auto hash = hash_of_event(j, kept.as_of);
        if (!hash) kept.fault = "the event that it ends with is not in the journal";
        else if (as_bytes(digest_of(kept.as_of, *hash, bytes_of(get, 2))) != bytes_of(get, 1))
            kept.fault = "it was altered, or the chain is not the one that it was derived from";
        else kept.body = bytes_of(get, 2);
        return std::optional(std::move(kept));
    });
}

result<void> sqlite_journal::keep_snapshot(std::uint64_t as_of, std::string_view body) {
    auto& j = *impl_;
    return j.guarded([&]() -> result<void> {
        if (body.size() > largest_snapshot)
            return make_error(errc::limit, "a snapshot may have " + std::to_string(largest_snapshot) + " bytes", j.path);
        writing transaction(j);
        j.db->exec("DELETE FROM snapshot");
        if (!body.empty()) {
            const auto hash = hash_of_event(j, as_of);
            if (!hash) return make_error(errc::not_found, "there is no event " + std::to_string(as_of), j.path);
            const auto        digest = digest_of(as_of, *hash, body);
            SQLite::Statement put(*j.db, "INSERT INTO snapshot VALUES (1, ?1, ?2, ?3)");
            bind_natural(put, 1, as_of);
            bind_bytes(put, 2, as_bytes(digest));
            bind_bytes(put, 3, body);
            put.exec();
        }
        transaction.commit();
        return {};
    });
}

}  // namespace quorate
