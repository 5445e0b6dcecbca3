"""Short literals: the fewest digits that keep what tuning found, checked by the scorer."""

from __future__ import annotations

import math
from collections.abc import Sequence

from telic.operators._slots import Slot
from telic.operators._workbench import Session, Trial, sort_key

__all__ = ["DIGITS", "rounded", "shortest"]

DIGITS = range(1, 16)
"""How many digits are tried, relative to each literal's unit."""


def rounded(slot: Slot, value: float, digits: int) -> float:
    """Return ``value`` with a number of digits that fits the slot's unit.

    Args:
        slot: where it goes; an integer slot gives an ``int`` whatever ``digits`` is.
        value: finite.
        digits: 1 or more; on a linear scale they count from the unit's first digit.
    """
    if slot.is_integer:
        return round(value)
    domain = slot.domain
    if domain.is_log:
        result = float(f"{value:.{digits}g}")
    else:
        result = round(value, digits - 1 - math.floor(math.log10(domain.unit)))
    return min(max(result, domain.low), domain.high)


def shortest(
    session: Session,
    slots: Sequence[Slot],
    vectors: Sequence[Sequence[float]],
    *,
    loss: float,
    counts: Sequence[int] = DIGITS,
) -> tuple[tuple[float, ...], Trial] | None:
    """Return the vector of fewest digits that is as good as the best one, or ``None``.

    Spends ``len(vectors) * (len(counts) + 1)`` trials in one batch.

    Args:
        session: executes and scores the template.
        slots: one for each entry of a vector.
        vectors: unrounded alternatives, in order of preference.
        loss: how much less than the best value is accepted, 0 or more.
        counts: numbers of digits to try, ascending.

    Returns:
        The vector and its trial; ``None`` if no alternative is feasible.
    """
    options: list[tuple[float, ...]] = []
    for digits in (*counts, None):
        for vector in vectors:
            pairs = zip(slots, vector, strict=True)
            options.append(
                tuple(vector)
                if digits is None
                else tuple(rounded(slot, value, digits) for slot, value in pairs)
            )
    trials = session.evaluate(options)
    best = min(trials, key=sort_key)
    if not best.feasible or best.value is None:
        return None
    floor = best.value - loss
    for option, trial in zip(options, trials, strict=True):
        if trial.feasible and trial.value is not None and trial.value >= floor:
            return option, trial
    raise AssertionError("the best option is one of the options")
