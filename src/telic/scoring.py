"""What a problem's trusted ``score.py`` is written with.

A scorer defines ``cases()`` (optional: the inputs) and ``score(output, case)``. The
candidate sees a case's ``args`` and nothing else; ``hidden`` stays with the scorer::

    from telic.scoring import Case, Score

    def cases():
        return [Case(args=(x,), hidden=x * x) for x in range(10)]

    def score(output, case):
        error = abs(output - case.hidden)
        return Score(metrics={"score": -error})

It may also define ``held_out_cases()``: inputs on which the best result is scored once, at the
end, and never in the search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Case", "Score", "infeasible"]


@dataclass(frozen=True, slots=True)
class Case:
    """One input that a candidate is run on."""

    args: tuple[Any, ...] = ()
    """Positional arguments for the entry function: plain data or NumPy arrays."""
    kwargs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    hidden: Any = None
    """What only the scorer may know, for example the expected answer."""
    name: str = ""
    """Names the case in feedback and stages."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a scorer says of one output.

    ``metrics`` are averaged over cases unless the scorer defines ``aggregate(scores)``.
    """

    metrics: Mapping[str, float]
    feasible: bool = True
    """False: the output breaks a rule; it then has no score, whatever its metrics."""
    feedback: str = ""
    """Advice for the next proposal, shown to operators and in reports."""
    features: Mapping[str, float] = field(default_factory=dict[str, float])
    """Behaviour descriptors for diversity archives."""
    margins: Sequence[float] = ()
    """Signed slack of each constraint, negative where broken; lets numeric operators follow
    the constraints. Its length must not depend on the output."""
    terms: Sequence[float] = ()
    """The numbers of which the objective's metric is the worst one, if that is what it is:
    the least when maximising, the greatest when minimising. Lets numeric operators raise all
    of them at once, where the metric alone has a kink. Its length must not depend on the
    output."""


def infeasible(reason: str) -> Score:
    """Return the score of an output that breaks a rule in a way that has no measure."""
    return Score(metrics={}, feasible=False, feedback=reason)
