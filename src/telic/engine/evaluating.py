"""From a turn of an operator to a scored record: proposing, screening, evaluating, confirming."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from telic.candidate import Candidate, Cost, Evaluation, Prediction, Record
from telic.engine.plan import Plan
from telic.engine.progress import executions
from telic.engine.proposing import Proposer, Turn
from telic.engine.records import evaluation_seeds, scored
from telic.evaluation import Pool, join_repeats
from telic.objectives import Objective
from telic.problem import Problem

if TYPE_CHECKING:
    from telic.critics.race import Track

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
            return await self._evaluated(candidate, prediction, None)
        drafts = await self._proposer.records(turn)
        if drafts[0].outcome != "evaluated":
            return drafts[0]
        if view is None or not drafts[0].candidate.parents:
            return await self._evaluated(drafts[0].candidate, None, None)
        from telic.engine.choosing import choose

        candidate, prediction = await choose(
            view, turn.request.parents[0], drafts, self._pool, self._seeds(turn.index)[0]
        )
        if prediction is not None and prediction.decision == "skipped":
            reason = view.reason(prediction)
            return Record(candidate, "skipped", reason=reason, prediction=prediction)
        return await self._evaluated(candidate, prediction, view.track)

    async def confirmed(self, record: Record, best: Record | None) -> Record:
        """Evaluate a would-be best again before it is believed, if results are noisy.

        One that lost its race is first given the repeats that it was spared.
        """
        for count in (_spared(record), self._plan.confirmations if self._noisy else 0):
            if count and _would_lead(record, best):
                record = await self._repeated(record, count)
        return record

    async def _repeated(self, record: Record, count: int) -> Record:
        """Return a record with further repeats of its evaluation."""
        assert record.evaluation is not None
        seeds = self._seeds(record.candidate.id, executions(record), count)
        again = await self._pool.evaluate(record.candidate.artifact, seeds)
        if again.failure is None:
            again = join_repeats([record.evaluation, again])
        prediction = record.prediction
        if prediction is not None and prediction.race is not None:
            race = msgspec.structs.replace(prediction.race, spared=0)
            prediction = msgspec.structs.replace(prediction, race=race)
        return msgspec.structs.replace(
            self._scored(record.candidate, again),
            prediction=prediction,
            opened=record.opened,
            advice=record.advice,
        )

    async def _evaluated(
        self, candidate: Candidate, prediction: Prediction | None, track: Track | None
    ) -> Record:
        seeds = self._seeds(candidate.id)
        if track is not None and prediction is not None and len(seeds) > 1:
            from telic.engine.racing import raced

            objective = self._objective
            return await raced(
                candidate, prediction, track, pool=self._pool, seeds=seeds, objective=objective
            )
        record = self._scored(candidate, await self._pool.evaluate(candidate.artifact, seeds))
        return msgspec.structs.replace(record, prediction=prediction) if prediction else record

    def _seeds(self, index: int, start: int = 0, count: int | None = None) -> list[int]:
        """Return evaluation seeds: one for all when results should not depend on it."""
        count = self._problem.repeats if count is None else count
        return evaluation_seeds(self._plan.seed, index if self._noisy else None, start, count)

    def _scored(self, candidate: Candidate, evaluation: Evaluation) -> Record:
        return scored(candidate, evaluation, self._objective)


def _spared(record: Record) -> int:
    race = record.prediction.race if record.prediction is not None else None
    return 0 if race is None else race.spared


def _would_lead(record: Record, best: Record | None) -> bool:
    if record.fitness is None or record.outcome != "evaluated":
        return False
    return best is None or best.fitness is None or record.fitness > best.fitness
