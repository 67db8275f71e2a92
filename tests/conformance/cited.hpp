// Which recorded cases a scenario answers: the ids that its "cites" begins with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace conformance {

/// "rf-02, rf-03: nag.rs" gives rf-02 and rf-03; "nag.rs: a concern" gives none. An id is letters, digits and hyphens with a hyphen
/// among them, and ends at a comma, a colon, a semicolon or the end.
[[nodiscard]] inline std::vector<std::string> cited_ids(std::string_view cites) {
    std::vector<std::string> ids;
    for (;;) {
        while (cites.starts_with(' ')) cites.remove_prefix(1);
        std::size_t n = 0;
        bool        hyphen = false;
        while (n < cites.size() && ((cites[n] >= 'a' && cites[n] <= 'z') || (cites[n] >= '0' && cites[n] <= '9') || cites[n] == '-'))
            hyphen = cites[n++] == '-' || hyphen;
        const bool ends = n == cites.size() || cites[n] == ',' || cites[n] == ':' || cites[n] == ';';
        if (n == 0 || !hyphen || !ends) return ids;
        ids.emplace_back(cites.substr(0, n));
        if (n == cites.size() || cites[n] != ',') return ids;
        cites.remove_prefix(n + 1);
    }
}

}  // namespace conformance
