// A state machine of your own (Boost.MSM) with quorate rules as its guards: a release is voted on, then closed.
#include <boost/mp11/mpl.hpp>  // before MSM, so that the table may be an mp_list
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>
#include <iostream>
#include <quorate/msm.hpp>

using boost::msm::front::none, boost::msm::front::Row;

struct words { static constexpr std::string_view positions[]{"approve", "reject"}; };  // checked when this is compiled
using enough = quorate::rule_guard<"approve >= 2/3 of eligible and concerns == 0", words>;

struct voting : boost::msm::front::state<> {};
struct released : boost::msm::front::state<> {};
struct close_vote {};

struct release_ : boost::msm::front::state_machine_def<release_> {
    using no_message_queue = int;     // MSM's queue and exception handling lose errors
    using no_exception_thrown = int;
    using initial_state = voting;
    using transition_table = boost::mp11::mp_list<Row<voting, close_vote, released, none, enough>>;
    template <class Machine, class Event> void no_transition(const Event&, Machine&, int) {}

    quorate::member_class members[1]{};                              // everyone is alike here
    quorate::evidence     evidence() const { return {.classes = members, .positions = 2}; }  // what guards look at
};

int main() {
    boost::msm::back::state_machine<release_> release;
    release.start();
    std::cout << "To be released: " << quorate::english(enough::rule()) << ".\n";
    release.members[0].counts = {5, 0, 0};  // five silent, nobody approves, nobody rejects
    while (release.process_event(close_vote{}) != boost::msm::back::HANDLED_TRUE) {
        const auto why = enough::explain(release.evidence());
        const auto more = quorate::fewest_ballots(enough::rule(), release.evidence());
        std::cout << "Not yet: " << to_string(*why.why[0].measured) << " approve, " << more->ballots << " more would do.\n";
        --release.members[0].counts[0], ++release.members[0].counts[1];  // somebody approves
    }
    std::cout << "Released.\n";
}
