// Counts by single transferable vote, recorded from jklundell/droop: rule by rule the winners, the quota, and the votes of each step
// where they were recorded.
#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>

#include <quorate/tally/stv.hpp>

#include "case.hpp"

namespace conformance {
namespace {

using namespace quorate;
using namespace quorate::tally;

/// A recorded rule, such as "meek-o9-guarded-p18-g9-d18": a preset, its arithmetic, and how many digits are printed.
struct recorded_rule {
    stv_rules rules;
    int       digits = 0;
};

std::optional<recorded_rule> rule_of(std::string_view tag) {
    std::string              name;
    std::vector<std::string> parts;
    std::istringstream       in{std::string(tag)};
    for (std::string part; std::getline(in, part, '-');) parts.push_back(part);
    const auto number_after = [](const std::string& part) {
        int n = 0;
        std::from_chars(part.data() + 1, part.data() + part.size(), n);
        return n;
    };
    recorded_rule    r;
    tally::arithmetic a{.digits = -1};
    std::optional<int> omega;
    for (const auto& part : parts) {
        const bool lettered = part.size() > 1 && std::all_of(part.begin() + 1, part.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (part == "fixed" || part == "guarded" || part == "rational") continue;
        if (!lettered) name.append(name.empty() ? "" : "-").append(part);
        else if (part[0] == 'o') omega = number_after(part);
        else if (part[0] == 'p') a.digits = number_after(part);
        else if (part[0] == 'g') a.guard = number_after(part);
        else if (part[0] == 'd') r.digits = number_after(part);
    }
    auto preset = stv_rule(name);
    if (!preset) return std::nullopt;
    r.rules = std::move(*preset);
    r.rules.arithmetic = a;
    if (omega) r.rules.omega = *omega;
    return r;
}

/// As the source prints: so many digits, half a unit up.
std::string printed(const number& v, int digits) {
    number scale = 1;
    for (int i = 0; i < digits; ++i) scale = multiply(scale, 10);
    auto text = to_string(floor(*add(multiply(v, scale), number::fraction(1, 2))));
    const auto width = static_cast<std::size_t>(digits) + 1;
    if (text.size() < width) text.insert(0, width - text.size(), '0');
    return text.insert(text.size() - static_cast<std::size_t>(digits), ".");
}

using votes = std::vector<std::pair<std::string, std::string>>;  // by name; those without votes are left out

/// Steps that only repeat the one before, or let an option's votes disappear without giving them to anyone, are no steps.
void keep(std::vector<votes>& steps, votes next) {
    std::sort(next.begin(), next.end());
    if (!steps.empty() && std::includes(steps.back().begin(), steps.back().end(), next.begin(), next.end())) return;
    steps.push_back(std::move(next));
}
std::string zero(int digits) { return printed(0, digits); }

std::vector<votes> recorded_steps(const json::array& records, int digits) {
    std::vector<votes> steps;
    for (const auto& r : records) {
        votes now;
        for (const auto& [name, value] : r.as_array()[2].as_object()) {
            if (const std::string v(value.as_string()); v != zero(digits)) now.emplace_back(name, v);
        }
        if (!now.empty()) keep(steps, std::move(now));
    }
    return steps;
}
std::vector<votes> own_steps(const count& c, int digits) {
    std::vector<votes> steps;
    for (const auto& r : c.rounds) {
        votes now;
        for (std::size_t i = 0; i < r.options.size(); ++i) {
            if (auto v = printed(r.values[i], digits); v != zero(digits)) now.emplace_back(c.options[r.options[i]], std::move(v));
        }
        keep(steps, std::move(now));
    }
    return steps;
}

/// Where quotients decide, the source goes on printing the last papers of those that are excluded.
void forget_excluded(std::vector<votes>& theirs, const std::vector<votes>& own) {
    for (std::size_t i = 0; i < std::min(theirs.size(), own.size()); ++i) {
        std::erase_if(theirs[i], [&](const auto& v) {
            return std::none_of(own[i].begin(), own[i].end(), [&](const auto& mine) { return mine.first == v.first; });
        });
    }
}

std::string text(const votes& v) {
    std::string out;
    for (const auto& [name, value] : v) out.append(out.empty() ? "" : ", ").append(name).append(" ").append(value);
    return out;
}

std::optional<std::size_t> place_of(const std::vector<std::string>& names, std::string_view name) {
    const auto at = std::find(names.begin(), names.end(), name);
    return at == names.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - names.begin()));
}

/// A tier "2=3" of a recorded ballot.
std::vector<option> tier_of(const std::vector<std::string>& names, std::string_view written) {
    std::vector<option> tier;
    std::istringstream  in{std::string(written)};
    for (std::string name; std::getline(in, name, '=');) tier.push_back(static_cast<option>(place_of(names, name).value()));
    return tier;
}

ranked_ballots ballots_of(const json::value& c, const std::vector<std::string>& names) {
    auto all = ranked_ballots::make(names).value();
    for (const auto& b : *list_of(c, "ballots")) {
        std::vector<std::vector<option>> tiers;
        for (const auto& t : b.as_array()[1].as_array()) tiers.push_back(tier_of(names, t.as_string()));
        all.add(tiers, b.as_array()[0].to_number<std::int64_t>()).value();
    }
    return all;
}

case_result check(const std::string& id, const json::value& recorded, recorded_rule rule, const ranked_ballots& ballots, std::size_t seats) {
    const auto counted = stv(ballots, rule.rules, seats);
    std::vector<std::string> winners;
    auto                     elected = counted.elected;
    std::sort(elected.begin(), elected.end());
    for (const auto o : elected) winners.push_back(counted.options[o]);
    std::vector<std::string> expected;
    for (const auto& e : *list_of(recorded, "elected")) expected.emplace_back(e.as_string());
    const auto join = [](const std::vector<std::string>& all) {
        std::string out;
        for (const auto& s : all) out.append(out.empty() ? "" : ", ").append(s);
        return out;
    };
    if (winners != expected) return failed(id, "elected " + join(winners) + ", recorded " + join(expected));
    if (const auto own = printed(counted.quota, rule.digits); own != text_of(recorded, "quota"))
        return failed(id, "quota " + own + ", recorded " + text_of(recorded, "quota"));
    if (const auto* records = list_of(recorded, "votes_by_round"); records != nullptr) {
        auto       theirs = recorded_steps(*records, rule.digits);
        const auto own = own_steps(counted, rule.digits);
        if (rule.rules.method == stv_method::qpq) forget_excluded(theirs, own);
        for (std::size_t i = 0; i < std::max(theirs.size(), own.size()); ++i) {
            const auto a = i < own.size() ? text(own[i]) : "nothing more";
            const auto b = i < theirs.size() ? text(theirs[i]) : "nothing more";
            if (a != b) return failed(id, "step " + std::to_string(i + 1) + ": " + a + "; recorded: " + b);
        }
    }
    return passed(id);
}

}  // namespace

bool claims_stv(const json::value& d) { return any_with(cases_of(d), {"ballots", "seats", "results"}); }

std::vector<case_result> run_stv(const json::value& d, const settings&) {
    std::vector<case_result> all;
    for (const auto& c : *cases_of(d)) {
        std::vector<std::string> names;
        for (const auto& n : *list_of(c, "candidates")) names.emplace_back(n.as_string());
        const auto ballots = ballots_of(c, names);
        for (const auto& r : *list_of(c, "results")) {
            const auto tag = text_of(r, "rule");
            const auto id = text_of(c, "id") + " " + tag;
            auto       rule = rule_of(tag);
            if (!rule) {
                all.push_back(skipped(id, "there is no rule of this name"));
                continue;
            }
            // The source takes the first of the file among those tied, whatever for.
            tie_break by_order{.by = tie_break::kind::given_order, .chooses = true};
            for (option o = 0; o < names.size(); ++o) by_order.order.push_back(o);
            rule->rules.ties.push_back(by_order);
            for (const auto& w : *list_of(c, "withdrawn")) rule->rules.withdrawn.push_back(static_cast<option>(place_of(names, std::to_string(w.as_int64())).value()));
            all.push_back(check(id, r, *rule, ballots, static_cast<std::size_t>(c.at("seats").as_int64())));
        }
    }
    return all;
}

}  // namespace conformance
