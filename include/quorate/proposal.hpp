// One matter going through one process, as a fold of its events; and the pure functions that decide what may happen next.
// The engine, scenarios, the model checker and simulations all call these: what you run is what you check.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/charter.hpp>
#include <quorate/event.hpp>
#include <quorate/result.hpp>
#include <quorate/roster.hpp>
#include <quorate/tally/count.hpp>
#include <quorate/verdict.hpp>

namespace quorate {

// Limits of one proposal; a command that would pass one is refused.
inline constexpr std::size_t most_voters = 10'000;
inline constexpr std::size_t most_concerns = 1'000;
inline constexpr std::size_t most_facts = 256;
inline constexpr std::size_t most_questions = 1'000;
inline constexpr std::size_t most_ballot_options = 100;  ///< counts take time that grows with their square or faster
inline constexpr std::size_t most_children = 1'000;
inline constexpr std::size_t most_teams_of_proposal = 60;
inline constexpr std::size_t deepest_children = 8;

/// Somebody who counts: a person, or whoever holds a seat.
struct voter {
    person        who{};
    std::uint16_t seat = 0xffff;   ///< index into `proposal::seats` when counted by seat
    std::uint8_t  choice = 0;      ///< 0: silent; 1 + position otherwise
    bool          recused = false; ///< stepped aside, and nobody stands in: of a seat, an alternate who casts its ballot does
    person        cast_by{};       ///< who acted: `who`, or somebody on their behalf
    std::uint16_t stage = 0;       ///< in which the ballot was cast
    instant       at{};            ///< of the ballot
    std::vector<std::int32_t> marks{};  ///< what the ballot says, by option: ranks or scores as in tally/ballots.hpp, 1 and 0 for approvals;
                                        ///< options beyond its end were not marked

    friend bool operator==(const voter&, const voter&) = default;
};

/// Something on the ballot.
struct ballot_option {
    std::string         name{};
    std::string         title{};
    std::string         kind{};       ///< of `option_rule::kinds`; empty where there are none
    std::optional<person> mover{};    ///< who put it there; nothing: the charter
    std::vector<person> sponsors{};
    bool                withdrawn = false;
    std::uint32_t       amendments = 0;
    instant             since{};      ///< when it was added or last amended

    friend bool operator==(const ballot_option&, const ballot_option&) = default;
};

/// How much a delegate's ballot carries of what somebody holds, where ballots are stakes.
struct stake {
    std::uint8_t          kind = 0;  ///< of `ballot_rule::kinds`
    std::optional<number> amount{};  ///< nothing: all of it

    friend bool operator==(const stake&, const stake&) = default;
};

/// A part of a ballot: a share of the whole, or an amount of its weight, as `ballot_rule::split` says.
struct ballot_part {
    std::uint8_t position = 0;
    number       size;

    friend bool operator==(const ballot_part&, const ballot_part&) = default;
};

/// Whom somebody let decide for them in this proposal only.
struct narrowed {
    person                who{};
    std::optional<person> to{};  ///< nothing: nobody, whatever they said elsewhere
    stake                 gives{};  ///< of `stakes`

    friend bool operator==(const narrowed&, const narrowed&) = default;
};

/// Who was chosen of options that a count left tied. Said of that very tie: another one waits again.
struct tie_choice {
    std::vector<std::string> tied{};
    std::string              chosen{};

    friend bool operator==(const tie_choice&, const tie_choice&) = default;
};

enum class concern_state : std::uint8_t { open, resolved, overridden };

struct concern {
    std::string         name{};
    person              raiser{};
    concern_state       state = concern_state::open;
    std::optional<person> closed_by{};   ///< nothing: the charter itself, as when the raiser left
    instant             raised{};
    instant             closed{};
    std::vector<person> seconds{};

    friend bool operator==(const concern&, const concern&) = default;
};

struct reported_fact {
    std::string                 name{};
    std::optional<bool>         truth{};
    std::optional<std::int64_t> amount{};
    instant                     at{};

    friend bool operator==(const reported_fact&, const reported_fact&) = default;
};

struct question {
    std::string text_id{};   ///< the name under which it was asked
    person      asker{};
    bool        open = true;
    bool        deferred = false;

    friend bool operator==(const question&, const question&) = default;
};

/// A proposal under this one, as far as links have told.
struct child {
    std::string          id{};
    std::string          process{};
    std::optional<phase> outcome{};  ///< nothing: it is open

    friend bool operator==(const child&, const child&) = default;
};

/// Somebody's lasting support or objection that is no ballot: a second, a sponsorship, a hold.
struct standing {
    person  who{};
    instant since{};

    friend bool operator==(const standing&, const standing&) = default;
};

/// What the outcome of a child was to do here, and could not.
struct unheeded {
    act         does = act::override_;
    std::string subject{};
    std::string child{};   ///< its id

    friend bool operator==(const unheeded&, const unheeded&) = default;
};

/// The state of one proposal. A regular value; changed by `apply` only. Persons are those of the roster that `apply` was given.
struct proposal {
    std::string                id{};
    std::string                subject{};   ///< the host's id of the matter
    std::string                title{};
    std::optional<charter>     under{};     ///< pinned when it was opened
    const process*             by = nullptr;  ///< of `under`
    person                     author{};
    person                     proposer{};
    bool                       proposed = false;
    std::vector<team_id>       teams{};
    std::size_t                teams_named = 0;        ///< by whoever proposed, in this round
    bool                       teams_missing = false;  ///< it names a team that the roster of today doesn't know
    std::optional<std::uint16_t> disposition{};
    std::uint16_t              stage = 0;
    instant                    opened{};
    instant                    entered{};      ///< the current stage
    instant                    last{};         ///< the last event
    std::uint64_t              version = 0;    ///< events so far

    std::vector<voter>         voters{};         ///< the electorate as taken, in the order of the roster
    // Of each voter, by index; empty where the process knows no such thing, or nobody has it yet.
    std::vector<number>        weights{};
    std::vector<std::optional<person>> delegates{};  ///< as the roster said when the electorate was taken
    std::vector<std::vector<ballot_part>> parts{};   ///< of ballots in parts; `voter::choice` is then the first one's
    std::vector<std::uint8_t>  kinds{};              ///< of ballots, in `ballot_rule::kinds`
    std::vector<stake>         stakes{};             ///< what goes with `delegates`
    std::vector<std::uint8_t>  for_others{};         ///< choices as delegates, where one's own ballot is apart from that
    std::vector<narrowed>      delegations{};        ///< said in this proposal, sorted by person
    std::vector<std::string>   seats{};          ///< names, when counted by seat
    std::vector<person>        aside{};          ///< those who recused themselves, in that order, whether they have a vote or not
    std::vector<concern>       concerns{};
    std::vector<standing>      holds{}, seconds{}, sponsors{};
    std::vector<question>      questions{};
    std::vector<ballot_option> options{};        ///< those of the charter first
    std::vector<tie_choice>    tie_choices{};    ///< in that order: of equal ties the first choice is for the first
    std::optional<std::vector<std::string>> ballot_paper{};  ///< options that can be voted for, from when the formal say began; else as the rules say
    std::optional<std::vector<std::string>> elected{};       ///< as counted when it came to its outcome, and again since (`vacate`)
    std::uint32_t              vacated = 0;          ///< how often somebody elected has left since; from the first time on those who stay
                                                     ///< keep their seats in every count
    std::uint32_t              more_seats = 0;       ///< than the charter's count fills: of those who had been elected elsewhere
    std::vector<reported_fact> facts{};
    std::vector<child>         children{};
    std::vector<std::vector<person>> offices{};      ///< who has each of the process's offices; shorter: nobody was appointed yet
    std::vector<person>        participants{};   ///< everybody who did something, sorted
    std::uint32_t              revisions = 0;
    std::optional<std::uint16_t> revision_kind{};
    std::optional<instant>     proposed_at{}, revised_at{}, ballot_at{}, concern_at{}, option_at{};
    bool                       overridden = false;   ///< an override set the rule itself aside, in this stage

    duration                   extension{};          ///< of the current stage
    duration                   ran{};                ///< of the stage's clock, before it last started
    std::optional<instant>     runs_since{};           ///< nothing: the stage's clock stands still
    std::vector<std::optional<instant>> holds_since{}; ///< per exit of the stage: since when its held rule has held
    std::vector<std::optional<std::uint16_t>> came_from{};  ///< per stage: the one before it; empty where no exit leads back

    std::vector<std::optional<instant>> left_at{};     ///< per stage: when it last left it; empty where none has only so many places

    std::vector<quorate::unheeded> unheeded{};         ///< in the current stage

    std::string                parent{};               ///< id; empty: none
    std::string                about{};                ///< what of the parent: a concern's name, say

    /// What `next_due` found last; kept so that a host with many proposals needn't ask each. Nothing: time alone does nothing.
    std::optional<instant>     due{};

    [[nodiscard]] const quorate::stage& now() const { return by->stages[stage]; }
    [[nodiscard]] phase in() const { return now().in; }
    [[nodiscard]] bool  is_aside(person who) const { return std::find(aside.begin(), aside.end(), who) != aside.end(); }
    /// Accepted or at an end: how it was decided; nothing while it is open.
    [[nodiscard]] std::optional<phase> outcome() const {
        return is_open(in()) ? std::nullopt : std::optional(in());
    }
    [[nodiscard]] const ballot_option* option_named(std::string_view name) const;
    /// Where an exit of the current stage leads; nothing for one that leads back where the proposal has not been.
    [[nodiscard]] std::optional<std::uint16_t> target_of(const stage_exit& x) const;
    [[nodiscard]] std::size_t open_concerns() const;
    [[nodiscard]] std::size_t open_children() const;
    /// Since when the oldest second of the proposal has stood, of those that still do; nothing if there is none.
    [[nodiscard]] std::optional<instant> oldest_second() const;
    /// Since when the oldest open concern, of those that count, has been open.
    [[nodiscard]] std::optional<instant> oldest_concern() const;
    /// Whether this one's ballot is still waited for: not recused, and silent as far as rules can hear.
    [[nodiscard]] bool outstanding(const voter& v) const { return silent(v) && !v.recused && !carrier_of(index_of(v)); }
    /// Whether they have no ballot of their own that counts.
    [[nodiscard]] bool silent(const voter& v) const { return v.choice == 0 || !by->positions[v.choice - 1U].binding; }
    [[nodiscard]] std::size_t index_of(const voter& v) const { return static_cast<std::size_t>(&v - voters.data()); }
    /// By whose ballot the vote of a silent one counts: that delegate's index. Nothing: nobody's.
    [[nodiscard]] std::optional<std::size_t> carrier_of(std::size_t silent_one) const;
    /// To whom a vote is delegated, as said here or else in the roster; nothing: to nobody.
    [[nodiscard]] std::optional<person> delegate_of(std::size_t vote) const;
    /// What goes with that delegation, where ballots are stakes.
    [[nodiscard]] stake stake_of(std::size_t vote) const;
    /// Whether a vote's own ballot counts for those who delegated to its owner: with stakes not one that may be in parts.
    [[nodiscard]] bool carries(std::size_t vote) const;
    /// What is left of a vote's weight where ballots spend it in amounts.
    [[nodiscard]] number unspent(std::size_t vote) const;

    friend bool operator==(const proposal&, const proposal&) = default;  ///< within one engine: persons and processes are its own
};

/// Who or what refused a command.
enum class refused_by : std::uint8_t { law, permission, rule, state, input };
inline constexpr std::array<std::string_view, 5> refused_by_names{"law", "permission", "rule", "state", "input"};

/// Why a command was not accepted: an ordinary answer, to be shown to whoever asked.
struct refusal {
    refused_by  by = refused_by::state;
    std::string what{};    ///< "frank may not cast in stage pending"
    std::string which{};   ///< the law, permission or rule, as written
    std::string needed{};  ///< what would be needed

    friend bool operator==(const refusal&, const refusal&) = default;
};
[[nodiscard]] std::string to_string(const refusal& r);

class evidence_of;
class carriers;

/// A proposal beside others of its process, which may be in each other's way where a stage has only so many places.
struct neighbour {
    const proposal* which = nullptr;
    const proposal* parent = nullptr;
};

/// What surrounds a proposal: the roster as of now, its parent if it has one, and those beside it. Views.
struct surroundings {
    const quorate::roster& people;
    const proposal*        parent = nullptr;
    evidence_of*           scratch = nullptr;  ///< memory to work in, for callers with many commands; changes no result
    const refusal*         taken = nullptr;    ///< why it can't be opened again, if so: there may be one about its subject, and there is
    /// Proposals of its process, in the order in which they were opened; it may be among them. Asked for only where a stage has `places`:
    /// without them a proposal is alone, and finds every place free.
    std::span<const neighbour> others{};
};

/// How something is opened.
struct opening {
    std::string              process{};
    std::string              by{};         ///< author: id or handle
    std::string              subject{};    ///< the host's id of the matter; may be empty
    std::string              title{};
    std::vector<std::string> teams{};
    std::string              parent{};   ///< id of a proposal
    std::string              about{};
    instant                  at{};
    std::string              key{};      ///< idempotency key; mandatory with a durable journal
};

// ---- the fold -------------------------------------------------------------------------------------------------------------
/// The next state. `people` only turns ids into persons. Never fails on events that the functions below made; an event that
/// names what the pinned charter or the roster doesn't know is `damaged` and leaves the state spoilt.
[[nodiscard]] result<void> apply(proposal& p, const event& e, const roster& people);

/// The state after an `opened` event under this charter.
[[nodiscard]] result<proposal> begin(std::string id, const event& opened, const charter& under, const roster& people);

/// Makes guests of those whom a command or event names and the roster doesn't know: anyone may take part where a charter says
/// "everyone", and is a member of nothing. To be called before `handle`, `open_proposal`, `apply` and `begin`; an id that can't be
/// a name is left unknown, and refused there.
void introduce(roster& people, const command& c);
void introduce(roster& people, const event& e);
void introduce(roster& people, const opening& o);

// ---- what may happen --------------------------------------------------------------------------------------------------------
/// Which events a caller of many steps wants to see. All are made and applied whatever it says.
enum class kept_events : std::uint8_t {
    all,    ///< and the effects
    moves,  ///< from stage to stage, and no effects
    none,   ///< nor effects: for callers who look at the state alone
};

/// What steps of a proposal put out: each appends the events it makes to `events`, applied to the proposal already, and effects to
/// `effects`. For many steps use one, and `clear` it between them: it keeps its memory.
struct step_output {
    std::vector<event>                                  events{};
    std::vector<std::pair<instant, effect_template>>    effects{};
    /// When it left a stage that has only so many places, or a free place to somebody who is ahead of it: those who wait are to be
    /// asked (`take_place`) until none goes on. Nothing: that is as it was.
    std::optional<instant>                              place_left{};
    kept_events                                         kept = kept_events::all;

    void clear() {
        events.clear();
        effects.clear();
        place_left.reset();
    }
};

// What follows fails at a limit, such as exits that go round in a circle, and where what happens doesn't fit what an altered journal has
// made of the proposal (damaged): `p` is then spoilt and must be folded anew, and `out` means nothing.

/// Takes a command at its time: exits due earlier first, then law, permission and state, then the exits that follow from it.
/// Returns why not, if not; exits that were due earlier have happened even then.
[[nodiscard]] result<std::optional<refusal>> handle(proposal& p, const command& c, const surroundings& around, step_output& out);

/// Lets time pass until `now`: takes every exit that is due, each at its own instant.
[[nodiscard]] result<void> pass_time(proposal& p, instant now, const surroundings& around, step_output& out);

/// Lets the roster and the parent as they are now take effect: on a live electorate, on concerns whose raisers left, on what exits read.
[[nodiscard]] result<void> follow_surroundings(proposal& p, instant now, const surroundings& around, step_output& out);

/// Lets one that waits take a place that has become free, if it is there for it: what is due before comes first, then the exits as they
/// stand.
[[nodiscard]] result<void> take_place(proposal& p, instant now, const surroundings& around, step_output& out);

/// Opens a proposal: the `opened` event and what follows from it. A refusal as in `handle`.
[[nodiscard]] result<std::optional<refusal>> open_proposal(proposal& p, std::string id, const opening& o, const charter& under,
                                                           const surroundings& around, step_output& out);

/// The next instant at which time alone changes what some exit of the current stage reads: what `proposal::due` holds. Not every
/// such instant moves the proposal (see `upcoming`), but none that does is missed.
[[nodiscard]] std::optional<instant> next_instant(const proposal& p, const surroundings& around);

/// What time alone does next.
struct time_move {
    instant       at{};
    std::uint16_t to = 0;  ///< stage
};
/// When time alone will next move the proposal, and where to, if nothing else happens; nothing if it never does.
[[nodiscard]] std::optional<time_move> upcoming(const proposal& p, const surroundings& around);

// ---- reading ------------------------------------------------------------------------------------------------------------------
/// The evidence that rules of `p` read at `now`. Owns what the evidence views; keep it while reading. Reuse one for speed.
class evidence_of {
public:
    evidence_of();
    ~evidence_of();
    evidence_of(const evidence_of&) = delete;
    evidence_of& operator=(const evidence_of&) = delete;
    /// `ahead` tells whether readings will ask what members may still do; without it nobody is taken to be able to act, which
    /// spares a look at each member's permissions and changes no reading of how things stand now.
    const evidence& take(const proposal& p, instant now, const surroundings& around, bool ahead = true);
    /// Which of the evidence's classes each voter is counted in, by index; `uncounted` for those who aren't.
    [[nodiscard]] std::span<const std::uint32_t> class_of() const { return class_of_; }
    static constexpr std::uint32_t uncounted = 0xffffffff;

private:
    const evidence& take(const proposal& p, instant now, const surroundings& around, const process& reading, bool ahead);
    void            take_classes(const proposal& p, const surroundings& around, const process& reading, bool ahead);
    void            add(const member_class& like, std::size_t place);
    void            add_vote(const proposal& p, std::size_t i, member_class& like, const carriers* carried);
    void            add_stake(const proposal& p, std::size_t i, std::size_t by, std::uint8_t choice, member_class like);
    /// What may still become of a vote: nothing, or that it chooses one of these positions, by bits.
    struct leave {
        bool          some = false;
        std::uint32_t places = 0;
    };
    [[nodiscard]] leave leave_of(const proposal& p, const voter& v, const surroundings& around, bool all_may) const;
    /// The positions that a permission to cast covers, by bits.
    [[nodiscard]] std::uint32_t covered(const permission& a, const process& by) const;
    std::uint32_t   affiliation_of(person who, const roster& people);

    evidence                     evidence_;
    std::vector<member_class>    classes_;
    std::vector<fact_value>      facts_;
    std::vector<child_count>     children_;
    std::vector<std::string>     affiliations_;
    std::vector<std::uint32_t>   class_of_;
    ballot_slots                slots_;
    std::map<number, std::vector<std::uint32_t>> by_weight_;  ///< classes, where votes have weights
    bool                         weighted_ = false;
    bool                         alike_ = false;  ///< the classes differ in nothing but who stepped aside
    std::uint32_t                last_class_ = 0;
    std::unique_ptr<evidence_of> parent_;
    std::unique_ptr<class counter> counter_;
};

// ---- counting options -----------------------------------------------------------------------------------------------------------
/// The places of the options that ballots are counted about: not withdrawn, and on the ballot as the charter says. In the order of
/// the ballot.
[[nodiscard]] std::vector<std::uint32_t> options_on_ballot(const proposal& p, instant now, const surroundings& around);

/// The count of the ballots about options as they stand at `now`, with its whole working, by the process's own rule; nothing when the
/// process counts none. A vote counts as often as it weighs, and a silent one by its delegate's ballot; weights that aren't whole numbers
/// can't be counted: nobody is elected then, and the only round says why. The options of the result are those of `options_on_ballot`, in that order.
[[nodiscard]] std::optional<tally::count> count_options(const proposal& p, instant now, const surroundings& around);
/// A ballot about options without whose it is.
struct anonymous_ballot {
    std::vector<std::int32_t> marks{};  ///< by option, of those of `options_on_ballot`: as in `voter::marks`
    std::vector<std::string>  says{};   ///< the same as `command::names` says it

    friend bool operator==(const anonymous_ballot&, const anonymous_ballot&) = default;
};
/// The ballots that count for that, one for each vote whatever it weighs; sorted, so that their order tells nothing.
[[nodiscard]] std::vector<anonymous_ballot> anonymous_ballots(const proposal& p, instant now, const surroundings& around);

/// A seat of some body.
struct seat_of {
    team_id     body{};
    const seat* which = nullptr;
};
/// The seat that a vote stands for, in the roster of today; nothing when votes aren't counted by seat, or it is gone.
[[nodiscard]] std::optional<seat_of> seat_of_vote(const proposal& p, const voter& v, const roster& people);

/// Whether a person belongs to a set as the proposal stands. `concern` is what "raiser" refers to, `other` what "on_behalf";
/// with a `seat` it is asked of that seat of theirs: "seats" and "reps" look at no other.
[[nodiscard]] bool contains(rule_view set, std::uint16_t node, person who, const proposal& p, const surroundings& around,
                            const concern* about = nullptr, std::optional<person> other = std::nullopt,
                            const seat_of* seat = nullptr);
/// The vote that `who` casts: their own, or that of a seat for which they are an alternate; nullptr if they have none.
[[nodiscard]] const voter* voter_of(const proposal& p, person who, const roster& people);
/// Everybody in the roster whom `contains` finds, in the order of the roster.
[[nodiscard]] std::vector<person> members_of(rule_view set, const proposal& p, const surroundings& around,
                                             const concern* about = nullptr);
/// Who is of the electorate by the roster of today: like members_of, but that of a team it takes in only those who have a ballot there.
[[nodiscard]] std::vector<person> electors_of(const proposal& p, const surroundings& around);

}  // namespace quorate
