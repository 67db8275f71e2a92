// A file system for SQLite that records what is written and synced, so that the disk can be put together as a loss of power may
// leave it, and that can fail any operation. Stands before the real one; for one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "../journal_support.hpp"

namespace trial {

/// Something that changed a file or made changes durable.
struct disk_op {
    enum class kind : std::uint8_t { write, truncate, sync, remove };
    kind         what = kind::write;
    std::string  file{};      ///< path
    std::int64_t where = 0;   ///< offset, or the new size
    std::string  bytes{};
};

/// Contents of files by path.
using disk = std::map<std::string, std::string>;

enum class failing : std::uint8_t { never, once, from_then_on, full_from_then_on };

class fault_vfs {
public:
    /// From now on until `end`, what opens a database uses this. `synchronous`: what "PRAGMA synchronous" is turned into: "" for
    /// what is asked, "1" for NORMAL, "0" for OFF.
    static void begin(const std::string& synchronous = {});
    static void end();
    /// In this process from now on, a checkpoint pauses that long where SQLite before 3.51.3 has read the log's header and is about
    /// to look how much of it is copied already: a writer who begins the log anew in between is what corrupts the file.
    static void pause_checkpoints(std::uint32_t microseconds);

    [[nodiscard]] static const std::vector<disk_op>& ops();
    /// The operation (counted from 1, reads and openings too) from which on calls fail.
    static void fail(failing how, std::uint64_t at);
    [[nodiscard]] static std::uint64_t calls();
    [[nodiscard]] static bool          failed();  ///< some call since `fail`
};

/// The files as they may be after power was lost after the first `done` operations: what was synced is there; of what was not,
/// the dice say: any part of it, in any order, torn at sectors. Seed 0 loses all of that, seed 1 keeps it.
[[nodiscard]] disk after_power_loss(const disk& before, const std::vector<disk_op>& ops, std::size_t done, std::uint64_t seed);
/// Writes the files of a disk into another directory.
void write_disk(const disk& files, const std::string& directory);
/// The files of a journal as they are.
[[nodiscard]] disk read_disk(const std::string& journal);

}  // namespace trial
