"""A small world for critics: programs whose worth follows from one literal and one operator."""

from __future__ import annotations

from random import Random

from telic.artifact import Artifact
from telic.critics import Example, Query


def program(value: int, *, tail: str = "x") -> Artifact:
    return Artifact.of(f"def solve(x):\n    y = {value}\n    return y + {tail}\n")


def example(value: int, *, operator: str = "good", number: int = 1, child: int = 0) -> Example:
    """Operator ``good`` makes children better, ``poor`` worse; a negative number fails."""
    before = float(value)
    after = {"good": before + 1, "poor": before - 1, "bad": None}[operator]
    query = Query(
        artifact=program(value + 1 + child),
        parent=program(value),
        parent_id=number,
        parent_fitness=before,
        operator=operator,
        note=f"line 2: {value} -> {value + 1}",
        generation=1,
    )
    return Example(query, after)


def examples(count: int, seed: int = 0) -> list[Example]:
    rng = Random(seed)
    operators = ["good", "poor", "bad"]
    return [
        example(rng.randrange(50), operator=rng.choice(operators), number=n, child=rng.randrange(9))
        for n in range(count)
    ]
