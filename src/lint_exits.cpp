// Lint of stages: exits beside each other, extensions, and concerns that can't be ended.
#include <algorithm>

#include "lint_parts.hpp"

namespace quorate {
namespace {

using json_text::in_quotes;

bool unconditional(const stage_exit& x) { return x.condition.empty() && x.by != trigger::when && x.by != trigger::unless && x.by != trigger::held; }

/// Whether an exit is there whenever its trigger is: not one that leads back, nor to a full stage, nor one that the law may refuse.
bool always_there(const process& p, const stage_exit& x) {
    const bool may_raise = std::any_of(p.stages.begin(), p.stages.end(), [](const stage& s) {
        return std::any_of(s.allow.begin(), s.allow.end(), [](const permission& a) { return a.what == act::raise; });
    });
    return !x.before && !p.stages[x.to].places && !(accepts(p, x) && may_raise);
}

bool same_clock(const stage_exit& a, const stage_exit& b) { return a.anchor == b.anchor && a.anchor_fact == b.anchor_fact; }

/// Whether `early` is taken whenever `late` would be.
bool shadows(const process& p, const stage_exit& early, const stage_exit& late) {
    if (early.by != late.by || !always_there(p, early)) return false;
    const bool asks_no_more = early.condition.empty() || early.condition.text == late.condition.text;
    if (!asks_no_more) return false;
    switch (early.by) {
        case trigger::on:
            return std::all_of(late.acts.begin(), late.acts.end(), [&](const act_pattern& a) {
                return std::any_of(early.acts.begin(), early.acts.end(), [&](const act_pattern& e) { return e.covers(a.what, a.about); });
            });
        case trigger::after: return same_clock(early, late) && early.length <= late.length;
        case trigger::when:
        case trigger::unless: return early.when.text == late.when.text;
        case trigger::held: return early.when.text == late.when.text && early.length <= late.length;
    }
    return false;
}

void shadowed(lint_notes& notes, const process& p, const stage& s) {
    for (std::size_t j = 1; j < s.exits.size(); ++j)
        for (std::size_t i = 0; i < j; ++i)
            if (shadows(p, s.exits[i], s.exits[j])) {
                notes.add("shadowed exit", lint_notes::exit_at(s, j), "exit " + std::to_string(i + 1) + " of stage " + in_quotes(s.name) + " is always taken before this one",
                          "put this one first, or drop it");
                break;
            }
}

/// Another exit with the same trigger accepts as well, and asks for nothing: whoever waits, or asks again, gets by without the rule.
void skippable(lint_notes& notes, const process& p, const stage& s) {
    if (!is_open(s.in)) return;  // accepted already
    for (std::size_t i = 0; i < s.exits.size(); ++i) {
        const auto& asks = s.exits[i];
        if (!accepts(p, asks) || rules_of(asks).empty() || asks.by == trigger::when) continue;
        const auto passes = std::find_if(s.exits.begin(), s.exits.end(), [&](const stage_exit& x) {
            if (&x == &asks || !accepts(p, x) || !unconditional(x) || x.by != asks.by) return false;
            return asks.by == trigger::on ? x.acts == asks.acts : same_clock(x, asks);
        });
        if (passes != s.exits.end())
            notes.add("skippable rule", lint_notes::exit_at(s, i), "without this rule the proposal is accepted all the same, by exit " +
                          std::to_string(passes - s.exits.begin() + 1) + " of stage " + in_quotes(s.name),
                      "let the other exit lead elsewhere, or ask for the rule there too");
    }
}

void extension(lint_notes& notes, const stage& s) {
    if (!s.most_extension) return;
    std::optional<duration> shortest;
    for (const auto& x : s.exits)
        if (x.by == trigger::after && !x.anchor && x.anchor_fact.empty()) shortest = std::min(shortest.value_or(x.length), x.length);
    if (shortest && *s.most_extension > *shortest)
        notes.add("extension too long", lint_notes::stage_at(s) + "/extend", "a period of " + to_string(*shortest) + " may be extended by " + to_string(*s.most_extension),
                  "make the extension shorter, or the period longer");
}

/// Whether a set takes in nobody but the one who raised the concern.
bool only_raiser(const rule_view r, std::uint16_t i) {
    const auto& n = r[i];
    if (n.what == op::set_name) return n.index == static_cast<std::uint16_t>(set_name::raiser);
    if (n.what == op::except) return only_raiser(r, n.child);
    if (n.what != op::both && n.what != op::either) return false;
    bool one = false, every = true;
    for (auto c = n.child; c != no_node; c = r[c].next) {
        const bool only = only_raiser(r, c);
        one = one || only;
        every = every && only;
    }
    return n.what == op::both ? one : every;
}

/// Whether somebody besides the raiser can end a concern, somewhere; or the charter ends it when they leave.
bool others_end_concerns(const process& p) {
    if (p.concerns.when_raiser_leaves == on_leaving::lapses || !p.children.empty()) return true;
    return std::any_of(p.stages.begin(), p.stages.end(), [](const stage& s) {
        return std::any_of(s.allow.begin(), s.allow.end(), [](const permission& a) {
            return a.what == act::override_ || (a.what == act::resolve && !only_raiser(a.who.view(), a.who.root));
        });
    });
}

/// Stages from which an end, or a stage that clears concerns, can be reached without acceptance: by acts and by time.
std::vector<bool> with_a_way_out(const process& p) {
    std::vector<bool> out(p.stages.size());
    for (std::size_t i = 0; i < p.stages.size(); ++i) out[i] = is_end(p.stages[i].in);
    for (bool grown = true; grown;) {
        grown = false;
        for (std::size_t i = 0; i < p.stages.size(); ++i)
            for (const auto& x : p.stages[i].exits) {
                if (out[i] || x.by == trigger::when || x.by == trigger::held) continue;
                const auto to = x.targets();
                const bool clears = x.concerns == upkeep::clear || x.round == upkeep::clear ||
                                    std::any_of(x.acts.begin(), x.acts.end(), [](const act_pattern& a) { return a.what == act::cancel; });
                if (!clears && std::none_of(to.begin(), to.end(), [&](std::uint16_t t) { return p.stages[t].in != phase::accepted && out[t]; })) continue;
                out[i] = grown = true;
            }
    }
    return out;
}

void concern_trap(lint_notes& notes, const process& p) {
    if (!p.concerns.blocking || others_end_concerns(p)) return;
    const auto out = with_a_way_out(p);
    for (std::size_t i = 0; i < p.stages.size(); ++i) {
        const auto& s = p.stages[i];
        const bool  raise = std::any_of(s.allow.begin(), s.allow.end(), [](const permission& a) { return a.what == act::raise; });
        if (raise && !out[i])
            notes.add("concern trap", lint_notes::stage_at(s), "only who raised a concern can end it, and nothing else leads out: if they leave, it stays so for ever",
                      "say \"when raiser leaves\": \"lapses\", let somebody \"override\", or allow \"withdraw\" or \"cancel\"");
    }
}

}  // namespace

void lint_exits(lint_notes& notes, const process& p) {
    for (const auto& s : p.stages) {
        shadowed(notes, p, s);
        skippable(notes, p, s);
        extension(notes, s);
    }
    concern_trap(notes, p);
}

}  // namespace quorate
