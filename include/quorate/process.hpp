// A way to decide, as data: who may do what in which stage, by which rules the stages follow each other, and what that does.
// Charters (charter.hpp) are read into this; nothing here runs.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/command.hpp>
#include <quorate/law.hpp>
#include <quorate/rule.hpp>
#include <quorate/tally/conventions.hpp>
#include <quorate/time.hpp>

namespace quorate {

/// What `lint` (lint.hpp) may find, by name.
inline constexpr std::array<std::string_view, 11> lint_names{
    "unsatisfiable", "always holds", "skippable rule", "unused definition", "self-approval", "shadowed exit", "extension too long",
    "expedited not stricter", "concern trap", "empty group", "k larger than the group"};

// Limits of one process.
inline constexpr std::size_t most_stages = 64;
inline constexpr std::size_t most_exits = 64;    ///< of one stage
inline constexpr std::size_t most_rules = 128;   ///< named rules
inline constexpr std::size_t most_fixed_options = 64;
inline constexpr std::size_t most_option_kinds = 16;
inline constexpr std::size_t most_ballot_kinds = 32;
inline constexpr std::size_t most_seats = 100;   ///< to be filled by one count
inline constexpr std::size_t most_places = 10'000;  ///< of one stage
inline constexpr std::size_t most_properties = 64;
inline constexpr std::size_t most_known_findings = 64;
inline constexpr std::size_t most_moves = 16;    ///< automatic moves at one instant; more is a loop in the charter

/// A decision ends in an outcome; a gate is a standing truth that can be lost again until the host concludes it.
enum class process_kind : std::uint8_t { decision, gate };

/// How a proposal under this one came out.
struct child_outcome {
    std::string process{};
    phase       outcome = phase::accepted;
    std::string disposition{};  ///< what it had asked for; empty: whatever it was
};

/// What a ballot says about the options, besides its position.
enum class marks : std::uint8_t {
    none,
    ranking,    ///< best first, options of one rank joined by "=": {"a", "b=c"}; the rest is not ranked
    scores,     ///< {"a:5", "b:0"}; the rest is not scored
    approvals,  ///< {"a", "c"}
};
inline constexpr std::array<std::string_view, 4> marks_names{"none", "ranking", "scores", "approvals"};

/// A choice that a ballot can express.
struct position {
    std::string name{};
    std::string title{};                ///< for people, such as "+1"
    bool        binding = true;       ///< false: recorded and shown, counted by no rule
    bool        needs_reason = false; ///< a ballot without text is refused
    bool        in_cast = true;       ///< counts as `cast`, such as for a quorum
    bool        in_base = true;       ///< who chooses it still counts as `eligible`
    quorate::marks says = marks::none;
    std::int32_t least = 0, most = 5; ///< of scores
};

/// A sort of option, with what it takes to win: Debian's 3:1 for a change of its constitution.
struct option_kind {
    std::string name{};
    std::string title{};
    number      ratio = 1;  ///< how many must prefer it to the default option for each who doesn't
};
struct fixed_option {
    std::string name{};
    std::string title{};
};
/// What can be voted for. Besides those that the charter names people add options, where a stage lets them.
struct option_rule {
    bool                         some = false;   ///< the process has options
    std::vector<fixed_option>    fixed{};        ///< on every ballot
    std::optional<std::uint16_t> otherwise{};    ///< the default option, such as "none of the above": its place in `fixed`
    std::vector<option_kind>     kinds{};        ///< empty: all are alike
    rule                         on_ballot{};    ///< which of those that people added: read with the option's own `sponsors`; empty: all
};
/// How ballots about options are counted: what `winner`, `elected` and `tied` mean in rules.
struct count_rule {
    std::string        method{};   ///< of tally/methods.hpp; empty: nothing is counted
    tally::conventions with{};
    std::size_t        seats = 1;
    rule               quorum{};   ///< a number: so many must prefer an option to the default one; empty: no such test
    bool               strictly = false;  ///< of the ratio: to be passed (Debian until constitution 1.5), not met
    std::size_t        most_per_affiliation = 0;  ///< seats; 0: no limit
};

struct named_rule {
    std::string name{};
    std::string cites{};  ///< where the rule comes from
    rule        value{};
};

/// An act, perhaps only about one thing: "fact published", "cast object".
struct act_pattern {
    act         what = act::cast;
    /// A position, fact, disposition, office or kind of revision; of a link its process, or process and outcome ("rfc accepted");
    /// empty: any.
    std::string about{};

    [[nodiscard]] bool covers(act a, std::string_view thing) const { return covers(what, about, a, thing); }
    /// The same of an act and what it is about that stand elsewhere.
    [[nodiscard]] static bool covers(act what, std::string_view about, act done, std::string_view thing) {
        if (done != what || about.empty()) return done == what;
        return thing.starts_with(about) && (thing.size() == about.size() || (done == act::link && thing[about.size()] == ' '));
    }
    friend bool operator==(const act_pattern&, const act_pattern&) = default;
};
[[nodiscard]] std::string to_string(const act_pattern& a);

/// What people call an act in one process: "file a PR to close".
struct act_title {
    act_pattern what{};
    std::string title{};  ///< as behind "may"
};

/// Leave to do something in a stage.
struct permission {
    act         what = act::cast;
    std::string about{};              ///< as in `act_pattern`
    bool        for_another = false;  ///< on behalf of someone else ("cast for another")
    rule        who{};                ///< a set
    rule        condition{};          ///< "if": must hold as well, with what the act itself says (a disposition) in it
    bool        needs_reason = false; ///< the act is refused without a text
    std::string text{};               ///< as the charter writes it
};

/// Who may see a proposal, while a condition holds.
struct audience {
    rule who{};        ///< a set
    rule condition{};  ///< "if"; empty: always
};

/// Which teams a proposal may name. What it refuses is neither opened nor proposed.
struct teams_rule {
    std::optional<std::size_t> exactly{};  ///< how many
    std::vector<std::string>   except{};   ///< never these, by any of their names
};

/// Whose choice is recorded on the way into a stage: the proposer's own approval, say.
struct entry_ballot {
    std::uint8_t position = 0;
    rule         who{};
};

enum class trigger : std::uint8_t {
    on,     ///< one of these acts
    when,   ///< a rule comes to hold
    unless, ///< a rule doesn't hold, whatever else it reads (unmet, skipped, not known): what it had given is taken back
    held,   ///< a rule has held without a break for `length`
    after,  ///< `length` has passed
};

/// What becomes of something on the way into a stage.
enum class upkeep : std::uint8_t { keep, clear };

/// Which ballots are kept: bit p stands for those of position p.
using kept_ballots = std::uint32_t;
inline constexpr kept_ballots all_ballots = ~kept_ballots{0};

/// Something for the host to do outside, as data: a kind and named strings.
struct effect_template {
    std::string                                      kind{};
    std::vector<std::pair<std::string, std::string>> fields{};
};

/// A way out of a stage. Exits are ordered: the first that holds is taken.
struct stage_exit {
    trigger                   by = trigger::when;
    std::string               cites{};               ///< where it comes from
    std::vector<act_pattern>  acts{};                ///< of `on`
    rule                      when{};                ///< of `when`, `unless` and `held`
    rule                      condition{};           ///< "if": must hold as well; empty: nothing more is asked
    duration                  length{};            ///< of `held` and `after`
    std::optional<since_kind> anchor{};              ///< of `after`: what it is measured from; else the stage's clock
    std::string               anchor_fact{};         ///< of `after`: the fact whose last report it is measured from
    bool                      closed_end = true;   ///< an act at the very instant still belongs to the window
    std::uint16_t             to = 0;              ///< stage
    /// "stage before": instead of `to`, to where the proposal was when it last came into this stage, by an exit that didn't itself
    /// lead back. Such an exit is there only where it did.
    std::optional<std::uint16_t> before{};
    std::vector<std::uint16_t>   befores{};        ///< of `before`: the stages that it can be
    std::optional<std::uint16_t> disposition{};    ///< is set on the way
    std::vector<entry_ballot> cast{};
    bool                      reads_clocks = false;  ///< its rules, or rules that they name, look at a clock
    kept_ballots              ballots = all_ballots;
    upkeep                    concerns = upkeep::keep;
    upkeep                    seconds = upkeep::keep;  ///< of the proposal itself
    upkeep                    options = upkeep::keep;  ///< clear: those that people put forward
    upkeep                    round = upkeep::keep;    ///< clear: all that a cancel clears
    bool                      keeps_clock = false;     ///< the clock of the stage that is left runs on: it is as if entered then
    std::vector<effect_template> effects{};

    /// All stages that it can lead to.
    [[nodiscard]] std::span<const std::uint16_t> targets() const { return before ? std::span(befores) : std::span(&to, 1); }
};

/// When people see who said what; until then only how many ballots there are. A ballot is shown as the stage in which it was cast says,
/// or else the process.
struct ballot_showing {
    enum class when : std::uint8_t {
        at_once,
        at_close,  ///< said of a process: once it isn't open any more; said of a stage: once it is in another stage
        never,     ///< only how many ballots there are
    };
    when shown = when::at_once;
    rule shown_to{};  ///< a set of those who see it at once in any case; empty: nobody
};

struct stage {
    std::string             name{};
    std::string             title{};
    phase                   in = phase::review;
    bool                    implied = false;      ///< an end named by an exit only, such as "accepted"
    std::vector<permission> allow{};
    std::vector<stage_exit> exits{};
    rule                    clock_runs{};           ///< the stage's clock stands still while this doesn't hold; empty: it always runs
    std::optional<duration> most_extension{};       ///< of all `extend`s together
    std::vector<effect_template> effects{};         ///< on entry, from wherever
    std::vector<audience>   visible_to{};           ///< who may see it while it is here; empty: as the process says
    /// How many proposals of the process may be here at once; nothing: any number. An exit into a stage without a free place isn't
    /// there, like one that the law refuses.
    std::optional<std::uint32_t> places{};
    rule                    first{};                ///< a number: of those who wait for a place the one with the highest goes first; of
                                                    ///< equal ones, or without it, the one that has been in its stage for longest
    std::optional<ballot_showing> ballots{};        ///< of ballots cast here; nothing: as the process says
    // known from the above once the charter is read:
    bool                    takes_back = false;     ///< somebody may take a ballot back here
    bool                    watches = false;        ///< some exit asks for how long its rule has held
};

/// When the list of who counts is made.
enum class electorate_taken : std::uint8_t {
    at_open,  ///< once
    on_act,   ///< each time one of some acts (`propose`) happens; ballots start afresh
    on_entry, ///< each time one of some stages is entered; ballots start afresh
    live,     ///< follows the roster: who leaves is dropped with their ballot, who joins is outstanding
};
/// What one vote stands for.
enum class counted_by : std::uint8_t {
    person,
    seat,          ///< its holder or an alternate casts
    organisation,  ///< people of one affiliation have one voice, whoever of them casts; who has none speaks for themselves
};

struct electorate_rule {
    rule             of{};                                   ///< a set; for seats: seats(body)
    electorate_taken taken = electorate_taken::live;
    std::vector<act> on{};                                   ///< of `on_act`
    std::vector<std::string> entering{};                     ///< of `on_entry`: stages
    counted_by       by = counted_by::person;
    bool             recusal_leaves_base = false;          ///< a recused member no longer counts as eligible
    /// Which holdings of the roster are the weights of votes; empty: all weigh the same, and who holds nothing counts too.
    std::string      weight{};
    bool             weightless_count = false;             ///< who holds nothing of it is in the electorate, with weight 0

    /// Whether the list is made anew when that stage is entered.
    [[nodiscard]] bool taken_in(std::string_view stage) const {
        return taken == electorate_taken::on_entry && std::find(entering.begin(), entering.end(), stage) != entering.end();
    }
};

/// Whose ballot counts for somebody who is silent. Their own ballot always replaces it, before or after. With stakes a person has one vote,
/// of all that they hold, and may delegate less than that, by a kind of ballot of their own: both follow the position of the delegate's
/// ballot, and one that chooses several positions carries nobody.
struct delegation_rule {
    enum class reach : std::uint8_t {
        none,  ///< nobody's
        one,   ///< their delegate's own ballot only
        any,   ///< their delegate's, or the delegate's delegate's, and so on; who isn't in the electorate ends the chain, as a circle does
    };
    reach hops = reach::none;
    /// A delegate has two ballots: one for what they were given, one ("own") for what they hold and may have given away.
    bool  own_apart = false;
};

/// A kind of change to the text, and what it does to the decision.
struct revision_kind {
    std::string name{};
    bool        editorial = false;             ///< legal while the text is otherwise frozen
    kept_ballots ballots = all_ballots;
};

/// What becomes of what somebody raised, seconded or held, once no stage would let them do so any more.
enum class on_leaving : std::uint8_t { stays, lapses };

struct concern_rule {
    bool          blocking = true;      ///< while one is open, the law lets nothing be accepted
    bool          names_once = false;   ///< a name that was ever used can't be raised again
    std::uint32_t seconds = 0;          ///< how many it needs besides its raiser before it counts
    on_leaving    when_raiser_leaves = on_leaving::stays;
};

/// What a child proposal's outcome does to its parent, with the charter's own authority: these acts, in this order, each on the
/// concern that the child is about where it needs one. Of several reactions the first that fits is taken. An act that the law or
/// the state of things refuses is skipped, and recorded (event_kind::refused); so is one on a parent that isn't open, unless an exit
/// of its stage waits for it: an appeal that succeeds may reopen what was decided, or annul it.
struct child_reaction {
    child_outcome    to{};
    std::vector<act> does{};
    std::string      revision{};  ///< the kind of a `revise`; empty where the process has none
};

/// How many proposals of a process there may be about one subject of the host; openings beyond it are refused. Proposals without
/// a subject are about nothing in common.
enum class per_subject : std::uint8_t {
    any,
    one_open,  ///< another only once all earlier ones have come to an outcome
    one,       ///< never another: the one there is may be reopened, as far as its stages allow
};

/// A way to cast a ballot, or to delegate it, that makes what one commits weigh more or less: "locked for four periods", six times as
/// much. What follows from it outside (tokens that are locked) is the host's affair.
struct ballot_kind {
    std::string   name{};
    std::string   title{};
    number        times = 1;         ///< its weight: what is committed, times this
    bool          in_parts = false;  ///< may choose several positions; then it counts for nobody but its owner
    std::uint32_t positions = ~std::uint32_t{0};  ///< bit p: may choose position p
};

/// What exactly ballots are, in one process.
struct ballot_rule {
    bool           revisable = true;  ///< a cast ballot may be changed
    enum class splitting : std::uint8_t {
        none,
        shares,   ///< one ballot in parts that make up 1
        amounts,  ///< of one's weight, in several casts until it is spent; a cast without an amount spends the rest
        stakes,   ///< of one's weight as much as one likes to commit; another cast replaces it, one without an amount commits all
    };
    splitting      split = splitting::none;
    std::vector<ballot_kind> kinds{};   ///< of `stakes`; the first is meant where none is named; empty: what is committed is the weight
    bool           whole_weights = false;  ///< of `kinds`: each weight is rounded down
    ballot_showing showing{};
};

/// Names of the processes that a parent may be of, which rules know besides their own process's, numbered after those.
struct parents_names {
    std::vector<std::string> positions{};
    std::vector<std::string> dispositions{};
    std::vector<std::string> revisions{};
};

/// Something that must hold of all that can happen, beside the rules that it protects; verify.hpp looks whether it does.
struct stated_property {
    enum class kind : std::uint8_t {
        always,               ///< in every situation in these stages the rule is met
        never,                ///< in none
        eventually_possible,  ///< from every situation in these stages one in which the rule is met can still come
        within,               ///< from every situation in these stages it is out of them after `length`, if nobody does anything more; but not from
                              ///< those in which the rule is met
    };
    std::string                name{};
    std::string                cites{};
    kind                       is = kind::always;
    rule                       value{};
    std::vector<std::uint16_t> stages{};  ///< "in"; empty: all; of `eventually_possible` all that are open
    duration                   length{};  ///< of `within`
};

/// A finding of verify.hpp that is a property of what the process models, and why.
struct known_finding {
    std::string id{};
    std::string why{};
};

/// A finding of `lint` that is meant, and why.
struct intended {
    std::string lint{};  ///< its name, of `lint_names`
    std::string why{};
};

/// Where ballots are counted: at slots of rules, 0 for silence and 1 + p for position p. Sets are of positions, by bits.
struct ballot_slots {
    std::size_t   positions = 0;
    std::uint32_t in_cast = ~0U, in_base = ~0U, castable = 0;
    std::array<std::uint8_t, 1 + most_positions> of_choice{};  ///< [0] of silence, [1 + i] of the process's own position i
};

struct process {
    std::string                 name;
    std::string                 title;
    std::string                 cites;
    process_kind                kind = process_kind::decision;
    std::vector<std::string>    dispositions;
    std::optional<std::uint16_t> default_disposition;  ///< what `propose` without one means
    teams_rule                  teams;
    std::vector<position>       positions;
    std::vector<named_rule>     rules;
    std::vector<std::string>    facts;          ///< declared names; empty: any
    std::vector<act_title>      act_titles;
    std::vector<std::string>    offices;        ///< parts that people have in one proposal (`appoint`), such as its delegate
    std::vector<revision_kind>  revisions;
    electorate_rule             electorate;
    concern_rule                concerns;
    option_rule                 options;
    count_rule                  count;
    on_leaving                  standing = on_leaving::stays;  ///< seconds, of it and of its concerns, and holds
    ballot_rule                 ballots;
    delegation_rule             delegation;
    std::vector<audience>       visible_to;     ///< any of these; empty: everyone
    rule                        may_open;       ///< a set; empty: everyone
    rule                        may_open_if;    ///< must hold as well, read as the new proposal stands; empty: nothing more
    std::vector<std::string>    parents;        ///< under proposals of which processes it may be opened, or of which process in which
                                                 ///< stage ("rfc accepted"); empty: any, or none
    parents_names               of_parents;     ///< of `parents`
    per_subject                 about_one = per_subject::any;
    std::vector<child_reaction> children;
    std::vector<quorate::intended> intended;
    std::vector<stage>          stages;         ///< the first is where a proposal starts
    std::optional<duration>     notice;         ///< so long outsiders are promised to know what is intended before it is accepted or rejected
    std::vector<stated_property> properties;
    std::vector<known_finding>  known_findings;
    std::vector<rule>           counted_sets;   ///< the sets that rules count in, by slot
    std::uint64_t               moving_sets = 0; ///< bit i: who is in the i-th of them depends on the ballots of the proposal
    std::vector<rule_view>      rule_views;     ///< of `rules`, by index, for readings
    ballot_slots                slots{};       ///< of its ballots, for its own rules
    bool                        asks_ahead = false;      ///< some rule asks what is certain or possible
    bool                        by_affiliation = false;  ///< some rule tells members apart by affiliation
    bool                        by_team = false;         ///< some rule goes over teams
    bool                        goes_back = false;       ///< some exit leads to the stage before
    bool                        has_places = false;      ///< some stage has only so many places
    bool                        looks_at_parent = false; ///< what becomes of a proposal depends on its parent, once it is open

    [[nodiscard]] std::optional<std::uint16_t> stage_named(std::string_view name_) const;
    [[nodiscard]] std::optional<std::uint8_t>  position_named(std::string_view name_) const;
    [[nodiscard]] std::optional<std::uint16_t> disposition_named(std::string_view name_) const;
    [[nodiscard]] std::optional<std::uint16_t> revision_named(std::string_view name_) const;
    [[nodiscard]] std::optional<std::size_t>   office_named(std::string_view name_) const;
    [[nodiscard]] std::optional<std::uint16_t> option_kind_named(std::string_view name_) const;
    [[nodiscard]] std::optional<std::uint8_t>  ballot_kind_named(std::string_view name_) const;
    /// What the process calls this act, about this thing if it has a name of its own; empty if it has none.
    [[nodiscard]] std::string_view             title_of(const act_pattern& a) const;
    [[nodiscard]] const named_rule*            rule_named(std::string_view name_) const;
};
/// Where rules of `reading` count ballots of `by`: a child's rules know its parent's positions by numbers of their own.
[[nodiscard]] ballot_slots slots_of(const process& by, const process& reading);

}  // namespace quorate
