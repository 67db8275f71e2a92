// The law as one Boost.MSM transition table. Read `articles` first: it is the legal code; everything before it defines its
// words, everything after it checks it at compile time and asks it. See law.hpp for what is promised.
//
// How MSM is used here, and why (each point is a trap of 1.81): guards are pure, there are no actions, entries or exits;
// no queue and no exception handling; a machine lives on the stack for one step; ends are plain states, since MSM's
// terminate states answer "handled" to everything; rows of one (phase, event) exclude each other, since MSM tries the
// last first.
#include <boost/mp11/mpl.hpp>  // before MSM: lets it take an mp_list as table

#include <boost/mp11.hpp>
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>

#include <quorate/law.hpp>

#include <algorithm>
#include <type_traits>

namespace quorate {
namespace {
namespace legal_code {

namespace mp = boost::mp11;
namespace msm = boost::msm;

template <class Definition>
using back_end = msm::back::state_machine<Definition>;  // the one line that backmp11 would change

// ---- phases and events ----------------------------------------------------------------------------------------------

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
constexpr std::array<std::string_view, 12> move_names{
    "to draft",    "to review",    "to final_comment", "to approval", "to accepted",     "to enacted",
    "to rejected", "to postponed", "to withdrawn",     "to lapsed",   "to inconclusive", "to void"};
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

// ---- why something is refused ---------------------------------------------------------------------------------------

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

constexpr std::string_view closed_because(phase p) {
    switch (p) {
        case phase::enacted: return "it was enacted: nothing but records, appeals and reconsideration is possible";
        case phase::rejected: return "it was rejected: nothing but records and a reopening is possible";
        case phase::postponed: return "it was postponed: nothing but records and a revival is possible";
        case phase::withdrawn: return "it was withdrawn: nothing but records and a revival is possible";
        case phase::lapsed: return "it lapsed: nothing but records and a revival is possible";
        case phase::inconclusive: return "it ended inconclusive: nothing but records and another try is possible";
        default: return "it was annulled: nothing but records is possible";
    }
}

constexpr reason not_accepted{"not_accepted", "only an accepted decision is enacted", "it must be accepted first"};
constexpr reason void_is_final{"void_is_final", "an annulled decision never reopens", "open a new proposal"};
constexpr reason nothing_to_annul{"nothing_to_annul", "only what was accepted, enacted or rejected can be annulled",
                                  "withdraw or reject it instead, where it is open"};

/// Why the table has no row for this class of act in this phase.
constexpr reason no_row(phase now, act_class of) {
    if (is_end(now)) {
        if (of == act_class::reopen) return void_is_final;
        if (now == phase::enacted && of == act_class::conclude)
            return {"already_enacted", "what is enacted can't be enacted again, nor fail to be", taken_up_by(now)};
        return {"ended", closed_because(now), taken_up_by(now)};
    }
    if (now == phase::accepted)
        return {"text_settled", "text and options are settled once a proposal is accepted", taken_up_by(now)};
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
        return {"reopens_elsewhere", "what was decided or has ended reopens only where the law has a row for it",
                from == phase::withdrawn || from == phase::lapsed ? "reopen it in draft or review"
                : from == phase::rejected                         ? "reopen it in draft, review or approval"
                                                                  : "reopen it in review or approval"};
    if (from == phase::accepted)
        return {"outcome_known", "the outcome is known once a proposal is accepted: it can't be postponed or inconclusive",
                "hold it, let it lapse, or reopen it"};
    return {"one_end", "an end leads to no other outcome: it must be reopened and decided again", taken_up_by(from)};
}

// ---- guards: what a row asks of the facts ---------------------------------------------------------------------------
// Each has a name, `says` what it allows, `holds` or not, and tells `why` it refuses. `guard` adapts it to MSM.

struct any {  // no guard
    static constexpr std::string_view name = "";
};

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
    static constexpr bool holds(const act_facts& f) { return !one_of(f.what, {act::cast, act::withdraw_ballot}); }
    static constexpr reason why(phase, const act_facts&) {
        return {"no_ballots_in_draft", "no ballots count in a draft",
                "move it to review, final comment or approval first"};
    }
};

struct talk_after {
    static constexpr std::string_view name = "talk_after";
    static constexpr std::string_view says = "people may still ask, answer, second and recuse themselves";
    static constexpr bool holds(const act_facts& f) {
        return one_of(f.what, {act::ask, act::answer, act::recuse, act::second, act::withdraw_second});
    }
    static constexpr reason why(phase p, const act_facts& f) {
        if (one_of(f.what, {act::raise, act::resolve}))
            return {"concerns_closed", "concerns are closed once a proposal is accepted", taken_up_by(p)};
        return {"ballots_closed", "ballots are closed once a proposal is accepted", taken_up_by(p)};
    }
};

struct leads_back {
    static constexpr std::string_view name = "leads_back";
    static constexpr std::string_view says = "text or options may change if that sends it back to review or draft";
    static constexpr bool holds(const act_facts& f) { return f.leads_back; }
    static constexpr reason why(phase, const act_facts&) {
        return {"text_frozen", "text and options are frozen while the electorate decides",
                "send it back to review first, by a command or as the charter's reaction to this one"};
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

struct keeps_outcome {
    static constexpr std::string_view name = "keeps_outcome";
    static constexpr std::string_view says = "it may be held, released, extended, overridden, cancelled or withdrawn";
    static constexpr bool holds(const act_facts& f) { return !one_of(f.what, {act::propose, act::adopt}); }
    static constexpr reason why(phase p, const act_facts&) {
        return {"already_decided", "an accepted proposal is neither proposed nor adopted again", taken_up_by(p)};
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
    static constexpr bool holds(const act_facts& f) { return one_of(f.what, {act::appeal, act::reconsider}); }
    static constexpr reason why(phase p, const act_facts&) {
        return {"not_stopped", "only what has stopped is revived, and this was decided in favour", taken_up_by(p)};
    }
};

struct revived {
    static constexpr std::string_view name = "revived";
    static constexpr std::string_view says = "it may be revived";
    static constexpr bool holds(const act_facts& f) { return f.what == act::revive; }
    static constexpr reason why(phase, const act_facts&) {
        return {"nothing_decided", "it stopped without a decision that could be appealed or reconsidered", "revive it"};
    }
};

struct tried_again {
    static constexpr std::string_view name = "tried_again";
    static constexpr std::string_view says = "it may be reconsidered or revived";
    static constexpr bool holds(const act_facts& f) { return one_of(f.what, {act::reconsider, act::revive}); }
    static constexpr reason why(phase p, const act_facts&) {
        return {"nothing_to_appeal", "it ended inconclusive, without a decision that could be appealed", taken_up_by(p)};
    }
};

struct unopposed {
    static constexpr std::string_view name = "unopposed";
    static constexpr std::string_view says = "it may be accepted when the rule is met and no blocking concern is open";
    static constexpr bool holds(const move_facts& f) { return f.met && !f.concerns_open; }
    static constexpr reason why(phase, const move_facts& f) {
        if (!f.met) return {"rule_unmet", "nothing is accepted whose rule is not met", "the rule of the exit must be met"};
        return {"concerns_open", "nothing is accepted while a blocking concern is open",
                "resolve or overrule the concern, or record an override"};
    }
};

struct overridden {
    static constexpr std::string_view name = "overridden";
    static constexpr std::string_view says = "it may be accepted when the rule is met and open concerns were overridden";
    static constexpr bool holds(const move_facts& f) { return f.met && f.concerns_open && f.overridden; }
    static constexpr reason why(phase p, const move_facts& f) { return unopposed::why(p, f); }
};

struct reopened {
    static constexpr std::string_view name = "reopened";
    static constexpr std::string_view says = "a reopening or another proposal may lead here";
    static constexpr bool holds(const move_facts& f) { return f.reopening || f.why == cause::link; }
    static constexpr reason why(phase p, const move_facts&) {
        return {"not_reopened", "what was decided or has ended is undone only by a reopening or by another proposal",
                taken_up_by(p)};
    }
};

struct linked {
    static constexpr std::string_view name = "linked";
    static constexpr std::string_view says = "another proposal may annul it";
    static constexpr bool holds(const move_facts& f) { return f.why == cause::link; }
    static constexpr reason why(phase, const move_facts&) {
        return {"not_linked", "a rejection is annulled only by another proposal", "link the proposal that annuls it"};
    }
};

// ---- the law --------------------------------------------------------------------------------------------------------

template <class From, class Event, class To, class Test = any>
using row = msm::front::Row<From, Event, To, msm::front::none,
                            std::conditional_t<std::is_same_v<Test, any>, msm::front::none, guard<Test>>>;

// clang-format off
using articles = mp::mp_list<
    //   in             when                 leads to       if
    // Draft: text and options may change, no ballots count; it can't be accepted from here.
    row< draft        , speak             , stays         , talk          >,
    row< draft        , shape             , stays                         >,
    row< draft        , steer             , stays                         >,
    row< draft        , clock             , stays                         >,
    row< draft        , record            , stays                         >,
    row< draft        , to<draft>         , stays                         >,
    row< draft        , to<review>        , review                        >,
    row< draft        , to<final_comment> , final_comment                 >,
    row< draft        , to<approval>      , approval                      >,
    row< draft        , to<rejected>      , rejected                      >,
    row< draft        , to<postponed>     , postponed                     >,
    row< draft        , to<withdrawn>     , withdrawn                     >,
    row< draft        , to<lapsed>        , lapsed                        >,

    // Review: everything may change and be said; it may lead anywhere open, or to an end.
    row< review       , speak             , stays                         >,
    row< review       , shape             , stays                         >,
    row< review       , steer             , stays                         >,
    row< review       , clock             , stays                         >,
    row< review       , record            , stays                         >,
    row< review       , conclude          , stays         , gate_only     >,
    row< review       , to<draft>         , draft                         >,
    row< review       , to<review>        , stays                         >,
    row< review       , to<final_comment> , final_comment                 >,
    row< review       , to<approval>      , approval                      >,
    row< review       , to<accepted>      , accepted      , unopposed     >,
    row< review       , to<accepted>      , accepted      , overridden    >,
    row< review       , to<rejected>      , rejected                      >,
    row< review       , to<postponed>     , postponed                     >,
    row< review       , to<withdrawn>     , withdrawn                     >,
    row< review       , to<lapsed>        , lapsed                        >,
    row< review       , to<inconclusive>  , inconclusive                  >,

    // Final comment: a disposition is announced; text is frozen but for editorial changes, others lead back.
    row< final_comment, speak             , stays                         >,
    row< final_comment, shape             , stays         , editorial     >,
    row< final_comment, shape             , stays         , leads_back    >,
    row< final_comment, steer             , stays                         >,
    row< final_comment, clock             , stays                         >,
    row< final_comment, record            , stays                         >,
    row< final_comment, conclude          , stays         , gate_only     >,
    row< final_comment, to<draft>         , draft                         >,
    row< final_comment, to<review>        , review                        >,
    row< final_comment, to<final_comment> , stays                         >,
    row< final_comment, to<approval>      , approval                      >,
    row< final_comment, to<accepted>      , accepted      , unopposed     >,
    row< final_comment, to<accepted>      , accepted      , overridden    >,
    row< final_comment, to<rejected>      , rejected                      >,
    row< final_comment, to<postponed>     , postponed                     >,
    row< final_comment, to<withdrawn>     , withdrawn                     >,
    row< final_comment, to<lapsed>        , lapsed                        >,
    row< final_comment, to<inconclusive>  , inconclusive                  >,

    // Approval: the electorate's formal say; text and options are frozen, a change leads back.
    row< approval     , speak             , stays                         >,
    row< approval     , shape             , stays         , leads_back    >,
    row< approval     , steer             , stays                         >,
    row< approval     , clock             , stays                         >,
    row< approval     , record            , stays                         >,
    row< approval     , conclude          , stays         , gate_only     >,
    row< approval     , to<draft>         , draft                         >,
    row< approval     , to<review>        , review                        >,
    row< approval     , to<final_comment> , final_comment                 >,
    row< approval     , to<approval>      , stays                         >,
    row< approval     , to<accepted>      , accepted      , unopposed     >,
    row< approval     , to<accepted>      , accepted      , overridden    >,
    row< approval     , to<rejected>      , rejected                      >,
    row< approval     , to<postponed>     , postponed                     >,
    row< approval     , to<withdrawn>     , withdrawn                     >,
    row< approval     , to<lapsed>        , lapsed                        >,
    row< approval     , to<inconclusive>  , inconclusive                  >,

    // Accepted: the outcome is known and ballots are closed; it waits for enactment, timelock, expiry or appeal.
    row< accepted     , speak             , stays         , talk_after    >,
    row< accepted     , steer             , stays         , keeps_outcome >,
    row< accepted     , clock             , stays                         >,
    row< accepted     , record            , stays                         >,
    row< accepted     , conclude          , stays                         >,
    row< accepted     , reopen            , stays         , contested     >,
    row< accepted     , to<review>        , review        , reopened      >,
    row< accepted     , to<approval>      , approval      , reopened      >,
    row< accepted     , to<accepted>      , stays                         >,
    row< accepted     , to<enacted>       , enacted                       >,
    row< accepted     , to<rejected>      , rejected                      >,
    row< accepted     , to<withdrawn>     , withdrawn                     >,
    row< accepted     , to<lapsed>        , lapsed                        >,
    row< accepted     , to<void_>         , void_                         >,

    // Enacted: it may be contested, or annulled by what contested or replaced it.
    row< enacted      , record            , stays                         >,
    row< enacted      , reopen            , stays         , contested     >,
    row< enacted      , to<review>        , review        , reopened      >,
    row< enacted      , to<approval>      , approval      , reopened      >,
    row< enacted      , to<void_>         , void_         , reopened      >,

    // Rejected: every way of reopening is open; another proposal may annul the rejection.
    row< rejected     , record            , stays                         >,
    row< rejected     , reopen            , stays                         >,
    row< rejected     , to<draft>         , draft         , reopened      >,
    row< rejected     , to<review>        , review        , reopened      >,
    row< rejected     , to<approval>      , approval      , reopened      >,
    row< rejected     , to<void_>         , void_         , linked        >,

    // Postponed: it may be revived, wherever it was when it was put off.
    row< postponed    , record            , stays                         >,
    row< postponed    , reopen            , stays         , revived       >,
    row< postponed    , to<draft>         , draft         , reopened      >,
    row< postponed    , to<review>        , review        , reopened      >,
    row< postponed    , to<final_comment> , final_comment , reopened      >,
    row< postponed    , to<approval>      , approval      , reopened      >,

    // Withdrawn: it may be revived, and is discussed again.
    row< withdrawn    , record            , stays                         >,
    row< withdrawn    , reopen            , stays         , revived       >,
    row< withdrawn    , to<draft>         , draft         , reopened      >,
    row< withdrawn    , to<review>        , review        , reopened      >,

    // Lapsed: it may be revived, and is discussed again.
    row< lapsed       , record            , stays                         >,
    row< lapsed       , reopen            , stays         , revived       >,
    row< lapsed       , to<draft>         , draft         , reopened      >,
    row< lapsed       , to<review>        , review        , reopened      >,

    // Inconclusive: it may be tried again.
    row< inconclusive , record            , stays                         >,
    row< inconclusive , reopen            , stays         , tried_again   >,
    row< inconclusive , to<review>        , review        , reopened      >,
    row< inconclusive , to<approval>      , approval      , reopened      >,

    // Void: it never reopens.
    row< void_        , record            , stays                         >
>;
// clang-format on

struct code : msm::front::state_machine_def<code> {
    using initial_state = draft;
    using transition_table = articles;
    using no_message_queue = int;     // or every machine allocates twice
    using no_exception_thrown = int;  // or exceptions vanish
    template <class Event, class Machine>
    void no_transition(const Event&, Machine&, int) {}  // or an illegal act aborts debug builds
};
using machine = back_end<code>;

// ---- the table as data ----------------------------------------------------------------------------------------------

template <class Row>
using guard_of = typename Row::Guard;
template <class Row>
inline constexpr bool is_guarded = !std::is_same_v<guard_of<Row>, msm::front::none>;
template <class Row>
inline constexpr bool is_internal = std::is_same_v<typename Row::Target, typename Row::Source>;

template <class Row>
constexpr law_row describe() {
    using event = typename Row::Evt;
    law_row r{Row::Source::id, event_name<event>(), Row::Target::id, is_internal<Row>, "", ""};
    if constexpr (is_guarded<Row>) {
        r.guard = guard_of<Row>::test::name;
        r.says = guard_of<Row>::test::says;
    } else if constexpr (is_act<event>) {
        r.says = act_says[static_cast<std::size_t>(event::of)];
    } else {
        r.says = r.internal ? "it may go to another stage of the phase"
                            : move_says[static_cast<std::size_t>(event::id)];
    }
    return r;
}

template <class... Rows>
constexpr std::array<law_row, sizeof...(Rows)> describe_all(mp::mp_list<Rows...>) {
    return {describe<Rows>()...};
}
constexpr auto table = describe_all(articles{});

constexpr std::size_t phases = phase_names.size();
using graph = std::array<std::array<bool, phases>, phases>;

/// Which phase may follow which, whatever the facts.
constexpr graph moves = [] {
    graph g{};
    for (const auto& r : table)
        if (r.event.starts_with("to ")) g[static_cast<std::size_t>(r.from)][static_cast<std::size_t>(r.to)] = true;
    return g;
}();

// ---- what is checked at compile time --------------------------------------------------------------------------------

// Stored names outlive numbers, but `restore` below needs to know MSM's: by first appearance as a source, then as a
// target. The table names the phases in the order of the enumeration, and so both agree.
template <phase... Ids>
constexpr bool numbered_as_msm_does(mp::mp_list<in<Ids>...>) {
    return ((static_cast<int>(Ids) == msm::back::get_state_id<machine::stt, in<Ids>>::value) && ...);
}
template <class Row>
using source_of = typename Row::Source;
template <class Row>
using target_of = typename Row::Target;
using all_phases =
    mp::mp_unique<mp::mp_append<mp::mp_transform<source_of, articles>, mp::mp_transform<target_of, articles>>>;
static_assert(std::is_same_v<all_phases, mp::mp_list<draft, review, final_comment, approval, accepted, enacted, rejected,
                                                     postponed, withdrawn, lapsed, inconclusive, void_>>);
static_assert(numbered_as_msm_does(all_phases{}));

// An event is about where its row leads.
static_assert([] {
    for (const auto& r : table)
        if (r.event.starts_with("to ") ? r.event.substr(3) != to_string(r.to) : !r.internal) return false;
    return true;
}());

constexpr graph closure = [] {
    graph g = moves;
    for (std::size_t via = 0; via < phases; ++via)
        for (std::size_t a = 0; a < phases; ++a)
            for (std::size_t b = 0; b < phases; ++b) g[a][b] = g[a][b] || (g[a][via] && g[via][b]);
    return g;
}();

constexpr bool finishes(std::size_t p) {
    for (std::size_t end = 0; end < phases; ++end)
        if (is_end(static_cast<phase>(end)) && (p == end || closure[p][end])) return true;
    return false;
}
static_assert([] {
    for (std::size_t p = 1; p < phases; ++p)
        if (!closure[0][p]) return false;
    return true;
}(), "every phase can be reached from draft");
static_assert([] {
    for (std::size_t p = 0; p < phases; ++p)
        if (!finishes(p)) return false;
    return true;
}(), "every phase is an end or can reach one");

/// Calls `look(facts)` with all facts that an event can carry; stops at, and returns, the first true.
template <class Event, class Look>
constexpr bool any_facts(Look look) {
    if constexpr (is_act<Event>) {
        for (const auto& a : acts)
            for (unsigned bits = 0; a.of == Event::of && bits < 8; ++bits)
                if (look(act_facts{a.what, (bits & 1U) != 0, (bits & 2U) != 0, (bits & 4U) != 0})) return true;
    } else {
        for (unsigned why = 0; why < cause_names.size(); ++why)
            for (unsigned bits = 0; bits < 16; ++bits)
                if (look(move_facts{static_cast<cause>(why), (bits & 1U) != 0, (bits & 2U) != 0, (bits & 4U) != 0,
                                    (bits & 8U) != 0}))
                    return true;
    }
    return false;
}

template <class A, class B>
constexpr bool exclude_each_other() {
    if constexpr (!std::is_same_v<typename A::Source, typename B::Source> ||
                  !std::is_same_v<typename A::Evt, typename B::Evt>) {
        return true;
    } else if constexpr (!is_guarded<A> || !is_guarded<B>) {
        return false;  // a row without a guard suffers none beside it
    } else {
        return !any_facts<typename A::Evt>(
            [](const auto& f) { return guard_of<A>::test::holds(f) && guard_of<B>::test::holds(f); });
    }
}
template <class... Rows>
constexpr bool none_conflict(mp::mp_list<Rows...>) {
    // A row conflicts with itself exactly when its guard can hold at all; hence the count below.
    const auto conflicts = []<class Row>(mp::mp_identity<Row>) {
        return (static_cast<std::size_t>(!exclude_each_other<Row, Rows>()) + ...);
    };
    return ((conflicts(mp::mp_identity<Rows>{}) == 1) && ...);
}
static_assert(none_conflict(articles{}),
              "the rows of one (phase, event) exclude each other, and every guard can hold");

template <class... Rows>
constexpr bool guards_refuse_something(mp::mp_list<Rows...>) {
    const auto refuses = []<class Row>(mp::mp_identity<Row>) {
        if constexpr (!is_guarded<Row>) return true;
        else return any_facts<typename Row::Evt>([](const auto& f) { return !guard_of<Row>::test::holds(f); });
    };
    return (refuses(mp::mp_identity<Rows>{}) && ...);
}
static_assert(guards_refuse_something(articles{}), "a guard that always holds is no guard");

static_assert(sizeof(machine) <= 48, "no queues: nothing on the heap");

// ---- asking it ------------------------------------------------------------------------------------------------------

/// Sets the active state through MSM's serialization hook, which runs no entry code. `backmp11` has another hook.
struct restorer {
    int id;
    template <class Member>
    restorer& operator&(Member& m) {
        if constexpr (std::is_same_v<Member, int[1]>) m[0] = id;
        return *this;
    }
};

/// Why the first row of (from, Event) refuses these facts, or why there is no such row.
template <class Event, class Facts>
reason explain(phase from, const Facts& facts) noexcept {
    reason r{};
    mp::mp_for_each<mp::mp_transform<mp::mp_identity, articles>>([&]<class Row>(mp::mp_identity<Row>) {
        if constexpr (std::is_same_v<typename Row::Evt, Event> && is_guarded<Row>)
            if (r.name.empty() && Row::Source::id == from) r = guard_of<Row>::test::why(from, facts);
    });
    if (!r.name.empty()) return r;
    if constexpr (is_act<Event>) return no_row(from, Event::of);
    else return no_row(from, Event::id);
}

template <class Event>
law_answer ask(phase from, const Event& event) noexcept {
    machine  m;
    restorer archive{static_cast<int>(from)};
    m.serialize(archive, 0);
    if (m.process_event(event) == msm::back::HANDLED_TRUE) {
        const auto next = static_cast<phase>(m.current_state()[0]);
        return {next == from ? law_answer::kind::stayed : law_answer::kind::moved, next, {}, {}, {}};
    }
    const auto [name, law, way_out] = explain<Event>(from, event.facts);
    return {law_answer::kind::refused, from, name, law, way_out};
}

constexpr bool known(phase p) { return static_cast<std::size_t>(p) < phases; }
constexpr bool known(cause c) { return static_cast<std::size_t>(c) < cause_names.size(); }
constexpr bool known(act a) { return static_cast<std::size_t>(a) < acts.size(); }

constexpr law_answer unknown(phase from) {
    return {law_answer::kind::refused, from, "unknown", "the law knows no such phase, act or cause",
            "use the values of the enumerations"};
}

}  // namespace legal_code
}  // namespace

law_answer may(phase now, act_facts facts) noexcept {
    using namespace legal_code;
    if (!known(now) || !known(facts.what)) return unknown(now);
    switch (row_of(facts.what).of) {
        case act_class::speak: return ask(now, speak{facts});
        case act_class::shape: return ask(now, shape{facts});
        case act_class::steer: return ask(now, steer{facts});
        case act_class::clock: return ask(now, clock{facts});
        case act_class::record: return ask(now, record{facts});
        case act_class::conclude: return ask(now, conclude{facts});
        case act_class::reopen: return ask(now, reopen{facts});
    }
    return unknown(now);
}

law_answer move(phase from, phase target, move_facts facts) noexcept {
    using namespace legal_code;
    if (!known(from) || !known(target) || !known(facts.why)) return unknown(from);
    return mp::mp_with_index<phases>(static_cast<std::size_t>(target), [&](auto i) {
        return ask(from, to<in<static_cast<phase>(decltype(i)::value)>>{facts});
    });
}

std::span<const law_row> law_rows() noexcept { return legal_code::table; }

bool could_move(phase from, phase target) noexcept {
    using namespace legal_code;
    return known(from) && known(target) &&
           moves[static_cast<std::size_t>(from)][static_cast<std::size_t>(target)];
}

}  // namespace quorate
