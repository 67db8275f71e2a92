// Votes with weights, delegation and ballots in parts: as a proposal sees them, and as rules read them.
#include <doctest/doctest.h>

#include <quorate/engine.hpp>

#include "support.hpp"

using namespace support;

namespace {

constexpr std::string_view holders = R"({
  "people": { "ana": {}, "bob": {}, "cyd": {}, "dan": {}, "eve": {} },
  "teams": { "all": { "members": ["ana", "bob", "cyd", "dan", "eve"] }, "lang": { "members": ["ana"] } },
  "weights": { "tokens": { "ana": 10, "bob": "7", "cyd": "1/2", "dan": [ { "weight": 3, "to": "bob" }, { "weight": 2, "to": "ana" } ] }, "shares": { "ana": 10, "bob": 7, "eve": 10 } },
  "delegations": [ { "who": "ana", "to": "bob" }, { "who": "ana", "team": "lang", "to": "cyd" }, { "who": "bob", "to": "eve" }, { "who": "ana", "process": "never" } ]
})";

std::string text(std::string_view electorate, std::string_view more, std::string_view rule, std::string_view extra_exits = "") {
    std::string s = R"({"title": "T", "processes": { "p": {"electorate": )";
    s += electorate;
    s += R"(, "positions": {"yes": {}, "no": {}, "abstain": {}}, )";
    s += more;
    s += R"("stages": {"vote": {"phase": "approval", "allow": {"cast, withdraw ballot, delegate": "electorate", "withdraw": "everyone"}, "exits": [)";
    s += R"({"on": "withdraw", "to": "withdrawn"},)";
    s += extra_exits;
    s += R"({"when": ")";
    s += rule;
    s += R"(", "to": "accepted"} ]} } } } })";
    return s;
}
struct vote {
    instant     now = day(0);
    engine      e;
    std::string id;

    explicit vote(const std::string& charter, std::vector<std::string> teams = {})
        : e(load_charter(charter).value(), load_roster(holders).value()), id(e.open({.process = "p", .by = "eve", .teams = std::move(teams), .at = now}).value()) {}
    std::string says(command c) {
        c.at = now;
        const auto r = e.submit(id, c);
        return r.accepted() ? "" : r.refused() ? to_string(r.refusal()) : r.fault().what();
    }
    std::string casts(std::string who, std::string position) { return says(cast{.by = std::move(who), .position = std::move(position)}); }
    [[nodiscard]] explanation why() const { return e.explain(id, now).value(); }
    [[nodiscard]] std::string stage() const { return why().stage; }
    /// What the first condition of the last exit measures.
    [[nodiscard]] std::string measured() const { return why().exits.back().conditions.at(0).measured; }
    [[nodiscard]] std::vector<std::string> of(std::size_t position) const { return why().ballots[position].second; }
};

/// So many tokens from then on; of those delegated to somebody.
roster_event holds(instant at, std::string who, std::string amount, std::string to = {}) {
    roster_event e;
    e.at = at;
    e.what = roster_event_kind::set_weight;
    e.who = std::move(who);
    e.of = "tokens";
    e.amount = std::move(amount);
    e.to = std::move(to);
    return e;
}

constexpr std::string_view by_tokens = R"({"of": "everyone", "weight": "tokens", "taken": "at open"})";

}  // namespace

TEST_CASE("a roster keeps what people hold, and changes it by dated events") {
    auto r = load_roster(holders).value();
    REQUIRE(r.holdings("tokens").size() == 5);
    const auto dan = *r.find_person("dan");
    CHECK(r.holdings("tokens", dan).size() == 2);
    CHECK(r.holdings("gold").empty());
    CHECK(to_json(load_roster(to_json(r)).value()) == to_json(r));
    CHECK(r.apply(holds(day(1), "cyd", "99999999999999999999999999")).has_value());
    CHECK(to_string(r.holdings("tokens", *r.find_person("cyd"))[0].weight) == "99999999999999999999999999");
    CHECK(r.apply(holds(day(2), "dan", "0", "bob")).has_value());
    CHECK(r.holdings("tokens", dan).size() == 1);
    CHECK_FALSE(r.apply(holds(day(3), "dan", "-1")).has_value());
    roster_event none;
    none.at = day(3);
    none.what = roster_event_kind::undelegate;
    none.who = "cyd";
    CHECK_FALSE(r.apply(none).has_value());
    none.who = "ana";
    CHECK(r.apply(none).has_value());
    CHECK_FALSE(r.delegate_of(*r.find_person("ana"), {}, "p").has_value());
    CHECK(to_json(load_roster(to_json(r)).value()) == to_json(r));
    CHECK_FALSE(load_roster(R"({"people": {"a": {}}, "teams": {}, "weights": {"t": {"b": 1}}})").has_value());
    CHECK_FALSE(load_roster(R"({"people": {"a": {}}, "teams": {}, "delegations": [{"who": "a", "to": "a"}]})").has_value());
}

TEST_CASE("the narrowest delegation that fits counts, and one to nobody ends the matter") {
    const auto r = load_roster(holders).value();
    const auto ana = *r.find_person("ana");
    const auto lang = std::vector{*r.team_named("lang")};
    CHECK(r.delegate_of(ana, {}, "p") == r.find_person("bob"));
    CHECK(r.delegate_of(ana, lang, "p") == r.find_person("cyd"));
    CHECK_FALSE(r.delegate_of(ana, lang, "never").has_value());
    CHECK_FALSE(r.delegate_of(*r.find_person("cyd"), {}, "p").has_value());
}

TEST_CASE("who holds nothing is left out, and the rest count by what they held when the list was made") {
    vote v(text(by_tokens, "", "weight(yes) > 1/2 of weight(eligible)"));
    CHECK(v.why().electorate == names{"ana (10)", "bob (7)", "cyd (1/2)", "dan (5)"});
    CHECK(v.casts("eve", "yes").starts_with("eve may not cast"));
    REQUIRE(v.e.change_roster(holds(day(1), "cyd", "1000")).has_value());
    v.now = day(1);
    CHECK(v.casts("cyd", "yes").empty());
    CHECK(v.measured() == "1/2");
    CHECK(v.casts("bob", "no").empty());
    CHECK(v.casts("ana", "yes").empty());
    CHECK(v.measured() == "21/2");
    CHECK(v.stage() == "vote");  // 10 1/2 of 22 1/2
    CHECK(v.casts("dan", "yes").empty());
    CHECK(v.stage() == "accepted");
}

TEST_CASE("a live electorate follows weights, and keeps ballots") {
    vote v(text(R"({"of": "everyone", "weight": "tokens", "weightless": "counted"})", "", "weight(yes) >= 20"));
    CHECK(v.why().electorate.back() == "eve (0)");
    CHECK(v.casts("eve", "yes").empty());
    CHECK(v.measured() == "0");
    REQUIRE(v.e.change_roster(holds(day(1), "eve", "20")).has_value());
    CHECK(v.stage() == "accepted");
}

TEST_CASE("the silent count by their delegate's ballot, and their own replaces it before or after") {
    vote v(text(by_tokens, R"("delegation": {"hops": "one"},)", "weight(yes) >= 100"));
    CHECK(v.casts("bob", "yes").empty());
    CHECK(v.measured() == "20");  // bob 7, ana 10, dan's 3
    CHECK(v.of(0) == names{"ana (by bob)", "bob", "dan (by bob)"});
    CHECK(v.why().carried == names{"ana by bob", "dan by bob"});
    CHECK(v.why().outstanding == names{"cyd", "dan"});  // what dan gave to ana goes no further
    CHECK(v.casts("dan", "no").empty());
    CHECK(v.measured() == "17");
    CHECK(v.says(other{.what = act::delegate, .by = "ana"}).empty());  // to nobody, here
    CHECK(v.measured() == "7");
    CHECK(v.says(other{.what = act::delegate, .by = "ana", .subject = "dan"}).empty());
    CHECK(v.of(1) == names{"ana (by dan)", "dan", "dan"});
    CHECK(v.says({.what = act::delegate, .by = "ana", .detail = "as usual"}).empty());
    CHECK(v.measured() == "17");
    CHECK(v.says(other{.what = act::delegate, .by = "ana", .subject = "ana"}).find("themselves") != std::string::npos);
    CHECK(v.says(other{.what = act::delegate, .by = "ana", .subject = "eve"}).find("not among those") != std::string::npos);
    CHECK(v.says(other{.what = act::withdraw_ballot, .by = "bob"}).empty());
    CHECK(v.measured() == "0");
}

TEST_CASE("delegations may go on, circles carry nobody, and who is not of the electorate ends the chain") {
    const auto any = R"("delegation": {"hops": "any"},)";
    vote       v(text(R"({"of": "everyone", "taken": "at open"})", any, "yes >= 100"));
    CHECK(v.casts("eve", "yes").empty());
    CHECK(v.of(0) == names{"ana (by eve)", "bob (by eve)", "eve"});
    CHECK(v.says(other{.what = act::delegate, .by = "eve", .subject = "ana"}).empty());
    CHECK(v.says(other{.what = act::withdraw_ballot, .by = "eve"}).empty());
    CHECK(v.of(0).empty());  // ana, bob, eve in a circle
    CHECK(v.casts("bob", "no").empty());
    CHECK(v.of(1) == names{"ana (by bob)", "bob", "eve (by bob)"});
}

TEST_CASE("a delegation of the team it is about is narrower, and rules stay sound under delegation") {
    vote v(text(R"({"of": "everyone", "taken": "at open"})", R"("delegation": {"hops": "any"},)", "certain(yes >= 2)"), {"lang"});
    CHECK(v.casts("cyd", "yes").empty());
    CHECK(v.of(0) == names{"ana (by cyd)", "cyd"});
    CHECK(v.stage() == "vote");  // ana may still say otherwise
}

TEST_CASE("with ballots apart a delegate's ballot and the one for what they hold are two") {
    vote v(text(by_tokens, R"("delegation": {"hops": "one", "own ballot": "apart"}, "ballots": {"revisable": false},)", "weight(yes) >= 100"));
    CHECK(v.casts("bob", "yes").empty());
    CHECK(v.measured() == "13");  // ana's 10 and dan's 3, and bob's own 7 is given to eve, who is not of the electorate
    CHECK(v.says({.what = act::cast, .by = "ana", .subject = "no", .detail = "own"}).empty());
    CHECK(v.measured() == "3");
    CHECK(v.says({.what = act::cast, .by = "ana", .subject = "yes", .detail = "own"}).find("can't be changed") != std::string::npos);
    CHECK(v.casts("ana", "yes").empty());  // for dan's 2
    CHECK(v.measured() == "5");
    CHECK(v.casts("bob", "no").find("can't be changed") != std::string::npos);
}

TEST_CASE("a ballot in shares weighs by its parts") {
    vote v(text(by_tokens, R"("ballots": {"split": "shares"},)", "weight(yes) > 1/2 of weight(eligible)"));
    const auto parts = [&](names list) { return v.says(cast{.by = "ana", .position = "", .marks = std::move(list)}); };
    CHECK(parts({"yes:1/4", "no:3/4"}).empty());
    CHECK(v.measured() == "5/2");
    CHECK(v.of(1) == names{"ana (3/4)"});
    CHECK(parts({"yes:1/2"}).find("less than 1") != std::string::npos);
    CHECK(parts({"yes:1", "no:1"}).find("more than 1") != std::string::npos);
    CHECK(parts({"yes:3/2"}).find("a part is more than 1") != std::string::npos);
    CHECK(parts({"yes:1/2", "yes:1/2"}).find("twice") != std::string::npos);
    CHECK(parts({"yes:-1", "no:2"}).find("a part is a position and a number") != std::string::npos);
    CHECK(v.casts("ana", "no").empty());
    CHECK(v.measured() == "0");
}

TEST_CASE("amounts are spent until nothing is left") {
    vote v(text(by_tokens, R"("ballots": {"split": "amounts", "revisable": false},)", "weight(yes) > 1/2 of weight(eligible)"));
    CHECK(v.says(cast{.by = "ana", .position = "", .marks = {"yes:4"}}).empty());
    CHECK(v.measured() == "4");
    CHECK(v.says(cast{.by = "ana", .position = "", .marks = {"no:7"}}).find("6 is left") != std::string::npos);
    CHECK(v.casts("ana", "yes").empty());
    CHECK(v.measured() == "10");
    CHECK(v.casts("ana", "yes").find("has spent all") != std::string::npos);
}

TEST_CASE("where votes are holdings or ballots in parts, rules that count members are refused") {
    CHECK_FALSE(load_charter(text(by_tokens, R"("ballots": {"split": "shares"},)", "yes > no")).has_value());
    CHECK_FALSE(load_charter(text(by_tokens, R"("delegation": {"hops": "one"},)", "cast > 3")).has_value());
    CHECK_FALSE(load_charter(text(R"({"of": "everyone"})", R"("ballots": {"split": "amounts"},)", "weight(yes) > 3")).has_value());
    CHECK_FALSE(load_charter(text(R"({"of": "everyone", "weightless": "counted"})", "", "yes > 3")).has_value());
}

TEST_CASE("a list may be made on the way into a stage, with the weights of that moment") {
    const auto t = R"({"title": "T", "processes": {"p": {"electorate": {"of": "everyone", "weight": "tokens", "taken": "on entry of vote"},
        "positions": {"yes": {}}, "stages": {
        "delay": {"phase": "review", "exits": [{"after": "2 days", "to": "vote"}]},
        "vote": {"phase": "approval", "allow": {"cast": "electorate"},
                 "exits": [{"after": "1 day", "to": "second", "ballots": "clear"}, {"when": "weight(yes) >= 100", "to": "accepted"}]},
        "second": {"phase": "approval", "allow": {"cast": "electorate"}, "exits": [{"after": "3 days", "to": "rejected"}, {"when": "yes == 2", "to": "vote", "clock": "keep"}]}}}}})";
    vote v(t);
    CHECK(v.why().electorate.empty());
    REQUIRE(v.e.change_roster(holds(day(1), "ana", "99")).has_value());
    v.e.advance(day(2));
    v.now = day(2);
    CHECK(v.why().electorate.front() == "ana (99)");
    REQUIRE(v.e.change_roster(holds(day(2, hour), "ana", "100")).has_value());
    v.now = day(2, hour);
    CHECK(v.casts("ana", "yes").empty());
    CHECK(v.stage() == "vote");
    v.e.advance(day(3));
    CHECK(v.stage() == "second");
}

TEST_CASE("an exit may keep the clock of the stage that is left") {
    const auto t = R"({"title": "T", "processes": {"p": {"electorate": {"of": "everyone"}, "positions": {"yes": {}}, "stages": {
        "fast": {"phase": "approval", "allow": {"cast": "electorate"},
                 "exits": [{"after": "1 day", "to": "slow", "ballots": "clear", "clock": "keep"}]},
        "slow": {"phase": "approval", "allow": {"cast": "electorate"}, "exits": [{"after": "2 days", "to": "rejected"}]}}}}})";
    vote v(t);
    CHECK(v.casts("ana", "yes").empty());
    v.e.advance(day(1));
    CHECK(v.stage() == "slow");
    CHECK(v.of(0).empty());
    CHECK(v.e.next_change(v.id) == day(2));
}

namespace {

/// A vote about two options, in which some delegate.
std::string about_options(const std::string& electorate, const std::string& more = R"("delegation": {"hops": "one"}, )") {
    return R"({"title": "T", "processes": { "p": {"electorate": )" + electorate + R"(, "positions": {"ballot": {"marks": "ranking"}, "abstain": {}}, )" + more +
           R"("options": {"fixed": {"a": "Apples", "b": "Bananas"}}, "count": {"method": "schulze"}, )"
           R"("stages": {"vote": {"phase": "approval", "allow": {"cast, withdraw ballot, delegate": "electorate"}, )"
           R"("exits": [ {"after": "7 days", "if": "elected == 1", "to": "accepted"}, {"after": "8 days", "to": "lapsed"} ]} } } } })";
}
command ranks(std::string who, names marks) { return cast{.by = std::move(who), .position = "ballot", .marks = std::move(marks)}; }

}  // namespace

TEST_CASE("weights: a ballot about options counts as often as its vote weighs") {
    vote v(about_options(R"x({"of": "team(all)", "weight": "shares"})x", ""));
    CHECK(v.says(ranks("bob", {"b"})).empty());
    CHECK(v.says(ranks("eve", {"a"})).empty());
    CHECK(v.why().elected == names{"a"});  // 10 : 7
}
TEST_CASE("weights: a silent one's vote about options follows their delegate's ballot, and their own replaces it") {
    vote v(about_options(R"x({"of": "team(all)", "weight": "shares"})x"));
    CHECK(v.says(ranks("eve", {"a"})).empty());
    CHECK(v.why().elected == names{"a"});
    CHECK(v.says(ranks("bob", {"b"})).empty());
    CHECK(v.why().elected == names{"b"});  // 7 and ana's 10 : 10
    CHECK(v.says(ranks("ana", {"a"})).empty());
    CHECK(v.why().elected == names{"a"});
    CHECK(v.says(command{.what = act::withdraw_ballot, .by = "ana"}).empty());
    CHECK(v.why().elected == names{"b"});
    CHECK(v.casts("ana", "abstain").empty());
    CHECK(v.why().elected == names{"a"});
}
TEST_CASE("weights: ballots about options count exactly where weights aren't whole, in parts of 1, and the count says in which") {
    vote v(about_options(R"x({"of": "team(all)", "weight": "tokens"})x", ""));
    CHECK(v.says(ranks("bob", {"b"})).empty());
    CHECK(v.says(ranks("cyd", {"a"})).empty());  // 1/2
    CHECK(v.why().elected == names{"b"});
    CHECK(v.why().exits.front().now == truth::met);
    const auto c = v.e.count(v.id).value().count;
    CHECK(c.unit == number::fraction(1, 2));
    CHECK(multiply(c.unit, number(c.ballots)) == *add(multiply(c.matrices.front().cells[0][1], c.unit), multiply(c.matrices.front().cells[1][0], c.unit)));
    CHECK(multiply(c.matrices.front().cells[0][1], c.unit) == number::fraction(1, 2));
}
TEST_CASE("weights: a thousandth decides between equal thirds") {
    vote       v(about_options(R"x({"of": "team(all)", "weight": "shares"})x", ""));
    const auto has = [&](std::string who, std::string amount) {
        auto e = holds(day(0), who, std::move(amount));
        e.of = "shares";
        CHECK(v.e.change_roster(e, who).has_value());
    };
    has("ana", "1/3");
    has("bob", "1/3");
    has("cyd", "1/1000");
    CHECK(v.says(ranks("ana", {"a"})).empty());
    CHECK(v.says(ranks("bob", {"b"})).empty());
    CHECK(v.why().tied.size() == 2);
    CHECK(v.says(ranks("cyd", {"b"})).empty());
    CHECK(v.why().elected == names{"b"});
}
TEST_CASE("weights: in no unit that is small enough, ballots about options elect nobody, and the rule says so") {
    vote v(about_options(R"x({"of": "team(all)", "weight": "tokens"})x", ""));
    (void)v.e.change_roster(holds(day(0), "ana", "1/100000007"), "1");
    (void)v.e.change_roster(holds(day(0), "bob", "1/99999989"), "2");
    CHECK(v.says(ranks("ana", {"a"})).empty());
    CHECK(v.says(ranks("cyd", {"a"})).empty());
    CHECK(v.why().elected.empty());
    CHECK(v.why().tied.empty());
    CHECK(v.why().exits.front().now == truth::error);
    (void)v.e.advance(day(7));
    v.now = day(8);
    CHECK(v.stage() == "vote");
    (void)v.e.advance(day(9));
    v.now = day(9);
    CHECK(v.stage() == "lapsed");
}
TEST_CASE("weights: ballots in parts, or apart from those for others, say nothing about options") {
    const auto refused = [](const std::string& more) {
        const auto c = load_charter(about_options(R"x({"of": "team(all)", "weight": "shares"})x", more));
        return c.has_value() ? std::string() : std::string(c.error().what());
    };
    CHECK(refused(R"("ballots": {"split": "shares"}, )").find("a ballot in parts can't say anything about options") != std::string::npos);
    CHECK(refused(R"("delegation": {"hops": "one", "own ballot": "apart"}, )").find("can't say anything about options") != std::string::npos);
}
TEST_CASE("weights: shares of votes that all weigh the same are told apart by their size") {
    vote v(text(R"x({"of": "team(all)"})x", R"("ballots": {"split": "shares"}, )", "weight(yes) > 4"));
    CHECK(v.says(cast{.by = "ana", .position = "", .marks = {"yes:1/4", "no:3/4"}}).empty());
    CHECK(v.says(cast{.by = "bob", .position = "", .marks = {"yes:1/2", "no:1/2"}}).empty());
    CHECK(v.casts("eve", "yes").empty());
    CHECK(v.measured() == "7/4");
    CHECK(v.says(cast{.by = "ana", .position = "yes", .marks = {"no:1"}}).find("and no other") != std::string::npos);
}

namespace {

/// The text with one part of it said otherwise.
std::string with(std::string text, std::string_view part, std::string_view other) {
    text.replace(text.find(part), part.size(), other);
    return text;
}

}  // namespace

TEST_CASE("weights: a delegate who isn't of the electorate carries nobody") {
    vote v(text(R"({"of": "everyone", "weight": "shares", "taken": "at open"})", R"("delegation": {"hops": "one"},)", "weight(yes) >= 100"), {"lang"});
    CHECK(v.why().electorate == names{"ana (10)", "bob (7)", "eve (10)"});
    CHECK(v.casts("bob", "yes").empty());
    CHECK(v.casts("eve", "yes").empty());
    CHECK(v.of(0) == names{"bob", "eve"});  // about lang, ana delegates to cyd, who holds no shares
    CHECK(v.why().outstanding == names{"ana"});
}
TEST_CASE("weights: whoever stepped aside carries nobody, nor does a chain go through them") {
    vote v(with(text(R"({"of": "everyone", "taken": "at open"})", R"("delegation": {"hops": "any"},)", "yes >= 100"), R"("withdraw": "everyone")",
                R"("withdraw": "everyone", "recuse": "electorate")"));
    CHECK(v.casts("eve", "yes").empty());
    CHECK(v.of(0) == names{"ana (by eve)", "bob (by eve)", "eve"});
    CHECK(v.says({.what = act::recuse, .by = "bob"}).empty());
    CHECK(v.of(0) == names{"eve"});
}
TEST_CASE("weights: what can't be delegated is refused with the reason") {
    const auto whoever = [](const std::string& more) {
        return with(text(by_tokens, more, "weight(yes) >= 100"), R"("cast, withdraw ballot, delegate": "electorate")", R"("cast, withdraw ballot": "electorate", "delegate": "everyone")");
    };
    vote v(whoever(R"("delegation": {"hops": "one"},)"));
    const auto gives = [](vote& in, std::string by, std::string to, std::string how = {}) {
        return in.says({.what = act::delegate, .by = std::move(by), .subject = std::move(to), .detail = std::move(how)});
    };
    CHECK(has(gives(v, "eve", "bob"), "eve is not among those who decide here"));  // she holds no tokens
    CHECK(has(gives(v, "ana", "zoe"), "nobody is known as \"zoe\""));
    CHECK(has(gives(v, "ana", "dan", "locked"), "\"locked\" is no way to delegate"));
    CHECK(has(gives(v, "ana", "", "as usual"), "ana has said nothing about delegating here"));
    CHECK(gives(v, "ana", "dan").empty());
    CHECK(gives(v, "ana", "", "as usual").empty());
    vote none(whoever(""));
    CHECK(has(gives(none, "ana", "bob"), "nobody can delegate their ballot here"));
}
TEST_CASE("weights: where ballots aren't split, one in parts is refused") {
    vote v(text(by_tokens, "", "weight(yes) >= 100"));
    CHECK(has(v.says(cast{.by = "ana", .position = "", .marks = {"yes:1"}}), "a ballot says one thing here"));
}

namespace {

/// Two seats: ana's, who delegates to bob, and bob's, for whom cyd may stand in.
matter of_seats(const std::string& delegation) {
    parts t;
    t.electorate = R"j({"of": "seats(board)", "by": "seat"})j";
    t.more = "\"delegation\": " + delegation + ",";
    t.allow = R"("cast, withdraw ballot, recuse": "electorate")";
    t.exits = R"({"when": "approve >= 2", "to": "accepted"})";
    return matter(load(t.text()), load_roster(R"({"people": {"ana": {}, "bob": {}, "cyd": {}},
        "teams": {"board": {"seats": [{"name": "first", "holder": "ana"}, {"name": "second", "holder": "bob", "alternates": ["cyd"]}]}},
        "delegations": [{"who": "ana", "to": "bob"}]})").value());
}

}  // namespace

TEST_CASE("weights: a seat's silent vote follows its holder's delegate, by their ballot or by that of their alternate") {
    for (const auto* who : {"bob: cast approve", "cyd: cast approve"}) {
        CAPTURE(who);
        auto m = of_seats(R"({"hops": "one"})");
        CHECK(m.say(day(1), who) == "");
        CHECK(m.stage() == "accepted");  // both seats
        CHECK(m.replays());
    }
}
TEST_CASE("weights: where ballots are apart, an alternate's for others counts while the holder is aside, and the holder's is gone") {
    const auto measured = [](const matter& m) { return m.why(m.p.last).exits.at(0).conditions.at(0).measured; };
    auto       m = of_seats(R"({"hops": "one", "own ballot": "apart"})");
    CHECK(m.say(day(1), "bob: cast approve") == "");  // for ana
    CHECK(measured(m) == "1");
    CHECK(m.say(day(1), "bob: recuse") == "");
    CHECK(measured(m) == "0");
    CHECK(has(m.say(day(1), "bob: cast approve"), "recused"));
    CHECK(m.say(day(1), "cyd: cast approve") == "");
    CHECK(measured(m) == "1");
    CHECK(m.say(day(1), "cyd: withdraw ballot") == "");
    CHECK(measured(m) == "0");
    CHECK(m.replays());
}
TEST_CASE("weights: who may not cast may still be counted by their delegate's ballot, so what rules call impossible minds it") {
    parts t;
    t.electorate = R"({"of": "everyone"})";
    t.allow = R"j("cast": "team(board)")j";
    t.exits = R"j({"when": "approve >= 2", "to": "accepted"}, {"when": "not possible(approve >= 2)", "to": "rejected"}, {"after": "7 days", "to": "lapsed"})j";
    const auto owners = load_roster(R"({"people": {"ana": {}, "bob": {}}, "teams": {"board": {"members": ["bob"]}}, "delegations": [{"who": "ana", "to": "bob"}]})").value();
    CHECK(matter(load(t.text()), owners).stage() == "rejected");  // only bob votes
    t.more = R"("delegation": {"hops": "one"},)";
    matter m(load(t.text()), owners);
    CHECK(m.stage() == "talk");
    CHECK(m.say(day(1), "bob: cast approve") == "");
    CHECK(m.stage() == "accepted");
}
TEST_CASE("weights: that one option beats another isn't certain while silent votes may move with their delegates") {
    const auto about = [](const std::string& delegation) {
        auto t = about_options(R"x({"of": "team(all)", "weight": "shares"})x", delegation + R"("ballots": {"revisable": false}, )");
        return with(with(std::move(t), "cast, withdraw ballot, delegate", "cast"), R"({"after": "7 days", "if": "elected == 1", "to": "accepted"})",
                    R"x({"when": "certain(beats(a, b))", "to": "accepted"})x");
    };
    for (const bool delegated : {false, true}) {
        vote v(about(delegated ? R"("delegation": {"hops": "one"}, )" : ""));
        CHECK(v.says(ranks("ana", {"a"})).empty());
        CHECK(v.stage() == "vote");
        CHECK(v.says(ranks("bob", {"a"})).empty());  // 17 : 10
        CHECK(v.stage() == (delegated ? "vote" : "accepted"));
    }
}
