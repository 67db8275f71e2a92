#include "rule_trials.hpp"

namespace quorate {
namespace {
inline constexpr std::size_t most_trials = 4'000;
inline constexpr std::size_t most_situations = 60'000;
}  // namespace

/// Notes which tallies and numbers a rule uses; false when it also depends on what can't be tried: facts, dispositions, parents.
bool rule_trials::collect(rule_view r) {
    uses_.values.insert({0, 1'000'000});
    for (const auto& n : r.nodes) {
        if (n.what == op::fact || n.what == op::variable || n.of_parent || detail::weight_op(n.what) || n.what == op::children_of ||
            n.what == op::beats)
            return false;
        // What a count of ballots about options gives is not tried out.
        const auto q = static_cast<quantity>(n.index);
        if (n.what == op::quantity && (q == quantity::options || q == quantity::elected || q == quantity::tied || q == quantity::vacant)) return false;
        // What members may still do depends on who is left to do it: a rule such as "not possible(quorum)" waits for that.
        if (n.what == op::certain || n.what == op::possible) return false;
        if (n.what == op::clock || n.what == op::since) ++uses_.clocks;
        if (n.what == op::quantity && n.index >= static_cast<std::uint16_t>(quantity::recused)) uses_.tallies.insert(n.index);
        if (n.what == op::number && n.denominator == 1) uses_.values.insert({n.numerator, n.numerator + 1});
        if (n.what == op::named_rule && uses_.rules.insert(n.index).second && !collect(process_.rule_views[n.index])) return false;
    }
    return true;
}

evidence rule_trials::blank() const {
    evidence e;
    e.positions = process_.positions.size();
    e.rules = process_.rule_views;
    e.revisable = process_.ballots.revisable;
    for (std::size_t i = 0; i < process_.positions.size(); ++i) {
        if (!process_.positions[i].binding) e.castable &= ~(1U << i);
        if (!process_.positions[i].in_cast) e.in_cast &= ~(1U << i);
        if (!process_.positions[i].in_base) e.in_base &= ~(1U << i);
    }
    return e;
}

bool rule_trials::can_ever_hold(rule_view r, std::size_t size) {
    if (!process_.counted_sets.empty() || process_.by_team || process_.by_affiliation) return true;  // depends on who they are
    uses_ = {};
    if (!collect(r) || uses_.clocks > 1) return true;
    member_class everyone;
    everyone.counts[0] = static_cast<std::uint32_t>(size);
    auto e = blank();
    e.classes = {&everyone, 1};
    trials_ = 0;
    return some_tally(r, e, 0);
}

bool rule_trials::some_tally(rule_view r, evidence& e, std::size_t q) {
    if (q == quantity_names.size()) {
        if (++trials_ > most_trials) return true;
        for (const auto elapsed : {duration{}, longest_duration}) {
            for (auto& c : e.clocks) c = {true, true, elapsed};
            for (auto& c : e.since) c = {true, true, elapsed};
            bool       exact = true;
            const auto can = read_reachable(r, e, &exact);
            if (can.has(truth::met)) return true;
        }
        return false;
    }
    if (!uses_.tallies.contains(q)) return some_tally(r, e, q + 1);
    for (const auto value : uses_.values) {
        e.tallies[q] = value;
        if (q == static_cast<std::size_t>(quantity::recused)) e.recused = static_cast<std::uint32_t>(value);
        if (some_tally(r, e, q + 1)) return true;
    }
    e.tallies[q] = 0;
    if (q == static_cast<std::size_t>(quantity::recused)) e.recused = 0;
    return false;
}

bool rule_trials::each_tally(evidence& e, std::size_t q, others rest, const std::function<bool(const evidence&)>& see) {
    if (q == quantity_names.size()) {
        for (const auto elapsed : {duration{}, longest_duration}) {
            for (auto& c : e.clocks) c = {true, true, elapsed};
            for (auto& c : e.since) c = {true, true, elapsed};
            if (++trials_ > most_situations || !see(e)) return false;
        }
        return true;
    }
    e.tallies[q] = q == static_cast<std::size_t>(quantity::proposal_teams) || q == static_cast<std::size_t>(quantity::named_teams) ? 1 : 0;
    if (q == static_cast<std::size_t>(quantity::recused)) e.recused = 0;
    if (rest == others::none || !uses_.tallies.contains(q)) return each_tally(e, q + 1, rest, see);
    for (const auto value : uses_.values) {
        e.tallies[q] = value;
        if (q == static_cast<std::size_t>(quantity::recused)) e.recused = static_cast<std::uint32_t>(value);
        if (!each_tally(e, q + 1, rest, see)) return false;
    }
    return true;
}

/// Every way in which `left` members can stand behind the positions from `place` on; place 0 is silence.
bool rule_trials::each_ballots(member_class& all, std::size_t place, std::uint32_t left, const std::function<bool()>& see) const {
    if (place == process_.positions.size()) {
        all.counts[place] = left;
        return see();
    }
    for (std::uint32_t n = 0; n <= left; ++n) {
        all.counts[place] = n;
        if (!each_ballots(all, place + 1, left - n, see)) return false;
    }
    return true;
}

bool rule_trials::each_situation(std::span<const rule_view> rules, std::size_t size, others rest,
                                 const std::function<bool(const evidence&)>& see) {
    if (!process_.counted_sets.empty() || process_.by_team || process_.by_affiliation) return false;
    uses_ = {};
    for (const auto r : rules)
        if (!collect(r)) return false;
    if (rest == others::any && uses_.clocks > 1) return false;
    member_class everyone;
    auto         e = blank();
    e.classes = {&everyone, 1};
    trials_ = 0;
    (void)each_ballots(everyone, 0, static_cast<std::uint32_t>(size), [&] { return each_tally(e, 0, rest, see); });
    return trials_ <= most_situations;
}

}  // namespace quorate
