#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <chrono>

#include <quorate/dialect.hpp>

#include "support.hpp"

using namespace quorate;
using support::has;

namespace {

const dialect& rfcbot = *dialect_named("rfcbot");
const dialect& triagebot = *dialect_named("triagebot");
const dialect& decision = *dialect_named("triagebot-decision");
const dialect& gitvote = *dialect_named("gitvote");
const dialect& prow = *dialect_named("prow");

roster teams() {
    return load_roster(R"({ "people": { "a": {}, "b": {}, "x": {} }, "teams": {
        "lang": { "members": ["a", "b"], "label": "T-lang", "ping": "rust-lang/lang" },
        "compiler-fcp": { "members": ["x"], "label": "T-compiler", "ping": "rust-lang/compiler-fcp" },
        "league": { "label": "justice-league" }, "quiet": { "members": ["x"] } } })").value();
}

std::vector<asked> read(const dialect& d, std::string text) { return read_comment(d, {.by = "a", .text = std::move(text)}, teams()); }
asked one(const dialect& d, std::string text) {
    CAPTURE(text);
    const auto all = read(d, std::move(text));
    REQUIRE(all.size() == 1);
    return all[0];
}
command the_command(const dialect& d, std::string text) {
    const auto a = one(d, std::move(text));
    REQUIRE_MESSAGE(a.what == asked::kind::command, to_string(a.why));
    return a.command;
}
std::string reason(const dialect& d, std::string text) {
    const auto a = one(d, std::move(text));
    REQUIRE(a.what == asked::kind::problem);
    CHECK(a.why.by == refused_by::input);
    CHECK_FALSE(a.why.needed.empty());
    return to_string(a.why);
}
using names = std::vector<std::string>;

}  // namespace

TEST_CASE("dialects are found by name") {
    CHECK(dialects().size() == 6);
    for (const auto& d : dialects()) {
        CHECK(dialect_named(d.name) == &d);
        CHECK(d.mentions.empty() == (d.where == addressing::slash));
        CHECK_FALSE(d.cites.empty());
    }
    CHECK(dialect_named("Rfcbot") == nullptr);
}

TEST_CASE("a comment is read in order, each thing with its line; what is said to nobody asks for nothing") {
    const auto all = read(rfcbot, "Fine.\r\n@rfcbot merge lang\r\n\n> @rfcbot close\n  @rfcbot: concern a b \nbye");
    REQUIRE(all.size() == 2);
    CHECK(all[0].line == 2);
    CHECK(all[0].text == "@rfcbot merge lang");
    CHECK(all[0].command == command(propose{.by = "a", .disposition = "merge", .teams = {"lang"}}));
    CHECK(all[1].line == 5);
    CHECK(all[1].command == command(raise{.by = "a", .concern = "a b"}));
    CHECK(read(rfcbot, "").empty());
    CHECK(read(rfcbot, "hello @rfcbot cancel").empty());
}

TEST_CASE("rfcbot finds teams by label, with or without T-, and by ping; they come in the order of labels") {
    for (const auto* word : {"lang", "T-lang", "xT-lang", "rust-lang/lang", "@rust-lang/lang", "lang,", "lang,lang", ",lang"}) {
        CAPTURE(word);
        CHECK(the_command(rfcbot, std::string("@rfcbot merge ") + word).names == names{"lang"});
    }
    CHECK(the_command(rfcbot, "@rfcbot merge lang, compiler").names == names{"compiler-fcp", "lang"});
    CHECK(the_command(rfcbot, "@rfcbot merge T-justice-league").names == names{"league"});
    CHECK(the_command(rfcbot, "@rfcbot merge").names.empty());
    CHECK(the_command(rfcbot, "@rfcbot close lang").names.empty());  // not read
    CHECK(has(reason(rfcbot, "@rfcbot merge Lang"), "Provided team `Lang` is invalid"));
    CHECK(has(reason(rfcbot, "@rfcbot merge compiler-fcp"), "Provided team `compiler-fcp` is invalid"));  // a name of the roster
    CHECK(has(reason(rfcbot, "@rfcbot merge quiet"), "teams are T-compiler, T-lang, justice-league"));
    CHECK(has(reason(rfcbot, "@rfcbot merge lang, foo"), "Provided team ` foo` is invalid"));
    CHECK(has(reason(rfcbot, "@rfcbot merge lang compiler"), "put commas between teams"));
}

TEST_CASE("a poll takes leading team words, what follows is its question") {
    const auto poll = one(rfcbot, "@rfcbot poll lang T-compiler lang  What  now?");
    REQUIRE(poll.what == asked::kind::opening);
    CHECK(poll.open.process == "poll");
    CHECK(poll.open.teams == names{"compiler-fcp", "lang"});
    CHECK(poll.open.title == "What  now?");
    CHECK(poll.open.by == "a");
    CHECK(one(rfcbot, "@rfcbot ask lang, compiler Q").open.title == "lang, compiler Q");
    CHECK(one(rfcbot, "@rfcbot survey").open.title.empty());
}

TEST_CASE("a feedback request drops the first character of a name, and says so where that can't be done") {
    CHECK(one(rfcbot, "@rfcbot f? @bob and more").open.about == "bob");
    CHECK(one(rfcbot, "@rfcbot f? bob").open.about == "ob");
    CHECK(has(reason(rfcbot, "@rfcbot f? \xC3\xA9mile"), "its first character is taken for \"@\""));
    CHECK(one(rfcbot, "@rfcbot f? \xC3\xA9mile").peer == peer_answer::crashed);
    CHECK(has(reason(rfcbot, "@rfcbot f?"), "nobody is named"));
    CHECK(has(reason(rfcbot, "@rfcbot fcp f? @bob"), "is no command of rfcbot"));
}

TEST_CASE("what rfcbot drops without a word gets a reason and a way out") {
    CHECK(has(reason(rfcbot, "@rfcbot"), "nothing is asked"));
    CHECK(has(reason(rfcbot, "@rfcbot fcp"), "no verb follows"));
    CHECK(has(reason(rfcbot, "@rfcbot Concern foo"), "did you mean \"concern\""));
    CHECK(has(reason(rfcbot, "@rfcbot mergee"), "did you mean \"merge\""));
    CHECK(has(reason(rfcbot, "@rfcbot xyzzyxyzzy"), "the verbs are merge, close, postpone"));
    CHECK(one(rfcbot, "@rfcbot fcp").peer == peer_answer::silent);
}

TEST_CASE("rfcbot's ways of writing: mentions twice, colons, Unicode spaces, verbs glued to the mention") {
    for (const auto* text : {"@rfcbot@rfcbot cancel", "@rfcbot :: cancel", "@rfcbotcancel", "\xC2\xA0@rfcbot\xE2\x80\x83" "cancel\xE3\x80\x80", "@rust-rfcbot:pr cancels"})
        CHECK(the_command(rfcbot, text).what == act::cancel);
    CHECK(has(reason(rfcbot, "@rfcbot : : cancel"), "\":\" is no command"));
}

TEST_CASE("triagebot is heard anywhere in a line, in any case, as whole words") {
    CHECK(the_command(triagebot, "I think @RustBot second, really").what == act::second);
    CHECK(the_command(triagebot, "- @triagebot second.").what == act::second);
    CHECK(the_command(triagebot, "@rustbot\xC2\xA0second").what == act::second);
    CHECK(the_command(triagebot, "@rustbot concern a. b @c ").subject == "a. b @c");
    CHECK(the_command(triagebot, "@rustbot concern resolve a").what == act::resolve);
    CHECK(the_command(triagebot, "@rustbot resolve resolve a").subject == "resolve a");
    CHECK(has(reason(triagebot, "@rustbot concern"), "missing required title"));
    CHECK(has(reason(triagebot, "@rustbot concern resolve \t"), "missing required title"));
    CHECK(one(triagebot, "@rustbot resolve").peer == peer_answer::reported);
    CHECK(has(reason(triagebot, "@rustbot label +bug"), "\"label\" is no command"));
    CHECK(read(triagebot, "thanks, @rustbot!").empty());  // talk
    CHECK(read(triagebot, "@rustbots second").empty());
}

TEST_CASE("triagebot doesn't read what Markdown sets as code, quotes or takes for HTML") {
    for (const std::string shown : {"`@rustbot second`", "``a ` @rustbot second``", "```\n@rustbot second\n```", "~~~ rust\n@rustbot second\n",
                              "```\n@rustbot second\n``\n@rustbot second", "text\n\n    @rustbot second\n", "> @rustbot second",
                              "> quoted\n@rustbot second", "- > @rustbot second", "1. ```\n   @rustbot second\n   ```", "<!-- @rustbot second -->",
                              "<!--\n\n@rustbot second\n-->", "<div>\n@rustbot second\n</div>", "see <a title=\"@rustbot second\">"}) {
        CAPTURE(shown);
        CHECK(read(triagebot, shown).empty());
    }
    for (const std::string said : {"a ` b @rustbot second", "`code` @rustbot second", "```\ncode\n```\n@rustbot second", "> quoted\n\n@rustbot second",
                             "text\n    @rustbot second", "\\`@rustbot second \\`", "<!-- q -->\n@rustbot second", "```code``` @rustbot second",
                             "- one\n\n  - @rustbot second", "a < b, @rustbot second > c", "- item\n  @rustbot second", "1) @rustbot second"}) {
        CAPTURE(said);
        CHECK(read(triagebot, said).size() == 1);
    }
}

TEST_CASE("an edit asks triagebot for what is new in it, and rfcbot for nothing") {
    const auto edited = [](const dialect& d, std::string before, std::string now) {
        return read_comment(d, {.by = "a", .text = std::move(now), .before = std::move(before)}, teams());
    };
    const auto fresh = edited(triagebot, "@rustbot concern one", "Oh. @rustbot concern one\n@rustbot second");
    REQUIRE(fresh.size() == 1);
    CHECK(fresh[0].command.what == act::second);
    CHECK(edited(triagebot, "@rustbot second", "").empty());
    CHECK(edited(rfcbot, "@rfcbot merge", "@rfcbot: fcp merge").empty());
    const auto late = edited(rfcbot, "hm", "hm\n@rfcbot merge");
    REQUIRE(late.size() == 1);
    CHECK(has(to_string(late[0].why), "reads a comment once"));
    CHECK(late[0].line == 2);
}

TEST_CASE("the decision process proposes with a team, casts without, and wants nothing behind it") {
    for (const auto* text : {"@rustbot merge", "@rustbot merge.", "@rustbot merge. And more"})
        CHECK(the_command(decision, text) == command(cast{.by = "a", .position = "merge"}));
    CHECK(the_command(decision, "@rustbot hold").subject == "hold");
    CHECK(the_command(decision, "@rustbot hold lang") == command(propose{.by = "a", .disposition = "hold", .teams = {"lang"}}));
    CHECK(the_command(decision, "@rustbot merge quiet.").names == names{"quiet"});  // by name, too
    CHECK(has(reason(decision, "@rustbot hold lang beer"), "expected end of command, found \"beer\""));
    CHECK(has(reason(decision, "@rustbot merge beer"), "there is no team \"beer\""));
}

TEST_CASE("gitvote opens a vote by a whole line, a profile is a process of its own") {
    for (const auto* text : {"/vote", "/vote-", "hm\n/vote \t\r\nplease", "```\n/vote\n```"}) {
        CAPTURE(text);
        const auto a = one(gitvote, text);
        REQUIRE(a.what == asked::kind::opening);
        CHECK(a.open.process == "vote");
        CHECK(a.open.by == "a");
    }
    CHECK(one(gitvote, "/vote-Board2").open.process == "vote_Board2");
    CHECK(one(gitvote, "/votes").open.process == "vote_s");  // the bot takes it so
    CHECK(the_command(gitvote, "/cancel-vote").what == act::withdraw);
    CHECK(the_command(gitvote, "/cancel-vote-board").what == act::withdraw);
    CHECK(one(gitvote, "/check-vote").what == asked::kind::status);
    for (const auto* talk : {"Hi!", "> /vote", "- /vote", "please /vote", "1/2", "/ vote", "/usr/bin/vote", "//vote", "/3"}) {
        CAPTURE(talk);
        CHECK(read(gitvote, talk).empty());
    }
}

TEST_CASE("gitvote takes the first command of a comment, and says so of the others") {
    const auto all = read(gitvote, "/check-vote\n/cancel-vote\n/vote");
    REQUIRE(all.size() == 3);
    CHECK(all[0].what == asked::kind::status);
    for (std::size_t i = 1; i < 3; ++i) {
        CHECK(all[i].line == i + 1);
        CHECK(has(to_string(all[i].why), "not looked at: of such commands gitvote takes one of a comment, here that of line 1"));
    }
}

TEST_CASE("what looks like a slash command and is none is refused with a way out") {
    CHECK(has(reason(gitvote, "/vote please"), "\"/vote please\" is no command of gitvote"));
    CHECK(has(reason(gitvote, "/vote please"), "write \"/vote[-PROFILE]\""));
    CHECK(has(reason(gitvote, "/VOTE"), "did you mean \"vote\""));
    CHECK(has(reason(gitvote, "/xyzzyxyzzy"), "the verbs are /vote, /cancel-vote, /check-vote"));
    CHECK(has(reason(gitvote, "  /vote"), "isn't at the beginning of its line"));
    CHECK(has(reason(prow, "/lgtm thanks"), "write \"/lgtm\" or \"/lgtm no-issue\" or \"/lgtm cancel\""));
    CHECK(has(reason(prow, "/lgtm cancel //text"), "is no command of prow"));
    CHECK(has(reason(prow, "/lgtm  cancel"), "is no command of prow"));
    CHECK(has(reason(prow, "/remove -    hold"), "\"remove\" is no command of prow"));
    CHECK(has(reason(prow, "/removehold"), "did you mean \"remove-hold\""));
    CHECK(one(prow, "/assign").peer == peer_answer::silent);
    const auto edited = read_comment(prow, {.by = "a", .text = "/hold", .before = "hold"}, teams());
    REQUIRE(edited.size() == 1);
    CHECK(has(to_string(edited[0].why), "reads a comment once"));
}

TEST_CASE("prow's approver obeys every line in order, whatever stands behind /approve") {
    const auto approve = [](std::string position) { return command(cast{.by = "a", .position = std::move(position)}); };
    for (const auto* text : {"/approve", "/APPROVE it", "x\n/approve \r\ny", "/approve no-issue please"}) CHECK(the_command(prow, text) == approve("approve"));
    CHECK(the_command(prow, "/approve No-Issue ") == approve("approve_no_issue"));
    for (const auto* text : {"/approve cancel", "/approve nothing to CANCEL", "/Remove-Approve now"}) CHECK(the_command(prow, text).what == act::withdraw_ballot);
    const auto all = read(prow, "/approve\n/approve cancel\n/approve no-issue");
    REQUIRE(all.size() == 3);
    CHECK(all[0].command == approve("approve"));
    CHECK(all[1].command.what == act::withdraw_ballot);
    CHECK(all[2].command == approve("approve_no_issue"));
    CHECK(has(reason(prow, "/approved"), "did you mean \"approve\""));
}

TEST_CASE("prow's labels: one wish of a comment, for the label and against the hold; cancelling is about everybody's") {
    const auto wishes = [](std::string text) {
        std::string s;
        for (const auto& a : read(prow, std::move(text)))
            s += (s.empty() ? "" : "; ") + (a.what == asked::kind::command ? std::string(to_string(a.command.what)) + (a.everybodys ? " of all" : "") : std::string("no"));
        return s;
    };
    CHECK(wishes("/lgtm") == "second");
    CHECK(wishes("/LGTM no-issue ") == "second");
    CHECK(wishes("/lgtm cancel \r") == "withdraw second of all");
    CHECK(wishes("/remove-lgtm") == "withdraw second of all");
    CHECK(wishes("/lgtm cancel\n/lgtm\n/lgtm no-issue") == "no; second; no");
    CHECK(wishes("/hold") == "hold");
    CHECK(wishes("/hold until tomorrow") == "hold");
    CHECK(wishes("/hold  cancel now") == "release of all");
    CHECK(wishes("/hold\ncancel") == "release of all");  // its regular expression reads on
    CHECK(wishes("/unhold   some reason") == "release of all");
    CHECK(wishes("/hold\n/remove-hold\n/unhold") == "no; release of all; no");
    CHECK(wishes("/hold canceled") == "hold");
    CHECK(wishes("/lgtm\n/approve\n/hold") == "second; cast; hold");
    CHECK(wishes("> /hold\n`/hold`") == "");
    CHECK(wishes("/holdup").starts_with("no"));
}

TEST_CASE("where lgtm approves, too, one line is read by two readers") {
    const auto& d = *dialect_named("prow-lgtm-approves");
    const auto  both = read(d, "/lgtm");
    REQUIRE(both.size() == 2);
    CHECK(both[0].command == command(cast{.by = "a", .position = "approve"}));
    CHECK(both[1].command.what == act::second);
    CHECK(the_command(d, "/lgtm cancel //text").what == act::withdraw_ballot);  // the approver alone reads that
    CHECK(the_command(d, "/remove-lgtm").what == act::withdraw_second);
}

TEST_CASE("what is about everybody's is given once for each whose it is") {
    auto people = load_roster(R"({ "people": { "a": {}, "b": {} } })").value();
    const auto release = one(prow, "/unhold"), lgtm = one(prow, "/remove-lgtm"), hold = one(prow, "/hold");
    proposal   p;
    CHECK(given(release, p, people) == std::vector{release.command});  // nothing to release: the engine says so
    p.holds = {{*people.find_person("b"), {}}, {*people.find_person("a"), {}}};
    const auto both = given(release, p, people);
    REQUIRE(both.size() == 2);
    CHECK(both[0].on_behalf_of == "b");
    CHECK(both[1] == release.command);  // one's own
    CHECK(given(hold, p, people) == std::vector{hold.command});
    CHECK(given(lgtm, p, people).size() == 1);
    p.seconds = {{*people.find_person("b"), {}}};
    CHECK(given(lgtm, p, people)[0].on_behalf_of == "b");
}

TEST_CASE("a stranger's refused command ends a comment for rfcbot; everything is answered all the same") {
    const auto people = teams();
    const auto lang = *people.team_named("lang");
    std::vector<act> done;
    const auto hear_from = [&](std::string who, std::string text, refused_by why) {
        done.clear();
        return hear(rfcbot, {.by = std::move(who), .text = std::move(text)}, people, std::span(&lang, 1), [&](const asked& a) {
            done.push_back(a.command.what);
            return a.command.what == act::cancel ? std::optional(refusal{.by = why, .what = "no"}) : std::nullopt;
        });
    };
    const std::string text = "@rfcbot review\n@rfcbot cancel\n@rfcbot what\n@rfcbot concern x";
    const auto stranger = hear_from("x", text, refused_by::permission);
    REQUIRE(stranger.size() == 4);
    CHECK_FALSE(stranger[0].no);
    CHECK(stranger[1].no->what == "no");
    CHECK(has(to_string(*stranger[2].no), "is no command"));
    CHECK(has(to_string(*stranger[3].no), "not looked at: rfcbot stops at line 2"));
    CHECK(done == std::vector{act::cast, act::cancel});
    CHECK_FALSE(hear_from("a", text, refused_by::permission)[3].no);  // a member
    CHECK_FALSE(hear_from("x", text, refused_by::state)[3].no);       // allowed, but impossible
}

TEST_CASE("what is opened without naming teams is for the teams of the proposal") {
    const auto people = teams();
    const auto lang = *people.team_named("lang");
    const auto heard_ = hear(rfcbot, {.by = "a", .text = "@rfcbot poll Q"}, people, std::span(&lang, 1), [](const asked&) { return std::nullopt; });
    REQUIRE(heard_.size() == 1);
    CHECK(heard_[0].what.open.teams == names{"lang"});
}

TEST_CASE("limits of comments are answered, not cut off in silence") {
    CHECK(has(reason(rfcbot, std::string(longest_comment + 1, 'x')), "longer than 262144 bytes"));
    CHECK(has(reason(rfcbot, "@rfcbot concern \xFF"), "not UTF-8"));
    std::string many;
    for (std::size_t i = 0; i < most_asked + 10; ++i) many += "@rfcbot concern x\n";
    const auto all = read(rfcbot, many);
    CHECK(all.size() == most_asked);
    CHECK(has(to_string(all.back().why), "more than 255 things"));
    CHECK(all[all.size() - 2].what == asked::kind::command);
}

TEST_CASE("the worst comments are read in a moment") {
    const auto begin = std::chrono::steady_clock::now();
    const auto repeated = [](std::string_view part) {
        std::string s;
        while (s.size() + part.size() <= longest_comment) s += part;
        return s;
    };
    for (const auto* part : {"@rfcbot merge lang,", "lang ", "`", "` `` ", "<a ", "> ", "- ", "@rustbot ", "@rustbot concern ", "@", "/hold ", "/hold\n", "/lgtm\n", "/", "<!--", "\n<a", "```\n", "\xE3\x80\x80", "1. > "}) {
        const auto text = repeated(part);
        (void)read(rfcbot, text);
        (void)read(rfcbot, ("@rfcbot poll " + text).substr(0, longest_comment));
        (void)read(triagebot, text);
        (void)read(prow, text);
        (void)read(gitvote, text);
        (void)read(triagebot, ("@rustbot concern " + text).substr(0, longest_comment));
    }
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));  // a quadratic reader takes minutes
}

TEST_CASE("whatever is written, a line that begins with the bot's name is answered") {
    const auto people = teams();
    const std::vector<std::string> parts{"@rfcbot", "@rust-rfcbot", "@rustbot", "@triagebot", ":", " ", "\n", "\r\n", "\t", "\xC2\xA0", "fcp", "pr", "f?",
                                         "merge", "hold", "review", "concern", "resolve", "poll", "second", "lang", "T-", "T-lang", ",", "@rust-lang/lang",
                                         "\xC3\xA9", "\xFF", "`", "```\n", "> ", "    ", "- ", "<!--", "-->", "<div>", ".", "@", "x", "/", "/vote", "/lgtm", "/hold", "/approve",
                                         "cancel", "-", std::string(1, '\0')};
    const auto check = [&](const std::string& text) {
        for (const auto& d : dialects()) {
            const auto all = read_comment(d, {.by = "a", .text = text}, people);
            RC_ASSERT(all.size() <= most_asked);
            for (const auto& a : all) {
                RC_ASSERT((a.what == asked::kind::problem) == !a.why.what.empty());
                RC_ASSERT(a.what != asked::kind::problem || !a.why.needed.empty());
                RC_ASSERT((a.what == asked::kind::opening) == !a.open.process.empty());
            }
            if (&d != &rfcbot || (all.size() == 1 && all[0].line == 0)) continue;  // not UTF-8 as a whole
            std::size_t   begun = 0;
            std::uint32_t line = 0;
            for (std::size_t at = 0; at < text.size(); ++line) {
                const auto end = std::min(text.find('\n', at), text.size());
                const auto first = std::min(text.find_first_not_of(" \t\r", at), end);
                const auto begins = std::string_view(text).substr(first, end - first);
                if (begins.starts_with("@rfcbot") || begins.starts_with("@rust-rfcbot")) {
                    ++begun;
                    RC_ASSERT(std::count_if(all.begin(), all.end(), [&](const asked& a) { return a.line == line + 1; }) == 1);
                }
                at = end + 1;
            }
            RC_ASSERT(all.size() >= std::min(begun, most_asked));
        }
    };
    CHECK(rc::check("splices of valid parts", [&] {
        std::string text;
        for (const auto& part : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(parts))) text += part;
        check(text);
    }));
    CHECK(rc::check("random bytes", [&] { check(*rc::gen::arbitrary<std::string>()); }));
}
