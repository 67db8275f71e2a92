// How one event changes a roster: in place; then the whole is checked, and put back if it is wrong.
#include <algorithm>
#include <utility>

#include "roster_build.hpp"
#include "roster_change.hpp"
#include "roster_events.hpp"

namespace quorate {

namespace {

using roster_change::change;

/// Whether an event of that kind can end memberships, so that leads and exclusions elsewhere may
/// have lost their ground.
bool ends_memberships(roster_event_kind k) {
    using enum roster_event_kind;
    switch (k) {
        case leave:
        case remove_lead:
        case archive_team:
        case remove_team:
        case uninclude:
        case remove_seat:
        case fill_seat:
        case vacate_seat:
        case lapse_seat:
            return true;
        default:
            return false;
    }
}

bool changes_people(roster_event_kind k) {
    using enum roster_event_kind;
    return k == add_person || k == change_handle || k == change_name || k == change_affiliations;
}

/// Drops leads, and entries of the list of the excluded, who are no members any more. True if there
/// were any.
bool drop_stale(roster& r) {
    bool any = false;
    roster_document& doc = roster_builder::document(r);
    for (const team_id t : r.teams()) {
        if (!r.members_known(t)) continue;
        const auto gone = [&](const std::string& id) {
            const auto p = r.find_current(id);
            return p && !r.is_member(*p, t);
        };
        team_info& team = doc.teams[static_cast<std::size_t>(t)];
        any = std::erase_if(team.leads, gone) > 0 || any;
        any = std::erase_if(team.excluded, gone) > 0 || any;
    }
    return any;
}

}  // namespace

result<std::uint64_t> roster::apply(const roster_event& event) {
    const auto no = [&](std::string what, std::string hint = {}) {
        return make_error(errc::invalid, std::move(what), std::string(to_string(event.what)),
                          std::move(hint));
    };
    if (const std::string fault = field_fault(event); !fault.empty())
        return make_error(errc::invalid, fault);
    if (event.reason.size() > longest_text)
        return make_error(errc::limit, "the reason is too long");
    if (document_.as_of && event.at < *document_.as_of)
        return no("dated " + quorate::to_string(event.at) + ", before the last event at " +
                  quorate::to_string(*document_.as_of));
    const bool people = changes_people(event.what);
    roster_document before{.name = {},
                           .source = {},
                           .as_of = document_.as_of,
                           .rules = document_.rules,
                           .people = people ? document_.people : std::vector<person_info>{},
                           .roles = {},
                           .teams = document_.teams,
                           .scopes = document_.scopes,
                           .duties = document_.duties,
                           .mandates = document_.mandates,
                           .weights = document_.weights,
                           .delegations = document_.delegations};
    const auto undo = [&] {
        document_.as_of = before.as_of;
        document_.rules = std::move(before.rules);
        if (people) document_.people = std::move(before.people);
        document_.teams = std::move(before.teams);
        document_.scopes = std::move(before.scopes);
        document_.duties = std::move(before.duties);
        document_.mandates = std::move(before.mandates);
        document_.weights = std::move(before.weights);
        document_.delegations = std::move(before.delegations);
    };
    change doing(*this, document_, event);
    doing.run();
    if (!doing.no.empty()) {
        undo();
        return no(doing.no, doing.hint);
    }
    document_.as_of = event.at;
    auto faults = roster_builder::build(*this, !people);
    while (ends_memberships(event.what) && drop_stale(*this))
        faults = roster_builder::build(*this, !people);
    if (roster_builder::failed(faults)) {
        undo();
        roster_builder::build(*this, !people);
        return roster_builder::to_error(faults);
    }
    return ++version_;
}

}  // namespace quorate
