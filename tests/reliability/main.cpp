// quorate-reliability TRIAL [--seed N] [...]: one trial of the journal; tests/reliability/run runs them all.
#include <iostream>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trial.hpp"

namespace trial {

options::options(int argc, char** argv) {
    for (int i = 2; i < argc; ++i) {
        const std::string name(argv[i]);
        const bool        has_value = i + 1 < argc && std::string_view(argv[i + 1]).substr(0, 2) != "--";
        given_[name.substr(name.find_first_not_of('-'))] = has_value ? argv[++i] : "";
    }
    seed_ = number("seed", static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()));
}
std::uint64_t options::number(const std::string& name, std::uint64_t otherwise) const {
    const auto found = given_.find(name);
    return found == given_.end() ? otherwise : std::strtoull(found->second.c_str(), nullptr, 10);
}

bool report::check(bool holds, const std::string& what) {
    constexpr std::uint64_t most_told = 10;
    ++(holds ? passed_ : failed_);
    if (!holds && failed_ <= most_told) std::cout << name_ << " FAILED: " << what << '\n';
    return holds;
}
void report::activity(const std::string& what, std::uint64_t count, std::uint64_t least) {
    activities_ += (activities_.empty() ? "" : ", ") + std::to_string(count) + " " + what;
    check(count >= least, "only " + std::to_string(count) + " " + what + ", at least " + std::to_string(least) + " are needed");
}
int report::finish() const {
    std::cout << name_ << ": " << passed_ << " passed, " << failed_ << " failed; seed " << seed_ << "; " << activities_ << std::endl;
    return failed_ == 0 ? 0 : 1;
}

int start_process(const std::function<int()>& run) {
    std::cout.flush();
    const auto pid = ::fork();
    if (pid != 0) return pid;
    constexpr int threw = 99;
    int           code = threw;
    try {
        code = run();
    } catch (const std::exception& e) {
        std::cerr << "a process of the trial: " << e.what() << '\n';
    }
    ::_exit(code);
}
int wait_for(int pid) {
    int status = 0;
    if (::waitpid(pid, &status, 0) != pid) return -1;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

memory_directory::memory_directory() {
    const bool  shm = ::access("/dev/shm", W_OK) == 0;
    std::string pattern = std::string(shm ? "/dev/shm" : "/tmp") + "/quorate-trial-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw failure(make_error(errc::io, "no directory for the trial", pattern));
    path_ = pattern;
}
memory_directory::~memory_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}
void remove_journal(const std::string& path) {
    for (const auto* rest : {"", "-wal", "-shm", "-journal", ".lock"}) (void)::unlink((path + rest).c_str());
}

// ---- the workload ----------------------------------------------------------------------------------------------------------
result<void> store(sqlite_journal& j, std::uint64_t n, const std::string& stream) {
    const std::string        by = "command-" + std::to_string(n);
    const std::string        key = stream + "/" + by;
    const std::vector<event> two{journal_support::cast_by(by, "because of " + std::string(200 + n % 7 * 300, 'x')),
                                 journal_support::cast_by(by)};
    batch                    b;
    b.streams.push_back({stream, 2 * (n - 1), two});
    b.answers.push_back({key, "hash", "{}"});
    b.effects.push_back({.proposal = "p", .at = two[0].at, .kind = "label", .payload = "{\"n\":" + std::to_string(n) + "}"});
    const auto done = j.append(b);
    if (done) return {};
    if (done.error().code != errc::conflict) return done.error();
    const auto known = j.answer_to(key);
    if (!known) return known.error();
    return known.value() ? result<void>{} : result<void>(done.error());
}

std::string findings::text() const {
    return std::to_string(lost) + " lost, " + std::to_string(torn) + " torn, " + std::to_string(twice) + " twice " + damage;
}

std::string integrity(const std::string& path) {
    sqlite3*    db = nullptr;
    std::string says;
    const auto  keep = [](void* out, int, char** values, char**) {
        *static_cast<std::string*>(out) += values[0] == nullptr ? "" : values[0];
        return 0;
    };
    if (sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK ||
        sqlite3_exec(db, "PRAGMA integrity_check", keep, &says, nullptr) != SQLITE_OK)
        says = sqlite3_errmsg(db);
    sqlite3_close(db);
    return says == "ok" ? "" : says;
}

namespace {

void count(const std::vector<stored_event>& all, std::uint64_t effects, std::uint64_t acknowledged,
           std::uint64_t unacknowledged, findings& f) {
    f.stored = all.size() / 2;
    if (all.size() % 2 != 0 || effects != f.stored) ++f.torn;
    for (std::uint64_t i = 0; i < all.size(); ++i)
        if (all[i].what.by != "command-" + std::to_string(i / 2 + 1)) ++f.torn;
    std::map<std::string, int> seen;
    for (const auto& e : all) f.twice += ++seen[e.what.by] == 3 ? 1 : 0;
    f.lost = acknowledged > f.stored ? acknowledged - f.stored : 0;
    if (f.stored > acknowledged + unacknowledged) f.damage = "more is stored than was ever sent";
}

}  // namespace

findings inspect(const std::string& path, std::uint64_t acknowledged, std::uint64_t unacknowledged, bool goes_on) {
    findings f;
    auto opened = open_sqlite_journal(path);
    if (!opened) {
        f.damage = opened.error().what();
        return f;
    }
    auto& j = *opened.value();
    try {
        const auto sound = j.verify();
        if (!sound) f.damage = sound.error().what();
        else if (!sound.value().sound()) f.damage = sound.value().fault->what;
        if (!f.damage.empty()) return f;
        const auto effects = j.pending_effects(1'000'000);
        if (!effects) f.damage = effects.error().what();
        else count(journal_support::all_of(j), effects.value().size(), acknowledged, unacknowledged, f);
        if (f.damage.empty()) f.damage = integrity(path);
        if (f.damage.empty() && goes_on)
            if (const auto more = store(j, f.stored + 1); !more) f.damage = "the next append: " + more.error().what();
    } catch (const failure& e) {
        f.damage = e.what();
    }
    return f;
}

}  // namespace trial

int main(int argc, char** argv) {
    using namespace trial;
    const std::map<std::string, int (*)(const options&)> trials{{"kill9", kill9}, {"idem", idem},   {"powerloss", powerloss}, {"ioerr", ioerr},
                                                                {"oom", oom},     {"shared", shared}, {"backup", backup},     {"tamper", tamper},
                                                                {"flips", flips}, {"votes", votes},     {"erase", erase},         {"million", million},
                                                                {"floors", floors}};
    const auto found = argc < 2 ? trials.end() : trials.find(argv[1]);
    if (found == trials.end()) {
        std::cerr << "quorate-reliability TRIAL [--seed N] [...]; TRIAL is one of:";
        for (const auto& [name, run] : trials) std::cerr << ' ' << name;
        std::cerr << '\n';
        return 2;
    }
    try {
        return found->second(options(argc, argv));
    } catch (const std::exception& e) {
        std::cerr << argv[1] << ": " << e.what() << '\n';
        return 1;
    }
}
