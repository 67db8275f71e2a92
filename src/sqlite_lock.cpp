#include "sqlite_lock.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace quorate {
namespace {

// Bytes of the lock file that are locked; the file itself stays empty.
constexpr int lock_byte = 0;
constexpr int turnstile_byte = 1;
constexpr auto shortest_nap = std::chrono::microseconds{20};
constexpr auto longest_nap = std::chrono::microseconds{500};

/// Types of file systems (magic numbers of statfs(2)) on which locks don't reach all who have the file open, or on
/// which its shared memory isn't shared: a write-ahead log can't work there.
constexpr std::array<std::pair<unsigned long, std::string_view>, 16> untrusted_types{{
    {0x6969, "NFS"},          {0x517B, "SMB"},          {0xFE534D42, "SMB2"},     {0xFF534D42, "CIFS"},
    {0x01021997, "9p"},       {0x65735546, "FUSE"},     {0x5346414F, "AFS"},      {0x6B414653, "kAFS"},
    {0x73757245, "Coda"},     {0x564C, "NCP"},          {0x00C36400, "Ceph"},     {0x0BD00BD0, "Lustre"},
    {0x47504653, "GPFS"},     {0x7461636F, "OCFS2"},    {0x01161970, "GFS2"},
        {0x786F4256, "VirtualBox shared folder"},
}};

[[noreturn]] void system_error(std::string doing, const std::string& path, int number) {
    const auto code = number == ENOENT || number == ENOTDIR ? errc::not_found : errc::io;
    throw failure(make_error(code, std::move(doing) + ": " + std::generic_category().message(number), path));
}

std::string directory_of(const std::string& path) {
    auto parent = std::filesystem::path(path).parent_path().string();
    return parent.empty() ? "." : parent;
}

void sync(const std::string& name) {
    const int file = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) system_error("can't open", name, errno);
    const int failed = ::fsync(file) == 0 ? 0 : errno;
    ::close(file);
    if (failed != 0) system_error("can't sync", name, failed);
}

}  // namespace

file_lock::file_lock(const std::string& path) : path_(path) {
    constexpr mode_t everybody = 0666;  // less the umask: whoever may write the journal must be able to lock it
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, everybody);
    if (file_ < 0) system_error("can't open the lock file", path, errno);
}

file_lock::~file_lock() {
    if (file_ >= 0) ::close(file_);
}

bool file_lock::take(int byte, short type) const {
    struct flock range {};
    range.l_type = type;
    range.l_whence = SEEK_SET;
    range.l_start = byte;
    range.l_len = 1;
    for (;;) {
        if (::fcntl(file_, F_OFD_SETLK, &range) == 0) return true;
        if (errno == EAGAIN || errno == EACCES) return false;
        if (errno != EINTR) system_error("can't lock", path_, errno);
    }
}

/// OFD locks know no time-out, and an alarm is not for a library to set: so this polls. The naps are short against an
/// fdatasync.
void file_lock::wait_for(int byte, deadline until) const {
    auto nap = shortest_nap;
    while (!take(byte, F_WRLCK)) {
        if (std::chrono::steady_clock::now() >= until)
            throw failure(make_error(errc::io, "the journal is locked by another program for too long", path_,
                                     "is one stopped, or in a long import? `fuser` shows who has the file open"));
        std::this_thread::sleep_for(nap);
        // Only one waits for the lock itself, and wakes often; those behind need not.
        if (byte == turnstile_byte) nap = std::min(nap * 2, longest_nap);
    }
}

void file_lock::lock(deadline until) {
    wait_for(turnstile_byte, until);
    try {
        wait_for(lock_byte, until);
    } catch (...) {
        (void)take(turnstile_byte, F_UNLCK);
        throw;
    }
    (void)take(turnstile_byte, F_UNLCK);
}

bool file_lock::try_lock() { return take(lock_byte, F_WRLCK); }

void file_lock::unlock() noexcept {
    struct flock range {};
    range.l_type = F_UNLCK;
    range.l_whence = SEEK_SET;
    range.l_start = lock_byte;
    range.l_len = 1;
    (void)::fcntl(file_, F_OFD_SETLK, &range);
}

std::string_view untrusted_type(unsigned long type) noexcept {
    for (const auto& [magic, name] : untrusted_types)
        if (magic == (type & 0xFFFFFFFFUL)) return name;
    return {};
}

std::string untrusted_file_system(const std::string& path) {
    struct statfs about {};
    const auto    directory = directory_of(path);
    if (::statfs(path.c_str(), &about) != 0 && ::statfs(directory.c_str(), &about) != 0)
        system_error("can't ask for the file system", directory, errno);
    return std::string(untrusted_type(static_cast<unsigned long>(about.f_type)));
}

bool check_journal_file(const std::string& path) {
    struct stat                about {};
    struct statvfs             disk {};
    const bool                 there = ::stat(path.c_str(), &about) == 0;
    if (!there && errno != ENOENT) system_error("can't open", path, errno);
    const auto directory = directory_of(path);
    if (::statvfs(directory.c_str(), &disk) != 0) system_error("can't open its directory", path, errno);
    if ((disk.f_flag & ST_RDONLY) != 0)
        throw failure(make_error(errc::io, "the disk is mounted read-only", path, "mount it for writing, or copy the journal elsewhere"));
    // SQLite takes a file of one byte for an empty one, and would take the log for a leftover of a file that was deleted, and delete it, with all that it holds.
    struct stat log {};
    const bool  has_log = ::stat((path + "-wal").c_str(), &log) == 0 && log.st_size > 0;
    if (has_log && (!there || (S_ISREG(about.st_mode) && about.st_size <= 1)))
        throw failure(make_error(errc::damaged, there ? "is empty, but its write-ahead log is not" : "is missing, but its write-ahead log is there",
                                 path, "put the journal back beside \"" + path + "-wal\", or move that away to begin anew"));
    if (!there) return false;
    if (S_ISDIR(about.st_mode)) throw failure(make_error(errc::io, "is a directory", path, "name a file in it"));
    if (!S_ISREG(about.st_mode)) throw failure(make_error(errc::io, "is no regular file", path));
    constexpr mode_t anybody_writes = 0222;
    if ((about.st_mode & anybody_writes) == 0 || ::access(path.c_str(), W_OK) != 0)
        throw failure(make_error(errc::io, "the file is read-only", path, "allow writing to it, or copy it elsewhere"));
    return true;
}

void sync_new_file(const std::string& path) {
    sync(path);
    sync(directory_of(path));
}

void sync_directory_of(const std::string& path) { sync(directory_of(path)); }

}  // namespace quorate
