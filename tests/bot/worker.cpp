// What the bot does outside, done once and no more, whatever happens in between.
#include <doctest/doctest.h>

#include "../effort.hpp"
#include "../golden.hpp"
#include "replay.hpp"
#include "small_bot.hpp"

using namespace small_bot;
using std::chrono::hours;

namespace {

/// What is to be seen outside at the end, without ids of comments.
std::string seen(a_bot& b) {
    std::string                    s;
    std::multimap<std::string, std::string> comments;
    for (const auto& c : b.paper().comments) comments.emplace(marker_of(c.body), c.body);
    for (const auto& [marker, body] : comments) s += body + "\n";
    for (const auto& l : b.paper().labels) s += "label " + l + "\n";
    for (const auto& [name, state] : b.paper().checks) s += "check " + name + " " + state + "\n";
    return s;
}

/// A vote or a period as a list of deeds. Each can be begun again after a kill.
using deed = std::function<void(a_bot&)>;
std::vector<deed> a_period() {
    std::vector<deed> all;
    const auto        say = [&](std::string by, std::string text) {
        all.push_back([by, text](a_bot& b) { b.arrives(b.comment(by, text)); });
    };
    say("alice", "@rfcbot merge");
    say("bob", "@rfcbot reviewed");
    say("frank", "@rfcbot reviewed");
    say("carol", "@rfcbot concern a\n@rfcbot reviewed");
    say("carol", "@rfcbot resolve a");
    all.push_back([](a_bot& b) { b.now += hours{24 * 11}; });
    return all;
}
std::vector<deed> a_vote() {
    std::vector<deed> all;
    all.push_back([](a_bot& b) { auto d = b.comment("quin", "/vote"); d.pull_request = true; b.arrives(d); });
    all.push_back([](a_bot& b) {
        for (const auto& c : b.paper().comments)
            if (marker_of(c.body).starts_with("<!-- quorate status")) b.paper().reactions[c.id] = {{who("mia"), "+1", b.now}, {who("noa"), "+1", b.now}, {who("passer-by"), "-1", b.now}};
        b.now += hours{1};
    });
    all.push_back([](a_bot& b) { b.now += hours{24 * 6}; });
    return all;
}

/// Does all deeds with a round after each. A kill is followed by a new process, which does what was left undone: the delivery is in the
/// journal, and time and reactions are what they are.
std::string done(a_bot& b, const std::vector<deed>& deeds) {
    for (const auto& d : deeds) {
        d(b);
        try {
            (void)b.round();
        } catch (const killed&) {
            b.fate.at = static_cast<std::size_t>(-1);
            b.start();
            (void)b.round();
        }
    }
    return seen(b);
}

/// The same, killed at each step in turn, before it and after it.
std::size_t kill_everywhere(const std::string& recorded, const std::vector<deed>& deeds) {
    a_bot      calm(settings_for(recorded));
    const auto wanted = done(calm, deeds);
    const auto steps = calm.fate.steps;
    std::size_t kills = 0;
    for (std::size_t at = 0; at < 2 * steps; at += effort(5) == 5 ? 1 : 3, ++kills) {
        CAPTURE(at);
        a_bot b(settings_for(recorded));
        b.fate.at = at;
        CHECK(done(b, deeds) == wanted);
    }
    return kills;
}

}  // namespace

TEST_CASE("a whole period: one status comment kept up to date, announcements, labels") {
    a_bot b(settings_for("fcp"));
    b.says("alice", "@rfcbot merge");
    CHECK(b.paper().labels == std::set<std::string>{"proposed-final-comment-period", "disposition-merge"});
    CHECK(b.comments_like("<!-- quorate status") == 1);
    CHECK(has(b.status(), "- [x] @alice\n- [ ] @bob"));
    b.says("bob", "@rfcbot reviewed");
    CHECK(has(b.status(), "waiting for 1 of"));
    b.says("carol", "@rfcbot concern drop order\n@rfcbot reviewed");
    CHECK(has(b.status(), "- [ ] `drop order`, raised by `carol`"));
    CHECK(has(b.status(), "Missing for **fcp**"));
    CHECK(b.reply().empty());  // all was done as asked
    b.says("carol", "@rfcbot resolve drop order");
    CHECK(b.stage() == "fcp");
    CHECK(b.paper().labels == std::set<std::string>{"final-comment-period", "disposition-merge"});
    CHECK(b.comments_like("<!-- quorate announcement") == 1);
    CHECK(has(b.status(), "Next by time alone: 2026-03-12T10:00:00Z, **accepted**"));
    CHECK(has(b.status(), "Decided as it stands now: **accepted**"));
    b.waits(hours{24 * 11});
    CHECK(b.stage() == "accepted");
    CHECK(b.paper().labels.contains("finished-final-comment-period"));
    CHECK(b.comments_like("<!-- quorate announcement") == 2);
    CHECK(b.comments_like("<!-- quorate status") == 1);
}

TEST_CASE("a vote by reactions: one a person, several at once count for nothing, late ones not at all, checks follow") {
    a_bot b(settings_for("vote"));
    auto  d = b.comment("passer-by", "/vote");
    b.arrives(d);
    b.round();
    CHECK(b.proposal() == nullptr);
    CHECK(has(b.reply(), "**no**"));
    b.says("quin", "/vote");
    REQUIRE(b.stage() == "open");
    CHECK(b.paper().labels == std::set<std::string>{"gitvote", "gitvote/open"});
    CHECK(b.paper().checks.size() == 1);
    const auto box = b.paper().comments.back().id;
    auto&      r = b.paper().reactions[box];
    r = {{who("mia"), "+1", b.now}, {who("noa"), "+1", b.now}, {who("noa"), "eyes", b.now}, {who("passer-by"), "-1", b.now}};
    b.waits(hours{1});
    const auto chosen = [&](const std::string& login) -> std::string {
        for (const auto& v : b.proposal()->voters)
            if (b.engine().people().handle(v.who) == login) return v.choice == 0 ? "" : b.proposal()->by->positions[v.choice - 1U].name;
        return "nobody";
    };
    CHECK(chosen("mia") == "for");
    CHECK(chosen("noa") == "spoiled");
    CHECK(chosen("passer-by") == "against");
    r.erase(r.begin() + 2);
    b.waits(hours{1});
    CHECK(chosen("noa") == "for");
    const auto end = b.proposal()->opened + hours{24 * 5};
    r.push_back({who("oli"), "-1", end + hours{1}});  // too late, and read with the rest
    b.now = end + hours{2};
    b.round();
    CHECK(b.stage() == "accepted");
    CHECK(chosen("oli").empty());
    CHECK(b.paper().checks.begin()->second == "success");
    CHECK(b.paper().labels == std::set<std::string>{"gitvote", "gitvote/closed", "gitvote/passed"});
}

TEST_CASE("a ballot cast before the end counts although it is read after it") {
    a_bot b(settings_for("vote"));
    b.says("quin", "/vote");
    const auto box = b.paper().comments.back().id;
    const auto end = b.proposal()->opened + hours{24 * 5};
    b.paper().reactions[box] = {{who("mia"), "+1", end - hours{2}}, {who("noa"), "+1", end - hours{1}}};
    b.now = end + hours{3};
    b.round();
    CHECK(b.stage() == "accepted");
}

TEST_CASE("of two votes on one issue each has the reactions to its own comment, and only the one whose comment is deleted ends") {
    a_bot b(settings_for("vote"));
    b.says("quin", "/vote");
    const auto first = b.engine().find(b.subject).front();
    const auto second = b.engine().open({.process = "vote_as_asked", .by = who("quin").person(), .subject = b.subject, .title = "B", .at = b.now, .key = "second"}).value();
    b.start();
    b.round();
    const auto box_of = [&](const std::string& id) { return *b.paper().marked(status_marker(id)); };
    const auto cast_in = [&](const std::string& id) {
        const auto& all = b.engine().get(id)->voters;
        return std::count_if(all.begin(), all.end(), [](const auto& v) { return v.choice != 0; });
    };
    b.paper().reactions[box_of(first).id] = {{who("mia"), "+1", b.now}, {who("noa"), "+1", b.now}};
    b.waits(hours{1});
    CHECK(cast_in(first) == 2);
    CHECK(cast_in(second) == 0);
    b.paper().reactions[box_of(second).id] = {{who("oli"), "-1", b.now}};
    b.waits(hours{1});
    CHECK(cast_in(first) == 2);
    CHECK(cast_in(second) == 1);
    auto d = b.on_issue("ria", "issue_comment", "deleted");
    d.comment = box_of(first).id;
    d.writer = who("quorate-bot");
    d.text = box_of(first).body;
    b.arrives(d);
    b.round();
    CHECK(b.engine().get(first)->now().name == "inconclusive");
    CHECK(quorate::is_open(b.engine().get(second)->in()));
}

TEST_CASE("the vote's comment is deleted: the vote ends without a result, and that is said") {
    a_bot b(settings_for("vote"));
    b.says("quin", "/vote");
    const auto box = b.paper().comments.back();
    std::erase_if(b.paper().comments, [&](const auto& c) { return c.id == box.id; });
    auto d = b.on_issue("ria", "issue_comment", "deleted");
    d.comment = box.id;
    d.writer = who("quorate-bot");
    d.text = box.body;
    b.arrives(d);
    b.start();  // a process that has not read the comments yet
    b.round();
    CHECK(b.stage() == "inconclusive");
    CHECK(has(b.status(), "inconclusive"));
}

TEST_CASE("killed between any two steps, a period shows no comment, label or check twice or less than once") {
    const auto kills = kill_everywhere("fcp", a_period());
    CHECK(kills >= effort(60));
    MESSAGE(kills << " kills");
}

TEST_CASE("killed between any two steps, a vote shows no comment, label or check twice or less than once") {
    const auto kills = kill_everywhere("vote", a_vote());
    CHECK(kills >= effort(40));
    MESSAGE(kills << " kills");
}

TEST_CASE("control: without looking for markers first, a kill doubles a comment") {
    a_bot b(settings_for("fcp"));
    b.says("alice", "@rfcbot merge");
    (void)b.sheet.comment(b.subject, b.status());  // what a bot that doesn't look would do after a kill
    CHECK(b.comments_like("<!-- quorate status") == 2);
    b.start();
    b.says("bob", "@rfcbot reviewed");
    CHECK(b.comments_like("<!-- quorate status") == 1);  // and this one takes the younger one back
}

TEST_CASE("what has no marker is not said: what the bot's account wrote by hand stays") {
    a_bot b(settings_for("fcp"));
    b.paper().comments.push_back({1, bot_id, "by hand"});
    b.paper().comments.push_back({2, bot_id, "and again"});
    for (const auto* text : {"", "no marker"})
        REQUIRE(b.store().append({.streams = {}, .effects = {{.proposal = {}, .at = b.now, .kind = std::string(reply_effect),
                                                              .payload = R"({"subject":")" + b.subject + R"(","body":")" + text + "\"}"}}, .answers = {}}).has_value());
    (void)b.round();
    REQUIRE(b.paper().comments.size() == 2);
    CHECK(b.paper().comments.back().body == "and again");
    CHECK(b.store().pending_effects(10).value().empty());
}

TEST_CASE("a marker in somebody else's comment is only text") {
    a_bot b(settings_for("fcp"));
    b.paper().comments.push_back({1, 900, "mine\n" + status_marker("fcp-1")});
    b.says("alice", "@rfcbot merge");
    CHECK(b.comments_like("<!-- quorate status") == 2);
    CHECK(b.paper().comments.front().body == "mine\n" + status_marker("fcp-1"));
}

TEST_CASE("reminders: the people it waits for, once a period, and only the last that is due") {
    a_bot b(settings_for("fcp"));
    b.says("alice", "@rfcbot merge");
    b.waits(hours{24 * 6});
    CHECK(b.comments_like("<!-- quorate reminder") == 0);
    b.waits(hours{25});
    REQUIRE(b.comments_like("<!-- quorate reminder") == 1);
    CHECK(has(b.paper().comments.back().body, "@bob, @carol, @dave, @erin"));
    CHECK_FALSE(has(b.paper().comments.back().body, "@alice"));
    b.waits(hours{24});
    CHECK(b.comments_like("<!-- quorate reminder") == 1);
    b.start();
    b.waits(hours{24 * 30});
    CHECK(b.comments_like("<!-- quorate reminder") == 2);
}

TEST_CASE("what is private is not told anywhere outside (S5)") {
    const std::string charter = R"x({ "title": "Quiet", "processes": { "fcp": {
        "dispositions": ["merge"], "visible": "team(lang)", "electorate": { "of": "team(lang)" }, "positions": { "approve": {} },
        "stages": { "discussion": { "phase": "review", "allow": { "propose, raise, cast": "team(lang)" },
                    "exits": [ { "on": "propose", "to": "vote", "effects": [ "announce", { "do": "label", "add": "canary-label" } ] } ] },
                    "vote": { "phase": "review", "allow": { "cast, raise, cancel": "team(lang)" }, "exits": [ { "after": "10 days", "to": "accepted", "effects": [ "announce" ] } ] } } } } })x";
    a_bot b(settings_for("fcp"), charter);
    b.says("alice", "@rfcbot merge");
    b.says("bob", "@rfcbot concern canary-concern");
    REQUIRE(b.stage() == "vote");
    b.says("bob", "@rfcbot concern canary-concern");  // refused, for a reason that must not be told
    b.says("frank", "@rfcbot cancel");
    b.waits(hours{24 * 8});
    b.waits(hours{24 * 8});
    for (const auto& c : b.paper().comments) {
        CHECK_FALSE(has(c.body, "canary"));
        CHECK_FALSE(has(c.body, "vote"));
        CHECK_FALSE(has(c.body, "waits"));
    }
    CHECK(b.paper().labels.empty());
    CHECK(b.comments_like("<!-- quorate status") == 0);
    CHECK(b.comments_like("<!-- quorate announcement") == 0);
    CHECK(b.comments_like("<!-- quorate reply") == 2);
    CHECK_FALSE(has(b.counts.page(), "canary"));
}

TEST_CASE("text that people wrote is never markup, a mention or a marker") {
    CHECK(as_code("a`b") == "``a`b``");
    CHECK(as_code("`a") == "`` `a ``");
    CHECK(as_code("x\n<!-- quorate status fcp-1 -->") == "`x <!-- quorate status fcp-1 -->`");
    CHECK(as_code("a\xE2\x80\xAE" "b\xE2\x80\x8B" "c") == "`a\xEF\xBF\xBD" "b\xEF\xBF\xBD" "c`");
    CHECK(marker_of("hello\n<!-- quorate status fcp-1 -->\n") == "<!-- quorate status fcp-1 -->");
    CHECK(marker_of("<!-- quorate status fcp-1 -->\nhello").empty());
    CHECK(look_alike("aIice", "alice"));
    CHECK(look_alike("rnia", "mia"));
    CHECK_FALSE(look_alike("alice", "bob"));
    a_bot b(settings_for("fcp"));
    b.says("alice", "@rfcbot merge");
    b.says("bob", "@rfcbot concern @everybody ](javascript:x) <img> `");
    CHECK(has(b.status(), "`` @everybody ](javascript:x) <img> ` ``"));
}

TEST_CASE("the recorded sets replay as they are shown") {
    for (const std::string name : {"fcp", "vote"}) {
        std::string text;
        const auto  done_ = replay(source + "/examples/bot/recorded/" + name, [&](const std::string& part) { text += part; });
        REQUIRE_MESSAGE(done_.has_value(), done_);
        golden::check("bot-" + name + ".txt", text);
    }
}

TEST_CASE("whom the roster file excludes never gets a ballot, in teams that come later as in those that were there") {
    const auto rust = [](const std::string& teams) { return read_roster("{" + teams + "}", "teams.json"); };
    const auto team = [](const std::string& name, const std::string& excluded) {
        return "\"" + name + "\":{\"members\":[{\"github\":\"Alice\",\"github_id\":101},{\"github\":\"bob\",\"github_id\":102}],\"rfcbot\":{\"label\":\"T-" + name +
               "\",\"exclude-members\":[" + excluded + "]}}";
    };
    auto       now = rust(team("lang", "")).value();
    const auto voters = [&](const std::string& label) {
        std::string s;
        for (const auto p : now.electors(*now.team_named(label))) s += std::string(now.id(p)) + " ";
        return s;
    };
    const auto follow = [&](const quorate::roster& wanted) {
        std::size_t most = 0;
        for (const auto& e : changes(now, wanted, at("2026-03-01T00:00:00Z"))) {
            const auto done = now.apply(e);
            REQUIRE_MESSAGE(done.has_value(), done);
            if (const auto t = now.team_named("T-libs")) most = std::max(most, now.electors(*t).size());
        }
        CHECK(changes(now, wanted, at("2026-03-01T00:00:00Z")).empty());
        return most;
    };
    CHECK(voters("T-lang") == "101 102 ");
    (void)follow(rust(team("lang", "\"alice\"") + "," + team("libs", "\"BOB\"")).value());  // logins have no case
    CHECK(voters("T-lang") == "102 ");
    CHECK(voters("T-libs") == "101 ");
    CHECK(follow(rust(team("lang", "\"bob\"") + "," + team("libs", "\"alice\"")).value()) == 1);  // at no time both
    CHECK(voters("T-lang") == "101 ");
    CHECK(voters("T-libs") == "102 ");
    CHECK_FALSE(rust(team("lang", "\"allice\"")).has_value());  // who may be meant isn't known: nothing is followed
    const auto unread = read_roster(R"({"teams":[{"slug":"lang","members":null},{"slug":"libs","members":null}]})", "listing").value();
    CHECK(changes(now, unread, at("2026-03-01T00:00:00Z")).empty());
}

TEST_CASE("the roster file is followed, and what can't be read widens nothing") {
    const auto rust = [](const std::string& members) { return read_roster("{\"lang\":{\"members\":[" + members + "]}}", "teams.json"); };
    const auto now = rust(R"({"github":"alice","github_id":101,"is_lead":true},{"github":"bob","github_id":102})").value();
    CHECK_FALSE(rust(R"({"github":"alice"})").has_value());
    CHECK_FALSE(read_roster(R"({"format":1,"name":"x","people":{"alice":{}}})", "r").has_value());
    CHECK(changes(now, now, at("2026-03-01T00:00:00Z")).empty());
    const auto later = rust(R"({"github":"bobby","github_id":102,"is_lead":true},{"github":"bob","github_id":103})").value();
    auto       after = now;
    for (const auto& e : changes(now, later, at("2026-03-01T00:00:00Z"))) {
        const auto done_ = after.apply(e);
        REQUIRE_MESSAGE(done_.has_value(), done_);
    }
    const auto lang = *after.team_named("lang");
    CHECK(after.is_lead(*after.find_person("102"), lang));
    CHECK(after.handle(*after.find_person("102")) == "bobby");
    CHECK(after.is_member(*after.find_person("103"), lang));
    CHECK_FALSE(after.is_member(*after.find_person("101"), lang));
    const auto unknown = read_roster(R"({"teams":[{"slug":"lang","members":null}]})", "listing").value();
    CHECK(changes(now, unknown, at("2026-03-01T00:00:00Z")).empty());  // who they are couldn't be read
    CHECK_FALSE(unknown.members_known(*unknown.team_named("lang")));
    const auto gone = read_roster(R"({"teams":[{"slug":"other","members":[]}]})", "listing").value();
    auto       empty = now;
    for (const auto& e : changes(now, gone, at("2026-03-01T00:00:00Z"))) REQUIRE(empty.apply(e).has_value());
    CHECK(empty.members(*empty.team_named("lang")).empty());
}
