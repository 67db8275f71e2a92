// A recorded case as a small decision: people, a charter and what they do. It is translated here and decided by the engine.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/quorate.hpp>

#include "case.hpp"

namespace conformance {

inline constexpr std::int64_t     most_trial_people = 2'000;
inline constexpr std::string_view asker = "the-asker";  ///< in every roster, and in no team unless a case puts them there

/// Why a case can't be put to the engine; becomes its reason for being skipped.
struct cannot_say : std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// The same, where a charter was refused: of some cases that is the answer.
struct refused_charter : cannot_say {
    using cannot_say::cannot_say;
};
/// Puts a case; whatever is thrown becomes its result.
template <class Put>
[[nodiscard]] case_result guarded(const std::string& id, const std::string& family, const Put& put) {
    try {
        return put();
    } catch (const cannot_say& e) {
        return skipped(id, family + ": " + e.what());
    } catch (const std::invalid_argument&) {
        return skipped(id, family + ": a part of the case is of another form");
    } catch (const std::exception& e) {
        return failed(id, e.what());
    }
}

/// A team and who is in it. Everybody named in some team is in the roster.
struct team_of {
    std::string              name;
    std::vector<std::string> members;
    std::vector<std::string> leads{};     ///< of the members
    std::vector<std::string> includes{};  ///< teams
    std::string              role{};      ///< that each of its members has; "": none
    std::string              affiliation{};  ///< of each of its members; "": none
};
/// Throws cannot_say where the roster is refused.
[[nodiscard]] quorate::roster roster_of(const std::vector<team_of>& teams);
/// "v1", "v2"... Throws cannot_say beyond `most_trial_people`, and for less than nobody.
[[nodiscard]] std::vector<std::string> people(std::string_view prefix, std::int64_t n);

struct named_text {
    std::string name, text;
};

/// A charter of one process with one stage, written for one case. Anybody may cast, and the host reports facts.
struct sheet {
    std::vector<named_text>  positions{};              ///< name, and what the charter says of it as JSON ("{}")
    std::vector<named_text>  rules{};                  ///< to be read, or used by others
    std::vector<named_text>  outcomes{};               ///< stage and rule, in order: the first whose rule holds is the outcome; "": always
    std::string              electorate = "team(voters)";
    bool                     revised = false;  ///< anybody may revise, and that clears the ballots
};
/// Throws refused_charter where the charter is refused.
[[nodiscard]] quorate::charter charter_of(const sheet& s);

/// One proposal in an engine of its own.
class trial {
public:
    /// Opened by `author`: by default somebody whom no team has.
    trial(const sheet& s, const std::vector<team_of>& teams, const std::string& author = std::string(asker));
    trial(quorate::charter rules, quorate::roster people);

    /// Opens under the charter's process; throws cannot_say where that is refused.
    std::string open(quorate::opening o);
    /// What somebody does, now. Throws std::runtime_error where it is refused, since the charter was to allow it.
    void does(quorate::command c);
    /// The same; whether it is accepted.
    bool tries(quorate::command c);
    void casts(const std::string& who, const std::string& position) { does(quorate::cast{.by = who, .position = position, .reason = "as recorded"}); }
    void report(const std::string& fact, std::int64_t amount) { does(quorate::fact{.name = fact, .amount = amount}); }
    void report(const std::string& fact, bool truth) { does(quorate::fact{.name = fact, .truth = truth}); }
    /// Lets time pass.
    void wait(quorate::duration d);

    /// How a rule of the sheet reads; with a sheet only.
    [[nodiscard]] quorate::truth reads(std::string_view rule) const;
    [[nodiscard]] bool holds(std::string_view rule) const { return reads(rule) == quorate::truth::met; }
    /// Asks for the outcome: the stage that the engine goes to; with a sheet only.
    std::string decides();
    [[nodiscard]] const quorate::proposal& now() const { return *engine_.get(id_); }
    [[nodiscard]] std::string stage() const { return now().now().name; }
    [[nodiscard]] quorate::explanation explained() const { return engine_.explain(id_, at_).value(); }
    /// Whose ballot stands by a position, by its time.
    [[nodiscard]] std::vector<std::string> standing_by(std::string_view position) const;
    /// Rules and numbers, for people.
    [[nodiscard]] std::string account() const { return to_string(explained()); }

private:
    quorate::engine          engine_;
    std::string              id_{};
    quorate::instant         at_ = quorate::at("2026-01-01T00:00:00Z");
    std::vector<std::string> readings_{};  ///< rules of the sheet, in the order of exits
};

/// The least n from 0 to `most` with which it holds; each n is a trial of its own. -1: with none.
template <class Holds>
[[nodiscard]] std::int64_t least(std::int64_t most, const Holds& holds) {
    for (std::int64_t n = 0; n <= most; ++n)
        if (holds(n)) return n;
    return -1;
}

// ---- reading cases: all throw cannot_say where the case hasn't what is asked for ------------------------------------------------
[[nodiscard]] const json::value& needs(const json::object& o, std::string_view key);
[[nodiscard]] std::int64_t whole(const json::object& o, std::string_view key);
[[nodiscard]] std::int64_t count_in(const json::object& o, std::string_view key);  ///< a whole number that isn't negative
[[nodiscard]] bool truth_in(const json::object& o, std::string_view key);
[[nodiscard]] std::string word_in(const json::object& o, std::string_view key);
[[nodiscard]] const json::array& list_in(const json::object& o, std::string_view key);
[[nodiscard]] const json::object& object_in(const json::object& o, std::string_view key);
[[nodiscard]] std::vector<std::string> words_in(const json::array& list);
/// ASCII letters only.
[[nodiscard]] std::string lowered(std::string s);
[[nodiscard]] std::vector<std::string> lowered(std::vector<std::string> all);
/// Whether a regular expression of the case, in Perl's syntax, is found in a text; "." is no line feed, "^" and "$" are the text's ends.
[[nodiscard]] bool found_in(const std::string& text, const std::string& pattern);
/// A number as rules write it: "66.67".
[[nodiscard]] std::string number_text(const json::object& o, std::string_view key);

/// Passed if every key of `expected` is found so. A key that isn't found at all makes it skipped.
[[nodiscard]] case_result compared(std::string id, const json::object& expected, const json::object& found, std::string account);

}  // namespace conformance
