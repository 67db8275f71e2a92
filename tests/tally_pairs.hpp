// Ballots and results of pairwise counts as short text, for tests. Options are single letters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <quorate/tally.hpp>
#include <quorate/tally/condorcet.hpp>

namespace tally_pairs {

using namespace quorate::tally;

inline std::vector<std::string> letters(std::string_view options) {
    std::vector<std::string> all;
    for (const char c : options) all.emplace_back(1, c);
    return all;
}

/// "3:A>B=C 2:C": three ballots that rank A above B and C, and two that rank C alone.
inline ranked_ballots ballots(std::string_view options, std::string_view text) {
    auto all = ranked_ballots::make(letters(options)).value();
    for (std::size_t at = 0; at < text.size();) {
        const auto                       end = std::min(text.find(' ', at), text.size());
        std::vector<std::vector<option>> tiers;
        std::int64_t                     times = 0;
        bool                             counting = true;
        for (const char c : text.substr(at, end - at)) {
            if (counting && c >= '0' && c <= '9') times = times * 10 + (c - '0');
            else if (c == ':') counting = false;
            else if (c == '>') tiers.emplace_back();
            else if (c != '=') {
                if (tiers.empty()) tiers.emplace_back();
                tiers.back().push_back(static_cast<option>(options.find(c)));
            }
        }
        all.add(tiers, times).value();
        at = end + 1;
    }
    return all;
}

/// Comparisons from "A>B 5:3 C>A 6:2"; pairs that aren't named are level at nothing.
inline comparisons table(std::string_view options, std::string_view text, std::int64_t total) {
    std::vector<std::vector<std::int64_t>> votes(options.size(), std::vector<std::int64_t>(options.size()));
    for (std::size_t at = 0; at < text.size();) {
        const auto a = options.find(text[at]), b = options.find(text[at + 2]);
        const auto colon = text.find(':', at);
        const auto end = std::min(text.find(' ', colon), text.size());
        votes[a][b] = std::stoll(std::string(text.substr(at + 4, colon - at - 4)));
        votes[b][a] = std::stoll(std::string(text.substr(colon + 1, end - colon - 1)));
        at = end + 1;
    }
    return comparisons::make(letters(options), total, votes).value();
}

inline std::string text(const std::vector<std::string>& names, const std::vector<option>& list) {
    std::string all;
    for (const auto o : list) all += names[o];
    return all;
}
inline std::string elected(const count& c) { return text(c.options, c.elected); }
inline std::string undecided(const count& c) { return text(c.options, c.undecided); }
inline std::string winners(const count& c) { return text(c.options, c.winners()); }
/// "A>BC": tiers.
inline std::string order(const count& c) {
    std::string all;
    for (const auto& tier : c.order) all += (all.empty() ? "" : ">") + text(c.options, tier);
    return all;
}
inline conventions by(defeat_strength s) {
    conventions with;
    with.strength = s;
    return with;
}
inline conventions with_order(std::vector<option> order) {
    conventions with;
    with.ties.push_back({.by = tie_break::kind::given_order, .order = std::move(order), .seed = 0, .chosen = {}});
    return with;
}

}  // namespace tally_pairs
