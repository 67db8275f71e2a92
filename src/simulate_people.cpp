// People for a process that nobody is given for, and the teams that its proposals are about where nobody says.
#include <algorithm>

#include <quorate/simulate.hpp>

namespace quorate::simulate {
namespace {

constexpr std::string_view made_up_team = "group";

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

}  // namespace

result<roster> made_up_people(const process& by, std::size_t members) {
    const auto said = teams_in(by);
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

std::vector<std::vector<std::string>> usual_about(const process& by, const roster& people) {
    if (!teams_in(by).of_proposal) return {{}};
    if (people.team_named(made_up_team)) return {{std::string(made_up_team)}};
    for (const auto t : people.teams())
        if (!people.members(t).empty()) return {{std::string(people.name(t))}};
    return {{}};
}

}  // namespace quorate::simulate
