// Decisions as pages for people: how things stand in, an answer out. Read-only, and pure.
//
// | path            | shows                                                                                             |
// |-----------------|---------------------------------------------------------------------------------------------------|
// | /               | open decisions: where each stands, who is waited for, when time alone moves it next; that comes first |
// | /closed         | decisions that were taken: outcome, when, after how long; the latest first                        |
// | /waiting        | whom open decisions wait for                                                                      |
// | /people/ID      | what waits for one member whom something on show names, by the roster's id: handles change hands  |
// | /decisions/ID   | one decision: how it would be decided now, what is missing, ballots, concerns, what happened,     |
// |                 | its rules in English and their diagram                                                            |
// | /decisions.atom | RFC 4287: an entry for each stage that a decision comes to                                        |
// | /deadlines.ics  | RFC 5545: when time alone moves open decisions next                                               |
// | /icon.svg       |                                                                                                   |
//
// "repository" and "process" in the query restrict lists and feeds, "person" the calendar, "page" turns the page. Other keys
// mean nothing.
//
// Everything is told as anyone may see it (`quorate::viewer::anyone`), about the repositories that the configuration names for
// it: whatever else there is answers 404, with the same bytes as what there isn't. Text that people wrote is escaped wherever it
// stands. Pages need no script, no cookie and nothing from elsewhere, and their headers forbid all three.
#pragma once

#include <quorate/engine.hpp>

#include "http.hpp"
#include "settings.hpp"

namespace bot {

using quorate::instant;

// Limits.
inline constexpr std::size_t longest_target = 2'048;    ///< bytes of path and query; a longer one is answered 414
inline constexpr std::size_t rows_on_page = 50;         ///< decisions or people
inline constexpr std::size_t events_on_page = 200;      ///< of what happened to one decision, the latest first
inline constexpr std::size_t most_open_read = 2'000;    ///< open decisions that a page or the calendar looks at: those opened last
inline constexpr std::size_t most_feed_entries = 50;
inline constexpr std::size_t most_people_named = 8;     ///< in a cell of a list
inline constexpr std::size_t most_ballots_named = 500;  ///< of one decision, for each position

/// The answer to a request: 200; 304 to whoever has it (If-None-Match); 400 for what isn't written as a request to these pages
/// is; 404; 405 for anything but GET and HEAD; 414. To HEAD with the body, for the server to leave out. `s.pages` must be set
/// (asserted). `now` is told to the minute, so that what doesn't change has the same ETag for so long. Throws `quorate::failure`
/// when the engine's journal can't be read.
[[nodiscard]] http_response page(const quorate::engine& engine, const settings& s, const http_request& r, instant now);

/// A target without what means nothing here: the path, and of each known key of the query the last that is said.
[[nodiscard]] std::string meant(std::string_view target);

/// What was made for GET without conditions, as this request wants it: 304 where its If-None-Match has the ETag.
[[nodiscard]] http_response as_asked(http_response whole, const http_request& r);

}  // namespace bot
