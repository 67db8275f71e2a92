// Verify: puts together a world, what can happen in it, and a report.
#include <algorithm>

#include "verify_report.hpp"

namespace quorate {
namespace {

constexpr std::array<std::string_view, 23> kind_names{
    "cannot end",       "stuck",        "leaver blocks", "never reached",     "never taken",    "never used",      "never met",       "accepted over a concern",
    "accepted without quorum", "accepted before notice", "pass and fail", "approval hurts", "opposition helps", "abstention helps", "accepted by nobody", "tie accepted",
    "closes early",     "depends on who", "explain",     "invariant",         "property",       "circle",          "never opened"};

constexpr std::size_t most_states_above = 50'000;  ///< of a process that this one is opened under
constexpr std::size_t always_explained = 200;     ///< situations; then every 101st

std::vector<std::string> bounds_of(const verifying::world& w, const verify_bounds& b) {
    const auto& by = w.by();
    const auto  allows = [&](act a) {
        return std::any_of(by.stages.begin(), by.stages.end(), [a](const stage& s) {
            return std::any_of(s.allow.begin(), s.allow.end(), [a](const permission& p) { return p.what == a; });
        });
    };
    const auto               n = [](std::size_t k, std::string_view what) { return std::to_string(k) + " " + std::string(what) + (k == 1 ? "" : "s"); };
    std::vector<std::string> all;
    if (allows(act::raise)) all.push_back("at most " + n(b.concerns, "concern") + " open at once");
    if (allows(act::ask)) all.push_back("at most " + n(b.questions, "question") + " open at once");
    if (allows(act::add_option)) all.push_back("at most " + n(b.options, "option") + " put forward");
    if (w.seen().children) all.push_back("at most " + std::to_string(b.children) + (b.children == 1 ? " child" : " children") + " open at once");
    if (allows(act::revise) && w.seen().revisions) all.push_back("at most " + n(b.revisions, "revision"));
    all.push_back(b.leavers == 0 ? std::string("nobody leaves") : "at most " + n(b.leavers, "member") + " leave" + (b.leavers == 1 ? "s" : ""));
    for (const auto& f : w.seen().facts) {
        if (f.amounts.empty()) continue;
        std::string amounts;
        for (const auto a : f.amounts) amounts += (amounts.empty() ? "" : ", ") + std::to_string(a);
        all.push_back("fact " + f.name + " is one of " + amounts);
    }
    return all;
}

std::vector<std::string> not_covered(const verifying::world& w) {
    const auto&              by = w.by();
    std::vector<std::string> all{"members who join"};
    if (std::any_of(by.positions.begin(), by.positions.end(), [](const position& p) { return p.says != marks::none; }))
        all.emplace_back("ballots about options other than each alone, and each before all others");
    if (by.ballots.split != ballot_rule::splitting::none) all.emplace_back("ballots in parts other than halves");
    if (by.has_places) all.emplace_back("proposals that wait for each other: each place is free");
    if (w.parent()) all.emplace_back("what happens to its parent meanwhile: that stays in stage \"" + w.parent()->now().name + "\"");
    if (w.seen().children) all.emplace_back("what happens inside its children: they are opened and come to an outcome");
    if (by.about_one != per_subject::any) all.emplace_back("several proposals about one subject");
    if (by.electorate.by == counted_by::seat) all.emplace_back("alternates, and seats that are filled anew");
    if (by.delegation.hops != delegation_rule::reach::none) all.emplace_back("delegations in the roster that change");
    return all;
}

std::vector<std::string> people_in(const verifying::world& w) {
    std::vector<std::string> lines;
    const auto&              people = w.people();
    for (std::size_t i = 0; i < people.people(); ++i) {
        const auto  who = static_cast<person>(i);
        std::string in;
        for (const auto t : people.teams()) {
            if (!people.is_member(who, t)) continue;
            in += (in.empty() ? "" : ", ") + std::string(people.name(t)) + (people.is_lead(who, t) ? " (lead)" : "") + (people.holds_seat(who, t) ? " (seat)" : "");
        }
        for (const auto& r : people.document().roles)
            if (people.has_role(who, r.name)) in += (in.empty() ? "" : ", ") + r.name;
        lines.push_back(std::string(people.id(who)) + ": " + (in.empty() ? "of no team" : in));
    }
    return lines;
}

}  // namespace

std::string_view to_string(finding_kind k) { return kind_names[static_cast<std::size_t>(k)]; }

std::vector<std::string> verify_report::unknown() const {
    std::vector<std::string> all;
    for (const auto& f : findings)
        if (std::find(known.begin(), known.end(), f.id) == known.end()) all.push_back(f.id);
    return all;
}
std::vector<std::string> verify_report::missing() const {
    std::vector<std::string> all;
    for (const auto& id : known)
        if (std::none_of(findings.begin(), findings.end(), [&](const finding& f) { return f.id == id; })) all.push_back(id);
    return all;
}

namespace verifying {

result<std::shared_ptr<world>> world_of(const charter& c, const process& p, const roster& people, const verify_bounds& bounds, std::vector<const process*> below) {
    below.push_back(&p);
    auto made = std::make_shared<world>(c, p, people, bounds);
    if (p.parents.empty()) return made;
    std::string none = "nothing that it may be opened under can be reached";
    for (const auto& name : p.parents) {
        const auto  space = name.find(' ');
        const auto* above = c.find(name.substr(0, space));
        if (above == nullptr || std::find(below.begin(), below.end(), above) != below.end()) continue;
        auto inside = bounds;
        inside.leavers = 0;
        auto over = world_of(c, *above, people, inside, below);
        if (!over) {
            none = over.error().what();
            continue;
        }
        std::optional<std::uint16_t> goal;
        if (space != std::string::npos) goal = above->stage_named(name.substr(space + 1));
        verify_options how{.bounds = inside};
        how.bounds.states = most_states_above;
        std::vector<step> way;
        auto              g = explore(*over.value(), how, false, goal.value_or(above->stages.size()));
        for (std::uint32_t i = 0; i < g.size() && way.empty(); ++i)
            if ((goal ? g.stage[i] == *goal : is_open(above->stages[g.stage[i]].in)) && (g.marks[i] & graph::brink) == 0) way = way_to(*over.value(), g, i);
        if (way.empty()) {
            if (g.waiting() != 0) none = "no way to \"" + name + "\" was found within " + std::to_string(most_states_above) + " situations";
            continue;
        }
        made->under_parent(over.value(), std::move(way));
        std::string because;
        if (!made->openings(because).empty()) return made;
        none = because;
    }
    return make_error(errc::invalid, "no proposal of process \"" + p.name + "\" can be opened: " + none, c.title());
}

}  // namespace verifying

result<verify_report> verify(const charter& c, std::string_view process, const verify_options& how, const roster* people) {
    using namespace verifying;
    const auto* p = c.find(process);
    if (p == nullptr) return make_error(errc::not_found, "there is no process \"" + std::string(process) + "\"", c.title());
    if (how.bounds.leavers > most_verified_leavers || how.bounds.states > most_verified_states)
        return make_error(errc::limit, "more than " + std::to_string(most_verified_leavers) + " who leave, or than " + std::to_string(most_verified_states) + " situations", c.title());
    verify_report r{.process = p->name, .title = p->title};
    for (const auto& k : p->known_findings) r.known.push_back(k.id);
    std::optional<roster> made;
    if (people == nullptr) {
        r.members = how.bounds.members != 0 ? how.bounds.members : members_for(*p);
        auto all = people_for(c, process, r.members);
        if (!all) return all.error();
        made = std::move(all.value());
        people = &*made;
    }
    if (people->people() > most_verified_people)
        return make_error(errc::limit, "a roster of " + std::to_string(people->people()) + " people is more than " + std::to_string(most_verified_people), {}, "leave it out, and people are made up; or give a smaller one");
    const auto w = world_of(c, *p, *people, how.bounds);
    if (!w) {
        finding f;
        f.kind = finding_kind::never_opened;
        f.id = "never opened";
        f.what = w.error().what();
        f.why = "Nothing about this process could be looked at.";
        r.not_covered.push_back("everything: " + f.what);
        r.findings.push_back(std::move(f));
        return r;
    }
    r.people = people_in(*w.value());
    r.bounds = bounds_of(*w.value(), how.bounds);
    r.not_covered = not_covered(*w.value());
    const auto g = explore(*w.value(), how, true);
    r.states = g.size();
    r.steps = g.steps;
    r.depth = g.depth;
    r.waiting = g.waiting();
    r.stopped = g.stopped;
    if (r.states > always_explained)
        r.not_covered.emplace_back("what explain says, and whether equals are treated alike: looked at in the first " + std::to_string(always_explained) + " situations and in every 101st after");
    findings_of_graph(*w.value(), g, r);
    findings_of_sightings(*w.value(), g, r);
    if (g.size() != 0) findings_of_votes(*w.value(), r);
    if (how.power && r.complete() && g.size() != 0) r.power = power_in(c, *p, *people, *w.value(), how, r.not_covered);
    std::sort(r.findings.begin(), r.findings.end(), [](const finding& a, const finding& b) { return a.kind != b.kind ? a.kind < b.kind : a.id < b.id; });
    return r;
}

}  // namespace quorate
