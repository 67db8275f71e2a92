// Random and exhaustive sequences of commands under examples/charters/rust.json, against a second telling of how rfcbot decides
// that shares no line with the library: a few sets and a date, written from the tables of rust-lang/rfcbot-rs.
// QUORATE_SEQUENCES says how many random sequences, QUORATE_DEPTH how deep all sequences of small teams are tried.
#include <doctest/doctest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <set>

#include "effort.hpp"
#include "journal_support.hpp"
#include "support.hpp"

using namespace support;

namespace {

using journal_support::dice;

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* given = std::getenv(name);
    return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

/// rfcbot as its sources tell it: a row per proposal, a row per reviewer, a row per concern.
struct bot {
    std::set<std::string>              team, everybody;  ///< as of now
    std::string                        state = "discussion";
    bool                               closed = false;        ///< the issue
    std::string                        disposition{};
    std::set<std::string>              reviewers{}, reviewed{};
    std::map<std::string, std::string> concerns{};  ///< active: name, initiator
    std::set<std::string>              used{};      ///< names are never used twice
    std::optional<instant>             start{};     ///< of the final comment period

    bool over() const { return state != "discussion" && state != "pending" && state != "fcp"; }
    /// evaluate_pendings, evaluate_ffcps
    void evaluate(instant now) {
        if (state == "fcp" && !concerns.empty()) {
            state = "pending";
            start.reset();
        }
        if (state == "fcp" && now >= *start + std::chrono::days{10}) end();
        if (state == "pending" && closed) forget();
        const auto outstanding = reviewers.size() - reviewed.size();
        if (state == "pending" && concerns.empty() && outstanding < reviewed.size() && outstanding < 3) {
            state = "fcp";
            start = now;
        }
    }
    /// The row is deleted, and what hangs on it.
    void forget() {
        state = "discussion";
        disposition.clear();
        reviewers.clear();
        reviewed.clear();
        concerns.clear();
        used.clear();
        start.reset();
    }
    void end() { state = disposition == "merge" ? "accepted" : disposition == "postpone" ? "postponed" : "rejected"; }
    /// A period that was over before `now` has ended; one that is over at this very instant ends after what is said at it.
    void time(instant now) {
        if (state == "fcp" && now > *start + std::chrono::days{10}) end();
    }
    /// Whether the bot does as it is told.
    bool take(const command& c) {
        time(c.at);
        const bool member = team.contains(c.by);
        switch (c.what) {
            case act::propose:
                // With teams named: members of any team, to merge only. Without: members of the labelled team.
                if (state != "discussion" || !(c.names.empty() ? member : c.subject == "merge" && everybody.contains(c.by))) return false;
                state = "pending";
                disposition = c.subject;
                reviewers = team;
                if (reviewers.contains(c.by)) reviewed.insert(c.by);
                break;
            case act::cast:
                if (!c.on_behalf_of.empty()) {  // a box is ticked: whoever does it, while it is pending
                    if (state != "pending" || !reviewers.contains(c.on_behalf_of) || reviewed.contains(c.on_behalf_of)) return false;
                    reviewed.insert(c.on_behalf_of);
                    break;
                }
                if ((state != "pending" && state != "fcp") || !member || !reviewers.contains(c.by) || reviewed.contains(c.by)) return false;
                reviewed.insert(c.by);
                break;
            case act::raise:
                if ((state != "pending" && state != "fcp") || !member || used.contains(c.subject)) return false;
                concerns.emplace(c.subject, c.by);
                used.insert(c.subject);
                break;
            case act::resolve: {
                const auto found = concerns.find(c.subject);
                if (state != "pending" || !member || found == concerns.end() || found->second != c.by) return false;
                concerns.erase(found);
                break;
            }
            case act::cancel:
                if ((state != "pending" && state != "fcp") || !member) return false;
                forget();
                break;
            case act::reconsider: case act::revive:  // what the bot calls "cancel", once it is over
                if (!over() || !member || (c.what == act::revive) != (state == "postponed")) return false;
                forget();
                break;
            case act::fact: closed = *c.truth; break;
            default: return false;
        }
        evaluate(c.at);
        return true;
    }

    [[nodiscard]] std::string picture() const {
        std::string s = state + " " + disposition;
        if (state == "fcp") s += " since " + to_string(*start);
        if (over()) return s;
        for (const auto& who : reviewers) s += " " + who + (reviewed.contains(who) ? "+" : "-");
        for (const auto& [name, who] : concerns) s += " !" + name + " by " + who;
        return s;
    }
};

/// The same picture of what the library made.
std::string picture(const matter& m) {
    const auto& p = m.p;
    std::string s = m.stage() + " " + (p.disposition ? p.by->dispositions[*p.disposition] : "");
    if (m.stage() == "fcp") s += " since " + to_string(p.entered);
    if (p.outcome()) return s;
    std::map<std::string, bool> voters;
    for (const auto& v : p.voters) voters[std::string(m.who.id(v.who))] = v.choice != 0;
    for (const auto& [who, chose] : voters) s += " " + who + (chose ? "+" : "-");
    std::map<std::string, std::string> concerns;
    for (const auto& c : p.concerns)
        if (c.state == concern_state::open) concerns[c.name] = std::string(m.who.id(c.raiser));
    for (const auto& [name, who] : concerns) s += " !" + name + " by " + who;
    return s;
}

const charter& rust() {
    static const charter c = load_charter_file(charters + "rust.json").value();
    return c;
}

std::string number(const char* letter, std::uint64_t i) { return letter + std::to_string(i); }

/// A team of `size`, m1 ...; x1 is of another team; guest is of none, and not in the roster.
struct pair_of_two {
    matter library;
    bot    other;

    static roster people_of(std::uint64_t size) {
        std::string all = R"("x1": {}, "spare": {})", team;
        for (std::uint64_t i = 1; i <= size; ++i) {
            all += ", \"" + number("m", i) + "\": {}";
            team += (team.empty() ? "\"" : ", \"") + number("m", i) + "\"";
        }
        const auto everybody = team + (team.empty() ? "" : ", ") + R"("x1", "spare")";
        return load_roster(R"({"people": {)" + all + R"(}, "teams": {"t": {"members": [)" + team + R"(]}, "all": {"members": [)" + everybody + "]}}}").value();
    }
    pair_of_two(std::uint64_t size, const std::string& author)
        : library(rust(), people_of(size), {.process = "fcp", .by = author, .teams = {"t"}}), other{{}, {"x1", "spare"}} {
        for (std::uint64_t i = 1; i <= size; ++i) {
            other.team.insert(number("m", i));
            other.everybody.insert(number("m", i));
        }
    }
    /// "" when both answer alike and stand alike.
    std::string take(const command& c) {
        const auto says = library.take(c);
        const bool does = other.take(c);
        if (says.empty() != does) return "the library says \"" + says + "\", the bot " + (does ? "does it" : "doesn't") + compare();
        return compare();
    }
    std::string pass(instant now) {
        library.pass(now);
        other.time(now);
        other.evaluate(now);
        return compare();
    }
    std::string change(roster_event_kind what, const std::string& who, instant now) {
        const bool joins = what == roster_event_kind::join;
        const bool possible = other.team.contains(who) != joins;
        library.pass(now - tick);
        const auto says = library.change(roster_change(now, what, who, "t"));
        if (says.empty() != possible) return "the roster says \"" + says + "\"";
        other.time(now);
        if (!possible) return compare();
        if (joins) other.team.insert(who);
        else other.team.erase(who);
        if (!other.over()) other.evaluate(now);
        return compare();
    }
    [[nodiscard]] std::string compare() const {
        const auto a = picture(library), b = other.picture();
        return a == b ? std::string() : "\n  library: " + a + "\n  bot:     " + b;
    }
};

struct tally_of_runs {
    std::uint64_t sequences = 0, failed = 0, commands = 0, accepted = 0;
    std::map<std::string, std::uint64_t> ends{};
};

command ask(act what, std::string by, std::string subject, instant when) { return {.what = what, .by = std::move(by), .subject = std::move(subject), .at = when}; }

/// One random sequence; returns how the two first differ, with everything that led there.
std::string random_sequence(dice& d, tally_of_runs& all) {
    const auto        size = d.below(7);
    const auto        someone = [&] { return d.chance(12) ? "x1" : d.chance(20) ? "guest" : number("m", 1 + d.below(std::max<std::uint64_t>(size, 1))); };
    const auto        name = [&] { return number("c", d.below(3)); };
    pair_of_two       both(size, d.chance(3) || size == 0 ? "x1" : "m1");
    std::string       told = "team of " + std::to_string(size);
    instant           now = day(0);
    const auto        steps = 4 + d.below(24);
    for (std::uint64_t i = 0; i < steps; ++i) {
        // Often to the very instant at which a period is over, or a tick beside it.
        const auto until_end = both.other.start ? *both.other.start + std::chrono::days{10} : now;
        if (d.chance(4) && until_end > now) now = until_end + (d.chance(2) ? duration{0} : d.chance(2) ? tick : -tick);
        else now += hour * static_cast<int>(d.below(30));
        const auto before = both.other.state;
        std::string differs, did;
        const auto kind = d.below(26);
        if (kind < 3) {
            now = std::max(now, both.library.p.last);
            const auto joins = d.chance(2);
            const auto who = d.chance(3) ? std::string("spare") : number("m", 1 + d.below(std::max<std::uint64_t>(size, 1)));
            did = (joins ? "join " : "leave ") + who;
            if (who != "spare" && size == 0) continue;
            differs = both.change(joins ? roster_event_kind::join : roster_event_kind::leave, who, now);
        } else if (kind == 3) {
            did = "time";
            differs = both.pass(now);
        } else if (kind == 4) {
            command c = ask(act::fact, "", "issue_closed", now);
            c.truth = d.chance(2);
            did = to_json(c);
            differs = both.take(c);
        } else {
            static constexpr std::array<act, 23> deeds{act::cast, act::cast, act::cast, act::cast, act::cast, act::cast, act::cast, act::cast, act::raise, act::raise, act::raise,
                                                       act::resolve, act::resolve, act::resolve, act::resolve, act::propose, act::propose, act::propose, act::propose, act::cancel,
                                                       act::reconsider, act::revive, act::hold};
            auto what = deeds[d.below(deeds.size())];
            if (both.other.over() && d.chance(2)) what = before == "postponed" ? act::revive : act::reconsider;
            if (before == "discussion" && d.chance(2)) what = act::propose;
            const auto subject = what == act::cast ? "approve" : what == act::propose ? std::string(d.chance(2) ? "merge" : d.chance(2) ? "close" : "postpone")
                                 : what == act::raise || what == act::resolve ? name() : std::string();
            const auto by = what == act::resolve && both.other.concerns.contains(subject) && d.chance(2) ? both.other.concerns.at(subject) : someone();
            auto       c = ask(what, by, subject, now);
            if (what == act::propose && d.chance(3)) c.names = {"t"};
            if (what == act::cast && d.chance(8)) c.on_behalf_of = number("m", 1 + d.below(std::max<std::uint64_t>(size, 1)));
            if (c.on_behalf_of == by) c.on_behalf_of.clear();
            did = to_json(c);
            const auto events = both.library.events.size();
            differs = both.take(c);
            all.accepted += both.library.events.size() > events ? 1 : 0;
        }
        ++all.commands;
        told += "\n  " + to_string(now) + " " + did + "  -> " + both.other.state;
        if (!differs.empty()) return told + "\n" + differs;
        if (before != both.other.state && both.other.over()) ++all.ends[both.other.state];
    }
    // Left alone, both come to the same end.
    now += std::chrono::days{400};
    if (const auto differs = both.pass(now); !differs.empty()) return told + "\n  at last\n" + differs;
    if (!both.library.replays()) return told + "\n  the events don't give the state again";
    return {};
}

/// All sequences of that many acts, by a team of `size`.
void every_sequence(const pair_of_two& from, std::uint64_t size, std::uint64_t depth, instant now, tally_of_runs& all, std::string& first) {
    if (depth == 0) {
        ++all.sequences;
        return;
    }
    std::vector<command> deeds;
    for (std::uint64_t i = 1; i <= size; ++i) deeds.push_back(ask(act::cast, number("m", i), "approve", now));
    const auto last = number("m", size);
    deeds.push_back(ask(act::propose, "m1", "merge", now));
    deeds.push_back(ask(act::raise, "m1", "a", now));
    deeds.push_back(ask(act::raise, last, "b", now));
    deeds.push_back(ask(act::resolve, "m1", "a", now));
    deeds.push_back(ask(act::resolve, last, "b", now));
    deeds.push_back(ask(act::cancel, last, "", now));
    for (std::size_t i = 0; i <= deeds.size(); ++i) {
        auto       next = from;
        const auto wait = i == deeds.size() ? now + std::chrono::days{10} : now;
        const auto differs = i == deeds.size() ? next.pass(wait) : next.take(deeds[i]);
        ++all.commands;
        if (!differs.empty()) {
            ++all.failed;
            if (first.empty()) first = "team of " + std::to_string(size) + ", last " + (i == deeds.size() ? "time" : to_json(deeds[i])) + differs;
            continue;
        }
        every_sequence(next, size, depth - 1, wait + hour, all, first);
    }
}

}  // namespace

TEST_CASE("oracle: random sequences of commands, roster changes and waits end as rfcbot's own rules say") {
    const auto    seed = setting("QUORATE_SEED", 20260301);
    const auto    wanted = setting("QUORATE_SEQUENCES", effort(4'000));
    dice          d{seed};
    tally_of_runs all;
    for (; all.sequences < wanted; ++all.sequences) {
        const auto differs = random_sequence(d, all);
        if (differs.empty()) continue;
        if (++all.failed <= 3) MESSAGE(differs);
    }
    std::cout << "oracle: " << all.sequences - all.failed << " passed, " << all.failed << " failed; seed " << seed << "; " << all.commands
              << " commands, " << all.accepted << " of them accepted\n";
    CHECK(all.failed == 0);
    CHECK(all.accepted > all.commands / 6);  // or nothing was tested
    for (const auto* end : {"accepted", "rejected", "postponed"}) CHECK(all.ends[end] > wanted / 200);
}

TEST_CASE("oracle: every sequence of commands of teams of up to four ends as rfcbot's own rules say") {
    const auto    depth = setting("QUORATE_DEPTH", effort_divisor > 1 ? 3 : 4);
    tally_of_runs all;
    std::string   first;
    for (std::uint64_t size = 1; size <= 4; ++size) {
        pair_of_two start(size, "m1");
        REQUIRE(start.take(ask(act::propose, "m1", "merge", day(0))).empty());
        every_sequence(start, size, depth, day(0, hour), all, first);
    }
    std::cout << "oracle: " << all.sequences << " passed, " << all.failed << " failed; all sequences of " << depth << " acts after the proposal, "
              << all.commands << " commands\n";
    CHECK_MESSAGE(all.failed == 0, first);
    CHECK(all.sequences > effort(1'000));
}

TEST_CASE("oracle: it can tell: a bot that forgets one ballot, or one day, differs") {
    for (const bool day_early : {false, true}) {
        pair_of_two both(5, "m1");
        REQUIRE(both.take(ask(act::propose, "m1", "merge", day(1))).empty());
        REQUIRE(both.take(ask(act::cast, "m2", "approve", day(1))).empty());
        if (!day_early) both.other.reviewed.erase("m2");
        else REQUIRE(both.take(ask(act::cast, "m3", "approve", day(1))).empty());
        if (day_early) both.other.start = *both.other.start - std::chrono::days{1};
        const auto differs = day_early ? both.pass(day(10)) : both.take(ask(act::cast, "m3", "approve", day(2)));
        CHECK_FALSE(differs.empty());
    }
}
