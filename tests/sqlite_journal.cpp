#include <doctest/doctest.h>

#include <quorate/sqlite_journal.hpp>

#include <sqlite3.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "journal_support.hpp"
#include "sqlite_lock.hpp"
#include "sqlite_schema.hpp"

using namespace journal_support;

namespace {

const event              vote = cast_by("carol");
const std::vector<event> one_vote{vote};
using std::chrono::milliseconds;

errc refusal_of(const std::string& path, sqlite_options options = {}) {
    const auto j = open_sqlite_journal(path, options);
    REQUIRE(!j.has_value());
    INFO(j.error().what());
    CHECK(j.error().what().find(std::filesystem::path(path).filename().string()) != std::string::npos);
    return j.error().code;
}
/// Runs SQL on the file behind the journal's back. Returns what SQLite says to the last statement.
int shell(const std::string& path, const std::string& sql, std::string* answer = nullptr) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
    const auto keep = [](void* out, int, char** values, char**) {
        if (out != nullptr && values[0] != nullptr) *static_cast<std::string*>(out) = values[0];
        return 0;
    };
    const int done = sqlite3_exec(db, sql.c_str(), keep, answer, nullptr);
    sqlite3_close(db);
    return done;
}
std::uint64_t append_votes(journal& j, const std::string& stream, std::uint64_t from, std::size_t count) {
    const std::vector<event> votes(count, vote);
    batch                    b;
    b.streams.push_back({stream, from, votes});
    return j.append(b).value();
}
/// A journal with texts, answers, effects (one done) and an erased text.
void fill(sqlite_journal& j) {
    const std::vector<event> events{cast_by("ann", "because\n\"quoted\""), vote,
        cast_by("ben", "canary-4711 to be erased")};
    batch                    b;
    b.streams = {{"p-1", 0, events}, {"p-2", 0, one_vote}};
    b.answers = {{"k2", std::string(64, 'b'), "{}"}, {"k1", "plain", R"(["é"])"}};
    b.effects = {{.proposal = "p-1", .at = vote.at, .kind = "label", .payload = "{}"},
                 {.proposal = "p-1", .at = vote.at, .kind = "notify", .payload = R"({"a":"\n"})"}};
    REQUIRE(j.append(b).has_value());
    REQUIRE(j.done(1).has_value());
    const std::array<std::uint64_t, 1> third{3};
    const auto                         erased = j.erase_texts(third, "ann", at("2026-03-02"));
    REQUIRE_MESSAGE(erased.has_value(), erased.error().what());
}

}  // namespace

TEST_CASE("sqlite journal: what was appended is there after opening again, as one file") {
    const scratch dir;
    {
        sqlite_journal j{dir.file()};
        CHECK(j.durable());
        append_votes(j, "p-1", 0, 3);
    }
    std::filesystem::copy_file(dir.file(), dir.file("copy.db"));
    sqlite_journal copy{dir.file("copy.db"), {.create = false}};
    CHECK(all_of(copy).size() == 3);
    append_votes(copy, "p-1", 3, 1);
    CHECK(copy.verify().value().sound());
    const std::unique_ptr<journal> owned = sqlite_journal{dir.file()};
    CHECK(owned->last().value() == 3);
}

TEST_CASE("sqlite journal: what can't be a journal is refused, and left as it was") {
    const scratch dir;
    CHECK(refusal_of(dir.path().string()) == errc::io);
    CHECK(refusal_of(dir.file("none/journal.db")) == errc::not_found);
    CHECK(refusal_of(dir.file("none.db"), {.create = false}) == errc::not_found);
    CHECK(!std::filesystem::exists(dir.file("none.db")));
    CHECK(refusal_of("/dev/null") == errc::io);
    CHECK(!open_sqlite_journal("").has_value());
    std::ofstream(dir.file("text.db")) << "Dear diary, this is no database at all.";
    CHECK(refusal_of(dir.file("text.db")) == errc::unsupported);
    CHECK(bytes_of_file(dir.file("text.db")).starts_with("Dear diary"));

    REQUIRE(shell(dir.file("other.db"), "CREATE TABLE mine (x)") == SQLITE_OK);
    const auto before = bytes_of_file(dir.file("other.db"));
    CHECK(refusal_of(dir.file("other.db")) == errc::unsupported);
    CHECK(bytes_of_file(dir.file("other.db")) == before);
    REQUIRE(shell(dir.file("marked.db"), "PRAGMA application_id = 7") == SQLITE_OK);
    CHECK(refusal_of(dir.file("marked.db")) == errc::unsupported);

    { sqlite_journal j{dir.file("newer.db")}; }
    REQUIRE(shell(dir.file("newer.db"), "PRAGMA user_version = 3") == SQLITE_OK);
    CHECK(refusal_of(dir.file("newer.db")) == errc::unsupported);
    { sqlite_journal j{dir.file("locked.db")}; }
    REQUIRE(::chmod(dir.file("locked.db").c_str(), 0444) == 0);
    CHECK(refusal_of(dir.file("locked.db")) == errc::io);

    { sqlite_journal j{dir.file("broken.db")}; }
    {
        std::fstream broken(dir.file("broken.db"), std::ios::in | std::ios::out | std::ios::binary);
        broken.seekp(100);
        broken << std::string(3'000, '\x55');
    }
    CHECK(refusal_of(dir.file("broken.db")) == errc::damaged);
    std::ofstream(dir.file("empty.db")).flush();
    CHECK(open_sqlite_journal(dir.file("empty.db")).has_value());
    CHECK_THROWS_AS(sqlite_journal{dir.file("text.db")}, failure);
}

TEST_CASE("sqlite journal: a log without its journal, and a journal that was cut, are refused and left alone; each says the way out") {
    const scratch dir;
    // A journal whose log has not been copied into the file yet, as a crash leaves it.
    {
        sqlite_journal j{dir.file()};
        append_votes(j, "p-1", 0, 3);
        for (const auto* rest : {"", "-wal"}) std::filesystem::copy_file(dir.file() + rest, dir.file("crashed.db") + rest);
    }
    const auto log = bytes_of_file(dir.file("crashed.db-wal"));
    REQUIRE(!log.empty());
    const auto whole = bytes_of_file(dir.file("crashed.db"));
    std::filesystem::remove(dir.file("crashed.db"));
    const auto says = [&](const std::string& file) {
        const auto j = open_sqlite_journal(dir.file(file));
        return j ? std::string("opened") : j.error().what();
    };
    CHECK(refusal_of(dir.file("crashed.db")) == errc::damaged);
    CHECK(says("crashed.db").find("put the journal back") != std::string::npos);
    CHECK(bytes_of_file(dir.file("crashed.db-wal")) == log);
    std::ofstream(dir.file("crashed.db")).flush();
    CHECK(refusal_of(dir.file("crashed.db")) == errc::damaged);
    CHECK(bytes_of_file(dir.file("crashed.db-wal")) == log);
    std::ofstream(dir.file("crashed.db"), std::ios::binary) << whole;
    CHECK(sqlite_journal{dir.file("crashed.db")}.last().value() == 3);

    { sqlite_journal j{dir.file("cut.db")}; append_votes(j, "p-1", 0, 200); }
    const auto size = std::filesystem::file_size(dir.file("cut.db"));
    for (const auto length : {std::uintmax_t{50}, std::uintmax_t{700}, std::uintmax_t{4'096}, size / 2, size - 4'096, size - 1}) {
        std::filesystem::copy_file(dir.file("cut.db"), dir.file("now.db"), std::filesystem::copy_options::overwrite_existing);
        std::filesystem::resize_file(dir.file("now.db"), length);
        INFO(length);
        auto j = open_sqlite_journal(dir.file("now.db"));
        if (!j) {
            CHECK((j.error().code == errc::damaged || j.error().code == errc::unsupported));
            CHECK(!j.error().problems.front().hint.empty());
        } else {  // what is missing is not needed to open it
            const auto r = j.value()->verify();
            CHECK((!r.has_value() || !r.value().sound()));
        }
        for (const auto* rest : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(dir.file("now.db") + rest);
    }
}

TEST_CASE("sqlite journal: a read-only disk, file or directory is refused by name, even to root") {
    const scratch dir;
    { sqlite_journal j{dir.file("kept.db")}; append_votes(j, "p-1", 0, 1); }
    const pid_t child = ::fork();  // a mount of its own, gone with the child
    if (child == 0) {
        constexpr int can_not = 3;
        if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) ::_exit(can_not);
        const auto here = dir.path().string();
        if (::mount(here.c_str(), here.c_str(), nullptr, MS_BIND, nullptr) != 0) ::_exit(can_not);
        if (::mount("none", here.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) != 0) ::_exit(can_not);
        const auto read_only = [](const result<std::unique_ptr<sqlite_journal>>& j) {
            return !j && j.error().code == errc::io && j.error().what().find("read-only") != std::string::npos;
        };
        ::_exit(read_only(open_sqlite_journal(dir.file("kept.db"))) && read_only(open_sqlite_journal(dir.file("new.db"))) ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    if (WEXITSTATUS(status) == 3) MESSAGE("not tested: this user may not mount; a read-only disk");
    else CHECK(WEXITSTATUS(status) == 0);
    // Permissions don't bind root; what is immutable does.
    const bool root = ::geteuid() == 0;
    const auto chattr = [&](const char* how) { return std::system(("chattr " + (how + (" " + dir.path().string())) + " 2> /dev/null").c_str()) == 0; };
    if (root && !chattr("+i")) {
        MESSAGE("not tested: this file system has no immutable directories; a directory that can't be written to");
        return;
    }
    if (!root) REQUIRE(::chmod(dir.path().c_str(), 0555) == 0);
    const auto closed = open_sqlite_journal(dir.file("new.db"));
    if (root) CHECK(chattr("-i"));
    else REQUIRE(::chmod(dir.path().c_str(), 0755) == 0);
    REQUIRE(!closed.has_value());
    CHECK(closed.error().code == errc::io);
    CHECK(closed.error().what().find("new.db") != std::string::npos);
}

TEST_CASE("sqlite journal: network file systems are known by name") {
    CHECK(untrusted_type(0x6969) == "NFS");
    CHECK(untrusted_type(0xFF534D42) == "CIFS");
    CHECK(untrusted_type(0x01021997) == "9p");
    CHECK(untrusted_type(0x65735546) == "FUSE");
    CHECK(untrusted_type(0xEF53).empty());      // ext4
    CHECK(untrusted_type(0x01021994).empty());  // tmpfs
    CHECK(untrusted_type(0x9123683E).empty());  // btrfs
}

TEST_CASE("sqlite journal: an older file runs the scripts that it has not seen, whole or not at all") {
    const scratch                    dir;
    SQLite::Database                 db(dir.file(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    const std::string_view           one_step[] = {"CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);"};
    const std::string_view           bad_steps[] =
        {one_step[0], "ALTER TABLE a ADD COLUMN y INTEGER;", "UPDATE nothing SET x = 2;"};
    const std::string_view           good_steps[] = {one_step[0], bad_steps[1], "UPDATE a SET y = x + 1;"};
    migrate(db, "test", one_step);
    CHECK(db.execAndGet("PRAGMA user_version").getInt() == 1);
    CHECK_THROWS(migrate(db, "test", bad_steps));
    CHECK(db.execAndGet("PRAGMA user_version").getInt() == 1);
    CHECK_THROWS(db.exec("SELECT y FROM a"));
    migrate(db, "test", good_steps);
    CHECK(db.execAndGet("PRAGMA user_version").getInt() == 3);
    CHECK(db.execAndGet("SELECT y FROM a").getInt() == 2);
    migrate(db, "test", good_steps);
    CHECK_THROWS_AS(migrate(db, "test", one_step), failure);
}

TEST_CASE("sqlite journal: the settings are those that were promised") {
    const scratch dir;
    { sqlite_journal j{dir.file()}; }
    std::string value;
    CHECK(shell(dir.file(), "PRAGMA journal_mode", &value) == SQLITE_OK);
    CHECK(value == "wal");
    CHECK(shell(dir.file(), "PRAGMA application_id", &value) == SQLITE_OK);
    CHECK(value == std::to_string(journal_application_id));
    CHECK(shell(dir.file(),
        "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%'",
                &value) == SQLITE_OK);
    CHECK(value == "0");
}

TEST_CASE("sqlite journal: the seat belt holds against a shell, as far as it goes") {
    const scratch dir;
    {
        sqlite_journal j{dir.file()};
        fill(j);
    }
    for (const auto* sql : {"UPDATE event SET actor = 'x'", "DELETE FROM event", "UPDATE text SET body = 'x'",
        "DELETE FROM text WHERE seq = 1",
                            "DELETE FROM answer", "UPDATE answer SET answer = ''", "DELETE FROM outbox",
                                "UPDATE outbox SET kind = ''",
                            "DELETE FROM erasure",
                            "PRAGMA recursive_triggers = ON; INSERT OR REPLACE INTO event SELECT seq, stream, version, kind, 0, 0, "
                            "actor, payload, text_hash, hash FROM event LIMIT 1"}) {
        INFO(sql);
        CHECK(shell(dir.file(), sql) == SQLITE_CONSTRAINT);
    }
    sqlite_journal j{dir.file()};
    CHECK(j.verify().value().sound());
}

TEST_CASE("sqlite journal: two that have the same file see each other, and only one wins") {
    const scratch  dir;
    sqlite_journal a{dir.file()};
    sqlite_journal b{dir.file()};
    append_votes(a, "p-1", 0, 2);
    CHECK(b.last().value() == 2);
    append_votes(b, "p-1", 2, 1);
    batch late;
    late.streams.push_back({"p-1", 2, one_vote});
    const auto refused = a.append(late);
    REQUIRE(!refused.has_value());
    CHECK(refused.error().code == errc::conflict);
    append_votes(a, "p-1", 3, 1);
    CHECK(b.verify().value().head.seq == 4);
    CHECK(a.current_checkpoint().value() == b.current_checkpoint().value());
}

TEST_CASE("sqlite journal: whoever waits too long for the lock is told so, and nothing is stored") {
    const scratch  dir;
    sqlite_journal j{dir.file(), {.patience = milliseconds{60}}};
    file_lock      other{dir.file("journal.db.lock")};
    batch          b;
    b.streams.push_back({"p-1", 0, one_vote});
    {
        const held_lock held(other, std::chrono::steady_clock::now());
        const auto    start = std::chrono::steady_clock::now();
        const auto    r = j.append(b);
        REQUIRE(!r.has_value());
        CHECK(r.error().code == errc::io);
        CHECK(r.error().what().find("locked") != std::string::npos);
        CHECK(std::chrono::steady_clock::now() - start >= milliseconds{60});
        CHECK(j.last().value() == 0);  // reading needs no lock
        CHECK(refusal_of(dir.file(), {.patience = milliseconds{20}}) == errc::io);
    }
    CHECK(j.append(b).value() == 1);
    sqlite3* foreign = nullptr;  // a tool that doesn't know of the lock
    REQUIRE(sqlite3_open(dir.file().c_str(), &foreign) == SQLITE_OK);
    REQUIRE(sqlite3_exec(foreign, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
    b.streams = {{"p-1", 1, one_vote}};
    const auto busy = j.append(b);
    REQUIRE(!busy.has_value());
    CHECK(busy.error().code == errc::io);
    sqlite3_close(foreign);
    CHECK(j.append(b).value() == 2);
}

TEST_CASE("sqlite journal: a forked child may not use its parent's journal, and does no harm when it ends") {
    const scratch dir;
    auto          j = std::make_unique<sqlite_journal>(dir.file());
    append_votes(*j, "p-1", 0, 1);
    const pid_t child = ::fork();
    if (child == 0) {
        batch b;
        b.streams.push_back({"p-1", 1, one_vote});
        const auto r = j->append(b);
        const bool refused = !r && r.error().code == errc::io && !j->last();
        j.reset();
        ::_exit(refused ? 7 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 7);
    append_votes(*j, "p-1", 1, 1);
    CHECK(j->verify().value().head.seq == 2);
}

TEST_CASE("sqlite journal: what would not come back the same, or is too large, is refused whole") {
    const scratch  dir;
    sqlite_journal j{dir.file()};
    const auto     refuses = [&](event e) {
        const std::vector<event> events{vote, std::move(e)};
        batch                    b;
        b.streams.push_back({"p-1", 0, events});
        const auto r = j.append(b);
        REQUIRE(!r.has_value());
        CHECK(j.last().value() == 0);
        return r.error().code;
    };
    CHECK(refuses(cast_by("\xFF")) == errc::invalid);
    CHECK(refuses(cast_by("a", std::string("x\0y", 3))) == errc::invalid);
    auto early = vote;
    early.noted = early.at - duration{1};
    CHECK(refuses(early) == errc::invalid);
    CHECK(refuses(cast_by("a", std::string(largest_stored_text + 1, 'x'))) == errc::limit);
    auto wide = vote;
    wide.names.assign(5, std::string(std::size_t{1} << 20, 'x'));
    CHECK(refuses(wide) == errc::limit);
}

TEST_CASE("sqlite journal: the log is emptied into the file as it grows") {
    const scratch  dir;
    sqlite_journal checked{dir.file("a.db"), {.checkpoint_pages = 64}};
    sqlite_journal unchecked{dir.file("b.db"), {.checkpoint_pages = 1'000'000}};
    for (std::uint64_t i = 0; i < 200; ++i) {
        append_votes(checked, "p", i * 8, 8);
        append_votes(unchecked, "p", i * 8, 8);
    }
    CHECK(checked.log_bytes().value() < 200 * 4'120);
    CHECK(unchecked.log_bytes().value() > 500 * 4'120);
}

TEST_CASE("sqlite journal: erased text is gone from file and log, and the chain still holds") {
    const scratch  dir;
    sqlite_journal j{dir.file()};
    fill(j);
    const auto report = j.verify().value();
    CHECK(report.sound());
    CHECK(report.erased == 1);
    CHECK(report.texts == 1);
    CHECK(all_of(j)[2].what.text.empty());
    CHECK(all_of(j)[0].what.text == "because\n\"quoted\"");
    const auto record = all_of(j, std::string(erasure_stream));
    REQUIRE(record.size() == 1);
    CHECK(record[0].what.names == std::vector<std::string>{"3"});
    CHECK(record[0].what.by == "ann");
    for (const auto* name : {"journal.db", "journal.db-wal"})
        CHECK(bytes_of_file(dir.file(name)).find("canary") == std::string::npos);
    // Charters and rosters are no free text.
    event rules{.kind = event_kind::document, .at = vote.at, .noted = vote.at, .subject = "hash", .detail = "c", .text = "{}"};
    batch documents;
    documents.streams.push_back({"charter", 0, {&rules, 1}});
    const auto document = j.append(documents).value();
    const std::array<std::uint64_t, 2> both{1, document};
    CHECK(j.erase_texts(both, "ann", at("2026-03-02")).error().code == errc::invalid);
    CHECK(j.verify().value().texts == 2);  // nothing was erased
    const std::array<std::uint64_t, 1> none{99};
    CHECK(j.erase_texts(none, "ann", at("2026-03-02")).error().code == errc::not_found);
}

TEST_CASE("sqlite journal: exported, imported and exported again gives the same bytes, and the same journal") {
    const scratch      dir;
    sqlite_journal     from{dir.file()};
    std::ostringstream first;
    std::ostringstream second;
    fill(from);
    dice               d{11};
    std::vector<event> many;
    for (int i = 0; i < 500; ++i) many.push_back(random_event(d));
    batch b;
    b.streams.push_back({"p-3", 0, many});
    REQUIRE(from.append(b).has_value());
    REQUIRE(from.export_lines(first).has_value());
    sqlite_journal     to{dir.file("to.db")};
    std::istringstream in(first.str());
    const auto         done = to.import_lines(in);
    REQUIRE_MESSAGE(done.has_value(), done.error().what());
    REQUIRE(to.export_lines(second).has_value());
    CHECK(first.str() == second.str());
    CHECK(to.verify(from.current_checkpoint().value()).value().sound());
    CHECK(to.answer_to("k1").value()->answer == R"(["é"])");
    CHECK(to.pending_effects(9).value() == from.pending_effects(9).value());
    in.clear();
    in.seekg(0);
    CHECK(to.import_lines(in).error().code == errc::conflict);
}

TEST_CASE("sqlite journal: a copy is whole, and never written over a file") {
    const scratch  dir;
    sqlite_journal j{dir.file()};
    fill(j);
    REQUIRE(j.backup_to(dir.file("copy.db")).has_value());
    sqlite_journal copy{dir.file("copy.db"), {.create = false}};
    CHECK(copy.current_checkpoint().value() == j.current_checkpoint().value());
    CHECK(copy.verify().value().sound());
    CHECK(j.backup_to(dir.file("copy.db")).error().code == errc::conflict);
    CHECK(!j.backup_to(dir.file("none/copy.db")).has_value());
}
