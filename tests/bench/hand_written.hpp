// The baseline: one final comment period as someone would write it by hand for exactly this rule, without charter, law,
// permissions per stage, explanation or journal.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hand_written {

enum class state : std::uint8_t { discussion, pending, fcp, accepted };
enum class what : std::uint8_t { propose, approve, raise, resolve, tick };

struct fcp {
    struct concern {
        std::string name;
        int         raiser;
        bool        open;
    };
    std::vector<int>     reviewers;
    std::vector<bool>    approved;
    std::vector<concern> concerns;
    state                now = state::discussion;
    std::int64_t         entered = 0;

    /// Whether the command was taken.
    bool submit(what w, int who, const std::string& name, std::int64_t at);

private:
    void settle(std::int64_t at);
};

}  // namespace hand_written
