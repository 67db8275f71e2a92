"""A program that uses most of quorate. `mypy --strict` reads it: what it says of types must hold; a test runs it too."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import Iterable, Optional

import quorate


def decide(root: Path) -> str:
    charter = quorate.Charter.load(root / "examples/charters/rfc.json", length=timedelta(days=5))
    roster = quorate.Roster.load(root / "examples/rosters/small.json")
    problems: list[quorate.Problem] = charter.check(roster)
    assert not problems
    start = datetime(2026, 3, 1, tzinfo=timezone.utc)
    with quorate.Engine(charter, roster) as engine:
        rfc: str = engine.open("rfc", by="bob", at=start)
        receipt: quorate.Receipt = engine.submit(rfc, "propose", by="bob", disposition="accept", at=start)
        if receipt.refusal is not None:
            return receipt.refusal.needed
        due: Optional[datetime] = engine.explain(rfc, start).next
        return engine.explain(rfc, due or start).summary


def plan(seen: quorate.Situation, draws: quorate.Draws) -> Optional[Iterable[quorate.Planned]]:
    if not draws.chance(Fraction(1, 2)):
        return None
    return [quorate.Planned("cast", position=seen.positions[0], after=draws.time(quorate.Distribution.fixed("2 days")))]


def study(root: Path) -> quorate.StudyResult:
    charter = quorate.Charter.load(root / "examples/charters/rfc.json")
    made = quorate.Study(charter, "rfc", members=5, plan=plan, runs=64, sweep={"length": ["5 days", timedelta(days=10)]})
    return made.run(threads=2)


def winners(ballots: list[list[str]]) -> list[str]:
    counted: quorate.Count = quorate.count(ballots, "schulze", seats=1, strength="margins")
    quota: Fraction = counted.quota
    assert quota >= 0
    return counted.winners


def power() -> Fraction:
    return quorate.Game.weighted([2, 1, 1], quota=3).indices().banzhaf[0]
