"""Intervals hold nine in ten outcomes, also late in real runs, where candidates have drifted."""

from __future__ import annotations

from pathlib import Path

import pytest

from telic.budget import Budget
from telic.candidate import Record
from telic.component import Component
from telic.critics.scale import Scale, ranked_worth
from telic.engine.evolve import evolve
from telic.engine.load import load_problem
from telic.engine.plan import Plan
from telic.journal import Journal

OPERATORS = ("constants", "expressions", "statements", "swaps", "coupled", "burst", "crossover")


def inside(records: list[Record]) -> list[bool]:
    """Return of each prediction whether the outcome lay in its interval, in order."""
    scale, held = Scale(), list[bool]()
    for record in records:
        if record.outcome != "evaluated":
            continue
        said = record.prediction
        if said is not None and said.decision != "unknown":
            held.append(said.low <= ranked_worth(record.fitness, scale.ranked) <= said.high)
        scale.add(record.fitness)
    return held


@pytest.mark.slow
@pytest.mark.parametrize("name", ["triangle-density", "happy-ending-16", "circle-packing-26"])
def test_intervals_hold_nine_in_ten_of_the_later_half_of_a_run(name: str, tmp_path: Path) -> None:
    plan = Plan(
        seed=1,
        budget=Budget(evaluations=400),
        operators=tuple(Component("operator", operator) for operator in OPERATORS),
        critic=Component("critic", "credit", {"proposals": 4}),
    )
    path = tmp_path / "run.db"

    evolve(load_problem(name), plan=plan, workers=1, journal=path)
    with Journal.read(path) as journal:
        held = inside(list(journal.records()))

    later = held[len(held) // 2 :]
    assert len(later) > 150
    assert 0.85 <= sum(later) / len(later) <= 0.95
