import pytest
from interrupt import interrupted

import quorate


def test_what_can_happen_is_found_with_the_way_there(root):
    broken = quorate.Charter.load(root / "tests/data/verify/zombie.json")
    report = quorate.verify(broken, broken.processes[0], power=False)
    assert report.complete and report.states > 10
    assert report.unknown and not report
    with_story = next(f for f in report.findings if f.scenario)
    assert with_story.story
    (scenario,) = quorate.loads_scenarios(with_story.scenario)
    assert scenario.run().passed
    assert report.to_dict()["states"] == report.states


def test_who_can_force_what_is_told(root):
    charter = quorate.Charter.load(root / "tests/data/verify/n_minus_two.json")
    report = quorate.verify(charter, charter.processes[0], members=3)
    assert report.power.known
    assert report.power.force_acceptance or report.power.block
    assert str(report) and "<pre>" in report._repr_html_()


def test_how_far_it_is_can_be_watched_and_bounds_are_kept(root):
    charter = quorate.Charter.load(root / "examples/charters/rust.json")
    seen = []
    report = quorate.verify(charter, "fcp", states=2_000, fit=False, power=False, progress=lambda states, steps, waiting: seen.append(states))
    assert seen and seen == sorted(seen)
    assert not report.complete and report.states <= 2_100


def test_ctrl_c_ends_an_exploration(root):
    charter = quorate.Charter.load(root / "examples/charters/rust.json")
    with interrupted(after=0.3):
        quorate.verify(charter, "fcp", members=5, concerns=3, states=50_000_000, fit=False)


def test_what_a_callback_raises_ends_an_exploration_and_is_raised(root):
    def refuse(states, steps, waiting):
        raise ZeroDivisionError("enough")

    charter = quorate.Charter.load(root / "examples/charters/rust.json")
    with pytest.raises(ZeroDivisionError, match="enough"):
        quorate.verify(charter, "fcp", members=5, concerns=3, states=50_000_000, fit=False, progress=refuse)


def test_two_charters_are_compared_vote_by_vote(root):
    before = quorate.Charter.load(root / "examples/charters/rust.json")
    after = quorate.Charter.load(root / "examples/charters/rust-two-thirds.json")
    compared = quorate.compare(before, after, "fcp", members=5)
    assert compared["changed"]
    with pytest.raises(quorate.NotFoundError):
        quorate.compare(before, after, "nothing of the sort")
