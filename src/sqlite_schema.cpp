#include "sqlite_schema.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace quorate {
namespace {

/// Version 1. The triggers are a seat belt for people with a shell, no more: what finds tampering is the chain.
constexpr std::string_view create_tables = R"sql(
CREATE TABLE event (
    seq       INTEGER PRIMARY KEY,
    stream    TEXT    NOT NULL,
    version   INTEGER NOT NULL,
    kind      TEXT    NOT NULL,
    at_us     INTEGER NOT NULL,   -- microseconds since 1970, UTC
    noted_us  INTEGER NOT NULL,
    actor     TEXT    NOT NULL,
    payload   TEXT    NOT NULL,
    text_hash BLOB,               -- of salt and body; NULL: there never was a text
    hash      BLOB    NOT NULL,
    UNIQUE (stream, version)
) STRICT;
CREATE TABLE text (               -- beside the chain, so that it can be erased
    seq  INTEGER PRIMARY KEY REFERENCES event (seq),
    salt BLOB NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE TABLE erasure (            -- texts that were erased, and the event that says so
    seq    INTEGER PRIMARY KEY REFERENCES event (seq),
    record INTEGER NOT NULL REFERENCES event (seq)
) STRICT;
CREATE TABLE answer (
    key     TEXT NOT NULL PRIMARY KEY,
    command ANY  NOT NULL,        -- its hash: a BLOB when it was given in hexadecimal, else TEXT
    answer  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE outbox (
    id       INTEGER PRIMARY KEY,
    proposal TEXT    NOT NULL,
    at_us    INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    payload  TEXT    NOT NULL,
    done     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX outbox_pending ON outbox (id) WHERE done = 0;

CREATE TRIGGER event_kept    BEFORE DELETE ON event   BEGIN SELECT RAISE(ABORT, 'a journal is append-only'); END;
CREATE TRIGGER event_fixed   BEFORE UPDATE ON event   BEGIN SELECT RAISE(ABORT, 'a journal is append-only'); END;
CREATE TRIGGER text_fixed    BEFORE UPDATE ON text    BEGIN SELECT RAISE(ABORT, 'a journal is append-only'); END;
CREATE TRIGGER text_kept     BEFORE DELETE ON text    WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE seq = OLD.seq)
                                                      BEGIN SELECT RAISE(ABORT, 'erase texts with erase_texts'); END;
CREATE TRIGGER erasure_kept  BEFORE DELETE ON erasure BEGIN SELECT RAISE(ABORT, 'a journal is append-only'); END;
CREATE TRIGGER erasure_fixed BEFORE UPDATE ON erasure BEGIN SELECT RAISE(ABORT, 'a journal is append-only'); END;
CREATE TRIGGER answer_kept   BEFORE DELETE ON answer  BEGIN SELECT RAISE(ABORT, 'a journal is append-only'); END;
CREATE TRIGGER answer_fixed  BEFORE UPDATE ON answer  BEGIN SELECT RAISE(ABORT, 'a journal is append-only'); END;
CREATE TRIGGER outbox_kept   BEFORE DELETE ON outbox  BEGIN SELECT RAISE(ABORT, 'a journal is append-only'); END;
CREATE TRIGGER outbox_fixed  BEFORE UPDATE OF id, proposal, at_us, kind, payload ON outbox
                                                      BEGIN SELECT RAISE(ABORT, 'a journal is append-only'); END;
)sql";

/// Version 2: what is derived from the events, at most one row. It may be altered and thrown away: nothing is lost with it.
constexpr std::string_view add_snapshot = R"sql(
CREATE TABLE snapshot (
    only   INTEGER PRIMARY KEY CHECK (only = 1),
    as_of  INTEGER NOT NULL,   -- seq of the last event that it was derived from
    digest BLOB    NOT NULL,   -- of as_of, that event's hash, and body
    body   BLOB    NOT NULL
) STRICT;
)sql";

constexpr std::array<std::string_view, journal_schema> steps{create_tables, add_snapshot};

/// Settings of a connection, which the file doesn't keep.
constexpr const char* connection_settings = R"sql(
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA recursive_triggers = ON;
PRAGMA trusted_schema = OFF;
PRAGMA wal_autocheckpoint = 0;
PRAGMA secure_delete = ON;
)sql";

std::int64_t ask(SQLite::Database& db, const char* question) { return db.execAndGet(question).getInt64(); }

errc code_of(int primary) {
    switch (primary) {
        case SQLITE_CONSTRAINT: return errc::conflict;
        case SQLITE_CORRUPT: return errc::damaged;
        case SQLITE_NOTADB: return errc::unsupported;
        case SQLITE_TOOBIG: return errc::limit;
        default: return errc::io;
    }
}

}  // namespace

error error_of(const SQLite::Exception& e, const std::string& where) {
    constexpr int primary_mask = 0xFF;
    const int     primary = e.getErrorCode() & primary_mask;
    std::string   hint;
    if (is_busy(e)) hint = "another program kept the file busy for too long";
    if (primary == SQLITE_FULL) hint = "the disk is full";
    if (primary == SQLITE_CORRUPT) hint = "keep this file to look into, and go on with a backup: 'quorate journal verify' says which is whole";
    if (primary == SQLITE_NOTADB) hint = "no journal is written like this: is it the right file?";
    return make_error(code_of(primary), e.what(), where, hint);
}

std::span<const std::string_view> schema_steps() noexcept { return steps; }

void migrate(SQLite::Database& db, const std::string& path, std::span<const std::string_view> to) {
    const auto application = ask(db, "PRAGMA application_id");
    const auto seen = ask(db, "PRAGMA user_version");
    const bool empty = ask(db, "SELECT count(*) FROM sqlite_schema") == 0;
    if (application != journal_application_id && !(application == 0 && seen == 0 && empty))
        throw failure(make_error(errc::unsupported, "is a database of another program", path));
    const auto newest = static_cast<std::int64_t>(to.size());
    if (seen < 0 || seen > newest)
        throw failure(make_error(errc::unsupported,
                                 "has schema " + std::to_string(seen) + ", this program knows up to "
                                     + std::to_string(newest),
                                 path, "it was written by a newer quorate: use that; nothing was changed"));
    if (seen == newest && application != 0) return;
    db.exec("BEGIN IMMEDIATE");
    try {
        for (auto i = static_cast<std::size_t>(seen); i < to.size(); ++i) db.exec(std::string(to[i]));
        db.exec("PRAGMA application_id = " + std::to_string(journal_application_id));
        db.exec("PRAGMA user_version = " + std::to_string(newest));
        db.exec("COMMIT");
    } catch (...) {
        (void)db.tryExec("ROLLBACK");
        throw;
    }
}

std::unique_ptr<SQLite::Database> open_database(const std::string& path, const sqlite_options& options,
    deadline until) {
    constexpr std::int64_t longest_wait = 60'000;
    const auto             wait = static_cast<int>(std::clamp<std::int64_t>(options.patience.count(), 0, longest_wait));
    return retrying(until, [&] {
        // NOMUTEX: a journal belongs to one thread at a time.
        auto db = std::make_unique<SQLite::Database>(
            path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLITE_OPEN_NOMUTEX, wait);
        // Closing would checkpoint without the lock.
        (void)sqlite3_db_config(db->getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        if (sqlite3_db_readonly(db->getHandle(), "main") != 0)
            throw failure(make_error(errc::io, "the file can only be read", path));
        const bool fresh = ask(*db, "SELECT count(*) FROM sqlite_schema") == 0;
        db->exec(connection_settings);
        const bool foreign = ask(*db, "PRAGMA application_id") != journal_application_id && !fresh;
        if (!foreign && db->execAndGet("PRAGMA journal_mode = WAL").getString() != "wal")
            throw failure(make_error(errc::unsupported, "SQLite can't keep a write-ahead log here", path));
        migrate(*db, path, schema_steps());
        if (fresh) sync_directory_of(path);
        return db;
    });
}

}  // namespace quorate
