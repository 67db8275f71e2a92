// Debian's own votes: {"votes": [{"id", "counting_rule", "options", "default_option", "developers", "quorum", "majority_ratio", "ballots",
// "pairwise", "published", "recount", ...}]}. Each is counted again from its ballots, and everything that is known of it compared: the
// table, the quorum, what was dropped and who won. Votes of 1999 have no ballots left: their published table is counted.
#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <quorate/tally/debian.hpp>

#include "tally.hpp"

namespace conformance {
namespace {

using namespace quorate::tally;
using quorate::number;

using table = std::vector<std::vector<std::int64_t>>;
using places = std::vector<std::int64_t>;

/// A key that is there and not null.
const json::value* given(const json::object& o, std::string_view key) {
    const auto* v = o.if_contains(key);
    return v == nullptr || v->is_null() ? nullptr : v;
}
places read_places(const json::value& v) {
    places all;
    for (const auto& n : v.as_array()) all.push_back(n.to_number<std::int64_t>());
    std::sort(all.begin(), all.end());
    return all;
}
places places_of(std::vector<option> list) {
    std::sort(list.begin(), list.end());
    return {list.begin(), list.end()};
}
table read_table(const json::value& v) {
    table all;
    for (const auto& row : v.as_array()) {
        all.emplace_back();
        for (const auto& n : row.as_array()) all.back().push_back(n.to_number<std::int64_t>());
    }
    return all;
}

/// Collects what differs.
class checks {
public:
    template <class T>
    void same(std::string_view what, const T& expected, const T& found) {
        ++made_;
        if (expected != found) wrong_ += fmt::format("{}{}: expected {}, found {}", wrong_.empty() ? "" : "; ", what, expected, found);
    }
    void holds(std::string_view what, bool ok) { same(what, true, ok); }
    [[nodiscard]] case_result result(std::string id, std::string account) const {
        if (made_ == 0) return skipped(std::move(id), "nothing is recorded that could be compared");
        return wrong_.empty() ? passed(std::move(id), std::move(account)) : failed(std::move(id), wrong_, std::move(account));
    }

private:
    std::string wrong_;
    int         made_ = 0;
};

struct vote {
    const json::object&      raw;
    std::string              id;
    std::string              rule;
    std::vector<std::string> options;
};

ranked_ballots read_ballots(const vote& v) {
    auto all = ranked_ballots::make(v.options).value();
    for (const auto& b : v.raw.at("ballots").as_array()) {
        std::vector<rank> ranks;
        for (const auto& r : b.at("ranks").as_array()) ranks.push_back(r.is_null() ? unranked : r.to_number<rank>());
        all.add(std::span<const rank>(ranks), b.at("count").to_number<std::int64_t>()).value();
    }
    return all;
}

/// A published table of all pairs, or of [winner, loser, votes, against] for each defeat.
std::optional<table> published_table(const vote& v) {
    if (const auto* all = given(v.raw, "published_pairwise")) return read_table(*all);
    if (const auto* beats = given(v.raw, "published_beats")) {
        table all(v.options.size(), std::vector<std::int64_t>(v.options.size()));
        for (const auto& b : beats->as_array()) {
            const auto one = [&](std::size_t i) { return b.at(i).to_number<std::size_t>(); };
            all.at(one(0)).at(one(1)) = b.at(2).to_number<std::int64_t>();
            all.at(one(1)).at(one(0)) = b.at(3).to_number<std::int64_t>();
        }
        return all;
    }
    if (const auto* all = given(v.raw, "pairwise")) return read_table(*all);
    return std::nullopt;
}

/// Whether the exact number is what is written with ten digits.
bool is_written(const number& exact, const number& written) {
    const auto within = number::fraction(1, 1'000'000'000);
    return exact >= *subtract(written, within) && exact <= *add(written, within);
}
number number_of(const json::value& v) {
    const auto n = exact_number(v);
    if (!n) throw unreadable("a value that should be a number is none");
    return *n;
}

/// The version of the majority test: as the vote says, else by its year.
majority_test majority_of(const vote& v) {
    const auto says = [&](std::string_view word) { return v.rule.find(word) != std::string::npos; };
    if (says("1.6") || says(">=")) return majority_test::at_least_and_beats;
    if (says("1.2") || says("1.0") || says("> N")) return majority_test::above;
    return majority_test_of(v.id);
}

debian_rules read_rules(const vote& v, checks& check) {
    debian_rules rules;
    rules.majority = majority_of(v);
    const auto* d = given(v.raw, "default_option");
    if (d == nullptr) return rules;
    rules.default_option = d->to_number<option>();
    if (const auto* developers = given(v.raw, "developers")) {
        const auto n = developers->to_number<std::int64_t>();
        rules.quorum = debian_quorum(n);
        const auto q = multiply(*quorate::square_root(n), number::fraction(1, 2));
        if (const auto* written = given(v.raw, "Q")) check.holds("Q is sqrt(developers)/2", is_written(q, number_of(*written)));
        if (const auto* written = given(v.raw, "K")) check.holds("K is the smaller of Q and 5", is_written(std::min(q, number(5)), number_of(*written)));
        if (const auto* written = given(v.raw, "quorum")) check.holds("the quorum is 3Q", is_written(rules.quorum, number_of(*written)));
    } else if (const auto* written = given(v.raw, "quorum")) {
        rules.quorum = number_of(*written);
    }
    if (const auto* ratios = given(v.raw, "majority_ratio")) {
        rules.ratios.assign(v.options.size(), 1);
        for (const auto& [key, ratio] : ratios->as_object()) rules.ratios.at(std::stoul(std::string(key)) - 1) = number_of(ratio);
    }
    return rules;
}

void compare_outcome(const json::object& recorded, std::string_view by, const count& found, checks& check) {
    const auto dropped = [&](std::size_t round) { return found.rounds.size() > round ? places_of(found.rounds[round].dropped) : places{}; };
    const bool tests = found.method == "debian_cssd";
    if (const auto* q = given(recorded, "quorum_dropped")) check.same(fmt::format("{}: dropped by quorum", by), read_places(*q), tests ? dropped(0) : places{});
    if (const auto* m = given(recorded, "majority_dropped")) check.same(fmt::format("{}: dropped by majority", by), read_places(*m), tests ? dropped(1) : places{});
    if (const auto* s = given(recorded, "schwartz")) check.same(fmt::format("{}: Schwartz set", by), read_places(*s), places_of(found.rounds.back().options));
    if (const auto* r = given(recorded, "drop_rounds")) {
        check.same(fmt::format("{}: rounds of dropped defeats", by), r->as_array().size(), found.rounds.size() - (tests ? 3 : 1));
    }
}
/// Winners as recorded; those of a tie may be the set, or the one that the casting vote chose from it.
void compare_winners(const json::object& recorded, std::string_view by, const comparisons& votes, debian_rules rules, const count& found, checks& check) {
    const auto* w = given(recorded, "winners");
    if (w == nullptr) return;
    const auto winners = read_places(*w);
    if (found.paused && winners.size() == 1) {
        rules.casting_vote = static_cast<option>(winners.front());
        const auto cast = debian(votes, rules);
        check.holds(fmt::format("{}: the casting vote chose from the Schwartz set", by), cast.has_value());
        return;
    }
    check.same(fmt::format("{}: winners", by), winners, places_of(found.winners()));
}

std::string account_of(const count& found) {
    std::string text;
    for (const auto& r : found.rounds) text += r.what + (r.why.empty() ? "" : ": " + r.why) + "\n";
    for (const auto o : found.elected) text += found.options[o] + " wins\n";
    for (const auto o : found.undecided) text += found.options[o] + " is left for the casting vote\n";
    return text;
}

case_result count_again(const vote& v) {
    checks     check;
    const auto ballots = read_ballots(v);
    const auto votes = compare(ballots);
    if (const auto* n = given(v.raw, "ballot_count")) check.same("ballots", n->to_number<std::int64_t>(), ballots.total());
    table found(v.options.size(), std::vector<std::int64_t>(v.options.size()));
    for (option a = 0; a < votes.size(); ++a)
        for (option b = 0; b < votes.size(); ++b) found[a][b] = a == b ? 0 : votes.votes(a, b);
    if (const auto* own = given(v.raw, "pairwise")) check.same("table", read_table(*own), found);
    if (given(v.raw, "published_pairwise") != nullptr && given(v.raw, "published_pairwise_differs_by") == nullptr)
        check.same("published table", *published_table(v), found);
    const auto rules = read_rules(v, check);
    const auto counted = debian(votes, rules);
    if (!counted) return failed(v.id, counted.error().what());
    for (const auto* by : {"published", "recount"}) {
        const auto* recorded = given(v.raw, by);
        if (recorded == nullptr) continue;
        compare_outcome(recorded->as_object(), by, *counted, check);
        compare_winners(recorded->as_object(), by, votes, rules, *counted, check);
    }
    const bool before = v.rule.find("Concorde") != std::string::npos;
    return check.result(v.id, account_of(*counted) + (before ? "decided by the Concorde rule; counted here by the one that followed it" : ""));
}

/// Without ballots: the published table has a Condorcet winner, who won, and an order of defeats, which is the published one.
case_result count_table(const vote& v) {
    const auto cells = published_table(v);
    if (!cells) return skipped(v.id, "neither ballots nor a table are recorded");
    checks     check;
    const auto votes = comparisons::make(v.options, v.raw.at("ballot_count").to_number<std::int64_t>(), *cells);
    if (!votes) return failed(v.id, votes.error().what());
    const auto& published = v.raw.at("published").as_object();
    const auto  winner = condorcet_winner(*votes);
    if (!winner) return skipped(v.id, "without ballots only a Condorcet winner can be checked, and there is none");
    check.same("winners", read_places(published.at("winners")), places{*winner});
    const auto order = ranked_pairs(*votes).order;
    if (const auto* ranking = given(published, "full_ranking")) {
        places listed, found;
        for (const auto& n : ranking->as_array()) listed.push_back(n.to_number<std::int64_t>());
        for (const auto& tier : order) found.insert(found.end(), tier.begin(), tier.end());
        check.same("each in its own tier", listed.size(), order.size());
        check.same("ranking", listed, found);
    }
    return check.result(v.id, votes->options()[*winner] + " beats every other option in the published table");
}

case_result run_vote(const json::value& raw) {
    vote v{raw.as_object(), text_of(raw, "id"), text_of(raw, "counting_rule"), {}};
    for (const auto& name : v.raw.at("options").as_array()) v.options.emplace_back(name.as_string());
    return given(v.raw, "ballots") != nullptr ? count_again(v) : count_table(v);
}

}  // namespace

majority_test majority_test_of(std::string_view id) {
    constexpr std::string_view project = "debian/";
    constexpr std::string_view first_year = "2016";  // constitution 1.6 is of December 2015
    const bool                 before = id.starts_with(project) && id.substr(project.size(), first_year.size()) < first_year;
    return before ? majority_test::above : majority_test::at_least_and_beats;
}

bool claims_debian(const json::value& d) { return any_with(list_of(d, "votes"), {"options"}); }

std::vector<case_result> run_debian(const json::value& d, const settings&) {
    std::vector<case_result> all;
    for (const auto& v : *list_of(d, "votes")) {
        try {
            all.push_back(run_vote(v));
        } catch (const unreadable& e) {
            all.push_back(skipped(text_of(v, "id"), std::string("can't be understood: ") + e.what()));
        } catch (const std::exception& e) {
            all.push_back(failed(text_of(v, "id"), e.what()));
        }
    }
    return all;
}

}  // namespace conformance
