// Stages with limited room.
#include "proposal_places.hpp"

#include "proposal_step.hpp"

namespace quorate {
namespace {

constexpr duration tick{1};

/// What surrounds one of those beside a proposal. Nobody is beside it here: whether it wants a place is its own matter.
surroundings around_of(const neighbour& n, const surroundings& around) { return {.people = around.people, .parent = n.parent}; }

bool has_place(const proposal& p, std::string_view stage, instant at) {
    if (p.now().name == stage) return p.now().places.has_value();
    const auto known = p.by->stage_named(stage);
    return known && *known < p.left_at.size() && p.left_at[*known] && *p.left_at[*known] > at;
}

/// Whether the first exit that it would take, if only there were places, leads into that stage. Of those into stages with places all
/// count: it takes the first where one is free.
bool wants(const neighbour& n, std::string_view stage, instant at, const surroundings& around, evidence_of& seen) {
    const auto& p = *n.which;
    const auto  into = [&](const stage_exit& x) {
        const auto to = p.target_of(x);
        return to && *to != p.stage && p.by->stages[*to].places && p.by->stages[*to].name == stage;
    };
    const auto& exits = p.now().exits;
    if (std::none_of(exits.begin(), exits.end(), into)) return false;
    const auto  own = around_of(n, around);
    const auto& e = seen.take(p, at, own, p.by->asks_ahead);
    for (const auto& x : exits) {
        const auto to = p.target_of(x);
        if (!to || !exit_holds(p, x, at, nullptr, e)) continue;
        if (move(p.in(), p.by->stages[*to].in, facts_for_law(p, x, nullptr)).refused()) continue;
        if (into(x)) return true;
        if (*to == p.stage || !p.by->stages[*to].places) return false;
    }
    return false;
}

bool waits(const neighbour& n, std::string_view stage, instant at, const surroundings& around, evidence_of& seen) {
    const auto& p = *n.which;
    at = std::max(at, p.last);
    if (!wants(n, stage, at, around, seen)) return false;
    if (!p.due || *p.due > at) return true;
    return wants(n, stage, at - tick, around, seen);
}

/// What its place in the line depends on.
struct rank {
    std::optional<number> value{};  ///< nothing: it isn't known, and it goes behind all of which it is
    instant               since{};
    std::size_t           opened = 0;

    [[nodiscard]] bool before(const rank& o) const {
        if (value.has_value() != o.value.has_value()) return value.has_value();
        if (value && !(*value == *o.value)) return *value > *o.value;
        return since != o.since ? since < o.since : opened < o.opened;
    }
};

rank rank_of(const proposal& p, std::string_view stage, std::size_t opened, instant at, const surroundings& own, evidence_of& seen) {
    rank        r{.since = p.entered, .opened = opened};
    const auto& first = p.by->stages[*p.by->stage_named(stage)].first;
    if (first.empty()) return r;
    r.value = read_number(first.view(), seen.take(p, std::max(at, p.last), own, p.by->asks_ahead));
    return r;
}

struct place_in_line {
    const proposal* which = nullptr;
    rank            by{};
};

/// Everybody who waits but for one, in their order.
std::vector<place_in_line> line_for(std::string_view stage, instant at, const surroundings& around, std::string_view but_for, evidence_of& seen) {
    std::vector<place_in_line> line;
    for (std::size_t i = 0; i < around.others.size(); ++i) {
        const auto& n = around.others[i];
        if (n.which->id == but_for || !waits(n, stage, at, around, seen)) continue;
        line.push_back({n.which, rank_of(*n.which, stage, i, at, around_of(n, around), seen)});
    }
    std::sort(line.begin(), line.end(), [](const place_in_line& a, const place_in_line& b) { return a.by.before(b.by); });
    return line;
}

}  // namespace

std::vector<const proposal*> others_in(const proposal& p, std::uint16_t stage, instant at, const surroundings& around) {
    std::vector<const proposal*> found;
    for (const auto& n : around.others)
        if (n.which->id != p.id && has_place(*n.which, p.by->stages[stage].name, at)) found.push_back(n.which);
    return found;
}

std::vector<const proposal*> ahead_of(const proposal& p, std::uint16_t stage, instant at, const surroundings& around) {
    const auto& all = around.others;
    const auto  own = std::find_if(all.begin(), all.end(), [&](const neighbour& n) { return n.which->id == p.id; });
    const auto  opened = static_cast<std::size_t>(own - all.begin());  // what is being opened comes behind all others
    const auto& name = p.by->stages[stage].name;
    evidence_of seen;
    const auto  rank = rank_of(p, name, opened, at, {.people = around.people, .parent = around.parent}, seen);
    std::vector<const proposal*> found;
    for (const auto& each : line_for(name, at, around, p.id, seen)) {
        if (!each.by.before(rank)) break;
        found.push_back(each.which);
    }
    return found;
}

std::vector<const proposal*> waiting_for(std::string_view stage, instant at, const surroundings& around) {
    evidence_of                  seen;
    std::vector<const proposal*> all;
    for (const auto& each : line_for(stage, at, around, {}, seen)) all.push_back(each.which);
    return all;
}

std::vector<const proposal*> next_in(instant at, const surroundings& around) {
    std::set<std::string>        stages;
    std::vector<const proposal*> all;
    for (const auto& n : around.others)
        for (const auto& s : n.which->by->stages)
            if (s.places) stages.insert(s.name);
    for (const auto& name : stages) {
        std::size_t taken = 0;
        for (const auto& n : around.others) taken += has_place(*n.which, name, at) ? 1U : 0U;
        for (const auto* p : waiting_for(name, at, around)) {
            if (taken >= *p->by->stages[*p->by->stage_named(name)].places) break;
            all.push_back(p);
            ++taken;
        }
    }
    return all;
}

bool may_wait(const proposal& p) {
    const auto& exits = p.now().exits;
    return std::any_of(exits.begin(), exits.end(), [&](const stage_exit& x) {
        return std::any_of(x.targets().begin(), x.targets().end(), [&](std::uint16_t to) { return p.by->stages[to].places.has_value(); });
    });
}

}  // namespace quorate
