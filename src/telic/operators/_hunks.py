"""Line-wise crossover: where two relatives differ, some lines of one and some of the other."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from random import Random

from telic.operators._edits import Change
from telic.operators._program import Program
from telic.operators._splice import Splice

__all__ = ["cross_lines", "differences"]

_LONGEST = 400
"""Differing lines beyond which two programs are not compared line by line."""


def cross_lines(program: Program, donor: Program, rng: Random) -> Change | None:
    """Take over a random part of the lines in which the donor differs, but not all."""
    found = differences(program, donor)
    if len(found) < 2:
        return None
    chosen = [splice for splice in found if rng.random() < 0.5]
    if not chosen or len(chosen) == len(found):
        chosen = [rng.choice(found)]
    note = f"took {len(chosen)} of {len(found)} differing places from the other parent"
    return Change(tuple(chosen), note)


def differences(program: Program, donor: Program) -> list[Splice]:
    """Return the splices that would turn a program's regions into the donor's, one by one."""
    if len(program.regions) != len(donor.regions):
        return []
    found: list[Splice] = []
    for own, other in zip(program.regions, donor.regions, strict=True):
        text = program.text[own.start : own.end]
        found.extend(_differing(text, donor.text[other.start : other.end], own.start))
    return found


def _differing(own: str, other: str, offset: int) -> list[Splice]:
    before, after = own.splitlines(keepends=True), other.splitlines(keepends=True)
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    before_end, after_end = len(before) - tail, len(after) - tail
    middle, new = before[head:before_end], after[head:after_end]
    if len(middle) + len(new) > _LONGEST:
        return []
    starts = [offset + sum(map(len, before[:head]))]
    for line in middle:
        starts.append(starts[-1] + len(line))
    found: list[Splice] = []
    for tag, i, j, k, m in SequenceMatcher(None, middle, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if j - i == m - k:  # as many lines on both sides: each pair is a place of its own
            found.extend(Splice(starts[i + n], starts[i + n + 1], new[k + n]) for n in range(j - i))
        else:
            found.append(Splice(starts[i], starts[j], "".join(new[k:m])))
    return found


def _common(first: Sequence[str], second: Sequence[str]) -> int:
    """Return the number of equal lines at the beginning of both."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count
