// Cases of formal processes by the shipped charters: their stages are walked as the rules have it, with as many people as the case has.
#include <cmath>

#include <fmt/format.h>

#include "formal.hpp"

namespace conformance {
namespace {

using namespace quorate;

trial by_charter(const formal_case& c, std::string_view file, const std::vector<team_of>& teams) {
    return trial(load_charter_file(fmt::format("{}/{}", c.where.charters, file)).value(), roster_of(teams));
}
/// So many hours, also parts of them.
duration hours_in(const json::object& o, std::string_view key) {
    const auto& v = needs(o, key);
    if (!v.is_number()) throw cannot_say(fmt::format("\"{}\" is no number", key));
    return std::chrono::microseconds(std::llround(v.to_number<double>() * 3'600'000'000.0));
}

// ---- Apache ---------------------------------------------------------------------------------------------------------------------
case_result apache(const formal_case& c) {
    if (c.rule != "procedural" && c.rule != "code" && c.rule != "release") throw cannot_say("a vote of another kind");
    const auto& votes = list_in(c.input, "votes");
    const auto  who = people("v", static_cast<std::int64_t>(votes.size()));
    team_of     pmc{"pmc", {}}, others{"others", {}};
    for (std::size_t i = 0; i < votes.size(); ++i) {
        const auto& v = votes[i].as_object();
        (v.contains("binding") && !truth_in(v, "binding") ? others : pmc).members.push_back(who[i]);
    }
    auto t = by_charter(c, "apache.json", {pmc, others});
    t.open({.process = c.rule, .by = "caller"});
    for (std::size_t i = 0; i < votes.size(); ++i) {
        const auto& v = votes[i].as_object();
        if (!needs(v, "v").is_number()) throw cannot_say("a vote that is no number");
        const auto  value = needs(v, "v").to_number<double>();
        const auto* position = value == 1 ? "for" : value == -1 ? "against" : value == 0 ? "neutral" : "fraction";
        // A veto without its reason is refused: it has no weight.
        t.tries(cast{.by = who[i], .position = position, .reason = v.contains("reason") && truth_in(v, "reason") ? "as recorded" : ""});
    }
    t.wait(std::chrono::hours(72));
    return passing(c, t);
}

// ---- Python ---------------------------------------------------------------------------------------------------------------------
trial python(const formal_case& c, const std::vector<std::string>& council, const std::vector<std::string>& core, std::string_view process, const std::string& by) {
    auto       t = by_charter(c, "python.json", {{"council", council}, {"core", core}, {.name = "officers", .members = {"officer"}, .role = "election-officer"}});
    const auto term = t.open({.process = "term", .by = "officer"});
    t.open({.process = std::string(process), .by = by, .parent = process == "council_vote" ? std::string() : term});
    return t;
}
/// As many voters as candidates; the first approves of all, each other of one less, so that the ballots rank them as the case does.
case_result python_election(const formal_case& c) {
    const auto ranking = ranking_in(c.input);
    const auto core = people("v", static_cast<std::int64_t>(ranking.size()));
    auto       teams = employers_of(ranking);
    teams.insert(teams.end(), {{"council", {"outgoing"}}, {"core", core}, {.name = "officers", .members = {"officer"}, .role = "returns-officer"}});
    auto t = by_charter(c, "python-steering-election.json", teams);
    t.open({.process = "election-2019", .by = "officer"});
    put_forward(t, core[0], ranking);
    t.wait(std::chrono::days(7));
    for (std::size_t i = 0; i < core.size(); ++i) t.does(cast{.by = core[i], .position = "ballot", .marks = first_names(ranking, core.size() - i)});
    t.wait(std::chrono::days(7));
    return electing(c, t, "council");
}
case_result python_vote(const formal_case& c) {
    if (c.input.contains("ranking")) return python_election(c);
    if (c.input.contains("for_removal")) {
        const auto remove = count_in(c.input, "for_removal"), keep = count_in(c.input, "against");
        auto       core = people("v", remove + keep);
        const auto voters = core;
        core.insert(core.end(), {"caller", "seconder"});
        auto t = python(c, {}, core, "no_confidence", "caller");
        t.does(propose{.by = "caller", .disposition = "council"});
        t.does(other{.what = act::second, .by = "seconder"});
        cast_all(t, voters, {{"remove", remove}, {"keep", keep}});
        t.wait(std::chrono::days(15));
        return passing(c, t);
    }
    const std::vector<ballots_of> ballots{{"yes", count_in(c.input, "yes")}, {"no", count_in(c.input, "no")}, {"abstain", count_in(c.input, "abstain")}};
    const auto                    council = people("v", ballots[0].n + ballots[1].n + ballots[2].n);
    if (council.empty()) throw cannot_say("a council without members");
    auto t = python(c, council, council, c.rule.starts_with("eject") ? "ejection" : "council_vote", council[0]);
    cast_all(t, council, ballots);
    return passing(c, t);
}

// ---- IETF -----------------------------------------------------------------------------------------------------------------------
/// A document before the IESG, of so many directors.
trial before_iesg(const formal_case& c, const std::vector<std::string>& directors, bool standards) {
    auto t = by_charter(c, "ietf.json", {{"iesg", directors}, {.name = "chairs", .members = {"wg-chair"}, .role = "chair"}});
    t.open({.process = "document", .by = "editor"});
    t.report("from_wg", true);
    t.report("alternate_ballot", false);
    t.does(propose{.by = "wg-chair", .disposition = standards ? "standards" : "informational"});
    t.does(other{.what = act::adopt, .by = directors.at(0)});
    t.wait(std::chrono::days(14));
    return t;
}
void recuse(trial& t, const std::vector<std::string>& who, std::int64_t n) {
    if (static_cast<std::size_t>(n) > who.size()) throw cannot_say("more people step aside than there are");
    for (std::int64_t i = 0; i < n; ++i) t.does(other{.what = act::recuse, .by = who[static_cast<std::size_t>(i)]});
}
case_result iesg(const formal_case& c) {
    const bool standards = truth_in(c.input, "standards_track");
    const auto directors = people("ad", count_in(c.input, "active_ads"));
    if (directors.empty()) throw cannot_say("an IESG without members");
    const auto yes = count_in(c.input, "yes"), fine = count_in(c.input, "noobj"), discuss = count_in(c.input, "discuss"), aside = count_in(c.input, "recuse");
    auto       t = before_iesg(c, directors, standards);
    recuse(t, directors, aside);
    cast_all(t, directors, {{"discuss", discuss}, {"no_objection", fine}, {"yes", yes}}, static_cast<std::size_t>(aside));
    // How many positions would do: one Yes, then No Objection, and nothing against it.
    auto        again = before_iesg(c, directors, standards);
    std::size_t next = static_cast<std::size_t>(aside);
    recuse(again, directors, aside);
    const auto needed = least(static_cast<std::int64_t>(directors.size()) - aside, [&](std::int64_t n) {
        if (n > 0) again.casts(directors[next++], n == 1 ? "yes" : "no_objection");
        return again.stage() == "approved";
    });
    return compared(c.id, c.expected, {{"passes", t.stage() == "approved"}, {"needed", needed}}, t.account());
}
case_result iesg_alternate(const formal_case& c) {
    const auto directors = people("ad", count_in(c.input, "eligible"));
    if (directors.empty()) throw cannot_say("an IESG without members");
    auto t = before_iesg(c, directors, true);
    t.does(fact{.by = directors[0], .name = "alternate_ballot", .truth = true});
    cast_all(t, directors, {{"no", count_in(c.input, "no")}, {"yes", count_in(c.input, "yes")}});
    return passing(c, t, "approved");
}
case_result irsg(const formal_case& c) {
    const std::vector<ballots_of> ballots{{"not_ready", count_in(c.input, "notready")}, {"more_time", ballots_in(c.input, "moretime")}, {"yes", count_in(c.input, "yes")}};
    auto                          members = people("v", ballots[0].n + ballots[1].n + ballots[2].n);
    const auto                    voters = members;
    members.push_back("opener");
    auto t = by_charter(c, "ietf.json", {{"irsg", members}});
    t.open({.process = "irsg", .by = "opener"});
    cast_all(t, voters, ballots);
    return passing(c, t);
}
/// Before the second stage everybody has a concern in the first: what was said there doesn't count any more.
case_result rsab(const formal_case& c) {
    const auto yes = count_in(c.input, "yes"), concern = count_in(c.input, "concern"), stage = count_in(c.input, "stage");
    if (stage != 1 && stage != 2) throw cannot_say("another stage than the first or second");
    const auto members = people("v", yes + concern);
    auto       t = by_charter(c, "ietf.json", {{"rsab", members}, {.name = "chairs", .members = {"chair"}, .role = "rswg-chair"}});
    t.open({.process = "rsab", .by = "chair"});
    if (stage == 2) {
        cast_all(t, members, {{"concern", yes + concern}});
        t.does(propose{.by = "chair"});
    }
    cast_all(t, members, {{"concern", concern}, {"yes", yes}});
    return passing(c, t);
}
case_result iab(const formal_case& c) {
    const auto concur = count_in(c.input, "concur"), dissent = count_in(c.input, "dissent");
    auto       members = people("v", concur + dissent);
    const auto voters = members;
    members.push_back("opener");
    auto t = by_charter(c, "ietf.json", {{"iab", members}});
    t.open({.process = "iab", .by = "opener"});
    cast_all(t, voters, {{"concur", concur}, {"dissent", dissent}});
    t.wait(std::chrono::days(15));
    return passing(c, t);
}
/// The least number of whole days after which the last call is over.
case_result last_call(const formal_case& c) {
    auto t = by_charter(c, "ietf.json", {{"iesg", {"ad"}}, {.name = "chairs", .members = {"wg-chair"}, .role = "chair"}});
    t.open({.process = "document", .by = "editor"});
    t.report("from_wg", truth_in(c.input, "from_wg"));
    t.does(propose{.by = "wg-chair", .disposition = "standards"});
    t.does(other{.what = act::adopt, .by = "ad"});
    const auto n = least(365, [&](std::int64_t day) {
        if (day > 0) t.wait(std::chrono::days(1));
        return t.stage() != "last_call";
    });
    return compared(c.id, c.expected, {{"min_days", n}}, t.account());
}

// ---- Node.js --------------------------------------------------------------------------------------------------------------------
case_result tsc(const formal_case& c) {
    const auto against = count_in(c.input, "oppositions"), in_favour = count_in(c.input, "approvals");
    const auto members = people("v", against + in_favour);
    auto       t = by_charter(c, "nodejs.json", {{"tsc", members}, {"collaborators", {"caller"}}});
    t.open({.process = "tsc_issue", .by = "caller"});
    cast_all(t, members, {{"oppose", against}, {"approve", in_favour}});
    t.wait(hours_in(c.input, "hours"));
    return passing(c, t);
}
case_result pull_request(const formal_case& c) {
    const auto against = count_in(c.input, "objections"), in_favour = count_in(c.input, "approvals");
    const auto members = people("v", against + in_favour);
    auto       t = by_charter(c, "nodejs.json", {{"collaborators", members}, {"tsc", {"somebody"}}});
    t.open({.process = "pull_request", .by = "contributor"});
    for (const auto* no : {"semver_major", "fast_track", "clarification_requested"}) t.report(no, false);
    t.report("ci_green", true);
    for (std::int64_t i = 0; i < against; ++i) t.does(raise{.by = members[static_cast<std::size_t>(in_favour + i)], .concern = fmt::format("objection {}", i + 1)});
    cast_all(t, members, {{"approve", in_favour}});
    t.wait(hours_in(c.input, "hours_open"));
    return compared(c.id, c.expected, {{"can_land", t.stage() == "ready"}}, t.account());
}

// ---- W3C ------------------------------------------------------------------------------------------------------------------------
/// A process under a document on the recommendation track.
trial under_track(const formal_case& c, std::vector<team_of> teams, std::string_view process, const std::string& by) {
    teams.insert(teams.end(), {{"wg", {"editor"}}, {.name = "contacts", .members = {"contact"}, .role = "team-contact"}});
    auto       t = by_charter(c, "w3c.json", teams);
    const auto track = t.open({.process = "track", .by = "editor"});
    t.open({.process = std::string(process), .by = by, .parent = track});
    return t;
}
case_result w3c_council(const formal_case& c) {
    const std::vector<ballots_of> ballots{{"for", count_in(c.input, "for")}, {"against", count_in(c.input, "against")}, {"abstain", ballots_in(c.input, "abstain")}};
    const auto                    council = people("v", ballots[0].n + ballots[1].n + ballots[2].n);
    auto                          t = under_track(c, {{"council", council}}, "council", "contact");
    cast_all(t, council, ballots);
    const auto stage = t.stage();
    return compared(c.id, c.expected, {{"outcome", stage == "accepted" ? "adopted" : stage == "chair_decides" ? "chair decides" : stage}}, t.account());
}
case_result w3c_appeal(const formal_case& c) {
    const auto members = people("v", count_in(c.input, "ac_size"));
    if (members.empty()) throw cannot_say("an Advisory Committee without members");
    const auto support = count_in(c.input, "support");
    if (static_cast<std::size_t>(support) > members.size()) throw cannot_say("more people in support than there are");
    auto       t = under_track(c, {{"ac", members}}, "appeal", members[0]);
    for (std::int64_t i = 0; i < support; ++i) t.tries(other{.what = act::second, .by = members.at(static_cast<std::size_t>(i))});
    const bool held = t.stage() == "vote";
    cast_all(t, members, {{"approve", ballots_in(c.input, "approve")}, {"reject", ballots_in(c.input, "reject")}, {"abstain", ballots_in(c.input, "abstain")}});
    t.wait(std::chrono::days(15));
    return compared(c.id, c.expected, {{"vote_held", held}, {"overturned", t.stage() == "accepted"}}, t.account());
}

}  // namespace

const std::vector<formal_process>& chartered_processes() {
    static const std::vector<formal_process> all{
        {"apache", apache},           {"python-pep13", python_vote}, {"ietf-iesg", iesg},           {"ietf-iesg-alternate", iesg_alternate},
        {"ietf-irsg", irsg},          {"ietf-rsab", rsab},           {"ietf-iab", iab},             {"ietf-lastcall", last_call},
        {"nodejs-tsc", tsc},          {"nodejs-pr", pull_request},   {"w3c-council", w3c_council}, {"w3c-appeal", w3c_appeal},
    };
    return all;
}

}  // namespace conformance
