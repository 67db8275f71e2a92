// What pages are made of. Internal.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "page.hpp"

namespace bot {

/// One decision that is on show.
struct exhibit {
    const quorate::proposal* p = nullptr;
    quorate::explanation     e{};      ///< as anyone may see it
    std::vector<std::string> waits{};  ///< handles of those who are waited for; empty once it is decided
};

/// Somebody's request, and all that may be looked at for it.
struct visit {
    const quorate::engine& engine;
    const settings&        setup;
    instant                now{};
    std::string            path{};
    std::string            repository{}, process{}, person{};  ///< filters; empty: all
    std::size_t            number = 1;                         ///< of the page

    /// The decision of that id; nothing if there is none, or not everyone may see it, or pages don't show its repository.
    [[nodiscard]] std::optional<exhibit> look(const std::string& id) const;
    /// Whether a text that the engine wrote names a decision that isn't to be looked at.
    [[nodiscard]] bool tells_of_hidden(std::string_view text) const;
    /// Ids of what the filters let through, in the order in which they were opened.
    [[nodiscard]] std::vector<std::string> open() const;
    [[nodiscard]] std::vector<std::string> closed() const;
    /// Open ones that are read (`most_open_read`), what is due first first, then what has no date, the latest first.
    [[nodiscard]] std::vector<exhibit> exhibits() const;
    /// Whether pages show that repository.
    [[nodiscard]] bool has_repository(std::string_view name) const;

private:
    [[nodiscard]] std::vector<std::string> listed(bool open_ones) const;
};

/// "owner/name" of "owner/name#7".
[[nodiscard]] std::string_view repository_of(const quorate::proposal& p);
/// Its title, or else its subject.
[[nodiscard]] std::string_view name_of(const quorate::proposal& p);
/// Whether anything that is told of it names that person.
[[nodiscard]] bool names(const exhibit& x, quorate::person who, const quorate::roster& people);
/// When it first came to the outcome that it has, or to the one before that was carried out.
[[nodiscard]] instant decided_at(const visit& v, const quorate::proposal& p);

// ---- pages: what stands in them; nothing: there is no such page ---------------------------------------------------------------
struct document {
    std::string title{};
    std::string body{};  ///< of <main>, from <h1> on
};
[[nodiscard]] std::optional<document> open_page(const visit& v);
[[nodiscard]] std::optional<document> closed_page(const visit& v);
[[nodiscard]] std::optional<document> waiting_page(const visit& v);
[[nodiscard]] std::optional<document> person_page(const visit& v, const std::string& id);
[[nodiscard]] std::optional<document> decision_page(const visit& v, const std::string& id);

/// The rules of a process in English, as sections from <h3> on.
[[nodiscard]] std::string rules_in_english(const quorate::process& p);
/// What happened, the latest first, `events_on_page` on each page. Nothing if there is no such page.
[[nodiscard]] std::optional<std::string> timeline(const visit& v, const exhibit& x);

[[nodiscard]] std::string atom_feed(const visit& v);
[[nodiscard]] std::string calendar(const visit& v);

// ---- text ---------------------------------------------------------------------------------------------------------------------
/// A whole document around it.
[[nodiscard]] std::string framed(const visit& v, const document& d);
/// What an answer's Content-Security-Policy says: the one style by its hash, own pictures, and nothing else.
[[nodiscard]] const std::string& content_policy();
[[nodiscard]] std::string_view icon();

/// Text that somebody wrote: it reorders nothing around it.
[[nodiscard]] std::string said(std::string_view text);
[[nodiscard]] std::string in_code(std::string_view text);
[[nodiscard]] std::string link(std::string_view to, std::string_view html);
/// For a path or a query: letters, digits and "-._~" as they are, the rest percent-encoded.
[[nodiscard]] std::string in_address(std::string_view text);
/// The filters of a visit as "?repository=...", with page `number` if it isn't the first; "" without any.
[[nodiscard]] std::string query_of(const visit& v, std::size_t number = 1);
[[nodiscard]] std::string address_of(const quorate::proposal& p);
/// The matter on GitHub, as a link where it can be known.
[[nodiscard]] std::string subject_link(const visit& v, const quorate::proposal& p);
/// Somebody by handle, as explanations name them ("alice", "alice (10)"): a link to what waits for them, if they are in the roster.
[[nodiscard]] std::string somebody(const visit& v, std::string_view handle);
[[nodiscard]] std::string somebody_of_id(const visit& v, std::string_view id);
/// "alice, bob and 3 more".
[[nodiscard]] std::string people_list(const visit& v, const std::vector<std::string>& handles, std::size_t most);
/// "20 March 2026, 09:00" in UTC, with the exact instant for programs; with `near`, followed by "(in 3 days)".
[[nodiscard]] std::string moment(const visit& v, instant t, bool near = false);
/// "3 days", "5 hours", rounded down.
[[nodiscard]] std::string about(quorate::duration d);
/// The phase as a sign and words.
[[nodiscard]] std::string badge(quorate::phase in, std::string_view words);
/// A stage as people know it.
[[nodiscard]] std::string_view stage_words(const quorate::process& by, std::string_view name);
/// Links to the pages before and after. Empty if there is only one.
[[nodiscard]] std::string turning(const visit& v, std::size_t things, std::size_t per_page);
/// Which part of a list a page shows; nothing: there is no such page.
[[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> part_of(const visit& v, std::size_t things, std::size_t per_page);

/// A table whose rows become cards on narrow screens, and stay a table for who can't see them.
class table {
public:
    /// `wide_first`: of a list of names, which need the room.
    table(std::string_view caption, std::vector<std::string_view> columns, bool wide_first = false);
    /// As many cells as columns, as HTML; the first is the row's heading.
    void row(const std::vector<std::string>& cells);
    [[nodiscard]] std::string done() const { return html_ + "</tbody></table>\n"; }

private:
    std::vector<std::string_view> columns_;
    std::string                   html_;
};

}  // namespace bot
