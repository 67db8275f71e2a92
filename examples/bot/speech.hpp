// What the bot says, as text: pure functions of how things stand. All of it is public, so everything here is told as anyone may see it; of what
// not everyone may see, nothing is said. Text that people wrote is set as code: it pings nobody, and is never markup or a marker.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/engine.hpp>

#include "delivery.hpp"
#include "desk.hpp"

namespace bot {

inline constexpr std::size_t longest_body = 60'000;      ///< bytes of one comment; GitHub takes 65,536 characters
inline constexpr std::size_t most_names_shown = 60;      ///< in one list
inline constexpr std::size_t most_answers_shown = 40;    ///< in one reply

// ---- markers: the last line of each comment says which it is, so that it is found again
[[nodiscard]] std::string status_marker(std::string_view proposal);
[[nodiscard]] std::string announcement_marker(std::uint64_t effect);
[[nodiscard]] std::string reply_marker(const delivery& d);
[[nodiscard]] std::string reminder_marker(const quorate::proposal& p, std::int64_t count);
/// The marker of a comment; empty if its last line is none.
[[nodiscard]] std::string_view marker_of(std::string_view body);

// ---- comments
/// The one comment that is kept up to date: checklist, concerns, what is missing, the next date, how it would be decided now. Empty where
/// not everyone may see the proposal.
[[nodiscard]] std::string status_text(const quorate::engine& engine, const std::string& proposal);
/// What is said when a charter's exit or stage announces something. Empty as above.
[[nodiscard]] std::string announcement(const quorate::engine& engine, const quorate::effect& e);
/// What is answered to a comment or review: what was asked, line by line, what became of it, and why not.
[[nodiscard]] std::string reply_text(const quorate::engine& engine, const delivery& d, const dealt& what);
/// Whom a proposal waits for, as far as everyone may know: those who can change a condition that keeps it from going on.
[[nodiscard]] std::vector<std::string> waited_for(const quorate::engine& engine, const std::string& proposal);
[[nodiscard]] std::vector<std::string> waited_for(const quorate::explanation& e, const quorate::roster& people);
/// How it will be decided, as things stand, when time alone takes it on. Nothing: not at all, or not everyone may know.
[[nodiscard]] std::optional<quorate::phase> as_it_stands(const quorate::explanation& e);
/// A reminder to them. Empty if there is nobody, or not everyone may see it.
[[nodiscard]] std::string reminder(const quorate::engine& engine, const std::string& proposal, std::int64_t count);
/// How many reminders are due by now, one for each `every` that it has been in its stage; 0 once it is decided.
[[nodiscard]] std::int64_t reminders_due(const quorate::proposal& p, instant now, quorate::duration every);

// ---- names
/// The handle in a name as explanations write it: "alice" of "alice (10)".
[[nodiscard]] std::string_view handle_in(std::string_view name);
/// Text that somebody wrote, as code: no control characters, nothing that breaks out of it.
[[nodiscard]] std::string as_code(std::string_view text);
/// Whether two logins can be taken for each other by a reader: they differ, but in nothing that is easily seen.
[[nodiscard]] bool look_alike(std::string_view a, std::string_view b);
/// A note that somebody's name looks like that of a member who is somebody else; empty if it doesn't.
[[nodiscard]] std::string look_alike_note(const quorate::roster& people, const account& a);

}  // namespace bot
