// What was assumed, and reports for people and programs.
#include <algorithm>

#include <quorate/power.hpp>
#include <quorate/simulate.hpp>

#include "json_out.hpp"
#include "simulate_csv.hpp"

namespace quorate::simulate {
namespace {

using power::ratio;

/// How much of the study the figures are from.
std::string extent(const study& s, const progress& p) {
    auto out = std::to_string(p.runs_done()) + " of " + std::to_string(p.runs) + " runs, seed " + std::to_string(s.seed);
    return p.complete() ? out : out + " (not all: the rest is in other shards, or still to be done)";
}

}  // namespace

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
    if (const auto* by = s.rules.find(s.process); by != nullptr && b.about.empty())
        if (const auto teams = usual_about(*by, s.people).front(); !teams.empty()) all.push_back("Proposals are about team " + teams.front() + ".");
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
        std::size_t longest = 0;
        const auto  all = figures_of(s, p, v);
        for (const auto& f : all) longest = std::max(longest, f.name.size());
        for (const auto& f : all) {
            out += "  " + f.name + std::string(longest - f.name.size() + 2, ' ') + f.value + (f.unit.empty() ? "" : " " + f.unit);
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
