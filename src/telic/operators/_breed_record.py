"""What a program reads at a site, and the program with values put there instead.

Two executions are recorded: one with the expression as it is, one with another sign before it.
Only where both read the same, call after call, are values computed beside the program; and when
the values stand in the expression's place each call is compared with the recorded one again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

from telic.artifact import Artifact
from telic.errors import TelicError
from telic.operators._breed_draws import Supply
from telic.operators._breed_trees import Tree
from telic.operators._breed_values import Values, values_of
from telic.operators._program import Program, Spot
from telic.operators._splice import Splice, apply_splices
from telic.operators._task import Task
from telic.operators._workbench import Workbench

__all__ = ["Replay", "recorded", "with_function"]

_FUNCTION = "__telic_expression__"
_MOST_CALLS = 2_000

_RECORDING = """
__telic_seen__ = []
def {function}({names}):
    if len(__telic_seen__) >= {most}:
        raise RuntimeError("called too often")
    __telic_seen__.append(({atoms}, {start}))
    return {sign}__telic_seen__[-1][-1]
"""
_RECORDED = """

__telic_entry__ = {entry}
def {entry}(*arguments, **keywords):
    return __telic_entry__(*arguments, **keywords), __telic_seen__
"""
_REPLAY = """
def __telic_marked__(*values):
    return tuple([v.tobytes() if getattr(v, "ndim", 0) else v for v in values])
def __telic_pieces__(row):
    at = 0
    for length in {lengths}:
        yield row[at] if length is None else row[at : at + length]
        at += length or 1
__telic_calls__ = zip({marks}, {pieces})
def {function}({names}):
    mark, value = next(__telic_calls__)
    if mark != {mark}({atoms},):
        raise RuntimeError("called with other values than before")
    return value
"""


class Replay(NamedTuple):
    """A program whose site takes its values from a row."""

    template: Artifact
    """Its slots are one row."""
    values: Values
    """What gives rows."""
    lengths: tuple[int, ...] | None
    """Where the program only hands the values on as lists, the length of each call's."""


def with_function(program: Program, spot: Spot, made: str) -> str:
    """Return the program with a site's expression read from a function of all local names.

    Args:
        program: whose text it is.
        spot: the site.
        made: what defines ``__telic_expression__``; it stands before the site's chunk.
    """
    chunk = program.chunks[spot.chunk]
    at = program.offsets[spot.chunk] + chunk.extent[0]
    offset = program.offset(spot)
    call = f" {_FUNCTION}({_names(spot)})"
    place = Splice(spot.site.start + offset, spot.site.end + offset, call)
    return apply_splices(program.text, [Splice(at, at, made), place])


def _names(spot: Spot) -> str:
    return ", ".join(sorted(spot.site.place.bound))


def recorded(
    bench: Workbench,
    task: Task,
    program: Program,
    spot: Spot,
    supply: Supply,
    start: Tree,
) -> Replay | None:
    """Return the program with values in a site's place, and what computes these.

    Args:
        bench: executes the program.
        task: holds the program.
        program: the same, analysed.
        spot: the site.
        supply: what expressions there may be made of.
        start: the present expression.

    Returns:
        How to go on; ``None`` if the expression has to be executed where it stands.
    """
    atoms = sorted({atom for tree in (*supply.leaves, start) for atom in _atoms(tree)})
    if not atoms or len(task.seeds) != 1:
        return None
    seen: list[Any] = []
    outputs: list[Sequence[Any]] = []
    for sign in ("", "-"):
        made = _RECORDING.format(
            function=_FUNCTION,
            names=_names(spot),
            most=_MOST_CALLS,
            atoms=", ".join(atoms),
            start=start.term.text,
            sign=sign,
        )
        code = with_function(program, spot, made) + _RECORDED.format(entry=bench.problem.entry)
        try:
            answers = bench.outputs(task.artifact.with_text(code), task.seeds[0])
        except TelicError:
            return None
        seen.append(answers[-1][1])
        outputs.append([answer[0] for answer in answers])
    values = values_of(atoms, seen[0], [shape.text for shape in supply.functions], start)
    if values is None:
        return None
    marks, others = ([_mark(row[:-1]) for row in rows] for rows in seen)
    if marks != others:
        return None
    results = [row[-1] for row in seen[0]]
    is_plain = _consists_of(outputs[0], results) and _consists_of(
        outputs[1], [-result for result in results]
    )
    text = with_function(program, spot, _replay(spot, values, atoms, marks))
    lengths = tuple(map(len, outputs[0])) if is_plain else None
    return Replay(task.artifact.with_text(text), values, lengths)


def _consists_of(outputs: Sequence[Any], results: Sequence[Any]) -> bool:
    """Tell whether a program's outputs are lists of what a site gave, in order."""
    if not all(isinstance(output, list) for output in outputs):
        return False
    return [*chain.from_iterable(outputs)] == results and set(map(type, results)) == {float}


def _replay(spot: Spot, values: Values, atoms: Sequence[str], marks: Sequence[Any]) -> str:
    """Return the function that gives recorded calls their values."""
    is_flat = all(length is None for length in values.lengths)
    return _REPLAY.format(
        function=_FUNCTION,
        names=_names(spot),
        lengths=repr(tuple(values.lengths)),
        marks=repr(tuple(marks)),
        pieces="__telic_slots__" if is_flat else "__telic_pieces__(__telic_slots__)",
        mark="" if is_flat else "__telic_marked__",
        atoms=", ".join(atoms),
    )


def _atoms(tree: Tree) -> set[str]:
    """Return the leaves of a tree that are no literals."""
    if tree.parts:
        return set[str]().union(*map(_atoms, tree.parts))
    return set() if tree.is_constant else {tree.head}


def _mark(values: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(v.tobytes() if hasattr(v, "tobytes") else v for v in values)
