// Power lost, input and output failing, at every single operation.
#include <iostream>

#include "fault_vfs.hpp"
#include "trial.hpp"

namespace trial {
namespace {

struct recording {
    std::vector<disk_op>     ops;
    std::vector<std::size_t> acknowledged_at;  ///< operations done when transaction n - 1 was acknowledged

    [[nodiscard]] std::uint64_t acknowledged(std::size_t done) const {
        return static_cast<std::uint64_t>(
            std::count_if(acknowledged_at.begin(), acknowledged_at.end(), [&](std::size_t at) { return at <= done; }));
    }
};

/// Opens the journal, stores transactions from `first` on, closes it, and has all that recorded.
recording record(const std::string& path, std::uint64_t first, std::uint64_t transactions, const std::string& synchronous = {}) {
    constexpr std::uint32_t pages = 12;  // so that the log is copied into the file now and then
    recording               r;
    fault_vfs::begin(synchronous);
    {
        sqlite_journal j{path, {.checkpoint_pages = pages}};
        for (std::uint64_t n = first; n < first + transactions; ++n) {
            if (const auto done = store(j, n); !done) throw failure(done.error());
            r.acknowledged_at.push_back(fault_vfs::ops().size());
        }
    }
    r.ops = fault_vfs::ops();
    fault_vfs::end();
    return r;
}

struct losses {
    std::uint64_t runs = 0, losing = 0, damaged = 0;
    std::string   first{};
};

/// Loses power at every `step`th operation, with every seed below `seeds`.
losses lose_power(const recording& r, std::uint64_t seeds, std::uint64_t seed, std::size_t step) {
    const memory_directory to;
    losses                 all;
    for (std::size_t done = seed % step; done <= r.ops.size(); done += step)
        for (std::uint64_t s = 0; s < seeds; ++s) {
            remove_journal(to.file());
            write_disk(after_power_loss({}, r.ops, done, s < 2 ? s : s + seed % 1'000'000), to.path());
            const auto f = inspect(to.file(), r.acknowledged(done));
            ++all.runs;
            all.losing += f.lost > 0 ? 1 : 0;
            all.damaged += !f.damage.empty() || f.torn + f.twice > 0 ? 1 : 0;
            if (all.first.empty() && !f.fine())
                all.first = "after " + std::to_string(done) + " operations, damage " + std::to_string(s) + ": " + f.text();
        }
    return all;
}

/// Loses power once more, while what was left behind is opened and written to.
std::uint64_t lose_power_again(const recording& r, report& out, std::uint64_t pairs, std::uint64_t seed) {
    const memory_directory first, second;
    dice                   d{seed};
    std::uint64_t          done_pairs = 0;
    while (done_pairs < pairs) {
        constexpr std::uint64_t again = 25;
        const auto              done = d.below(r.ops.size() + 1);
        remove_journal(first.file());
        write_disk(after_power_loss({}, r.ops, done, d.below(1'000)), first.path());
        const auto base = read_disk(first.file());
        auto       acknowledged = r.acknowledged(done);
        // What the recovery finds is looked up in a copy, so as not to recover the original.
        remove_journal(second.file());
        write_disk(base, second.path());
        const auto found = inspect(second.file(), acknowledged, 1, false);
        if (!out.check(found.fine(), "first loss of power: " + found.text())) return done_pairs;
        const auto recovery = record(first.file(), found.stored + 1, 1);
        for (std::uint64_t i = 0; i < again && done_pairs < pairs; ++i, ++done_pairs) {
            const auto then = d.below(recovery.ops.size() + 1);
            remove_journal(second.file());
            write_disk(after_power_loss(base, recovery.ops, then, d.below(1'000)), second.path());
            const auto more = recovery.acknowledged(then);
            const auto f = inspect(second.file(), more == 0 ? acknowledged : found.stored + 1, 2);
            out.check(f.fine(), "power lost after " + std::to_string(done) + " operations, and after " + std::to_string(then) +
                                    " of the recovery: " + f.text());
        }
    }
    return done_pairs;
}

}  // namespace

int powerloss(const options& o) {
    constexpr std::uint64_t transactions = 25;
    report                  out("powerloss", o);
    const auto              seeds = o.number("seeds", 3);
    const auto              step = o.number("step", 1);
    const memory_directory  dir;
    const auto              full = record(dir.file(), 1, transactions);
    const auto              safe = lose_power(full, seeds, o.seed(), step);
    out.check(safe.losing == 0 && safe.damaged == 0, safe.first);
    out.activity("losses of power", safe.runs, o.number("min-runs", 300));
    // Without syncs the same must be lost and broken, or the trial finds nothing.
    remove_journal(dir.file());
    const auto normal = lose_power(record(dir.file(), 1, transactions, "1"), 2, o.seed(), step);
    out.check(normal.damaged == 0, "synchronous NORMAL is not to break anything: " + normal.first);
    out.activity("losing with synchronous NORMAL", normal.losing, 1);
    remove_journal(dir.file());
    const auto off = lose_power(record(dir.file(), 1, transactions, "0"), o.number("off-seeds", 4), o.seed(), step);
    out.activity("broken with synchronous OFF", off.damaged, 1);
    const auto pairs = o.number("nested", 300);
    out.activity("losses of power during recovery", lose_power_again(full, out, pairs, o.seed()), pairs);
    return out.finish();
}

// ---- input and output ----------------------------------------------------------------------------------------------------------
namespace {

/// What a host does whose disk fails: tries again, with the same key; in the end the disk is mended. Returns the transactions
/// acknowledged, or throws what failed even then.
std::uint64_t write_on_failing_disk(const std::string& path, std::uint64_t transactions) {
    constexpr sqlite_options   how{.patience = std::chrono::milliseconds{50}, .checkpoint_pages = 12};
    auto                       j = open_sqlite_journal(path, how);
    if (!j) {
        fault_vfs::fail(failing::never, 0);
        j = open_sqlite_journal(path, how);
        if (!j) throw failure(j.error());
    }
    for (std::uint64_t n = 1; n <= transactions; ++n) {
        constexpr int tries = 3;
        bool          done = false;
        for (int t = 0; t < tries && !done; ++t) done = store(*j.value(), n).has_value();
        if (done) continue;
        fault_vfs::fail(failing::never, 0);
        if (const auto again = store(*j.value(), n); !again) throw failure(again.error());
    }
    return transactions;
}

}  // namespace

int ioerr(const options& o) {
    report                  out("ioerr", o);
    const auto              transactions = o.number("transactions", 8);
    const auto              step = o.number("step", 1);
    const memory_directory  dir;
    fault_vfs::begin();
    (void)write_on_failing_disk(dir.file(), transactions);
    const auto              calls = fault_vfs::calls();
    fault_vfs::end();
    std::uint64_t           runs = 0;
    for (const auto how : {failing::once, failing::from_then_on, failing::full_from_then_on})
        for (std::uint64_t at = 1 + o.seed() % step; at <= calls; at += step) {
            remove_journal(dir.file());
            fault_vfs::begin();
            fault_vfs::fail(how, at);
            const auto where = "failing " + std::to_string(static_cast<int>(how)) + " at call " + std::to_string(at) + ": ";
            try {
                (void)write_on_failing_disk(dir.file(), transactions);
            } catch (const failure& e) {
                out.check(false, where + "goes on failing: " + e.what());
            }
            fault_vfs::end();
            const auto f = inspect(dir.file(), transactions, 0);
            out.check(f.fine(), where + f.text());
            ++runs;
        }
    out.activity("runs with a failing disk", runs, o.number("min-runs", 200));
    out.activity("calls to the disk", calls, 100);
    return out.finish();
}

}  // namespace trial
