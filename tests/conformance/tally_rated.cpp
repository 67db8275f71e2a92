// Counting cases of positional and rated methods, committees, and quadratic voting.
#include <quorate/tally/judgment.hpp>
#include <quorate/tally/positional.hpp>
#include <quorate/tally/star.hpp>

#include "tally.hpp"
