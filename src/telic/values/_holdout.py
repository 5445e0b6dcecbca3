"""How well a model predicts pairs that it has not seen."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np

from telic import seeding
from telic.errors import MeasurementError
from telic.values._arrays import Floats, Indices
from telic.values._design import UtilityModel
from telic.values._sticky import fit_sticky, sticky_probabilities
from telic.values.comparison import Comparisons
from telic.values.utility import Estimate, fit_utilities, interval_of

__all__ = ["HoldOut", "Prediction", "hold_out"]


class Prediction(msgspec.Struct, frozen=True):
    """How good predicted probabilities are on unseen pairs."""

    log_likelihood: float
    """Nats per answered reply; ``log ½ ≈ -0.693`` is a coin toss where there are no ties."""
    accuracy: float
    """Share of rows whose majority was predicted; level rows and level predictions count ½."""


@dataclass(frozen=True)
class HoldOut:
    """A model beside the nulls, each fitted to some pairs and tried on the others."""

    model: Prediction
    random: Prediction
    """Every option equally likely."""
    sticky: Prediction
    """Each respondent takes what is shown first with a rate of its own, whatever it is."""
    gain: Estimate
    """Log likelihood per reply of the model above sticky; clustered by pair, 90 %."""
    pairs: int
    folds: int


def hold_out(
    table: Comparisons,
    model: UtilityModel,
    *,
    seed: int,
    folds: int = 5,
    features: Floats | None = None,
) -> HoldOut:
    """Cross-validate a utility model over pairs, beside the null models.

    Args:
        table: comparisons; all rows of a pair fall into the same fold.
        model: the terms.
        seed: address of the split.
        folds: number of parts.
        features: as in :func:`telic.values.fit_utilities`.

    Raises:
        MeasurementError: if fewer than ``folds`` pairs were answered.
    """
    answered = table.take(table.n > 0)
    pairs, place = np.unique(answered.pair, return_inverse=True)
    if len(pairs) < folds:
        raise MeasurementError(
            f"{folds} folds need {folds} pairs with answers or more; got {len(pairs)}"
        )
    order = seeding.numpy_stream(seed, "hold-out").permutation(len(pairs))
    fold = (order % folds)[place]
    p_model, p_sticky = np.empty((3, len(answered))), np.empty((3, len(answered)))
    for part in range(folds):
        train, test = answered.take(fold != part), answered.take(fold == part)
        fitted = fit_utilities(train, model, features=features)
        p_model[:, fold == part] = fitted.predict(test)
        null = fit_sticky(train, counts_ties=model.ties != "half")
        p_sticky[:, fold == part] = sticky_probabilities(null, test)
    p_random = _random(answered, counts_ties=model.ties != "half")
    counts = _counts(answered, model)
    scores = [_log_scores(counts, p) for p in (p_model, p_random, p_sticky)]
    total = counts.sum()
    of_model, of_random, of_sticky = (
        Prediction(float(score.sum() / total), _accuracy(counts, p))
        for score, p in zip(scores, (p_model, p_random, p_sticky), strict=True)
    )
    gain = _gain(scores[0] - scores[2], counts.sum(axis=0), place)
    return HoldOut(of_model, of_random, of_sticky, gain, len(pairs), folds)


def _counts(table: Comparisons, model: UtilityModel) -> Floats:
    counts = np.stack([table.wins, table.ties, table.losses])
    if model.ties == "half":
        counts = np.stack([counts[0] + counts[1] / 2, 0 * counts[1], counts[2] + counts[1] / 2])
    return counts


def _random(table: Comparisons, *, counts_ties: bool) -> Floats:
    tie = float(table.ties.sum() / table.n.sum()) if counts_ties else 0.0
    return np.tile(np.array([[(1 - tie) / 2], [tie], [(1 - tie) / 2]]), len(table))


def _log_scores(counts: Floats, p: Floats) -> Floats:
    logs = np.log(np.maximum(p, 1e-12))
    return np.where(counts > 0, counts * logs, 0.0).sum(axis=0)


def _accuracy(counts: Floats, p: Floats) -> float:
    seen, predicted = np.sign(counts[0] - counts[2]), np.sign(np.round(p[0] - p[2], 12))
    agrees = np.where(seen * predicted == 0, 0.5, (seen == predicted).astype(np.float64))
    return float(agrees.mean())


def _gain(differences: Floats, sizes: Floats, cluster: Indices) -> Estimate:
    """Return the mean per reply, its error from the variation between clusters."""
    mean = differences.sum() / sizes.sum()
    residual = np.bincount(cluster, weights=differences - mean * sizes)
    count = len(residual)
    variance = count / max(count - 1, 1) * float((residual**2).sum()) / sizes.sum() ** 2
    return interval_of(float(mean), variance, level=0.9)
