// Maintenance of a SQLite journal: is it still what was written, erasing, copying.
#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "canonical.hpp"
#include "event_json.hpp"
#include "sqlite_store.hpp"

namespace quorate {
namespace {

constexpr const char* all_columns =
    "SELECT seq, stream, version, kind, at_us, noted_us, actor, payload, text_hash, hash,"
    " (SELECT salt FROM text t WHERE t.seq = e.seq), (SELECT body FROM text t WHERE t.seq = e.seq) "
    "FROM event e WHERE seq > ?1 ORDER BY seq LIMIT ?2";

/// Walks the chain row by row; the first fault ends it.
class auditor {
public:
    auditor(sqlite_journal::impl& j, const std::optional<checkpoint>& known)
        : journal_(j), known_(known), rows_(*j.db, all_columns), next_(*j.db, all_columns) {}

    chain_report run() {
        while (page()) {}
        if (!report_.fault && !missing_.empty())
            fault(missing_.begin()->first, missing_.begin()->second,
                "its text is missing, and no event records its erasure");
        if (!report_.fault) stray_text();
        if (!report_.fault && known_ && known_->seq > head_.seq)
            fault(head_.seq + 1, {}, "the journal ends before the checkpoint at " + std::to_string(known_->seq) +
                                         ": it was cut, or an older copy was put in its place");
        report_.head = {head_.seq, head_.seq == 0 ? std::string() : to_hex(head_.hash)};
        return std::move(report_);
    }

private:
    /// One read transaction. False when the walk is over.
    bool page() {
        const using_statement s(rows_);
        bind_natural(*s, 1, head_.seq);
        bind_natural(*s, 2, journal_page);
        std::size_t count = 0;
        for (bool row = journal_.first_row(*s); row; row = s->executeStep(), ++count)
            if (!event_is_sound(*s)) return false;
        return count == journal_page;
    }

    bool fault(std::uint64_t seq, std::string stream, std::string what) {
        report_.fault = {seq, std::move(stream), std::move(what)};
        return false;
    }

    [[nodiscard]] sha256_digest hash_of(const SQLite::Statement& s, const sha256_digest& before) {
        return journal_.hashes.hash(before, {natural_of(s, 0), bytes_of(s, 1), natural_of(s, 2), bytes_of(s, 3),
                                             integer_of(s, 4), integer_of(s, 5), bytes_of(s, 6), bytes_of(s, 7),
                                             bytes_of(s, 8)});
    }

    bool event_is_sound(const SQLite::Statement& s) {
        const auto  seq = natural_of(s, 0);
        std::string stream(bytes_of(s, 1));
        if (seq != head_.seq + 1)
            return fault(head_.seq + 1, {}, "it is missing; the next event in the file is " + std::to_string(seq));
        const auto hash = hash_of(s, head_.hash);
        if (as_bytes(hash) != bytes_of(s, 9)) return fault(seq, std::move(stream), what_differs(hash));
        try {
            fill(row_, s, journal_.path);
        } catch (const failure&) {
            return fault(seq, std::move(stream), "it is no event that this program knows, though its hash is right");
        }
        if (auto& version = versions_[stream]; row_.version != ++version)
            return fault(seq, std::move(stream), "its version is " + std::to_string(row_.version) + ", not " +
                                                     std::to_string(version) + ", though its hash is right");
        if (!text_is_sound(s)) return false;
        if (known_ && known_->seq == seq && known_->hash != to_hex(hash))
            return fault(seq, std::move(stream),
                "the chain up to here is not the one of the checkpoint: it was rewritten");
        head_ = {seq, hash};
        return true;
    }

    /// A hash that is wrong although all follows from it was written over; otherwise it is some other column.
    std::string what_differs(const sha256_digest& hash) {
        const using_statement s(next_);
        bind_natural(*s, 1, head_.seq + 1);
        bind_natural(*s, 2, 1);
        if (journal_.first_row(*s) && natural_of(*s, 0) == head_.seq + 2
            && as_bytes(hash_of(*s, hash)) == bytes_of(*s, 9))
            return "its hash was altered; its content is what was written";
        return "its stream, version, kind, times, actor, payload or text hash is not what was written";
    }

    bool text_is_sound(const SQLite::Statement& s) {
        const auto expected = bytes_of(s, 8);
        const auto salt = bytes_of(s, 10);
        const auto body = bytes_of(s, 11);
        const bool there = !s.getColumn(10).isNull();
        if (expected.empty() && there) return fault(row_.seq, row_.stream, "a text was added to it");
        if (there) {
            if (as_bytes(journal_.hashes.text_hash(salt, body)) != expected)
                return fault(row_.seq, row_.stream, "its text is not what was written");
            ++report_.texts;
        } else if (!expected.empty()) {
            missing_.emplace(row_.seq, row_.stream);
        }
        if (row_.stream == erasure_stream)
            for (const auto& name : row_.what.names) {
                canonical::scanner in{name};
                std::uint64_t      erased = 0;
                if (in.natural(erased)) report_.erased += missing_.erase(erased);
            }
        return true;
    }

    /// A text beside no event would become that of the next one.
    void stray_text() {
        SQLite::Statement s(*journal_.db, "SELECT t.seq FROM text t LEFT JOIN event e ON e.seq = t.seq WHERE e.seq IS NULL ORDER BY t.seq LIMIT 1");
        if (journal_.first_row(s)) fault(natural_of(s, 0), {}, "a text was added beside no event");
    }

    sqlite_journal::impl&                          journal_;
    const std::optional<checkpoint>&               known_;
    SQLite::Statement                              rows_;
    SQLite::Statement                              next_;
    chain_head                                     head_;
    chain_report                                   report_;
    stored_event                                   row_;
    std::unordered_map<std::string, std::uint64_t> versions_;
    std::map<std::uint64_t, std::string>           missing_;  ///< texts that aren't there, and the event's stream
};

/// Charters, rosters and their changes are no free text, although they are kept as such: proposals can't be folded without them.
void refuse_documents(sqlite_journal::impl& j, const std::vector<std::string>& seqs) {
    SQLite::Statement kind(*j.db, "SELECT kind FROM event WHERE seq = ?1");
    for (const auto& seq : seqs) {
        const using_statement s(kind);
        s->bindNoCopy(1, seq);
        if (!s->executeStep()) continue;
        const auto is = event_kind_named(bytes_of(*s, 0));
        if ((is == event_kind::document || is == event_kind::roster))
            throw failure(make_error(errc::invalid, "event " + seq + " holds a charter, a roster or a change of one: decisions rest on it",
                                     j.path, "only free texts of proposals can be erased"));
    }
}

}  // namespace

result<checkpoint> sqlite_journal::current_checkpoint() {
    auto& j = *impl_;
    return j.guarded([&]() -> result<checkpoint> {
        const auto at = j.head();
        return checkpoint{at.seq, at.seq == 0 ? std::string() : to_hex(at.hash)};
    });
}

result<chain_report> sqlite_journal::verify(const std::optional<checkpoint>& known) {
    auto& j = *impl_;
    return j.guarded([&]() -> result<chain_report> { return auditor(j, known).run(); });
}

result<void> sqlite_journal::erase_texts(std::span<const std::uint64_t> seqs, std::string_view by, instant at) {
    auto& j = *impl_;
    return j.guarded([&]() -> result<void> {
        writing transaction(j);
        auto    head = j.head();
        if (head != j.known_head) j.versions.clear();
        const auto newest = head.seq;
        for (std::size_t begin = 0; begin < seqs.size(); begin += most_names) {
            event record{.kind = event_kind::document, .at = at, .noted = at, .by = std::string(by),
                .detail = "erasure"};
            for (const auto seq : seqs.subspan(begin, std::min(most_names, seqs.size() - begin))) {
                if (seq == 0 || seq > newest)
                    return make_error(errc::not_found, "there is no event " + std::to_string(seq), j.path);
                record.names.push_back(std::to_string(seq));
            }
            const std::string stream(erasure_stream);
            j.append_events(head, {stream, j.version_of(stream), {&record, 1}});
            refuse_documents(j, record.names);
            SQLite::Statement note(*j.db, "INSERT OR IGNORE INTO erasure VALUES (?1, ?2)");
            SQLite::Statement erase(*j.db, "DELETE FROM text WHERE seq = ?1");
            for (const auto& name : record.names) {
                note.bindNoCopy(1, name);
                bind_natural(note, 2, head.seq);
                note.exec();
                (void)note.tryReset();
                erase.bindNoCopy(1, name);
                erase.exec();
                (void)erase.tryReset();
            }
        }
        transaction.commit();
        j.known_head = head;
        // The text still stands in the log until that is emptied.
        if (j.empty_log()) return {};
        return make_error(errc::io, "the texts are erased, but readers keep the log from being emptied", j.path,
                          "erase them again when nobody reads");
    });
}

result<void> sqlite_journal::backup_to(const std::string& path) {
    auto& j = *impl_;
    return j.guarded([&]() -> result<void> {
        std::error_code failed;
        if (std::filesystem::exists(path, failed)) return make_error(errc::conflict, "is there already", path);
        try {
            retrying(j.until(), [&] {
                SQLite::Statement copy(*j.db, "VACUUM INTO ?1");
                copy.bindNoCopy(1, path);
                copy.exec();
            });
            sync_new_file(path);
        } catch (...) {
            std::filesystem::remove(path, failed);
            throw;
        }
        return {};
    });
}

result<std::uint64_t> sqlite_journal::log_bytes() {
    auto& j = *impl_;
    return j.guarded([&]() -> result<std::uint64_t> {
        std::error_code failed;
        const auto      size = std::filesystem::file_size(j.path + "-wal", failed);
        return failed ? std::uint64_t{0} : std::uint64_t{size};
    });
}

}  // namespace quorate
