// LiquidFeedback, by liquidfeedback.json: whose ballot counts for whom, and an issue on its way. A team is an area, and each case has one.
// What grades of several initiatives come to is the counting library's.
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <quorate/tally/liquid_feedback.hpp>
#include <quorate/tally/table.hpp>

#include "onchain.hpp"

namespace conformance {
namespace {

using namespace quorate;

constexpr std::string_view liquid_charter = "liquidfeedback.json";

std::string member(const json::value& v) { return v.is_string() ? "m" + std::string(v.as_string()) : "m" + json::serialize(v); }

/// A vote in which these cast ballots, with delegations for all, for the one area, and in the issue itself.
struct delegated_vote {
    chain_walk            w;
    std::set<std::string> voters{};

    delegated_vote(const chain_case& c, const holders& people) : w(c.where, liquid_charter, {{"voting_time", "15 days"}}, people.roster()) {}
    void casts(const std::string& who, const std::string& position) {
        if (const auto no = w.says(cast{.by = who, .position = position})) throw std::runtime_error(to_string(*no));
        voters.insert(who);
    }
    /// Per voter, how many votes their ballot stands for; and in all.
    json::object weights(std::int64_t& all) const {
        const auto&                         p = w.proposal();
        std::map<std::string, std::int64_t> count;
        for (std::size_t i = 0; i < p.voters.size(); ++i) {
            const auto by = p.silent(p.voters[i]) ? p.carrier_of(i) : std::optional(i);
            if (by) ++count[std::string(w.engine().people().id(p.voters[*by].who)).substr(1)];
        }
        json::object found;
        all = 0;
        for (const auto& [who, n] : count) {
            found[who] = n;
            all += n;
        }
        return found;
    }
};

/// The chain of delegates by which each silent member came to a voter.
json::object paths_of(const chain_walk& w, engine& e) {
    const auto&  p = w.proposal();
    json::object paths;
    const auto   name = [&](person who) { return std::stoll(std::string(e.people().id(who)).substr(1)); };
    for (std::size_t i = 0; i < p.voters.size(); ++i) {
        if (!p.silent(p.voters[i]) || !p.carrier_of(i)) continue;
        json::array path;
        for (auto at = i; p.silent(p.voters[at]);) {
            const auto to = *p.delegate_of(at);
            path.push_back(name(to));
            at = static_cast<std::size_t>(std::find_if(p.voters.begin(), p.voters.end(), [&](const voter& v) { return v.who == to; }) - p.voters.begin());
        }
        paths[std::to_string(name(p.voters[i].who))] = std::move(path);
    }
    return paths;
}

case_result delegation(const chain_case& c) {
    only(c.config, {"model", "members", "delegations", "direct_voters"});
    holders all;
    for (std::int64_t i = 1; i <= count_in(c.config, "members"); ++i) all.person("m" + std::to_string(i));
    std::string area;
    for (const auto& [scope, list] : object_in(c.config, "delegations")) {
        const auto name = std::string(scope);
        if (name != "unit" && !area.empty()) throw cannot_say("delegations of several areas");
        if (name != "unit") area = name;
        for (const auto& pair : list.as_array()) all.delegates(member(pair.at(0)), member(pair.at(1)), name == "unit" ? "" : name);
    }
    delegated_vote v(c, all);
    v.w.open("vote", std::string(asker), area);
    for (const auto& who : list_in(c.config, "direct_voters")) v.casts(member(who), "better");
    std::int64_t count = 0;
    auto         weights = v.weights(count);
    return compared(c.id, c.expected.as_object(), {{"weights", std::move(weights)}, {"voter_count", count}, {"paths", paths_of(v.w, v.w.engine())}}, v.w.account());
}

case_result oracle(const chain_case& c) {
    only(c.config, {"model", "delegations", "inactive", "members"});
    holders               all;
    std::set<std::string> members;
    if (c.config.contains("members"))
        for (std::int64_t i = 1; i <= count_in(c.config, "members"); ++i) members.insert("m" + std::to_string(i));
    std::vector<command> said;
    for (const auto& d : list_in(c.config, "delegations")) {
        const auto scope = d.at(0).as_string();
        const auto who = member(d.at(1)), to = d.at(2).is_null() ? std::string() : member(d.at(2));
        members.insert(who);
        if (!to.empty()) members.insert(to);
        if (scope == "issue") said.push_back(other{.what = act::delegate, .by = who, .subject = to});
        else if (scope == "unit" || scope == "area") all.delegates(who, to, scope == "area" ? "area" : "");
        else throw cannot_say("a delegation of another scope");
    }
    for (const auto* in : rows_of(c.inputs)) members.insert(member(needs(*in, "voter")));
    for (const auto& m : members) all.person(m);
    if (c.config.contains("inactive"))
        for (const auto& who : list_in(c.config, "inactive")) all.in_team("inactive", member(who));
    delegated_vote v(c, all);
    v.w.open("vote", std::string(asker), "area");
    for (const auto& d : said)
        if (const auto no = v.w.says(d)) throw std::runtime_error(to_string(*no));
    std::int64_t positive = 0, negative = 0, count = 0;
    for (const auto* in : rows_of(c.inputs)) {
        const auto grade = whole(*in, "grade");
        v.casts(member(needs(*in, "voter")), grade > 0 ? "better" : grade < 0 ? "worse" : "neutral");
    }
    positive = *v.w.measured("better").to_int64();
    negative = *v.w.measured("worse").to_int64();
    auto weights = v.weights(count);
    v.w.at(15 * 24 * 3600);
    return compared(c.id, c.expected.as_object(),
                    {{"state", v.w.title()}, {"voter_count", count}, {"weights", std::move(weights)}, {"positive", positive}, {"negative", negative}}, v.w.account());
}

case_result issue_lifecycle(const chain_case& c) {
    only(c.config, {"model", "phases_minutes", "issue_quorum", "initiative_quorum", "population", "supporters"});
    const auto& phases = object_in(c.config, "phases_minutes");
    const auto  minutes = [&](std::string_view phase) { return fmt::format("{} minutes", count_in(phases, phase)); };
    holders     all;
    const auto  who = people("v", count_in(c.config, "population"));
    for (const auto& w : who) all.in_team("unit", w);
    all.in_team("inactive", std::string(asker));
    chain_walk w(c.where, liquid_charter, {{"admission_time", minutes("admission")}, {"discussion_time", minutes("discussion")}, {"verification_time", minutes("verification")},
                                         {"voting_time", minutes("voting")}, {"issue_quorum", word_in(c.config, "issue_quorum")}, {"initiative_quorum", word_in(c.config, "initiative_quorum")}},
                 all.roster(), std::chrono::minutes{1});
    w.open("issue", std::string(asker), "unit");
    for (std::int64_t i = 0; i < count_in(c.config, "supporters"); ++i) {
        w.says(other{.what = act::second, .by = who.at(static_cast<std::size_t>(i))});
        w.says(other{.what = act::sponsor, .by = who.at(static_cast<std::size_t>(i))});
    }
    std::string wrong;
    const auto  rows = rows_of(c.expected);
    std::size_t next = 0;
    const auto  look = [&](std::int64_t before) {
        for (; next < rows.size() && whole(*rows[next], "t") < before; ++next) {
            const auto r = compared(c.id, *rows[next], {{"t", rows[next]->at("t")}, {"state", w.title()}}, "");
            if (r.found != finding::passed) wrong += "; " + r.why;
        }
    };
    for (const auto* in : rows_of(c.inputs)) {
        const auto op = word_in(*in, "op");
        look(whole(*in, "t"));
        w.at(whole(*in, "t"));
        std::optional<refusal> no;
        if (op == "check") no = w.says(fact{.by = std::string(asker), .name = "check", .truth = true});
        else if (op == "revoke_all") no = w.says(fact{.by = std::string(asker), .name = "revoked", .truth = true});
        else throw cannot_say("an operation of another kind: " + op);
        if (no && is_open(w.proposal().in())) wrong += "; " + op + " is refused: " + to_string(*no);
    }
    look(std::numeric_limits<std::int64_t>::max());
    return wrong.empty() ? passed(c.id, w.account()) : failed(c.id, wrong.substr(2), w.account());
}

/// "> 1/2" or ">= 2/3", with so many for it and so many not against it.
tally::liquid_majority majority_in(const json::object& config, const std::string& name) {
    tally::liquid_majority m;
    if (config.contains(name)) {
        const auto text = word_in(config, name);
        const auto from = text.find_first_not_of("> =");
        const auto sign = text.substr(0, text.find_first_not_of(">="));
        if ((sign != ">" && sign != ">=") || from == std::string::npos) throw cannot_say("a majority of another form");
        m.strictly = sign == ">";
        m.ratio = ratio_of(text.substr(from));
    }
    if (config.contains(name + "_positive")) m.positive = count_in(config, name + "_positive");
    if (config.contains(name + "_non_negative")) m.non_negative = count_in(config, name + "_non_negative");
    return m;
}
template <class Means, std::size_t N>
Means meaning(const json::object& config, std::string_view key, Means otherwise, const std::array<std::pair<std::string_view, Means>, N>& known) {
    if (!config.contains(key)) return otherwise;
    const auto word = word_in(config, key);
    for (const auto& [name, means] : known)
        if (name == word) return means;
    throw cannot_say(fmt::format("\"{}\" is of another kind: {}", key, word));
}

tally::liquid_feedback_rules rules_in(const json::object& config) {
    using tally::link_ties;
    tally::liquid_feedback_rules by;
    by.votes_against_count = meaning<bool, 2>(config, "defeat_strength", by.votes_against_count, {{{"simple", false}, {"tuple", true}}});
    by.ties = meaning<link_ties, 3>(config, "tie_breaking", by.ties,
                                    {{{"simple", link_ties::none}, {"variant1", link_ties::variant1}, {"variant2", link_ties::variant2}}});
    by.direct = majority_in(config, "direct_majority");
    by.indirect = majority_in(config, "indirect_majority");
    if (config.contains("no_reverse_beat_path")) by.no_reverse_beat_path = truth_in(config, "no_reverse_beat_path");
    if (config.contains("no_multistage_majority")) by.no_multistage_majority = truth_in(config, "no_multistage_majority");
    return by;
}

/// Initiatives by number: those admitted, or else all that somebody grades.
std::vector<std::int64_t> initiatives_of(const chain_case& c) {
    std::set<std::int64_t> all;
    if (c.config.contains("admitted")) {
        for (const auto& id : list_in(c.config, "admitted")) all.insert(id.to_number<std::int64_t>());
    } else {
        for (const auto* in : rows_of(c.inputs))
            for (const auto& [id, grade] : object_in(*in, "grades")) all.insert(std::stoll(std::string(id)));
    }
    return {all.begin(), all.end()};
}
tally::rated_ballots grades_of(const chain_case& c, const std::vector<std::int64_t>& initiatives) {
    std::vector<std::string> names;
    for (const auto id : initiatives) names.push_back(std::to_string(id));
    auto ballots = tally::rated_ballots::make(names).value();
    for (const auto* in : rows_of(c.inputs)) {
        const auto&               voter = needs(*in, "voter");
        const auto                name = voter.is_string() ? std::string(voter.as_string()) : json::serialize(voter);
        const auto*               weights = c.config.contains("weights") ? &object_in(c.config, "weights") : nullptr;
        const auto&               grades = object_in(*in, "grades");
        std::vector<tally::score> given;
        for (const auto& id : names) given.push_back(grades.contains(id) ? grades.at(id).to_number<tally::score>() : tally::unscored);
        ballots.add(given, weights != nullptr && weights->contains(name) ? whole(*weights, name) : 1).value();
    }
    return ballots;
}

case_result schulze(const chain_case& c) {
    only(c.config, {"model", "admitted", "defeat_strength", "tie_breaking", "direct_majority", "direct_majority_positive", "direct_majority_non_negative",
                    "indirect_majority", "indirect_majority_positive", "indirect_majority_non_negative", "no_reverse_beat_path", "no_multistage_majority", "weights"});
    const auto initiatives = initiatives_of(c);
    const auto counted = tally::liquid_feedback(grades_of(c, initiatives), rules_in(c.config));
    if (!counted) throw cannot_say(counted.error().what());
    const auto   status_quo = initiatives.size();
    const auto&  preferred = counted->matrices.front().cells;
    json::object ranks, positive, negative;
    json::value  winner = nullptr;
    std::int64_t rank = 0, status_quo_rank = 0;
    for (const auto& tier : counted->order) {
        ++rank;
        if (tier.front() == status_quo) status_quo_rank = rank;
        else ranks[counted->options[tier.front()]] = rank;
    }
    for (std::size_t i = 0; i < status_quo; ++i) {
        positive[counted->options[i]] = as_json(preferred[i][status_quo]);
        negative[counted->options[i]] = as_json(preferred[status_quo][i]);
    }
    if (!counted->elected.empty()) winner = initiatives[counted->elected.front()];
    json::array eligible;
    for (const auto o : counted->rounds.back().options) eligible.emplace_back(initiatives[o]);
    std::sort(eligible.begin(), eligible.end(), [](const json::value& a, const json::value& b) { return a.as_int64() < b.as_int64(); });
    return compared(c.id, c.expected.as_object(),
                    {{"state", counted->elected.empty() ? "finished_without_winner" : "finished_with_winner"}, {"schulze_rank", std::move(ranks)},
                     {"status_quo_rank", status_quo_rank}, {"winner", std::move(winner)}, {"positive", std::move(positive)}, {"negative", std::move(negative)},
                     {"eligible", std::move(eligible)}, {"voter_count", counted->ballots}},
                    tally::to_table(*counted));
}

}  // namespace

const std::vector<chain_engine>& liquid() {
    static const std::vector<chain_engine> all{{"liquidfeedback_delegation", delegation}, {"liquidfeedback_oracle", oracle}, {"liquidfeedback_lifecycle", issue_lifecycle},
                                               {"liquidfeedback_schulze", schulze}};
    return all;
}

}  // namespace conformance
