#include "speech.hpp"

#include <algorithm>

#include "json.hpp"
#include "plain_text.hpp"

namespace bot {
namespace {

using quorate::explanation;
using quorate::truth;
using quorate::viewer;

std::string joined(const std::vector<std::string>& all, std::string_view between = ", ") {
    std::string s;
    for (std::size_t i = 0; i < std::min(all.size(), most_names_shown); ++i) s += (i == 0 ? "" : std::string(between)) + all[i];
    if (all.size() > most_names_shown) s += " and " + std::to_string(all.size() - most_names_shown) + " more";
    return s;
}
std::string day(instant t) { return quorate::to_string(t); }
bool        holds(const std::vector<std::string>& all, std::string_view one) { return std::find(all.begin(), all.end(), one) != all.end(); }
std::string marked(std::string text, const std::string& marker) {
    if (text.size() > longest_body) text = text.substr(0, text.rfind('\n', longest_body)) + "\n\n(The rest is too long to be shown here.)\n";
    return text + "\n" + marker;
}

/// The parts of the status comment.
class status_writer {
public:
    status_writer(const explanation& e, const quorate::proposal& p, const quorate::roster& people) : e_(e), p_(p), people_(people) {}

    std::string operator()() {
        out_ = "**" + e_.process_title + "**" + (e_.disposition.empty() ? "" : ", disposition **" + e_.disposition + "**") + ": ";
        out_ += quorate::is_open(e_.in) ? "**" + e_.stage_title + "** since " + day(e_.entered) : "**" + std::string(to_string(e_.in)) + "** on " + day(e_.entered);
        out_ += "\n";
        if (quorate::is_open(e_.in) && !e_.summary.empty()) out_ += "\nNow: " + as_code(e_.summary) + "\n";
        ballots();
        concerns();
        if (!e_.questions.empty()) list("Questions without an answer", e_.questions);
        if (quorate::is_open(e_.in)) {
            missing();
            dates();
        }
        if (!e_.findings.empty()) list("What can't go on by itself", e_.findings);
        out_ += "\n<sub>This comment is a view of the decision's journal and is kept up to date. Ticking boxes or editing it changes nothing.</sub>\n";
        return out_;
    }

private:
    /// A name that is to be noticed, if it is that of somebody in the roster.
    [[nodiscard]] std::string name(const std::string& handle) const {
        const auto who = people_.find_current(handle);
        return who && !people_.is_guest(*who) && !people_.teams_of(*who).empty() ? "@" + handle : as_code(handle);
    }
    void list(std::string_view title, const std::vector<std::string>& all) {
        out_ += "\n" + std::string(title) + ":\n";
        for (const auto& s : all) out_ += "- " + as_code(s) + "\n";
    }
    void ballots() {
        if (p_.by->positions.size() == 1 && !e_.electorate.empty() && e_.electorate.size() <= most_names_shown && !e_.ballots.empty()) {
            out_ += "\n";
            for (const auto& who : e_.electorate) out_ += std::string(holds(e_.outstanding, who) ? "- [ ] " : "- [x] ") + name(who) + "\n";
            return;
        }
        bool by_reaction = false;
        for (const auto& [position, handles] : e_.ballots) {
            std::vector<std::string> names;
            for (const auto& h : handles) names.push_back(name(h));
            const auto at = p_.by->position_named(position);
            const auto title = at && !p_.by->positions[*at].title.empty() ? p_.by->positions[*at].title : std::string();
            by_reaction = by_reaction || title == "+1" || title == "-1";
            out_ += "\n" + (title.empty() ? "" : as_code(title) + " ") + position + ": " + std::to_string(handles.size()) + (names.empty() ? "" : " (" + joined(names) + ")") + "\n";
        }
        if (by_reaction && quorate::is_open(e_.in)) out_ += "\nReact to this comment to vote; one reaction each.\n";
    }
    void concerns() {
        if (p_.concerns.empty()) return;
        out_ += "\nConcerns:\n";
        for (const auto& c : p_.concerns) {
            const bool open = c.state == quorate::concern_state::open;
            out_ += std::string(open ? "- [ ] " : "- [x] ") + as_code(c.name) + ", raised by " + as_code(people_.handle(c.raiser));
            if (!open) out_ += c.state == quorate::concern_state::resolved ? ", resolved" : ", overridden";
            if (!open && c.closed_by) out_ += " by " + as_code(people_.handle(*c.closed_by));
            out_ += "\n";
        }
    }
    /// What people can do something about, of what keeps it from going on.
    void missing() {
        for (const auto& x : e_.exits) {
            if (x.by == quorate::trigger::on || x.by == quorate::trigger::unless || x.now == truth::met) continue;
            std::string unmet;
            for (const auto& c : x.conditions)
                if (c.is != truth::met && !c.people.empty())
                    unmet += "- " + as_code(c.text) + (c.measured.empty() ? "" : ": is " + c.measured + (c.required.empty() ? "" : ", against " + c.required)) + "\n";
            if (unmet.empty() || out_.find("Missing for **" + x.to + "**") != std::string::npos) continue;  // two exits may ask the same
            out_ += "\nMissing for **" + x.to + "**" + (x.enough.empty() ? "" : " (enough: " + as_code(x.enough) + ")") + ":\n" + unmet;
            if (!x.stuck.empty()) out_ += "- no ballot can mend this any more: " + as_code(x.stuck) + "\n";
        }
    }
    void dates() {
        if (e_.next) out_ += "\nNext by time alone: " + day(*e_.next) + ", **" + e_.next_stage + "**\n";
        else out_ += "\nTime alone changes nothing now.\n";
        if (const auto in = as_it_stands(e_)) out_ += "\nDecided as it stands now: **" + std::string(to_string(*in)) + "**\n";
        else out_ += "\nDecided as it stands now: not at all, it stays **" + e_.stage_title + "**\n";
    }

    const explanation&       e_;
    const quorate::proposal& p_;
    const quorate::roster&   people_;
    std::string              out_;
};

std::string field_of(const quorate::effect& e, std::string_view key) {
    const auto json = quorate::json_text::parse(e.payload, "effect");
    const auto* n = json ? json.value().find(key) : nullptr;
    return n == nullptr ? std::string() : n->text;
}

/// A login with what a reader easily takes for the same made the same.
std::string skeleton(std::string_view login) {
    std::string s;
    for (const char c : login) {
        const char l = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        if (l == '-' || l == '_') continue;
        s += l == 'i' || l == '1' ? 'l' : l == '0' ? 'o' : l == '5' ? 's' : l;
    }
    const auto replace = [&](std::string_view what, std::string_view with) {
        for (auto at = s.find(what); at != std::string::npos; at = s.find(what, at + with.size())) s.replace(at, what.size(), with);
    };
    replace("rn", "m");
    replace("vv", "w");
    return s;
}

}  // namespace

// ---- markers ----------------------------------------------------------------------------------------------------------------------
std::string status_marker(std::string_view proposal) { return "<!-- quorate status " + std::string(proposal) + " -->"; }
std::string announcement_marker(std::uint64_t effect) { return "<!-- quorate announcement " + std::to_string(effect) + " -->"; }
std::string reply_marker(const delivery& d) {
    auto thing = same_thing(d);
    if (thing.empty()) thing = "delivery " + d.id;
    std::erase_if(thing, [](char c) { return c == '>' || c == '<' || c == '\n' || c == '\r'; });
    return "<!-- quorate reply " + thing + " -->";
}
std::string reminder_marker(const quorate::proposal& p, std::int64_t count) {
    return "<!-- quorate reminder " + p.id + " " + quorate::to_string(p.entered) + " " + std::to_string(count) + " -->";
}
std::string_view marker_of(std::string_view body) {
    while (!body.empty() && (body.back() == '\n' || body.back() == '\r' || body.back() == ' ')) body.remove_suffix(1);
    const auto line = body.substr(body.rfind('\n') == std::string_view::npos ? 0 : body.rfind('\n') + 1);
    return line.starts_with("<!-- quorate ") && line.ends_with(" -->") ? line : std::string_view{};
}

// ---- comments -----------------------------------------------------------------------------------------------------------------------
std::string status_text(const quorate::engine& engine, const std::string& proposal) {
    const auto* p = engine.get(proposal);
    if (p == nullptr) return {};
    const auto e = engine.explain(proposal, p->last, viewer::anyone());
    return e ? marked(status_writer(e.value(), *p, engine.people())(), status_marker(proposal)) : std::string();
}

std::string announcement(const quorate::engine& engine, const quorate::effect& e) {
    const auto* p = engine.get(e.proposal);
    if (p == nullptr || !engine.explain(e.proposal, p->last, viewer::anyone())) return {};
    const auto at = p->by->stage_named(field_of(e, "stage"));
    if (!at) return {};
    const auto& s = p->by->stages[*at];
    const auto  disposition = field_of(e, "disposition");
    const auto  with = disposition.empty() ? std::string() : ", with disposition **" + disposition + "**,";
    std::string text;
    if (s.in == quorate::phase::final_comment) {
        text = "This is now in its final comment period" + (with.empty() ? "," : with) + " as of " + day(e.at) + ".";
        for (const auto& x : s.exits)
            if (x.by == quorate::trigger::after) {
                text += " Without objection it ends in " + quorate::to_string(x.length) + ".";
                break;
            }
    } else if (!quorate::is_open(s.in)) {
        text = "**" + p->by->title + "**" + with + " is over: **" + std::string(to_string(s.in)) + "**, on " + day(e.at) + ".";
    } else {
        text = "**" + p->by->title + "**" + with + " is now in stage **" + (s.title.empty() ? s.name : s.title) + "**, as of " + day(e.at) + ".";
    }
    text += "\n";
    return marked(std::move(text), announcement_marker(e.id));
}

std::string reply_text(const quorate::engine& engine, const delivery& d, const dealt& what) {
    const auto* p = engine.get(what.proposal);
    const bool  shown = p == nullptr || engine.explain(what.proposal, p->last, viewer::anyone()).has_value();
    std::string text = "@" + d.sender.login + " ";
    if (!shown) return marked(text + "not everyone may see this decision, so nothing is said about it here.\n", reply_marker(d));
    text += what.answers.empty() ? "" : "this is what came of it:\n";
    std::size_t count = 0;
    for (const auto& h : what.answers) {
        if (++count > most_answers_shown) {
            text += "\n(" + std::to_string(what.answers.size() - most_answers_shown) + " more are not shown.)\n";
            break;
        }
        text += "\n- " + (h.what.line == 0 ? std::string("the comment") : "line " + std::to_string(h.what.line)) + (h.what.text.empty() ? "" : ", " + as_code(h.what.text));
        if (!h.no) {
            text += ": done";
            continue;
        }
        text += ": **no**, " + as_code(h.no->what);
        if (!h.no->which.empty()) text += "\n  by " + as_code(h.no->which);
        if (!h.no->needed.empty()) text += "\n  what would be needed: " + as_code(h.no->needed);
    }
    if (!what.answers.empty()) text += "\n";
    if (!what.remark.empty()) text += (what.answers.empty() ? "" : "\n") + as_code(what.remark) + "\n";
    if (const auto note = look_alike_note(engine.people(), d.writer.id != 0 ? d.writer : d.sender); !note.empty()) text += "\n" + note + "\n";
    if (what.wants_status && p != nullptr) {
        auto status = status_text(engine, what.proposal);
        if (const auto last = status.rfind('\n'); last != std::string::npos) status.resize(last);
        text += "\n" + status;
    }
    return marked(std::move(text), reply_marker(d));
}

std::vector<std::string> waited_for(const quorate::engine& engine, const std::string& proposal) {
    const auto* p = engine.get(proposal);
    if (p == nullptr) return {};
    const auto e = engine.explain(proposal, p->last, viewer::anyone());
    return e ? waited_for(e.value(), engine.people()) : std::vector<std::string>{};
}
std::vector<std::string> waited_for(const explanation& e, const quorate::roster& people) {
    std::vector<std::string> names;
    if (!quorate::is_open(e.in)) return names;
    for (const auto& x : e.exits) {
        if (x.by == quorate::trigger::on || x.now == truth::met) continue;
        for (const auto& c : x.conditions) {
            if (c.is == truth::met) continue;
            for (const auto& who : c.people) {
                const auto handle = std::string(handle_in(who));
                const auto person = people.find_current(handle);
                if (person && !people.is_guest(*person) && !holds(names, handle)) names.push_back(handle);
            }
        }
    }
    return names;
}
std::optional<quorate::phase> as_it_stands(const explanation& e) {
    for (const auto& x : e.exits)
        if (x.now == truth::met && (x.by == quorate::trigger::after || x.by == quorate::trigger::held)) return x.leads_to;
    return std::nullopt;
}

std::string reminder(const quorate::engine& engine, const std::string& proposal, std::int64_t count) {
    const auto  names = waited_for(engine, proposal);
    const auto* p = engine.get(proposal);
    if (names.empty()) return {};
    std::vector<std::string> pings;
    for (const auto& n : names) pings.push_back("@" + n);
    std::string text = "A reminder: **" + p->by->title + "** has been in **" + (p->now().title.empty() ? p->now().name : p->now().title) + "** since " + day(p->entered) + " and waits for " +
                       joined(pings) + ".\n";
    return marked(std::move(text), reminder_marker(*p, count));
}

std::int64_t reminders_due(const quorate::proposal& p, instant now, quorate::duration every) {
    if (every <= quorate::duration{} || !quorate::is_open(p.in()) || now < p.entered) return 0;
    return (now - p.entered) / every;
}

// ---- names ------------------------------------------------------------------------------------------------------------------------
std::string_view handle_in(std::string_view name) { return name.substr(0, name.find(" (")); }

std::string as_code(std::string_view text) {
    auto s = quorate::plain_text::clean(text);
    // Invisible characters that aren't controls: zero-width space to right-to-left mark, word joiner, byte order mark.
    std::string out;
    for (std::size_t i = 0; i < s.size(); ++i) {
        const auto three = std::string_view(s).substr(i, 3);
        const bool hidden = (three >= "\xE2\x80\x8B" && three <= "\xE2\x80\x8F") || three == "\xE2\x81\xA0" || three == "\xEF\xBB\xBF";
        if (hidden) out += "\xEF\xBF\xBD", i += 2;
        else out += s[i];
    }
    std::size_t run = 0, longest = 0;
    for (const char c : out) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
    const std::string fence(longest + 1, '`');
    const bool edge = out.empty() || out.front() == '`' || out.back() == '`';
    return fence + (edge ? " " : "") + out + (edge ? " " : "") + fence;
}

bool look_alike(std::string_view a, std::string_view b) {
    const auto same_login = a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
        const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
        return low(x) == low(y);
    });
    return same_login || skeleton(a) == skeleton(b);
}

std::string look_alike_note(const quorate::roster& people, const account& a) {
    for (const auto& p : people.document().people) {
        if (p.guest || p.id == a.person() || !look_alike(p.handle.empty() ? p.id : p.handle, a.login)) continue;
        const auto who = people.find_person(p.id);
        if (!who || people.teams_of(*who).empty()) continue;
        return "Mind the name: " + as_code(a.login) + " is account " + a.person() + ", not the member " + as_code(p.handle) + ", who is account " + p.id + ".";
    }
    return {};
}

}  // namespace bot
