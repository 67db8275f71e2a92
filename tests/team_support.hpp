// A roster of one team, for tests that want no more of it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <quorate/roster.hpp>

/// m0, m1, ... to `n`, of two affiliations in turn.
inline quorate::roster team_of(int n, const std::string& name, std::vector<std::string> leads = {}) {
    quorate::roster_document d;
    d.name = "test";
    quorate::team_info t;
    t.name = name;
    t.leads = std::move(leads);
    for (int i = 0; i < n; ++i) {
        quorate::person_info p;
        p.id = p.handle = "m" + std::to_string(i);
        p.affiliations = {i % 2 == 0 ? "even" : "odd"};
        d.people.push_back(p);
        t.members.push_back({p.id, {}});
    }
    d.teams.push_back(t);
    return quorate::make_roster(std::move(d)).value();
}
