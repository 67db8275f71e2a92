// What can happen under a charter: what is found, that it is so, and what was covered.
#include <algorithm>
#include <atomic>
#include <new>

#include <doctest/doctest.h>
#include <quorate/scenario.hpp>
#include <quorate/verify.hpp>

#include "effort.hpp"
#include "in_parallel.hpp"

using namespace quorate;

namespace {

const std::string source = QUORATE_SOURCE_DIR;

charter shipped(const std::string& name) { return load_charter_file(source + "/examples/charters/" + name + ".json").value(); }
charter of_test(const std::string& name) { return load_charter_file(source + "/tests/data/verify/" + name + ".json").value(); }

verify_report looked_at(const charter& c, std::string_view process, verify_options how = {}) {
    how.power = false;
    return verify(c, process, how).value();
}
const finding* found(const verify_report& r, std::string_view id) {
    const auto at = std::find_if(r.findings.begin(), r.findings.end(), [&](const finding& f) { return f.id == id; });
    return at == r.findings.end() ? nullptr : &*at;
}
bool tells(const finding& f, std::string_view part) {
    return std::any_of(f.story.begin(), f.story.end(), [&](const std::string& line) { return line.find(part) != std::string::npos; });
}
/// The scenario of a finding runs, and each stage is as it says.
void repeats(const finding& f) {
    const auto scenarios = load_scenarios(f.scenario, f.id);
    REQUIRE_MESSAGE(scenarios.has_value(), (scenarios ? "" : scenarios.error().what()));
    for (const auto& s : scenarios.value()) {
        const auto report = run(s);
        CHECK_MESSAGE(report.passed(), to_string(report));
    }
}

constexpr const char* small_vote = R"x({ "title": "t", "processes": { "vote": {
  "electorate": { "of": "team(core)" }, "positions": { "yes": {}, "no": {} },
  "stages": { "open": { "phase": "approval", "allow": { "cast": "electorate" },
    "exits": [ { "after": "7 days", "to": "accepted", "if": "yes > no" }, { "after": "7 days", "to": "rejected" } ] } } } } })x";

}  // namespace

TEST_CASE("a process without faults has no findings, and all of it is covered") {
    const auto c = load_charter(small_vote).value();
    const auto r = looked_at(c, "vote");
    for (const auto& f : r.findings) MESSAGE(to_string(f));
    CHECK(r.findings.empty());
    CHECK(r.complete());
    CHECK(r.as_known());
    CHECK(r.states > 10);
    CHECK(r.depth > 3);
}

TEST_CASE("a report doesn't depend on the number of threads") {
    const auto c = shipped("rust-two-thirds");
    const auto one = looked_at(c, "fcp", {.threads = 1}), three = looked_at(c, "fcp", {.threads = 3});
    CHECK(to_json(one) == to_json(three));
    REQUIRE(one.findings.size() == three.findings.size());
    for (std::size_t i = 0; i < one.findings.size(); ++i) CHECK(one.findings[i].scenario == three.findings[i].scenario);
}

TEST_CASE("interchangeable members are looked at once: more of them are hardly more situations") {
    const auto c = load_charter(small_vote).value();
    verify_options three, six;
    three.bounds = {.members = 3, .leavers = 0};
    six.bounds = {.members = 6, .leavers = 0};
    const auto a = looked_at(c, "vote", three), b = looked_at(c, "vote", six);
    // 3 kinds of ballot among 3 and 6 alike: 10 and 28 ways, not 27 and 729.
    CHECK(b.states < 4 * a.states);
    CHECK(a.states >= 10);
}

TEST_CASE("beyond the bounds a report says what was not covered") {
    const auto c = shipped("rust-two-thirds");
    verify_options how;
    how.bounds.states = 40;
    how.fit = false;
    const auto r = looked_at(c, "fcp", how);
    CHECK_FALSE(r.complete());
    CHECK(r.waiting > 0);
    CHECK(r.states == 40);
    CHECK(to_string(r).find("Not all was covered") != std::string::npos);
    std::atomic<bool> stop{true};
    const auto stopped = looked_at(c, "fcp", {.stop = &stop});
    CHECK(stopped.stopped);
    CHECK_FALSE(stopped.complete());
}

TEST_CASE("bounds within which not all can be covered are made smaller, and the report says so") {
    const auto c = shipped("rust-two-thirds");
    verify_options how;
    how.bounds.states = 600;  // enough while nobody leaves
    const auto r = looked_at(c, "fcp", how);
    CHECK(r.complete());
    CHECK(r.states <= 600);
    CHECK(std::any_of(r.bounds.begin(), r.bounds.end(), [](const std::string& b) { return b.find("nobody leaves, not 1") != std::string::npos; }));
}

TEST_CASE("what a thread throws is thrown where the work was asked for, and all threads have ended then") {
    for (const std::size_t threads : {1U, 3U}) {
        std::atomic<std::size_t> done{0};
        CHECK_THROWS_AS(in_parallel(threads, 1000, [&](std::size_t, std::size_t i) {
            if (i == 500) throw std::bad_alloc();
            ++done;
        }), std::bad_alloc);
        CHECK(done < 1000);
    }
    std::atomic<std::size_t> sum{0};
    in_parallel(3, 1000, [&](std::size_t, std::size_t i) { sum += i; });
    CHECK(sum == 499'500);
}

// ---- defects of real systems ----------------------------------------------------------------------------------------------------
TEST_CASE("a change that is to raise the bar lowers it (rfcbot-rs pull request 315)") {
    const auto r = compare(shipped("rust"), shipped("rust-pr315"), "fcp", 8).value();
    std::vector<std::pair<std::size_t, std::size_t>> passes;  // of so many, with so many approvals
    for (const auto& v : r.changed)
        if (v.vote.disposition == "merge" && v.accepted_after && !v.accepted_before) passes.emplace_back(v.vote.members, v.vote.cast.at(0).second);
    CHECK(passes == std::vector<std::pair<std::size_t, std::size_t>>{{2, 1}, {3, 1}, {4, 2}});
    CHECK(r.now_fail() == 0);
}

TEST_CASE("what is asked for instead raises it, for groups of five alone") {
    const auto r = compare(shipped("rust"), shipped("rust-two-thirds"), "fcp", 8).value();
    CHECK(r.now_pass() == 0);
    REQUIRE(r.now_fail() == 1);
    CHECK(std::any_of(r.changed.begin(), r.changed.end(), [](const changed_vote& v) { return v.vote.members == 5 && v.vote.cast.at(0).second == 3; }));
}

TEST_CASE("a raiser who leaves blocks for good (rfcbot-rs issue 342)") {
    const auto r = looked_at(shipped("rust-two-thirds"), "fcp");
    const auto* f = found(r, "leaver blocks: pending");
    REQUIRE(f != nullptr);
    repeats(*f);
}

TEST_CASE("a concern after the end makes a zombie (rfcbot-rs issue 302)") {
    const auto r = looked_at(of_test("zombie"), "fcp");
    const auto* f = found(r, "stuck: fcp_again");
    REQUIRE(f != nullptr);
    repeats(*f);
}

TEST_CASE("three recusals and nothing is decided any more") {
    verify_options how;
    how.bounds = {.members = 5, .leavers = 0};
    const auto r = looked_at(of_test("n_minus_two"), "consent", how);
    const auto* f = found(r, "stuck: open");
    REQUIRE(f != nullptr);
    CHECK(std::count_if(f->story.begin(), f->story.end(), [](const std::string& line) { return line.find("recuse") != std::string::npos; }) == 3);
    repeats(*f);
}

TEST_CASE("a vote closes early on ballots that could still change") {
    const auto r = looked_at(of_test("early_close"), "vote");
    const auto* f = found(r, "closes early: open");
    REQUIRE(f != nullptr);
    repeats(*f);
}

TEST_CASE("half of the votes are enough: a tie passes (gitvote)" * in_release) {
    verify_options how;
    how.bounds = {.members = 2, .leavers = 0, .states = 100};
    const auto r = looked_at(shipped("gitvote"), "vote", how);
    const auto* f = found(r, "tie accepted: open");
    REQUIRE(f != nullptr);
    CHECK(std::any_of(f->story.begin(), f->story.end(), [](const std::string& line) { return line.find("cast against") != std::string::npos; }));
    repeats(*f);
}

TEST_CASE("approvals that can never be met") {
    const auto c = load_charter(R"x({ "title": "t", "processes": { "gate": { "electorate": { "of": "team(core)" }, "positions": { "yes": {} },
      "stages": { "open": { "phase": "review", "allow": { "cast": "electorate", "withdraw": "author" },
        "exits": [ { "when": "yes >= 3", "to": "accepted" }, { "on": "withdraw", "to": "withdrawn" } ] } } } } })x").value();
    verify_options how;
    how.bounds.members = 2;
    const auto r = looked_at(c, "gate", how);
    CHECK(found(r, "never taken: exit 1 of open") != nullptr);
    REQUIRE(found(r, "stuck: open") != nullptr);
    CHECK(found(r, "stuck: open")->steps == 1);  // from the start
}

TEST_CASE("votes of abstainers alone pass (cw3)") {
    verify_options how;
    how.bounds = {.members = 2, .leavers = 0, .states = 60};
    const auto r = looked_at(shipped("cw3-dao-dao"), "cw3_absolute_percentage", how);
    const auto* f = found(r, "accepted by nobody: open");
    REQUIRE(f != nullptr);
    CHECK(tells(*f, "cast abstain"));
    CHECK_FALSE(tells(*f, "cast yes"));
    repeats(*f);
}

TEST_CASE("abstentions carry the quorum, and one yes the proposal (cosmos-sdk issue 11461)") {
    verify_options how;
    how.bounds = {.members = 4, .leavers = 0, .states = 60};
    const auto r = looked_at(of_test("abstention"), "proposal", how);
    const auto* f = found(r, "abstention helps: voting");
    REQUIRE(f != nullptr);
    CHECK(f->what == "Were alice silent, it would not be accepted; as they cast abstain, it is.");
    CHECK(tells(*f, "cast abstain by alice"));
    CHECK(tells(*f, "cast yes"));
    CHECK(tells(*f, "time has passed -> accepted"));
    repeats(*f);
}

TEST_CASE("past its time one ballot in the last moment rejects what was being confirmed, and nobody can answer it (OpenGov)") {
    verify_options how;
    how.bounds = {.members = 2, .leavers = 0};
    const auto c = of_test("confirmation");
    const auto r = looked_at(c, "timed", how);
    const auto* f = found(r, "confirmation lost: deciding");
    REQUIRE(f != nullptr);
    CHECK(f->story.back().find("-> rejected") != std::string::npos);
    CHECK(f->story.back().find("cast nay") != std::string::npos);
    repeats(*f);
    CHECK(found(r, "kept from confirmation: deciding") == nullptr);  // its time ends that
}

TEST_CASE("without an end to its time one voter keeps it from ever being confirmed") {
    verify_options how;
    how.bounds = {.members = 2, .leavers = 0};
    const auto r = looked_at(of_test("confirmation"), "endless", how);
    const auto* f = found(r, "kept from confirmation: deciding");
    REQUIRE(f != nullptr);
    CHECK(f->what.find("cast as before and break it off again, without end") != std::string::npos);
    repeats(*f);
    CHECK(found(r, "confirmation lost: deciding") == nullptr);
}

TEST_CASE("in a queue by approval one can wait for ever, in one by turn not (OpenGov)") {
    verify_options how;
    how.bounds = {.members = 2, .leavers = 0};
    const auto c = of_test("queue");
    const auto ranked = looked_at(c, "ranked", how), by_turn = looked_at(c, "by_turn", how);
    const auto* f = found(ranked, "waits for ever: queued");
    REQUIRE(f != nullptr);
    CHECK(tells(*f, "others have every place, and get each one that becomes free"));
    CHECK(f->scenario.empty());  // of the others it can't say who they are
    CHECK(found(by_turn, "waits for ever: queued") == nullptr);
    CHECK(ranked.complete());
    CHECK(found(ranked, "never taken: exit 2 of queued") == nullptr);
}

// ---- people who come and go -------------------------------------------------------------------------------------------------------
TEST_CASE("all members are exchanged at once: what those began who left must be possible to finish") {
    verify_options how;
    how.bounds = {.members = 2, .leavers = 0, .exchange = true};
    const auto c = of_test("succession");
    const auto frozen = looked_at(c, "frozen", how), live = looked_at(c, "live", how);
    const auto* f = found(frozen, "exchange blocks: open");
    REQUIRE(f != nullptr);
    CHECK(tells(*f, "all members leave, and newcomers have their places"));
    repeats(*f);
    CHECK(live.findings.empty());
    CHECK(live.complete());
    how.bounds.exchange = false;
    CHECK(found(looked_at(c, "frozen", how), "exchange blocks: open") == nullptr);
}

TEST_CASE("a newcomer joins a team, and takes part") {
    verify_options how;
    how.bounds = {.members = 1, .leavers = 0};
    const auto c = of_test("succession");
    const auto alone = looked_at(c, "live", how);
    how.bounds.joiners = 1;
    const auto with = looked_at(c, "live", how);
    CHECK(with.states > alone.states);
    CHECK(with.complete());
    CHECK(with.findings.empty());
    CHECK(std::find(with.bounds.begin(), with.bounds.end(), "one newcomer joins") != with.bounds.end());
    how.bounds.joiners = 2;
    CHECK_FALSE(verify(c, "live", how).has_value());
}

TEST_CASE("no outcome comes sooner than outsiders are promised: neither acceptance nor rejection") {
    const auto c = load_charter(R"x({ "title": "t", "processes": { "p": { "electorate": { "of": "team(core)", "taken": "at open" }, "positions": { "yes": {}, "no": {} }, "notice": "5 days",
      "stages": { "open": { "phase": "approval", "allow": { "cast": "electorate" },
        "exits": [ { "when": "no >= 1", "to": "rejected" }, { "after": "5 days", "if": "yes >= 1", "to": "accepted" }, { "after": "6 days", "to": "rejected" } ] } } } } })x").value();
    verify_options how;
    how.bounds = {.members = 1, .leavers = 0};
    const auto r = looked_at(c, "p", how);
    REQUIRE(found(r, "rejected before notice: open") != nullptr);
    CHECK(found(r, "rejected before notice: open")->what == "It is rejected from stage \"open\" 0 days after it was announced; outsiders are promised 5 days.");
    CHECK(found(r, "accepted before notice: open") == nullptr);
}

// ---- properties that a charter states ---------------------------------------------------------------------------------------------
TEST_CASE("properties are found to hold or not, and the charter says which are known not to") {
    const auto r = looked_at(of_test("promises"), "decision");
    CHECK(found(r, "property: nothing is accepted without a yes") == nullptr);
    CHECK(found(r, "property: comments end") == nullptr);
    CHECK(found(r, "property: comments end sooner") != nullptr);
    CHECK(found(r, "property: nobody is against it") != nullptr);
    CHECK(found(r, "accepted before notice: short") != nullptr);
    CHECK(found(r, "accepted before notice: comments") == nullptr);
    const auto unknown = r.unknown();
    CHECK(std::find(unknown.begin(), unknown.end(), "accepted before notice: short") != unknown.end());
    CHECK(std::find(unknown.begin(), unknown.end(), "property: nobody is against it") == unknown.end());
    CHECK_FALSE(r.as_known());
    for (const auto& f : r.findings)
        if (!f.scenario.empty()) repeats(f);
}

TEST_CASE("what is stated wrongly is refused where it stands") {
    const auto with = [](const std::string& properties) {
        auto text = std::string(small_vote);
        text.insert(text.find("\"electorate\""), properties + ", ");
        return load_charter(text);
    };
    const auto why = [](const result<charter>& r) { return r ? std::string() : r.error().what(); };
    CHECK(with(R"("properties": { "p": { "never": "yes > no", "in": "rejected" } })").has_value());
    CHECK(why(with(R"("properties": { "p": { "never": "yes > no", "in": "closed" } })")).find("no stage of this process") != std::string::npos);
    CHECK(why(with(R"("properties": { "p": { "never": "yes > no", "always": "yes == 0" } })")).find("a property says one of") != std::string::npos);
    CHECK(why(with(R"("properties": { "p": { "within": "3 days" } })")).find("out of which ones") != std::string::npos);
    CHECK(why(with(R"("properties": { "p": { "never": "maybe > no" } })")).find("maybe") != std::string::npos);
    CHECK(why(with(R"("known findings": { "stuck: open": "" })")).find("for a reason") != std::string::npos);
}

// ---- power ----------------------------------------------------------------------------------------------------------------------
TEST_CASE("two of three force acceptance, block it and reject it; nobody is indispensable") {
    const auto c = load_charter(R"x({ "title": "t", "processes": { "vote": { "electorate": { "of": "team(core)", "taken": "at open" }, "positions": { "yes": {}, "no": {} }, "ballots": { "revisable": false },
      "stages": { "open": { "phase": "approval", "allow": { "cast": "electorate" },
        "exits": [ { "when": "yes >= 2", "to": "accepted" }, { "when": "no >= 2", "to": "rejected" } ] } } } } })x").value();
    verify_options how;
    how.bounds = {.members = 3, .leavers = 0};
    const auto r = verify(c, "vote", how).value();
    REQUIRE(r.power.known);
    REQUIRE(r.power.force_acceptance.has_value());
    CHECK(r.power.force_acceptance->size() == 2);
    CHECK(r.power.accept_unopposed->size() == 2);
    CHECK(r.power.force_rejection->size() == 2);
    CHECK(r.power.block->size() == 2);
    CHECK(r.power.indispensable.empty());
}
