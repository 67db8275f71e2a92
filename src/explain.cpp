#include <quorate/explain.hpp>

#include <algorithm>
#include <array>
#include <set>

#include "json.hpp"
#include "proposal_step.hpp"

namespace quorate {
namespace {

using json_text::in_quotes;

std::string listed(const std::vector<std::string>& names) {
    std::string s;
    for (const auto& n : names) s += (s.empty() ? "" : ", ") + n;
    return s;
}

/// The outstanding, as whom a sentence counts out of: names while they are few.
std::string out_of(const std::vector<std::string>& names) {
    constexpr std::size_t few = 6;
    return names.size() <= few ? listed(names) : "the " + std::to_string(names.size()) + " outstanding";
}

/// One rule that asks for both; either may be empty.
rule both_of(const rule& a, const rule& b) {
    if (a.empty() || b.empty()) return a.empty() ? b : a;
    rule       r = a;
    const auto nodes = static_cast<std::uint16_t>(a.nodes.size());
    const auto text = static_cast<std::uint16_t>(a.text.size() + 1);
    const auto moved = [nodes](std::uint16_t i) { return i == no_node ? no_node : static_cast<std::uint16_t>(i + nodes); };
    r.text += ' ' + b.text;
    for (auto n : b.nodes) {
        n.child = moved(n.child);
        n.next = moved(n.next);
        n.at = static_cast<std::uint16_t>(n.at + text);
        n.name_at = static_cast<std::uint16_t>(n.name_at + text);
        r.nodes.push_back(n);
    }
    r.nodes[a.root].next = moved(b.root);
    r.nodes.push_back({.what = op::all, .child = a.root});
    r.root = static_cast<std::uint16_t>(r.nodes.size() - 1);
    r.slots = std::max(a.slots, b.slots);
    return r;
}

/// Builds one explanation; a class to keep what all parts need together.
class explaining {
public:
    explaining(const proposal& p, instant now, const surroundings& around, const viewer& v)
        : p_(p), now_(now), around_(around), people_(around.people), hidden_(hides_ballots(p, v, around)), facts_(evidence_.take(p, now, around)) {}

    explanation operator()() {
        head();
        ballots();
        concerns();
        questions_and_facts();
        const auto& s = p_.now();
        for (const auto& x : s.exits) out_.exits.push_back(exit_of(x));
        if (const auto next = upcoming(p_, around_)) {
            out_.next = next->at;
            out_.next_stage = p_.by->stages[next->to].name;
        }
        conceal_next();
        findings();
        out_.summary = summary();
        return std::move(out_);
    }

private:
    [[nodiscard]] std::string name(person who) const { return std::string(people_.handle(who)); }
    [[nodiscard]] std::string name(const voter& v) const {
        return v.seat < p_.seats.size() ? name(v.who) + " (" + p_.seats[v.seat] + ")" : name(v.who);
    }

    void head() {
        out_.id = p_.id;
        out_.subject = p_.subject;
        out_.title = p_.title;
        out_.process = p_.by->name;
        out_.process_title = p_.by->title;
        out_.stage = p_.now().name;
        out_.stage_title = p_.now().title;
        out_.in = p_.in();
        out_.entered = p_.entered;
        out_.as_of = now_;
        if (p_.disposition) out_.disposition = p_.by->dispositions[*p_.disposition];
    }

    void ballots() {
        for (const auto& position : p_.by->positions) out_.ballots.push_back({position.name, {}});
        for (const auto& v : p_.voters) {
            out_.electorate.push_back(name(v));
            if (p_.outstanding(v)) out_.outstanding.push_back(name(v));
            if (v.choice != 0 && !hidden_) out_.ballots[v.choice - 1U].second.push_back(name(v));
        }
        if (hidden_) out_.ballots.clear();
    }

    void concerns() {
        for (const auto& c : p_.concerns) {
            if (c.state != concern_state::open) continue;
            auto text = c.name + " (raised by " + name(c.raiser);
            if (c.seconds.size() < p_.by->concerns.seconds)
                text += ", needs " + std::to_string(p_.by->concerns.seconds - c.seconds.size()) + " more to second it";
            out_.concerns.push_back(text + ")");
        }
    }

    void questions_and_facts() {
        for (const auto& q : p_.questions)
            if (q.open) out_.questions.push_back(q.text_id + " (asked by " + name(q.asker) + ")");
        for (const auto& f : p_.facts)
            out_.facts.push_back(f.name + " = " + (f.truth ? (*f.truth ? "true" : "false") : std::to_string(f.amount.value_or(0))) +
                                 " (reported " + date_string(f.at) + ")");
    }

    // ---- exits ---------------------------------------------------------------------------------------------------------
    exit_reading exit_of(const stage_exit& x) {
        exit_reading r;
        r.to = p_.by->stages[x.to].name;
        r.leads_to = p_.by->stages[x.to].in;
        r.by = x.by;
        r.says = says(x);
        const auto rule = both_of(x.when, x.condition);
        if (!rule.empty()) {
            const auto v = read(rule.view(), facts_);
            r.now = v.now;
            r.certain = v.certain();
            r.possible = v.possible();
            r.exact = v.exact;
            for (const auto& a : v.why) r.conditions.push_back(condition_of(a));
        } else {
            r.now = truth::met;
            r.certain = r.possible = true;
        }
        r.due = deadline_of(p_, x);
        if (hidden_ && tells_ballots(rule)) {
            r.now = truth::error;
            r.certain = r.exact = false;
            r.possible = true;
            if (x.by == trigger::held) r.due.reset();
        } else if (!law_stops(r, x) && r.now != truth::met && !x.when.empty()) {
            r.enough = enough_for(rule.view());
        }
        return r;
    }
    /// Nothing that the charter says takes an exit that the law forbids as things stand.
    bool law_stops(exit_reading& r, const stage_exit& x) {
        if (x.by == trigger::on) return false;  // the act itself may change what the law looks at
        const auto answer = move(p_.in(), r.leads_to, facts_for_law(p_, x, std::nullopt));
        if (!answer.refused()) return false;
        condition_reading c{.text = std::string(answer.law), .rule = "law", .is = truth::unmet, .why = std::string(answer.way_out)};
        for (const auto& open : p_.concerns)
            if (open.state == concern_state::open) c.people.push_back(name(open.raiser));
        r.conditions.push_back(std::move(c));
        if (r.now == truth::met) r.now = truth::unmet;
        r.certain = r.possible = false;
        return true;
    }

    // ---- hidden ballots --------------------------------------------------------------------------------------------------
    /// Whether how a rule reads tells what members chose. How many did is no secret.
    [[nodiscard]] bool tells_ballots(const rule& r) const { 
        std::set<std::size_t> seen;
        return !r.empty() && tells_ballots(r.view(), r.root, seen);
    }
    [[nodiscard]] bool tells_ballots(rule_view r, std::uint16_t part, std::set<std::size_t>& seen) const {
        bool tells = false;
        visit(r, part, [&](const rule_node& n) {
            const auto own_base = [&] {
                return std::any_of(p_.by->positions.begin(), p_.by->positions.end(), [](const position& p) { return !p.in_base || !p.in_cast; });
            };
            const auto q = static_cast<quantity>(n.index);
            tells = tells || n.what == op::count || n.what == op::weight ||
                    (n.what == op::quantity && (q == quantity::eligible || q == quantity::cast) && own_base()) ||
                    (n.what == op::set_call && n.index == static_cast<std::uint16_t>(set_call::voters)) ||
                    (n.what == op::named_rule && seen.insert(n.index).second &&
                     tells_ballots(p_.by->rule_views[n.index], p_.by->rule_views[n.index].root, seen));
        });
        return tells;
    }
    /// Where it will go, and whether at this deadline or the next, would tell how it stands.
    void conceal_next() {
        if (!hidden_ || !out_.next) return;
        const auto& exits = p_.now().exits;
        if (std::none_of(exits.begin(), exits.end(), [&](const stage_exit& x) { return tells_ballots(x.when) || tells_ballots(x.condition); }))
            return;
        out_.next.reset();
        out_.next_stage.clear();
        for (const auto& x : out_.exits)
            if (x.due && *x.due > now_ && (!out_.next || *x.due < *out_.next)) out_.next = x.due;
    }

    [[nodiscard]] std::string says(const stage_exit& x) const {
        std::string s;
        switch (x.by) {
            case trigger::on:
                s = "on ";
                for (const auto& a : x.acts) s += (s.size() > 3 ? " or " : "") + to_string(a);
                break;
            case trigger::when: s = "when " + print(x.when.view()); break;
            case trigger::held: s = "when " + print(x.when.view()) + " has held for " + to_string(x.length); break;
            case trigger::after:
                s = to_string(x.length) + " after " +
                    (!x.anchor_fact.empty() ? "the last report of " + in_quotes(x.anchor_fact)
                     : x.anchor             ? "the last " + std::string(since_names[static_cast<std::size_t>(*x.anchor)])
                                            : "entering " + in_quotes(p_.now().title));
                break;
        }
        if (!x.condition.empty()) s += " if " + print(x.condition.view());
        return s;
    }

    [[nodiscard]] std::string rule_name(const rule_view& r) const {
        for (std::size_t i = 0; i < p_.by->rules.size(); ++i)
            if (p_.by->rule_views[i].nodes.data() == r.nodes.data()) return p_.by->rules[i].name;
        return {};
    }

    condition_reading condition_of(const atom& a) {
        condition_reading c;
        auto              only = a.in;
        only.root = a.node;
        c.text = print(only);
        c.rule = rule_name(a.in);
        c.is = a.negated ? negation(a.is) : a.is;
        if (a.negated) c.text = "not " + c.text;
        c.why = std::string(a.note);
        const auto& n = a.in[a.node];
        const bool  time = n.child != no_node && a.in[n.child].type == value_type::time;
        const auto  shown = [&](const std::optional<number>& v) -> std::string {
            if (!v) return {};
            const auto whole = v->to_int64();
            return time && whole ? to_string(duration(*whole)) : to_string(*v);
        };
        std::set<std::size_t> seen;
        if (hidden_ && tells_ballots(only, only.root, seen)) {
            c.is = truth::error;
            c.why = p_.by->ballots.shown == ballot_rule::showing::never ? "hidden" : "hidden until it closes";
        } else {
            c.measured = shown(a.measured);
        }
        c.required = shown(a.required);
        if (c.is != truth::met) c.people = who_can_change(only);
        if (a.next != never && a.next <= latest_instant - now_) c.changes = now_ + a.next;
        return c;
    }

    /// Handles of those whose acts a part of a rule depends on.
    [[nodiscard]] std::vector<std::string> who_can_change(rule_view part) const {
        std::vector<std::string> who;
        const auto               add = [&](std::string n) {
            if (std::find(who.begin(), who.end(), n) == who.end()) who.push_back(std::move(n));
        };
        visit(part, part.root, [&](const rule_node& n) {
            const auto q = static_cast<quantity>(n.index);
            const bool members = n.what == op::count || n.what == op::weight ||
                                 (n.what == op::quantity && (q == quantity::outstanding || q == quantity::cast));
            if (members)
                for (const auto& o : out_.outstanding) add(o);
            if (n.what != op::quantity) return;
            if (q == quantity::concerns)
                for (const auto& c : p_.concerns)
                    if (c.state == concern_state::open) add(name(c.raiser));
            if (q == quantity::holds)
                for (const auto& h : p_.holds) add(name(h.who));
        });
        return who;
    }
    template <class Visit>
    static void visit(rule_view r, std::uint16_t i, const Visit& f) {
        f(r[i]);
        for (auto c = r[i].child; c != no_node; c = r[c].next) visit(r, c, f);
    }

    /// Whether the rule, or one that it names, asks what is certain or possible: then a ballot changes more than its count.
    [[nodiscard]] bool asks_ahead(rule_view r) const {
        return std::any_of(r.nodes.begin(), r.nodes.end(), [this](const rule_node& n) {
            return n.what == op::certain || n.what == op::possible ||
                   (n.what == op::named_rule && asks_ahead(p_.by->rule_views[n.index]));
        });
    }
    /// "2 of dave, erin, frank choosing approve": ballots alone, and only of those who have not spoken.
    [[nodiscard]] std::string enough_for(rule_view r) const {
        if (hidden_ || asks_ahead(r)) return {};
        auto e = facts_;
        e.revisable = e.withdrawable = false;  // those who have spoken are not asked to change their minds
        const auto found = fewest_ballots(r, e);
        if (!found || found->ballots == 0) return {};
        std::string s;
        const auto  add = [&](std::uint32_t n, const std::vector<std::string>& from, std::size_t position) {
            s += (s.empty() ? "" : " and ") + std::to_string(n) + (n == from.size() ? " (all)" : "") + " of " + out_of(from) +
                 (p_.by->positions.size() > 1 ? " choosing " + p_.by->positions[position].name : std::string());
        };
        if (const auto p = anyone_does(r, e, *found)) {
            add(found->ballots, silent(std::nullopt), *p);
            return s;
        }
        for (std::size_t c = 0; c < found->by_class.size(); ++c)
            for (std::size_t p = 0; p < p_.by->positions.size(); ++p)
                if (found->by_class[c][p] != 0) add(found->by_class[c][p], silent(c), p);
        return s;
    }
    /// Those who have not spoken and still may, of one class or of all.
    [[nodiscard]] std::vector<std::string> silent(std::optional<std::size_t> of_class) const {
        std::vector<std::string> who;
        for (std::size_t i = 0; i < p_.voters.size(); ++i) {
            const auto c = evidence_.class_of()[i];
            if (p_.outstanding(p_.voters[i]) && c != evidence_of::uncounted && facts_.classes[c].may_act && (!of_class || *of_class == c))
                who.push_back(name(p_.voters[i]));
        }
        return who;
    }
    /// The one position that so many ballots must choose, if it doesn't matter whose they are.
    [[nodiscard]] std::optional<std::size_t> anyone_does(rule_view r, const evidence& e, const quorate::enough& found) const {
        std::optional<std::size_t> position;
        for (std::size_t p = 0; p < e.positions; ++p)
            if (found.by_position[p] == found.ballots) position = p;
        if (!position) return std::nullopt;
        std::vector<member_class> classes(e.classes.begin(), e.classes.end());
        std::size_t               tries = 0;
        auto                      other = e;
        other.classes = classes;
        // Gives `left` ballots to the classes from `c` on, in every way.
        const auto all_do = [&](const auto& self, std::size_t c, std::uint32_t left) -> bool {
            constexpr std::size_t most_tries = 2'000;
            if (c == classes.size()) return left != 0 || (++tries <= most_tries && read_now(r, other) == truth::met);
            const auto before = classes[c].counts;
            bool       fine = true;
            for (std::uint32_t n = 0; fine && n <= (classes[c].may_act ? std::min(before[0], left) : 0U); ++n) {
                classes[c].counts[0] = before[0] - n;
                classes[c].counts[1 + *position] = before[1 + *position] + n;
                fine = self(self, c + 1, left - n);
            }
            classes[c].counts = before;
            return fine;
        };
        return all_do(all_do, 0, found.ballots) ? position : std::nullopt;
    }

    // ---- what can't go on by itself ---------------------------------------------------------------------------------------
    void findings() {
        if (!is_open(p_.in())) return;
        for (const auto& c : p_.concerns) {
            if (c.state != concern_state::open) continue;
            bool someone = false;
            for (const auto& a : p_.now().allow)
                if (a.what == act::resolve || a.what == act::override_)
                    someone = someone || !members_of(a.who.view(), p_, around_, &c).empty();
            if (!someone)
                out_.findings.push_back("nobody may resolve concern " + in_quotes(c.name) + " as things stand (raised by " +
                                        name(c.raiser) + ")");
        }
        for (const auto& v : p_.voters) {
            const auto& of = p_.by->electorate.of;
            if (p_.outstanding(v) && !contains(of.view(), of.root, v.who, p_, around_))
                out_.findings.push_back(name(v) + " is waited for, but is no longer of " + print(of.view()));
        }
        const auto& allow = p_.now().allow;
        const bool  votes = std::any_of(allow.begin(), allow.end(), [](const permission& a) { return a.what == act::cast; });
        if (p_.voters.empty() && votes)
            out_.findings.push_back("the electorate is empty: nobody can decide this");
        bool any = false;
        for (const auto& x : out_.exits) any = any || x.by == trigger::on || x.possible || !x.exact || x.due || x.now == truth::met;
        for (const auto& x : out_.exits) any = any || waits_for_more_than_ballots(x);
        if (!any && !out_.exits.empty()) out_.findings.push_back("no exit of this stage can be taken any more by ballots alone");
    }
    static bool waits_for_more_than_ballots(const exit_reading& x) {
        return std::any_of(x.conditions.begin(), x.conditions.end(), [](const condition_reading& c) {
            constexpr std::array<std::string_view, 8> others{"concerns", "fact", "questions", "revisions", "children", "holds", "seconds", "sponsors"};
            const auto asked = [&](std::string_view what) { return c.text.find(what) != std::string::npos; };
            return c.is != truth::met && (c.changes || c.rule == "law" || std::any_of(others.begin(), others.end(), asked));
        });
    }

    // ---- the one sentence --------------------------------------------------------------------------------------------------
    [[nodiscard]] std::string summary() const {
        if (!is_open(p_.in())) {
            std::string s(to_string(p_.in()));
            return s + (p_.now().name == s ? "" : " (" + p_.now().title + ")") + " since " + date_string(p_.entered);
        }
        for (const auto& x : out_.exits) {
            const bool forward = x.leads_to > p_.in() || *p_.by->stage_named(x.to) > p_.stage;
            if (forward && is_reached_by_rule(x) && x.now != truth::met) return waiting_for(x);
        }
        auto s = waiting_for_acts();
        if (out_.next)
            s += (s.empty() ? "" : "; ") + std::string("until ") + date_string(*out_.next) +
                 (out_.next_stage.empty() ? "" : ", then " + in_quotes(out_.next_stage));
        return s.empty() ? "in stage " + in_quotes(p_.now().title) : s;
    }
    /// Whose act would lead on from here: "waiting for someone of team(core) to propose". To give up is nothing to wait for.
    [[nodiscard]] std::string waiting_for_acts() const {
        std::vector<std::string> told;
        for (const auto& x : p_.now().exits) {
            if (x.by != trigger::on || x.to == p_.stage) continue;
            for (const auto& a : x.acts) {
                if (a.what == act::withdraw || a.what == act::cancel) continue;
                if (a.what == act::link) told.push_back("what becomes of a proposal under it" + (a.about.empty() ? "" : " (" + a.about + ")"));
                for (const auto& p : p_.now().allow)
                    if (p.what == a.what && (a.about.empty() || p.about.empty() || p.about == a.about))
                        told.push_back("someone of " + p.text + " to " + (a.what == act::fact ? "report " + in_quotes(a.about) : to_string(a)));
            }
        }
        std::string s;
        for (const auto& t : told) s += (s.empty() ? "waiting for " : ", or for ") + t;
        return s;
    }
    static bool is_reached_by_rule(const exit_reading& x) { return x.by == trigger::when || x.by == trigger::held; }

    [[nodiscard]] bool asks_for_answers(const condition_reading& c) const {
        return !out_.questions.empty() && c.text.find(quantity_names[static_cast<std::size_t>(quantity::questions)]) != std::string::npos;
    }
    [[nodiscard]] std::string waiting_for(const exit_reading& x) const {
        std::string s;
        if (!x.enough.empty()) {
            s = x.enough;
        } else {
            const auto ballots_missing = enough_without_concerns(x);
            if (!ballots_missing.empty()) s = ballots_missing;
            if (!out_.concerns.empty())
                s += (s.empty() ? "" : "; and ") + std::string("concern") + (out_.concerns.size() > 1 ? "s " : " ") + listed(out_.concerns);
            const bool others_too = s.empty();
            for (const auto& c : x.conditions)
                if (others_too && c.is != truth::met)
                    s += (s.empty() ? "" : " and ") + (asks_for_answers(c) ? "an answer to " + listed(out_.questions) : c.text);
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
    /// With open concerns no ballots alone do: say what the ballots would still have to be once those are settled.
    [[nodiscard]] std::string enough_without_concerns(const exit_reading& x) const {
        if (out_.concerns.empty() || hidden_) return {};
        auto e = facts_;
        e.tallies[static_cast<std::size_t>(quantity::concerns)] = 0;
        for (const auto& exit : p_.now().exits) {
            if (exit.when.empty() || p_.by->stages[exit.to].name != x.to) continue;
            e.revisable = false;
            const auto found = fewest_ballots(both_of(exit.when, exit.condition).view(), e);
            if (!found || found->ballots == 0) return {};
            return std::to_string(found->ballots) + " of " + out_of(out_.outstanding);
        }
        return {};
    }

    const proposal&     p_;
    instant             now_;
    const surroundings& around_;
    const roster&       people_;
    bool                hidden_;
    evidence_of         evidence_;
    const evidence&     facts_;
    explanation         out_;
};

}  // namespace

explanation explain(const proposal& p, instant now, const surroundings& around, const viewer& v) {
    return explaining(p, now, around, v)();
}

namespace {

bool belongs(const rule& set, const viewer& v, const proposal& p, const surroundings& around) {
    if (v.who.empty()) {  // the public sees what "everyone" may see
        return set.nodes.size() == 1 && set.nodes[0].what == op::set_name &&
               set.nodes[0].index == static_cast<std::uint16_t>(set_name::everyone);
    }
    const auto who = around.people.find_person(v.who);
    return who && contains(set.view(), set.root, *who, p, around);
}

}  // namespace

bool hides_ballots(const proposal& p, const viewer& v, const surroundings& around) {
    const auto& b = p.by->ballots;
    if (v.is_host || b.shown == ballot_rule::showing::at_once) return false;
    if (b.shown == ballot_rule::showing::at_close && !is_open(p.in())) return false;
    return b.shown_to.empty() || !belongs(b.shown_to, v, p, around);
}

bool may_see(const proposal& p, const viewer& v, const surroundings& around) {
    const auto& set = p.now().visible_to.empty() ? p.by->visible_to : p.now().visible_to;
    return v.is_host || set.empty() || belongs(set, v, p, around);
}

}  // namespace quorate
