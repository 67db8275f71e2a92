// Sorts the cases of formal_processes.json to charters, and puts those that are bare rules.
#include "formal.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace conformance {
namespace {

using namespace quorate;

/// A process of formal.json, with the values that the case gives.
trial bare(const formal_case& c, std::string_view process, const std::vector<team_of>& teams, std::vector<std::pair<std::string, std::string>> given = {}) {
    auto rules = load_charter_file(c.where.own + "/formal.json", std::move(given));
    if (!rules) throw cannot_say("values that no parameter takes");
    trial t(std::move(rules).value(), roster_of(teams));
    t.open({.process = std::string(process), .by = std::string(asker)});
    return t;
}
/// The same, with ballots, counted.
trial counted(const formal_case& c, std::string_view process, std::int64_t voters, const std::vector<ballots_of>& all,
              std::vector<std::pair<std::string, std::string>> given = {}) {
    const auto who = people("v", voters);
    auto       t = bare(c, process, {{"voters", who}}, std::move(given));
    cast_all(t, who, all);
    t.does(other{.what = act::adopt, .by = std::string(asker)});
    return t;
}

case_result debian_ratio(const formal_case& c) {
    const auto version = word_in(c.input, "constitution");
    if (version != ">=1.6" && version != "<=1.5") throw cannot_say("another constitution than up to 1.5 or since 1.6");
    const auto above = count_in(c.input, "V(A,D)"), below = count_in(c.input, "V(D,A)");
    return passing(c, counted(c, version == ">=1.6" ? "debian_ratio_1_6" : "debian_ratio_1_5", above + below, {{"above", above}, {"below", below}},
                              {{"ratio", number_text(c.input, "N")}}));
}
/// How few sponsors and votes are enough, and K.
case_result debian_sizes(const formal_case& c) {
    const auto developers = people("v", count_in(c.input, "developers"));
    const auto with = [&](std::string_view process, const auto& acts) {
        auto t = bare(c, process, {{"voters", developers}});
        return least(static_cast<std::int64_t>(developers.size()), [&](std::int64_t n) {
            if (n > 0) t.does(acts(developers[static_cast<std::size_t>(n) - 1]));
            return t.stage() == "accepted";
        });
    };
    const auto   sponsors = with("debian_sponsors", [](const std::string& by) -> command { return other{.what = act::sponsor, .by = by}; });
    const auto   votes = with("debian_quorum", [](const std::string& by) -> command { return cast{.by = by, .position = "above"}; });
    json::object found{{"min_sponsors_other_than_proposer", sponsors}, {"min_votes_over_default", votes}};
    if (const auto* k = c.expected.if_contains("K"); k != nullptr && k->is_number()) {
        auto t = bare(c, "debian_k", {{"voters", developers}}, {{"k", fmt::format("{:.6f}", k->to_number<double>())}});
        t.does(other{.what = act::adopt, .by = std::string(asker)});
        found["K"] = t.stage() == "accepted" ? *k : json::value("another number");
    }
    return compared(c.id, c.expected, found, fmt::format("{} sponsors, {} votes", sponsors, votes));
}
case_result debian(const formal_case& c) { return c.input.contains("developers") ? debian_sizes(c) : debian_ratio(c); }

/// One voter ranks them all as the case does.
case_result third_of_seven(const formal_case& c) {
    if (count_in(c.input, "seats") != 7) throw cannot_say("another number of seats than seven");
    const auto ranking = ranking_in(c.input);
    auto       teams = employers_of(ranking);
    teams.push_back({"voters", {"voter"}});
    auto t = bare(c, "third_of_seven", teams);
    put_forward(t, "voter", ranking);
    t.does(cast{.by = "voter", .position = "ballot", .marks = first_names(ranking, ranking.size())});
    t.does(other{.what = act::adopt, .by = std::string(asker)});
    return electing(c, t, "elected");
}

case_result two_chambers(const formal_case& c) {
    const auto &issuers = object_in(c.input, "issuers"), &consumers = object_in(c.input, "consumers");
    const auto  ballots = [](const json::object& o) {
        return std::vector<ballots_of>{{"yes", count_in(o, "yes")}, {"no", count_in(o, "no")}, {"abstain", ballots_in(o, "abstain")}};
    };
    const auto count = [&](const json::object& o) { return count_in(o, "yes") + count_in(o, "no") + ballots_in(o, "abstain"); };
    const auto first = people("issuer", count(issuers)), second = people("consumer", count(consumers));
    auto       t = bare(c, "two_chambers", {{"issuers", first}, {"consumers", second}});
    cast_all(t, first, ballots(issuers));
    cast_all(t, second, ballots(consumers));
    t.does(other{.what = act::adopt, .by = std::string(asker)});
    return passing(c, t);
}

case_result denominators(const formal_case& c) {
    const std::vector<ballots_of> ballots{{"yes", count_in(c.input, "yes")}, {"no", count_in(c.input, "no")}, {"abstain", count_in(c.input, "abstain")}};
    json::object                  found;
    std::string                   account;
    for (const auto& [key, process] : {std::pair{"cast_yes_no", "of_yes_and_no"}, {"cast_incl_abstain", "of_cast"}, {"eligible", "of_eligible"}}) {
        const auto t = counted(c, process, count_in(c.input, "eligible"), ballots);
        found[key] = t.stage() == "accepted";
        account += t.account();
    }
    return compared(c.id, c.expected, found, std::move(account));
}
/// Whoever isn't for it and doesn't remain was against. "pass now" and "fail now" are ends; any other word is that the vote goes on.
case_result early_close(const formal_case& c) {
    const auto yes = count_in(c.input, "yes"), remaining = count_in(c.input, "remaining"), no = ballots_in(c.input, "no");
    const auto who = people("v", yes + no + remaining);
    auto       t = bare(c, "early_close", {{"voters", who}}, {{"needed", number_text(c.input, "needed")}});
    cast_all(t, who, {{"yes", yes}, {"no", no}});
    t.does(propose{.by = std::string(asker)});
    const auto wanted = word_in(c.expected, "status");
    const bool goes_on = wanted != "pass now" && wanted != "fail now" && t.stage() == "watched";
    return compared(c.id, c.expected, {{"status", goes_on ? wanted : t.stage() == "accepted" ? "pass now" : t.stage() == "rejected" ? "fail now" : "goes on"}}, t.account());
}
case_result generic(const formal_case& c) { return c.input.contains("remaining") ? early_close(c) : denominators(c); }

case_result run_case(std::string id, const json::value& c, const settings& s) {
    const auto  name = text_of(c, "process");
    const auto *input = object_of(c, "input"), *expected = object_of(c, "expected");
    if (input == nullptr || expected == nullptr) return skipped(std::move(id), "a case without input or expected");
    for (const auto* all : {&chartered_processes(), &bare_processes()})
        for (const auto& p : *all) {
            if (p.name != name) continue;
            return guarded(id, name, [&] { return p.put({id, text_of(c, "rule"), *input, *expected, s}); });
        }
    return skipped(std::move(id), "no charter here is about " + name);
}

}  // namespace

void cast_all(trial& t, const std::vector<std::string>& who, const std::vector<ballots_of>& all, std::size_t first) {
    for (const auto& [position, n] : all) {
        if (first > who.size() || n < 0 || static_cast<std::size_t>(n) > who.size() - first) throw cannot_say("more ballots than people");
        for (std::int64_t i = 0; i < n; ++i) t.tries(cast{.by = who[first++], .position = position, .reason = "as recorded"});
    }
}
std::int64_t ballots_in(const json::object& o, std::string_view key) { return o.contains(key) ? count_in(o, key) : 0; }
std::vector<candidate> ranking_in(const json::object& o) {
    std::vector<candidate> all;
    for (const auto& v : list_in(o, "ranking")) {
        const auto pair = v.is_array() ? words_in(v.as_array()) : std::vector<std::string>();
        if (pair.size() != 2) throw cannot_say("a ranking of something else than names with their employers");
        all.push_back({pair[0], pair[1]});
    }
    if (all.empty()) throw cannot_say("nobody stands for election");
    return all;
}
std::vector<team_of> employers_of(const std::vector<candidate>& ranking) {
    std::vector<team_of> teams;
    for (const auto& who : ranking) {
        auto at = std::find_if(teams.begin(), teams.end(), [&](const team_of& t) { return t.affiliation == who.employer; });
        if (at == teams.end()) at = teams.insert(at, team_of{.name = "at-" + who.employer, .members = {}, .affiliation = who.employer});
        at->members.push_back(who.name);
    }
    return teams;
}
void put_forward(trial& t, const std::string& by, const std::vector<candidate>& ranking) {
    for (const auto& who : ranking) t.does(other{.what = act::add_option, .by = by, .subject = who.name});
}
std::vector<std::string> first_names(const std::vector<candidate>& ranking, std::size_t n) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < n; ++i) names.push_back(ranking.at(i).name);
    return names;
}
case_result electing(const formal_case& c, const trial& t, std::string_view key) {
    const auto   outcome = t.explained();
    json::object found;
    found[key] = json::array(outcome.elected.begin(), outcome.elected.end());
    return compared(c.id, c.expected, found, to_string(outcome));
}
case_result passing(const formal_case& c, const trial& t, std::string_view stage) {
    return compared(c.id, c.expected, {{"passes", t.stage() == stage}}, t.account());
}

const std::vector<formal_process>& bare_processes() {
    static const std::vector<formal_process> all{{"debian", debian}, {"kubernetes", third_of_seven}, {"cabforum", two_chambers}, {"generic", generic}};
    return all;
}

bool claims_formal(const json::value& d) { return any_with(cases_of(d), {"process", "rule", "expected"}); }

std::vector<case_result> run_formal(const json::value& d, const settings& s) {
    std::vector<case_result> results;
    for (const auto& c : *cases_of(d)) results.push_back(run_case(fmt::format("#{} {}", results.size() + 1, text_of(c, "process")), c, s));
    return results;
}

}  // namespace conformance
