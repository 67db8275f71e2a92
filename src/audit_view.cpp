#include "audit_view.hpp"

#include <algorithm>

#include "json.hpp"

namespace quorate {
namespace {

template <class T>
void add_once(std::vector<T>& to, T what) {
    if (std::find(to.begin(), to.end(), what) == to.end()) to.push_back(what);
}

bool is_everyone(const rule& r) {
    if (r.empty()) return false;
    const auto view = r.view();
    const auto all = [&](auto&& self, std::uint16_t i) -> bool {
        const auto& n = view[i];
        if (n.what == op::set_name) return n.index == static_cast<std::uint16_t>(set_name::everyone);
        if (n.what != op::either) return false;
        for (auto c = n.child; c != no_node; c = view[c].next)
            if (self(self, c)) return true;
        return false;
    };
    return all(all, r.root);
}

/// Who may see it in a stage: everyone, everyone if something holds, or not everyone.
openness seen_in(const process& p, const stage& s) {
    const auto& audiences = s.visible_to.empty() ? p.visible_to : s.visible_to;
    if (audiences.empty()) return openness::open;
    auto best = openness::closed;
    for (const auto& a : audiences)
        if (is_everyone(a.who)) best = std::min(best, a.condition.empty() ? openness::open : openness::conditional);
    return best;
}

}  // namespace

void answering::note(audit_answer a, std::string evidence, std::string change) {
    constexpr std::array<int, 4> badness{0, 2, 3, 1};  // pass, warn, fail, not judged
    const auto worse = [&](audit_answer x) { return badness[static_cast<std::size_t>(x)]; };
    if (!some_ || worse(a) > worse(found_.is)) found_.is = a;
    some_ = true;
    found_.evidence.push_back(std::move(evidence));
    if (!change.empty() && found_.change.find(change) == std::string::npos) found_.change += (found_.change.empty() ? "" : "; ") + change;
}

governance::governance(const quorate::charter& c, const roster& p, const audit_evidence& facts) : charter(c), people(p), facts_(facts) {
    for (const auto& s : people.scopes()) {
        const auto owner = people.team_named(s.owner);
        if (s.residual) {
            rest = &s;
            leading = owner;
        }
    }
    for (const auto& s : people.scopes())
        if (const auto owner = people.team_named(s.owner); owner && !s.residual) add_once(owners, *owner);
    for (const auto t : people.teams()) {
        const auto& info = people.info(t);
        if (info.top_level && !info.archived && info.kind != team_kind::marker_team && t != leading) top.push_back(t);
    }
}

std::string governance::name(team_id t) const {
    const auto& info = people.info(t);
    return info.title.empty() ? info.name : info.title;
}

const std::optional<quorate::seating>& governance::seating() const {
    static const std::optional<quorate::seating> none;
    return leading ? people.info(*leading).seating : none;
}

std::vector<team_id> governance::sources() const {
    std::vector<team_id> all;
    if (!leading) return all;
    const auto& info = people.info(*leading);
    for (const auto& team : info.includes)
        if (const auto t = people.team_named(team)) add_once(all, *t);
    for (const auto& team : info.include_leads.of)
        if (const auto t = people.team_named(team)) add_once(all, *t);
    for (const auto t : people.teams()) {
        const auto& kinds = info.include_leads.kinds;
        const bool  of_kind = std::find(kinds.begin(), kinds.end(), people.info(t).kind) != kinds.end();
        if (t != *leading && (of_kind || (info.include_leads.top_level && people.info(t).top_level))) add_once(all, t);
    }
    for (const auto& s : people.seats(*leading))
        if (s.represents) add_once(all, *s.represents);
    return all;
}

bool governance::is_represented(team_id t) const {
    const auto all = sources();
    return std::find(all.begin(), all.end(), t) != all.end();
}

bool governance::some_by_lead() const { return leading && people.info(*leading).include_leads != leads_included{}; }
bool governance::all_by_lead() const {
    if (!some_by_lead()) return false;
    const auto& info = people.info(*leading);
    return info.members.empty() && info.includes.empty() && info.seats.empty();
}

std::optional<duration> governance::term() const {
    if (!leading) return std::nullopt;
    if (seating() && seating()->term) return seating()->term;
    std::optional<duration> longest;
    for (const auto& s : people.seats(*leading)) {
        if (!s.since || !s.until) return std::nullopt;
        longest = std::max(longest.value_or(duration{}), *s.until - *s.since);
    }
    return longest;
}

// ---- duties ---------------------------------------------------------------------------------------------------------------------
std::vector<const duty*> governance::duties_of(std::string_view topic) const {
    std::vector<const duty*> all;
    for (const auto& d : people.duties())
        if (d.topic == topic) all.push_back(&d);
    return all;
}
std::vector<const duty*> governance::duties_of(team_id owner) const {
    std::vector<const duty*> all;
    for (const auto& d : people.duties())
        if (owner_of(d) == owner) all.push_back(&d);
    return all;
}
std::optional<team_id> governance::owner_of(const duty& d) const { return d.owner.empty() ? std::nullopt : people.team_named(d.owner); }

bool governance::may_decide(team_id t) const {
    const auto& scopes = people.scopes();
    const auto& mandates = people.mandates();
    return std::any_of(scopes.begin(), scopes.end(), [&](const scope& s) { return s.final_say && !s.owner.empty() && people.team_named(s.owner) == t; }) ||
           std::any_of(mandates.begin(), mandates.end(), [&](const mandate& m) { return !m.powers.empty() && people.team_named(m.body) == t; });
}

std::vector<std::string> governance::missing(const duty& d) {
    std::vector<std::string> all;
    if (d.expectation.empty()) all.emplace_back("expectation");
    if (d.feedback.empty()) all.emplace_back("feedback");
    if (d.consequence.empty()) all.emplace_back("consequence");
    if (d.escalation.empty()) all.emplace_back("escalation");
    return all;
}

bool governance::escalates_to_itself(const duty& d) const {
    const auto to = people.team_named(d.escalation);
    return to && to == owner_of(d);
}

// ---- processes --------------------------------------------------------------------------------------------------------------------
bool governance::is_for_teams(const process& p) {
    const auto set = p.electorate.of.view();
    const auto some = [&](auto&& self, std::uint16_t i) -> bool {
        const auto& n = set[i];
        if (n.what == op::set_of_proposal) return !n.of_parent;
        if (n.what == op::except) return self(self, n.child);
        if (n.what != op::both && n.what != op::either) return false;
        for (auto c = n.child; c != no_node; c = set[c].next)
            if (self(self, c)) return true;
        return false;
    };
    return !p.electorate.of.empty() && some(some, set.root);
}

proposal governance::about(const process& p, std::optional<team_id> t) const {
    proposal made;
    made.under = charter;
    made.by = &p;
    if (!t) return made;
    made.teams = {*t};
    const auto who = people.electors(*t);
    if (!who.empty()) made.author = made.proposer = who.front();  // an author of the team, so that what authors may do is no outsider's
    return made;
}

bool governance::is_of_leaders(const process& p) const {
    if (!leading || is_for_teams(p) || p.electorate.of.empty()) return false;
    const auto who = electors_of(about(p, std::nullopt), {people});
    return !who.empty() && std::all_of(who.begin(), who.end(), [&](person w) { return is_leader(w); });
}

openness governance::open_to_all(const process& p, std::optional<duration>* when) {
    bool everywhere = true;
    auto decided = openness::closed;
    for (const auto& s : p.stages) {
        const auto seen = seen_in(p, s);
        everywhere = everywhere && seen == openness::open;
        if (s.in != phase::accepted && s.in != phase::enacted) continue;
        decided = std::min(decided, seen == openness::open ? openness::conditional : seen);
    }
    if (everywhere) return openness::open;
    // Dated: from where it isn't seen time alone leads to where it is.
    for (const auto& s : p.stages)
        for (const auto& x : s.exits)
            if (x.by == trigger::after && !x.before && seen_in(p, s) != openness::open && seen_in(p, p.stages[x.to]) == openness::open &&
                !is_end(p.stages[x.to].in)) {
                if (when != nullptr) *when = x.length;
                return openness::dated;
            }
    // In the open from some stage on, on whichever way: those who decide it there decide in public.
    const auto last = std::none_of(p.stages.begin(), p.stages.end(), [&](const stage& s) {
        return (s.in == phase::accepted || s.in == phase::enacted) && seen_in(p, s) != openness::open;
    });
    return last && decided != openness::closed ? openness::dated : decided;
}

bool governance::lets_everyone(const process& p, act a) {
    return std::any_of(p.stages.begin(), p.stages.end(), [&](const stage& s) {
        return is_open(s.in) && seen_in(p, s) == openness::open &&
               std::any_of(s.allow.begin(), s.allow.end(), [&](const permission& x) { return x.what == a && is_everyone(x.who); });
    });
}

bool governance::has(const process& p, act a) {
    return std::any_of(p.stages.begin(), p.stages.end(),
                       [&](const stage& s) { return std::any_of(s.allow.begin(), s.allow.end(), [&](const permission& x) { return x.what == a; }); });
}

std::vector<outsider_act> governance::outsiders() const {
    std::vector<outsider_act> all;
    for (const auto& p : charter.processes()) {
        if (!is_for_teams(p)) continue;
        for (const auto t : owners) {
            const auto made = about(p, t);
            const auto who = electors_of(made, {people});
            if (who.empty()) continue;
            for (const auto& s : p.stages)
                for (const auto& a : s.allow) {
                    // What overturns: an override, and whatever takes something out of what was accepted.
                    const bool undoes = !is_open(s.in) && std::any_of(s.exits.begin(), s.exits.end(), [&](const stage_exit& x) {
                        return std::any_of(x.acts.begin(), x.acts.end(), [&](const act_pattern& on) { return on.what == a.what; }) && !x.before &&
                               p.stages[x.to].in != phase::enacted && p.stages[x.to].in != phase::accepted;
                    });
                    if (a.what != act::override_ && !undoes) continue;
                    const auto may = members_of(a.who.view(), made, {people});
                    const auto other = std::find_if(may.begin(), may.end(), [&](person w) { return std::find(who.begin(), who.end(), w) == who.end(); });
                    if (other != may.end()) all.push_back({&p, &s, &a, t, *other});
                }
        }
    }
    return all;
}

bool governance::hears_others(const process& p, team_id t) const {
    const auto made = about(p, is_for_teams(p) ? std::optional(t) : std::nullopt);
    const auto who = electors_of(made, {people});
    return std::any_of(p.stages.begin(), p.stages.end(), [&](const stage& s) {
        return is_open(s.in) && std::any_of(s.allow.begin(), s.allow.end(), [&](const permission& a) {
            if (a.what != act::raise && a.what != act::ask) return false;
            if (is_everyone(a.who)) return true;
            const auto may = members_of(a.who.view(), made, {people});
            return std::any_of(may.begin(), may.end(), [&](person w) { return std::find(who.begin(), who.end(), w) == who.end(); });
        });
    });
}

const audit_fact* governance::fact(audit_fact::kind k) const {
    if (facts_.charter != charter.hash()) return nullptr;
    const auto found = std::find_if(facts_.facts.begin(), facts_.facts.end(), [&](const audit_fact& f) { return f.what == k; });
    return found == facts_.facts.end() ? nullptr : &*found;
}

void governance::verified(audit_fact::kind k, answering& a) const {
    const auto* f = fact(k);
    if (f == nullptr) return;
    a.by(audit_method::verified);
    if (f->holds) a.pass(std::string(to_string(k)) + " (" + f->source + ")");
    else a.fail("not so: " + std::string(to_string(k)) + " (" + f->source + ")", "quorate verify tells how it comes to that: mend it, or say in \"known findings\" why it is meant");
}

std::string listed(const std::vector<std::string>& names, std::size_t most) {
    std::string s;
    const auto  n = names.size() > most ? most - 1 : names.size();
    for (std::size_t i = 0; i < n; ++i) s += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    if (n < names.size()) s += " and " + std::to_string(names.size() - n) + " more";
    return s;
}

std::string amount(const number& n) {
    const auto hundredths = floor(multiply(n, number(100))).to_int64().value_or(0);
    auto       text = std::to_string(hundredths / 100);
    if (hundredths % 100 == 0) return text;
    text += '.' + std::to_string(hundredths % 100 + 100).substr(1);
    if (text.back() == '0') text.pop_back();
    return text;
}

std::string in_quotes_all(const std::vector<std::string>& names) {
    std::vector<std::string> quoted;
    for (const auto& n : names) quoted.push_back(json_text::in_quotes(n));
    return listed(quoted);
}

}  // namespace quorate
