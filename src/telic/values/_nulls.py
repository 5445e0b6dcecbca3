"""Is there anything to measure? A respondent beside respondents that value nothing.

A respondent that takes what is shown first nine times in ten can be predicted on unseen
pairs with an accuracy of .94 when pairs keep their order, so accuracy alone proves nothing.
Here the replies are compared with the *sticky* null (each respondent takes the first shown
at a rate of its own; random is rate ½, always-first rate 1) by permutation tests that hold
whatever the noise: under the null it does not matter which pair a reply was given to.

- *Utility*: the score statistic of the items' utilities at the null, ``g'L⁺g``, with ``g``
  the items' excess of wins and ``L`` the comparison graph's weighted Laplacian. Pairs
  (all rows of a pair and respondent together) change places.
- *Agreement*: whether the two orders of a pair favour the same item. Replies to the second
  order change places. A respondent with consistent but cyclic preferences has it although
  no utility exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import sparse
from scipy.linalg import pinvh

from telic import seeding
from telic.values._arrays import Floats, Indices
from telic.values._design import UtilityModel
from telic.values._holdout import HoldOut, hold_out
from telic.values._sticky import StickyFit, fit_sticky, sticky_probabilities
from telic.values.comparison import Comparisons, Replies

__all__ = ["ContentReport", "Verdict", "content_report"]

Verdict = Literal["content signal", "content without a utility", "no content signal"]

_PERMUTATIONS = 999
_LEVEL = 0.005  # of either test, so that a null is called one in 99 of 100 measurements


@dataclass(frozen=True)
class ContentReport:
    """Whether replies depend on what is compared, beside what nulls would show."""

    verdict: Verdict
    utility_p: float
    """p-value of "no utility predicts the replies better than the order shown"."""
    agreement_p: float | None
    """p-value of "the two orders of a pair agree by chance"; ``None`` without both orders."""
    first_rate: dict[str, float]
    """Respondent → share of replies that took the first shown."""
    prediction: HoldOut
    replies: Replies


def content_report(
    table: Comparisons,
    model: UtilityModel,
    *,
    seed: int,
    folds: int = 5,
    features: Floats | None = None,
) -> ContentReport:
    """Fit a model beside nulls and say whether there is a content signal at all.

    Args:
        table: comparisons.
        model: scored on held-out pairs; the verdict does not depend on it.
        seed: address of the permutations and the split.
        folds: parts of the cross-validation.
        features: as in :func:`telic.values.fit_utilities`.

    Raises:
        MeasurementError: if too few pairs were answered to hold some out.
    """
    prediction = hold_out(table, model, seed=seed, folds=folds, features=features)
    blocks = _blocks(table)
    utility_p = _utility_test(blocks, seed)
    agreement_p = _agreement_test(blocks, seed)
    verdict: Verdict = "no content signal"
    if utility_p <= _LEVEL:
        verdict = "content signal"
    elif agreement_p is not None and agreement_p <= _LEVEL:
        verdict = "content without a utility"
    rates = blocks.null.first.tolist()
    return ContentReport(
        verdict,
        utility_p,
        agreement_p,
        dict(zip(table.respondents, rates, strict=True)),
        prediction,
        table.replies,
    )


@dataclass(frozen=True)
class _Blocks:
    """Standardised residuals of the null, one column per pair, respondent and context.

    Row 0 holds replies where item ``a`` was shown first, row 1 where ``b`` was, row 2 where
    neither was; ``a`` is the first shown where a block has a single order.
    """

    size: int
    a: Indices
    b: Indices
    residual: Floats
    """(3, blocks) positive where the first shown (row 2: ``a``) was taken more than usual."""
    scale: Floats
    """(3, blocks) standard deviation of the wins; 0 where nothing was asked."""
    group: Indices
    """(blocks,) blocks of one respondent and the same orders are exchangeable."""
    can_flip: Indices
    """(blocks,) 1 where swapping the names of ``a`` and ``b`` changes nothing."""
    null: StickyFit


def _blocks(table: Comparisons) -> _Blocks:
    null = fit_sticky(table, counts_ties=False)
    used = table.take(table.n > 0)
    low_is_left = used.left < used.right
    p = sticky_probabilities(null, used)[0]
    excess = used.wins + used.ties / 2 - used.n * p
    variance = used.n * p * (1 - p)
    low_first = np.where(low_is_left, used.shown, -used.shown)
    row = np.where(low_first > 0, 0, np.where(low_first < 0, 1, 2))
    # Residuals count for the first shown; without an order, for the lower item.
    sign = np.where(used.shown != 0, used.shown, np.where(low_is_left, 1, -1))
    key = np.stack([used.pair, used.respondent, used.context])
    unique, block = np.unique(key, axis=1, return_inverse=True)
    block, count = block.ravel(), unique.shape[1]
    residual, scale = np.zeros((3, count)), np.zeros((3, count))
    np.add.at(residual, (row, block), sign * excess)
    np.add.at(scale, (row, block), variance)
    asked = np.zeros((3, count), dtype=np.bool_)
    asked[row, block] = True
    scale = np.sqrt(scale)
    residual = np.divide(residual, scale, out=np.zeros_like(residual), where=scale > 0)
    low, high = unique[0] // len(table.items), unique[0] % len(table.items)
    only_high_first = asked[1] & ~asked[0]
    a, b = np.where(only_high_first, high, low), np.where(only_high_first, low, high)
    for values in (residual, scale, asked):
        values[:2, only_high_first] = values[1::-1, only_high_first]
    residual[2, only_high_first] *= -1
    shape = asked[0] * 4 + asked[1] * 2 + asked[2]
    can_flip = (asked[0] == asked[1]).astype(np.intp)
    group = unique[1] * 8 + shape
    return _Blocks(len(table.items), a, b, residual, scale, group, can_flip, null)


def _utility_test(blocks: _Blocks, seed: int) -> float:
    count = len(blocks.a)
    places = np.concatenate([blocks.a, blocks.b])
    signs = np.repeat([1.0, -1.0], count)
    columns = np.tile(np.arange(count), 2)
    ends = sparse.csr_array((signs, (places, columns)), shape=(blocks.size, count))
    information = (blocks.scale**2).sum(axis=0)
    inverse = np.asarray(pinvh((ends @ (ends * information).T).todense()))

    def scores(residual: Floats) -> Floats:
        """Return the statistic for residuals of shape (3, count, draws)."""
        wins = blocks.scale[:, :, None] * residual
        excess = ends @ (wins[0] - wins[1] + wins[2])
        return (excess * (inverse @ excess)).sum(axis=0)

    observed = float(scores(blocks.residual[:, :, None])[0])
    rng = seeding.numpy_stream(seed, "utility test")
    at_least = 0
    for draws in _portions(count):
        moved = blocks.residual[:, _exchanges(blocks.group, draws, rng)]
        flip = (blocks.can_flip > 0)[:, None] & (rng.random((count, draws)) < 0.5)
        first, second = np.where(flip, moved[1], moved[0]), np.where(flip, moved[0], moved[1])
        unordered = np.where(flip, -moved[2], moved[2])
        null = scores(np.stack([first, second, unordered]))
        at_least += int((null >= observed * (1 - 1e-9)).sum())
    return (1 + at_least) / (1 + _PERMUTATIONS)


def _agreement_test(blocks: _Blocks, seed: int) -> float | None:
    both = (blocks.scale[0] > 0) & (blocks.scale[1] > 0)
    if both.sum() < 2:
        return None
    one, two = blocks.residual[0, both, None], -blocks.residual[1, both, None]
    observed, group = float((one * two).sum()), blocks.group[both]
    rng = seeding.numpy_stream(seed, "agreement test")
    at_least = 0
    for draws in _portions(len(one)):
        # Which item of a pair is called a is a convention, so it is drawn as well.
        flip = rng.random((len(one), draws)) < 0.5
        first, second = np.where(flip, -two, one), np.where(flip, -one, two)
        moved = np.take_along_axis(second, _exchanges(group, draws, rng), axis=0)
        null = (first * moved).sum(axis=0)
        at_least += int((null >= observed - 1e-9 * abs(observed)).sum())
    return (1 + at_least) / (1 + _PERMUTATIONS)


def _portions(count: int) -> list[int]:
    """Split the permutations into portions that fit into memory."""
    most = max(1, 1_000_000 // count)
    whole, rest = divmod(_PERMUTATIONS, most)
    return [most] * whole + [rest] * (rest > 0)


def _exchanges(group: Indices, draws: int, rng: np.random.Generator) -> Indices:
    """Return (len, draws) random permutations of 0..len-1 that stay within groups."""
    order = np.argsort(group[:, None] + rng.random((len(group), draws)), axis=0)
    moved = np.empty_like(order)
    moved[np.argsort(group, kind="stable")] = order
    return moved
