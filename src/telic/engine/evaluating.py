"""From a turn of an operator to a scored record: proposing, screening, evaluating, confirming."""

from __future__ import annotations

import msgspec

from telic.candidate import Candidate, Cost, Evaluation, Prediction, Record
from telic.engine.plan import Plan
from telic.engine.progress import executions
from telic.engine.proposing import Proposer, Turn
from telic.engine.records import evaluation_seeds, scored
from telic.evaluation import Pool, join_repeats
from telic.objectives import Objective
from telic.problem import Problem

__all__ = ["Evaluator"]


class Evaluator:
    """Makes the record that a turn ends with.

    Args:
        problem: what is improved.
        plan: seed, window and number of confirmations.
        pool: evaluates; already open.
        objective: turns evaluations into fitness.
        proposer: asks operators.
        noisy: whether evaluating a program twice may give two results.
    """

    def __init__(
        self,
        problem: Problem,
        plan: Plan,
        pool: Pool,
        objective: Objective,
        proposer: Proposer,
        *,
        noisy: bool,
    ) -> None:
        self._problem = problem
        self._plan = plan
        self._pool = pool
        self._objective = objective
        self._proposer = proposer
        self._noisy = noisy

    async def record(self, turn: Turn) -> Record:
        """Return what became of a turn: a proposal that was evaluated, refused or failed."""
        view = turn.view
        revived = view.revive(turn.index, self._plan.window) if view is not None else None
        if revived is not None:
            candidate, prediction = revived
            note = f"{candidate.note} (postponed as {candidate.id})".lstrip()
            candidate = msgspec.structs.replace(candidate, id=turn.index, note=note, cost=Cost())
            return await self._evaluated(candidate, prediction)
        drafts = await self._proposer.records(turn)
        if drafts[0].outcome != "evaluated":
            return drafts[0]
        if view is None or not drafts[0].candidate.parents:
            return await self._evaluated(drafts[0].candidate, None)
        from telic.engine.choosing import choose

        candidate, prediction = await choose(
            view, turn.request.parents[0], drafts, self._pool, self._seeds(turn.index)[0]
        )
        if prediction is not None and prediction.decision == "skipped":
            reason = view.reason(prediction)
            return Record(candidate, "skipped", reason=reason, prediction=prediction)
        return await self._evaluated(candidate, prediction)

    async def confirmed(self, record: Record, best: Record | None) -> Record:
        """Evaluate a would-be best again before it is believed, if results are noisy."""
        count = self._plan.confirmations
        if not self._noisy or not count or record.fitness is None or record.outcome != "evaluated":
            return record
        if best is not None and best.fitness is not None and record.fitness <= best.fitness:
            return record
        assert record.evaluation is not None
        seeds = self._seeds(record.candidate.id, executions(record), count)
        again = await self._pool.evaluate(record.candidate.artifact, seeds)
        if again.failure is None:
            again = join_repeats([record.evaluation, again])
        confirmed = self._scored(record.candidate, again)
        return msgspec.structs.replace(
            confirmed,
            prediction=record.prediction,
            opened=record.opened,
            advice=record.advice,
        )

    async def _evaluated(self, candidate: Candidate, prediction: Prediction | None) -> Record:
        evaluation = await self._pool.evaluate(candidate.artifact, self._seeds(candidate.id))
        record = self._scored(candidate, evaluation)
        return msgspec.structs.replace(record, prediction=prediction) if prediction else record

    def _seeds(self, index: int, start: int = 0, count: int | None = None) -> list[int]:
        """Return evaluation seeds: one for all when results should not depend on it."""
        count = self._problem.repeats if count is None else count
        return evaluation_seeds(self._plan.seed, index if self._noisy else None, start, count)

    def _scored(self, candidate: Candidate, evaluation: Evaluation) -> Record:
        return scored(candidate, evaluation, self._objective)
