#include "worker.hpp"

#include <algorithm>

#include "json.hpp"
#include "json_out.hpp"
#include "roster_file.hpp"
#include "speech.hpp"

namespace bot {

using quorate::effect;
using quorate::errc;
using quorate::failure;
using quorate::make_error;

std::vector<comment_step> reconcile(const std::vector<own_comment>& there, std::string_view body, bool keep_up) {
    const auto                marker = marker_of(body);
    std::vector<comment_step> steps;
    const own_comment*        oldest = nullptr;
    for (const auto& c : there)
        if (marker_of(c.body) == marker && (oldest == nullptr || c.id < oldest->id)) oldest = &c;
    if (oldest == nullptr) return {{comment_step::kind::create, 0}};
    if (keep_up && oldest->body != body) steps.push_back({comment_step::kind::edit, oldest->id});
    for (const auto& c : there)
        if (&c != oldest && marker_of(c.body) == marker) steps.push_back({comment_step::kind::remove, c.id});
    return steps;
}

worker::worker(quorate::engine& engine, quorate::journal& store, const settings& s, forge& outside, metrics& counts,
               std::function<void(const std::string&)> log)
    : engine_(engine), store_(store), settings_(s), forge_(outside), counts_(counts), log_(std::move(log)), desk_(engine, store, s) {}

round_report worker::round(instant now) {
    report_ = {};
    waiting_.clear();
    not_beyond_.reset();
    if (auto seen = engine_.refresh(); !seen) throw failure(seen.error());
    if (all_touched_) {
        for (const auto& id : engine_.list({.most = static_cast<std::size_t>(-1)})) touched_.insert(id);
        all_touched_ = false;
    }
    follow_roster(now);
    catch_up(now);
    deliveries(now);
    look_at_reactions(now);
    if (!ending()) let_time_pass(now);  // not over what is still unheard
    effects();
    show();
    remind(now);
    counts_.add(count::rounds);
    counts_.set(count::last_round_us, static_cast<std::uint64_t>(std::max<std::int64_t>(now.time_since_epoch().count(), 0)));
    report_.next = engine_.next_change();
    return report_;
}

void worker::failed(const std::string& what, const quorate::error& why) {
    ++report_.failures;
    counts_.add(count::effects_failed);
    note("not done: " + what + ": " + why.what());
}

// ---- small records in the journal -----------------------------------------------------------------------------------------------------
bool worker::kept(const std::string& key) {
    const auto known = store_.answer_to(key);
    if (!known) throw failure(known.error());
    return known.value().has_value();
}
/// Together with effects, or not at all; done before is fine.
void worker::keep(const std::string& key, std::vector<effect> with, std::string what) {
    const auto done = store_.append({.streams = {}, .effects = std::move(with), .answers = {{.key = key, .command_hash = "bot", .answer = std::move(what)}}});
    if (!done && done.error().code != errc::conflict) throw failure(done.error());
}
void worker::touch(const std::vector<quorate::receipt>& receipts) {
    for (const auto& r : receipts) {
        if (!r.proposal.empty()) touched_.insert(r.proposal);
        for (const auto& other : r.elsewhere) touched_.insert(other.proposal);
    }
}

// ---- what came in ---------------------------------------------------------------------------------------------------------------------
void worker::deliveries(instant now) {
    for (std::uint64_t after = 0;;) {
        const auto pending = engine_.pending_effects(static_cast<std::size_t>(-1) >> 1U);
        if (!pending) throw failure(pending.error());
        bool some = false;
        for (const auto& e : pending.value()) {
            if (e.kind != delivery_effect || e.id <= after) continue;
            if (ending()) return;
            some = true;
            after = e.id;
            if (!deal_with(e, now)) continue;
            if (auto done = engine_.done(e.id); !done) throw failure(done.error());
            ++report_.deliveries;
            counts_.add(count::dealt_with);
        }
        if (!some) return;
    }
}

/// Whether it is dealt with; if not, it stays, later ones on the same subject wait, and so does the clock.
bool worker::deal_with(const effect& e, instant now) {
    auto d = parse_delivery(e.payload, "delivery in the outbox");
    if (!d) {
        note("a delivery that can't be read is set aside: " + d.error().what());
        return true;
    }
    const auto subject = d.value().subject();
    const auto later = [&] {
        waiting_.insert(subject);
        if (now - e.at < patience && (!not_beyond_ || e.at < *not_beyond_)) not_beyond_ = e.at;
        return false;
    };
    if (waiting_.contains(subject)) return later();
    if (desk_.wants_files(d.value())) {
        auto files = forge_.files(subject);
        if (!files && files.error().code != errc::not_found) {
            failed("files of " + subject, files.error());
            return later();
        }
        d.value().files = files ? std::move(files.value()) : std::vector<std::string>{};
    }
    if (desk_.wants_look(d.value())) {
        const auto there = forge_.look_at(subject);
        if (!there && there.error().code != errc::not_found) {
            failed("the head of " + subject, there.error());
            return later();
        }
        d.value().looked = there && there.value().head == d.value().head;
    }
    const auto what = desk_.take(d.value());
    for (const auto& id : what.touched) touched_.insert(id);
    if (what.own_comment_gone) {
        known_.erase(subject);
        again_.insert(what.proposal);
    }
    if (!what.ignored && what.needs_reply()) {
        quorate::json_text::json_out out;
        out.object().field("subject", subject).field("body", reply_text(engine_, d.value(), what)).end();
        keep("replied " + std::string(reply_marker(d.value())), {{.proposal = what.proposal, .at = d.value().at, .kind = std::string(reply_effect), .payload = std::move(out).str()}});
        counts_.add(count::replies);
    }
    if (d.value().action == "synchronize" && !what.proposal.empty())
        if (const auto last = last_check(what.proposal); !last.state.empty()) {  // the new commit has none yet, and may not be merged without
            quorate::json_text::json_out out;
            out.object().field("subject", subject).field("state", last.state).end();
            keep("check again " + d.value().id, {{.proposal = what.proposal, .at = d.value().at, .kind = std::string(check_effect), .payload = std::move(out).str()}});
        }
    note("delivery " + d.value().id + ": " + d.value().event + " " + d.value().action + (subject.empty() ? "" : " on " + subject) + (what.ignored ? ", ignored" : ""));
    return true;
}

void worker::look_at_reactions(instant now) {
    const bool time_to_look = !looked_ || now - *looked_ >= settings_.poll;
    for (const auto& id : engine_.list({.open_only = true, .most = static_cast<std::size_t>(-1)})) {
        const auto* p = engine_.get(id);
        const auto  about = settings_.serving(p->subject);
        if (!about || !about->in->as->reactions) continue;
        if (ending()) return;
        const auto due = engine_.next_change(id);
        if (!time_to_look && !(due && *due <= now)) continue;
        const auto unheard = [&] {  // ballots cast in time must be read before the vote ends
            if (due && *due <= now && now - *due < patience && (!not_beyond_ || *due - quorate::duration{1} < *not_beyond_)) not_beyond_ = *due - quorate::duration{1};
        };
        auto there = comments_of(p->subject);
        if (!there) {
            failed("comments of " + p->subject, there.error());
            unheard();
            continue;
        }
        const auto box = std::find_if(there.value()->begin(), there.value()->end(), [&](const auto& c) { return marker_of(c.body) == status_marker(id); });
        if (box == there.value()->end()) continue;
        auto read = forge_.reactions(p->subject, box->id);
        if (!read) {
            if (read.error().code == errc::not_found) known_.erase(p->subject);  // written anew below
            else unheard();
            failed("reactions on " + p->subject, read.error());
            continue;
        }
        delivery d{.id = "reactions " + id, .event = "reactions", .action = "read", .at = now, .repository = about->in->name, .number = about->number};
        d.proposal = id;
        d.reactions = std::move(read.value());
        for (const auto& t : desk_.take(d).touched) touched_.insert(t);
    }
    if (time_to_look) looked_ = now;
}

void worker::let_time_pass(instant now) {
    const auto until = not_beyond_ ? std::min(now, *not_beyond_) : now;
    const auto receipts = engine_.advance(until);
    touch(receipts);
    for (const auto& r : receipts)
        if (r.failed() && r.fault().code != errc::limit) throw failure(r.fault());
}

void worker::follow_roster(instant now) {
    if (!wanted_) return;
    const auto at = engine_.people().as_of() ? std::max(now, *engine_.people().as_of()) : now;
    for (const auto& c : changes(engine_.people(), *wanted_, at)) {
        const auto done = engine_.change_roster(c, "roster file " + std::to_string(engine_.people().version()) + " " + quorate::to_json(c));
        if (done) touch(done.value());
        else if (done.error().code == errc::invalid) note("the roster stays as it is in one point: " + done.error().what());
        else throw failure(done.error());
    }
    wanted_.reset();
}

}  // namespace bot
