// Explanations: the one sentence.
#include "explaining.hpp"

#include <algorithm>
#include <array>

#include "json.hpp"

namespace quorate {

using json_text::in_quotes;

std::string explaining::summary() const {
    if (!is_open(p_.in())) {
        std::string s(to_string(p_.in()));
        return s + (p_.now().name == s ? "" : " (" + p_.now().title + ")") + " since " + date_string(p_.entered);
    }
    if (const auto why = cannot_pass(); !why.empty()) return why;
    for (const auto& x : out_.exits) {
        const bool forward = x.leads_to > p_.in() || *p_.by->stage_named(x.to) > p_.stage;
        if (forward && is_reached_by_rule(x) && x.now != truth::met) return waiting_for(x);
    }
    for (const auto& x : out_.exits) {  // within the phase, later stages are forward
        const bool forward = x.leads_to == p_.in() && *p_.by->stage_named(x.to) > p_.stage && is_reached_by_rule(x);
        if (forward && x.now != truth::met) return waiting_for(x);
    }
    auto s = waiting_for_acts();
    if (p_.by->concerns.blocking && !out_.concerns.empty()) s += (s.empty() ? "waiting for " : "; and ") + open_concerns_text();
    if (out_.next)
        s += (s.empty() ? "" : "; ") + std::string("until ") + date_string(*out_.next) +
             (out_.next_stage.empty() ? "" : ", then " + in_quotes(out_.next_stage));
    return s.empty() ? "in stage " + in_quotes(p_.now().title) : s;
}

std::string explaining::waiting_for_acts() const {
    std::vector<std::string> told;
    const auto               tell = [&](std::string what) {
        if (std::find(told.begin(), told.end(), what) == told.end()) told.push_back(std::move(what));
    };
    for (const auto& x : p_.now().exits) {
        const auto target = p_.target_of(x);
        if (x.by != trigger::on || !target || target == p_.stage) continue;
        const auto to = p_.by->stages[*target].in;
        if (!is_open(to) && to != phase::accepted && to != phase::enacted) continue;
        for (const auto& a : x.acts) {
            if (a.what == act::withdraw || a.what == act::cancel || a.what == act::revise) continue;
            if (a.what == act::link) tell("what becomes of a proposal under it" + (a.about.empty() ? "" : " (" + a.about + ")"));
            for (const auto& p : p_.now().allow)
                if (p.what == a.what && (a.about.empty() || p.about.empty() || p.about == a.about))
                    tell(awaited(p, a.about.empty() ? act_pattern{p.what, p.about} : a));
        }
    }
    if (told.empty())
        for (const auto& p : p_.now().allow)
            if (p.what == act::propose) tell(awaited(p, {p.what, p.about}));
    std::string s;
    for (const auto& t : told) s += (s.empty() ? "waiting for " : ", or for ") + t;
    return s;
}

std::string explaining::cannot_pass() const {
    std::string why;
    for (const auto& x : out_.exits) {
        if (x.leads_to <= p_.in() || x.leads_to > phase::enacted || !is_reached_by_rule(x)) continue;
        if (x.stuck.empty()) return {};
        if (why.empty()) why = "can't pass: " + x.stuck + ", whatever ballots still come";
    }
    const auto who = why.empty() ? std::vector<std::string>{} : could_stand_in();
    return who.empty() ? why : why + "; alternates could still step in: " + listed(who);
}

std::string explaining::open_concerns_text() const {
    return std::string("concern") + (out_.concerns.size() > 1 ? "s " : " ") + listed(out_.concerns);
}

std::string explaining::awaited(const permission& a, const act_pattern& deed) const {
    auto s = "someone of " + a.text + " to " + (deed.what == act::fact ? "report " + in_quotes(deed.about) : to_string(deed));
    if (const auto title = p_.by->title_of(deed); !title.empty()) s += " (" + in_quotes(title) + ")";
    if (std::none_of(a.who.nodes.begin(), a.who.nodes.end(), [](const rule_node& n) {
            return n.what == op::set_call && n.index == static_cast<std::uint16_t>(set_call::office);
        }))
        return s;
    std::vector<std::string> who;
    for (const auto each : members_of(a.who.view(), p_, around_)) who.push_back(name(each));
    constexpr std::size_t few = 6;
    return s + (who.empty() ? " (nobody as things stand)" : who.size() <= few ? " (" + listed(who) + ")" : std::string());
}

bool explaining::asks_for_answers(const condition_reading& c) const {
    return !out_.questions.empty() && c.text.find(quantity_names[static_cast<std::size_t>(quantity::questions)]) != std::string::npos;
}

std::string explaining::waiting_for(const exit_reading& x) const {
    std::string s;
    if (!x.enough.empty()) {
        s = x.enough;
    } else {
        const auto ballots_missing = enough_later(x);
        if (!ballots_missing.empty()) s = ballots_missing;
        if (!out_.concerns.empty())
            s += (s.empty() ? "" : "; and ") + open_concerns_text();
        if (const auto ripe = ripens(x); ripe && !s.empty()) s += "; not before " + date_string(*ripe);
        const bool others_too = s.empty();
        for (const auto& c : x.conditions)
            if (others_too && c.is != truth::met) s += (s.empty() ? "" : " and ") + wanted(c);
    }
    s = "waiting for " + s;
    const auto& to = p_.by->stages[*p_.by->stage_named(x.to)];
    for (const auto& later : to.exits)
        if (later.by == trigger::after) return s + "; then " + to_string(later.length);
    if (x.by == trigger::held)
        for (const auto& own : p_.now().exits)
            if (own.by == trigger::held) return s + "; unbroken for " + to_string(own.length);
    return s;
}

std::string explaining::wanted(const condition_reading& c) const {
    const bool held = !p_.holds.empty() && c.text.find("holds") != std::string::npos && !c.people.empty();
    if (asks_for_answers(c)) return "an answer to " + listed(out_.questions);
    return held ? "the hold of " + listed(c.people) + " to be released" : c.text + (c.people.size() == 1 ? " (" + c.people[0] + ")" : std::string());
}

std::optional<instant> explaining::ripens(const exit_reading& x) const {
    std::optional<instant> last;
    for (const auto& c : x.conditions)
        if (c.is != truth::met && c.changes && (!last || *c.changes > *last)) last = c.changes;
    return last;
}

std::string explaining::enough_later(const exit_reading& x) const {
    const auto ripe = ripens(x);
    if ((out_.concerns.empty() && !ripe) || hidden_) return {};
    auto                    e = facts_;
    std::vector<fact_value> facts(e.facts.begin(), e.facts.end());
    const auto              run = [&](clock_reading& c) {
        if (c.known && c.running) c.elapsed += *ripe - now_;
    };
    e.tallies[static_cast<std::size_t>(quantity::concerns)] = 0;
    if (ripe) {
        for (auto& c : e.clocks) run(c);
        for (auto& c : e.since) run(c);
        for (auto& f : facts) run(f.reported);
        e.facts = facts;
    }
    for (const auto& exit : p_.now().exits) {
        const auto to = p_.target_of(exit);
        if (exit.when.empty() || !to || p_.by->stages[*to].name != x.to) continue;
        e.revisable = e.withdrawable = false;
        const auto rule = both_of(exit.when, exit.condition);
        const auto found = fewest_ballots(rule.view(), e);
        if (!found || found->ballots == 0) return {};
        return ballots_of(rule.view(), e, *found);
    }
    return {};
}

}  // namespace quorate
