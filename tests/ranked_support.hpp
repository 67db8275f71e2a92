// Ranked ballots for tests: written as text, or drawn at random.
#pragma once

#include <rapidcheck.h>

#include <quorate/tally/count.hpp>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace quorate::tally::test {

/// Options "A B C", and ballots as "3: A > B = C", one a line; "2:" are two empty ones. Throws on anything else.
inline ranked_ballots ballots(const std::string& options, const std::string& lines) {
    std::vector<std::string> names;
    std::istringstream       words(options);
    for (std::string w; words >> w;) names.push_back(w);
    auto               all = ranked_ballots::make(names).value();
    std::istringstream in(lines);
    for (std::string line; std::getline(in, line);) {
        if (line.find(':') == std::string::npos) continue;
        std::istringstream               of(line.substr(line.find(':') + 1));
        std::vector<std::vector<option>> tiers;
        bool                             same = false;
        for (std::string w; of >> w;) {
            if (w == "=" || w == ">") {
                same = w == "=";
                continue;
            }
            const auto at = std::find(names.begin(), names.end(), w);
            if (at == names.end()) throw std::runtime_error("no option " + w);
            if (!same) tiers.emplace_back();
            tiers.back().push_back(static_cast<option>(at - names.begin()));
        }
        all.add(tiers, std::stoll(line)).value();
    }
    return all;
}

/// The names of these options.
inline std::vector<std::string> names(const count& c, const std::vector<option>& all) {
    std::vector<std::string> out;
    for (const auto o : all) out.push_back(c.options[o]);
    return out;
}
using strings = std::vector<std::string>;

/// A few ballots with ranks by option, to be added in any order and with options in any places.
struct drawn {
    std::size_t                                              options = 0;
    std::vector<std::pair<std::vector<rank>, std::int64_t>> rows;

    /// Option o of the draw is at place `place[o]`.
    [[nodiscard]] ranked_ballots build(const std::vector<option>& place) const {
        std::vector<std::string> called(options);
        for (std::size_t o = 0; o < options; ++o) called[place[o]] = std::string(1, static_cast<char>('A' + o));
        auto all = ranked_ballots::make(called).value();
        for (const auto& [ranks, n] : rows) {
            std::vector<rank> moved(options);
            for (std::size_t o = 0; o < options; ++o) moved[place[o]] = ranks[o];
            all.add(std::span<const rank>(moved), n).value();
        }
        return all;
    }
    [[nodiscard]] ranked_ballots build() const {
        std::vector<option> place(options);
        for (option o = 0; o < options; ++o) place[o] = o;
        return build(place);
    }
};
inline drawn draw(std::size_t most_options_drawn = 5) {
    drawn d;
    d.options = *rc::gen::inRange<std::size_t>(1, most_options_drawn + 1);
    const auto rows = *rc::gen::inRange<std::size_t>(0, 9);
    for (std::size_t i = 0; i < rows; ++i) {
        auto ranks = *rc::gen::container<std::vector<rank>>(d.options, rc::gen::inRange<rank>(0, static_cast<rank>(d.options + 2)));
        d.rows.emplace_back(std::move(ranks), *rc::gen::inRange<std::int64_t>(1, 8));
    }
    return d;
}
inline std::vector<option> draw_places(std::size_t n) {
    std::vector<option> place(n);
    for (option o = 0; o < n; ++o) place[o] = o;
    for (std::size_t i = n; i > 1; --i) std::swap(place[i - 1], place[*rc::gen::inRange<std::size_t>(0, i)]);
    return place;
}

/// What a count decides, by name and whatever the order.
inline std::pair<std::set<std::string>, std::set<std::string>> decided(const count& c) {
    const auto e = names(c, c.elected);
    const auto u = names(c, c.undecided);
    return {{e.begin(), e.end()}, {u.begin(), u.end()}};
}

}  // namespace quorate::tally::test
