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
            if (p_.outstanding(v) && !p_.by->positions.empty()) out_.outstanding.push_back(name(v));
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
            std::string stuck;
            if (!could_become(rule.view(), rule.root, truth::met, stuck)) r.stuck = std::move(stuck);
        }
        return r;
    }
    /// Whether a part of a rule could still become met (or unmet), taking facts, clocks, concerns and the like to change as one
    /// wants, but of ballots only those that may still come. If not, `stuck` names the comparisons that stand in the way.
    bool could_become(rule_view r, std::uint16_t part, truth wanted, std::string& stuck, std::size_t depth = 0) const {
        const auto& n = r[part];
        const bool  all = n.what == (wanted == truth::met ? op::all : op::any);
        if (depth >= deepest_reading) return true;
        if (n.what == op::negate) return could_become(r, n.child, negation(wanted), stuck, depth + 1);
        if (n.what == op::named_rule) {
            const auto& named = p_.by->rule_views[n.index];
            return could_become(named, named.root, wanted, stuck, depth + 1);
        }
        if (n.what == op::all || n.what == op::any) {
            bool every = true, some = false;
            std::string why;
            for (auto c = n.child; c != no_node; c = r[c].next) {
                const bool could = could_become(r, c, wanted, why, depth + 1);
                every = every && could;
                some = some || could;
            }
            if (all ? every : some) return true;
            stuck += (stuck.empty() || why.empty() ? "" : " and ") + why;
            return false;
        }
        if (!detail::is_comparison(n.what) || !about_ballots_only(r, part)) return true;
        auto only = r;
        only.root = part;
        bool       exact = true;
        const auto can = read_reachable(only, facts_, &exact);
        if (can.has(wanted) || can.has(truth::error) || !exact) return true;
        const auto reading = read(only, facts_);
        stuck += (stuck.empty() ? "" : " and ") + std::string(wanted == truth::met ? "" : "not ") + print(only);
        if (!reading.why.empty() && reading.why[0].measured && reading.why[0].required)
            stuck += " (is " + to_string(*reading.why[0].measured) + ", needs " + to_string(*reading.why[0].required) + ")";
        return false;
    }
    static bool about_ballots_only(rule_view r, std::uint16_t part) {
        bool only = true, any = false;
        visit(r, part, [&](const rule_node& n) {
            const bool members = n.what == op::count || n.what == op::weight ||
                                 (n.what == op::quantity && n.index <= static_cast<std::uint16_t>(quantity::recused));
            any = any || members;
            only = only && !n.of_parent && n.what != op::fact && n.type != value_type::time && n.type != value_type::symbol &&
                   (n.what != op::quantity || members);
        });
        return only && any;
    }
    /// Alternates who could cast the ballots of seats whose holders stepped aside.
    [[nodiscard]] std::vector<std::string> could_stand_in() const {
        std::vector<std::string> who;
        for (const auto& v : p_.voters) {
            const auto s = v.recused ? seat_of_vote(p_, v, people_) : std::nullopt;
            if (!s) continue;
            for (const auto a : s->which->alternates)
                if (!p_.is_aside(a)) who.push_back(name(a) + " (" + s->which->name + ")");
        }
        return who;
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
        const bool of_team = p_.by->by_team && !p_.by->by_affiliation && p_.by->electorate.by == counted_by::person;
        if (of_team && a.element >= 0 && static_cast<std::size_t>(a.element) < p_.teams.size())
            c.text += " (team " + std::string(people_.name(p_.teams[static_cast<std::size_t>(a.element)])) + ")";
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

    /// Of a comparison that asks for few ballots of a position ("no veto"): those who cast one that counts.
    [[nodiscard]] std::vector<std::string> who_must_withdraw(rule_view part) const {
        std::vector<std::string> who;
        const auto               what = part[part.root].what;
        if ((what != op::equal && what != op::less && what != op::less_equal) || hidden_) return who;
        auto       n = part[part.root].child;
        const auto set = part[n].what == op::counted_in ? part[part[n].child].next : no_node;
        if (set != no_node) n = part[n].child;
        if (part[n].what != op::count || part[n].of_parent) return who;
        for (const auto& v : p_.voters)
            if (v.choice == part[n].index + 1U && (set == no_node || contains(part, set, v.who, p_, around_))) who.push_back(name(v));
        return who;
    }
    /// Handles of those whose acts a part of a rule depends on.
    [[nodiscard]] std::vector<std::string> who_can_change(rule_view part) const {
        std::vector<std::string> who;
        const auto               add = [&](std::string n) {
            if (std::find(who.begin(), who.end(), n) == who.end()) who.push_back(std::move(n));
        };
        if (const auto blockers = who_must_withdraw(part); !blockers.empty()) return blockers;
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
        return found && found->ballots != 0 ? ballots_of(r, e, *found) : std::string();
    }
    [[nodiscard]] std::string ballots_of(rule_view r, const evidence& e, const quorate::enough& found) const {
        std::string s;
        const auto  add = [&](std::uint32_t n, const std::vector<std::string>& from, std::size_t position) {
            s += (s.empty() ? "" : " and ") + std::to_string(n) + " of " + out_of(from) +
                 (p_.by->positions.size() > 1 ? " choosing " + p_.by->positions[position].name : std::string());
        };
        if (const auto p = anyone_does(r, e, found)) {
            add(found.ballots, silent(std::nullopt), *p);
            return s;
        }
        for (std::size_t c = 0; c < found.by_class.size(); ++c)
            for (std::size_t p = 0; p < p_.by->positions.size(); ++p)
                if (found.by_class[c][p] != 0) add(found.by_class[c][p], silent(c), p);
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
            const auto seat = seat_of_vote(p_, v, people_);
            if (p_.outstanding(v) && !contains(of.view(), of.root, v.who, p_, around_, nullptr, std::nullopt, seat ? &*seat : nullptr))
                out_.findings.push_back(name(v) + " is waited for, but is no longer of " + print(of.view()) + ways_out(v.who));
        }
        for (const auto& h : p_.holds)
            if (!may_in_person(act::release, h.who))
                out_.findings.push_back(name(h.who) + " holds it, but may not release it any more" +
                                        (may(act::release, h.who) ? "; others may on their behalf" : ""));
        empty_teams();
        for (const auto& u : p_.unheeded)
            out_.findings.push_back("the outcome of " + u.child + " was to " + std::string(to_string(u.does)) +
                                    (u.subject.empty() || u.does == act::revise ? "" : ' ' + in_quotes(u.subject)) +
                                    " here, which was refused");
        const auto& allow = p_.now().allow;
        const bool  votes = std::any_of(allow.begin(), allow.end(), [](const permission& a) { return a.what == act::cast; });
        if (p_.voters.empty() && votes)
            out_.findings.push_back("the electorate is empty: nobody can decide this");
        uncounted_ballots();
        bool any = false;
        for (const auto& x : out_.exits) any = any || x.by == trigger::on || x.possible || !x.exact || x.due || x.now == truth::met;
        for (const auto& x : out_.exits) any = any || waits_for_more_than_ballots(x);
        if (const auto why = p_.voters.empty() ? std::string() : cannot_pass(); !why.empty()) out_.findings.push_back(why);
        else if (!any && !out_.exits.empty()) out_.findings.push_back("no exit of this stage can be taken any more by ballots alone");
    }
    /// Teams that decide, and of which nobody is a member.
    void empty_teams() {
        const auto& of = p_.by->electorate.of;
        const bool  decide = p_.by->by_team || std::any_of(of.nodes.begin(), of.nodes.end(), [](const rule_node& n) {
                                 return n.what == op::set_of_proposal;
                             });
        if (!decide) return;
        for (const auto t : p_.teams)
            if (people_.electors(t).empty())
                out_.findings.push_back("team " + std::string(people_.name(t)) + " has no members: nobody can act for it");
        if (p_.teams_missing) out_.findings.emplace_back("it names a team that is not in the roster any more");
    }
    [[nodiscard]] bool may_in_person(act a, person who) const {
        return std::any_of(p_.now().allow.begin(), p_.now().allow.end(), [&](const permission& leave) {
            return leave.what == a && !leave.for_another && contains(leave.who.view(), leave.who.root, who, p_, around_, nullptr, who);
        });
    }
    /// Whether somebody may do this in this stage: they themselves, or another on their behalf.
    [[nodiscard]] bool may(act a, person whose) const {
        return may_in_person(a, whose) || std::any_of(p_.now().allow.begin(), p_.now().allow.end(), [&](const permission& leave) {
            const auto others = leave.what == a && leave.for_another ? members_of(leave.who.view(), p_, around_) : std::vector<person>{};
            return std::any_of(others.begin(), others.end(), [whose](person other) { return other != whose; });
        });
    }
    /// What would end the waiting for somebody who is gone.
    [[nodiscard]] std::string ways_out(person gone) const {
        if (may(act::cast, gone)) return "; their ballot can still be cast";
        for (const auto& leave : p_.now().allow)
            if (leave.what == act::cancel && !members_of(leave.who.view(), p_, around_).empty())
                return "; only to cancel the round takes them off the list";
        return "; nobody can take them off the list";
    }
    /// In which sets the rules of this stage count a position.
    struct counting {
        bool                     everywhere = false;
        std::vector<std::string> sets{};     ///< as written
        std::vector<rule>        within{};
    };
    void collect(rule_view r, std::uint16_t part, std::size_t position, std::uint16_t set, counting& found,
                 std::set<std::size_t>& seen) const {
        const auto& n = r[part];
        if (n.what == op::named_rule && seen.insert(n.index).second)
            collect(p_.by->rule_views[n.index], p_.by->rule_views[n.index].root, position, no_node, found, seen);
        if ((n.what == op::count || n.what == op::weight) && n.index == position && !n.of_parent) {
            if (set == no_node) found.everywhere = true;
            else {
                rule own{std::string(r.text), {r.nodes.begin(), r.nodes.end()}, set, r.slots};
                auto text = print(own.view());
                if (std::find(found.sets.begin(), found.sets.end(), text) == found.sets.end()) {
                    found.sets.push_back(std::move(text));
                    found.within.push_back(std::move(own));
                }
            }
        }
        const auto inner = n.what == op::counted_in ? r[n.child].next : set;
        for (auto c = n.child; c != no_node; c = r[c].next)
            if (n.what != op::counted_in || c == n.child) collect(r, c, position, inner, found, seen);
    }
    [[nodiscard]] counting counted(std::size_t position) const {
        counting              found;
        std::set<std::size_t> seen;
        for (const auto& x : p_.now().exits)
            for (const auto* r : {&x.when, &x.condition})
                if (!r->empty()) collect(r->view(), r->root, position, no_node, found, seen);
        return found;
    }
    /// Whose ballot is on record but moves nothing, because of who they are: "why was my approval not counted?"
    void uncounted_ballots() {
        if (hidden_) return;
        for (std::size_t i = 0; i < p_.by->positions.size(); ++i) {
            const auto in = counted(i);
            if (in.everywhere || in.sets.empty()) continue;
            for (const auto& v : p_.voters) {
                const bool helps = std::any_of(in.within.begin(), in.within.end(), [&](const rule& r) {
                    return contains(r.view(), r.root, v.who, p_, around_);
                });
                if (v.choice == i + 1 && !helps)
                    out_.findings.push_back(in_quotes(p_.by->positions[i].title) + " of " + name(v) + " is advisory: rules count it in " +
                                            listed(in.sets) + " only");
            }
        }
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
    /// Whose act would lead on from here: "waiting for someone of team(core) to propose". To give up, or to change the text, is nothing to wait for.
    [[nodiscard]] std::string waiting_for_acts() const {
        std::vector<std::string> told;
        const auto               tell = [&](std::string what) {
            if (std::find(told.begin(), told.end(), what) == told.end()) told.push_back(std::move(what));
        };
        for (const auto& x : p_.now().exits) {
            const auto to = p_.by->stages[x.to].in;
            if (x.by != trigger::on || x.to == p_.stage || (!is_open(to) && to != phase::accepted && to != phase::enacted)) continue;
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
    /// When no rule can lead on towards acceptance any more: why, and who could change that.
    [[nodiscard]] std::string cannot_pass() const {
        std::string why;
        for (const auto& x : out_.exits) {
            if (x.leads_to <= p_.in() || x.leads_to > phase::enacted || !is_reached_by_rule(x)) continue;
            if (x.stuck.empty()) return {};
            if (why.empty()) why = "can't pass: " + x.stuck + ", whatever ballots still come";
        }
        const auto who = why.empty() ? std::vector<std::string>{} : could_stand_in();
        return who.empty() ? why : why + "; alternates could still step in: " + listed(who);
    }
    [[nodiscard]] std::string open_concerns_text() const {
        return std::string("concern") + (out_.concerns.size() > 1 ? "s " : " ") + listed(out_.concerns);
    }
    /// "someone of office(champion) to propose (ana)": names where the set depends on the proposal and they are few.
    [[nodiscard]] std::string awaited(const permission& a, const act_pattern& deed) const {
        auto s = "someone of " + a.text + " to " + (deed.what == act::fact ? "report " + in_quotes(deed.about) : to_string(deed));
        if (std::none_of(a.who.nodes.begin(), a.who.nodes.end(), [](const rule_node& n) {
                return n.what == op::set_call && n.index == static_cast<std::uint16_t>(set_call::office);
            }))
            return s;
        std::vector<std::string> who;
        for (const auto each : members_of(a.who.view(), p_, around_)) who.push_back(name(each));
        constexpr std::size_t few = 6;
        return s + (who.empty() ? " (nobody as things stand)" : who.size() <= few ? " (" + listed(who) + ")" : std::string());
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
    /// What an unmet condition waits for, for people.
    [[nodiscard]] std::string wanted(const condition_reading& c) const {
        const bool held = !p_.holds.empty() && c.text.find("holds") != std::string::npos && !c.people.empty();
        if (asks_for_answers(c)) return "an answer to " + listed(out_.questions);
        return held ? "the hold of " + listed(c.people) + " to be released" : c.text + (c.people.size() == 1 ? " (" + c.people[0] + ")" : std::string());
    }
    /// When the last of the clocks that an exit still waits for has run, if nothing stops it.
    [[nodiscard]] std::optional<instant> ripens(const exit_reading& x) const {
        std::optional<instant> last;
        for (const auto& c : x.conditions)
            if (c.is != truth::met && c.changes && (!last || *c.changes > *last)) last = c.changes;
        return last;
    }
    /// With open concerns, or clocks that must run first, no ballots alone do: say what the ballots would still have to be once
    /// those are settled.
    [[nodiscard]] std::string enough_later(const exit_reading& x) const {
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
            if (exit.when.empty() || p_.by->stages[exit.to].name != x.to) continue;
            e.revisable = e.withdrawable = false;
            const auto rule = both_of(exit.when, exit.condition);
            const auto found = fewest_ballots(rule.view(), e);
            if (!found || found->ballots == 0) return {};
            return ballots_of(rule.view(), e, *found);
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
    const auto& audiences = p.now().visible_to.empty() ? p.by->visible_to : p.now().visible_to;
    if (v.is_host || audiences.empty()) return true;
    evidence_of seen;
    return std::any_of(audiences.begin(), audiences.end(), [&](const audience& a) {
        if (!belongs(a.who, v, p, around)) return false;
        return a.condition.empty() || read_now(a.condition.view(), seen.take(p, p.last, around, p.by->asks_ahead)) == truth::met;
    });
}

}  // namespace quorate
