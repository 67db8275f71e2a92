// Engines of long journals: what a snapshot holds, how an engine begins with one, and how proposals at rest are folded when asked for.
#include <algorithm>
#include <set>

#include "canonical.hpp"
#include "engine_impl.hpp"
#include "journal_documents.hpp"
#include "json.hpp"

namespace quorate {
namespace {

/// To be raised whenever the same events would give another snapshot, or one that means something else.
constexpr std::uint64_t snapshot_format = 1;

/// Whether nothing but a command moves what is there, whoever the roster says there is.
bool is_quiet(const process& by, const stage& in) {
    const auto by_time = [](const stage_exit& x) { return x.by == trigger::held || x.by == trigger::after || x.reads_clocks; };
    return !is_open(in.in) && !by.has_places && in.clock_runs.empty() && std::none_of(in.exits.begin(), in.exits.end(), by_time);
}

/// Whether it is the same again when it is read back from its JSON, persons and teams at the same places.
bool is_plain(const roster& people) {
    const auto& all = people.document();
    return std::none_of(all.people.begin(), all.people.end(), [](const person_info& p) { return p.guest; }) &&
           std::none_of(all.teams.begin(), all.teams.end(), [](const team_info& t) { return t.removed; });
}

/// The lines of a snapshot, one by one; each is a JSON object with its keys in this order.
class line_reader {
public:
    explicit line_reader(std::string_view body) : rest_(body) {}

    /// Goes on to the next line if there is one and `key` is its first.
    bool next(std::string_view key) {
        const auto end = rest_.find('\n');
        if (end == std::string_view::npos) return false;
        in_ = canonical::scanner(rest_.substr(0, end));
        if (!keys_.emplace(in_).has(key)) return false;
        rest_.remove_prefix(end + 1);
        return true;
    }
    bool has(std::string_view key) { return keys_->has(key); }
    std::string text() {
        std::string s;
        in_.string(s);
        return s;
    }
    std::string text(std::string_view key) {
        keys_->needs(key);
        return text();
    }
    std::uint64_t number() {
        std::uint64_t n = 0;
        in_.natural(n);
        return n;
    }
    std::uint64_t number(std::string_view key) {
        keys_->needs(key);
        return number();
    }
    /// The line is over, and was as it must be.
    bool close() {
        keys_->close();
        return in_.ok() && in_.rest().empty();
    }
    [[nodiscard]] bool over() const { return rest_.empty(); }

private:
    std::string_view                         rest_;
    canonical::scanner                       in_{{}};
    std::optional<canonical::object_scanner> keys_;
};

/// Hands everything on to a journal that belongs to somebody else.
class lent_journal final : public journal {
public:
    explicit lent_journal(journal& to) : to_(to) {}
    result<std::uint64_t> append(const batch& b) override { return to_.append(b); }
    result<void> read(std::string_view stream, std::uint64_t after, const std::function<bool(const stored_event&)>& visit) override {
        return to_.read(stream, after, visit);
    }
    result<void> read_some(std::span<const std::string> streams, std::uint64_t until, const std::function<bool(const stored_event&)>& visit) override {
        return to_.read_some(streams, until, visit);
    }
    result<std::uint64_t>              last() override { return to_.last(); }
    result<std::optional<kept_answer>> answer_to(std::string_view key) override { return to_.answer_to(key); }
    result<std::vector<effect>>        pending_effects(std::size_t most) override { return to_.pending_effects(most); }
    result<void>                       done(std::uint64_t effect_id) override { return to_.done(effect_id); }
    result<std::optional<snapshot>>    kept_snapshot() override { return to_.kept_snapshot(); }
    result<void> keep_snapshot(std::uint64_t as_of, std::string_view body) override { return to_.keep_snapshot(as_of, body); }
    [[nodiscard]] bool durable() const override { return to_.durable(); }

private:
    journal& to_;
};

}  // namespace

// ---- proposals at rest ----------------------------------------------------------------------------------------------------
result<proposal> engine::impl::fold_alone(std::string_view id, std::uint64_t last_seq, const roster& by) const {
    std::optional<proposal> p;
    std::optional<error>    fault;
    const auto              read = store->read(id, 0, [&](const stored_event& s) {
        if (s.seq > last_seq) return false;
        if (p) {
            if (auto done = apply(*p, s.what, by); !done) fault = done.error();
            return !fault;
        }
        const auto under = charters.find(s.what.charter);
        if (under == charters.end()) return false;
        auto begun = begin(s.stream, s.what, under->second, by);
        if (begun) p = std::move(begun.value());
        else fault = begun.error();
        return !fault;
    });
    if (!read) return read.error();
    if (fault) return *fault;
    if (!p) return make_error(errc::damaged, "its events are missing, or the charter it was opened under", std::string(id));
    return std::move(*p);
}

result<proposal> engine::impl::folded_at_rest(std::size_t which) const {
    const auto& known = at_rest[which];
    auto        p = fold_alone(*known.id, snapshot_as_of, people_then ? *people_then : people);
    if (p && (p.value().by != known.by || p.value().stage != known.stage))
        return make_error(errc::damaged, "the journal's snapshot is not what its events give", *known.id,
                          "'quorate journal compact' derives it anew from the events, which nothing has happened to");
    return p;
}

proposal& engine::impl::awake(std::size_t which) const {
    if (proposals[which]) return *proposals[which];
    auto p = folded_at_rest(which);
    if (!p) throw failure(p.error());
    woken.emplace_back(which, p.value().version);
    return *(proposals[which] = std::make_unique<proposal>(std::move(p.value())));
}

void engine::impl::rest_again() {
    if (woken.size() <= most_woken) return;
    for (const auto& [which, version] : woken)
        if (proposals[which]->version == version) proposals[which].reset();
    woken.clear();
}

bool engine::impl::visible(std::size_t which, const viewer& v) const {
    if (!rests(which)) return visible(*proposals[which], v);
    const auto& known = at_rest[which];
    const auto& stage = known.by->stages[known.stage];
    if (v.is_host || (stage.visible_to.empty() && known.by->visible_to.empty())) return true;
    const auto p = folded_at_rest(which);
    if (!p) throw failure(p.error());
    return visible(p.value(), v);
}

// ---- a snapshot -------------------------------------------------------------------------------------------------------------
/// Whether what it is can be told from its own events alone, by the roster as it is now: names may have come to mean others.
result<bool> engine::impl::foldable_alone(std::size_t which) const {
    const auto& in_order = *proposals[which];
    const auto  alone = fold_alone(in_order.id, seen, people);
    if (!alone) return alone.error().code == errc::damaged ? result<bool>(false) : result<bool>(alone.error());
    return alone.value() == in_order;
}

result<std::string> engine::impl::derive() const {
    std::string body;
    const auto  line = [&](auto write) {
        canonical::object_writer out{body};
        write(out);
        out.close();
        body += '\n';
    };
    const auto integer = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
    line([&](auto& out) {
        out.integer("snapshot", integer(snapshot_format));
        out.integer("law", law_version);
        out.text("roster", given_roster);
        out.integer("base", integer(roster_base));
    });
    std::map<std::string_view, std::int64_t> charter_places;
    for (const auto& [hash, unused] : charters) {
        charter_places.emplace(hash, static_cast<std::int64_t>(charter_places.size()));
        line([&, &h = hash](auto& out) { out.text("charter", h); });
    }
    for (const auto& [seq, id] : guests)
        line([&, s = seq, &i = id](auto& out) {
            out.text("guest", i);
            out.integer("seq", integer(s));
        });
    for (const auto& [stream, version] : claims)
        line([&, &s = stream, v = version](auto& out) {
            out.text("claim", s);
            out.integer("version", integer(v));
        });
    // Those whose places others look at are looked at with their parents.
    std::set<std::string_view> needed;
    for (const auto& [process, beside] : by_process)
        for (const auto& n : beside) needed.insert(n.which->parent);
    // What they are about comes from where it is listed, which is sorted by it.
    std::vector<const std::string*> subjects(proposals.size(), nullptr);
    for (const auto& [subject, which] : by_subject)
        for (const auto i : which) subjects[i] = &subject;
    for (std::size_t i = 0; i < proposals.size(); ++i) {
        const auto p = brief(i);
        const auto& in = p.by->stages[p.stage];
        bool       at_rest_now = is_quiet(*p.by, in) && !needed.contains(*p.id);
        if (at_rest_now) {
            auto alone = foldable_alone(i);
            if (!alone) return alone.error();
            at_rest_now = alone.value();
        }
        line([&](auto& out) {
            out.text("id", *p.id);
            out.text("subject", *subjects[i]);
            if (!at_rest_now) return;
            out.integer("charter", charter_places.at(p.under->hash()));
            out.text("process", p.by->name);
            out.text("stage", in.name);
        });
    }
    return body;
}

bool engine::impl::take_snapshot(const snapshot& kept) {
    line_reader in(kept.body);
    if (!is_plain(people) || !in.next("snapshot")) return false;
    const bool fits = in.number() == snapshot_format && in.number("law") == std::uint64_t{law_version} && in.text("roster") == given_roster &&
                      in.number("base") == roster_base;
    if (!in.close() || !fits) return false;
    bool       folded = true;
    const auto fold_one = [&](const stored_event& s) { return folded = fold(s).has_value(); };
    if (const std::string first{charter_stream}; !store->read_some({&first, 1}, kept.as_of, fold_one) || !folded) return false;
    std::vector<std::pair<std::uint64_t, std::string>> introduced;
    std::vector<std::string>                           streams{std::string(roster_stream)};
    if (!take_lines(in, introduced, streams)) return false;
    // Those that aren't at rest are folded with the changes of the roster, in the order in which all that happened.
    auto       next = introduced.begin();
    const auto introduce_until = [&](std::uint64_t seq) {
        for (; next != introduced.end() && next->first <= seq; ++next)
            if (people.guest(next->second)) guests.push_back(*next);
    };
    const auto read = store->read_some(streams, kept.as_of, [&](const stored_event& s) {
        introduce_until(s.seq);
        return fold_one(s);
    });
    introduce_until(kept.as_of);
    if (!read || !folded || guests != introduced) return false;
    for (std::size_t i = 0; i < proposals.size(); ++i)
        if (!proposals[i] && !rests(i)) return false;
    people_then.reset();  // the roster is that of the snapshot
    seen = snapshot_as_of = kept.as_of;
    return true;
}

/// Which charters there are, who is introduced when, what was claimed, and every proposal. `streams` is added to by those that aren't
/// at rest.
template <class Lines>
bool engine::impl::take_lines(Lines& in, std::vector<std::pair<std::uint64_t, std::string>>& introduced, std::vector<std::string>& streams) {
    std::vector<const charter*> under;
    while (in.next("charter")) {
        const auto found = charters.find(in.text());
        if (!in.close() || found == charters.end()) return false;
        under.push_back(&found->second);
    }
    while (in.next("guest")) {
        auto id = in.text();
        introduced.emplace_back(in.number("seq"), std::move(id));
        if (!in.close()) return false;
    }
    while (in.next("claim")) {
        auto stream = in.text();
        claims[std::move(stream)] = in.number("version");
        if (!in.close()) return false;
    }
    while (in.next("id")) {
        const auto [known, is_new] = by_id.try_emplace(in.text(), proposals.size());
        by_subject[in.text("subject")].push_back(proposals.size());
        proposals.emplace_back();
        at_rest.emplace_back();
        if (!is_new) return false;
        if (in.has("charter")) {
            const auto which = in.number();
            const auto process = in.text("process"), stage = in.text("stage");
            if (which >= under.size()) return false;
            const auto* by = under[which]->find(process);
            const auto  at = by == nullptr ? std::nullopt : by->stage_named(stage);
            if (!at || !is_quiet(*by, by->stages[*at])) return false;
            at_rest.back() = {&known->first, under[which], by, *at};
        } else {
            streams.push_back(known->first);
        }
        if (!in.close()) return false;
    }
    return in.over();
}

// ---- looking after journals ----------------------------------------------------------------------------------------------------
result<compaction> engine::compact(journal& j) {
    const auto made = impl::make(std::make_unique<lent_journal>(j), {.with_snapshot = false});  // the former may be wrong
    if (!made) return made.error();
    const auto& i = *made.value();
    const auto  body = i.derive();
    if (!body) return body.error();
    if (auto done = j.keep_snapshot(i.seen, body.value()); !done) return done.error();
    constexpr std::string_view mark = ",\"charter\":";  // a quote within a name is escaped
    compaction                 kept{.as_of = i.seen, .proposals = i.proposals.size(), .bytes = body.value().size()};
    for (auto at = body.value().find(mark); at != std::string::npos; at = body.value().find(mark, at + 1)) ++kept.at_rest;
    return kept;
}

result<std::optional<snapshot_check>> engine::check_snapshot(journal& j) {
    const auto kept = j.kept_snapshot();
    if (!kept) return kept.error();
    if (!kept.value()) return std::optional<snapshot_check>{};
    snapshot_check found{.as_of = kept.value()->as_of, .fault = kept.value()->fault};
    if (!found.fault.empty()) return std::optional(std::move(found));
    const auto  made = impl::make(std::make_unique<lent_journal>(j), {.until = found.as_of, .with_snapshot = false});
    if (!made) return made.error();
    const auto body = made.value()->derive();
    if (!body) return body.error();
    const auto differs = std::mismatch(body.value().begin(), body.value().end(), kept.value()->body.begin(), kept.value()->body.end());
    if (differs.first == body.value().end() && differs.second == kept.value()->body.end()) return std::optional(std::move(found));
    const auto line = [](const std::string& of, auto at) {
        const auto begin = std::find(std::make_reverse_iterator(at), of.rend(), '\n').base();
        return begin == of.end() ? "nothing" : std::string(begin, std::find(at, of.end(), '\n'));
    };
    found.fault = "it says " + line(kept.value()->body, differs.second) + " where the events give " + line(body.value(), differs.first);
    return std::optional(std::move(found));
}

}  // namespace quorate
