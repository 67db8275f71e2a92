// simulate: seeded runs of a process, swept, compared, in shards, resumed; reports and pictures.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include <boost/json.hpp>
#include <fmt/format.h>

#include <quorate/simulate.hpp>
#include <quorate/simulate_pictures.hpp>

#include "cli.hpp"
#include "json.hpp"

namespace quorate::cli {
namespace {

namespace sim = quorate::simulate;

struct options {
    std::string              charter{}, process{}, roster{}, behaviour{}, shard = "1/1", checkpoint{}, out{}, against{}, fit{}, csv{}, html{}, svg{};
    std::vector<std::string> params{}, sweeps{}, varied{}, merges{};
    std::size_t              members = 0, runs = 10'000, seed = 1, threads = 1, told_run = 0, every = 1'000;
    bool                     without_each = false, tell = false, quiet = false;
};

std::atomic<bool> interrupted{false};
extern "C" void on_interrupt(int) { interrupted = true; }

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

// ---- who there is -----------------------------------------------------------------------------------------------------------------------
/// What the rules of a process say about teams.
struct teams_said {
    std::vector<std::string> named{};
    std::vector<std::string> roles{};
    bool                     of_proposal = false;  ///< they speak of the teams of the proposal
    void look(const rule& r) {
        for (const auto& n : r.nodes) {
            of_proposal = of_proposal || n.what == op::set_of_proposal || n.what == op::each;
            if (n.what != op::set_call) continue;
            const auto call = static_cast<set_call>(n.index);
            if (call != set_call::team && call != set_call::leads && call != set_call::role) continue;
            auto& to = call == set_call::role ? roles : named;
            auto  name = std::string(r.view().name(n));
            if (std::find(to.begin(), to.end(), name) == to.end()) to.push_back(std::move(name));
        }
    }
};
teams_said teams_in(const process& by) {
    teams_said t;
    t.look(by.electorate.of);
    t.look(by.may_open);
    for (const auto& r : by.rules) t.look(r.value);
    for (const auto& s : by.stages) {
        for (const auto& a : s.allow) t.look(a.who), t.look(a.condition);
        for (const auto& x : s.exits) t.look(x.when), t.look(x.condition);
    }
    return t;
}

/// Of made-up people: the team that proposals are about.
constexpr std::string_view made_up_team = "group";

/// So many people, all of them in every team that the process speaks of, and in one that proposals are about; the first leads, and has every role.
result<roster> made_up(const teams_said& said, std::size_t members) {
    roster_document d;
    d.name = std::to_string(members) + " members";
    for (std::size_t i = 1; i <= members; ++i) {
        person_info p;
        p.id = p.handle = "member-" + std::to_string(i);
        d.people.push_back(p);
    }
    auto teams = said.named;
    if (std::find(teams.begin(), teams.end(), made_up_team) == teams.end()) teams.emplace_back(made_up_team);
    for (const auto& name : teams) {
        team_info t;
        t.name = name;
        for (const auto& p : d.people) t.members.push_back({p.id, {}});
        t.leads = {d.people.front().id};
        if (name == made_up_team)
            for (const auto& r : said.roles)
                if (r != "lead") t.members.front().roles.push_back(r);
        d.teams.push_back(t);
    }
    for (const auto& r : said.roles)
        if (r != "lead") d.roles.push_back({r, {}});
    return make_roster(std::move(d));
}

// ---- variants ----------------------------------------------------------------------------------------------------------------------------
/// One dimension: "length=5 days,10 days" (a parameter of the charter), "members=5,7", "/members/0/takes part=50%,90%" (of the behaviour).
struct dimension {
    std::string              name{};
    std::vector<std::string> values{};
};
result<dimension> dimension_from(const std::string& text) {
    const auto equals = text.find('=');
    dimension  d{.name = text.substr(0, equals)};
    for (auto from = equals; from != std::string::npos && from < text.size();) {
        const auto comma = text.find(',', from + 1);
        d.values.push_back(text.substr(from + 1, comma == std::string::npos ? comma : comma - from - 1));
        from = comma;
    }
    if (d.name.empty() || d.values.empty() || std::any_of(d.values.begin(), d.values.end(), [](const auto& v) { return v.empty(); }))
        return make_error(errc::invalid, json_text::in_quotes(text) + " is no sweep", "--sweep", "write length=5 days,10 days or \"/members/0/takes part=50%,90%\"");
    return d;
}

/// What one variant is made from; a sweep changes it before it is built.
struct recipe {
    std::vector<std::pair<std::string, std::string>> given{};
    std::string                                      behaviour{};
    std::size_t                                      members = 0;
    std::string                                      name{};
    std::vector<std::string>                         at{};
};

result<std::string> changed(const std::string& behaviour, const std::string& pointer, const std::string& value) {
    namespace bj = boost::json;
    boost::system::error_code wrong;
    auto                      tree = bj::parse(behaviour, wrong);
    auto                      as_json = bj::parse(value, wrong);
    if (wrong) as_json = bj::string(value);
    const auto last = pointer.rfind('/');
    auto*      place = tree.find_pointer(std::string_view(pointer).substr(0, last), wrong);
    const auto key = std::string_view(pointer).substr(last + 1);
    auto*      within = place != nullptr && place->is_array() ? place->find_pointer("/" + std::string(key), wrong) : nullptr;
    if (place != nullptr && place->is_object()) place->as_object()[key] = as_json;
    else if (within != nullptr) *within = as_json;
    else return make_error(errc::invalid, "the behaviour has no place " + json_text::in_quotes(pointer), "--sweep", "a JSON pointer such as /members/0/raises");
    return bj::serialize(tree);
}

result<sim::setting> built(const options& o, const recipe& r, const std::string& charter_path) {
    const auto text = read_input(charter_path);
    if (!text) return text.error();
    auto c = load_charter(*text, charter_path, r.given);
    if (!c) return c.error();
    const auto* by = c->find(o.process);
    const auto  said = by != nullptr ? teams_in(*by) : teams_said();
    auto        people = r.members != 0 ? made_up(said, r.members) : roster_from(o.roster);
    if (!people) return people.error();
    auto how = sim::read_behaviour(r.behaviour, o.behaviour.empty() ? "behaviour" : o.behaviour);
    if (!how) return how.error();
    if (r.members != 0 && how->about.empty() && said.of_proposal) how->about = {{std::string(made_up_team)}};
    return sim::setting{.rules = *c, .process = o.process, .people = *people, .how = *how, .name = r.name, .at = r.at};
}

/// Appends a variant of `r` for each value of the dimension.
result<void> vary(const options& o, const recipe& r, const dimension& d, bool add_to_name, std::vector<recipe>& to) {
    for (const auto& v : d.values) {
        auto next = r;
        next.at.push_back(v);
        next.name = (add_to_name ? r.name + ", " : "") + d.name.substr(d.name.rfind('/') + 1) + " = " + v;
        if (d.name == "members") {
            std::size_t n = 0;
            const auto [end, fault] = std::from_chars(v.data(), v.data() + v.size(), n);
            if (fault != std::errc{} || end != v.data() + v.size() || n == 0 || n > most_people || o.members == 0)
                return make_error(errc::invalid, "members = " + v, "--sweep", "with --members, a number of people");
            next.members = n;
        } else if (d.name.starts_with('/')) {
            const auto b = changed(r.behaviour, d.name, v);
            if (!b) return b.error();
            next.behaviour = *b;
        } else {
            next.given.emplace_back(d.name, v);
        }
        to.push_back(std::move(next));
    }
    return {};
}

result<sim::study> study_from(const options& o) {
    if (o.roster.empty() == (o.members == 0)) return make_error(errc::invalid, "either --roster or --members is needed", "simulate");
    recipe base{.members = o.members, .name = "as it is"};
    auto   given = parameters_from(o.params);
    if (!given) return given.error();
    base.given = *given;
    base.behaviour = R"({"members":[{}]})";
    if (!o.behaviour.empty()) {
        const auto text = read_input(o.behaviour);
        if (!text) return text.error();
        const auto read = sim::read_behaviour(*text, o.behaviour);
        if (!read) return read.error();
        base.behaviour = read->text;
    }
    sim::study s{.seed = o.seed, .runs = o.runs};
    std::vector<recipe> recipes{base};
    for (const auto& text : o.sweeps) {
        const auto d = dimension_from(text);
        if (!d) return d.error();
        s.dimensions.push_back(d->name);
        std::vector<recipe> more;
        for (const auto& r : recipes)
            if (const auto done = vary(o, r, *d, !r.at.empty(), more); !done) return done.error();
        recipes = std::move(more);
    }
    const auto start = recipes.front();
    for (const auto& text : o.varied) {
        const auto d = dimension_from(text);
        if (!d) return d.error();
        if (const auto done = vary(o, start, *d, false, recipes); !done) return done.error();
    }
    for (const auto& r : recipes) {
        auto v = built(o, r, o.charter);
        if (!v) return v.error();
        s.variants.push_back(std::move(*v));
    }
    if (!o.against.empty()) {
        auto r = base;
        r.given.clear();
        r.name = "under " + o.against;
        auto v = built(o, r, o.against);
        if (!v) return v.error();
        s.variants.push_back(std::move(*v));
    }
    if (o.without_each) {
        const auto first = s.variants.front();
        for (std::size_t i = 0; i < first.people.people(); ++i) {
            auto v = first;
            v.name = "without " + std::string(first.people.handle(static_cast<person>(i)));
            v.how.adversaries.push_back({.is = sim::adversary::kind::absent, .who = {std::string(first.people.id(static_cast<person>(i)))}});
            s.variants.push_back(std::move(v));
        }
    }
    return s;
}

result<void> take_shard(const std::string& text, sim::study& s) {
    const auto slash = text.find('/');
    const auto read = [&](std::size_t from, std::size_t to, std::uint32_t& n) {
        const auto [end, fault] = std::from_chars(text.data() + from, text.data() + to, n);
        return fault == std::errc{} && end == text.data() + to;
    };
    if (slash == std::string::npos || !read(0, slash, s.shard) || !read(slash + 1, text.size(), s.shards) || s.shard == 0 || s.shard > s.shards)
        return make_error(errc::invalid, json_text::in_quotes(text) + " is no shard", "--shard", "1/4 is the first of four");
    --s.shard;
    return {};
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

result<sim::progress> carried_out(const session& s, const options& o, const sim::study& study) {
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
    const auto before = std::signal(SIGINT, on_interrupt);
    auto       done = sim::run(study, how);
    std::signal(SIGINT, before);
    if (unwritten) return *unwritten;
    return done;
}

int told(const session& s, const options& o, const sim::study& study) {
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

result<void> write_pictures(const options& o, const sim::study& study, const sim::progress& p) {
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

int simulated(const session& s, options o) {
    if (!o.fit.empty()) {
        auto from = open_journal(o.fit, false);
        if (!from) return s.fail(from.error());
        const auto seen = sim::observations_of(**from, o.process);
        if (!seen) return s.fail(seen.error());
        const auto fitted = sim::fit_answers(*seen);
        if (!fitted) return s.fail(fitted.error());
        json_text::json_out out;
        out.object().key("members").array().object();
        out.field("takes part", fmt::format("{}/{}", fitted->takes_part.of_2_32, sim::always.of_2_32));
        out.key("answers").object().key("quantiles").array();
        for (const auto d : fitted->answers.table) out.value(quorate::to_string(duration(std::chrono::floor<std::chrono::seconds>(d))));
        out.end().end().end().end().end();
        s.print_json(std::move(out));
        s.complain(fmt::format("fitted to {} answers and {} who did not answer\n", fitted->answered, fitted->silent));
        return fine;
    }
    auto study = study_from(o);
    if (!study) return s.fail(study.error());
    if (const auto taken = take_shard(o.shard, *study); !taken) return s.fail(taken.error());
    if (o.tell) return told(s, o, *study);
    const auto done = carried_out(s, o, *study);
    if (!done) return s.fail(done.error());
    if (!o.out.empty())
        if (const auto written = write_file(o.out, sim::to_text(*done)); !written) return s.fail(written.error());
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
    auto o = std::make_shared<options>();
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
    sub.flag("--quiet", o->quiet, "No progress bar");
    parameters_option(sub, o->params);
}

}  // namespace quorate::cli
