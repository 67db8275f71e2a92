// What another charter would have made of a journal: everything that people asked is asked again, by the same engine core.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/charter.hpp>
#include <quorate/journal.hpp>
#include <quorate/proposal.hpp>

namespace quorate {

// Limits of one replay; a journal that passes one is refused.
inline constexpr std::size_t most_replayed_events = 1'000'000;
inline constexpr std::size_t most_refused_asks = 10'000;  ///< kept of one proposal; the rest is counted

struct what_if_options {
    /// {process in the journal, process of the other charter}; the others keep their names.
    std::vector<std::pair<std::string, std::string>> processes{};
    /// Until when time goes on after the last event, on both sides; the last recorded instant when nothing.
    std::optional<instant> until{};
};

/// A stage that a proposal was in.
struct stay {
    std::string stage{};
    phase       in = phase::draft;
    instant     since{};
    std::string cause{};  ///< "dave: cast approve", "time", "the roster"; of the first, "opened"
};

/// How a proposal went, on one side.
struct course {
    std::vector<stay> stays{};
    std::string       disposition{};  ///< at the end; empty: none
    std::string       stands{};       ///< how it stands at the end: "waiting for 1 of dave, erin; then 10 days"
};

/// Which way the other charter goes first: it moves on before the record does, after it, or at once but elsewhere.
enum class turn : std::uint8_t { earlier, later, elsewhere };
inline constexpr std::array<std::string_view, 3> turn_names{"earlier", "later", "elsewhere"};

/// Where the two sides first do something different, and whom the side that did not move was waiting for.
struct parting {
    instant                  at{};
    std::size_t              stay = 0;  ///< index into both `stays`: the first that differs, or that only one side has
    turn                     goes = turn::elsewhere;
    std::string              waiting{};        ///< of the side that stays: "waiting for 1 of dave, erin"; empty when both moved
    std::vector<std::string> people{};         ///< handles of those outstanding there
    std::optional<instant>   until{};          ///< when that side moves on; nothing: it doesn't
    std::string              ended_by{};       ///< and why: "dave: cast approve"
};

/// What somebody did that the other charter refuses.
struct refused_ask {
    instant     at{};
    std::string by{};   ///< handle; empty: the host
    std::string ask{};  ///< "cast approve"
    refusal     why{};
};

/// One proposal under both charters.
struct comparison {
    std::string              id{}, subject{}, title{}, process{};
    std::string              other_process{};
    instant                  last_ask{};    ///< its record ends here: nobody knows what people would have done after
    course                   recorded{}, otherwise{};
    std::optional<parting>   parts{};
    std::vector<refused_ask> refused{};
    std::size_t              refused_count = 0;
    std::string              problem{};     ///< why it can't be replayed, or not to the end: no such process, exits in a circle

    bool                     ends_otherwise = false;  ///< in another stage, or with another disposition

    /// Whether anything at all is otherwise.
    [[nodiscard]] bool differs() const { return parts || refused_count > 0 || !problem.empty() || ends_otherwise; }
};

struct what_if_report {
    std::string             charter{};  ///< title of the other one
    instant                 until{};
    std::vector<comparison> all{};      ///< in the order in which they were opened

    /// How many proposals; of `refused`, asks.
    std::size_t differing = 0, ending_otherwise = 0, earlier = 0, later = 0, refused = 0, problems = 0;
};

/// Replays a record, which is a whole journal in order, under `other`. Given again, each at its own instant and in the order of
/// the record, is what people and the host asked: openings, commands that were accepted, changes of the roster, and time. What
/// followed (moves, ballots cast by a charter, links between proposals) is decided anew by `handle`, `pass_time` and
/// `follow_surroundings`, so a record gives no difference under the charter by which it was decided. Rules read the roster of then.
///
/// A record can't tell all: people might have acted otherwise; commands that were refused then are not in it; and once the rule
/// of then was satisfied, nobody may have bothered to act. A proposal whose process is missing under `other` has a `problem`.
///
/// Errors: `damaged` for what is no journal of an engine, `limit` for too many events, `invalid` for an `until` before the last
/// event, and for names in `processes` that the journal or the charter doesn't know.
[[nodiscard]] result<what_if_report> what_if(std::span<const stored_event> record, const charter& other,
                                             const what_if_options& how = {});
/// The same for a journal. Reads it, and writes nothing.
[[nodiscard]] result<what_if_report> what_if(journal& store, const charter& other, const what_if_options& how = {});

/// For people: what differs, proposal by proposal, and the summary.
[[nodiscard]] std::string to_string(const what_if_report& r);
/// Totals, and what a record can't tell.
[[nodiscard]] std::string summary(const what_if_report& r);
[[nodiscard]] std::string to_json(const what_if_report& r);

}  // namespace quorate
