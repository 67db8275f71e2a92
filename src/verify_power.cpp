// Who can bring what about: games on the graph of all that can happen, one graph for each kind of group.
#include <algorithm>

#include "verify_report.hpp"

namespace quorate::verifying {
namespace {

constexpr std::size_t most_groups = 48;
constexpr std::size_t most_states_of_game = 20'000;
constexpr std::size_t most_states_of_games = 60'000;  ///< of all groups together

using marks_of = std::vector<std::uint8_t>;

/// One group against all others, in a world where it is told apart.
class game {
public:
    game(const world& w, const graph& g, std::uint32_t group) : w_(w), g_(g), group_(group) {}

    /// Whether the moves of the group, with time and the host, lead from the opening to acceptance.
    [[nodiscard]] bool alone(bool group_moves) const {
        marks_of              seen(g_.size());
        std::vector<std::uint32_t> open;
        for (const auto r : roots(group_moves)) seen[r] = 1, open.push_back(r);
        while (!open.empty()) {
            const auto s = open.back();
            open.pop_back();
            if (accepted(s)) return true;
            for (auto e = g_.first_edge[s]; e < g_.first_edge[s + 1]; ++e) {
                const auto& edge = g_.edges[e];
                const bool  own = in_group(edge) == group_moves;
                if ((!nature(edge) && !own) || seen[edge.to] != 0) continue;
                seen[edge.to] = 1;
                open.push_back(edge.to);
            }
        }
        return false;
    }

    /// Whether the group (or, without `group_moves`, everybody else) gets to an end that is accepted, or to another one, whatever the others do.
    [[nodiscard]] bool forces(bool acceptance, bool group_moves) const {
        marks_of won(g_.size());
        for (std::uint32_t s = 0; s < g_.size(); ++s) won[s] = ended(s) && accepted(s) == acceptance ? 1 : 0;
        for (bool grown = true; grown;) {
            grown = false;
            // Where there is a way on, and whatever the others do there still is.
            marks_of lost(g_.size());
            for (std::uint32_t s = 0; s < g_.size(); ++s)
                if (won[s] == 0 && (ended(s) || !leads(s, won, group_moves))) lost[s] = 1;
            spread(lost, won, group_moves);
            for (std::uint32_t s = 0; s < g_.size(); ++s)
                if (won[s] == 0 && lost[s] == 0) won[s] = 1, grown = true;
        }
        const auto from = roots(group_moves);
        return std::any_of(from.begin(), from.end(), [&](std::uint32_t r) { return won[r] != 0; });
    }

private:
    [[nodiscard]] bool in_group(const edge& e) const { return e.actor < 32U && (group_ >> e.actor & 1U) != 0; }
    [[nodiscard]] static bool nature(const edge& e) { return e.actor == move::nobody || e.actor == move::host; }
    [[nodiscard]] bool accepted(std::uint32_t s) const { return decided_for(w_.by().stages[g_.stage[s]].in); }
    [[nodiscard]] bool ended(std::uint32_t s) const { return !is_open(w_.by().stages[g_.stage[s]].in); }
    /// It opens one itself if it may.
    [[nodiscard]] std::vector<std::uint32_t> roots(bool group_moves) const {
        std::vector<std::uint32_t> own, all;
        for (std::uint32_t s = 0; s < g_.size() && g_.before[s] == s; ++s) {
            all.push_back(s);
            if (((group_ >> g_.roots[g_.by[s]].m.person & 1U) != 0) == group_moves) own.push_back(s);
        }
        return own.empty() ? all : own;
    }
    [[nodiscard]] bool leads(std::uint32_t s, const marks_of& won, bool group_moves) const {
        for (auto e = g_.first_edge[s]; e < g_.first_edge[s + 1]; ++e) {
            const auto& edge = g_.edges[e];
            if ((nature(edge) || in_group(edge) == group_moves) && won[edge.to] != 0) return true;
        }
        return false;
    }
    /// What the others can make lost is lost.
    void spread(marks_of& lost, const marks_of& won, bool group_moves) const {
        for (bool grown = true; grown;) {
            grown = false;
            for (auto s = static_cast<std::uint32_t>(g_.size()); s-- > 0;) {
                if (lost[s] != 0 || won[s] != 0) continue;
                for (auto e = g_.first_edge[s]; e < g_.first_edge[s + 1]; ++e) {
                    const auto& edge = g_.edges[e];
                    if (nature(edge) || in_group(edge) == group_moves || lost[edge.to] == 0) continue;
                    lost[s] = 1;
                    grown = true;
                    break;
                }
            }
        }
    }

    const world&  w_;
    const graph&  g_;
    std::uint32_t group_;
};

/// Groups by size; of those that are alike only one.
std::vector<std::uint32_t> groups_in(const world& w) {
    std::vector<std::uint32_t>        all;
    std::set<std::vector<std::uint8_t>> kinds;
    const auto                        n = w.size();
    for (std::size_t size = 0; size <= n; ++size)
        for (std::uint32_t mask = 0; mask < (std::uint64_t{1} << n); ++mask) {
            if (static_cast<std::size_t>(__builtin_popcount(mask)) != size) continue;
            std::vector<std::uint8_t> kind;
            for (std::size_t i = 0; i < n; ++i)
                if ((mask >> i & 1U) != 0) kind.push_back(w.class_of(i));
            std::sort(kind.begin(), kind.end());
            if (kinds.insert(kind).second) all.push_back(mask);
            if (all.size() > most_groups) return all;
        }
    return all;
}

}  // namespace

coalition_power power_in(const charter& c, const process& p, const roster& people, const world& like, const verify_options& how, std::vector<std::string>& not_covered) {
    coalition_power power;
    constexpr std::size_t most_players = 12;
    const auto            groups = like.size() <= most_players ? groups_in(like) : std::vector<std::uint32_t>{};
    if (groups.empty() || groups.size() > most_groups) {
        not_covered.emplace_back("who can force or block what: there are too many different groups");
        return power;
    }
    auto bounds = how.bounds;
    bounds.leavers = bounds.joiners = 0;
    bounds.exchange = bounds.teams = false;
    bounds.states = most_states_of_game;
    const auto fresh = world_of(c, p, people, bounds);
    if (!fresh) return power;
    const auto names = [&](std::uint32_t group) {
        std::vector<std::string> all;
        for (std::size_t i = 0; i < like.size(); ++i)
            if ((group >> i & 1U) != 0) all.emplace_back(like.people().id(static_cast<person>(i)));
        return all;
    };
    std::size_t looked_at = 0;
    for (const auto group : groups) {
        const bool done = power.accept_unopposed && power.force_acceptance && power.force_rejection && power.block && __builtin_popcount(group) > 1;
        if (done) break;
        fresh.value()->set_apart(group);
        verify_options inside{.bounds = bounds, .threads = how.threads, .stop = how.stop};
        const auto g = explore(*fresh.value(), inside, false);
        looked_at += g.size();
        if (g.waiting() != 0 || g.stopped || looked_at > most_states_of_games) {
            not_covered.emplace_back(g.stopped ? std::string("who can force or block what: stopped")
                                               : "who can force or block what: there are more than " + std::to_string(most_states_of_game) + " situations");
            return {};
        }
        const game play(*fresh.value(), g, group);
        if (!power.accept_unopposed && play.alone(true)) power.accept_unopposed = names(group);
        if (!power.force_acceptance && play.forces(true, true)) power.force_acceptance = names(group);
        if (!power.force_rejection && play.forces(false, true)) power.force_rejection = names(group);
        if (!power.block && !play.forces(true, false)) power.block = names(group);
        if (__builtin_popcount(group) == 1 && !play.alone(false))
            for (std::size_t i = 0; i < like.size(); ++i)
                if (like.class_of(i) == like.class_of(static_cast<std::size_t>(__builtin_ctz(group)))) power.indispensable.emplace_back(like.people().id(static_cast<person>(i)));
    }
    power.known = true;
    return power;
}

}  // namespace quorate::verifying
