// Families in which somebody's words put a label on or take it off: one charter with two stages; who may is a set of its text.
#include <algorithm>

#include <fmt/format.h>

#include <quorate/dialect.hpp>

#include "bots.hpp"
#include "policybot.hpp"

namespace conformance {
namespace {

using namespace quorate;

/// A label: `set` and `clear` say who may, `kept` when a revision leaves it where it is, `for_good` when a look at the change puts it on
/// to stay, by these facts.
struct label {
    std::string              set = "everyone", clear = "everyone", kept = "fact(same_content)", for_good = "holds < 0";
    std::vector<std::string> facts{};
};
charter charter_of(const label& l) {
    const auto text = fmt::format(
        R"({{"title": "A label", "processes": {{"label": {{
             "electorate": {{ "of": "everyone" }}, "positions": {{}}, "facts": ["labelled", "same_content", "looked"{4}],
             "rules": {{ "kept": "{2}", "found": "{3}" }},
             "stages": {{
               "off": {{ "phase": "review", "allow": {{ "propose": "{0}", "cancel": "{1}", "revise": "everyone", "withdraw": "author" }},
                         "exits": [ {{ "on": "withdraw", "to": "withdrawn" }}, {{ "on": "propose", "to": "on" }}, {{ "on": "fact labelled", "to": "on" }},
                                    {{ "on": "fact looked", "if": "found", "to": "for_good" }} ] }},
               "on": {{ "phase": "review", "allow": {{ "propose": "{0}", "cancel": "{1}", "revise": "everyone" }},
                        "exits": [ {{ "on": "cancel", "to": "off" }}, {{ "on": "revise", "if": "not kept", "to": "off" }},
                                   {{ "on": "fact looked", "if": "found", "to": "for_good" }} ] }},
               "for_good": {{ "phase": "review", "allow": {{ "withdraw": "author" }}, "exits": [ {{ "on": "withdraw", "to": "withdrawn" }} ] }} }} }} }} }})",
        l.set, l.clear, l.kept, l.for_good, l.facts.empty() ? std::string() : fmt::format(", \"{}\"", fmt::join(l.facts, "\", \"")));
    auto made = load_charter(text);
    if (!made) throw refused_charter("a charter refuses it: " + std::string(made.error().what()));
    return std::move(made).value();
}
trial labelled(const label& l, const std::vector<team_of>& teams, const std::string& author, bool before) {
    trial t(charter_of(l), roster_of(teams));
    t.open({.process = "label", .by = author});
    if (before) t.report("labelled", true);
    return t;
}

// ---- commands -------------------------------------------------------------------------------------------------------------------
enum class wish : std::uint8_t { none, set, clear };

/// What a comment asks Prow for, of these two acts.
wish wish_in(const std::string& text, act set, act clear) {
    for (const auto& a : read_comment(*dialect_named("prow"), {.by = "somebody", .text = text}, roster_of({})))
        if (a.what == asked::kind::command && (a.command.what == set || a.command.what == clear)) return a.command.what == set ? wish::set : wish::clear;
    return wish::none;
}
wish lgtm_wish(const std::string& text) { return wish_in(text, act::second, act::withdraw_second); }
wish hold_wish(const std::string& text) { return wish_in(text, act::hold, act::release); }

/// What a comment asks gitvote for, in the words of the cases.
case_result gitvote_command(const bot_case& c) {
    const auto event = word_in(c.inputs, "event");
    comment    said{.by = "somebody", .text = word_in(c.inputs, "body")};
    if (event != "created" && event != "opened") said.before = "";  // whatever else happens to a text, it isn't new
    std::string  account;
    json::object command;
    for (const auto& a : read_comment(*dialect_named("gitvote"), said, roster_of({}))) {
        account += fmt::format("line {}: {}\n", a.line, a.what == asked::kind::problem ? to_string(a.why) : "heard");
        if (a.what == asked::kind::opening) {
            const auto profile = a.open.process.find('_');
            command = {{"command", "vote"}, {"profile", profile == std::string::npos ? json::value(nullptr) : json::value(a.open.process.substr(profile + 1))}};
        } else if (a.what != asked::kind::problem) {
            command = {{"command", a.what == asked::kind::status ? "check-vote" : "cancel-vote"}, {"profile", nullptr}};
        }
    }
    const auto* wanted = c.expected.if_contains("parsed");
    if (wanted != nullptr && wanted->is_object() && !wanted->as_object().contains("profile") && command.contains("profile") && command["profile"].is_null()) command.erase("profile");
    return compared(c.id, c.expected, {{"parsed", command.empty() ? json::value(nullptr) : json::value(command)}}, account);
}

/// Puts the wish; one that its author may not have is refused by the charter, and changes nothing.
void put(trial& t, wish w, const std::string& by) {
    if (w == wish::set) t.tries(propose{.by = by});
    if (w == wish::clear) t.tries(other{.what = act::cancel, .by = by});
}

// ---- families -------------------------------------------------------------------------------------------------------------------
case_result lgtm(const bot_case& c, wish w, std::string_view who) {
    const bool by_owners = truth_in(c.policy, "skip_collaborators");
    const auto permitted = words_in(list_in(c.policy, by_owners ? "owners_people" : "collaborators"));
    auto       t = labelled({.set = "team(permitted) except author", .clear = "team(permitted) or author"}, {{"permitted", permitted}}, word_in(c.inputs, "author"),
                       truth_in(c.inputs, "label_before"));
    put(t, w, word_in(c.inputs, who));
    return compared(c.id, c.expected, {{"label_after", t.stage() == "on"}}, t.account());
}
case_result lgtm_comment(const bot_case& c) { return lgtm(c, lgtm_wish(word_in(c.inputs, "text")), "commenter"); }
/// A command in the review's text is for the reader of comments; the review itself then says nothing.
case_result lgtm_review(const bot_case& c) {
    const auto state = word_in(c.inputs, "state");
    const bool heard = word_in(c.inputs, "action") == "submitted" && !truth_in(c.inputs, "reviewer_is_bot") && lgtm_wish(word_in(c.inputs, "text")) == wish::none;
    const auto w = !heard ? wish::none : state == "APPROVED" ? wish::set : state == "CHANGES_REQUESTED" ? wish::clear : wish::none;
    return lgtm(c, w, "reviewer");
}
case_result hold(const bot_case& c) {
    if (word_in(c.policy, "who") != "anyone") throw cannot_say("a hold that isn't anybody's");
    auto t = labelled({}, {}, std::string(asker), truth_in(c.inputs, "held_before"));
    if (truth_in(c.inputs, "is_change_request")) put(t, hold_wish(word_in(c.inputs, "text")), "somebody");
    return compared(c.id, c.expected, {{"held_after", t.stage() == "on"}}, t.account());
}
/// A revision takes the label off, unless its author is trusted or the content is that of the last record by the bot that nobody edited.
case_result revision_lgtm(const bot_case& c) {
    const bool  stored = truth_in(c.policy, "store_content_hash");
    const auto  trusted = words_in(list_in(c.policy, "sticky_team_members"));
    const auto  author = word_in(c.inputs, "author");
    std::string last;
    for (const auto& r : list_in(c.inputs, "recorded"))
        if (truth_in(r.as_object(), "by_bot") && !truth_in(r.as_object(), "edited")) last = word_in(r.as_object(), "hash");
    auto t = labelled({.kept = stored ? "fact(same_content) or eligible in (author and team(trusted)) > 0" : "eligible in (author and team(trusted)) > 0"},
                      {{"trusted", trusted}, {"others", {author}}}, author, true);
    t.report("same_content", last == word_in(c.inputs, "content_hash_now"));
    if (word_in(c.inputs, "event") == "synchronize") t.does(revise{.by = author, .revision = "next"});
    return compared(c.id, c.expected, {{"label_kept", t.stage() == "on"}}, t.account());
}

case_result policybot_disapproval(const bot_case& c) {
    const auto d = disapproval_of(c.policy, c.inputs);
    return compared(c.id, c.expected, {{"status", d.status}, {"decided_by", d.by}}, d.account);
}

}  // namespace

disapproval disapproval_of(const json::object& policy, const json::object& inputs) {
    only_keys(policy, {"if", "requires"}, "a disapproval");
    policy_terms terms(inputs);
    const auto   allowed = terms.actors(some_object(policy, "requires"));
    const auto   found = terms.any_of(some_object(policy, "if"));
    struct said {
        std::int64_t t = 0;
        wish         w = wish::none;
        std::string  by;
    };
    std::vector<said> all;
    for (const auto& e : some_list(inputs, "comments")) {
        const auto text = word_in(e.as_object(), "text");
        const auto has = [&](std::string_view a, std::string_view b) { return text.find(a) != std::string::npos || text.find(b) != std::string::npos; };
        const auto w = has(":-1:", "\U0001F44E") ? wish::set : has(":+1:", "\U0001F44D") ? wish::clear : wish::none;
        all.push_back({whole(e.as_object(), "t"), w, word_in(e.as_object(), "author")});
    }
    for (const auto& e : some_list(inputs, "reviews")) {
        const auto state = word_in(e.as_object(), "state");
        all.push_back({whole(e.as_object(), "t"), state == "changes_requested" ? wish::set : state == "approved" ? wish::clear : wish::none, word_in(e.as_object(), "author")});
    }
    // Of what was said at one instant a release is heard last.
    std::stable_sort(all.begin(), all.end(), [](const said& a, const said& b) { return a.t != b.t ? a.t < b.t : a.w < b.w; });
    for (const auto& s : all) (void)terms.group({s.by});
    auto t = labelled({.set = allowed, .clear = allowed, .for_good = found, .facts = terms.facts()}, terms.teams(), std::string(asker), false);
    terms.report_to(t);
    json::value by = nullptr;
    for (const auto& s : all) {
        if (s.w == wish::none) continue;
        const bool heard = s.w == wish::set ? t.tries(propose{.by = s.by}) : t.tries(other{.what = act::cancel, .by = s.by});
        if (heard && (s.w == wish::set || !by.is_null())) by = s.by;
    }
    t.report("looked", true);
    if (t.stage() == "for_good") by = nullptr;
    return {t.stage() == "off" ? "skipped" : "disapproved", by, t.account()};
}

const std::vector<bot_family>& label_families() {
    static const std::vector<bot_family> all{
        {"lgtm.comment", lgtm_comment}, {"lgtm.review", lgtm_review}, {"hold", hold}, {"revision.lgtm", revision_lgtm}, {"policybot.disapproval", policybot_disapproval}, {"gitvote.command", gitvote_command},
    };
    return all;
}

}  // namespace conformance
