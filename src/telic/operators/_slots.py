"""Numeric literals of a Python program as a vector of numbers.

A *slot* is a literal that may be changed: inside an evolvable region, and not an index, a
shape, an annotation, a pattern or part of a string. Putting numbers into slots is exact:
:func:`render` writes literals that evaluate to precisely those numbers, and leaves every
other character alone.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence

import msgspec

from telic.artifact import evolve_regions
from telic.errors import MarkerError
from telic.operators._slot_domains import (
    Domain,
    declared_domains,
    infer_domain,
    whole_domain,
)
from telic.operators._slot_walk import Found, parse_quietly, walk_literals
from telic.operators._splice import Lines, Splice, apply_splices

__all__ = ["Slot", "Slots", "find_slots", "literal", "render", "template"]


class Slot(msgspec.Struct, frozen=True):
    """One literal, its sign included."""

    start: int
    end: int
    """Offsets in the text."""
    value: float
    is_integer: bool
    domain: Domain
    """Where a tuner looks for better values."""
    needs_brackets: bool
    """Whether a negative number must be put into brackets here."""


class Slots(msgspec.Struct, frozen=True):
    """The slots of a text, in order."""

    text: str
    slots: tuple[Slot, ...]
    tables: tuple[tuple[tuple[int, ...], ...], ...]
    """Lists of numbers as rows of slot indices: a list of equally long lists gives a row
    for each, a flat list a row for each number."""

    def __len__(self) -> int:
        return len(self.slots)

    @property
    def values(self) -> tuple[float, ...]:
        """The numbers that the text has now."""
        return tuple(slot.value for slot in self.slots)


def find_slots(text: str, *, file: str = "main.py") -> Slots:
    """Return the slots of a Python text; none if it does not parse.

    Args:
        text: a whole file.
        file: its name, for messages.
    """
    tree = parse_quietly(text)
    try:
        regions = evolve_regions(text, file=file)
    except MarkerError:
        regions = ()
    if tree is None:
        return Slots(text, (), ())
    lines = Lines(text)
    declared = declared_domains(text)
    found = walk_literals(tree)
    kept: list[tuple[Found, int, int]] = []
    for item in found.literals:
        start, end = lines.span(item.node)
        is_inside = any(region.start <= start and end <= region.end for region in regions)
        if is_inside and _is_wanted(item, declared):
            kept.append((item, start, end))
    kept.sort(key=lambda entry: entry[1])
    place = {id(item.node): index for index, (item, _, _) in enumerate(kept)}
    tables = _tables(found.tables, place)
    spreads = _spreads(tables, [item.value for item, _, _ in kept])
    slots = tuple(
        Slot(
            start,
            end,
            item.value,
            item.is_integer,
            _domain(item, declared, spreads.get(index)),
            item.needs_brackets,
        )
        for index, (item, start, end) in enumerate(kept)
    )
    return Slots(text, slots, tables)


def _is_wanted(item: Found, declared: Mapping[int, Domain | None]) -> bool:
    line = item.node.lineno
    if line not in declared:
        return item.is_safe and math.isfinite(item.value)
    domain = declared[line]
    return domain is not None and (not item.is_integer or whole_domain(domain) is not None)


def _domain(item: Found, declared: Mapping[int, Domain | None], spread: float | None) -> Domain:
    domain = declared.get(item.node.lineno)
    if domain is not None and item.is_integer:
        domain = whole_domain(domain)
    return domain or infer_domain(item.value, spread, is_integer=item.is_integer)


def literal(value: float) -> str:
    """Return the shortest Python literal that evaluates to exactly ``value``.

    Args:
        value: an int, or a finite float.
    """
    if isinstance(value, int):
        return str(value)
    return repr(float(value) + 0.0)  # no negative zero


def render(slots: Slots, values: Sequence[float]) -> str:
    """Return the text with ``values`` in its slots; unchanged ones keep their spelling.

    Args:
        slots: where to put them.
        values: one finite number for each slot, an ``int`` in integer slots.
    """
    splices: list[Splice] = []
    for slot, value in zip(slots.slots, values, strict=True):
        if value == slot.value:
            continue
        text = literal(int(value) if slot.is_integer else float(value))
        splices.append(_spliced(slots.text, slot, text, is_negative=text.startswith("-")))
    return apply_splices(slots.text, splices)


def template(slots: Slots, chosen: Sequence[int]) -> str:
    """Return the text that reads the chosen slots from ``__telic_slots__``, in that order."""
    splices = [
        _spliced(slots.text, slots.slots[index], f"__telic_slots__[{place}]", is_negative=False)
        for place, index in enumerate(chosen)
    ]
    return apply_splices(slots.text, splices)


def _spliced(text: str, slot: Slot, new: str, *, is_negative: bool) -> Splice:
    if is_negative and slot.needs_brackets:
        new = f"({new})"
    following = text[slot.end : slot.end + 1]
    return Splice(slot.start, slot.end, f"{new} " if following.isalnum() else new)


def _tables(
    tables: Sequence[Sequence[Sequence[ast.expr]]], place: dict[int, int]
) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Translate nodes to slot indices; a table with a number that is no slot is dropped."""
    return tuple(
        tuple(tuple(place[id(node)] for node in row) for row in table)
        for table in tables
        if all(id(node) in place for row in table for node in row)
    )


def _spreads(
    tables: Sequence[Sequence[Sequence[int]]], values: Sequence[float]
) -> dict[int, float]:
    """Return for each slot in a table how far its column's numbers lie apart."""
    spreads: dict[int, float] = {}
    for table in tables:
        for column in zip(*table, strict=True):
            numbers = [values[index] for index in column]
            spread = max(numbers) - min(numbers)
            spreads |= dict.fromkeys(column, spread or max(map(abs, numbers)))
    return spreads
