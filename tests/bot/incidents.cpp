// What people did to comparable bots, and what this one answers: one row for each incident and each way of doing it (reliability goal S4).
#include <doctest/doctest.h>

#include "pulls.hpp"
#include "signature.hpp"
#include "webhook.hpp"

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

/// What isn't about a comment under rfcbot: `holds` says whether it is as it must be.
struct other_row {
    const char*           incident;
    const char*           what;
    std::function<bool()> holds;
};

const std::string shared_secret = "0123456789abcdef0123456789abcdef";
const std::string spaced = "{ \"action\" : \"created\",\n \"sender\":{\"id\":101,\"login\":\"\\u0061lice\"}, \"repository\":{\"full_name\":\"ferris/rfcs\"},\"issue\":{\"number\":7},"
                           "\"comment\":{\"id\":77,\"body\":\"@rfcbot merge\",\"user\":{\"id\":101,\"login\":\"alice\"},\"updated_at\":\"2099-01-01T00:00:00Z\"} }";
unsigned status_of(const std::string& body, std::optional<std::string> signature) {
    auto     store = quorate::memory_journal();
    auto     setup = settings_for("fcp");
    metrics  counts;
    webhook  hook(*store, shared_secret, setup, counts, [] { return at("2026-03-02T10:00:00Z"); });
    http_request r{.method = "POST", .target = "/webhook", .headers = {{"x-github-delivery", "d"}, {"x-github-event", "issue_comment"}}, .body = body};
    if (signature) r.headers.emplace_back("x-hub-signature-256", *signature);
    return hook.answer(r).status;
}
unsigned signed_body(const std::string& body) { return status_of(body, signature_of(body, shared_secret)); }
std::string with_digit_changed(std::size_t place) {
    auto s = signature_of(spaced, shared_secret);
    s[place] = s[place] == '0' ? '1' : '0';
    return s;
}
bool push_voids(const char* state) {
    stage_set s;
    auto      b = s.pull();
    if (state == nullptr) b.says_as("collab2", "/lgtm");
    else b.reviews("collab2", state, "");
    const bool before = b.proposal()->seconds.size() == 1;
    b.arrives(b.pull("author", "synchronize", "beef"));
    (void)b.round();
    return before && b.proposal()->seconds.empty();
}
bool stale_review_counts_for_nothing(bool told) {
    stage_set s;
    auto      b = s.pull();
    if (told) b.arrives(b.pull("author", "synchronize", "beef"));
    b.reviews("collab2", "approved", "", false, "c0ffee", "beef");
    return b.proposal()->seconds.empty() && has(b.reply(), "approves nothing");
}
bool mergeable_no_more() {
    stage_set s;
    auto      b = s.pull();
    b.says_as("collab1", "/approve");
    b.says_as("collab2", "/lgtm");
    const bool before = b.stage() == "mergeable";
    b.arrives(b.pull("author", "synchronize", "beef"));
    (void)b.round();
    return before && b.stage() == "open" && !b.paper().labels.contains("lgtm");
}
bool joins_late() {
    a_bot b(settings_for("fcp"));
    proposed(b);
    auto d = b.on_issue("alice", "membership", "added");
    d.number = 0;
    d.member = who("grace");
    d.team = "lang";
    d.organisation = "ferris";
    b.arrives(d);
    (void)b.round();
    b.says("grace", yes);
    return b.engine().people().is_member(*b.engine().people().find_person("901"), *b.engine().people().team_named("lang")) && approvals(b) == 1 && has(b.reply(), "**no**");
}
bool leaves_late() {
    a_bot b(settings_for("fcp"));
    proposed(b);
    auto d = b.on_issue("alice", "membership", "removed");
    d.number = 0;
    d.member = who("bob");
    d.team = "lang";
    d.organisation = "ferris";
    b.arrives(d);
    (void)b.round();
    b.says("bob", yes);
    return approvals(b) == 1 && has(b.reply(), "may not cast");
}
bool quiet(const std::function<void(a_bot&)>& then) {
    constexpr const char* private_rules = R"x({ "title": "Quiet", "processes": { "fcp": { "dispositions": ["merge"], "visible": "team(lang)", "electorate": { "of": "team(lang)" }, "positions": { "approve": {} },
        "stages": { "discussion": { "phase": "review", "allow": { "propose, raise, cast": "team(lang)" }, "exits": [ { "on": "propose", "to": "canary", "effects": [ "announce" ] } ] },
                    "canary": { "phase": "review", "allow": { "cast, raise, cancel": "team(lang)" }, "exits": [ { "after": "10 days", "to": "accepted" } ] } } } } })x";
    a_bot b(settings_for("fcp"), private_rules);
    proposed(b);
    then(b);
    for (const auto& c : b.paper().comments)
        if (has(c.body, "canary") || has(c.body, "approve") || has(c.body, "@bob, ")) return false;
    return b.stage() == "canary" && !has(b.log, "canary");
}

const std::vector<other_row> other_rows{
    // ---- who sent it
    {"CVE-2022-24912", "a signature that is wrong in its first digit", [] { return status_of(spaced, with_digit_changed(7)) == 401; }},
    {"CVE-2022-36885", "a signature that is wrong in its last digit", [] { return status_of(spaced, with_digit_changed(70)) == 401; }},
    {"commitpulse#5480", "a body without any signature", [] { return status_of(spaced, std::nullopt) == 401; }},
    {"fbsamples#37", "an empty signature", [] { return status_of(spaced, "") == 401; }},
    {"sourcebot#694", "the signature that an empty secret makes", [] { return status_of(spaced, signature_of(spaced, "")) == 401 && !is_signed(spaced, signature_of(spaced, ""), ""); }},
    {"bounty-challenge#50688", "no secret is configured", [] { return !read_secret({}, "webhook_secret").has_value(); }},
    {"CVE-2023-50728", "headers of every length", [] { for (std::size_t n = 0; n < 200; ++n) if (status_of(spaced, std::string(n, 'a')) != 401) return false; return true; }},
    {"cursor-boston#1421", "the beginnings of the right signature", [] { const auto s = signature_of(spaced, shared_secret); for (std::size_t n = 0; n < s.size(); ++n) if (status_of(spaced, s.substr(0, n)) != 401) return false; return true; }},
    {"imperial#974", "a body with odd spacing and escapes, as it came", [] { return signed_body(spaced) == 202; }},
    {"imperial#974", "the same, written anew", [] { return status_of(to_json(read_delivery(spaced, "d", "issue_comment", {}).value()), signature_of(spaced, shared_secret)) == 401; }},
    {"JSON bombs", "a million opening brackets", [] { return signed_body(std::string(1'000'000, '[')) == 400; }},
    {"JSON bombs", "a key that is there twice", [] { auto b = spaced; b.insert(b.find("\"body\""), "\"body\":\"@rfcbot cancel\","); return signed_body(b) == 400; }},
    {"integer overflow", "an id of 2^64", [] { auto b = spaced; b.replace(b.find("77"), 2, "18446744073709551616"); return signed_body(b) == 400; }},
    {"integer overflow", "an id beyond 2^53", [] { auto b = spaced; b.replace(b.find("77"), 2, "9007199254740994"); return signed_body(b) == 400; }},
    {"open-telemetry/community#1480", "a comment that says it was written in 2099", [] { return read_delivery(spaced, "d", "issue_comment", at("2026-03-02T10:00:00Z")).value().at == at("2026-03-02T10:00:00Z"); }},
    // ---- what was approved is something else now
    {"kubernetes/test-infra#9138", "a push after /lgtm", [] { return push_voids(nullptr); }},
    {"kubernetes/test-infra#6353", "a push after an approving review", [] { return push_voids("approved"); }},
    {"TVL b/167", "a push to what could be merged", mergeable_no_more},
    {"CVE-2025-1568", "a review of the commit before, after the push was told of", [] { return stale_review_counts_for_nothing(true); }},
    {"imjohnbo/ok-to-test#3", "a review of the commit before, before the push is told of", [] { return stale_review_counts_for_nothing(false); }},
    {"Tornado Cash 2023", "what is voted on is swapped after approval", mergeable_no_more},
    // ---- who may decide is somebody else now
    {"Beanstalk 2022", "who joins the team after the proposal has no vote in it", joins_late},
    {"Beanstalk 2022", "who left the team has none any more", leaves_late},
    {"rust-lang/rfcbot-rs#355", "ticks of a round that was cancelled tick nothing in the next", [] { a_bot b(settings_for("fcp")); proposed(b); b.says("bob", yes); b.says("alice", "@rfcbot cancel"); b.says("alice", "@rfcbot merge"); return approvals(b) == 1 && has(b.status(), "- [ ] @bob"); }},
    // ---- what is private
    {"CVE-2026-27021", "a member's ballot in a private decision", [] { return quiet([](a_bot& b) { b.says("bob", yes); }); }},
    {"CVE-2021-41082", "a stranger asks a private decision for what it refuses", [] { return quiet([](a_bot& b) { b.says("frank", "@rfcbot cancel"); }); }},
    {"CVE-2026-78380", "reminders about a private decision", [] { return quiet([](a_bot& b) { b.waits(hours{24 * 8}); }); }},
    {"CVE-2020-35624", "when somebody voted is told to nobody", [] { a_bot b(settings_for("fcp")); proposed(b); b.now += std::chrono::minutes{7}; b.says("bob", yes); return has(b.status(), "- [x] @bob") && !has(b.status(), "10:07"); }},
};

/// What section 4 of the list of incidents that this was written against cites, of what a bot can do something about. Erasure (Axon, laravel-chronicle, Akka)
/// and tampering by the operator are the journal's: tests/reliability.
const std::vector<std::string> cited{
    "CVE-2022-24912", "CVE-2022-36885", "commitpulse#5480", "fbsamples#37", "sourcebot#694", "bounty-challenge#50688", "CVE-2023-50728", "cursor-boston#1421", "GitLab#587536", "imperial#974", "graydon/bors#22",
    "lgtmco/lgtm#45", "rust-lang/homu#79", "bors-ng#980", "servo/homu#43", "policy-bot#356", "kubernetes/test-infra#9569", "rust-lang/homu#54", "kubernetes/test-infra#9138", "kubernetes/test-infra#6353",
    "TVL b/167", "CVE-2025-1568", "imjohnbo/ok-to-test#3", "policy-bot 1.3.2", "CVE-2023-47634", "rfcbot-rs#253", "rfcbot-rs#311", "rfcbot-rs#355", "dwf-request#25", "gitter#1670", "crates.io#1584",
    "mitchellh/vouch#20", "UTS #39", "Gerrit Issue 3602", "Gerrit f1598c54", "Beanstalk 2022", "Tornado Cash 2023", "CVE-2026-27021", "CVE-2021-41082", "CVE-2026-78380", "CVE-2020-35624", "JSON bombs",
    "integer overflow", "open-telemetry/community#1182", "open-telemetry/community#1480"};

}  // namespace

TEST_CASE("what was done to comparable bots has a defined answer here") {
    REQUIRE(rows.size() + other_rows.size() >= 60);
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
    for (const auto& r : other_rows) {
        CAPTURE(r.incident);
        CAPTURE(r.what);
        CHECK(r.holds());
    }
    for (const auto& c : cited) {
        CAPTURE(c);
        CHECK((std::any_of(rows.begin(), rows.end(), [&](const auto& r) { return has(r.incident, c); }) || std::any_of(other_rows.begin(), other_rows.end(), [&](const auto& r) { return has(r.incident, c); })));
    }
    MESSAGE(std::to_string(rows.size() + other_rows.size()) << " rows, " << cited.size() << " incidents");
}
