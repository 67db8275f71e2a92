// A rule in C++ that lacks a parenthesis.
// expect: mistake_in_rule_at_column<24, .*('\)|39, 41, 39)
#include <quorate/msm.hpp>

struct words { static constexpr std::string_view positions[]{"approve"}; };

#ifdef SHOULD_COMPILE
using guard = quorate::rule_guard<"approve > (1 + eligible)", words>;
#else
using guard = quorate::rule_guard<"approve > (1 + eligible", words>;
#endif
bool test(const quorate::evidence& e) { return guard::test(e); }
