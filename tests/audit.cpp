// Audits: each question is answered from what the roster and the charter state, and what isn't stated is never passed.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>

#include <quorate/audit.hpp>
#include <quorate/verify.hpp>

#include "json.hpp"
#include "support.hpp"

using namespace support;

namespace {

/// A project with a council of seats, which owns what is in no team's purview.
struct project {
    std::string seating = R"("seating": {"process": "choice", "from": "members of the team represented", "term": "365 days"}, )";
    std::string seats = R"({"name": "a", "represents": "alpha", "holder": "ann"}, {"name": "b", "represents": "beta", "holder": "ben"})";
    std::string scopes = R"("a": {"owner": "alpha"}, "b": {"owner": "beta"}, "rest": {"owner": "council", "residual": true})";
    std::string duties{};
    std::string mandates{};
    std::string more{};      ///< of the charter, with a comma at the end
    std::string open = R"("choice": {"electorate": {"of": "teams of proposal"}, "positions": {"yes": {}}, "stages": {"s": {"phase": "review",
        "allow": {"cast": "electorate", "ask": "everyone"}, "exits": [{"when": "each team: yes > 1/2 of eligible", "to": "accepted"}]}}})";
    std::string processes{};  ///< further ones, each with a comma before

    [[nodiscard]] quorate::charter charter() const {
        return load(R"({"title": "project", )" + more + R"("processes": {)" + open + processes + "}}");
    }
    [[nodiscard]] roster people() const {
        return load_roster(R"({"name": "project", "people": {"ann": {}, "ben": {}, "cem": {}, "dan": {}, "eve": {}}, "teams": {
            "alpha": {"top_level": true, "leads": ["cem"], "members": ["ann", "cem"]}, "beta": {"top_level": true, "leads": ["dan"], "members": ["ben", "dan"]},
            "office": {"members": ["eve"]},
            "council": {)" + seating + R"("seats": [)" + seats + R"(]}}, "scopes": {)" + scopes + R"(}, "duties": {)" + duties + R"(}, "mandates": {)" + mandates + "}}").value();
    }
    [[nodiscard]] audit_report report(const audit_evidence& facts = {}) const { return audit(charter(), people(), facts); }
    [[nodiscard]] audit_answer answer(std::string_view question) const { return report().about(question).is; }
    [[nodiscard]] std::string why(std::string_view question) const {
        std::string all;
        const auto  r = report();
        for (const auto& e : r.about(question).evidence) all += e + "\n";
        return all + r.about(question).change;
    }
};

/// A duty with all that others need to hold its owner to it.
std::string duty_of(const std::string& name, const std::string& owner, const std::string& more = "", const std::string& escalation = "beta") {
    return "\"" + name + R"(": {"owner": ")" + owner + R"(", "for_whom": ["everybody"], )" + more +
           R"("expectation": "e", "feedback": "f", "consequence": "c", "escalation": ")" + escalation + R"(", "evidence": "v"})";
}

audit_report age(const std::string& name) {
    return audit(load_charter_file(charters + name + ".json").value(), load_roster_file(rosters + name + ".json").value());
}

constexpr auto pass = audit_answer::pass;
constexpr auto warn = audit_answer::warn;
constexpr auto fail = audit_answer::fail;
constexpr auto not_judged = audit_answer::not_judged;

}  // namespace

TEST_CASE("audit: it asks for eleven requirements, eleven failure modes and fourteen kinds of work") {
    std::array<std::size_t, 3>  n{};
    std::set<std::string_view> named;
    for (const auto& q : audit_questions()) {
        ++n[static_cast<std::size_t>(q.part)];
        CHECK(named.insert(q.name).second);
        CHECK_FALSE(q.in_full.empty());
        CHECK_FALSE(q.looks_at.empty());
    }
    CHECK(n == std::array<std::size_t, 3>{11, 11, 14});
}

TEST_CASE("audit: of a roster that states nothing nothing is passed that needs a statement") {
    const auto r = audit(load(project{}.open.empty() ? "" : R"({"title": "bare", "processes": {)" + project{}.open + "}}"), team_of(3));
    CHECK(r.count(pass) <= 5);  // what the charter alone shows
    for (const auto& f : r.findings) {
        CAPTURE(f.asked->name);
        if (f.asked->part == audit_part::neglected_work) CHECK(f.is == not_judged);
        if (f.is != pass) CHECK_FALSE(f.change.empty());
        CHECK_FALSE(f.evidence.empty());
    }
    for (const auto* q : {"independent teams", "accountable teams", "central leadership", "leadership not accountable", "diffused responsibility", "flexibility"})
        CHECK(r.about(q).is == not_judged);
}

TEST_CASE("audit: teams are independent where each owns its scope, and nobody else can overturn what it decides") {
    project p;
    CHECK(p.answer("independent teams") == pass);
    CHECK(p.answer("changing delegated decisions") == pass);
    p.scopes = R"("a": {}, "rest": {"owner": "council", "residual": true})";
    CHECK(p.answer("independent teams") == fail);
    CHECK(p.answer("diffused responsibility") == fail);
    p.scopes = R"("a": {"owner": "council"}, "b": {"owner": "beta"}, "rest": {"owner": "council", "residual": true})";
    CHECK(p.answer("independent teams") == warn);
    p = {};
    p.open = R"j("choice": {"electorate": {"of": "teams of proposal"}, "positions": {"yes": {}}, "stages": {"s": {"phase": "review",
        "allow": {"cast": "electorate", "override": "seats(council)", "ask": "everyone"}, "exits": [{"when": "each team: yes > 1/2 of eligible", "to": "accepted"}]}}})j";
    CHECK(p.answer("independent teams") == fail);
    CHECK(p.answer("changing delegated decisions") == fail);
    CHECK(has(p.why("independent teams"), "\"choice\": somebody outside \"alpha\", such as ben, may override in stage \"s\""));
}

TEST_CASE("audit: teams work together where each is asked, and others are heard before it is decided") {
    project p;
    CHECK(p.answer("cross-team collaboration") == pass);
    p.open = R"("choice": {"electorate": {"of": "teams of proposal"}, "positions": {"yes": {}}, "stages": {"s": {"phase": "review",
        "allow": {"cast": "electorate"}, "exits": [{"when": "yes > 1/2 of eligible", "to": "accepted"}]}}})";
    CHECK(p.answer("cross-team collaboration") == warn);
    CHECK(has(p.why("cross-team collaboration"), "counts the members of all teams as one"));
    CHECK(has(p.why("cross-team collaboration"), "nobody but the teams that it names is heard"));
    p.open = R"j("choice": {"electorate": {"of": "team(office)"}, "positions": {"yes": {}}, "stages": {"s": {"phase": "review",
        "allow": {"cast": "electorate"}, "exits": [{"when": "yes > 1/2 of eligible", "to": "accepted"}]}}})j";
    p.seats = R"({"name": "a", "represents": "alpha", "holder": "ann"})";
    CHECK(p.answer("cross-team collaboration") == fail);
}

TEST_CASE("audit: a duty that is owed to others needs expectation, feedback, consequence and escalation") {
    project p;
    p.duties = duty_of("d1", "alpha") + ", " + duty_of("d2", "beta", "", "alpha");
    CHECK(p.answer("accountable teams") == pass);
    p.duties = duty_of("d1", "alpha");
    CHECK(p.answer("accountable teams") == warn);  // of beta nobody expects anything
    p.duties = R"("d1": {"owner": "alpha", "for_whom": ["beta"], "expectation": "e", "feedback": "f"}, )" + duty_of("d2", "beta");
    CHECK(p.answer("accountable teams") == fail);
    CHECK(has(p.why("accountable teams"), "duty \"d1\" of \"alpha\" has no consequence and escalation"));
}

TEST_CASE("audit: leadership is central where the rest has an owner, and what that may decide is listed") {
    project p;
    p.duties = duty_of("d", "council");
    p.mandates = R"("m": {"body": "council", "task": "t", "powers": ["found teams"]})";
    CHECK(p.answer("central leadership") == pass);
    p.mandates.clear();
    CHECK(p.answer("central leadership") == warn);
    p.scopes = R"("a": {"owner": "alpha"})";
    CHECK(p.answer("central leadership") == fail);
}

TEST_CASE("audit: leaders are accountable where each top-level team has a seat, by a process, for a term") {
    project p;
    CHECK(p.answer("accountable leadership") == pass);
    p.seats = R"({"name": "a", "represents": "alpha", "holder": "ann"})";
    CHECK(p.answer("accountable leadership") == fail);
    CHECK(has(p.why("accountable leadership"), "1 of 2 top-level teams have no place in \"council\": beta"));
    p = {};
    p.seating = R"("seating": {"process": "choice", "from": "members"}, )";
    CHECK(p.answer("accountable leadership") == warn);  // no term
    p.seating = R"("seating": {"process": "another", "from": "members", "term": "365 days"}, )";
    CHECK(p.answer("accountable leadership") == warn);
    p = {};
    p.more = R"("audit": {"longest term": "300 days"}, )";
    CHECK(p.answer("accountable leadership") == fail);
    CHECK(has(p.why("accountable leadership"), "longer than"));
}

TEST_CASE("audit: what is private is judged by whether time alone, or only somebody's act, makes it public") {
    const auto with = [](const std::string& visible, const std::string& stages) {
        project p;
        p.duties = duty_of("d", "alpha", R"("topic": "reporting progress", "cadence": "30 days", )");
        p.processes = R"j(, "private": {"electorate": {"of": "team(alpha)"}, "positions": {"yes": {}}, "facts": ["disclosed"], "visible": )j" + visible +
                      R"(, "stages": {"s": {"phase": "review", "allow": {"cast": "electorate"}, "exits": [{"when": "yes > 1/2 of eligible", "to": "decided"}]}, )" + stages + "}}";
        return p;
    };
    const auto* plain = R"("decided": {"phase": "accepted"})";
    CHECK(with("\"team(alpha)\"", plain).answer("no transparency") == fail);
    CHECK(with("\"team(alpha)\"", plain).answer("explicit structure") == fail);
    CHECK(with(R"j(["team(alpha)", {"who": "everyone", "if": "fact(disclosed)"}])j", plain).answer("no transparency") == warn);
    CHECK(with("\"team(alpha)\"", R"("decided": {"phase": "accepted", "exits": [{"after": "30 days", "to": "public"}]}, "public": {"phase": "accepted", "visible": "everyone"})")
              .answer("no transparency") == pass);
    CHECK(with("\"everyone\"", plain).answer("no transparency") == pass);
}

TEST_CASE("audit: administration needs owners, and not only those who decide") {
    project p;
    p.duties = duty_of("d", "office", R"("administrative": true, )");
    CHECK(p.answer("administration apart from decisions") == pass);
    CHECK(p.answer("no resources for administration") == pass);
    p.duties = duty_of("d", "council", R"("administrative": true, )");
    CHECK(p.answer("administration apart from decisions") == fail);
    CHECK(p.answer("no resources for administration") == warn);
    p.duties = R"("d": {"administrative": true})";
    CHECK(p.answer("administration apart from decisions") == fail);
    CHECK(p.answer("no resources for administration") == fail);
    CHECK(p.answer("diffused responsibility") == fail);
}

TEST_CASE("audit: where teams are represented by their leads, leaders must be technical leaders") {
    project p;
    CHECK(p.answer("leaders need not be technical leaders") == pass);
    p.seating = R"("seating": {"process": "choice", "from": "leads", "term": "365 days"}, )";
    CHECK(p.answer("leaders need not be technical leaders") == fail);
    p.seating = R"("include_leads": {"top_level": true}, )";
    CHECK(p.answer("leaders need not be technical leaders") == warn);
    p.seats.clear();
    CHECK(p.answer("leaders need not be technical leaders") == fail);
}

TEST_CASE("audit: leaders who owe nothing, or only to themselves, are not accountable and above the rules") {
    project p;
    p.duties = duty_of("d", "council");
    CHECK(p.answer("leadership not accountable") == pass);
    CHECK(p.answer("double standards") == pass);
    p.duties = duty_of("d", "council", "", "council");
    CHECK(p.answer("leadership not accountable") == fail);
    CHECK(p.answer("double standards") == fail);
    p.duties = duty_of("d", "alpha", "", "council");
    CHECK(p.answer("leadership not accountable") == fail);
    CHECK(has(p.why("double standards"), "escalated to those leaders"));
}

TEST_CASE("audit: leaders are close to the project where they come from it, have a term, and report") {
    project p;
    p.duties = duty_of("d", "council", R"("topic": "reporting progress", "cadence": "90 days", )");
    CHECK(p.answer("leadership detached") == pass);
    p.duties = duty_of("d", "council", R"("topic": "reporting progress", )");
    CHECK(p.answer("leadership detached") == warn);
    p.duties = duty_of("d", "alpha", R"("topic": "reporting progress", "cadence": "90 days", )");
    CHECK(p.answer("leadership detached") == fail);
}

TEST_CASE("audit: a task without power is no delegation") {
    project p;
    p.duties = duty_of("g", "council", R"("topic": "finding gaps", )") + ", " + duty_of("s", "council", R"("topic": "self-reflection", )");
    CHECK(p.answer("no delegated authority") == pass);
    p.duties = duty_of("g", "office", R"("topic": "finding gaps", )") + ", " + duty_of("s", "council", R"("topic": "self-reflection", )");
    CHECK(p.answer("no delegated authority") == fail);
    p.mandates = R"("m": {"body": "office", "task": "t", "powers": ["found teams"]})";
    CHECK(p.answer("no delegated authority") == pass);
    p.mandates = R"("m": {"body": "office", "task": "t"})";
    CHECK(p.answer("no delegated authority") == fail);
}

TEST_CASE("audit: leaders chosen by a plurality of everybody win by being known") {
    project p;
    CHECK(p.answer("popularity contest") == pass);
    p.processes = R"(, "vote": {"electorate": {"of": "everyone"}, "positions": {"vote": {"marks": "ranking"}}, "options": {"fixed": {"x": "X", "y": "Y"}}, "count": {"method": "plurality"},
        "stages": {"s": {"phase": "approval", "allow": {"cast": "electorate"}, "exits": [{"after": "7 days", "to": "accepted"}]}}})";
    p.seating = R"("seating": {"process": "vote", "from": "anyone", "term": "365 days"}, )";
    CHECK(p.answer("popularity contest") == fail);
    p.seating = "";
    CHECK(p.answer("popularity contest") == not_judged);
    CHECK(p.answer("underspecified processes") == warn);  // seats of teams, and nothing about how they are filled
}

TEST_CASE("audit: outsiders need something to open, or somebody to ask") {
    project p;
    CHECK(p.answer("approachable by outsiders") == pass);
    p.open = R"j("choice": {"electorate": {"of": "teams of proposal"}, "positions": {"yes": {}}, "open": "team(alpha)", "stages": {"s": {"phase": "review",
        "allow": {"cast": "electorate"}, "exits": [{"when": "yes > 1/2 of eligible", "to": "accepted"}]}}})j";
    CHECK(p.answer("approachable by outsiders") == fail);
}

TEST_CASE("audit: neglected work is done where its duty has an owner, a cadence and evidence") {
    project p;
    p.duties = duty_of("m", "office", R"("topic": "marketing", "cadence": "30 days", )") + ", " + duty_of("u", "office", R"("topic": "user outreach", )") +
               R"(, "v": {"topic": "vision work across teams"})";
    CHECK(p.answer("marketing") == pass);
    CHECK(p.answer("user outreach") == warn);
    CHECK(p.answer("vision work across teams") == fail);
    CHECK(p.answer("public relations") == fail);
    // A name means nothing: what a duty is about is its topic.
    p.duties = duty_of("marketing", "office", R"("cadence": "30 days", )");
    CHECK(p.answer("marketing") == fail);
}

TEST_CASE("audit: what has to be verified or simulated is judged by facts about this very charter, and against its own limits") {
    project        p;
    audit_evidence facts{.charter = p.charter().hash(), .facts = {}};
    const auto     answer = [&](std::string_view q) -> audit_finding { return audit(p.charter(), p.people(), facts).about(q); };
    CHECK(answer("flexibility").is == not_judged);
    facts.facts.push_back({.what = audit_fact::kind::members_may_leave, .holds = true, .measured = 0, .source = "10 states"});
    CHECK(answer("flexibility").is == not_judged);
    facts.facts.push_back({.what = audit_fact::kind::teams_may_leave, .holds = true, .measured = 0, .source = "10 states"});
    CHECK(answer("flexibility").is == pass);
    CHECK(answer("flexibility").by == audit_method::verified);
    facts.facts.back().holds = false;
    CHECK(answer("flexibility").is == fail);

    facts.facts.push_back({.what = audit_fact::kind::acts_per_decision, .measured = number(12), .source = "100 runs"});
    facts.facts.push_back({.what = audit_fact::kind::time_per_decision, .measured = number(duration(std::chrono::days{9}).count()), .source = "100 runs"});
    facts.facts.push_back({.what = audit_fact::kind::acts_per_seat, .measured = number(40), .source = "100 runs"});
    CHECK(answer("little bureaucracy").is == not_judged);  // the charter says of nothing that it is too much
    CHECK(answer("overworked leadership").is == not_judged);
    facts.facts.push_back({.what = audit_fact::kind::wait_for_leaders, .measured = number(duration(std::chrono::days{2}).count()), .source = "100 runs"});
    p.more = R"("audit": {"most acts per decision": 12, "most time per decision": "9 days", "most acts per seat": 39}, )";
    facts.charter = p.charter().hash();
    CHECK(answer("little bureaucracy").is == pass);
    CHECK(answer("little bureaucracy").by == audit_method::simulated);
    CHECK(answer("overworked leadership").is == fail);
    p.more = R"("audit": {"most acts per decision": 11, "most time per decision": "9 days", "most acts per seat": 40}, )";
    facts.charter = p.charter().hash();
    CHECK(answer("little bureaucracy").is == fail);
    CHECK(answer("overworked leadership").is == not_judged);  // nothing is said about waiting for them
    p.more = R"("audit": {"most acts per seat": 40, "longest wait for leaders": "2 days"}, )";
    facts.charter = p.charter().hash();
    CHECK(answer("overworked leadership").is == pass);
    p.more = R"("audit": {"most acts per seat": 40, "longest wait for leaders": "1 day"}, )";
    facts.charter = p.charter().hash();
    CHECK(answer("overworked leadership").is == fail);
    facts.charter = "of another charter";
    CHECK(answer("little bureaucracy").is == not_judged);
    CHECK(answer("flexibility").is == not_judged);
}

TEST_CASE("audit: explorations answer what no look at the structure can") {
    const auto charter_with = [](const std::string& more) {
        return load_charter(R"x({ "title": "t", "processes": { "vote": { "electorate": { "of": "team(core)" }, "positions": { "yes": {}, "no": {} }, "notice": "7 days",
          "stages": { "open": { "phase": "approval", "allow": { "cast": "electorate" )x" + more + R"x( },
            "exits": [ { "after": "7 days", "to": "accepted", "if": "concerns == 0 and yes > no" }, { "after": "7 days", "to": "rejected", "if": "concerns == 0" } ] } } } } })x").value();
    };
    const auto explored = [](const charter& c, std::size_t most) {
        std::vector<verify_report> runs;
        runs.push_back(verify(c, "vote", {.bounds = {.members = 2, .teams = true, .exchange = true, .states = most}, .fit = false}).value());
        return facts_of(c, runs);
    };
    const project p;
    const auto    sound = charter_with(""), unsound = charter_with(R"-(, "raise": "electorate", "resolve": "raiser and team(core)")-");
    const auto    facts = explored(sound, 10'000);
    CHECK(facts.charter == sound.hash());
    CHECK(facts.facts.size() == 6);
    for (const auto& f : facts.facts) CHECK_MESSAGE(f.holds, to_string(f.what), f.source);
    const auto flexible = audit(sound, p.people(), facts).about("flexibility");
    CHECK(flexible.is == pass);
    CHECK(flexible.by == audit_method::verified);

    const auto broken = explored(unsound, 10'000);
    const auto rigid = audit(unsound, p.people(), broken).about("flexibility");
    CHECK(rigid.is == fail);
    CHECK(rigid.by == audit_method::verified);
    CHECK(std::any_of(rigid.evidence.begin(), rigid.evidence.end(), [](const std::string& e) { return has(e, "not so: members may leave (verify: vote: leaver blocks: open after 3 steps"); }));

    // What wasn't gone through shows nothing.
    CHECK(explored(sound, 5).facts.empty());
    CHECK(audit(sound, p.people(), explored(sound, 5)).about("flexibility").is == not_judged);
}

TEST_CASE("audit: evidence is read from JSON, and nonsense in it is refused with a place") {
    const auto read = load_audit_evidence(R"({"charter": "abc", "facts": [{"fact": "members may leave", "holds": true, "source": "s"},
        {"fact": "acts per decision", "measured": "12.5", "source": "r"}, {"fact": "time per decision", "measured": "9 days", "source": "r"}]})").value();
    CHECK(read.charter == "abc");
    REQUIRE(read.facts.size() == 3);
    CHECK(read.facts[0].holds);
    CHECK(read.facts[1].measured == parse_number("12.5").value());
    CHECK(read.facts[2].measured == number(duration(std::chrono::days{9}).count()));
    const auto why = [](const std::string& facts) {
        const auto r = load_audit_evidence(R"({"charter": "abc", "facts": [)" + facts + "]}");
        return r ? std::string() : r.error().what();
    };
    CHECK(has(why(R"({"fact": "member may leave", "holds": true, "source": "s"})"), "did you mean \"members may leave\"?"));
    CHECK(has(why(R"({"fact": "members may leave", "source": "s"})"), "\"holds\" is missing"));
    CHECK(has(why(R"({"fact": "members may leave", "holds": true})"), "source"));
    CHECK(has(why(R"({"fact": "acts per decision", "measured": "many", "source": "s"})"), "such as \"12.5\""));
    CHECK(has(why(R"({"fact": "acts per decision", "holds": true, "source": "s"})"), "it isn't true or false"));
    CHECK(has(why(R"({"fact": "teams may leave", "holds": true, "source": "s"}, {"fact": "teams may leave", "holds": false, "source": "s"})"), "told twice"));
}

// What the record says: project-wide findings of 2022-05-19 about the first age, the interim body of 2022, and RFC 3392.
TEST_CASE("audit: of three ages of one project it finds what the record says was wrong, and what was mended") {
    const auto first = age("rust-2021"), second = age("rust-2022"), third = age("rust-council");
    const auto answers = [&](std::string_view q) { return std::array{first.about(q).is, second.about(q).is, third.about(q).is}; };
    using three = std::array<audit_answer, 3>;
    // Wrong with the first; the leads of all teams sat in the interim body; the council has seats, terms, duties.
    CHECK(answers("accountable leadership") == three{fail, warn, pass});
    CHECK(answers("leadership not accountable") == three{fail, fail, pass});
    CHECK(answers("leadership detached") == three{fail, fail, pass});
    CHECK(answers("no delegated authority") == three{fail, fail, pass});
    CHECK(answers("double standards") == three{fail, fail, pass});
    CHECK(answers("diffused responsibility") == three{fail, fail, pass});
    CHECK(answers("underspecified processes") == three{fail, warn, pass});
    CHECK(answers("central leadership") == three{warn, warn, pass});
    CHECK(answers("no resources for administration") == three{fail, fail, warn});
    CHECK(answers("approachable by outsiders") == three{fail, fail, pass});
    // The interim body decided in private; the council discloses as soon as possible, by no date.
    CHECK(answers("no transparency") == three{warn, fail, warn});
    CHECK(answers("explicit structure") == three{warn, fail, warn});
    // The interim body was of leads; who the council's members are is for teams to say.
    CHECK(answers("leaders need not be technical leaders") == three{not_judged, warn, pass});
    // One member held several offices in both earlier ages.
    CHECK(answers("overworked leadership") == three{warn, warn, not_judged});
    CHECK(answers("independent teams") == three{warn, pass, pass});
    CHECK(answers("finding gaps") == three{fail, fail, warn});
    CHECK(answers("self-reflection") == three{fail, fail, pass});
    CHECK(answers("reporting progress") == three{warn, pass, pass});
    CHECK(answers("conflict resolution") == three{fail, fail, warn});
    // Nobody owned these then, and the RFC gives them to nobody either.
    for (const auto* q : {"contributor pipeline", "marketing", "user outreach", "vision work across teams"}) CHECK(answers(q) == three{fail, fail, fail});
    CHECK(first.count(fail) > second.count(fail));
    CHECK(second.count(fail) > third.count(fail));
}

TEST_CASE("audit: text, JSON and the page say the same, and the page needs nothing from elsewhere") {
    const std::array all{age("rust-2021"), age("rust-council")};
    const auto       parsed = json_text::parse(to_json(all[0])).value();
    REQUIRE(parsed.find("findings")->elements.size() == audit_questions().size());
    const auto text = to_text(all[0]), table = to_text(all), page = to_html(all);
    for (std::size_t i = 0; i < audit_questions().size(); ++i) {
        const auto& f = all[0].findings[i];
        const auto& said = parsed.find("findings")->elements[i];
        CHECK(said.find("asked")->text == f.asked->name);
        CHECK(said.find("is")->text == to_string(f.is));
        CHECK(has(text, std::string(f.asked->name) + "  [" + std::string(to_string(f.by)) + "]"));
        CHECK(has(table, std::string(f.asked->name)));
        CHECK(has(page, "id=\"f0-" + std::to_string(i) + "\""));
    }
    CHECK(table.find(" \n") == std::string::npos);
    for (const auto* foreign : {"<script", "src=", "@import", "url("}) CHECK_FALSE(has(page, foreign));
    CHECK_FALSE(has(page, "href=\"http"));
    CHECK(has(page, "prefers-color-scheme: dark"));
    CHECK(has(page, "<html lang=\"en\">"));
    CHECK(has(page, "<svg"));
    auto count = [&](std::string_view what) {
        std::size_t n = 0;
        for (auto at = page.find(what); at != std::string::npos; at = page.find(what, at + 1)) ++n;
        return n;
    };
    for (const auto* tag : {"details", "table", "tbody", "section", "svg", "ul", "div", "main"})
        CHECK(count("<" + std::string(tag) + " ") + count("<" + std::string(tag) + ">") == count("</" + std::string(tag) + ">"));
}

TEST_CASE("audit: text from a charter or a roster can't leave its place on the page") {
    project p;
    p.more = "";
    const auto evil = load(R"({"title": "<script>alert(1)</script>", "processes": {)" + p.open + "}}");
    const std::array all{audit(evil, p.people())};
    CHECK_FALSE(has(to_html(all), "<script"));
    CHECK(has(to_html(all), "&lt;script&gt;"));
}
