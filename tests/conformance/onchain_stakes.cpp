// Cosmos governance, by cosmos-gov.json.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "onchain.hpp"

namespace conformance {
namespace {

using namespace quorate;

constexpr std::string_view cosmos_charter = "cosmos-gov.json";

std::string kind_of(const std::string& word) {
    for (const auto* known : {"standard", "expedited", "optimistic", "multiple_choice"})
        if (word == known) return word;
    throw cannot_say("a proposal of another kind");
}

/// Stake of validators and of those who delegate to them: so many shares of a validator are shares / all shares of what is bonded.
roster staked(const json::object& config) {
    holders     all;
    const auto& validators = object_in(config, "validators");
    const auto& delegations = config.contains("delegations") ? object_in(config, "delegations") : json::object{};
    const bool  bonded = !config.contains("total_bonded") || weight_text(config, "total_bonded") != "0";
    number      sum = 0;
    for (const auto& [name, v] : validators) {
        const auto id = std::string(name);
        const auto stake = *parse_number(v.is_object() ? weight_text(v.as_object(), "bonded") : weight_text(v));
        const auto shares = v.is_object() ? *parse_number(weight_text(v.as_object(), "shares")) : stake;
        auto       own = stake;
        all.person(id);
        sum = *add(sum, stake);
        if (!bonded || stake.sign() == 0) continue;
        for (const auto& [delegator, to] : delegations) {
            const auto* part = to.as_object().if_contains(name);
            if (part == nullptr) continue;
            const auto weight = *divide(multiply(*parse_number(weight_text(*part)), stake), shares);
            own = *subtract(own, weight);
            all.holds(std::string(delegator), "stake", to_string(weight), id);
        }
        if (own.sign() < 0) throw cannot_say("more delegated than there is");
        if (own.sign() > 0) all.holds(id, "stake", to_string(own));
    }
    for (const auto& [delegator, to] : delegations) all.person(std::string(delegator));
    if (bonded && config.contains("total_bonded")) {
        const auto rest = subtract(*parse_number(weight_text(config, "total_bonded")), sum);
        if (rest->sign() < 0) throw cannot_say("less is bonded than the validators have");
        if (rest->sign() > 0) all.holds("other-validators", "stake", to_string(*rest));
    }
    return all.roster();
}

command ballot(const std::string& by, const json::array& options) {
    command c{.what = act::cast, .by = by};
    if (options.size() == 1 && word_in(options[0].as_object(), "weight") == "1") c.subject = word_in(options[0].as_object(), "option");
    else
        for (const auto& o : options) c.names.push_back(fmt::format("{}:{}", word_in(o.as_object(), "option"), word_in(o.as_object(), "weight")));
    return c;
}

given params_of(const json::object& params) {
    given values;
    const auto take = [&](std::string_view from, std::string_view to) {
        if (params.contains(from)) values.emplace_back(to, word_in(params, from));
    };
    const auto flag = [&](std::string_view from, std::string_view to) {
        if (params.contains(from)) values.emplace_back(to, truth_in(params, from) ? "1" : "0");
    };
    for (const auto* same : {"quorum", "threshold", "veto_threshold", "yes_quorum", "expedited_quorum", "expedited_threshold"}) take(same, same);
    take("optimistic_rejected_threshold", "rejected_threshold");
    flag("burn_vote_quorum", "burn_quorum");
    flag("burn_vote_veto", "burn_veto");
    return values;
}

/// A tally: everybody votes while it is open, and then it ends. A failed expedited proposal is tallied under its own numbers only.
case_result tally(const chain_case& c) {
    const auto kind = kind_of(word_in(c.config, "proposal_kind"));
    auto       values = params_of(object_in(c.config, "params"));
    if (kind == "expedited") {  // which the tally by itself treats as a standard one with other numbers
        std::erase_if(values, [](const auto& v) { return v.first == "quorum" || v.first == "threshold"; });
        for (auto& [name, value] : values) name = name == "expedited_quorum" ? "quorum" : name == "expedited_threshold" ? "threshold" : name;
    }
    chain_walk w(c.where, cosmos_charter, values, staked(c.config));
    w.open(kind == "expedited" ? "standard" : kind, std::string(asker));
    w.says(fact{.by = std::string(asker), .name = "deposit", .amount = 50'000'000});
    for (const auto* in : rows_of(c.inputs))
        if (const auto no = w.says(ballot(word_in(*in, "voter"), list_in(*in, "options"))))
            return failed(c.id, to_string(*no), w.account());
    json::object counts;
    for (const auto& p : w.proposal().by->positions) counts[p.name] = as_json(floor(w.measured("weight(" + p.name + ")")));
    w.at(10'000'000);
    const json::object found{{"passes", w.stage() == "passed"}, {"burn_deposits", w.stage() == "burned"}, {"tally", counts}};
    return compared(c.id, c.expected.as_object(), found, w.account());
}

/// A ballot in parts, and what is wrong with it.
case_result weighted(const chain_case& c) {
    holders all;
    all.holds("voter", "stake", "1");
    const auto rows = rows_of(c.inputs);
    if (rows.size() != 1) throw cannot_say("several ballots");
    chain_walk w(c.where, cosmos_charter, {}, all.roster());
    w.open("standard", std::string(asker));
    w.says(fact{.by = std::string(asker), .name = "deposit", .amount = 50'000'000});
    const auto no = w.says(ballot("voter", list_in(*rows[0], "options")));
    const auto& expected = c.expected.as_object();
    if (!expected.contains("error") || expected.at("error").is_null())
        return no ? failed(c.id, to_string(*no), w.account()) : passed(c.id, w.account());
    const auto error = word_in(expected, "error");
    if (!no) return failed(c.id, "the ballot is taken", w.account());
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> reasons{{
        {"total_weight_under_one", "less than 1"}, {"total_weight_over_one", "more than 1"}, {"empty", "is missing"},
        {"invalid_option_weight", "a part"}, {"duplicate_option", "twice"}, {"duplicated_option", "twice"}, {"invalid_option", "is no position"}}};
    const auto reason = std::find_if(reasons.begin(), reasons.end(), [&](const auto& r) { return r.first == error; });
    if (reason == reasons.end()) throw cannot_say("an error of another name: " + error);
    const auto text = to_string(*no);
    const bool same = text.find(reason->second) != std::string::npos && (error != "total_weight_over_one" || text.find("the parts make") != std::string::npos);
    return same ? passed(c.id, text) : failed(c.id, text);
}

/// From deposit to outcome, in seconds.
case_result expedited(const chain_case& c) {
    given values{{"voting_period", seconds_text(whole(c.config, "voting_period"))}, {"expedited_period", seconds_text(whole(c.config, "expedited_voting_period"))},
                 {"min_deposit", std::to_string(whole(c.config, "min_deposit"))}, {"expedited_deposit", std::to_string(whole(c.config, "expedited_min_deposit"))}};
    chain_walk   w(c.where, cosmos_charter, values, staked(c.config));
    std::int64_t deposit = 0;
    std::string  wrong, kind;
    const auto   rows = rows_of(c.expected);
    std::size_t  next = 0;
    const auto   look = [&](std::int64_t before) {
        for (; next < rows.size() && whole(*rows[next], "t") < before; ++next) {
            w.at(whole(*rows[next], "t"));
            const auto stage = w.stage();
            const bool open = is_open(w.proposal().in());
            json::object found{{"t", whole(*rows[next], "t")}, {"state", stage == "deposit" ? "DepositPeriod" : w.title()},
                               {"deposits", open ? "held" : stage == "burned" ? "burned" : "refunded"},
                               {"kind", stage == "fast" ? "expedited" : kind == "expedited" && stage == "voting" ? "standard" : kind}};
            if (const auto end = w.next()) found["voting_end"] = *end;
            const auto r = compared(c.id, *rows[next], found, "");
            if (r.found != finding::passed) wrong += "; " + r.why;
        }
    };
    for (const auto* in : rows_of(c.inputs)) {
        const auto t = whole(*in, "t");
        const auto op = word_in(*in, "op");
        look(t);
        // Votes of a block are taken before its end is looked at.
        std::optional<refusal> no;
        if (op == "submit") {
            w.at(t);
            kind = kind_of(word_in(*in, "kind"));
            w.open(kind, std::string(asker));
        }
        if (op == "submit" || op == "deposit") {
            w.at(t);
            deposit += whole(*in, op == "submit" ? "deposit" : "amount");
            no = w.says(fact{.by = std::string(asker), .name = "deposit", .amount = deposit});
        } else if (op == "vote") {
            no = w.says_at(t, cast{.by = word_in(*in, "by"), .position = word_in(*in, "option")});
        } else if (op == "end_block") {
            w.at(t);
        } else throw cannot_say("an operation of another kind: " + op);
        if (no.has_value() != in->contains("expect_error")) wrong += "; " + op + (no ? " is refused: " + to_string(*no) : " is accepted");
    }
    look(std::numeric_limits<std::int64_t>::max());
    return wrong.empty() ? passed(c.id, w.account()) : failed(c.id, wrong.substr(2), w.account());
}

}  // namespace

const std::vector<chain_engine>& stakes() {
    static const std::vector<chain_engine> all{{"cosmos_gov", tally}, {"cosmos_weighted_vote", weighted}, {"cosmos_expedited", expedited}};
    return all;
}

}  // namespace conformance
