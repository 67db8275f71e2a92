// quorate simulate and quorate power; a study that is killed or interrupted goes on where it was.
#include <doctest/doctest.h>

#include <csignal>

#include <quorate/simulate.hpp>

#include "cli_support.hpp"

using namespace cli_support;

namespace {

const std::string slow_answers = R"({ "members": [ { "takes part": "80%", "answers": {"exponential": "3 days"} } ] })";

outcome simulated(std::vector<std::string> more, const std::string& behaviour = {}, const std::string& runs = "10") {
    std::vector<std::string> args{"simulate", rust, "fcp", "--members", "4", "--seed", "7", "--runs", runs};
    args.insert(args.end(), more.begin(), more.end());
    return quorate_tool(args, behaviour);
}

/// A study in a process of its own, to be stopped in the middle.
class running_study {
public:
    running_study(std::uint64_t runs, std::string checkpoint, const std::string& out) : kept_(std::move(checkpoint)), runs_(std::to_string(runs)) {
        child_ = ::fork();
        if (child_ == 0) {
            ::execl("/bin/sh", "sh", "-c", ("exec " + line() + " --every 5 --checkpoint " + cli_support::quoted(kept_) + " > " + cli_support::quoted(out)).c_str(), nullptr);
            ::_exit(127);
        }
        REQUIRE(child_ > 0);
    }
    [[nodiscard]] std::string line() const { return quoted(std::string(QUORATE_BIN_DIR) + "/quorate") + " simulate " + quoted(rust) + " fcp --members 9 --quiet --json --seed 7 --runs " + runs_; }
    /// Stops it once something is done. True: it was still at work.
    bool stop_with(int signal) {
        int status = 0;
        while (done() == 0)
            if (::waitpid(child_, &status, WNOHANG) != 0) return false;
            else ::usleep(200);
        ::kill(child_, signal);
        ::waitpid(child_, &status, 0);
        code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        return done() != 0;
    }
    /// Runs that the checkpoint holds; none while there is no checkpoint, or when it holds all.
    [[nodiscard]] std::uint64_t done() const {
        const auto before = quorate::simulate::parse_progress(content(kept_));
        return before && !before->complete() ? before->runs_done() : 0;
    }
    int code = -1;

private:
    std::string kept_, runs_;
    pid_t       child_ = -1;
};

/// Stops a study in the middle: a longer one if the first are done too soon. Then goes on, and compares with one that wasn't stopped.
void stop_and_go_on(int signal, int code) {
    const folder f;
    for (std::uint64_t runs = 300; runs <= 2'000'000; runs *= 3) {
        fs::remove(f / "kept");
        running_study study(runs, f / "kept", f / "stopped");
        if (!study.stop_with(signal)) continue;
        CHECK(study.code == code);
        if (code >= 0) CHECK(has(content(f / "stopped"), R"("runs_done":)" + std::to_string(study.done()) + R"(,"complete":false)"));
        REQUIRE(std::system((study.line() + " --checkpoint " + quoted(f / "kept") + " > " + quoted(f / "resumed")).c_str()) == 0);
        REQUIRE(std::system((study.line() + " > " + quoted(f / "whole")).c_str()) == 0);
        CHECK(content(f / "resumed") == content(f / "whole"));
        CHECK(has(content(f / "whole"), R"("complete":true)"));
        return;
    }
    FAIL("every study was done before it could be stopped");
}

}  // namespace

TEST_CASE("simulate: a study killed in the middle and resumed gives the same bytes") { stop_and_go_on(SIGKILL, -1); }
TEST_CASE("simulate: Ctrl-C keeps and reports what was done, and the same command goes on") { stop_and_go_on(SIGINT, 1); }

TEST_CASE("simulate: shards and threads change no byte of a report") {
    const folder f;
    const auto   whole = simulated({"--behaviour", "-", "--json"}, slow_answers, "70");
    REQUIRE(whole.code == 0);
    CHECK(simulated({"--behaviour", "-", "--json", "--threads", "2"}, slow_answers, "70").out == whole.out);
    std::vector<std::string> merged{"--behaviour", "-", "--json"};
    for (const std::string n : {"1", "2", "3"}) {
        const auto part = f.path / n;
        CHECK(simulated({"--behaviour", "-", "--json", "--shard", n + "/3", "--out", part.string()}, slow_answers, "70").code == 0);
        merged.insert(merged.end(), {"--merge", part.string()});
    }
    CHECK(simulated(merged, slow_answers, "70").out == whole.out);
    merged.insert(merged.end(), {"--merge", (f.path / "1").string()});
    CHECK(has(simulated(merged, slow_answers, "70").out, "both have runs from 0 on"));
    CHECK(has(simulated({"--json", "--merge", f / "1"}, {}, "70").out, "parts of another study"));
}

TEST_CASE("simulate: sweeps, single changes, another charter, and each member missing, on the same draws") {
    const folder f;
    const auto   swept = simulated({"--behaviour", "-", "--sweep", "length=5 days,10 days", "--sweep", "/members/0/takes part=50%,90%", "--svg", f / "svg", "--csv", f / "csv", "--html", f / "html"}, slow_answers);
    REQUIRE_MESSAGE(swept.code == 0, swept.err);
    CHECK(has(swept.out, "length = 5 days, takes part = 90%"));
    CHECK(has(swept.out, "By effect on time to decision:"));
    for (const auto* name : {"svg/time-to-decision.svg", "svg/time-to-decision.csv", "svg/figures.json", "csv", "html"}) CHECK_MESSAGE(fs::exists(f.path / name), name);
    CHECK(has(content(f / "csv"), "variant,figure,unit,value,low,high,stable\n"));
    CHECK(has(content(f / "html"), "<svg"));
    const auto varied = simulated({"--vary", "length=5 days,20 days", "--vary", "members=7"});
    CHECK(has(varied.out, "members = 7"));
    CHECK(has(varied.out, "time to decision, longer than as it is"));
    CHECK(has(simulated({"--against", rust}).out, "accepted, more than as it is                                             0.0000"));
    CHECK(has(simulated({"--without-each"}).out, "without member-4"));
    CHECK(has(simulated({"--tell", "--run", "3"}).out, "-> pending"));
    for (const auto& [wrong, why] : {std::pair<std::vector<std::string>, const char*>{{"--sweep", "length"}, "is no sweep"},
                                     {{"--sweep", "lenght=5 days"}, "lenght"},
                                     {{"--sweep", "/members/7/answers=1 day"}, "has no place"},
                                     {{"--shard", "3/2"}, "is no shard"},
                                     {{"--roster", small}, "either --roster or --members"},
                                     {{"--behaviour", "/nowhere"}, "/nowhere"}}) {
        const auto o = simulated(wrong);
        CHECK(o.code == 2);
        CHECK(has(o.err, why));
    }
}

TEST_CASE("simulate: a behaviour is fitted to a journal, and simulated") {
    const folder f;
    const auto   fit = quorate_tool({"simulate", rfc, "rfc", "--fit", filled(f)});
    REQUIRE_MESSAGE(fit.code == 0, fit.err);
    CHECK(has(fit.err, "fitted to "));
    const auto o = quorate_tool({"simulate", rfc, "rfc", "--roster", small, "--runs", "10", "--behaviour", "-"}, fit.out);
    CHECK_MESSAGE(o.code == 0, o.err);
    CHECK(has(o.out, "quantiles from"));
}

TEST_CASE("audit: what simulation measured is compared with what the charter states") {
    const folder f;
    auto         text = content(rfc);
    text.insert(text.find('{') + 1, R"("audit": {"most acts per decision": 2, "most time per decision": "90 days", "most acts per seat": 50, "longest wait for leaders": "30 days"},)");
    std::ofstream(f / "charter.json") << text;
    const auto people = small;
    const auto answer = [&](const outcome& o, std::string_view question) {
        const auto report = json_of(o);
        for (const auto& finding : report.elements.at(0).find("findings")->elements)
            if (finding.find("asked")->text == question) return finding.find("is")->text + " by " + finding.find("by")->text;
        return std::string("not asked");
    };
    const auto plain = quorate_tool({"audit", f / "charter.json", "--roster", people, "--json"});
    CHECK(answer(plain, "little bureaucracy") == "not judged by structure");
    const auto o = quorate_tool({"audit", f / "charter.json", "--roster", people, "--json", "--simulate", "rfc", "--runs", "10"});
    CHECK(answer(o, "little bureaucracy") == "fail by simulated");
    CHECK(has(o.out, "10 runs of rfc, seed 1"));
    // The same from a file of evidence.
    CHECK(quorate_tool({"simulate", f / "charter.json", "rfc", "--roster", people, "--runs", "10", "--evidence", f / "facts.json"}).code == 0);
    CHECK(quorate_tool({"audit", f / "charter.json", "--roster", people, "--json", "--evidence", f / "facts.json"}).out == o.out);
    CHECK(quorate_tool({"audit", f / "charter.json", "--roster", people, "--simulate", "rcf"}).code == 2);
}

TEST_CASE("power: of weights, of a rule and of a process, exact or drawn") {
    const auto weights = quorate_tool({"power", "--weights", "2,1,1", "--quota", "3", "--json"});
    CHECK(weights.code == 0);
    CHECK(has(weights.out, R"("banzhaf":"3/5")"));
    CHECK(has(weights.out, R"("shapley_shubik":"2/3")"));
    const auto drawn = quorate_tool({"power", "--weights", "2,1,1", "--quota", "3", "--draws", "1000"});
    CHECK(has(drawn.out, "1000 draws: with 0.95"));
    const auto people = source + "/examples/rosters/rust.json";
    const auto rule = quorate_tool({"power", rust, "fcp", "--roster", people, "--team", "lang", "--rule", "quorum"});
    CHECK_MESSAGE(rule.code == 0, rule.err);
    CHECK(has(rule.out, "minimal winning coalitions"));
    CHECK(quorate_tool({"power", rust, "fcp", "--roster", people, "--team", "lang"}).code == 0);
    for (const auto& [wrong, why] : {std::pair<std::vector<std::string>, const char*>{{}, "either --weights and --quota, or a charter"},
                                     {{"--weights", "2,x", "--quota", "3"}, "is no list of whole numbers"},
                                     {{"--weights", "2,1"}, "--quota"},
                                     {{rust, "fcp"}, "a charter needs a process and --roster"},
                                     {{rust, "fcp", "--roster", people, "--team", "lang", "--rule", "quorun"}, "quorun"}}) {
        auto args = wrong;
        args.insert(args.begin(), "power");
        const auto o = quorate_tool(args);
        CHECK(o.code == 2);
        CHECK(has(o.err, why));
    }
}
