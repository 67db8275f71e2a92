// Verify: puts together a world, what can happen in it, and a report.
#include <algorithm>

#include "verify_report.hpp"

namespace quorate {
namespace {

constexpr std::array<std::string_view, 29> kind_names{
    "cannot end",       "stuck",        "leaver blocks", "team leaving blocks", "exchange blocks", "waits for ever", "never reached",     "never taken",    "never used",      "never met",       "accepted over a concern",
    "accepted without quorum", "accepted before notice", "rejected before notice", "pass and fail", "approval hurts", "opposition helps", "abstention helps", "accepted by nobody", "tie accepted",
    "closes early",     "confirmation lost", "kept from confirmation", "depends on who", "explain",     "invariant",         "property",       "circle",          "never opened"};

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
    if (allows(act::hold) && !w.seen().counts_holds) all.push_back("at most " + n(b.holds, "hold") + " at once");
    if (allows(act::add_option)) all.push_back("at most " + n(b.options, "option") + " put forward");
    if (w.seen().children) all.push_back("at most " + std::to_string(b.children) + (b.children == 1 ? " child" : " children") + " open at once");
    if (allows(act::revise) && std::any_of(w.seen().read.begin(), w.seen().read.end(), [](const verifying::parts& p) { return p.test(static_cast<std::size_t>(verifying::part::revisions)); })) all.push_back("at most " + n(b.revisions, "revision"));
    all.push_back(b.leavers == 0 ? std::string("nobody leaves") : "at most " + n(b.leavers, "member") + " leave" + (b.leavers == 1 ? "s" : ""));
    if (b.joiners != 0) all.push_back("one newcomer joins");
    if (b.teams) all.push_back("all of one team leave at most once");
    if (b.exchange) all.push_back("all members are exchanged at most once");
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
    std::vector<std::string> all{"offices that fall vacant: whoever alone is in a team or has a role stays"};
    if (w.bounds().joiners == 0) all.emplace_back("members who join");
    if (!w.bounds().teams) all.emplace_back("whole teams that leave");
    if (!w.bounds().exchange) all.emplace_back("all members exchanged at once");
    all.insert(all.end(), w.not_made().begin(), w.not_made().end());
    if (std::any_of(by.positions.begin(), by.positions.end(), [](const position& p) { return p.says != marks::none; }))
        all.emplace_back("ballots about options other than each alone, and each before all others");
    if (by.ballots.split != ballot_rule::splitting::none) all.emplace_back("ballots in parts other than halves");
    if (by.has_places) all.emplace_back("what happens inside other proposals that take its places");
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
    for (std::size_t i = 0; i < people.people() && !w.is_newcomer(i); ++i) {
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
        inside.leavers = inside.joiners = 0;
        inside.exchange = inside.teams = false;
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

namespace {

/// What was explored in the end.
struct exploration {
    std::shared_ptr<world>   w{};        ///< none: nothing of the process can be looked at, and why
    std::string              because{};
    verify_bounds            bounds{};   ///< as taken
    std::unique_ptr<graph>   g{};
    std::vector<std::string> reduced{};  ///< what was asked for, or by the rules, and not taken
    bool                     too_few = false;
    [[nodiscard]] bool whole() const { return g && g->waiting() == 0 && !g->stopped; }
};

/// Looks for bounds within which everything can be covered: members and options first without anybody who leaves, then as many who leave as go. Where fewer
/// members aren't enough, kinds of acts are left out.
class fitting {
public:
    fitting(const charter& c, const process& p, const verify_options& how, const roster* people) : c_(c), p_(p), how_(how), people_(people) {}

    result<exploration> explored() {
        auto wanted = people_ != nullptr ? 0 : how_.bounds.members != 0 ? how_.bounds.members : members_for(p_);
        if (people_ == nullptr && how_.bounds.members == 0)  // what it is opened under may need more to come about
            for (const auto& name : p_.parents)
                if (const auto* above = c_.find(name.substr(0, name.find(' ')))) wanted = std::max(wanted, members_for(*above));
        const bool adds = std::any_of(p_.stages.begin(), p_.stages.end(), [](const stage& s) {
            return std::any_of(s.allow.begin(), s.allow.end(), [](const permission& a) { return a.what == act::add_option; });
        });
        std::vector<std::size_t> sizes{wanted};
        for (const std::size_t fewer : {4U, 3U, 2U})
            if (how_.fit && fewer < wanted) sizes.push_back(fewer);
        exploration found;
        for (const auto members : sizes) {
            auto bounds = how_.bounds;
            bounds.members = members;
            if (how_.fit && adds) bounds.options = std::min<std::size_t>(bounds.options, 1);
            if (how_.fit) bounds.leavers = 0;
            constexpr std::size_t few = 3;  // of more, half as much is looked at before fewer are tried
            if (how_.fit && members > few) bounds.states /= 2;
            auto next = one(bounds);
            if (!next) {
                if (members == sizes.back()) return next.error();
                continue;  // too many people
            }
            found = std::move(next.value());
            found.bounds.states = how_.bounds.states;
            if (!found.w || found.whole() || found.g->stopped) break;
        }
        if (found.w && how_.fit && !found.whole() && !found.g->stopped) leave_out(found);
        constexpr std::size_t another_option = 8;  // about so many times as many situations
        if (adds) grow(found, &verify_bounds::options, another_option);
        if (found.w) {
            std::set<std::uint8_t> kinds;
            for (std::size_t i = 0; i < found.w->size(); ++i) kinds.insert(found.w->class_of(i));
            grow(found, &verify_bounds::leavers, kinds.size());  // each kind of people who leave makes about as many again
        }
        tell(found, wanted);
        return found;
    }

private:
    result<exploration> one(const verify_bounds& bounds) {
        exploration made;
        made.bounds = bounds;
        std::optional<roster> up;
        if (people_ == nullptr) {
            auto all = people_for(c_, p_.name, bounds.members);
            if (!all) return all.error();
            up = std::move(all.value());
        }
        auto w = world_of(c_, p_, up ? *up : *people_, bounds);
        if (!w) {
            made.because = w.error().what();
            return made;
        }
        made.w = std::move(w.value());
        auto inside = how_;
        inside.bounds = bounds;
        made.g = std::make_unique<graph>(explore(*made.w, inside, true));
        return made;
    }
    /// Without one kind of thing after another that people can do, until all that is left can be covered. What couldn't be even so stays as it was.
    void leave_out(exploration& found) {
        struct kind {
            act                        what;
            std::size_t verify_bounds::*of;
            std::string_view           said;
        };
        constexpr std::array<kind, 5> kinds{{{act::link, &verify_bounds::children, "no children"},
                                             {act::ask, &verify_bounds::questions, "no questions"},
                                             {act::hold, &verify_bounds::holds, "no holds"},
                                             {act::add_option, &verify_bounds::options, "no options put forward"},
                                             {act::raise, &verify_bounds::concerns, "no concerns"}}};
        auto bounds = found.bounds;
        std::vector<std::string> said;
        for (const auto& each : kinds) {
            const bool done = each.what == act::link ? found.w->seen().children : std::any_of(p_.stages.begin(), p_.stages.end(), [&](const stage& s) {
                return std::any_of(s.allow.begin(), s.allow.end(), [&](const permission& a) { return a.what == each.what; });
            });
            if (!done || bounds.*each.of == 0) continue;
            bounds.*each.of = 0;
            said.push_back(std::string(each.said) + ": with them, more could happen than can be covered");
            auto tried = bounds;
            tried.states = how_.bounds.states / 2;
            auto next = one(tried);
            if (!next || !next.value().w || !next.value().whole()) continue;
            found = std::move(next.value());
            found.bounds.states = how_.bounds.states;
            found.reduced = said;
            found.too_few = true;
            return;
        }
    }
    /// With more of something, one by one, as long as that can be covered too; `times` as many situations are expected of each.
    void grow(exploration& found, std::size_t verify_bounds::*of, std::size_t times) {
        while (found.whole() && found.bounds.*of < how_.bounds.*of && found.g->size() * times <= how_.bounds.states) {
            auto bounds = found.bounds;
            ++(bounds.*of);
            auto next = one(bounds);
            if (!next || !next.value().w || !next.value().whole()) return;
            found = std::move(next.value());
        }
    }
    void tell(exploration& found, std::size_t wanted) const {
        const std::string why = ": with more, more could happen than can be covered";
        if (found.bounds.members < wanted) found.reduced.push_back(std::to_string(found.bounds.members) + " members of each group that decides, not " + std::to_string(wanted) + why);
        if (found.bounds.options < how_.bounds.options) found.reduced.push_back("1 option put forward, not " + std::to_string(how_.bounds.options) + why);
        if (found.bounds.leavers < how_.bounds.leavers && found.w) found.reduced.push_back((found.bounds.leavers == 0 ? std::string("nobody leaves") : std::to_string(found.bounds.leavers) + " leave") + ", not " + std::to_string(how_.bounds.leavers) + why);
        // An election needs somebody who isn't elected.
        const bool all_elected = found.w && p_.options.fixed.empty() && !p_.count.method.empty() && found.bounds.options <= p_.count.seats;
        found.too_few = found.too_few || found.bounds.members < wanted || found.bounds.leavers < how_.bounds.leavers || found.bounds.options < how_.bounds.options || all_elected;
    }

    const charter&        c_;
    const process&        p_;
    const verify_options& how_;
    const roster*         people_;
};

}  // namespace
}  // namespace verifying

result<verify_report> verify(const charter& c, std::string_view process, const verify_options& how, const roster* people) {
    using namespace verifying;
    const auto* p = c.find(process);
    if (p == nullptr) return make_error(errc::not_found, "there is no process \"" + std::string(process) + "\"", c.title());
    if (how.bounds.joiners > most_verified_joiners) return make_error(errc::limit, "more than " + std::to_string(most_verified_joiners) + " who joins", c.title());
    if (how.bounds.leavers > most_verified_leavers || how.bounds.states > most_verified_states)
        return make_error(errc::limit, "more than " + std::to_string(most_verified_leavers) + " who leave, or than " + std::to_string(most_verified_states) + " situations", c.title());
    verify_report r{.process = p->name, .title = p->title};
    r.within = how.bounds;
    for (const auto& k : p->known_findings) r.known.push_back(k.id);
    if (people != nullptr && people->people() > most_verified_people)
        return make_error(errc::limit, "a roster of " + std::to_string(people->people()) + " people is more than " + std::to_string(most_verified_people), {}, "leave it out, and people are made up; or give a smaller one");
    auto found = fitting(c, *p, how, people).explored();
    if (!found) return found.error();
    if (!found.value().w) {
        finding f;
        f.kind = finding_kind::never_opened;
        f.id = "never opened";
        f.what = found.value().because;
        f.why = "Nothing about this process could be looked at.";
        r.not_covered.push_back("everything: " + f.what);
        r.findings.push_back(std::move(f));
        return r;
    }
    const auto& w = *found.value().w;
    const auto& g = *found.value().g;
    r.members = found.value().bounds.members;
    r.people = people_in(w);
    r.bounds = bounds_of(w, found.value().bounds);
    r.bounds.insert(r.bounds.end(), found.value().reduced.begin(), found.value().reduced.end());
    r.not_covered = not_covered(w);
    r.states = g.size();
    r.steps = g.steps;
    r.depth = g.depth;
    r.waiting = g.waiting();
    r.stopped = g.stopped;
    if (r.states > always_explained)
        r.not_covered.emplace_back("what explain says, and whether equals are treated alike: looked at in the first " + std::to_string(always_explained) + " situations and in every 101st after");
    findings_of_graph(w, g, found.value().too_few, r);
    findings_of_sightings(w, g, r);
    if (g.size() != 0) findings_of_votes(w, r);
    if (how.power && r.complete() && g.size() != 0) {
        auto inside = how;
        inside.bounds = found.value().bounds;
        r.power = power_in(c, *p, w.people(), w, inside, r.not_covered);
    }
    std::sort(r.findings.begin(), r.findings.end(), [](const finding& a, const finding& b) { return a.kind != b.kind ? a.kind < b.kind : a.id < b.id; });
    return r;
}

}  // namespace quorate
