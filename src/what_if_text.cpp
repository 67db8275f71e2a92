// Reports for people and for programs.
#include <algorithm>

#include "json_out.hpp"
#include "what_if.hpp"

namespace quorate {
namespace {

constexpr std::size_t most_refusals_shown = 5;  ///< of one proposal; JSON has them all

/// "3 days", "3 days 4 hours": days alone once they are many.
std::string span_of(duration d) {
    constexpr duration many = std::chrono::days{7};
    return to_string(d < many ? d : duration(std::chrono::floor<std::chrono::days>(d)));
}

/// "2026-03-04 fcp (dave: cast approve), 2026-03-14 accepted (time)"; `later` follows the first.
std::string way_of(const course& c, std::size_t from, const std::string& later = {}) {
    std::string s;
    for (auto i = from; i < c.stays.size(); ++i) {
        const auto& stay = c.stays[i];
        s += (s.empty() ? "" : ", ") + date_string(stay.since) + ' ' + stay.stage + " (" + stay.cause + ")";
        if (i == from && !later.empty()) s += ", " + later;
    }
    return s;
}

std::string line_of(std::string_view label, const std::string& text) {
    constexpr std::size_t width = 11;
    return "  " + std::string(label) + std::string(width - label.size(), ' ') + text + '\n';
}

/// The side that stays: where, for whom, and what comes of it.
std::string staying(const course& c, std::string_view label, const parting& p, const comparison& of, instant until) {
    auto s = line_of(label, "still " + c.stays[p.stay - 1].stage + ", " + p.waiting);
    const auto apart = !p.until ? std::string() : *p.until == p.at ? "later that instant" : span_of(*p.until - p.at) + " later";
    if (p.stay < c.stays.size()) return s + line_of("", way_of(c, p.stay, apart));
    return s + line_of("", "not by " + date_string(until) + "; its record ends on " + date_string(of.last_ask));
}

std::string apart_of(const comparison& c) {
    const auto& p = *c.parts;
    if (p.stay >= c.recorded.stays.size() || p.stay >= c.otherwise.stays.size()) return {};
    const auto a = c.recorded.stays[p.stay].since, b = c.otherwise.stays[p.stay].since;
    return a == b ? std::string() : b < a ? span_of(a - b) + " earlier" : span_of(b - a) + " later";
}

std::string block_of(const comparison& c, instant until) {
    auto s = '\n' + (c.subject.empty() ? c.id : c.subject + "  " + c.id) + '\n';
    if (c.parts) {
        const auto& p = *c.parts;
        const bool  recorded_stays = !p.waiting.empty() && p.goes == turn::earlier;
        const bool  other_stays = !p.waiting.empty() && p.goes == turn::later;
        s += recorded_stays ? staying(c.recorded, "recorded", p, c, until) : line_of("recorded", way_of(c.recorded, p.stay));
        s += other_stays ? staying(c.otherwise, "otherwise", p, c, until)
                         : line_of("otherwise", way_of(c.otherwise, p.stay, recorded_stays ? std::string() : apart_of(c)));
    } else if (c.ends_otherwise) {
        s += line_of("recorded", c.recorded.stays.back().stage + ", " + c.recorded.disposition);
        s += line_of("otherwise", c.otherwise.stays.back().stage + ", " + c.otherwise.disposition);
    }
    for (std::size_t i = 0; i < std::min(c.refused.size(), most_refusals_shown); ++i) {
        const auto& r = c.refused[i];
        s += line_of("refused", date_string(r.at) + ' ' + (r.by.empty() ? "" : r.by + ": ") + r.ask + ": " + to_string(r.why));
    }
    if (c.refused_count > most_refusals_shown)
        s += line_of("", "and " + std::to_string(c.refused_count - most_refusals_shown) + " more");
    if (!c.problem.empty()) s += line_of("problem", c.problem);
    return s;
}

std::string count_of(std::size_t n, std::string_view what) {
    const auto number = std::to_string(n);
    return "  " + std::string(number.size() < 5 ? 5 - number.size() : 0, ' ') + number + "  " + std::string(what) + '\n';
}

void put(json_text::json_out& out, std::string_view key, const course& c) {
    out.key(key).object().field("disposition", c.disposition).field("stands", c.stands).key("stays").array();
    for (const auto& s : c.stays) {
        out.object().field("stage", s.stage).field("phase", to_string(s.in)).field("since", to_string(s.since));
        out.field("cause", s.cause).end();
    }
    out.end().end();
}

void put(json_text::json_out& out, const parting& p) {
    out.object().field("at", to_string(p.at)).field("stay", p.stay).field("goes", turn_names[static_cast<std::size_t>(p.goes)]);
    out.field("waiting", p.waiting).strings("people", p.people).key("until");
    if (p.until) out.value(to_string(*p.until)).field("ended_by", p.ended_by);
    else out.null();
    out.end();
}

void put(json_text::json_out& out, const comparison& c) {
    out.object().field("id", c.id).field("subject", c.subject).field("title", c.title).field("process", c.process);
    out.field("other_process", c.other_process).field("last_ask", to_string(c.last_ask)).field("differs", c.differs());
    out.field("ends_otherwise", c.ends_otherwise);
    put(out, "recorded", c.recorded);
    put(out, "otherwise", c.otherwise);
    out.key("parts");
    if (c.parts) put(out, *c.parts);
    else out.null();
    out.field("refused_count", c.refused_count).key("refused").array();
    for (const auto& r : c.refused) {
        out.object().field("at", to_string(r.at)).field("by", r.by).field("ask", r.ask);
        out.field("refused_by", refused_by_names[static_cast<std::size_t>(r.why.by)]).field("what", r.why.what);
        out.field("which", r.why.which).field("needed", r.why.needed).end();
    }
    out.end().field("problem", c.problem).end();
}

}  // namespace

std::string to_string(const what_if_report& r) {
    std::string s;
    for (const auto& c : r.all)
        if (c.differs()) s += block_of(c, r.until);
    return s + '\n' + summary(r);
}

std::string summary(const what_if_report& r) {
    std::string s = "Under \"" + r.charter + "\", until " + date_string(r.until) + '\n';
    s += count_of(r.all.size(), "proposals, each asked what it was asked then");
    s += count_of(r.all.size() - r.differing, "alike in every move");
    s += count_of(r.earlier, "go on earlier");
    s += count_of(r.later, "go on later, or never");
    s += count_of(r.ending_otherwise, "stand elsewhere at the end");
    s += count_of(r.refused, "things that were done then are refused");
    if (r.problems > 0) s += count_of(r.problems, "can't be replayed, or not to the end");
    if (r.differing == 0) return s;
    return s + "What a record can't tell: people might have acted otherwise; what was refused then is not in it; and once the\n"
               "rule of then was satisfied, nobody may have bothered to act. \"Not by\" means: not by what is recorded.\n";
}

std::string to_json(const what_if_report& r) {
    json_text::json_out out;
    out.object().field("charter", r.charter).field("until", to_string(r.until)).key("totals").object();
    out.field("proposals", r.all.size()).field("differing", r.differing).field("ending_otherwise", r.ending_otherwise);
    out.field("earlier", r.earlier).field("later", r.later).field("refused", r.refused).field("problems", r.problems).end();
    out.key("proposals").array();
    for (const auto& c : r.all) put(out, c);
    out.end().end();
    return std::move(out).str();
}

}  // namespace quorate
