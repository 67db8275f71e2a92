// Explanations: what a condition measures, whose acts can change it, and how many ballots would be enough.
#include "explaining.hpp"
#include "tells_ballots.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "json.hpp"

namespace quorate {

using json_text::in_quotes;

std::string explaining::says(const stage_exit& x) const {
    std::string s;
    switch (x.by) {
        case trigger::on:
            s = "on ";
            for (const auto& a : x.acts) s += (s.size() > 3 ? " or " : "") + to_string(a);
            break;
        case trigger::when: s = "when " + print(x.when.view()); break;
        case trigger::unless: s = "unless " + print(x.when.view()); break;
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

std::string explaining::why_hidden() const {
    const auto& own = p_.now().ballots;
    const auto  shown = own ? own->shown : p_.by->ballots.showing.shown;
    if (shown != ballot_showing::when::at_close) return "hidden";
    return own ? "hidden until it leaves this stage" : "hidden until it closes";
}

std::string explaining::rule_name(const rule_view& r) const {
    for (std::size_t i = 0; i < p_.by->rules.size(); ++i)
        if (p_.by->rule_views[i].nodes.data() == r.nodes.data()) return p_.by->rules[i].name;
    return {};
}

condition_reading explaining::condition_of(const atom& a) const {
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
    // What is required, and when time alone would change it, can tell as much as what is measured.
    const bool concealed = hidden_ && tells_ballots(*p_.by, only, only.root, seen);
    const auto right = detail::is_comparison(n.what) ? a.in[n.child].next : no_node;
    seen.clear();
    const bool asks_openly = !concealed || (right != no_node && !tells_ballots(*p_.by, only, right, seen));
    if (concealed) {
        c.is = truth::error;
        c.why = why_hidden();
    } else {
        c.measured = shown(a.measured);
    }
    if (asks_openly) c.required = shown(a.required);
    if (c.is != truth::met) c.people = who_can_change(a);
    if (!concealed && a.next != never && a.next <= latest_instant - now_) c.changes = now_ + a.next;
    return c;
}

std::vector<std::string> explaining::who_must_withdraw(rule_view part) const {
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

std::vector<std::string> explaining::who_can_change(const atom& a) const {
    std::vector<std::string> who;
    const auto               add = [&](std::string n) {
        if (std::find(who.begin(), who.end(), n) == who.end()) who.push_back(std::move(n));
    };
    auto part = a.in;
    part.root = a.node;
    if (const auto blockers = who_must_withdraw(part); !blockers.empty()) return blockers;
    const auto help = helping(a);
    const auto asked = [&](act what) { return std::any_of(help.begin(), help.end(), [&](const act_pattern& h) { return h.what == what; }); };
    if (asked(act::cast))
        for (const auto& o : out_.outstanding) add(o);
    for (const auto& c : p_.concerns)
        if (asked(act::resolve) && c.state == concern_state::open) add(name(c.raiser));
    for (const auto& h : p_.holds)
        if (asked(act::release)) add(name(h.who));
    const auto gave = [](const std::vector<standing>& list, person one) {
        return std::any_of(list.begin(), list.end(), [one](const standing& s) { return s.who == one; });
    };
    for (const auto& h : help)
        for (const auto& leave : p_.now().allow) {
            const bool own_only = h.what == act::release && !leave.for_another;  // named above
            if (h.what == act::cast || own_only || (hidden_ && tells_ballots(*p_.by, leave.who)) || !act_pattern::covers(leave.what, leave.about, h.what, h.about) || !given_now(leave)) continue;
            for (const auto one : members_of(leave.who.view(), p_, around_)) {
                const bool did = (h.what == act::second && gave(p_.seconds, one)) || (h.what == act::sponsor && gave(p_.sponsors, one));
                if (!did) add(name(one));
            }
        }
    return who;
}

bool explaining::given_now(const permission& a) const {
    return a.condition.empty() || shown(a.condition.view(), a.condition.root) == truth::met;
}

bool explaining::asks_ahead(rule_view r) const {
    return std::any_of(r.nodes.begin(), r.nodes.end(), [this](const rule_node& n) {
        return n.what == op::certain || n.what == op::possible ||
               (n.what == op::named_rule && asks_ahead(p_.by->rule_views[n.index]));
    });
}

std::string explaining::enough_for(rule_view r) const {
    if (hidden_ || asks_ahead(r)) return {};
    auto e = facts_;
    e.revisable = e.withdrawable = false;  // those who have spoken are not asked to change their minds
    const auto found = fewest_ballots(r, e);
    return found && found->ballots != 0 ? ballots_of(r, e, *found) : std::string();
}

std::string explaining::ballots_of(rule_view r, const evidence& e, const quorate::enough& found) const {
    std::string s;
    const auto  add = [&](std::uint32_t n, const std::vector<std::string>& from, std::size_t position) {
        s += (s.empty() ? "" : " and ") + std::to_string(n) + " of " + out_of(from) +
             (p_.by->positions.size() > 1 ? " choosing " + p_.by->positions[position].name : std::string());
    };
    if (const auto p = anyone_does(r, e, found)) {
        add(found.ballots, silent(std::nullopt, *p), *p);
        return s;
    }
    for (std::size_t c = 0; c < found.by_class.size(); ++c)
        for (std::size_t p = 0; p < p_.by->positions.size(); ++p)
            if (found.by_class[c][p] != 0) add(found.by_class[c][p], silent(c, p), p);
    return s;
}

std::vector<std::string> explaining::silent(std::optional<std::size_t> of_class, std::size_t position) const {
    std::vector<std::string> who;
    for (std::size_t i = 0; i < p_.voters.size(); ++i) {
        const auto c = evidence_.class_of()[i];
        if (p_.outstanding(p_.voters[i]) && c != evidence_of::uncounted && (!of_class || *of_class == c) &&
            (detail::choices_of(facts_, facts_.classes[c]) >> position & 1U) != 0)
            who.push_back(name(p_.voters[i]));
    }
    return who;
}

std::optional<std::size_t> explaining::anyone_does(rule_view r, const evidence& e, const quorate::enough& found) const {
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
        const bool may = (detail::choices_of(e, classes[c]) >> *position & 1U) != 0;
        bool       fine = true;
        for (std::uint32_t n = 0; fine && n <= (may ? std::min(before[0], left) : 0U); ++n) {
            classes[c].counts[0] = before[0] - n;
            classes[c].counts[1 + *position] = before[1 + *position] + n;
            fine = self(self, c + 1, left - n);
        }
        classes[c].counts = before;
        return fine;
    };
    return all_do(all_do, 0, found.ballots) ? position : std::nullopt;
}

}  // namespace quorate
