// Journals that were altered behind their back, in every way that a random choice finds; two verifiers must agree on each.
#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

#include <sqlite3.h>
#include <unistd.h>

#include "journal_chain.hpp"
#include "trial.hpp"

namespace trial {
namespace {

constexpr std::array<const char*, 12> mutations{"flip a bit of the file", "flip a bit of a column", "swap two events",  "swap a column",
                                                "delete an event",        "insert an event",        "cut off the end",  "roll back",
                                                "write a suffix anew",    "alter a text",           "remove a text",    "cut the file"};

/// A connection that knows no mercy: no triggers, no keys.
class raw {
public:
    explicit raw(const std::string& path) {
        if (sqlite3_open(path.c_str(), &db_) != SQLITE_OK) throw failure(make_error(errc::io, "can't be opened", path));
        (void)sqlite3_db_config(db_, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    }
    raw(const raw&) = delete;
    raw& operator=(const raw&) = delete;
    ~raw() { sqlite3_close(db_); }
    bool run(const std::string& sql) { return sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK; }
    sqlite3* get() const { return db_; }

private:
    sqlite3* db_ = nullptr;
};

class statement {
public:
    statement(raw& db, const std::string& sql) {
        if (sqlite3_prepare_v2(db.get(), sql.c_str(), -1, &s_, nullptr) != SQLITE_OK) s_ = nullptr;
    }
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;
    ~statement() { sqlite3_finalize(s_); }
    /// SQLITE_ROW, SQLITE_DONE, or what went wrong.
    int step() { return s_ == nullptr ? SQLITE_ERROR : sqlite3_step(s_); }
    [[nodiscard]] std::string bytes(int column) const {
        const auto* data = static_cast<const char*>(sqlite3_column_blob(s_, column));
        return data == nullptr ? "" : std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(s_, column)));
    }
    [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(s_, column); }
    [[nodiscard]] int type(int column) const { return sqlite3_column_type(s_, column); }
    sqlite3_stmt* get() const { return s_; }

private:
    sqlite3_stmt* s_ = nullptr;
};

/// All that the chain is to protect, as bytes; nothing when it can't be read.
std::optional<std::string> content(const std::string& path) {
    raw         db(path);
    std::string all;
    const auto  add = [&](const std::string& sql, std::initializer_list<bool> is_number) {
        statement s(db, sql);
        int       done = SQLITE_ROW;
        while ((done = s.step()) == SQLITE_ROW) {
            int column = 0;
            for (const bool number : is_number) {
                const auto value = number ? std::to_string(s.integer(column)) : s.bytes(column);
                all += std::to_string(value.size()) + ':' + value;
                ++column;
            }
        }
        return done == SQLITE_DONE;
    };
    if (!add("SELECT seq, stream, version, kind, at_us, noted_us, actor, payload, text_hash, hash FROM event ORDER BY seq",
             {true, false, true, false, true, true, false, false, false, false}))
        return std::nullopt;
    all += '|';
    if (!add("SELECT seq, salt, body FROM text ORDER BY seq", {true, false, false})) return std::nullopt;
    return all;
}

/// Random events over a few streams, some with texts, some of these erased.
void fill(const std::string& path, dice& d, std::uint64_t events, const std::function<void(sqlite_journal&)>& after_each = {}) {
    auto                                 j = std::make_unique<sqlite_journal>(path);
    std::map<std::string, std::uint64_t> versions;
    for (std::uint64_t i = 0; i < events;) {
        std::vector<event> some;
        for (auto n = 1 + d.below(3); n > 0; --n, ++i) some.push_back(journal_support::random_event(d));
        const auto stream = "p-" + std::to_string(d.below(4));
        batch      b;
        b.streams.push_back({stream, versions[stream], some});
        if (const auto done = j->append(b); !done) throw failure(done.error());
        versions[stream] += some.size();
        if (d.chance(6)) {
            std::vector<std::uint64_t> texts;
            const auto                 read = j->read({}, 0, [&](const stored_event& e) {
                const bool is_document = e.what.kind == event_kind::document || e.what.kind == event_kind::roster;
                if (!e.what.text.empty() && !is_document) texts.push_back(e.seq);
                return true;
            });
            if (!read) throw failure(read.error());
            if (!texts.empty()) {
                const std::array<std::uint64_t, 1> one{texts[d.below(texts.size())]};
                if (const auto done = j->erase_texts(one, "admin", at("2026-03-01")); !done) throw failure(done.error());
            }
        }
        if (d.chance(10)) {
            j.reset();
            j = std::make_unique<sqlite_journal>(path);
        }
        if (after_each) after_each(*j);
    }
}


/// Recomputes all hashes from `from` on, as somebody would who knows the format.
void write_anew(raw& db, std::int64_t from) {
    std::string   previous(32, '\0');
    sha256_digest before{};
    statement     rows(db, "SELECT seq, stream, version, kind, at_us, noted_us, actor, payload, text_hash, hash FROM event ORDER BY seq");
    chain         hashes;
    std::vector<std::pair<std::int64_t, std::string>> changed;
    while (rows.step() == SQLITE_ROW) {
        const auto seq = rows.integer(0);
        if (seq < from) {
            previous = rows.bytes(9);
        } else {
            std::copy(previous.begin(), previous.end(), reinterpret_cast<char*>(before.data()));
            const auto stream = rows.bytes(1), kind = rows.bytes(3), actor = rows.bytes(6), payload = rows.bytes(7), text = rows.bytes(8);
            const auto hash = hashes.hash(before, {static_cast<std::uint64_t>(seq), stream, static_cast<std::uint64_t>(rows.integer(2)), kind,
                                                   rows.integer(4), rows.integer(5), actor, payload, text});
            previous.assign(reinterpret_cast<const char*>(hash.data()), hash.size());
            changed.emplace_back(seq, previous);
        }
    }
    for (const auto& [seq, hash] : changed) {
        statement put(db, "UPDATE event SET hash = ?1 WHERE seq = ?2");
        sqlite3_bind_blob(put.get(), 1, hash.data(), static_cast<int>(hash.size()), SQLITE_TRANSIENT);
        sqlite3_bind_int64(put.get(), 2, seq);
        (void)put.step();
    }
}

/// How many bytes a value has: of an integer 8.
std::size_t bytes_in(raw& db, const std::string& table, const std::string& column, std::int64_t seq) {
    statement get(db, "SELECT " + column + " FROM " + table + " WHERE seq = " + std::to_string(seq));
    if (get.step() != SQLITE_ROW || get.type(0) == SQLITE_NULL) return 0;
    return get.type(0) == SQLITE_INTEGER ? sizeof(std::int64_t) : get.bytes(0).size();
}

/// Flips one bit of one byte of a value, whatever its type.
bool flip_byte(raw& db, const std::string& table, const std::string& column, std::int64_t seq, std::size_t byte, unsigned bit) {
    statement get(db, "SELECT " + column + " FROM " + table + " WHERE seq = " + std::to_string(seq));
    if (get.step() != SQLITE_ROW) return false;
    statement put(db, "UPDATE " + table + " SET " + column + " = ?1 WHERE seq = " + std::to_string(seq));
    if (get.type(0) == SQLITE_INTEGER) {
        sqlite3_bind_int64(put.get(), 1, get.integer(0) ^ static_cast<std::int64_t>(std::uint64_t{1} << (8 * byte + bit)));
    } else {
        auto value = get.bytes(0);
        if (byte >= value.size()) return false;
        auto& c = value[byte];
        c = static_cast<char>(c ^ (1 << bit));
        if (get.type(0) == SQLITE_TEXT) sqlite3_bind_text(put.get(), 1, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
        else sqlite3_bind_blob(put.get(), 1, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
    }
    return put.step() == SQLITE_DONE;
}
/// Flips one bit of one value.
bool flip_column(raw& db, dice& d, const std::string& table, const std::string& column, std::int64_t seq) {
    const auto size = bytes_in(db, table, column, seq);
    return size != 0 && flip_byte(db, table, column, seq, d.below(size), static_cast<unsigned>(d.below(8)));
}

constexpr std::array<const char*, 9> columns{"stream", "version", "kind", "at_us", "noted_us", "actor", "payload", "text_hash", "hash"};

void flip_file(const std::string& path, dice& d) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const auto   at = static_cast<std::streamoff>(d.below(std::filesystem::file_size(path)));
    file.seekg(at);
    char c = 0;
    file.get(c);
    file.seekp(at);
    file.put(static_cast<char>(c ^ (1 << d.below(8))));
}

/// One mutation of the file at `path`; `older` are how it once was.
void mutate(std::size_t which, const std::string& path, const std::vector<std::string>& older, std::int64_t events, dice& d) {
    if (which == 0) return flip_file(path, d);
    if (which == 7) {
        std::filesystem::copy_file(older[d.below(older.size())], path, std::filesystem::copy_options::overwrite_existing);
        return;
    }
    if (which == 11) return std::filesystem::resize_file(path, d.below(std::filesystem::file_size(path)));
    raw        db(path);
    const auto any = [&] { return 1 + static_cast<std::int64_t>(d.below(static_cast<std::uint64_t>(events))); };
    const auto a = any(), b = any();
    const auto as = std::to_string(a), bs = std::to_string(b);
    const auto column = std::string(columns[d.below(columns.size())]);
    const auto text_of = [&] {
        statement s(db, "SELECT seq FROM text ORDER BY random()");
        return s.step() == SQLITE_ROW ? s.integer(0) : 0;
    };
    switch (which) {
        case 1: (void)flip_column(db, d, "event", column, a); break;
        case 2:
            (void)db.run("UPDATE event SET seq = -1 WHERE seq = " + as + "; UPDATE event SET seq = " + as + " WHERE seq = " + bs +
                         "; UPDATE event SET seq = " + bs + " WHERE seq = -1");
            break;
        case 3:
            (void)db.run("CREATE TEMP TABLE one AS SELECT " + column + " AS x FROM event WHERE seq = " + as + "; UPDATE event SET " + column +
                         " = (SELECT " + column + " FROM event WHERE seq = " + bs + ") WHERE seq = " + as + "; UPDATE event SET " + column +
                         " = (SELECT x FROM one) WHERE seq = " + bs);
            break;
        case 4:
            (void)db.run("DELETE FROM event WHERE seq = " + as);
            if (d.chance(2)) {  // and close the gap
                for (auto seq = a + 1; seq <= events; ++seq)
                    (void)db.run("UPDATE event SET seq = " + std::to_string(seq - 1) + " WHERE seq = " + std::to_string(seq));
                if (d.chance(2)) write_anew(db, a);
            }
            break;
        case 5:
            for (auto seq = events; seq >= a; --seq)
                (void)db.run("UPDATE event SET seq = " + std::to_string(seq + 1) + " WHERE seq = " + std::to_string(seq));
            (void)db.run("INSERT INTO event SELECT " + as + ", 'p-x', 1, kind, at_us, noted_us, 'mallory', payload, NULL, hash FROM event WHERE seq <> " +
                         as + " LIMIT 1");
            if (d.chance(2)) write_anew(db, a);
            break;
        case 6: (void)db.run("DELETE FROM event WHERE seq >= " + as + "; DELETE FROM text WHERE seq >= " + as); break;
        case 8:
            (void)flip_column(db, d, "event", columns[d.below(columns.size() - 1)], a);
            write_anew(db, a);
            break;
        case 9: (void)flip_column(db, d, "text", d.chance(2) ? "body" : "salt", text_of()); break;
        case 10:
            if (d.chance(2)) (void)db.run("DELETE FROM text WHERE seq = " + std::to_string(text_of()));
            else (void)db.run("INSERT INTO text VALUES (" + std::to_string(events + (d.chance(2) ? 1 : -a + 1)) + ", zeroblob(16), 'forged')");
            break;
        default: break;
    }
}

bool sound(const std::string& path, const std::optional<checkpoint>& known) {
    auto j = open_sqlite_journal(path, {.create = false});
    if (!j) return false;
    const auto r = j.value()->verify(known);
    return r && r.value().sound();
}

/// What the verifier in Python says of each file.
std::vector<std::string> second_opinion(const std::vector<std::pair<std::string, checkpoint>>& files, const std::string& scratch) {
    {
        std::ofstream list(scratch);
        for (const auto& [path, known] : files) list << path << '\t' << known.seq << ':' << known.hash << '\n';
    }
    const auto               command = std::string("python3 ") + QUORATE_SOURCE_DIR + "/tests/reliability/verify.py - < " + scratch;
    std::vector<std::string> answers;
    FILE* const              out = ::popen(command.c_str(), "r");
    if (out == nullptr) throw failure(make_error(errc::io, "no Python"));
    std::array<char, 1'000> line{};
    while (std::fgets(line.data(), line.size(), out) != nullptr) answers.emplace_back(line.data());
    if (::pclose(out) != 0 || answers.size() != files.size()) throw failure(make_error(errc::io, "verify.py failed"));
    return answers;
}

}  // namespace

/// Every byte of every column of every row that is about events, one after the other: each is found, at its event.
int flips(const options& o) {
    report                 out("flips", o);
    dice                   d{o.seed()};
    const memory_directory dir;
    const auto             path = dir.file();
    fill(path, d, o.number("events", 8));
    std::uint64_t flipped = 0, elsewhere = 0;
    const auto    found_at = [&](std::int64_t seq) {
        auto j = open_sqlite_journal(path, {.create = false});
        if (!j) return true;  // the file itself is refused
        const auto r = j.value()->verify();
        if (!r) {
            const auto why = r.error().what();
            const auto name = "event " + std::to_string(seq);
            const auto at = why.find(name);
            return at != std::string::npos && (at + name.size() == why.size() || why[at + name.size()] < '0' || why[at + name.size()] > '9');
        }
        if (r.value().sound()) return false;
        elsewhere += r.value().fault->seq == static_cast<std::uint64_t>(seq) ? 0U : 1U;
        return true;
    };
    const auto flip_all = [&](const std::string& table, const std::vector<std::string>& names) {
        std::vector<std::int64_t> rows;
        {
            raw       db(path);
            statement s(db, "SELECT seq FROM " + table);
            while (s.step() == SQLITE_ROW) rows.push_back(s.integer(0));
        }
        for (const auto seq : rows)
            for (const auto& column : names) {
                const auto size = [&] { raw db(path); return bytes_in(db, table, column, seq); }();
                for (std::size_t byte = 0; byte < size; ++byte) {
                    const auto bit = static_cast<unsigned>(d.below(8));
                    const auto flip = [&] { raw db(path); return flip_byte(db, table, column, seq, byte, bit); };
                    if (!flip()) continue;  // a sign that no such row can have
                    ++flipped;
                    out.check(found_at(seq), table + "." + column + ", byte " + std::to_string(byte) + " of event " + std::to_string(seq) + ", was not found there");
                    if (!flip()) throw failure(make_error(errc::io, "can't be put back"));
                }
            }
    };
    flip_all("event", {columns.begin(), columns.end()});
    flip_all("text", {"salt", "body"});
    sqlite_journal j{path};
    const auto     after = j.verify();
    out.check(after && after.value().sound(), "control: put back as it was, it is not sound");
    out.check(elsewhere == 0, std::to_string(elsewhere) + " were found at another event than the one that was altered");
    out.activity("bytes flipped", flipped, 1'000);
    return out.finish();
}

int tamper(const options& o) {
    report                 out("tamper", o);
    dice                   d{o.seed()};
    const memory_directory dir;
    const auto             n = o.number("n", 600);
    constexpr std::size_t  together = 200;
    std::array<std::uint64_t, mutations.size()> done{};
    std::uint64_t          detected = 0, meaningless = 0, honest = 0, by_checkpoint = 0;
    for (std::uint64_t i = 0; i < n;) {
        // A journal with its past, then many ways of altering it.
        const auto               whole = dir.file("whole.db");
        std::vector<std::string> older;
        remove_journal(whole);
        std::uint64_t length = 0;
        fill(whole, d, 20, [&](sqlite_journal& j) {
            const auto copy = dir.file("older-" + std::to_string(older.size()) + ".db");
            remove_journal(copy);
            if (const auto saved = j.backup_to(copy); !saved) throw failure(saved.error());
            length = j.last().value();
            older.push_back(copy);
        });
        older.pop_back();
        if (older.empty()) continue;
        checkpoint known;
        {
            sqlite_journal j{whole};
            known = j.current_checkpoint().value();
        }
        const auto                                      before = content(whole);
        std::vector<std::pair<std::string, checkpoint>> files;
        std::vector<std::pair<std::size_t, bool>>       what;  // mutation, changed
        for (std::size_t k = 0; k < together && i < n; ++k, ++i) {
            const auto path = dir.file("m-" + std::to_string(k) + ".db");
            const auto which = d.below(mutations.size());
            remove_journal(path);
            std::filesystem::copy_file(whole, path);
            mutate(which, path, older, static_cast<std::int64_t>(length), d);
            files.emplace_back(path, known);
            what.emplace_back(which, content(path) != before);
            ++done[which];
        }
        const auto opinions = second_opinion(files, dir.file("list"));
        for (std::size_t k = 0; k < files.size(); ++k) {
            const auto [which, changed] = what[k];
            const bool found = !sound(files[k].first, known);
            // The library also refuses a file for tables and settings that are no part of the chain, and that verify.py doesn't read.
            const bool refused = !changed && !open_sqlite_journal(files[k].first, {.create = false});
            const bool agrees = refused || opinions[k].starts_with("broken") == found;
            const auto name = std::string(mutations[which]);
            if (changed) out.check(found, name + " was not found");
            out.check(agrees, name + ": the library says " + (found ? "broken" : "sound") + ", verify.py says " + opinions[k]);
            detected += changed && found ? 1 : 0;
            // Control: a journal that was rolled back, or written anew from somewhere on, is sound in itself.
            by_checkpoint += changed && (which == 7 || which == 8) && sound(files[k].first, std::nullopt) ? 1 : 0;
            meaningless += changed ? 0 : 1;
        }
    }
    // What nobody altered is sound, for both, with a checkpoint of any earlier moment.
    const auto                                      wanted = o.number("honest", 60);
    std::vector<std::pair<std::string, checkpoint>> files;
    for (; honest < wanted; ++honest) {
        const auto path = dir.file("h-" + std::to_string(honest % together) + ".db");
        remove_journal(path);
        checkpoint early;
        fill(path, d, 4 + d.below(12), [&](sqlite_journal& j) {
            if (early.seq == 0 || d.chance(3)) early = j.current_checkpoint().value();
        });
        out.check(sound(path, early), "a false alarm");
        files.emplace_back(path, early);
        if (files.size() < together && honest + 1 < wanted) continue;
        for (const auto& says : second_opinion(files, dir.file("list"))) out.check(says.starts_with("sound"), "a false alarm of verify.py: " + says);
        files.clear();
    }
    for (std::size_t k = 0; k < mutations.size(); ++k) out.activity(mutations[k], done[k], n / 60);
    out.activity("altered journals found", detected, n / 2);
    out.activity("of these by the checkpoint alone (control: without one they pass)", by_checkpoint, n / 30);
    out.activity("mutations that changed nothing stored", meaningless, 0);
    out.activity("honest journals", honest, wanted);
    return out.finish();
}

}  // namespace trial
