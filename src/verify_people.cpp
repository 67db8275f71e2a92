// People for a process, made up from the names in it.
#include <algorithm>

#include "verifying.hpp"

namespace quorate {
namespace verifying {
namespace {

constexpr std::array<std::string_view, most_verified_people> given_names{
    "alice", "bob",  "carol", "dave",  "erin", "frank", "grace", "heidi", "ivan", "judy", "karl",  "leo",   "mia",  "nina", "otto",  "peggy",
    "quinn", "rosa", "sam",   "tina",  "uma",  "vera",  "walt",  "xenia", "yuri", "zoe",  "anna",  "bert",  "clara", "doris", "emil", "fritz"};

/// What a process and those above it name.
struct named {
    std::set<std::string> deciding{};   ///< teams whose members vote, or are counted
    std::set<std::string> teams{}, leads{}, roles{}, scopes{}, represented{};
    std::set<std::string> bodies{};     ///< with seats
    bool of_proposal = false, leads_of_proposal = false, reps_of_proposal = false, each_team = false, everyone_votes = false, overlaps = false;
    std::string weight{};
    std::int64_t most_weight = 0;   ///< that a rule compares weights with
    bool rounds = false;            ///< a rule rounds shares of weights: holdings are such that something is left of them
    bool affiliations = false;
    std::size_t alike = 2;          ///< of one affiliation: more than rules allow
    std::map<std::string, std::size_t> wanted{};  ///< how many of a team, or with a role, rules ask for
};

std::string owners_of(const std::string& scope) { return "owners-of-" + scope; }

/// Whom a rule counts in a set, it wants to be so many there.
void note_wanted(const rule& r, std::uint16_t at, std::size_t n, bool in_set, named& all) {
    const auto& node = r.nodes[at];
    if (in_set && node.what == op::set_call) {
        auto& most = all.wanted[std::string(r.view().name(node))];
        most = std::max(most, n + 1);
    }
    bool first = true;
    for (auto c = node.child; c != no_node; c = r.nodes[c].next) {
        note_wanted(r, c, n, in_set || (node.what == op::counted_in && !first), all);
        first = false;
    }
}

/// Of whom it takes so many seconds, and an author who isn't among them, there are as many.
void note_seconders(const process& p, named& all) {
    std::size_t seconds = 1;
    each_deciding_rule(p, [&](const rule& r) {
        for (std::size_t i = 0; i < r.nodes.size(); ++i) {
            for (auto c = r.nodes[i].child; c != no_node; c = r.nodes[c].next)
                if (r.nodes[c].what == op::quantity && r.nodes[c].index == static_cast<std::uint16_t>(quantity::seconds)) seconds = std::max(seconds, number_wanted(r, static_cast<std::uint16_t>(i)));
        }
    });
    for (const auto& s : p.stages)
        for (const auto& a : s.allow)
            if (a.what == act::second) note_wanted(a.who, a.who.root, seconds, true, all);
}

void note(const rule& r, bool decides, named& all) {
    const bool weighs = std::any_of(r.nodes.begin(), r.nodes.end(), [](const rule_node& n) { return n.what == op::weight || n.what == op::weight_of; });
    for (std::size_t i = 0; i < r.nodes.size(); ++i)
        if (const auto n = number_wanted(r, static_cast<std::uint16_t>(i)); n > 0) note_wanted(r, static_cast<std::uint16_t>(i), n, false, all);
    for (const auto& n : r.nodes) {
        constexpr std::int64_t most = 1'000'000'000;
        if (weighs && (n.what == op::floor_of || n.what == op::ceiling)) all.rounds = true;
        if (weighs && n.what == op::number && n.denominator == 1 && n.numerator <= most) all.most_weight = std::max(all.most_weight, n.numerator);
        if (n.what == op::set_of_proposal) {
            all.of_proposal = true;
            if (n.index == 1) all.leads_of_proposal = true;
            if (n.index == 2) all.reps_of_proposal = true;
        }
        if (n.what == op::each && n.index == static_cast<std::uint16_t>(collection::team)) all.of_proposal = all.each_team = true;
        if (decides && n.what == op::set_name && n.index == static_cast<std::uint16_t>(set_name::everyone)) all.everyone_votes = true;
        if (n.what == op::both || n.what == op::except) all.overlaps = true;
        for (auto c = n.child; c != no_node; c = r.nodes[c].next)
            if (r.nodes[c].what == op::by_largest) all.alike = std::max(all.alike, number_wanted(r, static_cast<std::uint16_t>(&n - r.nodes.data())) + 1);
        if (n.what != op::set_call) continue;
        const std::string name(r.view().name(n));
        switch (static_cast<set_call>(n.index)) {
            case set_call::team:
                all.teams.insert(name);
                if (decides) all.deciding.insert(name);
                break;
            case set_call::leads: all.teams.insert(name), all.leads.insert(name); break;
            case set_call::role: all.roles.insert(name); break;
            case set_call::seats: all.bodies.insert(name); break;
            case set_call::reps: all.represented.insert(name); break;
            case set_call::owners:
                all.scopes.insert(name);
                if (decides) all.deciding.insert(owners_of(name));
                break;
            default: break;
        }
    }
}

/// The rule that a counted set is, without the one that it was written in.
rule own_part(const rule& set) {
    auto read = read_rule(print(set.view()), {}, expects::set);
    return read.error.is_error() ? rule{} : std::move(read.value);
}

named names_in(const charter& c, std::string_view process_name) {
    named                    all;
    std::vector<std::string> open{std::string(process_name)};
    std::set<std::string>    seen;
    bool                     inherited = false, spent = false;
    while (!open.empty()) {
        const auto name = open.back();
        open.pop_back();
        const auto* p = c.find(name);
        if (p == nullptr || !seen.insert(name).second) continue;
        const bool first = seen.size() == 1;
        // Who decides here may be who decides there.
        const bool decides = first || inherited;
        each_deciding_rule(*p, [&](const rule& r) { note(r, decides && &r == &p->electorate.of, all); });
        inherited = decides && std::any_of(p->electorate.of.nodes.begin(), p->electorate.of.nodes.end(), [](const rule_node& n) { return n.of_parent; });
        // Where everybody may vote those decide whom the rules count.
        if (first && all.everyone_votes)
            for (const auto& counted : p->counted_sets) note(own_part(counted), true, all);
        if (all.weight.empty()) all.weight = p->electorate.weight;
        all.affiliations = all.affiliations || p->by_affiliation || p->electorate.by == counted_by::organisation || p->count.most_per_affiliation != 0;
        // One parent is enough: the exploration takes the first that works.
        for (const auto& parent : p->parents) open.push_back(parent.substr(0, parent.find(' ')));
        if (p->teams.exactly && *p->teams.exactly > 0) all.of_proposal = true;
        if (p->ballots.split == ballot_rule::splitting::amounts) spent = true;
        if (first) note_seconders(*p, all);
    }
    if (spent) all.rounds = false;  // spent one by one, large holdings would make too many ballots
    return all;
}

class maker {
public:
    maker(named all, std::size_t members) : all_(std::move(all)), members_(members) {}

    result<roster> operator()() {
        document_.name = "made up";
        const bool subject = all_.of_proposal && all_.deciding.empty();
        if (all_.of_proposal) all_.teams.insert({subject_team, all_.each_team ? second_team : subject_team});
        if (all_.reps_of_proposal) all_.represented.insert(subject_team);
        for (const auto& t : all_.teams) team(t);
        std::vector<std::string> electors;
        for (const auto& t : all_.teams) {
            const bool many = all_.deciding.contains(t) || (subject && (t == subject_team || t == second_team)) || (all_.each_team && (t == subject_team || t == second_team));
            const std::size_t n = many ? (t == second_team ? std::min<std::size_t>(members_, 2) : members_) : std::clamp<std::size_t>(wanted(t), 1, members_);
            for (std::size_t i = 0; i < n; ++i) join(t, person_named());
            if (many && electors.empty())
                for (const auto& m : find(t)->members) electors.push_back(m.who);
        }
        for (const auto& b : all_.bodies) body(b, electors);
        for (const auto& r : all_.represented) represented(r);
        if (all_.everyone_votes)
            while (document_.people.size() < members_) electors.push_back(person_named());
        if (electors.empty())
            for (const auto& p : document_.people) electors.push_back(p.id);
        // Who is meant by "A and B", "A except B": somebody is in all of them.
        if (all_.overlaps && !electors.empty())
            for (const auto& t : all_.teams) join(t, electors.back());
        for (const auto& t : all_.leads) lead(t);
        if (all_.leads_of_proposal)
            for (const auto& t : {subject_team, second_team}) lead(t);
        for (const auto& r : all_.roles) role(r, electors);
        for (const auto& s : all_.scopes) scope_of(s);
        weights(electors);
        if (all_.affiliations) affiliations();
        if (document_.people.size() < most_verified_people) (void)person_named("outsider");
        if (too_many_) return make_error(errc::limit, "this process names so many groups that there would be more than " + std::to_string(most_verified_people) + " people", {}, "give a roster");
        return make_roster(std::move(document_));
    }

    static constexpr const char* subject_team = "team-of-proposal";
    static constexpr const char* second_team = "team-of-proposal-too";

private:
    team_info* find(const std::string& name) {
        for (auto& t : document_.teams)
            if (t.name == name) return &t;
        return nullptr;
    }
    team_info& team(const std::string& name) {
        if (auto* t = find(name)) return *t;
        team_info made;
        made.name = name;
        document_.teams.push_back(std::move(made));
        return document_.teams.back();
    }
    std::string person_named(std::string id = {}) {
        if (document_.people.size() >= most_verified_people) {
            too_many_ = true;
            return document_.people.front().id;
        }
        if (id.empty()) id = given_names[next_++ % given_names.size()];
        person_info p;
        p.id = p.handle = id;
        document_.people.push_back(std::move(p));
        return id;
    }
    void join(const std::string& to, const std::string& who) {
        auto& t = team(to);
        if (std::none_of(t.members.begin(), t.members.end(), [&](const membership& m) { return m.who == who; })) t.members.push_back({.who = who, .roles = {}});
    }
    void lead(const std::string& name) {
        auto* t = find(name);
        if (t == nullptr || !t->leads.empty()) return;
        for (const auto& m : t->members)
            if (t->leads.empty() || t->leads.size() < wanted("lead")) t->leads.push_back(m.who);
    }
    /// How many rules ask for, as far as there are so many who decide.
    std::size_t wanted(const std::string& name) const {
        const auto at = all_.wanted.find(name);
        return at == all_.wanted.end() ? 0 : std::min(at->second, members_);
    }
    void body(const std::string& name, std::vector<std::string>& electors) {
        team(name);
        for (std::size_t i = 0; i < members_; ++i) {
            const auto who = person_named();
            electors.push_back(who);
            seat_info s;
            s.name = name + "-" + std::to_string(i + 1);
            s.holder = who;
            if (i == 0 && all_.reps_of_proposal) s.represents = subject_team;
            find(name)->seats.push_back(std::move(s));
        }
    }
    void represented(const std::string& name) {
        team(name);
        if (all_.bodies.empty()) {
            std::vector<std::string> none;
            all_.bodies.insert("body");
            body("body", none);
        }
        for (const auto& b : all_.bodies)
            for (auto& s : find(b)->seats)
                if (s.represents.empty() || s.represents == name) {
                    s.represents = name;
                    return;
                }
    }
    void role(const std::string& name, const std::vector<std::string>& electors) {
        if (name == "lead") {  // held by whoever leads a team
            const auto led = document_.teams.empty() ? "staff" : document_.teams.front().name;
            for (std::size_t i = document_.teams.empty() ? 0 : document_.teams.front().members.size(); i < std::max<std::size_t>(wanted(name), 1); ++i)
                join(led, i < electors.size() ? electors[i] : person_named());
            return lead(led);
        }
        document_.roles.push_back({.name = name, .description = {}});
        // Whoever has a role is of some team; a chair votes in many bodies and in many doesn't: here it is one of them.
        std::size_t given = 0;
        for (auto& t : document_.teams)
            for (auto m = t.members.rbegin(); m != t.members.rend(); ++m) {
                const auto place = static_cast<std::size_t>(std::find(electors.begin(), electors.end(), m->who) - electors.begin());
                if (given > 0 && given >= wanted(name)) return;
                if (!electors.empty() && place >= std::max<std::size_t>(wanted(name), 1)) continue;
                m->roles.push_back(name);
                ++given;
            }
        if (given > 0) return;
        join("staff", person_named());
        find("staff")->members.back().roles.push_back(name);
    }
    void scope_of(const std::string& name) {
        const auto owner = owners_of(name);
        for (std::size_t i = 0; i < (all_.deciding.contains(owner) ? members_ : 2); ++i) join(owner, person_named());
        scope s;
        s.name = name;
        s.owner = owner;
        document_.scopes.push_back(std::move(s));
    }
    void weights(const std::vector<std::string>& electors) {
        if (all_.weight.empty()) return;
        // One holds twice as much as each other, and all together more than any number in the rules.
        constexpr std::int64_t coarse = 100;
        const auto             enough = all_.most_weight / static_cast<std::int64_t>(std::max<std::size_t>(electors.size(), 1)) + 1;
        const auto             unit = all_.rounds ? std::max(enough, coarse) : enough;
        for (std::size_t i = 0; i < electors.size(); ++i)
            document_.weights.push_back({.of = all_.weight, .who = electors[i], .weight = number(i == 0 ? 2 * unit : unit), .to = {}});
    }
    void affiliations() {
        for (std::size_t i = 0; i < document_.people.size(); ++i) document_.people[i].affiliations = {i < all_.alike ? "org-1" : "org-" + std::to_string(i)};
    }

    named           all_;
    std::size_t     members_;
    roster_document document_{};
    std::size_t     next_ = 0;
    bool            too_many_ = false;
};

}  // namespace

std::vector<std::string> teams_for(const process& p, const roster& people) {
    bool of_proposal = p.teams.exactly.value_or(0) > 0, each_team = false;
    each_deciding_rule(p, [&](const rule& r) {
        for (const auto& n : r.nodes) {
            of_proposal = of_proposal || n.what == op::set_of_proposal;
            each_team = each_team || (n.what == op::each && n.index == static_cast<std::uint16_t>(collection::team));
        }
    });
    std::vector<std::string> teams;
    if (!of_proposal && !each_team) return teams;
    const auto wanted = p.teams.exactly.value_or(each_team ? 2 : 1);
    const auto add = [&](team_id t) {
        const std::string name(people.name(t));
        const bool excepted = std::find(p.teams.except.begin(), p.teams.except.end(), name) != p.teams.except.end();
        if (teams.size() < wanted && !excepted && std::find(teams.begin(), teams.end(), name) == teams.end() && !people.electors(t).empty()) teams.push_back(name);
    };
    for (const auto* made : {maker::subject_team, maker::second_team})
        if (const auto t = people.team_named(made)) add(*t);
    for (const auto t : people.teams()) add(t);
    return teams;
}

}  // namespace verifying

result<roster> people_for(const charter& c, std::string_view process, std::size_t members) {
    if (c.find(process) == nullptr) return make_error(errc::not_found, "there is no process \"" + std::string(process) + "\"", c.title());
    if (members > most_verified_people) return make_error(errc::limit, "more than " + std::to_string(most_verified_people) + " members", c.title());
    return verifying::maker(verifying::names_in(c, process), members)();
}

}  // namespace quorate
