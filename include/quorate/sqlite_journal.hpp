// A journal in one SQLite file, for one program or for several at once. Opt-in; SQLite itself is not needed to
// compile this.
//
//     quorate::engine engine{charter, roster, quorate::sqlite_journal{"decisions.db"}};
//
// Durability: what `append` acknowledged is as durable as fdatasync on your disk. A crash of the program or of the
// machine at any point loses no acknowledged batch and leaves no half one; a batch may be stored whose
// acknowledgement never came, which is what idempotency keys are for. A disk that lies about flushing can't be
// helped.
//
// Sharing: processes on one machine may have the same file open; each sees what the others committed. Every write and
// every checkpoint of the write-ahead log happens under an advisory lock on the file "<path>.lock", since SQLite
// before 3.51.3 can corrupt a log that is reset while another process writes. Tools that checkpoint by themselves
// (litestream, the sqlite3 shell when it is the last to close) bypass the lock: use `backup_to` and `export_lines`
// instead while a program writes. Network file systems are refused.
//
// What an independent verifier needs to know. All events form one chain, in the order of `seq`, which counts from 1
// without gaps. With field(x) = the length of x in bytes as 4 bytes, big-endian, then x itself; u64 and i64 = 8
// bytes, big-endian, two's complement; previous = the hash of the event before, 32 zero bytes before the first:
//
//     hash = SHA-256( "quorate1" previous u64(seq) field(stream) u64(version) field(kind) i64(at_us) i64(noted_us)
//                     field(actor) field(payload) field(text_hash) )
//     text_hash = SHA-256( salt body ), or empty when the event never had free text; salt is 16 random bytes
//
// with the bytes as they stand in the columns of those names in the tables "event" and "text". All columns are thus
// covered; the body may be erased (and the salt with it, so that a short text can't be guessed from its hash) without
// breaking the chain. A journal is sound when moreover
//
// - the version of an event is one more than that of the event before it in the same stream, or 1;
// - a row of "text" stands only beside an event with a text_hash;
// - an event with a text_hash has such a row, or its seq is erased: named, in decimal, in the list "names" of the
//   payload of an event of stream "erasure" (kind "document"; the payload is a JSON object);
// - the kind is one of those of event.hpp and the payload what it writes. (Only a journal written anew breaks this
//   with right hashes.)
//
// and, given a checkpoint "seq:hash" kept elsewhere, the event of that seq has that hash.
//
// The tables "answer", "outbox" and "snapshot" are no part of the chain. A snapshot (`engine::compact`) is derived from
// the events and bound to the hash of the last of them and to its own content: one that was altered, or belongs to
// another chain, is noticed and not used, which costs time and loses nothing. Whoever can write the file could also bind a
// forged one; `engine::check_snapshot`, and with it "quorate journal verify", derives it anew and tells the difference.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <quorate/journal.hpp>

namespace quorate {

// ---- limits and names -----------------------------------------------------------------------------------------------
inline constexpr int           journal_schema = 2;             ///< user_version of the files that are written
inline constexpr std::uint32_t journal_application_id = 0x716F7231;  ///< "qor1"
inline constexpr std::size_t   journal_page = 4'096;           ///< events read in one read transaction
inline constexpr std::size_t   largest_stored_text = std::size_t{4} << 20;     ///< bytes of one event's free text
inline constexpr std::size_t   largest_stored_payload = std::size_t{4} << 20;  ///< bytes of an event's payload
inline constexpr std::size_t largest_snapshot = std::size_t{512} << 20;        ///< bytes
/// Bytes; escapes may blow up a text sixfold.
inline constexpr std::size_t longest_export_line = std::size_t{64} << 20;
/// Reserved for events that record the erasure of free text.
inline constexpr std::string_view erasure_stream = "erasure";

struct sqlite_options {
    /// How long a call may wait for other processes before it fails with `io`.
    std::chrono::milliseconds patience{10'000};
    /// Make a new journal when there is no file; otherwise `not_found`.
    bool create = true;
    /// Check every event's hash while reading: an altered event is `damaged` instead of believed.
    bool verify_on_read = false;
    /// Pages of 4 KiB in the write-ahead log beyond which it is copied into the file.
    std::uint32_t checkpoint_pages = 4'096;
    /// Trust a file system that is on the list of those that can't be trusted (network file systems, FUSE).
    bool any_file_system = false;
};

/// Where the chain is broken first: this event, or what should stand in its place, isn't what was written.
struct chain_fault {
    std::uint64_t seq = 0;
    std::string   stream{};  ///< as it stands in the file now; empty when the event is missing
    std::string   what{};    ///< "its text is not what was written", ...

    friend bool operator==(const chain_fault&, const chain_fault&) = default;
};

/// What `verify` found.
struct chain_report {
    checkpoint                 head{};        ///< up to where the chain is sound
    std::uint64_t              texts = 0;     ///< free texts that are there and are what was written
    std::uint64_t              erased = 0;    ///< free texts that were erased, each by a chained event
    std::optional<chain_fault> fault{};

    [[nodiscard]] bool sound() const { return !fault; }
};

/// See above. Movable; for one thread at a time: give each thread its own, on the same path. Not to be used in a
/// forked child (refused with `io`): open it there. Refusals of all calls: `io` when the store is busy beyond
/// patience, full, or says no; it is then unknown whether an `append` is stored, and sending it again with the same
/// key is safe. `damaged` when SQLite or quorate finds stored bytes broken. std::bad_alloc passes through, and leaves the
/// journal usable; whether an `append` is stored is then as unknown as after `io`.
class sqlite_journal final : public journal {
public:
    /// Opens or creates; throws `failure` where `open_sqlite_journal` returns an error.
    explicit sqlite_journal(std::string path, sqlite_options options = {});
    sqlite_journal(sqlite_journal&&) noexcept;
    sqlite_journal& operator=(sqlite_journal&&) noexcept;
    ~sqlite_journal() override;
    /// So that an engine can be made from a journal as it stands.
    operator std::unique_ptr<journal>() && {  // NOLINT: that is its purpose
        return std::make_unique<sqlite_journal>(std::move(*this));
    }

    /// One transaction, synced once. `conflict` also when another process wrote first. `invalid` for what would not
    /// come back the same: text that isn't UTF-8 or has U+0000, instants out of range or out of order, empty names of
    /// streams and keys. `limit` for texts and payloads beyond the limits above. Without events it returns the number
    /// that the next one gets.
    [[nodiscard]] result<std::uint64_t> append(const batch& b) override;
    [[nodiscard]] result<void> read(std::string_view stream, std::uint64_t after,
                                    const std::function<bool(const stored_event&)>& visit) override;
    [[nodiscard]] result<void> read_some(std::span<const std::string> streams, std::uint64_t until,
                                         const std::function<bool(const stored_event&)>& visit) override;
    [[nodiscard]] result<std::uint64_t> last() override;
    [[nodiscard]] result<std::optional<kept_answer>> answer_to(std::string_view key) override;
    [[nodiscard]] result<std::vector<effect>> pending_effects(std::size_t most) override;
    [[nodiscard]] result<void> done(std::uint64_t effect_id) override;
    /// Checks that it is whole, and that the event `as_of` is the one that it was derived from: else `fault` says so.
    [[nodiscard]] result<std::optional<snapshot>> kept_snapshot() override;
    [[nodiscard]] result<void> keep_snapshot(std::uint64_t as_of, std::string_view body) override;
    [[nodiscard]] bool durable() const override { return true; }

    // ---- maintenance ------------------------------------------------------------------------------------------------
    /// Where the chain stands. Keep it somewhere else (a mail, a git tag) and give it to `verify` later.
    [[nodiscard]] result<checkpoint> current_checkpoint();
    /// Recomputes the whole chain and finds the first event that isn't what was written. A journal that was cut,
    /// rolled back or rewritten as a whole is sound in itself: only a checkpoint kept elsewhere finds that out.
    [[nodiscard]] result<chain_report> verify(const std::optional<checkpoint>& known = std::nullopt);
    /// Erases the free text of these events for good and records that in the stream "erasure", as an event of kind
    /// `document` with detail "erasure" and the sequence numbers as names. `not_found` when one of them doesn't
    /// exist, `invalid` when one holds a charter, a roster or a change of it (nothing is then erased); those without text are fine. Afterwards the text is neither in the file nor in its log, but may be in
    /// backups, exports and on the disk's unused blocks. `io` when readers keep the log from being emptied: the text
    /// is then gone from all reads, but not yet from the log; doing it again finishes the job.
    [[nodiscard]] result<void> erase_texts(std::span<const std::uint64_t> seqs, std::string_view by, instant at);
    /// Writes everything (events with texts, answers, effects) as JSON lines. The same journal gives the same bytes.
    [[nodiscard]] result<void> export_lines(std::ostream& out);
    /// Reads what `export_lines` wrote, into an empty journal only (`conflict` otherwise), and checks the chain. All
    /// problems are reported with their line, at most a hundred; nothing is then stored.
    [[nodiscard]] result<void> import_lines(std::istream& in, std::string_view name = "import");
    /// Writes a consistent copy, as of now, to a new file, while others go on; synced. `conflict` if the file is
    /// there already.
    [[nodiscard]] result<void> backup_to(const std::string& path);
    /// Bytes of the write-ahead log. Readers that never finish make it grow.
    [[nodiscard]] result<std::uint64_t> log_bytes();

    struct impl;  // internal

private:
    std::unique_ptr<impl> impl_;
};

/// Opens the journal at `path`, or creates it. Refused, before anything is written: a path in a directory that doesn't
/// exist (`not_found`); a directory or device, a file or disk that is read-only (`io`); a file that is no database, of
/// another program or of a newer quorate, a file system that can't be trusted (`unsupported`); a broken database
/// (`damaged`), or a write-ahead log without the file that it belongs to (`damaged`: it holds what was acknowledged). Older files are migrated, in one transaction.
[[nodiscard]] result<std::unique_ptr<sqlite_journal>> open_sqlite_journal(std::string path,
    sqlite_options options = {});

}  // namespace quorate
