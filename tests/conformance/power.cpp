// Cases of power indices and concentration: {"games": [{"kind", "weights", "quota", ...}], "concentration": [{"weights", ...}]}. Every
// figure that a case gives is compared; one that this file doesn't know makes the case unreadable.
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include <quorate/power.hpp>

#include "tally.hpp"

namespace conformance {
namespace {

using namespace quorate::power;

std::uint64_t whole(const json::value& v) {
    if (!v.is_int64() || v.as_int64() < 0) throw unreadable("a weight or count that is no whole number");
    return static_cast<std::uint64_t>(v.as_int64());
}

ratio fraction(const json::value& v) {
    const auto text = std::string(v.as_string());
    const auto slash = text.find('/');
    return slash == std::string::npos ? ratio(integer(text)) : ratio(integer(text.substr(0, slash)), integer(text.substr(slash + 1)));
}

/// The figures of one kind, by the names of the members or by their places.
std::vector<json::value> listed(const json::value& v, const std::vector<std::string>& names) {
    if (v.is_array()) return {v.as_array().begin(), v.as_array().end()};
    std::vector<json::value> all;
    for (const auto& n : names) all.push_back(v.as_object().at(n));
    if (all.size() != v.as_object().size()) throw unreadable("figures of members that the game doesn't have");
    return all;
}

/// A figure written as a fraction must be that; one with decimals is what floating point makes of the fraction, to two units in the
/// last place.
std::string compared(std::string_view what, const ratio& found, const json::value& expected) {
    bool same = false;
    if (expected.is_string()) same = fraction(expected) == found;
    else if (expected.is_double()) same = std::abs(static_cast<double>(found) - expected.as_double()) <= std::ldexp(std::abs(expected.as_double()), -51);
    else same = ratio(whole(expected)) == found;
    return same ? std::string() : fmt::format("{}: expected {}, found {}", what, json::serialize(expected), found.str());
}

struct game_case {
    compound_game            game;
    std::vector<std::string> names;
};

game_case read_game(const json::object& o) {
    game_case c;
    const auto kind = std::string_view(o.at("kind").as_string());
    if (kind == "weighted") {
        weighted_game one{.weights = {}, .quota = whole(o.at("quota"))};
        for (const auto& w : o.at("weights").as_array()) one.weights.push_back(whole(w));
        c.game = {.tests = {one}, .any_of = {{0}}};
    } else if (kind == "double_majority") {
        // So many members and 65 of 100 people; or fewer than four members against.
        constexpr std::uint64_t people_share = 65, blockers = 4;
        weighted_game people, members{.weights = {}, .quota = whole(o.at("members_needed"))};
        for (const auto& [name, n] : o.at("populations").as_object()) {
            c.names.emplace_back(name);
            people.weights.push_back(100 * whole(n));
            people.quota += people_share * whole(n);
            members.weights.push_back(1);
        }
        auto few_against = members;
        few_against.quota = members.weights.size() - (blockers - 1);
        c.game = {.tests = {members, people, few_against}, .any_of = {{0, 1}, {2}}};
    } else {
        throw unreadable("a game of kind " + std::string(kind));
    }
    return c;
}

std::string check_figure(std::string_view key, const json::value& expected, const indices& a, const std::vector<std::string>& names) {
    const auto each = [&](const auto& figure) {
        const auto all = listed(expected, names);
        if (all.size() != a.swings.size()) return fmt::format("{}: of {} members, expected {}", key, a.swings.size(), all.size());
        for (std::size_t i = 0; i < all.size(); ++i)
            if (auto why = compared(fmt::format("{} of member {}", key, i + 1), figure(i), all[i]); !why.empty()) return why;
        return std::string();
    };
    if (key == "winning_coalitions") return compared(key, ratio(a.winning), expected);
    if (key == "coleman_power_to_act") return compared(key, a.power_to_act(), expected);
    if (key == "total_swings") return compared(key, ratio(a.total_swings()), expected);
    if (key == "swings") return each([&](std::size_t i) { return ratio(a.swings[i]); });
    if (key == "banzhaf_normalized" || key == "banzhaf") return each([&](std::size_t i) { return a.banzhaf(i); });
    if (key == "banzhaf_absolute") return each([&](std::size_t i) { return a.banzhaf_absolute(i); });
    if (key == "shapley_shubik" || key == "shapley_shubik_exact") return each([&](std::size_t i) { return a.shapley_shubik[i]; });
    if (key == "coleman_prevent") return each([&](std::size_t i) { return a.prevent(i); });
    if (key == "coleman_initiate") return each([&](std::size_t i) { return a.initiate(i); });
    throw unreadable("a figure named " + std::string(key));
}

bool says_nothing(std::string_view key, const json::value& v) {
    for (const auto* input : {"name", "kind", "quota", "weights", "labels", "note", "populations", "population_note", "members_needed"})
        if (key == input) return true;
    return v.is_null();
}

std::string run_game(const json::object& o) {
    const auto c = read_game(o);
    const auto single = c.game.tests.size() == 1;
    const auto read = single ? indices_of(c.game.tests[0]) : indices_of(c.game);
    if (!read) return read.error().what();
    for (const auto& [key, value] : o) {
        if (key == "published") {
            for (const auto& [inner, figures] : value.as_object())
                if (auto why = check_figure(inner, figures, *read, c.names); !why.empty()) return "published " + why;
        } else if (!says_nothing(key, value)) {
            if (auto why = check_figure(key, value, *read, c.names); !why.empty()) return why;
        }
    }
    return {};
}

std::string run_concentration(const json::object& o) {
    std::vector<std::uint64_t> weights;
    for (const auto& w : o.at("weights").as_array()) weights.push_back(whole(w));
    const auto c = concentration_of(weights);
    for (const auto& [key, value] : o) {
        ratio found;
        if (key == "gini") found = c.gini;
        else if (key == "hhi") found = c.herfindahl;
        else if (key == "effective_voters") found = c.effective;
        else if (key == "nakamoto_gt_half") found = nakamoto(weights);
        else if (key == "nakamoto_gt_third") found = nakamoto(weights, ratio(1, 3));
        else if (key == "name" || key == "weights") continue;
        else throw unreadable("a figure named " + std::string(key));
        if (auto why = compared(key, found, value); !why.empty()) return why;
    }
    return {};
}

void run_all(const json::array* list, std::string (*run)(const json::object&), std::vector<case_result>& to) {
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        auto id = text_of((*list)[i], "name");
        if (id.empty()) id = "#" + std::to_string(i + 1);
        try {
            auto why = run((*list)[i].as_object());
            to.push_back(why.empty() ? passed(id) : failed(id, why));
        } catch (const unreadable& e) {
            to.push_back(skipped(id, std::string("can't be understood: ") + e.what()));
        } catch (const std::exception& e) {
            to.push_back(failed(id, e.what()));
        }
    }
}

}  // namespace

bool claims_power(const json::value& d) {
    return any_with(list_of(d, "games"), {"kind", "winning_coalitions"}) || any_with(list_of(d, "concentration"), {"weights"});
}

std::vector<case_result> run_power(const json::value& d, const settings&) {
    std::vector<case_result> all;
    run_all(list_of(d, "games"), run_game, all);
    run_all(list_of(d, "concentration"), run_concentration, all);
    return all;
}

}  // namespace conformance
