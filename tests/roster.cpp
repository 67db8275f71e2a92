// Rosters: who is what, as documents say it, and what is refused.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <quorate/roster.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "json.hpp"
#include "roster_support.hpp"

using namespace quorate;
using namespace roster_support;

TEST_CASE("roster: the quick start's roster loads and answers") {
    const roster r = small();
    CHECK(r.people() == 5);
    const team_id core = r.team_named("core").value();
    CHECK(r.team_named("t-CORE") == core);
    CHECK_FALSE(r.team_named("cor").has_value());
    CHECK(ids(r, r.members(core)) == names{"alice", "bob", "carol", "dave", "erin"});
    CHECK(ids(r, r.leads(core)) == names{"alice"});
    const person alice = r.find_person("Alice").value();
    const person carol = r.find_person("carol").value();
    CHECK(r.is_lead(alice, core));
    CHECK(r.has_role(alice, "lead"));
    CHECK_FALSE(r.has_role(carol, "lead"));
    CHECK(r.has_role(carol, "editor"));
    CHECK(ids(r, r.holders(r.role_named("editor").value())) == names{"carol"});
    CHECK_FALSE(r.has_role(carol, "edtior"));
    CHECK(r.affiliations(alice).front() == "Example GmbH");
    CHECK(r.teams_of(alice) == std::vector{core});
    CHECK(r.scopes().front().owner == "core");
    CHECK(r.members_known(core));
}

TEST_CASE("roster: an empty roster has nobody, and nobody is a member of anything") {
    const roster r;
    CHECK(r.people() == 0);
    CHECK(r.teams().empty());
    CHECK_FALSE(r.find_person("alice").has_value());
    CHECK(r.role_named("lead").has_value());
    CHECK(load_roster("{}").has_value());
}

TEST_CASE("roster: the example of the Rust project states what was recorded") {
    const roster r = load_roster_file(examples + "rust.json").value();
    const auto text = json_text::parse_file(QUORATE_SOURCE_DIR "/tests/data/rust_teams.json");
    const auto& facts = text.value();
    for (const auto& bot : facts.find("bot_teams")->elements) {
        const std::string name = bot.find("team")->text;
        CAPTURE(name);
        const auto t = r.team_named(name);
        REQUIRE(t.has_value());
        CHECK(r.team_named(bot.find("label")->text) == t);
        CHECK(r.info(*t).ping == bot.find("ping")->text);
        const auto count = static_cast<std::size_t>(bot.find("members")->number);
        if (r.members_known(*t))
            CHECK(r.electors(*t).size() == count);
        else
            CHECK(r.info(*t).size == count);
        if (bot.find("parent")->is_null())
            CHECK_FALSE(r.parent(*t).has_value());
        else
            CHECK(r.name(r.parent(*t).value()) == bot.find("parent")->text);
    }
    for (const auto& sample : facts.find("samples")->elements) {
        const team_id t = r.team_named(sample.find("name")->text).value();
        names members, leads;
        for (const auto& m : sample.find("members")->elements) members.push_back(m.text);
        for (const auto& l : sample.find("leads")->elements) leads.push_back(l.text);
        std::sort(members.begin(), members.end());
        CHECK(ids(r, r.members(t)) == members);
        CHECK(ids(r, r.leads(t)) == leads);
        CHECK(r.info(t).top_level == sample.find("top_level")->truth);
        for (const auto& role : sample.find("roles")->elements)
            CHECK(r.role_named(role.text).has_value());
    }
    for (const auto& name : facts.find("top_level")->elements)
        CHECK(r.info(r.team_named(name.text).value()).top_level);
    const team_id cargo = r.team_named("cargo").value();
    CHECK_FALSE(r.members_known(cargo));
    CHECK(r.members(cargo).empty());
}

TEST_CASE("roster: two ages of one project tell who owned what, and what nobody owned") {
    for (const auto* year : {"2021", "2022"}) {
        CAPTURE(year);
        const roster r = load_roster_file(examples + "rust-" + year + ".json").value();
        names unowned;
        for (const auto& d : r.duties())
            if (d.owner.empty()) unowned.push_back(d.name);
        CHECK(unowned.size() == 13);  // fourteen kinds of neglected work; somebody reported progress
        CHECK(std::count(unowned.begin(), unowned.end(), "conflict-resolution") == 1);
        names residual;
        for (const auto& s : r.scopes()) {
            CHECK_FALSE(s.owner.empty());
            if (s.residual) residual.push_back(s.owner);
        }
        CHECK(residual == names{std::string(year) == "2021" ? "core" : "leadership-chat"});
        for (const auto& m : r.mandates()) CHECK_FALSE(m.limits.empty());
    }
    const roster now = load_roster_file(examples + "rust-2022.json").value();
    CHECK(now.members(now.team_named("reform-group").value()).size() == 7);
    const auto progress = std::find_if(now.duties().begin(), now.duties().end(), [](const duty& d) { return d.name == "reform-progress"; });
    REQUIRE(progress != now.duties().end());
    CHECK(progress->cadence == std::chrono::days(30));
    CHECK(progress->escalation == "leadership-chat");
    const roster before = load_roster_file(examples + "rust-2021.json").value();
    const auto   both = before.find_person("core-director").value();  // one person, two offices
    CHECK(before.is_member(both, before.team_named("core").value()));
    CHECK(before.is_member(both, before.team_named("project-directors").value()));
}

TEST_CASE("roster: canonical JSON round-trips, and is canonical") {
    for (const auto& file : std::filesystem::directory_iterator(examples)) {
        CAPTURE(file.path().string());
        const roster r = load_roster_file(file.path().string()).value();
        CHECK(r.warnings().empty());
        const std::string text = to_json(r);
        const roster again = load_roster(text).value();
        CHECK(again.document() == r.document());
        CHECK(to_json(again) == text);
        CHECK(load_roster(to_json(r, 2)).value().document() == r.document());
    }
    const std::string all =
        R"({"format":1,"name":"n","source":"s","as_of":"2026-01-01T00:00:00Z",)"
        R"("rules":{"kebab_names":true,"alumni_listed":true,"parentless":["x"],"kind_prefixes":{"working group":"wg-"}},)"
        R"("people":{"a":{"handle":"A2","former_handles":["old"],"name":"Änne","affiliations":["Acme"]},"b":{},"c":{}},)"
        R"("roles":{"rep":"Speaks."},)"
        R"("teams":{"x":{"title":"X","about":"?","top_level":true,"leads":["a"],"members":["a",{"who":"b","roles":["rep"]}],)"
        R"("alumni":["c"],"excluded":["b"],"label":"T-x","ping":"@x","aliases":["ex"],"former_names":["y"],)"
        R"("seats":[{"name":"s1","represents":"z","holder":"b","alternates":["c"],"since":"2026-01-01T00:00:00Z",)"
        R"("until":"2027-01-01T00:00:00Z"},{"name":"s2","lapsed":true}]},)"
        R"("z":{"parent":"x","alumni":[],"includes":["x"],"include_leads":{"of":["x"],"kinds":["team"],"top_level":true}},)"
        R"("wg-v":{"kind":"working group","alumni":[],"members_known":false,"size":3},)"
        R"("all-alumni":{"kind":"marker team","alumni":[],"collects_alumni":true}},)"
        R"("scopes":{"lang":{"about":"l","owner":"x","final_say":false,"residual":true,"shared_with":["z"]}},)"
        R"("duties":{"report":{"topic":"reporting progress","owner":"x","for_whom":["z"],"cadence":"90 days",)"
        R"("expectation":"e","evidence":"v","feedback":"f","consequence":"c","escalation":"s","administrative":true}},)"
        R"("mandates":{"reform":{"body":"z","from":"x","task":"draft","powers":["p"],"limits":["l"],)"
        R"("until":"2027-01-01T00:00:00Z"}}})";
    const auto r = load_roster(all);
    INFO(why(r));
    REQUIRE(r.has_value());
    CHECK(to_json(r.value()) == all);
}

TEST_CASE("roster: membership is transitive through included teams, leads and seats") {
    const roster r = load_roster(with_teams(R"(
        "outer": {"includes": ["middle"], "members": ["f"], "leads": ["a"], "excluded": ["b"]},
        "middle": {"includes": ["inner"], "members": ["b"]},
        "inner": {"members": ["a", "b"], "leads": ["b"], "top_level": true, "alumni": ["d"]},
        "body": {"seats": [{"name": "1", "holder": "c", "alternates": ["d"]}, {"name": "2", "holder": "e", "lapsed": true},
                           {"name": "3"}]},
        "chat": {"include_leads": {"top_level": true}},
        "all-leads": {"include_leads": {"kinds": ["team"]}},
        "former": {"collects_alumni": true}
    )"))
                         .value();
    const auto members = [&](std::string_view t) {
        return ids(r, r.members(r.team_named(t).value()));
    };
    CHECK(members("outer") == names{"a", "b", "f"});
    CHECK(ids(r, r.electors(r.team_named("outer").value())) == names{"a", "f"});
    CHECK(members("middle") == names{"a", "b"});
    CHECK(members("chat") == names{"b"});
    CHECK(members("all-leads") == names{"a", "b"});
    CHECK(members("body") == names{"c"});
    CHECK(members("former") == names{"d"});
    const team_id outer = r.team_named("outer").value(), body = r.team_named("body").value();
    const person a = r.find_person("a").value(), b = r.find_person("b").value(),
                 e = r.find_person("e").value();
    CHECK(r.is_member(a, outer));
    CHECK(r.is_member(b, outer));
    CHECK_FALSE(r.is_elector(b, outer));
    CHECK_FALSE(r.is_member(e, outer));
    CHECK(r.holds_seat(r.find_person("c").value(), body));
    CHECK_FALSE(r.holds_seat(e, body));
    CHECK(r.is_alternate(r.find_person("d").value(), body));
    CHECK(r.seats(body).size() == 3);
    CHECK_FALSE(r.seats(body)[2].counts());
}

TEST_CASE("roster: a team that includes one with unknown members has unknown members") {
    const roster r =
        load_roster(
            with_teams(
                R"("x": {"includes": ["y"], "members": ["a"]}, "y": {"members_known": false})"))
            .value();
    CHECK_FALSE(r.members_known(r.team_named("x").value()));
    CHECK(r.members(r.team_named("x").value()).size() == 1);
}

TEST_CASE("roster: an organisation's bot list leaves out whom it excludes (tm-19)") {
    const roster r =
        load_roster(with_teams(R"("x": {"members": ["b", "a"], "excluded": ["b"]})")).value();
    CHECK(ids(r, r.electors(r.team_named("x").value())) == names{"a"});
}

TEST_CASE("roster: what is wrong is reported with pointer, line and column") {
    struct refused {
        const char* teams;
        const char* more;
        const char* says;
    };
    const std::vector<refused> table{
        {R"("x": {"leads": ["a"], "members": ["b"]})", "",
         "r#/teams/x/leads/0:2:27: \"a\" leads the team but is no member"},
        {R"("x": {"parent": "yy"}, "y": {})", "",
         "r#/teams/x/parent:2:27: there is no team \"yy\" (did you mean \"y\"?)"},
        {R"("a": {"parent": "b"}, "b": {"parent": "a"})", "",
         "r#/teams/a/parent:2:27: a team can't be below itself: a -> b -> a"},
        {R"("a": {"includes": ["b"]}, "b": {"includes": ["c"]}, "c": {"includes": ["b"]})", "",
         "a team can't include itself: b -> c -> b"},
        {R"("a": {"includes": ["a"]})", "", "a -> a"},
        {R"("x": {"top_level": true, "kind": "working group"})",
         R"("rules": {"top_level_are_teams": true},)", "a working group can't be top-level"},
        {R"("x": {})", R"("rules": {"teams_need_parent": true},)",
         "a team has a parent or is top-level"},
        {R"("x": {"top_level": true, "parent": "y"}, "y": {})", "",
         "a top-level team has no parent"},
        {R"("Lang_Team": {})", R"("rules": {"kebab_names": true},)",
         "is not lower-case words joined by hyphens"},
        {R"("a--b": {})", R"("rules": {"kebab_names": true},)", "is not lower-case words"},
        {R"("compiler": {"kind": "working group"})",
         R"("rules": {"kind_prefixes": {"working group": "wg-"}},)",
         "the name of a working group starts with \"wg-\""},
        {R"("x": {"members": ["a", "b", "c", "d", "e"]})",
         R"("rules": {"everyone_belongs": true},)",
         "r#/people/f:1:63: \"f\" is and was in no team"},
        {R"("x": {})", R"("rules": {"alumni_listed": true},)", "\"alumni\" is missing"},
        {R"("x": {"label": "T-x"}, "y": {"label": "t-X"})", "",
         "r#/teams/y/label:2:49: the label \"t-X\" belongs to the team \"x\""},
        {R"("x": {"aliases": ["y"]}, "y": {})", "", "the alias \"y\" belongs to the team \"y\""},
        {R"("x": {}, "X": {})", "", "there are two teams named"},
        {R"("x": {"members": ["a"], "excluded": ["b"]})", "",
         "\"b\" is excluded from the ballot but is no member"},
        {R"("x": {"members": ["a"], "excluded": ["a", "a"]})", "", "\"a\" is listed twice"},
        {R"("x": {"members": ["a", "a"]})", "", "r#/teams/x/members/1:2:34: \"a\" is listed twice"},
        {R"("x": {"members": ["a"], "leads": ["a", "a"]})", "", "\"a\" is listed twice"},
        {R"("x": {"members": ["a"], "alumni": ["a"]})", "", "\"a\" is a member and an alumnus"},
        {R"("x": {"alumni": ["a", "a"]})", "", "\"a\" is listed twice"},
        {R"("x": {"members": ["zoe"]})", "", "nobody has the id \"zoe\""},
        {R"("x": {"members": ["A"]})", "", "nobody has the id \"A\""},
        {R"("x": {"members": [{"who": "a", "roles": ["rep"]}]})", "",
         "r#/teams/x/members/0/roles/0:2:52: the role \"rep\" is not declared"},
        {R"("x": {"members": [{"who": "a", "roles": ["lead"]}]})", "",
         "leads are listed under \"leads\""},
        {R"("x": {})", R"("roles": {"lead": "no"},)", "the role \"lead\" exists anyway"},
        {R"("x": {"archived": true, "members": ["a"]})", "", "an archived team has no members"},
        {R"("x": {"archived": true, "leads": ["a"]})", "", "an archived team has no leads"},
        {R"("x": {"collects_alumni": true, "members": ["a"]})", "",
         "a team that collects alumni has no members of its own"},
        {R"("x": {"members_known": false, "members": ["a"]})", "", "\"members_known\" is false"},
        {R"("x": {"seats": [{"name": "s"}, {"name": "s"}]})", "", "there are two seats \"s\""},
        {R"("x": {"seats": [{"holder": "a"}]})", "", "\"name\" is missing"},
        {R"("x": {"seats": [{"name": "s", "holder": "zoe"}]})", "",
         "r#/teams/x/seats/0/holder:2:51: nobody"},
        {R"("x": {"seats": [{"name": "s", "holder": "a", "alternates": ["a"]}]})", "",
         "can't be its alternate"},
        {R"("x": {"seats": [{"name": "s", "since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"}]})",
         "", "the term ends before it begins"},
        {R"("x": {"membres": []})", "",
         "r#/teams/x/membres:2:17: unknown key \"membres\" (did you mean \"members\"?)"},
        {R"("x": {"kind": "teem"})", "", "did you mean \"team\"?"},
        {R"("x": {"members": "a"})", "", "\"members\" must be an array, not a string"},
        {R"("x y": {})", "", "is no name"},
        {R"("x": {"title": "a\u0007"})", "", "contains a control character"},
        {R"("x": {})", R"("scopes": {"s": {"owner": "q"}},)",
         "r#/scopes/s/owner:1:94: there is no team \"q\""},
        {R"("x": {})", R"("scopes": {"s": {"residual": true}, "t": {"residual": true}},)",
         "one residual scope already"},
        {R"("x": {})", R"("duties": {"d": {"cadence": "now and then"}},)", "is no duration"},
        {R"("x": {})", R"("mandates": {"m": {}},)", "\"body\" is missing"},
        {R"("x": {})", R"("format": 2,)", "reads format 1 only"},
    };
    for (const auto& row : table) {
        const auto r = load_roster(with_teams(row.teams, row.more), "r");
        CHECK_MESSAGE(why(r).find(row.says) != std::string::npos, why(r), " should say ",
                      std::string(row.says));
    }
}

TEST_CASE("roster: people are told apart: duplicate ids and handles are refused ignoring case") {
    const auto refusal = [](std::string_view people) {
        return why(load_roster("{\"people\": {" + std::string(people) + "}}"));
    };
    CHECK(refusal(R"("a": {}, "a": {})").find("duplicate key") != std::string::npos);
    CHECK(refusal(R"("ab": {}, "aB": {})").find("given twice") != std::string::npos);
    CHECK(refusal(R"("a": {"handle": "x"}, "b": {"handle": "X"})") ==
          "roster#/people/b/handle:1:51: the handle \"X\" belongs to \"a\" already");
    CHECK(refusal(R"("a": {"handle": "b"}, "b": {})").find("belongs to") != std::string::npos);
    CHECK(refusal(R"("a": {"handle": "b"}, "b": {"handle": "c"})").find("belongs to \"b\"") !=
          std::string::npos);
    CHECK(refusal(R"("ä": {})").find("is no name") != std::string::npos);
    CHECK(refusal(R"("": {})").find("must not be empty") != std::string::npos);
}

TEST_CASE("roster: all problems are reported at once") {
    const auto r = load_roster(
        with_teams(R"("x": {"leads": ["zoe"], "parent": "nix"}, "y": {"members": ["a", "a", 3]})"));
    REQUIRE(r.has_error());
    CHECK(r.error().problems.size() >= 4);
}

TEST_CASE("roster: a former handle stays resolvable until someone else takes it") {
    roster r =
        load_roster(R"({"people": {"u1": {"handle": "al", "former_handles": ["alan", "shared"]},
                                            "u2": {"handle": "bo", "former_handles": ["shared"]}}})")
            .value();
    const person u1 = r.find_person("u1").value();
    CHECK(r.find_person("AL") == u1);
    CHECK(r.find_person("alan") == u1);
    CHECK_FALSE(r.find_current("alan").has_value());
    CHECK_FALSE(r.find_person("shared").has_value());  // ambiguous

    roster_event rename = change_on(1, roster_event_kind::change_handle, "al");
    rename.handle = "alice";
    REQUIRE(r.apply(rename).has_value());
    CHECK(r.handle(u1) == "alice");
    CHECK(r.find_person("al") == u1);

    roster_event newcomer = change_on(2, roster_event_kind::add_person, "u3");
    newcomer.handle = "al";
    REQUIRE(r.apply(newcomer).has_value());
    CHECK(r.find_person("al") == r.find_person("u3"));
    CHECK(r.find_person("alan") == u1);

    roster_event back = change_on(3, roster_event_kind::change_handle, "u1");
    back.handle = "alan";
    REQUIRE(r.apply(back).has_value());
    CHECK(r.info(u1).former_handles == names{"shared", "al", "alice"});
    back.handle = "AL";
    CHECK(r.apply(back).error().what().find("belongs to") != std::string::npos);
}

TEST_CASE("roster: guests are people who are members of nothing") {
    roster r = small();
    const auto before = r.version();
    const person zoe = r.guest("zoe").value();
    CHECK(r.guest("Zoe").value() == zoe);
    CHECK(r.guest("alice").value() == r.find_person("alice"));
    CHECK(r.is_guest(zoe));
    CHECK_FALSE(r.is_member(zoe, r.team_named("core").value()));
    CHECK_FALSE(r.is_lead(zoe, r.team_named("core").value()));
    CHECK_FALSE(r.has_role(zoe, "lead"));
    CHECK(r.version() == before);
    CHECK(r.guest("no name").has_error());
    CHECK(r.guest("").has_error());
    CHECK(to_json(r) == to_json(small()));
    CHECK(r.apply(change_on(1, roster_event_kind::join, "zoe", "core"))
              .has_error());  // not before being added
    REQUIRE(r.apply(change_on(1, roster_event_kind::add_person, "zoe")).has_value());
    REQUIRE(r.apply(change_on(1, roster_event_kind::join, "zoe", "core")).has_value());
    CHECK(r.find_person("zoe") == zoe);
    CHECK_FALSE(r.is_guest(zoe));
    CHECK(r.is_member(zoe, r.team_named("core").value()));
    for (int i = 0; i < 200; ++i) CHECK(r.guest("g" + std::to_string(i)).has_value());
    CHECK_FALSE(r.is_member(r.find_person("g199").value(), r.team_named("core").value()));
}

TEST_CASE("roster: plain data can be made into a roster without JSON") {
    roster_document doc;
    doc.people = {{.id = "a",
                   .handle = "",
                   .former_handles = {},
                   .name = "",
                   .affiliations = {},
                   .guest = false}};
    team_info t;
    t.name = "x";
    t.members = {{"a", {}}, {"b", {}}};
    doc.teams = {t};
    CHECK(make_roster(doc).error().what() == "/teams/x/members/1: nobody has the id \"b\"");
    doc.teams[0].members.pop_back();
    CHECK(make_roster(doc).value().handle(person{0}) == "a");
    doc.people[0].name = "bad \xFF";
    CHECK(make_roster(doc).error().what() == "/people/a/name: invalid UTF-8");
}

TEST_CASE("roster: the schema is JSON and knows the keys that the loader knows") {
    const auto schema = json_text::parse(roster_schema(), "schema");
    REQUIRE(schema.has_value());
    const auto* defs = schema.value().find("$defs");
    const auto known = [&](std::string_view def, std::string_view holder) {
        // Every key that the schema has must be accepted by the loader: wrong values give other
        // problems than unknown keys.
        std::string object;
        for (const auto& m : defs->find(def)->find("properties")->members)
            object += (object.empty() ? "\"" : ", \"") + m.key + "\": null";
        const std::string text = std::string(holder.substr(0, holder.find('%'))) + "{" + object +
                                 "}" + std::string(holder.substr(holder.find('%') + 1));
        return why(load_roster(text)).find("unknown key") == std::string::npos;
    };
    CHECK(known("person", R"({"people": {"a": %}})"));
    CHECK(known("team", R"({"teams": {"a": %}})"));
    CHECK(known("seat", R"({"teams": {"a": {"seats": [%]}}})"));
    CHECK(known("seating", R"({"teams": {"a": {"seating": %}}})"));
    CHECK(known("scope", R"({"scopes": {"a": %}})"));
    CHECK(known("duty", R"({"duties": {"a": %}})"));
    CHECK(known("mandate", R"({"mandates": {"a": %}})"));
    CHECK(known("rules", R"({"rules": %})"));
    CHECK(known("event", R"({"events": [%]})"));
    for (const auto& word :
         defs->find("event")->find("properties")->find("event")->find("enum")->elements)
        CHECK_MESSAGE(
            parse_roster_event(R"({"at": "2026-01-01T00:00:00Z", "event": ")" + word.text + "\"}")
                    .error()
                    .what()
                    .find("needs") != std::string::npos,
            word.text);
}

TEST_CASE("roster: files that are missing or hostile are refused") {
    CHECK(load_roster_file("/no/such/roster.json").error().code == errc::not_found);
    CHECK(load_roster("[1, 2").error().code == errc::syntax);
    CHECK(load_roster("[]").error().what() == "roster:1:1: expected an object, found an array");
    std::string many = "{\"people\": {";
    for (std::size_t i = 0; i <= most_people; ++i) many += "\"p" + std::to_string(i) + "\":{},";
    CHECK(load_roster(many + "}}").error().code == errc::limit);
    std::string chain = "{\"teams\": {\"t0\": {}";
    for (int i = 1; i < 1000; ++i)
        chain += ",\"t" + std::to_string(i) + "\":{\"includes\":[\"t" + std::to_string(i - 1) +
                 "\"],\"parent\":\"t" + std::to_string(i - 1) + "\"}";
    CHECK(load_roster(chain + "}}").has_value());  // deep, but no cycle
}

TEST_CASE("roster: hostile documents are refused or read soon") {
    const auto list = [](std::string_view prefix, int n) {
        std::string all;
        for (int i = 0; i < n; ++i) all += "\"" + std::string(prefix) + std::to_string(i) + "\",";
        return "[" + all + "]";
    };
    std::string people = "{\"people\": {";
    for (int i = 0; i < 5'000; ++i) people += "\"p" + std::to_string(i) + "\":{},";
    people += "},";
    constexpr double far_too_long = 20;  // seconds; what grows with the square takes minutes
    const auto took = [](const std::string& text) {
        const auto start = std::chrono::steady_clock::now();
        static_cast<void>(load_roster(text));
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    const std::string both = "\"leads\": " + list("p", 5'000) +
                             ", \"alumni\": " + list("p", 5'000) +
                             ", \"excluded\": " + list("p", 5'000);
    CHECK(took(people + "\"teams\": {\"x\": {" + both + "}}}") < far_too_long);
    CHECK(took(people + "\"teams\": {\"x\": {\"members\": " + list("q", 80'000) + "}}}") < far_too_long);
    CHECK(took(people + "\"teams\": {\"x\": {\"members\": [{\"who\": \"p1\", \"roles\": " +
               list("r", 80'000) + "}]}}}") < far_too_long);
    CHECK(took(people + "\"rules\": {\"parentless\": " + list("t", 80'000) + "}}") < far_too_long);
    std::string teams = people + "\"teams\": {";
    for (int t = 0; t < 1'000; ++t)
        teams += "\"t" + std::to_string(t) +
                 "\":{\"top_level\":true,\"include_leads\":{\"top_level\":true},\"leads\":" +
                 list("p", 60) + "},";
    CHECK(took(teams + "}}") < far_too_long);
}
