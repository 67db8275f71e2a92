// What the reliability trials share: arguments, what each must report, a workload that can be checked, and its check.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/roster.hpp>
#include <quorate/sqlite_journal.hpp>

#include "../journal_support.hpp"

namespace trial {

using namespace quorate;
using journal_support::dice;

/// "--rounds 1000 --seed 7 --full": numbers by name.
class options {
public:
    options(int argc, char** argv);
    [[nodiscard]] std::uint64_t number(const std::string& name, std::uint64_t otherwise) const;
    [[nodiscard]] bool flag(const std::string& name) const { return given_.contains(name); }
    /// Given, or its own each time.
    [[nodiscard]] std::uint64_t seed() const { return seed_; }

private:
    std::map<std::string, std::string> given_;
    std::uint64_t                      seed_ = 0;
};

/// Counts checks, and tells of the first that fail. A trial has passed when nothing failed and enough has happened.
class report {
public:
    report(std::string name, const options& o) : name_(std::move(name)), seed_(o.seed()) {}
    bool check(bool holds, const std::string& what);
    /// What happened so often; less than `least` is a failure: then nothing was tested.
    void activity(const std::string& what, std::uint64_t count, std::uint64_t least);
    [[nodiscard]] std::uint64_t failed() const { return failed_; }
    /// Prints "N passed, N failed", seed and activity; returns the exit code.
    int finish() const;

private:
    std::string   name_;
    std::uint64_t seed_;
    std::uint64_t passed_ = 0, failed_ = 0;
    std::string   activities_;
};

/// Runs `run` in a child that is never forked from threads; the child ends with what `run` returns.
[[nodiscard]] int start_process(const std::function<int()>& run);
/// Its exit code; 128 + signal when it was killed.
[[nodiscard]] int wait_for(int pid);

/// A directory in memory: what the trials damage is not the disk.
class memory_directory {
public:
    memory_directory();
    memory_directory(const memory_directory&) = delete;
    memory_directory& operator=(const memory_directory&) = delete;
    ~memory_directory();
    [[nodiscard]] std::string file(const std::string& name = "journal.db") const { return path_ + "/" + name; }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};
/// Removes a journal and what lies beside it.
void remove_journal(const std::string& path);

/// v0 to v7, for trials of engines.
[[nodiscard]] roster eight_people();

// ---- a workload: transaction n is two events in stream "p", a text, an answer and an effect -----------------------------
/// Stores transaction `n` (from 1). Done already is fine: the key says so.
[[nodiscard]] result<void> store(sqlite_journal& j, std::uint64_t n, const std::string& stream = "p");

struct findings {
    std::uint64_t stored = 0;  ///< transactions that are there whole
    std::uint64_t lost = 0;    ///< acknowledged, but not there
    std::uint64_t torn = 0;    ///< half there, or out of order
    std::uint64_t twice = 0;
    std::string   damage{};    ///< it can't be opened, isn't sound, or SQLite says that it is corrupt

    [[nodiscard]] bool fine() const { return lost == 0 && torn == 0 && twice == 0 && damage.empty(); }
    [[nodiscard]] std::string text() const;
};
/// Opens the journal, which must hold the first `acknowledged` transactions and at most `unacknowledged` more; stores one more
/// afterwards, if asked to: it must work.
[[nodiscard]] findings inspect(const std::string& path, std::uint64_t acknowledged, std::uint64_t unacknowledged = 1,
                               bool goes_on = true);
/// What SQLite itself finds wrong with the file; "" when nothing.
[[nodiscard]] std::string integrity(const std::string& path);

// ---- the trials, each in a file of its own -------------------------------------------------------------------------------
int kill9(const options& o);
int idem(const options& o);
int powerloss(const options& o);
int ioerr(const options& o);
int oom(const options& o);
int shared(const options& o);
int backup(const options& o);
int tamper(const options& o);
int flips(const options& o);
int votes(const options& o);
int erase(const options& o);
int million(const options& o);
int floors(const options& o);

}  // namespace trial
