"""The trusted scorer that all symbolic-regression problems share.

A problem's ``score.py`` names the hidden formula and its points::

    cases, score, held_out_cases = regression(lambda x: x**3 + x, points)

A candidate sees the points alone and returns one prediction for each. The score is minus the
root mean square error over the standard deviation of the true values: 0 is exact, -1 is as
good as the constant mean. ``hits`` is the share of points that are within 1e-6 of the
standard deviation, so ``hits = 1`` means that the formula was recovered.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from functools import lru_cache
from random import Random
from typing import Any

from telic.scoring import Case, Score, infeasible

__all__ = ["HIT", "grid", "regression", "uniform"]

HIT = 1e-6
"""Largest error of a hit, in standard deviations of the true values."""

_HUGE = 1e150
"""Errors above are cut, so that their squares stay finite."""

_FLOATS = {float}

Point = tuple[float, ...]


def grid(low: float, high: float, step: float) -> list[Point]:
    """Return one-variable points ``low, low + step, ...`` up to ``high`` inclusive."""
    count = round((high - low) / step)
    return [(low + step * index,) for index in range(count + 1)]


def uniform(rng: Random, count: int, *ranges: tuple[float, float]) -> list[Point]:
    """Return ``count`` points, each coordinate drawn uniformly from its range."""
    return [tuple(rng.uniform(low, high) for low, high in ranges) for _ in range(count)]


def regression(
    formula: Callable[..., float], points: Sequence[Point], *, held_out: Sequence[Point] = ()
) -> tuple[Callable[[], list[Case]], Callable[[Any, Case], Score], Callable[[], list[Case]]]:
    """Return ``cases``, ``score`` and ``held_out_cases`` of a regression problem.

    Args:
        formula: the hidden truth, called with one point's coordinates.
        points: where candidates are trained.
        held_out: where a result may be tested afterwards; never used in the search.
    """

    def case(name: str, where: Sequence[Point]) -> Case:
        return Case(
            args=([list(point) for point in where],),
            hidden=tuple(formula(*point) for point in where),
            name=name,
        )

    def cases() -> list[Case]:
        return [case("train", points)]

    def held_out_cases() -> list[Case]:
        return [case("held out", held_out)] if held_out else []

    return cases, score_predictions, held_out_cases


def score_predictions(output: Any, case: Case) -> Score:
    """Score one prediction for each point of a case."""
    truth: tuple[float, ...] = case.hidden
    predictions: Any = output.tolist() if hasattr(output, "tolist") else output
    if not isinstance(predictions, list | tuple) or len(predictions) != len(truth):
        return infeasible(f"expected a list of {len(truth)} numbers")
    if set(map(type, predictions)) != _FLOATS:
        for value in predictions:
            if isinstance(value, bool) or not isinstance(value, int | float):
                return infeasible(f"expected numbers; got {value!r:.40}")
    # Comparing both ends alone would overlook a NaN, which spoils a sum.
    is_small = min(predictions) > -_HUGE and max(predictions) < _HUGE
    if not is_small or math.isnan(sum(predictions)):
        return infeasible("a prediction is beyond 1e150 or not a number")
    errors = list(map(operator.sub, map(float, predictions), truth))
    sizes = list(map(abs, errors))
    rms = math.sqrt(math.fsum(map(operator.mul, errors, errors)) / len(errors))
    spread = _spread(truth)
    hits = sum(map((HIT * spread).__ge__, sizes)) / len(errors)
    worst = sizes.index(max(sizes))
    place = ", ".join([f"{value:.4g}" for value in case.args[0][worst]])
    return Score(
        metrics={"score": -rms / spread, "hits": hits},
        feedback=f"largest error {errors[worst]:+.4g} at ({place})" if hits < 1 else "",
    )


@lru_cache(maxsize=64)
def _spread(truth: tuple[float, ...]) -> float:
    """Return the standard deviation of true values."""
    mean = math.fsum(truth) / len(truth)
    return math.sqrt(math.fsum((wanted - mean) ** 2 for wanted in truth) / len(truth))
