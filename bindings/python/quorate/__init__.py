"""How groups decide: charters, engines, scenarios and counting of the quorate library.

    import quorate
    charter = quorate.Charter.load("rfc.json")
    roster = quorate.Roster.load("rfc-roster.json")
    with quorate.Engine(charter, roster) as engine:
        rfc = engine.open("decision", by="alice", at=now)
        receipt = engine.submit(rfc, "cast", by="carol", position="approve", at=now)
        print(engine.explain(rfc, now))

Instants are datetimes with a time zone (or ISO 8601 text), durations are timedeltas, numbers are Fractions: exact, as in the library.
What can't be done raises a `quorate.Error`; a refused command is an ordinary answer, a `Receipt` that is false.
"""

from quorate._core import (
    BallotFile, Charter, Condition, ConflictError, Count, DamagedError, Effect, Engine, Error, Event, Exit, Explanation, InvalidError,
    LimitError, NotFoundError, Problem, Receipt, Refusal, Refused, Roster, Scenario, ScenarioFailure, ScenarioReport, StoreError,
    SyntaxFault, UnsupportedError, __version__, count, load_scenarios, loads_scenarios, methods, read_ballots, what_if,
)

__all__ = [
    "BallotFile", "Charter", "Condition", "ConflictError", "Count", "DamagedError", "Effect", "Engine", "Error", "Event", "Exit",
    "Explanation", "InvalidError", "LimitError", "NotFoundError", "Problem", "Receipt", "Refusal", "Refused", "Roster", "Scenario",
    "ScenarioFailure", "ScenarioReport", "StoreError", "SyntaxFault", "UnsupportedError", "__version__", "count", "load_scenarios",
    "loads_scenarios", "methods", "read_ballots", "what_if",
]
