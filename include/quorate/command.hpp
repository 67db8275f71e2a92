// What people may ask of a proposal. One table of acts feeds the law, charters, the engine, JSON and the command line.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/result.hpp>
#include <quorate/time.hpp>

namespace quorate {

/// The classes into which the law sorts acts (law.hpp).
enum class act_class : std::uint8_t { speak, shape, steer, clock, record, conclude, reopen };

/// Everything that can be asked of an open or ended proposal.
enum class act : std::uint8_t {
    cast, withdraw_ballot, raise, resolve, second, withdraw_second, ask, answer, recuse, rejoin, delegate,
    revise, add_option, amend_option, withdraw_option, sponsor,
    propose, cancel, hold, release, extend, override_, break_tie, withdraw, adopt, appoint,
    advance,
    fact, link, assign, vacate,
    enact, fail_to_enact,
    appeal, reconsider, revive,
};

/// One row of the table of acts.
struct act_row {
    act              what;
    act_class        of;
    std::string_view name;     ///< in charters, JSON, events and on the command line
    std::string_view subject;  ///< what `command::what` names: the JSON field; empty when the act takes none
    bool             needs_subject;
    std::string_view meaning;  ///< a sentence for people
};

// clang-format off
inline constexpr std::array<act_row, 36> acts{{
    {act::cast,            act_class::speak,    "cast",            "position",    true,  "casts or changes a ballot"},
    {act::withdraw_ballot, act_class::speak,    "withdraw ballot", "",            false, "takes back one's ballot"},
    {act::raise,           act_class::speak,    "raise",           "concern",     true,  "raises a concern"},
    {act::resolve,         act_class::speak,    "resolve",         "concern",     true,  "declares a concern resolved"},
    {act::second,          act_class::speak,    "second",          "concern",     false, "seconds the proposal, or a concern"},
    {act::withdraw_second, act_class::speak,    "withdraw second", "concern",     false, "takes back a second"},
    {act::ask,             act_class::speak,    "ask",             "question",    true,  "asks a question that wants an answer"},
    {act::answer,          act_class::speak,    "answer",          "question",    true,  "answers a question, or defers it with a reason"},
    {act::recuse,          act_class::speak,    "recuse",          "",            false, "steps aside for a conflict of interest"},
    {act::rejoin,          act_class::speak,    "rejoin",          "",            false, "takes part again after stepping aside"},
    {act::delegate,        act_class::speak,    "delegate",        "delegate",    false, "gives one's ballot to another, or takes it back"},
    {act::revise,          act_class::shape,    "revise",          "revision",    true,  "changes the text under decision"},
    {act::add_option,      act_class::shape,    "add option",      "option",      true,  "puts an option on the ballot"},
    {act::amend_option,    act_class::shape,    "amend option",    "option",      true,  "changes an option"},
    {act::withdraw_option, act_class::shape,    "withdraw option", "option",      true,  "takes an option off the ballot"},
    {act::sponsor,         act_class::shape,    "sponsor",         "option",      false, "sponsors the proposal, or an option"},
    {act::propose,         act_class::steer,    "propose",         "disposition", false, "asks for the decision"},
    {act::cancel,          act_class::steer,    "cancel",          "",            false, "calls off the round: ballots, concerns and disposition are cleared"},
    {act::hold,            act_class::steer,    "hold",            "",            false, "asks to wait"},
    {act::release,         act_class::steer,    "release",         "",            false, "ends one's hold"},
    {act::extend,          act_class::steer,    "extend",          "duration",    true,  "gives the stage more time"},
    {act::override_,       act_class::steer,    "override",        "concern",     false, "sets a concern, or the rule, aside with a recorded reason"},
    {act::break_tie,       act_class::steer,    "break tie",       "option",      true,  "chooses one of the options that a count left tied: a casting vote, an agreement, a lot"},
    {act::withdraw,        act_class::steer,    "withdraw",        "",            false, "takes the proposal back"},
    {act::adopt,           act_class::steer,    "adopt",           "",            false, "takes over a proposal as its proposer"},
    {act::appoint,         act_class::steer,    "appoint",         "office",      true,  "says who has an office in this proposal from now on, such as its delegate"},
    {act::advance,         act_class::clock,    "advance",         "",            false, "lets time pass"},
    {act::fact,            act_class::record,   "fact",            "fact",        true,  "records something that the host knows"},
    {act::link,            act_class::record,   "link",            "proposal",    true,  "records what another proposal did"},
    {act::assign,          act_class::record,   "assign",          "",            false, "records which teams it concerns, instead of those before"},
    {act::vacate,          act_class::record,   "vacate",          "option",      true,  "records that somebody who was elected leaves or declines: the same ballots fill the seat"},
    {act::enact,           act_class::conclude, "enact",           "",            false, "records that the decision was carried out"},
    {act::fail_to_enact,   act_class::conclude, "fail to enact",   "",            false, "records that carrying it out failed"},
    {act::appeal,          act_class::reopen,   "appeal",          "",            false, "asks another body to look again"},
    {act::reconsider,      act_class::reopen,   "reconsider",      "",            false, "asks the same body to decide again"},
    {act::revive,          act_class::reopen,   "revive",          "",            false, "takes up a proposal that had stopped"},
}};
// clang-format on

inline constexpr std::array<std::string_view, 7> act_class_names{
    "speak", "shape", "steer", "clock", "record", "conclude", "reopen"};

[[nodiscard]] constexpr const act_row& row_of(act a) { return acts[static_cast<std::size_t>(a)]; }
[[nodiscard]] constexpr std::string_view to_string(act a) { return row_of(a).name; }
[[nodiscard]] constexpr std::string_view to_string(act_class c) {
    return act_class_names[static_cast<std::size_t>(c)];
}
/// The act of that name, or nothing.
[[nodiscard]] constexpr std::optional<act> act_named(std::string_view name) {
    for (const auto& row : acts)
        if (row.name == name) return row.what;
    return std::nullopt;
}

// ---- commands -----------------------------------------------------------------------------------------------------------
// Limits of a command; longer ones are refused.
inline constexpr std::size_t longest_subject = 256;   ///< of a concern's name, a revision, an option...
inline constexpr std::size_t longest_free_text = 16'384;
inline constexpr std::size_t most_names = 256;

/// What someone asks for. One shape for all acts, so that JSON, the command line and the engine need one reader; in C++ write
/// the aggregates below (`cast{.by = "carol", .position = "approve", .at = now}`), which convert to it.
struct command {
    act                         what = act::cast;
    std::string                 by{};            ///< id or handle of the actor, as authenticated by the host
    std::string                 on_behalf_of{};  ///< id or handle; empty: for oneself
    std::string                 subject{};       ///< see `act_row::subject`
    /// revise: its kind; answer: "answered" or "deferred"; link: the outcome; cast: "own" where a delegate's ballot is apart from
    /// that for what they hold, or the kind of ballot; delegate: "as usual" takes back what was said in this proposal, and where ballots are
    /// stakes the kind of ballot, how much, or both: "locked 1x", "5", "locked 1x:5"; vacate: "elsewhere", of somebody whom another count
    /// elected: this one fills one seat more
    std::string                 detail{};
    std::string                 text{};          ///< reason or body: free text, can be erased later
    /// cast: what the ballot says besides its position: about options, such as {"a", "b=c"} or {"a:5", "b:0"} (process.hpp, `marks`), or
    /// its parts, instead of a position: {"yes:1/2", "no:1/2"} (process.hpp, `ballot_rule::split`); propose, assign: teams;
    /// appoint: people (none: the office is empty); link: process, what it is about, disposition (may be "")
    std::vector<std::string>    names{};
    std::optional<std::int64_t> amount{};        ///< fact: its number
    std::optional<bool>         truth{};         ///< fact: whether it holds
    instant                     at{};          ///< when the host received it
    std::string                 key{};           ///< idempotency key; mandatory with a durable journal

    friend bool operator==(const command&, const command&) = default;
};

struct cast {
    std::string by{}, position{}, on_behalf_of{}, reason{};
    instant     at{};
    std::string key{};
    std::vector<std::string> marks{};  ///< see `command::names`
    operator command() const {  // NOLINT: an aggregate is a way to write a command
        return {.what = act::cast, .by = by, .on_behalf_of = on_behalf_of, .subject = position, .text = reason, .names = marks, .at = at, .key = key};
    }
};
struct raise {
    std::string by{}, concern{}, reason{}, on_behalf_of{};
    instant     at{};
    std::string key{};
    operator command() const {  // NOLINT
        return {.what = act::raise, .by = by, .on_behalf_of = on_behalf_of, .subject = concern, .text = reason, .at = at, .key = key};
    }
};
struct resolve {
    std::string by{}, concern{}, reason{}, on_behalf_of{};
    instant     at{};
    std::string key{};
    operator command() const {  // NOLINT
        return {.what = act::resolve, .by = by, .on_behalf_of = on_behalf_of, .subject = concern, .text = reason, .at = at, .key = key};
    }
};
struct propose {
    std::string              by{}, disposition{};
    std::vector<std::string> teams{};
    std::string              reason{};
    instant                  at{};
    std::string              key{};
    operator command() const {  // NOLINT
        return {.what = act::propose, .by = by, .subject = disposition, .text = reason, .names = teams, .at = at, .key = key};
    }
};
struct revise {
    std::string by{}, revision{}, kind{}, reason{};
    instant     at{};
    std::string key{};
    operator command() const {  // NOLINT
        return {.what = act::revise, .by = by, .subject = revision, .detail = kind, .text = reason, .at = at, .key = key};
    }
};
struct extend {
    std::string by{}, by_duration{}, reason{};
    instant     at{};
    std::string key{};
    operator command() const {  // NOLINT
        return {.what = act::extend, .by = by, .subject = by_duration, .text = reason, .at = at, .key = key};
    }
};
struct fact {
    std::string                 by{}, name{};
    std::optional<bool>         truth{};
    std::optional<std::int64_t> amount{};
    instant                     at{};
    std::string                 key{};
    operator command() const {  // NOLINT
        return {.what = act::fact, .by = by, .subject = name, .amount = amount, .truth = truth, .at = at, .key = key};
    }
};
/// Any other act: `other{.what = act::cancel, .by = "alice", .at = now}`.
struct other {
    act         what;
    std::string by{}, subject{}, reason{}, on_behalf_of{};
    instant     at{};
    std::string key{};
    operator command() const {  // NOLINT
        return {.what = what, .by = by, .on_behalf_of = on_behalf_of, .subject = subject, .text = reason, .at = at, .key = key};
    }
};

/// One line of canonical JSON: {"do":"cast","by":"carol","position":"approve","at":"..."}.
[[nodiscard]] std::string to_json(const command& c);
/// Reads what `to_json` writes. Refused with line and column: unknown keys or acts, missing fields, anything over a limit.
[[nodiscard]] result<command> parse_command(std::string_view json, std::string_view name = "command");

}  // namespace quorate
