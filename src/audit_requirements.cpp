// The eleven requirements.
#include <algorithm>
#include <array>

#include <quorate/lint.hpp>

#include "audit_view.hpp"
#include "json.hpp"

namespace quorate {
namespace {

using json_text::in_quotes;

void independent_teams(const governance& g, answering& a) {
    std::size_t owned = 0;
    for (const auto& s : g.people.scopes()) {
        if (s.residual) continue;
        const auto owner = g.people.team_named(s.owner);
        const bool bounded = std::any_of(g.people.mandates().begin(), g.people.mandates().end(),
                                         [&](const mandate& m) { return owner && g.people.team_named(m.body) == owner && !m.limits.empty(); });
        if (s.owner.empty()) a.fail("scope " + in_quotes(s.name) + " has no owner", "give it to a team");
        else if (owner == g.leading) a.warn("the leading body owns scope " + in_quotes(s.name) + " as well", "give it to a team");
        else if (g.people.members_known(*owner) && g.people.members(*owner).empty())
            a.fail("scope " + in_quotes(s.name) + " is owned by " + in_quotes(s.owner) + ", which has no members", "give it to a team that has some");
        else if (!s.final_say && !bounded)
            a.warn(in_quotes(s.owner) + " has not the final say in scope " + in_quotes(s.name), "give it the final say, or state its limits in a mandate");
        else ++owned;
    }
    if (owned > 0) a.pass(std::to_string(owned) + " scopes are owned by teams, with the final say or within a stated mandate");
    else if (g.people.scopes().empty()) a.unknown("the roster states no scopes", "state in \"scopes\" what each team owns");
    else a.fail("no team owns a scope", "give teams scopes of their own");
    for (const auto& o : g.outsiders()) {
        const auto what = in_quotes(o.in->name) + ": somebody outside " + in_quotes(std::string(g.people.name(o.team))) + ", such as " +
                          std::string(g.people.id(o.who)) + ", may " + std::string(to_string(o.leave->what)) + " in stage " + in_quotes(o.at->name);
        if (o.leave->needs_reason) a.warn(what + ", with a recorded reason", "leave it to the team");
        else a.fail(what, "leave it to the team, or bind it to a recorded reason");
    }
    for (const auto& p : g.charter.processes())
        if (governance::is_for_teams(p)) a.mention(in_quotes(p.name) + " is decided by the teams that it is about");
}

void collaboration(const governance& g, answering& a) {
    bool together = false;
    for (const auto& p : g.charter.processes()) {
        if (!governance::is_for_teams(p)) continue;
        together = true;
        if (p.by_team) a.pass(in_quotes(p.name) + " asks each team that a proposal names");
        else a.warn(in_quotes(p.name) + " counts the members of all teams as one", "ask \"each team\" in its rule, so that a large team can't outvote a small one");
        const bool heard = !g.owners.empty() && g.hears_others(p, g.owners.front());
        if (heard) a.pass(in_quotes(p.name) + " hears others before it is decided");
        else a.warn("nobody but the teams that it names is heard in " + in_quotes(p.name), "let others \"ask\" or \"raise\" while it is open");
    }
    std::size_t seated = 0;
    for (const auto t : g.top) seated += g.is_represented(t) ? 1 : 0;
    if (g.leading && !g.top.empty() && seated == g.top.size()) {
        a.pass("each top-level team has a place in " + in_quotes(g.name(*g.leading)));
        bool decides = false;
        for (const auto& p : g.charter.processes()) {
            if (!g.is_of_leaders(p)) continue;
            decides = true;
            if (g.hears_others(p, *g.leading)) return a.pass(in_quotes(p.name) + " hears others before it is decided");
        }
        if (decides) a.warn("nobody else is heard before " + in_quotes(g.name(*g.leading)) + " decides", "let others \"ask\" or \"raise\" while it is open");
    } else if (!together) {
        a.fail("no process asks several teams, and no body has a place for each of them", "add a process whose electorate is \"teams of proposal\"");
    }
}

void accountable_teams(const governance& g, answering& a) {
    if (g.people.duties().empty()) return a.unknown("the roster states no duties", "state in \"duties\" what teams owe each other");
    std::size_t whole = 0;
    for (const auto& d : g.people.duties()) {
        if (!g.owner_of(d) || d.for_whom.empty()) continue;
        const auto lacks = governance::missing(d);
        if (lacks.empty()) ++whole;
        else a.fail("duty " + in_quotes(d.name) + " of " + in_quotes(d.owner) + " has no " + listed(lacks), "state them in the roster");
    }
    if (whole > 0) a.pass(std::to_string(whole) + " duties have an expectation, feedback, a consequence and an escalation");
    std::vector<std::string> owing_nothing;
    for (const auto t : g.owners)
        if (g.duties_of(t).empty()) owing_nothing.emplace_back(g.people.name(t));
    if (!owing_nothing.empty()) a.warn("nobody expects anything of " + in_quotes_all(owing_nothing) + " that is written down", "state what other teams may expect of them");
}

void central_leadership(const governance& g, answering& a) {
    if (g.people.scopes().empty()) return a.unknown("the roster states no scopes", "state in \"scopes\" who owns what is in no team's purview: \"residual\"");
    if (g.rest == nullptr || !g.leading) return a.fail("what is in no team's purview is nobody's", "mark a scope as \"residual\", and give it an owner");
    if (!g.people.members_known(*g.leading)) a.unknown("who is in " + in_quotes(g.name(*g.leading)) + " isn't recorded", "record it");
    else if (g.people.members(*g.leading).empty()) a.fail("nobody is in " + in_quotes(g.name(*g.leading)), "fill its seats");
    else a.pass("what is in no team's purview is for " + in_quotes(g.name(*g.leading)));
    std::vector<std::string> lists;
    for (const auto& m : g.people.mandates())
        if (g.people.team_named(m.body) == g.leading && !m.powers.empty()) lists.push_back("mandate " + in_quotes(m.name));
    for (const auto& p : g.charter.processes())
        if (g.is_of_leaders(p) && !p.dispositions.empty()) lists.push_back("process " + in_quotes(p.name));
    if (lists.empty()) a.warn("what it may decide is listed nowhere", "list its powers in a mandate, or the dispositions of its processes");
    else a.pass("what it may decide is listed: " + listed(lists));
    const auto owed = g.duties_of(*g.leading);
    const bool answers = std::any_of(owed.begin(), owed.end(), [](const duty* d) { return !d->consequence.empty(); });
    if (answers) a.pass("it owes something that has a consequence");
    else a.warn("nothing that it owes has a consequence", "see \"accountable leadership\" and \"leadership not accountable\"");
}

void how_leaders_come(const governance& g, answering& a) {
    const auto& s = g.seating();
    if (!s || s->process.empty()) {
        if (g.sources().empty()) a.fail("how people come into " + in_quotes(g.name(*g.leading)) + " isn't written down", "state its \"seating\"");
        else a.warn("people come into " + in_quotes(g.name(*g.leading)) + " with other offices, by no process of its own", "state its \"seating\"");
        return;
    }
    const auto* p = g.charter.find(s->process);
    if (p == nullptr) return a.warn("its seats are filled by " + in_quotes(s->process) + ", which is no process of this charter", "audit it together with the charter that has it");
    const auto seen = governance::open_to_all(*p);
    if (seen == openness::closed) a.fail("its seats are filled by " + in_quotes(p->name) + ", which others don't see", "let everyone see it");
    else a.pass("its seats are filled by process " + in_quotes(p->name) + ", which everyone can see");
}

void accountable_leadership(const governance& g, answering& a) {
    if (!g.leading) return a.unknown("the roster names no leading body", "give the residual scope an owner");
    std::vector<std::string> without;
    for (const auto t : g.top)
        if (!g.is_represented(t)) without.emplace_back(g.people.name(t));
    if (g.top.empty()) a.unknown("no team is marked as top-level", "mark them");
    else if (without.empty()) a.pass("each of the " + std::to_string(g.top.size()) + " top-level teams has a place in it");
    else a.fail(std::to_string(without.size()) + " of " + std::to_string(g.top.size()) + " top-level teams have no place in " + in_quotes(g.name(*g.leading)) + ": " + listed(without),
                "give each of them a seat");
    how_leaders_come(g, a);
    const auto term = g.term();
    const auto most = g.charter.get().limits.term;
    if (!term) a.warn("nobody is ever chosen anew: there is no term", "state a term in its \"seating\"");
    else if (most && *term > *most) a.fail("a term is " + to_string(*term) + ", longer than the " + to_string(*most) + " that the charter calls too long", "shorten it");
    else a.pass("people are chosen anew after " + to_string(*term) + (g.seating() && g.seating()->most_terms != 0 ? ", at most " + std::to_string(g.seating()->most_terms) + " times in a row" : ""));
    const auto from = g.seating() ? g.seating()->from : seated_from::unknown;
    if (from == seated_from::anyone) a.warn("anyone may be chosen, also who takes part in nothing else", "choose from among members of teams");
    else if (from != seated_from::unknown) a.pass("they are taken from among " + std::string(from == seated_from::members ? "members of other teams" : to_string(from)));
    else if (!g.sources().empty()) a.pass("they are in it as members of other teams");
    else a.warn("from among whom they are taken isn't recorded", "state \"from\" in its \"seating\"");
}

void explicit_structure(const governance& g, answering& a) {
    std::vector<std::string> open;
    for (const auto& p : g.charter.processes()) {
        const auto seen = governance::open_to_all(p);
        if (seen == openness::closed) a.fail("outsiders never see what " + in_quotes(p.name) + " decides", "let everyone see it once it is decided");
        else if (seen == openness::conditional) a.warn("outsiders see what " + in_quotes(p.name) + " decides only if something happens", "name a time after which they do");
        else open.push_back(p.name);
    }
    if (!open.empty()) a.pass(std::to_string(open.size()) + " of " + std::to_string(g.charter.processes().size()) + " processes are visible to everyone: " + in_quotes_all(open));
    for (const auto t : g.owners)
        if (!g.people.members_known(t)) a.warn("who is in " + in_quotes(std::string(g.people.name(t))) + " isn't recorded", "record it");
    g.verified(audit_fact::kind::notice_given, a);
    const auto documenting = g.duties_of("documentation of structure");
    if (documenting.empty()) a.unknown("no duty of \"documentation of structure\" is recorded", "state it");
    else if (std::none_of(documenting.begin(), documenting.end(), [&](const duty* d) { return g.owner_of(*d).has_value(); }))
        a.warn("nobody documents the structure", "give duty " + in_quotes(documenting.front()->name) + " an owner");
}

void administration_apart(const governance& g, answering& a) {
    if (g.people.duties().empty()) return a.unknown("the roster states no duties", "state those of administration, as \"administrative\"");
    std::vector<std::string> unowned, central, apart;
    for (const auto& d : g.people.duties()) {
        if (!d.administrative) continue;
        const auto owner = g.owner_of(d);
        (!owner ? unowned : owner == g.leading ? central : apart).push_back(d.name);
    }
    if (unowned.empty() && central.empty() && apart.empty()) return a.fail("no duty of administration is recorded", "state them, as \"administrative\"");
    if (!unowned.empty()) a.fail("nobody owns " + in_quotes_all(unowned), "give them owners");
    if (!apart.empty()) a.pass("owned apart from the leading body: " + in_quotes_all(apart));
    if (!central.empty() && apart.empty()) a.fail("all administration that is owned is the deciding body's: " + in_quotes_all(central), "give it to others");
    else if (!central.empty()) a.warn("the deciding body administers itself: " + in_quotes_all(central), "give it to others");
}

void not_technical(const governance& g, answering& a) {
    if (!g.leading) return a.unknown("the roster names no leading body", "give the residual scope an owner");
    const auto from = g.seating() ? g.seating()->from : seated_from::unknown;
    if (from == seated_from::leads) a.fail("only leads may be chosen", "choose from among members");
    else if (g.all_by_lead()) a.fail("all of " + in_quotes(g.name(*g.leading)) + " are there as leads of teams", "let teams send whom they want");
    else if (g.some_by_lead()) a.warn("teams are represented in " + in_quotes(g.name(*g.leading)) + " by their leads", "let teams send whom they want");
    else if (from == seated_from::unknown && g.sources().empty()) a.unknown("from among whom they are taken isn't recorded", "state \"from\" in its \"seating\"");
    else a.pass("no seat asks for a lead");
}

void flexibility(const governance& g, answering& a) {
    for (const auto& f : lint(g.charter, &g.people))
        if (f.name == "concern trap") a.fail(in_quotes(f.process) + ": " + f.what.what, f.what.hint);
    for (const auto k : {audit_fact::kind::members_may_leave, audit_fact::kind::teams_may_leave}) {
        if (g.fact(k) == nullptr) {
            a.unknown("not verified: " + std::string(to_string(k)), "verify this charter with this roster, and give the result to the audit");
            continue;
        }
        g.verified(k, a);
    }
    g.verified(audit_fact::kind::members_may_change, a);
    g.verified(audit_fact::kind::nobody_indispensable, a);
}

void little_bureaucracy(const governance& g, answering& a) {
    const auto& limits = g.charter.get().limits;
    const auto  measure = [&](audit_fact::kind k, std::optional<std::int64_t> most, const auto& shown, const char* key) {
        const auto* f = g.fact(k);
        if (f == nullptr) return a.unknown("not simulated: " + std::string(to_string(k)), "simulate this charter with this roster, and give the result to the audit");
        a.by(audit_method::simulated);
        const auto said = shown(f->measured) + " " + std::string(to_string(k)) + " (" + f->source + ")";
        if (!most) a.unknown(said, "say in the charter's \"audit\" what is too much: \"" + std::string(key) + "\"");
        else if (f->measured > number(*most)) a.fail(said + ", more than the charter says", "ask fewer people, or for less time");
        else a.pass(said);
    };
    measure(audit_fact::kind::acts_per_decision, limits.acts_per_decision, amount, "most acts per decision");
    measure(audit_fact::kind::time_per_decision, limits.time_per_decision ? std::optional(limits.time_per_decision->count()) : std::nullopt,
            [](const number& n) { return to_string(duration{floor(n).to_int64().value_or(0)}); }, "most time per decision");
}

void approachable(const governance& g, answering& a) {
    std::vector<std::string> opens, asks;
    for (const auto& p : g.charter.processes()) {
        const bool by_all = p.may_open.empty() || (p.may_open.nodes.size() == 1 && p.may_open.text == "everyone");
        if (by_all && p.parents.empty() && governance::open_to_all(p) == openness::open) opens.push_back(p.name);
        else if (governance::lets_everyone(p, act::ask)) asks.push_back(p.name);
    }
    if (!opens.empty()) a.pass("anybody may open " + in_quotes_all(opens));
    if (!asks.empty()) a.pass("anybody may ask in " + in_quotes_all(asks));
    if (opens.empty() && asks.empty()) a.fail("outsiders can neither open nor ask anything", "let everyone open something, or \"ask\"");
    const auto relations = g.duties_of("public relations");
    if (relations.empty()) return;  // judged by itself, as a kind of work
    const bool owned = std::any_of(relations.begin(), relations.end(), [&](const duty* d) { return g.owner_of(*d).has_value(); });
    if (owned) a.pass("somebody is there for the public: duty " + in_quotes(relations.front()->name));
    else a.warn("nobody is there for the public", "give duty " + in_quotes(relations.front()->name) + " an owner");
}

}  // namespace

void audit_requirement(std::size_t i, const governance& g, answering& a) {
    constexpr std::array<void (*)(const governance&, answering&), 11> all{
        independent_teams,   collaboration,        accountable_teams, central_leadership, accountable_leadership, explicit_structure,
        administration_apart, not_technical, flexibility,       little_bureaucracy, approachable};
    all[i](g, a);
}

}  // namespace quorate
