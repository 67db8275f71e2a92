// What tests of pages share: a site with three processes, of which one hides ballots and one is private.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "markup.hpp"
#include "page.hpp"
#include "small_bot.hpp"

namespace small_site {

using namespace small_bot;
using std::chrono::days;

inline constexpr std::string_view charter_text = R"json({
  "title": "For pages", "version": "1",
  "processes": {
    "talk": {
      "title": "Consent", "electorate": { "of": "team(lang)", "taken": "at open" }, "positions": { "approve": { "title": "reviewed" } },
      "rules": { "quorum": "outstanding < approve and outstanding < 3", "consent": "concerns == 0" },
      "stages": {
        "pending": { "title": "Proposed", "phase": "review", "allow": { "cast": "electorate", "raise": "everyone", "resolve": "raiser", "revise": "everyone" },
                     "exits": [ { "when": "quorum and consent", "to": "last" } ] },
        "last": { "title": "Final comment period", "phase": "final_comment", "allow": { "cast": "electorate", "raise": "everyone" },
                  "exits": [ { "when": "not consent", "to": "pending" }, { "after": "10 days", "to": "accepted" } ] } } },
    "vote": {
      "title": "Secret vote", "electorate": { "of": "team(lang)", "taken": "at open" }, "positions": { "for": {}, "against": {} }, "ballots": { "shown": "at close" },
      "stages": { "open": { "title": "Open", "phase": "approval", "allow": { "cast": "electorate" },
                            "exits": [ { "after": "5 days", "if": "for > against", "to": "accepted" }, { "after": "5 days", "to": "rejected" } ] } } },
    "case": {
      "title": "Confidential case", "visible": "team(lang)", "electorate": { "of": "team(lang)", "taken": "at open" }, "positions": { "for": {} },
      "stages": { "open": { "title": "Open", "phase": "review", "allow": { "cast": "electorate" }, "exits": [ { "after": "5 days", "to": "accepted" } ] } } } } })json";

struct site {
    settings setup = settings_for("fcp");
    quorate::engine engine{quorate::load_charter(charter_text).value(), read_roster_file(setup.roster).value()};
    instant now = at("2026-03-02T10:00:00Z");

    site() {
        setup.pages =
            page_settings{.url = "https://decisions.example.org", .title = "Ferris decides", .repositories = {"ferris/rfcs"}};
    }
    std::string opens(const std::string& process, const std::string& title, const std::string& subject = "ferris/rfcs#7",
                      const std::string& by = "101") {
        return engine.open({.process = process, .by = by, .subject = subject, .title = title, .at = now}).value();
    }
    void does(const std::string& id, quorate::command c) {
        c.at = now;
        const auto r = engine.submit(id, c);
        REQUIRE_MESSAGE(r.accepted(), (r.refused() ? to_string(r.refusal()) : r.failed() ? r.fault().what() : ""));
    }
    void waits(quorate::duration d) {
        now += d;
        (void)engine.advance(now);
    }
    http_response ask(const std::string& target, http_headers headers = {}, const std::string& method = "GET") {
        return page(engine, setup, {.method = method, .target = target, .headers = std::move(headers)}, now);
    }
    std::string body(const std::string& target) {
        const auto r = ask(target);
        CHECK_MESSAGE(r.status == 200, target);
        return r.body;
    }
};

/// Every address that one can come to from the first page, and what is there.
inline std::map<std::string, std::string> everything(site& s) {
    std::map<std::string, std::string> seen;
    std::vector<std::string>           todo{"/"};
    while (!todo.empty()) {
        const auto target = todo.back();
        todo.pop_back();
        if (seen.contains(target)) continue;
        const auto r = s.ask(target);
        CHECK_MESSAGE(r.status == 200, target);
        seen[target] = r.body;
        if (!header_of(r.headers, "content-type").starts_with("text/html")) continue;
        for (const auto& e : markup::parse(r.body, markup::kind::html).all)
            for (const auto* key : {"href", "src"})
                if (const auto to = e.attribute(key); to.starts_with('/')) todo.push_back(to);
    }
    return seen;
}

inline std::string html_said(const std::string& body) { return markup::parse(body, markup::kind::html).text; }

}  // namespace small_site
