"""The routine of the ``breed`` operator: tries expressions for one site beside the sandbox."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any

import msgspec

from telic.operators._breed_draws import Supply
from telic.operators._breed_measure import ByValues, by_text
from telic.operators._breed_record import recorded, with_function
from telic.operators._breed_search import Search
from telic.operators._breed_trees import Tree, leaf, read
from telic.operators._call_shapes import Shape
from telic.operators._edits import clip, line_of
from telic.operators._kinds import ANY, ARRAYS, is_number
from telic.operators._material import material_at
from telic.operators._meter import metered
from telic.operators._places import Site
from telic.operators._program import Program, Spot, analyse
from telic.operators._splice import apply_splices
from telic.operators._task import Result, Task, metric_text
from telic.operators._workbench import Workbench
from telic.problem import Problem
from telic.seeding import stream

__all__ = ["breed", "spots", "template"]

_LONGEST = 400
"""Characters of an expression that is worked on, at most."""
_TOTALS = 6
_PAIRED = 3
"""Names of whose differences new expressions are made as well, at most."""
_PART = 5
"""Size of parts of an expression that new ones are made of, at most."""
_UNMOVABLE = ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr | ast.Starred
_CLOSE = 1e-9
"""Distance from the target, relative to it or to 1, that counts as none."""


def breed(arguments: Mapping[str, Any], bench: Workbench) -> dict[str, Any]:
    """Breed one expression of a program; takes a :class:`Task`, gives a :class:`Result`."""
    return msgspec.to_builtins(_breed(msgspec.convert(arguments, Task), bench))


def _breed(task: Task, bench: Workbench) -> Result:
    problem = bench.problem
    program = analyse(task.artifact.text, problem.entry, problem.vocabulary)
    found = spots(program) if program is not None else []
    if program is None or not found:
        return Result(None, "there is no expression to breed")
    rng = stream(task.seed, "breed", task.index)
    spot = rng.choices(found, [3.0 if each.site.place.is_decisive else 1.0 for each in found])[0]
    shapes = _shapes(program, spot)
    start = read(spot.site.node, {shape.text for shape in shapes})
    supply = _supply(program, spot, start, shapes)
    if supply is None:
        return Result(None, "there is nothing to breed an expression from")
    replay = recorded(bench, task, program, spot, supply, start)
    text = template(program, spot)
    artifact = task.artifact.with_text(text) if replay is None else replay.template
    with metered(bench, artifact, task.seeds) as meter:
        measure = by_text(meter) if replay is None else ByValues(meter, replay)
        before = measure([start], -math.inf)[0]
        search = Search(
            supply,
            measure,
            rng,
            trials=task.trials // len(task.seeds) - 1,
            target=_target(problem),
            key=None if replay is None else replay.values.key,
        )
        search.run(start)
        spent = meter.spent
    best = search.best
    if best is None or (before is not None and best.worth.value <= before.value):
        return Result(None, f"breeding {clip(program.source(spot))} gave nothing better", spent)
    new = best.tree.term
    text = apply_splices(program.text, [program.replace(spot, new.text, new.tightness)])
    gained = metric_text(before and before.value, problem.objective)
    gained += f" -> {metric_text(best.worth.value, problem.objective)}"
    note = f"line {line_of(program, spot)}: bred {clip(new.text)}: {gained} in {spent} trials"
    return Result(text, note, spent)


def _target(problem: Problem) -> float | None:
    """Return the value, more is better, beyond which nothing is to be gained, if it is known."""
    known = problem.best_known
    value = known.value if known is not None and known.proven else None
    if value is None:
        return None
    turned = value if problem.objective.direction == "maximize" else 0.0 - value
    return turned - _CLOSE * max(1.0, abs(turned))


def spots(program: Program) -> list[Spot]:
    """Return the whole expressions in functions that hold a number or array."""
    found: list[Spot] = []
    for spot in program.where(_is_bred):
        last = found[-1] if found else None
        is_part = last is not None and last.chunk == spot.chunk and spot.site.start < last.site.end
        if not is_part and spot.site.end - spot.site.start <= _LONGEST:
            found.append(spot)
    return found


def _is_bred(site: Site) -> bool:
    function = site.place.function
    is_amount = is_number(site.kind) or site.kind in ARRAYS
    is_result = site.kind == ANY and isinstance(site.parent, ast.Return)
    return (
        site.role in ("value", "argument")
        and (is_amount or is_result)
        and function.node is not None
        and not site.place.is_risky
        and not any(isinstance(node, _UNMOVABLE) for node in ast.walk(site.node))
    )


def template(program: Program, spot: Spot) -> str:
    """Return the program with a site's expression read from ``__telic_slots__[0]``.

    It becomes a function of all local names, made once for each execution.
    """
    names = ", ".join(sorted(spot.site.place.bound))
    made = f'__telic_expression__ = eval("lambda {names}: " + __telic_slots__[0])\n'
    return with_function(program, spot, made)


def _shapes(program: Program, spot: Spot) -> list[Shape]:
    """Return the functions that fit a site: the vocabulary's, if there is one."""
    material = material_at(program, spot.chunk, spot.site.place)
    known = material.array_shapes if spot.site.kind in ARRAYS else material.shapes
    return list(dict.fromkeys(material.declared or known))


def _supply(program: Program, spot: Spot, start: Tree, shapes: Sequence[Shape]) -> Supply | None:
    """Return what there is to make expressions of; parts of the present one belong to it."""
    place = spot.site.place
    visible = program.visible(spot)
    amounts = [
        (name, kind)
        for name, kind in visible
        if (is_number(kind) or kind in ARRAYS) and name not in place.function.indices
    ]
    if not any(name in place.bound for name, _ in amounts):
        amounts += [(name, kind) for name, kind in visible if kind == ANY and name in place.bound]
    names = [leaf(name) for name, _ in amounts if name in place.bound]
    rare = [leaf(name) for name, kind in amounts if name not in place.bound and is_number(kind)]
    totals = material_at(program, spot.chunk, place).totals
    rare += [leaf(text) for text in totals[:_TOTALS]]
    if not names:
        names, rare = rare, []
    parts = {part.term.text: part for part in map(start.node, range(1, start.count))}
    known = [part for part in parts.values() if not part.is_constant and 1 < part.size <= _PART]
    pairs = permutations(names, 2) if len(names) <= _PAIRED else ()
    rare += [Tree("-", pair) for pair in pairs]
    return Supply([*names, *known], rare, shapes) if names else None
