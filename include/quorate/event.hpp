// What happened. A proposal is a fold of its events; an event holds all that the fold needs, so that neither the roster nor the
// clock is asked when it is replayed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/command.hpp>
#include <quorate/law.hpp>
#include <quorate/result.hpp>
#include <quorate/time.hpp>

namespace quorate {

enum class event_kind : std::uint8_t {
    opened,      ///< a proposal begins: process, subject, author, teams, parent, pinned charter
    acted,       ///< a command was accepted
    moved,       ///< an exit was taken
    electorate,  ///< who counts from now on
    condition,   ///< something that a clock waits for began to hold, or broke
    document,    ///< a charter or roster, kept word for word (streams "charter" and "roster")
    roster,      ///< a change of the roster (stream "roster")
    refused,     ///< what the outcome of a child was to do here, and law or state didn't let it
    elected,     ///< who is, from now on: ballots were counted again after an outcome
};
inline constexpr std::array<std::string_view, 9> event_kind_names{
    "opened", "acted", "moved", "electorate", "condition", "document", "roster", "refused", "elected"};
[[nodiscard]] constexpr std::string_view to_string(event_kind k) {
    return event_kind_names[static_cast<std::size_t>(k)];
}

/// One event. Persons are ids, stages and positions are names: an event means the same in every program.
///
/// | kind       | subject          | detail         | names          | number           | flag  |
/// |------------|------------------|----------------|----------------|------------------|-------|
/// | opened     | external subject | process        | teams          | -                | -     |
/// | acted      | as in `command`  | as in `command`| as in `command`| amount, duration | truth |
/// | moved      | stage entered    | stage left     | options (below)| index of the exit| -     |
/// | electorate | -                | -              | ids, or seat=id| -                | -     | and beside names: weights, delegates, stakes
/// | condition  | -                | stage          | -              | exit, or -1 clock| holds |
/// | document   | SHA-256          | "charter", ... | given "k=v"    | -                | -     |
/// | roster     | -                | -              | -              | -                | -     |
/// | refused    | as in `command`  | id of the child| -              | -                | -     |
/// | elected    | -                | -              | options        | -                | -     |
///
/// A move into the formal say names the options on the ballot, one to an outcome those that were elected.
///
/// A document's or roster change's JSON, an act's free text, and why something was refused, are in `text`. `opened` has title in `text`, the charter's
/// hash in `charter`, parent and what it is about in `parent` and `about`.
struct event {
    event_kind                  kind = event_kind::acted;
    act                         done = act::cast;       ///< of `acted`; of `moved`: what caused it, when a command did
    cause                       why = cause::command;   ///< of `moved`
    std::int16_t                law = law_version;      ///< the law it happened under
    instant                     at{};                   ///< when it happened: of a deadline, the deadline
    instant                     noted{};                ///< when it was recorded; not before `at`
    std::string                 by{};                     ///< person id; empty: nobody in particular
    std::string                 on_behalf_of{};
    std::string                 subject{};
    std::string                 detail{};
    std::string                 text{};
    std::vector<std::string>    names{};
    std::vector<std::string>    weights{};    ///< of an electorate with weights: one for each name, such as "10" or "1/3"
    std::vector<std::string>    delegates{};  ///< of an electorate in which some delegate: for each name an id, or "" for nobody
    std::vector<std::string>    stakes{};     ///< what goes with these, where ballots are stakes: "locked 1x", "5", "locked 1x:5", or ""
    std::optional<std::int64_t> number{};
    std::optional<bool>         flag{};
    std::string                 charter{};
    std::string                 parent{};
    std::string                 about{};

    friend bool operator==(const event&, const event&) = default;
};

/// `event::detail` of a link that tells of a proposal opened under this one; else it is an outcome.
inline constexpr std::string_view link_opened = "opened";
/// `event::detail` of a seat that falls vacant (`vacate`) and had been filled by another count.
inline constexpr std::string_view elected_elsewhere = "elsewhere";

/// What of an event is stored as its payload: one line of canonical JSON without kind, instants, actor and free text, which a
/// journal keeps in columns of their own. "{}" when there is nothing else.
[[nodiscard]] std::string payload_of(const event& e);
/// Completes `e` from a payload; the inverse of `payload_of`. `damaged` when it is not what `payload_of` writes.
[[nodiscard]] result<void> read_payload(event& e, std::string_view payload);

/// The whole event as one line of canonical JSON, for people and for export.
[[nodiscard]] std::string to_json(const event& e);
[[nodiscard]] result<event> parse_event(std::string_view json, std::string_view name = "event");

}  // namespace quorate
