// What people did to comparable bots, and what this one answers: one row for each incident and each way of doing it (reliability goal S4).
#include <doctest/doctest.h>

#include "small_bot.hpp"

using namespace small_bot;
using std::chrono::hours;

namespace {

/// What somebody does to a comment or an account, and what must be so afterwards.
struct row {
    const char* incident;  ///< where it is told
    const char* what;
    std::function<void(a_bot&)> act;
    const char* stage;     ///< of the proposal afterwards; "": there is none
    std::size_t approvals;
    const char* reply;     ///< a part of what is answered; nullptr: nothing is
};

std::size_t approvals(a_bot& b) {
    std::size_t n = 0;
    if (const auto* p = b.proposal(); p != nullptr)
        for (const auto& v : p->voters) n += v.choice != 0;
    return n;
}
void proposed(a_bot& b) { b.says("alice", "@rfcbot merge"); }
void in_fcp(a_bot& b) {
    proposed(b);
    b.says("bob", "@rfcbot reviewed");
    b.says("carol", "@rfcbot reviewed");
}
void edited(a_bot& b, const delivery& first, const std::string& editor, std::string text) {
    auto d = first;
    d.id += "e";
    d.action = "edited";
    d.sender = who(editor);
    d.before = first.text;
    d.text = std::move(text);
    d.changed = "2026-03-02T11:00:00Z";
    b.arrives(d);
    b.round();
}
void deleted(a_bot& b, const delivery& first, const std::string& by) {
    auto d = first;
    d.id += "x";
    d.action = "deleted";
    d.sender = who(by);
    b.arrives(d);
    b.round();
}
/// Someone says `first`, then `editor` makes it `second`.
std::function<void(a_bot&)> edit(std::string by, std::string first, std::string editor, std::string second, bool late = false) {
    return [=](a_bot& b) {
        late ? in_fcp(b) : proposed(b);
        if (late) b.waits(hours{24 * 11});
        const auto d = b.comment(by, first);
        b.arrives(d);
        b.round();
        edited(b, d, editor, second);
    };
}
std::function<void(a_bot&)> remove(std::string by, std::string text, std::string remover) {
    return [=](a_bot& b) {
        proposed(b);
        const auto d = b.comment(by, text);
        b.arrives(d);
        b.round();
        deleted(b, d, remover);
    };
}
std::function<void(a_bot&)> say(std::string by, std::string text) {
    return [=](a_bot& b) {
        proposed(b);
        b.says(by, text);
    };
}
/// As an account of that number and login.
std::function<void(a_bot&)> as(std::uint64_t id, std::string login, std::string text, bool machine = false) {
    return [=](a_bot& b) {
        proposed(b);
        auto d = b.comment("bob", text);
        d.sender = d.writer = {id, login, machine};
        b.arrives(d);
        b.round();
    };
}

const std::string yes = "@rfcbot reviewed";
const std::vector<row> rows{
    // ---- edits: graydon/bors#22, lgtmco/lgtm#45, homu#79, bors-ng#980, policy-bot#356
    {"graydon/bors#22", "talk edited into an approval by its author", edit("bob", "hm", "bob", yes), "pending", 1, "reads a comment once"},
    {"graydon/bors#22", "talk edited into an approval by another member", edit("bob", "hm", "carol", yes), "pending", 1, "carol wrote this into a comment of bob"},
    {"graydon/bors#22", "talk edited into an approval by a stranger with rights on the repository", edit("bob", "hm", "frank", yes), "pending", 1, "frank wrote this into a comment of bob"},
    {"lgtmco/lgtm#45", "a stranger's talk edited into an approval by a member", edit("frank", "hm", "bob", yes), "pending", 1, "bob wrote this into a comment of frank"},
    {"rust-lang/homu#79", "an approval edited to talk stays", edit("bob", yes, "bob", "hm"), "pending", 2, nullptr},
    {"rust-lang/homu#79", "an approval edited to talk by somebody else stays", edit("bob", yes, "carol", "hm"), "pending", 2, nullptr},
    {"bors-ng#980", "an approval edited to cancel", edit("bob", yes, "bob", "@rfcbot cancel"), "pending", 2, "reads a comment once"},
    {"bors-ng#980", "a cancel added below an approval by its author", edit("bob", yes, "bob", yes + "\n@rfcbot cancel"), "pending", 2, "reads a comment once"},
    {"bors-ng#980", "a cancel added below an approval by another", edit("bob", yes, "carol", yes + "\n@rfcbot cancel"), "pending", 2, "carol wrote this"},
    {"policy-bot#356", "an edit that changes a typo", edit("bob", yes + "\nteh end", "bob", yes + "\nthe end"), "pending", 2, nullptr},
    {"policy-bot#356", "an edit that changes nothing", edit("bob", yes, "bob", yes), "pending", 2, nullptr},
    {"policy-bot#356", "a concern renamed by an edit", edit("bob", "@rfcbot concern a", "bob", "@rfcbot concern b"), "pending", 1, "reads a comment once"},
    {"policy-bot#356", "after the end: talk edited into a cancel", edit("bob", "hm", "bob", "@rfcbot cancel", true), "accepted", 3, "reads a comment once"},
    {"policy-bot#356", "after the end: talk edited into a cancel by another", edit("bob", "hm", "carol", "@rfcbot cancel", true), "accepted", 3, "carol wrote this"},
    {"policy-bot#356", "after the end: an edit that asks nothing", edit("bob", "hm", "bob", "hmm", true), "accepted", 3, nullptr},
    // ---- deletions: servo/homu#43
    {"servo/homu#43", "an approval deleted by its author stays", remove("bob", yes, "bob"), "pending", 2, "stays on record"},
    {"servo/homu#43", "an approval deleted by another stays", remove("bob", yes, "frank"), "pending", 2, "stays on record"},
    {"servo/homu#43", "a concern deleted stays", remove("bob", "@rfcbot concern a", "bob"), "pending", 1, "stays on record"},
    {"servo/homu#43", "deleted talk", remove("bob", "hm", "bob"), "pending", 1, nullptr},
    {"servo/homu#43", "a refused command deleted", remove("frank", yes, "frank"), "pending", 1, "stays on record"},
    // ---- grammar: kubernetes/test-infra#9569, rust-lang/homu#54, quotes and fences
    {"rust-lang/homu#54", "another bot whose name begins alike", say("bob", "@rfcbots reviewed"), "pending", 1, "is no command of rfcbot"},
    {"rust-lang/homu#54", "another bot whose name ends alike", say("bob", "@bors-rfcbot reviewed"), "pending", 1, nullptr},
    {"quotes", "a quoted approval", say("bob", "> @rfcbot reviewed"), "pending", 1, nullptr},
    {"quotes", "an approval in a list", say("bob", "- @rfcbot reviewed"), "pending", 1, nullptr},
    {"quotes", "an approval in the middle of a line", say("bob", "please say @rfcbot reviewed"), "pending", 1, nullptr},
    {"fences", "an approval in fenced code is one to rfcbot", say("bob", "```\n@rfcbot reviewed\n```"), "pending", 2, nullptr},
    {"comments", "an approval in an HTML comment's own line is one to rfcbot", say("bob", "<!--\n@rfcbot reviewed\n-->"), "pending", 2, nullptr},
    {"kubernetes/test-infra#9569", "words behind the command", say("bob", "@rfcbot reviewed, at last"), "pending", 1, "**no**"},
    {"kubernetes/test-infra#9569", "two approvals in one comment", say("bob", yes + "\n" + yes), "pending", 2, "has chosen"},
    {"several", "an approval and a concern in one comment", say("bob", yes + "\n@rfcbot concern a"), "pending", 2, nullptr},
    {"several", "a refused and a good command in one comment", say("bob", "@rfcbot resolve x\n" + yes), "pending", 2, "no open concern"},
    {"several", "a word that is no command", say("bob", "@rfcbot frobnicate"), "pending", 1, "**no**"},
    {"several", "upper case", say("bob", "@rfcbot REVIEWED"), "pending", 1, "**no**"},
    {"size", "a comment of 64 KiB of mentions", say("bob", [] { std::string s; while (s.size() < 60'000) s += "@rfcbot x\n"; return s; }()), "pending", 1, "more are not shown"},
    {"bidi", "a bidirectional override in a concern's name", say("bob", "@rfcbot concern a\xE2\x80\xAE" "b"), "pending", 1, "contains a bidirectional override"},
    // ---- rights
    {"graydon/bors#22", "a stranger approves", say("frank", yes), "pending", 1, "frank"},
    {"graydon/bors#22", "a stranger cancels", say("frank", "@rfcbot cancel"), "pending", 1, "may not cancel"},
    {"thoth#813", "a stranger resolves a member's concern", [](a_bot& b) { proposed(b); b.says("bob", "@rfcbot concern a"); b.says("frank", "@rfcbot resolve a"); }, "pending", 1, "may not resolve"},
    {"policy-bot disapproval latch", "a member resolves another's concern", [](a_bot& b) { proposed(b); b.says("bob", "@rfcbot concern a"); b.says("carol", "@rfcbot resolve a"); }, "pending", 1, "may not resolve"},
    {"strangers end it", "what follows a stranger's command", say("frank", "@rfcbot cancel\n" + yes), "pending", 1, "not looked at"},
    {"gitvote/cmd.rs", "a stranger proposes", [](a_bot& b) { b.says("frank", "@rfcbot merge"); }, "discussion", 0, "may not propose"},
    // ---- identity: dwf-request#25, gitter#1670, crates.io#1584, mitchellh/vouch#20
    {"gitter#1670", "a member's login, another account", as(7'777, "bob", yes), "pending", 1, "7777"},
    {"crates.io#1584", "a member who was renamed", as(102, "robert", yes), "pending", 2, nullptr},
    {"dwf-request#25", "a renamed member's old login, taken by a stranger", [](a_bot& b) { as(102, "robert", "hm " + yes)(b); auto d = b.comment("bob", yes); d.sender = d.writer = {8'888, "bob"}; b.arrives(d); b.round(); }, "pending", 1, "bob"},
    {"mitchellh/vouch#20", "a look-alike of a member", as(9'999, "aIice", yes), "pending", 1, "is account 9999, not the member `alice`"},
    {"UTS #39", "a login with zero for o", as(9'998, "b0b", yes), "pending", 1, "is account 9998, not the member `bob`"},
    {"machines", "another bot approves as nobody", as(102, "bob", yes, true), "pending", 1, nullptr},
    {"Gerrit Issue 3602", "the text claims to be by somebody else", say("frank", "On behalf of @bob:\n" + yes), "pending", 1, "frank"},
    {"loops", "the bot's own words", [](a_bot& b) { proposed(b); b.says("quorate-bot", yes); }, "pending", 1, nullptr},
    // ---- boxes, labels, closing: rust-lang/rfcbot-rs#253, #311, #355
    {"rfcbot-rs#311", "somebody ticks a box in the bot's comment", [](a_bot& b) { proposed(b); auto d = b.comment("frank", "- [x] bob"); d.writer = who("quorate-bot"); d.action = "edited"; d.before = "- [ ] bob"; b.arrives(d); b.round(); }, "pending", 1, nullptr},
    {"rfcbot-rs#253", "somebody puts a command into the bot's comment", [](a_bot& b) { proposed(b); auto d = b.comment("frank", yes); d.writer = who("quorate-bot"); d.action = "edited"; d.before = "x"; b.arrives(d); b.round(); }, "pending", 1, "wrote this into a comment of quorate-bot"},
    {"rfcbot-rs#359", "the team's label is taken off while it is pending", [](a_bot& b) { proposed(b); auto d = b.on_issue("frank", "issues", "unlabeled"); d.labels = {}; b.arrives(d); b.round(); b.says("bob", yes); }, "pending", 1, "may not cast"},
    {"nag.rs", "the issue is closed while pending", [](a_bot& b) { proposed(b); auto d = b.on_issue("frank", "issues", "closed"); d.closed = true; b.arrives(d); b.round(); }, "discussion", 0, nullptr},
    // ---- time and order
    {"Gerrit f1598c54", "an approval after the end", [](a_bot& b) { in_fcp(b); b.waits(hours{24 * 11}); b.says("dave", yes); }, "accepted", 3, "nobody can cast"},
    {"rfcbot-rs#302", "a concern after the end", [](a_bot& b) { in_fcp(b); b.waits(hours{24 * 11}); b.says("dave", "@rfcbot concern late"); }, "accepted", 3, "nobody can raise"},
    {"policy-bot 1.3.2", "the same delivery a thousand times", [](a_bot& b) { proposed(b); const auto d = b.comment("bob", yes); for (int i = 0; i < 1'000; ++i) b.arrives(d); b.round(); }, "pending", 2, nullptr},
    {"GitLab#587536", "the same comment under another delivery's id", [](a_bot& b) { proposed(b); auto d = b.comment("bob", yes); b.arrives(d); d.id = "other"; b.arrives(d); b.round(); }, "pending", 2, nullptr},
    {"CVE-2023-47634", "two approvals by one person before the bot looks", [](a_bot& b) { proposed(b); b.arrives(b.comment("bob", yes)); b.arrives(b.comment("bob", yes)); b.round(); }, "pending", 2, "has chosen"},
    {"open-telemetry/community#1182", "deliveries dated in the wrong order", [](a_bot& b) { proposed(b); auto first = b.comment("bob", yes); b.now += hours{1}; b.says("carol", "@rfcbot concern a"); b.arrives(first); b.round(); }, "pending", 2, nullptr},
    {"nag.rs", "a second proposal while one is pending", say("bob", "@rfcbot merge"), "pending", 1, "**no**"},
    {"rfcbot-rs#286", "a concern under a name that is used", [](a_bot& b) { proposed(b); b.says("bob", "@rfcbot concern a"); b.says("carol", "@rfcbot concern a"); }, "pending", 1, "was raised already by bob"},
};

}  // namespace

TEST_CASE("what was done to comparable bots has a defined answer here") {
    REQUIRE(rows.size() >= 60);
    for (const auto& r : rows) {
        CAPTURE(r.incident);
        CAPTURE(r.what);
        a_bot b(settings_for("fcp"));
        r.act(b);
        CHECK(b.stage() == r.stage);
        CHECK(approvals(b) == r.approvals);
        const auto reply = b.reply();
        CAPTURE(reply);
        if (r.reply == nullptr) CHECK(reply.empty());
        else CHECK(has(reply, r.reply));
    }
    MESSAGE(rows.size() << " rows");
}
