// Rosters that tests of rosters share.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quorate/roster.hpp>

namespace roster_support {

using namespace quorate;

inline const std::string examples = QUORATE_SOURCE_DIR "/examples/rosters/";

inline instant day(int n) { return at("2026-01-01T00:00:00Z") + std::chrono::days{n}; }

inline std::vector<std::string> ids(const roster& r, std::span<const person> people) {
    std::vector<std::string> all;
    for (const person p : people) all.emplace_back(r.id(p));
    return all;
}

using names = std::vector<std::string>;

/// A roster with people a..f and the given text inside "teams".
inline std::string with_teams(std::string_view teams, std::string_view more = "") {
    return R"({"people": {"a": {}, "b": {}, "c": {}, "d": {}, "e": {}, "f": {}}, )" +
           std::string(more) + "\n\"teams\": {" + std::string(teams) + "}}";
}

inline roster small() { return load_roster_file(examples + "small.json").value(); }

inline std::string why(const result<roster>& r) { return r ? "fine" : r.error().what(); }

inline roster_event change_on(int n, roster_event_kind what, std::string who = {}, std::string team = {}) {
    roster_event e;
    e.at = day(n);
    e.what = what;
    e.who = std::move(who);
    e.team = std::move(team);
    return e;
}

}  // namespace roster_support
