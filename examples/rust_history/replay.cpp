#include "replay.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace rust_history {
namespace {

using quorate::act;
using quorate::instant;

constexpr int stand_ins = 20;  ///< reviewers of whom a pending list says nothing: enough for any team that there was
constexpr int usual_team = 5;  ///< reviewers that stand in where a thread says neither who they were nor how many

std::string stand_in(int i) { return "reviewer-not-recorded-" + std::to_string(i); }

std::string first_word(const std::string& s) { return s.substr(0, s.find(' ')); }

std::vector<std::string> sorted(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

std::vector<std::string> together(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    auto all = a;
    all.insert(all.end(), b.begin(), b.end());
    return sorted(std::move(all));
}

bool contains(const std::vector<std::string>& list, const std::string& who) {
    return std::find(list.begin(), list.end(), who) != list.end();
}

/// "compiler-fcp (11)": 11.
int size_of_team(const std::string& team) {
    const auto open = team.find('(');
    int        n = 0;
    for (auto i = open + 1; open != std::string::npos && i < team.size() && team[i] >= '0' && team[i] <= '9' && n < 1000; ++i)
        n = n * 10 + (team[i] - '0');
    return n > 0 ? n : usual_team;
}
bool has_entry_and_end(const record& r) { return !r.entered.empty() && !r.completed.empty(); }

/// Whose approval was asked for: the checklist, as far as the record has one. A thread with an entry and an end is checked even
/// without one, with as many that stand in.
std::vector<std::string> checklist_of(const record& r) {
    std::vector<std::string> all;
    if (r.from == source::thread) {
        if (r.checklist_whole) return together(r.approved, r.outstanding);
        if (!has_entry_and_end(r)) return {};
        all = r.approved;
        if (!r.proposals.empty() && !contains(all, r.proposals[0].by)) all.push_back(r.proposals[0].by);
        for (int i = 0; static_cast<int>(all.size()) < size_of_team(r.team); ++i) all.push_back(stand_in(i));
        return sorted(std::move(all));
    }
    for (const auto& s : r.snapshots) {
        all = together(all, together(s.approved, s.outstanding));
        if (r.from == source::weekly) break;  // later ones may be of another proposal, and the list is made once
    }
    if (r.from == source::pending_list && !all.empty())
        for (int i = 0; i < stand_ins; ++i) all.push_back(stand_in(i));
    return sorted(std::move(all));
}

/// Teams are named by what they are asked to check: equal lists are one team.
std::string team_name(const std::vector<std::string>& checklist) {
    std::string name = "checklist";
    std::uint32_t sum = 2166136261U;  // FNV-1a: a name that depends on the list alone
    for (const auto& who : checklist)
        for (const char c : who + "\n") sum = (sum ^ static_cast<unsigned char>(c)) * 16777619U;
    static constexpr char hex[] = "0123456789abcdef";
    name += '-';
    for (int shift = 28; shift >= 0; shift -= 4) name += hex[sum >> shift & 15U];
    return name;
}

std::string listed(const std::vector<std::string>& names) {
    std::string s;
    for (const auto& n : names) s += (s.empty() ? "" : ", ") + n;
    return s;
}

// ---- one replay ---------------------------------------------------------------------------------------------------------------
class replaying {
public:
    replaying(const record& r, quorate::engine& engine) : r_(r), engine_(engine), checklist_(checklist_of(r)) {}

    replayed operator()() {
        out_.decides = decides();
        if (!checkable()) return std::move(out_);
        switch (r_.from) {
            case source::thread: thread(); break;
            case source::weekly: weekly(); break;
            case source::pending_list: pending_list(); break;
        }
        if (out_.checks == 0 && out_.found != finding::contradicts) not_checkable("nothing in the record says how it stood");
        else if (out_.found != finding::contradicts) out_.found = finding::as_recorded;
        return std::move(out_);
    }

private:
    [[nodiscard]] std::string decides() const {
        if (r_.from == source::pending_list && !r_.snapshots.empty())
            return listed(r_.snapshots[0].outstanding) + " and others not recorded";
        if (checklist_.empty()) return r_.team;
        auto s = r_.team.empty() ? "a checklist of " + std::to_string(checklist_.size()) : r_.team;
        return s + ": " + listed(checklist_);
    }
    void not_checkable(std::string missing) {
        out_.found = finding::not_checkable;
        out_.missing = std::move(missing);
    }
    bool checkable() {
        std::string lacks;
        for (const auto& m : r_.missing) lacks += (lacks.empty() ? "" : "; ") + m;
        if (lacks.empty()) lacks = "checklist";
        const bool dates = !r_.proposed.empty() || !r_.entered.empty();
        if (r_.from == source::thread && (checklist_.empty() || !dates)) return not_checkable(lacks), false;
        const bool ends = has_entry_and_end(r_);
        const bool pending = r_.result.find("pending") != std::string::npos || !r_.cancelled.empty();
        if (r_.from == source::thread && !ends && !pending) return not_checkable(lacks), false;
        if (checklist_.empty()) return not_checkable("checklist"), false;
        return true;
    }

    // ---- talking to the engine ------------------------------------------------------------------------------------------------
    static instant day(const std::string& date) { return quorate::parse_instant(date).value_or(quorate::earliest_instant); }
    [[nodiscard]] std::string key() { return r_.id + "/" + std::to_string(++keys_); }
    [[nodiscard]] std::string stage() const { return engine_.get(out_.proposal)->now().name; }
    [[nodiscard]] quorate::explanation explain(const std::string& date) const {
        return engine_.explain(out_.proposal, day(date)).value();
    }

    void say(const std::string& date, std::string what, std::string note = {}, bool wrong = false) {
        out_.lines.push_back({date, std::move(what), std::move(note), wrong});
        if (wrong) out_.found = finding::contradicts;
    }
    void check(const std::string& date, bool agrees, const std::string& engine_says, const std::string& record_says) {
        ++out_.checks;
        say(date, engine_says, (agrees ? "as recorded" : "the record says: ") + (agrees ? std::string() : record_says), !agrees);
    }
    bool submit(const std::string& date, quorate::command c) {
        c.at = day(date);
        c.key = key();
        const auto receipt = engine_.submit(out_.proposal, c);
        if (receipt.accepted()) return true;
        say(date, "refused: " + (receipt.refused() ? to_string(receipt.refusal()) : receipt.fault().what()), "", true);
        return false;
    }
    bool begin(const proposing& p, const std::string& proposer) {
        const auto id = engine_.open({.process = "fcp", .by = proposer, .subject = r_.id, .title = r_.title,
                                      .teams = {team_name(checklist_)}, .at = day(p.date), .key = key()});
        if (!id) {
            say(p.date, "refused: " + id.error().what(), "", true);
            return false;
        }
        out_.proposal = id.value();
        return propose(p.date, proposer);
    }
    bool propose(const std::string& date, const std::string& proposer) {
        const auto disposition = first_word(r_.disposition);
        // Who is not of the team must name it.
        const auto named = contains(checklist_, proposer) ? std::vector<std::string>{} : std::vector{team_name(checklist_)};
        if (!submit(date, quorate::propose{.by = proposer, .disposition = disposition, .teams = named})) return false;
        const bool known = r_.from != source::pending_list;
        say(date, (known ? proposer + " proposes to " : "proposed (by whom is not recorded) to ") + disposition, r_.from == source::thread ? explain(date).summary : std::string());
        return true;
    }
    /// Ticks all of `names` who have not yet; returns how many.
    std::size_t tick(const std::string& date, const std::vector<std::string>& names) {
        const auto  e = explain(date);
        std::size_t count = 0;
        for (const auto& who : names)
            if (contains(e.outstanding, who)) count += submit(date, quorate::cast{.by = who, .position = "approve"}) ? 1 : 0;
        return count;
    }
    /// The fewest more ticks that the engine itself asks for, given to those first in the list.
    std::size_t tick_what_is_enough(const std::string& date) {
        std::size_t count = 0;
        while (stage() == "pending") {
            const auto e = explain(date);
            const bool ballots_do = std::any_of(e.exits.begin(), e.exits.end(), [](const auto& x) { return x.to == "fcp" && !x.enough.empty(); });
            if (!ballots_do || e.outstanding.empty()) break;
            // Whoever is known to have approved later hadn't yet.
            const auto not_late = [&](const std::string& who) {
                return std::none_of(late_.begin(), late_.end(), [&](const entry& l) { return l.who == who; });
            };
            const auto next = std::find_if(e.outstanding.begin(), e.outstanding.end(), not_late);
            if (tick(date, {next == e.outstanding.end() ? e.outstanding.front() : *next}) == 0) break;
            ++count;
        }
        return count;
    }

    // ---- threads: a proposal, an entry, an end ---------------------------------------------------------------------------------
    void thread() {
        auto       proposer = r_.proposals.empty() ? std::string() : r_.proposals[0].by;
        const auto proposed = r_.proposed.empty() ? r_.entered : r_.proposed;
        if (r_.proposed.empty()) out_.supposed.push_back("that it was proposed on the day it entered");
        if (!r_.checklist_whole)
            out_.supposed.push_back("a checklist of " + std::to_string(checklist_.size()) + ": who was on it is not stored");
        if (proposer.empty()) {
            proposer = r_.approved.empty() ? checklist_.front() : r_.approved.front();
            out_.supposed.push_back("that " + proposer + " proposed it");
        }
        if (!begin({"", proposer, proposed}, proposer)) return;
        dated_steps(proposed);
        if (r_.entered.empty()) return pending_thread();
        enter_on_the_day();
        late_ticks();
        end_on_the_day();
    }
    /// What the record dates, in the order of the days: approvals, concerns raised and resolved. What it dates after the entry
    /// comes later.
    void dated_steps(const std::string& proposed) {
        struct step {
            std::string           date;
            std::function<void()> take;
        };
        std::vector<step> steps;
        for (const auto& e : r_.events) {
            const bool review = e.what.starts_with("review") && contains(checklist_, e.who);
            if (!review || !quorate::parse_instant(e.date) || e.date < proposed) continue;
            dated_.insert(e.who);
            if (!r_.entered.empty() && e.date >= r_.entered) late_.push_back({e.date, e.who, {}});
            else steps.push_back({e.date, [this, e] { if (tick(e.date, {e.who}) == 1) say(e.date, e.who + " approves", explain(e.date).summary); }});
        }
        for (const auto& c : r_.concerns) {
            const auto proposer = r_.proposals.empty() ? checklist_.front() : r_.proposals[0].by;
            const auto by = contains(checklist_, c.by) ? c.by : contains(checklist_, proposer) ? proposer : checklist_.front();
            if (by != c.by) out_.supposed.push_back("that " + by + " raised " + c.name);
            const auto raised = quorate::parse_instant(c.raised) && c.raised > proposed ? c.raised : proposed;
            steps.push_back({raised, [this, raised, by, c] {
                if (submit(raised, quorate::raise{.by = by, .concern = c.name}))
                    say(raised, by + " raises concern " + c.name, explain(raised).summary);
            }});
            if (c.active) continue;
            const auto known = quorate::parse_instant(c.resolved).has_value();
            if (!known && c.resolved.empty() && r_.entered.empty()) continue;
            const auto resolved = known ? std::max(c.resolved, raised) : r_.entered.empty() ? raised : r_.entered;
            if (!known) out_.supposed.push_back("that " + c.name + " was resolved by " + resolved);
            steps.push_back({resolved, [this, resolved, by, c] {
                if (submit(resolved, quorate::resolve{.by = by, .concern = c.name})) say(resolved, "concern " + c.name + " resolved");
            }});
        }
        std::stable_sort(steps.begin(), steps.end(), [](const step& x, const step& y) { return x.date < y.date; });
        for (const auto& s : steps) s.take();
    }
    void pending_thread() {
        auto date = r_.proposed;
        for (const auto& e : r_.events)
            if (quorate::parse_instant(e.date) && e.date > date) date = e.date;
        tick(date, r_.approved);
        check(date, stage() == "pending", "still " + stage(), r_.result);
        say(date, "waits", explain(date).summary);
        if (!r_.cancelled.empty()) {
            submit(r_.cancelled, quorate::other{.what = act::cancel, .by = checklist_.front()});
            check(r_.cancelled, stage() == "discussion", "cancelled", r_.result);
        }
        out_.undecided = r_.cancelled.empty();
    }
    void enter_on_the_day() {
        const auto& date = r_.entered;
        if (stage() == "fcp") return check(date, false, "entered before the day of the record", "enters FCP on " + date);
        std::vector<std::string> undated;
        for (const auto& who : r_.approved)
            if (!dated_.contains(who)) undated.push_back(who);
        // One after another on the day of entry: had the last one that was needed come earlier, it would have entered earlier.
        std::size_t count = 0;
        std::size_t needed = 0;
        for (const auto& who : undated) {
            const bool was_pending = stage() == "pending";
            count += tick(date, {who});
            if (was_pending && stage() == "fcp") needed = count;
        }
        if (count > 0)
            say(date, std::to_string(count) + (count == 1 ? " more has approved" : " more have approved") + ", on days not recorded",
                needed == 0   ? ""
                : needed == 1 ? "that lets it enter"
                              : "number " + std::to_string(needed) + " of them lets it enter");
        if (stage() == "pending") {
            const auto more = tick_what_is_enough(date);
            if (more > 0)
                out_.supposed.push_back("that " + std::to_string(more) + " more had approved by " + date +
                                        (r_.checklist_whole ? ": the stored checklist is an earlier copy" : ""));
        }
        check(date, stage() == "fcp", stage() == "fcp" ? "enters the final comment period" : "is still " + stage(),
              "enters FCP on " + date);
    }
    void late_ticks() {
        for (const auto& e : late_)
            if (e.date < r_.completed && tick(e.date, {e.who}) == 1) say(e.date, e.who + " approves", explain(e.date).summary);
    }
    void end_on_the_day() {
        if (stage() != "fcp") return;
        const auto due = engine_.next_change(out_.proposal);
        const auto ended = due ? quorate::date_string(*due) : std::string("never");
        engine_.advance(day(r_.completed));
        const auto outcome = stage();
        check(ended, ended == r_.completed && outcome != "fcp", outcome == "fcp" ? "not ended" : "ends: " + outcome,
              "complete on " + r_.completed);
    }

    // ---- weekly series: how it stood on certain days ----------------------------------------------------------------------------
    void weekly() {
        std::string tracking;
        bool        begun = false;
        for (const auto& s : r_.snapshots) {
            if (!begun || s.tracking != tracking) {
                tracking = s.tracking;
                if (!propose_for(s, begun)) return;
                begun = true;
            }
            if (!bring_to(s)) return;
            compare(s);
        }
        if (r_.entry_window) enter_within(r_.entry_window->first, r_.entry_window->second);
        else out_.undecided = true;
    }
    bool propose_for(const snapshot& s, bool again) {
        const auto found = std::find_if(r_.proposals.begin(), r_.proposals.end(), [&](const proposing& p) { return p.tracking == s.tracking; });
        auto       p = found == r_.proposals.end() ? proposing{s.tracking, {}, s.date} : *found;
        if (!quorate::parse_instant(p.date) || p.date > s.date) p.date = s.date;
        proposer_ = p.by.empty() ? checklist_.front() : p.by;
        if (!again) return begin(p, proposer_);
        say(p.date, "proposed anew: earlier approvals are lost");
        const auto members = explain(p.date).electorate;
        return submit(p.date, quorate::other{.what = act::cancel, .by = members.front()}) && propose(p.date, proposer_);
    }
    bool bring_to(const snapshot& s) {
        const auto raiser = contains(checklist_, proposer_) ? proposer_ : checklist_.front();
        for (const auto& c : s.concerns) {
            if (raised_.contains(s.tracking + c.name)) continue;
            if (!submit(s.date, quorate::raise{.by = raiser, .concern = c.name})) return false;
            raised_.insert(s.tracking + c.name);
            supposed_raiser_ = raiser;
        }
        const auto count = tick(s.date, s.approved);
        for (const auto& c : s.concerns) {
            if (c.active || resolved_.contains(s.tracking + c.name)) continue;
            if (!submit(s.date, quorate::resolve{.by = raiser, .concern = c.name})) return false;
            resolved_.insert(s.tracking + c.name);
        }
        if (count > 0 && out_.lines.size() > 1) say(s.date, std::to_string(count) + " more approve");
        return true;
    }
    void compare(const snapshot& s) {
        const auto e = explain(s.date);
        const bool lists = sorted(e.outstanding) == sorted(s.outstanding);
        check(s.date, stage() == (s.pending ? "pending" : "fcp") && lists,
              stage() + ", " + std::to_string(s.approved.size()) + " of " + std::to_string(s.approved.size() + s.outstanding.size()),
              std::string(s.pending ? "pending" : "in its final comment period") + ", waiting for " + listed(s.outstanding));
        out_.lines.back().note += ": " + e.summary;
        if (!supposed_raiser_.empty() && out_.supposed.empty())
            out_.supposed.push_back("that " + supposed_raiser_ + " raised the concerns (not recorded who did)");
    }
    /// The record says only that it entered between two days: by then the engine must be able to.
    void enter_within(const std::string& first, const std::string& last) {
        std::string  settled;
        const auto   raiser = contains(checklist_, proposer_) ? proposer_ : checklist_.front();
        const auto   open = engine_.get(out_.proposal)->concerns;
        for (const auto& c : open)
            if (c.state == quorate::concern_state::open && submit(last, quorate::resolve{.by = raiser, .concern = c.name}))
                settled += (settled.empty() ? "" : ", ") + c.name;
        const auto more = tick_what_is_enough(last);
        if (!settled.empty()) out_.supposed.push_back("that " + settled + " was resolved by " + last);
        if (more > 0) out_.supposed.push_back("that " + std::to_string(more) + " more approved by " + last);
        check(last, stage() == "fcp", stage() == "fcp" ? "has entered the final comment period" : "is still " + stage(),
              "entered between " + first + " and " + last);
        if (const auto due = engine_.next_change(out_.proposal)) {
            engine_.advance(*due);
            say(quorate::date_string(*due), "at the latest, ends: " + stage(), "not in the record");
        }
    }

    // ---- pending lists: only who was missing ------------------------------------------------------------------------------------
    void pending_list() {
        const auto& first = r_.snapshots.front();
        if (!begin({"", checklist_.front(), first.date}, pick_proposer(first))) return;
        for (std::size_t i = 0; i < r_.snapshots.size(); ++i) {
            const auto&              s = r_.snapshots[i];
            std::vector<std::string> others;
            for (const auto& who : checklist_) {
                bool missing = false;  // now, or on a later day
                for (auto later = i; later < r_.snapshots.size(); ++later)
                    missing = missing || contains(r_.snapshots[later].outstanding, who);
                if (!missing) others.push_back(who);
            }
            tick(s.date, others);
            if (stage() != "pending") {
                not_checkable("approved set and size of the team: with " + std::to_string(s.outstanding.size()) +
                              " missing it depends on how many had approved");
                out_.lines.clear();
                out_.checks = 0;
                out_.missing += " (not stored)";
                return;
            }
            check(s.date, true, "pending, missing " + std::to_string(s.outstanding.size()), "");
        }
        out_.lines.back().note += ", whoever else had approved: " + rule_in_the_way(r_.snapshots.back().date);
    }
    [[nodiscard]] std::string rule_in_the_way(const std::string& date) const {
        for (const auto& x : explain(date).exits)
            for (const auto& c : x.conditions)
                if (x.to == "fcp" && c.is != quorate::truth::met) return c.text + " is not met";
        return "nothing";
    }
    /// Somebody who isn't missing; whoever proposes has approved.
    [[nodiscard]] std::string pick_proposer(const snapshot& s) const {
        for (const auto& who : checklist_)
            if (!contains(s.outstanding, who) && who.starts_with("reviewer-not-recorded")) return who;
        return checklist_.front();
    }

    const record&                      r_;
    quorate::engine&                   engine_;
    std::vector<std::string>           checklist_;
    replayed                           out_;
    int                                keys_ = 0;
    std::set<std::string>              dated_, raised_, resolved_;
    std::vector<entry>                 late_;
    std::string                        proposer_, supposed_raiser_;
};

}  // namespace

quorate::roster roster_of(const std::vector<record>& records) {
    quorate::roster_document document;
    document.name = "people of the recorded Rust decisions";
    std::set<std::string>                            people;
    std::map<std::string, std::vector<std::string>>  teams;
    for (const auto& r : records) {
        const auto checklist = checklist_of(r);
        people.insert(checklist.begin(), checklist.end());
        for (const auto& p : r.proposals)
            if (!p.by.empty()) people.insert(p.by);
        if (!checklist.empty()) teams[team_name(checklist)] = checklist;
    }
    for (const auto& who : people) {
        quorate::person_info info;
        info.id = info.handle = who;
        document.people.push_back(std::move(info));
    }
    // "all": members of any team that the bot knows, who may propose to merge for other teams.
    quorate::team_info all;
    all.name = "all";
    all.kind = quorate::team_kind::marker_team;
    for (const auto& who : people) all.members.push_back({who, {}});
    document.teams.push_back(std::move(all));
    for (const auto& [name, members] : teams) {
        quorate::team_info team;
        team.name = name;
        for (const auto& who : members) team.members.push_back({who, {}});
        document.teams.push_back(std::move(team));
    }
    return quorate::make_roster(std::move(document)).value();
}

replayed replay(const record& r, quorate::engine& engine) { return replaying(r, engine)(); }

}  // namespace rust_history
