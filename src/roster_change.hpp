// What each event does to the plain data of a roster. Internal to roster_apply.cpp.
#pragma once

#include <algorithm>
#include <quorate/roster.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json.hpp"
#include "roster_build.hpp"

namespace quorate::roster_change {

using json_text::in_quotes;

inline bool contains(const std::vector<std::string>& all, std::string_view s) {
    return std::find(all.begin(), all.end(), s) != all.end();
}
inline bool erase_from(std::vector<std::string>& all, std::string_view s) {
    return std::erase_if(all, [&](const std::string& x) { return x == s; }) > 0;
}
inline void add_once(std::vector<std::string>& all, const std::string& s) {
    if (!contains(all, s)) all.push_back(s);
}

/// Carries out one event on a document. `no` holds the refusal, if any.
class change {
public:
    change(const roster& before, roster_document& doc, const roster_event& e)
        : before_(before), doc_(doc), e_(e) {}

    std::string no, hint;

    void run() {
        using enum roster_event_kind;
        switch (e_.what) {
            case add_person:
                return person_added();
            case add_team:
                return team_added();
            case change_handle:
            case change_name:
            case change_affiliations:
                return person_changed();
            case set_weight:
                return weight_set();
            case delegate:
            case undelegate:
                return delegation_changed();
            default:
                break;
        }
        team_ = find_team(e_.team);
        if (team_ == nullptr) return;
        switch (e_.what) {
            case rename_team:
                return team_renamed();
            case archive_team:
                return team_archived();
            case remove_team:
                team_->removed = true;
                return;
            case include:
            case uninclude:
                return inclusion();
            case add_seat:
            case remove_seat:
            case fill_seat:
            case vacate_seat:
            case lapse_seat:
            case add_alternate:
            case remove_alternate:
                return seat_changed();
            default:
                return membership_changed();
        }
    }

private:
    void refuse(std::string what, std::string way_out = {}) {
        no = std::move(what);
        hint = std::move(way_out);
    }
    person_info* find_who() {
        if (const auto p = before_.find_current(e_.who); p && !before_.is_guest(*p))
            return &doc_.people[static_cast<std::size_t>(*p)];
        std::vector<std::string_view> known;
        for (const auto& p : doc_.people)
            if (!p.guest) known.push_back(p.id);
        refuse("nobody is called " + in_quotes(e_.who), json_text::did_you_mean(e_.who, known));
        return nullptr;
    }
    team_info* find_team(const std::string& name) {
        if (const auto t = before_.team_named(name))
            return &doc_.teams[static_cast<std::size_t>(*t)];
        std::vector<std::string_view> known;
        for (const auto& t : doc_.teams)
            if (!t.removed) known.push_back(t.name);
        refuse("there is no team " + in_quotes(name), json_text::did_you_mean(name, known));
        return nullptr;
    }

    void person_added() {
        for (auto& p : doc_.people) {
            if (!p.guest || p.id != e_.who) continue;
            p.guest = false;  // the index stays
            p.handle = e_.handle;
            p.name = e_.name;
            p.affiliations = e_.affiliations;
            return;
        }
        doc_.people.push_back({.id = e_.who,
                               .handle = e_.handle,
                               .former_handles = {},
                               .name = e_.name,
                               .affiliations = e_.affiliations,
                               .guest = false});
    }

    void person_changed() {
        person_info* p = find_who();
        if (p == nullptr) return;
        if (e_.what == roster_event_kind::change_name) {
            p->name = e_.name;
        } else if (e_.what == roster_event_kind::change_affiliations) {
            p->affiliations = e_.affiliations;
        } else {
            if (p->handle == e_.handle)
                return refuse(in_quotes(e_.handle) + " is the handle already");
            erase_from(p->former_handles, e_.handle);
            add_once(p->former_handles, p->handle);
            p->handle = e_.handle;
        }
    }

    void weight_set() {
        const person_info* p = find_who();
        if (p == nullptr) return;
        std::string to;
        if (!e_.to.empty()) {
            const auto other = before_.find_current(e_.to);
            if (!other) return refuse("nobody is called " + in_quotes(e_.to));
            to = before_.id(*other);
        }
        const auto amount = read_weight(e_.amount);
        if (!amount) return refuse(in_quotes(e_.amount) + " is no amount", "such as \"10\" or \"1/3\"");
        auto& all = doc_.weights;
        const auto own = std::find_if(all.begin(), all.end(), [&](const holding& h) {
            return h.of == e_.of && h.who == p->id && h.to == to;
        });
        if (own != all.end() && amount->sign() == 0) {
            all.erase(own);
        } else if (own != all.end()) {
            own->weight = *amount;
        } else if (amount->sign() != 0) {
            // Behind those of the same kind and person, which stay together.
            auto last = std::find_if(all.rbegin(), all.rend(), [&](const holding& h) { return h.of == e_.of && h.who == p->id; });
            if (last == all.rend())
                last = std::find_if(all.rbegin(), all.rend(), [&](const holding& h) { return h.of == e_.of; });
            all.insert(last == all.rend() ? all.end() : last.base(), {e_.of, p->id, *amount, to});
        }
    }

    /// What is delegated is held, now; what is held may shrink later.
    bool amount_given(delegation& d) {
        d.amount = read_weight(e_.amount);
        if (!d.amount || d.amount->sign() <= 0) {
            refuse(in_quotes(e_.amount) + " is no amount to delegate", "such as \"10\" or \"1/3\"");
            return false;
        }
        number all = 0;
        for (const auto& h : doc_.weights)
            if (h.who == d.who && h.of == d.of) all = *add(all, h.weight);  // rational, so there is a sum
        if (*d.amount > all) refuse(in_quotes(d.who) + " holds " + to_string(all) + " of " + in_quotes(d.of) + ", and can't delegate " + e_.amount);
        return *d.amount <= all;
    }

    void delegation_changed() {
        const person_info* p = find_who();
        if (p == nullptr) return;
        delegation d{.who = p->id, .to = {}, .team = {}, .process = e_.process, .ballot = e_.ballot, .of = e_.of};
        if (!e_.team.empty()) {
            const team_info* t = find_team(e_.team);
            if (t == nullptr) return;
            d.team = t->name;
        }
        if (!e_.to.empty()) {
            const auto other = before_.find_current(e_.to);
            if (!other) return refuse("nobody is called " + in_quotes(e_.to));
            d.to = before_.id(*other);
        }
        if (d.of.empty() == e_.amount.empty()) {
            if (!e_.amount.empty() && !amount_given(d)) return;
        } else return refuse("\"of\" and \"amount\" go together");
        auto& all = doc_.delegations;
        const auto own = std::find_if(all.begin(), all.end(), [&](const delegation& x) {
            return x.who == d.who && x.team == d.team && x.process == d.process;
        });
        if (e_.what == roster_event_kind::undelegate) {
            if (own == all.end()) return refuse(in_quotes(p->id) + " has no such delegation");
            all.erase(own);
        } else if (own != all.end()) {
            *own = std::move(d);
        } else {
            all.push_back(std::move(d));
        }
    }

    void team_added() {
        team_info t;
        t.name = e_.team;
        t.title = e_.title;
        t.kind = e_.kind;
        t.parent = e_.parent;
        t.top_level = e_.top_level;
        t.label = e_.label;
        doc_.teams.push_back(std::move(t));
    }

    void team_renamed() {
        const std::string old = team_->name;
        const auto one = [&](std::string& name) {
            if (name == old) name = e_.name;
        };
        const auto each = [&](std::vector<std::string>& names) {
            for (auto& name : names) one(name);
        };
        if (old == e_.name) return refuse(in_quotes(old) + " is the name already");
        erase_from(team_->former_names, e_.name);
        add_once(team_->former_names, old);
        team_->name = e_.name;
        each(doc_.rules.parentless);
        for (auto& t : doc_.teams) {
            one(t.parent);
            each(t.includes);
            each(t.include_leads.of);
            for (auto& s : t.seats) one(s.represents);
        }
        for (auto& s : doc_.scopes) {
            one(s.owner);
            each(s.shared_with);
        }
        for (auto& d : doc_.duties) {
            one(d.owner);
            each(d.for_whom);
        }
        for (auto& m : doc_.mandates) {
            one(m.body);
            one(m.from);
        }
        for (auto& d : doc_.delegations) one(d.team);
    }

    void team_archived() {
        if (team_->archived)
            return refuse("the team " + in_quotes(team_->name) + " is archived already");
        for (const auto& m : team_->members) add_once(team_->alumni, m.who);
        for (const auto& l : team_->leads) add_once(team_->alumni, l);
        for (auto& s : team_->seats) {
            if (!s.holder.empty()) add_once(team_->alumni, s.holder);
            s = {.name = s.name,
                 .represents = s.represents,
                 .holder = {},
                 .alternates = {},
                 .since = {},
                 .until = {},
                 .lapsed = false};
        }
        team_->members.clear();
        team_->leads.clear();
        team_->includes.clear();
        team_->include_leads = {};
        team_->excluded.clear();
        team_->archived = true;
    }

    void inclusion() {
        const team_info* other = find_team(e_.other_team);
        if (other == nullptr) return;
        if (e_.what == roster_event_kind::include) {
            if (contains(team_->includes, other->name))
                return refuse(in_quotes(other->name) + " is included already");
            team_->includes.push_back(other->name);
        } else if (!erase_from(team_->includes, other->name))
            refuse(in_quotes(other->name) + " is not included");
    }

    membership* explicit_member(const std::string& id) {
        for (auto& m : team_->members)
            if (m.who == id) return &m;
        return nullptr;
    }
    bool holds_some_seat(const std::string& id) const {
        return std::any_of(team_->seats.begin(), team_->seats.end(),
                           [&](const seat_info& s) { return s.holder == id && !s.lapsed; });
    }
    bool member_by_inclusion(const std::string& id) const {
        const auto p = before_.find_current(id);
        return p && std::any_of(team_->includes.begin(), team_->includes.end(),
                                [&](const std::string& name) {
                                    const auto t = before_.team_named(name);
                                    return t && before_.is_member(*p, *t);
                                });
    }
    /// Someone may have stopped being a member by losing a seat.
    void seat_lost(const std::string& id) {
        if (id.empty() || explicit_member(id) != nullptr || holds_some_seat(id) ||
            member_by_inclusion(id))
            return;
        erase_from(team_->leads, id);
        add_once(team_->alumni, id);
    }
    static void vacate(seat_info& s) {
        s.holder.clear();
        s.since.reset();
        s.until.reset();
        s.lapsed = false;
    }

    void membership_changed() {
        using enum roster_event_kind;
        const person_info* p = find_who();
        if (p == nullptr) return;
        const std::string& id = p->id;
        membership* m = explicit_member(id);
        const std::string shown = in_quotes(id);
        switch (e_.what) {
            case join:
                if (m != nullptr) return refuse(shown + " is a member already");
                if (team_->archived)
                    return refuse("the team " + in_quotes(team_->name) + " is archived");
                erase_from(team_->alumni, id);
                team_->members.push_back({id, {}});
                if (!e_.role.empty()) team_->members.back().roles.push_back(e_.role);
                return;
            case leave:
                return left(id, shown);
            case add_lead:
                if (contains(team_->leads, id)) return refuse(shown + " leads the team already");
                team_->leads.push_back(id);
                return;
            case remove_lead:
                if (!erase_from(team_->leads, id)) refuse(shown + " does not lead the team");
                return;
            case give_role:
                if (m == nullptr)
                    return refuse(shown + " is not listed as a member", "let them join first");
                if (contains(m->roles, e_.role)) return refuse(shown + " has that role already");
                m->roles.push_back(e_.role);
                return;
            case take_role:
                if (m == nullptr || !erase_from(m->roles, e_.role))
                    refuse(shown + " does not have that role");
                return;
            case exclude:
                if (contains(team_->excluded, id)) return refuse(shown + " is excluded already");
                team_->excluded.push_back(id);
                return;
            case readmit:
                if (!erase_from(team_->excluded, id)) refuse(shown + " is not excluded");
                return;
            default:
                return;
        }
    }

    void left(const std::string& id, const std::string& shown) {
        const bool listed =
            std::erase_if(team_->members, [&](const membership& m) { return m.who == id; }) > 0;
        bool sat = false;
        for (auto& s : team_->seats) {
            if (s.holder == id) {
                vacate(s);
                sat = true;
            }
            erase_from(s.alternates, id);
        }
        if (!listed && !sat)
            return refuse(shown + " is not listed as a member",
                          "members of included teams leave those teams");
        erase_from(team_->leads, id);
        add_once(team_->alumni, id);
    }

    void seat_changed() {
        using enum roster_event_kind;
        const auto at = std::find_if(team_->seats.begin(), team_->seats.end(),
                                     [&](const seat_info& s) { return s.name == e_.seat; });
        if (e_.what == add_seat) {
            const team_info* other = e_.other_team.empty() ? nullptr : find_team(e_.other_team);
            if (!no.empty()) return;
            team_->seats.push_back({.name = e_.seat,
                                    .represents = other == nullptr ? "" : other->name,
                                    .holder = {},
                                    .alternates = {},
                                    .since = {},
                                    .until = {},
                                    .lapsed = false});
            return;
        }
        if (at == team_->seats.end())
            return refuse("the team " + in_quotes(team_->name) + " has no seat " +
                          in_quotes(e_.seat));
        const std::string before = at->holder;
        if (e_.what == remove_seat) {
            team_->seats.erase(at);
            return seat_lost(before);
        }
        if (e_.what == vacate_seat) {
            if (before.empty()) return refuse("the seat is vacant already");
            vacate(*at);
            return seat_lost(before);
        }
        if (e_.what == lapse_seat) {
            if (at->lapsed) return refuse("the seat has lapsed already");
            at->lapsed = true;
            return seat_lost(before);
        }
        const person_info* p = find_who();
        if (p == nullptr) return;
        if (e_.what == fill_seat) {
            if (team_->archived)
                return refuse("the team " + in_quotes(team_->name) + " is archived");
            at->holder = p->id;
            at->since = e_.at;
            at->until = e_.until;
            at->lapsed = false;
            erase_from(at->alternates, p->id);
            erase_from(team_->alumni, p->id);
            if (before != p->id) seat_lost(before);
        } else if (e_.what == add_alternate) {
            at->alternates.push_back(p->id);
        } else if (!erase_from(at->alternates, p->id)) {
            refuse(in_quotes(p->id) + " is no alternate for that seat");
        }
    }

    const roster& before_;
    roster_document& doc_;
    const roster_event& e_;
    team_info* team_ = nullptr;
};

}  // namespace quorate::roster_change
