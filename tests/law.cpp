// The law against a second, independent statement of it: what is legal for every phase, act, target
// and combination of facts, written here by hand, so that changing any row or guard fails a test.
#include <doctest/doctest.h>

#include <quorate/law.hpp>

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "law_support.hpp"

namespace {

using namespace quorate;
using namespace law_support;
using kind = law_answer::kind;


// clang-format off
// May this act be done in this phase?   y yes   . never   b if it leads back to review or draft
//                                       e if it leads back or is editorial   g in a gate only
struct act_line { act what; const char* in; };
constexpr act_line legal_acts[] = {
    //                     draft
    //                     |  review
    //                     |  |  final_comment
    //                     |  |  |  approval
    //                     |  |  |  |  accepted
    //                     |  |  |  |  |  enacted
    //                     |  |  |  |  |  |  rejected
    //                     |  |  |  |  |  |  |  postponed
    //                     |  |  |  |  |  |  |  |  withdrawn
    //                     |  |  |  |  |  |  |  |  |  lapsed
    //                     |  |  |  |  |  |  |  |  |  |  inconclusive
    //                     |  |  |  |  |  |  |  |  |  |  |  void
    {act::cast,           ".  y  y  y  .  .  .  .  .  .  .  ."},
    {act::withdraw_ballot,".  y  y  y  .  .  .  .  .  .  .  ."},
    {act::raise,          "y  y  y  y  .  .  .  .  .  .  .  ."},
    {act::resolve,        "y  y  y  y  .  .  .  .  .  .  .  ."},
    {act::second,         "y  y  y  y  y  .  .  .  .  .  .  ."},
    {act::withdraw_second,"y  y  y  y  y  .  .  .  .  .  .  ."},
    {act::ask,            "y  y  y  y  y  .  .  .  .  .  .  ."},
    {act::answer,         "y  y  y  y  y  .  .  .  .  .  .  ."},
    {act::recuse,         "y  y  y  y  y  .  .  .  .  .  .  ."},
    {act::rejoin,         "y  y  y  y  .  .  .  .  .  .  .  ."},
    {act::delegate,       "y  y  y  y  .  .  .  .  .  .  .  ."},
    {act::revise,         "y  y  e  b  .  .  .  .  .  .  .  ."},
    {act::add_option,     "y  y  b  b  .  .  .  .  .  .  .  ."},
    {act::amend_option,   "y  y  b  b  .  .  .  .  .  .  .  ."},
    {act::withdraw_option,"y  y  b  b  .  .  .  .  .  .  .  ."},
    {act::sponsor,        "y  y  b  b  .  .  .  .  .  .  .  ."},
    {act::propose,        "y  y  y  y  .  .  .  .  .  .  .  ."},
    {act::cancel,         "y  y  y  y  y  .  .  .  .  .  .  ."},
    {act::hold,           "y  y  y  y  y  .  .  .  .  .  .  ."},
    {act::release,        "y  y  y  y  y  .  .  .  .  .  .  ."},
    {act::extend,         "y  y  y  y  y  .  .  .  .  .  .  ."},
    {act::override_,      "y  y  y  y  y  .  .  .  .  .  .  ."},
    {act::break_tie,      "y  y  y  y  y  .  .  .  .  .  .  ."},
    {act::withdraw,       "y  y  y  y  y  .  .  .  .  .  .  ."},
    {act::adopt,          "y  y  y  y  .  .  .  .  .  .  .  ."},
    {act::appoint,        "y  y  y  y  y  .  .  .  .  .  .  ."},
    {act::advance,        "y  y  y  y  y  .  .  .  .  .  .  ."},
    {act::fact,           "y  y  y  y  y  y  y  y  y  y  y  y"},
    {act::link,           "y  y  y  y  y  y  y  y  y  y  y  y"},
    {act::assign,         "y  y  y  y  y  y  y  y  y  y  y  y"},
    {act::vacate,         "y  y  y  y  y  y  y  y  y  y  y  y"},
    {act::enact,          ".  g  g  g  y  .  .  .  .  .  .  ."},
    {act::fail_to_enact,  ".  g  g  g  y  .  .  .  .  .  .  ."},
    {act::appeal,         ".  .  .  .  y  y  y  .  .  .  .  ."},
    {act::reconsider,     ".  .  .  .  y  y  y  .  .  .  y  ."},
    {act::revive,         ".  .  .  .  .  .  y  y  y  y  y  ."},
};

// May an exit lead from this phase to that?   y yes   . never
//   a if the rule is met and no blocking concern is open, or it was overridden
//   r if it reopens or another proposal causes it   l if another proposal causes it
struct move_line { phase from; const char* to; };
constexpr move_line legal_moves[] = {
    //                     draft
    //                     |  review
    //                     |  |  final_comment
    //                     |  |  |  approval
    //                     |  |  |  |  accepted
    //                     |  |  |  |  |  enacted
    //                     |  |  |  |  |  |  rejected
    //                     |  |  |  |  |  |  |  postponed
    //                     |  |  |  |  |  |  |  |  withdrawn
    //                     |  |  |  |  |  |  |  |  |  lapsed
    //                     |  |  |  |  |  |  |  |  |  |  inconclusive
    //                     |  |  |  |  |  |  |  |  |  |  |  void
    {phase::draft,        "y  y  y  y  .  .  y  y  y  y  .  ."},
    {phase::review,       "y  y  y  y  a  .  y  y  y  y  y  ."},
    {phase::final_comment,"y  y  y  y  a  .  y  y  y  y  y  ."},
    {phase::approval,     "y  y  y  y  a  .  y  y  y  y  y  ."},
    {phase::accepted,     ".  r  .  r  y  y  y  .  y  y  .  y"},
    {phase::enacted,      ".  r  .  r  .  .  .  .  .  .  .  r"},
    {phase::rejected,     "r  r  .  r  .  .  .  .  .  .  .  l"},
    {phase::postponed,    "r  r  r  r  .  .  .  .  .  .  .  ."},
    {phase::withdrawn,    "r  r  .  .  .  .  .  .  .  .  .  ."},
    {phase::lapsed,       "r  r  .  .  .  .  .  .  .  .  .  ."},
    {phase::inconclusive, ".  r  .  r  .  .  .  .  .  .  .  ."},
    {phase::void_,        ".  .  .  .  .  .  .  .  .  .  .  ."},
};
// clang-format on

constexpr char cell(const char* line, phase p) { return line[3 * static_cast<std::size_t>(p)]; }

bool expected(char rule, const act_facts& f) {
    switch (rule) {
        case 'y': return true;
        case 'b': return f.leads_back;
        case 'e': return f.leads_back || f.editorial;
        case 'g': return f.gate;
        default: return false;
    }
}
bool expected(char rule, const move_facts& f) {
    switch (rule) {
        case 'y': return true;
        case 'a': return f.met && (!f.concerns_open || f.overridden);
        case 'r': return f.reopening || f.why == cause::link;
        case 'l': return f.why == cause::link;
        default: return false;
    }
}

TEST_SUITE_BEGIN("law");

TEST_CASE("every act is legal exactly where the matrix of acts says") {
    REQUIRE(std::size(legal_acts) == acts.size());
    for (std::size_t i = 0; i < acts.size(); ++i) {
        const auto& line = legal_acts[i];
        REQUIRE(line.what == acts[i].what);
        REQUIRE(std::string_view(line.in).size() == 3 * phases - 2);
        for (std::size_t p = 0; p < phases; ++p)
            for_all_act_facts(line.what, [&](const act_facts& f) {
                CAPTURE(to_string(line.what));
                CAPTURE(to_string(nth(p)));
                CAPTURE(f.editorial);
                CAPTURE(f.leads_back);
                CAPTURE(f.gate);
                const auto answer = may(nth(p), f);
                const bool legal = expected(cell(line.in, nth(p)), f);
                CHECK(answer.what == (legal ? kind::stayed : kind::refused));
                CHECK(answer.next == nth(p));
            });
    }
}

TEST_CASE("every move is legal exactly where the matrix of moves says") {
    REQUIRE(std::size(legal_moves) == phases);
    for (std::size_t p = 0; p < phases; ++p) {
        const auto& line = legal_moves[p];
        REQUIRE(line.from == nth(p));
        REQUIRE(std::string_view(line.to).size() == 3 * phases - 2);
        for (std::size_t q = 0; q < phases; ++q) {
            const char rule = cell(line.to, nth(q));
            CHECK(could_move(nth(p), nth(q)) == (rule != '.'));
            for_all_move_facts([&](const move_facts& f) {
                CAPTURE(to_string(nth(p)));
                CAPTURE(to_string(nth(q)));
                CAPTURE(to_string(f.why));
                CAPTURE(f.met);
                CAPTURE(f.concerns_open);
                CAPTURE(f.overridden);
                CAPTURE(f.reopening);
                const auto answer = move(nth(p), nth(q), f);
                const bool legal = expected(rule, f);
                CHECK(answer.what == (!legal   ? kind::refused
                                      : p == q ? kind::stayed
                                               : kind::moved));
                CHECK(answer.next == (legal ? nth(q) : nth(p)));
            });
        }
    }
}

TEST_CASE("a refusal names its law and a way out, and nothing else does") {
    for_all_answers([](const law_answer& a) {
        CAPTURE(a.name);
        CHECK(a.refused() == !a.name.empty());
        CHECK(a.refused() == !a.law.empty());
        CHECK(a.refused() == !a.way_out.empty());
        for (const char c : a.name) CHECK(((c >= 'a' && c <= 'z') || c == '_'));
        CHECK((a.law.empty() || a.law.back() != '.'));
    });
}

// ---- refusals that only the law makes, with their text ------------------------------------------

void refuses(const law_answer& a, std::string_view name, std::string_view law,
             std::string_view way_out) {
    CHECK(a.refused());
    CHECK(a.name == name);
    CHECK(a.law == law);
    CHECK(a.way_out == way_out);
}

TEST_CASE("an act that the law refuses says why, in words") {
    refuses(may(phase::draft, {act::cast}), "no_ballots_in_draft", "no ballots count in a draft",
            "move it to review, final comment or approval first");
    refuses(may(phase::draft, {act::enact}), "not_accepted", "only an accepted decision is enacted",
            "it must be accepted first");
    refuses(may(phase::review, {act::enact}), "not_accepted",
            "only an accepted decision is enacted", "it must be accepted first");
    refuses(may(phase::review, {act::revive}), "still_open",
            "only what was decided or has ended is reopened, and it is still open",
            "act on it as it stands: no reopening is needed");
    refuses(may(phase::final_comment, {act::revise}), "text_frozen",
            "text is frozen in final comment but for editorial revisions",
            "make an editorial revision, or send it back to review");
    refuses(may(phase::approval, {.what = act::revise, .editorial = true}), "text_frozen",
            "text and options are frozen while the electorate decides",
            "send it back to review first");
    refuses(may(phase::accepted, {act::cast}), "ballots_closed",
            "ballots are closed once a proposal is accepted", "appeal it or ask to reconsider it");
    refuses(may(phase::accepted, {act::raise}), "concerns_closed",
            "concerns are closed once a proposal is accepted", "appeal it or ask to reconsider it");
    refuses(may(phase::accepted, {act::revise}), "text_settled",
            "text and options are settled once a proposal is accepted",
            "appeal it or ask to reconsider it");
    refuses(may(phase::accepted, {act::propose}), "already_decided",
            "an accepted proposal is neither proposed nor adopted again",
            "appeal it or ask to reconsider it");
    refuses(may(phase::accepted, {act::revive}), "not_stopped",
            "only what has stopped is revived, and this was accepted",
            "appeal it or ask to reconsider it");
    refuses(may(phase::enacted, {act::fail_to_enact}), "already_enacted",
            "what is enacted is neither enacted again nor fails to be",
            "appeal it or ask to reconsider it");
    refuses(may(phase::enacted, {act::hold}), "ended",
            "it was enacted: only records and an appeal are left",
            "appeal it or ask to reconsider it");
    refuses(may(phase::rejected, {act::cast}), "ended",
            "it was rejected: only records and a reopening are left",
            "appeal it, ask to reconsider it, or revive it");
    refuses(may(phase::postponed, {act::cast}), "ended",
            "it was postponed: only records and a revival are left", "revive it first");
    refuses(may(phase::postponed, {act::appeal}), "nothing_decided",
            "it stopped undecided: there is nothing to appeal or reconsider", "revive it first");
    refuses(may(phase::withdrawn, {act::adopt}), "ended",
            "it was withdrawn: only records and a revival are left", "revive it first");
    refuses(may(phase::lapsed, {act::advance}), "ended",
            "it lapsed: only records and a revival are left", "revive it first");
    refuses(may(phase::inconclusive, {act::revise}), "ended",
            "it ended inconclusive: only records and another try are left",
            "revive it or ask to reconsider it");
    refuses(may(phase::inconclusive, {act::appeal}), "nothing_to_appeal",
            "it ended inconclusive: nothing was decided to be appealed",
            "revive it or ask to reconsider it");
    refuses(may(phase::void_, {act::cast}), "ended", "it was annulled: only records are left",
            "open a new proposal");
    refuses(may(phase::void_, {act::appeal}), "void_is_final",
            "an annulled decision never reopens", "open a new proposal");
}

TEST_CASE("a move that the law refuses says why, in words") {
    const move_facts met{.why = cause::rule, .met = true};
    refuses(move(phase::draft, phase::accepted, met), "draft_undecided",
            "a draft has no outcome: nobody has had a formal say on it",
            "move it to review, final comment or approval first");
    refuses(move(phase::review, phase::accepted, {.why = cause::time}), "rule_unmet",
            "nothing is accepted whose rule is not met", "the rule of the exit must be met");
    refuses(move(phase::approval, phase::accepted, {.met = true, .concerns_open = true}),
            "concerns_open", "nothing is accepted while a blocking concern is open",
            "resolve or overrule the concern, or record an override");
    refuses(move(phase::approval, phase::enacted, met), "not_accepted",
            "only an accepted decision is enacted", "it must be accepted first");
    refuses(move(phase::review, phase::void_, met), "nothing_to_annul",
            "only what was accepted, enacted or rejected can be annulled",
            "nothing needs to be annulled here");
    refuses(move(phase::accepted, phase::review, met), "not_reopened",
            "only a reopening or another proposal undoes an outcome",
            "appeal it or ask to reconsider it");
    refuses(move(phase::accepted, phase::postponed, met), "outcome_known",
            "once accepted it is neither postponed nor left inconclusive",
            "hold it, let it lapse, or reopen it");
    refuses(move(phase::accepted, phase::draft, met), "reopens_elsewhere",
            "what was decided or has ended is not taken up again there",
            "take it up again in review or approval");
    refuses(move(phase::lapsed, phase::approval, met), "reopens_elsewhere",
            "what was decided or has ended is not taken up again there",
            "take it up again in draft or review");
    refuses(move(phase::rejected, phase::final_comment, met), "reopens_elsewhere",
            "what was decided or has ended is not taken up again there",
            "take it up again in draft, review or approval");
    refuses(move(phase::rejected, phase::void_, met), "not_linked",
            "a rejection is annulled only by another proposal", "link the proposal that annuls it");
    refuses(move(phase::postponed, phase::accepted, met), "one_end",
            "an end leads to no other outcome: it must be reopened and decided again",
            "revive it first");
    refuses(move(phase::void_, phase::review, met), "void_is_final",
            "an annulled decision never reopens", "open a new proposal");
}

TEST_CASE("values outside the enumerations are refused, not guessed") {
    CHECK(may(nth(12), {act::cast}).name == "unknown");
    CHECK(may(phase::review, {static_cast<act>(acts.size())}).name == "unknown");
    CHECK(move(phase::review, nth(255), {.met = true}).name == "unknown");
    CHECK(move(nth(12), phase::review, {.met = true}).name == "unknown");
    CHECK(move(phase::draft, phase::review, {.why = static_cast<cause>(4)}).name == "unknown");
    CHECK_FALSE(could_move(nth(12), phase::review));
    CHECK_FALSE(could_move(phase::review, nth(12)));
}

TEST_CASE("phases have names, and are open, accepted or ended") {
    for (std::size_t p = 0; p < phases; ++p) {
        CHECK(phase_named(to_string(nth(p))) == nth(p));
        CHECK(is_open(nth(p)) == (p < 4));
        CHECK(is_end(nth(p)) == (p > 4));
    }
    CHECK(to_string(phase::draft) == "draft");
    CHECK(to_string(phase::accepted) == "accepted");
    CHECK(to_string(phase::void_) == "void");
    CHECK(phase_named("final_comment") == phase::final_comment);
    CHECK_FALSE(phase_named("nowhere"));
    CHECK(to_string(cause::link) == "link");
}

// ---- the table as data --------------------------------------------------------------------------

TEST_CASE("the rows of the law are these, and changing one is a change of the law's version") {
    constexpr std::string_view golden = R"(
draft: speak, stays, if talk
draft: shape, stays
draft: steer, stays
draft: clock, stays
draft: record, stays
draft: to draft, stays
draft: to review
draft: to final_comment
draft: to approval
draft: to rejected
draft: to postponed
draft: to withdrawn
draft: to lapsed
review: speak, stays
review: shape, stays
review: steer, stays
review: clock, stays
review: record, stays
review: conclude, stays, if gate_only
review: to draft
review: to review, stays
review: to final_comment
review: to approval
review: to accepted, if unopposed
review: to accepted, if overridden
review: to rejected
review: to postponed
review: to withdrawn
review: to lapsed
review: to inconclusive
final_comment: speak, stays
final_comment: shape, stays, if editorial
final_comment: shape, stays, if leads_back
final_comment: steer, stays
final_comment: clock, stays
final_comment: record, stays
final_comment: conclude, stays, if gate_only
final_comment: to draft
final_comment: to review
final_comment: to final_comment, stays
final_comment: to approval
final_comment: to accepted, if unopposed
final_comment: to accepted, if overridden
final_comment: to rejected
final_comment: to postponed
final_comment: to withdrawn
final_comment: to lapsed
final_comment: to inconclusive
approval: speak, stays
approval: shape, stays, if leads_back
approval: steer, stays
approval: clock, stays
approval: record, stays
approval: conclude, stays, if gate_only
approval: to draft
approval: to review
approval: to final_comment
approval: to approval, stays
approval: to accepted, if unopposed
approval: to accepted, if overridden
approval: to rejected
approval: to postponed
approval: to withdrawn
approval: to lapsed
approval: to inconclusive
accepted: speak, stays, if talk_after
accepted: steer, stays, if keeps_outcome
accepted: clock, stays
accepted: record, stays
accepted: conclude, stays
accepted: reopen, stays, if contested
accepted: to review, if reopened
accepted: to approval, if reopened
accepted: to accepted, stays
accepted: to enacted
accepted: to rejected
accepted: to withdrawn
accepted: to lapsed
accepted: to void
enacted: record, stays
enacted: reopen, stays, if contested
enacted: to review, if reopened
enacted: to approval, if reopened
enacted: to void, if reopened
rejected: record, stays
rejected: reopen, stays
rejected: to draft, if reopened
rejected: to review, if reopened
rejected: to approval, if reopened
rejected: to void, if linked
postponed: record, stays
postponed: reopen, stays, if revived
postponed: to draft, if reopened
postponed: to review, if reopened
postponed: to final_comment, if reopened
postponed: to approval, if reopened
withdrawn: record, stays
withdrawn: reopen, stays, if revived
withdrawn: to draft, if reopened
withdrawn: to review, if reopened
lapsed: record, stays
lapsed: reopen, stays, if revived
lapsed: to draft, if reopened
lapsed: to review, if reopened
inconclusive: record, stays
inconclusive: reopen, stays, if tried_again
inconclusive: to review, if reopened
inconclusive: to approval, if reopened
void: record, stays
)";
    CHECK(law_version == 1);
    CHECK(law_rows().size() == 109);
    std::string listing = "\n";
    for (const auto& r : law_rows()) {
        listing += std::string(to_string(r.from)) + ": " + std::string(r.event);
        if (r.internal) listing += ", stays";
        if (!r.guard.empty()) listing += ", if " + std::string(r.guard);
        listing += '\n';
        CHECK(r.internal == (r.from == r.to));
        CHECK_FALSE(r.says.empty());
    }
    CHECK(listing == golden);
}

TEST_CASE("the rows agree with the answers: could_move is some row, and no row is a dead letter") {
    for (std::size_t p = 0; p < phases; ++p)
        for (std::size_t q = 0; q < phases; ++q) {
            bool row = false;
            for (const auto& r : law_rows())
                row = row || (r.from == nth(p) && r.to == nth(q) && r.event.starts_with("to "));
            bool legal = false;
            for_all_move_facts([&](const move_facts& f) {
                legal = legal || !move(nth(p), nth(q), f).refused();
            });
            CHECK(could_move(nth(p), nth(q)) == row);
            CHECK(legal == row);
        }
}

TEST_SUITE_END();

}  // namespace
