// Comments and reviews: what they ask for, what an edit or a deletion does to that (nothing), and what is answered.
#include "desk_errand.hpp"

#include <algorithm>

#include "speech.hpp"

namespace bot {

using quorate::act;
using quorate::asked;
using quorate::command;
using quorate::refusal;
using quorate::refused_by;

void desk::comment_created(errand& e) { read(e, std::nullopt); }

/// Reads a text in the repository's dialect and carries out what it asks for.
void desk::read(errand& e, const std::optional<std::string>& before) {
    const auto* dialect = quorate::dialect_named(e.repository->as->dialect);
    if (dialect == nullptr) return;
    const quorate::comment said{.by = e.d.writer.person(), .text = e.d.text, .before = before, .at = e.d.at};
    if (quorate::read_comment(*dialect, said, engine_.people()).empty()) return;  // who only talks isn't taken note of
    introduce(e.d.writer, e.d.at);
    std::vector<quorate::team_id> teams;
    if (const auto* p = engine_.get(e.proposal); p != nullptr) teams = p->teams;
    else
        for (const auto& name : teams_of(e))
            if (const auto t = engine_.people().team_named(name)) teams.push_back(*t);
    std::size_t item = 0;
    const auto  people = engine_.people();  // carrying out may change the engine's own
    e.result.answers = quorate::hear(*dialect, said, people, teams, [&](const asked& a) { return carry_out(e, a, item++); });
}

std::optional<refusal> desk::carry_out(errand& e, const asked& a, std::size_t item) {
    const auto number = std::to_string(item);
    if (a.what == asked::kind::status) {
        e.result.wants_status = true;
        if (e.proposal.empty()) return refusal{.by = refused_by::state, .what = "nothing is open here"};
        return std::nullopt;
    }
    if (a.what == asked::kind::opening) {
        auto o = a.open;
        o.by = e.d.writer.person();
        if (o.title.empty()) o.title = e.d.title;
        return open(e, std::move(o), e.key("open " + number));
    }
    std::optional<refusal> no;
    if (!begin(e, no)) return no;
    // "Everybody's" is as many commands as people hold or second it: all of them or, if one is refused, those before.
    std::size_t part = 0;
    for (const auto& c : quorate::given(a, *engine_.get(e.proposal), engine_.people())) {
        const auto whose = c.on_behalf_of.empty() ? number : number + " for " + c.on_behalf_of;
        auto       copy = c;
        copy.at = {};
        if (auto refused = submit(e, e.proposal, std::move(copy), e.key(whose)); refused && part == 0) no = std::move(refused);
        ++part;
    }
    return no;
}

void desk::comment_edited(errand& e) {
    if (!e.d.before || *e.d.before == e.d.text) return;
    const auto* dialect = quorate::dialect_named(e.repository->as->dialect);
    if (dialect == nullptr) return;
    if (e.d.sender.id == e.d.writer.id) return read(e, e.d.before);
    // Whoever may edit others' comments could else speak in their name.
    const quorate::comment said{.by = e.d.writer.person(), .text = e.d.text, .before = e.d.before, .at = e.d.at};
    for (auto& a : quorate::read_comment(*dialect, said, engine_.people())) {
        refusal no{.by = refused_by::input, .what = e.d.sender.login + " wrote this into a comment of " + e.d.writer.login + "; nobody speaks for others that way",
                   .which = "what an edit by somebody else asks for is never done", .needed = e.d.writer.login + " can say it in a new comment"};
        e.result.answers.push_back({std::move(a), std::move(no)});
    }
}

void desk::comment_deleted(errand& e) {
    if (e.d.writer.id == settings_.bot_id) {  // it is written anew; of a vote it was the ballot box
        e.result.own_comment_gone = true;
        for (const auto& id : engine_.find(e.result.subject))
            if (marker_of(e.d.text) == status_marker(id)) e.proposal = id;
        if (e.proposal.empty()) return;
        e.touch(e.proposal);
        if (marker_of(e.d.text) == status_marker(e.proposal)) (void)host_says(e, quorate::fact{.name = "ballot_deleted", .truth = true}, e.key("deleted"));
        return;
    }
    const auto* dialect = quorate::dialect_named(e.repository->as->dialect);
    if (dialect == nullptr) return;
    const quorate::comment said{.by = e.d.writer.person(), .text = e.d.text, .at = e.d.at};
    for (const auto& a : quorate::read_comment(*dialect, said, engine_.people()))
        if (a.what == asked::kind::command || a.what == asked::kind::opening) {
            e.result.remark = "A comment of " + e.d.writer.login + " was deleted. What it asked for was done when it was written, and stays on record; "
                              "to take something back, say so in a comment.";
            return;
        }
}

void desk::review(errand& e) {
    if (e.d.action == "edited") return;  // GitHub keeps a review's state; words added later ask for nothing
    follow_head(e, false);
    const auto known = head_of(e.proposal);
    const auto pushed = known.empty() || e.d.reviewed == known ? e.d.head : known;  // what GitHub says beside the review may be newer than what is known
    if (e.d.action == "submitted" && e.d.state == "approved" && !e.repository->as->push.empty() && !e.d.reviewed.empty() && !pushed.empty() && e.d.reviewed != pushed) {
        e.result.remark = "This review is about commit " + e.d.reviewed.substr(0, 12) + ", and " + pushed.substr(0, 12) + " was pushed since: it approves nothing. Review what is there now.";
        return;
    }
    if (e.d.action == "submitted") {
        read(e, std::nullopt);
        for (const auto& h : e.result.answers)
            if (h.what.what == asked::kind::command) return;  // what it says in words beats its state
    }
    const auto& rows = e.repository->as->reviews;
    std::optional<refusal> no;
    bool        some = false;
    std::size_t number = 0;
    for (const auto& row : rows) {
        ++number;
        if (row.state != e.d.state) continue;
        if (!begin(e, no)) break;
        introduce(e.d.writer, e.d.at);
        const auto* p = engine_.get(e.proposal);
        const auto  who = engine_.people().find_person(e.d.writer.person());
        if (row.everybodys) {
            const asked all{.what = asked::kind::command, .command = {.what = row.asks, .by = e.d.writer.person()}, .everybodys = true};
            if (p->seconds.empty()) continue;
            for (const auto& c : quorate::given(all, *p, engine_.people())) {
                auto refused = submit(e, e.proposal, c, e.key("review " + std::to_string(number) + " for " + c.on_behalf_of));
                some = some || !refused;
                if (refused && !no) no = std::move(refused);
            }
            continue;
        }
        if (row.only_if_any) {
            const auto* v = who ? quorate::voter_of(*p, *who, engine_.people()) : nullptr;
            if (row.asks == act::withdraw_ballot && (v == nullptr || v->choice == 0)) continue;
            if (row.asks == act::resolve && p->open_concerns() == 0) continue;
        }
        command c{.what = row.asks, .by = e.d.writer.person(), .subject = std::string(row.subject)};
        // Of a dismissal the reviewer is not who did it: the bot takes the ballot back in its own name.
        if (e.d.state == "dismissed" && e.d.sender.id != e.d.writer.id) {
            if (auto other = somebody_else(e.d.writer.person())) {
                if (!no) no = std::move(other);
                continue;
            }
            c.by = std::to_string(settings_.bot_id);
            c.on_behalf_of = e.d.writer.person();
        }
        auto refused = submit(e, e.proposal, std::move(c), e.key("review " + std::to_string(number)));
        some = some || !refused;
        if (refused && !no) no = std::move(refused);
    }
    if (!some && no) e.result.remark = "This review doesn't count here: " + to_string(*no);
}

}  // namespace bot
