"""The pieces that a prompt may be made of, and which of them fit.

Texts of programs, scorers and earlier models are material, never instructions: each stands
between marks that carry a word found nowhere in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from telic import seeding
from telic.candidate import Evaluation, Record
from telic.operators.base import Context
from telic.problem import Problem

__all__ = ["Fence", "Piece", "described", "fitting", "outcome_of", "shown", "texts_of", "tokens_of"]

_BYTES_A_TOKEN = 3
_LONGEST_FEEDBACK = 4000
_METRICS = 20
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Piece(msgspec.Struct, frozen=True):
    """A part of a prompt."""

    place: str
    """Name of the place in the template where it goes."""
    text: str
    use: float
    """How useful it is; the least useful is left out first. Infinity: never."""


class Fence(msgspec.Struct, frozen=True):
    """Marks around material, with a word that none of it holds."""

    word: str

    @classmethod
    def around(cls, seed: int, texts: Iterable[str]) -> Fence:
        """Return a fence for these texts: the run's usual one, unless a text holds its word."""
        joined = "\n".join(texts)
        number = 0
        while True:
            word = f"{seeding.address(seed, 'fence', number) & 0xFFFFFF:06x}"
            if word not in joined:
                return cls(word)
            number += 1

    def put(self, name: str, text: str, about: str = "") -> str:
        """Return the text between marks."""
        head = f"{name} {self.word}" + (f" {about}" if about else "")
        end = "" if text.endswith("\n") else "\n"
        return f"<{head}>\n{text}{end}</{name} {self.word}>\n"


def tokens_of(text: str) -> int:
    """Return roughly how many tokens a text has, rather too many than too few."""
    return -(-len(text.encode("utf-8", "replace")) // _BYTES_A_TOKEN)


def fitting(pieces: Sequence[Piece], room: int) -> list[Piece] | None:
    """Return the most useful pieces that fit, in their own order; ``None`` if the least do not.

    Args:
        pieces: candidates, in the order in which they are shown.
        room: tokens for all of them.
    """
    sizes = [tokens_of(piece.text) for piece in pieces]
    kept = set(range(len(pieces)))
    total = sum(sizes)
    for i in sorted(kept, key=lambda i: pieces[i].use):
        if total <= room:
            break
        if pieces[i].use == float("inf"):
            return None
        kept.discard(i)
        total -= sizes[i]
    return [pieces[i] for i in sorted(kept)]


def described(problem: Problem) -> str:
    """Return what is wanted, in a few lines."""
    spec = problem.objective
    verb = "maximise" if spec.direction == "maximize" else "minimise"
    lines = [problem.description.strip() or problem.name, f"Objective: {verb} {spec.metric!r}."]
    if problem.entry:
        lines.append(f"The function {problem.entry!r} is called by the evaluator.")
    for rule in spec.constraints:
        if rule.at_least is not None:
            lines.append(f"Constraint: {rule.metric!r} at least {rule.at_least:g}.")
        if rule.at_most is not None:
            lines.append(f"Constraint: {rule.metric!r} at most {rule.at_most:g}.")
    if problem.best_known is not None:
        lines.append(f"Best published value: {problem.best_known.value:.12g}.")
    lines.append(f"Limits: {problem.limits.seconds:g} s, {problem.limits.memory_mb} MB.")
    return "\n".join(lines)


def outcome_of(evaluation: Evaluation | None) -> str:
    """Return how a program fared: metrics, or what went wrong."""
    if evaluation is None:
        return "not evaluated"
    if evaluation.failure is not None:
        reason = _cut(evaluation.failure.reason)
        return f"FAILED ({evaluation.failure.kind}): {reason}"
    rows = [f"{name} = {value:.10g}" for name, value in list(evaluation.metrics.items())[:_METRICS]]
    verdict = "" if evaluation.feasible else "INFEASIBLE; "
    feedback = f"\n{_cut(evaluation.feedback)}" if evaluation.feedback.strip() else ""
    return f"{verdict}{', '.join(rows)}{feedback}"


def shown(record: Record, fence: Fence, name: str = "PROGRAM") -> str:
    """Return a candidate's files and how they fared, between marks."""
    artifact = record.candidate.artifact
    files = [fence.put(name, text, f"file={file}") for file, text in artifact.files]
    return "".join(files) + fence.put("RESULT", outcome_of(record.evaluation))


def texts_of(context: Context) -> list[str]:
    """Return all material that a prompt may hold."""
    records = (*context.parents, *context.inspirations, *context.failed)
    texts = [text for record in records for _, text in record.candidate.artifact.files]
    return texts + [outcome_of(record.evaluation) for record in records]


def _cut(text: str) -> str:
    """Return the end of a long text, where messages say most, without control characters."""
    clean = _CONTROL.sub("?", text.strip())
    return clean if len(clean) <= _LONGEST_FEEDBACK else f"[...]\n{clean[-_LONGEST_FEEDBACK:]}"
