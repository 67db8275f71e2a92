// Checking and indexing a roster: what make_roster, load_roster and apply share. Internal: not
// installed.
#pragma once

#include <cstddef>
#include <optional>
#include <quorate/roster.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace quorate {

/// Something wrong with a document; the loader turns the pointer into line and column.
struct roster_fault {
    std::string pointer;  ///< as in to_json: /teams/lang/leads/0
    std::string what;
    std::string hint;
    bool warning = false;
    errc code = errc::invalid;
};

/// In lower case, ASCII only: how names are compared.
[[nodiscard]] std::string folded(std::string_view s);
/// "" if `s` can be an id, a handle or the name of a team or role, else what is wrong: empty, too
/// long, or with characters other than ASCII letters, digits and a few marks. Such names can be
/// written in rules and can't be mistaken for each other.
[[nodiscard]] std::string name_fault(std::string_view s);
/// A weight as it is written: "10", "0.5", "1/3". Nothing when it is none, or negative.
[[nodiscard]] std::optional<number> read_weight(std::string_view text);
/// Appends "/" and the key, escaped as RFC 6901 wants it.
[[nodiscard]] std::string below(std::string_view pointer, std::string_view key);
[[nodiscard]] std::string below(std::string_view pointer, std::size_t i);

/// The only friend of `roster`. `build` checks the document and derives the index from it, in this
/// order: names, references, cycles, memberships, and what needs memberships.
struct roster_builder {
    using index = roster::index;
    using team_index = roster::team_index;
    using bits = roster::bits;

    roster& r;
    roster_document& doc;
    index& to;
    std::vector<roster_fault> faults;

    /// The people that a team lists, as indices; `unknown` where there is nobody of that id.
    struct listed_people {
        std::vector<std::size_t> members, leads, alumni, excluded;
    };
    static constexpr auto unknown = static_cast<std::size_t>(-1);
    std::vector<listed_people> of_team;
    std::size_t words = 0;  ///< of a set of people as bits; guests at the end have none

    /// Replaces the index of `r` by that of its document. On an error among the faults the index is
    /// not to be used. `same_people` promises that `people` hasn't changed since the last build.
    static std::vector<roster_fault> build(roster& r, bool same_people = false);
    static bool failed(const std::vector<roster_fault>& faults);
    static error to_error(const std::vector<roster_fault>& faults);
    static roster_document& document(roster& r) { return r.document_; }
    static void set_warnings(roster& r, std::vector<problem> w) { r.warnings_ = std::move(w); }

    // roster_names.cpp
    void check_sizes();
    void index_people();
    void index_roles();
    void index_teams();
    void check_references();
    void check_owners();
    // roster_members.cpp
    bool check_cycles();
    void index_members();
    void index_derived();
    void check_members();
    // roster_weights.cpp
    void index_weights();
    void index_delegations();
    // roster_rules.cpp
    void check_team(std::size_t t);
    void check_rules();

    void wrong(std::string pointer, std::string what, std::string hint = {},
               errc code = errc::invalid);
    [[nodiscard]] std::string team_pointer(std::size_t t) const;
    [[nodiscard]] std::optional<std::size_t> person_at(std::string_view id) const;  ///< by id only
    [[nodiscard]] std::optional<std::size_t> team_at(
        std::string_view name) const;  ///< by name only, not removed
    [[nodiscard]] std::string near_person(std::string_view id) const;
    [[nodiscard]] std::string near_team(std::string_view name) const;
    std::vector<std::size_t> check_people(const std::string& pointer,
                                          const std::vector<std::string>& ids);
    void check_teams(const std::string& pointer, const std::vector<std::string>& names);
    void check_text(std::string pointer, std::string_view text, std::size_t longest);
};

}  // namespace quorate
