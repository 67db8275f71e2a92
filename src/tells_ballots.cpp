#include "tells_ballots.hpp"

#include <algorithm>

namespace quorate {

bool tells_ballots(const process& p, rule_view r, std::uint16_t part, std::set<std::size_t>& seen) {
    const auto& n = r[part];
    const auto  own_base = [&] {
        return std::any_of(p.positions.begin(), p.positions.end(), [](const position& each) { return !each.in_base || !each.in_cast; });
    };
    // How much is cast tells how much each new ballot commits.
    const bool sized = p.ballots.split == ballot_rule::splitting::stakes || p.ballots.split == ballot_rule::splitting::amounts;
    const auto q = static_cast<quantity>(n.index);
    const bool here =
        n.what == op::count || n.what == op::weight || n.what == op::held || n.what == op::beats ||
        (n.what == op::variable && n.index == static_cast<std::uint16_t>(variable::winner)) ||
        ((n.what == op::quantity || n.what == op::weight_of || n.what == op::held_of) && (q == quantity::eligible || q == quantity::cast) && own_base()) ||
        ((n.what == op::weight_of || n.what == op::held_of) && sized && (q == quantity::cast || q == quantity::outstanding)) ||
        (n.what == op::quantity && (q == quantity::elected || q == quantity::tied || q == quantity::vacant)) ||
        (n.what == op::quantity && q == quantity::options && !p.options.on_ballot.empty() && tells_ballots(p, p.options.on_ballot)) ||
        (n.what == op::set_call && n.index == static_cast<std::uint16_t>(set_call::voters)) ||
        (n.what == op::named_rule && seen.insert(n.index).second && n.index < p.rules.size() &&
         !p.rules[n.index].value.empty() && tells_ballots(p, p.rules[n.index].value.view(), p.rules[n.index].value.root, seen));
    if (here) return true;
    for (auto c = n.child; c != no_node; c = r[c].next)
        if (tells_ballots(p, r, c, seen)) return true;
    return false;
}

bool tells_ballots(const process& p, const rule& r) {
    std::set<std::size_t> seen;
    return !r.empty() && tells_ballots(p, r.view(), r.root, seen);
}

}  // namespace quorate
