// Measures with their intervals. All arithmetic is of integers and fractions; decimals are made when printing.
#include <algorithm>
#include <map>
#include <numeric>

#include <quorate/power_of.hpp>

#include "simulate_interval.hpp"

namespace quorate::simulate {
namespace {

constexpr std::uint64_t least_runs = 100;        ///< of a stable figure
constexpr std::uint64_t most_situations = 64;     ///< of a rule that is asked about all of them

std::string text(const ratio& r) { return power::to_decimal(r, 4); }

class figures {
public:
    figures(const study& s, const progress& p, std::size_t v) : s_(s), v_(s.variants.at(v)), t_(p.of.at(v)), by_(*v_.rules.find(v_.process)) {
        rates();
        times();
        stages();
        loads();
        rule_itself();
        influence();
        teams();
        if (v != 0) differences();
    }
    std::vector<figure> all{};

private:
    void none(std::string name, std::string unit) { all.push_back({.name = std::move(name), .unit = std::move(unit), .value = "-", .stable = false}); }
    void plain(std::string name, std::string unit, const ratio& value) {
        all.push_back({.name = std::move(name), .unit = std::move(unit), .value = text(value), .stable = t_.runs >= least_runs});
    }
    void between(std::string name, std::string unit, const ratio& value, const ratio& low, const ratio& high) {
        const auto half = ratio((high - low) / 2);
        const bool share = unit == "share";
        const bool narrow = share ? half <= ratio(2, 100) : half * 20 <= abs(value) || half == 0;
        all.push_back({std::move(name), std::move(unit), text(value), text(low), text(high), t_.runs >= least_runs && narrow});
    }
    void mean(std::string name, std::string unit, const ratio_sums& r, const ratio& scale = 1) {
        const auto i = interval_of(r, t_.runs);
        if (!i.some) return none(std::move(name), std::move(unit));
        between(std::move(name), std::move(unit), i.value / scale, (i.value - i.half) / scale, (i.value + i.half) / scale);
    }
    /// A share of proposals. Where each run has one, Wilson's interval (1927), which is right near 0 and 1, too.
    void share(std::string name, const ratio_sums& r) {
        if (r.n == 0) return none(std::move(name), "share");
        if (r.nn != r.n) {
            const auto i = interval_of(r, t_.runs);
            return between(std::move(name), "share", i.value, std::max(ratio(0), ratio(i.value - i.half)), std::min(ratio(1), ratio(i.value + i.half)));
        }
        wilson(std::move(name), ratio(whole(r.s)), ratio(whole(r.n)));
    }
    void wilson(std::string name, const ratio& s, const ratio& n) {
        const ratio p = s / n, zz = z() * z(), bottom = 1 + zz / n, middle = (p + zz / (2 * n)) / bottom;
        const ratio half = z() * root(ratio(p * (1 - p) / n + zz / (4 * n * n))) / bottom;
        between(std::move(name), "share", p, std::max(ratio(0), ratio(middle - half)), std::min(ratio(1), ratio(middle + half)));
    }

    void rates() {
        share("accepted", t_.accepted);
        share("came to an outcome", t_.decided);
        const ratio all_of(t_.proposals == 0 ? 1 : t_.proposals);
        for (std::size_t i = 0; i < t_.outcomes.size(); ++i)
            if (t_.outcomes[i] != 0) plain("outcome " + std::string(to_string(static_cast<phase>(i))), "share", ratio(t_.outcomes[i]) / all_of);
        plain("starved: open at the horizon", "share", ratio(t_.open) / all_of);
        if (by_.rule_named("quorum") != nullptr) share("ended without quorum", t_.no_quorum);
        if (std::any_of(v_.how.adversaries.begin(), v_.how.adversaries.end(), [](const adversary& a) { return a.is != adversary::kind::absent; }))
            share("captured", t_.captures);
    }

    void times() {
        mean("time to decision, mean", "days", t_.seconds, seconds_of_day());
        for (const auto& [name, num] : {std::pair{"10%", 10}, {"median", 50}, {"90%", 90}, {"99%", 99}}) {
            const auto label = "time to decision, " + std::string(name);
            const auto& h = t_.until_decided;
            const auto value = h.quantile(number::fraction(num, 100));
            if (!value) {
                none(label, "days");
                continue;
            }
            // The interval's ends are the values at ranks n p -+ z() sqrt(n p (1 - p)).
            const ratio p(num, 100), n(h.n), reach = z() * root(ratio(n * p * (1 - p))) / n;
            const auto  at = [&](const ratio& part) {
                const auto cut = static_cast<std::int64_t>(numerator(ratio(part * 1'000'000)) / denominator(ratio(part * 1'000'000)));
                return ratio(h.quantile(number::fraction(std::clamp<std::int64_t>(cut, 0, 1'000'000), 1'000'000))->count(), 1'000'000) / seconds_of_day();
            };
            between(label, "days", ratio(value->count(), 1'000'000) / seconds_of_day(), at(p - reach), at(p + reach));
        }
        mean("acts per decision", "acts", t_.act_count);
        plain("refused acts per run", "acts", ratio(t_.refused) / std::max<std::uint64_t>(t_.runs, 1));
    }

    void stages() {
        for (std::size_t i = 0; i < t_.stays.size(); ++i) {
            const auto& h = t_.stays[i];
            if (h.n == 0) continue;
            plain("in stage " + by_.stages[i].name + ", mean of a stay", "days", ratio(whole(h.sum)) / ratio(h.n) / 1'000'000 / seconds_of_day());
            plain("in stage " + by_.stages[i].name + ", stays", "per proposal", ratio(h.n) / std::max<std::uint64_t>(t_.proposals, 1));
        }
        const auto sum = std::accumulate(t_.waited.begin(), t_.waited.end(), wide{0});
        for (std::size_t i = 0; i < t_.waited.size(); ++i)
            if (sum != 0) plain("waiting for " + std::string(waiting_names[i]), "share", ratio(whole(t_.waited[i])) / ratio(whole(sum)));
    }

    [[nodiscard]] std::string handle(std::size_t i) const {
        return i < v_.people.people() ? std::string(v_.people.handle(static_cast<person>(i))) : "puppet-" + std::to_string(i - v_.people.people() + 1);
    }

    void loads() {
        std::vector<std::uint64_t> loads;
        ratio                      leaders = 0, others = 0;
        std::size_t                leads = 0;
        std::vector<bool>          lead(t_.members.size(), false);
        for (const auto team : v_.people.teams())
            for (const auto l : v_.people.leads(team))
                if (static_cast<std::size_t>(l) < lead.size()) lead[static_cast<std::size_t>(l)] = true;
        for (std::size_t i = 0; i < t_.members.size(); ++i) {
            const auto& m = t_.members[i];
            if (m.acts.s == 0 && m.yes + m.other == 0) continue;  // takes no part in this process
            loads.push_back(static_cast<std::uint64_t>(m.acts.s));
            (lead[i] ? leaders : others) += ratio(whole(m.acts.s));
            leads += lead[i] ? 1 : 0;
            mean("load of " + handle(i), "acts per run", m.acts);
        }
        if (loads.empty()) return;
        const auto spread = power::concentration_of(loads);
        plain("load, Gini", "", spread.gini);
        plain("load, Herfindahl", "", spread.herfindahl);
        plain("load, as if on so many", "members", spread.effective);
        plain("load, fewest that do more than half", "members", ratio(power::nakamoto(loads)));
        const ratio runs(std::max<std::uint64_t>(t_.runs, 1));
        if (leads != 0 && leads != loads.size()) {
            plain("load of a leader, mean", "acts per run", leaders / leads / runs);
            plain("load of another, mean", "acts per run", others / (loads.size() - leads) / runs);
        }
        if (t_.newcomer_acts != 0) plain("load of all newcomers", "acts per run", ratio(t_.newcomer_acts) / runs);
    }

    /// What the rule alone asks for, whoever behaves how: the price of passing something, and of stopping it.
    void rule_itself() {
        const auto& about = v_.how.about.empty() ? usual_about(by_, v_.people) : v_.how.about;
        const auto  game = power::game_of(v_.rules, v_.process, v_.people, {.disposition = v_.how.asks_for, .author = v_.how.opened_by, .teams = about.front()});
        if (!game) return;  // ballots that aren't positions
        std::uint64_t situations = 1;
        for (const auto n : game->game.sizes) situations = std::min(most_situations + 1, situations * (std::uint64_t{n} + 1));
        if (situations > most_situations) return;
        // Both prices ask about the same situations, each of which is a whole life of a proposal.
        std::map<std::vector<std::uint32_t>, bool> known;
        const power::class_game                    once{game->game.sizes, [&](std::span<const std::uint32_t> yes) {
            std::vector<std::uint32_t> key(yes.begin(), yes.end());
            const auto                 found = known.find(key);
            return found != known.end() ? found->second : known.emplace(std::move(key), game->game.wins(yes)).first->second;
        }};
        const auto price = [&](std::string name, const power::class_game& g) {
            const auto found = power::minimal_winning(g, 1);
            if (!found) return;
            if (found->total == 0) return none(std::move(name), "members");
            exact(std::move(name), ratio(found->smallest));
        };
        price("fewest whose yes is enough", once);
        price("fewest whose silence stops it", power::blocking(once));
    }
    void exact(std::string name, const ratio& value) { all.push_back({.name = std::move(name), .unit = "members", .value = text(value)}); }

    void influence() {
        for (std::size_t i = 0; i < t_.members.size(); ++i) {
            const auto& m = t_.members[i];
            if (m.yes == 0 || m.other == 0) continue;
            const ratio n(m.yes), k(m.other), p = ratio(m.yes_accepted) / n, q = ratio(m.other_accepted) / k;
            const ratio half = z() * root(ratio(p * (1 - p) / n + q * (1 - q) / k));
            between("influence of " + handle(i) + ": accepted with their first position, less without", "share", p - q, p - q - half, p - q + half);
        }
    }

    void teams() {
        if (v_.how.about.size() < 2) return;
        std::optional<ratio> least, most;
        for (std::size_t i = 0; i < t_.teams.size(); ++i) {
            std::string names;
            for (const auto& n : v_.how.about[i]) names += (names.empty() ? "" : ", ") + n;
            share("about " + names + ": accepted", t_.teams[i].accepted);
            mean("about " + names + ": time to decision, mean", "days", t_.teams[i].seconds, seconds_of_day());
            const auto m = interval_of(t_.teams[i].seconds, t_.runs);
            if (!m.some) continue;
            least = least ? std::min(*least, m.value) : m.value;
            most = most ? std::max(*most, m.value) : m.value;
        }
        if (least && *least > 0) plain("fairness: slowest over fastest team", "times", *most / *least);
    }

    void differences() {
        mean("accepted, more than " + s_.variants[0].name, "proposals per run", t_.more_accepted);
        mean("time to decision, longer than " + s_.variants[0].name, "days", t_.more_seconds, seconds_of_day());
    }

    const study&   s_;
    const setting& v_;
    const totals&  t_;
    const process& by_;
};

}  // namespace

std::vector<figure> figures_of(const study& s, const progress& p, std::size_t variant) { return figures(s, p, variant).all; }

std::vector<std::size_t> ranked_by_effect(const progress& p, bool accepted) {
    std::vector<std::size_t> order(p.of.size() > 0 ? p.of.size() - 1 : 0);
    std::iota(order.begin(), order.end(), std::size_t{1});
    const auto effect = [&](std::size_t v) {
        const auto i = interval_of(accepted ? p.of[v].more_accepted : p.of[v].more_seconds, p.of[v].runs);
        return ratio(abs(i.value));
    };
    std::vector<ratio> effects(p.of.size());
    for (const auto v : order) effects[v] = effect(v);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return effects[a] > effects[b]; });
    return order;
}

}  // namespace quorate::simulate
