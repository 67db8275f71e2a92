// Rosters to JSON.
#include <quorate/roster.hpp>

#include "json_out.hpp"

namespace quorate {
namespace {

using json_text::json_out;

void text(json_out& out, std::string_view key, const std::string& s) {
    if (!s.empty()) out.field(key, s);
}
void list(json_out& out, std::string_view key, const std::vector<std::string>& all) {
    if (!all.empty()) out.strings(key, all);
}
void flag(json_out& out, std::string_view key, bool b, bool otherwise = false) {
    if (b != otherwise) out.field(key, b);
}
void moment(json_out& out, std::string_view key, const std::optional<instant>& t) {
    if (t) out.field(key, to_string(*t));
}

void write(json_out& out, const roster_rules& r) {
    if (r == roster_rules{}) return;
    out.key("rules").object();
    flag(out, "kebab_names", r.kebab_names);
    flag(out, "teams_need_parent", r.teams_need_parent);
    flag(out, "top_level_are_teams", r.top_level_are_teams);
    flag(out, "alumni_listed", r.alumni_listed);
    flag(out, "everyone_belongs", r.everyone_belongs);
    list(out, "parentless", r.parentless);
    if (!r.kind_prefixes.empty()) {
        out.key("kind_prefixes").object();
        for (const auto& [kind, prefix] : r.kind_prefixes) out.field(to_string(kind), prefix);
        out.end();
    }
    out.end();
}

void write(json_out& out, const person_info& p) {
    out.key(p.id).object();
    if (p.handle != p.id) text(out, "handle", p.handle);
    list(out, "former_handles", p.former_handles);
    text(out, "name", p.name);
    list(out, "affiliations", p.affiliations);
    out.end();
}

void write(json_out& out, const seat_info& s) {
    out.object().field("name", s.name);
    text(out, "represents", s.represents);
    text(out, "holder", s.holder);
    list(out, "alternates", s.alternates);
    moment(out, "since", s.since);
    moment(out, "until", s.until);
    flag(out, "lapsed", s.lapsed);
    out.end();
}

void write(json_out& out, const seating& s) {
    out.key("seating").object();
    text(out, "process", s.process);
    text(out, "from", std::string(to_string(s.from)));
    if (s.term) out.field("term", to_string(*s.term));
    if (s.most_terms != 0) out.field("most_terms", s.most_terms);
    out.end();
}

void write_members(json_out& out, const team_info& t) {
    if (t.members.empty()) return;
    out.key("members").array();
    for (const auto& m : t.members) {
        if (m.roles.empty())
            out.value(m.who);
        else
            out.object().field("who", m.who).strings("roles", m.roles).end();
    }
    out.end();
}

void write_leads(json_out& out, const leads_included& l) {
    if (l == leads_included{}) return;
    out.key("include_leads").object();
    list(out, "of", l.of);
    if (!l.kinds.empty()) {
        out.key("kinds").array();
        for (const auto k : l.kinds) out.value(to_string(k));
        out.end();
    }
    flag(out, "top_level", l.top_level);
    out.end();
}

void write(json_out& out, const team_info& t, bool alumni_listed) {
    out.key(t.name).object();
    text(out, "title", t.title);
    text(out, "about", t.about);
    if (t.kind != team_kind::team) out.field("kind", to_string(t.kind));
    text(out, "parent", t.parent);
    flag(out, "top_level", t.top_level);
    flag(out, "archived", t.archived);
    list(out, "leads", t.leads);
    write_members(out, t);
    if (alumni_listed || !t.alumni.empty()) out.strings("alumni", t.alumni);
    list(out, "includes", t.includes);
    write_leads(out, t.include_leads);
    list(out, "excluded", t.excluded);
    flag(out, "collects_alumni", t.collects_alumni);
    flag(out, "members_known", t.members_known, true);
    if (t.size) out.field("size", *t.size);
    text(out, "label", t.label);
    text(out, "ping", t.ping);
    list(out, "aliases", t.aliases);
    list(out, "former_names", t.former_names);
    if (!t.seats.empty()) {
        out.key("seats").array();
        for (const auto& s : t.seats) write(out, s);
        out.end();
    }
    if (t.seating) write(out, *t.seating);
    out.end();
}

void write(json_out& out, const scope& s) {
    out.key(s.name).object();
    text(out, "about", s.about);
    text(out, "owner", s.owner);
    flag(out, "final_say", s.final_say, true);
    flag(out, "residual", s.residual);
    list(out, "shared_with", s.shared_with);
    out.end();
}

void write(json_out& out, const duty& d) {
    out.key(d.name).object();
    text(out, "topic", d.topic);
    text(out, "owner", d.owner);
    list(out, "for_whom", d.for_whom);
    if (d.cadence) out.field("cadence", to_string(*d.cadence));
    text(out, "expectation", d.expectation);
    text(out, "evidence", d.evidence);
    text(out, "feedback", d.feedback);
    text(out, "consequence", d.consequence);
    text(out, "escalation", d.escalation);
    flag(out, "administrative", d.administrative);
    out.end();
}

void write(json_out& out, const mandate& m) {
    out.key(m.name).object();
    text(out, "body", m.body);
    text(out, "from", m.from);
    text(out, "task", m.task);
    list(out, "powers", m.powers);
    list(out, "limits", m.limits);
    moment(out, "until", m.until);
    out.end();
}

void write_weights(json_out& out, const std::vector<holding>& all) {
    if (all.empty()) return;
    out.key("weights").object();
    for (std::size_t i = 0; i < all.size();) {
        const auto& kind = all[i].of;
        out.key(kind).object();
        while (i < all.size() && all[i].of == kind) {
            const auto& who = all[i].who;
            const bool  whole = all[i].to.empty() && (i + 1 == all.size() || all[i + 1].of != kind || all[i + 1].who != who);
            if (whole) {
                out.field(who, to_string(all[i++].weight));
                continue;
            }
            out.key(who).array();
            for (; i < all.size() && all[i].of == kind && all[i].who == who; ++i) {
                out.object().field("weight", to_string(all[i].weight));
                text(out, "to", all[i].to);
                out.end();
            }
            out.end();
        }
        out.end();
    }
    out.end();
}

void write_delegations(json_out& out, const std::vector<delegation>& all) {
    if (all.empty()) return;
    out.key("delegations").array();
    for (const auto& d : all) {
        out.object().field("who", d.who);
        text(out, "to", d.to);
        text(out, "team", d.team);
        text(out, "process", d.process);
        text(out, "ballot", d.ballot);
        text(out, "of", d.of);
        if (d.amount) out.field("amount", to_string(*d.amount));
        out.end();
    }
    out.end();
}

template <class Things>
void write_all(json_out& out, std::string_view key, const Things& all) {
    if (all.empty()) return;
    out.key(key).object();
    for (const auto& thing : all) write(out, thing);
    out.end();
}

}  // namespace

std::string to_json(const roster& r, int indent) {
    const roster_document& doc = r.document();
    json_out out(indent);
    out.object().field("format", 1);
    text(out, "name", doc.name);
    text(out, "source", doc.source);
    moment(out, "as_of", doc.as_of);
    write(out, doc.rules);
    out.key("people").object();
    for (const auto& p : doc.people)
        if (!p.guest) write(out, p);
    out.end();
    if (!doc.roles.empty()) {
        out.key("roles").object();
        for (const auto& role : doc.roles) out.field(role.name, role.description);
        out.end();
    }
    out.key("teams").object();
    for (const auto& t : doc.teams)
        if (!t.removed) write(out, t, doc.rules.alumni_listed);
    out.end();
    write_all(out, "scopes", doc.scopes);
    write_all(out, "duties", doc.duties);
    write_all(out, "mandates", doc.mandates);
    write_weights(out, doc.weights);
    write_delegations(out, doc.delegations);
    out.end();
    return std::move(out).str();
}

}  // namespace quorate
