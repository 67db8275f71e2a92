// What the parts of the SQLite journal share: the connection, its prepared statements, transactions. Internal: not
// installed.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>
#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <quorate/sqlite_journal.hpp>

#include "journal_chain.hpp"
#include "sqlite_lock.hpp"
#include "sqlite_schema.hpp"

namespace quorate {

/// What the journal says no with. `where`: a path, a stream or a key.
[[noreturn]] inline void refuse(errc code, std::string what, std::string where = {}) {
    throw failure(make_error(code, std::move(what), std::move(where)));
}

/// Frees a prepared statement for its next use, whatever happened. What was bound without a copy is not looked at
/// again.
class using_statement {
public:
    explicit using_statement(SQLite::Statement& s) noexcept : statement_(s) {}
    using_statement(const using_statement&) = delete;
    using_statement& operator=(const using_statement&) = delete;
    ~using_statement() { (void)statement_.tryReset(); }
    SQLite::Statement* operator->() const noexcept { return &statement_; }
    SQLite::Statement& operator*() const noexcept { return statement_; }

private:
    SQLite::Statement& statement_;
};

/// The bytes of a column, valid until the statement moves on. None for NULL.
[[nodiscard]] inline std::string_view bytes_of(const SQLite::Statement& s, int column) {
    const auto  value = s.getColumn(column);
    const void* data = value.getBlob();
    const auto  size = static_cast<std::size_t>(value.getBytes());
    return data == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(data), size);
}
[[nodiscard]] inline std::int64_t integer_of(const SQLite::Statement& s, int column) {
    return s.getColumn(column).getInt64();
}
[[nodiscard]] inline std::uint64_t natural_of(const SQLite::Statement& s, int column) {
    return static_cast<std::uint64_t>(integer_of(s, column));
}
inline void bind_natural(SQLite::Statement& s, int index, std::uint64_t value) {
    s.bind(index, static_cast<std::int64_t>(value));
}
/// Binds a BLOB without copying it: NULL when it is empty.
inline void bind_bytes(SQLite::Statement& s, int index, std::string_view value) {
    if (value.empty()) s.bind(index);
    else s.bindNoCopy(index, value.data(), static_cast<int>(value.size()));
}

struct transparent_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
};

/// Where the chain stands, in binary.
struct chain_head {
    std::uint64_t seq = 0;
    sha256_digest hash{};

    friend bool operator==(const chain_head&, const chain_head&) = default;
};

/// The free text of an event as it is stored: none, there, or erased.
struct text_columns {
    std::string_view hash{};  ///< empty: there never was one
    std::string_view salt{};  ///< empty: erased
    std::string_view body{};
};

struct sqlite_journal::impl {
    impl(std::string path_, sqlite_options options_);
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;
    ~impl();

    /// Runs `run`, turning what it throws into an error.
    template <class Run>
    auto guarded(Run run) -> decltype(run()) {
        try {
            check_process();
            return run();
        } catch (const failure& e) {
            return e.why();
        } catch (const SQLite::Exception& e) {
            return error_of(e, path);
        }
    }
    [[nodiscard]] deadline until() const { return std::chrono::steady_clock::now() + options.patience; }
    /// Throws in a forked child: SQLite connections don't survive a fork.
    void check_process() const;

    /// Steps to the first row, with patience.
    [[nodiscard]] bool first_row(SQLite::Statement& s);
    [[nodiscard]] chain_head head();
    /// The stream's version. Within a write transaction only.
    [[nodiscard]] std::uint64_t& version_of(const std::string& stream);
    /// Moves `at` on by one event, which leaves its canonical form in `payload`.
    void chain_on(chain_head& at, const std::string& stream, std::uint64_t version, const event& e,
        const text_columns& text);
    /// Stores one event as the next of the chain. Within a write transaction only; `head` is moved on.
    void insert(chain_head& at, const std::string& stream, std::uint64_t version, const event& e,
        const text_columns& text);
    void insert(const kept_answer& a);
    void insert(const effect& e, std::optional<bool> done_already = {});
    /// Stores the events of a batch; throws `failure` (conflict, invalid, limit).
    void append_events(chain_head& at, const stream_append& to);
    /// Copies the log into the file when it has grown beyond its limit. The lock must be held.
    void checkpoint_log();
    /// Copies the log into the file and empties it. The lock must be held. False when readers are in the way.
    [[nodiscard]] bool empty_log();

    std::string                       path;
    sqlite_options                    options;
    pid_t                             owner;
    file_lock                         lock;
    std::unique_ptr<SQLite::Database> db;
    chain                             hashes;

    struct statements {
        explicit statements(SQLite::Database& db);
        SQLite::Statement begin, commit, rollback, head, version, event, text, answer, effect, find_answer, pending,
            finish;
        SQLite::Statement page, stream_page;
    };
    std::optional<statements> sql;

    /// Versions of streams as of `known_head`; worth nothing once another process has written.
    std::unordered_map<std::string, std::uint64_t, transparent_hash, std::equal_to<>> versions;
    chain_head    known_head;
    int           log_pages = 0;         ///< after the last commit
    int           checkpoint_beyond = 0;
    std::string   payload;               ///< buffers
    stored_event  row;
};

/// One write transaction under the lock: committed by `commit`, else rolled back.
class writing {
public:
    explicit writing(sqlite_journal::impl& j);
    writing(const writing&) = delete;
    writing& operator=(const writing&) = delete;
    ~writing();
    void commit();

private:
    sqlite_journal::impl& journal_;
    deadline              until_;
    held_lock               lock_;
    bool                  open_ = false;
};

/// One read transaction: all that is read is as of the same moment.
class reading {
public:
    explicit reading(sqlite_journal::impl& j) : journal_(j) { j.db->exec("BEGIN"); }
    reading(const reading&) = delete;
    reading& operator=(const reading&) = delete;
    ~reading() { (void)journal_.db->tryExec("ROLLBACK"); }

private:
    sqlite_journal::impl& journal_;
};

/// Fills everything but the free text from the columns seq to payload, which must be the statement's first eight.
/// Throws `failure` (damaged), with the sequence number.
void fill(stored_event& out, const SQLite::Statement& s, const std::string& path);

}  // namespace quorate
