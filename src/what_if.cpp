#include "what_if.hpp"

#include <algorithm>
#include <set>

#include <quorate/explain.hpp>

#include "journal_documents.hpp"
#include "json.hpp"

namespace quorate {
namespace {

using json_text::in_quotes;
using replay::life;
using replay::side;

constexpr std::size_t none = static_cast<std::size_t>(-1);

bool of_the_host(act a) { return row_of(a).of == act_class::record || row_of(a).of == act_class::clock; }

/// Whether stages of two processes are the same place: the same name; when one process doesn't know the other's, the same phase.
bool same_place(const process& a, std::string_view in_a, const process& b, std::string_view in_b) {
    if (in_a == in_b) return true;
    if (a.stage_named(in_b) || b.stage_named(in_a)) return false;
    return a.stages[*a.stage_named(in_a)].in == b.stages[*b.stage_named(in_b)].in;
}
bool same_end(const proposal& a, const proposal& b) {
    if (!same_place(*a.by, a.now().name, *b.by, b.now().name)) return false;
    if (a.by->dispositions.empty() || b.by->dispositions.empty()) return true;  // nothing to compare
    const auto of = [](const proposal& p) { return p.disposition ? p.by->dispositions[*p.disposition] : std::string(); };
    return of(a) == of(b);
}

class replaying {
public:
    replaying(std::span<const stored_event> record, const charter& other, const what_if_options& how)
        : record_(record), other_(other), how_(how), then_(people_), there_(people_) {}

    result<what_if_report> operator()() {
        if (auto fine = survey(); !fine) return fine.error();
        if (auto fine = processes_are_known(); !fine) return fine.error();
        for (std::size_t i = 0; i < record_.size(); ++i)
            if (auto fine = take(i); !fine) return fine.error();
        finish();
        return report();
    }

private:
    struct matter {
        comparison  found{};
        std::size_t same = 0;  ///< moves that both sides made alike
    };

    // ---- looking ahead: what is asked next, and who belongs to whom ---------------------------------------------------------
    result<void> survey() {
        if (record_.size() > most_replayed_events)
            return make_error(errc::limit, "a journal of more than " + std::to_string(most_replayed_events) + " events");
        std::map<std::string, std::size_t, std::less<>> latest;
        next_.assign(record_.size(), none);
        for (std::size_t i = 0; i < record_.size(); ++i) {
            const auto& s = record_[i];
            if (s.what.kind == event_kind::document) {
                if (s.what.detail == "erasure") erased_.insert(s.what.names.begin(), s.what.names.end());
                continue;
            }
            until_ = std::max(until_, s.what.noted);
            if (const auto before = latest.find(s.stream); before != latest.end()) next_[before->second] = i;
            latest.insert_or_assign(s.stream, i);
            if (s.what.kind != event_kind::opened) continue;
            opened_under_.insert(s.what.detail);
            parents_.emplace(s.stream, s.what.parent);
            relate(s);
        }
        for (auto& [id, root] : root_) root = root_of(id);
        for (const auto& s : record_)
            if (s.what.kind == event_kind::opened) families_[root_.find(s.stream)->second].push_back(s.stream);
        if (how_.until && *how_.until < until_)
            return make_error(errc::invalid, "the journal goes on until " + to_string(until_), "until", "name a later instant");
        until_ = how_.until.value_or(until_);
        return {};
    }
    [[nodiscard]] std::string root_of(std::string id) const {
        for (auto above = root_.find(id); above->second != id; above = root_.find(id)) id = above->second;
        return id;
    }
    /// Parents and children belong together, and so do those who may wait for each other's places.
    void relate(const stored_event& opened) {
        root_.emplace(opened.stream, root_.contains(opened.what.parent) ? opened.what.parent : opened.stream);
        const auto* by = other_.find(other_process(opened.what.detail));
        if (by == nullptr || !by->has_places) return;
        const auto first = first_of_.emplace(by->name, opened.stream).first->second;
        root_.find(root_of(opened.stream))->second = root_of(first);
    }
    [[nodiscard]] std::string other_process(const std::string& name) const {
        for (const auto& [from, to] : how_.processes)
            if (from == name) return to;
        return name;
    }
    result<void> processes_are_known() {
        for (const auto& [from, to] : how_.processes) {
            if (!opened_under_.contains(from))
                return make_error(errc::invalid, "nothing in the journal goes through a process " + in_quotes(from), "process",
                                  json_text::did_you_mean(from, {opened_under_.begin(), opened_under_.end()}));
            if (other_.find(to) == nullptr)
                return make_error(errc::invalid, "the other charter has no process " + in_quotes(to), "process", like(to));
        }
        return {};
    }
    [[nodiscard]] std::string like(std::string_view process) const {
        std::vector<std::string_view> known;
        for (const auto& p : other_.processes()) known.push_back(p.name);
        return json_text::did_you_mean(process, known);
    }
    /// What somebody asked for, as opposed to what followed from it. A link from a child follows from the child's outcome, and
    /// what a charter does by itself has no actor.
    [[nodiscard]] bool is_ask(std::size_t i) const {
        const auto& e = record_[i].what;
        if (e.kind == event_kind::opened) return true;
        if (e.kind != event_kind::acted || e.why != cause::command) return false;
        if (!e.by.empty()) return true;
        const auto child = e.done == act::link ? parents_.find(e.subject) : parents_.end();
        return of_the_host(e.done) && (child == parents_.end() || child->second != record_[i].stream);
    }
    [[nodiscard]] std::optional<instant> next_ask(std::size_t i) const {
        for (i = next_[i]; i != none; i = next_[i])
            if (is_ask(i)) return record_[i].what.at;
        return std::nullopt;
    }
    /// Whether what was recorded so far is all that came of one thing asked.
    [[nodiscard]] bool is_whole(std::size_t i) const {
        const auto next = next_[i];
        return next == none || is_ask(next) || record_[next].what.at != record_[i].what.at;
    }
    /// Lets time pass to where the record says it was. When something was asked at that very instant, only windows with an open
    /// end had ended before it: if that was accepted it follows in the record, and will see to them; if not, they alone tell.
    void give_time(life& l, std::size_t i) {
        const auto at = record_[i].what.at;
        bool       open_end = false;
        for (auto j = i; j != none && record_[j].what.at == at; j = next_[j]) {
            if (is_ask(j)) return there_.pass(l, at - duration{1});
            if (record_[j].what.kind != event_kind::moved || open_end) continue;
            if (!by_open_end(record_[j])) return there_.pass(l, at);
            open_end = true;
        }
        if (open_end) there_.end_open_windows(l, at);
        else there_.pass(l, at);
    }
    [[nodiscard]] bool by_open_end(const stored_event& moved) {
        const auto& p = *then_.find(moved.stream)->p.by;
        const auto  stage = p.stage_named(moved.what.detail);
        const auto  exit = static_cast<std::size_t>(moved.what.number.value_or(0));
        if (!stage || exit >= p.stages[*stage].exits.size()) return false;  // the fold will say that it is damaged
        const auto& x = p.stages[*stage].exits[exit];
        return x.by == trigger::after && !x.closed_end;
    }

    // ---- the replay -----------------------------------------------------------------------------------------------------------
    result<void> take(std::size_t i) {
        const auto& s = record_[i];
        if (s.stream == charter_stream) {
            auto c = charter_of(s.what);
            if (!c) return c.error();
            charters_.emplace(c.value().hash(), c.value());
            return {};
        }
        if (s.stream == roster_stream) return s.what.kind == event_kind::document ? take_roster(s.what) : change_roster(s.what);
        if (s.what.kind == event_kind::document) return {};  // the journal's own notes
        if (!has_roster_) return make_error(errc::damaged, "the journal holds no roster before it", s.stream);
        const bool by_time = s.what.kind == event_kind::moved || s.what.kind == event_kind::condition;
        auto*      there = there_.find(s.stream);
        if (s.what.kind == event_kind::opened) open(i);
        else if (is_ask(i)) ask(i);
        else if (by_time && there != nullptr && s.what.at > there->given) {
            catch_up(s.stream, s.what.at - duration{1});
            give_time(*there, i);
        }
        const auto under = charters_.find(s.what.charter);
        if (auto done = then_.fold(s, under == charters_.end() ? nullptr : &under->second); !done) return done;
        if (is_whole(i)) compare(s.stream, s.what.at);
        return {};
    }
    result<void> take_roster(const event& document) {
        auto r = roster_of(document);
        if (!r) return r.error();
        people_ = std::move(r.value());
        has_roster_ = true;
        if (auto done = then_.fold_anew(); !done) return done;
        return there_.fold_anew();
    }
    result<void> change_roster(const event& recorded) {
        const auto change = parse_roster_event(recorded.text);
        if (!change) return change.error();
        std::vector<std::string> parted;
        for (const auto& id : there_.ids())
            if (matters_.find(id)->second.found.parts) parted.push_back(id);
        there_.advance(parted, recorded.at - duration{1});
        if (const auto done = people_.apply(change.value()); !done) return done.error();
        for (const auto& id : there_.ids()) there_.follow_roster(*there_.find(id), recorded.at);
        return {};
    }
    /// While both sides go alike, time is given as the record says it was. Those who have parted are given it as it comes, as far
    /// as it matters to others: to the family of one that something is asked of.
    void catch_up(const std::string& id, instant until) {
        const auto& family = families_.find(root_.find(id)->second)->second;
        if (family.size() == 1) return;
        std::vector<std::string> parted;
        for (const auto& member : family)
            if (const auto m = matters_.find(member); m != matters_.end() && m->second.found.parts) parted.push_back(member);
        there_.advance(parted, until);
    }
    void open(std::size_t i) {
        const auto& s = record_[i];
        const auto& e = s.what;
        auto&       c = matters_[s.stream].found;
        order_.push_back(s.stream);
        c.id = s.stream;
        c.subject = e.subject;
        c.title = e.text;
        c.process = e.detail;
        c.other_process = other_process(e.detail);
        c.last_ask = e.at;
        if (other_.find(c.other_process) == nullptr) {
            const auto hint = like(c.other_process);
            c.problem = "the other charter has no process " + in_quotes(c.other_process) + (hint.empty() ? "" : "; " + hint);
            return;
        }
        catch_up(s.stream, e.at - duration{1});
        const opening again{.process = c.other_process, .by = e.by, .subject = e.subject, .title = e.text, .teams = e.names,
                            .parent = e.parent, .about = e.about, .at = e.at};
        c.problem = there_.open(s.stream, again, other_);
        if (auto* l = there_.find(s.stream)) l->not_beyond = next_ask(i);
    }
    void ask(std::size_t i) {
        const auto& s = record_[i];
        auto* const l = there_.find(s.stream);
        const auto  found = matters_.find(s.stream);
        if (l == nullptr || found == matters_.end()) return;
        compare(s.stream, s.what.at);
        auto& c = found->second.found;
        c.last_ask = s.what.at;
        l->not_beyond = s.what.at;
        catch_up(s.stream, s.what.at - duration{1});
        l->not_beyond = next_ask(i);
        auto no = give(*l, s);
        if (!no) return;
        ++c.refused_count;
        if (c.refused.size() == most_refused_asks) return;
        const auto who = people_.find_person(s.what.by);
        auto       name = who ? std::string(people_.handle(*who)) : s.what.by;
        c.refused.push_back({s.what.at, std::move(name), replay::in_words(s.what), std::move(*no)});
    }
    std::optional<refusal> give(life& l, const stored_event& s) {
        auto c = replay::command_of(s.what);
        if (c.text.empty() && erased_.contains(std::to_string(s.seq))) c.text = "(erased)";
        // An alternate's ballot is recorded as the seat holder's: asked for in either way.
        const bool ballot = c.what == act::cast || c.what == act::withdraw_ballot || c.what == act::recuse;
        const auto by = people_.find_person(c.by), whom = people_.find_person(c.on_behalf_of);
        if (ballot && by && whom && !c.on_behalf_of.empty()) {
            const auto* own = voter_of(l.p, *by, people_);
            if (own != nullptr && own->who == *whom) {
                auto as_alternate = c;
                as_alternate.on_behalf_of.clear();
                if (!there_.ask(l, as_alternate)) return std::nullopt;
            }
        }
        return there_.ask(l, c);
    }

    // ---- comparing --------------------------------------------------------------------------------------------------------------
    /// How both sides went until `now`. The other side may be ahead, as what a child or the roster did to it came with the asking,
    /// and is recorded behind; or back, when what is asked next will give it the time.
    void compare(const std::string& id, instant now) {
        const auto found = matters_.find(id);
        if (found == matters_.end() || found->second.found.parts) return;
        auto& m = found->second;
        auto* then = then_.find(id);
        auto* there = there_.find(id);
        if (then == nullptr || there == nullptr) return;
        const auto& a = then->moves;
        const auto& b = there->moves;
        for (; m.same < std::min(a.size(), b.size()); ++m.same) {
            const auto& x = then->events[a[m.same]];
            const auto& y = there->events[b[m.same]];
            if (x.at != y.at || !same_place(*then->p.by, x.subject, *there->p.by, y.subject)) return part(m, *then, *there);
        }
        if (b.size() > a.size() && there->events[b[m.same]].at > now) return;
        if (a.size() > b.size() && then->events[a[m.same]].at > there->given) return;
        if (a.size() != b.size()) part(m, *then, *there);
    }
    void part(matter& m, life& then, life& there) {
        const auto move_of = [&](const life& l) { return m.same < l.moves.size() ? &l.events[l.moves[m.same]] : nullptr; };
        const auto *x = move_of(then), *y = move_of(there);
        auto&       p = m.found.parts.emplace();
        p.stay = m.same + 1;
        p.at = x == nullptr ? y->at : y == nullptr ? x->at : std::min(x->at, y->at);
        p.goes = x == nullptr || (y != nullptr && y->at < x->at) ? turn::earlier
                 : y == nullptr || x->at < y->at                 ? turn::later
                                                                 : turn::elsewhere;
        if (x != nullptr && y != nullptr) return;
        auto& stays = x == nullptr ? then : there;
        auto& on = x == nullptr ? then_ : there_;
        if (x == nullptr) stays.p.due = next_instant(stays.p, on.around(stays.p));
        auto e = explain(stays.p, std::max(p.at, stays.p.last), on.around(stays.p));
        p.waiting = std::move(e.summary);
        if (is_open(stays.p.in())) p.people = std::move(e.outstanding);
    }
    /// After the last event time goes on for both.
    void finish() {
        for (const auto& id : order_) {
            auto& l = *then_.find(id);
            l.p.due = next_instant(l.p, then_.around(l.p));
            if (auto* there = there_.find(id)) {
                there->not_beyond.reset();
                there->given = until_;
            }
            compare(id, until_);
        }
        then_.advance(order_, until_);
        there_.advance(order_, until_);
        for (const auto& id : order_) compare(id, until_);
    }
    what_if_report report() {
        what_if_report r{.charter = other_.title(), .until = until_};
        for (const auto& id : order_) {
            auto& c = matters_.find(id)->second.found;
            c.recorded = replay::course_of(then_, *then_.find(id), until_, people_);
            if (auto* l = there_.find(id)) {
                c.otherwise = replay::course_of(there_, *l, until_, people_);
                c.ends_otherwise = !same_end(then_.find(id)->p, l->p);
                if (c.problem.empty()) c.problem = l->problem;
            }
            if (c.parts && !c.parts->waiting.empty()) {
                const auto& stays = c.parts->goes == turn::earlier ? c.recorded.stays : c.otherwise.stays;
                if (c.parts->stay < stays.size()) {
                    c.parts->until = stays[c.parts->stay].since;
                    c.parts->ended_by = stays[c.parts->stay].cause;
                }
            }
            r.differing += c.differs() ? 1U : 0U;
            r.ending_otherwise += c.ends_otherwise ? 1U : 0U;
            r.earlier += c.parts && c.parts->goes == turn::earlier ? 1U : 0U;
            r.later += c.parts && c.parts->goes == turn::later ? 1U : 0U;
            r.refused += c.refused_count;
            r.problems += c.problem.empty() ? 0U : 1U;
            r.all.push_back(std::move(c));
        }
        return r;
    }

    std::span<const stored_event> record_;
    const charter&                other_;
    const what_if_options&        how_;
    roster                        people_;
    bool                          has_roster_ = false;
    side                          then_, there_;
    instant                       until_{};

    std::vector<std::size_t>                                     next_;  ///< of an event: the next of its stream
    std::map<std::string, std::string, std::less<>>              parents_, root_, first_of_;  ///< the last by process: with places
    std::map<std::string, std::vector<std::string>, std::less<>> families_;  ///< by root, as opened
    std::set<std::string, std::less<>>                           opened_under_, erased_;
    std::map<std::string, charter>                               charters_;  ///< by hash
    std::map<std::string, matter, std::less<>>                   matters_;
    std::vector<std::string>                                     order_;
};

}  // namespace

result<what_if_report> what_if(std::span<const stored_event> record, const charter& other, const what_if_options& how) {
    return replaying(record, other, how)();
}

result<what_if_report> what_if(journal& store, const charter& other, const what_if_options& how) {
    std::vector<stored_event> record;
    const auto                read = store.read({}, 0, [&](const stored_event& s) {
        record.push_back(s);
        return record.size() <= most_replayed_events;
    });
    if (!read) return read.error();
    return what_if(record, other, how);
}

}  // namespace quorate
