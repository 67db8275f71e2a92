// What rules and permissions see of a proposal.
#include <algorithm>
#include <memory>

#include <quorate/proposal.hpp>

#include "proposal_count.hpp"
#include "proposal_step.hpp"
#include "proposal_weights.hpp"

namespace quorate {

evidence_of::evidence_of() = default;
evidence_of::~evidence_of() = default;

namespace {

bool named(const rule_node& n, set_name s) {
    return n.what == op::set_name && !n.of_parent && n.index == static_cast<std::uint16_t>(s);
}

/// Membership tests for one person; a class only to keep the arguments together.
struct membership_test {
    const rule_view&      set;
    person                who;
    const proposal&       p;
    const surroundings&   around;
    const concern*        about;
    std::optional<person> other;
    const seat_of*        seat = nullptr;

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
        return membership_test{alone, who, *around.parent, {around.people, nullptr}, on, std::nullopt, seat}.of(0);
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
                return t && people.is_member(who, *t);
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

/// Whether some permission of the stage is about that act.
static bool may_anyone(const proposal& p, act what) {
    return std::any_of(p.now().allow.begin(), p.now().allow.end(), [what](const permission& a) { return a.what == what; });
}

/// Whether this permission lets somebody cast (or delegate) this one's ballot: its owner, or others on their behalf. Its condition is
/// left out: what a rule calls certain must not depend on it.
static bool may_be_cast(const permission& a, const proposal& p, const voter& v, const surroundings& around) {
    if (!a.for_another) return contains(a.who.view(), a.who.root, v.who, p, around, nullptr, v.who);
    for (std::size_t i = 0; i < around.people.people(); ++i) {
        const auto other = static_cast<person>(i);
        if (other != v.who && contains(a.who.view(), a.who.root, other, p, around, nullptr, v.who)) return true;
    }
    return false;
}

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
                if (v.seat < p.seats.size() && p.seats[v.seat] == s.name && s.holder == v.who) return &v;
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

std::vector<person> members_of(rule_view set, const proposal& p, const surroundings& around, const concern* about) {
    std::vector<person> found;
    if (set.root == no_node) return found;
    // Guests are in no set but "everyone" and its kin; an electorate of whoever happened to take part would be no electorate.
    for (std::size_t i = 0; i < around.people.people(); ++i) {
        const auto who = static_cast<person>(i);
        if (!around.people.is_guest(who) && contains(set, set.root, who, p, around, about)) found.push_back(who);
    }
    return found;
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
    positions_of(by, reading);
    e.revisable = by.ballots.revisable;
    e.withdrawable = std::any_of(p.now().allow.begin(), p.now().allow.end(),
                                 [](const permission& a) { return a.what == act::withdraw_ballot; });
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
        e.disposition = known_as(by.dispositions[*p.disposition], reading.dispositions, reading.of_parents.dispositions,
                                 [](const std::string& d) -> const std::string& { return d; });
    if (p.revision_kind)
        e.revision_kind = known_as(by.revisions[*p.revision_kind].name, reading.revisions, reading.of_parents.revisions,
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
    if (&by == &reading && by.options.some) {
        const auto on = options_on_ballot(p, e);
        const bool otherwise = by.options.otherwise && !on.empty();
        tally(quantity::options, on.size() - (otherwise ? 1 : 0));
        if (!by.count.method.empty() && can_be_counted(p)) {
            counter_ = std::make_unique<counter>(p, around.people, e);
            e.options = counter_.get();
        }
    }
    return e;
}

void evidence_of::positions_of(const process& by, const process& reading) {
    auto& e = evidence_;
    const auto& borrowed = reading.of_parents.positions;
    e.positions = reading.positions.size() + (&by == &reading ? 0 : borrowed.size());
    e.in_cast = e.in_base = ~0U;
    e.castable = 0;
    const auto named_ones = e.positions;
    slots_.assign(by.positions.size(), 0);
    const auto put = [&](std::size_t slot, const position& p) {
        if (p.binding) e.castable |= 1U << slot;
        if (!p.in_cast) e.in_cast &= ~(1U << slot);
        if (!p.in_base) e.in_base &= ~(1U << slot);
    };
    for (std::size_t i = 0; i < by.positions.size(); ++i) {
        const auto& p = by.positions[i];
        auto        slot = &by == &reading ? std::optional<std::size_t>(i) : std::nullopt;
        if (!slot)
            if (const auto known = known_as(p.name, reading.positions, borrowed, [](const position& q) -> const std::string& { return q.name; });
                static_cast<std::size_t>(known) < named_ones)
                slot = static_cast<std::size_t>(known);
        if (!slot && e.positions < most_positions) slot = e.positions++;  // no rule asks for it, but it may be cast
        if (!slot) continue;
        put(*slot, p);
        if (p.binding) slots_[i] = static_cast<std::uint8_t>(*slot + 1);
    }
}

std::uint32_t evidence_of::covered(const permission& a, const process& by) const {
    if (a.what != act::cast) return 0;
    if (a.about.empty()) return evidence_.castable;
    std::uint32_t places = 0;
    for (std::size_t i = 0; i < by.positions.size(); ++i)
        if (slots_[i] != 0 && a.about == by.positions[i].name) places |= 1U << (slots_[i] - 1U);
    return places & evidence_.castable;
}

evidence_of::leave evidence_of::leave_of(const proposal& p, const voter& v, const surroundings& around, bool all_may) const {
    if (v.recused) return {};
    leave may{.some = all_may, .places = all_may ? evidence_.castable : 0};
    for (const auto& a : p.now().allow) {
        const bool delegates = a.what == act::delegate && p.by->delegation.hops != delegation_rule::reach::none;  // to whoever casts anything
        if (a.what != act::cast && !delegates) continue;
        const auto more = (delegates ? evidence_.castable : covered(a, *p.by)) & ~may.places;
        if ((may.some && more == 0) || !may_be_cast(a, p, v, around)) continue;
        may.some = true;
        may.places |= more;
    }
    return may;
}

void evidence_of::take_classes(const proposal& p, const surroundings& around, const process& reading, bool ahead) {
    const auto& by = *p.by;
    classes_.clear();
    class_of_.clear();
    evidence_.recused = 0;
    // Who may cast now. The usual permission, the electorate itself, needs no look at each member.
    const auto& allow = p.now().allow;
    const bool  all_may = std::any_of(allow.begin(), allow.end(), [](const permission& a) {
        return a.what == act::cast && a.about.empty() && !a.for_another && a.who.nodes.size() == 1 && named(a.who.nodes[0], set_name::electorate);
    });
    const auto delegating = p.by->delegation.hops != delegation_rule::reach::none &&
                            (!p.delegates.empty() || !p.delegations.empty() || may_anyone(p, act::delegate));
    const auto carried = delegating ? std::optional<carriers>(p) : std::nullopt;
    evidence_.fluid = delegating || by.ballots.split != ballot_rule::splitting::none;
    weighted_ = !p.weights.empty() || by.ballots.split != ballot_rule::splitting::none;
    by_weight_.clear();
    std::vector<leave> own(ahead && carried ? p.voters.size() : 0);
    for (std::size_t i = 0; i < own.size(); ++i) own[i] = leave_of(p, p.voters[i], around, all_may);
    for (std::size_t i = 0; i < p.voters.size(); ++i) {
        const auto& v = p.voters[i];
        if (v.recused) {
            ++evidence_.recused;
            if (by.electorate.recusal_leaves_base) {
                class_of_.push_back(uncounted);
                continue;
            }
        }
        member_class like;
        like.recused = v.recused;
        auto may = !ahead ? leave() : own.empty() ? leave_of(p, v, around, all_may) : own[i];
        // A silent one, or who may fall silent, moves with their delegates, too.
        if (!own.empty() && !v.recused && (may.some || p.silent(v)))
            carried->along(i, [&](std::size_t next) {
                may.some = may.some || own[next].some;
                may.places |= own[next].places;
                return !may.some || may.places != evidence_.castable;
            });
        like.may_act = may.some;
        like.castable = may.places;
        if (!p.weights.empty()) like.weight = p.weights[i];
        const auto seat = reading.counted_sets.empty() ? std::nullopt : seat_of_vote(p, v, around.people);
        for (std::size_t s = 0; s < reading.counted_sets.size(); ++s) {
            const auto& set = reading.counted_sets[s];
            if (contains(set.view(), set.root, v.who, p, around, nullptr, std::nullopt, seat ? &*seat : nullptr)) like.sets |= std::uint64_t{1} << s;
        }
        if (reading.by_team)
            for (std::size_t t = 0; t < p.teams.size(); ++t)
                if (around.people.is_elector(v.who, p.teams[t])) like.elements |= std::uint64_t{1} << t;
        if (by.electorate.by == counted_by::seat && v.seat != 0xffff) like.seat = v.seat + 1U;
        if (reading.by_affiliation) like.affiliation = affiliation_of(v.who, around.people);
        add_vote(p, i, like, carried ? &*carried : nullptr);
    }
    evidence_.classes = classes_;
}

/// Counts a vote where its ballot puts it: that of its owner, or of the delegate who carries it.
void evidence_of::add_vote(const proposal& p, std::size_t i, member_class like, const carriers* carried) {
    auto by = i;
    auto choice = p.voters[i].choice;
    if (carried != nullptr && p.silent(p.voters[i]) && !p.voters[i].recused)
        if (const auto other = carried->of(i)) {
            by = *other;
            choice = p.by->delegation.own_apart ? p.for_others[by] : p.voters[by].choice;
            like.carried = true;
        }
    const bool in_parts = by < p.parts.size() && !p.parts[by].empty() && choice != 0;
    if (!in_parts) {
        add(like, choice == 0 ? 0 : slots_[choice - 1U]);
        class_of_.push_back(last_class_);
        return;
    }
    const auto whole = like.weight;
    const bool shares = p.by->ballots.split == ballot_rule::splitting::shares;
    for (const auto& part : p.parts[by]) {
        like.weight = shares ? multiply(whole, part.size) : part.size;
        add(like, slots_[part.position]);
    }
    if (const auto left = p.unspent(i); !shares && left.sign() > 0) {
        like.weight = left;
        add(like, 0);
    }
    class_of_.push_back(last_class_);
}

/// Counts one member in the class of those who are like them.
void evidence_of::add(const member_class& like, std::size_t place) {
    const auto same = [&](const member_class& c) {
        return c.sets == like.sets && c.elements == like.elements && c.affiliation == like.affiliation && c.seat == like.seat &&
               c.may_act == like.may_act && c.castable == like.castable && c.recused == like.recused && c.carried == like.carried;
    };
    const auto at = [&]() -> std::size_t {
        if (!weighted_) return static_cast<std::size_t>(std::find_if(classes_.begin(), classes_.end(), same) - classes_.begin());
        auto&      alike = by_weight_[like.weight];
        const auto found = std::find_if(alike.begin(), alike.end(), [&](std::uint32_t c) { return same(classes_[c]); });
        if (found != alike.end()) return *found;
        alike.push_back(static_cast<std::uint32_t>(classes_.size()));
        return classes_.size();
    }();
    if (at == classes_.size()) classes_.push_back(like);
    last_class_ = static_cast<std::uint32_t>(at);
    ++classes_[at].counts[place];
}

std::uint32_t evidence_of::affiliation_of(person who, const roster& people) {
    const auto list = people.affiliations(who);
    if (list.empty()) return 0;
    // The first one counts; ids are given in the order of appearance, which the roster fixes.
    const auto found = std::find(affiliations_.begin(), affiliations_.end(), list.front());
    if (found != affiliations_.end()) return static_cast<std::uint32_t>(found - affiliations_.begin()) + 1;
    affiliations_.push_back(list.front());
    return static_cast<std::uint32_t>(affiliations_.size());
}

}  // namespace quorate
