"""CMA-ES over slots, restarted until the trials are used up.

The covariance matrix adaptation evolution strategy (Hansen & Ostermeier 2001) through the
``cmaes`` package: full covariance for few slots, its separable form (Ros & Hansen 2008) for
many, and margins that keep integers moving (Hamano et al. 2022). It sees ranks only, so
that any order of trials will do. Restarts take turns, as in BIPOP-CMA-ES (Hansen 2009),
between a wider search with twice the population and a narrow one around the best.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from typing import Any

import cmaes
import numpy as np
from numpy.typing import NDArray

from telic.operators._slots import Slot
from telic.operators._workbench import Key

__all__ = ["FULL_COVARIANCE", "Decoder", "search"]

FULL_COVARIANCE = 40
"""Slots up to which the full covariance matrix is adapted."""

Floats = NDArray[np.float64]


def search(
    slots: Sequence[Slot],
    measure: Callable[[list[tuple[float, ...]]], Sequence[Key]],
    *,
    rng: np.random.Generator,
    vectors: int,
    sigma: float,
) -> tuple[tuple[float, ...], Key] | None:
    """Return the best vector found and its key, or ``None`` without room for a population.

    Args:
        slots: what each entry of a vector stands for; the search starts at their values.
        measure: returns a key for each vector; smaller is better.
        rng: source of the samplers' seeds.
        vectors: how many may be measured.
        sigma: first step size in units of the slots.
    """
    best: tuple[tuple[float, ...], Key] | None = None
    population = 4 + int(3 * math.log(len(slots)))
    decoder = Decoder(slots)
    restart, left = 0, vectors
    while left >= population:
        is_narrow = restart % 2 == 1 and best is not None
        size = population if restart == 0 or is_narrow else population << (restart + 1) // 2
        size = min(size, left)
        start = best[0] if is_narrow and best is not None else None
        width = sigma * (0.1 if is_narrow else 2.0 ** min((restart + 1) // 2, 3))
        sampler = _sampler(slots, start, width, size, int(rng.integers(2**31)))
        while left >= size and not sampler.should_stop():
            asked = [_ask(sampler) for _ in range(size)]
            batch = decoder.vectors(np.array([point for point, _ in asked]))
            keys = measure(batch)
            left -= size
            ranks = {key: rank for rank, key in enumerate(sorted(set(keys)))}
            sampler.tell(
                [(told, float(ranks[key])) for (_, told), key in zip(asked, keys, strict=True)]
            )
            leader = min(range(size), key=lambda i: keys[i])
            if best is None or keys[leader] < best[1]:
                best = batch[leader], keys[leader]
        restart += 1
    return best


class Decoder:
    """Turns coordinates around the slots' values into numbers inside their domains.

    Args:
        slots: what each coordinate stands for.
    """

    def __init__(self, slots: Sequence[Slot]) -> None:
        self._start = np.array([_start(slot) for slot in slots], dtype=float)
        self._unit = np.array([slot.domain.unit for slot in slots])
        self._low = np.array([slot.domain.low for slot in slots])
        self._high = np.minimum([slot.domain.high for slot in slots], sys.float_info.max)
        self._is_log = np.array([s.domain.is_log and not s.is_integer for s in slots])
        self._integers = [index for index, slot in enumerate(slots) if slot.is_integer]
        self._logarithm = np.log(self._start[self._is_log])

    def vectors(self, points: Floats) -> list[tuple[float, ...]]:
        """Return a vector of slot values for each row of coordinates, shape ``(count, n)``."""
        values = self._start + points * self._unit
        if self._logarithm.size:
            exponents = (points * self._unit)[:, self._is_log] + self._logarithm
            values[:, self._is_log] = np.exp(np.minimum(exponents, 709.0))
        rows: list[list[float]] = np.clip(values, self._low, self._high).tolist()
        for index in self._integers:
            for row in rows:
                row[index] = round(row[index])
        return [tuple(row) for row in rows]


def _start(slot: Slot) -> float:
    return min(max(slot.value, slot.domain.low), slot.domain.high)


def _encode(slot: Slot, value: float) -> float:
    if slot.domain.is_log and not slot.is_integer:
        return (math.log(value) - math.log(_start(slot))) / slot.domain.unit
    return (value - _start(slot)) / slot.domain.unit


def _sampler(
    slots: Sequence[Slot],
    start: Sequence[float] | None,
    sigma: float,
    population: int,
    seed: int,
) -> Any:
    mean = np.zeros(len(slots))
    if start is not None:
        mean = np.array([_encode(s, v) for s, v in zip(slots, start, strict=True)])
    bounds = np.array(
        [[_encode(s, s.domain.low), _encode(s, s.domain.high)] for s in slots], dtype=float
    )
    has_integers = any(slot.is_integer for slot in slots)
    settings: dict[str, Any] = {"seed": seed, "population_size": population}
    if has_integers or np.isfinite(bounds).any():  # checking bounds takes time
        settings["bounds"] = bounds
    if len(slots) > FULL_COVARIANCE:
        return cmaes.SepCMA(mean, sigma, **settings)
    if has_integers:
        steps = [1.0 / s.domain.unit if s.is_integer else 0.0 for s in slots]
        return cmaes.CMAwM(mean, sigma, steps=np.array(steps), **settings)
    return cmaes.CMA(mean, sigma, **settings)


def _ask(sampler: Any) -> tuple[Floats, Floats]:
    """Return the point to measure and the one to tell."""
    asked = sampler.ask()
    return asked if isinstance(asked, tuple) else (asked, asked)
