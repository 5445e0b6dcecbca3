"""Risk measures: what several values of one thing are worth together.

Higher values are better. The conditional value at risk follows Rockafellar & Uryasev (2000),
"Optimization of conditional value-at-risk": the mean of the worst share, where the value at the
edge counts with the fraction that belongs to it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from telic.objectives._transforms import quantile, require_finite
from telic.problem import Risk

__all__ = ["at_risk", "conditional_value_at_risk", "describe_risk"]


def conditional_value_at_risk(values: Sequence[float], level: float) -> float:
    """Return the mean of the worst (lowest) share ``level`` of the values.

    Args:
        values: finite, at least one.
        level: above 0 and at most 1; 1 gives the mean, a small level the lowest value.

    Raises:
        MeasurementError: if there is no value, or one is not finite.
    """
    ranked = sorted(require_finite(values, "a conditional value at risk"))
    mass = level * len(ranked)
    whole = min(int(mass), len(ranked))
    if whole == 0:
        return ranked[0]
    edge = (mass - whole) * ranked[whole] if whole < len(ranked) else 0.0
    return (math.fsum(ranked[:whole]) + edge) / mass


def at_risk(values: Sequence[float], risk: Risk) -> float:
    """Return the one value that several are worth; higher values are better.

    Raises:
        MeasurementError: if there is no value, or one is not finite.
    """
    require_finite(values, f"a {risk.kind}")
    if risk.kind == "worst":
        return min(values)
    if risk.kind == "quantile":
        return quantile(values, risk.level)
    if risk.kind == "cvar":
        return conditional_value_at_risk(values, risk.level)
    return math.fsum(values) / len(values)


def describe_risk(risk: Risk, of: str) -> str:
    """Return how several are joined, for example ``the mean of the worst 10 % of the cases``."""
    share = f"{risk.level:.3g}" if risk.level < 0.001 else f"{100 * risk.level:.3g} %"
    return {
        "mean": f"the mean over {of}",
        "worst": f"the worst of {of}",
        "quantile": f"the value that {share} of {of} are worse than",
        "cvar": f"the mean of the worst {share} of {of}",
    }[risk.kind]
