// What must hold for each team by itself, and the conventions that a roster declares.
#include <algorithm>
#include <utility>

#include "json.hpp"
#include "roster_build.hpp"

namespace quorate {

using json_text::in_quotes;

namespace {

bool is_kebab(std::string_view name) {
    bool word = false;  // inside a word
    for (const char c : name) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            word = true;
        else if (c == '-' && word)
            word = false;
        else
            return false;
    }
    return word;
}

}  // namespace

void roster_builder::check_team(std::size_t t) {
    const team_info& team = doc.teams[t];
    const std::string at = team_pointer(t);
    const bool includes = !team.includes.empty() || team.include_leads != leads_included{};
    if (team.archived) {
        if (!team.members.empty())
            wrong(at + "/members", "an archived team has no members", "list them as alumni");
        if (!team.leads.empty()) wrong(at + "/leads", "an archived team has no leads");
        if (includes) wrong(at, "an archived team includes nobody");
        for (std::size_t i = 0; i < team.seats.size(); ++i)
            if (!team.seats[i].holder.empty())
                wrong(below(at + "/seats", i) + "/holder",
                      "the seats of an archived team are vacant");
    }
    if (team.collects_alumni && (!team.members.empty() || includes || !team.seats.empty()))
        wrong(at + "/members", "a team that collects alumni has no members of its own");
    if (!team.members_known && !team.members.empty())
        wrong(at + "/members", "members are listed, but \"members_known\" is false");
    if (team.top_level && !team.parent.empty())
        wrong(at + "/parent", "a top-level team has no parent");
}

void roster_builder::check_rules() {
    const roster_rules& rules = doc.rules;
    check_teams("/rules/parentless", rules.parentless);
    for (const team_id id : to.listed) {
        const auto t = static_cast<std::size_t>(id);
        const team_info& team = doc.teams[t];
        const std::string at = team_pointer(t);
        check_team(t);
        if (rules.kebab_names && !is_kebab(team.name))
            wrong(at, in_quotes(team.name) + " is not lower-case words joined by hyphens");
        if (rules.top_level_are_teams && team.top_level && team.kind != team_kind::team)
            wrong(at + "/top_level",
                  "a " + std::string(to_string(team.kind)) + " can't be top-level");
        const bool exempt = team.kind == team_kind::marker_team || team.collects_alumni ||
                            std::find(rules.parentless.begin(), rules.parentless.end(),
                                      team.name) != rules.parentless.end();
        if (rules.teams_need_parent && !exempt && !team.archived && team.parent.empty() &&
            !team.top_level)
            wrong(at, "a team has a parent or is top-level",
                  "add \"parent\", or \"top_level\": true");
        for (const auto& [kind, prefix] : rules.kind_prefixes)
            if (team.kind == kind && !team.name.starts_with(prefix))
                wrong(at, "the name of a " + std::string(to_string(kind)) + " starts with " +
                              in_quotes(prefix));
    }
    if (!rules.everyone_belongs) return;
    bits somewhere(words);
    for (const team_id id : to.listed) {
        const auto t = static_cast<std::size_t>(id);
        for (std::size_t i = 0; i < somewhere.size(); ++i)
            somewhere[i] |= to.teams[t].member_bits[i] | to.teams[t].lead_bits[i];
        for (const std::size_t p : of_team[t].alumni)
            if (p != unknown) somewhere[p / 64] |= std::uint64_t{1} << (p % 64);
    }
    for (std::size_t i = 0; i < doc.people.size(); ++i)
        if (!doc.people[i].guest && (somewhere[i / 64] >> (i % 64) & 1U) == 0)
            wrong(below("/people", doc.people[i].id),
                  in_quotes(doc.people[i].id) + " is and was in no team");
}

}  // namespace quorate
