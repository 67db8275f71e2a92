// Every allocation fails, of the library, of SQLite and of OpenSSL: once, or from then on.
#include <cstdlib>
#include <new>

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sqlite3.h>
#include <sys/mman.h>

#include "sha256.hpp"
#include "trial.hpp"

namespace {

bool          armed = false, lasting = false, failed = false;
std::uint64_t allocations = 0, fail_at = 0;

bool refuses() {
    if (!armed) return false;
    ++allocations;
    if (allocations != fail_at && !(lasting && allocations > fail_at)) return false;
    return failed = true;
}

}  // namespace

void* operator new(std::size_t size) {
    void* const p = refuses() ? nullptr : std::malloc(size == 0 ? 1 : size);
    if (p == nullptr) throw std::bad_alloc();
    return p;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return refuses() ? nullptr : std::malloc(size == 0 ? 1 : size); }
void operator delete(void* p, const std::nothrow_t&) noexcept { std::free(p); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

namespace trial {
namespace {

sqlite3_mem_methods usual;
void* sqlite_new(int size) { return refuses() ? nullptr : usual.xMalloc(size); }
void* sqlite_again(void* p, int size) { return refuses() ? nullptr : usual.xRealloc(p, size); }
void* openssl_new(std::size_t size, const char*, int) { return refuses() ? nullptr : std::malloc(size); }
void* openssl_again(void* p, std::size_t size, const char*, int) { return refuses() ? nullptr : std::realloc(p, size); }
void  openssl_free(void* p, const char*, int) { std::free(p); }

/// What is seen from outside of the process that may die of it.
struct progress {
    std::uint64_t at = 0, runs = 0, errors = 0, violations = 0;
    bool          over = false;
    char          what[400] = "";
};

/// A life of a journal. `acknowledged` counts what was stored.
void live(const std::string& path, std::uint64_t& acknowledged) {
    constexpr std::uint64_t transactions = 4;
    sqlite_journal          j{path, {.patience = std::chrono::milliseconds{20}, .checkpoint_pages = 4}};
    for (std::uint64_t n = 1; n <= transactions; ++n)
        if (!store(j, n)) break;
        else acknowledged = n;
    std::uint64_t seen = 0;
    (void)j.read({}, 0, [&](const stored_event&) { return ++seen > 0; });
    (void)j.verify();
    (void)j.done(1);
    (void)j.current_checkpoint();
}

void fail_each(const std::string& path, bool from_then_on, std::uint64_t step, progress& p) {
    for (; !p.over; p.at += step) {
        remove_journal(path);
        std::uint64_t acknowledged = 0;
        lasting = from_then_on;
        failed = false;
        allocations = 0;
        fail_at = p.at;
        armed = true;
        bool threw = false;
        try {
            live(path, acknowledged);
        } catch (const std::bad_alloc&) {
            threw = true;
        } catch (const failure&) {
            threw = true;
        }
        armed = false;
        p.over = !failed;
        ++p.runs;
        p.errors += threw ? 1 : 0;
        // Without the record of what is done, an effect is missing from those that are pending.
        const auto j = open_sqlite_journal(path);
        const auto all = j ? journal_support::all_of(*j.value()).size() : 0;
        const auto sound = j && j.value()->verify().value().sound();
        const auto next = j ? store(*j.value(), all / 2 + 1) : result<void>(j.error());
        std::string wrong;
        if (!j) wrong = j.error().what();
        else if (!sound) wrong = "the chain is broken";
        else if (all % 2 != 0 || all / 2 < acknowledged || all / 2 > acknowledged + 1)
            wrong = std::to_string(all) + " events for " + std::to_string(acknowledged) + " transactions acknowledged";
        else if (!next) wrong = "the next append: " + next.error().what();
        else wrong = integrity(path);
        if (wrong.empty()) continue;
        ++p.violations;
        wrong = "allocation " + std::to_string(p.at) + ": " + wrong;
        wrong.copy(p.what, sizeof p.what - 1);
    }
}

}  // namespace

int oom(const options& o) {
    if (CRYPTO_set_mem_functions(openssl_new, openssl_again, openssl_free) != 1) throw failure(make_error(errc::io, "OpenSSL was in use already"));
    (void)sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual);
    auto failing_memory = usual;
    failing_memory.xMalloc = sqlite_new;
    failing_memory.xRealloc = sqlite_again;
    (void)sqlite3_config(SQLITE_CONFIG_MALLOC, &failing_memory);
    (void)sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);  // or most would never be asked for
    // What OpenSSL sets up once for the whole process it doesn't survive when that fails: not of this library's making.
    armed = false;
    (void)sha256_hex("warm");
    unsigned char random = 0;
    if (RAND_bytes(&random, 1) != 1) throw failure(make_error(errc::io, "OpenSSL has no random bytes"));
    report                 out("oom", o);
    const memory_directory dir;
    void* const            shared_memory = ::mmap(nullptr, sizeof(progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared_memory == MAP_FAILED) throw failure(make_error(errc::io, "no shared memory"));
    std::uint64_t runs = 0, errors = 0, crashes = 0;
    const auto    step = o.number("step", 5);
    for (const bool from_then_on : {false, true}) {
        auto* const p = new (shared_memory) progress{};
        p->at = 1 + o.seed() % step;
        while (!p->over) {
            const auto code = wait_for(start_process([&] {
                fail_each(dir.file(), from_then_on, step, *p);
                return 0;
            }));
            if (code == 0) break;
            constexpr std::uint64_t most_crashes = 20;
            out.check(false, "allocation " + std::to_string(p->at) + (from_then_on ? " and all after it" : "") + ": died with " + std::to_string(code));
            p->at += step;
            if (++crashes == most_crashes) break;
        }
        out.check(p->violations == 0, p->what);
        runs += p->runs;
        errors += p->errors;
    }
    out.check(crashes == 0, "it crashed");
    out.activity("runs", runs, o.number("min-runs", 100));
    out.activity("of them with an error", errors, runs / 4);
    return out.finish();
}

}  // namespace trial
