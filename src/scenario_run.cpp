// Running a scenario through the engine.
#include <algorithm>
#include <map>
#include <tuple>

#include <quorate/engine.hpp>
#include <quorate/scenario.hpp>

#include "json.hpp"
#include "scenario_coverage.hpp"
#include "scenario_golden.hpp"

namespace quorate {
namespace {

using json_text::in_quotes;

std::string listed(std::vector<std::string> names) {
    if (names.empty()) return "nobody";
    std::sort(names.begin(), names.end());
    std::string s;
    for (const auto& n : names) s += (s.empty() ? "" : ", ") + n;
    return s;
}
bool same_people(std::vector<std::string> a, std::vector<std::string> b) {
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    return a == b;
}
std::string or_none(const std::string& s) { return s.empty() ? "none" : in_quotes(s); }

std::string shown(const expected_effect& e) {
    std::string s = e.kind;
    for (const auto& [key, value] : e.fields) s += " " + key + "=" + value;
    return s;
}

class running {
public:
    /// `to_the_end`: what fails is explained, and what follows is run all the same.
    explicit running(const scenario& s, const charter& under, bool to_the_end = true, bool coverage = false)
        : s_(s), engine_(under, *s.people), to_the_end_(to_the_end), coverage_(coverage) {
        report_.file = s.file;
        report_.line = s.line;
        report_.title = s.title;
        report_.cites = s.cites;
    }

    scenario_report operator()() {
        for (at_ = 0; at_ < s_.steps.size(); ++at_) {
            step_ = &s_.steps[at_];
            now_ = std::max(now_, step_->at);
            ++report_.steps;
            if (!take(*step_)) return finish();
            check(step_->expect, step_->proposal);
            if (coverage_)
                for (const auto& [name, id] : ids_) covered_.rules(engine_, id, now_);
            if (!to_the_end_ && !report_.failures.empty()) return std::move(report_);
        }
        step_ = nullptr;
        check(s_.at_end, s_.steps.front().proposal);
        return finish();
    }

private:
    // ---- doing ----------------------------------------------------------------------------------------------------------
    /// False when nothing can follow.
    bool take(const scenario_step& s) {
        effects_.clear();
        // A host lets time pass; what is due at the very instant of a command is the command's own affair.
        if (ids_.size() > 1 && s.what != scenario_step::kind::look) note(engine_.advance(s.at - duration{1}));
        switch (s.what) {
            case scenario_step::kind::open: return open(s);
            case scenario_step::kind::command: commands(s); break;
            case scenario_step::kind::comment: said(s); break;
            case scenario_step::kind::roster: roster_change(s); break;
            case scenario_step::kind::time: note(engine_.advance(s.at)); break;
            case scenario_step::kind::look: break;
        }
        collect_effects();
        return true;
    }

    bool open(const scenario_step& s) {
        auto o = s.open;
        o.at = s.at;
        if (!o.parent.empty()) o.parent = ids_[o.parent];
        const auto id = engine_.open(o);
        collect_effects();
        if (id) ids_[s.proposal] = id.value();
        const auto error = id ? std::nullopt : std::optional(id.error());
        answered(s, error ? std::optional(refusal{.by = refused_by::input, .what = error->what()}) : std::nullopt, false);
        return id || at_ != 0;
    }

    void commands(const scenario_step& s) {
        const auto id = ids_.find(s.proposal);
        if (id == ids_.end()) return differs("proposal", s.proposal + " is open", "it could not be opened");
        for (auto c : s.commands) {
            c.at = s.at;
            const auto leave = coverage_ ? covered_.leave_for(engine_, id->second, c) : std::vector<permission_used>{};
            const auto r = engine_.submit(id->second, c);
            if (r.accepted()) covered_.used(leave);
            if (r.failed()) {
                differs("accepted", "an answer", "a fault: " + r.fault().what());
                continue;
            }
            who_ = s.commands.size() > 1 ? c.by + ": " : std::string();
            answered(s, r.refused() ? std::optional(r.refusal()) : std::nullopt, true);
            who_.clear();
        }
    }

    void said(const scenario_step& s) {
        const auto id = ids_.find(s.proposal);
        if (id == ids_.end()) return differs("proposal", s.proposal + " is open", "it could not be opened");
        const auto main = id->second;
        auto       c = s.said;
        c.at = s.at;
        const auto teams = engine_.get(main)->teams;
        const auto answers = hear(*s.spoken, c, engine_.people(), teams, [&](const asked& a) { return carried_out(s, main, a); });
        if (s.expect.answers) return each_answered(*s.expect.answers, answers);
        if (answers.empty()) return differs("comment", "it asks for something", "it asks for nothing (\"answers\": [] if that is meant)");
        for (const auto& h : answers) {
            who_ = answers.size() > 1 ? h.what.text + ": " : std::string();
            answered(s, h.no, true);
            who_.clear();
        }
    }
    std::optional<refusal> carried_out(const scenario_step& s, const std::string& main, const asked& a) {
        if (a.what == asked::kind::status) return std::nullopt;  // it changes nothing, and is for "expect" to look at
        if (a.what == asked::kind::command) {
            for (const auto& c : given(a, *engine_.get(main), engine_.people())) {
                const auto leave = coverage_ ? covered_.leave_for(engine_, main, c) : std::vector<permission_used>{};
                const auto r = engine_.submit(main, c);
                if (r.accepted()) covered_.used(leave);
                if (r.failed()) differs("accepted", "an answer", "a fault: " + r.fault().what());
                if (r.refused()) return r.refusal();
            }
            return std::nullopt;
        }
        auto o = a.open;
        o.subject = engine_.get(main)->subject;
        const auto id = engine_.open(o);
        if (!id) return refusal{.by = refused_by::input, .what = id.error().what()};
        if (!s.opens.empty()) ids_[s.opens] = id.value();
        return std::nullopt;
    }
    void each_answered(const std::vector<std::optional<std::string>>& wanted, const std::vector<heard>& found) {
        ++report_.checks;
        if (wanted.size() != found.size()) {
            std::string all;
            for (const auto& h : found) all += (all.empty() ? "" : "; ") + h.what.text;
            return differs("answers", std::to_string(wanted.size()) + " answers", std::to_string(found.size()) + (all.empty() ? "" : ": " + all));
        }
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            ++report_.checks;
            const auto text = found[i].no ? "refused: " + to_string(*found[i].no) : std::string("accepted");
            const bool fine = wanted[i] ? found[i].no && text.find(*wanted[i]) != std::string::npos : !found[i].no;
            if (!fine) differs("answers", wanted[i] ? "a refusal that contains " + in_quotes(*wanted[i]) : "accepted", found[i].what.text + ": " + text);
        }
    }

    void roster_change(const scenario_step& s) {
        auto change = s.change;
        change.at = s.at;
        const auto done = engine_.change_roster(change);
        const auto error = done ? std::nullopt : std::optional(done.error());
        answered(s, error ? std::optional(refusal{.by = refused_by::input, .what = error->what()}) : std::nullopt, false);
        if (done) note(done.value());
    }

    void note(const std::vector<receipt>& receipts) {
        for (const auto& r : receipts)
            if (r.failed()) differs("time", "time passes", "a fault: " + r.fault().what());
    }

    void collect_effects() {
        constexpr std::size_t most = 1'000;
        for (;;) {
            const auto pending = engine_.pending_effects(most);
            if (!pending || pending.value().empty()) return;
            for (const auto& e : pending.value()) {
                effects_.push_back(e);
                if (!engine_.done(e.id)) return;
            }
        }
    }

    // ---- the answer -----------------------------------------------------------------------------------------------------
    /// `exact`: the refusal says truly who refused.
    void answered(const scenario_step& s, const std::optional<refusal>& no, bool exact) {
        ++report_.checks;
        const auto& e = s.expect;
        if (!no) {
            if (e.refused) differs("refused", who_ + "refused", who_ + "accepted");
            return;
        }
        const auto text = to_string(*no);
        if (!e.refused) return differs("accepted", who_ + "accepted", who_ + "refused: " + text);
        if (text.find(e.refused_text) == std::string::npos)
            differs("refused", "a refusal that contains " + in_quotes(e.refused_text), who_ + text);
        if (!e.by) return;
        if (!exact) return refuses(*e.by, text);
        if (*e.by != no->by) differs("refused_by", std::string(name_of(*e.by)), who_ + std::string(name_of(no->by)) + ": " + text);
    }
    static std::string_view name_of(refused_by by) { return refused_by_names[static_cast<std::size_t>(by)]; }
    /// Openings and roster changes are refused as errors; their text names the one who refused, if it isn't the input.
    void refuses(refused_by by, const std::string& text) {
        const auto named = "[" + std::string(name_of(by)) + ":";
        if (by != refused_by::input && text.find(named) == std::string::npos) differs("refused_by", std::string(name_of(by)), text);
    }

    // ---- how it stands --------------------------------------------------------------------------------------------------
    void check(const expectation& e, const std::string& name) {
        if (e.effects) check_effects(*e.effects);
        if (!looks(e)) return;
        const auto id = ids_.find(name);
        if (id == ids_.end()) return differs("proposal", name + " is open", "it could not be opened");
        const auto who = !e.viewer ? viewer::host() : *e.viewer == "anyone" ? viewer::anyone() : viewer::as(*e.viewer);
        const auto seen = engine_.explain(id->second, now_, who);
        if (e.visible) {
            ++report_.checks;
            if (*e.visible != seen.has_value())
                differs("visible", *e.visible ? "seen by " + *e.viewer : "not seen", seen ? "it is seen" : "it is not");
        }
        if (!seen) {
            if (!e.visible) differs("visible", "an explanation", seen.error().what());
            return;
        }
        about_ = id->second;
        state(e, seen.value());
        people(e, seen.value());
        next(e, seen.value());
        about_.clear();
    }

    static bool looks(const expectation& e) {
        return e.stage || e.in || e.outcome || e.disposition || e.outstanding || !e.waiting_for.empty() || e.electorate ||
               e.concerns || !e.ballots.empty() || e.ballots_hidden || !e.explanation.empty() || e.elected || e.tied || e.findings || e.next || e.next_stage ||
               !e.possible.empty() || !e.certain.empty() || e.visible;
    }

    void state(const expectation& e, const explanation& seen) {
        if (e.stage) equal("stage", *e.stage, seen.stage);
        if (e.in) equal("phase", std::string(to_string(*e.in)), std::string(to_string(seen.in)));
        if (e.outcome) {
            const auto outcome = [](std::optional<phase> p) { return p ? std::string(to_string(*p)) : std::string("none yet"); };
            equal("outcome", outcome(*e.outcome), outcome(is_open(seen.in) ? std::nullopt : std::optional(seen.in)));
        }
        if (e.disposition) equal("disposition", or_none(*e.disposition), or_none(seen.disposition));
        if (!e.waiting_for.empty()) contains("waiting_for", {e.waiting_for}, seen.summary);
        if (!e.explanation.empty()) contains("explanation", e.explanation, to_string(seen));
        const auto in_order = [](const std::vector<std::string>& all) {
            std::string s;
            for (const auto& each : all) s += (s.empty() ? "" : ", ") + each;
            return s.empty() ? std::string("nobody") : s;
        };
        if (e.elected) equal("elected", in_order(*e.elected), in_order(seen.elected));
        if (e.tied) equal("tied", in_order(*e.tied), in_order(seen.tied));
        if (!e.findings) return;
        ++report_.checks;
        bool fine = e.findings->size() == seen.findings.size();
        for (std::size_t i = 0; fine && i < e.findings->size(); ++i) fine = seen.findings[i].find((*e.findings)[i]) != std::string::npos;
        const auto lines = [](const std::vector<std::string>& all) {
            std::string s;
            for (const auto& f : all) s += (s.empty() ? "" : "; ") + f;
            return s.empty() ? std::string("none") : s;
        };
        if (fine) return;
        differs("findings", lines(*e.findings), lines(seen.findings));
        golden(golden_findings(*e.findings, seen.findings));
    }

    void people(const expectation& e, const explanation& seen) {
        const auto same = [&](std::string_view what, const std::vector<std::string>& wanted, const std::vector<std::string>& found) {
            ++report_.checks;
            if (!same_people(wanted, found)) differs(std::string(what), listed(wanted), listed(found));
        };
        if (e.outstanding) same("waiting_for", *e.outstanding, seen.outstanding);
        if (e.electorate) same("electorate", *e.electorate, seen.electorate);
        if (e.ballots_hidden) {
            ++report_.checks;
            if (!seen.ballots.empty()) differs("ballots", "hidden", "shown");
        }
        for (const auto& wanted : e.ballots) {
            const auto& position = wanted.first;
            const auto& who = wanted.second;
            const auto  found = std::find_if(seen.ballots.begin(), seen.ballots.end(), [&](const auto& b) { return b.first == position; });
            if (found == seen.ballots.end()) differs("ballots", position + ": " + listed(who), "no ballots for " + position + " are shown");
            else same("ballots for " + position, who, found->second);
        }
        if (!e.concerns) return;
        std::vector<std::string> open;
        for (const auto& c : engine_.get(about_)->concerns)
            if (c.state == concern_state::open) open.push_back(c.name);
        ++report_.checks;
        if (!same_people(*e.concerns, open))
            differs("concerns", e.concerns->empty() ? "none" : listed(*e.concerns), open.empty() ? "none" : listed(open));
    }

    void next(const expectation& e, const explanation& seen) {
        const auto when = [](const std::optional<instant>& t) { return t ? to_string(*t) : std::string("nothing by time alone"); };
        if (e.next) equal("next", when(*e.next), when(seen.next));
        if (e.next_stage) equal("next_stage", or_none(*e.next_stage), or_none(seen.next_stage));
        ahead("possible", e.possible, seen, &exit_reading::possible);
        ahead("certain", e.certain, seen, &exit_reading::certain);
    }
    void ahead(const std::string& what, const std::vector<std::pair<std::string, bool>>& wanted, const explanation& seen, bool exit_reading::*is) {
        for (const auto& each : wanted) {
            const auto& stage = each.first;
            const bool some = std::any_of(seen.exits.begin(), seen.exits.end(), [&](const exit_reading& x) { return x.to == stage && x.*is; });
            const auto says = [&](bool so) { return stage + (so ? " is " : " is not ") + what; };
            equal(what, says(each.second), says(some));
        }
    }

    void check_effects(const std::vector<expected_effect>& wanted) {
        ++report_.checks;
        bool        fine = wanted.size() == effects_.size();
        std::string expected, actual;
        for (std::size_t i = 0; i < std::max(wanted.size(), effects_.size()); ++i) {
            if (i < wanted.size()) expected += (i == 0 ? "" : "; ") + shown(wanted[i]);
            if (i < effects_.size()) actual += (i == 0 ? "" : "; ") + effects_[i].kind + " " + effects_[i].payload;
            fine = fine && matches(wanted[i], effects_[i]);
        }
        if (fine) return;
        differs("effects", expected.empty() ? "none" : expected, actual.empty() ? "none" : actual);
        std::vector<std::string> found;
        for (std::size_t i = 0; i < effects_.size(); ++i)
            found.push_back(i < wanted.size() && matches(wanted[i], effects_[i]) ? std::string() : golden_effect(effects_[i]));
        golden(std::move(found));
    }
    static bool matches(const expected_effect& wanted, const effect& e) {
        if (wanted.kind != e.kind) return false;
        if (wanted.fields.empty()) return true;
        const auto payload = json_text::parse(e.payload, "effect");
        return payload && std::all_of(wanted.fields.begin(), wanted.fields.end(), [&](const auto& field) {
            const auto* value = payload.value().find(field.first);
            return value != nullptr && value->is_string() && value->text == field.second;
        });
    }

    // ---- the report -----------------------------------------------------------------------------------------------------
    void equal(std::string what, std::string expected, std::string actual) {
        ++report_.checks;
        if (expected != actual) differs(std::move(what), std::move(expected), std::move(actual));
    }
    void contains(const std::string& what, const std::vector<std::string>& parts, const std::string& whole) {
        for (const auto& part : parts) {
            ++report_.checks;
            if (whole.find(part) != std::string::npos) continue;
            differs(what, "contains " + in_quotes(part), whole);
            golden(golden_texts(parts, whole));
        }
    }
    /// What would be met in place of the expectation that was just found to differ.
    void golden(std::vector<std::string> found) {
        auto&       f = report_.failures.back();
        const auto& e = step_ == nullptr ? s_.at_end : step_->expect;
        const auto  at = std::find_if(e.golden.begin(), e.golden.end(), [&](const golden_place& g) { return g.key == f.what; });
        if (at == e.golden.end()) return;
        f.golden = std::move(found);
        f.golden_at = *at;
    }
    void differs(std::string what, std::string expected, std::string actual) {
        scenario_failure f{.step = at_, .at = now_, .what = std::move(what), .expected = std::move(expected), .actual = std::move(actual)};
        f.doing = step_ == nullptr ? "at the end" : step_->text;
        if (!to_the_end_) return report_.failures.push_back(std::move(f));
        f.line = step_ == nullptr ? s_.line : step_->line;
        f.column = step_ == nullptr ? 1 : step_->column;
        const auto id = ids_.find(step_ == nullptr ? s_.steps.front().proposal : step_->proposal);
        if (id != ids_.end())
            if (const auto why = engine_.explain(id->second, now_)) f.explanation = to_string(why.value());
        report_.failures.push_back(std::move(f));
    }

    scenario_report finish() {
        std::map<std::tuple<std::string, std::string, std::size_t>, std::size_t> taken;
        for (const auto& [name, id] : ids_) {
            const auto events = engine_.history(id);
            const auto* p = engine_.get(id);
            if (!events || p == nullptr) continue;
            for (const auto& e : events.value())
                if (e.kind == event_kind::moved) ++taken[{p->by->name, e.detail, static_cast<std::size_t>(e.number.value_or(0))}];
        }
        for (const auto& [exit, times] : taken)
            report_.exits.push_back({std::get<0>(exit), std::get<1>(exit), std::get<2>(exit), times});
        if (coverage_)
            for (const auto& x : report_.exits) covered_.taken(engine_.rules(), x);
        report_.permissions = covered_.permissions();
        report_.rules = covered_.read();
        return std::move(report_);
    }

    const scenario&                    s_;
    engine                             engine_;
    scenario_report                    report_;
    std::map<std::string, std::string> ids_;   ///< by name within the scenario
    std::vector<effect>                effects_;
    std::size_t                        at_ = 0;
    const scenario_step*               step_ = nullptr;
    instant                            now_{};
    std::string                        who_;    ///< whose of several commands it is
    std::string                        about_;  ///< id
    bool                               to_the_end_;
    bool                               coverage_;
    scenario_coverage                  covered_;
};

}  // namespace

namespace {

scenario_report documents_refused(const scenario& s) {
    scenario_report report{.file = s.file, .line = s.line, .title = s.title, .cites = s.cites, .steps = 1, .checks = 1};
    if (s.refusal.find(*s.broken) == std::string::npos || s.refusal.empty())
        report.failures.push_back({.doing = "load",
                                   .what = "broken",
                                   .expected = "documents refused with " + in_quotes(*s.broken),
                                   .actual = s.refusal.empty() ? "they are accepted" : s.refusal,
                                   .line = s.line,
                                   .column = 1});
    return report;
}

}  // namespace

scenario_report run(const scenario& s, bool coverage) {
    if (s.broken) return documents_refused(s);
    if (s.steps.empty() || !s.rules || s.people == nullptr) {
        scenario_report none{.file = s.file, .line = s.line, .title = s.title};
        none.failures.push_back({.what = "scenario", .expected = "a loaded scenario", .actual = "an empty one"});
        return none;
    }
    return running(s, *s.rules, true, coverage)();
}

bool passes(const scenario& s, const charter& under) {
    if (s.broken) return documents_refused(s).passed();
    return !s.steps.empty() && s.people != nullptr && running(s, under, false)().passed();
}

}  // namespace quorate
