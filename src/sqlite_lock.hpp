// The lock beside a journal, and what must be known about the file before SQLite touches it. Internal: not installed.
#pragma once

#include <chrono>
#include <string>

#include <quorate/result.hpp>

namespace quorate {

using deadline = std::chrono::steady_clock::time_point;

/// An advisory lock between threads and processes on a file that is never deleted; the kernel releases it when its
/// holder dies. Waiting is bounded and fair enough that nobody starves: who waits stands in a turnstile (a lock on a
/// second byte), so that whoever has just released the lock must queue behind. Throws `failure` (io).
class file_lock {
public:
    explicit file_lock(const std::string& path);
    file_lock(const file_lock&) = delete;
    file_lock& operator=(const file_lock&) = delete;
    ~file_lock();

    /// Waits until `until` at most; then throws `failure` (io) that names the file.
    void lock(deadline until);
    [[nodiscard]] bool try_lock();
    void unlock() noexcept;

private:
    bool take(int byte, short type) const;
    void wait_for(int byte, deadline until) const;

    std::string path_;
    int         file_ = -1;
};

/// Holds a lock for a scope.
class held_lock {
public:
    held_lock(file_lock& lock, deadline until) : lock_(lock) { lock_.lock(until); }
    held_lock(const held_lock&) = delete;
    held_lock& operator=(const held_lock&) = delete;
    ~held_lock() { lock_.unlock(); }

private:
    file_lock& lock_;
};

/// The name of the file system on which `path` (or its directory, if there is no file) lies, when it is one whose
/// locks or shared memory can't be trusted; otherwise "". Throws `failure` (not_found, io).
[[nodiscard]] std::string untrusted_file_system(const std::string& path);

/// The name of a type of file system (statfs) if it is on that list.
[[nodiscard]] std::string_view untrusted_type(unsigned long type) noexcept;

/// Throws `failure` when the file, if it exists, is none that could be a journal: no regular file, or read-only. Returns
/// whether it exists. Doesn't open it: closing it again would drop the locks of every SQLite connection that this process
/// has to the same file (POSIX locks belong to the process).
[[nodiscard]] bool check_journal_file(const std::string& path);

/// Makes a file's entry in its directory durable. Throws `failure` (io).
void sync_directory_of(const std::string& path);
/// The same, and the file itself, which nobody in this process may have open (see above).
void sync_new_file(const std::string& path);

}  // namespace quorate
