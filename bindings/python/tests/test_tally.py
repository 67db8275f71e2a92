from fractions import Fraction

import pytest
from hypothesis import given, settings, strategies as st

import quorate


def test_a_count_shows_its_working():
    ballots = [["a", "b", "c"]] * 3 + [["b", ["a", "c"]]] * 2 + [["c"]]
    count = quorate.count(ballots, "schulze")
    assert count.elected == ["a"]
    assert count.ballots == 6
    assert count.matrices
    assert count.matrix(count.matrices[0])[0][1] == Fraction(3)
    assert "schulze" in str(count)
    with pytest.raises(quorate.NotFoundError):
        count.matrix("nothing")


def test_a_tie_stands_unless_a_chain_breaks_it():
    tie = quorate.count([["a"], ["b"]], "plurality")
    assert tie.elected == [] and sorted(tie.undecided) == ["a", "b"]
    lots = {quorate.count([["a"], ["b"]], "plurality", lot=seed).elected[0] for seed in range(20)}
    assert lots == {"a", "b"}


def test_scores_are_dicts_and_seats_are_filled():
    count = quorate.count([{"a": 5, "b": 4, "c": 0}, {"a": 0, "b": 4, "c": 5}], "score_sum", seats=1)
    assert count.elected == ["b"]


def test_unknown_methods_and_conventions_are_refused_with_what_is_near():
    with pytest.raises(quorate.NotFoundError, match="schulze"):
        quorate.count([["a"]], "shulze")
    with pytest.raises(quorate.InvalidError, match="margins"):
        quorate.count([["a"]], "schulze", strength="huge")
    with pytest.raises(quorate.InvalidError):
        quorate.count([["a"]], "schulze", colour="red")


def test_ballot_files_are_read_with_places_of_errors(tmp_path):
    good = tmp_path / "vote.blt"
    good.write_text('2 1\n3 1 2 0\n2 2 0\n0\n"A"\n"B"\n"T"\n')
    assert quorate.count(quorate.read_ballots(good), "scotland").elected == ["A"]
    bad = tmp_path / "bad.blt"
    bad.write_text('2 1\n3 9 0\n0\n"A"\n"B"\n"T"\n')
    with pytest.raises(quorate.Error) as caught:
        quorate.read_ballots(bad)
    assert caught.value.problems[0].line == 2


@settings(max_examples=30, deadline=None)
@given(st.lists(st.permutations(["a", "b", "c", "d"]), min_size=1, max_size=9), st.sampled_from(["schulze", "borda", "irv", "minimax", "copeland"]))
def test_who_stands_where_in_the_pile_does_not_matter(ballots, method):
    options = ["a", "b", "c", "d"]
    assert quorate.count(ballots, method, options=options).winners == quorate.count(ballots[::-1], method, options=options).winners


def test_counts_are_exact_up_to_their_limit_and_refused_beyond(tmp_path):
    def counted(ballots):
        vote = tmp_path / "vote.blt"
        vote.write_text(f'2 1\n{ballots} 1 2 0\n2 2 0\n0\n"A"\n"B"\n"T"\n')
        return quorate.count(quorate.read_ballots(vote), "schulze")

    for ballots in (2**31 - 1, 2**31, 2**32 + 1, 2**52 - 2):
        count = counted(ballots)
        assert count.ballots == ballots + 2
        assert count.matrix(count.matrices[0])[0][1] == Fraction(ballots)
    for ballots in (2**52 - 1, 2**53 + 1, 2**63 - 1, 2**63, 2**64):
        with pytest.raises(quorate.Error):
            counted(ballots)
