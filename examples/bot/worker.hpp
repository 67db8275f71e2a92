// What the bot does, round after round: deals with deliveries, reads reactions, lets time pass, carries out effects, keeps comments up to date.
// All that a round does can be done again: killed anywhere, the next process goes on where the journal says. Of several processes on one
// journal one acts, and the others stand by.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <quorate/engine.hpp>

#include "desk.hpp"
#include "forge.hpp"
#include "inbox.hpp"
#include "metrics.hpp"
#include "settings.hpp"

namespace bot {

// Kinds of effects that the bot itself puts into the outbox.
inline constexpr std::string_view reply_effect = "bot reply";        ///< payload: {"subject", "body"}
inline constexpr std::string_view check_effect = "bot check";        ///< payload: {"subject", "state"}: a check for a commit that was pushed

inline constexpr std::size_t       most_at_once = 200;            ///< effects read from the outbox at a time
inline constexpr std::size_t       most_subjects_known = 10'000;  ///< whose comments are remembered
inline constexpr quorate::duration look_back = std::chrono::hours{24 * 30};  ///< for what was never delivered
inline constexpr quorate::duration patience = std::chrono::hours{1};  ///< for how long a delivery that fails keeps the clock from passing it
inline constexpr quorate::duration catch_up_again = std::chrono::minutes{1};  ///< between two tries to ask for what was missed

/// What one round came to.
struct round_report {
    std::size_t                         deliveries = 0, effects = 0, failures = 0;
    std::optional<quorate::instant>     next{};  ///< when something is due next; nothing: only when somebody does something
};

class worker {
public:
    /// All but `log` outlive the worker. `store` is the engine's journal once more, or another connection to it. `log` gets one line for
    /// each thing done or failed, without text that people wrote.
    worker(quorate::engine& engine, quorate::journal& store, const settings& s, forge& outside, metrics& counts,
           std::function<void(const std::string&)> log = {});

    /// One round, as of `now`, which must not go back. Throws `quorate::failure` when the journal fails: end, and begin anew.
    [[nodiscard]] round_report round(instant now);
    /// The roster is to be as in this file from now on; done with the next round.
    void follow(quorate::roster wanted) { wanted_ = std::move(wanted); }
    /// A round ends early, between two steps, once this says so; what is left is for the next one.
    void end_when(std::function<bool()> told) { told_to_end_ = std::move(told); }

private:
    void catch_up(instant now);
    [[nodiscard]] result<std::size_t> missed_comments(const repository_settings& r, instant since, instant now);
    [[nodiscard]] result<std::size_t> missed_pushes(instant now);
    void deliveries(instant now);
    bool deal_with(const quorate::effect& e, instant now);
    void look_at_reactions(instant now);
    void let_time_pass(instant now);
    void effects();
    [[nodiscard]] result<void> carry_out(const quorate::effect& e);
    [[nodiscard]] result<void> change_labels(const quorate::effect& e, const quorate::proposal& p);
    void show();
    void remind(instant now);
    void follow_roster(instant now);

    [[nodiscard]] result<void> say(const std::string& subject, const std::string& body, bool keep_up);
    [[nodiscard]] result<std::vector<own_comment>*> comments_of(const std::string& subject);
    [[nodiscard]] bool kept(const std::string& key);
    void               keep(const std::string& key, std::vector<quorate::effect> with = {}, std::string what = "{}");
    /// The last check of a proposal, as journaled: how many there were, for which effect, and its state. Empty state: there was none.
    struct checked {
        std::size_t number = 0;
        std::string effect{}, state{};
    };
    [[nodiscard]] checked last_check(const std::string& proposal);
    void               touch(const std::vector<quorate::receipt>& receipts);
    void               failed(const std::string& what, const quorate::error& why);
    void               note(const std::string& line) const { if (log_) log_(line); }
    [[nodiscard]] bool ending() const { return told_to_end_ && told_to_end_(); }

    quorate::engine&                        engine_;
    quorate::journal&                       store_;
    const settings&                         settings_;
    forge&                                  forge_;
    metrics&                                counts_;
    std::function<void(const std::string&)> log_;
    std::function<bool()>                   told_to_end_;
    desk                                    desk_;
    std::map<std::string, std::vector<own_comment>> known_;     ///< by subject; forgotten when anything there fails
    std::set<std::string>                   touched_;           ///< proposals whose comment may be out of date
    std::set<std::string>                   again_;             ///< of those, whose comment is gone
    std::set<std::string>                   waiting_;           ///< subjects that must wait for the next round, so that order is kept
    bool                                    all_touched_ = true;
    std::optional<instant>                  looked_{}, reminded_{}, caught_up_{};
    /// What may be missing, since when, and when it was asked for first and last without an answer. Stays over tries: other events go on.
    struct lag {
        instant since{}, from{}, tried{};
    };
    std::optional<lag>                      lag_{};
    std::optional<instant>                  not_beyond_{};      ///< time may not pass this yet: something before it is still unheard
    std::optional<quorate::roster>          wanted_{};
    round_report                            report_;
};

}  // namespace bot
