// Ballots as stakes: how much of what one holds is committed, by which kind of ballot, and what of it is delegated.
#include <doctest/doctest.h>

#include <random>

#include <quorate/engine.hpp>
#include <quorate/event.hpp>

#include "effort.hpp"
#include "support.hpp"

using namespace support;

namespace {

using names = std::vector<std::string>;

constexpr std::string_view holders = R"({
  "people": { "ana": {}, "bob": {}, "cyd": {}, "eve": {} }, "teams": {},
  "weights": { "tokens": { "ana": 10, "bob": 20, "cyd": "1/2" } }
})";
/// A tenth free, three times as much when locked; several positions at a time only for a tenth, and abstentions only so.
constexpr std::string_view kinds = R"("split": "stakes", "weights": "rounded down", "kinds": {
  "free": { "times": "0.1", "positions": ["yes", "no"] }, "locked": { "times": 3, "positions": ["yes", "no"] },
  "apart": { "times": "0.1", "parts": "several" } })";

std::string text(std::string_view ballots, std::string_view rule, std::string_view more = R"("delegation": { "hops": "one" },)") {
    std::string s = R"({"title": "T", "processes": { "p": { "electorate": { "of": "everyone", "weight": "tokens", "weightless": "counted" }, )"
                    R"("positions": { "yes": {}, "no": {}, "abstain": {} }, "ballots": { )";
    s.append(ballots).append(" }, ").append(more);
    s += R"("stages": { "vote": { "phase": "approval", "allow": { "cast, withdraw ballot, delegate": "electorate" }, "exits": [ { "when": ")";
    s.append(rule).append(R"(", "to": "accepted" } ] } } } } })");
    return s;
}
struct vote {
    instant     now = day(0);
    engine      e;
    std::string id;

    explicit vote(const std::string& charter, std::string_view people = holders)
        : e(load_charter(charter).value(), load_roster(people).value()), id(e.open({.process = "p", .by = "eve", .at = now}).value()) {}
    std::string says(command c) {
        c.at = now;
        const auto r = e.submit(id, c);
        return r.accepted() ? "" : r.refused() ? to_string(r.refusal()) : r.fault().what();
    }
    /// One position, or parts; by a kind of ballot.
    std::string casts(std::string by, std::string position, std::string kind = {}) {
        return says({.what = act::cast, .by = std::move(by), .subject = std::move(position), .detail = std::move(kind)});
    }
    std::string stakes(std::string by, names parts, std::string kind = {}) {
        return says({.what = act::cast, .by = std::move(by), .detail = std::move(kind), .names = std::move(parts)});
    }
    std::string gives(std::string by, std::string to, std::string what = {}) {
        return says({.what = act::delegate, .by = std::move(by), .subject = std::move(to), .detail = std::move(what)});
    }
    [[nodiscard]] explanation why() const { return e.explain(id, now).value(); }
    [[nodiscard]] names of(std::size_t position) const { return why().ballots[position].second; }
    [[nodiscard]] std::string number(const std::string& what) const {
        const auto& by = *e.get(id)->by;
        std::vector<word> words;
        for (std::size_t i = 0; i < by.positions.size(); ++i)
            words.push_back({.name = by.positions[i].name, .is = word::kind::position, .index = static_cast<std::uint16_t>(i), .text = {}});
        const auto made = read_rule(what, words, expects::number);
        REQUIRE_MESSAGE(!made.error.is_error(), made.error.expected);
        evidence_of seen;
        const auto  n = read_number(made.value.view(), seen.take(*e.get(id), now, {e.people()}));
        return n ? to_string(*n) : "?";
    }
    [[nodiscard]] names tally() const { return {number("weight(yes)"), number("weight(no)"), number("held(yes) + held(abstain)")}; }
};
const std::string conviction = text(kinds, "weight(yes) > weight(no) + 1000");

std::string why_not(const std::string& charter) {
    const auto made = load_charter(charter);
    return made.has_value() ? std::string() : std::string(made.error().what());
}

roster_event gives(std::string who, std::string to, std::string ballot, std::string amount, instant at = day(0)) {
    roster_event e;
    e.at = at;
    e.what = roster_event_kind::delegate;
    e.who = std::move(who);
    e.to = std::move(to);
    e.ballot = std::move(ballot);
    e.amount = std::move(amount);
    if (!e.amount.empty()) e.of = "tokens";
    return e;
}

}  // namespace

TEST_CASE("stakes: a ballot commits as much as its owner likes of what they hold, and another replaces it") {
    vote v(text(R"("split": "stakes")", "weight(yes) >= 100"));
    CHECK(v.stakes("ana", {"yes:4"}).empty());
    CHECK(v.tally() == names{"4", "0", "4"});
    CHECK(v.stakes("ana", {"yes:1/2", "no:3"}).empty());
    CHECK(v.tally() == names{"1/2", "3", "1/2"});
    CHECK(v.of(0) == names{"ana (1/2)"});
    CHECK(v.casts("ana", "yes").empty());
    CHECK(v.tally() == names{"10", "0", "10"});
    CHECK(has(v.casts("ana", "yes"), "has chosen \"yes\" already"));
    CHECK(v.number("held(eligible)") == "61/2");
    CHECK(v.number("held(outstanding)") == "41/2");
}

TEST_CASE("stakes: more than one holds, nothing, or less than that can't be committed") {
    vote v(conviction);
    CHECK(has(v.stakes("ana", {"yes:11"}), "ana holds 10, and can't commit 11"));
    CHECK(has(v.stakes("ana", {"yes:6", "no:5"}, "apart"), "ana holds 10, and can't commit 11"));
    CHECK(has(v.stakes("ana", {"yes:0"}), "a part is not more than 0"));
    CHECK(has(v.stakes("ana", {"yes:-1"}), "a part is a position and a number"));
    CHECK(has(v.stakes("ana", {"yes:1", "yes:1"}, "apart"), "twice"));
    CHECK(has(v.stakes("eve", {"yes:1"}), "eve holds 0"));
    CHECK(v.casts("eve", "yes").empty());
    CHECK(v.tally() == names{"0", "0", "0"});
}

TEST_CASE("stakes: a kind of ballot says how many times it weighs what is committed, ballot by ballot rounded down") {
    vote v(conviction);
    CHECK(v.stakes("ana", {"yes:5"}).empty());  // free, as none is named
    CHECK(v.tally() == names{"0", "0", "5"});
    CHECK(v.stakes("bob", {"yes:19"}).empty());
    CHECK(v.tally() == names{"1", "0", "24"});  // not 2 of 24
    CHECK(v.stakes("ana", {"yes:5"}, "locked").empty());
    CHECK(v.tally() == names{"16", "0", "24"});
    CHECK(v.stakes("ana", {"no:10"}, "free").empty());
    CHECK(v.tally() == names{"1", "1", "19"});
    CHECK(v.casts("cyd", "no", "locked").empty());  // 3/2
    CHECK(v.tally() == names{"1", "2", "19"});
    CHECK(v.says({.what = act::withdraw_ballot, .by = "bob"}).empty());
    CHECK(v.tally() == names{"0", "2", "0"});
    CHECK(v.of(1) == names{"ana (10, free)", "cyd (locked)"});
}

TEST_CASE("stakes: without rounding weights are exact") {
    vote v(text(R"("split": "stakes", "kinds": { "free": { "times": "0.1" } })", "weight(yes) > 1000"));
    CHECK(v.stakes("ana", {"yes:5"}).empty());
    CHECK(v.tally() == names{"1/2", "0", "5"});
}

TEST_CASE("stakes: kinds say which positions a ballot may choose, and whether several") {
    vote v(conviction);
    CHECK(has(v.casts("ana", "abstain", "locked"), "a ballot of kind \"locked\" can't choose \"abstain\""));
    CHECK(has(v.casts("ana", "abstain"), "one of: apart"));
    CHECK(has(v.stakes("ana", {"yes:1", "no:1"}, "locked"), "chooses one position"));
    CHECK(has(v.casts("ana", "yes", "frozen"), "\"frozen\" is no kind of ballot here"));
    CHECK(has(v.casts("ana", "yes", "frozen"), "one of: free, locked, apart"));
    CHECK(v.stakes("ana", {"yes:5", "abstain:5"}, "apart").empty());
    CHECK(v.tally() == names{"0", "0", "10"});
    CHECK(v.casts("ana", "yes", "free").empty());
    CHECK(v.casts("ana", "yes", "locked").empty());  // the same position by another kind is another ballot
    CHECK(v.tally() == names{"30", "0", "10"});
    vote plain(text(R"("split": "stakes")", "weight(yes) >= 100"));
    CHECK(has(plain.casts("ana", "yes", "locked"), "no kinds of ballots here"));
}

TEST_CASE("stakes: who delegates gives an amount by a kind of their own, and it stands where the delegate's ballot does") {
    vote v(conviction);
    CHECK(v.gives("ana", "bob", "locked:5").empty());
    CHECK(v.tally() == names{"0", "0", "0"});
    CHECK(v.stakes("bob", {"yes:10"}).empty());
    CHECK(v.tally() == names{"16", "0", "15"});
    CHECK(v.of(0) == names{"ana (by bob, locked:5)", "bob (10, free)"});
    CHECK(v.number("held(outstanding)") == "31/2");  // the other half of ana's, half of bob's, and cyd's
    CHECK(v.gives("ana", "bob", "6").empty());       // free
    CHECK(v.tally() == names{"1", "0", "16"});
    CHECK(v.gives("ana", "bob", "locked").empty());  // all
    CHECK(v.tally() == names{"31", "0", "20"});
    CHECK(v.stakes("bob", {"no:10"}).empty());
    CHECK(v.tally() == names{"0", "31", "0"});
    CHECK(v.stakes("ana", {"yes:1"}, "locked").empty());  // their own takes it back
    CHECK(v.tally() == names{"3", "1", "1"});
    CHECK(v.says({.what = act::withdraw_ballot, .by = "ana"}).empty());
    CHECK(v.tally() == names{"0", "31", "0"});
}

TEST_CASE("stakes: a delegation goes one step, and a ballot that may be in parts carries nobody") {
    vote v(conviction);
    CHECK(v.gives("ana", "bob", "locked:5").empty());
    CHECK(v.gives("bob", "cyd", "locked").empty());
    CHECK(v.casts("cyd", "yes", "locked").empty());
    CHECK(v.tally() == names{"61", "0", "41/2"});  // bob's 60, not ana's
    CHECK(v.stakes("bob", {"no:10"}, "apart").empty());
    CHECK(v.tally() == names{"1", "1", "1/2"});
    CHECK(v.stakes("bob", {"no:10"}, "free").empty());
    CHECK(v.tally() == names{"1", "16", "1/2"});
    vote plain(text(R"("split": "stakes")", "weight(yes) >= 100"));
    CHECK(plain.gives("ana", "bob", "5").empty());
    CHECK(plain.stakes("bob", {"yes:3", "no:3"}).empty());
    CHECK(plain.tally() == names{"3", "3", "3"});
    CHECK(plain.stakes("bob", {"yes:3"}).empty());
    CHECK(plain.tally() == names{"8", "0", "8"});
}

TEST_CASE("stakes: what can't be delegated is refused with the reason") {
    vote v(conviction);
    CHECK(has(v.gives("ana", "bob", "locked:11"), "ana holds 10, and can't delegate 11"));
    CHECK(has(v.gives("ana", "bob", "apart"), "is no way to delegate"));
    CHECK(has(v.gives("ana", "bob", "frozen:5"), "a kind of ballot (free, locked)"));
    CHECK(has(v.gives("ana", "bob", "locked:0"), "an amount of more than 0"));
    CHECK(has(v.gives("ana", "bob", "locked:-5"), "is no way to delegate"));
    CHECK(has(v.gives("ana", "", "locked:5"), "delegated to nobody"));
    CHECK(has(v.gives("ana", "ana", "locked:5"), "themselves"));
    CHECK(v.gives("ana", "bob", "locked:5").empty());
    CHECK(v.gives("ana", "bob", "as usual").empty());
}

TEST_CASE("stakes: a delegation of the roster is of one process, and changes all that is open there") {
    const std::string two = std::string(conviction).replace(conviction.find(R"("p": {)"), 6, R"("q": {)");
    const std::vector all{load_charter(conviction).value(), load_charter(two).value()};
    const auto        both = join_charters(all);
    REQUIRE(both.has_value());
    engine     e(both.value(), load_roster(holders).value());
    const auto open = [&](std::string process) { return e.open({.process = std::move(process), .by = "eve", .at = day(0)}).value(); };
    const auto one = open("p"), other_one = open("p"), elsewhere = open("q");
    auto       usual = gives("ana", "bob", "locked", "5");
    usual.process = "p";
    REQUIRE(e.change_roster(usual).has_value());
    const auto cast_by = [&](const std::string& id, std::string by, std::string what) {
        return e.submit(id, {.what = act::cast, .by = std::move(by), .detail = "locked", .names = {std::move(what)}, .at = day(0)}).accepted();
    };
    for (const auto& id : {one, other_one, elsewhere}) {
        CHECK(cast_by(id, "bob", "yes:1"));
        CHECK(cast_by(id, "cyd", "no:1/2"));
    }
    const auto at = [&](const std::string& id, std::size_t position) { return e.explain(id, day(0)).value().ballots[position].second; };
    CHECK(at(one, 0) == names{"ana (by bob, locked:5)", "bob (1, locked)"});
    CHECK(at(other_one, 0) == at(one, 0));
    CHECK(at(elsewhere, 0) == names{"bob (1, locked)"});
    usual.to = "cyd";
    usual.amount = "4";
    REQUIRE(e.change_roster(usual).has_value());
    CHECK(at(one, 0) == names{"bob (1, locked)"});
    CHECK(at(one, 1) == names{"ana (by cyd, locked:4)", "cyd (1/2, locked)"});
    CHECK(at(other_one, 1) == at(one, 1));
    usual.amount = "11";
    CHECK(has(e.change_roster(usual).error().what(), "ana\" holds 10"));
    for (const auto* wrong : {"0", "-1", "much"}) {
        usual.amount = wrong;
        CHECK(has(e.change_roster(usual).error().what(), "is no amount to delegate"));
    }
    CHECK(to_json(load_roster(to_json(e.people())).value()) == to_json(e.people()));
    CHECK(to_json(parse_roster_event(to_json(usual)).value()) == to_json(usual));
}

TEST_CASE("stakes: a delegation that speaks of another kind of ballot, or another holding, gives nothing") {
    vote       v(conviction);
    const auto stands = [&](roster_event e) {
        REQUIRE(v.e.change_roster(std::move(e)).has_value());
        return v.tally();
    };
    CHECK(v.stakes("bob", {"yes:10"}).empty());
    CHECK(stands(gives("ana", "bob", "", "")) == names{"2", "0", "20"});
    CHECK(stands(gives("ana", "bob", "frozen", "5")) == names{"1", "0", "10"});
    CHECK(stands(gives("ana", "bob", "locked", "")) == names{"31", "0", "20"});
    CHECK(stands(gives("ana", "bob", "apart", "")) == names{"1", "0", "10"});
    CHECK(stands(gives("ana", "bob", "5", "")) == names{"1", "0", "10"});
    vote plain(text(R"("split": "shares")", "weight(yes) >= 100"));
    REQUIRE(plain.e.change_roster(gives("ana", "bob", "locked", "5")).has_value());
    CHECK(plain.casts("bob", "yes").empty());
    CHECK(plain.number("weight(yes)") == "20");
}

TEST_CASE("stakes: who holds less by now has committed all of it, in the order of their ballot") {
    vote v(conviction);
    CHECK(v.stakes("ana", {"yes:6", "no:4"}, "apart").empty());
    CHECK(v.gives("bob", "cyd", "locked:15").empty());
    CHECK(v.casts("cyd", "no", "free").empty());
    roster_event less;
    less.at = day(0);
    less.what = roster_event_kind::set_weight;
    less.who = "ana";
    less.of = "tokens";
    less.amount = "7";
    REQUIRE(v.e.change_roster(less).has_value());
    CHECK(v.number("held(yes)") == "6");
    CHECK(v.number("held(no)") == "33/2");  // ana's 1, bob's 15, cyd's 1/2
    less.who = "bob";
    less.amount = "2";
    REQUIRE(v.e.change_roster(less).has_value());
    CHECK(v.number("held(no)") == "7/2");
    CHECK(v.number("weight(no)") == "6");
}

TEST_CASE("stakes: an electorate is taken anew when nothing but what goes with a delegation changes") {
    vote v(conviction);
    CHECK(v.stakes("bob", {"yes:10"}).empty());
    REQUIRE(v.e.change_roster(gives("ana", "bob", "locked", "5")).has_value());
    CHECK(v.tally() == names{"16", "0", "15"});
    const auto version = v.e.get(v.id)->version;
    REQUIRE(v.e.change_roster(gives("ana", "bob", "locked", "7")).has_value());
    CHECK(v.tally() == names{"22", "0", "17"});
    CHECK(v.e.get(v.id)->version == version + 1);
    REQUIRE(v.e.change_roster(gives("ana", "bob", "locked", "7")).has_value());
    CHECK(v.e.get(v.id)->version == version + 1);  // as it was
}

TEST_CASE("stakes: a journal replays them, and its events read back") {
    vote v(conviction);
    REQUIRE(v.e.change_roster(gives("ana", "bob", "locked", "5")).has_value());
    CHECK(v.stakes("bob", {"yes:4"}, "free").empty());
    CHECK(v.gives("cyd", "bob", "locked").empty());
    const auto& people = v.e.people();
    auto        again = begin(v.id, v.e.history(v.id).value().front(), *v.e.get(v.id)->under, people).value();
    bool        staked = false;
    for (const auto& e : v.e.history(v.id).value()) {
        const auto same = parse_event(to_json(e));
        REQUIRE_MESSAGE(same.has_value(), same.error().what());
        CHECK(same.value() == e);
        staked = staked || e.stakes == names{"locked:5", "", "", ""};
        if (e.kind != event_kind::opened) REQUIRE(apply(again, same.value(), people).has_value());
    }
    CHECK(staked);
    CHECK(again.stakes == v.e.get(v.id)->stakes);
    CHECK(again.kinds == v.e.get(v.id)->kinds);
    CHECK(again.parts == v.e.get(v.id)->parts);
    auto odd = v.e.history(v.id).value().back();
    odd.detail = "frozen:5";
    CHECK_FALSE(apply(again, odd, people).has_value());
}

TEST_CASE("stakes: charters that mix them with what they exclude, or ask for what nobody knows, are refused") {
    CHECK(has(why_not(text(R"("kinds": { "free": {} })", "weight(yes) > 1")), "kinds of ballots go with stakes"));
    CHECK(has(why_not(text(R"("split": "stakes", "kinds": {})", "weight(yes) > 1")), "there is no kind of ballot"));
    CHECK(has(why_not(text(R"("split": "stakes", "weights": "rounded down")", "weight(yes) > 1")), "nothing to round"));
    for (const auto* times : {"0", "-1", "\"x\"", "0.5", "\"0\""})
        CHECK(has(why_not(text(std::string(R"("split": "stakes", "kinds": { "free": { "times": )") + times + "} }", "weight(yes) > 1")), "above 0"));
    for (const auto* name : {"a:b", "own", "as usual", "5", "1/2"})
        CHECK(has(why_not(text(std::string(R"("split": "stakes", "kinds": { ")") + name + "\": {} }", "weight(yes) > 1")), "can't be the name"));
    CHECK(has(why_not(text(R"("split": "stakes", "kinds": { "free": { "positions": ["maybe"] } })", "weight(yes) > 1")), "no position"));
    CHECK(has(why_not(text(R"("split": "stakes", "kinds": { "free": { "parts": "several" } })", "weight(yes) > 1")), "the first kind"));
    CHECK(has(why_not(text(kinds, "yes > no")), "counts members"));
    CHECK(has(why_not(text(kinds, "weight(yes) > 1/2 of weight(eligible)")), "held(eligible) for weight(eligible)"));
    CHECK(has(why_not(text(kinds, "weight(outstanding) == 0")), "weighs ballots that aren't cast"));
    CHECK(has(why_not(text(kinds, "weight(yes) > 1", R"("delegation": { "hops": "one", "own ballot": "apart" },)")), "each says one thing"));
    CHECK(why_not(text(kinds, "weight(yes) > 1/2 of weight(cast) and held(yes) >= 1/10 of held(eligible)")).empty());
}

TEST_CASE("stakes: the rule language says held beside weight") {
    const std::vector<word> words{{.name = "yes", .is = word::kind::position, .text = {}}};
    const auto r = read_rule("held( yes ) in team(a) > held(cast) + weight(yes)", words);
    REQUIRE_FALSE(r.error.is_error());
    CHECK(print(r.value.view()) == "held(yes) in team(a) > held(cast) + weight(yes)");
    CHECK(has(english(read_rule("held(yes) > 1", words).value.view()), "what those who chose \"yes\" committed"));
    CHECK(has(english(read_rule("held(eligible) > 1", words).value.view()), "what is held by the eligible members"));
    CHECK(read_rule("held(concerns) > 1", words).error.is_error());
    CHECK(read_rule("held(yes) by distinct(affiliation) > 1", words).error.is_error());
}

TEST_CASE("stakes: a description says what ballots commit, and by which kinds") {
    const auto said = describe(load_charter(conviction).value());
    CHECK(has(said, "A ballot commits as much as its owner likes"));
    CHECK(has(said, "\"free\": weighs 1/10 times what is committed"));
    CHECK(has(said, "Weights are rounded down"));
    CHECK(has(said, "carries nobody"));
}

TEST_CASE("stakes: what is certain stays so, and what is impossible too, whatever ballots follow") {
    const std::vector<std::string> rules{"weight(yes) > weight(no)", "weight(yes) >= 25", "held(yes) + held(abstain) >= 1/3 of held(eligible)",
                                         "weight(cast) >= 10",       "held(cast) > 15",   "held(outstanding) <= 10",
                                         "weight(yes) > 1/2 of (weight(yes) + weight(no))"};
    std::mt19937 random(20);
    const auto   pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    std::size_t  settled = 0, moved = 0;
    for (std::size_t round = 0; round < effort(40); ++round) {
        // Only some may still act: others' stakes stand.
        std::string who = "everyone except (";
        who += std::array<std::string, 4>{"role(x)", "voters(yes)", "voters(no) or voters(abstain)", "voters(yes) or voters(no)"}[pick(4)] + ")";
        auto        charter = conviction;
        const auto  allow = charter.find(R"(delegate": "electorate")");
        charter.replace(allow + 12, 10, who);
        if (pick(2) == 0) charter.replace(charter.find(R"("split": "stakes")"), 17, R"("revisable": false, "split": "stakes")");
        vote       v(charter);
        const auto some_ballot = [&] {
            const auto by = std::array<std::string, 4>{"ana", "bob", "cyd", "eve"}[pick(4)];
            const auto n = std::to_string(1 + pick(20));
            switch (pick(5)) {
                case 0: return v.casts(by, pick(2) == 0 ? "yes" : "no", pick(2) == 0 ? "locked" : "");
                case 1: return v.stakes(by, {"yes:" + n, "abstain:1/4"}, "apart");
                case 2: return v.gives(by, pick(2) == 0 ? "bob" : "cyd", pick(2) == 0 ? "locked" : n);
                case 3: return v.says({.what = act::withdraw_ballot, .by = by});
                default: return v.stakes(by, {(pick(2) == 0 ? "yes:" : "no:") + n}, pick(2) == 0 ? "locked" : "free");
            }
        };
        for (int i = 0; i < 4; ++i) moved += some_ballot().empty() ? 1U : 0U;
        const std::vector<word> words{{.name = "yes", .is = word::kind::position, .index = 0, .text = {}},
                                      {.name = "no", .is = word::kind::position, .index = 1, .text = {}},
                                      {.name = "abstain", .is = word::kind::position, .index = 2, .text = {}}};
        std::vector<verdict> before;
        std::vector<rule>    all;
        for (const auto& r : rules) all.push_back(read_rule(r, words).value);
        const auto look = [&](std::size_t i, bool ahead) {
            evidence_of seen;
            return read(all[i].view(), seen.take(*v.e.get(v.id), v.now, {v.e.people()}, ahead));
        };
        for (std::size_t i = 0; i < all.size(); ++i) {
            before.push_back(look(i, true));
            settled += before.back().certain() || !before.back().possible() ? 1U : 0U;
        }
        for (int i = 0; i < 6; ++i) {
            moved += some_ballot().empty() ? 1U : 0U;
            for (std::size_t r = 0; r < all.size(); ++r) {
                CAPTURE(rules[r]);
                CAPTURE(round);
                CHECK(before[r].reachable.has(look(r, false).now));
            }
        }
    }
    CHECK(settled > 3);
    CHECK(moved > effort(50));
}

TEST_CASE("stakes: a delegate's ballot carries what was given by a kind that may choose its position, and no other") {
    vote v(text(R"("split": "stakes", "kinds": { "free": { "times": "0.1", "positions": ["yes", "no"] }, "whole": {} })", "weight(yes) > 1000"));
    CHECK(v.gives("ana", "bob", "free").empty());
    CHECK(v.casts("bob", "abstain", "whole").empty());
    CHECK(v.of(2) == names{"bob (whole)"});
    CHECK(v.gives("ana", "bob", "whole:5").empty());
    CHECK(v.of(2) == names{"ana (by bob, whole:5)", "bob (whole)"});
}

TEST_CASE("stakes: a part names a position and how much of it, and the ballot no position beside") {
    vote v(conviction);
    CHECK(has(v.stakes("ana", {"yes"}), "a part is a position and a number"));
    CHECK(has(v.stakes("ana", {"maybe:1"}), "\"maybe\" is no position here"));
    CHECK(has(v.says({.what = act::cast, .by = "ana", .subject = "yes", .names = {"yes:1", "no:1"}}), "names its positions there, and no other"));
    CHECK(v.e.get(v.id)->carries(0));  // as long as nobody has said anything else
    CHECK(vote(text(R"("split": "stakes")", "weight(yes) > 1")).e.get(v.id)->carries(0));
}

TEST_CASE("stakes: without kinds a delegation gives an amount, of what counts here") {
    constexpr std::string_view two = R"({"people": { "ana": {}, "bob": {}, "eve": {} }, "teams": {}, "weights": { "tokens": { "ana": 10, "bob": 20 }, "gold": { "ana": 9 } }})";
    vote                       v(text(R"("split": "stakes")", "weight(yes) > 1000"), two);
    CHECK(has(v.gives("ana", "bob", "locked"), "an amount of more than 0"));
    CHECK(v.stakes("bob", {"yes:3"}).empty());
    CHECK(v.number("weight(yes)") == "3");
    REQUIRE(v.e.change_roster(gives("ana", "bob", "", "5")).has_value());
    CHECK(v.number("weight(yes)") == "8");
    CHECK(v.of(0) == names{"ana (by bob, 5)", "bob (3)"});
    auto gold = gives("ana", "bob", "", "5");
    gold.of = "gold";
    REQUIRE(v.e.change_roster(gold).has_value());
    CHECK(v.number("weight(yes)") == "3");
    vote shares(text(R"("split": "shares")", "weight(yes) >= 100"), two);
    REQUIRE(shares.e.change_roster(gives("ana", "bob", "", "5")).has_value());
    CHECK(shares.casts("bob", "yes").empty());
    CHECK(shares.number("weight(yes)") == "20");  // an amount means nothing where all of it moves
}
