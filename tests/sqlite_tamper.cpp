// Every way of altering a journal behind its back is found, and pointed at.
#include <doctest/doctest.h>

#include <quorate/sqlite_journal.hpp>

#include <openssl/sha.h>
#include <sqlite3.h>

#include <filesystem>
#include <functional>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "journal_support.hpp"

using namespace journal_support;

namespace {

constexpr std::uint64_t events_written = 7;

/// Drops the seat belt and runs SQL, as somebody would who knows what they are doing.
void tamper(const std::string& path, const std::string& sql) {
    sqlite3*    db = nullptr;
    std::string drops;
    REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
    const auto collect = [](void* out, int, char** values, char**) {
        *static_cast<std::string*>(out) += std::string("DROP TRIGGER ") + values[0] + ";";
        return 0;
    };
    REQUIRE(sqlite3_exec(db, "SELECT name FROM sqlite_schema WHERE type = 'trigger'", collect, &drops, nullptr) ==
        SQLITE_OK);
    REQUIRE(sqlite3_exec(db, (drops + sql).c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_changes(db) > 0);
    sqlite3_close(db);
}

/// Two streams; events 2, 5 and 7 have texts.
void write(journal& j) {
    for (std::uint64_t i = 0; i < events_written; ++i) {
        const std::vector<event> one{cast_by("m" + std::to_string(i), i % 3 == 1 || i == 6 ? "reason "
            + std::to_string(i) : "")};
        batch                    b;
        b.streams.push_back({i % 2 == 0 ? "p-1" : "p-2", i / 2, one});
        REQUIRE(j.append(b).has_value());
    }
}

struct tampered {
    scratch    dir;
    checkpoint end;

    tampered() {
        sqlite_journal j{dir.file("whole.db")};
        write(j);
        end = j.current_checkpoint().value();
    }
    /// What verify finds in a copy of the journal on which this SQL was run.
    chain_report after(const std::string& sql, bool with_checkpoint = false) const {
        std::filesystem::copy_file(dir.file("whole.db"), dir.file(), std::filesystem::copy_options::overwrite_existing);
        for (const auto* rest : {"journal.db-wal", "journal.db-shm"}) std::filesystem::remove(dir.file(rest));
        if (!sql.empty()) tamper(dir.file(), sql);
        sqlite_journal j{dir.file()};
        return j.verify(with_checkpoint ? std::optional(end) : std::nullopt).value();
    }
    void finds(const std::string& sql, std::uint64_t seq, const std::string& says, bool with_checkpoint = false) const {
        INFO(sql);
        const auto report = after(sql, with_checkpoint);
        REQUIRE(report.fault.has_value());
        INFO(report.fault->what);
        CHECK(report.fault->seq == seq);
        CHECK(report.fault->what.find(says) != std::string::npos);
        CHECK(report.head.seq == (says.find("text is missing") == std::string::npos ? seq - 1 : events_written));
    }
};

/// The hash of the last event, recomputed from the columns as the header documents it, without a line of the library's.
std::string independent_hash(const std::string& path) {
    std::string previous(32, '\0');
    sqlite3*    db = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
    sqlite3_stmt* s = nullptr;
    REQUIRE(sqlite3_prepare_v2(db,
        "SELECT seq, stream, version, kind, at_us, noted_us, actor, payload, text_hash FROM event ORDER BY seq",
                               -1, &s, nullptr) == SQLITE_OK);
    while (sqlite3_step(s) == SQLITE_ROW) {
        std::string bytes = "quorate1" + previous;
        const auto  number = [&](std::uint64_t n, int size) {
            for (int i = size - 1; i >= 0; --i) bytes += static_cast<char>((n >> (8 * i)) & 255);
        };
        for (int column = 0; column < 9; ++column) {
            if (sqlite3_column_type(s, column) == SQLITE_INTEGER) {
                number(static_cast<std::uint64_t>(sqlite3_column_int64(s, column)), 8);
                continue;
            }
            const auto* data = static_cast<const char*>(sqlite3_column_blob(s, column));
            const auto  size = static_cast<std::size_t>(sqlite3_column_bytes(s, column));
            number(size, 4);
            if (size > 0) bytes.append(data, size);
        }
        SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
            reinterpret_cast<unsigned char*>(previous.data()));
    }
    sqlite3_finalize(s);
    sqlite3_close(db);
    std::ostringstream hex;
    for (const char c : previous) {
        hex.width(2);
        hex.fill('0');
        hex << std::hex << static_cast<int>(static_cast<unsigned char>(c));
    }
    return hex.str();
}

}  // namespace

TEST_CASE("sqlite tamper: an untouched journal is sound, and its hashes are those that the documentation describes") {
    const tampered j;
    const auto    report = j.after("", true);
    CHECK(report.sound());
    CHECK(report.head == j.end);
    CHECK(report.head.seq == events_written);
    CHECK(report.texts == 3);
    CHECK(independent_hash(j.dir.file("whole.db")) == j.end.hash);
}

TEST_CASE("sqlite tamper: altering any column of any event is found at that event") {
    const tampered j;
    int           found = 0;
    for (std::uint64_t seq = 1; seq <= events_written; ++seq) {
        const auto at = " WHERE seq = " + std::to_string(seq);
        for (const auto* change
            : {"stream = stream || 'x'", "version = version + 100", "kind = 'moved'", "at_us = at_us + 1",
                                   "noted_us = noted_us + 1", "actor = 'mallory'", "actor = ''",
                                   "payload = '{\"do\":\"cast\",\"subject\":\"reject\"}'", "text_hash = zeroblob(32)",
                                   "payload = payload || ' '"}) {
            j.finds(std::string("UPDATE event SET ") + change + at, seq, "is not what was written");
            ++found;
        }
        j.finds("UPDATE event SET hash = zeroblob(32)" + at, seq, seq < events_written ? "its hash was altered"
            : "not what was written");
        j.finds("UPDATE event SET hash = x'00'" + at, seq, seq < events_written ? "its hash was altered"
            : "not what was written");
        j.finds("UPDATE event SET seq = 100" + at, seq, "it is missing");
        const bool has_text = seq == 2 || seq == 5 || seq == 7;
        if (!has_text) {
            j.finds("INSERT INTO text VALUES (" + std::to_string(seq) + ", zeroblob(16), 'forged')", seq,
                "text was added");
            continue;
        }
        j.finds("UPDATE text SET body = 'forged'" + at, seq, "its text");
        j.finds("UPDATE text SET salt = zeroblob(16)" + at, seq, "its text");
        j.finds("DELETE FROM text" + at, seq, "text is missing");
        j.finds("UPDATE event SET text_hash = NULL" + at, seq, "not what was written");
    }
    CHECK(found == 70);
}

TEST_CASE("sqlite tamper: deleting, inserting, swapping and cutting are found") {
    const tampered j;
    for (std::uint64_t seq = 1; seq < events_written; ++seq)
        j.finds("DELETE FROM event WHERE seq = " + std::to_string(seq), seq, "missing");
    j.finds("DELETE FROM event WHERE seq IN (3, 4)", 3, "missing");
    j.finds("INSERT INTO event SELECT 8, stream, 99, kind, at_us, noted_us, actor, payload, NULL, hash FROM event WHERE seq = 6", 8,
            "not what was written");
    j.finds("UPDATE event SET seq = -3 WHERE seq = 3; UPDATE event SET seq = 3 WHERE seq = 4; UPDATE event SET seq = 4 WHERE seq = -3", 3,
            "not what was written");
    // What is cut off at the end is missed by nothing inside: that is what a checkpoint is for.
    CHECK(j.after("DELETE FROM event WHERE seq >= 6; DELETE FROM text WHERE seq >= 6").sound());
    j.finds("DELETE FROM event WHERE seq >= 6; DELETE FROM text WHERE seq >= 6", 6, "cut", true);
    j.finds("DELETE FROM event; DELETE FROM text", 1, "cut", true);
}

TEST_CASE("sqlite tamper: an altered event is not believed by who checks while reading") {
    const tampered j;
    (void)j.after("UPDATE event SET actor = 'mallory' WHERE seq = 4");
    const auto reads = [&](bool checks, const std::string& stream, std::uint64_t after) {
        sqlite_journal open{j.dir.file(), {.verify_on_read = checks}};
        return open.read(stream, after, [](const stored_event&) { return true; });
    };
    CHECK(reads(false, "", 0).has_value());
    CHECK(reads(true, "", 0).error().code == errc::damaged);
    CHECK(reads(true, "", 3).error().what().find("event 4") != std::string::npos);
    CHECK(reads(true, "p-2", 0).error().code == errc::damaged);
    CHECK(reads(true, "p-1", 0).has_value());
    CHECK(reads(true, "", 4).has_value());
    (void)j.after("UPDATE event SET payload = '{\"surprise\":1}' WHERE seq = 4");
    CHECK(reads(false, "", 0).error().code == errc::damaged);
}

TEST_CASE("sqlite tamper: an older copy put back, and a chain written anew, are found with a checkpoint") {
    const scratch dir;
    checkpoint    end;
    {
        sqlite_journal j{dir.file()};
        write(j);
    }
    std::filesystem::copy_file(dir.file(), dir.file("old.db"));
    {
        sqlite_journal           j{dir.file()};
        const std::vector<event> one{cast_by("late")};
        batch                    b;
        b.streams.push_back({"p-9", 0, one});
        REQUIRE(j.append(b).has_value());
        end = j.current_checkpoint().value();
        CHECK(j.verify(end).value().sound());
    }
    sqlite_journal old{dir.file("old.db")};
    CHECK(old.verify().value().sound());
    const auto rolled_back = old.verify(end).value();
    REQUIRE(rolled_back.fault.has_value());
    CHECK(rolled_back.fault->seq == events_written + 1);

    sqlite_journal           anew{dir.file("anew.db")};
    const std::vector<event> eight(8, cast_by("mallory"));
    batch                    b;
    b.streams.push_back({"p-1", 0, eight});
    REQUIRE(anew.append(b).has_value());
    CHECK(anew.verify().value().sound());
    const auto rewritten = anew.verify(end).value();
    REQUIRE(rewritten.fault.has_value());
    CHECK(rewritten.fault->what.find("rewritten") != std::string::npos);
}

TEST_CASE("sqlite tamper: an altered export is refused, with the lines that are wrong") {
    const tampered     whole;
    std::ostringstream text;
    {
        sqlite_journal j{whole.dir.file("whole.db")};
        REQUIRE(j.export_lines(text).has_value());
    }
    std::vector<std::string> lines;
    std::istringstream       split(text.str());
    for (std::string line; std::getline(split, line);) lines.push_back(line);
    REQUIRE(lines.size() == events_written + 2);
    int        imports = 0;
    const auto refuses = [&](const std::function<void(std::vector<std::string>&)>& change) {
        auto altered_lines = lines;
        change(altered_lines);
        std::string all;
        for (const auto& line : altered_lines) all += line + '\n';
        std::istringstream in(all);
        sqlite_journal     to{whole.dir.file("import-" + std::to_string(++imports) + ".db")};
        const auto         r = to.import_lines(in, "export.jsonl");
        CHECK(to.last().value() == 0);
        REQUIRE(!r.has_value());
        INFO(r.error().what());
        CHECK(r.error().problems.front().where == "export.jsonl");
        return r.error().problems.front().line;
    };
    const auto replace = [](std::string& s, const std::string& from, const std::string& to) {
        REQUIRE(s.find(from) != std::string::npos);
        s.replace(s.find(from), from.size(), to);
    };
    using all_lines = std::vector<std::string>;
    CHECK(refuses([&](all_lines& l) { replace(l[3], "m2", "m9"); }) == 4);
    CHECK(refuses([&](all_lines& l) { replace(l[2], "reason 1", "reason 2"); }) == 3);
    CHECK(refuses([&](all_lines& l) { replace(l[3], "\"version\":2", "\"version\":3"); }) == 4);
    CHECK(refuses([&](all_lines& l) { l.erase(l.begin() + 4); }) == 5);
    CHECK(refuses([&](all_lines& l) { std::swap(l[2], l[3]); }) == 3);
    CHECK(refuses([&](all_lines& l) { l.pop_back(); }) == events_written + 2);
    CHECK(refuses([&](all_lines& l) { l.erase(l.end() - 2); }) == events_written + 1);
    CHECK(refuses([&](all_lines& l) { l[0] = "{}"; }) == 1);
    CHECK(refuses([&](all_lines& l) { l[2] += ' '; }) == 3);
    CHECK(refuses([&](all_lines& l) { l.push_back(l[1]); }) == events_written + 3);
    CHECK(refuses([&](all_lines& l) { l.clear(); }) == 1);
    // Each is told: two events altered are two problems, and what depends on neither is none.
    auto two = lines;
    replace(two[2], "m1", "m8");
    replace(two[5], "m4", "m8");
    std::string all;
    for (const auto& line : two) all += line + '\n';
    std::istringstream in(all);
    sqlite_journal     to{whole.dir.file("two.db")};
    const auto         r = to.import_lines(in);
    REQUIRE(r.error().problems.size() == 2);
    CHECK(r.error().problems[0].line == 3);
    CHECK(r.error().problems[1].line == 6);
}
