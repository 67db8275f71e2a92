// Engines: what a host asks of one. See engine_impl.hpp.
#include <algorithm>
#include <set>

#include "canonical.hpp"
#include "engine_impl.hpp"
#include "journal_documents.hpp"
#include "json.hpp"
#include "sha256.hpp"

namespace quorate {
namespace {

/// What a key stands for when something is opened.
std::string canonical_text(const opening& o) {
    std::string              text;
    canonical::object_writer out{text};
    out.text("open", o.process);
    out.text("by", o.by);
    out.text("subject", o.subject);
    out.text("title", o.title);
    out.text("parent", o.parent);
    out.text("about", o.about);
    out.moment("at", o.at);
    out.list("teams", o.teams);
    out.close();
    return text;
}

}  // namespace

// ---- asking for something -----------------------------------------------------------------------------------------------------
result<std::string> engine::open(const opening& o) {
    impl_->rest_again();
    auto opened = as_result([&] { return impl_->open(o); });
    if (!opened) impl_->take_back();
    return opened;
}

result<std::string> engine::impl::open(const opening& o) {
    auto&             i = *this;
    const auto hash = o.key.empty() ? std::string() : sha256_hex(canonical_text(o));
    const auto known_already = [&]() -> std::optional<result<std::string>> {
        auto known = i.answered({}, o.key, hash);
        if (!known) return std::nullopt;
        if (known->failed()) return result<std::string>(known->fault());
        if (known->refused()) return result<std::string>(make_error(errc::invalid, to_string(known->refusal())));
        return result<std::string>(known->proposal);
    };
    if (i.store->durable() || !o.key.empty())
        if (auto known = known_already()) return i.up_to_date(std::move(*known));
    for (int attempt = 0;; ++attempt) {
        if (i.store->durable())
            if (auto done = i.catch_up(); !done) return done.error();
        if (!o.parent.empty() && i.find(o.parent) == nullptr)
            return make_error(errc::not_found, "there is no parent proposal " + json_text::in_quotes(o.parent));
        if (i.depth_below(o.parent) > deepest_children)
            return make_error(errc::limit, "proposals may be nested " + std::to_string(deepest_children) + " deep");
        std::vector<receipt> earlier;  // told by the histories
        i.give_time_before(o.at, earlier);
        // What is opened looks at its parent as it is by then: what was due there earlier happens first.
        auto* parent = i.find(o.parent);
        if (parent != nullptr && parent->due && *parent->due < o.at && in_range(o.at)) {
            receipt    moved;
            const auto done = i.let_time_pass(*parent, o.at - duration{1}, o.at, moved);
            if (!done && (done.error().code != errc::conflict || attempt == most_tries)) return done.error();
            if (!done) continue;
        }
        introduce(i.people, o);
        proposal     p;
        step_output  out;
        surroundings around{.people = i.people, .parent = parent};
        if (const auto* by = i.rules.find(o.process); by != nullptr && by->has_places) around.others = i.by_process[by->name];
        auto         id = o.process + "-" + std::to_string(i.proposals.size() + 1);
        auto         answer = open_proposal(p, id, o, i.rules, around, out);
        if (!answer) return answer.error();
        if (!answer.value())
            if (auto no = i.taken(*p.by, o.subject, o.by)) answer.value() = std::move(no);
        if (answer.value()) {
            // The same key answers the same again, whatever has changed by then.
            receipt       no(*answer.value());
            impl::writing kept_only;
            if (!o.key.empty()) kept_only.answers.push_back({o.key, hash, kept(no)});
            if (auto done = i.write(kept_only); !done && done.error().code != errc::conflict) return done.error();
            return make_error(errc::invalid, to_string(*answer.value()));
        }
        impl::writing w;
        i.add_documents(w, o.at);
        i.add_effects(w, p, out);
        i.add_claim(w, p, o.at);
        w.add(id, 0, std::move(out.events));
        receipt r;
        r.proposal = id;
        if (!o.key.empty()) w.answers.push_back({o.key, hash, kept(r)});
        i.rely_on_others(w, p);
        auto& beside = i.by_process[p.by->name];
        beside.push_back({&p, parent});  // others that go on because of it see where it is
        auto done = as_result([&] {
            auto told = i.tell_opening(w, p, r);
            if (told) told = i.tell_parents(w, p, true, o.at, r);  // it may have come to its outcome at once
            return told ? i.tell_others(w, o.at, r) : told;
        });
        beside.pop_back();
        if (done) done = i.write(w);
        if (done) {
            i.keep();
            i.note_due(i.adopt_state(std::move(p)));
            return id;
        }
        i.take_back();
        if (done.error().code != errc::conflict || attempt == most_tries) return done.error();
        if (auto known = known_already()) return i.up_to_date(std::move(*known));
    }
}

receipt engine::submit(std::string_view proposal_id, const command& c) {
    impl_->rest_again();
    return impl_->submit(proposal_id, c);
}

std::vector<receipt> engine::submit(std::span<const request> many) {
    auto&                    i = *impl_;
    std::vector<receipt>     receipts;
    impl::writing            w;
    i.rest_again();
    std::vector<std::string_view> keys;
    bool                     whole = true;
    if (i.store->durable()) whole = i.catch_up().has_value();
    whole = whole && !i.some_places;  // what is due in others between two of them comes first
    for (const auto& r : many) {
        if (!whole) break;
        const bool again = !r.what.key.empty() && std::find(keys.begin(), keys.end(), r.what.key) != keys.end();
        if (again) {  // within one batch: only one by one can tell
            whole = false;
            break;
        }
        const auto hash = impl::command_hash(r.proposal, r.what);
        if (i.store->durable() || !r.what.key.empty()) {
            if (auto known = i.answered(r.proposal, r.what.key, hash)) {
                receipts.push_back(std::move(*known));
                continue;
            }
        }
        if (!r.what.key.empty()) keys.push_back(r.what.key);
        try {
            receipts.push_back(i.take(r.proposal, r.what, hash, w));
        } catch (const failure& e) {
            receipts.emplace_back(e.why());
        }
        whole = !receipts.back().failed() || receipts.back().fault().code == errc::not_found;
    }
    if (whole && i.write(w)) {
        i.keep();
        return receipts;
    }
    // Something went wrong for all of them together: forget it, and take them one by one.
    i.take_back();
    receipts.clear();
    for (const auto& r : many) receipts.push_back(i.submit(r.proposal, r.what));
    return receipts;
}

std::vector<receipt> engine::advance(instant now) {
    impl_->rest_again();
    return impl_->advance(now);
}

result<std::vector<receipt>> engine::change_roster(const roster_event& e, std::string_view key) {
    auto&             i = *impl_;
    i.rest_again();
    const std::string own_key(key);
    const auto        hash = key.empty() ? std::string() : sha256_hex("roster\n" + to_json(e));
    const auto        known_already = [&]() -> std::optional<result<std::vector<receipt>>> {
        if (!i.store->durable() && own_key.empty()) return std::nullopt;
        auto known = i.answered({}, own_key, hash);
        if (!known) return std::nullopt;
        if (known->failed()) return result<std::vector<receipt>>(known->fault());
        if (known->refused()) return result<std::vector<receipt>>(make_error(errc::invalid, to_string(known->refusal())));
        return result<std::vector<receipt>>(std::vector{std::move(*known)});
    };
    std::map<std::size_t, error> stuck;  // a charter that goes in circles must not keep others from leaving
    for (int attempt = 0;;) {
        if (auto known = known_already()) return i.up_to_date(std::move(*known));
        if (i.store->durable())
            if (auto done = i.catch_up(); !done) return done.error();
        impl::writing w;
        auto          after = i.people;
        if (const auto possible = after.apply(e); !possible) {
            // The same key answers the same again, whatever has changed by then.
            const auto no = possible.error();
            if (!own_key.empty()) w.answers.push_back({own_key, hash, kept(receipt(refusal{.by = refused_by::input, .what = no.what()}))});
            if (auto done = i.write(w); !done && done.error().code != errc::conflict) return done.error();
            return no;
        }
        if (!own_key.empty()) w.answers.push_back({own_key, hash, kept(receipt())});
        std::vector<receipt> receipts;
        const auto           stuck_before = stuck.size();
        auto                 done = as_result([&] { return i.finish_due(e.at, w, receipts, stuck); });
        const bool           turned = done.has_value();
        if (turned) {
            i.add_documents(w, e.at);
            w.add(std::string(roster_stream), i.roster_version + (i.roster_stored ? 0U : 1U),
                  {event{.kind = event_kind::roster, .at = e.at, .noted = e.at, .text = to_json(e)}});
            i.remember_people();
            std::swap(i.people, after);
            done = as_result([&] { return i.follow_people(e.at, w, receipts, stuck); });
        }
        if (done) done = i.write(w);
        if (done) {
            i.keep();
            for (auto& [which, why] : stuck) {
                i.note_due(*i.proposals[which]);
                receipts.emplace_back(std::move(why));
                receipts.back().proposal = i.proposals[which]->id;
            }
            return receipts;
        }
        if (turned) std::swap(i.people, after);
        i.take_back();
        for (const auto& [which, why] : stuck) i.note_due(*i.proposals[which]);
        if (stuck.size() > stuck_before) continue;
        if (done.error().code != errc::conflict || ++attempt == most_tries) return done.error();
    }
}

result<std::vector<effect>> engine::pending_effects(std::size_t most) { return impl_->store->pending_effects(most); }
result<void> engine::done(std::uint64_t effect_id) { return impl_->store->done(effect_id); }
result<void> engine::refresh() {
    impl_->rest_again();
    return impl_->catch_up();
}

// ---- reading --------------------------------------------------------------------------------------------------------------------
const proposal* engine::get(std::string_view proposal_id) const { return impl_->find(proposal_id); }

std::vector<std::string> engine::find(std::string_view subject, const viewer& v) const {
    std::vector<std::string> ids;
    const auto               found = impl_->by_subject.find(subject);
    if (found == impl_->by_subject.end()) return ids;
    for (const auto i : found->second)
        if (impl_->visible(i, v)) ids.push_back(*impl_->brief(i).id);
    return ids;
}

std::vector<std::string> engine::list(const filter& f, const viewer& v) const {
    std::vector<std::string> ids;
    const auto               waits = f.waiting_for.empty() ? std::nullopt : impl_->people.find_person(f.waiting_for);
    if (!f.waiting_for.empty() && !waits) return ids;
    for (std::size_t i = 0; i < impl_->proposals.size() && ids.size() < f.most; ++i) {
        const auto p = impl_->brief(i);
        const auto in = p.by->stages[p.stage].in;
        if (!f.process.empty() && p.by->name != f.process) continue;
        if (f.in && in != *f.in) continue;
        if (f.open_only && !is_open(in)) continue;
        if (waits && (impl_->rests(i) || !impl_->waits_for(*impl_->proposals[i], *waits))) continue;
        if (impl_->visible(i, v)) ids.push_back(*p.id);
    }
    return ids;
}

result<explanation> engine::explain(std::string_view proposal_id, instant now, const viewer& v) const {
    return as_result([&]() -> result<explanation> {
        const auto* p = impl_->find(proposal_id);
        if (p == nullptr || !impl_->visible(*p, v))
            return make_error(errc::not_found, "there is no proposal " + json_text::in_quotes(proposal_id));
        return quorate::explain(*p, now, impl_->around(*p), v);
    });
}

result<counted_vote> engine::count(std::string_view proposal_id, const viewer& v) const {
    return as_result([&]() -> result<counted_vote> {
        const auto* p = impl_->find(proposal_id);
        const auto  id = json_text::in_quotes(proposal_id);
        if (p == nullptr || !impl_->visible(*p, v)) return make_error(errc::not_found, "there is no proposal " + id);
        const auto around = impl_->around(*p);
        if (p->by->count.method.empty()) return make_error(errc::invalid, "process \"" + p->by->name + "\" counts no ballots about options");
        if (hides_count(*p, v, around))
            return make_error(errc::invalid, "the ballots of " + id + " are hidden from " + (v.who.empty() ? "the public" : v.who) + " while it is open", {},
                              "they are told, without whose they are, once it is decided");
        return counted_vote{*count_options(*p, p->last, around), anonymous_ballots(*p, p->last, around)};
    });
}

std::optional<instant> engine::next_change(std::string_view proposal_id) const {
    const auto* p = impl_->find(proposal_id);
    const auto  next = p == nullptr ? std::nullopt : upcoming(*p, impl_->around(*p));
    return next ? std::optional(next->at) : std::nullopt;
}
std::optional<instant> engine::next_change() const {
    std::optional<instant> first;
    for (const auto& p : impl_->proposals)
        if (p && p->due && (!first || *p->due < *first))
            if (const auto next = upcoming(*p, impl_->around(*p)); next && (!first || next->at < *first)) first = next->at;
    return first;
}

std::vector<std::string> engine::pending_of(std::string_view who, const viewer& v) const {
    return list({.open_only = true, .waiting_for = std::string(who)}, v);
}

result<std::vector<event>> engine::history(std::string_view proposal_id, const viewer& v) const {
    return as_result([&]() -> result<std::vector<event>> {
        const auto* p = impl_->find(proposal_id);
        if (p == nullptr || !impl_->visible(*p, v))
            return make_error(errc::not_found, "there is no proposal " + json_text::in_quotes(proposal_id));
        std::vector<event> events;
        const auto         around = impl_->around(*p);
        const bool         hidden = hides_ballots(*p, v, around);
        std::uint16_t      stage = 0;  // in which the events being read happened
        const auto         viewing = v.who.empty() ? std::nullopt : impl_->people.find_person(v.who);
        const auto         own_id = viewing ? impl_->people.id(*viewing) : std::string_view{};
        const auto read = impl_->store->read(proposal_id, 0, [&](const stored_event& s) {
            const auto& whose = s.what.on_behalf_of.empty() ? s.what.by : s.what.on_behalf_of;
            const bool  own = !own_id.empty() && whose == own_id;
            if (hidden && s.what.kind == event_kind::condition) return true;  // it tells how rules read
            events.push_back(s.what);
            if (s.what.kind == event_kind::moved) stage = p->by->stage_named(s.what.subject).value_or(stage);
            const bool ballot = s.what.kind == event_kind::acted && s.what.done == act::cast;
            if (ballot && !own && hides_ballots_of(stage, *p, v, around)) {
                events.back().subject = events.back().text = {};
                events.back().names.clear();
            }
            return true;
        });
        if (!read) return read.error();
        return events;
    });
}

const roster&  engine::people() const { return impl_->people; }
const charter& engine::rules() const { return impl_->rules; }

}  // namespace quorate
