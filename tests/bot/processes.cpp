// The program itself, as processes: two at once, killed at any request, bombarded, rehearsing, told to end; with a GitHub on loopback that sees
// what each of them does.
#include <doctest/doctest.h>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include <quorate/sqlite_journal.hpp>

#include "../effort.hpp"
#include "../journal_support.hpp"
#include "fake_github.hpp"
#include "github.hpp"
#include "json_out.hpp"
#include "signature.hpp"
#include "small_bot.hpp"

using namespace small_bot;
using namespace std::chrono_literals;

namespace {

const std::string key_of_hooks = "0123456789abcdef0123456789abcdef";

std::string contents(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

class process {
public:
    /// Of a program with these arguments; what it says goes into files beside `name`.
    process(const std::string& name, const std::vector<std::string>& arguments, const std::vector<std::string>& more_environment = {}) : name_(name) {
        std::vector<std::string> environment{"QUORATE_BOT_SECRET=" + key_of_hooks, "QUORATE_BOT_TOKEN=token-0123456789abcdef", "PATH=/usr/bin:/bin"};
        environment.insert(environment.end(), more_environment.begin(), more_environment.end());
        const auto pointers = [](const std::vector<std::string>& all) {
            std::vector<char*> out;
            for (const auto& s : all) out.push_back(const_cast<char*>(s.c_str()));
            out.push_back(nullptr);
            return out;
        };
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_addopen(&files, 1, out().c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        posix_spawn_file_actions_addopen(&files, 2, err().c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        std::ofstream(out()).flush();
        const auto argv = pointers(arguments), envp = pointers(environment);
        const int  failed = ::posix_spawn(&pid_, argv[0], &files, nullptr, argv.data(), envp.data());
        posix_spawn_file_actions_destroy(&files);
        REQUIRE(failed == 0);
    }
    process(const process&) = delete;
    process& operator=(const process&) = delete;
    ~process() { stop(SIGKILL); }

    /// Once it serves; 0 when it ends instead, or takes too long.
    std::uint16_t port() {
        for (int i = 0; i < 2'000 && port_ == 0 && alive(); ++i, std::this_thread::sleep_for(10ms)) {
            const auto said = contents(out());
            const auto at = said.find("listening on 127.0.0.1:");
            if (at != std::string::npos && said.find('\n', at) != std::string::npos) port_ = static_cast<std::uint16_t>(std::stoul(said.substr(at + 23)));
        }
        return port_;
    }
    bool alive() { return pid_ > 0 && (::waitpid(pid_, &status_, WNOHANG) == 0 || (pid_ = -1, false)); }
    /// Its exit status; -1 of one that was killed.
    int stop(int signal) {
        if (alive()) {
            ::kill(pid_, signal);
            ::waitpid(pid_, &status_, 0);
            pid_ = -1;
        }
        return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
    }
    [[nodiscard]] pid_t       pid() const { return pid_; }
    [[nodiscard]] std::string out() const { return name_ + ".out"; }
    [[nodiscard]] std::string err() const { return name_ + ".err"; }
    /// Of memory, at most, in KiB; 0: not known.
    [[nodiscard]] std::size_t peak() const {
        const auto text = contents("/proc/" + std::to_string(pid_) + "/status");
        const auto at = text.find("VmHWM:");
        return at == std::string::npos ? 0 : std::stoul(text.substr(at + 6));
    }

    /// Time that its threads have had, whatever else runs on the machine.
    [[nodiscard]] std::chrono::nanoseconds worked() const {
        std::int64_t ns = 0;
        for (const auto& thread : std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/task")) ns += std::strtoll(contents(thread.path() / "schedstat").c_str(), nullptr, 10);
        return std::chrono::nanoseconds{ns};
    }

private:
    std::string   name_;
    pid_t         pid_ = -1;
    int           status_ = 0;
    std::uint16_t port_ = 0;
};

/// A charter whose whole life fits into a test: a proposal, two approvals, a second of comments, an end.
constexpr std::string_view short_charter = R"x({ "title": "Short", "processes": { "fcp": { "title": "Short period",
    "dispositions": ["merge", "close", "postpone"], "electorate": { "of": "team(lang)" }, "positions": { "approve": {} },
    "rules": { "enough": "approve >= 2 and concerns == 0" },
    "stages": {
      "discussion": { "phase": "review", "allow": { "propose": "team(lang)" }, "exits": [ { "on": "propose", "to": "pending", "cast": { "approve": "proposer" },
          "effects": [ { "do": "label", "add": "proposed" }, { "do": "check", "state": "in progress" } ] } ] },
      "pending": { "phase": "review", "allow": { "cast": "electorate", "raise, cancel": "team(lang)", "resolve": "raiser" },
          "exits": [ { "when": "enough", "to": "fcp", "effects": [ "announce", { "do": "label", "add": "final", "remove": "proposed" } ] } ] },
      "fcp": { "phase": "final_comment", "allow": { "cast": "electorate", "raise, cancel": "team(lang)" },
          "exits": [ { "after": "1 second", "to": "accepted", "effects": [ "announce", { "do": "label", "add": "finished", "remove": "final" }, { "do": "check", "state": "success" }, "close" ] } ] }
    } } } })x";

/// A folder with a journal, a configuration and a charter, and people who write comments.
struct site {
    explicit site(fake_github& f, std::string_view charter = short_charter, const std::string& more = {}) : github_(f) {
        std::ofstream(folder.file("charter.json")) << charter;
        configure("bot.json", more);
    }
    std::string configure(const std::string& name, const std::string& more = {}) {
        std::ofstream(folder.file(name)) << R"({ "listen": "127.0.0.1:0", "journal": "journal.db", "charters": ["charter.json"], "poll": "1 second", )" << more << R"("roster": ")" << source
                                         << R"(/examples/bot/recorded/fcp/teams.json", "github": { "api": ")" << github_.base()
                                         << R"(", "bot_id": 5000, "token": { "env": "QUORATE_BOT_TOKEN" } }, "webhook_secret": { "env": "QUORATE_BOT_SECRET" }, "repositories": { "ferris/rfcs": { "as": "rfcbot" } } })";
        return folder.file(name);
    }
    std::unique_ptr<process> start(const std::string& name, std::vector<std::string> options = {}) {
        options.insert(options.begin(), QUORATE_BOT);
        options.push_back(folder.file("bot.json"));
        return std::make_unique<process>(folder.file(name), options);
    }
    static http_request said(std::uint64_t n, const std::string& by, const std::string& text) {
        quorate::json_text::json_out out;
        const auto                   person = [&](const std::string& key, const account& a) { out.key(key).object().field("id", a.id).field("login", a.login).end(); };
        out.object().field("action", "created").key("repository").object().field("full_name", "ferris/rfcs").end();
        person("sender", who(by));
        out.key("issue").object().field("number", 7).field("title", "A matter").field("state", "open").key("pull_request").object().end();
        person("user", who("frank"));
        out.key("labels").array().object().field("name", "T-lang").end().end().end();
        out.key("comment").object().field("id", 100 + n).field("body", text);
        person("user", who(by));
        auto         body = std::move(out.end().end()).str();
        http_request r{.method = "POST", .target = "/webhook", .headers = {{"x-github-delivery", "d-" + std::to_string(n)}, {"x-github-event", "issue_comment"}}, .body = std::move(body)};
        r.headers.emplace_back("x-hub-signature-256", signature_of(r.body, key_of_hooks));
        return r;
    }
    static unsigned send(process& to, const http_request& r) {
        const auto port = to.port();
        const auto answer = port == 0 ? quorate::result<http_response>(quorate::make_error(quorate::errc::io, "gone")) : http_client("http://127.0.0.1:" + std::to_string(port), {})->ask(r);
        return answer ? answer.value().status : 0;
    }
    [[nodiscard]] static std::string get(process& from, const std::string& target) {
        const auto a = http_client("http://127.0.0.1:" + std::to_string(from.port()), {})->ask({.method = "GET", .target = target, .headers = {}, .body = {}});
        return a ? a.value().body : std::string();
    }
    /// Waits until it is so.
    template <class F>
    static bool soon(const F& f, std::chrono::milliseconds most = 30'000ms) {
        for (const auto end = std::chrono::steady_clock::now() + most; std::chrono::steady_clock::now() < end; std::this_thread::sleep_for(20ms))
            if (f()) return true;
        return false;
    }
    /// Whether the matter came to its end, and all is shown.
    bool ended() {
        const auto m = github_.copy("ferris/rfcs#7");
        return m.closed && std::any_of(m.comments.begin(), m.comments.end(), [](const auto& c) { return marker_of(c.body).starts_with("<!-- quorate status") && has(c.body, "**accepted** on"); });
    }

    journal_support::scratch folder;

private:
    fake_github& github_;
};

const std::vector<std::pair<std::string, std::string>> life{{"alice", "@rfcbot merge"}, {"frank", "@rfcbot reviewed"}, {"carol", "@rfcbot concern a"}, {"carol", "@rfcbot resolve a"}, {"bob", "@rfcbot reviewed"}};

/// Comments that were made more than once, and labels, checks and comments that aren't as they should be.
std::size_t doubles(fake_github& f) {
    std::size_t n = 0;
    for (const auto& made : f.made()) n += static_cast<std::size_t>(made.second - 1);
    return n;
}
void all_is_shown_once(fake_github& f) {
    const auto m = f.copy("ferris/rfcs#7");
    CHECK(m.labels == std::set<std::string>{"finished"});
    CHECK(m.comments.size() == 4);  // the status, a stranger's refusal, two announcements
    CHECK(f.made().size() == 4);
    CHECK(f.checks_made() == 1);
    CHECK(doubles(f) == 0);
}

const char* setting(const char* name) { return std::getenv(name); }

}  // namespace

TEST_CASE("two processes on one journal never double an effect, also when the one that acts is killed") {
    const std::uint64_t rounds = setting("QUORATE_PAIRS") != nullptr ? std::strtoull(setting("QUORATE_PAIRS"), nullptr, 10) : 1;
    std::uint64_t       kills = 0, requests = 0, deliveries = 0;
    for (std::uint64_t round = 0; round < rounds; ++round) {
        CAPTURE(round);
        fake_github f(bot_id);
        site        s(f);
        f.dawdle(5ms);
        std::unique_ptr<process> pair[2]{s.start("one"), s.start("two")};
        // Killed in the middle of the 6th, 13th, ... request: what was asked is done, and nobody hears of it.
        std::atomic<bool>          due{false};
        std::atomic<std::uint64_t> next{4 + round % 7};
        f.watch([&](std::uint64_t n, bool done_) {
            if (done_ && n >= next) due = true, next = n + 7;
        });
        std::uint64_t number = 0;
        const auto    relieve = [&] {
            if (!due.exchange(false) || kills >= 3 * (round + 1)) return;
            const auto acting = has(site::get(*pair[0], "/healthz"), "standing by") ? 1U : 0U;
            pair[acting]->stop(SIGKILL);
            ++kills;
            pair[acting] = s.start(acting == 0 ? "one" : "two");
        };
        for (const auto& [by, text] : life) {
            const auto r = site::said(++number, by, text);
            for (auto& p : pair) {  // to both: GitHub may have two addresses of it
                relieve();
                const auto status = site::send(*p, r);
                CHECK((status == 202 || status == 200));
                ++deliveries;
            }
        }
        CHECK(site::soon([&] { return relieve(), s.ended(); }));
        for (auto& p : pair) REQUIRE(p->port() != 0);  // told to end before it can listen, a process is just gone
        CHECK(pair[0]->stop(SIGTERM) == 0);
        CHECK(pair[1]->stop(SIGTERM) == 0);
        f.watch({});
        all_is_shown_once(f);
        requests += f.requests();
    }
    CHECK(kills >= rounds);
    MESSAGE(rounds << " pairs, " << deliveries << " deliveries, " << requests << " requests to GitHub, " << kills << " kills of the one that acted, 0 doubles");
}

/// Not a test: a process that works on a journal as the bot does, but asks nobody whether another does so, too.
TEST_CASE("(a process of the control: a bot without a lock)" * doctest::skip()) {
    const char* config = setting("QUORATE_CONTROL");
    if (config == nullptr) return;
    const auto  setup = read_settings_file(config).value();
    const auto  client = http_client(setup.api, {});
    fixed_token as("token-0123456789abcdef");
    github      outside(*client, as, setup.bot_id, {[](std::chrono::milliseconds) {}, [] { return std::int64_t{0}; }});
    quorate::sqlite_journal store(setup.journal);
    auto        engine = quorate::engine::make(quorate::load_charter_file(setup.charters.front()).value(), read_roster_file(setup.roster).value(), quorate::open_sqlite_journal(setup.journal).value()).value();
    metrics     counts;
    worker      w(engine, store, setup, outside, counts);
    for (int i = 0; i < 4; ++i) {
        (void)w.round(std::chrono::time_point_cast<quorate::duration>(std::chrono::system_clock::now()));
        std::this_thread::sleep_for(100ms);
    }
}
TEST_CASE("control: two processes that don't ask who acts double effects") {
    std::size_t doubled = 0;
    for (int tries = 0; tries < 5 && doubled == 0; ++tries) {
        fake_github f(bot_id);
        site        s(f);
        {
            quorate::sqlite_journal inbox(s.folder.file("journal.db"));
            std::uint64_t           number = 0;
            for (const auto& [by, text] : life) {
                const auto r = site::said(++number, by, text);
                (void)keep_delivery(inbox, read_delivery(r.body, "d-" + std::to_string(number), "issue_comment", at("2026-03-02T10:00:00Z")).value());
            }
        }
        f.dawdle(60ms);
        const std::vector<std::string> arguments{"/proc/self/exe", "-tc=(a process of the control*", "--no-skip"};
        process one(s.folder.file("one"), arguments, {"QUORATE_CONTROL=" + s.folder.file("bot.json")}), two(s.folder.file("two"), arguments, {"QUORATE_CONTROL=" + s.folder.file("bot.json")});
        (void)site::soon([&] { return !one.alive() && !two.alive(); });
        doubled += doubles(f);
    }
    CHECK(doubled >= 1);
    MESSAGE(doubled << " doubled");
}

TEST_CASE("killed at any request to GitHub, before or after it was carried out, a process goes on without doubling anything") {
    // How many requests there are, then one life for each, or for some of them.
    const bool    all = setting("QUORATE_KILLS") != nullptr;
    std::uint64_t steps = 20, lives = 0, killed_at = 0;
    for (std::uint64_t at = 1; at <= steps; at += all ? 1 : effort(4) == 0 ? 9 : 5) {
        for (const bool after : {false, true}) {
            if (!all && after != (at % 2 == 0)) continue;
            CAPTURE(at);
            CAPTURE(after);
            fake_github f(bot_id);
            site        s(f);
            auto        bot = s.start("bot");
            std::atomic<bool> hit{false};
            f.watch([&, pid = bot->pid()](std::uint64_t n, bool done_) {
                if (n == at && done_ == after && !hit.exchange(true)) ::kill(pid, SIGKILL);
            });
            std::uint64_t number = 0;
            for (const auto& [by, text] : life) {
                const auto r = site::said(++number, by, text);
                for (unsigned status = 0; status != 202 && status != 200;) {
                    if (status = site::send(*bot, r); status == 0 && !bot->alive()) bot = s.start("bot"), ++killed_at;
                }
            }
            CHECK(site::soon([&] {
                if (!bot->alive()) bot = s.start("bot"), ++killed_at;
                return s.ended();
            }));
            (void)bot->stop(SIGTERM);  // unless the last request was the one
            f.watch({});
            all_is_shown_once(f);
            if (all) steps = std::max<std::uint64_t>(steps, f.requests());
            ++lives;
        }
    }
    CHECK(killed_at >= lives * 3 / 4);  // some lives have fewer requests
    MESSAGE(lives << " lives, " << killed_at << " kills, 0 doubles");
}

TEST_CASE("bombarded with bodies that mean no good, the process answers at once and stays small (S2)") {
    fake_github f(bot_id);
    site        s(f);
    auto        bot = s.start("bot");
    REQUIRE(bot->port() != 0);
    const auto with = [](const std::string& comment) {
        return R"({"action":"created","sender":{"id":101,"login":"alice"},"repository":{"full_name":"ferris/rfcs"},"issue":{"number":7},"comment":)" + comment + "}";
    };
    std::string zeros = "[0";
    while (zeros.size() < 25'000'000) zeros += ",0";
    const std::vector<std::string> bodies{
        std::string(25'000'000, ' '), std::move(zeros), std::string(1'000'000, '['), std::string(1'000'000, '{'), "[" + std::string(1'000'000, '0'), with(R"({"id":1,"id":2,"body":"x"})"), with(R"({"id":1e999})"),
        with(R"({"id":18446744073709551616})"), with(R"({"id":77,"body":"\ud800"})"), with(R"({"id":77,"body":"a\u0000b"})"), with("{\"id\":77,\"body\":\"" + std::string(900'000, 'a') + "\"}"), "",
        std::string("\0\0\0", 3), R"({"a":)" + std::string(500'000, '[') + std::string(500'000, ']') + "}", "{\"a\":[" + std::string(500'000, ' ') + "]"};
    std::chrono::nanoseconds slowest{};  // of work for one
    for (int times = 0; times < 3; ++times)
        for (const auto& b : bodies) {
            CAPTURE(b.substr(0, 60));
            auto r = site::said(1, "alice", "x");
            r.body = b;
            r.headers.back().second = signature_of(b, key_of_hooks);
            const auto begin = bot->worked();
            const auto status = site::send(*bot, r);
            slowest = std::max(slowest, bot->worked() - begin);
            CHECK((status == 400 || status == 413 || (status == 0 && b.size() > largest_body)));  // hung up on while it still sends
        }
    const auto peak = bot->peak();
    CHECK(site::get(*bot, "/healthz") == "well\n");
#if defined(NDEBUG) && !defined(QUORATE_SANITIZE)
    CHECK(peak <= 64 * 1'024);
    CHECK(slowest <= 50ms);
#endif
    CHECK(bot->stop(SIGTERM) == 0);
    MESSAGE(std::to_string(3 * bodies.size()) << " bodies, the most costly " << slowest.count() / 1'000 << " us of work, peak " << peak / 1'024 << " MiB");
}

TEST_CASE("deliveries are answered at once, however slow GitHub is") {
    fake_github f(bot_id);
    site        s(f, short_charter, R"("deliveries_per_minute": 100000, )");
    f.dawdle(700ms);
    auto bot = s.start("bot");
    REQUIRE(bot->port() != 0);
    const auto            count = effort(100);
    const auto            client = http_client("http://127.0.0.1:" + std::to_string(bot->port()), {});
    std::vector<std::int64_t> took;
    for (std::uint64_t i = 1; i <= count; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        const auto a = client->ask(site::said(i, "alice", i == 1 ? "@rfcbot merge" : "@rfcbot what " + std::to_string(i)));
        took.push_back(std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin).count());
        REQUIRE(a.has_value());
        CHECK(a.value().status == 202);
        std::this_thread::sleep_for(2ms);
    }
    std::sort(took.begin(), took.end());
    CHECK(took[took.size() * 99 / 100] < 5'000'000);
    const auto begin = std::chrono::steady_clock::now();
    CHECK(bot->stop(SIGTERM) == 0);  // although it is in the middle of much
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
    MESSAGE(count << " deliveries while each request to GitHub took 700 ms: p50 " << took[took.size() / 2] / 1'000 << " ms, p99 " << took[took.size() * 99 / 100] / 1'000 << " ms");
}

TEST_CASE("a rehearsal reads and changes nothing") {
    fake_github f(bot_id);
    site        s(f);
    auto        bot = s.start("bot", {"--dry-run"});
    CHECK(site::send(*bot, site::said(1, "alice", "@rfcbot merge")) == 202);
    CHECK(site::soon([&] { return has(contents(bot->out()), "would label ferris/rfcs#7: +proposed") && has(contents(bot->out()), "would comment on ferris/rfcs#7:"); }));
    CHECK(bot->stop(SIGTERM) == 0);
    CHECK(f.changes() == 0);
    CHECK(f.requests() >= 1);
    CHECK_FALSE(std::filesystem::exists(s.folder.file("journal.db")));
}

TEST_CASE("what is private is in nothing that leaves the process: comments, labels, checks, logs, metrics, answers (S5)") {
    constexpr std::string_view quiet = R"x({ "title": "Canary1", "processes": { "fcp": { "title": "Canary2",
        "dispositions": ["merge"], "visible": "team(lang)", "electorate": { "of": "team(lang)" }, "positions": { "approve": { "title": "Canary3" } },
        "stages": { "canary4": { "title": "Canary5", "phase": "review", "allow": { "propose, raise, cast": "team(lang)" },
                      "exits": [ { "on": "propose", "to": "canary6", "effects": [ "announce", { "do": "label", "add": "canary7" }, { "do": "check", "state": "success" }, { "do": "notify", "whom": "canary8" } ] } ] },
                    "canary6": { "phase": "review", "allow": { "cast, raise, cancel": "team(lang)" }, "exits": [ { "after": "1 second", "to": "accepted", "effects": [ "announce", "close" ] } ] } } } } })x";
    fake_github f(bot_id);
    site        s(f, quiet, R"("remind": "1 second", )");
    auto        bot = s.start("bot");
    std::string seen;
    std::uint64_t number = 0;
    for (const auto& [by, text] : std::vector<std::pair<std::string, std::string>>{{"alice", "@rfcbot merge"}, {"bob", "@rfcbot concern canary9"}, {"bob", "@rfcbot concern canary9"}, {"frank", "@rfcbot cancel canary9"}, {"carol", "@rfcbot frobnicate canary9"}}) {
        const auto a = http_client("http://127.0.0.1:" + std::to_string(bot->port()), {})->ask(site::said(++number, by, text));
        REQUIRE(a.has_value());
        seen += a.value().body;
    }
    f.next({fault::server_error_but_done, fault::forbidden});
    CHECK(site::soon([&] { return f.copy("ferris/rfcs#7").comments.size() >= 3; }));
    std::this_thread::sleep_for(2'500ms);
    auto bad = site::said(99, "alice", "canary9");
    bad.body += "canary9";
    bad.headers.back().second = signature_of(bad.body, key_of_hooks);
    seen += http_client("http://127.0.0.1:" + std::to_string(bot->port()), {})->ask(bad).value().body;
    seen += site::get(*bot, "/metrics") + site::get(*bot, "/healthz") + site::get(*bot, "/canary");
    CHECK(bot->stop(SIGTERM) == 0);
    seen += contents(bot->err()) + contents(bot->out()) + f.heard();
    for (auto& c : seen)
        if (c == 'C') c = 'c';
    std::size_t found = 0;
    for (auto at = seen.find("canary"); at != std::string::npos; at = seen.find("canary", at + 1)) {
        ++found;
        CAPTURE(seen.substr(at < 80 ? 0 : at - 80, 120));
        CHECK(found == 0);
    }
    CHECK(seen.size() > 1'000);
    MESSAGE(seen.size() << " bytes looked at, " << found << " canaries");
}
