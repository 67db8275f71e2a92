// audit and lint: what is wrong with a structure of governance, and what is suspicious about a charter.
#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include <quorate/audit.hpp>
#include <quorate/lint.hpp>
#include <quorate/simulate_evidence.hpp>
#include <quorate/verify.hpp>

#include "cli.hpp"

namespace quorate::cli {
namespace {

struct audit_options {
    std::vector<std::string> charters{}, rosters{}, evidence{}, with{}, params{};
    std::string              html{}, simulated{}, behaviour{};
    bool                     verify = false;
    std::size_t              states = 20'000, runs = 1'000;
};

/// The i-th charter, and those that are read with it.
result<charter> whole_charter(const audit_options& o, std::size_t i) {
    auto first = charter_from(o.charters[i], o.with.empty() ? o.params : std::vector<std::string>{});
    if (!first || o.with.empty()) return first;
    std::vector<charter> all{std::move(first.value())};
    for (const auto& path : o.with) {
        auto more = charter_from(path, {});
        if (!more) return more.error();
        all.push_back(std::move(more.value()));
    }
    auto given = parameters_from(o.params);
    if (!given) return given.error();
    return join_charters(all, o.charters[i], std::move(given.value()));
}

/// Facts about that charter among the files of evidence; what is about others is theirs.
result<audit_evidence> evidence_for(const audit_options& o, const charter& c) {
    audit_evidence made;
    for (const auto& path : o.evidence) {
        const auto text = read_input(path);
        if (!text) return text.error();
        auto one = load_audit_evidence(text.value(), path);
        if (!one) return one.error();
        if (one.value().charter != c.hash()) {
            if (made.charter.empty() && o.charters.size() == 1) made.charter = one.value().charter;  // the report says that they are another's
            continue;
        }
        made.charter = c.hash();
        made.facts.insert(made.facts.end(), one.value().facts.begin(), one.value().facts.end());
    }
    return made;
}

/// Adds what is found here to what was given, which stays.
void add_to(audit_evidence& facts, const audit_evidence& found) {
    if (facts.charter != found.charter) facts = {};
    for (const auto& f : found.facts)
        if (std::none_of(facts.facts.begin(), facts.facts.end(), [&](const audit_fact& given) { return given.what == f.what; })) facts.facts.push_back(f);
    facts.charter = found.charter;
}

/// Adds what explorations with people made up from the charter say.
void verify_into(const session& s, const audit_options& o, const charter& c, audit_evidence& facts) {
    std::vector<verify_report> runs;
    for (const auto& p : c.processes()) {
        auto run = verify(c, p.name, {.bounds = {.teams = true, .exchange = true, .states = o.states}});
        if (!run) {
            s.complain(p.name + ": " + run.error().what() + "\n");
            continue;
        }
        if (!run.value().complete()) s.complain(fmt::format("{}: not all was covered within {} situations\n", p.name, o.states));
        runs.push_back(std::move(run.value()));
    }
    add_to(facts, facts_of(c, runs));
}

/// Facts from runs of one of its processes, with members as --behaviour says or as simulation supposes.
result<void> simulate_for(const audit_options& o, const charter& c, const roster& people, audit_evidence& facts) {
    simulate::behaviour how;
    if (!o.behaviour.empty()) {
        const auto text = read_input(o.behaviour);
        if (!text) return text.error();
        auto read = simulate::read_behaviour(text.value(), o.behaviour);
        if (!read) return read.error();
        how = std::move(read.value());
    }
    const auto measured = simulate::audit_facts({.rules = c, .process = o.simulated, .people = people, .how = std::move(how)}, {.runs = o.runs});
    if (!measured) return measured.error();
    add_to(facts, *measured);
    return {};
}

void print_report(const session& s, std::span<const audit_report> all) {
    if (s.json) {
        json_text::json_out out;
        out.array();
        for (const auto& r : all) out.raw(to_json(r));
        return s.print_json(std::move(out.end()));
    }
    s.print(all.size() == 1 ? to_text(all.front()) : to_text(all));
}

int run_audit(const session& s, const audit_options& o) {
    if (o.charters.size() != o.rosters.size())
        return s.fail(make_error(errc::invalid, fmt::format("{} charters and {} rosters", o.charters.size(), o.rosters.size()), "audit",
                                 "give one --roster for each charter, in the same order"));
    if (o.charters.size() > 1 && !o.with.empty())
        return s.fail(make_error(errc::invalid, "--with goes with a single charter", "audit", "audit them one by one"));
    std::vector<audit_report> all;
    for (std::size_t i = 0; i < o.charters.size(); ++i) {
        const auto c = whole_charter(o, i);
        if (!c) return s.fail(c.error());
        const auto people = roster_from(o.rosters[i]);
        if (!people) return s.fail(people.error());
        auto facts = evidence_for(o, c.value());
        if (!facts) return s.fail(facts.error());
        if (o.verify) verify_into(s, o, c.value(), facts.value());
        if (!o.simulated.empty())
            if (const auto done = simulate_for(o, c.value(), people.value(), facts.value()); !done) return s.fail(done.error());
        all.push_back(audit(c.value(), people.value(), facts.value()));
    }
    if (!o.html.empty()) {
        std::ofstream out(o.html, std::ios::binary);
        if (!(out << to_html(all)).flush()) return s.fail(make_error(errc::io, "could not be written", o.html));
    }
    print_report(s, all);
    const bool failed = std::any_of(all.begin(), all.end(), [](const audit_report& r) { return r.count(audit_answer::fail) != 0; });
    return failed ? findings : fine;
}

struct lint_options {
    std::string              charter{}, roster{};
    std::vector<std::string> params{};
};

void print_finding(const session& s, const lint_finding& f) {
    if (f.meant.empty()) return s.print(fmt::format("{} [{}]\n", to_string(f.what), paint(ink::bold, f.name)));
    s.print(paint(ink::dim, fmt::format("meant: {}: {} [{}]: {}", f.process, f.what.what, f.name, f.meant)) + "\n");
}

int run_lint(const session& s, const lint_options& o) {
    const auto c = charter_from(o.charter, o.params);
    if (!c) return s.fail(c.error());
    std::optional<roster> people;
    if (!o.roster.empty()) {
        auto r = roster_from(o.roster);
        if (!r) return s.fail(r.error());
        people = std::move(r.value());
    }
    const auto found = lint(c.value(), people ? &*people : nullptr);
    const auto open = static_cast<std::size_t>(std::count_if(found.begin(), found.end(), [](const lint_finding& f) { return f.meant.empty(); }));
    if (s.json) {
        json_text::json_out out;
        out.object().field("findings", open).field("meant", found.size() - open).key("problems").array();
        for (const auto& f : found) {
            out.object().field("lint", f.name).field("process", f.process).field("meant", f.meant).key("problem");
            problem_fields(out, f.what);
            out.end();
        }
        s.print_json(std::move(out.end().end()));
    } else {
        for (const auto& f : found) print_finding(s, f);
        s.print(fmt::format("{}: {}{}\n", c.value().get().name, open == 0 ? paint(ink::good, "fine") : fmt::format("{} finding{}", open, open == 1 ? "" : "s"),
                            found.size() == open ? "" : fmt::format(", {} meant", found.size() - open)));
    }
    return open == 0 ? fine : findings;
}

}  // namespace

void add_audit(command_group to) {
    auto a = std::make_shared<audit_options>();
    auto auditing = to.add("audit", "Requirements and failure modes of a structure of governance, with evidence",
                           "quorate audit charter.json --roster roster.json --html audit.html\n"
                           "  Several charters, each with a --roster of its own, stand side by side.",
                           [a](const session& s) { return run_audit(s, *a); });
    auditing.option("CHARTER", a->charters, "The charter; several are compared").required();
    auditing.option("--roster", a->rosters, "Who there is, what they own and owe; one for each charter, in their order").required();
    auditing.option("--with", a->with, "A further charter of the same project; may be repeated");
    auditing.option("--evidence", a->evidence, "Facts that were verified or simulated, as JSON; may be repeated");
    auditing.flag("--verify", a->verify, "Goes through all that can happen in each process too, in small groups, and judges by it");
    auditing.number("--states", a->states, std::size_t{1}, most_verified_states, "Situations of each process to look at for that").shows_default();
    auditing.option("--simulate", a->simulated, "Measure acts, time, load and waiting in runs of this process");
    auditing.option("--behaviour", a->behaviour, "What members are like there (see quorate simulate)");
    auditing.number("--runs", a->runs, 1, simulate::most_runs, "How many runs").shows_default();
    auditing.option("--html", a->html, "Writes a self-contained page to this file too");
    parameters_option(auditing, a->params);

    auto l = std::make_shared<lint_options>();
    auto linting = to.add("lint", "What is suspicious about a charter, with a place and a way out",
                          "quorate lint charter.json --roster roster.json\n"
                          "  What is meant is said so in the process: \"lint\": {\"self-approval\": \"one member decides\"}",
                          [l](const session& s) { return run_lint(s, *l); });
    linting.option("CHARTER", l->charter, "The charter").required();
    linting.option("--roster", l->roster, "Finds what only shows with these people, too");
    parameters_option(linting, l->params);
}

}  // namespace quorate::cli
