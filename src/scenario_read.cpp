// One scenario, unfolded: its documents, its steps, what it expects.
#include <algorithm>
#include <array>

#include "scenario_load.hpp"

namespace quorate {
namespace {

using json_text::in_quotes;
using json_text::kind;
using json_text::node;
using json_text::reader;

/// Keys of a step that say when, about what and with which result; the others belong to the command.
constexpr std::array<std::string_view, 11> step_keys{"at",     "after", "about",   "proposal", "expect", "roster",
                                                      "open",   "comment", "before", "opens",    "dialect"};

std::string words_of(const command& c) {
    std::string s(to_string(c.what));
    if (!c.subject.empty()) s += ' ' + in_quotes(c.subject);
    if (!c.by.empty()) s += " by " + c.by;
    if (!c.on_behalf_of.empty()) s += " for " + c.on_behalf_of;
    return s;
}

class scenario_reader {
public:
    scenario_reader(const node& n, scenario_source& from) : n_(n), from_(from), read_(n, from.name()) {}

    scenario operator()() {
        read_.known_keys(n_, {"$schema", "title", "cites", "about", "charter", "roster", "parameters", "process", "dialect", "given",
                              "steps", "expect", "each", "broken"});
        made_.file = from_.name();
        made_.line = n_.line;
        made_.title = read_.required_text(n_, "title");
        made_.cites = read_.text(n_, "cites").value_or("");
        if (n_.find("broken") != nullptr) return broken();
        if (const auto* d = n_.find("dialect")) spoken_ = dialect_of(*d);
        if (const auto* c = read_.required(n_, "charter")) {
            made_.rules = from_.rules(*c, read_.object(n_, "parameters"));
            made_.under = from_.parts(*c, read_.object(n_, "parameters"));
        }
        if (const auto* r = read_.required(n_, "roster")) made_.people = from_.people(*r);
        given();
        if (const auto* steps = read_.array(n_, "steps")) {
            if (steps->elements.size() > most_scenario_steps)
                from_.note(*steps, "more than " + std::to_string(most_scenario_steps) + " steps", {}, errc::limit);
            else
                for (const auto& s : steps->elements) step(s);
        }
        if (n_.find("steps") == nullptr && n_.find("expect") == nullptr)
            read_.wrong(n_, "a scenario needs \"steps\" or \"expect\"", "without them it tests nothing");
        if (const auto* e = read_.object(n_, "expect"))
            made_.at_end = expects(*e, made_.steps.empty() ? std::string() : made_.steps.front().proposal, now_, false);
        if (!read_.ok()) from_.note(read_.why());
        return std::move(made_);
    }

private:
    /// The documents must be refused: loaded where their problems don't count as problems of this file.
    scenario broken() {
        made_.broken = read_.required_text(n_, "broken");
        if (n_.find("steps") != nullptr || n_.find("expect") != nullptr)
            read_.wrong(n_, "nothing can happen under documents that are refused", "leave out \"steps\" and \"expect\", or \"broken\"");
        const auto *c = n_.find("charter"), *r = n_.find("roster");
        if (c == nullptr && r == nullptr) read_.wrong(n_, "there is no \"charter\" and no \"roster\" that could be refused");
        auto apart = from_.apart();
        if (c != nullptr) made_.rules = apart.rules(*c, read_.object(n_, "parameters"));
        if (r != nullptr) made_.people = apart.people(*r);
        if (!apart.ok()) made_.refusal = apart.why().what();
        if (!read_.ok()) from_.note(read_.why());
        return std::move(made_);
    }

    const dialect* dialect_of(const node& at) {
        if (!read_.expect(at, kind::string)) return nullptr;
        const auto* found = dialect_named(at.text);
        if (found != nullptr) return found;
        std::vector<std::string_view> known;
        for (const auto& d : dialects()) known.push_back(d.name);
        read_.wrong(at, "there is no dialect " + in_quotes(at.text), json_text::did_you_mean(at.text, known));
        return nullptr;
    }

    // ---- steps ----------------------------------------------------------------------------------------------------------
    void given() {
        static const node nothing = [] {
            node n;
            n.what = kind::object;
            return n;
        }();
        const auto* g = read_.required_object(n_, "given");
        if (g == nullptr) g = &nothing;
        read_.known_keys(*g, {"name", "by", "subject", "title", "teams", "at", "expect", "about"});
        now_ = read_.moment(*g, "at").value_or(scenario_start);
        scenario_step s{.what = scenario_step::kind::open, .at = now_, .line = g->line, .column = g->column};
        s.proposal = read_.text(*g, "name").value_or("main");
        s.open = opening_of(*g);
        s.open.process = read_.text(n_, "process").value_or("");
        if (n_.find("process") == nullptr && made_.rules && made_.rules->processes().size() == 1)
            s.open.process = made_.rules->processes().front().name;  // there is no other
        else if (n_.find("process") == nullptr && made_.rules)
            read_.wrong(n_, "\"process\" is missing", "the charter has several");
        check_process(s.open.process, n_.find("process") == nullptr ? n_ : *n_.find("process"));
        opened(std::move(s), *g);
    }

    opening opening_of(const node& from) {
        opening o{.at = now_};
        if (from.line != 0) o.by = read_.required_text(from, "by");
        o.subject = read_.text(from, "subject").value_or("");
        o.title = read_.text(from, "title").value_or("");
        for (const auto t : read_.texts(from, "teams")) o.teams.emplace_back(t);
        return o;
    }

    void check_process(std::string_view process, const node& at) {
        if (!made_.rules || process.empty() || made_.rules->find(process) != nullptr) return;
        std::vector<std::string_view> known;
        for (const auto& p : made_.rules->processes()) known.push_back(p.name);
        read_.wrong(at, "the charter has no process " + in_quotes(process), json_text::did_you_mean(process, known));
    }

    void opened(scenario_step s, const node& from) {
        const bool again = std::any_of(names_.begin(), names_.end(), [&](const auto& k) { return k.first == s.proposal; });
        if (again) read_.wrong(from, "there is a proposal " + in_quotes(s.proposal) + " already");
        names_.emplace_back(s.proposal, s.open.process);
        s.text = "open " + s.open.process + (s.open.by.empty() ? "" : " by " + s.open.by);
        if (const auto* e = read_.object(from, "expect")) s.expect = expects(*e, s.proposal, s.at, true);
        made_.steps.push_back(std::move(s));
    }

    void step(const node& n) {
        if (!read_.expect(n, kind::object)) return;
        const bool timed = time_of(n);
        scenario_step s{.at = now_, .line = n.line, .column = n.column};
        const int   deeds = (n.find("open") != nullptr) + (n.find("roster") != nullptr) + (n.find("do") != nullptr) +
                          (n.find("comment") != nullptr);
        if (deeds > 1) return read_.wrong(n, "a step does one thing: \"do\", \"comment\", \"open\" or \"roster\"");
        if (const auto* o = read_.object(n, "open")) return open_step(std::move(s), n, *o);
        s.proposal = made_.steps.empty() ? std::string() : made_.steps.front().proposal;
        if (const auto name = is_link(n) ? std::nullopt : read_.text(n, "proposal")) s.proposal = known_name(*name, *n.find("proposal"));
        if (const auto* r = read_.object(n, "roster")) {
            only_step_keys(n);
            s.what = scenario_step::kind::roster;
            roster_step(s, *r);
        } else if (const auto* text = n.find("comment")) {
            s.what = scenario_step::kind::comment;
            comment_step(s, n, *text);
        } else if (n.find("do") == nullptr || n.find("do")->text == "advance") {
            only_step_keys(n);
            s.what = timed || n.find("do") != nullptr ? scenario_step::kind::time : scenario_step::kind::look;
            s.text = timed ? "until " + to_string(now_) : "";
        } else {
            s.what = scenario_step::kind::command;
            commands(s, n);
        }
        const bool said = s.what == scenario_step::kind::comment;
        const bool asks = said || s.what == scenario_step::kind::command || s.what == scenario_step::kind::roster;
        if (const auto* e = read_.object(n, "expect")) s.expect = expects(*e, s.proposal, s.at, asks);
        if (s.expect.answers && !said) read_.wrong(n, "\"answers\" are those that a comment gets");
        if (!s.opens.empty()) names_.emplace_back(s.opens, std::string());  // which process is for the comment to say
        made_.steps.push_back(std::move(s));
    }

    void comment_step(scenario_step& s, const node& n, const node& text) {
        read_.known_keys(n, {"at", "after", "about", "proposal", "expect", "comment", "by", "before", "opens", "dialect"});
        s.spoken = n.find("dialect") != nullptr ? dialect_of(*n.find("dialect")) : spoken_;
        if (s.spoken == nullptr && n.find("dialect") == nullptr)
            read_.wrong(n, "in which dialect is this comment?", "say \"dialect\" around it, such as \"rfcbot\"");
        s.said.by = read_.required_text(n, "by");
        s.said.at = s.at;
        if (read_.expect(text, kind::string)) s.said.text = text.text;
        if (const auto before = read_.text(n, "before")) s.said.before = std::string(*before);
        s.opens = read_.text(n, "opens").value_or("");
        commands_ += most_asked;
        if (commands_ > most_scenario_commands)
            from_.note(n, "comments that could ask for more than " + std::to_string(most_scenario_commands) + " things", {}, errc::limit);
        s.text = "comment by " + s.said.by + ": " + s.said.text.substr(0, s.said.text.find('\n'));
    }

    /// Of a link, "proposal" says which proposal did something.
    static bool is_link(const node& n) {
        const auto* deed = n.find("do");
        return deed != nullptr && deed->text == to_string(act::link);
    }

    bool time_of(const node& n) {
        const auto at = read_.moment(n, "at");
        const auto after = read_.span(n, "after");
        if (at && after) read_.wrong(n, "a step has \"at\" or \"after\", not both");
        if (at) now_ = *at;
        if (!after) return at.has_value();
        if (*after > latest_instant - now_) read_.wrong(*n.find("after"), "this passes the end of the calendar");
        else now_ += *after;
        return true;
    }

    void open_step(scenario_step s, const node& n, const node& o) {
        only_step_keys(n);
        read_.known_keys(o, {"name", "process", "by", "subject", "title", "teams", "parent", "about"});
        s.what = scenario_step::kind::open;
        s.proposal = read_.required_text(o, "name");
        s.open = opening_of(o);
        s.open.process = read_.required_text(o, "process");
        check_process(s.open.process, o.find("process") == nullptr ? o : *o.find("process"));
        if (const auto parent = read_.text(o, "parent")) s.open.parent = known_name(*parent, *o.find("parent"));
        s.open.about = read_.text(o, "about").value_or("");
        opened(std::move(s), n);
    }

    std::string known_name(std::string_view name, const node& at) {
        std::vector<std::string_view> known;
        for (const auto& [n, process] : names_) known.push_back(n);
        if (std::find(known.begin(), known.end(), name) == known.end())
            read_.wrong(at, "no proposal " + in_quotes(name) + " was opened so far", json_text::did_you_mean(name, known));
        return std::string(name);
    }

    void only_step_keys(const node& n) {
        std::vector<std::string_view> known(step_keys.begin(), step_keys.end());
        std::erase_if(known, [](std::string_view k) { return k == "comment" || k == "before" || k == "opens" || k == "dialect"; });
        known.push_back("do");
        read_.known_keys(n, known);
    }

    /// Parses what `n` says, once more with its place if it is wrong, so that the problem is pointed at.
    template <class Parse>
    auto parsed(node n, const Parse& parse) {
        json_text::member at{"at", 0, 0, {}};
        at.value.what = kind::string;
        at.value.text = to_string(now_);
        if (n.find("at") != nullptr) from_.note(n, "the time is said by the step, not here");
        n.members.push_back(std::move(at));
        auto made = parse(compact_json(n), from_.name());
        if (made) return made;
        const auto placed = parse(placed_json(n), from_.name());
        error      why = placed ? made.error() : placed.error();
        for (auto& p : why.problems)
            if (p.line == 0) {  // about the whole of it
                p.where = from_.name();
                p.line = n.line;
                p.column = n.column;
            }
        from_.note(why);
        return made;
    }

    void roster_step(scenario_step& s, const node& r) {
        const auto event = parsed(r, [](const std::string& json, const std::string& name) { return parse_roster_event(json, name); });
        if (!event) return;
        s.change = event.value();
        s.text = "roster: " + std::string(to_string(s.change.what)) + (s.change.who.empty() ? "" : " " + s.change.who) +
                 (s.change.team.empty() ? "" : ", " + s.change.team);
    }

    void commands(scenario_step& s, const node& n) {
        node plain = n;
        std::erase_if(plain.members, [&](const json_text::member& m) {
            if (m.key == "proposal" && is_link(n)) return false;
            return std::find(step_keys.begin(), step_keys.end(), m.key) != step_keys.end();
        });
        const auto* by = n.find("by");
        if (by == nullptr || !by->is_array()) return one_command(s, plain);
        commands_ += by->elements.size();
        if (commands_ > most_scenario_commands)
            return from_.note(*by, "more than " + std::to_string(most_scenario_commands) + " commands", {}, errc::limit);
        for (const auto& who : by->elements) {
            auto own = plain;
            for (auto& m : own.members)
                if (m.key == "by") m.value = who;
            one_command(s, own);
        }
        s.text = std::string(read_.text(n, "do").value_or("")) + " by " + std::to_string(by->elements.size()) + " people";
        if (s.commands.size() == 1) s.text = words_of(s.commands.front());
    }
    void one_command(scenario_step& s, const node& plain) {
        const auto c = parsed(plain, [](const std::string& json, const std::string& name) { return parse_command(json, name); });
        if (!c) return;
        s.text = words_of(c.value());
        s.commands.push_back(c.value());
    }

    // ---- expectations ---------------------------------------------------------------------------------------------------
    expectation expects(const node& n, const std::string& about, instant at, bool asks) {
        expectation e;
        read_.known_keys(n, {"refused", "refused_by", "answers", "stage", "phase", "outcome", "disposition", "waiting_for", "electorate",
                             "concerns", "ballots", "elected", "tied", "explanation", "findings", "next", "next_stage", "possible", "certain", "effects", "viewer", "visible",
                             "about"});
        for (const auto key : golden_keys)
            if (const auto* v = n.find(key)) e.golden.push_back({key, v->line, v->column});
        refusal_of(e, n, asks);
        e.possible = ahead(n, "possible", about);
        e.certain = ahead(n, "certain", about);
        if (const auto* s = n.find("stage"); s != nullptr && read_.expect(*s, kind::string)) e.stage = stage_name(s->text, *s, about);
        e.in = phase_of(n, "phase");
        if (const auto* o = n.find("outcome"))
            if (const auto p = o->is_null() ? std::nullopt : phase_of(n, "outcome"); p || o->is_null()) e.outcome = p;
        e.disposition = text_or_null(n, "disposition");
        people(e, n);
        for (const auto& t : texts(n, "explanation")) e.explanation.push_back(t);
        if (n.find("elected") != nullptr) e.elected = texts(n, "elected");
        if (n.find("tied") != nullptr) e.tied = texts(n, "tied");
        if (n.find("findings") != nullptr) e.findings = texts(n, "findings");
        when(e, n, at);
        if (const auto* s = n.find("next_stage"); s != nullptr && s->is_string()) e.next_stage = stage_name(s->text, *s, about);
        else e.next_stage = text_or_null(n, "next_stage");
        effects(e, n);
        if (const auto v = read_.text(n, "viewer")) e.viewer = std::string(*v);
        e.visible = read_.flag(n, "visible");
        return e;
    }

    /// Stages, each with whether ballots can, or must, lead there.
    std::vector<std::pair<std::string, bool>> ahead(const node& n, std::string_view key, const std::string& about) {
        std::vector<std::pair<std::string, bool>> all;
        const auto* list = read_.object(n, key);
        if (list == nullptr) return all;
        for (const auto& m : list->members) {
            if (read_.expect(m.value, kind::boolean)) all.emplace_back(stage_name(m.key, m.value, about), m.value.truth);
        }
        return all;
    }

    void refusal_of(expectation& e, const node& n, bool asks) {
        const auto* r = n.find("refused");
        if (r != nullptr && r->is_boolean()) e.refused = r->truth;
        else if (r != nullptr && read_.expect(*r, kind::string)) {
            e.refused = true;
            e.refused_text = r->text;
        }
        if (const auto by = read_.word(n, "refused_by", {refused_by_names.begin(), refused_by_names.end()})) {
            e.by = static_cast<refused_by>(std::find(refused_by_names.begin(), refused_by_names.end(), *by) - refused_by_names.begin());
            if (r != nullptr && !e.refused) read_.wrong(n, "\"refused_by\" says that it is refused, \"refused\" that it isn't");
            e.refused = true;
        }
        if (const auto* all = read_.array(n, "answers")) {
            e.answers.emplace();
            for (const auto& a : all->elements)
                if (a.is_null()) e.answers->push_back(std::nullopt);
                else if (read_.expect(a, kind::string)) e.answers->push_back(a.text);
            if (e.refused) read_.wrong(n, "\"refused\" speaks of all that is asked, \"answers\" of each", "say one of them");
        }
        if (e.refused && !asks) read_.wrong(n, "nothing is asked in this step that could be refused");
    }

    std::string stage_name(const std::string& name, const node& at, const std::string& about) {
        const auto named = std::find_if(names_.begin(), names_.end(), [&](const auto& k) { return k.first == about; });
        const auto* p = made_.rules && named != names_.end() ? made_.rules->find(named->second) : nullptr;
        if (p != nullptr && !p->stage_named(name)) {
            std::vector<std::string_view> known;
            for (const auto& stage : p->stages) known.push_back(stage.name);
            read_.wrong(at, "process " + in_quotes(p->name) + " has no stage " + in_quotes(name), json_text::did_you_mean(name, known));
        }
        return name;
    }

    std::optional<phase> phase_of(const node& n, std::string_view key) {
        const auto name = read_.word(n, key, {phase_names.begin(), phase_names.end()});
        return name ? phase_named(*name) : std::nullopt;
    }

    std::optional<std::string> text_or_null(const node& n, std::string_view key) {
        const auto* v = n.find(key);
        if (v == nullptr) return std::nullopt;
        if (v->is_null()) return std::string();
        const auto t = read_.text(n, key);
        return t ? std::optional(std::string(*t)) : std::nullopt;
    }

    std::vector<std::string> texts(const node& n, std::string_view key) {
        const auto* v = n.find(key);
        if (v != nullptr && v->is_string()) return {v->text};
        const auto all = read_.texts(n, key);
        return {all.begin(), all.end()};
    }

    void people(expectation& e, const node& n) {
        if (const auto* w = n.find("waiting_for")) {
            if (w->is_string()) e.waiting_for = w->text;
            else e.outstanding = texts(n, "waiting_for");
        }
        if (n.find("electorate") != nullptr) e.electorate = texts(n, "electorate");
        if (n.find("concerns") != nullptr) e.concerns = texts(n, "concerns");
        if (const auto* hidden = n.find("ballots"); hidden != nullptr && hidden->is_string()) {
            e.ballots_hidden = hidden->text == "hidden";
            if (!e.ballots_hidden) read_.wrong(*hidden, "expected an object or \"hidden\", found " + in_quotes(hidden->text));
        } else if (const auto* b = read_.object(n, "ballots"))
            for (const auto& m : b->members) e.ballots.emplace_back(m.key, texts(*b, m.key));
    }

    void when(expectation& e, const node& n, instant at) {
        const auto* next = n.find("next");
        if (next == nullptr) return;
        if (next->is_null()) {
            e.next.emplace(std::nullopt);
            return;
        }
        if (!read_.expect(*next, kind::string)) return;
        if (const auto t = parse_instant(next->text)) e.next.emplace(*t);
        else if (const auto d = parse_duration(next->text); d && *d <= latest_instant - at) e.next.emplace(at + *d);
        else read_.wrong(*next, in_quotes(next->text) + " is neither an instant nor a duration", "write 2026-03-01T00:00:00Z or \"10 days\"");
    }

    void effects(expectation& e, const node& n) {
        const auto* list = read_.array(n, "effects");
        if (list == nullptr) return;
        e.effects.emplace();
        for (const auto& x : list->elements) {
            if (x.is_string()) {
                e.effects->push_back({x.text, {}});
                continue;
            }
            if (!read_.expect(x, kind::object)) continue;
            expected_effect effect{std::string(read_.required_text(x, "do")), {}};
            for (const auto& m : x.members)
                if (m.key != "do" && read_.expect(m.value, kind::string)) effect.fields.emplace_back(m.key, m.value.text);
            e.effects->push_back(std::move(effect));
        }
    }

    const node&      n_;
    scenario_source& from_;
    reader           read_;
    scenario         made_;
    instant          now_ = scenario_start;
    std::size_t      commands_ = 0;
    const dialect*   spoken_ = nullptr;
    std::vector<std::pair<std::string, std::string>> names_;  ///< of proposals, with their process
};

}  // namespace

scenario read_scenario(const node& n, scenario_source& from) { return scenario_reader(n, from)(); }

}  // namespace quorate
