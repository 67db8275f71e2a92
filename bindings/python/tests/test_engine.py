from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings, strategies as st

import quorate
from conftest import ROOT, START


CHARTER = quorate.Charter.load(ROOT / "examples/charters/rfc.json")
ROSTER = quorate.Roster.load(ROOT / "examples/rosters/small.json")


def opened(engine, day, **more):
    rfc = engine.open("rfc", by="bob", subject="rfcs#1", at=day(0), **more)
    return rfc


def test_a_decision_from_opening_to_its_end(charter, roster, day):
    with quorate.Engine(charter, roster) as engine:
        rfc = opened(engine, day)
        assert engine.submit(rfc, "propose", by="bob", disposition="accept", at=day(1))
        refused = engine.submit(rfc, "cast", by="mallory", position="approve", at=day(2))
        assert not refused and refused.refused
        assert refused.refusal.by == "permission"
        assert "mallory" in refused.refusal.what
        with pytest.raises(quorate.Refused) as caught:
            refused.or_raise()
        assert caught.value.refusal.needed
        for who in ("alice", "carol", "dave"):
            engine.submit(rfc, "cast", by=who, position="approve", at=day(3)).or_raise()
        now = engine.explain(rfc, day(3))
        assert now.stage == "fcp"
        assert now.next == day(13)
        assert engine.next_change() == day(13)
        moved = engine.advance(day(20))
        assert [e.kind for e in moved[0].events] == ["moved"]
        assert moved[0].events[0].at == day(13)
        assert engine.submit(rfc, "adopt", by="alice", at=day(21))
        assert engine.explain(rfc, day(21)).phase == "accepted"
        effects = engine.pending_effects()
        assert {e.kind for e in effects} == {"announce", "merge"}
        for effect in effects:
            engine.done(effect.id)
        assert engine.pending_effects() == []


def test_an_explanation_says_who_is_waited_for(charter, roster, day):
    engine = quorate.Engine(charter, roster)
    rfc = opened(engine, day)
    engine.submit(rfc, "propose", by="bob", disposition="accept", at=day(1))
    why = engine.explain(rfc, day(1))
    assert why.summary.startswith("waiting for")
    assert set(why.outstanding) == {"alice", "bob", "carol", "dave", "erin"}
    fcp = next(x for x in why.exits if x.to == "fcp")
    assert fcp.now == "unmet" and fcp.possible and not fcp.certain
    assert any(c.rule == "quorum" for c in fcp.conditions)
    assert why.to_dict()["id"] == rfc
    assert str(why).startswith(rfc)


def test_a_journal_keeps_decisions_and_answers_keys_again(charter, roster, day, tmp_path):
    path = tmp_path / "decisions.db"
    with quorate.Engine(charter, roster, journal=path) as engine:
        rfc = opened(engine, day, key="1")
        first = engine.submit(rfc, "propose", by="bob", disposition="accept", at=day(1), key="2")
        assert first.accepted and not first.repeated
        assert not engine.submit(rfc, "cast", by="carol", position="approve", at=day(1))  # no key: refused
    with quorate.Engine(journal=path) as again:
        assert again.list() == [rfc]
        assert again.submit(rfc, "propose", by="bob", disposition="accept", at=day(1), key="2").repeated
        with pytest.raises(quorate.ConflictError):
            again.submit(rfc, "cast", by="carol", position="approve", at=day(1), key="2")
    assert quorate.what_if(path, charter)["totals"]["differing"] == 0


def test_a_closed_engine_and_an_unknown_proposal_are_errors(charter, roster, day):
    engine = quorate.Engine(charter, roster)
    with pytest.raises(quorate.NotFoundError):
        engine.explain("rfc-99", day(0))
    engine.close()
    with pytest.raises(quorate.InvalidError):
        engine.list()


def test_naive_datetimes_name_no_instant(charter, roster):
    engine = quorate.Engine(charter, roster)
    with pytest.raises(ValueError):
        engine.open("rfc", by="bob", at=datetime(2026, 3, 1))


def test_instants_of_other_zones_are_the_same_instant(charter, roster):
    engine = quorate.Engine(charter, roster)
    zone = timezone(timedelta(hours=5, minutes=45))
    rfc = engine.open("rfc", by="bob", at=datetime(2026, 3, 1, 5, 45, tzinfo=zone))
    assert engine.explain(rfc, START).entered == START


@settings(max_examples=40, deadline=None)
@given(st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.timedeltas(timedelta(hours=-14), timedelta(hours=14)).map(timezone)))
def test_every_instant_comes_back_to_the_microsecond(at):
    engine = quorate.Engine(CHARTER, ROSTER)
    rfc = engine.open("rfc", by="bob", at=at)
    assert engine.history(rfc)[0].at == at
    assert quorate.Engine(CHARTER, ROSTER).open("rfc", by="bob", at=at.astimezone(timezone.utc).isoformat()) == rfc


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["alice", "bob", "carol", "dave", "erin", "mallory"]),
                          st.sampled_from(["approve", "reject", "abstain", "nonsense"]),
                          st.integers(0, 20)), max_size=12))
def test_whatever_people_say_is_answered_and_never_lost(said):
    engine = quorate.Engine(CHARTER, ROSTER)
    rfc = engine.open("rfc", by="bob", at=START)
    engine.submit(rfc, "propose", by="bob", disposition="accept", at=START)
    now, accepted = START, 0
    for who, position, days in said:
        now += timedelta(days=days)
        receipt = engine.submit(rfc, "cast", by=who, position=position, at=now)
        assert receipt.accepted != receipt.refused
        accepted += receipt.accepted
    acts = [e for e in engine.history(rfc) if e.kind == "acted" and e.subject in ("approve", "reject", "abstain")]
    assert len(acts) == accepted
