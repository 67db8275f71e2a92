// A machine of a user's own, with rules as guards. The library's own law is not involved.
#include <boost/mp11/mpl.hpp>  // before MSM, so that a transition table may be an mp_list
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>

#include <array>
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <quorate/msm.hpp>

namespace {

using boost::msm::front::none;
using boost::msm::front::Row;

struct board {
    static constexpr std::string_view positions[]{"approve", "reject"};
    static constexpr std::array       dispositions{"merge", "close"};
    static constexpr std::string_view facts[]{"tests_pass"};
    static constexpr quorate::word    words[]{
        {.name = "threshold", .is = quorate::word::kind::number, .numerator = 2, .denominator = 3}};
};
using passes = quorate::rule_guard<"approve >= threshold of eligible and concerns == 0", board>;
using fails = quorate::rule_guard<"not (approve >= threshold of eligible and concerns == 0)", board>;
using tested = quorate::rule_guard<"fact(tests_pass) and disposition == merge", board>;

struct review : boost::msm::front::state<> {};
struct approved : boost::msm::front::state<> {};
struct rejected : boost::msm::front::state<> {};
struct merged : boost::msm::front::state<> {};

struct close_vote {};
/// An event that brings its own evidence.
struct merge {
    quorate::evidence               found{};
    [[nodiscard]] quorate::evidence evidence() const { return found; }
};

struct machine_ : boost::msm::front::state_machine_def<machine_> {
    using no_message_queue = int;
    using no_exception_thrown = int;
    using initial_state = review;
    // clang-format off
    using transition_table = boost::mp11::mp_list<
        //  from      on          to        action  guard
        Row<review,   close_vote, approved, none,   passes>,
        Row<review,   close_vote, rejected, none,   fails>,
        Row<approved, merge,      merged,   none,   tested>>;
    // clang-format on
    template <class Fsm, class Event>
    void no_transition(const Event&, Fsm&, int) {}

    [[nodiscard]] const quorate::evidence& evidence() const { return evidence_; }

    std::array<quorate::member_class, 1> members{};
    quorate::evidence                    evidence_{.positions = 2};
};
using machine = boost::msm::back::state_machine<machine_>;
using boost::msm::back::HANDLED_FALSE;
using boost::msm::back::HANDLED_GUARD_REJECT;
using boost::msm::back::HANDLED_TRUE;

constexpr int in_review = 0;
constexpr int in_approved = 1;
constexpr int in_rejected = 2;
constexpr int in_merged = 3;

/// Closes a vote of 6 members, so many of whom approve.
int state_after_vote(std::uint32_t approvals, std::int64_t concerns = 0) {
    machine m;
    m.members[0].counts = {6 - approvals, approvals};
    m.evidence_.classes = m.members;
    m.evidence_.tallies[static_cast<std::size_t>(quorate::quantity::concerns)] = concerns;
    m.start();
    REQUIRE(m.current_state()[0] == in_review);
    CHECK(m.process_event(close_vote{}) == HANDLED_TRUE);
    return m.current_state()[0];
}

}  // namespace

TEST_CASE("a rule guards a row of a machine of one's own, looking at the machine's evidence") {
    CHECK(state_after_vote(4) == in_approved);
    CHECK(state_after_vote(3) == in_rejected);
    CHECK(state_after_vote(6, 1) == in_rejected);
}

TEST_CASE("an event with evidence of its own is asked before the machine, and an unknown fact moves nothing") {
    machine m;
    m.members[0].counts = {0, 6};
    m.evidence_.classes = m.members;
    m.start();
    CHECK(m.process_event(merge{}) == HANDLED_FALSE);  // no such row in review
    CHECK(m.process_event(close_vote{}) == HANDLED_TRUE);
    CHECK(m.process_event(merge{}) == HANDLED_GUARD_REJECT);
    const quorate::fact_value facts[]{{.name = "tests_pass", .truth = true}};
    CHECK(m.process_event(merge{{.disposition = 1, .facts = facts}}) == HANDLED_GUARD_REJECT);
    CHECK(m.current_state()[0] == in_approved);
    CHECK(m.process_event(merge{{.disposition = 0, .facts = facts}}) == HANDLED_TRUE);
    CHECK(m.current_state()[0] == in_merged);
}

TEST_CASE("the guard tells why not, with the same rule") {
    quorate::member_class c[1]{};
    c[0].counts = {3, 3};
    const auto why = passes::explain({.classes = c, .positions = 2});
    CHECK_FALSE(why.is_met());
    CHECK(why.possible());
    REQUIRE(why.why.size() == 2);
    CHECK(why.why[0].measured == quorate::number(3));
    CHECK(why.why[0].required == quorate::number(4));
    CHECK(quorate::print(passes::rule()) == "approve >= threshold of eligible and concerns == 0");
    CHECK(quorate::fewest_ballots(passes::rule(), {.classes = c, .positions = 2})->ballots == 1);
}

TEST_CASE("a rule and its opposite exclude each other, and where something is unknown neither holds") {
    using yes = quorate::rule_guard<"fact(tests_pass)", board>;
    using no = quorate::rule_guard<"not fact(tests_pass)", board>;
    CHECK_FALSE(yes::test({}));
    CHECK_FALSE(no::test({}));
}

namespace {
constexpr bool at_compile_time() {
    quorate::member_class c[1]{};
    c[0].counts = {2, 4};
    return passes::test({.classes = c, .positions = 2});
}
static_assert(at_compile_time());
static_assert(passes::rule().nodes.size() == 9);
static_assert(std::is_empty_v<passes>);
}  // namespace
