// Team data of the Rust project: {"top_level": [...], "bot_teams": [{"team", "label", "ping", "members", "parent"}], "samples": [...]}.
// Each team becomes part of a roster, which must then answer as recorded; labels and pings as the bot's dialect reads them.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <quorate/dialect.hpp>

#include "case.hpp"

namespace conformance {
namespace {

using namespace quorate;

std::vector<std::string> names_of(const json::array* list) {
    std::vector<std::string> all;
    if (list == nullptr) return all;
    for (const auto& e : *list)
        if (e.is_string()) all.emplace_back(e.as_string());
    return all;
}

std::vector<std::string> sorted(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    return names;
}

/// The teams that the bot knows; who is in them isn't recorded, so nobody counts as a member.
result<roster> bot_teams(const json::value& d) {
    roster_document       made;
    std::set<std::string> known;
    const auto            top = names_of(list_of(d, "top_level"));
    made.rules.kebab_names = made.rules.top_level_are_teams = true;
    const auto add = [&](team_info t) {
        t.members_known = false;
        t.top_level = std::find(top.begin(), top.end(), t.name) != top.end();
        if (known.insert(t.name).second) made.teams.push_back(std::move(t));
    };
    for (const auto& b : *list_of(d, "bot_teams")) {
        team_info t;
        t.name = text_of(b, "team");
        t.label = text_of(b, "label");
        t.ping = text_of(b, "ping");
        t.parent = text_of(b, "parent");
        if (const auto* n = b.is_object() ? b.as_object().if_contains("members") : nullptr; n != nullptr && n->is_int64() && n->as_int64() >= 0)
            t.size = static_cast<std::uint32_t>(n->as_int64());
        add(std::move(t));
    }
    for (const auto& b : *list_of(d, "bot_teams")) {
        team_info parent;
        parent.name = text_of(b, "parent");
        if (!parent.name.empty()) add(std::move(parent));
    }
    return make_roster(std::move(made));
}

case_result bot_team(const json::value& b, const roster& people) {
    const auto name = text_of(b, "team"), label = text_of(b, "label"), ping = text_of(b, "ping"), parent = text_of(b, "parent");
    const auto t = people.team_named(name);
    if (!t) return failed(name, "the roster has no such team");
    std::string wrong;
    for (const auto& word : {label, ping, "@" + ping}) {
        const auto read = read_comment(*dialect_named("rfcbot"), {.by = "somebody", .text = "@rfcbot merge " + word}, people);
        if (read.size() != 1 || read[0].command.names != std::vector<std::string>{name}) wrong += fmt::format("\"merge {}\" doesn't name it. ", word);
    }
    const auto above = people.parent(*t);
    if ((above ? std::string(people.name(*above)) : std::string()) != parent) wrong += "another parent. ";
    if (!people.members(*t).empty() || people.members_known(*t)) wrong += "members that nobody recorded. ";
    if (wrong.empty()) return passed(name, fmt::format("{} and {} name it", label, ping));
    return failed(name, wrong);
}

case_result sample(const json::value& s) {
    const auto      name = text_of(s, "name");
    roster_document made;
    team_info       t;
    t.name = name;
    t.leads = names_of(list_of(s, "leads"));
    const auto members = names_of(list_of(s, "members"));
    for (const auto& m : members) {
        person_info p;
        p.id = p.handle = m;
        made.people.push_back(std::move(p));
        t.members.push_back({m, {}});
    }
    for (const auto& r : names_of(list_of(s, "roles"))) made.roles.push_back({r, "of " + name});
    if (const auto* bot = object_of(s, "rfcbot")) {
        t.label = text_of(*bot, "label");
        t.ping = text_of(*bot, "ping");
    }
    made.teams.push_back(std::move(t));
    const auto people = make_roster(std::move(made));
    if (!people) return failed("sample " + name, people.error().what());
    const auto&              r = people.value();
    const auto               id = *r.team_named(name);
    std::vector<std::string> found, leads;
    for (const auto p : r.electors(id)) found.emplace_back(r.handle(p));
    for (const auto p : r.leads(id)) leads.emplace_back(r.handle(p));
    if (sorted(found) != sorted(members)) return failed("sample " + name, "other members than recorded");
    if (sorted(leads) != sorted(names_of(list_of(s, "leads")))) return failed("sample " + name, "other leads than recorded");
    return passed("sample " + name, fmt::format("{} members, {} leads", found.size(), leads.size()));
}

}  // namespace

bool claims_rust_teams(const json::value& d) {
    return any_with(list_of(d, "bot_teams"), {"team", "label"}) || any_with(list_of(d, "samples"), {"name", "members"});
}

std::vector<case_result> run_rust_teams(const json::value& d, const settings&) {
    std::vector<case_result> results;
    if (list_of(d, "bot_teams") != nullptr) {
        const auto people = bot_teams(d);
        if (!people) results.push_back(failed("bot_teams", people.error().what()));
        else
            for (const auto& b : *list_of(d, "bot_teams")) results.push_back(bot_team(b, people.value()));
    }
    if (const auto* samples = list_of(d, "samples"))
        for (const auto& s : *samples)
            results.push_back(text_of(s, "name").empty() ? skipped("sample", "a team without a name") : sample(s));
    if (object_of(d, "counts") != nullptr) results.push_back(skipped("counts", "numbers of people and teams that aren't listed"));
    return results;
}

}  // namespace conformance
