"""Running and scoring candidates: worker pool, judge, and the sandbox beneath."""

from telic.evaluation.judge import Foreign, join_repeats
from telic.evaluation.pool import Pool, RoutineError
from telic.evaluation.scorers import ScoringFunctions, load_held_out, load_scorer, tidy_cases
from telic.evaluation.worker import WorkerPlan

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
