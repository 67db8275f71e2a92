// Families in which a policy says who may approve or which policy governs: the policy becomes the charter's text.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "bots.hpp"
#include "policybot.hpp"

namespace conformance {
namespace {

using namespace quorate;

// ---- one rule -------------------------------------------------------------------------------------------------------------------
/// A rule of a policy as a decision of its own: "status" is how it stands; of candidate i, "counts_i" and "stands_i".
struct decided_rule {
    trial                    decision;
    std::vector<std::string> candidates;
};

/// Actors as `requires` names them, without the author and whoever took part in the change where the options say so.
std::string who_counts(policy_terms& terms, const json::object& requires_, const json::object& options, const hearing& h) {
    auto selector = requires_;
    selector.erase("count");
    selector.erase("conditions");
    auto                     who = terms.actors(selector);
    std::vector<std::string> contributors;
    for (const auto* commit : h.commits)
        for (const auto* key : {"author", "committer"})
            if (auto one = word_in(*commit, key); !one.empty()) contributors.push_back(std::move(one));
    if (!flag(options, "allow_author") && !flag(options, "allow_contributor")) who += " except author";
    if (!flag(options, "allow_contributor") && !flag(options, "allow_non_author_contributor"))
        who += fmt::format(" except ({} except author)", terms.group(std::move(contributors)));
    return who;
}

decided_rule decide_rule(const json::object& rule, const json::object& inputs) {
    only_keys(rule, {"name", "description", "if", "options", "requires"}, "a rule");
    const auto &options = some_object(rule, "options"), &requires_ = some_object(rule, "requires");
    only_keys(options, {"allow_author", "allow_contributor", "allow_non_author_contributor", "invalidate_on_push", "ignore_edited_comments", "ignore_update_merges",
                        "ignore_commits_by", "methods"}, "options");
    const auto   count = requires_.contains("count") ? whole(requires_, "count") : 0;
    const auto   author = word_in(inputs, "author");
    const auto   h = hearing_of(inputs, options);
    const auto   signals = count <= 0 ? std::vector<signal>() : signals_of(methods_of_options(options), inputs);
    policy_terms terms(inputs);
    const auto   who = who_counts(terms, requires_, options, h);
    auto         status = fmt::format("{} and {}", count <= 0 ? std::string("cast >= 0") : fmt::format("approve in ({}) >= {}", who, count),
                                      terms.all_of(some_object(requires_, "conditions")));
    if (rule.contains("if")) status = fmt::format("if {} then {}", terms.all_of(object_in(rule, "if")), status);
    auto s = signal_sheet();
    s.rules.push_back({"status", status});
    auto candidates = authors_of(signals);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const auto one = terms.group({candidates[i]});
        s.rules.push_back({fmt::format("counts_{}", i), fmt::format("approve in (({}) and {}) >= 1", who, one)});
        s.rules.push_back({fmt::format("stands_{}", i), fmt::format("approve in {} >= 1", one)});
    }
    (void)terms.group({author});
    trial t(s, terms.teams(), author);
    terms.report_to(t);
    say(t, signals, h, author);
    return {std::move(t), std::move(candidates)};
}

case_result policybot_rule(const bot_case& c) {
    const auto            rule = decide_rule(c.policy, c.inputs);
    std::set<std::string> approvers;
    std::int64_t          without = 0;
    for (std::size_t i = 0; i < rule.candidates.size(); ++i) {
        if (rule.decision.holds(fmt::format("counts_{}", i))) approvers.insert(rule.candidates[i]);
        else if (rule.decision.holds(fmt::format("stands_{}", i))) ++without;
    }
    auto expected = c.expected;
    if (auto* list = expected.if_contains("approvers"); list != nullptr && list->is_array()) {
        auto names = words_in(list->as_array());
        std::sort(names.begin(), names.end());
        *list = json::array(names.begin(), names.end());
    }
    return compared(c.id, expected,
                    {{"approved", rule.decision.holds("status")}, {"approvers", json::array(approvers.begin(), approvers.end())}, {"candidates_not_counted", without}},
                    rule.decision.account());
}

/// Whose ballots stand once everything was said, by the time of the ballot that stands.
case_result policybot_candidates(const bot_case& c) {
    auto said = c.policy;
    auto options = json::object();
    for (const auto* key : {"ignore_edited_comments", "invalidate_on_push", "ignore_update_merges", "ignore_commits_by"})
        if (const auto* option = said.if_contains(key)) {
            options[key] = *option;
            said.erase(key);
        }
    const auto   signals = signals_of(methods_of(said), c.inputs);
    const auto   author = c.inputs.contains("author") ? word_in(c.inputs, "author") : std::string(asker);
    policy_terms terms(c.inputs);
    auto         all = authors_of(signals);
    all.push_back(author);
    (void)terms.group(std::move(all));
    trial t(signal_sheet(), terms.teams(), author);
    say(t, signals, hearing_of(c.inputs, options), author);
    const auto standing = t.standing_by("approve");
    return compared(c.id, c.expected, {{"users_in_time_order", json::array(standing.begin(), standing.end())}}, t.account());
}

// ---- who is an actor, and what holds --------------------------------------------------------------------------------------------
/// Members of a set are eligible in it.
case_result actor_match(const bot_case& c) {
    policy_terms             terms(c.inputs);
    const auto               set = terms.actors(c.policy);
    std::vector<std::string> asked;
    for (const auto* key : {"is_actor", "is_not_actor"})
        for (auto& who : some_words(c.expected, key)) asked.push_back(std::move(who));
    sheet s{.positions = {}, .electorate = "everyone"};
    for (std::size_t i = 0; i < asked.size(); ++i)
        s.rules.push_back({fmt::format("actor_{}", i), fmt::format("eligible in ({} and {}) == 1", set, terms.group({asked[i]}))});
    const trial  t(s, terms.teams());
    json::object found{{"is_actor", json::array()}, {"is_not_actor", json::array()}};
    for (std::size_t i = 0; i < asked.size(); ++i) found[t.holds(fmt::format("actor_{}", i)) ? "is_actor" : "is_not_actor"].as_array().emplace_back(asked[i]);
    return compared(c.id, c.expected, found, t.account());
}

case_result predicate(const bot_case& c) {
    policy_terms terms(c.inputs);
    sheet        s{.positions = {}, .rules = {{"satisfied", terms.all_of(c.policy)}}, .electorate = "everyone"};
    const auto   author = c.inputs.contains("author") ? word_in(c.inputs, "author") : std::string(asker);
    (void)terms.group({author});
    trial t(s, terms.teams(), author);
    terms.report_to(t);
    return compared(c.id, c.expected, {{"satisfied", t.holds("satisfied")}}, t.account());
}

// ---- whole policies -------------------------------------------------------------------------------------------------------------
constexpr std::size_t deepest_policy = 10;  ///< lists inside each other: palantir/policy-bot@fc09d7a6 policy/approval/parse.go

/// What a policy's list asks for, as a rule over rules of the charter, which are numbered in the order of `names`. That the rules are
/// known and that something stands between connectives is the charter's to check.
std::string approval_text(const json::value& v, const std::vector<std::string>& names, std::string_view with = "and", std::size_t depth = 1) {
    if (v.is_string()) {
        const auto found = std::find(names.begin(), names.end(), std::string_view(v.as_string()));
        return found == names.end() ? "no_such_rule" : fmt::format("rule{}", found - names.begin());
    }
    if (v.is_object()) {
        if (v.as_object().size() != 1) throw refused_charter("one of \"and\" and \"or\" is needed");
        const auto& [key, list] = *v.as_object().begin();
        if ((key != "and" && key != "or") || !list.is_array()) throw refused_charter("one of \"and\" and \"or\" is needed, with a list");
        return approval_text(list, names, std::string_view(key), depth + 1);
    }
    if (!v.is_array()) throw refused_charter("a rule's name, \"and\" or \"or\" is needed");
    if (depth > deepest_policy) throw refused_charter(fmt::format("more than {} lists inside each other", deepest_policy));
    std::string text;
    for (const auto& one : v.as_array()) {
        if (one.is_array()) throw refused_charter("a rule's name, \"and\" or \"or\" is needed");
        text += fmt::format("{}{}", text.empty() ? "" : fmt::format(" {} ", with), approval_text(one, names, with, depth));
    }
    return fmt::format("({})", text);
}
/// The charter of a policy: its rules as findings, and what is asked of them. An empty list asks for nothing.
sheet policy_sheet(const json::value& approval, const std::vector<std::string>& names) {
    const bool nothing = approval.is_array() && approval.as_array().empty();
    auto       s = top_sheet(nothing ? "cast >= 0" : approval_text(approval, names), "not fact(disapproval_known)");
    for (std::size_t i = 0; i < names.size(); ++i) s.rules.push_back({fmt::format("rule{}", i), finding_rule(fmt::format("f{}", i))});
    return s;
}

case_result policy_parse(const bot_case& c) {
    const auto names = some_words(c.inputs, "defined_rules");
    try {
        (void)charter_of(policy_sheet(c.document, names));
        return compared(c.id, c.expected, {{"accepted", true}}, "accepted");
    } catch (const refused_charter& e) {
        return compared(c.id, c.expected, {{"accepted", false}}, e.what());
    }
}

/// Each rule is decided by itself; what they come to is decided of their findings, as is the disapproval.
case_result policybot_policy(const bot_case& c) {
    only_keys(c.policy, {"approval", "rules", "disapproval", "approval_rules", "policy"}, "a policy");
    const auto&                                                head = some_object(c.policy, "policy");
    const auto                                                 part = [&](std::string_view key) { return c.policy.contains(key) ? c.policy.if_contains(key) : head.if_contains(key); };
    std::vector<std::string>                                   names;
    std::vector<std::string>                                   statuses;
    std::string                                                account;
    json::object                                               found;
    const auto                                                 decide = [&](std::string name, const json::object& rule) {
        const auto r = decide_rule(rule, c.inputs);
        statuses.push_back(status_of(r.decision.reads("status")));
        account += fmt::format("{}: {}\n{}", name, statuses.back(), r.decision.account());
        found[name] = statuses.back();
        names.push_back(std::move(name));
    };
    for (const auto& [name, rule] : some_object(c.policy, "rules")) decide(std::string(name), rule.as_object());
    for (const auto& rule : some_list(c.policy, "approval_rules")) decide(word_in(rule.as_object(), "name"), rule.as_object());
    const auto* approval = part("approval");
    trial       t(policy_sheet(approval == nullptr ? json::value(json::array()) : *approval, names), {});
    for (std::size_t i = 0; i < names.size(); ++i) report_finding(t, fmt::format("f{}", i), statuses[i]);
    const auto* disapproval = part("disapproval");
    report_finding(t, "disapproval", disapproval == nullptr ? "skipped" : disapproval_of(disapproval->as_object(), c.inputs).status);
    account += t.account();
    return compared(c.id, c.expected, {{"status", top_status(t)}, {"rules", found}}, account);
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
    static const std::vector<bot_family> all{
        {"policybot.rule", policybot_rule}, {"policybot.candidates", policybot_candidates}, {"policybot.policy", policybot_policy},
        {"policy.parse", policy_parse},     {"actor.match", actor_match},                   {"predicate", predicate},
        {"policykit.engine", policykit},
    };
    return all;
}

}  // namespace conformance
