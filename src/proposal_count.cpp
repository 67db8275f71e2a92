// Counting the ballots of a proposal about its options: from who marked what to tally/methods.hpp.
#include "proposal_count.hpp"

#include <algorithm>
#include <tuple>

#include <quorate/tally/caps.hpp>
#include <quorate/tally/methods.hpp>

#include "proposal_ballot.hpp"

namespace quorate {
namespace {

/// The one method that also needs a default option, a quorum and ratios, which a process has and a pile of ballots doesn't.
constexpr std::string_view by_debian = "debian";

/// Whether somebody's ballot says something about options that counts.
bool speaks(const proposal& p, const voter& v) {
    return v.choice != 0 && !v.recused && p.by->positions[v.choice - 1U].binding && p.by->positions[v.choice - 1U].says != marks::none;
}

std::int32_t mark_of(const proposal& p, const voter& v, std::uint32_t o) {
    if (o < v.marks.size()) return v.marks[o];
    return p.by->positions[v.choice - 1U].says == marks::scores ? tally::unscored : 0;
}
tally::score as(const proposal& p, const voter& v, std::uint32_t o, tally::score) { return mark_of(p, v, o); }
/// Where ranks are wanted, a higher score is a better rank.
tally::rank as(const proposal& p, const voter& v, std::uint32_t o, tally::rank) {
    const auto  mark = mark_of(p, v, o);
    const auto& position = p.by->positions[v.choice - 1U];
    if (position.says != marks::scores) return static_cast<tally::rank>(mark);
    return mark == tally::unscored ? tally::unranked : static_cast<tally::rank>(std::min(position.most - mark + 1, 0xffff));
}

template <class Ballots, class Mark>
Ballots ballots_of(const proposal& p, const std::vector<std::uint32_t>& on) {
    std::vector<std::string> names;
    for (const auto o : on) names.push_back(p.options[o].name);
    auto              ballots = Ballots::make(std::move(names)).value();
    std::vector<Mark> row(on.size());
    for (const auto& v : p.voters) {
        if (!speaks(p, v)) continue;
        for (std::size_t i = 0; i < on.size(); ++i) row[i] = as(p, v, on[i], Mark{});
        ballots.add(std::span<const Mark>(row)).value();
    }
    return ballots;
}

std::optional<tally::option> place_of(const std::vector<std::uint32_t>& on, std::optional<std::uint32_t> o) {
    const auto at = o ? std::find(on.begin(), on.end(), *o) : on.end();
    return at == on.end() ? std::nullopt : std::optional(static_cast<tally::option>(at - on.begin()));
}

/// The conventions of a charter, with what depends on this ballot paper: its order, and what was chosen where the count paused.
tally::conventions conventions_of(const proposal& p, const std::vector<std::uint32_t>& on) {
    auto with = p.by->count.with;
    for (auto& step : with.ties) {
        if (step.by == tally::tie_break::kind::given_order)
            for (std::size_t i = 0; i < on.size(); ++i) step.order.push_back(static_cast<tally::option>(i));
        if (step.by != tally::tie_break::kind::casting_vote && step.by != tally::tie_break::kind::agreement) continue;
        for (const auto& name : p.tie_choices)
            for (std::size_t i = 0; i < on.size(); ++i)
                if (p.options[on[i]].name == name) step.chosen.push_back(static_cast<tally::option>(i));
    }
    return with;
}

tally::debian_rules debian_rules_of(const proposal& p, const std::vector<std::uint32_t>& on, const evidence& e) {
    tally::debian_rules rules;
    rules.default_option = place_of(on, p.by->options.otherwise);
    if (!rules.default_option) return rules;
    if (!p.by->count.quorum.empty())
        if (const auto q = read_number(p.by->count.quorum.view(), e)) rules.quorum = *q;
    if (p.by->count.strictly) rules.majority = tally::majority_test::above;
    for (const auto o : on) {
        const auto kind = p.by->option_kind_named(p.options[o].kind);
        rules.ratios.push_back(kind ? p.by->options.kinds[*kind].ratio : number(1));
    }
    return rules;
}

tally::count count_by_debian(const proposal& p, const std::vector<std::uint32_t>& on, const evidence& e) {
    const auto ballots = ballots_of<tally::ranked_ballots, tally::rank>(p, on);
    auto       rules = debian_rules_of(p, on, e);
    auto       counted = tally::debian(ballots, rules).value();
    // The casting vote counts for this very tie only: ballots may have changed since it was given.
    if (counted.paused && !p.tie_choices.empty())
        for (const auto o : counted.undecided)
            if (counted.options[o] == p.tie_choices.back()) rules.casting_vote = o;
    return rules.casting_vote ? tally::debian(ballots, rules).value() : counted;
}

}  // namespace

std::optional<counting_method_row> counting_method(std::string_view name) {
    if (name == by_debian) return counting_method_row{.ranked = true, .rated = false};
    const auto m = tally::find_method(name);
    return m ? std::optional(counting_method_row{m->ranked != nullptr, m->rated != nullptr}) : std::nullopt;
}
std::vector<std::string_view> counting_methods() {
    std::vector<std::string_view> names;
    for (const auto& m : tally::methods()) names.push_back(m.name);
    names.push_back(by_debian);
    return names;
}

std::vector<std::uint32_t> options_on_ballot(const proposal& p, const evidence& e) {
    std::vector<std::uint32_t> on;
    auto                       own = e;
    for (std::uint32_t i = 0; i < p.options.size(); ++i) {
        const auto& o = p.options[i];
        if (o.withdrawn) continue;
        own.tallies[static_cast<std::size_t>(quantity::sponsors)] = static_cast<std::int64_t>(o.sponsors.size());
        if (!o.mover || p.by->options.on_ballot.empty() || read_now(p.by->options.on_ballot.view(), own) == truth::met) on.push_back(i);
    }
    return on;
}

tally::count count_options(const proposal& p, const roster& people, const evidence& e) {
    const auto on = options_on_ballot(p, e);
    const auto& rule = p.by->count;
    if (rule.method == by_debian) return count_by_debian(p, on, e);
    const auto  with = conventions_of(p, on);
    const auto  method = tally::find_method(rule.method).value();
    const bool  ranked = method.rated == nullptr ||
                        std::any_of(p.by->positions.begin(), p.by->positions.end(), [](const position& q) { return q.says == marks::ranking; });
    auto result = ranked ? method.ranked(ballots_of<tally::ranked_ballots, tally::rank>(p, on), with, rule.seats)
                         : method.rated(ballots_of<tally::rated_ballots, tally::score>(p, on), with, rule.seats);
    if (!result) {  // such as too many options for the method: nobody is elected, and it says why
        tally::count none;
        none.method = rule.method;
        none.seats = rule.seats;
        for (const auto o : on) none.options.push_back(p.options[o].name);
        none.rounds.push_back({.what = "not counted", .options = {}, .values = {}, .elected = {}, .dropped = {}, .why = result.error().what(), .exhausted = 0});
        return none;
    }
    auto counted = std::move(result.value());
    if (rule.most_per_affiliation == 0) return counted;
    std::vector<std::string> affiliations;
    for (const auto o : on) {
        const auto who = people.find_person(p.options[o].name);
        const auto belongs = who ? people.affiliations(*who) : std::span<const std::string>{};
        affiliations.push_back(belongs.empty() ? std::string() : belongs.front());
    }
    tally::cap_affiliations(counted, affiliations, rule.most_per_affiliation, place_of(on, p.by->options.otherwise));
    return counted;
}

std::vector<std::uint32_t> options_on_ballot(const proposal& p, instant now, const surroundings& around) {
    evidence_of evidence;
    return options_on_ballot(p, evidence.take(p, now, around, false));
}

std::optional<tally::count> count_options(const proposal& p, instant now, const surroundings& around) {
    if (p.by->count.method.empty()) return std::nullopt;
    evidence_of evidence;
    return count_options(p, around.people, evidence.take(p, now, around, false));
}

std::vector<anonymous_ballot> anonymous_ballots(const proposal& p, instant now, const surroundings& around) {
    const auto                 on = options_on_ballot(p, now, around);
    std::vector<ballot_option> options;
    for (const auto o : on) options.push_back(p.options[o]);
    std::vector<anonymous_ballot> all;
    for (const auto& v : p.voters) {
        if (!speaks(p, v)) continue;
        auto& ballot = all.emplace_back();
        for (const auto o : on) ballot.marks.push_back(mark_of(p, v, o));
        ballot.says = marks_text(ballot.marks, p.by->positions[v.choice - 1U], options);
    }
    std::sort(all.begin(), all.end(), [](const anonymous_ballot& a, const anonymous_ballot& b) {
        return std::tie(a.marks, a.says) < std::tie(b.marks, b.says);
    });
    return all;
}

std::optional<std::uint16_t> counter::winner() const {
    const auto& c = counted();
    if (c.elected.size() != 1 || !c.undecided.empty()) return std::nullopt;
    return static_cast<std::uint16_t>(options_on_ballot(p_, e_)[c.elected.front()]);
}

bool counter::beats(std::uint16_t a, std::uint16_t b, const number& ratio) const {
    const auto on = options_on_ballot(p_, e_);
    const auto x = place_of(on, a);
    const auto y = place_of(on, b);
    if (!x || !y || x == y) return false;
    const auto compared = tally::compare(ballots_of<tally::ranked_ballots, tally::rank>(p_, on), p_.by->count.with);
    const auto w = compared.votes(*x, *y);
    const auto l = compared.votes(*y, *x);
    return w > l && number(w) >= multiply(ratio, number(l));
}

}  // namespace quorate
