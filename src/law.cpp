// The law as one Boost.MSM transition table. `articles` is the legal code; its words are in
// law_words.hpp. What follows the table checks it at compile time, and asks it. The contract is in
// law.hpp.
//
// How MSM is used here, and why (each point is a trap of 1.81): guards are pure, and there are no
// actions, entries or exits; no queue, no exception handling; a machine lives on the stack for one
// step; ends are plain states, since MSM's terminate states answer "handled" to everything; rows of
// one (phase, event) exclude each other, since MSM would try the last first.
#include "law_words.hpp"

#include <boost/mp11.hpp>
#include <boost/msm/back/state_machine.hpp>

namespace quorate {
namespace {
namespace legal_code {

namespace mp = boost::mp11;

template <class Definition>
using back_end = msm::back::state_machine<Definition>;  // the one line that backmp11 would change

// ---- the law ------------------------------------------------------------------------------------

template <class From, class Event, class To, class Test = any>
using row = msm::front::Row<
    From, Event, To, msm::front::none,
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

    // Final comment: a disposition is announced; text is frozen but for editorial changes.
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

    // Accepted: the outcome is known, ballots are closed; it waits for enactment, expiry or appeal.
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

// ---- the table as data --------------------------------------------------------------------------

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
        r.says = r.internal ? stays_says : move_says[static_cast<std::size_t>(event::id)];
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
        if (r.event.starts_with("to "))
            g[static_cast<std::size_t>(r.from)][static_cast<std::size_t>(r.to)] = true;
    return g;
}();

// ---- what is checked at compile time ------------------------------------------------------------

// `ask` needs MSM's numbers of the phases: by first appearance as a source, then as a target. The
// table names the phases in the order of the enumeration, so that both agree. (What is stored are
// names.)
template <phase... Ids>
constexpr bool numbered_as_msm_does(mp::mp_list<in<Ids>...>) {
    return (
        (static_cast<int>(Ids) == msm::back::get_state_id<machine::stt, in<Ids>>::value) && ...);
}
template <class Row>
using source_of = typename Row::Source;
template <class Row>
using target_of = typename Row::Target;
using all_phases = mp::mp_unique<
    mp::mp_append<mp::mp_transform<source_of, articles>, mp::mp_transform<target_of, articles>>>;
static_assert(
    std::is_same_v<all_phases,
                   mp::mp_list<draft, review, final_comment, approval, accepted, enacted, rejected,
                               postponed, withdrawn, lapsed, inconclusive, void_>>);
static_assert(numbered_as_msm_does(all_phases{}));

// An event is about where its row leads.
static_assert([] {
    for (const auto& r : table) {
        const bool is_move = r.event.starts_with("to ");
        if (is_move ? r.event.substr(3) != to_string(r.to) : !r.internal) return false;
    }
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
constexpr bool each_phase(bool (*holds)(std::size_t)) {
    for (std::size_t p = 0; p < phases; ++p)
        if (!holds(p)) return false;
    return true;
}
static_assert(each_phase([](std::size_t p) { return p == 0 || closure[0][p]; }),
              "every phase can be reached from draft");
static_assert(each_phase(finishes), "every phase is an end or can reach one");

/// Calls `look(facts)` with all facts that an event can carry until one answers true.
template <class Event, class Look>
constexpr bool any_facts(Look look) {
    if constexpr (is_act<Event>) {
        for (const auto& a : acts)
            for (unsigned bits = 0; a.of == Event::of && bits < 8; ++bits)
                if (look(act_facts{a.what, (bits & 1U) != 0, (bits & 2U) != 0, (bits & 4U) != 0}))
                    return true;
    } else {
        for (unsigned why = 0; why < cause_names.size(); ++why)
            for (unsigned bits = 0; bits < 16; ++bits)
                if (look(move_facts{static_cast<cause>(why), (bits & 1U) != 0, (bits & 2U) != 0,
                                    (bits & 4U) != 0, (bits & 8U) != 0}))
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
        return !any_facts<typename A::Evt>([](const auto& f) {
            return guard_of<A>::test::holds(f) && guard_of<B>::test::holds(f);
        });
    }
}
template <class... Rows>
constexpr bool none_conflict(mp::mp_list<Rows...>) {
    // A row conflicts with itself exactly when its guard can hold at all; hence the count below.
    const auto conflicts = []<class Row>(mp::mp_identity<Row>) {
        return (std::size_t{!exclude_each_other<Row, Rows>()} + ...);
    };
    return ((conflicts(mp::mp_identity<Rows>{}) == 1) && ...);
}
static_assert(none_conflict(articles{}),
              "the rows of one (phase, event) exclude each other, and every guard can hold");

template <class... Rows>
constexpr bool guards_refuse_something(mp::mp_list<Rows...>) {
    const auto refuses = []<class Row>(mp::mp_identity<Row>) {
        if constexpr (!is_guarded<Row>) return true;
        else
            return any_facts<typename Row::Evt>(
                [](const auto& f) { return !guard_of<Row>::test::holds(f); });
    };
    return (refuses(mp::mp_identity<Rows>{}) && ...);
}
static_assert(guards_refuse_something(articles{}), "a guard that always holds is no guard");

static_assert(sizeof(machine) <= 48, "no queues: nothing on the heap");

// ---- asking it ----------------------------------------------------------------------------------

/// Sets the active state through MSM's serialization hook, which runs no entry code (`backmp11` has
/// another hook).
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
    const auto look = [&]<class Row>(mp::mp_identity<Row>) {
        if constexpr (std::is_same_v<typename Row::Evt, Event> && is_guarded<Row>)
            if (r.name.empty() && Row::Source::id == from)
                r = guard_of<Row>::test::why(from, facts);
    };
    mp::mp_for_each<mp::mp_transform<mp::mp_identity, articles>>(look);
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
        const auto what = next == from ? law_answer::kind::stayed : law_answer::kind::moved;
        return {what, next, {}, {}, {}};
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

law_answer judge(phase now, const act_facts& facts) noexcept {
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

law_answer judge(phase from, phase target, const move_facts& facts) noexcept {
    if (!known(from) || !known(target) || !known(facts.why)) return unknown(from);
    return mp::mp_with_index<phases>(static_cast<std::size_t>(target), [&](auto i) {
        return ask(from, to<in<static_cast<phase>(decltype(i)::value)>>{facts});
    });
}

bool has_move(phase from, phase target) noexcept {
    return known(from) && known(target) &&
           moves[static_cast<std::size_t>(from)][static_cast<std::size_t>(target)];
}

}  // namespace legal_code
}  // namespace

law_answer may(phase now, act_facts facts) noexcept { return legal_code::judge(now, facts); }

law_answer move(phase from, phase to, move_facts facts) noexcept {
    return legal_code::judge(from, to, facts);
}

std::span<const law_row> law_rows() noexcept { return legal_code::table; }

bool could_move(phase from, phase to) noexcept { return legal_code::has_move(from, to); }

}  // namespace quorate
