// A rule in C++ that misspells a position.
// expect: unknown_name_in_rule_at_column<28, .*(aprove|97, 112, 114, 111, 118, 101)
#include <quorate/msm.hpp>

struct words { static constexpr std::string_view positions[]{"approve"}; };

#ifdef SHOULD_COMPILE
using guard = quorate::rule_guard<"eligible > 2 and 2 / 3 <= approve", words>;
#else
using guard = quorate::rule_guard<"eligible > 2 and 2 / 3 <=  aprove", words>;
#endif
bool test(const quorate::evidence& e) { return guard::test(e); }
