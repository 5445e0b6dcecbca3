"""Correctness of a pair potential; how fast it was is measured by the sandbox."""

import math
from typing import Any

import numpy as np

from telic.scoring import Case, Score, infeasible
from telic.seeding import stream

COUNT = 400
TOLERANCE = 1e-9


def exact(points: list[list[float]]) -> float:
    place = np.array(points)
    first, second = np.triu_indices(COUNT, 1)
    squares = ((place[first] - place[second]) ** 2).sum(axis=1)
    return math.fsum((1.0 / (1.0 + squares)).tolist())


def instance(name: str, index: int) -> Case:
    rng = stream(0, "kernel-speed", name, index)
    points = [[rng.gauss(0.0, 2.0) for _ in range(3)] for _ in range(COUNT)]
    return Case(args=(points,), hidden=exact(points), name=f"{name} {index}")


def cases() -> list[Case]:
    return [instance("train", index) for index in range(3)]


def held_out_cases() -> list[Case]:
    return [instance("held out", index) for index in range(3)]


def score(output: Any, case: Case) -> Score:
    if isinstance(output, bool) or not isinstance(output, int | float):
        return infeasible(f"expected a number; got {type(output).__name__}")
    error = abs(float(output) - case.hidden) / case.hidden
    if not error <= TOLERANCE:
        return infeasible(f"the relative error {error:.3g} exceeds {TOLERANCE:g}")
    return Score(metrics={"error": error})
