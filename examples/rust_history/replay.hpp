// Replays recorded decisions through the engine and says whether it enters and ends the final comment period when the record does.
// Only translates: who decides what is the engine's.
#pragma once

#include <string>
#include <vector>

#include <quorate/quorate.hpp>

#include "record.hpp"

namespace rust_history {

enum class finding : unsigned char { as_recorded, contradicts, not_checkable };

/// A step of the replay, for people.
struct line {
    std::string date;
    std::string what;
    std::string note;     ///< what it was waiting for, or what the record says
    bool        wrong = false;
};

struct replayed {
    std::string              proposal;   ///< its id in the engine; empty: nothing could be replayed
    std::string              decides;    ///< who, for people
    std::vector<line>        lines;
    std::vector<std::string> supposed;   ///< facts that the record lacks and the replay had to suppose
    std::string              missing;    ///< why not checkable
    int                      checks = 0; ///< comparisons with the record
    finding                  found = finding::not_checkable;
    bool                     undecided = false;  ///< the record ends while it was pending
};

/// A roster of everybody whom the records name, with one team for each distinct checklist.
[[nodiscard]] quorate::roster roster_of(const std::vector<record>& records);

/// Replays one record. The engine must run under a charter with a process `fcp` like examples/charters/rust.json, and under
/// `roster_of` records that include this one.
[[nodiscard]] replayed replay(const record& r, quorate::engine& engine);

}  // namespace rust_history
