// The words of the law, for law.cpp only: phases and events as MSM sees them, guards, and reasons
// for refusals.
#pragma once

#include <boost/mp11/mpl.hpp>  // before MSM: lets it take an mp_list as table

#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>

#include <quorate/law.hpp>

#include <algorithm>
#include <initializer_list>
#include <type_traits>

namespace quorate {
namespace {  // law.cpp alone includes this: MSM's long symbols stay inside it
namespace legal_code {

namespace msm = boost::msm;

// ---- phases and events --------------------------------------------------------------------------

template <phase Id>
struct in : msm::front::state<> {
    static constexpr phase id = Id;
};
using draft = in<phase::draft>;
using review = in<phase::review>;
using final_comment = in<phase::final_comment>;
using approval = in<phase::approval>;
using accepted = in<phase::accepted>;
using enacted = in<phase::enacted>;
using rejected = in<phase::rejected>;
using postponed = in<phase::postponed>;
using withdrawn = in<phase::withdrawn>;
using lapsed = in<phase::lapsed>;
using inconclusive = in<phase::inconclusive>;
using void_ = in<phase::void_>;

using stays = msm::front::none;  // as a target: an internal row

/// An act of one class.
template <act_class Class>
struct does {
    static constexpr act_class of = Class;
    act_facts                  facts;
};
using speak = does<act_class::speak>;
using shape = does<act_class::shape>;
using steer = does<act_class::steer>;
using clock = does<act_class::clock>;
using record = does<act_class::record>;
using conclude = does<act_class::conclude>;
using reopen = does<act_class::reopen>;

/// A stage exit into a phase.
template <class Phase>
struct to {
    static constexpr phase id = Phase::id;
    move_facts             facts;
};

template <class Event>
inline constexpr bool is_act = std::is_same_v<decltype(Event::facts), act_facts>;

// What an unguarded row allows, by class of act and by target phase.
constexpr std::array<std::string_view, 7> act_says{
    "its people may speak",
    "text and options may change",
    "it may be steered",
    "its clock runs",
    "facts and links are always recorded",
    "it may be enacted, or fail to be",
    "it may be appealed, reconsidered or revived",
};
constexpr std::string_view stays_says = "it may go to another stage of the phase";

constexpr std::array<std::string_view, 12> move_names{
    "to draft",     "to review",   "to final_comment", "to approval",
    "to accepted",  "to enacted",  "to rejected",      "to postponed",
    "to withdrawn", "to lapsed",   "to inconclusive",  "to void"};
constexpr std::array<std::string_view, 12> move_says{
    "it may go back to draft",
    "it may go to review",
    "it may go to final comment",
    "it may go to approval",
    "it may be accepted",
    "it may be enacted",
    "it may be rejected",
    "it may be postponed",
    "it may be withdrawn",
    "it may lapse",
    "it may end inconclusive",
    "it may be annulled",
};

template <class Event>
constexpr std::string_view event_name() {
    if constexpr (is_act<Event>) return to_string(Event::of);
    else return move_names[static_cast<std::size_t>(Event::id)];
}

// ---- why something is refused -------------------------------------------------------------------

struct reason {
    std::string_view name;
    std::string_view law;
    std::string_view way_out;
};

/// How a proposal in this phase is taken up again.
constexpr std::string_view taken_up_by(phase p) {
    switch (p) {
        case phase::accepted:
        case phase::enacted: return "appeal it or ask to reconsider it";
        case phase::rejected: return "appeal it, ask to reconsider it, or revive it";
        case phase::postponed:
        case phase::withdrawn:
        case phase::lapsed: return "revive it first";
        case phase::inconclusive: return "revive it or ask to reconsider it";
        default: return "open a new proposal";
    }
}

/// Where an exit may lead a proposal that is taken up again.
constexpr std::string_view taken_up_in(phase p) {
    switch (p) {
        case phase::withdrawn:
        case phase::lapsed: return "take it up again in draft or review";
        case phase::rejected: return "take it up again in draft, review or approval";
        default: return "take it up again in review or approval";
    }
}

constexpr std::string_view closed_because(phase p) {
    switch (p) {
        case phase::enacted: return "it was enacted: only records and an appeal are left";
        case phase::rejected: return "it was rejected: only records and a reopening are left";
        case phase::postponed: return "it was postponed: only records and a revival are left";
        case phase::withdrawn: return "it was withdrawn: only records and a revival are left";
        case phase::lapsed: return "it lapsed: only records and a revival are left";
        case phase::inconclusive:
            return "it ended inconclusive: only records and another try are left";
        default: return "it was annulled: only records are left";
    }
}

constexpr reason not_accepted{"not_accepted", "only an accepted decision is enacted",
                              "it must be accepted first"};
constexpr reason void_is_final{"void_is_final", "an annulled decision never reopens",
                               "open a new proposal"};
constexpr reason nothing_to_annul{"nothing_to_annul",
                                  "only what was accepted, enacted or rejected can be annulled",
                                  "nothing needs to be annulled here"};

/// Why the table has no row for this class of act in this phase.
constexpr reason no_row(phase now, act_class of) {
    if (is_end(now)) {
        if (of == act_class::reopen) return void_is_final;
        if (now == phase::enacted && of == act_class::conclude)
            return {"already_enacted", "what is enacted is neither enacted again nor fails to be",
                    taken_up_by(now)};
        return {"ended", closed_because(now), taken_up_by(now)};
    }
    if (now == phase::accepted)
        return {"text_settled", "text and options are settled once a proposal is accepted",
                taken_up_by(now)};
    if (of == act_class::conclude) return not_accepted;
    return {"still_open", "only what was decided or has ended is reopened, and it is still open",
            "act on it as it stands: no reopening is needed"};
}

/// Why the table has no row that leads from one phase to the other.
constexpr reason no_row(phase from, phase target) {
    if (from == phase::void_) return void_is_final;
    if (target == phase::void_) return nothing_to_annul;
    if (is_open(from)) {
        if (target == phase::enacted) return not_accepted;
        return {"draft_undecided", "a draft has no outcome: nobody has had a formal say on it",
                "move it to review, final comment or approval first"};
    }
    if (is_open(target))
        return {"reopens_elsewhere", "what was decided or has ended is not taken up again there",
                taken_up_in(from)};
    if (from == phase::accepted)
        return {"outcome_known", "once accepted it is neither postponed nor left inconclusive",
                "hold it, let it lapse, or reopen it"};
    return {"one_end", "an end leads to no other outcome: it must be reopened and decided again",
            taken_up_by(from)};
}

// ---- guards: what a row asks of the facts -------------------------------------------------------
// Each has a name, `says` what it allows, `holds` or not, and tells `why` it refuses. Two guards of
// the same (phase, event) exclude each other: law.cpp checks this over all possible facts.

struct any {};  // no guard

/// Makes a test a guard of MSM.
template <class Test>
struct guard {
    using test = Test;
    template <class Event, class Machine, class Source, class Target>
    bool operator()(const Event& e, Machine&, Source&, Target&) const noexcept {
        return Test::holds(e.facts);
    }
};

constexpr bool one_of(act a, std::initializer_list<act> these) {
    return std::any_of(these.begin(), these.end(), [a](act b) { return a == b; });
}

struct talk {
    static constexpr std::string_view name = "talk";
    static constexpr std::string_view says = "people may talk, but no ballots count";
    static constexpr bool holds(const act_facts& f) {
        return !one_of(f.what, {act::cast, act::withdraw_ballot});
    }
    static constexpr reason why(phase, const act_facts&) {
        return {"no_ballots_in_draft", "no ballots count in a draft",
                "move it to review, final comment or approval first"};
    }
};

struct talk_after {
    static constexpr std::string_view name = "talk_after";
    static constexpr std::string_view says = "people may still ask, answer, second and step aside";
    static constexpr bool holds(const act_facts& f) {
        return one_of(f.what,
                      {act::ask, act::answer, act::recuse, act::second, act::withdraw_second});
    }
    static constexpr reason why(phase p, const act_facts& f) {
        if (one_of(f.what, {act::raise, act::resolve}))
            return {"concerns_closed", "concerns are closed once a proposal is accepted",
                    taken_up_by(p)};
        return {"ballots_closed", "ballots are closed once a proposal is accepted", taken_up_by(p)};
    }
};

struct editorial {
    static constexpr std::string_view name = "editorial";
    static constexpr std::string_view says = "the text may be revised editorially";
    static constexpr bool holds(const act_facts& f) {
        return f.what == act::revise && f.editorial && !f.leads_back;
    }
    static constexpr reason why(phase, const act_facts&) {
        return {"text_frozen", "text is frozen in final comment but for editorial revisions",
                "make an editorial revision, or send it back to review"};
    }
};

struct leads_back {
    static constexpr std::string_view name = "leads_back";
    static constexpr std::string_view says = "text or options may change if this leads back";
    static constexpr bool holds(const act_facts& f) { return f.leads_back; }
    static constexpr reason why(phase, const act_facts&) {
        return {"text_frozen", "text and options are frozen while the electorate decides",
                "send it back to review first"};
    }
};

struct keeps_outcome {
    static constexpr std::string_view name = "keeps_outcome";
    static constexpr std::string_view says = "it may be held, extended, overridden or called off";
    static constexpr bool holds(const act_facts& f) {
        return !one_of(f.what, {act::propose, act::adopt});
    }
    static constexpr reason why(phase p, const act_facts&) {
        return {"already_decided", "an accepted proposal is neither proposed nor adopted again",
                taken_up_by(p)};
    }
};

struct gate_only {
    static constexpr std::string_view name = "gate_only";
    static constexpr std::string_view says = "the host may conclude a gate while it stands";
    static constexpr bool holds(const act_facts& f) { return f.gate; }
    static constexpr reason why(phase, const act_facts&) { return not_accepted; }
};

struct contested {
    static constexpr std::string_view name = "contested";
    static constexpr std::string_view says = "it may be appealed or reconsidered";
    static constexpr bool holds(const act_facts& f) {
        return one_of(f.what, {act::appeal, act::reconsider});
    }
    static constexpr reason why(phase p, const act_facts&) {
        return {"not_stopped", "only what has stopped is revived, and this was accepted",
                taken_up_by(p)};
    }
};

struct revived {
    static constexpr std::string_view name = "revived";
    static constexpr std::string_view says = "it may be revived";
    static constexpr bool holds(const act_facts& f) { return f.what == act::revive; }
    static constexpr reason why(phase p, const act_facts&) {
        return {"nothing_decided", "it stopped undecided: there is nothing to appeal or reconsider",
                taken_up_by(p)};
    }
};

struct tried_again {
    static constexpr std::string_view name = "tried_again";
    static constexpr std::string_view says = "it may be reconsidered or revived";
    static constexpr bool holds(const act_facts& f) {
        return one_of(f.what, {act::reconsider, act::revive});
    }
    static constexpr reason why(phase p, const act_facts&) {
        return {"nothing_to_appeal", "it ended inconclusive: nothing was decided to be appealed",
                taken_up_by(p)};
    }
};

struct unopposed {
    static constexpr std::string_view name = "unopposed";
    static constexpr std::string_view says = "it may be accepted: rule met, no concern open";
    static constexpr bool holds(const move_facts& f) { return f.met && !f.concerns_open; }
    static constexpr reason why(phase, const move_facts& f) {
        if (!f.met)
            return {"rule_unmet", "nothing is accepted whose rule is not met",
                    "the rule of the exit must be met"};
        return {"concerns_open", "nothing is accepted while a blocking concern is open",
                "resolve or overrule the concern, or record an override"};
    }
};

struct overridden {
    static constexpr std::string_view name = "overridden";
    static constexpr std::string_view says = "it may be accepted: rule met, concerns overridden";
    static constexpr bool holds(const move_facts& f) {
        return f.met && f.concerns_open && f.overridden;
    }
    static constexpr reason why(phase p, const move_facts& f) { return unopposed::why(p, f); }
};

struct reopened {
    static constexpr std::string_view name = "reopened";
    static constexpr std::string_view says = "a reopening or another proposal may lead here";
    static constexpr bool holds(const move_facts& f) {
        return f.reopening || f.why == cause::link;
    }
    static constexpr reason why(phase p, const move_facts&) {
        return {"not_reopened", "only a reopening or another proposal undoes an outcome",
                taken_up_by(p)};
    }
};

struct linked {
    static constexpr std::string_view name = "linked";
    static constexpr std::string_view says = "another proposal may annul it";
    static constexpr bool holds(const move_facts& f) { return f.why == cause::link; }
    static constexpr reason why(phase, const move_facts&) {
        return {"not_linked", "a rejection is annulled only by another proposal",
                "link the proposal that annuls it"};
    }
};

}  // namespace legal_code
}  // namespace
}  // namespace quorate
