// What tests of charters, proposals and the engine share: a small roster, short charters, commands as lines of text.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/charter.hpp>
#include <quorate/explain.hpp>
#include <quorate/proposal.hpp>

#ifndef QUORATE_SOURCE_DIR
#define QUORATE_SOURCE_DIR "."
#endif

namespace quorate {

/// So that a failing check shows what it compared.
template <class Stream>
Stream& operator<<(Stream& out, phase p) {
    out << to_string(p);
    return out;
}
template <class Stream>
Stream& operator<<(Stream& out, truth t) {
    out << to_string(t);
    return out;
}
template <class Stream>
Stream& operator<<(Stream& out, instant t) {
    out << to_string(t);
    return out;
}
template <class Stream>
Stream& operator<<(Stream& out, const std::vector<std::string>& list) {
    for (const auto& s : list) out << '[' << s << ']';
    return out;
}

}  // namespace quorate

namespace support {

using namespace quorate;
using names = std::vector<std::string>;

inline const std::string charters = QUORATE_SOURCE_DIR "/examples/charters/";
inline const std::string rosters = QUORATE_SOURCE_DIR "/examples/rosters/";

inline bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

inline instant day(int n, duration more = {}) {
    return at("2026-03-01T00:00:00Z") + duration(std::chrono::days{n}) + more;
}
inline constexpr duration hour = std::chrono::hours{1};
inline constexpr duration tick = duration{1};  ///< the smallest step of time

/// core: ann (lead), ben, cem, dan, eve; docs: fay (lead), gus, ann; empty: nobody; council: seats of ben (alternate hal), fay,
/// and a vacant one. ann and ben work for Acme, cem and fay for Beta.
inline constexpr std::string_view people_text = R"({
  "people": { "ann": {"affiliations": ["Acme"]}, "ben": {"affiliations": ["Acme"]}, "cem": {"affiliations": ["Beta"]}, "dan": {},
              "eve": {}, "fay": {"affiliations": ["Beta"]}, "gus": {}, "hal": {} },
  "roles": { "editor": "edits" },
  "teams": {
    "core":    { "leads": ["ann"], "members": ["ann", "ben", "cem", "dan", { "who": "eve", "roles": ["editor"] }], "label": "T-core" },
    "docs":    { "leads": ["fay"], "members": ["ann", "fay", "gus"] },
    "empty":   {},
    "council": { "aliases": ["board"], "seats": [ { "name": "core", "holder": "ben", "alternates": ["hal"] },
                                                  { "name": "docs", "holder": "fay" }, { "name": "infra" } ] }
  },
  "scopes": { "manual": { "owner": "docs" } }
})";
inline roster people() { return load_roster(people_text, "people").value(); }

/// A roster with one team of n members, m1 ... mn, who lead it if asked.
inline roster team_of(int n, const std::string& name = "team") {
    std::string all, members;
    for (int i = 1; i <= n; ++i) {
        const auto id = "\"m" + std::to_string(i) + "\"";
        all += (i > 1 ? ", " : "") + id + ": {}";
        members += (i > 1 ? ", " : "") + id;
    }
    return load_roster(R"({"people": {)" + all + R"(}, "teams": {")" + name + R"(": {"members": [)" + members + "]}}}").value();
}

/// A charter of one process "p" from the inside of its JSON object.
inline std::string one_process(std::string_view inside, std::string_view more = "") {
    return R"({"title": "test", )" + std::string(more) + R"("processes": {"p": {)" + std::string(inside) + "}}}";
}
inline charter load(const std::string& text) { return load_charter(text, "test.json").value(); }

/// The usual parts of a process, each replaceable.
struct parts {
    std::string electorate = R"j({"of": "team(core)"})j";
    std::string positions = R"({"approve": {}, "reject": {}, "abstain": {}})";
    std::string more{};       ///< members of the process: "concerns": ..., with a comma at the end
    std::string allow = R"("cast, withdraw ballot": "electorate")";
    std::string exits{};      ///< of stage "talk"
    std::string stage{};      ///< members of stage "talk", with a comma at the end
    std::string stages{};     ///< others, each with a comma before
    std::string in = "review";

    [[nodiscard]] std::string text() const {
        return one_process("\"electorate\": " + electorate + ", \"positions\": " + positions + ", " + more +
                           R"("stages": {"talk": {"phase": ")" + in + "\", " + stage + "\"allow\": {" + allow + "}, \"exits\": [" +
                           exits + "]}" + stages + "}");
    }
};

/// A command from a line: "ann: cast approve for ben because ill", "ann: propose merge in core, docs", "ben: revise v2 as editorial",
/// ": fact tests = true", ": fact count = 3". Nobody before the colon: the host.
inline command line(instant when, std::string_view text) {
    command    c{.at = when};
    const auto colon = text.find(':');
    c.by = std::string(text.substr(0, colon));
    auto rest = std::string(text.substr(colon + 2));
    const auto cut = [&rest](std::string_view word) {
        const auto  at_word = rest.rfind(word);
        std::string tail;
        if (at_word != std::string::npos) {
            tail = rest.substr(at_word + word.size());
            rest.resize(at_word);
        }
        return tail;
    };
    c.text = cut(" because ");
    c.on_behalf_of = cut(" for ");
    c.detail = cut(" as ");
    auto teams = cut(" in ");
    while (!teams.empty()) {
        const auto comma = teams.find(", ");
        c.names.push_back(teams.substr(0, comma));
        teams = comma == std::string::npos ? "" : teams.substr(comma + 2);
    }
    if (const auto value = cut(" = "); !value.empty()) {
        if (value == "true" || value == "false") c.truth = value == "true";
        else c.amount = std::atoll(value.c_str());
    }
    std::size_t longest = 0;
    for (const auto& row : acts) {
        const bool fits = rest.starts_with(row.name) && (rest.size() == row.name.size() || rest[row.name.size()] == ' ');
        if (!fits || row.name.size() <= longest) continue;
        longest = row.name.size();
        c.what = row.what;
    }
    if (longest == 0) std::abort();  // a mistake in the test
    if (rest.size() > longest) c.subject = rest.substr(longest + 1);
    return c;
}

/// One proposal without an engine: what `handle` and its kin do.
struct matter {
    charter            rules;
    roster             who;
    proposal           p{};
    const proposal*    parent = nullptr;
    std::vector<event> events{};
    std::vector<std::pair<instant, effect_template>> effects{};

    explicit matter(charter c, roster r = people(), opening o = {}) : rules(std::move(c)), who(std::move(r)) {
        if (o.process.empty()) o.process = rules.processes().front().name;
        if (o.by.empty()) o.by = std::string(who.id(person{0}));
        if (o.at == instant{}) o.at = day(0);
        introduce(who, o);
        step_output out;
        const auto  no = open_proposal(p, "p-1", o, rules, around(), out).value();
        if (no) throw std::runtime_error(to_string(*no));
        keep(out);
    }
    explicit matter(const parts& text) : matter(load(text.text())) {}

    [[nodiscard]] surroundings around() const { return {who, parent}; }
    void keep(step_output& out) {
        events.insert(events.end(), out.events.begin(), out.events.end());
        effects.insert(effects.end(), out.effects.begin(), out.effects.end());
    }
    /// "" when accepted, else the refusal or the fault.
    std::string say(instant when, std::string_view text) { return take(line(when, text)); }
    std::string take(const command& c) {
        introduce(who, c);
        step_output out;
        auto        answer = handle(p, c, around(), out);
        if (!answer) return "fault: " + answer.error().what();
        keep(out);
        last = answer.value() ? *answer.value() : refusal{};
        return answer.value() ? to_string(*answer.value()) : std::string();
    }
    std::string pass(instant now) {
        step_output out;
        auto        done = pass_time(p, now, around(), out);
        keep(out);
        return done ? stage() : "fault: " + done.error().what();
    }
    /// Applies roster events at their time and lets the proposal follow.
    std::string change(roster_event e) {
        if (auto done = who.apply(e); !done) return done.error().what();
        step_output out;
        auto        done = follow_surroundings(p, e.at, around(), out);
        keep(out);
        return done ? std::string() : "fault: " + done.error().what();
    }
    [[nodiscard]] std::string stage() const { return p.now().name; }
    [[nodiscard]] explanation why(instant now, const viewer& v = viewer::host()) const { return explain(p, now, around(), v); }
    /// "approve", "-" for silent, "recused", "none" for somebody who doesn't count.
    [[nodiscard]] std::string ballot_of(std::string_view id) const {
        const auto found = who.find_person(id);
        for (const auto& v : p.voters) {
            if (!found || v.who != *found) continue;
            return v.recused ? "recused" : v.choice == 0 ? "-" : p.by->positions[v.choice - 1U].name;
        }
        return "none";
    }
    [[nodiscard]] names electorate() const {
        names all;
        for (const auto& v : p.voters) all.emplace_back(who.id(v.who));
        return all;
    }
    /// The state folded anew from the events.
    [[nodiscard]] proposal replayed() const {
        auto again = begin(p.id, events.front(), rules, who).value();
        for (std::size_t i = 1; i < events.size(); ++i) {
            const auto done = apply(again, events[i], who);
            if (!done) throw std::runtime_error(done.error().what());
        }
        again.due = next_instant(again, around());
        return again;
    }
    [[nodiscard]] bool replays() const {
        const auto again = replayed();
        return again.version == p.version && again.last == p.last &&
               to_json(explain(again, p.last, around())) == to_json(explain(p, p.last, around()));
    }

    refusal last{};  ///< of the last command
};

inline roster_event roster_change(instant when, roster_event_kind what, std::string id, std::string team = {}, std::string handle = {}) {
    roster_event e;
    e.at = when;
    e.what = what;
    e.who = std::move(id);
    e.team = std::move(team);
    e.handle = std::move(handle);
    return e;
}

inline bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace support
