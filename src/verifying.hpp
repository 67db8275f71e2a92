// What verify's parts share: what a process looks at, situations, moves, keys, the graph of all that was found. Internal.
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/verify.hpp>

namespace quorate::verifying {

// ---- what a process looks at ---------------------------------------------------------------------------------------------------
/// Calls `what` for every rule of a process that decides anything, or that a property states.
template <class Process, class What>
void each_deciding_rule(Process& p, What what) {
    for (auto& r : p.rules) what(r.value);
    for (auto& q : p.properties) what(q.value);
    what(p.electorate.of);
    what(p.may_open);
    what(p.may_open_if);
    what(p.options.on_ballot);
    what(p.count.quorum);
    for (auto& s : p.stages) {
        what(s.clock_runs);
        what(s.first);
        for (auto& a : s.allow) {
            what(a.who);
            what(a.condition);
        }
        for (auto& x : s.exits) {
            what(x.when);
            what(x.condition);
            for (auto& b : x.cast) what(b.who);
        }
    }
}

/// Times that rules and exits can look at, each with a number: since it was opened; the stage's clock; `since` of each kind; of each fact.
inline constexpr std::size_t opened_time = 0, stage_time = 1, first_since = 2, first_fact_time = first_since + since_names.size();
inline constexpr std::size_t most_times = 64;  ///< facts beyond share the last
using times = std::bitset<most_times>;

/// What a number in a rule is compared with a fact by: the amounts worth reporting.
struct fact_use {
    std::string               name{};
    bool                      as_truth = false;
    std::set<std::int64_t>    amounts{};
    std::set<std::int64_t>    reached{};           ///< amounts from which on some comparison holds, if nothing else is asked of it
    bool                      only_reached = true; ///< nothing else is
    bool                      asserted = true;     ///< no rule holds because it doesn't: that it isn't reported is as if it were false
    std::string               behind{};            ///< it and that one are asked for together, and nowhere else: which is reported first makes no difference

    /// What rules can tell of an amount.
    [[nodiscard]] std::uint64_t level(std::int64_t amount) const {
        return only_reached && asserted ? static_cast<std::uint64_t>(std::distance(reached.begin(), reached.upper_bound(amount))) + 3U : static_cast<std::uint64_t>(amount) + 16U;
    }
};

/// Parts of a situation that rules read, or acts go by.
enum class part : std::uint8_t { ballots, author, proposer, participants, disposition, revisions, revision_kind, named_teams, people };
using parts = std::bitset<9>;

/// What of a situation can matter to what becomes of it. What no longer does in a stage, nor in any that can follow it, is forgotten there.
struct looks {
    std::vector<times>    needed{};        ///< by stage: times that it, or a stage that follows, looks at
    std::vector<times>    asked{};         ///< by stage: those that permissions there look at
    duration              longest{};     ///< no rule tells apart what is longer ago
    bool                  endless = false; ///< two times are compared with each other: none can be forgotten
    std::vector<parts>    read{};          ///< by stage: parts that it, or a stage that follows, goes by
    /// By stage, then by fact: whether it looks at that, or one does that it leads to at once. What only later ones look at is reported there, again if
    /// need be: the host may at any time. Only when it was reported, where that is asked, is remembered till then.
    std::vector<std::vector<std::uint8_t>> facts_read{};
    std::vector<std::vector<std::uint8_t>> facts_told{};  ///< the same, and what an act or exit there waits for being reported, whatever it says
    std::vector<std::vector<std::uint8_t>> choices{};     ///< by stage, then by choice: as what it goes; positions that nothing tells apart as one, or as silence
    bool children = false, affiliations = false, casters = false, delegates = false, weights = false;
    bool counts_holds = false;             ///< a rule tells apart how many holds there are, not only whether there is one
    std::vector<fact_use> facts{};
    std::vector<bool>     open_ended{};    ///< by stage: some "after" exit has an open end

    [[nodiscard]] bool reads(std::uint16_t stage, part what) const { return read[stage].test(static_cast<std::size_t>(what)); }
};
[[nodiscard]] looks looks_of(const process& p, std::size_t people);

// ---- a world ---------------------------------------------------------------------------------------------------------------
/// A situation: the proposal, the time, and who is there.
struct situation {
    proposal               p{};
    instant                now{};
    std::uint32_t          left = 0;      ///< bit per person: who left; of a newcomer: who came
    bool                   crowded = false;  ///< others have each place that it could go to, and get the next one before it
    std::optional<instant> announced{};   ///< since when outsiders could know what is intended
};

struct key128 {
    std::uint64_t a = 0, b = 0;
    friend bool operator==(const key128&, const key128&) = default;
    friend auto operator<=>(const key128&, const key128&) = default;
};

/// One step of a story.
struct move {
    enum class kind : std::uint8_t { none, open, command, wait, time, leave, leave_team, join, exchange, crowd };
    kind          what = kind::none;
    command       c{};
    instant       at{};              ///< wait, time: until when
    std::uint32_t person = 0;        ///< who acts, leaves or joins; which team
    std::uint8_t  actor = nobody;    ///< as people go by in graphs
    static constexpr std::uint8_t nobody = 0xff, host = 0xfe;
};

enum class tried : std::uint8_t { done, refused, circle };

/// A step of the way to a situation.
struct step {
    move        m{};
    situation   after{};
    step_output out{};
};

/// All that stays the same while one process is explored. Any number of threads may read it.
class world {
public:
    world(const charter& c, const process& p, const roster& people, const verify_bounds& bounds);

    [[nodiscard]] const process& by() const { return *by_; }
    [[nodiscard]] const charter& under() const { return under_; }
    [[nodiscard]] const looks& seen() const { return looks_; }
    [[nodiscard]] const verify_bounds& bounds() const { return bounds_; }
    [[nodiscard]] const roster& people() const { return rosters_.at(0); }
    [[nodiscard]] const roster& people(std::uint32_t left) const { return rosters_.at(left); }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::uint8_t class_of(std::size_t person) const { return classes_[person]; }
    [[nodiscard]] surroundings around(const situation& s, evidence_of* scratch = nullptr) const {
        return {.people = people(s.left), .parent = parent_ ? &*parent_ : nullptr, .scratch = scratch, .others = s.crowded ? std::span(beside_) : std::span<const neighbour>{}};
    }
    [[nodiscard]] const std::vector<std::string>& teams() const { return teams_; }
    [[nodiscard]] const std::optional<proposal>& parent() const { return parent_; }
    [[nodiscard]] const world* parent_world() const { return above_.get(); }
    [[nodiscard]] const std::vector<step>& parent_story() const { return parent_story_; }
    /// From now on proposals are opened under one of that other world, as it stands at the end of the story; it stays like that.
    void under_parent(std::shared_ptr<const world> above, std::vector<step> story);
    /// Tells these people from all others: they are no longer interchangeable with anybody outside.
    void set_apart(std::uint32_t who);
    [[nodiscard]] bool may_leave(std::size_t person, std::uint32_t left) const { return !is_newcomer(person) && rosters_.contains(left | (1U << person)) && (left >> person & 1U) == 0; }
    /// Newcomers come behind all others. One may join; or as many as there are members take their places, all at once.
    [[nodiscard]] bool is_newcomer(std::size_t person) const { return person >= first_newcomer_; }
    [[nodiscard]] std::optional<std::size_t> stands_in_for(std::size_t newcomer) const;
    [[nodiscard]] std::optional<std::size_t> joiner(std::uint32_t left) const;  ///< who may join
    /// Teams that may leave, each as those who are in it.
    [[nodiscard]] std::size_t teams_that_may_leave(std::uint32_t left) const { return left == 0 ? whole_teams_.size() : 0; }
    [[nodiscard]] std::uint32_t team_of(const move& m) const { return whole_teams_[m.person]; }
    [[nodiscard]] bool team_left(std::uint32_t left) const { return std::find(whole_teams_.begin(), whole_teams_.end(), left) != whole_teams_.end(); }
    [[nodiscard]] bool may_exchange(std::uint32_t left) const { return exchanged_ != 0 && left == 0; }
    [[nodiscard]] bool all_new(std::uint32_t left) const { return exchanged_ != 0 && left == exchanged_; }
    /// What of such moves isn't made though it was asked for, and why not.
    [[nodiscard]] const std::vector<std::string>& not_made() const { return not_made_; }
    /// What the roster says when that move is made.
    [[nodiscard]] std::vector<roster_event> events_of(const move& m, std::uint32_t left) const;
    /// Whether an exit of its stage leads into one that others can fill.
    [[nodiscard]] bool waits_for_places(const situation& s) const;

    /// Ways in which a proposal can be opened: one for each kind of people who may, or `because` why nobody may.
    [[nodiscard]] std::vector<step> openings(std::string& because) const;
    /// Everything that can be tried from a situation, in a fixed order. Only what is done for sure by nobody is left out.
    void moves_of(const situation& s, std::vector<move>& out, evidence_of& scratch) const;
    /// What each person has to do with a situation, as a number: equal for interchangeable ones that did the same.
    using records = std::array<std::uint64_t, most_verified_people>;
    void records_of(const situation& s, records& to) const;
    /// Makes a move. What is refused leaves `s` as it was, if `s.p.version` is.
    [[nodiscard]] tried take(situation& s, const move& m, step_output& out, evidence_of& scratch) const;
    /// What makes two situations the same, up to interchangeable members.
    [[nodiscard]] key128 key_of(const situation& s) const;

    static constexpr instant start = std::chrono::sys_days{std::chrono::year{2026} / 3 / 2};

private:
    friend class move_maker;
    void classify();
    void changed_rosters(const roster& people);
    void add_newcomers(roster_document& to, const roster& people);
    void add_roster(std::uint32_t key, std::uint32_t from, const move& m);
    void whole_teams();
    void leave_rosters();
    void crowds();
    void note_announcement(situation& s, const step_output& out, std::size_t from, bool opening) const;

    const charter&                      under_;
    const process*                      by_;
    looks                               looks_;
    verify_bounds                       bounds_;
    std::map<std::uint32_t, roster>     rosters_;   ///< by who left
    std::vector<std::uint8_t>           classes_;
    std::vector<std::string>            teams_;     ///< that proposals are about
    std::size_t                         size_ = 0;
    std::uint32_t                       apart_ = 0;
    std::size_t                         first_newcomer_ = 0;
    std::vector<std::size_t>            leaving_;          ///< who have anything to leave, in the order of those who stand in for them
    std::uint32_t                       exchanged_ = 0;    ///< `left` when all of them are replaced; 0: they aren't
    std::optional<std::size_t>          joiner_;
    std::vector<std::uint32_t>          whole_teams_;
    std::vector<std::string>            not_made_;
    std::vector<proposal>               others_;           ///< that fill each stage with places
    std::vector<neighbour>              beside_;
    std::optional<proposal>             parent_;
    std::shared_ptr<const world>        above_;
    std::vector<step>                   parent_story_;
};

/// Lets time pass while nobody does anything, until that leads no further. Returns false if it never ends: exits in a circle.
bool run_silently(const world& w, situation& s, step_output& out, evidence_of& scratch, instant until = latest_instant);
[[nodiscard]] constexpr bool decided_for(phase in) { return in == phase::accepted || in == phase::enacted; }

/// The teams that proposals are about in a made-up roster, and in one of the user's own.
[[nodiscard]] std::vector<std::string> teams_for(const process& p, const roster& people);
/// How many members the numbers in a process's rules ask for, so that what depends on them can happen.
[[nodiscard]] std::size_t members_for(const process& p);
/// The largest number that a comparison holds counts of people against; 0: it compares none.
[[nodiscard]] std::size_t number_wanted(const rule& r, std::uint16_t comparison);

// ---- what was seen on the way ---------------------------------------------------------------------------------------------------
/// The first time that something was seen: at a situation, or (with a move) on the way out of it.
struct sighting {
    finding_kind  kind = finding_kind::property;
    std::uint16_t stage = 0;
    std::string   what{};   ///< a sentence
    std::uint32_t state = 0;
    std::uint16_t move = no_move;
    static constexpr std::uint16_t no_move = 0xffff;
    [[nodiscard]] bool before(const sighting& o) const { return state != o.state ? state < o.state : move < o.move; }
};

/// What happened to be used, and what went wrong. Each worker has one; together they don't depend on who did what.
struct observations {
    std::vector<std::uint8_t>              stages{};       ///< reached
    std::vector<std::vector<std::uint8_t>> exits{};        ///< taken, by stage
    std::vector<std::vector<std::uint8_t>> permissions{};  ///< used, by stage
    std::vector<std::uint8_t>              rules{};        ///< met
    std::map<std::string, sighting>        seen{};         ///< by id of the finding
    std::vector<std::pair<std::uint32_t, std::uint8_t>> met{};  ///< situations in which a property that must stay possible is met

    explicit observations(const process& p);
    void note(std::string id, sighting s);
    void merge(const observations& o);
};

/// Looks at situations and moves while they are at hand. One per worker.
class watcher {
public:
    watcher(const world& w, bool thorough) : w_(w), thorough_(thorough), found(w.by()) {}
    /// A situation that is new, as `state`.
    void situation_seen(const situation& s, std::uint32_t state, evidence_of& scratch);
    /// A move that was made: from where, to where, by which events.
    void move_seen(const situation& from, const move& m, const situation& to, const step_output& out, std::uint32_t state, std::uint16_t index, evidence_of& scratch);
    void opening_seen(const step& opened);
    void circle_seen(const situation& from, std::uint32_t state, std::uint16_t index);

private:
    void used(const situation& from, const move& m, evidence_of& scratch);
    void decided(const proposal& before, const situation& from, const event& moved, std::uint32_t state, std::uint16_t index, evidence_of& scratch);
    void rules_read(const proposal& p, instant at, const situation& s, evidence_of& scratch);
    void confirmation(const situation& from, const move& m, const situation& to, const step_output& out, std::uint32_t state, std::uint16_t index, evidence_of& scratch);
    void invariants(const situation& from, const move& m, const situation& to, const step_output& out, std::uint32_t state, std::uint16_t index);
    void explained(const situation& s, std::uint32_t state, evidence_of& scratch);
    void who_is_who(const situation& s, std::uint32_t state, evidence_of& scratch);
    void properties(const situation& s, std::uint32_t state, evidence_of& scratch);
    void broken(int invariant, const std::string& what, std::uint16_t stage, std::uint32_t state, std::uint16_t index);

    const world& w_;
    bool         thorough_;

public:
    observations found;
};

// ---- all that can happen ------------------------------------------------------------------------------------------------------
struct edge {
    std::uint32_t to = 0;      ///< `unknown`: beyond the bounds
    std::uint16_t index = 0;   ///< of the move
    std::uint8_t  actor = move::nobody;
    std::uint8_t  what = 0;    ///< an act; or one of these
    static constexpr std::uint8_t wait = 200, time = 201, leave = 202, leave_team = 207, join = 203, exchange = 204, crowd = 205, room = 206;
    static constexpr std::uint32_t unknown = 0xffffffff;
};

struct graph {
    std::vector<key128>        keys{};
    std::vector<std::uint32_t> before{};       ///< the situation that each was first reached from; of the first ones themselves
    std::vector<std::uint16_t> by{};           ///< and by which move
    std::vector<std::uint16_t> stage{};
    std::vector<std::uint8_t>  marks{};
    std::vector<std::size_t>   first_edge{};   ///< one more than situations that were gone on from
    std::vector<edge>          edges{};
    std::vector<step>          roots{};
    std::size_t                steps = 0, depth = 0;
    bool                       stopped = false;
    std::string                no_opening{};
    observations               found;

    static constexpr std::uint8_t cut = 1, brink = 2, somebody_left = 4, all_new = 8, crowded = 16, team_left = 32;

    explicit graph(const process& p) : found(p) {}
    [[nodiscard]] std::size_t size() const { return keys.size(); }
    [[nodiscard]] std::size_t expanded() const { return first_edge.empty() ? 0 : first_edge.size() - 1; }
    /// Whether all of its moves are known.
    [[nodiscard]] bool whole(std::size_t i) const { return i < expanded() && (marks[i] & cut) == 0; }
    [[nodiscard]] std::size_t waiting() const;
};

/// Explores. `watch`: 0 only the graph, 1 what is used and wrong as well. With a `goal` it ends once a situation is in that stage.
[[nodiscard]] graph explore(const world& w, const verify_options& how, bool watch, std::optional<std::uint16_t> goal = std::nullopt);

/// The shortest way there, each step with what it led to; the first opens it. With `last` that move of it follows.
[[nodiscard]] std::vector<step> way_to(const world& w, const graph& g, std::uint32_t state, std::uint16_t last = sighting::no_move);

}  // namespace quorate::verifying
