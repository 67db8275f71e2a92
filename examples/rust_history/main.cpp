// Replays recorded decisions of the Rust project through a charter into a SQLite journal, and compares.
//
//     rust-history RECORDS CHARTER JOURNAL
//
// RECORDS has the form of tests/data/rust_fcp_histories.json. Exit code 0 when nothing contradicts its record, 1 when
// something does, 2 when it could not run.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <map>

#include <fmt/format.h>
#include <unistd.h>

#include <quorate/sqlite_journal.hpp>

#include "replay.hpp"

namespace {

using namespace rust_history;

struct colours {
    bool on = isatty(1) != 0 && std::getenv("NO_COLOR") == nullptr;
    [[nodiscard]] std::string operator()(std::string_view code, std::string_view text) const {
        return on ? fmt::format("\033[{}m{}\033[0m", code, text) : std::string(text);
    }
};

constexpr std::size_t width = 118;

std::string shortened(const std::string& s, std::size_t most) {
    return s.size() <= most ? s : s.substr(0, most - 3) + "...";
}

void show(const record& r, const replayed& x, const colours& paint) {
    fmt::print("\n{}  {}\n", paint("1", r.id), shortened(r.title, width - r.id.size()));
    fmt::print("  decides     {}\n", shortened(x.decides, width));
    for (std::size_t i = 0; i < x.lines.size(); ++i) {
        const auto& l = x.lines[i];
        auto        last = i;  // how it stood week after week is one line
        while (last + 1 < x.lines.size() && x.lines[last + 1].what == l.what && x.lines[last + 1].note == l.note) ++last;
        const auto note = l.note.empty() ? std::string() : "  | " + l.note;
        const auto until = last > i ? "until " + x.lines[last].date + ": " : std::string();
        const auto text = shortened(until + l.what + note, width);
        fmt::print("  {:<10}  {}\n", l.date, l.wrong ? paint("31", text) : text);
        i = last;
    }
    for (const auto& s : x.supposed) fmt::print("  supposing   {}\n", shortened(s, width));
    if (x.found == finding::not_checkable) fmt::print("  {}  missing: {}\n", paint("33", "not checkable"), shortened(x.missing, width));
    if (x.found == finding::contradicts) fmt::print("  {}\n", paint("31", "contradicts its record"));
}

/// The account of one decision that the record leaves open: who is missing, what would be enough, when time alone matters.
void account(const std::vector<record>& records, const std::vector<replayed>& all, const quorate::engine& engine, const colours& paint) {
    const replayed* chosen = nullptr;
    const record*   of = nullptr;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!all[i].undecided || all[i].proposal.empty()) continue;
        const auto* p = engine.get(all[i].proposal);
        if (p->open_concerns() > 0 && chosen != nullptr) continue;
        if (chosen != nullptr && engine.get(chosen->proposal)->open_concerns() == 0) continue;
        chosen = &all[i];
        of = &records[i];
    }
    if (chosen == nullptr) return;
    const auto* p = engine.get(chosen->proposal);
    fmt::print("\n{}\n", paint("1", "An undecided one: " + of->id));
    const auto e = engine.explain(chosen->proposal, p->last).value();
    fmt::print("{}", to_string(e));
    const auto& stages = p->by->stages;
    const auto  later = p->by->stage_named("fcp");
    if (!e.next && later && !stages[*later].exits.empty())
        for (const auto& x : stages[*later].exits)
            if (x.by == quorate::trigger::after) {
                fmt::print("  {:<12} nothing until the rule holds; from then on {}, when nobody objects\n", "by time", quorate::to_string(x.length));
                break;
            }
}

int run(const std::string& file, const std::string& charter_file, const std::string& db) {
    const auto records = read_records(file);
    auto       charter = quorate::load_charter_file(charter_file).value();
    auto       engine = quorate::engine(charter, roster_of(records), quorate::open_sqlite_journal(db).value());
    const colours paint;

    fmt::print("{} decisions from {}, by process \"fcp\" of {}, into {}\n", records.size(), file, charter_file, db);
    std::vector<replayed> all;
    for (const auto& r : records) {
        all.push_back(replay(r, engine));
        show(r, all.back(), paint);
    }
    account(records, all, engine, paint);

    std::size_t as_recorded = 0, contradicting = 0, checks = 0, supposing = 0;
    for (const auto& x : all) {
        as_recorded += x.found == finding::as_recorded ? 1U : 0U;
        contradicting += x.found == finding::contradicts ? 1U : 0U;
        supposing += x.found == finding::as_recorded && !x.supposed.empty() ? 1U : 0U;
        checks += static_cast<std::size_t>(x.checks);
    }
    fmt::print("\n{}\n", paint("1", "Totals"));
    fmt::print("  {:>4}  decisions replayed, {} comparisons with the record\n", as_recorded + contradicting, checks);
    fmt::print("  {:>4}  {} ({} of them supposing a fact that the record lacks, named above)\n", as_recorded, paint("32", "as recorded"), supposing);
    fmt::print("  {:>4}  {}\n", contradicting, contradicting == 0 ? "contradicting" : paint("31", "contradicting"));
    fmt::print("  {:>4}  not checkable, with the missing fact named:\n", all.size() - as_recorded - contradicting);
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].found == finding::not_checkable) fmt::print("        {:<34} {}\n", records[i].id, shortened(all[i].missing, 76));
    return contradicting == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        fmt::print(stderr, "usage: rust-history RECORDS CHARTER JOURNAL\n");
        return 2;
    }
    try {
        return run(argv[1], argv[2], argv[3]);
    } catch (const std::exception& e) {
        fmt::print(stderr, "rust-history: {}\n", e.what());
        return 2;
    }
}
