// Single transferable vote. One function, and a rule as data:
//
//     auto rule = quorate::tally::stv_rule("scotland").value();
//     rule.ties.push_back({.by = tie_break::kind::lot, .seed = 20070503});
//     auto count = quorate::tally::stv(ballots, rule, 4);      // four seats; every stage is in count.rounds
#pragma once

#include <quorate/tally/stv_gregory.hpp>
#include <quorate/tally/stv_meek.hpp>
#include <quorate/tally/stv_qpq.hpp>
#include <quorate/tally/stv_rules.hpp>

namespace quorate::tally {

/// Fills `seats` by single transferable vote. Each round of the count holds the votes after it, for everyone who is elected or may
/// still be; with quotients (qpq) the papers that count for each, and the quotients in a table. Values, exhausted votes and what
/// rounding lost together are the ballots.
///
/// Zero ballots elect nobody as long as someone would have to be left out: all are then tied. With as many seats as options or more,
/// all are elected. A tie that the chain doesn't break ends the count: `undecided` are all who might still get a seat. A step that
/// waits for a person pauses it: `undecided` are those tied.
[[nodiscard]] inline count stv(const ranked_ballots& ballots, const stv_rules& rules, std::size_t seats) {
    return detail::with_values(rules.arithmetic, ballots.total(), [&](const auto& values) {
        using values_type = std::decay_t<decltype(values)>;
        if (rules.method == stv_method::qpq) return detail::qpq_count<values_type>(ballots, rules, seats, values).run();
        if (rules.method != stv_method::gregory) return detail::meek_count<values_type>(ballots, rules, seats, values).run();
        return detail::gregory_count<values_type>(ballots, rules, seats, values).run();
    });
}

/// Single transferable vote in the plainest form: weighted inclusive Gregory. Reads `quota` (met, not passed), `arithmetic`, `equal`,
/// `skipped` and `ties`.
[[nodiscard]] inline count stv(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1) {
    auto rules = detail::stv_gregory();
    rules.name = "stv";
    rules.arithmetic = with.arithmetic;
    rules.quota = with.quota;
    rules.equal = with.equal;
    rules.skipped = with.skipped;
    rules.ties = with.ties;
    return stv(ballots, rules, seats);
}

}  // namespace quorate::tally
