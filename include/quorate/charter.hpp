// A charter: one JSON document that states how a group decides. Loading refuses what could not run, with every problem at
// once; checking it against a roster finds what could never work for these people. How one is written: examples/charters/README.md.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/process.hpp>
#include <quorate/result.hpp>
#include <quorate/roster.hpp>
#include <quorate/verdict.hpp>

namespace quorate {

/// A value that a charter names once and its rules use: a number, a duration, or a name (of a team, say).
struct parameter {
    enum class kind : std::uint8_t { number, time_span, name };
    std::string  name{};
    kind         is = kind::number;
    std::int64_t numerator = 0;  ///< of a number; microseconds of a duration
    std::int64_t denominator = 1;
    std::string  text{};           ///< as written; of a name, the name
    std::string  about{};
};

/// What the charter's own people hold for too much, of what audits measure (audit.hpp). Nothing: not said.
struct audit_limits {
    std::optional<std::int64_t> acts_per_decision{};
    std::optional<duration>     time_per_decision{};
    std::optional<std::int64_t> acts_per_seat{};  ///< of one person in one simulated run
    std::optional<duration>     wait_for_leaders{};  ///< of a decision, on average
    std::optional<duration>     term{};           ///< of those who lead

    friend bool operator==(const audit_limits&, const audit_limits&) = default;
};

/// A loaded charter. Immutable and cheap to copy: copies share one body. Any number of threads may read it.
class charter {
public:
    struct body {
        std::string            name;       ///< how the document was called when it was loaded
        std::string            title;
        std::string            version;
        std::string            cites;
        std::string            roster;     ///< the roster it names, if any
        std::vector<parameter> parameters;
        audit_limits           limits;
        std::vector<process>   processes;
        std::string            text;       ///< the document, byte for byte
        std::vector<std::pair<std::string, std::string>> given;  ///< parameters set from outside
        std::string            hash;       ///< SHA-256 (hex) of text and given parameters: what proposals pin
        std::vector<problem>   warnings;
    };

    explicit charter(std::shared_ptr<const body> b) : body_(std::move(b)) {}

    [[nodiscard]] const std::string& title() const { return body_->title; }
    [[nodiscard]] const std::string& hash() const { return body_->hash; }
    [[nodiscard]] const std::vector<process>& processes() const { return body_->processes; }
    [[nodiscard]] const std::vector<problem>& warnings() const { return body_->warnings; }
    [[nodiscard]] const body& get() const { return *body_; }
    /// The process of that name, or nullptr.
    [[nodiscard]] const process* find(std::string_view name) const;

    /// The same document with the same parameters.
    friend bool operator==(const charter& a, const charter& b) { return a.hash() == b.hash(); }

private:
    std::shared_ptr<const body> body_;
};

/// Reads a charter. `given` replaces values of its parameters ({"length", "5 days"}). Refused, every problem with JSON pointer,
/// line and column: what isn't JSON (see limits in json.hpp), unknown keys, words that mean nothing, rules that don't parse,
/// exits that the law forbids, stages that can't be reached or never left, rules that use each other in a circle.
[[nodiscard]] result<charter> load_charter(std::string_view text, std::string name = "charter",
                                           std::vector<std::pair<std::string, std::string>> given = {});
[[nodiscard]] result<charter> load_charter_file(const std::string& path,
                                                std::vector<std::pair<std::string, std::string>> given = {});

/// One charter with the processes of several, for a project that decides in several ways and lets proposals of one stand under
/// those of another. Titles and sources are listed; the roster is that of the first that names one. `given` as above. Refused:
/// no charter at all, a process that two of them have, a parameter that two of them give other values.
[[nodiscard]] result<charter> join_charters(std::span<const charter> all, std::string name = "charter",
                                            std::vector<std::pair<std::string, std::string>> given = {});

/// What can't work for this roster: teams, roles and bodies that it doesn't know, electorates that are empty, exits whose rule
/// can never hold for the electorate it will have. Empty: nothing found.
[[nodiscard]] std::vector<problem> check(const charter& c, const roster& people);

/// The charter in plain English, process by process.
[[nodiscard]] std::string describe(const charter& c);
[[nodiscard]] std::string describe(const process& p);

/// The JSON Schema (draft 2020-12) of charters, for editors that complete and check.
[[nodiscard]] std::string_view charter_schema();

}  // namespace quorate
