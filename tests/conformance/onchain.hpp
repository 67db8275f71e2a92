// The cases of onchain.json: [{"id", "engine", "config", "inputs", "expected"}], by shipped charters whose parameters are the case's
// settings; of ballots about options, by the counting library.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trial.hpp"

namespace conformance {

struct chain_case {
    std::string         id;
    const json::object& config;
    const json::array&  inputs;
    const json::value&  expected;
    const settings&     where;
};
/// How the cases of one engine are put; each may throw cannot_say.
struct chain_engine {
    std::string_view name;
    case_result (*put)(const chain_case& c);
};
[[nodiscard]] const std::vector<chain_engine>& governors();
[[nodiscard]] const std::vector<chain_engine>& stakes();
[[nodiscard]] const std::vector<chain_engine>& thresholds();
[[nodiscard]] const std::vector<chain_engine>& tracks();
[[nodiscard]] const std::vector<chain_engine>& convictions();
[[nodiscard]] const std::vector<chain_engine>& liquid();
[[nodiscard]] const std::vector<chain_engine>& snapshots();

using given = std::vector<std::pair<std::string, std::string>>;

/// Who holds what, whom they delegate to, and who is in which team or has which role.
class holders {
public:
    holders();
    void person(const std::string& id);
    void holds(const std::string& who, const std::string& kind, const std::string& weight, const std::string& to = {});
    void delegates(const std::string& who, const std::string& to, const std::string& team = {}, const std::string& process = {});
    void in_team(const std::string& team, const std::string& who = {});
    void in_role(const std::string& role, const std::string& who);
    [[nodiscard]] quorate::roster roster() const;  ///< throws cannot_say where it is refused

private:
    quorate::roster_document doc_;
};

/// Proposals under a shipped charter, of which it goes on with one at a time, with a clock that counts from 0.
class chain_walk {
public:
    chain_walk(const settings& where, std::string_view file, given values, quorate::roster people, quorate::duration unit = std::chrono::seconds{1});
    chain_walk(quorate::charter under, quorate::roster people) : engine_(std::move(under), std::move(people)), unit_(std::chrono::seconds{1}) {}

    /// Goes to a time, and lets it pass. Going back is refused: throws cannot_say.
    void at(std::int64_t t);
    std::string open(std::string_view process, const std::string& by, const std::string& team = {});
    /// Goes on with another one that was opened.
    void about(const std::string& id) { id_ = id; }
    /// Does something now. Nothing: accepted.
    std::optional<quorate::refusal> says(quorate::command c);
    /// The same at a later time, before what time alone does at that very instant.
    std::optional<quorate::refusal> says_at(std::int64_t t, quorate::command c);
    [[nodiscard]] std::string title() const { return proposal().now().title; }
    [[nodiscard]] std::string stage() const { return proposal().now().name; }
    [[nodiscard]] const quorate::proposal& proposal() const { return *engine_.get(id_); }
    /// What a number of the rule language is, such as "weight(yes)", and whether a rule of the process holds.
    [[nodiscard]] quorate::number measured(std::string_view what) const;
    [[nodiscard]] bool holds(std::string_view rule) const;
    /// From now until time alone makes an expression hold that doesn't; nothing: never.
    [[nodiscard]] std::optional<quorate::duration> waits_for(const std::string& rule) const;
    [[nodiscard]] quorate::explanation explained() const { return engine_.explain(id_, now_).value(); }
    [[nodiscard]] std::string account() const { return to_string(explained()); }
    /// When time alone moves it next, in units from 0, rounded down.
    [[nodiscard]] std::optional<std::int64_t> next() const;
    quorate::engine& engine() { return engine_; }
    [[nodiscard]] const quorate::engine& engine() const { return engine_; }
    [[nodiscard]] quorate::instant now() const { return now_; }
    [[nodiscard]] quorate::instant started() const { return start_; }
    [[nodiscard]] quorate::instant moment(std::int64_t t) const { return start_ + unit_ * t; }
    [[nodiscard]] const std::string& id() const { return id_; }

private:
    quorate::engine   engine_;
    quorate::duration unit_;
    std::string       id_{};
    quorate::instant  start_ = quorate::at("2026-01-01T00:00:00Z");
    quorate::instant  now_ = start_;
};

/// A number of a case as the rule language and rosters write it; integers beyond 64 bits stand as strings.
[[nodiscard]] std::string weight_text(const json::value& v);
[[nodiscard]] std::string weight_text(const json::object& o, std::string_view key);
/// "2/3" or "0.25". Throws cannot_say where it is neither.
[[nodiscard]] quorate::number ratio_of(std::string_view text);
/// Throws cannot_say for a key that isn't known.
void only(const json::object& o, std::initializer_list<std::string_view> known);
/// As a JSON number where it is one of 64 bits, else as text.
[[nodiscard]] json::value as_json(const quorate::number& n);
[[nodiscard]] std::string seconds_text(std::int64_t n);
/// The rows of a list, which must be objects.
[[nodiscard]] std::vector<const json::object*> rows_of(const json::array& list);
[[nodiscard]] std::vector<const json::object*> rows_of(const json::value& list);
std::vector<const json::object*> rows_of(json::array&& list) = delete;  // they point into it
std::vector<const json::object*> rows_of(json::value&& list) = delete;

}  // namespace conformance
