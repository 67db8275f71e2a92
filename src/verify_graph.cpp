// What the whole of what can happen shows: whether it can still end, and what is never used.
#include <algorithm>

#include "verify_report.hpp"

namespace quorate::verifying {
namespace {

/// Situations from which one in `goal` can be reached along edges that `goes` lets pass. What was not gone on from counts as one that can.
template <class Goes>
std::vector<std::uint8_t> can_reach(const graph& g, std::vector<std::uint8_t> goal, Goes goes) {
    for (std::size_t i = 0; i < g.size(); ++i)
        if (!g.whole(i)) goal[i] = 1;
    // Situations are numbered by their distance: going backwards settles most of them at once.
    for (bool grown = true; grown;) {
        grown = false;
        for (std::size_t i = g.expanded(); i-- > 0;) {
            if (goal[i] != 0) continue;
            for (auto e = g.first_edge[i]; e < g.first_edge[i + 1]; ++e) {
                const auto& edge = g.edges[e];
                if (!goes(edge) || (edge.to != edge::unknown && goal[edge.to] == 0)) continue;
                goal[i] = 1;
                grown = true;
                break;
            }
        }
    }
    return goal;
}

bool gives_up(const edge& e) {
    return e.what == static_cast<std::uint8_t>(act::withdraw) || e.what == static_cast<std::uint8_t>(act::cancel);
}

/// What follows when nobody does anything more, told after the story.
void let_time_pass(const world& w, std::vector<step>& way) {
    evidence_of scratch;
    step        rest{{}, way.back().after, {}};
    if (!run_silently(w, rest.after, rest.out, scratch)) return;
    rest.m.what = move::kind::time;
    constexpr duration ten_years = std::chrono::days{3650};
    rest.after.now = std::max(rest.after.now, way.back().after.now) + ten_years;
    way.push_back(std::move(rest));
}

void never_happens(verify_report& r, finding_kind kind, const std::string& about, std::string what, std::string why) {
    finding f;
    f.kind = kind;
    f.id = std::string(to_string(kind)) + ": " + about;
    f.what = std::move(what);
    f.why = std::move(why);
    r.findings.push_back(std::move(f));
}

void unused(const world& w, const graph& g, verify_report& r) {
    const auto& by = w.by();
    const std::string within = "Nothing that can happen within the bounds ";
    // What was not gone on from may use all of it.
    if (g.waiting() != 0) {
        r.not_covered.emplace_back("what is never reached or used: for that everything must be looked at");
        return;
    }
    for (std::size_t i = 0; i < by.stages.size(); ++i) {
        const auto& s = by.stages[i];
        if (g.found.stages[i] == 0) {
            never_happens(r, finding_kind::never_reached, s.name, within + "leads into stage \"" + s.name + "\".", "What is written there means nothing, or what should lead there doesn't.");
            continue;  // nothing in it can be used: once is enough
        }
        for (std::size_t x = 0; x < s.exits.size(); ++x)
            if (g.found.exits[i][x] == 0)
                never_happens(r, finding_kind::never_taken, "exit " + std::to_string(x + 1) + " of " + s.name, within + "takes exit " + std::to_string(x + 1) + " of stage \"" + s.name + "\"" +
                      (s.exits[x].before ? std::string(" back") : ", to \"" + by.stages[s.exits[x].to].name + "\"") + ".", "Either its condition can't hold, or an earlier exit always goes first.");
        for (std::size_t a = 0; a < s.allow.size(); ++a) {
            const auto& leave = s.allow[a];
            if (g.found.permissions[i][a] != 0) continue;
            if (leave.what == act::raise) {  // it may be the bound that stops it
                r.not_covered.emplace_back("whether somebody raises more concerns in stage \"" + s.name + "\", while as many are open as there may be here");
                continue;
            }
            const auto  what = to_string(act_pattern{leave.what, leave.about}) + (leave.for_another ? " for another" : "");
            bool earlier = false;  // the same said twice, such as in a list of sets, each counts
            for (std::size_t b = 0; b < a; ++b) earlier = earlier || (s.allow[b].what == leave.what && s.allow[b].about == leave.about && s.allow[b].text == leave.text && s.allow[b].for_another == leave.for_another);
            if (!earlier) never_happens(r, finding_kind::never_used, what + " in " + s.name + " (" + leave.text + ")", within + "is done by leave to " + what + " in stage \"" + s.name + "\" of " + leave.text + ".", "Nobody is in that set while it matters, or the law or state of things refuses it each time.");
        }
    }
    for (std::size_t i = 0; i < by.rules.size(); ++i)
        if (g.found.rules[i] == 0)
            never_happens(r, finding_kind::never_met, by.rules[i].name, "Within the bounds the rule \"" + by.rules[i].name + "\" is met in no situation.", "What depends on it never happens.");
}

/// Whether those who wait there for a place get it by something else than their turn.
bool ranked(const process& by, const stage& s) {
    return std::any_of(s.exits.begin(), s.exits.end(), [&](const stage_exit& x) {
        return std::any_of(x.targets().begin(), x.targets().end(), [&](std::uint16_t to) { return by.stages[to].places && !by.stages[to].first.empty(); });
    });
}

struct worst {
    std::uint32_t plain = key_none, left = key_none, team = key_none, all_new = key_none, crowded = key_none;
    static constexpr std::uint32_t key_none = 0xffffffff;
};

}  // namespace

finding finding_of(const world& w, std::string id, finding_kind kind, std::string what, const std::vector<step>& way) {
    finding f;
    f.kind = kind;
    f.id = std::move(id);
    f.what = std::move(what);
    f.story = told(w, way);
    const bool others = std::any_of(way.begin(), way.end(), [](const step& each) { return each.m.what == move::kind::crowd; });
    if (!others) f.scenario = scenario_of(w, way, f.id + ": " + f.what);
    f.steps = way.size() - 1;
    return f;
}

void findings_of_graph(const world& w, const graph& g, bool too_few, verify_report& r) {
    const auto& by = w.by();
    if (g.size() == 0) {
        finding f;
        f.kind = finding_kind::never_opened;
        f.id = "never opened";
        f.what = "Nobody can open one: " + g.no_opening;
        f.why = "Nothing about this process could be looked at.";
        r.findings.push_back(std::move(f));
        return;
    }
    std::vector<std::uint8_t> ends(g.size());
    for (std::size_t i = 0; i < g.size(); ++i) ends[i] = is_open(by.stages[g.stage[i]].in) ? 0 : 1;
    const auto can_end = can_reach(g, ends, [](const edge&) { return true; });
    const auto can_conclude = can_reach(g, ends, [](const edge& e) { return !gives_up(e); });
    const auto served = can_reach(g, ends, [](const edge& e) { return !gives_up(e) && e.what != edge::room; });
    std::vector<worst> trapped(by.stages.size()), stuck(by.stages.size());
    for (std::uint32_t i = 0; i < g.size(); ++i) {
        const auto note = [&](worst& at) {
            const auto m = g.marks[i];
            auto&      first = (m & graph::all_new) != 0 ? at.all_new : (m & graph::team_left) != 0 ? at.team : (m & graph::somebody_left) != 0 ? at.left : at.plain;
            first = std::min(first, i);
        };
        if (can_end[i] == 0) note(trapped[g.stage[i]]);
        else if (can_conclude[i] == 0) note(stuck[g.stage[i]]);
        else if (served[i] == 0 && (g.marks[i] & graph::crowded) != 0) stuck[g.stage[i]].crowded = std::min(stuck[g.stage[i]].crowded, i);
    }
    for (std::size_t s = 0; s < by.stages.size(); ++s) {
        const auto name = "\"" + by.stages[s].name + "\"";
        const auto add = [&](finding_kind kind, std::uint32_t state, std::string what, std::string why) {
            auto way = way_to(w, g, state);
            let_time_pass(w, way);
            auto f = finding_of(w, std::string(to_string(kind)) + ": " + by.stages[s].name, kind, std::move(what), way);
            f.why = std::move(why);
            r.findings.push_back(std::move(f));
        };
        if (trapped[s].plain != worst::key_none)
            add(finding_kind::cannot_end, trapped[s].plain, "In stage " + name + " it can come to where no end can be reached any more, whatever anybody does.", "It stays open for ever.");
        if (stuck[s].plain != worst::key_none)
            add(finding_kind::stuck, stuck[s].plain, "In stage " + name + " it can come to where it is never decided: it can only be given up, or stay as it is for ever.",
                "Whoever waits for a decision waits in vain, and nothing tells them.");
        const auto since = [&](std::uint32_t worst::*change, finding_kind kind, const std::string& what, std::string why) {
            const auto first = std::min(trapped[s].*change, stuck[s].*change);
            if (first == worst::key_none || std::min(trapped[s].plain, stuck[s].plain) != worst::key_none) return;
            add(kind, first, what + (trapped[s].*change == first ? ": it stays open for ever." : ": it can only be given up."), std::move(why));
        };
        since(&worst::left, finding_kind::stuck_leaver, "In stage " + name + " somebody who leaves can keep it from ever being decided",
              "People leave all the time; what they left behind should not outlast them.");
        since(&worst::team, finding_kind::stuck_team, "In stage " + name + " it is never decided once all of a team have left", "Teams end; what waits for them should not wait for ever.");
        since(&worst::all_new, finding_kind::stuck_exchange, "In stage " + name + " it is never decided once all members are new",
              "Groups outlive their members; whoever comes after them should be able to finish what they find.");
        if (stuck[s].crowded != worst::key_none && ranked(by, by.stages[s]))
            add(finding_kind::waits_forever, stuck[s].crowded, "In stage " + name + " it can wait for ever: each place that becomes free goes to another one that is ahead of it.",
                "Whoever is behind stays behind for as long as others come, and nothing ends it: neither a place in turn nor a time.");
    }
    if (too_few) r.not_covered.emplace_back("what is never reached or used: for that there are too few members or options here");
    else unused(w, g, r);
}

void findings_of_sightings(const world& w, const graph& g, verify_report& r) {
    for (const auto& [id, s] : g.found.seen) {
        auto f = finding_of(w, id, s.kind, s.what, way_to(w, g, s.state, s.kind == finding_kind::circle ? sighting::no_move : s.move));
        switch (s.kind) {
            case finding_kind::open_concern: f.why = "Whoever raised it is told that it didn't count."; break;
            case finding_kind::no_quorum: f.why = "A few decide for all."; break;
            case finding_kind::short_notice: case finding_kind::early_rejection: f.why = "Those who are not in the group had no chance to speak up."; break;
            case finding_kind::overlap: f.why = "Whether it passed or failed isn't in the rules, but in their order."; break;
            case finding_kind::early_close: f.why = "Who votes later, or changes their mind in time, finds it decided."; break;
            case finding_kind::confirmation_lost: f.why = "A confirmation is there so that nobody can turn a decision at the last moment."; break;
            case finding_kind::confirmation_kept: f.why = "One voter holds up what all others have decided, for as long as they like."; break;
            case finding_kind::depends_on_who: f.why = "Members who are equals by the charter aren't."; break;
            case finding_kind::explain_wrong: f.why = "People act on what they are told. This is a fault of quorate: please report it."; break;
            case finding_kind::invariant: f.why = "This is a fault of quorate: please report it."; break;
            case finding_kind::property: f.why = "The charter states it as a property."; break;
            case finding_kind::circle: f.why = "Nothing can be done there at all: what would lead there is an error."; break;
            default: break;
        }
        r.findings.push_back(std::move(f));
    }
    // Properties that must stay possible.
    const auto& all = w.by().properties;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& each = all[i];
        if (each.is != stated_property::kind::eventually_possible) continue;
        std::vector<std::uint8_t> met(g.size());
        for (const auto& [state, property] : g.found.met)
            if (property == i) met[state] = 1;
        const auto can = can_reach(g, met, [](const edge&) { return true; });
        for (std::uint32_t state = 0; state < g.size(); ++state) {
            const auto stage = g.stage[state];
            const bool meant = each.stages.empty() ? is_open(w.by().stages[stage].in) : std::find(each.stages.begin(), each.stages.end(), stage) != each.stages.end();
            if (!meant || can[state] != 0) continue;
            auto f = finding_of(w, "property: " + each.name, finding_kind::property, "Eventually possible \"" + print(each.value.view()) + "\": but from here, in stage \"" + w.by().stages[stage].name + "\", it never can be.", way_to(w, g, state));
            f.why = "The charter states it as a property.";
            r.findings.push_back(std::move(f));
            break;
        }
    }
}

}  // namespace quorate::verifying
