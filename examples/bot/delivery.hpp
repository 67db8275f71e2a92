// What GitHub tells the bot, reduced to what the bot looks at. A delivery is kept in the journal's outbox until it is dealt with, and recorded
// sets are files of the same form: GitHub's own names in GitHub's own places, so that a webhook body as GitHub sends it can be read, too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/result.hpp>
#include <quorate/time.hpp>

namespace bot {

using quorate::instant;
using quorate::result;

// Limits; what is beyond them is refused.
inline constexpr std::size_t largest_body = std::size_t{1} << 20;  ///< bytes of a webhook's body
inline constexpr std::size_t most_labels = 100;                    ///< of one issue, as on GitHub
inline constexpr std::size_t most_files = 3'000;                   ///< of one pull request, as GitHub lists them
inline constexpr std::size_t longest_delivery_id = 64;

/// Somebody on GitHub. Who they are is the number; the login is for display, and may be somebody else's tomorrow.
struct account {
    std::uint64_t id = 0;  ///< 0: nobody
    std::string   login{};
    bool          machine = false;  ///< GitHub says "Bot"

    /// Their id in a roster.
    [[nodiscard]] std::string person() const { return id == 0 ? std::string() : std::to_string(id); }
    friend bool operator==(const account&, const account&) = default;
};

struct reaction {
    account     by{};
    std::string content{};  ///< "+1", "-1", "eyes", ...
    instant     at{};

    friend bool operator==(const reaction&, const reaction&) = default;
};

struct delivery {
    std::string                id{};      ///< X-GitHub-Delivery
    std::string                event{};   ///< X-GitHub-Event: "issue_comment", "pull_request", ...
    std::string                action{};  ///< "created", "closed", ...
    instant                    at{};      ///< when it was received
    account                    sender{};  ///< who did it, as GitHub authenticated them
    std::string                repository{};  ///< "owner/name"
    std::uint64_t              number = 0;    ///< of the issue or pull request
    std::string                title{};
    account                    author{};  ///< of the issue or pull request
    std::vector<std::string>   labels{};
    bool                       pull_request = false, closed = false, draft = false, merged = false;
    std::string                head{};         ///< of a pull request: the commit
    std::string                follows{};      ///< of a push: the commit that was the head before it, GitHub's "before"
    bool                       looked = false; ///< the bot itself looked whether that is the head; GitHub never says so
    std::uint64_t              comment = 0;    ///< id of the comment or review
    account                    writer{};       ///< of the comment or review; of what was just opened: the author
    std::string                text{};         ///< of the comment or review; of what was just opened: the first text
    std::string                reviewed{};     ///< by a review: the commit
    std::optional<std::string> before{};       ///< an edit's earlier text
    std::string                changed{};      ///< when GitHub last changed the comment: "updated_at", as written
    std::string                state{};        ///< of a review: "approved", "changes_requested", "commented", "dismissed"
    account                    member{};       ///< of a membership
    std::string                team{};         ///< of a membership: the slug
    std::string                organisation{}; ///< of a membership: the login of whose team it is
    std::vector<reaction>      reactions{};    ///< of the bot's own comment; the bot asks for them, GitHub sends none
    std::string                proposal{};     ///< whose comment that is; empty: the present one of the issue
    std::optional<std::vector<std::string>> files{};  ///< of a pull request: paths, where the bot asked for them

    /// "owner/name#7"; empty for what is about no issue.
    [[nodiscard]] std::string subject() const { return number == 0 ? std::string() : repository + "#" + std::to_string(number); }
    friend bool operator==(const delivery&, const delivery&) = default;
};

/// The events that the bot looks at; others are thanked for and forgotten.
[[nodiscard]] bool is_of_interest(std::string_view event, std::string_view action);

/// Reads a webhook's body, or what `to_json` wrote. Refused, with line and column: what isn't JSON or is beyond the limits of json.hpp,
/// a body without what its event must have, numbers that can't be ids. `at`, `id` and `event` come from outside the body.
[[nodiscard]] result<delivery> read_delivery(std::string_view body, std::string id, std::string event, instant at);
/// One line of JSON, with id, event and instant in it.
[[nodiscard]] std::string to_json(const delivery& d);
/// The inverse of `to_json`.
[[nodiscard]] result<delivery> parse_delivery(std::string_view json, std::string_view name = "delivery");

/// What the delivery is about beyond its id: a second delivery of the same thing has the same text. Empty where GitHub gives nothing that
/// tells two things of a kind apart.
[[nodiscard]] std::string same_thing(const delivery& d);

}  // namespace bot
