"""From the logs of runs to figures: curves, intervals and paired differences."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import fmean, stdev
from typing import NamedTuple

__all__ = ["Difference", "Line", "best_after", "best_when", "interval", "paired", "read_log"]


class Line(NamedTuple):
    """One evaluation in a log."""

    at: float
    """Monotonic seconds."""
    score: float | None
    """``None``: it failed."""


class Difference(NamedTuple):
    """Telic minus another system, over the seeds that both ran with."""

    mean: float
    low: float
    high: float
    """95 % Student interval of the mean; infinite with fewer than two pairs."""
    wins: int
    losses: int
    pairs: int


def read_log(text: str) -> list[Line]:
    """Return the evaluations of a log in the order of their ends."""
    lines = [line.split() for line in text.splitlines()]
    read = [Line(float(at), None if word == "failed" else float(word)) for at, word in lines]
    return sorted(read, key=lambda line: line.at)


def best_after(lines: Sequence[Line], count: int) -> float | None:
    """Return the best score among the first ``count`` evaluations; of all, if there are fewer."""
    return _best(lines[:count])


def best_when(lines: Sequence[Line], calls: Sequence[float], count: int) -> float | None:
    """Return the best score known when model call ``count + 1`` arrived.

    Args:
        lines: evaluations.
        calls: arrival of each model call, monotonic seconds, sorted.
        count: calls that are paid for; with no further call, all evaluations count.
    """
    if count >= len(calls):
        return _best(lines)
    return _best([line for line in lines if line.at < calls[count]])


def _best(lines: Sequence[Line]) -> float | None:
    return max((line.score for line in lines if line.score is not None), default=None)


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Return mean, low and high of the 95 % Student interval of the mean."""
    mean = fmean(values)
    if len(values) < 2:
        return mean, -math.inf, math.inf
    half = _student(len(values) - 1) * stdev(values) / math.sqrt(len(values))
    return mean, mean - half, mean + half


def paired(ours: Mapping[int, float], theirs: Mapping[int, float]) -> Difference | None:
    """Return how far our scores are above theirs, seed by seed; ``None`` without a pair."""
    seeds = sorted(ours.keys() & theirs.keys())
    if not seeds:
        return None
    differences = [ours[seed] - theirs[seed] for seed in seeds]
    mean, low, high = interval(differences)
    wins = sum(difference > 0 for difference in differences)
    losses = sum(difference < 0 for difference in differences)
    return Difference(mean, low, high, wins, losses, len(seeds))


def _student(freedom: int) -> float:
    """Return the 97.5 % point of Student's t (Cornish-Fisher expansion; a table below 5)."""
    table = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776}
    if freedom in table:
        return table[freedom]
    z = 1.959964
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )
