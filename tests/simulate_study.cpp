// Studies: the same bytes however the work is done, and what reports say of them.
#include <doctest/doctest.h>

#include <quorate/simulate_evidence.hpp>
#include <quorate/simulate_pictures.hpp>

#include "json.hpp"
#include "simulate_support.hpp"

using namespace simulate_support;

namespace {

constexpr const char* busy = R"({ "about": [["compiler"]], "proposals": 2, "every": {"exponential": "5 days"},
    "members": [ { "takes part": "90%", "answers": {"exponential": "3 days"}, "raises": "10%", "resolves": {"uniform": ["1 day", "9 days"]}, "effort": "1 hour" } ],
    "together": { "by": "affiliation", "share": "50%" },
    "turnover": { "team": "compiler", "stays": {"exponential": "200 days"}, "replaced": {"fixed": "10 days"} } })";

}  // namespace

TEST_CASE("simulate: one thread, two threads, four shards and a resumed study give the same bytes") {
    auto       s = one(fcp_setting(busy), 4 * sim::block_size + 5);
    s.variants.push_back(s.variants[0]);
    s.variants[1].how = sim::read_behaviour(R"({ "about": [["compiler"]], "adversaries": [ { "is": "absent", "who": "m3" } ] })").value();
    s.variants[1].name = "another";
    const auto whole = sim::to_text(done(s));
    CHECK(sim::to_text(done(s, 2)) == whole);
    std::optional<sim::progress> merged;
    for (const std::uint32_t shard : {2U, 0U, 3U, 1U}) {
        auto part = s;
        part.shards = 4, part.shard = shard;
        const auto p = done(part);
        CHECK(!p.complete());
        if (!merged) merged = p;
        else REQUIRE(sim::merge(*merged, sim::parse_progress(sim::to_text(p)).value()).has_value());
        if (shard == 0) CHECK(!sim::merge(*merged, p).has_value());  // twice
    }
    CHECK(sim::to_text(*merged) == whole);
    CHECK(sim::report_json(s, *merged) == sim::report_json(s, sim::parse_progress(whole).value()));
    // Stopped after the first block, then resumed from what was written.
    std::atomic<bool> stop{true};
    auto              some = s;
    some.shards = 5, some.shard = 0;
    const auto kept = sim::parse_progress(sim::to_text(done(some))).value();
    CHECK(sim::run(s, {.stop = &stop}).value().runs_done() == 0);
    CHECK(sim::to_text(sim::run(s, {.threads = 2, .from = kept}).value()) == whole);
    auto other = s;
    other.seed = 43;
    CHECK(sim::to_text(done(other)) != whole);
    CHECK(!sim::run(other, {.from = kept}).has_value());
}

TEST_CASE("simulate: what a behaviour can't mean is refused with its place") {
    const auto refusal = [](const std::string& json) {
        const auto b = sim::read_behaviour(json);
        return b ? std::string() : b.error().what();
    };
    CHECK(refusal(R"({"member": []})").find("members") != std::string::npos);
    CHECK(refusal(R"({"members": [{"raises": "120%"}]})").find("from 0 to 1") != std::string::npos);
    CHECK(refusal(R"({"members": [{"says": {"yes": "60%", "no": "50%"}}]})").find("more than 1") != std::string::npos);
    CHECK(refusal(R"({"steers": {"quantiles": ["2 days", "1 day"]}})").find("ascending") != std::string::npos);
    CHECK(refusal(R"({"adversaries": [{"is": "blok"}]})").find("block") != std::string::npos);
    CHECK(refusal(R"({"habits": [{"do": "sekond"}]})").find("second") != std::string::npos);
    const auto run = [](const std::string& json) {
        const auto p = sim::run(one(vote_setting(json), 10));
        return p ? std::string() : p.error().what();
    };
    CHECK(run(R"j({"members": [{"who": "team(cor)"}]})j").find("nobody") != std::string::npos);
    CHECK(run(R"({"members": [{"says": {"maybe": 1}}]})").find("yes, no") != std::string::npos);
    CHECK(run(R"({"about": [["nowhere"]]})").find("nowhere") != std::string::npos);
    CHECK(!sim::parse_progress("quorate simulation 1\n").has_value());
    auto text = sim::to_text(done(one(vote_setting("{}"), 10)));
    text[100] = text[100] == '1' ? '2' : '1';
    CHECK(!sim::parse_progress(text).has_value());
}

TEST_CASE("simulate: reports state intervals, what is not stable, and what was assumed") {
    auto s = one(vote_setting(R"({ "members": [ { "who": "m1", "takes part": "25%" } ] })"), 50);
    s.dimensions = {"needed"};
    s.variants[0].at = {"7"};
    const auto p = done(s);
    const auto text = sim::to_string(s, p);
    CHECK(text.find("not yet stable") != std::string::npos);
    CHECK(text.find("each takes part with 25.00%") != std::string::npos);
    CHECK(text.find("50 of 50 runs, seed 42") != std::string::npos);
    CHECK(json_text::parse(sim::report_json(s, p)).has_value());
    CHECK(json_text::parse(sim::behaviour_schema()).has_value());
    const auto story = sim::tell(s.variants[0], 42, 0).value();
    const auto html = sim::html_report(s, p, story);
    for (const auto* needed : {"<svg", "prefers-color-scheme", "@media print", "Numbers", "Assumed"}) CHECK(html.find(needed) != std::string::npos);
    for (const auto* outside : {"<script", "<link", "url(", "src="}) CHECK(html.find(outside) == std::string::npos);
    CHECK(sim::pictures(s, p, story).size() == 6);
    CHECK(html == sim::html_report(s, p, story));
}

TEST_CASE("simulate: an audit is told what runs measured") {
    // Three must say yes; two take a day, and who leads takes nine.
    auto s = vote_setting(R"({ "members": [ { "answers": "1 day" }, { "who": "m0", "answers": "9 days" } ] })", 3);
    s.rules = load_charter(R"j({ "title": "t", "version": "1", "processes": { "vote": { "title": "v", "electorate": { "of": "team(core)", "taken": "at open" },
        "positions": { "yes": {} }, "stages": { "open": { "phase": "approval", "allow": { "cast": "electorate" },
        "exits": [ { "when": "yes == 3", "to": "accepted" } ] } } } } })j").value();
    auto with_lead = s.people.document();
    with_lead.teams.front().leads = {"m0"};
    s.people = make_roster(with_lead).value();
    const auto told = sim::audit_facts(s, {.runs = 10}).value();
    CHECK(told.charter == s.rules.hash());
    REQUIRE(told.facts.size() == 4);
    const auto days = [](int n) { return number(duration(std::chrono::days(n)).count()); };
    CHECK(told.facts[0].measured == number(3));
    CHECK(told.facts[1].measured == days(9));
    CHECK(told.facts[2].measured == number(1));
    CHECK(told.facts[3].measured == days(8));
    CHECK(told.facts[3].source == "10 runs of vote, seed 1, sooner if leaders answer at once: 8.00 days, 95% between 8.00 and 8.00");
    CHECK(load_audit_evidence(to_json(told)).value().facts == told.facts);
    s.people = vote_setting("{}", 3).people;  // nobody leads
    CHECK(sim::audit_facts(s, {.runs = 10}).value().facts.size() == 3);
}

TEST_CASE("simulate: figures tell what the rule itself asks for") {
    const auto s = one(vote_setting("{}"), 1);
    const auto all = sim::figures_of(s, done(s), 0);
    const auto value = [&](std::string_view name) {
        for (const auto& f : all)
            if (f.name == name) return f.value;
        return std::string();
    };
    CHECK(value("fewest whose yes is enough") == "7.0000");  // of ten, as the quorum says
    CHECK(value("fewest whose silence stops it") == "4.0000");
}
