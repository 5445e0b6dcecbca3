"""What people add to a run while it is paused: guidance for prompts, and candidates of their own.

Both are events of the journal. They count from the number of records at which they were added,
so that a run that is made again meets them at the same point.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from telic.artifact import Artifact, respects_regions
from telic.candidate import Proposal
from telic.errors import UsageError
from telic.journal import Event, Journal
from telic.operators.base import Context
from telic.problem import Problem

__all__ = ["People", "add_candidate", "add_note"]

_NAME = "person"
_LONGEST_NOTE = 2000


class Handed(msgspec.Struct, frozen=True):
    """An operator whose only proposal a person wrote."""

    artifact: Artifact
    records: int
    """How many there were when it was added."""
    name: str = _NAME
    trials: int = 0

    def applies(self, problem: Problem) -> bool:
        """Tell that it was made for the problem."""
        del problem
        return True

    async def propose(self, context: Context) -> Proposal:
        """Return the person's candidate, which has no parents."""
        del context
        return Proposal(self.artifact, note="written by a person", parents=())


class People:
    """What was added to a run.

    Args:
        events: of its journal.
        seed: the problem's, whose other files a candidate keeps.
    """

    def __init__(self, events: Iterable[Event], seed: Artifact) -> None:
        listed = list(events)
        self._notes = [(e.records, str(e.data["text"])) for e in listed if e.kind == "note"]
        self._handed = [
            Handed(seed.with_text(str(e.data["text"])), e.records)
            for e in listed
            if e.kind == "inject"
        ]
        self._used = 0

    def guidance(self, told: int) -> tuple[str, ...]:
        """Return the notes that were there when so many records had been told."""
        return tuple(text for records, text in self._notes if records <= told)

    def candidate(self, told: int) -> Handed | None:
        """Return the next candidate to try, each once, or ``None``."""
        if self._used < len(self._handed) and self._handed[self._used].records <= told:
            self._used += 1
            return self._handed[self._used - 1]
        return None

    def recorded(self, operator: str) -> None:
        """Learn who made a recorded candidate."""
        self._used += operator == _NAME


def add_note(path: Path, text: str) -> None:
    """Add guidance for prompts to a run that is paused.

    Raises:
        UsageError: if the text is empty or too long.
        JournalError: if the run is being written or cannot be read.
    """
    if not text.strip() or len(text) > _LONGEST_NOTE:
        raise UsageError(f"a note has 1 to {_LONGEST_NOTE} characters; got {len(text.strip())}")
    with Journal.resume(path) as journal:
        journal.append_event("note", {"text": text.strip()})


def add_candidate(path: Path, text: str) -> None:
    """Add a candidate to a run that is paused; it is tried first when the run goes on.

    Raises:
        UsageError: if it changes what may not change.
        JournalError: if the run is being written or cannot be read.
    """
    with Journal.resume(path) as journal:
        seed = journal.header.problem.seed
        if not respects_regions(seed, seed.with_text(text)):
            raise UsageError(
                f"it differs from {seed.name} outside the EVOLVE-BLOCK markers, which may not be"
            )
        journal.append_event("inject", {"text": text})
