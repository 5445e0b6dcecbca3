"""Structural probes on comparisons: are preferences transitive, complete, independent of order?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from telic.errors import MeasurementError
from telic.values._arrays import Floats, Indices
from telic.values._pairs import pair_shares, triangles
from telic.values.comparison import Comparisons, Replies
from telic.values.utility import Estimate, interval_of

__all__ = ["Completeness", "Transitivity", "completeness", "transitivity"]


@dataclass(frozen=True)
class Transitivity:
    """Preferences around triads of items whose three pairs were all compared."""

    cycle_probability: Estimate
    """Probability that three independent replies go round in a circle, mean over triads; ¼
    for a respondent that answers at random. The error is a jackknife over items."""
    cyclic: float
    """Share of triads whose three majorities go round in a circle; level pairs never do."""
    strong: float
    """Share of triads that satisfy strong stochastic transitivity: a preferred to b and b to c
    implies a over c at least as clearly as either."""
    triads: int
    replies: Replies


@dataclass(frozen=True)
class Completeness:
    """How far a respondent has a preference between any two options."""

    answered: float
    """Share of the replies asked for that were answered."""
    tied: float
    """Share of the answered replies that were ties."""
    confidence: float
    """Mean of ``|2p - 1|`` over pairs: 0 undecided, 1 always the same item."""
    same_in_both_orders: float | None
    """Share of pairs with the same majority in both orders, level ones half; ½ for a
    respondent that looks at the order alone. ``None`` if no pair was shown in both."""
    pairs: int
    replies: Replies


def transitivity(table: Comparisons) -> Transitivity:
    """Measure how often preferences go round in circles.

    Raises:
        MeasurementError: if no three items were all compared with each other.
    """
    pairs = pair_shares(table)
    members = triangles(pairs.low, pairs.high, len(table.items))
    if not len(members):
        raise MeasurementError(
            "transitivity needs three items that were all compared with each other; "
            f"the {len(pairs.low)} pairs form no such triad"
        )
    ij, jk, ik = pairs.share[members].T
    ki = 1 - ik
    cycle = ij * jk * ki + (1 - ij) * (1 - jk) * (1 - ki)
    round_one = (ij > 0.5) & (jk > 0.5) & (ki > 0.5)
    round_other = (ij < 0.5) & (jk < 0.5) & (ki < 0.5)
    first, second, _ = members.T
    items = np.stack([pairs.low[first], pairs.low[second], pairs.high[second]])
    return Transitivity(
        cycle_probability=_jackknife(cycle, items, len(table.items)),
        cyclic=float((round_one | round_other).mean()),
        strong=float(_is_strong(ij, jk, ki).mean()),
        triads=len(members),
        replies=table.replies,
    )


def completeness(table: Comparisons) -> Completeness:
    """Measure how far there is a preference between the compared options.

    Raises:
        MeasurementError: if no reply was answered.
    """
    replies = table.replies
    if replies.answered == 0:
        raise MeasurementError(f"no reply was answered ({replies}), so no preference is known")
    pairs = pair_shares(table)
    both = pairs.by_order[:, np.isfinite(pairs.by_order).all(axis=0)] - 0.5
    agrees = (np.sign(both[0]) * np.sign(both[1]) + 1) / 2
    return Completeness(
        answered=replies.answered / replies.asked,
        tied=float(table.ties.sum()) / replies.answered,
        confidence=float(np.abs(2 * pairs.share - 1).mean()),
        same_in_both_orders=float(agrees.mean()) if agrees.size else None,
        pairs=len(pairs.low),
        replies=replies,
    )


def _is_strong(ij: Floats, jk: Floats, ki: Floats) -> Floats:
    """Tell where, the triad ordered by its majorities, the outer pair is the clearest."""
    around = np.stack([ij, jk, ki]) - 0.5
    # In an acyclic triad one pair runs against the other two: it joins the outer items.
    around = np.where((around > 0).sum(axis=0) == 1, around, -around)
    outer = around.max(axis=0)
    others = -np.sort(around, axis=0)[:2]
    return ((outer >= 0) & (outer + 1e-12 >= others).all(axis=0)).astype(np.float64)


def _jackknife(values: Floats, items: Indices, size: int) -> Estimate:
    total, count = values.sum(), len(values)
    of_item, count_of = np.zeros(size), np.zeros(size)
    for row in items:
        of_item += np.bincount(row, values, size)
        count_of += np.bincount(row, minlength=size)
    left = count_of < count
    without = (total - of_item[left]) / (count - count_of[left])
    share = (len(without) - 1) / max(len(without), 1)
    variance = share * float(((without - without.mean()) ** 2).sum()) if left.any() else np.inf
    return interval_of(float(values.mean()), variance, level=0.9)
