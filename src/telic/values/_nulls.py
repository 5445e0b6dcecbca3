"""Is there anything to measure? A respondent beside respondents that value nothing.

A respondent that takes what is shown first nine times in ten can be predicted on unseen
pairs with an accuracy of .97 when pairs keep their order, so accuracy alone proves nothing.
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
    information = (blocks.scale**2).sum(axis=0)
    laplacian = np.zeros((blocks.size, blocks.size))
    np.add.at(laplacian, (blocks.a, blocks.b), -information)
    laplacian += laplacian.T
    laplacian -= np.diag(laplacian.sum(axis=1))
    inverse = np.asarray(pinvh(laplacian))
    observed = _score(blocks, blocks.residual, inverse)
    rng = seeding.numpy_stream(seed, "utility test")
    at_least = 0
    for _ in range(_PERMUTATIONS):
        moved = blocks.residual[:, _exchange(blocks.group, rng)]
        flip = (blocks.can_flip > 0) & (rng.random(len(blocks.a)) < 0.5)
        moved[:2, flip] = moved[1::-1, flip]
        moved[2, flip] *= -1
        at_least += _score(blocks, moved, inverse) >= observed * (1 - 1e-9)
    return (1 + at_least) / (1 + _PERMUTATIONS)


def _score(blocks: _Blocks, residual: Floats, inverse: Floats) -> float:
    wins = blocks.scale * residual
    net = wins[0] - wins[1] + wins[2]
    excess = np.bincount(blocks.a, net, blocks.size) - np.bincount(blocks.b, net, blocks.size)
    return float(excess @ inverse @ excess)


def _agreement_test(blocks: _Blocks, seed: int) -> float | None:
    both = (blocks.scale[0] > 0) & (blocks.scale[1] > 0)
    if both.sum() < 2:
        return None
    one, two = blocks.residual[0, both], -blocks.residual[1, both]
    observed, group = float(one @ two), blocks.group[both]
    slack = 1e-9 * abs(observed)
    rng = seeding.numpy_stream(seed, "agreement test")
    at_least = 0
    for _ in range(_PERMUTATIONS):
        # Which item of a pair is called a is a convention, so it is drawn as well.
        flip = rng.random(len(one)) < 0.5
        first, second = np.where(flip, -two, one), np.where(flip, -one, two)
        at_least += float(first @ second[_exchange(group, rng)]) >= observed - slack
    return (1 + at_least) / (1 + _PERMUTATIONS)


def _exchange(group: Indices, rng: np.random.Generator) -> Indices:
    """Return a random permutation of 0..len-1 that stays within groups."""
    order = np.lexsort((rng.random(len(group)), group))
    places = np.argsort(group, kind="stable")
    moved = np.empty(len(group), dtype=np.intp)
    moved[places] = order
    return moved
