// What would this rule do to us? Seeded runs of the functions that decide (proposal.hpp), with members who behave as data or a C++
// callable says.
//
//     quorate::simulate::setting base{.rules = charter, .process = "fcp", .people = roster,
//                                     .how = read_behaviour(R"({"members": [{"answers": {"exponential": "3 days"}}]})").value()};
//     auto study = quorate::simulate::study{.variants = {base}, .seed = 42, .runs = 100'000};
//     auto done  = run(study, {.threads = 2}).value();
//     std::cout << to_string(done);      // the measures with their intervals, and everything that was assumed
//
// A run is one stretch of time: proposals arrive, members act, clocks run. A study is many runs of one or more variants: another charter,
// a parameter swept, a member left out. All variants see the same draws, so that what differs is due to what was varied.
//
// Reproducible to the bit: a random number is a pure function of the seed and of what it is for (run, proposal, person, purpose), never of
// the order of work; all that is kept of runs is integers that are added up. So a study gives the same bytes on any number of threads,
// in shards that are merged, or resumed from a checkpoint. Nothing here decides anything: the engine's functions do.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/charter.hpp>
#include <quorate/detail/draws.hpp>
#include <quorate/proposal.hpp>
#include <quorate/roster.hpp>

namespace quorate {
class journal;
}

namespace quorate::simulate {

// Limits; what is beyond them is refused.
inline constexpr std::uint64_t most_runs = 1'000'000'000;
inline constexpr std::uint32_t most_proposals = 10'000;   ///< of one run
inline constexpr std::uint32_t most_acts = 1'000'000;     ///< of one run; a run that passes it is stopped, and counted as stopped
inline constexpr std::size_t   most_variants = 2'000;     ///< of a study
inline constexpr std::size_t   most_quantiles = 10'001;   ///< of a distribution given by quantiles
inline constexpr std::size_t   most_entries = 256;        ///< of each list in a behaviour
inline constexpr std::uint32_t most_puppets = 1'000;
inline constexpr std::uint64_t block_size = 32;           ///< runs that are handed to a thread, checkpointed and sharded together

// ---- behaviour, as data ----------------------------------------------------------------------------------------------------------
/// How likely, in parts of 2^32.
struct chance {
    std::uint64_t of_2_32 = 0;
    [[nodiscard]] bool holds(std::uint32_t word) const { return word < of_2_32; }
    [[nodiscard]] static chance of(const number& p);  ///< 0 to 1; cut to a multiple of 2^-32
    friend bool operator==(const chance&, const chance&) = default;
};
inline constexpr chance always{std::uint64_t{1} << 32U};

/// How long something takes. Drawn by exact inversion in integers.
struct distribution {
    enum class kind : std::uint8_t {
        fixed,        ///< `a`
        uniform,      ///< from `a` to `b`
        exponential,  ///< with mean `a`
        quantiles,    ///< `table`: the least, ..., the greatest, as likely between each two neighbours, evenly between them
    };
    kind                  is = kind::fixed;
    duration              a{}, b{};
    std::vector<duration> table{};

    [[nodiscard]] duration draw(std::uint64_t word) const;
    friend bool operator==(const distribution&, const distribution&) = default;
};
[[nodiscard]] std::string to_string(const distribution& d);

/// What some members are like. Later entries of a behaviour replace what they say of earlier ones for the same people.
struct member_kind {
    std::vector<std::string> who{};  ///< sets as in charters, "team(lang)", or people; empty: everyone
    std::optional<chance>       takes_part{};   ///< in a proposal
    std::optional<distribution> answers{};      ///< from when they can say something until they do
    std::vector<std::pair<std::string, chance>> says{};  ///< positions and how likely; what is left of 1 is silence
    std::optional<chance>       raises{};       ///< a concern, before they cast
    std::optional<chance>       settles{};      ///< their concern is ever resolved
    std::optional<distribution> resolves{};     ///< how long until then
    std::optional<chance>       delegates{};    ///< instead of casting, to another voter, all as likely
    std::optional<duration>     effort{};       ///< of one act: until it is done, their others wait
};

/// Members of one affiliation or team who think alike: each of them takes the common opinion of the group with this chance, else their own.
/// Two members of a group then agree by that in `share` squared of all proposals.
struct togetherness {
    enum class kind : std::uint8_t { nobody, affiliation, team };
    kind   by = kind::nobody;
    chance share{};
};

/// Something that people, or the host, do besides: second, sponsor, report a fact, enact. Once for each time the stage is entered.
struct habit {
    act                         does = act::second;
    std::string                 about{};   ///< position, concern, fact, revision...: `command::subject`
    std::vector<std::string>    names{};   ///< `command::names`
    std::optional<bool>         truth{};   ///< of a fact
    std::optional<std::int64_t> amount{};
    std::vector<std::string>    who{};     ///< as in `member_kind`; "host": nobody in particular; empty: everyone who is permitted to
    std::string                 stage{};   ///< empty: every stage that permits it
    chance                      likely = always;
    distribution                after{};   ///< entering the stage
};

/// Somebody who is not after the best decision.
struct adversary {
    enum class kind : std::uint8_t {
        block,    ///< raise a concern in every proposal as soon as they can, and never let go of it; where they can't, say `says`
        bloc,     ///< always say `says`, all at the same time
        late,     ///< say `says` a minute before the next deadline of the stage; where there is none, at once
        puppets,  ///< `count` people who are not there otherwise join `team` and are a bloc
        absent,   ///< never do anything
    };
    kind                     is = kind::bloc;
    std::vector<std::string> who{};      ///< as in `member_kind`
    std::uint32_t            count = 0;  ///< so many of those, the first in the roster; 0: all
    std::string              says{};
    std::string              team{};
    bool                     wants_acceptance = true;  ///< when a proposal counts as captured: it was accepted, or it wasn't
};

/// People leave, and others come in their place. Of everybody in `team`.
struct turnover {
    std::string                 team{};     ///< empty: nobody leaves
    distribution                stays{};    ///< how long each member stays, from the start of the run
    std::optional<distribution> replaced{}; ///< how long until somebody new comes; nothing: never
};

struct situation;
/// Something a callable wants done.
struct planned_act {
    duration after{};
    command  what{};  ///< `by` and `at` are filled in
};
/// Asked for each person who may vote, when a proposal enters a stage; what it returns in `plan` is done instead of what the data says.
/// It may draw from `random`, whose words are this person's in this stage. Must be a pure function: threads call it at once.
using policy = std::function<void(const situation& seen, quorate::detail::draws& random, std::vector<planned_act>& plan)>;
struct situation {
    const proposal&         matter;
    const quorate::roster&  people;
    person                  who{};
    instant                 now{};
    std::uint64_t           run = 0;
    std::uint32_t           which = 0;  ///< proposal of the run
};

struct behaviour {
    std::vector<member_kind> members{};
    togetherness             together{};
    distribution             steers{.is = distribution::kind::fixed};  ///< from when it can be proposed until it is
    std::string              asks_for{};       ///< disposition; empty: the default one, or the first
    std::string              opened_by{};      ///< empty: whoever of the roster may, in turn
    std::vector<std::vector<std::string>> about{};  ///< teams of proposals, in turn; empty: see `usual_about`
    std::uint32_t            proposals = 1;    ///< of one run
    distribution             every{};          ///< between their arrivals
    std::vector<habit>       habits{};
    std::vector<adversary>   adversaries{};
    quorate::simulate::turnover turnover{};
    duration                 horizon = std::chrono::hours(24 * 365);  ///< from the arrival of each: what is open then counts as open
    std::string              text{};           ///< the JSON it was read from, compact; what a checkpoint pins
    policy                   plans{};          ///< a callable; `text` should name it
};

/// Reads a behaviour:
///
///     { "members": [ { "takes part": "90%", "answers": {"exponential": "3 days"}, "says": {"approve": "95%"}, "raises": "2%",
///                      "settles": "100%", "resolves": {"uniform": ["1 day", "14 days"]}, "delegates": "0", "effort": "0 seconds" },
///                    { "who": "leads(lang)", "answers": {"quantiles": ["1 hour", "1 day", "9 days"]} } ],
///       "together": { "by": "affiliation", "share": "50%" }, "steers": {"fixed": "1 day"}, "asks for": "merge",
///       "opened by": "alice", "about": [["lang"], ["libs", "lang"]], "proposals": 20, "every": {"exponential": "5 days"},
///       "habits": [ { "do": "second", "who": "team(lang)", "chance": "10%", "after": {"fixed": "1 day"} } ],
///       "adversaries": [ { "is": "block", "who": "mallory", "count": 1, "says": "reject", "wants": "not accepted" } ],
///       "turnover": { "team": "lang", "stays": {"exponential": "700 days"}, "replaced": {"exponential": "60 days"} },
///       "horizon": "365 days" }
///
/// Every key may be left out. Refused, with line and column: unknown keys, chances beyond 0 to 1 (or above 1 together), what is beyond limits.
[[nodiscard]] result<behaviour> read_behaviour(std::string_view json, std::string_view name = "behaviour");
/// The JSON Schema (draft 2020-12) of that, for editors.
[[nodiscard]] std::string_view behaviour_schema();

// ---- fitting -----------------------------------------------------------------------------------------------------------------------
/// How long somebody took to answer, or how long they had not when last seen.
struct observation {
    duration waited{};
    bool     answered = true;
};
/// What such observations are as a member: how likely an answer is, and after how long (Kaplan and Meier's estimate, 1958, as quantiles).
struct fitted {
    chance       takes_part{};
    distribution answers{};
    std::size_t  answered = 0, silent = 0;
};
[[nodiscard]] result<fitted> fit_answers(std::vector<observation> seen);
/// A behaviour of such members, as `read_behaviour` reads it.
[[nodiscard]] std::string to_json(const fitted& f);
/// Of a process, from everything that a journal tells: each voter of each electorate until their ballot, or until the round ended.
[[nodiscard]] result<std::vector<observation>> observations_of(quorate::journal& from, std::string_view process);

/// A decision of which only the waiting is known: it took so long until `needed` of `members` had answered.
struct recorded_wait {
    duration      waited{};
    std::uint32_t needed = 1, members = 1;
};
/// Times of single answers under which such waits come about: at each rank of the waits, the time by which a single member has answered
/// with the chance that makes that many of them. Refused: fewer than three waits, more needed than there are.
[[nodiscard]] result<distribution> fit_waits(std::vector<recorded_wait> seen);

// ---- a study -----------------------------------------------------------------------------------------------------------------------
struct setting {
    charter         rules;
    std::string     process{};
    quorate::roster people{};
    behaviour       how{};
    std::string     name{};         ///< what is varied: "length = 5 days"; of the first: "as it is"
    std::vector<std::string> at{};  ///< of a sweep: the value of each dimension
};

/// So many people, all of them in every team that the process speaks of, and in one for its proposals to be about; the first leads, and has
/// every role.
[[nodiscard]] result<quorate::roster> made_up_people(const process& by, std::size_t members);
/// What proposals are about where a behaviour doesn't say: one team if rules speak of the teams of a proposal, the first that has members,
/// and else none.
[[nodiscard]] std::vector<std::vector<std::string>> usual_about(const process& by, const quorate::roster& people);

struct study {
    std::vector<setting>     variants{};  ///< all are compared with the first
    std::uint64_t            seed = 1;
    std::uint64_t            runs = 10'000;
    std::uint32_t            shard = 0, shards = 1;  ///< of the blocks: those whose number leaves this rest
    std::vector<std::string> dimensions{};  ///< of a sweep: their names; at most two
};

/// 128 bits, added exactly.
using wide = quorate::detail::int128;

/// Counts of durations: 64 steps to each doubling of milliseconds, so that a value is known to 1.6 parts of 100.
struct histogram {
    std::vector<std::uint64_t> counts{};
    std::uint64_t              n = 0;
    wide                       sum = 0;  ///< microseconds, exact

    static constexpr unsigned steps = 6;  ///< as a power of two
    void add(duration d);
    void add(const histogram& other);
    [[nodiscard]] static std::size_t bucket(duration d);
    [[nodiscard]] static duration    least_of(std::size_t bucket);
    /// The value below which this part of them lies, to the exactness of a step; nothing if there are none.
    [[nodiscard]] std::optional<duration> quantile(const number& part) const;
    friend bool operator==(const histogram&, const histogram&) = default;
};

/// Sums of a pair over runs: enough for the ratio of their totals and its interval, where runs are independent and what is in one isn't.
struct ratio_sums {
    wide s = 0, n = 0, ss = 0, sn = 0, nn = 0;
    void add(std::int64_t of, std::int64_t over) { s += of, n += over, ss += static_cast<wide>(of) * of, sn += static_cast<wide>(of) * over, nn += static_cast<wide>(over) * over; }
    void add(const ratio_sums& o) { s += o.s, n += o.n, ss += o.ss, sn += o.sn, nn += o.nn; }
    friend bool operator==(const ratio_sums&, const ratio_sums&) = default;
};

/// By what an open proposal was waiting.
enum class waiting : std::uint8_t {
    people,   ///< for somebody to act
    concern,  ///< for an open concern
    clock,    ///< for time: the stage was left by it
};
inline constexpr std::array<std::string_view, 3> waiting_names{"people", "concerns", "clocks"};

/// One member over all runs.
struct member_sums {
    ratio_sums    acts{};  ///< accepted acts, per run
    std::uint64_t yes = 0, yes_accepted = 0, other = 0, other_accepted = 0;  ///< proposals: ended as they said when they said the first position, or didn't
    friend bool operator==(const member_sums&, const member_sums&) = default;
};
/// The proposals of one team, or of one list of teams.
struct team_sums {
    ratio_sums accepted{}, seconds{};
    friend bool operator==(const team_sums&, const team_sums&) = default;
};

/// What is kept of the runs of one variant. Integers only: adding in any order gives the same.
struct totals {
    std::uint64_t runs = 0, stopped = 0, proposals = 0, acts = 0, refused = 0, unread_quorum = 0;
    std::array<std::uint64_t, 12> outcomes{};  ///< by phase
    std::uint64_t open = 0;                    ///< at their horizon
    std::uint64_t captured = 0;
    ratio_sums    accepted{}, decided{}, no_quorum{}, captures{}, act_count{}, seconds{};
    histogram     until_decided{};             ///< those that came to an outcome
    std::vector<histogram> stays{};            ///< by stage
    std::array<wide, 3>    waited{};           ///< microseconds, by `waiting`
    std::vector<member_sums> members{};        ///< by person of the variant's roster; those who join in a run are `newcomers`
    std::uint64_t          newcomer_acts = 0;
    std::vector<team_sums> teams{};            ///< by entry of `behaviour::about`
    // Against the first variant, run by run.
    ratio_sums more_accepted{}, more_seconds{};

    void add(const totals& other);
    friend bool operator==(const totals&, const totals&) = default;
};

/// What is known after some runs: what a checkpoint holds, and a shard.
struct progress {
    std::string         identity{};  ///< SHA-256 of all that the study depends on
    std::uint64_t       seed = 0, runs = 0;
    std::vector<bool>   blocks{};    ///< which are done
    std::vector<totals> of{};        ///< by variant

    [[nodiscard]] std::uint64_t runs_done() const;
    [[nodiscard]] bool          complete() const;
};
/// Lines of integers, closed by a hash over all before it.
[[nodiscard]] std::string      to_text(const progress& p);
/// Refused (damaged): anything that `to_text` didn't write, a hash that doesn't fit.
[[nodiscard]] result<progress> parse_progress(std::string_view text, std::string_view name = "progress");
/// Refused: of different studies, or blocks that both have.
[[nodiscard]] result<void>     merge(progress& into, const progress& other);

struct running {
    std::uint32_t threads = 1;
    /// From time to time, and at the end; another thread may call it, never two at once. For checkpoints and progress bars.
    std::function<void(const progress&)> saw{};
    std::uint32_t saw_every_ms = 1'000;
    const std::atomic<bool>* stop = nullptr;  ///< when it becomes true, blocks that have begun are finished and the rest is left
    std::optional<progress>  from{};          ///< what was done before
};
/// Refused: no such process, a behaviour that names what charter or roster don't have, a proposal that nobody may open, progress of
/// another study.
[[nodiscard]] result<progress> run(const study& s, const running& how = {});
/// The identity alone, checked as `run` does.
[[nodiscard]] result<std::string> identity_of(const study& s);

/// One run, told: for the picture of a timeline. The same as that run in a study.
struct told {
    instant       at{};
    std::uint32_t proposal = 0;
    std::string   who{};   ///< empty: time
    std::string   what{};
    std::string   stage{}; ///< entered by it; else empty
    bool          refused = false;
};
[[nodiscard]] result<std::vector<told>> tell(const setting& s, std::uint64_t seed, std::uint64_t run);

// ---- reports ------------------------------------------------------------------------------------------------------------------------
/// One measure, in decimals. `low` to `high` is its 95% interval: of a ratio by the normal approximation over runs (of a share of single
/// proposals by Wilson's), of a quantile by ranks. Empty where there is none.
struct figure {
    std::string name{};    ///< "time to decision, median"
    std::string unit{};    ///< "days", "share", "acts"; a share is of 1
    std::string value{};   ///< "-": nothing to measure
    std::string low{}, high{};
    bool        stable = true;  ///< false: fewer than 100 runs, or an interval wider than 2 of 100 either way of a share, 5 of 100 of others
};
/// All measures of a variant. Those that compare with the first variant only where it isn't the first.
[[nodiscard]] std::vector<figure> figures_of(const study& s, const progress& p, std::size_t variant);
/// Variants but the first by how much they change a measure, the greatest change first: `accepted` rates, else times to decision.
[[nodiscard]] std::vector<std::size_t> ranked_by_effect(const progress& p, bool accepted);

/// The measures, with 95% intervals, and all assumptions; a figure says when it is not stable yet.
[[nodiscard]] std::string to_string(const study& s, const progress& p);
[[nodiscard]] std::string report_json(const study& s, const progress& p);
/// Comma-separated: one line a figure; with a variant's name in front.
[[nodiscard]] std::string report_csv(const study& s, const progress& p);
/// What the simulation supposes of a setting, one sentence each.
[[nodiscard]] std::vector<std::string> assumptions(const setting& s);

}  // namespace quorate::simulate
