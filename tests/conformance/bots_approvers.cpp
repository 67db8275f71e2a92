// Families in which a policy says who may approve or which policy governs: the policy becomes the charter's text.
#include <algorithm>
#include <limits>
#include <optional>
#include <regex>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "bots.hpp"

namespace conformance {
namespace {

using namespace quorate;

void only_keys(const json::object& o, std::initializer_list<std::string_view> known, std::string_view of) {
    for (const auto& [key, value] : o)
        if (std::find(known.begin(), known.end(), std::string_view(key)) == known.end()) throw cannot_say(fmt::format("{} with \"{}\"", of, std::string_view(key)));
}
bool flag(const json::object& o, std::string_view key) { return o.contains(key) && truth_in(o, key); }
std::vector<std::string> some_words(const json::object& o, std::string_view key) {
    return o.contains(key) ? words_in(list_in(o, key)) : std::vector<std::string>();
}

// ---- signals of approval --------------------------------------------------------------------------------------------------------
struct signal {
    std::int64_t t = 0;
    int          channel = 0;  ///< comments, then the body, then reviews: of simultaneous ones the first stands
    std::string  by;
    bool         edited = false;
};
std::vector<signal> signals_of(const json::object& inputs, const json::object& options) {
    std::vector<std::string> body_patterns;
    if (options.contains("methods")) {
        only_keys(object_in(options, "methods"), {"body_patterns"}, "methods");
        body_patterns = some_words(object_in(options, "methods"), "body_patterns");
    }
    std::vector<signal> all;
    const auto          add = [&](const json::object& o, int channel) { all.push_back({whole(o, "t"), channel, word_in(o, "author"), flag(o, "edited")}); };
    for (const auto& c : list_in(inputs, "comments")) {
        const auto text = word_in(c.as_object(), "text");
        if (text.find(":+1:") != std::string::npos || text.find("\U0001F44D") != std::string::npos) add(c.as_object(), 0);
    }
    for (const auto& p : body_patterns)
        if (found_in(word_in(object_in(inputs, "body"), "text"), p)) {
            add(object_in(inputs, "body"), 1);
            break;
        }
    for (const auto& r : list_in(inputs, "reviews"))
        if (word_in(r.as_object(), "state") == "approved") add(r.as_object(), 2);
    // Each replaces the one before it, so that of simultaneous ones the one to stand comes last.
    std::stable_sort(all.begin(), all.end(), [](const signal& a, const signal& b) { return std::tuple(a.t, -a.channel) < std::tuple(b.t, -b.channel); });
    return all;
}

/// The users of an actor selector: named, or of a team or organisation.
std::vector<std::string> actors(const json::object& selector, const json::object& inputs) {
    auto       all = some_words(selector, "users");
    const auto of = [&](std::string_view key, std::string_view members) {
        const auto wanted = some_words(selector, key);
        if (wanted.empty() || !inputs.contains(members)) return;
        for (const auto& [who, theirs] : object_in(inputs, members))
            for (const auto& one : words_in(theirs.as_array()))
                if (std::find(wanted.begin(), wanted.end(), one) != wanted.end()) all.emplace_back(who);
    };
    of("teams", "teams");
    of("organizations", "orgs");
    return all;
}

/// The commits that a rule looks at: without those that its options have it pass over.
std::vector<const json::object*> looked_at(const json::object& inputs, const json::object& options) {
    std::set<std::string> own, passed_over;
    for (const auto& c : list_in(inputs, "commits")) own.insert(word_in(c.as_object(), "id"));
    if (options.contains("ignore_commits_by")) {
        only_keys(object_in(options, "ignore_commits_by"), {"users", "teams", "organizations"}, "actors");
        for (auto& who : actors(object_in(options, "ignore_commits_by"), inputs)) passed_over.insert(std::move(who));
    }
    std::vector<const json::object*> all;
    for (const auto& v : list_in(inputs, "commits")) {
        const auto& c = v.as_object();
        const auto  parents = words_in(list_in(c, "parents"));
        const bool  update = flag(options, "ignore_update_merges") && flag(c, "via_web") && parents.size() == 2 && own.contains(parents[0]) && !own.contains(parents[1]);
        bool        by_them = true, somebody = false;
        for (const auto* key : {"author", "committer"})
            if (const auto who = word_in(c, key); !who.empty()) {
                somebody = true;
                by_them = by_them && passed_over.contains(who);
            }
        if (!update && !(somebody && by_them)) all.push_back(&c);
    }
    return all;
}
/// When the newest of those was pushed, along first parents from the head; nothing: there is none. A commit whose push nobody recorded
/// came with the nearest later one, and else only now.
std::optional<std::int64_t> last_push(const json::object& inputs, const std::vector<const json::object*>& commits) {
    const auto& pushed_at = object_in(inputs, "pushed_at");
    const auto& all = list_in(inputs, "commits");
    auto        at = std::numeric_limits<std::int64_t>::max();
    auto        id = word_in(inputs, "head");
    for (std::size_t steps = 0; steps <= all.size(); ++steps) {
        if (pushed_at.contains(id)) at = whole(pushed_at, id);
        if (std::any_of(commits.begin(), commits.end(), [&](const json::object* c) { return word_in(*c, "id") == id; })) return at;
        std::vector<std::string> parents;
        for (const auto& c : all)
            if (word_in(c.as_object(), "id") == id) parents = words_in(list_in(c.as_object(), "parents"));
        if (parents.empty()) return std::nullopt;
        id = parents[0];
    }
    return std::nullopt;
}

/// Approvals of those whom the policy names, without the author and whoever took part in the change where it says so.
case_result policybot_rule(const bot_case& c) {
    only_keys(c.policy, {"options", "requires"}, "a policy");
    const auto &options = object_in(c.policy, "options"), &requires_ = object_in(c.policy, "requires");
    only_keys(options, {"allow_author", "allow_contributor", "allow_non_author_contributor", "invalidate_on_push", "ignore_edited_comments", "ignore_update_merges",
                        "ignore_commits_by", "methods"}, "options");
    only_keys(requires_, {"count", "users", "teams", "organizations", "conditions"}, "requirements");
    const auto count = requires_.contains("count") ? whole(requires_, "count") : 0;
    const auto author = word_in(c.inputs, "author");
    const auto commits = looked_at(c.inputs, options);

    team_of contributors{"contributors", {}}, others{"others", {author}};
    for (const auto* commit : commits)
        for (const auto* key : {"author", "committer"})
            if (auto who = word_in(*commit, key); !who.empty()) contributors.members.push_back(std::move(who));
    std::string who = "team(actors)";
    if (!flag(options, "allow_author") && !flag(options, "allow_contributor")) who += " except author";
    if (!flag(options, "allow_contributor") && !flag(options, "allow_non_author_contributor")) who += " except (team(contributors) except author)";

    auto rule = count <= 0 ? std::string("cast >= 0") : fmt::format("approve in ({}) >= {}", who, count);
    std::vector<std::pair<std::string, bool>> statuses;
    if (requires_.contains("conditions")) {
        const auto& conditions = object_in(requires_, "conditions");
        only_keys(conditions, {"has_status"}, "conditions");
        only_keys(object_in(conditions, "has_status"), {"statuses"}, "has_status");
        for (const auto& s : some_words(object_in(conditions, "has_status"), "statuses")) {
            statuses.emplace_back(fmt::format("status{}", statuses.size()), c.inputs.contains("statuses") && text_of(needs(c.inputs, "statuses"), s) == "success");
            rule += fmt::format(" and fact({})", statuses.back().first);
        }
    }
    const auto           signals = count <= 0 ? std::vector<signal>() : signals_of(c.inputs, options);
    std::vector<team_of> teams{{"actors", actors(requires_, c.inputs)}};
    // An edited signal replaces an earlier one also where it then counts for nothing: so the peer has it.
    sheet                    s{.positions = {{"approve", "{}"}, {"edited", R"({"binding": false})"}}, .rules = {{"approved", rule}}, .electorate = "everyone", .revised = true};
    std::vector<std::string> candidates;
    for (const auto& one : signals) {
        others.members.push_back(one.by);
        if (std::find(candidates.begin(), candidates.end(), one.by) != candidates.end()) continue;
        const auto team = fmt::format("candidate{}", candidates.size());
        candidates.push_back(one.by);
        teams.push_back({team, {one.by}});
        s.rules.push_back({team + "_counts", fmt::format("approve in (({}) and team({})) >= 1", who, team)});
        s.rules.push_back({team + "_stands", fmt::format("approve in team({}) >= 1", team)});
    }
    teams.insert(teams.end(), {contributors, others});
    trial      t(s, teams, author);
    const auto pushed = flag(options, "invalidate_on_push") ? last_push(c.inputs, commits) : std::nullopt;
    bool       revised = !pushed;
    const auto push = [&] {
        t.does(revise{.by = author, .revision = "pushed"});
        revised = true;
    };
    for (const auto& one : signals) {
        if (!revised && one.t > *pushed) push();
        t.casts(one.by, one.edited && flag(options, "ignore_edited_comments") ? "edited" : "approve");
    }
    if (!revised) push();
    for (const auto& [name, holds] : statuses) t.report(name, holds);

    std::set<std::string> approvers;
    std::int64_t          without = 0;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (t.holds(fmt::format("candidate{}_counts", i))) approvers.insert(candidates[i]);
        else if (t.holds(fmt::format("candidate{}_stands", i))) ++without;
    }
    auto expected = c.expected;
    if (auto* list = expected.if_contains("approvers"); list != nullptr && list->is_array()) {
        auto names = words_in(list->as_array());
        std::sort(names.begin(), names.end());
        *list = json::array(names.begin(), names.end());
    }
    return compared(c.id, expected, {{"approved", t.holds("approved")}, {"approvers", json::array(approvers.begin(), approvers.end())}, {"candidates_not_counted", without}},
                    t.account());
}

// ---- which policy governs -------------------------------------------------------------------------------------------------------
/// The newest policy that doesn't raise governs. What happened on the platform already is undone unless it passes at once.
case_result policykit(const bot_case& c) {
    only_keys(c.policy, {"policies_newest_modified_first"}, "a policy");
    const auto& policies = list_in(c.policy, "policies_newest_modified_first");
    sheet       s{.positions = {}, .outcomes = {{"executed", "fact(can_execute)"}, {"stopped", "not fact(can_propose)"}}, .electorate = "everyone"};
    std::string passes, governs, all_before;
    for (std::size_t i = 0; i < policies.size(); ++i) {
        const auto runs = fmt::format("not fact(raises{})", i);
        for (const auto* end : {"passed", "failed", "proposed"}) s.outcomes.push_back({fmt::format("{}_{}", end, i), fmt::format("{} and fact({}{})", runs, end, i)});
        passes += fmt::format("{}({}{} and fact(passed{}))", i == 0 ? "" : " or ", all_before, runs, i);
        governs += fmt::format("{}{}", i == 0 ? "" : " or ", runs);
        all_before += fmt::format("fact(raises{}) and ", i);
    }
    if (policies.empty()) throw cannot_say("no policy at all");
    s.outcomes.push_back({"nothing", ""});
    s.rules = {{"passes", passes},
               {"governed", governs},
               {"executed_too", "fact(can_execute) or (fact(can_propose) and passes and not fact(on_platform))"},
               {"reverted", "not fact(can_execute) and fact(on_platform) and (not fact(can_propose) or (governed and not passes))"}};
    trial      t(s, {});
    const bool executes = truth_in(c.inputs, "initiator_can_execute"), on_platform = truth_in(c.inputs, "origin_on_platform");
    if (executes && on_platform) throw cannot_say("leave to execute what is done on the platform already");
    t.report("can_execute", executes);
    t.report("can_propose", truth_in(c.inputs, "initiator_can_propose"));
    t.report("on_platform", on_platform);
    for (std::size_t i = 0; i < policies.size(); ++i) {
        const auto& p = policies[i].as_object();
        only_keys(p, {"check", "raises_in"}, "a policy");
        const auto check = word_in(p, "check");
        if (check != "passed" && check != "failed" && check != "proposed") throw cannot_say("a check that comes to something else");
        for (const auto* end : {"passed", "failed", "proposed"}) t.report(fmt::format("{}{}", end, i), check == end);
        t.report(fmt::format("raises{}", i), p.contains("raises_in"));
    }
    const bool  executed = t.holds("executed_too"), reverted = t.holds("reverted");
    const auto  account = t.account();
    const auto  outcome = t.decides();
    const auto  word = outcome.substr(0, outcome.find('_'));
    const bool  proposal = word == "passed" || word == "failed" || word == "proposed";
    return compared(c.id, c.expected, {{"proposal", proposal ? json::value(word) : json::value(nullptr)}, {"executed", executed}, {"reverted", reverted}}, account);
}

}  // namespace

const std::vector<bot_family>& approver_families() {
    static const std::vector<bot_family> all{{"policybot.rule", policybot_rule}, {"policykit.engine", policykit}};
    return all;
}

}  // namespace conformance
