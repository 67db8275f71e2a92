// Facts for an audit: two variants on the same draws, and what of them counts.
#include <quorate/simulate_evidence.hpp>

#include <algorithm>

#include "simulate_interval.hpp"

namespace quorate::simulate {
namespace {

using fact_kind = audit_fact::kind;

std::vector<std::string> leaders_of(const roster& people) {
    std::vector<std::string> all;
    const auto               add = [&](person p) {
        std::string id(people.id(p));
        if (std::find(all.begin(), all.end(), id) == all.end()) all.push_back(std::move(id));
    };
    for (const auto t : people.teams())
        for (const auto p : people.leads(t)) add(p);
    for (const auto& s : people.scopes())
        if (const auto owner = s.residual ? people.team_named(s.owner) : std::nullopt)
            for (const auto p : people.members(*owner)) add(p);
    return all;
}

class facts {
public:
    facts(const study& s, const progress& p) : from_(std::to_string(p.runs_done()) + " runs of " + s.variants.front().process + ", seed " + std::to_string(s.seed)), runs_(p.of.front().runs) {}

    void amount(fact_kind what, const ratio_sums& sums, std::string_view of) {
        const auto i = interval_of(sums, runs_);
        if (i.some) add(what, parse_number(power::to_decimal(i.value, 2)).value_or(0), i, of, "acts");
    }
    /// Sums of seconds.
    void time(fact_kind what, const ratio_sums& sums, std::string_view of) {
        auto i = interval_of(sums, runs_);
        if (!i.some) return;
        const auto seconds = std::max(integer(0), integer(numerator(i.value) / denominator(i.value)));
        i.value /= seconds_of_day(), i.half /= seconds_of_day();
        add(what, number(static_cast<std::int64_t>(seconds) * 1'000'000), i, of, "days");
    }

    std::vector<audit_fact> all{};

private:
    void add(fact_kind what, const number& measured, const interval& i, std::string_view of, std::string_view unit) {
        const auto text = [](const ratio& r) { return power::to_decimal(r, 2); };
        all.push_back({.what = what, .measured = measured,
                       .source = from_ + ", " + std::string(of) + ": " + text(i.value) + " " + std::string(unit) + ", 95% between " + text(i.value - i.half) + " and " + text(i.value + i.half)});
    }

    std::string   from_;
    std::uint64_t runs_;
};

}  // namespace

result<audit_evidence> audit_facts(const setting& s, const measuring& how, const running& under) {
    study      asked{.variants = {s}, .seed = how.seed, .runs = how.runs};
    const auto leaders = leaders_of(s.people);
    if (!leaders.empty() && !s.how.plans) {
        asked.variants.push_back(s);
        asked.variants.back().name = "leaders answer at once";
        asked.variants.back().how.members.push_back({.who = leaders, .answers = distribution{}});
    }
    const auto done = run(asked, under);
    if (!done) return done.error();
    const auto& t = done->of.front();
    facts       f(asked, *done);
    f.amount(fact_kind::acts_per_decision, t.act_count, "acts per decision");
    f.time(fact_kind::time_per_decision, t.seconds, "time to decision");
    const auto there = t.members.begin() + static_cast<std::ptrdiff_t>(std::min(t.members.size(), s.people.people()));  // but puppets
    const auto busiest = std::max_element(t.members.begin(), there, [](const member_sums& a, const member_sums& b) { return a.acts.s < b.acts.s; });
    if (busiest != there)
        f.amount(fact_kind::acts_per_seat, busiest->acts, "acts per run of " + std::string(s.people.handle(static_cast<person>(busiest - t.members.begin()))));
    if (done->of.size() == 2) {
        auto sooner = done->of.back().more_seconds;
        sooner.s = -sooner.s, sooner.sn = -sooner.sn;
        f.time(fact_kind::wait_for_leaders, sooner, "sooner if leaders answer at once");
    }
    return audit_evidence{.charter = s.rules.hash(), .facts = std::move(f.all)};
}

}  // namespace quorate::simulate
