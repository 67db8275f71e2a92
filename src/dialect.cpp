// The tables of dialects, and who is heard.
#include <algorithm>
#include <array>

#include <quorate/dialect.hpp>

namespace quorate {
namespace {

using enum after_verb;

// clang-format off
constexpr std::array<std::string_view, 2> rfcbot_mentions{"@rfcbot", "@rust-rfcbot"}, rfcbot_prefixes{"fcp", "pr"},
    triagebot_mentions{"@rustbot", "@triagebot"};

// ---- rfcbot: rust-lang/rfcbot-rs@882991b src/github/command.rs, config.rs ---------------------------------------------------------
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

// ---- gitvote: cncf/gitvote@d4bce0e2 src/cmd.rs, its regular expression and the first of what it finds -------------------------------
constexpr std::array<dialect_verb, 3> gitvote_verbs{{
    {"vote",        act::propose,  "", "vote", profile},
    {"cancel-vote", act::withdraw, "", "",     profile},
    {"check-vote",  act::advance,  "", "",     profile, false, "", wish::status},
}};

// ---- prow: kubernetes-sigs/prow@a6194089 pkg/plugins/{approve,lgtm,hold} ------------------------------------------------------------
constexpr std::array<dialect_verb, 4> prow_approve{{
    {"approve",        act::withdraw_ballot, "",                 "", containing, false, "cancel"},
    {"remove-approve", act::withdraw_ballot, "",                 "", anything},
    {"approve",        act::cast,            "approve_no_issue", "", just,       false, "no-issue"},
    {"approve",        act::cast,            "approve",          "", anything},
}};
constexpr std::array<dialect_verb, 4> prow_approve_or_lgtm{{
    {"approve|lgtm",   act::withdraw_ballot, "",                 "", containing, false, "cancel"},
    {"remove-approve", act::withdraw_ballot, "",                 "", anything},
    {"approve|lgtm",   act::cast,            "approve_no_issue", "", just,       false, "no-issue"},
    {"approve|lgtm",   act::cast,            "approve",          "", anything},
}};
constexpr std::array<dialect_verb, 2> prow_lgtm{{
    {"lgtm|lgtm no-issue",      act::second,          "", "", just},
    {"lgtm cancel|remove-lgtm", act::withdraw_second, "", "", just,       false, "",       wish::everybodys},
}};
constexpr std::array<dialect_verb, 3> prow_hold{{
    {"hold",                    act::release,         "", "", first_word_is, false, "cancel", wish::everybodys},
    {"unhold|remove-hold",      act::release,         "", "", anything,   false, "",       wish::everybodys},
    {"hold",                    act::hold,            "", "", anything},
}};

constexpr std::array<dialect_reader, 1> rfcbot_reader{{{rfcbot_verbs}}}, triagebot_reader{{{triagebot_verbs}}},
    decision_reader{{{decision_verbs}}}, gitvote_reader{{{gitvote_verbs, heeds::first}}};
constexpr std::array<dialect_reader, 3> prow_readers{{{prow_approve}, {prow_lgtm, heeds::uppermost}, {prow_hold, heeds::uppermost}}},
    prow_lgtm_approves_readers{{{prow_approve_or_lgtm}, {prow_lgtm, heeds::uppermost}, {prow_hold, heeds::uppermost}}};

constexpr std::array<dialect, 6> all_dialects{{
    {.name = "rfcbot", .title = "Commands of Rust's rfcbot", .cites = "rust-lang/rfcbot-rs@882991b src/github/command.rs",
     .mentions = rfcbot_mentions, .where = addressing::line_start, .prefixes = rfcbot_prefixes, .readers = rfcbot_reader,
     .edits = on_edit::nothing, .strangers_end_it = true},
    {.name = "triagebot", .title = "Commands of Rust's triagebot", .cites = "rust-lang/triagebot@5991e61 parser/src/command",
     .mentions = triagebot_mentions, .where = addressing::anywhere, .prefixes = {}, .readers = triagebot_reader,
     .edits = on_edit::what_is_new},
    {.name = "triagebot-decision", .title = "Commands of triagebot's decision process",
     .cites = "rust-lang/triagebot@abd7a797 parser/src/command/decision.rs (never merged)",
     .mentions = triagebot_mentions, .where = addressing::anywhere, .prefixes = {}, .readers = decision_reader,
     .edits = on_edit::what_is_new},
    {.name = "gitvote", .title = "Commands of gitvote", .cites = "cncf/gitvote@d4bce0e2 src/cmd.rs",
     .mentions = {}, .where = addressing::slash, .prefixes = {}, .readers = gitvote_reader, .edits = on_edit::nothing},
    {.name = "prow", .title = "Commands of Prow that approve", .cites = "kubernetes-sigs/prow@a6194089 pkg/plugins/{approve,lgtm,hold}",
     .mentions = {}, .where = addressing::slash, .prefixes = {}, .readers = prow_readers, .edits = on_edit::nothing, .any_case = true},
    {.name = "prow-lgtm-approves", .title = "Commands of Prow where /lgtm approves, too",
     .cites = "kubernetes-sigs/prow@a6194089 pkg/plugins/{approve,lgtm,hold}, lgtm_acts_as_approve",
     .mentions = {}, .where = addressing::slash, .prefixes = {}, .readers = prow_lgtm_approves_readers, .edits = on_edit::nothing,
     .any_case = true},
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

std::vector<command> given(const asked& a, const proposal& p, const roster& people) {
    std::vector<command> all;
    if (a.everybodys)
        for (const auto& s : a.command.what == act::release ? p.holds : p.seconds) {
            all.push_back(a.command);
            if (people.find_person(a.command.by) != s.who) all.back().on_behalf_of = people.id(s.who);
        }
    if (all.empty()) all.push_back(a.command);
    return all;
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
