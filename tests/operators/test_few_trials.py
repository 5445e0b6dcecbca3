"""What operators do with the few trials that a short run can spare."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.operators._breed import Breed
from telic.operators._numeric import Numeric
from telic.operators._polish import Polish
from telic.operators._slots import find_slots
from telic.operators._tuning_steps import step_search
from telic.operators.base import Appetite, Operator, allotment
from telic.scoring import Score
from tests.operators.workbench import PlainBench, problem_of, propose, run_program

TEXT = "def f():\n    return [1.0, 2.0, 3.0, 4.0]\n"
ELASTIC: list[Operator] = [Numeric(), Breed(), Polish()]


def bowl(output: Any) -> Score:
    goal = (1.3, 1.1, 3.7, 4.0)
    return Score({"score": -sum((a - b) ** 2 for a, b in zip(output, goal, strict=True))})


@pytest.mark.parametrize("operator", ELASTIC, ids=lambda each: each.name)
@given(room=st.integers(0, 100_000), stake=st.floats(0, 1))
def test_a_turn_fits_into_what_is_left_and_is_worth_it(
    operator: Operator, room: int, stake: float
) -> None:
    trials = allotment(operator, room, stake)

    appetite: Appetite = operator.appetite  # pyright: ignore[reportAttributeAccessIssue]
    if trials is None:
        assert room * appetite.most < appetite.least
    else:
        assert appetite.least <= trials <= min(operator.trials, room - 1)


@pytest.mark.parametrize("operator", ELASTIC, ids=lambda each: each.name)
def test_more_is_staked_on_what_has_earned_more_and_without_a_limit_all(operator: Operator) -> None:
    turns = [allotment(operator, 1_000, stake) or 0 for stake in (0.0, 0.2, 0.4)]

    assert turns == sorted(turns)
    assert turns[0] < turns[-1]
    assert allotment(operator, None) == operator.trials


def test_an_operator_that_names_no_least_needs_all_its_trials() -> None:
    class Rigid:
        name, trials = "rigid", 50

    rigid: Any = Rigid()

    assert allotment(rigid, 50) is None
    assert allotment(rigid, 51) == 50


def test_an_appetite_out_of_range_is_refused() -> None:
    for least, most in ((0, 0.5), (1, 0.0), (1, 1.5)):
        with pytest.raises(ValueError, match="least must be 1 or more"):
            Appetite(least=least, most=most)


@pytest.mark.parametrize("deterministic", [True, False])
def test_tuning_spends_no_more_than_it_is_allotted(deterministic: bool) -> None:
    for trials in (20, 33, 60):
        bench = PlainBench(problem_of(TEXT, deterministic=deterministic), bowl)

        proposal = propose(Numeric(), bench, trials=trials)

        assert proposal.cost.trials == len(bench.vectors) <= trials


def test_tuning_gets_somewhere_with_twenty_trials_and_leaves_short_numbers() -> None:
    bench = PlainBench(problem_of(TEXT), bowl)

    proposal = propose(Numeric(), bench, trials=20)

    assert proposal.artifact is not None
    output = run_program(proposal.artifact.text)
    assert bowl(output).metrics["score"] > bowl([1.0, 2.0, 3.0, 4.0]).metrics["score"] / 2
    assert all(len(f"{number:.15g}") <= 6 for number in output)


def test_tuning_soon_leaves_literals_alone_that_change_nothing() -> None:
    bench = PlainBench(problem_of(TEXT), lambda _: Score({"score": 1.0}))

    proposal = propose(Numeric(), bench, trials=200)

    assert proposal.artifact is None
    assert proposal.cost.trials < 12


@given(seed=st.integers(0, 1_000), vectors=st.integers(0, 40))
def test_steps_never_end_worse_and_try_no_vector_twice(seed: int, vectors: int) -> None:
    found = find_slots("def f():\n    return [0.5, 3, -2.0]\n", file="f.py")
    start = tuple(slot.value for slot in found.slots)
    tried: list[tuple[float, ...]] = []

    def measure(asked: list[tuple[float, ...]]) -> list[tuple[int, float]]:
        tried.extend(asked)
        return [(0, sum((x - 1.0) ** 2 for x in vector)) for vector in asked]

    before = measure([start])[0]
    rng = np.random.default_rng(seed)
    best = step_search(found.slots, measure, before, rng=rng, vectors=vectors, sigma=0.4)

    assert len(tried) == len(set(tried)) <= vectors + 1
    assert best is None or best[1] == measure([best[0]])[0] < before


def test_breeding_keeps_within_few_trials_and_is_better_for_them() -> None:
    text = "def f(x=3.0, y=0.5):\n    return x - x\n"
    bench = PlainBench(problem_of(text), lambda output: Score({"score": -abs(output - 3.5)}))

    proposal = propose(Breed(), bench, text=text, trials=40)

    assert proposal.artifact is not None
    assert proposal.cost.trials <= 40
    assert abs(run_program(proposal.artifact.text) - 3.5) < 3.5


def test_polishing_declines_unpaid_where_slopes_cost_more_than_there_is() -> None:
    text = f"def f():\n    return {[0.5] * 60}\n"
    bench = PlainBench(problem_of(text), lambda output: Score({"score": -sum(output)}))

    proposal = propose(Polish(), bench, text=text, trials=80)

    assert proposal.artifact is None
    assert not bench.vectors


def test_polishing_follows_slopes_with_a_few_dozen_trials() -> None:
    bench = PlainBench(problem_of(TEXT), bowl)

    proposal = propose(Polish(), bench, trials=80)

    assert proposal.artifact is not None
    assert proposal.cost.trials <= 80
    assert bowl(run_program(proposal.artifact.text)).metrics["score"] > -1e-3
