// What an engine is made of. The public surface is in engine.cpp, folding the journal in engine_fold.cpp, the way of a command and the
// transaction in engine_write.cpp, parents and claims to a subject in engine_links.cpp, places in stages in engine_places.cpp. Internal.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <quorate/engine.hpp>

#include "as_result.hpp"
#include "json.hpp"

namespace quorate {

inline constexpr int         most_tries = 1'000;  ///< after losing a race for a stream: each time somebody else has won it
inline constexpr std::size_t most_woken = 1'000;  ///< proposals that stay in memory because somebody asked for them

struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
};

/// A receipt as it is kept under its command's key.
[[nodiscard]] std::string kept(const receipt& r);

struct engine::impl {
    impl(charter c, roster r, std::unique_ptr<journal> j) : rules(std::move(c)), people(std::move(r)), store(std::move(j)) {}

    charter                        rules;
    roster                         people;
    std::unique_ptr<journal>       store;
    std::map<std::string, charter> charters;  ///< by hash: those that proposals are pinned to
    mutable std::vector<std::unique_ptr<proposal>>                            proposals;  ///< as opened; null: at rest (see below)
    std::unordered_map<std::string, std::size_t, text_hash, std::equal_to<>>  by_id;
    std::map<std::string, std::vector<std::size_t>, std::less<>>              by_subject;
    std::map<std::string, std::vector<neighbour>, std::less<>>                by_process;  ///< those with places, as opened
    bool                                                                      some_places = false;  ///< some proposal's process has places
    mutable evidence_of scratch;       ///< one thread at a time uses an engine, and one command at a time uses this
    std::uint64_t seen = 0;            ///< the last event of the journal that is folded in
    std::uint64_t charter_version = 0, roster_version = 0;
    bool          charter_stored = false, roster_stored = false;

    struct due_entry {
        instant     at;
        std::size_t which;
        bool        operator>(const due_entry& o) const { return at != o.at ? at > o.at : which > o.which; }
    };
    std::priority_queue<due_entry, std::vector<due_entry>, std::greater<>> due;  ///< may hold entries that are out of date

    // ---- proposals at rest -----------------------------------------------------------------------------------------------
    // What is known from a snapshot of those that nobody has asked for yet: enough to list them. They are closed, and nothing but a
    // command moves them. Their states are folded from their own events up to the snapshot: whatever happens to one later wakes it.
    struct resting {
        const std::string* id = nullptr;
        const charter*     under = nullptr;
        const process*     by = nullptr;  ///< nothing: it isn't at rest, it is yet to be folded
        std::uint16_t      stage = 0;
    };
    std::vector<resting>  at_rest;                ///< by place in `proposals`, of those that the snapshot knew
    std::uint64_t         snapshot_as_of = 0;
    std::optional<roster> people_then;            ///< as of the snapshot, where it has changed since
    std::vector<std::pair<std::uint64_t, std::string>> guests;  ///< who was introduced by which event, in that order
    mutable std::vector<std::pair<std::size_t, std::uint64_t>> woken;  ///< and their versions then

    [[nodiscard]] bool rests(std::size_t which) const {
        return !proposals[which] && which < at_rest.size() && at_rest[which].by != nullptr;
    }
    /// What is known of any without waking it.
    [[nodiscard]] resting brief(std::size_t which) const {
        if (rests(which)) return at_rest[which];
        const auto& p = *proposals[which];
        return {&p.id, &*p.under, p.by, p.stage};
    }
    /// Its state from its own events alone.
    [[nodiscard]] result<proposal> fold_alone(std::string_view id, std::uint64_t until, const roster& by) const;
    [[nodiscard]] result<proposal> folded_at_rest(std::size_t which) const;
    [[nodiscard]] result<bool> foldable_alone(std::size_t which) const;
    /// Throws `failure` where the journal can't be read.
    proposal& awake(std::size_t which) const;
    /// Those that were woken and are as they were go to rest again, when they have become many: before anything is asked for.
    void rest_again();
    void remember_people() {
        if (!at_rest.empty() && !people_then) people_then = people;
    }
    /// Begins with the snapshot that the journal keeps. False: there is none that fits, and this is spoilt.
    [[nodiscard]] bool take_snapshot(const snapshot& kept);
    template <class Lines>
    bool take_lines(Lines& in, std::vector<std::pair<std::uint64_t, std::string>>& introduced, std::vector<std::string>& streams);
    /// Everything that a snapshot holds, as of the last event folded in, by an engine that began without one.
    [[nodiscard]] result<std::string> derive() const;

    // ---- making one ----------------------------------------------------------------------------------------------------
    /// How much of a journal is looked at.
    struct extent {
        std::uint64_t until = static_cast<std::uint64_t>(-1);  ///< the last event
        bool          with_snapshot = true;  ///< only where all of it is looked at
    };
    static result<std::unique_ptr<impl>> make(charter rules, roster people, std::unique_ptr<journal> store, extent seeing);
    /// With the charter and roster that were stored last.
    static result<std::unique_ptr<impl>> make(std::unique_ptr<journal> store, extent seeing);
    std::uint64_t last_to_see = extent{}.until;
    std::string   given_roster;  ///< the hash of the roster that it was made with

    // ---- one proposal per subject -----------------------------------------------------------------------------------------
    /// Where openings under a process that allows one proposal per subject are counted: the journal refuses whoever counted wrong,
    /// so that of two writers at once only one opens.
    static std::string claim_stream(std::string_view process, std::string_view subject) {
        return "one " + std::string(process) + " of " + std::string(subject);
    }
    /// The same of processes with `places`: who opens one, enters a stage with places or leaves one writes there, and whoever looked at
    /// who is in them relies on it.
    static std::string places_stream(std::string_view process) { return "places " + std::string(process); }
    static bool is_claim(std::string_view stream) { return stream.starts_with("one ") || stream.starts_with("places "); }
    std::map<std::string, std::uint64_t, std::less<>> claims;  ///< version of each such stream
    [[nodiscard]] std::uint64_t claimed(std::string_view stream) const {
        const auto known = claims.find(stream);
        return known == claims.end() ? 0 : known->second;
    }

    /// Why no other proposal of this process than `own`, if it is there already, may be open about the subject.
    [[nodiscard]] std::optional<refusal> taken(const process& by, const std::string& subject, const std::string& actor, const proposal* own = nullptr) const;

    // What one transaction is to hold. Events are collected per stream in the order in which they happened.
    struct writing {
        std::vector<std::pair<std::string, std::vector<event>>> streams;
        std::vector<std::uint64_t>                              expected;
        std::vector<effect>                                     effects;
        std::vector<kept_answer>                                answers;
        std::map<std::string, std::uint64_t, std::less<>>       relied;  ///< streams that were read, and their versions then
        std::vector<std::pair<std::string, instant>>            left;      ///< processes in which somebody left a place, and when
        std::vector<std::string>                                happened;  ///< to whom something did that others have not seen yet

        [[nodiscard]] bool writes(std::string_view stream) const {
            return std::any_of(streams.begin(), streams.end(), [&](const auto& s) { return s.first == stream; });
        }
        /// This is decided by what that stream says: it must not have gone on by the time of the write.
        void rely(const std::string& stream, std::uint64_t version) {
            if (!writes(stream)) relied.try_emplace(stream, version);
        }
        void add(const std::string& stream, std::uint64_t before, std::vector<event> events) {
            if (events.empty()) return;
            streams.emplace_back(stream, std::move(events));
            expected.push_back(before);
        }
        /// The same of events of a proposal.
        void add(const proposal& p, std::uint64_t before, std::vector<event> events) {
            if (!events.empty() && !p.children.empty()) happened.push_back(p.id);
            add(p.id, before, std::move(events));
        }
        [[nodiscard]] bool empty() const { return streams.empty() && effects.empty() && answers.empty(); }
    };

    [[nodiscard]] proposal* find(std::string_view id) const {
        const auto found = by_id.find(id);
        return found == by_id.end() ? nullptr : &awake(found->second);
    }
    /// `other`: what `taken` says of it, where it may come to be open again.
    [[nodiscard]] surroundings around(const proposal& p, const std::optional<refusal>& other = {}) const {
        return {people, p.parent.empty() ? nullptr : find(p.parent), &scratch, other ? &*other : nullptr, beside(p)};
    }
    /// Those of the same process; nobody where they are never in each other's way.
    [[nodiscard]] std::span<const neighbour> beside(const proposal& p) const {
        const auto found = p.by != nullptr && p.by->has_places ? by_process.find(p.by->name) : by_process.end();
        return found == by_process.end() ? std::span<const neighbour>{} : found->second;
    }
    /// Whether this one's ballot is missing, and may be cast as things stand.
    [[nodiscard]] bool waits_for(const proposal& p, person who) const {
        const auto* own = voter_of(p, who, people);
        if (own == nullptr || !is_open(p.in()) || !p.outstanding(*own)) return false;
        return std::any_of(p.now().allow.begin(), p.now().allow.end(), [&](const permission& a) {
            return a.what == act::cast && !a.for_another && contains(a.who.view(), a.who.root, who, p, around(p), nullptr, who);
        });
    }
    [[nodiscard]] bool visible(const proposal& p, const viewer& v) const { return may_see(p, v, around(p)); }
    [[nodiscard]] bool visible(std::size_t which, const viewer& v) const;
    /// Whether somebody who acts may be told how it stands. The host acts for nobody, and sees everything.
    [[nodiscard]] bool seen_by(const std::string& actor, const proposal& p) const { return actor.empty() || visible(p, viewer::as(actor)); }
    /// What is said of a proposal that isn't there, word for word the same as of one that the actor may not see.
    static std::string no_proposal(std::string_view id, const std::string& actor) {
        return "there is no proposal " + json_text::in_quotes(id) + (actor.empty() ? "" : " that " + actor + " may see");
    }

    void note_due(const proposal& p) {
        if (p.due) due.push({*p.due, by_id.find(p.id)->second});
    }

    // ---- folding ------------------------------------------------------------------------------------------------------
    result<void> fold_all();
    result<void> fold_on(std::optional<std::size_t>& asleep);
    std::optional<error> fold_error;
    result<void> fold(const stored_event& s);
    result<void> fold_opened(const stored_event& s);
    proposal& adopt_state(proposal p);
    void after_fold(proposal& p) { stale.push_back(by_id.find(p.id)->second); }
    std::vector<std::size_t> stale;

    [[nodiscard]] result<void> refresh_due();
    result<void> fold_charter(const stored_event& s);
    /// Changes count from the last stored roster, if that is the one this engine was given; else the host's own is what holds,
    /// and will be stored before anything else is.
    result<void> find_roster_base();
    result<void> fold_roster(const stored_event& s);
    std::uint64_t roster_base = 0;  ///< version of the stored roster that changes count from; 0: none
    bool          made = false;     ///< what is in the journal from before is folded

    /// Sees what others wrote, in the order in which it was stored: nothing is decided before that.
    result<void> catch_up();

    // ---- taking back --------------------------------------------------------------------------------------------------
    // Proposals as they were before what is about to be written: a write that fails leaves no trace in memory. Should it be stored
    // all the same (which a fault can leave unknown), it is seen by `catch_up` like what others wrote.
    std::vector<std::pair<proposal*, proposal>> saved;  ///< those from `saved_count` on are room for later
    std::size_t                                 saved_count = 0;

    void save(proposal& p);
    void keep();
    void take_back();

    // ---- writing ------------------------------------------------------------------------------------------------------
    /// The charter and roster that this engine runs under are in the journal before anything that depends on them.
    void add_documents(writing& w, instant at);
    /// Stores it; answers and effects are gone from `w` then.
    result<void> write(writing& w);

    void add_claim(writing& w, const proposal& p, instant when) const;
    /// What comes of a step besides its events: effects, and what it means for those who share places with it.
    void add_effects(writing& w, const proposal& p, const step_output& out) const;
    void add_places(writing& w, const proposal& p, const step_output& out) const;
    /// Takes what is due in one proposal up to `to`, and writes it, as known since `now`. Leaves everything as it was on failure.
    result<void> let_time_pass(proposal& p, instant to, instant now, receipt& r);
    /// Lets a parent take a link, as part of what `r` answers.
    result<void> give_link(proposal& parent, const command& link, writing& w, instant noted, receipt& r);
    /// What the proposal's events mean for its parent, and the parent's parent: in the same transaction.
    result<void> tell_parents(writing& w, const proposal& told, bool was_open, instant noted, receipt& r);
    result<void> tell_opening(writing& w, const proposal& opened, receipt& r);
    /// What all that means for proposals under those to whom it happened: in the same transaction, once nothing else is to come.
    result<void> tell_children(writing& w, instant noted, receipt& r);
    /// The same, and then the places that were left: those who wait take them, and what that means for others, until nothing is left
    /// to be told.
    result<void> tell_others(writing& w, instant noted, receipt& r);
    result<void> fill(const std::string& process, instant at, writing& w, instant noted, receipt& r);
    /// How many parents are above a child of this one.
    [[nodiscard]] std::size_t depth_below(std::string_view parent) const;

    /// Lets one proposal take a step, `run(out)`: into memory and into `w`, with what it means for those who share places with it. Answers
    /// the events that it made, known since `noted`. A fault leaves memory spoilt until `take_back`. `follows`: it only goes on because
    /// of others; where it does nothing, there is nothing to be told of the places that it left to those ahead of it.
    template <class Run>
    result<std::vector<event>> step(proposal& p, instant noted, writing& w, Run run, bool follows = false) {
        rely_on_others(w, p);
        save(p);
        const auto  before = p.version;
        const auto  due_before = p.due;
        step_output out;
        if (result<void> done = run(out); !done) return done.error();
        if (p.due != due_before) note_due(p);  // even a refused command lets time pass
        if (follows && out.events.empty()) return std::vector<event>{};
        for (auto& e : out.events) e.noted = std::max(e.noted, noted);
        add_effects(w, p, out);
        auto events = out.events;
        w.add(p, before, std::move(out.events));
        return events;
    }
    /// The same of one that follows others, within what `r` answers; its parents are told.
    template <class Run>
    result<bool> step_elsewhere(proposal& p, instant noted, writing& w, receipt& r, Run run) {
        const bool was_open = is_open(p.in());
        auto       events = step(p, noted, w, run, true);
        if (!events) return events.error();
        if (events.value().empty()) return false;
        r.elsewhere.push_back({p.id, std::move(events.value())});
        if (auto done = tell_parents(w, p, was_open, noted, r); !done) return done.error();
        return true;
    }

    /// Takes one command into memory and into `w`. A fault leaves memory spoilt until `take_back`.
    receipt take(std::string_view id, const command& c, const std::string& hash, writing& w);
    /// Lets time pass in one proposal up to `until`, into memory and into `w`. A fault leaves memory spoilt until `take_back`.
    result<void> pass(proposal& p, instant until, instant noted, writing& w, receipt& r);
    /// What is decided about this one is decided by these as they are.
    void rely_on_others(writing& w, const proposal& p) const;
    /// Where proposals share places, what was due in any of them before `at` is taken first, each in a transaction of its own.
    void give_time_before(instant at, std::vector<receipt>& earlier);
    std::vector<receipt> advance(instant now);
    // A change of the roster, into memory and into `w`: what was due before it, by the roster of then; and what follows from the
    // roster as it is now. A proposal that goes round in a circle joins `stuck`: take all back, and try again without it.
    using stuck_ones = std::map<std::size_t, error>;
    result<void> finish_due(instant before, writing& w, std::vector<receipt>& receipts, stuck_ones& stuck);
    result<void> follow_people(instant at, writing& w, std::vector<receipt>& receipts, stuck_ones& stuck);
    static result<void> told(result<void> done, std::size_t which, stuck_ones& stuck) {
        if (!done && done.error().code == errc::limit) stuck.emplace(which, done.error());
        return done;
    }

    /// What the command's key stands for; empty without a key.
    static std::string command_hash(std::string_view id, const command& c);

    /// An answer that needs no deciding: a known key, or none where one is needed.
    std::optional<receipt> answered(std::string_view id, const std::string& key, const std::string& hash);

    /// Sees what a known answer speaks of, which others may have stored; if that fails, the next command will.
    template <class Answer>
    Answer up_to_date(Answer known) {
        if (store->durable()) (void)catch_up();
        return known;
    }

    receipt submit(std::string_view id, const command& c);
    receipt submit_now(std::string_view id, const command& c);
    result<std::string> open(const opening& o);
};

}  // namespace quorate
