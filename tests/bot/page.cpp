// Pages for people: what they tell, what they don't, and that whoever reads them gets what the standards promise.
#include <algorithm>
#include <array>

#include "../effort.hpp"
#include "../journal_support.hpp"
#include "small_site.hpp"

using namespace small_site;
using journal_support::dice;

TEST_CASE("open decisions: where each stands, who is waited for, what time does next; the next first") {
    site s;
    const auto first = s.opens("talk", "Let chains");
    s.now += days{1};
    s.opens("vote", "A name for it", "ferris/rfcs#8");
    s.does(first, quorate::cast{.by = "101", .position = "approve"});
    const auto text = html_said(s.body("/"));
    CHECK(has(text, "2 open"));
    CHECK(text.find("A name for it") < text.find("Let chains"));  // one has a date
    CHECK(has(text, "bob, carol, dave and erin"));
    CHECK(has(text, "8 March 2026, 10:00 (in 5 days)"));
    CHECK(has(text, "no date"));
    CHECK_FALSE(has(html_said(s.body("/?process=vote")), "Let chains"));
    CHECK(has(html_said(s.body("/?repository=ferris%2Frfcs&process=talk")), "Let chains"));
}

TEST_CASE("one decision: ballots, concerns, what is missing, what happened, rules and diagram") {
    site s;
    const auto id = s.opens("talk", "Let chains");
    s.does(id, quorate::cast{.by = "101", .position = "approve"});
    s.does(id, quorate::raise{.by = "103", .concern = "drop order", .reason = "Temporaries live\ntoo long."});
    const auto body = s.body("/decisions/" + id);
    const auto text = html_said(body);
    CHECK(has(text, "1 of 5"));
    CHECK(has(text, "alice reviewed"));
    CHECK(has(text, "bob not yet"));
    CHECK(has(text, "drop order"));
    CHECK(has(text, "To \xE2\x80\x9C" "Final comment period\xE2\x80\x9D: \xE2\x9C\x97 not yet"));
    CHECK(has(text, "carol raises a concern: drop order."));
    CHECK(has(text, "Temporaries live\ntoo long."));
    CHECK(has(text, "Written: concerns == 0"));
    CHECK(has(body, "<svg"));
    CHECK(has(body, "href=\"https://github.com/ferris/rfcs/issues/7\""));
    s.does(id, quorate::resolve{.by = "103", .concern = "drop order"});
    for (const auto* who : {"102", "103", "104"}) s.does(id, quorate::cast{.by = who, .position = "approve"});
    const auto later = html_said(s.body("/decisions/" + id));
    CHECK(has(later, "it would be \xE2\x9C\x93 accepted"));
    CHECK(has(later, "resolved by carol"));
    CHECK(has(later, "Next date 12 March 2026, 10:00 (in 10 days): accepted"));
    CHECK(has(later, "It comes to Final comment period, by its rules."));
}

TEST_CASE("closed decisions: the outcome, when it was reached and after how long") {
    site s;
    const auto id = s.opens("vote", "A name for it");
    s.does(id, quorate::cast{.by = "102", .position = "for"});
    s.waits(days{30});
    const auto text = html_said(s.body("/closed"));
    CHECK(has(text, "A name for it"));
    CHECK(has(text, "\xE2\x9C\x93 accepted"));
    CHECK(has(text, "7 March 2026, 10:00"));
    CHECK(has(text, "5 days"));
    CHECK(has(html_said(s.body("/decisions/" + id)), "for 1 bob"));  // shown at close
    CHECK(has(html_said(s.body("/")), "Nothing is open here."));
}

TEST_CASE("a queue is a person's by id, whatever their handle is today") {
    site s;
    const auto id = s.opens("talk", "Let chains");
    s.does(id, quorate::raise{.by = "103", .concern = "drop order"});
    CHECK(has(html_said(s.body("/waiting")), "carol 1"));
    const auto text = html_said(s.body("/people/103"));
    CHECK(has(text, "What waits for carol"));
    CHECK(has(text, "account 103"));
    CHECK(has(text, "a ballot; the concern drop order to be resolved"));
    quorate::roster_event renamed{.at = s.now, .what = quorate::roster_event_kind::change_handle, .who = "103", .handle = "carola"};
    REQUIRE(s.engine.change_roster(renamed).has_value());
    CHECK(has(html_said(s.body("/people/103")), "What waits for carola"));
    CHECK(s.ask("/people/carola").status == 404);
    CHECK(s.ask("/people/4711").status == 404);
}

TEST_CASE("what not everyone may see isn't there: private decisions, and repositories that pages don't name") {
    site s;
    const auto hidden = s.opens("case", "A confidential matter", "ferris/rfcs#3");
    const auto elsewhere = s.opens("talk", "Of an internal repository", "ferris/internal#4", "passer-by");
    s.does(elsewhere, quorate::raise{.by = "900", .concern = "an internal concern"});
    const auto nothing = s.ask("/decisions/" + hidden + "x");
    CHECK(nothing.status == 404);
    const auto same = [&](const std::string& target) {
        const auto r = s.ask(target);
        CHECK_MESSAGE(r.status == 404, target);
        CHECK_MESSAGE(r.body == nothing.body, target);
        CHECK_MESSAGE(r.headers == nothing.headers, target);
    };
    for (const auto& target :
         {"/decisions/" + hidden, "/decisions/" + elsewhere, std::string("/people/102"), std::string("/people/900"),
          std::string("/?repository=ferris/internal"), std::string("/nowhere"), "/decisions/" + hidden + "?page=2"})
        same(target);
    for (const auto& each : everything(s))
        for (const auto* word : {"confidential", "Confidential", "internal", "case-", "alice", "passer-by"})
            CHECK_MESSAGE(!has(each.second, word), each.first, " tells of ", word);
    const auto shown = s.opens("talk", "Let chains");
    CHECK(s.ask("/decisions/" + shown).status == 200);  // the control: what everyone may see is there
    CHECK(s.ask("/people/102").status == 200);
}

TEST_CASE("what the outcome of a hidden decision did is there, without its name") {
    const auto both = [](const std::string& visible) {
        settings s = settings_for("fcp");
        s.pages = page_settings{.url = "https://decisions.example.org", .title = "Ferris decides", .repositories = {"ferris/rfcs"}};
        quorate::engine engine{quorate::load_charter(R"json({ "title": "Families", "version": "1", "processes": {
            "motion": { "title": "Motion", "electorate": { "of": "team(lang)" }, "positions": { "aye": {} },
                "children": { "private_case": { "accepted": [ { "do": "revise" }, "resolve" ] } },
                "stages": { "open": { "title": "Open", "phase": "review", "allow": { "cast": "electorate", "raise": "everyone", "resolve": "raiser", "revise": "everyone" },
                                      "exits": [ { "when": "aye > 100", "to": "accepted" } ] } } },
            "private_case": { "title": "Case", )json" + visible + R"json( "electorate": { "of": "team(lang)" }, "positions": { "aye": {} },
                "stages": { "open": { "title": "Open", "phase": "review", "allow": { "cast": "electorate" }, "exits": [ { "when": "aye >= 1", "to": "accepted" } ] } } } } })json").value(),
                               read_roster_file(s.roster).value()};
        const auto now = at("2026-03-02T10:00:00Z");
        const auto up = engine.open({.process = "motion", .by = "101", .subject = "ferris/rfcs#7", .title = "A motion", .at = now}).value();
        const auto child = engine.open({.process = "private_case", .by = "101", .subject = "ferris/rfcs#8", .parent = up, .at = now}).value();
        REQUIRE(engine.submit(child, quorate::cast{.by = "102", .position = "aye", .at = now}).accepted());
        return page(engine, s, {.method = "GET", .target = "/decisions/" + up}, now).body;
    };
    const auto shown = both("");
    CHECK(has(shown, "outcome of private_case-2"));
    const auto hidden = both(R"j("visible": "team(lang)",)j");
    CHECK_FALSE(has(hidden, "private_case-2"));
    CHECK_FALSE(has(hidden, "the outcome of"));
    CHECK_FALSE(has(hidden, "ferris/rfcs#8"));
    CHECK(has(hidden, "The bot "));
}

TEST_CASE("hidden ballots are told nowhere, and shown once it is decided") {
    site s;
    const auto id = s.opens("vote", "A name for it");
    s.does(id, quorate::cast{.by = "102", .position = "against", .reason = "because of Zanzibar"});
    s.does(id, quorate::cast{.by = "104", .position = "for", .reason = "because of Zanzibar"});
    const auto before = everything(s);
    REQUIRE(before.contains("/decisions/" + id));
    CHECK(has(html_said(before.at("/decisions/" + id)), "Who said what isn't shown now. 2 of 5"));
    CHECK(has(html_said(before.at("/decisions/" + id)), "bob casts a ballot."));
    for (const auto& each : before) CHECK_MESSAGE(!has(each.second, "Zanzibar"), each.first);
    site other;
    const auto same = other.opens("vote", "A name for it");
    other.does(same, quorate::cast{.by = "102", .position = "for", .reason = "x"});
    other.does(same, quorate::cast{.by = "104", .position = "for", .reason = "y"});
    CHECK(everything(other) == before);  // all that is told is the same, whatever they chose
    s.waits(days{6});
    CHECK(has(s.body("/decisions/" + id), "Zanzibar"));
}

TEST_CASE("text that people wrote is text, in pages, feeds and calendars") {
    const std::string evil =
        "</bdi><script>alert(1)</script><img src=x onerror=alert(2)>\"' & &amp; ]]> \xE2\x80\xAE\xEF\xBF\xBF\x01 \\n;, END:VCALENDAR\r\nBEGIN:VEVENT {{7*7}} ${x}";
    site s;
    const auto evil_name = evil.substr(0, evil.find(" \xE2"));  // names with control characters are refused
    const auto id = s.opens("talk", evil);
    s.does(id, quorate::raise{.by = "103", .concern = evil_name, .reason = evil});
    s.does(id, quorate::revise{.by = "101", .revision = evil_name, .reason = evil});
    for (const auto* who : {"101", "102", "103", "104"})
        s.does(id, quorate::cast{.by = who, .position = "approve", .reason = evil});
    s.setup.pages->title = evil;
    std::size_t told = 0;
    for (const auto& each : everything(s)) {
        const auto& body = each.second;
        CAPTURE(each.first);
        CHECK_FALSE(has(body, "\nEND:VCALENDAR\r\nBEGIN"));
        if (body.starts_with("BEGIN:VCALENDAR")) {  // no mark-up: "<" is nothing there
            CHECK_MESSAGE(markup::calendar(body).problem.empty(), markup::calendar(body).problem);
            continue;
        }
        CHECK_FALSE(has(body, "<script"));
        CHECK_FALSE(has(body, "<img src=x"));
        CHECK_FALSE(has(body, "<i>"));
        CHECK_FALSE(has(body, "\xE2\x80\xAE"));
        CHECK_FALSE(has(body, "\xEF\xBF\xBF"));
        told += has(body, "&lt;script&gt;alert(1)");
    }
    CHECK(told > 5);  // it was there to be escaped
    for (const auto* target : {"/?process=%3Cscript%3E", "/%3Cscript%3E", "/people/%22%3E%3Cscript%3E", "/?page=%3Cscript%3E"})
        CHECK_FALSE(has(s.ask(target).body, "<script"));
}

TEST_CASE("every page is well nested, with one h1, headings in order, landmarks, named tables and links that lead somewhere") {
    site s;
    const auto id = s.opens("talk", "Let chains");
    s.does(id, quorate::raise{.by = "103", .concern = "drop order"});
    const auto vote = s.opens("vote", "A name for it", "ferris/rfcs#8");
    s.does(vote, quorate::cast{.by = "102", .position = "against"});
    s.waits(days{6});
    s.opens("vote", "Another", "ferris/rfcs#9");
    const auto all = everything(s);  // follows all links
    CHECK(all.size() > 12);
    for (const auto& each : all) {
        const auto& body = each.second;
        if (!body.starts_with("<!doctype html>")) continue;
        CAPTURE(each.first);
        const auto read = markup::parse(body, markup::kind::html);
        CHECK_MESSAGE(read.problem.empty(), read.problem);
        CHECK(read.count("h1") == 1);
        for (const auto* landmark : {"main", "header", "footer", "title"}) CHECK(read.count(landmark) == 1);
        CHECK(read.count("script") == 0);
        int level = 0;
        for (const auto& e : read.all) {
            if (e.name.size() == 2 && e.name[0] == 'h' && e.name[1] >= '1' && e.name[1] <= '6') {
                CHECK(e.name[1] - '0' <= level + 1);
                level = e.name[1] - '0';
            }
            if (e.name == "html") CHECK(e.attribute("lang") == "en");
            if (e.name == "th") CHECK(!e.attribute("scope").empty());
            CHECK(e.attribute("style").empty());  // the policy would not let it be
            for (const auto& [key, value] : e.attributes) CHECK_FALSE(key.starts_with("on"));
            for (const auto* key : {"src", "action"}) CHECK((e.attribute(key).empty() || e.attribute(key).starts_with('/')));
        }
        CHECK(read.count("caption") == read.count("table"));
    }
}

TEST_CASE("headers forbid scripts, frames, cookies and what is elsewhere; methods that change are refused") {
    site s;
    s.opens("talk", "Let chains");
    for (const auto* target : {"/", "/nowhere", "/decisions.atom", "/deadlines.ics", "/icon.svg", "/?page=x"}) {
        const auto r = s.ask(target);
        CAPTURE(target);
        CHECK(header_of(r.headers, "content-security-policy").starts_with("default-src 'none'; style-src 'sha256-"));
        CHECK(has(header_of(r.headers, "content-security-policy"), "frame-ancestors 'none'"));
        CHECK_FALSE(has(header_of(r.headers, "content-security-policy"), "unsafe"));
        CHECK(header_of(r.headers, "x-content-type-options") == "nosniff");
        CHECK(header_of(r.headers, "referrer-policy") == "no-referrer");
        CHECK(header_of(r.headers, "set-cookie").empty());
    }
    for (const auto* method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get"}) {
        const auto r = s.ask("/", {}, method);
        CHECK(r.status == 405);
        CHECK(header_of(r.headers, "allow") == "GET, HEAD");
    }
    CHECK(s.ask("/", {}, "HEAD").status == 200);
    CHECK(s.ask("/?page=0").status == 400);
    CHECK(s.ask("/?page=-1").status == 400);
    CHECK(s.ask("/?process=%zz").status == 400);
    CHECK(s.ask("/?page=2").status == 404);
    CHECK(s.ask("/" + std::string(longest_target, 'x')).status == 414);
    CHECK(s.ask("/?utm_source=elsewhere").status == 200);
}

TEST_CASE("whoever has a page is told so, until it changes") {
    site s;
    const auto id = s.opens("talk", "Let chains");
    for (const auto& target :
         {std::string("/"), "/decisions/" + id, std::string("/decisions.atom"), std::string("/deadlines.ics")}) {
        CAPTURE(target);
        const auto etag = std::string(header_of(s.ask(target).headers, "etag"));
        REQUIRE(etag.size() == 34);
        for (const auto& known : {etag, "W/" + etag, "\"other\", " + etag, std::string("*")}) {
            const auto r = s.ask(target, {{"if-none-match", known}});
            CHECK(r.status == 304);
            CHECK(r.body.empty());
            CHECK(header_of(r.headers, "etag") == etag);
        }
        CHECK(s.ask(target, {{"if-none-match", "\"other\""}}).status == 200);
    }
    const auto old = std::string(header_of(s.ask("/").headers, "etag"));
    s.now += std::chrono::seconds{20};
    CHECK(s.ask("/", {{"if-none-match", old}}).status == 304);  // still the same minute
    s.does(id, quorate::cast{.by = "102", .position = "approve"});
    CHECK(s.ask("/", {{"if-none-match", old}}).status == 200);
}

TEST_CASE("what means nothing in an address makes no new page") {
    CHECK(meant("/") == "/");
    CHECK(meant("/closed?utm_source=x&page=2&junk=%zz&repository=ferris/rfcs&&=") == "/closed?repository=ferris/rfcs&page=2");
    CHECK(meant("/?page=3&page=2") == "/?page=2");
    site s;
    (void)s.opens("talk", "Let chains");
    CHECK(s.ask("/?junk=%zz").status == 200);
    for (const auto* target : {"/?a=b&person=102", "/?process=talk&x", "/decisions.atom?page=1&cache=no"})
        CHECK(s.ask(target).body == s.ask(meant(target)).body);
}

TEST_CASE("whatever is asked for, there is an answer, and nothing of it is taken over as mark-up") {
    constexpr std::array<std::string_view, 16> parts{"/",        "decisions",   "people",  "closed",       "?", "&",   "page=",
                                                     "process=", "repository=", "person=", "%3Cscript%3E", "%", "%00", "..",
                                                     "talk-1",   "\"'><b>"};
    site s;
    s.opens("talk", "Let chains");
    dice                          d(20'261'121);
    std::map<unsigned, std::size_t> answers;
    for (std::size_t i = 0; i < effort(1'000); ++i) {
        std::string target = "/";
        for (std::size_t n = d.below(8); n > 0; --n) target += parts[d.below(parts.size())];
        CAPTURE(target);
        const auto r = s.ask(target);
        ++answers[r.status];
        CHECK_FALSE(has(r.body, "<script"));
        CHECK_FALSE(has(r.body, "<b>"));
    }
    for (const auto& each : answers) CHECK_MESSAGE((each.first == 200 || each.first == 400 || each.first == 404), each.first);
    for (const unsigned status : {200U, 400U, 404U}) CHECK(answers[status] > 2);
}

TEST_CASE("long lists are turned page by page, each row on one of them") {
    site s;
    for (std::size_t i = 0; i < rows_on_page + 3; ++i)
        s.opens("talk", "Matter " + std::to_string(i) + ".", "ferris/rfcs#" + std::to_string(100 + i));
    const auto first = html_said(s.body("/")), second = html_said(s.body("/?page=2"));
    for (std::size_t i = 0; i < rows_on_page + 3; ++i)
        CHECK(has(first, "Matter " + std::to_string(i) + ".") != has(second, "Matter " + std::to_string(i) + "."));
    CHECK(has(s.body("/?repository=ferris/rfcs"), "href=\"/?repository=ferris%2Frfcs&amp;page=2\""));
    CHECK(has(first, "Page 1 of 2"));
    CHECK(s.ask("/?page=3").status == 404);
    const auto id = s.opens("talk", "A long story");
    for (std::size_t i = 0; i < events_on_page + 5; ++i)
        s.does(id, quorate::revise{.by = "101", .revision = "r" + std::to_string(i)});
    CHECK(has(s.body("/decisions/" + id), "Page 1 of 2"));
    CHECK(has(html_said(s.body("/decisions/" + id + "?page=2")), "alice opens it"));
}
