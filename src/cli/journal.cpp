// journal: looking after a journal file.
#include <fstream>
#include <iostream>

#include <fmt/format.h>

#include <quorate/engine.hpp>
#include <quorate/scenario.hpp>
#include <quorate/sqlite_journal.hpp>

#include "cli.hpp"
#include "json.hpp"

namespace quorate::cli {
namespace {

using opened_journal = std::unique_ptr<sqlite_journal>;

struct journal_flags {
    std::string db{}, known{}, from = "-", to = "-";
    std::vector<std::uint64_t> seqs{};
    std::string                proposal{}, person{}, by{}, at{};
    bool                       forget = false;
};

result<opened_journal> opened(const std::string& path, bool create) {
    sqlite_options how;
    how.create = create;
    return open_sqlite_journal(path, how);
}

std::string text_of(const checkpoint& c) { return fmt::format("{}:{}", c.seq, c.hash); }

/// "42:1f0c...": what `journal checkpoint` prints.
result<std::optional<checkpoint>> checkpoint_from(const std::string& text) {
    if (text.empty()) return std::optional<checkpoint>();
    const auto    colon = text.find(':');
    checkpoint    c;
    constexpr std::size_t most_digits = 18, hash_length = 64;
    const auto    digits = text.substr(0, colon);
    const bool    number = colon != std::string::npos && !digits.empty() && digits.size() <= most_digits &&
                        digits.find_first_not_of("0123456789") == std::string::npos;
    if (number) c.hash = text.substr(colon + 1);
    if (!number || c.hash.size() != hash_length || c.hash.find_first_not_of("0123456789abcdef") != std::string::npos)
        return make_error(errc::invalid, json_text::in_quotes(text) + " is no checkpoint", "--known", "what 'quorate journal checkpoint' printed");
    c.seq = std::stoull(digits);
    return std::optional(std::move(c));
}

void checkpoint_fields(json_text::json_out& out, const checkpoint& c) { out.object().field("seq", c.seq).field("hash", c.hash).end(); }

int report_done(const session& s, std::string_view what, const std::string& where) {
    json_text::json_out out;
    if (s.json) s.print_json(std::move(out.object().field(what, where).end()));
    else s.print(fmt::format("{} {}\n", what, where));
    return fine;
}

int verify(const session& s, const journal_flags& o) {
    const auto known = checkpoint_from(o.known);
    if (!known) return s.fail(known.error());
    const auto j = opened(o.db, false);
    // That it is broken is what was to be found out.
    if (!j) return s.fail(j.error(), j.error().code == errc::damaged ? findings : unusable);
    const auto report = j.value()->verify(known.value());
    if (!report) return s.fail(report.error(), report.error().code == errc::damaged ? findings : unusable);
    const auto& r = report.value();
    // What is derived from events that aren't those that were written is worth nothing.
    const auto derived = r.sound() ? engine::check_snapshot(*j.value()) : result<std::optional<snapshot_check>>(std::nullopt);
    if (!derived) return s.fail(derived.error());
    const auto& snap = derived.value();
    if (s.json) {
        json_text::json_out out;
        checkpoint_fields(out.object().field("sound", r.sound()).key("head"), r.head);
        out.field("texts", r.texts).field("erased", r.erased);
        if (snap) out.key("snapshot").object().field("as_of", snap->as_of).field("fault", snap->fault).end();
        if (r.fault)
            out.key("fault").object().field("seq", r.fault->seq).field("stream", r.fault->stream).field("what", r.fault->what).end();
        s.print_json(std::move(out.end()));
    } else if (r.sound()) {
        s.print(fmt::format("{}  {} events, {} texts, {} erased\n{}\n", paint(ink::good, "sound"), r.head.seq, r.texts, r.erased,
                            text_of(r.head)));
        if (snap && snap->fault.empty()) s.print(fmt::format("its snapshot, as of event {}, is what the events give\n", snap->as_of));
        if (snap && !snap->fault.empty())
            s.print(fmt::format("{}  its snapshot, as of event {}: {}\nnothing is lost: 'quorate journal compact {}' derives it anew\n",
                                paint(ink::bad, "not to be used"), snap->as_of, snap->fault, o.db));
    } else {
        s.print(fmt::format("{}  event {}{}: {}\nsound up to {}\n", paint(ink::bad, "broken"), r.fault->seq,
                            r.fault->stream.empty() ? "" : " of " + r.fault->stream, r.fault->what, text_of(r.head)));
    }
    return r.sound() && (!snap || snap->fault.empty()) ? fine : findings;
}

int compact(const session& s, const journal_flags& o) {
    const auto j = opened(o.db, false);
    if (!j) return s.fail(j.error());
    if (o.forget) {
        const auto done = j.value()->keep_snapshot(0, {});
        return done ? report_done(s, "without a snapshot", o.db) : s.fail(done.error());
    }
    const auto kept = engine::compact(*j.value());
    if (!kept) return s.fail(kept.error());
    const auto& c = kept.value();
    if (s.json) {
        json_text::json_out out;
        out.object().field("as_of", c.as_of).field("proposals", c.proposals).field("at_rest", c.at_rest).field("bytes", c.bytes);
        s.print_json(std::move(out.end()));
    } else {
        s.print(fmt::format("a snapshot as of event {}: {} of {} proposals are at rest, {} bytes; every event is still there\n", c.as_of,
                            c.at_rest, c.proposals, c.bytes));
    }
    return fine;
}

int show_checkpoint(const session& s, const journal_flags& o) {
    const auto j = opened(o.db, false);
    if (!j) return s.fail(j.error());
    const auto c = j.value()->current_checkpoint();
    if (!c) return s.fail(c.error());
    json_text::json_out out;
    checkpoint_fields(out, c.value());
    if (s.json) s.print_json(std::move(out));
    else s.print(text_of(c.value()) + "\n");
    return fine;
}

int export_to(const session& s, const journal_flags& o) {
    const auto j = opened(o.db, false);
    if (!j) return s.fail(j.error());
    if (o.to == "-") {
        if (const auto done = j.value()->export_lines(std::cout); !done) return s.fail(done.error());
        std::cout.flush();
        return std::cout ? fine : s.fail(make_error(errc::io, "could not be written", "standard output"));
    }
    if (std::ifstream(o.to).good()) return s.fail(make_error(errc::conflict, "exists already and is left alone", o.to));
    std::ofstream out(o.to, std::ios::binary);
    if (!out) return s.fail(make_error(errc::io, "can't be made", o.to));
    if (const auto done = j.value()->export_lines(out); !done) return s.fail(done.error());
    out.close();
    return out ? report_done(s, "written", o.to) : s.fail(make_error(errc::io, "could not be written", o.to));
}

int import_from(const session& s, const journal_flags& o) {
    std::ifstream file;
    if (o.from != "-") {
        file.open(o.from, std::ios::binary);
        if (!file) return s.fail(make_error(errc::not_found, "can't be opened", o.from));
    }
    const auto j = opened(o.db, true);
    if (!j) return s.fail(j.error());
    const auto done = o.from == "-" ? j.value()->import_lines(std::cin, "standard input") : j.value()->import_lines(file, o.from);
    if (!done) return s.fail(done.error());
    return report_done(s, "imported", o.db);
}

int backup(const session& s, const journal_flags& o) {
    const auto j = opened(o.db, false);
    if (!j) return s.fail(j.error());
    if (const auto done = j.value()->backup_to(o.to); !done) return s.fail(done.error());
    return report_done(s, "written", o.to);
}

/// The events whose texts are to go: those numbered; else those of a proposal, of a person, or of that person in that proposal.
result<std::vector<std::uint64_t>> texts_meant(sqlite_journal& j, const journal_flags& o) {
    if (o.seqs.empty() == (o.proposal.empty() && o.person.empty()))
        return make_error(errc::invalid, "say what to erase", "redact", "numbers of events, or --proposal and --person");
    if (!o.seqs.empty()) return o.seqs;
    std::vector<std::uint64_t> found;
    bool                       known = false;
    const auto                 read = j.read(o.proposal, 0, [&](const stored_event& s) {
        const bool document = s.what.kind == event_kind::document || s.what.kind == event_kind::roster;
        const bool meant = !document && (o.person.empty() || s.what.by == o.person);
        known = known || meant;
        if (meant && !s.what.text.empty()) found.push_back(s.seq);
        return true;
    });
    if (!read) return read.error();
    if (!known)
        return make_error(errc::not_found, "the journal has no event " + (o.person.empty() ? "" : "by " + json_text::in_quotes(o.person)) +
                                               (o.proposal.empty() ? "" : " of proposal " + json_text::in_quotes(o.proposal)),
                          o.db, "ids, letter by letter: 'quorate journal export' shows them");
    return found;
}

constexpr std::string_view beyond_redaction =
    "Not covered: backups, exports and copies made before, unused blocks of the disk, and what was sent elsewhere. Persons' ids\n"
    "and handles, subjects, names of concerns and the like are no free text and stay: decisions rest on them.\n";

int redact(const session& s, const journal_flags& o) {
    const auto at = moment_from(o.at);
    if (!at) return s.fail(at.error());
    const auto j = opened(o.db, false);
    if (!j) return s.fail(j.error());
    const auto before = j.value()->verify();
    if (!before) return s.fail(before.error());
    if (!before.value().sound())
        return s.fail(make_error(errc::damaged, "the journal is not what was written; nothing is erased", o.db, "quorate journal verify " + o.db),
                      findings);
    const auto meant = texts_meant(*j.value(), o);
    if (!meant) return s.fail(meant.error());
    // Even when nothing is left to erase: what an earlier try left in the log goes now.
    if (const auto done = j.value()->erase_texts(meant.value(), o.by, at.value()); !done) return s.fail(done.error());
    const auto after = j.value()->verify();
    if (!after) return s.fail(after.error());
    const auto erased = after.value().erased - before.value().erased;
    if (s.json) {
        json_text::json_out out;
        out.object().field("erased", erased).field("left", after.value().texts).field("sound", after.value().sound());
        checkpoint_fields(out.key("head"), after.value().head);
        s.print_json(std::move(out.end()));
    } else {
        s.print(fmt::format("erased {} texts, {} are left; the journal is {}\n{}", erased, after.value().texts,
                            after.value().sound() ? "sound" : "BROKEN", beyond_redaction));
    }
    return after.value().sound() ? fine : findings;
}

int to_scenario(const session& s, const journal_flags& o) {
    const auto j = opened(o.db, false);
    if (!j) return s.fail(j.error());
    const auto text = scenario_from(*j.value(), o.proposal);
    if (!text) return s.fail(text.error(), text.error().code == errc::unsupported ? findings : unusable);
    if (o.to == "-") {
        std::cout << text.value();
        return std::cout ? fine : s.fail(make_error(errc::io, "could not be written", "standard output"));
    }
    if (std::ifstream(o.to).good()) return s.fail(make_error(errc::conflict, "exists already and is left alone", o.to));
    std::ofstream out(o.to, std::ios::binary);
    out << text.value();
    out.close();
    return out ? report_done(s, "written", o.to) : s.fail(make_error(errc::io, "could not be written", o.to));
}

}  // namespace

result<std::unique_ptr<journal>> open_journal(const std::string& path, bool create) {
    auto j = opened(path, create);
    if (!j) return j.error();
    return std::unique_ptr<journal>(std::move(j.value()));
}

void add_journal(command_group to) {
    auto o = std::make_shared<journal_flags>();
    auto group = to.add_group("journal", "Looks after a journal: verify, compact, export, import, checkpoint, backup, to-scenario, redact",
                              "quorate journal verify decisions.db");
    const auto add = [&](const char* name, const char* what, const char* example, int (*body)(const session&, const journal_flags&)) {
        auto sub = group.add(name, what, example, [o, body](const session& s) { return body(s, *o); });
        sub.option("DB", o->db, "The journal").required();
        return sub;
    };
    add("verify", "Recomputes the chain of events and finds the first that isn't what was written",
        "quorate journal verify decisions.db --known 42:1f0c...", verify)
        .option("--known", o->known, "A checkpoint kept elsewhere: finds out a journal that was cut or rewritten, too");
    add("compact",
        "Keeps beside the events how proposals stand, so that a long journal opens quickly. Deletes no event;\n"
        "'journal verify' derives it anew and compares",
        "quorate journal compact decisions.db", compact)
        .flag("--forget", o->forget, "Throw it away: nothing is lost but time");
    add("checkpoint", "Where the chain stands: keep it elsewhere, and give it to verify later",
        "quorate journal checkpoint decisions.db > checkpoint.txt", show_checkpoint);
    add("export", "Writes everything as JSON lines", "quorate journal export decisions.db > decisions.jsonl", export_to)
        .option("--to", o->to, "A new file; standard output when left out");
    add("import", "Reads what export wrote into a new journal, and checks it", "quorate journal import copy.db --from decisions.jsonl",
        import_from)
        .option("--from", o->from, "What export wrote; standard input when left out");
    add("backup", "Writes a consistent copy while others go on", "quorate journal backup decisions.db copy.db", backup)
        .option("TO", o->to, "The new file")
        .required();
    auto record = add("to-scenario", "Writes what was done to a proposal, and what came of it, as a scenario: 'quorate test' runs it",
                      "quorate journal to-scenario decisions.db fcp-1 --to tests/fcp-1.json", to_scenario);
    record.option("PROPOSAL", o->proposal, "Its id, as 'quorate status' shows it").required();
    record.option("--to", o->to, "A new file; standard output when left out");
    auto erase = add("redact",
                     "Erases free texts (reasons, titles, bodies) for good; ballots, tallies and the chain stay as they are.\n"
                     "Neither persons, subjects nor names of concerns are free text: they stay",
                     "quorate journal redact decisions.db --person carol --by admin", redact);
    erase.option("SEQ", o->seqs, "Numbers of events, as 'journal export' shows them");
    erase.option("--proposal", o->proposal, "All texts of the proposal with this id");
    erase.option("--person", o->person, "All texts by the person with this id; with --proposal, those in it");
    erase.option("--by", o->by, "Who erases: recorded");
    erase.option("--at", o->at, "When: recorded; now when left out");
}

}  // namespace quorate::cli
