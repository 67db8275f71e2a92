// Families in which the question is what several findings come to: rules over facts that the host reports.
#include <fmt/format.h>

#include "bots.hpp"

namespace conformance {

using namespace quorate;

std::string status_of(truth t) { return t == truth::met ? "approved" : t == truth::unmet ? "pending" : t == truth::skipped ? "skipped" : "error"; }

std::string finding_rule(const std::string& name) { return fmt::format("(if fact({0}_known) and fact({0}_applies) then fact({0}_approves))", name); }
void report_finding(trial& t, const std::string& name, const std::string& status) {
    if (status != "approved" && status != "pending" && status != "skipped" && status != "error" && status != "disapproved")
        throw cannot_say("a finding that is none of approved, pending, skipped, disapproved, error");
    t.report(name + "_known", status != "error");
    t.report(name + "_applies", status != "skipped");
    t.report(name + "_approves", status == "approved");
    t.report(name + "_disapproves", status == "disapproved");
}

sheet top_sheet(const std::string& approval, const std::string& error) {
    return {.positions = {},
            .outcomes = {{"skipped", error}, {"disapproved", "fact(disapproval_disapproves)"}, {"approved", approval}, {"pending", "not " + approval}, {"not_applicable", ""}},
            .electorate = "everyone"};
}
std::string top_status(trial& t) {
    const auto outcome = t.decides();
    return outcome == "not_applicable" ? "skipped" : outcome;
}

namespace {

/// The peer leaves errors out of what it combines, and tells of them beside it; "or" forgets them once anything approved or waits.
case_result tristate(const bot_case& c) {
    const auto op = word_in(c.policy, "op");
    if (op != "and" && op != "or") throw cannot_say("neither \"and\" nor \"or\"");
    auto        children = words_in(list_in(c.inputs, "children"));
    std::string status, unknown;
    if (children.empty()) children.emplace_back("skipped");  // of nothing, nothing applies
    for (std::size_t i = 0; i < children.size(); ++i) {
        const auto name = fmt::format("c{}", i);
        status += fmt::format("{}{}", status.empty() ? "" : " " + op + " ", finding_rule(name));
        unknown += fmt::format("{}not fact({}_known)", unknown.empty() ? "" : " or ", name);
        if (children[i] == "disapproved") throw cannot_say("a child that disapproves");
    }
    // Whether the status reads something else than skipped.
    std::string applies;
    for (std::size_t i = 0; i < children.size(); ++i) applies += fmt::format("{}(fact(c{}_known) and fact(c{}_applies))", i == 0 ? "" : " or ", i, i);
    const sheet s{.positions = {},
                  .rules = {{"status", status}, {"error", op == "and" ? unknown : fmt::format("({}) and not ({})", unknown, applies)}},
                  .electorate = "everyone"};
    trial       t(s, {});
    for (std::size_t i = 0; i < children.size(); ++i) report_finding(t, fmt::format("c{}", i), children[i]);
    return compared(c.id, c.expected, {{"status", status_of(t.reads("status"))}, {"error", t.holds("error")}}, t.account());
}

case_result policy_top(const bot_case& c) {
    auto s = top_sheet(finding_rule("approval"), "not fact(approval_known) or not fact(disapproval_known)");
    s.rules.push_back({"error", "not fact(approval_known) or not fact(disapproval_known)"});
    trial      t(s, {});
    const auto approval = word_in(c.inputs, "approval");
    if (approval == "disapproved") throw cannot_say("an approval that disapproves");
    report_finding(t, "approval", approval);
    report_finding(t, "disapproval", word_in(c.inputs, "disapproval"));
    const auto account = t.account();
    const bool error = t.holds("error");
    return compared(c.id, c.expected, {{"status", top_status(t)}, {"error", error}}, account);
}

/// What is published: a policy none of whose rules apply is an error for everybody to see.
case_result policy_publish(const bot_case& c) {
    const sheet s{.positions = {},
                  .outcomes = {{"failure", "fact(policy_disapproves)"},
                               {"success", finding_rule("policy")},
                               {"pending", "not " + finding_rule("policy")},
                               {"error", ""}},
                  .electorate = "everyone"};
    trial       t(s, {});
    report_finding(t, "policy", word_in(c.inputs, "status"));
    const auto account = t.account();
    return compared(c.id, c.expected, {{"published", t.decides()}}, account);
}

/// Labels with a vote per person from min to max: whether the highest is needed and whether the lowest blocks is the function's.
case_result gerrit_label(const bot_case& c) {
    const auto function = word_in(c.policy, "function");
    const bool blocks = function == "MaxWithBlock" || function == "AnyWithBlock";
    const bool needs_max = function == "MaxWithBlock" || function == "MaxNoBlock";
    if (!blocks && !needs_max && function != "NoBlock" && function != "NoOp" && function != "PatchSetLock") throw cannot_say("a function of another name");
    const auto low = whole(c.policy, "min"), high = whole(c.policy, "max");
    sheet s{.positions = {{"lowest", "{}"}, {"highest", "{}"}, {"between", "{}"}}};
    if (blocks) s.outcomes.push_back({"REJECT", "lowest > 0"});
    if (needs_max) s.outcomes.insert(s.outcomes.end(), {{"OK", "highest > 0"}, {"NEED", ""}});
    else s.outcomes.push_back({"MAY", ""});
    const auto& votes = list_in(c.inputs, "votes");
    const auto  who = people("v", static_cast<std::int64_t>(votes.size()));
    trial       t(s, {{"voters", who}});
    for (std::size_t i = 0; i < votes.size(); ++i) {
        if (!votes[i].is_int64() || votes[i].as_int64() < low || votes[i].as_int64() > high) throw cannot_say("a vote out of range");
        // A vote of 0 is none.
        t.casts(who[i], votes[i] == 0 ? "between" : votes[i] == low ? "lowest" : votes[i] == high ? "highest" : "between");
    }
    const auto account = t.account();
    return compared(c.id, c.expected, {{"status", t.decides()}}, account);
}

case_result gerrit_requirement(const bot_case& c) {
    constexpr const char* parts[]{"applicable", "submittable", "override"};
    std::string           error;
    bool                  has[3]{};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto state = word_in(c.inputs, parts[i]);
        if (state != "pass" && state != "fail" && state != "error" && state != "absent") throw cannot_say("an expression that neither passes, fails, errs nor is absent");
        has[i] = state != "absent";
        if (has[i]) error += fmt::format("{}fact({}_errs)", error.empty() ? "" : " or ", parts[i]);
    }
    if (!has[1]) throw cannot_say("a requirement without its expression");
    sheet s{.positions = {}, .outcomes = {{"ERROR", error}}, .electorate = "everyone"};
    if (has[0]) s.outcomes.push_back({"NOT_APPLICABLE", "not fact(applicable)"});
    if (has[2]) s.outcomes.push_back({"OVERRIDDEN", "fact(override)"});
    s.outcomes.insert(s.outcomes.end(), {{"SATISFIED", "fact(submittable)"}, {"UNSATISFIED", ""}});
    const auto put = [&](const sheet& of) {
        trial t(of, {});
        for (std::size_t i = 0; i < 3; ++i) {
            const auto state = word_in(c.inputs, parts[i]);
            t.report(std::string(parts[i]) + "_errs", state == "error");
            t.report(parts[i], state == "pass");
        }
        return t;
    };
    // Fulfilled is the same question with fewer answers.
    sheet fulfilled = s;
    fulfilled.rules.clear();
    for (const auto& o : s.outcomes)
        if (o.name == "SATISFIED" || o.name == "OVERRIDDEN" || o.name == "NOT_APPLICABLE")
            fulfilled.rules.push_back({"when_" + o.name, fmt::format("not ({}) and {}", error, o.text)});
    std::string any;
    for (const auto& r : fulfilled.rules) any += (any.empty() ? "" : " or ") + r.name;
    fulfilled.rules.push_back({"fulfilled", any});
    auto       t = put(fulfilled);
    const bool yes = t.holds("fulfilled");
    const auto account = t.account();
    return compared(c.id, c.expected, {{"status", t.decides()}, {"fulfilled", yes}}, account);
}

}  // namespace

const std::vector<bot_family>& combining_families() {
    static const std::vector<bot_family> all{
        {"tristate.combine", tristate},  {"policy.top", policy_top},         {"policy.publish", policy_publish},
        {"gerrit.label", gerrit_label}, {"gerrit.requirement", gerrit_requirement},
    };
    return all;
}

}  // namespace conformance
