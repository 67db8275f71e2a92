// What people write in comments, read as commands: opt-in, for hosts where people talk to a bot.
//
//     const auto* rfcbot = quorate::dialect_named("rfcbot");
//     for (const auto& a : quorate::read_comment(*rfcbot, {.by = "carol", .text = "@rfcbot concern unclear name"}, roster))
//         if (a.what == quorate::asked::kind::command)
//             for (const auto& c : quorate::given(a, *engine.get(rfc), roster)) engine.submit(rfc, c);
//
// A dialect is a table: how one addresses the bot, which verbs it knows, what may follow each, and what it does with edits. New
// ones are further tables. For whatever the bot itself understands, the result is the bot's, quirks included, since people rely on
// them; what the bot answers with silence or a crash is a problem here, with a reason and a way out. Pure: no clock, no I/O.
//
// rfcbot      rust-lang/rfcbot-rs@882991b src/github/command.rs: `@rfcbot` or `@rust-rfcbot` at the start of a line, colons as one
//             likes, `fcp` or `pr` as one likes, then a verb. Fenced code is read, quotes and list items are not. Team words are
//             labels with or without `T-`, or pings. Comments are read once: edits ask for nothing.
// triagebot   rust-lang/triagebot parser/src: `@rustbot` or `@triagebot` anywhere, in any case, then `second`, `concern TITLE`,
//             `resolve TITLE` or `concern resolve TITLE`. Not read: code spans, fences, indented code, quotes, HTML. An edit asks
//             for what the old text didn't ask for. Its verbs that decide nothing (labels, assignments) are problems at the start of
//             a line, and talk elsewhere.
// triagebot-decision   the decision process of triagebot@abd7a797, which was never merged: `merge [TEAM]` and `hold [TEAM]`, then a
//             full stop or the end of the line. With a team it proposes, without it casts.
// gitvote     cncf/gitvote@d4bce0e2 src/cmd.rs: `/vote[-PROFILE]`, `/cancel-vote` or `/check-vote` as a whole line. A profile is a
//             process of its own: `/vote-board` opens "vote_board". One command of a comment is carried out, the first.
// prow        kubernetes-sigs/prow@a6194089 pkg/plugins/{approve,lgtm,hold}: `/approve [no-issue | ...cancel...]`, `/remove-approve`,
//             `/lgtm [no-issue]`, `/lgtm cancel`, `/remove-lgtm`, `/hold [TEXT]`, `/hold cancel`, `/unhold`, `/remove-hold`, in any case.
//             Three readers, each of which reads all of the comment: the approver obeys every line in order, the others one: `/lgtm`
//             beats its cancelling, cancelling a hold beats `/hold`. Cancelling ends what whoever set.
// prow-lgtm-approves   the same where lgtm_acts_as_approve is set: the approver obeys `/lgtm` as it obeys `/approve`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/command.hpp>
#include <quorate/proposal.hpp>
#include <quorate/roster.hpp>

namespace quorate {

// Limits; what is beyond them is answered with a problem.
inline constexpr std::size_t longest_comment = 262'144;  ///< bytes: 65,536 characters, as on GitHub, of up to four bytes
inline constexpr std::size_t most_asked = 256;           ///< things that one comment asks for, problems included

// ---- a dialect, as data -------------------------------------------------------------------------------------------------------
/// Where the bot's name counts as an address.
enum class addressing : std::uint8_t {
    line_start,  ///< white space apart, before anything else in the line; colons may follow. Markdown means nothing
    anywhere,    ///< also in the middle of a line, in any case, but not in what Markdown quotes or sets as code or HTML
    slash,       ///< it has no name: a line whose very first character is "/", then the verb. Markdown means nothing, fenced code is read
};

/// What follows a verb.
enum class after_verb : std::uint8_t {
    anything,         ///< is not read
    name,             ///< the rest of the line names a concern; nothing at all is the empty name, which no charter accepts
    title,            ///< the same, and nothing at all is a problem
    teams,            ///< team words with commas between them, or nothing
    teams_and_text,   ///< team words with spaces between them, then a question
    person,           ///< one word, whose first character is dropped whatever it is
    team_and_end,     ///< a team word or nothing, then a full stop or the end of the line
    profile,          ///< glued to the verb, "-" before it as one likes: ASCII letters and digits up to the end of the line, or nothing;
                      ///< of an opening, the process is then `opens`_PROFILE
    // With these the row is taken only if so, and the next row may be:
    just,             ///< `with` and nothing else; if that is empty, nothing
    first_word_is,    ///< its first word is `with`, be it in a later line; more may follow
    containing,       ///< `with` stands somewhere in it
};

/// Of what a comment asks for beyond a command.
enum class wish : std::uint8_t {
    plain,       ///< nothing
    everybodys,  ///< the command is about everybody's hold or second, whoever gave it: see `given`
    status,      ///< no command: how does it stand?
};

/// One verb, in all its forms, and what it asks for.
struct dialect_verb {
    std::string_view forms;    ///< with "|" between them; several words: "concern resolve". The first row that matches is taken
    act              asks;     ///< the command; with `opens` and in `team_and_end`, see there
    std::string_view subject;  ///< of the command, where the verb itself says it: a position, a disposition
    std::string_view opens;    ///< a process to be opened instead, such as "poll"; empty: it is a command
    after_verb       rest;
    bool             bare = false;  ///< never after a prefix
    std::string_view with{};        ///< see `after_verb`
    wish             is = wish::plain;
};

/// Which of the things that a comment asks a reader for are carried out; the others are problems that say so.
enum class heeds : std::uint8_t {
    all,         ///< in the order of the text
    first,       ///< the first in the text
    uppermost,   ///< one whose row is uppermost in the table
};

/// A bot may be several in one, each of which reads every line.
struct dialect_reader {
    std::span<const dialect_verb> verbs;
    heeds                         which = heeds::all;
};

/// What an edit of a comment asks for.
enum class on_edit : std::uint8_t { nothing, what_is_new };

struct dialect {
    std::string_view                  name;
    std::string_view                  title;
    std::string_view                  cites;
    std::span<const std::string_view> mentions;   ///< how the bot is addressed; by a slash: none
    addressing                        where;
    std::span<const std::string_view> prefixes;   ///< words that may stand before a verb and mean nothing
    std::span<const dialect_reader>   readers;
    on_edit                           edits;
    /// A command that somebody outside the proposal's teams may not give ends the comment: what follows isn't carried out.
    bool                              strangers_end_it = false;
    bool                              any_case = false;  ///< verbs and what is `with` them
};

/// All dialects, in the order above.
[[nodiscard]] std::span<const dialect> dialects();
/// The dialect of that name, or nullptr. Valid for ever.
[[nodiscard]] const dialect* dialect_named(std::string_view name);

// ---- reading --------------------------------------------------------------------------------------------------------------------
struct comment {
    std::string                by{};      ///< author: id or handle, as authenticated by the host
    std::string                text{};
    std::optional<std::string> before{};  ///< the text before an edit; nothing: the comment is new
    instant                    at{};      ///< when the host received it
};

/// What the dialect's own bot does with the same words.
enum class peer_answer : std::uint8_t { understood, silent, reported, crashed };

/// One thing that a comment asks for, in the order of the text.
struct asked {
    enum class kind : std::uint8_t { command, opening, status, problem };
    kind             what = kind::problem;
    quorate::command command{};  ///< of `command`: whole but for its key. Teams are names of the roster
    bool             everybodys = false;  ///< of `command`: ends everybody's hold or second: see `given`
    quorate::opening open{};     ///< of `opening`: a poll has its question as `title` and `teams`, a feedback request whom it asks
                                 ///< as `about`; the host adds subject and key
    refusal          why{};      ///< of `problem`: refused_by::input, what the bot says or should have said, and the way out
    peer_answer      peer = peer_answer::understood;
    std::uint32_t    line = 0;   ///< in the comment, from 1; 0: the comment as a whole
    std::string      text{};     ///< the line as written, shortened to `longest_subject` bytes

    /// Whether both ask for the same, wherever and however written.
    [[nodiscard]] bool same_as(const asked& other) const;
};

/// What a comment asks for. Never fails: what can't be understood, or is beyond a limit, is a problem; a line that begins with a
/// mention of the bot, white space apart and outside what the dialect doesn't read, always gives at least one item; so does a line of
/// "/" and a word of ASCII letters, digits and "-", at its very beginning, or a verb after white space. Team words are looked up in
/// `people`; only teams that have a label or a ping can be named in rfcbot. Linear in the text, times the number of teams for team words.
[[nodiscard]] std::vector<asked> read_comment(const dialect& d, const comment& c, const roster& people);

/// The commands by which a host carries out an item of kind `command` now: it alone, or, of one that is about everybody's, one for each
/// person whose hold or second stands, for them. Where none stands it is the plain command, which the engine refuses with a reason.
[[nodiscard]] std::vector<command> given(const asked& a, const proposal& p, const roster& people);

/// What became of one thing that was asked; `no` is nothing when it was done.
struct heard {
    asked                  what{};
    std::optional<refusal> no{};
};
/// Carries out what is asked, or says why not.
using carry_out = std::function<std::optional<refusal>(const asked&)>;

/// Reads a comment and carries out what it asks, in order, as the dialect's host does; problems are answered without asking
/// `todo`. Every item gets an answer, also those that the host passes over in silence after a stranger's command (see
/// `strangers_end_it`): they are not carried out, and their refusal says so. `teams` are those of the proposal,
/// and of what is opened where the comment names none.
[[nodiscard]] std::vector<heard> hear(const dialect& d, const comment& c, const roster& people, std::span<const team_id> teams,
                                      const carry_out& todo);

}  // namespace quorate
