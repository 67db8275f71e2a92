// A rule in C++ that uses a fact which its vocabulary doesn't declare.
// expect: unknown_name_in_rule_at_column<6, .*(test_pass|116, 101, 115, 116, 95)
#include <quorate/msm.hpp>

struct words { static constexpr std::string_view facts[]{"tests_pass"}; };

#ifdef SHOULD_COMPILE
using guard = quorate::rule_guard<"fact(tests_pass)", words>;
#else
using guard = quorate::rule_guard<"fact(test_pass)", words>;
#endif
bool test(const quorate::evidence& e) { return guard::test(e); }
