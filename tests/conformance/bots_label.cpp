// Families in which somebody's words put a label on or take it off: one charter with two stages; who may is a set of its text.
#include <algorithm>
#include <regex>

#include <fmt/format.h>

#include "bots.hpp"

namespace conformance {
namespace {

using namespace quorate;

/// A label: `set` and `clear` say who may, `kept` when a revision leaves it where it is.
charter label(const std::string& set, const std::string& clear, const std::string& kept) {
    const auto text = fmt::format(
        R"({{"title": "A label", "processes": {{"label": {{
             "electorate": {{ "of": "everyone" }}, "positions": {{}}, "facts": ["labelled", "same_content"], "rules": {{ "kept": "{2}" }},
             "stages": {{
               "off": {{ "phase": "review", "allow": {{ "propose": "{0}", "cancel": "{1}", "revise": "everyone", "withdraw": "author" }},
                         "exits": [ {{ "on": "withdraw", "to": "withdrawn" }}, {{ "on": "propose", "to": "on" }}, {{ "on": "fact labelled", "to": "on" }} ] }},
               "on": {{ "phase": "review", "allow": {{ "propose": "{0}", "cancel": "{1}", "revise": "everyone" }},
                        "exits": [ {{ "on": "cancel", "to": "off" }}, {{ "on": "revise", "if": "not kept", "to": "off" }} ] }} }} }} }} }})",
        set, clear, kept);
    auto made = load_charter(text);
    if (!made) throw cannot_say("a charter refuses it: " + std::string(made.error().what()));
    return std::move(made).value();
}
trial labelled(const std::string& set, const std::string& clear, const std::string& kept, const std::vector<team_of>& teams, const std::string& author, bool before) {
    trial t(label(set, clear, kept), roster_of(teams));
    t.open({.process = "label", .by = author});
    if (before) t.report("labelled", true);
    return t;
}

// ---- commands -------------------------------------------------------------------------------------------------------------------
enum class wish : std::uint8_t { none, set, clear };

/// Whether some line of the text is as the pattern says, whatever its case.
bool some_line(const std::string& text, const char* pattern) {
    const std::regex lines(pattern, std::regex::icase | std::regex::ECMAScript);
    std::size_t      from = 0;
    while (from <= text.size()) {
        const auto end = std::min(text.find('\n', from), text.size());
        if (std::regex_match(text.substr(from, end - from), lines)) return true;
        from = end + 1;
    }
    return false;
}
wish lgtm_wish(const std::string& text) {
    return some_line(text, R"(/lgtm(?: no-issue)?\s*)") ? wish::set : some_line(text, R"(/(?:remove-lgtm|lgtm cancel)\s*)") ? wish::clear : wish::none;
}
wish hold_wish(const std::string& text) {
    return some_line(text, R"(/(?:remove-hold|hold\s+cancel|unhold)(?:\s.*)?)") ? wish::clear : some_line(text, R"(/hold(?:\s.*)?)") ? wish::set : wish::none;
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
    auto       t = labelled("team(permitted) except author", "team(permitted) or author", "fact(same_content)", {{"permitted", permitted}}, word_in(c.inputs, "author"),
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
    auto t = labelled("everyone", "everyone", "fact(same_content)", {}, std::string(asker), truth_in(c.inputs, "held_before"));
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
    auto t = labelled("everyone", "everyone", stored ? "fact(same_content) or eligible in (author and team(trusted)) > 0" : "eligible in (author and team(trusted)) > 0",
                      {{"trusted", trusted}, {"others", {author}}}, author, true);
    t.report("same_content", last == word_in(c.inputs, "content_hash_now"));
    if (word_in(c.inputs, "event") == "synchronize") t.does(revise{.by = author, .revision = "next"});
    return compared(c.id, c.expected, {{"label_kept", t.stage() == "on"}}, t.account());
}

/// What the host finds in a title: that one pattern is in it, or that none of the others is.
bool title_found(const json::object& predicates, const std::string& title) {
    for (const auto& [key, value] : predicates)
        if (key != "title") throw cannot_say("predicates of what a change contains: quorate is told by its host, as facts");
    const auto& p = object_in(predicates, "title");
    const auto  any = [&](std::string_view key) {
        const auto all = words_in(list_in(p, key));
        return std::any_of(all.begin(), all.end(), [&](const std::string& pattern) { return found_in(title, pattern); });
    };
    return (p.contains("matches") && any("matches")) || (p.contains("not_matches") && !any("not_matches"));
}

/// Anybody of those allowed sets the latch, and anybody of them releases it, whoever had set it. What the host finds sets it for good.
case_result disapproval(const bot_case& c) {
    const auto& requires_ = object_in(c.policy, "requires");
    for (const auto& [key, value] : c.policy)
        if (key != "requires" && key != "if") throw cannot_say(fmt::format("\"{}\" beside who may disapprove: what a change contains, or other patterns", std::string_view(key)));
    for (const auto& [key, value] : requires_)
        if (key != "users") throw cannot_say("others than named users");
    struct said {
        std::int64_t t = 0;
        wish         w = wish::none;
        std::string  by;
    };
    std::vector<said> all;
    for (const auto& e : list_in(c.inputs, "comments")) {
        const auto text = word_in(e.as_object(), "text");
        const auto has = [&](std::string_view a, std::string_view b) { return text.find(a) != std::string::npos || text.find(b) != std::string::npos; };
        const auto w = has(":-1:", "\U0001F44E") ? wish::set : has(":+1:", "\U0001F44D") ? wish::clear : wish::none;
        all.push_back({whole(e.as_object(), "t"), w, word_in(e.as_object(), "author")});
    }
    for (const auto& e : list_in(c.inputs, "reviews")) {
        const auto state = word_in(e.as_object(), "state");
        all.push_back({whole(e.as_object(), "t"), state == "changes_requested" ? wish::set : state == "approved" ? wish::clear : wish::none, word_in(e.as_object(), "author")});
    }
    // Of what was said at one instant a release is heard last.
    std::stable_sort(all.begin(), all.end(), [](const said& a, const said& b) { return a.t != b.t ? a.t < b.t : a.w < b.w; });
    auto        t = labelled("team(allowed)", "team(allowed)", "fact(same_content)", {{"allowed", words_in(list_in(requires_, "users"))}}, std::string(asker), false);
    json::value decided = nullptr;
    for (const auto& s : all) {
        if (s.w == wish::none) continue;
        const bool heard = s.w == wish::set ? t.tries(propose{.by = s.by}) : t.tries(other{.what = act::cancel, .by = s.by});
        if (heard && (s.w == wish::set || !decided.is_null())) decided = s.by;
    }
    if (c.policy.contains("if") && title_found(object_in(c.policy, "if"), word_in(c.inputs, "title"))) {
        t.report("labelled", true);
        decided = nullptr;
    }
    return compared(c.id, c.expected, {{"status", t.stage() == "on" ? "disapproved" : "skipped"}, {"decided_by", decided}}, t.account());
}

}  // namespace

const std::vector<bot_family>& label_families() {
    static const std::vector<bot_family> all{
        {"lgtm.comment", lgtm_comment}, {"lgtm.review", lgtm_review}, {"hold", hold}, {"revision.lgtm", revision_lgtm}, {"policybot.disapproval", disapproval},
    };
    return all;
}

}  // namespace conformance
