// An explanation as text and as JSON.
#include <ostream>

#include <fmt/format.h>

#include <quorate/explain.hpp>

#include "json_out.hpp"

namespace quorate {
namespace {

std::string joined(const std::vector<std::string>& names) {
    std::string s;
    for (const auto& n : names) s += (s.empty() ? "" : ", ") + n;
    return s.empty() ? "nobody" : s;
}

void line(std::string& out, std::string_view label, std::string_view text) {
    if (!text.empty()) out += fmt::format("  {:<12} {}\n", label, text);
}

std::string_view mark(truth t) {
    switch (t) {
        case truth::met: return "yes";
        case truth::unmet: return "no ";
        case truth::skipped: return "-  ";
        case truth::error: return "?  ";
    }
    return "?  ";
}

void conditions(std::string& out, const explanation& e, const std::vector<condition_reading>& list) {
    for (const auto& c : list) {
        auto text = fmt::format("{} {}", mark(c.is), c.text);
        if (!c.measured.empty() && !c.required.empty()) text += fmt::format("  [{} : {}]", c.measured, c.required);
        if (!c.why.empty()) text += "  (" + c.why + ")";
        if (c.changes) text += "  changes " + to_string(*c.changes);
        constexpr std::size_t few = 6;
        if (!c.people.empty() && c.people.size() <= few && c.people != e.outstanding) text += "  up to " + joined(c.people);
        line(out, "", text);
    }
}

void exits(std::string& out, const explanation& e) {
    for (const auto& x : e.exits) {
        if (x.by == trigger::on && !x.withheld) continue;
        std::string note;
        if (x.now == truth::met && x.by == trigger::when) note = "now";
        else if (x.due) note = "due " + to_string(*x.due);
        else if (x.withheld) note = "not as things stand";
        else if (!x.possible && x.exact && x.enough.empty()) note = "ballots alone can't";
        line(out, "-> " + x.to, x.says + (note.empty() ? "" : "  (" + note + ")"));
        conditions(out, e, x.conditions);
        if (!x.enough.empty()) line(out, "", "enough: " + x.enough);
    }
    for (const auto& w : e.withheld) {
        line(out, "withheld", w.who + " may " + w.does + " only if " + w.provided);
        conditions(out, e, w.conditions);
    }
}

template <class List>
void array(json_text::json_out& out, std::string_view key, const List& list) {
    out.key(key).array();
    for (const auto& s : list) out.value(s);
    out.end();
}

void conditions(json_text::json_out& out, const std::vector<condition_reading>& list) {
    out.key("conditions").array();
    for (const auto& c : list) {
        out.object().field("text", c.text).field("rule", c.rule).field("is", to_string(c.is)).field("measured", c.measured);
        out.field("required", c.required).field("why", c.why);
        array(out, "people", c.people);
        if (c.changes) out.field("changes", to_string(*c.changes));
        out.end();
    }
    out.end();
}

}  // namespace

std::string to_string(const explanation& e) {
    std::string out = fmt::format("{}{}  {}{}\n", e.id, e.subject.empty() ? "" : "  " + e.subject, e.process_title,
                                  e.disposition.empty() ? "" : ", disposition " + e.disposition);
    line(out, "stage", fmt::format("{} ({}) since {}", e.stage_title, to_string(e.in), to_string(e.entered)));
    line(out, "now", e.summary);
    for (const auto& [position, who] : e.ballots)
        if (!who.empty()) line(out, position, joined(who));
    if (!e.electorate.empty() && is_open(e.in)) line(out, "outstanding", joined(e.outstanding));
    if (!e.carried.empty()) line(out, "carried", joined(e.carried));
    for (const auto& o : e.options) line(out, "option", o);
    if (!e.elected.empty()) line(out, "elected", joined(e.elected));
    if (!e.tied.empty()) line(out, "tied", joined(e.tied));
    for (const auto& c : e.concerns) line(out, "concern", c);
    for (const auto& q : e.questions) line(out, "question", q);
    for (const auto& f : e.facts) line(out, "fact", f);
    exits(out, e);
    if (e.next) line(out, "by time", to_string(*e.next) + " to " + e.next_stage);
    for (const auto& f : e.findings) line(out, "finding", f);
    return out;
}

std::ostream& operator<<(std::ostream& out, const explanation& e) { return out << to_string(e); }

std::string to_json(const explanation& e) {
    json_text::json_out out;
    out.object().field("id", e.id).field("subject", e.subject).field("title", e.title).field("process", e.process);
    out.field("stage", e.stage).field("phase", to_string(e.in)).field("entered", to_string(e.entered));
    out.field("as_of", to_string(e.as_of)).field("disposition", e.disposition).field("summary", e.summary);
    array(out, "electorate", e.electorate);
    array(out, "outstanding", e.outstanding);
    if (!e.carried.empty()) array(out, "carried", e.carried);
    out.key("ballots").object();
    for (const auto& [position, who] : e.ballots) array(out, position, who);
    out.end();
    array(out, "options", e.options);
    array(out, "elected", e.elected);
    array(out, "tied", e.tied);
    array(out, "concerns", e.concerns);
    array(out, "questions", e.questions);
    array(out, "facts", e.facts);
    out.key("exits").array();
    for (const auto& x : e.exits) {
        out.object().field("to", x.to).field("says", x.says).field("now", to_string(x.now));
        out.field("certain", x.certain).field("possible", x.possible).field("exact", x.exact).field("enough", x.enough);
        if (x.due) out.field("due", to_string(*x.due));
        out.field("withheld", x.withheld);
        conditions(out, x.conditions);
        out.end();
    }
    out.end();
    out.key("withheld").array();
    for (const auto& w : e.withheld) {
        out.object().field("who", w.who).field("does", w.does).field("provided", w.provided);
        array(out, "people", w.people);
        conditions(out, w.conditions);
        out.end();
    }
    out.end();
    if (e.next) out.field("next", to_string(*e.next)).field("next_stage", e.next_stage);
    array(out, "findings", e.findings);
    return std::move(out.end()).str();
}

}  // namespace quorate
