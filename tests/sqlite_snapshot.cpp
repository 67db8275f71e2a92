// Snapshots in a SQLite journal: beside the chain, bound to it, and never needed.
#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>

#include <sqlite3.h>

#include <quorate/engine.hpp>
#include <quorate/sqlite_journal.hpp>

#include "journal_support.hpp"
#include "support.hpp"

using namespace support;

namespace {

charter two_approvals() {
    parts t;
    t.exits = R"({"when": "approve >= 2", "to": "accepted"}, {"after": "30 days", "to": "lapsed"})";
    return load(t.text());
}

/// A journal with two decided proposals and an open one.
struct decided {
    journal_support::scratch dir;

    explicit decided(const std::string& subject = "s") { fill(dir.file(), subject); }

    static void fill(const std::string& path, const std::string& subject) {
        engine e(two_approvals(), people(), std::make_unique<sqlite_journal>(path));
        for (int i = 0; i < 3; ++i) {
            const auto key = std::to_string(i);
            const auto id = e.open({.process = "p", .by = "ann", .subject = subject, .at = day(0), .key = "o" + key}).value();
            for (const std::string who : {"ann", "ben"}) {
                auto c = line(day(1), who + ": cast approve because canary-text");
                c.key = who + key;
                if (i < 2) CHECK(e.submit(id, c).accepted());
            }
        }
    }
    std::string file(const std::string& name = "journal.db") const { return dir.file(name); }
    compaction compact() const {
        sqlite_journal j{file()};
        return engine::compact(j).value();
    }
    std::string picture(const std::string& name = "journal.db") const {
        const auto  e = engine::make(two_approvals(), people(), std::make_unique<sqlite_journal>(file(name))).value();
        std::string s;
        for (const auto& id : e.list()) s += to_json(e.explain(id, day(2)).value()) + '\n';
        return s;
    }
    std::string fault(const std::string& name = "journal.db") const {
        sqlite_journal j{file(name)};
        const auto     kept = j.kept_snapshot().value();
        return kept ? kept->fault : "none";
    }
    int shell(const std::string& sql, const std::string& name = "journal.db") const {
        sqlite3* db = nullptr;
        int      code = sqlite3_open(file(name).c_str(), &db);
        if (code == SQLITE_OK) (void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
        if (code == SQLITE_OK) code = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
        sqlite3_close(db);
        return code;
    }
};

}  // namespace

TEST_CASE("sqlite snapshot: it is kept beside the events, deletes none, and can be thrown away and derived again") {
    const decided d;
    const auto    before = d.picture();
    std::string   lines;
    {
        sqlite_journal     j{d.file()};
        std::ostringstream out;
        CHECK(j.export_lines(out).has_value());
        lines = out.str();
        CHECK_FALSE(j.kept_snapshot().value().has_value());
    }
    const auto c = d.compact();
    CHECK(c.proposals == 3);
    CHECK(c.at_rest == 2);
    CHECK(d.fault().empty());
    CHECK(d.picture() == before);
    sqlite_journal j{d.file()};
    CHECK(c.as_of == j.last().value());
    std::ostringstream out;
    CHECK(j.export_lines(out).has_value());
    CHECK(out.str() == lines);  // nor is it exported: whoever imports derives it
    CHECK(j.verify().value().sound());
    CHECK(engine::check_snapshot(j).value()->fault.empty());
    const auto first = j.kept_snapshot().value()->body;
    CHECK_FALSE(has(first, "canary-text"));  // it holds no free text
    CHECK(j.keep_snapshot(0, {}).has_value());
    CHECK(d.fault() == "none");
    CHECK(d.picture() == before);
    CHECK(d.compact().bytes == first.size());
    CHECK(j.kept_snapshot().value()->body == first);
    CHECK(j.keep_snapshot(c.as_of + 1, "x").error().code == errc::not_found);
    CHECK(j.kept_snapshot().value()->body == first);
    CHECK(j.backup_to(d.file("copy.db")).has_value());
    CHECK(d.fault("copy.db").empty());
    CHECK(d.picture("copy.db") == before);
}

TEST_CASE("sqlite snapshot: an altered, foreign or stale one is noticed and not used; the answers stay what they were") {
    const decided d;
    const auto    before = d.picture();
    d.compact();
    const auto bad = [&](const std::string& sql, std::string_view why) {
        REQUIRE(d.shell(sql) == SQLITE_OK);
        CHECK(has(d.fault(), why));
        CHECK(d.picture() == before);
        sqlite_journal j{d.file()};
        CHECK(has(engine::check_snapshot(j).value()->fault, why));
        CHECK(j.verify().value().sound());
        d.compact();
        CHECK(d.fault().empty());
    };
    bad("UPDATE snapshot SET body = CAST(replace(CAST(body AS TEXT), 'accepted', 'lapsed') AS BLOB)", "altered");
    bad("UPDATE snapshot SET as_of = as_of - 1", "altered");
    bad("UPDATE snapshot SET digest = zeroblob(32)", "altered");
    bad("UPDATE snapshot SET as_of = 1000", "not in the journal");
    const decided other("other");
    other.compact();
    bad("ATTACH '" + other.file() + "' AS o; DELETE FROM main.snapshot; INSERT INTO main.snapshot SELECT * FROM o.snapshot", "chain");

    // An older copy of the events under a newer snapshot, as after a restore of half a file.
    REQUIRE(d.shell("DELETE FROM text WHERE seq > 12; DELETE FROM event WHERE seq > 12") == SQLITE_OK);
    CHECK(has(d.fault(), "not in the journal"));
    const auto e = engine::make(two_approvals(), people(), std::make_unique<sqlite_journal>(d.file()));
    CHECK(e.has_value());
}

TEST_CASE("sqlite snapshot: one forged with a right digest is found by the check, which folds") {
    const decided  d;
    sqlite_journal j{d.file()};
    const auto     c = engine::compact(j).value();
    auto           body = j.kept_snapshot().value()->body;
    body.replace(body.find("accepted"), 8, "lapsed");
    CHECK(j.keep_snapshot(c.as_of, body).has_value());
    CHECK(j.kept_snapshot().value()->fault.empty());
    const auto found = engine::check_snapshot(j).value();
    CHECK(has(found->fault, "lapsed"));
    CHECK(has(found->fault, "where the events give"));
    CHECK(engine::compact(j).has_value());  // derives it from the events, not from what is forged
    CHECK(engine::check_snapshot(j).value()->fault.empty());
    CHECK(j.keep_snapshot(0, {}).has_value());
    CHECK_FALSE(engine::check_snapshot(j).value().has_value());
}

TEST_CASE("sqlite snapshot: a journal from before there were any opens as before, and can have one") {
    const decided d;
    const auto    before = d.picture();
    REQUIRE(d.shell("DROP TABLE snapshot; PRAGMA user_version = 1") == SQLITE_OK);
    CHECK(d.picture() == before);  // migrated
    CHECK(d.fault() == "none");
    CHECK(d.compact().at_rest == 2);
    CHECK(d.picture() == before);
}

TEST_CASE("sqlite snapshot: what others store after it wakes those that it was about, in every engine") {
    const decided d;
    d.compact();
    auto a = engine::make(two_approvals(), people(), std::make_unique<sqlite_journal>(d.file())).value();
    auto b = engine::make(two_approvals(), people(), std::make_unique<sqlite_journal>(d.file())).value();
    auto c = line(day(2), "cem: cast reject");
    c.key = "late";
    CHECK(a.submit("p-1", c).refused());
    c = line(day(2), "ann: cast approve");
    c.key = "more";
    CHECK(a.submit("p-3", c).accepted());
    const auto opened = a.open({.process = "p", .by = "ann", .parent = "p-1", .at = day(2), .key = "child"});  // told to a parent at rest
    REQUIRE(opened.has_value());
    CHECK(b.refresh().has_value());
    CHECK(b.get("p-1")->children.size() == 1);
    auto p = *a.get("p-1");
    p.by = b.get("p-1")->by;  // each has its own
    CHECK(p == *b.get("p-1"));
    CHECK(to_json(a.explain("p-3", day(3)).value()) == to_json(b.explain("p-3", day(3)).value()));
    CHECK(b.list().size() == 4);
}

TEST_CASE("sqlite snapshot: some streams are read in the order in which it all happened") {
    const decided                  d;
    const std::vector<std::string> wanted{"p-3", "nobody", "p-1", "roster"};
    std::vector<stored_event>      some, plain;
    const auto                     into = [](std::vector<stored_event>& to) {
        return [&to](const stored_event& s) {
            to.push_back(s);
            return true;
        };
    };
    sqlite_journal j{d.file()};
    CHECK(j.read_some(wanted, 12, into(some)).has_value());
    for (const auto& s : journal_support::all_of(j))
        if (s.seq <= 12 && std::find(wanted.begin(), wanted.end(), s.stream) != wanted.end()) plain.push_back(s);
    REQUIRE(some.size() == plain.size());
    REQUIRE(some.size() > 4);
    for (std::size_t i = 0; i < some.size(); ++i) {
        CHECK(some[i].seq == plain[i].seq);
        CHECK(some[i].what == plain[i].what);
    }
    std::size_t seen = 0;
    CHECK(j.read_some(wanted, 12, [&](const stored_event&) { return ++seen < 3; }).has_value());
    CHECK(seen == 3);
}
