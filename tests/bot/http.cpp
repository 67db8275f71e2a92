// The bot's two faces to the network: what GitHub sends it, and what it asks of GitHub; over loopback, with a GitHub that misbehaves.
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <ctime>
#include <mutex>
#include <thread>

#include <quorate/sqlite_journal.hpp>

#include "../journal_support.hpp"
#include "fake_github.hpp"
#include "github.hpp"
#include "json_out.hpp"
#include "service.hpp"
#include "signature.hpp"
#include "small_bot.hpp"
#include "sqlite_lock.hpp"
#include "webhook.hpp"

using namespace small_bot;
using journal_support::dice;

namespace {

const std::string secret = "0123456789abcdef0123456789abcdef";

http_request posted(std::string body, std::string id = "d-1", std::string event = "issue_comment") {
    http_request r{.method = "POST", .target = "/webhook", .headers = {{"x-github-delivery", std::move(id)}, {"x-github-event", std::move(event)}}, .body = std::move(body)};
    r.headers.emplace_back("x-hub-signature-256", signature_of(r.body, secret));
    return r;
}
const std::string good = R"({ "action" : "created", "sender":{"id":101,"login":"alice"}, "repository":{"full_name":"ferris/rfcs"},
    "issue":{"number":7,"title":"\u0041 matter","user":{"id":900,"login":"frank"},"state":"open","labels":[{"name":"T-lang"}]},
    "comment":{"id":77,"body":"@rfcbot merge","user":{"id":101,"login":"alice"},"updated_at":"2026-03-02T10:00:00Z"} })";

struct gate {
    std::unique_ptr<quorate::journal> store = quorate::memory_journal();
    settings                          setup = settings_for("fcp");
    metrics                           counts;
    instant                           now = at("2026-03-02T10:00:00Z");
    webhook                           hook{*store, secret, setup, counts, [this] { return now; }};
    unsigned status(const http_request& r) { return hook.answer(r).status; }
};

}  // namespace

TEST_CASE("a signed delivery is kept once, whatever its spacing, and known when it comes again") {
    gate g;
    CHECK(g.status(posted(good)) == 202);
    CHECK(g.status(posted(good)) == 200);
    CHECK(g.status(posted(good, "d-2")) == 200);  // the same comment under another id
    CHECK(g.store->pending_effects(10).value().size() == 1);
    CHECK(g.status(posted("{\"zen\":\"x\"}", "d-3", "ping")) == 200);
    CHECK(g.status(posted("{}", "d-4", "star")) == 200);
    CHECK(g.counts.of(count::accepted) == 1);
    CHECK(g.counts.of(count::duplicates) == 2);
}

TEST_CASE("of organisations that the bot is installed in, only the owner of all it serves says who is in a team") {
    gate       g;
    const auto joins = [](const std::string& organisation) {
        return R"({"action":"added","sender":{"id":900,"login":"frank"},"member":{"id":900,"login":"frank"},"team":{"slug":"lang"})" +
               (organisation.empty() ? "" : R"(,"organization":{"login":")" + organisation + "\"}") + "}";
    };
    CHECK(g.status(posted(joins(""), "m-1", "membership")) == 400);
    CHECK(g.status(posted(joins("evil"), "m-2", "membership")) == 200);
    CHECK(g.status(posted(joins("ferris/rfcs"), "m-3", "membership")) == 200);
    CHECK(g.store->pending_effects(10).value().empty());
    CHECK(g.counts.of(count::ignored) == 2);
    CHECK(g.status(posted(joins("Ferris"), "m-4", "membership")) == 202);
    const auto kept = parse_delivery(g.store->pending_effects(10).value().front().payload).value();
    CHECK(kept.organisation == "Ferris");
    g.setup.repositories.push_back({.name = "evil/other", .as = profile_named("rfcbot"), .process = "fcp", .areas = {}});
    CHECK(g.status(posted(joins("ferris"), "m-5", "membership")) == 200);
    CHECK(g.status(posted(joins("evil"), "m-6", "membership")) == 200);
}

TEST_CASE("no signature that isn't right is taken (S1)") {
    gate       g;
    const auto right = signature_of(good, secret);
    const std::vector<std::string> malformed{"", "sha256=", "sha256", right + "0", right.substr(0, right.size() - 1), right.substr(1), "sha1=" + right.substr(7), "SHA256=" + right.substr(7),
                                             "sha256=" + std::string(64, 'g'), "sha256= " + right.substr(8), std::string(71, '\0'), right + "," + right, "sha256=" + std::string(64, '0')};
    for (const auto& m : malformed) {
        CAPTURE(m);
        auto r = posted(good);
        r.headers.back().second = m;
        CHECK(g.status(r) == 401);
    }
    auto without = posted(good);
    without.headers.pop_back();
    CHECK(g.status(without) == 401);
    auto altered = posted(good);
    altered.body += ' ';
    CHECK(g.status(altered) == 401);
    CHECK_FALSE(is_signed(good, signature_of(good, ""), ""));

    const auto*         many = std::getenv("QUORATE_FORGERIES");
    const std::uint64_t rounds = many == nullptr ? 20'000 : std::strtoull(many, nullptr, 10), seed = 20'260'301;
    dice                d(seed);
    std::uint64_t       taken = 0;
    for (std::uint64_t i = 0; i < rounds; ++i) {
        auto s = right;
        for (auto n = 1 + d.below(3); n > 0; --n) s[d.below(s.size())] = static_cast<char>(d.below(256));
        if (d.chance(10)) s.resize(d.below(100));
        // The same digits in capitals are the same signature.
        std::string lower = s;
        for (auto& c : lower)
            if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
        if (lower != right) taken += is_signed("body", s, secret) || is_signed(good, s, secret);
    }
    CHECK(taken == 0);
    CHECK(is_signed(good, right, secret));  // control
    MESSAGE(rounds << " forgeries, seed " << seed << ", " << taken << " taken");
}

TEST_CASE("hostile bodies are refused, whoever signed them (S2)") {
    gate g;
    const auto with = [](const std::string& comment) {
        return R"({"action":"created","sender":{"id":101,"login":"alice"},"repository":{"full_name":"ferris/rfcs"},"issue":{"number":7},"comment":)" + comment + "}";
    };
    std::string deep(1'000'000, '[');
    const std::vector<std::string> bodies{
        "", "{", "null", "[]", "\xFF", deep, with("{\"id\":1,\"id\":2,\"body\":\"x\"}"), with("{\"id\":1e999}"), with("{\"id\":18446744073709551616}"), with("{\"id\":-1}"),
        with("{\"id\":77,\"body\":\"\\ud800\"}"), with("{\"id\":77,\"body\":\"a\\u0000b\"}"), with("{\"id\":77.5}"), with("{\"id\":\"77\"}"), with("[]"), good + good, good + "x",
        with("{\"id\":77,\"body\":\"" + std::string(300'000, 'a') + "\"}"), "{\"a\":[" + std::string(400'000, '0') + "]}", R"({"action":"created"})"};
    for (const auto& b : bodies) {
        CAPTURE(b.substr(0, 80));
        const auto begin = std::chrono::steady_clock::now();
        CHECK(g.status(posted(b, "d-9")) == 400);
        CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{2});
    }
    CHECK(g.store->pending_effects(10).value().empty());
    CHECK(g.status(posted(good, "")) == 400);
    CHECK(g.status(posted(good, std::string(100, 'x'))) == 400);
}

TEST_CASE("a noisy repository is limited, and others are not") {
    gate g;
    g.setup.deliveries_per_minute = 10;
    g.setup.repositories.push_back({.name = "ferris/other", .as = profile_named("rfcbot"), .process = "fcp", .areas = {}});
    const auto about = [](int n, const std::string& repository) {
        auto b = good;
        b.replace(b.find("\"id\":77"), 7, "\"id\":" + std::to_string(n));
        b.replace(b.find("ferris/rfcs"), 11, repository);
        return b;
    };
    unsigned limited = 0;
    for (int i = 1; i <= 20; ++i) limited += g.status(posted(about(i, "ferris/rfcs"), "a" + std::to_string(i))) == 429;
    CHECK(limited == 10);
    CHECK(g.status(posted(about(50, "ferris/other"), "b")) == 202);
    g.now += std::chrono::minutes{1};
    CHECK(g.status(posted(about(51, "ferris/rfcs"), "c")) == 202);
}

TEST_CASE("health and metrics tell numbers and nothing else") {
    gate g;
    const auto get = [&](const std::string& target) { return g.hook.answer({.method = "GET", .target = target, .headers = {}, .body = {}}); };
    CHECK(get("/healthz").status == 200);
    g.now += std::chrono::minutes{11};
    CHECK(get("/healthz").status == 503);
    (void)g.status(posted(good));
    const auto page = get("/metrics");
    CHECK(has(page.body, "quorate_bot_deliveries_accepted_total 1"));
    CHECK_FALSE(has(page.body, "alice"));
    CHECK(get("/").status == 404);
    CHECK(g.status({.method = "GET", .target = "/webhook", .headers = {}, .body = {}}) == 405);
}

TEST_CASE("secrets come from the environment or from files that only their owner may use") {
    const journal_support::scratch folder;
    const auto                                 text = [](const std::string& s) {
        return R"({"journal":"j","charters":["c"],"roster":"r","github":{"bot_id":1},"repositories":{"a/b":{"as":"rfcbot"}},"webhook_secret":)" + s + "}";
    };
    CHECK(has(read_settings(text("\"hunter2hunter2hunter2\""), "bot.json", ".").error().what(), "doesn't belong into this file"));
    CHECK_FALSE(read_secret({}, "x").has_value());
    CHECK_FALSE(read_secret({.environment = "QUORATE_NO_SUCH_VARIABLE", .file = {}}, "x").has_value());
    ::setenv("QUORATE_BOT_TEST_SECRET", "short", 1);
    CHECK_FALSE(read_secret({.environment = "QUORATE_BOT_TEST_SECRET", .file = {}}, "x").has_value());
    ::setenv("QUORATE_BOT_TEST_SECRET", secret.c_str(), 1);
    CHECK(read_secret({.environment = "QUORATE_BOT_TEST_SECRET", .file = {}}, "x").value() == secret);
    const auto path = folder.file("secret");
    std::ofstream(path) << secret << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::others_read);
    CHECK_FALSE(read_secret({.environment = {}, .file = path}, "x").has_value());
    std::filesystem::permissions(path, std::filesystem::perms::owner_read);
    CHECK(read_secret({.environment = {}, .file = path}, "x").value() == secret);
}

TEST_CASE("the server limits what it reads, and stops when it is told to") {
    http_server   server("127.0.0.1", 0, {.body = 1'000, .header = 2'000, .connections = 16, .patience = std::chrono::seconds{2}}, [](const http_request& r) { return http_response{.status = 200, .headers = {}, .body = r.body}; });
    const auto    base = "http://127.0.0.1:" + std::to_string(server.port());
    const auto    client = http_client(base, {});
    CHECK(client->ask({.method = "POST", .target = "/", .headers = {}, .body = "hello"}).value().body == "hello");
    CHECK(client->ask({.method = "POST", .target = "/", .headers = {}, .body = std::string(2'000, 'x')}).value().status == 413);
    CHECK(http_client(base, {})->ask({.method = "GET", .target = "/", .headers = {{"x", std::string(4'000, 'y')}}, .body = {}}).value().status == 431);
    CHECK(http_client(base, {})->ask({.method = "GET", .target = "/", .headers = {}, .body = {}}).value().status == 200);
    server.stop();
    CHECK_FALSE(http_client(base, {})->ask({.method = "GET", .target = "/", .headers = {}, .body = {}}).has_value());
}

#if !defined(QUORATE_SANITIZE)  // UBSan needs files of its own to look at objects
TEST_CASE("a server without a file left for a connection waits for one, and does not spin") {
    http_server server("127.0.0.1", 0, {}, [](const http_request&) { return http_response{.status = 200, .headers = {}, .body = "here"}; });
    rlimit      before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    const int ours = ::socket(AF_INET, SOCK_STREAM, 0), next = ::dup(ours);
    REQUIRE(next >= 0);
    ::close(next);
    const rlimit none{static_cast<rlim_t>(next), before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(server.port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto spent = std::clock();
    const bool reached = ::connect(ours, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    std::this_thread::sleep_for(std::chrono::milliseconds{500});
    const auto used = std::clock() - spent;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
    CHECK(reached);
    CHECK(used < CLOCKS_PER_SEC / 5);
    CHECK(http_client("http://127.0.0.1:" + std::to_string(server.port()), {})->ask({.method = "GET", .target = "/", .headers = {}, .body = {}}).value().body == "here");
    ::close(ours);
}
#endif

// ---- GitHub ---------------------------------------------------------------------------------------------------------------------------
namespace {

/// A github on the fake, which sleeps in no time.
struct connected {
    explicit connected(fake_github& f, std::chrono::seconds patience = std::chrono::seconds{1})
        : client(http_client(f.base(), {.body = largest_answer, .header = 16'384, .connections = 1, .patience = patience})),
          forge_(*client, as, bot_id, {[this](std::chrono::milliseconds t) { slept += t; }, [] { return std::int64_t{1'000}; }}) {}
    std::chrono::milliseconds  slept{};
    std::unique_ptr<transport> client;
    fixed_token                as{"token-0123456789abcdef"};
    github                     forge_;
};

}  // namespace

TEST_CASE("what GitHub refuses for a while is asked again, what it refuses is not") {
    fake_github f(bot_id);
    connected   c(f);
    f.next({fault::server_error});
    CHECK(c.forge_.comment("a/b#1", "x").error().code == quorate::errc::io);  // not known whether it was done: not asked twice
    CHECK(c.forge_.comment("a/b#1", "first").has_value());
    f.next({fault::server_error, fault::hang_up, fault::server_error});
    CHECK(c.forge_.change_labels("a/b#1", {"l"}, {"gone"}).has_value());
    CHECK(c.slept >= std::chrono::seconds{3});
    f.next({fault::rate_limit});
    CHECK(c.forge_.own_comments("a/b#1").has_value());
    f.next({fault::long_rate_limit});
    CHECK(c.forge_.own_comments("a/b#2").error().code == quorate::errc::limit);
    f.next({fault::forbidden});
    CHECK(c.forge_.close("a/b#1").error().code == quorate::errc::unsupported);
    f.next({fault::server_error, fault::server_error, fault::server_error, fault::server_error});
    CHECK(c.forge_.close("a/b#1").error().code == quorate::errc::io);
    CHECK(f.matter("a/b#1").comments.size() == 1);
    CHECK(f.unauthorised() == 0);
}

TEST_CASE("a wait that GitHub asked for lasts, however many deliveries come; only the end of the program ends it") {
    using std::chrono::nanoseconds;
    using std::chrono::seconds;
    nanoseconds passed{};
    int         cuts = 0;
    const auto  clock = [&] { return passed; };
    const auto  cut_short = [&](nanoseconds left) { passed += std::min<nanoseconds>(left, seconds{7}), ++cuts; };
    wait_out(seconds{60}, clock, cut_short, [] { return false; });
    CHECK(passed == seconds{60});
    CHECK(cuts == 9);
    wait_out(seconds{60}, clock, cut_short, [&] { return cuts == 11; });
    CHECK(passed == seconds{74});
}

TEST_CASE("as many comments as GitHub puts on a page, as long as it lets them be, are all read") {
    fake_github       f(bot_id);
    connected         c(f, std::chrono::seconds{60});
    const std::string longest(longest_comment, 'c');
    for (std::size_t i = 0; i < 30; ++i) f.matter("a/b#1").comments.push_back({i + 1, 7, longest});
    f.matter("a/b#1").comments.push_back({31, bot_id, "mine"});
    const auto own = c.forge_.own_comments("a/b#1");
    REQUIRE_MESSAGE(own.has_value(), own.error().what());
    CHECK(own.value().size() == 1);
    CHECK(largest_answer > most_on_page * longest_comment);
}

TEST_CASE("answers that have not changed are not sent again, and pages are all read") {
    fake_github f(bot_id);
    connected   c(f);
    for (int i = 0; i < 250; ++i) f.matter("a/b#1").comments.push_back({static_cast<std::uint64_t>(i + 1), i % 2 == 0 ? bot_id : 7U, "c"});
    CHECK(c.forge_.own_comments("a/b#1").value().size() == 125);
    const auto before = f.bytes();
    CHECK(c.forge_.own_comments("a/b#1").value().size() == 125);
    CHECK(f.bytes() == before);
    f.matter("a/b#1").comments.push_back({999, bot_id, "new"});
    CHECK(c.forge_.own_comments("a/b#1").value().size() == 126);
}

TEST_CASE("end to end over loopback: webhooks in, comments and labels out, while GitHub fails, delays, repeats and reorders") {
    const journal_support::scratch folder;
    const auto     path = folder.file("journal.db");
    fake_github    f(bot_id);
    auto           setup = settings_for("fcp");
    setup.remind = {};
    metrics        counts;
    std::atomic<std::int64_t> clock{at("2026-03-02T10:00:00Z").time_since_epoch().count()};
    const auto     now = [&] { return instant{quorate::duration{clock.load()}}; };
    quorate::sqlite_journal inbox(path);
    webhook        hook(inbox, secret, setup, counts, now);
    http_server    server("127.0.0.1", 0, {}, [&](const http_request& r) { return hook.answer(r); });
    const auto     sender = http_client("http://127.0.0.1:" + std::to_string(server.port()), {});
    const auto     rules = quorate::load_charter_file(setup.charters.front()).value();
    const auto     people = read_roster_file(setup.roster).value();

    const std::vector<std::pair<std::string, std::string>> said{{"alice", "@rfcbot merge"}, {"bob", "@rfcbot reviewed"}, {"frank", "@rfcbot reviewed"}, {"carol", "@rfcbot concern a\n@rfcbot reviewed"},
                                                                {"dave", "@rfcbot reviewed"}, {"carol", "@rfcbot resolve a"}};
    const std::uint64_t seed = 20'260'302;
    dice                d(seed);
    std::size_t         rounds = 0, restarts = 0;
    const auto          work = [&](std::size_t most) {  // processes come and go
        for (std::size_t i = 0; i < most; ++i) {
            connected               c(f, std::chrono::seconds{1});
            quorate::sqlite_journal store(path);
            auto                    engine = quorate::engine::make(rules, people, quorate::open_sqlite_journal(path).value()).value();
            worker                  w(engine, store, setup, c.forge_, counts);
            ++restarts;
            for (int r = 0; r < 3; ++r, ++rounds)
                if (w.round(now()).failures == 0 && r > 0 && f.calm()) return;
        }
    };
    f.misbehave(seed, 2);
    std::uint64_t number = 0;
    for (const auto& [login, text] : said) {
        auto b = good;
        b.replace(b.find("\"id\":77"), 7, "\"id\":" + std::to_string(100 + ++number));
        for (auto p = b.find("{\"id\":101,\"login\":\"alice\"}"); p != std::string::npos; p = b.find("{\"id\":101,\"login\":\"alice\"}", p + 1))
            b.replace(p, 26, "{\"id\":" + std::to_string(who(login).id) + ",\"login\":\"" + login + "\"}");
        quorate::json_text::json_out quoted;
        quoted.value(text);
        b.replace(b.find("\"@rfcbot merge\""), 15, std::move(quoted).str());
        const auto r = posted(b, "e2e-" + std::to_string(number));
        for (auto n = 1 + d.below(3); n > 0; --n) {
            const auto a = sender->ask(r);
            REQUIRE(a.has_value());
            CHECK((a.value().status == 202 || a.value().status == 200));
        }
        clock += 60'000'000;
        if (d.chance(2)) work(2);
    }
    work(3);
    clock += std::int64_t{11} * 24 * 3'600 * 1'000'000;
    work(5);
    f.behave();
    work(5);
    auto& m = f.matter("ferris/rfcs#7");
    std::map<std::string, int> markers;
    for (const auto& c : m.comments) ++markers[std::string(marker_of(c.body))];
    for (const auto& one : markers) {
        CAPTURE(one.first);
        CHECK(one.second == 1);
    }
    CHECK(markers.contains(status_marker("fcp-1")));
    CHECK(markers.size() == 4);  // the status, a stranger's refusal, two announcements
    CHECK(m.labels == std::set<std::string>{"finished-final-comment-period", "to-announce", "S-waiting-on-review", "disposition-merge"});
    CHECK(f.faults() >= 5);
    MESSAGE("seed " << seed << ": " << f.requests() << " requests, " << f.faults() << " faults, " << restarts << " processes");
}

TEST_CASE("two bots on one journal never double an effect") {
    const journal_support::scratch folder;
    const auto  path = folder.file("journal.db");
    fake_github f(bot_id);
    auto        setup = settings_for("fcp");
    const auto  rules = quorate::load_charter_file(setup.charters.front()).value();
    const auto  people = read_roster_file(setup.roster).value();
    metrics     counts;
    {
        quorate::sqlite_journal inbox(path);
        webhook                 hook(inbox, secret, setup, counts, [] { return at("2026-03-02T10:00:00Z"); });
        for (int i = 0; i < 20; ++i) {
            auto b = good;
            b.replace(b.find("\"id\":77"), 7, "\"id\":" + std::to_string(100 + i));
            CHECK(hook.answer(posted(b, "t" + std::to_string(i))).status == 202);
        }
    }
    std::atomic<int> acted{0};
    const auto       one = [&](int) {
        connected               c(f, std::chrono::seconds{5});
        quorate::file_lock      leader(path + ".worker.lock");
        quorate::sqlite_journal store(path);
        for (int i = 0; i < 4; ++i) {
            if (!leader.try_lock()) {
                std::this_thread::sleep_for(std::chrono::milliseconds{20});
                continue;
            }
            auto   engine = quorate::engine::make(rules, people, quorate::open_sqlite_journal(path).value()).value();
            worker w(engine, store, setup, c.forge_, counts);
            (void)w.round(at("2026-03-02T10:05:00Z"));
            ++acted;
            leader.unlock();
        }
    };
    std::thread a(one, 0), b(one, 1);
    a.join();
    b.join();
    CHECK(acted >= 2);
    std::map<std::string, int> markers;
    for (const auto& c : f.matter("ferris/rfcs#7").comments) ++markers[std::string(marker_of(c.body))];
    CHECK(markers.size() == 20);  // the status, and nineteen that were told that there is a proposal already
    for (const auto& [marker, n] : markers) CHECK(n == 1);
}
