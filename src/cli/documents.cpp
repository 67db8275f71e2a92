// check, describe, schema: charters and rosters as documents.
#include <algorithm>

#include <fmt/format.h>

#include <quorate/scenario.hpp>
#include <quorate/simulate.hpp>

#include "cli.hpp"
#include "json.hpp"

namespace quorate::cli {
namespace {

struct document_flags {
    std::string              charter{}, roster{}, process{}, kind{};
    std::vector<std::string> params{};
    bool                     strict = false;
};

/// Whether a document could not even be read, which is no finding about it.
bool cant_be_read(errc code) { return code == errc::not_found || code == errc::io; }

void add_problems(std::vector<problem>& to, const std::vector<problem>& more) { to.insert(to.end(), more.begin(), more.end()); }

std::string plural(std::size_t n, std::string_view what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : what.ends_with("s") ? "es" : "s");
}

int report(const session& s, const document_flags& o, const std::vector<problem>& all, const std::string& about) {
    const auto warnings = static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const problem& p) { return p.warning; }));
    const auto errors = all.size() - warnings;
    if (s.json) {
        json_text::json_out out;
        out.object().field("errors", errors).field("warnings", warnings).key("problems").array();
        for (const auto& p : all) problem_fields(out, p);
        s.print_json(std::move(out.end().end()));
    } else {
        for (const auto& p : all) s.print((p.warning ? std::string() : paint(ink::bad, "error: ")) + quorate::to_string(p) + "\n");
        const auto verdict = all.empty() ? paint(ink::good, "fine")
                                         : (errors == 0 ? std::string() : plural(errors, "error")) +
                                               (errors != 0 && warnings != 0 ? ", " : "") +
                                               (warnings == 0 ? std::string() : plural(warnings, "warning"));
        s.print(fmt::format("{}: {}\n", about, verdict));
    }
    return errors > 0 || (o.strict && warnings > 0) ? findings : fine;
}

std::string summary_of(const charter& c) {
    std::size_t stages = 0;
    for (const auto& p : c.processes()) stages += p.stages.size();
    return fmt::format("{}, {}, {}", c.get().name, plural(c.processes().size(), "process"), plural(stages, "stage"));
}

int check_documents(const session& s, const document_flags& o) {
    if (o.charter.empty() && o.roster.empty())
        return s.fail(make_error(errc::invalid, "there is nothing to check", "check", "name a charter, or --roster"));
    if (o.charter == "-" && o.roster == "-") return s.fail(make_error(errc::invalid, "only one document can be standard input", "check"));
    if (const auto given = parameters_from(o.params); !given) return s.fail(given.error());
    std::vector<problem>   problems;
    std::optional<charter> rules;
    std::optional<roster>  people;
    if (!o.charter.empty()) {
        auto c = charter_from(o.charter, o.params);
        if (!c && cant_be_read(c.error().code)) return s.fail(c.error());
        if (c) rules = std::move(c.value());
        add_problems(problems, c ? rules->warnings() : c.error().problems);
    }
    if (!o.roster.empty()) {
        auto r = roster_from(o.roster);
        if (!r && cant_be_read(r.error().code)) return s.fail(r.error());
        if (r) people = std::move(r.value());
        add_problems(problems, r ? std::vector<problem>(people->warnings().begin(), people->warnings().end()) : r.error().problems);
    }
    if (rules && people) add_problems(problems, check(*rules, *people));
    std::string about = rules ? summary_of(*rules) : o.charter;
    if (!o.roster.empty()) about += about.empty() ? o.roster : " with " + o.roster;
    return report(s, o, problems, about);
}

error no_process(const charter& c, const std::string& name) {
    std::vector<std::string_view> known;
    std::string                   list;
    for (const auto& p : c.processes()) {
        known.push_back(p.name);
        list += (list.empty() ? "" : ", ") + p.name;
    }
    const auto near = json_text::did_you_mean(name, known);
    return make_error(errc::not_found, "the charter has no process " + json_text::in_quotes(name), c.get().name,
                      near.empty() ? "it has: " + list : near);
}

int describe_charter(const session& s, const document_flags& o) {
    const auto c = charter_from(o.charter, o.params);
    if (!c) return s.fail(c.error());
    const auto* p = o.process.empty() ? nullptr : c.value().find(o.process);
    if (!o.process.empty() && p == nullptr) return s.fail(no_process(c.value(), o.process));
    auto text = p == nullptr ? describe(c.value()) : describe(*p);
    if (!text.ends_with('\n')) text += '\n';
    if (!s.json) {
        s.print(text);
        return fine;
    }
    json_text::json_out out;
    out.object().field("title", c.value().title()).field("hash", c.value().hash()).key("processes").array();
    for (const auto& each : c.value().processes())
        if (p == nullptr || &each == p)
            out.object().field("name", each.name).field("title", each.title).field("text", describe(each)).end();
    s.print_json(std::move(out.end().field("text", text).end()));
    return fine;
}

int schema(const session& s, const document_flags& o) {
    const auto text = o.kind == "charter" ? charter_schema() : o.kind == "roster" ? roster_schema() : o.kind == "behaviour" ? simulate::behaviour_schema() : scenario_schema();
    json_text::json_out out;
    s.print_json(std::move(out.raw(text)));
    return fine;
}

}  // namespace

void add_documents(command_group to) {
    auto o = std::make_shared<document_flags>();
    auto checking = to.add("check", "Finds what is wrong with a charter, and with it and a roster together",
                           "quorate check charter.json --roster roster.json --param length=\"5 days\"",
                           [o](const session& s) { return check_documents(s, *o); });
    checking.option("CHARTER", o->charter, "The charter; left out to check only a roster");
    checking.option("--roster", o->roster, "The roster that it is to serve");
    parameters_option(checking, o->params);
    checking.flag("--strict", o->strict, "Warnings count as errors");

    auto telling = to.add("describe", "A charter in plain English", "quorate describe charter.json rfc",
                          [o](const session& s) { return describe_charter(s, *o); });
    telling.option("CHARTER", o->charter, "The charter").required();
    telling.option("PROCESS", o->process, "One of its processes; all when left out");
    parameters_option(telling, o->params);

    auto schemas = to.add("schema", "The JSON Schema of a kind of document, for editors",
                          "quorate schema charter > charter.schema.json", [o](const session& s) { return schema(s, *o); });
    schemas.option("KIND", o->kind, "charter, roster, scenario or behaviour").required().one_of({"charter", "roster", "scenario", "behaviour"});
}

}  // namespace quorate::cli
