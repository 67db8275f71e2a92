// The eleven failure modes, and the work that is neglected.
#include <algorithm>
#include <array>

#include <quorate/lint.hpp>

#include "audit_view.hpp"
#include "json.hpp"

namespace quorate {
namespace {

using json_text::in_quotes;

void no_resources(const governance& g, answering& a) {
    if (g.people.duties().empty()) return a.unknown("the roster states no duties", "state those of administration, as \"administrative\"");
    std::vector<std::string> unowned, busy, fine;
    for (const auto& d : g.people.duties()) {
        if (!d.administrative) continue;
        const auto owner = g.owner_of(d);
        const auto who = owner ? g.people.members(*owner) : std::span<const person>{};
        if (!owner || who.empty()) unowned.push_back(d.name);
        else if (std::all_of(who.begin(), who.end(), [&](person p) { return g.is_leader(p); })) busy.push_back(d.name);
        else fine.push_back(d.name);
    }
    if (unowned.empty() && busy.empty() && fine.empty()) return a.fail("no duty of administration is recorded", "state them, as \"administrative\"");
    if (!unowned.empty()) a.fail("nobody does " + in_quotes_all(unowned), "give them owners that have members");
    if (!busy.empty()) a.warn("only people who lead as well do " + in_quotes_all(busy), "give it to people who don't lead");
    if (!fine.empty()) a.pass("people who don't lead do " + in_quotes_all(fine));
}

void not_accountable(const governance& g, answering& a) {
    if (!g.leading) return a.unknown("the roster names no leading body", "give the residual scope an owner");
    const auto owed = g.duties_of(*g.leading);
    if (owed.empty()) return a.fail("nothing that " + in_quotes(g.name(*g.leading)) + " owes anybody is written down", "state its duties");
    std::vector<std::string> whole;
    for (const auto* d : owed) {
        const auto lacks = governance::missing(*d);
        if (!lacks.empty()) a.fail("its duty " + in_quotes(d->name) + " has no " + listed(lacks), "state them in the roster");
        else if (g.escalates_to_itself(*d)) a.fail("its duty " + in_quotes(d->name) + " is escalated to itself", "escalate it to somebody else");
        else whole.push_back(d->name);
    }
    if (!whole.empty()) a.pass("complete, and escalated to others: " + in_quotes_all(whole));
}

void detached(const governance& g, answering& a) {
    if (!g.leading) return a.unknown("the roster names no leading body", "give the residual scope an owner");
    const auto from = g.seating() ? g.seating()->from : seated_from::unknown;
    if ((from != seated_from::unknown && from != seated_from::anyone) || !g.sources().empty()) a.pass("whoever leads is a member elsewhere");
    else a.fail("nothing asks leaders to take part elsewhere", "take them from among members of teams: \"from\" in its \"seating\"");
    if (const auto term = g.term()) a.pass("they are chosen anew after " + to_string(*term));
    else a.warn("they have no term", "state one in its \"seating\"");
    const auto reports = g.duties_of("reporting progress");
    const auto own = std::find_if(reports.begin(), reports.end(), [&](const duty* d) { return g.owner_of(*d) == g.leading; });
    if (own == reports.end()) a.fail("the leading body owes no report", "state a duty of \"reporting progress\" of its own");
    else if (!(*own)->cadence) a.warn("its duty " + in_quotes((*own)->name) + " has no cadence", "say how often");
    else a.pass("it reports every " + to_string(*(*own)->cadence));
}

void overworked(const governance& g, answering& a) {
    if (!g.leading) return a.unknown("the roster names no leading body", "give the residual scope an owner");
    const auto by_it = g.sources();
    auto       offices = g.owners;
    for (const auto& m : g.people.mandates())
        if (const auto t = g.people.team_named(m.body); t && std::find(offices.begin(), offices.end(), *t) == offices.end()) offices.push_back(*t);
    std::vector<std::string> busy;
    for (const auto who : g.people.members(*g.leading)) {
        std::vector<std::string> more;
        for (const auto t : offices)  // those that bring them here aren't on top of it
            if (t != *g.leading && g.people.is_member(who, t) && std::find(by_it.begin(), by_it.end(), t) == by_it.end()) more.emplace_back(g.people.name(t));
        if (!more.empty()) busy.push_back(std::string(g.people.id(who)) + " (" + listed(more) + ")");
    }
    if (!busy.empty()) a.warn("some hold further offices besides leading: " + listed(busy), "divide offices among more people");
    else a.mention("nobody who leads holds a further office");
    const auto& limits = g.charter.get().limits;
    const auto  measure = [&](audit_fact::kind k, const std::optional<number>& most, const auto& shown, std::string_view key, const char* change) {
        const auto* f = g.fact(k);
        if (f == nullptr) return a.unknown("not simulated: " + std::string(to_string(k)), "simulate this charter with this roster, and give the result to the audit");
        a.by(audit_method::simulated);
        const auto said = shown(f->measured) + " (" + f->source + ")";
        if (!most) a.unknown(said, "say in the charter's \"audit\" what is too much: " + in_quotes(key));
        else if (f->measured > *most) a.fail(said + ", more than the charter says", change);
        else a.pass(said);
    };
    const auto wait = limits.wait_for_leaders;
    measure(audit_fact::kind::acts_per_seat, limits.acts_per_seat ? std::optional(number(*limits.acts_per_seat)) : std::nullopt,
            [](const number& n) { return amount(n) + " acts of the busiest person"; }, "most acts per seat", "delegate");
    measure(audit_fact::kind::wait_for_leaders, wait ? std::optional(number(wait->count())) : std::nullopt,
            [](const number& n) { return to_string(duration{floor(n).to_int64().value_or(0)}) + " of each decision are waiting for leaders"; },
            "longest wait for leaders", "let decisions pass without them, or give them deputies");
}

void no_authority(const governance& g, answering& a) {
    for (const auto& m : g.people.mandates()) {
        const auto body = g.people.team_named(m.body);
        if (!m.powers.empty()) a.pass("mandate " + in_quotes(m.name) + " lists powers");
        else if (body && g.may_decide(*body)) a.warn("mandate " + in_quotes(m.name) + " lists no powers; " + in_quotes(m.body) + " decides in a scope", "list what it may decide by itself");
        else a.fail("mandate " + in_quotes(m.name) + " gives " + in_quotes(m.body) + " a task and no power", "list what it may decide by itself");
    }
    if (g.people.duties().empty()) return a.unknown("the roster states no duties", "state who looks for gaps, and who reflects");
    for (const auto* topic : {"finding gaps", "self-reflection"}) {
        const auto all = g.duties_of(topic);
        if (all.empty()) a.fail("nobody is asked for " + std::string(topic), "state it as a duty, and give it to somebody who may act on it");
        for (const auto* d : all) {
            const auto owner = g.owner_of(*d);
            if (!owner) a.fail(std::string(topic) + " is expected, and nobody has it or the power to act on it", "give duty " + in_quotes(d->name) + " to somebody who may act on it");
            else if (!g.may_decide(*owner)) a.fail(in_quotes(d->owner) + " has " + std::string(topic) + ", and may decide nothing", "give it a mandate with powers, or a scope");
            else a.pass(in_quotes(d->owner) + " has " + std::string(topic) + ", and the power to act on it");
        }
    }
}

void no_transparency(const governance& g, answering& a) {
    std::size_t open = 0;
    for (const auto& p : g.charter.processes()) {
        std::optional<duration> when;
        switch (governance::open_to_all(p, &when)) {
            case openness::open: ++open; break;
            case openness::dated: a.pass("what " + in_quotes(p.name) + " decides becomes public" + (when ? " after " + to_string(*when) : " when it is decided")); break;
            case openness::conditional: a.warn(in_quotes(p.name) + " is private, and no date is set by which disclosure is reconsidered", "let time alone lead to a stage that everyone sees"); break;
            case openness::closed: a.fail(in_quotes(p.name) + " is private for ever", "let time alone lead to a stage that everyone sees"); break;
        }
    }
    if (open > 0) a.pass(std::to_string(open) + " of " + std::to_string(g.charter.processes().size()) + " processes are public throughout");
    if (g.people.duties().empty()) return a.unknown("the roster states no duties", "state who reports, and how often");
    const auto reports = g.duties_of("reporting progress");
    const auto regular = std::find_if(reports.begin(), reports.end(), [&](const duty* d) { return g.owner_of(*d) && d->cadence; });
    if (regular != reports.end()) a.pass(in_quotes((*regular)->owner) + " reports every " + to_string(*(*regular)->cadence));
    else a.warn("nobody reports regularly", "give a duty of \"reporting progress\" an owner and a cadence");
}

void double_standards(const governance& g, answering& a) {
    a.pass("a decision is taken under the rules under which it was opened: they can't change under it");
    if (!g.leading) return a.unknown("the roster names no leading body", "give the residual scope an owner");
    const auto owed = g.duties_of(*g.leading);
    const auto bound = [&](const duty* d) { return !d->consequence.empty() && !d->escalation.empty() && !g.escalates_to_itself(*d); };
    const auto found = std::find_if(owed.begin(), owed.end(), bound);
    if (found != owed.end()) a.pass(in_quotes(g.name(*g.leading)) + " owes " + in_quotes((*found)->name) + ", and others see to the consequence");
    else a.fail("no rule for " + in_quotes(g.name(*g.leading)) + " has a consequence that others see to", "state a duty with consequence and escalation");
    for (const auto& d : g.people.duties())
        if (const auto to = g.people.team_named(d.escalation); to && to == g.leading && d.owner != d.escalation && found == owed.end())
            a.warn("what " + in_quotes(d.owner) + " finds about leaders is escalated to those leaders: duty " + in_quotes(d.name), "escalate it to somebody else where leaders are concerned");
    std::vector<std::string> stuck, aside;
    for (const auto& p : g.charter.processes())
        if (g.is_of_leaders(p) && governance::has(p, act::cast)) (governance::has(p, act::recuse) ? aside : stuck).push_back(p.name);
    if (!aside.empty()) a.pass("leaders can step aside in " + in_quotes_all(aside));
    if (!stuck.empty() && aside.empty()) a.warn("no leader can step aside from a matter of their own in " + in_quotes_all(stuck), "allow \"recuse\"");
}

void underspecified(const governance& g, answering& a) {
    const auto misfits = check(g.charter, g.people);
    for (std::size_t i = 0; i < std::min<std::size_t>(misfits.size(), 3); ++i) a.fail(misfits[i].what + " (" + misfits[i].where + ")", "mend the charter or the roster");
    std::size_t open = 0;
    std::string first;
    for (const auto& f : lint(g.charter, &g.people))
        if (f.meant.empty() && open++ == 0) first = f.what.what;
    if (open > 0) a.warn("lint finds " + std::string(open == 1 ? "a thing that isn't" : std::to_string(open) + " things that aren't") + " said to be meant, such as: " + first, "mend them, or say in \"lint\" why they are meant");
    if (misfits.empty() && open == 0) a.pass("the charter fits its roster, and lint finds nothing that isn't meant");
    a.mention("no rule names a person: they speak of teams, roles and seats");
    if (g.leading) {
        if (g.seating() && !g.seating()->process.empty()) a.pass("how people come to lead is written down");
        else if (g.sources().empty()) a.fail("how people come into " + in_quotes(g.name(*g.leading)) + " is written down nowhere", "state its \"seating\"");
        else a.warn("people lead by other offices; how " + in_quotes(g.name(*g.leading)) + " itself is filled isn't written down", "state its \"seating\"");
    }
    g.verified(audit_fact::kind::decisions_can_end, a);
}

void changed_decisions(const governance& g, answering& a) {
    const auto all = g.outsiders();
    for (const auto& o : all)
        a.fail(in_quotes(o.in->name) + ": " + std::string(g.people.id(o.who)) + ", who isn't in " + in_quotes(std::string(g.people.name(o.team))) + ", may " +
                   std::string(to_string(o.leave->what)) + " in stage " + in_quotes(o.at->name),
               "leave it to the team");
    const bool teams = std::any_of(g.charter.processes().begin(), g.charter.processes().end(), [](const process& p) { return governance::is_for_teams(p); });
    if (g.people.scopes().empty() && g.people.mandates().empty()) a.unknown("the roster states neither scopes nor mandates", "state them");
    else if (all.empty() && !teams) a.unknown("no process of this charter is decided by the teams that a proposal names", "audit it together with the charter by which teams decide");
    else if (all.empty() && std::any_of(g.owners.begin(), g.owners.end(), [&](team_id t) { return g.people.electors(t).empty(); }))
        a.unknown("who is in some team that owns a scope isn't recorded", "record it");
    else if (all.empty()) a.pass("nobody outside a team may override or annul what it decides");
}

void popularity(const governance& g, answering& a) {
    if (!g.leading) return a.unknown("the roster names no leading body", "give the residual scope an owner");
    const auto* p = g.seating() ? g.charter.find(g.seating()->process) : nullptr;
    if (p == nullptr) return a.unknown("by which process people come to lead isn't recorded, or it isn't in this charter", "state \"process\" in its \"seating\"");
    constexpr std::array direct{"plurality", "bloc", "approval"};
    const bool counts = std::find(direct.begin(), direct.end(), p->count.method) != direct.end();
    const bool by_all = p->electorate.of.nodes.size() == 1 && p->electorate.of.text == "everyone";
    if (counts && by_all) a.fail(in_quotes(p->name) + " lets everybody choose by " + p->count.method, "let teams send representatives, or count otherwise");
    else if (counts) a.warn(in_quotes(p->name) + " counts by " + p->count.method, "count otherwise, or let teams send representatives");
    else if (p->count.method.empty()) a.pass(in_quotes(p->name) + " is no race: candidates aren't counted against each other");
    else a.pass(in_quotes(p->name) + " counts by " + p->count.method);
}

void diffused(const governance& g, answering& a) {
    if (g.people.duties().empty() && g.people.scopes().empty()) return a.unknown("the roster states neither duties nor scopes", "state them");
    std::vector<std::string> duties, scopes;
    for (const auto& d : g.people.duties())
        if (d.owner.empty()) duties.push_back(d.name);
    for (const auto& s : g.people.scopes())
        if (s.owner.empty()) scopes.push_back(s.name);
    if (!duties.empty()) a.fail(std::to_string(duties.size()) + " of " + std::to_string(g.people.duties().size()) + " duties have no owner: " + in_quotes_all(duties), "give each an owner");
    else if (!g.people.duties().empty()) a.pass("each of " + std::to_string(g.people.duties().size()) + " duties has an owner");
    if (!scopes.empty()) a.fail("scopes without owner: " + in_quotes_all(scopes), "give each an owner");
    if (g.rest == nullptr) a.warn("what is in no scope is nobody's", "mark a scope as \"residual\"");
    else if (g.leading) a.pass("what is in no scope is for " + in_quotes(g.name(*g.leading)));
}

}  // namespace

void audit_failure_mode(std::size_t i, const governance& g, answering& a) {
    constexpr std::array<void (*)(const governance&, answering&), 11> all{
        no_resources,    not_accountable,  detached,       overworked,        no_authority, no_transparency,
        double_standards, underspecified, changed_decisions, popularity, diffused};
    all[i](g, a);
}

void audit_work(const audit_question& q, const governance& g, answering& a) {
    if (g.people.duties().empty()) return a.unknown("the roster states no duties", "state them, with \"topic\": " + in_quotes(std::string(q.name)));
    const auto all = g.duties_of(q.name);
    if (all.empty()) return a.fail("no duty is of this kind", "state one, with \"topic\": " + in_quotes(std::string(q.name)));
    for (const auto* d : all) {
        const auto owner = g.owner_of(*d);
        if (!owner) a.fail("duty " + in_quotes(d->name) + " has no owner", "give it one");
        else if (g.people.members_known(*owner) && g.people.members(*owner).empty()) a.fail("duty " + in_quotes(d->name) + " is owned by " + in_quotes(d->owner) + ", which has no members", "give it to a team that has some");
        else {
            if (d->cadence) a.pass(in_quotes(d->owner) + " owes " + in_quotes(d->name) + " every " + to_string(*d->cadence));
            else a.warn(in_quotes(d->owner) + " owes " + in_quotes(d->name) + ", and nothing says how often", "state a cadence");
            if (d->evidence.empty()) a.warn("nothing says by what one sees that " + in_quotes(d->name) + " was done", "state the evidence, such as a report");
        }
    }
}

}  // namespace quorate
