// Who there is: people, teams, roles, seats, what people hold and whom they let decide for them, what
// teams own and owe. Read after result.hpp, time.hpp and ratio.hpp.
//
// A `roster_document` is the plain data, as in JSON; a `roster` is a checked document with fast
// look-ups. People and teams are persisted by their string ids and names only; `person` and
// `team_id` are handles that are valid in one roster object and its copies, and stay valid through
// `apply` and `guest`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <quorate/ratio.hpp>
#include <quorate/result.hpp>
#include <quorate/time.hpp>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace quorate {

// ---- limits: beyond them a roster is refused with errc::limit
inline constexpr std::size_t most_people = 10'000;  ///< guests not counted
inline constexpr std::size_t most_guests = 100'000;
inline constexpr std::size_t most_teams = 1'000;
inline constexpr std::size_t most_memberships =
    1'000'000;  ///< of all teams together, after inclusion
inline constexpr std::size_t most_holdings = 100'000;     ///< of all kinds together
inline constexpr std::size_t most_delegations = 100'000;  ///< of all people together
inline constexpr std::size_t most_roster_events =
    2'000;  ///< in one document; fold longer histories with `to_json`
inline constexpr std::size_t longest_name =
    64;  ///< bytes of an id, handle, team, role, seat or scope name
inline constexpr std::size_t longest_title = 200;   ///< bytes of names and titles for people
inline constexpr std::size_t longest_text = 4'000;  ///< bytes of any other text

/// A person of one roster: an index, never persisted. Order is that of the roster, not of ids.
enum class person : std::uint32_t {};
/// A team of one roster: an index, never persisted.
enum class team_id : std::uint32_t {};
/// A role of one roster: an index, never persisted.
enum class role_id : std::uint32_t {};

enum class team_kind : std::uint8_t { team, working_group, project_group, marker_team };

/// "team", "working group", "project group", "marker team": as in JSON.
[[nodiscard]] std::string_view to_string(team_kind k);

// ---- the plain data
/// People are referred to by id, teams by name. Aggregates, regular values.
struct person_info {
    std::string id;      ///< stable for ever, persisted, unique ignoring ASCII case
    std::string handle;  ///< the current one; empty means the id
    std::vector<std::string> former_handles;  ///< oldest first
    std::string name;                         ///< for people; may be empty
    std::vector<std::string> affiliations;    ///< employers and the like, exact strings
    bool guest = false;                       ///< outside the roster, merely took part

    friend bool operator==(const person_info&, const person_info&) = default;
};

struct membership {
    std::string who;
    std::vector<std::string> roles;  ///< each declared in `roster_document::roles`

    friend bool operator==(const membership&, const membership&) = default;
};

/// A place in a body that one person holds at a time. The holder of a seat that has not lapsed is a
/// member of the body.
struct seat_info {
    std::string name;        ///< unique in its body
    std::string represents;  ///< the team that fills it; may be empty
    std::string holder;      ///< empty: vacant
    std::vector<std::string>
        alternates;                ///< in the order in which they step in; not members by that
    std::optional<instant> since;  ///< start of the term
    std::optional<instant>
        until;            ///< end of the term (open end). Time alone takes nobody's seat: events do
    bool lapsed = false;  ///< counts no longer, until filled again

    friend bool operator==(const seat_info&, const seat_info&) = default;
};

/// Members taken over from the leads of other teams.
struct leads_included {
    std::vector<std::string> of;   ///< leads of these teams
    std::vector<team_kind> kinds;  ///< leads of every active team of these kinds
    bool top_level = false;        ///< leads of every active top-level team

    friend bool operator==(const leads_included&, const leads_included&) = default;
};

/// From among whom the members of a body are taken.
enum class seated_from : std::uint8_t {
    unknown,
    anyone,
    members,      ///< of some other team
    represented,  ///< members of the team that the seat represents, or of its subteams
    leads,        ///< of teams
};

/// "anyone", "members", "members of the team represented", "leads", as in JSON; "" for what isn't known.
[[nodiscard]] std::string_view to_string(seated_from f);

/// How people come to sit in a body, and for how long. What is left out isn't known, or isn't limited.
struct seating {
    std::string process;                     ///< of a charter, by which they come there
    seated_from from = seated_from::unknown;
    std::optional<duration> term;            ///< after which they are chosen anew, the same or others
    std::uint32_t most_terms = 0;            ///< in a row; 0: no limit

    friend bool operator==(const seating&, const seating&) = default;
};

struct team_info {
    std::string name;
    std::string title;
    std::string about;
    team_kind kind = team_kind::team;
    std::string parent;  ///< empty: none
    bool top_level = false;
    bool archived = false;            ///< has neither members nor leads, only alumni
    bool removed = false;             ///< by an event; never found, keeps its index
    std::vector<std::string> leads;   ///< must be members
    std::vector<membership> members;  ///< the explicit ones
    std::vector<std::string> alumni;
    std::vector<std::string> includes;  ///< teams all of whose members are members here
    leads_included include_leads;
    std::vector<std::string> excluded;  ///< members without a ballot
    bool collects_alumni = false;  ///< members are exactly the alumni who are active in no team
    bool members_known =
        true;  ///< false: who they are is not recorded; nobody counts as one (fail closed)
    std::optional<std::uint32_t>
        size;           ///< how many there are, as a recorded fact where members are not known
    std::string label;  ///< of proposals that concern it ("T-lang"); unique
    std::string ping;   ///< how the host addresses it
    std::vector<std::string> aliases;  ///< other names, unique among all names and labels
    std::vector<std::string> former_names;
    std::vector<seat_info> seats;
    std::optional<quorate::seating> seating;  ///< of members or seats; nothing: not recorded

    friend bool operator==(const team_info&, const team_info&) = default;
};

struct role_info {
    std::string name;
    std::string description;

    friend bool operator==(const role_info&, const role_info&) = default;
};

/// What somebody owns.
struct scope {
    std::string name;
    std::string about;
    std::string owner;                     ///< a team; empty: nobody, which audit reports
    bool final_say = true;                 ///< nobody else may decide or overturn in it
    bool residual = false;                 ///< everything that is in no other scope
    std::vector<std::string> shared_with;  ///< teams that must be asked or told

    friend bool operator==(const scope&, const scope&) = default;
};

/// What somebody owes.
struct duty {
    std::string name;
    std::string topic;                  ///< kind of work, such as "reporting progress"
    std::string owner;                  ///< a team; empty: nobody
    std::vector<std::string> for_whom;  ///< teams, or words for others
    std::optional<duration> cadence;    ///< how often
    std::string expectation;
    std::string evidence;     ///< by what one sees that it was done
    std::string feedback;     ///< the channel for it
    std::string consequence;  ///< of not doing it
    std::string escalation;   ///< who hears of that
    bool administrative = false;

    friend bool operator==(const duty&, const duty&) = default;
};

/// What a body was asked to do, and within which limits.
struct mandate {
    std::string name;
    std::string body;  ///< a team
    std::string from;  ///< the team that gave it; may be empty
    std::string task;
    std::vector<std::string> powers;  ///< what it may decide by itself
    std::vector<std::string> limits;
    std::optional<instant> until;

    friend bool operator==(const mandate&, const mandate&) = default;
};

/// So much of a kind of weight (tokens, stake, shares) that a person holds. Of one kind somebody may have several, each delegated
/// to somebody else.
struct holding {
    std::string of;   ///< the kind
    std::string who;  ///< a person
    number weight;    ///< not negative
    std::string to;   ///< whom this one is delegated to; empty: as their delegations say

    friend bool operator==(const holding&, const holding&) = default;
};

/// Whom a person lets decide in their place, where a process allows that and they are silent. The narrowest that fits counts:
/// process and team, then process, then team, then all.
struct delegation {
    std::string who;
    std::string to;       ///< empty: nobody, whatever a wider one says
    std::string team;     ///< only proposals about that team; empty: any
    std::string process;  ///< only proposals of that process; empty: any
    // Where ballots are stakes (process.hpp); a process that doesn't know the kind of ballot, or has no stakes of that holding, passes
    // the delegation over as one to nobody.
    std::string           ballot{};  ///< by which kind of ballot; empty: the first
    std::string           of{};      ///< of which holding
    std::optional<number> amount{};  ///< how much of it, more than 0; nothing: all

    friend bool operator==(const delegation&, const delegation&) = default;
};

/// Conventions that a project declares for its own roster; checked only when declared.
struct roster_rules {
    bool kebab_names = false;  ///< team names are lower-case words joined by hyphens
    bool teams_need_parent =
        false;  ///< exactly one of `parent` and `top_level`, but for marker teams and `parentless`
    bool top_level_are_teams = false;     ///< only the kind "team" is top-level
    bool alumni_listed = false;           ///< every team says its alumni, even if none (in JSON)
    bool everyone_belongs = false;        ///< each person is or was in some team
    std::vector<std::string> parentless;  ///< exempt from `teams_need_parent`
    std::vector<std::pair<team_kind, std::string>>
        kind_prefixes;  ///< names of that kind start with it

    friend bool operator==(const roster_rules&, const roster_rules&) = default;
};

struct roster_document {
    std::string name;
    std::string source;            ///< where the facts are from
    std::optional<instant> as_of;  ///< of the last event
    roster_rules rules;
    std::vector<person_info> people;
    std::vector<role_info> roles;
    std::vector<team_info> teams;
    std::vector<scope> scopes;
    std::vector<duty> duties;
    std::vector<mandate> mandates;
    std::vector<holding> weights;  ///< those of one kind together
    std::vector<delegation> delegations;

    friend bool operator==(const roster_document&, const roster_document&) = default;
};

// ---- events
enum class roster_event_kind : std::uint8_t {
    add_person,
    change_handle,
    change_name,
    change_affiliations,
    add_team,
    rename_team,
    archive_team,
    remove_team,
    join,
    leave,
    add_lead,
    remove_lead,
    give_role,
    take_role,
    exclude,
    readmit,
    include,
    uninclude,
    add_seat,
    remove_seat,
    fill_seat,
    vacate_seat,
    lapse_seat,
    add_alternate,
    remove_alternate,
    set_weight,
    delegate,
    undelegate,
};

/// One dated change. Which fields a kind needs and allows is in one table (roster_events.cpp); a
/// field that the kind doesn't allow must be empty. A regular value.
struct roster_event {
    instant at{};
    roster_event_kind what = roster_event_kind::join;
    std::string who{};     ///< a person: id or current handle (add_person: the new id)
    std::string team{};    ///< a team or body (add_team: the new name)
    std::string handle{};  ///< add_person, change_handle: the new one
    std::string name{};    ///< add_person, change_name: for people; rename_team: the new name
    std::string title{};   ///< add_team
    team_kind kind = team_kind::team;  ///< add_team
    std::string parent{};                ///< add_team
    bool top_level = false;            ///< add_team
    std::string label{};                 ///< add_team
    std::string role{};                  ///< give_role, take_role; join: at once
    std::string seat{};
    std::string other_team{};  ///< include, uninclude: the included one; add_seat: which it represents
    std::vector<std::string> affiliations{};  ///< add_person, change_affiliations: the new list
    std::optional<instant> until{};           ///< fill_seat: end of the term
    std::string of{};       ///< set_weight: the kind; delegate: of which `amount` is
    std::string amount{};   ///< set_weight: the new one, such as "10" or "1/3"; "0": none; delegate: so much, of what they hold
    std::string to{};       ///< set_weight: of the holding delegated to them; delegate: to whom (empty: nobody)
    std::string process{};  ///< delegate, undelegate: only there
    std::string ballot{};   ///< delegate: by which kind of ballot
    std::string reason{};                     ///< any kind

    friend bool operator==(const roster_event&, const roster_event&) = default;
};

/// "add person", "change handle", ...: as in JSON.
[[nodiscard]] std::string_view to_string(roster_event_kind k);
/// One line of canonical JSON; fields that the kind doesn't use are left out.
[[nodiscard]] std::string to_json(const roster_event& e);
/// Reads what `to_json` wrote. Refused: unknown keys and kinds, missing or superfluous fields, all
/// with line and column.
[[nodiscard]] result<roster_event> parse_roster_event(std::string_view json,
                                                      std::string_view name = "roster event");

// ---- the roster
/// A seat with its people resolved.
struct seat {
    std::string name;
    team_id body{};
    std::optional<team_id> represents;
    std::optional<person> holder;  ///< nothing: vacant
    std::vector<person> alternates;
    std::optional<instant> since;
    std::optional<instant> until;
    bool lapsed = false;

    /// Filled, not lapsed.
    [[nodiscard]] bool counts() const { return holder.has_value() && !lapsed; }
    /// No term, or `now` within [since, until).
    [[nodiscard]] bool in_term(instant now) const {
        return (!since || *since <= now) && (!until || now < *until);
    }
};

/// A holding with its people resolved.
struct held {
    person who{};
    number weight;
    std::optional<person> to;
};

/// A checked roster. A regular value; copies are independent and as large as the document. Several
/// threads may read one roster; `apply` and `guest` want it alone. Spans and references live until
/// the next `apply`, assignment or destruction; the reference of `info(person)` also only until the
/// next `guest`. Handing over a `person`, `team_id` or `role_id` of another roster is a bug.
class roster {
public:
    /// An empty roster: nobody, no teams.
    roster();

    // People.
    /// The person with that id, that handle, that guest, or the person with that former handle, in
    /// this order, ignoring ASCII case. A former handle of two people finds neither. O(log n).
    [[nodiscard]] std::optional<person> find_person(std::string_view id_or_handle) const;
    /// The same without former handles, which strangers may have taken since: for hosts that know
    /// people by handle only.
    [[nodiscard]] std::optional<person> find_current(std::string_view id_or_handle) const;
    /// The person `find_person` finds, or else a new guest of that id, who is a member of nothing.
    /// Keeps `version`. When the id is no valid name or there are `most_guests`, an error.
    result<person> guest(std::string_view id);
    /// All people, guests included: valid are person{0} ... person{people() - 1}.
    [[nodiscard]] std::size_t people() const noexcept { return document_.people.size(); }
    [[nodiscard]] const person_info& info(person p) const {
        return document_.people[static_cast<std::size_t>(p)];
    }
    [[nodiscard]] std::string_view id(person p) const { return info(p).id; }
    [[nodiscard]] std::string_view handle(person p) const { return info(p).handle; }
    [[nodiscard]] bool is_guest(person p) const { return info(p).guest; }
    [[nodiscard]] std::span<const std::string> affiliations(person p) const {
        return info(p).affiliations;
    }
    /// Active teams of which `p` is a member, in the order of the roster. Linear in the number of
    /// teams.
    [[nodiscard]] std::vector<team_id> teams_of(person p) const;

    // Teams.
    /// The team with that name, alias, label or former name, in this order, ignoring ASCII case.
    /// Archived ones are found, removed ones are not. O(log n).
    [[nodiscard]] std::optional<team_id> team_named(std::string_view name_or_label) const;
    /// Every team but removed ones, in the order of the roster.
    [[nodiscard]] std::span<const team_id> teams() const noexcept { return index_.listed; }
    [[nodiscard]] const team_info& info(team_id t) const {
        return document_.teams[static_cast<std::size_t>(t)];
    }
    [[nodiscard]] std::string_view name(team_id t) const { return info(t).name; }
    [[nodiscard]] std::optional<team_id> parent(team_id t) const { return at(t).parent; }
    [[nodiscard]] std::span<const team_id> subteams(team_id t) const { return at(t).subteams; }

    // Membership: explicit members, members of included teams, included leads, and holders of
    // seats. Sorted by id.
    [[nodiscard]] std::span<const person> members(team_id t) const { return at(t).members; }
    /// The members without those excluded from the ballot.
    [[nodiscard]] std::span<const person> electors(team_id t) const {
        return info(t).excluded.empty() ? members(t) : std::span<const person>(at(t).electors);
    }
    [[nodiscard]] std::span<const person> leads(team_id t) const { return at(t).leads; }
    /// Whether `members` and `electors` are the whole truth: false if they aren't known for this
    /// team or one it includes.
    [[nodiscard]] bool members_known(team_id t) const { return at(t).known; }
    /// O(1), some nanoseconds. Guests are members of nothing.
    [[nodiscard]] bool is_member(person p, team_id t) const { return bit(at(t).member_bits, p); }
    [[nodiscard]] bool is_elector(person p, team_id t) const {
        return bit(info(t).excluded.empty() ? at(t).member_bits : at(t).elector_bits, p);
    }
    [[nodiscard]] bool is_lead(person p, team_id t) const { return bit(at(t).lead_bits, p); }

    // Roles. The role "lead" always exists and is held by every lead of an active team.
    [[nodiscard]] std::optional<role_id> role_named(std::string_view name) const;
    [[nodiscard]] bool has_role(person p, role_id r) const {
        return bit(index_.roles[static_cast<std::size_t>(r)].holder_bits, p);
    }
    /// False for an unknown role.
    [[nodiscard]] bool has_role(person p, std::string_view role) const;
    /// Sorted by id.
    [[nodiscard]] std::span<const person> holders(role_id r) const {
        return index_.roles[static_cast<std::size_t>(r)].holders;
    }

    // Seats.
    /// In the order of the document, vacant and lapsed ones too.
    [[nodiscard]] std::span<const seat> seats(team_id body) const { return at(body).seats; }
    /// Holds a seat of `body` that has not lapsed; alternates don't. Terms are not looked at.
    /// Linear in the body's seats.
    [[nodiscard]] bool holds_seat(person p, team_id body) const;
    /// Is an alternate for a seat of `body` that is filled and has not lapsed.
    [[nodiscard]] bool is_alternate(person p, team_id body) const;

    // Weights and delegations.
    /// All holdings of that kind, by person, each person's in the order of the document. Empty for an unknown kind.
    [[nodiscard]] std::span<const held> holdings(std::string_view of) const;
    /// Those of one person. O(log n).
    [[nodiscard]] std::span<const held> holdings(std::string_view of, person p) const;
    /// Whom `p` lets decide in proposals of that process about these teams: the narrowest delegation that fits, which may say
    /// nobody; of several teams the first that has one. Nothing when they have none at all.
    [[nodiscard]] std::optional<person> delegate_of(person p, std::span<const team_id> teams,
                                                    std::string_view process) const;
    /// The same, with all that it says; null when they have none at all. Until the next change.
    [[nodiscard]] const delegation* delegation_of(person p, std::span<const team_id> teams, std::string_view process) const;

    // What is owned and owed.
    [[nodiscard]] std::span<const scope> scopes() const noexcept { return document_.scopes; }
    [[nodiscard]] std::span<const duty> duties() const noexcept { return document_.duties; }
    [[nodiscard]] std::span<const mandate> mandates() const noexcept { return document_.mandates; }

    /// Changes the roster by one event, or refuses it and leaves everything as it was. Refused: an
    /// event dated before the last, unknown people, teams, roles or seats, and whatever would make
    /// the roster invalid. A person who leaves, or whose team is archived, becomes an alumnus of
    /// it; leads, roles and held seats go with the membership, in teams that include that team too,
    /// so that nobody is kept from leaving. A guest who is added under the same id keeps the same
    /// `person`. Returns the new version. Linear in the size of the roster.
    result<std::uint64_t> apply(const roster_event& event);

    /// Differs after every successful `apply`; starts at 1. What was derived from a roster of this
    /// version still holds.
    [[nodiscard]] std::uint64_t version() const noexcept { return version_; }
    /// When the last event happened, if any.
    [[nodiscard]] std::optional<instant> as_of() const noexcept { return document_.as_of; }
    /// The data as it is now, with guests among `people` and removed teams among `teams`.
    [[nodiscard]] const roster_document& document() const noexcept { return document_; }
    /// Suspicious things found when it was loaded.
    [[nodiscard]] std::span<const problem> warnings() const noexcept { return warnings_; }

private:
    using bits = std::vector<std::uint64_t>;
    struct team_index {
        std::optional<team_id> parent;
        std::vector<team_id> subteams;
        std::vector<person> members, electors, leads;
        bits member_bits, elector_bits, lead_bits;
        std::vector<seat> seats;
        bool known = true;
    };
    struct role_index {
        std::vector<person> holders;
        bits holder_bits;
    };
    using person_names = std::map<std::string, person, std::less<>>;
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
    };
    struct index {
        std::unordered_map<std::string, person, text_hash, std::equal_to<>> exact;  // ids and handles as written: the usual question
        person_names ids, handles, guests;                                 // in lower case
        std::map<std::string, std::optional<person>, std::less<>> former;  // nothing: ambiguous
        std::map<std::string, team_id, std::less<>> team_names;
        std::map<std::string, std::optional<team_id>, std::less<>> former_teams;
        std::map<std::string, role_id, std::less<>> role_names;
        std::vector<team_id> listed;
        std::vector<team_index> teams;
        std::vector<role_index> roles;
        std::map<std::string, std::vector<held>, std::less<>> weights;  // by person
        std::map<person, std::vector<std::size_t>> delegations;         // into the document
    };

    [[nodiscard]] const team_index& at(team_id t) const {
        return index_.teams[static_cast<std::size_t>(t)];
    }
    [[nodiscard]] static bool bit(const bits& b, person p) {
        const auto i = static_cast<std::size_t>(p);
        return i / 64 < b.size() && (b[i / 64] >> (i % 64) & 1U) != 0;
    }

    friend struct roster_builder;  // src/roster_build.hpp: checks and indexes a document

    roster_document document_;
    index index_;
    std::vector<problem> warnings_;
    std::uint64_t version_ = 1;
};

/// Checks and indexes a document. On failure every problem found, `where` being a JSON pointer as
/// in `to_json`, without line.
[[nodiscard]] result<roster> make_roster(roster_document document);

/// Reads a roster from JSON with comments and trailing commas (at most 1 MiB), and applies its
/// `events` in order: all of them, or those up to and including `until`. On failure every problem
/// found, with JSON pointer, line and column; `name` is how the text is called there.
[[nodiscard]] result<roster> load_roster(std::string_view json, std::string_view name = "roster",
                                         std::optional<instant> until = std::nullopt);
[[nodiscard]] result<roster> load_roster_file(const std::string& path,
                                              std::optional<instant> until = std::nullopt);

/// Canonical JSON of the roster as it is now: events are folded in, guests and removed teams left
/// out. `load_roster` of it gives an equal document, and the same bytes again. One line without
/// white space, or `indent` spaces per level.
[[nodiscard]] std::string to_json(const roster& r, int indent = 0);

/// The JSON Schema (2020-12) of roster documents, for editors. It can't say everything that
/// `load_roster` checks.
[[nodiscard]] std::string_view roster_schema();

}  // namespace quorate
