// quorate run and all that reads, alters or retells a journal.
#include <doctest/doctest.h>

#include <SQLiteCpp/Database.h>

#include "cli_support.hpp"
#include "effort.hpp"

using namespace cli_support;

TEST_CASE("run answers each line with a receipt") {
    const auto o = quorate_tool({"run", rfc, small, "--effects"}, content(data + "commands.jsonl"));
    CHECK(o.code == 1);  // one is refused
    CHECK(json_lines(o.out) == 8);
    CHECK(has(o.out, R"("line":4,"proposal":"rfc-1","accepted":false,"refused":{"by":"permission")"));
    CHECK(has(o.out, "\"effect\":{\"id\":1"));
    const auto text = quorate_tool({"run", rfc, small, "--text", "--input", data + "commands.jsonl"});
    CHECK(text.code == 1);
    CHECK(has(text.out, "fcp -> approval (time)"));
    CHECK(has(text.out, "refused: mallory may not cast"));
    CHECK(text.out.find('\x1b') == std::string::npos);
    CHECK(quorate_tool({"run", rfc, small}, "\n  \n").code == 0);
    const auto leaving = quorate_tool({"run", rfc, small}, R"({"open": {"process": "rfc", "by": "bob", "at": "2026-03-01T00:00:00Z"}}
{"roster": {"at": "2026-03-02T00:00:00Z", "event": "leave", "who": "erin", "team": "core"}}
{"roster": {"at": "2026-03-02T00:00:00Z", "event": "leave", "who": "erin", "team": "core"}})");
    CHECK(leaving.code == 1);  // nobody leaves twice
    CHECK(has(leaving.out, "\"electorate\""));
}

TEST_CASE("run stops at a line that can't be read, and says which") {
    const std::string opening = R"({"open": {"process": "rfc", "by": "bob", "at": "2026-03-01T00:00:00Z"}})";
    const std::string cast = R"({"do": "propose", "by": "bob", "disposition": "accept", "at": "2026-03-01T00:00:00Z"})";
    const std::pair<std::string, const char*> wrong[] = {
        {"{", ""},
        {"[]", "expected an object"},
        {R"({"do": "casst", "by": "bob", "at": "2026-03-01T00:00:00Z"})", "did you mean"},
        {R"({"do": "propose", "by": "bob", "disposition": "accept"})", "\"at\" is missing"},
        {R"({"do": "propose", "by": "bob", "disposition": "accept", "at": "now"})", "must be an instant"},
        {R"({"open": {"process": "rfc", "by": "bob"}})", "\"at\" is missing"},
        {R"({"open": 3})", "expected an object"},
        {R"({"open": {"process": "rfc", "by": "bob", "at": "2026-03-01T00:00:00Z"}, "do": "cast"})", "don't go together"},
        {R"({"advance": 3})", "must be an instant"},
        {R"({"roster": {"event": "leave"}})", "\"at\" is missing"},
        {R"({"do": "withdraw", "do": "cast", "by": "bob", "at": "2026-03-01T00:00:00Z"})", "duplicate"},
        {std::string(100'000, '['), "nested deeper"},
        {"{\"do\": \"\xff\xfe\"}", ""},
        {"{\"do\": 1e999}", ""},
    };
    for (const auto& [line, expected] : wrong) {
        const auto told = line.substr(0, 200);
        CAPTURE(told);
        const auto o = quorate_tool({"run", rfc, small}, opening + "\n" + line + "\n" + cast + "\n");
        CHECK(o.code == 2);
        CHECK(json_lines(o.out) == 2);  // the opening, and the error
        CHECK(has(o.err, "stopped at line 2"));
        CHECK(has(o.err, expected));
    }
    CHECK(quorate_tool({"run", rfc, small}, cast).code == 2);  // nothing was opened
    CHECK(quorate_tool({"run", rfc, small}, std::string(2U << 20U, 'x')).code == 2);
    CHECK(quorate_tool({"run", rfc, "-"}, content(small)).code == 2);
    CHECK(quorate_tool({"run", rfc, small, "--input", "/nowhere"}).code == 2);
    CHECK(quorate_tool({"run", rfc, data + "bad_roster.json"}).code == 2);
}

TEST_CASE("the same input twice changes a journal once") {
    folder     f;
    const auto db = filled(f);
    const auto before = quorate_tool({"journal", "checkpoint", db}).out;
    const auto again = quorate_tool({"run", "--db", db}, content(data + "commands.jsonl"));  // documents from the journal
    CHECK(again.code == 1);
    CHECK(has(again.out, R"("line":1,"proposal":"rfc-1","accepted":true,"repeated":true,"events":[])"));
    CHECK(has(again.out, R"("line":4,"proposal":"rfc-1","accepted":false,"repeated":true,"refused":{"by":"permission")"));
    CHECK(quorate_tool({"journal", "checkpoint", db}).out == before);

    // One more line is one more command; a line said twice in one input is two.
    const std::string ask = R"({"proposal": "rfcs/1", "do": "raise", "by": "erin", "concern": "width", "at": "2026-03-21T00:00:00Z"})";
    const auto more = quorate_tool({"run", "--db", db}, content(data + "commands.jsonl") + ask + "\n" + ask + "\n");
    CHECK(has(more.out, R"("line":8,"proposal":"rfc-1","accepted":true,"events":[{)"));
    CHECK(has(more.out, R"("line":9,"proposal":"rfc-1","accepted":false,"refused")"));
    // A key of its own with other bytes is a conflict.
    const auto keyed = [](const char* who) {
        return R"({"proposal": "rfc-1", "key": "k", "do": "resolve", "by": ")" + std::string(who) +
               R"(", "concern": "width", "at": "2026-03-22T00:00:00Z"})";
    };
    CHECK(quorate_tool({"run", "--db", db}, keyed("erin")).code == 0);
    CHECK(has(quorate_tool({"run", "--db", db}, keyed("erin")).out, "\"repeated\":true"));
    const auto other = quorate_tool({"run", "--db", db}, keyed("alice"));
    CHECK(other.code == 1);
    CHECK(has(other.out, "used for another command"));
}

TEST_CASE("status, explain and pending read a journal") {
    folder     f;
    const auto db = filled(f);
    const auto now = std::vector<std::string>{"--db", db, "--at", "2026-03-20T00:00:00Z"};
    const auto with = [&](std::vector<std::string> args) {
        args.insert(args.end(), now.begin(), now.end());
        return args;
    };
    const auto list = quorate_tool(with({"status"}));
    CHECK(list.code == 0);
    CHECK(has(list.out, "rfc-1  rfcs/1   approval"));
    CHECK(json_of(quorate_tool(with({"status", "--json"}))).find("proposals")->elements.size() == 1);
    CHECK(has(quorate_tool(with({"status", "--process", "other"})).out, "no proposals"));
    const auto why = quorate_tool(with({"explain", "rfc-1"}));
    CHECK(why.code == 0);
    CHECK(has(why.out, "Sign-off by a lead"));
    CHECK(quorate_tool(with({"explain", "rfcs/1", "--as", "carol"})).out == why.out);
    CHECK(json_of(quorate_tool(with({"explain", "rfc-1", "--json"}))).find("stage")->text == "approval");
    CHECK(quorate_tool(with({"explain", "rfc-99"})).code == 2);
    CHECK(quorate_tool(with({"pending", "dave"})).code == 0);
    CHECK(quorate_tool(with({"pending", "stranger"})).code == 2);
    CHECK(json_of(quorate_tool(with({"pending", "dave", "--json"}))).find("proposals") != nullptr);
    CHECK(quorate_tool({"status", "--db", db, "--at", "yesterday"}).code == 2);
    for (const auto* command : {"status", "explain", "pending"}) {  // reading never makes a journal
        std::vector<std::string> args{command, "--db", f / "missing.db"};
        if (command != std::string("status")) args.emplace_back("x");
        CHECK(quorate_tool(args).code == 2);
        CHECK_FALSE(fs::exists(f / "missing.db"));
    }
}

TEST_CASE("what waits for somebody") {
    folder     f;
    const auto db = f / "d.db";
    CHECK(quorate_tool({"run", rfc, small, "--db", db}, R"({"open": {"process": "rfc", "by": "bob", "subject": "s", "at": "2026-03-01T00:00:00Z"}}
{"do": "propose", "by": "bob", "disposition": "accept", "at": "2026-03-01T00:00:00Z"}
{"do": "cast", "by": "bob", "position": "approve", "at": "2026-03-01T00:00:00Z"})").code == 0);
    CHECK(has(quorate_tool({"pending", "dave", "--db", db}).out, "rfc-1"));
    CHECK(has(quorate_tool({"pending", "bob", "--db", db}).out, "nothing waits for bob"));
}

TEST_CASE("ballots: the host sees them at once, others once the vote is over, and nobody sees whose they are") {
    folder            f;
    const auto        db = f / "votes.db";
    const std::string early = R"("at": "2026-03-02T00:00:00Z"})", late = R"("at": "2026-03-20T00:00:00Z"})";
    const auto        act = [](const std::string& who, const std::string& does, const std::string& when) {
        return R"({"do": ")" + does + R"(, "by": ")" + who + "\", " + when + "\n";
    };
    std::string lines = R"({"open": {"process": "resolution-2003", "by": "dev3", "subject": "vote", )" + early + "}\n";
    lines += act("dev3", R"(add option", "option": "free", "kind": "ordinary", "text": "Stay free")", early);
    for (const auto* who : {"dev4", "dev5"}) lines += act(who, R"(sponsor", "option": "free")", early);
    lines += act("dev3", "propose\"", late);
    for (const auto* who : {"dev1", "dev2", "dev3", "dev4", "dev5", "dev6", "dev7"})
        lines += act(who, R"(cast", "position": "ballot", "marks": ["free", "further-discussion"])", late);
    lines += act("dev8", R"(cast", "position": "ballot", "marks": ["further-discussion=free"])", late);
    lines += act("dev9", R"(cast", "position": "ballot")", late);
    const auto done = quorate_tool({"run", source + "/examples/charters/debian.json", source + "/examples/rosters/debian.json", "--db", db}, lines);
    REQUIRE_MESSAGE(done.code == 0, done.out);

    const auto ballots = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"ballots", "vote", "--db", db});
        return quorate_tool(more);
    };
    for (const auto* who : {"dev1", "anyone"}) {
        const auto hidden = ballots({"--as", who});
        CHECK(hidden.code == 1);
        CHECK(hidden.out.empty());
        CHECK(has(hidden.err, "are hidden from " + std::string(who == std::string("anyone") ? "the public" : who) + " while it is open"));
        CHECK(ballots({"--as", who, "--json"}).code == 1);
        CHECK(ballots({"--as", who, "--csv"}).out.empty());
    }
    CHECK(has(ballots({}).out, "      7  free, further-discussion\n"));
    REQUIRE(quorate_tool({"run", "--db", db}, R"({"advance": "2026-04-20T00:00:00Z"})").code == 0);
    const auto told = ballots({"--as", "anyone"});
    CHECK(told.code == 0);
    CHECK(has(told.out, "      1  nothing\n"));
    CHECK(has(told.out, "      1  further-discussion=free\n"));
    CHECK(has(told.out, "      7  free, further-discussion\n"));
    CHECK(has(told.out, "Elected: free"));
    CHECK(told.out.find("dev1") == std::string::npos);

    const auto json = json_of(ballots({"--as", "dev1", "--json"}));
    CHECK(json.find("ballots")->elements.size() == 3);
    CHECK(json.find("count")->find("elected")->elements.front().text == "free");
    // Anybody may count again.
    const auto csv = ballots({"--as", "anyone", "--csv"});
    CHECK(csv.out == "count,further-discussion,free\n7,2,1\n1,-,-\n1,1,1\n");
    const auto again = quorate_tool({"count", "-", "--format", "csv", "--method", "schulze"}, csv.out);
    CHECK(again.code == 0);
    CHECK(has(again.out, "9 ballots"));
    CHECK(has(again.out, "Elected: free"));
    CHECK(ballots({"--csv", "--json"}).code == 2);
    CHECK(quorate_tool({"ballots", "resolution-2003-99", "--db", db}).code == 2);
    CHECK(quorate_tool({"ballots", "vote", "--db", f / "missing.db"}).code == 2);
    CHECK(has(quorate_tool({"ballots", "rfc-1", "--db", filled(f)}).err, "counts no ballots about options"));
}

TEST_CASE("the examples' vote by lines is accepted line by line, and ends") {
    std::istringstream readme(content(source + "/examples/README.md"));
    std::string        lines;
    for (std::string line; std::getline(readme, line) && line.find("{\"advance\"") == std::string::npos;)
        if (line.starts_with("    {\"open\"") || !lines.empty()) lines += line + "\n";
    const auto o = quorate_tool({"run", source + "/examples/charters/debian.json", source + "/examples/rosters/debian.json", "--text"},
                                      lines + R"({"advance": "2026-03-31T00:00:00Z"})");
    CHECK(o.code == 0);
    CHECK(has(o.out, "vote -> inconclusive (time)"));  // one ballot is no quorum
}

TEST_CASE("journals are verified, exported, imported, backed up") {
    folder     f;
    const auto db = filled(f);
    const auto sound = quorate_tool({"journal", "verify", db});
    CHECK(sound.code == 0);
    CHECK(has(sound.out, "sound"));
    auto point = quorate_tool({"journal", "checkpoint", db}).out;
    point.erase(point.find('\n'));
    CHECK(quorate_tool({"journal", "verify", db, "--known", point}).code == 0);
    auto other = point;
    other.back() = other.back() == '0' ? '1' : '0';
    CHECK(quorate_tool({"journal", "verify", db, "--known", other}).code == 1);
    CHECK(quorate_tool({"journal", "verify", db, "--known", "nonsense"}).code == 2);
    CHECK(json_of(quorate_tool({"journal", "verify", db, "--json"})).find("sound")->truth);
    CHECK(json_of(quorate_tool({"journal", "checkpoint", db, "--json"})).find("seq")->number > 5);

    const auto lines = quorate_tool({"journal", "export", db});
    CHECK(lines.code == 0);
    CHECK(json_lines(lines.out) > 5);
    const auto copy = f / "copy.db";
    CHECK(quorate_tool({"journal", "import", copy}, lines.out).code == 0);
    CHECK(quorate_tool({"journal", "export", copy}).out == lines.out);
    CHECK(quorate_tool({"journal", "import", copy}, lines.out).code == 2);  // not empty
    CHECK(quorate_tool({"journal", "export", db, "--to", f / "e.jsonl"}).code == 0);
    CHECK(content(f / "e.jsonl") == lines.out);
    CHECK(quorate_tool({"journal", "export", db, "--to", f / "e.jsonl"}).code == 2);
    CHECK(quorate_tool({"journal", "import", f / "third.db", "--from", f / "e.jsonl"}).code == 0);

    CHECK(quorate_tool({"journal", "backup", db, f / "backup.db"}).code == 0);
    CHECK(quorate_tool({"journal", "verify", f / "backup.db", "--known", point}).code == 0);
    CHECK(quorate_tool({"journal", "backup", db, f / "backup.db"}).code == 2);
    CHECK(has(quorate_tool({"status", "--db", f / "backup.db"}).out, "rfc-1"));

    for (const auto* command : {"verify", "export", "checkpoint"}) {
        CHECK(quorate_tool({"journal", command, f / "missing.db"}).code == 2);
        CHECK(quorate_tool({"journal", command, rfc}).code != 0);  // no journal at all
    }
}

TEST_CASE("a journal is compacted, checked, and goes on; an altered snapshot is told and derived anew") {
    folder     f;
    const auto db = filled(f);
    const auto before = quorate_tool({"status", "--db", db}).out;
    const auto lines = quorate_tool({"journal", "export", db}).out;
    const auto done = quorate_tool({"journal", "compact", db});
    CHECK(done.code == 0);
    CHECK(has(done.out, "every event is still there"));
    CHECK(quorate_tool({"journal", "export", db}).out == lines);
    CHECK(quorate_tool({"status", "--db", db}).out == before);
    const auto sound = quorate_tool({"journal", "verify", db});
    CHECK(sound.code == 0);
    CHECK(has(sound.out, "is what the events give"));
    CHECK(json_of(quorate_tool({"journal", "compact", db, "--json"})).find("proposals")->number >= 1);

    {
        SQLite::Database raw(db, SQLite::OPEN_READWRITE);
        raw.exec("UPDATE snapshot SET digest = zeroblob(32)");
    }
    const auto altered = quorate_tool({"journal", "verify", db});
    CHECK(altered.code == 1);
    CHECK(has(altered.out, "not to be used"));
    CHECK(has(altered.out, "quorate journal compact"));
    CHECK(quorate_tool({"status", "--db", db}).out == before);
    CHECK(quorate_tool({"journal", "compact", db}).code == 0);
    CHECK(quorate_tool({"journal", "verify", db}).code == 0);
    CHECK(quorate_tool({"journal", "compact", db, "--forget"}).code == 0);
    CHECK_FALSE(has(quorate_tool({"journal", "verify", db}).out, "snapshot"));
    CHECK(quorate_tool({"journal", "compact", f / "missing.db"}).code == 2);
}

TEST_CASE("a journal that can't be used is refused with the reason and a way out, and left as it was") {
    folder     f;
    const auto db = filled(f);
    const auto refused = [&](const std::string& path, std::string_view why) {
        const auto before = content(path);
        for (const std::vector<std::string>& command : {std::vector<std::string>{"status", "--db", path}, {"journal", "verify", path}, {"journal", "compact", path}}) {
            const auto r = quorate_tool(command);
            INFO(r.err);
            CHECK(r.code != 0);
            CHECK(has(r.err + r.out, why));
        }
        CHECK(content(path) == before);
    };
    const auto copy = [&](const char* name) {
        std::filesystem::copy_file(db, f / name);
        return f / name;
    };
    const auto newer = copy("newer.db");
    SQLite::Database(newer, SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
    refused(newer, "written by a newer quorate: use that");
    const auto foreign = copy("foreign.db");
    SQLite::Database(foreign, SQLite::OPEN_READWRITE).exec("PRAGMA application_id = 7");
    refused(foreign, "another program");
    const auto cut = copy("cut.db");
    std::filesystem::resize_file(cut, std::filesystem::file_size(cut) / 2);
    refused(cut, "backup");
    const auto fixed = copy("fixed.db");
    std::filesystem::permissions(fixed, std::filesystem::perms::owner_read);
    refused(fixed, "read-only (allow writing to it");
}

TEST_CASE("redact erases texts for good, and nothing else") {
    folder            f;
    const std::string canary = "canary-4711", other = "canary-0815", title = "canary-title";
    const auto        db = f / "d.db";
    const auto        lines = R"({"open": {"process": "rfc", "by": "bob", "subject": "r", "title": ")" + title + R"(", "at": "2026-03-01T00:00:00Z"}}
{"do": "propose", "by": "bob", "disposition": "accept", "text": ")" + canary + R"( one", "at": "2026-03-02T00:00:00Z"}
{"do": "raise", "by": "carol", "concern": "unsound", "text": ")" + canary + std::string(9'000, 'x') + R"(", "at": "2026-03-03T00:00:00Z"}
{"do": "cast", "by": "carol", "position": "approve", "text": ")" + other + R"(", "at": "2026-03-04T00:00:00Z"}
)";
    const auto ran = quorate_tool({"run", rfc, small, "--db", db}, lines);
    INFO(ran.out);
    REQUIRE(ran.code == 0);
    const auto bytes_left = [&](const std::string& what) {
        std::size_t files = 0;
        for (const auto& file : fs::directory_iterator(f.path)) files += content(file.path().string()).find(what) == std::string::npos ? 0 : 1;
        return files;
    };
    const auto tally = quorate_tool({"explain", "rfc-1", "--db", db, "--json", "--at", "2026-03-05T00:00:00Z"});
    REQUIRE(tally.code == 0);
    CHECK(bytes_left(canary) == 1);
    CHECK(quorate_tool({"journal", "backup", db, f / "before.db"}).code == 0);
    CHECK(quorate_tool({"journal", "redact", db}).code == 2);
    CHECK(quorate_tool({"journal", "redact", db, "999"}).code == 2);
    CHECK(quorate_tool({"journal", "redact", db, "1"}).code == 2);  // the charter
    CHECK(quorate_tool({"journal", "redact", db, "--person", "nobody"}).code == 2);
    CHECK(quorate_tool({"journal", "redact", db, "3", "--person", "carol"}).code == 2);
    CHECK(quorate_tool({"journal", "verify", db, "--json"}).out.find("\"erased\":0") != std::string::npos);

    const auto carol = quorate_tool({"journal", "redact", db, "--person", "carol", "--by", "admin"});
    CHECK(carol.code == 0);
    CHECK(has(carol.out, "erased 2 texts"));
    CHECK(has(carol.out, "Not covered: backups"));
    CHECK(bytes_left(other) == 1);  // the backup made before, as said
    fs::remove(f / "before.db");
    CHECK(bytes_left(other) == 0);
    CHECK(bytes_left(canary) == 1);  // bob's
    CHECK(json_of(quorate_tool({"journal", "redact", db, "--proposal", "rfc-1", "--json"})).find("erased")->number == 2);
    CHECK(quorate_tool({"journal", "backup", db, f / "after.db"}).code == 0);
    for (const auto& what : {canary, other, title}) CHECK(bytes_left(what) == 0);
    for (const auto* name : {"d.db", "after.db"}) CHECK(quorate_tool({"journal", "verify", f / name}).code == 0);
    auto after = quorate_tool({"explain", "rfc-1", "--db", db, "--json", "--at", "2026-03-05T00:00:00Z"}).out;
    auto before = tally.out;
    for (auto* text : {&before, &after})
        if (const auto at = text->find(title); at != std::string::npos) text->replace(at, title.size(), "");
    CHECK(after == before);  // ballots, concerns, the tally: all as they were
    CHECK(quorate_tool({"journal", "redact", db, "--proposal", "rfc-1"}).code == 0);  // again: nothing left to do
}

TEST_CASE("changed bytes in an export are found") {
    folder     f;
    auto       lines = quorate_tool({"journal", "export", filled(f)}).out;
    const auto at = lines.find("approve");
    REQUIRE(at != std::string::npos);
    lines.replace(at, 7, "object!");
    const auto o = quorate_tool({"journal", "import", f / "copy.db"}, lines);
    CHECK(o.code == 2);
    CHECK_FALSE(o.err.empty());
}

TEST_CASE("what-if: what differs, and exit codes; the journal is only read") {
    folder     f;
    const auto db = filled(f);
    const auto before = quorate_tool({"journal", "checkpoint", db}).out;
    const auto same = quorate_tool({"what-if", db, "--charter", rfc});
    CHECK(same.code == 0);
    CHECK(has(same.out, "0  go on earlier"));
    const auto stricter = quorate_tool({"what-if", db, "--charter", rfc, "--param", "threshold=99%", "--json"});
    CHECK(stricter.code == 0);
    CHECK(json_of(stricter).find("proposals")->elements.size() == 1);
    CHECK(has(stricter.out, R"("differing":1,"ending_otherwise":1,"earlier":0,"later":1)"));
    const auto table = quorate_tool({"what-if", db, "--charter", rfc, "--param", "threshold=99%", "--brief"});
    CHECK(has(table.out, "WAITING"));
    CHECK(table.out.find("recorded   ") == std::string::npos);
    const auto elsewhere = quorate_tool({"what-if", db, "--charter", rust});
    CHECK(elsewhere.code == 1);
    CHECK(has(elsewhere.out, "the other charter has no process \"rfc\""));
    CHECK(quorate_tool({"what-if", db, "--charter", rust, "--process", "rfc=fcp"}).code == 0);
    CHECK(quorate_tool({"journal", "checkpoint", db}).out == before);

    CHECK(quorate_tool({"what-if", f / "missing.db", "--charter", rfc}).code == 2);
    CHECK(has(quorate_tool({"what-if", db, "--charter", rust, "--process", "nothing=fcp"}).err, "nothing in the journal"));
    CHECK(has(quorate_tool({"what-if", db, "--charter", rust, "--process", "rfc"}).err, "expected name=value"));
    CHECK(has(quorate_tool({"what-if", db, "--charter", rfc, "--until", "1999-01-01"}).err, "the journal goes on until"));
    CHECK(has(quorate_tool({"what-if", db, "--charter", rfc, "--until", "soon"}).err, "is no instant"));
}

TEST_CASE("what-if: what the page of examples shows of the recorded Rust decisions is what the tool prints" * in_release) {
    const auto replay = std::string(QUORATE_BIN_DIR) + "/rust-history";
    if (!fs::exists(replay)) return;  // built without the examples
    folder     f;
    const auto db = f / "rust-history.db";
    REQUIRE(std::system((quoted(replay) + ' ' + quoted(source + "/tests/data/rust_fcp_histories.json") + ' ' + quoted(rust) + ' ' + quoted(db) +
                         " > " + quoted(f / "out")).c_str()) == 0);
    const auto  readme = content(source + "/examples/README.md");
    std::size_t shown = 0, lines = 0;
    // Each block is a command line after "$ " and what it prints, whole lines in order; "..." stands for any.
    const std::string prompt = "$ quorate what-if build/rust-history.db --charter examples/charters/";
    for (auto at = readme.find(prompt); at != std::string::npos; at = readme.find(prompt, at + 1)) {
        ++shown;
        std::istringstream block(readme.substr(at + prompt.size(), readme.find("\n```", at) - at - prompt.size()));
        std::string        charter;
        std::getline(block, charter);
        const auto printed = quorate_tool({"what-if", db, "--charter", source + "/examples/charters/" + charter});
        CHECK(printed.code == 0);
        auto rest = '\n' + printed.out;
        bool follows = true;
        for (std::string line; std::getline(block, line);) {
            if (line == "...") {
                follows = false;
                continue;
            }
            CAPTURE(line);
            const auto found = rest.find('\n' + line + '\n');
            CHECK_MESSAGE((follows ? found == 0 : found != std::string::npos), printed.out);
            if (found == std::string::npos) break;
            rest.erase(0, found + line.size() + 1);
            follows = true;
            ++lines;
        }
    }
    CHECK(shown == 2);
    CHECK(lines > 15);
}

TEST_CASE("whole Debian votes end as published, each that is recorded, in a journal or not; one whose published winner is another is found out" * in_release) {
    const auto program = std::string(QUORATE_BIN_DIR) + "/debian-resolution";
    if (!fs::exists(program)) return;  // built without the examples
    folder     f;
    const auto db = f / "vote.db";
    const auto runs = [&](const std::string& records, const std::string& journal, const std::string& id = "debian/2008/vote_003") {
        return WEXITSTATUS(std::system(("cd " + quoted(source) + " && " + quoted(program) + ' ' + quoted(records) + ' ' + quoted(id) + ' ' + journal + " > " +
                                        quoted(f / "out") + " 2>&1").c_str()));
    };
    const auto records = source + "/tests/data/debian_votes.json";
    CHECK(runs(records, quoted(db)) == 0);
    const auto out = content(f / "out");
    CHECK(has(out, "\nas published\n"));
    // What the page of examples shows of it are whole lines, in order.
    const auto         readme = content(source + "/examples/README.md");
    const std::string  prompt = "$ build/release/bin/debian-resolution tests/data/debian_votes.json debian/2008/vote_003\n";
    const auto         begin = readme.find(prompt);
    REQUIRE(begin != std::string::npos);
    std::istringstream block(readme.substr(begin + prompt.size(), readme.find("\n```", begin) - begin - prompt.size()));
    std::size_t        from = 0, lines = 0;
    for (std::string line; std::getline(block, line);) {
        if (line == "...") continue;
        CAPTURE(line);
        const auto found = out.find(line + '\n', from);
        CHECK(found != std::string::npos);
        if (found != std::string::npos) from = found;
        ++lines;
    }
    CHECK(lines > 15);
    const auto told = quorate_tool({"ballots", "debian/2008/vote_003", "--db", db, "--as", "anyone", "--json"});
    CHECK(json_of(told).find("count")->find("elected")->elements.front().text == "choice-5");

    auto       altered = content(records);
    const auto vote = altered.find("\"debian/2008/vote_003\"");
    const auto winner = altered.find("\"winners\":[4]", vote);
    REQUIRE(winner != std::string::npos);
    std::ofstream(f / "altered.json", std::ios::binary) << altered.replace(winner, 13, "\"winners\":[1]");
    CHECK(runs(f / "altered.json", "") == 1);
    CHECK(has(content(f / "out"), "\nNOT as published\n"));
    CHECK(runs(f / "missing.json", "") == 2);

    std::size_t replayed = 0;
    const auto  all = json_text::parse(content(records), "records", std::size_t{1} << 20);
    REQUIRE(all.has_value());
    for (const auto& each : all.value().find("votes")->elements) {
        const auto id = each.find("id")->text;
        CAPTURE(id);
        const bool has_ballots = each.find("ballots") != nullptr;
        CHECK(runs(records, "", id) == (has_ballots ? 0 : 2));
        replayed += has_ballots ? 1U : 0U;
    }
    CHECK(replayed == 27);
}
