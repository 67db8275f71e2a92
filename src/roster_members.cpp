// Who is a member of what: inclusion, leads, seats, and what must hold between them.
#include <algorithm>
#include <bit>
#include <functional>
#include <utility>

#include "json.hpp"
#include "roster_build.hpp"

namespace quorate {

using json_text::in_quotes;

namespace {

std::size_t ordinal(team_id t) { return static_cast<std::size_t>(t); }

void set_bit(std::vector<std::uint64_t>& bits, std::size_t i) {
    bits[i / 64] |= std::uint64_t{1} << (i % 64);
}
bool has_bit(const std::vector<std::uint64_t>& bits, std::size_t i) {
    return i / 64 < bits.size() && (bits[i / 64] >> (i % 64) & 1U) != 0;
}
void merge(std::vector<std::uint64_t>& into, const std::vector<std::uint64_t>& from) {
    for (std::size_t i = 0; i < into.size(); ++i) into[i] |= from[i];
}

/// Teams in an order in which what a team `needs` comes before it, or the first cycle met ("a -> b
/// -> a", as numbers).
struct ordering {
    std::vector<std::size_t> order;
    std::vector<std::size_t> cycle;
};

ordering order_by(std::size_t count,
                  const std::function<std::vector<std::size_t>(std::size_t)>& needs) {
    enum class mark : std::uint8_t { untouched, open, done };
    struct frame {
        std::size_t team;
        std::vector<std::size_t> rest;  // still to visit, back first
    };
    ordering out;
    std::vector<mark> marks(count, mark::untouched);
    std::vector<frame> path;  // explicit: chains may be as long as there are teams
    const auto enter = [&](std::size_t t) {
        marks[t] = mark::open;
        auto rest = needs(t);
        std::reverse(rest.begin(), rest.end());
        path.push_back({t, std::move(rest)});
    };
    for (std::size_t start = 0; start < count; ++start) {
        if (marks[start] == mark::untouched) enter(start);
        while (!path.empty()) {
            if (path.back().rest.empty()) {
                marks[path.back().team] = mark::done;
                out.order.push_back(path.back().team);
                path.pop_back();
                continue;
            }
            const std::size_t next = path.back().rest.back();
            path.back().rest.pop_back();
            if (marks[next] == mark::untouched)
                enter(next);
            else if (marks[next] == mark::open) {
                const auto from = std::find_if(path.begin(), path.end(),
                                               [&](const frame& f) { return f.team == next; });
                for (auto it = from; it != path.end(); ++it) out.cycle.push_back(it->team);
                out.cycle.push_back(next);
                return out;
            }
        }
    }
    return out;
}

}  // namespace

bool roster_builder::check_cycles() {
    const auto shown = [&](const std::vector<std::size_t>& cycle) {
        std::string text;
        for (const std::size_t t : cycle) text += (text.empty() ? "" : " -> ") + doc.teams[t].name;
        return text;
    };
    const auto parents = order_by(doc.teams.size(), [&](std::size_t t) {
        const auto up = doc.teams[t].removed ? std::nullopt : team_at(doc.teams[t].parent);
        return up ? std::vector<std::size_t>{*up} : std::vector<std::size_t>{};
    });
    if (!parents.cycle.empty())
        wrong(team_pointer(parents.cycle.front()) + "/parent",
              "a team can't be below itself: " + shown(parents.cycle));
    const auto included = order_by(doc.teams.size(), [&](std::size_t t) {
        std::vector<std::size_t> all;
        if (doc.teams[t].removed) return all;
        for (const auto& name : doc.teams[t].includes)
            if (const auto i = team_at(name)) all.push_back(*i);
        return all;
    });
    if (!included.cycle.empty())
        wrong(team_pointer(included.cycle.front()) + "/includes",
              "a team can't include itself: " + shown(included.cycle));
    return parents.cycle.empty() && included.cycle.empty();
}

namespace {

/// Adds the leads that `team` includes from other teams; their lead_bits must be there already.
void add_included_leads(const roster_builder& b, const team_info& team,
                        std::vector<std::uint64_t>& into) {
    const leads_included& from = team.include_leads;
    const auto add = [&](std::size_t t) {
        if (&b.doc.teams[t] != &team) merge(into, b.to.teams[t].lead_bits);
    };
    for (const auto& name : from.of)
        if (const auto t = b.team_at(name)) add(*t);
    if (from.kinds.empty() && !from.top_level) return;
    for (const team_id id : b.to.listed) {
        const team_info& other = b.doc.teams[ordinal(id)];
        if ((from.top_level && other.top_level) ||
            std::find(from.kinds.begin(), from.kinds.end(), other.kind) != from.kinds.end())
            add(ordinal(id));
    }
}

void set_all(std::vector<std::uint64_t>& bits, const std::vector<std::size_t>& people) {
    for (const std::size_t p : people)
        if (p != roster_builder::unknown) set_bit(bits, p);
}

}  // namespace

void roster_builder::index_members() {
    to.teams.assign(doc.teams.size(), {});
    for (std::size_t t = 0; t < doc.teams.size(); ++t) {
        to.teams[t].member_bits.assign(words, 0);
        to.teams[t].lead_bits.assign(words, 0);
        set_all(to.teams[t].lead_bits, of_team[t].leads);  // none where a team was removed
    }
    const auto included = order_by(doc.teams.size(), [&](std::size_t t) {
        std::vector<std::size_t> all;
        if (doc.teams[t].removed) return all;
        for (const auto& name : doc.teams[t].includes)
            if (const auto i = team_at(name)) all.push_back(*i);
        return all;
    });
    bits active(words), former(words);
    for (const std::size_t t : included.order) {
        const team_info& team = doc.teams[t];
        team_index& at = to.teams[t];
        if (team.removed) continue;
        at.known = team.members_known;
        set_all(at.member_bits, of_team[t].members);
        set_all(former, of_team[t].alumni);
        for (const auto& s : team.seats)
            if (const auto p = s.lapsed ? std::nullopt : person_at(s.holder))
                set_bit(at.member_bits, *p);
        if (!team.archived) {
            add_included_leads(*this, team, at.member_bits);
            for (const auto& name : team.includes)
                if (const auto i = team_at(name)) {
                    merge(at.member_bits, to.teams[*i].member_bits);
                    at.known = at.known && to.teams[*i].known;
                }
        }
        merge(active, at.member_bits);
    }
    for (std::size_t i = 0; i < words; ++i) former[i] &= ~active[i];
    for (std::size_t t = 0; t < doc.teams.size(); ++t)
        if (doc.teams[t].collects_alumni && !doc.teams[t].removed)
            merge(to.teams[t].member_bits, former);
}

void roster_builder::index_derived() {
    std::vector<std::uint32_t> by_id, rank(words * 64);
    for (std::size_t i = 0; i < doc.people.size(); ++i)
        if (!doc.people[i].guest) by_id.push_back(static_cast<std::uint32_t>(i));
    std::sort(by_id.begin(), by_id.end(),
              [&](auto a, auto b) { return doc.people[a].id < doc.people[b].id; });
    for (std::size_t i = 0; i < by_id.size(); ++i) rank[by_id[i]] = static_cast<std::uint32_t>(i);
    const auto listed = [&](const bits& b) {  // in the order of ids
        std::vector<std::uint32_t> ranks;
        for (std::size_t i = 0; i < b.size(); ++i)
            for (std::uint64_t word = b[i]; word != 0; word &= word - 1)
                ranks.push_back(rank[i * 64 + static_cast<std::size_t>(std::countr_zero(word))]);
        std::sort(ranks.begin(), ranks.end());
        std::vector<person> all;
        for (const auto at : ranks) all.push_back(static_cast<person>(by_id[at]));
        return all;
    };
    to.roles.assign(doc.roles.size() + 1, {});
    for (auto& role : to.roles) role.holder_bits.assign(words, 0);
    std::size_t memberships = 0;
    for (const team_id id : to.listed) {
        const team_info& team = doc.teams[ordinal(id)];
        team_index& at = to.teams[ordinal(id)];
        if (const auto up = team_at(team.parent)) {
            at.parent = static_cast<team_id>(*up);
            to.teams[*up].subteams.push_back(id);
        }
        for (const auto word : at.member_bits)
            memberships += static_cast<std::size_t>(std::popcount(word));
        if (memberships > most_memberships)
            return wrong("/teams", "more than " + std::to_string(most_memberships) + " memberships",
                         {}, errc::limit);
        at.members = listed(at.member_bits);
        at.leads = listed(at.lead_bits);
        if (!team.excluded.empty()) {
            at.elector_bits = at.member_bits;
            for (const std::size_t p : of_team[ordinal(id)].excluded)
                if (p != unknown) at.elector_bits[p / 64] &= ~(std::uint64_t{1} << (p % 64));
            at.electors = listed(at.elector_bits);
        }
        for (std::size_t i = 0; i < team.members.size(); ++i) {
            const std::size_t who = of_team[ordinal(id)].members[i];
            for (const auto& role : team.members[i].roles)
                if (const auto found = to.role_names.find(role);
                    who != unknown && found != to.role_names.end())
                    set_bit(to.roles[static_cast<std::size_t>(found->second)].holder_bits, who);
        }
        merge(to.roles.back().holder_bits, at.lead_bits);
        for (const auto& s : team.seats) {
            seat one{.name = s.name,
                     .body = id,
                     .represents = {},
                     .holder = {},
                     .alternates = {},
                     .since = s.since,
                     .until = s.until,
                     .lapsed = s.lapsed};
            if (const auto other = team_at(s.represents))
                one.represents = static_cast<team_id>(*other);
            if (const auto p = person_at(s.holder)) one.holder = static_cast<person>(*p);
            for (const auto& a : s.alternates)
                if (const auto p = person_at(a)) one.alternates.push_back(static_cast<person>(*p));
            at.seats.push_back(std::move(one));
        }
    }
    for (auto& role : to.roles) role.holders = listed(role.holder_bits);
}

/// What can only be said when memberships are known.
void roster_builder::check_members() {
    for (const team_id id : to.listed) {
        const team_info& team = doc.teams[ordinal(id)];
        const team_index& at = to.teams[ordinal(id)];
        const std::string place = team_pointer(ordinal(id));
        const listed_people& people = of_team[ordinal(id)];
        const auto members_only = [&](std::string_view key, const std::vector<std::string>& ids,
                                      const std::vector<std::size_t>& all, const char* what) {
            for (std::size_t i = 0; i < all.size(); ++i)
                if (all[i] != unknown && !has_bit(at.member_bits, all[i]) && at.known)
                    wrong(below(below(place, key), i), in_quotes(ids[i]) + what);
        };
        members_only("leads", team.leads, people.leads, " leads the team but is no member of it");
        members_only("excluded", team.excluded, people.excluded,
                     " is excluded from the ballot but is no member");
        bits listed = at.lead_bits;
        set_all(listed, people.members);
        for (std::size_t i = 0; i < people.alumni.size(); ++i)
            if (has_bit(listed, people.alumni[i]))
                wrong(below(place + "/alumni", i),
                      in_quotes(team.alumni[i]) + " is a member and an alumnus");
    }
}

}  // namespace quorate
