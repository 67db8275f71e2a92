// What policies of policy-bot speak of, said in the words of a charter: actors as sets over a roster, predicates as rules over facts,
// comments and reviews as ballots. The host's part is here too: matching patterns, and when commits were pushed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trial.hpp"

namespace conformance {

// ---- who and what -----------------------------------------------------------------------------------------------------------------
/// Sets and facts about one change; they become the teams and reports of a trial.
class policy_terms {
public:
    /// `inputs` must outlive it.
    explicit policy_terms(const json::object& inputs) : inputs_(inputs) {}

    /// Everybody a selector of actors means: users, teams, organisations, those with a permission. A group of which the case says nothing
    /// has nobody in it. Throws cannot_say for what else it selects by.
    [[nodiscard]] std::string actors(const json::object& selector);
    /// These people, as a set.
    [[nodiscard]] std::string group(std::vector<std::string> members);
    /// The rule that all of these predicates hold; none: it holds. Throws cannot_say for predicates about what isn't recorded.
    [[nodiscard]] std::string all_of(const json::object& predicates);
    [[nodiscard]] std::string any_of(const json::object& predicates);
    /// For the trial of these terms: reports what the rules read.
    void report_to(trial& t) const;
    [[nodiscard]] const std::vector<team_of>& teams() const { return teams_; }
    [[nodiscard]] std::vector<std::string> facts() const;

private:
    [[nodiscard]] std::string predicate(std::string_view name, const json::value& wanted);
    [[nodiscard]] std::string changed_files(std::string_view name, const json::object& wanted);
    [[nodiscard]] std::string contributors(std::string_view name, const json::value& wanted);
    [[nodiscard]] std::string modified_lines(const json::object& wanted);
    [[nodiscard]] std::string results(const json::value& wanted, std::string_view names, std::string_view found);
    [[nodiscard]] std::string patterns(const json::object& wanted, const std::string& text);
    [[nodiscard]] std::string members_of(std::string_view of, const std::string& one);
    [[nodiscard]] std::string permitted(const std::string& least);
    [[nodiscard]] std::string told(bool truth);            ///< a fact, as a rule
    [[nodiscard]] std::string told(std::int64_t amount);

    const json::object&                                inputs_;
    std::vector<team_of>                               teams_{};
    std::vector<std::pair<std::string, bool>>          truths_{};
    std::vector<std::pair<std::string, std::int64_t>>  amounts_{};
};

// ---- what was said ----------------------------------------------------------------------------------------------------------------
/// How one says yes.
struct methods {
    std::vector<std::string>   comments{};         ///< texts that a comment contains
    std::vector<std::string>   comment_patterns{};
    std::vector<std::string>   body_patterns{};
    std::optional<std::string> review_state{};     ///< nothing: reviews say nothing
    std::vector<std::string>   review_patterns{};  ///< of reviews in that state; none: all
};
/// Those of the case; of a rule's options, what isn't said is as the peer has it by default.
[[nodiscard]] methods methods_of(const json::object& said);
[[nodiscard]] methods methods_of_options(const json::object& options);

struct signal {
    std::int64_t t = 0;
    int          channel = 0;  ///< comments, then the body, then reviews: of simultaneous ones of one person the first stands
    std::string  by{};
    bool         edited = false;
};
/// In the order in which ballots are to be cast: each replaces the one before it by the same person.
[[nodiscard]] std::vector<signal> signals_of(const methods& m, const json::object& inputs);
/// Whoever gave signals, each once, in that order.
[[nodiscard]] std::vector<std::string> authors_of(const std::vector<signal>& signals);

/// What a rule's options say of commits and edits.
struct hearing {
    bool                             edits_count_for_nothing = false;
    std::vector<const json::object*> commits{};  ///< without those that the options pass over
    std::optional<std::int64_t>      pushed{};   ///< what was said until then is void
};
[[nodiscard]] hearing hearing_of(const json::object& inputs, const json::object& options);

/// Positions, electorate and revision for signals as ballots; the rules are for the caller to add.
[[nodiscard]] sheet signal_sheet();
/// Casts them, each at its time, with the author's push among them.
void say(trial& t, const std::vector<signal>& signals, const hearing& h, const std::string& author);

// ---- reading policies -------------------------------------------------------------------------------------------------------------
/// Throws cannot_say, naming the key, for any other than these.
void only_keys(const json::object& o, std::initializer_list<std::string_view> known, std::string_view of);
/// False and empty where there is no such key.
[[nodiscard]] bool flag(const json::object& o, std::string_view key);
[[nodiscard]] std::vector<std::string> some_words(const json::object& o, std::string_view key);
[[nodiscard]] const json::object& some_object(const json::object& o, std::string_view key);
[[nodiscard]] const json::array& some_list(const json::object& o, std::string_view key);

}  // namespace conformance
