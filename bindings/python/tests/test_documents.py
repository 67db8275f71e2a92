import pickle
from datetime import timedelta
from fractions import Fraction

import pytest

import quorate


def test_a_charter_tells_its_processes_and_describes_them(charter):
    assert "rfc" in charter.processes
    assert len(charter.hash) == 64
    assert charter.describe().startswith(charter.title)
    assert "<pre>" in charter._repr_html_() and "<svg" in charter._repr_html_()


def test_a_process_is_drawn_for_every_tool(charter):
    diagram = charter.diagram("rfc")
    assert str(diagram) == diagram.mermaid and "flowchart" in diagram.mermaid
    assert all("Final comment period" in text for text in (diagram.mermaid, diagram.graphviz, diagram.plantuml, diagram.svg))
    assert diagram._repr_svg_().startswith("<svg")
    with pytest.raises(quorate.NotFoundError):
        charter.diagram("rcf")


def test_documents_are_sent_to_other_processes(root, roster):
    given = quorate.Charter.load(root / "examples/charters/rfc.json", threshold=Fraction(2, 3))
    assert pickle.loads(pickle.dumps(given)).hash == given.hash
    assert pickle.loads(pickle.dumps(roster)).to_json() == roster.to_json()


def test_parameters_are_given_as_keywords_of_their_own_types(root):
    given = quorate.Charter.load(root / "examples/charters/rfc.json", threshold=Fraction(2, 3))
    assert given.hash != quorate.Charter.load(root / "examples/charters/rfc.json").hash
    with pytest.raises(quorate.InvalidError):
        quorate.Charter.load(root / "examples/charters/rfc.json", nonsense=timedelta(days=1))


def test_every_problem_of_a_broken_charter_has_its_place():
    with pytest.raises(quorate.Error) as caught:
        quorate.Charter.loads('{\n  "title": "t",\n  "processes": {"p": {"stages": {}}}, "colour": "red" }')
    problems = caught.value.problems
    assert len(problems) >= 2
    assert any(p.line == 3 and "colour" in p.what for p in problems)
    assert isinstance(caught.value, ValueError)


def test_what_is_no_json_and_what_is_not_there_are_told_apart(tmp_path):
    with pytest.raises(quorate.SyntaxFault):
        quorate.Charter.loads("{")
    with pytest.raises(quorate.NotFoundError) as caught:
        quorate.Charter.load(tmp_path / "none.json")
    assert isinstance(caught.value, LookupError)


def test_a_roster_knows_its_teams(roster):
    assert "alice" in roster.people
    with pytest.raises(quorate.NotFoundError):
        roster.members("nobody at all")


def test_checking_against_a_roster_finds_what_cannot_work(charter, roster):
    assert charter.check(roster) == []
    assert charter.check(quorate.Roster.loads('{"people": {}}')) != []
