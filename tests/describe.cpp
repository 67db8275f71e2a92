#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <quorate/charter.hpp>

#include "golden.hpp"
#include "plain_text.hpp"
#include "support.hpp"

using namespace quorate;
using support::has;

namespace {

charter load(const std::string& text) { return load_charter(text).value(); }
charter file(const std::string& path) { return load_charter_file(std::string(QUORATE_SOURCE_DIR "/") + path).value(); }

/// The description on one line, so that line breaks don't matter.
std::string flat(const std::string& text) {
    std::string s = text;
    for (char& c : s)
        if (c == '\n') c = ' ';
    return plain_text::wrap(s, std::string::npos).front();
}

/// A small process; further members of it, of its stage and of its first exit as given.
std::string with(const std::string& process, const std::string& stage = "", const std::string& exit = "") {
    return R"j({"title": "T", "processes": {"p": {"electorate": {"of": "team(core)"}, "positions": {"aye": {}},)j" + process +
           R"j("stages": {"s": {"phase": "review", )j" + stage + R"j("exits": [{"to": "accepted", )j" +
           (exit.empty() ? std::string(R"j("after": "3 days")j") : exit) + R"j(}, {"after": "9 days", "to": "lapsed"}]}}}}})j";
}
std::string told(const std::string& process, const std::string& stage = "", const std::string& exit = "") {
    return flat(describe(load(with(process, stage, exit))));
}
/// The same with another electorate.
std::string told_of_electorate(const std::string& electorate) {
    auto       text = with("");
    const auto usual = std::string(R"j({"of": "team(core)"})j");
    text.replace(text.find(usual), usual.size(), electorate);
    return flat(describe(load(text)));
}

/// A process made by hand with one stage in this phase.
process in_phase(phase in) {
    process p;
    p.name = p.title = "p";
    p.electorate.of = read_rule("everyone", {}, expects::set).value;
    p.stages.push_back({.name = "s", .title = "s", .in = in});
    return p;
}

}  // namespace

TEST_CASE("describe: the shipped charters read as they did") {
    for (const auto& name : golden::shipped_charters()) golden::check(name + ".txt", describe(file("examples/charters/" + name + ".json")));
    golden::check("every_key.txt", describe(file("tests/data/every_key.json")));
}

TEST_CASE("describe: a process alone reads as it does in its charter") {
    const auto c = file("examples/charters/rust.json");
    CHECK(has(describe(c), describe(*c.find("fcp"))));
    CHECK(describe(*c.find("fcp")).starts_with("PROCESS \"Final comment period\" (fcp)\n"));
}

TEST_CASE("describe: lines are no longer than a hundred characters") {
    std::vector<std::string> paths{"tests/data/every_key.json"};
    for (const auto& name : golden::shipped_charters()) paths.push_back("examples/charters/" + name + ".json");
    for (const auto& path : paths) {
        std::istringstream in(describe(file(path)));
        for (std::string line; std::getline(in, line);) {
            CAPTURE(line);
            CHECK(plain_text::width(line) <= 100);
            CHECK((line.empty() || line.back() != ' '));
        }
    }
}

TEST_CASE("describe: the charter's own title, version, source, roster and parameters come first") {
    const auto text = R"j({"title": "Ours", "version": "3", "cites": "bylaws", "roster": "r.json",
        "parameters": {"length": {"value": "5 days",
                                  "about": "of the vote"}}, "processes": {"p": {"electorate": {"of": "everyone"},
        "stages": {"s": {"phase": "review", "exits": [{"after": "length", "to": "lapsed"}]}}}}})j";
    const auto usual = flat(describe(load(text)));
    CHECK(has(usual, "Ours (version 3) Source: bylaws Written for the roster \"r.json\"."));
    CHECK(has(usual, "- length = 5 days: of the vote"));
    CHECK(has(usual, "1) 5 days after entering this stage: it lapses."));
    const auto given = flat(describe(load_charter(text, "c", {{"length", "8 days"}}).value()));
    CHECK(has(given, "- length = 8 days (set from outside): of the vote"));
    CHECK(has(given, "1) 8 days after entering this stage"));
}

TEST_CASE("describe: warnings of the loader are told") {
    const auto text = told(R"j("rules": {"unused": "aye > 1"},)j");
    CHECK(has(text, "TO BE LOOKED AT"));
    CHECK(has(text, "rule \"unused\" is used nowhere"));
    CHECK_FALSE(has(told(""), "TO BE LOOKED AT"));
}

TEST_CASE("describe: who may open and see a proposal, and that it is a gate") {
    CHECK(has(told(""), "Anyone may open a proposal. Anyone may see it."));
    CHECK(has(told(R"j("open": "everyone",)j"), "Anyone may open a proposal."));
    CHECK(has(told(R"j("open": "leads(core)",)j"), "Only leads of team core may open a proposal."));
    CHECK(has(told(R"j("visible": "team(core) or author",)j"), "Only members of team core or the author may see it."));
    CHECK(has(told(""), "This is a decision"));
    CHECK(has(told(R"j("kind": "gate",)j"), "This is a gate"));
    CHECK(has(told(R"j("dispositions": ["merge", "close"],)j"), "names what is asked for: \"merge\" or \"close\"."));
}

TEST_CASE("describe: how the electorate is made and counted") {
    CHECK(has(told(""), "The electorate: members of team core. The list follows the roster"));
    CHECK(has(told_of_electorate(R"j({"of": "everyone", "taken": "at open"})j"),
              "made once, when the proposal is opened"));
    CHECK(has(told_of_electorate(R"j({"of": "everyone", "taken": "on revise"})j"),
              "made each time that somebody revises the text"));
    CHECK(has(told(""), "Each person counts once."));
    CHECK(has(told_of_electorate(R"j({"of": "seats(council)", "by": "seat"})j"), "Each seat counts once"));
    CHECK(has(told_of_electorate(R"j({"of": "everyone", "recused": "leave"})j"), "and no longer counts as eligible."));
    CHECK(has(told("", R"j("allow": {"recuse": "team(core)"},)j"), "but still counts as eligible."));
    CHECK(has(told("", "", R"j("when": "each affiliation: aye > 0")j"), "tell members apart by their affiliation"));
    CHECK(has(told("", "", R"j("when": "each team: aye > 0")j"), "for each of the proposal's teams"));
    CHECK(has(told("", "", R"j("when": "certain(aye > 0)")j"), "ask what is certain or possible"));
    CHECK_FALSE(has(told("", "", R"j("when": "aye > 0")j"), "ask what is certain or possible"));
}

TEST_CASE("describe: every flag of a position is told") {
    const auto position = [](const std::string& flags) {
        auto text = with("");
        const auto usual = std::string(R"j({"aye": {}})j");
        text.replace(text.find(usual), usual.size(), R"j({"aye": )j" + flags + "}");
        return flat(describe(load(text)));
    };
    CHECK(has(position("{}"), "- \"aye\". A ballot may"));
    CHECK(has(position(R"j({"title": "+1"})j"), "- \"aye\" (\"+1\")."));
    CHECK(has(position(R"j({"reason": "required"})j"), "- \"aye\": needs a reason."));
    CHECK(has(position(R"j({"binding": false})j"), "not binding"));
    CHECK(has(position(R"j({"cast": false})j"), "doesn't count as a ballot cast"));
    CHECK(has(position(R"j({"base": false})j"), "no longer counts as eligible"));
    CHECK_FALSE(has(position(R"j({"binding": false})j"), "doesn't count as a ballot cast"));
}

TEST_CASE("describe: ballots, concerns and revisions with every setting") {
    CHECK(has(told(""), "A ballot may be changed"));
    CHECK(has(told(R"j("ballots": {"revisable": false},)j"), "A ballot is final"));
    CHECK(has(told(R"j("ballots": {"shown": "at close"},)j"), "hidden while the decision is open"));
    CHECK_FALSE(has(told(""), "hidden while"));

    const std::string raise = R"j("allow": {"raise": "team(core)"},)j";
    CHECK_FALSE(has(told(""), "CONCERNS"));
    CHECK(has(told("", raise), "the law lets nothing be accepted"));
    CHECK(has(told("", raise), "one of the same name can be raised again. It stays open when its raiser leaves."));
    CHECK(has(told(R"j("concerns": {"blocking": false},)j"), "by themselves they block nothing"));
    CHECK(has(told(R"j("concerns": {"names": "once"},)j"), "can be used only once"));
    CHECK(has(told(R"j("concerns": {"seconds": 1},)j"), "once 1 other person has seconded it"));
    CHECK(has(told(R"j("concerns": {"seconds": 3},)j"), "once 3 other people have seconded it"));
    CHECK(has(told(R"j("concerns": {"when raiser leaves": "lapses"},)j"), "It lapses when its raiser leaves"));

    CHECK_FALSE(has(told(""), "REVISIONS"));
    CHECK(has(told("", R"j("allow": {"revise": "author"},)j"), "A change to the text keeps ballots. None is editorial"));
    CHECK(has(told(R"j("revisions": {"typo": {"editorial": true}},)j"), "\"typo\": ballots are kept; editorial"));
    CHECK(has(told(R"j("revisions": {"rewrite": {"ballots": "clear"}},)j"), "\"rewrite\": all ballots are cleared."));
}

TEST_CASE("describe: facts and what children do") {
    CHECK_FALSE(has(told(""), "FACTS"));
    CHECK(has(told(R"j("facts": ["a", "b"],)j"), "Only these may be reported: \"a\" and \"b\". No rule asks for one."));
    CHECK(has(told("", "", R"j("when": "fact(green)")j"), "The host may report any fact. Rules ask for: \"green\"."));
    CHECK(has(told(R"j("children": {"appeal": {"accepted": "cancel"}},)j"),
              "When one of process \"appeal\" ends accepted, the charter itself cancels the round"));
    CHECK(has(told(R"j("dispositions": ["x"], "children": {"appeal": {"rejected": {"disposition": "harsh", "do": "revise, override"}}},)j"),
              "When one of process \"appeal\" that asked for \"harsh\" ends rejected, the charter itself revises the text and then overrides"));
}

TEST_CASE("describe: named rules in English, as written, and with their source") {
    const auto text = told(R"j("rules": {"most": {"rule": "aye > 1/2 of eligible", "cites": "article 4"}},)j", "",
                           R"j("when": "most")j");
    CHECK(has(text,
              "- \"most\": more than 1/2 of the eligible members chose \"aye\". Written: aye > 1/2 of eligible Source: article 4"));
    CHECK(has(text, "1) As soon as the rule \"most\" holds: it is accepted"));
}

TEST_CASE("describe: permissions of the same people are one sentence") {
    const auto text = told("",
            R"j("allow": {"raise, cancel": "teams of proposal", "hold": "author", "resolve": "teams of proposal"},)j");
    CHECK(has(text,
              "- Members of the proposal's teams may raise a concern, cancel the round or resolve a concern. - The author may "
                    "put the proposal on hold."));
}

TEST_CASE("describe: acts are told by what the process calls them, the closest name first, with the act behind it") {
    const auto text = told(R"j("acts": {"cancel": "send it back", "cast": "speak", "cast aye": "speak for it"},)j",
                           R"j("allow": {"cancel, cast aye": "author", "cast for another": "team(core)", "raise": "everyone"},)j", R"j("on": "cancel")j");
    CHECK(has(text, "The author may send it back (cancel) or speak for it (cast aye)."));
    CHECK(has(text, "Members of team core may speak (cast) for somebody else."));
    CHECK(has(text, "Everyone may raise a concern."));
    CHECK(has(text, "When somebody does this: send it back (cancel): it is accepted"));
}

TEST_CASE("describe: where an exit leads back, and when ballots of one stage are shown") {
    const auto text = flat(describe(load(R"j({"title": "T", "processes": {"p": {"electorate": {"of": "team(core)"}, "positions": {"aye": {}}, "stages": {
      "talk": {"phase": "review", "ballots": {"shown": "at once"}, "allow": {"propose": "author"}, "exits": [{"on": "propose", "to": "vote"}]},
      "more": {"phase": "review", "ballots": {"shown": "at close", "shown to": "author"}, "allow": {"propose": "author"},
               "exits": [{"on": "propose", "to": "vote"}, {"after": "3 days", "to": "stage before vote"}]},
      "vote": {"title": "The vote", "phase": "review", "ballots": {"shown": "never"}, "allow": {"cancel, adopt": "author"},
               "exits": [{"on": "cancel", "to": "stage before"}, {"on": "adopt", "to": "more"}, {"after": "3 days", "to": "lapsed"}]}}}}})j")));
    CHECK(has(text, "back to where it came into this stage from (\"talk\" or \"more\")"));
    CHECK(has(text, "back to where it came into \"The vote\" (vote) from (\"talk\" or \"more\")"));
    CHECK(has(text, "Who said what in ballots cast here is shown at once."));
    CHECK(has(text, "What ballots say is hidden while it is in this stage: only their number is shown. Shown at once to the author."));
    CHECK(has(text, "Who said what is never shown: only how many ballots there are."));
}

TEST_CASE("describe: conditions and acting for another set permissions apart") {
    const auto text = told(R"j("dispositions": ["merge", "close"],)j",
                           R"j("allow": {"propose": ["author", {"who": "team(core)", "if": "disposition == merge"}],
                              "cast": "team(core)", "cast for another": "leads(core)"},)j");
    CHECK(has(text, "- The author may propose a decision."));
    CHECK(has(text, "- Members of team core may propose a decision, if the disposition is \"merge\"."));
    CHECK(has(text, "- Members of team core may cast a ballot."));
    CHECK(has(text, "- Leads of team core may cast a ballot for somebody else."));
    CHECK(has(told(""), "Nobody may do anything here."));
}

TEST_CASE("describe: dispositions and kinds of revision go by their own names, whatever the titles of positions") {
    const auto text = R"j({"title": "T", "processes": {"p": {"electorate": {"of": "everyone"}, "positions": {"aye": {"title": "YES"}},
        "dispositions": ["merge"], "revisions": {"typo": {}}, "stages": {"s": {"phase": "review", "exits": [
        {"after": "1 day", "if": "disposition == merge", "to": "accepted"}, {"after": "1 day",
                                                                             "if": "revision_kind == typo", "to":
        "lapsed"}, {"when": "aye > 2", "to": "rejected"}]}}}}})j";
    const auto told_text = flat(describe(load(text)));
    CHECK(has(told_text, "the disposition is \"merge\""));
    CHECK(has(told_text, "the kind of revision is \"typo\""));
    CHECK(has(told_text, "chose \"YES\""));
}

TEST_CASE("describe: clocks, extensions and what happens on the way in") {
    CHECK(has(told("", R"j("clock": {"runs while": "holds == 0"},)j"),
              "Its clock runs only while no hold is in force"));
    CHECK(has(told("", R"j("clock": {"runs while": "holds == 0"},)j"),
              "after entering this stage, counting only while its clock runs"));
    CHECK_FALSE(has(told(""), "wait for a place"));
    CHECK(has(told("", R"j("places": 1,)j"), "One proposal is here at a time; others wait for a place, and the first to get one is the one that has been in its stage for longest."));
    CHECK(has(told("", R"j("places": 3, "first": "aye",)j"), "At most 3 proposals are here at once; others wait for a place, and the first to get one is the one with the highest value of this: "));
    CHECK(has(told("", R"j("places": 3, "first": "aye",)j"), "Of equal ones it is the one that has been in its stage for longest."));

    const auto extend = R"j("extend": {"at most": "4 days"}, "allow": {"extend": "author"},)j";
    CHECK(has(told("", extend), "It may be extended, by 4 days in all."));
    CHECK(has(told("", extend), "1) 3 days (and extensions) after entering this stage"));
    CHECK(has(told("", R"j("extend": {"at most": "4 days"},)j"), "but nobody is allowed to"));
    CHECK(has(told("", R"j("allow": {"extend": "author"},)j"), "the charter states no longest extension"));
    CHECK(has(told("", R"j("effects": ["print", {"do": "mail", "to": "all", "about": "x"}],)j"),
              "On the way in, the host is asked to: print; mail (to: all, about: x)."));
}

TEST_CASE("describe: each kind of exit, and everything that it does on the way") {
    const auto exit = [](const std::string& text) { return told(R"j("dispositions": ["merge"],)j",
                                                                R"j("allow": {"adopt": "author"},)j", text); };
    CHECK(has(exit(R"j("on": "adopt")j"),
              "1) When somebody adopts the proposal as their own: it is accepted."));
    CHECK(has(exit(R"j("on": "adopt, link")j"), "their own or another proposal's outcome is reported: "));
    CHECK(has(exit(R"j("when": "aye > 2", "held": "6 hours")j"),
              "1) Once, for 6 hours without a break, more than 2 members chose \"aye\":"));
    CHECK(has(exit(R"j("after": "2 days", "if": "aye > 2")j"),
              "entering this stage, provided that more than 2 members chose \"aye\":"));
    CHECK(has(exit(R"j("after": "2 days", "end": "open")j"), "What is done at that very instant comes too late."));
    CHECK_FALSE(has(exit(R"j("after": "2 days", "end": "closed")j"), "too late"));
    CHECK(has(exit(R"j("after": "2 days", "disposition": "merge")j"), "What is asked for becomes \"merge\"."));
    CHECK(has(exit(R"j("after": "2 days", "ballots": "clear")j"), "All ballots are cleared."));
    CHECK(has(exit(R"j("after": "2 days", "concerns": "clear")j"), "All concerns are cleared."));
    CHECK(has(exit(R"j("after": "2 days", "ballots": "clear", "concerns": "clear")j"),
              "All ballots are cleared. All concerns are cleared."));
    CHECK(has(exit(R"j("after": "2 days", "cast": {"aye": "proposer"})j"),
              "A ballot \"aye\" is cast for the proposer."));
    CHECK(has(exit(R"j("after": "2 days", "effects": ["ring"])j"), "The host is asked to: ring."));
}

TEST_CASE("describe: what a length of time is measured from") {
    const std::vector<std::pair<std::string, std::string>> anchors{
        {"revision", "the last revision, or opening if there was none"}, {"proposal", "it was proposed"},
        {"ballot", "the last ballot was cast"}, {"second", "the oldest second that still stands"},
        {"concern", "a concern was last raised or closed"},
        {"oldest_concern", "the oldest concern that is still open was raised"}, {"option", "the options last changed"}, {"threshold",
                                                        "a rule of this stage that has to hold for a while began to"}};
    CHECK(anchors.size() == since_names.size());
    for (const auto& [name, says] : anchors)
        CHECK(has(told("", "", R"j("after": "2 days", "since": ")j" + name + '"'), "1) 2 days after " + says + ": "));
}

TEST_CASE("describe: what is said of a phase is what the law does there") {
    for (std::size_t i = 0; i < phase_names.size(); ++i) {
        const auto in = static_cast<phase>(i);
        const auto text = flat(describe(in_phase(in)));
        CAPTURE(text);
        CHECK(has(text, "ballots may count") == !may(in, {.what = act::cast}).refused());
        CHECK(has(text, "concerns may be raised") == (!may(in, {.what = act::raise}).refused() && in != phase::draft));
        CHECK(has(text, "nothing can be accepted from here") == (is_open(in) && !could_move(in, phase::accepted)));
        CHECK(has(text, ", an end") == is_end(in));
        if (!is_end(in)) continue;
        CHECK(has(text, "revival") == !may(in, {.what = act::revive}).refused());
        CHECK(has(text, "an appeal") == !may(in, {.what = act::appeal}).refused());
        CHECK(has(text, "reconsideration") == !may(in, {.what = act::reconsider}).refused());
        CHECK(has(text, "never reopens") == (in == phase::void_));
    }
}

TEST_CASE("describe: a stage without exits waits for the host only where the law lets it conclude a gate") {
    auto gate = in_phase(phase::review);
    gate.kind = process_kind::gate;
    CHECK(has(flat(describe(gate)), "until the host concludes it"));
    gate.stages[0].in = phase::draft;
    CHECK_FALSE(has(flat(describe(gate)), "until the host concludes it"));
    CHECK_FALSE(has(flat(describe(in_phase(phase::review))), "until the host concludes it"));
}

TEST_CASE("describe: every act has words of its own, and they are those of that act") {
    for (const auto& row : acts) {
        auto p = in_phase(phase::review);
        p.stages[0].allow.push_back({.what = row.what, .who = p.electorate.of, .text = "everyone"});
        const auto text = flat(describe(p));
        const auto from = text.find("- Everyone may ");
        REQUIRE(from != std::string::npos);
        const auto sentence = text.substr(from + 15, text.find('.', from) - from - 15);
        CAPTURE(sentence);
        if (row.what == act::advance) CHECK(sentence == "let time pass");
        else CHECK(has(sentence, row.name.substr(0, row.name.find(' '))));
        if (row.name.find(' ') != std::string_view::npos && row.what != act::fail_to_enact)
            CHECK(has(sentence, row.name.substr(row.name.find(' ') + 1)));
    }
}

TEST_CASE("describe: hostile titles stay on their line and in their quotes") {
    const auto text = R"j({"title": "a\nb", "processes": {"p": {"title": "x\" STAGES\n\u202ey", "electorate": {"of": "everyone"},
        "stages": {"s": {"phase": "review", "title": "t\n    2. \"u",
                         "exits": [{"after": "1 day", "to": "lapsed"}]}}}}})j";
    const auto said = describe(load(text));
    CHECK(said.starts_with("a b\n"));
    CHECK(has(said, "PROCESS \"x' STAGES \xEF\xBF\xBDy\" (p)\n"));
    CHECK(has(said, "1. \"t 2. 'u\" (s)\n"));
}
