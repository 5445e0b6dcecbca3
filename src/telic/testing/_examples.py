"""Small problems and records that tests are made of."""

from __future__ import annotations

from collections.abc import Mapping

from telic.artifact import Artifact
from telic.candidate import Candidate, Cost, Evaluation, Failure, Outcome, Record
from telic.objectives import Objective
from telic.problem import Feature, ObjectiveSpec, Problem

__all__ = ["toy_problem", "toy_record"]

_SEED = '''"""A toy."""

# EVOLVE-BLOCK-START
def solve(x=1.0):
    scale = 2.5
    if x > 0.5:
        return abs(scale * x) + 1.0
    return 0.25
# EVOLVE-BLOCK-END
'''


def toy_problem(
    objective: ObjectiveSpec | None = None,
    *,
    seed: str = _SEED,
    features: tuple[Feature, ...] = (),
) -> Problem:
    """Return a problem that needs no files: evolve ``solve``.

    Args:
        objective: what counts; by default ``maximize score``.
        seed: text of the seed artifact.
        features: behaviour dimensions.
    """
    return Problem(
        name="toy",
        seed=Artifact.of(seed),
        entry="solve",
        objective=objective or ObjectiveSpec(),
        features=features,
    )


def toy_record(
    index: int,
    value: float | None,
    *,
    problem: Problem | None = None,
    text: str | None = None,
    parents: tuple[int, ...] | None = None,
    operator: str = "constants",
    island: int | None = None,
    outcome: Outcome = "evaluated",
    violation: float = 0.0,
    features: Mapping[str, float] | None = None,
    cost: Cost | None = None,
) -> Record:
    """Return the record of candidate ``index``.

    Args:
        index: id; 0 is the seed.
        value: the objective's metric in its own sign; ``None`` is a failed candidate.
        problem: gives the objective and the text's beginning.
        text: the artifact; by default the seed's text with the index in a comment.
        parents: ids; by default the seed.
        operator: name.
        island: as the request said.
        outcome: for anything but ``evaluated`` there is no evaluation.
        violation: above zero makes the candidate infeasible.
        features: reported by the scorer.
        cost: of the proposal.
    """
    problem = problem or toy_problem()
    body = problem.seed.text.replace("0.25", f"0.25 + {index}") if text is None else text
    candidate = Candidate(
        id=index,
        artifact=Artifact.of(problem.seed.text if index == 0 and text is None else body),
        parents=((0,) if index else ()) if parents is None else parents,
        operator="seed" if index == 0 else operator,
        generation=min(index, 1),
        island=island,
        cost=cost or Cost(),
    )
    if outcome != "evaluated":
        return Record(candidate, outcome, reason="there was nothing to do")
    if value is None:
        failure = Failure("crash", "died by signal 11")
        return Record(candidate, outcome, Evaluation(failure=failure, layer="full"))
    evaluation = Evaluation(
        metrics={problem.objective.metric: value},
        feasible=violation == 0,
        violation=violation,
        features=dict(features or {}),
        seconds=0.01,
        layer="full",
        samples=(value,),
    )
    fitness = Objective(problem.objective).fitness(evaluation.metrics) if violation == 0 else None
    return Record(candidate, outcome, evaluation, fitness)
