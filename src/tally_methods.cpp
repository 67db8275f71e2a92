// The table of methods, and what is looked up in it.
#include <quorate/tally/methods.hpp>

#include <iterator>
#include <variant>

#include <quorate/tally/apportionment.hpp>
#include <quorate/tally/committee.hpp>
#include <quorate/tally/condorcet.hpp>
#include <quorate/tally/copeland_support.hpp>
#include <quorate/tally/debian.hpp>
#include <quorate/tally/dodgson.hpp>
#include <quorate/tally/judgment.hpp>
#include <quorate/tally/kemeny.hpp>
#include <quorate/tally/liquid_feedback.hpp>
#include <quorate/tally/party_stv.hpp>
#include <quorate/tally/positional.hpp>
#include <quorate/tally/quadratic.hpp>
#include <quorate/tally/runoff.hpp>
#include <quorate/tally/star.hpp>
#include <quorate/tally/stv.hpp>
#include <quorate/tally/stv_outcomes.hpp>
#include <quorate/tally/text.hpp>

namespace quorate::tally {

namespace {

using namespace detail;
using ranks = const ranked_ballots&;
using marks = const rated_ballots&;
using settings = const conventions&;
using places = std::size_t;

result<void> one_seat(places seats, std::string_view name) {
    if (seats == 1) return {};
    return make_error(errc::invalid, std::string(name) + " fills one seat, not " + std::to_string(seats));
}
/// First preferences as votes for parties; several first ones share a ballot.
party_votes first_preferences(ranks b) {
    party_votes all{.parties = b.options(), .votes = std::vector<number>(b.options().size())};
    for (std::size_t row = 0; row < b.rows(); ++row) {
        std::vector<option> first;
        for (option o = 0; o < all.parties.size(); ++o) {
            const auto r = b.at(row, o);
            if (r == unranked || (!first.empty() && r > b.at(row, first.front()))) continue;
            if (!first.empty() && r < b.at(row, first.front())) first.clear();
            first.push_back(o);
        }
        for (const auto o : first) all.votes[o] = plus(all.votes[o], number::fraction(b.counts()[row], static_cast<std::int64_t>(first.size())));
    }
    return all;
}
template <divisors By>
result<count> by_divisors(ranks b, settings with, places seats) {
    return divisor_method(first_preferences(b), By, with, seats);
}
template <score_rule::value By>
result<count> by_scores(marks b, settings with, places seats) {
    return score_voting(b, with, seats, {.by = By, .unscored_is_zero = false, .truncate = 0, .min_count = 0});
}
template <median_ties By>
result<count> by_medians(marks b, settings with, places seats) {
    return majority_judgment(b, with, seats, {.ties = By, .unscored_is_worst = true});
}

constexpr method positional_methods[]{
    {"borda", "Borda", "Borda 1784", "unranked ties", [](ranks b, settings w, places s) -> result<count> { return borda(b, w, s); }},
    {"dowdall", "Dowdall", "Nauru, Electoral Act", "unranked ties", [](ranks b, settings w, places s) -> result<count> { return dowdall(b, w, s); }},
    {"geometric", "Geometric, 1 1/2 1/4 ...", "consecutively halved positional voting", "unranked ties", [](ranks b, settings w, places s) -> result<count> { return geometric(b, w, s); }},
};

constexpr method pair_methods[]{
    {"condorcet", "Condorcet winner, or nobody", "Condorcet 1785", "unranked", [](ranks b, settings w, places s) -> result<count> {
         if (auto ok = one_seat(s, "condorcet"); !ok) return ok.error();
         return condorcet(b, w);
     }},
    {"smith", "Smith set", "Smith 1973", "unranked ties", [](ranks b, settings w, places s) -> result<count> { return smith(b, w, s); }},
    {"schwartz", "Schwartz set", "Schwartz 1972", "unranked ties", [](ranks b, settings w, places s) -> result<count> { return schwartz(b, w, s); }},
    {"copeland", "Copeland", "Copeland 1951", "unranked ties", [](ranks b, settings w, places s) -> result<count> { return copeland(b, w, s); }},
    {"copeland_second_order", "Copeland, second order", "Bartholdi, Tovey, Trick 1989", "unranked ties", [](ranks b, settings w, places s) -> result<count> { return copeland_second_order(b, w, s); }},
    {"copeland_snapshot", "Copeland with average support", "snapshot.js", "ties", [](ranks b, settings w, places s) -> result<count> { return copeland_support(b, w, s); }},
    {"minimax", "Minimax (Simpson-Kramer)", "Simpson 1969, Kramer 1977", "unranked strength ties", [](ranks b, settings w, places s) -> result<count> { return minimax(b, w, s); }},
    {"schulze", "Schulze", "Schulze 2011", "unranked strength ties", [](ranks b, settings w, places s) -> result<count> { return schulze(b, w, s); }},
    {"ranked_pairs", "Ranked pairs", "Tideman 1987", "unranked strength ties", [](ranks b, settings w, places s) -> result<count> { return ranked_pairs(b, w, s); }},
    {"kemeny", "Kemeny-Young", "Kemeny 1959", "unranked ties", [](ranks b, settings w, places s) -> result<count> { return kemeny(b, w, s); }},
    {"dodgson", "Dodgson", "Dodgson 1876", "unranked ties", [](ranks b, settings w, places s) -> result<count> { return dodgson(b, w, s); }},
    {"dodgson_quick", "Dodgson, quick approximation", "McCabe-Dansted, Pritchard, Slinko 2008", "unranked ties", [](ranks b, settings w, places s) -> result<count> { return dodgson_quick(b, w, s); }},
    {"dodgson_tideman", "Dodgson, Tideman's approximation", "Tideman 1987", "unranked ties", [](ranks b, settings w, places s) -> result<count> { return dodgson_tideman(b, w, s); }},
    {"cssd", "Debian's count without a default option", "Debian constitution 1.2, A.6", "", [](ranks b, settings, places s) -> result<count> {
         if (auto ok = one_seat(s, "cssd"); !ok) return ok.error();
         return debian(b, {});
     }},
};

/// A rule of single transferable vote by its name; of the conventions the chain against ties is added to the rule's own.
template <stv_rules (*Rules)()>
result<count> by_stv(ranks b, settings with, places seats) {
    auto rules = Rules();
    rules.ties.insert(rules.ties.end(), with.ties.begin(), with.ties.end());
    return stv(b, rules, seats);
}

constexpr method runoff_methods[]{
    {"plurality", "Plurality, single non-transferable vote", "first past the post", "equal skipped ties", [](ranks b, settings w, places s) -> result<count> { return plurality(b, w, s); }},
    {"bloc", "Bloc voting", "plurality at large", "equal skipped ties", [](ranks b, settings w, places s) -> result<count> { return bloc(b, w, s); }},
    {"two_round", "Two rounds", "France, Constitution, article 7", "equal skipped ties", [](ranks b, settings w, places s) -> result<count> { return two_round(b, w, s); }},
    {"bucklin", "Bucklin", "Grand Junction, charter of 1909", "equal skipped ties", [](ranks b, settings w, places s) -> result<count> { return bucklin(b, w, s); }},
    {"irv", "Instant runoff", "Ware 1871", "equal skipped ties", [](ranks b, settings w, places s) -> result<count> { return irv(b, w, s); }},
    {"approval_irv", "Approval-IRV", "Delemazure, Peters 2024", "skipped ties", [](ranks b, settings w, places s) -> result<count> { return approval_irv(b, w, s); }},
    {"coombs", "Coombs", "Coombs 1964", "unranked equal skipped ties", [](ranks b, settings w, places s) -> result<count> { return coombs(b, w, s); }},
    {"baldwin", "Baldwin", "Baldwin 1926", "unranked ties", [](ranks b, settings w, places s) -> result<count> { return baldwin(b, w, s); }},
    {"nanson", "Nanson", "Nanson 1882", "unranked ties", [](ranks b, settings w, places s) -> result<count> { return nanson(b, w, s); }},
    {"benham", "Benham", "Benham, described by Green-Armytage 2011", "unranked equal skipped ties", [](ranks b, settings w, places s) -> result<count> { return benham(b, w, s); }},
    {"smith_irv", "Smith-IRV", "Green-Armytage 2011", "unranked equal skipped ties", [](ranks b, settings w, places s) -> result<count> { return smith_irv(b, w, s); }},
    {"tideman_alternative", "Tideman's alternative", "Tideman 2006", "unranked equal skipped ties", [](ranks b, settings w, places s) -> result<count> { return tideman_alternative(b, w, s); }},
};

constexpr method transferable_methods[]{
    {"stv", "Single transferable vote, weighted inclusive Gregory", "Gregory 1880", "quota arithmetic equal skipped ties", [](ranks b, settings w, places s) -> result<count> { return stv(b, w, s); }},
    {"scotland", "Single transferable vote in Scotland", "SSI 2007/42", "ties", by_stv<stv_scotland>},
    {"wigm", "Weighted inclusive Gregory, guarded decimals", "jklundell/droop", "ties", by_stv<stv_wigm>},
    {"wigm-prf", "Weighted inclusive Gregory, reference rule", "Proportional Representation Foundation", "ties", by_stv<stv_wigm_prf>},
    {"wigm-prf-batch", "The same, sure losers at once", "Proportional Representation Foundation", "ties", by_stv<stv_wigm_prf_batch>},
    {"cfer", "California choice voting", "Californians for Electoral Reform", "ties", by_stv<stv_cfer>},
    {"cfer-batch", "The same, with defeats at once", "Californians for Electoral Reform", "ties", by_stv<stv_cfer_batch>},
    {"mpls", "Single transferable vote in Minneapolis", "Code of Ordinances 167.70 (2009)", "ties", by_stv<stv_minneapolis>},
    {"albany", "Single transferable vote with a moving quota", "Albany, California, 2022", "ties", by_stv<stv_albany>},
    {"meek", "Meek", "Hill, Wichmann, Woodall 1987", "ties", by_stv<stv_meek>},
    {"meek-prf", "Meek, reference rule", "Proportional Representation Foundation", "ties", by_stv<stv_meek_prf>},
    {"warren", "Warren", "Hill, Warren 2005", "ties", by_stv<stv_warren>},
    {"qpq", "Quota preferential by quotient", "Woodall 2003", "ties", by_stv<stv_qpq>},
    {"cpo_stv", "CPO-STV", "Tideman 1995", "equal skipped", [](ranks b, settings w, places s) -> result<count> { return cpo_stv(b, w, s); }},
    {"sequential_stv", "Sequential STV, by Meek", "Hill 2002", "ties", [](ranks b, settings w, places s) -> result<count> {
         auto rules = stv_meek();
         rules.ties = w.ties;
         return sequential_stv(b, rules, s);
     }},
};

constexpr method party_methods[]{
    {"dhondt", "D'Hondt, of first preferences", "D'Hondt 1882", "ties", by_divisors<divisors::dhondt>},
    {"sainte_lague", "Sainte-Laguë, of first preferences", "Sainte-Laguë 1910", "ties", by_divisors<divisors::sainte_lague>},
    {"modified_sainte_lague", "Sainte-Laguë from 1.4, of first preferences", "Norway, election act", "ties", by_divisors<divisors::modified_sainte_lague>},
    {"huntington_hill", "Huntington-Hill, of first preferences", "Huntington 1921", "ties", by_divisors<divisors::huntington_hill>},
    {"adams", "Adams, of first preferences", "Adams 1832", "ties", by_divisors<divisors::adams>},
    {"imperiali", "Imperiali's divisors, of first preferences", "Belgium, communal elections", "ties", by_divisors<divisors::imperiali>},
    {"danish", "Danish divisors, of first preferences", "Denmark, election act", "ties", by_divisors<divisors::danish>},
    {"party_stv", "Transferable vote for parties", "Gregory 1880", "quota ties", party_stv},
    {"largest_remainder", "Largest remainders, of first preferences", "Hamilton 1792, Hare 1857", "quota ties", [](ranks b, settings w, places s) -> result<count> { return largest_remainder(first_preferences(b), w, s); }},
};

constexpr method rated_methods[]{
    {"approval", "Approval, bloc approval", "Brams, Fishburn 1978", "ties", nullptr, [](marks b, settings w, places s) -> result<count> { return approval(b, w, s); }},
    {"dis_approval", "Combined approval", "Felsenthal 1989", "ties", nullptr, [](marks b, settings w, places s) -> result<count> { return dis_approval(b, w, s); }},
    {"satisfaction_approval", "Satisfaction approval", "Brams, Kilgour 2010", "ties", nullptr, [](marks b, settings w, places s) -> result<count> { return satisfaction_approval(b, w, s); }},
    {"score_sum", "Score, by sum", "range voting", "ties", nullptr, by_scores<score_rule::value::sum>},
    {"score_mean", "Score, by mean", "range voting", "ties", nullptr, by_scores<score_rule::value::mean>},
    {"score_median", "Score, by lower median", "range voting", "ties", nullptr, by_scores<score_rule::value::median>},
    {"cumulative", "Cumulative", "Illinois 1870", "ties", nullptr, [](marks b, settings w, places s) -> result<count> { return cumulative(b, w, s); }},
    {"star", "STAR, bloc STAR", "Equal Vote Coalition", "ties", nullptr, [](marks b, settings w, places s) -> result<count> { return star(b, w, s); }},
    {"allocated_score", "Allocated score", "Equal Vote Coalition", "ties", nullptr, [](marks b, settings w, places s) -> result<count> { return allocated_score(b, w, s); }},
    {"majority_judgment", "Majority judgment", "Balinski, Laraki 2011", "ties", nullptr, by_medians<median_ties::successive>},
    {"majority_judgment_gauge", "Highest median, by majority gauge", "Balinski, Laraki 2007", "ties", nullptr, by_medians<median_ties::gauge>},
    {"majority_judgment_typical", "Highest median, typical judgment", "Fabre 2021", "ties", nullptr, by_medians<median_ties::typical>},
    {"majority_judgment_plus", "Highest median, most at or above it", "Bosworth", "ties", nullptr, by_medians<median_ties::plus>},
    {"pav", "Proportional approval", "Thiele 1895", "ties", nullptr, pav},
    {"sequential_pav", "Proportional approval, seat by seat", "Thiele 1895", "ties", nullptr, [](marks b, settings w, places s) -> result<count> { return sequential_pav(b, w, s); }},
    {"chamberlin_courant", "Chamberlin-Courant", "Chamberlin, Courant 1983", "ties", nullptr, chamberlin_courant},
    {"minimax_approval", "Minimax approval", "Brams, Kilgour, Sanver 2007", "ties", nullptr, minimax_approval},
    {"monroe", "Monroe", "Monroe 1995", "ties", nullptr, monroe},
    {"seq_phragmen", "Phragmén, seat by seat", "Phragmén 1894", "ties", nullptr, [](marks b, settings w, places s) -> result<count> { return seq_phragmen(b, w, s); }},
    {"equal_shares", "Equal shares", "Peters, Skowron 2020", "ties", nullptr, [](marks b, settings w, places s) -> result<count> { return equal_shares(b, w, s); }},
    {"quadratic_credits", "Quadratic, 100 credits", "Posner, Weyl 2015", "ties", nullptr, [](marks b, settings w, places s) -> result<count> { return quadratic_credits(b, w, s); }},
    {"weighted_snapshot", "Weighted, shares of power 1", "snapshot.js", "ties", nullptr, [](marks b, settings w, places s) -> result<count> { return weighted_shares(b, w, s); }},
    {"quadratic_snapshot", "Quadratic, shares of power 1", "snapshot.js", "ties", nullptr, [](marks b, settings w, places s) -> result<count> { return quadratic_shares(b, w, s); }},
    {"liquid_feedback", "LiquidFeedback, grades against the status quo", "LiquidFeedback core 3.0.4", "", nullptr, [](marks b, settings, places s) -> result<count> {
         if (auto ok = one_seat(s, "liquid_feedback"); !ok) return ok.error();
         return liquid_feedback(b);
     }},
};

}  // namespace

const std::vector<method>& methods() {
    static const std::vector<method> all = [] {
        std::vector<method> list;
        const auto          join = [&](const auto& family) { list.insert(list.end(), std::begin(family), std::end(family)); };
        join(positional_methods);
        join(pair_methods);
        join(runoff_methods);
        join(transferable_methods);
        join(party_methods);
        join(rated_methods);
        return list;
    }();
    return all;
}

result<method> find_method(std::string_view name) {
    std::vector<std::string_view> names;
    for (const auto& m : methods()) {
        if (m.name == name) return m;
        names.push_back(m.name);
    }
    const auto near = closest(name, names);
    return make_error(errc::not_found, "there is no method \"" + detail::printable(name) + "\"", {}, near.empty() ? "methods() lists them" : "did you mean " + std::string(near) + "?");
}

result<count> recount(const ranked_ballots& ballots, std::string_view name, const conventions& with, std::size_t seats) {
    const auto m = find_method(name);
    if (!m) return m.error();
    if (m->ranked == nullptr) return make_error(errc::invalid, std::string(name) + " counts scores, and these are rankings");
    auto c = m->ranked(ballots, with, seats);
    if (c) c->method = std::string(name);
    return c;
}
result<count> recount(const rated_ballots& ballots, std::string_view name, const conventions& with, std::size_t seats) {
    const auto m = find_method(name);
    if (!m) return m.error();
    if (m->rated == nullptr) return make_error(errc::invalid, std::string(name) + " counts rankings, and these are scores");
    auto c = m->rated(ballots, with, seats);
    if (c) c->method = std::string(name);
    return c;
}
result<count> recount(const ballot_file& file, std::string_view name, const conventions& with) {
    return std::visit([&](const auto& b) { return recount(without(b, file.withdrawn), name, with, file.seats); }, file.ballots);
}

}  // namespace quorate::tally
