// Counting cases of positional and rated methods, committees, and quadratic voting.
#include <quorate/tally/committee.hpp>
#include <quorate/tally/judgment.hpp>
#include <quorate/tally/party_stv.hpp>
#include <quorate/tally/positional.hpp>
#include <quorate/tally/quadratic.hpp>
#include <quorate/tally/star.hpp>

#include "tally.hpp"

namespace conformance {
namespace {

using namespace quorate::tally;
using quorate::number;
using quorate::result;

const ranked_ballots& rankings(const tally_case& c) {
    if (!c.ranked) throw unreadable("no rankings");
    return *c.ranked;
}
const rated_ballots& scores(const tally_case& c) {
    if (!c.rated) throw unreadable("no scores");
    return *c.rated;
}
/// A whole number among the settings, "4" or 4; nothing when it isn't there.
std::optional<std::int64_t> setting(const tally_case& c, std::string_view name) {
    const auto* found = c.settings == nullptr ? nullptr : c.settings->if_contains(name);
    if (found == nullptr) return std::nullopt;
    const auto n = exact_number(*found);
    const auto whole = n ? n->to_int64() : std::nullopt;
    if (!whole) throw unreadable("a setting that is no whole number");
    return whole;
}

template <auto Method>
result<count> rated(const tally_case& c) {
    return Method(scores(c), c.with, c.seats);
}
result<count> run_borda(const tally_case& c) { return borda(rankings(c), c.with, c.seats, setting(c, "Starting").value_or(1)); }
result<count> run_dowdall(const tally_case& c) { return dowdall(rankings(c), c.with, c.seats); }
result<count> run_party_stv(const tally_case& c) { return party_stv(rankings(c), c.with, c.seats); }
result<count> run_halves(const tally_case& c) { return geometric(rankings(c), c.with, c.seats); }

template <score_rule::value By, bool UnscoredIsZero = false>
result<count> run_score(const tally_case& c) {
    return score_voting(scores(c), c.with, c.seats,
                        {.by = By, .unscored_is_zero = UnscoredIsZero, .truncate = setting(c, "truncation").value_or(0), .min_count = setting(c, "min_count").value_or(0)});
}
result<count> run_star(const tally_case& c) { return star(scores(c), c.with, c.seats); }
result<count> run_star_universes(const tally_case& c) { return star(scores(c), c.with, c.seats, {.top = 5, .protocol = false}); }
result<count> run_cumulative(const tally_case& c) { return cumulative(scores(c), c.with, c.seats, setting(c, "points").value_or(0)); }

/// {"grade_tallies": [[how many of the worst grade, ...] for each candidate]}: ballots with these tallies, dealt out from the best grade.
/// Candidates with fewer grades than others have the worst one on the ballots left.
rated_ballots dealt(const tally_case& c) {
    std::vector<std::vector<std::int64_t>> left;
    for (const auto& tally : c.raw->at("grade_tallies").as_array()) {
        left.emplace_back();
        for (const auto& n : tally.as_array()) left.back().push_back(n.to_number<std::int64_t>());
    }
    if (left.size() != c.options.size()) throw unreadable("tallies of other candidates");
    auto all = rated_ballots::make(c.options).value();
    for (;;) {
        std::vector<score> ballot(left.size(), 0);
        std::int64_t       count = 0;
        for (std::size_t o = 0; o < left.size(); ++o) {
            while (!left[o].empty() && left[o].back() == 0) left[o].pop_back();
            if (left[o].empty()) continue;
            ballot[o] = static_cast<score>(left[o].size() - 1);
            count = count == 0 ? left[o].back() : std::min(count, left[o].back());
        }
        if (count == 0) return all;
        all.add(ballot, count).value();
        for (auto& l : left)
            if (!l.empty()) l.back() -= count;
    }
}
template <median_ties Ties>
result<count> run_judgment(const tally_case& c) {
    return majority_judgment(c.raw->contains("grade_tallies") ? dealt(c) : scores(c), c.with, c.seats, {.ties = Ties, .unscored_is_worst = true});
}

/// Ballots {"weight", "count", "allocation": {name: share}}. What isn't named has no share; 0 or less makes the ballot invalid.
result<count> run_quadratic(const tally_case& c) {
    std::vector<share_ballot> all;
    for (const auto& b : c.raw->at("ballots").as_array()) {
        const auto&  fields = b.as_object();
        share_ballot one{.power = 1, .shares = std::vector<std::optional<number>>(c.options.size()), .count = 1};
        if (const auto* w = fields.if_contains("weight")) {
            const auto power = exact_number(*w);
            if (!power) throw unreadable("a weight that is no number");
            one.power = *power;
        }
        if (const auto* n = fields.if_contains("count")) one.count = n->to_number<std::int64_t>();
        for (const auto& [name, share] : fields.at("allocation").as_object()) {
            one.shares[c.place(name)] = exact_number(share);
            if (!one.shares[c.place(name)]) throw unreadable("a share that is no number");
        }
        all.push_back(std::move(one));
    }
    return quadratic_shares(c.options, all, c.with, c.seats);
}

constexpr tally_method rated_methods[]{
    {"borda", run_borda},
    {"dowdall", run_dowdall},
    {"geometric_1_2", run_halves},
    {"stv_party_distributor", run_party_stv},
    {"approval", rated<approval>},
    {"dis_approval", rated<dis_approval>},
    {"satisfaction_approval", rated<satisfaction_approval>},
    {"score_sum", run_score<score_rule::value::sum>},
    {"score_sum_unscored_zero", run_score<score_rule::value::sum, true>},
    {"score_mean", run_score<score_rule::value::mean>},
    {"score_mean_truncated", run_score<score_rule::value::mean>},
    {"score_mean_min_count", run_score<score_rule::value::mean>},
    {"score_median", run_score<score_rule::value::median>},
    {"star", run_star},
    {"star_no_tiebreak", run_star_universes},
    {"allocated_score", rated<allocated_score>},
    {"majority_judgment", run_judgment<median_ties::successive>},
    {"majority_judgment_plus", run_judgment<median_ties::plus>},
    {"majority_judgment_typical", run_judgment<median_ties::typical>},
    {"cumulative", run_cumulative},
    {"pav", rated<pav>},
    {"sequential_pav", rated<sequential_pav>},
    {"chamberlin_courant", rated<chamberlin_courant>},
    {"minimax_approval", rated<minimax_approval>},
    {"monroe", rated<monroe>},
    {"seq_phragmen", rated<seq_phragmen>},
    {"equal_shares", rated<equal_shares>},
    {"quadratic_snapshot", run_quadratic},
};

}  // namespace

tally_table rated_tallies() { return {rated_methods, {}}; }

}  // namespace conformance
