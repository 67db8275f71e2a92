// Polkadot's OpenGov, by polkadot-opengov.json: referenda on their way through one track, and its curves. A block is a unit of time; what is
// said of votes in one block is looked at in the next. So is a place that was left there, while here it is taken at once: where one is, a case
// isn't judged.
#include <algorithm>

#include <fmt/format.h>

#include "onchain.hpp"

namespace conformance {
namespace {

using namespace quorate;

constexpr std::string_view tracks_charter = "polkadot-opengov.json";

/// A linear curve falls by the same amount in each block.
void curve(given& values, const json::object& c, const std::string& name, std::int64_t blocks) {
    if (word_in(c, "curve") != "linear" || word_in(c, "length") != "1") throw cannot_say("a track whose curve is not linear over all of its period");
    const auto ceil = parse_number(word_in(c, "ceil")), floor = parse_number(word_in(c, "floor"));
    if (!ceil || !floor) throw cannot_say("a curve without numbers");
    values.emplace_back(name + "_ceil", to_string(*ceil));
    values.emplace_back(name + "_floor", to_string(*floor));
    values.emplace_back(name + "_step", to_string(*divide(*subtract(*ceil, *floor), number(blocks))));
}

roster_event weight_of(const std::string& who, std::int64_t n, instant at) {
    roster_event e;
    e.at = at;
    e.what = roster_event_kind::set_weight;
    e.who = who;
    e.of = "tokens";
    e.amount = std::to_string(n);
    return e;
}

/// The settings of a case's track, as the charter's parameters.
given track_settings(const chain_case& c) {
    const auto& track = object_in(c.config, "track");
    const auto  blocks = [&](std::string_view key) { return seconds_text(whole(track, key)); };
    const auto  decision = whole(track, "decision_period");
    if (decision <= 0) throw cannot_say("no time to decide");
    given values{{"prepare_period", blocks("prepare_period")}, {"decision_period", blocks("decision_period")}, {"confirm_period", blocks("confirm_period")},
                 {"min_enactment", blocks("min_enactment")}, {"undeciding_timeout", seconds_text(whole(c.config, "undeciding_timeout"))},
                 {"max_deciding", fmt::format("{}", whole(track, "max_deciding"))}, {"max_queued", fmt::format("{}", whole(c.config, "max_queued"))},
                 {"step", fmt::format("1/{}", decision)}, {"nothing_approves", "0"}};  // the pallet's tests have a tally of which nothing approves nothing
    curve(values, object_in(track, "min_approval"), "approval", decision);
    curve(values, object_in(track, "min_support"), "support", decision);
    std::optional<std::int64_t> wanted;
    for (const auto* in : rows_of(c.inputs)) {
        if (!in->contains("enact_at")) continue;
        const auto wait = std::max<std::int64_t>(0, whole(*in, "enact_at") - whole(*in, "t"));
        if (wanted.value_or(wait) != wait) throw cannot_say("referenda on one track that ask for different times of enactment");
        wanted = wait;
    }
    if (wanted) values.emplace_back("wanted", seconds_text(*wanted));
    return values;
}

std::int64_t ref_of(const json::object& row) { return row.contains("ref") ? whole(row, "ref") : 0; }
std::string  voter(std::string_view side, std::int64_t ref) { return fmt::format("{}-{}", side, ref); }
/// All that they hold, whose votes and capital are the same then.
command ballot(std::string_view side, std::int64_t ref, std::string position) {
    return {.what = act::cast, .by = voter(side, ref), .subject = std::move(position), .detail = "locked 1x"};
}

holders voters_of(const chain_case& c) {
    holders all;
    for (const auto* in : rows_of(c.inputs))
        for (const auto* side : {"ayes", "nays"})
            if (word_in(*in, "op") == "submit") all.holds(voter(side, ref_of(*in)), "tokens", "0");
    all.in_role("root", "root");
    return all;
}

/// Referenda on one track. Each has two voters of its own, who hold its tally.
class track_walk {
public:
    explicit track_walk(const chain_case& c) : c_(c), walk_(c.where, tracks_charter, track_settings(c), voters_of(c).roster()), rows_(rows_of(c.expected)) {}

    case_result operator()() {
        for (const auto* in : rows_of(c_.inputs)) {
            const auto t = whole(*in, "t");
            if (word_in(*in, "op") == "set_tally") {
                tally(*in, t + 1);  // what is due at the next block sees it
                continue;
            }
            look(t);
            go_to(t);
            take(*in);
        }
        look(std::numeric_limits<std::int64_t>::max());
        return wrong_.empty() ? passed(c_.id, walk_.account()) : failed(c_.id, wrong_.substr(2), walk_.account());
    }

private:
    struct change {
        std::int64_t t = 0;
        roster_event what{};
    };
    void tally(const json::object& in, std::int64_t t) {
        for (const auto* side : {"ayes", "nays"}) {
            const auto who = voter(side, ref_of(in));
            const auto n = whole(in, side);
            if (std::exchange(weights_[who], n) != n) changes_.push_back({t, weight_of(who, n, walk_.moment(t))});
        }
    }
    void go_to(std::int64_t t) {
        for (; next_change_ < changes_.size() && changes_[next_change_].t <= t; ++next_change_) {
            walk_.at(std::max(changes_[next_change_].t - 1, last_));
            if (const auto done = walk_.engine().change_roster(changes_[next_change_].what); !done) throw std::runtime_error(done.error().what());
        }
        walk_.at(t);
        last_ = t;
    }
    void take(const json::object& in) {
        const auto op = word_in(in, "op");
        const auto ref = ref_of(in);
        if (op != "submit") about(ref);
        std::optional<refusal> no;
        if (op == "submit") {
            ids_[ref] = walk_.open("track", std::string(asker));
            walk_.says(fact{.name = "issuance", .amount = whole(c_.config, "electorate")});
            walk_.says(ballot("ayes", ref, "aye"));
            walk_.says(ballot("nays", ref, "nay"));
        } else if (op == "decision_deposit") no = walk_.says(fact{.by = std::string(asker), .name = "deposit", .truth = true});
        else if (op == "cancel") no = walk_.says(other{.what = act::withdraw, .by = "root"});
        else if (op == "kill") no = walk_.says(other{.what = act::cancel, .by = "root"});
        else if (op == "refund_decision_deposit") no = walk_.says(fact{.by = std::string(asker), .name = "refunded", .truth = true});
        else throw cannot_say("an operation of another kind: " + op);
        if (no.has_value() != in.contains("expect_error")) wrong_ += "; " + op + (no ? " is refused: " + to_string(*no) : " is accepted");
    }
    void about(std::int64_t ref) {
        const auto known = ids_.find(ref);
        if (known == ids_.end()) throw cannot_say(fmt::format("referendum {}, which was not submitted yet", ref));
        walk_.about(known->second);
    }

    // ---- what is found ----------------------------------------------------------------------------------------------------
    /// Of all on the track: how many are decided, and who queues, the next one last.
    void found_of_track(json::object& found) const {
        const auto&  runs = walk_.engine();
        std::int64_t deciding = 0;
        json::array  queue;
        auto         waiting = runs.waiting("track", "deciding", walk_.now());
        std::reverse(waiting.begin(), waiting.end());
        for (const auto& id : waiting)
            for (const auto& [ref, known] : ids_)
                if (known == id && runs.get(id)->now().name == "queued") queue.emplace_back(ref);
        for (const auto& [ref, id] : ids_) {
            const auto& p = *runs.get(id);
            if (p.now().name == "deciding") ++deciding;
            const auto queued = *p.by->stage_named("queued");
            if (queued < p.left_at.size() && p.left_at[queued] && p.now().name != "cancelled" && p.now().name != "killed")
                throw cannot_say("a place that was left, which is taken one block later there");
        }
        found["deciding_count"] = deciding;
        found["queue"] = std::move(queue);
    }
    json::object found_now(std::int64_t t, std::int64_t ref) {
        json::object found{{"t", t}, {"ref", ref}, {"queued", false}};
        found_of_track(found);
        if (!ids_.contains(ref)) return found;
        about(ref);
        const auto ceiled = [&](instant at) { return (at - walk_.started() + std::chrono::seconds{1} - duration{1}) / std::chrono::seconds{1}; };
        const auto stage = walk_.stage();
        const auto held = stage == "deciding" ? confirming() : std::nullopt;
        found["state"] = held ? "Confirming" : stage == "enacted" ? "Approved" : walk_.title();
        found["queued"] = stage == "queued";
        found["has_wakeup"] = walk_.next().has_value();
        if (held) found["confirming_until"] = ceiled(*walk_.explained().exits.at(*held).due);
        if (stage == "deciding") found["deciding_since"] = ceiled(walk_.proposal().entered);
        if (!is_open(walk_.proposal().in()) && stage != "enacted") found["ended"] = ceiled(walk_.proposal().entered);
        if (stage == "approved") found["enact_at"] = *walk_.next();
        return found;
    }
    std::optional<std::size_t> confirming() const {
        const auto& exits = walk_.proposal().now().exits;
        for (std::size_t i = 0; i < exits.size(); ++i)
            if (exits[i].by == trigger::held && walk_.proposal().holds_since[i]) return i;
        return std::nullopt;
    }
    void look(std::int64_t before) {
        for (; next_row_ < rows_.size() && whole(*rows_[next_row_], "t") < before; ++next_row_) {
            const auto& row = *rows_[next_row_];
            const auto  t = whole(row, "t");
            go_to(t);
            const auto r = compared(c_.id, row, found_now(t, ref_of(row)), "");
            if (r.found == finding::skipped) throw cannot_say(r.why);
            if (r.found == finding::failed) wrong_ += fmt::format("; at {}: {}", t, r.why);
        }
    }

    const chain_case&                   c_;
    chain_walk                          walk_;
    std::vector<const json::object*>    rows_;
    std::size_t                         next_row_ = 0;
    std::vector<change>                 changes_{};  ///< in the order of their times
    std::size_t                         next_change_ = 0;
    std::int64_t                        last_ = 0;
    std::map<std::int64_t, std::string> ids_{};
    std::map<std::string, std::int64_t> weights_{};
    std::string                         wrong_{};
};

case_result referendum(const chain_case& c) { return track_walk(c)(); }

// ---- curves ---------------------------------------------------------------------------------------------------------------------------
constexpr std::int64_t whole_period = 1'000'000'000;  ///< microseconds: what the pallet calls 1, so that one is its smallest part

std::string term(const json::object& o, std::string_view key) {
    const auto text = word_in(o, key);
    return text.starts_with('-') ? "(0 - " + text.substr(1) + ")" : text;
}
std::string curve_text(const json::object& c) {
    const auto kind = word_in(c, "curve");
    if (kind == "linear") {
        const auto length = multiply(*parse_number(word_in(c, "length")), number(1000)).to_int64();
        if (!length || *length <= 0) throw cannot_say("a curve of another length");
        return fmt::format("linear(in_stage, {} seconds, {}, {})", *length, term(c, "ceil"), term(c, "floor"));
    }
    if (kind == "stepped")
        return fmt::format("stepped(in_stage, 1000 seconds, {}, {}, {}, {})", term(c, "begin"), term(c, "end"), term(c, "step"), term(c, "period"));
    if (kind == "reciprocal")
        return fmt::format("reciprocal(in_stage, 1000 seconds, {}, {}, {})", term(c, "factor"), term(c, "x_offset"), term(c, "y_offset"));
    throw cannot_say("a curve of another kind");
}

case_result curves(const chain_case& c) {
    const auto  text = curve_text(c.config);
    const auto& expected = c.expected.as_object();
    std::string wrong;
    std::size_t xs = 0, ys = 0;
    const auto  wanted = [&](std::string_view key, std::size_t i) { return *parse_number(word_in({{"v", list_in(expected, key).at(i)}}, "v")); };
    const auto  in_units = [](const number& n) { return floor(multiply(n, number(whole_period))); };
    for (const auto* in : rows_of(c.inputs)) {
        holders    all;
        chain_walk w(c.where, tracks_charter, {{"prepare_period", "100 days"}, {"undeciding_timeout", "200 days"}}, all.roster(), duration{1});
        w.open("track", std::string(asker));
        if (in->contains("x")) {
            w.at(*in_units(*parse_number(word_in(*in, "x"))).to_int64());
            const auto found = w.measured(text);
            if (!(in_units(found) == in_units(wanted("threshold", xs)))) wrong += fmt::format("; the threshold of {} is {}", xs + 1, to_string(found));
            ++xs;
        } else {
            const auto wait = w.waits_for(fmt::format("{} >= {}", word_in(*in, "y"), text));
            const auto found = wait ? number::fraction(wait->count(), whole_period) : number(1);  // never
            if (!(found == wanted("delay", ys))) wrong += fmt::format("; the delay of {} is {}", word_in(*in, "y"), to_string(found));
            ++ys;
        }
    }
    return wrong.empty() ? passed(c.id, text) : failed(c.id, wrong.substr(2), text);
}

}  // namespace

const std::vector<chain_engine>& tracks() {
    static const std::vector<chain_engine> all{{"opengov_referenda", referendum}, {"opengov_curve", curves}};
    return all;
}

}  // namespace conformance
