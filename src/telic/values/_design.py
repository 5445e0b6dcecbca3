"""The shared design of all utility models.

A row's likelihood depends on a few *latents*, each a linear map of the parameters: the
difference of utilities, the two items' log variances, the position bias, the tie
parameter, the rater's skill and guess. A model chooses which latents are active and how
they give the outcome probabilities; everything else (gradient, Hessian, optimiser,
covariance, bootstrap) is shared, so features combine freely.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec
import numpy as np
from scipy import sparse

from telic.errors import UsageError
from telic.values._arrays import Floats, Indices, LogLink
from telic.values._bias import with_guessing
from telic.values._bradley_terry import log_logistic
from telic.values._thurstone import log_normal, standardised
from telic.values._ties import davidson, threshold, untied
from telic.values.comparison import Comparisons

__all__ = ["Design", "UtilityModel", "build_design"]

# Weak normal priors, mean and precision, on parameters that data often leave undecided. The
# other blocks (utilities, position bias, tie) have the model's ridge around 0.
_PRIORS: Mapping[str, tuple[float, float]] = {
    "spread": (0.0, 4.0),  # log variances within about ±1
    "skill": (1.5, 0.25),  # most raters look four times out of five, give or take much
    "guess": (0.0, 0.25),
}

_STEP = 1e-4  # of the central differences in latent space


class UtilityModel(msgspec.Struct, frozen=True, kw_only=True):
    """Which terms a utility model has.

    Raises:
        UsageError: if terms contradict each other or the ridge is negative.
    """

    link: Literal["logistic", "normal"] = "logistic"
    """``logistic`` is Bradley-Terry, ``normal`` Thurstone."""
    ties: Literal["half", "davidson", "threshold"] = "half"
    """Half a win for either side, or an outcome of its own with a parameter."""
    position_bias: Literal["none", "shared", "respondent"] = "none"
    rater_skill: bool = False
    """Whether each respondent has a probability of looking and a guess."""
    item_spread: bool = False
    """Whether each item has a variance of its own (normal link only)."""
    ridge: float = 0.01
    """Precision of the normal prior on utilities, position bias and tie parameter; 0 is plain
    maximum likelihood for them."""

    def __post_init__(self) -> None:
        if not self.ridge >= 0:
            raise UsageError(f"ridge must be 0 or more; got {self.ridge}")
        if self.ties == "davidson" and self.link != "logistic":
            raise UsageError("Davidson ties need the logistic link; use ties='threshold'")
        if self.item_spread and self.link != "normal":
            raise UsageError("item spreads need the normal link")


@dataclass(frozen=True)
class Design:
    """Rows and maps of one model on one table; ``m`` rows, ``p`` parameters."""

    model: UtilityModel
    counts: Floats
    """(outcomes, m) replies that ended left, tied where that is an outcome, right."""
    latents: tuple[str, ...]
    """The J active latents."""
    maps: sparse.csr_array
    """(J m, p) parameters → latents, one latent after the other."""
    slices: Mapping[str, slice]
    """Parameter block → its place among the p parameters."""
    precision: Floats
    """(p,) of the prior."""
    centre: Floats
    """(p,) of the prior, and where optimisation starts."""
    shift_free: bool
    """Whether adding a constant to all utilities changes no probability."""
    cluster: Indices
    """(m,) cluster of each row."""

    @property
    def size(self) -> int:
        """Number of parameters."""
        return len(self.precision)

    def rows(self, theta: Floats) -> dict[str, Floats]:
        """Return each active latent's (m,) values."""
        values = (self.maps @ theta).reshape(len(self.latents), -1)
        return dict(zip(self.latents, values, strict=True))

    def loss(self, theta: Floats, weights: Floats) -> tuple[float, Floats]:
        """Return the negative log posterior and its (p,) gradient.

        Args:
            theta: (p,) parameters.
            weights: (m,) multiples of the rows.
        """
        log_p, slopes = outcome_scores(self.model, self.rows(theta))
        residual = theta - self.centre
        gradient = self.precision * residual
        gradient -= self.maps.T @ (weights * self._slopes(slopes)).ravel()
        penalty = 0.5 * float(self.precision @ residual**2)
        return penalty - float(weights @ _expected(self.counts, log_p)), gradient

    def hessian(self, theta: Floats, weights: Floats) -> Floats:
        """Return the (p, p) observed information, prior included.

        Second derivatives by a row's few latents are central differences of the analytic
        first ones; the maps from parameters to latents are linear, hence exact.
        """
        rows = self.rows(theta)
        size, count = len(self.latents), len(weights)
        curvature = np.empty((size, count, size))
        for place, name in enumerate(self.latents):
            ahead, behind = (
                self._slopes(outcome_scores(self.model, {**rows, name: rows[name] + step})[1])
                for step in (_STEP, -_STEP)
            )
            curvature[place] = (weights * (behind - ahead) / (2 * _STEP)).T
        # One sparse matrix with the J x J curvatures of every row on its diagonals.
        columns = np.arange(size)[None, :] * count + np.arange(count)[:, None]
        starts = np.arange(0, size * size * count + 1, size)
        blocks = sparse.csr_array(
            (curvature.ravel(), np.tile(columns.ravel(), size), starts), shape=(size * count,) * 2
        )
        total = np.asarray((self.maps.T @ (blocks @ self.maps)).todense(), dtype=np.float64)
        return 0.5 * (total + total.T) + np.diag(self.precision)

    def _slopes(self, slopes: Mapping[str, Floats]) -> Floats:
        """Return the (J, m) derivatives of each row's log likelihood by its latents."""
        return np.stack([_expected(self.counts, slopes[name]) for name in self.latents])


def build_design(
    table: Comparisons, model: UtilityModel, *, features: Floats | None, cluster: Indices
) -> Design:
    """Collapse equal rows and lay out the parameters.

    Args:
        table: rows without an answered reply are left out.
        model: the terms.
        features: (items, f) matrix ``X`` that makes utilities ``X w``, or ``None``.
        cluster: (len(table),) cluster of each row.
    """
    respondent_matters = model.rater_skill or model.position_bias == "respondent"
    swapped = table.left > table.right
    low, high = np.minimum(table.left, table.right), np.maximum(table.left, table.right)
    shown = np.where(swapped, -table.shown, table.shown).astype(np.intp)
    who = table.respondent if respondent_matters else np.zeros_like(table.respondent)
    if model.position_bias == "none" and not model.rater_skill:
        shown = np.zeros_like(shown)
    wins = np.where(swapped, table.losses, table.wins)
    losses = np.where(swapped, table.wins, table.losses)
    ties = table.ties
    if model.ties == "half":
        wins, losses = wins + ties / 2, losses + ties / 2
    used = np.flatnonzero(table.n > 0)
    key = np.stack([low, high, shown, who, cluster])[:, used]
    unique, inverse = _group(key)
    columns = (wins, losses) if model.ties == "half" else (wins, ties, losses)
    counts: Floats = np.stack(
        [np.bincount(inverse, column[used], unique.shape[1]).astype(float) for column in columns]
    )
    return _laid_out(model, unique, counts, table, features)


def _group(key: Indices) -> tuple[Indices, Indices]:
    """Return the different columns of a key, sorted, and the place of each column in them."""
    order = np.lexsort(key[::-1])
    ordered = key[:, order]
    starts = np.ones(ordered.shape[1], dtype=np.bool_)
    starts[1:] = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
    inverse = np.empty(len(order), dtype=np.intp)
    inverse[order] = np.cumsum(starts) - 1
    return ordered[:, starts], inverse


def _laid_out(
    model: UtilityModel,
    key: Indices,
    counts: Floats,
    table: Comparisons,
    features: Floats | None,
) -> Design:
    left, right, shown, who, cluster = key
    rows, size = len(left), len(table.items)
    raters = len(table.respondents)
    width = {
        "utility": size if features is None else features.shape[1],
        "spread": size if model.item_spread else 0,
        "bias": {"none": 0, "shared": 1, "respondent": raters}[model.position_bias],
        "tie": 0 if model.ties == "half" else 1,
        "skill": raters if model.rater_skill else 0,
        "guess": raters if model.rater_skill else 0,
    }
    edges = np.cumsum([0, *width.values()])
    slices = {name: slice(edges[i], edges[i + 1]) for i, name in enumerate(width) if width[name]}
    ones = np.ones(rows)
    pick_left, pick_right = _picks(left, ones, size), _picks(right, ones, size)
    difference = (pick_left - pick_right).tocsr()
    blocks: dict[str, tuple[str, sparse.csr_array]] = {
        "difference": (
            "utility",
            difference if features is None else sparse.csr_array(difference @ features),
        )
    }
    if model.item_spread:
        blocks["spread_left"] = ("spread", pick_left)
        blocks["spread_right"] = ("spread", pick_right)
    if width["bias"]:
        of = who if model.position_bias == "respondent" else np.zeros_like(who)
        blocks["bias"] = ("bias", _picks(of, shown.astype(np.float64), width["bias"]))
    if width["tie"]:
        blocks["tie"] = ("tie", _picks(np.zeros_like(who), ones, 1))
    if model.rater_skill:
        blocks["skill"] = ("skill", _picks(who, ones, raters))
        blocks["guess"] = ("guess", _picks(who, shown.astype(np.float64), raters))
    maps = sparse.csr_array(
        sparse.vstack(
            [_placed(matrix, int(edges[-1]), slices[block]) for block, matrix in blocks.values()]
        )
    )
    precision, centre = np.zeros(edges[-1]), np.zeros(edges[-1])
    for block, place in slices.items():
        centre[place], precision[place] = _PRIORS.get(block, (0.0, model.ridge))
    return Design(
        model, counts, tuple(blocks), maps, slices, precision, centre, features is None, cluster
    )


def _picks(column: Indices, values: Floats, width: int) -> sparse.csr_array:
    rows = np.arange(len(column))
    return sparse.csr_array((values, (rows, column)), shape=(len(column), width))


def _placed(matrix: sparse.csr_array, width: int, place: slice) -> sparse.csr_array:
    shape = (len(matrix.indptr) - 1, width)
    return sparse.csr_array((matrix.data, matrix.indices + place.start, matrix.indptr), shape)


def outcome_scores(
    model: UtilityModel, latents: Mapping[str, Floats]
) -> tuple[Floats, dict[str, Floats]]:
    """Return log probabilities of the outcomes and their derivatives by each latent.

    All arrays are (outcomes, m): left, tie where ties are an outcome, right.
    """
    link: LogLink = log_logistic if model.link == "logistic" else log_normal
    eta = latents["difference"]
    by_parts: tuple[Floats, ...] = (np.ones_like(eta),)
    if model.item_spread:
        eta, by_parts = standardised(eta, latents["spread_left"], latents["spread_right"])
    eta = eta + latents.get("bias", 0.0)
    if model.ties == "half":
        outcomes = untied(link, eta)
    elif model.ties == "davidson":
        outcomes = davidson(eta, latents["tie"])
    else:
        outcomes = threshold(link, eta, latents["tie"])
    slopes: dict[str, Floats] = {}
    if model.rater_skill:
        outcomes, slopes["skill"], slopes["guess"] = with_guessing(
            outcomes, latents["skill"], latents["guess"]
        )
    log_p, by_eta, by_tie = outcomes
    names = ("difference", "spread_left", "spread_right")
    slopes |= {name: by_eta * part for name, part in zip(names, by_parts, strict=False)}
    if "bias" in latents:
        slopes["bias"] = by_eta
    if "tie" in latents:
        slopes["tie"] = by_tie
    return log_p, slopes


def _expected(counts: Floats, values: Floats) -> Floats:
    """Return the (m,) sums over outcomes of counts times values."""
    return np.einsum("om,om->m", counts, values)
