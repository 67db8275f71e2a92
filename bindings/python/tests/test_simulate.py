import json
import pickle
import subprocess
from datetime import timedelta
from fractions import Fraction

import pytest
from interrupt import interrupted

import quorate

BEHAVIOUR = {"members": [{"answers": {"exponential": "3 days"}, "takes part": "80%", "raises": "5%"}], "horizon": "60 days"}
SLOW = quorate.Distribution.exponential(timedelta(days=4))


def careful(seen, draws):
    """Approves after a while, or says nothing; sees who has spoken before."""
    if seen.phase != "review" or seen.who in seen.ballots or not draws.chance(Fraction(4, 5)):
        return None
    return [quorate.Planned("cast", position=seen.positions[0], after=draws.time(SLOW))]


@pytest.fixture
def study(charter, roster):
    return quorate.Study(charter, "rfc", roster, behaviour=BEHAVIOUR, runs=640, seed=7)


def test_the_same_seed_gives_the_same_bytes_however_it_is_run(study, tmp_path):
    whole = study.run()
    assert whole.complete and whole.runs_done == 640
    assert study.run(threads=2).to_bytes() == whole.to_bytes()
    parts = [study.run(shard=(i, 4)) for i in (3, 1, 4, 2)]
    assert not parts[0].complete
    assert parts[0].merge(*parts[1:]).to_bytes() == whole.to_bytes()
    kept = tmp_path / "kept"
    kept.write_bytes(parts[1].to_bytes())
    assert study.run(checkpoint=kept).to_bytes() == whole.to_bytes() == kept.read_bytes()
    assert study.result(whole.to_bytes()) == whole


def test_the_tool_gives_the_same_bytes(study, root, tool, tmp_path):
    (tmp_path / "behaviour.json").write_text(json.dumps(BEHAVIOUR))
    said = [tool, "simulate", "--json", root / "examples/charters/rfc.json", "rfc", "--behaviour", tmp_path / "behaviour.json", "--runs", "640", "--seed", "7"]
    report = subprocess.run([*said, "--roster", root / "examples/rosters/small.json", "--out", tmp_path / "out"], capture_output=True, check=True).stdout
    result = study.run()
    assert (tmp_path / "out").read_bytes() == result.to_bytes()
    assert json.loads(report) == result.to_dict()
    swept = quorate.Study(quorate.Charter.load(root / "examples/charters/rfc.json"), "rfc", members=5, behaviour=tmp_path / "behaviour.json", runs=64, seed=7,
                          sweep={"members": [3, 5], "/members/0/takes part": ["50%", "90%"]}, without_each=True)
    subprocess.run([*said[:-4], "--runs", "64", "--seed", "7", "--members", "5", "--sweep", "members=3,5", "--sweep", "/members/0/takes part=50%,90%",
                    "--without-each", "--out", tmp_path / "swept"], capture_output=True, check=True)
    assert (tmp_path / "swept").read_bytes() == swept.run().to_bytes()


def test_a_callable_decides_with_draws_that_are_handed_to_it(charter, roster):
    study = quorate.Study(charter, "rfc", roster, plan=careful, runs=256, seed=3)
    whole = study.run()
    assert study.run(threads=2) == whole
    assert study.run(shard=(2, 2)).merge(study.run(shard=(1, 2))) == whole
    assert whole != quorate.Study(charter, "rfc", roster, runs=256, seed=3).run()
    assert any("callable" in a for a in study.assumptions)
    (accepted,) = whole.to_numpy("accepted")
    assert 0.3 < accepted < 1


def test_what_a_callable_is_shown_is_gone_afterwards_and_what_it_raises_is_raised(charter, roster):
    kept = []

    def nosy(seen, draws):
        kept.append((seen, draws))
        assert seen.who in seen.electorate and seen.run < 32
        assert 0 <= draws.below(6) < 6
        return ()

    quorate.Study(charter, "rfc", roster, plan=nosy, runs=32).run()
    with pytest.raises(quorate.InvalidError, match="gone"):
        kept[0][0].stage
    with pytest.raises(quorate.InvalidError, match="gone"):
        kept[0][1].word()

    def broken(seen, draws):
        raise ZeroDivisionError("in a plan")

    with pytest.raises(ZeroDivisionError, match="in a plan"):
        quorate.Study(charter, "rfc", roster, plan=broken, runs=64).run(threads=2)


def test_studies_and_results_are_sent_to_other_processes(charter, roster):
    study = quorate.Study(charter, "rfc", roster, plan=careful, runs=64)
    sent = pickle.loads(pickle.dumps(study))
    assert sent.identity == study.identity
    result = pickle.loads(pickle.dumps(sent.run(shard=(1, 2))))
    assert result.merge(study.run(shard=(2, 2))) == study.run()


def test_results_of_other_studies_do_not_mix(study, charter, roster):
    other = quorate.Study(charter, "rfc", roster, behaviour=BEHAVIOUR, runs=640, seed=8)
    with pytest.raises(quorate.ConflictError):
        other.result(study.run(shard=(1, 20)).to_bytes())
    with pytest.raises(quorate.ConflictError):
        study.run(shard=(1, 20)).merge(other.run(shard=(2, 20)))
    with pytest.raises(quorate.DamagedError):
        study.result(study.run(shard=(1, 20)).to_bytes()[:-9])


def test_a_sweep_is_an_array_with_an_axis_for_each_dimension(charter):
    numpy = pytest.importorskip("numpy")
    study = quorate.Study(charter, "rfc", members=5, behaviour=BEHAVIOUR, runs=200, sweep={"length": [timedelta(days=2), "10 days"], "/members/0/takes part": ["20%", "90%"]})
    assert study.dimensions == ["length", "/members/0/takes part"] and len(study.variants) == 4
    result = study.run()
    accepted = result.to_numpy("accepted")
    assert accepted.shape == (2, 2)
    assert (accepted[:, 1] > accepted[:, 0]).all()
    days, counts = result.times(1)
    assert counts.sum() > 0 and (numpy.diff(days) > 0).all() and days[0] >= 2
    with pytest.raises(KeyError, match="accepted"):
        result.to_numpy("no such figure")


def test_results_become_a_data_frame(study):
    pandas = pytest.importorskip("pandas")
    frame = study.run().to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert (frame["figure"] == "accepted").sum() == 1


def test_pictures_stand_in_a_notebook(study):
    result = study.run()
    pictures = result.pictures()
    assert pictures and all(p._repr_svg_().startswith("<svg") and p.csv for p in pictures)
    assert "<svg" in result._repr_html_() and "Assumed" in result._repr_html_()
    assert "prefers-color-scheme:dark" in result.to_html()
    assert "not yet stable" in str(result) or "accepted" in str(result)
    story = study.tell(3)
    assert story and story == study.tell(3)


def test_ctrl_c_keeps_what_was_done(charter, roster, tmp_path):
    study = quorate.Study(charter, "rfc", roster, behaviour=BEHAVIOUR, runs=50_000_000)
    kept = tmp_path / "kept"
    with interrupted(after=0.3):
        study.run(threads=2, checkpoint=kept)
    before = study.result(kept.read_bytes())
    assert 0 < before.runs_done < study.runs


def test_what_a_study_cannot_be_is_said(charter, roster):
    with pytest.raises(quorate.InvalidError, match="either"):
        quorate.Study(charter, "rfc")
    with pytest.raises(quorate.NotFoundError):
        quorate.Study(charter, "rcf", roster)
    with pytest.raises(quorate.Error):
        quorate.Study(charter, "rfc", roster, behaviour={"membrs": []})
    with pytest.raises(quorate.InvalidError):
        quorate.Study(charter, "rfc", roster).run(shard=(5, 4))
    with pytest.raises(quorate.InvalidError, match="list"):
        quorate.Study(charter, "rfc", roster, sweep={"length": "5 days"})
    with pytest.raises(TypeError):
        quorate.Study(charter, "rfc", members=-1)
    with pytest.raises(TypeError):
        quorate.Planned()
    with pytest.raises(quorate.Error):
        quorate.Planned("dance")


def test_a_behaviour_is_fitted_to_a_journal(charter, roster, day, tmp_path):
    path = tmp_path / "decisions.db"
    with quorate.Engine(charter, roster, journal=path) as engine:
        rfc = engine.open("rfc", by="bob", subject="rfcs#1", at=day(0), key="o")
        engine.submit(rfc, "propose", by="bob", disposition="accept", at=day(0), key="p").or_raise()
        for n, who in enumerate(("alice", "carol", "dave"), start=1):
            engine.submit(rfc, "cast", by=who, position="approve", at=day(n), key=who).or_raise()
    behaviour = quorate.fit(path, "rfc")
    quantiles = behaviour["members"][0]["answers"]["quantiles"]
    assert quantiles[-1] == "3 days"
    assert quorate.Study(charter, "rfc", roster, behaviour=behaviour, runs=32).run().complete
