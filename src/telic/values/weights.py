"""What each value weighs in choices, with biases for kinds of options beside the values.

In DailyDilemmas one option of each pair is "to do" and the other "not to do", and their tags
differ; a respondent that just likes to act then seems to hold the values of acting. Here the
log-odds of a choice are a sum of value weights, a bias per kind of option and a position bias,
fitted together by maximum likelihood with a weak normal prior, so that each takes only its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np
from scipy.special import ndtri

from telic.errors import MeasurementError
from telic.values._design import UtilityModel
from telic.values.comparison import Replies
from telic.values.instrument import Option
from telic.values.measurement import Measurement
from telic.values.projection import Projection
from telic.values.utility import Estimate, UtilityFit, fit_utilities

__all__ = ["ValueWeights", "value_weights"]


class ValueWeights(msgspec.Struct, frozen=True):
    """Weights in log-odds of choosing an option that has one unit more of a dimension."""

    respondent: str
    """Who was asked."""
    weights: Mapping[str, Estimate]
    """Dimension → weight."""
    kinds: Mapping[str, Estimate]
    """Kind of option → bias for it over the reference kind."""
    reference: str
    """The kind that the others are compared with; empty without kinds."""
    position: Estimate
    """Bias for what is shown first, in log-odds."""
    replies: Replies
    """How the replies to pairs ended."""
    questions: int
    """Pairs."""


def value_weights(
    measurement: Measurement,
    projection: Projection | None = None,
    *,
    ridge: float = 0.1,
    level: float = 0.9,
) -> ValueWeights:
    """Return the weights that explain the choices of a measurement's pairs.

    Intervals are normal, from the observed information: they hold for replies that are
    independent given the weights.

    Args:
        measurement: replies to pairs whose options have tags or kinds.
        projection: from tags to dimensions; each tag is its own dimension by default.
        ridge: precision of the prior on weights and biases, positive.
        level: of the intervals.

    Raises:
        MeasurementError: if nothing was answered, or the options differ in no dimension.
    """
    measurement.require_answers()
    instrument = measurement.instrument
    if projection is None:
        projection = Projection.identity("tags", instrument.dimensions or ("",))
    table = measurement.comparisons(qualified=True)
    options = {
        f"{question.id}:{option.name}": option
        for question in instrument.questions
        if question.form == "pair"
        for option in question.options
    }
    kinds = sorted({option.kind for option in options.values()} - {""})
    dimensions = sorted({d for option in options.values() for d in projection.apply(option.tags)})
    names = [*dimensions, *kinds[1:]]
    if not names:
        raise MeasurementError(
            f"the options of {instrument.name!r} have neither values nor kinds to weigh"
        )
    features = np.array(
        [_row(options[item], projection, dimensions, kinds[1:]) for item in table.items]
    )
    model = UtilityModel(position_bias="shared", ridge=ridge)
    fit = fit_utilities(table, model, features=features)
    found = _estimates(fit, names, level)
    return ValueWeights(
        respondent=measurement.respondent,
        weights={name: found[name] for name in dimensions},
        kinds={name: found[name] for name in kinds[1:]},
        reference=kinds[0] if kinds else "",
        position=fit.position_bias(level=level),
        replies=fit.replies,
        questions=len(options) // 2,
    )


def _estimates(fit: UtilityFit, names: list[str], level: float) -> dict[str, Estimate]:
    """Return each feature's weight with its normal interval."""
    start = fit.design.slices["utility"].start
    spread = np.sqrt(np.diag(fit.parameter_covariance))[start : start + len(names)]
    half = float(ndtri(0.5 + level / 2)) * spread
    return {
        name: Estimate(float(w), float(e), float(w - h), float(w + h))
        for name, w, e, h in zip(names, fit.weights(), spread, half, strict=True)
    }


def _row(
    option: Option, projection: Projection, dimensions: list[str], kinds: list[str]
) -> list[float]:
    tags = projection.apply(option.tags)
    return [tags.get(each, 0.0) for each in dimensions] + [
        float(option.kind == each) for each in kinds
    ]
