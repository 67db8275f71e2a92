// The events of a roster as text: one table says which fields each kind has.
#include "roster_events.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "json_out.hpp"

namespace quorate {

using json_text::in_quotes;

namespace {

// The fields of an event, as bits.
enum field : unsigned {
    f_who = 1U << 0,
    f_team = 1U << 1,
    f_handle = 1U << 2,
    f_name = 1U << 3,
    f_title = 1U << 4,
    f_kind = 1U << 5,
    f_parent = 1U << 6,
    f_top_level = 1U << 7,
    f_label = 1U << 8,
    f_role = 1U << 9,
    f_seat = 1U << 10,
    f_other_team = 1U << 11,
    f_affiliations = 1U << 12,
    f_until = 1U << 13,
    f_of = 1U << 14,
    f_amount = 1U << 15,
    f_to = 1U << 16,
    f_process = 1U << 17,
    f_ballot = 1U << 18,
};

constexpr std::array<std::string_view, 19> field_names{
    "who",       "team",  "handle", "name", "title",      "kind",         "parent",
    "top_level", "label", "role",   "seat", "other_team", "affiliations", "until",
    "of",        "amount", "to",    "process", "ballot"};

struct event_row {
    roster_event_kind what;
    std::string_view word;
    unsigned needs;
    unsigned allows;  // besides
};

using enum roster_event_kind;
// clang-format off
constexpr std::array<event_row, 28> event_rows{{
    {add_person,          "add person",          f_who,                        f_handle | f_name | f_affiliations},
    {change_handle,       "change handle",       f_who | f_handle,             0},
    {change_name,         "change name",         f_who | f_name,               0},
    {change_affiliations, "change affiliations", f_who,                        f_affiliations},
    {add_team,            "add team",            f_team,                       f_title | f_kind | f_parent | f_top_level | f_label},
    {rename_team,         "rename team",         f_team | f_name,              0},
    {archive_team,        "archive team",        f_team,                       0},
    {remove_team,         "remove team",         f_team,                       0},
    {join,                "join",                f_who | f_team,               f_role},
    {leave,               "leave",               f_who | f_team,               0},
    {add_lead,            "add lead",            f_who | f_team,               0},
    {remove_lead,         "remove lead",         f_who | f_team,               0},
    {give_role,           "give role",           f_who | f_team | f_role,      0},
    {take_role,           "take role",           f_who | f_team | f_role,      0},
    {exclude,             "exclude",             f_who | f_team,               0},
    {readmit,             "readmit",             f_who | f_team,               0},
    {include,             "include",             f_team | f_other_team,        0},
    {uninclude,           "uninclude",           f_team | f_other_team,        0},
    {add_seat,            "add seat",            f_team | f_seat,              f_other_team},
    {remove_seat,         "remove seat",         f_team | f_seat,              0},
    {fill_seat,           "fill seat",           f_team | f_seat | f_who,      f_until},
    {vacate_seat,         "vacate seat",         f_team | f_seat,              0},
    {lapse_seat,          "lapse seat",          f_team | f_seat,              0},
    {add_alternate,       "add alternate",       f_team | f_seat | f_who,      0},
    {remove_alternate,    "remove alternate",    f_team | f_seat | f_who,      0},
    {set_weight,          "set weight",          f_who | f_of | f_amount,      f_to},
    {delegate,            "delegate",            f_who,                        f_to | f_team | f_process | f_ballot | f_of | f_amount},
    {undelegate,          "undelegate",          f_who,                        f_team | f_process},
}};
// clang-format on

const event_row& row_of(roster_event_kind k) { return event_rows[static_cast<std::size_t>(k)]; }

unsigned fields_of(const roster_event& e) {
    unsigned all = 0;
    const auto has = [&](bool present, unsigned f) { all |= present ? f : 0U; };
    has(!e.who.empty(), f_who);
    has(!e.team.empty(), f_team);
    has(!e.handle.empty(), f_handle);
    has(!e.name.empty(), f_name);
    has(!e.title.empty(), f_title);
    has(e.kind != team_kind::team, f_kind);
    has(!e.parent.empty(), f_parent);
    has(e.top_level, f_top_level);
    has(!e.label.empty(), f_label);
    has(!e.role.empty(), f_role);
    has(!e.seat.empty(), f_seat);
    has(!e.other_team.empty(), f_other_team);
    has(!e.affiliations.empty(), f_affiliations);
    has(e.until.has_value(), f_until);
    has(!e.of.empty(), f_of);
    has(!e.amount.empty(), f_amount);
    has(!e.to.empty(), f_to);
    has(!e.process.empty(), f_process);
    has(!e.ballot.empty(), f_ballot);
    return all;
}

}  // namespace

std::string_view to_string(roster_event_kind k) { return row_of(k).word; }

std::string field_fault(const roster_event& e) {
    if (static_cast<std::size_t>(e.what) >= event_rows.size()) return "unknown kind of event";
    const event_row& row = row_of(e.what);
    const unsigned has = fields_of(e);
    for (std::size_t i = 0; i < field_names.size(); ++i) {
        const unsigned f = 1U << i;
        if ((row.needs & f) != 0 && (has & f) == 0)
            return in_quotes(row.word) + " needs " + in_quotes(field_names[i]);
        if (((row.needs | row.allows) & f) == 0 && (has & f) != 0)
            return in_quotes(row.word) + " takes no " + in_quotes(field_names[i]);
    }
    return {};
}

std::string to_json(const roster_event& e) {
    json_text::json_out out;
    out.object().field("at", to_string(e.at)).field("event", to_string(e.what));
    const auto text = [&](std::string_view key, const std::string& s) {
        if (!s.empty()) out.field(key, s);
    };
    text("who", e.who);
    text("team", e.team);
    text("handle", e.handle);
    text("name", e.name);
    text("title", e.title);
    if (e.kind != team_kind::team) out.field("kind", to_string(e.kind));
    text("parent", e.parent);
    if (e.top_level) out.field("top_level", true);
    text("label", e.label);
    text("role", e.role);
    text("seat", e.seat);
    text("other_team", e.other_team);
    if (!e.affiliations.empty()) out.strings("affiliations", e.affiliations);
    if (e.until) out.field("until", to_string(*e.until));
    text("of", e.of);
    text("amount", e.amount);
    text("to", e.to);
    text("process", e.process);
    text("ballot", e.ballot);
    text("reason", e.reason);
    out.end();
    return std::move(out).str();
}

std::optional<roster_event> read_roster_event(json_text::reader& read, const json_text::node& n) {
    const std::size_t before = read.problems().size();
    if (!read.expect(n, json_text::kind::object)) return std::nullopt;
    std::vector<std::string_view> keys{"at", "event", "reason"}, words, kinds;
    keys.insert(keys.end(), field_names.begin(), field_names.end());
    read.known_keys(n, keys);
    for (const auto& row : event_rows) words.push_back(row.word);
    for (const auto k : {team_kind::team, team_kind::working_group, team_kind::project_group,
                         team_kind::marker_team})
        kinds.push_back(to_string(k));
    roster_event e;
    static_cast<void>(read.required(n, "at"));
    static_cast<void>(read.required(n, "event"));
    if (const auto at = read.moment(n, "at")) e.at = *at;
    if (const auto word = read.word(n, "event", words))
        e.what = static_cast<roster_event_kind>(std::find(words.begin(), words.end(), *word) -
                                                words.begin());
    if (const auto word = read.word(n, "kind", kinds))
        e.kind =
            static_cast<team_kind>(std::find(kinds.begin(), kinds.end(), *word) - kinds.begin());
    const auto text = [&](std::string_view key) {
        return std::string(read.text(n, key).value_or(""));
    };
    e.who = text("who");
    e.team = text("team");
    e.handle = text("handle");
    e.name = text("name");
    e.title = text("title");
    e.parent = text("parent");
    e.top_level = read.flag(n, "top_level").value_or(false);
    e.label = text("label");
    e.role = text("role");
    e.seat = text("seat");
    e.other_team = text("other_team");
    const auto affiliations = read.texts(n, "affiliations");
    e.affiliations.assign(affiliations.begin(), affiliations.end());
    e.until = read.moment(n, "until");
    e.of = text("of");
    e.amount = text("amount");
    e.to = text("to");
    e.process = text("process");
    e.ballot = text("ballot");
    e.reason = text("reason");
    if (read.problems().size() != before) return std::nullopt;
    if (const std::string fault = field_fault(e); !fault.empty()) {
        read.wrong(n, fault);
        return std::nullopt;
    }
    return e;
}

result<roster_event> parse_roster_event(std::string_view json, std::string_view name) {
    const auto text = json_text::parse(json, name);
    if (!text) return text.error();
    json_text::reader read{text.value(), std::string(name)};
    auto e = read_roster_event(read, text.value());
    if (!e) return read.why();
    return *std::move(e);
}

}  // namespace quorate
