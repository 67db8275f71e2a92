// A large journal, and how quick a journal is.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <optional>
#include <thread>

#include <sqlite3.h>
#include <sys/resource.h>

#include <quorate/detail/draws.hpp>
#include <quorate/engine.hpp>

#include "sha256.hpp"
#include "trial.hpp"

namespace trial {
namespace {

using clock = std::chrono::steady_clock;
double seconds_since(clock::time_point begin) { return std::chrono::duration<double>(clock::now() - begin).count(); }
std::uint64_t ms(double s) { return static_cast<std::uint64_t>(s * 1'000); }

constexpr std::string_view million_rules = R"({ "title": "Million", "processes": { "vote": {
    "electorate": { "of": "everyone", "taken": "at open" }, "positions": { "yes": {}, "no": {} },
    "stages": { "open": { "phase": "review", "allow": { "cast": "electorate", "withdraw": "author" },
                "exits": [ { "on": "withdraw", "to": "withdrawn" }, { "when": "yes >= 7", "to": "accepted" }, { "after": "10 days", "to": "rejected" } ] } } } } })";
constexpr std::uint64_t events_of_one = 10;  // opened, who counts, seven votes, accepted: or fewer votes, and open

/// A journal of `streams` proposals of ten events each, of which one in `open_one_in` is still open: written as the engine would write it.
std::uint64_t write_journal(const std::string& path, std::uint64_t streams, std::uint64_t open_one_in) {
    auto       store = open_sqlite_journal(path).value();
    auto&      j = *store;
    std::vector<stored_event> once;
    {
        auto       e = engine::make(load_charter(million_rules).value(), eight_people(), std::move(store)).value();
        const auto id = e.open({.process = "vote", .by = "v0", .subject = "s-0", .at = at("2026-03-01"), .key = "open"}).value();
        for (int i = 0; i < 7; ++i) (void)e.submit(id, cast{.by = "v" + std::to_string(i), .position = "yes", .at = at("2026-03-02"), .key = "k" + std::to_string(i)});
        once = journal_support::all_of(j, id);
        if (once.size() != events_of_one) throw failure(make_error(errc::invalid, std::to_string(once.size()) + " events of one proposal"));
    }
    sqlite_journal                  more(path);
    std::uint64_t                   written = more.last().value();
    constexpr std::uint64_t         together = 2'000;
    for (std::uint64_t from = 2; from <= streams; from += together) {
        std::vector<std::vector<event>> all;
        batch                           b;
        const auto                      to = std::min(streams + 1, from + together);
        all.reserve(static_cast<std::size_t>(to - from));
        for (auto n = from; n < to; ++n) {
            auto& own = all.emplace_back();
            const auto leave = n % open_one_in == 0 ? 2U : 0U;  // without the last vote, and what came of it
            for (std::size_t i = 0; i + leave < once.size(); ++i) own.push_back(once[i].what);
            own.front().subject = "s-" + std::to_string(n);
            b.streams.push_back({"vote-" + std::to_string(n), 0, own});
            written += own.size();
        }
        if (const auto done = more.append(b); !done) throw failure(done.error());
    }
    return written;
}

std::uint64_t peak_mib() {
    rusage used{};
    (void)::getrusage(RUSAGE_SELF, &used);
    return static_cast<std::uint64_t>(used.ru_maxrss) / 1'024;
}

}  // namespace

struct asked {
    std::uint64_t opened = 0, proposals = 0, mib = 0;
    double        usual = 0, slowest = 0;  ///< nine of ten take no longer than the first: the rest is what else the machine does
    std::string   some{};  ///< what a hundred of them say, to be compared
};

/// Opens it in a process of its own, so that its memory is known, and asks after a hundred proposals. Nothing: that failed.
std::optional<asked> ask_another(const std::string& path, const std::string& answer) {
    const auto pid = start_process([&] {
        asked      a;
        const auto from = clock::now();
        auto       e = engine::make(load_charter(million_rules).value(), eight_people(), open_sqlite_journal(path).value()).value();
        a.opened = ms(seconds_since(from));
        const auto all = e.list({.most = static_cast<std::size_t>(-1)});
        a.proposals = all.size();
        std::vector<double> took;
        for (std::size_t i = 0; i < 100; ++i) {
            const auto ask = clock::now();
            const auto x = e.explain(all[i * (all.size() - 1) / 99], at("2026-03-05"));
            if (!x) return 3;
            took.push_back(seconds_since(ask));
            a.some += to_json(x.value());
        }
        std::sort(took.begin(), took.end());
        std::ofstream(answer) << a.opened << ' ' << a.proposals << ' ' << peak_mib() << ' ' << took[90] << ' ' << took.back() << ' ' << sha256_hex(a.some);
        return 0;
    });
    asked         a;
    const auto    code = wait_for(pid);
    std::ifstream in(answer);
    if (code != 0 || !(in >> a.opened >> a.proposals >> a.mib >> a.usual >> a.slowest >> a.some)) return std::nullopt;
    return a;
}

/// P3. Opening it with a snapshot and without, asking after one proposal, copying it while others write.
int million(const options& o) {
    report                 out("million", o);
    const memory_directory dir;
    const auto             events = o.number("events", 20'000);
    auto                   begin = clock::now();
    const auto             written = write_journal(dir.file(), events / events_of_one, 100);
    std::cout << "  written in " << ms(seconds_since(begin)) << " ms\n";
    const auto tell = [](const char* how, const asked& a) {
        std::cout << "  " << how << ": opened in " << a.opened << " ms, status of one in " << static_cast<std::uint64_t>(a.usual * 1e6) << " us (" << static_cast<std::uint64_t>(a.slowest * 1e6) << " at most), "
                  << a.proposals << " proposals, " << a.mib << " MiB\n" << std::flush;
    };
    const auto whole = ask_another(dir.file(), dir.file("answer"));
    if (whole) tell("without a snapshot", *whole);
    const auto compacting = start_process([&] {
        const auto     from = clock::now();
        sqlite_journal j{dir.file()};
        const auto     c = engine::compact(j);
        if (!c) return 3;
        std::cout << "  compacted in " << ms(seconds_since(from)) << " ms: " << c.value().at_rest << " of " << c.value().proposals << " at rest, " << c.value().bytes
                  << " bytes, " << peak_mib() << " MiB\n" << std::flush;
        return 0;
    });
    out.check(wait_for(compacting) == 0, "it can't be compacted");
    const auto quick = ask_another(dir.file(), dir.file("answer"));
    if (quick) tell("with a snapshot", *quick);
    if (out.check(whole && quick, "opening or reading fails")) {
        out.check(quick->opened <= o.number("open-ms", 60'000), "opening takes too long");
        out.check(ms(quick->usual) <= o.number("status-ms", 1'000), "a status takes too long");
        out.check(quick->mib <= o.number("mib", 1'024), "it takes too much memory");
        out.check(quick->proposals * events_of_one + 50 >= events, "proposals are missing");
        out.check(quick->some == whole->some && quick->proposals == whole->proposals, "a snapshot changes what is answered");
        if (o.flag("open-ms")) out.check(whole->opened > quick->opened, "control: without a snapshot it is as quick");
    }
    {  // Control: an altered snapshot isn't used, and that changes nothing but the time.
        sqlite3* db = nullptr;
        (void)sqlite3_open(dir.file().c_str(), &db);
        out.check(sqlite3_exec(db, "UPDATE snapshot SET as_of = as_of - 1", nullptr, nullptr, nullptr) == SQLITE_OK, "control: it can't be altered");
        sqlite3_close(db);
        sqlite_journal j{dir.file()};
        const auto     kept = j.kept_snapshot();
        out.check(kept && kept.value() && !kept.value()->fault.empty(), "control: an altered snapshot is believed");
        out.check(j.keep_snapshot(0, {}).has_value(), "it can't be thrown away");
    }
    // A copy while somebody writes.
    std::atomic<bool> stop{false};
    std::uint64_t     meanwhile = 0;
    std::thread       writer([&] {
        sqlite_journal j{dir.file()};
        while (!stop && store(j, meanwhile + 1, "busy")) ++meanwhile;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    begin = clock::now();
    {
        sqlite_journal j{dir.file()};
        const auto     copied = j.backup_to(dir.file("copy.db"));
        out.check(copied.has_value(), "the copy fails: " + (copied ? "" : copied.error().what()));
    }
    const auto took = ms(seconds_since(begin));
    stop = true;
    writer.join();
    std::cout << "  copied in " << took << " ms, while " << meanwhile << " transactions were stored\n";
    out.check(took <= o.number("copy-ms", 60'000), "the copy takes too long");
    sqlite_journal copy{dir.file("copy.db")};
    const auto     sound = copy.verify();
    out.check(sound && sound.value().sound() && sound.value().head.seq >= written, "the copy is not whole");
    out.activity("events", written, events / 2);
    out.activity("transactions while it was copied", meanwhile, 1);
    return out.finish();
}

namespace {

/// The same rows by SQLite alone.
class raw_rows {
public:
    explicit raw_rows(const std::string& path) : payload_(payload_of(journal_support::cast_by("somebody"))) {
        must(sqlite3_open(path.c_str(), &db_));
        run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE event(seq INTEGER PRIMARY KEY, stream TEXT, version INTEGER, kind TEXT, at_us INTEGER, noted_us INTEGER, "
            "actor TEXT, payload TEXT, text_hash BLOB, hash BLOB, UNIQUE(stream, version)) STRICT");
        must(sqlite3_prepare_v2(db_, "INSERT INTO event VALUES(?1,?3,?4,'acted',1772323200000000,1772323200000000,'somebody',?2,NULL,zeroblob(32))", -1, &insert_, nullptr));
    }
    raw_rows(const raw_rows&) = delete;
    raw_rows& operator=(const raw_rows&) = delete;
    ~raw_rows() {
        sqlite3_finalize(insert_);
        sqlite3_close(db_);
    }
    /// Seconds that it takes to store so many rows of one stream, so many in one transaction.
    double store(const std::string& stream, std::uint64_t rows, std::uint64_t at_once) {
        const auto    begin = clock::now();
        std::uint64_t version = 0;
        while (version < rows) {
            run("BEGIN");
            for (std::uint64_t i = 0; i < at_once; ++i) {
                sqlite3_bind_int64(insert_, 1, static_cast<sqlite3_int64>(++last_));
                sqlite3_bind_text(insert_, 3, stream.data(), static_cast<int>(stream.size()), SQLITE_STATIC);
                sqlite3_bind_int64(insert_, 4, static_cast<sqlite3_int64>(++version));
                sqlite3_bind_text(insert_, 2, payload_.data(), static_cast<int>(payload_.size()), SQLITE_STATIC);
                if (sqlite3_step(insert_) != SQLITE_DONE) throw failure(make_error(errc::io, "SQLite alone stores nothing"));
                (void)sqlite3_reset(insert_);
            }
            run("COMMIT");
        }
        return seconds_since(begin);
    }

private:
    static void must(int code) {
        if (code != SQLITE_OK) throw failure(make_error(errc::io, "SQLite alone doesn't work"));
    }
    void run(const char* sql) { must(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }

    sqlite3*      db_ = nullptr;
    sqlite3_stmt* insert_ = nullptr;
    std::string   payload_;
    std::uint64_t last_ = 0;
};

double median(std::vector<double> all) {
    std::sort(all.begin(), all.end());
    return all[all.size() / 2];
}

}  // namespace

/// P1, P2. How many events a second, on a disk. What a journal costs over SQLite alone is told as a ratio, of five measurements in turns,
/// and asked for with --ratios; the floors, a third of what an idle machine does, with --floors.
int floors(const options& o) {
    report     out("floors", o);
    const auto n = o.number("events", 2'000);
    std::filesystem::path here = std::filesystem::temp_directory_path() / ("quorate-floors-" + std::to_string(o.seed()));
    std::filesystem::create_directories(here);
    const auto rate = [&](const std::string& what, double count, double s, std::uint64_t floor) {
        const auto per_second = static_cast<std::uint64_t>(count / std::max(s, 1e-9));
        std::cout << "  " << what << ": " << per_second << " per second\n";
        if (o.flag("floors")) out.check(per_second >= floor, what + ": " + std::to_string(per_second) + " a second, at least " + std::to_string(floor) + " are promised");
    };
    const auto ratio = [&](const std::string& what, double is, double most) {
        std::cout << "  " << what << ": " << ms(is) << " thousandths\n";
        if (o.flag("ratios")) out.check(is <= most, what + ": " + std::to_string(is) + ", at most " + std::to_string(most) + " is promised");
    };
    {
        sqlite_journal j{(here / "disk.db").string()};
        raw_rows       alone((here / "raw.db").string());
        const auto     append = [&, one = journal_support::cast_by("somebody")](const std::string& stream, std::uint64_t total, std::uint64_t at_once) {
            const std::vector<event> some(static_cast<std::size_t>(at_once), one);
            const auto               begin = clock::now();
            for (std::uint64_t done = 0; done < total; done += at_once) {
                batch b;
                b.streams.push_back({stream, done, some});
                if (const auto stored = j.append(b); !stored) throw failure(stored.error());
            }
            return seconds_since(begin);
        };
        std::vector<double> single, together, bulk, single_ratio, bulk_ratio, grouping;
        constexpr int       turns = 5;
        const auto          few = n / turns, many = 4 * n, sixty_fours = 8 * few / 64 * 64;
        for (int t = 0; t < turns; ++t) {
            const auto of = std::to_string(t);
            single.push_back(append("one" + of, few, 1));
            single_ratio.push_back(single.back() / alone.store("one" + of, few, 1));
            together.push_back(append("many" + of, sixty_fours, 64));
            (void)alone.store("many" + of, sixty_fours, 64);
            grouping.push_back(together.back() / static_cast<double>(sixty_fours) / (single.back() / static_cast<double>(few)));
            bulk.push_back(append("bulk" + of, many, many));
            bulk_ratio.push_back(bulk.back() / alone.store("bulk" + of, many, many));
        }
        rate("durable commits", static_cast<double>(few), median(single), 1'800);
        rate("events in batches of 64", static_cast<double>(sixty_fours), median(together), 20'000);
        rate("events in one transaction", static_cast<double>(many), median(bulk), 40'000);
        auto          begin = clock::now();
        std::uint64_t seen = 0;
        (void)j.read({}, 0, [&](const stored_event&) { return ++seen != 0; });
        rate("events read", static_cast<double>(seen), seconds_since(begin), 500'000);
        begin = clock::now();
        const auto sound = j.verify();
        out.check(sound && sound.value().sound(), "it is not sound");
        rate("events verified", static_cast<double>(seen), seconds_since(begin), 160'000);
        // As many bodies of 101 as events, whose members say yes or no by a draw each: how many have a majority?
        constexpr std::uint32_t members = 101;
        const auto              bodies = static_cast<std::uint32_t>(many);
        std::uint64_t           passed = 0;
        begin = clock::now();
        for (std::uint32_t body = 0; body < bodies; ++body) {
            detail::draws votes(o.seed(), body, 0, 0);
            std::uint32_t yes = 0;
            for (std::uint32_t i = 0; i < members; ++i) yes += votes.word() >> 31U;
            passed += 2 * yes > members ? 1U : 0U;
        }
        rate("votes drawn and counted", static_cast<double>(bodies) * members, seconds_since(begin), 20'000'000);
        const auto half = static_cast<double>(bodies) / 2;
        out.check(std::abs(static_cast<double>(passed) - half) < 5 * std::sqrt(half / 2), "of " + std::to_string(bodies) + " bodies " + std::to_string(passed) + " have a majority");
        ratio("time of a durable commit, over SQLite alone", median(single_ratio), 2);
        ratio("time of events in one transaction, over SQLite alone", median(bulk_ratio), 2);
        ratio("time of an event in a batch of 64, over one alone", median(grouping), 0.5);
        out.activity("events", seen, 20 * n);
    }
    std::error_code ignored;
    std::filesystem::remove_all(here, ignored);
    return out.finish();
}

}  // namespace trial
