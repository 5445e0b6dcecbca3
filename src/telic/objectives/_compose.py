"""How the terms of a composed objective become one worth.

Every rule but nearness to a point increases in every term. A lexicographic order has no weights
that hold for all values, so it is embedded exactly instead: whole steps of the first term, then
within a step the whole steps of the next one squashed into it, and so on. Rounding can make near
values equal, it can never reverse their order.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

from telic.objectives._transforms import affine, log_sigmoid, quantile, rank
from telic.problem import ObjectiveSpec, Term

__all__ = ["compose", "describe_terms", "missing", "reference_of"]

_WHOLE = 1e-9
_EXACT = 2.0**52
"""Beyond it every float is a whole number."""
_AUGMENT = 0.01
"""Weight of the mean beside the worst term, so that the others still count (Wierzbicki 1980)."""


def missing(metrics: Mapping[str, float], terms: Sequence[Term]) -> str:
    """Return a sentence on the first term whose metric is missing or not finite, or ``""``."""
    for term in terms:
        value = metrics.get(term.metric)
        if value is None:
            given = ", ".join(sorted(metrics)) or "none"
            return f"the scorer gave no metric {term.metric!r} (it gave: {given})"
        if not math.isfinite(value):
            return f"metric {term.metric!r} is {value}, which is not a finite number"
    return ""


def compose(metrics: Mapping[str, float], spec: ObjectiveSpec, *, case: str = "") -> float:
    """Return the worth of metrics; infinite where it is beyond the range of numbers.

    Args:
        metrics: has a finite value for every term.
        spec: with at least one term.
        case: name of the case that the metrics are of; "" when they are joined over cases.
    """
    terms = spec.terms
    if spec.combine == "lexicographic":
        return _lexicographic([(_turned(metrics, term, case), term.step) for term in terms])
    if spec.combine == "distance":
        away = [math.sqrt(term.weight) * _part(metrics, term, case) for term in terms]
        return 0.0 - math.hypot(*away)
    if spec.combine == "conjunction":
        parts = [term.weight * log_sigmoid(_part(metrics, term, case)) for term in terms]
    else:
        parts = [term.weight * _transformed(metrics, term, case) for term in terms]
    if spec.combine in ("worst", "pareto"):
        return min(parts) + _AUGMENT * _sum(parts) / len(parts)
    return _sum(parts)


def reference_of(term: Term, case: str = "") -> float:
    """Return what is good enough: the case's own reference, the declared one or a quantile."""
    if case in term.references:
        return term.references[case]
    if term.reference is not None:
        return term.reference
    if not term.sample:
        return 0.0
    # "Worse" is at the other end when less is better.
    level = term.quantile if term.direction == "maximize" else 1.0 - term.quantile
    return quantile(term.sample, level)


def describe_terms(spec: ObjectiveSpec) -> str:
    """Return the composition as a phrase, for example ``2 accuracy - 0.1 seconds``."""
    names = [_name(term) for term in spec.terms]
    if spec.combine == "lexicographic":
        steps = [f"{term.step:g}" if term.step else "none" for term in spec.terms]
        return ", then ".join(
            f"{name} (differences under {step} tie)" if step != "none" else name
            for name, step in zip(names, steps, strict=True)
        )
    if spec.combine == "conjunction":
        joined = " and ".join(
            f"{name} {'>=' if term.direction == 'maximize' else '<='} about {reference_of(term):g}"
            for name, term in zip((term.metric for term in spec.terms), spec.terms, strict=True)
        )
        return f"how likely it is that {joined} all hold"
    if spec.combine == "distance":
        points = ", ".join(f"{term.metric} = {reference_of(term):g}" for term in spec.terms)
        return f"nearness to {points}"
    parts = [_weighted(term) for term in spec.terms]
    if spec.combine == "worst":
        return f"the least of {', '.join(parts)}"
    if spec.combine == "pareto":
        return f"the front of {', '.join(parts)}, searched by the least of them"
    return " + ".join(parts).replace("+ -", "- ")


def _name(term: Term) -> str:
    return f"{'most' if term.direction == 'maximize' else 'least'} {term.metric}"


def _weighted(term: Term) -> str:
    amount = term.weight / (term.scale if term.transform != "rank" else 1.0)
    sign = "" if term.direction == "maximize" else "-"
    factor = "" if amount == 1.0 else f"{amount:g} "
    if term.transform == "rank":
        return f"{factor}rank of {'less ' if sign else ''}{term.metric}"
    if term.transform == "log-sigmoid":
        factor = "" if term.weight == 1.0 else f"{term.weight:g} "
        more = "<" if sign else ">"
        return f"{factor}log-sigmoid of {term.metric} {more} {reference_of(term):g}"
    reference = reference_of(term)
    value = term.metric if reference == 0 else f"({term.metric} - {reference:g})"
    return f"{sign}{factor}{value}"


def _turned(metrics: Mapping[str, float], term: Term, case: str) -> float:
    """The value from its reference, turned so that more is better."""
    value, reference = metrics[term.metric], reference_of(term, case)
    return value - reference if term.direction == "maximize" else reference - value


def _part(metrics: Mapping[str, float], term: Term, case: str) -> float:
    return affine(_turned(metrics, term, case), scale=term.scale)


def _transformed(metrics: Mapping[str, float], term: Term, case: str) -> float:
    if term.transform == "rank":
        share = rank(metrics[term.metric], _ranked(term.sample))
        return share if term.direction == "maximize" else 1.0 - share
    part = _part(metrics, term, case)
    return log_sigmoid(part) if term.transform == "log-sigmoid" else part


@lru_cache(maxsize=64)
def _ranked(sample: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sorted(sample))


def _lexicographic(levels: Sequence[tuple[float, float]]) -> float:
    """Embed values with their steps, the most important first, into one number."""
    worth = 0.0
    for place, (value, step) in reversed(list(enumerate(levels))):
        if step == 0:  # the last one: no difference is too small
            worth = value if place == 0 else _squash(value)
            continue
        steps = value / step
        # A value that is a whole number of steps but for rounding counts as one.
        steps = float(math.floor(steps + _WHOLE)) if abs(steps) < _EXACT else steps
        low, high = (steps, steps + 1.0) if place == 0 else (_squash(steps), _squash(steps + 1.0))
        worth = min(low + (high - low) * worth, high) if math.isfinite(low) else low
    return float(worth)


def _squash(value: float) -> float:
    """Map all numbers into (0, 1), increasing."""
    return 0.5 + 0.5 * value / (1.0 + abs(value)) if math.isfinite(value) else float(value > 0)


def _sum(parts: Sequence[float]) -> float:
    try:
        return math.fsum(parts)
    except (OverflowError, ValueError):
        return sum(parts)
