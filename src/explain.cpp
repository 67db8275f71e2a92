// Explanations: how things stand, exit by exit, and who may see what.
#include "explaining.hpp"

#include <algorithm>
#include <array>

#include "json.hpp"
#include "proposal_places.hpp"
#include "proposal_weights.hpp"
#include "tells_ballots.hpp"

namespace quorate {

using json_text::in_quotes;

std::string listed(const std::vector<std::string>& names) {
    std::string s;
    for (const auto& n : names) s += (s.empty() ? "" : ", ") + n;
    return s;
}

std::string out_of(const std::vector<std::string>& names) {
    constexpr std::size_t few = 6;
    return names.size() <= few ? listed(names) : "the " + std::to_string(names.size()) + " outstanding";
}

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

rule asked_by(const stage_exit& x) {
    auto r = x.when;
    if (x.by == trigger::unless) {
        r.nodes.push_back({.what = op::unless, .child = r.root});
        r.root = static_cast<std::uint16_t>(r.nodes.size() - 1);
    }
    return both_of(r, x.condition);
}

std::string explaining::name(const voter& v) const {
    return v.seat < p_.seats.size() ? name(v.who) + " (" + p_.seats[v.seat] + ")" : name(v.who);
}

void explaining::head() {
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

void explaining::ballots() {
    for (const auto& position : p_.by->positions) out_.ballots.push_back({position.name, {}});
    for (const auto& v : p_.voters) {
        const auto i = p_.index_of(v);
        out_.electorate.push_back(name(v) + (p_.weights.empty() ? "" : " (" + to_string(p_.weights[i]) + ")"));
        const auto by = p_.silent(v) && !v.recused ? p_.carrier_of(i) : std::nullopt;
        if (!by && p_.outstanding(v) && !p_.by->positions.empty()) out_.outstanding.push_back(name(v));
        if (by) carried_ballot(i, *by);
        else if (v.choice != 0) own_ballots(i);
    }
    if (hidden_) out_.ballots.clear();
}

void explaining::options() {
    for (const auto& o : p_.options) {
        if (o.withdrawn) continue;
        auto text = o.name + (o.title.empty() || o.title == o.name ? "" : ": " + o.title);
        std::vector<std::string> more;
        if (!o.kind.empty()) more.push_back(o.kind);
        if (o.mover) more.push_back("put forward by " + name(*o.mover));
        if (!o.sponsors.empty()) more.push_back(std::to_string(o.sponsors.size()) + (o.sponsors.size() == 1 ? " sponsor" : " sponsors"));
        out_.options.push_back(text + (more.empty() ? "" : " (" + listed(more) + ")"));
    }
    // Who said what may stay secret for ever; what they decided together doesn't.
    if (p_.elected) out_.elected = *p_.elected;
    const auto lets = [&](act a) { return std::any_of(p_.now().allow.begin(), p_.now().allow.end(), [a](const permission& each) { return each.what == a; }); };
    const bool tie_is_told = lets(act::break_tie) && !lets(act::cast);  // voting is over, and who breaks it must know
    if (p_.by->count.method.empty() || (count_hidden_ && !tie_is_told)) return;
    const auto counted = count_options(p_, now_, around_);
    if (!counted || counted->ballots == 0) return;
    if (!count_hidden_ && !p_.elected)
        for (const auto o : counted->elected) out_.elected.push_back(counted->options[o]);
    for (const auto o : counted->undecided) out_.tied.push_back(counted->options[o]);
}

/// A ballot under the position that it chooses, or under each of those that its parts do.
void explaining::own_ballots(std::size_t i) {
    if (hidden_) return;
    const auto& v = p_.voters[i];
    const auto  list = [&](std::size_t position, const std::string& who) { out_.ballots[position].second.push_back(who); };
    const auto kind = p_.by->ballots.kinds.empty() ? std::string() : p_.by->ballots.kinds[i < p_.kinds.size() ? p_.kinds[i] : 0U].name;
    if (i >= p_.parts.size() || p_.parts[i].empty()) return list(v.choice - 1U, name(v) + (kind.empty() ? "" : " (" + kind + ")"));
    for (const auto& part : p_.parts[i]) list(part.position, name(v) + " (" + to_string(part.size) + (kind.empty() ? "" : ", " + kind) + ")");
}

/// The same of a ballot that a delegate's stands for.
void explaining::carried_ballot(std::size_t i, std::size_t by) {
    out_.carried.push_back(name(p_.voters[i]) + " by " + name(p_.voters[by].who));
    if (hidden_) return;
    const auto choice = p_.by->delegation.own_apart ? p_.for_others[by] : p_.voters[by].choice;
    const bool stakes = p_.by->ballots.split == ballot_rule::splitting::stakes;
    const auto gives = stakes ? stake_text(*p_.by, p_.stake_of(i)) : std::string();
    const auto text = name(p_.voters[i]) + " (by " + name(p_.voters[by].who) + (gives.empty() ? "" : ", " + gives) + ")";
    if (stakes) return out_.ballots[choice - 1U].second.push_back(text);  // of what is their own
    if (by >= p_.parts.size() || p_.parts[by].empty()) return out_.ballots[choice - 1U].second.push_back(text);
    for (const auto& part : p_.parts[by]) out_.ballots[part.position].second.push_back(text);
}

void explaining::concerns() {
    for (const auto& c : p_.concerns) {
        if (c.state != concern_state::open) continue;
        auto text = c.name + " (raised by " + name(c.raiser);
        if (c.seconds.size() < p_.by->concerns.seconds)
            text += ", needs " + std::to_string(p_.by->concerns.seconds - c.seconds.size()) + " more to second it";
        out_.concerns.push_back(text + ")");
    }
}

void explaining::questions_and_facts() {
    for (const auto& q : p_.questions)
        if (q.open) out_.questions.push_back(q.text_id + " (asked by " + name(q.asker) + ")");
    for (const auto& f : p_.facts)
        out_.facts.push_back(f.name + " = " + (f.truth ? (*f.truth ? "true" : "false") : std::to_string(f.amount.value_or(0))) +
                             " (reported " + date_string(f.at) + ")");
}

exit_reading explaining::exit_of(const stage_exit& x) {
    exit_reading r;
    const auto& to = p_.by->stages[*p_.target_of(x)];
    r.to = to.name;
    r.leads_to = to.in;
    r.by = x.by;
    r.says = says(x);
    const auto rule = asked_by(x);
    if (!rule.empty()) {
        const auto v = read(rule.view(), facts_);
        r.now = v.now;
        r.certain = v.certain();
        r.possible = v.possible();
        r.exact = v.exact;
        const bool onward = *p_.target_of(x) > p_.stage || r.leads_to > p_.in() || x.by == trigger::on;
        const bool open = r.now != truth::met || (hidden_ && tells_ballots(*p_.by, rule));
        r.conditions = conditions_of(rule.view(), leads_on(x) && onward && open);
        const bool of_the_act = std::any_of(x.acts.begin(), x.acts.end(), [&](const act_pattern& a) {
            return gives_up(a.what) || depends_on_the_act(x.condition, a.what);
        });
        r.withheld = x.by == trigger::on && leads_on(x) && r.now != truth::met && !of_the_act;
    } else {
        r.now = truth::met;
        r.certain = r.possible = true;
    }
    r.due = deadline_of(p_, x);
    if (hidden_ && tells_ballots(*p_.by, rule)) {
        r.now = truth::error;
        r.certain = r.exact = r.withheld = false;
        r.possible = true;
        if (x.by == trigger::held) r.due.reset();
    } else if (!law_stops(r, x) && r.now != truth::met && !x.when.empty()) {
        r.enough = enough_for(rule.view());
        std::string stuck;
        if (!could_become(rule.view(), rule.root, truth::met, stuck)) r.stuck = std::move(stuck);
    }
    place_missing(r, x);
    return r;
}

bool explaining::could_become(rule_view r, std::uint16_t part, truth wanted, std::string& stuck, std::size_t depth) const {
    const auto& n = r[part];
    const bool  all = n.what == (wanted == truth::met ? op::all : op::any);
    if (depth >= deepest_reading) return true;
    if (n.what == op::unless) return true;  // nobody waits for what takes back
    if (n.what == op::negate) return could_become(r, n.child, negation(wanted), stuck, depth + 1);
    if (n.what == op::named_rule) {
        const auto& named = p_.by->rule_views[n.index];
        return could_become(named, named.root, wanted, stuck, depth + 1);
    }
    if (n.what == op::all || n.what == op::any) {
        bool every = true, some = false;
        std::string why;
        for (auto c = n.child; c != no_node; c = r[c].next) {
            std::string one;
            const bool  could = could_become(r, c, wanted, one, depth + 1);
            why += (why.empty() || one.empty() ? "" : all ? " and " : " or ") + one;
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

bool explaining::about_ballots_only(rule_view r, std::uint16_t part) {
    bool only = true, any = false;
    visit(r, part, [&](const rule_node& n) {
        const bool members = n.what == op::count || detail::weight_op(n.what) ||
                             (n.what == op::quantity && n.index <= static_cast<std::uint16_t>(quantity::recused));
        any = any || members;
        only = only && !n.of_parent && n.what != op::fact && n.type != value_type::time && n.type != value_type::symbol &&
               (n.what != op::quantity || members);
    });
    return only && any;
}

std::vector<std::string> explaining::could_stand_in() const {
    std::vector<std::string> who;
    for (const auto& v : p_.voters) {
        const auto s = v.recused ? seat_of_vote(p_, v, people_) : std::nullopt;
        if (!s) continue;
        for (const auto a : s->which->alternates)
            if (!p_.is_aside(a)) who.push_back(name(a) + " (" + s->which->name + ")");
    }
    return who;
}

bool explaining::law_stops(exit_reading& r, const stage_exit& x) {
    if (x.by == trigger::on) return false;  // the act itself may change what the law looks at
    const auto answer = move(p_.in(), r.leads_to, facts_for_law(p_, x, nullptr));
    if (!answer.refused()) return false;
    condition_reading c{.text = std::string(answer.law), .rule = "law", .is = truth::unmet, .why = std::string(answer.way_out)};
    for (const auto& open : p_.concerns)
        if (open.state == concern_state::open) c.people.push_back(name(open.raiser));
    for (const auto what : {act::resolve, act::override_}) helpful_.push_back({what, {}});
    r.conditions.push_back(std::move(c));
    if (r.now == truth::met) r.now = truth::unmet;
    r.certain = r.possible = false;
    return true;
}

std::string explaining::who_is_there(const std::vector<const proposal*>& inside, std::size_t ahead) const {
    std::vector<std::string> seen;
    for (const auto* other : inside) {
        const auto beside = std::find_if(around_.others.begin(), around_.others.end(), [&](const neighbour& n) { return n.which == other; });
        if (may_see(*other, viewer_, {.people = people_, .parent = beside->parent})) seen.push_back(other->id);
    }
    const auto hidden = inside.size() - seen.size();
    if (hidden > 0) seen.push_back(std::to_string(hidden) + (seen.empty() ? "" : hidden == 1 ? " other" : " others"));
    auto s = listed(seen);
    if (!inside.empty()) s += inside.size() == 1 ? " is there" : " are there";
    if (ahead > 0) s += (s.empty() ? "" : "; ") + std::to_string(ahead) + (ahead == 1 ? " is ahead" : " are ahead");
    return s;
}

void explaining::place_missing(exit_reading& r, const stage_exit& x) {
    const auto  to = *p_.target_of(x);
    const auto& places = p_.by->stages[to].places;
    if (!places || to == p_.stage || r.now != truth::met) return;
    const bool due = (x.by != trigger::after && x.by != trigger::held) || (r.due && *r.due <= now_);
    const auto inside = others_in(p_, to, now_, around_);
    const auto ahead = ahead_of(p_, to, now_, around_).size();
    if (!due || inside.size() + ahead < *places) return;
    r.conditions.push_back({.text = "a place in " + in_quotes(p_.by->stages[to].title), .rule = "places", .is = truth::unmet, .why = who_is_there(inside, ahead)});
    r.now = truth::unmet;
    r.certain = false;
    r.withheld = x.by == trigger::on;
}

void explaining::conceal_next() {
    if (!hidden_ || !out_.next) return;
    const auto& exits = p_.now().exits;
    if (std::none_of(exits.begin(), exits.end(), [&](const stage_exit& x) { return tells_ballots(*p_.by, x.when) || tells_ballots(*p_.by, x.condition); }))
        return;
    out_.next.reset();
    out_.next_stage.clear();
    for (const auto& x : out_.exits)
        if (x.due && *x.due > now_ && (!out_.next || *x.due < *out_.next)) out_.next = x.due;
}

// ---- the public functions -------------------------------------------------------------------------------------------------
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

bool hides_ballots_of(std::uint16_t stage, const proposal& p, const viewer& v, const surroundings& around) {
    const auto& own = p.by->stages[stage].ballots;
    const auto& b = own ? *own : p.by->ballots.showing;
    if (v.is_host || b.shown == ballot_showing::when::at_once) return false;
    const bool closed = own ? p.stage != stage : !is_open(p.in());
    if (b.shown == ballot_showing::when::at_close && closed) return false;
    return b.shown_to.empty() || !belongs(b.shown_to, v, p, around);
}

bool hides_ballots(const proposal& p, const viewer& v, const surroundings& around) {
    if (hides_ballots_of(p.stage, p, v, around)) return true;
    std::optional<std::uint16_t> seen = p.stage;  // most ballots are of one stage
    return std::any_of(p.voters.begin(), p.voters.end(), [&](const voter& each) {
        if (each.choice == 0 || seen == each.stage) return false;
        seen = each.stage;
        return hides_ballots_of(each.stage, p, v, around);
    });
}

bool hides_count(const proposal& p, const viewer& v, const surroundings& around) { return is_open(p.in()) && hides_ballots(p, v, around); }

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
