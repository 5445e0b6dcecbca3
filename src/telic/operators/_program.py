"""A program under edit: its chunks, the places that may change, and what is visible there."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from random import Random
from typing import NamedTuple

from telic.artifact import Region, evolve_regions
from telic.errors import MarkerError
from telic.identity import split_chunks
from telic.operators._kinds import ANY, NUMBERS, join
from telic.operators._places import Chunk, Function, Place, Site, Statement
from telic.operators._precedence import TEST, TUPLE
from telic.operators._scope import analyse_chunk
from telic.operators._splice import Splice

__all__ = ["Global", "Line", "Program", "Spot", "analyse"]

_NOT_PARSED = (SyntaxError, ValueError, RecursionError, MemoryError)
_BUILTINS = frozenset(dir(builtins))
_NO_DATA = frozenset({"func", "module", "obj", "none"})
_RISK_TAKEN = 0.05
"""Chance of going on with a site on which the end of a ``while`` loop hangs."""
_PLAIN = 0.3
"""Chance of going on with a site that decides nothing by itself."""


class Global(NamedTuple):
    """A name of the module level."""

    kind: str
    chunk: int
    required: int = -1
    """Positional arguments that a function needs; -1 when it is no function of the program."""
    allowed: int = -1
    returned: str = "any"
    parameters: tuple[str, ...] = ()
    """Kinds of its positional parameters."""


class Spot(NamedTuple):
    """A site of a program."""

    chunk: int
    site: Site


class Line(NamedTuple):
    """A statement of a program."""

    chunk: int
    statement: Statement


class Program:
    """One file of an artifact, analysed. Shared by all edits and never changed.

    Args:
        text: the file.
        chunks: its top-level pieces in order.
        entry: name of the function that evaluation calls, or empty.
        vocabulary: dotted names of functions that growth may call.
    """

    def __init__(
        self, text: str, chunks: Sequence[Chunk], entry: str, vocabulary: tuple[str, ...]
    ) -> None:
        self.text = text
        self.chunks = tuple(chunks)
        self.entry = entry
        self.vocabulary = vocabulary
        self.offsets: tuple[int, ...] = _running_total(chunks)
        self.regions: tuple[Region, ...] = evolve_regions(text)
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self.notes: dict[object, object] = {}
        """What other modules have found out about the program, by their own keys."""
        self._selected: dict[object, tuple[tuple[int, tuple[Site, ...]], ...]] = {}
        self._visible: dict[Place, tuple[tuple[str, str], ...]] = {}

    # What may change

    def may_change(self, start: int, end: int) -> bool:
        """Tell whether the characters ``[start, end)`` lie within one evolvable region."""
        return any(region.start <= start and end <= region.end for region in self.regions)

    @cached_property
    def live(self) -> tuple[int, ...]:
        """Indices of the chunks that evaluation can reach; all when the entry is not known."""
        every = range(len(self.chunks))
        owners: dict[str, list[int]] = {}
        for index, chunk in enumerate(self.chunks):
            for name in chunk.defined:
                owners.setdefault(name, []).append(index)
        if self.entry not in owners:
            return tuple(every)
        reached = {index for index in every if not self.chunks[index].defined}
        pending = [*reached, *owners[self.entry]]
        while pending:
            index = pending.pop()
            if index in reached and self.chunks[index].defined:
                continue
            reached.add(index)
            for name in self.chunks[index].loaded:
                pending.extend(owner for owner in owners.get(name, ()) if owner not in reached)
        return tuple(sorted(reached))

    def _sites(self, index: int, accepts: Callable[[Site], bool]) -> tuple[Site, ...]:
        """Return the accepted sites of a chunk that may change."""
        chunk, offset = self.chunks[index], self.offsets[index]
        found = chunk.where(accepts)
        start, end = chunk.extent
        if not found or self.may_change(start + offset, end + offset):
            return found
        return tuple(
            site for site in found if self.may_change(site.start + offset, site.end + offset)
        )

    @cached_property
    def statements(self) -> tuple[Line, ...]:
        """The statements of functions that may change; those of the module if it has none."""
        inner: list[Line] = []
        outer: list[Line] = []
        for index in self.live:
            offset = self.offsets[index]
            for statement in self.chunks[index].statements:
                if self.may_change(statement.start + offset, statement.end + offset):
                    is_inner = statement.place.function.node is not None
                    (inner if is_inner else outer).append(Line(index, statement))
        return tuple(inner or outer)

    def groups(self, accepts: Callable[[Site], bool]) -> tuple[tuple[int, tuple[Site, ...]], ...]:
        """Return the chunks with sites that a predicate (a module-level function) accepts."""
        found = self._selected.get(accepts)
        if found is None:
            sites = ((index, self._sites(index, accepts)) for index in self.live)
            found = self._selected[accepts] = tuple(group for group in sites if group[1])
        return found

    def where(self, accepts: Callable[[Site], bool]) -> list[Spot]:
        """Return the sites that a predicate accepts."""
        return [Spot(index, site) for index, sites in self.groups(accepts) for site in sites]

    def pick(self, accepts: Callable[[Site], bool], rng: Random) -> Spot | None:
        """Draw a site that a predicate accepts.

        Sites that decide a result or an order are preferred, risky ones mostly passed over.
        """
        groups = self.groups(accepts)
        total = sum(len(sites) for _, sites in groups)
        spot = None
        for _ in range(4 if total else 0):
            number = int(rng.random() * total)
            for index, sites in groups:
                if number < len(sites):
                    spot = Spot(index, sites[number])
                    break
                number -= len(sites)
            assert spot is not None
            place = spot.site.place
            if place.is_decisive or rng.random() < (_RISK_TAKEN if place.is_risky else _PLAIN):
                return spot
        return None if spot is None or spot.site.place.is_risky else spot

    # What is there

    @cached_property
    def names(self) -> Mapping[str, Global]:
        """The names of the module level."""
        found: dict[str, Global] = {}
        for index, chunk in enumerate(self.chunks):
            for name, kind in sorted(chunk.defined.items()):
                found.setdefault(name, Global(kind, index))
            for function in chunk.functions:
                node = function.node
                if node is None or function.within != (node.name,) or node.name not in found:
                    continue
                if found[node.name].chunk == index:
                    found[node.name] = _signature(node, index, function)
        return found

    @cached_property
    def modules(self) -> Mapping[str, str]:
        """Imported names of the module level, with dotted full names."""
        return {
            name: full
            for chunk in self.chunks
            for name, full in chunk.modules.items()
            if name in chunk.defined
        }

    def visible(self, spot: Spot) -> tuple[tuple[str, str], ...]:
        """Return the names of data that have a value at a site, with their kinds, sorted."""
        return self.visible_at(spot.chunk, spot.site.place)

    def visible_at(self, chunk: int, place: Place) -> tuple[tuple[str, str], ...]:
        """Return the names of data that have a value at a place, with their kinds, sorted."""
        found = self._visible.get(place)
        if found is None:
            kinds = place.function.kinds
            names = {name: kinds.get(name, "any") for name in place.bound}
            is_inner = place.function.node is not None
            hidden = place.function.hidden if is_inner else frozenset[str]()
            for name, entry in self.names.items():
                if name not in hidden and (is_inner or entry.chunk < chunk):
                    names.setdefault(name, entry.kind)
            data = (pair for pair in names.items() if pair[1] not in _NO_DATA and pair[0] != "_")
            found = tuple(sorted(data))
            self._visible[place] = found
        return found

    def is_visible(self, name: str, chunk: int, place: Place) -> bool:
        """Tell whether a name, that of a function or module too, has a value at a place."""
        if name in place.bound:
            return True
        if place.function.node is not None:
            if name in place.function.hidden:
                return False
            return name in self.names or name in _BUILTINS
        owner = self.names.get(name)
        return name in _BUILTINS if owner is None else owner.chunk < chunk

    def offset(self, spot: Spot | Line) -> int:
        """Return where the chunk of a site or statement begins."""
        return self.offsets[spot.chunk]

    def source(self, spot: Spot) -> str:
        """Return the text of a site."""
        return self.chunks[spot.chunk].text[spot.site.start : spot.site.end]

    def child(self, spot: Spot, node: ast.expr) -> Spot | None:
        """Return the site of an expression within a site, unless it is none."""
        site = self.chunks[spot.chunk].site_of().get(node)
        return None if site is None else Spot(spot.chunk, site)

    def line(self, offset: int) -> int:
        """Return the number, from 1, of the line that holds an offset."""
        return self.text.count("\n", 0, offset) + 1

    def replace(self, spot: Spot, text: str, tightness: int) -> Splice:
        """Return the splice that puts an expression in a site's place, bracketed as needed.

        Args:
            spot: the site.
            text: the new expression.
            tightness: how tightly its own operator binds, as :func:`_precedence.binding` says.
        """
        offset = self.offset(spot)
        start, end = spot.site.start + offset, spot.site.end + offset
        slot = spot.site.slot
        is_bracketed = (
            slot > TEST
            and self.text[start - 1 : start] == "("
            and self.text[end : end + 1] == ")"
            and not isinstance(spot.site.parent, ast.Call)
        )
        if is_bracketed:
            before = self.text[start - 2 : start - 1]
            if tightness >= slot and "\n" not in text and not _is_word(before):
                return Splice(start - 1, end + 1, text)
            return Splice(start, end, text)
        needs = tightness < slot or tightness <= TUPLE or "\n" in text
        if needs or isinstance(spot.site.node, ast.GeneratorExp):
            return Splice(start, end, f"({text})")
        if _is_word(self.text[start - 1 : start]) and _is_word(text[:1]):
            return Splice(start, end, f" {text}")
        return Splice(start, end, text)


@lru_cache(maxsize=96)
def analyse(text: str, entry: str = "", vocabulary: tuple[str, ...] = ()) -> Program | None:
    """Analyse a Python file; ``None`` when it does not parse or its markers are broken.

    Programs are kept for the next proposal, and their chunks for the programs that share
    them, so that a child costs the analysis of what changed.
    """
    pieces = split_chunks(text)
    chunks: list[Chunk] = []
    known: list[tuple[tuple[str, str], ...]] = []
    modules: tuple[tuple[str, str], ...] = ()
    pending = ""
    for position, piece in enumerate(pieces):
        pending += piece
        try:
            chunk = _chunk(pending, modules, ())
        except _NOT_PARSED:
            if position == len(pieces) - 1:
                return None
            continue  # the split fell into brackets or a string
        pending = ""
        chunks.append(chunk)
        known.append(modules)
        if chunk.modules:
            fresh = {name: full for name, full in chunk.modules.items() if name in chunk.defined}
            modules = tuple((dict(modules) | fresh).items())
    hints = _hints(chunks)
    for index, chunk in enumerate(chunks):
        if not hints.keys().isdisjoint(chunk.defined):
            own = tuple((name, hints[name]) for name in sorted(chunk.defined) if name in hints)
            chunks[index] = _chunk(chunk.text, known[index], own)
    try:
        return Program(text, chunks, entry, vocabulary)
    except MarkerError:
        return None


@lru_cache(maxsize=192)
def _chunk(
    text: str,
    modules: tuple[tuple[str, str], ...],
    hints: tuple[tuple[str, tuple[str, ...]], ...],
) -> Chunk:
    return analyse_chunk(text, dict(modules), dict(hints))


def _hints(chunks: Sequence[Chunk]) -> dict[str, tuple[str, ...]]:
    """Return the functions that are handed something other than numbers, and its kinds."""
    found: dict[str, tuple[str, ...]] = {}
    defined = frozenset[str]().union(*(chunk.defined for chunk in chunks))
    for chunk in chunks:
        for name, kinds in chunk.calls:
            if name not in defined:
                continue
            before = found.get(name, ())
            longest = max(len(before), len(kinds))
            pairs = zip(_padded(before, longest), _padded(kinds, longest), strict=True)
            found[name] = tuple(join(one, other) for one, other in pairs)
    plain = NUMBERS | {ANY, "mixed", "none", "bool"}
    clear = {
        name: tuple(ANY if kind in plain else kind for kind in kinds)
        for name, kinds in found.items()
    }
    return {name: kinds for name, kinds in clear.items() if any(kind != ANY for kind in kinds)}


def _padded(kinds: tuple[str, ...], length: int) -> tuple[str, ...]:
    return kinds + (ANY,) * (length - len(kinds))


def _running_total(chunks: Sequence[Chunk]) -> tuple[int, ...]:
    offsets: list[int] = []
    total = 0
    for chunk in chunks:
        offsets.append(total)
        total += len(chunk.text)
    return tuple(offsets)


def _signature(
    node: ast.FunctionDef | ast.AsyncFunctionDef, chunk: int, function: Function
) -> Global:
    arguments = node.args
    allowed = len(arguments.posonlyargs) + len(arguments.args)
    is_plain = isinstance(node, ast.FunctionDef) and None not in arguments.kw_defaults
    if not is_plain or function.is_generator:
        return Global("func", chunk)
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    parameters = tuple(function.kinds.get(name, "any") for name in names)
    required = allowed - len(arguments.defaults)
    return Global("func", chunk, required, allowed, function.returned, parameters)


def _is_word(text: str) -> bool:
    return text.isidentifier() or text.isdigit()
