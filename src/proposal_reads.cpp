// What rules and permissions see of a proposal.
#include <algorithm>
#include <memory>

#include <quorate/proposal.hpp>

#include "proposal_count.hpp"
#include "proposal_step.hpp"

namespace quorate {

evidence_of::evidence_of() = default;
evidence_of::~evidence_of() = default;

namespace {

/// Membership tests for one person; a class only to keep the arguments together.
struct membership_test {
    const rule_view&      set;
    person                who;
    const proposal&       p;
    const surroundings&   around;
    const concern*        about;
    std::optional<person> other;
    const seat_of*        seat = nullptr;
    bool                  as_electors = false;  ///< members of a team are those who have a ballot

    [[nodiscard]] bool of(std::uint16_t i) const {
        const auto& n = set[i];
        if (n.of_parent) return of_parent(n);
        switch (n.what) {
            case op::both:
                for (auto c = n.child; c != no_node; c = set[c].next)
                    if (!of(c)) return false;
                return true;
            case op::either:
                for (auto c = n.child; c != no_node; c = set[c].next)
                    if (of(c)) return true;
                return false;
            case op::except: return of(n.child) && !of(set[n.child].next);
            case op::complement: return !of(n.child);
            case op::set_of_proposal:
                if (n.index == 2)
                    return has_seat([&](team_id, const quorate::seat& s) {
                        return s.represents && std::find(p.teams.begin(), p.teams.end(), *s.represents) != p.teams.end();
                    });
                return std::any_of(p.teams.begin(), p.teams.end(), [&](team_id t) {
                    return n.index == 1 ? around.people.is_lead(who, t) : around.people.is_elector(who, t);
                });
            case op::set_name: return of_name(n);
            case op::set_call: return of_call(n);
            default: return false;
        }
    }
    [[nodiscard]] bool of_parent(const rule_node& n) const {
        if (around.parent == nullptr) return false;  // fail closed
        auto here = n;
        here.of_parent = false;
        const rule_view alone{set.text, {&here, 1}, 0, 0};
        // "raiser of parent": of the concern that this proposal is about.
        const auto&    raised = around.parent->concerns;
        const auto     found = std::find_if(raised.rbegin(), raised.rend(), [&](const concern& c) { return c.name == p.about; });
        const concern* on = found == raised.rend() ? nullptr : &*found;
        return membership_test{alone, who, *around.parent, {around.people, nullptr}, on, std::nullopt, seat, as_electors}.of(0);
    }
    [[nodiscard]] bool of_name(const rule_node& n) const {
        const auto stands = [&](const std::vector<standing>& list) {
            return std::any_of(list.begin(), list.end(), [&](const standing& s) { return s.who == who; });
        };
        switch (static_cast<set_name>(n.index)) {
            case set_name::electorate: return voter_of(p, who, around.people) != nullptr;
            case set_name::author: return who == p.author;
            case set_name::proposer: return p.proposed && who == p.proposer;
            case set_name::raiser: return about != nullptr && about->raiser == who;
            case set_name::seconders: return stands(p.seconds);
            case set_name::recused: return p.is_aside(who);
            case set_name::everyone: return true;
            case set_name::on_behalf: return other == who;
            case set_name::participants: return std::binary_search(p.participants.begin(), p.participants.end(), who);
        }
        return false;
    }
    [[nodiscard]] bool of_call(const rule_node& n) const {
        const auto  name = set.name(n);
        const auto& people = around.people;
        switch (static_cast<set_call>(n.index)) {
            case set_call::team: {
                const auto t = people.team_named(name);
                return t && (as_electors ? people.is_elector(who, *t) : people.is_member(who, *t));
            }
            case set_call::leads: {
                const auto t = people.team_named(name);
                return t && people.is_lead(who, *t);
            }
            case set_call::role: return people.has_role(who, name);
            case set_call::seats: {
                const auto t = people.team_named(name);
                return t && has_seat([&](team_id body, const quorate::seat&) { return body == *t; });
            }
            case set_call::reps: {
                const auto t = people.team_named(name);
                return t && has_seat([&](team_id, const quorate::seat& s) { return s.represents == *t; });
            }
            case set_call::owners:
                return std::any_of(people.scopes().begin(), people.scopes().end(), [&](const scope& s) {
                    const auto t = s.name == name ? people.team_named(s.owner) : std::nullopt;
                    return t && people.is_member(who, *t);
                });
            case set_call::office: {
                const auto i = p.by->office_named(name);
                return i && *i < p.offices.size() && std::find(p.offices[*i].begin(), p.offices[*i].end(), who) != p.offices[*i].end();
            }
            case set_call::voters: {
                const auto position = p.by->position_named(name);  // the parent has positions of its own
                if (!position) return false;
                const auto choice = static_cast<std::uint8_t>(*position + 1);
                return std::any_of(p.voters.begin(), p.voters.end(), [&](const voter& v) {
                    if (v.who != who) return false;
                    const auto i = p.index_of(v);
                    if (i >= p.parts.size() || p.parts[i].empty()) return v.choice == choice;
                    return std::any_of(p.parts[i].begin(), p.parts[i].end(), [&](const ballot_part& b) { return b.position == *position; });
                });
            }
        }
        return false;
    }
    /// Whether they hold, or are alternates for, a seat like that; when asked about one seat, whether that one is like that.
    template <class Like>
    [[nodiscard]] bool has_seat(Like like) const {
        if (seat != nullptr) return like(seat->body, *seat->which);
        for (const auto t : around.people.teams())
            for (const auto& s : around.people.seats(t))
                if (s.counts() && (s.holder == who || std::find(s.alternates.begin(), s.alternates.end(), who) != s.alternates.end()) &&
                    like(t, s))
                    return true;
        return false;
    }
};

}  // namespace

const voter* voter_of(const proposal& p, person who, const roster& people) {
    for (const auto& v : p.voters)
        if (v.who == who) return &v;
    const auto& electorate = p.by->electorate;
    if (electorate.by == counted_by::organisation) {  // whoever belongs to it speaks for it
        const auto belongs = people.affiliations(who);
        if (belongs.empty() || !contains(electorate.of.view(), electorate.of.root, who, p, {people})) return nullptr;
        for (const auto& v : p.voters)
            if (p.seats[v.seat] == belongs.front()) return &v;
    }
    if (electorate.by != counted_by::seat) return nullptr;
    // An alternate acts for the seat.
    for (const auto t : people.teams())
        for (const auto& s : people.seats(t)) {
            if (std::find(s.alternates.begin(), s.alternates.end(), who) == s.alternates.end()) continue;
            for (const auto& v : p.voters)
                if (p.seats[v.seat] == s.name && s.holder == v.who) return &v;
        }
    return nullptr;
}

bool contains(rule_view set, std::uint16_t node, person who, const proposal& p, const surroundings& around,
              const concern* about, std::optional<person> other, const seat_of* seat) {
    if (set.root == no_node) return false;
    return membership_test{set, who, p, around, about, other, seat}.of(node);
}

std::optional<seat_of> seat_of_vote(const proposal& p, const voter& v, const roster& people) {
    if (v.seat >= p.seats.size()) return std::nullopt;
    for (const auto t : people.teams())
        for (const auto& s : people.seats(t))
            if (s.name == p.seats[v.seat] && s.holder == v.who && names_body(p.by->electorate.of, t, people)) return seat_of{t, &s};
    return std::nullopt;
}

bool names_body(const rule& of, team_id body, const roster& people) {
    return std::any_of(of.nodes.begin(), of.nodes.end(), [&](const rule_node& n) {
        return n.what == op::set_call && n.index == static_cast<std::uint16_t>(set_call::seats) &&
               people.team_named(of.view().name(n)) == body;
    });
}

static std::vector<person> everybody_in(rule_view set, const proposal& p, const surroundings& around, const concern* about, bool as_electors) {
    std::vector<person> found;
    if (set.root == no_node) return found;
    found.reserve(std::min(around.people.people(), std::size_t{64}));
    // Guests are in no set but "everyone" and its kin; an electorate of whoever happened to take part would be no electorate.
    for (std::size_t i = 0; i < around.people.people(); ++i) {
        const auto who = static_cast<person>(i);
        if (!around.people.is_guest(who) && membership_test{set, who, p, around, about, std::nullopt, nullptr, as_electors}.of(set.root)) found.push_back(who);
    }
    return found;
}

std::vector<person> members_of(rule_view set, const proposal& p, const surroundings& around, const concern* about) {
    return everybody_in(set, p, around, about, false);
}

std::vector<person> electors_of(const proposal& p, const surroundings& around) {
    return everybody_in(p.by->electorate.of.view(), p, around, nullptr, true);
}

const evidence& evidence_of::take(const proposal& p, instant now, const surroundings& around, bool ahead) {
    return take(p, now, around, *p.by, ahead);
}

/// The number by which rules of a process know a name of its own or of its parents; one beyond all of them when they don't.
template <class Own, class NameOf>
static int known_as(const std::string& name, const std::vector<Own>& own, const std::vector<std::string>& of_parents, NameOf name_of) {
    const auto mine = std::find_if(own.begin(), own.end(), [&](const Own& o) { return name_of(o) == name; });
    if (mine != own.end()) return static_cast<int>(mine - own.begin());
    return static_cast<int>(own.size()) + static_cast<int>(std::find(of_parents.begin(), of_parents.end(), name) - of_parents.begin());
}

/// `reading` is the process whose rules will read this: a child's rules know positions, sets and teams by their own numbers.
const evidence& evidence_of::take(const proposal& p, instant now, const surroundings& around, const process& reading,
                                  bool ahead) {
    const auto& by = *p.by;
    auto&       e = evidence_;
    const bool  own = &by == &reading;  // which knows names by the same numbers
    slots_ = own ? by.slots : slots_of(by, reading);
    e.positions = slots_.positions;
    e.in_cast = slots_.in_cast;
    e.in_base = slots_.in_base;
    e.castable = slots_.castable;
    e.revisable = by.ballots.revisable;
    e.withdrawable = p.now().takes_back;
    const auto tally = [&e](quantity q, std::size_t n) { e.tallies[static_cast<std::size_t>(q)] = static_cast<std::int64_t>(n); };
    tally(quantity::concerns, p.open_concerns());
    tally(quantity::seconds, p.seconds.size());
    tally(quantity::sponsors, p.sponsors.size());
    tally(quantity::questions, static_cast<std::size_t>(std::count_if(p.questions.begin(), p.questions.end(),
                                                                      [](const question& q) { return q.open; })));
    tally(quantity::holds, p.holds.size());
    tally(quantity::revisions, p.revisions);
    tally(quantity::children, p.open_children());
    tally(quantity::proposal_teams, p.teams.size());
    tally(quantity::named_teams, p.teams_named);
    tally(quantity::options, 0);
    tally(quantity::elected, 0);
    tally(quantity::tied, 0);
    tally(quantity::vacant, 0);

    const auto clock = [&](std::optional<instant> from) {
        return from ? clock_reading{true, true, now - *from} : clock_reading{};
    };
    e.clocks[0] = clock(p.opened);
    e.clocks[1] = {true, p.runs_since.has_value(), p.ran + (p.runs_since ? now - *p.runs_since : duration{})};
    const auto since = [&](since_kind k, std::optional<instant> from) { e.since[static_cast<std::size_t>(k)] = clock(from); };
    since(since_kind::revision, p.revised_at ? p.revised_at : p.opened);
    since(since_kind::proposal, p.proposed_at);
    since(since_kind::ballot, p.ballot_at);
    since(since_kind::concern, p.concern_at);
    since(since_kind::second, p.oldest_second());
    since(since_kind::oldest_concern, p.oldest_concern());
    since(since_kind::option, p.option_at);
    std::optional<instant> threshold;
    for (const auto& h : p.holds_since)
        if (h) threshold = threshold ? std::min(*threshold, *h) : *h;
    since(since_kind::threshold, threshold);

    e.disposition = e.revision_kind = -1;
    if (p.disposition)
        e.disposition = own ? *p.disposition
                            : known_as(by.dispositions[*p.disposition], reading.dispositions, reading.of_parents.dispositions,
                                       [](const std::string& d) -> const std::string& { return d; });
    if (p.revision_kind)
        e.revision_kind = own ? *p.revision_kind
                              : known_as(by.revisions[*p.revision_kind].name, reading.revisions, reading.of_parents.revisions,
                                         [](const revision_kind& k) -> const std::string& { return k.name; });
    facts_.clear();
    for (const auto& f : p.facts)
        facts_.push_back({f.name, f.truth, f.amount ? std::optional<number>(*f.amount) : std::nullopt, clock(f.at)});
    e.facts = facts_;
    children_.clear();
    for (const auto& c : p.children)
        if (!c.outcome) children_.push_back({c.process, 1});
    e.children = children_;
    e.rules = by.rule_views;
    e.teams = p.teams_missing ? 0 : p.teams.size();
    take_classes(p, around, reading, ahead);
    e.parent = nullptr;
    if (around.parent != nullptr) {
        if (!parent_) parent_ = std::make_unique<evidence_of>();
        e.parent = &parent_->take(*around.parent, now, {around.people, nullptr}, reading, ahead);
    }
    e.options = nullptr;
    if (own && by.options.some) {
        const auto on = options_on_ballot(p, e);
        const bool otherwise = by.options.otherwise && !on.empty();
        tally(quantity::options, on.size() - (otherwise ? 1 : 0));
        if (!by.count.method.empty() && can_be_counted(p)) {
            counter_ = std::make_unique<counter>(p, around.people, e, class_of_);
            e.options = counter_.get();
        }
    }
    return e;
}

ballot_slots slots_of(const process& by, const process& reading) {
    ballot_slots all;
    const auto&   borrowed = reading.of_parents.positions;
    all.positions = reading.positions.size() + (&by == &reading ? 0 : borrowed.size());
    const auto named_ones = all.positions;
    for (std::size_t i = 0; i < by.positions.size(); ++i) {
        const auto& p = by.positions[i];
        auto        slot = &by == &reading ? std::optional<std::size_t>(i) : std::nullopt;
        if (!slot)
            if (const auto known = known_as(p.name, reading.positions, borrowed, [](const position& q) -> const std::string& { return q.name; });
                static_cast<std::size_t>(known) < named_ones)
                slot = static_cast<std::size_t>(known);
        if (!slot && all.positions < most_positions) slot = all.positions++;  // no rule asks for it, but it may be cast
        if (!slot) continue;
        if (!p.in_cast) all.in_cast &= ~(1U << *slot);
        if (!p.in_base) all.in_base &= ~(1U << *slot);
        if (!p.binding) continue;
        all.castable |= 1U << *slot;
        all.of_choice[i + 1] = static_cast<std::uint8_t>(*slot + 1);
    }
    return all;
}

}  // namespace quorate
