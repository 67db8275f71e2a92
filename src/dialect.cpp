// The tables of dialects, and who is heard.
#include <algorithm>
#include <array>

#include <quorate/dialect.hpp>

namespace quorate {
namespace {

using enum after_verb;

// ---- rfcbot: rust-lang/rfcbot-rs@882991b src/github/command.rs, config.rs ---------------------------------------------------------
constexpr std::array<std::string_view, 2> rfcbot_mentions{"@rfcbot", "@rust-rfcbot"};
constexpr std::array<std::string_view, 2> rfcbot_prefixes{"fcp", "pr"};
// clang-format off
constexpr std::array<dialect_verb, 9> rfcbot_verbs{{
    {"merge|merged|merging|merges",                act::propose, "merge",    "",         teams},
    {"close|closed|closing|closes",                act::propose, "close",    "",         anything},
    {"postpone|postponed|postponing|postpones",    act::propose, "postpone", "",         anything},
    {"cancel|canceled|canceling|cancels",          act::cancel,  "",         "",         anything},
    {"review|reviewed|reviewing|reviews",          act::cast,    "approve",  "",         anything},
    {"concern|concerned|concerning|concerns",      act::raise,   "",         "",         name},
    {"resolve|resolved|resolving|resolves",        act::resolve, "",         "",         name},
    {"poll|polled|polling|polls|ask|asked|asking|asks|query|queried|querying|queries|inquire|inquired|inquiring|inquires|"
     "quiz|quizzed|quizzing|quizzes|survey|surveyed|surveying|surveys",
                                                   act::ask,     "",         "poll",     teams_and_text},
    {"f?",                                         act::ask,     "",         "feedback", person, true},
}};

// ---- triagebot: rust-lang/triagebot parser/src/command/{second,concern}.rs, ignore_block.rs, src/handlers.rs ------------------------
constexpr std::array<std::string_view, 2> triagebot_mentions{"@rustbot", "@triagebot"};
constexpr std::array<dialect_verb, 4> triagebot_verbs{{
    {"second",          act::second,  "", "", anything},
    {"concern resolve", act::resolve, "", "", title},
    {"concern",         act::raise,   "", "", title},
    {"resolve",         act::resolve, "", "", title},
}};

// ---- its decision process, never merged: triagebot@abd7a797 parser/src/command/decision.rs -----------------------------------------
constexpr std::array<dialect_verb, 2> decision_verbs{{
    {"merge", act::cast, "merge", "", team_and_end},
    {"hold",  act::cast, "hold",  "", team_and_end},
}};

constexpr std::array<dialect, 3> all_dialects{{
    {.name = "rfcbot", .title = "Commands of Rust's rfcbot", .cites = "rust-lang/rfcbot-rs@882991b src/github/command.rs",
     .mentions = rfcbot_mentions, .where = addressing::line_start, .prefixes = rfcbot_prefixes, .verbs = rfcbot_verbs,
     .edits = on_edit::nothing, .strangers_end_it = true},
    {.name = "triagebot", .title = "Commands of Rust's triagebot", .cites = "rust-lang/triagebot@5991e61 parser/src/command",
     .mentions = triagebot_mentions, .where = addressing::anywhere, .prefixes = {}, .verbs = triagebot_verbs,
     .edits = on_edit::what_is_new, .strangers_end_it = false},
    {.name = "triagebot-decision", .title = "Commands of triagebot's decision process",
     .cites = "rust-lang/triagebot@abd7a797 parser/src/command/decision.rs (never merged)",
     .mentions = triagebot_mentions, .where = addressing::anywhere, .prefixes = {}, .verbs = decision_verbs,
     .edits = on_edit::what_is_new, .strangers_end_it = false},
}};
// clang-format on

bool is_stranger(std::string_view who, const roster& people, std::span<const team_id> teams) {
    const auto p = people.find_person(who);
    return !p || std::none_of(teams.begin(), teams.end(), [&](team_id t) { return people.is_member(*p, t); });
}

}  // namespace

std::span<const dialect> dialects() { return all_dialects; }

const dialect* dialect_named(std::string_view name) {
    const auto found = std::find_if(all_dialects.begin(), all_dialects.end(), [&](const dialect& d) { return d.name == name; });
    return found == all_dialects.end() ? nullptr : &*found;
}

std::vector<heard> hear(const dialect& d, const comment& c, const roster& people, std::span<const team_id> teams,
                        const carry_out& todo) {
    std::vector<heard> answers;
    std::uint32_t      ended_at = 0;  // line
    for (auto& a : read_comment(d, c, people)) {
        std::optional<refusal> no;
        if (a.what == asked::kind::problem) {
            no = a.why;
        } else if (ended_at != 0) {
            no = refusal{.by = refused_by::input,
                         .what = "not looked at: " + std::string(d.name) + " stops at line " + std::to_string(ended_at) +
                                 " of the comment, which " + c.by + " may not say",
                         .which = std::string(d.cites),
                         .needed = "say it in a comment of its own"};
        } else {
            if (a.what == asked::kind::opening && a.open.teams.empty())
                for (const auto t : teams) a.open.teams.emplace_back(people.name(t));
            no = todo(a);
            if (no && no->by == refused_by::permission && d.strangers_end_it && is_stranger(c.by, people, teams)) ended_at = a.line;
        }
        answers.push_back({std::move(a), std::move(no)});
    }
    return answers;
}

}  // namespace quorate
