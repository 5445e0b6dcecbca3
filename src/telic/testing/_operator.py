"""What every operator must keep to; used as the checks for strategies are.

An operator that sends routines to a worker needs ``run``, which answers them.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from telic.artifact import Artifact, respects_regions
from telic.candidate import Proposal, Record
from telic.operators.base import Context, Operator, Routine, RunRoutine
from telic.problem import Problem
from telic.testing._examples import toy_problem, toy_record

__all__ = ["OPERATOR_CHECKS", "OperatorCheck", "check_operator", "toy_context"]

OperatorCheck = Callable[[Operator, Problem, RunRoutine], None]

_PROPOSALS = 12


async def _no_worker(routine: Routine) -> Mapping[str, Any]:
    raise AssertionError(f"the operator runs {routine.function!r}: give the check its ``run``")


def toy_context(
    problem: Problem,
    index: int = 1,
    *,
    parents: tuple[Record, ...] | None = None,
    inspirations: tuple[Record, ...] | None = None,
    is_known: Callable[[Artifact], bool] | None = None,
    run: RunRoutine = _no_worker,
    seed: int = 0,
) -> Context:
    """Return a context for one proposal.

    Args:
        problem: by default its seed is the parent.
        index: id that the candidate will have.
        parents: records; the first is the main parent.
        inspirations: by default a second and a third program where the problem is a toy.
        is_known: by default just the parents and inspirations are.
        run: answers routines.
        seed: the run's seed.
    """
    parents = parents or (toy_record(0, 1.0, problem=problem),)
    if inspirations is None:
        inspirations = tuple(toy_record(number, 0.5, problem=problem) for number in (1, 2))
    known = {record.candidate.artifact for record in (*parents, *inspirations)}
    return Context(
        problem=problem,
        index=index,
        seed=seed,
        parents=parents,
        inspirations=inspirations,
        is_known=is_known or (lambda artifact: artifact in known),
        run=run,
    )


def proposals_are_reproducible(operator: Operator, problem: Problem, run: RunRoutine) -> None:
    """The same context gives the same proposal, and no generator is shared."""
    for index in range(1, _PROPOSALS):
        first = _propose(operator, toy_context(problem, index, run=run))
        state = random.getstate()
        second = _propose(operator, toy_context(problem, index, run=run))
        assert random.getstate() == state, f"{operator.name} draws from the global generator"
        assert _lasting(first) == _lasting(second), (
            f"{operator.name} gave two proposals in one context; draw from seeding.stream alone"
        )


def proposals_stay_inside_regions(operator: Operator, problem: Problem, run: RunRoutine) -> None:
    """A proposal differs from its main parent, and only where it may."""
    for index in range(1, _PROPOSALS):
        context = toy_context(problem, index, run=run)
        parent = context.parents[0].candidate.artifact
        proposal = _propose(operator, context)
        if proposal.artifact is None:
            assert proposal.note, f"{operator.name} proposes nothing and does not say why"
            continue
        assert proposal.artifact != parent, f"{operator.name} proposes its parent unchanged"
        assert respects_regions(parent, proposal.artifact), (
            f"{operator.name} changes text outside the evolvable regions"
        )


def proposals_say_what_they_used(operator: Operator, problem: Problem, run: RunRoutine) -> None:
    """Parents named were given, and no more trials are spent than were announced."""
    assert operator.name, "an operator needs a name"
    assert operator.trials >= 0, f"{operator.name} announces {operator.trials} trials"
    for index in range(1, _PROPOSALS):
        context = toy_context(problem, index, run=run)
        given = {r.candidate.id for r in (*context.parents, *context.inspirations)}
        proposal = _propose(operator, context)
        assert given.issuperset(proposal.parents or ()), f"{operator.name} names other parents"
        assert 0 <= proposal.cost.trials <= operator.trials, (
            f"{operator.name} spent {proposal.cost.trials} trials and announced {operator.trials}"
        )


def contexts_are_left_alone(operator: Operator, problem: Problem, run: RunRoutine) -> None:
    """Nothing that an operator is shown is changed."""
    for index in range(1, _PROPOSALS):
        context = toy_context(problem, index, run=run)
        before = _frozen(context)
        _propose(operator, context)
        assert _frozen(context) == before, f"{operator.name} changes what it was shown"


def lonely_parents_are_enough(operator: Operator, problem: Problem, run: RunRoutine) -> None:
    """One parent without inspirations, feasible or not, gets a proposal or a reason."""
    for parent in (
        toy_record(0, 1.0, problem=problem),
        toy_record(0, 1.0, problem=problem, violation=0.5),
        toy_record(0, None, problem=problem),
    ):
        context = toy_context(problem, 1, parents=(parent,), inspirations=(), run=run)
        proposal = _propose(operator, context)
        assert proposal.artifact is not None or proposal.note


def odd_texts_are_declined_in_words(operator: Operator, problem: Problem, run: RunRoutine) -> None:
    """Text that does not parse, is empty, or is no program, is no reason to raise."""
    for text in ("", "def broken(:\n", "SELECT 1;\n", "# just a comment\n", "x = 1\n"):
        odd = msgspec.structs.replace(problem, seed=Artifact.of(text), entry="")
        if not operator.applies(odd):
            continue
        parent = toy_record(0, 1.0, problem=odd)
        proposal = _propose(
            operator, toy_context(odd, 1, parents=(parent,), inspirations=(), run=run)
        )
        assert proposal.artifact is not None or proposal.note, (
            f"{operator.name} proposes nothing for {text!r} and does not say why"
        )


OPERATOR_CHECKS: tuple[OperatorCheck, ...] = (
    proposals_are_reproducible,
    proposals_stay_inside_regions,
    proposals_say_what_they_used,
    contexts_are_left_alone,
    lonely_parents_are_enough,
    odd_texts_are_declined_in_words,
)


def check_operator(
    operator: Operator, *, problem: Problem | None = None, run: RunRoutine = _no_worker
) -> None:
    """Run every check.

    Args:
        operator: to be checked.
        problem: one that it applies to; by default a small Python function.
        run: answers the routines that it sends to a worker.

    Raises:
        AssertionError: saying which rule is broken.
    """
    for check in OPERATOR_CHECKS:
        check(operator, problem or toy_problem(), run)


def _propose(operator: Operator, context: Context) -> Proposal:
    async def proposed() -> Proposal:
        return await operator.propose(context)

    return asyncio.run(proposed())


def _lasting(proposal: Proposal) -> Proposal:
    """Return a proposal without its wall-clock time."""
    return msgspec.structs.replace(
        proposal, cost=msgspec.structs.replace(proposal.cost, seconds=0.0)
    )


def _frozen(context: Context) -> bytes:
    shown = (context.problem, context.parents, context.inspirations, context.index, context.seed)
    return msgspec.msgpack.encode(shown)
