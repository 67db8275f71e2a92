// Names of a roster: what may be one, who has it, and whether every reference finds something.
#include <algorithm>
#include <initializer_list>
#include <set>
#include <utility>

#include "json.hpp"
#include "json_out.hpp"
#include "roster_build.hpp"

namespace quorate {

using json_text::in_quotes;

std::string folded(std::string_view s) {
    std::string out(s);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string name_fault(std::string_view s) {
    if (s.empty()) return "a name must not be empty";
    if (s.size() > longest_name)
        return "a name has at most " + std::to_string(longest_name) + " bytes";
    for (const char c : s) {
        const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') ||
                          std::string_view("-_.:/+@#").find(c) != std::string_view::npos;
        if (!fine) return in_quotes(s) + " is no name: use ASCII letters, digits and -_.:/+@#";
    }
    return {};
}

std::string below(std::string_view pointer, std::string_view key) {
    return std::string(pointer) + "/" + json_text::pointer_part(key);
}

std::string below(std::string_view pointer, std::size_t i) {
    return std::string(pointer) + "/" + std::to_string(i);
}

void roster_builder::wrong(std::string pointer, std::string what, std::string hint, errc code) {
    if (faults.size() < json_text::most_problems)
        faults.push_back({std::move(pointer), std::move(what), std::move(hint), false, code});
}

std::string roster_builder::team_pointer(std::size_t t) const {
    return below("/teams", doc.teams[t].name);
}

std::optional<std::size_t> roster_builder::person_at(std::string_view id) const {
    const auto found = to.ids.find(folded(id));
    if (found == to.ids.end()) return std::nullopt;
    const auto i = static_cast<std::size_t>(found->second);
    return doc.people[i].id == id ? std::optional(i) : std::nullopt;
}

std::optional<std::size_t> roster_builder::team_at(std::string_view name) const {
    const auto found = to.team_names.find(folded(name));
    if (found == to.team_names.end()) return std::nullopt;
    const auto i = static_cast<std::size_t>(found->second);
    return doc.teams[i].name == name ? std::optional(i) : std::nullopt;
}

namespace {
constexpr std::size_t most_suggestions = 20;  // each compares with all names
}

std::string roster_builder::near_person(std::string_view id) const {
    if (faults.size() >= most_suggestions) return {};
    std::vector<std::string_view> known;
    for (const auto& p : doc.people)
        if (!p.guest) known.push_back(p.id);
    return json_text::did_you_mean(id, known);
}

std::string roster_builder::near_team(std::string_view name) const {
    if (faults.size() >= most_suggestions) return {};
    std::vector<std::string_view> known;
    for (const auto& t : doc.teams)
        if (!t.removed) known.push_back(t.name);
    return json_text::did_you_mean(name, known);
}

void roster_builder::check_text(std::string pointer, std::string_view text, std::size_t longest) {
    if (text.size() > longest)
        return wrong(std::move(pointer), "longer than " + std::to_string(longest) + " bytes", {},
                     errc::limit);
    while (!text.empty()) {
        const std::size_t n = json_text::utf8_length(text);
        if (n == 0) return wrong(std::move(pointer), "invalid UTF-8");
        if (static_cast<unsigned char>(text.front()) < 0x20 || text.front() == 0x7F)
            return wrong(std::move(pointer), "contains a control character");
        text.remove_prefix(n);
    }
}

// ---- who has which name

void roster_builder::check_sizes() {
    const auto guests = static_cast<std::size_t>(std::count_if(
        doc.people.begin(), doc.people.end(), [](const person_info& p) { return p.guest; }));
    const auto over = [&](std::string pointer, std::size_t count, std::size_t most) {
        if (count > most)
            wrong(std::move(pointer),
                  std::to_string(count) + " are more than the limit of " + std::to_string(most), {},
                  errc::limit);
    };
    over("/people", doc.people.size() - guests, most_people);
    over("/rules/parentless", doc.rules.parentless.size(), most_teams);
    over("/teams", doc.teams.size(), most_teams);
    for (std::size_t i = doc.people.size(); i > 0 && words == 0; --i)
        if (!doc.people[i - 1].guest) words = (i + 63) / 64;
    check_text("/name", doc.name, longest_title);
    check_text("/source", doc.source, longest_text);
}

void roster_builder::index_people() {
    to.exact.clear();
    to.ids.clear();
    to.handles.clear();
    to.former.clear();
    to.guests.clear();
    for (std::size_t i = 0; i < doc.people.size(); ++i) {
        person_info& p = doc.people[i];
        const std::string at = below("/people", p.id);
        if (p.guest) {
            to.guests.try_emplace(folded(p.id), static_cast<person>(i));
            continue;
        }
        if (p.handle.empty()) p.handle = p.id;
        if (const auto fault = name_fault(p.id); !fault.empty()) wrong(at, fault);
        if (const auto fault = name_fault(p.handle); !fault.empty()) wrong(at + "/handle", fault);
        check_text(at + "/name", p.name, longest_title);
        for (std::size_t k = 0; k < p.affiliations.size(); ++k)
            check_text(below(at + "/affiliations", k), p.affiliations[k], longest_title);
        to.exact.try_emplace(p.id, static_cast<person>(i));
        const auto [other, fresh] = to.ids.try_emplace(folded(p.id), static_cast<person>(i));
        if (!fresh)
            wrong(at, "the id " + in_quotes(p.id) + " is given twice",
                  "the other one is " +
                      in_quotes(doc.people[static_cast<std::size_t>(other->second)].id));
    }
    for (std::size_t i = 0; i < doc.people.size(); ++i) {
        const person_info& p = doc.people[i];
        if (p.guest) continue;
        const auto me = static_cast<person>(i);
        to.exact.try_emplace(p.handle, me);
        const auto [other, fresh] = to.handles.try_emplace(folded(p.handle), me);
        const auto clash = fresh ? to.ids.find(folded(p.handle)) : other;
        if (!fresh || (clash != to.ids.end() && clash->second != me))
            wrong(below("/people", p.id) + "/handle",
                  "the handle " + in_quotes(p.handle) + " belongs to " +
                      in_quotes(doc.people[static_cast<std::size_t>(clash->second)].id) +
                      " already");
        for (std::size_t k = 0; k < p.former_handles.size(); ++k) {
            if (const auto fault = name_fault(p.former_handles[k]); !fault.empty())
                wrong(below(below("/people", p.id) + "/former_handles", k), fault);
            const auto [slot, first] = to.former.try_emplace(folded(p.former_handles[k]), me);
            if (!first && slot->second != me) slot->second.reset();
        }
    }
}

void roster_builder::index_roles() {
    for (std::size_t i = 0; i < doc.roles.size(); ++i) {
        const role_info& role = doc.roles[i];
        const std::string at = below("/roles", role.name);
        if (const auto fault = name_fault(role.name); !fault.empty()) wrong(at, fault);
        if (role.name == "lead")
            wrong(at, "the role \"lead\" exists anyway: it is held by the leads of teams");
        check_text(at, role.description, longest_text);
        if (!to.role_names.try_emplace(role.name, static_cast<role_id>(i)).second)
            wrong(at, "the role " + in_quotes(role.name) + " is declared twice");
    }
    to.role_names.try_emplace("lead", static_cast<role_id>(doc.roles.size()));
}

void roster_builder::index_teams() {
    for (std::size_t i = 0; i < doc.teams.size(); ++i) {
        const team_info& team = doc.teams[i];
        if (team.removed) continue;
        to.listed.push_back(static_cast<team_id>(i));
        const std::string at = team_pointer(i);
        if (const auto fault = name_fault(team.name); !fault.empty()) wrong(at, fault);
        if (!to.team_names.try_emplace(folded(team.name), static_cast<team_id>(i)).second)
            wrong(at, "there are two teams named " + in_quotes(team.name));
        check_text(at + "/title", team.title, longest_title);
        check_text(at + "/about", team.about, longest_text);
        check_text(at + "/ping", team.ping, longest_title);
    }
    const auto also = [&](std::size_t i, const std::string& name, std::string pointer,
                          std::string_view what) {
        if (const auto fault = name_fault(name); !fault.empty())
            return wrong(std::move(pointer), fault);
        const auto [other, fresh] =
            to.team_names.try_emplace(folded(name), static_cast<team_id>(i));
        if (!fresh)
            wrong(std::move(pointer),
                  "the " + std::string(what) + " " + in_quotes(name) + " belongs to the team " +
                      in_quotes(doc.teams[static_cast<std::size_t>(other->second)].name) +
                      " already");
    };
    for (const team_id id : to.listed) {
        const auto i = static_cast<std::size_t>(id);
        const team_info& team = doc.teams[i];
        const std::string at = team_pointer(i);
        if (!team.label.empty()) also(i, team.label, at + "/label", "label");
        for (std::size_t k = 0; k < team.aliases.size(); ++k)
            also(i, team.aliases[k], below(at + "/aliases", k), "alias");
        for (const auto& old : team.former_names) {
            const auto [slot, first] = to.former_teams.try_emplace(folded(old), id);
            if (!first && slot->second != id) slot->second.reset();
        }
    }
}

// ---- whether references find something

std::vector<std::size_t> roster_builder::check_people(const std::string& pointer,
                                                      const std::vector<std::string>& ids) {
    std::vector<std::size_t> found;
    bits seen(ids.size() > 1 ? words : 0);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto p = person_at(ids[i]);
        found.push_back(p.value_or(unknown));
        if (!p) {
            wrong(below(pointer, i), "nobody has the id " + in_quotes(ids[i]), near_person(ids[i]));
        } else if (!seen.empty()) {
            const std::uint64_t bit = std::uint64_t{1} << (*p % 64);
            if ((seen[*p / 64] & bit) != 0)
                wrong(below(pointer, i), in_quotes(ids[i]) + " is listed twice");
            seen[*p / 64] |= bit;
        }
    }
    return found;
}

void roster_builder::check_teams(const std::string& pointer,
                                 const std::vector<std::string>& names) {
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (!team_at(names[i]))
            wrong(below(pointer, i), "there is no team " + in_quotes(names[i]),
                  near_team(names[i]));
        if (!seen.insert(names[i]).second)
            wrong(below(pointer, i), in_quotes(names[i]) + " is listed twice");
    }
}

void roster_builder::check_references() {
    of_team.assign(doc.teams.size(), {});
    for (const team_id id : to.listed) {
        const auto t = static_cast<std::size_t>(id);
        const team_info& team = doc.teams[t];
        const std::string at = team_pointer(t);
        std::vector<std::string> members;
        std::set<std::string_view> seen;
        for (std::size_t i = 0; i < team.members.size(); ++i) {
            members.push_back(team.members[i].who);
            const auto& roles = team.members[i].roles;
            seen.clear();
            for (std::size_t k = 0; k < roles.size(); ++k) {
                const std::string place = below(below(at + "/members", i) + "/roles", k);
                if (roles[k] == "lead")
                    wrong(place, "leads are listed under \"leads\"");
                else if (!to.role_names.contains(roles[k]))
                    wrong(place, "the role " + in_quotes(roles[k]) + " is not declared",
                          "declare it under \"roles\"");
                if (!seen.insert(roles[k]).second)
                    wrong(place, in_quotes(roles[k]) + " is listed twice");
            }
        }
        of_team[t].members = check_people(at + "/members", members);
        of_team[t].leads = check_people(at + "/leads", team.leads);
        of_team[t].alumni = check_people(at + "/alumni", team.alumni);
        of_team[t].excluded = check_people(at + "/excluded", team.excluded);
        check_teams(at + "/includes", team.includes);
        check_teams(at + "/include_leads/of", team.include_leads.of);
        if (!team.parent.empty() && !team_at(team.parent))
            wrong(at + "/parent", "there is no team " + in_quotes(team.parent),
                  near_team(team.parent));
        std::set<std::string_view> seats;
        for (std::size_t i = 0; i < team.seats.size(); ++i) {
            const seat_info& s = team.seats[i];
            const std::string place = below(at + "/seats", i);
            if (s.name.empty()) wrong(place, "a seat needs a name");
            check_text(place + "/name", s.name, longest_name);
            if (!seats.insert(s.name).second)
                wrong(place + "/name", "there are two seats " + in_quotes(s.name));
            if (!s.holder.empty() && !person_at(s.holder))
                wrong(place + "/holder", "nobody has the id " + in_quotes(s.holder),
                      near_person(s.holder));
            if (!s.represents.empty() && !team_at(s.represents))
                wrong(place + "/represents", "there is no team " + in_quotes(s.represents),
                      near_team(s.represents));
            check_people(place + "/alternates", s.alternates);
            if (!s.holder.empty() &&
                std::find(s.alternates.begin(), s.alternates.end(), s.holder) != s.alternates.end())
                wrong(place + "/alternates",
                      in_quotes(s.holder) + " holds the seat and can't be its alternate");
            if (s.since && s.until && *s.since >= *s.until)
                wrong(place + "/until", "the term ends before it begins");
        }
        if (!team.seating) continue;
        check_text(at + "/seating/process", team.seating->process, longest_title);
        if (team.seating->term && *team.seating->term <= duration::zero())
            wrong(at + "/seating/term", "must be longer than nothing");
    }
}

void roster_builder::check_owners() {
    const auto named = [&](std::string_view list, const std::string& name,
                           std::set<std::string_view>& seen) {
        const std::string at = below("/" + std::string(list), name);
        if (name.empty()) wrong(at, "must not have an empty name");
        check_text(at, name, longest_title);
        if (!seen.insert(name).second) wrong(at, in_quotes(name) + " is given twice");
        return at;
    };
    const auto team = [&](const std::string& pointer, const std::string& name) {
        if (!name.empty() && !team_at(name))
            wrong(pointer, "there is no team " + in_quotes(name), near_team(name));
    };
    const auto texts =
        [&](const std::string& at,
            std::initializer_list<std::pair<std::string_view, const std::string*>> all) {
            for (const auto& [key, text] : all) check_text(below(at, key), *text, longest_text);
        };
    std::set<std::string_view> scopes, duties, mandates;
    std::string_view residual;
    for (const auto& s : doc.scopes) {
        const std::string at = named("scopes", s.name, scopes);
        team(at + "/owner", s.owner);
        check_teams(at + "/shared_with", s.shared_with);
        texts(at, {{"about", &s.about}});
        if (s.residual && !residual.empty())
            wrong(at + "/residual", "there is one residual scope already: " + in_quotes(residual));
        if (s.residual) residual = s.name;
    }
    for (const auto& d : doc.duties) {
        const std::string at = named("duties", d.name, duties);
        team(at + "/owner", d.owner);
        if (d.cadence && *d.cadence <= duration::zero())
            wrong(at + "/cadence", "must be longer than nothing");
        texts(at, {{"topic", &d.topic},
                   {"expectation", &d.expectation},
                   {"evidence", &d.evidence},
                   {"feedback", &d.feedback},
                   {"consequence", &d.consequence},
                   {"escalation", &d.escalation}});
        for (std::size_t i = 0; i < d.for_whom.size(); ++i)
            check_text(below(at + "/for_whom", i), d.for_whom[i], longest_text);
    }
    for (const auto& m : doc.mandates) {
        const std::string at = named("mandates", m.name, mandates);
        if (m.body.empty()) wrong(at, "\"body\" is missing");
        team(at + "/body", m.body);
        team(at + "/from", m.from);
        texts(at, {{"task", &m.task}});
        for (std::size_t i = 0; i < m.powers.size(); ++i)
            check_text(below(at + "/powers", i), m.powers[i], longest_text);
        for (std::size_t i = 0; i < m.limits.size(); ++i)
            check_text(below(at + "/limits", i), m.limits[i], longest_text);
    }
}

}  // namespace quorate
