// How Debian counts: a default option, a quorum and a majority against it, then a Schwartz set from which the weakest defeats are dropped
// together until no defeat is left in it. (Debian's constitution, 4.2(7) and A.6 in versions 1.2 to 1.7, A.5 from 1.8 on.)
// What it counted by before 2003 (constitution 1.0 and 1.1, "Concorde" with a transferable vote) is not here.
#pragma once

#include <quorate/tally/condorcet.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace quorate::tally {

/// How an option passes the default option D with ratio N.
enum class majority_test : std::uint8_t {
    above,                ///< V(A,D) > N * V(D,A): constitution 1.2 to 1.5
    at_least_and_beats,   ///< V(A,D) >= N * V(D,A) and V(A,D) > V(D,A): since 1.6 (December 2015)
};

/// What one vote is counted by.
struct debian_rules {
    /// The option that changes nothing; none where somebody has to be chosen (the chair of the Technical Committee).
    std::optional<option> default_option;
    /// R: whatever fewer than R ballots prefer to the default is out. Any exact number, see `debian_quorum`.
    number                quorum = 0;
    /// N, for each option in turn; none at all: 1 for each. That of the default is 1.
    std::vector<number>   ratios;
    majority_test         majority = majority_test::at_least_and_beats;
    /// Whom the elector with the casting vote chooses. Needed only if more than one option is left; the count is paused without it.
    std::optional<option> casting_vote;
};

/// R = 3Q, Q = sqrt(n)/2, of n developers: not rounded. Precondition: n is not negative.
[[nodiscard]] inline number debian_quorum(std::int64_t developers) { return multiply(*square_root(developers), number::fraction(3, 2)); }

namespace detail {

inline result<void> check_debian(const comparisons& c, const debian_rules& rules) {
    if (rules.default_option && *rules.default_option >= c.size()) {
        return make_error(errc::invalid, "the default option has place " + std::to_string(*rules.default_option) + ", and there are " +
                                             std::to_string(c.size()) + " options, from 0 on");
    }
    if (rules.casting_vote && *rules.casting_vote >= c.size()) return make_error(errc::invalid, "the casting vote names no option");
    if (rules.quorum.sign() < 0) return make_error(errc::invalid, "a quorum is not negative");
    if (!rules.default_option && (rules.quorum.sign() != 0 || !rules.ratios.empty())) {
        return make_error(errc::invalid, "a quorum and ratios are measured against the default option, and there is none");
    }
    if (!rules.ratios.empty() && rules.ratios.size() != c.size()) {
        return make_error(errc::invalid, "one ratio for each of the " + std::to_string(c.size()) + " options, or none at all, not " +
                                             std::to_string(rules.ratios.size()));
    }
    for (option o = 0; o < rules.ratios.size(); ++o) {
        const bool is_default = o == *rules.default_option;
        if (is_default ? rules.ratios[o] == number(1) : rules.ratios[o] >= number(1)) continue;
        return make_error(errc::invalid, "\"" + c.options()[o] + "\" has the ratio " + to_string(rules.ratios[o]) +
                                             (is_default ? ": the default option has 1" : ": a ratio is at least 1"));
    }
    return {};
}

/// Why an option does not pass the default; empty when it does. Quorum first.
struct debian_bar {
    bool        quorum = false;
    std::string why;
};
inline debian_bar bar_of(const comparisons& c, const debian_rules& rules, option a) {
    const auto d = *rules.default_option;
    const auto for_a = c.votes(a, d), for_d = c.votes(d, a);
    const auto is = c.options()[a] + " has " + std::to_string(for_a);
    if (number(for_a) < rules.quorum) return {true, is + " over the default, the quorum is " + to_string(rules.quorum)};
    const auto ratio = rules.ratios.empty() ? number(1) : rules.ratios[a];
    const auto needed = multiply(ratio, for_d);
    const bool passes = rules.majority == majority_test::above ? number(for_a) > needed : number(for_a) >= needed && for_a > for_d;
    if (passes) return {};
    const auto sign = rules.majority == majority_test::above || ratio == number(1) ? "more than " : "at least ";
    return {false, is + " to " + std::to_string(for_d) + " against the default, it needs " + sign + to_string(ratio) + " to 1"};
}

/// Drops the options that don't pass the default, and shows each test in a round of its own.
inline std::vector<option> pass_default(const comparisons& c, const debian_rules& rules, count& all) {
    std::vector<option> left;
    round               by_quorum{.what = "quorum", .options = {}, .values = {}, .elected = {}, .dropped = {}, .why = {}, .exhausted = {}};
    auto                by_majority = by_quorum;
    by_majority.what = "majority over the default";
    for (option a = 0; a < c.size(); ++a) {
        if (a == rules.default_option) {
            left.push_back(a);
            continue;
        }
        const auto bar = bar_of(c, rules, a);
        const auto votes = c.votes(a, *rules.default_option);
        by_quorum.options.push_back(a);
        by_quorum.values.emplace_back(votes);
        if (!bar.quorum) {
            by_majority.options.push_back(a);
            by_majority.values.emplace_back(votes);
        }
        if (bar.why.empty()) {
            left.push_back(a);
            continue;
        }
        auto& r = bar.quorum ? by_quorum : by_majority;
        r.dropped.push_back(a);
        r.why += (r.why.empty() ? "" : "; ") + bar.why;
    }
    all.quota = rules.quorum;
    all.rounds.push_back(std::move(by_quorum));
    all.rounds.push_back(std::move(by_majority));
    return left;
}

/// The Schwartz set of some options by the defeats that are left.
inline std::vector<option> schwartz_of(const std::vector<option>& among, const std::vector<defeat>& defeats, std::size_t options) {
    relation reaches(options);
    for (const auto& d : defeats) reaches.set(d.winner, d.loser);
    reaches.close();
    std::vector<option> all;
    for (const auto a : among) {
        const auto stands_above = [&](option b) { return reaches.holds(b, a) && !reaches.holds(a, b); };
        if (std::none_of(among.begin(), among.end(), stands_above)) all.push_back(a);
    }
    return all;
}

/// Drops all weakest defeats inside the Schwartz set together, again and again, until there is none inside.
inline std::vector<option> drop_defeats(const comparisons& c, const std::vector<option>& among, count& all) {
    const auto in = [](const std::vector<option>& set, option o) { return std::find(set.begin(), set.end(), o) != set.end(); };
    auto       defeats = defeats_of(c);
    std::erase_if(defeats, [&](const defeat& d) { return !in(among, d.winner) || !in(among, d.loser); });
    // A.6(7): fewer votes for it, or as many and more against it
    const auto weaker = [](const defeat& a, const defeat& b) { return a.votes != b.votes ? a.votes < b.votes : a.against > b.against; };
    while (true) {
        auto       schwartz = schwartz_of(among, defeats, c.size());
        const auto inside = [&](const defeat& d) { return in(schwartz, d.winner) && in(schwartz, d.loser); };
        const defeat* weakest = nullptr;
        for (const auto& d : defeats) {
            if (inside(d) && (weakest == nullptr || weaker(d, *weakest))) weakest = &d;
        }
        round r{.what = "Schwartz set", .options = schwartz, .values = {}, .elected = {}, .dropped = {}, .why = {}, .exhausted = {}};
        if (weakest == nullptr) {
            r.why = "no defeats inside";
            all.rounds.push_back(std::move(r));
            return schwartz;
        }
        const auto limit = *weakest;
        const auto goes = [&](const defeat& d) { return inside(d) && !weaker(limit, d); };
        for (const auto& d : defeats) {
            if (goes(d)) r.why += (r.why.empty() ? "dropped as weakest: " : "; ") + text_of(d, c);
        }
        all.rounds.push_back(std::move(r));
        std::erase_if(defeats, goes);
    }
}

}  // namespace detail

/// Debian's count of one vote. The default option wins when nothing passes it. Several options left are `undecided` and the count is
/// paused until there is a casting vote; one for an option that is not among them is refused, as are rules that fit no ballot
/// paper. The rounds are the two tests, then each Schwartz set with what was dropped in it; `quota` is the quorum. Without options nobody is
/// elected; without ballots, or all equal, the default wins, or without a default all are undecided.
[[nodiscard]] inline result<count> debian(const comparisons& c, const debian_rules& rules) {
    if (auto ok = detail::check_debian(c, rules); !ok) return ok.error();
    auto                all = detail::begin(rules.default_option ? "debian_cssd" : "cssd_no_default", c, 1);
    std::vector<option> left;
    if (rules.default_option) left = detail::pass_default(c, rules, all);
    else
        for (option o = 0; o < c.size(); ++o) left.push_back(o);
    const auto last = detail::drop_defeats(c, left, all);
    if (last.size() <= 1) {
        all.elected = last;
        return all;
    }
    tie level{.where = "Schwartz set without defeats", .options = last, .broken_by = {}, .ahead = {}};
    if (!rules.casting_vote) {
        all.undecided = last;
        all.paused = true;
    } else if (std::find(last.begin(), last.end(), *rules.casting_vote) == last.end()) {
        return make_error(errc::invalid, "the casting vote is for \"" + c.options()[*rules.casting_vote] + "\", which is not in the last Schwartz set", {},
                          "it chooses among the options in `undecided` of the count without it");
    } else {
        all.elected = {*rules.casting_vote};
        level.broken_by = name_of(tie_break::kind::casting_vote);
        level.ahead = all.elected;
    }
    all.ties.push_back(std::move(level));
    return all;
}
/// The same from ballots: what they don't rank is below all they do.
[[nodiscard]] inline result<count> debian(const ranked_ballots& b, const debian_rules& rules) { return debian(compare(b), rules); }

}  // namespace quorate::tally
