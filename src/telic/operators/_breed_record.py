"""What a program reads at a site, and the program with values put there instead.

Two executions are recorded: one with the expression as it is, one with another sign before it.
Only where both read the same, call after call, are values computed beside the program; and when
the values stand in the expression's place each call is compared with the recorded one again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telic.artifact import Artifact
from telic.errors import TelicError
from telic.operators._breed_draws import Supply
from telic.operators._breed_trees import Tree
from telic.operators._breed_values import Values, values_of
from telic.operators._program import Program, Spot
from telic.operators._splice import Splice, apply_splices
from telic.operators._task import Task
from telic.operators._workbench import Workbench

__all__ = ["recorded", "with_function"]

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
    __telic_entry__(*arguments, **keywords)
    return __telic_seen__
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
) -> tuple[Artifact, Values] | None:
    """Return the program with values in a site's place, and what computes these.

    Args:
        bench: executes the program.
        task: holds the program.
        program: the same, analysed.
        spot: the site.
        supply: what expressions there may be made of.
        start: the present expression.

    Returns:
        A template whose slots are one row of values, and the source of rows; ``None`` if the
        expression has to be executed where it stands.
    """
    atoms = sorted({atom for tree in (*supply.leaves, start) for atom in _atoms(tree)})
    if not atoms or len(task.seeds) != 1:
        return None
    artifact = task.artifact
    text = start.term.text
    seen: list[Any] = []
    for sign in ("", "-"):
        made = _RECORDING.format(
            function=_FUNCTION,
            names=_names(spot),
            most=_MOST_CALLS,
            atoms=", ".join(atoms),
            start=text,
            sign=sign,
        )
        code = with_function(program, spot, made) + _RECORDED.format(entry=bench.problem.entry)
        try:
            seen.append(bench.outputs(artifact.with_text(code), task.seeds[0])[-1])
        except TelicError:
            return None
    rows, others = seen[0], seen[1]
    values = values_of(atoms, rows, [shape.text for shape in supply.functions], start)
    if values is None:
        return None
    marks = [_mark(row[:-1]) for row in rows]
    if marks != [_mark(row[:-1]) for row in others]:
        return None
    is_flat = all(length is None for length in values.lengths)
    made = _REPLAY.format(
        function=_FUNCTION,
        names=_names(spot),
        lengths=repr(tuple(values.lengths)),
        marks=repr(tuple(marks)),
        pieces="__telic_slots__" if is_flat else "__telic_pieces__(__telic_slots__)",
        mark="" if is_flat else "__telic_marked__",
        atoms=", ".join(atoms),
    )
    return artifact.with_text(with_function(program, spot, made)), values


def _atoms(tree: Tree) -> set[str]:
    """Return the leaves of a tree that are no literals."""
    if tree.parts:
        return set[str]().union(*map(_atoms, tree.parts))
    return set() if tree.is_constant else {tree.head}


def _mark(values: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(v.tobytes() if hasattr(v, "tobytes") else v for v in values)
