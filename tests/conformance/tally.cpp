// The shared reader of counting cases; what is counted how is in the tables of tally_*.cpp.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tally.hpp"

namespace conformance {
namespace {

using quorate::number;
using quorate::tally::count;
using quorate::tally::option;

constexpr tally_table (*tables[])() = {pair_tallies, rated_tallies, runoff_tallies};

using names = std::vector<std::string>;

names names_of(const count& c, const std::vector<option>& list) {
    names all;
    for (const auto o : list) all.push_back(c.options.at(o));
    return all;
}
names sorted(names list) {
    std::sort(list.begin(), list.end());
    return list;
}
std::vector<names> tiers_of(const count& c, const std::vector<std::vector<option>>& tiers, bool sort_inside) {
    std::vector<names> all;
    for (const auto& t : tiers) all.push_back(sort_inside ? sorted(names_of(c, t)) : names_of(c, t));
    return all;
}
names read_names(const json::value& v) {
    names all;
    for (const auto& n : v.as_array()) all.emplace_back(n.as_string());
    return all;
}
std::vector<names> read_tiers(const json::value& v, bool sort_inside) {
    std::vector<names> all;
    for (const auto& t : v.as_array()) all.push_back(sort_inside ? sorted(read_names(t)) : read_names(t));
    return all;
}
template <class T>
std::string compared(const T& expected, const T& found) {
    return expected == found ? std::string() : fmt::format("expected {}, found {}", expected, found);
}

std::string compared_values(const count& c, const json::object& expected) {
    if (c.rounds.empty()) return "the count has no values";
    const auto& last = c.rounds.back();
    for (const auto& [name, value] : expected) {
        const auto wanted = exact_number(value);
        if (!wanted) throw unreadable("a value that is no number");
        const auto text = json::serialize(value);
        const auto within = number::fraction(1, text.find_first_of(".eE") == std::string::npos ? 1'000'000'000'000 : 1'000'000'000);
        bool       matched = false;
        for (std::size_t i = 0; i < last.options.size(); ++i) {
            if (c.options.at(last.options[i]) != std::string_view(name)) continue;
            const auto& found = last.values.at(i);
            if (found < *subtract(*wanted, within) || found > *add(*wanted, within))
                return fmt::format("expected {} for {}, found {}", to_string(*wanted), std::string_view(name), to_string(found));
            matched = true;
        }
        if (!matched && *wanted != number(0)) return fmt::format("expected {} for {}, found none", to_string(*wanted), std::string_view(name));
    }
    for (std::size_t i = 0; i < last.options.size(); ++i)
        if (!expected.contains(c.options.at(last.options[i])) && last.values.at(i) != number(0))
            return fmt::format("nothing is expected for {}, found {}", c.options[last.options[i]], to_string(last.values[i]));
    return {};
}

std::vector<std::int64_t> places_of(const count& c) {
    std::vector<std::int64_t> all(c.options.size(), 0);
    std::int64_t              next = 1;
    for (const auto& tier : c.order) {
        for (const auto o : tier) all.at(o) = next;
        next += static_cast<std::int64_t>(tier.size());
    }
    return all;
}

// ---- reading ------------------------------------------------------------------------------------------------------------------------
std::int64_t count_of(const json::object& ballot) {
    const auto* n = ballot.if_contains("count");
    return n == nullptr ? 1 : n->to_number<std::int64_t>();
}

void read_rankings(tally_case& c, const json::array& ballots) {
    auto all = quorate::tally::ranked_ballots::make(c.options).value();
    for (const auto& b : ballots) {
        const auto* ranking = list_of(b, "ranking");
        if (ranking == nullptr) throw unreadable("a ballot without a ranking");
        std::vector<std::vector<option>> tiers;
        for (const auto& tier : *ranking) {
            tiers.emplace_back();
            for (const auto& name : tier.as_array()) tiers.back().push_back(c.place(name.as_string()));
        }
        all.add(tiers, count_of(b.as_object())).value();
    }
    c.ranked = std::move(all);
}
void read_scores(tally_case& c, const json::array& ballots) {
    auto all = quorate::tally::rated_ballots::make(c.options).value();
    for (const auto& b : ballots) {
        const auto* given = object_of(b, "scores");
        if (given == nullptr) throw unreadable("a ballot without scores");
        std::vector<quorate::tally::score> scores(c.options.size(), quorate::tally::unscored);
        for (const auto& [name, value] : *given) scores[c.place(name)] = value.to_number<quorate::tally::score>();
        all.add(scores, count_of(b.as_object())).value();
    }
    c.rated = std::move(all);
}

std::string id_of(const json::value& raw, std::size_t place) {
    return fmt::format("#{} {}: {}", place + 1, text_of(raw, "method"), text_of(raw, "test"));
}

tally_case read_case(const json::value& value) {
    const auto& raw = value.as_object();
    tally_case  c;
    c.raw = &raw;
    c.method = text_of(value, "method");
    c.kind = text_of(value, "kind");
    if (const auto* s = raw.if_contains("options")) c.settings = s->if_object();
    if (const auto* s = raw.if_contains("seats"); s != nullptr && !s->is_null()) c.seats = s->to_number<std::size_t>();
    if (const auto* candidates = raw.if_contains("candidates")) c.options = read_names(*candidates);
    const auto unranked = text_of(value, "unranked");
    if (unranked == "not_compared") c.with.unranked = quorate::tally::unranked_options::not_compared;
    else if (!unranked.empty() && unranked != "implicit_last") throw unreadable("unknown convention \"" + unranked + "\"");
    const auto* found = raw.if_contains("ballots");
    const auto* ballots = found == nullptr ? nullptr : found->if_array();
    if (ballots == nullptr) return c;
    if (ballots->empty() || any_with(ballots, {"ranking"})) read_rankings(c, *ballots);
    if (any_with(ballots, {"scores"})) read_scores(c, *ballots);
    return c;
}

std::string account_of(const count& c) {
    auto text = fmt::format("{}: elected {}, undecided {}", c.method, names_of(c, c.elected), names_of(c, c.undecided));
    if (!c.order.empty()) text += fmt::format("\norder {}", tiers_of(c, c.order, false));
    for (const auto& r : c.rounds) text += "\n" + r.what + (r.why.empty() ? "" : ": " + r.why);
    for (const auto& t : c.ties) text += fmt::format("\ntie at {}: {}, {}", t.where, names_of(c, t.options), t.broken_by.empty() ? "stands" : t.broken_by);
    return text;
}

const tally_method* method_named(std::string_view name) {
    for (const auto table : tables)
        for (const auto& m : table().methods)
            if (m.name == name) return &m;
    return nullptr;
}
std::string_view known_difference(std::string_view method, std::string_view test) {
    for (const auto table : tables)
        for (const auto& d : table().differences)
            if (d.method == method && d.test == test) return d.why;
    return {};
}

case_result run_one(const json::value& raw, std::string id) {
    const auto c = read_case(raw);
    const auto method = method_named(c.method);
    if (method == nullptr) return skipped(std::move(id), "no adapter counts by " + c.method);
    const auto found = method->run(c);
    if (!found) return failed(std::move(id), found.error().what());
    const auto differs = difference(*found, c.kind, c.raw->at("expected"));
    if (differs.empty()) return passed(std::move(id), account_of(*found));
    // Only what nobody verified may depart from the rule; what was verified is the rule.
    const auto& verified = c.raw->at("verified");
    const auto  why = known_difference(c.method, text_of(raw, "test"));
    if (!why.empty() && !(verified.is_bool() && verified.as_bool())) return skipped(std::move(id), fmt::format("{}: {}", why, differs));
    return failed(std::move(id), differs, account_of(*found));
}

}  // namespace

option tally_case::place(std::string_view name) const {
    const auto at = std::find(options.begin(), options.end(), name);
    if (at == options.end()) throw unreadable("a ballot names \"" + std::string(name) + "\", which is no candidate");
    return static_cast<option>(at - options.begin());
}

std::string difference(const count& found, const std::string& kind, const json::value& expected) {
    if (kind == "winner" || kind == "set" || kind == "elected" || kind == "condorcet_loser")
        return compared(sorted(read_names(expected)), sorted(names_of(found, found.winners())));
    if (kind == "elected_in_order")
        return found.undecided.empty() ? compared(read_names(expected), names_of(found, found.elected))
                                       : fmt::format("undecided between {}", names_of(found, found.undecided));
    if (kind == "ranking") return compared(read_tiers(expected, true), tiers_of(found, found.order, true));
    if (kind == "winner_runner_up") {
        names first;
        for (const auto& tier : found.order) {
            if (first.size() >= 2) break;
            if (tier.size() != 1) return fmt::format("a tie between {}", names_of(found, tier));
            first.push_back(found.options.at(tier.front()));
        }
        return compared(read_names(expected), first);
    }
    if (kind == "committees" || kind == "rankings") {
        auto wanted = read_tiers(expected, kind == "committees");
        auto got = tiers_of(found, found.sets, kind == "committees");
        std::sort(wanted.begin(), wanted.end());
        std::sort(got.begin(), got.end());
        return compared(wanted, got);
    }
    if (kind == "ranks") {
        std::vector<std::int64_t> wanted;
        for (const auto& r : expected.as_array()) wanted.push_back(r.to_number<std::int64_t>());
        return compared(wanted, places_of(found));
    }
    if (kind == "scores" || kind == "seats") return compared_values(found, expected.as_object());
    throw unreadable("unknown kind \"" + kind + "\" of expectation");
}

std::optional<number> exact_number(const json::value& v) {
    if (v.is_int64()) return number(v.as_int64());
    if (v.is_string()) return quorate::parse_number(std::string_view(v.as_string()));
    if (!v.is_double()) return std::nullopt;
    const auto written = fmt::format("{}", std::abs(v.as_double()));  // the shortest text that means the same: what was written
    const auto exponent = written.find('e');
    auto       value = quorate::parse_number(std::string_view(written).substr(0, exponent));
    if (!value) return std::nullopt;
    const auto powers = exponent == std::string::npos ? 0 : std::stoi(written.substr(exponent + 1));
    for (auto i = 0; i < std::abs(powers); ++i) value = powers < 0 ? *divide(*value, 10) : multiply(*value, 10);
    return std::signbit(v.as_double()) ? negate(*value) : *value;
}

bool claims_tally(const json::value& d) { return any_with(cases_of(d), {"method", "candidates"}); }

std::vector<case_result> run_tally(const json::value& d, const settings&) {
    std::vector<case_result> all;
    const auto&              cases = *cases_of(d);
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const auto id = id_of(cases[i], i);
        try {
            all.push_back(run_one(cases[i], id));
        } catch (const unreadable& e) {
            all.push_back(skipped(id, std::string("can't be understood: ") + e.what()));
        } catch (const std::exception& e) {
            all.push_back(failed(id, e.what()));
        }
    }
    return all;
}

}  // namespace conformance
