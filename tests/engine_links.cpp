// Proposals about proposals: what a child's outcome does to its parent, in one transaction.
#include <doctest/doctest.h>

#include <quorate/engine.hpp>

#include "support.hpp"

using namespace support;

namespace {

/// "rfc" is stopped by concerns; an "appeal" about one may set it aside; a "vote" of those who approved the parent.
charter nested() {
    return load_charter(R"j({
      "title": "nested",
      "processes": {
        "rfc": {
          "electorate": { "of": "team(core)" }, "positions": { "reject": {}, "approve": {} },
          "children": { "appeal": { "accepted": "override", "rejected": "withdraw" } },
          "stages": { "talk": { "phase": "review",
            "allow": { "cast": "electorate", "raise": "everyone", "resolve": "raiser", "override": "leads(core)", "withdraw": "author" },
            "exits": [ { "on": "withdraw", "to": "withdrawn" }, { "when": "approve >= 1 and concerns == 0", "to": "accepted", "effects": ["merge"] },
                       { "after": "30 days", "to": "lapsed" } ] } } },
        "appeal": {
          "electorate": { "of": "team(docs)", "taken": "at open" }, "positions": { "approve": {}, "reject": {} },
          "children": { "appeal": { "accepted": "withdraw" } },
          "stages": { "vote": { "phase": "approval", "allow": { "cast": "electorate", "withdraw": "author" },
            "exits": [ { "when": "approve >= 2", "to": "accepted" }, { "when": "reject >= 2", "to": "rejected" }, { "on": "withdraw", "to": "withdrawn" },
                       { "after": "5 days", "to": "rejected" } ] } } },
        "confirmation": {
          "electorate": { "of": "voters(approve) of parent", "taken": "at open" }, "positions": { "approve": {}, "reject": {} },
          "stages": { "vote": { "phase": "approval", "allow": { "cast": "electorate" },
            "exits": [ { "when": "approve >= 1 and approve of parent >= 2 and reject of parent in team(docs) >= 1", "to": "accepted" } ] } } }
      } })j", "nested.json").value();
}

struct family {
    engine runs{nested(), people(), memory_journal()};

    std::string open(const std::string& process, std::string parent = {}, std::string about = {}, instant when = day(0)) {
        return runs.open({.process = process, .by = "ann", .parent = std::move(parent), .about = std::move(about), .at = when}).value();
    }
    std::string say(const std::string& id, instant when, std::string_view text) {
        const auto r = runs.submit(id, line(when, text));
        return r.failed() ? "fault: " + r.fault().what() : r.refused() ? to_string(r.refusal()) : std::string();
    }
    std::string stage(const std::string& id) { return runs.get(id)->now().name; }
};

}  // namespace

TEST_CASE("links: a child's outcome acts on its parent at that instant, and the parent goes on from there") {
    family     f;
    const auto rfc = f.open("rfc");
    CHECK(f.say(rfc, day(1), "gus: raise too early") == "");
    CHECK(f.say(rfc, day(1), "ben: cast approve") == "");
    CHECK(f.stage(rfc) == "talk");
    const auto appeal = f.open("appeal", rfc, "too early", day(2));
    CHECK(f.say(appeal, day(3), "fay: cast approve") == "");
    CHECK(f.say(appeal, day(3), "gus: cast approve") == "");
    CHECK(f.stage(appeal) == "accepted");
    CHECK(f.stage(rfc) == "accepted");
    const auto& p = *f.runs.get(rfc);
    CHECK(p.concerns[0].state == concern_state::overridden);
    CHECK_FALSE(p.concerns[0].closed_by.has_value());  // by the charter's authority, not a person's
    CHECK(p.last == day(3));
    const auto past = f.runs.history(rfc).value();
    REQUIRE(past.size() == 8);
    CHECK(past[4].done == act::link);
    CHECK(past[4].detail == link_opened);
    CHECK(past[5].done == act::link);
    CHECK(past[5].subject == appeal);
    CHECK(past[5].detail == "accepted");
    CHECK(past[6].done == act::override_);
    CHECK(past[6].by.empty());
    CHECK(f.runs.pending_effects().value().size() == 1);
}

TEST_CASE("links: another outcome does something else, or nothing") {
    family     f;
    const auto rfc = f.open("rfc"), other = f.open("rfc");
    const auto lost = f.open("appeal", rfc, "x"), gone = f.open("appeal", other, "x");
    CHECK(f.say(lost, day(1), "fay: cast reject") == "");
    CHECK(f.say(lost, day(1), "gus: cast reject") == "");
    CHECK(f.stage(rfc) == "withdrawn");
    CHECK(f.say(gone, day(1), "ann: withdraw") == "");
    CHECK(f.stage(other) == "talk");
    CHECK(f.runs.history(other).value().back().done == act::link);  // known, but without a reaction
}

TEST_CASE("links: what the outcome was to act on may be gone by then") {
    family     f;
    const auto rfc = f.open("rfc");
    CHECK(f.say(rfc, day(1), "gus: raise x") == "");
    const auto appeal = f.open("appeal", rfc, "x", day(1));
    CHECK(f.say(rfc, day(2), "gus: resolve x") == "");
    CHECK(f.say(appeal, day(3), "fay: cast approve") == "");
    CHECK(f.say(appeal, day(3), "gus: cast approve") == "");
    CHECK(f.stage(appeal) == "accepted");
    CHECK(f.stage(rfc) == "talk");
    const auto late = f.open("appeal", rfc, "x", day(4));
    CHECK(f.say(rfc, day(5), "ann: cast approve") == "");
    CHECK(f.stage(rfc) == "accepted");
    CHECK(f.say(late, day(6), "fay: cast reject") == "");
    CHECK(f.say(late, day(6), "gus: cast reject") == "");  // the parent is decided: it is told, and nothing follows
    CHECK(f.stage(rfc) == "accepted");
}

TEST_CASE("links: what an outcome could not do is on record, with the reason, and found") {
    family     f;
    const auto rfc = f.open("rfc");
    CHECK(f.say(rfc, day(1), "gus: raise x") == "");
    const auto appeal = f.open("appeal", rfc, "x", day(1));
    CHECK(f.say(rfc, day(2), "gus: resolve x") == "");
    CHECK(f.say(appeal, day(3), "fay: cast approve") == "");
    CHECK(f.say(appeal, day(3), "gus: cast approve") == "");
    const auto last = f.runs.history(rfc).value().back();
    CHECK(last.kind == event_kind::refused);
    CHECK(last.done == act::override_);
    CHECK(last.subject == "x");
    CHECK(last.detail == appeal);
    CHECK(last.text.find("no open concern") != std::string::npos);
    const auto& found = f.runs.explain(rfc, day(3)).value().findings;
    REQUIRE(found.size() == 1);
    CHECK(found[0].find("was to override \"x\" here, which was refused") != std::string::npos);
}

TEST_CASE("links: by its disposition an outcome does one thing or several, in order, or nothing") {
    const auto rules = load_charter(R"j({
      "title": "answers",
      "processes": {
        "matter": {
          "electorate": { "of": "team(core)", "taken": "on propose, revise" }, "positions": { "approve": {} },
          "children": { "answer": { "accepted": [ { "disposition": "changed", "do": "revise, override" }, { "disposition": "same", "do": "override" } ] },
                        "poll": { "accepted": "withdraw" } },
          "stages": { "idle": { "phase": "review", "allow": { "propose": "everyone" }, "exits": [ { "on": "propose", "to": "open" } ] },
            "open": { "phase": "review",
            "allow": { "cast": "electorate", "raise": "everyone", "withdraw": "author" },
            "exits": [ { "on": "link poll rejected", "to": "rejected" }, { "on": "withdraw", "to": "withdrawn" },
                       { "when": "approve >= 1 and concerns == 0", "to": "accepted" } ] } } },
        "answer": { "dispositions": ["changed", "same", "other"], "electorate": { "of": "everyone" },
          "stages": { "only": { "phase": "review", "allow": { "propose": "everyone" }, "exits": [ { "on": "propose", "to": "accepted" } ] } } },
        "poll": { "dispositions": ["good", "bad"], "electorate": { "of": "everyone" },
          "stages": { "only": { "phase": "review", "allow": { "propose": "everyone" }, "exits": [
            { "on": "propose", "if": "disposition == good", "to": "accepted" }, { "on": "propose", "to": "rejected" } ] } } }
      } })j", "answers.json").value();
    struct row { const char* child; const char* asked; const char* stage; concern_state x; };
    for (const auto& r : {row{"answer", "changed", "open", concern_state::overridden}, row{"answer", "same", "accepted", concern_state::overridden},
                          row{"answer", "other", "open", concern_state::open}, row{"poll", "good", "withdrawn", concern_state::open},
                          row{"poll", "bad", "rejected", concern_state::open}}) {
        CAPTURE(r.asked);
        engine     runs{rules, people(), memory_journal()};
        const auto matter = runs.open({.process = "matter", .by = "ann", .at = day(0)}).value();
        for (const auto* s : {"ann: propose", "gus: raise x", "ben: cast approve"}) CHECK(runs.submit(matter, line(day(1), s)).accepted());
        const auto child = runs.open({.process = r.child, .by = "ann", .parent = matter, .about = "x", .at = day(2)}).value();
        CHECK(runs.submit(child, propose{.by = "ann", .disposition = r.asked, .at = day(2)}).accepted());
        const auto& p = *runs.get(matter);
        CHECK(p.now().name == r.stage);
        CHECK(p.concerns[0].state == r.x);
        CHECK(p.revisions == (std::string(r.asked) == "changed" ? 1U : 0U));
    }
}

TEST_CASE("links: time decides a child, and with it the parent and the parent's parent") {
    family     f;
    const auto rfc = f.open("rfc");
    const auto appeal = f.open("appeal", rfc);
    const auto second = f.open("appeal", appeal, "", day(1));
    CHECK(f.say(second, day(2), "fay: cast approve") == "");
    CHECK(f.say(second, day(2), "gus: cast approve") == "");
    CHECK(f.stage(appeal) == "withdrawn");  // by its own child
    CHECK(f.stage(rfc) == "talk");          // which has no reaction to that
    const auto third = f.open("appeal", rfc, "", day(3));
    CHECK(f.runs.next_change() == day(8));
    CHECK(f.runs.advance(day(9)).size() == 1);
    CHECK(f.stage(third) == "rejected");
    CHECK(f.stage(rfc) == "withdrawn");
    CHECK(f.runs.get(rfc)->entered == day(8));
    const auto past = f.runs.history(rfc).value();
    CHECK(past.back().at == day(8));
    CHECK(past.back().noted == day(9));
}

TEST_CASE("links: a parent's own deadline comes first when it was due first") {
    family     f;
    const auto rfc = f.open("rfc");
    CHECK(f.say(rfc, day(1), "gus: raise x") == "");
    CHECK(f.say(rfc, day(1), "ben: cast approve") == "");
    const auto appeal = f.open("appeal", rfc, "x", day(28));
    CHECK(f.say(appeal, day(31), "fay: cast approve") == "");
    CHECK(f.say(appeal, day(32), "gus: cast approve") == "");
    CHECK(f.stage(rfc) == "lapsed");
    CHECK(f.runs.get(rfc)->entered == day(30));
}

TEST_CASE("links: a child may ask who approved its parent, by name whatever the order of positions") {
    family     f;
    const auto rfc = f.open("rfc");
    CHECK(f.say(rfc, day(1), "gus: raise x") == "");
    for (const auto* s : {"ben: cast approve", "cem: cast approve", "ann: cast reject", "eve: cast reject"}) CHECK(f.say(rfc, day(1), s) == "");
    const auto child = f.open("confirmation", rfc, "", day(2));
    const auto& who = f.runs.get(child)->voters;
    REQUIRE(who.size() == 2);
    CHECK(f.runs.people().id(who[0].who) == "ben");
    CHECK(f.say(child, day(2), "ben: cast approve") == "");
    CHECK(f.stage(child) == "accepted");  // 2 approved the parent, and ann of docs rejected it
    const auto none = f.open("confirmation", "", "", day(2));
    CHECK(f.runs.get(none)->voters.empty());  // no parent, nobody
}

namespace {

/// Under a session: rulings, and appeals against them, by which what was decided is reopened, annulled or left alone.
charter appealed() {
    return load_charter(R"j({
      "title": "appealed",
      "processes": {
        "session": { "electorate": { "of": "everyone" },
          "stages": { "on": { "phase": "review", "exits": [ { "after": "90 days", "if": "children == 0", "to": "accepted" }, { "after": "90 days", "to": "lapsed" } ] } } },
        "ruling": { "electorate": { "of": "team(core)" }, "positions": { "aye": {} }, "per subject": "one open",
          "children": { "appeal": { "accepted": "appeal", "rejected": "reconsider", "withdrawn": "withdraw" } },
          "stages": {
            "first": { "phase": "review", "allow": { "cast": "electorate", "cancel, adopt, propose": "author" },
              "exits": [ { "on": "adopt", "to": "done" }, { "on": "cancel", "to": "against" }, { "on": "propose", "to": "second" } ] },
            "second": { "phase": "approval", "allow": { "cancel": "author" }, "exits": [ { "on": "cancel", "to": "against" } ] },
            "done": { "phase": "accepted", "exits": [ { "on": "appeal", "to": "void" } ] },
            "against": { "phase": "rejected", "exits": [ { "on": "appeal", "to": "stage before", "ballots": "clear" } ] } } },
        "appeal": { "electorate": { "of": "team(docs)" }, "open": { "who": "everyone", "under": ["ruling"] },
          "stages": { "vote": { "phase": "review", "allow": { "adopt, cancel, withdraw": "author" },
            "exits": [ { "on": "adopt", "to": "accepted" }, { "on": "cancel", "to": "rejected" }, { "on": "withdraw", "to": "withdrawn" } ] } } }
      } })j", "appealed.json").value();
}

struct court {
    engine      runs{appealed(), people(), memory_journal()};
    std::string session = runs.open({.process = "session", .by = "ann", .at = day(0)}).value();

    std::string ruling(const std::string& subject, instant when = day(0)) {
        return runs.open({.process = "ruling", .by = "ann", .subject = subject, .parent = session, .at = when}).value();
    }
    std::string appeal(const std::string& of, instant when) { return runs.open({.process = "appeal", .by = "gus", .parent = of, .at = when}).value(); }
    receipt     say(const std::string& id, instant when, std::string_view text) { return runs.submit(id, line(when, text)); }
    std::string stage(const std::string& id) { return runs.get(id)->now().name; }
};

}  // namespace

TEST_CASE("links: an appeal that succeeds reopens what was decided against, where it was, and annuls what was decided for") {
    court      c;
    const auto lost = c.ruling("lost"), won = c.ruling("won");
    CHECK(c.say(lost, day(1), "ben: cast aye").accepted());
    CHECK(c.say(lost, day(1), "ann: propose").accepted());
    CHECK(c.say(lost, day(1), "ann: cancel").accepted());
    CHECK(c.say(won, day(1), "ann: adopt").accepted());
    CHECK(c.runs.get(c.session)->open_children() == 0);
    const auto r = c.say(c.appeal(lost, day(2)), day(3), "gus: adopt");
    CHECK(c.stage(lost) == "second");
    CHECK(c.runs.get(lost)->voters[1].choice == 0);
    CHECK(c.runs.get(c.session)->open_children() == 1);  // it counts again
    REQUIRE(r.elsewhere.size() == 2);
    CHECK(r.elsewhere[0].proposal == lost);
    REQUIRE(r.elsewhere[0].events.size() == 3);
    CHECK(r.elsewhere[0].events[1].done == act::appeal);
    CHECK(r.elsewhere[0].events[1].by.empty());
    CHECK(r.elsewhere[1].proposal == c.session);
    CHECK(c.say(c.appeal(won, day(2)), day(3), "gus: adopt").accepted());
    CHECK(c.runs.get(won)->in() == phase::void_);
    CHECK(c.say(lost, day(4), "ann: cancel").accepted());
    CHECK(c.runs.get(c.session)->open_children() == 0);
    (void)c.runs.advance(day(90));
    CHECK(c.stage(c.session) == "accepted");
}

TEST_CASE("links: what an outcome can't do to what is over is on record, with the reason") {
    court      c;
    const auto why = [&](const std::string& id, std::string_view answer) {
        CHECK(c.say(c.appeal(id, day(2)), day(3), answer).accepted());
        const auto last = c.runs.history(id).value().back();
        return last.kind == event_kind::refused ? last.text : std::string();
    };
    const auto against = c.ruling("a"), done = c.ruling("b");
    CHECK(c.say(against, day(1), "ann: cancel").accepted());
    CHECK(c.say(done, day(1), "ann: adopt").accepted());
    CHECK(has(why(against, "gus: cancel"), "stage \"against\" has no exit for that"));
    CHECK(has(why(against, "gus: withdraw"), "it was rejected: only records and a reopening are left"));
    CHECK(has(why(done, "gus: withdraw"), "stage \"done\" has no exit for that"));
    CHECK(c.stage(against) == "against");
    CHECK(c.stage(done) == "done");
    // Another one about the same subject is open by now: only one may be.
    const auto again = c.ruling("a", day(4));
    CHECK(c.say(c.appeal(against, day(4)), day(5), "gus: adopt").accepted());
    CHECK(c.stage(against) == "against");
    CHECK(has(c.runs.history(against).value().back().text, "has a \"ruling\" already: " + again));
}

TEST_CASE("links: an outcome can't do what needs a person, and the charter says what it can do") {
    const auto text = [](std::string_view deed) {
        return one_process(R"j("electorate": {"of": "everyone"}, "children": {"p": {"accepted": ")j" + std::string(deed) +
                           R"j("}}, "stages": {"s": {"phase": "review", "exits": [{"after": "1 day", "to": "over"}]},
                               "over": {"phase": "postponed", "exits": [{"on": "revive", "to": "s"}]}})j");
    };
    CHECK(load_charter(text("revive")).has_value());
    CHECK(has(load_charter(text("adopt")).error().what(), "an outcome can't adopt its parent"));
    CHECK(has(load_charter(text("withdraw")).error().what(), "nobody may revive in stage \"over\""));
}

namespace {

/// A motion and a review of it, which has its own words; other parts of the review are given.
std::string reviewed(std::string_view rules, std::string_view under = R"("motion")", std::string_view facts = R"("facts": ["built"],)") {
    return R"j({ "title": "reviewed", "processes": {
      "review": { "electorate": { "of": "team(core)" }, "positions": { "fine": {}, "nay": {} }, "dispositions": ["soon", "keep"], "facts": ["seen"],
        "open": { "under": [)j" + std::string(under) + R"j(] },
        "stages": { "s": { "phase": "review", "allow": { "cast": "electorate" }, "exits": [ { "when": ")j" + std::string(rules) + R"j(", "to": "accepted" }, { "after": "9 days", "to": "lapsed" } ] } } },
      "motion": { "electorate": { "of": "team(core)" }, "positions": { "abstain": {}, "nay": {}, "aye": {} }, "dispositions": ["keep", "drop"], )j" + std::string(facts) + R"j(
        "offices": ["clerk"], "revisions": { "small": {}, "big": {} },
        "stages": { "s": { "phase": "review", "allow": { "cast": "electorate", "propose, revise, appoint": "author" }, "exits": [ { "after": "90 days", "to": "lapsed" } ] } } },
      "other": { "electorate": { "of": "team(core)" }, "positions": { "yes": {} }, "stages": { "s": { "phase": "review", "exits": [ { "after": "1 day", "to": "lapsed" } ] } } }
    } })j";
}
std::string review_refused(std::string_view rule, std::string_view under = R"("motion")", std::string_view facts = R"("facts": ["built"],)") {
    const auto c = load_charter(reviewed(rule, under, facts), "reviewed.json");
    return c.has_value() ? std::string() : c.error().what();
}

}  // namespace

TEST_CASE("links: rules of a child speak of its parent in the parent's words") {
    const auto outcome = [](std::string_view rule) {
        engine     runs{load_charter(reviewed(rule), "reviewed.json").value(), people(), memory_journal()};
        const auto motion = runs.open({.process = "motion", .by = "ann", .at = day(0)}).value();
        for (const auto* s : {"ann: cast aye", "ben: cast aye", "cem: cast nay", "ann: propose drop", "ann: revise v2 as big", ": fact built = true"})
            CHECK_FALSE(runs.submit(motion, line(day(0), s)).refused());
        const auto review = runs.open({.process = "review", .by = "ann", .parent = motion, .at = day(1)}).value();
        return runs.get(review)->now().name == "accepted";
    };
    CHECK(outcome("aye of parent == 2 and nay of parent == 1 and abstain of parent == 0"));
    CHECK_FALSE(outcome("aye of parent == 1"));
    CHECK(outcome("eligible in (voters(aye) of parent) == 2"));
    CHECK(outcome("disposition of parent == drop"));
    CHECK_FALSE(outcome("disposition of parent == keep"));
    CHECK(outcome("revision_kind of parent == big"));
    CHECK_FALSE(outcome("revision_kind of parent == small"));
    CHECK(outcome("fact(built) of parent and since(built) of parent >= 1 day"));
    CHECK(outcome("eligible in (office(clerk) of parent) == 0"));
}

TEST_CASE("links: what the parent doesn't know is refused with the charter, and so is its word for the child") {
    CHECK(has(review_refused("fine of parent >= 1"), "expected a known name, found \"fine\""));
    CHECK(has(review_refused("aye >= 1"), "found \"aye\""));
    CHECK(has(review_refused("fact(seen) of parent"), "expected a declared fact, found \"seen\""));
    CHECK(has(review_refused("fact(built)"), "expected a declared fact, found \"built\""));
    CHECK(has(review_refused("disposition of parent == soon"), "expected a known disposition or kind of revision, found \"soon\""));
    CHECK(has(review_refused("eligible in (voters(fine) of parent) == 1"), "expected a position, found \"fine\""));
    CHECK(has(review_refused("eligible in (office(usher) of parent) == 1"), "expected a declared office, found \"usher\""));
    CHECK(has(review_refused("fact(biult) of parent"), "did you mean \"built\"?"));
}

TEST_CASE("links: with several processes above, or one that declares no facts, all that one of them knows may be asked") {
    CHECK(review_refused("aye of parent >= 1 or yes of parent >= 1", R"("motion", "other s")") == "");
    CHECK(review_refused("fact(anything) of parent", R"("motion", "other s")") == "");
    CHECK(review_refused("fact(anything) of parent", R"("motion")", "") == "");
    CHECK(has(review_refused("fine of parent >= 1", R"("motion", "other s")"), "found \"fine\""));
}

namespace {

/// A term; motions under it that wait while a call is open, or until the term is told to go on; calls; and notes under motions.
charter waiting() {
    return load_charter(R"j({
      "title": "waiting",
      "processes": {
        "term": { "electorate": { "of": "team(core)" }, "facts": ["on"], "stages": { "s": { "phase": "review", "allow": { "withdraw": "author" }, "exits": [ { "on": "withdraw", "to": "withdrawn" } ] } } },
        "call": { "electorate": { "of": "team(core)" }, "open": { "under": ["term"] },
          "stages": { "s": { "phase": "review", "allow": { "withdraw": "author" }, "exits": [ { "on": "withdraw", "to": "withdrawn" }, { "after": "7 days", "to": "lapsed" } ] } } },
        "motion": { "electorate": { "of": "team(core)" }, "positions": { "aye": {}, "no": {} }, "open": { "under": ["term"] },
          "rules": { "undisturbed": "children(call) of parent == 0" },
          "stages": { "s": { "phase": "approval", "allow": { "cast": "electorate" },
            "exits": [ { "when": "aye >= 1 and undisturbed", "to": "accepted", "effects": [ "publish" ] }, { "when": "fact(on) of parent", "to": "rejected" }, { "after": "30 days", "to": "lapsed" } ] } } },
        "note": { "electorate": { "of": "voters(aye) of parent" }, "open": { "under": ["motion"] },
          "stages": { "s": { "phase": "review", "exits": [ { "when": "eligible >= 2", "to": "accepted" }, { "after": "30 days", "to": "lapsed" } ] } } }
      } })j", "waiting.json").value();
}

struct term_of_office {
    engine      runs{waiting(), people(), memory_journal()};
    std::string term = open("term", {}, day(0));

    std::string open(const std::string& process, const std::string& parent, instant when) {
        return runs.open({.process = process, .by = "ann", .parent = parent, .at = when}).value();
    }
    receipt     say(const std::string& id, instant when, std::string_view text) { return runs.submit(id, line(when, text)); }
    std::string stage(const std::string& id) { return runs.get(id)->now().name; }
};

}  // namespace

TEST_CASE("links: what waits for others under the same parent goes on once they are done, in the same transaction") {
    term_of_office t;
    const auto     call = t.open("call", t.term, day(1));
    const auto     one = t.open("motion", t.term, day(1)), two = t.open("motion", t.term, day(1)), idle = t.open("motion", t.term, day(1));
    CHECK(t.say(one, day(2), "ben: cast aye").accepted());
    CHECK(t.say(two, day(2), "ben: cast aye").accepted());
    CHECK(t.stage(one) == "s");
    const auto r = t.say(call, day(3), "ann: withdraw");
    CHECK(t.stage(one) == "accepted");
    CHECK(t.stage(two) == "accepted");
    CHECK(t.stage(idle) == "s");
    CHECK(t.runs.get(one)->entered == day(3));
    names told;
    for (const auto& c : r.elsewhere) told.push_back(c.proposal);
    CHECK(told == names{t.term, one, t.term, two, t.term});
    CHECK(t.runs.get(t.term)->open_children() == 1);
    CHECK(t.runs.pending_effects().value().size() == 2);
    for (const auto& id : {t.term, one, two}) CHECK(t.runs.history(id).value().size() == t.runs.get(id)->version);
}

TEST_CASE("links: time that ends one lets the others go on at that instant") {
    term_of_office t;
    (void)t.open("call", t.term, day(1));
    const auto one = t.open("motion", t.term, day(1));
    CHECK(t.say(one, day(2), "ben: cast aye").accepted());
    (void)t.runs.advance(day(20));
    CHECK(t.stage(one) == "accepted");
    CHECK(t.runs.get(one)->entered == day(8));
}

TEST_CASE("links: what happens to a parent itself is seen by those under it, and by those under them") {
    term_of_office t;
    const auto     one = t.open("motion", t.term, day(1));
    const auto     call = t.open("call", t.term, day(1));
    const auto     note = t.open("note", one, day(1));
    CHECK(t.say(one, day(2), "ben: cast aye").accepted());
    CHECK(t.runs.get(note)->voters.size() == 1);  // a live electorate follows the parent's ballots
    CHECK(t.stage(note) == "s");
    CHECK(t.say(one, day(2), "cem: cast aye").accepted());
    CHECK(t.stage(note) == "accepted");
    CHECK(t.say(t.term, day(3), ": fact on = true").accepted());
    CHECK(t.stage(one) == "rejected");
    CHECK(t.stage(call) == "s");
}

TEST_CASE("links: nesting has a limit") {
    family     f;
    auto       id = f.open("rfc");
    for (std::size_t i = 0; i < deepest_children; ++i) id = f.open("appeal", id);
    const auto deeper = f.runs.open({.process = "appeal", .by = "ann", .parent = id, .at = day(0)});
    REQUIRE_FALSE(deeper.has_value());
    CHECK(deeper.error().code == errc::limit);
}

TEST_CASE("links: an exit can wait for one outcome, and a proposal be opened in one stage of its parent only") {
    const auto c = load_charter(R"j({
      "title": "stages of parents",
      "processes": {
        "reform": { "electorate": { "of": "team(core)" },
          "stages": {
            "draft": { "phase": "draft", "allow": { "propose": "author" }, "exits": [ { "on": "propose", "to": "review" } ] },
            "review": { "phase": "review", "exits": [ { "on": "link rfc accepted", "to": "accepted" }, { "on": "link rfc rejected", "to": "draft" } ] } } },
        "rfc": { "electorate": { "of": "team(docs)" }, "open": { "who": "everyone", "under": ["reform review"] },
          "stages": { "vote": { "phase": "review", "allow": { "adopt, cancel, withdraw": "author" },
            "exits": [ { "on": "adopt", "to": "accepted" }, { "on": "cancel", "to": "rejected" }, { "on": "withdraw", "to": "withdrawn" } ] } } }
      } })j", "stages.json").value();
    engine     runs{c, people(), memory_journal()};
    const auto reform = runs.open({.process = "reform", .by = "ann", .at = day(0)}).value();
    const auto ask = [&](instant when) { return runs.open({.process = "rfc", .by = "ann", .parent = reform, .at = when}); };
    const auto early = ask(day(1));
    REQUIRE_FALSE(early.has_value());
    CHECK(has(early.error().what(), "\"reform review\""));
    const auto say = [&](const std::string& id, instant when, std::string_view text) { CHECK_FALSE(runs.submit(id, line(when, text)).refused()); };
    say(reform, day(1), "ann: propose");
    say(ask(day(2)).value(), day(2), "ann: withdraw");  // an outcome that no exit names
    CHECK(runs.get(reform)->now().name == "review");
    say(ask(day(3)).value(), day(3), "ann: cancel");
    CHECK(runs.get(reform)->now().name == "draft");
    say(reform, day(4), "ann: propose");
    say(ask(day(5)).value(), day(5), "ann: adopt");
    CHECK(runs.get(reform)->now().name == "accepted");
}

TEST_CASE("links: outcomes and stages that don't exist are refused with the charter") {
    const auto text = [](std::string_view link, std::string_view under) {
        return std::string(R"j({ "title": "t", "processes": { "a": { "electorate": { "of": "everyone" }, "stages": { "s": { "phase": "review", "exits": [
          { "on": "link )j") + std::string(link) + R"j(", "to": "accepted" } ] } } }, "b": { "electorate": { "of": "everyone" }, "open": { "under": [")j" +
               std::string(under) + R"j("] }, "stages": { "s": { "phase": "review", "exits": [ { "after": "1 day", "to": "lapsed" } ] } } } } })j";
    };
    CHECK(load_charter(text("b", "a")).has_value());
    CHECK(load_charter(text("b lapsed", "a s")).has_value());
    CHECK(has(load_charter(text("b finished", "a")).error().what(), "can be about here"));
    CHECK(has(load_charter(text("b review", "a")).error().what(), "can be about here"));
    CHECK(has(load_charter(text("b", "a z")).error().what(), "\"a z\" is no process of this charter"));
}

TEST_CASE("links: what is opened looks at its parent as it is by then, whatever was due there before") {
    const auto c = load_charter(R"j({
      "title": "late",
      "processes": {
        "hearing": { "electorate": { "of": "team(core)" },
          "stages": { "open": { "phase": "review", "exits": [ { "after": "7 days", "to": "closed", "effects": ["tell"] } ] },
                      "closed": { "phase": "review", "exits": [ { "after": "90 days", "to": "lapsed" } ] } } },
        "report": { "electorate": { "of": "team(core)" }, "open": { "under": ["hearing closed"] },
          "stages": { "vote": { "phase": "review", "exits": [ { "after": "1 day", "to": "accepted" } ] } } }
      } })j", "late.json").value();
    engine     runs{c, people(), memory_journal()};
    const auto hearing = runs.open({.process = "hearing", .by = "ann", .at = day(0)}).value();
    CHECK_FALSE(runs.open({.process = "report", .by = "ann", .parent = hearing, .at = day(7)}).has_value());  // that instant is still the hearing's
    CHECK(runs.open({.process = "report", .by = "ann", .parent = hearing, .at = day(8)}).has_value());
    CHECK(runs.get(hearing)->now().name == "closed");
    CHECK(runs.get(hearing)->entered == day(7));
    CHECK(runs.pending_effects().value().size() == 1);
}
