// Members of an electorate as classes whom no rule can tell apart, each counted where a ballot puts them.
#include <algorithm>

#include <quorate/proposal.hpp>

#include "proposal_step.hpp"
#include "proposal_weights.hpp"

namespace quorate {
namespace {

bool named(const rule_node& n, set_name s) {
    return n.what == op::set_name && !n.of_parent && n.index == static_cast<std::uint16_t>(s);
}

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

std::uint32_t evidence_of::covered(const permission& a, const process& by) const {
    if (a.about.empty()) return evidence_.castable;
    std::uint32_t places = 0;
    for (std::size_t i = 0; i < by.positions.size(); ++i)
        if (slots_.of_choice[i + 1] != 0 && a.about == by.positions[i].name) places |= 1U << (slots_.of_choice[i + 1] - 1U);
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

/// Where rules tell members apart by nothing but whether they stepped aside: the usual case, and much of the time of a step. `classes`
/// are none, or what this made before.
static void count_alike(const proposal& p, const ballot_slots& slots, evidence& e, std::vector<member_class>& classes, std::vector<std::uint32_t>& class_of) {
    std::array<decltype(member_class::counts), 2> counts{};  // of those who take part, and of the recused
    std::uint32_t                                 recused = 0;
    for (const auto& v : p.voters) {  // without branches, for nobody can guess who approved
        ++counts[v.recused][slots.of_choice[v.choice]];
        recused += v.recused;
    }
    e.recused = recused;
    std::array<std::uint32_t, 2> of{evidence_of::uncounted, evidence_of::uncounted};
    std::uint32_t                some = 0;
    const auto                   make = [&](bool aside) {
        if (classes.size() == some) classes.emplace_back();
        auto& made = classes[of[aside] = some++];
        made.may_act = false;
        made.castable = 0;
        made.recused = aside;
        made.counts = counts[aside];
    };
    const bool counted = recused > 0 && !p.by->electorate.recusal_leaves_base;
    const bool first = counted && p.voters.front().recused;  // classes stand in the order of their first members
    if (first) make(true);
    if (recused < p.voters.size()) make(false);
    if (counted && !first) make(true);
    classes.resize(some);
    class_of.assign(p.voters.size(), of[0]);
    for (std::size_t i = 0; recused > 0 && i < class_of.size(); ++i)
        if (p.voters[i].recused) class_of[i] = of[1];
    e.classes = classes;
}

void evidence_of::take_classes(const proposal& p, const surroundings& around, const process& reading, bool ahead) {
    const auto& by = *p.by;
    const bool delegating = by.delegation.hops != delegation_rule::reach::none && (!p.delegates.empty() || !p.delegations.empty() || may_anyone(p, act::delegate));
    evidence_.moving_sets = reading.moving_sets;
    evidence_.fluid = delegating || by.ballots.split != ballot_rule::splitting::none || reading.moving_sets != 0;
    evidence_.stakes = by.ballots.split == ballot_rule::splitting::stakes;
    weighted_ = !p.weights.empty() || by.ballots.split != ballot_rule::splitting::none;
    const bool before = alike_;
    alike_ = !ahead && !delegating && !weighted_ && reading.counted_sets.empty() && !reading.by_team && !reading.by_affiliation && by.electorate.by != counted_by::seat;
    if (!alike_ || !before) classes_.clear();
    if (alike_) return count_alike(p, slots_, evidence_, classes_, class_of_);
    class_of_.clear();
    evidence_.recused = 0;
    const auto carried = delegating ? std::optional<carriers>(p) : std::nullopt;
    evidence_.most_times = by.ballots.kinds.empty() ? number(1) : by.ballots.kinds.front().times;
    for (const auto& k : by.ballots.kinds) evidence_.most_times = std::max(evidence_.most_times, k.times);
    by_weight_.clear();
    // Who may cast now. The usual permission, the electorate itself, needs no look at each member.
    const auto& allow = p.now().allow;
    const bool  all_may = std::any_of(allow.begin(), allow.end(), [](const permission& a) {
        return a.what == act::cast && a.about.empty() && !a.for_another && a.who.nodes.size() == 1 && named(a.who.nodes[0], set_name::electorate);
    });
    std::vector<leave> own(ahead && carried ? p.voters.size() : 0);
    for (std::size_t i = 0; i < own.size(); ++i) own[i] = leave_of(p, p.voters[i], around, all_may);
    member_class like;  // each voter in turn; nobody is counted in it
    for (std::size_t i = 0; i < p.voters.size(); ++i) {
        const auto& v = p.voters[i];
        if (v.recused) {
            ++evidence_.recused;
            if (by.electorate.recusal_leaves_base) {
                class_of_.push_back(uncounted);
                continue;
            }
        }
        like.recused = v.recused;
        like.carried = false;
        like.sets = like.elements = 0;
        like.seat = 0;
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
        if (weighted_) like.held = like.weight = p.weights.empty() ? number(1) : p.weights[i];
        const auto seat = reading.counted_sets.empty() ? std::nullopt : seat_of_vote(p, v, around.people);
        for (std::size_t s = 0; s < reading.counted_sets.size(); ++s) {
            const auto& set = reading.counted_sets[s];
            if (contains(set.view(), set.root, v.who, p, around, nullptr, std::nullopt, seat ? &*seat : nullptr)) like.sets |= std::uint64_t{1} << s;
        }
        if (reading.by_team)
            for (std::size_t t = 0; t < p.teams.size(); ++t)
                if (around.people.is_elector(v.who, p.teams[t])) like.elements |= std::uint64_t{1} << t;
        if (by.electorate.by == counted_by::seat) like.seat = v.seat + 1U;
        if (reading.by_affiliation) like.affiliation = affiliation_of(v.who, around.people);
        add_vote(p, i, like, carried ? &*carried : nullptr);
    }
    evidence_.classes = classes_;
}

/// Counts a vote where its ballot puts it: that of its owner, or of the delegate who carries it.
void evidence_of::add_vote(const proposal& p, std::size_t i, member_class& like, const carriers* carried) {
    auto by = i;
    auto choice = p.voters[i].choice;
    if (carried != nullptr && p.silent(p.voters[i]) && !p.voters[i].recused)
        if (const auto other = carried->of(i)) {
            by = *other;
            choice = p.by->delegation.own_apart ? p.for_others[by] : p.voters[by].choice;
            like.carried = true;
        }
    if (p.by->ballots.split == ballot_rule::splitting::stakes) return add_stake(p, i, by, choice, like);
    const bool in_parts = by < p.parts.size() && !p.parts[by].empty();
    if (!in_parts) {
        add(like, slots_.of_choice[choice]);
        class_of_.push_back(last_class_);
        return;
    }
    const auto whole = like.weight;
    const bool shares = p.by->ballots.split == ballot_rule::splitting::shares;
    for (const auto& part : p.parts[by]) {
        like.held = like.weight = shares ? multiply(whole, part.size) : part.size;
        add(like, slots_.of_choice[part.position + 1U]);
    }
    if (const auto left = p.unspent(i); !shares && left.sign() > 0) {
        like.held = like.weight = left;
        add(like, 0);
    }
    class_of_.push_back(last_class_);
}

/// What somebody committed, by their own ballot or to the delegate who carries it, each part at its position; the rest is silent. Who
/// holds less by now than they committed has committed all of it, in the order of their ballot.
void evidence_of::add_stake(const proposal& p, std::size_t i, std::size_t by, std::uint8_t choice, member_class like) {
    auto                     left = like.weight;
    const auto               gives = by == i ? stake{} : p.stake_of(i);
    const auto               kind = by != i ? gives.kind : i < p.kinds.size() ? p.kinds[i] : std::uint8_t{0};
    std::vector<ballot_part> parts;
    if (by == i && i < p.parts.size()) parts = p.parts[i];
    if (choice != 0 && parts.empty()) parts.push_back({static_cast<std::uint8_t>(choice - 1), gives.amount.value_or(left)});
    for (const auto& part : parts) {
        like.held = std::min(part.size, left);
        like.weight = weight_of(p.by->ballots, like.held, kind);
        left = *subtract(left, like.held);  // rational, so there is a difference
        add(like, slots_.of_choice[part.position + 1U]);
    }
    if (left.sign() > 0 || parts.empty()) {
        like.held = like.weight = left;
        like.carried = false;
        add(like, 0);
    }
    class_of_.push_back(last_class_);
}

/// Counts one member in the class of those who are like them.
void evidence_of::add(const member_class& like, std::size_t place) {
    const auto same = [&](const member_class& c) {
        return c.sets == like.sets && c.elements == like.elements && c.affiliation == like.affiliation && c.seat == like.seat &&
               c.may_act == like.may_act && c.castable == like.castable && c.held == like.held && c.recused == like.recused && c.carried == like.carried;
    };
    const auto at = [&]() -> std::size_t {
        if (!weighted_ && last_class_ < classes_.size() && same(classes_[last_class_])) return last_class_;  // like the one before
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
