// Stages in plain English: what the law guarantees there, who may do what, and how they end.
#include "describe.hpp"

#include <algorithm>
#include <array>

namespace quorate::prose {
namespace {

/// What the law makes of each phase, whatever the charter says: goes on behind the phase's name.
constexpr std::array<std::string_view, phase_names.size()> guarantees{
    ": text and options may change; no ballots count, and nothing can be accepted from here",
    ": text may change, ballots may count, and concerns may be raised",
    ": the text is frozen but for editorial revisions and those that lead back; ballots may count, and concerns may be "
    "raised",
    ", the formal say: the text is frozen unless a change leads back; ballots may count, and concerns may be raised",
    ": the outcome is known; ballots and concerns are closed",
    ", an end: it was carried out, and only an appeal or a reconsideration can reopen it",
    ", an end: only an appeal, a reconsideration or a revival can reopen it",
    ", an end for now: only a revival can reopen it",
    ", an end: only a revival can reopen it",
    ", an end: only a revival can reopen it",
    ", an end: only a reconsideration or a revival can reopen it",
    ", an end: what was decided is annulled, and never reopens",
};

/// What becomes of a proposal that goes to an outcome without a stage of its own.
std::string ends_as(phase p) {
    if (p == phase::lapsed) return "it lapses";
    if (p == phase::inconclusive) return "it ends inconclusive";
    return p == phase::void_ ? "it is annulled" : "it is " + words(p);
}

struct wording {
    std::string_view to_do;
    std::string_view doing;
};
/// By act, in the order of the table of acts.
constexpr std::array<wording, acts.size()> wordings{{
    {"cast a ballot", "casts a ballot"},
    {"withdraw a ballot", "withdraws a ballot"},
    {"raise a concern", "raises a concern"},
    {"resolve a concern", "resolves a concern"},
    {"second (the proposal or a concern)", "seconds (the proposal or a concern)"},
    {"withdraw a second", "withdraws a second"},
    {"ask a question", "asks a question"},
    {"answer a question", "answers a question"},
    {"recuse themselves", "recuses themselves"},
    {"rejoin after stepping aside", "rejoins after stepping aside"},
    {"delegate a ballot", "delegates a ballot"},
    {"revise the text", "revises the text"},
    {"add an option", "adds an option"},
    {"amend an option", "amends an option"},
    {"withdraw an option", "withdraws an option"},
    {"sponsor (the proposal or an option)", "sponsors (the proposal or an option)"},
    {"propose a decision", "proposes a decision"},
    {"cancel the round", "cancels the round"},
    {"put the proposal on hold", "puts the proposal on hold"},
    {"release a hold of theirs", "releases a hold of theirs"},
    {"extend the stage", "extends the stage"},
    {"override a concern, or all of them while it is in this stage", "overrides a concern, or all of them"},
    {"break a tie of a count, for one of the tied", "breaks a tie of a count"},
    {"withdraw the proposal", "withdraws the proposal"},
    {"adopt the proposal as their own", "adopts the proposal as their own"},
    {"appoint people to an office", "appoints people to an office"},
    {"let time pass", "lets time pass"},
    {"report a fact", "reports a fact"},
    {"link another proposal", "links another proposal"},
    {"assign it to teams", "assigns it to teams"},
    {"vacate the seat of somebody elected who leaves or declines, for the same ballots to fill", "vacates the seat of somebody elected"},
    {"record that it was enacted", "records that it was enacted"},
    {"record that enacting it failed", "records that enacting it failed"},
    {"appeal", "appeals"},
    {"ask to reconsider", "asks to reconsider"},
    {"revive the proposal", "revives the proposal"},
}};

bool allows(const stage& s, act a) {
    return std::any_of(s.allow.begin(), s.allow.end(), [a](const permission& each) { return each.what == a; });
}

/// Leave to do several things, given to the same people under the same condition.
struct leave {
    const permission*        like = nullptr;
    std::vector<act_pattern> acts{};
};

std::string about_text(std::string_view about) { return about.empty() ? "" : " (" + in_quotes(about) + " only)"; }

/// One stage.
class describing_stage {
public:
    describing_stage(page& out, const process& p, const stage& s) : out_(out), p_(p), s_(s), in_english_(p) {}

    void operator()(std::size_t number) {
        out_.gap();
        out_.paragraph(4, std::to_string(number) + ". " + stage_name(s_));
        out_.paragraph(6, "Phase " + words(s_.in) + std::string(guarantees[static_cast<std::size_t>(s_.in)]) + ".");
        if (!s_.visible_to.empty()) describe_audience(out_, 6, "While it is here, ", s_.visible_to, in_english_);
        if (s_.ballots && s_.ballots->shown == ballot_showing::when::at_once)
            out_.paragraph(6, "Who said what in ballots cast here is shown at once.");
        if (s_.ballots) describe_showing(out_, 6, *s_.ballots, "while it is in this stage", in_english_);
        if (!s_.effects.empty())
            out_.paragraph(6, "On the way in, the host is asked to: " + effects_text(s_.effects) + ".");
        places();
        permissions();
        clock();
        exits();
    }

private:
    void places() {
        if (!s_.places) return;
        const auto n = *s_.places;
        auto s = n == 1 ? std::string("One proposal is here at a time") : "At most " + std::to_string(n) + " proposals are here at once";
        s += "; others wait for a place, and the first to get one is the one ";
        s += s_.first.empty() ? "that has been in its stage for longest." : "with the highest value of this: " + in_english_(s_.first) + ". Of equal ones it is the one that has been in its stage for longest.";
        out_.paragraph(6, s);
    }

    // ---- who may do what ----------------------------------------------------------------------------------------
    [[nodiscard]] std::vector<leave> leaves() const {
        std::vector<leave> all;
        for (const auto& a : s_.allow) {
            const auto same = std::find_if(all.begin(), all.end(), [&](const leave& l) {
                return l.like->for_another == a.for_another && l.like->needs_reason == a.needs_reason && print(l.like->who.view()) == print(a.who.view()) &&
                       (a.condition.empty() ? l.like->condition.empty()
                                            : !l.like->condition.empty() &&
                                                  print(l.like->condition.view()) == print(a.condition.view()));
            });
            if (same == all.end()) {
                all.push_back({&a, {{a.what, a.about}}});
                continue;
            }
            auto& known = same->acts;
            const act_pattern deed{a.what, a.about};
            if (std::find(known.begin(), known.end(), deed) == known.end()) known.push_back(deed);
        }
        return all;
    }
    void permissions() {
        if (s_.allow.empty()) {
            out_.paragraph(6, "Nobody may do anything here.");
            return;
        }
        for (const auto& l : leaves()) {
            auto s = capital(in_english_(l.like->who)) + " may " + listed(deeds(l), "or");
            if (!l.like->condition.empty()) s += ", if " + in_english_(l.like->condition);
            if (l.like->needs_reason || l.acts.front().what == act::override_) s += ", giving a reason";
            out_.item(6, s + ".");
        }
    }
    /// What is done, each act once: "cast a ballot ("yes" or "no" only)".
    [[nodiscard]] std::vector<std::string> deeds(const leave& l) const {
        std::vector<std::string> all;
        for (auto a = l.acts.begin(); a != l.acts.end(); ++a) {
            const auto same = [&](const act_pattern& other) { return other.what == a->what && p_.title_of(other).empty(); };
            if (!p_.title_of(*a).empty()) {
                all.push_back(titled(*a) + (l.like->for_another ? " for somebody else" : ""));
                continue;
            }
            if (std::any_of(l.acts.begin(), a, same)) continue;
            std::vector<std::string> about;
            for (const auto& each : l.acts)
                if (same(each) && !each.about.empty()) about.push_back(in_quotes(each.about));
            all.push_back(deed(a->what, l.like->for_another) + (about.empty() ? std::string() : " (" + listed(about, "or") + " only)"));
        }
        return all;
    }
    [[nodiscard]] std::string deed(act a, bool for_another) const {
        if (a == act::second && !somebody_may(act::raise)) return for_another ? "second the proposal for somebody else" : "second the proposal";
        if (a == act::sponsor && !p_.options.some) return for_another ? "sponsor the proposal for somebody else" : "sponsor the proposal";
        if (!for_another) return std::string(to_do(a));
        if (a == act::recuse) return "recuse somebody else";
        if (a == act::release) return "release a hold of somebody else";
        return std::string(to_do(a)) + " for somebody else";
    }
    [[nodiscard]] bool somebody_may(act a) const {
        return std::any_of(p_.stages.begin(), p_.stages.end(), [a](const stage& s) { return allows(s, a); });
    }

    // ---- time ---------------------------------------------------------------------------------------------------
    void clock() {
        if (!s_.clock_runs.empty())
            out_.paragraph(6, "Its clock runs only while " + in_english_(s_.clock_runs) +
                                  "; otherwise it stands still.");
        const bool extends = allows(s_, act::extend);
        if (s_.most_extension)
            out_.paragraph(6, "It may be extended, by " + to_string(*s_.most_extension) + " in all" +
                                  (extends ? "." : ", but nobody is allowed to."));
        else if (extends)
            out_.paragraph(6, "It can't be extended all the same: the charter states no longest extension.");
    }
    [[nodiscard]] std::string span(const stage_exit& x) const {
        auto s = to_string(x.length);
        if (s_.most_extension) s += " (and extensions)";
        return s;
    }
    [[nodiscard]] std::string start_of(const stage_exit& x) const {
        if (!x.anchor_fact.empty()) return "the fact " + in_quotes(x.anchor_fact) + " was last reported";
        if (!x.anchor) return s_.clock_runs.empty() ? "entering this stage"
                                                       : "entering this stage, counting only while its clock runs";
        switch (*x.anchor) {
            case since_kind::revision: return "the last revision, or opening if there was none";
            case since_kind::proposal: return "it was proposed";
            case since_kind::ballot: return "the last ballot was cast";
            case since_kind::second: return "the oldest second that still stands";
            case since_kind::concern: return "a concern was last raised or closed";
            case since_kind::oldest_concern: return "the oldest concern that is still open was raised";
            case since_kind::option: return "the options last changed";
            case since_kind::threshold: break;
        }
        return "a rule of this stage that has to hold for a while began to";
    }

    // ---- how it ends --------------------------------------------------------------------------------------------
    void exits() {
        if (s_.exits.empty()) {
            const bool concluded = !may(s_.in, {.what = act::enact, .gate = p_.kind == process_kind::gate}).refused();
            out_.paragraph(6, concluded ? "Nothing leads on from here until the host concludes it."
                                        : "Nothing leads on from here.");
            return;
        }
        out_.paragraph(6, s_.exits.size() == 1 ? "It goes on in one way:"
                                               : "It goes on in the first of these ways that holds:");
        for (std::size_t i = 0; i < s_.exits.size(); ++i)
            out_.paragraph(6, std::to_string(i + 1) + ") " + exit_text(s_.exits[i]), i < 9 ? 3 : 4);
    }
    /// An act by the name that this process has for it: "close the vote (adopt)".
    [[nodiscard]] std::string titled(const act_pattern& a) const {
        const auto word = std::string(row_of(a.what).name) + (a.about.empty() ? "" : " " + a.about);
        const auto title = p_.title_of(a);
        return title == word ? word : std::string(title) + " (" + word + ")";
    }
    [[nodiscard]] std::string done(const act_pattern& a) const {
        if (!p_.title_of(a).empty()) return "somebody does this: " + titled(a);
        if (a.what == act::second && !somebody_may(act::raise)) return "somebody seconds the proposal";
        if (a.what == act::sponsor && !p_.options.some) return "somebody sponsors the proposal";
        return "somebody " + std::string(doing(a.what)) + about_text(a.about);
    }
    /// "rfc accepted": a process, perhaps with an outcome.
    [[nodiscard]] static std::string outcome_text(std::string_view about) {
        if (about.empty()) return "another proposal's outcome is reported";
        const auto space = about.find(' ');
        return "one of process " + in_quotes(about.substr(0, space)) + " under this one ends" +
               (space == std::string_view::npos ? std::string() : " " + std::string(about.substr(space + 1)));
    }
    [[nodiscard]] std::string trigger_text(const stage_exit& x) const {
        std::vector<std::string> deeds;
        switch (x.by) {
            case trigger::on:
                for (const auto& a : x.acts) deeds.push_back(a.what == act::link ? outcome_text(a.about) : done(a));
                return "When " + listed(deeds, "or");
            case trigger::when: return "As soon as " + in_english_(x.when);
            case trigger::unless: return "As soon as it can't be said that " + in_english_(x.when);
            case trigger::held: return "Once, for " + span(x) + " without a break, " + in_english_(x.when);
            case trigger::after: break;
        }
        return capital(span(x)) + " after " + start_of(x);
    }
    [[nodiscard]] std::string exit_text(const stage_exit& x) const {
        auto s = trigger_text(x);
        if (!x.condition.empty()) s += ", provided that " + in_english_(x.condition);
        s += ": " + target(x) + ".";
        if (x.by == trigger::after && !x.closed_end) s += " What is done at that very instant comes too late.";
        if (x.disposition) s += " What is asked for becomes " + in_quotes(p_.dispositions[*x.disposition]) + ".";
        if (x.ballots != all_ballots) s += " " + capital(cleared(p_, x.ballots)) + ".";
        if (x.concerns == upkeep::clear) s += " All concerns are cleared.";
        if (x.seconds == upkeep::clear) s += " All seconds are cleared.";
        if (x.options == upkeep::clear) s += " The options that people put forward are cleared, with the ballots about them.";
        if (x.keeps_clock) s += " The clock of this stage runs on.";
        if (x.round == upkeep::clear) s += " The round is over: ballots, concerns, holds and seconds are cleared, and what was asked for.";
        for (const auto& b : x.cast)
            s += " A ballot " + position_name(p_.positions[b.position]) + " is cast for " + in_english_(b.who) + ".";
        if (!x.effects.empty()) s += " The host is asked to: " + effects_text(x.effects) + ".";
        if (!x.cites.empty()) s += " (" + x.cites + ")";
        return s;
    }
    [[nodiscard]] std::string target(const stage_exit& x) const {
        const auto&      to = p_.stages[x.to];
        const auto       all = x.targets();
        const bool       accepts = std::any_of(all.begin(), all.end(), [&](std::uint16_t i) { return p_.stages[i].in == phase::accepted; });
        const bool       guarded = accepts && is_open(s_.in) && p_.concerns.blocking && somebody_may(act::raise);
        const std::string unless = guarded ? ", unless a concern is open that was not overridden" : "";
        if (x.before) {
            std::vector<std::string> names;
            for (const auto i : all) names.push_back(in_quotes(p_.stages[i].name));
            const bool own = &p_.stages[*x.before] == &s_;
            return "back to where it came into " + (own ? std::string("this stage") : stage_name(p_.stages[*x.before])) + " from (" + listed(names, "or") + ")" + unless;
        }
        if (&to == &s_) return "it enters this stage anew";
        if (to.implied) return ends_as(to.in) + unless;
        return "on to stage " + stage_name(to) + unless;
    }

    page&          out_;
    const process& p_;
    const stage&   s_;
    translator     in_english_;
};

}  // namespace

void describe_audience(page& out, std::size_t indent, const std::string& during, const std::vector<audience>& list,
                       const translator& in_english) {
    if (list.size() == 1 && list[0].condition.empty()) {
        const auto who = in_english(list[0].who);
        return out.paragraph(indent, capital(during + (who == "everyone" ? std::string("anyone") : "only " + who) + " may see it."));
    }
    out.paragraph(indent, capital(during + "nobody may see it but:"));
    for (const auto& a : list)
        out.item(indent + 2, in_english(a.who) + (a.condition.empty() ? "" : ", if " + in_english(a.condition)) + ".");
}

void describe_showing(page& out, std::size_t indent, const ballot_showing& b, std::string_view open, const translator& in_english) {
    if (b.shown == ballot_showing::when::at_close)
        out.paragraph(indent, "What ballots say is hidden " + std::string(open) + ": only their number is shown.");
    if (b.shown == ballot_showing::when::never) out.paragraph(indent, "Who said what is never shown: only how many ballots there are.");
    if (!b.shown_to.empty()) out.paragraph(indent, "Shown at once to " + in_english(b.shown_to) + ".");
}

std::string_view to_do(act a) { return wordings[static_cast<std::size_t>(a)].to_do; }
std::string_view doing(act a) { return wordings[static_cast<std::size_t>(a)].doing; }

std::string stage_name(const stage& s) {
    if (s.title == s.name) return in_quotes(s.name);
    return in_quotes(s.title) + " (" + s.name + ")";
}

std::string effects_text(const std::vector<effect_template>& effects) {
    std::string s;
    for (const auto& e : effects) {
        std::string fields;
        for (const auto& [key, value] : e.fields) fields += (fields.empty() ? "" : ", ") + key + ": " + value;
        s += (s.empty() ? "" : "; ") + e.kind + (fields.empty() ? "" : " (" + fields + ")");
    }
    return s;
}

void describe_stages(page& out, const process& p) {
    out.gap();
    out.paragraph(2, "STAGES");
    out.paragraph(4, "A proposal starts in the first one. What is said of its phase is the law's frame; within it, "
                     "what the stage doesn't allow is refused, but for facts, links and teams, which the host needs no leave to "
                     "report. On the way from one stage to another ballots and concerns are kept, unless it says "
                     "otherwise below.");
    if (std::any_of(p.stages.begin(), p.stages.end(), [](const stage& s) { return allows(s, act::cancel); })) {
        std::string s = "To cancel the round clears ballots, concerns, holds and seconds, and what was asked for";
        if (p.electorate.taken == electorate_taken::on_act) s += "; the electorate is gone until it is taken again";
        out.paragraph(4, s + ".");
    }
    std::size_t              number = 0;
    std::vector<std::string> ends;
    for (const auto& s : p.stages) {
        if (s.implied) ends.push_back(words(s.in));
        else describing_stage(out, p, s)(++number);
    }
    if (ends.empty()) return;
    out.gap();
    out.paragraph(4, "Outcomes at which it rests, since the charter lets nobody do anything there: " + listed(ends) +
                         ".");
}

}  // namespace quorate::prose
