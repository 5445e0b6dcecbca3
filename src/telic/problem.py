"""What is to be improved, how it is run and scored, and what counts as better.

Plain frozen declarations; :mod:`telic.formats` reads them from disk and
:mod:`telic.evaluation` acts on them.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from telic.artifact import Artifact, evolve_regions
from telic.errors import ProblemError

__all__ = [
    "BestKnown",
    "Constraint",
    "Direction",
    "Feature",
    "Limits",
    "ObjectiveSpec",
    "Problem",
    "ProblemFormat",
    "Scorer",
    "Stage",
]

Direction = Literal["maximize", "minimize"]
ProblemFormat = Literal["telic", "openevolve", "shinka"]


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds on one evaluation in the sandbox.

    Raises:
        ProblemError: if a bound is not positive.
    """

    seconds: float = 10.0
    """Wall-clock deadline of one execution (all cases of a stage)."""
    cpu_seconds: float | None = None
    """CPU deadline; ``None`` means the wall deadline rounded up."""
    memory_mb: int = 1024
    """Address space beyond what the preloaded packages use."""
    output_mb: float = 16.0
    """Size of the returned data."""
    scorer_seconds: float = 30.0
    """Wall-clock deadline of the trusted scorer for one candidate."""
    processes: bool = False
    """Whether candidates may start processes (foreign evaluators often do)."""

    def __post_init__(self) -> None:
        for name in ("seconds", "cpu_seconds", "memory_mb", "output_mb", "scorer_seconds"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise ProblemError(f"limits.{name} must be positive; got {value}")


class Constraint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bound on a metric; a candidate outside it is infeasible."""

    metric: str
    at_least: float | None = None
    at_most: float | None = None


class ObjectiveSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which metric counts, in which direction, under which constraints."""

    metric: str = "score"
    direction: Direction = "maximize"
    constraints: tuple[Constraint, ...] = ()


class Feature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A behaviour dimension with fixed, declared bins.

    Built-in names are ``size`` (characters of the evolvable text relative to the seed) and
    ``calls`` (number of function calls); any other name is reported by the scorer.
    """

    name: str
    low: float
    high: float
    bins: int = 8
    log: bool = False
    """Whether the bins are equally wide in the logarithm."""

    def __post_init__(self) -> None:
        if not self.low < self.high or self.bins < 1 or (self.log and self.low <= 0):
            raise ProblemError(
                f"feature {self.name!r} needs low < high, bins >= 1 and, on a log scale, "
                f"low > 0; got low={self.low}, high={self.high}, bins={self.bins}"
            )


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step of a cascade: cheap stages first."""

    cases: int | None = None
    """How many of the scorer's cases are run in total up to here; ``None`` means all."""
    threshold: float | None = None
    """Value of the objective's metric needed to go on to the next stage."""


class BestKnown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The best published value."""

    value: float
    source: str = ""
    proven: bool = False
    """Whether it is a proven bound, so that beating it would mean a faulty scorer."""


class Scorer(msgspec.Struct, frozen=True):
    """Where the trusted scorer is found.

    Exactly one of the two is set; a callable given from Python is not part of the record.
    """

    path: str | None = None
    """Path of a ``score.py``, or of a foreign evaluator."""
    source: str | None = None
    """Its text when the run began, kept so that a journal explains itself."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A seed artifact, how to run and score it, what counts as better, and limits.

    Raises:
        ProblemError: if declarations contradict each other.
        MarkerError: if the seed's EVOLVE-BLOCK markers are wrong.
    """

    name: str
    seed: Artifact
    entry: str = ""
    """Function that the sandbox calls; empty means that the text itself is the output."""
    scorer: Scorer = Scorer()
    description: str = ""
    objective: ObjectiveSpec = ObjectiveSpec()
    limits: Limits = Limits()
    stages: tuple[Stage, ...] = (Stage(),)
    repeats: int = 1
    """Executions with different random seeds that one evaluation averages over."""
    deterministic: bool = True
    """Declared; checked by evaluating the seed artifact twice."""
    allow_nonfinite: bool = False
    """Whether outputs may hold NaN or infinities; otherwise they fail before scoring."""
    preload: tuple[str, ...] = ()
    """Packages imported once, before candidates are forked."""
    features: tuple[Feature, ...] = ()
    vocabulary: tuple[str, ...] = ()
    """Names of functions that symbolic growth may call, for example ``math.sin``."""
    target: float | None = None
    """The run may stop when the metric reaches this value."""
    best_known: BestKnown | None = None
    format: ProblemFormat = "telic"
    root: str | None = None
    """Folder the problem was loaded from."""
    options: dict[str, Any] = {}
    """Settings of a foreign format that its runner needs."""

    def __post_init__(self) -> None:
        if not self.name:
            raise ProblemError("a problem needs a name; got an empty one")
        if self.repeats < 1:
            raise ProblemError(f"repeats must be 1 or more; got {self.repeats}")
        if not self.stages:
            raise ProblemError("a problem needs at least one stage; got none")
        for file, text in self.seed.files:
            evolve_regions(text, file=file)

    @property
    def is_verified(self) -> bool:
        """Whether the score is computed outside the candidate's process."""
        return self.format == "telic"
