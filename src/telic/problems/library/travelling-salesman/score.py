"""Length of round trips through random points, measured here."""

import math
from typing import Any

from telic.exact import int_list
from telic.scoring import Case, Score, infeasible
from telic.seeding import stream

CITIES = 80
TYPICAL = 0.7124 * math.sqrt(CITIES) * (1.0 + 0.33 / CITIES)


def instance(name: str, index: int) -> Case:
    rng = stream(0, "travelling-salesman", name, index)
    points = [[rng.random(), rng.random()] for _ in range(CITIES)]
    return Case(args=(points,), hidden=points, name=f"{name} {index}")


def cases() -> list[Case]:
    return [instance("train", index) for index in range(6)]


def held_out_cases() -> list[Case]:
    return [instance("held out", index) for index in range(20)]


def score(output: Any, case: Case) -> Score:
    try:
        order = int_list(output, low=0, high=CITIES - 1, length=CITIES)
    except ValueError as error:
        return infeasible(str(error))
    if len(set(order)) != CITIES:
        return infeasible("a city is visited twice")
    points = case.hidden
    length = math.fsum(
        math.dist(points[a], points[b]) for a, b in zip(order, order[1:] + order[:1], strict=True)
    )
    return Score(metrics={"score": 100.0 * (length / TYPICAL - 1.0), "length": length})
