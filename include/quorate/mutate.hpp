// Does anybody notice? Changes a charter in one small place at a time (a mutant) and runs the scenarios that use it: if all of them
// still pass, that part of the charter is pinned by none. What is changed:
//
//     threshold   a number of a rule or setting: 3 becomes 4 and 2; 1/2 becomes 2/3 and 1/3; 50% becomes 60% and 40%
//     strictness  > becomes >=, and the other way round; == becomes !=; the "end" of a window that says it; "strictly" of an option's ratio
//     base        eligible becomes cast, and the other way round; flags "base", "cast", "binding" of positions; when an electorate is
//                 taken, who is in it, whether who recuses themselves stays in it
//     duration    one unit more, one unit less
//     permission  nobody may; everyone may; each part of "a or b", "a and b", "a except b" left out; without its "if"; without a reason
//
// A mutant that doesn't load is none. One that behaves the same can't be noticed: what proves that is for the caller to say
// (`mutation_options::same`), and such mutants don't count.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/charter.hpp>
#include <quorate/scenario.hpp>

namespace quorate {

inline constexpr std::size_t most_mutants = 20'000;  ///< of one charter
inline constexpr std::size_t most_mutation_threads = 64;

enum class mutation : std::uint8_t { threshold, strictness, base, time_span, permission };
inline constexpr std::array<std::string_view, 5> mutation_names{"threshold", "strictness", "base", "duration", "permission"};

/// One small change of a charter's text.
struct mutant {
    mutation      what = mutation::threshold;
    std::string   process{};   ///< empty: in the charter's parameters, which any process may use
    std::string   where{};     ///< within the process, for people: "pending, exit 2", "rule quorum"
    std::string   before{};    ///< what is changed, with what it takes to read it: "outstanding < 3"
    std::string   after{};     ///< what becomes of it: "outstanding <= 3"
    std::string   pointer{};   ///< JSON pointer of the value (of an act that is left out: of its key)
    std::uint32_t line = 0;    ///< in the charter's text, where the change begins
    std::uint32_t column = 0;
    // The change itself: these bytes of the charter's text become `text`.
    std::size_t   at = 0;
    std::size_t   length = 0;
    std::string   text{};
};

/// The mutants of a charter, in the order of its text; with `only`, those of that process. Some of them may not load as a charter.
/// Refused with errc::limit: more than `most_mutants`.
[[nodiscard]] result<std::vector<mutant>> mutants_of(const charter& c, std::string_view only = {});
/// The charter's text with that change.
[[nodiscard]] std::string mutated(const charter& c, const mutant& m);
/// "line:column: process fcp, rule quorum: `outstanding < 3` becomes `outstanding <= 3`".
[[nodiscard]] std::string to_string(const mutant& m);

struct mutation_options {
    std::string only{};       ///< a process; empty: all, and parameters
    std::string under{};      ///< only charters whose name contains this, such as a folder; empty: all
    std::size_t threads = 1;  ///< 0: as many as the machine has, up to `most_mutation_threads`
    /// Asked about each mutant that no scenario noticed, one at a time: why it behaves the same as the charter, or nothing if that isn't
    /// known. Absent: not known of any.
    std::function<std::string(const charter& as_written, const mutant& m)> same{};
};

/// What became of the mutants of one charter.
struct mutation_report {
    struct alike {
        mutant      which{};
        std::string why{};
    };
    std::string         charter{};         ///< how it was called when it was loaded
    std::size_t         scenarios = 0;     ///< that use it
    std::size_t         mutants = 0;       ///< all that load
    std::size_t         noticed = 0;       ///< by some scenario, which then fails
    std::vector<mutant> unnoticed{};       ///< in the order of the text
    std::vector<alike>  same{};            ///< unnoticed, and said to behave the same

    [[nodiscard]] std::size_t counted() const { return noticed + unnoticed.size(); }
    /// Whether at least `share` (0 to 1) of those that count were noticed; true if there are none.
    [[nodiscard]] bool at_least(const number& share) const;
};

/// Runs the mutants of every charter that a scenario of the suite runs under, each through the scenarios that open a proposal of its
/// process, until one fails. The same suite gives the same reports, whatever the number of threads; in the order in which the suite
/// first uses the charters. Refused (invalid): a scenario that fails already, a process that no charter has.
[[nodiscard]] result<std::vector<mutation_report>> mutate(std::span<const scenario> suite, const mutation_options& o = {});

/// For people: what wasn't noticed, and a line of numbers.
[[nodiscard]] std::string to_string(const mutation_report& r);
/// One line of JSON.
[[nodiscard]] std::string to_json(const mutation_report& r);

}  // namespace quorate
