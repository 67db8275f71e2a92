// Everything that can be tried from a situation, in a fixed order.
#include <algorithm>

#include "proposal_ballot.hpp"
#include "proposal_step.hpp"
#include "proposal_weights.hpp"
#include "verifying.hpp"

namespace quorate::verifying {

/// Collects the moves of one situation; reuses the memory of moves that were made before.
class move_maker {
public:
    move_maker(const world& w, const situation& s, std::vector<move>& out, evidence_of& scratch)
        : w_(w), s_(s), p_(s.p), out_(out), scratch_(scratch), around_(w.around(s)) {}

    void operator()() {
        representatives();
        time();
        for (const auto& row : acts) {
            if (row.what == act::advance) continue;
            allowed_ = 0;
            for (const auto& a : p_.now().allow)
                if (a.what == row.what) ++allowed_;
            const bool recorded = row.of == act_class::record;
            if (allowed_ == 0 && !recorded) continue;
            if (recorded) by_host(row.what);
            for (const bool for_another : {false, true}) by_people(row.what, for_another);
        }
        if (w_.seen().reads(p_.stage, part::people)) {
            for (const auto i : kinds_)
                if (w_.may_leave(i, s_.left)) next(move::kind::leave, i).actor = static_cast<std::uint8_t>(i);
            for (std::size_t i = 0; i < w_.teams_that_may_leave(s_.left); ++i) next(move::kind::leave_team, i);
            if (const auto who = w_.joiner(s_.left)) next(move::kind::join, *who);
            if (w_.may_exchange(s_.left)) next(move::kind::exchange, 0);
        }
        if (w_.waits_for_places(s_)) next(move::kind::crowd, 0).actor = move::host;
        out_.resize(used_);
    }

private:
    void representatives() {
        world::records all;
        w_.records_of(s_, all);
        for (std::size_t i = 0; i < w_.size(); ++i) {
            if (w_.is_newcomer(i) && (s_.left >> i & 1U) == 0) continue;
            const auto same = [&](std::size_t j) { return w_.class_of(j) == w_.class_of(i) && all[j] == all[i]; };
            if (std::none_of(kinds_.begin(), kinds_.end(), same)) kinds_.push_back(i);
        }
    }
    move& next(move::kind what, std::size_t person) {
        if (used_ == out_.size()) out_.emplace_back();
        auto& m = out_[used_++];
        m.what = what;
        m.person = static_cast<std::uint32_t>(person);
        m.actor = move::nobody;
        m.at = s_.now;
        return m;
    }

    // ---- time ---------------------------------------------------------------------------------------------------------------
    void time() {
        std::optional<instant> due = p_.due;
        if (due && *due > s_.now) {
            const auto brink = w_.seen().open_ended[p_.stage] ? *due - duration{1} : *due;
            if (brink > s_.now) next(move::kind::wait, 0).at = brink;
        }
        if (due) next(move::kind::time, 0).at = *due;
        if (w_.seen().asked[p_.stage].none()) return;
        const auto& e = scratch_.take(p_, s_.now, around_, p_.by->asks_ahead);
        duration    soonest = never;
        const auto  look = [&](const rule_view& r) {
            if (r.nodes.empty()) return;
            duration flips = never;
            (void)read_now(r, e, &flips);
            soonest = std::min(soonest, flips);
        };
        for (const auto& a : p_.now().allow) look(a.condition.view());
        // What a property says of times may come true before the rest of it does: each of its comparisons is looked at by itself.
        for (const auto& q : p_.by->properties) {
            auto part = q.value.view();
            look(part);
            for (std::size_t i = 0; i < part.nodes.size(); ++i) {
                if (part.nodes[i].what < op::greater || part.nodes[i].what > op::not_equal) continue;
                part.root = static_cast<std::uint16_t>(i);
                look(part);
            }
        }
        if (soonest != never && soonest > duration{0} && soonest < latest_instant - s_.now && (!due || s_.now + soonest < *due)) next(move::kind::wait, 0).at = s_.now + soonest;
    }

    // ---- who ----------------------------------------------------------------------------------------------------------------
    void by_host(act a) {
        person_ = 0;
        actor_ = move::host;
        by_.clear();
        whom_.clear();
        whom_index_ = 0;
        things(a);
    }
    [[nodiscard]] bool may(act a, bool for_another, std::size_t who, std::size_t whom, const concern* about) const {
        return std::any_of(p_.now().allow.begin(), p_.now().allow.end(), [&](const permission& x) {
            return x.what == a && x.for_another == for_another &&
                   contains(x.who.view(), x.who.root, static_cast<person>(who), p_, around_, about, static_cast<person>(whom));
        });
    }
    [[nodiscard]] static bool about_somebodys(act a) {
        return a == act::resolve || a == act::override_ || a == act::second || a == act::withdraw_second || row_of(a).subject == "option";
    }
    void by_people(act a, bool for_another) {
        if (std::none_of(p_.now().allow.begin(), p_.now().allow.end(), [&](const permission& x) { return x.what == a && x.for_another == for_another; })) return;
        if (!for_another) {
            for (const auto i : kinds_)
                if (about_somebodys(a) || may(a, false, i, i, nullptr)) as(a, i, i);
            return;
        }
        // Who does it for somebody else makes a difference only where it is on record who did.
        for (const auto whom : kinds_)
            for (const auto i : kinds_) {
                if (i == whom || !may(a, true, i, whom, nullptr)) continue;
                as(a, i, whom);
                if (!w_.seen().casters && !w_.seen().reads(p_.stage, part::participants)) break;
            }
    }
    void as(act a, std::size_t who, std::size_t whom) {
        person_ = who;
        actor_ = static_cast<std::uint8_t>(who);
        by_ = w_.people().id(static_cast<person>(who));
        whom_index_ = whom;
        if (who == whom) whom_.clear();
        else whom_ = w_.people().id(static_cast<person>(whom));
        things(a);
    }

    // ---- what ---------------------------------------------------------------------------------------------------------------
    command& add(act a, std::string_view subject = {}, std::string_view detail = {}) {
        auto& m = next(move::kind::command, person_);
        m.actor = actor_;
        auto& c = m.c;
        c.what = a;
        c.by = by_;
        c.on_behalf_of = whom_;
        c.subject = subject;
        c.detail = detail;
        c.text = a == act::override_ || needs_reason(a) ? "because" : "";
        c.names.clear();
        c.amount.reset();
        c.truth.reset();
        c.at = s_.now;
        return c;
    }
    [[nodiscard]] bool needs_reason(act a) const {
        if (a == act::cast) return std::any_of(p_.by->positions.begin(), p_.by->positions.end(), [](const position& x) { return x.needs_reason; });
        return std::any_of(p_.now().allow.begin(), p_.now().allow.end(), [a](const permission& x) { return x.what == a && x.needs_reason; });
    }
    [[nodiscard]] bool allows(act a, std::string_view about) const {
        return actor_ == move::host || std::any_of(p_.now().allow.begin(), p_.now().allow.end(), [&](const permission& x) {
                   return x.for_another == !whom_.empty() && act_pattern::covers(x.what, x.about, a, about);
               });
    }

    void things(act a) {
        switch (a) {
            case act::cast: casts(); break;
            case act::delegate: delegates(); break;
            case act::raise: raises(); break;
            case act::resolve: case act::override_: case act::second: case act::withdraw_second: concerns(a); break;
            case act::ask: case act::answer: questions(a); break;
            case act::revise: revisions(); break;
            case act::add_option: new_options(); break;
            case act::amend_option: case act::withdraw_option: case act::sponsor: options(a); break;
            case act::propose: proposes(); break;
            case act::hold:
                if (w_.seen().counts_holds || p_.holds.size() < w_.bounds().holds) add(a);
                break;
            case act::extend:
                if (p_.now().most_extension && *p_.now().most_extension > p_.extension) add(a, to_string(*p_.now().most_extension - p_.extension));
                break;
            case act::break_tie: ties(); break;
            case act::appoint: appoints(); break;
            case act::vacate:
                if (p_.elected)
                    for (const auto& name : *p_.elected) add(a, name);
                break;
            case act::fact: facts(); break;
            case act::link: links(); break;
            case act::assign:
                if (w_.teams().size() < 2 && (w_.teams().empty() || !p_.teams.empty())) break;
                for (const auto& t : w_.teams()) add(a).names.push_back(t);
                break;
            default: add(a); break;
        }
    }

    void casts() {
        const auto* vote = voter_of(p_, static_cast<person>(whom_index_), around_.people);
        const bool  apart = p_.by->delegation.own_apart;
        for (const auto& each : p_.by->positions) {
            if (!allows(act::cast, each.name)) continue;
            if (each.says == marks::none) {
                const bool same = vote != nullptr && vote->choice == static_cast<std::uint8_t>(&each - p_.by->positions.data()) + 1U;
                if (same && !apart && p_.by->ballots.split == ballot_rule::splitting::none) continue;
                add(act::cast, each.name);
                if (apart) add(act::cast, each.name, own_ballot);
                continue;
            }
            marked(each);
        }
        if (p_.by->ballots.split == ballot_rule::splitting::shares && p_.by->positions.size() > 1) {
            auto& c = add(act::cast);
            c.names = {p_.by->positions[0].name + ":1/2", p_.by->positions[1].name + ":1/2"};
        }
        if (p_.by->ballots.split == ballot_rule::splitting::amounts)
            for (const auto& each : p_.by->positions) add(act::cast).names = {each.name + ":1"};
    }
    /// Ballots about options: each one alone, and each one before all others.
    void marked(const position& in) {
        const auto               on = options_on_ballot(p_, s_.now, around_);
        std::vector<std::string> names;
        for (const auto o : on) names.push_back(p_.options[o].name);
        // Whoever ranks the others ranks them before the default option.
        if (const auto last = p_.by->options.otherwise; last && !names.empty()) {
            const auto at = std::find(names.begin(), names.end(), p_.options[*last].name);
            if (at != names.end()) std::rotate(at, at + 1, names.end());
        }
        const auto with = [&](const std::string& name, bool best) { return in.says == marks::scores ? name + ":" + std::to_string(best ? in.most : in.least) : name; };
        for (const auto& first : names) {
            add(act::cast, in.name).names.push_back(with(first, true));
            if (names.size() < 2 || in.says == marks::approvals) continue;
            auto& c = add(act::cast, in.name);
            c.names.push_back(with(first, true));
            for (const auto& other : names)
                if (other != first) c.names.push_back(with(other, false));
        }
        if (in.says == marks::approvals && names.size() > 1) add(act::cast, in.name).names = names;
    }
    void delegates() {
        for (std::size_t i = 0; i < w_.size(); ++i)
            if (i != person_) add(act::delegate, w_.people().id(static_cast<person>(i)));
        add(act::delegate);
        add(act::delegate, {}, as_usual);
    }
    [[nodiscard]] bool concern_named(std::string_view name, bool open_only) const {
        return std::any_of(p_.concerns.begin(), p_.concerns.end(), [&](const concern& c) { return c.name == name && (!open_only || c.state == concern_state::open); });
    }
    void raises() {
        const auto open = std::count_if(p_.concerns.begin(), p_.concerns.end(), [](const concern& c) { return c.state == concern_state::open; });
        if (static_cast<std::size_t>(open) >= w_.bounds().concerns) return;
        std::size_t i = 1;
        while (concern_named("concern-" + std::to_string(i), !p_.by->concerns.names_once)) ++i;
        add(act::raise, "concern-" + std::to_string(i));
    }
    void concerns(act a) {
        if (a != act::resolve && may(a, !whom_.empty(), person_, whom_index_, nullptr)) add(a);
        for (const auto& c : p_.concerns)
            if (c.state == concern_state::open && may(a, !whom_.empty(), person_, whom_index_, &c)) add(a, c.name);
    }
    void questions(act a) {
        const auto open = std::count_if(p_.questions.begin(), p_.questions.end(), [](const question& q) { return q.open; });
        if (a == act::answer) {
            for (const auto& q : p_.questions)
                if (q.open) add(a, q.text_id);
        } else if (static_cast<std::size_t>(open) < w_.bounds().questions) {
            add(a, "question");
        }
    }
    void revisions() {
        if (w_.seen().reads(p_.stage, part::revisions) && p_.revisions >= w_.bounds().revisions) return;
        if (p_.by->revisions.empty()) add(act::revise, "revision");
        for (const auto& k : p_.by->revisions)
            if (allows(act::revise, k.name)) add(act::revise, "revision", k.name);
    }
    void new_options() {
        const auto added = std::count_if(p_.options.begin(), p_.options.end(), [](const ballot_option& o) { return o.mover.has_value(); });
        const auto stand = std::count_if(p_.options.begin(), p_.options.end(), [](const ballot_option& o) { return o.mover.has_value() && !o.withdrawn; });
        if (static_cast<std::size_t>(stand) >= w_.bounds().options) return;
        std::vector<std::string> names;
        if (p_.by->count.most_per_affiliation == 0) names.push_back("option-" + std::to_string(added + 1));
        else
            for (const auto i : kinds_) names.emplace_back(w_.people().id(static_cast<person>(i)));
        for (const auto& name : names) {
            if (p_.option_named(name) != nullptr) continue;
            if (p_.by->options.kinds.empty()) add(act::add_option, name);
            for (const auto& k : p_.by->options.kinds) add(act::add_option, name, k.name);
        }
    }
    void options(act a) {
        if (a == act::sponsor && may(a, !whom_.empty(), person_, whom_index_, nullptr)) add(a);
        for (const auto& o : p_.options) {
            if (o.withdrawn || !o.mover) continue;
            concern like;
            like.raiser = *o.mover;
            if (!may(a, !whom_.empty(), person_, whom_index_, &like)) continue;
            if (a != act::amend_option) {
                add(a, o.name);
                continue;
            }
            for (const auto& k : p_.by->options.kinds) add(a, o.name, k.name);
            add(a, o.name).text = "amended";
        }
    }
    void proposes() {
        const auto one = [&](std::string_view disposition) {
            add(act::propose, disposition);
            if (!w_.seen().reads(p_.stage, part::named_teams) || w_.teams().empty()) return;
            add(act::propose, disposition).names = {w_.teams().front()};
            if (w_.teams().size() > 1) add(act::propose, disposition).names = w_.teams();
        };
        if (p_.by->dispositions.empty()) one({});
        for (const auto& d : p_.by->dispositions)
            if (allows(act::propose, d)) one(d);
    }
    void ties() {
        const auto counted = count_options(p_, s_.now, around_);
        if (!counted || !counted->paused) return;
        for (const auto o : counted->undecided) add(act::break_tie, counted->options[o]);
    }
    void appoints() {
        for (const auto& office : p_.by->offices) {
            if (!allows(act::appoint, office)) continue;
            for (const auto i : kinds_) add(act::appoint, office).names.emplace_back(w_.people().id(static_cast<person>(i)));
            add(act::appoint, office);
        }
    }
    void facts() {
        for (std::size_t i = 0; i < w_.seen().facts.size(); ++i) {
            const auto& f = w_.seen().facts[i];
            if (w_.seen().facts_told[p_.stage][i] == 0 || !allows(act::fact, f.name)) continue;
            const auto known = std::find_if(p_.facts.begin(), p_.facts.end(), [&](const reported_fact& r) { return r.name == f.name; });
            const bool again = known == p_.facts.end() || w_.seen().facts_read[p_.stage][i] == 0 || timed(f.name);
            if (f.as_truth)
                for (const bool v : {true, false})
                    if (in_order(f, v) && (again || known->truth != v)) add(act::fact, f.name).truth = v;
            for (const auto n : f.amounts)
                if (again || known->amount != n) add(act::fact, f.name).amount = n;
        }
    }
    /// Of facts that are only asked for together the first is true before the next, and as long as that is.
    [[nodiscard]] bool in_order(const fact_use& f, bool value) const {
        const auto holds = [&](const std::string& name) {
            return std::any_of(p_.facts.begin(), p_.facts.end(), [&](const reported_fact& r) { return r.name == name && r.truth.value_or(false); });
        };
        if (value) return f.behind.empty() || holds(f.behind);
        const auto& all = w_.seen().facts;
        return std::none_of(all.begin(), all.end(), [&](const fact_use& next) { return next.behind == f.name && holds(next.name); });
    }
    [[nodiscard]] bool timed(const std::string& fact) const {
        const auto at = static_cast<std::size_t>(std::find(p_.by->facts.begin(), p_.by->facts.end(), fact) - p_.by->facts.begin());
        return w_.seen().needed[p_.stage].test(std::min(first_fact_time + at, most_times - 1));
    }
    /// Proposals under this one: opened, and come to what the charter reacts to.
    void links() {
        if (!w_.seen().children || actor_ != move::host) return;
        std::set<std::string>                                   kinds;
        std::set<std::array<std::string, 3>>                    ends;  // process, outcome, disposition
        const auto end = [&](const std::string& process, std::string_view outcome, const std::string& disposition) {
            kinds.insert(process);
            ends.insert({process, std::string(outcome), disposition});
        };
        for (const auto& r : p_.by->children) end(r.to.process, to_string(r.to.outcome), r.to.disposition);
        for (const auto& s : p_.by->stages)
            for (const auto& x : s.exits)
                for (const auto& a : x.acts) {
                    if (a.what != act::link || a.about.empty()) continue;
                    const auto space = a.about.find(' ');
                    kinds.insert(a.about.substr(0, space));
                    if (space != std::string::npos) end(a.about.substr(0, space), a.about.substr(space + 1), {});
                }
        for (const auto& other : w_.under().processes())
            for (const auto& parent : other.parents)
                if (parent.substr(0, parent.find(' ')) == p_.by->name) kinds.insert(other.name);
        if (kinds.empty()) kinds.insert("child");
        for (const auto& k : kinds) {
            ends.insert({k, "accepted", {}});
            ends.insert({k, "rejected", {}});
        }
        std::vector<std::string> about{""};
        for (const auto& c : p_.concerns)
            if (c.state == concern_state::open) about.push_back(c.name);
        const auto open = std::count_if(p_.children.begin(), p_.children.end(), [](const child& c) { return !c.outcome; });
        if (static_cast<std::size_t>(open) < w_.bounds().children)
            for (const auto& k : kinds) add(act::link, "child-" + std::to_string(p_.children.size() + 1), link_opened).names = {k, ""};
        for (const auto& c : p_.children) {
            if (c.outcome) continue;
            for (const auto& [process, outcome, disposition] : ends) {
                if (process != c.process) continue;
                for (const auto& a : about) add(act::link, c.id, outcome).names = {process, a, disposition};
            }
        }
    }

    const world&       w_;
    const situation&   s_;
    const proposal&    p_;
    std::vector<move>& out_;
    evidence_of&       scratch_;
    surroundings       around_;
    std::size_t        used_ = 0;
    std::size_t        allowed_ = 0;
    std::vector<std::size_t> kinds_;
    std::size_t        person_ = 0, whom_index_ = 0;
    std::uint8_t       actor_ = move::nobody;
    std::string        by_, whom_;
};

void world::moves_of(const situation& s, std::vector<move>& out, evidence_of& scratch) const { move_maker(*this, s, out, scratch)(); }

}  // namespace quorate::verifying
