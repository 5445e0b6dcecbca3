"""Making a recorded run again: the same requests in the same order, with the answers kept.

No language model is asked. The programs are evaluated anew, so that equal content means that
the evaluator, too, gives what it gave.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from telic.budget import Budget
from telic.engine.run import Runtime, recorded_plan, repeat_run
from telic.journal import Journal

__all__ = ["RecordedScript", "Replay", "replay_run"]


class Replay(msgspec.Struct, frozen=True):
    """What making a run again gave."""

    records: int
    """Of the recorded run."""
    recorded: str
    """Hash of its content."""
    again: str
    """Hash of the new journal's content."""
    agrees: bool
    """Whether both are equal, bit for bit."""


class RecordedScript:
    """When each request of a journal's run was opened and told.

    Args:
        journal: of a run.
    """

    def __init__(self, journal: Journal) -> None:
        self._told: list[int] = []
        self._opened: dict[int, int] = {}
        self._operators: dict[int, str] = {}
        for record in journal.records(with_artifacts=False):
            self._told.append(record.candidate.id)
            self._opened[record.candidate.id] = record.opened
            self._operators[record.candidate.id] = record.candidate.operator
        self._last = max(self._opened, default=0)

    def may_open(self, index: int, told: int) -> bool:
        """Tell whether request ``index`` was open when so many records had been told.

        One that ended without a record, because the run ended first, was opened before the next
        that has one.
        """
        if index > self._last:
            return False
        while index not in self._opened:
            index += 1
        return self._opened[index] <= told

    def told(self, place: int) -> int | None:
        """Return the id of the record that was told as the one at ``place``, if there is one."""
        return self._told[place] if place < len(self._told) else None

    def operator(self, index: int) -> str:
        """Return the operator that request ``index`` went to; empty if that is not known."""
        return self._operators.get(index, "")

    def has(self, index: int) -> bool:
        """Tell whether request ``index`` ended with a record at all."""
        return index in self._opened


async def replay_run(source: Path, path: Path, runtime: Runtime) -> Replay:
    """Make the run of a journal again, in a new journal.

    Args:
        source: its journal.
        path: of the new journal.
        runtime: where it runs now.

    Raises:
        JournalError: if the journal cannot be read.
        ReplayError: if a model is asked something that it was not asked then.
        The errors of :func:`telic.engine.run.start_run`.
    """
    with Journal.read(source) as recorded:
        count = recorded.count()
        script = RecordedScript(recorded)
        plan = recorded_plan(recorded)
        spent = sum(
            record.candidate.cost.trials + max(1, len(record.evaluation.samples))
            for record in recorded.records(with_artifacts=False)
            if record.evaluation is not None
        )
        bounds = plan.budget
        if bounds.evaluations is not None and spent > bounds.evaluations:
            bounds = Budget(tokens=bounds.tokens, money=bounds.money)
        plan = msgspec.structs.replace(
            plan, budget=msgspec.structs.replace(bounds, seconds=None), target=None
        )
        await repeat_run(recorded, plan, path, runtime, script)
        with Journal.read(path) as again:
            before, after = recorded.content_hash(), again.content_hash()
            return Replay(count, before, after, before == after)
