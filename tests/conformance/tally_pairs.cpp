// Counting cases of methods that compare options pair by pair.
#include "tally.hpp"

namespace conformance {

tally_table pair_tallies() { return {}; }

}  // namespace conformance
