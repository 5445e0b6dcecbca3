"""Tasks for Hopfield networks: recall, capacity, and bags with one telling member."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from telic.critics.hopfield import pool, retrieve
from telic.errors import UsageError

Array = NDArray[np.float64]
Labels = NDArray[np.bool_]

__all__ = ["Bags", "capacity", "drawn_bags", "learned_accuracy", "pooled_accuracy", "recall"]

_FLIPPED = 0.1
"""Share of a binary pattern's signs that are disturbed."""
_NEAR = 0.1
"""A state is recalled when it is nearer to its pattern than this share of the length."""
_ASKED = 256
"""Disturbed patterns that a share is measured on; few patterns are disturbed several times."""


@dataclass(frozen=True)
class Bags:
    """Half for learning, half for testing."""

    instances: Array
    """(bags, instances, width)."""
    labels: Labels
    """(bags,)."""

    @property
    def half(self) -> int:
        """How many are for learning."""
        return len(self.labels) // 2


def recall(
    patterns: int, dimension: int, rng: np.random.Generator, *, noise: float
) -> tuple[float, float]:
    """Return the share of disturbed patterns that one update recalls: softmax, and classical."""
    points = _sphere(patterns, dimension, rng)
    return _share(points, rng, noise=noise), _classical_share(np.sign(points), rng)


def capacity(
    dimension: int, rng: np.random.Generator, *, noise: float, most: int, share: float
) -> tuple[float, float]:
    """Return the doublings of the number of patterns until fewer than a share are recalled.

    Args:
        dimension: of their space.
        rng: draws patterns and disturbances.
        noise: of each coordinate.
        most: doublings at most.
        share: to be recalled.

    Returns:
        For the softmax update and for the classical one; between two doublings, interpolated.
    """
    points = _sphere(2**most, dimension, rng)
    signs = np.sign(points)
    ends: list[float] = []
    for shares in (
        (_share(points[: 2**k], rng, noise=noise) for k in range(most + 1)),
        (_classical_share(signs[: 2**k], rng) for k in range(most + 1)),
    ):
        before, reached = 1.0, float(most)
        for doublings, now in enumerate(shares):
            if now < share:
                reached = max(0.0, doublings - (share - now) / max(before - now, 1e-12))
                break
            before = now
        ends.append(reached)
    return ends[0], ends[1]


def drawn_bags(bags: int, instances: int, width: int, rng: np.random.Generator) -> Bags:
    """Return bags of noise, half of which hold one member near a hidden key."""
    key = rng.normal(size=width)
    key *= 5.0 / np.linalg.norm(key)
    rows = rng.normal(size=(2 * bags, instances, width))
    labels = rng.random(2 * bags) < 0.5
    rows[labels, 0] += key
    return Bags(rows, labels)


def pooled_accuracy(bags: Bags) -> tuple[float, float]:
    """Return the accuracies of a linear read-out of bags pooled by association, and by mean.

    The query is the difference of class means, learned from the first half.
    """
    half, labels = bags.half, bags.labels
    means = bags.instances.mean(axis=1)
    learn = labels[:half]
    query = means[:half][learn].mean(axis=0) - means[:half][~learn].mean(axis=0)
    query /= np.linalg.norm(query)
    vectors = np.stack([pool(bag, query[None, :], beta=4.0)[0] for bag in bags.instances])
    return _read_out(vectors, labels, half), _read_out(means, labels, half)


def learned_accuracy(bags: Bags, *, beta: float | None, steps: int, seed: int) -> float:
    """Return the accuracy of a Hopfield pooling layer trained with a linear read-out.

    Args:
        bags: what it learns from and is tested on.
        beta: first sharpness, trained as well; ``None`` fixes it near 0, which is the mean.
        steps: of Adam on batches of 64 bags.
        seed: of weights and batches.

    Raises:
        UsageError: if PyTorch is not installed.
    """
    from telic.critics.learn import single_thread  # isort: skip  (says what to install)
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits

    from telic.critics.learn.hopfield import Hopfield, HopfieldPooling

    width, half = bags.instances.shape[2], bags.half
    rows = torch.tensor(bags.instances).float()
    goals = torch.tensor(bags.labels).float()
    with single_thread(), torch.random.fork_rng():
        torch.manual_seed(seed)
        layer = Hopfield(
            width,
            width,
            beta=1e-6 if beta is None else beta,
            learns_beta=beta is not None,
            projects_states=False,
        )
        pooling = HopfieldPooling(width, recall=layer)
        network = torch.nn.Sequential(pooling, torch.nn.Linear(width, 1))
        optimiser = torch.optim.Adam(network.parameters(), lr=0.01)
        for _ in range(steps):
            at = torch.randint(half, (min(64, half),))
            said = network(rows[at])[:, 0]
            optimiser.zero_grad()
            binary_cross_entropy_with_logits(said, goals[at]).backward()
            optimiser.step()
        with torch.no_grad():
            right = (network(rows[half:])[:, 0] > 0) == (goals[half:] > 0)
    return float(right.float().mean())


def _sphere(count: int, dimension: int, rng: np.random.Generator) -> Array:
    """Return points of length √dimension."""
    if dimension < 2:
        raise UsageError(f"patterns need at least 2 dimensions; got {dimension}")
    points = rng.normal(size=(count, dimension))
    return points * dimension**0.5 / np.linalg.norm(points, axis=1, keepdims=True)


def _share(points: Array, rng: np.random.Generator, *, noise: float) -> float:
    own = np.arange(_ASKED) % len(points)
    asked = points[own]
    disturbed = asked + noise * rng.normal(size=asked.shape)
    found = retrieve(disturbed, points, beta=1.0 / noise**2)
    is_own = (found @ points.T).argmax(axis=1) == own
    is_near = np.linalg.norm(found - asked, axis=1) < _NEAR * points.shape[1] ** 0.5
    return float((is_own & is_near).mean())


def _classical_share(signs: Array, rng: np.random.Generator) -> float:
    """Return the share that the sign of the sum of outer products recalls without an error."""
    asked = signs[np.arange(_ASKED) % len(signs)]
    flipped = np.where(rng.random(asked.shape) < _FLIPPED, -asked, asked)
    recalled = np.sign(flipped @ signs.T @ signs - len(signs) * flipped)
    return float((recalled == asked).all(axis=1).mean())


def _read_out(rows: Array, labels: Labels, half: int) -> float:
    """Fit a linear read-out to the first half and count what it gets right in the second."""
    widened = np.column_stack([rows, np.ones(len(rows))])
    goals = np.where(labels[:half], 1.0, -1.0)
    weights = np.linalg.lstsq(widened[:half], goals, rcond=None)[0]
    return float(((widened[half:] @ weights > 0) == labels[half:]).mean())
