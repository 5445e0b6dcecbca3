"""Expressions that a program already has and may use again elsewhere."""

from __future__ import annotations

import ast
import keyword
import re
from functools import lru_cache
from typing import NamedTuple

from telic.operators._kinds import NUMBERS, is_data
from telic.operators._places import Chunk, Place, Site
from telic.operators._precedence import binding
from telic.operators._program import Program
from telic.operators._recursion import recursive_names

__all__ = ["Reuse", "free_names", "reusable", "reuse_at", "terms_at"]

_TERMINALS = frozenset({ast.Name, ast.Constant})
_STRUCTURAL = ("callee", "base", "iterable")
_LONGEST = 60
_NOT_PLAIN = re.compile(r"[\n\r\"']|:=")
_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*")
_TOKEN = re.compile(r"\w+|[-+*/%<>=&|^]+")
_BINDERS = frozenset({"lambda", "for", "await", "yield"})
_WORDS = frozenset(keyword.kwlist)


class Reuse(NamedTuple):
    """An expression of the program that may be used again."""

    text: str
    kind: str
    tightness: int
    names: frozenset[str]
    """Every name in it."""
    size: int
    """Number of names, literals and signs."""


class _Every(NamedTuple):
    """All that a program may use again somewhere; at most places, that is everywhere."""

    items: list[Reuse]
    terms: list[Reuse]
    """The numbers among them."""
    names: frozenset[str]


def _every_reuse(program: Program) -> _Every:
    known = program.notes.get(_every_reuse)
    if known is None:
        items = [item for index in program.live for item in reusable(program.chunks[index])]
        terms = [item for item in items if item.kind in NUMBERS]
        names = frozenset[str]().union(*[item.names for item in items])
        known = program.notes[_every_reuse] = _Every(items, terms, names)
    assert isinstance(known, _Every)
    return known


def reuse_at(program: Program, chunk: int, place: Place) -> list[Reuse]:
    """Return the expressions of a program whose names all have a value at a place."""
    return _with_values(_every_reuse(program).items, program, chunk, place)


def terms_at(program: Program, chunk: int, place: Place) -> list[Reuse]:
    """Return the numbers among those expressions."""
    return _with_values(_every_reuse(program).terms, program, chunk, place)


def _with_values(items: list[Reuse], program: Program, chunk: int, place: Place) -> list[Reuse]:
    """Leave out those whose names have no value at a place, or must not be called there."""
    recursive = recursive_names(program, place)
    hidden = {
        name
        for name in _every_reuse(program).names
        if name in recursive or not program.is_visible(name, chunk, place)
    }
    return [item for item in items if item.names.isdisjoint(hidden)] if hidden else items


@lru_cache(maxsize=192)
def reusable(chunk: Chunk) -> tuple[Reuse, ...]:
    """Return the short expressions of a chunk that hold data and bind no names."""
    found: dict[str, Reuse] = {}
    for site in chunk.where(_is_reusable):
        text = chunk.text[site.start : site.end]
        if text not in found:
            names = free_names(text)
            if names:
                found[text] = Reuse(text, site.kind, binding(site.node), names, _size(text))
    return tuple(found.values())


@lru_cache(maxsize=2048)
def _size(text: str) -> int:
    return len(_TOKEN.findall(text))


def _is_reusable(site: Site) -> bool:
    return (
        type(site.node) not in _TERMINALS
        and site.end - site.start <= _LONGEST
        and site.role not in _STRUCTURAL
        and is_data(site.kind)
    )


@lru_cache(maxsize=2048)
def free_names(text: str) -> frozenset[str] | None:
    """Return every name in a line of code, or ``None`` if it may bind some itself."""
    if _NOT_PLAIN.search(text):
        return None
    names = frozenset(_NAME.findall(text))
    return None if names & _BINDERS else names - _WORDS
