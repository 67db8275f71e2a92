// Bare tallies: cw3 and DAO DAO by cw3-dao-dao.json, Aragon by aragon.json. Each position is one person's who holds all of its weight.
#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "onchain.hpp"

namespace conformance {
namespace {

using namespace quorate;

constexpr std::int64_t period = 1000;  ///< seconds of voting, and half of them the least time, where a case has one

/// A vote with these weights behind positions, out of so much in all.
chain_walk voted(const chain_case& c, std::string_view file, std::string_view process, given values, const json::object& votes, const std::string& total) {
    holders all;
    auto    rest = parse_number(total);
    if (!rest) throw cannot_say("a total that is no number");
    std::vector<std::string> positions;
    for (const auto& [position, weight] : votes) {
        const auto text = weight_text(weight);
        const auto n = parse_number(text);
        if (!n) throw cannot_say("a weight that is no number");
        rest = subtract(*rest, *n);
        if (n->sign() == 0) continue;
        positions.emplace_back(position);
        all.holds(fmt::format("for-{}", std::string_view(position)), "power", text);
    }
    if (rest->sign() < 0) throw cannot_say("more votes than weight");
    if (rest->sign() > 0) all.holds("silent", "power", to_string(*rest));
    chain_walk w(c.where, file, std::move(values), all.roster());
    w.open(process, std::string(asker));
    for (const auto& p : positions) w.says(cast{.by = "for-" + p, .position = p});  // those after the decision are refused, and change nothing
    return w;
}

/// How the rules themselves read; that a vote which has passed by then takes no more ballots is no part of them.
json::object verdicts(const chain_walk& w, bool expired) {
    const bool apart = expired && w.proposal().by->rule_named("passed_expired") != nullptr;  // else the end makes no difference
    return {{"passed", w.holds(apart ? "passed_expired" : "passed")}, {"rejected", w.holds(apart ? "rejected_expired" : "rejected")}};
}

/// Compares a list of expected truths, in which null stands for nothing expected.
std::string differs(const json::object& expected, std::string_view key, std::size_t row, bool found) {
    const auto* list = expected.if_contains(key);
    if (list == nullptr) return "";
    const auto& all = list->as_array();
    if (row >= all.size() || all[row].is_null()) return "";
    return all[row] == json::value(found) ? "" : fmt::format("; row {}: {} is {}", row + 1, key, found);
}

case_result rows(const chain_case& c, const std::function<std::string(const json::object&, std::size_t, std::string&)>& row) {
    std::string wrong, account;
    std::size_t i = 0;
    for (const auto* in : rows_of(c.inputs)) wrong += row(*in, i++, account);
    return wrong.empty() ? passed(c.id, std::move(account)) : failed(c.id, wrong.substr(2), std::move(account));
}

std::string kind_of(const json::object& threshold) { return word_in(threshold, "kind"); }

/// The next number of thousandths and so on is exact: decimals and fractions go to the charter as they are written.
std::string share(const json::object& o, std::string_view key) {
    const auto text = word_in(o, key);
    return text == "majority" ? "1/2" : text;
}

/// ceil(weight * ratio): the least count of yes that passes a percentage of all, one weight after the other.
case_result ceilings(const chain_case& c) {
    return rows(c, [&](const json::object& in, std::size_t i, std::string&) -> std::string {
        const auto  total = weight_text(in, "weight");
        const auto& needed = list_in(c.expected.as_object(), "needed").at(i);
        const auto  passes = [&](const std::string& yes) {
            json::object votes{{"yes", yes}};
            return voted(c, "cw3-dao-dao.json", "cw3_absolute_percentage", {{"threshold", share(in, "ratio")}}, votes, total).holds("passed");
        };
        const auto n = *parse_number(weight_text(needed));
        const bool enough = passes(to_string(n));
        const bool least = n.sign() == 0 || !passes(to_string(*subtract(n, number(1))));
        return enough && least ? "" : fmt::format("; row {}: {} is {}", i + 1, to_string(n), enough ? "more than needed" : "not enough");
    });
}

case_result cw3(const chain_case& c) {
    if (word_in(c.config, "model") == "ceil_ratio") return ceilings(c);
    const auto& threshold = object_in(c.config, "threshold");
    const auto  kind = kind_of(threshold);
    given       values;
    if (kind == "absolute_count") values.emplace_back("needed", weight_text(threshold, "weight"));
    else if (kind == "absolute_percentage") values.emplace_back("threshold", share(threshold, threshold.contains("percentage") ? "percentage" : "threshold"));
    else if (kind == "threshold_quorum") values = {{"threshold", share(threshold, "threshold")}, {"quorum", share(threshold, "quorum")}};
    else throw cannot_say("a threshold of another kind");
    const auto& expected = c.expected.as_object();
    return rows(c, [&](const json::object& in, std::size_t i, std::string& account) {
        const bool expired = truth_in(in, "expired");
        auto       w = voted(c, "cw3-dao-dao.json", "cw3_" + kind, values, object_in(in, "votes"), weight_text(in, "total_weight"));
        if (expired) w.at(period * 1000);
        account += w.account();
        const auto found = verdicts(w, expired);
        return differs(expected, "passed", i, found.at("passed").as_bool()) + differs(expected, "rejected", i, found.at("rejected").as_bool());
    });
}

case_result daodao(const chain_case& c) {
    const auto& threshold = object_in(c.config, "threshold");
    const auto  kind = kind_of(threshold);
    const auto& expected = c.expected.as_object();
    given       common{{"voting_period", seconds_text(period)}};
    const auto  percentage = [&](std::string_view key, std::string_view name, std::string_view flag) {
        const auto text = word_in(threshold, key);
        if (text == "majority") common.emplace_back(flag, "1");
        else common.emplace_back(name, text);
    };
    if (kind == "absolute_count") common.emplace_back("needed", weight_text(threshold, "weight"));
    else if (kind == "absolute_percentage") percentage("percentage", "threshold", "majority");
    else if (kind == "threshold_quorum") {
        percentage("threshold", "threshold", "majority");
        percentage("quorum", "quorum", "quorum_majority");
    } else throw cannot_say("a threshold of another kind");
    return rows(c, [&](const json::object& in, std::size_t i, std::string& account) {
        auto values = common;
        if (truth_in(in, "allow_revoting")) values.emplace_back("revoting", "1");
        const bool elapsed = truth_in(in, "min_period_elapsed"), expired = truth_in(in, "expired");
        if (!elapsed) values.emplace_back("least_period", seconds_text(period / 2));
        auto w = voted(c, "cw3-dao-dao.json", "dao_" + kind, values, object_in(in, "votes"), weight_text(in, "total_power"));
        if (expired) w.at(period);
        account += w.account();
        const std::string when = expired ? "_expired" : "_early";
        return differs(expected, "passed", i, w.holds("passed" + when)) + differs(expected, "rejected", i, w.holds("rejected" + when));
    });
}

// ---- Aragon -----------------------------------------------------------------------------------------------------------------------------
std::string millionths(const json::object& in, std::string_view key) {
    const auto n = parse_number(word_in(in, key));
    if (!n) throw cannot_say("a ratio that is no number");
    const auto all = multiply(*n, number(1'000'000)).to_int64();
    if (!all) throw cannot_say("a ratio of more than six decimals");
    return std::to_string(*all);
}
case_result aragon_settings(const chain_case& c) {
    return rows(c, [&](const json::object& in, std::size_t i, std::string&) -> std::string {
        holders    all;
        chain_walk w(c.where, "aragon.json", {}, all.roster());
        w.open("settings", std::string(asker));
        bool accepted = true;
        for (const auto& [key, value] : in) {
            const auto name = std::string(key);
            command    said;
            if (name == "min_duration") said = fact{.by = std::string(asker), .name = "min_duration_seconds", .amount = whole(in, key)};
            else if (name == "support_threshold" || name == "min_participation")
                said = fact{.by = std::string(asker), .name = name == "support_threshold" ? "support_millionths" : "participation_millionths",
                            .amount = std::stoll(millionths(in, key))};
            else throw cannot_say("a setting of another name");
            accepted = accepted && !w.says(said);
        }
        const bool wanted = list_in(c.expected.as_object(), "accepted").at(i).as_bool();
        return accepted == wanted ? "" : fmt::format("; row {} is {}", i + 1, accepted ? "accepted" : "refused");
    });
}
case_result aragon(const chain_case& c) {
    const auto model = word_in(c.config, "model");
    if (model == "majority_settings") return aragon_settings(c);
    if (model != "majority_ratio") throw cannot_say("a model of another kind");
    const auto mode = c.config.contains("mode") ? word_in(c.config, "mode") : std::string("standard");
    const auto process = mode == "early" || mode == "early_execution" ? "early" : mode == "standard" ? "standard" : mode == "replacement" || mode == "vote_replacement" ? "replacement" : "";
    if (*process == '\0') throw cannot_say("a voting mode of another name");
    const given values{{"support", word_in(c.config, "support_threshold")}, {"participation", word_in(c.config, "min_participation")}, {"duration", seconds_text(period)}};
    return rows(c, [&](const json::object& in, std::size_t i, std::string& account) -> std::string {
        auto w = voted(c, "aragon.json", process, values, object_in(in, "tally"), weight_text(c.config, "total_power"));
        if (!truth_in(in, "open")) w.at(period);
        account += w.account();
        return differs(c.expected.as_object(), "can_execute", i, w.stage() == "passed");
    });
}

}  // namespace

const std::vector<chain_engine>& thresholds() {
    static const std::vector<chain_engine> all{{"cw3_threshold", cw3}, {"daodao_threshold", daodao}, {"aragon_majority", aragon}};
    return all;
}

}  // namespace conformance
