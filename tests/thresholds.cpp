// The thresholds of shipped charters, looked at in every situation that small electorates can be in.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>


#include "golden.hpp"
#include "support.hpp"

using namespace support;

namespace {

/// Whether a rule reads only what ballots alone decide: then every situation of a small electorate can be tried.
bool only_ballots(const process& p, rule_view r) {
    return std::all_of(r.nodes.begin(), r.nodes.end(), [&](const rule_node& n) {
        switch (n.what) {
            case op::fact: case op::variable: case op::clock: case op::since: case op::children_of: case op::beats: case op::certain:
            case op::possible: case op::counted_in: case op::by_distinct: case op::by_largest: case op::each: case op::weight:
                return false;
            case op::quantity: return n.index <= static_cast<std::uint16_t>(quantity::outstanding) && !n.of_parent;
            case op::count: return !n.of_parent;
            case op::named_rule: return only_ballots(p, p.rule_views[n.index]);
            default: return true;
        }
    });
}

/// Reads a rule with so many members at each place (silent first).
bool met(const process& p, const rule& r, const std::vector<std::uint32_t>& places) {
    member_class all;
    for (std::size_t i = 0; i < places.size(); ++i) all.counts[i] = places[i];
    evidence e;
    e.classes = {&all, 1};
    e.positions = p.positions.size();
    e.rules = p.rule_views;
    for (std::size_t i = 0; i < p.positions.size(); ++i) {
        if (!p.positions[i].in_cast) e.in_cast &= ~(1U << i);
        if (!p.positions[i].in_base) e.in_base &= ~(1U << i);
    }
    return read_now(r.view(), e) == truth::met;
}

/// Calls `see` with every way to put n members into as many places as `places` has, from the i-th on.
template <class See>
void distributions(std::vector<std::uint32_t>& places, std::size_t i, std::uint32_t n, const See& see) {
    if (i + 1 == places.size()) {
        places[i] = n;
        see(places);
        return;
    }
    for (std::uint32_t here = 0; here <= n; ++here) {
        places[i] = here;
        distributions(places, i + 1, n - here, see);
    }
}

const rule& threshold_of(const stage_exit& x) { return x.when.empty() ? x.condition : x.when; }

}  // namespace

TEST_CASE("thresholds: in no shipped charter do the same ballots both accept and reject at once, for electorates up to seven") {
    std::size_t pairs = 0;
    std::size_t situations = 0;
    for (const auto& name : golden::shipped_charters()) {
        const auto c = load_charter_file(charters + name + ".json").value();
        for (const auto& p : c.processes())
            for (const auto& s : p.stages)
                for (const auto& yes : s.exits)
                    for (const auto& no : s.exits) {
                        const auto passes = [&](const stage_exit& x, phase to) {
                            return x.targets().size() == 1 && p.stages[x.targets().front()].in == to && (x.by == trigger::when || x.by == trigger::held) &&
                                   !threshold_of(x).empty() && (x.when.empty() || x.condition.empty()) && only_ballots(p, threshold_of(x).view());
                        };
                        if (!passes(yes, phase::accepted) || !passes(no, phase::rejected)) continue;
                        ++pairs;
                        for (std::uint32_t n = 1; n <= 7; ++n) {
                            std::vector<std::uint32_t> places(1 + p.positions.size());
                            distributions(places, 0, n, [&](const std::vector<std::uint32_t>& at) {
                                ++situations;
                                const bool both = met(p, threshold_of(yes), at) && met(p, threshold_of(no), at);
                                CHECK_MESSAGE(!both, name, " ", p.name, ", stage ", s.name, ": ", print(threshold_of(yes).view()), " and ",
                                              print(threshold_of(no).view()));
                            });
                        }
                    }
    }
    CHECK(pairs >= 3);
    MESSAGE(pairs, " pairs of thresholds, ", situations, " situations");
}
