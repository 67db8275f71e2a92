// The traps of Boost.MSM 1.81 on which src/law.cpp relies, or which it avoids.
#include <doctest/doctest.h>

#include <boost/mp11/mpl.hpp>

#include <boost/mp11.hpp>
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <set>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>

#include "law_support.hpp"

// Counts allocations, where neither another test (they are weak) nor a sanitizer replaces the
// operators; the test that counts looks first whether it does.
namespace {
thread_local std::size_t allocations = 0;
}
#if !defined(QUORATE_SANITIZE)
__attribute__((weak)) void* operator new(std::size_t n) {
    ++allocations;
    if (void* p = std::malloc(n == 0 ? 1 : n)) return p;
    throw std::bad_alloc{};
}
__attribute__((weak)) void operator delete(void* p) noexcept { std::free(p); }
__attribute__((weak)) void operator delete(void* p, std::size_t) noexcept { std::free(p); }
#endif

namespace {

using namespace law_support;

namespace msm = boost::msm;
using boost::mp11::mp_list;
using msm::front::none;
using msm::front::Row;

struct go { int n; };
struct unheard {};
struct one : msm::front::state<> {};
struct two : msm::front::state<> {};
struct three : msm::front::state<> {
    static inline int entries = 0;
    template <class Event, class Machine>
    void on_entry(const Event&, Machine&) { ++entries; }
};
struct over : msm::front::terminate_state<> {};

template <int Least>
struct at_least {
    template <class Machine, class Source, class Target>
    bool operator()(const go& e, Machine&, Source&, Target&) const {
        if (e.n > 99) throw std::runtime_error("a guard that throws");
        return e.n >= Least;
    }
};

/// Like the law's: no queue, no exception handling, silent about events that no row takes.
template <class Table>
struct small : msm::front::state_machine_def<small<Table>> {
    using initial_state = one;
    using transition_table = Table;
    using no_message_queue = int;
    using no_exception_thrown = int;
    template <class Event, class Machine>
    void no_transition(const Event&, Machine&, int) {}
};
/// The same with MSM's defaults.
template <class Table>
struct with_queue : msm::front::state_machine_def<with_queue<Table>> {
    using initial_state = one;
    using transition_table = Table;
};

using forks = mp_list<Row<one, go, two, none, at_least<1>>, Row<one, go, three, none, at_least<2>>>;
using forks_swapped = mp_list<Row<two, go, one>, Row<one, go, two>>;
using ends = mp_list<Row<one, go, over>>;
using machine = msm::back::state_machine<small<forks>>;

struct set_state {
    int id;
    template <class Member>
    set_state& operator&(Member& m) {
        if constexpr (std::is_same_v<Member, int[1]>) m[0] = id;
        return *this;
    }
};

template <class Machine, class State>
constexpr int id_of = msm::back::get_state_id<typename Machine::stt, State>::type::value;

TEST_SUITE_BEGIN("law");

TEST_CASE("MSM tries rows that conflict from the last: guards must exclude each other") {
    machine m;
    CHECK(m.process_event(go{2}) == msm::back::HANDLED_TRUE);  // both guards hold
    CHECK(m.current_state()[0] == id_of<machine, three>);
    // The law has several rows for some (phase, event); that they exclude each other over all
    // possible facts is asserted where the table is.
    std::set<std::pair<phase, std::string_view>> seen;
    std::size_t beside = 0;
    for (const auto& r : law_rows())
        if (!seen.emplace(r.from, r.event).second) ++beside;
    CHECK(beside == 4);
}

TEST_CASE("MSM tells a guard that refuses from an event without a row, and aborts on neither") {
    machine m;
    CHECK(m.process_event(go{0}) == msm::back::HANDLED_GUARD_REJECT);
    CHECK(m.process_event(unheard{}) == msm::back::HANDLED_FALSE);
    CHECK(m.current_state()[0] == id_of<machine, one>);
    CHECK(may(phase::draft, {act::cast}).name == "no_ballots_in_draft");  // a guard
    CHECK(may(phase::void_, {act::cast}).name == "ended");                // no row
}

TEST_CASE("MSM without exception handling lets an exception out instead of swallowing it") {
    machine m;
    CHECK_THROWS_AS(m.process_event(go{100}), std::runtime_error);
    CHECK(m.process_event(go{1}) == msm::back::HANDLED_TRUE);  // and the machine still works
}

TEST_CASE("MSM's terminate states answer that they handled everything: the law's ends refuse") {
    msm::back::state_machine<small<ends>> m;
    m.process_event(go{1});
    CHECK(m.process_event(unheard{}) == msm::back::HANDLED_TRUE);
    for (std::size_t p = 5; p < phases; ++p) CHECK(may(nth(p), {act::advance}).refused());
}

TEST_CASE("restoring a state runs no entry code") {
    machine m;
    const int before = three::entries;
    set_state archive{id_of<machine, three>};
    m.serialize(archive, 0);
    CHECK(m.current_state()[0] == id_of<machine, three>);
    CHECK(three::entries == before);
    CHECK(m.process_event(go{1}) == msm::back::HANDLED_FALSE);
}

TEST_CASE("MSM numbers states by their place in the table: names are stored, never numbers") {
    using swapped = msm::back::state_machine<small<forks_swapped>>;
    CHECK(id_of<machine, one> == 0);
    CHECK(id_of<swapped, one> == 1);
    for (const auto name : phase_names) CHECK(to_string(phase_named(name).value()) == name);
}

TEST_CASE("without a queue a machine is small, and neither it nor the law allocates") {
    using queued = msm::back::state_machine<with_queue<forks>>;
    CHECK(sizeof(machine) <= 48);
    CHECK(sizeof(queued) > sizeof(machine));

    auto before = allocations;
    { queued q; }
    if (allocations == before) {
        MESSAGE("someone else replaces operator new: nothing measured");
        return;
    }
    before = allocations;
    {
        machine m;
        m.process_event(go{1});
    }
    CHECK(allocations == before);
    std::size_t refused = 0;
    for_all_answers([&](const law_answer& a) { refused += a.refused() ? 1U : 0U; });
    static_cast<void>(law_rows());
    CHECK(allocations == before);
    CHECK(refused > 0);
}

TEST_SUITE_END();

}  // namespace
