"""What is to be improved, how it is run and scored, and what counts as better.

Plain frozen declarations; :mod:`telic.formats` reads them from disk and
:mod:`telic.evaluation` acts on them.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import msgspec

from telic.artifact import Artifact, evolve_regions
from telic.errors import ProblemError

__all__ = [
    "MOST_COMPARED",
    "BestKnown",
    "Combine",
    "Constraint",
    "Direction",
    "Feature",
    "Limits",
    "NoveltyPlan",
    "ObjectiveSpec",
    "Problem",
    "ProblemFormat",
    "Risk",
    "Scorer",
    "Stage",
    "Term",
]

Direction = Literal["maximize", "minimize"]
ProblemFormat = Literal["telic", "openevolve", "shinka"]
Combine = Literal["weighted", "conjunction", "lexicographic", "worst", "pareto", "distance"]
"""How the terms of a composed objective become one worth.

``weighted`` adds them up; ``conjunction`` adds up their log-sigmoids, a soft *and*;
``lexicographic`` compares by the first, and by the next one only where the difference is below
the first one's ``step``; ``worst`` takes the least; ``pareto`` searches by the least, and keeps
and shows the whole front; ``distance`` is minus the weighted Euclidean distance to the references,
so that more is better up to a term's reference and worse beyond it.
"""


MOST_COMPARED = 512
"""Candidates that a proposal's novelty is measured by at most."""


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


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One metric's part in a composed objective.

    Its part is ``(value - reference) / scale``, turned so that more is better, then transformed
    and multiplied by ``weight``.

    Raises:
        ProblemError: if a number is out of its range.
    """

    metric: str
    direction: Direction = "maximize"
    weight: float = 1.0
    """Positive."""
    transform: Literal["affine", "log-sigmoid", "rank"] = "affine"
    """``log-sigmoid`` saturates above the reference; ``rank`` is the share of ``sample`` that the
    value beats, ties counting half."""
    reference: float | None = None
    """Value that is good enough; 0, or the ``quantile`` of ``sample`` if there is one."""
    references: dict[str, float] = {}
    """Name of a case → its own reference, where cases differ in difficulty."""
    scale: float = 1.0
    """Difference in the metric that counts as one; positive."""
    step: float = 0.0
    """Smaller differences count as ties in a lexicographic order; 0: none is too small."""
    sample: tuple[float, ...] = ()
    """Values of a base population, that references and ranks are taken from."""
    quantile: float = 0.85
    """Share of the sample that is worse than the reference."""

    def __post_init__(self) -> None:
        numbers = (self.weight, self.reference or 0.0, self.scale, self.step, self.quantile)
        if not all(map(math.isfinite, (*numbers, *self.references.values(), *self.sample))):
            raise ProblemError(f"the term {self.metric!r} holds a number that is not finite")
        if not (self.weight > 0 and self.scale > 0 and self.step >= 0):
            raise ProblemError(
                f"the term {self.metric!r} needs weight > 0, scale > 0 and step >= 0; got "
                f"weight={self.weight}, scale={self.scale}, step={self.step} "
                "(use direction for a metric of which less is better)"
            )
        if not 0 <= self.quantile <= 1:
            raise ProblemError(
                f"the term {self.metric!r} needs a quantile from 0 to 1; got {self.quantile}"
            )
        if self.transform == "rank" and not self.sample:
            raise ProblemError(f"the term {self.metric!r} is ranked, so it needs a sample")


class Risk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How several values of the same thing become one: over cases, or over repeats.

    Raises:
        ProblemError: if ``level`` is out of its range.
    """

    kind: Literal["mean", "quantile", "cvar", "worst"] = "mean"
    """``quantile``: the value that the share ``level`` is worse than; ``cvar``: the mean of the
    worst share ``level``."""
    level: float = 0.1
    """Above 0 and at most 1."""

    def __post_init__(self) -> None:
        if not 0 < self.level <= 1:
            raise ProblemError(f"a risk needs a level above 0 and at most 1; got {self.level}")


class ObjectiveSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which metric counts, in which direction, under which constraints.

    With ``terms`` the metric is composed from others: it is recorded under its name, more of it
    is better, and the scorer need not give it.

    Raises:
        ProblemError: if the declarations contradict each other.
    """

    metric: str = "score"
    direction: Direction = "maximize"
    constraints: tuple[Constraint, ...] = ()
    terms: tuple[Term, ...] = ()
    """What a composed objective is made of."""
    combine: Combine = "weighted"
    over_cases: Risk | None = None
    """How the worths of the cases are joined; ``None``: the metrics are averaged first."""
    over_repeats: Risk | None = None
    """How repeats are joined; ``None``: by their mean."""

    def __post_init__(self) -> None:
        names = [term.metric for term in self.terms]
        if self.metric in names:
            raise ProblemError(
                f"the composed objective needs a name of its own (objective.metric, for example "
                f"'worth'); {self.metric!r} is one of its terms"
            )
        if len(set(names)) != len(names):
            raise ProblemError(f"each metric may be one term only; got {', '.join(names)}")
        if self.terms and self.direction != "maximize":
            raise ProblemError(
                "more of a composed objective is better: set the direction of its terms instead"
            )
        if not self.terms and self.combine != "weighted":
            raise ProblemError(f"combine = {self.combine!r} needs terms; got none")
        timed = {"seconds", "cpu_seconds"} & {self.metric, *names}
        if self.over_cases is not None and timed:
            raise ProblemError(
                f"{min(timed)!r} is measured over all cases together, so it cannot be joined with "
                "over_cases"
            )
        steps = [term.step for term in self.terms[:-1]]
        if self.combine == "lexicographic" and not all(steps):
            raise ProblemError(
                "every term of a lexicographic objective but the last needs a step: the difference "
                "below which the next term decides"
            )
        fixed = self.combine in ("conjunction", "lexicographic", "distance")
        for term in self.terms if fixed else ():
            if term.transform != "affine":
                raise ProblemError(
                    f"the term {term.metric!r} of a {self.combine} objective takes no transform; "
                    f"got {term.transform!r}"
                )


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


class NoveltyPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a proposal is too like what there is.

    Raises:
        ProblemError: if a number is out of range.
    """

    similarity: float = 0.98
    """Likeness of structure, above 0 to 1, from which on a proposal is suspicious; renamed copies
    have 1 and are refused without being looked at further."""
    latest: int = 128
    """Evaluated candidates that it is compared with, the latest ones, 1 to 512."""
    scope: Literal["models", "all"] = "models"
    """Whose proposals are looked at. Embedded operators make small steps on purpose."""
    embed: str = ""
    """Name of a model of the run whose embedding is asked about suspicious proposals."""
    cosine: float = 0.99
    """Cosine of embeddings below which a suspicious proposal is let through, -1 to 1."""
    judge: str = ""
    """Name of a model of the run that is asked about what is still suspicious."""

    def __post_init__(self) -> None:
        if not 0 < self.similarity <= 1:
            raise ProblemError(f"similarity must be above 0 and at most 1; got {self.similarity}")
        if not 1 <= self.latest <= MOST_COMPARED:
            raise ProblemError(f"latest must be between 1 and {MOST_COMPARED}; got {self.latest}")
        if not -1 <= self.cosine <= 1:
            raise ProblemError(f"cosine must be between -1 and 1; got {self.cosine}")

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the models that it needs."""
        return tuple(name for name in (self.embed, self.judge) if name)


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
    novelty: NoveltyPlan | None = None
    """When a proposal is too like an earlier candidate to be evaluated, unless the run says
    otherwise; ``None``: never."""
    target: float | None = None
    """The run may stop when the metric reaches this value."""
    best_known: BestKnown | None = None
    format: ProblemFormat = "telic"
    root: str | None = None
    """Folder the problem was loaded from."""
    values: str = ""
    """File in the folder that the objective is made from, once it is loaded; empty if none."""
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
