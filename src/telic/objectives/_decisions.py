"""From utilities to choice probabilities and back, and how far the probabilities can be trusted.

A softmax over utilities is a decision rule: ``p_i ∝ exp(u_i / T)``; read backwards, log
probabilities are utilities up to a constant. Chen et al. (2023), "Utility-Probability Duality of
Neural Networks" (arXiv 2305.14859), argue that training raises the observed choice and lowers
its tempting rivals, so that what is learned is an *order*; whether it is also a calibrated
probability has to be measured. :func:`calibration_report` measures both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import Literal

import msgspec

from telic.errors import MeasurementError, UsageError
from telic.objectives._transforms import require_finite

__all__ = [
    "CalibrationBin",
    "CalibrationReport",
    "Rule",
    "calibration_report",
    "choice_probabilities",
    "decide",
    "utilities_of",
]

Rule = Literal["best", "sample", "abstain"]
"""``best`` takes the most probable option, ``sample`` draws by probability, ``abstain`` takes the
best only if it is probable enough."""


class CalibrationBin(msgspec.Struct, frozen=True):
    """Decisions of similar confidence."""

    low: float
    high: float
    count: int
    confidence: float
    """Mean probability given to the chosen option."""
    accuracy: float
    """Share of the decisions that were right."""


class CalibrationReport(msgspec.Struct, frozen=True):
    """Whether probabilities order options, and whether they are probabilities."""

    decisions: int
    accuracy: float
    """Share right when the best option is taken."""
    sampled_accuracy: float
    """Expected share right when the option is drawn by its probability."""
    confidence: float
    """Mean probability of the best option."""
    calibration_error: float
    """Expected calibration error: mean distance of confidence and accuracy over the bins."""
    brier: float
    """Mean squared distance of the probabilities from the truth, 0 to 2."""
    log_loss: float
    """Mean negative log probability of the truth, in nats."""
    bins: tuple[CalibrationBin, ...]
    """Those that hold a decision."""


def choice_probabilities(utilities: Sequence[float], *, temperature: float = 1.0) -> list[float]:
    """Return ``softmax(u / T)``; increasing in an option's own utility.

    Raises:
        MeasurementError: if there is no utility, or one is not finite.
        UsageError: if the temperature is not positive.
    """
    if not temperature > 0:
        raise UsageError(f"temperature must be positive; got {temperature}")
    require_finite(utilities, "a choice")
    top = max(utilities)
    weights = [math.exp((utility - top) / temperature) for utility in utilities]
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def utilities_of(probabilities: Sequence[float], *, temperature: float = 1.0) -> list[float]:
    """Return ``T log p``, shifted to mean 0: the utilities that would choose so.

    Raises:
        MeasurementError: if a probability is not in (0, 1], or they do not sum to 1.
        UsageError: if the temperature is not positive.
    """
    if not temperature > 0:
        raise UsageError(f"temperature must be positive; got {temperature}")
    _check_probabilities(probabilities)
    if min(probabilities) <= 0:
        raise MeasurementError("an option of probability 0 has no finite utility")
    logs = [temperature * math.log(probability) for probability in probabilities]
    mean = math.fsum(logs) / len(logs)
    return [value - mean for value in logs]


def decide(
    probabilities: Sequence[float], rule: Rule, rng: Random, *, threshold: float = 0.5
) -> int | None:
    """Return the chosen option, or ``None`` when the rule abstains.

    Args:
        probabilities: of the options, summing to 1.
        rule: how to choose; ties of ``best`` go to the first.
        rng: drawn from by ``sample`` alone.
        threshold: least probability with which ``abstain`` decides.

    Raises:
        MeasurementError: if they are not probabilities.
    """
    _check_probabilities(probabilities)
    best = max(range(len(probabilities)), key=lambda i: probabilities[i])
    if rule == "sample":
        drawn = rng.random()
        for option, probability in enumerate(probabilities):
            drawn -= probability
            if drawn < 0:
                return option
        return best
    if rule == "abstain" and probabilities[best] < threshold:
        return None
    return best


def calibration_report(
    probabilities: Sequence[Sequence[float]], truths: Sequence[int], *, bins: int = 10
) -> CalibrationReport:
    """Compare stated probabilities with what turned out to be right.

    Args:
        probabilities: for each decision those of its options, summing to 1.
        truths: index of the right option of each decision.
        bins: equally wide, over the confidence in the best option.

    Raises:
        MeasurementError: if there is no decision, lengths differ, or rows are not probabilities.
        UsageError: if ``bins`` is below 1.
    """
    if bins < 1:
        raise UsageError(f"bins must be 1 or more; got {bins}")
    if not probabilities or len(probabilities) != len(truths):
        raise MeasurementError(
            f"a calibration needs as many truths as decisions, at least one; got "
            f"{len(truths)} and {len(probabilities)}"
        )
    rows = list(zip(probabilities, truths, strict=True))
    for row, truth in rows:
        _check_probabilities(row)
        if not 0 <= truth < len(row):
            raise MeasurementError(f"truth {truth} is not one of {len(row)} options")
    tops = [max(range(len(row)), key=lambda i, row=row: row[i]) for row, _ in rows]
    confident = [(row[top], top == truth) for (row, truth), top in zip(rows, tops, strict=True)]
    table = _bins(confident, bins)
    count = len(rows)
    return CalibrationReport(
        decisions=count,
        accuracy=sum(right for _, right in confident) / count,
        sampled_accuracy=math.fsum(row[truth] for row, truth in rows) / count,
        confidence=math.fsum(confidence for confidence, _ in confident) / count,
        calibration_error=math.fsum(b.count * abs(b.confidence - b.accuracy) for b in table)
        / count,
        brier=math.fsum((p - (i == t)) ** 2 for row, t in rows for i, p in enumerate(row)) / count,
        log_loss=-math.fsum(math.log(max(row[truth], 1e-300)) for row, truth in rows) / count,
        bins=table,
    )


def _bins(confident: Sequence[tuple[float, bool]], bins: int) -> tuple[CalibrationBin, ...]:
    groups: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in confident:
        groups.setdefault(min(int(confidence * bins), bins - 1), []).append((confidence, right))
    return tuple(
        CalibrationBin(
            low=place / bins,
            high=(place + 1) / bins,
            count=len(group),
            confidence=math.fsum(confidence for confidence, _ in group) / len(group),
            accuracy=sum(right for _, right in group) / len(group),
        )
        for place, group in sorted(groups.items())
    )


def _check_probabilities(probabilities: Sequence[float]) -> None:
    require_finite(probabilities, "a decision")
    total = math.fsum(probabilities)
    if min(probabilities) < 0 or abs(total - 1.0) > 1e-6:
        raise MeasurementError(f"probabilities must be 0 or more and sum to 1; they sum to {total}")
