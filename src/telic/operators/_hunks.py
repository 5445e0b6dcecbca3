"""Line-wise crossover: where two relatives differ, some lines of one and some of the other."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from random import Random
from typing import NamedTuple

from telic.artifact import Region
from telic.operators._edits import Change
from telic.operators._program import Program
from telic.operators._splice import Splice

__all__ = ["cross_lines", "differences"]

_MAY_SPAN_LINES = re.compile(r"\"\"\"|'''|\\\r?\n")
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
    """Return the splices that would turn a program's regions into the donor's, one by one.

    A place whose edge lies within a string of several lines, here or in the donor, is left out:
    taken alone it could make a string swallow the code behind it.
    """
    if len(program.regions) != len(donor.regions):
        return []
    found: list[Splice] = []
    for own, other in zip(program.regions, donor.regions, strict=True):
        found.extend(_differing(_lines_of(program, own), _lines_of(donor, other)))
    return found


class _Lines(NamedTuple):
    """The lines of a region."""

    texts: list[str]
    starts: list[int]
    """Offset in the program at which each line begins, and where the last one ends."""
    cut: frozenset[int]
    """The offsets among them that lie within a string."""


def _lines_of(program: Program, region: Region) -> _Lines:
    texts = program.text[region.start : region.end].splitlines(keepends=True)
    starts = list(accumulate(map(len, texts), initial=region.start))
    strings = _long_strings(program)
    cut = frozenset(at for at in starts if any(start < at < end for start, end in strings))
    return _Lines(texts, starts, cut)


def _long_strings(program: Program) -> Sequence[tuple[int, int]]:
    """Return the extents of the strings that go over several lines."""
    found: list[tuple[int, int]] = []
    for chunk, offset in zip(program.chunks, program.offsets, strict=False):
        if not _MAY_SPAN_LINES.search(chunk.text):
            continue
        for node in ast.walk(chunk.tree):
            if not isinstance(node, ast.JoinedStr | ast.Constant):
                continue
            if node.end_lineno != node.lineno:
                start, end = chunk.lines.span(node)
                found.append((start + offset, end + offset))
    return found


def _differing(own: _Lines, other: _Lines) -> list[Splice]:
    head = _common(own.texts, other.texts)
    tail = _common(own.texts[head:][::-1], other.texts[head:][::-1])
    middle = own.texts[head : len(own.texts) - tail]
    new = other.texts[head : len(other.texts) - tail]
    if len(middle) + len(new) > _LONGEST:
        return []
    found: list[Splice] = []

    def take(i: int, j: int, k: int, m: int) -> bool:
        start, end = own.starts[head + i], own.starts[head + j]
        edges = {other.starts[head + k], other.starts[head + m]}
        if {start, end} & own.cut or edges & other.cut:
            return False
        found.append(Splice(start, end, "".join(new[k:m])))
        return True

    for tag, i, j, k, m in SequenceMatcher(None, middle, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        known = len(found)
        # with as many lines on both sides, each pair is a place of its own
        is_paired = j - i == m - k and all(
            take(i + n, i + n + 1, k + n, k + n + 1) for n in range(j - i)
        )
        if not is_paired:
            del found[known:]
            take(i, j, k, m)
    return found


def _common(first: Sequence[str], second: Sequence[str]) -> int:
    """Return the number of equal lines at the beginning of both."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count
