// Polkadot's OpenGov, by polkadot-opengov.json: one referendum on its way, and its curves. A block is a unit of time; what is said of votes
// in one block is looked at in the next.
#include <algorithm>

#include <fmt/format.h>

#include "onchain.hpp"

namespace conformance {
namespace {

using namespace quorate;

constexpr std::string_view charter_file = "polkadot-opengov.json";

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

case_result referendum(const chain_case& c) {
    const auto& track = object_in(c.config, "track");
    const auto  start = whole(c.config, "start_block");
    const auto  blocks = [&](std::string_view key) { return seconds_text(whole(track, key)); };
    const auto  decision = whole(track, "decision_period");
    if (decision <= 0) throw cannot_say("no time to decide");
    given values{{"prepare_period", blocks("prepare_period")}, {"decision_period", blocks("decision_period")}, {"confirm_period", blocks("confirm_period")},
                 {"min_enactment", blocks("min_enactment")}, {"undeciding_timeout", seconds_text(whole(c.config, "undeciding_timeout"))},
                 {"step", fmt::format("1/{}", decision)}, {"nothing_approves", "0"}};  // the pallet's tests have a tally of which nothing approves nothing
    curve(values, object_in(track, "min_approval"), "approval", decision);
    curve(values, object_in(track, "min_support"), "support", decision);
    for (const auto* in : rows_of(c.inputs)) {
        if (in->contains("ref") && whole(*in, "ref") != 0) throw cannot_say("several referenda on one track, which has no queue here");
        if (in->contains("enact_at")) values.emplace_back("wanted", seconds_text(std::max<std::int64_t>(0, whole(*in, "enact_at") - start)));
    }
    holders all;
    for (const auto* who : {"ayes", "nays"}) all.holds(who, "tokens", "0");
    all.in_role("root", "root");
    chain_walk  w(c.where, charter_file, values, all.roster());
    const auto  issuance = whole(c.config, "electorate");
    std::string wrong;
    std::map<std::string, std::int64_t> weights{{"ayes", 0}, {"nays", 0}};
    const auto  ceiled = [&](instant t) { return (t - w.started() + std::chrono::seconds{1} - duration{1}) / std::chrono::seconds{1}; };
    const auto  confirming = [&]() -> std::optional<std::size_t> {
        const auto& exits = w.proposal().now().exits;
        for (std::size_t i = 0; i < exits.size(); ++i)
            if (exits[i].by == trigger::held && w.proposal().holds_since[i]) return i;
        return std::nullopt;
    };
    const auto found_now = [&](std::int64_t t) {
        json::object found{{"t", t}, {"ref", 0}, {"queued", false}};
        if (w.id().empty()) {
            found["deciding_count"] = 0;
            return found;
        }
        const auto held = w.stage() == "deciding" ? confirming() : std::nullopt;
        found["state"] = held ? "Confirming" : w.stage() == "enacted" ? "Approved" : w.title();
        found["deciding_count"] = w.stage() == "deciding" ? 1 : 0;
        found["has_wakeup"] = w.next().has_value();
        if (held) found["confirming_until"] = ceiled(*w.explained().exits.at(*held).due);
        if (w.stage() == "deciding") found["deciding_since"] = ceiled(w.proposal().entered);
        if (!is_open(w.proposal().in()) && w.stage() != "enacted") found["ended"] = ceiled(w.proposal().entered);
        if (w.stage() == "approved") found["enact_at"] = *w.next();
        return found;
    };
    const auto  rows = rows_of(c.expected);
    std::size_t next = 0;
    const auto  look = [&](std::int64_t before) {
        for (; next < rows.size() && whole(*rows[next], "t") < before; ++next) {
            const auto t = whole(*rows[next], "t");
            w.at(t);
            const auto r = compared(c.id, *rows[next], found_now(t), "");
            if (r.found == finding::skipped) throw cannot_say(r.why);
            if (r.found == finding::failed) wrong += fmt::format("; at {}: {}", t, r.why);
        }
    };
    for (const auto* in : rows_of(c.inputs)) {
        const auto             op = word_in(*in, "op");
        const auto             t = whole(*in, "t");
        std::optional<refusal> no;
        if (op == "set_tally") {  // what is due at the next block sees it
            look(t + 1);
            for (const auto* who : {"ayes", "nays"}) {
                const auto n = whole(*in, who);
                if (std::exchange(weights[who], n) == n) continue;
                if (const auto done = w.engine().change_roster(weight_of(who, n, w.moment(t + 1))); !done) throw std::runtime_error(done.error().what());
            }
            continue;
        }
        look(t);
        w.at(t);
        if (op == "submit") {
            w.open("track", std::string(asker));
            w.says(fact{.name = "issuance", .amount = issuance});
            w.says(cast{.by = "ayes", .position = "aye"});
            w.says(cast{.by = "nays", .position = "nay"});
        } else if (op == "decision_deposit") no = w.says(fact{.by = std::string(asker), .name = "deposit", .truth = true});
        else if (op == "cancel") no = w.says(other{.what = act::withdraw, .by = "root"});
        else if (op == "kill") no = w.says(other{.what = act::cancel, .by = "root"});
        else if (op == "refund_decision_deposit") no = w.says(fact{.by = std::string(asker), .name = "refunded", .truth = true});
        else throw cannot_say("an operation of another kind: " + op);
        if (no.has_value() != in->contains("expect_error")) wrong += "; " + op + (no ? " is refused: " + to_string(*no) : " is accepted");
    }
    look(std::numeric_limits<std::int64_t>::max());
    return wrong.empty() ? passed(c.id, w.account()) : failed(c.id, wrong.substr(2), w.account());
}

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
        chain_walk w(c.where, charter_file, {{"prepare_period", "100 days"}, {"undeciding_timeout", "200 days"}}, all.roster(), duration{1});
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
