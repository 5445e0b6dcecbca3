"""Several executions of one program, joined into one evaluation."""

from __future__ import annotations

import math
from collections.abc import Sequence

from telic.candidate import Evaluation

__all__ = ["join_repeats"]


def join_repeats(evaluations: Sequence[Evaluation]) -> Evaluation:
    """Average the metrics of repeated evaluations; feasible only if each one is.

    Args:
        evaluations: none of them failed; at least one.
    """
    if len(evaluations) == 1:
        return evaluations[0]
    first = evaluations[0]
    weights = [max(1, len(e.samples)) for e in evaluations]
    total = sum(weights)

    def mean(rows: Sequence[dict[str, float]]) -> dict[str, float]:
        shared = [key for key in rows[0] if all(key in row for row in rows)]
        return {
            key: math.fsum(w * row[key] for w, row in zip(weights, rows, strict=True)) / total
            for key in shared
        }

    feasible = all(e.feasible for e in evaluations)
    return Evaluation(
        metrics=mean([e.metrics for e in evaluations]),
        feasible=feasible,
        violation=math.fsum(e.violation for e in evaluations) / len(evaluations),
        feedback="\n".join(dict.fromkeys(e.feedback for e in evaluations if e.feedback)),
        features=mean([e.features for e in evaluations]),
        seconds=math.fsum(e.seconds for e in evaluations),
        cpu_seconds=math.fsum(e.cpu_seconds for e in evaluations),
        layer=first.layer,
        stage=min(e.stage for e in evaluations),
        stopped_early=any(e.stopped_early for e in evaluations),
        samples=tuple(s for e in evaluations for s in e.samples) if feasible else (),
        cases=_mean_cases(evaluations, weights) if feasible else (),
        verified=first.verified,
    )


def _mean_cases(evaluations: Sequence[Evaluation], weights: Sequence[int]) -> tuple[float, ...]:
    """Return the mean of each case over repeats, if all of them have the same cases."""
    if len({len(evaluation.cases) for evaluation in evaluations}) > 1:
        return ()
    columns = zip(*(evaluation.cases for evaluation in evaluations), strict=True)
    return tuple(
        math.fsum(w * value for w, value in zip(weights, column, strict=True)) / sum(weights)
        for column in columns
    )
