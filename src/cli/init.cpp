// init: a charter, a roster and a scenario to start from.
#include <array>
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

#include "cli.hpp"

namespace quorate::cli {
namespace {

namespace fs = std::filesystem;

struct file {
    std::string_view name;
    std::string_view text;
    std::string_view what;
};

constexpr std::array<file, 3> first_files{{
    {"charter.json", R"json(// Who decides, and by which rules. Check it with: quorate check charter.json --roster roster.json
{
  "title": "How we decide",
  "version": "1",
  "parameters": {
    "team":   { "value": "core",   "about": "who decides" },
    "length": { "value": "7 days", "about": "how long anybody may still object once enough have approved" },
  },
  "processes": {
    "decision": {
      "title": "Decision",
      "electorate": { "of": "team(team)", "taken": "live" },
      "positions": { "approve": {}, "reject": { "reason": "required" } },
      "rules": {
        "quorum":  "approve > 1/2 of eligible",  // more than half of the team, whether they speak or not
        "consent": "concerns == 0",              // one open concern stops it
      },
      "stages": {
        "open": {
          "title": "Open for comments", "phase": "review",
          "allow": { "cast": "electorate", "raise": "team(team)", "resolve": "raiser or leads(team)", "withdraw": "author" },
          "exits": [
            { "on": "withdraw", "to": "withdrawn" },
            { "when": "quorum and consent", "to": "last_call", "effects": ["announce"] },
          ],
        },
        "last_call": {
          "title": "Last call", "phase": "final_comment",
          "allow": { "cast": "electorate", "raise": "team(team)", "withdraw": "author" },
          "exits": [
            { "on": "withdraw", "to": "withdrawn" },
            { "when": "not quorum or not consent", "to": "open" },
            { "after": "length", "to": "accepted", "effects": ["announce", "carry out"] },
          ],
        },
      },
    },
  },
}
)json", "the rules"},
    {"roster.json", R"json(// Who there is. Ids stay for ever; handles and names may change.
{
  "format": 1,
  "name": "example",
  "people": {
    "alice": { "name": "Alice Archer" },
    "bob":   { "name": "Bob Baker" },
    "carol": { "name": "Carol Cole" },
  },
  "teams": {
    "core": { "title": "Core team", "top_level": true, "leads": ["alice"], "members": ["alice", "bob", "carol"], "alumni": [] },
  },
}
)json", "the people"},
    {"scenarios.json", R"json(// Unit tests of the rules. Run them with: quorate test .
{
  "charter": "charter.json",
  "roster": "roster.json",
  "process": "decision",
  "given": { "by": "alice", "subject": "issue 1", "at": "2026-03-02T09:00:00Z" },
  "scenarios": [
    {
      "title": "two of three are enough, after a week without objection",
      "steps": [
        { "do": "cast", "by": "alice", "position": "approve", "expect": { "stage": "open", "waiting_for": ["bob", "carol"] } },
        { "after": "1 day", "do": "cast", "by": "bob", "position": "approve",
          "expect": { "stage": "last_call", "effects": ["announce"], "next": "7 days", "next_stage": "accepted" } },
        { "after": "7 days", "expect": { "outcome": "accepted", "effects": ["announce", "carry out"] } },
      ],
    },
    {
      "title": "a concern stops the last call until it is resolved",
      "steps": [
        { "do": "cast", "by": ["alice", "bob"], "position": "approve", "expect": { "stage": "last_call" } },
        { "after": "2 days", "do": "raise", "by": "carol", "concern": "cost", "expect": { "stage": "open", "concerns": ["cost"] } },
        { "after": "2 days", "do": "resolve", "by": "carol", "concern": "cost",
          "expect": { "stage": "last_call", "next": "7 days" } },
      ],
    },
    {
      "title": "strangers have no ballot, and a rejection needs a reason",
      "steps": [
        { "do": "cast", "by": "mallory", "position": "approve", "expect": { "refused_by": "permission" } },
        { "do": "cast", "by": "bob", "position": "reject", "expect": { "refused": "needs a reason" } },
      ],
    },
  ],
}
)json", "unit tests of the rules"},
}};

result<void> write_new(const fs::path& path, std::string_view text) {
    // "x": the file must not exist, not even since we looked.
    std::FILE* f = std::fopen(path.c_str(), "wbx");
    if (f == nullptr) return make_error(errc::io, "can't be made", path.string());
    const bool whole = std::fwrite(text.data(), 1, text.size(), f) == text.size();
    if (std::fclose(f) != 0 || !whole) return make_error(errc::io, "can't be written", path.string());
    return {};
}

int init(const session& s, const std::string& folder) {
    std::error_code ec;
    for (const auto& f : first_files)
        if (fs::exists(fs::path(folder) / f.name, ec))
            return s.fail(make_error(errc::conflict, "exists already and is left alone", (fs::path(folder) / f.name).string(),
                                     "choose another folder"));
    fs::create_directories(folder, ec);
    if (ec) return s.fail(make_error(errc::io, ec.message(), folder));
    std::vector<std::vector<std::string>> rows;
    json_text::json_out                   out;
    out.object().key("written").array();
    for (const auto& f : first_files) {
        const auto path = fs::path(folder) / f.name;
        if (auto done = write_new(path, f.text); !done) return s.fail(done.error());
        rows.push_back({"  " + path.string(), std::string(f.what)});
        out.value(path.string());
    }
    if (s.json) s.print_json(std::move(out.end().end()));
    else s.print("written:\n" + aligned(rows) + fmt::format("next: quorate test {}\n", folder));
    return fine;
}

}  // namespace

void add_init(command_group to) {
    auto folder = std::make_shared<std::string>(".");
    auto sub = to.add("init", "Writes a charter, a roster and scenarios to start from; never overwrites",
                      "quorate init my-group && quorate test my-group", [folder](const session& s) { return init(s, *folder); });
    sub.option("DIR", *folder, "The folder, made when it isn't there").shows_default();
}

}  // namespace quorate::cli
