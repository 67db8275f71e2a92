// Every recorded text of people talking to rfcbot, gitvote and Prow, said to this bot: it hears what the dialect says, does it, and answers what it
// doesn't do. Then what dialects differ in: quotes, code, edits, the first text of a pull request.
#include <doctest/doctest.h>

#include "../effort.hpp"
#include "../journal_support.hpp"
#include "json.hpp"
#include "pulls.hpp"

using namespace small_bot;
using quorate::json_text::node;

namespace {

node data(const std::string& file) { return quorate::json_text::parse_file(source + "/tests/data/" + file, std::size_t{4} << 20U).value(); }
std::string text(const node& n, std::string_view key) {
    const auto* v = n.find(key);
    return v == nullptr ? std::string() : v->text;
}
bool flag(const node& n, std::string_view key) {
    const auto* v = n.find(key);
    return v != nullptr && v->is_boolean() && v->truth;
}
std::vector<std::string> texts(const node& n, std::string_view key) {
    std::vector<std::string> all;
    if (const auto* list = n.find(key))
        for (const auto& e : list->elements) all.push_back(e.text);
    return all;
}

/// Whether everything that was asked for is done, or answered where everybody sees it.
void answered(a_bot& b, const dealt& what) {
    const auto reply = b.reply();
    CAPTURE(reply);
    std::size_t shown = 0;
    for (const auto& h : what.answers) {
        if (++shown > most_answers_shown) break;
        if (h.no) CHECK(has(reply, as_code(h.no->what)));
    }
    if (what.needs_reply()) CHECK_FALSE(reply.empty());
}

}  // namespace

TEST_CASE("what rfcbot reads in a comment, this bot reads, and every item is done or answered") {
    const auto               cases = data("rfcbot_commands.json");
    journal_support::scratch folder;
    cast_of_people           people;
    std::size_t              number = 0, items = 0;
    people.team("all", {"alice", "bob", "grace"});
    for (const auto& t : cases.find("teams")->members) people.team("team-" + std::to_string(++number), {"alice", "bob"}, t.key, t.value.text);
    people.write(folder.file("roster.json"));
    const auto roster = read_roster_file(folder.file("roster.json")).value();
    number = 0;
    for (const auto& c : cases.find("cases")->elements) {
        const auto body = text(c, "body");
        CAPTURE(body);
        a_bot b(settings_as("rfcbot", "rust.json", folder.file("roster.json")));
        auto  d = b.comment("alice", body);
        d.sender = d.writer = people.who("alice");
        const auto what = desk(b.engine(), b.store(), b.setup).take(d);
        const auto wanted = quorate::read_comment(*quorate::dialect_named("rfcbot"), {.by = d.writer.person(), .text = body, .before = {}, .at = d.at}, roster);
        REQUIRE(what.answers.size() == wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            CHECK(what.answers[i].what.line == wanted[i].line);
            // What is opened without teams is opened for those of the issue.
            const bool opening = wanted[i].what == quorate::asked::kind::opening;
            CHECK((opening ? what.answers[i].what.open.process == wanted[i].open.process && what.answers[i].what.open.title == wanted[i].open.title : what.answers[i].what.same_as(wanted[i])));
        }
        const auto* upstream = c.find("upstream_result");  // tests/conformance compares in full what is read
        if (upstream->is_array()) CHECK(upstream->elements.size() == wanted.size());
        b.arrives(d);
        (void)b.round();
        answered(b, what);
        items += wanted.size();
        ++number;
    }
    CHECK(number >= 30);
    MESSAGE(number << " comments, " << items << " items");
}

TEST_CASE("what gitvote reads in a comment or first text, this bot reads") {
    std::size_t number = 0;
    for (const auto& c : data("approval_bots.json").elements) {
        if (text(c, "family") != "gitvote.command") continue;
        const auto& in = *c.find("inputs");
        const auto  body = text(in, "body");
        const auto* parsed = c.find("expected")->find("parsed");
        CAPTURE(body);
        a_bot b(settings_for("vote"));
        auto  d = b.comment("quin", body);
        if (text(in, "event") == "opened") {
            d.event = "issues";
            d.action = "opened";
            d.author = d.writer;
            d.comment = 0;
        } else {
            d.action = text(in, "event");
        }
        b.arrives(d);
        (void)b.round();
        const bool asks = parsed != nullptr && parsed->is_object();
        if (!asks) CHECK(b.paper().comments.empty());
        else if (text(*parsed, "command") == "vote" && text(*parsed, "profile").empty()) CHECK(b.stage() == "open");
        else CHECK_FALSE(b.paper().comments.empty());
        if (asks && !text(*parsed, "profile").empty()) CHECK(has(b.reply(), "vote_" + text(*parsed, "profile")));  // no charter here has it
        ++number;
    }
    CHECK(number >= 2);
}

TEST_CASE("what puts lgtm and hold on and takes them off with Prow does so here") {
    std::size_t number = 0;
    for (const auto& c : data("approval_bots.json").elements) {
        const auto family = text(c, "family");
        const bool review = family == "lgtm.review", hold = family == "hold";
        if (family != "lgtm.comment" && !review && !hold) continue;
        CAPTURE(text(c, "id"));
        const auto& in = *c.find("inputs");
        const auto& policy = *c.find("policy");
        const auto  said = text(in, "text");
        stage_set   s(hold ? std::vector<std::string>{"collab1", "collab2"} : texts(policy, flag(policy, "skip_collaborators") ? "owners_people" : "collaborators"));
        auto        b = s.pull();
        if (flag(in, "label_before")) b.says_as("collab2", "/lgtm");
        if (flag(in, "held_before")) b.says_as("collab1", "/hold");
        REQUIRE(b.proposal()->seconds.empty() != flag(in, "label_before"));
        REQUIRE(b.proposal()->holds.empty() != flag(in, "held_before"));
        if (review) {
            auto state = text(in, "state");
            for (auto& ch : state) ch = static_cast<char>(ch - 'A' + 'a');
            for (auto& ch : state)
                if (ch == static_cast<char>('_' - 'A' + 'a')) ch = '_';
            b.reviews(text(in, "reviewer"), state, said, flag(in, "reviewer_is_bot"));
            // The case is about the reader of states alone; words in a review are for the other one, who reads them as in a comment.
            const bool lgtm_in_words = said == "/lgtm";
            CHECK(b.proposal()->seconds.empty() == !(flag(*c.find("expected"), "label_after") || lgtm_in_words));
        } else if (hold) {
            b.says_as("somebody", said);
            CHECK(b.proposal()->holds.empty() == !flag(*c.find("expected"), "held_after"));
        } else {
            b.says_as(text(in, "commenter"), said);
            CHECK(b.proposal()->seconds.empty() == !flag(*c.find("expected"), "label_after"));
            if (said.starts_with("/lgtm") && flag(in, "label_before") == flag(*c.find("expected"), "label_after") && text(in, "commenter") == "author") CHECK(has(b.reply(), "**no**"));
        }
        ++number;
    }
    CHECK(number >= 24);
    MESSAGE(number << " cases");
}

TEST_CASE("what each dialect does with quotes, code, several commands and edits is as its own bot does") {
    struct way { const char* profile; const char* said; std::size_t asked; };
    const std::vector<way> ways{
        {"rfcbot", "> @rfcbot merge", 0},          {"rfcbot", "```\n@rfcbot merge\n```", 1},  {"rfcbot", "@rfcbot merge\n@rfcbot concern a", 2},
        {"triagebot", "`@rustbot second`", 0},     {"triagebot", "```\n@rustbot second\n```", 0}, {"triagebot", "so @rustbot second", 1},
        {"triagebot", "> @rustbot second", 0},     {"gitvote", "> /vote", 0},                 {"gitvote", "```\n/vote\n```", 1},
        {"gitvote", "/vote\n/cancel-vote", 2},     {"prow", "> /lgtm", 0},                    {"prow", "```\n/lgtm\n```", 1},
        {"prow", "/lgtm\n/approve\n/hold", 3},     {"prow", "/LGTM", 1},                      {"prow", "/lgtm cancel\n/lgtm", 2},
    };
    const auto people = read_roster_file(source + "/examples/bot/recorded/fcp/teams.json").value();
    for (const auto& r : ways) {
        CAPTURE(r.profile);
        CAPTURE(r.said);
        const auto* d = quorate::dialect_named(profile_named(r.profile)->dialect);
        REQUIRE(d != nullptr);
        CHECK(quorate::read_comment(*d, {.by = "101", .text = r.said, .before = {}, .at = {}}, people).size() == r.asked);
    }
}

// ---- pull requests ----------------------------------------------------------------------------------------------------------------------
TEST_CASE("a push takes back what was said of the commit before it, whoever tells of it and in whichever order") {
    stage_set s;
    auto      b = s.pull();
    REQUIRE(b.stage() == "open");
    b.says_as("collab2", "/lgtm");
    CHECK(b.proposal()->seconds.size() == 1);
    b.arrives(b.pull("author", "synchronize", "beef"));
    (void)b.round();
    CHECK(b.proposal()->seconds.empty());
    CHECK(b.proposal()->revisions == 1);
    b.reviews("collab2", "approved", "", false, "c0ffee", "beef");  // begun before the push
    CHECK(b.proposal()->seconds.empty());
    CHECK(has(b.reply(), "about commit c0ffee"));
    b.paper().head = "beef";
    b.reviews("collab2", "approved", "", false, "c0ffee", "c0ffee");  // and sent before it, too
    CHECK(b.proposal()->seconds.empty());
    CHECK(b.proposal()->revisions == 1);
    b.reviews("collab2", "approved", "", false, "beef", "beef");
    CHECK(b.proposal()->seconds.size() == 1);
    b.paper().head = "f00d";
    b.reviews("collab1", "commented", "", false, "f00d", "f00d");  // tells of a push that hasn't been told of yet
    CHECK(b.proposal()->seconds.empty());
    b.says_as("collab2", "/lgtm");
    b.arrives(b.pull("author", "synchronize", "f00d"));
    (void)b.round();
    CHECK(b.proposal()->seconds.size() == 1);  // that one is known
    CHECK(b.proposal()->revisions == 2);
    b.arrives(b.pull("author", "synchronize", "beef"));  // late
    (void)b.round();
    CHECK(b.proposal()->revisions == 2);
    CHECK(b.proposal()->seconds.size() == 1);
    b.paper().head = "beef";
    b.arrives(b.pull("author", "synchronize", "beef"));  // pushed again
    (void)b.round();
    CHECK(b.proposal()->revisions == 3);
    CHECK(b.proposal()->seconds.empty());
    const auto nobody = read_delivery(R"({"action":"read","repository":{"full_name":"k/k"},"issue":{"number":7},"reactions":[{"user":{"login":"alice"},"content":"+1"}]})", "x", "reactions", b.now);
    CHECK(nobody.value().reactions.front().by == account{});  // a name without a number
    CHECK_FALSE(read_delivery(R"({"action":"synchronize","sender":{"id":1,"login":"a"},"repository":{"full_name":"k/k"},"pull_request":{"number":7}})", "x", "pull_request", b.now).has_value());
}

TEST_CASE("pushes that overtake each other leave the last one as the head, whether or not those before it were heard of") {
    stage_set  s;
    auto       b = s.pull();
    const auto pushed = [&](const std::string& head, const std::string& follows) {
        auto d = b.pull("author", "synchronize", head);
        d.follows = follows;
        b.arrives(parse_delivery(to_json(d)).value());
        (void)b.round();
    };
    pushed("beef", "c0ffee");
    CHECK(b.proposal()->revisions == 1);
    b.paper().head = "d00d";
    pushed("d00d", "f00d");
    CHECK(b.proposal()->revisions == 2);
    b.says_as("collab2", "/lgtm");
    pushed("f00d", "beef");  // comes late, never heard of before
    b.reviews("collab1", "commented", "", false, "f00d", "f00d");
    CHECK(b.proposal()->revisions == 2);
    CHECK(b.proposal()->seconds.size() == 1);
    pushed("feed", "d00d");  // follows what is known: taken at its word
    CHECK(b.proposal()->revisions == 3);
    CHECK(b.proposal()->seconds.empty());
}

TEST_CASE("what is opened says its own text, whatever comment a body holds besides") {
    const auto d = read_delivery(R"({"action":"opened","sender":{"id":1,"login":"a"},"repository":{"full_name":"k/k"},"issue":{"number":7,"body":"text","user":{"id":2,"login":"b"}},
        "comment":{"id":12,"body":"/lgtm","user":{"login":"b"}}})", "x", "issues", at("2026-03-01")).value();
    CHECK(d.text == "text");
    CHECK(d.writer.id == 2);
    CHECK(d.comment == 0);
    CHECK(to_json(parse_delivery(to_json(d)).value()) == to_json(d));
}

TEST_CASE("a pull request that is first heard of through a comment, and then pushed to, loses what was said of it") {
    stage_set s;
    a_pull    b(s.people, s.folder.file("roster.json"));
    const auto other = [&](delivery d) {
        d.number = 8;
        b.arrives(d);
        (void)b.round();
        return b.engine().get(b.engine().find("k/k#8").back());
    };
    b.sheet.matters["k/k#8"].files = {"a.go"};
    CHECK(other(b.comment_of("collab2", "/lgtm"))->seconds.size() == 1);
    CHECK(other(b.pull("author", "synchronize", "beef"))->seconds.empty());
}

TEST_CASE("what was never delivered is found: comments, pushes, a close; once, and not by a bot that is new") {
    stage_set s;
    auto      b = s.pull();
    b.says_as("collab2", "/lgtm");
    b.now += std::chrono::hours{2};
    b.paper().pull_request = true;
    b.paper().head = "beef";
    auto missed = b.comment_of("collab1", "/hold until tomorrow");
    missed.at = b.now - std::chrono::minutes{10};
    b.sheet.undelivered = {missed, b.comment_of("somebody", "only talk")};
    b.start();
    (void)b.round();
    CHECK(b.proposal()->seconds.empty());
    CHECK(b.proposal()->holds.size() == 1);
    CHECK(b.counts.of(count::caught_up) == 2);
    const auto version = b.proposal()->version;
    b.arrives(missed);  // comes late after all
    for (int i = 0; i < 3; ++i) {
        b.start();
        b.waits(std::chrono::hours{1});
    }
    CHECK(b.proposal()->version == version);
    b.paper().closed = true;
    b.waits(std::chrono::hours{1});
    CHECK(quorate::is_open(b.proposal()->in()));  // nobody knows who closed it: it is not said to be the author
    b.says_as("collab2", "/lgtm");
    b.paper().closer = b.people.who("collab1");
    b.waits(std::chrono::hours{1});
    CHECK(b.engine().history(b.engine().find(b.subject).back()).value().back().by == std::to_string(b.people.id("collab1")));
    CHECK(b.proposal()->outcome() == quorate::phase::withdrawn);

    a_bot fresh(settings_for("fcp"));
    fresh.sheet.undelivered = {fresh.comment("alice", "@rfcbot merge")};
    (void)fresh.round();
    CHECK(fresh.proposal() == nullptr);
}

/// Begins again after the end of a period; a day before that end a concern was written, which nobody told it of.
static delivery overslept(a_bot& b) {
    b.says("alice", "@rfcbot merge");
    for (const auto* member : {"bob", "carol"}) b.says(member, "@rfcbot reviewed");
    REQUIRE(b.stage() == "fcp");
    auto missed = b.comment("bob", "@rfcbot concern late news");
    missed.at = b.now + std::chrono::hours{24 * 9};
    b.sheet.undelivered = {missed};
    b.now += std::chrono::hours{24 * 11};
    b.start();
    return missed;
}

TEST_CASE("a concern that was written in time while no bot listened is in time") {
    a_bot      b(settings_for("fcp"));
    const auto missed = overslept(b);
    (void)b.round();
    CHECK(b.stage() != "accepted");
    CHECK(b.proposal()->open_concerns() == 1);
    CHECK(b.proposal()->concerns.front().raised == missed.at);
}

TEST_CASE("what a journal holds about anything but an issue of a served repository is left alone") {
    const auto s = settings_for("vote");
    const auto& name = s.repositories.front().name;
    REQUIRE(s.serving(name + "#7").has_value());
    CHECK(s.serving(name + "#7")->in == &s.repositories.front());
    CHECK(s.serving(name + "#7")->number == 7);
    for (const auto& other : {name, name + "#", name + "#0", name + "#7a", name + "#99999999999999999999", std::string("some/where#7"), std::string("#7"), std::string()}) CHECK_FALSE(s.serving(other).has_value());
}

TEST_CASE("as long as GitHub can't be asked for what was missed, time doesn't pass it by") {
    a_bot b(settings_for("fcp"));
    (void)overslept(b);
    bool down = true;
    b.fate.breaks = [&] { return std::exchange(down, false); };  // the first thing asked
    (void)b.round();
    CHECK_FALSE(down);
    CHECK(b.stage() == "fcp");
    (void)b.round();  // not asked again at once
    CHECK(b.stage() == "fcp");
    b.now += catch_up_again;
    (void)b.round();
    CHECK(b.stage() != "accepted");
    CHECK(b.proposal()->open_concerns() == 1);
}

TEST_CASE("a team's member is who its own organisation names under the team's present name") {
    const auto joins = [](const std::string& organisation, const std::string& team) {
        a_bot b(settings_for("fcp"));
        auto  renamed = quorate::roster_event{.at = b.now, .what = quorate::roster_event_kind::rename_team};
        renamed.team = "lang";
        renamed.name = "language";
        REQUIRE(b.engine().change_roster(renamed, "rename").has_value());
        auto d = b.on_issue("frank", "membership", "added");
        d.repository.clear();
        d.number = 0;
        d.member = who("frank");
        d.team = team;
        d.organisation = organisation;
        b.arrives(d);
        (void)b.round();
        const auto& people = b.engine().people();
        const auto  frank = people.find_person("900");
        return frank && people.is_member(*frank, *people.team_named("language"));
    };
    CHECK(joins("Ferris", "Language"));
    CHECK_FALSE(joins("evil", "language"));
    CHECK_FALSE(joins("ferris", "lang"));    // what it was called once may be another team's slug by now
    CHECK_FALSE(joins("ferris", "T-lang"));  // a label
}

TEST_CASE("an account whose number is a member's handle is not that member") {
    a_bot b(settings_for("fcp"));
    b.says("alice", "@rfcbot merge");
    auto digits = quorate::roster_event{.at = b.now, .what = quorate::roster_event_kind::change_handle};
    digits.who = "102";
    digits.handle = "12345";
    REQUIRE(b.engine().change_roster(digits, "digits").has_value());
    auto d = b.comment("bob", "@rfcbot reviewed");
    d.sender = d.writer = {12'345, "stranger"};
    b.arrives(d);
    (void)b.round();
    CHECK(has(b.reply(), "account 12345 is not the person whom the roster calls 12345"));
    const auto approvals = [&] { return std::count_if(b.proposal()->voters.begin(), b.proposal()->voters.end(), [](const auto& v) { return v.choice != 0; }); };
    CHECK(approvals() == 1);
    auto joins = b.on_issue("frank", "membership", "removed");
    joins.number = 0;
    joins.member = {12'345, "stranger"};
    joins.team = "lang";
    joins.organisation = "ferris";
    b.arrives(joins);
    d = b.comment("bob", "@rfcbot reviewed");
    d.sender = d.writer = {102, "12345"};  // the member
    b.arrives(d);
    (void)b.round();
    CHECK(approvals() == 2);
    CHECK(b.engine().people().handle(*b.engine().people().find_person("102")) == "@12345");
}

TEST_CASE("commands may stand in the first text of a pull request, and issues are not decided on as pull requests are") {
    stage_set s;
    auto      b = s.pull();
    auto      d = b.pull("author", "opened");
    d.number = 9;
    d.text = "What it does\n/hold\n";
    d.writer = d.author;
    b.sheet.matters["k/k#9"].files = {"a.go"};
    b.arrives(d);
    (void)b.round();
    CHECK(b.engine().get(b.engine().find("k/k#9").back())->holds.size() == 1);
    d = b.comment_of("collab1", "/lgtm");
    d.pull_request = false;
    d.number = 10;
    b.arrives(d);
    (void)b.round();
    CHECK(b.engine().find("k/k#10").empty());
    REQUIRE(b.sheet.matters["k/k#10"].comments.size() == 1);
    CHECK(has(b.sheet.matters["k/k#10"].comments.front().body, "this is no pull request"));
}

TEST_CASE("who owns the files decides: files that nobody owns, or that can't be asked for, widen nothing") {
    stage_set s;
    auto      b = s.pull();
    b.says_as("collab1", "/approve");
    b.says_as("collab2", "/lgtm");
    CHECK(b.stage() == "mergeable");
    CHECK(b.paper().labels == std::set<std::string>{"approved", "lgtm"});
    auto other = b.pull("author", "opened");
    other.number = 11;
    b.fate.breaks = [&, n = 0]() mutable { return ++n < 3; };  // asked for in vain
    b.arrives(other);
    try {
        (void)b.round();
    } catch (const quorate::failure&) {
        b.start();
    }
    CHECK(b.engine().find("k/k#11").empty());
    b.fate.breaks = nullptr;
    (void)b.round();
    REQUIRE_FALSE(b.engine().find("k/k#11").empty());
    const auto id = b.engine().find("k/k#11").back();
    auto       say = b.comment_of("collab1", "/approve\n/lgtm");
    say.number = 11;
    b.arrives(say);
    (void)b.round();
    CHECK(b.engine().get(id)->now().name == "open");  // no files, no owners
    CHECK(b.engine().get(id)->teams.empty());
}

TEST_CASE("a commit that is pushed while a vote is open gets the vote's check") {
    a_bot b(settings_for("vote"));
    auto  d = b.comment("quin", "/vote");
    d.pull_request = true;
    b.arrives(d);
    (void)b.round();
    CHECK(b.paper().checks.size() == 1);
    auto push = b.on_issue("frank", "pull_request", "synchronize");
    push.pull_request = true;
    push.head = "beef";
    b.paper().checks.clear();  // checks are a commit's
    b.arrives(push);
    (void)b.round();
    REQUIRE(b.paper().checks.size() == 1);
    CHECK(b.paper().checks.begin()->second == "in progress");
    b.waits(std::chrono::hours{24 * 6});
    b.start();
    push.id += "x";
    b.paper().checks.clear();
    b.arrives(push);
    (void)b.round();
    CHECK(b.paper().checks.begin()->second == "failure");
}
