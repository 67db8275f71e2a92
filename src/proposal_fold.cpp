// The fold: what each event does to the state. Decides nothing.
#include <algorithm>
#include <chrono>
#include <tuple>

#include <quorate/proposal.hpp>

#include "proposal_weights.hpp"
#include "proposal_ballot.hpp"

namespace quorate {
namespace {

/// Applies one event. Lookups that fail mean that the event is not of this charter: `damaged`.
class fold {
public:
    fold(proposal& p, const event& e, const roster& people) : p_(p), e_(e), people_(people) {}

    result<void> operator()() {
        bool fine = (e_.by.empty() || who(e_.by)) && (e_.on_behalf_of.empty() || who(e_.on_behalf_of));
        if (!fine) return make_error(errc::damaged, "it names a person whom the roster does not know", p_.id);
        switch (e_.kind) {
            case event_kind::acted: fine = acted(); break;
            case event_kind::moved: fine = moved(); break;
            case event_kind::electorate: fine = electorate(); break;
            case event_kind::condition: fine = condition(); break;
            case event_kind::refused: p_.unheeded.push_back({e_.done, e_.subject, e_.detail}); break;
            default: fine = false; break;
        }
        if (!fine)
            return make_error(errc::damaged, "event " + std::to_string(p_.version + 1) + " (" + std::string(to_string(e_.kind)) +
                                                 ") does not fit the charter it was opened under", p_.id);
        ++p_.version;
        p_.last = e_.at;
        return {};
    }

private:
    [[nodiscard]] std::optional<person> who(const std::string& id) const { return people_.find_person(id); }
    [[nodiscard]] person actor() { return e_.by.empty() ? person{} : who(e_.by).value_or(person{}); }
    [[nodiscard]] person beneficiary() { return e_.on_behalf_of.empty() ? actor() : who(e_.on_behalf_of).value_or(person{}); }

    /// Does something to the vote of the one it is about; to all of them, for whoever holds several seats.
    template <class Do>
    bool votes_of(person whose, Do what) {
        bool any = false;
        for (auto& v : p_.voters) {
            if (v.who != whose) continue;
            what(v);
            any = true;
        }
        return any;
    }
    concern* open_concern() {
        for (auto c = p_.concerns.rbegin(); c != p_.concerns.rend(); ++c)
            if (c->state == concern_state::open && c->name == e_.subject) return &*c;
        return nullptr;
    }
    void clear_ballots(kept_ballots kept = 0) {
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
    /// Their own ballot is gone, with all that it said.
    void silence(voter& v) {
        v.choice = 0;
        v.marks.clear();
        if (!p_.parts.empty()) p_.parts[p_.index_of(v)].clear();
        if (!p_.kinds.empty()) p_.kinds[p_.index_of(v)] = 0;
    }
    static void add_to(std::vector<person>& all, person who) {
        const auto at = std::lower_bound(all.begin(), all.end(), who);
        if (at == all.end() || *at != who) all.insert(at, who);
    }

    bool acted() {
        if (!e_.by.empty()) add_to(p_.participants, actor());
        switch (e_.done) {
            case act::cast: return cast();
            case act::withdraw_ballot: return withdraw_ballot();
            case act::delegate: return delegate();
            case act::raise:
                p_.concerns.push_back({.name = e_.subject, .raiser = beneficiary(), .raised = e_.at, .seconds = {}});
                p_.concern_at = e_.at;
                return true;
            case act::resolve: return close_concern(concern_state::resolved);
            case act::override_:
                if (!e_.subject.empty()) return close_concern(concern_state::overridden);
                return p_.overridden = true;
            case act::second: return second();
            case act::withdraw_second: return withdraw_second();
            case act::hold: p_.holds.push_back({beneficiary(), e_.at}); return true;
            case act::release: return drop(p_.holds);
            case act::sponsor: return sponsor();
            case act::add_option: return add_option();
            case act::amend_option: return amend_option();
            case act::withdraw_option: return withdraw_option();
            case act::break_tie:
                p_.tie_choices.push_back({e_.names, e_.subject});
                return true;
            case act::ask: p_.questions.push_back({.text_id = e_.subject, .asker = beneficiary()}); return true;
            case act::answer: return answer();
            case act::recuse: return recuse();
            case act::rejoin: return rejoin();
            case act::revise: return revise();
            case act::propose: return propose();
            case act::cancel: return cancel();
            case act::extend: p_.extension += duration(e_.number.value_or(0)); return true;
            case act::adopt:
                p_.proposer = beneficiary();
                return p_.proposed = true;
            case act::appoint: return appoint();
            case act::fact: return fact();
            case act::link: return link();
            case act::assign: take_teams(p_, e_.names, people_); return true;
            default: return true;  // what these do, exits do
        }
    }

    bool cast() {
        const auto position = p_.by->position_named(e_.subject);
        p_.ballot_at = e_.at;
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
    bool in_parts() {
        const auto parts = read_parts(*p_.by, e_.names);
        if (!parts || parts->empty() || p_.by->ballots.split == ballot_rule::splitting::none) return false;
        return votes_of(beneficiary(), [&](voter& v) { split(v, 0, *parts); });
    }
    /// Parts of a ballot replace it, and amounts add to it.
    void split(voter& v, std::uint8_t choice, const std::vector<ballot_part>& more) {
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
    [[nodiscard]] bool casts_for_others() const { return p_.by->delegation.own_apart && e_.detail != own_ballot; }
    bool for_others(std::uint8_t choice) {
        const auto w = beneficiary();
        const auto own = std::find_if(p_.voters.begin(), p_.voters.end(), [w](const voter& v) { return v.who == w; });
        if (own == p_.voters.end()) return false;
        p_.for_others.resize(p_.voters.size());
        p_.for_others[p_.index_of(*own)] = choice;
        return true;
    }
    ballot_option* option() {
        for (auto& o : p_.options)
            if (o.name == e_.subject) return &o;
        return nullptr;
    }
    bool sponsor() {
        if (e_.subject.empty()) {
            p_.sponsors.push_back({beneficiary(), e_.at});
            return true;
        }
        auto* o = option();
        if (o == nullptr) return false;
        o->sponsors.push_back(beneficiary());
        return true;
    }
    bool add_option() {
        if (option() != nullptr || (!e_.detail.empty() && !p_.by->option_kind_named(e_.detail))) return false;
        p_.options.push_back({.name = e_.subject, .title = e_.text, .kind = e_.detail, .mover = beneficiary(), .sponsors = {}, .since = e_.at});
        p_.option_at = e_.at;
        return true;
    }
    bool amend_option() {
        auto* o = option();
        if (o == nullptr) return false;
        if (!e_.text.empty()) o->title = e_.text;
        if (!e_.detail.empty()) o->kind = e_.detail;
        ++o->amendments;
        o->since = e_.at;
        p_.option_at = e_.at;
        return true;
    }
    bool withdraw_option() {
        auto* o = option();
        if (o == nullptr) return false;
        p_.option_at = e_.at;
        return o->withdrawn = true;
    }
    bool withdraw_ballot() {
        if (casts_for_others()) return for_others(0);
        return votes_of(beneficiary(), [&](voter& v) {
            ballot(v, 0);
            silence(v);
        });
    }
    bool delegate() {
        const auto w = beneficiary();
        std::erase_if(p_.delegations, [w](const narrowed& n) { return n.who == w; });
        if (e_.detail == as_usual) return true;
        const auto to = e_.subject.empty() ? std::nullopt : who(e_.subject);
        const auto gives = read_stake(*p_.by, e_.detail);
        const auto place = std::find_if(p_.delegations.begin(), p_.delegations.end(), [w](const narrowed& n) { return w < n.who; });
        p_.delegations.insert(place, {w, to, gives.value_or(stake{})});
        return gives && (e_.subject.empty() || to);
    }
    void ballot(voter& v, std::uint8_t choice) {
        v.choice = choice;
        v.cast_by = actor();
        v.stage = p_.stage;
        // An alternate who casts the ballot of a seat whose holder stepped aside stands in for them.
        v.recused = p_.is_aside(v.who) && (choice == 0 || v.cast_by == v.who);
        v.at = e_.at;
    }
    bool close_concern(concern_state state) {
        auto* c = open_concern();
        if (c == nullptr) return false;
        c->state = state;
        c->closed = e_.at;
        c->closed_by = e_.by.empty() ? std::nullopt : std::optional(actor());
        p_.concern_at = e_.at;
        return true;
    }
    bool second() {
        if (e_.subject.empty()) {
            p_.seconds.push_back({beneficiary(), e_.at});
            return true;
        }
        auto* c = open_concern();
        if (c == nullptr) return false;
        c->seconds.push_back(beneficiary());
        return true;
    }
    bool withdraw_second() {
        if (e_.subject.empty()) return drop(p_.seconds);
        auto* c = open_concern();
        return c != nullptr && std::erase(c->seconds, beneficiary()) != 0;
    }
    bool drop(std::vector<standing>& list) {
        const auto w = beneficiary();
        return std::erase_if(list, [w](const standing& s) { return s.who == w; }) != 0;
    }
    bool answer() {
        for (auto& q : p_.questions) {
            if (!q.open || q.text_id != e_.subject) continue;
            q.open = false;
            q.deferred = e_.detail == "deferred";
            return true;
        }
        return false;
    }
    bool recuse() {
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
    bool rejoin() {
        const auto w = beneficiary();
        for (auto& v : p_.voters)
            if (v.who == w) v.recused = false;
        return std::erase(p_.aside, w) != 0;
    }
    bool revise() {
        p_.revised_at = e_.at;
        ++p_.revisions;
        p_.revision_kind = p_.by->revision_named(e_.detail);
        if (!p_.by->revisions.empty() && !p_.revision_kind) return false;
        if (p_.revision_kind) clear_ballots(p_.by->revisions[*p_.revision_kind].ballots);
        return true;
    }
    bool propose() {
        p_.proposer = beneficiary();
        p_.proposed = true;
        p_.proposed_at = e_.at;
        if (!e_.subject.empty()) p_.disposition = p_.by->disposition_named(e_.subject);
        p_.teams_named = e_.names.size();
        if (!e_.names.empty()) take_teams(p_, e_.names, people_);
        return e_.subject.empty() || p_.disposition.has_value();
    }
    bool cancel() {
        if (is_open(p_.in())) clear_round();  // what was decided stays on record: only an exit can undo it
        return true;
    }
    /// What ballots said about them means nothing any more.
    void clear_options() {
        std::erase_if(p_.options, [](const ballot_option& o) { return o.mover.has_value(); });
        for (auto& v : p_.voters)
            if (v.choice != 0 && p_.by->positions[v.choice - 1U].says != marks::none) silence(v);
        p_.tie_choices.clear();
        p_.option_at.reset();
    }
    void clear_round() {
        clear_ballots();
        p_.concerns.clear();
        p_.holds.clear();
        p_.seconds.clear();
        p_.disposition.reset();
        p_.proposed = false;
        p_.proposed_at.reset();
        p_.teams_named = 0;
        p_.tie_choices.clear();
        p_.overridden = false;
        if (p_.by->electorate.taken == electorate_taken::on_act) {  // nobody is waited for until it happens again
            nobody_counts();
        }
    }
    void nobody_counts() {
        p_.voters.clear();
        p_.seats.clear();
        p_.weights.clear();
        p_.delegates.clear();
        p_.parts.clear();
        p_.kinds.clear();
        p_.stakes.clear();
        p_.for_others.clear();
    }
    bool appoint() {
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
    bool fact() {
        for (auto& f : p_.facts)
            if (f.name == e_.subject) {
                f = {e_.subject, e_.flag, e_.number, e_.at};
                return true;
            }
        p_.facts.push_back({e_.subject, e_.flag, e_.number, e_.at});
        return true;
    }

    /// What a proposal under this one came to; links to others are only recorded.
    bool link() {
        const auto outcome = phase_named(e_.detail);
        for (auto& c : p_.children) {
            if (c.id != e_.subject) continue;
            c.outcome = outcome && is_open(*outcome) ? std::nullopt : outcome;
            return true;
        }
        if (e_.detail == link_opened) p_.children.push_back({e_.subject, e_.names.empty() ? std::string() : e_.names[0], std::nullopt});
        return true;
    }

    bool moved() {
        const auto to = p_.by->stage_named(e_.subject);
        if (!to || !e_.number || *e_.number < 0 || static_cast<std::size_t>(*e_.number) >= p_.now().exits.size()) return false;
        const auto& x = p_.now().exits[static_cast<std::size_t>(*e_.number)];
        clear_ballots(x.ballots);
        const auto to_phase = p_.by->stages[*to].in;
        if (!p_.by->count.method.empty() && !is_open(to_phase)) p_.elected = e_.names;
        if (p_.by->options.some && to_phase == phase::approval && p_.in() != phase::approval) p_.ballot_paper = e_.names;
        if (is_open(to_phase) && to_phase != phase::approval) p_.ballot_paper.reset();
        if (is_open(to_phase)) p_.elected.reset();
        if (x.concerns == upkeep::clear) p_.concerns.clear();
        if (x.seconds == upkeep::clear) p_.seconds.clear();
        if (x.options == upkeep::clear) clear_options();
        if (x.round == upkeep::clear) clear_round();
        if (x.disposition) p_.disposition = x.disposition;
        if (p_.by->goes_back && !x.before && *to != p_.stage) {
            p_.came_from.resize(p_.by->stages.size());
            p_.came_from[*to] = p_.stage;
        }
        if (p_.by->has_places && *to != p_.stage) {
            p_.left_at.resize(p_.by->stages.size());
            p_.left_at[p_.stage] = e_.at;
        }
        const auto [entered, ran, since] = std::tuple(p_.entered, p_.ran, p_.runs_since);
        enter(p_, *to, e_.at);
        if (x.keeps_clock) std::tie(p_.entered, p_.ran, p_.runs_since) = std::tuple(entered, ran, since);
        return true;
    }
    bool electorate() {
        std::vector<voter> before;
        before.swap(p_.voters);
        const auto seats_before = std::exchange(p_.seats, {});
        const auto parts_before = std::exchange(p_.parts, {});
        const auto kinds_before = std::exchange(p_.kinds, {});
        const auto others_before = std::exchange(p_.for_others, {});
        if (!weights_and_delegates()) return false;
        const auto by = p_.by->electorate.by;
        const bool keep = p_.by->electorate.taken == electorate_taken::live;
        // An organisation's ballot is its own, whoever stands for it; any other is that of who cast it.
        const auto same = [&](const voter& b, const voter& v) {
            return by == counted_by::organisation ? seats_before[b.seat] == p_.seats[v.seat] : b.who == v.who;
        };
        for (const auto& name : e_.names) {
            voter      v;
            const auto equals = by == counted_by::person ? std::string::npos : name.rfind('=');
            const auto id = equals == std::string::npos ? name : name.substr(equals + 1);
            const auto found = who(id);
            if (!found) return false;
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
            p_.voters.push_back(v);
        }
        // Whatever was kept has one entry for each voter, or is empty.
        if (!p_.parts.empty()) p_.parts.resize(p_.voters.size());
        if (!p_.kinds.empty()) p_.kinds.resize(p_.voters.size());
        if (!p_.for_others.empty()) p_.for_others.resize(p_.voters.size());
        return true;
    }
    /// Takes over what there was of a voter, who comes next among the new ones.
    template <class Each>
    void kept(const std::vector<Each>& before, std::size_t i, std::vector<Each>& now) {
        if (before.empty()) return;
        now.resize(p_.voters.size() + 1);
        now.back() = before[i];
    }
    bool weights_and_delegates() {
        p_.weights.clear();
        p_.delegates.clear();
        p_.stakes.clear();
        const auto fits = [&](const std::vector<std::string>& list) { return list.empty() || list.size() == e_.names.size(); };
        if (!fits(e_.weights) || !fits(e_.delegates) || !fits(e_.stakes) || e_.weights.empty() == !p_.by->electorate.weight.empty()) {
            if (!e_.names.empty()) return false;
        }
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
    bool condition() {
        if (!e_.number || !e_.flag) return false;
        if (*e_.number == -1) {
            if (*e_.flag) p_.runs_since = e_.at;
            else if (p_.runs_since) {
                p_.ran += e_.at - *p_.runs_since;
                p_.runs_since.reset();
            }
            return true;
        }
        const auto i = static_cast<std::size_t>(*e_.number);
        if (*e_.number < 0 || i >= p_.holds_since.size()) return false;
        p_.holds_since[i] = *e_.flag ? std::optional(e_.at) : std::nullopt;
        return true;
    }

public:
    /// A team that the roster of today doesn't know has no members: nobody may act for it, no rule over each team holds, and
    /// the past still stands.
    static void take_teams(proposal& p, const std::vector<std::string>& names, const roster& people) {
        p.teams.clear();
        p.teams_missing = false;
        for (const auto& name : names) {
            auto t = people.team_named(name);
            if (!t) t = removed_team(people, name);
            if (t) p.teams.push_back(*t);
            else p.teams_missing = true;
        }
    }
    /// A team that was removed since: it has no members any more, but it was named.
    static std::optional<team_id> removed_team(const roster& people, std::string_view name) {
        const auto& all = people.document().teams;
        for (std::size_t i = 0; i < all.size(); ++i)
            if (all[i].removed && all[i].name == name) return static_cast<team_id>(i);
        return std::nullopt;
    }
    static void enter(proposal& p, std::uint16_t stage, instant at) {
        p.stage = stage;
        p.entered = at;
        p.extension = {};
        p.ran = {};
        p.overridden = false;
        p.unheeded.clear();
        p.runs_since = at;  // a clock that must stand still is stopped by a condition event at the same instant
        p.holds_since.assign(p.by->stages[stage].exits.size(), std::nullopt);
    }

private:
    proposal&     p_;
    const event&  e_;
    const roster& people_;
};

}  // namespace

result<void> apply(proposal& p, const event& e, const roster& people) { return fold(p, e, people)(); }

result<proposal> begin(std::string id, const event& opened, const charter& under, const roster& people) {
    proposal p;
    p.id = std::move(id);
    p.under = under;
    p.by = under.find(opened.detail);
    if (p.by == nullptr || opened.kind != event_kind::opened)
        return make_error(errc::damaged, "it was not opened under a process of its charter", p.id);
    p.subject = opened.subject;
    p.title = opened.text;
    p.parent = opened.parent;
    p.about = opened.about;
    p.opened = p.last = opened.at;
    p.version = 1;
    const auto author = people.find_person(opened.by);
    if (!author) return make_error(errc::damaged, "its author is unknown", p.id);
    p.author = p.proposer = *author;
    for (const auto& o : p.by->options.fixed)
        p.options.push_back({.name = o.name, .title = o.title, .kind = {}, .mover = {}, .sponsors = {}, .since = opened.at});
    fold::take_teams(p, opened.names, people);
    fold::enter(p, 0, opened.at);
    return p;
}

}  // namespace quorate
