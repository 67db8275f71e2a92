// Conviction voting of Polkadot's OpenGov, by polkadot-opengov.json: each class is a track of its own, each poll a referendum on it, and a
// delegation is one in the roster. What of it is refused by whom is looked at by the words of the refusal.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "onchain.hpp"

namespace conformance {
namespace {

using namespace quorate;

/// What convictions are called in the charter, by their number.
constexpr std::array<std::string_view, 7> convictions_by_number{"none",      "locked 1x", "locked 2x", "locked 3x",
                                                                "locked 4x", "locked 5x", "locked 6x"};

/// What the pallet's own tests have where a case says nothing else: substrate/frame/conviction-voting/src/tests.rs new_test_ext, TestPolls.
const json::object& usual_balances() {
    static const json::object all{{"1", 10}, {"2", 20}, {"3", 30}, {"4", 40}, {"5", 50}, {"6", 60}};
    return all;
}
const json::object& usual_polls() {
    static const json::object all{{"3", 0}};
    return all;
}

/// A word of the pallet, and what a refusal that means the same says.
struct error_word {
    std::string_view name, says;
};
constexpr std::array<error_word, 5> error_words{{{"insufficient_funds", "holds"},
                                                 {"not_voter", "no ballot to take back"},
                                                 {"not_delegating", "no such delegation"},
                                                 {"nonsense", "to themselves"},
                                                 {"not_ongoing", "nobody can"}}};

std::string conviction_name(const json::object& in) {
    const auto n = whole(in, "conviction");
    if (n < 0 || static_cast<std::size_t>(n) >= convictions_by_number.size()) throw cannot_say("a conviction of another kind");
    return std::string(convictions_by_number[static_cast<std::size_t>(n)]);
}
std::string class_name(std::string_view number) { return fmt::format("track-{}", number); }
std::string number_in(const json::object& o, std::string_view key) { return fmt::format("{}", whole(o, key)); }

/// The shipped charter with a track for each class.
charter tracks_of(const settings& where, const json::object& polls, const json::array& classes) {
    std::ifstream     file(std::filesystem::path(where.charters) / "polkadot-opengov.json", std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    json::parse_options lenient;
    lenient.allow_comments = lenient.allow_trailing_commas = true;
    auto document = json::parse(text.str(), {}, lenient);
    auto& processes = document.as_object().at("processes").as_object();
    const auto track = processes.at("track");
    processes.clear();
    for (const auto& c : classes) processes[class_name(json::serialize(c))] = track;
    for (const auto& [poll, of] : polls)
        if (!processes.contains(class_name(json::serialize(of)))) throw cannot_say("a poll of no class");
    auto made = load_charter(json::serialize(document), "polkadot-opengov.json");
    if (!made) throw cannot_say("the charter refuses its tracks: " + std::string(made.error().what()));
    return std::move(made).value();
}

/// The charter's convictions are fixed: a case with other ones is none of it.
void same_convictions(const json::object& config, const process& by) {
    if (!config.contains("multipliers")) return;
    for (const auto& [n, times] : object_in(config, "multipliers")) {
        const auto i = parse_number(n) ? parse_number(n)->to_int64() : std::nullopt;
        if (!i || *i < 0 || static_cast<std::size_t>(*i) >= convictions_by_number.size()) throw cannot_say("a conviction of another kind");
        const auto kind = by.ballot_kind_named(convictions_by_number[static_cast<std::size_t>(*i)]);
        if (!(by.ballots.kinds.at(*kind).times == ratio_of(weight_text(times)))) throw cannot_say("a conviction that weighs otherwise");
    }
}

roster people_of(const chain_case& c) {
    holders     all;
    const auto& balances = c.config.contains("balances") ? object_in(c.config, "balances") : usual_balances();
    for (const auto& [who, n] : balances) all.holds(std::string(who), "tokens", weight_text(n));
    for (const auto* in : rows_of(c.inputs))
        for (const auto* key : {"by", "to"})
            if (in->contains(key)) all.person(word_in(*in, key));
    all.in_role("root", "root");
    return all.roster();
}

json::array classes_of(const json::object& config) {
    if (config.contains("classes")) return list_in(config, "classes");
    json::array all;
    for (const auto& [poll, of] : config.contains("polls") ? object_in(config, "polls") : usual_polls())
        if (std::find(all.begin(), all.end(), of) == all.end()) all.push_back(of);
    return all;
}

class conviction_walk {
public:
    explicit conviction_walk(const chain_case& c)
        : c_(c), polls_(c.config.contains("polls") ? object_in(c.config, "polls") : usual_polls()),
          walk_(tracks_of(c.where, polls_, classes_of(c.config)), people_of(c)), classes_(classes_of(c.config)) {
        only(c.config, {"model", "multipliers", "lock_periods", "balances", "classes", "polls"});
        for (const auto& [poll, of] : polls_) open(std::string(poll), class_name(json::serialize(of)));
        same_convictions(c.config, *walk_.proposal().by);
    }

    case_result operator()() {
        const auto& expected = c_.expected.as_object();
        only(expected, {"after_each", "final", "all_checkpoints_hold"});
        json::array after_each;
        for (const auto* in : rows_of(c_.inputs)) {
            take(*in);
            if (polls_.size() == 1) after_each.push_back(tally(std::string(polls_.begin()->key())));
        }
        json::object found{{"all_checkpoints_hold", checkpoints_}};
        if (expected.contains("after_each") && polls_.size() != 1) throw cannot_say("one tally of several polls");
        if (!after_each.empty()) found["final"] = after_each.back();
        found["after_each"] = std::move(after_each);
        if (!wrong_.empty()) return failed(c_.id, wrong_.substr(2), walk_.account());
        return compared(c_.id, expected, found, walk_.account());
    }

private:
    void open(const std::string& poll, const std::string& track) {
        ids_[poll] = walk_.open(track, std::string(asker));
        walk_.says(fact{.name = "issuance", .amount = 1'000'000});
    }
    /// Goes on with the poll that an operation is about. One that isn't among them has ended.
    void about(const json::object& in) {
        if (!in.contains("poll") && polls_.size() != 1) throw cannot_say("a vote of no poll");
        const auto poll = in.contains("poll") ? number_in(in, "poll") : std::string(polls_.begin()->key());
        if (!ids_.contains(poll)) {
            open(poll, class_name(json::serialize(classes_.at(0))));
            walk_.says(other{.what = act::withdraw, .by = "root"});
        }
        walk_.about(ids_.at(poll));
    }
    json::array tally(const std::string& poll) {
        if (!ids_.contains(poll)) throw cannot_say("a tally of no poll");
        walk_.about(ids_.at(poll));
        json::array found;
        for (const auto* what : {"weight(aye)", "weight(nay)", "held(aye) + held(abstain)"}) found.push_back(as_json(walk_.measured(what)));
        return found;
    }

    void take(const json::object& in) {
        const auto op = word_in(in, "op");
        if (op == "checkpoint") return checkpoint(in);
        std::string why;
        if (op == "vote" || op == "remove_vote") {
            about(in);
            if (op == "remove_vote") only(in, {"op", "by", "poll", "expect_error", "t"});
            const auto no = walk_.says(op == "vote" ? vote(in) : command{.what = act::withdraw_ballot, .by = word_in(in, "by")});
            if (no) why = to_string(*no);
        } else if (op == "delegate" || op == "undelegate") why = delegation(in, op == "delegate");
        else throw cannot_say("an operation of another kind: " + op);
        judge(in, op, why);
    }
    void judge(const json::object& in, const std::string& op, const std::string& why) {
        const auto who = fmt::format("; {} by {}", op, word_in(in, "by"));
        if (!in.contains("expect_error")) {
            if (!why.empty()) wrong_ += who + " is refused: " + why;
            return;
        }
        const auto expected = word_in(in, "expect_error");
        const auto word = std::find_if(error_words.begin(), error_words.end(), [&](const error_word& e) { return e.name == expected; });
        if (word == error_words.end()) throw cannot_say("an error that has no like here: " + expected);
        if (why.empty()) wrong_ += who + " is accepted";
        else if (why.find(word->says) == std::string::npos) wrong_ += who + " is refused otherwise: " + why;
    }

    command vote(const json::object& in) {
        const auto kind = in.contains("kind") ? word_in(in, "kind") : "standard";
        command    c{.what = act::cast, .by = word_in(in, "by")};
        if (kind == "standard") {
            only(in, {"op", "by", "poll", "kind", "aye", "balance", "conviction", "expect_error", "t"});
            c.detail = conviction_name(in);
            c.names.push_back(fmt::format("{}:{}", truth_in(in, "aye") ? "aye" : "nay", amount(in, "balance")));
            return c;
        }
        only(in, {"op", "by", "poll", "kind", "aye", "nay", "abstain", "expect_error", "t"});
        if (kind != "split" && kind != "split_abstain") throw cannot_say("a vote of another kind");
        c.detail = kind == "split" ? "split" : "split abstain";
        for (const auto* position : {"aye", "nay", "abstain"})
            if (in.contains(position) && amount(in, position) != "0") c.names.push_back(fmt::format("{}:{}", position, amount(in, position)));
        if (c.names.empty()) throw cannot_say("a vote of nothing, which is none here");
        return c;
    }
    static std::string amount(const json::object& in, std::string_view key) { return weight_text(in, key); }

    /// Changes the roster; the text says why it was refused, and is empty where it wasn't.
    std::string delegation(const json::object& in, bool gives) {
        roster_event e;
        e.at = walk_.now();
        e.what = gives ? roster_event_kind::delegate : roster_event_kind::undelegate;
        e.who = word_in(in, "by");
        const auto of = needs(in, "cls");
        if (std::find(classes_.begin(), classes_.end(), of) == classes_.end()) throw cannot_say("a delegation for a class that is none: rosters don't know which tracks there are");
        e.process = class_name(json::serialize(of));
        if (gives) {
            e.to = word_in(in, "to");
            e.ballot = conviction_name(in);
            e.of = "tokens";
            e.amount = amount(in, "balance");
        }
        const auto done = walk_.engine().change_roster(e);
        return done ? std::string() : std::string(done.error().what());
    }
    void checkpoint(const json::object& in) {
        only(in, {"op", "tallies", "t"});
        for (const auto& [poll, wanted] : object_in(in, "tallies")) {
            const auto found = tally(std::string(poll));
            if (json::value(found) == wanted) continue;
            checkpoints_ = false;
            wrong_ += fmt::format("; poll {} stands at {}, expected {}", std::string_view(poll), json::serialize(found), json::serialize(wanted));
        }
    }

    const chain_case&                  c_;
    json::object                       polls_;
    chain_walk                         walk_;
    json::array                        classes_;
    std::map<std::string, std::string> ids_{};
    std::string                        wrong_{};
    bool                               checkpoints_ = true;
};

case_result conviction(const chain_case& c) { return conviction_walk(c)(); }

}  // namespace

const std::vector<chain_engine>& convictions() {
    static const std::vector<chain_engine> all{{"conviction_voting", conviction}};
    return all;
}

}  // namespace conformance
