// Counting the ballots of a proposal about its options: from who marked what to tally/methods.hpp.
#include "proposal_count.hpp"
#include "tells_ballots.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include <quorate/tally/caps.hpp>
#include <quorate/tally/debian.hpp>
#include <quorate/tally/methods.hpp>
#include <quorate/tally/papers.hpp>
#include <quorate/tally/outlook.hpp>
#include <quorate/tally/pairwise.hpp>
#include <quorate/tally/vacancy.hpp>
#include <quorate/tally/weights.hpp>

#include "proposal_ballot.hpp"
#include "proposal_weights.hpp"

namespace quorate {
namespace {

/// What the only round of a count says that could not be made.
constexpr std::string_view not_counted = "not counted";
/// The one method that also needs a default option, a quorum and ratios, which a process has and a pile of ballots doesn't.
constexpr std::string_view by_debian = "debian";

/// Calls `visit(vote, ballot)` for each vote that counts with what a ballot says about options: that of its owner, or of the delegate
/// who carries it.
template <class Visit>
void each_marked(const proposal& p, Visit visit) {
    const bool delegating = p.by->delegation.hops != delegation_rule::reach::none;
    const auto carried = delegating ? std::optional<carriers>(p) : std::nullopt;
    for (std::size_t i = 0; i < p.voters.size(); ++i) {
        if (p.voters[i].recused) continue;
        const auto by = carried && p.silent(p.voters[i]) ? carried->of(i) : std::nullopt;
        const auto& v = p.voters[by.value_or(i)];
        if (!p.silent(v) && p.by->positions[v.choice - 1U].says != marks::none) visit(i, v);
    }
}
/// How often each vote counts: its weight, where votes have weights, in a unit in which all of them are whole.
result<tally::weighed> times(const proposal& p) {
    if (p.weights.empty()) return tally::weighed{.unit = 1, .counts = std::vector<std::int64_t>(p.voters.size(), 1)};
    return tally::weigh_whole(p.weights);
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

/// The ballots that are counted, or of them those of votes that `only` names. Refuses weights that are too many in their unit.
template <class Ballots, class Mark>
result<Ballots> ballots_of(const proposal& p, const std::vector<std::uint32_t>& on, const std::vector<bool>* only = nullptr) {
    std::vector<std::string> names;
    for (const auto o : on) names.push_back(p.options[o].name);
    auto       ballots = Ballots::make(std::move(names)).value();
    const auto weighed = times(p);
    if (!weighed) return weighed.error();
    std::vector<Mark> row(on.size());
    each_marked(p, [&](std::size_t vote, const voter& v) {
        const auto n = weighed->counts[vote];
        if (n == 0 || (only != nullptr && !(*only)[vote])) return;
        for (std::size_t i = 0; i < on.size(); ++i) row[i] = as(p, v, on[i], Mark{});
        ballots.add(std::span<const Mark>(row), n).value();  // what can be weighed can be counted
    });
    return ballots;
}

std::optional<tally::option> place_of(const std::vector<std::uint32_t>& on, std::optional<std::uint32_t> o) {
    const auto at = o ? std::find(on.begin(), on.end(), *o) : on.end();
    return at == on.end() ? std::nullopt : std::optional(static_cast<tally::option>(at - on.begin()));
}

/// The conventions of a charter, with the order of this ballot paper; `asked` becomes the step at which somebody is asked, if any.
tally::conventions conventions_of(const proposal& p, const std::vector<std::uint32_t>& on, tally::tie_break*& asked) {
    auto with = p.by->count.with;
    for (auto& step : with.ties) {
        if (step.by == tally::tie_break::kind::given_order)
            for (std::size_t i = 0; i < on.size(); ++i) step.order.push_back(static_cast<tally::option>(i));
        if (step.by != tally::tie_break::kind::casting_vote && step.by != tally::tie_break::kind::agreement) continue;
        asked = &step;
    }
    return with;
}

/// Who was chosen of just these, after the first `used` times that they were tied; nothing if nobody has been.
std::optional<tally::option> chosen_of(const proposal& p, const tally::count& paused, std::size_t used = 0) {
    std::vector<std::string> tied;
    for (const auto o : paused.undecided) tied.push_back(paused.options[o]);
    for (const auto& c : p.tie_choices)
        if (c.tied == tied && used-- == 0) return paused.undecided[static_cast<std::size_t>(std::find(tied.begin(), tied.end(), c.chosen) - tied.begin())];
    return std::nullopt;
}

/// Counts, and goes on as far as the ties that it meets have been broken.
template <class Count>
result<tally::count> with_choices(const proposal& p, tally::tie_break* asked, Count count) {
    std::map<std::vector<tally::option>, std::size_t> used;  // a method may ask about the same ones again
    auto                                              counted = count();
    while (counted && counted->paused && asked != nullptr) {
        const auto chosen = chosen_of(p, *counted, used[counted->undecided]++);
        if (!chosen) break;
        asked->chosen.push_back(*chosen);
        counted = count();
    }
    return counted;
}

result<tally::debian_rules> debian_rules_of(const proposal& p, const std::vector<std::uint32_t>& on, const evidence& e) {
    tally::debian_rules rules;
    rules.default_option = place_of(on, p.by->options.otherwise);
    if (!rules.default_option) return rules;
    if (!p.by->count.quorum.empty()) {
        const auto quorum = read_number(p.by->count.quorum.view(), e);
        if (!quorum) return make_error(errc::invalid, "the quorum is not known: " + print(p.by->count.quorum.view()));
        rules.quorum = *divide(*quorum, times(p)->unit);  // what is counted is in its unit
    }
    if (p.by->count.strictly) rules.majority = tally::majority_test::above;
    for (const auto o : on) {
        const auto kind = p.by->option_kind_named(p.options[o].kind);
        rules.ratios.push_back(kind ? p.by->options.kinds[*kind].ratio : number(1));
    }
    return rules;
}

result<tally::count> count_by_debian(const proposal& p, const std::vector<std::uint32_t>& on, const evidence& e) {
    const auto ballots = ballots_of<tally::ranked_ballots, tally::rank>(p, on);
    if (!ballots) return ballots.error();
    auto rules = debian_rules_of(p, on, e);
    if (!rules) return rules.error();
    auto counted = tally::debian(ballots.value(), rules.value());
    if (counted && counted->paused) rules.value().casting_vote = chosen_of(p, *counted);
    return rules.value().casting_vote ? tally::debian(ballots.value(), rules.value()) : counted;
}

}  // namespace

std::optional<counting_method_row> counting_method(std::string_view name) {
    if (name == by_debian) return counting_method_row{.ranked = true, .rated = false, .reads = "quorum ratio ties"};
    const auto m = tally::find_method(name);
    return m ? std::optional(counting_method_row{m->ranked != nullptr, m->rated != nullptr, m->reads}) : std::nullopt;
}
std::vector<std::string_view> counting_methods() {
    std::vector<std::string_view> names;
    for (const auto& m : tally::methods()) names.push_back(m.name);
    names.push_back(by_debian);
    return names;
}

bool can_be_counted(const proposal& p) { return times(p).has_value(); }

std::vector<std::uint32_t> options_on_ballot(const proposal& p, const evidence& e) {
    std::vector<std::uint32_t> on;
    const auto                 settled = [&](const ballot_option& o) {
        return std::find(p.ballot_paper->begin(), p.ballot_paper->end(), o.name) != p.ballot_paper->end();
    };
    if (p.ballot_paper) {
        for (std::uint32_t i = 0; i < p.options.size(); ++i)
            if (!p.options[i].withdrawn && settled(p.options[i])) on.push_back(i);
        return on;
    }
    auto own = e;
    for (std::uint32_t i = 0; i < p.options.size(); ++i) {
        const auto& o = p.options[i];
        if (o.withdrawn) continue;
        own.tallies[static_cast<std::size_t>(quantity::sponsors)] = static_cast<std::int64_t>(o.sponsors.size());
        if (!o.mover || p.by->options.on_ballot.empty() || read_now(p.by->options.on_ballot.view(), own) == truth::met) on.push_back(i);
    }
    return on;
}

/// How many seats the count fills.
static std::size_t seats_of(const proposal& p) { return p.by->count.seats + p.more_seats; }

/// Counts by a method of the table, with one step of the chain that asks perhaps.
static result<tally::count> count_once(const proposal& p, const std::vector<std::uint32_t>& on, const tally::method& method,
                                       const tally::conventions& with, const std::vector<bool>* only = nullptr) {
    if (method.ranked != nullptr) {
        const auto ballots = ballots_of<tally::ranked_ballots, tally::rank>(p, on, only);
        return ballots ? method.ranked(ballots.value(), with, seats_of(p)) : result<tally::count>(ballots.error());
    }
    const auto ballots = ballots_of<tally::rated_ballots, tally::score>(p, on, only);
    return ballots ? method.rated(ballots.value(), with, seats_of(p)) : result<tally::count>(ballots.error());
}

/// Counts by the process's own method.
static result<tally::count> count_by_method(const proposal& p, const std::vector<std::uint32_t>& on, const evidence& e) {
    const auto& rule = p.by->count;
    if (rule.method == by_debian) return count_by_debian(p, on, e);
    tally::tie_break* asked = nullptr;
    auto              with = conventions_of(p, on, asked);
    const auto        method = tally::find_method(rule.method).value();
    return with_choices(p, asked, [&] { return count_once(p, on, method, with); });
}

/// Whom a cap on affiliations looks at: the first one of each option, "" where it has none.
static std::vector<std::string> affiliations_of(const proposal& p, const roster& people, const std::vector<std::uint32_t>& on) {
    std::vector<std::string> all;
    for (const auto o : on) {
        const auto who = people.find_person(p.options[o].name);
        const auto belongs = who ? people.affiliations(*who) : std::span<const std::string>{};
        all.push_back(belongs.empty() ? std::string() : belongs.front());
    }
    return all;
}

/// Since somebody who was elected left: the others keep their seats, and this count, without whoever left, fills the rest.
static result<tally::count> with_sitting(const proposal& p, const roster& people, const std::vector<std::uint32_t>& on, const tally::count& again) {
    std::vector<tally::option> sitting;
    for (const auto& name : *p.elected)
        if (const auto at = std::find(again.options.begin(), again.options.end(), name); at != again.options.end())
            sitting.push_back(static_cast<tally::option>(at - again.options.begin()));
    tally::seat_limits limits{.affiliation_of = {}, .most_per_affiliation = p.by->count.most_per_affiliation, .floor = place_of(on, p.by->options.otherwise)};
    if (limits.most_per_affiliation != 0) limits.affiliation_of = affiliations_of(p, people, on);
    tally::tie_break* asked = nullptr;
    auto              with = conventions_of(p, on, asked);
    const auto        method = tally::find_method(p.by->count.method);
    const auto        ranked = method && method->ranked != nullptr ? ballots_of<tally::ranked_ballots, tally::rank>(p, on)
                                                             : result<tally::ranked_ballots>(make_error(errc::not_found, "no rankings"));
    return with_choices(p, asked, [&]() -> result<tally::count> {
        auto filled = again;
        tally::fill_vacancies(filled, sitting, with, limits, ranked ? tally::detail::majority_of(*ranked) : tally::tie_chain::prefers{});
        return filled;
    });
}

tally::count count_options(const proposal& p, const roster& people, const evidence& e) {
    const auto  on = options_on_ballot(p, e);
    const auto& rule = p.by->count;
    auto        result = count_by_method(p, on, e);
    const bool  vacancies = p.vacated != 0;
    if (result && rule.most_per_affiliation != 0 && result->order.empty() && !on.empty())
        result = make_error(errc::invalid, rule.method + " gives no order in which to make room for others");
    if (result && vacancies) result = with_sitting(p, people, on, result.value());
    if (!result) {  // such as too many options for the method, or weights that are too many: nobody is elected, and it says why
        tally::count none;
        none.method = rule.method;
        none.seats = seats_of(p);
        for (const auto o : on) none.options.push_back(p.options[o].name);
        none.rounds.push_back({.what = std::string(not_counted), .options = {}, .values = {}, .elected = {}, .dropped = {}, .why = result.error().what(), .exhausted = 0});
        return none;
    }
    auto counted = std::move(result.value());
    counted.unit = times(p)->unit;
    if (rule.most_per_affiliation == 0 || vacancies) return counted;
    tally::cap_affiliations(counted, affiliations_of(p, people, on), rule.most_per_affiliation, place_of(on, p.by->options.otherwise));
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
    each_marked(p, [&](std::size_t, const voter& v) {
        auto& ballot = all.emplace_back();
        for (const auto o : on) ballot.marks.push_back(mark_of(p, v, o));
        ballot.says = marks_text(ballot.marks, p.by->positions[v.choice - 1U], options);
    });
    std::sort(all.begin(), all.end(), [](const anonymous_ballot& a, const anonymous_ballot& b) {
        return std::tie(a.marks, a.says) < std::tie(b.marks, b.says);
    });
    return all;
}

std::string_view problem_of(const tally::count& c) {
    return c.rounds.size() == 1 && c.rounds.front().what == not_counted ? std::string_view(c.rounds.front().why) : std::string_view{};
}

std::string_view counter::problem() const { return problem_of(counted()); }

std::optional<std::uint16_t> counter::winner() const {
    const auto& c = counted();
    if (c.elected.size() != 1 || !c.undecided.empty()) return std::nullopt;
    return static_cast<std::uint16_t>(on()[c.elected.front()]);
}

bool counter::beats(std::uint16_t a, std::uint16_t b, const number& ratio) const {
    const auto x = place_of(on(), a);
    const auto y = place_of(on(), b);
    if (!x || !y || x == y) return false;
    const auto compared = tally::compare(ballots_of<tally::ranked_ballots, tally::rank>(p_, on()).value(), p_.by->count.with);
    const auto w = compared.votes(*x, *y);
    const auto l = compared.votes(*y, *x);
    return w > l && number(w) >= multiply(ratio, number(l));
}

std::int64_t counter::vacant() const {
    const auto& c = counted();
    return static_cast<std::int64_t>(c.seats - std::min(c.seats, c.elected.size()));
}

std::optional<counter::standing_ballots> counter::standing() const {
    if (e_.fluid) return std::nullopt;
    const auto weighed = times(p_).value();
    standing_ballots all{.stays = std::vector<bool>(p_.voters.size(), true)};
    for (std::size_t i = 0; i < p_.voters.size(); ++i) {
        if (classes_[i] == evidence_of::uncounted) continue;
        const auto& c = e_.classes[classes_[i]];
        // Who has a ballot that can't be changed is done; so is everybody who may not act.
        if (!c.may_act || (!p_.silent(p_.voters[i]) && !detail::may_move_again(e_))) continue;
        all.stays[i] = false;
        all.missing += weighed.counts[i];
    }
    return all;
}

/// The winner as things stand stays it if what the others lack against it is more than ballots still to come can bring.
std::optional<std::uint16_t> counter::certain_winner() const {
    if (certain_) return *certain_;
    const auto now = problem().empty() ? winner() : std::nullopt;
    certain_ = now && wins_in_any_case(*now) ? now : std::nullopt;
    return *certain_;
}

/// Whether one of the ballots that are missing may be such that nothing is counted any more: of one kind that the method refuses, or too
/// many for a search.
bool counter::spoilt_by_one(std::int64_t missing) const {
    const auto& rule = p_.by->count;
    const bool  searches = seats_of(p_) != 1 && tally::promise_of(rule.method, rule.with) == tally::promise::none;
    return missing > 0 && (rule.method == "dodgson" || searches);
}

bool counter::wins_in_any_case(std::uint16_t option) const {
    const auto& rule = p_.by->count;
    const auto  promised = tally::promise_of(rule.method, rule.with);
    const auto  still = standing();
    if (promised == tally::promise::none || !still || seats_of(p_) != 1 || rule.most_per_affiliation != 0) return false;  // seats fall vacant once no ballot can come
    if (spoilt_by_one(still->missing)) return false;
    const auto one = place_of(on(), option).value();
    if (promised == tally::promise::sums) {
        std::int64_t least = 0, most = 1;
        for (const auto& q : p_.by->positions)
            if (q.says == marks::scores) std::tie(least, most) = std::pair(std::min<std::int64_t>(least, q.least), std::max<std::int64_t>(most, q.most));
        tally::tie_break* asked = nullptr;
        const auto        fixed = count_once(p_, on(), tally::find_method(rule.method).value(), conventions_of(p_, on(), asked), &still->stays).value();
        return tally::wins_by_sums(fixed, one, still->missing, tally::swing_of(rule.method, on().size(), rule.with, least, most).value());
    }
    const auto fixed = tally::compare(ballots_of<tally::ranked_ballots, tally::rank>(p_, on(), &still->stays).value(), rule.with);
    if (!tally::wins_all_pairs(fixed, one, still->missing)) return false;
    const auto rules = rule.method == by_debian ? debian_rules_of(p_, on(), e_).value() : tally::debian_rules{};
    const auto otherwise = rules.default_option;
    if (!otherwise || *otherwise == one) return true;
    // A quorum that reads ballots moves with those still to come.
    const bool moves = std::any_of(rule.quorum.nodes.begin(), rule.quorum.nodes.end(), [](const rule_node& n) {
        const auto q = static_cast<quantity>(n.index);
        return (n.what == op::quantity || n.what == op::weight_of || n.what == op::held_of) && (q == quantity::cast || q == quantity::outstanding);
    });
    if (still->missing > 0 && (moves || tells_ballots(*p_.by, rule.quorum))) return false;
    const number preferred = fixed.votes(one, *otherwise), against = *add(number(fixed.votes(*otherwise, one)), number(still->missing));
    const auto   wanted = multiply(rules.ratios[one], against);
    return preferred >= rules.quorum && (preferred > wanted || (rules.majority == tally::majority_test::at_least_and_beats && preferred >= wanted));
}

truth_set counter::may_beat(std::uint16_t a, std::uint16_t b, const number& ratio) const {
    truth_set any = truth::met;
    any |= truth::unmet;
    const auto      x = place_of(on(), a);
    const auto      y = place_of(on(), b);
    const auto still = standing();
    if (!still || spoilt_by_one(still->missing)) return any |= truth::error;
    if (!x || !y || x == y) return truth::unmet;
    const auto fixed = tally::compare(ballots_of<tally::ranked_ballots, tally::rank>(p_, on(), &still->stays).value(), p_.by->count.with);
    const auto holds = [&](std::int64_t w, std::int64_t l) { return w > l && number(w) >= multiply(ratio, number(l)); };
    const auto w = fixed.votes(*x, *y);
    const auto l = fixed.votes(*y, *x);
    if (holds(w, l + still->missing)) return truth::met;
    return holds(w + still->missing, l) ? any : truth_set(truth::unmet);
}

}  // namespace quorate
