"""Running and scoring candidates: worker pool, judge, and the sandbox beneath.

The pool, which needs an event loop, is imported when it is first used: a worker does without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telic.evaluation.judge import Foreign, join_repeats
from telic.evaluation.scorers import ScoringFunctions, load_held_out, load_scorer, tidy_cases
from telic.evaluation.worker import WorkerPlan

if TYPE_CHECKING:
    from telic.evaluation.pool import Pool, RoutineError

__all__ = [
    "Foreign",
    "Pool",
    "RoutineError",
    "ScoringFunctions",
    "WorkerPlan",
    "join_repeats",
    "load_held_out",
    "load_scorer",
    "tidy_cases",
]


def __getattr__(name: str) -> Any:
    if name in ("Pool", "RoutineError"):
        from telic.evaluation import pool

        return getattr(pool, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
