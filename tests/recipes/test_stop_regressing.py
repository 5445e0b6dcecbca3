"""The worlds in which value losses are compared, against what can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from telic.recipes import Arm, compare_arms
from telic.recipes._four_numbers import children, drawn_games, played, solved
from telic.recipes._grids import DISCOUNT, drawn_grid, drawn_steps, worth_of_policy
from telic.recipes.stop_regressing import best_for_others, standing


def test_a_rate_is_chosen_by_the_other_seeds_alone():
    figures = {0.1: [9.0, 0.0, 0.0], 0.2: [1.0, 1.0, 1.0]}

    assert best_for_others(figures, is_lower_better=False) == [1.0, 0.0, 0.0]
    assert best_for_others(figures, is_lower_better=True) == [9.0, 1.0, 1.0]


def test_where_a_loss_is_better_is_said_by_the_intervals():
    effects = [
        compare_arms(
            setting,
            Arm(name=f"HL-Gauss, {setting}", metric="worth", values=[*values]),
            Arm(name=f"squared error, {setting}", metric="worth", values=[0.0, 0.0, 0.0]),
        )
        for setting, values in (
            ("a", [1.0, 1.1, 0.9]),
            ("b", [-1.0, 1.0, 0.1]),
            ("c", [-1.0, -1.1, -0.9]),
            ("d", [2.0, 2.1, 1.9]),
        )
    ]

    assert standing(effects) == (
        "HL-Gauss is better on a and d; squared error is better on c; "
        "neither can be told to be better on b."
    )


def test_one_operation_is_made_on_any_two_numbers():
    found = children(np.array([[6.0, 0.0]]))[0, :, 0].tolist()

    assert found == [6.0, 6.0, -6.0, 0.0, 1e5, 0.0]
    assert children(np.ones((2, 4))).shape == (2, 36, 3)


def test_a_search_with_room_for_all_solves_every_game_that_can_be_solved():
    games = drawn_games(5, np.random.default_rng(0))
    hopeless = np.array([[1.0, 1.0, 1.0, 1.0]])

    assert solved(games, lambda rows: np.zeros(len(rows)), beam=10**6) == 1.0
    assert solved(hopeless, lambda rows: np.zeros(len(rows)), beam=10**6) == 0.0


def test_labels_are_the_outcomes_of_whole_games():
    rng = np.random.default_rng(0)

    rows, labels = played(drawn_games(50, rng), 20, rng)

    assert rows.shape == (2000, 10)
    assert (labels[:1000] == labels[1000:]).all()
    assert 0 < labels.mean() < 0.1


def test_the_worth_of_a_policy_is_what_running_it_gives():
    rng = np.random.default_rng(3)
    grid = drawn_grid(rng, width=4)
    actions = np.where(np.arange(64) % 8 < 7, 3, 1)  # right, then down

    found = worth_of_policy(grid, actions)

    cells = rng.choice(grid.open, 4000)
    returned, discount = np.zeros(4000), 1.0
    running = np.ones(4000, dtype=bool)
    for _ in range(200):
        chances = grid.moves[cells, actions[cells]].cumsum(axis=1)
        cells = (rng.random((4000, 1)) < chances).argmax(axis=1)
        ended = running & (cells == 63)
        returned[ended] += discount
        running &= ~ended
        discount *= DISCOUNT
    assert found == pytest.approx(returned.mean(), abs=0.03)


def test_a_step_ends_with_its_reward():
    rng = np.random.default_rng(0)

    steps = drawn_steps(drawn_grid(rng, width=4), 2000, rng, noise=0.1)

    assert set(steps.rewards) == {0.0, 1.0}
    assert ((steps.discounts == 0) == (steps.rewards == 1)).all()
