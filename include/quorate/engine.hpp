// Runs proposals: takes commands, lets time pass, answers questions, and keeps everything in a journal.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <quorate/charter.hpp>
#include <quorate/explain.hpp>
#include <quorate/journal.hpp>
#include <quorate/proposal.hpp>
#include <quorate/roster.hpp>

namespace quorate {

/// What happened to one proposal because of another: its outcome to its parent, that one's parent, and so on; what happened to a
/// parent to open proposals under it whose rules look at it; a place that it left to those who wait for one; and, where proposals
/// wait for each other's places, what was due in any of them before.
struct consequence {
    std::string        proposal{};  ///< its id
    std::vector<event> events{};
};

/// What a command came to: the events it made, or a refusal, or a fault of the store.
class receipt {
public:
    receipt() = default;
    explicit receipt(quorate::refusal r) : why_not_(std::move(r)) {}
    explicit receipt(quorate::error e) : fault_(std::move(e)) {}

    /// The command was accepted and what it did is stored.
    [[nodiscard]] bool accepted() const { return !why_not_ && !fault_; }
    [[nodiscard]] bool refused() const { return why_not_.has_value(); }
    /// Nothing of the command is stored; the host may try again with the same key.
    [[nodiscard]] bool failed() const { return fault_.has_value(); }
    /// Only when refused.
    [[nodiscard]] const quorate::refusal& refusal() const { return *why_not_; }
    /// Only when failed.
    [[nodiscard]] const quorate::error& fault() const { return *fault_; }

    std::string        proposal;       ///< its id
    std::vector<event> events;         ///< of the command, and of exits that were due; also when it was refused
    std::vector<consequence> elsewhere;  ///< in the same transaction or, if it was due before, an earlier one; parents first
    bool               repeated = false;  ///< the key was known: this is the answer given then, without events

private:
    std::optional<quorate::refusal> why_not_;
    std::optional<quorate::error>   fault_;
};

/// One command for one proposal, for `submit` of many.
struct request {
    std::string proposal{};
    command     what;
};

/// Which proposals to list. Empty fields don't restrict.
struct filter {
    std::string          process{};
    std::optional<phase> in{};
    bool                 open_only = false;
    std::string          waiting_for{};  ///< a person: only proposals where they are outstanding
    std::size_t          most = 1'000;
};

/// A vote about options as it may be told: the count with its working, and the ballots without whose they are.
struct counted_vote {
    tally::count                  count{};
    std::vector<anonymous_ballot> ballots{};  ///< marks are about `count.options`, in that order; sorted
};

/// What `engine::compact` kept.
struct compaction {
    std::uint64_t as_of = 0;      ///< the last event
    std::size_t   proposals = 0;
    std::size_t   at_rest = 0;    ///< of these: closed ones, of which an engine keeps no more than a line until somebody asks
    std::size_t   bytes = 0;
};

/// What `engine::check_snapshot` found.
struct snapshot_check {
    std::uint64_t as_of = 0;
    std::string   fault{};  ///< empty: it is, byte for byte, what the events give
};

/// The engine. Owns journal, roster and the proposals' states: all in memory, folded from the journal when it is made. Where the journal
/// keeps a snapshot that fits (`compact`), proposals at rest are folded when somebody asks for them, each from its own events. For one
/// thread at a time. Several engines, in several processes, may share one SQLite journal: each catches up before it decides.
class engine {
public:
    /// Uses `rules` for proposals opened from now on; those in the journal keep what they were opened under. Throws `failure`
    /// when the journal can't be read; `make` returns the error instead.
    engine(charter rules, roster people, std::unique_ptr<journal> store = memory_journal());
    [[nodiscard]] static result<engine> make(charter rules, roster people, std::unique_ptr<journal> store = memory_journal());
    /// From a journal alone: with the charter and the roster stored last. `not_found` when it holds none, `damaged` or `invalid` when
    /// they can't be read.
    [[nodiscard]] static result<engine> make(std::unique_ptr<journal> store);
    engine(engine&&) noexcept;
    engine& operator=(engine&&) noexcept;
    ~engine();

    // ---- long journals ------------------------------------------------------------------------------------------------
    /// Derives from all events how proposals stand, and keeps that in the journal (`snapshot`): engines that are made later begin there
    /// instead of at the first event, and give the same answers. No event is deleted or changed, others may write meanwhile, and to throw
    /// the snapshot away loses nothing. One is used by engines with the roster under which it was made: that stored last, or the one from
    /// which its changes count. At rest are closed proposals that nothing but a command moves: neither time nor places in stages.
    /// `not_found` when nothing was ever opened.
    [[nodiscard]] static result<compaction> compact(journal& j);
    /// Derives the kept snapshot anew, from the events alone, and compares. Nothing when none is kept.
    [[nodiscard]] static result<std::optional<snapshot_check>> check_snapshot(journal& j);

    // ---- asking for something ---------------------------------------------------------------------------------------
    /// Opens a proposal and returns its id. Refusals come as errors (invalid) here: there is nothing yet to hold a receipt. Its
    /// events, and what they did to a parent, are in the histories.
    [[nodiscard]] result<std::string> open(const opening& o);
    /// Takes a command at its own time `at`. Never throws for what is in a command. Where the stages of some proposal have `places`, time
    /// is given to all up to then: who was due to leave a place has left it.
    receipt submit(std::string_view proposal_id, const command& c);
    /// Takes many, in order, in one transaction: all that are accepted become durable together. For hosts that collect.
    std::vector<receipt> submit(std::span<const request> many);
    /// Lets time pass for all proposals: receipts of those where it did something, in the order in which it happened.
    std::vector<receipt> advance(instant now);
    /// Changes the roster, and lets proposals that follow it do so; what was due before is decided first, by the roster of then.
    /// All in one transaction: with an error nothing has happened. Receipts of the proposals that moved; with a key that was
    /// given before, one receipt that is `repeated`, and with a change that was refused then, the error (invalid) again.
    /// `key`: idempotency key, mandatory with a durable journal.
    [[nodiscard]] result<std::vector<receipt>> change_roster(const roster_event& e, std::string_view key = {});

    // ---- effects ------------------------------------------------------------------------------------------------------
    [[nodiscard]] result<std::vector<effect>> pending_effects(std::size_t most = 100);
    [[nodiscard]] result<void> done(std::uint64_t effect_id);

    // ---- reading: pure, as of the last event seen; `refresh` sees what other processes wrote -----------------------------
    // A proposal at rest is read from the journal: where that fails, those that return no result throw `failure`.
    [[nodiscard]] result<void> refresh();
    /// The state, or nullptr if there is no such proposal. Valid until the next call that isn't a read.
    [[nodiscard]] const proposal* get(std::string_view proposal_id) const;
    /// Ids of proposals on that subject, in the order in which they were opened.
    [[nodiscard]] std::vector<std::string> find(std::string_view subject, const viewer& v = viewer::host()) const;
    [[nodiscard]] std::vector<std::string> list(const filter& f = {}, const viewer& v = viewer::host()) const;
    /// Why it stands where it stands, who can move it, what happens next and when.
    [[nodiscard]] result<explanation> explain(std::string_view proposal_id, instant now,
                                              const viewer& v = viewer::host()) const;
    /// Ids of the proposals that wait for a place in that stage of a process, in the order in which they would get one as things stand.
    /// Time must have been given until `now`. Empty where the stage has no `places`.
    [[nodiscard]] std::vector<std::string> waiting(std::string_view process, std::string_view stage, instant now,
                                                   const viewer& v = viewer::host()) const;
    /// The ballots about options and their count, as of the last event. `not_found` when there is no such proposal for this viewer;
    /// refused as `invalid` when its process counts none, and as long as they are hidden from this viewer (`hides_count`).
    [[nodiscard]] result<counted_vote> count(std::string_view proposal_id, const viewer& v = viewer::host()) const;
    /// When time alone will next move this proposal, as things stand.
    [[nodiscard]] std::optional<instant> next_change(std::string_view proposal_id) const;
    /// When time alone will next move any.
    [[nodiscard]] std::optional<instant> next_change() const;
    /// Open proposals in which that person is outstanding.
    [[nodiscard]] std::vector<std::string> pending_of(std::string_view who, const viewer& v = viewer::host()) const;
    /// Everything that happened to a proposal, oldest first; free text only as far as the viewer may see the proposal.
    [[nodiscard]] result<std::vector<event>> history(std::string_view proposal_id, const viewer& v = viewer::host()) const;
    [[nodiscard]] const roster& people() const;
    [[nodiscard]] const charter& rules() const;

private:
    struct impl;
    explicit engine(std::unique_ptr<impl> i);
    std::unique_ptr<impl> impl_;
};

}  // namespace quorate
