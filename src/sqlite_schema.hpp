// The tables of a journal, how a file gets them, and how SQLite's complaints become errors. Internal: not installed.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <quorate/result.hpp>
#include <quorate/sqlite_journal.hpp>

#include "sqlite_lock.hpp"

namespace quorate {

/// What SQLite complained about. `where` is the path.
[[nodiscard]] error error_of(const SQLite::Exception& e, const std::string& where);

[[nodiscard]] inline bool is_busy(const SQLite::Exception& e) noexcept {
    return e.getErrorCode() == SQLITE_BUSY || e.getErrorCode() == SQLITE_LOCKED || e.getErrorCode() == SQLITE_PROTOCOL;
}

/// The one place where busy is taken as a reason to try again: some kinds of busy (recovery after a crash, a snapshot
/// that is too old) come back at once whatever the busy time-out. `run` must leave nothing behind when it throws.
template <class Run>
auto retrying(deadline until, Run run) {
    constexpr auto nap = std::chrono::milliseconds{1};
    for (;;) {
        try {
            return run();
        } catch (const SQLite::Exception& e) {
            if (!is_busy(e) || std::chrono::steady_clock::now() >= until) throw;
        }
        std::this_thread::sleep_for(nap);
    }
}

/// The scripts that lead from one schema to the next: the first makes version 1 of nothing.
[[nodiscard]] std::span<const std::string_view> schema_steps() noexcept;

/// Opens the database, sets it up for a journal and migrates it. The journal's lock must be held. Throws `failure`.
[[nodiscard]] std::unique_ptr<SQLite::Database> open_database(const std::string& path, const sqlite_options& options,
                                                              deadline until);

/// Runs the scripts that the file has not seen, in one transaction; user_version counts them. Throws `failure`
/// (unsupported) when the file has seen more than there are, or isn't a journal.
void migrate(SQLite::Database& db, const std::string& path, std::span<const std::string_view> steps);

}  // namespace quorate
