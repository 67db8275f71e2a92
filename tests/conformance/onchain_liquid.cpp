// LiquidFeedback, by liquidfeedback.json: whose ballot counts for whom, and an issue on its way. A team is an area, and each case has one.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "onchain.hpp"

namespace conformance {
namespace {

using namespace quorate;

constexpr std::string_view charter_file = "liquidfeedback.json";

void only(const json::object& o, std::initializer_list<std::string_view> known) {
    for (const auto& [key, value] : o)
        if (std::find(known.begin(), known.end(), std::string_view(key)) == known.end()) throw cannot_say(fmt::format("\"{}\" means nothing here", std::string_view(key)));
}

std::string member(const json::value& v) { return v.is_string() ? "m" + std::string(v.as_string()) : "m" + json::serialize(v); }

/// A vote in which these cast ballots, with delegations for all, for the one area, and in the issue itself.
struct delegated_vote {
    chain_walk            w;
    std::set<std::string> voters{};

    delegated_vote(const chain_case& c, const holders& people) : w(c.where, charter_file, {{"voting_time", "15 days"}}, people.roster()) {}
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

case_result lifecycle(const chain_case& c) {
    only(c.config, {"model", "phases_minutes", "issue_quorum", "initiative_quorum", "population", "supporters"});
    const auto& phases = object_in(c.config, "phases_minutes");
    const auto  minutes = [&](std::string_view phase) { return fmt::format("{} minutes", count_in(phases, phase)); };
    holders     all;
    const auto  who = people("v", count_in(c.config, "population"));
    for (const auto& w : who) all.in_team("unit", w);
    all.in_team("inactive", std::string(asker));
    chain_walk w(c.where, charter_file, {{"admission_time", minutes("admission")}, {"discussion_time", minutes("discussion")}, {"verification_time", minutes("verification")},
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

}  // namespace

const std::vector<chain_engine>& liquid() {
    static const std::vector<chain_engine> all{{"liquidfeedback_delegation", delegation}, {"liquidfeedback_oracle", oracle}, {"liquidfeedback_lifecycle", lifecycle}};
    return all;
}

}  // namespace conformance
