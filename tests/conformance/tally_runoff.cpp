// Counting cases of plurality, runoffs and single transferable vote: in which conventions each source counts.
#include <quorate/tally/runoff.hpp>
#include <quorate/tally/stv.hpp>
#include <quorate/tally/stv_outcomes.hpp>

#include "tally.hpp"

namespace conformance {
namespace {

using namespace quorate;
using namespace quorate::tally;

/// A chain that ends by the order of the candidates: for counts in which the source says that no seat depends on it.
std::vector<tie_break> by_ballot_order(const tally_case& c) {
    tie_break order{.by = tie_break::kind::given_order};
    for (option o = 0; o < c.options.size(); ++o) order.order.push_back(o);
    return {{.by = tie_break::kind::earlier_stage}, order};
}
/// The libraries these come from drop all that are level at once.
constexpr runoff_rules level_together{.weakest = weakest::all_level};

result<count> run_plurality(const tally_case& c) { return plurality(*c.ranked, c.with, c.seats); }
result<count> run_two_round(const tally_case& c) { return two_round(*c.ranked, c.with, c.seats); }
/// The case that is called triangular admits three; the source's setting is not part of the case.
result<count> run_multi_round(const tally_case& c) {
    const bool triangular = text_of(*c.raw, "test").find("triangular") != std::string::npos;
    return multi_round(*c.ranked, c.with, c.seats, {.admitted = triangular ? 3U : 2U});
}
result<count> run_plurality_runoff_put(const tally_case& c) { return plurality_runoff_universes(*c.ranked, c.with); }
result<count> run_irv(const tally_case& c) { return irv(*c.ranked, c.with, c.seats, level_together); }
result<count> run_overvote(const tally_case& c) {
    auto with = c.with;
    with.equal = equal_ranks::exhaust;
    return irv(*c.ranked, with, c.seats);
}
result<count> run_tiebreak_order(const tally_case& c) {
    const auto* listed = c.settings == nullptr ? nullptr : c.settings->if_contains("tie_order_first_eliminated");
    if (listed == nullptr || !listed->is_array()) throw unreadable("a case of a given order without the order");
    tie_break order{.by = tie_break::kind::given_order};
    for (const auto& name : listed->as_array()) order.order.insert(order.order.begin(), c.place(name.as_string()));
    auto with = c.with;
    with.ties = {order};
    return irv(*c.ranked, with, c.seats);
}
result<count> run_approval_irv(const tally_case& c) { return approval_irv(*c.ranked, c.with, c.seats, level_together); }
result<count> run_approval_irv_put(const tally_case& c) { return approval_irv_universes(*c.ranked, c.with); }
result<count> run_coombs(const tally_case& c) { return coombs(*c.ranked, c.with, c.seats, level_together); }
result<count> run_bucklin(const tally_case& c) { return bucklin(*c.ranked, c.with, c.seats); }
result<count> run_baldwin(const tally_case& c) { return baldwin(*c.ranked, c.with, c.seats, level_together); }
result<count> run_nanson_weak(const tally_case& c) { return nanson(*c.ranked, c.with, c.seats, nanson_rule::weak); }
result<count> run_nanson_strict(const tally_case& c) { return nanson(*c.ranked, c.with, c.seats, nanson_rule::strict); }
result<count> run_benham(const tally_case& c) { return benham(*c.ranked, c.with, c.seats); }
result<count> run_smith_irv(const tally_case& c) { return smith_irv(*c.ranked, c.with, c.seats); }
result<count> run_tideman(const tally_case& c) { return tideman_alternative(*c.ranked, c.with, c.seats); }

result<count> run_stv(const tally_case& c, std::string_view preset) {
    auto rules = stv_rule(preset).value();
    rules.ties = by_ballot_order(c);
    return stv(*c.ranked, rules, c.seats);
}
result<count> run_gregory(const tally_case& c) { return run_stv(c, "gregory"); }
result<count> run_scottish(const tally_case& c) { return run_stv(c, "scotland"); }
result<count> run_meek(const tally_case& c) { return run_stv(c, "meek"); }
result<count> run_albany(const tally_case& c, bool one_at_a_time) {
    auto rules = stv_rule("albany").value();
    rules.one_at_a_time = one_at_a_time;
    rules.ties = by_ballot_order(c);
    return stv(*c.ranked, rules, c.seats);
}
result<count> run_dynamic(const tally_case& c) { return run_albany(c, false); }
result<count> run_one_by_one(const tally_case& c) { return run_albany(c, true); }

/// julien-boudry/Condorcet: equal ranks are passed over, the quota is met, and the order of election is the ranking.
result<count> run_condorcet_php(const tally_case& c) {
    auto rules = stv_rule("gregory").value();
    rules.equal = equal_ranks::skip;
    rules.ties = by_ballot_order(c);
    const auto written = c.settings == nullptr ? std::string() : text_of(*c.settings, "Quota");
    if (written.find("HAGENBACH") != std::string::npos) rules.quota = quota::hagenbach_bischoff;
    else if (written.find("IMPERIALI") != std::string::npos) rules.quota = quota::imperiali;
    else if (written.find("Hare") != std::string::npos) rules.quota = quota::hare;
    else if (!written.empty()) throw unreadable("unknown quota " + written);
    auto counted = stv(*c.ranked, rules, c.seats);
    for (const auto o : counted.elected) counted.order.push_back({o});
    return counted;
}
result<count> run_cpo(const tally_case& c) { return cpo_stv(*c.ranked, c.with, c.seats); }
result<count> run_sequential(const tally_case& c) {
    auto rules = stv_rule("meek").value();
    rules.ties = by_ballot_order(c);
    return sequential_stv(*c.ranked, rules, c.seats);
}

constexpr tally_method runoff_methods[] = {
    {"plurality", run_plurality},
    {"plurality_fractional", run_plurality},
    {"plurality_runoff_put", run_plurality_runoff_put},
    {"two_round", run_two_round},
    {"multi_round", run_multi_round},
    {"irv", run_irv},
    {"irv_overvote_exhausts", run_overvote},
    {"irv_tiebreak_order", run_tiebreak_order},
    {"split_irv", run_irv},
    {"approval_irv", run_approval_irv},
    {"approval_irv_put", run_approval_irv_put},
    {"coombs", run_coombs},
    {"bucklin", run_bucklin},
    {"baldwin", run_baldwin},
    {"nanson_weak", run_nanson_weak},
    {"nanson_strict", run_nanson_strict},
    {"benham", run_benham},
    {"smith_irv", run_smith_irv},
    {"tideman_alternative", run_tideman},
    {"stv_droop_gregory", run_gregory},
    {"stv_scottish", run_scottish},
    {"stv_meek", run_meek},
    {"stv_condorcetphp", run_condorcet_php},
    {"stv_dynamic_quota", run_dynamic},
    {"stv_dynamic_quota_simultaneous", run_dynamic},
    {"stv_dynamic_quota_one_by_one", run_one_by_one},
    {"cpo_stv", run_cpo},
    {"sequential_stv", run_sequential},
};

}  // namespace

tally_table runoff_tallies() { return {.methods = runoff_methods, .differences = {}}; }

}  // namespace conformance
