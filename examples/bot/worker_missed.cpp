// The worker's look back: what GitHub told nobody. It sends a delivery once, so what happened while no bot listened is asked for, at the beginning
// and from time to time.
#include <algorithm>
#include <charconv>

#include "worker.hpp"

namespace bot {

using quorate::errc;
using quorate::failure;

void worker::catch_up(instant now) {
    if (settings_.catch_up <= quorate::duration{} || (caught_up_ && now - *caught_up_ < settings_.catch_up)) return;
    if (!lag_) {
        const auto last = store_.last();
        if (!last) throw failure(last.error());
        if (last.value() == 0) {  // a new bot doesn't answer what was said before it
            caught_up_ = now;
            return;
        }
        lag_ = lag{.since = caught_up_ ? *caught_up_ - settings_.catch_up : instant{}, .from = now};
        if (!caught_up_) {
            const auto read = store_.read({}, last.value() - 1, [&](const quorate::stored_event& e) {
                lag_->since = e.what.at;
                return true;
            });
            if (!read) throw failure(read.error());
        }
    }
    if (now - lag_->tried >= catch_up_again) {
        lag_->tried = now;
        bool       whole = true;
        const auto take = [&](const result<std::size_t>& found, const std::string& what) {
            if (found) return counts_.add(count::caught_up, found.value());
            failed(what, found.error());
            const auto why = found.error().code;
            whole = whole && (why == errc::not_found || why == errc::unsupported);  // what GitHub says no to, it will say no to again
        };
        for (const auto& r : settings_.repositories) take(missed_comments(r, std::max(lag_->since, now - look_back), now), "comments that were missed in " + r.name);
        take(missed_pushes(now), "pushes that were missed");
        if (whole) {
            caught_up_ = now;
            lag_.reset();
            return;
        }
    }
    const auto heard = caught_up_.value_or(lag_->since);
    if (now - lag_->from < patience && (!not_beyond_ || heard < *not_beyond_)) not_beyond_ = heard;
}

result<std::size_t> worker::missed_comments(const repository_settings& r, instant since, instant now) {
    const auto* dialect = quorate::dialect_named(r.as->dialect);
    if (dialect == nullptr) return std::size_t{0};
    auto written = forge_.comments_since(r.name, since);
    if (!written) return written.error();
    std::size_t found = 0;
    for (auto& d : written.value()) {
        const auto known = is_known(store_, d);
        if (!known) throw failure(known.error());
        const bool asks = !known.value() && !d.writer.machine &&
                          !quorate::read_comment(*dialect, {.by = d.writer.person(), .text = d.text, .before = {}, .at = now}, engine_.people()).empty();
        if (!asks) continue;
        auto about = forge_.look_at(d.subject());
        if (!about) return about.error();
        d.id = "missed comment " + std::to_string(d.comment);
        d.at = std::min(d.at, now);  // said in time is in time, whenever the bot hears of it
        d.title = about.value().title;
        d.author = about.value().author;
        d.labels = about.value().labels;
        d.pull_request = about.value().pull_request;
        d.closed = about.value().closed;
        d.draft = about.value().draft;
        const auto kept = keep_delivery(store_, d);
        if (!kept) throw failure(kept.error());
        if (kept.value()) ++found;
    }
    return found;
}

result<std::size_t> worker::missed_pushes(instant now) {
    std::size_t found = 0;
    for (const auto& id : engine_.list({.open_only = true, .most = static_cast<std::size_t>(-1)})) {
        const auto* p = engine_.get(id);
        const auto  about = settings_.serving(p->subject);
        if (!about || about->in->as->push.empty()) continue;
        auto looked = forge_.look_at(p->subject);
        if (!looked && looked.error().code == errc::not_found) continue;
        if (!looked) return looked.error();
        auto& d = looked.value();
        if (!d.closed && (d.head.empty() || d.head == desk_.head_of(id))) continue;
        d.event = "pull_request";
        d.looked = true;
        d.action = d.closed ? "closed" : "synchronize";
        d.id = ("missed " + d.action + " " + std::to_string(p->version) + " " + id).substr(0, longest_delivery_id);
        d.at = now;
        if (!d.closed) {  // nobody knows who pushed
            const auto author = engine_.people().id(p->author);
            (void)std::from_chars(author.data(), author.data() + author.size(), d.sender.id);
            if (d.sender.person() != author) d.sender = {};  // no account's number
        }
        if (d.sender.id == 0) d.sender = {settings_.bot_id, {}, true};  // never in the name of somebody who didn't do it
        const auto kept = keep_delivery(store_, d);
        if (!kept) throw failure(kept.error());
        if (kept.value()) ++found;
    }
    return found;
}

}  // namespace bot
