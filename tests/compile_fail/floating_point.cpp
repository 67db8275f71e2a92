// A threshold as a floating-point number: it would not be exact.
// expect: deleted (function|constructor)|(function|constructor) .* deleted|use of deleted
#include <quorate/ratio.hpp>

#ifdef SHOULD_COMPILE
quorate::number threshold() { return quorate::number::fraction(2, 3); }
#else
quorate::number threshold() { return 0.66; }
#endif
