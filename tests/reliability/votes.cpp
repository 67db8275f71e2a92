// What the engine promises of one journal that many use at once: a vote counts once, and what is erased is gone and changes nothing.
#include <array>
#include <fstream>
#include <iterator>

#include <quorate/engine.hpp>

#include "trial.hpp"

namespace trial {
namespace {

constexpr std::string_view vote_rules = R"({ "title": "Trial", "processes": {
    "vote": { "electorate": { "of": "everyone", "taken": "at open" }, "positions": { "yes": {}, "no": {} },
        "stages": { "open": { "phase": "review", "allow": { "cast": "electorate", "withdraw": "author" },
                    "exits": [ { "on": "withdraw", "to": "withdrawn" }, { "when": "yes >= 9", "to": "accepted" } ] } } },
    "motion": { "electorate": { "of": "everyone", "taken": "at open" }, "positions": { "yes": {}, "no": {} },
        "stages": { "open": { "phase": "review", "allow": { "cast": "electorate", "withdraw": "author" },
                    "exits": [ { "on": "withdraw", "to": "withdrawn" }, { "when": "yes >= 5", "to": "accepted" } ] } } } } })";
constexpr std::size_t voters = 8;

engine open_engine(const std::string& path) {
    return engine::make(load_charter(vote_rules).value(), eight_people(), open_sqlite_journal(path).value()).value();
}
std::size_t cast_by(const proposal& p) {
    std::size_t n = 0;
    for (const auto& v : p.voters) n += v.choice != 0;
    return n;
}

/// What happens to be in the files of a journal.
std::size_t occurrences(const std::string& folder, std::string_view word) {
    std::size_t n = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::ifstream     in(entry.path(), std::ios::binary);
        const std::string all{std::istreambuf_iterator<char>(in), {}};
        for (auto at = all.find(word); at != std::string::npos; at = all.find(word, at + 1)) ++n;
    }
    return n;
}

}  // namespace

roster eight_people() {
    roster_document d;
    for (std::size_t i = 0; i < voters; ++i) {
        person_info p;
        p.id = "v" + std::to_string(i);
        d.people.push_back(std::move(p));
    }
    return make_roster(std::move(d)).value();
}

/// S3. Processes that all vote for one person, with keys of their own, and processes that all send one command: one vote, one event.
int votes(const options& o) {
    report                 out("votes", o);
    const memory_directory dir;
    const auto             each = o.number("votes", 40), processes = o.number("processes", 8);
    std::string            id;
    {
        auto e = open_engine(dir.file());
        id = e.open({.process = "vote", .by = "v0", .at = at("2026-03-01"), .key = "open"}).value();
    }
    const auto at_once = [&](const std::function<command(std::uint64_t, std::uint64_t)>& what) {
        std::vector<int> pids;
        for (std::uint64_t w = 0; w < processes; ++w)
            pids.push_back(start_process([&, w] {
                auto e = open_engine(dir.file());
                for (std::uint64_t i = 0; i < each; ++i)
                    if (e.submit(id, what(w, i)).failed()) return 1;
                return 0;
            }));
        for (const auto pid : pids) out.check(wait_for(pid) == 0, "a process failed");
    };
    // Of one person, as many votes as there are processes and rounds.
    at_once([](std::uint64_t w, std::uint64_t i) {
        return command(cast{.by = "v1", .position = "yes", .at = at("2026-03-02"), .key = "w" + std::to_string(w) + "-" + std::to_string(i)});
    });
    const auto events_of = [&](std::string_view by) {
        sqlite_journal j{dir.file()};
        std::size_t    n = 0;
        for (const auto& s : journal_support::all_of(j, id)) n += s.what.by == by && s.what.kind == event_kind::acted;
        return n;
    };
    out.check(events_of("v1") == 1, std::to_string(events_of("v1")) + " votes of one person are stored");
    // One command, sent again and again.
    at_once([](std::uint64_t, std::uint64_t) { return command(cast{.by = "v2", .position = "no", .at = at("2026-03-03"), .key = "one"}); });
    out.check(events_of("v2") == 1, std::to_string(events_of("v2")) + " events of one command are stored");
    // Control: votes of several people are as many as people; were votes lost rather than recognised, these would be.
    at_once([](std::uint64_t w, std::uint64_t i) {
        return command(cast{.by = "v" + std::to_string(w % voters), .position = i % 2 == 0 ? "no" : "yes", .at = at("2026-03-04"), .key = "c" + std::to_string(w) + "-" + std::to_string(i)});
    });
    auto e = open_engine(dir.file());
    out.check(cast_by(*e.get(id)) == std::min<std::size_t>(voters, processes), "control: not everybody's vote counts");
    out.check(events_of("v3") >= std::min<std::uint64_t>(each, 2), "control: changed votes were not stored");
    out.activity("votes of one person", processes * each, processes * 2);
    out.activity("times one command was sent", processes * each, processes * 2);
    return out.finish();
}

/// S6. What a person wrote is erased: nothing of it is left in any file, the chain holds, and what was decided stays decided.
int erase(const options& o) {
    report                   out("erase", o);
    constexpr std::string_view word = "canary-of-somebody-who-wants-to-be-forgotten";
    std::uint64_t            erased = 0, found_before = 0;
    const auto               rounds = o.number("rounds", 5);
    for (std::uint64_t round = 0; round < rounds; ++round) {
        const memory_directory dir;
        auto                   e = open_engine(dir.file());
        const auto             id = e.open({.process = "motion", .by = "v0", .title = "about " + std::string(word), .at = at("2026-03-01"), .key = "open"}).value();
        for (std::size_t i = 0; i < voters; ++i)
            (void)e.submit(id, cast{.by = "v" + std::to_string(i), .position = i % 3 == 0 ? "no" : "yes", .reason = std::string(word) + " says why", .at = at("2026-03-02"), .key = "k" + std::to_string(i)});
        const auto tally = [](engine& of, const std::string& which) {
            std::string s;
            for (const auto& v : of.get(which)->voters) s += static_cast<char>('0' + v.choice);
            return s;
        };
        const auto before = tally(e, id);
        found_before += occurrences(dir.path(), word);
        std::vector<std::uint64_t> all;
        {
            sqlite_journal j{dir.file()};
            for (const auto& s : journal_support::all_of(j, id))
                if (!s.what.text.empty()) all.push_back(s.seq);
            const auto kept = engine::compact(j);  // which says nothing of what people wrote
            out.check(kept && kept.value().at_rest == 1, "no snapshot with the motion at rest");
            const auto done = j.erase_texts(all, "v0", at("2026-03-05"));
            out.check(done.has_value(), "erasing fails");
            erased += all.size();
            const auto copied = j.backup_to(dir.file("copy.db"));
            out.check(copied.has_value(), "no copy");
            std::ofstream lines(dir.file("export.jsonl"));
            out.check(j.export_lines(lines).has_value(), "no export");
            const auto sound = j.verify();
            out.check(sound && sound.value().sound(), "the chain is broken");
            const auto derived = engine::check_snapshot(j);
            out.check(derived && derived.value() && derived.value()->fault.empty(), "the snapshot is not what the events give");
            const auto left = engine::compact(j);
            out.check(left && left.value().at_rest == 1, "no snapshot of what is left");
        }
        const auto left = occurrences(dir.path(), word);
        out.check(left == 0, std::to_string(left) + " times it is still in a file");
        auto again = open_engine(dir.file());
        out.check(tally(again, id) == before, "the tally changed");
        auto copy = open_engine(dir.file("copy.db"));
        out.check(tally(copy, id) == before, "the tally of the copy changed");
    }
    out.check(found_before >= rounds, "control: it was nowhere before it was erased");
    out.activity("texts erased", erased, rounds * voters);
    out.activity("occurrences before", found_before, rounds);
    return out.finish();
}

}  // namespace trial
