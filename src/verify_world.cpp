// The world of one exploration: who is interchangeable, how a proposal begins, what a step does, and when two situations are the same.
#include <algorithm>

#include "verifying.hpp"

namespace quorate::verifying {
namespace {

constexpr std::uint64_t mixed(std::uint64_t h, std::uint64_t v) {
    h = (h ^ v) * 0x9e3779b97f4a7c15U;
    h ^= h >> 32U;
    h *= 0xd6e8feb86659fd93U;
    return h ^ (h >> 29U);
}
std::uint64_t text_hash(std::string_view s) {
    std::uint64_t h = 0xcbf29ce484222325U ^ s.size();
    for (const char c : s) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return mixed(h, s.size());
}
/// Two sums of what goes in, in that order.
struct hasher {
    std::uint64_t a = 0x243f6a8885a308d3U, b = 0x13198a2e03707344U;
    void add(std::uint64_t v) {
        a = mixed(a, v);
        b = mixed(b ^ 0xa4093822299f31d0U, v + 0x082efa98ec4e6c89U);
    }
    void add(std::string_view s) { add(text_hash(s)); }
};

std::size_t index(person p) { return static_cast<std::size_t>(p); }

/// What tells a person from others, whatever happens.
std::string standing_of(const process& p, const looks& l, const roster& people, person who, const std::vector<std::string>& of_proposal, const std::optional<proposal>& parent) {
    std::string           s;
    std::set<std::string> teams(of_proposal.begin(), of_proposal.end()), roles;
    each_deciding_rule(p, [&](const rule& r) {
        for (const auto& n : r.nodes) {
            if (n.what != op::set_call) continue;
            const auto name = std::string(r.view().name(n));
            const auto call = static_cast<set_call>(n.index);
            if (call == set_call::role) roles.insert(name);
            if (call == set_call::team || call == set_call::leads || call == set_call::seats) teams.insert(name);
        }
    });
    for (const auto& name : teams) {
        const auto t = people.team_named(name);
        if (!t) continue;
        s += people.is_member(who, *t) ? 'm' : '-';
        s += people.is_elector(who, *t) ? 'e' : '-';
        s += people.is_lead(who, *t) ? 'l' : '-';
    }
    for (const auto& name : roles) s += people.has_role(who, name) ? 'r' : '-';
    for (const auto& sc : people.scopes())
        if (const auto t = people.team_named(sc.owner)) s += people.is_member(who, *t) ? 's' : '-';
    for (const auto t : people.teams())
        for (const auto& seat : people.seats(t)) {
            if (seat.holder == who)
                s += "|seat of " + std::string(people.name(t)) + (seat.represents ? " for " + std::string(people.name(*seat.represents)) : "") + (seat.lapsed ? " lapsed" : "") +
                     (seat.alternates.empty() ? "" : " " + seat.name);
            for (const auto a : seat.alternates)
                if (a == who) s += "|alternate for " + seat.name;
        }
    if (l.weights)
        for (const auto& h : people.holdings(p.electorate.weight, who)) s += "|" + std::to_string(text_hash(quorate::to_string(h.weight)));
    if (l.affiliations)
        for (const auto& a : people.affiliations(who)) s += "|" + a;
    if (l.delegates || l.casters) s += "|" + std::string(people.id(who));
    if (parent) {
        s += parent->author == who ? "|author" : "";
        s += parent->proposed && parent->proposer == who ? "|proposer" : "";
        s += std::binary_search(parent->participants.begin(), parent->participants.end(), who) ? "|participant" : "";
        for (const auto& v : parent->voters)
            if (v.who == who) s += "|vote " + std::to_string(v.choice);
        for (const auto& c : parent->concerns)
            if (c.raiser == who) s += "|raiser";
    }
    return s;
}

}  // namespace

world::world(const charter& c, const process& p, const roster& people, const verify_bounds& bounds)
    : under_(c), by_(&p), looks_(looks_of(p, people.people())), bounds_(bounds), teams_(teams_for(p, people)), size_(people.people()) {
    changed_rosters(people);
    classify();
    crowds();
}

void world::classify() {
    std::map<std::string, std::uint8_t> kinds;
    classes_.assign(size_, 0);
    for (std::size_t i = 0; i < size_; ++i) {
        auto s = standing_of(*by_, looks_, people(), static_cast<person>(i), teams_, parent_);
        s += (apart_ >> i & 1U) != 0 ? "|apart" : "";
        if (is_newcomer(i)) s += "|newcomer" + (stands_in_for(i) ? " for " + std::to_string(classes_[*stands_in_for(i)]) : std::string());
        classes_[i] = kinds.try_emplace(std::move(s), static_cast<std::uint8_t>(kinds.size())).first->second;
    }
}

void world::under_parent(std::shared_ptr<const world> above, std::vector<step> story) {
    above_ = std::move(above);
    parent_story_ = std::move(story);
    parent_ = parent_story_.back().after.p;
    classify();
}

void world::set_apart(std::uint32_t who) {
    apart_ = who;
    classify();
}

std::vector<step> world::openings(std::string& because) const {
    std::vector<step> all;
    std::set<key128>  seen;
    evidence_of                             scratch;
    for (std::size_t i = 0; i < size_; ++i) {
        if (is_newcomer(i)) continue;  // who isn't there yet opens nothing
        situation s;
        s.now = parent_ ? parent_story_.back().after.now : start;
        opening o{.process = by_->name, .by = std::string(people().id(static_cast<person>(i))), .teams = teams_, .at = s.now};
        if (parent_) {
            o.parent = parent_->id;
            for (const auto& c : parent_->concerns)
                if (c.state == concern_state::open) o.about = c.name;
        }
        step_output out;
        const auto  done = open_proposal(s.p, "p", o, under_, around(s, &scratch), out);
        if (!done) {
            because = done.error().what();
            continue;
        }
        if (done.value()) {
            because = to_string(*done.value());
            continue;
        }
        note_announcement(s, out, 0, true);
        if (!seen.insert(key_of(s)).second) continue;
        move m;
        m.what = move::kind::open;
        m.person = static_cast<std::uint32_t>(i);
        m.c.by = o.by;
        m.c.subject = o.about;
        m.at = s.now;
        all.push_back({std::move(m), std::move(s), std::move(out)});
    }
    return all;
}

tried world::take(situation& s, const move& m, step_output& out, evidence_of& scratch) const {
    const auto events = out.events.size();
    switch (m.what) {
        case move::kind::command: {
            const auto done = handle(s.p, m.c, around(s, &scratch), out);
            if (!done) return tried::circle;
            if (done.value()) return tried::refused;
            break;
        }
        case move::kind::wait: s.now = m.at; break;
        case move::kind::time:
            s.now = std::max(s.now, m.at);
            if (!pass_time(s.p, m.at, around(s, &scratch), out)) return tried::circle;
            break;
        case move::kind::leave:
        case move::kind::leave_team:
        case move::kind::join:
        case move::kind::exchange:
            s.left |= m.what == move::kind::exchange ? exchanged_ : m.what == move::kind::leave_team ? team_of(m) : 1U << m.person;
            if (!follow_surroundings(s.p, s.now, around(s, &scratch), out)) return tried::circle;
            break;
        case move::kind::crowd: {
            s.crowded = !s.crowded;
            const auto done = s.crowded ? follow_surroundings(s.p, s.now, around(s, &scratch), out) : take_place(s.p, s.now, around(s, &scratch), out);
            if (!done) return tried::circle;
            break;
        }
        default: break;
    }
    if (s.crowded && !waits_for_places(s)) s.crowded = false;  // who doesn't want a place isn't kept from it
    note_announcement(s, out, events, false);
    return tried::done;
}

/// What is intended is known outside once a stage is entered in which it is announced, or the formal say begins.
void world::note_announcement(situation& s, const step_output& out, std::size_t from, bool opening) const {
    if (!by_->notice) return;
    const auto known = [&](phase in, instant at) {
        if (in == phase::draft || in == phase::review) s.announced.reset();
        else if (is_open(in) && !s.announced) s.announced = at;
    };
    if (opening) known(by_->stages.front().in, s.p.opened);
    for (auto i = from; i < out.events.size(); ++i)
        if (out.events[i].kind == event_kind::moved) known(by_->stages[*by_->stage_named(out.events[i].subject)].in, out.events[i].at);
}

bool run_silently(const world& w, situation& s, step_output& out, evidence_of& scratch, instant until) {
    constexpr int most_instants = 2'000;
    for (int i = 0; i < most_instants && s.p.due && *s.p.due <= until && is_open(s.p.in()); ++i) {
        move m;
        m.what = move::kind::time;
        m.at = *s.p.due;
        if (w.take(s, m, out, scratch) != tried::done) return false;
    }
    return true;
}

void world::records_of(const situation& s, records& to) const {
    const auto& p = s.p;
    if (!looks_.reads(p.stage, part::people)) return to.fill(0);
    for (std::size_t i = 0; i < size_; ++i) to[i] = mixed(classes_[i], s.left >> i & 1U);
    const auto add = [&](person who, std::uint64_t tag, std::uint64_t v) { to[index(who)] = mixed(to[index(who)], (tag << 56U) ^ v); };
    const auto reads = [&](part what) { return looks_.reads(p.stage, what); };
    if (reads(part::author)) add(p.author, 1, 0);
    if (reads(part::proposer) && p.proposed) add(p.proposer, 2, 0);
    for (std::size_t i = 0; i < p.voters.size(); ++i) {
        const auto& v = p.voters[i];
        if (!reads(part::ballots)) {
            if (v.recused) add(v.who, 3, 1);
            continue;
        }
        std::uint64_t says = looks_.choices[p.stage][v.choice] | (v.recused ? 0x100U : 0U);
        for (std::size_t o = 0; o < v.marks.size(); ++o)
            if (o >= p.options.size() || !p.options[o].withdrawn) says = mixed(says, static_cast<std::uint64_t>(v.marks[o]));
        if (i < p.parts.size())
            for (const auto& each : p.parts[i]) says = mixed(says, mixed(each.position, text_hash(quorate::to_string(each.size))));
        if (i < p.for_others.size()) says = mixed(says, p.for_others[i]);
        if (looks_.casters && v.choice != 0) says = mixed(says, index(v.cast_by));
        if (says != 0 || !by_->ballots.revisable) add(v.who, 3, says & 0xffffffffffffffU);  // whose ballot was taken back is silent
    }
    for (const auto who : p.aside) add(who, 4, 0);
    if (reads(part::participants))
        for (const auto who : p.participants) add(who, 5, 0);
    const bool aged = looks_.needed[p.stage].test(first_since + static_cast<std::size_t>(since_kind::second));
    for (const auto& h : p.holds) add(h.who, 6, 0);
    for (const auto& x : p.seconds) add(x.who, 7, aged ? static_cast<std::uint64_t>((std::min(s.now - x.since, looks_.longest)).count()) : 0U);
    for (const auto& x : p.sponsors) add(x.who, 8, 0);
    std::uint64_t n = 0;
    for (const auto& c : p.concerns) {
        if (c.state != concern_state::open) continue;
        ++n;
        add(c.raiser, 9, n);
        for (const auto who : c.seconds) add(who, 10, n);
    }
    std::uint64_t stands = 0;
    for (const auto& o : p.options) {
        if (o.withdrawn) continue;
        if (o.mover) add(*o.mover, 11, stands);
        for (const auto who : o.sponsors) add(who, 12, stands);
        ++stands;
    }
    for (std::size_t i = 0; i < p.offices.size(); ++i)
        for (const auto who : p.offices[i]) add(who, 13, i);
    for (const auto& d : p.delegations) add(d.who, 14, d.to ? index(*d.to) + 1 : 0);
}

/// Whether some exit leads back to where a proposal was before that stage.
static bool looked_back(const process& p, std::size_t stage) {
    return std::any_of(p.stages.begin(), p.stages.end(), [&](const auto& s) {
        return std::any_of(s.exits.begin(), s.exits.end(), [&](const stage_exit& x) { return x.before && *x.before == stage; });
    });
}

key128 world::key_of(const situation& s) const {
    const auto& p = s.p;
    hasher      h;
    h.add(p.stage | (p.overridden ? 0x10000U : 0U) | (static_cast<std::uint64_t>(looks_.reads(p.stage, part::disposition) && p.disposition ? *p.disposition + 1 : 0) << 20U));
    if (s.crowded) h.add(3);
    const auto& needed = looks_.needed[p.stage];
    const auto  ago = [&](std::optional<instant> t) {
        if (!t) return h.add(~std::uint64_t{0});
        const auto elapsed = s.now - *t;
        h.add(static_cast<std::uint64_t>((looks_.endless ? elapsed : std::min(elapsed, looks_.longest)).count()));
    };
    const auto since = [&](since_kind k) { return needed.test(first_since + static_cast<std::size_t>(k)); };
    if (needed.test(opened_time)) ago(p.opened);
    if (needed.test(stage_time)) {
        const auto elapsed = p.ran + (p.runs_since ? s.now - *p.runs_since : duration{});
        h.add(static_cast<std::uint64_t>((looks_.endless ? elapsed : std::min(elapsed, looks_.longest)).count()) * 2U + (p.runs_since ? 1U : 0U));
        h.add(static_cast<std::uint64_t>(p.extension.count()));
    }
    if (since(since_kind::revision)) ago(p.revised_at.value_or(p.opened));
    if (since(since_kind::proposal)) ago(p.proposed_at);
    if (since(since_kind::ballot)) ago(p.ballot_at);
    if (since(since_kind::concern)) ago(p.concern_at);
    if (since(since_kind::option)) ago(p.option_at);
    for (const auto& t : p.holds_since)
        if (t) ago(t);
        else h.add(1);
    h.add(p.due ? static_cast<std::uint64_t>((*p.due - s.now).count()) : ~std::uint64_t{1});
    if (by_->notice && is_open(p.in())) h.add(s.announced ? static_cast<std::uint64_t>(std::min(s.now - *s.announced, *by_->notice).count()) : ~std::uint64_t{0});
    if (looks_.reads(p.stage, part::proposer)) h.add(p.proposed ? 1U : 0U);
    if (looks_.reads(p.stage, part::named_teams)) h.add(p.teams_named);
    for (std::size_t i = 0; i < looks_.facts.size(); ++i) {
        if (looks_.facts_read[p.stage][i] == 0) continue;
        const auto& use = looks_.facts[i];
        const auto& name = use.name;
        const auto  found = std::find_if(p.facts.begin(), p.facts.end(), [&](const reported_fact& f) { return f.name == name; });
        if (found == p.facts.end()) {
            h.add(use.asserted ? 3 : 2);  // as if false, or none
            continue;
        }
        h.add(found->amount ? use.level(*found->amount) : found->truth.value_or(false) ? 4U : 3U);
        const auto declared = static_cast<std::size_t>(std::find(by_->facts.begin(), by_->facts.end(), name) - by_->facts.begin());
        if (needed.test(std::min(first_fact_time + declared, most_times - 1))) ago(found->at);
    }
    if (!looks_.reads(p.stage, part::people)) return {h.a, h.b};  // nothing leads on from there, nor asks who did what
    std::size_t open = 0;
    for (const auto& c : p.concerns) {
        if (c.state != concern_state::open) continue;
        ++open;
        if (since(since_kind::oldest_concern)) ago(c.raised);
    }
    h.add(open);
    for (const auto t : p.teams) h.add(static_cast<std::uint64_t>(t));
    std::uint64_t children = 0;
    for (const auto& c : p.children)
        if (!c.outcome) children += text_hash(c.process);
    h.add(children);
    h.add(static_cast<std::uint64_t>(std::count_if(p.questions.begin(), p.questions.end(), [](const question& q) { return q.open; })));
    // What was withdrawn is as if it had never been there: those that stand go by their order.
    for (const auto& o : p.options)
        if (!o.withdrawn) h.add(o.mover ? std::string_view(o.kind) : std::string_view(o.name));
    const auto option = [&](const std::string& name) {
        std::uint64_t n = 1;
        for (const auto& o : p.options) {
            if (o.name == name) return h.add(o.withdrawn ? 0U : n);
            n += o.withdrawn ? 0U : 1U;
        }
        h.add(name);
    };
    for (const auto& t : p.tie_choices) {
        option(t.chosen);
        for (const auto& name : t.tied) option(name);
    }
    if (p.ballot_paper)
        for (const auto& name : *p.ballot_paper) option(name);
    if (p.elected)
        for (const auto& name : *p.elected) option(name);
    h.add(p.vacated);
    if (looks_.reads(p.stage, part::revisions)) h.add(std::min<std::uint64_t>(p.revisions, bounds_.revisions + 1));
    if (looks_.reads(p.stage, part::revision_kind)) h.add(p.revision_kind ? *p.revision_kind + 1U : 0U);
    for (std::size_t i = 0; i < p.came_from.size(); ++i)
        if (looked_back(*by_, i)) h.add(p.came_from[i] ? *p.came_from[i] + 1U : 0U);

    records all;
    records_of(s, all);
    // Within a kind of people their order tells nothing.
    std::array<std::pair<std::uint8_t, std::uint64_t>, most_verified_people> sorted;
    for (std::size_t i = 0; i < size_; ++i) sorted[i] = {classes_[i], all[i]};
    std::sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(size_));
    for (std::size_t i = 0; i < size_; ++i) h.add(sorted[i].second);
    return {h.a, h.b};
}

}  // namespace quorate::verifying
