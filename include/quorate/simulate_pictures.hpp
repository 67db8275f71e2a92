// Pictures of a study: SVG that needs nothing else, readable in print and in dark mode, each with its numbers; and one HTML page.
#pragma once

#include <string>
#include <vector>

#include <quorate/simulate.hpp>

namespace quorate::simulate {

struct picture {
    std::string name{};   ///< "time-to-decision": also a file name
    std::string title{};  ///< a sentence that says what is seen
    std::string svg{};    ///< a whole document
    std::string csv{};    ///< what is drawn
};

/// What there is to see: time to decision and survival of open proposals (of the first variants, at most six), load per member, the
/// timeline of the told run, and of a sweep in two dimensions heat maps of acceptance and time, in one dimension lines.
[[nodiscard]] std::vector<picture> pictures(const study& s, const progress& p, const std::vector<told>& story);

/// One page with all of it: pictures, figures, assumptions.
[[nodiscard]] std::string html_report(const study& s, const progress& p, const std::vector<told>& story);

}  // namespace quorate::simulate
