#include <quorate/engine.hpp>

#include <algorithm>
#include <map>
#include <queue>
#include <set>
#include <unordered_map>

#include "canonical.hpp"
#include "journal_documents.hpp"
#include "json.hpp"
#include "json_out.hpp"
#include "proposal_family.hpp"
#include "sha256.hpp"

namespace quorate {
namespace {

inline constexpr int              most_tries = 16;  ///< after losing a race for a stream

struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
};

/// What a key stands for when something is opened.
std::string canonical_text(const opening& o) {
    std::string              text;
    canonical::object_writer out{text};
    out.text("open", o.process);
    out.text("by", o.by);
    out.text("subject", o.subject);
    out.text("title", o.title);
    out.text("parent", o.parent);
    out.text("about", o.about);
    out.moment("at", o.at);
    out.list("teams", o.teams);
    out.close();
    return text;
}

std::string kept(const receipt& r) {
    json_text::json_out out;
    out.object();
    if (r.refused()) {
        const auto& no = r.refusal();
        out.field("refused", refused_by_names[static_cast<std::size_t>(no.by)]).field("what", no.what).field("which", no.which);
        out.field("needed", no.needed);
    } else {
        out.field("proposal", r.proposal);
    }
    out.end();
    return std::move(out).str();
}

/// The receipt that a kept answer stands for.
receipt recalled(const kept_answer& k, std::string_view proposal) {
    receipt    again;
    const auto json = json_text::parse(k.answer, "kept answer");
    if (json && json.value().find("refused") != nullptr) {
        const auto  text = [&](std::string_view key) {
            const auto* n = json.value().find(key);
            return n == nullptr ? std::string() : n->text;
        };
        refusal    no{.by = refused_by::state, .what = text("what"), .which = text("which"), .needed = text("needed")};
        const auto by = detail::index_of(refused_by_names, text("refused"));
        if (by) no.by = static_cast<refused_by>(*by);
        again = receipt(std::move(no));
    }
    again.proposal = std::string(proposal);
    if (json)
        if (const auto* id = json.value().find("proposal")) again.proposal = id->text;
    again.repeated = true;
    return again;
}

}  // namespace

struct engine::impl {
    impl(charter c, roster r, std::unique_ptr<journal> j) : rules(std::move(c)), people(std::move(r)), store(std::move(j)) {}

    charter                        rules;
    roster                         people;
    std::unique_ptr<journal>       store;
    std::map<std::string, charter> charters;  ///< by hash: those that proposals are pinned to
    std::vector<std::unique_ptr<proposal>>                                    proposals;
    std::unordered_map<std::string, std::size_t, text_hash, std::equal_to<>>  by_id;
    std::map<std::string, std::vector<std::size_t>, std::less<>>              by_subject;
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

    // ---- one proposal per subject -----------------------------------------------------------------------------------------
    /// Where openings under a process that allows one proposal per subject are counted: the journal refuses whoever counted wrong,
    /// so that of two writers at once only one opens.
    static std::string claim_stream(std::string_view process, std::string_view subject) {
        return "one " + std::string(process) + " of " + std::string(subject);
    }
    std::map<std::string, std::uint64_t, std::less<>> claims;  ///< version of each such stream

    /// Why no other proposal of this process than `own`, if it is there already, may be open about the subject.
    [[nodiscard]] std::optional<refusal> taken(const process& by, const std::string& subject, const std::string& actor,
                                               const proposal* own = nullptr) const {
        const auto known = by_subject.find(subject);
        if (by.about_one == per_subject::any || subject.empty() || known == by_subject.end()) return std::nullopt;
        for (const auto i : known->second) {
            const auto& p = *proposals[i];
            if (&p == own || p.by->name != by.name || (by.about_one == per_subject::one_open && !is_open(p.in()))) continue;
            const bool ever = by.about_one == per_subject::one;
            const auto which = ever ? "per subject: one" : "per subject: one open";
            const auto what = json_text::in_quotes(subject) + " has a " + json_text::in_quotes(by.title) + " already";
            if (!seen_by(actor, p)) return refusal{refused_by::rule, what, which, {}};
            return refusal{refused_by::rule, what + ": " + p.id + ", in stage " + json_text::in_quotes(p.now().title), which,
                           is_open(p.in()) ? "go on with that one" : "take that one up again, as far as its stages allow"};
        }
        return std::nullopt;
    }
    // What one transaction is to hold. Events are collected per stream in the order in which they happened.
    struct writing {
        std::vector<std::pair<std::string, std::vector<event>>> streams;
        std::vector<std::uint64_t>                              expected;
        std::vector<effect>                                     effects;
        std::vector<kept_answer>                                answers;
        std::map<std::string, std::uint64_t, std::less<>>       relied;  ///< streams that were read, and their versions then

        /// This is decided by what that stream says: it must not have gone on by the time of the write.
        void rely(const std::string& stream, std::uint64_t version) {
            const bool own = std::any_of(streams.begin(), streams.end(), [&](const auto& s) { return s.first == stream; });
            if (!own) relied.try_emplace(stream, version);
        }
        void add(const std::string& stream, std::uint64_t before, std::vector<event> events) {
            if (events.empty()) return;
            streams.emplace_back(stream, std::move(events));
            expected.push_back(before);
        }
        [[nodiscard]] bool empty() const { return streams.empty() && effects.empty() && answers.empty(); }
    };

    [[nodiscard]] proposal* find(std::string_view id) const {
        const auto found = by_id.find(id);
        return found == by_id.end() ? nullptr : proposals[found->second].get();
    }
    [[nodiscard]] surroundings around(const proposal& p) const {
        return {people, p.parent.empty() ? nullptr : find(p.parent), &scratch};
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
    result<void> fold_all() {
        fold_error = {};
        const auto read = store->read({}, seen, [this](const stored_event& s) {
            auto done = fold(s);
            if (done) seen = s.seq;
            else fold_error = done.error();
            return done.has_value();
        });
        if (!read) return read;
        return fold_error ? result<void>(*fold_error) : result<void>{};
    }
    std::optional<error> fold_error;

    result<void> fold(const stored_event& s) {
        if (s.stream == charter_stream) return fold_charter(s);
        if (s.stream == roster_stream) return fold_roster(s);
        if (s.what.kind == event_kind::document) {  // the journal's own notes, such as of erased texts, and claims to a subject
            if (s.stream.starts_with("one ")) claims[s.stream] = s.version;
            return {};
        }
        introduce(people, s.what);
        auto* known = find(s.stream);
        if (known != nullptr && s.version <= known->version) return {};  // our own, or seen before
        if (known == nullptr) return fold_opened(s);
        if (s.version != known->version + 1) return make_error(errc::damaged, "an event is missing", s.stream);
        auto done = apply(*known, s.what, people);
        if (done) after_fold(*known);
        return done;
    }
    result<void> fold_opened(const stored_event& s) {
        const auto under = charters.find(s.what.charter);
        if (under == charters.end()) return make_error(errc::damaged, "the charter it was opened under is not in the journal", s.stream);
        auto p = begin(s.stream, s.what, under->second, people);
        if (!p) return p.error();
        after_fold(adopt_state(std::move(p.value())));
        return {};
    }
    proposal& adopt_state(proposal p) {
        by_id.emplace(p.id, proposals.size());
        by_subject[p.subject].push_back(proposals.size());
        proposals.push_back(std::make_unique<proposal>(std::move(p)));
        return *proposals.back();
    }
    /// When the next instant is that time matters isn't stored: it is asked for once the last event is in.
    void after_fold(proposal& p) { stale.push_back(by_id.find(p.id)->second); }
    std::vector<std::size_t> stale;

    void refresh_due() {
        std::sort(stale.begin(), stale.end());
        stale.erase(std::unique(stale.begin(), stale.end()), stale.end());
        for (const auto i : stale) {
            auto& p = *proposals[i];
            p.due = next_instant(p, around(p));
            note_due(p);
        }
        stale.clear();
    }

    result<void> fold_charter(const stored_event& s) {
        if (s.version <= charter_version) return {};  // our own
        charter_version = s.version;
        const auto c = charter_of(s.what);
        if (!c) return c.error();
        charter_stored = charter_stored || c.value().hash() == rules.hash();
        charters.emplace(c.value().hash(), c.value());
        return {};
    }
    /// Changes count from the last stored roster, if that is the one this engine was given; else the host's own is what holds,
    /// and will be stored before anything else is.
    result<void> find_roster_base() {
        const auto own = sha256_hex(to_json(people));
        return store->read(roster_stream, 0, [&](const stored_event& s) {
            if (s.what.kind == event_kind::document) roster_base = s.what.subject == own ? s.version : 0;
            return true;
        });
    }
    result<void> fold_roster(const stored_event& s) {
        if (s.version <= roster_version) return {};  // our own
        roster_version = s.version;
        if (s.what.kind == event_kind::document) {
            const bool own = made && !roster_stored && s.what.subject == sha256_hex(to_json(people));
            if (made && !own)
                return make_error(errc::conflict, "another engine runs this journal with another roster; make this one anew", s.stream);
            roster_stored = own || s.version == roster_base;
            return {};
        }
        if (!roster_stored) return {};
        const auto change = parse_roster_event(s.what.text);
        if (!change) return change.error();
        const auto done = people.apply(change.value());
        return done ? result<void>{} : result<void>(done.error());
    }
    std::uint64_t roster_base = 0;  ///< version of the stored roster that changes count from; 0: none
    bool          made = false;     ///< what is in the journal from before is folded

    /// Sees what others wrote, in the order in which it was stored: nothing is decided before that.
    result<void> catch_up() {
        const auto last = store->last();
        if (!last) return last.error();
        if (last.value() == seen) return {};
        auto done = fold_all();
        refresh_due();
        return done;
    }

    // ---- taking back --------------------------------------------------------------------------------------------------
    // Proposals as they were before what is about to be written: a write that fails leaves no trace in memory. Should it be stored
    // all the same (which a fault can leave unknown), it is seen by `catch_up` like what others wrote.
    std::vector<std::pair<proposal*, proposal>> saved;  ///< those from `saved_count` on are room for later
    std::size_t                                 saved_count = 0;

    void save(proposal& p) {
        if (saved_count == saved.size()) saved.emplace_back(&p, p);
        else saved[saved_count].first = &p, saved[saved_count].second = p;
        ++saved_count;
    }
    void keep() {
        constexpr std::size_t most_room = 64;
        if (saved.size() > most_room) saved.resize(most_room);
        saved_count = 0;
    }
    void take_back() {
        while (saved_count > 0) {
            auto& [p, before] = saved[--saved_count];
            std::swap(*p, before);
            note_due(*p);
        }
        keep();
    }

    // ---- writing ------------------------------------------------------------------------------------------------------
    /// The charter and roster that this engine runs under are in the journal before anything that depends on them.
    void add_documents(writing& w, instant at) {
        if (!charter_stored) {
            event e{.kind = event_kind::document, .at = at, .noted = at, .subject = rules.hash(), .detail = rules.get().name,
                    .text = rules.get().text};
            for (const auto& [key, value] : rules.get().given) e.names.push_back(key + "=" + value);
            w.add(std::string(charter_stream), charter_version, {std::move(e)});
        }
        if (!roster_stored) {
            auto  text = to_json(people);
            event e{.kind = event_kind::document, .at = at, .noted = at, .subject = sha256_hex(text), .detail = "roster",
                    .text = std::move(text)};
            w.add(std::string(roster_stream), roster_version, {std::move(e)});
        }
    }
    result<void> write(writing& w) {
        if (w.empty()) return {};
        batch b;
        w.rely(std::string(roster_stream), roster_version);
        for (const auto& [stream, version] : w.relied) b.streams.push_back({stream, version, {}});
        for (std::size_t i = 0; i < w.streams.size(); ++i)
            b.streams.push_back({w.streams[i].first, w.expected[i], w.streams[i].second});
        b.effects = w.effects;
        b.answers = w.answers;
        const auto first = store->append(b);
        if (!first) return first.error();
        std::uint64_t count = 0;
        for (const auto& [stream, events] : w.streams) {
            count += events.size();
            if (stream == charter_stream) {
                charter_stored = true;
                charter_version += events.size();
                charters.emplace(rules.hash(), rules);
            } else if (stream == roster_stream) {
                roster_stored = true;
                roster_version += events.size();
            } else if (stream.starts_with("one ")) {
                claims[stream] += events.size();
            }
        }
        if (count > 0 && first.value() == seen + 1) seen += count;
        return {};
    }

    void add_claim(writing& w, const proposal& p, instant when) const {
        if (p.by->about_one == per_subject::any || p.subject.empty()) return;
        const auto stream = claim_stream(p.by->name, p.subject);
        const auto known = claims.find(stream);
        w.add(stream, known == claims.end() ? 0 : known->second,
              {{.kind = event_kind::document, .at = when, .noted = when, .subject = p.id}});
    }
    void add_effects(writing& w, const proposal& p, const step_output& out) const {
        for (const auto& [at, effect_] : out.effects) {
            std::string              payload;
            canonical::object_writer out_{payload};
            for (const auto& [key, value] : effect_.fields) out_.text(key, value);
            out_.close();
            w.effects.push_back({.proposal = p.id, .at = at, .kind = effect_.kind, .payload = std::move(payload)});
        }
    }

    [[nodiscard]] auto finder() {
        return [this](std::string_view id) { return find(id); };
    }
    /// Takes what is due in one proposal up to `to`, and writes it, as known since `now`. Leaves everything as it was on failure.
    result<void> let_time_pass(proposal& p, instant to, instant now, receipt& r) {
        writing w;
        auto    done = pass(p, to, now, w, r);
        if (done) done = write(w);
        if (!done) {
            take_back();
            return done;
        }
        keep();
        note_due(p);
        return {};
    }
    /// Lets a parent take a link, as part of what `r` answers.
    [[nodiscard]] auto link_taker(writing& w, instant noted, receipt& r) {
        return [this, &w, noted, &r](proposal& parent, const command& link) -> result<void> {
            const auto  before = parent.version;
            step_output out;
            save(parent);
            if (auto done = handle(parent, link, around(parent), out); !done) return done.error();
            for (auto& e : out.events) e.noted = std::max(e.noted, noted);
            add_effects(w, parent, out);
            if (!out.events.empty()) r.elsewhere.push_back({parent.id, out.events});
            w.add(parent.id, before, std::move(out.events));
            note_due(parent);
            return {};
        };
    }
    /// What the proposal's events mean for its parent, and the parent's parent: in the same transaction.
    result<void> tell_parents(writing& w, const proposal& told, bool was_open, instant noted, receipt& r) {
        return quorate::tell_parents(told, was_open, finder(), link_taker(w, noted, r));
    }
    result<void> tell_opening(writing& w, const proposal& opened, receipt& r) {
        return quorate::tell_opening(opened, finder(), link_taker(w, opened.opened, r));
    }
    /// How many parents are above a child of this one.
    [[nodiscard]] std::size_t depth_below(std::string_view parent) const {
        std::size_t depth = 0;
        for (const auto* p = find(parent); p != nullptr; p = find(p->parent)) ++depth;
        return depth;
    }

    /// Takes one command into memory and into `w`. A fault leaves memory spoilt until `take_back`.
    receipt take(std::string_view id, const command& c, const std::string& hash, writing& w) {
        auto* p = find(id);
        if (p == nullptr) return receipt(make_error(errc::not_found, no_proposal(id, c.by)));
        introduce(people, c);
        rely_on_parent(w, *p);
        save(*p);
        const auto  before = p->version;
        const bool  was_open = is_open(p->in());
        const auto  due_before = p->due;
        step_output out;
        // What is taken up again is one more that is open.
        const bool reopens = row_of(c.what).of == act_class::reopen && p->by->about_one == per_subject::one_open;
        auto       other = reopens ? taken(*p->by, p->subject, c.by, p) : std::nullopt;
        auto       answer = other ? result<std::optional<refusal>>(std::move(other)) : handle(*p, c, around(*p), out);
        if (!answer) return receipt(answer.error());
        // Why not would tell how it stands.
        if (answer.value() && !seen_by(c.by, *p)) answer.value() = refusal{.by = refused_by::permission, .what = no_proposal(id, c.by)};
        receipt r = answer.value() ? receipt(std::move(*answer.value())) : receipt();
        r.proposal = std::string(id);
        if (!out.effects.empty()) add_effects(w, *p, out);
        if (p->due != due_before) note_due(*p);  // even a refused command lets time pass
        r.events = out.events;
        w.add(p->id, before, std::move(out.events));
        if (reopens && !r.refused()) add_claim(w, *p, c.at);
        if (!p->parent.empty())
            if (auto told = tell_parents(w, *p, was_open, c.at, r); !told) return receipt(told.error());
        if (!c.key.empty()) w.answers.push_back({c.key, hash, kept(r)});
        return r;
    }
    /// Lets time pass in one proposal up to `until`, into memory and into `w`. A fault leaves memory spoilt until `take_back`.
    result<void> pass(proposal& p, instant until, instant noted, writing& w, receipt& r) {
        rely_on_parent(w, p);
        save(p);
        const auto  before = p.version;
        const bool  was_open = is_open(p.in());
        step_output out;
        if (auto done = pass_time(p, until, around(p), out); !done) return done;
        for (auto& e : out.events) e.noted = noted;
        r.proposal = p.id;
        r.events = out.events;
        add_effects(w, p, out);
        w.add(p.id, before, std::move(out.events));
        return tell_parents(w, p, was_open, noted, r);
    }
    void rely_on_parent(writing& w, const proposal& p) const {
        const auto* parent = p.parent.empty() ? nullptr : find(p.parent);
        if (parent != nullptr) w.rely(parent->id, parent->version);
    }
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
    static std::string command_hash(std::string_view id, const command& c) {
        return c.key.empty() ? std::string() : sha256_hex(std::string(id) + '\n' + to_json(c));
    }

    /// An answer that needs no deciding: a known key, or none where one is needed.
    std::optional<receipt> answered(std::string_view id, const std::string& key, const std::string& hash) {
        if (key.empty()) {
            if (!store->durable()) return std::nullopt;
            return receipt(refusal{refused_by::input, "a command to a durable journal needs an idempotency key", "key",
                                   "give each command a key of its own, and the same key when you send it again"});
        }
        const auto known = store->answer_to(key);
        if (!known) return receipt(known.error());
        if (!known.value()) return std::nullopt;
        if (known.value()->command_hash != hash)
            return receipt(make_error(errc::conflict, "the key " + json_text::in_quotes(key) + " was used for another command"));
        return recalled(*known.value(), id);
    }

    /// Sees what a known answer speaks of, which others may have stored; if that fails, the next command will.
    template <class Answer>
    Answer up_to_date(Answer known) {
        if (store->durable()) (void)catch_up();
        return known;
    }

    receipt submit(std::string_view id, const command& c) {
        const auto hash = command_hash(id, c);
        if (store->durable() || !c.key.empty())
            if (auto known = answered(id, c.key, hash)) return up_to_date(std::move(*known));
        for (int attempt = 0;; ++attempt) {
            if (store->durable())
                if (auto done = catch_up(); !done) return receipt(done.error());
            writing w;
            auto    r = take(id, c, hash, w);
            auto    done = r.failed() ? result<void>(r.fault()) : write(w);
            if (done) {
                keep();
                return r;
            }
            take_back();
            if (done.error().code != errc::conflict || attempt == most_tries) return receipt(done.error());
            if (auto known = answered(id, c.key, hash)) return up_to_date(std::move(*known));
        }
    }
};

// ---- changing the roster -------------------------------------------------------------------------------------------------------
result<void> engine::impl::finish_due(instant before, writing& w, std::vector<receipt>& receipts, stuck_ones& stuck) {
    while (!due.empty() && due.top().at < before) {
        const auto entry = due.top();
        due.pop();
        auto& p = *proposals[entry.which];
        if (p.due != entry.at || stuck.contains(entry.which)) continue;
        receipt r;
        if (auto done = told(pass(p, entry.at, before, w, r), entry.which, stuck); !done) return done;
        if (!r.events.empty()) receipts.push_back(std::move(r));
        note_due(p);
    }
    return {};
}

result<void> engine::impl::follow_people(instant now, writing& w, std::vector<receipt>& receipts, stuck_ones& stuck) {
    for (std::size_t which = 0; which < proposals.size(); ++which) {
        auto&      p = *proposals[which];
        const auto at = std::max(now, p.last);
        const bool was_open = is_open(p.in());
        if (stuck.contains(which) || (!was_open && !(p.due && *p.due < at))) continue;
        rely_on_parent(w, p);
        save(p);
        const auto  version = p.version;
        const auto  due_before = p.due;
        step_output out;
        if (auto done = told(follow_roster(p, at, around(p), out), which, stuck); !done) return done;
        if (p.due != due_before) note_due(p);
        if (out.events.empty()) continue;
        receipt r;
        r.proposal = p.id;
        r.events = out.events;
        add_effects(w, p, out);
        w.add(p.id, version, std::move(out.events));
        if (auto done = told(tell_parents(w, p, was_open, at, r), which, stuck); !done) return done;
        receipts.push_back(std::move(r));
    }
    return {};
}

// ---- making one -------------------------------------------------------------------------------------------------------------
engine::engine(std::unique_ptr<impl> i) : impl_(std::move(i)) {}
engine::engine(engine&&) noexcept = default;
engine& engine::operator=(engine&&) noexcept = default;
engine::~engine() = default;

engine::engine(charter rules, roster people, std::unique_ptr<journal> store)
    : engine(make(std::move(rules), std::move(people), std::move(store)).value()) {}

result<engine> engine::make(charter rules, roster people, std::unique_ptr<journal> store) {
    auto i = std::make_unique<impl>(std::move(rules), std::move(people), std::move(store));
    if (auto done = i->find_roster_base(); !done) return done.error();
    if (auto done = i->fold_all(); !done) return done.error();
    i->made = true;
    i->refresh_due();
    return engine(std::move(i));
}

result<engine> engine::make(std::unique_ptr<journal> store) {
    std::optional<event> rules;
    std::optional<event> people;
    const auto           last_of = [&](std::string_view stream, std::optional<event>& last) {
        return store->read(stream, 0, [&](const stored_event& s) {
            if (s.what.kind == event_kind::document) last = s.what;
            return true;
        });
    };
    if (auto done = last_of(charter_stream, rules); !done) return done.error();
    if (auto done = last_of(roster_stream, people); !done) return done.error();
    if (!rules || !people)
        return make_error(errc::not_found, "the journal holds no charter and roster yet", {},
                          "give them when the engine is first made: they are stored with the first proposal");
    auto c = charter_of(*rules);
    if (!c) return c.error();
    auto r = roster_of(*people);
    if (!r) return r.error();
    return make(std::move(c.value()), std::move(r.value()), std::move(store));
}

// ---- asking for something -----------------------------------------------------------------------------------------------------
result<std::string> engine::open(const opening& o) {
    auto&             i = *impl_;
    const auto hash = o.key.empty() ? std::string() : sha256_hex(canonical_text(o));
    const auto known_already = [&]() -> std::optional<result<std::string>> {
        auto known = i.answered({}, o.key, hash);
        if (!known) return std::nullopt;
        if (known->failed()) return result<std::string>(known->fault());
        if (known->refused()) return result<std::string>(make_error(errc::invalid, to_string(known->refusal())));
        return result<std::string>(known->proposal);
    };
    if (i.store->durable() || !o.key.empty())
        if (auto known = known_already()) return i.up_to_date(std::move(*known));
    for (int attempt = 0;; ++attempt) {
        if (i.store->durable())
            if (auto done = i.catch_up(); !done) return done.error();
        if (!o.parent.empty() && i.find(o.parent) == nullptr)
            return make_error(errc::not_found, "there is no parent proposal " + json_text::in_quotes(o.parent));
        if (i.depth_below(o.parent) > deepest_children)
            return make_error(errc::limit, "proposals may be nested " + std::to_string(deepest_children) + " deep");
        // What is opened looks at its parent as it is by then: what was due there earlier happens first.
        auto* parent = i.find(o.parent);
        if (parent != nullptr && parent->due && *parent->due < o.at && in_range(o.at)) {
            receipt    moved;
            const auto done = i.let_time_pass(*parent, o.at - duration{1}, o.at, moved);
            if (!done && (done.error().code != errc::conflict || attempt == most_tries)) return done.error();
            if (!done) continue;
        }
        introduce(i.people, o);
        proposal     p;
        step_output  out;
        surroundings around{i.people, parent};
        auto         id = o.process + "-" + std::to_string(i.proposals.size() + 1);
        auto         answer = open_proposal(p, id, o, i.rules, around, out);
        if (!answer) return answer.error();
        if (!answer.value())
            if (auto no = i.taken(*p.by, o.subject, o.by)) answer.value() = std::move(no);
        if (answer.value()) {
            // The same key answers the same again, whatever has changed by then.
            receipt       no(*answer.value());
            impl::writing kept_only;
            if (!o.key.empty()) kept_only.answers.push_back({o.key, hash, kept(no)});
            if (auto done = i.write(kept_only); !done && done.error().code != errc::conflict) return done.error();
            return make_error(errc::invalid, to_string(*answer.value()));
        }
        impl::writing w;
        i.add_documents(w, o.at);
        i.add_effects(w, p, out);
        i.add_claim(w, p, o.at);
        w.add(id, 0, std::move(out.events));
        receipt r;
        r.proposal = id;
        if (!o.key.empty()) w.answers.push_back({o.key, hash, kept(r)});
        i.rely_on_parent(w, p);
        auto done = i.tell_opening(w, p, r);
        if (done) done = i.tell_parents(w, p, true, o.at, r);  // it may have come to its outcome at once
        if (done) done = i.write(w);
        if (done) {
            i.keep();
            i.note_due(i.adopt_state(std::move(p)));
            return id;
        }
        i.take_back();
        if (done.error().code != errc::conflict || attempt == most_tries) return done.error();
        if (auto known = known_already()) return i.up_to_date(std::move(*known));
    }
}

receipt engine::submit(std::string_view proposal_id, const command& c) { return impl_->submit(proposal_id, c); }

std::vector<receipt> engine::submit(std::span<const request> many) {
    auto&                    i = *impl_;
    std::vector<receipt>     receipts;
    impl::writing            w;
    std::vector<std::string_view> keys;
    bool                     whole = true;
    if (i.store->durable()) whole = i.catch_up().has_value();
    for (const auto& r : many) {
        if (!whole) break;
        const bool again = !r.what.key.empty() && std::find(keys.begin(), keys.end(), r.what.key) != keys.end();
        if (again) {  // within one batch: only one by one can tell
            whole = false;
            break;
        }
        const auto hash = impl::command_hash(r.proposal, r.what);
        if (i.store->durable() || !r.what.key.empty()) {
            if (auto known = i.answered(r.proposal, r.what.key, hash)) {
                receipts.push_back(std::move(*known));
                continue;
            }
        }
        if (!r.what.key.empty()) keys.push_back(r.what.key);
        receipts.push_back(i.take(r.proposal, r.what, hash, w));
        whole = !receipts.back().failed() || receipts.back().fault().code == errc::not_found;
    }
    if (whole && i.write(w)) {
        i.keep();
        return receipts;
    }
    // Something went wrong for all of them together: forget it, and take them one by one.
    i.take_back();
    receipts.clear();
    for (const auto& r : many) receipts.push_back(i.submit(r.proposal, r.what));
    return receipts;
}

std::vector<receipt> engine::advance(instant now) {
    auto&                i = *impl_;
    std::vector<receipt> receipts;
    if (i.store->durable())
        if (auto done = i.catch_up(); !done) return {receipt(done.error())};
    std::set<std::size_t> stuck;  // what can't go on by itself must not keep the others from going on
    while (!i.due.empty() && i.due.top().at <= now) {
        const auto entry = i.due.top();
        i.due.pop();
        auto& p = *i.proposals[entry.which];
        if (p.due != entry.at || stuck.contains(entry.which)) continue;
        for (int attempt = 0; attempt < most_tries; ++attempt) {
            receipt r;
            // To this instant only, so that what happens in one proposal is seen by the next at the right time.
            auto done = i.let_time_pass(p, entry.at, now, r);
            if (done) {
                if (!r.events.empty()) receipts.push_back(std::move(r));
                break;
            }
            if (done.error().code == errc::limit) {
                receipts.emplace_back(done.error());
                receipts.back().proposal = p.id;
                stuck.insert(entry.which);
                break;
            }
            if (done.error().code != errc::conflict) {
                receipts.emplace_back(done.error());
                return receipts;
            }
            if (auto seen = i.catch_up(); !seen) {
                receipts.emplace_back(seen.error());
                return receipts;
            }
            if (!p.due || *p.due > now) break;
        }
    }
    for (const auto which : stuck) i.note_due(*i.proposals[which]);
    return receipts;
}

result<std::vector<receipt>> engine::change_roster(const roster_event& e, std::string_view key) {
    auto&             i = *impl_;
    const std::string own_key(key);
    const auto        hash = key.empty() ? std::string() : sha256_hex("roster\n" + to_json(e));
    const auto        known_already = [&]() -> std::optional<result<std::vector<receipt>>> {
        if (!i.store->durable() && own_key.empty()) return std::nullopt;
        auto known = i.answered({}, own_key, hash);
        if (!known) return std::nullopt;
        if (known->failed()) return result<std::vector<receipt>>(known->fault());
        if (known->refused()) return result<std::vector<receipt>>(make_error(errc::invalid, to_string(known->refusal())));
        return result<std::vector<receipt>>(std::vector{std::move(*known)});
    };
    std::map<std::size_t, error> stuck;  // a charter that goes in circles must not keep others from leaving
    for (int attempt = 0;;) {
        if (auto known = known_already()) return i.up_to_date(std::move(*known));
        if (i.store->durable())
            if (auto done = i.catch_up(); !done) return done.error();
        impl::writing w;
        auto          after = i.people;
        if (const auto possible = after.apply(e); !possible) {
            // The same key answers the same again, whatever has changed by then.
            const auto no = possible.error();
            if (!own_key.empty()) w.answers.push_back({own_key, hash, kept(receipt(refusal{.by = refused_by::input, .what = no.what()}))});
            if (auto done = i.write(w); !done && done.error().code != errc::conflict) return done.error();
            return no;
        }
        if (!own_key.empty()) w.answers.push_back({own_key, hash, kept(receipt())});
        std::vector<receipt> receipts;
        const auto           stuck_before = stuck.size();
        auto                 done = i.finish_due(e.at, w, receipts, stuck);
        const bool           turned = done.has_value();
        if (turned) {
            i.add_documents(w, e.at);
            w.add(std::string(roster_stream), i.roster_version + (i.roster_stored ? 0U : 1U),
                  {event{.kind = event_kind::roster, .at = e.at, .noted = e.at, .text = to_json(e)}});
            std::swap(i.people, after);
            done = i.follow_people(e.at, w, receipts, stuck);
        }
        if (done) done = i.write(w);
        if (done) {
            i.keep();
            for (auto& [which, why] : stuck) {
                i.note_due(*i.proposals[which]);
                receipts.emplace_back(std::move(why));
                receipts.back().proposal = i.proposals[which]->id;
            }
            return receipts;
        }
        if (turned) std::swap(i.people, after);
        i.take_back();
        for (const auto& [which, why] : stuck) i.note_due(*i.proposals[which]);
        if (stuck.size() > stuck_before) continue;
        if (done.error().code != errc::conflict || ++attempt == most_tries) return done.error();
    }
}

result<std::vector<effect>> engine::pending_effects(std::size_t most) { return impl_->store->pending_effects(most); }
result<void> engine::done(std::uint64_t effect_id) { return impl_->store->done(effect_id); }
result<void> engine::refresh() { return impl_->catch_up(); }

// ---- reading --------------------------------------------------------------------------------------------------------------------
const proposal* engine::get(std::string_view proposal_id) const { return impl_->find(proposal_id); }

std::vector<std::string> engine::find(std::string_view subject, const viewer& v) const {
    std::vector<std::string> ids;
    const auto               found = impl_->by_subject.find(subject);
    if (found == impl_->by_subject.end()) return ids;
    for (const auto i : found->second)
        if (impl_->visible(*impl_->proposals[i], v)) ids.push_back(impl_->proposals[i]->id);
    return ids;
}

std::vector<std::string> engine::list(const filter& f, const viewer& v) const {
    std::vector<std::string> ids;
    const auto               waits = f.waiting_for.empty() ? std::nullopt : impl_->people.find_person(f.waiting_for);
    if (!f.waiting_for.empty() && !waits) return ids;
    for (const auto& p : impl_->proposals) {
        if (ids.size() == f.most) break;
        if (!f.process.empty() && p->by->name != f.process) continue;
        if (f.in && p->in() != *f.in) continue;
        if (f.open_only && !is_open(p->in())) continue;
        if (waits) {
            if (!impl_->waits_for(*p, *waits)) continue;
        }
        if (impl_->visible(*p, v)) ids.push_back(p->id);
    }
    return ids;
}

result<explanation> engine::explain(std::string_view proposal_id, instant now, const viewer& v) const {
    const auto* p = impl_->find(proposal_id);
    if (p == nullptr || !impl_->visible(*p, v))
        return make_error(errc::not_found, "there is no proposal " + json_text::in_quotes(proposal_id));
    return quorate::explain(*p, now, impl_->around(*p), v);
}

std::optional<instant> engine::next_change(std::string_view proposal_id) const {
    const auto* p = impl_->find(proposal_id);
    const auto  next = p == nullptr ? std::nullopt : upcoming(*p, impl_->around(*p));
    return next ? std::optional(next->at) : std::nullopt;
}
std::optional<instant> engine::next_change() const {
    std::optional<instant> first;
    for (const auto& p : impl_->proposals)
        if (p->due && (!first || *p->due < *first))
            if (const auto next = upcoming(*p, impl_->around(*p)); next && (!first || next->at < *first)) first = next->at;
    return first;
}

std::vector<std::string> engine::pending_of(std::string_view who, const viewer& v) const {
    return list({.open_only = true, .waiting_for = std::string(who)}, v);
}

result<std::vector<event>> engine::history(std::string_view proposal_id, const viewer& v) const {
    const auto* p = impl_->find(proposal_id);
    if (p == nullptr || !impl_->visible(*p, v))
        return make_error(errc::not_found, "there is no proposal " + json_text::in_quotes(proposal_id));
    std::vector<event> events;
    const bool         hidden = hides_ballots(*p, v, impl_->around(*p));
    const auto         viewing = v.who.empty() ? std::nullopt : impl_->people.find_person(v.who);
    const auto         own_id = viewing ? impl_->people.id(*viewing) : std::string_view{};
    const auto read = impl_->store->read(proposal_id, 0, [&](const stored_event& s) {
        const auto& whose = s.what.on_behalf_of.empty() ? s.what.by : s.what.on_behalf_of;
        const bool  own = !own_id.empty() && whose == own_id;
        if (hidden && s.what.kind == event_kind::condition) return true;  // it tells how rules read
        events.push_back(s.what);
        if (hidden && !own && s.what.kind == event_kind::acted && s.what.done == act::cast)
            events.back().subject = events.back().text = {};
        return true;
    });
    if (!read) return read.error();
    return events;
}

const roster&  engine::people() const { return impl_->people; }
const charter& engine::rules() const { return impl_->rules; }

}  // namespace quorate
