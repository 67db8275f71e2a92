#include "fault_vfs.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <utility>

namespace trial {
namespace {

struct shared_state {
    sqlite3_vfs*         real = nullptr;
    sqlite3_vfs          shim{};
    std::vector<disk_op> ops;
    std::string          synchronous;
    failing              how = failing::never;
    std::uint64_t        fail_at = 0, calls = 0;
    bool                 failed = false;
    bool                 recording = false;
    std::uint32_t        pause_us = 0;
};
shared_state state;

/// What SQLite allocates for a file: ours, and the real one behind it.
struct shim_file {
    sqlite3_file  base;
    bool          recorded;
    std::string*  path;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
shim_file* shim(sqlite3_file* f) { return reinterpret_cast<shim_file*>(f); }
sqlite3_file* real(sqlite3_file* f) { return shim(f)->real(); }

/// Whether this call is to fail. `grows`: it needs room on the disk.
bool fails(bool grows = false) {
    ++state.calls;
    if (state.how == failing::never || state.calls < state.fail_at) return false;
    if (state.how == failing::once && state.calls != state.fail_at) return false;
    if (state.how == failing::full_from_then_on && !grows) return false;
    state.failed = true;
    return true;
}
int code(int io_error) { return state.how == failing::full_from_then_on ? SQLITE_FULL : io_error; }
void record(sqlite3_file* f, disk_op::kind what, std::int64_t where = 0, std::string bytes = {}) {
    if (shim(f)->recorded && state.recording) state.ops.push_back({what, *shim(f)->path, where, std::move(bytes)});
}

int close(sqlite3_file* f) {
    const int done = real(f)->pMethods->xClose(real(f));
    delete shim(f)->path;
    return done;
}
int read(sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
    return fails() ? SQLITE_IOERR_READ : real(f)->pMethods->xRead(real(f), to, size, at);
}
int write(sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
    if (fails(true)) return code(SQLITE_IOERR_WRITE);
    record(f, disk_op::kind::write, at, std::string(static_cast<const char*>(from), static_cast<std::size_t>(size)));
    return real(f)->pMethods->xWrite(real(f), from, size, at);
}
int truncate(sqlite3_file* f, sqlite3_int64 size) {
    if (fails()) return SQLITE_IOERR_TRUNCATE;
    record(f, disk_op::kind::truncate, size);
    return real(f)->pMethods->xTruncate(real(f), size);
}
int sync(sqlite3_file* f, int flags) {
    if (fails(true)) return code(SQLITE_IOERR_FSYNC);
    record(f, disk_op::kind::sync);
    return real(f)->pMethods->xSync(real(f), flags);
}
int file_size(sqlite3_file* f, sqlite3_int64* size) {
    return fails() ? SQLITE_IOERR_FSTAT : real(f)->pMethods->xFileSize(real(f), size);
}
int lock(sqlite3_file* f, int how) { return fails() ? SQLITE_IOERR_LOCK : real(f)->pMethods->xLock(real(f), how); }
int unlock(sqlite3_file* f, int how) { return real(f)->pMethods->xUnlock(real(f), how); }
int reserved(sqlite3_file* f, int* out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); }
int control(sqlite3_file* f, int what, void* with) {
    if (what == SQLITE_FCNTL_PRAGMA && !state.synchronous.empty()) {
        // The value is in memory of the parser's: a shorter one may be put in its place.
        auto* const* words = static_cast<char**>(with);
        if (words[1] != nullptr && words[2] != nullptr && std::strcmp(words[1], "synchronous") == 0)
            std::memcpy(words[2], state.synchronous.c_str(), state.synchronous.size() + 1);
    }
    return real(f)->pMethods->xFileControl(real(f), what, with);
}
int sector(sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); }
int character(sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }
int shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
    return fails(true) ? code(SQLITE_IOERR_SHMMAP) : real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
}
int  shm_lock(sqlite3_file* f, int at, int n, int how) { return real(f)->pMethods->xShmLock(real(f), at, n, how); }
void shm_barrier(sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); }
int  shm_unmap(sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); }

int fetch(sqlite3_file*, sqlite3_int64, int, void** out) {
    *out = nullptr;
    return SQLITE_OK;
}
int unfetch(sqlite3_file*, sqlite3_int64, void* page) {
    if (page == nullptr && state.pause_us != 0) ::usleep(state.pause_us);
    return SQLITE_OK;
}

const sqlite3_io_methods methods{3,    close,    read,    write,  truncate,  sync,    file_size, lock,     unlock,      reserved,
                                 control, sector, character, shm_map, shm_lock, shm_barrier, shm_unmap, fetch,   unfetch};

int open(sqlite3_vfs*, const char* name, sqlite3_file* f, int flags, int* out) {
    auto* const mine = shim(f);
    mine->base.pMethods = nullptr;
    if (fails()) return SQLITE_CANTOPEN;
    const int done = state.real->xOpen(state.real, name, mine->real(), flags, out);
    if (mine->real()->pMethods == nullptr) return done;
    mine->path = new std::string(name == nullptr ? "" : name);
    mine->recorded = name != nullptr && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    mine->base.pMethods = &methods;
    return done;
}
int remove(sqlite3_vfs*, const char* name, int sync_directory) {
    if (fails()) return SQLITE_IOERR_DELETE;
    if (state.recording) state.ops.push_back({disk_op::kind::remove, name, 0, {}});
    return state.real->xDelete(state.real, name, sync_directory);
}

// ---- putting disks together ---------------------------------------------------------------------------------------------------
constexpr std::size_t sector_size = 512;

void put(std::string& file, std::size_t at, std::string_view bytes) {
    if (file.size() < at + bytes.size()) file.resize(at + bytes.size(), '\0');
    file.replace(at, bytes.size(), bytes);
}
void apply_whole(std::string& file, const disk_op& op) {
    if (op.what == disk_op::kind::write) put(file, static_cast<std::size_t>(op.where), op.bytes);
    else if (op.what == disk_op::kind::truncate) file.resize(static_cast<std::size_t>(op.where), '\0');
}
/// Some sectors of it, some of those with rubbish.
void apply_torn(std::string& file, const disk_op& op, journal_support::dice& d) {
    if (op.what != disk_op::kind::write) return;
    const auto start = static_cast<std::size_t>(op.where);
    for (std::size_t at = 0; at < op.bytes.size();) {
        const auto end = std::min(op.bytes.size(), (start + at) / sector_size * sector_size + sector_size - start);
        auto       piece = op.bytes.substr(at, end - at);
        if (d.chance(8))
            for (auto& c : piece) c = static_cast<char>(d.below(256));
        if (!d.chance(2)) put(file, start + at, piece);
        at = end;
    }
}

}  // namespace

namespace {

void use_shim(bool recording) {
    if (state.real == nullptr) {
        state.real = sqlite3_vfs_find(nullptr);
        state.shim = *state.real;
        state.shim.zName = "fault";
        state.shim.szOsFile = state.real->szOsFile + static_cast<int>(sizeof(shim_file));
        state.shim.pNext = nullptr;
        state.shim.xOpen = open;
        state.shim.xDelete = remove;
    }
    state.recording = recording;
    sqlite3_vfs_register(&state.shim, 1);
}

}  // namespace

void fault_vfs::pause_checkpoints(std::uint32_t microseconds) {
    use_shim(false);
    state.pause_us = microseconds;
}
void fault_vfs::begin(const std::string& synchronous) {
    use_shim(true);
    state.ops.clear();
    state.synchronous = synchronous;
    fail(failing::never, 0);
}
void fault_vfs::end() {
    fail(failing::never, 0);
    sqlite3_vfs_register(state.real, 1);
}
const std::vector<disk_op>& fault_vfs::ops() { return state.ops; }
void fault_vfs::fail(failing how, std::uint64_t at) {
    state.how = how;
    state.fail_at = at;
    state.calls = 0;
    state.failed = false;
}
std::uint64_t fault_vfs::calls() { return state.calls; }
bool          fault_vfs::failed() { return state.failed; }

disk after_power_loss(const disk& before, const std::vector<disk_op>& ops, std::size_t done, std::uint64_t seed) {
    disk                                                durable = before;
    std::map<std::string, std::vector<const disk_op*>> pending;
    for (std::size_t i = 0; i < done; ++i) {
        const auto& op = ops[i];
        auto&       waiting = pending[op.file];
        if (op.what == disk_op::kind::remove) {
            durable.erase(op.file);
            waiting.clear();
        } else if (op.what != disk_op::kind::sync) {
            waiting.push_back(&op);
        } else {
            auto& file = durable[op.file];
            for (const auto* w : waiting) apply_whole(file, *w);
            waiting.clear();
        }
    }
    journal_support::dice d{seed * 1'000'003 + done};
    for (auto& [name, waiting] : pending) {
        if (waiting.empty() || seed == 0) continue;
        auto& file = durable[name];
        if (seed > 1 && d.chance(2))
            for (std::size_t i = waiting.size(); i > 1; --i) std::swap(waiting[i - 1], waiting[d.below(i)]);
        for (const auto* w : waiting) {
            const auto fate = seed == 1 ? 0 : d.below(3);
            if (fate == 0) apply_whole(file, *w);
            else if (fate == 1) apply_torn(file, *w, d);
        }
    }
    return durable;
}

void write_disk(const disk& files, const std::string& directory) {
    for (const auto& [path, bytes] : files) {
        std::ofstream out(directory + path.substr(path.rfind('/')), std::ios::binary);
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }
}
disk read_disk(const std::string& journal) {
    disk files;
    for (const auto* rest : {"", "-wal", "-journal"})
        if (::access((journal + rest).c_str(), F_OK) == 0) files[journal + rest] = journal_support::bytes_of_file(journal + rest);
    return files;
}

}  // namespace trial
