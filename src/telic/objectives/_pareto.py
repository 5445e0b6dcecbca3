"""Several goals that are not traded against each other: fronts and their measures.

Points are vectors of finite numbers of which more is better (turn the others beforehand); a
point dominates another when it is nowhere worse and somewhere better. The hypervolume (Zitzler &
Thiele 1998) is computed by the exclusive contributions of While, Bradstreet & Barone (2012), "A
fast way of calculating exact hypervolumes"; crowding distances follow NSGA-II (Deb et al. 2002);
per-case fronts keep what is best on at least one case, as GEPA (Agrawal et al. 2025) does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from telic.errors import MeasurementError

__all__ = [
    "case_winners",
    "crowding_distances",
    "dominates",
    "front",
    "fronts",
    "hypervolume",
    "knee",
]

Point = Sequence[float]


def dominates(point: Point, other: Point) -> bool:
    """Tell whether a point is nowhere worse than another and somewhere better."""
    pairs = list(zip(point, other, strict=True))
    return all(a >= b for a, b in pairs) and any(a > b for a, b in pairs)


def front(points: Sequence[Point]) -> list[int]:
    """Return the indices of the points that no other dominates, in order; equal ones all stay.

    Raises:
        MeasurementError: if points differ in length or hold numbers that are not finite.
    """
    _check(points)
    if not points:
        return []
    # In falling lexicographic order a point can only be dominated by one before it.
    order = sorted(range(len(points)), key=lambda i: tuple(points[i]), reverse=True)
    kept: list[int] = []
    if len(points[0]) == 2:
        best, at = -math.inf, math.inf
        for i in order:
            x, y = points[i]
            if y > best or (y == best and x == at):
                kept.append(i)
                best, at = y, x
        return sorted(kept)
    for i in order:
        if not any(dominates(points[j], points[i]) for j in kept):
            kept.append(i)
    return sorted(kept)


def fronts(points: Sequence[Point]) -> list[list[int]]:
    """Return all points by fronts: the first, the first of the rest, and so on.

    Raises:
        MeasurementError: if points differ in length or hold numbers that are not finite.
    """
    layers: list[list[int]] = []
    left = list(range(len(points)))
    while left:
        chosen = {left[i] for i in front([points[i] for i in left])}
        layers.append(sorted(chosen))
        left = [i for i in left if i not in chosen]
    return layers


def hypervolume(points: Sequence[Point], reference: Point) -> float:
    """Return the volume that points dominate above a reference point, exactly.

    Takes exponential time in the number of dimensions; points that are not above the reference
    in every dimension add nothing.

    Raises:
        MeasurementError: if lengths differ or a number is not finite.
    """
    _check([*points, reference])
    gains = [
        tuple(a - b for a, b in zip(point, reference, strict=True))
        for point in points
        if all(a > b for a, b in zip(point, reference, strict=True))
    ]
    return _volume([gains[i] for i in front(gains)])


def _volume(gains: list[tuple[float, ...]]) -> float:
    """Volume of the union of boxes from the origin; no box lies inside another."""
    if not gains:
        return 0.0
    gains = sorted(set(gains), reverse=True)
    if len(gains[0]) == 1:
        return gains[0][0]
    if len(gains[0]) == 2:
        below = [0.0, *(y for _, y in gains[:-1])]
        return math.fsum(x * (y - low) for (x, y), low in zip(gains, below, strict=True))
    return math.fsum(_exclusive(gain, gains[at + 1 :]) for at, gain in enumerate(gains))


def _exclusive(gain: tuple[float, ...], others: list[tuple[float, ...]]) -> float:
    limited = [tuple(map(min, gain, other)) for other in others]
    return math.prod(gain) - _volume([limited[i] for i in front(limited)])


def crowding_distances(points: Sequence[Point]) -> list[float]:
    """Return how alone each point of a front stands; infinite at the ends of a dimension.

    Raises:
        MeasurementError: if points differ in length or hold numbers that are not finite.
    """
    _check(points)
    distances = [0.0] * len(points)
    for dimension in range(len(points[0]) if points else 0):
        order = sorted(range(len(points)), key=lambda i: points[i][dimension])
        width = points[order[-1]][dimension] - points[order[0]][dimension]
        distances[order[0]] = distances[order[-1]] = math.inf
        for before, at, after in zip(order, order[1:], order[2:], strict=False):
            if width > 0:
                distances[at] += (points[after][dimension] - points[before][dimension]) / width
    return distances


def knee(points: Sequence[Point]) -> int:
    """Return the index of the front's knee: farthest above the plane through its extremes.

    Each dimension is scaled to its range on the front; the plane is where the scaled coordinates
    sum to a constant, which in two dimensions is the line through both ends (Das 1999, "On
    characterizing the knee of the Pareto curve"). Ties go to the first.

    Raises:
        MeasurementError: if there is no point, or as for :func:`front`.
    """
    if not points:
        raise MeasurementError("a knee needs at least one point; got none")
    candidates = front(points)
    columns = list(zip(*(points[i] for i in candidates), strict=True))
    spans = [(min(column), max(column) - min(column)) for column in columns]

    def height(i: int) -> float:
        return math.fsum(
            (value - low) / width if width > 0 else 0.0
            for value, (low, width) in zip(points[i], spans, strict=True)
        )

    return max(candidates, key=height)


def case_winners(points: Sequence[Point]) -> dict[int, list[int]]:
    """Return which points are best on which cases: index of a point → cases that it wins.

    Ties belong to all; a point that wins no case, or only such cases as another that wins more
    wins too, is left out. So a specialist stays and a mediocre all-rounder does not.

    Raises:
        MeasurementError: if points differ in length or hold numbers that are not finite.
    """
    _check(points)
    wins: dict[int, list[int]] = {}
    for case in range(len(points[0]) if points else 0):
        best = max(point[case] for point in points)
        for index, point in enumerate(points):
            if point[case] == best:
                wins.setdefault(index, []).append(case)
    return {
        index: cases
        for index, cases in sorted(wins.items())
        if not any(set(cases) < set(others) for others in wins.values())
    }


def _check(points: Sequence[Point]) -> None:
    for point in points:
        if len(point) != len(points[0]) or not len(point):
            raise MeasurementError(
                f"points need the same number of goals, at least one; got {len(points[0])} and "
                f"{len(point)}"
            )
        if not all(map(math.isfinite, point)):
            raise MeasurementError(f"a point holds a goal that is not finite: {tuple(point)}")
