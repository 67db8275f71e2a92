// Who there is, from a file that somebody else keeps up to date. Three shapes, told apart by what is in them:
//
// - a roster of quorate ("format": 1);
// - the teams of the Rust project, as its team repository publishes them (v1/teams.json): an object of teams with "members", each with
//   "github", "github_id" and "is_lead"; a team may have "rfcbot": {"label", "ping", "exclude-members"}, as in that repository's TOML;
// - a listing of GitHub teams: {"teams": [{"slug", "name", "members": [{"id", "login"}]}]}; a team whose members couldn't be read has none
//   in the file: it is then not known who they are, and nobody counts as one.
//
// People are known by GitHub's numbers: a person's id is that number, their handle the login of the day.
#pragma once

#include <string>
#include <vector>

#include <quorate/roster.hpp>

namespace bot {

inline constexpr std::size_t largest_roster_file = std::size_t{1} << 20;  ///< bytes

/// Refused: what none of the three is, ids that aren't numbers of GitHub (a login may belong to somebody else tomorrow), and exclusions of
/// whom the team doesn't have: they may be meant for a member under another login.
[[nodiscard]] quorate::result<quorate::roster> read_roster(std::string_view text, const std::string& name);
[[nodiscard]] quorate::result<quorate::roster> read_roster_file(const std::string& path);

/// What has to happen to `now` so that people, logins, teams, members, leads and exclusions are as in `wanted`, in an order in which each step
/// is possible and whoever is excluded is so before others may count them. A new team has its title and label; those of a team that is there
/// stay as they are. People are never removed, only their memberships. Teams whose members `wanted` doesn't know stay as they are, and teams
/// that it doesn't have lose their members: who may decide is never widened by what could not be read. What else a roster says isn't looked at.
[[nodiscard]] std::vector<quorate::roster_event> changes(const quorate::roster& now, const quorate::roster& wanted, quorate::instant at);

}  // namespace bot
