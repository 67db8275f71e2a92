// The fold: concerns, seconds and holds, options, questions, offices, facts and links.
#include <algorithm>

#include "proposal_ballot.hpp"
#include "proposal_fold.hpp"

namespace quorate {

concern* event_fold::open_concern() {
    for (auto c = p_.concerns.rbegin(); c != p_.concerns.rend(); ++c)
        if (c->state == concern_state::open && c->name == e_.subject) return &*c;
    return nullptr;
}

bool event_fold::close_concern(concern_state state) {
    auto* c = open_concern();
    if (c == nullptr) return false;
    c->state = state;
    c->closed = e_.at;
    c->closed_by = e_.by.empty() ? std::nullopt : std::optional(actor());
    p_.concern_at = e_.at;
    return true;
}

bool event_fold::second() {
    if (e_.subject.empty()) {
        p_.seconds.push_back({beneficiary(), e_.at});
        return true;
    }
    auto* c = open_concern();
    if (c == nullptr) return false;
    c->seconds.push_back(beneficiary());
    return true;
}

bool event_fold::withdraw_second() {
    if (e_.subject.empty()) return drop(p_.seconds);
    auto* c = open_concern();
    return c != nullptr && std::erase(c->seconds, beneficiary()) != 0;
}

bool event_fold::drop(std::vector<standing>& list) {
    const auto w = beneficiary();
    return std::erase_if(list, [w](const standing& s) { return s.who == w; }) != 0;
}

ballot_option* event_fold::option() {
    for (auto& o : p_.options)
        if (o.name == e_.subject) return &o;
    return nullptr;
}

bool event_fold::sponsor() {
    if (e_.subject.empty()) {
        p_.sponsors.push_back({beneficiary(), e_.at});
        return true;
    }
    auto* o = option();
    if (o == nullptr) return false;
    o->sponsors.push_back(beneficiary());
    return true;
}

bool event_fold::names_options() const {
    return std::all_of(e_.names.begin(), e_.names.end(), [this](const std::string& name) { return p_.option_named(name) != nullptr; });
}

bool event_fold::add_option() {
    if (option() != nullptr || (!e_.detail.empty() && !p_.by->option_kind_named(e_.detail))) return false;
    if (!is_option_name(e_.subject) || p_.options.size() >= most_ballot_options) return false;
    p_.options.push_back({.name = e_.subject, .title = e_.text, .kind = e_.detail, .mover = beneficiary(), .sponsors = {}, .since = e_.at});
    p_.option_at = e_.at;
    return true;
}

bool event_fold::amend_option() {
    auto* o = option();
    if (o == nullptr || (!e_.detail.empty() && !p_.by->option_kind_named(e_.detail))) return false;
    if (!e_.text.empty()) o->title = e_.text;
    if (!e_.detail.empty()) o->kind = e_.detail;
    ++o->amendments;
    o->since = e_.at;
    p_.option_at = e_.at;
    return true;
}

bool event_fold::withdraw_option() {
    auto* o = option();
    if (o == nullptr) return false;
    p_.option_at = e_.at;
    return o->withdrawn = true;
}
/// Whoever left is off the ballot, as if they had not stood; who takes the seat is said by an event of its own.
bool event_fold::vacate() {
    if (!p_.elected) return false;
    ++p_.vacated;
    if (e_.detail == elected_elsewhere) {
        ++p_.more_seats;
        return true;
    }
    auto* o = option();
    if (o == nullptr) return false;
    std::erase(*p_.elected, o->name);
    return o->withdrawn = true;
}
bool event_fold::elected() {
    if (!p_.elected || !names_options()) return false;
    p_.elected = e_.names;
    return true;
}

bool event_fold::answer() {
    for (auto& q : p_.questions) {
        if (!q.open || q.text_id != e_.subject) continue;
        q.open = false;
        q.deferred = e_.detail == "deferred";
        return true;
    }
    return false;
}

bool event_fold::appoint() {
    const auto i = p_.by->office_named(e_.subject);
    if (!i) return false;
    if (p_.offices.size() <= *i) p_.offices.resize(*i + 1);
    p_.offices[*i].clear();
    for (const auto& name : e_.names) {
        const auto holder = who(name);
        if (!holder) return false;
        p_.offices[*i].push_back(*holder);
    }
    return true;
}

bool event_fold::fact() {
    const auto& known = p_.by->facts;
    if (!known.empty() && std::find(known.begin(), known.end(), e_.subject) == known.end()) return false;
    if (e_.flag.has_value() == e_.number.has_value()) return false;
    for (auto& f : p_.facts)
        if (f.name == e_.subject) {
            f = {e_.subject, e_.flag, e_.number, e_.at};
            return true;
        }
    p_.facts.push_back({e_.subject, e_.flag, e_.number, e_.at});
    return true;
}

/// What a proposal under this one came to; links to others are only recorded.
bool event_fold::link() {
    const auto outcome = phase_named(e_.detail);
    for (auto& c : p_.children) {
        if (c.id != e_.subject) continue;
        if (!outcome && e_.detail != link_opened) return false;
        c.outcome = outcome && is_open(*outcome) ? std::nullopt : outcome;
        return true;
    }
    if (e_.detail == link_opened) p_.children.push_back({e_.subject, e_.names.empty() ? std::string() : e_.names[0], std::nullopt});
    return true;
}

}  // namespace quorate
