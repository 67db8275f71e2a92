// simulate: seeded runs of a process, swept, compared, in shards, resumed; reports and pictures.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include <fmt/format.h>

#include <quorate/simulate.hpp>
#include <quorate/simulate_evidence.hpp>
#include <quorate/simulate_pictures.hpp>

#include "cli.hpp"
#include "json.hpp"
#include "simulate.hpp"

namespace quorate::cli {
namespace {

namespace sim = quorate::simulate;

/// A file that is whole or not there at all.
result<void> write_file(const std::string& path, std::string_view text) {
    const auto fresh = path + ".new";
    std::FILE* f = std::fopen(fresh.c_str(), "wb");
    bool       fine = f != nullptr && std::fwrite(text.data(), 1, text.size(), f) == text.size() && std::fflush(f) == 0 && ::fsync(::fileno(f)) == 0;
    if (f != nullptr) fine = std::fclose(f) == 0 && fine;
    if (!fine || std::rename(fresh.c_str(), path.c_str()) != 0) return make_error(errc::io, "could not be written", path);
    return {};
}

result<sim::progress> progress_from(const std::string& path) {
    constexpr std::size_t largest = std::size_t{1} << 30U;
    const auto            text = json_text::read_file(path, largest);
    if (!text) return text.error();
    return sim::parse_progress(*text, path);
}

// ---- running ------------------------------------------------------------------------------------------------------------------------------
std::uint64_t runs_of_shard(const sim::study& s) {
    std::uint64_t n = 0;
    for (std::uint64_t b = s.shard; b * sim::block_size < s.runs; b += s.shards) n += std::min(sim::block_size, s.runs - b * sim::block_size);
    return n;
}

class bar {
public:
    bar(bool shown, std::uint64_t all) : shown_(shown), all_(all) {}
    void show(std::uint64_t done) {
        if (!shown_) return;
        if (!first_) first_ = done;
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - began_).count();
        const auto since = done - *first_;
        std::string left = since == 0 || seconds == 0 ? "" : fmt::format(", about {} s left", static_cast<std::uint64_t>(seconds) * (all_ - std::min(done, all_)) / since);
        fmt::print(stderr, "\r{:3}%  {} of {} runs{}   {}", done * 100 / std::max<std::uint64_t>(all_, 1), done, all_, left, done >= all_ ? "\n" : "");
        std::fflush(stderr);
    }

private:
    bool                                  shown_;
    std::uint64_t                         all_;
    std::optional<std::uint64_t>          first_{};
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

result<sim::progress> carried_out(const session& s, const simulate_options& o, const sim::study& study) {
    if (!o.merges.empty()) {
        auto all = progress_from(o.merges.front());
        for (std::size_t i = 1; all && i < o.merges.size(); ++i) {
            const auto next = progress_from(o.merges[i]);
            if (!next) return next.error();
            if (const auto merged = sim::merge(*all, *next); !merged) return merged.error();
        }
        if (!all) return all;
        const auto identity = sim::identity_of(study);
        if (!identity) return identity.error();
        if (all->identity != *identity) return make_error(errc::conflict, "these are parts of another study", "--merge", "repeat the command line that made them");
        return all;
    }
    sim::running how{.threads = static_cast<std::uint32_t>(o.threads), .saw_every_ms = static_cast<std::uint32_t>(o.every), .stop = &interrupted};
    if (!o.checkpoint.empty() && std::filesystem::exists(o.checkpoint)) {
        auto before = progress_from(o.checkpoint);
        if (!before) return before.error();
        how.from = std::move(*before);
    }
    bar                  line(!o.quiet && !s.json && ::isatty(STDERR_FILENO) != 0, runs_of_shard(study));
    std::optional<error> unwritten;
    how.saw = [&](const sim::progress& p) {
        line.show(p.runs_done());
        if (o.checkpoint.empty()) return;
        if (const auto written = write_file(o.checkpoint, sim::to_text(p)); !written) {
            unwritten = written.error();
            interrupted = true;
        }
    };
    const interruption watched;
    auto               done = sim::run(study, how);
    if (unwritten) return *unwritten;
    return done;
}

int told(const session& s, const simulate_options& o, const sim::study& study) {
    const auto story = sim::tell(study.variants.front(), study.seed, o.told_run);
    if (!story) return s.fail(story.error());
    json_text::json_out                   out;
    std::vector<std::vector<std::string>> rows;
    out.array();
    for (const auto& t : *story) {
        out.object().field("at", quorate::to_string(t.at)).field("proposal", t.proposal + 1).field("who", t.who).field("what", t.what).field("stage", t.stage).field("refused", t.refused).end();
        rows.push_back({quorate::to_string(t.at), "proposal " + std::to_string(t.proposal + 1), t.who, t.what + (t.refused ? " (refused)" : ""), t.stage.empty() ? "" : "-> " + t.stage});
    }
    out.end();
    if (s.json) s.print_json(std::move(out));
    else s.print(aligned(rows));
    return fine;
}

result<void> write_pictures(const simulate_options& o, const sim::study& study, const sim::progress& p) {
    const auto story = sim::tell(study.variants.front(), study.seed, o.told_run);
    if (!story) return story.error();
    if (!o.csv.empty())
        if (const auto done = write_file(o.csv, sim::report_csv(study, p)); !done) return done.error();
    if (!o.html.empty())
        if (const auto done = write_file(o.html, sim::html_report(study, p, *story)); !done) return done.error();
    if (o.svg.empty()) return {};
    std::error_code ignored;
    std::filesystem::create_directories(o.svg, ignored);
    for (const auto& picture : sim::pictures(study, p, *story)) {
        if (const auto done = write_file(o.svg + "/" + picture.name + ".svg", picture.svg); !done) return done.error();
        if (const auto done = write_file(o.svg + "/" + picture.name + ".csv", picture.csv); !done) return done.error();
    }
    return write_file(o.svg + "/figures.json", sim::report_json(study, p) + "\n");
}

int simulated(const session& s, const simulate_options& o) {
    if (!o.fit.empty()) {
        auto from = open_journal(o.fit, false);
        if (!from) return s.fail(from.error());
        const auto seen = sim::observations_of(**from, o.process);
        if (!seen) return s.fail(seen.error());
        const auto fitted = sim::fit_answers(*seen);
        if (!fitted) return s.fail(fitted.error());
        json_text::json_out out;
        out.raw(sim::to_json(*fitted));
        s.print_json(std::move(out));
        s.complain(fmt::format("fitted to {} answers and {} who did not answer\n", fitted->answered, fitted->silent));
        return fine;
    }
    const auto study = study_from(o);
    if (!study) return s.fail(study.error());
    if (o.tell) return told(s, o, *study);
    const auto done = carried_out(s, o, *study);
    if (!done) return s.fail(done.error());
    if (!o.out.empty())
        if (const auto written = write_file(o.out, sim::to_text(*done)); !written) return s.fail(written.error());
    if (!o.evidence.empty()) {
        const auto facts = sim::audit_facts(study->variants.front(), {.seed = study->seed, .runs = study->runs}, {.threads = static_cast<std::uint32_t>(o.threads), .stop = &interrupted});
        if (!facts) return s.fail(facts.error());
        if (const auto written = write_file(o.evidence, to_json(*facts) + "\n"); !written) return s.fail(written.error());
    }
    if (const auto drawn = write_pictures(o, *study, *done); !drawn) return s.fail(drawn.error());
    if (s.json) {
        json_text::json_out out;
        s.print_json(std::move(out.raw(sim::report_json(*study, *done))));
    } else {
        s.print(sim::to_string(*study, *done));
    }
    return interrupted ? findings : fine;
}

}  // namespace

void add_simulate(command_group to) {
    auto o = std::make_shared<simulate_options>();
    auto sub = to.add("simulate", "What a process would do to a group: seeded runs of the real rules with simulated members",
                      "quorate simulate charter.json rfc --members 11 --runs 100000 --seed 42\n"
                      "quorate simulate charter.json rfc --roster roster.json --behaviour b.json --sweep \"length=5 days,10 days\" --html report.html\n"
                      "Shards: --shard 1/4 --out one.progress on each machine, then the same command with --merge one.progress --merge two.progress ...\n"
                      "Exit codes: 0 done; 1 interrupted, what was done is reported and kept in --checkpoint; 2 wrong usage or input",
                      [o](const session& s) { return simulated(s, *o); });
    sub.option("CHARTER", o->charter, "The charter").required();
    sub.option("PROCESS", o->process, "One of its processes").required();
    sub.option("--roster", o->roster, "Who there is");
    sub.number("--members", o->members, 0, most_people, "Instead of a roster: so many people, in every team that the process speaks of; the first has every role");
    sub.option("--behaviour", o->behaviour, "What they are like (schema: quorate schema behaviour); sensible defaults when left out");
    sub.number("--runs", o->runs, 1, sim::most_runs, "How many runs").shows_default();
    sub.number("--seed", o->seed, 0, std::size_t{1} << 62U, "Seed: the same gives the same, to the byte").shows_default();
    sub.number("--threads", o->threads, 1, 256, "Threads; they change no result").shows_default();
    sub.option("--shard", o->shard, "Only this part of the runs: 2/4 is the second of four").shows_default();
    sub.option("--out", o->out, "Write what was done to a file, to be merged");
    sub.option("--merge", o->merges, "Instead of running: what shards wrote with --out; repeated");
    sub.option("--checkpoint", o->checkpoint, "Keep what is done in this file, and go on from it when it exists");
    sub.number("--every", o->every, 1, 3'600'000, "How often that is written, and the bar moves: milliseconds").shows_default();
    sub.option("--sweep", o->sweeps, "NAME=VALUE,VALUE,...: a parameter of the charter, members, or a JSON pointer into the behaviour; once or twice");
    sub.option("--vary", o->varied, "The same, each apart from the others: which matters most is ranked; repeated");
    sub.option("--against", o->against, "Another charter, compared on the same draws");
    sub.flag("--without-each", o->without_each, "Compare with each member absent in turn");
    sub.option("--fit", o->fit, "Instead of running: a behaviour fitted to this journal, as JSON");
    sub.flag("--tell", o->tell, "Instead of running: tell one run");
    sub.number("--run", o->told_run, 0, sim::most_runs, "Which run is told, or drawn as a timeline").shows_default();
    sub.option("--csv", o->csv, "Write the figures to a file");
    sub.option("--html", o->html, "Write a report with pictures");
    sub.option("--svg", o->svg, "Write the pictures, and their numbers, to a folder");
    sub.option("--evidence", o->evidence, "Write what quorate audit --evidence wants to know, of the first variant");
    sub.flag("--quiet", o->quiet, "No progress bar");
    parameters_option(sub, o->params);
}

}  // namespace quorate::cli
