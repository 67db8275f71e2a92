// One decision.
#include <algorithm>

#include <quorate/diagram.hpp>

#include "page_parts.hpp"
#include "speech.hpp"
#include "xml_text.hpp"

namespace bot {
namespace {

using quorate::condition_reading;
using quorate::exit_reading;
using quorate::trigger;
using quorate::truth;
using quorate::xml;

std::string bullets(const std::vector<std::string>& all) {
    std::string s = "<ul>";
    for (const auto& one : all) s += "<li>" + said(one) + "</li>";
    return s + "</ul>\n";
}

/// A truth as a sign and a word.
std::string truth_words(truth t) {
    const auto marked = [](std::string_view kind, std::string_view sign, std::string_view word) {
        return "<span class=\"" + std::string(kind) + "\"><span aria-hidden=\"true\">" + std::string(sign) + " </span>" +
               std::string(word) + "</span>";
    };
    switch (t) {
        case truth::met: return marked("pass", "\xE2\x9C\x93", "holds");
        case truth::unmet: return marked("fail", "\xE2\x9C\x97", "not yet");
        case truth::skipped: return marked("open", "\xE2\x80\x93", "not asked");
        default: return marked("open", "?", "can't be told");
    }
}

class showing {
public:
    showing(const visit& v, const exhibit& x) : v_(v), x_(x), p_(*x.p), e_(x.e) {}

    std::optional<document> operator()() {
        const auto events = timeline(v_, x_);
        if (!events) return std::nullopt;
        head();
        if (v_.number == 1) {
            now();
            if (quorate::is_open(e_.in)) missing();
            ballots();
            options();
            concerns();
            lists();
            family();
        }
        out_ += "<h2>What happened</h2>\n" + *events;
        if (v_.number == 1) rules();
        return document{std::string(name_of(p_)), std::move(out_)};
    }

private:
    [[nodiscard]] std::string stage(std::string_view name) const { return xml(stage_words(*p_.by, name)); }

    void head() {
        out_ += "<h1>" + said(name_of(p_)) + "</h1>\n<p class=\"meta\"><span>" + subject_link(v_, p_) + "</span><span>" +
                xml(p_.by->title) + "</span>";
        std::string teams;
        for (const auto t : p_.teams) teams += (teams.empty() ? "" : ", ") + xml(v_.engine.people().name(t));
        if (!teams.empty()) out_ += "<span>" + std::string(p_.teams.size() == 1 ? "team " : "teams ") + teams + "</span>";
        out_ += "<span>opened by " + somebody(v_, v_.engine.people().handle(p_.author)) + " on " + moment(v_, p_.opened) +
                "</span></p>\n";
    }

    void term(std::string_view name, const std::string& html) {
        out_ += "<dt>" + std::string(name) + "</dt><dd>" + html + "</dd>\n";
    }

    void now() {
        const bool open = quorate::is_open(e_.in);
        out_ += "<section class=\"now\" aria-label=\"How it stands\"><p class=\"lead\">" + badge(e_.in, e_.stage_title) +
                (open && !e_.summary.empty() ? " " + said(e_.summary) : "") + "</p>\n<dl>";
        if (open) {
            term("In this stage", "since " + moment(v_, e_.entered, true));
            if (!e_.disposition.empty()) term("Asked for", xml(e_.disposition));
            const auto decided = as_it_stands(e_);
            term("As it stands",
                 decided ? "it would be " + badge(*decided, phase_words(*decided)) : "it is not decided by time alone");
            term("Next date", e_.next ? moment(v_, *e_.next, true) + (e_.next_stage.empty() ? "" : ": " + stage(e_.next_stage))
                                      : "none: time alone changes nothing now");
            term("Waits for", x_.waits.empty() ? "nobody in particular" : people_list(v_, x_.waits, most_people_named));
        } else {
            const auto at = decided_at(v_, p_);
            term("Decided", moment(v_, at, true) + ", " + about(at - p_.opened) + " after it was opened");
            if (!e_.disposition.empty()) term("Asked for", xml(e_.disposition));
            if (p_.entered != at) term(stage(p_.now().name), "since " + moment(v_, p_.entered));
            if (e_.next) term("Next date", moment(v_, *e_.next, true) + ": " + stage(e_.next_stage));
        }
        out_ += "</dl></section>\n";
    }
    static std::string phase_words(quorate::phase p) {
        std::string s(to_string(p));
        std::replace(s.begin(), s.end(), '_', ' ');
        return s;
    }

    /// Ways out that people or time can take as things stand, and what each still needs.
    void missing() {
        std::vector<std::string> told;
        std::string              all;
        for (const auto& x : e_.exits) {
            if (x.by == trigger::on || x.by == trigger::unless) continue;
            const bool somebody_can = std::any_of(x.conditions.begin(), x.conditions.end(),
                                                  [](const condition_reading& c) { return !c.people.empty(); });
            if (x.now != truth::met && !x.possible && !somebody_can) continue;
            auto html = way_out(x);
            if (std::find(told.begin(), told.end(), html) != told.end()) continue;
            all += html;
            told.push_back(std::move(html));
        }
        if (!all.empty())
            out_ += "<h2>How it goes on</h2>\n<p class=\"meta\">" +
                    std::string(told.size() == 1 ? "" : "Of these the first that holds in its time is taken.") + "</p>\n" + all;
    }
    std::string way_out(const exit_reading& x) const {
        std::string s = "<h3>To \xE2\x80\x9C" + stage(x.to) + "\xE2\x80\x9D" +
                        (x.conditions.empty() && x.now == truth::met ? "" : ": " + truth_words(x.now)) +
                        "</h3>\n<p class=\"meta\">" + in_code(x.says) + "</p>\n";
        const bool next = e_.next && x.due == e_.next && x.to == e_.next_stage;
        if (x.due && x.now == truth::met)
            s += "<p>" + moment(v_, *x.due, true) +
                 (next ? ", if nothing changes.</p>\n" : ", if it hasn't gone another way by then.</p>\n");
        if (!x.enough.empty()) s += "<p>Enough would be: " + said(x.enough) + ".</p>\n";
        if (!x.stuck.empty()) s += "<p>No ballot can mend this any more: " + in_code(x.stuck) + ".</p>\n";
        if (x.conditions.empty()) return s;
        table t("What it takes to come to " + std::string(stage_words(*p_.by, x.to)),
                {"Condition", "Now", "Is", "Needs", "Who can change it"});
        for (const auto& c : x.conditions)
            t.row({in_code(c.text) +
                       (c.rule.empty() ? "" : "<span class=\"meta\">of \xE2\x80\x9C" + xml(c.rule) + "\xE2\x80\x9D</span>"),
                   truth_words(c.is) + (c.why.empty() ? "" : "<span class=\"meta\">" + said(c.why) + "</span>"),
                   said_if(c.measured), said_if(c.required),
                   people_list(v_, c.people, most_people_named) +
                       (c.changes ? (c.people.empty() ? "time: " : "; time: ") + moment(v_, *c.changes, true) : "")});
        return s + t.done();
    }
    static std::string said_if(const std::string& s) { return s.empty() ? s : said(s); }

    void ballots() {
        const auto& positions = p_.by->positions;
        if (positions.empty() || p_.voters.empty()) return;
        out_ += "<h2>Ballots</h2>\n";
        if (e_.ballots.empty()) {
            out_ += "<p>Who said what isn't shown" + std::string(quorate::is_open(e_.in) ? " now" : "") + ". " +
                    std::to_string(e_.electorate.size() - std::min(e_.electorate.size(), e_.outstanding.size())) + " of " +
                    std::to_string(e_.electorate.size()) + " have a ballot in, or need none.</p>\n";
            if (!e_.outstanding.empty() && quorate::is_open(e_.in))
                out_ += "<p>Silent so far: " + people_list(v_, e_.outstanding, most_ballots_named) + ".</p>\n";
        } else if (positions.size() == 1) {
            checklist();
        } else {
            table t("Ballots by position", {"Position", "Ballots", "Whose"});
            for (const auto& [name, whose] : e_.ballots)
                t.row({position_words(name), std::to_string(whose.size()), people_list(v_, whose, most_ballots_named)});
            out_ += t.done();
            if (!e_.outstanding.empty() && quorate::is_open(e_.in))
                out_ += "<p>Silent so far: " + people_list(v_, e_.outstanding, most_ballots_named) + ".</p>\n";
        }
        if (!e_.carried.empty()) out_ += "<h3>Carried by delegates</h3>\n" + bullets(e_.carried);
    }
    [[nodiscard]] std::string position_words(std::string_view name) const {
        const auto at = p_.by->position_named(name);
        const auto title = at ? std::string_view(p_.by->positions[*at].title) : std::string_view{};
        return xml(name) + (title.empty() || title == name ? "" : " <span class=\"faint\">(" + xml(title) + ")</span>");
    }
    void checklist() {
        const auto& only = p_.by->positions.front();
        const auto& have = e_.ballots.front().second;
        const auto among = [](const std::vector<std::string>& all, std::string_view who) {
            return std::any_of(all.begin(), all.end(),
                               [&](const std::string& named) { return named == who || handle_in(named) == handle_in(who); });
        };
        const auto shown = std::min(e_.electorate.size(), most_ballots_named);
        out_ += "<p class=\"meta\">" + std::to_string(have.size()) + " of " + std::to_string(e_.electorate.size()) +
                (shown < e_.electorate.size() ? ", of whom " + std::to_string(shown) + " are named" : "") +
                "</p>\n<ul class=\"checklist\">";
        for (std::size_t i = 0; i < shown; ++i) {
            const auto& who = e_.electorate[i];
            const bool  waits = among(e_.outstanding, who), yes = !waits && among(have, who);
            out_ += "<li class=\"" + std::string(yes ? "yes" : "no") + "\"><span class=\"sign\" aria-hidden=\"true\">" +
                    (yes     ? "\xE2\x9C\x93"
                     : waits ? "\xE2\x97\x8B"
                             : "\xE2\x80\x93") +
                    "</span>" + somebody(v_, who) + "<span class=\"faint\"> " +
                    (yes     ? xml(only.title.empty() ? only.name : only.title)
                     : waits ? "not yet"
                             : "stands aside") +
                    "</span></li>\n";
        }
        out_ += "</ul>\n";
    }

    void options() {
        if (e_.options.empty()) return;
        out_ += "<h2>Options</h2>\n" + bullets(e_.options);
        if (const auto counted = v_.engine.count(p_.id, quorate::viewer::anyone()); counted)
            out_ += "<p>" + std::to_string(counted.value().count.ballots) + " ballots are counted.</p>\n";
        if (!e_.elected.empty())
            out_ +=
                "<h3>" + std::string(quorate::is_open(e_.in) ? "As counted now" : "Elected") + "</h3>\n" + bullets(e_.elected);
        if (!e_.tied.empty()) out_ += "<h3>Tied</h3>\n" + bullets(e_.tied);
    }

    void concerns() {
        if (p_.concerns.empty()) return;
        out_ += "<h2>Concerns</h2>\n";
        table t("Concerns", {"Concern", "Raised by", "Raised", "State"});
        for (const auto& c : p_.concerns) {
            std::string state = "<span class=\"warn\"><span aria-hidden=\"true\">! </span>open</span>";
            if (c.state != quorate::concern_state::open) {
                state = "<span class=\"pass\"><span aria-hidden=\"true\">\xE2\x9C\x93 </span>" +
                        std::string(c.state == quorate::concern_state::resolved ? "resolved" : "overridden") + "</span>";
                if (c.closed_by) state += " by " + somebody(v_, v_.engine.people().handle(*c.closed_by));
                state += "<span class=\"meta\">" + moment(v_, c.closed) + "</span>";
            }
            t.row({said(c.name), somebody(v_, v_.engine.people().handle(c.raiser)), moment(v_, c.raised), state});
        }
        out_ += t.done();
    }

    void lists() {
        if (!e_.questions.empty()) out_ += "<h2>Questions without an answer</h2>\n" + bullets(e_.questions);
        if (!e_.facts.empty()) out_ += "<h2>Facts</h2>\n" + bullets(e_.facts);
        auto findings = e_.findings;
        std::erase_if(findings, [&](const std::string& f) { return v_.tells_of_hidden(f); });
        if (!findings.empty()) out_ += "<h2>What can't go on by itself</h2>\n" + bullets(findings);
    }
    /// Those above and below it that are on show, too.
    void family() {
        std::string      all;
        const auto add = [&](std::string_view what, const std::string& id) {
            if (const auto x = v_.look(id))
                all += "<li>" + std::string(what) + " " + link(address_of(*x->p), said(name_of(*x->p))) + " " +
                       badge(x->e.in, x->e.stage_title) + "</li>";
        };
        if (!p_.parent.empty()) add("under", p_.parent);
        for (const auto& c : p_.children) add("over", c.id);
        if (!all.empty()) out_ += "<h2>Belongs together</h2>\n<ul>" + all + "</ul>\n";
    }

    void rules() {
        out_ +=
            "<h2>Its rules</h2>\n<p>It is decided by the rules of \xE2\x80\x9C" + xml(p_.by->title) +
            "\xE2\x80\x9D as they were when it was opened.</p>\n<details><summary>In English</summary>\n<div class=\"rules\">" +
            rules_in_english(*p_.by) +
            "</div></details>\n<details><summary>As a diagram</summary>\n<div class=\"scroll\" role=\"region\" aria-label=\"Diagram of " +
            xml(p_.by->title) + "\" tabindex=\"0\">" + to_svg(diagram_of(*p_.by)) + "</div></details>\n";
    }

    const visit&                v_;
    const exhibit&              x_;
    const quorate::proposal&    p_;
    const quorate::explanation& e_;
    std::string                 out_;
};

}  // namespace

std::optional<document> decision_page(const visit& v, const std::string& id) {
    const auto x = v.look(id);
    return x ? showing(v, *x)() : std::nullopt;
}

}  // namespace bot
