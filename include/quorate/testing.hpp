// Unit tests of governance in C++, in whatever test framework is there (shown with doctest): a proposal with a clock of its own, and
// things to compare it with that say what was found when they differ. Header-only; links the library where it runs the engine, and
// nothing for machines of one's own.
//
//     quorate::testing::trial rfc{rules, people, {.process = "rfc", .by = "bob", .at = at("2026-03-01T09:00:00Z")}};
//     CHECK(rfc.does(propose{.by = "bob", .disposition = "accept"}) == accepted);
//     CHECK(rfc.after("1 day").does(cast{.by = "mallory", .position = "approve"}) == refused{refused_by::permission});
//     CHECK(rfc == in_stage{"review"});                  // when it isn't: the explanation of where it is, and why
//     CHECK(rfc.after("10 days") == ended{phase::accepted});
//     CHECK(rfc.effects() == did{"announce"});
//
// A Boost.MSM machine of one's own with rules as guards (msm.hpp) is tested by what its rules read:
//
//     CHECK(reading<passed>(machine.evidence()) == truth::unmet);           // when it isn't: what each comparison measured
//     CHECK(reading<passed>(ballots<words>{.silent = 1}.with("approve", 4)) == truth::met);
#pragma once

#include <algorithm>
#include <concepts>
#include <initializer_list>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <quorate/engine.hpp>
#include <quorate/msm.hpp>

namespace quorate::testing {

// ---- answers ------------------------------------------------------------------------------------------------------------------
/// What a command came to.
struct answer {
    receipt given{};

    friend std::ostream& operator<<(std::ostream& out, const answer& a) {
        if (a.given.failed()) return out << "a fault: " << a.given.fault().what();
        if (!a.given.refused()) return out << "accepted";
        return out << "refused by " << refused_by_names[static_cast<std::size_t>(a.given.refusal().by)] << ": " << to_string(a.given.refusal());
    }
};

struct is_accepted {
    friend bool operator==(const answer& a, is_accepted) { return a.given.accepted(); }
    friend std::ostream& operator<<(std::ostream& out, is_accepted) { return out << "accepted"; }
};
inline constexpr is_accepted accepted{};

/// A refusal: by that one, and with that text in it.
struct refused {
    refused_by  by = refused_by::permission;
    std::string text{};

    friend bool operator==(const answer& a, const refused& r) {
        return a.given.refused() && a.given.refusal().by == r.by && to_string(a.given.refusal()).find(r.text) != std::string::npos;
    }
    friend std::ostream& operator<<(std::ostream& out, const refused& r) {
        out << "refused by " << refused_by_names[static_cast<std::size_t>(r.by)];
        return r.text.empty() ? out : out << ", with \"" << r.text << '"';
    }
};

// ---- a proposal -----------------------------------------------------------------------------------------------------------------
/// What left through the outbox.
struct effects_seen {
    std::vector<effect> all{};

    friend std::ostream& operator<<(std::ostream& out, const effects_seen& e) {
        if (e.all.empty()) return out << "nothing";
        for (std::size_t i = 0; i < e.all.size(); ++i) out << (i == 0 ? "" : "; ") << e.all[i].kind << ' ' << e.all[i].payload;
        return out;
    }
};
/// Effects of these kinds, in this order, and no others.
struct did {
    std::vector<std::string> kinds{};
    did(std::initializer_list<std::string> k) : kinds(k) {}

    friend bool operator==(const effects_seen& e, const did& d) {
        return std::equal(e.all.begin(), e.all.end(), d.kinds.begin(), d.kinds.end(), [](const effect& x, const std::string& k) { return x.kind == k; });
    }
    friend std::ostream& operator<<(std::ostream& out, const did& d) {
        if (d.kinds.empty()) return out << "nothing";
        for (std::size_t i = 0; i < d.kinds.size(); ++i) out << (i == 0 ? "" : "; ") << d.kinds[i];
        return out;
    }
};

/// One proposal on its own, with a virtual clock and everything in memory. What can't be opened, and a time that isn't one, throw
/// `failure`. For one thread.
class trial {
public:
    trial(charter rules, roster people, opening o) : engine_(std::move(rules), std::move(people)), now_(o.at), id_(engine_.open(o).value()) {}

    // The clock. Both let time do what is due up to then, and return the trial.
    trial& at(instant t) {
        now_ = t;
        for (const auto& r : engine_.advance(now_))
            if (r.failed()) throw failure(r.fault());
        return *this;
    }
    trial& at(std::string_view t) {
        const auto parsed = parse_instant(t);
        if (!parsed) throw failure(make_error(errc::invalid, "\"" + std::string(t) + "\" is no instant", "at"));
        return at(*parsed);
    }
    trial& after(duration d) { return at(now_ + d); }
    trial& after(std::string_view d) {
        const auto parsed = parse_duration(d);
        if (!parsed) throw failure(make_error(errc::invalid, "\"" + std::string(d) + "\" is no duration", "after"));
        return after(*parsed);
    }

    /// Gives a command, at the clock's time whatever the command says.
    answer does(command c) {
        c.at = now_;
        return {engine_.submit(id_, c)};
    }
    /// The same from each of them; the first answer that is no acceptance, else the last.
    answer each(const std::vector<std::string>& people, command c) {
        answer last;
        for (const auto& who : people) {
            c.by = who;
            last = does(c);
            if (!last.given.accepted()) break;
        }
        return last;
    }
    /// Changes the roster, at the clock's time. Throws `failure` if it is refused.
    trial& change(roster_event e) {
        e.at = now_;
        (void)engine_.change_roster(e).value();
        return *this;
    }

    /// What left since this was last asked.
    effects_seen effects() {
        effects_seen seen;
        for (;;) {
            const auto more = engine_.pending_effects().value();
            if (more.empty()) return seen;
            for (const auto& e : more) {
                seen.all.push_back(e);
                engine_.done(e.id).value();
            }
        }
    }

    [[nodiscard]] explanation         seen(const viewer& by = viewer::host()) const { return engine_.explain(id_, now_, by).value(); }
    [[nodiscard]] const proposal&     state() const { return *engine_.get(id_); }
    [[nodiscard]] const std::string&  id() const { return id_; }
    [[nodiscard]] instant             now() const { return now_; }
    [[nodiscard]] engine&             runs() { return engine_; }

    friend std::ostream& operator<<(std::ostream& out, const trial& t) { return out << "at " << to_string(t.now_) << ":\n" << to_string(t.seen()); }

private:
    engine      engine_;
    instant     now_{};
    std::string id_;
};

// ---- how it stands ------------------------------------------------------------------------------------------------------------
struct in_stage {
    std::string name{};
    friend bool operator==(const trial& t, const in_stage& s) { return t.state().now().name == s.name; }
    friend std::ostream& operator<<(std::ostream& out, const in_stage& s) { return out << "in stage " << s.name; }
};
struct ended {
    phase as = phase::accepted;
    friend bool operator==(const trial& t, ended e) { return t.state().outcome() == e.as; }
    friend std::ostream& operator<<(std::ostream& out, ended e) { return out << "ended: " << to_string(e.as); }
};
struct is_open_still {
    friend bool operator==(const trial& t, is_open_still) { return !t.state().outcome(); }
    friend std::ostream& operator<<(std::ostream& out, is_open_still) { return out << "still open"; }
};
inline constexpr is_open_still still_open{};

/// Exactly these people are outstanding, in any order.
struct waiting_for {
    std::vector<std::string> people{};
    waiting_for(std::initializer_list<std::string> p) : people(p) { std::sort(people.begin(), people.end()); }

    friend bool operator==(const trial& t, const waiting_for& w) {
        auto found = t.seen().outstanding;
        std::sort(found.begin(), found.end());
        return found == w.people;
    }
    friend std::ostream& operator<<(std::ostream& out, const waiting_for& w) {
        out << "waiting for";
        for (const auto& p : w.people) out << ' ' << p;
        return w.people.empty() ? out << " nobody" : out;
    }
};
/// The explanation contains this.
struct explains {
    std::string text{};
    friend bool operator==(const trial& t, const explains& e) { return to_string(t.seen()).find(e.text) != std::string::npos; }
    friend std::ostream& operator<<(std::ostream& out, const explains& e) { return out << "an explanation with \"" << e.text << '"'; }
};
/// Time alone does something next at that instant.
struct moves_at {
    std::string when{};
    friend bool operator==(const trial& t, const moves_at& m) {
        const auto next = t.seen().next;
        return next && to_string(*next) == m.when;
    }
    friend std::ostream& operator<<(std::ostream& out, const moves_at& m) { return out << "time alone moves it at " << m.when; }
};

// ---- rules as guards of a machine of one's own --------------------------------------------------------------------------------
/// People who are all alike, and what they chose: evidence for rules of a `Vocabulary` (msm.hpp).
template <class Vocabulary>
struct ballots {
    std::uint32_t silent = 0;
    std::int64_t  concerns = 0;
    std::vector<std::pair<std::string_view, std::uint32_t>> cast{};

    [[nodiscard]] ballots with(std::string_view position, std::uint32_t people) const {
        auto more = *this;
        more.cast.emplace_back(position, people);
        return more;
    }
};

/// How a guard's rule reads.
struct rule_reading {
    rule_view rule{};
    verdict   says{};

    friend bool operator==(const rule_reading& r, truth t) { return r.says.now == t; }
    friend std::ostream& operator<<(std::ostream& out, const rule_reading& r) {
        out << to_string(r.says.now) << ": " << english(r.rule);
        for (const auto& a : r.says.why) {
            if (!a.measured || !a.required) continue;
            auto part = a.in;
            part.root = a.node;
            out << "\n  " << print(part) << " [" << to_string(*a.measured) << " : " << to_string(*a.required) << "] " << to_string(a.is);
        }
        return out;
    }
};
template <class Guard>
[[nodiscard]] rule_reading reading(const evidence& e) { return {Guard::rule(), Guard::explain(e)}; }
/// A position that the vocabulary doesn't have throws `failure`.
template <class Guard, class Vocabulary>
[[nodiscard]] rule_reading reading(const ballots<Vocabulary>& b) {
    constexpr std::size_t positions = std::size(Vocabulary::positions);
    member_class          all;
    all.counts[0] = b.silent;
    for (const auto& [name, people] : b.cast) {
        const auto found = std::find(std::begin(Vocabulary::positions), std::end(Vocabulary::positions), name);
        if (found == std::end(Vocabulary::positions)) throw failure(make_error(errc::invalid, "there is no position \"" + std::string(name) + "\"", "with"));
        all.counts[static_cast<std::size_t>(found - std::begin(Vocabulary::positions)) + 1] += people;
    }
    evidence e{.classes = {&all, 1}, .positions = positions};
    e.tallies[static_cast<std::size_t>(quantity::concerns)] = b.concerns;
    auto says = Guard::explain(e);
    return {Guard::rule(), std::move(says)};
}

}  // namespace quorate::testing
