// The header-only part links nothing.
#include <quorate/result.hpp>
#include <quorate/rule.hpp>
#include <quorate/verdict.hpp>

int main() {
    constexpr quorate::word words[] = {{.name = "yes", .is = quorate::word::kind::position, .text = {}}};
    const auto r = quorate::read_rule("yes >= 2/3 of eligible", words);
    return r.error.is_error() ? 1 : 0;
}
