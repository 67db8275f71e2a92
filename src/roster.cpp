// The roster itself: look-ups, and the order in which a document is checked.
#include <algorithm>
#include <array>
#include <quorate/roster.hpp>
#include <utility>

#include "json.hpp"
#include "roster_build.hpp"

namespace quorate {

std::string_view to_string(seated_from f) {
    constexpr std::array<std::string_view, 5> words{"", "anyone", "members", "members of the team represented", "leads"};
    return words[static_cast<std::size_t>(f)];
}

std::string_view to_string(team_kind k) {
    constexpr std::array<std::string_view, 4> names{"team", "working group", "project group",
                                                    "marker team"};
    return names[static_cast<std::size_t>(k)];
}

// ---- building

std::vector<roster_fault> roster_builder::build(roster& r, bool same_people) {
    roster_builder b{.r = r, .doc = r.document_, .to = r.index_, .faults = {}, .of_team = {}};
    b.check_sizes();
    if (failed(b.faults)) return b.faults;  // beyond the limits nothing else is looked at
    if (!same_people) b.index_people();
    b.to.team_names.clear();
    b.to.former_teams.clear();
    b.to.role_names.clear();
    b.to.listed.clear();
    b.index_roles();
    b.index_teams();
    b.check_references();
    b.check_owners();
    b.index_weights();
    b.index_delegations();
    if (!b.check_cycles()) return b.faults;
    b.index_members();
    b.index_derived();
    b.check_members();
    b.check_rules();
    return b.faults;
}

bool roster_builder::failed(const std::vector<roster_fault>& faults) {
    return std::any_of(faults.begin(), faults.end(),
                       [](const roster_fault& f) { return !f.warning; });
}

error roster_builder::to_error(const std::vector<roster_fault>& faults) {
    error e;
    for (const auto& f : faults) {
        if (!f.warning && f.code == errc::limit) e.code = errc::limit;
        e.problems.push_back(
            {.warning = f.warning, .where = f.pointer, .what = f.what, .hint = f.hint});
    }
    return e;
}

roster::roster() { roster_builder::build(*this); }

result<roster> make_roster(roster_document document) {
    roster r;
    roster_builder::document(r) = std::move(document);
    const auto faults = roster_builder::build(r);
    if (roster_builder::failed(faults)) return roster_builder::to_error(faults);
    return r;
}

// ---- people

std::optional<person> roster::find_current(std::string_view id_or_handle) const {
    if (const auto found = index_.exact.find(id_or_handle); found != index_.exact.end()) return found->second;
    if (id_or_handle.size() > longest_name) return std::nullopt;
    const std::string name = folded(id_or_handle);
    for (const auto* names : {&index_.ids, &index_.handles, &index_.guests})
        if (const auto found = names->find(name); found != names->end()) return found->second;
    return std::nullopt;
}

std::optional<person> roster::find_person(std::string_view id_or_handle) const {
    if (const auto now = find_current(id_or_handle)) return now;
    if (id_or_handle.size() > longest_name) return std::nullopt;
    const auto found = index_.former.find(folded(id_or_handle));
    return found == index_.former.end() ? std::nullopt : found->second;
}

result<person> roster::guest(std::string_view id) {
    if (const auto known = find_person(id)) return *known;
    if (const auto fault = name_fault(id); !fault.empty()) return make_error(errc::invalid, fault);
    if (index_.guests.size() >= most_guests)
        return make_error(errc::limit, "more than " + std::to_string(most_guests) + " guests");
    const auto p = static_cast<person>(document_.people.size());
    document_.people.push_back({.id = std::string(id),
                                .handle = std::string(id),
                                .former_handles = {},
                                .name = {},
                                .affiliations = {},
                                .guest = true});
    index_.guests.emplace(folded(id), p);
    return p;
}

std::vector<team_id> roster::teams_of(person p) const {
    std::vector<team_id> all;
    for (const team_id t : index_.listed)
        if (is_member(p, t)) all.push_back(t);
    return all;
}

// ---- teams, roles, seats

std::optional<team_id> roster::team_named(std::string_view name_or_label) const {
    if (name_or_label.size() > longest_name) return std::nullopt;
    const std::string name = folded(name_or_label);
    if (const auto found = index_.team_names.find(name); found != index_.team_names.end())
        return found->second;
    const auto former = index_.former_teams.find(name);
    return former == index_.former_teams.end() ? std::nullopt : former->second;
}

std::optional<role_id> roster::role_named(std::string_view name) const {
    const auto found = index_.role_names.find(name);
    return found == index_.role_names.end() ? std::nullopt : std::optional(found->second);
}

bool roster::has_role(person p, std::string_view role) const {
    const auto r = role_named(role);
    return r && has_role(p, *r);
}

bool roster::holds_seat(person p, team_id body) const {
    const auto& all = at(body).seats;
    return std::any_of(all.begin(), all.end(),
                       [&](const seat& s) { return s.counts() && s.holder == p; });
}

bool roster::is_alternate(person p, team_id body) const {
    const auto& all = at(body).seats;
    return std::any_of(all.begin(), all.end(), [&](const seat& s) {
        return s.counts() && std::find(s.alternates.begin(), s.alternates.end(), p) != s.alternates.end();
    });
}

}  // namespace quorate
