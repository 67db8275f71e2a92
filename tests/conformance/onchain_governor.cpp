// Governor and its extensions, by openzeppelin-governor.json. A block is ten seconds, and something that happens in it happens at its
// beginning; a snapshot or a deadline is at its end, one second before the next.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "onchain.hpp"

namespace conformance {
namespace {

using namespace quorate;

constexpr std::string_view governor_charter = "openzeppelin-governor.json";
constexpr std::int64_t     block = 10;  ///< seconds

std::string to_block_end(std::int64_t blocks) { return seconds_text(blocks * block + block - 1); }
std::string blocks_text(std::int64_t blocks) { return seconds_text(blocks * block); }

bool has(const json::object& o, std::string_view key) { return o.contains(key) && !o.at(key).is_null(); }

/// The process that has the case's extension.
std::string process_of(const json::object& config) {
    const auto timelock = has(config, "timelock") ? word_in(object_in(config, "timelock"), "kind") : std::string();
    if (has(config, "super_quorum")) return "super_quorum";
    if (has(config, "late_quorum_extension")) return "late_quorum";
    if (has(config, "guardian") || config.contains("guardian_module")) return "guarded";
    if (timelock == "compound") return "timelock_compound";
    if (timelock == "controller") return "timelock_control";
    if (!timelock.empty()) throw cannot_say("a timelock of another kind");
    const auto counting = config.contains("counting") ? word_in(config, "counting") : std::string("simple");
    if (counting == "simple") return "governor";
    if (counting == "fractional" || counting == "overridable") return counting;
    throw cannot_say("counting of another kind");
}

given settings_of(const json::object& c) {
    given values{{"voting_delay", to_block_end(whole(c, "voting_delay"))}, {"voting_period", blocks_text(whole(c, "voting_period"))}};
    const auto supply = whole(c, "total_supply");
    if (supply <= 0) throw cannot_say("no supply");
    values.emplace_back("quorum_share", has(c, "quorum_absolute") ? fmt::format("{}/{}", whole(c, "quorum_absolute"), supply)
                                                                  : fmt::format("{}%", whole(c, "quorum_percent")));
    if (has(c, "super_quorum")) values.emplace_back("super_share", fmt::format("{}/{}", whole(c, "super_quorum"), supply));
    if (has(c, "late_quorum_extension")) values.emplace_back("extension", to_block_end(whole(c, "late_quorum_extension")));
    if (has(c, "timelock")) {
        const auto& lock = object_in(c, "timelock");
        values.emplace_back("timelock", blocks_text(whole(lock, "delay")));
        if (lock.contains("grace")) values.emplace_back("grace", blocks_text(whole(lock, "grace")));
    }
    return values;
}

roster people_of(const json::object& c, const std::string& process) {
    holders      all;
    std::int64_t rest = whole(c, "total_supply");
    const bool   balances = process == "overridable";
    const auto&  weights = object_in(c, balances ? "balances" : "weights");
    for (const auto& [who, weight] : weights) {
        const auto id = std::string(who);
        const auto held = whole(weights, who);
        rest -= held;
        const auto* to = balances ? object_in(c, "delegations").if_contains(who) : nullptr;
        all.holds(id, "votes", std::to_string(held), to != nullptr ? std::string(to->as_string()) : std::string());
    }
    for (const auto* who : {"proposer", "owner", "other"}) all.person(who);
    all.in_role("governance", "governance");
    all.in_role("canceller", "canceller");
    if (rest > 0) {  // more votes than supply: the fixtures of the super quorum have them
        all.holds("nobody-in-particular", "votes", std::to_string(rest));
        all.in_team("undelegated", "nobody-in-particular");
    }
    if (has(c, "guardian")) all.in_team("guardian", word_in(c, "guardian"));
    return all.roster();
}

/// What somebody asks for, as a command. `anyone` stands for callers whom the case doesn't name.
std::optional<command> command_of(const json::object& in, const std::string& op) {
    const auto by = in.contains("by") ? word_in(in, "by") : std::string("other");
    if (op == "vote" || op == "override_vote") {
        command    c{.what = act::cast, .by = by};
        const auto support = word_in(in, "support");
        if (support != "fractional") c.subject = support;
        else
            for (const auto& [position, amount] : object_in(in, "parts"))
                if (const auto text = weight_text(amount); text != "0") c.names.push_back(fmt::format("{}:{}", std::string_view(position), text));
        if (op == "override_vote") c.detail = "own";
        return c;
    }
    if (op == "cancel") return other{.what = act::withdraw, .by = by};
    if (op == "cancel_internal") return other{.what = act::withdraw, .by = "governance"};
    if (op == "timelock_cancel") return other{.what = act::withdraw, .by = "canceller"};
    if (op == "execute" || op == "timelock_execute") return other{.what = act::enact, .by = by};
    if (op == "queue") return fact{.by = by, .name = "queued", .truth = true};
    return std::nullopt;
}

/// Whether the refusal is the one that the case expects, as far as the name of its error tells.
bool same_reason(const json::object& in, const refusal& no, const std::string& state) {
    const auto error = word_in(in, "expect_error");
    if (in.contains("seen_state")) return state == word_in(in, "seen_state") && no.by != refused_by::input;
    const auto says = [&](std::string_view what) { return to_string(no).find(what) != std::string::npos; };
    if (error == "already_voted" || error == "already_overridden") return says("can't be changed") || says("has spent all");
    if (error == "exceeds_remaining_weight") return says("is left");
    if (error == "queueing_not_required") return says("this process has no such act");
    if (error == "timelock_not_ready") return state == "Queued" && no.by == refused_by::permission;
    if (error == "unable_to_cancel" || error == "only_proposer" || error == "unauthorized" || error == "only_governance" || error == "bad_state")
        return no.by == refused_by::permission || no.by == refused_by::law;
    throw cannot_say("an error of another kind: " + error);
}

/// What is wrong with a row of what is expected, or "".
std::string differs(chain_walk& w, const json::object& row) {
    std::string wrong;
    const auto  same = [&](std::string_view what, const json::value& found, const json::value& wanted) {
        if (found != wanted) wrong += fmt::format("; {} at {}: expected {}, the engine says {}", what, json::serialize(row.at("t")), json::serialize(wanted), json::serialize(found));
    };
    for (const auto& [key, value] : row) {
        if (key == "t") continue;
        if (key == "state") same("state", json::value(w.title()), value);
        else if (key == "tally") {
            for (const auto& [position, n] : value.as_object()) same(position, as_json(w.measured(fmt::format("weight({})", std::string_view(position)))), n);
        } else if (key == "deadline") {
            const auto next = w.next();
            same("deadline", next ? json::value(*next) : json::value(), value);
        } else if (key == "snapshot") {
            if (!w.proposal().now().title.starts_with("Pending")) throw cannot_say("a snapshot asked for afterwards");
            const auto next = w.next();
            same("snapshot", next ? json::value(*next) : json::value(), value);
        } else throw cannot_say(fmt::format("nothing here answers for \"{}\"", std::string_view(key)));
    }
    return wrong;
}

/// Inputs and expectations in the order of time; of equal times the inputs come first.
template <class Do>
case_result played(const chain_case& c, chain_walk& w, Do input) {
    std::string wrong;
    const auto  rows = rows_of(c.expected);
    std::size_t next = 0;
    const auto  look = [&](std::int64_t before) {
        for (; next < rows.size() && whole(*rows[next], "t") < before; ++next) {
            w.at(whole(*rows[next], "t"));
            wrong += differs(w, *rows[next]);
        }
    };
    for (const auto& each : c.inputs) {
        const auto& in = each.as_object();
        look(whole(in, "t"));
        w.at(whole(in, "t"));
        wrong += input(in);
    }
    look(std::numeric_limits<std::int64_t>::max());
    if (wrong.empty()) return passed(c.id, w.id().empty() ? std::string() : w.account());
    return failed(c.id, wrong.substr(2), w.id().empty() ? std::string() : w.account());
}

/// Says it; what is wrong with the answer, or "".
std::string answered(chain_walk& w, const json::object& in, const command& c) {
    const auto state = w.title();
    const auto no = w.says(c);
    const bool wanted = in.contains("expect_error");
    if (!no) return wanted ? fmt::format("; {} is accepted", word_in(in, "op")) : "";
    if (!wanted) return fmt::format("; {} is refused: {}", word_in(in, "op"), to_string(*no));
    return same_reason(in, *no, state) ? "" : fmt::format("; {} is refused for another reason: {}", word_in(in, "op"), to_string(*no));
}

// ---- settings -------------------------------------------------------------------------------------------------------------------------
case_result parameters(const chain_case& c) {
    holders all;
    all.in_role("governance", "governance");
    all.person("owner");
    chain_walk w(c.where, governor_charter, {}, all.roster());
    w.open("settings", std::string(asker));
    std::string wrong;
    for (const auto* name : {"voting_delay", "voting_period", "late_quorum_extension"})
        if (has(c.config, name)) wrong += answered(w, {{"op", name}}, fact{.by = "governance", .name = name, .amount = whole(c.config, name)});
    for (const auto& each : c.inputs) {
        const auto& in = each.as_object();
        if (word_in(in, "op") != "set_param") throw cannot_say("settings among other things");
        w.at(whole(in, "t"));
        const auto no = w.says(fact{.by = word_in(in, "by"), .name = word_in(in, "name"), .amount = whole(in, "value")});
        if (no.has_value() == in.contains("expect_error")) continue;
        wrong += no ? "; refused: " + to_string(*no) : "; accepted: " + json::serialize(in);
    }
    for (const auto* row : rows_of(c.expected))
        for (const auto& each : object_in(*row, "params")) {
            const auto  name = std::string_view(each.key());
            const auto& facts = w.proposal().facts;
            const auto  found = std::find_if(facts.begin(), facts.end(), [&](const reported_fact& f) { return f.name == name; });
            if (found == facts.end() || json::value(*found->amount) != each.value()) wrong += fmt::format("; {} is another value", name);
        }
    return wrong.empty() ? passed(c.id, w.account()) : failed(c.id, wrong.substr(2), w.account());
}

case_result governor(const chain_case& c) {
    const bool settings = std::any_of(c.inputs.begin(), c.inputs.end(), [](const json::value& in) { return text_of(in, "op") == "set_param"; });
    if (settings) return parameters(c);
    const auto process = process_of(c.config);
    chain_walk w(c.where, governor_charter, settings_of(c.config), people_of(c.config, process), std::chrono::seconds{block});
    return played(c, w, [&](const json::object& in) -> std::string {
        const auto op = word_in(in, "op");
        if (op == "propose") {
            if (in.contains("expect_error")) throw cannot_say("a proposal that is refused for what it contains");
            if (in.contains("description")) throw cannot_say("a proposer named in the description");
            w.open(process, word_in(in, "by"));
            return "";
        }
        if (op == "cancel_internal" && !in.contains("expect_error") && w.proposal().in() == phase::rejected)
            throw cannot_say("what was defeated is cancelled, which the law doesn't know");
        const auto what = command_of(in, op);
        if (!what) throw cannot_say("an operation of another kind: " + op);
        return answered(w, in, *what);
    });
}

/// Operations of a TimelockController, each a proposal of its own.
case_result operations(const chain_case& c) {
    holders all;
    for (const auto* role : {"proposer", "executor", "canceller"}) all.in_role(role, role);
    all.person("other");
    chain_walk                         w(c.where, governor_charter, {{"min_delay", std::to_string(whole(c.config, "min_delay"))}}, all.roster());
    std::map<std::string, std::string> ids;
    std::string                        wrong;
    const auto                         state = [&](const std::string& op) { return w.engine().get(ids.at(op))->now().title; };
    const auto                         say = [&](const std::string& op, command what) {
        if (!ids.contains(op)) ids[op] = w.open("operation", std::string(asker));
        what.at = w.now();
        return w.engine().submit(ids[op], what).refused();
    };
    const auto  rows = rows_of(c.expected);
    std::size_t next = 0;
    const auto  look = [&](std::int64_t before) {
        for (; next < rows.size() && whole(*rows[next], "t") < before; ++next) {
            w.at(whole(*rows[next], "t"));
            for (const auto& [op, wanted] : object_in(*rows[next], "op_state"))
                if (state(std::string(op)) != wanted.as_string()) wrong += fmt::format("; {} is {}", std::string_view(op), state(std::string(op)));
        }
    };
    for (const auto& each : c.inputs) {
        const auto& in = each.as_object();
        const auto  op = word_in(in, "op"), id = word_in(in, "id"), by = word_in(in, "by");
        if (in.contains("predecessor") && !in.at("predecessor").is_null()) throw cannot_say("an operation that waits for another");
        look(whole(in, "t"));
        w.at(whole(in, "t"));
        command what = op == "schedule"     ? command(fact{.by = by, .name = "delay", .amount = whole(in, "delay")})
                       : op == "op_execute" ? command(other{.what = act::adopt, .by = by})
                       : op == "op_cancel"  ? command(other{.what = act::withdraw, .by = by})
                                            : throw cannot_say("an operation of another kind: " + op);
        if (say(id, what) != in.contains("expect_error")) wrong += "; another answer to " + json::serialize(in);
    }
    look(std::numeric_limits<std::int64_t>::max());
    return wrong.empty() ? passed(c.id, w.account()) : failed(c.id, wrong.substr(2), w.account());
}

}  // namespace

const std::vector<chain_engine>& governors() {
    static const std::vector<chain_engine> all{
        {"oz_governor", governor},       {"oz_late_quorum", governor},     {"oz_super_quorum", governor},
        {"oz_fractional", governor},     {"oz_override", governor},        {"oz_quorum_fraction", governor},
        {"oz_guardian", governor},       {"oz_timelock_compound", governor}, {"oz_timelock_control", governor},
        {"oz_timelock_op", operations},
    };
    return all;
}

}  // namespace conformance
