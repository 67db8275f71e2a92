// The fold: ballots, delegations, and who counts.
#include <algorithm>
#include <utility>

#include "proposal_ballot.hpp"
#include "proposal_fold.hpp"

namespace quorate {

bool event_fold::cast() {
    const auto position = p_.by->position_named(e_.subject);
    p_.ballot_at = e_.at;
    if (p_.is_aside(beneficiary()) && actor() == beneficiary()) return false;  // an alternate may, for the seat
    if (!p_.by->ballots.kinds.empty() && !e_.detail.empty() && !p_.by->ballot_kind_named(e_.detail)) return false;
    if (!position) return in_parts();
    const auto choice = static_cast<std::uint8_t>(*position + 1);
    if (casts_for_others()) return for_others(choice);
    auto said = read_marks(e_.names, p_.by->positions[*position], p_.options);
    if (!said.wrong.empty()) return false;
    return votes_of(beneficiary(), [&](voter& v) {
        if (p_.by->ballots.split != ballot_rule::splitting::none) return split(v, choice, {});
        ballot(v, choice);
        v.marks = said.marks;
    });
}

bool event_fold::in_parts() {
    const auto parts = read_parts(*p_.by, e_.names);
    if (!parts || parts->empty() || p_.by->ballots.split == ballot_rule::splitting::none) return false;
    return votes_of(beneficiary(), [&](voter& v) { split(v, 0, *parts); });
}

/// Parts of a ballot replace it, and amounts add to it.
void event_fold::split(voter& v, std::uint8_t choice, const std::vector<ballot_part>& more) {
    const auto i = p_.index_of(v);
    auto       parts = more;
    p_.parts.resize(p_.voters.size());
    if (!p_.by->ballots.kinds.empty()) {
        p_.kinds.resize(p_.voters.size());
        p_.kinds[i] = p_.by->ballot_kind_named(e_.detail).value_or(0);
    }
    if (p_.by->ballots.split == ballot_rule::splitting::amounts) {
        if (parts.empty()) parts.push_back({static_cast<std::uint8_t>(choice - 1), p_.unspent(i)});
        auto& all = p_.parts[i];
        for (const auto& part : parts) {
            const auto same = std::find_if(all.begin(), all.end(), [&](const ballot_part& b) { return b.position == part.position; });
            if (same == all.end()) all.push_back(part);
            else same->size = *add(same->size, part.size);  // rational, so there is a sum
        }
    } else {
        p_.parts[i] = std::move(parts);
    }
    ballot(v, p_.parts[i].empty() ? choice : static_cast<std::uint8_t>(p_.parts[i].front().position + 1));
}

bool event_fold::for_others(std::uint8_t choice) {
    const auto w = beneficiary();
    const auto own = std::find_if(p_.voters.begin(), p_.voters.end(), [w](const voter& v) { return v.who == w; });
    if (own == p_.voters.end()) return false;
    p_.for_others.resize(p_.voters.size());
    p_.for_others[p_.index_of(*own)] = choice;
    return true;
}

bool event_fold::withdraw_ballot() {
    if (casts_for_others()) return for_others(0);
    return votes_of(beneficiary(), [&](voter& v) {
        ballot(v, 0);
        silence(v);
    });
}

bool event_fold::delegate() {
    const auto w = beneficiary();
    std::erase_if(p_.delegations, [w](const narrowed& n) { return n.who == w; });
    if (e_.detail == as_usual) return true;
    const auto to = e_.subject.empty() ? std::nullopt : who(e_.subject);
    const auto gives = read_stake(*p_.by, e_.detail);
    const auto place = std::find_if(p_.delegations.begin(), p_.delegations.end(), [w](const narrowed& n) { return w < n.who; });
    p_.delegations.insert(place, {w, to, gives.value_or(stake{})});
    return gives && (e_.subject.empty() || to);
}

void event_fold::ballot(voter& v, std::uint8_t choice) {
    v.choice = choice;
    v.cast_by = actor();
    v.stage = p_.stage;
    // An alternate who casts the ballot of a seat whose holder stepped aside stands in for them.
    v.recused = p_.is_aside(v.who) && choice == 0;
    v.at = e_.at;
}

/// Their own ballot is gone, with all that it said.
void event_fold::silence(voter& v) {
    v.choice = 0;
    v.marks.clear();
    if (!p_.parts.empty()) p_.parts[p_.index_of(v)].clear();
    if (!p_.kinds.empty()) p_.kinds[p_.index_of(v)] = 0;
}

void event_fold::clear_ballots(kept_ballots kept) {
    const auto gone = [kept](std::uint8_t choice) { return choice != 0 && (kept >> (choice - 1U) & 1U) == 0; };
    for (auto& v : p_.voters) {
        const auto i = p_.index_of(v);
        const bool some = i < p_.parts.size() && std::any_of(p_.parts[i].begin(), p_.parts[i].end(), [&](const ballot_part& b) {
            return gone(static_cast<std::uint8_t>(b.position + 1));
        });
        if (some || gone(v.choice)) silence(v);
    }
    for (auto& choice : p_.for_others)
        if (gone(choice)) choice = 0;
}

bool event_fold::recuse() {
    const auto w = beneficiary();
    p_.aside.push_back(w);
    for (auto& v : p_.voters) {
        if (v.who != w && (v.choice == 0 || v.cast_by != w)) continue;
        silence(v);
        if (!p_.for_others.empty()) p_.for_others[p_.index_of(v)] = 0;
        v.recused = p_.is_aside(v.who);
    }
    return true;
}

bool event_fold::rejoin() {
    const auto w = beneficiary();
    for (auto& v : p_.voters)
        if (v.who == w) v.recused = false;
    return std::erase(p_.aside, w) != 0;
}

bool event_fold::electorate() {
    std::vector<voter> before;
    before.swap(p_.voters);
    const auto seats_before = std::exchange(p_.seats, {});
    const auto parts_before = std::exchange(p_.parts, {});
    const auto kinds_before = std::exchange(p_.kinds, {});
    const auto others_before = std::exchange(p_.for_others, {});
    if (e_.names.size() > most_voters || !weights_and_delegates()) return false;
    const auto by = p_.by->electorate.by;
    const bool keep = p_.by->electorate.taken == electorate_taken::live;
    // An organisation's ballot is its own, whoever stands for it; any other is that of who cast it.
    const auto same = [&](const voter& b, const voter& v) {
        return by == counted_by::organisation ? seats_before[b.seat] == p_.seats[v.seat] : b.who == v.who;
    };
    p_.voters.reserve(e_.names.size());
    for (const auto& name : e_.names) {
        voter      v;
        const auto equals = by == counted_by::person ? std::string::npos : name.rfind('=');
        const auto id = std::string_view(name).substr(equals == std::string::npos ? 0 : equals + 1);
        const auto found = named_.empty() ? who(id) : std::optional(named_[p_.voters.size()]);
        if (!found || (by != counted_by::person && equals == std::string::npos)) return false;
        v.who = *found;
        if (equals != std::string::npos) {
            v.seat = static_cast<std::uint16_t>(p_.seats.size());
            p_.seats.push_back(name.substr(0, equals));
        }
        v.recused = p_.is_aside(v.who);
        if (keep)
            for (const auto& b : before)
                if (same(b, v)) {
                    const auto [seat, stands] = std::pair(v.seat, v.who);
                    const auto i = static_cast<std::size_t>(&b - before.data());
                    v = b;
                    v.seat = seat;
                    v.who = stands;
                    kept(parts_before, i, p_.parts);
                    kept(kinds_before, i, p_.kinds);
                    kept(others_before, i, p_.for_others);
                }
        p_.voters.push_back(std::move(v));
    }
    // Whatever was kept has one entry for each voter, or is empty.
    if (!p_.parts.empty()) p_.parts.resize(p_.voters.size());
    if (!p_.kinds.empty()) p_.kinds.resize(p_.voters.size());
    if (!p_.for_others.empty()) p_.for_others.resize(p_.voters.size());
    return true;
}

bool event_fold::weights_and_delegates() {
    p_.weights.clear();
    p_.delegates.clear();
    p_.stakes.clear();
    const auto fits = [&](const std::vector<std::string>& list) { return list.empty() || list.size() == e_.names.size(); };
    if (!fits(e_.weights) || !fits(e_.delegates) || !fits(e_.stakes)) return false;
    if (!e_.names.empty() && e_.weights.empty() == !p_.by->electorate.weight.empty()) return false;
    for (const auto& text : e_.weights) {
        const auto weight = read_weight(text);
        if (!weight) return false;
        p_.weights.push_back(*weight);
    }
    for (const auto& id : e_.delegates) {
        const auto to = id.empty() ? std::nullopt : who(id);
        if (!id.empty() && !to) return false;
        p_.delegates.push_back(to);
    }
    for (const auto& text : e_.stakes) {
        const auto gives = read_stake(*p_.by, text);
        if (!gives) return false;
        p_.stakes.push_back(*gives);
    }
    return true;
}

void event_fold::nobody_counts() {
    p_.voters.clear();
    p_.seats.clear();
    p_.weights.clear();
    p_.delegates.clear();
    p_.parts.clear();
    p_.kinds.clear();
    p_.stakes.clear();
    p_.for_others.clear();
}

}  // namespace quorate
