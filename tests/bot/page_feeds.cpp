// Feeds and calendars of the pages, their settings, and their server.
#include <set>

#include <quorate/sqlite_journal.hpp>

#include "../journal_support.hpp"
#include "page_server.hpp"
#include "small_site.hpp"

using namespace small_site;

TEST_CASE("the feed is Atom as RFC 4287 wants it, with a new entry for each stage") {
    site s;
    CHECK(markup::parse(s.body("/decisions.atom"), markup::kind::xml).problem.empty());
    const auto id = s.opens("talk", "Let <chains> & more");
    const auto read = [&] {
        const auto feed = markup::parse(s.body("/decisions.atom"), markup::kind::xml);
        CHECK_MESSAGE(feed.problem.empty(), feed.problem);
        CHECK(feed.all.front().name == "feed");
        CHECK(feed.all.front().attribute("xmlns") == "http://www.w3.org/2005/Atom");
        const auto entries = feed.count("entry");
        for (const auto* must : {"id", "title", "updated"}) CHECK(feed.count(must) == entries + 1);
        CHECK(feed.count("author") >= 1);
        std::set<std::string> ids;
        for (const auto& e : feed.all) {
            if (e.name == "id") CHECK(ids.insert(e.text).second);
            if (e.name == "id") CHECK(e.text.starts_with("https://decisions.example.org/"));
            if (e.name == "updated" || e.name == "published") CHECK(quorate::parse_instant(e.text).has_value());
        }
        return ids;
    };
    const auto before = read();
    CHECK(before.size() == 2);
    s.now += days{1};
    s.does(id, quorate::raise{.by = "103", .concern = "drop order"});
    CHECK(read() == before);
    s.does(id, quorate::resolve{.by = "103", .concern = "drop order"});
    for (const auto* who : {"101", "102", "103", "104"}) s.does(id, quorate::cast{.by = who, .position = "approve"});
    CHECK(read() != before);
    CHECK(has(markup::parse(s.body("/decisions.atom"), markup::kind::xml).text, "Final comment period: Let <chains> & more"));
}

TEST_CASE("the calendar is as RFC 5545 wants it: folded, escaped, with stable names and times") {
    site s;
    const auto empty = markup::calendar(s.body("/deadlines.ics"));
    CHECK_MESSAGE(empty.problem.empty(), empty.problem);
    CHECK(empty.events.empty());
    const auto id = s.opens(
        "vote",
        "Comma, semicolon; back\\slash \xF0\x9F\xA6\x80\xF0\x9F\xA6\x80\xF0\x9F\xA6\x80\xF0\x9F\xA6\x80\xF0\x9F\xA6\x80\xF0\x9F\xA6\x80\xF0\x9F\xA6\x80\xF0\x9F\xA6\x80\xF0\x9F\xA6\x80\xF0\x9F\xA6\x80\xF0\x9F\xA6\x80\xF0\x9F\xA6\x80 and a line\nbreak");
    s.opens("talk", "Without a date", "ferris/rfcs#8");
    const auto all = markup::calendar(s.body("/deadlines.ics"));
    REQUIRE_MESSAGE(all.problem.empty(), all.problem);
    REQUIRE(all.events.size() == 1);
    auto event = all.events.front();
    CHECK(event["DTSTART"] == "20260307T100000Z");
    CHECK(event["DTSTAMP"] == "20260302T100000Z");
    CHECK(event["UID"] == id + "-open@decisions.example.org");
    CHECK(has(event["SUMMARY"], "Comma\\, semicolon\\; back\\\\slash"));
    CHECK(event["URL"] == "https://decisions.example.org/decisions/" + id);
    s.now += std::chrono::hours{3};
    CHECK(markup::calendar(s.body("/deadlines.ics")).events.front() == all.events.front());  // asked again, the same
    s.does(id, quorate::cast{.by = "102", .position = "for"});
    auto later = markup::calendar(s.body("/deadlines.ics")).events.front();
    CHECK(later["UID"] == event["UID"]);
    CHECK(std::stoi(later["SEQUENCE"]) > std::stoi(event["SEQUENCE"]));
    CHECK(markup::calendar(s.body("/deadlines.ics?person=102")).events.empty());  // who has voted isn't waited for
    CHECK(markup::calendar(s.body("/deadlines.ics?person=103")).events.size() == 1);
    CHECK(markup::calendar(s.body("/deadlines.ics?person=nobody")).events.empty());
    const auto consent = s.opens("talk", "With a date", "ferris/rfcs#9");
    for (const auto* who : {"101", "102", "103", "104"}) s.does(consent, quorate::cast{.by = who, .position = "approve"});
    CHECK(markup::calendar(s.body("/deadlines.ics?process=talk")).events.size() == 1);
}

TEST_CASE("settings of pages: only repositories that the bot serves, by a host of their own") {
    const auto with = [](const std::string& pages) {
        return read_settings(R"({ "journal": "j.db", "charters": ["c.json"], "roster": "r.json", "github": { "bot_id": 5000, "token": { "env": "T" } }, "webhook_secret": { "env": "S" },
                                  "repositories": { "ferris/rfcs": { "as": "rfcbot" } }, "pages": )" + pages + " }", "bot.json", "/x");
    };
    const auto fine =
        with(R"({ "listen": "127.0.0.1:8090", "url": "https://decisions.example.org", "repositories": ["ferris/rfcs"] })");
    REQUIRE(fine.has_value());
    CHECK(fine.value().pages->port == 8090);
    CHECK(fine.value().port == 8080);
    CHECK(fine.value().pages->title == "Decisions");
    for (const auto* wrong :
         {R"({ "url": "https://decisions.example.org" })",
          R"({ "url": "https://decisions.example.org", "repositories": ["ferris/other"] })",
          R"({ "url": "https://example.org/decisions", "repositories": ["ferris/rfcs"] })",
          R"({ "url": "decisions.example.org", "repositories": ["ferris/rfcs"] })", R"({ "repositories": ["ferris/rfcs"] })",
          R"({ "url": "https://x", "repositories": ["ferris/rfcs"], "colour": "blue" })"})
        CHECK_FALSE(with(wrong).has_value());
}

TEST_CASE("served over loopback from the journal that another engine writes, as it writes") {
    const journal_support::scratch dir;
    site       s;
    const auto path = dir.file();
    quorate::engine writes(quorate::load_charter(charter_text).value(), read_roster_file(s.setup.roster).value(),
                           quorate::open_sqlite_journal(path).value());
    s.setup.pages->port = 0;
    std::vector<std::string> log;
    page_server              server(s.setup, path, [&] { return s.now; }, [&](const std::string& line) { log.push_back(line); });
    const auto               client = http_client("http://127.0.0.1:" + std::to_string(server.port()), {});
    const auto get = [&](const std::string& target) { return client->ask({.target = target}).value(); };
    CHECK(get("/").status == 503);
    const auto id =
        writes.open({.process = "talk", .by = "101", .subject = "ferris/rfcs#7", .title = "Let chains", .at = s.now, .key = "1"})
            .value();
    CHECK(has(get("/").body, "Let chains"));
    CHECK(get("/decisions/" + id).body == page(writes, s.setup, {.target = "/decisions/" + id}, s.now).body);
    quorate::command c = quorate::raise{.by = "103", .concern = "drop order", .at = s.now, .key = "2"};
    REQUIRE(writes.submit(id, c).accepted());
    CHECK(has(get("/decisions/" + id).body, "drop order"));
    const auto etag = std::string(header_of(get("/").headers, "etag"));
    const auto again = client->ask({.target = "/", .headers = {{"if-none-match", etag}}}).value();
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    CHECK(client->ask({.method = "POST", .target = "/"}).value().status == 405);
    CHECK(get("/nowhere").status == 404);
    CHECK(get("/?junk=1").body == get("/").body);
    std::uint64_t           opened = 0;
    quorate::sqlite_journal keeper(path);
    REQUIRE(keeper.read(id, 0, [&](const quorate::stored_event& e) { return opened = e.seq, false; }).has_value());
    REQUIRE(keeper.erase_texts(std::vector{opened}, "101", s.now).has_value());
    CHECK_FALSE(has(get("/").body, "Let chains"));  // what was erased is gone from pages, too
    CHECK_FALSE(has(get("/decisions/" + id).body, "Let chains"));
    CHECK(has(get("/decisions/" + id).body, "drop order"));
    CHECK(log.empty());
}
