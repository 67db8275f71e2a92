// Measures with their intervals, and what was assumed. All arithmetic is of integers and fractions; decimals are made when printing.
#include <algorithm>
#include <map>
#include <numeric>

#include <quorate/power.hpp>
#include <quorate/simulate.hpp>

#include "json_out.hpp"

namespace quorate::simulate {
namespace {

using power::integer;
using power::ratio;

constexpr std::uint64_t least_runs = 100;  ///< of a stable figure
const ratio             z(196, 100);       ///< of a 95% interval
const ratio             day(86'400);

integer whole(wide v) {
    const auto    m = quorate::detail::magnitude(v);
    const integer n = (integer(static_cast<std::uint64_t>(m >> 64U)) << 64U) + static_cast<std::uint64_t>(m);
    return v < 0 ? integer(-n) : n;
}
/// The root of a fraction that isn't negative, cut after twelve decimals.
ratio root(const ratio& r) {
    const integer scale = pow(integer(10), 24);
    const integer over = numerator(r) * scale;
    return ratio(sqrt(integer(over / denominator(r))), pow(integer(10), 12));
}
std::string text(const ratio& r) { return power::to_decimal(r, 4); }

struct interval {
    ratio value{}, half{};
    bool  some = false;
};
/// Of a ratio of totals over independent runs, by linearisation.
interval of(const ratio_sums& r, std::uint64_t runs) {
    if (r.n == 0) return {};
    const ratio n(whole(r.n)), value = ratio(whole(r.s)) / n;
    if (runs < 2) return {value, 0, true};
    const ratio spread = ratio(whole(r.ss)) - 2 * value * ratio(whole(r.sn)) + value * value * ratio(whole(r.nn));
    return {value, z * root(std::max(ratio(0), ratio(spread * runs / (runs - 1) / (n * n)))), true};
}

class figures {
public:
    figures(const study& s, const progress& p, std::size_t v) : s_(s), v_(s.variants.at(v)), t_(p.of.at(v)), by_(*v_.rules.find(v_.process)) {
        rates();
        times();
        stages();
        loads();
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
        const auto i = of(r, t_.runs);
        if (!i.some) return none(std::move(name), std::move(unit));
        between(std::move(name), std::move(unit), i.value / scale, (i.value - i.half) / scale, (i.value + i.half) / scale);
    }
    /// A share of proposals. Where each run has one, Wilson's interval (1927), which is right near 0 and 1, too.
    void share(std::string name, const ratio_sums& r) {
        if (r.n == 0) return none(std::move(name), "share");
        if (r.nn != r.n) {
            const auto i = of(r, t_.runs);
            return between(std::move(name), "share", i.value, std::max(ratio(0), ratio(i.value - i.half)), std::min(ratio(1), ratio(i.value + i.half)));
        }
        wilson(std::move(name), ratio(whole(r.s)), ratio(whole(r.n)));
    }
    void wilson(std::string name, const ratio& s, const ratio& n) {
        const ratio p = s / n, zz = z * z, bottom = 1 + zz / n, middle = (p + zz / (2 * n)) / bottom;
        const ratio half = z * root(ratio(p * (1 - p) / n + zz / (4 * n * n))) / bottom;
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
        mean("time to decision, mean", "days", t_.seconds, day);
        for (const auto& [name, num] : {std::pair{"10%", 10}, {"median", 50}, {"90%", 90}, {"99%", 99}}) {
            const auto label = "time to decision, " + std::string(name);
            const auto& h = t_.until_decided;
            const auto value = h.quantile(number::fraction(num, 100));
            if (!value) {
                none(label, "days");
                continue;
            }
            // The interval's ends are the values at ranks n p -+ z sqrt(n p (1 - p)).
            const ratio p(num, 100), n(h.n), reach = z * root(ratio(n * p * (1 - p))) / n;
            const auto  at = [&](const ratio& part) {
                const auto cut = static_cast<std::int64_t>(numerator(ratio(part * 1'000'000)) / denominator(ratio(part * 1'000'000)));
                return ratio(h.quantile(number::fraction(std::clamp<std::int64_t>(cut, 0, 1'000'000), 1'000'000))->count(), 1'000'000) / day;
            };
            between(label, "days", ratio(value->count(), 1'000'000) / day, at(p - reach), at(p + reach));
        }
        mean("acts per decision", "acts", t_.act_count);
        plain("refused acts per run", "acts", ratio(t_.refused) / std::max<std::uint64_t>(t_.runs, 1));
    }

    void stages() {
        for (std::size_t i = 0; i < t_.stays.size(); ++i) {
            const auto& h = t_.stays[i];
            if (h.n == 0) continue;
            plain("in stage " + by_.stages[i].name + ", mean of a stay", "days", ratio(whole(h.sum)) / ratio(h.n) / 1'000'000 / day);
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

    void influence() {
        for (std::size_t i = 0; i < t_.members.size(); ++i) {
            const auto& m = t_.members[i];
            if (m.yes == 0 || m.other == 0) continue;
            const ratio n(m.yes), k(m.other), p = ratio(m.yes_accepted) / n, q = ratio(m.other_accepted) / k;
            const ratio half = z * root(ratio(p * (1 - p) / n + q * (1 - q) / k));
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
            mean("about " + names + ": time to decision, mean", "days", t_.teams[i].seconds, day);
            const auto m = of(t_.teams[i].seconds, t_.runs);
            if (!m.some) continue;
            least = least ? std::min(*least, m.value) : m.value;
            most = most ? std::max(*most, m.value) : m.value;
        }
        if (least && *least > 0) plain("fairness: slowest over fastest team", "times", *most / *least);
    }

    void differences() {
        mean("accepted, more than " + s_.variants[0].name, "proposals per run", t_.more_accepted);
        mean("time to decision, longer than " + s_.variants[0].name, "days", t_.more_seconds, day);
    }

    const study&   s_;
    const setting& v_;
    const totals&  t_;
    const process& by_;
};

std::string csv(std::string_view s) {
    if (s.find_first_of(",\"\n") == std::string_view::npos) return std::string(s);
    std::string out = "\"";
    for (const char c : s) (out += c == '"' ? "\"" : "") += c;
    return out + '"';
}

/// How much of the study the figures are from.
std::string extent(const study& s, const progress& p) {
    auto out = std::to_string(p.runs_done()) + " of " + std::to_string(p.runs) + " runs, seed " + std::to_string(s.seed);
    return p.complete() ? out : out + " (not all: the rest is in other shards, or still to be done)";
}

}  // namespace

std::vector<figure> figures_of(const study& s, const progress& p, std::size_t variant) { return figures(s, p, variant).all; }

std::vector<std::size_t> ranked_by_effect(const progress& p, bool accepted) {
    std::vector<std::size_t> order(p.of.size() > 0 ? p.of.size() - 1 : 0);
    std::iota(order.begin(), order.end(), std::size_t{1});
    const auto effect = [&](std::size_t v) {
        const auto i = of(accepted ? p.of[v].more_accepted : p.of[v].more_seconds, p.of[v].runs);
        return ratio(abs(i.value));
    };
    std::vector<ratio> effects(p.of.size());
    for (const auto v : order) effects[v] = effect(v);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return effects[a] > effects[b]; });
    return order;
}

std::vector<std::string> assumptions(const setting& s) {
    const auto&              b = s.how;
    std::vector<std::string> all;
    const auto percent = [](const chance& c) { return power::to_decimal(ratio(c.of_2_32) * 100 / (std::uint64_t{1} << 32U), 2) + "%"; };
    const auto whom = [](const std::vector<std::string>& who) {
        std::string t;
        for (const auto& w : who) t += (t.empty() ? "" : ", ") + w;
        return t.empty() ? std::string("everyone") : t;
    };
    all.push_back("Whoever may vote answers, with the first position, after a time that is exponential with mean 3 days, each by themselves, unless said otherwise below; nobody raises concerns, delegates, or needs time for an act.");
    if (b.plans) all.push_back("What voters do is planned by a callable of the program.");
    for (const auto& m : b.members) {
        std::string t = "Of " + whom(m.who) + ":";
        const auto  add = [&](const std::string& what) { t += (t.back() == ':' ? " " : "; ") + what; };
        if (m.takes_part) add("each takes part with " + percent(*m.takes_part));
        if (m.answers) add("answers come " + to_string(*m.answers));
        for (const auto& [position, c] : m.says) add(percent(c) + " say " + position);
        if (m.raises) add(m.raises->of_2_32 == 0 ? "nobody raises a concern" : percent(*m.raises) + " raise a concern and vote when it is resolved");
        if (m.settles) add(percent(*m.settles) + " of their concerns are ever resolved");
        if (m.resolves) add("concerns are resolved " + to_string(*m.resolves));
        if (m.delegates) add(percent(*m.delegates) + " delegate instead, to any other voter");
        if (m.effort) add("an act takes them " + quorate::to_string(*m.effort) + ", one after the other");
        if (t.back() != ':') all.push_back(t + ".");
    }
    all.push_back("A concern without another word is resolved after a time that is exponential with mean 7 days; its raiser then votes as they meant to.");
    if (b.together.by != togetherness::kind::nobody)
        all.push_back("Members of one " + std::string(b.together.by == togetherness::kind::team ? "team" : "affiliation") + " take a common opinion with " + percent(b.together.share) + " each.");
    all.push_back("Who may propose does so " + to_string(b.steers) + (b.asks_for.empty() ? "" : ", asking for " + b.asks_for) + "; the author if they may, else the first of the roster.");
    all.push_back(b.proposals == 1 ? "Each run is one proposal." : "Each run is " + std::to_string(b.proposals) + " proposals; between arrivals: " + to_string(b.every) + ".");
    for (const auto& h : b.habits)
        all.push_back(whom(h.who) + ": " + std::string(to_string(h.does)) + (h.about.empty() ? "" : " " + h.about) + " with " + percent(h.likely) + ", " + to_string(h.after) +
                      (h.stage.empty() ? " after each stage that permits it begins." : " after stage " + h.stage + " begins."));
    constexpr std::string_view kinds[]{"block everything", "vote as a bloc", "vote a minute before the deadline", "are puppets who vote as a bloc", "are absent"};
    for (const auto& a : b.adversaries)
        all.push_back((a.count != 0 ? std::to_string(a.count) + " of " : std::string()) + (a.team.empty() ? whom(a.who) : "team " + a.team) + " " + std::string(kinds[static_cast<std::size_t>(a.is)]) +
                      (a.says.empty() ? "" : ", saying " + a.says) + (a.is == adversary::kind::absent ? "." : a.wants_acceptance ? "; captured means accepted." : "; captured means not accepted."));
    if (!b.turnover.team.empty())
        all.push_back("Members of team " + b.turnover.team + " stay " + to_string(b.turnover.stays) +
                      (b.turnover.replaced ? "; somebody new comes " + to_string(*b.turnover.replaced) + " later, and is as everyone is." : "; nobody comes in their place."));
    all.push_back("What is open " + quorate::to_string(b.horizon) + " after it was opened counts as open.");
    all.push_back("Who finds an act impossible by then (a vote on what is decided) has not acted; refused acts are counted.");
    return all;
}

std::string to_string(const study& s, const progress& p) {
    std::string out = extent(s, p) + "\n";
    for (std::size_t v = 0; v < s.variants.size(); ++v) {
        const auto& setting = s.variants[v];
        out += "\n" + (setting.name.empty() ? setting.process : setting.name) + "\n";
        std::size_t width = 0;
        const auto  all = figures_of(s, p, v);
        for (const auto& f : all) width = std::max(width, f.name.size());
        for (const auto& f : all) {
            out += "  " + f.name + std::string(width - f.name.size() + 2, ' ') + f.value + (f.unit.empty() ? "" : " " + f.unit);
            if (!f.low.empty()) out += "  [" + f.low + ", " + f.high + "]";
            out += f.stable ? "\n" : "  not yet stable\n";
        }
    }
    if (s.variants.size() > 2) {
        for (const bool accepted : {true, false}) {
            out += accepted ? "\nBy effect on acceptance:" : "\nBy effect on time to decision:";
            for (const auto v : ranked_by_effect(p, accepted)) out += "\n  " + s.variants[v].name;
            out += "\n";
        }
    }
    out += "\nAssumed:\n";
    std::vector<std::string> said;
    for (const auto& v : s.variants)
        for (const auto& a : assumptions(v))
            if (std::find(said.begin(), said.end(), a) == said.end()) {
                said.push_back(a);
                out += "- " + a + "\n";
            }
    return out;
}

std::string report_json(const study& s, const progress& p) {
    json_text::json_out out;
    out.object().field("identity", p.identity).field("seed", s.seed).field("runs", p.runs).field("runs_done", p.runs_done()).field("complete", p.complete());
    out.strings("dimensions", s.dimensions).key("variants").array();
    for (std::size_t v = 0; v < s.variants.size(); ++v) {
        const auto& setting = s.variants[v];
        out.object().field("name", setting.name).field("charter", setting.rules.hash()).field("process", setting.process).strings("at", setting.at);
        out.key("figures").array();
        for (const auto& f : figures_of(s, p, v)) {
            out.object().field("name", f.name).field("unit", f.unit);
            if (f.value == "-") out.key("value").null();
            else out.key("value").raw(f.value);
            if (!f.low.empty()) out.key("low").raw(f.low).key("high").raw(f.high);
            out.field("stable", f.stable).end();
        }
        out.end().key("decided_after_ms").array();  // how many proposals were decided from that many milliseconds on, to the next one
        const auto& h = p.of[v].until_decided;
        for (std::size_t b = 0; b < h.counts.size(); ++b)
            if (h.counts[b] != 0) out.array().value(histogram::least_of(b).count() / 1000).value(h.counts[b]).end();
        out.end().strings("assumptions", assumptions(setting)).end();
    }
    out.end();
    if (s.variants.size() > 2)
        for (const bool accepted : {true, false}) {
            std::vector<std::string> names;
            for (const auto v : ranked_by_effect(p, accepted)) names.push_back(s.variants[v].name);
            out.strings(accepted ? "by_effect_on_acceptance" : "by_effect_on_time", names);
        }
    out.end();
    return std::move(out).str();
}

std::string report_csv(const study& s, const progress& p) {
    std::string out = "variant,figure,unit,value,low,high,stable\n";
    for (std::size_t v = 0; v < s.variants.size(); ++v)
        for (const auto& f : figures_of(s, p, v))
            out += csv(s.variants[v].name) + "," + csv(f.name) + "," + f.unit + "," + f.value + "," + f.low + "," + f.high + "," + (f.stable ? "yes" : "no") + "\n";
    return out;
}

}  // namespace quorate::simulate
