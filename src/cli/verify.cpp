// verify: all that can happen under a charter, and what is wrong with it.
#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include <quorate/verify.hpp>

#include "cli.hpp"

namespace quorate::cli {
namespace {

struct verify_flags {
    std::string              charter{}, process{}, roster{}, save{}, against{};
    std::vector<std::string> params{};
    verify_bounds            bounds{};
    std::size_t              threads = 0;
    std::size_t              megabytes = default_verified_memory >> 20U;
    bool                     brief = false, no_power = false, exact = false;
};

std::string file_name(std::string id) {
    for (auto& c : id)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '-';
    return id.substr(0, 80) + ".json";
}

result<void> save(const std::string& folder, const verify_report& r) {
    std::error_code ec;
    std::filesystem::create_directories(folder, ec);
    for (const auto& f : r.findings) {
        if (f.scenario.empty()) continue;
        const auto    path = folder + "/" + file_name(r.process + "-" + f.id);
        std::ofstream out(path, std::ios::binary);
        out << f.scenario;
        if (!out.flush()) return make_error(errc::io, "can't write it", path);
    }
    return {};
}

void print_report(const session& s, const verify_flags& o, const verify_report& r, double seconds) {
    const auto text = to_string(r);
    if (!o.brief) {
        s.print(text);
        s.print(fmt::format("{:.1f} s, {:.0f} steps a second\n\n", seconds, static_cast<double>(r.steps) / std::max(seconds, 1e-3)));
        return;
    }
    const auto unknown = r.unknown(), missing = r.missing();
    s.print(fmt::format("{} {}: {} situations, {} findings, all of them known: {}{}\n", paint(r.as_known() ? ink::good : ink::bad, r.as_known() ? "fine" : "differs"), r.process, r.states,
                        r.findings.size(), r.as_known() ? "yes" : "no", r.complete() ? "" : "; not all was covered"));
    for (const auto& id : unknown) s.print("  not known: " + id + "\n");
    for (const auto& id : missing) s.print("  known, and not found: " + id + "\n");
}

int verify_one(const session& s, const verify_flags& o, const charter& c, const std::string& process, const roster* people) {
    verify_options how{.bounds = o.bounds, .fit = !o.exact, .threads = o.threads, .power = !o.no_power, .stop = &interrupted};
    const auto     started = std::chrono::steady_clock::now();
    const bool     shows = !s.json && isatty(STDERR_FILENO) != 0;
    auto           shown = started;
    if (shows)
        how.progress = [&](const verify_progress& p) {
            const auto now = std::chrono::steady_clock::now();
            if (now - shown < std::chrono::milliseconds(200)) return;
            shown = now;
            fmt::print(stderr, "\r{}: {} situations, {} steps, {} deep, {} waiting\033[K", process, p.states, p.steps, p.depth, p.waiting);
        };
    const auto report = quorate::verify(c, process, how, people);
    if (shows) fmt::print(stderr, "\r\033[K");
    if (!report) return s.fail(report.error());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    if (s.json) {
        json_text::json_out out;
        out.raw(to_json(report.value()));
        s.print_json(std::move(out));
    } else {
        print_report(s, o, report.value(), took.count());
    }
    if (!o.save.empty())
        if (const auto saved = save(o.save, report.value()); !saved) return s.fail(saved.error());
    return report.value().as_known() && report.value().complete() ? fine : findings;
}

/// What another charter decides otherwise, for all processes that both have.
int against(const session& s, const verify_flags& o, const charter& c) {
    const auto other = charter_from(o.against, {});
    if (!other) return s.fail(other.error());
    constexpr std::size_t usual_members = 12;
    bool                  differs = false;
    for (const auto& p : c.processes()) {
        if (!o.process.empty() && p.name != o.process) continue;
        if (other.value().find(p.name) == nullptr) {
            s.complain(p.name + ": not in " + o.against + "\n");
            continue;
        }
        const auto compared = compare(other.value(), c, p.name, o.bounds.members != 0 ? o.bounds.members : usual_members);
        if (!compared) return s.fail(compared.error());
        differs = differs || !compared.value().changed.empty();
        if (s.json) {
            json_text::json_out out;
            out.raw(to_json(compared.value()));
            s.print_json(std::move(out));
        } else {
            s.print(to_string(compared.value()));
        }
    }
    return differs ? findings : fine;
}

int verify_all(const session& s, const verify_flags& given) {
    auto o = given;
    if (o.threads == 0) o.threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, most_verified_threads);
    o.bounds.memory = o.megabytes << 20U;
    const auto c = charter_from(o.charter, o.params);
    if (!c) return s.fail(c.error());
    std::optional<roster> people;
    if (!o.roster.empty()) {
        auto loaded = roster_from(o.roster);
        if (!loaded) return s.fail(loaded.error());
        people = std::move(loaded.value());
    }
    if (!o.process.empty() && c.value().find(o.process) == nullptr) return s.fail(make_error(errc::not_found, "there is no process \"" + o.process + "\"", o.charter));
    if (!o.against.empty()) return against(s, o, c.value());
    const interruption safe;
    int                code = fine;
    for (const auto& p : c.value().processes()) {
        if (!o.process.empty() && p.name != o.process) continue;
        code = std::max(code, verify_one(s, o, c.value(), p.name, people ? &*people : nullptr));
        if (interrupted) break;
    }
    return code;
}

}  // namespace

void add_verify(command_group to) {
    auto o = std::make_shared<verify_flags>();
    auto verify = to.add("verify", "Goes through everything that can happen under a charter in a small group, and reports what is wrong",
                         "quorate verify rust.json fcp --members 4 --save findings\n"
                         "Exit code 0: all was covered, and exactly the findings that the charter lists as known; 1: others, fewer, or not all.",
                         [o](const session& s) { return verify_all(s, *o); });
    verify.option("CHARTER", o->charter, "The charter").required();
    verify.option("PROCESS", o->process, "One of its processes; all if left out");
    verify.option("--roster", o->roster, "People to verify it for; made up from the charter if left out");
    parameters_option(verify, o->params);
    verify.number("--members", o->bounds.members, std::size_t{1}, most_verified_people, "Members of each group that decides; as the rules ask for if left out");
    verify.number("--concerns", o->bounds.concerns, std::size_t{0}, std::size_t{4}, "Concerns that are open at once").shows_default();
    verify.number("--revisions", o->bounds.revisions, std::size_t{0}, std::size_t{100}, "Revisions, where a rule counts them").shows_default();
    verify.number("--options", o->bounds.options, std::size_t{0}, std::size_t{4}, "Options that people put forward").shows_default();
    verify.number("--children", o->bounds.children, std::size_t{0}, std::size_t{4}, "Children that are open at once").shows_default();
    verify.number("--leavers", o->bounds.leavers, std::size_t{0}, std::size_t{3}, "Members who leave").shows_default();
    verify.number("--joiners", o->bounds.joiners, std::size_t{0}, most_verified_joiners, "Newcomers who join the teams of a member").shows_default();
    verify.flag("--teams", o->bounds.teams, "All who are in one team may leave at once");
    verify.flag("--exchange", o->bounds.exchange, "All members may be exchanged at once: newcomers have their teams, roles, leads and seats");
    verify.flag("--exact", o->exact, "Within these bounds even if not all of it can be covered; else smaller ones are taken where that helps");
    verify.number("--states", o->bounds.states, std::size_t{1}, most_verified_states, "Situations to look at").shows_default();
    verify.number("--memory", o->megabytes, std::size_t{64}, std::size_t{1} << 20U, "Megabytes to use, about").shows_default();
    verify.number("--threads", o->threads, std::size_t{0}, most_verified_threads, "Threads; 0: as many as there are cores");
    verify.option("--save", o->save, "A folder for the findings as scenario files, which quorate test repeats");
    verify.option("--against", o->against, "The charter as it was: compare what comes of every vote of groups of up to --members (12 if left out), instead");
    verify.flag("--no-power", o->no_power, "Don't look who can force or block what");
    verify.flag("--brief", o->brief, "A line for each process, and only findings that aren't as the charter says");
}

}  // namespace quorate::cli
