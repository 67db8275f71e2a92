// Counting cases of methods that compare options pair by pair.
#include <quorate/tally/condorcet.hpp>
#include <quorate/tally/debian.hpp>
#include <quorate/tally/dodgson.hpp>
#include <quorate/tally/kemeny.hpp>

#include "tally.hpp"

namespace conformance {
namespace {

using namespace quorate::tally;
using quorate::result;

const ranked_ballots& ballots_of(const tally_case& c) {
    if (!c.ranked) throw unreadable("no rankings");
    return *c.ranked;
}

template <auto Method>
result<count> plain(const tally_case& c) {
    return Method(ballots_of(c), c.with, c.seats);
}
template <auto Method, defeat_strength By>
result<count> by_strength(const tally_case& c) {
    auto with = c.with;
    with.strength = By;
    return Method(ballots_of(c), with, c.seats);
}

using several = count (*)(const ranked_ballots&, const conventions&, std::size_t);
using one_of_many = result<count> (*)(const ranked_ballots&, const conventions&, std::size_t);

result<count> run_condorcet(const tally_case& c) {
    auto found = condorcet(ballots_of(c), c.with);
    if (c.kind != "condorcet_loser") return found;
    const auto loser = condorcet_loser(compare(*c.ranked, c.with));
    found.elected.clear();
    if (loser) found.elected.push_back(*loser);
    return found;
}
result<count> run_schwartz_ranking(const tally_case& c) { return schwartz(ballots_of(c), c.with, c.seats); }

template <defeat_strength By>
result<count> run_universes(const tally_case& c) {
    auto with = c.with;
    with.strength = By;
    return ranked_pairs_universes(ballots_of(c), with);
}

/// {"default": name, "quorum": number, "ratio": {name: number}, "casting_vote": name}; each but the default may be missing.
result<count> count_debian(const tally_case& c) {
    debian_rules rules;
    if (const auto* path = c.raw->if_contains("path"); path != nullptr && path->is_string()) rules.majority = majority_test_of(path->get_string());
    const auto   number_of = [](const json::value& v) {
        const auto n = exact_number(v);
        if (!n) throw unreadable("a quorum or ratio that is no number");
        return *n;
    };
    if (c.settings == nullptr) throw unreadable("Debian's count without its default option");
    for (const auto& [key, value] : *c.settings) {
        if (key == "default") rules.default_option = c.place(value.as_string());
        else if (key == "casting_vote") rules.casting_vote = c.place(value.as_string());
        else if (key == "quorum") rules.quorum = number_of(value);
        else if (key == "ratio") {
            rules.ratios.assign(c.options.size(), 1);
            for (const auto& [name, ratio] : value.as_object()) rules.ratios[c.place(name)] = number_of(ratio);
        } else throw unreadable("unknown setting \"" + std::string(key) + "\"");
    }
    return debian(compare(ballots_of(c), c.with), rules);
}
result<count> run_no_default(const tally_case& c) { return debian(compare(ballots_of(c), c.with), {}); }

constexpr tally_method pair_methods[]{
    {"condorcet", run_condorcet},
    {"smith_set", plain<static_cast<several>(smith)>},
    {"schwartz_set", plain<static_cast<several>(schwartz)>},
    {"schwartz_ranking", run_schwartz_ranking},
    {"copeland", plain<static_cast<several>(copeland)>},
    {"copeland_second_order", plain<static_cast<several>(copeland_second_order)>},
    {"minimax_winning", by_strength<static_cast<several>(minimax), defeat_strength::winning_votes>},
    {"minimax_margin", by_strength<static_cast<several>(minimax), defeat_strength::margins>},
    {"minimax_opposition", by_strength<static_cast<several>(minimax), defeat_strength::opposition>},
    {"ranked_pairs_winning", by_strength<static_cast<several>(ranked_pairs), defeat_strength::winning_votes>},
    {"ranked_pairs_margin", by_strength<static_cast<several>(ranked_pairs), defeat_strength::margins>},
    {"ranked_pairs_put", run_universes<defeat_strength::margins>},
    {"schulze_winning", by_strength<static_cast<several>(schulze), defeat_strength::winning_votes>},
    {"schulze_margin", by_strength<static_cast<several>(schulze), defeat_strength::margins>},
    {"schulze_ratio", by_strength<static_cast<several>(schulze), defeat_strength::ratio>},
    {"kemeny", plain<static_cast<one_of_many>(kemeny)>},
    {"kemeny_rankings", plain<static_cast<one_of_many>(kemeny)>},
    {"dodgson", plain<static_cast<one_of_many>(dodgson)>},
    {"dodgson_quick", plain<static_cast<several>(dodgson_quick)>},
    {"dodgson_tideman", plain<static_cast<several>(dodgson_tideman)>},
    {"debian_cssd", count_debian},
    {"cssd_no_default", run_no_default},
};

}  // namespace

tally_table pair_tallies() { return {pair_methods, {}}; }

}  // namespace conformance
