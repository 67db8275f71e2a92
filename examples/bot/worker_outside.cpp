// The worker's way out: effects, comments, reminders.
#include <algorithm>

#include "json.hpp"
#include "json_out.hpp"
#include "speech.hpp"
#include "worker.hpp"

namespace bot {

using quorate::effect;
using quorate::errc;
using quorate::failure;
using quorate::make_error;

namespace {

/// A string of an effect's payload; "" if it isn't there.
std::string text_of(const effect& e, std::string_view key) {
    const auto json = quorate::json_text::parse(e.payload, "effect", 2 * largest_body);
    const auto* n = json ? json.value().find(key) : nullptr;
    return n == nullptr ? std::string() : n->text;
}

/// "a, b" as a list.
std::vector<std::string> listed(std::string_view text) {
    std::vector<std::string> all;
    while (!text.empty()) {
        auto one = text.substr(0, text.find(','));
        text.remove_prefix(std::min(one.size() + 1, text.size()));
        while (one.starts_with(' ')) one.remove_prefix(1);
        while (one.ends_with(' ')) one.remove_suffix(1);
        if (!one.empty()) all.emplace_back(one);
    }
    return all;
}

/// Whether trying again can't help.
bool for_good(const quorate::error& e) { return e.code == errc::not_found || e.code == errc::unsupported || e.code == errc::invalid; }

}  // namespace

// ---- comments -------------------------------------------------------------------------------------------------------------------------
result<std::vector<own_comment>*> worker::comments_of(const std::string& subject) {
    const auto found = known_.find(subject);
    if (found != known_.end()) return &found->second;
    if (known_.size() >= most_subjects_known) known_.clear();
    auto there = forge_.own_comments(subject);
    if (!there) return there.error();
    return &known_.emplace(subject, std::move(there.value())).first->second;
}

result<void> worker::say(const std::string& subject, const std::string& body, bool keep_up) {
    if (marker_of(body).empty()) return {};  // never found again: nothing says that it was said
    auto there = comments_of(subject);
    if (!there) return there.error();
    const auto fail = [&](const quorate::error& e) -> result<void> {
        known_.erase(subject);  // it may have been done all the same: look again
        return e;
    };
    for (const auto& step : reconcile(*there.value(), body, keep_up)) {
        auto& list = *there.value();
        if (step.what == comment_step::kind::create) {
            auto id = forge_.comment(subject, body);
            if (!id) return fail(id.error());
            list.push_back({id.value(), body});
            counts_.add(count::comments_written);
        } else if (step.what == comment_step::kind::edit) {
            if (auto done = forge_.edit(subject, step.id, body); !done) return fail(done.error());
            std::find_if(list.begin(), list.end(), [&](const auto& c) { return c.id == step.id; })->body = body;
            counts_.add(count::comments_written);
        } else {
            if (auto done = forge_.remove(subject, step.id); !done) return fail(done.error());
            std::erase_if(list, [&](const auto& c) { return c.id == step.id; });
        }
    }
    return {};
}

// ---- effects --------------------------------------------------------------------------------------------------------------------------
void worker::effects() {
    const auto pending = engine_.pending_effects(static_cast<std::size_t>(-1) >> 1U);
    if (!pending) throw failure(pending.error());
    std::set<std::string> behind;  // subjects whose earlier effect is still to be done: order is kept
    for (const auto& e : pending.value()) {
        if (e.kind == delivery_effect) continue;
        if (ending()) return;
        const auto subject = text_of(e, "subject");
        if (behind.contains(subject)) continue;
        const auto done = carry_out(e);
        if (!done) {
            failed(e.kind + " on " + subject, done.error());
            if (!for_good(done.error())) {
                behind.insert(subject);
                continue;
            }
        }
        if (auto noted = engine_.done(e.id); !noted) throw failure(noted.error());
        if (!done) continue;
        ++report_.effects;
        counts_.add(count::effects_done);
        note("done: " + e.kind + " on " + subject);
    }
}

result<void> worker::carry_out(const effect& e) {
    const auto subject = text_of(e, "subject");
    if (!settings_.serving(subject))
        return make_error(errc::unsupported, "it is about nothing that this bot serves");
    if (e.kind == reply_effect) return say(subject, text_of(e, "body"), false);
    const auto* p = engine_.get(e.proposal);
    if (p == nullptr || !engine_.explain(e.proposal, p->last, quorate::viewer::anyone())) return {};  // private: nothing is shown
    if (e.kind == "checklist") return {};  // the status comment
    if (e.kind == "label") return change_labels(e, *p);
    if (e.kind == "close") return forge_.close(subject);
    if (e.kind == "check" || e.kind == "status" || e.kind == check_effect) {
        const auto written = text_of(e, "state");
        const auto state = written == "pending" ? "in progress" : written;
        auto       done = forge_.report(subject, "quorate: " + p->by->title, state, "see the comment on " + p->by->title);
        const auto last = done && e.kind != check_effect ? last_check(e.proposal) : checked{};
        if (done && e.kind != check_effect && last.effect != std::to_string(e.id)) {
            quorate::json_text::json_out out;
            out.object().field("effect", std::to_string(e.id)).field("state", state).end();
            keep("check " + e.proposal + " " + std::to_string(last.number + 1), {}, std::move(out).str());
        }
        return done;
    }
    if (e.kind == "announce") return say(subject, announcement(engine_, e), false);
    return say(subject, "**" + p->by->title + "** asks for " + as_code(e.kind) + ", which this bot leaves to people.\n\n" + announcement_marker(e.id), false);
}

worker::checked worker::last_check(const std::string& proposal) {
    checked last;
    for (;;) {
        const auto kept = store_.answer_to("check " + proposal + " " + std::to_string(last.number + 1));
        if (!kept) throw failure(kept.error());
        if (!kept.value()) return last;
        const auto json = quorate::json_text::parse(kept.value()->answer, "kept answer");
        if (!json) throw failure(json.error());
        last = {last.number + 1, json.value().find("effect")->text, json.value().find("state")->text};
    }
}

result<void> worker::change_labels(const effect& e, const quorate::proposal& p) {
    // "disposition-*" is that of the proposal when it is put on, and all of them when it is taken off.
    const auto expand = [&](const std::vector<std::string>& names, bool all) {
        std::vector<std::string> out;
        for (const auto& n : names) {
            if (!n.ends_with('*')) {
                out.push_back(n);
                continue;
            }
            const auto front = n.substr(0, n.size() - 1);
            if (!all && !text_of(e, "disposition").empty()) out.push_back(front + text_of(e, "disposition"));
            if (all)
                for (const auto& d : p.by->dispositions) out.push_back(front + d);
        }
        return out;
    };
    return forge_.change_labels(text_of(e, "subject"), expand(listed(text_of(e, "add")), false), expand(listed(text_of(e, "remove")), true));
}

// ---- what is kept up to date --------------------------------------------------------------------------------------------------------
void worker::show() {
    for (auto at = touched_.begin(); at != touched_.end() && !ending();) {
        const auto  id = *at;
        const auto* p = engine_.get(id);
        const auto  key = "shown " + id + " " + std::to_string(p == nullptr ? 0 : p->version);
        const bool  served = p != nullptr && settings_.serving(p->subject).has_value();
        if (!served || (kept(key) && !again_.contains(id))) {
            at = touched_.erase(at);
            continue;
        }
        const auto text = status_text(engine_, id);
        if (!text.empty()) {
            if (const auto done = say(p->subject, text, true); !done) {
                failed("comment on " + p->subject, done.error());
                if (!for_good(done.error())) {
                    ++at;
                    continue;
                }
            }
        }
        keep(key);
        again_.erase(id);
        at = touched_.erase(at);
    }
}

void worker::remind(instant now) {
    if (settings_.remind <= quorate::duration{} || (reminded_ && now - *reminded_ < settings_.poll)) return;
    reminded_ = now;
    for (const auto& id : engine_.list({.open_only = true, .most = static_cast<std::size_t>(-1)})) {
        const auto* p = engine_.get(id);
        const auto  count = reminders_due(*p, now, settings_.remind);
        if (ending()) return;
        if (count == 0 || !settings_.serving(p->subject)) continue;
        const auto marker = reminder_marker(*p, count);
        if (kept(marker)) continue;
        if (const auto text = reminder(engine_, id, count); !text.empty())
            if (const auto done = say(p->subject, text, false); !done) {
                failed("reminder on " + p->subject, done.error());
                continue;
            }
        keep(marker);
    }
}

}  // namespace bot
