"""Which pairs to compare next.

Three ways to choose, all with the same result, a list of pairs of item names:

- :func:`pairs_at_random`, the baseline;
- :func:`pairs_by_closeness`, as in Utility Engineering (M. Mazeika et al., 2025): pairs whose
  utilities are close and whose items were compared seldom;
- :func:`pairs_by_information`: pairs whose answers are expected to tell most about the
  utilities (D. V. Lindley, Annals of Mathematical Statistics 27 (1956), 986-1005), one after
  the other, each assuming that the ones before it were asked.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import entr, expit, ndtr

from telic.errors import UsageError
from telic.values._arrays import Floats, Indices
from telic.values.utility import UtilityFit

__all__ = ["pairs_at_random", "pairs_by_closeness", "pairs_by_information", "regular_pairs"]

Pairs = list[tuple[str, str]]

# Gauss-Hermite nodes for a standard normal; weights are normalised where they are used.
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(15)


def regular_pairs(items: Sequence[str], *, degree: int, rng: np.random.Generator) -> Pairs:
    """Return a first design: random circles through all items.

    Args:
        items: two or more names.
        degree: comparisons per item, an even number; pairs may repeat above 2.
        rng: source of the circles.

    Raises:
        UsageError: if the degree is odd or not positive, or there are too few items.
    """
    if degree < 2 or degree % 2 or len(items) < 2:
        raise UsageError(
            f"a regular design needs an even degree of 2 or more and two items; "
            f"got degree {degree} and {len(items)} items"
        )
    pairs: Pairs = []
    for _ in range(degree // 2):
        order: list[int] = rng.permutation(len(items)).tolist()
        circle = zip(order, [*order[1:], order[0]], strict=True)
        pairs += [(items[a], items[b]) for a, b in circle]
    return pairs


def pairs_at_random(items: Sequence[str], *, count: int, rng: np.random.Generator) -> Pairs:
    """Return pairs drawn evenly from all, without repetition within the call."""
    first, second = np.triu_indices(len(items), 1)
    chosen = rng.choice(len(first), size=min(count, len(first)), replace=False)
    return _named(items, first[chosen], second[chosen])


def pairs_by_closeness(
    fit: UtilityFit,
    asked: Sequence[tuple[str, str]],
    *,
    count: int,
    rng: np.random.Generator,
    closest: float = 0.1,
    rarest: float = 0.2,
) -> Pairs:
    """Return new pairs among the closest in utility whose items were compared least.

    Args:
        fit: the current utilities.
        asked: pairs compared so far; none is returned again.
        count: how many to return.
        rng: draws among the pairs that qualify.
        closest: share of the remaining pairs that counts as close.
        rarest: share of the remaining pairs, by summed comparisons of their items, that
            counts as rare. Both are widened by half up to five times where too few qualify.
    """
    index = {name: place for place, name in enumerate(fit.items)}
    done = np.zeros((len(fit.items), len(fit.items)), dtype=np.bool_)
    degree = np.zeros(len(fit.items))
    for left, right in asked:
        i, j = index[left], index[right]
        done[i, j] = done[j, i] = True
        degree[[i, j]] += 1
    first, second = np.triu_indices(len(fit.items), 1)
    new = ~done[first, second]
    first, second = first[new], second[new]
    if not len(first):
        return []
    gap = np.abs(fit.utilities[first] - fit.utilities[second])
    load = degree[first] + degree[second]
    qualified: Indices = np.arange(0)
    for _ in range(5):
        is_close = gap <= np.quantile(gap, closest)
        qualified = np.flatnonzero(is_close & (load <= np.quantile(load, rarest)))
        if len(qualified) >= count:
            break
        closest, rarest = min(1.5 * closest, 1.0), min(1.5 * rarest, 1.0)
    others = np.setdiff1d(np.arange(len(first)), qualified)
    order = np.concatenate([rng.permutation(qualified), rng.permutation(others)])[:count]
    return _named(fit.items, first[order], second[order])


def pairs_by_information(
    fit: UtilityFit,
    *,
    count: int,
    rng: np.random.Generator,
    replies: int = 1,
    candidates: int = 20_000,
) -> Pairs:
    """Return the pairs whose answers are expected to tell most about the utilities.

    A pair's worth is the mutual information, in nats, between one answer and the utilities
    under their normal posterior; it is large where the outcome is open *and* the difference
    is uncertain. A pair may be returned again when it is still the most informative.

    Args:
        fit: the current utilities with their covariance.
        count: how many to return.
        rng: draws the candidates where there are more pairs than ``candidates``.
        replies: how many answers each pair will get.
        candidates: how many pairs to weigh against each other.
    """
    first, second = np.triu_indices(len(fit.items), 1)
    if len(first) > candidates:
        kept = rng.choice(len(first), size=candidates, replace=False)
        first, second = first[kept], second[kept]
    matrix = fit.covariance.copy()
    gap = fit.utilities[first] - fit.utilities[second]
    chosen: Pairs = []
    for _ in range(count):
        diagonal = np.diag(matrix)
        variance = diagonal[first] + diagonal[second] - 2 * matrix[first, second]
        best = int(np.argmax(_information(fit, gap, np.maximum(variance, 0.0))))
        i, j = int(first[best]), int(second[best])
        chosen.append((fit.items[i], fit.items[j]))
        # What the answers will do to the covariance does not depend on what they are.
        direction = matrix[:, i] - matrix[:, j]
        precision = replies * _answer_precision(fit, float(gap[best]))
        matrix -= np.outer(direction, direction) * (
            precision / (1 + precision * float(variance[best]))
        )
    return chosen


def _named(items: Sequence[str], first: Indices, second: Indices) -> Pairs:
    left: list[int] = first.tolist()
    right: list[int] = second.tolist()
    return [(items[a], items[b]) for a, b in zip(left, right, strict=True)]


def _information(fit: UtilityFit, gap: Floats, variance: Floats) -> Floats:
    """Return the entropy of the expected answer minus the expected entropy of the answer."""
    at_nodes = gap + np.sqrt(variance) * _NODES[:, None]
    p = expit(at_nodes) if fit.model.link == "logistic" else ndtr(at_nodes)
    weights = _WEIGHTS / _WEIGHTS.sum()
    return _entropy(weights @ p) - weights @ _entropy(p)


def _entropy(p: Floats) -> Floats:
    return entr(p) + entr(1 - p)


def _answer_precision(fit: UtilityFit, gap: float) -> float:
    """Return the Fisher information of one answer about the difference."""
    if fit.model.link == "logistic":
        p = float(expit(gap))
        return p * (1 - p)
    p = float(np.clip(ndtr(gap), 1e-12, 1 - 1e-12))
    return float(np.exp(-(gap**2)) / (2 * np.pi) / (p * (1 - p)))
