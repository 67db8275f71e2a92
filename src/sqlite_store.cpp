#include "sqlite_store.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace quorate {
namespace {

constexpr std::size_t most_known_versions = 65'536;

/// Called by SQLite after each commit with the number of pages in the log; costs nothing, unlike asking.
int note_log_pages(void* pages, sqlite3*, const char*, int now) {
    *static_cast<int*>(pages) = now;
    return SQLITE_OK;
}

/// So that neither a change of directory nor SQLite's special names (":memory:") matter.
std::string absolute(const std::string& path) {
    std::error_code failed;
    const auto      whole = std::filesystem::absolute(path, failed);
    if (path.empty() || failed) refuse(errc::not_found, "is no path", path);
    return whole.lexically_normal().string();
}

sqlite_options bounded(sqlite_options options) {
    constexpr std::uint32_t most_pages = 1U << 30U;
    options.checkpoint_pages = std::min(options.checkpoint_pages, most_pages);
    return options;
}

/// The path, if a journal can be there. Nothing is touched before.
const std::string& checked(const std::string& path, const sqlite_options& options) {
    if (!check_journal_file(path) && !options.create) refuse(errc::not_found, "there is no journal", path);
    const auto type = options.any_file_system ? std::string() : untrusted_file_system(path);
    if (type.empty()) return path;
    refuse(errc::unsupported, "lies on " + type + ", where a shared journal can be corrupted; keep it on a local disk",
           path);
}

}  // namespace

// ---- making one -----------------------------------------------------------------------------------------------------
sqlite_journal::impl::statements::statements(SQLite::Database& db)
    : begin(db, "BEGIN IMMEDIATE"),
      commit(db, "COMMIT"),
      rollback(db, "ROLLBACK"),
      head(db, "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1"),
      version(db, "SELECT version FROM event WHERE stream = ?1 ORDER BY version DESC LIMIT 1"),
      event(db, "INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"),
      text(db, "INSERT INTO text VALUES (?1, ?2, ?3)"),
      answer(db, "INSERT INTO answer VALUES (?1, ?2, ?3)"),
      effect(db, "INSERT INTO outbox VALUES (?1, ?2, ?3, ?4, ?5, ?6)"),
      find_answer(db, "SELECT command, answer FROM answer WHERE key = ?1"),
      pending(db, "SELECT id, proposal, at_us, kind, payload FROM outbox WHERE done = 0 ORDER BY id LIMIT ?1"),
      finish(db, "UPDATE outbox SET done = 1 WHERE id = ?1"),
      page(db,
           "SELECT seq, stream, version, kind, at_us, noted_us, actor, payload, text_hash, hash,"
           " CASE WHEN text_hash IS NULL THEN NULL ELSE (SELECT body FROM text t WHERE t.seq = e.seq) END "
           "FROM event e WHERE seq > ?1 ORDER BY seq LIMIT ?2"),
      stream_page(db,
                  "SELECT seq, stream, version, kind, at_us, noted_us, actor, payload, text_hash, hash,"
                  " CASE WHEN text_hash IS NULL THEN NULL ELSE (SELECT body FROM text t WHERE t.seq = e.seq) END,"
                  " CASE WHEN ?4 THEN (SELECT p.hash FROM event p WHERE p.seq = e.seq - 1) END "
                  "FROM event e WHERE stream = ?3 AND version > ?1 ORDER BY version LIMIT ?2") {}

sqlite_journal::impl::impl(std::string path_, sqlite_options options_)
    : path(absolute(path_)),
      options(bounded(options_)),
      owner(::getpid()),
      lock(checked(path, options) + ".lock"),
      checkpoint_beyond(static_cast<int>(options.checkpoint_pages)) {
    const auto    limit = until();
    const held_lock locked(lock, limit);
    try {
        db = open_database(path, options, limit);
        retrying(limit, [&] { sql.emplace(*db); });
        (void)sqlite3_wal_hook(db->getHandle(), note_log_pages, &log_pages);
    } catch (const SQLite::Exception& e) {
        throw failure(error_of(e, path));
    }
}

sqlite_journal::impl::~impl() {
    if (owner != ::getpid()) {
        // A child that inherited the connection must not even close it: that would drop the parent's locks.
        if (sql) (void)new std::optional<statements>(std::move(sql));  // NOLINT: leaked on purpose
        (void)db.release();
        return;
    }
    if (!db) return;
    // So that the file alone is whole when nobody uses it. Not worth waiting for.
    try {
        if (!lock.try_lock()) return;
        (void)sqlite3_busy_timeout(db->getHandle(), 0);
        (void)empty_log();
        lock.unlock();
    } catch (const failure&) {
        return;  // the log stays, and is read again
    }
}

void sqlite_journal::impl::check_process() const {
    if (owner != ::getpid())
        refuse(errc::io, "the journal was opened before a fork; open it again in the child", path);
}

sqlite_journal::sqlite_journal(std::string path, sqlite_options options)
    : impl_(std::make_unique<impl>(std::move(path), options)) {}
sqlite_journal::sqlite_journal(sqlite_journal&&) noexcept = default;
sqlite_journal& sqlite_journal::operator=(sqlite_journal&&) noexcept = default;
sqlite_journal::~sqlite_journal() = default;

result<std::unique_ptr<sqlite_journal>> open_sqlite_journal(std::string path, sqlite_options options) {
    try {
        return std::make_unique<sqlite_journal>(std::move(path), options);
    } catch (const failure& e) {
        return e.why();
    }
}

// ---- transactions ---------------------------------------------------------------------------------------------------
writing::writing(sqlite_journal::impl& j) : journal_(j), until_(j.until()), lock_(j.lock, until_) {
    retrying(until_, [&] { using_statement(j.sql->begin)->exec(); });
    open_ = true;
}

writing::~writing() {
    if (!open_) return;
    (void)journal_.sql->rollback.tryExecuteStep();
    (void)journal_.sql->rollback.tryReset();
    journal_.versions.clear();
    journal_.known_head = {};
}

void writing::commit() {
    retrying(until_, [&] { using_statement(journal_.sql->commit)->exec(); });
    open_ = false;
    journal_.checkpoint_log();
}

void sqlite_journal::impl::checkpoint_log() {
    if (log_pages < checkpoint_beyond) {
        // The log began anew, or never was long.
        if (log_pages < static_cast<int>(options.checkpoint_pages))
            checkpoint_beyond = static_cast<int>(options.checkpoint_pages);
        return;
    }
    int in_log = 0;
    int copied = 0;
    (void)sqlite3_wal_checkpoint_v2(db->getHandle(), "main", SQLITE_CHECKPOINT_PASSIVE, &in_log, &copied);
    // Readers may be in the way: then don't try again at once.
    checkpoint_beyond = log_pages + static_cast<int>(options.checkpoint_pages / 4) + 1;
}

bool sqlite_journal::impl::empty_log() {
    const int done = sqlite3_wal_checkpoint_v2(db->getHandle(), "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (done == SQLITE_OK) log_pages = 0;
    return done == SQLITE_OK;
}

bool sqlite_journal::impl::first_row(SQLite::Statement& s) {
    return retrying(until(), [&] {
        (void)s.tryReset();
        return s.executeStep();
    });
}

chain_head sqlite_journal::impl::head() {
    const using_statement s(sql->head);
    chain_head            at;
    if (!first_row(*s)) return at;
    const auto hash = bytes_of(*s, 1);
    at.seq = natural_of(*s, 0);
    if (hash.size() != at.hash.size())
        refuse(errc::damaged, "event " + std::to_string(at.seq) + " has no proper hash", path);
    std::copy_n(reinterpret_cast<const unsigned char*>(hash.data()), hash.size(), at.hash.begin());
    return at;
}

std::uint64_t& sqlite_journal::impl::version_of(const std::string& stream) {
    if (const auto known = versions.find(stream); known != versions.end()) return known->second;
    if (versions.size() >= most_known_versions) versions.clear();
    const using_statement s(sql->version);
    s->bindNoCopy(1, stream);
    return versions[stream] = s->executeStep() ? natural_of(*s, 0) : 0;
}

}  // namespace quorate
