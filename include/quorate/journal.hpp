// The append-only store of events, and the outbox of effects. Small on purpose: another store is a day's work.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/event.hpp>
#include <quorate/result.hpp>

namespace quorate {

/// An event as stored: where in the whole journal, in which stream, as which version of it (from 1).
struct stored_event {
    std::uint64_t seq = 0;
    std::string   stream{};
    std::uint64_t version = 0;
    event         what;
};

/// Something for the host to do outside. Leaves only through the outbox, at least once: reconcile by `id`.
struct effect {
    std::uint64_t id = 0;        ///< assigned by the journal, unique in it for ever
    std::string   proposal{};
    instant       at{};
    std::string   kind{};
    std::string   payload{};       ///< a JSON object: what the charter says, with subject, stage, disposition

    friend bool operator==(const effect&, const effect&) = default;
};

/// Events for one stream, to be appended if it still is at `expected`. Without events it only says that: what the batch
/// stores was decided by what that stream says.
struct stream_append {
    std::string           stream{};
    std::uint64_t         expected = 0;  ///< its version now; 0: it doesn't exist yet
    std::span<const event> events;
};

/// What a command came to, kept under its key: the same key with the same command answers the same again.
struct kept_answer {
    std::string key{};
    std::string command_hash{};  ///< of the command's canonical JSON and its stream
    std::string answer{};        ///< JSON: the events' versions, or the refusal
};

/// One transaction.
struct batch {
    std::vector<stream_append>   streams{};
    std::vector<effect>      effects{};   ///< `id` is ignored and assigned
    std::vector<kept_answer> answers{};
};

/// Where a chain of events stands: to be kept elsewhere, so that even a rewritten or rolled back journal is found out.
struct checkpoint {
    std::uint64_t seq = 0;
    std::string   hash{};  ///< hex; of the chain up to and including `seq`

    friend bool operator==(const checkpoint&, const checkpoint&) = default;
};

/// What an engine derived from the events up to one of them, kept beside the chain so that a long journal opens quickly
/// (`engine::compact`). The events say all of it: without it, nothing is lost but time.
struct snapshot {
    std::uint64_t as_of = 0;  ///< sequence number of the last event that it was derived from
    std::string   body{};     ///< the engine's own matter; empty when it isn't to be used
    std::string   fault{};    ///< why not: it was altered, or the chain isn't the one that it was derived from
};

/// A store of events. Implementations are for one thread at a time unless they say otherwise. After an error other than
/// `conflict` nothing of the batch is stored.
class journal {
public:
    virtual ~journal() = default;

    /// Stores a batch whole or not at all; returns once it is as durable as this journal promises. `conflict` when a stream is
    /// not at the expected version, or a key is kept already. Returns the sequence number of the first event stored.
    [[nodiscard]] virtual result<std::uint64_t> append(const batch& b) = 0;

    /// Calls `visit` for every event with seq > `after`, in order, of one stream or (empty) of all. `visit` returns false to
    /// stop, and may not call back into the journal.
    [[nodiscard]] virtual result<void> read(std::string_view stream, std::uint64_t after,
                                            const std::function<bool(const stored_event&)>& visit) = 0;

    /// The same for some streams only, and up to `until`: what a few of many proposals are folded from. Unknown ones are fine.
    [[nodiscard]] virtual result<void> read_some(std::span<const std::string> streams, std::uint64_t until,
                                                 const std::function<bool(const stored_event&)>& visit);

    /// The highest sequence number, 0 when empty.
    [[nodiscard]] virtual result<std::uint64_t> last() = 0;

    /// What is kept under this key, if anything.
    [[nodiscard]] virtual result<std::optional<kept_answer>> answer_to(std::string_view key) = 0;

    /// Effects not yet done, oldest first.
    [[nodiscard]] virtual result<std::vector<effect>> pending_effects(std::size_t most) = 0;
    /// Marks an effect as done; doing so twice is fine. `not_found` for an id that never was.
    [[nodiscard]] virtual result<void> done(std::uint64_t effect_id) = 0;

    /// What was kept last, if anything. Journals that keep none always say so: engines then fold every event.
    [[nodiscard]] virtual result<std::optional<snapshot>> kept_snapshot();
    /// Keeps this in place of the former, bound to the event `as_of`; with an empty body, throws the former away. Events are never
    /// touched. `unsupported` by journals that keep none, `not_found` when there is no such event.
    [[nodiscard]] virtual result<void> keep_snapshot(std::uint64_t as_of, std::string_view body);

    /// Whether commands must carry idempotency keys: true where a crash between commit and answer can happen.
    [[nodiscard]] virtual bool durable() const = 0;
};

/// Keeps everything in memory.
[[nodiscard]] std::unique_ptr<journal> memory_journal();

}  // namespace quorate
