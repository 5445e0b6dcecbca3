"""The position-only null model: what is shown first is taken at a rate, whatever it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from telic.values._arrays import Floats
from telic.values.comparison import Comparisons

__all__ = ["StickyFit", "fit_sticky", "sticky_probabilities"]


@dataclass(frozen=True)
class StickyFit:
    """Each respondent's rate of taking the first shown."""

    first: Floats
    """(respondents,) share of the replies to ordered forms; ½ where there were none."""
    tie: Floats
    """(respondents,) share of replies that are ties, 0 where ties are half wins."""


def fit_sticky(table: Comparisons, *, counts_ties: bool) -> StickyFit:
    """Count how often each respondent takes what is shown first.

    Args:
        table: comparisons.
        counts_ties: whether a tie is an outcome of its own, not half a win for either.
    """
    size = len(table.respondents)
    ties = table.ties if counts_ties else np.zeros(len(table))
    first = np.where(table.shown > 0, table.wins, table.losses) + (table.ties - ties) / 2
    ordered = np.abs(table.shown)
    taken = np.bincount(table.respondent, weights=ordered * first, minlength=size)
    decided = np.bincount(table.respondent, weights=ordered * (table.n - ties), minlength=size)
    tied = np.bincount(table.respondent, weights=ties, minlength=size)
    replies = np.bincount(table.respondent, weights=table.n, minlength=size)
    return StickyFit(
        np.divide(taken, decided, out=np.full(size, 0.5), where=decided > 0),
        np.divide(tied, replies, out=np.zeros(size), where=replies > 0),
    )


def sticky_probabilities(fit: StickyFit, table: Comparisons) -> Floats:
    """Return (3, len(table)) probabilities of left, tie, right."""
    first, tie = fit.first[table.respondent], fit.tie[table.respondent]
    left = np.where(table.shown > 0, first, np.where(table.shown < 0, 1 - first, 0.5))
    return np.stack([(1 - tie) * left, tie, (1 - tie) * (1 - left)])
