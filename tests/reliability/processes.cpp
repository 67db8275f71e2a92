// Processes that are killed at random, and processes that share one journal.
#include <iostream>
#include <thread>

#include <cstdarg>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <quorate/engine.hpp>

#include "fault_vfs.hpp"
#include "sqlite_lock.hpp"
#include "trial.hpp"

namespace {
bool unguarded = false;  ///< the lock beside the journal is taken by nobody
}

/// In place of the C library's, for this program: without the lock, SQLite's bug must show, or the trial finds nothing.
extern "C" int fcntl(int file, int what, ...) {
    va_list rest;
    va_start(rest, what);
    void* const with = va_arg(rest, void*);
    va_end(rest);
    if (unguarded && what == F_OFD_SETLK) return 0;
    return static_cast<int>(::syscall(SYS_fcntl, file, what, with));
}

namespace trial {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

constexpr auto between_commit_and_acknowledgement = microseconds{300};

/// A process, and the end of a pipe through which it acknowledges numbers.
struct client {
    int pid = 0;
    int acks = -1;
};

template <class Run>
client start_client(Run run) {
    int ends[2];
    if (::pipe(ends) != 0) throw failure(make_error(errc::io, "no pipe"));
    const auto pid = start_process([&] {
        ::close(ends[0]);
        return run([&](std::uint64_t n) { return ::write(ends[1], &n, sizeof n) == sizeof n; });
    });
    ::close(ends[1]);
    return {pid, ends[0]};
}
/// Ends the client, and returns the last number that it acknowledged, `before` if none.
std::uint64_t kill_client(const client& c, std::uint64_t before, report& out) {
    ::kill(c.pid, SIGKILL);
    const auto code = wait_for(c.pid);
    if (code != 128 + SIGKILL) out.check(false, "a client ended by itself with " + std::to_string(code));
    for (std::uint64_t n = 0; ::read(c.acks, &n, sizeof n) == sizeof n;) before = std::max(before, n);
    ::close(c.acks);
    return before;
}

std::string stream_of(std::size_t writer) { return "w-" + std::to_string(writer); }

/// What a writer's stream holds: transactions that are there whole, or a complaint.
std::uint64_t whole_in(sqlite_journal& j, const std::string& stream, report& out, const std::string& when) {
    const auto all = journal_support::all_of(j, stream);
    out.check(all.size() % 2 == 0, when + ": a transaction is half there");
    bool in_order = true;
    for (std::size_t i = 0; i < all.size(); ++i) in_order = in_order && all[i].what.by == "command-" + std::to_string(i / 2 + 1);
    out.check(in_order, when + ": a transaction is there twice, or out of order");
    return all.size() / 2;
}

/// Rounds of writers that are killed; each goes on where its last acknowledgement was. Returns the transactions acknowledged.
std::uint64_t kill_writers(std::size_t writers, std::uint64_t rounds, bool early, dice& d, report& out, std::uint64_t& lost) {
    constexpr std::uint64_t rounds_of_one = 25;  // then a new journal, so that looking at it stays quick
    std::uint64_t           total = 0;
    for (std::uint64_t round = 0; round < rounds;) {
        const memory_directory     dir;
        std::vector<std::uint64_t> acknowledged(writers);
        for (std::uint64_t i = 0; i < rounds_of_one && round < rounds; ++i, ++round) {
            std::vector<client> all;
            for (std::size_t w = 0; w < writers; ++w)
                all.push_back(start_client([&](auto acknowledge) {
                    sqlite_journal j{dir.file(), {.checkpoint_pages = 32}};
                    for (std::uint64_t n = acknowledged[w] + 1;; ++n) {
                        if (early && !acknowledge(n)) return 2;
                        if (!store(j, n, stream_of(w))) return 3;
                        if (!early && !acknowledge(n)) return 2;
                    }
                }));
            std::this_thread::sleep_for(microseconds{4'000 + d.below(20'000)});
            for (std::size_t w = 0; w < writers; ++w) acknowledged[w] = kill_client(all[w], acknowledged[w], out);
            sqlite_journal j{dir.file()};
            const auto     when = "round " + std::to_string(round);
            const auto     sound = j.verify();
            out.check(sound && sound.value().sound(), when + ": the chain is broken");
            for (std::size_t w = 0; w < writers; ++w) {
                const auto there = whole_in(j, stream_of(w), out, when);
                if (there < acknowledged[w]) lost += acknowledged[w] - there;
                if (early) acknowledged[w] = there;
            }
        }
        const auto says = integrity(dir.file());
        out.check(says.empty(), "SQLite: " + says);
        for (const auto n : acknowledged) total += n;
    }
    return total;
}

}  // namespace

int kill9(const options& o) {
    report        out("kill9", o);
    dice          d{o.seed()};
    const auto    rounds = o.number("rounds", 40);
    std::uint64_t lost = 0;
    const auto    alone = kill_writers(1, rounds, false, d, out, lost);
    const auto    four = kill_writers(4, rounds / 2, false, d, out, lost);
    out.check(lost == 0, std::to_string(lost) + " acknowledged transactions were lost");
    out.activity("kills", rounds + rounds / 2 * 4, 1);
    out.activity("transactions acknowledged", alone + four, o.number("min-acked", rounds));
    std::uint64_t lost_early = 0;
    for (int tries = 0; tries < 20 && lost_early == 0; ++tries) (void)kill_writers(1, 10, true, d, out, lost_early);
    out.activity("lost when acknowledged too early", lost_early, 1);
    return out.finish();
}

// ---- commands sent again -------------------------------------------------------------------------------------------------------
namespace {

const std::string examples = std::string(QUORATE_SOURCE_DIR) + "/examples/";

/// An engine over the journal, as a host makes it after each crash.
engine engine_over(const std::string& path) {
    return engine::make(load_charter_file(examples + "charters/rfc.json").value(), load_roster_file(examples + "rosters/small.json").value(),
                        sqlite_journal{path})
        .value();
}

struct sent_commands {
    std::uint64_t kills = 0, missing = 0, twice = 0, stored = 0;
};

/// A client that reports `commands` facts, one after the other, to an engine; killed and started again until all are acknowledged.
sent_commands send(std::uint64_t commands, std::uint64_t least_kills, bool with_keys, dice& d, report& out) {
    const memory_directory dir;
    sent_commands          all;
    std::uint64_t          acknowledged = 0;
    // As often as needed, and in between as long as it takes to get through in that many rounds.
    const auto share = std::max<std::uint64_t>(1, commands / least_kills);
    while (acknowledged < commands) {
        const auto c = start_client([&](auto acknowledge) {
            auto       e = engine_over(dir.file());
            const auto id = e.open({.process = "rfc", .by = "bob", .subject = "r", .at = at("2026-03-01T00:00:00Z"), .key = "open"});
            if (!id) return 3;
            for (auto n = acknowledged + 1; n <= commands; ++n) {
                const auto when = at("2026-03-01T00:00:00Z") + microseconds{n};
                const auto key = std::to_string(n) + (with_keys ? "" : "/" + std::to_string(::getpid()));
                const auto r = e.submit(id.value(), fact{.name = "n", .amount = static_cast<std::int64_t>(n), .at = when, .key = key});
                if (!r.accepted()) return 4;
                std::this_thread::sleep_for(between_commit_and_acknowledgement);
                if (!acknowledge(n)) return 2;
            }
            for (;;) ::pause();
        });
        // Killed some time after it has got somewhere, or before it has.
        const auto goal = acknowledged + d.below(2 * share) + 1;
        while (acknowledged < std::min(goal, commands)) {
            std::uint64_t n = 0;
            if (::read(c.acks, &n, sizeof n) != sizeof n) break;
            acknowledged = n;
        }
        std::this_thread::sleep_for(microseconds{d.below(700)});
        const auto failed = out.failed();
        acknowledged = kill_client(c, acknowledged, out);
        if (out.failed() != failed) break;  // it would end by itself again, for ever
        ++all.kills;
    }
    sqlite_journal                         j{dir.file()};
    std::map<std::int64_t, std::uint64_t> found;
    for (const auto& e : journal_support::all_of(j))
        if (e.what.kind == event_kind::acted) ++found[e.what.number.value_or(0)], ++all.stored;
    for (std::uint64_t n = 1; n <= commands; ++n) {
        const auto times = found[static_cast<std::int64_t>(n)];
        all.missing += times == 0 ? 1 : 0;
        all.twice += times > 1 ? 1 : 0;
    }
    return all;
}

}  // namespace

int idem(const options& o) {
    report     out("idem", o);
    dice       d{o.seed()};
    const auto commands = o.number("commands", 600);
    const auto kills = o.number("kills", 40);
    const auto sent = send(commands, kills + kills / 2, true, d, out);
    out.check(sent.missing == 0, std::to_string(sent.missing) + " commands are missing");
    out.check(sent.twice == 0, std::to_string(sent.twice) + " commands are there twice");
    out.check(sent.stored == commands, std::to_string(sent.stored) + " events for " + std::to_string(commands) + " commands");
    out.activity("commands", commands, 100);
    out.activity("kills", sent.kills, kills);
    std::uint64_t doubled = 0;
    for (int tries = 0; tries < 5 && doubled == 0; ++tries) doubled = send(300, 60, false, d, out).twice;
    out.activity("doubled when sent again under another key", doubled, 1);
    return out.finish();
}

// ---- several at once -------------------------------------------------------------------------------------------------------------
namespace {

struct turn_figures {
    std::uint64_t commits = 0;
    std::uint64_t longest_us = 0;
};
constexpr int           saw_damage = 7;
constexpr std::uint32_t no_own_checkpoints = 1U << 30U;

/// Writes to a stream of its own until `end`.
int write_until(clock::time_point end, const std::string& path, const std::string& stream, int figures, std::uint32_t pages) {
    sqlite_journal j{path, {.patience = milliseconds{20'000}, .checkpoint_pages = pages}};
    turn_figures   f;
    while (clock::now() < end) {
        const auto start = clock::now();
        const auto done = store(j, f.commits + 1, stream);
        if (!done && done.error().code == errc::damaged) return saw_damage;
        if (!done && !unguarded) return 3;
        if (!done) continue;
        ++f.commits;
        const auto took = std::chrono::duration_cast<microseconds>(clock::now() - start).count();
        f.longest_us = std::max(f.longest_us, static_cast<std::uint64_t>(took));
    }
    return ::write(figures, &f, sizeof f) == sizeof f ? 0 : 2;
}

/// Copies the log into the file as often as it can, under the journal's lock.
int checkpoint_until(clock::time_point end, const std::string& path) {
    fault_vfs::pause_checkpoints(400);
    file_lock lock{path + ".lock"};
    sqlite3*  db = nullptr;
    if (sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) return 3;
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    // Before it has read anything, SQLite doesn't know that there is a log.
    if (sqlite3_exec(db, "SELECT count(*) FROM event", nullptr, nullptr, nullptr) != SQLITE_OK) return saw_damage;
    bool damaged = false;
    int  copied = 0, most = 0;  // frames of the log
    while (clock::now() < end && !damaged) {
        const held_lock held(lock, end + std::chrono::seconds{20});
        damaged = sqlite3_wal_checkpoint_v2(db, "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, &copied) == SQLITE_CORRUPT;
        most = std::max(most, copied);
    }
    sqlite3_close(db);
    return damaged ? saw_damage : most > 0 ? 0 : 4;
}

struct sharing {
    bool                      damaged = false;
    std::string               what{};
    std::vector<turn_figures> turns;
};

sharing share(const std::string& path, std::size_t writers, std::size_t checkpointers, milliseconds length, std::uint32_t pages, report& out) {
    { sqlite_journal made{path}; }
    const auto       end = clock::now() + length;
    std::vector<int> pids, pipes;
    for (std::size_t w = 0; w < writers; ++w) {
        int ends[2];
        if (::pipe(ends) != 0) throw failure(make_error(errc::io, "no pipe"));
        pids.push_back(start_process([&] { return write_until(end, path, stream_of(w), ends[1], pages); }));
        pipes.push_back(ends[0]);
        ::close(ends[1]);
    }
    for (std::size_t i = 0; i < checkpointers; ++i) pids.push_back(start_process([&] { return checkpoint_until(end, path); }));
    sharing s;
    for (const auto pid : pids) {
        const auto code = wait_for(pid);
        if (code == saw_damage) s.damaged = true;
        else if (!unguarded) out.check(code == 0, "a process ended with " + std::to_string(code));
    }
    for (const auto end_of_pipe : pipes) {
        turn_figures f;
        if (::read(end_of_pipe, &f, sizeof f) == sizeof f) s.turns.push_back(f);
        ::close(end_of_pipe);
    }
    auto j = open_sqlite_journal(path);
    if (!j) {
        s.damaged = true;
        s.what = j.error().what();
        return s;
    }
    const auto sound = j.value()->verify();
    if (!sound || !sound.value().sound()) s.damaged = true, s.what = "the chain is broken";
    for (std::size_t w = 0; w < s.turns.size() && s.turns.size() == writers && !s.damaged; ++w)
        if (journal_support::all_of(*j.value(), stream_of(w)).size() < 2 * s.turns[w].commits)
            s.damaged = true, s.what = "acknowledged transactions are lost";
    if (const auto says = integrity(path); !says.empty()) s.damaged = true, s.what = says;
    return s;
}

/// SQLite with the bug of resetting the log while another writes: https://sqlite.org/wal.html#walresetbug
bool has_reset_bug() {
    // Fixed in 3.51.3, and in the older series as of 3.44.6 and 3.50.7.
    const auto version = sqlite3_libversion_number();
    const auto within = [&](int from, int end) { return version >= from && version < end; };
    return version < 3'051'003 && !within(3'044'006, 3'045'000) && !within(3'050'007, 3'051'000);
}

}  // namespace

int shared(const options& o) {
    report                         out("shared", o);
    const auto                     writers = o.number("writers", 8);
    const auto                     length = milliseconds{o.number("ms", 3'000)};
    {
        const journal_support::scratch real_disk;  // a real one: how long one waits depends on it
        const auto                     s = share(real_disk.file(), writers, 1, length, 64, out);
        out.check(!s.damaged, "damaged: " + s.what);
        std::uint64_t slowest = ~std::uint64_t{0}, fastest = 0, longest = 0, commits = 0;
        for (const auto& t : s.turns) {
            slowest = std::min(slowest, t.commits);
            fastest = std::max(fastest, t.commits);
            longest = std::max(longest, t.longest_us);
            commits += t.commits;
        }
        out.check(s.turns.size() == writers, "not all processes came to an end");
        out.check(slowest * 10 >= fastest, "unfair: one process had " + std::to_string(slowest) + " turns, another " + std::to_string(fastest));
        const auto most_ms = o.number("max-wait-ms", 30'000);
        out.check(longest <= most_ms * 1'000, "somebody waited " + std::to_string(longest) + " us");
        out.activity("commits of " + std::to_string(writers) + " processes", commits, writers * 10);
        out.activity("us waited at most", longest, 1);
        out.activity("turns of the slowest", slowest, 1);
        out.activity("of the fastest", fastest, 1);
    }
    // Two who write and two who copy the log, all the time: with the lock, then without it.
    const auto hard = milliseconds{o.number("hard-ms", 3'000)};
    {
        const memory_directory dir;
        const auto             s = share(dir.file(), 2, 2, hard, no_own_checkpoints, out);
        out.check(!s.damaged, "damaged under the lock: " + s.what);
        std::uint64_t commits = 0;
        for (const auto& t : s.turns) commits += t.commits;
        out.activity("commits against steady checkpoints", commits, 20);
    }
    if (!has_reset_bug()) {
        std::cout << "shared: SQLite " << sqlite3_libversion() << " has no WAL-reset bug: the control without the lock can't fail, and isn't run\n";
        return out.finish();
    }
    const auto    until = clock::now() + std::chrono::seconds{o.number("control-secs", 60)};
    const auto    began = clock::now();
    bool          broke = false;
    unguarded = true;
    while (!broke && clock::now() < until) {
        const memory_directory dir;
        broke = share(dir.file(), 2, 2, milliseconds{1'500}, no_own_checkpoints, out).damaged;
    }
    unguarded = false;
    out.activity("ms until broken without the lock",
                 broke ? static_cast<std::uint64_t>(std::chrono::duration_cast<milliseconds>(clock::now() - began).count()) : 0, 1);
    return out.finish();
}

int backup(const options& o) {
    report                 out("backup", o);
    const memory_directory dir;
    const auto             copies = o.number("copies", 12);
    std::uint64_t          grown = 0, last = 0, checked = 0;
    { sqlite_journal made{dir.file()}; }
    std::vector<client> writers;
    for (std::size_t w = 0; w < 3; ++w)
        writers.push_back(start_client([&](auto acknowledge) {
            sqlite_journal j{dir.file(), {.checkpoint_pages = 32}};
            for (std::uint64_t n = 1;; ++n) {
                if (!store(j, n, stream_of(w))) return 3;
                if (n % 64 == 0 && !acknowledge(n)) return 2;
                if (n > 4'000) std::this_thread::sleep_for(milliseconds{5});  // the pipe isn't read before the end
            }
        }));
    sqlite_journal          j{dir.file()};
    std::vector<checkpoint> heads;
    for (std::uint64_t i = 0; i < copies; ++i) {
        std::this_thread::sleep_for(milliseconds{30});
        const auto copy = dir.file("copy.db");
        remove_journal(copy);
        const auto before = j.last();
        const auto done = j.backup_to(copy);
        const auto after = j.last();
        if (!out.check(done.has_value(), done ? "" : done.error().what())) break;
        sqlite_journal its{copy};
        const auto     sound = its.verify();
        if (!out.check(sound && sound.value().sound(), "the copy is not sound")) break;
        heads.push_back(its.current_checkpoint().value());
        out.check(before && after && heads.back().seq >= before.value() && heads.back().seq <= after.value(), "the copy is of another moment");
        for (std::size_t w = 0; w < writers.size(); ++w) checked += whole_in(its, stream_of(w), out, "copy " + std::to_string(i));
        grown += heads.back().seq > last ? 1 : 0;
        last = heads.back().seq;
    }
    for (const auto& w : writers) (void)kill_client(w, 0, out);
    for (const auto& head : heads) {
        const auto r = j.verify(head);
        out.check(r && r.value().sound(), "the copy at " + std::to_string(head.seq) + " is not how the journal began");
    }
    out.activity("copies", heads.size(), copies);
    out.activity("of a journal that had grown since", grown, copies / 2);
    out.activity("transactions found in copies", checked, copies);
    return out.finish();
}

}  // namespace trial
