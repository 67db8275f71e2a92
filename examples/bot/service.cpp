#include "service.hpp"

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <thread>

#include <quorate/sqlite_journal.hpp>

#include "github.hpp"
#include "http.hpp"
#include "journal_documents.hpp"
#include "page_server.hpp"
#include "roster_file.hpp"
#include "sqlite_lock.hpp"
#include "webhook.hpp"
#include "worker.hpp"

namespace bot {
namespace {

using quorate::failure;
using namespace std::chrono;

instant now() { return time_point_cast<quorate::duration>(system_clock::now()); }
void    say(const std::string& line) { std::fprintf(stderr, "%s quorate-bot: %s\n", quorate::to_string(now()).c_str(), line.c_str()); }

/// Reads what is there, and tells what would be done.
class dry_forge final : public forge {
public:
    explicit dry_forge(forge& outside) : outside_(outside) {}
    result<std::vector<own_comment>> own_comments(const std::string& s) override { return outside_.own_comments(s); }
    result<std::uint64_t> comment(const std::string& s, const std::string& body) override { return would("comment on " + s + ":\n" + body), ++next_; }
    result<void> edit(const std::string& s, std::uint64_t, const std::string& body) override { return would("change its comment on " + s + " to:\n" + body); }
    result<void> remove(const std::string& s, std::uint64_t) override { return would("remove a comment on " + s); }
    result<void> change_labels(const std::string& s, const std::vector<std::string>& add, const std::vector<std::string>& remove) override {
        std::string line = "label " + s + ":";
        for (const auto& l : add) line += " +" + l;
        for (const auto& l : remove) line += " -" + l;
        return would(line);
    }
    result<void> close(const std::string& s) override { return would("close " + s); }
    result<void> report(const std::string& s, const std::string& name, const std::string& state, const std::string&) override { return would("set check \"" + name + "\" on " + s + ": " + state); }
    result<std::vector<reaction>> reactions(const std::string& s, std::uint64_t id) override { return id > first ? result<std::vector<reaction>>(std::vector<reaction>{}) : outside_.reactions(s, id); }
    result<std::vector<std::string>> files(const std::string& s) override { return outside_.files(s); }
    result<delivery> look_at(const std::string& s) override { return outside_.look_at(s); }
    result<std::vector<delivery>> comments_since(const std::string& r, instant since) override { return outside_.comments_since(r, since); }

private:
    static constexpr std::uint64_t first = std::uint64_t{1} << 60U;
    static result<void>            would(const std::string& what) {
        std::printf("would %s\n", what.c_str());
        std::fflush(stdout);
        return {};
    }
    forge&        outside_;
    std::uint64_t next_ = first;
};

/// A folder that is gone at the end.
class throw_away {
public:
    throw_away() : path_((std::filesystem::temp_directory_path() / "quorate-bot-XXXXXX").string()) {
        if (::mkdtemp(path_.data()) == nullptr) throw failure(quorate::make_error(quorate::errc::io, "no temporary folder", path_));
    }
    throw_away(const throw_away&) = delete;
    throw_away& operator=(const throw_away&) = delete;
    ~throw_away() {
        std::error_code ec;
        std::filesystem::remove_all(path_, ec);
    }
    [[nodiscard]] std::string file() const { return path_ + "/journal.db"; }

private:
    std::string path_;
};

/// The same file has the same path, whatever links lead to it: processes agree by a lock beside it.
std::string whole_path(const std::string& path) {
    std::error_code ec;
    const auto      whole = std::filesystem::weakly_canonical(path, ec);
    return ec ? path : whole.string();
}

/// The roster that the journal goes on from: the one stored last, before later changes; nothing in a new journal.
std::optional<quorate::roster> stored_roster(quorate::journal& j) {
    std::optional<quorate::event> last;
    const auto read = j.read(quorate::roster_stream, 0, [&](const quorate::stored_event& s) {
        if (s.what.kind == quorate::event_kind::document) last = s.what;
        return true;
    });
    if (!read) throw failure(read.error());
    if (!last) return std::nullopt;
    return quorate::roster_of(*last).value();
}

/// Those that `serve` has blocked in all threads.
sigset_t awaited_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int n : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaddset(&signals, n);
    return signals;
}

class service {
public:
    /// `of_github`: the token, or the App's key.
    service(const settings& s, const run_options& o, quorate::charter rules, std::string path, const std::string& of_github, std::string secret)
        : settings_(s), rules_(std::move(rules)), path_(std::move(path)), inbox_(path_), store_(path_), leader_(path_ + ".worker.lock"),
          client_(http_client(s.api, {.body = largest_answer})), as_(authority_for(s, *client_, of_github)),
          github_(*client_, *as_, s.bot_id, {[this](milliseconds t) { sleep(t); }, seconds_now}),
          dry_(github_), outside_(o.dry ? static_cast<forge*>(&dry_) : &github_),
          hook_(inbox_, std::move(secret), s, counts_, now, [main = pthread_self()] { (void)pthread_kill(main, SIGUSR1); }) {}

    void run() {
        server_ = std::make_unique<http_server>(settings_.address, settings_.port, http_limits{.body = largest_body}, [this](const http_request& r) { return hook_.answer(r); });
        std::printf("listening on %s:%u\n", settings_.address.c_str(), static_cast<unsigned>(server_->port()));
        if (settings_.pages) {
            pages_ = std::make_unique<page_server>(settings_, path_, now, say);
            std::printf("pages on %s:%u\n", settings_.pages->address.c_str(), static_cast<unsigned>(pages_->port()));
        }
        std::fflush(stdout);
        while (!ending_) {
            woken_ = false;
            const auto pause = once();
            wait(woken_ ? quorate::duration{} : pause);  // what came during the round may have come after it looked
        }
        say("ending");
        server_->stop();
        pages_.reset();
        if (leads_) leader_.unlock();
    }

private:
    static std::int64_t seconds_now() { return static_cast<std::int64_t>(std::time(nullptr)); }
    static std::unique_ptr<authority> authority_for(const settings& s, transport& to, const std::string& of_github) {
        if (s.app == 0) return std::make_unique<fixed_token>(of_github);
        return std::make_unique<app_authority>(to, s.app, of_github, seconds_now);
    }
    /// For so long, or until a signal comes; no more at all once it is told to end: nobody waits for what is tried once more.
    void wait(nanoseconds t) {
        if (ending_) return;
        const auto     ns = t.count();
        const timespec limit{static_cast<time_t>(ns / 1'000'000'000), static_cast<long>(ns % 1'000'000'000)};
        const auto     signals = awaited_signals();
        const int      got = ::sigtimedwait(&signals, nullptr, &limit);
        ending_ = got == SIGTERM || got == SIGINT;
        woken_ = woken_ || got == SIGUSR1;
        if (got == SIGHUP) roster_seen_ = {};
    }
    /// What GitHub asks for: deliveries, which end other waits, don't end this one.
    void sleep(milliseconds t) {
        wait_out(t, [] { return steady_clock::now().time_since_epoch(); }, [this](nanoseconds left) { wait(left); }, [this] { return ending_; });
    }
    /// A round, if this process is the one that acts; how long to wait for the next.
    quorate::duration once() {
        try {
            if (!leads_ && !(leads_ = leader_.try_lock())) {
                counts_.set(count::standing_by, 1);
                return std::min<quorate::duration>(settings_.poll, seconds{1});
            }
            counts_.set(count::standing_by, 0);
            if (!worker_) begin();
            look_at_roster();
            const auto at = now();
            const auto report = worker_->round(at);
            auto       pause = report.failures != 0 ? std::min<quorate::duration>(settings_.poll, seconds{10}) : settings_.poll;
            if (report.next && *report.next > at) pause = std::min(pause, *report.next - at);
            return pause;
        } catch (const failure& e) {
            say(std::string("the journal or a document fails, beginning anew: ") + e.what());
            counts_.add(count::journal_failures);
            worker_.reset();
            engine_.reset();
            return seconds{5};
        }
    }
    void begin() {
        auto people = stored_roster(store_);
        if (!people) people = read_roster_file(settings_.roster).value();
        engine_.emplace(quorate::engine::make(rules_, *people, quorate::open_sqlite_journal(path_).value()).value());
        worker_ = std::make_unique<worker>(*engine_, store_, settings_, *outside_, counts_, say);
        worker_->end_when([this] { return wait({}), ending_; });
        roster_seen_ = {};
    }
    /// What can't be read changes nothing.
    void look_at_roster() {
        struct stat about {};
        if (::stat(settings_.roster.c_str(), &about) != 0) return say("the roster file can't be looked at; the roster stays as it is");
        if (roster_seen_ && about.st_mtim.tv_sec == roster_seen_->tv_sec && about.st_mtim.tv_nsec == roster_seen_->tv_nsec) return;
        roster_seen_ = about.st_mtim;
        auto read = read_roster_file(settings_.roster);
        if (!read) return say("the roster stays as it is: " + read.error().what());
        worker_->follow(std::move(read.value()));
    }

    const settings&                settings_;
    quorate::charter               rules_;
    std::string                    path_;
    quorate::sqlite_journal        inbox_;  ///< of the server's thread
    quorate::sqlite_journal        store_;
    quorate::file_lock             leader_;
    bool                           leads_ = false;
    metrics                        counts_;
    bool                           ending_ = false, woken_ = false;
    std::unique_ptr<transport>     client_;
    std::unique_ptr<authority>     as_;
    github                         github_;
    dry_forge                      dry_;
    forge*                         outside_;
    webhook                        hook_;
    std::optional<quorate::engine> engine_;
    std::unique_ptr<worker>        worker_;
    std::optional<timespec>        roster_seen_;
    std::unique_ptr<http_server>   server_;
    std::unique_ptr<page_server>   pages_;
};

}  // namespace

quorate::result<quorate::charter> load_charters(const settings& s) {
    std::vector<quorate::charter> all;
    for (const auto& path : s.charters) {
        auto c = quorate::load_charter_file(path, s.charters.size() == 1 ? s.parameters : decltype(s.parameters){});
        if (!c) return c;
        all.push_back(c.value());
    }
    return all.size() == 1 ? quorate::result<quorate::charter>(all.front()) : quorate::join_charters(all, "charter", s.parameters);
}

quorate::result<loaded> load(const settings& s) {
    auto rules = load_charters(s);
    if (!rules) return rules.error();
    auto people = read_roster_file(s.roster);
    if (!people) return people.error();
    loaded all{std::move(rules.value()), std::move(people.value())};
    for (const auto& r : s.repositories) {
        if (all.rules.find(r.process) == nullptr) return quorate::make_error(quorate::errc::not_found, "no charter has the process \"" + r.process + "\"", r.name);
        for (const auto& area : r.areas)
            if (!all.people.team_named(area.second)) all.findings.push_back(r.name + ": \"" + area.first + "\" belongs to team \"" + area.second + "\", which is not in the roster: nobody can approve it");
    }
    // Of a charter's many processes those that are served; a profile such as "vote-board" is the process "vote_board".
    for (const auto& p : quorate::check(all.rules, all.people)) {
        const auto at = p.where.find("/processes/");
        const auto name = at == std::string::npos ? std::string() : p.where.substr(at + 11, p.where.find('/', at + 11) - at - 11);
        const bool served = name.empty() || std::any_of(s.repositories.begin(), s.repositories.end(), [&](const auto& r) { return name == r.process || name.starts_with(r.process + "_"); });
        if (served) all.findings.push_back(to_string(p));
    }
    return all;
}

void wait_out(nanoseconds t, const std::function<nanoseconds()>& clock, const std::function<void(nanoseconds)>& wait, const std::function<bool()>& ending) {
    const auto until = clock() + t;
    for (auto at = clock(); at < until && !ending(); at = clock()) wait(until - at);
}

int serve(const settings& s, const run_options& o) {
    // Before any thread is made, so that all leave them to this one.
    const auto signals = awaited_signals();
    (void)pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    try {
        auto       secret = read_secret(s.webhook_secret, "webhook_secret").value();
        const auto of_github = s.app == 0 ? read_secret(s.token, "github.token").value() : read_key(s.app_key, "github.app.key").value();
        auto       all = load(s).value();
        for (const auto& f : all.findings) say(f);
        std::optional<throw_away> dry;
        if (o.dry) dry.emplace();
        service(s, o, std::move(all.rules), dry ? dry->file() : whole_path(s.journal), of_github, std::move(secret)).run();
        return 0;
    } catch (const std::exception& e) {
        say(e.what());
        return 1;
    }
}

}  // namespace bot
