"""The symbolic operators: a family of edits, drawn and checked until one gives a new program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from telic import seeding
from telic.artifact import Artifact
from telic.candidate import Candidate, Proposal
from telic.identity import does_compile
from telic.operators._edits import Change
from telic.operators._program import Program, analyse
from telic.operators._splice import apply_splices, overlap
from telic.operators.base import Context
from telic.problem import Problem

__all__ = ["Draw", "SymbolicOperator", "changed_text", "is_overgrown"]

Draw = Callable[[Program, Sequence[Program], Random], Change | None]
"""Draws one change of a program, given the same file of other parents."""

_TRIES = 12
"""New programs looked at before giving up; each costs a compilation."""
_DRAWS = 60
"""Draws before giving up; one that finds no place for its edit costs next to nothing."""
_ROOM = 200
"""Characters that any program may grow by freely."""
_MAIN_FILE = 0.7
"""Chance that the main file is edited when others may be, too."""


class SymbolicOperator:
    """Edits the Python source of the main parent.

    Args:
        name: name in the journal; part of the address of its random draws.
        draw: makes one change.
        donors: whether it needs a second parent.
    """

    trials = 0

    def __init__(self, name: str, draw: Draw, *, donors: bool = False) -> None:
        self.name = name
        self._draw = draw
        self._needs_donors = donors

    def applies(self, problem: Problem) -> bool:
        """Tell whether the main file is Python."""
        return problem.seed.suffix == ".py"

    async def propose(self, context: Context) -> Proposal:
        """Return the parent with one change that gives a program not yet known."""
        rng = seeding.stream(context.seed, self.name, context.index)
        parent = context.parents[0].candidate.artifact
        names = _python_files(parent)
        donors = _donors(context) if self._needs_donors else []
        if self._needs_donors and not donors:
            return Proposal(None, note=f"{self.name} needs a second, different parent")
        seeds = dict(context.problem.seed.files)
        programs: dict[str, Program | None] = {}
        tried = 0
        for _ in range(_DRAWS):
            name = _pick_file(names, rng)
            donor = rng.choice(donors) if donors else None
            if name not in programs:
                programs[name] = _editable(parent, name, context.problem)
            program = programs[name]
            if program is None:
                return Proposal(None, note=f"{name} of the parent is not valid Python")
            others = _others(donor, name, context.problem)
            change = self._draw(program, others, rng)
            text = spliced_text(program, change) if change is not None else None
            if text is None or is_overgrown(program.text, text, seeds.get(name, ""), rng):
                continue
            if not does_compile(text):  # asked last: it costs most
                continue
            assert change is not None
            artifact = _with_file(parent, name, text)
            if not context.is_known(artifact):
                note = change.note if name == parent.name else f"{name}: {change.note}"
                used = None if donor is None else (context.parents[0].candidate.id, donor.id)
                return Proposal(artifact, note=note, parents=used)
            tried += 1
            if tried >= _TRIES:
                return Proposal(None, note=f"{tried} draws of {self.name} gave known programs only")
        return Proposal(None, note=f"{self.name} found nothing to change")


def changed_text(program: Program, change: Change) -> str | None:
    """Return a program's text after a change, or ``None`` if it may not or does not hold.

    Every splice must lie in an evolvable region, and the result must compile and differ.
    """
    text = spliced_text(program, change)
    return text if text is not None and does_compile(text) else None


def spliced_text(program: Program, change: Change) -> str | None:
    """Return a program's text after a change, compiled or not; ``None`` if it may not be made."""
    if overlap(change.splices):
        return None
    for splice in change.splices:
        if "EVOLVE-BLOCK" in splice.text or not program.may_change(splice.start, splice.end):
            return None
    text = apply_splices(program.text, change.splices)
    return text if text != program.text else None


def is_overgrown(parent: str, child: str, seed: str, rng: Random) -> bool:
    """Decide whether a longer child is refused, the likelier the longer it is.

    Drift along ties favours growth, because code that does nothing can be added in more ways
    than it can be removed. Up to 1.5 times the seed and some 200 characters nothing is refused.
    """
    if len(child) <= len(parent):
        return False
    allowed = _ROOM + 1.5 * len(seed)
    return rng.random() * (allowed - _ROOM / 2) < len(child) - allowed


def _python_files(artifact: Artifact) -> list[str]:
    """Return the names of the Python files, the main one first."""
    return [name for name, _ in artifact.files if name.endswith(".py")]


def _pick_file(names: Sequence[str], rng: Random) -> str:
    if len(names) == 1 or rng.random() < _MAIN_FILE:
        return names[0]
    return rng.choice(names[1:])


def _analysed(artifact: Artifact, name: str, problem: Problem) -> Program | None:
    entry = problem.entry if name == artifact.name else ""
    return analyse(dict(artifact.files)[name], entry, problem.vocabulary)


def _editable(artifact: Artifact, name: str, problem: Problem) -> Program | None:
    program = _analysed(artifact, name, problem)
    return program if program is not None and does_compile(program.text) else None


def _donors(context: Context) -> list[Candidate]:
    """Return the candidates other than the parent, in order, each program once."""
    main = context.parents[0].candidate
    seen = {main.artifact}
    found: list[Candidate] = []
    for record in (*context.parents[1:], *context.inspirations):
        if record.candidate.artifact not in seen:
            seen.add(record.candidate.artifact)
            found.append(record.candidate)
    return found


def _others(donor: Candidate | None, name: str, problem: Problem) -> list[Program]:
    if donor is None or name not in dict(donor.artifact.files):
        return []
    program = _analysed(donor.artifact, name, problem)
    return [] if program is None else [program]


def _with_file(artifact: Artifact, name: str, text: str) -> Artifact:
    return Artifact(tuple((file, text if file == name else old) for file, old in artifact.files))
