// At most so many of one affiliation among the elected, as steering bodies of open projects ask (PEP 13: two; Kubernetes: a third).
#pragma once

#include <quorate/tally/count.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace quorate::tally {

/// Takes from the elected whoever ranks last of an affiliation that has more than `most` seats, elects the next of the count's whole
/// order instead, and repeats until it fits. `affiliation_of[o]` is empty for those who belong nowhere. Whoever stands at or below
/// `floor` (the default option, say) is never elected. Each step is a round of the count; seats that nobody is left for stay empty.
/// A count without an order, or with undecided seats, is left as it is.
inline void cap_affiliations(count& of, const std::vector<std::string>& affiliation_of, std::size_t most, std::optional<option> floor = std::nullopt) {
    if (!of.undecided.empty() || of.order.empty()) return;
    std::vector<option> line;  // all who may be elected, best first
    for (const auto& tier : of.order) {
        if (floor && std::find(tier.begin(), tier.end(), *floor) != tier.end()) break;
        line.insert(line.end(), tier.begin(), tier.end());
    }
    // Whoever was elected comes first, in the order of election.
    std::stable_partition(line.begin(), line.end(), [&](option o) { return std::find(of.elected.begin(), of.elected.end(), o) != of.elected.end(); });
    const auto          seats = of.elected.size();
    std::vector<option> dropped;
    while (true) {
        std::vector<option> seated;
        for (const auto o : line)
            if (seated.size() < seats && std::find(dropped.begin(), dropped.end(), o) == dropped.end()) seated.push_back(o);
        const auto last = std::find_if(seated.rbegin(), seated.rend(), [&](option o) {
            const auto& mine = affiliation_of[o];
            return !mine.empty() && static_cast<std::size_t>(std::count_if(seated.begin(), seated.end(), [&](option b) { return affiliation_of[b] == mine; })) > most;
        });
        if (last == seated.rend()) {
            of.elected = std::move(seated);
            return;
        }
        dropped.push_back(*last);
        of.rounds.push_back({.what = "too many of " + affiliation_of[*last], .options = seated, .values = {}, .elected = {}, .dropped = {*last},
                             .why = "at most " + std::to_string(most) + " of one affiliation; " + of.options[*last] + " ranks last of them", .exhausted = 0});
    }
}

}  // namespace quorate::tally
