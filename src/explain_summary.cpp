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
        s += (p_.now().name == s ? "" : " (" + p_.now().title + ")") + " since " + date_string(p_.entered);
        for (const auto& more : {waiting_for_acts(), reopening()}) s += (more.empty() ? "" : "; ") + more;
        if (out_.next) s += "; until " + date_string(*out_.next) + (out_.next_stage.empty() ? "" : ", then " + in_quotes(out_.next_stage));
        return s;
    }
    if (const auto why = cannot_pass(); !why.empty()) return why;
    const auto* way = way_to_acceptance();
    auto        s = waiting_for_acts();
    if (way == nullptr && s.empty()) way = first_way_on();
    if (way != nullptr) return waiting_for(*way);
    const bool told = s.find(open_concerns_text()) != std::string::npos;
    if (p_.by->concerns.blocking && !out_.concerns.empty() && !told) s += (s.empty() ? "waiting for " : "; and ") + open_concerns_text();
    if (out_.next)
        s += (s.empty() ? "" : "; ") + std::string("until ") + date_string(*out_.next) +
             (out_.next_stage.empty() ? "" : ", then " + in_quotes(out_.next_stage));
    return s.empty() ? "in stage " + in_quotes(p_.now().title) : s;
}

bool explaining::is_way_on(const exit_reading& x) const {
    const bool on = is_open(x.leads_to) || x.leads_to == phase::accepted || x.leads_to == phase::enacted;  // nobody waits for an end in vain
    return on && (x.leads_to > p_.in() || *p_.by->stage_named(x.to) > p_.stage) && (is_reached_by_rule(x) || (x.by != trigger::on && !place_wanted(x).empty())) && x.now != truth::met;
}

const exit_reading* explaining::first_way_on() const {
    const auto found = std::find_if(out_.exits.begin(), out_.exits.end(), [this](const exit_reading& x) { return is_way_on(x); });
    return found == out_.exits.end() ? nullptr : &*found;
}

const exit_reading* explaining::way_to_acceptance() const {
    const exit_reading*        best = nullptr;
    std::optional<std::size_t> shortest;
    for (const auto& x : out_.exits) {
        const auto steps = is_way_on(x) ? steps_to_acceptance(*p_.by->stage_named(x.to)) : std::nullopt;
        if (!steps || (shortest && *shortest <= *steps)) continue;
        shortest = steps;
        best = &x;
    }
    return best;
}

std::optional<std::size_t> explaining::steps_to_acceptance(std::uint16_t from) const {
    const auto&             stages = p_.by->stages;
    std::set<std::uint16_t> seen{p_.stage};  // what comes back here leads nowhere
    std::vector<std::uint16_t> now{from};
    for (std::size_t steps = 0; !now.empty(); ++steps) {
        std::vector<std::uint16_t> next;
        for (const auto i : now) {
            if (stages[i].in == phase::accepted || stages[i].in == phase::enacted) return steps;
            if (!is_open(stages[i].in) || !seen.insert(i).second) continue;
            for (const auto& x : stages[i].exits) next.insert(next.end(), x.targets().begin(), x.targets().end());
        }
        now = std::move(next);
    }
    return std::nullopt;
}

std::string explaining::waiting_for_acts() const {
    std::vector<std::string> told;
    const auto               tell = [&](std::string what) {
        if (std::find(told.begin(), told.end(), what) == told.end()) told.push_back(std::move(what));
    };
    for (const auto& x : p_.now().exits) {
        if (x.by != trigger::on || !leads_on(x)) continue;
        for (const auto& a : x.acts) {
            if (gives_up(a.what) || row_of(a.what).of == act_class::reopen) continue;
            const auto when = depends_on_the_act(x.condition, a.what) ? std::string() : once(x.condition);
            if (a.what == act::link) tell("what becomes of a proposal under it" + (a.about.empty() ? "" : " (" + a.about + ")") + when);
            for (const auto& p : p_.now().allow)
                if (p.what == a.what && (a.about.empty() || p.about.empty() || p.about == a.about))
                    tell(awaited(p, a.about.empty() ? act_pattern{p.what, p.about} : a) + (given_now(p) ? when : std::string()));
        }
    }
    if (told.empty())
        for (const auto& p : p_.now().allow)
            if (p.what == act::propose || row_of(p.what).of == act_class::conclude) tell(awaited(p, {p.what, p.about}));
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
    const auto title = p_.by->title_of(deed);
    const auto act_text = " to " + (deed.what == act::fact ? "report " + in_quotes(deed.about) : to_string(deed)) +
                          (title.empty() ? "" : " (" + in_quotes(std::string(title)) + ")") +
                          (depends_on_the_act(a.condition, a.what) ? " if " + print(a.condition.view()) : once(a.condition));
    auto s = "someone of " + print(a.who.view());
    if (std::none_of(a.who.nodes.begin(), a.who.nodes.end(), [](const rule_node& n) {
            return n.what == op::set_call && n.index == static_cast<std::uint16_t>(set_call::office);
        }))
        return s + act_text;
    std::vector<std::string> who;
    for (const auto each : members_of(a.who.view(), p_, around_)) who.push_back(name(each));
    constexpr std::size_t few = 6;
    return s + (who.empty() ? " (nobody as things stand)" : who.size() <= few ? " (" + listed(who) + ")" : std::string()) + act_text;
}

std::string explaining::reopening() const {
    std::string s;
    for (const auto& a : p_.now().allow) {
        if (row_of(a.what).of != act_class::reopen) continue;
        const auto what = a.what == act::appeal ? " may appeal" : a.what == act::revive ? " may revive it" : " may ask to reconsider it";
        s += (s.empty() ? "someone of " : ", someone of ") + print(a.who.view()) + what + once(a.condition);
    }
    return s;
}

bool explaining::asks_for_answers(const condition_reading& c) const {
    return !out_.questions.empty() && c.text.find(quantity_names[static_cast<std::size_t>(quantity::questions)]) != std::string::npos;
}

std::string explaining::place_wanted(const exit_reading& x) {
    const auto c = std::find_if(x.conditions.begin(), x.conditions.end(), [](const condition_reading& each) { return each.rule == "places"; });
    return c == x.conditions.end() ? std::string() : c->text + " (" + c->why + ")";
}

std::string explaining::waiting_for(const exit_reading& x) const {
    std::string s = place_wanted(x);
    if (!s.empty()) {
        // nothing else is in its way
    } else if (!x.enough.empty()) {
        s = x.enough;
    } else {
        const auto ballots_missing = enough_later(x);
        if (!ballots_missing.empty()) s = ballots_missing;
        if (!out_.concerns.empty())
            s += (s.empty() ? "" : "; and ") + open_concerns_text();
        if (const auto ripe = ripens(x); ripe && !s.empty()) s += "; not before " + date_string(*ripe);
        if (s.empty()) {
            const auto rule = asked_by(p_.now().exits[static_cast<std::size_t>(&x - out_.exits.data())]);
            s = still_wanted(rule.view(), rule.root, truth::met);
            for (const auto& c : x.conditions)
                if (c.rule == "law" && c.is != truth::met) s += (s.empty() ? "" : " and ") + wanted(c);
        }
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
    std::vector<std::string> holders;
    for (const auto& h : p_.holds) holders.push_back(name(h.who));
    if (!out_.concerns.empty() && c.text.starts_with("concerns =="))
        return open_concerns_text() + (out_.concerns.size() > 1 ? " are settled" : " is settled");
    if (asks_for_answers(c)) return "an answer to " + listed(out_.questions);
    if (!holders.empty() && c.text.find("holds") != std::string::npos) return "the hold of " + listed(holders) + " to be released";
    // What a parameter or a sum stands for is not to be read off the text.
    const bool told = c.measured.empty() || c.required.empty() || c.text.find(c.required) != std::string::npos;
    return c.text + (c.why == "not reported" ? " (not reported)" : "") + (told ? "" : " (is " + c.measured + ", needs " + c.required + ")") +
           (c.people.size() == 1 ? " (" + c.people[0] + ")" : std::string());
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
