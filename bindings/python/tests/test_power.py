import json
from fractions import Fraction

import pytest
from hypothesis import given, settings, strategies as st

import quorate


def test_indices_of_weights_are_exact():
    indices = quorate.Game.weighted([2, 1, 1], quota=3).indices()
    assert indices.swings == [3, 1, 1]
    assert indices.banzhaf == [Fraction(3, 5), Fraction(1, 5), Fraction(1, 5)]
    assert indices.shapley_shubik == [Fraction(2, 3), Fraction(1, 6), Fraction(1, 6)]
    assert indices.winning + indices.losing == 8


def test_a_charter_is_a_game(charter, roster):
    game = quorate.Game.of(charter, "rfc", roster, rule="quorum")
    indices = game.indices()
    assert sum(len(c) for c in game.classes) == indices.members
    assert sum(b * n for b, n in zip(indices.banzhaf, indices.count)) == 1
    assert game.minimal_winning() and game.minimal_blocking()
    drawn = game.estimate(draws=2_000, seed=5)
    alike = game.estimate(draws=2_000, seed=5)
    assert drawn.penrose == alike.penrose
    assert abs(drawn.power_to_act - indices.power_to_act) <= drawn.error


def test_several_tests_are_one_game():
    game = quorate.Game.compound([([4, 3, 2, 1], 6), ([1, 1, 1, 1], 2)], any_of=[[0, 1]])
    assert game.indices().winning > 0
    with pytest.raises(quorate.UnsupportedError):
        game.minimal_winning()


def test_games_beyond_limits_are_refused():
    with pytest.raises(quorate.Error):
        quorate.Game.weighted([], quota=1).indices()
    with pytest.raises(quorate.LimitError):
        quorate.Game.weighted([2**55 + i for i in range(60)], quota=2**60).indices()


def test_weights_are_exact_up_to_their_limit_and_refused_beyond():
    # Where a float would take both for the same, one more decides.
    assert quorate.Game.weighted([2**53 + 1, 2**53], quota=2**53 + 1).indices().banzhaf == [1, 0]
    assert quorate.Game.weighted([2**31, 2**31], quota=2**32).indices().banzhaf == [Fraction(1, 2)] * 2
    for weight in (2**56 + 1, 2**62, 2**63):
        with pytest.raises(quorate.LimitError):
            quorate.Game.weighted([weight, 1], quota=1).indices()
    assert quorate.concentration([2**53 + 1, 2**53 + 1])["herfindahl"] == Fraction(1, 2)
    with pytest.raises((quorate.Error, TypeError, OverflowError)):
        quorate.concentration([2**64, 1])


def test_concentration():
    assert quorate.concentration([1, 1, 1, 1]) == {"gini": 0, "herfindahl": Fraction(1, 4), "effective": 4, "nakamoto": 3}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 20), min_size=1, max_size=8), st.integers(1, 60))
def test_shapley_and_shubik_share_out_all_of_it(weights, quota):
    indices = quorate.Game.weighted(weights, quota).indices()
    by_hand = sum(sum(w for i, w in enumerate(weights) if coalition >> i & 1) >= quota for coalition in range(1 << len(weights)))
    assert indices.winning == by_hand
    assert sum(indices.shapley_shubik) == (1 if by_hand else 0)
