// A machine that has nothing for its guards to look at.
// expect: the machine \(or the event\) needs a member evidence\(\)
#include <quorate/msm.hpp>

struct words { static constexpr std::string_view positions[]{"approve"}; };
using guard = quorate::rule_guard<"approve > 2", words>;

struct machine {
#ifdef SHOULD_COMPILE
    quorate::evidence evidence() const { return {}; }
#endif
};
bool test(machine& m, int& from, int& to) { return guard{}(0, m, from, to); }
