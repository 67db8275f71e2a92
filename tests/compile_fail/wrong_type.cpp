// A rule in C++ that compares a count with a duration.
// expect: mistake_in_rule_at_column<11, .*(a number, not a duration|97, 32, 110, 117, 109)
#include <quorate/msm.hpp>

struct words { static constexpr std::string_view positions[]{"approve"}; };

#ifdef SHOULD_COMPILE
using guard = quorate::rule_guard<"approve > 2", words>;
#else
using guard = quorate::rule_guard<"approve > 2 days", words>;
#endif
bool test(const quorate::evidence& e) { return guard::test(e); }
