// Instant runoff and its relatives: the weakest option is dropped and its ballots go on, until one is left. Where several are weakest,
// `runoff_rules` and the chain against ties say who goes; a tie that stands leaves everyone undecided who might still win.
//
// In all of them: zero options, nobody is elected; zero ballots, all options are level; several seats go to the last ones left, in the
// order in which the others were dropped; with at least as many seats as options all are elected.
#pragma once

#include <quorate/tally/elimination.hpp>
#include <quorate/tally/ties.hpp>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace quorate::tally {

/// Instant runoff (IRV, the alternative vote): the fewest first preferences go. Reads `equal` (split: split-IRV; whole: approval-IRV;
/// exhaust: Maine's overvotes), `skipped` and `ties`.
[[nodiscard]] inline count irv(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1,
                               const runoff_rules& how = {}) {
    return detail::elimination("irv", ballots, with, seats, how).run_off();
}

/// Approval-IRV (Delemazure and Peters, Generalizing instant runoff voting to allow for indifferences, 2024): a ballot counts wholly for
/// each of its best options left. Nobody wins by a majority, since several may have one. Otherwise as `irv`.
[[nodiscard]] inline count approval_irv(const ranked_ballots& ballots, conventions with = {}, std::size_t seats = 1,
                                        runoff_rules how = {}) {
    with.equal = equal_ranks::whole;
    how.majority = majority::ignored;
    return detail::elimination("approval_irv", ballots, with, seats, how).run_off();
}

/// Instant runoff in every way in which ties can be broken: whoever wins in one of them is undecided, or elected if they are alone. One
/// seat. Refuses more than `most_universes` states. Reads `equal` (an exhausted overvote is judged in each state anew), `skipped`.
[[nodiscard]] inline result<count> irv_universes(const ranked_ballots& ballots, const conventions& with = {}) {
    auto                        c = detail::begun(with.equal == equal_ranks::whole ? "approval_irv_put" : "irv_put", ballots, 1);
    std::set<option>            winners;
    std::set<std::vector<bool>> seen;
    std::vector<std::vector<bool>> open;
    if (!c.options.empty()) open.emplace_back(c.options.size(), true);
    while (!open.empty()) {
        const auto in = std::move(open.back());
        open.pop_back();
        if (!seen.insert(in).second) continue;
        if (seen.size() > most_universes) {
            return make_error(errc::limit, "ties branch into more than " + std::to_string(most_universes) + " states");
        }
        const auto left = detail::every(in);
        if (left.size() == 1) {
            winners.insert(left.front());
            continue;
        }
        const auto now = detail::top_votes(ballots, with).count(in);
        auto       fewest = now.votes[left.front()];
        for (const auto o : left) fewest = std::min(fewest, now.votes[o]);
        auto r = detail::round_of(std::to_string(left.size()) + " left", in, now.votes, {}, ballots.total() - now.continuing);
        for (const auto o : left) {
            if (now.votes[o] != fewest) continue;
            r.dropped.push_back(o);
            open.push_back(in);
            open.back()[o] = false;
        }
        if (r.dropped.size() > 1) r.why = "each of those with the fewest may be the one that goes";
        c.rounds.push_back(std::move(r));
    }
    c.order = in_tiers(c.options.size(), [&](option a, option b) { return winners.contains(a) && !winners.contains(b); });
    conventions no_chain;
    return detail::elect_from_order(std::move(c), ballots, no_chain);
}
/// Approval-IRV in parallel universes; as `irv_universes`.
[[nodiscard]] inline result<count> approval_irv_universes(const ranked_ballots& ballots, conventions with = {}) {
    with.equal = equal_ranks::whole;
    return irv_universes(ballots, with);
}

namespace detail {

/// How many ballots have each option left as their worst one.
inline std::vector<number> last_votes(const papers& papers, const conventions& with, const std::vector<bool>& in) {
    vote_sums sums(in.size());
    for (std::size_t row = 0; row < papers.rows(); ++row) {
        std::vector<bool>   ranked(in.size(), false);
        std::vector<option> worst;
        for (auto t = papers.first_tier(row); t != papers.first_tier(row + 1); ++t) {
            std::vector<option> here;
            for (const auto o : papers.tier(t)) {
                ranked[o] = true;
                if (in[o]) here.push_back(o);
            }
            if (!here.empty()) worst = std::move(here);
        }
        if (with.unranked == unranked_options::last) {
            std::vector<option> below;
            for (option o = 0; o < in.size(); ++o) {
                if (in[o] && !ranked[o]) below.push_back(o);
            }
            if (!below.empty()) worst = std::move(below);
        }
        if (!worst.empty()) give_tier(sums, worst, papers.count(row), with.equal);
    }
    std::vector<number> votes;
    for (option o = 0; o < in.size(); ++o) votes.push_back(sums.of(o));
    return votes;
}

/// Symmetric Borda counts among those left, from comparisons: a win of a ballot is 1, a level or missing comparison 1/2.
inline std::vector<number> borda_among(const comparisons& c, const std::vector<bool>& in) {
    std::vector<number> scores(in.size(), 0);
    for (const auto a : every(in)) {
        std::int64_t twice = 0;
        for (const auto b : every(in)) {
            if (a != b) twice += c.votes(a, b) - c.votes(b, a) + c.ballots();
        }
        scores[a] = number::fraction(twice, 2);
    }
    return scores;
}

/// The one that beats every other one among those left.
inline std::optional<option> condorcet_among(const comparisons& c, const std::vector<option>& left) {
    for (const auto a : left) {
        if (std::all_of(left.begin(), left.end(), [&](option b) { return a == b || c.beats(a, b); })) return a;
    }
    return std::nullopt;
}
/// The Smith set of those left alone.
inline std::vector<option> smith_among(const comparisons& c, const std::vector<option>& left) {
    std::vector<std::string>               names;
    std::vector<std::vector<std::int64_t>> votes;
    for (const auto a : left) {
        names.push_back(c.options()[a]);
        votes.emplace_back();
        for (const auto b : left) votes.back().push_back(a == b ? 0 : c.votes(a, b));
    }
    std::vector<option> set;
    for (const auto i : smith_set(comparisons::make(std::move(names), c.ballots(), std::move(votes)).value())) set.push_back(left[i]);
    return set;
}
inline std::vector<option> others(const std::vector<option>& all, const std::vector<option>& set) {
    std::vector<option> rest;
    std::copy_if(all.begin(), all.end(), std::back_inserter(rest),
                 [&](option o) { return std::find(set.begin(), set.end(), o) == set.end(); });
    return rest;
}

}  // namespace detail

/// Coombs: unless someone has a majority of first preferences, whoever most ballots rank last goes. Reads `unranked` (last: an unranked
/// option is below all ranked ones), `equal`, `skipped` and `ties`.
[[nodiscard]] inline count coombs(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1,
                                  const runoff_rules& how = {}) {
    detail::elimination run("coombs", ballots, with, seats, how);
    detail::top_votes   top(ballots, with);
    while (run.left().size() > 1) {
        const auto now = top.count(run.in());
        const auto first = run.tiers_of(now.votes);
        const auto base = how.majority == majority::of_ballots ? ballots.total() : now.continuing;
        if (how.majority != majority::ignored && multiply(now.votes[first.front().front()], 2) > number(base)) {
            run.show("first preferences", now.votes, now.continuing, "more than half of " + std::to_string(base));
            return run.finish(first);
        }
        const auto last = detail::last_votes(top.all(), with, run.in());
        run.show("last preferences", last, now.continuing);
        auto least_liked = last;
        for (auto& v : least_liked) v = negate(v);
        if (!run.drop_weakest(least_liked)) break;
    }
    return run.finish();
}

/// Baldwin (1926): the lowest Borda count among those left goes. Reads `unranked` and `ties`; Borda counts are symmetric, so that
/// equal ranks and unranked options share.
[[nodiscard]] inline count baldwin(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1,
                                   const runoff_rules& how = {}) {
    detail::elimination run("baldwin", ballots, with, seats, how);
    const auto          c = compare(ballots, with);
    run.working().matrices.push_back(table_of(c));
    while (run.left().size() > 1) {
        const auto scores = detail::borda_among(c, run.in());
        run.show("Borda counts", scores, ballots.total());
        if (!run.drop_weakest(scores)) break;
    }
    return run.finish();
}

/// Whom Nanson's method drops.
enum class nanson_rule : std::uint8_t {
    weak,    ///< everyone whose Borda count is not above the average (Nanson 1882)
    strict,  ///< everyone whose Borda count is below the average
};
/// Nanson: everyone with a Borda count up to the average (or below it) goes at once. Where that would be everyone, or nobody, those
/// left are level. Reads `unranked` and `ties`; Borda counts as in `baldwin`.
[[nodiscard]] inline count nanson(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1,
                                  nanson_rule rule = nanson_rule::weak) {
    detail::elimination run("nanson", ballots, with, seats, {});
    const auto          c = compare(ballots, with);
    run.working().matrices.push_back(table_of(c));
    while (run.left().size() > 1) {
        const auto scores = detail::borda_among(c, run.in());
        const auto left = run.left();
        // Each pair shares all ballots, so this is exact.
        const auto          average = number::fraction(ballots.total(), 1);
        const auto          bar = *divide(multiply(average, static_cast<std::int64_t>(left.size()) - 1), 2);
        std::vector<option> gone;
        for (const auto o : left) {
            if (rule == nanson_rule::weak ? scores[o] <= bar : scores[o] < bar) gone.push_back(o);
        }
        run.show("Borda counts", scores, ballots.total(), "the average is " + to_string(bar));
        if (gone.empty() || gone.size() == left.size()) break;
        run.drop(gone, rule == nanson_rule::weak ? "not above it" : "below it");
    }
    return run.finish();
}

/// Benham: instant runoff until someone beats everyone who is left. Reads `unranked` for comparisons; otherwise as `irv`.
[[nodiscard]] inline count benham(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1,
                                  runoff_rules how = {}) {
    how.majority = majority::ignored;
    detail::elimination run("benham", ballots, with, seats, how);
    const auto          c = compare(ballots, with);
    run.working().matrices.push_back(table_of(c));
    return run.run_off([&](const detail::elimination& now) { return detail::condorcet_among(c, now.left()); });
}

/// Smith-IRV: everyone outside the Smith set goes, then instant runoff. Reads `unranked` for comparisons; otherwise as `irv`.
[[nodiscard]] inline count smith_irv(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1,
                                     const runoff_rules& how = {}) {
    detail::elimination run("smith_irv", ballots, with, seats, how);
    const auto          c = compare(ballots, with);
    run.working().matrices.push_back(table_of(c));
    run.drop(detail::others(run.left(), smith_set(c)), "outside the Smith set");
    return run.run_off();
}

/// Tideman's alternative method: everyone outside the Smith set of those left goes, then the fewest first preferences, and so on.
/// Reads `unranked` for comparisons; otherwise as `irv`, without majorities.
[[nodiscard]] inline count tideman_alternative(const ranked_ballots& ballots, const conventions& with = {}, std::size_t seats = 1,
                                               const runoff_rules& how = {}) {
    detail::elimination run("tideman_alternative", ballots, with, seats, how);
    const auto          c = compare(ballots, with);
    run.working().matrices.push_back(table_of(c));
    detail::top_votes top(ballots, with);
    while (run.left().size() > 1) {
        run.drop(detail::others(run.left(), detail::smith_among(c, run.left())), "outside the Smith set");
        if (run.left().size() == 1) break;
        const auto now = top.count(run.in());
        run.show("round " + std::to_string(run.working().rounds.size() + 1), now.votes, now.continuing);
        if (!run.drop_weakest(now.votes)) break;
    }
    return run.finish();
}

}  // namespace quorate::tally
