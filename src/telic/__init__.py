"""Telic: value-guided evolution.

It evolves programs, prompts, queries, proofs and policies toward what you value::

    import telic

    result = telic.evolve("circle-packing-26", seconds=60)
    print(result.score, result.best.text)

What is listed in ``__all__`` is public; each name is imported when it is first used, so
that ``import telic`` stays quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from telic.artifact import Artifact
    from telic.budget import Budget
    from telic.candidate import Candidate, Cost, Evaluation, Failure, Proposal, Record, Request
    from telic.component import Component
    from telic.engine.evolve import Result, evolve, evolve_async
    from telic.engine.load import load_problem
    from telic.engine.plan import Plan
    from telic.engine.summary import Summary, summarise
    from telic.errors import TelicError
    from telic.journal import Journal
    from telic.objectives import Objective
    from telic.problem import (
        BestKnown,
        Constraint,
        Feature,
        Limits,
        ObjectiveSpec,
        Problem,
        Risk,
        Scorer,
        Stage,
        Term,
    )
    from telic.scoring import Case, Score

__all__ = [
    "Artifact",
    "BestKnown",
    "Budget",
    "Candidate",
    "Case",
    "Component",
    "Constraint",
    "Cost",
    "Evaluation",
    "Failure",
    "Feature",
    "Journal",
    "Limits",
    "Objective",
    "ObjectiveSpec",
    "Plan",
    "Problem",
    "Proposal",
    "Record",
    "Request",
    "Result",
    "Risk",
    "Score",
    "Scorer",
    "Stage",
    "Summary",
    "TelicError",
    "Term",
    "__version__",
    "evolve",
    "evolve_async",
    "load_problem",
    "summarise",
]

_HOMES = {
    "telic.artifact": ("Artifact",),
    "telic.budget": ("Budget",),
    "telic.candidate": (
        "Candidate",
        "Cost",
        "Evaluation",
        "Failure",
        "Proposal",
        "Record",
        "Request",
    ),
    "telic.component": ("Component",),
    "telic.engine.evolve": ("Result", "evolve", "evolve_async"),
    "telic.engine.load": ("load_problem",),
    "telic.engine.plan": ("Plan",),
    "telic.engine.summary": ("Summary", "summarise"),
    "telic.errors": ("TelicError",),
    "telic.journal": ("Journal",),
    "telic.objectives": ("Objective",),
    "telic.problem": (
        "BestKnown",
        "Constraint",
        "Feature",
        "Limits",
        "ObjectiveSpec",
        "Problem",
        "Risk",
        "Scorer",
        "Stage",
        "Term",
    ),
    "telic.scoring": ("Case", "Score"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'telic' has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
