"""What an edit is: a small, pure rule that turns a program and random draws into splices."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Sequence
from itertools import accumulate
from random import Random
from typing import NamedTuple

from telic.operators._program import Line, Program, Spot
from telic.operators._splice import Splice

__all__ = ["Change", "Choice", "Edit", "Weighted", "clip", "replacement"]


class Change(NamedTuple):
    """Splices of one edit, which belong together, and a few words about it."""

    splices: tuple[Splice, ...]
    note: str


Edit = Callable[[Program, Random], Change | None]
"""Draws one change of a program; ``None`` when it found no place or nothing to do there."""

Weighted = Sequence[tuple[float, Edit]]


class Choice:
    """An edit that lets one of several edits, drawn by weight, propose a change."""

    def __init__(self, edits: Weighted) -> None:
        self._edits = [edit for _, edit in edits]
        self._bounds = list(accumulate(weight for weight, _ in edits))
        self._last = len(edits) - 1

    def __call__(self, program: Program, rng: Random) -> Change | None:
        """Draw an edit and return its change."""
        # As ``rng.choices`` draws, without its checks.
        number = bisect(self._bounds, rng.random() * self._bounds[-1], 0, self._last)
        return self._edits[number](program, rng)


def replacement(program: Program, spot: Spot, text: str, tightness: int) -> Change | None:
    """Return the change that replaces an expression, or ``None`` if it is the same text."""
    before = program.source(spot)
    if text == before:
        return None
    splice = program.replace(spot, text, tightness)
    note = f"line {line_of(program, spot)}: {clip(before)} -> {clip(text)}"
    return Change((splice,), note)


def line_of(program: Program, place: Spot | Line) -> int:
    """Return the number, from 1, of the line where a site or statement begins."""
    start = place.site.start if isinstance(place, Spot) else place.statement.start
    return program.line(program.offset(place) + start)


def clip(text: str, length: int = 40) -> str:
    """Return text on one line, shortened in the middle."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else f"{flat[: length // 2]}…{flat[-length // 3 :]}"
