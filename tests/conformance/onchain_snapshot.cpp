// Snapshot's ways of voting, by the counting library: what ballots with power come to, and which ballots are valid. A choice is a place
// on the ballot paper, from 1 on.
#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <quorate/tally/copeland_support.hpp>
#include <quorate/tally/quadratic.hpp>
#include <quorate/tally/runoff.hpp>
#include <quorate/tally/table.hpp>
#include <quorate/tally/weights.hpp>

#include "onchain.hpp"
#include "tally.hpp"

namespace conformance {
namespace {

using namespace quorate::tally;
using quorate::number;

/// How far from a recorded value an exact one may be, in parts of it (or of 1, if that is more): snapshot.js adds up doubles, each sum of
/// some hundred terms off by 2^-53 of it at most, and what it can't write in 17 digits is rounded again.
const auto source_precision = number::fraction(1, 1'000'000'000'000);

/// What ballots come to: a value for each choice, of all the power.
struct scores_found {
    count               working;
    std::vector<number> scores;
    number              total;
};
/// Ballots as they stand in a case; equal ones of different people stand together.
struct ballot_pile {
    std::vector<std::string>        options;
    std::vector<const json::value*> choices{};
    std::vector<number>             powers{};  ///< of one ballot
    std::vector<std::int64_t>       counts{};
    [[nodiscard]] std::vector<number> together() const {
        std::vector<number> all;
        for (std::size_t i = 0; i < powers.size(); ++i) all.push_back(multiply(powers[i], counts[i]));
        return all;
    }
    [[nodiscard]] number power() const {
        number all;
        for (const auto& p : together()) all = *add(all, p);
        return all;
    }
};
count told(quorate::result<count> c) {
    if (!c) throw cannot_say(c.error().what());
    return std::move(c).value();
}
/// What a value is on the ballot paper; a place that it hasn't, where it is none.
option place_of(const json::value& choice, std::size_t options) {
    const auto n = exact_number(choice);
    const auto place = n ? n->to_int64() : std::nullopt;
    return place && *place >= 1 ? static_cast<option>(std::min<std::int64_t>(*place - 1, most_options)) : static_cast<option>(options);
}
using tiers = std::vector<std::vector<option>>;
/// The choices of a list, one after the other or all alike; nothing where it isn't a list.
std::optional<tiers> in_order(const json::value& choice, std::size_t options) {
    if (!choice.is_array()) return std::nullopt;
    tiers all;
    for (const auto& c : choice.as_array()) all.push_back({place_of(c, options)});
    return all;
}
std::optional<tiers> alike(const json::value& choice, std::size_t options) {
    if (!choice.is_array()) return std::nullopt;
    tiers all(1);
    for (const auto& c : choice.as_array()) all.front().push_back(place_of(c, options));
    return all;
}
std::optional<tiers> alone(const json::value& choice, std::size_t options) {
    return choice.is_number() ? std::optional(tiers{{place_of(choice, options)}}) : std::nullopt;
}
using reader = std::optional<tiers> (*)(const json::value& choice, std::size_t options);

/// {"1": 2, "3": 1}; nothing where that isn't what it is, or names what isn't on the paper.
std::optional<share_ballot> shares_in(const json::value& choice, std::size_t options) {
    if (!choice.is_object()) return std::nullopt;
    share_ballot b{.power = 1, .shares = std::vector<std::optional<number>>(options)};
    for (const auto& [key, share] : choice.as_object()) {
        const auto place = place_of(json::value(key), options);
        const auto given = exact_number(share);
        if (place >= options || !given) return std::nullopt;
        b.shares[place] = given;
    }
    return b;
}

// ---- ways of voting -----------------------------------------------------------------------------------------------------------------
/// The ballots that a pile takes, counted in the unit of their power.
struct weighed_ballots {
    ranked_ballots pile;
    number         unit;
};
weighed_ballots weighed_by(const ballot_pile& all, reader read) {
    const auto weights = weigh(all.together());
    if (!weights) throw cannot_say(weights.error().what());
    weighed_ballots made{ranked_ballots::make(all.options).value(), weights->unit};
    for (std::size_t i = 0; i < all.choices.size(); ++i)
        if (const auto ranks = read(*all.choices[i], all.options.size()); ranks && weights->counts[i] != 0)
            (void)made.pile.add(*ranks, weights->counts[i]);  // what it refuses is an invalid ballot
    return made;
}
std::vector<number> in_unit(const count& c, const number& unit) {
    std::vector<number> values(c.options.size());
    const auto&         last = c.rounds.back();
    for (std::size_t i = 0; i < last.options.size(); ++i) values[last.options[i]] = multiply(last.values[i], unit);
    return values;
}

scores_found single_choice(const ballot_pile& all) {
    const auto ballots = weighed_by(all, alone);
    auto       c = plurality(ballots.pile);
    auto       values = in_unit(c, ballots.unit);
    return {std::move(c), std::move(values), all.power()};
}
scores_found by_approval(const ballot_pile& all) {
    const auto ballots = weighed_by(all, alike);
    auto       approvals = rated_ballots::make(all.options).value();
    for (std::size_t row = 0; row < ballots.pile.rows(); ++row) {
        std::vector<score> given;
        for (option o = 0; o < all.options.size(); ++o) given.push_back(ballots.pile.at(row, o) == unranked ? 0 : 1);
        approvals.add(given, ballots.pile.counts()[row]).value();
    }
    auto c = approval(approvals);
    auto values = in_unit(c, ballots.unit);
    return {std::move(c), std::move(values), all.power()};
}
template <auto Method>
scores_found by_shares(const ballot_pile& all) {
    std::vector<share_ballot> ballots;
    for (std::size_t i = 0; i < all.choices.size(); ++i)
        if (auto b = shares_in(*all.choices[i], all.options.size())) {
            b->power = all.powers[i];
            b->count = all.counts[i];
            ballots.push_back(std::move(*b));
        }
    auto c = told(Method(all.options, ballots));
    auto values = in_unit(c, 1);
    return {std::move(c), std::move(values), all.power()};
}
quorate::result<count> linear(std::vector<std::string> options, const std::vector<share_ballot>& ballots) { return weighted_shares(std::move(options), ballots); }
quorate::result<count> by_roots(std::vector<std::string> options, const std::vector<share_ballot>& ballots) { return quadratic_shares(std::move(options), ballots); }

scores_found ranked_choice(const ballot_pile& all) {
    const auto  ballots = weighed_by(all, in_order);
    const auto  valid = complete(ballots.pile);
    conventions with;  // of those tied for the last place the first on the list goes
    with.ties.push_back({.by = tie_break::kind::given_order, .order = {}, .seed = 0, .chosen = {}});
    for (auto o = all.options.size(); o-- > 0;) with.ties.front().order.push_back(static_cast<option>(o));
    auto c = all.options.size() == 1 ? plurality(valid) : irv(valid, with);  // with one choice nobody has to go
    auto values = in_unit(c, ballots.unit);
    return {std::move(c), std::move(values), all.power()};
}
/// Here alone the power of invalid ballots is no part of the total.
scores_found by_comparisons(const ballot_pile& all) {
    const auto ballots = weighed_by(all, in_order);
    auto       c = copeland_support(ballots.pile);
    auto       values = in_unit(c, ballots.unit);
    const auto total = multiply(*subtract(c.ballots, c.rounds.back().exhausted), ballots.unit);
    return {std::move(c), std::move(values), total};
}

// ---- validity -----------------------------------------------------------------------------------------------------------------------
template <reader Read>
bool taken(const json::value& choice, const std::vector<std::string>& options) {
    auto       pile = ranked_ballots::make(options).value();
    const auto ranks = Read(choice, options.size());
    return ranks && pile.add(*ranks).has_value();
}
bool ranks_everything(const json::value& choice, const std::vector<std::string>& options) {
    auto       pile = ranked_ballots::make(options).value();
    const auto ranks = in_order(choice, options.size());
    return ranks && pile.add(*ranks).has_value() && ranks_all(pile, 0);
}
bool spreads(const json::value& choice, const std::vector<std::string>& options) {
    const auto b = shares_in(choice, options.size());
    return b && all_shares(*b);
}

struct way_of_voting {
    std::string_view tally;     ///< the model of a count
    std::string_view validity;  ///< the model of a ballot's validity
    scores_found (*counted)(const ballot_pile&);
    bool (*valid)(const json::value& choice, const std::vector<std::string>& options);
};
constexpr way_of_voting ways[]{
    {"snapshot_single_choice", "single_choice_ballot_validity", single_choice, taken<alone>},
    {"snapshot_single", "single_ballot_validity", single_choice, taken<alone>},
    {"snapshot_basic", "basic_ballot_validity", single_choice, taken<alone>},
    {"snapshot_approval", "approval_ballot_validity", by_approval, taken<alike>},
    {"snapshot_weighted", "weighted_ballot_validity", by_shares<linear>, spreads},
    {"snapshot_quadratic", "quadratic_ballot_validity", by_shares<by_roots>, spreads},
    {"snapshot_irv", "ranked_ballot_validity", ranked_choice, ranks_everything},
    {"snapshot_ranked_choice", "ranked_choice_ballot_validity", ranked_choice, ranks_everything},
    {"snapshot_copeland", "copeland_ballot_validity", by_comparisons, ranks_everything},
};
const way_of_voting& way_of(const chain_case& c, std::string_view way_of_voting::*called) {
    const auto model = word_in(c.config, "model");
    for (const auto& w : ways)
        if (w.*called == model) return w;
    throw cannot_say("no way of voting here is called " + model);
}
std::vector<std::string> options_of(const chain_case& c) {
    only(c.config, {"model", "choices"});
    const auto n = count_in(c.config, "choices");
    if (n > static_cast<std::int64_t>(most_options)) throw cannot_say("more choices than a ballot paper has room for");
    std::vector<std::string> all;
    for (std::int64_t i = 1; i <= n; ++i) all.push_back(std::to_string(i));
    return all;
}

// ---- cases --------------------------------------------------------------------------------------------------------------------------
number number_of(const json::value& v) {
    const auto n = exact_number(v);
    if (!n) throw cannot_say("what should be a number is none");
    return *n;
}
bool near(const number& found, const number& recorded) {
    const auto size = recorded.sign() < 0 ? negate(recorded) : recorded;
    const auto within = multiply(source_precision, size > number(1) ? size : number(1));
    return found >= *subtract(recorded, within) && found <= *add(recorded, within);
}
std::string difference_of(std::string_view key, const json::value& expected, const scores_found& found) {
    const auto& c = found.working;
    if (key == "total" && !near(found.total, number_of(expected)))
        return fmt::format("a total of {} is expected, and it is {}", json::serialize(expected), to_string(found.total));
    if (key == "scores") {
        const auto& all = expected.as_array();
        if (all.size() != found.scores.size()) return fmt::format("{} scores are expected, here are {}", all.size(), found.scores.size());
        for (std::size_t i = 0; i < all.size(); ++i)
            if (!near(found.scores[i], number_of(all[i])))
                return fmt::format("for choice {} a score of {} is expected, it has {}", i + 1, json::serialize(all[i]), to_string(found.scores[i]));
    }
    if (key == "order") {
        json::array order;
        for (const auto& tier : c.order) {
            json::array places;
            for (const auto o : tier) places.emplace_back(std::int64_t{o} + 1);
            if (places.size() == 1) order.push_back(places.front());
            else order.emplace_back(std::move(places));
        }
        if (json::value(order) != expected) return fmt::format("the order {} is expected, it is {}", json::serialize(expected), json::serialize(order));
    }
    return {};
}

case_result tallied(const chain_case& c) {
    const auto& way = way_of(c, &way_of_voting::tally);
    ballot_pile all{.options = options_of(c)};
    for (const auto* row : rows_of(c.inputs)) {
        only(*row, {"choice", "power", "count"});
        all.choices.push_back(&needs(*row, "choice"));
        all.powers.push_back(number_of(needs(*row, "power")));
        all.counts.push_back(row->contains("count") ? count_in(*row, "count") : 1);
    }
    const auto  found = way.counted(all);
    std::string wrong;
    for (const auto& [key, expected] : c.expected.as_object()) {
        if (key != "scores" && key != "total" && key != "order") throw cannot_say(fmt::format("nothing here answers for \"{}\"", std::string_view(key)));
        if (const auto why = difference_of(key, expected, found); !why.empty()) wrong += (wrong.empty() ? "" : "; ") + why;
    }
    if (c.expected.as_object().empty()) wrong = "it expects nothing";
    return wrong.empty() ? passed(c.id, to_table(found.working)) : failed(c.id, wrong, to_table(found.working));
}

case_result validity(const chain_case& c) {
    const auto& way = way_of(c, &way_of_voting::validity);
    const auto  options = options_of(c);
    json::array valid;
    for (const auto& choice : c.inputs) valid.emplace_back(way.valid(choice, options));
    return compared(c.id, c.expected.as_object(), {{"valid", std::move(valid)}}, {});
}

}  // namespace

const std::vector<chain_engine>& snapshots() {
    static const std::vector<chain_engine> all{{"snapshot_tally", tallied}, {"snapshot_ballot", validity}};
    return all;
}

}  // namespace conformance
