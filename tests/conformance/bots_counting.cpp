// Families in which the question is what a count of ballots comes to.
#include <map>

#include <algorithm>

#include <fmt/format.h>

#include "bots.hpp"

namespace conformance {
namespace {

using namespace quorate;

constexpr auto counted = "{}";

/// Casts for the next `n` of those in `who`.
void cast_for(trial& t, const std::vector<std::string>& who, std::size_t& next, std::int64_t n, const std::string& position) {
    if (n < 0 || static_cast<std::size_t>(n) > who.size() - next) throw cannot_say("more ballots than people");
    for (std::int64_t i = 0; i < n; ++i) t.casts(who[next++], position);
}

// ---- reactions ------------------------------------------------------------------------------------------------------------------
/// What each person's reactions make of their ballot: one that is known is a choice, several spoil it, others are nothing.
std::map<std::string, std::string> choices(const std::vector<std::pair<std::string, std::string>>& reactions) {
    std::map<std::string, std::string> all;
    for (const auto& [who, reaction] : reactions) {
        const auto* position = reaction == "+1" ? "for" : reaction == "-1" ? "against" : reaction == "eyes" ? "abstain" : nullptr;
        if (position == nullptr) continue;
        const auto [at, fresh] = all.emplace(who, position);
        if (!fresh) at->second = "spoiled";
    }
    return all;
}
sheet reaction_vote() {
    return {.positions = {{"for", counted}, {"against", counted}, {"abstain", counted}, {"spoiled", R"({"binding": false})"}},
            .rules = {},
            .electorate = "everyone"};
}
trial reacted(const sheet& s, const std::vector<std::string>& eligible, const std::map<std::string, std::string>& cast_) {
    team_of outside{"outside", {}};
    for (const auto& [who, position] : cast_) outside.members.push_back(who);
    trial t(s, {{"voters", eligible}, outside});
    for (const auto& [who, position] : cast_) t.casts(who, position);
    return t;
}

case_result gitvote_tally(const bot_case& c) {
    if (word_in(c.policy, "denominator") != "eligible") throw cannot_say("a share of something else than those eligible");
    const auto comparison = word_in(c.policy, "comparison");
    if (comparison != ">=" && comparison != ">") throw cannot_say("a comparison that is neither >= nor >");
    std::vector<std::pair<std::string, std::string>> reactions;
    for (const auto& r : list_in(c.inputs, "reactions")) reactions.emplace_back(word_in(r.as_object(), "user"), word_in(r.as_object(), "reaction"));

    // What the counts should be is put as rules, so that the engine counts.
    auto                                     s = reaction_vote();
    const std::map<std::string, std::string> counts{{"in_favor", "for in team(voters)"},
                                                    {"against", "against in team(voters)"},
                                                    {"abstain", "abstain in team(voters)"},
                                                    {"not_voted", "outstanding in team(voters)"},
                                                    {"binding", "cast in team(voters)"},
                                                    {"non_binding", "cast in (not team(voters))"}};
    s.rules.push_back({"passed", fmt::format("for in team(voters) {} {}% of max(eligible in team(voters), 1)", comparison, number_text(c.policy, "pass_threshold_percent"))});
    for (const auto& [key, count] : counts)
        if (c.expected.contains(key)) s.rules.push_back({"counts_" + key, fmt::format("{} == {}", count, whole(c.expected, key))});
    const auto  eligible = words_in(list_in(c.inputs, "eligible"));
    const auto  t = reacted(s, eligible, choices(reactions));
    const auto  seen = t.explained();
    json::array pending;
    for (const auto& who : eligible)
        if (std::find(seen.outstanding.begin(), seen.outstanding.end(), who) != seen.outstanding.end()) pending.emplace_back(who);
    json::object found{{"passed", t.holds("passed")}, {"pending", std::move(pending)}};
    for (const auto& [key, count] : counts)
        if (const auto* e = c.expected.if_contains(key)) found[key] = t.holds("counts_" + key) ? *e : json::value("another number");
    return compared(c.id, c.expected, found, t.account());
}

/// Each vote is a trial; what is added up over the year is who the engine says chose what, and who is outstanding.
instant instant_in(const json::object& o, std::string_view key) {
    const auto t = parse_instant(word_in(o, key));
    if (!t) throw cannot_say(fmt::format("\"{}\" is no time", key));
    return *t;
}
case_result gitvote_participation(const bot_case& c) {
    if (word_in(c.policy, "bucket") != "UTC year of vote creation") throw cannot_say("another span than the year of a vote");
    const auto                                                                start = instant_in(c.policy, "tracking_start");
    std::map<std::string, std::map<std::string, std::map<std::string, std::int64_t>>> years;
    std::string                                                               account;
    for (const auto& v : list_in(c.inputs, "votes")) {
        const auto& vote = v.as_object();
        const auto  created = word_in(vote, "created");
        if (instant_in(vote, "created") < start) continue;
        std::vector<std::pair<std::string, std::string>> reactions;
        for (const auto& r : list_in(vote, "reactions")) {
            const auto two = words_in(r.as_array());
            if (two.size() != 2) throw cannot_say("a reaction that isn't somebody's");
            reactions.emplace_back(two[0], two[1]);
        }
        const auto eligible = words_in(list_in(vote, "eligible"));
        const auto t = reacted(reaction_vote(), eligible, choices(reactions));
        const auto seen = t.explained();
        auto&      year = years[created.substr(0, 4)];
        for (const auto& who : eligible) {
            auto& own = year[who];
            for (const auto* key : {"for", "against", "abstain", "not_voted"}) own[key] += 0;
            if (std::find(seen.outstanding.begin(), seen.outstanding.end(), who) != seen.outstanding.end()) ++own["not_voted"];
            for (const auto& [position, whose] : seen.ballots)
                if (position != "spoiled" && std::find(whose.begin(), whose.end(), who) != whose.end()) ++own[position];
        }
        account += fmt::format("{}:\n{}", created, t.account());
    }
    json::object found;
    for (const auto& [year, everybody] : years) {
        json::object of_year;
        for (const auto& [who, own] : everybody) {
            json::object row;
            std::int64_t votes = 0;
            for (const auto& [key, n] : own) {
                row[key] = n;
                votes += n;
            }
            row["percent"] = votes == 0 ? 0.0 : static_cast<double>(100 * (votes - own.at("not_voted"))) / static_cast<double>(votes);
            of_year[who] = std::move(row);
        }
        found[year] = std::move(of_year);
    }
    return compared(c.id, c.expected, found, std::move(account));
}

// ---- thresholds -----------------------------------------------------------------------------------------------------------------
/// Weights are people; the vote is over after seven days. A veto counts for the quorum and is no "no": so the peer has it.
case_result cw3(const bot_case& c) {
    const auto  kind = word_in(c.policy, "kind");
    std::string opinions = "eligible - abstain", passes, rejects;
    const auto  share = [&](std::string_view key) { return number_text(c.policy, key) + "%"; };
    if (kind == "absolute_count") {
        passes = fmt::format("yes >= {}", number_text(c.policy, "weight"));
        rejects = fmt::format("no > eligible - {}", number_text(c.policy, "weight"));
    } else if (kind == "absolute_percent") {
        passes = fmt::format("yes >= ceil({} of ({}))", share("percent"), opinions);
        rejects = fmt::format("no > ceil((1 - {}) of ({}))", share("percent"), opinions);
    } else if (kind == "threshold_quorum") {
        const auto quorum = fmt::format("cast >= ceil({} of eligible)", share("quorum_percent"));
        const auto t = share("threshold_percent");
        passes = fmt::format("{0} and (if open_for >= 7 days then yes >= ceil({1} of (cast - abstain))) and (if open_for < 7 days then yes >= ceil({1} of ({2})))",
                             quorum, t, opinions);
        rejects = fmt::format("(open_for >= 7 days and not {0}) or (open_for >= 7 days and no > ceil((1 - {1}) of (cast - abstain))) or "
                              "(open_for < 7 days and no > ceil((1 - {1}) of ({2})))",
                              quorum, t, opinions);
    } else {
        throw cannot_say("a threshold of another kind");
    }
    const sheet s{.positions = {{"yes", counted}, {"no", counted}, {"abstain", counted}, {"veto", counted}}, .rules = {{"passes", passes}, {"rejects", rejects}}};
    const auto  who = people("v", whole(c.inputs, "total_weight"));
    trial       t(s, {{"voters", who}});
    std::size_t next = 0;
    for (const auto* position : {"yes", "no", "abstain", "veto"}) cast_for(t, who, next, whole(c.inputs, position), position);
    if (truth_in(c.inputs, "expired")) t.wait(std::chrono::days(7));
    return compared(c.id, c.expected, {{"surely_passed", t.holds("passes")}, {"surely_rejected", t.holds("rejects")}}, t.account());
}

/// How few of n must choose "yes" for the rule to hold.
case_result fewest(const bot_case& c, std::int64_t n, const std::string& rule, std::string_view key) {
    const auto  who = people("v", n);
    std::string account;
    const sheet s{.positions = {{"yes", counted}}, .rules = {{"enough", rule}}};
    trial       t(s, {{"voters", who}});
    const auto  found = least(n, [&](std::int64_t k) {
        if (k > 0) t.casts(who[static_cast<std::size_t>(k) - 1], "yes");
        return t.holds("enough");
    });
    return compared(c.id, c.expected, {{key, found < 0 ? json::value(nullptr) : json::value(found)}}, t.account());
}
case_result threshold_needed(const bot_case& c) {
    return fewest(c, whole(c.inputs, "weight"), fmt::format("yes >= ceil({}/1000 of eligible)", whole(c.policy, "permille")), "needed");
}
case_result majority_outstanding(const bot_case& c) {
    auto rule = fmt::format("outstanding <= {}", whole(c.policy, "max_outstanding"));
    if (truth_in(c.policy, "strict_majority")) rule += " and yes > 1/2 of eligible";
    return fewest(c, whole(c.inputs, "members"), rule, "needed");
}
/// What is missing exactly, and what is shown by a peer that cuts the share of those who voted to whole percent first: perhaps more
/// than there are members, so that others cast here too.
case_result quorum_remaining(const bot_case& c) {
    const auto  quorum = number_text(c.policy, "quorum_percent");
    const auto  who = people("v", whole(c.inputs, "eligible"));
    auto        all = who;
    for (auto& other : people("other", static_cast<std::int64_t>(who.size()))) all.push_back(std::move(other));
    const sheet s{.positions = {{"earlier", counted}, {"more", counted}},
                  .rules = {{"remaining", fmt::format("earlier + more >= ceil({}% of eligible in team(voters))", quorum)},
                            {"peer_shows", fmt::format("more >= ceil(({} - floor(100 * earlier / eligible in team(voters))) / 100 of eligible in team(voters))", quorum)}},
                  .electorate = "team(all)"};
    json::object found;
    std::string  account;
    for (const auto* rule : {"remaining", "peer_shows"}) {
        trial       t(s, {{"voters", who}, {"all", all}});
        std::size_t next = 0;
        cast_for(t, all, next, whole(c.inputs, "cast"), "earlier");
        const auto n = least(static_cast<std::int64_t>(all.size() - next), [&](std::int64_t k) {
            if (k > 0) cast_for(t, all, next, 1, "more");
            return t.holds(rule);
        });
        found[rule] = n;
        account = t.account();
    }
    return compared(c.id, c.expected, found, std::move(account));
}

// ---- shares ---------------------------------------------------------------------------------------------------------------------
case_result ratio_compare(const bot_case& c) {
    const auto op = word_in(c.policy, "op");
    if (op != ">=" && op != ">") throw cannot_say("a comparison that is neither >= nor >");
    const auto& share = list_in(c.policy, "threshold");
    if (share.size() != 2 || !share[0].is_int64() || !share[1].is_int64() || share[1].as_int64() <= 0) throw cannot_say("a threshold that is no fraction");
    auto prime = share[1].as_int64();
    for (const auto p : {2, 5})
        while (prime % p == 0) prime /= p;
    if (prime != 1) throw cannot_say("a threshold that the peer can't write as a decimal, and cuts");
    const sheet s{.positions = {{"yes", counted}, {"other", counted}},
                  .rules = {{"reached", fmt::format("yes {} {}/{} of cast", op, share[0].as_int64(), share[1].as_int64())}}};
    const auto  votes = whole(c.inputs, "votes"), total = whole(c.inputs, "total");
    const auto  who = people("v", total);
    trial       t(s, {{"voters", who}});
    std::size_t next = 0;
    cast_for(t, who, next, votes, "yes");
    cast_for(t, who, next, total - votes, "other");
    return compared(c.id, c.expected, {{"holds", t.holds("reached")}}, t.account());
}
/// Everybody with an opinion counts; without any the proposal has failed.
case_result ratio_majority(const bot_case& c) {
    const auto  kind = word_in(c.policy, "kind");
    std::string passes, fails;
    if (kind == "majority") {
        passes = "eligible > 0 and yes > 1/2 of eligible";
        fails = "eligible == 0 or no >= 1/2 of eligible";
    } else if (kind == "percent") {
        const auto share = number_text(c.policy, "percent");
        passes = fmt::format("eligible > 0 and yes >= {}% of eligible", share);
        fails = fmt::format("eligible == 0 or no > (1 - {}%) of eligible", share);
    } else {
        throw cannot_say("a majority of another kind");
    }
    const sheet s{.positions = {{"yes", counted}, {"no", counted}}, .rules = {{"passes", passes}, {"fails", fails}}};
    const auto  who = people("v", whole(c.inputs, "opinions"));
    trial       t(s, {{"voters", who}});
    std::size_t next = 0;
    cast_for(t, who, next, whole(c.inputs, "yes"), "yes");
    cast_for(t, who, next, whole(c.inputs, "no"), "no");
    return compared(c.id, c.expected, {{"passes", t.holds("passes")}, {"fails", t.holds("fails")}}, t.account());
}
/// Half the quorum is enough for an accelerated vote to which nobody objects.
case_result quorum_community(const bot_case& c) {
    const auto  quorum = number_text(c.policy, "quorum_percent");
    auto        met = fmt::format("cast >= {}% of eligible", quorum);
    if (truth_in(c.policy, "accelerated")) met = fmt::format("({} or (no == 0 and cast >= 1/2 * {}% of eligible))", met, quorum);
    const sheet s{.positions = {{"yes", counted}, {"no", counted}, {"abstain", counted}},
                  .rules = {{"passes", fmt::format("{} and yes > {}% of cast", met, number_text(c.policy, "pass_percent_of_cast"))}}};
    const auto  who = people("v", whole(c.inputs, "eligible"));
    trial       t(s, {{"voters", who}});
    std::size_t next = 0;
    for (const auto* position : {"yes", "no", "abstain"}) cast_for(t, who, next, whole(c.inputs, position), position);
    return compared(c.id, c.expected, {{"passes", t.holds("passes")}}, t.account());
}
/// Of those who voted, or of everybody; a share of no votes at all is none.
case_result option_share(const bot_case& c) {
    const auto op = word_in(c.policy, "operator"), against = word_in(c.policy, "against");
    if (op != "lte" && op != "gte") throw cannot_say("a comparison that is neither gte nor lte");
    if (against != "score_percent" && against != "voter_percent") throw cannot_say("a share of something else than votes or voters");
    const bool  of_votes = against == "score_percent";
    const auto* sign = op == "lte" ? "<=" : ">=";
    const auto  chosen = whole(c.inputs, of_votes ? "option_score" : "option_voters"), all = whole(c.inputs, of_votes ? "total_score" : "eligible");
    const auto  percent = number_text(c.policy, "percent");
    const sheet s{.positions = {{"option", counted}},
                  .rules = {{"met", fmt::format("(eligible > 0 and option {0} {1}% of eligible) or (eligible == 0 and 0 {0} {1})", sign, percent)}}};
    const auto  who = people("v", all);
    trial       t(s, {{"voters", who}});
    std::size_t next = 0;
    cast_for(t, who, next, chosen, "option");
    return compared(c.id, c.expected, {{"met", t.holds("met")}}, t.account());
}

}  // namespace

const std::vector<bot_family>& counting_families() {
    static const std::vector<bot_family> all{
        {"gitvote.tally", gitvote_tally},       {"gitvote.participation", gitvote_participation}, {"threshold.cw3", cw3},
        {"threshold.needed", threshold_needed}, {"ratio.compare", ratio_compare},                 {"ratio.majority", ratio_majority},
        {"quorum.remaining", quorum_remaining}, {"quorum.community", quorum_community},           {"majority.outstanding", majority_outstanding},
        {"option.share_test", option_share},
    };
    return all;
}

}  // namespace conformance
