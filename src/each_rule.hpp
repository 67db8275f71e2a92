// All rules of a process, wherever they stand. Internal.
#pragma once

#include <vector>

#include <quorate/process.hpp>

namespace quorate {

/// Calls `see` with each rule and set of a process.
template <class See>
void each_rule(const process& p, const See& see) {
    for (const auto& r : p.rules) see(r.value);
    for (const auto& q : p.properties) see(q.value);
    for (const auto* r : {&p.electorate.of, &p.ballots.showing.shown_to, &p.may_open, &p.may_open_if, &p.options.on_ballot, &p.count.quorum}) see(*r);
    const auto audiences = [&](const std::vector<audience>& all) {
        for (const auto& v : all) {
            see(v.who);
            see(v.condition);
        }
    };
    audiences(p.visible_to);
    for (const auto& s : p.stages) {
        see(s.clock_runs);
        see(s.first);
        if (s.ballots) see(s.ballots->shown_to);
        audiences(s.visible_to);
        for (const auto& a : s.allow) {
            see(a.who);
            see(a.condition);
        }
        for (const auto& x : s.exits) {
            see(x.when);
            see(x.condition);
            for (const auto& b : x.cast) see(b.who);
        }
    }
}

}  // namespace quorate
