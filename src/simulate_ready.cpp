// A setting worked out: who behaves how, who may propose, which habits fit which stage. Everything that can be wrong is found here.
#include <algorithm>

#include "json.hpp"
#include "simulate_world.hpp"

namespace quorate::simulate {
namespace {

using json_text::in_quotes;

/// What is supposed where a behaviour says nothing.
constexpr auto default_answer = std::chrono::hours(72);
constexpr auto default_resolve = std::chrono::hours(24 * 7);

error misfit(std::string what, std::string_view where, std::string hint = {}) {
    return make_error(errc::invalid, std::move(what), "behaviour: " + std::string(where), std::move(hint));
}

}  // namespace

std::uint32_t ready::span(const distribution& d) {
    const auto found = std::find(spans.begin(), spans.end(), d);
    if (found != spans.end()) return static_cast<std::uint32_t>(found - spans.begin());
    spans.push_back(d);
    return static_cast<std::uint32_t>(spans.size() - 1);
}

result<std::unique_ptr<ready>> ready::from(const setting& s) {
    auto r = std::make_unique<ready>(s);
    if (const auto made = r->make(); !made) return made.error();
    return r;
}

result<std::vector<person>> ready::set_of(const std::vector<std::string>& who, const proposal& probe, std::string_view where) {
    std::vector<bool> in(people.people(), who.empty());
    for (const auto& text : who) {
        if (const auto one = people.find_person(text)) {
            in[static_cast<std::size_t>(*one)] = true;
            continue;
        }
        const auto set = read_rule(text, {}, expects::set);
        if (set.error.is_error()) return misfit(in_quotes(text) + " is neither a person nor a set: " + std::string(set.error.expected), where, "write a handle or \"team(lang)\"");
        const auto members = members_of(set.value.view(), probe, {.people = people});
        if (members.empty()) return misfit(in_quotes(text) + " is nobody in this roster", where);
        for (const auto m : members) in[static_cast<std::size_t>(m)] = true;
    }
    std::vector<person> all;
    for (std::size_t i = 0; i < in.size(); ++i)
        if (in[i]) all.push_back(static_cast<person>(i));
    return all;
}

result<std::uint8_t> ready::position_of(const std::string& name, std::string_view where) const {
    if (const auto p = by->position_named(name)) return static_cast<std::uint8_t>(*p + 1);
    std::string list;
    for (const auto& p : by->positions) list += (list.empty() ? "" : ", ") + p.name;
    return misfit("the process has no position " + in_quotes(name), where, "it has: " + list);
}

result<void> ready::add_puppets() {
    std::uint32_t n = 0;
    for (const auto& a : of.how.adversaries) {
        if (a.is != adversary::kind::puppets) continue;
        if (!people.team_named(a.team)) return misfit("there is no team " + in_quotes(a.team), "adversaries");
        for (std::uint32_t i = 0; i < a.count; ++i) {
            const auto   id = "puppet-" + std::to_string(++n);
            roster_event born;
            born.at = run_start, born.what = roster_event_kind::add_person, born.who = born.handle = id;
            roster_event joins;
            joins.at = run_start, joins.what = roster_event_kind::join, joins.who = id, joins.team = a.team;
            for (const auto& e : {born, joins})
                if (const auto done = people.apply(e); !done) return done.error();
        }
    }
    return {};
}

result<void> ready::apply(const member_kind& m, const proposal& probe) {
    const auto who = set_of(m.who, probe, "members");
    if (!who) return who.error();
    std::vector<std::pair<std::uint64_t, std::uint8_t>> says;
    std::uint64_t                                       sum = 0;
    for (const auto& [name, likely] : m.says) {
        const auto p = position_of(name, "says");
        if (!p) return p.error();
        says.emplace_back(sum += likely.of_2_32, *p);
    }
    const auto change = [&](profile& p) {
        if (m.takes_part) p.takes_part = *m.takes_part;
        if (m.answers) p.answers = span(*m.answers);
        if (!says.empty()) p.says = says;
        if (m.raises) p.raises = *m.raises;
        if (m.settles) p.settles = *m.settles;
        if (m.resolves) p.resolves = span(*m.resolves);
        if (m.delegates) p.delegates = *m.delegates;
        if (m.effort) p.effort = *m.effort;
        any_effort = any_effort || p.effort > duration{};
    };
    for (const auto p : *who) change(profiles[static_cast<std::size_t>(p)]);
    if (m.who.empty()) change(newcomer);
    return {};
}

result<void> ready::apply(const adversary& a, std::uint8_t number, const proposal& probe) {
    captures = captures || a.is != adversary::kind::absent;
    if (a.is != adversary::kind::absent) capture_is_acceptance = a.wants_acceptance;
    std::uint8_t choice = 0;
    if (!a.says.empty()) {
        const auto p = position_of(a.says, "adversaries");
        if (!p) return p.error();
        choice = *p;
    }
    std::vector<person> chosen;
    if (a.is == adversary::kind::puppets) {
        for (std::size_t i = of.people.people(); i < people.people(); ++i)
            if (people.is_member(static_cast<person>(i), *people.team_named(a.team))) chosen.push_back(static_cast<person>(i));
    } else {
        const auto who = set_of(a.who, probe, "adversaries");
        if (!who) return who.error();
        for (const auto p : *who)
            if (a.count == 0 || chosen.size() < a.count) chosen.push_back(p);
    }
    for (const auto who : chosen) {
        auto& p = profiles[static_cast<std::size_t>(who)];
        p.choice = choice;
        p.takes_part = always;
        p.raises = p.delegates = {};
        p.blocks = a.is == adversary::kind::block;
        p.late = a.is == adversary::kind::late;
        p.absent = a.is == adversary::kind::absent;
        if (a.is == adversary::kind::bloc || a.is == adversary::kind::puppets) p.bloc = number;
    }
    return {};
}

result<void> ready::make_groups() {
    std::vector<std::string> known;
    for (std::size_t i = 0; i < people.people(); ++i) {
        const auto  who = static_cast<person>(i);
        std::string group;
        if (of.how.together.by == togetherness::kind::affiliation && !people.affiliations(who).empty()) group = people.affiliations(who).front();
        if (of.how.together.by == togetherness::kind::team)
            if (const auto teams = people.teams_of(who); !teams.empty()) group = people.name(teams.front());
        if (group.empty()) continue;
        const auto found = std::find(known.begin(), known.end(), group);
        profiles[i].group = static_cast<std::uint32_t>(found - known.begin()) + 1;
        if (found == known.end()) known.push_back(group);
    }
    return {};
}

std::optional<proposal> ready::opened(const opener& o, std::string& why) const {
    proposal    p;
    step_output out;
    const auto  answer = open_proposal(p, "p", {.process = by->name, .by = o.author, .subject = "simulated", .teams = o.teams, .at = run_start}, of.rules, {.people = people}, out);
    if (!answer) why = answer.error().what();
    else if (answer.value()) why = to_string(*answer.value());
    else return p;
    return std::nullopt;
}

/// Asks the engine itself who may propose, stage by stage: the author if they may, else the first of the roster.
void ready::find_proposers(opener& o) {
    o.proposers.assign(by->stages.size(), std::nullopt);
    o.names_teams.assign(by->stages.size(), false);
    std::string why;
    const auto  start = opened(o, why);
    for (std::size_t s = 0; s < by->stages.size() && start; ++s) {
        if (!stages[s].proposes) continue;
        std::vector<person> order;
        if (const auto a = people.find_person(o.author)) order.push_back(*a);
        for (std::size_t i = 0; i < people.people(); ++i) order.push_back(static_cast<person>(i));
        for (const bool named : {false, true}) {
            for (const auto who : order) {
                if (o.proposers[s] || (named && o.teams.empty()) || profiles[static_cast<std::size_t>(who)].absent) continue;
                auto p = *start;
                p.stage = static_cast<std::uint16_t>(s);  // only to ask: a later stage's leave, as far as it can be known now
                step_output out;
                const auto  answer = handle(p, propose{.by = std::string(people.id(who)), .disposition = disposition, .teams = named ? o.teams : std::vector<std::string>{}, .at = run_start}, {.people = people}, out);
                if (answer && !answer.value()) {
                    o.proposers[s] = who;
                    o.names_teams[s] = named;
                }
            }
        }
    }
}

result<void> ready::make_openers() {
    const auto about = of.how.about.empty() ? usual_about(*by, people) : of.how.about;
    for (const auto& teams : about) {
        std::string why = "the roster is empty";
        bool        found = false;
        for (std::size_t i = 0; i < people.people() && !found; ++i) {
            const auto who = static_cast<person>(i);
            if (!of.how.opened_by.empty() && people.find_person(of.how.opened_by) != who) continue;
            opener o{.author = std::string(people.id(who)), .teams = teams};
            if (!opened(o, why)) continue;
            openers.push_back(std::move(o));
            found = true;
        }
        if (!found) return misfit("nobody may open such a proposal: " + why, teams.empty() ? "opened by" : "about", "say \"opened by\", and \"about\" which teams");
    }
    return {};
}

result<void> ready::make_habits(const proposal& probe) {
    for (const auto& h : of.how.habits) {
        ready_habit r{.of = &h, .people = std::vector<std::vector<person>>(by->stages.size())};
        if (!h.stage.empty()) {
            r.stage = by->stage_named(h.stage);
            if (!r.stage) return misfit("there is no stage " + in_quotes(h.stage), "habits");
        }
        r.by_host = h.who == std::vector<std::string>{"host"};
        std::vector<person> who;
        if (!r.by_host) {
            const auto set = set_of(h.who, probe, "habits");
            if (!set) return set.error();
            who = *set;
        }
        const auto number = static_cast<std::uint32_t>(habits.size());
        for (std::size_t s = 0; s < by->stages.size(); ++s) {
            if (r.stage && *r.stage != s) continue;
            auto at = probe;
            at.stage = static_cast<std::uint16_t>(s);
            for (const auto& a : by->stages[s].allow) {
                if (a.what != h.does || a.for_another || r.by_host) continue;
                for (const auto p : who)
                    if (contains(a.who.view(), a.who.root, p, at, {.people = people}) && std::find(r.people[s].begin(), r.people[s].end(), p) == r.people[s].end())
                        r.people[s].push_back(p);
            }
            if (r.by_host || !r.people[s].empty()) stages[s].habits.push_back(number);
        }
        habits.push_back(std::move(r));
    }
    return {};
}

result<void> ready::make() {
    by = of.rules.find(of.process);
    if (by == nullptr) return make_error(errc::not_found, "the charter has no process " + in_quotes(of.process), of.rules.get().name);
    if (const auto added = add_puppets(); !added) return added.error();
    if (const auto& name = of.how.opened_by; !name.empty())
        if (const auto guest = people.guest(name); !guest) return guest.error();
    const auto& asked = of.how.asks_for;
    if (!asked.empty() && !by->disposition_named(asked)) return misfit("the process has no disposition " + in_quotes(asked), "asks for");
    disposition = !asked.empty() ? asked : by->default_disposition || by->dispositions.empty() ? std::string() : by->dispositions.front();
    quorum = by->rule_named("quorum");
    for (const auto& s : by->stages) {
        ready_stage r{.ends = !is_open(s.in)};
        for (const auto& a : s.allow) {
            r.casts = r.casts || (a.what == act::cast && !a.for_another);
            r.raises = r.raises || (a.what == act::raise && !a.for_another);
            r.proposes = r.proposes || a.what == act::propose;
            r.delegates = r.delegates || a.what == act::delegate;
        }
        stages.push_back(r);
    }
    profile usual;
    usual.answers = span({.is = distribution::kind::exponential, .a = default_answer});
    usual.resolves = span({.is = distribution::kind::exponential, .a = default_resolve});
    const auto first = std::find_if(by->positions.begin(), by->positions.end(), [](const position& p) { return p.binding; });
    if (first != by->positions.end()) usual.says = {{always.of_2_32, static_cast<std::uint8_t>(first - by->positions.begin() + 1)}};
    newcomer = usual;
    profiles.assign(people.people(), usual);
    for (std::size_t i = 0; i < profiles.size(); ++i) profiles[i].id = people.id(static_cast<person>(i));
    for (const auto t : people.teams())
        for (const auto l : people.leads(t)) profiles[static_cast<std::size_t>(l)].lead = true;
    if (const auto made = make_openers(); !made) return made.error();
    std::string why;
    const auto  probe = opened(openers.front(), why);
    for (const auto& m : of.how.members)
        if (const auto done = apply(m, *probe); !done) return done.error();
    std::uint8_t number = 0;
    for (const auto& a : of.how.adversaries)
        if (const auto done = apply(a, static_cast<std::uint8_t>(++number), *probe); !done) return done.error();
    if (const auto made = make_groups(); !made) return made.error();
    if (const auto made = make_habits(*probe); !made) return made.error();
    for (auto& o : openers) find_proposers(o);
    if (!of.how.turnover.team.empty()) {
        const auto team = people.team_named(of.how.turnover.team);
        if (!team) return misfit("there is no team " + in_quotes(of.how.turnover.team), "turnover");
        const auto members = people.members(*team);
        leaving.assign(members.begin(), members.end());
    }
    return {};
}

}  // namespace quorate::simulate
