// How what people do on GitHub becomes what they ask of a charter: one table per kind of bot that people may switch from.
//
// rfcbot      comments in the dialect "rfcbot"; a matter begins with the first command on an issue; its teams are the labels of the issue,
//             and follow them; an issue that is closed or reopened is the fact "issue_closed". examples/charters/rust.json
// triagebot   the same in the dialect "triagebot", for "mcp" of that charter
// gitvote     comments in the dialect "gitvote"; reactions to the bot's own comment are ballots, by the titles of positions; several at
//             once are the position "spoiled", if there is one, else none. Commands may stand in the text of a new issue or pull
//             request. examples/charters/gitvote.json
// prow        comments in the dialect "prow"; each pull request is a matter from its beginning; its teams are the areas that its files lie
//             in; reviews that approve approve and second, those that ask for changes take that back; pushes are the revision "push".
//             Commands may stand in the text of a new pull request.
//             examples/charters/kubernetes.json
// prow-lgtm-approves   the same in that dialect
// reviews     no commands: reviews are ballots, a request for changes is the concern "changes requested", which the next approval by the
//             same person or anyone who may resolves. examples/charters/pull-request-approval.json
#pragma once

#include <span>
#include <string_view>

#include <quorate/dialect.hpp>

namespace bot {

/// What makes a matter of an issue or pull request.
enum class begins_with : unsigned char { first_command, opening_command, pull_request };

/// What a review asks for, besides what its text says. Rows of one state are taken in order, those that don't fit are passed over.
struct review_row {
    std::string_view state;       ///< "approved", "changes_requested", "dismissed"
    quorate::act     asks;
    std::string_view subject;     ///< a position, a concern
    bool             only_if_any = false;  ///< only where there is something to take back or resolve
    bool             everybodys = false;   ///< what stands there of anybody's is taken back, not only one's own
};

struct profile {
    std::string_view            name;
    std::string_view            dialect;   ///< of quorate/dialect.hpp; empty: comments ask for nothing
    std::string_view            process;   ///< unless the configuration says another
    begins_with                 begins = begins_with::first_command;
    bool                        reactions = false;  ///< are ballots
    std::span<const review_row> reviews{};
    std::string_view            push{};    ///< the kind of revision that a push is; empty: a push changes nothing
    bool                        first_text = false;  ///< the text with which an issue or pull request is opened is read as a comment is
};

[[nodiscard]] std::span<const profile> profiles();
/// The profile of that name, or nullptr. Valid for ever.
[[nodiscard]] const profile* profile_named(std::string_view name);

}  // namespace bot
