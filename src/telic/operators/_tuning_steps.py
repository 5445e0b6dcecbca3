"""Steps along single literals, for the few trials that a short run can spare.

A compass search (Kolda, Lewis & Torczon 2003) that draws its literal: each has a step length of its
own, which grows when a step along it is better and shrinks when it is not, and a weight, which
says how often steps along it were better of late. With fewer than some twenty trials a literal this
beats methods that model how literals go together. After a better step it goes on in the same
direction; after a worse one it turns round. Steps end at short numbers, so that nothing needs to
be shortened afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from telic.operators._digits import rounded
from telic.operators._slots import Slot
from telic.operators._tuning_search import Decoder
from telic.operators._workbench import Key

__all__ = ["step_search"]

_GROWTH, _SHRINKAGE = 1.8, 0.7
"""Factors of a step's length after a better and after a worse one."""
_PRAISE, _BLAME = 2.0, 0.75
"""Factors of a literal's weight likewise."""
_MOST, _LEAST = 4.0, 0.2
"""Bounds of a weight."""
_SPREAD = 0.3
"""Relative deviation of a step's length."""
_JOINT = 0.3
"""How often a second literal moves as well."""
_DIGITS = 3
_IDLE = 50
"""Draws in a row that give a known vector, after which it ends."""
_INERT = 4
"""Vectors, and one for each literal, of which none is better or worse, after which it ends."""


def step_search(
    slots: Sequence[Slot],
    measure: Callable[[list[tuple[float, ...]]], Sequence[Key]],
    start: Key,
    *,
    rng: np.random.Generator,
    vectors: int,
    sigma: float,
) -> tuple[tuple[float, ...], Key] | None:
    """Return the best vector found and its key, or ``None`` if none is better than the start.

    Args:
        slots: what each entry of a vector stands for; the search starts at their values.
        measure: returns a key for each vector; smaller is better.
        start: key of the slots' own values.
        rng: source of every draw.
        vectors: how many may be measured.
        sigma: first step length in units of the slots.
    """
    count = len(slots)
    decoder = Decoder(slots)
    point, best, found = np.zeros(count), start, None
    lengths = np.full(count, sigma)
    signs = rng.choice((-1.0, 1.0), count)
    weights = np.ones(count)
    known = {tuple(slot.value for slot in slots)}
    idle, equal = 0, 0
    while vectors > 0 and idle < _IDLE and equal < _INERT + count:
        place = int(rng.choice(count, p=weights / weights.sum()))
        tried = point.copy()
        tried[place] += signs[place] * lengths[place] * abs(rng.normal(1.0, _SPREAD))
        moved = [place]
        if count > 1 and rng.random() < _JOINT:
            other = int(rng.integers(count))
            tried[other] += signs[other] * lengths[other] * abs(rng.normal())
            moved.append(other)
        vector = _short(slots, decoder, tried, moved, found)
        if vector in known:
            idle += 1
            lengths[place] *= _GROWTH
            signs[place] = -signs[place]
            continue
        idle = 0
        known.add(vector)
        vectors -= 1
        key = measure([vector])[0]
        equal = equal + 1 if key == best else 0
        if key < best:
            point, best, found = tried, key, vector
            lengths[place] *= _GROWTH
            weights[place] = min(weights[place] * _PRAISE, _MOST)
        else:
            signs[place] = -signs[place]
            lengths[place] *= _SHRINKAGE
            weights[place] = max(weights[place] * _BLAME, _LEAST)
    return None if found is None else (found, best)


def _short(
    slots: Sequence[Slot],
    decoder: Decoder,
    point: NDArray[np.float64],
    moved: Sequence[int],
    found: tuple[float, ...] | None,
) -> tuple[float, ...]:
    """Return the present numbers, but at some places the short ones nearest to a point."""
    numbers = list(found or (slot.value for slot in slots))
    exact = decoder.vectors(point[None, :])[0]
    for place in moved:
        numbers[place] = rounded(slots[place], exact[place], _DIGITS)
    return tuple(numbers)
