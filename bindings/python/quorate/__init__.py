"""How groups decide: charters, engines, scenarios, counting, verification and simulation of the quorate library.

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
    BallotFile, Charter, CoalitionPower, Condition, ConflictError, Count, DamagedError, Diagram, Distribution, Draws, Effect, Engine,
    Error, Estimates, Event, Exit, Explanation, Finding, Game, Indices, InvalidError, LimitError, NotFoundError, Picture, Planned,
    Problem, Receipt, Refusal, Refused, Roster, Scenario, ScenarioFailure, ScenarioReport, Situation, StoreError, Study, StudyResult,
    SyntaxFault, UnsupportedError, VerifyReport, __version__, compare, concentration, count, fit, load_scenarios, loads_scenarios,
    methods, read_ballots, verify, what_if,
)

__all__ = [
    "BallotFile", "Charter", "CoalitionPower", "Condition", "ConflictError", "Count", "DamagedError", "Diagram", "Distribution",
    "Draws", "Effect", "Engine", "Error", "Estimates", "Event", "Exit", "Explanation", "Finding", "Game", "Indices", "InvalidError",
    "LimitError", "NotFoundError", "Picture", "Planned", "Problem", "Receipt", "Refusal", "Refused", "Roster", "Scenario",
    "ScenarioFailure", "ScenarioReport", "Situation", "StoreError", "Study", "StudyResult", "SyntaxFault", "UnsupportedError",
    "VerifyReport", "__version__", "compare", "concentration", "count", "fit", "load_scenarios", "loads_scenarios", "methods",
    "read_ballots", "verify", "what_if",
]
