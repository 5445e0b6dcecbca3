"""Utility models: one number per item that explains who is chosen over whom.

:func:`fit_utilities` fits any :class:`UtilityModel` by maximising its likelihood (times weak
normal priors) with analytic gradients; :func:`bradley_terry` and :func:`thurstone` name the
common ones. Utilities sum to 0. Covariances are inverses of the observed information; for
replies that are not independent see :func:`telic.values.bootstrap`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from scipy.special import expit, ndtri

from telic.errors import MeasurementError, UnknownNameError, UsageError
from telic.values._arrays import Floats
from telic.values._connect import Connectedness, connectedness
from telic.values._design import Design, UtilityModel, build_design, outcome_scores
from telic.values._newton import covariance, minimise
from telic.values.comparison import Comparisons, Replies

__all__ = ["Estimate", "UtilityFit", "bradley_terry", "fit_utilities", "thurstone"]


class Estimate(msgspec.Struct, frozen=True):
    """A number with its standard error and an interval."""

    value: float
    """The best estimate."""
    error: float
    """Standard error."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end of the interval."""


@dataclass(frozen=True, eq=False)
class UtilityFit:
    """A fitted utility model."""

    model: UtilityModel
    items: tuple[str, ...]
    respondents: tuple[str, ...]
    utilities: Floats
    """(items,) sum to 0; in log-odds for the logistic link, in standard deviations of a
    difference for the normal link."""
    covariance: Floats
    """(items, items) of ``utilities``."""
    parameters: Floats
    """(p,) every parameter in the design's order."""
    parameter_covariance: Floats
    """(p, p) of ``parameters``."""
    log_likelihood: float
    """Of the answered replies, without priors."""
    iterations: int
    replies: Replies
    connected: Connectedness
    features: Floats | None
    design: Design

    @property
    def sentences(self) -> tuple[str, ...]:
        """What a reader of the utilities must know, possibly nothing."""
        return self.connected.sentences()

    def utility(self, item: str, *, level: float = 0.9) -> Estimate:
        """Return an item's utility relative to the mean of all.

        Raises:
            UnknownNameError: if there is no such item.
        """
        place = self._place(item)
        return interval_of(self.utilities[place], self.covariance[place, place], level)

    def difference(self, left: str, right: str, *, level: float = 0.9) -> Estimate:
        """Return by how much ``left`` is valued above ``right``."""
        i, j = self._place(left), self._place(right)
        variance = self.covariance[i, i] + self.covariance[j, j] - 2 * self.covariance[i, j]
        return interval_of(self.utilities[i] - self.utilities[j], variance, level)

    def intervals(self, *, level: float = 0.9) -> Floats:
        """Return the (items, 2) normal intervals of the utilities."""
        width = _quantile(level) * np.sqrt(np.diag(self.covariance))
        return np.stack([self.utilities - width, self.utilities + width], axis=1)

    def position_bias(self, respondent: str = "", *, level: float = 0.9) -> Estimate:
        """Return what being shown first adds to the standardised difference.

        Args:
            respondent: whose, where each has one.
            level: of the interval.

        Raises:
            UsageError: if the model has no position bias.
        """
        shared = self.model.position_bias == "shared"
        return self._term("bias", 0 if shared else self._rater(respondent), level)

    def weights(self) -> Floats:
        """Return the (f,) weights of the features, or the utilities where there are none."""
        return self.parameters[self.design.slices["utility"]]

    def spreads(self) -> Floats:
        """Return the (items,) variances relative to a typical item's.

        Raises:
            UsageError: if the model has no item spreads.
        """
        return np.exp(self.parameters[self._slice("spread")])

    def tie(self, *, level: float = 0.9) -> Estimate:
        """Return the logarithm of Davidson's nu or of the tie threshold.

        Raises:
            UsageError: if ties are half wins in this model.
        """
        return self._term("tie", 0, level)

    def skill(self, respondent: str, *, level: float = 0.9) -> Estimate:
        """Return the probability that a respondent looks at the items; interval via logits."""
        return _probability(self._term("skill", self._rater(respondent), level))

    def guess(self, respondent: str, *, level: float = 0.9) -> Estimate:
        """Return the probability that a respondent's guess is what is shown first."""
        return _probability(self._term("guess", self._rater(respondent), level))

    def predict(self, table: Comparisons) -> Floats:
        """Return (3, len(table)) probabilities of left, tie, right for a table's rows.

        Raises:
            MeasurementError: if the table's items or respondents are not the fit's.
        """
        if table.items != self.items or table.respondents != self.respondents:
            raise MeasurementError("predictions need a table with the fit's items and respondents")
        ones = np.ones(len(table))
        rows = np.arange(len(table), dtype=np.intp)
        asked = Comparisons(
            *(table.items, table.respondents, table.contexts),
            *(table.left, table.right, table.shown, table.respondent, table.context),
            *(ones, 0 * ones, ones),
            *(table.abstained, table.refused, table.unparsed, table.error),
        )
        design = build_design(asked, self.model, features=self.features, cluster=rows)
        log_p, _ = outcome_scores(self.model, design.rows(self.parameters))
        p = np.zeros((3, len(table)))
        p[[0, 2] if len(log_p) == 2 else [0, 1, 2]] = np.exp(log_p)
        p[:, design.cluster] = p.copy()
        return np.where(table.left > table.right, p[::-1], p)

    def _place(self, item: str) -> int:
        if item not in self.items:
            raise UnknownNameError("item", item, self.items)
        return self.items.index(item)

    def _rater(self, respondent: str) -> int:
        if respondent not in self.respondents:
            raise UnknownNameError("respondent", respondent, self.respondents)
        return self.respondents.index(respondent)

    def _slice(self, block: str) -> slice:
        if block not in self.design.slices:
            raise UsageError(f"this model has no {block} term; add it to the UtilityModel")
        return self.design.slices[block]

    def _term(self, block: str, offset: int, level: float) -> Estimate:
        place = self._slice(block).start + offset
        variance = float(self.parameter_covariance[place, place])
        return interval_of(float(self.parameters[place]), variance, level)


def fit_utilities(
    table: Comparisons,
    model: UtilityModel,
    *,
    features: Floats | None = None,
    start: Floats | None = None,
) -> UtilityFit:
    """Fit a utility model.

    Args:
        table: comparisons; replies that were not answered are counted, never used.
        model: the terms.
        features: (items, f) matrix ``X``: utilities are then ``X w``, as where options are
            described by the values they serve.
        start: (p,) parameters to start from, for example an earlier fit's.

    Raises:
        MeasurementError: if nothing was answered, there is one item only, or the maximum
            likelihood is infinite and there is no ridge.
    """
    _require_answers(table)
    connected = connectedness(table)
    if model.ridge == 0 and features is None and not connected.is_mutual:
        raise MeasurementError(
            f"without a ridge these utilities would be infinite: {connected.sentences()[0]}"
        )
    design = build_design(
        table, model, features=features, cluster=np.zeros(len(table), dtype=np.intp)
    )
    weights = np.ones(design.counts.shape[1])
    theta, iterations = minimise(design, weights, design.centre if start is None else start)
    spread = covariance(design, theta, weights)
    utilities, matrix = _on_items(design, theta, spread, features)
    penalty = 0.5 * float(design.precision @ (theta - design.centre) ** 2)
    return UtilityFit(
        model=model,
        items=table.items,
        respondents=table.respondents,
        utilities=utilities,
        covariance=matrix,
        parameters=theta,
        parameter_covariance=spread,
        log_likelihood=penalty - design.loss(theta, weights)[0],
        iterations=iterations,
        replies=table.replies,
        connected=connected,
        features=features,
        design=design,
    )


def bradley_terry(table: Comparisons, *, ridge: float = 0.01) -> UtilityFit:
    """Fit Bradley-Terry with a shared position bias and ties as half wins."""
    return fit_utilities(table, UtilityModel(position_bias="shared", ridge=ridge))


def thurstone(table: Comparisons, *, ridge: float = 0.01, item_spread: bool = False) -> UtilityFit:
    """Fit Thurstone with a shared position bias and ties as half wins."""
    model = UtilityModel(
        link="normal", position_bias="shared", item_spread=item_spread, ridge=ridge
    )
    return fit_utilities(table, model)


def _require_answers(table: Comparisons) -> None:
    if len(table.items) < 2:
        only: Sequence[str] = table.items or ("none",)
        raise MeasurementError(f"utilities need at least two items; got {only[0]!r} only")
    if table.replies.answered == 0:
        raise MeasurementError(
            f"no reply was answered ({table.replies}), so there is nothing to fit"
        )


def _on_items(
    design: Design, theta: Floats, spread: Floats, features: Floats | None
) -> tuple[Floats, Floats]:
    place = design.slices["utility"]
    utilities, matrix = theta[place], spread[place, place]
    if features is not None:
        centred = features - features.mean(axis=0)
        return centred @ utilities, centred @ matrix @ centred.T
    return utilities - utilities.mean(), matrix


def interval_of(value: float, variance: float, level: float) -> Estimate:
    """Return a normal estimate from its variance."""
    error = float(np.sqrt(max(variance, 0.0)))
    width = _quantile(level) * error
    return Estimate(float(value), error, float(value - width), float(value + width))


def _probability(logit: Estimate) -> Estimate:
    p = float(expit(logit.value))
    error = logit.error * p * (1 - p)
    return Estimate(p, error, float(expit(logit.low)), float(expit(logit.high)))


def _quantile(level: float) -> float:
    if not 0 < level < 1:
        raise UsageError(f"an interval's level must lie between 0 and 1; got {level}")
    return float(ndtri(0.5 + level / 2))
