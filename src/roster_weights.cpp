// What people hold, and whom they let decide: checked, indexed, looked up.
#include <algorithm>
#include <set>
#include <tuple>

#include "json.hpp"
#include "roster_build.hpp"

namespace quorate {

using json_text::in_quotes;

std::optional<number> read_weight(std::string_view text) {
    const auto slash = text.find('/');
    const auto top = parse_number(text.substr(0, slash));
    if (!top || text.find('%') != std::string_view::npos) return std::nullopt;
    if (slash == std::string_view::npos) return top;
    const auto bottom = parse_number(text.substr(slash + 1));
    return bottom ? divide(*top, *bottom) : std::nullopt;
}

void roster_builder::index_weights() {
    to.weights.clear();
    if (doc.weights.size() > most_holdings)
        wrong("/weights", "more than " + std::to_string(most_holdings) + " holdings", {}, errc::limit);
    std::set<std::tuple<std::string_view, std::string_view, std::string_view>> seen;
    for (const auto& h : doc.weights) {
        const auto at = below(below("/weights", h.of), h.who);
        if (const auto fault = name_fault(h.of); !fault.empty()) wrong(below("/weights", h.of), fault);
        const auto who = person_at(h.who);
        if (!who) wrong(at, "nobody has the id " + in_quotes(h.who), near_person(h.who));
        if (h.weight.sign() < 0) wrong(at, "a weight is not negative");
        std::optional<std::size_t> other;
        if (!h.to.empty() && !(other = person_at(h.to))) wrong(at, "nobody has the id " + in_quotes(h.to), near_person(h.to));
        if (!seen.insert({h.of, h.who, h.to}).second) wrong(at, in_quotes(h.who) + " has two holdings that are delegated alike");
        if (!who) continue;
        auto& all = to.weights[h.of];
        all.push_back({static_cast<person>(*who), h.weight, other ? std::optional(static_cast<person>(*other)) : std::nullopt});
    }
    for (auto& [kind, all] : to.weights)
        std::stable_sort(all.begin(), all.end(), [](const held& a, const held& b) { return a.who < b.who; });
}

void roster_builder::index_delegations() {
    to.delegations.clear();
    if (doc.delegations.size() > most_delegations)
        wrong("/delegations", "more than " + std::to_string(most_delegations) + " delegations", {}, errc::limit);
    std::set<std::tuple<std::string_view, std::string_view, std::string_view>> seen;
    for (std::size_t i = 0; i < doc.delegations.size(); ++i) {
        const auto& d = doc.delegations[i];
        const auto  at = below("/delegations", i);
        const auto  who = person_at(d.who);
        if (!who) wrong(at + "/who", "nobody has the id " + in_quotes(d.who), near_person(d.who));
        if (!d.to.empty() && !person_at(d.to)) wrong(at + "/to", "nobody has the id " + in_quotes(d.to), near_person(d.to));
        if (d.to == d.who) wrong(at + "/to", in_quotes(d.who) + " can't delegate to themselves", "leave \"to\" out for nobody");
        if (!d.team.empty() && !team_at(d.team)) wrong(at + "/team", "there is no team " + in_quotes(d.team), near_team(d.team));
        if (!seen.insert({d.who, d.team, d.process}).second) wrong(at, in_quotes(d.who) + " has another delegation for the same");
        if (d.amount && (d.of.empty() || d.amount->sign() <= 0)) wrong(at + "/amount", "an amount is more than 0, of a holding", "say which in \"of\"");
        if (!d.of.empty() && !d.amount) wrong(at + "/of", "\"of\" goes with \"amount\"");
        if (who) to.delegations[static_cast<person>(*who)].push_back(i);
    }
}

std::span<const held> roster::holdings(std::string_view of) const {
    const auto found = index_.weights.find(of);
    return found == index_.weights.end() ? std::span<const held>() : std::span<const held>(found->second);
}
std::span<const held> roster::holdings(std::string_view of, person p) const {
    const auto all = holdings(of);
    const auto before = [](const held& a, const held& b) { return a.who < b.who; };
    const auto [first, last] = std::equal_range(all.begin(), all.end(), held{p, number(), std::nullopt}, before);
    return {first, last};
}

std::optional<person> roster::delegate_of(person p, std::span<const team_id> teams, std::string_view process) const {
    const auto* best = delegation_of(p, teams, process);
    return best == nullptr || best->to.empty() ? std::nullopt : find_current(best->to);
}

const delegation* roster::delegation_of(person p, std::span<const team_id> teams, std::string_view process) const {
    const auto own = index_.delegations.find(p);
    if (own == index_.delegations.end()) return nullptr;
    const delegation* best = nullptr;
    std::size_t       best_rank = 0;
    for (const auto i : own->second) {
        const auto& d = document_.delegations[i];
        if (!d.process.empty() && d.process != process) continue;
        std::size_t team = 0;  // of the proposal's: the earlier, the better
        if (!d.team.empty()) {
            const auto named = std::find_if(teams.begin(), teams.end(), [&](team_id t) { return name(t) == d.team; });
            if (named == teams.end()) continue;
            team = teams.size() - static_cast<std::size_t>(named - teams.begin());
        }
        const auto rank = 1 + (d.process.empty() ? 0 : teams.size() + 1) + team;
        if (rank > best_rank) {
            best_rank = rank;
            best = &d;
        }
    }
    return best;
}

}  // namespace quorate
