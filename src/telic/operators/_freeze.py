"""The ``freeze`` operator: turns what a program computes into a literal."""

from __future__ import annotations

from telic.candidate import Proposal
from telic.operators._freeze_text import is_frozen
from telic.operators._task import can_execute, delegate
from telic.operators.base import Context
from telic.problem import Problem

__all__ = ["Freeze"]


class Freeze:
    """Replaces the entry function's body by ``return <its output>``.

    For a problem whose entry function is called once, without arguments, the output *is*
    the solution: as a literal, each of its numbers can be tuned and mutated on its own.
    """

    name = "freeze"
    trials = 0

    def applies(self, problem: Problem) -> bool:
        """Tell whether the problem has Python programs with an entry and a trusted scorer."""
        return can_execute(problem)

    async def propose(self, context: Context) -> Proposal:
        """Return the frozen main parent, or why it cannot be frozen."""
        text, entry = context.parents[0].candidate.artifact.text, context.problem.entry
        if is_frozen(text, entry):  # known here, without a worker
            return Proposal(None, note="the entry function returns a literal already")
        return await delegate(context, "telic.operators._freezing:freeze", trials=0, repeats=1)
