// After an election: somebody leaves or declines, and the same ballots fill the seat; or there is another election. What is certain of
// an election while ballots are missing.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>

#include <quorate/engine.hpp>
#include <quorate/tally/methods.hpp>
#include <quorate/tally/table.hpp>
#include <quorate/tally/vacancy.hpp>

#include "effort.hpp"
#include "support.hpp"

using namespace support;

namespace {

/// Core elects, in a vote of a week; later vacancies are the lead's to record, ties the lead's to break.
parts election(const std::string& count, const std::string& marks = "ranking") {
    parts t;
    t.in = "approval";
    t.positions = R"({"ballot": {"marks": ")" + marks + R"("}, "abstain": {}})";
    t.more = R"("options": {"fixed": {"a": "A", "b": "B", "c": "C", "d": "D"}}, "count": )" + count + R"(, "ballots": {"revisable": false},)";
    t.allow = R"j("cast": "electorate")j";
    t.exits = R"j({"after": "7 days", "if": "elected >= 1 and tied == 0", "to": "accepted"}, {"after": "7 days", "to": "inconclusive"})j";
    t.stages = R"j(, "accepted": {"phase": "accepted", "allow": {"vacate, break tie": "leads(core)"},
        "exits": [{"on": "vacate", "if": "vacant == 0", "to": "accepted", "effects": ["seat"]},
                  {"on": "vacate", "if": "tied > 0", "to": "accepted", "effects": ["ask"]},
                  {"on": "vacate", "to": "accepted", "effects": ["vote again"]},
                  {"on": "break tie", "to": "accepted", "effects": ["seat"]}]})j";
    return t;
}
names elected(const matter& m) { return m.why(m.p.last).elected; }
names tied(const matter& m) { return m.why(m.p.last).tied; }
std::string last_effect(const matter& m) { return m.effects.empty() ? "" : m.effects.back().second.kind; }

/// Rules, explanations, the record, and a count by hand of the ballots that are left agree about who is elected.
void agree(const matter& m, const std::string& method, std::size_t seats) {
    const auto here = count_options(m.p, m.p.last, m.around()).value();
    names      counted;
    for (const auto o : here.elected) counted.push_back(here.options[o]);
    CHECK(counted == elected(m));
    CHECK(counted == m.p.elected.value());
    auto ballots = tally::ranked_ballots::make(here.options).value();
    for (const auto& b : anonymous_ballots(m.p, m.p.last, m.around())) {
        std::vector<tally::rank> ranks;
        for (const auto r : b.marks) ranks.push_back(static_cast<tally::rank>(r));
        REQUIRE(ballots.add(std::span<const tally::rank>(ranks)).has_value());
    }
    auto                       again = tally::recount(ballots, method, {}, seats).value();
    std::vector<tally::option> sitting;
    for (const auto& name : counted) sitting.push_back(static_cast<tally::option>(std::find(again.options.begin(), again.options.end(), name) - again.options.begin()));
    tally::fill_vacancies(again, sitting);
    CHECK(again.elected == here.elected);
    CHECK(m.replays());
}

}  // namespace

TEST_CASE("vacancy: whoever comes next in the same ballots takes the seat, the others stay, and everything that tells who is elected agrees") {
    matter m(election(R"({"method": "schulze", "seats": 2})"));
    CHECK(has(m.say(day(1), "ann: vacate a"), "may not"));
    for (const auto* who : {"ann", "ben", "cem"}) CHECK(m.say(day(1), std::string(who) + ": cast ballot in a, b, c, d") == "");
    CHECK(m.say(day(1), "dan: cast ballot in b, d") == "");
    CHECK(m.pass(day(8)) == "accepted");
    CHECK(elected(m) == names{"a", "b"});
    CHECK(has(m.say(day(9), "ben: vacate a"), "leads(core)"));
    CHECK(has(m.say(day(9), "ann: vacate e"), "\"e\" is no option here"));
    CHECK(has(m.say(day(9), "ann: vacate e as never"), "says nothing about a vacancy"));
    CHECK(m.say(day(9), "ann: vacate a because moves on") == "");
    CHECK(elected(m) == names{"b", "c"});
    CHECK(last_effect(m) == "seat");
    CHECK(m.effects.back().second.fields.back() == std::pair<std::string, std::string>("elected", "b, c"));
    agree(m, "schulze", 2);
    CHECK(has(m.say(day(9), "ann: vacate a"), "isn't on the ballot any more"));
    CHECK(m.say(day(10), "ann: vacate c because declines") == "");
    CHECK(elected(m) == names{"b", "d"});
    agree(m, "schulze", 2);
    CHECK(m.say(day(11), "ann: vacate d") == "");
    CHECK(elected(m) == names{"b"});
    CHECK(last_effect(m) == "vote again");
    agree(m, "schulze", 2);
}

TEST_CASE("vacancy: who declines before a seat is free is passed over; a seat of another election is one seat more") {
    matter m(election(R"({"method": "borda", "seats": 1})"));
    for (const auto* who : {"ann", "ben", "cem"}) CHECK(m.say(day(1), std::string(who) + ": cast ballot in a, b, c, d") == "");
    CHECK(m.pass(day(8)) == "accepted");
    CHECK(m.say(day(9), "ann: vacate b because would decline") == "");
    CHECK(elected(m) == names{"a"});
    CHECK(has(m.say(day(9), "ann: vacate c as elsewhere"), "is an option here"));
    CHECK(m.say(day(9), "ann: vacate zoe as elsewhere") == "");
    CHECK(elected(m) == names{"a", "c"});
    agree(m, "borda", 2);
}

TEST_CASE("vacancy: level candidates wait for whoever breaks ties, and then the seat is theirs") {
    matter m(election(R"({"method": "plurality", "seats": 2, "ties": ["casting vote"]})"));
    CHECK(m.say(day(1), "ann: cast ballot in a") == "");
    CHECK(m.say(day(1), "ben: cast ballot in b") == "");
    CHECK(m.say(day(1), "cem: cast ballot in a, c") == "");
    CHECK(m.say(day(1), "dan: cast ballot in b, c") == "");
    CHECK(m.pass(day(8)) == "accepted");
    CHECK(elected(m) == names{"a", "b"});
    CHECK(m.say(day(9), "ann: vacate a") == "");
    CHECK(elected(m) == names{"b", "c"});
    CHECK(m.say(day(10), "ann: vacate b") == "");
    CHECK(elected(m) == names{"c", "d"});
    matter t(election(R"({"method": "plurality", "seats": 1, "ties": ["casting vote"]})"));
    CHECK(t.say(day(1), "ann: cast ballot in a, b") == "");
    CHECK(t.say(day(1), "ben: cast ballot in a, c") == "");
    CHECK(t.pass(day(8)) == "accepted");
    CHECK(t.say(day(9), "ann: vacate a") == "");
    CHECK(elected(t).empty());
    CHECK(tied(t) == names{"b", "c"});
    CHECK(last_effect(t) == "ask");
    CHECK(has(t.say(day(9), "ann: break tie d"), "is not among the tied"));
    CHECK(t.say(day(9), "ann: break tie c") == "");
    CHECK(elected(t) == names{"c"});
    CHECK(last_effect(t) == "seat");
    CHECK(t.p.elected.value() == names{"c"});
    CHECK(t.replays());
}

TEST_CASE("vacancy: a count that is taken up again has forgotten who stayed; nobody leaves who isn't elected yet") {
    auto t = election(R"({"method": "schulze"})");
    t.stages = R"j(, "accepted": {"phase": "accepted", "allow": {"vacate": "leads(core)", "reconsider": "leads(core)"},
        "exits": [{"on": "reconsider", "to": "talk"}]})j";
    t.allow += R"j(, "vacate": "leads(core)")j";
    matter m(t);
    CHECK(has(m.say(day(1), "ann: vacate a"), "nobody is elected yet"));
    CHECK(m.say(day(1), "ann: cast ballot in a, b") == "");
    CHECK(m.pass(day(8)) == "accepted");
    CHECK(m.say(day(9), "ann: vacate a") == "");
    CHECK(elected(m) == names{"b"});
    CHECK(m.say(day(9), "ann: reconsider") == "");
    CHECK(m.p.vacated == 0);
    CHECK(m.say(day(9), "ben: cast ballot in c") == "");
    CHECK(m.say(day(9), "cem: cast ballot in c") == "");
    CHECK(m.pass(day(17)) == "accepted");
    CHECK(elected(m) == names{"c"});
    CHECK(m.replays());
}

TEST_CASE("vacancy: a process that counts nothing has no seats") {
    parts t;
    t.allow = R"j("cast": "electorate", "vacate": "electorate")j";
    t.exits = R"({"after": "7 days", "to": "accepted"})";
    matter m(t);
    CHECK(has(m.say(day(1), "ann: vacate a"), "counts no ballots about options"));
}

TEST_CASE("every accepted ballot is in the count exactly once, whatever order of casting, changing and taking back led there") {
    std::mt19937 random(20260301);
    auto         text = election(R"({"method": "borda"})");
    text.more = R"("options": {"fixed": {"a": "A", "b": "B", "c": "C", "d": "D"}}, "count": {"method": "borda"},)";
    text.allow = R"j("cast, withdraw ballot": "electorate")j";
    const names people{"ann", "ben", "cem", "dan", "eve"};
    for (std::uint64_t round = 0; round < effort(60); ++round) {
        matter                             m(text);
        std::map<std::string, std::string> model;
        for (int step = 0; step < 15; ++step) {
            const auto& who = people[random() % people.size()];
            names       options{"a", "b", "c", "d"};
            std::shuffle(options.begin(), options.end(), random);
            const auto  says = options[0] + ", " + options[1];
            const auto  kind = random() % 4;
            const auto  refused = kind == 0   ? m.say(day(1), who + ": withdraw ballot")
                                  : kind == 1 ? m.say(day(1), who + ": cast abstain")
                                              : m.say(day(1), who + ": cast ballot in " + says);
            if (!refused.empty()) continue;
            if (kind <= 1) model.erase(who);
            else model[who] = says;
            std::vector<std::string> expected, counted;
            for (const auto& [voter, ballot] : model) expected.push_back(ballot);
            for (const auto& b : anonymous_ballots(m.p, day(2), m.around())) counted.push_back(b.says.at(0) + ", " + b.says.at(1));
            std::sort(expected.begin(), expected.end());
            std::sort(counted.begin(), counted.end());
            CHECK(counted == expected);
            const auto count = count_options(m.p, day(2), m.around()).value();
            CHECK(count.ballots == static_cast<std::int64_t>(model.size()));
            number points = 0;
            for (const auto& v : count.rounds.front().values) points = *add(points, v);
            CHECK(points == number(10 * static_cast<std::int64_t>(model.size())));  // 4 + 3 + 2 + 1 of each
        }
        // The same ballots, cast in another order by those who kept one, give the same count.
        matter again(text);
        auto   order = people;
        std::shuffle(order.begin(), order.end(), random);
        for (const auto& who : order)
            if (model.contains(who)) CHECK(again.say(day(1), who + ": cast ballot in " + model[who]) == "");
        const auto one = count_options(m.p, day(2), m.around()).value(), other = count_options(again.p, day(2), again.around()).value();
        CHECK(one.elected == other.elected);
        CHECK(one.undecided == other.undecided);
        CHECK(one.order == other.order);
        CHECK(one.rounds.front().values == other.rounds.front().values);
    }
}

TEST_CASE("certain: an election is decided early once no ballot to come can change it, and not before") {
    for (const auto* method : {"plurality", "borda", "schulze", "condorcet"}) {
        CAPTURE(method);
        auto t = election(R"({"method": ")" + std::string(method) + R"("})");
        t.exits = R"j({"when": "certain(winner == a)", "to": "accepted"}, {"after": "7 days", "to": "rejected"})j";
        matter m(t);
        CHECK(m.say(day(1), "ann: cast ballot in a") == "");
        CHECK(m.say(day(1), "ben: cast ballot in a") == "");
        CHECK(m.stage() == "talk");  // three may come
        CHECK(m.why(day(1)).exits[0].now != truth::met);
        CHECK(m.say(day(1), "cem: cast ballot in a") == "");
        CHECK(m.stage() == (std::string(method) == "borda" ? "talk" : "accepted"));
        if (std::string(method) != "borda") continue;
        CHECK(m.say(day(1), "dan: cast ballot in a") == "");  // 16 against 8, and one ballot moves 3
        CHECK(m.stage() == "accepted");
    }
}

TEST_CASE("certain: that somebody can't win any more, that one beats another, and that one is elected") {
    auto t = election(R"({"method": "schulze"})");
    t.exits = R"j({"when": "not possible(winner == b) and certain(beats(a, b)) and certain(elected == 1 and vacant == 0 and tied == 0)", "to": "accepted"},
                  {"when": "certain(winner != a)", "to": "rejected"}, {"after": "7 days", "to": "lapsed"})j";
    matter m(t);
    CHECK(m.say(day(1), "ann: cast ballot in a") == "");
    CHECK(m.say(day(1), "ben: cast ballot in a") == "");
    CHECK(m.stage() == "talk");
    CHECK(m.say(day(1), "cem: cast ballot in a") == "");
    CHECK(m.stage() == "accepted");
    matter n(t);
    for (const auto* who : {"ann", "ben", "cem"}) CHECK(n.say(day(1), std::string(who) + ": cast ballot in b") == "");
    CHECK(n.stage() == "rejected");
}

TEST_CASE("certain: of two in pairs, whoever the missing ballots can't bring level") {
    auto t = election(R"({"method": "ranked_pairs"})");
    t.exits = R"j({"when": "certain(beats(a, b, 2:1))", "to": "accepted"}, {"when": "not possible(beats(a, b))", "to": "rejected"}, {"after": "7 days", "to": "lapsed"})j";
    matter m(t);
    for (const auto* who : {"ann", "ben", "cem"}) CHECK(m.say(day(1), std::string(who) + ": cast ballot in a, b") == "");
    CHECK(m.stage() == "talk");  // 3 against 2 is no two to one
    CHECK(m.say(day(1), "dan: cast abstain") == "");
    CHECK(m.stage() == "accepted");
    matter n(t);
    for (const auto* who : {"ann", "ben"}) CHECK(n.say(day(1), std::string(who) + ": cast ballot in b, a") == "");
    CHECK(n.stage() == "talk");
    CHECK(n.say(day(1), "cem: cast ballot in b") == "");
    CHECK(n.stage() == "rejected");
}

TEST_CASE("certain: what is called certain of the winner holds whatever the others vote, for every method") {
    const names ballots{"a", "b", "c", "d", "a, b, c, d", "d, c, b, a", "b=c, a", "c, d=b", "b, a, d, c"};
    std::mt19937 random(3);
    std::size_t  sure = 0;
    for (const auto& method : tally::methods()) {
        if (method.ranked == nullptr || method.name == "dodgson") continue;  // it wants whole rankings
        CAPTURE(std::string(method.name));
        auto t = election(R"({"method": ")" + std::string(method.name) + R"("})");
        t.exits = R"j({"when": "certain(winner == a)", "to": "accepted"}, {"after": "7 days", "to": "rejected"})j";
        const auto charter = load(t.text());
        for (std::uint64_t i = 0; i < effort(5); ++i) {
            matter m(charter);
            for (const auto* who : {"ann", "ben", "cem", "dan"}) {
                if (m.stage() != "talk") break;
                (void)m.say(day(1), std::string(who) + ": cast ballot in " + (random() % 3 == 0 ? ballots[random() % ballots.size()] : "a, b"));
            }
            if (m.stage() != "accepted") continue;
            ++sure;
            const auto missing = static_cast<std::size_t>(std::count_if(m.p.voters.begin(), m.p.voters.end(), [](const voter& v) { return v.choice == 0; }));
            for (std::size_t tried = 0; tried < 12; ++tried) {
                auto unlocked = m.p;  // those who hadn't voted when it was called certain vote all the same
                for (auto& v : unlocked.voters) {
                    if (v.choice != 0) continue;
                    v.choice = 1;
                    for (int o = 0; o < 4; ++o) v.marks.push_back(static_cast<std::int32_t>(random() % 5));
                }
                const auto c = count_options(unlocked, day(2), m.around()).value();
                REQUIRE(c.elected.size() == 1);
                CHECK(c.options[c.elected.front()] == "a");
                if (missing == 0) break;
            }
        }
    }
    CHECK(sure > effort(20));
}

TEST_CASE("certain: with a default option, quorum and ratio just when no ballots to come can elect another") {
    struct row {
        std::string count, kind;
        names       cast;
        bool        sure;
    };
    const std::string plain = R"({"method": "debian", "ratio": "passed"})", met = R"({"method": "debian", "ratio": "met"})",
                      four = R"({"method": "debian", "quorum": "4"})", most = R"({"method": "debian", "quorum": "eligible - 1"})";
    const std::string over = "ballot in a, none", first = "ballot in a", against = "ballot in none, a", abstain = "abstain";
    const std::vector<row> rows{
        {plain, "plain", {over, over}, false},                         // 2, and 3 may come
        {plain, "plain", {over, over, over}, true},                    // 3 against 2
        {plain, "plain", {over, first, against}, false},               // 2 against 1, and 2 may come
        {plain, "plain", {over, first, against, abstain, abstain}, true},
        {plain, "double", {over, over, over}, false},                  // 3 is no more than twice 2
        {plain, "double", {over, over, over, over}, true},             // 4 is more than twice 1
        {plain, "fourfold", {over, over, over, over}, false},          // 4 is not more than 4 times 1
        {met, "fourfold", {over, over, over, over}, true},
        {met, "fivefold", {over, over, over, over}, false},
        {four, "plain", {over, over, over}, false},                    // it may stay at 3
        {four, "plain", {over, over, over, over}, true},
        {most, "plain", {over, over, over}, false},
        {most, "plain", {over, over, over, over}, true},
    };
    const std::vector<std::vector<std::int32_t>> marks{{2, 1}, {0, 1}, {1, 0}, {1, 2}, {1, 1}, {0, 0}};
    for (const auto& r : rows) {
        CAPTURE(r.count);
        CAPTURE(r.kind);
        CAPTURE(r.cast);
        auto t = election(r.count);
        t.positions = R"({"ballot": {"marks": "ranking"}, "abstain": {}})";
        t.more = R"("options": {"fixed": {"none": "None"}, "default": "none", "kinds": {"plain": {}, "double": {"ratio": "2:1"}, "fourfold": {"ratio": "4:1"},
            "fivefold": {"ratio": "5:1"}}}, "ballots": {"revisable": false}, "count": )" + r.count + ",";
        t.allow = R"j("cast": "electorate", "add option": "leads(core)")j";
        t.exits = R"j({"when": "certain(winner != default)", "to": "accepted"}, {"after": "7 days", "to": "lapsed"})j";
        t.in = "review";
        matter m(t);
        REQUIRE(m.say(day(0), "ann: add option a as " + r.kind) == "");
        const names core{"ann", "ben", "cem", "dan", "eve"};
        for (std::size_t i = 0; i < r.cast.size(); ++i) {
            CHECK(m.stage() == "talk");
            REQUIRE(m.say(day(1), core[i] + ": cast " + r.cast[i]) == "");
        }
        CHECK(m.stage() == (r.sure ? "accepted" : "talk"));
        // And so it is whatever the missing ballots say: the options stand as none, a.
        std::vector<std::size_t> missing;
        for (std::size_t i = 0; i < m.p.voters.size(); ++i)
            if (m.p.voters[i].choice == 0) missing.push_back(i);
        std::size_t ways = 1;
        for (std::size_t i = 0; i < missing.size(); ++i) ways *= marks.size() + 1;
        bool always = true;
        for (std::size_t way = 0; way < ways; ++way) {
            auto ended = m.p;
            auto rest = way;
            for (const auto i : missing) {
                const auto which = rest % (marks.size() + 1);
                rest /= marks.size() + 1;
                if (which == marks.size()) continue;  // they stay silent
                ended.voters[i].choice = 1;
                ended.voters[i].marks = marks[which];
            }
            const auto c = count_options(ended, day(2), m.around()).value();
            always = always && c.elected.size() == 1 && c.options[c.elected.front()] == "a";
        }
        CHECK(always == r.sure);
    }
}

TEST_CASE("certain: where the quorum itself reads ballots, only once none is to come; that the default option wins, without quorum and ratio") {
    for (const auto* quorum : {"cast", "4 - outstanding", "3 + abstain"}) {
        CAPTURE(quorum);
        auto t = election(R"({"method": "debian", "quorum": ")" + std::string(quorum) + R"("})");
        t.more = R"("options": {"fixed": {"none": "None", "a": "A"}, "default": "none"}, "ballots": {"revisable": false}, "count": {"method": "debian", "quorum": ")" +
                 std::string(quorum) + R"("},)";
        t.exits = R"j({"when": "certain(winner == a)", "to": "accepted"}, {"when": "certain(winner == none)", "to": "rejected"}, {"after": "7 days", "to": "lapsed"})j";
        matter m(t);
        for (const auto* who : {"ann", "ben", "cem", "dan"}) CHECK(m.say(day(1), std::string(who) + ": cast ballot in a") == "");
        CHECK(m.stage() == "talk");
        CHECK(m.say(day(1), "eve: cast ballot in a") == "");
        CHECK(m.stage() == "accepted");
        matter n(t);
        for (const auto* who : {"ann", "ben"}) CHECK(n.say(day(1), std::string(who) + ": cast ballot in none") == "");
        CHECK(n.stage() == "talk");
        CHECK(n.say(day(1), "cem: cast ballot in none") == "");
        CHECK(n.stage() == "rejected");
    }
}

TEST_CASE("certain: those who may not vote bring nothing; a count that one level ballot would stop is certain of nothing before") {
    auto t = election(R"({"method": "schulze"})");
    t.allow = R"j("cast": "leads(core)")j";
    t.exits = R"j({"when": "certain(winner == a)", "to": "accepted"}, {"after": "7 days", "to": "lapsed"})j";
    matter m(t);
    CHECK(m.say(day(1), "ann: cast ballot in a") == "");
    CHECK(m.stage() == "accepted");
    t = election(R"({"method": "dodgson"})");
    t.exits = R"j({"when": "certain(winner == a)", "to": "accepted"}, {"after": "7 days", "to": "lapsed"})j";
    matter n(t);
    for (const auto* who : {"ann", "ben", "cem", "dan"}) CHECK(n.say(day(1), std::string(who) + ": cast ballot in a, b, c, d") == "");
    CHECK(n.stage() == "talk");
    CHECK(n.say(day(1), "eve: cast abstain") == "");
    CHECK(n.stage() == "accepted");
}

TEST_CASE("certain: in a vote by scores a ballot to come moves two options by all that a score may be") {
    for (const auto& range : {std::pair<std::string, int>{"0", 3}, {"-5", 4}}) {
        const auto& least = range.first;
        CAPTURE(least);
        auto t = election(R"({"method": "score_sum"})", "scores");
        t.positions = R"({"ballot": {"marks": "scores", "scores": {"from": )" + least + R"(, "to": 5}}, "abstain": {}})";
        t.exits = R"j({"when": "certain(winner == a)", "to": "accepted"}, {"after": "7 days", "to": "lapsed"})j";
        matter m(t);
        int    cast = 0;
        for (const auto* who : {"ann", "ben", "cem", "dan", "eve"}) {
            if (m.stage() != "talk") break;
            CHECK(m.say(day(1), std::string(who) + ": cast ballot in a:5, b:0, c:0, d:0") == "");
            ++cast;
        }
        CHECK(cast == range.second);  // 15 against what two others can bring: 5 each, or 10 each
    }
}

TEST_CASE("vacancy: ballots by approvals fill a seat, and so does a vote with a default option, never by one that lost to it") {
    auto t = election(R"({"method": "approval"})", "approvals");
    matter m(t);
    for (const auto* who : {"ann", "ben"}) CHECK(m.say(day(1), std::string(who) + ": cast ballot in a, b") == "");
    CHECK(m.say(day(1), "cem: cast ballot in a, c") == "");
    CHECK(m.pass(day(8)) == "accepted");
    CHECK(elected(m) == names{"a"});
    CHECK(m.say(day(9), "ann: vacate a") == "");
    CHECK(elected(m) == names{"b"});
    CHECK(m.replays());
    t = election(R"({"method": "debian"})");
    t.more = R"("options": {"fixed": {"a": "A", "b": "B", "c": "C", "none": "None"}, "default": "none"}, "count": {"method": "debian"}, "ballots": {"revisable": false},)";
    matter d(t);
    for (const auto* who : {"ann", "ben", "cem"}) CHECK(d.say(day(1), std::string(who) + ": cast ballot in a, b, none, c") == "");
    CHECK(d.pass(day(8)) == "accepted");
    CHECK(elected(d) == names{"a"});
    CHECK(has(d.say(day(9), "ann: vacate none"), "is the default option, not somebody who can leave"));
    CHECK(d.say(day(9), "ann: vacate a") == "");
    CHECK(elected(d) == names{"b"});
    CHECK(d.say(day(10), "ann: vacate b") == "");
    CHECK(std::find(d.p.elected->begin(), d.p.elected->end(), "c") == d.p.elected->end());
    CHECK(elected(d) == *d.p.elected);
    CHECK(d.replays());
}

TEST_CASE("certain: whoever may not vote is not waited for, and a vote without weight can't change anything") {
    auto t = election(R"({"method": "schulze"})");
    t.allow = R"j("cast": "team(core) and not leads(core)")j";
    t.exits = R"j({"when": "certain(winner == a)", "to": "accepted"}, {"after": "7 days", "to": "lapsed"})j";
    matter m(t);
    for (const auto* who : {"ben", "cem"}) CHECK(m.say(day(1), std::string(who) + ": cast ballot in a") == "");
    CHECK(m.stage() == "talk");  // dan and eve may level it
    CHECK(m.say(day(1), "dan: cast abstain") == "");
    CHECK(m.stage() == "accepted");  // with ann, who leads, there would be two

    const auto owners = load_roster(R"({"people": {"ana": {}, "bob": {}, "cyd": {}}, "teams": {}, "weights": {"tokens": {"ana": 2, "bob": 1}}})").value();
    for (const auto* count : {R"j({"method": "debian", "quorum": "weight(cast)"})j", R"j({"method": "debian", "quorum": "held(cast)"})j", R"j({"method": "dodgson"})j"}) {
        CAPTURE(count);
        t = election(count);
        t.electorate = R"({"of": "everyone", "weight": "tokens", "weightless": "counted"})";
        t.more = R"("options": {"fixed": {"a": "A", "none": "None"}, "default": "none"}, "ballots": {"revisable": false}, "count": )" + std::string(count) + ",";
        t.stages = "";
        t.exits = R"j({"when": "certain(winner == a)", "to": "accepted"}, {"after": "7 days", "to": "lapsed"})j";
        matter v(load(t.text()), owners);
        CHECK(v.say(day(1), "ana: cast ballot in a, none") == "");
        CHECK(v.stage() == "talk");  // bob's ballot raises the quorum, or is level
        CHECK(v.say(day(1), "bob: cast ballot in a, none") == "");
        CHECK(v.stage() == "accepted");  // whatever cyd says
    }
}

TEST_CASE("certain: a quorum that is met with ballots which may still change isn't met for certain") {
    for (const auto& of : {std::pair<std::string, bool>{"2", true}, {"3", false}}) {
        const auto& [quorum, sure] = of;
        CAPTURE(of.first);
        auto t = election("{}");
        t.in = "review";
        t.more = R"("options": {"fixed": {"a": "A", "none": "None"}, "default": "none"}, "count": {"method": "debian", "quorum": ")" + quorum + R"("},)";
        t.allow = R"("cast": "electorate", "propose": "author")";
        t.exits = R"({"on": "propose", "to": "last"})";
        t.stages = R"j(, "last": {"phase": "approval", "allow": {"cast": "author"}, "exits": [{"when": "certain(winner == a)", "to": "accepted"}, {"after": "7 days", "to": "lapsed"}]})j";
        matter m(t);
        for (const auto* said : {"ann: cast ballot in a, none", "ben: cast ballot in a, none", "cem: cast ballot in a, none"}) CHECK(m.say(day(1), said) == "");
        CHECK(m.say(day(2), "ann: propose") == "");  // from now on only ann's ballot moves
        CHECK(elected(m) == names{"a"});
        CHECK(m.stage() == (sure ? "accepted" : "last"));
    }
}

TEST_CASE("certain: with a cap on affiliations nothing is certain of the winner before the last ballot") {
    for (const bool capped : {false, true}) {
        auto t = election(R"({"method": "plurality")" + std::string(capped ? R"(, "most per affiliation": 1)" : "") + "}");
        t.more.replace(t.more.find(R"({"a")"), t.more.find("}") - t.more.find(R"({"a")"), R"({"ann": "Ann", "cem": "Cem")");
        t.exits = R"j({"when": "certain(winner == ann)", "to": "accepted"}, {"after": "7 days", "to": "lapsed"})j";
        matter m(t);
        for (const auto* who : {"ann", "ben", "cem", "dan"}) {
            if (m.stage() != "talk") break;
            CHECK(m.say(day(1), std::string(who) + ": cast ballot in ann") == "");
        }
        CHECK(m.stage() == (capped ? "talk" : "accepted"));
        if (capped) CHECK(m.say(day(1), "eve: cast abstain") == "");
        CHECK(m.stage() == "accepted");
    }
}

TEST_CASE("vacancy: who left beats nobody and is beaten by nobody, then and in a vote that is taken up again") {
    auto t = election(R"({"method": "schulze"})");
    t.exits = R"j({"when": "cast >= 3 and not possible(beats(a, b)) and not possible(beats(b, a)) and not possible(beats(d, d))", "to": "rejected"}, {"after": "7 days", "to": "accepted"})j";
    t.stages = R"j(, "accepted": {"phase": "accepted", "allow": {"vacate, reconsider": "leads(core)"},
        "exits": [{"on": "vacate", "if": "not beats(a, b) and not beats(b, a)", "to": "accepted", "effects": ["gone"]}, {"on": "reconsider", "to": "talk"}]})j";
    matter m(t);
    for (const auto* who : {"ann", "ben"}) CHECK(m.say(day(1), std::string(who) + ": cast ballot in a, b") == "");
    CHECK(m.pass(day(8)) == "accepted");
    CHECK(m.say(day(9), "ann: vacate c") == "");
    CHECK(last_effect(m) == "");  // a beats b
    CHECK(m.say(day(9), "ann: vacate a") == "");
    CHECK(last_effect(m) == "gone");
    CHECK(m.say(day(10), "ann: reconsider") == "");
    CHECK(m.stage() == "talk");
    CHECK(m.say(day(10), "cem: cast ballot in d") == "");
    CHECK(m.stage() == "rejected");
    CHECK(m.replays());
}

TEST_CASE("vacancy: a record that names as elected somebody who left gives them no seat in the count") {
    matter m(election(R"({"method": "borda", "seats": 2})"));
    for (const auto* who : {"ann", "ben", "cem"}) CHECK(m.say(day(1), std::string(who) + ": cast ballot in a, b, c, d") == "");
    CHECK(m.pass(day(8)) == "accepted");
    CHECK(m.say(day(9), "ann: vacate a") == "");
    CHECK(m.p.elected == names{"b", "c"});
    REQUIRE(apply(m.p, {.kind = event_kind::elected, .done = act::advance, .at = day(10), .names = {"a", "b"}}, m.who).has_value());
    const auto c = count_options(m.p, day(10), m.around()).value();
    names      in;
    for (const auto o : c.elected) in.push_back(c.options[o]);
    CHECK(in == names{"b", "c"});
}
